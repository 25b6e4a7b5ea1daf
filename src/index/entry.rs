//! Defines `Entry`, what an engine holds: one for each document, and one for each decision in it.
//!
//! A decision entry carries its document's facets and its item's title and dnr, so that conditions on one decision hold
//! for one and the same decision.

use std::collections::{BTreeMap, BTreeSet};

use super::card::{Card, furniture};
use crate::base::fold::{fold, name_key};
use crate::base::{DocId, PartialDate};
use crate::ingest::Document;
use crate::parse::Record;
use crate::parse::record::{Decision, DistrictRole, Dnr, Evidence, Item, Party, Role};
use crate::query::{Field, Unit};

/// Longest value or name that is indexed, in bytes; a longer one is no name and is cut.
const MAX_VALUE_BYTES: usize = 400;

/// A name that a value is known by: what people type (as a key), and the value it stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KnownName {
    /// Whose value.
    pub field: Field,
    /// [`name_key`] of the name.
    pub key: String,
    /// The value as in [`Entry::values`].
    pub value: String,
}

/// One searchable unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its document.
    pub doc: DocId,
    /// What it is.
    pub unit: Unit,
    /// For a decision: which one, from 0, in the order of [`decisions`].
    pub ordinal: u32,
    /// Title of the document; of the item for a decision in one.
    pub title: String,
    /// Everything that words are searched in, title included; of a document the body first, then its page furniture. A phrase does
    /// not reach from one piece to the next.
    pub text: Vec<String>,
    /// What a hit is shown by.
    pub card: Card,
    /// First and last day that its date can mean.
    pub days: Option<(Day, Day)>,
    /// Values by field, for filters and facets.
    pub values: BTreeMap<Field, BTreeSet<String>>,
    /// Names that values are known by.
    pub names: BTreeSet<KnownName>,
}

/// A day as a number that sorts: `YYYYMMDD`.
pub type Day = i64;

/// The number of a calendar day.
pub fn day_number(d: jiff::civil::Date) -> Day {
    i64::from(d.year()) * 10_000 + i64::from(d.month()) * 100 + i64::from(d.day())
}

/// First and last day of a date.
pub fn day_range(d: PartialDate) -> (Day, Day) {
    (day_number(d.first()), day_number(d.last()))
}

/// All decisions of a record, those outside items first, each with the item it stands in.
pub fn decisions(record: &Record) -> impl Iterator<Item = (Option<&Item>, &Decision)> {
    let inside = record.items.iter().flat_map(|i| i.decisions.iter().map(move |d| (Some(i), d)));
    record.decisions.iter().map(|d| (None, d)).chain(inside)
}

/// The keys a diary number is found by: with its series, and by year and number alone (`*`).
pub fn dnr_keys(series: Option<&str>, year: Option<i16>, number: Option<u32>) -> Vec<String> {
    let (Some(year), Some(number)) = (year, number) else { return Vec::new() };
    let bare = format!("*|{year}|{number}");
    match series.map(|s| fold(s).replace(|c: char| !c.is_alphanumeric(), "")).filter(|s| !s.is_empty()) {
        Some(series) => vec![format!("{series}|{year}|{number}"), bare],
        None => vec![bare],
    }
}

/// The key of a diary number that is the document's own, beside [`dnr_keys`]: so that its own come before those that cite it.
pub fn own_dnr_key(key: &str) -> String {
    format!("own:{key}")
}

/// The entries of one document: its decisions in order, then itself.
pub fn entries(doc: &Document, record: &Record) -> Vec<Entry> {
    let mut whole = document_entry(doc, record);
    // Each decision begins as a copy of its document's entry; the text is not copied with it.
    let text = std::mem::take(&mut whole.text);
    let mut out: Vec<Entry> = decisions(record)
        .zip(0..)
        .map(|((item, decision), ordinal)| decision_entry(&whole, record, item, decision, ordinal))
        .collect();
    whole.text = text;
    out.push(whole);
    out
}

