//! Writes the tables as CSV (RFC 4180): UTF-8, comma, ISO dates, lists as JSON; or as a Swedish Excel opens them by a double click.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Write as _};

use super::error::At as _;
use super::rows::{Cell, Sink};
use super::schema::tables;
use super::target::Target;
use super::{ExportError, Selected, archive};

/// For whom CSV is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// Programs: UTF-8 without a byte order mark, comma, decimal point, `true` and `false`, lists as JSON.
    #[default]
    Standard,
    /// A Swedish Excel: byte order mark, semicolon, decimal comma, lists joined by "; ", nothing that Excel takes for a date, a number or
    /// a formula when it is none.
    ExcelSv,
}

/// Longest text of a formula that Excel takes (its limit for text within formulas).
const FORMULA_TEXT: usize = 255;

/// Most characters of a cell in Excel.
pub(super) const EXCEL_CELL: usize = 32_767;

/// Writes one file per table.
pub struct CsvSink {
    files: Vec<Option<csv::Writer<BufWriter<File>>>>,
    target: Target,
    dialect: Dialect,
    finish: Box<dyn FnOnce(Target) -> Result<(), ExportError>>,
}

impl CsvSink {
    /// Makes the files `TABLE.csv` in a folder, or in a zip file.
    ///
    /// # Errors
    /// If a file cannot be made.
    pub fn of_tables(target: Target, zipped: bool, dialect: Dialect, selected: Selected) -> Result<Self, ExportError> {
        if !zipped {
            return Self::new(target, "", dialect, selected, Box::new(Target::finish));
        }
        let work = target.workshop()?;
        let finish = Box::new(move |work: Target| archive::pack(work.path(), target));
        Self::new(work, "", dialect, selected, finish)
    }

    /// Makes the files `TABLE.csv` below a folder of the target, heads written; `finish` does what is to be done when all is written.
    ///
    /// # Errors
    /// If a file cannot be made.
    pub(super) fn new(
        target: Target,
        below: &str,
        dialect: Dialect,
        selected: Selected,
        finish: Box<dyn FnOnce(Target) -> Result<(), ExportError>>,
    ) -> Result<Self, ExportError> {
        let mut files = Vec::new();
        for table in tables() {
            if !selected.has(table) {
                files.push(None);
                continue;
            }
            let mut file = target.create(Some(&format!("{below}{}.csv", table.name)))?;
            let mut builder = csv::WriterBuilder::new();
            if dialect == Dialect::ExcelSv {
                file.write_all("\u{feff}".as_bytes()).at(target.place())?;
                builder.delimiter(b';').terminator(csv::Terminator::CRLF);
            }
            let mut writer = builder.from_writer(file);
            writer.write_record(table.columns.iter().map(|c| &c.name)).at(target.place())?;
            files.push(Some(writer));
        }
        Ok(CsvSink { files, target, dialect, finish })
    }
}

impl Sink for CsvSink {
    fn row(&mut self, table: usize, cells: &[Cell<'_>]) -> Result<(), ExportError> {
        let Some(Some(writer)) = self.files.get_mut(table) else { return Ok(()) };
        for cell in cells {
            let field = match self.dialect {
                Dialect::Standard => plain(cell),
                Dialect::ExcelSv => excel(cell),
            };
            writer.write_field(field.as_bytes()).at(self.target.place())?;
        }
        writer.write_record(None::<&[u8]>).at(self.target.place())
    }

    fn finish(self: Box<Self>) -> Result<(), ExportError> {
        for mut writer in self.files.into_iter().flatten() {
            writer.flush().at(self.target.place())?;
        }
        (self.finish)(self.target)
    }
}

/// A value for programs.
pub(super) fn plain<'a>(cell: &'a Cell<'_>) -> Cow<'a, str> {
    match cell {
        Cell::Null => "".into(),
        Cell::Text(text) => text.as_ref().into(),
        Cell::Integer(n) => n.to_string().into(),
        Cell::Number(n) => n.to_string().into(),
        Cell::Bool(b) => if *b { "true" } else { "false" }.into(),
        Cell::Date(d) => d.to_string().into(),
        Cell::Texts(list) => serde_json::to_string(list).unwrap_or_default().into(),
        Cell::Integers(list) => serde_json::to_string(list).unwrap_or_default().into(),
        Cell::Json(json) => json.as_str().into(),
    }
}

/// Lists for people: joined by "; ".
pub(super) fn joined(cell: &Cell<'_>) -> Option<String> {
    match cell {
        Cell::Texts(list) => Some(list.join("; ")),
        Cell::Integers(list) => Some(list.iter().map(i64::to_string).collect::<Vec<_>>().join("; ")),
        _ => None,
    }
}

/// The beginning of a text that fits a cell of Excel.
pub(super) fn fitting(text: &str) -> &str {
    // Excel counts UTF-16 units.
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > EXCEL_CELL
    });
    end.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

