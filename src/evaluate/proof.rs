//! Checks a record's evidence against the document it was read from: every value has one, the quote stands there byte for byte,
//! its boxes lie on its page.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::ingest::Document;

/// Values that need no evidence of their own: they say where something stands, or are the text itself.
const PLAIN: [(&str, &str); 4] =
    [("sections", "text"), ("sections", "first_page"), ("sections", "last_page"), ("", "language")];

/// Objects without values read from the text: they have no evidence in the record's shape.
const APART: [&str; 3] = ["warnings", "source", "evidence"];

/// How far a page's edge may be passed, in points: boxes are rounded to hundredths, letters may stand on the edge.
const EDGE: f64 = 2.0;

/// What evidence is worth, counted.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Proof {
    /// Values that are not empty.
    pub values: usize,
    /// Of them with evidence.
    pub proven: usize,
    /// Entries of evidence.
    pub entries: usize,
    /// Of them whose quote is the text of their range, byte for byte.
    pub verbatim: usize,
    /// Boxes.
    pub boxes: usize,
    /// Of them on a page of the document and inside it.
    pub on_page: usize,
    /// Entries without a page of the document.
    pub nowhere: usize,
    /// What is wrong, by where in the record: `dnr.series: no evidence` and how often.
    pub faults: BTreeMap<String, usize>,
}

impl Proof {
    /// Adds the counts of another.
    pub fn add(&mut self, o: &Proof) {
        self.values += o.values;
        self.proven += o.proven;
        self.entries += o.entries;
        self.verbatim += o.verbatim;
        self.boxes += o.boxes;
        self.on_page += o.on_page;
        self.nowhere += o.nowhere;
        for (fault, n) in &o.faults {
            *self.faults.entry(fault.clone()).or_default() += n;
        }
    }

    fn fault(&mut self, place: &str, what: &str) {
        *self.faults.entry(format!("{place}: {what}")).or_default() += 1;
    }
}

/// Checks the evidence of one record.
pub fn check(record: &Value, doc: &Document) -> Proof {
    let mut proof = Proof::default();
    if let Value::Object(record) = record {
        object(record, "", doc, &mut proof);
    }
    proof
}

/// True for values that say something: not null, empty, or false for want of anything said.
fn says(v: &Value) -> bool {
    match v {
        Value::Null | Value::Bool(false) => false,
        Value::String(s) => !s.is_empty(),
        Value::Array(a) => !a.is_empty(),
        Value::Object(o) => o.values().any(says),
        _ => true,
    }
}

/// True for what has evidence of its own, inside.
fn proves_itself(v: &Value) -> bool {
    match v {
        Value::Object(o) => o.contains_key("evidence"),
        Value::Array(a) => a.iter().all(proves_itself),
        _ => false,
    }
}

fn object(o: &Map<String, Value>, path: &str, doc: &Document, proof: &mut Proof) {
    let empty = Vec::new();
    let evidence = o.get("evidence").and_then(Value::as_array).unwrap_or(&empty);
    for e in evidence {
        entry(e, path, doc, proof);
    }
    for (name, value) in o {
        let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        // That nothing speaks for a kind stands nowhere.
        let unknown = name == "kind" && value == "okand";
        if APART.contains(&name.as_str()) || !says(value) || unknown {
            continue;
        }
        if proves_itself(value) {
            match value {
                Value::Object(inner) => object(inner, &below, doc, proof),
                Value::Array(all) => {
                    all.iter().filter_map(Value::as_object).for_each(|i| object(i, &below, doc, proof));
                }
                _ => {}
            }
            continue;
        }
        let room = path.rsplit('.').next().unwrap_or(path);
        if PLAIN.contains(&(room, name.as_str())) {
            continue;
        }
        proof.values += 1;
        if evidence.iter().any(|e| e["field"] == name.as_str()) {
            proof.proven += 1;
        } else {
            proof.fault(&below, "no evidence");
        }
    }
}

fn entry(e: &Value, path: &str, doc: &Document, proof: &mut Proof) {
    proof.entries += 1;
    let at = |name: &str| e[name].as_u64().and_then(|n| usize::try_from(n).ok());
    let text = at("start").zip(at("end")).and_then(|(s, e)| doc.text.get(s..e));
    let place = format!("{path}[{}]", e["field"].as_str().unwrap_or_default());
    match text {
        Some(text) if !text.is_empty() && e["quote"] == text => proof.verbatim += 1,
        Some("") => proof.fault(&place, "an empty quote"),
        _ => proof.fault(&place, "the quote does not stand there"),
    }
    let places = e["places"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut somewhere = false;
    for p in places {
        let page = doc.pages.iter().find(|page| p["page"].as_u64() == Some(u64::from(page.number)));
        somewhere |= page.is_some();
        let size = page.and_then(|p| p.size);
        for b in p["boxes"].as_array().into_iter().flatten() {
            proof.boxes += 1;
            let corner = |i: usize| b[i].as_f64().unwrap_or(f64::NAN);
            let inside = size.is_some_and(|(w, h)| {
                corner(0) >= -EDGE
                    && corner(1) >= -EDGE
                    && corner(2) <= f64::from(w) + EDGE
                    && corner(3) <= f64::from(h) + EDGE
                    && corner(0) <= corner(2)
                    && corner(1) <= corner(3)
            });
            if inside {
                proof.on_page += 1;
            } else {
                proof.fault(&place, "a box outside its page");
            }
        }
    }
    if !somewhere {
        proof.nowhere += 1;
        proof.fault(&place, "on no page");
    }
}
