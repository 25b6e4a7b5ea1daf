//! Reads Swedish expressions of periods: ranges, ends, open terms, extensions, terms and quarters.
//!
//! The text becomes tokens, the tokens become points in time and signal words ("från och med", "löper ut",
//! "förlängning"), and a small machine per sentence joins these to readings. Bounds are inclusive full dates; `Grain`
//! says how exactly they are known. Nothing here knows of agreements: `agreement` decides what a reading belongs to.

mod extension;
mod point;
mod sentence;
mod token;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::base::date::Precision;
use crate::base::{Note, PartialDate, Span};
use crate::lexicon::Lexicon;
use crate::parse::context::Context;
use crate::parse::record::Record;
use crate::parse::record::{Extension, PeriodPrecision, Warning};

/// How exactly a bound is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    /// To the day.
    Day,
    /// To the month.
    Month,
    /// To the year.
    Year,
    /// A quarter.
    Quarter,
    /// Half a year.
    Half,
    /// Four months.
    Tertial,
    /// Spring, summer, autumn, winter.
    Season,
    /// A school term.
    Term,
    /// A school year, 1 August to 30 June.
    SchoolYear,
    /// Four years from 15 October.
    TermOfOffice,
    /// Ten years.
    Decade,
}

impl Grain {
    /// As the record has it.
    pub fn precision(self) -> Precision {
        match self {
            Grain::Day | Grain::TermOfOffice => Precision::Day,
            Grain::Year | Grain::Decade => Precision::Year,
            _ => Precision::Month,
        }
    }
}

/// What kind of expression a reading comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Both ends, or an end with "till och med".
    Range,
    /// A whole year, term or quarter with a preposition.
    Whole,
    /// A start without an end, or until further notice.
    Open,
    /// An end ("löper ut", "upphör").
    End,
    /// An extension without a period of its own.
    Extension,
    /// A day by which something must be done.
    Deadline,
    /// The day of signing of an agreement whose term is said beside it.
    Signed,
    /// Years of a programme, plan or budget.
    Programme,
    /// From one agreement to another: all the time that a partnership has lasted ("mellan åren 2018–2024", "sedan 2018").
    Overall,
}

/// How an expression hangs together with an agreement named in its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tie {
    /// Not.
    None,
    /// The sentence names an agreement.
    Sentence,
    /// The agreement's verb: "gäller", "tecknades för".
    Verb,
    /// The agreement's name stands right before it: "överenskommelsen för 2024".
    Direct,
}

/// One period as read.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Where it stands.
    pub span: Span,
    /// What kind of expression it is.
    pub sort: Sort,
    /// How it hangs together with an agreement.
    pub tie: Tie,
    /// First day, with how exactly it is known.
    pub start: Option<(Date, Grain)>,
    /// Last day, with how exactly it is known.
    pub end: Option<(Date, Grain)>,
    /// Until further notice, or no end known.
    pub open_ended: bool,
    /// The start is the day of signing.
    pub from_signing: bool,
    /// How long it lasts from then on, where that is said: a count of a unit.
    pub lasts: Option<(u32, &'static str)>,
    /// The start is the day of "ingicks", "tecknades".
    pub begun: bool,
    /// Extension, possible or used.
    pub extension: Option<Extension>,
    /// Where ends and extensions are said that other words than those of `span` tell, with what is said there.
    pub places: Vec<(Told, Span)>,
}

/// What a place of a reading tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The last day.
    End,
    /// An extension that is possible.
    MayExtend,
    /// An extension that was used, or is to be.
    Extended,
}

impl Reading {
    fn new(span: Span, sort: Sort) -> Self {
        Reading {
            span,
            sort,
            tie: Tie::None,
            start: None,
            end: None,
            open_ended: false,
            from_signing: false,
            lasts: None,
            begun: false,
            extension: None,
            places: Vec::new(),
        }
    }

