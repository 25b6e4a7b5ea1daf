//! Puts what was read of periods together to the terms of one partnership, in order of time.

use jiff::civil::Date;

use super::super::period::{Grain, Reading, Sort, Tie, Told, later_end, shift_all};
use crate::base::Span;
use crate::ingest::document::BlockKind;
use crate::parse::context::Context;
use crate::parse::record::{Extension, Period};

/// The periods read in a scope, with spans of the document.
pub(crate) fn readings(cx: &Context, scope: Span, reference: Option<Date>) -> Vec<Reading> {
    let text = cx.quote(scope);
    let mut found = cx.rules.period.read(text, reference).periods;
    shift_all(&mut found, scope.start as usize);
    found.retain(|r| !cx.rules.agreement.other_contract(sentence_around(cx, r.span)));
    // The years of a title are those reported on.
    found.retain(|r| !cx.doc.block_at(r.span.start).is_some_and(|b| b.kind == BlockKind::Heading { level: 1 }));
    found
}

/// The text around a span up to full stops or line ends, at most some hundred bytes away.
fn sentence_around<'a>(cx: &Context<'a>, span: Span) -> &'a str {
    let text = &cx.doc.text;
    let (start, end) = (span.start as usize, span.end as usize);
    let (mut low, mut high) = (start.saturating_sub(400), (end + 400).min(text.len()));
    while !text.is_char_boundary(low) {
        low += 1;
    }
    while !text.is_char_boundary(high) {
        high -= 1;
    }
    let before = text.get(low..start).unwrap_or("");
    let line = before.rfind(['\n', '\t']).map_or(0, |i| i + 1);
    let from = before.get(line..).and_then(|s| s.rfind(". ")).map_or(line, |i| line + i + 2);
    let after = text.get(end..high).unwrap_or("");
    let to = after.find(['\n', '\t', '.']).unwrap_or(after.len());
    text.get(low + from..end + to).unwrap_or("")
}

/// The sentence that holds a span, at most some hundred bytes to either side; the span itself where it is cut off there.
fn whole_sentence(cx: &Context, span: Span) -> Span {
    const REACH: usize = 300;
    let text = cx.doc.body();
    let (start, end) = (span.start as usize, span.end as usize);
    let around = text.get(text.floor_char_boundary(start.saturating_sub(REACH))..start);
    let from = around.and_then(|before| {
        let at = before.rfind(['\n', '\t']).map(|i| i + 1).max(before.rfind(". ").map(|i| i + 2));
        at.or((before.len() == start).then_some(0)).map(|i| start - before.len() + i)
    });
    let around = text.get(end..text.floor_char_boundary(end.saturating_add(REACH)));
    let to = around.and_then(|after| {
        let stop = |i: usize| after.get(i + 1..).is_none_or(|rest| !rest.starts_with(|c: char| !c.is_whitespace()));
        let full = after.match_indices('.').map(|(i, _)| i).find(|i| stop(*i)).map(|i| i + 1);
        let line = after.find(['\n', '\t']);
        let at = [full, line].into_iter().flatten().min();
        at.or((end + after.len() == text.len()).then_some(after.len())).map(|i| end + i)
    });
    Span::new(from.unwrap_or(start), to.unwrap_or(end))
}

/// More terms than this no partnership has; a bound for what is compared with what.
const MOST: usize = 200;

/// A term in the making.
struct Term {
    reading: Reading,
    /// Only known as "mellan åren" or "sedan": used when nothing better is there.
    overall: bool,
}

