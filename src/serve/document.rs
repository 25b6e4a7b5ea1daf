//! The page of a document: its values on one side, the page with their boxes on the other; its text; its files.

use askama::Template;
use axum::http::StatusCode;

use super::address::{self, link, named, number};
use super::app::{App, State};
use super::cite::{self, Citation};
use super::field::{Proof, Row, rows};
use super::http::{Answer, Ask};
use super::lang::Lang;
use super::page::{Frame, bad_address, fault, html};
use super::picture::{self, NoOriginal};
use super::words::{self, Told};
use crate::base::{DocId, Span};
use crate::catalog::{CatalogError, StoredDocument};
use crate::export::wire;
use crate::ingest::Document;
use crate::ingest::document::is_masking;
use crate::query::Field;
use crate::search::{self, Request, label};

/// Longest text that is looked through whole for what is to be found, in bytes; of a longer one the page shown alone.
const LOOKED_THROUGH: usize = 1 << 20;
/// Most pages that a list of pages has.
const LISTED: usize = 400;

#[derive(Template)]
#[template(path = "document.html")]
struct DocumentPage {
    frame: Frame,
    id: String,
    path: String,
    title: String,
    facts: Vec<String>,
    rows: Vec<RowLine>,
    warnings: Vec<Warned>,
    citations: Vec<Citation>,
    /// Whole address of what is shown.
    link: String,
    /// The page shown, with its number in the file.
    page: u32,
    pages: Vec<(u32, String, bool)>,
    picture: Option<Picture>,
    text: Option<TextView>,
    views: Views,
    cases: Vec<(String, String)>,
    chosen: Option<String>,
    find: String,
    /// How often what is looked for was found, and on which pages: number, how often, address.
    found: usize,
    found_on: Vec<(u32, usize, String)>,
    in_text: bool,
    previous: Option<String>,
    next: Option<String>,
    masked: bool,
}

/// Addresses of the same document in other forms.
struct Views {
    picture: Option<String>,
    text: String,
    record: String,
    original: Option<String>,
    plain: String,
    similar: String,
}

/// What is odd: in words, with pages and their addresses.
struct Warned {
    told: Told,
    pages: Vec<(u32, String)>,
}

/// What proves a value, once for all that it proves.
struct ProofLine {
    quote: String,
    /// Names of what it proves.
    of: String,
    pages: Vec<u32>,
    rule: String,
    percent: u64,
}

/// A value with its address.
struct RowLine {
    row: Row,
    anchor: String,
    label: String,
    value: String,
    details: Vec<(String, String)>,
    /// How it is written in the document and how it is held, for those who want to know.
    forms: Vec<(String, String)>,
    proofs: Vec<ProofLine>,
    url: Option<String>,
    filter: Option<String>,
    chosen: bool,
}

/// The picture of a page with boxes over it, in points from the top left.
struct Picture {
    url: String,
    width: f32,
    height: f32,
    boxes: Vec<Box>,
    /// Places of what was looked for: x, y, width, height.
    found: Vec<[String; 4]>,
}

struct Box {
    x: String,
    y: String,
    width: String,
    height: String,
    url: String,
    label: String,
    chosen: bool,
}

/// The text of a page in pieces.
struct TextView {
    pieces: Vec<(Piece, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    Plain,
    Chosen,
    Found,
}

impl Piece {
    fn is_plain(&self) -> bool {
        *self == Piece::Plain
    }

    fn class(&self) -> &'static str {
        if *self == Piece::Chosen { "chosen" } else { "found" }
    }
}

/// The document of an address, by its whole id.
fn stored(app: &App, state: &State, id: &str) -> Result<Option<StoredDocument>, CatalogError> {
    let known = id.len() <= 128 && id.bytes().all(|b| b.is_ascii_hexdigit() || matches!(b, b'-' | b'p'));
    if !known {
        return Ok(None);
    }
    app.with_catalog(state, |catalog| catalog.get(&DocId::from_stored(id.to_string())))
}

