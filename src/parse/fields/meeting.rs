//! Reads the meeting.

use crate::lexicon::Lexicon;
use crate::parse::context::Context;
use crate::parse::record::Record;

/// Patterns compiled once from the vocabulary.
#[derive(Debug)]
pub(crate) struct Rules;

impl Rules {
    /// Compiles them.
    pub fn new(_lex: &Lexicon) -> Self {
        Rules
    }
}

/// Fills the field.
pub(crate) fn read(_cx: &Context, _record: &mut Record) {}
