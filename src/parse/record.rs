//! Defines `Record`: what a document says, in the shape of the public record (schema `diarium/record/1`), each value with its evidence.
//!
//! These types are the one definition of that shape: they are what the catalog stores and what `export::wire` writes,
//! with `source` added. A change to a name here is a new schema version.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::base::PartialDate;
use crate::base::date::Precision;
use crate::ingest::document::Place;

type Text = Cow<'static, str>;

/// The proof of one value: where it stands and which rule read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Which value of the object it proves, e.g. `date`.
    pub field: Text,
    /// First byte in the document's text.
    pub start: u32,
    /// First byte after it.
    pub end: u32,
    /// The text of `start..end`, verbatim.
    pub quote: String,
    /// Pages and boxes.
    pub places: Vec<Place>,
    /// The rule that read it, e.g. `letterhead.date`.
    pub rule: Text,
    /// How sure the rule is, 0 to 1.
    pub confidence: f32,
}

/// A diary number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dnr {
    /// `SERIES YEAR/NUMBER`, or `YEAR/NUMBER` without a series.
    pub canonical: String,
    /// As printed, without its label.
    pub raw: String,
    /// Letters of the series, if any.
    pub series: Option<String>,
    /// Four digits.
    pub year: Option<i16>,
    /// Running number.
    pub number: Option<u32>,
    /// Code of the diary plan, without a trailing stop.
    pub plan: Option<String>,
    /// `own` or `cited`.
    pub role: Role,
    /// Proof.
    pub evidence: Vec<Evidence>,
}

/// Whether a diary number is the document's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The document's own.
    Own,
    /// Another document's or case's.
    Cited,
}

/// The body that the document belongs to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Authority {
    /// As written, base form where known.
    pub name: String,
    /// Id of the district, if it is one.
    pub district: Option<String>,
    /// Proof.
    pub evidence: Vec<Evidence>,
}

/// A name with its proof.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Named {
    /// The name.
    pub name: String,
    /// Proof.
    pub evidence: Vec<Evidence>,
}

/// A district that the document belongs to or speaks of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DistrictMention {
    /// Id in the lexicon, e.g. `sthlm-jarva`.
    pub id: String,
    /// The district's name.
    pub name: String,
    /// `own`, `former` or `mentioned`.
    pub role: DistrictRole,
    /// Proof.
    pub evidence: Vec<Evidence>,
}

/// How a document stands to a district.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DistrictRole {
    /// The document is this district's.
    Own,
    /// A predecessor, named as such.
    Former,
    /// Named otherwise.
    Mentioned,
}

/// A handläggare.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Handlaggare {
    /// Given name first.
    pub name: String,
    /// As printed.
    pub phone: Option<String>,
    /// Only if it is this person's.
    pub email: Option<String>,
    /// Title beside the name.
    pub title: Option<String>,
    /// Proof.
    pub evidence: Vec<Evidence>,
}

/// Contact details of the sender.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// Street and number.
    pub street: Option<String>,
    /// `NNN NN`.
    pub postal_code: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// As printed.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Web address.
    pub web: Option<String>,
    /// Proof.
    pub evidence: Vec<Evidence>,
}

/// Where a decision stands on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Proposed by an officer or a lower body.
    Proposed,
    /// Moved by a member (yrkande).
    Moved,
    /// Decided.
    Decided,
    /// An opinion: tillstyrker, avstyrker.
    Opinion,
}

impl Status {
    /// All, in order.
    pub const ALL: [Status; 4] = [Status::Proposed, Status::Moved, Status::Decided, Status::Opinion];

    /// As in the record.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Proposed => "proposed",
            Status::Moved => "moved",
            Status::Decided => "decided",
            Status::Opinion => "opinion",
        }
    }
}

/// One decision point, proposed, moved or decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Where it stands.
    pub status: Status,
    /// Its number in the list, as printed without a stop.
    pub number: Option<String>,
    /// The point, verbatim but for its number.
    pub text: String,
    /// Who decides or is to decide.
    pub actor: Option<String>,
    /// Ids of actions in the lexicon, in order of the text.
    pub actions: Vec<String>,
    /// Who is given the task.
    pub assignee: Option<String>,
    /// Id of the section it stands in.
    pub section: Option<String>,
    /// Proof.
    pub evidence: Vec<Evidence>,
}

