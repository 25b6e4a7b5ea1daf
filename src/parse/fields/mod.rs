//! Defines the list of field rules: `FIELDS` is read from top to bottom, and a rule may use what stands above it.

pub(crate) mod agreement;
pub(crate) mod decision;
pub(crate) mod item;
pub(crate) mod meeting;
pub(crate) mod org_nr;
pub(crate) mod party;
pub(crate) mod period;

use super::context::Context;
use super::record::Record;
use crate::lexicon::Lexicon;

/// One field rule.
pub(crate) struct Field {
    /// What it fills, as named in the record.
    pub name: &'static str,
    /// Fills it.
    pub read: fn(&Context, &mut Record),
}

/// The field rules, in order.
pub(crate) const FIELDS: &[Field] = &[
    Field { name: "parties", read: party::read },
    Field { name: "items", read: item::read },
    Field { name: "decisions", read: decision::read },
    Field { name: "agreements", read: agreement::read },
    Field { name: "periods", read: period::read },
    Field { name: "meeting", read: meeting::read },
];

/// The patterns of all fields, compiled once from the vocabulary.
#[derive(Debug)]
pub(crate) struct Rules {
    /// For agreements.
    pub agreement: agreement::Rules,
    /// For decisions.
    pub decision: decision::Rules,
    /// For items.
    pub item: item::Rules,
    /// For meetings.
    pub meeting: meeting::Rules,
    /// For organisation numbers.
    pub org_nr: org_nr::Rules,
    /// For parties.
    pub party: party::Rules,
    /// For periods.
    pub period: period::Rules,
}

impl Rules {
    /// Compiles the patterns.
    pub fn new(lex: &Lexicon) -> Self {
        Rules {
            agreement: agreement::Rules::new(lex),
            decision: decision::Rules::new(lex),
            item: item::Rules::new(lex),
            meeting: meeting::Rules::new(lex),
            org_nr: org_nr::Rules::new(lex),
            party: party::Rules::new(lex),
            period: period::Rules::new(lex),
        }
    }
}
