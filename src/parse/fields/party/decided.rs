//! Reads the parties of minutes: the organisations that a decision or the title of its item names behind what is given,
//! asked or agreed ("bevilja Föreningen X 200 000 kronor", "överenskommelse med X AB").
//!
//! Only names whose form says what they are count; boards, administrations and political parties are none. Every place
//! in a decision or title is evidence, so that a search for a party finds the very decisions that name it.

use std::collections::BTreeSet;

use crate::parse::pattern::Regex;

use super::{Draft, MOST, party};
use crate::base::{Span, fold};
use crate::lexicon::Lexicon;
use crate::parse::context::Context;
use crate::parse::fields::org_nr::OrgNr;
use crate::parse::record::{Evidence, PartyRole, Record, Warning};
use crate::parse::text::joined;

/// More places than this tell nothing more of a party.
const PLACES: usize = 100;
/// How far behind a name its number may stand, in bytes.
const TO_NUMBER: u32 = 40;

/// Patterns compiled once from the vocabulary.
#[derive(Debug)]
pub(crate) struct Rules {
    cues: Regex,
    links: Regex,
    passives: Regex,
    /// "den ideella föreningen" before a name.
    lead: Regex,
    forms: Vec<String>,
    letters: BTreeSet<String>,
    known: Vec<String>,
    /// Right before the other side of an agreement.
    partners: Regex,
    none: Vec<String>,
}

impl Rules {
    /// Compiles them.
    pub fn new(lex: &Lexicon) -> Self {
        let words = &lex.agreements;
        let any = |patterns: &[String]| {
            // No patterns find nothing.
            let all = if patterns.is_empty() { r"[^\s\S]".to_string() } else { patterns.join("|") };
            Regex::new(&format!("(?i)(?:{all})")).expect("tested pattern")
        };
        let forms: Vec<String> = words.organisation_forms.iter().map(|f| regex::escape(f)).collect();
        let lead = format!(
            r"^(?:[Dd]en\s+)?(?:(?:[Ii]deella|[Ee]konomiska|[Ll]okala)\s+)?\p{{Ll}}*(?:{})\s+",
            forms.join("|")
        );
        let parties = lex.political_parties.iter().map(|p| fold::name_key(&p.name));
        Rules {
            cues: any(&words.case_cues),
            links: any(&words.case_links),
            passives: any(&words.case_passives),
            lead: Regex::new(&lead).expect("the forms are escaped"),
            forms: words.organisation_forms.clone(),
            letters: words.organisation_letters.iter().cloned().collect(),
            known: words.known_organisations.clone(),
            partners: any(&words.partner_links),
            none: words.no_party_words.iter().map(|w| fold::name_key(w)).chain(parties).collect(),
        }
    }

    /// Whether a name says of what form the organisation is.
    fn has_form(&self, name: &str) -> bool {
        let known =
            |k: &String| name.strip_prefix(k.as_str()).is_some_and(|r| r.is_empty() || r.starts_with([' ', '-']));
        if self.known.iter().any(known) {
            return true;
        }
        let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
        let ends = words.first().into_iter().chain(words.last());
        ends.into_iter().any(|w| self.letters.contains(w) || self.forms.iter().any(|f| w.ends_with(f.as_str())))
    }

    /// Whether a name is that of a joint authority, a board or a political party.
    fn is_none(&self, name: &str) -> bool {
        let key = fold::name_key(name);
        self.none.iter().any(|w| key.contains(w.as_str()))
    }
}

