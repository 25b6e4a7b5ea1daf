//! Makes the registers of any number of documents in little memory, entry by entry, as [`Registers::of`](super::Registers::of) makes them
//! all at once.
//!
//! Mentions go to temporary files under what they are grouped by: people under body and name, steps of cases under year and number,
//! parties under their names. Each group is read by itself, and what groups say of each other goes to further files: citations under
//! the number cited, cases and organisations under the documents that agreements stand in. In memory are what is counted of
//! districts, what tells which names are one (`organisation::Facts`) and one group at a time.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::agreement::{self, Beside};
use super::case::{self, Citation, Fate, Outcome};
use super::compare::Words;
use super::district;
use super::mention::{Decided, DecisionMention, DocumentMentions, Excerpt, Source};
use super::name::{Forms, Lineage};
use super::organisation::{self, Facts, Joined, Kin, Organisation, Ties};
use super::payer::Sides;
use super::person::{self, Titles};
use super::spill::{Scratch, Spill, from_bytes, to_bytes};
use crate::base::{DocId, PartialDate};
use crate::corrections::Corrections;
use crate::lexicon::Lexicon;

/// The registers that entries come from, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Register {
    /// Districts.
    Districts,
    /// Organisations.
    Organisations,
    /// Cases.
    Cases,
    /// Agreements.
    Agreements,
    /// People.
    People,
}

/// What stands in one place of one document: its number there tells the order.
type Place = (DocId, u32);

/// What is said of a case besides its documents.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum OfCase {
    /// The case itself.
    Entry,
    /// It cites this number.
    Cites(String),
    /// It is cited by this case, as this number.
    CitedBy(case::Key, String),
}

/// What goes under a year and running number.
#[derive(Serialize, Deserialize)]
enum Numbered {
    /// There is a case with it: its id and number.
    Case(String, String),
    /// It is cited.
    Cited { id: String, dnr: String, series: Option<String>, former_districts: Vec<String>, mentions: String },
}

/// What goes under a document that agreements stand in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Beneath {
    /// The document.
    Document,
    /// It belongs to this case.
    Case(case::Key),
    /// It means an organisation by a name: that of this atom.
    Meant(u32, u32),
}

/// A case of a document, as it is kept.
#[derive(Serialize, Deserialize)]
struct CaseOf {
    id: String,
    dnr: String,
    outcome: Option<OutcomeHead>,
}

/// An outcome without its decisions.
#[derive(Serialize, Deserialize)]
struct OutcomeHead(Fate, Option<PartialDate>, String, String, Option<String>);

impl OutcomeHead {
    fn of(o: &Outcome) -> Self {
        OutcomeHead(o.fate, o.date, o.document.clone(), o.path.clone(), o.item.clone())
    }

    fn with(self, decisions: Vec<DecisionMention>) -> Outcome {
        let OutcomeHead(fate, date, document, path, item) = self;
        Outcome { fate, date, document, path, item, decisions }
    }
}

/// Decisions as they are read: with their document.
type Decisions = (Option<Source>, Vec<DecisionMention>);

/// What an agreement of a document goes with, as it is kept: whether it is alone there, the organisations meant, the cases, the outcome.
type Around = (bool, BTreeMap<String, String>, BTreeMap<String, String>, Option<(OutcomeHead, Decisions)>);

/// Entries in the making.
pub struct Gathering<'l> {
    lex: &'l Lexicon,
    corrections: &'l Corrections,
    lineage: Lineage,
    titles: Titles,
    scratch: Arc<Scratch>,
    districts: district::Tally,
    people: Spill<(person::Key, Place)>,
    parties: Spill<(Kin, Place)>,
    steps: Spill<(case::Number, Place)>,
    beneath: Spill<(DocId, Beneath)>,
}

/// The parties of organisations: under the least atom of each, their own atom, and where they stand.
type Parties = Spill<(u32, u32, Place)>;

/// Agreements in the order of their names and ids; whichever comes first where those are equal.
type Agreements = Spill<(String, String, u32)>;

/// The number of something in a list.
fn nth(i: usize) -> u32 {
    u32::try_from(i).unwrap_or(u32::MAX)
}

