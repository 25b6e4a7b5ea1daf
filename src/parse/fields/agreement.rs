//! Reads agreements: with whom, when, and what the document says and proposes about them.
//!
//! Three shapes: one partnership that a report follows over several agreements, or that an agreement makes; many
//! partnerships, each under a heading of its own; a table of partners.

mod checks;
mod commitments;
pub(crate) mod many;
mod outcome;
pub(crate) mod terms;

use crate::parse::pattern::{Regex, RegexSet};

use super::period::{Sort, Tie};
use crate::base::{Span, fold};
use crate::lexicon::Lexicon;
use crate::parse::context::Context;
use crate::parse::record::{Agreement, PartyRole, Record};
use crate::parse::segment::{Family, lines};
use crate::parse::text::joined;

/// Patterns compiled once from the vocabulary.
#[derive(Debug)]
pub(crate) struct Rules {
    types: Vec<(String, RegexSet)>,
    word: Regex,
    cofinanced: RegexSet,
    not_cofinanced: RegexSet,
    challenge_absent: RegexSet,
    challenge_present: RegexSet,
    programme: Vec<Regex>,
    not_renewed: RegexSet,
    renewed: RegexSet,
    outcome: RegexSet,
    unused: RegexSet,
    outcome_words: Vec<String>,
    purpose: Regex,
    target: Regex,
    /// "Målgruppen är …".
    group: Regex,
    activities: Regex,
    signed: Regex,
    other_contracts: Vec<String>,
    future_words: Vec<String>,
    partner_headings: Vec<String>,
}

impl Rules {
    /// Compiles them.
    pub fn new(lex: &Lexicon) -> Self {
        let words = &lex.agreements;
        let set =
            |patterns: &[String]| RegexSet::new(patterns.iter().filter_map(|p| Regex::ignoring_case(p).ok()).collect());
        let make = |p: &str| Regex::new(p).expect("tested pattern");
        Rules {
            types: words.types.iter().map(|t| (t.label.clone(), set(&t.patterns))).collect(),
            word: make(r"(?i)\b(?:IOP|partnerskap|överenskommelse|samverkansavtal|samarbetsavtal)"),
            cofinanced: set(&words.cofinanced),
            not_cofinanced: set(&words.not_cofinanced),
            challenge_absent: set(&words.challenge_absent),
            challenge_present: set(&words.challenge_present),
            programme: words.programme.iter().filter_map(|p| Regex::new(&format!("(?is){p}")).ok()).collect(),
            not_renewed: set(&words.not_renewed),
            renewed: set(&words.renewed),
            outcome: set(&words.outcome),
            unused: set(&words.option_unused),
            outcome_words: words.outcome_words.clone(),
            purpose: make(
                r"(?is)^(?:syftet(?:\s+med\s+[\w\s-]{2,60}?)?\s+(?:har\s+varit\s+och\s+är|har\s+varit|är|var)|(?:avtalet|överenskommelsen|partnerskapet|samverkan|samarbetet|avtalets\s+ändamål|ändamålet\s+med\s+[\w\s-]{2,60}?)\s+(?:syftar\s+till|har\s+till\s+(?:syfte|ändamål)|är))\s+(?:att\s+)(.+)$|(?is)^syftet(?:\s+med\s+[\w\s-]{2,60}?)?\s+(?:är|var)\s+(.+)$",
            ),
            group: make(
                r"(?is)^målgrupp(?:en|er|erna)?(?:\s+för\s+[\w\s-]{2,60}?)?\s+(?:är|utgörs\s+av|omfattar|består\s+av)\s+(.+)$",
            ),
            target: make(r"(?i)\bmålgruppen\s+((?:[a-zåäö,-]+\s+){0,14}[a-zåäö-]+?)(?:\s+samt\s+att\b|[.,;]|$)"),
            activities: make(r"(?i)\baktivitete\w*\b[^.\n]{0,60}:\s*$|\bföljande\s+aktiviteter\b[^.\n]{0,40}:?\s*$"),
            signed: make(r"(?i)\b(?:undertecknades|undertecknad|signerades|skrevs\s+under)\b"),
            other_contracts: words.other_contracts.clone(),
            future_words: words.future_words.clone(),
            partner_headings: words.partner_headings.iter().map(|h| fold::name_key(h)).collect(),
        }
    }
}

