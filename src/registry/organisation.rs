//! Makes organisations of the parties that documents name: one entry for each, with the reason for every joining.
//!
//! Names that compare equal are one, unless documents give them different numbers. Names with one number are one; a former
//! name or another name given in a text joins, and so do a slip of the pen and a name without the word for its form where both
//! are met in one district. Whatever would give an organisation two numbers is left apart and told as doubtful.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::cluster::Clusters;
use super::mention::{DocumentMentions, Mentions, PartyMention, Proof, Source, tidy};
use super::name::{Forms, Lineage, org_key, slips, slug};
use crate::base::{DocId, PartialDate};
use crate::corrections::Corrections;
use crate::parse::record::PartyRole;

/// One organisation over all documents.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Organisation {
    /// Its number if one is known, else its name as an id. Every other id it ever had is in `other_ids`.
    pub id: String,
    /// Ids that lead here too.
    pub other_ids: Vec<String>,
    /// The name it was last met under.
    pub name: String,
    /// All its names.
    pub names: Vec<NameSeen>,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: PartyRole,
    /// `NNNNNN-NNNN`, checked; of a public body its municipality's.
    pub org_nr: Option<String>,
    /// Numbers printed for it that do not pass the checks, with what they would be with one digit less.
    pub malformed_numbers: Vec<Malformed>,
    /// Ids of the districts whose documents name it, as then.
    pub districts: Vec<String>,
    /// Ids of its agreements.
    pub agreements: Vec<String>,
    /// Date of the first document that names it.
    pub first_seen: Option<PartialDate>,
    /// Date of the last.
    pub last_seen: Option<PartialDate>,
    /// How many documents name it.
    pub documents: usize,
    /// Why what is one here is one.
    pub merges: Vec<Merge>,
    /// Where it is named.
    pub mentions: Vec<Proof>,
}

/// How a name stands to its organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NameKind {
    /// Documents name it so.
    Name,
    /// Said to be a former name.
    Former,
    /// Used beside another name in one document.
    Alias,
    /// One letter beside a name that more documents use.
    Misspelling,
}

/// A name of an organisation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NameSeen {
    /// As printed.
    pub name: String,
    /// How it stands to it.
    pub kind: NameKind,
    /// How many documents have it.
    pub documents: usize,
    /// Date of the first.
    pub first_seen: Option<PartialDate>,
    /// Date of the last.
    pub last_seen: Option<PartialDate>,
}

/// A number that does not pass the checks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Malformed {
    /// As printed.
    pub raw: String,
    /// The only number one digit away that passes.
    pub suggestion: Option<String>,
    /// Proof.
    pub mentions: Vec<Proof>,
}

/// Why two are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A person says so in the corrections file.
    Correction,
    /// They have one number.
    OrgNr,
    /// A document says that one is the former name of the other.
    FormerName,
    /// A document uses both names for one.
    Alias,
    /// The names differ by one slip of the pen, and both are met in one district.
    Spelling,
    /// The names differ by the word for the form, and both are met in one district.
    ShortForm,
}

impl Reason {
    /// For people.
    pub fn label(self) -> &'static str {
        match self {
            Reason::Correction => "a person says so (corrections)",
            Reason::OrgNr => "same organisation number",
            Reason::FormerName => "a document gives one as the former name of the other",
            Reason::Alias => "a document uses both names for one",
            Reason::Spelling => "one letter apart, met in the same district",
            Reason::ShortForm => "differ by the word for the form alone, met in the same district",
        }
    }
}

/// One joining.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Merge {
    /// Why.
    pub reason: Reason,
    /// The two names.
    pub names: [String; 2],
    /// What shows it.
    pub mentions: Vec<Proof>,
}

/// What may be one, or may not: for a person to say.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Doubt {
    /// `same_name`, or the reason that spoke for joining.
    pub code: &'static str,
    /// In a sentence.
    pub message: String,
    /// Ids of the organisations.
    pub organisations: Vec<String>,
    /// What to write into `corrections.toml` if they are one.
    pub correction: String,
    /// What shows it.
    pub mentions: Vec<Proof>,
}

