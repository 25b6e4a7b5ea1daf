//! Defines mentions: what one document says that a register is made of, each with its proof. Their set is a register's whole state.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::base::{DocId, PartialDate};
use crate::catalog::StoredDocument;
use crate::parse::Record;
use crate::parse::fields::agreement::terms::{EXTENDED, MAY_EXTEND, NOT_EXTENDED};
use crate::parse::record::{
    Agreement, Decision, DistrictRole, Dnr, Evidence, Item, PartyRole, Period, Recommendation, Role, Status,
};

/// The document that a mention stands in.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Its id.
    #[serde(rename = "document")]
    pub id: DocId,
    /// Path of its file.
    pub path: String,
    /// Kind, an id of the lexicon.
    pub kind: String,
    /// Genres, ids of the lexicon.
    pub genres: Vec<String>,
    /// Title.
    pub title: Option<String>,
    /// Its date.
    pub date: Option<PartialDate>,
    /// Date of the meeting it is for or of.
    pub meeting_date: Option<PartialDate>,
    /// Its year.
    pub year: Option<i16>,
    /// The body it belongs to.
    pub authority: Option<String>,
    /// Its own districts, ids of the lexicon; that of its body where it has none.
    pub districts: Vec<String>,
    /// Predecessors that it names as such.
    pub former_districts: Vec<String>,
}

impl Source {
    fn of(stored: &StoredDocument) -> Self {
        let r = &stored.record;
        let role = |role| r.districts.iter().filter(move |d| d.role == role).map(|d| d.id.clone());
        let mut districts: Vec<String> = role(DistrictRole::Own).collect();
        if districts.is_empty() {
            districts.extend(r.authority.iter().filter_map(|a| a.district.clone()));
        }
        Source {
            id: stored.id.clone(),
            path: stored.path.clone(),
            kind: r.kind.clone(),
            genres: r.genres.clone(),
            title: r.title.clone(),
            date: r.date,
            meeting_date: r.meeting_date,
            year: r.year,
            authority: r.authority.as_ref().map(|a| a.name.clone()),
            districts,
            former_districts: role(DistrictRole::Former).collect(),
        }
    }

    /// The day it speaks at: its date, else its meeting's, else its year.
    pub fn when(&self) -> Option<PartialDate> {
        self.date.or(self.meeting_date).or(self.year.map(PartialDate::year))
    }

    /// True for minutes and extracts of them, which say what was decided.
    pub fn is_minutes(&self) -> bool {
        matches!(self.kind.as_str(), "protokoll" | "protokollsutdrag")
    }

    /// True for agreements themselves.
    pub fn is_agreement(&self) -> bool {
        matches!(self.kind.as_str(), "overenskommelse" | "avtal")
    }
}

/// One place of one document that proves a statement. Cheap to clone: registers say many things by one proof.
#[derive(Clone, Debug, PartialEq)]
pub struct Proof {
    /// The document.
    pub source: Arc<Source>,
    /// Page of the file; none for a value without a place.
    pub page: Option<u32>,
    /// First byte in the document's text.
    pub start: u32,
    /// First byte after it.
    pub end: u32,
    /// The text there, verbatim.
    pub quote: Arc<str>,
    /// The rule that read it.
    pub rule: Arc<str>,
    /// How sure the rule is, 0 to 1.
    pub confidence: f32,
}

impl Proof {
    fn of(source: &Arc<Source>, e: &Evidence) -> Self {
        Proof {
            source: Arc::clone(source),
            page: e.places.first().map(|p| p.page),
            start: e.start,
            end: e.end,
            quote: e.quote.as_str().into(),
            rule: common(&e.rule),
            confidence: e.confidence,
        }
    }

    /// What proofs are ordered by: the time of the document, its path, the place in it.
    pub fn order(&self) -> impl Ord + '_ {
        (self.source.when(), &self.source.path, &self.source.id, self.start, self.end)
    }
}

/// Texts of which there are few and that nearly everything names, kept once for each thread.
fn common(text: &str) -> Arc<str> {
    /// More would be no longer few: a damaged file may hold anything.
    const MOST: usize = 4096;
    thread_local! {
        static KNOWN: RefCell<HashSet<Arc<str>>> = RefCell::new(HashSet::new());
    }
    KNOWN.with_borrow_mut(|known| {
        if let Some(kept) = known.get(text) {
            return Arc::clone(kept);
        }
        if known.len() >= MOST {
            known.clear();
        }
        let kept: Arc<str> = text.into();
        known.insert(Arc::clone(&kept));
        kept
    })
}

