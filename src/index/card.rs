//! Defines `Card`: what a hit is shown by, kept beside the entry so that no record need be read, and `Places`: on which page and
//! at which byte the words of a document stand, by their places in the order of words.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::analyse;
use crate::base::PartialDate;
use crate::ingest::Document;
use crate::ingest::document::Zone;
use crate::parse::Record;
use crate::parse::record::{Decision, DistrictRole, Item, Role, Status};

/// How many words at most stand between two marks of [`Places`].
const STEP: u32 = 200;

/// What a hit is shown by.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Title of the document; the file's own if the text has none.
    pub title: Option<String>,
    /// Kind of the document.
    pub kind: String,
    /// Date of the document, or of its meeting.
    pub date: Option<PartialDate>,
    /// Its year.
    pub year: Option<i16>,
    /// Id of its own district.
    pub district: Option<String>,
    /// The body it belongs to.
    pub authority: Option<String>,
    /// Its own diary number; for a decision in an item that item's.
    pub dnr: Option<String>,
    /// For a document: where its words stand.
    pub places: Places,
    /// For a decision: what it says.
    pub decision: Option<DecisionCard>,
}

/// What a decision is shown by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecisionCard {
    /// Where it stands.
    pub status: Status,
    /// Its number in its list.
    pub number: Option<String>,
    /// The decision, verbatim.
    pub text: String,
    /// Who decides.
    pub actor: Option<String>,
    /// What it does.
    pub actions: Vec<String>,
    /// Who is given the task.
    pub assignee: Option<String>,
    /// The item it stands in: number, title, diary numbers.
    pub item: Option<(String, Option<String>, Vec<String>)>,
    /// Pages of the file that it stands on.
    pub pages: Vec<u32>,
}

impl Card {
    /// The card of a document.
    pub fn of_document(doc: &Document, record: &Record) -> Card {
        let district = record.districts.iter().find(|d| d.role == DistrictRole::Own).map(|d| d.id.clone());
        Card {
            title: record.title.clone().or_else(|| doc.origin.title.clone()),
            kind: record.kind.clone(),
            date: record.date.or(record.meeting_date),
            year: record.year,
            district: district.or_else(|| record.authority.as_ref().and_then(|a| a.district.clone())),
            authority: record.authority.as_ref().map(|a| a.name.clone()),
            dnr: record.dnr.iter().find(|d| d.role == Role::Own).map(|d| d.canonical.clone()),
            places: Places::of(doc),
            decision: None,
        }
    }

    /// The card of a decision, given its document's.
    pub fn of_decision(&self, item: Option<&Item>, decision: &Decision) -> Card {
        let mut pages: Vec<u32> = decision.evidence.iter().flat_map(|e| &e.places).map(|place| place.page).collect();
        pages.sort_unstable();
        pages.dedup();
        let own_dnr = item.and_then(|i| i.dnr.first()).map(|d| d.canonical.clone());
        Card {
            title: self.title.clone(),
            kind: self.kind.clone(),
            date: self.date,
            year: self.year,
            district: self.district.clone(),
            authority: self.authority.clone(),
            dnr: own_dnr.or_else(|| self.dnr.clone()),
            places: Places::default(),
            decision: Some(DecisionCard {
                status: decision.status,
                number: decision.number.clone(),
                text: decision.text.clone(),
                actor: decision.actor.clone(),
                actions: decision.actions.clone(),
                assignee: decision.assignee.clone(),
                item: item
                    .map(|i| (i.number.clone(), i.title.clone(), i.dnr.iter().map(|d| d.canonical.clone()).collect())),
                pages,
            }),
        }
    }
}

/// Where words stand: marks in the order of the words, each of them good until the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    marks: Vec<Mark>,
    /// How many places the body has; what comes after is page furniture, then what is on no page.
    body: u32,
    /// Where the body ends in the document's text, in bytes.
    body_end: u32,
}

