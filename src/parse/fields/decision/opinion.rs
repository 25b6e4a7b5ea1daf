//! Reads opinions: what the body that answers a referral says of another's proposal ("Nämnden avstyrker förslaget",
//! "Stadsdelsnämnden lämnar följande yttrande"). It neither proposes nor decides by that.

use std::collections::BTreeSet;

use crate::parse::pattern::Regex;

use super::points::Point;
use super::{Decision, decision, says_proposal};
use crate::base::{Span, fold};
use crate::ingest::document::Zone;
use crate::lexicon::Lexicon;
use crate::parse::context::Context;
use crate::parse::record::{Record, Status};
use crate::parse::segment::lines;

/// So many words may stand between a body and its verb: "i allt väsentligt".
const ADVERBS: usize = 4;

/// More lines than these of the head name no other body.
const MOST: usize = 64;

/// Patterns compiled once from the vocabulary.
#[derive(Debug)]
pub(super) struct Rules {
    /// Who, and what it says.
    says: Regex,
    bodies: BTreeSet<String>,
}

impl Rules {
    /// Compiles them.
    pub fn new(lex: &Lexicon) -> Self {
        let verbs = lex.actions.opinion_verbs.join("|");
        let says = format!(r"(?i)^(?P<who>[^.,;:]{{2,120}}?)\s+(?:{verbs})\b");
        Rules {
            says: Regex::new(&says).expect("tested pattern"),
            bodies: lex.actions.opinion_bodies.iter().map(|b| fold::name_key(b)).collect(),
        }
    }
}

/// The opinions of a document that answers a referral, outside its lists of proposals and decisions.
pub(super) fn read(cx: &Context, record: &Record) -> Vec<Decision> {
    let rules = &cx.rules.decision;
    let own = own_names(cx, record);
    // Where the head does not name who answers, or only the municipality or region, its board answers.
    let unknown = record.authority.as_ref().is_none_or(|a| is_municipality(&a.name));
    let mut found: Vec<Decision> = Vec::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for sentence in cx.body_sentences().iter().copied() {
        let text = cx.quote(sentence);
        let Some(said) = rules.opinion.says.captures(text).and_then(|c| c.name("who")) else { continue };
        let whose = || unknown.then(|| any_body(cx, said.as_str())).flatten();
        let Some(who) = body(&rules.opinion, &own, said.as_str()).or_else(whose) else { continue };
        let section = cx.segments.section_at(sentence.start).and_then(|s| s.id.as_deref());
        let listed = matches!(section, Some("decision" | "proposed_decision" | "yrkanden" | "motion_text"));
        if listed || says_proposal(text) {
            continue;
        }
        let point = Point { span: sentence, number: None, frame: None, proposer: None, framed: false, decides: false };
        let mut made = decision(cx, &point, Status::Opinion, section);
        for e in made.evidence.iter_mut().filter(|e| e.field == "status") {
            // Its own words say it, whatever the heading above them.
            *e = cx.evidence("status", sentence, "decision.opinion", 0.85);
        }
        let who = Span::new(0, who).shift(sentence.start as usize);
        made.evidence.retain(|e| e.field != "actor");
        made.evidence.push(cx.evidence("actor", who, "decision.subject", 0.9));
        made.actor = Some(cx.quote(who).to_string());
        if seen.insert(made.text.clone()) {
            found.push(made);
        }
    }
    found
}

/// Names of the body that answers, as keys: its authority and the committees of the head, but not whom it answers.
fn own_names(cx: &Context, record: &Record) -> BTreeSet<String> {
    let to = record.recipient.as_ref().map(|r| fold::name_key(&r.name));
    let head = cx.doc.blocks.iter().filter(|b| b.zone != Zone::Body || cx.segments.head.contains(b.span));
    let names = head.flat_map(|b| lines(cx.doc, b.span)).map(|l| cx.quote(l));
    let names =
        names.flat_map(|l| l.split('\t')).map(str::trim).filter(|t| cx.rules.names_committee(t) || is_municipality(t));
    let all = record.authority.iter().map(|a| a.name.as_str()).chain(names).map(fold::name_key);
    all.filter(|key| !key.starts_with("till ") && Some(key) != to.as_ref()).take(MOST).collect()
}

/// The length of the body's name at the start of a subject, if it is the body whose document this is: another's opinion
/// ("Länsstyrelsen i Ekby avstyrker") is reported only.
fn body(rules: &Rules, own: &BTreeSet<String>, subject: &str) -> Option<usize> {
    let mut ends = subject.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(i, _)| i).chain([subject.len()]);
    ends.rfind(|end| {
        let (name, rest) = subject.split_at_checked(*end).unwrap_or_default();
        // "Nämnden i huvudsak", not "Länsstyrelsen i Ekby".
        if rest.split_whitespace().count() > ADVERBS || rest.contains(char::is_uppercase) {
            return false;
        }
        let key = fold::name_key(name);
        let named = own.iter().any(|o| *o == key || definite(o, &key));
        named || rules.bodies.contains(&key)
    })
}

/// The whole subject, if it is a committee's or municipality's name.
fn any_body(cx: &Context, subject: &str) -> Option<usize> {
    let one = subject.split_whitespace().count() <= 6 && subject.starts_with(char::is_uppercase);
    (one && (cx.rules.names_committee(subject) || is_municipality(subject))).then_some(subject.len())
}

/// "Ekby kommun", "Region Norr", "Malmö stad".
fn is_municipality(name: &str) -> bool {
    let key = fold::name_key(name);
    let words = key.split(' ').count();
    (2..=4).contains(&words)
        && ([" kommun", " stad", " stads", "kommunen"].iter().any(|e| key.ends_with(e)) || key.starts_with("region "))
}

/// "Kulturnämnden" is "Kulturnämnd".
fn definite(name: &str, key: &str) -> bool {
    key.strip_suffix("en").is_some_and(|k| k == name) || name.strip_suffix("en").is_some_and(|n| n == key)
}
