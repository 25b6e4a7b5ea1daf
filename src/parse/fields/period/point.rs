//! Reads points in time: dates in all spellings, months, years, terms, quarters, turns of the year.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::token::Token;
use super::{Grain, PeriodReader};

/// A point or stretch of time as written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Point {
    /// A date of which parts may be left to a later one ("1–31 mars 2022").
    Partial { year: Option<i16>, month: Option<i8>, day: Option<i8> },
    /// A stretch with known bounds, which stands for itself ("hösten 2022").
    Stretch { first: Date, last: Date, grain: Grain },
    /// One day that is known less exactly ("mitten av mars").
    Day { date: Date, grain: Grain },
    /// A turn of the year or month: as an end its last day before, as a start its first day after.
    Turn { before: Date, after: Date },
    /// The day of signing.
    Signing,
    /// A date that the calendar does not have.
    Invalid,
}

impl Point {
    /// Takes parts that are missing from a later point of the same expression.
    pub(super) fn completed_by(self, later: Point) -> Point {
        match (self, later) {
            (Point::Partial { year: None, month, day }, Point::Partial { year: Some(y), month: m, .. }) => {
                let month = if day.is_some() { month.or(m) } else { month };
                Point::Partial { year: Some(y), month, day }
            }
            _ => self,
        }
    }

    /// The year, if it is known.
    pub(super) fn year(self) -> Option<i16> {
        match self {
            Point::Partial { year, .. } => year,
            Point::Stretch { last, .. } => Some(last.year()),
            Point::Day { date, .. } => Some(date.year()),
            Point::Turn { after, .. } => Some(after.year()),
            Point::Signing | Point::Invalid => None,
        }
    }

    /// True for a year alone.
    pub(super) fn is_year(self) -> bool {
        matches!(self, Point::Partial { year: Some(_), month: None, day: None })
    }

    fn bounds(self) -> Option<(Date, Date, Grain)> {
        match self {
            Point::Partial { year, month, day } => match (year?, month, day) {
                (y, Some(m), Some(d)) => Date::new(y, m, d).ok().map(|d| (d, d, Grain::Day)),
                (y, Some(m), None) => Date::new(y, m, 1).ok().map(|d| (d, d.last_of_month(), Grain::Month)),
                (y, None, None) => Some((Date::new(y, 1, 1).ok()?, Date::new(y, 12, 31).ok()?, Grain::Year)),
                (_, None, Some(_)) => None,
            },
            Point::Stretch { first, last, grain } => Some((first, last, grain)),
            Point::Day { date, grain } => Some((date, date, grain)),
            Point::Turn { .. } | Point::Signing | Point::Invalid => None,
        }
    }

    /// The first day, when the point begins something.
    pub(super) fn as_start(self) -> Option<(Date, Grain)> {
        match self {
            Point::Turn { after, .. } => Some((after, Grain::Day)),
            _ => self.bounds().map(|(first, _, grain)| (first, grain)),
        }
    }

    /// The last day, when the point ends something.
    pub(super) fn as_end(self) -> Option<(Date, Grain)> {
        match self {
            Point::Turn { before, .. } => Some((before, Grain::Day)),
            _ => self.bounds().map(|(_, last, grain)| (last, grain)),
        }
    }

    /// True for a date that lacks no part but that the calendar does not have.
    pub(super) fn is_impossible(self) -> bool {
        self == Point::Invalid
            || matches!(self, Point::Partial { year: Some(_), month: Some(_), day: Some(_) } if self.bounds().is_none())
    }
}

/// A point, and the token after it.
type Read = Option<(Point, usize)>;

const YEARS: std::ops::RangeInclusive<u32> = 1970..=2069;

fn year_of(n: u32) -> Option<i16> {
    YEARS.contains(&n).then_some(n as i16)
}

/// The century that a two-digit year means: 00–69 this one, else the last.
fn full_year(n: u32) -> Option<i16> {
    (n < 100).then_some(if n < 70 { 2000 + n as i16 } else { 1900 + n as i16 })
}

fn partial(year: Option<i16>, month: Option<i8>, day: Option<u32>) -> Point {
    Point::Partial { year, month, day: day.and_then(|d| i8::try_from(d).ok()) }
}

