//! Defines segmentation: where a document's title, sections, signatures, attachments and approvals stand.
//!
//! A heading is a block the extractor calls one, or a line of its own that the vocabulary knows as one: text files and poor
//! PDFs have no other sign. Fields ask for their segment first and read inside it.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use crate::parse::pattern::Regex;

use crate::base::{Span, fold};
use crate::ingest::Document;
use crate::ingest::document::{Block, BlockKind, Zone};
use crate::lexicon::{HeadingPatterns, Lexicon};
use crate::parse::text::fixed;

/// One spelling of a heading: which ids it can have, with the role of each.
type Candidates = Vec<(String, String)>;

/// Headings of the vocabulary by their folded spelling.
#[derive(Debug)]
pub(crate) struct HeadingIndex {
    by_key: HashMap<String, Candidates, FixedState>,
    /// The vocabulary's patterns of headings, and what each heading can be.
    patterns: HeadingPatterns,
    all: Vec<Candidates>,
    /// Labels of the head.
    labels: std::collections::BTreeSet<String>,
    /// How names of committees and offices end.
    bodies: Vec<String>,
    /// What documents call themselves.
    forms: std::collections::BTreeSet<String>,
}

/// What kind of document the headings together speak for; decides between ids that share a spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// Tjänsteutlåtande, report and the like.
    Report,
    /// Agreement.
    Agreement,
    /// Protokoll, kallelse.
    Minutes,
}

impl Family {
    fn of_role(role: &str) -> Option<Family> {
        match role {
            "agreement" => Some(Family::Agreement),
            "protokoll" | "agenda" => Some(Family::Minutes),
            "body" | "iop" => Some(Family::Report),
            _ => None,
        }
    }
}

impl HeadingIndex {
    /// The spellings in the vocabulary; descriptions (with `…` or in brackets) and labels of the head are none.
    pub fn new(lex: &Lexicon) -> Self {
        let mut by_key: HashMap<String, Candidates, FixedState> = HashMap::default();
        for heading in lex.headings.list.iter().filter(|h| h.role != "meta") {
            for variant in heading.variants.iter().filter(|v| !v.contains('…') && !v.starts_with('(')) {
                let candidates = by_key.entry(key(variant)).or_default();
                if !candidates.iter().any(|(id, _)| *id == heading.id) {
                    candidates.push((heading.id.clone(), heading.role.clone()));
                }
            }
        }
        let all = lex.headings.list.iter().map(|h| vec![(h.id.clone(), h.role.clone())]).collect();
        let forms = lex.headings.list.iter().filter(|h| h.id == "doc_type_label").flat_map(|h| &h.variants);
        let forms = forms.map(|v| key(v)).collect();
        let labels = lex.headings.list.iter().filter(|h| h.role == "meta" && h.id != "title").flat_map(|h| &h.variants);
        let labels = labels.map(|v| key(v)).collect();
        let b = &lex.bodies;
        let bodies = [&b.authority, &b.administration, &b.department].into_iter().flatten();
        let bodies = bodies.map(|e| e.to_lowercase()).collect();
        HeadingIndex { by_key, patterns: lex.headings.patterns.clone(), all, labels, bodies, forms }
    }

    /// Whether a line is what documents call themselves.
    fn is_form(&self, line: &str) -> bool {
        line.len() <= LONGEST_HEADING && self.forms.contains(&key(line))
    }

    /// Whether a line is a label of the head, or one word that names a committee or office: no heading of text.
    fn is_of_head(&self, line: &str) -> bool {
        line.len() <= LONGEST_HEADING
            && (self.labels.contains(&key(line))
                || names_body(line.trim())
                    && self.bodies.iter().any(|e| line.trim().to_lowercase().ends_with(e.as_str())))
    }

    /// Whether a line is a heading of the vocabulary.
    pub fn knows(&self, line: &str) -> bool {
        self.candidates(line).is_some()
    }

    /// The ids a line can have as a heading.
    pub fn ids(&self, line: &str) -> Vec<&str> {
        self.candidates(line).map_or_else(Vec::new, |c| c.iter().map(|(id, _)| id.as_str()).collect())
    }

    /// Whether a line is a heading of this family and of no other.
    fn only_of(&self, line: &str, family: Family) -> bool {
        let all = |c: &Candidates| c.iter().all(|(_, role)| Family::of_role(role) == Some(family));
        self.candidates(line).is_some_and(all)
    }

