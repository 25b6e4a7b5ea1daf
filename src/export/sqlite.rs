//! Writes the tables as one SQLite file: the same tables with their keys, full-text search, views that people ask, and beside it what
//! Datasette shows of them (`NAME.metadata.json`).

use std::path::{Path, PathBuf};

use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};
use serde_json::{Map, json};

use super::csv::plain;
use super::error::At as _;
use super::rows::{Cell, Sink};
use super::schema::{Column, ColumnKind, Table, tables};
use super::target::Target;
use super::{ExportError, Selected};

/// Name, meaning and query of each view.
const VIEWS: [(&str, &str, &str); 6] = [
    (
        "decisions_in_context",
        "Decisions with the item and the document they stand in.",
        "SELECT c.id, c.status, c.text, c.actions, c.actor, c.assignee, i.number AS item, i.title AS item_title, d.title, d.kind, \
         coalesce(d.meeting_date, d.date) AS day, d.year, d.authority, d.district, coalesce(i.dnrs, d.dnrs) AS dnrs, d.path, c.page, d.id AS document_id \
         FROM decisions c JOIN documents d ON d.id = c.document_id LEFT JOIN items i ON i.id = c.item_id",
    ),
    (
        "agreements_in_context",
        "Agreements over all documents with their periods and partners.",
        "SELECT a.id, a.name, a.types, a.districts, p.start_day, p.end_day, p.lasted_until, p.standing, a.parties, a.purposes, a.cases, a.documents \
         FROM agreements a LEFT JOIN agreement_periods p ON p.agreement_id = a.id",
    ),
    (
        "agreements_by_document",
        "What each document says of agreements and their periods.",
        "SELECT a.id, a.name, a.type, a.parties, p.start_day, p.end_day, p.extension_max_end, a.recommendation, a.purpose, d.title, d.kind, d.date, \
         d.authority, d.district, d.dnr, d.path, a.page, d.id AS document_id FROM agreements_in_documents a \
         JOIN documents d ON d.id = a.document_id LEFT JOIN agreement_periods_in_documents p ON p.agreement_id = a.id",
    ),
    (
        "cases_step_by_step",
        "Cases with their documents in order of time.",
        "SELECT c.id, c.dnr, c.title AS case_title, s.position, s.role, s.date, s.item, s.title, d.path, d.id AS document_id \
         FROM cases c JOIN case_steps s ON s.case_id = c.id JOIN documents d ON d.id = s.document_id",
    ),
    (
        "proofs",
        "Proofs with the document they stand in.",
        "SELECT e.object_table, e.field, e.quote, e.page, e.rule, e.confidence, d.path, d.title, e.object_id, d.id AS document_id \
         FROM evidence e JOIN documents d ON d.id = e.document_id",
    ),
    (
        "what_could_not_be_read",
        "Files that were not read whole, and pages without text.",
        "SELECT path, state AS what, coalesce(message, missing) AS why FROM files WHERE state IN ('failed', 'partial') \
         UNION ALL SELECT d.path, 'page ' || p.page, p.read_by FROM pages p JOIN documents d ON d.id = p.document_id \
         WHERE p.read_by IN ('textless', 'unreliable')",
    ),
];

/// The views on tables that are written.
fn views(selected: Selected) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let of_registers = |name: &str| matches!(name, "agreements_in_context" | "cases_step_by_step");
    VIEWS.into_iter().filter(move |(name, ..)| !selected.changes || !of_registers(name))
}

/// Full-text tables: name, the table searched, its column.
const FULL_TEXT: [(&str, &str, &str); 2] = [("pages_text", "pages", "text"), ("decisions_text", "decisions", "text")];

/// Writes one file.
pub struct SqliteSink {
    conn: Connection,
    inserts: Vec<Option<String>>,
    target: Target,
    metadata: Target,
    selected: Selected,
}

impl SqliteSink {
    /// Makes the file with its tables.
    ///
    /// # Errors
    /// If a file cannot be made.
    pub fn new(target: Target, overwrite: bool, selected: Selected) -> Result<Self, ExportError> {
        let metadata = Target::file(&metadata_path(target.place()), overwrite)?;
        let conn = make(target.path(), selected).at(target.place())?;
        let inserts = tables().iter().map(|t| selected.has(t).then(|| insert(t))).collect();
        Ok(SqliteSink { conn, inserts, target, metadata, selected })
    }
}

/// Where the file for Datasette stands.
fn metadata_path(place: &Path) -> PathBuf {
    place.with_extension("metadata.json")
}

fn make(path: &Path, selected: Selected) -> rusqlite::Result<Connection> {
    let conn = Connection::open(path)?;
    conn.set_prepared_statement_cache_capacity(2 * tables().len());
    // Keys are in no order, so that their index is written all over: 64 MiB of it are held. The file is put in its place when it is whole; until then nothing needs to survive. Rows may refer to ones that come later.
    conn.execute_batch("PRAGMA page_size = 8192; PRAGMA cache_size = -65536; PRAGMA temp_store = FILE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; BEGIN")?;
    for table in tables().iter().filter(|t| selected.has(t)) {
        conn.execute_batch(&ddl(table))?;
    }
    Ok(conn)
}