/// True if the document is about an agreement: its title, kind or a decision says so.
pub(crate) fn speaks_of_agreement(cx: &Context, record: &Record) -> bool {
    let rules = &cx.rules.agreement;
    if is_agreement(cx, record) {
        return true;
    }
    super::party::title::title_lines(cx, record).iter().any(|(line, _)| rules.word.is_match(line))
}

/// True if the document is an agreement.
pub(super) fn is_agreement(cx: &Context, record: &Record) -> bool {
    matches!(record.kind.as_str(), "overenskommelse" | "avtal")
        || record.kind == "okand" && cx.segments.family == Family::Agreement
}

/// Fills the field, and adds to the parties those that only agreements name.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    agreements(cx, record);
    super::party::complete(cx, record);
    checks::read(cx, record);
}

fn agreements(cx: &Context, record: &mut Record) {
    if !record.items.is_empty() {
        return;
    }
    if !speaks_of_agreement(cx, record) {
        record.agreements = many::told(cx, record, true);
        return;
    }
    let mut table = many::from_table(cx, record);
    if table.is_empty() {
        table = many::from_flat_table(cx, record);
    }
    if !table.is_empty() {
        record.agreements = table;
        return;
    }
    let sections = many::sections(cx, record);
    if sections.len() > 1 {
        let own = super::party::own_board(cx, record).map(|(name, _)| name);
        record.agreements = sections.into_iter().map(|p| many::agreement(cx, record, p, own.as_deref())).collect();
        return;
    }
    let told = if is_agreement(cx, record) { Vec::new() } else { many::told(cx, record, false) };
    if told.len() > 1 {
        record.agreements = told;
        return;
    }
    if let Some(agreement) = single(cx, record) {
        record.agreements.push(agreement);
    }
}

/// The one agreement that a document makes or follows.
fn single(cx: &Context, record: &mut Record) -> Option<Agreement> {
    super::party::add_board(cx, record);
    let (name, name_span) = named(record)?;
    let scopes = body_without_lists(cx, record);
    let reference = record.date.or(record.meeting_date).map(|d| d.first());
    let mut readings: Vec<_> = scopes.iter().flat_map(|s| terms::readings(cx, *s, reference)).collect();
    let own = is_agreement(cx, record);
    let signing = readings.iter().find(|r| r.sort == Sort::Signed).and_then(|r| Some((r.start?.0, r.span)));
    let signed = signed(cx, record, own).or(signing);
    if let (Some((date, _)), true) = (signed, own) {
        readings.iter_mut().for_each(|r| r.begin_on_signing(date));
    }
    let periods = terms::assemble(cx, readings, if own { Tie::Sentence } else { Tie::Verb });
    let parties = record.parties.iter().map(|p| p.name.clone()).collect();
    let body = Span::new(0, cx.doc.body_end as usize);
    let mut agreement = describe(cx, body, name);
    agreement.parties = parties;
    agreement.periods = periods;
    scopes.iter().for_each(|s| terms::unused(cx, *s, &mut agreement.periods));
    agreement.evidence.extend(name_span.map(|s| cx.evidence("name", s, "agreement.partner", 0.9)));
    if own {
        from_sections(cx, &mut agreement);
        commitments::read(cx, &mut agreement);
    } else {
        outcome::outcome(cx, body, &mut agreement);
    }
    if let Some((date, span)) = signed {
        agreement.signed = Some(date.into());
        agreement.evidence.push(cx.evidence("signed", span, "agreement.signed", 0.9));
        if own {
            from_signing(cx, &mut agreement.periods, date, span);
        }
    }
    if !own && let Some((what, span)) = outcome::recommendation(cx, record) {
        agreement.recommendation = Some(what);
        agreement.evidence.push(cx.evidence("recommendation", span, "agreement.recommendation", 0.85));
    }
    Some(agreement)
}