/// The terms that the readings mean; bare ranges count from the tie `least` on.
pub(crate) fn assemble(cx: &Context, readings: Vec<Reading>, least: Tie) -> Vec<Period> {
    let mut terms: Vec<Term> = Vec::new();
    let (mut ends, mut later): (Vec<Reading>, Vec<Reading>) = (Vec::new(), Vec::new());
    for r in readings {
        if terms.len() >= MOST || ends.len() >= MOST || later.len() >= MOST {
            break;
        }
        match r.sort {
            Sort::Deadline | Sort::Programme | Sort::Signed => {}
            Sort::Overall if r.start.is_some_and(|s| s.1 == Grain::Day) || !terms.iter().any(|t| t.overall) => {
                terms.push(Term { reading: r, overall: true });
            }
            Sort::Overall => {}
            Sort::Range | Sort::Open if r.start.is_none() && !r.from_signing && r.tie < Tie::Verb => {}
            Sort::Range | Sort::Open if r.tie >= Tie::Sentence || least == Tie::Sentence => add(&mut terms, r),
            Sort::Whole if r.tie >= Tie::Verb && of_a_year(&r) => add(&mut terms, r),
            Sort::End if r.tie >= Tie::Verb || least == Tie::Sentence && r.tie == least => ends.push(r),
            Sort::Extension if told_of_last(&mut terms, &r) => {}
            Sort::Extension if r.extension.as_ref().is_some_and(|e| e.new_end.is_some()) => later.push(r),
            Sort::Extension if !terms.iter().any(|t| t.reading.end.is_some() && !t.overall) => later.push(r),
            Sort::Extension => {
                extend(&mut terms, r);
            }
            _ => {}
        }
    }
    let later: Vec<Reading> = later.into_iter().filter(|r| !extend(&mut terms, r.clone())).collect();
    // Ends last: the text may tell them before the terms.
    for r in ends {
        end(cx, &mut terms, r, least == Tie::Sentence);
    }
    // An extension of a term whose end was told elsewhere.
    for r in later {
        extend(&mut terms, r);
    }
    let real = terms
        .iter()
        .any(|t| !t.overall || t.reading.start.is_some_and(|s| s.1 == Grain::Day) && t.reading.end.is_some());
    if real {
        terms.retain(|t| !t.overall || t.reading.start.is_some_and(|s| s.1 == Grain::Day) && t.reading.end.is_some());
    } else {
        terms.truncate(1);
    }
    drop_contained(&mut terms);
    // Years beside a term known to the day are those of money or reports: "ersättningen för 2023 och 2024".
    let day = |t: &Term| {
        t.reading.tie >= Tie::Verb
            && t.reading.start.zip(t.reading.end).is_some_and(|(s, e)| s.1 == Grain::Day && e.1 == Grain::Day)
    };
    if terms.iter().any(day) {
        let years = |t: &Term| {
            t.reading.start.zip(t.reading.end).is_some_and(|(s, e)| s.1 == Grain::Year && e.1 == Grain::Year)
        };
        terms.retain(|t| t.reading.tie >= Tie::Verb || !years(t));
    }
    terms.sort_by_key(|t| (t.reading.start.map(|s| s.0), t.reading.end.map(|e| e.0)));
    terms.into_iter().map(|t| period(cx, t.reading)).collect()
}

/// "tecknades i juni 2019 och förlängdes med två år": belongs to the term told right before it, whose end is told elsewhere.
fn told_of_last(terms: &mut [Term], r: &Reading) -> bool {
    let Some(e) = r.extension.as_ref().filter(|e| e.exercised && e.new_end.is_none()) else { return false };
    let Some(t) = terms.last_mut() else { return false };
    // The end may stand in the next sentence: then the extension stands between both.
    let between = t.reading.span.contains(r.span);
    let open = t.reading.start.is_some()
        && (t.reading.end.is_none() || between)
        && t.reading.extension.is_none()
        && !t.overall;
    if open {
        t.reading.extension = Some(e.clone());
        t.reading.places.push((Told::Extended, r.span));
    }
    open
}

/// Whole years, school years and terms; a season or quarter is no term of an agreement.
fn of_a_year(r: &Reading) -> bool {
    r.start.is_some_and(|(_, g)| matches!(g, Grain::Year | Grain::SchoolYear | Grain::Term | Grain::Day))
}

/// Adds a range, unless it is one already known, said again or less exactly.
fn add(terms: &mut Vec<Term>, r: Reading) {
    for t in terms.iter_mut() {
        let known = &mut t.reading;
        let same_start = known.start.map(|s| s.0) == r.start.map(|s| s.0) && r.start.is_some();
        let same_end = known.end.map(|e| e.0) == r.end.map(|e| e.0) && r.end.is_some();
        if same_start && (same_end || r.end.is_none()) {
            if same_end && r.sort == Sort::Range {
                known.start = r.start;
                known.end = r.end;
                known.sort = r.sort;
            }
            known.take_extension(r);
            t.overall = false;
            return;
        }
        // The end that was missing: what says both ends says them better.
        if same_start && known.end.is_none() {
            let vague = std::mem::replace(known, r);
            if vague.extension.is_some() {
                known.extension = None;
                known.places.retain(|(told, _)| *told == Told::End);
            }
            known.take_extension(vague);
            t.overall = false;
            return;
        }
        // "den nuvarande … till och med": an end said again without a start, perhaps with its extension.
        if r.start.is_none() && !r.from_signing && same_end {
            known.take_extension(r);
            return;
        }
    }
    if r.start.is_none() && !r.from_signing {
        if let Some(t) = terms.iter_mut().rev().find(|t| t.reading.end.is_none() && t.reading.start.is_some()) {
            if let Some(end) = r.end {
                t.reading.take_end(end, r.span);
            }
            t.reading.take_extension(r);
            t.overall = false;
            return;
        }
        // An extension that was carried out, said as its new end.
        let extended = terms.iter_mut().rev().find(|t| {
            t.reading.extension.as_ref().is_some_and(|e| e.max_end.is_some() && e.max_end == r.end.map(|e| e.0.into()))
        });
        if extended.is_some() {
            return;
        }
    }
    terms.push(Term { reading: r, overall: false });
}

