//! Writes the data dictionary, `docs/data-dictionary.md`: every table and column.

use super::{Column, ColumnKind, tables};

/// The page, Markdown.
pub fn page() -> String {
    let mut out = String::from(HEAD);
    for table in tables() {
        out.push_str(&format!(
            "\n## {}\n\n{}\n\n| column | type | unit | meaning |\n|---|---|---|---|\n",
            table.name, table.about
        ));
        for column in &table.columns {
            let key = if table.key() == Some(column.name.as_str()) { ", key" } else { "" };
            let null = if column.null { ", may be empty" } else { "" };
            let refers = column.refers.map_or_else(String::new, |t| format!(" Refers to `{t}`."));
            let words = column.one_of.map_or_else(String::new, |w| format!(" One of: {}.", w.join(", ")));
            let (name, kind, unit, about) = (&column.name, kind(column), column.unit.unwrap_or(""), &column.about);
            out.push_str(&format!("| `{name}` | {kind}{key}{null} | {unit} | {about}{words}{refers} |\n"));
        }
    }
    out
}

fn kind(column: &Column) -> &'static str {
    match column.kind {
        ColumnKind::Text => "text",
        ColumnKind::Integer => "integer",
        ColumnKind::Number => "number",
        ColumnKind::Bool => "true/false",
        ColumnKind::Date => "date",
        ColumnKind::Texts => "list of texts",
        ColumnKind::Integers => "list of integers",
        ColumnKind::Json => "JSON",
    }
}

const HEAD: &str = "# Data dictionary

Tables and columns of `diarium dump --format csv|xlsx|parquet|sqlite|package`. Written by `just schema` from the one table of fields,
`src/export/schema/`; a test holds it to what is written. The record itself (`jsonl`, `json`) is described by `schema/record-1.json`.

- The key `id` of a row is the id of its document and the place of the object in its record, as a JSON Pointer (RFC 6901):
  `DOCUMENT/items/3/decisions/0`. `evidence.object_id` is the key of the row that is proved, `evidence.object_table` its table.
- Rows of the registers (`districts`, `organisations`, `cases`, `agreements`, `people` and the tables named after them) have the ids of their entries;
  `register_evidence` proves them. They follow from the documents dumped, and are not in a dump of changes.
- Empty means looked for and not found, or held back because the text cannot be relied on; then `warnings` has `fields_held_back`.
- Dates: the day; where only month or year is known its first day, and `…_precision` says so.
- Lists: JSON arrays in CSV, SQLite and packages, lists in Parquet, joined by \"; \" in `xlsx` and `--dialect excel-sv`.
- True and false: `true`/`false` in CSV, `ja`/`nej` with `--dialect excel-sv`, 1/0 in SQLite.
- `xlsx` and `--dialect excel-sv` cut texts at 32,767 characters, which is all that a cell of Excel holds.
";
