//! Defines `PartialDate`: a date known to the day, the month or the year.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A calendar date of which the day, or day and month, may be unknown. Written in ISO 8601: `2024-10-02`, `2024-10`, `2024`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
}

/// How exactly a date is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// To the year.
    Year,
    /// To the month.
    Month,
    /// To the day.
    Day,
}

impl PartialDate {
    /// A whole date; `None` if the calendar has no such day.
    pub fn day(year: i16, month: i8, day: i8) -> Option<Self> {
        Date::new(year, month, day).ok().map(|_| PartialDate { year, month: Some(month), day: Some(day) })
    }

    /// A month; `None` unless 1–12.
    pub fn month(year: i16, month: i8) -> Option<Self> {
        (1..=12).contains(&month).then_some(PartialDate { year, month: Some(month), day: None })
    }

    /// A year.
    pub fn year(year: i16) -> Self {
        PartialDate { year, month: None, day: None }
    }

    /// The year.
    pub fn year_number(self) -> i16 {
        self.year
    }

    /// How exactly the date is known.
    pub fn precision(self) -> Precision {
        match (self.month, self.day) {
            (Some(_), Some(_)) => Precision::Day,
            (Some(_), None) => Precision::Month,
            _ => Precision::Year,
        }
    }

    /// The same, no more exactly than this.
    pub fn to(self, precision: Precision) -> Self {
        match precision {
            Precision::Day => self,
            Precision::Month => PartialDate { day: None, ..self },
            Precision::Year => PartialDate::year(self.year),
        }
    }

    /// The first day it can mean.
    pub fn first(self) -> Date {
        Date::new(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1)).expect("checked on construction")
    }

    /// The last day it can mean.
    pub fn last(self) -> Date {
        let month = Date::new(self.year, self.month.unwrap_or(12), 1).expect("checked on construction");
        match self.day {
            Some(d) => Date::new(self.year, month.month(), d).expect("checked on construction"),
            None => month.last_of_month(),
        }
    }
}

impl From<Date> for PartialDate {
    fn from(d: Date) -> Self {
        PartialDate { year: d.year(), month: Some(d.month()), day: Some(d.day()) }
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(m) = self.month {
            write!(f, "-{m:02}")?;
        }
        if let Some(d) = self.day {
            write!(f, "-{d:02}")?;
        }
        Ok(())
    }
}

/// What was not a date in ISO 8601.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("\"{0}\" is no date: expected YYYY, YYYY-MM or YYYY-MM-DD")]
pub struct NotADate(String);

impl FromStr for PartialDate {
    type Err = NotADate;

    fn from_str(s: &str) -> Result<Self, NotADate> {
        let fail = || NotADate(s.to_string());
        let digits = |p: &str, n: usize| {
            (p.len() == n && p.bytes().all(|b| b.is_ascii_digit())).then(|| p.parse::<i16>().ok()).flatten()
        };
        let parts: Vec<&str> = s.split('-').collect();
        let year = digits(parts[0], 4).ok_or_else(fail)?;
        let two = |p: &str| digits(p, 2).and_then(|n| i8::try_from(n).ok()).ok_or_else(fail);
        match parts.as_slice() {
            [_] => Ok(Self::year(year)),
            [_, m] => Self::month(year, two(m)?).ok_or_else(fail),
            [_, m, d] => Self::day(year, two(m)?, two(d)?).ok_or_else(fail),
            _ => Err(fail()),
        }
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let s = String::deserialize(d)?;
        s.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for s in ["2024-02-29", "2024-02", "2024"] {
            assert_eq!(s.parse::<PartialDate>().unwrap().to_string(), s);
        }
        for s in ["2023-02-29", "2024-13", "24", "2024-1-1", "+024", "2024-01-01-01", ""] {
            assert!(s.parse::<PartialDate>().is_err(), "{s}");
        }
    }

    #[test]
    fn bounds_are_inclusive() {
        let month: PartialDate = "2024-02".parse().unwrap();
        assert_eq!(month.first().to_string(), "2024-02-01");
        assert_eq!(month.last().to_string(), "2024-02-29");
        assert_eq!(PartialDate::year(2023).last().to_string(), "2023-12-31");
    }
}
