//! Describes the API as OpenAPI 3.1: from one table of resources, the table of what can be asked, and the table of a record's fields.

use serde_json::{Map, Value, json};

use super::address::{conditions, names};
use super::api::{MOST, of_facets};
use super::register::NAMES;
use crate::catalog::FileState;
use crate::export::schema::{PRINTED, json_schema};
use crate::query::field::{FIELDS, Form};

/// What an answer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Search,
    Facets,
    Record,
    Evidence,
    /// A list of things with this name.
    List(&'static str),
    /// Records, one a line.
    Lines,
    Text,
    Picture,
    This,
}

/// One resource.
struct Resource {
    path: &'static str,
    summary: &'static str,
    parameters: &'static [&'static str],
    shape: Shape,
}

const fn resource(
    path: &'static str,
    summary: &'static str,
    parameters: &'static [&'static str],
    shape: Shape,
) -> Resource {
    Resource { path, summary, parameters, shape }
}

const OF_REGISTER: &[&str] = &["id", "find", "offset", "limit"];
const OF_AGREEMENTS: &[&str] = &["id", "find", "in_force", "expires_before", "offset", "limit"];

/// The resources, in order; a search takes what `address::names` lists.
const RESOURCES: [Resource; 14] = [
    resource("/search", "Search documents or decisions, with facets", &[], Shape::Search),
    resource("/facets", "Count what a search finds by each facet, all values", &[], Shape::Facets),
    resource("/documents/{id}", "The record of a document", &[], Shape::Record),
    resource("/documents/{id}/text", "The text of a document", &[], Shape::Text),
    resource("/documents/{id}/evidence", "What proves the values of a document", &[], Shape::Evidence),
    resource("/documents/{id}/pages/{page}", "The picture of a page", &[], Shape::Picture),
    resource("/agreements", "The register of agreements", OF_AGREEMENTS, Shape::List("agreements")),
    resource("/organisations", "The register of organisations", OF_REGISTER, Shape::List("organisations")),
    resource("/cases", "The register of cases", OF_REGISTER, Shape::List("cases")),
    resource("/districts", "The register of districts", OF_REGISTER, Shape::List("districts")),
    resource("/people", "The register of people in public roles", OF_REGISTER, Shape::List("people")),
    resource("/files", "The ledger of files", &["state", "offset", "limit"], Shape::List("files")),
    resource("/dump", "The records of all documents, as JSON Lines", &["offset", "limit"], Shape::Lines),
    resource("/openapi.json", "This description", &[], Shape::This),
];

/// The document.
pub(super) fn document() -> Value {
    let mut paths = Map::new();
    for r in &RESOURCES {
        paths.insert(format!("/api/v1{}", r.path), json!({"get": operation(r)}));
    }
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Diarium", "version": env!("CARGO_PKG_VERSION"),
                 "description": "Records of Swedish councils: search, documents, evidence, registers. The answers are those of the command line's --json."},
        "paths": paths,
        "components": {"schemas": schemas()},
    })
}

fn operation(r: &Resource) -> Value {
    let mut parameters = Vec::new();
    for name in ["id", "page"].into_iter().filter(|n| r.path.contains(&format!("{{{n}}}"))) {
        let schema = if name == "page" { json!({"type": "integer", "minimum": 1}) } else { json!({"type": "string"}) };
        parameters.push(json!({"name": name, "in": "path", "required": true, "schema": schema}));
    }
    match r.shape {
        Shape::Search => parameters.extend(names().into_iter().map(asked)),
        Shape::Facets => parameters.extend(of_facets().map(asked)),
        // A register takes the conditions of a search: an entry is given if one of the documents found speaks of it.
        Shape::List(name) if NAMES.contains(&name) => {
            parameters.extend(["q", "succession"].into_iter().chain(conditions()).map(asked));
        }
        _ => {}
    }
    parameters.extend(r.parameters.iter().map(|name| parameter(name)));
    parameters.push(json!({"name": "If-None-Match", "in": "header", "required": false,
        "description": "The ETag of an answer that the client holds; if it is still so, the answer is 304", "schema": {"type": "string"}}));
    json!({"operationId": id_of(r), "summary": r.summary, "parameters": parameters, "responses": responses(r)})
}