fn stretch(y1: i16, m1: i8, y2: i16, m2: i8, grain: Grain) -> Option<Point> {
    let (first, last) = (Date::new(y1, m1, 1).ok()?, Date::new(y2, m2, 1).ok()?.last_of_month());
    Some(Point::Stretch { first, last, grain })
}

/// Reads points from tokens.
pub(super) struct Points<'t, 'a> {
    pub(super) reader: &'t PeriodReader,
    pub(super) tokens: &'t [Token<'a>],
    /// The year that "i år" means.
    pub(super) reference: Option<i16>,
}

impl Points<'_, '_> {
    fn word(&self, i: usize) -> &str {
        self.tokens.get(i).map_or("", |t| t.word())
    }

    fn num(&self, i: usize, digits: std::ops::RangeInclusive<usize>) -> Option<u32> {
        self.tokens.get(i)?.num(digits)
    }

    fn sign(&self, i: usize, c: char) -> bool {
        self.tokens.get(i).is_some_and(|t| t.is(c))
    }

    fn dash(&self, i: usize) -> bool {
        self.tokens.get(i).is_some_and(|t| t.is_dash())
    }

    /// No white space before token `i`.
    fn glued(&self, i: usize) -> bool {
        self.tokens.get(i).is_some_and(|t| !t.spaced)
    }

    fn months(&self) -> &BTreeMap<String, i8> {
        &self.reader.months
    }

    /// A month's name at `i`, an abbreviation's full stop taken.
    fn month(&self, i: usize) -> Option<(i8, usize)> {
        let word = self.word(i);
        let month = *self.months().get(word)?;
        let next = i + 1;
        let stop = word.len() <= 4 && self.sign(next, '.') && self.glued(next);
        Some((month, if stop { next + 1 } else { next }))
    }

    /// A year of four digits that is no part of a longer number or sign-joined code.
    fn year(&self, i: usize) -> Option<i16> {
        year_of(self.num(i, 4..=4)?)
    }

    /// `2023`, `23`, also with `/24` after it where a turn or school year is meant: both years.
    pub(super) fn two_years(&self, i: usize) -> Option<(i16, i16, usize)> {
        let first = self.year(i)?;
        if !(self.sign(i + 1, '/') || self.dash(i + 1)) {
            return Some((first, first, i + 1));
        }
        let second = self.year(i + 2).or_else(|| {
            let n = self.num(i + 2, 2..=2)? as i16;
            Some(first / 100 * 100 + n + if n < first % 100 { 100 } else { 0 })
        });
        match second {
            Some(s) if s == first + 1 => Some((first, s, i + 3)),
            _ => Some((first, first, i + 1)),
        }
    }

    /// A year after a day and month: four digits, `samma år`, `i år`, or two digits after `-` or `'`.
    fn year_after(&self, i: usize, antecedent: Option<i16>) -> Option<(i16, usize)> {
        let i = if self.word(i) == "år" || self.sign(i, ',') { i + 1 } else { i };
        if let Some(y) = self.year(i) {
            let bound = self.glued(i + 1) && self.sign(i + 1, '/') && self.num(i + 2, 1..=6).is_some();
            return (!bound).then_some((y, i + 1));
        }
        if self.word(i) == "samma" && self.word(i + 1) == "år" {
            return Some((antecedent.or(self.reference)?, i + 2));
        }
        if self.word(i) == "i" && self.word(i + 1) == "år" {
            return Some((self.reference?, i + 2));
        }
        None
    }

    /// A point at token `i`; `antecedent` is the last year read before.
    pub(super) fn at(&self, i: usize, antecedent: Option<i16>) -> Read {
        let mut i = i;
        let last = i + 3;
        while i < last
            && matches!(
                self.word(i),
                "den"
                    | "dagen"
                    | "datumet"
                    | "måndag"
                    | "tisdag"
                    | "onsdag"
                    | "torsdag"
                    | "fredag"
                    | "lördag"
                    | "söndag"
                    | "måndagen"
                    | "tisdagen"
                    | "onsdagen"
                    | "torsdagen"
                    | "fredagen"
                    | "lördagen"
                    | "söndagen"
            )
        {
            i += 1;
        }
        self.numeric(i)
            .or_else(|| self.day_month(i, antecedent))
            .or_else(|| self.named(i, antecedent))
            .or_else(|| self.month_year(i, antecedent))
            .or_else(|| self.year_alone(i))
    }

