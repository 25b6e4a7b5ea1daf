//! The API, `/api/v1`: the same answers as JSON, in the shapes of the command line's `--json`.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::address::{Fault, Question, named, names, number};
use super::app::{App, State};
use super::document;
use super::http::{Answer, Ask};
use super::page::status_of;
use crate::base::DocId;
use crate::catalog::{CatalogError, FileState, StoredDocument};
use crate::export::wire;
use crate::search;

/// Most entries of one answer.
const MOST: usize = 1000;

/// One resource: what an OpenAPI document says of it.
struct Resource {
    path: &'static str,
    summary: &'static str,
    /// Parameters of the query string: name, what it means.
    parameters: &'static [(&'static str, &'static str)],
    media_type: &'static str,
}

const PAGING: [(&str, &str); 2] =
    [("offset", "How many entries to leave out at the start"), ("limit", "How many entries to give, at most 1000")];

/// The resources, in order. The OpenAPI document is made from them, and requests are checked by them.
const RESOURCES: [Resource; 13] = [
    Resource {
        path: "/search",
        summary: "Search documents or decisions, with facets",
        parameters: &[],
        media_type: "application/json",
    },
    Resource {
        path: "/documents/{id}",
        summary: "The record of a document",
        parameters: &[],
        media_type: "application/json",
    },
    Resource {
        path: "/documents/{id}/text",
        summary: "The text of a document",
        parameters: &[],
        media_type: "text/plain",
    },
    Resource {
        path: "/documents/{id}/evidence",
        summary: "What proves the values of a document",
        parameters: &[],
        media_type: "application/json",
    },
    Resource {
        path: "/documents/{id}/pages/{page}",
        summary: "The picture of a page",
        parameters: &[],
        media_type: "image/png",
    },
    Resource {
        path: "/agreements",
        summary: "The register of agreements",
        parameters: &PAGING,
        media_type: "application/json",
    },
    Resource {
        path: "/organisations",
        summary: "The register of organisations",
        parameters: &PAGING,
        media_type: "application/json",
    },
    Resource { path: "/cases", summary: "The register of cases", parameters: &PAGING, media_type: "application/json" },
    Resource {
        path: "/districts",
        summary: "The register of districts",
        parameters: &PAGING,
        media_type: "application/json",
    },
    Resource {
        path: "/people",
        summary: "The register of people in public roles",
        parameters: &PAGING,
        media_type: "application/json",
    },
    Resource {
        path: "/files",
        summary: "The ledger of files",
        parameters: &[("state", "ok, partial, failed, duplicate or removed"), PAGING[0], PAGING[1]],
        media_type: "application/json",
    },
    Resource {
        path: "/dump",
        summary: "The records of all documents, as JSON Lines, in pieces",
        parameters: &PAGING,
        media_type: "application/x-ndjson",
    },
    Resource { path: "/openapi.json", summary: "This description", parameters: &[], media_type: "application/json" },
];

/// Why there is no answer, as RFC 9457 has it.
struct Problem {
    status: StatusCode,
    title: &'static str,
    detail: String,
}

impl Problem {
    fn not_found(detail: impl Into<String>) -> Problem {
        Problem { status: StatusCode::NOT_FOUND, title: "Not found", detail: detail.into() }
    }

    fn failed(detail: impl ToString) -> Problem {
        Problem { status: StatusCode::INTERNAL_SERVER_ERROR, title: "The server failed", detail: detail.to_string() }
    }
}

impl From<Fault> for Problem {
    fn from(e: Fault) -> Self {
        Problem { status: StatusCode::BAD_REQUEST, title: "Bad request", detail: e.to_string() }
    }
}

impl From<CatalogError> for Problem {
    fn from(e: CatalogError) -> Self {
        Problem::failed(e)
    }
}

/// Answers a request below `/api/v1`.
pub(super) fn answer(app: &App, state: &State, ask: &Ask, parts: &[&str]) -> Answer {
    read(app, state, ask, parts).unwrap_or_else(|p| {
        let body = json!({"type": "about:blank", "title": p.title, "status": p.status.as_u16(), "detail": p.detail});
        Answer::new("application/problem+json", body.to_string()).with_status(p.status)
    })
}

fn json_answer(value: &impl serde::Serialize) -> Result<Answer, Problem> {
    Ok(Answer::new("application/json", serde_json::to_vec(value).map_err(Problem::failed)?))
}

