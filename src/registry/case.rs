//! Makes cases of the diary numbers that documents have: what belongs to one number of one authority, in order of time.
//!
//! The key is authority, series, year and number. A number that is cited is a link to another case, never a joining: two
//! authorities with one number have two cases.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::compare::{Comparison, Words, compare};
use super::mention::{
    DecisionMention, DocumentMentions, Mentions, NumberMention, Proof, Source, StepMention, shared_list, tidy,
};
use super::name::{Lineage, slug};
use crate::base::{DocId, PartialDate};
use crate::parse::record::Status;

/// What a document is for its case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepRole {
    /// A notice or agenda.
    Agenda,
    /// A report that proposes.
    Proposal,
    /// A paragraph of minutes, or an extract.
    Minutes,
    /// A decision on delegation.
    Delegation,
    /// An agreement.
    Agreement,
    /// A follow-up or final report.
    FollowUp,
    /// Another document.
    Other,
}

impl StepRole {
    fn of(source: &Source, step: &StepMention) -> Self {
        let reports = source.genres.iter().any(|g| g == "uppfoljning" || g == "slutrapport");
        match source.kind.as_str() {
            "kallelse" => StepRole::Agenda,
            "protokoll" | "protokollsutdrag" => StepRole::Minutes,
            "delegationsbeslut" => StepRole::Delegation,
            _ if source.is_agreement() => StepRole::Agreement,
            "uppfoljning" | "slutrapport" => StepRole::FollowUp,
            _ if reports => StepRole::FollowUp,
            _ if step.decisions.iter().any(|d| d.status == Status::Proposed) => StepRole::Proposal,
            _ => StepRole::Other,
        }
    }

    /// For people.
    pub fn label(self) -> &'static str {
        match self {
            StepRole::Agenda => "on the agenda",
            StepRole::Proposal => "proposal",
            StepRole::Minutes => "minutes",
            StepRole::Delegation => "decided on delegation",
            StepRole::Agreement => "agreement",
            StepRole::FollowUp => "follow-up",
            StepRole::Other => "document",
        }
    }
}

/// One document, or one item of it, in a case.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// What it is for the case.
    pub role: StepRole,
    /// Id of the document.
    pub document: String,
    /// Path of its file.
    pub path: String,
    /// Kind of the document.
    pub kind: String,
    /// The day: of minutes the meeting's, else the document's.
    pub date: Option<PartialDate>,
    /// The meeting it is for or of.
    pub meeting_date: Option<PartialDate>,
    /// Number of the item.
    pub item: Option<String>,
    /// Title of the item, or of the document.
    pub title: Option<String>,
    /// Decision points: proposed, moved, decided.
    #[serde(serialize_with = "shared_list::serialize")]
    pub decisions: Arc<[DecisionMention]>,
    /// Where number and title stand.
    pub mentions: Vec<Proof>,
}

/// How a proposal came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Something was granted, approved, awarded, agreed to.
    Granted,
    /// It was refused.
    Refused,
    /// It was sent back to the office.
    SentBack,
    /// It was put off.
    PutOff,
    /// Something else was decided.
    Other,
}

impl Fate {
    /// For people.
    pub fn label(self) -> &'static str {
        match self {
            Fate::Granted => "granted",
            Fate::Refused => "refused",
            Fate::SentBack => "sent back",
            Fate::PutOff => "put off",
            Fate::Other => "decided otherwise",
        }
    }
}

/// What was decided on a proposal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// How it came out.
    pub fate: Fate,
    /// The day.
    pub date: Option<PartialDate>,
    /// Id of the minutes.
    pub document: String,
    /// Path of their file.
    pub path: String,
    /// Number of the item.
    pub item: Option<String>,
    /// The points decided.
    pub decisions: Vec<DecisionMention>,
}