/// Puts proofs in order, each once.
pub fn tidy(proofs: &mut Vec<Proof>) {
    proofs.sort_by(|a, b| a.order().cmp(&b.order()));
    proofs.dedup_by(|a, b| a.source.id == b.source.id && a.start == b.start && a.end == b.end);
}

impl Serialize for Proof {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        /// As it is written.
        #[derive(Serialize)]
        struct Shape<'a> {
            document: &'a str,
            path: &'a str,
            date: Option<PartialDate>,
            page: Option<u32>,
            quote: &'a str,
            start: u32,
            end: u32,
            rule: &'a str,
            confidence: f32,
        }
        if !s.is_human_readable() {
            return Packed(self.page, self.start, self.end, &self.quote, &self.rule, self.confidence).serialize(s);
        }
        Shape {
            document: self.source.id.as_str(),
            path: &self.source.path,
            date: self.source.when(),
            page: self.page,
            quote: &self.quote,
            start: self.start,
            end: self.end,
            rule: &self.rule,
            confidence: self.confidence,
        }
        .serialize(s)
    }
}

/// A proof as it is kept: page, first byte, first byte after it, quote, rule, confidence. Its document is that of the mentions.
#[derive(Serialize, Deserialize)]
struct Packed<'a>(Option<u32>, u32, u32, &'a str, &'a str, f32);

impl<'de> Deserialize<'de> for Proof {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let Packed(page, start, end, quote, rule, confidence) = Packed::deserialize(d)?;
        let source = Arc::clone(&NOWHERE);
        Ok(Proof { source, page, start, end, quote: quote.into(), rule: common(rule), confidence })
    }
}

/// The document of a proof that was read and does not know its own yet.
static NOWHERE: LazyLock<Arc<Source>> = LazyLock::new(|| {
    Arc::new(Source {
        id: DocId::from_stored(String::new()),
        path: String::new(),
        kind: String::new(),
        genres: Vec::new(),
        title: None,
        date: None,
        meeting_date: None,
        year: None,
        authority: None,
        districts: Vec::new(),
        former_districts: Vec::new(),
    })
});

/// Gives proofs their document.
trait Settle {
    fn settle(&mut self, source: &Arc<Source>);
}

impl Settle for Proof {
    fn settle(&mut self, source: &Arc<Source>) {
        self.source = Arc::clone(source);
    }
}

impl<T: Settle + Clone> Settle for Arc<[T]> {
    fn settle(&mut self, source: &Arc<Source>) {
        Arc::make_mut(self).iter_mut().for_each(|one| one.settle(source));
    }
}

impl<T: Settle> Settle for Vec<T> {
    fn settle(&mut self, source: &Arc<Source>) {
        self.iter_mut().for_each(|one| one.settle(source));
    }
}

impl<A, T: Settle> Settle for (A, T) {
    fn settle(&mut self, source: &Arc<Source>) {
        self.1.settle(source);
    }
}

impl<A, B, T: Settle> Settle for (A, B, T) {
    fn settle(&mut self, source: &Arc<Source>) {
        self.2.settle(source);
    }
}

impl<T: Settle> Settle for Option<T> {
    fn settle(&mut self, source: &Arc<Source>) {
        self.iter_mut().for_each(|one| one.settle(source));
    }
}

impl Settle for DecisionMention {
    fn settle(&mut self, source: &Arc<Source>) {
        self.mentions.settle(source);
        self.text = quoted(&self.text, &self.mentions);
    }
}

/// A text, that of the proof which quotes it if one does.
fn quoted(text: &str, proofs: &[Proof]) -> Arc<str> {
    proofs.iter().find(|p| &*p.quote == text).map_or_else(|| text.into(), |p| Arc::clone(&p.quote))
}

/// How a shared text is kept.
mod shared {
    use super::*;

    pub(super) fn serialize<S: Serializer>(text: &Arc<str>, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(text)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Arc<str>, D::Error> {
        String::deserialize(d).map(Into::into)
    }
}

/// How a shared list is kept.
pub(super) mod shared_list {
    use super::*;

    pub fn serialize<S: Serializer, T: Serialize>(list: &Arc<[T]>, s: S) -> Result<S::Ok, S::Error> {
        list.as_ref().serialize(s)
    }

