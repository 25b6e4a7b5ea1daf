//! Makes agreements of what documents say of them: one entry for each partner and district, with its chain of periods.
//!
//! Documents of a district and of those it came from speak of one chain. A period is known from an agreement itself, from a
//! decision, from a report, or is only proposed; what each document says of it stays beside it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;

use super::case::{Cases, Outcome};
use super::cluster::Clusters;
use super::mention::{AgreementMention, DocumentMentions, Mentions, PeriodMention, Proof, tidy};
use super::name::{Lineage, meets, org_key, slug, span};
use super::organisation::{Organisation, Organisations, role_name};
use super::payer::{Side, Sides};
use crate::base::PartialDate;
use crate::base::date::Precision;
use crate::lexicon::Lexicon;
use crate::parse::record::{PartyRole, PeriodPrecision, Recommendation, Status};

/// A value with the documents that say it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Said<T> {
    /// What they say.
    pub value: T,
    /// Where.
    pub mentions: Vec<Proof>,
}

/// A party under a name of the time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PartyThen {
    /// Its name in those documents.
    pub name: String,
    /// Its id in the register of organisations.
    pub organisation: Option<String>,
    /// `public`, `civil`, `company`, `parish` or `other`.
    pub role: &'static str,
    /// Date of the first document that names it so.
    pub first_seen: Option<PartialDate>,
    /// Date of the last.
    pub last_seen: Option<PartialDate>,
}

/// How surely a period was agreed, the surest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Proposed, and refused.
    Refused,
    /// Proposed, and sent back or put off; no later decision on that proposal is known.
    SentBack,
    /// Proposed; what was decided is not known.
    Proposed,
    /// A report or other document speaks of it as a fact.
    Reported,
    /// Proposed, and decided so.
    Decided,
    /// It stands in an agreement.
    Agreed,
}

impl Standing {
    /// True if it counts as having been in force.
    pub fn holds(self) -> bool {
        self >= Standing::Reported
    }

    /// For people.
    pub fn label(self) -> &'static str {
        match self {
            Standing::Refused => "proposed, refused",
            Standing::SentBack => "proposed, sent back",
            Standing::Proposed => "proposed",
            Standing::Reported => "reported",
            Standing::Decided => "decided",
            Standing::Agreed => "agreed",
        }
    }
}

/// An extension that was used, or is to be.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Exercised {
    /// The end after it.
    pub new_end: PartialDate,
    /// True if the document only proposes it.
    pub proposed: bool,
    /// Where.
    pub mentions: Vec<Proof>,
}

/// One period of an agreement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AgreedPeriod {
    /// First day.
    pub start: Option<PartialDate>,
    /// Last day, without extensions.
    pub end: Option<PartialDate>,
    /// How exactly they are known.
    pub precision: PeriodPrecision,
    /// Until further notice.
    pub open_ended: bool,
    /// How surely it was agreed.
    pub standing: Standing,
    /// Last possible end with all extensions that are allowed.
    pub may_last_until: Vec<Said<PartialDate>>,
    /// Where documents say that a possible extension is not used.
    pub not_extended: Vec<Proof>,
    /// Extensions used or proposed.
    pub extensions: Vec<Exercised>,
    /// Last day with the extensions that were used; none while it is open-ended or unknown.
    pub lasted_until: Option<PartialDate>,
    /// Ids of the districts it was made with, each as it was at some day of the period.
    pub districts: Vec<String>,
    /// Where.
    pub mentions: Vec<Proof>,
}

/// The districts of a period that were there on some day of a span; all of them if none was.
fn districts_at<'p>(period: &'p AgreedPeriod, from: Date, to: Date, lex: &Lexicon) -> Vec<&'p str> {
    let there = |id: &&str| lex.district(id).is_none_or(|d| meets(span(d), (Some(from), Some(to))));
    let all = || period.districts.iter().map(String::as_str);
    let then: Vec<&str> = all().filter(there).collect();
    if then.is_empty() { all().collect() } else { then }
}

impl AgreedPeriod {
    /// The start as exactly as documents say it: `2022-08` of a school year.
    pub fn start_as_said(&self) -> Option<PartialDate> {
        self.start.map(|d| d.to(self.precision.start.unwrap_or(Precision::Day)))
    }

    /// The end, without extensions, as exactly as documents say it.
    pub fn end_as_said(&self) -> Option<PartialDate> {
        self.end.map(|d| d.to(self.precision.end.unwrap_or(Precision::Day)))
    }

    /// The last day with the extensions that were used, as exactly as documents say it.
    pub fn lasted_as_said(&self) -> Option<PartialDate> {
        if self.lasted_until == self.end { self.end_as_said() } else { self.lasted_until }
    }

