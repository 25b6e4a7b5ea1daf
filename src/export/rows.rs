//! Makes the rows of the tables from public records. Every row is a function of the record as it is written to JSON, so the tables
//! say what the records say.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::ExportError;
use super::schema::{Column, ColumnKind, Rows, Source, Step, Table, tables};
use crate::base::PartialDate;
use crate::base::date::Precision;

/// One value of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    Null,
    /// Text.
    Text(Cow<'a, str>),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// True or false.
    Bool(bool),
    /// A day.
    Date(Date),
    /// Texts.
    Texts(Vec<Cow<'a, str>>),
    /// Whole numbers.
    Integers(Vec<i64>),
    /// JSON.
    Json(String),
}

/// Where rows go: `table` is the number of the table in [`tables`], the cells are in the order of its columns.
pub trait Sink {
    /// Takes one row.
    ///
    /// # Errors
    /// If it cannot be written.
    fn row(&mut self, table: usize, cells: &[Cell<'_>]) -> Result<(), ExportError>;

    /// Writes what is left, and puts the output in its place.
    ///
    /// # Errors
    /// If it cannot be written.
    fn finish(self: Box<Self>) -> Result<(), ExportError>;
}

/// Makes rows.
#[derive(Debug)]
pub struct RowMaker {
    /// The table of the objects at a path of the record.
    at: BTreeMap<&'static str, usize>,
    documents: usize,
    pages: usize,
    evidence: usize,
    mentions: usize,
    files: usize,
    tombstones: usize,
}

impl Default for RowMaker {
    fn default() -> Self {
        Self::new()
    }
}

impl RowMaker {
    /// Makes ready.
    pub fn new() -> Self {
        let number = |rows: Rows| tables().iter().position(|t| t.rows == rows).unwrap_or(usize::MAX);
        let mut at = BTreeMap::new();
        for (i, table) in tables().iter().enumerate() {
            if let Rows::At(paths) | Rows::Register(paths) = table.rows {
                at.extend(paths.iter().map(|p| (*p, i)));
            }
        }
        RowMaker {
            at,
            documents: number(Rows::Documents),
            pages: number(Rows::Pages),
            evidence: number(Rows::Evidence),
            mentions: number(Rows::Mentions),
            files: number(Rows::Files),
            tombstones: number(Rows::Tombstones),
        }
    }

    /// Sends the rows of one public record, and of its pages (objects of the table of pages).
    ///
    /// # Errors
    /// If the sink cannot take them.
    pub fn record(&self, record: &Value, pages: &[Value], sink: &mut dyn Sink) -> Result<(), ExportError> {
        let Value::Object(object) = record else { return Ok(()) };
        let document = object.get("id").and_then(Value::as_str).unwrap_or_default();
        let rows = vec![Owner { table: self.documents, id: document.to_string(), below: 0, object }];
        let here = Here { document, whole: Some(object), pattern: String::new(), pointer: document.to_string(), rows };
        let mut walk = Walk { maker: self, here, sink };
        walk.send(self.documents, object, 1, "")?;
        for page in pages.iter().filter_map(Value::as_object) {
            let number = page.get("page").and_then(Value::as_i64).unwrap_or(0);
            walk.here.pointer.push_str(&format!("/pages/{number}"));
            walk.send(self.pages, page, number, "pages")?;
            walk.here.pointer.truncate(document.len());
        }
        walk.below(object)
    }

    /// Sends the rows of one entry of a register: `@organisations`, `@agreements` and so on.
    ///
    /// # Errors
    /// If the sink cannot take them.
    pub fn entry(&self, register: &str, entry: &Value, sink: &mut dyn Sink) -> Result<(), ExportError> {
        let (Value::Object(object), Some(table)) = (entry, self.at.get(register)) else { return Ok(()) };
        let id = object.get("id").and_then(Value::as_str).unwrap_or_default().to_string();
        let rows = vec![Owner { table: *table, id: id.clone(), below: register.len(), object }];
        let here = Here { document: "", whole: None, pattern: register.to_string(), pointer: id, rows };
        let mut walk = Walk { maker: self, here, sink };
        walk.send(*table, object, 1, register)?;
        walk.below(object)
    }

    /// Sends one line of the ledger.
    ///
    /// # Errors
    /// If the sink cannot take it.
    pub fn file(&self, file: &Value, sink: &mut dyn Sink) -> Result<(), ExportError> {
        self.alone(self.files, file, sink)
    }

    /// Sends one document that is gone.
    ///
    /// # Errors
    /// If the sink cannot take it.
    pub fn tombstone(&self, gone: &Value, sink: &mut dyn Sink) -> Result<(), ExportError> {
        self.alone(self.tombstones, gone, sink)
    }

    fn alone(&self, table: usize, object: &Value, sink: &mut dyn Sink) -> Result<(), ExportError> {
        let Value::Object(object) = object else { return Ok(()) };
        let here = Here { document: "", whole: None, pattern: String::new(), pointer: String::new(), rows: Vec::new() };
        Walk { maker: self, here, sink }.send(table, object, 1, "")
    }
}

/// A row that others belong to.
struct Owner<'a> {
    table: usize,
    id: String,
    /// Length of the pattern at the row.
    below: usize,
    /// What the row shows.
    object: &'a Map<String, Value>,
}

/// One way through a record.
struct Walk<'a> {
    maker: &'a RowMaker,
    here: Here<'a>,
    sink: &'a mut dyn Sink,
}

/// Where in a record an object stands.
struct Here<'a> {
    document: &'a str,
    /// The record as a whole; none in registers.
    whole: Option<&'a Map<String, Value>>,
    /// Path of the object in the record without numbers, `/` between.
    pattern: String,
    /// Id of the document and path of the object with numbers.
    pointer: String,
    rows: Vec<Owner<'a>>,
}