impl Outcome {
    pub(super) fn of(step: &Step) -> Option<Self> {
        let decisions: Vec<DecisionMention> =
            step.decisions.iter().filter(|d| d.status == Status::Decided).cloned().collect();
        let has = |wanted: &[&str]| decisions.iter().flat_map(|d| &d.actions).any(|a| wanted.contains(&a.as_str()));
        let fate = match () {
            () if decisions.is_empty() => return None,
            () if has(&["refer_back"]) => Fate::SentBack,
            () if has(&[
                "sign_agreement",
                "grant",
                "award",
                "approve",
                "approve_and_file",
                "adopt",
                "extend",
                "renegotiate",
            ]) =>
            {
                Fate::Granted
            }
            () if has(&["reject"]) => Fate::Refused,
            () if has(&["table", "adjourn"]) => Fate::PutOff,
            () => Fate::Other,
        };
        let (document, path) = (step.document.clone(), step.path.clone());
        Some(Outcome { fate, date: step.date, document, path, item: step.item.clone(), decisions })
    }

    /// True if it was refused.
    pub fn refuses(&self) -> bool {
        self.fate == Fate::Refused
    }

    /// True if it was sent back or put off.
    pub fn sends_back(&self) -> bool {
        matches!(self.fate, Fate::SentBack | Fate::PutOff)
    }

    /// True if it was granted.
    pub fn grants(&self) -> bool {
        self.fate == Fate::Granted
    }
}

/// A case that is cited, or cites.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CaseLink {
    /// The number as cited.
    pub dnr: String,
    /// Id of the case in this register; none if no document here has the number as its own, or several cases have it.
    pub case: Option<String>,
    /// Where it is cited.
    pub mentions: Vec<Proof>,
}

/// One case over all documents.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Case {
    /// Authority, series, year and number: `sthlm-jarva/JÄRVA-2024-211`.
    pub id: String,
    /// The number with its series, if any document gives it.
    pub dnr: String,
    /// Name of the authority.
    pub authority: Option<String>,
    /// Its district.
    pub district: Option<String>,
    /// Letters of the series.
    pub series: Option<String>,
    /// Year of the number.
    pub year: i16,
    /// Running number.
    pub number: u32,
    /// Codes of the diary plan.
    pub plans: Vec<String>,
    /// Title of its first proposal, else of its first document.
    pub title: Option<String>,
    /// Its documents in order of time.
    pub steps: Vec<Step>,
    /// Each decision beside the proposal it was made on.
    pub comparisons: Vec<Comparison>,
    /// Cases it cites.
    pub cites: Vec<CaseLink>,
    /// Cases that cite it.
    pub cited_by: Vec<CaseLink>,
    /// Date of its first document.
    pub first_seen: Option<PartialDate>,
    /// Date of its last.
    pub last_seen: Option<PartialDate>,
    /// How many documents it has.
    pub documents: usize,
}

impl Case {
    /// What was decided on a proposal: at the meeting it is for; where it names none, at the first after it.
    pub fn outcome_of(&self, proposal: &Source) -> Option<Outcome> {
        if proposal.is_minutes() || proposal.is_agreement() {
            return None;
        }
        let minutes = || self.steps.iter().filter(|s| s.role == StepRole::Minutes);
        match (proposal.meeting_date, proposal.date) {
            (Some(day), _) => minutes().filter(|s| s.meeting_date == Some(day)).find_map(Outcome::of),
            (None, Some(day)) => minutes().filter(|s| s.date.is_some_and(|d| d >= day)).find_map(Outcome::of),
            (None, None) => None,
        }
    }
}

/// The register of cases.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cases {
    /// By authority, year, number.
    pub entries: Vec<Case>,
    of: HashMap<DocId, Vec<usize>>,
    by_id: HashMap<String, usize>,
}

/// What tells cases apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Key {
    authority: String,
    year: i16,
    number: u32,
    series: Option<String>,
}

/// Year and running number: only cases that have them in common have to do with each other.
pub(super) type Number = (i16, u32);

impl Key {
    /// Year and running number.
    pub(super) fn number(&self) -> Number {
        (self.year, self.number)
    }
}

/// What stands for the body in the id of a case without one.
const NO_AUTHORITY: &str = "okand";

/// A step before it is told which case it belongs to.
pub(super) struct Met<'m> {
    pub(super) doc: &'m DocumentMentions,
    pub(super) step: &'m StepMention,
    pub(super) number: &'m NumberMention,
}

