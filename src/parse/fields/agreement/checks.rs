//! Holds what was read of agreements against itself and tells of what does not fit: a successor that begins before its
//! predecessor ends, an extension that leads to another day, a number in words that differs from what is there.

use std::sync::LazyLock;

use crate::parse::pattern::Regex;

use super::super::period::later_end;
use super::super::warnings;
use crate::base::date::Precision;
use crate::base::{Note, PartialDate, Span};
use crate::parse::context::Context;
use crate::parse::record::{Agreement, Period, Record};

/// Adds the warnings.
pub(super) fn read(cx: &Context, record: &mut Record) {
    let mut notes: Vec<Note> = Vec::new();
    for a in &record.agreements {
        overlaps(a, &mut notes);
        notes.extend(a.periods.iter().filter_map(extension_fits));
    }
    notes.extend(counted(cx, record));
    for note in notes {
        warnings::push(cx, &mut record.warnings, note);
    }
}

fn place(p: &Period) -> Option<Span> {
    p.evidence.first().map(|e| Span { start: e.start, end: e.end })
}

fn note(code: &'static str, message: String, span: Option<Span>) -> Note {
    let note = Note::warning(code, message);
    match span {
        Some(span) => note.at(span),
        None => note,
    }
}

/// Each agreement of a row with one partner begins after the one before it has ended.
fn overlaps(a: &Agreement, notes: &mut Vec<Note>) {
    for (before, after) in a.periods.iter().zip(a.periods.iter().skip(1)) {
        let (Some(end), Some(start)) = (before.end, after.start) else { continue };
        let exact = before.precision.end == Some(Precision::Day) && after.precision.start == Some(Precision::Day);
        if exact && start.first() <= end.first() {
            let message = format!("{}: the period from {start} begins before the one before it ends, {end}.", a.name);
            notes.push(note("period_overlaps", message, place(after)));
        }
    }
}

/// The new end of an extension is as far from the end as the extension is long; no extension ends before the period.
fn extension_fits(p: &Period) -> Option<Note> {
    let (extension, end) = (p.extension.as_ref()?, p.end?);
    if p.precision.end != Some(Precision::Day) {
        return None;
    }
    let last = end.first();
    let told = extension.new_end.or(extension.max_end)?;
    let wrong = |why: String| Some(note("extension_mismatch", why, place(p)));
    if told.first() <= last {
        return wrong(format!("The extension leads to {told}, which is not after the end, {end}."));
    }
    let (count, unit) = (extension.count?, extension.unit.as_deref()?);
    // Several extensions of unknown number may lead anywhere.
    let times = extension.times?;
    let reach = later_end(last, count.checked_mul(times)?, unit)?;
    let day = |d: PartialDate| d.precision() == Precision::Day;
    let apart = (told.last() - reach).get_days().abs();
    // A month's last day and the day before are both meant by "a year later".
    if day(told) && apart > 1 && !(extension.new_end.is_some() && told.last() < reach) {
        return wrong(format!("{count} {unit}(s), {times} time(s), after {end} is {reach}, not {told}."));
    }
    None
}

/// "fem IOP-överenskommelser" in words against what was found.
fn counted(cx: &Context, record: &Record) -> Option<Note> {
    static COUNT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?i)\b(?:har|hade|totalt|sammanlagt)\s+(?:\p{L}+\s+){0,3}?(?P<n>\d{1,2}|\p{L}+)\s+(?:(?:pågående|gällande|olika|aktiva|löpande|separata)\s+)?(?:IOP(?:[-:]?(?:er|överenskommelser|avtal))?|idéburna\s+offentliga\s+partnerskap|(?:partnerskaps)?överenskommelser|partnerskap)\b",
        )
        .expect("tested pattern")
    });
    if record.agreements.is_empty() {
        return None;
    }
    let text = cx.doc.body();
    let lower_has = ["partnerskap", "IOP", "överenskommelser"].iter().any(|w| text.contains(w));
    if !lower_has {
        return None;
    }
    let numbers = &cx.lex.dates.number_words;
    for c in COUNT.captures_iter(text).take(20) {
        let (Some(whole), Some(word)) = (c.get(0), c.name("n")) else { continue };
        let word = word.as_str().to_lowercase();
        let count = word.parse::<usize>().ok().or_else(|| numbers.get(&word).map(|n| *n as usize));
        // "ett" is an article as often as a number.
        let Some(count) = count.filter(|n| *n >= 2) else { continue };
        let (agreements, periods) =
            (record.agreements.len(), record.agreements.iter().map(|a| a.periods.len()).sum::<usize>());
        if count == agreements || count == periods {
            return None;
        }
        let message = format!("The text counts {count}, found are {agreements} agreement(s) with {periods} period(s).");
        return Some(note("agreement_count", message, Some(Span::new(whole.start(), whole.end()))));
    }
    None
}