/// The parties that decisions of items and their titles name, in order of the first.
pub(super) fn read(cx: &Context, record: &mut Record) {
    let spans = places(record);
    let mut drafts: Vec<(Draft, Vec<Span>)> = Vec::new();
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut numbers: Option<Vec<OrgNr>> = None;
    for (span, rule) in &spans {
        for found in named(cx, *span) {
            let name = joined(cx.quote(found));
            if drafts.len() >= MOST || !known.insert(fold::name_key(&name)) {
                continue;
            }
            let numbers = numbers.get_or_insert_with(|| cx.rules.org_nr.find(cx.doc.body()));
            let mut draft = Draft::new(name, Some(found), rule);
            draft.org = number_behind(numbers, found);
            drafts.push((draft, Vec::new()));
        }
    }
    for (draft, others) in &mut drafts {
        for (span, _) in &spans {
            others.extend(mentions(cx, *span, &draft.name).into_iter().filter(|m| Some(*m) != draft.span));
            others.truncate(PLACES);
        }
    }
    for (draft, others) in drafts {
        if let Some(note) = draft.org.as_ref().and_then(OrgNr::note) {
            let at = draft.org.as_ref().map(|o| cx.evidence("org_nr", o.span, "text.org_nr", 0.5));
            let warning = Warning { code: note.code, message: note.message, evidence: at.into_iter().collect() };
            record.warnings.push(warning);
        }
        let rule = draft.rule;
        let mut made = party(cx, draft);
        made.evidence.extend(others.into_iter().map(|s| cx.evidence("name", s, rule, 0.85)));
        record.parties.push(made);
    }
}

