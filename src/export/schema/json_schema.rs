//! Writes the JSON Schemas (2020-12) of the public record and of the registers, published in `schema/`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::record::{RECORD, TOMBSTONE, is_always_there};
use super::{Field, Kind, Object, Register};
use crate::export::wire;

/// Schema of one line of a dump: a record, or in a dump of changes a tombstone. JSON text with its end of line.
pub fn record() -> String {
    let mut defs: BTreeMap<&'static str, Value> = BTreeMap::new();
    define(&RECORD, &mut defs);
    define(&TOMBSTONE, &mut defs);
    for (name, id) in [(RECORD.name, wire::SCHEMA), (TOMBSTONE.name, wire::TOMBSTONE)] {
        if let Some(schema) = defs.get_mut(name).and_then(|d| d["properties"].get_mut("schema")) {
            *schema = json!({"const": id, "description": "Name and version of this shape."});
        }
    }
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "record-1.json",
        "title": "Public record of Diarium, diarium/record/1",
        "description": "One line of `diarium dump`.",
        "oneOf": [{"$ref": "#/$defs/Record"}, {"$ref": "#/$defs/Tombstone"}],
        "$defs": defs,
    });
    format!("{}\n", serde_json::to_string_pretty(&schema).unwrap_or_default())
}

/// Schema of what a register's command prints with `--json`. JSON text with its end of line.
pub fn register(register: &Register) -> String {
    let mut defs: BTreeMap<&'static str, Value> = BTreeMap::new();
    define(register.entries, &mut defs);
    let (name, id) = (register.name, format!("diarium/{}/1", register.name));
    let list = |object: &Object| json!({"type": "array", "items": {"$ref": format!("#/$defs/{}", object.name)}});
    let mut properties = json!({
        "schema": {"const": id, "description": "Name and version of this shape."},
        "sequence": {"type": "integer", "description": "Sequence of the catalog that it was made from."},
        "total": {"type": "integer", "description": "How many entries there are."},
        name: list(register.entries),
    });
    let mut needed = vec!["schema", "sequence", "total", name];
    if let Some((key, object)) = register.beside {
        define(object, &mut defs);
        properties[key] = list(object);
        needed.push(key);
    }
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("{name}-1.json"),
        "title": format!("Register of Diarium, {id}"),
        "description": format!("What `diarium {name} --json` prints."),
        "type": "object",
        "properties": properties,
        "required": needed,
        "additionalProperties": false,
        "$defs": defs,
    });
    format!("{}\n", serde_json::to_string_pretty(&schema).unwrap_or_default())
}

fn define(object: &'static Object, defs: &mut BTreeMap<&'static str, Value>) {
    if defs.contains_key(object.name) {
        return;
    }
    defs.insert(object.name, Value::Null);
    let mut properties = Map::new();
    for field in object.fields {
        properties.insert(field.name.to_string(), property(field, defs));
    }
    // A record that was held back lacks what would be read from its text.
    let needed = object.fields.iter().filter(|f| object.name != RECORD.name || is_always_there(f.name));
    let needed: Vec<&str> = needed.map(|f| f.name).collect();
    let schema = json!({
        "type": "object", "description": object.about, "properties": properties, "required": needed, "additionalProperties": false,
    });
    defs.insert(object.name, schema);
}

fn property(field: &Field, defs: &mut BTreeMap<&'static str, Value>) -> Value {
    let schema = of_kind(field.kind, defs);
    let mut schema = if field.null { json!({"anyOf": [schema, {"type": "null"}]}) } else { schema };
    if let Some(object) = schema.as_object_mut() {
        let unit = field.unit.map_or_else(String::new, |u| format!(" In {u}."));
        object.insert("description".into(), format!("{}{unit}", field.about).into());
    }
    schema
}

fn of_kind(kind: Kind, defs: &mut BTreeMap<&'static str, Value>) -> Value {
    match kind {
        Kind::Text => json!({"type": "string"}),
        Kind::Integer => json!({"type": "integer"}),
        Kind::Number => json!({"type": "number"}),
        Kind::Bool => json!({"type": "boolean"}),
        Kind::Date => json!({"type": "string", "pattern": "^\\d{4}(-\\d{2}(-\\d{2})?)?$"}),
        Kind::Tally => json!({"type": "object", "additionalProperties": {"type": "integer"}}),
        Kind::OneOf(words) => json!({"enum": words}),
        Kind::Object(object) => {
            define(object, defs);
            json!({"$ref": format!("#/$defs/{}", object.name)})
        }
        Kind::Objects(object) => {
            define(object, defs);
            json!({"type": "array", "items": {"$ref": format!("#/$defs/{}", object.name)}})
        }
        Kind::List(of) => json!({"type": "array", "items": of_kind(*of, defs)}),
    }
}
