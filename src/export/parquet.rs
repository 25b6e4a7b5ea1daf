//! Writes the tables as Parquet, one file per table: dates as dates, lists as lists, compressed with zstd.
//!
//! Lists have the three levels of the format's LogicalTypes.md: an optional group LIST, a repeated group `list`, a required `element`.

use std::fs::File;
use std::io::BufWriter;
use std::sync::Arc;

use jiff::civil::Date;
use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use super::error::At as _;
use super::rows::{Cell, Sink};
use super::schema::{Column, ColumnKind, Table, tables};
use super::target::Target;
use super::{ExportError, Selected};

/// How many rows of a table are held before they are written as one row group.
const GROUP_ROWS: usize = 50_000;

/// How many bytes all tables together hold: beyond, the one with most writes a row group.
const HELD: usize = 64 << 20;

/// Bytes that a text takes beside its letters.
const TEXT: usize = size_of::<ByteArray>() + 16;

/// Writes one file per table.
pub struct ParquetSink {
    files: Vec<Option<TableFile>>,
    /// Bytes of all rows that are not written yet, and most of them.
    held: usize,
    most: usize,
    target: Target,
}

impl ParquetSink {
    /// Makes the files `TABLE.parquet`.
    ///
    /// # Errors
    /// If a file cannot be made.
    pub fn new(target: Target, selected: Selected) -> Result<Self, ExportError> {
        let mut files = Vec::new();
        for table in tables() {
            files.push(if selected.has(table) {
                let file = target.create(Some(&format!("{}.parquet", table.name)))?;
                Some(TableFile::new(table, file).at(target.place())?)
            } else {
                None
            });
        }
        Ok(ParquetSink { files, held: 0, most: HELD, target })
    }
}

impl Sink for ParquetSink {
    fn row(&mut self, table: usize, cells: &[Cell<'_>]) -> Result<(), ExportError> {
        let Some(Some(file)) = self.files.get_mut(table) else { return Ok(()) };
        self.held += file.row(cells);
        if file.rows >= GROUP_ROWS {
            self.held = self.held.saturating_sub(file.bytes);
            return file.group().at(self.target.place());
        }
        if self.held < self.most {
            return Ok(());
        }
        let fullest = self.files.iter_mut().flatten().max_by_key(|f| f.bytes);
        let Some(file) = fullest else { return Ok(()) };
        self.held = self.held.saturating_sub(file.bytes);
        file.group().at(self.target.place())
    }

    fn finish(self: Box<Self>) -> Result<(), ExportError> {
        for file in self.files.into_iter().flatten() {
            file.finish().at(self.target.place())?;
        }
        self.target.finish()
    }
}

struct TableFile {
    writer: SerializedFileWriter<BufWriter<File>>,
    columns: Vec<Buffer>,
    rows: usize,
    bytes: usize,
}

impl TableFile {
    fn new(table: &Table, file: BufWriter<File>) -> Result<Self, ParquetError> {
        let fields = table.columns.iter().map(|c| field(c).map(Arc::new)).collect::<Result<Vec<_>, _>>()?;
        let schema = Type::group_type_builder(table.name).with_fields(fields).build()?;
        let about = table.columns.iter().map(|c| KeyValue::new(format!("diarium.column.{}", c.name), c.about.clone()));
        let notes: Vec<KeyValue> =
            std::iter::once(KeyValue::new("diarium.table".into(), table.about.to_string())).chain(about).collect();
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
            .set_created_by(format!("diarium {}", env!("CARGO_PKG_VERSION")))
            .set_key_value_metadata(Some(notes))
            .build();
        let writer = SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties))?;
        let columns = table.columns.iter().map(Buffer::new).collect();
        Ok(TableFile { writer, columns, rows: 0, bytes: 0 })
    }

    /// Takes one row; gives its size in bytes.
    fn row(&mut self, cells: &[Cell<'_>]) -> usize {
        let bytes: usize = self.columns.iter_mut().zip(cells).map(|(buffer, cell)| buffer.push(cell)).sum();
        self.bytes += bytes;
        self.rows += 1;
        bytes
    }

    /// Writes what is held as one row group.
    fn group(&mut self) -> Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        for buffer in &mut self.columns {
            let Some(mut column) = group.next_column()? else { break };
            let (present, again) = (levels(&buffer.present), levels(&buffer.again));
            match &buffer.values {
                Values::Text(v) => column.typed::<ByteArrayType>().write_batch(v, present, again)?,
                Values::Integer(v) => column.typed::<Int64Type>().write_batch(v, present, again)?,
                Values::Number(v) => column.typed::<DoubleType>().write_batch(v, present, again)?,
                Values::Bool(v) => column.typed::<BoolType>().write_batch(v, present, again)?,
                Values::Date(v) => column.typed::<Int32Type>().write_batch(v, present, again)?,
            };
            column.close()?;
            buffer.clear();
        }
        group.close()?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }

    fn finish(mut self) -> Result<(), ParquetError> {
        if self.rows > 0 {
            self.group()?;
        }
        self.writer.close().map(drop)
    }
}