    /// Gives a term that begins with the signing its days.
    pub(crate) fn begin_on_signing(&mut self, signed: Date) {
        if !self.from_signing || self.start.is_some() {
            return;
        }
        if let Some((count, unit)) = self.lasts {
            self.end = last_day(signed, count, unit).map(|d| (d, Grain::Day));
        }
        self.start = Some((signed, Grain::Day));
        self.sort = if self.end.is_some() { Sort::Range } else { self.sort };
    }

    /// Notes where its extension is said.
    fn place_extension(&mut self, place: Span) {
        let used = self.extension.as_ref().is_some_and(|e| e.exercised);
        self.places.push((if used { Told::Extended } else { Told::MayExtend }, place));
    }

    /// The same, in a text that begins so many bytes before.
    fn shift(&mut self, by: usize) {
        self.span = self.span.shift(by);
        self.places.iter_mut().for_each(|(_, place)| *place = place.shift(by));
    }

    /// Takes over an extension that another reading says, if this one has none.
    pub(crate) fn take_extension(&mut self, other: Reading) {
        if self.extension.is_some() || other.extension.is_none() {
            return;
        }
        self.extension = other.extension;
        let before = self.places.len();
        self.places.extend(other.places.into_iter().filter(|(told, _)| *told != Told::End));
        if self.places.len() == before {
            self.place_extension(other.span);
        }
    }

    /// Takes over an end that another reading says.
    pub(crate) fn take_end(&mut self, end: (Date, Grain), place: Span) {
        self.end = Some(end);
        self.open_ended = false;
        self.places.push((Told::End, place));
    }
}

/// Moves readings into the text that theirs is a part of.
pub(crate) fn shift_all(readings: &mut [Reading], by: usize) {
    readings.iter_mut().for_each(|r| r.shift(by));
}

impl Reading {
    /// Precision of both ends, as the record has it.
    pub fn precision(&self) -> PeriodPrecision {
        PeriodPrecision { start: self.start.map(|(_, g)| g.precision()), end: self.end.map(|(_, g)| g.precision()) }
    }

    /// First day as the record has it.
    pub fn start_date(&self) -> Option<PartialDate> {
        self.start.map(|(d, _)| d.into())
    }

    /// Last day as the record has it.
    pub fn end_date(&self) -> Option<PartialDate> {
        self.end.map(|(d, _)| d.into())
    }
}

/// The periods of a text, and what was odd about them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Readings {
    /// In order of the text.
    pub periods: Vec<Reading>,
    /// Impossible dates, ends before starts.
    pub notes: Vec<Note>,
}

/// Reads periods. Made once from the lexicon.
#[derive(Clone, Debug)]
pub struct PeriodReader {
    months: BTreeMap<String, i8>,
    numbers: BTreeMap<String, f64>,
    units: BTreeSet<String>,
    agreement_words: BTreeSet<String>,
    programme_words: Vec<String>,
    plural_words: BTreeSet<String>,
    abbreviations: BTreeSet<String>,
    known: words::Words,
}

impl PeriodReader {
    /// A reader with the lexicon's months, number words and abbreviations.
    pub fn new(lex: &Lexicon) -> Self {
        let words = &lex.agreements;
        let mut reader = PeriodReader {
            known: words::Words::default(),
            months: lex.dates.months.clone(),
            numbers: lex.dates.number_words.clone(),
            units: words.counted_units.iter().cloned().collect(),
            agreement_words: words.agreement_words.iter().cloned().collect(),
            programme_words: words.programme_words.clone(),
            plural_words: words.plural_words.iter().cloned().collect(),
            abbreviations: lex
                .abbreviations
                .iter()
                .filter_map(|a| a.trim_end_matches('.').rsplit([' ', '.']).next().map(str::to_lowercase))
                .collect(),
        };
        reader.known = words::Words::of(&reader);
        reader
    }

    /// The first full date of a text.
    pub fn first_date(&self, text: &str) -> Option<(Date, Span)> {
        sentence::first_date(self, text)
    }