impl Decision {
    /// Rule of the evidence for a body that proposes a decision to the one that is to make it. A proposal to another body has
    /// two actors: `actor` is who is to decide, who proposes is told by evidence for `actor` with this rule.
    pub const PROPOSER: &str = "decision.proposer";

    /// The bodies that propose the decision to its actor.
    pub fn proposers(&self) -> impl Iterator<Item = &str> {
        self.evidence.iter().filter(|e| e.rule == Self::PROPOSER).map(|e| e.quote.as_str())
    }
}

/// What a party is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PartyRole {
    /// A public body.
    Public,
    /// An association or foundation.
    Civil,
    /// A company.
    Company,
    /// A parish or faith community.
    Parish,
    /// Something else.
    Other,
}

/// A party of an agreement or case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Party {
    /// Its name.
    pub name: String,
    /// What it is.
    pub role: PartyRole,
    /// `NNNNNN-NNNN`, only if it stands so and passes the checks.
    pub org_nr: Option<String>,
    /// As printed.
    pub org_nr_raw: Option<String>,
    /// Whether the printed number passes the checks; none without a number.
    pub org_nr_valid: Option<bool>,
    /// The only number one digit away that passes, for a printed one that does not.
    pub org_nr_suggestion: Option<String>,
    /// Former names given in the text.
    pub former_names: Vec<String>,
    /// Other names used in the text.
    pub aliases: Vec<String>,
    /// Proof.
    pub evidence: Vec<Evidence>,
}

/// How exactly the ends of a period are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodPrecision {
    /// Of the start.
    pub start: Option<Precision>,
    /// Of the end.
    pub end: Option<Precision>,
}

/// An extension of a period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Extension {
    /// Length, in units.
    pub count: Option<u32>,
    /// `day`, `month` or `year`.
    pub unit: Option<String>,
    /// How many times at most.
    pub times: Option<u32>,
    /// Last possible end.
    pub max_end: Option<PartialDate>,
    /// Whether it was used.
    pub exercised: bool,
    /// The end after it was used.
    pub new_end: Option<PartialDate>,
}

/// A period, bounds inclusive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Period {
    /// First day.
    pub start: Option<PartialDate>,
    /// Last day.
    pub end: Option<PartialDate>,
    /// How exactly they are known.
    pub precision: PeriodPrecision,
    /// Until further notice.
    pub open_ended: bool,
    /// Extension, possible or used.
    pub extension: Option<Extension>,
    /// As printed.
    pub raw: String,
    /// Proof.
    pub evidence: Vec<Evidence>,
}

/// What is proposed to become of an agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Recommendation {
    /// Negotiate anew.
    Renegotiate,
    /// Let it end.
    Terminate,
    /// Extend it.
    Extend,
}

/// An agreement the document is, reports on or mentions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// By what it is known: usually the civil partner's name.
    pub name: String,
    /// `IOP`, `avtal` …
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Names as in `parties`.
    pub parties: Vec<String>,
    /// Its periods, in order of time.
    pub periods: Vec<Period>,
    /// Date of signing.
    pub signed: Option<PartialDate>,
    /// Its purpose.
    pub purpose: Option<String>,
    /// Whom it is for.
    pub target_groups: Vec<String>,
    /// What is done.
    pub activities: Vec<String>,
    /// Whether both sides pay.
    pub cofinanced: Option<bool>,
    /// Whether a challenge of society is stated.
    pub challenge_stated: Option<bool>,
    /// Programme it serves.
    pub programme: Option<String>,
    /// What came of it.
    pub outcome: Option<String>,
    /// What is proposed.
    pub recommendation: Option<Recommendation>,
    /// Proof.
    pub evidence: Vec<Evidence>,
}

/// A section: a heading and what stands under it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// Id of the heading in the lexicon; none for a heading it does not know.
    pub id: Option<String>,
    /// As printed.
    pub heading: String,
    /// 1 for the outermost.
    pub level: u8,
    /// The text below the heading, without sections below it.
    pub text: String,
    /// Page of the heading.
    pub first_page: u32,
    /// Last page of the text.
    pub last_page: u32,
    /// Proof.
    pub evidence: Vec<Evidence>,
}