    /// The first day it can mean.
    pub fn first_day(&self) -> Option<Date> {
        self.start.map(PartialDate::first)
    }

    /// The last day it can mean; none while it is open-ended or unknown.
    pub fn last_day(&self) -> Option<Date> {
        self.lasted_until.map(PartialDate::last)
    }

    /// True if it was in force on some day of a span, as far as is known: a period without an end lasts.
    pub fn in_force(&self, from: Date, to: Date) -> bool {
        self.standing.holds()
            && meets((self.first_day(), self.last_day()), (Some(from), Some(to)))
            && (self.start.is_some() || self.lasted_until.is_some())
    }
}

/// What is to be known of the chain of periods.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// `renewal`, `gap`, `overlap` or `contradiction`.
    pub code: &'static str,
    /// In a sentence.
    pub message: String,
    /// First day of the gap or overlap.
    pub from: Option<PartialDate>,
    /// Its last day.
    pub to: Option<PartialDate>,
    /// What the documents say.
    pub mentions: Vec<Proof>,
}

/// A sum.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sum {
    /// Kronor.
    pub value_sek: f64,
    /// Per what.
    pub per: Option<String>,
    /// Date of the document.
    pub date: Option<PartialDate>,
    /// `agreement`, `proposed` or `decided`, as the document that gives it.
    pub said_in: &'static str,
    /// `public` or `partner`: the side that pays it, where its sentence says so.
    pub paid_by: Option<&'static str>,
    /// Where.
    pub mentions: Vec<Proof>,
}

/// What was proposed to become of it, and what was decided then.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Advice {
    /// What the office recommended.
    pub recommendation: Option<Recommendation>,
    /// Date of the document.
    pub date: Option<PartialDate>,
    /// Where.
    pub mentions: Vec<Proof>,
    /// What was decided on it; none if no document here says.
    pub decided: Option<Outcome>,
}

/// One agreement over all documents.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Agreement {
    /// The partner's id and the district as it is now, `/` between.
    pub id: String,
    /// Ids that lead here too.
    pub other_ids: Vec<String>,
    /// By what it was last known.
    pub name: String,
    /// Names of its type as documents give them, the most common first: `IOP`, `avtal` …
    pub types: Vec<String>,
    /// Ids of the districts it was made with, as then.
    pub districts: Vec<String>,
    /// Parties under their names of the time.
    pub parties: Vec<PartyThen>,
    /// Periods in order.
    pub periods: Vec<AgreedPeriod>,
    /// Renewals, gaps, overlaps, contradictions.
    pub findings: Vec<Finding>,
    /// Days of signing.
    pub signed: Vec<Said<PartialDate>>,
    /// Purposes given.
    pub purposes: Vec<Said<String>>,
    /// Target groups.
    pub target_groups: Vec<Said<String>>,
    /// What is done.
    pub activities: Vec<Said<String>>,
    /// Programmes it serves.
    pub programmes: Vec<Said<String>>,
    /// What came of it.
    pub outcomes: Vec<Said<String>>,
    /// Whether both sides pay: `true` or `false`, as documents say.
    pub cofinanced: Vec<Said<String>>,
    /// Sums that agreements, proposals and decisions about it alone give.
    pub sums: Vec<Sum>,
    /// Recommendations and what was decided.
    pub recommendations: Vec<Advice>,
    /// Ids of its cases.
    pub cases: Vec<String>,
    /// Their diary numbers.
    pub dnrs: Vec<String>,
    /// Date of the first document that names it.
    pub first_seen: Option<PartialDate>,
    /// Date of the last.
    pub last_seen: Option<PartialDate>,
    /// How many documents name it.
    pub documents: usize,
    /// Where it is named.
    pub mentions: Vec<Proof>,
}

impl Agreement {
    /// Partner and boards of an id.
    fn of_id(id: &str) -> (&str, BTreeSet<&str>) {
        let (partner, boards) = id.rsplit_once('/').unwrap_or((id, ""));
        (partner, boards.split('+').filter(|b| !b.is_empty()).collect())
    }

    /// True if it could have been shown under this id when less was known: under another id of its partner, with fewer boards.
    fn may_have_borne(&self, id: &str) -> bool {
        let (partner, boards) = Self::of_id(id);
        let partners = || std::iter::once(&self.id).chain(&self.other_ids).map(|i| Self::of_id(i).0);
        boards.is_subset(&Self::of_id(&self.id).1) && partners().any(|p| p == partner)
    }

