//! The API, `/api/v1`: the same answers as JSON, in the shapes of the command line's `--json`.

use std::collections::HashSet;
use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::address::{Fault, Question, named, names, number, pairs, strict};
use super::app::{App, State};
use super::clerk::{Made, NotMade};
use super::document;
use super::http::{Answer, Ask, Content};
use super::openapi;
use super::page::status_of;
use super::register::{self, Narrow, Wants};
use super::stream::Lines;
use crate::base::DocId;
use crate::catalog::{self, CatalogError, FileState, StoredDocument};
use crate::export::wire;
use crate::registry;
use crate::search::{self, Request, SearchError};

/// Most entries of one answer.
pub(super) const MOST: usize = 1000;
/// Entries of one answer unless another number is asked for.
const USUAL: usize = 100;

/// Parameters of a search that say how hits are listed.
const LISTING: [&str; 3] = ["sort", "page", "per_page"];

/// The parameters of a search that say what is counted.
pub(super) fn of_facets() -> impl Iterator<Item = &'static str> {
    names().into_iter().filter(|n| !LISTING.contains(n))
}

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

    fn bad(detail: impl Into<String>) -> Problem {
        Problem { status: StatusCode::BAD_REQUEST, title: "Bad request", detail: detail.into() }
    }

    fn failed(detail: impl ToString) -> Problem {
        Problem { status: StatusCode::INTERNAL_SERVER_ERROR, title: "The server failed", detail: detail.to_string() }
    }
}

impl From<Fault> for Problem {
    fn from(e: Fault) -> Self {
        Problem::bad(e.to_string())
    }
}

impl From<NotMade> for Problem {
    fn from(e: NotMade) -> Self {
        match e {
            NotMade::Yet => Problem {
                status: StatusCode::SERVICE_UNAVAILABLE,
                title: "Not ready",
                detail: "the registers are being made; try again in a while".into(),
            },
            NotMade::Failed(why) => Problem::failed(why),
        }
    }
}

impl From<SearchError> for Problem {
    fn from(e: SearchError) -> Self {
        match status_of(&e) {
            StatusCode::BAD_REQUEST => Problem::bad(e.to_string()),
            _ => Problem::failed(e),
        }
    }
}

impl From<CatalogError> for Problem {
    fn from(e: CatalogError) -> Self {
        Problem::failed(e)
    }
}

/// Answers a request below `/api/v1`.
pub(super) fn answer(app: &Arc<App>, state: &Arc<State>, ask: &Ask, parts: &[&str]) -> Answer {
    read(app, state, ask, parts).unwrap_or_else(|p| problem(p.status, p.title, &p.detail))
}

/// Why there is no answer, as an answer.
pub(super) fn problem(status: StatusCode, title: &str, detail: &str) -> Answer {
    let body = json!({"type": "about:blank", "title": title, "status": status.as_u16(), "detail": detail});
    Answer::new("application/problem+json", body.to_string()).with_status(status)
}

/// True for a path of the API.
pub(super) fn is_path(path: &str) -> bool {
    path.starts_with("/api/")
}

fn json_answer(value: &impl serde::Serialize) -> Result<Answer, Problem> {
    Ok(Answer::new("application/json", serde_json::to_vec(value).map_err(Problem::failed)?))
}