/// A document's page, or one of its files.
pub(super) fn answer(app: &App, state: &State, ask: &Ask, id: &str, rest: &[&str]) -> Answer {
    let lang = ask.lang;
    let stored = match stored(app, state, id) {
        Ok(Some(stored)) => stored,
        Ok(None) => return fault(lang, StatusCode::NOT_FOUND, lang.t("fault.no_document")),
        Err(e) => return fault(lang, StatusCode::INTERNAL_SERVER_ERROR, &words::failed(lang, &e.to_string())),
    };
    let file = match rest {
        [] => return page(app, state, ask, &stored),
        [name] => file(app, state, &stored, name),
        ["page", name] => picture(app, state, &stored, name),
        _ => None,
    };
    match file {
        Some(Ok(answer)) => answer,
        Some(Err(e)) => fault(lang, status_of(&e), &e.said(lang)),
        None => fault(lang, StatusCode::NOT_FOUND, lang.t("fault.no_page")),
    }
}

/// The status that a missing original is answered with.
pub(super) fn status_of(e: &NoOriginal) -> StatusCode {
    match e {
        NoOriginal::Catalog(_) => StatusCode::INTERNAL_SERVER_ERROR,
        NoOriginal::Gone => StatusCode::NOT_FOUND,
        NoOriginal::Masked => StatusCode::FORBIDDEN,
        NoOriginal::Undrawn(_) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// A document's picture of a page, by a name such as `3.png`; none if that is no name of one.
pub(super) fn picture(
    app: &App,
    state: &State,
    stored: &StoredDocument,
    name: &str,
) -> Option<Result<Answer, NoOriginal>> {
    let page = name.strip_suffix(".png")?.parse().ok()?;
    let drawn = picture::of_page(app, state, stored, page);
    Some(drawn.map(|p| Answer::new("image/png", p.as_ref().clone())))
}

/// A document's file of this name: its record, its text, its original; none if that is no name of one.
pub(super) fn file(
    app: &App,
    state: &State,
    stored: &StoredDocument,
    name: &str,
) -> Option<Result<Answer, NoOriginal>> {
    Some(match name {
        "record.json" => record(stored).map_err(NoOriginal::Catalog),
        "text.txt" => app
            .with_catalog(state, |c| c.text(&stored.id))
            .map(|t| Answer::new("text/plain; charset=utf-8", t.unwrap_or_default()))
            .map_err(NoOriginal::Catalog),
        "original" => original(app, state, stored),
        name => cite::file(app, stored, name)?.map_err(|e| NoOriginal::Undrawn(e.to_string())),
    })
}

/// A document's record, as `dump` writes it.
pub(super) fn record(stored: &StoredDocument) -> Result<Answer, CatalogError> {
    let mut out = Vec::new();
    // Writing into memory does not fail.
    let _ = wire::write_line(stored, &mut out);
    Ok(Answer::new("application/json", out))
}

fn original(app: &App, state: &State, stored: &StoredDocument) -> Result<Answer, NoOriginal> {
    if is_masked(stored) && !app.options.originals {
        return Err(NoOriginal::Masked);
    }
    let bytes = app.with_catalog(state, |catalog| picture::original(stored, catalog))?;
    let media_type = if is_pdf(stored) { "application/pdf" } else { "text/plain" };
    let name = stored.path.rsplit('/').next().unwrap_or("original").to_string();
    Ok(Answer { attachment: Some(name), ..Answer::new(media_type, bytes) })
}

fn is_pdf(stored: &StoredDocument) -> bool {
    stored.origin.media_type == "application/pdf"
}

/// True if personal identity numbers, or names that were taken down, are masked in it.
fn is_masked(stored: &StoredDocument) -> bool {
    stored.record.warnings.iter().any(|w| is_masking(&w.code))
}

/// What the address of a document's page asks for.
struct Asked {
    page: Option<usize>,
    value: Option<String>,
    in_text: bool,
    find: String,
    /// A place in the text, as a register names it.
    at: Option<Span>,
}

impl Asked {
    fn read(query: Option<&str>) -> Result<Asked, address::Fault> {
        let [page, value, view, find, q, at] = named(query, ["page", "value", "view", "find", "q", "at"])?;
        let bad = |name: &str, value: &str, expected| {
            Err(address::Fault::Value { name: name.to_string(), value: value.to_string(), expected })
        };
        let at = match at {
            None => None,
            Some(typed) => {
                let ends = typed.split_once('-').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
                match ends.filter(|(a, b)| a <= b) {
                    Some((start, end)) => Some(Span { start, end }),
                    None => return bad("at", &typed, "span"),
                }
            }
        };
        let in_text = match view.as_deref() {
            None => false,
            Some("text") => true,
            Some(other) => return bad("view", other, "view"),
        };
        let page = page.map(|p| number("page", &p)).transpose()?;
        Ok(Asked { page, value, in_text, find: find.or(q).unwrap_or_default(), at })
    }
}

fn page(app: &App, state: &State, ask: &Ask, stored: &StoredDocument) -> Answer {
    let lang = ask.lang;
    let failed = |e: &dyn std::fmt::Display| {
        fault(lang, StatusCode::INTERNAL_SERVER_ERROR, &words::failed(lang, &e.to_string()))
    };
    let asked = match Asked::read(ask.query.as_deref()) {
        Ok(asked) => asked,
        Err(e) => return bad_address(lang, &e),
    };
    let find = asked.find;
    let record = match wire::to_value(stored) {
        Ok(record) => record,
        Err(e) => return failed(&e),
    };
    let all = rows(&record);
    let chosen = asked.value.as_ref().and_then(|v| all.iter().find(|r| r.id == *v)).cloned();
    let in_text = asked.in_text || !is_pdf(stored);
    let document = if in_text || !find.trim().is_empty() || asked.at.is_some() {
        match app.with_catalog(state, |c| c.document(&stored.id)) {
            Ok(document) => document,
            Err(e) => return failed(&e),
        }
    } else {
        None
    };
    let document = document.as_ref();
    // A place that is none in this text marks nothing.
    let at = asked.at.filter(|s| document.is_some_and(|d| d.text.get(s.range()).is_some()));
    let at_page = at.and_then(|s| document.and_then(|d| d.pages_of(s).first().copied()));
    let (first, last) = match stored.origin.part {
        Some(p) => (p.first_page, p.last_page),
        None => (1, stored.origin.file_pages.max(1)),
    };
    let wanted = asked.page.and_then(|p| u32::try_from(p).ok()).or(chosen.as_ref().and_then(Row::page)).or(at_page);
    let page = wanted.unwrap_or(first).clamp(first, last);
    let spans = document.map(|d| found(app, state, d, page, &find)).unwrap_or_default();
    let found_on = document.map(|d| pages_of(d, &spans)).unwrap_or_default();
    let title = stored.record.title.clone().unwrap_or_else(|| stored.path.clone());
    let page_of = if page > first { format!(", {} {page}", lang.t("page.short")) } else { String::new() };
    let frame = Frame::new(ask, "search", format!("{title}{page_of}"));
    let here = frame.url(&format!("/document/{}", stored.id));
    let view_name = if in_text && is_pdf(stored) { "text" } else { "" };
    let address = |page: u32, value: &str, view: &str| {
        let page = page.to_string();
        let all = [("page", page.as_str()), ("value", value), ("view", view), ("find", &find)];
        link(&here, &all.into_iter().filter(|(_, v)| !v.is_empty()).collect::<Vec<_>>())
    };
    let value = asked.value.as_deref().unwrap_or_default();
    let text = document.filter(|_| in_text).map(|d| {
        let of_value = chosen.iter().flat_map(|r| &r.proofs).map(|p| p.range);
        let marked: Vec<(usize, usize)> = of_value.chain(at.map(|s| (s.start as usize, s.end as usize))).collect();
        text_view(d, page, &marked, &spans)
    });
    let size = stored.page_sizes.get((page - first) as usize).copied();
    let place = |[x0, y0, x1, y1]: [f64; 4]| {
        let height = f64::from(size.unwrap_or_default().1);
        [x0 - 1.0, height - y1 - 1.0, (x1 - x0 + 2.0).max(1.0), (y1 - y0 + 2.0).max(1.0)].map(|n| format!("{n:.1}"))
    };
    let boxes = |row: &Row| -> Vec<Box> {
        let one = |points: [f64; 4]| {
            let [x, y, width, height] = place(points);
            let url = format!("{}#{}", address(page, &row.id, ""), anchor(&row.id));
            let label = format!("{}: {}", field_label(lang, &row.name), row.value);
            Box { x, y, width, height, url, label, chosen: row.id == value }
        };
        row.boxes(page).into_iter().map(one).collect()
    };
    let on_page = |spans: &[Span]| -> Vec<[String; 4]> {
        let places = spans.iter().flat_map(|s| document.map(|d| d.places(*s)).unwrap_or_default());
        let here = places.filter(|p| p.page == page).flat_map(|p| p.boxes);
        here.map(|b| place(b.map(f64::from))).collect()
    };
    let picture = size.filter(|_| !in_text).map(|size| Picture {
        url: format!("/document/{}/page/{page}.png", stored.id),
        width: size.0,
        height: size.1,
        // The chosen one lies over the others.
        boxes: all.iter().filter(|r| r.id != value).chain(&chosen).flat_map(&boxes).collect(),
        found: on_page(&spans).into_iter().chain(on_page(at.as_slice())).collect(),
    });
    let citations = cite::all(app, &record, &stored.id);
    let facts = facts(app, stored, lang);
    let own_files = format!("/document/{}", stored.id);
    let masked = is_masked(stored);
    let similar =
        address::Question::read(None).map(|q| q.with(|r| r.like = Some(stored.id.clone())).link(&frame.url("/")));
    // The document is there even while the registers are not; their own pages say why.
    let made = app.registers_at_hand(state);
    let is_current = made.as_ref().is_some_and(|m| m.sequence == state.sequence);
    let cases = made.map(|made| {
        let all = made.registers.cases.whole(&stored.id);
        all.map(|c| (c.dnr.clone(), link(&frame.url("/cases"), &[("id", &c.id)]))).collect()
    });
    let row_line = |row: Row| {
        let url = row.page().map(|p| format!("{}#{}", address(p, &row.id, view_name), anchor(&row.id)));
        let says = |(k, v): &(String, String)| (field_label(lang, k), spoken(app, lang, k, v));
        RowLine {
            anchor: anchor(&row.id),
            label: field_label(lang, &row.name),
            value: spoken(app, lang, &row.name, &row.value),
            details: row.details.iter().filter(|(k, _)| !is_form(k)).map(says).collect(),
            forms: row.details.iter().filter(|(k, _)| is_form(k)).map(says).collect(),
            proofs: proof_lines(lang, &row.proofs),
            filter: filter(&row).map(|(name, value)| link(&frame.url("/"), &[(name, &value)])),
            chosen: row.id == value,
            url,
            row,
        }
    };
    let made = DocumentPage {
        title,
        id: stored.id.to_string(),
        path: stored.path.clone(),
        facts,
        warnings: warnings(stored, lang, &|p| address(p, "", view_name)),
        citations,
        link: format!("{}{}", ask.base, address(page, value, view_name)),
        pages: (first..=last).map(|p| (p, address(p, "", view_name), p == page)).take(LISTED).collect(),
        views: Views {
            picture: is_pdf(stored).then(|| address(page, value, "")),
            text: address(page, value, "text"),
            record: format!("{own_files}/record.json"),
            original: (!masked || app.options.originals).then(|| format!("{own_files}/original")),
            plain: format!("{own_files}/text.txt"),
            similar: similar.unwrap_or_default(),
        },
        rows: all.into_iter().map(row_line).collect(),
        page,
        picture,
        text,
        cases: cases.unwrap_or_default(),
        chosen: chosen.map(|c| c.id),
        previous: (page > first).then(|| address(page - 1, "", view_name)),
        next: (page < last).then(|| address(page + 1, "", view_name)),
        found: spans.len(),
        found_on: found_on.into_iter().take(LISTED).map(|(p, n)| (p, n, address(p, "", view_name))).collect(),
        in_text,
        find,
        masked,
        frame,
    };
    let answer = html(&made, lang);
    if is_current { answer } else { answer.passing() }
}

/// True for a detail that tells how a value is written, not what it is.
fn is_form(name: &str) -> bool {
    matches!(name, "raw" | "canonical" | "org_nr_raw" | "series" | "plan" | "precision")
}

/// The proofs of a value, each place once with all that it proves.
fn proof_lines(lang: Lang, proofs: &[Proof]) -> Vec<ProofLine> {
    let mut out: Vec<(&Proof, Vec<String>)> = Vec::new();
    for p in proofs {
        let name = field_label(lang, &p.field);
        let same = |o: &&mut (&Proof, Vec<String>)| {
            o.0.range == p.range && o.0.rule == p.rule && (o.0.confidence - p.confidence).abs() < 1e-9
        };
        match out.iter_mut().find(same) {
            Some((_, names)) if names.contains(&name) => {}
            Some((_, names)) => names.push(name),
            None => out.push((p, vec![name])),
        }
    }
    out.into_iter()
        .map(|(p, names)| ProofLine {
            quote: p.quote.clone(),
            of: names.join(", "),
            pages: p.places.iter().map(|(page, _)| *page).collect(),
            rule: p.rule.clone(),
            percent: words::percent(p.confidence),
        })
        .collect()
}

/// What is odd about a document, each kind of it once, with its pages.
fn warnings(stored: &StoredDocument, lang: Lang, address: &dyn Fn(u32) -> String) -> Vec<Warned> {
    let mut out: Vec<Warned> = Vec::new();
    for w in &stored.record.warnings {
        let told = words::of_warning(lang, &w.code, &w.message);
        let page = w.evidence.iter().flat_map(|e| &e.places).map(|p| (p.page, address(p.page))).next();
        match out.iter_mut().find(|o| o.told == told) {
            Some(same) => same.pages.extend(page.filter(|p| !same.pages.contains(p))),
            None => out.push(Warned { told, pages: page.into_iter().collect() }),
        }
    }
    out
}

/// Where what is looked for stands: as words in any inflection, else as it is written.
fn found(app: &App, state: &State, document: &Document, page: u32, find: &str) -> Vec<Span> {
    if find.trim().is_empty() {
        return Vec::new();
    }
    let ranges: Vec<(usize, usize)> = if document.text.len() <= LOOKED_THROUGH {
        vec![(0, document.text.len())]
    } else {
        let of_page = document.pages.iter().filter(|p| p.number == page).flat_map(|p| &p.ranges);
        of_page.map(|r| (r.start as usize, r.end as usize)).collect()
    };
    let request = Request { text: find.to_string(), ..Request::default() };
    let (written, mut out) = (find.to_lowercase(), Vec::new());
    for (start, end) in ranges {
        let Some(text) = document.text.get(start..end) else { continue };
        // What means nothing as a question can still stand in the text.
        let mut here = search::places(&request, &state.engine, &app.lex, text).unwrap_or_default();
        if here.is_empty() {
            here = places(text, &written).into_iter().map(|(a, b)| Span::new(a, b)).collect();
        }
        out.extend(here.into_iter().map(|s| s.shift(start)));
    }
    out.dedup();
    out
}

/// The pages that places stand on, in order, with how many stand there.
fn pages_of(document: &Document, spans: &[Span]) -> Vec<(u32, usize)> {
    let mut out = std::collections::BTreeMap::new();
    for page in spans.iter().filter_map(|s| document.pages_of(*s).first().copied()) {
        *out.entry(page).or_insert(0) += 1;
    }
    out.into_iter().collect()
}

/// What a document is, in a line.
fn facts(app: &App, stored: &StoredDocument, lang: Lang) -> Vec<String> {
    let r = &stored.record;
    let mut out = vec![label(Field::Kind, &r.kind, &app.lex)];
    out.extend(r.date.or(r.meeting_date).map(|d| d.to_string()));
    out.extend(r.authority.as_ref().map(|a| a.name.clone()));
    out.push(match stored.origin.part {
        Some(p) => format!("{} {}–{} ({}/{})", lang.t("document.pages"), p.first_page, p.last_page, p.index, p.of),
        None => lang.count(u64::from(stored.origin.file_pages), "pages"),
    });
    out
}

fn field_label(lang: Lang, name: &str) -> String {
    lang.find(&format!("field.{name}")).map_or_else(|| name.replace('_', " "), str::to_string)
}

/// A value whose id the pages or the vocabulary have a word for.
fn spoken(app: &App, lang: Lang, name: &str, value: &str) -> String {
    if let Some(words) = lang.find(&format!("says.{name}.{value}")) {
        return words.to_string();
    }
    let field = match name {
        "kind" => Field::Kind,
        "genres" => Field::Genre,
        "actions" => Field::Action,
        "status" => Field::Status,
        "district" => Field::District,
        "section" => Field::Section,
        _ => return value.to_string(),
    };
    value.split(" · ").map(|v| label(field, v, &app.lex)).collect::<Vec<_>>().join(" · ")
}

/// The search that a value leads to.
fn filter(row: &Row) -> Option<(&'static str, String)> {
    let name = match row.name.as_str() {
        "dnr" => "dnr",
        "parties" => "party",
        "handlaggare" => "handlaggare",
        "authority" => "authority",
        "kind" => "kind",
        "year" => "year",
        _ => return None,
    };
    Some((name, row.value.clone())).filter(|(_, v)| !v.is_empty() && v.len() < 300)
}

/// The name of a value's place on the page.
fn anchor(id: &str) -> String {
    format!("v-{}", id.replace('.', "-"))
}

/// The text of a page, with the chosen places and what was looked for marked.
fn text_view(document: &Document, page: u32, chosen: &[(usize, usize)], found: &[Span]) -> TextView {
    let ranges = document.pages.iter().filter(|p| p.number == page).flat_map(|p| &p.ranges);
    let mut view = TextView { pieces: Vec::new() };
    for range in ranges {
        let (start, end) = (range.start as usize, range.end as usize);
        let found = found.iter().map(|s| (s.start as usize, s.end as usize, Piece::Found));
        let marks = chosen.iter().map(|(a, b)| (*a, *b, Piece::Chosen)).chain(found);
        let mut marks: Vec<(usize, usize, Piece)> =
            marks.map(|(a, b, piece)| (a.max(start), b.min(end), piece)).filter(|(a, b, _)| a < b).collect();
        marks.sort_by_key(|(a, b, _)| (*a, std::cmp::Reverse(*b)));
        let mut at = start;
        for (a, b, piece) in marks {
            if let (true, Some(before), Some(marked)) = (a >= at, document.text.get(at..a), document.text.get(a..b)) {
                view.pieces.push((Piece::Plain, before.to_string()));
                view.pieces.push((piece, marked.to_string()));
                at = b;
            }
        }
        view.pieces.push((Piece::Plain, format!("{}\n\n", document.text.get(at..end).unwrap_or_default())));
    }
    view.pieces.retain(|(_, text)| !text.is_empty());
    view
}

/// Where `wanted` (in lower case) stands in a text, in any case.
fn places(text: &str, wanted: &str) -> Vec<(usize, usize)> {
    let wanted = wanted.trim().trim_matches('"');
    if wanted.is_empty() {
        return Vec::new();
    }
    let lower = text.to_lowercase();
    // Letters whose lower case has another length are rare; a text that has one is looked through as it is.
    let text = if lower.len() == text.len() { lower.as_str() } else { text };
    text.match_indices(wanted).map(|(at, found)| (at, at + found.len())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_any_case() {
        assert_eq!(places("Ärende: ÄRENDET", "ärende"), [(0, 7), (9, 16)]);
        assert_eq!(places("x", " "), []);
        assert_eq!(places("İx ärende", "ärende"), [(4, 11)]);
    }
}