    fn candidates(&self, line: &str) -> Option<&Candidates> {
        if line.len() > LONGEST_HEADING {
            return None;
        }
        let known = self.by_key.get(&key(line)).or_else(|| self.all.get(self.patterns.place(line)?));
        known.or_else(|| {
            // The clauses of an agreement are numbered: "§ 3 Föreningens åtagande". Other numbered lines are points of a list.
            let bare = line.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '§' | ' ' | '\t'));
            if bare.len() == line.len() {
                return None;
            }
            let found = self.all.get(self.patterns.place(bare)?)?;
            Some(found).filter(|c| c.iter().any(|(id, _)| id == "commitments"))
        })
    }

    fn id(&self, line: &str, family: Family) -> Option<String> {
        let candidates = self.candidates(line)?;
        let fits = candidates.iter().find(|(_, role)| Family::of_role(role) == Some(family));
        fits.or(candidates.first()).map(|(id, _)| id.clone())
    }
}

/// Whether a line can be nothing but a name of a committee or office: one word, or `BARN- OCH UNGDOMSFÖRVALTNINGEN`.
fn names_body(line: &str) -> bool {
    let words: Vec<&str> = line.split(' ').collect();
    let link = |w: &&str| w.ends_with(['-', ',']) || matches!(w.to_lowercase().as_str(), "och" | "samt" | "&");
    words.len() == 1 || words.len() <= 6 && words.iter().rev().skip(1).all(link)
}

/// A longer line is no heading of the vocabulary, in bytes.
const LONGEST_HEADING: usize = 200;

/// A heading as compared: folded, single spaces, without number and closing colon or stop.
fn key(line: &str) -> String {
    let line = line.trim().trim_end_matches([':', '.']).trim_end();
    let unnumbered = line.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '§' | ' ' | ')'));
    fold::name_key(if unnumbered.is_empty() { line } else { unnumbered })
}

/// A heading and what stands under it, up to the next heading of any level.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Segment {
    /// Id of the heading in the vocabulary.
    pub id: Option<String>,
    /// 2 for a main heading, 3 and more below it.
    pub level: u8,
    /// The heading.
    pub heading: Span,
    /// What stands under it, trimmed; empty if the next heading follows at once.
    pub body: Span,
}

/// Where things stand in one document. All spans lie in the body.
#[derive(Clone, Debug)]
pub(crate) struct Segments {
    /// What the headings together speak for.
    pub family: Family,
    /// Everything before the first section.
    pub head: Span,
    /// The sections in order.
    pub sections: Vec<Segment>,
    /// Numbered paragraphs (`§ 12`) that begin a line.
    pub paragraph_signs: usize,
    /// Where the first of them begins.
    pub first_paragraph_sign: Option<u32>,
    /// Whether the document has the shape of slides.
    pub slides: bool,
    /// Under the heading Attesterat av.
    pub attested: Option<Span>,
}

impl Segments {
    /// Segments a document.
    pub fn of(doc: &Document, index: &HeadingIndex) -> Self {
        let mut signs = paragraph_signs(doc);
        let heads = headings(doc, index, signs.first().copied());
        let family = family(doc, index, &heads);
        // Headings of minutes are common words; elsewhere they are titles below signatures and the like.
        let heads: Vec<(Span, u8)> = heads
            .into_iter()
            .filter(|(span, level)| {
                family == Family::Minutes || *level > 2 || !index.only_of(doc.quote(*span), Family::Minutes)
            })
            .collect();
        let heads = without_lead(doc, index, heads);
        if family == Family::Agreement {
            // The numbered clauses of an agreement (`§ 1 Parter`) are no items of a meeting.
            signs.clear();
        }
        let body_end = doc.body_end as usize;
        let mut sections: Vec<Segment> = Vec::with_capacity(heads.len());
        for (i, (heading, level)) in heads.iter().enumerate() {
            let end = heads.get(i + 1).map_or(body_end, |h| h.0.start as usize);
            let body = Span::new(heading.end as usize, end.max(heading.end as usize)).trim(&doc.text);
            let id = index.id(doc.quote(*heading), family);
            match sections.last_mut() {
                // "Utskottets förslag till beslut i styrelsen" / "Styrelsen beslutar": the second says who is to decide.
                Some(last)
                    if last.body.is_empty()
                        && last.id.as_deref() == Some("proposed_decision")
                        && id.as_deref() == Some("decision")
                        && doc.quote(*heading).contains("beslut")
                        && !doc.quote(*heading).trim_end().ends_with("beslut")
                        && !doc.quote(*heading).contains("s beslut") =>
                {
                    last.body = heading.join(body);
                }
                // A heading that only says the one before it again, e.g. a line below "Attesterat av", opens nothing new.
                Some(last) if id.is_some() && last.id == id && last.level == *level && last.body.is_empty() => {
                    // "Förslag till beslut" / "Kommunstyrelsen föreslås besluta": the second says who decides.
                    let frame = matches!(id.as_deref(), Some("decision" | "proposed_decision"));
                    last.body = if frame { heading.join(body) } else { body };
                }
                _ => sections.push(Segment { id, level: *level, heading: *heading, body }),
            }
        }
        let head = Span::new(0, heads.first().map_or(body_end, |h| h.0.start as usize));
        let under = |id: &str| sections.iter().find(|s| s.id.as_deref() == Some(id)).map(|s| s.body);
        Segments {
            family,
            head,
            paragraph_signs: signs.len(),
            first_paragraph_sign: signs.first().copied(),
            slides: signs.is_empty() && !decides(&sections) && slides(doc),
            attested: under("attested"),
            sections,
        }
    }