/// The organisations that a report's title and proposal, or a decision, name: each with its place and rule.
pub(super) fn of_proposal(cx: &Context, record: &Record) -> Vec<(String, Span, &'static str)> {
    let title = record.evidence.iter().find(|e| e.field == "title").map(|e| Span { start: e.start, end: e.end });
    let proposed = ["proposed_decision", "decision"].iter().find_map(|id| cx.segments.with_id(id).next());
    let mut places: Vec<(Span, &'static str)> = title.map(|t| (t, "title.party")).into_iter().collect();
    if let Some(section) = proposed {
        let lines = crate::parse::segment::lines(cx.doc, section.body).take(20);
        places.extend(lines.map(|l| (l, "decision.party")));
    }
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut out = Vec::new();
    for (place, rule) in places {
        for span in named(cx, place) {
            let name = joined(cx.quote(span));
            if known.insert(fold::name_key(&name)) {
                out.push((name, span, rule));
            }
        }
    }
    out
}

/// Where parties are looked for: the titles of items in which something is decided, and their decisions.
fn places(record: &Record) -> Vec<(Span, &'static str)> {
    fn of<'e>(evidence: &'e [Evidence], field: &'e str) -> impl Iterator<Item = Span> + 'e {
        evidence.iter().filter(move |e| e.field == field).map(|e| Span { start: e.start, end: e.end })
    }
    let mut out = Vec::new();
    for item in record.items.iter().filter(|i| !i.decisions.is_empty()) {
        out.extend(of(&item.evidence, "title").map(|s| (s, "item.title_party")));
        let texts = item.decisions.iter().flat_map(|d| of(&d.evidence, "text"));
        out.extend(texts.map(|s| (s, "decision.party")));
    }
    out
}

/// The organisations that a text is about.
fn named(cx: &Context, span: Span) -> Vec<Span> {
    let rules = &cx.rules.party.decided;
    // A line break inside a name is a space; offsets stay.
    let text = cx.quote(span).replace(['\n', '\t'], " ");
    let mut out: Vec<Span> = Vec::new();
    for m in rules.passives.find_iter(&text) {
        let before = text.get(..m.start()).unwrap_or("");
        let found = cx.rules.party.names.at_end(before);
        out.extend(found.filter(|s| accepted(cx, &text, *s) || receives(cx, &text, *s)));
    }
    for link in rules.partners.find_iter(&text) {
        let rest = text.get(link.end()..).unwrap_or("");
        if let Some(length) = cx.rules.party.names.at_start(rest)
            && rest
                .get(..length)
                .is_some_and(|name| usable(cx, name) && name.len() >= 3 && !cx.rules.people.is_person(name))
        {
            out.push(Span::new(link.end(), link.end() + length));
        }
    }
    if let Some(cue) = rules.cues.find(&text) {
        let mut at = cue.start();
        while let Some(link) = rules.links.find_at(&text, at) {
            at = link.end();
            let gives = ["bevilja", "tilldela"].iter().any(|w| link.as_str().to_lowercase().starts_with(w));
            out.extend(behind(cx, &text, at).or_else(|| given(cx, &text, at).filter(|_| gives)));
        }
    }
    out.sort();
    out.dedup_by(|later, first| later.overlaps(*first));
    out.into_iter().map(|s| s.shift(span.start as usize)).collect()
}

/// The organisation whose name begins at this byte, with or without "föreningen" before it.
fn behind(cx: &Context, text: &str, at: usize) -> Option<Span> {
    let rules = &cx.rules.party;
    let rest = text.get(at..)?;
    let lead = rules.decided.lead.find(rest).map_or(0, |m| m.end());
    let length = rules.names.at_start(rest.get(lead..)?)?;
    let span = Span::new(at + lead, at + lead + length);
    let follows = text.get(span.end as usize..).unwrap_or("");
    // "Föreningen Barn och Ungdom": where the name ends is not said.
    if let Some(next) = follows.strip_prefix(" och ").filter(|n| n.starts_with(char::is_uppercase)) {
        let end = rules.names.at_start(next).unwrap_or(0);
        let other = next.get(..end).unwrap_or("");
        if !rules.decided.has_form(other) && rules.names.role(other) != PartyRole::Public {
            return None;
        }
    }
    let named = lead > 0 && usable(cx, text.get(span.range())?);
    (named || accepted(cx, text, span)).then_some(span)
}

/// The one that is given a sum right behind its name, whatever the form of the name: "bevilja Ådalens Spelmansgille 12 000 kr".
fn given(cx: &Context, text: &str, at: usize) -> Option<Span> {
    let length = cx.rules.party.names.at_start(text.get(at..)?)?;
    let span = Span::new(at, at + length);
    let next = text.get(span.end as usize..)?.trim_start();
    let sum = next.starts_with(|c: char| c.is_ascii_digit())
        || ["ett ", "en ", "bidrag", "totalt", "högst"].iter().any(|w| next.starts_with(w));
    (sum && receives(cx, text, span)).then_some(span)
}

/// Whether a name of several words is that of who gets money in this text and is no person's.
fn receives(cx: &Context, text: &str, span: Span) -> bool {
    let name = text.get(span.range()).unwrap_or("");
    let capitals = name.split_whitespace().filter(|w| w.starts_with(char::is_uppercase)).count();
    let money = ["bidrag", "stöd", "kronor", " kr", ":-"].iter().any(|w| text.contains(w));
    let member = text.get(span.end as usize..).is_some_and(|t| t.trim_start().starts_with('('));
    capitals >= 2 && money && !member && usable(cx, name) && !cx.rules.people.is_person(name)
}

/// Whether a name is that of an organisation that can be a party.
fn accepted(cx: &Context, text: &str, span: Span) -> bool {
    let name = text.get(span.range()).unwrap_or("");
    cx.rules.party.decided.has_form(name) && usable(cx, name)
}

fn usable(cx: &Context, name: &str) -> bool {
    let rules = &cx.rules.party;
    rules.names.is_name(name)
        && !rules.names.is_generic(name)
        && rules.names.role(name) != PartyRole::Public
        && !rules.decided.is_none(name)
}

/// The organisation number right behind a name.
fn number_behind(numbers: &[OrgNr], name: Span) -> Option<OrgNr> {
    let i = numbers.partition_point(|n| n.span.start < name.end);
    numbers.get(i).filter(|n| n.span.start - name.end <= TO_NUMBER).cloned()
}

/// Where a text names a party, as a word of its own or with the ending of the genitive.
fn mentions(cx: &Context, span: Span, name: &str) -> Vec<Span> {
    let text = cx.quote(span);
    let whole = |from: usize, to: usize| {
        let before = text.get(..from).and_then(|t| t.chars().next_back());
        let after = text.get(to..).map(|t| t.strip_prefix('s').unwrap_or(t)).and_then(|t| t.chars().next());
        !before.into_iter().chain(after).any(char::is_alphanumeric)
    };
    let found = text.match_indices(name).map(|(at, m)| (at, at + m.len())).filter(|(a, b)| whole(*a, *b));
    found.map(|(a, b)| Span::new(a, b).shift(span.start as usize)).collect()
}
