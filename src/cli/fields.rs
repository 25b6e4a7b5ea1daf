//! Lays out a record for people: each value under its name, with the rule, place and quote that prove it.
//!
//! Works on the record's public shape, so a new field shows without a change here.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde_json::{Map, Value};

use super::term::{Style, Term, plain, shorten};

/// Longest value or quote shown on one line, in characters.
const SHOWN: usize = 160;

/// Writes every value found in `record`, with its proof if `evidence`; ends with the names of what was looked for in vain.
///
/// # Errors
/// If `out` cannot be written.
pub fn write(out: &mut dyn Write, term: &Term, record: &Value, evidence: bool) -> io::Result<()> {
    let Value::Object(record) = record else { return Ok(()) };
    let layout = Layout { term, evidence };
    layout.object(out, 0, record)?;
    let missing: Vec<&str> =
        record.iter().filter(|(k, v)| is_none(v) && *k != "evidence").map(|(k, _)| k.as_str()).collect();
    if !missing.is_empty() {
        writeln!(out, "{}", term.paint(Style::Dim, &format!("not found: {}", missing.join(", "))))?;
    }
    Ok(())
}

struct Layout<'a> {
    term: &'a Term,
    evidence: bool,
}

impl Layout<'_> {
    fn object(&self, out: &mut dyn Write, depth: usize, object: &Map<String, Value>) -> io::Result<()> {
        let proofs: Vec<&Value> = object.get("evidence").and_then(Value::as_array).into_iter().flatten().collect();
        // One quote may prove all of an object's values; it is shown with the first of them.
        let mut shown = BTreeSet::new();
        for (name, value) in object.iter().filter(|(k, v)| *k != "evidence" && !is_none(v)) {
            self.value(out, depth, name, value)?;
            for proof in proofs.iter().filter(|p| p["field"] == name.as_str()) {
                let line = proof_line(proof);
                if shown.insert(line.clone()) {
                    self.proof(out, depth + 1, None, &line)?;
                }
            }
        }
        for proof in &proofs {
            let field = proof["field"].as_str().unwrap_or_default();
            if object.get(field).is_none_or(is_none) {
                self.proof(out, depth + 1, Some(field), &proof_line(proof))?;
            }
        }
        Ok(())
    }

    fn value(&self, out: &mut dyn Write, depth: usize, name: &str, value: &Value) -> io::Result<()> {
        let indent = "  ".repeat(depth);
        let label = self.term.paint(Style::Bold, name);
        match value {
            Value::Object(object) => {
                writeln!(out, "{indent}{label}")?;
                self.object(out, depth + 1, object)
            }
            Value::Array(list) if list.iter().all(|v| !v.is_object()) => {
                let items: Vec<String> = list.iter().map(scalar).collect();
                writeln!(out, "{indent}{label}: {}", items.join(" · "))
            }
            Value::Array(list) => {
                for (i, item) in list.iter().enumerate() {
                    writeln!(out, "{indent}{label} {}", i + 1)?;
                    if let Value::Object(object) = item {
                        self.object(out, depth + 1, object)?;
                    }
                }
                Ok(())
            }
            _ => writeln!(out, "{indent}{label}: {}", scalar(value)),
        }
    }

    fn proof(&self, out: &mut dyn Write, depth: usize, field: Option<&str>, line: &str) -> io::Result<()> {
        if !self.evidence {
            return Ok(());
        }
        let line = format!("{}{line}", field.map(|f| format!("{f}: ")).unwrap_or_default());
        writeln!(out, "{}{}", "  ".repeat(depth), self.term.paint(Style::Dim, &line))
    }
}

/// Where a value stands, by which rule, how surely, and the words themselves.
fn proof_line(proof: &Value) -> String {
    let pages: Vec<String> = proof["places"].as_array().into_iter().flatten().map(|p| p["page"].to_string()).collect();
    format!(
        "p. {} · {} · {:.2} · bytes {}–{} · ”{}”",
        if pages.is_empty() { "–".to_string() } else { pages.join(", ") },
        proof["rule"].as_str().unwrap_or("–"),
        proof["confidence"].as_f64().unwrap_or_default(),
        proof["start"],
        proof["end"],
        shorten(proof["quote"].as_str().unwrap_or_default(), SHOWN),
    )
}

fn is_none(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(s) => shorten(s, SHOWN),
        Value::Array(list) => list.iter().map(scalar).collect::<Vec<_>>().join(" | "),
        other => plain(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::Color;
    use serde_json::json;

    #[test]
    fn shows_value_rule_place_quote_and_what_is_missing() {
        let record = json!({
            "title": "Slutrapport", "subtitle": null, "parties": [],
            "dnr": [{"canonical": "JÄRVA 2024/45", "year": 2024, "evidence": [
                {"field": "canonical", "start": 3, "end": 9, "quote": "JÄRVA\n2024/45",
                     "places": [{"page": 2, "boxes": []}], "rule": "margin.dnr", "confidence": 0.9},
                {"field": "year", "start": 3, "end": 9, "quote": "JÄRVA\n2024/45",
                     "places": [{"page": 2, "boxes": []}], "rule": "margin.dnr", "confidence": 0.9}]}],
            "evidence": []
        });
        let mut out = Vec::new();
        write(&mut out, &Term::new(Color::Never, false), &record, true).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("title: Slutrapport\n"), "{text}");
        let proof = "p. 2 · margin.dnr · 0.90 · bytes 3–9 · ”JÄRVA 2024/45”";
        assert_eq!(text.matches(proof).count(), 1, "a quote is shown once in an object: {text}");
        assert!(text.ends_with("not found: subtitle, parties\n"), "{text}");
    }
}