/// The register of organisations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Organisations {
    /// In order of their names.
    pub entries: Vec<Organisation>,
    /// For review.
    pub doubts: Vec<Doubt>,
    of: HashMap<DocId, BTreeMap<String, usize>>,
    by_id: HashMap<String, usize>,
}

impl Organisations {
    /// The organisation with this very id.
    pub fn with_id(&self, id: &str) -> Option<&Organisation> {
        self.entries.get(*self.by_id.get(id)?)
    }

    /// The organisation that a document means by a name.
    pub fn meant(&self, document: &DocId, name: &str) -> Option<&Organisation> {
        self.entries.get(*self.of.get(document)?.get(name)?)
    }

    /// The organisations that an id, a number or a name leads to; where none does, those with all its words in one name.
    pub fn find(&self, typed: &str) -> Vec<&Organisation> {
        let (id, key) = (slug(typed), org_key(typed));
        // An id leads to what bears or bore it; a name to all that are printed under it.
        let bears = |o: &&Organisation| o.id == typed || o.other_ids.iter().any(|other| other == typed);
        let borne: Vec<&Organisation> = self.entries.iter().filter(bears).collect();
        if !borne.is_empty() && id == typed {
            return borne;
        }
        let has = |o: &&Organisation| {
            o.id == typed || o.id == id || o.other_ids.contains(&id) || o.names.iter().any(|n| org_key(&n.name) == key)
        };
        let found: Vec<&Organisation> = self.entries.iter().filter(has).collect();
        if !found.is_empty() || key.is_empty() {
            return found;
        }
        // Else those that have all its words in one name.
        let holds = |n: &NameSeen| {
            let name = org_key(&n.name);
            key.split(' ').all(|w| name.split(' ').any(|n| n == w))
        };
        self.entries.iter().filter(|o| o.names.iter().any(holds)).collect()
    }

    /// Writes down which agreements each has.
    pub(super) fn tie(&mut self, agreements: &[super::Agreement]) {
        let mut ties = Ties::default();
        agreements.iter().for_each(|a| ties.add(a));
        self.entries.iter_mut().for_each(|o| o.agreements = ties.of(&o.id));
    }
}

/// Which agreements organisations are parties of, by their ids.
#[derive(Debug, Default)]
pub(super) struct Ties(BTreeMap<String, BTreeSet<String>>);

impl Ties {
    /// Takes down the parties of an agreement.
    pub(super) fn add(&mut self, agreement: &super::Agreement) {
        for party in agreement.parties.iter().filter_map(|p| p.organisation.clone()) {
            self.0.entry(party).or_default().insert(agreement.id.clone());
        }
    }

    /// Ids of the agreements of an organisation.
    pub(super) fn of(&self, organisation: &str) -> Vec<String> {
        self.0.get(organisation).into_iter().flatten().cloned().collect()
    }
}

/// One mention with its document.
#[derive(Clone, Copy)]
pub(super) struct Met<'m> {
    pub(super) doc: &'m DocumentMentions,
    pub(super) party: &'m PartyMention,
}

/// What a mention is certainly of, its number left aside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Kin {
    /// A public body, by district or name.
    Public(String),
    /// A name.
    Named(String),
    /// What a person split off, by the name it is to have.
    Split(String),
}

impl Kin {
    /// That of a mention.
    pub(super) fn of(source: &Source, party: &PartyMention, lineage: &Lineage, corrections: &Corrections) -> Self {
        if let Some(name) = corrections.split(&party.name, source.id.as_str(), &source.path) {
            Kin::Split(org_key(name))
        } else if party.role == PartyRole::Public {
            Kin::Public(lineage.by_name(&party.name).map_or_else(|| org_key(&party.name), str::to_string))
        } else {
            Kin::Named(org_key(&party.name))
        }
    }