    /// Those that an id leads to: the one that bears it, else those that may have borne it.
    pub fn with_id<'a>(all: &'a [Agreement], id: &str) -> Vec<&'a Agreement> {
        let bears: Vec<&Agreement> = all.iter().filter(|a| a.id == id).collect();
        if bears.is_empty() { all.iter().filter(|a| a.may_have_borne(id)).collect() } else { bears }
    }

    /// True if some period was in force on some day of a span.
    pub fn in_force(&self, from: Date, to: Date) -> bool {
        self.periods.iter().any(|p| p.in_force(from, to))
    }

    /// The districts it was in force with on some day of a span, each as it was then; empty if it was not in force.
    pub fn districts_in_force(&self, from: Date, to: Date, lex: &Lexicon) -> BTreeSet<&str> {
        let held = self.periods.iter().filter(|p| p.in_force(from, to));
        held.flat_map(|p| {
            let begins = p.first_day().map_or(from, |first| first.max(from));
            let ends = p.last_day().map_or(to, |last| last.min(to));
            districts_at(p, begins, ends, lex)
        })
        .collect()
    }

    /// True if it is of one of these districts, any without; with days, if it was in force on one of them with one of these, as it was then.
    pub fn is_of(&self, districts: Option<&BTreeSet<String>>, days: Option<(Date, Date)>, lex: &Lexicon) -> bool {
        match (districts, days) {
            (None, None) => true,
            (None, Some((from, to))) => self.in_force(from, to),
            (Some(wanted), None) => self.districts.iter().any(|d| wanted.contains(d)),
            (Some(wanted), Some((from, to))) => {
                self.districts_in_force(from, to, lex).into_iter().any(|d| wanted.contains(d))
            }
        }
    }

    /// What agreements are ordered by.
    pub(super) fn order(&self) -> (String, &str) {
        (org_key(&self.name), &self.id)
    }

    /// The last day that is known of; none if some period lasts until further notice or has no known end.
    pub fn ends(&self) -> Option<Date> {
        let held: Vec<&AgreedPeriod> = self.periods.iter().filter(|p| p.standing.holds()).collect();
        if held.iter().any(|p| p.open_ended) {
            return None;
        }
        held.iter().filter_map(|p| p.last_day()).max()
    }
}

/// What else is known of a document that speaks of agreements.
#[derive(Clone, Debug, Default)]
pub(super) struct Beside {
    /// Ids of the organisations that it means by its names.
    pub(super) meant: BTreeMap<String, String>,
    /// Ids and diary numbers of its cases.
    pub(super) cases: BTreeMap<String, String>,
    /// What was decided on it.
    pub(super) outcome: Option<Outcome>,
}

impl Beside {
    fn of(doc: &DocumentMentions, organisations: &Organisations, cases: &Cases) -> Self {
        let source = &doc.source;
        let meant = |name: &String| Some((name.clone(), organisations.meant(&source.id, name)?.id.clone()));
        Beside {
            meant: doc.parties.iter().filter_map(|p| meant(&p.name)).collect(),
            cases: cases.whole(&source.id).map(|c| (c.id.clone(), c.dnr.clone())).collect(),
            outcome: cases.whole(&source.id).find_map(|c| c.outcome_of(source)),
        }
    }
}

/// A mention with what it is grouped by.
pub(super) struct Met<'m> {
    doc: &'m DocumentMentions,
    beside: &'m Beside,
    said: &'m AgreementMention,
    /// True if it is the only one of its document.
    alone: bool,
    /// Districts or bodies, as they are now.
    boards: BTreeSet<String>,
    /// Districts as then: those that it names as parties, else those of the document.
    districts: BTreeSet<&'m str>,
}

impl<'m> Met<'m> {
    /// What a document says of an agreement; `alone`: of no other.
    pub(super) fn new(
        doc: &'m DocumentMentions,
        beside: &'m Beside,
        said: &'m AgreementMention,
        alone: bool,
        lineage: &'m Lineage,
    ) -> Self {
        Met { doc, beside, said, alone, boards: boards(doc, said, lineage), districts: districts(doc, said, lineage) }
    }
}

/// Makes the register, in order of names.
pub(super) fn resolve(
    mentions: &Mentions,
    organisations: &Organisations,
    lineage: &Lineage,
    cases: &Cases,
    sides: &Sides,
) -> Vec<Agreement> {
    let known = |id: &str| organisations.with_id(id);
    let context = Context { organisation: &known, lineage, sides };
    let speaks = mentions.documents().filter(|d| !d.agreements.is_empty());
    let beside: Vec<(&DocumentMentions, Beside)> =
        speaks.map(|doc| (doc, Beside::of(doc, organisations, cases))).collect();
    let mut of: BTreeMap<String, Vec<Met>> = BTreeMap::new();
    for (doc, beside) in &beside {
        for said in &doc.agreements {
            let met = Met::new(doc, beside, said, doc.agreements.len() == 1, lineage);
            of.entry(partner(doc, said, beside)).or_default().push(met);
        }
    }
    let mut made: Vec<Agreement> =
        of.into_iter().flat_map(|(partner, met)| of_partner(&partner, &met, &context)).collect();
    made.sort_by(|a, b| a.order().cmp(&b.order()));
    made
}

