//! Defines the columns of tables: most take their type and meaning from the field of the record that they show.

use super::{Field, Kind, Object};

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text.
    Text,
    /// A whole number, 64 bits.
    Integer,
    /// A number, 64 bits.
    Number,
    /// True or false.
    Bool,
    /// A whole date.
    Date,
    /// A list of texts.
    Texts,
    /// A list of whole numbers.
    Integers,
    /// Anything else, as JSON.
    Json,
}

/// One step of a path into an object: a key and, in a list of objects, the role that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The key.
    pub key: &'static str,
    /// Only objects with this `role`.
    pub role: Option<&'static str>,
}

/// Where a column's values come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The row's own key: id of the document and place in its record.
    Row,
    /// Id of the document.
    Document,
    /// Key of the row that this one belongs to, if that is one of this table.
    Parent(&'static str),
    /// Key of the row that this one belongs to, of whatever table.
    Owner,
    /// Name of the table of that row.
    OwnerTable,
    /// The proved value's name within that row.
    Proved,
    /// What stands at the first of these paths that has something, in the record as a whole.
    Above(Vec<Vec<Step>>),
    /// A date at the first of these paths that has one, in the record as a whole: its first day.
    DayAbove(Vec<Vec<Step>>),
    /// A date at the first of these paths that has one, in the record as a whole: how exactly it is known.
    PrecisionAbove(Vec<Vec<Step>>),
    /// What stands at a path of the row that this one belongs to, if that is one of this table; the first of a list.
    Joined(&'static str, Vec<Step>),
    /// The place in its list, from 1.
    Position,
    /// Name of the list of the record in which it stands.
    Listed,
    /// The first page of its proof.
    Page,
    /// What stands at a path of the object.
    Path(Vec<Step>),
    /// The first of what stands at a path of the object.
    First(Vec<Step>),
    /// A date at a path: its first day.
    Day(Vec<Step>),
    /// A date at a path: `day`, `month` or `year`, as far as it is known.
    Precision(Vec<Step>),
}

/// One column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name: lower case ASCII, digits and underscores.
    pub name: String,
    /// What it holds.
    pub kind: ColumnKind,
    /// Whether it may be empty.
    pub null: bool,
    /// In what it is counted, if in anything.
    pub unit: Option<&'static str>,
    /// The words it may hold, if only these.
    pub one_of: Option<&'static [&'static str]>,
    /// What it means.
    pub about: String,
    /// The table whose key it holds, if any.
    pub refers: Option<&'static str>,
    /// Where its values come from.
    pub source: Source,
}