/// The field of a column.
fn field(column: &Column) -> Result<Type, ParquetError> {
    let repetition = if column.null { Repetition::OPTIONAL } else { Repetition::REQUIRED };
    let leaf = |name: &str, kind: ColumnKind, repetition: Repetition| {
        let (physical, logical) = match kind {
            ColumnKind::Text | ColumnKind::Texts => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            ColumnKind::Json => (Physical::BYTE_ARRAY, Some(LogicalType::Json)),
            ColumnKind::Integer | ColumnKind::Integers => (Physical::INT64, None),
            ColumnKind::Number => (Physical::DOUBLE, None),
            ColumnKind::Bool => (Physical::BOOLEAN, None),
            ColumnKind::Date => (Physical::INT32, Some(LogicalType::Date)),
        };
        Type::primitive_type_builder(name, physical).with_repetition(repetition).with_logical_type(logical).build()
    };
    if !matches!(column.kind, ColumnKind::Texts | ColumnKind::Integers) {
        return leaf(&column.name, column.kind, repetition);
    }
    let element = leaf("element", column.kind, Repetition::REQUIRED)?;
    let list = Type::group_type_builder("list")
        .with_repetition(Repetition::REPEATED)
        .with_fields(vec![Arc::new(element)])
        .build()?;
    Type::group_type_builder(&column.name)
        .with_repetition(Repetition::OPTIONAL)
        .with_converted_type(ConvertedType::LIST)
        .with_logical_type(Some(LogicalType::List))
        .with_fields(vec![Arc::new(list)])
        .build()
}

enum Values {
    Text(Vec<ByteArray>),
    Integer(Vec<<Int64Type as DataType>::T>),
    Number(Vec<f64>),
    Bool(Vec<bool>),
    /// Days since 1970-01-01.
    Date(Vec<i32>),
}

/// The values of a column that are not written yet.
struct Buffer {
    values: Values,
    null: bool,
    list: bool,
    /// Definition levels; empty where every value must be there.
    present: Vec<i16>,
    /// Repetition levels; empty where nothing repeats.
    again: Vec<i16>,
}

impl Buffer {
    fn new(column: &Column) -> Buffer {
        let values = match column.kind {
            ColumnKind::Text | ColumnKind::Texts | ColumnKind::Json => Values::Text(Vec::new()),
            ColumnKind::Integer | ColumnKind::Integers => Values::Integer(Vec::new()),
            ColumnKind::Number => Values::Number(Vec::new()),
            ColumnKind::Bool => Values::Bool(Vec::new()),
            ColumnKind::Date => Values::Date(Vec::new()),
        };
        let list = matches!(column.kind, ColumnKind::Texts | ColumnKind::Integers);
        Buffer { values, null: column.null, list, present: Vec::new(), again: Vec::new() }
    }

    /// Forgets the values, and gives back what they took.
    fn clear(&mut self) {
        (self.present, self.again) = (Vec::new(), Vec::new());
        match &mut self.values {
            Values::Text(v) => *v = Vec::new(),
            Values::Integer(v) => *v = Vec::new(),
            Values::Number(v) => *v = Vec::new(),
            Values::Bool(v) => *v = Vec::new(),
            Values::Date(v) => *v = Vec::new(),
        }
    }