fn read(app: &App, state: &State, ask: &Ask, parts: &[&str]) -> Result<Answer, Problem> {
    let query = ask.query.as_deref();
    match parts {
        ["search"] => {
            let question = Question::read(query)?;
            let found =
                app.with_catalog(state, |catalog| search::search(&question.to_ask(), &state.engine, catalog, &app.lex));
            let results = found.map_err(|e| Problem {
                status: status_of(&e),
                title: if status_of(&e) == StatusCode::BAD_REQUEST { "Bad request" } else { "The server failed" },
                detail: e.to_string(),
            })?;
            json_answer(&results)
        }
        ["documents", id, rest @ ..] => {
            let [] = named(query, [])?;
            let stored = app.with_catalog(state, |catalog| catalog.get(&DocId::from_stored((*id).to_string())))?;
            let stored = stored.ok_or_else(|| Problem::not_found("there is no document with this id"))?;
            of_document(app, state, &stored, rest)
        }
        [name @ ("agreements" | "organisations" | "cases" | "districts" | "people")] => {
            let span = paging(query)?;
            let r = app.registers(state).map_err(Problem::failed)?;
            match *name {
                "agreements" => register(name, state, &r.agreements, span),
                "organisations" => register(name, state, &r.organisations.entries, span),
                "cases" => register(name, state, &r.cases.entries, span),
                "districts" => register(name, state, &r.districts, span),
                _ => register(name, state, &r.people, span),
            }
        }
        ["files"] => {
            let [wanted, offset, limit] = named(query, ["state", "offset", "limit"])?;
            let wanted = wanted.as_deref().map(str::parse::<FileState>).transpose();
            let wanted =
                wanted.map_err(|e| Problem { status: StatusCode::BAD_REQUEST, title: "Bad request", detail: e })?;
            let files = app.with_catalog(state, |catalog| catalog.files(wanted))?;
            // Where the files lie on this machine is nobody's business.
            let mut lines: Vec<Value> = files.iter().filter_map(|f| serde_json::to_value(f).ok()).collect();
            for line in lines.iter_mut().filter_map(Value::as_object_mut) {
                line.shift_remove("root");
                line.shift_remove("place");
            }
            register("files", state, &lines, span(offset, limit)?)
        }
        ["dump"] => {
            let (offset, limit) = paging(query)?;
            let mut out = Vec::new();
            app.with_catalog(state, |catalog| {
                for stored in catalog.documents().skip(offset).take(limit) {
                    // Writing into memory does not fail.
                    let _ = wire::write_line(&stored?, &mut out);
                }
                Ok::<_, CatalogError>(())
            })?;
            Ok(Answer::new("application/x-ndjson", out))
        }
        ["openapi.json"] => {
            let [] = named(query, [])?;
            json_answer(&openapi())
        }
        _ => Err(Problem::not_found("there is no such resource; /api/v1/openapi.json lists them")),
    }
}

fn of_document(app: &App, state: &State, stored: &StoredDocument, rest: &[&str]) -> Result<Answer, Problem> {
    let file = match rest {
        [] => return Ok(document::record(stored)?),
        ["text"] => document::file(app, state, stored, "text.txt"),
        ["evidence"] => {
            let record = serde_json::to_value(&stored.record).map_err(Problem::failed)?;
            let rows: Vec<Value> = super::field::rows(&record)
                .into_iter()
                .filter(|r| !r.proofs.is_empty())
                .map(|r| {
                    let proofs = r.proofs.iter().map(|p| {
                        let places = p.places.iter().map(|(page, boxes)| json!({"page": page, "boxes": boxes}));
                        json!({"field": p.field, "start": p.range.0, "end": p.range.1, "quote": p.quote, "rule": p.rule,
                               "confidence": p.confidence, "places": places.collect::<Vec<_>>()})
                    });
                    json!({"value": r.id, "says": r.value, "evidence": proofs.collect::<Vec<_>>()})
                })
                .collect();
            return json_answer(&json!({"schema": "diarium/evidence/1", "id": stored.id.as_str(), "values": rows}));
        }
        ["pages", page] => document::picture(app, state, stored, &format!("{page}.png")),
        _ => None,
    };
    match file {
        Some(Ok(answer)) => Ok(answer),
        Some(Err(e)) => Err(Problem { status: document::status_of(&e), title: "No such file", detail: e.to_string() }),
        None => Err(Problem::not_found("a document has text, evidence and pages/{page}")),
    }
}

fn paging(query: Option<&str>) -> Result<(usize, usize), Problem> {
    let [offset, limit] = named(query, ["offset", "limit"])?;
    span(offset, limit)
}