    /// The sections with this heading id.
    pub fn with_id<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Segment> {
        self.sections.iter().filter(move |s| s.id.as_deref() == Some(id))
    }

    /// The section whose heading or body holds this byte.
    pub fn section_at(&self, offset: u32) -> Option<&Segment> {
        let i = self.sections.partition_point(|s| s.heading.start <= offset);
        i.checked_sub(1).and_then(|i| self.sections.get(i))
    }
}

/// The headings of the body, in order, with their level. The title (level 1) is none of them.
fn headings(doc: &Document, index: &HeadingIndex, first_sign: Option<u32>) -> Vec<(Span, u8)> {
    let mut found: Vec<(Span, u8)> = Vec::new();
    for block in doc.blocks.iter().filter(|b| b.zone == Zone::Body) {
        let text = doc.quote(block.span);
        match block.kind {
            BlockKind::Heading { level } if level >= 2 && index.is_of_head(text) && !index.knows(text) => {}
            BlockKind::Heading { level } if level >= 2 || index.knows(text) => found.push((block.span, level.max(2))),
            BlockKind::Paragraph | BlockKind::Lines if !text.contains('\n') && index.knows(text) => {
                found.push((block.span, 2));
            }
            BlockKind::Lines => {
                let known = heading_lines(doc, block, index, first_sign).filter(|l| !below_name(doc, *l));
                found.extend(known.map(|span| (span, 2)));
            }
            BlockKind::Paragraph | BlockKind::Table => {
                found.extend(
                    lines(doc, block.span).filter_map(|l| in_margin(doc, l, index, first_sign)).map(|s| (s, 2)),
                );
            }
            _ => {}
        }
    }
    // `För kännedom:` below the recipient in the head heads nothing.
    let in_head = |s: &Span| s.start < COPIES && first_sign.is_none_or(|sign| s.start < sign);
    found.retain(|(s, _)| !in_head(s) || !index.ids(doc.quote(*s)).contains(&"sent_to"));
    // `ORDFÖRANDEFÖRSLAG` in the head says what the document is; its proposal has a heading of its own below.
    let first = found.first().map(|(span, _)| *span);
    if let Some(first) = first.filter(|s| s.start < HEAD && index.is_form(doc.quote(*s))) {
        let ids = index.ids(doc.quote(first));
        let decides = |id: &&str| matches!(*id, "decision" | "proposed_decision");
        let again = found
            .iter()
            .skip(1)
            .any(|(s, _)| index.ids(doc.quote(*s)).iter().any(|id| ids.contains(id) || *id == "decision"));
        // `Yttrande` over a date or a number heads no text.
        let below = doc.text[first.end as usize..].trim_start().lines().next().unwrap_or_default();
        if again || !ids.iter().any(decides) && below.len() <= SHORT {
            // The heads of later pages say it again.
            let form = key(doc.quote(first));
            found.retain(|(s, _)| key(doc.quote(*s)) != form);
        }
    }
    found
}

/// Whether a line stands right below one that reads as a name: `Eva Ek` / `Ordförande` heads nothing.
fn below_name(doc: &Document, line: Span) -> bool {
    let before = doc.text.get(..line.start as usize).unwrap_or_default();
    let Some(above) = before.strip_suffix('\n').and_then(|b| b.rsplit('\n').next()) else { return false };
    let words: Vec<&str> = above.split_whitespace().collect();
    let capital = |w: &&str| {
        w.starts_with(char::is_uppercase)
            && w.chars().any(char::is_lowercase)
            && w.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '.'))
    };
    (2..=4).contains(&words.len()) && words.iter().all(capital) && doc.quote(line).split_whitespace().count() <= 2
}

