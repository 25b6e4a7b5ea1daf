//! Tables as CSV (RFC 4180) and as workbooks, to be saved and opened elsewhere.

use super::http::Answer;

/// The byte order mark tells a spreadsheet that what follows is UTF-8.
const MARK: &str = "\u{feff}";

/// A table as a file. A cell that a spreadsheet would take for a formula gets an apostrophe before it: documents are hostile.
pub(super) fn csv(name: &str, head: &[impl AsRef<str>], rows: impl IntoIterator<Item = Vec<String>>) -> Answer {
    let mut out = csv::Writer::from_writer(MARK.as_bytes().to_vec());
    // Writing into memory does not fail, and every row is as long as its head.
    let _ = out.write_record(head.iter().map(AsRef::as_ref));
    for row in rows {
        let _ = out.write_record(row.iter().map(|cell| tame(cell).into_owned()));
    }
    Answer::new("text/csv; charset=utf-8", out.into_inner().unwrap_or_default()).named(format!("{name}.csv"))
}

/// A table as a workbook of one sheet: text as text, which no program takes for a formula, numbers as numbers.
pub(super) fn xlsx(
    name: &str,
    head: &[impl AsRef<str>],
    rows: impl IntoIterator<Item = Vec<(String, Option<usize>)>>,
) -> Result<Answer, String> {
    let said = |e: rust_xlsxwriter::XlsxError| e.to_string();
    let mut book = rust_xlsxwriter::Workbook::new();
    // The time of making would make every workbook another.
    let epoch = rust_xlsxwriter::ExcelDateTime::from_ymd(2000, 1, 1).map_err(said)?;
    book.set_properties(&rust_xlsxwriter::DocProperties::new().set_title("Diarium").set_creation_datetime(&epoch));
    let sheet = book.add_worksheet();
    sheet.set_name(name).map_err(said)?;
    sheet.set_freeze_panes(1, 0).map_err(said)?;
    let bold = rust_xlsxwriter::Format::new().set_bold();
    for (cell, column) in head.iter().zip(0..) {
        sheet.write_string_with_format(0, column, cell.as_ref(), &bold).map_err(said)?;
    }
    // A sheet has this many rows; nobody reads more.
    for (cells, row) in rows.into_iter().zip(1..1_048_576) {
        for ((text, number), column) in cells.into_iter().zip(0..) {
            match number {
                Some(n) => sheet.write_number(row, column, n as f64),
                // The longest text that a cell holds.
                None => sheet.write_string(row, column, text.chars().take(32_767).collect::<String>()),
            }
            .map_err(said)?;
        }
    }
    sheet.autofit();
    let bytes = book.save_to_buffer().map_err(said)?;
    Ok(Answer::new("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", bytes)
        .named(format!("{name}.xlsx")))
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

    #[test]
    fn a_workbook_holds_text_as_text() {
        let row = vec![("=1+1".to_string(), None), ("7".to_string(), Some(7))];
        let answer = xlsx("x", &["a", "b"], [row]).unwrap();
        let Content::Whole(bytes) = answer.body else { panic!("a whole answer") };
        let mut book = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut part = |name: &str| {
            let mut text = String::new();
            std::io::Read::read_to_string(&mut book.by_name(name).unwrap(), &mut text).unwrap();
            text
        };
        assert!(part("xl/sharedStrings.xml").contains("<t>=1+1</t>"));
        let sheet = part("xl/worksheets/sheet1.xml");
        assert!(sheet.contains("<v>7</v>") && !sheet.contains("<f>"), "{sheet}");
    }
}