fn span(offset: Option<String>, limit: Option<String>) -> Result<(usize, usize), Problem> {
    let offset = match offset.as_deref() {
        None | Some("0") => 0,
        Some(o) => number("offset", o)?,
    };
    let limit = limit.map(|l| number("limit", &l)).transpose()?.unwrap_or(100);
    if limit > MOST {
        return Err(
            Fault::Value { name: "limit".into(), value: limit.to_string(), expected: "is more than 1000" }.into()
        );
    }
    Ok((offset, limit))
}

fn register<T: serde::Serialize>(
    name: &str,
    state: &State,
    all: &[T],
    (offset, limit): (usize, usize),
) -> Result<Answer, Problem> {
    let shown: Vec<&T> = all.iter().skip(offset).take(limit).collect();
    let schema = format!("diarium/{name}/1");
    let mut body = serde_json::Map::new();
    body.insert("schema".into(), schema.into());
    body.insert("sequence".into(), state.sequence.into());
    body.insert("total".into(), all.len().into());
    body.insert(name.into(), serde_json::to_value(shown).map_err(Problem::failed)?);
    json_answer(&Value::Object(body))
}

/// The OpenAPI 3.1 description, from the table of resources and that of fields.
fn openapi() -> Value {
    let mut paths = serde_json::Map::new();
    for r in &RESOURCES {
        let text = |name: &str, place: &str, required: bool, description: &str| json!({"name": name, "in": place, "required": required, "description": description, "schema": schema_of(name)});
        let mut parameters: Vec<Value> = Vec::new();
        for name in ["id", "page"].into_iter().filter(|n| r.path.contains(&format!("{{{n}}}"))) {
            parameters.push(text(
                name,
                "path",
                true,
                if name == "id" { "Id of a document" } else { "Page of the file, from 1" },
            ));
        }
        parameters.extend(r.parameters.iter().map(|(name, meaning)| text(name, "query", false, meaning)));
        if r.path == "/search" {
            for name in names().split(", ") {
                let info = crate::query::field::FIELDS.iter().find(|i| i.name == name);
                let mut p = text(name, "query", false, info.map_or(search_parameter(name), |i| i.help));
                if info.is_some_and(|i| !matches!(i.name, "from" | "to")) {
                    p["schema"] = json!({"type": "array", "items": {"type": "string"}});
                }
                parameters.push(p);
            }
        }
        let schema =
            if r.media_type == "application/json" { json!({"type": "object"}) } else { json!({"type": "string"}) };
        let problem = |description: &str| json!({"description": description, "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}});
        let mut responses = serde_json::Map::new();
        responses.insert(
            "200".into(),
            json!({"description": "The answer", "content": {(r.media_type): {"schema": schema}}}),
        );
        responses.insert("304".into(), json!({"description": "What the client holds is still so"}));
        responses.insert("400".into(), problem("A parameter is unknown or means nothing"));
        responses.insert("404".into(), problem("There is no such thing"));
        if r.path.ends_with("{page}") {
            responses.insert("422".into(), problem("The page cannot be drawn"));
        }
        responses.insert("503".into(), json!({"description": "Too many requests at the moment"}));
        let operation = json!({"summary": r.summary, "parameters": parameters, "responses": responses});
        paths.insert(format!("/api/v1{}", r.path), json!({"get": operation}));
    }
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Diarium", "version": env!("CARGO_PKG_VERSION"),
                 "description": "Records of Swedish councils: search, documents, evidence, registers."},
        "paths": paths,
        "components": {"schemas": {"Problem": {"type": "object", "required": ["title", "status", "detail"], "properties": {
            "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"}}}}},
    })
}

fn schema_of(name: &str) -> Value {
    match name {
        "page" | "limit" => json!({"type": "integer", "minimum": 1}),
        "offset" => json!({"type": "integer", "minimum": 0}),
        "per_page" => json!({"type": "integer", "minimum": 1, "maximum": 100}),
        "in" => json!({"type": "string", "enum": ["documents", "decisions"]}),
        "sort" => json!({"type": "string", "enum": ["relevance", "date", "-date"]}),
        "succession" => json!({"type": "string", "enum": ["then", "now"]}),
        "synonyms" => json!({"type": "string", "enum": ["yes", "no"]}),
        "state" => json!({"type": "string", "enum": FileState::ALL.map(FileState::as_str)}),
        _ => json!({"type": "string"}),
    }
}

fn search_parameter(name: &str) -> &'static str {
    match name {
        "q" => "The query, in the grammar of the command line",
        "in" => "What is listed and counted",
        "sort" => "In which order",
        "succession" => "Whether a district stands for those it came from too",
        "synonyms" => "Whether words that mean the same are looked for",
        "like" => "Id of a document that hits are similar to",
        "page" => "Which page of the result, from 1",
        "per_page" => "Hits on a page, at most 100",
        _ => "",
    }
}