    /// True if what is met of it is told apart by numbers: there are several.
    pub(super) fn has_several<'m>(parties: impl Iterator<Item = &'m PartyMention>) -> bool {
        let mut numbers = parties.filter_map(|p| p.org_nr.as_deref());
        let first = numbers.next();
        numbers.any(|n| Some(n) != first)
    }

    /// The atom of a mention of it.
    pub(super) fn atom(&self, party: &PartyMention, has_several: bool) -> Atom {
        match (self, &party.org_nr) {
            (Kin::Public(key), _) => Atom::Public(key.clone()),
            (Kin::Split(key), _) => Atom::Split(key.clone()),
            (Kin::Named(key), Some(number)) if has_several => Atom::Numbered(key.clone(), number.clone()),
            (Kin::Named(key), _) => Atom::Named(key.clone()),
        }
    }

    /// All that is met of it, by atoms.
    pub(super) fn atoms<'m>(&self, met: Vec<Met<'m>>) -> BTreeMap<Atom, Vec<Met<'m>>> {
        let has_several = Self::has_several(met.iter().map(|m| m.party));
        let mut atoms: BTreeMap<Atom, Vec<Met<'m>>> = BTreeMap::new();
        for m in met {
            atoms.entry(self.atom(m.party, has_several)).or_default().push(m);
        }
        atoms
    }
}

/// What is certainly one: the smallest thing that is joined with others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Atom {
    /// A public body, by district or name: the number is its municipality's.
    Public(String),
    /// A name, with the only number it has, if any.
    Named(String),
    /// A name with one of its numbers.
    Numbered(String, String),
    /// What a person split off, by the name it is to have.
    Split(String),
}

impl Atom {
    fn key(&self) -> &str {
        match self {
            Atom::Public(k) | Atom::Named(k) | Atom::Numbered(k, _) | Atom::Split(k) => k,
        }
    }
}

/// Most places that are kept of what shows that two are one: the earliest.
const SHOWN: usize = 12;

/// What must be known of an atom to tell what it is one with. It does not grow with the documents that name it.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    atom: Atom,
    /// A name that it was met under: the one of most documents.
    name: String,
    number: Option<String>,
    /// Districts, as they are now, whose documents name it.
    places: BTreeSet<String>,
    first: Option<Proof>,
    numbered: Option<Proof>,
    /// Other names that documents give it, with where they do.
    said: BTreeMap<(Reason, String), Vec<Proof>>,
}

impl Facts {
    /// Those of an atom.
    pub(super) fn of(atom: Atom, met: &[Met], lineage: &Lineage, forms: &Forms) -> Self {
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        met.iter().for_each(|m| *names.entry(&m.party.name).or_default() += 1);
        let name = names.into_iter().max_by_key(|(_, n)| *n).map(|(name, _)| name.to_string()).unwrap_or_default();
        let is_public = matches!(atom, Atom::Public(_));
        let number = met.iter().find_map(|m| m.party.org_nr.clone()).filter(|_| !is_public);
        let districts = met.iter().flat_map(|m| &m.doc.source.districts);
        let places = districts.map(|d| lineage.now(d).to_string()).collect();
        let earliest = |a: &&Proof, b: &&Proof| a.order().cmp(&b.order());
        let first = met.iter().filter_map(|m| m.party.proofs.first()).min_by(earliest).cloned();
        let with_number = met.iter().filter(|m| m.party.org_nr.is_some());
        let numbered = with_number.filter_map(|m| m.party.proofs.last()).min_by(earliest).cloned();
        let mut said: BTreeMap<(Reason, String), Vec<Proof>> = BTreeMap::new();
        // A committee's former name is its predecessor, which is another body.
        for m in met.iter().filter(|_| !is_public) {
            let former = m.party.former.iter().map(|f| (Reason::FormerName, f));
            let aliases = m.party.aliases.iter().filter(|(n, _)| !forms.is_generic(n)).map(|a| (Reason::Alias, a));
            for (reason, (name, proofs)) in former.chain(aliases) {
                said.entry((reason, org_key(name))).or_default().extend(proofs.iter().cloned());
            }
        }
        for proofs in said.values_mut() {
            tidy(proofs);
            proofs.truncate(SHOWN);
        }
        Facts { atom, name, number, places, first, numbered, said }
    }

    /// The atom.
    pub(super) fn atom(&self) -> &Atom {
        &self.atom
    }

    fn is_public(&self) -> bool {
        matches!(self.atom, Atom::Public(_))
    }
}