impl<'l> Gathering<'l> {
    /// Makes ready; temporary files will lie in `folder`.
    ///
    /// # Errors
    /// If a folder for them cannot be made there.
    pub fn in_folder(folder: &Path, lex: &'l Lexicon, corrections: &'l Corrections) -> io::Result<Self> {
        let scratch = Scratch::in_folder(folder)?;
        Ok(Gathering {
            lex,
            corrections,
            lineage: Lineage::of(lex),
            titles: Titles::of(lex),
            districts: district::Tally::default(),
            people: Spill::new(&scratch),
            parties: Spill::new(&scratch),
            steps: Spill::new(&scratch),
            beneath: Spill::new(&scratch),
            scratch,
        })
    }

    /// Takes what one document says, in any order of documents, each once.
    ///
    /// # Errors
    /// If a temporary file cannot be written.
    pub fn add(&mut self, doc: &DocumentMentions) -> io::Result<()> {
        let (source, bare) = (&doc.source, Excerpt::of(doc));
        let id = || source.id.clone();
        self.districts.document(source);
        for (i, person) in (0..).zip(&doc.people) {
            if let Some(key) = person::key(person::Met { source, person }, &self.titles, &self.lineage) {
                let kept = Excerpt { people: std::slice::from_ref(person), ..bare };
                self.people.put((key, (id(), i)), to_bytes(&kept)?)?;
            }
        }
        let speaks = !doc.agreements.is_empty();
        for (i, party) in (0..).zip(&doc.parties) {
            let kin = Kin::of(source, party, &self.lineage, self.corrections);
            let kept = Excerpt { parties: std::slice::from_ref(party), ..bare };
            self.parties.put((kin, (id(), i)), to_bytes(&(speaks, kept))?)?;
        }
        for (i, step) in (0..).zip(&doc.steps) {
            let kept = Excerpt { steps: std::slice::from_ref(step), ..bare };
            let numbers: std::collections::BTreeSet<case::Number> =
                step.own.iter().map(|n| (n.year, n.number)).collect();
            for number in numbers {
                self.steps.put((number, (id(), i)), to_bytes(&(speaks, kept))?)?;
            }
        }
        if speaks {
            let kept = Excerpt { parties: &doc.parties, agreements: &doc.agreements, steps: &doc.steps, ..bare };
            self.beneath.put((id(), Beneath::Document), to_bytes(&kept)?)?;
        }
        Ok(())
    }

    /// Calls with each entry of the registers, as it is written to JSON: those of [`Registers`](super::Registers), in its order.
    ///
    /// # Errors
    /// If a temporary file cannot be written or read, or `f` fails.
    pub fn each<E: From<io::Error> + From<serde_json::Error>>(
        mut self,
        mut f: impl FnMut(Register, Value) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut cases = self.cases()?;
        let (joined, mut sets) = self.joined()?;
        let known = self.organisations(&joined, &mut sets)?;
        let (mut agreements, ties) = self.agreements(&known)?;
        for (_, o) in &known.made {
            self.districts.organisation(o);
        }
        for d in std::mem::take(&mut self.districts).districts(self.lex) {
            f(Register::Districts, value(&d)?)?;
        }
        let mut entries: Spill<u32> = Spill::new(&self.scratch);
        self.each_organisation(&joined, &mut sets, |root, mut o| {
            let Some((at, kept)) = known.at(root) else { return Ok(()) };
            o.id.clone_from(&kept.id);
            o.agreements = ties.of(&o.id);
            entries.put(nth(at), serde_json::to_vec(&o)?)
        })?;
        drop((known, joined, sets, ties));
        for entry in entries.sorted()? {
            f(Register::Organisations, serde_json::from_slice(&entry?.1)?)?;
        }
        drop(entries);
        for group in cases.sorted()?.groups(|(key, _): &(case::Key, OfCase)| key.clone()) {
            f(Register::Cases, whole_case(group?.1)?)?;
        }
        drop(cases);
        for entry in agreements.sorted()? {
            f(Register::Agreements, serde_json::from_slice(&entry?.1)?)?;
        }
        drop(agreements);
        for group in self.people.sorted()?.groups(|(key, _)| key.clone()) {
            let (key, members) = group?;
            let docs =
                members.iter().map(|(_, bytes)| from_bytes(bytes)).collect::<io::Result<Vec<DocumentMentions>>>()?;
            let met = docs.iter().flat_map(|d| d.people.iter().map(|person| person::Met { source: &d.source, person }));
            f(Register::People, value(&person::person(&key, &met.collect::<Vec<_>>()))?)?;
        }
        Ok(())
    }