/// The agreements of one partner.
pub(super) fn of_partner(partner: &str, met: &[Met], context: &Context) -> Vec<Agreement> {
    // Those that share a board are one; one that names no board joins the only one there is.
    let mut clusters = Clusters::new(met.len());
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (i, m) in met.iter().enumerate() {
        for board in &m.boards {
            clusters.join(*first.entry(board).or_insert(i), i);
        }
    }
    let with_board: BTreeSet<usize> = (0..met.len())
        .filter(|i| met.get(*i).is_some_and(|m| !m.boards.is_empty()))
        .map(|i| clusters.root(i))
        .collect();
    let homeless: Vec<usize> = (0..met.len()).filter(|i| met.get(*i).is_some_and(|m| m.boards.is_empty())).collect();
    for i in homeless {
        if let (1, Some(only)) = (with_board.len(), with_board.first()) {
            clusters.join(*only, i);
        }
    }
    let sets = clusters.sets().into_values();
    sets.map(|members| {
        let met: Vec<&Met> = members.iter().filter_map(|i| met.get(*i)).collect();
        agreement(partner, &met, context)
    })
    .collect()
}

/// Id of the organisation whose name the agreement has, or of its only partner that is no public body; else its name as an id.
pub(super) fn partner(doc: &DocumentMentions, said: &AgreementMention, beside: &Beside) -> String {
    let private: Vec<&str> = doc
        .parties
        .iter()
        .filter(|p| p.role != PartyRole::Public && said.parties.contains(&p.name))
        .map(|p| p.name.as_str())
        .collect();
    let own = private.iter().find(|n| org_key(n) == org_key(&said.name)).or(match private.as_slice() {
        [one] => Some(one),
        _ => None,
    });
    own.and_then(|n| beside.meant.get(*n)).cloned().unwrap_or_else(|| slug(&said.name))
}

/// The public side: districts as they are now, or names of other bodies; that of the document where the agreement names none.
fn boards(doc: &DocumentMentions, said: &AgreementMention, lineage: &Lineage) -> BTreeSet<String> {
    let public = doc.parties.iter().filter(|p| p.role == PartyRole::Public && said.parties.contains(&p.name));
    let named: BTreeSet<String> = public
        .map(|p| lineage.by_name(&p.name).map_or_else(|| slug(&p.name), |id| lineage.now(id).to_string()))
        .collect();
    if !named.is_empty() {
        return named;
    }
    let own: BTreeSet<String> = doc.source.districts.iter().map(|d| lineage.now(d).to_string()).collect();
    if own.is_empty() { doc.source.authority.iter().map(|a| slug(a)).collect() } else { own }
}

/// Districts of the public side as then: those of its committees that are named, else those of the document.
fn districts<'m>(doc: &'m DocumentMentions, said: &AgreementMention, lineage: &'m Lineage) -> BTreeSet<&'m str> {
    let public = doc.parties.iter().filter(|p| p.role == PartyRole::Public && said.parties.contains(&p.name));
    let named: BTreeSet<&str> = public.filter_map(|p| lineage.by_name(&p.name)).collect();
    if named.is_empty() { doc.source.districts.iter().map(String::as_str).collect() } else { named }
}

/// What agreements are made with.
pub(super) struct Context<'c> {
    /// The organisation with an id.
    pub(super) organisation: &'c dyn Fn(&str) -> Option<&'c Organisation>,
    pub(super) lineage: &'c Lineage,
    pub(super) sides: &'c Sides<'c>,
}

