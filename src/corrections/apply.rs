//! Applies what a person says of one document's values to its record.

use serde_json::{Map, Value};

use super::{Corrections, FAILED, RULE, Reject, Set};
use crate::ingest::Document;
use crate::parse::Record;
use crate::parse::record::Warning;

/// Keys that tell an element of a list from the others, the first that it has.
const NAMES: [&str; 6] = ["name", "canonical", "id", "title", "raw", "text"];

/// One step of a field's path: a key, and which element of its list.
type Step<'f> = (&'f str, Option<&'f str>);

/// `parties[Föreningen Lyktan].org_nr` as steps.
fn steps(field: &str) -> Option<Vec<Step<'_>>> {
    let mut out = Vec::new();
    let mut rest = field;
    while !rest.is_empty() {
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (key, after) = rest.split_at_checked(end)?;
        let (which, after) = match after.strip_prefix('[') {
            Some(inside) => {
                let (which, after) = inside.split_once(']')?;
                (Some(which), after)
            }
            None => (None, after),
        };
        out.push((key, which));
        rest = match after.strip_prefix('.') {
            Some("") => return None,
            Some(next) => next,
            None if after.is_empty() => after,
            None => return None,
        };
    }
    (!out.is_empty() && out.iter().all(|(k, _)| !k.is_empty())).then_some(out)
}

/// Whether a record can have such a field.
///
/// # Errors
/// What is wrong with it, for people.
pub(super) fn check(field: &str) -> Result<(), String> {
    let wrong = || {
        format!(
            "\"{field}\" is no field of a record; write `date`, `parties[NAME].org_nr`, `agreements[0].periods[0].end` …"
        )
    };
    let path = steps(field).ok_or_else(wrong)?;
    let known = serde_json::to_value(Record::default()).map_err(|e| e.to_string())?;
    let (first, _) = path.first().ok_or_else(wrong)?;
    if known.get(*first).is_none() || matches!(*first, "warnings" | "evidence") { Err(wrong()) } else { Ok(()) }
}

impl Corrections {
    /// Changes a record as a person says. What cannot be done is a warning of the record; nothing is done by half.
    pub fn apply(&self, path: &str, doc: &Document, record: &mut Record) {
        let of = |d: &String| d == doc.id.as_str() || self.masked_path(d) == path;
        for set in self.set.iter().filter(|s| of(&s.document)) {
            let done = changed(record, |value| put(value, set, doc));
            finish(record, done, &set.field);
        }
        for reject in self.reject.iter().filter(|r| of(&r.document)) {
            let done = changed(record, |value| remove(value, reject));
            finish(record, done, &reject.field);
        }
    }
}

fn finish(record: &mut Record, done: Result<Record, String>, field: &str) {
    match done {
        Ok(new) => {
            *record = new;
            if field == "date" {
                record.year = record.date.or(record.meeting_date).map(crate::base::PartialDate::year_number);
            }
        }
        Err(why) => {
            let message = format!("A correction of {field} could not be applied: {why}.");
            record.warnings.push(Warning { code: FAILED.into(), message, evidence: Vec::new() });
        }
    }
}

fn changed(record: &Record, change: impl FnOnce(&mut Value) -> Result<(), String>) -> Result<Record, String> {
    let mut value = serde_json::to_value(record).map_err(|e| e.to_string())?;
    change(&mut value)?;
    serde_json::from_value(value).map_err(|e| e.to_string())
}

/// Whether an element of a list is the one that is meant: by its place from 0, or by what tells it from the others.
fn is_meant(element: &Value, at: usize, which: &str) -> bool {
    if which.parse() == Ok(at) {
        return true;
    }
    match element {
        Value::String(s) => s == which,
        other => NAMES.iter().find_map(|k| other.get(*k)?.as_str()) == Some(which),
    }
}

/// The object that holds the last key of a path.
fn holder<'v, 'f>(value: &'v mut Value, field: &'f str) -> Result<(&'v mut Map<String, Value>, Step<'f>), String> {
    let mut path = steps(field).ok_or("it is no field")?;
    let last = path.pop().ok_or("it is no field")?;
    let mut at = value;
    for (key, which) in path {
        at = at.get_mut(key).ok_or_else(|| format!("there is no {key}"))?;
        if let Some(which) = which {
            let list = at.as_array_mut().ok_or_else(|| format!("{key} is no list"))?;
            let found = list.iter_mut().enumerate().find(|(i, e)| is_meant(e, *i, which));
            at = found.map(|(_, e)| e).ok_or_else(|| format!("{key} has no \"{which}\""))?;
        }
    }
    Ok((at.as_object_mut().ok_or("it is no object")?, last))
}

