//! Makes the register of districts: then and now, and what the corpus has for each.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::mention::Mentions;
use super::{Agreement, Case, Organisation};
use crate::base::PartialDate;
use crate::lexicon::{District as Entry, Lexicon};

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
    let mut wanted: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> = mentions
        .documents()
        .flat_map(|d| d.source.districts.iter().chain(&d.source.former_districts))
        .map(String::as_str)
        .collect();
    while let Some(id) = open.pop() {
        if wanted.insert(id)
            && let Some(d) = lex.district(id)
        {
            open.extend(d.predecessors.iter().chain(&d.successors).map(String::as_str));
        }
    }
    let mut out: BTreeMap<&str, District> =
        wanted.into_iter().filter_map(|id| Some((id, start(lex.district(id)?, lex)))).collect();
    for doc in mentions.documents() {
        let source = &doc.source;
        for id in &source.districts {
            let Some(d) = out.get_mut(id.as_str()) else { continue };
            d.documents += 1;
            source.year.into_iter().for_each(|y| *d.years.entry(y).or_default() += 1);
            *d.kinds.entry(source.kind.clone()).or_default() += 1;
            d.meetings.extend(source.meeting_date.filter(|_| source.kind == "protokoll"));
            let when = source.when();
            d.first_seen = [d.first_seen, when].into_iter().flatten().min();
            d.last_seen = [d.last_seen, when].into_iter().flatten().max();
        }
    }
    for c in cases {
        if let Some(d) = c.district.as_deref().and_then(|id| out.get_mut(id)) {
            d.cases += 1;
        }
    }
    for o in organisations.iter().filter(|o| o.kind != crate::parse::record::PartyRole::Public) {
        o.districts.iter().for_each(|id| out.get_mut(id.as_str()).into_iter().for_each(|d| d.organisations += 1));
    }
    for a in agreements {
        let (_, boards) = a.id.rsplit_once('/').unwrap_or_default();
        let now: BTreeSet<&str> = boards.split('+').collect();
        let all: BTreeSet<&str> = a.districts.iter().map(String::as_str).chain(now).collect();
        all.into_iter().for_each(|id| out.get_mut(id).into_iter().for_each(|d| d.agreements += 1));
    }
    let mut all: Vec<District> = out.into_values().collect();
    for d in &mut all {
        d.meetings.sort();
        d.meetings.dedup();
    }
    all.sort_by(|a, b| (&a.city, &a.name, &a.id).cmp(&(&b.city, &b.name, &b.id)));
    all
}

fn start(d: &Entry, lex: &Lexicon) -> District {
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
        documents: 0,
        years: BTreeMap::new(),
        kinds: BTreeMap::new(),
        meetings: Vec::new(),
        cases: 0,
        agreements: 0,
        organisations: 0,
        first_seen: None,
        last_seen: None,
    }
}