fn agreement(partner: &str, met: &[&Met], context: &Context) -> Agreement {
    let Context { organisation, lineage, sides } = *context;
    let mut met: Vec<&Met> = met.to_vec();
    met.sort_by_key(|m| (m.doc.source.when(), m.doc.source.path.clone(), m.doc.source.id.clone()));
    let boards: BTreeSet<&String> = met.iter().flat_map(|m| &m.boards).collect();
    let board = boards.iter().map(|b| b.as_str()).collect::<Vec<_>>().join("+");
    let organisation = organisation(partner);
    let partners = organisation.map(|o| o.other_ids.as_slice()).unwrap_or_default();
    let with_boards = |p: &str| boards.iter().map(|b| format!("{p}/{b}")).collect::<Vec<_>>();
    let id = format!("{partner}/{board}");
    let mut other_ids: BTreeSet<String> = partners.iter().flat_map(|p| with_boards(p)).collect();
    other_ids.extend(with_boards(partner));
    other_ids.remove(&id);

    let mut types: BTreeMap<&str, usize> = BTreeMap::new();
    met.iter().filter_map(|m| m.said.kind.as_deref()).for_each(|k| *types.entry(k).or_default() += 1);
    let mut types: Vec<(&str, usize)> = types.into_iter().collect();
    types.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));

    let mut districts: BTreeSet<&str> = met.iter().flat_map(|m| &m.districts).copied().collect();
    for m in &met {
        districts.extend(m.doc.source.districts.iter().chain(&m.doc.source.former_districts).map(String::as_str));
    }
    let mut periods = periods(&met);
    for p in &mut periods {
        as_then(p, &districts, lineage);
    }
    let with: BTreeSet<&str> = periods.iter().flat_map(|p| &p.districts).map(String::as_str).collect();
    let districts = if with.is_empty() { districts } else { with };
    let districts: Vec<String> = districts.into_iter().map(str::to_string).collect();
    let findings = findings(&periods);
    let said = |field: &str| {
        gather(met.iter().flat_map(|m| &m.said.said).filter(|s| s.0 == field).map(|(_, v, p)| (v.clone(), p)))
    };
    let dates = || met.iter().filter_map(|m| m.doc.source.when());
    let documents: BTreeSet<_> = met.iter().map(|m| &m.doc.source.id).collect();
    let mut mentions: Vec<Proof> = met.iter().flat_map(|m| m.said.proofs.iter().cloned()).collect();
    tidy(&mut mentions);
    let cases: BTreeMap<&String, &String> = met.iter().flat_map(|m| &m.beside.cases).collect();
    Agreement {
        id,
        other_ids: other_ids.into_iter().collect(),
        name: organisation
            .map_or_else(|| met.last().map(|m| m.said.name.clone()).unwrap_or_default(), |o| o.name.clone()),
        types: types.into_iter().map(|(t, _)| t.to_string()).collect(),
        districts,
        parties: parties(&met),
        periods,
        findings,
        signed: gather(met.iter().filter_map(|m| m.said.signed.as_ref()).map(|(d, p)| (*d, p))),
        purposes: said("purpose"),
        target_groups: said("target_groups"),
        activities: said("activities"),
        programmes: said("programme"),
        outcomes: said("outcome"),
        cofinanced: said("cofinanced"),
        sums: sums(&met, sides),
        recommendations: advice(&met),
        dnrs: cases.values().map(|dnr| (*dnr).clone()).collect(),
        cases: cases.into_keys().cloned().collect(),
        first_seen: dates().min(),
        last_seen: dates().max(),
        documents: documents.len(),
        mentions,
    }
}

/// Equal values with all who say them, in order of the first.
fn gather<'p, T: PartialEq>(values: impl Iterator<Item = (T, &'p Vec<Proof>)>) -> Vec<Said<T>> {
    let mut out: Vec<Said<T>> = Vec::new();
    for (value, proofs) in values {
        match out.iter_mut().find(|s| s.value == value) {
            Some(said) => said.mentions.extend(proofs.iter().cloned()),
            None => out.push(Said { value, mentions: proofs.clone() }),
        }
    }
    out.iter_mut().for_each(|s| tidy(&mut s.mentions));
    out
}

fn parties(met: &[&Met]) -> Vec<PartyThen> {
    let mut of: BTreeMap<&str, PartyThen> = BTreeMap::new();
    for m in met {
        for name in &m.said.parties {
            let party = m.doc.parties.iter().find(|p| p.name == *name);
            let when = m.doc.source.when();
            let then = of.entry(name).or_insert_with(|| PartyThen {
                name: name.clone(),
                organisation: m.beside.meant.get(name).cloned(),
                role: role_name(party.map_or(PartyRole::Other, |p| p.role)),
                first_seen: None,
                last_seen: None,
            });
            then.first_seen = [then.first_seen, when].into_iter().flatten().min();
            then.last_seen = [then.last_seen, when].into_iter().flatten().max();
        }
    }
    let mut all: Vec<PartyThen> = of.into_values().collect();
    all.sort_by(|a, b| (a.role == "public", a.first_seen, &a.name).cmp(&(b.role == "public", b.first_seen, &b.name)));
    all
}