    /// The cases, each with what ties it to others under its key; what they decide goes to the documents that agreements stand in.
    fn cases(&mut self) -> io::Result<Spill<(case::Key, OfCase)>> {
        let words = Words::of(self.lex);
        let mut out: Spill<(case::Key, OfCase)> = Spill::new(&self.scratch);
        let mut cited: Spill<(case::Number, Option<(case::Key, String)>)> = Spill::new(&self.scratch);
        for group in self.steps.sorted()?.groups(|(number, _)| *number) {
            let (number, members) = group?;
            let read = members.iter().map(|(_, bytes)| from_bytes(bytes));
            let docs = one_of_each(read.collect::<io::Result<Vec<(bool, DocumentMentions)>>>()?);
            let grouped = case::grouped(docs.iter().map(|(_, d)| d));
            for (key, met) in grouped.iter().filter(|(key, _)| key.number() == number) {
                let made = case::case(key, met, &words);
                let speaks = |d: &&DocumentMentions| docs.iter().any(|(speaks, one)| *speaks && std::ptr::eq(one, *d));
                for doc in case::whole(met).into_iter().filter(speaks) {
                    let outcome = made.outcome_of(&doc.source);
                    let head = outcome.as_ref().map(OutcomeHead::of);
                    let of = CaseOf { id: made.id.clone(), dnr: made.dnr.clone(), outcome: head };
                    let decisions = outcome.as_ref().map(|o| o.decisions.as_slice()).unwrap_or_default();
                    let kept = to_bytes(&(of, Decided::of(decisions)))?;
                    self.beneath.put((doc.source.id.clone(), Beneath::Case(key.clone())), kept)?;
                }
                for Citation { dnr, number, series, former_districts, mentions } in case::citations(met) {
                    let mentions = serde_json::to_string(&mentions)?;
                    let (id, own) = (made.id.clone(), made.dnr.clone());
                    let kept = Numbered::Cited { id, dnr: own, series, former_districts, mentions };
                    cited.put((number, Some((key.clone(), dnr))), to_bytes(&kept)?)?;
                }
                let kept = Numbered::Case(made.id.clone(), made.dnr.clone());
                cited.put((number, None), to_bytes(&(key, kept))?)?;
                self.districts.case(&made);
                out.put((key.clone(), OfCase::Entry), serde_json::to_vec(&made)?)?;
            }
        }
        for group in cited.sorted()?.groups(|(number, _)| *number) {
            let (number, members) = group?;
            let mut all: Vec<(case::Key, (String, String))> = Vec::new();
            for (_, bytes) in members.iter().filter(|((_, by), _)| by.is_none()) {
                if let (key, Numbered::Case(id, dnr)) = from_bytes(bytes)? {
                    all.push((key, (id, dnr)));
                }
            }
            let cases: Vec<(&case::Key, &case::Key)> = all.iter().map(|(key, _)| (key, key)).collect();
            for ((_, by), bytes) in members {
                let Some((from, dnr)) = by else { continue };
                let Numbered::Cited { id, dnr: own, series, former_districts, mentions } = from_bytes(&bytes)? else {
                    continue;
                };
                let citation = Citation { dnr: dnr.clone(), number, series, former_districts, mentions: Vec::new() };
                let to = case::target(&citation, &from, &cases, &self.lineage).copied().filter(|to| **to != from);
                let of = |dnr: &str, case: Option<&String>| -> io::Result<Vec<u8>> {
                    let (dnr, case) = (serde_json::to_string(dnr)?, serde_json::to_string(&case)?);
                    Ok(format!("{{\"dnr\":{dnr},\"case\":{case},\"mentions\":{mentions}}}").into_bytes())
                };
                if let Some(to) = to {
                    out.put((to.clone(), OfCase::CitedBy(from.clone(), dnr.clone())), of(&own, Some(&id))?)?;
                }
                let case = to.and_then(|to| all.iter().find(|(key, _)| key == to)).map(|(_, (id, _))| id);
                let link = of(&dnr, case)?;
                out.put((from, OfCase::Cites(dnr)), link)?;
            }
        }
        Ok(out)
    }

