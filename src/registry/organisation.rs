//! Makes organisations of the parties that documents name: one entry for each, with the reason for every joining.
//!
//! Names that compare equal are one, unless documents give them different numbers. Names with one number are one; a former
//! name or another name given in a text joins, and so do a slip of the pen and a name without the word for its form where both
//! are met in one district. Whatever would give an organisation two numbers is left apart and told as doubtful.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use super::cluster::Clusters;
use super::mention::{DocumentMentions, Mentions, PartyMention, Proof, tidy};
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
        let mut of: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for a in agreements {
            for party in a.parties.iter().filter_map(|p| p.organisation.as_deref()) {
                of.entry(party).or_default().insert(&a.id);
            }
        }
        for o in &mut self.entries {
            let ids = of.get(o.id.as_str()).into_iter().flatten();
            o.agreements = ids.map(|id| (*id).to_string()).collect();
        }
    }
}

/// One mention with its document.
#[derive(Clone, Copy)]
struct Met<'m> {
    doc: &'m DocumentMentions,
    party: &'m PartyMention,
}

/// What is certainly one: the smallest thing that is joined with others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Atom {
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

/// Everything that clustering needs.
struct Work<'m> {
    atoms: Vec<(Atom, Vec<Met<'m>>)>,
    numbers: Vec<Option<&'m str>>,
    by_key: BTreeMap<&'m str, Vec<usize>>,
    lineage: &'m Lineage,
    forms: &'m Forms,
}