impl Cases {
    /// The case with this id.
    pub fn with_id(&self, id: &str) -> Option<&Case> {
        self.entries.get(*self.by_id.get(id)?)
    }

    /// The cases that a document belongs to as a whole.
    pub fn whole<'s>(&'s self, id: &DocId) -> impl Iterator<Item = &'s Case> {
        self.of.get(id).into_iter().flatten().filter_map(|i| self.entries.get(*i))
    }

    /// Those that an id leads to: the one that bears it, else those that may have borne it when neither their body nor their series was
    /// known, or only another spelling of it.
    pub fn led_to_by(&self, id: &str) -> Vec<&Case> {
        if let Some(bears) = self.with_id(id) {
            return vec![bears];
        }
        let Some((authority, dnr)) = id.split_once('/') else { return Vec::new() };
        let mut parts = dnr.rsplitn(3, '-');
        let mut part = || parts.next();
        let (Some(number), Some(year), series) = (part(), part(), part()) else { return Vec::new() };
        let (Ok(number), Ok(year)) = (number.parse::<u32>(), year.parse::<i16>()) else { return Vec::new() };
        let is = |c: &&Case| {
            (c.year, c.number) == (year, number)
                && (authority == NO_AUTHORITY || c.id.split_once('/').is_some_and(|(a, _)| a == authority))
                && series.is_none_or(|s| series_key(Some(s)) == series_key(c.series.as_deref()))
        };
        self.entries.iter().filter(is).collect()
    }

    /// The cases that an id or diary number leads to.
    pub fn find(&self, typed: &str) -> Vec<&Case> {
        let led = self.led_to_by(typed);
        if !led.is_empty() {
            return led;
        }
        let wanted = slug(typed);
        let is = |c: &&Case| {
            let bare = format!("{} {}", c.year, c.number);
            let authority = c.id.split('/').next().unwrap_or_default();
            c.id == typed
                || slug(&c.id) == wanted
                || slug(&c.dnr) == wanted
                || slug(&bare) == wanted
                || slug(&format!("{authority} {bare}")) == wanted
        };
        self.entries.iter().filter(is).collect()
    }
}

fn series_key(series: Option<&str>) -> Option<String> {
    series.map(slug).filter(|s| !s.is_empty())
}

/// Makes the register.
pub(super) fn resolve(mentions: &Mentions, words: &Words, lineage: &Lineage) -> Cases {
    let groups = grouped(mentions.documents());
    let mut entries = Vec::new();
    let mut of: HashMap<DocId, Vec<usize>> = HashMap::new();
    for (k, met) in &groups {
        for doc in whole(met) {
            of.entry(doc.source.id.clone()).or_default().push(entries.len());
        }
        entries.push(case(k, met, words));
    }
    link(&mut entries, &groups, lineage);
    let by_id = entries.iter().enumerate().map(|(i, c)| (c.id.clone(), i)).collect();
    Cases { entries, of, by_id }
}

/// What belongs to each case. The result for a year and running number depends on the steps with them alone.
pub(super) fn grouped<'m>(documents: impl Iterator<Item = &'m DocumentMentions>) -> BTreeMap<Key, Vec<Met<'m>>> {
    let mut met: Vec<(Key, Met)> = Vec::new();
    for doc in documents {
        for step in &doc.steps {
            for number in &step.own {
                met.push((key(doc, number), Met { doc, step, number }));
            }
        }
    }
    let mut known: BTreeMap<(String, i16, u32), BTreeSet<String>> = BTreeMap::new();
    let mut authorities: BTreeMap<(String, i16, u32), BTreeSet<String>> = BTreeMap::new();
    for (k, _) in &met {
        let Some(series) = &k.series else { continue };
        known.entry((k.authority.clone(), k.year, k.number)).or_default().insert(series.clone());
        if !k.authority.is_empty() {
            authorities.entry((series.clone(), k.year, k.number)).or_default().insert(k.authority.clone());
        }
    }
    let mut groups: BTreeMap<Key, Vec<Met>> = BTreeMap::new();
    for (mut k, m) in met {
        // A document without an authority belongs to the only one that has the number.
        if let (true, Some(series)) = (k.authority.is_empty(), &k.series) {
            let of = authorities.get(&(series.clone(), k.year, k.number)).filter(|a| a.len() == 1);
            k.authority = of.and_then(|a| a.first()).cloned().unwrap_or_default();
        }
        // A number without a series is that of the only series with it.
        if k.series.is_none() {
            let of = known.get(&(k.authority.clone(), k.year, k.number)).filter(|s| s.len() == 1);
            k.series = of.and_then(|s| s.first()).cloned();
        }
        groups.entry(k).or_default().push(m);
    }
    groups
}