    /// All periods of a text; `reference` is the day that "i år" is said on, if known. Linear in the text's length.
    pub fn read(&self, text: &str, reference: Option<Date>) -> Readings {
        sentence::read(self, text, reference)
    }
}

/// The last day of a term of `count` units that begins on a day.
pub(crate) fn last_day(start: Date, count: u32, unit: &str) -> Option<Date> {
    same_day_later(start, count, unit)?.yesterday().ok()
}

/// The same day `count` units later.
fn same_day_later(date: Date, count: u32, unit: &str) -> Option<Date> {
    let n = i64::from(count);
    let span = match unit {
        "year" => jiff::Span::new().try_years(n),
        "month" => jiff::Span::new().try_months(n),
        _ => jiff::Span::new().try_days(n),
    };
    date.checked_add(span.ok()?).ok()
}

/// An end `count` units later: the same day, but the last day of a month stays one.
pub(crate) fn later_end(date: Date, count: u32, unit: &str) -> Option<Date> {
    let moved = same_day_later(date, count, unit)?;
    if unit != "day" && date == date.last_of_month() { Some(moved.last_of_month()) } else { Some(moved) }
}

/// Patterns compiled once from the vocabulary.
pub(crate) type Rules = PeriodReader;

/// Fills the field: periods that belong to no agreement, and notes on impossible ones.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    let reference = record.date.or(record.meeting_date).map(|d| d.first());
    let text = cx.doc.body();
    let readings = cx.rules.period.read(text, reference);
    for note in readings.notes {
        let evidence = note.span.map(|s| cx.evidence("message", s, "period.check", 0.9)).into_iter().collect();
        record.warnings.push(Warning { code: note.code, message: note.message, evidence });
    }
    let taken: Vec<(u32, u32)> = record
        .agreements
        .iter()
        .flat_map(|a| a.periods.iter().flat_map(|p| p.evidence.iter().map(|e| (e.start, e.end))))
        .collect();
    let mut seen: BTreeSet<(Option<PartialDate>, Option<PartialDate>)> =
        record.agreements.iter().flat_map(|a| a.periods.iter().map(|p| (p.start, p.end))).collect();
    let ends: BTreeSet<Option<PartialDate>> = seen.iter().map(|(_, end)| *end).collect();
    for line in cx.labelled("valid_label").filter_map(|g| g.lines.first().copied()) {
        record.periods.extend(valid_until(cx, line).filter(|p| seen.insert((p.start, p.end))));
    }
    for r in readings.periods {
        let bounds = (r.start_date(), r.end_date());
        let counts = match r.sort {
            Sort::Range | Sort::Overall => r.start.is_some(),
            Sort::Open => r.tie >= Tie::Verb && r.start.is_some(),
            Sort::End => r.tie >= Tie::Sentence && !ends.contains(&r.end_date()),
            Sort::Whole | Sort::Extension | Sort::Deadline | Sort::Programme | Sort::Signed => false,
        };
        let own = taken.iter().any(|(a, b)| *a < r.span.end && r.span.start < *b);
        if counts && !own && seen.insert(bounds) {
            record.periods.push(super::agreement::terms::loose(cx, r));
        }
    }
}

/// `Giltighetstid: 31 december 2026`, `Giltig till och med 2026`: a period of which the label says that the date is its end.
fn valid_until(cx: &Context, line: Span) -> Option<crate::parse::record::Period> {
    let found = cx.rules.period.read(cx.quote(line), None).periods;
    if found.iter().any(|r| r.start.is_some() && r.end.is_some()) {
        return None;
    }
    let date = cx.rules.dates.all(cx.quote(line)).next()?;
    let last = date.date.last();
    let grain = match date.date.precision() {
        Precision::Day => Grain::Day,
        Precision::Month => Grain::Month,
        Precision::Year => Grain::Year,
    };
    let mut reading = Reading::new(Span::new(date.start, date.end).shift(line.start as usize), Sort::End);
    reading.end = Some((last, grain));
    Some(super::agreement::terms::loose(cx, reading))
}

#[cfg(test)]
mod tests;
