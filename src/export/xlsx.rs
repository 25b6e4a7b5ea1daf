//! Writes the tables as one Excel workbook: a sheet per table, text as text, heads frozen and filtered.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::csv::{fitting, joined, plain};
use super::error::At as _;
use super::rows::{Cell, Sink};
use super::schema::{ColumnKind, Table, tables};
use super::target::Target;
use super::{ExportError, Selected};
use crate::base::guard::guarded;

/// Most rows of a sheet, its head included; what is more goes on on a further sheet.
const SHEET_ROWS: u32 = 1_048_576;

/// Most letters of a table's name on a further sheet: Excel takes 31 for a sheet's name, and its number needs some.
const SHEET_NAME: usize = 26;

/// Widths of columns in characters: of text and lists, of everything else.
const WIDTHS: (f64, f64) = (28.0, 13.0);

/// Writes one workbook. Rows lie in temporary files until it is finished, so memory stays flat.
pub struct XlsxSink {
    book: Workbook,
    /// For each table the sheet that is being filled.
    open: Vec<Option<Sheet>>,
    sheets: usize,
    target: Target,
    head: Format,
}

struct Sheet {
    index: usize,
    /// Rows written, its head included.
    rows: u32,
    /// How many sheets the table has.
    of_table: u32,
}

impl XlsxSink {
    /// Makes the sheets, heads written.
    ///
    /// # Errors
    /// If temporary files cannot be made.
    pub fn new(target: Target, selected: Selected) -> Result<Self, ExportError> {
        let mut book = Workbook::new();
        // The time of making would make every workbook another.
        let epoch = ExcelDateTime::from_ymd(2000, 1, 1).at(target.place())?;
        book.set_properties(&DocProperties::new().set_title("Diarium").set_creation_datetime(&epoch));
        let head = Format::new().set_bold();
        let mut sink = XlsxSink { book, open: Vec::new(), sheets: 0, target, head };
        for table in tables() {
            let sheet = if selected.has(table) { Some(sink.sheet(table, 1)?) } else { None };
            sink.open.push(sheet);
        }
        Ok(sink)
    }

    fn sheet(&mut self, table: &Table, of_table: u32) -> Result<Sheet, ExportError> {
        let index = self.sheets;
        let made = make_sheet(&mut self.book, &self.head, table, of_table);
        made.at(self.target.place())?;
        self.sheets += 1;
        Ok(Sheet { index, rows: 1, of_table })
    }

    /// Gives the head of a full sheet its filter.
    fn filter(&mut self, table: usize) -> Result<(), ExportError> {
        let (Some(table), Some(Some(sheet))) = (tables().get(table), self.open.get(table)) else { return Ok(()) };
        let last = u16::try_from(table.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let rows = sheet.rows.max(2) - 1;
        let sheet = self.book.worksheet_from_index(sheet.index);
        sheet.and_then(|s| s.autofilter(0, 0, rows, last).map(drop)).at(self.target.place())
    }
}

/// Does what the crate does with its temporary files, on which it panics where there is no room for them.
fn borne<T>(work: impl FnOnce() -> Result<T, XlsxError>) -> Result<T, String> {
    let said = |why: String| format!("{why}; is there room in the folder for temporary files (TMPDIR)?");
    guarded(work).map_err(said)?.map_err(|e| e.to_string())
}

fn make_sheet(book: &mut Workbook, head: &Format, table: &Table, of_table: u32) -> Result<(), XlsxError> {
    let sheet = book.add_worksheet_with_constant_memory()?;
    let name: String = table.name.chars().take(SHEET_NAME).collect();
    sheet.set_name(if of_table == 1 { table.name.to_string() } else { format!("{name} {of_table}") })?;
    sheet.set_freeze_panes(1, 0)?;
    for (at, column) in (0..).zip(&table.columns) {
        let wide = matches!(column.kind, ColumnKind::Text | ColumnKind::Texts | ColumnKind::Json);
        sheet.set_column_width(at, if wide { WIDTHS.0 } else { WIDTHS.1 })?;
        sheet.write_string_with_format(0, at, column.name.as_str(), head)?;
    }
    Ok(())
}

fn write(sheet: &mut Worksheet, row: u32, cells: &[Cell<'_>]) -> Result<(), XlsxError> {
    for (column, cell) in (0..).zip(cells) {
        match cell {
            Cell::Null => {}
            Cell::Integer(n) => drop(sheet.write_number(row, column, *n as f64)?),
            Cell::Number(n) => drop(sheet.write_number(row, column, *n)?),
            Cell::Bool(b) => drop(sheet.write_boolean(row, column, *b)?),
            cell => {
                let text = joined(cell).map_or_else(|| plain(cell), Into::into);
                if !text.is_empty() {
                    sheet.write_string(row, column, fitting(&text))?;
                }
            }
        }
    }
    Ok(())
}

impl Sink for XlsxSink {
    fn row(&mut self, table: usize, cells: &[Cell<'_>]) -> Result<(), ExportError> {
        let Some(Some(open)) = self.open.get(table) else { return Ok(()) };
        if open.rows >= SHEET_ROWS {
            let next = open.of_table + 1;
            self.filter(table)?;
            if let Some(of) = tables().get(table) {
                let sheet = self.sheet(of, next)?;
                if let Some(open) = self.open.get_mut(table) {
                    *open = Some(sheet);
                }
            }
        }
        let Some(Some(open)) = self.open.get_mut(table) else { return Ok(()) };
        let (index, row) = (open.index, open.rows);
        open.rows += 1;
        let book = &mut self.book;
        let written = borne(|| book.worksheet_from_index(index).and_then(|s| write(s, row, cells)));
        written.at(self.target.place())
    }

    fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
        for table in 0..self.open.len() {
            self.filter(table)?;
        }
        let file = self.target.create(None)?;
        let book = &mut self.book;
        borne(|| book.save_to_writer(file)).at(self.target.place())?;
        self.target.finish()
    }
}