fn document_entry(doc: &Document, record: &Record) -> Entry {
    let mut entry = Entry {
        doc: doc.id.clone(),
        unit: Unit::Document,
        ordinal: 0,
        title: record.title.clone().unwrap_or_default(),
        text: Vec::new(),
        card: Card::of_document(doc, record),
        days: record.date.or(record.meeting_date).map(day_range),
        values: BTreeMap::new(),
        names: BTreeSet::new(),
    };
    // The places of the card are those of the words in this order.
    let mut text = vec![doc.body().to_string()];
    text.extend(furniture(doc).map(|(_, block)| block.to_string()));
    text.push(entry.title.clone());
    text.extend(record.subtitle.clone());

    let own = record.districts.iter().filter(|d| d.role == DistrictRole::Own);
    let mut districts: BTreeSet<&str> = own.map(|d| d.id.as_str()).collect();
    if districts.is_empty() {
        districts.extend(record.authority.as_ref().and_then(|a| a.district.as_deref()));
    }
    districts.into_iter().for_each(|id| entry.value(Field::District, id));
    if let Some(year) = record.year {
        entry.value(Field::Year, &year.to_string());
    }
    entry.value(Field::Kind, &record.kind);
    record.genres.iter().for_each(|g| entry.value(Field::Genre, g));
    if let Some(a) = &record.authority {
        entry.named(Field::Authority, &a.name);
        text.push(a.name.clone());
    }
    for p in &record.parties {
        entry.party(p);
        text.extend(other_names(p).cloned());
        text.push(p.name.clone());
    }
    for h in record.handlaggare.iter().chain(record.items.iter().flat_map(|i| &i.handlaggare)) {
        entry.named(Field::Handlaggare, &h.name);
        text.push(h.name.clone());
    }
    political_parties(record).for_each(|p| entry.value(Field::PoliticalParty, p));
    for d in record.dnr.iter().chain(record.items.iter().flat_map(|i| &i.dnr)) {
        entry.dnr(d);
        text.push(d.raw.clone());
    }
    decisions(record).for_each(|(_, d)| entry.decision_values(d));
    holdings(record).for_each(|h| entry.value(Field::Has, h));
    record.sections.iter().filter_map(|s| s.id.as_deref()).for_each(|id| entry.value(Field::Section, id));
    entry.text = text;
    entry.text.retain(|t| !t.is_empty());
    entry
}

fn decision_entry(whole: &Entry, record: &Record, item: Option<&Item>, decision: &Decision, ordinal: u32) -> Entry {
    let mut entry = Entry {
        doc: whole.doc.clone(),
        unit: Unit::Decision,
        ordinal,
        title: whole.title.clone(),
        text: Vec::new(),
        card: whole.card.of_decision(item, decision),
        days: whole.days,
        values: whole.values.clone(),
        names: whole.names.clone(),
    };
    for field in [Field::Action, Field::Status, Field::Actor, Field::Assignee, Field::Dnr] {
        entry.values.remove(&field);
    }
    entry.names.retain(|n| !n.field.info().of_decision);
    entry.decision_values(decision);
    match item {
        Some(item) => {
            // Minutes name the parties of many cases; a decision has those of its own.
            entry.values.remove(&Field::Party);
            entry.names.retain(|n| n.field != Field::Party);
            parties_of(record, item, decision).into_iter().for_each(|p| entry.party(p));
            entry.title = item.title.clone().unwrap_or_default();
            entry.text.push(item.number.clone());
            item.dnr.iter().for_each(|d| entry.dnr(d));
            entry.text.extend(item.dnr.iter().map(|d| d.raw.clone()));
            if !item.handlaggare.is_empty() {
                entry.values.remove(&Field::Handlaggare);
                item.handlaggare.iter().for_each(|h| entry.named(Field::Handlaggare, &h.name));
            }
        }
        None => record.dnr.iter().for_each(|d| entry.dnr(d)),
    }
    entry.text.push(entry.title.clone());
    entry.text.push(decision.text.clone());
    entry.text.extend(decision.actor.iter().chain(&decision.assignee).cloned());
    entry.text.retain(|t| !t.is_empty());
    entry
}

/// The parties that a decision in an item or the item's title names; if neither does, those that its other decisions name.
fn parties_of<'r>(record: &'r Record, item: &Item, decision: &Decision) -> Vec<&'r Party> {
    fn spans<'e>(evidence: &'e [Evidence], field: &'e str) -> impl Iterator<Item = (u32, u32)> + 'e {
        evidence.iter().filter(move |e| e.field == field).map(|e| (e.start, e.end))
    }
    let named_in = |places: &[(u32, u32)]| -> Vec<&'r Party> {
        let inside = |at: (u32, u32)| places.iter().any(|p| p.0 <= at.0 && at.1 <= p.1);
        record.parties.iter().filter(|p| spans(&p.evidence, "name").any(inside)).collect()
    };
    let own: Vec<(u32, u32)> = spans(&item.evidence, "title").chain(spans(&decision.evidence, "text")).collect();
    let found = named_in(&own);
    if !found.is_empty() {
        return found;
    }
    let all = item.decisions.iter().flat_map(|d| spans(&d.evidence, "text"));
    let whole = all.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    named_in(whole.as_slice())
}