/// One place from which on a page or a stretch of text begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    /// Place in the order of words.
    position: u32,
    /// Where the word begins in the document's text, in bytes.
    byte: u32,
    /// Page of the file; 0 for none.
    page: u32,
}

impl Places {
    /// The places of a document whose entry's first piece is its body, followed by the pieces of [`furniture`].
    fn of(doc: &Document) -> Places {
        let mut ranges: Vec<(u32, u32)> =
            doc.pages.iter().flat_map(|p| p.ranges.iter().map(|r| (r.start, p.number))).collect();
        ranges.sort_unstable();
        let mut marks: Vec<Mark> = Vec::new();
        let mut next = 0;
        let body = analyse::chains(doc.body(), |position, byte| {
            let begun = next;
            while ranges.get(next).is_some_and(|(start, _)| *start as usize <= byte) {
                next += 1;
            }
            let page = next.checked_sub(1).and_then(|i| ranges.get(i)).map_or(1, |r| r.1);
            if next > begun || marks.last().is_none_or(|m| position >= m.position + STEP) {
                marks.push(Mark { position, byte: u32::try_from(byte).unwrap_or(u32::MAX), page });
            }
        });
        // Between two pieces a place is left out, so that no phrase reaches from one to the other.
        let mut position = if doc.body().is_empty() { 0 } else { body + 1 };
        for (byte, text) in furniture(doc) {
            let at = ranges.partition_point(|(start, _)| *start <= byte);
            let page = at.checked_sub(1).and_then(|i| ranges.get(i)).map_or(1, |r| r.1);
            marks.push(Mark { position, byte, page });
            position += analyse::chains(text, |_, _| {}) + 1;
        }
        marks.push(Mark { position, byte: u32::try_from(doc.text.len()).unwrap_or(u32::MAX), page: 0 });
        Places { marks, body, body_end: doc.body_end }
    }

    /// How many places the body has.
    pub fn body(&self) -> u32 {
        self.body
    }

    /// Where the body ends in the document's text, in bytes.
    pub fn body_end(&self) -> usize {
        self.body_end as usize
    }

    /// The first mark after a place of the body: where its word begins in the text, in bytes.
    pub fn after(&self, position: u32) -> usize {
        let mark = self.marks.get(self.marks.partition_point(|m| m.position <= position));
        mark.filter(|m| m.position < self.body).map_or(self.body_end(), |m| m.byte as usize)
    }

    /// The page that a byte of the text stands on.
    pub fn page_of_byte(&self, byte: usize) -> Option<u32> {
        self.marks.iter().rev().find(|m| m.page > 0 && m.byte as usize <= byte).map(|m| m.page)
    }

    /// The page that the word at this place stands on; none for one that is on no page, such as a name read out.
    pub fn page(&self, position: u32) -> Option<u32> {
        self.before(position).map(|m| m.page).filter(|page| *page > 0)
    }

    /// The last mark before a place, or on it: its place and where its word begins in the text, in bytes.
    pub fn mark(&self, position: u32) -> (u32, usize) {
        self.before(position).map_or((0, 0), |m| (m.position, m.byte as usize))
    }

    fn before(&self, position: u32) -> Option<&Mark> {
        let after = self.marks.partition_point(|m| m.position <= position);
        after.checked_sub(1).and_then(|i| self.marks.get(i))
    }
}

/// The text of page furniture, each distinct block once with where it begins, page numbers left out: names and addresses are
/// found by it.
pub fn furniture(doc: &Document) -> impl Iterator<Item = (u32, &str)> {
    let mut seen = BTreeSet::new();
    let blocks = doc.blocks.iter().filter(|b| !matches!(b.zone, Zone::Body | Zone::PageNumber));
    blocks
        .filter_map(|b| Some((b.span.start, doc.text.get(b.span.range())?)))
        .filter(move |(_, text)| !text.is_empty() && seen.insert(*text))
}
