//! Reads text files.

use super::{Document, Options, Problem, error};
use crate::lexicon::Lexicon;

/// Reads a text file's bytes.
///
/// # Errors
/// If the bytes are no text or over a limit.
pub fn read(bytes: &[u8], _lex: &Lexicon, _options: &Options) -> Result<Document, Problem> {
    Err(Problem::Binary { found: error::describe(bytes) })
}