/// Everything that clustering needs.
struct Work<'m> {
    atoms: &'m [Facts],
    by_key: BTreeMap<&'m str, Vec<usize>>,
    forms: &'m Forms,
}

/// Makes the register.
pub(super) fn resolve(
    mentions: &Mentions,
    forms: &Forms,
    lineage: &Lineage,
    corrections: &Corrections,
) -> Organisations {
    let mut kin: BTreeMap<Kin, Vec<Met>> = BTreeMap::new();
    for met in mentions.documents().flat_map(|doc| doc.parties.iter().map(move |party| Met { doc, party })) {
        kin.entry(Kin::of(&met.doc.source, met.party, lineage, corrections)).or_default().push(met);
    }
    let atoms: BTreeMap<Atom, Vec<Met>> = kin.into_iter().flat_map(|(kin, met)| kin.atoms(met)).collect();
    let facts = atoms.iter().map(|(atom, met)| Facts::of(atom.clone(), met, lineage, forms)).collect();
    let met: Vec<Vec<Met>> = atoms.into_values().collect();
    let joined = Joined::of(facts, forms, corrections);
    let of_set = |members: &[usize]| members.iter().filter_map(|i| met.get(*i)).flatten().copied().collect::<Vec<_>>();
    let sets =
        joined.sets().map(|(root, members)| (root, joined.organisation(root, &of_set(members), forms, corrections)));
    let mut made: Vec<(usize, Organisation)> = sets.collect();
    in_order(&mut made);
    let place: HashMap<usize, usize> = made.iter().enumerate().map(|(at, (root, _))| (*root, at)).collect();
    let mut of: HashMap<DocId, BTreeMap<String, usize>> = HashMap::new();
    for (i, m) in met.iter().enumerate().flat_map(|(i, met)| met.iter().map(move |m| (i, m))) {
        if let Some(at) = place.get(&joined.root(i)) {
            of.entry(m.doc.source.id.clone()).or_default().insert(m.party.name.clone(), *at);
        }
    }
    let entries: Vec<Organisation> = made.into_iter().map(|(_, o)| o).collect();
    let id = |i: usize| place.get(&joined.root(i)).and_then(|at| entries.get(*at)).map(|o| o.id.clone());
    let doubts = joined.doubts(id);
    let by_id = entries.iter().enumerate().map(|(i, o)| (o.id.clone(), i)).collect();
    Organisations { entries, doubts, of, by_id }
}

/// Gives each its id and puts them in order. Two of one name have one id; it goes to the one with more documents, the others have one
/// with their place in it.
pub(super) fn in_order(made: &mut [(usize, Organisation)]) {
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    made.sort_by(|(_, a), (_, b)| (b.documents, &a.id, &a.first_seen).cmp(&(a.documents, &b.id, &b.first_seen)));
    for (_, o) in made.iter_mut() {
        let n = taken.entry(o.id.clone()).or_default();
        *n += 1;
        if *n > 1 {
            o.id = format!("{}~{n}", o.id);
        }
    }
    made.sort_by_cached_key(|(_, o)| (org_key(&o.name), o.id.clone()));
}