    /// Which names are one organisation, and the parties of each under its least atom.
    fn joined(&mut self) -> io::Result<(Joined, Parties)> {
        let forms = Forms::of(self.lex);
        let mut facts: Vec<Facts> = Vec::new();
        for group in self.parties.sorted()?.groups(|(kin, _)| kin.clone()) {
            let (kin, members) = group?;
            let docs = parties(&members)?;
            let atoms = kin.atoms(met(&docs).collect());
            facts.extend(atoms.into_iter().map(|(atom, met)| Facts::of(atom, &met, &self.lineage, &forms)));
        }
        facts.sort_by(|a, b| a.atom().cmp(b.atom()));
        let joined = Joined::of(facts, &forms, self.corrections);
        let mut sets = Parties::new(&self.scratch);
        for group in self.parties.sorted()?.groups(|(kin, _)| kin.clone()) {
            let (kin, members) = group?;
            let docs = parties(&members)?;
            let has_several = Kin::has_several(met(&docs).map(|m| m.party));
            for (((_, place), bytes), (speaks, doc)) in members.into_iter().zip(&docs) {
                let Some(party) = doc.parties.first() else { continue };
                let Some(atom) = joined.place_of(&kin.atom(party, has_several)) else { continue };
                if *speaks {
                    let key = (doc.source.id.clone(), Beneath::Meant(nth(atom), place.1));
                    self.beneath.put(key, to_bytes(&party.name)?)?;
                }
                sets.put((nth(joined.root(atom)), nth(atom), place), bytes)?;
            }
        }
        Ok((joined, sets))
    }

    /// Calls with each organisation, in order of their least atoms.
    fn each_organisation(
        &self,
        joined: &Joined,
        sets: &mut Parties,
        mut f: impl FnMut(usize, Organisation) -> io::Result<()>,
    ) -> io::Result<()> {
        let forms = Forms::of(self.lex);
        for group in sets.sorted()?.groups(|(root, ..)| *root) {
            let (root, members) = group?;
            let docs = parties(&members)?;
            let met: Vec<organisation::Met> = met(&docs).collect();
            f(root as usize, joined.organisation(root as usize, &met, &forms, self.corrections))?;
        }
        Ok(())
    }

    /// The organisations without what proves them, in order.
    fn organisations(&self, joined: &Joined, sets: &mut Parties) -> io::Result<Known> {
        let mut made: Vec<(usize, Organisation)> = Vec::new();
        self.each_organisation(joined, sets, |root, o| {
            let light = Organisation {
                names: Vec::new(),
                malformed_numbers: Vec::new(),
                merges: Vec::new(),
                mentions: Vec::new(),
                ..o
            };
            made.push((root, light));
            Ok(())
        })?;
        organisation::in_order(&mut made);
        let by_root = made.iter().enumerate().map(|(at, (root, _))| (*root, at)).collect();
        let by_id = made.iter().enumerate().map(|(at, (_, o))| (o.id.clone(), at)).collect();
        let of_atom = joined.sets().flat_map(|(root, members)| members.iter().map(move |atom| (*atom, root))).collect();
        Ok(Known { made, by_root, by_id, of_atom })
    }

    /// The agreements in order, and which organisations have them.
    fn agreements(&mut self, known: &Known) -> io::Result<(Agreements, Ties)> {
        let mut of_partner: Spill<(String, Place)> = Spill::new(&self.scratch);
        for group in self.beneath.sorted()?.groups(|(id, _)| id.clone()) {
            let (_, members) = group?;
            let mut doc: Option<DocumentMentions> = None;
            let mut beside = Beside::default();
            for ((_, what), bytes) in members {
                match what {
                    Beneath::Document => doc = Some(from_bytes(&bytes)?),
                    Beneath::Case(_) => {
                        let (of, decisions): (CaseOf, Decisions) = from_bytes(&bytes)?;
                        let outcome = of.outcome.map(|head| head.with(Decided::read(decisions)));
                        beside.outcome = beside.outcome.or(outcome);
                        beside.cases.insert(of.id, of.dnr);
                    }
                    Beneath::Meant(atom, _) => {
                        if let Some(o) = known.of_atom(atom) {
                            beside.meant.insert(from_bytes(&bytes)?, o.id.clone());
                        }
                    }
                }
            }
            let Some(doc) = doc else { continue };
            let alone = doc.agreements.len() == 1;
            for (i, said) in (0..).zip(&doc.agreements) {
                let agreements = std::slice::from_ref(said);
                let kept = Excerpt { parties: &doc.parties, agreements, steps: &doc.steps, ..Excerpt::of(&doc) };
                let outcome = beside.outcome.as_ref().map(|o| (OutcomeHead::of(o), Decided::of(&o.decisions)));
                let kept = to_bytes(&(kept, (alone, &beside.meant, &beside.cases, outcome)))?;
                of_partner.put((agreement::partner(&doc, said, &beside), (doc.source.id.clone(), i)), kept)?;
            }
        }
        let sides = Sides::of(self.lex);
        let organisation = |id: &str| known.with_id(id);
        let context = agreement::Context { organisation: &organisation, lineage: &self.lineage, sides: &sides };
        let mut out = Agreements::new(&self.scratch);
        let mut ties = Ties::default();
        let mut n = 0;
        for group in of_partner.sorted()?.groups(|(partner, _)| partner.clone()) {
            let (partner, members) = group?;
            let mut docs: Vec<(DocumentMentions, Beside, bool)> = Vec::new();
            for (_, bytes) in &members {
                let (doc, (alone, meant, cases, outcome)): (DocumentMentions, Around) = from_bytes(bytes)?;
                let outcome = outcome.map(|(head, decisions)| head.with(Decided::read(decisions)));
                docs.push((doc, Beside { meant, cases, outcome }, alone));
            }
            let met = docs.iter().flat_map(|(doc, beside, alone)| {
                doc.agreements.iter().map(|said| agreement::Met::new(doc, beside, said, *alone, &self.lineage))
            });
            for made in agreement::of_partner(&partner, &met.collect::<Vec<_>>(), &context) {
                ties.add(&made);
                self.districts.agreement(&made);
                let (name, id) = made.order();
                out.put((name, id.to_string(), n), serde_json::to_vec(&made)?)?;
                n += 1;
            }
        }
        Ok((out, ties))
    }
}