/// The statement that makes a table.
pub fn ddl(table: &Table) -> String {
    let mut lines: Vec<String> = vec![format!("CREATE TABLE \"{}\" ( -- {}", table.name, table.about)];
    let last = table.columns.len().saturating_sub(1);
    for (i, column) in table.columns.iter().enumerate() {
        let comma = if i < last { "," } else { "" };
        let key = if table.key() == Some(column.name.as_str()) { " PRIMARY KEY" } else { "" };
        let null = if column.null || matches!(column.kind, ColumnKind::Texts | ColumnKind::Integers) {
            ""
        } else {
            " NOT NULL"
        };
        let refers = column.refers.map_or_else(String::new, |t| format!(" REFERENCES \"{t}\" (id)"));
        lines.push(format!("  \"{}\" {}{key}{null}{refers}{comma} -- {}", column.name, sql_type(column), column.about));
    }
    lines.push(") STRICT;".to_string());
    lines.join("\n")
}

fn sql_type(column: &Column) -> &'static str {
    match column.kind {
        ColumnKind::Integer | ColumnKind::Bool => "INTEGER",
        ColumnKind::Number => "REAL",
        _ => "TEXT",
    }
}

fn insert(table: &Table) -> String {
    let marks = vec!["?"; table.columns.len()].join(", ");
    format!("INSERT INTO \"{}\" VALUES ({marks})", table.name)
}

impl ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Cell::Null => ToSqlOutput::Owned(Value::Null),
            Cell::Integer(n) => ToSqlOutput::Owned(Value::Integer(*n)),
            Cell::Number(n) => ToSqlOutput::Owned(Value::Real(*n)),
            Cell::Bool(b) => ToSqlOutput::Owned(Value::Integer(i64::from(*b))),
            Cell::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            cell => ToSqlOutput::Owned(Value::Text(plain(cell).into_owned())),
        })
    }
}

impl Sink for SqliteSink {
    fn row(&mut self, table: usize, cells: &[Cell<'_>]) -> Result<(), ExportError> {
        let Some(Some(insert)) = self.inserts.get(table) else { return Ok(()) };
        let run = self.conn.prepare_cached(insert).and_then(|mut s| s.execute(params_from_iter(cells)));
        run.map(drop).at(self.target.place())
    }

    fn finish(self: Box<Self>) -> Result<(), ExportError> {
        let mut script = String::new();
        for table in tables().iter().filter(|t| self.selected.has(t)) {
            for column in
                table.columns.iter().filter(|c| c.refers.is_some() || matches!(c.name.as_str(), "object_id" | "year"))
            {
                let (t, c) = (table.name, &column.name);
                script.push_str(&format!("CREATE INDEX \"{t}_{c}\" ON \"{t}\" (\"{c}\");\n"));
            }
        }
        for (name, table, column) in FULL_TEXT {
            script.push_str(&format!(
                "CREATE VIRTUAL TABLE {name} USING fts5({column}, content='{table}', tokenize=\"unicode61 remove_diacritics 0\");\n\
                 INSERT INTO {name}({name}) VALUES ('rebuild');\n"
            ));
        }
        for (name, _, query) in views(self.selected) {
            script.push_str(&format!("CREATE VIEW {name} AS {query};\n"));
        }
        script.push_str("COMMIT;");
        self.conn.execute_batch(&script).at(self.target.place())?;
        self.conn.close().map_err(|(_, e)| e).at(self.target.place())?;
        let name = self.target.place().file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let file = self.metadata.create(None)?;
        serde_json::to_writer_pretty(file, &metadata(&name, self.selected))?;
        self.target.finish()?;
        self.metadata.finish()
    }
}

/// What Datasette shows of a file of this name (docs.datasette.io, "Metadata").
fn metadata(name: &str, selected: Selected) -> serde_json::Value {
    let mut shown = Map::new();
    for table in tables().iter().filter(|t| selected.has(t)) {
        let columns: Map<String, serde_json::Value> =
            table.columns.iter().map(|c| (c.name.clone(), described(c).into())).collect();
        let search = FULL_TEXT.iter().find(|(_, t, _)| *t == table.name).map(|(fts, ..)| *fts);
        let mut entry = json!({"description": table.about, "columns": columns});
        if let (Some(fts), Some(object)) = (search, entry.as_object_mut()) {
            object.insert("fts_table".into(), fts.into());
            object.insert("fts_pk".into(), "rowid".into());
        }
        shown.insert(table.name.to_string(), entry);
    }
    for (view, about, _) in VIEWS {
        shown.insert(view.to_string(), json!({"description": about}));
    }
    let title = "Council records read by Diarium";
    json!({"title": title, "databases": {name: {"tables": shown}}})
}

/// A column's meaning with its unit.
pub(super) fn described(column: &Column) -> String {
    match column.unit {
        Some(unit) => format!("{} In {unit}.", column.about),
        None => column.about.clone(),
    }
}

/// Random bytes from the operating system, by way of SQLite's generator.
///
/// # Errors
/// If SQLite fails.
pub fn random_bytes() -> Result<[u8; 32], ExportError> {
    let drawn =
        Connection::open_in_memory().and_then(|c| c.query_row("SELECT randomblob(32)", [], |r| r.get::<_, Vec<u8>>(0)));
    let place = Path::new("randomblob");
    drawn.at(place)?.try_into().map_err(|_| ExportError::write(place, "gave no 32 bytes"))
}