    /// `2024-10-02`, `20241002`, `1/9 2022`, `1.9.2022`.
    fn numeric(&self, i: usize) -> Read {
        if let Some(y) = self.num(i, 4..=4).and_then(year_of)
            && self.dash(i + 1)
            && self.glued(i + 1)
            && let Some(m) = self.num(i + 2, 2..=2).filter(|_| self.glued(i + 2))
            && self.dash(i + 3)
            && let Some(d) = self.num(i + 4, 2..=2).filter(|_| self.glued(i + 4))
        {
            return Some((self.checked(y, m, d), i + 5));
        }
        if let Some(n) = self.num(i, 8..=8) {
            let y = year_of(n / 10000)?;
            let point = self.checked(y, n / 100 % 100, n % 100);
            // Four digits after a hyphen make it a personal identity number.
            let personal = self.dash(i + 1) && self.num(i + 2, 4..=4).is_some();
            return (point != Point::Invalid && !personal).then_some((point, i + 1));
        }
        let d = self.num(i, 1..=2)?;
        if self.sign(i + 1, '/') && self.glued(i + 1) {
            let m = self.num(i + 2, 1..=2)?;
            let at = if self.dash(i + 3) && self.glued(i + 3) { i + 4 } else { i + 3 };
            let y = self.year(at)?;
            return Some((self.checked(y, m, d), at + 1));
        }
        if self.sign(i + 1, '.') && self.glued(i + 2) && self.sign(i + 3, '.') {
            let (m, y) = (self.num(i + 2, 1..=2)?, self.year(i + 4)?);
            return Some((self.checked(y, m, d), i + 5));
        }
        None
    }

    fn checked(&self, y: i16, m: u32, d: u32) -> Point {
        match (i8::try_from(m), i8::try_from(d)) {
            (Ok(m), Ok(d)) if Date::new(y, m, d).is_ok() => {
                Point::Partial { year: Some(y), month: Some(m), day: Some(d) }
            }
            _ => Point::Invalid,
        }
    }

    /// `1 september 2022`, `1 sept. 2022`, `1:a maj 2020`, the year perhaps missing.
    fn day_month(&self, i: usize, antecedent: Option<i16>) -> Read {
        let d = self.num(i, 1..=2).filter(|d| (1..=31).contains(d))?;
        let at = if self.sign(i + 1, ':') && matches!(self.word(i + 2), "a" | "e") { i + 3 } else { i + 1 };
        let (m, next) = self.month(at)?;
        match self.year_after(next, antecedent) {
            Some((y, end)) => Some((self.checked(y, m as u32, d), end)),
            None => Some((partial(None, Some(m), Some(d)), next)),
        }
    }

    /// `september 2022`, the year perhaps missing.
    fn month_year(&self, i: usize, antecedent: Option<i16>) -> Read {
        let (m, next) = self.month(i)?;
        match self.year_after(next, antecedent) {
            Some((y, end)) => Some((partial(Some(y), Some(m), None), end)),
            None => Some((partial(None, Some(m), None), next)),
        }
    }

    fn year_alone(&self, i: usize) -> Read {
        let y = self.year(i)?;
        let touches = |t: usize| self.glued(t) && (self.sign(t, '/') || self.dash(t) || self.sign(t, ':'));
        // Part of a diary number or the like: "2024/45", "171-84/2017", "2020:12".
        if i > 0 && touches(i) && self.tokens.get(i.wrapping_sub(1)).is_some_and(|t| t.is('/') || t.is(':')) {
            return None;
        }
        if i > 0 && !self.tokens[i].spaced && (self.tokens[i - 1].is('/') || self.tokens[i - 1].is(':')) {
            return None;
        }
        let code = (self.sign(i + 1, '/') || self.sign(i + 1, ':')) && self.glued(i + 1) && self.glued(i + 2);
        if code && self.num(i + 2, 1..=8).is_some() {
            return None;
        }
        if self.sign(i + 1, '%') || self.reader.units.contains(self.word(i + 1)) {
            return None;
        }
        Some((partial(Some(y), None, None), i + 1))
    }