/// Makes the register.
pub(super) fn resolve(
    mentions: &Mentions,
    forms: &Forms,
    lineage: &Lineage,
    corrections: &Corrections,
) -> Organisations {
    let atoms = atoms(mentions, lineage, corrections);
    let list: Vec<(Atom, Vec<Met>)> = atoms.into_iter().collect();
    let numbers: Vec<Option<&str>> = list.iter().map(|(a, met)| number_of(a, met)).collect();
    let keys: Vec<String> = list.iter().map(|(a, _)| a.key().to_string()).collect();
    let mut by_key: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (i, key) in keys.iter().enumerate() {
        by_key.entry(key).or_default().push(i);
    }
    let work = Work { atoms: list, numbers, by_key, lineage, forms };
    let mut clusters = Clusters::new(work.atoms.len());
    let mut merges: BTreeMap<usize, Vec<Merge>> = BTreeMap::new();
    let mut doubts: Vec<(&'static str, String, [usize; 2], Vec<Proof>)> = Vec::new();

    let mut used: Vec<(usize, Merge)> = Vec::new();
    for (a, b, why) in work.corrected(corrections) {
        clusters.join(a, b);
        let names = [work.name(a), work.name(b)];
        used.push((a, Merge { reason: Reason::Correction, names, mentions: why }));
    }
    for (a, b) in work.by_number() {
        clusters.join(a, b);
        let mentions = [a, b].iter().filter_map(|i| work.proof_of_number(*i)).collect();
        used.push((a, Merge { reason: Reason::OrgNr, names: [work.name(a), work.name(b)], mentions }));
    }
    for (reason, edges) in work.layers() {
        let (edges, unsure): (Vec<Edge>, Vec<Edge>) = edges.into_iter().partition(|e| e.sure);
        let pairs: Vec<(usize, usize)> = edges.iter().map(|e| (e.a, e.b)).collect();
        // A number that was joined by hand with another is no contradiction any longer: each set has its least.
        let least: Vec<Option<&str>> = {
            let sets = clusters.sets();
            let mut least = vec![None; work.atoms.len()];
            for members in sets.values() {
                let number = members.iter().filter_map(|i| work.numbers.get(*i).copied().flatten()).min();
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
            let names = [work.name(edge.a), work.name(edge.b)];
            if joined {
                used.push((edge.a, Merge { reason, names, mentions: edge.proofs }));
            } else if clusters.root(edge.a) != clusters.root(edge.b) {
                doubts.push((code(reason), doubtful(reason, &names, edge.sure), [edge.a, edge.b], edge.proofs));
            }
        }
    }
    for (root, merge) in used {
        merges.entry(clusters.root(root)).or_default().push(merge);
    }
    doubts.extend(work.ambiguous(&clusters));
    finish(&work, &clusters, merges, doubts, corrections)
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

/// The atoms with what was met of each, in order.
fn atoms<'m>(mentions: &'m Mentions, lineage: &Lineage, corrections: &Corrections) -> BTreeMap<Atom, Vec<Met<'m>>> {
    let mut numbers: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let all = || mentions.documents().flat_map(|doc| doc.parties.iter().map(move |party| Met { doc, party }));
    for met in all().filter(|m| m.party.role != PartyRole::Public) {
        if let Some(number) = &met.party.org_nr {
            numbers.entry(org_key(&met.party.name)).or_default().insert(number);
        }
    }
    let mut atoms: BTreeMap<Atom, Vec<Met<'m>>> = BTreeMap::new();
    for met in all() {
        let key = org_key(&met.party.name);
        let source = &met.doc.source;
        let atom = if let Some(name) = corrections.split(&met.party.name, source.id.as_str(), &source.path) {
            Atom::Split(org_key(name))
        } else if met.party.role == PartyRole::Public {
            Atom::Public(lineage.by_name(&met.party.name).map_or(key, str::to_string))
        } else {
            match (&met.party.org_nr, numbers.get(&key)) {
                (Some(number), Some(several)) if several.len() > 1 => Atom::Numbered(key, number.clone()),
                _ => Atom::Named(key),
            }
        };
        atoms.entry(atom).or_default().push(met);
    }
    atoms
}

fn number_of<'m>(atom: &Atom, met: &[Met<'m>]) -> Option<&'m str> {
    match atom {
        Atom::Public(_) => None,
        _ => met.iter().find_map(|m| m.party.org_nr.as_deref()),
    }
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
    fn met(&self, i: usize) -> &[Met<'_>] {
        self.atoms.get(i).map(|(_, met)| met.as_slice()).unwrap_or_default()
    }

    /// A name that an atom was met under: the one of most documents.
    fn name(&self, i: usize) -> String {
        let mut tally: BTreeMap<&str, usize> = BTreeMap::new();
        for m in self.met(i) {
            *tally.entry(&m.party.name).or_default() += 1;
        }
        tally.into_iter().max_by_key(|(_, n)| *n).map(|(name, _)| name.to_string()).unwrap_or_default()
    }

    fn with_key(&self, key: &str) -> &[usize] {
        self.by_key.get(key).map(Vec::as_slice).unwrap_or_default()
    }

    fn proof_of_number(&self, i: usize) -> Option<Proof> {
        let met = self.met(i).iter().filter(|m| m.party.org_nr.is_some());
        met.filter_map(|m| m.party.proofs.last()).min_by(|a, b| a.order().cmp(&b.order())).cloned()
    }

    fn first_proof(&self, i: usize) -> Option<Proof> {
        let met = self.met(i).iter().filter_map(|m| m.party.proofs.first());
        met.min_by(|a, b| a.order().cmp(&b.order())).cloned()
    }

    /// Pairs that the corrections join.
    fn corrected(&self, corrections: &Corrections) -> Vec<(usize, usize, Vec<Proof>)> {
        let matches = |typed: &str| -> Vec<usize> {
            let (key, id) = (org_key(typed), slug(typed));
            let is = |i: &usize| {
                self.atoms.get(*i).is_some_and(|(a, _)| a.key() == key || slug(a.key()) == id)
                    || self.numbers.get(*i).copied().flatten().is_some_and(|n| n == typed || slug(n) == id)
            };
            (0..self.atoms.len()).filter(is).collect()
        };
        let mut pairs = Vec::new();
        for merge in corrections.merges() {
            let all: Vec<usize> = merge.iter().flat_map(|typed| matches(typed)).collect();
            if let Some((first, rest)) = all.split_first() {
                pairs.extend(rest.iter().filter(|i| *i != first).map(|i| (*first, *i, Vec::new())));
            }
        }
        pairs
    }

    /// Atoms of one number.
    fn by_number(&self) -> Vec<(usize, usize)> {
        let mut first: BTreeMap<&str, usize> = BTreeMap::new();
        let mut pairs = Vec::new();
        for (i, number) in self.numbers.iter().enumerate() {
            let Some(number) = number else { continue };
            match first.get(number) {
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
        for i in 0..self.atoms.len() {
            let mut said: BTreeMap<(Reason, String), Vec<Proof>> = BTreeMap::new();
            for m in self.met(i) {
                for (name, proofs) in &m.party.former {
                    said.entry((Reason::FormerName, org_key(name))).or_default().extend(proofs.iter().cloned());
                }
                for (name, proofs) in m.party.aliases.iter().filter(|(n, _)| !self.forms.is_generic(n)) {
                    said.entry((Reason::Alias, org_key(name))).or_default().extend(proofs.iter().cloned());
                }
            }
            let public = matches!(self.atoms.get(i), Some((Atom::Public(_), _)));
            // A committee's former name is its predecessor, which is another body.
            if public {
                continue;
            }
            for ((reason, key), proofs) in said {
                for &b in self.with_key(&key).iter().filter(|b| **b != i) {
                    let edge = Edge { a: i, b, sure: true, proofs: proofs.clone() };
                    if reason == Reason::FormerName { former.push(edge) } else { alias.push(edge) }
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
        let mut edges = Vec::new();
        let is_public = |i: usize| matches!(self.atoms.get(i), Some((Atom::Public(_), _)));
        for &a in self.with_key(a) {
            for &b in self.with_key(b).iter().filter(|b| !is_public(a) && !is_public(**b)) {
                let shared = !self.places(a).is_disjoint(&self.places(b));
                let proofs = [a, b].into_iter().filter_map(|i| self.first_proof(i)).collect();
                edges.push(Edge { a, b, sure: shared, proofs });
            }
        }
        edges
    }

    /// Districts, as they are now, whose documents name an atom.
    fn places(&self, i: usize) -> BTreeSet<&str> {
        let districts = self.met(i).iter().flat_map(|m| &m.doc.source.districts);
        districts.map(|d| self.lineage.now(d)).collect()
    }

    /// Names with several numbers, met without one.
    fn ambiguous(&self, clusters: &Clusters) -> Vec<(&'static str, String, [usize; 2], Vec<Proof>)> {
        let mut doubts = Vec::new();
        for (i, (atom, _)) in self.atoms.iter().enumerate() {
            let Atom::Named(key) = atom else { continue };
            for &b in self.with_key(key).iter().filter(|b| clusters.root(**b) != clusters.root(i)) {
                if let Some(number) = self.numbers.get(b).copied().flatten() {
                    let name = self.name(i);
                    let message =
                        format!("\"{name}\" without a number may be the one with {number}, or another of that name.");
                    let proofs = [i, b].into_iter().filter_map(|i| self.first_proof(i)).collect();
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

fn finish(
    work: &Work<'_>,
    clusters: &Clusters,
    mut merges: BTreeMap<usize, Vec<Merge>>,
    doubts: Vec<(&'static str, String, [usize; 2], Vec<Proof>)>,
    corrections: &Corrections,
) -> Organisations {
    let mut made: Vec<(usize, Organisation)> = Vec::new();
    for (root, members) in clusters.sets() {
        made.push((root, organisation(work, &members, merges.remove(&root).unwrap_or_default(), corrections)));
    }
    // Two of one name have one id; it goes to the one with more documents, the others have one with their place in it.
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    made.sort_by(|(_, a), (_, b)| (b.documents, &a.id, &a.first_seen).cmp(&(a.documents, &b.id, &b.first_seen)));
    for (_, o) in &mut made {
        let n = taken.entry(o.id.clone()).or_default();
        *n += 1;
        if *n > 1 {
            o.id = format!("{}~{n}", o.id);
        }
    }
    made.sort_by(|(_, a), (_, b)| (org_key(&a.name), &a.id).cmp(&(org_key(&b.name), &b.id)));
    let place: HashMap<usize, usize> = made.iter().enumerate().map(|(at, (root, _))| (*root, at)).collect();
    let mut of: HashMap<DocId, BTreeMap<String, usize>> = HashMap::new();
    for (i, (_, met)) in work.atoms.iter().enumerate() {
        for m in met {
            if let Some(at) = place.get(&clusters.root(i)) {
                of.entry(m.doc.source.id.clone()).or_default().insert(m.party.name.clone(), *at);
            }
        }
    }
    let entries: Vec<Organisation> = made.into_iter().map(|(_, o)| o).collect();
    let id = |i: usize| place.get(&clusters.root(i)).and_then(|at| entries.get(*at)).map(|o| o.id.clone());
    let mut doubts: Vec<Doubt> = doubts
        .into_iter()
        .map(|(code, message, pair, mentions)| {
            let organisations: Vec<String> = pair.into_iter().filter_map(id).collect();
            let quoted: Vec<String> = organisations.iter().map(|o| format!("{o:?}")).collect();
            let correction = format!("[[merge]]\norganisations = [{}]\nwhy = \"\"\n", quoted.join(", "));
            Doubt { code, message, organisations, correction, mentions }
        })
        .collect();
    doubts.sort_by(|a, b| (a.code, &a.message).cmp(&(b.code, &b.message)));
    doubts.dedup_by(|a, b| a.message == b.message && a.organisations == b.organisations);
    let by_id = entries.iter().enumerate().map(|(i, o)| (o.id.clone(), i)).collect();
    Organisations { entries, doubts, of, by_id }
}

fn organisation(work: &Work<'_>, members: &[usize], mut merges: Vec<Merge>, corrections: &Corrections) -> Organisation {
    let met: Vec<Met> = members.iter().flat_map(|i| work.met(*i)).copied().collect();
    let mut names: BTreeMap<&str, Tally> = BTreeMap::new();
    for m in &met {
        names.entry(&m.party.name).or_default().add(m.doc, NameKind::Name);
        m.party.former.iter().for_each(|(n, _)| names.entry(n).or_default().add(m.doc, NameKind::Former));
        let aliases = m.party.aliases.iter().filter(|(n, _)| !work.forms.is_generic(n));
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
    let numbers: BTreeSet<&str> = members.iter().filter_map(|i| work.numbers.get(*i).copied().flatten()).collect();
    let public = members.iter().find_map(|i| match work.atoms.get(*i) {
        Some((Atom::Public(key), _)) => Some(key.clone()),
        _ => None,
    });
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
    let id = match (&public, &number) {
        (Some(key), _) => slug(key),
        (None, Some(number)) => number.clone(),
        (None, None) => slug(&first),
    };
    let mut other_ids: BTreeSet<String> = own;
    other_ids.extend(numbers.iter().map(|n| (*n).to_string()));
    other_ids.remove(&id);

    let mut malformed: BTreeMap<String, Malformed> = BTreeMap::new();
    for m in &met {
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
    for m in &met {
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