/// How far the first lines of a head reach, in bytes.
const HEAD: u32 = 200;

/// How far from the beginning those a copy goes to are named in the head, in bytes.
const COPIES: u32 = 300;

/// A line of at most so many bytes is no prose.
const SHORT: usize = 40;

/// Lines inside a block of lines that the vocabulary knows as headings.
fn heading_lines<'a>(
    doc: &'a Document,
    block: &Block,
    index: &'a HeadingIndex,
    first_sign: Option<u32>,
) -> impl Iterator<Item = Span> + use<'a> {
    lines(doc, block.span).filter_map(move |span| {
        Some(span).filter(|s| index.knows(doc.quote(*s))).or_else(|| in_margin(doc, span, index, first_sign))
    })
}

/// Headings that are set in the margin of minutes, with their text beside them.
const IN_MARGIN: [&str; 17] = [
    "decision",
    "proposed_decision",
    "yrkanden",
    "proposition",
    "vote",
    "reservation",
    "statement",
    "disqualification",
    "immediate_adjustment",
    "attachments",
    "sent_to",
    "summary",
    "matter",
    "background",
    "preparation",
    "assessment",
    "consequences",
];

/// Headings that stand on one line with their text, parted by a colon: `Expedieras: KF`.
const WITH_COLON: [&str; 6] =
    ["reservation", "statement", "disqualification", "immediate_adjustment", "attachments", "sent_to"];

/// The words up to a colon near the beginning of a line, the colon included, and what stands behind it.
fn with_colon(line: &str) -> Option<(&str, &str)> {
    let at = line.find(": ").filter(|at| *at <= 48)?;
    line.split_at_checked(at + 1)
}

/// The heading that stands beside its text: `Beslut` in the first column of "Beslut\tNämnden godkänner rapporten.".
///
/// Only below the first § of minutes; a row of short cells is one of a table.
fn in_margin(doc: &Document, line: Span, index: &HeadingIndex, first_sign: Option<u32>) -> Option<Span> {
    let text = doc.quote(line);
    let (first, beside) = text.split_once('\t').or_else(|| with_colon(text))?;
    let first = first.trim_end();
    if first_sign.is_none_or(|sign| line.start < sign) || !first.starts_with(char::is_uppercase) {
        return None;
    }
    let id = index.ids(first).into_iter().find(|id| IN_MARGIN.contains(id))?;
    if first.ends_with(':') && !WITH_COLON.contains(&id) {
        return None;
    }
    let beside = beside.trim();
    let words = beside.split('\t').map(|c| c.split_whitespace().count()).max().unwrap_or(0);
    let points = words >= 2 && matches!(id, "decision" | "proposed_decision");
    let text = points || words >= 3 || beside.ends_with(['.', ':']) || matches!(id, "sent_to" | "attachments" | "vote");
    (text && (points || !beside.split('\t').all(|c| index.knows(c))))
        .then(|| Span::new(line.start as usize, line.start as usize + first.len()))
}

/// The lines of a span (parted by `\n`), trimmed, empty ones left out.
pub(crate) fn lines(doc: &Document, span: Span) -> impl Iterator<Item = Span> + use<'_> {
    let mut at = span.start as usize;
    doc.quote(span).split_inclusive('\n').filter_map(move |line| {
        let here = Span::new(at, at + line.len());
        at += line.len();
        Some(here.trim(&doc.text)).filter(|s| !s.is_empty())
    })
}

fn family(doc: &Document, index: &HeadingIndex, heads: &[(Span, u8)]) -> Family {
    let count = |family: Family| heads.iter().filter(|(span, _)| index.only_of(doc.quote(*span), family)).count();
    let report = count(Family::Report);
    let (agreement, minutes) = (count(Family::Agreement), count(Family::Minutes));
    if minutes > report && minutes >= agreement {
        Family::Minutes
    } else if agreement > report {
        Family::Agreement
    } else {
        Family::Report
    }
}

/// The headings without unknown ones above the first known one that have nothing under them: subtitles and labels in bold.
fn without_lead(doc: &Document, index: &HeadingIndex, heads: Vec<(Span, u8)>) -> Vec<(Span, u8)> {
    let Some(known) = heads.iter().position(|(span, _)| index.knows(doc.quote(*span))) else { return heads };
    let mut lead = true;
    let mut kept = Vec::with_capacity(heads.len());
    for (i, head) in heads.iter().enumerate() {
        let between =
            heads.get(i + 1).map_or("", |next| &doc.text[head.0.end as usize..next.0.start.max(head.0.end) as usize]);
        let text_below = between.split_whitespace().count() > 12;
        lead &= i < known && !text_below;
        if !lead {
            kept.push(*head);
        }
    }
    kept
}