/// The documents that belong to a case as a whole, each once.
pub(super) fn whole<'m>(met: &[Met<'m>]) -> Vec<&'m DocumentMentions> {
    let mut seen: BTreeSet<&DocId> = BTreeSet::new();
    let whole = met.iter().filter(|m| m.step.item.is_none()).map(|m| m.doc);
    whole.filter(|d| seen.insert(&d.source.id)).collect()
}

fn key(doc: &DocumentMentions, number: &NumberMention) -> Key {
    let source = &doc.source;
    let authority = source.districts.first().cloned().or_else(|| source.authority.as_deref().map(slug));
    Key {
        authority: authority.unwrap_or_default(),
        year: number.year,
        number: number.number,
        series: series_key(number.series.as_deref()),
    }
}

fn step(m: &Met) -> Step {
    let source = &m.doc.source;
    let role = StepRole::of(source, m.step);
    let date = match role {
        StepRole::Minutes => source.meeting_date.or(source.date),
        _ => source.when(),
    };
    let mut mentions = m.step.proofs.clone();
    mentions.extend(m.number.proofs.iter().cloned());
    tidy(&mut mentions);
    Step {
        role,
        document: source.id.to_string(),
        path: source.path.clone(),
        kind: source.kind.clone(),
        date,
        meeting_date: source.meeting_date,
        item: m.step.item.clone(),
        title: m.step.title.clone().or_else(|| source.title.clone()),
        decisions: Arc::clone(&m.step.decisions),
        mentions,
    }
}

/// A case of what belongs to it, not yet tied to others.
pub(super) fn case(k: &Key, met: &[Met], words: &Words) -> Case {
    // An extract has the number twice: in its head and at its item. The item says more.
    let in_items: BTreeSet<&DocId> = met.iter().filter(|m| m.step.item.is_some()).map(|m| &m.doc.source.id).collect();
    let counts = |m: &&Met| m.step.item.is_some() || !in_items.contains(&m.doc.source.id);
    let mut steps: Vec<Step> = met.iter().filter(counts).map(step).collect();
    steps.sort_by(|a, b| {
        let order = |s: &Step| (s.date.map(PartialDate::first), s.role);
        order(a).cmp(&order(b)).then_with(|| (&a.path, &a.item, &a.document).cmp(&(&b.path, &b.item, &b.document)))
    });
    steps.dedup_by(|a, b| a.document == b.document && a.item == b.item && a.item.is_some());
    let first = met.iter().map(|m| &m.doc.source).filter(|s| s.authority.is_some()).min_by_key(|s| (s.when(), &s.id));
    let series = met.iter().filter_map(|m| m.number.series.as_deref()).min();
    let dnr = match series {
        Some(series) => format!("{series} {}/{}", k.year, k.number),
        None => format!("{}/{}", k.year, k.number),
    };
    let in_id = dnr.replace([' ', '/'], "-");
    let authority = if k.authority.is_empty() { NO_AUTHORITY } else { &k.authority };
    let plans: BTreeSet<&String> = met.iter().filter_map(|m| m.number.plan.as_ref()).collect();
    let titled = |s: &&Step| s.title.is_some();
    let title = steps.iter().find(|s| s.role == StepRole::Proposal && s.title.is_some()).or(steps.iter().find(titled));
    let documents: BTreeSet<&DocId> = met.iter().map(|m| &m.doc.source.id).collect();
    Case {
        id: format!("{authority}/{in_id}"),
        authority: first.and_then(|s| s.authority.clone()),
        district: first.and_then(|s| s.districts.first().cloned()),
        series: series.map(str::to_string),
        year: k.year,
        number: k.number,
        plans: plans.into_iter().cloned().collect(),
        title: title.and_then(|s| s.title.clone()),
        comparisons: compare(&steps, words),
        cites: Vec::new(),
        cited_by: Vec::new(),
        first_seen: steps.iter().filter_map(|s| s.date).min(),
        last_seen: steps.iter().filter_map(|s| s.date).max(),
        documents: documents.len(),
        dnr,
        steps,
    }
}

