//! Lays a record out for the page of a document: each value with its name, its places and what proves it.
//!
//! Works on the record's public shape, so a new field shows without a change here.

use serde_json::{Map, Value};

/// One value, or one thing with values, of a record.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    /// Where it stands in the record, `items.3.decisions.0`: what an address names it by.
    pub(super) id: String,
    /// Name of its field.
    pub(super) name: String,
    /// How deep it stands.
    pub(super) depth: usize,
    /// What it says first.
    pub(super) value: String,
    /// What it says besides, by name.
    pub(super) details: Vec<(String, String)>,
    /// What proves it.
    pub(super) proofs: Vec<Proof>,
}

/// What proves a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Proof {
    /// Which value.
    pub(super) field: String,
    /// Range of bytes in the document's text.
    pub(super) range: (usize, usize),
    /// The text there.
    pub(super) quote: String,
    /// Pages with boxes: left, bottom, right, top, in points.
    pub(super) places: Vec<(u32, Vec<[f64; 4]>)>,
    /// The rule that read it.
    pub(super) rule: String,
    /// How sure the rule is, 0 to 1.
    pub(super) confidence: f64,
}

/// Keys that say first what a thing is, the first that is there.
const FIRST: [&str; 9] = ["canonical", "name", "text", "title", "heading", "raw", "caption", "number", "question"];
/// Fields that have a place of their own on the page, or are of no use there.
const ELSEWHERE: [&str; 7] = ["schema", "id", "source", "evidence", "warnings", "language", "sections"];
/// Longest value shown whole, in characters.
const LONGEST: usize = 1200;

/// The values of a public record, in its order, those first that say what it is.
pub(super) fn rows(record: &Value) -> Vec<Row> {
    let Some(record) = record.as_object() else { return Vec::new() };
    let own = proofs(record);
    let mut out = Vec::new();
    for (name, value) in record.iter().filter(|(k, v)| !ELSEWHERE.contains(&k.as_str()) && !is_none(v)) {
        match value {
            Value::Object(object) => thing(&mut out, name.clone(), name, 0, object),
            Value::Array(list) if list.iter().any(Value::is_object) => {
                for (i, object) in list.iter().enumerate() {
                    if let Value::Object(object) = object {
                        thing(&mut out, format!("{name}.{i}"), name, 0, object);
                    }
                }
            }
            _ => out.push(Row {
                id: name.clone(),
                name: name.clone(),
                depth: 0,
                value: scalar(value),
                details: Vec::new(),
                proofs: own.iter().filter(|p| p.field == *name).cloned().collect(),
            }),
        }
    }
    out
}

/// A thing with values, then the things in it.
fn thing(out: &mut Vec<Row>, id: String, name: &str, depth: usize, object: &Map<String, Value>) {
    let filled = || object.iter().filter(|(k, v)| *k != "evidence" && !is_none(v));
    let plain = |v: &Value| !v.is_object() && !v.as_array().is_some_and(|l| l.iter().any(Value::is_object));
    let first = FIRST.iter().find(|k| object.get(**k).is_some_and(|v| !is_none(v) && plain(v)));
    let table = object.get("rows").and_then(Value::as_array);
    let details =
        filled().filter(|(k, v)| Some(&k.as_str()) != first && plain(v) && !(table.is_some() && *k == "rows"));
    out.push(Row {
        value: first.and_then(|k| object.get(*k)).map(scalar).unwrap_or_default(),
        details: details.map(|(k, v)| (k.clone(), scalar(v))).collect(),
        proofs: proofs(object),
        id: id.clone(),
        name: name.to_string(),
        depth,
    });
    for (key, value) in filled().filter(|(_, v)| !plain(v)) {
        match value {
            Value::Object(inner) => thing(out, format!("{id}.{key}"), key, depth + 1, inner),
            Value::Array(list) => {
                for (i, inner) in list.iter().enumerate() {
                    if let Value::Object(inner) = inner {
                        thing(out, format!("{id}.{key}.{i}"), key, depth + 1, inner);
                    }
                }
            }
            _ => {}
        }
    }
}

