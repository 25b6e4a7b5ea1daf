//! Defines the registers: organisations, agreements, cases, districts and people over all documents, each statement with
//! the places that prove it.
//!
//! Their state is the set of mentions; entities are a pure function of it. So the order of files does not matter, and the
//! register of two parts joined is the register of the whole.

mod agreement;
mod cache;
mod case;
mod cluster;
mod compare;
mod coverage;
mod district;
mod gathering;
mod mention;
mod name;
mod organisation;
mod payer;
mod person;
mod spill;
#[cfg(test)]
mod tests;
mod timeline;

pub use agreement::{Advice, AgreedPeriod, Agreement, Exercised, Finding, PartyThen, Said, Standing, Sum};
pub use case::{Case, CaseLink, Cases, Fate, Outcome, Step, StepRole};
pub use compare::{Comparison, Point, Verdict};
pub use coverage::{Coverage, Gap, Meeting, Missing, Paragraphs, Range, Series};
pub use district::{District, Succession, districts_named};
pub use gathering::{Gathering, Register};
pub use mention::{DecisionMention, DocumentMentions, Mentions, Proof, Source, Wanted};
pub use organisation::{Doubt, Malformed, Merge, NameKind, NameSeen, Organisation, Organisations, Reason, role_name};
pub use person::{Person, RoleSeen};
pub use timeline::{Language, timeline};

use std::collections::HashSet;

use crate::base::DocId;
use crate::catalog::{CatalogError, Reader};
use crate::corrections::Corrections;
use crate::lexicon::Lexicon;

/// All registers of one set of mentions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Registers {
    /// Organisations, and what is doubtful about them.
    pub organisations: Organisations,
    /// Agreements, by name.
    pub agreements: Vec<Agreement>,
    /// Cases, by authority and number.
    pub cases: Cases,
    /// Districts, by city and name.
    pub districts: Vec<District>,
    /// People in public roles, by body and name.
    pub people: Vec<Person>,
    /// What the corpus lacks.
    pub coverage: Coverage,
}

impl Registers {
    /// The registers of these mentions. What was not collected is empty.
    pub fn of(mentions: &Mentions, lex: &Lexicon, corrections: &Corrections) -> Self {
        let lineage = name::Lineage::of(lex);
        let cases = case::resolve(mentions, &compare::Words::of(lex), &lineage);
        let mut organisations = organisation::resolve(mentions, &name::Forms::of(lex), &lineage, corrections);
        let sides = payer::Sides::of(lex);
        let agreements = agreement::resolve(mentions, &organisations, &lineage, &cases, &sides);
        organisations.tie(&agreements);
        let districts = district::resolve(mentions, lex, &organisations.entries, &agreements, &cases.entries);
        let people = person::resolve(mentions, &person::Titles::of(lex), &lineage);
        let coverage = coverage::coverage(mentions, &cases);
        Registers { organisations, agreements, cases, districts, people, coverage }
    }

    /// The registers of all documents of a catalog.
    ///
    /// # Errors
    /// If the catalog cannot be read.
    pub fn read(
        catalog: &Reader,
        wanted: Wanted,
        lex: &Lexicon,
        corrections: &Corrections,
    ) -> Result<Self, CatalogError> {
        Ok(Self::of(&collect(catalog, wanted)?, lex, corrections))
    }
}

/// The mentions of all documents of a catalog: from the file that keeps them beside it, as far as that is still right.
///
/// # Errors
/// If the catalog cannot be read.
pub fn collect(catalog: &Reader, wanted: Wanted) -> Result<Mentions, CatalogError> {
    cache::mentions(catalog, wanted, None)
}

/// The mentions of these documents of a catalog, from the same file.
///
/// # Errors
/// If the catalog cannot be read.
pub fn collect_among(catalog: &Reader, wanted: Wanted, among: &HashSet<DocId>) -> Result<Mentions, CatalogError> {
    cache::mentions(catalog, wanted, Some(among))
}