impl<'a> Walk<'a> {
    /// Sends the rows of all that lies below an object.
    fn below(&mut self, object: &'a Map<String, Value>) -> Result<(), ExportError> {
        for (key, value) in object {
            match value {
                Value::Array(list) if key == "evidence" => self.proofs(self.maker.evidence, key, list)?,
                Value::Array(list) if key == "mentions" => self.proofs(self.maker.mentions, key, list)?,
                Value::Object(child) => self.child(key, None, child)?,
                Value::Array(list) => {
                    for (i, child) in list.iter().enumerate() {
                        if let Value::Object(child) = child {
                            self.child(key, Some(i), child)?;
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn child(&mut self, key: &str, number: Option<usize>, child: &'a Map<String, Value>) -> Result<(), ExportError> {
        let (pattern, pointer) = (self.here.pattern.len(), self.here.pointer.len());
        if pattern > 0 {
            self.here.pattern.push('/');
        }
        self.here.pattern.push_str(key);
        self.here.pointer.push('/');
        self.here.pointer.push_str(key);
        if let Some(i) = number {
            self.here.pointer.push_str(&format!("/{i}"));
        }
        let table = self.maker.at.get(self.here.pattern.as_str()).copied();
        if let Some(table) = table {
            let list = self.here.pattern.clone();
            self.send(table, child, number.map_or(1, |i| i as i64 + 1), &list)?;
            let (id, below) = (self.here.pointer.clone(), self.here.pattern.len());
            self.here.rows.push(Owner { table, id, below, object: child });
        }
        self.below(child)?;
        if table.is_some() {
            self.here.rows.pop();
        }
        self.here.pattern.truncate(pattern);
        self.here.pointer.truncate(pointer);
        Ok(())
    }

    fn proofs(&mut self, table: usize, key: &str, list: &[Value]) -> Result<(), ExportError> {
        let pointer = self.here.pointer.len();
        for (i, proof) in list.iter().enumerate() {
            if let Value::Object(proof) = proof {
                self.here.pointer.push_str(&format!("/{key}/{i}"));
                self.send(table, proof, i as i64 + 1, "")?;
                self.here.pointer.truncate(pointer);
            }
        }
        Ok(())
    }

    fn send(
        &mut self,
        table: usize,
        object: &Map<String, Value>,
        position: i64,
        list: &str,
    ) -> Result<(), ExportError> {
        let Some(Table { columns, .. }) = tables().get(table) else { return Ok(()) };
        let mut cells = Vec::with_capacity(columns.len());
        for column in columns {
            cells.push(self.here.cell(column, object, position, list));
        }
        self.sink.row(table, &cells)
    }
}

impl Here<'_> {
    fn cell<'v>(&'v self, column: &Column, object: &'v Map<String, Value>, position: i64, list: &'v str) -> Cell<'v> {
        let text = |s: &'v str| Cell::Text(Cow::Borrowed(s));
        match &column.source {
            Source::Row => text(&self.pointer),
            Source::Document => text(self.document),
            Source::Parent(name) => {
                let is = |o: &&Owner| tables().get(o.table).is_some_and(|t| t.name == *name);
                self.rows.iter().rev().find(is).map_or(Cell::Null, |o| text(&o.id))
            }
            Source::Owner => self.rows.last().map_or(Cell::Null, |o| text(&o.id)),
            Source::OwnerTable => {
                self.rows.last().and_then(|o| tables().get(o.table)).map_or(Cell::Null, |t| text(t.name))
            }
            Source::Proved => {
                let field = object.get("field").and_then(Value::as_str).unwrap_or_default();
                let from = self.rows.last().map_or(0, |o| o.below);
                // The registers' proofs name no field: they prove the object they stand in.
                match self.pattern.get(from..).map(|p| p.trim_start_matches('/')) {
                    Some(path) if !path.is_empty() && field.is_empty() => text(path),
                    Some(path) if !path.is_empty() => Cell::Text(format!("{path}/{field}").into()),
                    _ => text(if field.is_empty() { "id" } else { field }),
                }
            }
            Source::Position => Cell::Integer(position),
            Source::Listed => text(list),
            Source::Above(paths) => {
                let found = paths.iter().find_map(|p| reach(self.whole?, p).into_iter().find(|v| !v.is_null()));
                found.map_or(Cell::Null, |v| single(column.kind, v))
            }
            Source::DayAbove(paths) => self.date_above(paths).map_or(Cell::Null, |d| Cell::Date(d.first())),
            Source::PrecisionAbove(paths) => self.date_above(paths).map_or(Cell::Null, |d| text(precision(d))),
            Source::Joined(name, steps) => {
                let is = |o: &&Owner| tables().get(o.table).is_some_and(|t| t.name == *name);
                let owner = self.rows.iter().rev().find(is);
                let found = owner.and_then(|o| reach(o.object, steps).into_iter().next());
                found.map_or(Cell::Null, |v| single(column.kind, v))
            }
            Source::Page => first_page(object).map_or(Cell::Null, Cell::Integer),
            Source::Path(steps) => value(column.kind, object, steps),
            Source::First(steps) => reach(object, steps).first().map_or(Cell::Null, |v| single(column.kind, v)),
            Source::Day(steps) => date(object, steps).map_or(Cell::Null, |d| Cell::Date(d.first())),
            Source::Precision(steps) => date(object, steps).map_or(Cell::Null, |d| text(precision(d))),
        }
    }

    fn date_above(&self, paths: &[Vec<Step>]) -> Option<PartialDate> {
        paths.iter().find_map(|p| date(self.whole?, p))
    }
}

fn precision(date: PartialDate) -> &'static str {
    match date.precision() {
        Precision::Day => "day",
        Precision::Month => "month",
        Precision::Year => "year",
    }
}

fn first_page(object: &Map<String, Value>) -> Option<i64> {
    let places = |proof: &'_ Map<String, Value>| -> Option<i64> {
        proof.get("places")?.as_array()?.iter().filter_map(|p| p.get("page")?.as_i64()).min()
    };
    match object.get("evidence") {
        Some(Value::Array(list)) => list.iter().filter_map(|e| places(e.as_object()?)).min(),
        _ => places(object),
    }
}

/// What stands at a path, lists of objects on the way taken apart.
fn reach<'v>(object: &'v Map<String, Value>, steps: &[Step]) -> Vec<&'v Value> {
    let mut objects = vec![object];
    let mut found = Vec::new();
    for (i, step) in steps.iter().enumerate() {
        let values = objects.iter().filter_map(|o| o.get(step.key));
        if i + 1 == steps.len() {
            found = values.collect();
            break;
        }
        let mut next: Vec<&'v Map<String, Value>> = Vec::new();
        for value in values {
            match value {
                Value::Object(o) => next.push(o),
                Value::Array(list) => next.extend(list.iter().filter_map(Value::as_object)),
                _ => {}
            }
        }
        if let Some(role) = step.role {
            next.retain(|o| o.get("role").and_then(Value::as_str) == Some(role));
        }
        objects = next;
    }
    found
}