    pub(in crate::registry) fn deserialize<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
        d: D,
    ) -> Result<Arc<[T]>, D::Error> {
        Vec::deserialize(d).map(Into::into)
    }
}

/// Says which fields of a mention have proofs.
macro_rules! settles {
    ($($mention:ident: $($field:ident)+;)+) => {
        $(impl Settle for $mention {
            fn settle(&mut self, source: &Arc<Source>) {
                $(self.$field.settle(source);)+
            }
        })+
    };
}

settles! {
    PartyMention: former aliases proofs;
    PeriodMention: proofs may_extend extended not_extended;
    SumMention: proofs;
    AgreementMention: periods signed recommendation said amounts proofs;
    NumberMention: proofs;
    StepMention: own cited decisions proofs;
    PersonMention: proofs;
}

/// A party as one document names it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartyMention {
    /// Its name there.
    pub name: String,
    /// What it is.
    pub role: PartyRole,
    /// Its number, if it passes the checks.
    pub org_nr: Option<String>,
    /// A printed number that does not pass, with what it would be with one digit less.
    pub malformed: Option<(String, Option<String>)>,
    /// Former names given there.
    pub former: Vec<(String, Vec<Proof>)>,
    /// Other names used there.
    pub aliases: Vec<(String, Vec<Proof>)>,
    /// Proof of its name and number.
    pub proofs: Vec<Proof>,
}

/// A period as one document gives it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PeriodMention {
    /// What it says.
    pub period: Period,
    /// Proof.
    pub proofs: Vec<Proof>,
    /// Proof that it may be extended.
    pub may_extend: Vec<Proof>,
    /// Proof that it was extended, or is to be.
    pub extended: Vec<Proof>,
    /// Proof that it is not extended though it could have been.
    pub not_extended: Vec<Proof>,
}

/// A sum as one document gives it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SumMention {
    /// Kronor.
    pub value_sek: f64,
    /// Per what.
    pub per: Option<String>,
    /// The words before it in its sentence.
    pub before: String,
    /// What stands over its sentence: a heading, or the words that announce a list.
    pub over: Option<String>,
    /// Proof: its sentence, where that is known.
    pub proofs: Vec<Proof>,
}

/// An agreement as one document names it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AgreementMention {
    /// By what it is known.
    pub name: String,
    /// `IOP`, `avtal` …
    pub kind: Option<String>,
    /// Names as in the document's parties.
    pub parties: Vec<String>,
    /// Periods.
    pub periods: Vec<PeriodMention>,
    /// Date of signing.
    pub signed: Option<(PartialDate, Vec<Proof>)>,
    /// What is proposed.
    pub recommendation: Option<(Recommendation, Vec<Proof>)>,
    /// Texts it is described with, by field: `purpose`, `target_groups`, `activities`, `programme`, `outcome`, `cofinanced`.
    pub said: Vec<(Cow<'static, str>, String, Vec<Proof>)>,
    /// Sums that the document gives for it; only where it is the document's only agreement.
    pub amounts: Vec<SumMention>,
    /// Proof of its name.
    pub proofs: Vec<Proof>,
}

/// A diary number as one document gives it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NumberMention {
    /// `SERIES YEAR/NUMBER`, or `YEAR/NUMBER`.
    pub canonical: String,
    /// Letters of the series.
    pub series: Option<String>,
    /// Year.
    pub year: i16,
    /// Running number.
    pub number: u32,
    /// Code of the diary plan.
    pub plan: Option<String>,
    /// Proof.
    pub proofs: Vec<Proof>,
}

/// A decision point as one document gives it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecisionMention {
    /// Where it stands.
    pub status: Status,
    /// Its number in the list.
    pub number: Option<String>,
    /// The point, verbatim. Where a proof quotes just that, it is the same text.
    #[serde(with = "shared")]
    pub text: Arc<str>,
    /// Ids of actions.
    pub actions: Vec<String>,
    /// Who decides.
    pub actor: Option<String>,
    /// Proof.
    pub mentions: Vec<Proof>,
}

/// What a document, or one item of it, is for a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepMention {
    /// Number of the item; none for a whole document.
    pub item: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Its own diary numbers.
    pub own: Vec<NumberMention>,
    /// Those it cites.
    pub cited: Vec<NumberMention>,
    /// Its decisions. Cases and what became of proposals name them again.
    #[serde(with = "shared_list")]
    pub decisions: Arc<[DecisionMention]>,
    /// Proof of number and title.
    pub proofs: Vec<Proof>,
}