/// What may be one: its code, in a sentence, the two atoms, what shows it.
type Unsure = (&'static str, String, [usize; 2], Vec<Proof>);

/// Which atoms are one, and why.
pub(super) struct Joined {
    atoms: Vec<Facts>,
    clusters: Clusters,
    sets: BTreeMap<usize, Vec<usize>>,
    merges: BTreeMap<usize, Vec<Merge>>,
    doubts: Vec<Unsure>,
}

impl Joined {
    /// Joins atoms, which are in order.
    pub(super) fn of(atoms: Vec<Facts>, forms: &Forms, corrections: &Corrections) -> Self {
        let (clusters, used, doubts) = Work::of(&atoms, forms).joined(corrections);
        let mut merges: BTreeMap<usize, Vec<Merge>> = BTreeMap::new();
        for (root, merge) in used {
            merges.entry(clusters.root(root)).or_default().push(merge);
        }
        let sets = clusters.sets();
        Joined { atoms, clusters, sets, merges, doubts }
    }

    /// The least atom of the set that an atom is in.
    pub(super) fn root(&self, atom: usize) -> usize {
        self.clusters.root(atom)
    }

    /// The number of an atom, if there is such a one.
    pub(super) fn place_of(&self, atom: &Atom) -> Option<usize> {
        self.atoms.binary_search_by(|f| f.atom.cmp(atom)).ok()
    }

    /// The sets of atoms, each by its least.
    pub(super) fn sets(&self) -> impl Iterator<Item = (usize, &[usize])> {
        self.sets.iter().map(|(root, members)| (*root, members.as_slice()))
    }

    /// What may be one, with the ids that organisations have.
    fn doubts(&self, id: impl Fn(usize) -> Option<String>) -> Vec<Doubt> {
        let doubts = self.doubts.iter().map(|(code, message, pair, mentions)| {
            let organisations: Vec<String> = pair.iter().filter_map(|i| id(*i)).collect();
            let quoted: Vec<String> = organisations.iter().map(|o| format!("{o:?}")).collect();
            let correction = format!("[[merge]]\norganisations = [{}]\nwhy = \"\"\n", quoted.join(", "));
            Doubt { code, message: message.clone(), organisations, correction, mentions: mentions.clone() }
        });
        let mut doubts: Vec<Doubt> = doubts.collect();
        doubts.sort_by(|a, b| (a.code, &a.message).cmp(&(b.code, &b.message)));
        doubts.dedup_by(|a, b| a.message == b.message && a.organisations == b.organisations);
        doubts
    }
}

impl<'m> Work<'m> {
    fn of(atoms: &'m [Facts], forms: &'m Forms) -> Self {
        let mut by_key: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (i, facts) in atoms.iter().enumerate() {
            by_key.entry(facts.atom.key()).or_default().push(i);
        }
        Work { atoms, by_key, forms }
    }

    /// The sets of those that are one, each joining with one of its atoms, and what is doubtful.
    fn joined(&self, corrections: &Corrections) -> (Clusters, Vec<(usize, Merge)>, Vec<Unsure>) {
        let mut clusters = Clusters::new(self.atoms.len());
        let mut doubts: Vec<Unsure> = Vec::new();
        let mut used: Vec<(usize, Merge)> = Vec::new();
        for (a, b) in self.corrected(corrections) {
            clusters.join(a, b);
            let names = [self.name(a), self.name(b)];
            used.push((a, Merge { reason: Reason::Correction, names, mentions: Vec::new() }));
        }
        for (a, b) in self.by_number() {
            clusters.join(a, b);
            let mentions = [a, b].iter().filter_map(|i| self.atoms.get(*i)?.numbered.clone()).collect();
            used.push((a, Merge { reason: Reason::OrgNr, names: [self.name(a), self.name(b)], mentions }));
        }
        for (reason, edges) in self.layers() {
            let (edges, unsure): (Vec<Edge>, Vec<Edge>) = edges.into_iter().partition(|e| e.sure);
            let pairs: Vec<(usize, usize)> = edges.iter().map(|e| (e.a, e.b)).collect();
            // A number that was joined by hand with another is no contradiction any longer: each set has its least.
            let least: Vec<Option<&str>> = {
                let sets = clusters.sets();
                let mut least = vec![None; self.atoms.len()];
                for members in sets.values() {
                    let number = members.iter().filter_map(|i| self.number(*i)).min();
                    for i in members {
                        if let Some(slot) = least.get_mut(*i) {
                            *slot = number;
                        }
                    }
                }
                least
            };
            let joined = clusters.join_all(&pairs, |i| least.get(i).copied().flatten());
            let judged = edges.into_iter().zip(joined).chain(unsure.into_iter().map(|e| (e, false)));
            for (edge, joined) in judged {
                let names = [self.name(edge.a), self.name(edge.b)];
                if joined {
                    used.push((edge.a, Merge { reason, names, mentions: edge.proofs }));
                } else if clusters.root(edge.a) != clusters.root(edge.b) {
                    doubts.push((code(reason), doubtful(reason, &names, edge.sure), [edge.a, edge.b], edge.proofs));
                }
            }
        }
        doubts.extend(self.ambiguous(&clusters));
        (clusters, used, doubts)
    }
}

fn code(reason: Reason) -> &'static str {
    match reason {
        Reason::Correction => "correction",
        Reason::OrgNr => "org_nr",
        Reason::FormerName => "former_name",
        Reason::Alias => "alias",
        Reason::Spelling => "spelling",
        Reason::ShortForm => "short_form",
    }
}

