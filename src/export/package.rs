//! Writes a data package (Frictionless Data Package, version 2): the tables as CSV with schemas, keys, hashes and licence, the
//! dictionary of its columns, and how right the records are.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::csv::{CsvSink, Dialect};
use super::error::At as _;
use super::schema::{Column, ColumnKind, dictionary, json_schema, tables};
use super::sqlite::described;
use super::target::Target;
use super::{ExportError, Selected, archive};

const PROFILE: &str = "https://datapackage.org/profiles/2.0/datapackage.json";
const TABLE_PROFILE: &str = "https://datapackage.org/profiles/2.0/tableschema.json";

/// How right the fields are, as it was measured.
const EVALUATION: &str = include_str!("../../EVALUATION.md");

/// What is told of a package.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// The sequence of the catalog it was taken from.
    pub sequence: u64,
    /// Words and filters it was chosen with; none for everything.
    pub chosen: Option<String>,
    /// Whether names of persons are replaced.
    pub pseudonymised: bool,
}

/// A sink of CSV files that becomes a package: a folder, or a zip file of one.
///
/// # Errors
/// If a file cannot be made.
pub fn sink(target: Target, zipped: bool, about: About, selected: Selected) -> Result<CsvSink, ExportError> {
    let (work, result) = if zipped { (target.workshop()?, Some(target)) } else { (target, None) };
    fs::create_dir(work.path().join("data")).at(work.place())?;
    let finish = Box::new(move |work: Target| {
        describe(&work, &about, selected)?;
        match result {
            Some(target) => archive::pack(work.path(), target),
            None => work.finish(),
        }
    });
    CsvSink::new(work, "data/", Dialect::Standard, selected, finish)
}

/// Writes what is beside the data.
fn describe(work: &Target, about: &About, selected: Selected) -> Result<(), ExportError> {
    let write = |name: &str, text: &str| fs::write(work.path().join(name), text).at(&work.place().join(name));
    write("README.md", &readme(about))?;
    write("dictionary.md", &dictionary::page())?;
    write("evaluation.md", EVALUATION)?;
    write("record.schema.json", &json_schema::record())?;
    let mut resources = Vec::new();
    for table in tables().iter().filter(|t| selected.has(t)) {
        let path = format!("data/{}.csv", table.name);
        let (bytes, hash) = measured(&work.path().join(&path)).at(&work.place().join(&path))?;
        let mut schema = json!({
            "$schema": TABLE_PROFILE,
            "fields": table.columns.iter().map(field).collect::<Vec<_>>(),
            "missingValues": [""],
        });
        let keys: Vec<Value> = table
            .columns
            .iter()
            .filter_map(|c| {
                let refers = c.refers?;
                Some(json!({"fields": [c.name], "reference": {"resource": refers, "fields": ["id"]}}))
            })
            .collect();
        if let Some(object) = schema.as_object_mut() {
            if let Some(key) = table.key() {
                object.insert("primaryKey".into(), json!([key]));
            }
            if !keys.is_empty() {
                object.insert("foreignKeys".into(), keys.into());
            }
        }
        resources.push(json!({
            "name": table.name, "type": "table", "path": path, "description": table.about, "format": "csv",
            "mediatype": "text/csv", "encoding": "utf-8", "bytes": bytes, "hash": format!("sha256:{hash}"), "schema": schema,
        }));
    }
    let package = json!({
        "$schema": PROFILE,
        "name": "diarium",
        "title": "Council records read by Diarium",
        "description": readme(about),
        "version": env!("CARGO_PKG_VERSION"),
        "licenses": [{"name": "CC0-1.0", "title": "CC0 1.0 Universal", "path": "https://creativecommons.org/publicdomain/zero/1.0/"}],
        "sources": [{"title": "The documents whose paths stand in the table documents"}],
        "diarium:sequence": about.sequence,
        "diarium:chosen": about.chosen,
        "diarium:pseudonymised": about.pseudonymised,
        "diarium:evaluation": "evaluation.md",
        "resources": resources,
    });
    write("datapackage.json", &format!("{}\n", serde_json::to_string_pretty(&package)?))
}

fn readme(about: &About) -> String {
    let chosen = match &about.chosen {
        Some(chosen) => format!("the documents that match `{chosen}`"),
        None => "all documents of the collection".to_string(),
    };
    let names = if about.pseudonymised {
        " Names of persons are replaced by stable ids; offsets are those of the original texts."
    } else {
        ""
    };
    format!(
        "Tables of {chosen}, as of sequence {} of the catalog. `datapackage.json` describes every file, `dictionary.md` every column; \
         `evaluation.md` says how right the values are, as measured. Every value has its proof in the table evidence: document, page, place \
         and quote. Quote from the document, not from a table alone. The tables files and warnings say what could not be read.{names} \
         The tables are dedicated to the public domain (CC0 1.0); decisions and statements of Swedish authorities are not under copyright \
         (9 § lagen (1960:729) om upphovsrätt), but attachments written by others may be.\n",
        about.sequence
    )
}

/// Size and SHA-256 of a file.
fn measured(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = 0;
    loop {
        let n = file.read(&mut buffer)?;
        let Some(read) = buffer.get(..n).filter(|r| !r.is_empty()) else { break };
        bytes += n as u64;
        hasher.update(read);
    }
    let hash = hasher.finalize().iter().map(|b| format!("{b:02x}")).collect();
    Ok((bytes, hash))
}

/// The field of a column in a table schema.
fn field(column: &Column) -> Value {
    let kind = match column.kind {
        ColumnKind::Text => "string",
        ColumnKind::Integer => "integer",
        ColumnKind::Number => "number",
        ColumnKind::Bool => "boolean",
        ColumnKind::Date => "date",
        ColumnKind::Texts | ColumnKind::Integers => "array",
        ColumnKind::Json => "any",
    };
    let mut constraints = serde_json::Map::new();
    if !column.null && !matches!(column.kind, ColumnKind::Text | ColumnKind::Texts | ColumnKind::Integers) {
        constraints.insert("required".into(), true.into());
    }
    if let Some(words) = column.one_of {
        constraints.insert("enum".into(), json!(words));
    }
    let mut field = json!({"name": column.name, "type": kind, "description": described(column)});
    if let (Some(object), false) = (field.as_object_mut(), constraints.is_empty()) {
        object.insert("constraints".into(), constraints.into());
    }
    field
}