fn read(app: &Arc<App>, state: &Arc<State>, ask: &Ask, parts: &[&str]) -> Result<Answer, Problem> {
    let query = ask.query.as_deref();
    strict(query)?;
    match parts {
        ["search"] => {
            let question = Question::read(query)?;
            let found =
                app.with_catalog(state, |catalog| search::search(&question.to_ask(), &state.engine, catalog, &app.lex));
            json_answer(&found?)
        }
        ["facets"] => {
            if let Some((name, _)) = pairs(query)?.into_iter().find(|(name, _)| LISTING.contains(&name.as_str())) {
                return Err(Fault::Unknown { name, known: of_facets().collect::<Vec<_>>().join(", ") }.into());
            }
            let request = Request { limit: 0, ..Question::read(query)?.request };
            let found = app.with_catalog(state, |c| search::search(&request, &state.engine, c, &app.lex))?;
            json_answer(&json!({"schema": "diarium/facets/1", "query": found.query, "total": found.total,
                                "facets": found.facets, "read_as": found.read_as}))
        }
        ["documents", id, rest @ ..] => {
            let [] = named(query, [])?;
            let stored = app.with_catalog(state, |catalog| catalog.get(&DocId::from_stored((*id).to_string())))?;
            let stored = stored.ok_or_else(|| Problem::not_found("there is no document with this id"))?;
            of_document(app, state, &stored, rest)
        }
        [name] if register::is_one(name) => entries(app, state, ask, name),
        ["files"] => {
            let [wanted, offset, limit] = named(query, ["state", "offset", "limit"])?;
            let wanted = wanted.as_deref().map(str::parse::<FileState>).transpose().map_err(Problem::bad)?;
            let files = app.with_catalog(state, |catalog| catalog.files(wanted))?;
            // Where the files lie on this machine is nobody's business.
            let mut lines: Vec<Value> = files.iter().filter_map(|f| serde_json::to_value(f).ok()).collect();
            for line in lines.iter_mut().filter_map(Value::as_object_mut) {
                line.shift_remove("root");
                line.shift_remove("place");
            }
            let (offset, limit) = span(offset, limit, USUAL)?;
            let total = lines.len();
            let shown: Vec<Value> = lines.into_iter().skip(offset).take(limit).collect();
            json_answer(
                &json!({"schema": "diarium/files/1", "sequence": state.sequence, "total": total, "files": shown}),
            )
        }
        ["dump"] => {
            let [offset, limit] = named(query, ["offset", "limit"])?;
            let (offset, limit) = span(offset, limit, usize::MAX)?;
            dump(app, state, offset, limit)
        }
        ["openapi.json"] => {
            let [] = named(query, [])?;
            json_answer(&openapi::document())
        }
        _ => Err(Problem::not_found("there is no such resource; /api/v1/openapi.json lists them")),
    }
}

/// A register, or what of it is asked for.
fn entries(app: &App, state: &State, ask: &Ask, name: &str) -> Result<Answer, Problem> {
    let Some(name) = register::NAMES.into_iter().find(|n| *n == name) else {
        return Err(Problem::not_found("there is no such register"));
    };
    let own: &[&str] = &["id", "find", "offset", "limit", "in_force", "expires_before"];
    let wants = Wants::read(name, ask.query.as_deref(), own)?;
    let text = |name: &str| wants.own(name).map(str::to_string);
    let (offset, limit) = span(text("offset"), text("limit"), USUAL)?;
    let narrow = Narrow::read(&wants)?.among(app, state, name, &wants.question)?;
    let made = app.registers(state)?;
    let r = &made.registers;
    let places = register::chosen(app, r, ask, name, &narrow);
    let id = wants.own("id");
    let places = match name {
        "agreements" => {
            let with_id = id.map(|id| registry::Agreement::with_id(&r.agreements, id));
            let is = |a: &registry::Agreement| with_id.as_ref().is_none_or(|all| all.iter().any(|b| b.id == a.id));
            wanted(&r.agreements, places, is)
        }
        "organisations" => {
            // An id that was shown once leads to its entry, whatever that is called now.
            let with_id = id.map(|id| r.organisations.with_id(id).map(|o| o.id.as_str()));
            let is = |o: &registry::Organisation| with_id.is_none_or(|id| id == Some(o.id.as_str()));
            wanted(&r.organisations.entries, places, is)
        }
        "cases" => {
            let with_id = id.map(|id| r.cases.led_to_by(id));
            let is = |c: &registry::Case| with_id.as_ref().is_none_or(|all| all.iter().any(|b| b.id == c.id));
            wanted(&r.cases.entries, places, is)
        }
        "districts" => wanted(&r.districts, places, |d| id.is_none_or(|id| d.id == id)),
        _ => wanted(&r.people, places, |p| id.is_none_or(|id| p.id == id)),
    };
    let is_current = made.sequence == state.sequence;
    let list = List { name, total: places.len(), places: places.into_iter().skip(offset).take(limit).collect(), made };
    // An entry can have very many proofs, so a list is written as it is sent.
    let lines = Lines::made_by(move |out| list.write(out).map_err(|e| e.to_string()));
    let answer = Answer { body: Content::Lines(lines), ..Answer::new("application/json", Vec::new()) };
    Ok(if is_current { answer } else { answer.passing() })
}