fn excel<'a>(cell: &'a Cell<'_>) -> Cow<'a, str> {
    match cell {
        Cell::Number(n) => n.to_string().replace('.', ",").into(),
        Cell::Bool(b) => if *b { "ja" } else { "nej" }.into(),
        Cell::Texts(_) | Cell::Integers(_) => guarded(joined(cell).unwrap_or_default().into()),
        Cell::Text(_) | Cell::Json(_) => guarded(plain(cell)),
        cell => plain(cell),
    }
}

/// A text that Excel leaves as it is. Short ones that it would take for something else become `="…"`, whose value is the text; a
/// long one that would be read as a formula gets an apostrophe before it.
fn guarded(text: Cow<'_, str>) -> Cow<'_, str> {
    let text = match text {
        Cow::Borrowed(t) => Cow::Borrowed(fitting(t)),
        Cow::Owned(t) => Cow::Owned(fitting(&t).to_string()),
    };
    let starts_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '−']);
    if !starts_formula && !is_guessed(&text) {
        return text;
    }
    if text.encode_utf16().count() > FORMULA_TEXT || text.contains(['\n', '\r']) {
        return if starts_formula { format!("'{text}").into() } else { text };
    }
    format!("=\"{}\"", text.replace('"', "\"\"")).into()
}

/// True if Excel could take a text for a number, a date, a time or a truth value.
fn is_guessed(text: &str) -> bool {
    let trimmed = text.trim();
    if trimmed.contains(';') {
        return false;
    }
    let short = trimmed.len() <= 24;
    let begins = trimmed.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '(' | '.' | ',' | '%' | '$' | '€'));
    let month = ["jan", "feb", "mar", "apr", "maj", "may", "jun", "jul", "aug", "sep", "okt", "oct", "nov", "dec"];
    let lower = trimmed.to_lowercase();
    let dated = month.iter().any(|m| lower.starts_with(m)) && lower.bytes().any(|b| b.is_ascii_digit());
    let truth = matches!(lower.as_str(), "true" | "false" | "sant" | "falskt");
    truth || (short && (dated || (begins && lower.bytes().any(|b| b.is_ascii_digit())))) || is_number(trimmed)
}

/// True for digits with what may stand between them in numbers and dates, however many.
fn is_number(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '\u{a0}' | '.' | ',' | '-' | '/' | ':' | 'e' | 'E' | '%'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excel_gets_what_it_cannot_take_for_something_else() {
        let text = |s: &'static str| excel(&Cell::Text(s.into())).into_owned();
        for (given, written) in [
            ("2024/45", "=\"2024/45\""),
            ("JÄRVA 2024/45", "JÄRVA 2024/45"),
            ("802412-1234", "=\"802412-1234\""),
            ("=1+1", "=\"=1+1\""),
            ("@cmd", "=\"@cmd\""),
            ("-2", "=\"-2\""),
            ("say \"hi\"", "say \"hi\""),
            ("1 \"a\"", "=\"1 \"\"a\"\"\""),
            ("mars 2024", "=\"mars 2024\""),
            ("Marsbacken", "Marsbacken"),
            ("12e45", "=\"12e45\""),
            ("2 kap. 3 § kommunallagen och mer än så", "2 kap. 3 § kommunallagen och mer än så"),
            ("sant", "=\"sant\""),
        ] {
            assert_eq!(text(given), written);
        }
        let long = format!("=HYPERLINK(\"x\"){}", "a".repeat(300));
        assert!(excel(&Cell::Text(long.into())).starts_with("'=HYPERLINK"));
        assert_eq!(excel(&Cell::Number(12.5)), "12,5");
        assert_eq!(excel(&Cell::Texts(vec!["2".into(), "3".into()])), "2; 3");
        assert_eq!(excel(&Cell::Texts(vec!["2-3".into()])), "=\"2-3\"");
        assert_eq!(fitting(&"🙂".repeat(20_000)).encode_utf16().count(), EXCEL_CELL - 1);
    }

    #[test]
    fn programs_get_what_is_there() {
        let list = Cell::Texts(vec!["a;b".into(), "\"c\"".into()]);
        assert_eq!(plain(&list), r#"["a;b","\"c\""]"#);
        assert_eq!(plain(&Cell::Bool(true)), "true");
        assert_eq!(plain(&Cell::Number(2_000_000.0)), "2000000");
        assert_eq!(plain(&Cell::Text("=1".into())), "=1");
    }
}