/// Somebody in a public role, as one document names them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonMention {
    /// Name.
    pub name: String,
    /// Role or title, in lower case: `ledamot`, `avdelningschef`, `handläggare` …
    pub role: String,
    /// Letters of the political party.
    pub party: Option<String>,
    /// Proof.
    pub proofs: Vec<Proof>,
}

/// All that one document says for the registers.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentMentions {
    /// The document.
    pub source: Arc<Source>,
    /// Parties.
    pub parties: Vec<PartyMention>,
    /// Agreements.
    pub agreements: Vec<AgreementMention>,
    /// The document and its items as steps of cases.
    pub steps: Vec<StepMention>,
    /// People in public roles.
    pub people: Vec<PersonMention>,
    /// Body and numbers of the paragraphs of minutes.
    pub paragraphs: Vec<u32>,
    /// Titles of attachments it promises.
    pub attachments: Vec<(String, Vec<Proof>)>,
    /// Pages without letters.
    pub textless_pages: usize,
}

/// What to collect: each takes memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Parties and agreements.
    pub agreements: bool,
    /// Diary numbers and decisions.
    pub cases: bool,
    /// People.
    pub people: bool,
    /// Paragraphs and attachments.
    pub coverage: bool,
}

impl Wanted {
    /// Everything.
    pub const ALL: Wanted = Wanted { agreements: true, cases: true, people: true, coverage: true };
    /// Nothing.
    pub const NONE: Wanted = Wanted { agreements: false, cases: false, people: false, coverage: false };
}

/// A set of mentions, by document. Two of them joined are those of both; nothing depends on the order they came in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mentions {
    documents: BTreeMap<DocId, DocumentMentions>,
}

impl Mentions {
    /// Adds what one document says; what was known of it before is replaced.
    pub fn add(&mut self, stored: &StoredDocument, wanted: Wanted) {
        let mentions = DocumentMentions::of(stored, wanted);
        self.documents.insert(stored.id.clone(), mentions);
    }

    /// Adds mentions already collected.
    pub fn insert(&mut self, mentions: DocumentMentions) {
        self.documents.insert(mentions.source.id.clone(), mentions);
    }

    /// Adds all of another set.
    pub fn join(&mut self, other: Mentions) {
        self.documents.extend(other.documents);
    }

    /// Leaves only documents that pass.
    pub fn retain(&mut self, passes: impl Fn(&DocId) -> bool) {
        self.documents.retain(|id, _| passes(id));
    }

    /// The documents, in order of their ids.
    pub fn documents(&self) -> impl Iterator<Item = &DocumentMentions> {
        self.documents.values()
    }

    /// How many documents there are.
    pub fn len(&self) -> usize {
        self.documents.len()
    }

    /// True without documents.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }
}

impl DocumentMentions {
    /// Collects what a document says.
    pub fn of(stored: &StoredDocument, wanted: Wanted) -> Self {
        let record = &stored.record;
        let source = Arc::new(Source::of(stored));
        let collect = Collect { source: &source, record };
        DocumentMentions {
            parties: if wanted.agreements { collect.parties() } else { Vec::new() },
            agreements: if wanted.agreements { collect.agreements() } else { Vec::new() },
            steps: if wanted.cases { collect.steps() } else { Vec::new() },
            people: if wanted.people { super::person::collect(record, |e| Proof::of(&source, e)) } else { Vec::new() },
            paragraphs: if wanted.coverage { paragraphs(record) } else { Vec::new() },
            attachments: if wanted.coverage { collect.attachments() } else { Vec::new() },
            textless_pages: stored.textless_pages.len(),
            source,
        }
    }
}

impl DocumentMentions {
    /// Gives all proofs this document.
    pub(super) fn settle(&mut self) {
        let source = Arc::clone(&self.source);
        self.parties.settle(&source);
        self.agreements.settle(&source);
        self.steps.settle(&source);
        self.people.settle(&source);
        self.attachments.settle(&source);
    }

    /// The same without what is not wanted.
    pub(super) fn only(mut self, wanted: Wanted) -> Self {
        if !wanted.agreements {
            (self.parties, self.agreements) = (Vec::new(), Vec::new());
        }
        if !wanted.cases {
            self.steps = Vec::new();
        }
        if !wanted.people {
            self.people = Vec::new();
        }
        if !wanted.coverage {
            (self.paragraphs, self.attachments) = (Vec::new(), Vec::new());
        }
        self
    }
}