/// What is known of all organisations while agreements are made.
struct Known {
    made: Vec<(usize, Organisation)>,
    by_root: BTreeMap<usize, usize>,
    by_id: BTreeMap<String, usize>,
    of_atom: BTreeMap<usize, usize>,
}

impl Known {
    /// The place of an organisation among all, by its least atom.
    fn at(&self, root: usize) -> Option<(usize, &Organisation)> {
        let at = *self.by_root.get(&root)?;
        self.made.get(at).map(|(_, o)| (at, o))
    }

    fn of_atom(&self, atom: u32) -> Option<&Organisation> {
        self.at(*self.of_atom.get(&(atom as usize))?).map(|(_, o)| o)
    }

    fn with_id(&self, id: &str) -> Option<&Organisation> {
        self.made.get(*self.by_id.get(id)?).map(|(_, o)| o)
    }
}

/// The steps of one document together again, as they were.
fn one_of_each(read: Vec<(bool, DocumentMentions)>) -> Vec<(bool, DocumentMentions)> {
    let mut docs: Vec<(bool, DocumentMentions)> = Vec::new();
    for (speaks, mut doc) in read {
        match docs.last_mut().filter(|(_, last)| last.source.id == doc.source.id) {
            Some((_, last)) => {
                doc.source = Arc::clone(&last.source);
                doc.settle();
                last.steps.append(&mut doc.steps);
            }
            None => docs.push((speaks, doc)),
        }
    }
    docs
}

/// Documents with one party each, as they were kept.
fn parties<K>(members: &[(K, Vec<u8>)]) -> io::Result<Vec<(bool, DocumentMentions)>> {
    members.iter().map(|(_, bytes)| from_bytes(bytes)).collect()
}

fn met(docs: &[(bool, DocumentMentions)]) -> impl Iterator<Item = organisation::Met<'_>> {
    docs.iter().flat_map(|(_, doc)| doc.parties.iter().map(|party| organisation::Met { doc, party }))
}

/// An entry as it is written: read from the text, so that its numbers are those of the text.
fn value(entry: &impl Serialize) -> io::Result<Value> {
    Ok(serde_json::from_slice(&serde_json::to_vec(entry)?)?)
}

/// A case with its ties put in.
fn whole_case(members: Vec<((case::Key, OfCase), Vec<u8>)>) -> serde_json::Result<Value> {
    let mut entry = Value::Null;
    for ((_, what), bytes) in members {
        let part: Value = serde_json::from_slice(&bytes)?;
        let list = match what {
            OfCase::Entry => {
                entry = part;
                continue;
            }
            OfCase::Cites(_) => "cites",
            OfCase::CitedBy(..) => "cited_by",
        };
        if let Some(list) = entry.get_mut(list).and_then(Value::as_array_mut) {
            list.push(part);
        }
    }
    Ok(entry)
}