fn date(object: &Map<String, Value>, steps: &[Step]) -> Option<PartialDate> {
    reach(object, steps).first()?.as_str()?.parse().ok()
}

fn value<'v>(kind: ColumnKind, object: &'v Map<String, Value>, steps: &[Step]) -> Cell<'v> {
    let found = reach(object, steps);
    // What is absent was not looked for.
    let is_there = steps.first().is_some_and(|s| object.get(s.key).is_some_and(|v| !v.is_null()));
    match kind {
        ColumnKind::Texts | ColumnKind::Integers if !is_there => Cell::Null,
        ColumnKind::Texts => Cell::Texts(flat(&found).map(|v| Cow::Borrowed(v.as_str().unwrap_or_default())).collect()),
        ColumnKind::Integers => Cell::Integers(flat(&found).filter_map(Value::as_i64).collect()),
        kind => found.first().map_or(Cell::Null, |v| single(kind, v)),
    }
}

fn flat<'v>(values: &[&'v Value]) -> impl Iterator<Item = &'v Value> {
    let each = |v: &'v Value| match v {
        Value::Array(list) => list.iter(),
        v => std::slice::from_ref(v).iter(),
    };
    values.iter().copied().flat_map(each)
}

fn single(kind: ColumnKind, value: &Value) -> Cell<'_> {
    let cell = match kind {
        ColumnKind::Text => value.as_str().map(|s| Cell::Text(Cow::Borrowed(s))),
        ColumnKind::Integer => value.as_i64().map(Cell::Integer),
        ColumnKind::Number => value.as_f64().map(Cell::Number),
        ColumnKind::Bool => value.as_bool().map(Cell::Bool),
        ColumnKind::Json => (!value.is_null()).then(|| Cell::Json(value.to_string())),
        ColumnKind::Date | ColumnKind::Texts | ColumnKind::Integers => None,
    };
    cell.unwrap_or(Cell::Null)
}
