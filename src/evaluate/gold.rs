//! Reads labels: JSON files in the record's shape that say what people read. `tests/gold/README.md` describes the form.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::shape::{Object, RECORD, Shape};

/// Names of a label that are not fields of a record.
const ABOUT: [&str; 15] = [
    "source",
    "file",
    "parts",
    "labelled_by",
    "set",
    "municipality",
    "body",
    "labelled_pages",
    "partial",
    "note",
    "evidence",
    "schema",
    // Facts that older labels have and no record has.
    "slide_titles",
    "agreement_periods_all",
    "periods_all",
];

/// One label file: what people read in one file.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// The label's own file.
    pub file: PathBuf,
    /// Its name without ending; the document's name where there is no hash.
    pub name: String,
    /// BLAKE3 of the document's bytes, 64 hex digits.
    pub blake3: Option<String>,
    /// The set it says it belongs to.
    pub set: Option<String>,
    /// The documents in the file; one unless it is a bundle.
    pub parts: Vec<Part>,
    /// Whether `parts` lists all documents of the file.
    pub all_parts: bool,
}

/// What people read in one document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// The page of the file on which it begins, for a document of a bundle.
    pub first_page: Option<u32>,
    /// First and last page that were labelled; none if all were.
    pub pages: Option<(u32, u32)>,
    /// Lists, as rows are named, in which not everything is labelled.
    pub partial: BTreeSet<String>,
    /// The body it belongs to.
    pub body: Option<String>,
    /// The labelled fields, in the record's shape.
    pub fields: Value,
}

/// Why labels cannot be used. Each message names the file first, then what is wrong and what to try.
#[derive(Debug, thiserror::Error)]
pub enum GoldError {
    /// A file or folder cannot be read.
    #[error("{path}: cannot be read ({cause}); GOLD is a folder with labels (*.json) or such files")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// There are no labels.
    #[error("{path}: holds no labels (*.json); tests/gold/README.md says how to write them")]
    Empty {
        /// Where.
        path: PathBuf,
    },
    /// A file is no JSON.
    #[error(
        "{path}: line {line}, column {column}: is no JSON ({message}); a label is one JSON object, see tests/gold/README.md"
    )]
    Json {
        /// Which.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// A label is not in the record's shape.
    #[error("{path}: {at}: {message}")]
    Form {
        /// Which.
        path: PathBuf,
        /// Where in it, e.g. `decisions[2].status`.
        at: String,
        /// What is wrong and what was expected.
        message: String,
    },
}

/// What is wrong at a place of a label.
struct Fault {
    at: String,
    message: String,
}

fn fault<T>(at: impl Into<String>, message: impl Into<String>) -> Result<T, Fault> {
    Err(Fault { at: at.into(), message: message.into() })
}

/// Reads labels: files as named, folders with all `*.json` below them; in order of their paths, each once.
///
/// # Errors
/// If one cannot be read or is not in the form, or a place holds none.
pub fn load(paths: &[PathBuf]) -> Result<Vec<Label>, GoldError> {
    let mut files = Vec::new();
    for path in paths {
        let read = |cause| GoldError::Read { path: path.clone(), cause };
        if std::fs::metadata(path).map_err(read)?.is_dir() {
            let before = files.len();
            for entry in walkdir::WalkDir::new(path).follow_links(true).sort_by_file_name() {
                let entry = entry.map_err(|e| read(e.into()))?;
                if entry.file_type().is_file() && entry.path().extension().is_some_and(|x| x == "json") {
                    files.push(entry.into_path());
                }
            }
            if files.len() == before {
                return Err(GoldError::Empty { path: path.clone() });
            }
        } else {
            files.push(path.clone());
        }
    }
    let mut seen = BTreeSet::new();
    files.retain(|f| seen.insert(std::fs::canonicalize(f).unwrap_or_else(|_| f.clone())));
    files.iter().map(|f| read(f)).collect()
}

fn read(path: &Path) -> Result<Label, GoldError> {
    let text = std::fs::read_to_string(path).map_err(|cause| GoldError::Read { path: path.to_path_buf(), cause })?;
    label(path, &text)
}

/// Reads the text of one label.
///
/// # Errors
/// If it is no JSON or not in the form.
pub fn label(path: &Path, text: &str) -> Result<Label, GoldError> {
    let json: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|e| {
        let message = e.to_string();
        let message = message.split(" at line").next().unwrap_or_default().to_string();
        GoldError::Json { path: path.to_path_buf(), line: e.line(), column: e.column(), message }
    })?;
    understood(path, json).map_err(|f| GoldError::Form { path: path.to_path_buf(), at: f.at, message: f.message })
}