fn doubtful(reason: Reason, [a, b]: &[String; 2], sure: bool) -> String {
    let speaks = match reason {
        Reason::FormerName => "a document gives one as the former name of the other",
        Reason::Alias => "a document uses both names for one",
        Reason::Spelling => "they differ by one letter",
        _ => "they differ by the word for the form alone",
    };
    let against = if sure { "that would give one organisation two numbers" } else { "no district has both" };
    format!("\"{a}\" and \"{b}\" may be one: {speaks}; but {against}.")
}

/// What speaks for two atoms being one.
struct Edge {
    a: usize,
    b: usize,
    /// False if it is only to be reviewed.
    sure: bool,
    proofs: Vec<Proof>,
}

impl Work<'_> {
    fn name(&self, i: usize) -> String {
        self.atoms.get(i).map(|f| f.name.clone()).unwrap_or_default()
    }

    fn number(&self, i: usize) -> Option<&str> {
        self.atoms.get(i)?.number.as_deref()
    }

    fn with_key(&self, key: &str) -> &[usize] {
        self.by_key.get(key).map(Vec::as_slice).unwrap_or_default()
    }

    /// Pairs that the corrections join.
    fn corrected(&self, corrections: &Corrections) -> Vec<(usize, usize)> {
        let matches = |typed: &str| -> Vec<usize> {
            let (key, id) = (org_key(typed), slug(typed));
            let is = |f: &Facts| {
                f.atom.key() == key
                    || slug(f.atom.key()) == id
                    || f.number.as_deref().is_some_and(|n| n == typed || slug(n) == id)
            };
            self.atoms.iter().enumerate().filter(|(_, f)| is(f)).map(|(i, _)| i).collect()
        };
        let mut pairs = Vec::new();
        for merge in corrections.merges() {
            let all: Vec<usize> = merge.iter().flat_map(|typed| matches(typed)).collect();
            if let Some((first, rest)) = all.split_first() {
                pairs.extend(rest.iter().filter(|i| *i != first).map(|i| (*first, *i)));
            }
        }
        pairs
    }

    /// Atoms of one number.
    fn by_number(&self) -> Vec<(usize, usize)> {
        let mut first: BTreeMap<&str, usize> = BTreeMap::new();
        let mut pairs = Vec::new();
        for (i, facts) in self.atoms.iter().enumerate() {
            let Some(number) = &facts.number else { continue };
            match first.get(number.as_str()) {
                Some(&at) => pairs.push((at, i)),
                None => drop(first.insert(number, i)),
            }
        }
        pairs
    }

    /// What else speaks for joining, the strongest first.
    fn layers(&self) -> Vec<(Reason, Vec<Edge>)> {
        let mut former = Vec::new();
        let mut alias = Vec::new();
        for (a, facts) in self.atoms.iter().enumerate() {
            for ((reason, key), proofs) in &facts.said {
                for &b in self.with_key(key).iter().filter(|b| **b != a) {
                    let edge = Edge { a, b, sure: true, proofs: proofs.clone() };
                    if *reason == Reason::FormerName { former.push(edge) } else { alias.push(edge) }
                }
            }
        }
        let mut spelling = Vec::new();
        for (a, b) in slips(self.by_key.keys().copied()) {
            spelling.extend(self.near(a, b));
        }
        let mut short = Vec::new();
        for key in self.by_key.keys() {
            if let Some(rest) = self.forms.without_form(key) {
                short.extend(self.near(key, rest));
            }
        }
        vec![
            (Reason::FormerName, former),
            (Reason::Alias, alias),
            (Reason::Spelling, spelling),
            (Reason::ShortForm, short),
        ]
    }

    /// Edges between atoms of two keys that look alike.
    fn near(&self, a: &str, b: &str) -> Vec<Edge> {
        let private = |key: &str| -> Vec<(usize, &Facts)> {
            let all = self.with_key(key).iter().filter_map(|i| Some((*i, self.atoms.get(*i)?)));
            all.filter(|(_, f)| !f.is_public()).collect()
        };
        let mut edges = Vec::new();
        for (a, of_a) in private(a) {
            for (b, of_b) in private(b) {
                let proofs = [of_a, of_b].into_iter().filter_map(|f| f.first.clone()).collect();
                edges.push(Edge { a, b, sure: !of_a.places.is_disjoint(&of_b.places), proofs });
            }
        }
        edges
    }

    /// Names with several numbers, met without one.
    fn ambiguous(&self, clusters: &Clusters) -> Vec<Unsure> {
        let mut doubts = Vec::new();
        for (i, facts) in self.atoms.iter().enumerate() {
            let Atom::Named(key) = &facts.atom else { continue };
            for &b in self.with_key(key).iter().filter(|b| clusters.root(**b) != clusters.root(i)) {
                if let Some(number) = self.number(b) {
                    let message = format!(
                        "\"{}\" without a number may be the one with {number}, or another of that name.",
                        facts.name
                    );
                    let proofs = [i, b].into_iter().filter_map(|i| self.atoms.get(i)?.first.clone()).collect();
                    doubts.push(("same_name", message, [i, b], proofs));
                }
            }
        }
        doubts
    }
}