/// "löper ut den …": the end of what is known, more exactly; alone only where the sentence names the agreement.
fn end(cx: &Context, terms: &mut Vec<Term>, r: Reading, own: bool) {
    let Some(end) = r.end else { return };
    for t in terms.iter_mut() {
        let known = &mut t.reading;
        if known.extension.as_ref().is_some_and(|e| e.new_end == Some(end.0.into()) || e.max_end == Some(end.0.into()))
        {
            return;
        }
        match known.end {
            Some(k) if k.0 == end.0 => {
                known.end = Some(end);
                return;
            }
            Some(k) if k.1 == Grain::Year && k.0.year() == end.0.year() && !t.overall => {
                known.end = Some(end);
                return;
            }
            _ => {}
        }
    }
    let waiting = terms.iter_mut().rev().find(|t| {
        let started = t.reading.start.is_some_and(|s| s.0 <= end.0 && (!t.overall || s.1 == Grain::Day));
        t.reading.end.is_none() && started
    });
    if let Some(t) = waiting {
        t.reading.take_end(end, r.span);
        t.overall = false;
        return;
    }
    // A year without a day says nothing new about terms that are known.
    if terms.iter().any(|t| !t.overall) && (end.1 != Grain::Day || terms.iter().any(|t| t.reading.end.is_some())) {
        return;
    }
    // In an agreement it is the agreement's own.
    if own || cx.rules.agreement.names_agreement(sentence_around(cx, r.span)) {
        terms.push(Term { reading: r, overall: false });
    }
}

/// An extension said for itself belongs to the term before it; false if there is none yet.
fn extend(terms: &mut [Term], r: Reading) -> bool {
    let place = r.span;
    let Some(e) = r.extension else { return true };
    // With a new end: the last term that ends before it; else the one told last.
    let before = e.new_end.map(|n| n.first());
    let host = terms
        .iter()
        .enumerate()
        .filter(|(_, t)| !t.overall)
        .filter_map(|(i, t)| Some((i, t.reading.end?.0)))
        .filter(|(_, end)| before.is_none_or(|b| *end < b))
        .max_by_key(|(i, end)| if before.is_some() { (Some(*end), *i) } else { (None, *i) });
    let Some(t) = host.and_then(|(i, _)| terms.get_mut(i)) else { return false };
    let Some((last, _)) = t.reading.end else { return false };
    let reach = |e: &Extension| {
        let total = e.count?.checked_mul(e.times?)?;
        later_end(last, total, e.unit.as_deref()?)
    };
    // The new end lies before the term's own end: it belongs to an earlier one.
    if e.new_end.is_some_and(|n| n.first() <= last) {
        return true;
    }
    // A place of its own for each: what says that an extension was possible does not say that it was used.
    t.reading.places.push((if e.exercised { Told::Extended } else { Told::MayExtend }, place));
    match &mut t.reading.extension {
        Some(known) if e.exercised => {
            known.exercised = true;
            known.new_end = e.new_end.or_else(|| reach(&e).map(Into::into)).or(known.max_end);
            known.count = known.count.or(e.count);
            if known.unit.is_none() {
                known.unit = e.unit;
            }
            known.times = known.times.or(e.times);
        }
        Some(known) => {
            known.max_end = known.max_end.or(e.max_end);
            known.count = known.count.or(e.count);
            if known.unit.is_none() {
                known.unit = e.unit;
            }
        }
        None => {
            let reached = reach(&e).map(Into::into);
            t.reading.extension = Some(Extension {
                max_end: if e.exercised { e.max_end } else { e.max_end.or(reached) },
                new_end: if e.exercised { e.new_end.or(reached) } else { e.new_end },
                ..e
            });
        }
    }
    true
}