fn understood(path: &Path, json: Value) -> Result<Label, Fault> {
    let Value::Object(top) = json else { return fault("top", "a label is one JSON object") };
    let source = top.get("source").or_else(|| top.get("file"));
    let blake3 = match source.and_then(|s| s.get("blake3")) {
        None => None,
        Some(Value::String(h)) if h.len() == 64 && h.bytes().all(|b| b.is_ascii_hexdigit()) => {
            Some(h.to_ascii_lowercase())
        }
        Some(_) => return fault("source.blake3", "expected the 64 hex digits of `b3sum FILE`"),
    };
    let (parts, all_parts) = match top.get("parts") {
        None => (vec![part(&top, "")?], false),
        Some(Value::Array(parts)) if !parts.is_empty() => {
            let mut all = Vec::new();
            for (i, p) in parts.iter().enumerate() {
                let at = format!("parts[{i}]");
                let Value::Object(p) = p else { return fault(at, "a part is an object") };
                let mut p = p.clone();
                for name in ["body", "labelled_pages", "partial"] {
                    if let (None, Some(v)) = (p.get(name), top.get(name)) {
                        p.insert(name.into(), v.clone());
                    }
                }
                all.push(part(&p, &at)?);
            }
            (all, true)
        }
        Some(_) => return fault("parts", "expected a list of at least one document"),
    };
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let set = top.get("set").and_then(Value::as_str).map(str::to_string);
    Ok(Label { file: path.to_path_buf(), name, blake3, set, parts, all_parts })
}

fn part(json: &Map<String, Value>, at: &str) -> Result<Part, Fault> {
    let place = |name: &str| if at.is_empty() { name.to_string() } else { format!("{at}.{name}") };
    let page = |v: &Value| v.as_u64().and_then(|p| u32::try_from(p).ok()).filter(|p| *p > 0);
    let first_page = match json.get("source").and_then(|s| s.get("part")).and_then(|p| p.get("first_page")) {
        None => None,
        Some(v) => match page(v) {
            Some(p) => Some(p),
            None => return fault(place("source.part.first_page"), "expected a page number from 1"),
        },
    };
    let pages = match json.get("labelled_pages").map(|v| v.as_array().map(Vec::as_slice)) {
        None => None,
        Some(Some([a, b])) if page(a).is_some() && page(a) <= page(b) => page(a).zip(page(b)),
        Some(_) => return fault(place("labelled_pages"), "expected [first, last], page numbers from 1"),
    };
    let partial: Option<BTreeSet<String>> = match json.get("partial") {
        None => Some(BTreeSet::new()),
        Some(v) => v.as_array().and_then(|all| all.iter().map(|n| n.as_str().map(str::to_string)).collect()),
    };
    let partial = partial.map(|p| match p.contains("tables") {
        true => p.into_iter().chain(["caption", "header", "rows"].map(|n| format!("tables.{n}"))).collect(),
        false => p,
    });
    let Some(partial) = partial else { return fault(place("partial"), "expected a list of names of lists") };
    let mut fields = Map::new();
    for (name, value) in json {
        if let Some(shape) = RECORD.field(name) {
            let value = match name.as_str() {
                "tables" => tables(value),
                _ => value.clone(),
            };
            fields.insert(name.clone(), checked(shape, value, &place(name))?);
        } else if !ABOUT.contains(&name.as_str()) {
            let names = RECORD.names().chain(ABOUT);
            return fault(place(name), format!("is no field of a record{}", meant(name, names)));
        }
    }
    if let Some(evidence) = json.get("evidence") {
        fields.insert("evidence".into(), evidence.clone());
    }
    if let Some(Value::Array(dnr)) = fields.get("dnr") {
        let own: Vec<Value> = dnr.iter().filter(|d| d["role"] == "own").cloned().collect();
        if dnr.iter().all(|d| d.get("role").is_some()) {
            fields.insert("own_dnr".into(), own.into());
        }
    }
    agreements(&mut fields);
    let body = json.get("body").and_then(Value::as_str).map(str::to_string);
    Ok(Part { first_page, pages, partial, body, fields: Value::Object(fields) })
}

