//! Makes the register of districts: then and now, and what the corpus has for each.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::mention::{Mentions, Source};
use super::{Agreement, Case, Organisation};
use crate::base::PartialDate;
use crate::base::fold::name_key;
use crate::lexicon::{District as Entry, Lexicon};
use crate::parse::record::PartyRole;

/// A district that came before or after, with the day of the change.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Succession {
    /// Id of the other district.
    pub id: String,
    /// Its name.
    pub name: String,
    /// First day of the one that came after.
    pub since: Option<String>,
}

/// One district.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct District {
    /// Id in the lexicon.
    pub id: String,
    /// Name.
    pub name: String,
    /// Name of its committee.
    pub board: String,
    /// City.
    pub city: String,
    /// First day, ISO 8601, if known.
    pub from: Option<String>,
    /// Last day; none while it lasts.
    pub to: Option<String>,
    /// Those it came from.
    pub predecessors: Vec<Succession>,
    /// Those that came after it.
    pub successors: Vec<Succession>,
    /// How many documents are its own.
    pub documents: usize,
    /// Of them by year.
    pub years: BTreeMap<i16, usize>,
    /// Of them by kind.
    pub kinds: BTreeMap<String, usize>,
    /// Days of meetings whose minutes are here.
    pub meetings: Vec<PartialDate>,
    /// How many cases.
    pub cases: usize,
    /// How many agreements, as now: with those of its predecessors.
    pub agreements: usize,
    /// How many organisations that are no public bodies its documents name.
    pub organisations: usize,
    /// Date of the first document.
    pub first_seen: Option<PartialDate>,
    /// Date of the last.
    pub last_seen: Option<PartialDate>,
}

/// Makes the register: all districts that documents belong to, and all that came before or after one of them, by name.
pub(super) fn resolve(
    mentions: &Mentions,
    lex: &Lexicon,
    organisations: &[Organisation],
    agreements: &[Agreement],
    cases: &[Case],
) -> Vec<District> {
    let mut tally = Tally::default();
    mentions.documents().for_each(|d| tally.document(&d.source));
    cases.iter().for_each(|c| tally.case(c));
    organisations.iter().for_each(|o| tally.organisation(o));
    agreements.iter().for_each(|a| tally.agreement(a));
    tally.districts(lex)
}

/// The ids of the districts that are typed by id, name or alias; `as_now`: with those they came from. None if no district is typed, or the
/// vocabulary does not have one of them.
pub fn districts_named<'t>(
    typed: impl Iterator<Item = &'t str>,
    as_now: bool,
    lex: &Lexicon,
) -> Option<BTreeSet<String>> {
    let mut ids = BTreeSet::new();
    for typed in typed {
        let key = name_key(typed);
        let is = |d: &&Entry| {
            [&d.id, &d.name, &d.official_board_name].into_iter().chain(&d.aliases).any(|n| name_key(n) == key)
        };
        let found: Vec<&Entry> = lex.districts.iter().filter(is).collect();
        if found.is_empty() {
            return None;
        }
        ids.extend(found.into_iter().map(|d| d.id.clone()));
    }
    if as_now {
        let mut open: Vec<String> = ids.iter().cloned().collect();
        while let Some(d) = open.pop().and_then(|id| lex.district(&id)) {
            open.extend(d.predecessors.iter().filter(|p| ids.insert(p.to_string())).cloned());
        }
    }
    (!ids.is_empty()).then_some(ids)
}

/// What is counted of districts, one thing after the other in any order.
#[derive(Debug, Default)]
pub(super) struct Tally {
    named: BTreeSet<String>,
    counts: BTreeMap<String, Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    documents: usize,
    years: BTreeMap<i16, usize>,
    kinds: BTreeMap<String, usize>,
    meetings: BTreeSet<PartialDate>,
    cases: usize,
    agreements: usize,
    organisations: usize,
    first: Option<PartialDate>,
    last: Option<PartialDate>,
}

impl Tally {
    fn of(&mut self, id: &str) -> &mut Counts {
        self.counts.entry(id.to_string()).or_default()
    }

    /// Counts a document.
    pub(super) fn document(&mut self, source: &Source) {
        self.named.extend(source.districts.iter().chain(&source.former_districts).cloned());
        for id in &source.districts {
            let c = self.of(id);
            c.documents += 1;
            source.year.into_iter().for_each(|y| *c.years.entry(y).or_default() += 1);
            *c.kinds.entry(source.kind.clone()).or_default() += 1;
            c.meetings.extend(source.meeting_date.filter(|_| source.kind == "protokoll"));
            let when = source.when();
            c.first = [c.first, when].into_iter().flatten().min();
            c.last = [c.last, when].into_iter().flatten().max();
        }
    }

    /// Counts a case.
    pub(super) fn case(&mut self, case: &Case) {
        case.district.iter().for_each(|id| self.of(id).cases += 1);
    }

    /// Counts an organisation that is no public body.
    pub(super) fn organisation(&mut self, organisation: &Organisation) {
        if organisation.kind != PartyRole::Public {
            organisation.districts.iter().for_each(|id| self.of(id).organisations += 1);
        }
    }

    /// Counts an agreement: with its districts as then and as now.
    pub(super) fn agreement(&mut self, agreement: &Agreement) {
        let (_, boards) = agreement.id.rsplit_once('/').unwrap_or_default();
        let all: BTreeSet<&str> = agreement.districts.iter().map(String::as_str).chain(boards.split('+')).collect();
        all.into_iter().for_each(|id| self.of(id).agreements += 1);
    }

    /// The register.
    pub(super) fn districts(mut self, lex: &Lexicon) -> Vec<District> {
        let mut wanted: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> = self.named.iter().map(String::as_str).collect();
        while let Some(id) = open.pop() {
            if wanted.insert(id)
                && let Some(d) = lex.district(id)
            {
                open.extend(d.predecessors.iter().chain(&d.successors).map(String::as_str));
            }
        }
        let known = wanted.into_iter().filter_map(|id| lex.district(id));
        let mut all: Vec<District> =
            known.map(|d| start(d, lex, self.counts.remove(&d.id).unwrap_or_default())).collect();
        all.sort_by(|a, b| (&a.city, &a.name, &a.id).cmp(&(&b.city, &b.name, &b.id)));
        all
    }
}

fn start(d: &Entry, lex: &Lexicon, counts: Counts) -> District {
    let named = |id: &String, since: Option<String>| Succession {
        name: lex.district(id).map(|d| d.name.clone()).unwrap_or_default(),
        id: id.clone(),
        since,
    };
    District {
        id: d.id.clone(),
        name: d.name.clone(),
        board: d.official_board_name.clone(),
        city: d.city.clone(),
        from: d.from.clone(),
        to: d.to.clone(),
        predecessors: d.predecessors.iter().map(|p| named(p, d.from.clone())).collect(),
        successors: d.successors.iter().map(|s| named(s, lex.district(s).and_then(|s| s.from.clone()))).collect(),
        documents: counts.documents,
        years: counts.years,
        kinds: counts.kinds,
        meetings: counts.meetings.into_iter().collect(),
        cases: counts.cases,
        agreements: counts.agreements,
        organisations: counts.organisations,
        first_seen: counts.first,
        last_seen: counts.last,
    }
}