fn proofs(object: &Map<String, Value>) -> Vec<Proof> {
    let mut out: Vec<Proof> = Vec::new();
    for e in object.get("evidence").and_then(Value::as_array).into_iter().flatten() {
        let text = |key: &str| e[key].as_str().unwrap_or_default().to_string();
        let at = |key: &str| e[key].as_u64().unwrap_or_default() as usize;
        let number = |v: &Value| v.as_f64().unwrap_or_default();
        let boxes = |place: &Value| {
            let all = place["boxes"].as_array().into_iter().flatten();
            all.map(|b| [number(&b[0]), number(&b[1]), number(&b[2]), number(&b[3])]).collect()
        };
        let places = e["places"].as_array().into_iter().flatten();
        out.push(Proof {
            field: text("field"),
            range: (at("start"), at("end")),
            quote: text("quote"),
            places: places.map(|p| (p["page"].as_u64().unwrap_or(1) as u32, boxes(p))).collect(),
            rule: text("rule"),
            confidence: number(&e["confidence"]),
        });
    }
    out
}

impl Row {
    /// Its first page.
    pub(super) fn page(&self) -> Option<u32> {
        self.proofs.iter().flat_map(|p| &p.places).map(|(page, _)| *page).next()
    }

    /// Its boxes on a page, each once.
    pub(super) fn boxes(&self, page: u32) -> Vec<[f64; 4]> {
        let mut out: Vec<[f64; 4]> = Vec::new();
        for (_, boxes) in self.proofs.iter().flat_map(|p| &p.places).filter(|(n, _)| *n == page) {
            for b in boxes {
                if !out.contains(b) {
                    out.push(*b);
                }
            }
        }
        out
    }
}

fn is_none(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(list) => list.is_empty(),
        Value::String(s) => s.is_empty(),
        _ => false,
    }
}

fn scalar(value: &Value) -> String {
    let whole = match value {
        Value::String(s) => s.clone(),
        Value::Array(list) => list.iter().map(scalar).collect::<Vec<_>>().join(" · "),
        Value::Bool(true) => "✓".to_string(),
        other => other.to_string(),
    };
    match whole.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", whole.get(..at).unwrap_or_default()),
        None => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_have_ids_and_places() {
        let record = json!({
            "title": "Slutrapport", "subtitle": null, "sections": [{"id": "x"}],
            "items": [{"number": "§ 3", "title": "Val", "adjusted_immediately": false, "decisions": [
                {"status": "decided", "text": "Nämnden godkänner valet.", "actions": ["approve"], "evidence": [
                    {"field": "text", "start": 4, "end": 9, "quote": "x", "rule": "r", "confidence": 0.5,
                     "places": [{"page": 2, "boxes": [[1.0, 2.0, 3.0, 4.0]]}]}]}], "evidence": []}],
            "evidence": [{"field": "title", "start": 0, "end": 3, "quote": "q", "rule": "t", "confidence": 1.0,
                          "places": [{"page": 1, "boxes": []}]}]
        });
        let rows = rows(&record);
        let ids: Vec<(&str, usize)> = rows.iter().map(|r| (r.id.as_str(), r.depth)).collect();
        assert_eq!(ids, [("title", 0), ("items.0", 0), ("items.0.decisions.0", 1)]);
        assert_eq!((rows[0].page(), rows[2].page()), (Some(1), Some(2)));
        assert_eq!(rows[2].boxes(2), [[1.0, 2.0, 3.0, 4.0]]);
        assert_eq!(
            rows[2].details,
            [("status".to_string(), "decided".to_string()), ("actions".into(), "approve".into())]
        );
        assert_eq!(rows[1].value, "Val");
    }
}