/// Leaves of the districts of a period those that were there at the time. One that was not, because a later document speaks of
/// what came before it, stands for those of the chain that became it.
fn as_then(p: &mut AgreedPeriod, chain: &BTreeSet<&str>, lineage: &Lineage) {
    let days = (p.first_day(), p.last_day());
    let mut then: BTreeSet<&str> =
        p.districts.iter().map(String::as_str).filter(|d| lineage.was_there(d, days)).collect();
    let known: BTreeSet<&str> = then.iter().map(|d| lineage.now(d)).collect();
    for late in p.districts.iter().map(|d| lineage.now(d)).filter(|now| !known.contains(now)) {
        then.extend(chain.iter().filter(|d| lineage.now(d) == late && lineage.was_there(d, days)));
    }
    if !then.is_empty() {
        p.districts = then.into_iter().map(str::to_string).collect();
    }
}

fn sums(met: &[&Met], sides: &Sides) -> Vec<Sum> {
    let mut out = Vec::new();
    for m in met {
        let source = &m.doc.source;
        let said_in = match () {
            () if source.is_agreement() => "agreement",
            () if source.is_minutes() => "decided",
            () => "proposed",
        };
        let partners = || {
            let all = m.doc.parties.iter().filter(|p| p.role != PartyRole::Public);
            all.flat_map(|p| std::iter::once(&p.name).chain(p.aliases.iter().map(|(a, _)| a))).map(String::as_str)
        };
        for s in &m.said.amounts {
            let over = || s.over.as_deref().and_then(|over| sides.payer(over, partners()));
            out.push(Sum {
                value_sek: s.value_sek,
                per: s.per.clone(),
                date: source.when(),
                said_in,
                paid_by: sides
                    .payer(&s.before, partners())
                    .or_else(over)
                    .or_else(|| sides.by_nature(&s.before))
                    .map(Side::as_str),
                mentions: s.proofs.clone(),
            });
        }
    }
    out
}

fn advice(met: &[&Met]) -> Vec<Advice> {
    let with = met.iter().filter_map(|m| {
        let proposes = !m.doc.source.is_agreement() && !m.doc.source.is_minutes();
        let (recommendation, mentions) = match &m.said.recommendation {
            Some((r, proofs)) => (Some(*r), proofs.clone()),
            None => (None, m.said.proofs.clone()),
        };
        // A report of many agreements decides none of them.
        let decided = m.beside.outcome.clone().filter(|_| m.alone);
        (proposes && m.alone && (recommendation.is_some() || decided.is_some())).then(|| Advice {
            recommendation,
            date: m.doc.source.when(),
            mentions,
            decided,
        })
    });
    with.collect()
}

/// A period as one document gives it, with how it stands there.
struct Given<'m> {
    met: &'m Met<'m>,
    said: &'m PeriodMention,
    standing: Standing,
}

impl Given<'_> {
    fn is_exact(&self) -> bool {
        let p = &self.said.period.precision;
        p.start.is_none_or(|x| x == Precision::Day) && p.end.is_none_or(|x| x == Precision::Day)
    }
}

/// True if two ends may be one day, known more or less exactly.
fn agree(a: Option<PartialDate>, pa: Option<Precision>, b: Option<PartialDate>, pb: Option<Precision>) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return a.is_none() && b.is_none() };
    let coarse = pa.unwrap_or(Precision::Day).min(pb.unwrap_or(Precision::Day));
    let (da, db) = (a.first(), b.first());
    match coarse {
        Precision::Day => a == b,
        Precision::Month => (da.year(), da.month()) == (db.year(), db.month()),
        Precision::Year => da.year() == db.year(),
    }
}

fn same(a: &crate::parse::record::Period, b: &crate::parse::record::Period) -> bool {
    let start = agree(a.start, a.precision.start, b.start, b.precision.start);
    let end = agree(a.end, a.precision.end, b.end, b.precision.end);
    // The end as it is after an extension is that of the same period.
    let extended = |x: &crate::parse::record::Period, y: &crate::parse::record::Period| {
        let new_end = x.extension.as_ref().filter(|e| e.exercised).and_then(|e| e.new_end);
        new_end.is_some() && agree(new_end, Some(Precision::Day), y.end, y.precision.end)
    };
    start && a.start.is_some() && (end || extended(a, b) || extended(b, a))
        || (start && end && a.open_ended == b.open_ended)
}

/// How a period stands in a document: an agreement agrees; what has not begun when another document speaks is proposed.
fn standing(met: &Met, said: &PeriodMention) -> Standing {
    let source = &met.doc.source;
    if source.is_agreement() {
        return Standing::Agreed;
    }
    let begins = said.period.start.map(PartialDate::last);
    let now = source.date.or(source.meeting_date).map(PartialDate::first);
    let proposes = || {
        let points = met.doc.steps.iter().flat_map(|s| s.decisions.iter()).filter(|d| d.status == Status::Proposed);
        points.flat_map(|d| &d.actions).any(|a| a == "sign_agreement")
    };
    let proposed = match (begins, now) {
        (Some(begins), Some(now)) => begins > now,
        // Without a day only what it proposes tells, and only for what begins in its year or later.
        (Some(begins), None) => source.year.is_some_and(|y| begins.year() >= y) && proposes(),
        (None, _) => false,
    };
    if !proposed || source.kind == "presentation" {
        return Standing::Reported;
    }
    if source.is_minutes() {
        return Standing::Decided;
    }
    match &met.beside.outcome {
        Some(o) if o.refuses() => Standing::Refused,
        Some(o) if o.sends_back() => Standing::SentBack,
        Some(o) if o.grants() => Standing::Decided,
        _ => Standing::Proposed,
    }
}