/// Older labels have organisation numbers and a target group in the agreement.
fn agreements(fields: &mut Map<String, Value>) {
    let Some(Value::Array(all)) = fields.get_mut("agreements") else { return };
    let mut numbers = Vec::new();
    for agreement in all.iter_mut().filter_map(Value::as_object_mut) {
        if let Some(Value::Array(n)) = agreement.remove("org_nr") {
            numbers.extend(n);
        }
        if let Some(group) = agreement.remove("target_group") {
            agreement.entry("target_groups").or_insert_with(|| vec![group].into());
        }
    }
    if !numbers.is_empty() {
        fields.insert("org_nr".into(), numbers.into());
    }
}

/// All tables as one object of lists; a row is its cells between bars.
pub(super) fn tables(tables: &Value) -> Value {
    let Value::Array(all) = tables else { return tables.clone() };
    let joined = |row: &Value| match row {
        Value::Array(cells) => {
            let cells: Vec<&str> = cells.iter().map(|c| c.as_str().unwrap_or_default()).collect();
            Value::String(cells.join(" | "))
        }
        other => other.clone(),
    };
    let list = |v: &Value| v.as_array().cloned().unwrap_or_default();
    let mut out = Map::new();
    let has = |name: &str| all.is_empty() || all.iter().any(|t| t.get(name).is_some());
    if has("caption") {
        let captions = all.iter().map(|t| t["caption"].clone()).filter(|c| !c.is_null());
        out.insert("caption".into(), captions.collect());
    }
    if has("header") {
        let headers = all.iter().map(|t| &t["header"]).filter(|h| h.as_array().is_some_and(|h| !h.is_empty()));
        out.insert("header".into(), headers.map(joined).collect());
    }
    if has("rows") {
        out.insert("rows".into(), all.iter().flat_map(|t| list(&t["rows"])).map(|r| joined(&r)).collect());
    }
    Value::Object(out)
}

/// The value in the record's shape, short forms written out.
fn checked(shape: &Shape, value: Value, at: &str) -> Result<Value, Fault> {
    let any = value.as_object().filter(|o| o.contains_key("any") && o.len() == 1);
    if let Some(any) = any.and_then(|o| o.get("any")) {
        let Value::Array(all) = any else { return fault(at, "\"any\" takes a list of values") };
        if all.is_empty() {
            return fault(at, "\"any\" takes at least one value");
        }
        let all: Result<Vec<Value>, Fault> = all.iter().map(|v| checked(shape, v.clone(), at)).collect();
        return Ok(serde_json::json!({"any": all?}));
    }
    match (shape, value) {
        (Shape::Unjudged, v) => Ok(v),
        (Shape::One(_), v @ (Value::Object(_) | Value::Array(_))) => {
            fault(at, format!("expected one value, null or {{\"any\": […]}}, found {}", named(&v)))
        }
        (Shape::One(_), v) => Ok(v),
        (Shape::Many(_), Value::Array(all)) => {
            let one =
                |(i, v): (usize, &Value)| checked(&Shape::One(super::fold::As::Text), v.clone(), &format!("{at}[{i}]"));
            all.iter().enumerate().map(one).collect::<Result<Vec<_>, _>>().map(Value::Array)
        }
        (Shape::Object(_), Value::Null) => Ok(Value::Null),
        (Shape::Object(object), v) => object_checked(object, v, at),
        (Shape::Objects(object), Value::Array(all)) => {
            let mut out = Vec::new();
            for (i, v) in all.into_iter().enumerate() {
                let at = format!("{at}[{i}]");
                out.push(checked(&Shape::Object(object), v, &at)?);
            }
            Ok(Value::Array(out))
        }
        (Shape::Many(_) | Shape::Objects(_), v) => {
            fault(at, format!("expected a list (an empty one says that there is none), found {}", named(&v)))
        }
    }
}

