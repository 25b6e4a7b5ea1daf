//! Makes the register of people in public roles: officials and elected members, under one body each, with dates.
//!
//! Private persons never come in: nobody is taken from running text, from applications or from the signatures of associations.
//! A name met under two bodies is two entries; nothing here makes a profile of one person over bodies.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::mention::{Mentions, PersonMention, Proof, Source, tidy};
use super::name::{Lineage, slug};
use crate::base::fold::name_key;
use crate::base::{DocId, PartialDate};
use crate::lexicon::Lexicon;
use crate::parse::Record;
use crate::parse::record::{Evidence, PartyRole};

/// What somebody was, and when documents say so.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RoleSeen {
    /// In lower case: `ledamot`, `avdelningschef`, `handläggare` …
    pub role: String,
    /// Letters of the political party.
    pub political_party: Option<String>,
    /// Date of the first document.
    pub first_seen: Option<PartialDate>,
    /// Date of the last.
    pub last_seen: Option<PartialDate>,
    /// How many documents.
    pub documents: usize,
    /// Where.
    pub mentions: Vec<Proof>,
}

/// Somebody in a public role under one body.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Person {
    /// Body and name: `sthlm-jarva/solveig-brunnstierna`.
    pub id: String,
    /// The name.
    pub name: String,
    /// Name of the body.
    pub body: Option<String>,
    /// Its districts, as then.
    pub districts: Vec<String>,
    /// Roles in order of time.
    pub roles: Vec<RoleSeen>,
    /// Date of the first document.
    pub first_seen: Option<PartialDate>,
    /// Date of the last.
    pub last_seen: Option<PartialDate>,
    /// How many documents.
    pub documents: usize,
}

/// Officials and elected members that a record names in their roles.
pub(super) fn collect(record: &Record, proof: impl Fn(&Evidence) -> Proof) -> Vec<PersonMention> {
    let mut out = Vec::new();
    let mut add = |name: &str, role: &str, party: Option<&String>, evidence: &[Evidence]| {
        let of = |field: &str| evidence.iter().filter(|e| e.field == field).map(&proof).collect::<Vec<_>>();
        // Those of a list share the proof of the list but for the one that is their name.
        let own: Vec<Proof> = evidence.iter().filter(|e| e.quote.contains(name)).map(&proof).take(1).collect();
        let proofs = [own, of("name"), of("present"), of("adjusters")].into_iter().find(|p| !p.is_empty());
        out.push(PersonMention {
            name: name.to_string(),
            role: role.to_lowercase(),
            party: party.cloned(),
            proofs: proofs.unwrap_or_default(),
        });
    };
    for h in record.handlaggare.iter().chain(record.items.iter().flat_map(|i| &i.handlaggare)) {
        add(&h.name, h.title.as_deref().unwrap_or("handläggare"), None, &h.evidence);
    }
    for a in &record.attestations {
        add(&a.name, a.title.as_deref().unwrap_or("attesterar"), None, &a.evidence);
    }
    // An agreement is signed by both sides: only a title of office under a public unit tells whose side somebody is on.
    let private: Vec<&str> =
        record.parties.iter().filter(|p| p.role != PartyRole::Public).map(|p| p.name.as_str()).collect();
    let is_agreement = matches!(record.kind.as_str(), "overenskommelse" | "avtal");
    let from_outside = matches!(record.kind.as_str(), "ansokan" | "medborgarforslag" | "skrivelse" | "okand");
    for s in &record.signatories {
        let unit = s.unit.as_deref().unwrap_or_default();
        let outside = private.iter().any(|p| unit.contains(p) || s.title.as_deref().is_some_and(|t| t.contains(p)));
        if let Some(title) =
            s.title.as_deref().filter(|_| !(outside || from_outside || is_agreement && unit.is_empty()))
        {
            add(&s.name, title, None, &s.evidence);
        }
    }
    if let Some(m) = &record.meeting {
        for p in m.present.iter().filter(|p| p.role.is_some() || p.political_party.is_some()) {
            add(&p.name, p.role.as_deref().unwrap_or("ledamot"), p.political_party.as_ref(), &m.evidence);
        }
    }
    // Who is listed as present has the role there.
    let listed = |name: &str| record.meeting.iter().flat_map(|m| &m.present).any(|p| p.name == name);
    for i in &record.items {
        let members = i.reservations.iter().flat_map(|r| &r.by).chain(i.statements.iter().flat_map(|s| &s.by));
        for m in members.chain(&i.jav).filter(|m| m.political_party.is_some() && !listed(&m.name)) {
            add(&m.name, "ledamot", m.political_party.as_ref(), &i.evidence);
        }
        for v in i.votes.iter().flat_map(|v| &v.by_member).filter(|v| v.political_party.is_some() && !listed(&v.name)) {
            add(&v.name, "ledamot", v.political_party.as_ref(), &i.evidence);
        }
    }
    out
}

/// Titles by what they say of who has them.
#[derive(Debug)]
pub struct Titles {
    public: BTreeSet<String>,
}

impl Titles {
    /// Those of a vocabulary.
    pub fn of(lex: &Lexicon) -> Self {
        let public =
            lex.titles.titles.iter().filter(|t| matches!(t.role.as_str(), "official" | "politician" | "auditor"));
        let all = public.flat_map(|t| t.variants.iter().chain([&t.canonical]));
        // Others present may be guests.
        let attendance = lex.meetings.attendance.iter().map(|a| &a.role).filter(|r| !r.is_empty() && *r != "övrig");
        let mut public: BTreeSet<String> = all.chain(attendance).map(|t| name_key(t)).collect();
        public.extend(["handläggare", "attesterar", "tjänstgörande ersättare", "ledamot", "ersättare"].map(name_key));
        Titles { public }
    }