fn other_names(party: &Party) -> impl Iterator<Item = &String> {
    party.former_names.iter().chain(&party.aliases).chain(&party.org_nr)
}

impl Entry {
    fn party(&mut self, party: &Party) {
        self.named(Field::Party, &party.name);
        other_names(party).for_each(|other| self.known_as(Field::Party, other, &party.name));
    }

    fn value(&mut self, field: Field, value: &str) {
        let value = cut(value.trim());
        if !value.is_empty() {
            self.values.entry(field).or_default().insert(value.to_string());
        }
    }

    fn known_as(&mut self, field: Field, name: &str, value: &str) {
        let key = name_key(cut(name.trim()));
        let value = cut(value.trim());
        if !key.is_empty() && !value.is_empty() {
            self.names.insert(KnownName { field, key, value: value.to_string() });
        }
    }

    fn named(&mut self, field: Field, name: &str) {
        self.value(field, name);
        self.known_as(field, name, name);
    }

    fn dnr(&mut self, d: &Dnr) {
        for key in dnr_keys(d.series.as_deref(), d.year, d.number) {
            if d.role == Role::Own {
                self.value(Field::Dnr, &own_dnr_key(&key));
            }
            self.value(Field::Dnr, &key);
        }
    }

    fn decision_values(&mut self, d: &Decision) {
        self.value(Field::Status, d.status.as_str());
        d.actions.iter().for_each(|a| self.value(Field::Action, a));
        d.actor.iter().for_each(|a| self.named(Field::Actor, a));
        d.proposers().for_each(|a| self.named(Field::Actor, a));
        d.assignee.iter().for_each(|a| self.named(Field::Assignee, a));
    }
}

/// Letters of the political parties that sat, voted, reserved themselves or stated something.
fn political_parties(record: &Record) -> impl Iterator<Item = &str> {
    let present = record.meeting.iter().flat_map(|m| &m.present).map(|p| &p.political_party);
    let items = record.items.iter().flat_map(|i| {
        let votes = i.votes.iter().flat_map(|v| &v.by_member).map(|v| &v.political_party);
        let reservations = i.reservations.iter().flat_map(|r| &r.by);
        let statements = i.statements.iter().flat_map(|s| &s.by);
        votes.chain(reservations.chain(statements).chain(&i.jav).map(|m| &m.political_party))
    });
    present.chain(items).flatten().map(String::as_str)
}

/// What `has:` can ask for, in the order shown to people.
pub const HOLDINGS: [&str; 16] = [
    "agreement",
    "amount",
    "attachment",
    "attestation",
    "decision",
    "dnr",
    "extension",
    "handlaggare",
    "item",
    "meeting",
    "party",
    "period",
    "reference",
    "reservation",
    "table",
    "vote",
];

fn holdings(record: &Record) -> impl Iterator<Item = &'static str> {
    let periods = || record.periods.iter().chain(record.agreements.iter().flat_map(|a| &a.periods));
    let holds = [
        !record.agreements.is_empty(),
        !record.amounts.is_empty(),
        !record.attachments.is_empty(),
        !record.attestations.is_empty(),
        decisions(record).next().is_some(),
        !record.dnr.is_empty(),
        periods().any(|p| p.extension.is_some()),
        !record.handlaggare.is_empty(),
        !record.items.is_empty(),
        record.meeting.is_some(),
        !record.parties.is_empty(),
        periods().next().is_some(),
        !record.references.is_empty(),
        record.items.iter().any(|i| !i.reservations.is_empty()),
        !record.tables.is_empty(),
        record.items.iter().any(|i| !i.votes.is_empty()),
    ];
    HOLDINGS.into_iter().zip(holds).filter(|(_, held)| *held).map(|(name, _)| name)
}

fn cut(s: &str) -> &str {
    let end = (0..=MAX_VALUE_BYTES.min(s.len())).rev().find(|&i| s.is_char_boundary(i)).unwrap_or(0);
    &s[..end]
}