/// What the agreement is called: its partner; between public bodies the last of them, else the title of the agreement itself.
fn named(record: &Record) -> Option<(String, Option<Span>)> {
    let place = |e: &crate::parse::record::Evidence| Span { start: e.start, end: e.end };
    let partner = record.parties.iter().find(|p| p.role != PartyRole::Public);
    let own = matches!(record.kind.as_str(), "overenskommelse" | "avtal");
    let partner = partner.or_else(|| record.parties.iter().skip(1).last().filter(|_| own));
    if let Some(p) = partner {
        return Some((p.name.clone(), p.evidence.first().map(place)));
    }
    let title = record.title.clone().filter(|_| own)?;
    Some((title, record.evidence.iter().find(|e| e.field == "title").map(place)))
}

/// The stretches of the body that are text of the document: no lists of attachments, no approvals.
fn body_without_lists(cx: &Context, record: &Record) -> Vec<Span> {
    let mut out = Vec::new();
    let end = cx.doc.body_end as usize;
    // The years of a title at the top are those reported on.
    let title = record.evidence.iter().filter(|e| matches!(e.field.as_ref(), "title" | "subtitle"));
    let mut from = title.map(|e| e.end as usize).filter(|e| *e < 600 && *e < end).max().unwrap_or(0);
    for section in &cx.segments.sections {
        if matches!(section.id.as_deref(), Some("attachments" | "attested" | "sent_to")) {
            out.push(Span::new(from, section.heading.start as usize));
            from = section.body.end as usize;
        }
    }
    out.push(Span::new(from.min(end), end));
    out.retain(|s| !s.is_empty());
    out
}

/// What running text says of an agreement.
pub(crate) fn describe(cx: &Context, scope: Span, name: String) -> Agreement {
    let rules = &cx.rules.agreement;
    let text = cx.quote(scope);
    let type_in = |text: &str| rules.types.iter().find(|(_, set)| set.is_match(text));
    let elsewhere = || if text.len() < cx.doc.body().len() { type_in(cx.doc.body()) } else { None };
    let mut a = Agreement {
        name,
        kind: type_in(text).or_else(elsewhere).map(|(label, _)| label.clone()),
        parties: Vec::new(),
        periods: Vec::new(),
        signed: None,
        purpose: None,
        target_groups: Vec::new(),
        activities: Vec::new(),
        cofinanced: None,
        challenge_stated: None,
        programme: None,
        outcome: None,
        recommendation: None,
        evidence: Vec::new(),
    };
    // What no part of the text can match is not asked of its sentences.
    let cofinancing = rules.cofinanced.may_match(text) || rules.not_cofinanced.may_match(text);
    let challenge = rules.challenge_absent.may_match(text) || rules.challenge_present.may_match(text);
    let programme: Vec<&Regex> = rules.programme.iter().filter(|r| r.may_match(text)).collect();
    let purpose = rules.purpose.may_match(text);
    let (group, target) = (rules.group.may_match(text), rules.target.may_match(text));
    if !(cofinancing || challenge || purpose || group || target) && programme.is_empty() {
        activities(cx, scope, &mut a);
        return a;
    }
    for sentence in cx.sentences(scope).iter().copied() {
        let s = cx.quote(sentence);
        let mut prove =
            |field: &'static str, rule: &'static str| a.evidence.push(cx.evidence(field, sentence, rule, 0.85));
        if cofinancing && a.cofinanced.is_none() {
            if rules.not_cofinanced.is_match(s) {
                a.cofinanced = Some(false);
                prove("cofinanced", "agreement.not_cofinanced");
            } else if rules.cofinanced.is_match(s) {
                a.cofinanced = Some(true);
                prove("cofinanced", "agreement.cofinanced");
            }
        }
        if challenge && a.challenge_stated.is_none() && rules.challenge_absent.is_match(s) {
            a.challenge_stated = Some(false);
            prove("challenge_stated", "agreement.challenge_absent");
        } else if challenge && a.challenge_stated.is_none() && rules.challenge_present.is_match(s) {
            a.challenge_stated = Some(true);
            prove("challenge_stated", "agreement.challenge_present");
        }
        if a.programme.is_none()
            && let Some(m) = programme.iter().find_map(|r| r.captures(s)?.get(1))
            && !s.contains(" inte ")
        {
            let value = m.as_str().trim().trim_end_matches('.');
            let span = Span::new(m.start(), m.start() + value.len()).shift(sentence.start as usize);
            if value.len() < 160 && !value.contains("något politiskt") && !value.starts_with("ett politiskt") {
                a.programme = Some(value.to_string());
                a.evidence.push(cx.evidence("programme", span, "agreement.programme", 0.85));
            }
        }
        if purpose
            && a.purpose.is_none()
            && let Some(m) = rules.purpose.captures(s).and_then(|c| c.get(1).or(c.get(2)))
        {
            let value = m.as_str().trim().trim_end_matches('.');
            let span = Span::new(m.start(), m.start() + value.len()).shift(sentence.start as usize);
            a.purpose = Some(value.to_string());
            a.evidence.push(cx.evidence("purpose", span, "agreement.purpose", 0.85));
        }
        if group
            && a.target_groups.is_empty()
            && let Some(m) = rules.group.captures(s).and_then(|c| c.get(1))
        {
            let value = m.as_str().trim().trim_end_matches('.');
            let span = Span::new(m.start(), m.start() + value.len()).shift(sentence.start as usize);
            a.target_groups.push(joined(value));
            a.evidence.push(cx.evidence("target_groups", span, "agreement.target_group", 0.8));
        }
        if target
            && a.target_groups.is_empty()
            && let Some(m) = rules.target.captures(s).and_then(|c| c.get(1))
        {
            let span = Span::new(m.start(), m.end()).shift(sentence.start as usize);
            if m.as_str().split_whitespace().count() > 1 && a.purpose.as_deref().is_some_and(|p| p.contains(m.as_str()))
            {
                a.target_groups.push(m.as_str().to_string());
                a.evidence.push(cx.evidence("target_groups", span, "agreement.target_group", 0.7));
            }
        }
    }
    activities(cx, scope, &mut a);
    a
}