/// What of one document's mentions is kept in a file by itself, with the document.
#[derive(Clone, Copy, Serialize)]
pub(super) struct Excerpt<'d> {
    pub(super) source: &'d Source,
    pub(super) parties: &'d [PartyMention],
    pub(super) agreements: &'d [AgreementMention],
    pub(super) steps: &'d [StepMention],
    pub(super) people: &'d [PersonMention],
}

impl<'d> Excerpt<'d> {
    /// Nothing of a document but what it is.
    pub(super) fn of(doc: &'d DocumentMentions) -> Self {
        Excerpt { source: &doc.source, parties: &[], agreements: &[], steps: &[], people: &[] }
    }
}

impl<'de> Deserialize<'de> for DocumentMentions {
    /// Of an `Excerpt`.
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        /// The same, with what it holds its own.
        #[derive(Deserialize)]
        struct Owned {
            source: Source,
            parties: Vec<PartyMention>,
            agreements: Vec<AgreementMention>,
            steps: Vec<StepMention>,
            people: Vec<PersonMention>,
        }
        let Owned { source, parties, agreements, steps, people } = Owned::deserialize(d)?;
        let mut document = DocumentMentions {
            source: Arc::new(source),
            parties,
            agreements,
            steps,
            people,
            paragraphs: Vec::new(),
            attachments: Vec::new(),
            textless_pages: 0,
        };
        document.settle();
        Ok(document)
    }
}

/// Decision points of one document, as they are kept in a file: with the document that proves them, if any is proved.
#[derive(Serialize)]
pub(super) struct Decided<'d>(Option<&'d Source>, &'d [DecisionMention]);

impl<'d> Decided<'d> {
    /// Those of one document.
    pub(super) fn of(decisions: &'d [DecisionMention]) -> Self {
        Decided(decisions.iter().flat_map(|d| &d.mentions).next().map(|p| &*p.source), decisions)
    }

    /// Read again.
    pub(super) fn read((source, mut decisions): (Option<Source>, Vec<DecisionMention>)) -> Vec<DecisionMention> {
        if let Some(source) = source.map(Arc::new) {
            decisions.settle(&source);
        }
        decisions
    }
}

/// The numbers of the paragraphs (§) of minutes.
fn paragraphs(record: &Record) -> Vec<u32> {
    let number = |i: &Item| {
        let digits: String =
            i.number.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        digits.parse().ok().filter(|_| i.number.contains('§'))
    };
    record.items.iter().filter_map(number).collect()
}

/// Most bytes between a heading and the text under it.
const HEADING_GAP: usize = 8;

/// Longest sentence that is quoted whole, in bytes.
const LONGEST: usize = 600;

/// The sentence around a proof.
struct Sentence<'r> {
    /// Its first byte in the document.
    start: u32,
    text: &'r str,
    /// What stands before the proof in it.
    before: &'r str,
    /// The line before it that announces a list, else the heading.
    over: Option<&'r str>,
}

impl<'r> Sentence<'r> {
    /// That of a text which begins at byte `start` of the document; none if the proof does not stand there.
    fn around(text: &'r str, start: u32, e: &Evidence, heading: Option<&'r str>) -> Option<Self> {
        let at = usize::try_from(e.start.checked_sub(start)?).ok()?;
        let end = at.checked_add(e.quote.len())?;
        if text.get(at..end)? != e.quote {
            return None;
        }
        let before = text.get(..at)?;
        let line = before.rfind('\n').map_or(0, |i| i + 1);
        let from = before.get(line..)?.rfind(". ").map_or(line, |i| line + i + 2);
        let after = text.get(end..)?;
        let stop = [after.find(". ").map(|i| i + 1), after.find('\n')].into_iter().flatten().min();
        let to = end + stop.unwrap_or(after.len());
        let announced = before.get(..line)?.lines().rev().map(str::trim).find(|l| {
            // Entries of the list stand between.
            !l.is_empty() && !l.starts_with(['•', '–', '-', '*', '‐', '—'])
        });
        let whole = text.get(from..to)?.trim_end();
        Some(Sentence {
            start: start.checked_add(u32::try_from(from).ok()?)?,
            text: if whole.len() <= LONGEST { whole } else { return None },
            before: text.get(from..at)?,
            over: announced.filter(|l| l.ends_with(':')).or(heading),
        })
    }
}