fn periods(met: &[&Met]) -> Vec<AgreedPeriod> {
    let mut given: Vec<Given> = Vec::new();
    for m in met {
        given.extend(m.said.periods.iter().map(|said| Given { met: m, said, standing: standing(m, said) }));
    }
    // Those known to the day first: each of the others joins the only one that it may be.
    given.sort_by(|a, b| {
        let key = |g: &Given| (!g.is_exact(), g.said.period.start, g.said.period.end);
        key(a).cmp(&key(b)).then_with(|| a.met.doc.source.id.cmp(&b.met.doc.source.id))
    });
    let mut groups: Vec<Vec<Given>> = Vec::new();
    for g in given {
        let fits: Vec<usize> = groups
            .iter()
            .enumerate()
            .filter(|(_, group)| group.first().is_some_and(|f| same(&f.said.period, &g.said.period)))
            .map(|(i, _)| i)
            .collect();
        match fits.as_slice() {
            [one] => groups.get_mut(*one).into_iter().for_each(|group| group.push(Given { ..g })),
            _ => groups.push(vec![g]),
        }
    }
    let mut out: Vec<AgreedPeriod> = groups.iter().map(|g| period(g)).collect();
    out.sort_by_key(|p| (p.start, p.end, p.standing));
    out
}

fn period(group: &[Given]) -> AgreedPeriod {
    // Ends as they are without extensions: the earliest of those that are the same period.
    let exact = group.iter().find(|g| g.is_exact()).or(group.first());
    let start = exact.and_then(|g| g.said.period.start);
    let end = group
        .iter()
        .filter(|g| g.is_exact())
        .filter_map(|g| g.said.period.end)
        .min()
        .or(exact.and_then(|g| g.said.period.end));
    let open_ended = group.iter().any(|g| g.said.period.open_ended);
    let mut extensions: Vec<Exercised> = Vec::new();
    for g in group {
        let Some(e) = g.said.period.extension.as_ref().filter(|e| e.exercised) else { continue };
        let Some(new_end) = e.new_end else { continue };
        let now = g.met.doc.source.date.or(g.met.doc.source.meeting_date);
        // What a report proposes has not been done: its end lies ahead, and it or its decision says so.
        let ahead = now.is_some_and(|n| new_end.last() > n.last());
        let wished = g.met.said.recommendation.as_ref().is_some_and(|(r, _)| *r == Recommendation::Extend)
            || g.met.doc.steps.iter().flat_map(|s| s.decisions.iter()).any(|d| d.actions.iter().any(|a| a == "extend"));
        let proposed = ahead && wished && !g.met.doc.source.is_minutes() && !g.met.doc.source.is_agreement();
        match extensions.iter_mut().find(|x| x.new_end == new_end && x.proposed == proposed) {
            Some(x) => x.mentions.extend(g.said.extended.iter().cloned()),
            None => extensions.push(Exercised { new_end, proposed, mentions: g.said.extended.clone() }),
        }
    }
    extensions.sort_by_key(|x| (x.new_end, x.proposed));
    extensions.iter_mut().for_each(|x| tidy(&mut x.mentions));
    let may: Vec<(PartialDate, &Vec<Proof>)> =
        group.iter().filter_map(|g| Some((g.said.period.extension.as_ref()?.max_end?, &g.said.may_extend))).collect();
    let used = extensions.iter().filter(|x| !x.proposed).map(|x| x.new_end).max();
    let districts: BTreeSet<&str> = group.iter().flat_map(|g| &g.met.districts).copied().collect();
    let mut not_extended: Vec<Proof> = group.iter().flat_map(|g| g.said.not_extended.iter().cloned()).collect();
    tidy(&mut not_extended);
    let mut mentions: Vec<Proof> = group.iter().flat_map(|g| g.said.proofs.iter().cloned()).collect();
    tidy(&mut mentions);
    AgreedPeriod {
        start,
        end,
        precision: exact.map_or(PeriodPrecision { start: None, end: None }, |g| g.said.period.precision),
        open_ended,
        standing: group.iter().map(|g| g.standing).max().unwrap_or(Standing::Proposed),
        may_last_until: gather(may.into_iter()),
        lasted_until: if open_ended { used } else { [end, used].into_iter().flatten().max() },
        extensions,
        not_extended,
        districts: districts.into_iter().map(str::to_string).collect(),
        mentions,
    }
}