/// List items after a line that announces activities.
fn activities(cx: &Context, scope: Span, a: &mut Agreement) {
    let rules = &cx.rules.agreement;
    let mut listing = false;
    for line in lines(cx.doc, scope) {
        let text = cx.quote(line);
        let item = text.strip_prefix(['•', '–', '-', '*']).map(|rest| rest.trim_start());
        match item {
            Some(item) if listing => {
                let value = item.trim_end_matches('.');
                let start = line.end as usize - item.len();
                a.activities.push(value.to_string());
                let span = Span::new(start, start + value.len());
                a.evidence.push(cx.evidence("activities", span, "agreement.activity", 0.85));
            }
            Some(_) => {}
            None => listing = rules.activities.is_match(text),
        }
    }
}

/// What the sections of an agreement itself say.
fn from_sections(cx: &Context, a: &mut Agreement) {
    for section in &cx.segments.sections {
        let heading = fold::name_key(cx.quote(section.heading));
        let first = cx.quote(section.body).split("\n\n").next().unwrap_or("").trim();
        if first.is_empty() {
            continue;
        }
        let start = section.body.start as usize;
        let span = Span::new(start, start + first.len());
        let of_group = heading.ends_with("malgrupp") || heading.ends_with("malgrupper");
        if of_group && (!heading.contains("syfte") || a.target_groups.is_empty()) {
            a.target_groups = vec![first.trim_end_matches('.').to_string()];
            a.evidence.retain(|e| e.field != "target_groups");
            a.evidence.push(cx.evidence("target_groups", span, "agreement.section", 0.9));
            if heading.contains("syfte") && a.purpose.is_none() {
                // "Syfte och målgrupp": one text says both.
                a.purpose = Some(first.to_string());
                a.evidence.push(cx.evidence("purpose", span, "agreement.section", 0.8));
            }
        } else if a.purpose.is_none() && section.id.as_deref() == Some("agreement_purpose") {
            a.purpose = Some(first.to_string());
            a.evidence.push(cx.evidence("purpose", span, "agreement.section", 0.8));
        } else if a.challenge_stated.is_none() && heading.contains("samhallsutmaning") {
            a.challenge_stated = Some(true);
            a.evidence.push(cx.evidence("challenge_stated", span, "agreement.section", 0.9));
        }
    }
}