/// A name with the documents that have it.
#[derive(Default)]
struct Tally<'m> {
    documents: BTreeSet<&'m DocId>,
    kinds: BTreeSet<NameKind>,
    first: Option<PartialDate>,
    last: Option<PartialDate>,
}

impl<'m> Tally<'m> {
    fn add(&mut self, doc: &'m DocumentMentions, kind: NameKind) {
        self.documents.insert(&doc.source.id);
        self.kinds.insert(kind);
        let when = doc.source.when();
        self.first = [self.first, when].into_iter().flatten().min();
        self.last = [self.last, when].into_iter().flatten().max();
    }
}

impl Joined {
    /// The organisation of the set with this least atom, of all that is met of it. Its id may yet be another's too.
    pub(super) fn organisation(
        &self,
        root: usize,
        met: &[Met],
        forms: &Forms,
        corrections: &Corrections,
    ) -> Organisation {
        let members = self.sets.get(&root).map(Vec::as_slice).unwrap_or_default();
        let atoms: Vec<&Facts> = members.iter().filter_map(|i| self.atoms.get(*i)).collect();
        organisation(&atoms, met, self.merges.get(&root).cloned().unwrap_or_default(), forms, corrections)
    }
}

fn organisation(
    atoms: &[&Facts],
    met: &[Met],
    mut merges: Vec<Merge>,
    forms: &Forms,
    corrections: &Corrections,
) -> Organisation {
    let mut names: BTreeMap<&str, Tally> = BTreeMap::new();
    for m in met {
        names.entry(&m.party.name).or_default().add(m.doc, NameKind::Name);
        m.party.former.iter().for_each(|(n, _)| names.entry(n).or_default().add(m.doc, NameKind::Former));
        let aliases = m.party.aliases.iter().filter(|(n, _)| !forms.is_generic(n));
        aliases.for_each(|(n, _)| names.entry(n).or_default().add(m.doc, NameKind::Alias));
    }
    let count = |name: &str| names.get(name).map_or(0, |t| t.documents.len());
    let slipped: BTreeSet<String> = merges
        .iter()
        .filter(|m| m.reason == Reason::Spelling && count(&m.names[0]) != count(&m.names[1]))
        .map(|m| if count(&m.names[0]) < count(&m.names[1]) { m.names[0].clone() } else { m.names[1].clone() })
        .collect();
    let mut seen: Vec<NameSeen> = names
        .iter()
        .map(|(name, t)| {
            // What a document says of a name goes before that another used it: then it was the name.
            let kind = match () {
                () if slipped.contains(*name) => NameKind::Misspelling,
                () if t.kinds.contains(&NameKind::Former) => NameKind::Former,
                () if t.kinds.contains(&NameKind::Name) => NameKind::Name,
                () => NameKind::Alias,
            };
            NameSeen {
                name: (*name).to_string(),
                kind,
                documents: t.documents.len(),
                first_seen: t.first,
                last_seen: t.last,
            }
        })
        .collect();
    seen.sort_by(|a, b| {
        let rank = |n: &NameSeen| (n.kind, std::cmp::Reverse(n.last_seen), std::cmp::Reverse(n.documents));
        rank(a).cmp(&rank(b)).then(a.name.cmp(&b.name))
    });
    let numbers: BTreeSet<&str> = atoms.iter().filter_map(|f| f.number.as_deref()).collect();
    let public = atoms.iter().find(|f| f.is_public()).map(|f| f.atom.key());
    // What a person split off has the name they gave it; the one it is printed under leads to the other.
    let given = |m: &Met| corrections.split(&m.party.name, m.doc.source.id.as_str(), &m.doc.source.path);
    let first = met.iter().find_map(given).map(str::to_string).or_else(|| seen.first().map(|n| n.name.clone()));
    let first = first.unwrap_or_default();
    let known = seen.iter().map(|n| n.name.as_str()).filter(|_| met.iter().all(|m| given(m).is_none()));
    let kept = corrections.renamed(known.chain([first.as_str()]).chain(numbers.iter().copied()));
    let name = kept.map_or_else(|| first.clone(), str::to_string);
    let own: BTreeSet<String> = met.iter().filter(|m| given(m).is_none()).map(|m| slug(&m.party.name)).collect();
    let number = numbers.first().map(|n| (*n).to_string());
    let public_number = || met.iter().find_map(|m| m.party.org_nr.clone());
    let id = match (public, &number) {
        (Some(key), _) => slug(key),
        (None, Some(number)) => number.clone(),
        (None, None) => slug(&first),
    };
    let mut other_ids: BTreeSet<String> = own;
    other_ids.extend(numbers.iter().map(|n| (*n).to_string()));
    other_ids.remove(&id);

    let mut malformed: BTreeMap<String, Malformed> = BTreeMap::new();
    for m in met {
        if let Some((raw, suggestion)) = &m.party.malformed {
            let entry = malformed.entry(raw.clone()).or_insert_with(|| Malformed {
                raw: raw.clone(),
                suggestion: suggestion.clone(),
                mentions: Vec::new(),
            });
            entry.mentions.extend(m.party.proofs.iter().filter(|p| *p.quote == **raw).cloned());
        }
    }
    let mut roles: BTreeMap<&'static str, (usize, PartyRole)> = BTreeMap::new();
    for m in met {
        roles.entry(role_name(m.party.role)).or_insert((0, m.party.role)).0 += 1;
    }
    let dates = || met.iter().filter_map(|m| m.doc.source.when());
    let documents: BTreeSet<&DocId> = met.iter().map(|m| &m.doc.source.id).collect();
    let districts: BTreeSet<&String> = met.iter().flat_map(|m| &m.doc.source.districts).collect();
    let mut mentions: Vec<Proof> = met.iter().flat_map(|m| m.party.proofs.iter().cloned()).collect();
    tidy(&mut mentions);
    merges.sort_by(|a, b| (a.reason, &a.names).cmp(&(b.reason, &b.names)));
    merges.dedup_by(|a, b| a.reason == b.reason && a.names == b.names);
    Organisation {
        id,
        other_ids: other_ids.into_iter().collect(),
        name,
        names: seen,
        kind: roles.into_values().max_by_key(|(n, _)| *n).map_or(PartyRole::Other, |(_, r)| r),
        org_nr: if public.is_some() { public_number() } else { number },
        malformed_numbers: malformed.into_values().collect(),
        districts: districts.into_iter().cloned().collect(),
        agreements: Vec::new(),
        first_seen: dates().min(),
        last_seen: dates().max(),
        documents: documents.len(),
        merges,
        mentions,
    }
}

/// As in the record.
pub fn role_name(role: PartyRole) -> &'static str {
    match role {
        PartyRole::Public => "public",
        PartyRole::Civil => "civil",
        PartyRole::Company => "company",
        PartyRole::Parish => "parish",
        PartyRole::Other => "other",
    }
}