fn put(value: &mut Value, set: &Set, doc: &Document) -> Result<(), String> {
    let (object, (key, which)) = holder(value, &set.field)?;
    if !object.contains_key(key) || which.is_some() {
        return Err(format!("there is no {key}"));
    }
    let mut new = json(&set.value)?;
    let proof = evidence(key, set.quote.as_deref(), doc);
    // A body or office is an object with a name; its name is what people write.
    if let (Value::String(name), "authority" | "administration" | "department" | "recipient") = (&new, key) {
        let district = object.get(key).and_then(|o| o.get("district")).cloned().unwrap_or(Value::Null);
        let proof = evidence("name", set.quote.as_deref(), doc);
        new = serde_json::json!({"name": name, "district": district, "evidence": [proof]});
        if key != "authority" {
            new.as_object_mut().map(|o| o.shift_remove("district"));
        }
    }
    object.insert(key.to_string(), new);
    prove(object, key, Some(proof));
    Ok(())
}

fn remove(value: &mut Value, reject: &Reject) -> Result<(), String> {
    let (object, (key, which)) = holder(value, &reject.field)?;
    let slot = object.get_mut(key).ok_or_else(|| format!("there is no {key}"))?;
    match (slot, which.or(reject.value.as_deref())) {
        (Value::Array(list), Some(which)) => {
            let before = list.len();
            let mut at = 0;
            list.retain(|e| {
                at += 1;
                !is_meant(e, at - 1, which)
            });
            if list.len() == before {
                // What is not read any longer needs no rejecting.
                return Ok(());
            }
        }
        (Value::Array(list), None) => list.clear(),
        (slot, Some(which)) if slot.as_str().is_some_and(|s| s != which) => return Ok(()),
        (slot, _) => {
            *slot = Value::Null;
            prove(object, key, None);
        }
    }
    Ok(())
}

/// Puts the proof of a value in place of those that it had.
fn prove(object: &mut Map<String, Value>, key: &str, proof: Option<Value>) {
    if let Some(Value::Array(all)) = object.get_mut("evidence") {
        all.retain(|e| e.get("field").and_then(Value::as_str) != Some(key));
        all.extend(proof);
    }
}

/// The proof of a person's word: at its quote, if the text has it.
fn evidence(field: &str, quote: Option<&str>, doc: &Document) -> Value {
    let found = quote.filter(|q| !q.is_empty()).and_then(|q| Some((doc.text.find(q)?, q)));
    let (start, quote) = found.unwrap_or((0, ""));
    let end = start + quote.len();
    let places = if quote.is_empty() { Vec::new() } else { doc.places(crate::base::Span::new(start, end)) };
    serde_json::json!({"field": field, "start": start, "end": end, "quote": quote, "places": places, "rule": RULE, "confidence": 1.0})
}

fn json(value: &toml::Value) -> Result<Value, String> {
    match value {
        toml::Value::Datetime(d) => Ok(Value::String(d.to_string())),
        other => serde_json::to_value(other).map_err(|e| e.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::testing;

    const TEXT: &str = "Dnr JÄRVA 2024/45\n\n# Slutrapport\n\nStadsdelsnämnden godkänner rapporten.";

    fn corrected(corrections: &str) -> Record {
        let doc = testing::document(TEXT);
        let mut record = testing::parser().parse(&doc);
        Corrections::parse(corrections).unwrap().apply("a.txt", &doc, &mut record);
        record
    }

    #[test]
    fn a_value_that_is_set_has_a_persons_word_for_proof() {
        let record =
            corrected("[[set]]\ndocument = \"a.txt\"\nfield = \"date\"\nvalue = 2024-10-02\nquote = \"Slutrapport\"");
        assert_eq!(record.date.map(|d| d.to_string()).as_deref(), Some("2024-10-02"));
        assert_eq!(record.year, Some(2024));
        let proof: Vec<_> = record.evidence.iter().filter(|e| e.field == "date").collect();
        assert_eq!(proof.len(), 1);
        assert_eq!((proof[0].rule.as_ref(), proof[0].confidence, proof[0].quote.as_str()), (RULE, 1.0, "Slutrapport"));
        assert_eq!(&TEXT.replace("# ", "")[proof[0].start as usize..proof[0].end as usize], "Slutrapport");
    }

    #[test]
    fn an_element_is_named_by_what_it_is_called() {
        let record = corrected("[[set]]\ndocument = \"a.txt\"\nfield = \"dnr[JÄRVA 2024/45].plan\"\nvalue = \"1.2\"");
        assert_eq!(record.dnr[0].plan.as_deref(), Some("1.2"));
        let record = corrected("[[reject]]\ndocument = \"a.txt\"\nfield = \"dnr\"\nvalue = \"JÄRVA 2024/45\"");
        assert!(record.dnr.is_empty());
    }

    #[test]
    fn what_cannot_be_done_is_a_warning_and_changes_nothing() {
        let before = testing::parser().parse(&testing::document(TEXT));
        for wrong in ["field = \"date\"\nvalue = \"soon\"", "field = \"parties[Nobody].org_nr\"\nvalue = \"1\""] {
            let mut record = corrected(&format!("[[set]]\ndocument = \"a.txt\"\n{wrong}"));
            assert_eq!(record.warnings.pop().map(|w| w.code.to_string()).as_deref(), Some(FAILED));
            assert_eq!(record, before);
        }
    }
}