/// "från och med undertecknandet till och med …": the day of signing is where such a term begins.
fn from_signing(cx: &Context, periods: &mut [crate::parse::record::Period], date: jiff::civil::Date, place: Span) {
    for p in periods.iter_mut().filter(|p| p.start.is_none_or(|s| s == date.into())) {
        if ["underteckn", "signer", "underskr", "skrivits under"].iter().any(|w| p.raw.to_lowercase().contains(w)) {
            p.evidence.retain(|e| e.field != "start");
            p.start = Some(date.into());
            p.precision.start = Some(crate::base::date::Precision::Day);
            p.evidence.push(cx.evidence("start", place, "period.signing", 0.8));
        }
    }
}

/// A line that is a place and a date and little else: "Ekby den 15 januari 2024".
fn dated_line(cx: &Context, area: Span) -> Option<(jiff::civil::Date, Span)> {
    lines(cx.doc, area).flat_map(|line| crate::parse::head::cells(cx.doc, line)).find_map(|line| {
        let text = cx.quote(line);
        let (date, span) = cx.rules.period.first_date(text).filter(|_| text.len() <= 80)?;
        let rest = text.chars().filter(|c| c.is_alphabetic()).count();
        let told = cx.quote(span.shift(line.start as usize)).chars().filter(|c| c.is_alphabetic()).count();
        (rest <= told + 20 && !text.ends_with(',')).then(|| (date, span.shift(line.start as usize)))
    })
}

/// The day an agreement was signed: the place and date above the signatures, or "undertecknades den …".
fn signed(cx: &Context, record: &Record, own: bool) -> Option<(jiff::civil::Date, Span)> {
    let rules = &cx.rules.agreement;
    if own {
        let from = cx.segments.with_id("agreement_signatures").last().map(|s| s.heading.start);
        let start = from.unwrap_or((cx.doc.body_end / 3) * 2) as usize;
        let mut start = start.min(cx.doc.body().len());
        while !cx.doc.body().is_char_boundary(start) {
            start += 1;
        }
        let tail = Span::new(start, cx.doc.body().len());
        let first = || cx.rules.period.first_date(cx.quote(tail)).map(|(d, s)| (d, s.shift(start)));
        // In the last third of an agreement without a heading over its signatures other dates stand in sentences.
        return if from.is_some() { first() } else { dated_line(cx, tail).or_else(|| above_signatures(record)) };
    }
    for sentence in cx.body_sentences().iter().copied() {
        let text = cx.quote(sentence);
        if let Some(m) = rules.signed.find(text)
            && let Some((date, span)) = text.get(m.end()..).and_then(|t| cx.rules.period.first_date(t))
        {
            return Some((date, span.shift(sentence.start as usize + m.end())));
        }
    }
    None
}

/// The document's own date, if it was read above the signatures.
fn above_signatures(record: &Record) -> Option<(jiff::civil::Date, Span)> {
    let at = record.evidence.iter().find(|e| e.field == "date" && e.rule == "signatures.date")?;
    let date = record.date.filter(|d| d.precision() == crate::base::date::Precision::Day)?;
    Some((date.first(), Span { start: at.start, end: at.end }))
}

impl Rules {
    /// True if a sentence speaks of another contract ("hyresavtalet") and of no agreement of ours, or of what may come.
    pub(crate) fn other_contract(&self, sentence: &str) -> bool {
        let lower = sentence.to_lowercase();
        self.future_words.iter().any(|w| lower.contains(w.as_str()))
            || self.other_contracts.iter().any(|w| lower.contains(w.as_str())) && !self.word.is_match(sentence)
    }

    /// True if a column's heading, folded, is that of partners.
    pub(crate) fn heads_partners(&self, heading: &str) -> bool {
        let ends = |h: &String| {
            heading.strip_suffix(h.as_str()).is_some_and(|before| before.is_empty() || before.ends_with(' '))
        };
        self.partner_headings.iter().any(ends)
    }

    /// True if a sentence says that an extension that was possible is not used.
    pub(crate) fn is_unused(&self, sentence: &str) -> bool {
        self.unused.is_match(sentence)
    }

    /// True if a text names an agreement or partnership.
    pub(crate) fn names_agreement(&self, text: &str) -> bool {
        self.word.is_match(text)
    }
}

#[cfg(test)]
mod tests;