fn object_checked(object: &Object, value: Value, at: &str) -> Result<Value, Fault> {
    let mut map = match value {
        Value::Object(map) => map,
        // The short form: its main value.
        v @ (Value::String(_) | Value::Number(_)) => match object.main {
            [main, ..] => Map::from_iter([((*main).to_string(), v)]),
            [] => return fault(at, format!("expected an object, found {}", named(&v))),
        },
        v => return fault(at, format!("expected an object, found {}", named(&v))),
    };
    for (name, value) in &mut map {
        let at = format!("{at}.{name}");
        match object.field(name) {
            Some(shape) => *value = checked(shape, value.take(), &at)?,
            None if object.names().any(|n| n == name) => {}
            None => return fault(at, format!("is no field here{}", meant(name, object.names()))),
        }
    }
    if let (["canonical"], Some(_), Some(text), None) =
        (object.main, object.field("text"), map.get("text").cloned(), map.get("canonical"))
    {
        map.insert("canonical".into(), text);
    }
    let number = |map: &Map<String, Value>| {
        let year = map.get("year")?.as_i64()?;
        let number = map.get("number")?.as_i64()?;
        let series = map.get("series").and_then(Value::as_str).map(|s| format!("{s} ")).unwrap_or_default();
        Some(format!("{series}{year}/{number}"))
    };
    if object.field("number").is_some() && object.main == ["canonical"] && !map.contains_key("canonical") {
        match number(&map) {
            Some(canonical) => drop(map.insert("canonical".into(), canonical.into())),
            None => return fault(at, "a diary number needs \"canonical\", or \"year\" and \"number\""),
        }
    }
    if let (Some(main), false) = (object.main.first(), object.main.iter().any(|m| map.contains_key(*m))) {
        return fault(at, format!("needs \"{main}\", by which it is told from others"));
    }
    Ok(Value::Object(map))
}

fn named(v: &Value) -> &'static str {
    match v {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// `; did you mean "status"?`, if a known name is near.
fn meant(name: &str, names: impl Iterator<Item = &'static str>) -> String {
    let near = names.map(|n| (strsim::jaro_winkler(name, n), n)).max_by(|a, b| a.0.total_cmp(&b.0));
    match near {
        Some((like, n)) if like > 0.8 => format!("; did you mean \"{n}\"?"),
        _ => "; tests/gold/README.md has the form".to_string(),
    }
}

impl Label {
    /// What document the label asks for, for people.
    pub fn wanted(&self) -> String {
        match &self.blake3 {
            Some(hash) => format!("a file with BLAKE3 {}…", hash.get(..16).unwrap_or(hash)),
            None => format!("a file named {}.pdf or .txt", self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Label, String> {
        label(Path::new("x/minutes.json"), json).map_err(|e| e.to_string())
    }

    #[test]
    fn short_forms_are_written_out() {
        let label = read(
            r#"{"recipient": "Nämnden", "attachments": ["Bilaga"], "dnr": [{"series": "KS", "year": 2024, "number": 7, "role": "own"}],
                "agreements": [{"name": "A", "org_nr": [{"value": "802000-0000", "valid": true}], "target_group": "unga"}]}"#,
        )
        .unwrap();
        let f = &label.parts[0].fields;
        assert_eq!(f["recipient"]["name"], "Nämnden");
        assert_eq!(f["attachments"][0]["title"], "Bilaga");
        assert_eq!(f["dnr"][0]["canonical"], "KS 2024/7");
        assert_eq!(f["own_dnr"].as_array().unwrap().len(), 1);
        assert_eq!(f["org_nr"][0]["value"], "802000-0000");
        assert_eq!(f["agreements"][0]["target_groups"][0], "unga");
        assert_eq!((label.name.as_str(), label.blake3), ("minutes", None));
    }

    #[test]
    fn a_slip_is_told_with_its_place_and_never_passes_for_unlabelled() {
        let told = |json: &str, part: &str| {
            let message = read(json).unwrap_err();
            assert!(message.starts_with("x/minutes.json: ") && message.contains(part), "{message}");
        };
        told(r#"{"handlagare": []}"#, r#"handlagare: is no field of a record; did you mean "handlaggare"?"#);
        told(
            r#"{"decisions": [{"text": "a", "statuss": "decided"}]}"#,
            r#"decisions[0].statuss: is no field here; did you mean "status"?"#,
        );
        told(r#"{"decisions": {"text": "a"}}"#, "decisions: expected a list");
        told(r#"{"decisions": null}"#, "decisions: expected a list");
        told(r#"{"date": ["2024"]}"#, "date: expected one value");
        told(r#"{"date": {"any": []}}"#, "at least one");
        told(r#"{"dnr": [{"raw": "x"}]}"#, "dnr[0]: a diary number needs");
        told(r#"{"signatories": [{"title": "chef"}]}"#, "signatories[0]: needs \"name\"");
        told(r#"{"source": {"blake3": "12"}}"#, "64 hex digits");
        told(r#"{"labelled_pages": [3, 1]}"#, "labelled_pages");
        told("{\"kind\": }", "line 1, column 10: is no JSON");
        told("[]", "one JSON object");
        told(r#"{"parts": []}"#, "at least one document");
    }
}