/// Where a numbered paragraph (`§ 12`, `§§ 3-4`) begins a line of the body.
fn paragraph_signs(doc: &Document) -> Vec<u32> {
    static SIGN: LazyLock<Regex> = LazyLock::new(|| fixed(r"^(?:[A-Za-zÅÄÖåäö]{2,6}\s)?(?:§§?|Paragraf)\s?\d+"));
    let body = doc.blocks.iter().filter(|b| b.zone == Zone::Body);
    body.flat_map(|b| lines(doc, b.span)).filter(|l| SIGN.is_match(doc.quote(*l))).map(|l| l.start).collect()
}

/// Where the first numbered point of an agenda begins: a line `1. …` that another with the number 2 follows.
pub(crate) fn first_point(doc: &Document) -> Option<u32> {
    let body = doc.blocks.iter().filter(|b| b.zone == Zone::Body);
    let mut first = None;
    for line in body.flat_map(|b| lines(doc, b.span)) {
        let text = doc.quote(line);
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let ends = text.get(digits..).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ')', ' ', '\t']));
        match (text.get(..digits), first) {
            (Some("1"), None) if ends => first = Some(line.start),
            (Some("2"), Some(_)) if ends => return first,
            _ => {}
        }
    }
    None
}

/// Whether a section proposes or holds decisions, or names parties: no slides have that.
fn decides(sections: &[Segment]) -> bool {
    let ids = ["proposed_decision", "decision", "present", "agreement_parties", "agreement_term", "attested"];
    sections.iter().any(|s| s.id.as_deref().is_some_and(|id| ids.contains(&id)))
}

/// Slides: many blocks of few words, little of the text in long ones, little text on a page.
fn slides(doc: &Document) -> bool {
    let blocks = doc.blocks.iter().filter(|b| b.zone == Zone::Body);
    let sizes: Vec<usize> = blocks.map(|b| doc.quote(b.span).split_whitespace().count()).collect();
    let words: usize = sizes.iter().sum();
    let short = sizes.iter().filter(|n| **n <= 12).count();
    let long: usize = sizes.iter().filter(|n| **n > 30).sum();
    let per_page = words / doc.pages.len().max(1);
    // Slides lie; a page that stands is none, however little is on it. Text files have no pages to look at.
    let sizes_known = doc.pages.iter().filter_map(|p| p.size);
    if sizes_known.clone().filter(|(w, h)| w <= h).count() * 2 > sizes_known.count() {
        return false;
    }
    sizes.len() >= 12 && short * 2 >= sizes.len() && long * 3 <= words && (doc.pages.len() == 1 || per_page <= 150)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::testing;

    #[test]
    fn bold_lines_above_the_first_section_open_none() {
        let doc = testing::document("# Slutrapport om X\n\n## IOP mellan A och B\n\n## Sammanfattning\n\nText.");
        testing::parser().with_context(&doc, |cx| assert_eq!(cx.segments.sections.len(), 1));
    }

    #[test]
    fn sections_reach_to_the_next_heading() {
        let doc = testing::document(
            "# Svar på remiss\n\nFörslag till beslut\n\nNämnden godkänner.\n\n## Egen rubrik\n\nText.",
        );
        testing::parser().with_context(&doc, |cx| {
            let s = &cx.segments.sections;
            assert_eq!(s.len(), 2);
            assert_eq!(s[0].id.as_deref(), Some("proposed_decision"));
            assert_eq!(doc.quote(s[0].body), "Nämnden godkänner.");
            assert_eq!((s[1].id.as_deref(), doc.quote(s[1].body)), (None, "Text."));
            assert_eq!(doc.quote(cx.segments.head).trim(), "Svar på remiss");
            assert_eq!(cx.segments.section_at(s[0].body.start), Some(&s[0]));
        });
    }

    #[test]
    fn shared_spellings_follow_the_family() {
        let agreement = testing::document("Parter\n\nA och B.\n\nAvtalstid\n\n2024.\n\nEkonomi\n\nBidrag.");
        let report = testing::document("Sammanfattning\n\nText.\n\nBakgrund\n\nText.\n\nEkonomi\n\nBidrag.");
        let last = |doc: &Document| {
            testing::parser().with_context(doc, |cx| cx.segments.sections.last().and_then(|s| s.id.clone()))
        };
        assert_eq!(last(&agreement).as_deref(), Some("agreement_money"));
        assert_eq!(last(&report).as_deref(), Some("consequences"));
    }
}