    /// Points with a name: turns, ends and middles of months, terms, quarters, seasons, the day of signing.
    fn named(&self, i: usize, antecedent: Option<i16>) -> Read {
        let at_month = |i: usize| {
            let (m, next) = self.month(i)?;
            let (y, end) = self.year_after(next, antecedent)?;
            Date::new(y, m, 1).ok().map(|d| (d, end))
        };
        match self.word(i) {
            "sista" => {
                let i = if self.word(i + 1) == "dagen" || self.word(i + 1) == "dag" { i + 2 } else { i + 1 };
                let i = if matches!(self.word(i), "i" | "av") { i + 1 } else { i };
                let (d, end) = at_month(i)?;
                Some((Point::Day { date: d.last_of_month(), grain: Grain::Day }, end))
            }
            "utgången" | "slutet" | "mitten" | "början" => {
                let of = if matches!(self.word(i + 1), "av" | "på") { i + 2 } else { i + 1 };
                let edge = self.word(i);
                if let Some((d, end)) = at_month(of) {
                    let date = match edge {
                        "mitten" => Date::new(d.year(), d.month(), 15).ok()?,
                        "början" => d,
                        _ => d.last_of_month(),
                    };
                    return Some((Point::Day { date, grain: Grain::Month }, end));
                }
                let of = if self.word(of) == "år" { of + 1 } else { of };
                let y = self.year(of)?;
                let (m, d) = match edge {
                    "mitten" => (6, 30),
                    "början" => (1, 1),
                    _ => (12, 31),
                };
                Some((Point::Day { date: Date::new(y, m, d).ok()?, grain: Grain::Year }, of + 1))
            }
            "årsskiftet" | "årsskifte" | "nyår" | "nyåret" => {
                let (y, second, end) = self.two_years(i + 1)?;
                let y = if second == y { y - 1 } else { y };
                Some((Point::Turn { before: Date::new(y, 12, 31).ok()?, after: Date::new(y + 1, 1, 1).ok()? }, end))
            }
            "nästa" if self.word(i + 1) == "årsskifte" => {
                let y = self.reference?;
                Some((Point::Turn { before: Date::new(y, 12, 31).ok()?, after: Date::new(y + 1, 1, 1).ok()? }, i + 2))
            }
            "månadsskiftet" => {
                let (m1, slash) = self.month(i + 1)?;
                if !(self.sign(slash, '/') || self.dash(slash)) {
                    return None;
                }
                let (m2, next) = self.month(slash + 1)?;
                let (y, end) = self.year_after(next, antecedent)?;
                let y1 = if m2 < m1 { y - 1 } else { y };
                let before = Date::new(y1, m1, 1).ok()?.last_of_month();
                Some((Point::Turn { before, after: Date::new(y, m2, 1).ok()? }, end))
            }
            "undertecknandet" | "undertecknande" | "underskrift" | "underskriften" | "signering" | "signeringen"
            | "tecknandet" | "dagen" | "datum" | "datumet" | "för" | "parternas" | "båda" | "bägge" => {
                self.signing(i)
            }
            _ => self.stretch(i),
        }
    }

    /// "undertecknandet", "dagen för parternas underskrift".
    fn signing(&self, i: usize) -> Read {
        let lead =
            |w: &str| matches!(w, "dagen" | "datum" | "datumet" | "för" | "parternas" | "båda" | "bägge" | "parters");
        let at = (i..i + 5).find(|&at| !lead(self.word(at)))?;
        let signs = matches!(
            self.word(at),
            "undertecknandet"
                | "undertecknande"
                | "underskrift"
                | "underskriften"
                | "signering"
                | "signeringen"
                | "tecknandet"
        );
        signs.then_some((Point::Signing, at + 1))
    }