/// A meeting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Meeting {
    /// The body that meets.
    pub body: Option<String>,
    /// The day.
    pub date: Option<PartialDate>,
    /// Where.
    pub place: Option<String>,
    /// Time of day, `HH:MM`.
    pub starts: Option<String>,
    /// Time of day, `HH:MM`.
    pub ends: Option<String>,
    /// Who was there.
    pub present: Vec<Present>,
    /// Who adjusts the minutes.
    pub adjusters: Vec<String>,
    /// Proof.
    pub evidence: Vec<Evidence>,
}

/// Somebody present at a meeting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Present {
    /// Name.
    pub name: String,
    /// Role, e.g. `ordförande`.
    pub role: Option<String>,
    /// Letters of the party.
    pub political_party: Option<String>,
    /// For whom a substitute serves.
    pub substitute_for: Option<String>,
    /// Paragraphs, where limited.
    pub items: Option<String>,
}

/// A member with a party.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// Name.
    pub name: String,
    /// Letters of the party.
    pub political_party: Option<String>,
}

/// How one member voted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemberVote {
    /// Name.
    pub name: String,
    /// Letters of the party.
    pub political_party: Option<String>,
    /// `yes`, `no`, `abstain` or `absent`.
    pub vote: String,
}

/// A vote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Vote {
    /// Ja.
    pub yes: Option<u32>,
    /// Nej.
    pub no: Option<u32>,
    /// Avstår.
    pub abstain: Option<u32>,
    /// Frånvarande.
    pub absent: Option<u32>,
    /// What was voted on.
    pub question: Option<String>,
    /// Name by name, where printed.
    pub by_member: Vec<MemberVote>,
}

/// A reservation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reservation {
    /// Who.
    pub by: Vec<Member>,
    /// What.
    pub text: Option<String>,
}

/// A särskilt uttalande, ersättaryttrande or protokollsanteckning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// Which of them.
    pub kind: String,
    /// Who.
    pub by: Vec<Member>,
    /// What.
    pub text: Option<String>,
}

/// One item (§) of minutes or an agenda.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// `§ 12`.
    pub number: String,
    /// Title.
    pub title: Option<String>,
    /// Diary numbers of the item.
    pub dnr: Vec<Dnr>,
    /// Officers of the item.
    pub handlaggare: Vec<Handlaggare>,
    /// Decisions, proposals and motions of the item.
    pub decisions: Vec<Decision>,
    /// Votes.
    pub votes: Vec<Vote>,
    /// How the question was put.
    pub proposition_order: Option<String>,
    /// Reservations.
    pub reservations: Vec<Reservation>,
    /// Statements.
    pub statements: Vec<Statement>,
    /// Who left for jäv.
    pub jav: Vec<Member>,
    /// Whether it was adjusted at once.
    pub adjusted_immediately: bool,
    /// Whether it is secret.
    pub confidential: bool,
    /// Proof.
    pub evidence: Vec<Evidence>,
}

/// Somebody who signed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signatory {
    /// Name.
    pub name: String,
    /// Title.
    pub title: Option<String>,
    /// Unit or organisation.
    pub unit: Option<String>,
    /// Proof.
    pub evidence: Vec<Evidence>,
}

/// A digital approval ("Attesterat av").
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attestation {
    /// Name.
    pub name: String,
    /// Title.
    pub title: Option<String>,
    /// The day.
    pub date: Option<PartialDate>,
    /// Proof.
    pub evidence: Vec<Evidence>,
}

/// An attachment named in the document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its title, without number.
    pub title: String,
    /// Proof.
    pub evidence: Vec<Evidence>,
}

/// A reference to a law, programme, guideline, report, budget or motion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// Which of them.
    pub kind: String,
    /// As printed.
    pub text: String,
    /// In a form that compares.
    pub canonical: Option<String>,
    /// Proof.
    pub evidence: Vec<Evidence>,
}

/// A sum of money.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Amount {
    /// In kronor.
    pub value_sek: Option<f64>,
    /// As printed.
    pub raw: String,
    /// Per what, e.g. `year`.
    pub per: Option<String>,
    /// Proof.
    pub evidence: Vec<Evidence>,
}