/// A number that a case cites, with what tells which case is meant.
#[derive(Clone, Debug)]
pub(super) struct Citation {
    /// As cited.
    pub(super) dnr: String,
    /// Year and running number.
    pub(super) number: Number,
    /// The series it is cited with.
    pub(super) series: Option<String>,
    /// Predecessors that the citing document names as such.
    pub(super) former_districts: Vec<String>,
    /// Where it is cited.
    pub(super) mentions: Vec<Proof>,
}

/// The numbers that a case cites, in order.
pub(super) fn citations(met: &[Met]) -> Vec<Citation> {
    let mut cited: BTreeMap<&str, Citation> = BTreeMap::new();
    for (m, number) in met.iter().flat_map(|m| m.step.cited.iter().map(move |n| (m, n))) {
        let citation = cited.entry(&number.canonical).or_insert_with(|| Citation {
            dnr: number.canonical.clone(),
            number: (number.year, number.number),
            series: series_key(number.series.as_deref()),
            former_districts: m.doc.source.former_districts.clone(),
            mentions: Vec::new(),
        });
        citation.mentions.extend(number.proofs.iter().cloned());
    }
    let mut all: Vec<Citation> = cited.into_values().collect();
    all.iter_mut().for_each(|c| tidy(&mut c.mentions));
    all
}

/// Ties cases to those they cite.
fn link(entries: &mut [Case], groups: &BTreeMap<Key, Vec<Met>>, lineage: &Lineage) {
    let mut by_number: BTreeMap<Number, Vec<(&Key, usize)>> = BTreeMap::new();
    for (i, k) in groups.keys().enumerate() {
        by_number.entry(k.number()).or_default().push((k, i));
    }
    let ids: Vec<(String, String)> = entries.iter().map(|c| (c.id.clone(), c.dnr.clone())).collect();
    for (from, (own, met)) in groups.iter().enumerate() {
        for citation in citations(met) {
            let all = by_number.get(&citation.number).map(Vec::as_slice).unwrap_or_default();
            let to = target(&citation, own, all, lineage).copied().filter(|to| *to != from);
            let case = to.and_then(|to| ids.get(to)).map(|(id, _)| id.clone());
            let Citation { dnr, mentions, .. } = citation;
            if let (Some(to), Some((id, own))) = (to.and_then(|to| entries.get_mut(to)), ids.get(from)) {
                to.cited_by.push(CaseLink { dnr: own.clone(), case: Some(id.clone()), mentions: mentions.clone() });
            }
            if let Some(from) = entries.get_mut(from) {
                from.cites.push(CaseLink { dnr, case, mentions });
            }
        }
    }
}

/// The case that a cited number means, of `all` with its year and running number: with a series the only one with it; without,
/// the citing authority's or a predecessor's own.
pub(super) fn target<'a, T>(citation: &Citation, own: &Key, all: &'a [(&Key, T)], lineage: &Lineage) -> Option<&'a T> {
    let near = |k: &Key| {
        lineage.now(&k.authority) == lineage.now(&own.authority) || citation.former_districts.contains(&k.authority)
    };
    let fits = |k: &Key| citation.series.as_ref().map_or_else(|| near(k), |s| k.series.as_ref() == Some(s));
    let mut fits = all.iter().filter(|(k, _)| fits(k)).map(|(_, case)| case);
    let one = fits.next();
    one.filter(|_| fits.next().is_none())
}