/// What an operation is called: `documents/{id}/text` is `documents_text`.
fn id_of(r: &Resource) -> String {
    let parts = r.path.split(['/', '.']).filter(|p| !p.is_empty() && !p.starts_with('{'));
    parts.collect::<Vec<_>>().join("_")
}

/// Where the answer of a search leads.
fn links() -> Value {
    let of_document = RESOURCES.iter().filter(|r| r.path.starts_with("/documents/"));
    let link = |r: &Resource| {
        let mut parameters = json!({"id": "$response.body#/hits/0/id"});
        if r.shape == Shape::Picture {
            parameters["page"] = "$response.body#/hits/0/pages/0".into();
        }
        (id_of(r), json!({"operationId": id_of(r), "parameters": parameters}))
    };
    Value::Object(of_document.map(link).collect())
}

fn responses(r: &Resource) -> Value {
    let (media_type, schema) = match r.shape {
        Shape::Search => ("application/json", json!({"$ref": "#/components/schemas/SearchResults"})),
        Shape::Facets => ("application/json", json!({"$ref": "#/components/schemas/FacetResults"})),
        Shape::Record => ("application/json", json!({"$ref": "#/components/schemas/Record"})),
        Shape::Evidence => ("application/json", json!({"$ref": "#/components/schemas/EvidenceOfDocument"})),
        Shape::List(name) => ("application/json", list(name)),
        Shape::Lines => ("application/x-ndjson", json!({"type": "string"})),
        Shape::Text => ("text/plain", json!({"type": "string"})),
        Shape::Picture => ("image/png", json!({})),
        Shape::This => ("application/json", json!({"type": "object", "required": ["openapi", "info", "paths"]})),
    };
    let problem = |description: &str| {
        json!({"description": description,
               "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}})
    };
    let wait = |description: &str| {
        json!({"description": description, "headers": {"Retry-After": {"schema": {"type": "integer"}}},
               "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}})
    };
    let mut out = Map::new();
    let tag =
        json!({"schema": {"type": "string"}, "description": "Tells this answer from later ones; for If-None-Match"});
    out.insert(
        "200".into(),
        json!({"description": "The answer", "headers": {"ETag": tag}, "content": {media_type: {"schema": schema}}}),
    );
    if r.shape == Shape::Search {
        out["200"]["links"] = links();
    }
    out.insert("304".into(), json!({"description": "What the client holds is still so"}));
    out.insert("400".into(), problem("A parameter is unknown or means nothing"));
    if r.path.contains('{') {
        out.insert("404".into(), problem("There is no such thing"));
    }
    if r.shape == Shape::Picture {
        out.insert("422".into(), problem("The page cannot be drawn"));
    }
    out.insert("405".into(), problem("Only GET and HEAD are answered"));
    out.insert("421".into(), problem("This server does not answer for that host name"));
    out.insert("429".into(), wait("This client asks too often; only where others than this machine can ask"));
    out.insert("500".into(), problem("The server failed"));
    out.insert(
        "503".into(),
        wait("Too many requests at the moment, this one took too long, or the registers are being made"),
    );
    Value::Object(out)
}

/// A parameter of a search.
fn asked(name: &str) -> Value {
    let info = FIELDS.iter().find(|i| i.name == name);
    let (help, schema) = match (name, info) {
        ("q", _) => ("The query, in the grammar of the command line", json!({"type": "string"})),
        ("in", _) => ("What is listed and counted", one_of(&["documents", "decisions"])),
        ("sort", _) => ("In which order", one_of(&["relevance", "date", "-date"])),
        ("succession", _) => ("Whether a district stands for those it came from too", one_of(&["then", "now"])),
        ("synonyms", _) => ("Whether words that mean the same are looked for", one_of(&["yes", "no"])),
        ("like", _) => ("Id of a document that hits are similar to", json!({"type": "string"})),
        ("page", _) => {
            ("Which page of the result, from 1", json!({"type": "integer", "minimum": 1, "maximum": 1_000_000_000}))
        }
        ("per_page", _) => ("Hits on a page", json!({"type": "integer", "minimum": 1, "maximum": 100})),
        (_, Some(info)) if info.form == Form::Date => (info.help, json!({"type": "string"})),
        (_, Some(info)) => (info.help, json!({"type": "array", "items": {"type": "string"}})),
        (_, None) => ("", json!({"type": "string"})),
    };
    json!({"name": name, "in": "query", "required": false, "description": help, "schema": schema})
}

fn one_of(values: &[&str]) -> Value {
    json!({"type": "string", "enum": values})
}

/// A parameter of the other resources.
fn parameter(name: &str) -> Value {
    let (help, schema) = match name {
        "id" => ("Only the entry with this id", json!({"type": "string"})),
        "find" => ("Only entries that have these words in their row of the list", json!({"type": "string"})),
        "in_force" => (
            "Only agreements in force on this day, or some day of this month or year",
            json!({"type": "string", "pattern": "^\\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01]))?)?$"}),
        ),
        "expires_before" => {
            ("Only agreements whose last known day is before this one", json!({"type": "string", "format": "date"}))
        }
        "state" => ("Only files in this state", one_of(&FileState::ALL.map(FileState::as_str))),
        "offset" => (
            "How many entries to leave out at the start",
            json!({"type": "integer", "minimum": 0, "maximum": 1_000_000_000}),
        ),
        _ => ("How many entries to give", json!({"type": "integer", "minimum": 1, "maximum": MOST})),
    };
    json!({"name": name, "in": "query", "required": false, "description": help, "schema": schema})
}

fn list(name: &str) -> Value {
    let register = PRINTED.iter().find(|r| r.name == name);
    let entry = match register {
        Some(register) => json!({"$ref": format!("#/components/schemas/{}", register.entries.name)}),
        None => json!({"$ref": "#/components/schemas/File"}),
    };
    let mut list = json!({"type": "object", "required": ["schema", "sequence", "total", name], "additionalProperties": false, "properties": {
        "schema": {"const": format!("diarium/{name}/1")}, "sequence": {"type": "integer"}, "total": {"type": "integer"},
        name: {"type": "array", "items": entry}}});
    if let Some((key, object)) = register.and_then(|r| r.beside) {
        let entry = json!({"$ref": format!("#/components/schemas/{}", object.name)});
        list["properties"][key] = json!({"type": "array", "items": entry});
        list["required"] = json!(["schema", "sequence", "total", name, key]);
    }
    list
}

fn schemas() -> Value {
    let mut out = Map::new();
    // The published schemas of a record and of the registers, their parts beside them.
    for published in std::iter::once(json_schema::record()).chain(PRINTED.iter().map(json_schema::register)) {
        let published = published.replace("#/$defs/", "#/components/schemas/");
        let published: Value = serde_json::from_str(&published).unwrap_or_default();
        if let Some(parts) = published["$defs"].as_object() {
            out.extend(parts.iter().filter(|(name, _)| *name != "Tombstone").map(|(n, s)| (n.clone(), s.clone())));
        }
    }
    let text = json!({"type": "string"});
    let text_or_null = json!({"type": ["string", "null"]});
    let count = json!({"type": "integer", "minimum": 0});
    let put = |out: &mut Map<String, Value>, name: &str, schema: Value| drop(out.insert(name.to_string(), schema));
    let closed = |properties: Value, optional: &[&str]| {
        let keys: Vec<&String> = properties.as_object().map(|o| o.keys().collect()).unwrap_or_default();
        let required: Vec<&&String> = keys.iter().filter(|k| !optional.contains(&k.as_str())).collect();
        json!({"type": "object", "additionalProperties": false, "required": required, "properties": properties})
    };
    put(&mut out, "Problem", closed(json!({"type": text, "title": text, "status": count, "detail": text}), &[]));
    put(&mut out, "FacetCount", closed(json!({"value": text, "label": text, "count": count}), &[]));
    put(
        &mut out,
        "Snippet",
        closed(
            json!({"page": count, "text": text,
               "marks": {"type": "array", "items": {"type": "array", "items": count, "minItems": 2, "maxItems": 2}}}),
            &[],
        ),
    );
    put(
        &mut out,
        "Hit",
        closed(
            json!({"id": text, "score": {"type": "number"}, "title": text_or_null, "kind": text, "date": text_or_null,
               "year": {"type": ["integer", "null"]}, "district": text_or_null, "district_now": text, "authority": text_or_null, "dnr": text_or_null,
               "path": text, "pages": {"type": "array", "items": count},
               "snippets": {"type": "array", "items": {"$ref": "#/components/schemas/Snippet"}},
               "decision": {"anyOf": [{"$ref": "#/components/schemas/DecisionHit"}, {"type": "null"}]}}),
            &["district_now"],
        ),
    );
    put(
        &mut out,
        "DecisionHit",
        closed(
            json!({"status": text, "number": text_or_null, "text": text, "actor": text_or_null,
               "actions": {"type": "array", "items": text}, "assignee": text_or_null,
               "item": {"anyOf": [{"$ref": "#/components/schemas/ItemOfHit"}, {"type": "null"}]}}),
            &[],
        ),
    );
    put(
        &mut out,
        "ItemOfHit",
        closed(json!({"number": text, "title": text_or_null, "dnr": {"type": "array", "items": text}}), &[]),
    );
    put(
        &mut out,
        "FacetResults",
        closed(
            json!({"schema": {"const": "diarium/facets/1"}, "query": text, "total": count, "facets": facets(),
               "read_as": text}),
            &[],
        ),
    );
    put(
        &mut out,
        "File",
        closed(
            json!({"path": text, "state": one_of(&FileState::ALL.map(FileState::as_str)), "code": text_or_null,
               "message": text_or_null, "bytes": count, "modified_ns": {"type": "integer"},
               "blake3": text_or_null, "seq": count}),
            &[],
        ),
    );
    put(
        &mut out,
        "SearchResults",
        closed(
            json!({"query": text, "total": count, "took_ms": count,
               "hits": {"type": "array", "items": {"$ref": "#/components/schemas/Hit"}},
               "facets": facets(), "suggestions": {"type": "array", "items": text}, "read_as": text, "searched": count,
               "unsearched": closed(json!({"failed_files": count, "textless_pages": count}), &[])}),
            &["searched"],
        ),
    );
    put(
        &mut out,
        "EvidenceOfDocument",
        closed(
            json!({"schema": {"const": "diarium/evidence/1"}, "id": text,
               "values": {"type": "array", "items": closed(json!({"value": text, "says": text,
                   "evidence": {"type": "array", "items": {"$ref": "#/components/schemas/ProofOfValue"}}}), &[])}}),
            &[],
        ),
    );
    put(
        &mut out,
        "ProofOfValue",
        closed(
            json!({"field": text, "start": count, "end": count, "quote": text, "rule": text,
               "confidence": {"type": "number", "minimum": 0, "maximum": 1},
               "places": {"type": "array", "items": closed(json!({"page": count, "boxes": {"type": "array",
                   "items": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4}}}), &[])}}),
            &[],
        ),
    );
    Value::Object(out)
}

fn facets() -> Value {
    json!({"type": "object", "additionalProperties": {"type": "array", "items": {"$ref": "#/components/schemas/FacetCount"}}})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_that_is_named_is_there() {
        let document = document();
        let text = document.to_string();
        let parts = document["components"]["schemas"].as_object().unwrap();
        for named in text.split("\"#/components/schemas/").skip(1).filter_map(|p| p.split('"').next()) {
            assert!(parts.contains_key(named), "{named}");
        }
        assert!(!text.contains("$defs") && parts.len() > 30);
        let search = &document["paths"]["/api/v1/search"]["get"]["parameters"];
        assert!(search.as_array().unwrap().iter().all(|p| p["description"] != ""));
    }
}