struct Collect<'a> {
    source: &'a Arc<Source>,
    record: &'a Record,
}

impl Collect<'_> {
    fn proofs(&self, evidence: &[Evidence], fields: &[&str]) -> Vec<Proof> {
        let mut out: Vec<Proof> = Vec::new();
        for e in evidence.iter().filter(|e| fields.contains(&e.field.as_ref())) {
            if !out.iter().any(|p| p.start == e.start && p.end == e.end) {
                out.push(Proof::of(self.source, e));
            }
        }
        out
    }

    fn parties(&self) -> Vec<PartyMention> {
        let one = |p: &crate::parse::record::Party| PartyMention {
            name: p.name.clone(),
            role: p.role,
            org_nr: p.org_nr.clone(),
            malformed: p
                .org_nr_raw
                .clone()
                .filter(|_| p.org_nr_valid == Some(false))
                .map(|raw| (raw, p.org_nr_suggestion.clone())),
            former: p.former_names.iter().map(|n| (n.clone(), self.proofs(&p.evidence, &["former_names"]))).collect(),
            aliases: p.aliases.iter().map(|n| (n.clone(), self.proofs(&p.evidence, &["aliases"]))).collect(),
            proofs: self.proofs(&p.evidence, &["name", "org_nr"]),
        };
        self.record.parties.iter().map(one).collect()
    }

    fn agreements(&self) -> Vec<AgreementMention> {
        let only = self.record.agreements.len() == 1;
        self.record.agreements.iter().map(|a| self.agreement(a, only)).collect()
    }

    fn agreement(&self, a: &Agreement, only: bool) -> AgreementMention {
        let of = |field: &str| self.proofs(&a.evidence, &[field]);
        let mut said: Vec<(Cow<'static, str>, String, Vec<Proof>)> = Vec::new();
        said.extend(a.purpose.iter().map(|p| ("purpose".into(), p.clone(), of("purpose"))));
        said.extend(a.programme.iter().map(|p| ("programme".into(), p.clone(), of("programme"))));
        said.extend(a.outcome.iter().map(|p| ("outcome".into(), p.clone(), of("outcome"))));
        said.extend(a.cofinanced.iter().map(|p| ("cofinanced".into(), p.to_string(), of("cofinanced"))));
        for (field, values) in [("target_groups", &a.target_groups), ("activities", &a.activities)] {
            let proofs = of(field);
            for value in values {
                // Each value of a list has its own quote where the quote holds it; else they share all.
                let mine: Vec<Proof> = proofs.iter().filter(|p| p.quote.contains(value.as_str())).cloned().collect();
                said.push((field.into(), value.clone(), if mine.is_empty() { proofs.clone() } else { mine }));
            }
        }
        let mut name = of("name");
        if name.is_empty() {
            name = of("parties");
        }
        AgreementMention {
            name: a.name.clone(),
            kind: a.kind.clone(),
            parties: a.parties.clone(),
            periods: a.periods.iter().map(|p| self.period(p)).collect(),
            signed: a.signed.map(|d| (d, of("signed"))),
            recommendation: a.recommendation.map(|r| (r, of("recommendation"))),
            said,
            amounts: if only { self.amounts() } else { Vec::new() },
            proofs: name,
        }
    }

    fn period(&self, p: &Period) -> PeriodMention {
        let said_by = |rule: Option<&str>| {
            let of = p.evidence.iter().filter(|e| e.field == "extension" && e.rule != NOT_EXTENDED);
            let of: Vec<Evidence> = of.filter(|e| rule.is_none_or(|r| e.rule == r)).cloned().collect();
            self.proofs(&of, &["extension"])
        };
        // What no rule of its own proves, a person's word among it, is proved by all that is said of the extension.
        let or_all = |found: Vec<Proof>| if found.is_empty() { said_by(None) } else { found };
        let declined: Vec<Evidence> = p.evidence.iter().filter(|e| e.rule == NOT_EXTENDED).cloned().collect();
        PeriodMention {
            period: Period { evidence: Vec::new(), raw: String::new(), ..p.clone() },
            proofs: self.proofs(&p.evidence, &["raw", "start", "end"]),
            may_extend: or_all(said_by(Some(MAY_EXTEND))),
            extended: or_all(said_by(Some(EXTENDED))),
            not_extended: self.proofs(&declined, &["extension"]),
        }
    }

    /// Sums in decisions, or anywhere in an agreement: those are what is paid; others may be anything.
    fn amounts(&self) -> Vec<SumMention> {
        let points: Vec<(u32, u32)> = self
            .record
            .decisions
            .iter()
            .flat_map(|d| d.evidence.iter().filter(|e| e.field == "text"))
            .map(|e| (e.start, e.end))
            .collect();
        let all = self.source.is_agreement();
        let paid = |e: &Evidence| all || points.iter().any(|p| p.0 <= e.start && e.end <= p.1);
        let amounts = self.record.amounts.iter().filter_map(|a| {
            let proofs: Vec<Evidence> = a.evidence.iter().filter(|e| e.field == "raw" && paid(e)).cloned().collect();
            let value_sek = a.value_sek.filter(|_| !proofs.is_empty())?;
            let mut sum = SumMention {
                value_sek,
                per: a.per.clone(),
                before: String::new(),
                over: None,
                proofs: self.proofs(&proofs, &["raw"]),
            };
            if let (Some(e), Some(proof)) = (proofs.first(), sum.proofs.first_mut())
                && let Some(found) = self.sentence_of(e)
            {
                proof.start = found.start;
                proof.end = found.start.saturating_add(u32::try_from(found.text.len()).unwrap_or(0));
                proof.quote = found.text.into();
                sum.before = found.before.to_string();
                sum.over = found.over.map(str::to_string);
            }
            Some(sum)
        });
        amounts.collect()
    }

    /// The sentence that a proof stands in: of a decision, or of a section. The record has no other text.
    fn sentence_of(&self, e: &Evidence) -> Option<Sentence<'_>> {
        let decisions = self.record.decisions.iter().filter_map(|d| {
            let start = d.evidence.iter().find(|e| e.field == "text")?.start;
            Sentence::around(&d.text, start, e, None)
        });
        let sections = self.record.sections.iter().filter_map(|s| {
            let heading = s.evidence.iter().find(|e| e.field == "heading")?;
            // The text of a section begins some blanks after its heading.
            let starts = (heading.end..).take(HEADING_GAP);
            starts.into_iter().find_map(|start| Sentence::around(&s.text, start, e, Some(&s.heading)))
        });
        decisions.chain(sections).next()
    }

    fn numbers(&self, dnr: &[Dnr], role: Role) -> Vec<NumberMention> {
        let one = |d: &Dnr| {
            Some(NumberMention {
                canonical: d.canonical.clone(),
                series: d.series.clone(),
                year: d.year?,
                number: d.number?,
                plan: d.plan.clone(),
                proofs: self.proofs(&d.evidence, &["canonical", "raw"]),
            })
        };
        dnr.iter().filter(|d| d.role == role).filter_map(one).collect()
    }

    fn decisions(&self, decisions: &[Decision]) -> Arc<[DecisionMention]> {
        let one = |d: &Decision| {
            let mentions = self.proofs(&d.evidence, &["text"]);
            DecisionMention {
                status: d.status,
                number: d.number.clone(),
                text: quoted(&d.text, &mentions),
                actions: d.actions.clone(),
                actor: d.actor.clone(),
                mentions,
            }
        };
        decisions.iter().map(one).collect()
    }

    /// The document as a step, then each item that has a diary number.
    fn steps(&self) -> Vec<StepMention> {
        let r = self.record;
        let whole = StepMention {
            item: None,
            title: r.title.clone(),
            own: self.numbers(&r.dnr, Role::Own),
            cited: self.numbers(&r.dnr, Role::Cited),
            decisions: self.decisions(&r.decisions),
            proofs: self.proofs(&r.evidence, &["title"]),
        };
        let item = |i: &Item| StepMention {
            item: Some(i.number.clone()),
            title: i.title.clone(),
            own: self.numbers(&i.dnr, Role::Own),
            cited: self.numbers(&i.dnr, Role::Cited),
            decisions: self.decisions(&i.decisions),
            proofs: self.proofs(&i.evidence, &["number", "title"]),
        };
        let items = r.items.iter().filter(|i| !i.dnr.is_empty()).map(item);
        let has_number = |s: &StepMention| !s.own.is_empty() || !s.cited.is_empty();
        std::iter::once(whole).chain(items).filter(has_number).collect()
    }

    fn attachments(&self) -> Vec<(String, Vec<Proof>)> {
        self.record.attachments.iter().map(|a| (a.title.clone(), self.proofs(&a.evidence, &["title"]))).collect()
    }
}
