//! Reads what a document refers to: laws, programmes, guidelines, reports, budgets, motions, in a form that compares.
//!
//! One pass for the words that can begin or end a reference; the parts around each are read where it stands.

mod law;
mod named;

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::base::Span;
use crate::lexicon::Lexicon;
use crate::parse::context::Context;
use crate::parse::record::{Record, Reference};
use crate::parse::text::joined;

/// Most references of one document.
const MOST: usize = 2000;

/// Most mentions of one reference that are proved.
const MENTIONS: usize = 20;

/// A reference as read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    kind: &'static str,
    span: Span,
    canonical: Option<String>,
    rule: &'static str,
    confidence: f32,
}

/// What a word found in the text begins.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Anchor {
    /// The name of a law, by its place in the vocabulary; true for an acronym.
    Law(usize, bool),
    /// `(2017:`: a number of the statute book in brackets, or of a motion.
    Bracket,
    /// `FS `: the end of a series of laws or regulations, `SFS `, `ELSÄK-FS `.
    Series,
    /// `SOU `, `Ds `, `prop. `, `utlåtande `.
    Print(&'static str, &'static str),
    /// `motion`.
    Motion,
    /// `revisionsrapport`.
    Audit,
    /// `program`, `handlingsplan`.
    Programme,
    /// `riktlinjer`.
    Guideline,
    /// `budget`.
    Budget,
}

/// Words compiled once from the vocabulary.
#[derive(Debug)]
pub(crate) struct Rules {
    finder: AhoCorasick,
    anchors: Vec<Anchor>,
    law: law::Rules,
    named: named::Rules,
}

/// Prints with a number of their own: the words before the number, kind, and the words of the canonical form.
const PRINTS: [(&str, &str, &str); 11] = [
    ("SOU ", "report", "SOU"),
    ("Ds ", "report", "Ds"),
    ("prop. ", "law", "prop."),
    ("Prop. ", "law", "prop."),
    ("proposition ", "law", "prop."),
    ("bet. ", "law", "bet."),
    ("dir. ", "report", "dir."),
    ("tlåtande ", "report", "Utlåtande"),
    ("Nr ", "report", "Revisionsrapport"),
    ("nr ", "report", "Revisionsrapport"),
    ("apport ", "report", "Revisionsrapport"),
];

impl Rules {
    /// Compiles them.
    pub fn new(lex: &Lexicon) -> Self {
        let words = &lex.references;
        let (mut patterns, mut anchors) = (Vec::new(), Vec::new());
        let mut add = |pattern: String, anchor: Anchor| {
            patterns.push(pattern);
            anchors.push(anchor);
        };
        for (i, law) in words.laws.iter().enumerate() {
            for name in &law.names {
                add(name.clone(), Anchor::Law(i, false));
                add(capitalised(name), Anchor::Law(i, false));
            }
            for acronym in &law.acronyms {
                add(acronym.clone(), Anchor::Law(i, true));
            }
        }
        for century in ["(16", "(17", "(18", "(19", "(20"] {
            add(century.into(), Anchor::Bracket);
        }
        add("FS ".into(), Anchor::Series);
        for (word, kind, form) in PRINTS {
            add(word.into(), Anchor::Print(kind, form));
        }
        for word in ["otion ", "otionen ", "otioner "] {
            add(word.into(), Anchor::Motion);
        }
        for word in ["evisionsrapport ", "evisionsrapporten "] {
            add(word.into(), Anchor::Audit);
        }
        for (list, anchor) in [
            (&words.programmes, Anchor::Programme),
            (&words.guidelines, Anchor::Guideline),
            (&words.budgets, Anchor::Budget),
        ] {
            for word in list {
                add(word.clone(), anchor);
                add(capitalised(word), anchor);
            }
        }
        let finder = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&patterns);
        Rules {
            finder: finder.unwrap_or_else(|_| AhoCorasick::new(["\u{0}"]).expect("one pattern")),
            anchors,
            law: law::Rules::new(lex),
            named: named::Rules::new(lex),
        }
    }

    /// The references of a text in order, as of this day (ISO 8601). Linear in its length.
    fn find(&self, text: &str, day: Option<&str>, lex: &Lexicon) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        for m in self.finder.find_iter(text) {
            if found.len() > MOST * 4 {
                break;
            }
            let Some(anchor) = self.anchors.get(m.pattern().as_usize()) else { continue };
            let (from, to) = (m.start(), m.end());
            let read = match anchor {
                Anchor::Law(i, acronym) => self.law.named(text, from, to, (*i, *acronym), day, lex),
                Anchor::Bracket => self.law.bracketed(text, from),
                Anchor::Series => self.law.series(text, from, to),
                Anchor::Print(kind, form) => self.named.print(text, from, to, kind, form),
                Anchor::Motion => self.named.motion(text, from, to),
                Anchor::Audit => self.named.audit(text, from, to),
                Anchor::Programme => self.named.titled(text, from, to, "programme"),
                Anchor::Guideline => self.named.titled(text, from, to, "guideline"),
                Anchor::Budget => self.named.budget(text, from, to),
            };
            // What stands inside the one before is part of it: `socialtjänstlagen (2001:453)`.
            found.extend(read.filter(|f| found.last().is_none_or(|last| last.span.end <= f.span.start)));
        }
        found
    }
}

/// A word with its first letter as a capital.
fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}

/// The end of at most so many bytes of a text before `at`.
fn before(text: &str, at: usize, most: usize) -> &str {
    let mut from = at.saturating_sub(most);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    text.get(from..at).unwrap_or_default()
}

/// At most so many bytes of a text from `at`.
fn after(text: &str, at: usize, most: usize) -> &str {
    let mut to = (at + most).min(text.len());
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    text.get(at..to).unwrap_or_default()
}

/// Whether a word begins at `from` and ends at `to`.
fn whole_word(text: &str, from: usize, to: usize) -> bool {
    let inside = |c: char| c.is_alphanumeric();
    !before(text, from, 4).chars().next_back().is_some_and(inside)
        && !after(text, to, 4).chars().next().is_some_and(inside)
}

/// Fills the references.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    let day = record.date.or(record.meeting_date).map(|d| d.first().to_string());
    let text = cx.doc.body();
    let mut places: BTreeMap<(&'static str, String), usize> = BTreeMap::new();
    for f in cx.rules.references.find(text, day.as_deref(), cx.lex) {
        let raw = joined(cx.quote(f.span));
        let key = f.canonical.clone().unwrap_or_else(|| raw.clone()).to_lowercase();
        let proof = cx.evidence("canonical", f.span, f.rule, f.confidence);
        let at = *places.entry((f.kind, key)).or_insert(record.references.len());
        match record.references.get_mut(at) {
            Some(same) if same.evidence.len() < MENTIONS => same.evidence.push(proof),
            Some(_) => {}
            None if at < MOST => record.references.push(Reference {
                kind: f.kind.to_string(),
                text: raw,
                canonical: f.canonical,
                evidence: vec![proof],
            }),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests;