    /// True for the title of an official or elected member, with whatever stands beside it.
    fn is_public(&self, role: &str) -> bool {
        let key = name_key(role);
        self.public.contains(&key) || {
            let words: Vec<&str> = key.split(' ').collect();
            words.iter().any(|w| self.public.contains(*w))
                || words.windows(2).any(|w| self.public.contains(&w.join(" ")))
        }
    }
}

/// What people are told apart by: the body as it is now, and the name as a key.
pub(super) type Key = (String, String);

/// One mention with its document.
#[derive(Clone, Copy)]
pub(super) struct Met<'m> {
    pub(super) source: &'m Source,
    pub(super) person: &'m PersonMention,
}

/// Whose a mention is; none without a body or a public role.
pub(super) fn key(met: Met, titles: &Titles, lineage: &Lineage) -> Option<Key> {
    let Met { source, person } = met;
    if person.party.is_none() && !titles.is_public(&person.role) {
        return None;
    }
    let district = source.districts.first().map(|d| lineage.now(d).to_string());
    let body = district.or_else(|| source.authority.as_deref().map(slug))?;
    Some((body, name_key(&person.name)))
}

/// Makes the register, in order of bodies and names.
pub(super) fn resolve(mentions: &Mentions, titles: &Titles, lineage: &Lineage) -> Vec<Person> {
    let mut of: BTreeMap<Key, Vec<Met>> = BTreeMap::new();
    for doc in mentions.documents() {
        for person in &doc.people {
            let met = Met { source: &doc.source, person };
            if let Some(key) = key(met, titles, lineage) {
                of.entry(key).or_default().push(met);
            }
        }
    }
    of.iter().map(|(key, met)| person(key, met)).collect()
}

/// Somebody of all that is met of them.
pub(super) fn person((body, key): &Key, met: &[Met]) -> Person {
    /// Documents, their dates and proofs.
    type InRole<'m> = (BTreeSet<&'m DocId>, Vec<Option<PartialDate>>, Vec<Proof>);
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    let mut bodies: BTreeMap<&str, usize> = BTreeMap::new();
    let mut roles: BTreeMap<(&str, Option<&str>), InRole> = BTreeMap::new();
    for Met { source, person: p } in met {
        *names.entry(&p.name).or_default() += 1;
        source.authority.iter().for_each(|a| *bodies.entry(a).or_default() += 1);
        let role = roles.entry((&p.role, p.party.as_deref())).or_default();
        if role.0.insert(&source.id) {
            role.1.push(source.meeting_date.filter(|_| source.is_minutes()).or(source.when()));
        }
        role.2.extend(p.proofs.iter().cloned());
    }
    let most = |tally: BTreeMap<&str, usize>| tally.into_iter().max_by_key(|(_, n)| *n).map(|(n, _)| n.to_string());
    let mut roles: Vec<RoleSeen> = roles
        .into_iter()
        .map(|((role, party), (documents, dates, mut mentions))| {
            tidy(&mut mentions);
            RoleSeen {
                role: role.to_string(),
                political_party: party.map(str::to_string),
                first_seen: dates.iter().flatten().min().copied(),
                last_seen: dates.iter().flatten().max().copied(),
                documents: documents.len(),
                mentions,
            }
        })
        .collect();
    roles.sort_by(|a, b| (a.first_seen, &a.role, &a.political_party).cmp(&(b.first_seen, &b.role, &b.political_party)));
    let districts: BTreeSet<&String> = met.iter().flat_map(|m| &m.source.districts).collect();
    let documents: BTreeSet<&DocId> = met.iter().map(|m| &m.source.id).collect();
    Person {
        id: format!("{body}/{}", slug(key)),
        name: most(names).unwrap_or_default(),
        body: most(bodies),
        districts: districts.into_iter().cloned().collect(),
        first_seen: roles.iter().filter_map(|r| r.first_seen).min(),
        last_seen: roles.iter().filter_map(|r| r.last_seen).max(),
        documents: documents.len(),
        roles,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::record::{Party, Signatory};

    #[test]
    fn nobody_is_taken_from_applications_or_from_the_side_of_an_association() {
        let found = |kind: &str, title: &str, unit: Option<&str>| {
            let unit = unit.map(str::to_string);
            let signatory =
                Signatory { name: "Alva Ekhage".into(), title: Some(title.into()), unit, evidence: Vec::new() };
            let party = Party {
                name: "Föreningen Lyktan".into(),
                role: PartyRole::Civil,
                org_nr: None,
                org_nr_raw: None,
                org_nr_valid: None,
                org_nr_suggestion: None,
                former_names: Vec::new(),
                aliases: Vec::new(),
                evidence: Vec::new(),
            };
            let record =
                Record { kind: kind.into(), signatories: vec![signatory], parties: vec![party], ..Record::default() };
            collect(&record, |_| unreachable!("nothing here has evidence")).len()
        };
        assert_eq!(found("tjansteutlatande", "Avdelningschef", None), 1);
        assert_eq!(found("overenskommelse", "Stadsdelsdirektör", Some("Farsta stadsdelsförvaltning")), 1);
        assert_eq!(found("overenskommelse", "Ordförande", None), 0);
        assert_eq!(found("overenskommelse", "Ordförande", Some("Föreningen Lyktan")), 0);
        assert_eq!(found("ansokan", "Ordförande", None), 0);
    }

    #[test]
    fn guests_are_no_officials() {
        let titles = Titles::of(&Lexicon::built_in());
        for public in ["ledamot", "tf. avdelningschef", "nämndsekreterare", "vice ordförande", "handläggare"] {
            assert!(titles.is_public(public), "{public}");
        }
        for private in ["övrig", "sökande", "medborgare"] {
            assert!(!titles.is_public(private), "{private}");
        }
    }
}
