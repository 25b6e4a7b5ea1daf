//! Tables as CSV (RFC 4180), to be saved and opened elsewhere.

use super::http::Answer;

/// The byte order mark tells a spreadsheet that what follows is UTF-8.
const MARK: &str = "\u{feff}";

/// A table as a file. A cell that a spreadsheet would take for a formula gets an apostrophe before it: documents are hostile.
pub(super) fn csv(name: &str, head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Answer {
    let mut out = csv::Writer::from_writer(MARK.as_bytes().to_vec());
    // Writing into memory does not fail, and every row is as long as its head.
    let _ = out.write_record(head);
    for row in rows {
        let _ = out.write_record(row.iter().map(|cell| tame(cell).into_owned()));
    }
    Answer::new("text/csv; charset=utf-8", out.into_inner().unwrap_or_default()).named(format!("{name}.csv"))
}

fn tame(cell: &str) -> std::borrow::Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}").into() } else { cell.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::http::Content;

    #[test]
    fn cells_are_quoted_and_formulas_tamed() {
        let answer = csv("x", &["a", "b"], [vec!["=1+1".to_string(), "Ek, \"Anna\"".to_string()]]);
        let Content::Whole(bytes) = answer.body else { panic!("a whole answer") };
        assert_eq!(String::from_utf8(bytes).unwrap(), "\u{feff}a,b\n'=1+1,\"Ek, \"\"Anna\"\"\"\n");
        assert_eq!(answer.attachment.as_deref(), Some("x.csv"));
    }
}