/// A whole year inside a longer term is a year of it, no term of its own.
fn drop_contained(terms: &mut Vec<Term>) {
    let bounds: Vec<(Option<Date>, Option<Date>, Sort)> =
        terms.iter().map(|t| (t.reading.start.map(|s| s.0), t.reading.end.map(|e| e.0), t.reading.sort)).collect();
    let mut i = 0;
    terms.retain(|t| {
        let me = i;
        i += 1;
        if t.reading.sort != Sort::Whole {
            return true;
        }
        let (Some(start), Some(end)) = (t.reading.start.map(|s| s.0), t.reading.end.map(|e| e.0)) else { return true };
        !bounds.iter().enumerate().any(|(j, (s, e, sort))| {
            j != me
                && *sort != Sort::Whole
                && s.is_some_and(|s| s <= start)
                && (e.is_some_and(|e| e >= end) || e.is_none())
        })
    });
}

/// Rule of the proof that an extension is possible.
pub(crate) const MAY_EXTEND: &str = "period.may_extend";

/// Rule of the proof that an extension was used, or is to be.
pub(crate) const EXTENDED: &str = "period.extended";

/// Rule of the proof that a possible extension is not used.
pub(crate) const NOT_EXTENDED: &str = "period.not_extended";

/// Notes where a scope says that a possible extension is not used: it proves `extension`, which stays `exercised: false`.
pub(super) fn unused(cx: &Context, scope: Span, periods: &mut [Period]) {
    if !periods.iter().any(|p| p.extension.is_some()) {
        return;
    }
    for sentence in cx.sentences(scope).iter().copied() {
        if !cx.rules.agreement.is_unused(cx.quote(sentence)) {
            continue;
        }
        let open = periods.iter_mut().rev().find(|p| p.extension.as_ref().is_some_and(|e| !e.exercised));
        if let Some(p) = open {
            p.evidence.push(cx.evidence("extension", sentence, NOT_EXTENDED, 0.85));
        }
    }
}

fn period(cx: &Context, r: Reading) -> Period {
    let rule = match r.sort {
        Sort::Range => "period.range",
        Sort::Whole => "period.whole",
        Sort::Open => "period.open",
        Sort::End => "period.end",
        _ => "period.overall",
    };
    let confidence = if r.sort == Sort::Overall { 0.5 } else { 0.9 };
    let (start, end) = (r.start_date(), r.end_date());
    let places =
        |told: &[Told]| -> Vec<(Told, Span)> { r.places.iter().copied().filter(|(t, _)| told.contains(t)).collect() };
    let mut evidence = vec![cx.evidence("raw", r.span, rule, confidence)];
    if start.is_some() {
        evidence.push(cx.evidence("start", r.span, rule, confidence));
    }
    if end.is_some() {
        let told = places(&[Told::End]);
        let place = told.last().map_or(r.span, |(_, place)| *place);
        evidence.push(cx.evidence("end", place, if told.is_empty() { rule } else { "period.end" }, confidence));
    }
    if r.open_ended {
        evidence.push(cx.evidence("open_ended", r.span, rule, confidence));
    }
    if r.extension.is_some() {
        let told = places(&[Told::MayExtend, Told::Extended]);
        if told.is_empty() {
            evidence.push(cx.evidence("extension", r.span, rule, confidence));
        }
        for (told, place) in told {
            let rule = if told == Told::Extended { EXTENDED } else { MAY_EXTEND };
            evidence.push(cx.evidence("extension", whole_sentence(cx, place), rule, confidence));
        }
    }
    Period {
        start,
        end,
        precision: r.precision(),
        open_ended: r.open_ended,
        raw: cx.quote(r.span).to_string(),
        evidence,
        extension: r.extension,
    }
}

/// A reading that belongs to no agreement, as the record has it.
pub(crate) fn loose(cx: &Context, r: Reading) -> Period {
    period(cx, r)
}

/// The term that the caption of a table gives to all its rows.
pub(crate) fn assemble_table(cx: &Context, readings: Vec<Reading>) -> Vec<Period> {
    readings
        .into_iter()
        .filter(|r| matches!(r.sort, Sort::Range | Sort::Whole) && r.start.is_some())
        .map(|r| period(cx, r))
        .collect()
}