    /// Takes one value; gives its size in bytes.
    fn push(&mut self, cell: &Cell<'_>) -> usize {
        if self.list {
            let length = match cell {
                Cell::Texts(list) => list.len(),
                Cell::Integers(list) => list.len(),
                _ => 0,
            };
            if length == 0 {
                // 0: no list; 1: an empty one.
                self.present.push(i16::from(*cell != Cell::Null));
                self.again.push(0);
                return 4;
            }
            self.present.extend(std::iter::repeat_n(2, length));
            self.again.extend((0..length).map(|i| i16::from(i > 0)));
            return match cell {
                Cell::Texts(list) => list.iter().map(|t| self.text(t)).sum(),
                Cell::Integers(list) => {
                    list.iter().for_each(|n| self.integer(*n));
                    8 * list.len()
                }
                _ => 0,
            };
        }
        if self.null {
            self.present.push(i16::from(*cell != Cell::Null));
        }
        match (cell, &mut self.values) {
            (Cell::Text(text), _) => self.text(text),
            (Cell::Json(json), _) => self.text(json),
            (Cell::Integer(n), _) => {
                self.integer(*n);
                8
            }
            (Cell::Number(n), Values::Number(v)) => {
                v.push(*n);
                8
            }
            (Cell::Bool(b), Values::Bool(v)) => {
                v.push(*b);
                1
            }
            (Cell::Date(d), Values::Date(v)) => {
                v.push(days(*d));
                4
            }
            // A value that must be there and is not: the empty one of its kind, so that columns stay in step.
            (_, values) if !self.null => {
                match values {
                    Values::Text(v) => v.push(ByteArray::from("")),
                    Values::Integer(v) => v.push(0),
                    Values::Number(v) => v.push(0.0),
                    Values::Bool(v) => v.push(false),
                    Values::Date(v) => v.push(0),
                }
                1
            }
            _ => 1,
        }
    }

    fn text(&mut self, text: &str) -> usize {
        if let Values::Text(v) = &mut self.values {
            v.push(ByteArray::from(text.as_bytes().to_vec()));
        }
        text.len() + TEXT
    }

    fn integer(&mut self, n: i64) {
        if let Values::Integer(v) = &mut self.values {
            v.push(n);
        }
    }
}

/// Levels, where there are any.
fn levels(levels: &[i16]) -> Option<&[i16]> {
    (!levels.is_empty()).then_some(levels)
}

fn days(date: Date) -> i32 {
    let epoch = Date::constant(1970, 1, 1);
    (date - epoch).get_days()
}

#[cfg(test)]
mod tests {
    use super::*;
    use parquet::file::reader::{FileReader as _, SerializedFileReader};

    #[test]
    fn what_is_held_is_bounded_over_all_tables() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("tables");
        let mut sink = ParquetSink::new(Target::folder(&place, false).unwrap(), Selected::default()).unwrap();
        sink.most = 1 << 20;
        let named = |name: &str| tables().iter().position(|t| t.name == name).unwrap();
        let row = |table: usize, text: &str| -> Vec<Cell<'static>> {
            let cell = |c: &Column| match c.kind {
                ColumnKind::Text => Cell::Text(text.to_string().into()),
                _ => Cell::Null,
            };
            tables()[table].columns.iter().map(cell).collect()
        };
        for (table, text) in [("pages", "x".repeat(200)), ("warnings", "y".repeat(10))] {
            let table = named(table);
            let row = row(table, &text);
            for _ in 0..3000 {
                sink.row(table, &row).unwrap();
                assert!(sink.held <= sink.most);
                assert_eq!(sink.held, sink.files.iter().flatten().map(|f| f.bytes).sum::<usize>());
            }
        }
        Box::new(sink).finish().unwrap();
        for (table, several) in [("pages", true), ("warnings", false)] {
            let file = File::open(place.join(format!("{table}.parquet"))).unwrap();
            let about = SerializedFileReader::new(file).unwrap().metadata().clone();
            assert_eq!(about.file_metadata().num_rows(), 3000);
            assert!(several == (about.num_row_groups() > 2), "{table}: {} groups", about.num_row_groups());
        }
    }

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(days(Date::constant(1970, 1, 1)), 0);
        assert_eq!(days(Date::constant(2024, 10, 2)), 19_998);
        assert_eq!(days(Date::constant(1969, 12, 31)), -1);
    }
}