/// How a column is asked for in the list of tables.
#[derive(Clone, Copy, Debug)]
pub(super) enum Spec {
    Row,
    Document,
    /// Id of the document, and what a reader of this table alone must know of it.
    InDocument,
    /// A column of the row that this one belongs to: its table, the name here, the path there.
    Joined(&'static str, &'static str, &'static str),
    Parent(&'static str),
    Owner,
    OwnerTable,
    Proved,
    Position,
    Listed,
    Page,
    /// What stands at this path, named by its parts.
    At(&'static str),
    /// What stands at this path, under a name of its own.
    Named(&'static str, &'static str),
    /// The first of what stands at this path.
    First(&'static str, &'static str),
    /// What stands at this path, under a name of its own: a key of another table.
    Refers(&'static str, &'static str, &'static str),
}

fn steps(path: &'static str) -> Vec<Step> {
    path.split('/')
        .map(|part| match part.split_once('[') {
            Some((key, role)) => Step { key, role: Some(role.trim_end_matches(']')) },
            None => Step { key: part, role: None },
        })
        .collect()
}

/// The field at the end of a path in the first of these objects that has it; whether a list lies on the way, and whether
/// something on the way may be missing.
fn find(objects: &[&'static Object], path: &[Step]) -> Option<(&'static Field, bool, bool)> {
    'objects: for object in objects {
        let (mut object, mut listed, mut missing) = (*object, false, false);
        for (i, step) in path.iter().enumerate() {
            let Some(field) = object.field(step.key) else { continue 'objects };
            if i + 1 == path.len() {
                return Some((field, listed, missing || field.null));
            }
            missing |= field.null;
            object = match field.kind {
                Kind::Object(o) => o,
                Kind::Objects(o) => {
                    listed = true;
                    o
                }
                _ => continue 'objects,
            };
        }
    }
    None
}

/// The name of one row of a table.
fn singular(table: &'static str) -> &'static str {
    match table {
        "people" => "person",
        "agreements_in_documents" => "agreement",
        table => table.strip_suffix('s').unwrap_or(table),
    }
}

impl Column {
    fn plain(name: &str, kind: ColumnKind, about: &str, source: Source) -> Column {
        let (name, about) = (name.to_string(), about.to_string());
        Column { name, kind, null: false, unit: None, one_of: None, about, refers: None, source }
    }

    /// The columns of a specification: two for a date, one for everything else.
    pub(super) fn resolve(spec: Spec, objects: &[&'static Object]) -> Vec<Column> {
        use ColumnKind::{Integer, Text};
        let column = match spec {
            Spec::Row => {
                Column::plain("id", Text, "Key of the row: id of the document and place in its record.", Source::Row)
            }
            Spec::Document => Column {
                refers: Some("documents"),
                ..Column::plain("document_id", Text, "Id of the document.", Source::Document)
            },
            Spec::InDocument => {
                let id = Self::resolve(Spec::Document, objects);
                return id.into_iter().chain(Self::of_document()).collect();
            }
            Spec::Joined(table, name, path) => {
                let of = super::tables::objects_of(table);
                let mut columns = Column::at(name.to_string(), path, &of, Source::First);
                // Dates of other tables are not joined: each would be two columns.
                columns.truncate(1);
                for c in &mut columns {
                    c.about = format!("{} Of the row of {table} it belongs to.", c.about);
                    c.null = true;
                    if let Source::First(steps) = &c.source {
                        c.source = Source::Joined(table, steps.clone());
                    }
                }
                return columns;
            }
            Spec::Parent(table) => Column {
                refers: Some(table),
                null: table == "items",
                ..Column::plain(
                    &format!("{}_id", singular(table)),
                    Text,
                    &format!("Key of the row of {table} it belongs to."),
                    Source::Parent(table),
                )
            },
            Spec::Owner => Column::plain("object_id", Text, "Key of the row it belongs to.", Source::Owner),
            Spec::OwnerTable => Column::plain("object_table", Text, "Table of that row.", Source::OwnerTable),
            Spec::Proved => Column::plain("field", Text, "Which value of that row it proves.", Source::Proved),
            Spec::Position => Column::plain("position", Integer, "Place in its list, from 1.", Source::Position),
            Spec::Listed => Column::plain("list", Text, "List of the record in which it stands.", Source::Listed),
            Spec::Page => Column {
                null: true,
                ..Column::plain("page", Integer, "First page of its proof, by number in the file.", Source::Page)
            },
            Spec::At(path) => return Column::at(path.replace('/', "_"), path, objects, Source::Path),
            Spec::Named(name, path) => return Column::at(name.to_string(), path, objects, Source::Path),
            Spec::Refers(name, path, table) => {
                let mut columns = Column::at(name.to_string(), path, objects, Source::Path);
                columns.iter_mut().for_each(|c| c.refers = Some(table));
                return columns;
            }
            Spec::First(name, path) => return Column::at(name.to_string(), path, objects, Source::First),
        };
        vec![column]
    }

    /// What is said of the document in each of its rows.
    fn of_document() -> Vec<Column> {
        use ColumnKind::{Date, Integer, Text};
        let above = |name: &str, kind, null, about: &str, paths: &[&'static str]| Column {
            null,
            ..Column::plain(name, kind, about, Source::Above(paths.iter().map(|p| steps(p)).collect()))
        };
        let dates = || ["meeting/date", "date", "meeting_date"].map(steps).to_vec();
        let date = Column {
            null: true,
            ..Column::plain(
                "document_date",
                Date,
                "Day of the document: of minutes and notices the meeting's, else its own. Where only month or year is known, its first day.",
                Source::DayAbove(dates()),
            )
        };
        let precision = Column {
            null: true,
            one_of: Some(&["day", "month", "year"]),
            ..Column::plain(
                "document_date_precision",
                Text,
                "How exactly document_date is known.",
                Source::PrecisionAbove(dates()),
            )
        };
        vec![
            above("document_path", Text, false, "Path of the document's file.", &["source/path"]),
            above("document_kind", Text, false, "Kind of the document.", &["kind"]),
            date,
            precision,
            above("document_year", Integer, true, "Year of the document.", &["year"]),
            above("document_authority", Text, true, "Authority of the document.", &["authority/name"]),
            above(
                "document_district",
                Text,
                true,
                "Id of the document's district, as then.",
                &["districts[own]/id", "authority/district"],
            ),
            above("document_dnr", Text, true, "First diary number of the document's own.", &["dnr[own]/canonical"]),
        ]
    }

    fn at(
        name: String,
        path: &'static str,
        objects: &[&'static Object],
        source: fn(Vec<Step>) -> Source,
    ) -> Vec<Column> {
        let steps = steps(path);
        let found = find(objects, &steps);
        debug_assert!(found.is_some(), "no field {path}");
        let Some((field, listed, missing)) = found else { return Vec::new() };
        let first = matches!(source(Vec::new()), Source::First(_));
        let (kind, one_of) = match field.kind {
            Kind::Text => (ColumnKind::Text, None),
            Kind::OneOf(words) => (ColumnKind::Text, Some(words)),
            Kind::Integer => (ColumnKind::Integer, None),
            Kind::Number => (ColumnKind::Number, None),
            Kind::Bool => (ColumnKind::Bool, None),
            Kind::Date => (ColumnKind::Date, None),
            Kind::List(Kind::Text) => (ColumnKind::Texts, None),
            Kind::List(Kind::Integer) => (ColumnKind::Integers, None),
            Kind::Object(_) | Kind::Objects(_) | Kind::List(_) | Kind::Tally => (ColumnKind::Json, None),
        };
        let in_list = listed && !first;
        let kind = match kind {
            ColumnKind::Text | ColumnKind::Date if in_list => ColumnKind::Texts,
            ColumnKind::Integer if in_list => ColumnKind::Integers,
            kind => kind,
        };
        // A record that was held back lacks most fields.
        let holds = objects.iter().any(|o| o.name == "Record")
            && steps.first().is_some_and(|s| !super::record::is_always_there(s.key));
        let of = if in_list && field.null {
            " (each; empty where there is none)"
        } else if in_list {
            " (each)"
        } else if first {
            " (the first)"
        } else {
            ""
        };
        let column = Column {
            name,
            kind,
            null: missing || holds || (listed && first) || objects.len() > 1,
            unit: field.unit,
            one_of: one_of.filter(|_| !in_list),
            about: format!("{}{of}", field.about),
            refers: None,
            source: source(steps.clone()),
        };
        if column.kind != ColumnKind::Date {
            return vec![column];
        }
        let precision = Column {
            name: format!("{}_precision", column.name),
            kind: ColumnKind::Text,
            one_of: Some(&["day", "month", "year"]),
            about: format!("How exactly {} is known.", column.name),
            source: Source::Precision(steps.clone()),
            ..column.clone()
        };
        let about = format!("{} Where only month or year is known, its first day.", column.about);
        vec![Column { about, source: Source::Day(steps), ..column }, precision]
    }
}
