//! Makes warnings of what was odd about a document.

use crate::base::Note;
use crate::parse::context::Context;
use crate::parse::record::{Record, Warning};

/// Adds the extractor's notes to the record's warnings.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    for note in &cx.doc.notes {
        push(cx, &mut record.warnings, note.clone());
    }
}

/// Most warnings of one code: what is odd a thousand times is said often enough.
const MOST: usize = 100;

/// Adds one warning, with its place if it has one; the same warning at the same place only once.
pub(crate) fn push(cx: &Context, warnings: &mut Vec<Warning>, note: Note) {
    let evidence = note.span.map(|span| cx.evidence("code", span, "warning", 1.0));
    let warning = Warning { code: note.code, message: note.message, evidence: evidence.into_iter().collect() };
    let same_code = warnings.iter().filter(|w| w.code == warning.code).take(MOST).count();
    if same_code < MOST && !warnings.contains(&warning) {
        warnings.push(warning);
    }
}