    /// Stretches with a name of their own.
    fn stretch(&self, i: usize) -> Read {
        let word = self.word(i);
        let reference = |by: i16| self.reference.map(|y| y + by);
        let whole = |y: i16, end: usize| stretch(y, 1, y, 12, Grain::Year).map(|p| (p, end));
        match word {
            "innevarande" if self.word(i + 1) == "år" => return whole(reference(0)?, i + 2),
            "föregående" if self.word(i + 1) == "år" => return whole(reference(-1)?, i + 2),
            "nästa" | "nästkommande" | "kommande" if self.word(i + 1) == "år" => return whole(reference(1)?, i + 2),
            _ => {}
        }
        // Ordinal or number with its noun, on either side.
        let ordinal = match word {
            "första" => Some(1),
            "andra" => Some(2),
            "tredje" => Some(3),
            "fjärde" => Some(4),
            _ => None,
        };
        let noun = |w: &str| match w {
            "kvartal" | "kvartalet" => Some((3u32, Grain::Quarter)),
            "tertial" | "tertialet" => Some((4, Grain::Tertial)),
            "halvår" | "halvåret" => Some((6, Grain::Half)),
            _ => None,
        };
        let part = |n: u32, length: u32, grain: Grain, y: i16, end: usize| {
            (1..=12 / length).contains(&n).then_some(())?;
            let m1 = i8::try_from((n - 1) * length + 1).ok()?;
            let m2 = i8::try_from(n * length).ok()?;
            stretch(y, m1, y, m2, grain).map(|p| (p, end))
        };
        let of_year = |i: usize| {
            let i = if matches!(self.word(i), "år" | "av" | "under") { i + 1 } else { i };
            self.year(i).map(|y| (y, i + 1))
        };
        if let Some(n) = ordinal
            && let Some((length, grain)) = noun(self.word(i + 1))
        {
            let (y, end) = of_year(i + 2)?;
            return part(n, length, grain, y, end);
        }
        if let Some((length, grain)) = noun(word)
            && let Some(n) = self.num(i + 1, 1..=1)
        {
            let (y, end) = of_year(i + 2)?;
            return part(n, length, grain, y, end);
        }
        if (word == "q" || word == "t")
            && let Some(n) = self.num(i + 1, 1..=1).filter(|_| self.glued(i + 1))
        {
            let (y, end) = of_year(i + 2)?;
            let (length, grain) = if word == "q" { (3, Grain::Quarter) } else { (4, Grain::Tertial) };
            return part(n, length, grain, y, end);
        }
        let term = |m1: i8, m2: i8, grain: Grain| {
            let (y, end) = of_year(i + 1)?;
            stretch(y, m1, y, m2, grain).map(|p| (p, end))
        };
        match word {
            "våren" | "vår" => term(1, 6, Grain::Season),
            "hösten" | "höst" => term(7, 12, Grain::Season),
            "sommaren" | "sommar" => term(6, 8, Grain::Season),
            "vårterminen" => term(1, 6, Grain::Term),
            "höstterminen" => term(8, 12, Grain::Term),
            "ht" | "vt" => {
                let at = if self.dash(i + 1) || self.sign(i + 1, '.') { i + 2 } else { i + 1 };
                let y = self.year(at).or_else(|| full_year(self.num(at, 2..=2)?))?;
                let (m1, m2) = if word == "ht" { (8, 12) } else { (1, 6) };
                stretch(y, m1, y, m2, Grain::Term).map(|p| (p, at + 1))
            }
            "vintern" => {
                let (y1, y2, end) = self.two_years(i + 1).filter(|y| y.0 != y.1)?;
                stretch(y1, 12, y2, 2, Grain::Season).map(|p| (p, end))
            }
            "läsåret" | "läsår" | "skolåret" => {
                let (y1, y2, end) = self.two_years(i + 1).filter(|y| y.0 != y.1)?;
                stretch(y1, 8, y2, 6, Grain::SchoolYear).map(|p| (p, end))
            }
            "helåret" | "kalenderåret" | "verksamhetsåret" | "budgetåret" | "räkenskapsåret" => {
                let y = self.year(i + 1)?;
                whole(y, i + 2)
            }
            "mandatperioden" => {
                let y1 = self.year(i + 1)?;
                if !self.dash(i + 2) {
                    return None;
                }
                let y2 = self.year(i + 3)?;
                let (first, last) = (Date::new(y1, 10, 15).ok()?, Date::new(y2, 10, 14).ok()?);
                Some((Point::Stretch { first, last, grain: Grain::TermOfOffice }, i + 4))
            }
            _ => {
                let decade = self.year(i).filter(|y| y % 10 == 0)?;
                if self.dash(i + 1) && matches!(self.word(i + 2), "talet" | "tal" | "talets") {
                    return stretch(decade, 1, decade + 9, 12, Grain::Decade).map(|p| (p, i + 3));
                }
                None
            }
        }
    }
}