/// A counted quantity that is not money.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    /// The number, or the lower one of a range.
    pub value: f64,
    /// The upper one of a range.
    pub upper: Option<f64>,
    /// Of what.
    pub unit: String,
    /// As printed.
    pub raw: String,
    /// Proof.
    pub evidence: Vec<Evidence>,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Its caption.
    pub caption: Option<String>,
    /// Header cells.
    pub header: Vec<String>,
    /// Rows of cells.
    pub rows: Vec<Vec<String>>,
    /// Proof.
    pub evidence: Vec<Evidence>,
}

/// An oddity, for the reader of the record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Warning {
    /// Stable name, e.g. `org_nr_malformed`.
    pub code: Text,
    /// One sentence.
    pub message: String,
    /// Proof.
    pub evidence: Vec<Evidence>,
}

/// Which versions made a record; when one changes, the record is made again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeWith {
    /// `ingest::VERSION`.
    pub extractor: String,
    /// `parse::VERSION`.
    pub parser: String,
    /// Hash of the vocabulary.
    pub lexicon: String,
    /// Hash of the corrections file; none without one.
    pub corrections: Option<String>,
}

/// What one document says. An empty list or `None` means looked for and not found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Form of the document, an id of the lexicon; `okand` when nothing speaks for one.
    pub kind: String,
    /// What it is about or how it is routed.
    pub genres: Vec<String>,
    /// Title, its lines joined.
    pub title: Option<String>,
    /// Second line of the title, if it stands apart.
    pub subtitle: Option<String>,
    /// `sv`.
    pub language: Option<String>,
    /// Diary numbers, own first.
    pub dnr: Vec<Dnr>,
    /// The document's date.
    pub date: Option<PartialDate>,
    /// Date of the meeting it is for or of.
    pub meeting_date: Option<PartialDate>,
    /// Of date, else meeting date, else attested, else in the title.
    pub year: Option<i16>,
    /// The body it belongs to.
    pub authority: Option<Authority>,
    /// The office.
    pub administration: Option<Named>,
    /// Its department.
    pub department: Option<Named>,
    /// To whom.
    pub recipient: Option<Named>,
    /// Districts.
    pub districts: Vec<DistrictMention>,
    /// Officers in charge.
    pub handlaggare: Vec<Handlaggare>,
    /// Authors of presentations and reports.
    pub authors: Vec<Named>,
    /// Contact details.
    pub contact: Option<Contact>,
    /// Decisions outside items.
    pub decisions: Vec<Decision>,
    /// Parties.
    pub parties: Vec<Party>,
    /// Periods that belong to no agreement.
    pub periods: Vec<Period>,
    /// Agreements.
    pub agreements: Vec<Agreement>,
    /// Sections in order.
    pub sections: Vec<Section>,
    /// The meeting.
    pub meeting: Option<Meeting>,
    /// Items of minutes or an agenda.
    pub items: Vec<Item>,
    /// Signatures.
    pub signatories: Vec<Signatory>,
    /// Digital approvals.
    pub attestations: Vec<Attestation>,
    /// Attachments.
    pub attachments: Vec<Attachment>,
    /// References.
    pub references: Vec<Reference>,
    /// Sums of money.
    pub amounts: Vec<Amount>,
    /// Quantities.
    pub quantities: Vec<Quantity>,
    /// Tables.
    pub tables: Vec<Table>,
    /// Oddities.
    pub warnings: Vec<Warning>,
    /// Proof of the record's own values: title, subtitle, kind, genres, date, meeting_date, year.
    pub evidence: Vec<Evidence>,
}

impl Record {
    /// Code of the warning that fields were held back, since the text they would be read from cannot be relied on.
    pub const HELD_BACK: &str = "fields_held_back";

    /// The keys that are absent from a record that was held back: all that are read from the text. `kind` is `okand`.
    pub fn holdable() -> Vec<String> {
        let there = |key: &String| matches!(key.as_str(), "kind" | "warnings" | "evidence");
        match serde_json::to_value(Record::default()) {
            Ok(serde_json::Value::Object(all)) => all.into_iter().map(|(key, _)| key).filter(|k| !there(k)).collect(),
            _ => Vec::new(),
        }
    }

    /// True if nothing was read, since the text cannot be relied on.
    pub fn is_held_back(&self) -> bool {
        self.warnings.iter().any(|w| w.code == Self::HELD_BACK)
    }
}