/// True if two periods overlap however exactly their ends are known.
fn surely_overlap(prev: &AgreedPeriod, next: &AgreedPeriod) -> bool {
    let ended = prev.lasted_as_said().map(PartialDate::first);
    let begins = next.start_as_said().map(PartialDate::last);
    ended.is_none() || begins.is_none() || begins <= ended
}

/// Days of the longest year.
const ONE_YEAR: i32 = 366;

/// What follows from the periods that were in force, in order.
fn findings(periods: &[AgreedPeriod]) -> Vec<Finding> {
    let held: Vec<&AgreedPeriod> = periods.iter().filter(|p| p.standing.holds() && p.start.is_some()).collect();
    let mut out = Vec::new();
    let proofs = |ps: &[&AgreedPeriod]| {
        let mut all: Vec<Proof> = ps.iter().flat_map(|p| p.mentions.iter().cloned()).collect();
        tidy(&mut all);
        all
    };
    for p in &held {
        if p.may_last_until.len() > 1 {
            let all: Vec<String> = p.may_last_until.iter().map(|s| s.value.to_string()).collect();
            let message = format!("Documents differ on how long it could be extended: until {}.", all.join(" or "));
            let mentions = p.may_last_until.iter().flat_map(|s| s.mentions.iter().cloned()).collect();
            out.push(Finding { code: "contradiction", message, from: None, to: None, mentions });
        }
    }
    let mut reach: Option<&AgreedPeriod> = None;
    for next in &held {
        let Some(prev) = reach else {
            reach = Some(next);
            continue;
        };
        let (Some(begins), ended) = (next.first_day(), prev.last_day()) else { continue };
        let until =
            |p: &AgreedPeriod| p.lasted_as_said().map_or_else(|| "further notice".to_string(), |d| d.to_string());
        let since = |p: &AgreedPeriod| p.start_as_said().map(|d| d.to_string()).unwrap_or_default();
        let same_start = next.first_day() == prev.first_day();
        // One that begins much later is a part of its own.
        let near = |a: Date, b: Date| (a - b).get_days().abs() <= ONE_YEAR;
        let same_end =
            prev.end.is_some() && next.end == prev.end && prev.first_day().is_some_and(|first| near(begins, first));
        match ended {
            _ if same_start || same_end => {
                let message = if same_start {
                    let (until, or) = (until(prev), until(next));
                    format!("Documents differ on a period from {}: until {until} or until {or}.", since(prev))
                } else {
                    let (from, or) = (since(prev), since(next));
                    format!("Documents differ on a period until {}: from {from} or from {or}.", until(next))
                };
                let mentions = proofs(&[prev, next]);
                out.push(Finding { code: "contradiction", message, from: None, to: None, mentions });
            }
            None => {
                let message =
                    format!("A period from {} overlaps one from {} until further notice.", since(next), since(prev));
                out.push(Finding {
                    code: "overlap",
                    message,
                    from: next.start,
                    to: next.lasted_until,
                    mentions: proofs(&[prev, next]),
                });
            }
            // An end known to the year only may lie before the start.
            Some(ended) if begins <= ended && !surely_overlap(prev, next) => {}
            Some(ended) if begins <= ended => {
                let to = next.last_day().map_or(ended, |e| e.min(ended));
                let message = format!("Periods overlap from {begins} to {to}.");
                let mentions = proofs(&[prev, next]);
                out.push(Finding {
                    code: "overlap",
                    message,
                    from: Some(begins.into()),
                    to: Some(to.into()),
                    mentions,
                });
            }
            Some(ended) => {
                let follows = ended.tomorrow().ok();
                let at_once = follows == Some(begins);
                let from = follows.map(PartialDate::from);
                let to = begins.yesterday().ok().map(PartialDate::from);
                let (code, message) = if at_once {
                    ("renewal", format!("Renewed from {begins}."))
                } else {
                    let shown = |d: Option<PartialDate>| d.map(|d| d.to_string()).unwrap_or_default();
                    ("gap", format!("No agreement is known from {} to {}.", shown(from), shown(to)))
                };
                let (from, to) = if at_once { (Some(begins.into()), None) } else { (from, to) };
                out.push(Finding { code, message, from, to, mentions: proofs(&[prev, next]) });
            }
        }
        if next.open_ended || next.last_day() >= prev.last_day() && !(prev.open_ended) {
            reach = Some(next);
        }
    }
    out
}