/// The places in a register of the entries that are wanted.
fn wanted<T>(all: &[T], places: Vec<usize>, is_wanted: impl Fn(&T) -> bool) -> Vec<usize> {
    places.into_iter().filter(|i| all.get(*i).is_some_and(&is_wanted)).collect()
}

/// Entries of a register, in the shape of the command line's `--json`.
struct List {
    name: &'static str,
    total: usize,
    /// Which entries are given.
    places: Vec<usize>,
    made: Arc<Made>,
}

/// The entries at some places of a register.
struct At<'a, T>(&'a [T], &'a [usize]);

impl<T: serde::Serialize> serde::Serialize for At<'_, T> {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(self.1.iter().filter_map(|i| self.0.get(*i)))
    }
}

impl List {
    fn write(&self, out: &mut dyn std::io::Write) -> serde_json::Result<()> {
        use serde::ser::{SerializeMap as _, Serializer as _};
        let r = &self.made.registers;
        let mut out = serde_json::Serializer::new(out);
        let mut map = out.serialize_map(None)?;
        map.serialize_entry("schema", &format!("diarium/{}/1", self.name))?;
        map.serialize_entry("sequence", &self.made.sequence)?;
        map.serialize_entry("total", &self.total)?;
        match self.name {
            "agreements" => map.serialize_entry(self.name, &At(&r.agreements, &self.places))?,
            "organisations" => {
                let all = &r.organisations;
                map.serialize_entry(self.name, &At(&all.entries, &self.places))?;
                let given = self.places.iter().filter_map(|i| all.entries.get(*i));
                let given: HashSet<&str> = given.map(|o| o.id.as_str()).collect();
                let is_given = |d: &&registry::Doubt| d.organisations.iter().any(|o| given.contains(o.as_str()));
                map.serialize_entry("doubtful", &all.doubts.iter().filter(is_given).collect::<Vec<_>>())?;
            }
            "cases" => map.serialize_entry(self.name, &At(&r.cases.entries, &self.places))?,
            "districts" => map.serialize_entry(self.name, &At(&r.districts, &self.places))?,
            _ => map.serialize_entry(self.name, &At(&r.people, &self.places))?,
        }
        map.end()
    }
}

/// The records as JSON Lines, made as they are read.
fn dump(app: &Arc<App>, state: &State, offset: usize, limit: usize) -> Result<Answer, Problem> {
    let Ok(place) = Arc::clone(&app.dumps).try_acquire_owned() else {
        return Err(Problem {
            status: StatusCode::SERVICE_UNAVAILABLE,
            title: "Too many dumps",
            detail: "others are dumping all records; try again in a while".into(),
        });
    };
    let (index, sequence) = (app.options.index.clone(), state.sequence);
    let lines = Lines::made_by(move |out| {
        let _place = place;
        let catalog = catalog::Reader::open_as_of(&index, sequence).map_err(|e| e.to_string())?;
        for stored in catalog.documents().skip(offset).take(limit) {
            let stored = stored.map_err(|e| e.to_string())?;
            out.write_all(&wire::bytes(&stored).map_err(|e| e.to_string())?).map_err(|e| e.to_string())?;
            out.write_all(b"\n").map_err(|e| e.to_string())?;
        }
        Ok(())
    });
    Ok(Answer { body: Content::Lines(lines), ..Answer::new("application/x-ndjson", Vec::new()) })
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

/// Which entries: how many to leave out, how many to give.
fn span(offset: Option<String>, limit: Option<String>, usual: usize) -> Result<(usize, usize), Problem> {
    let offset = match offset.as_deref() {
        None | Some("0") => 0,
        Some(o) => number("offset", o)?,
    };
    let Some(limit) = limit else { return Ok((offset, usual)) };
    match number("limit", &limit)? {
        n if n > MOST => Err(Fault::Value { name: "limit".into(), value: limit, expected: "limit" }.into()),
        n => Ok((offset, n)),
    }
}
