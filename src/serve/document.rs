//! The page of a document: its values on one side, the page with their boxes on the other; its text; its files.

use askama::Template;
use axum::http::StatusCode;

use super::address::{self, link, named, number};
use super::app::{App, State};
use super::field::{Row, rows};
use super::http::{Answer, Ask};
use super::page::{Frame, bad_address, fault, html};
use super::picture::{self, NoOriginal};
use crate::base::DocId;
use crate::catalog::{CatalogError, StoredDocument};
use crate::export::wire;
use crate::query::Field;
use crate::search::label;

#[derive(Template)]
#[template(path = "document.html")]
struct DocumentPage {
    frame: Frame,
    id: String,
    path: String,
    title: String,
    facts: Vec<String>,
    rows: Vec<RowLine>,
    warnings: Vec<String>,
    /// The page shown, with its number in the file.
    page: u32,
    pages: Vec<(u32, String, bool)>,
    picture: Option<Picture>,
    text: Option<TextView>,
    views: Views,
    cases: Vec<(String, String)>,
    chosen: Option<String>,
    find: String,
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

/// A value with its address.
struct RowLine {
    row: Row,
    anchor: String,
    label: String,
    value: String,
    details: Vec<(String, String)>,
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
    found: usize,
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
        Err(e) => return fault(lang, StatusCode::INTERNAL_SERVER_ERROR, &e.to_string()),
    };
    let file = match rest {
        [] => return page(app, state, ask, &stored),
        [name] => file(app, state, &stored, name),
        ["page", name] => picture(app, state, &stored, name),
        _ => None,
    };
    match file {
        Some(Ok(answer)) => answer,
        Some(Err(e)) => fault(lang, status_of(&e), &e.to_string()),
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
        _ => return None,
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

/// True if personal identity numbers were masked in it.
fn is_masked(stored: &StoredDocument) -> bool {
    stored.record.warnings.iter().any(|w| w.code == "personal_id_masked")
}

fn page(app: &App, state: &State, ask: &Ask, stored: &StoredDocument) -> Answer {
    let lang = ask.lang;
    let asked = named(ask.query.as_deref(), ["page", "value", "view", "find", "q"]);
    let read = asked.and_then(|[page, value, view, find, q]| {
        let page = page.map(|p| number("page", &p)).transpose()?;
        Ok((page, value, view, find, q))
    });
    let (page, value, view, find, q) = match read {
        Ok(read) => read,
        Err(e) => return bad_address(lang, &e),
    };
    let find = find.or(q).unwrap_or_default();
    let record = serde_json::to_value(&stored.record).unwrap_or_default();
    let all = rows(&record);
    let chosen = value.as_ref().and_then(|v| all.iter().find(|r| r.id == *v)).cloned();
    let (first, last) = match stored.origin.part {
        Some(p) => (p.first_page, p.last_page),
        None => (1, stored.origin.file_pages.max(1)),
    };
    let wanted = page.and_then(|p| u32::try_from(p).ok()).or(chosen.as_ref().and_then(Row::page)).unwrap_or(first);
    let page = wanted.clamp(first, last);
    let in_text = view.as_deref() == Some("text") || !is_pdf(stored);
    let frame = Frame::new(ask, "search", stored.record.title.clone().unwrap_or_else(|| stored.path.clone()));
    let here = frame.url(&format!("/document/{}", stored.id));
    let view_name = if in_text && is_pdf(stored) { "text" } else { "" };
    let address = |page: u32, value: &str, view: &str| {
        let page = page.to_string();
        let all = [("page", page.as_str()), ("value", value), ("view", view), ("find", &find)];
        link(&here, &all.into_iter().filter(|(_, v)| !v.is_empty()).collect::<Vec<_>>())
    };
    let value = value.as_deref().unwrap_or_default();
    let text = if in_text {
        let document = app.with_catalog(state, |c| c.document(&stored.id));
        match document {
            Ok(Some(document)) => Some(text_view(&document, page, chosen.as_ref(), &find)),
            Ok(None) => None,
            Err(e) => return fault(lang, StatusCode::INTERNAL_SERVER_ERROR, &e.to_string()),
        }
    } else {
        None
    };
    let boxes = |row: &Row| -> Vec<Box> {
        let size = stored.page_sizes.get((page - first) as usize).copied().unwrap_or((0.0, 0.0));
        let one = |[x0, y0, x1, y1]: [f64; 4]| Box {
            x: format!("{:.1}", x0 - 1.0),
            y: format!("{:.1}", f64::from(size.1) - y1 - 1.0),
            width: format!("{:.1}", (x1 - x0 + 2.0).max(1.0)),
            height: format!("{:.1}", (y1 - y0 + 2.0).max(1.0)),
            url: format!("{}#{}", address(page, &row.id, ""), anchor(&row.id)),
            label: format!("{}: {}", field_label(lang, &row.name), row.value),
            chosen: row.id == value,
        };
        row.boxes(page).into_iter().map(one).collect()
    };
    let picture = stored.page_sizes.get((page - first) as usize).filter(|_| !in_text).map(|size| Picture {
        url: format!("/document/{}/page/{page}.png", stored.id),
        width: size.0,
        height: size.1,
        // The chosen one lies over the others.
        boxes: all.iter().filter(|r| r.id != value).chain(&chosen).flat_map(&boxes).collect(),
    });
    let facts = facts(app, stored, lang);
    let own_files = format!("/document/{}", stored.id);
    let masked = is_masked(stored);
    let similar =
        address::Question::read(None).map(|q| q.with(|r| r.like = Some(stored.id.clone())).link(&frame.url("/")));
    let warnings = stored.record.warnings.iter().map(|w| {
        let known = format!("warning.{}", w.code);
        let words = lang.t(&known).to_string();
        if words == known { w.message.clone() } else { words }
    });
    let mut warnings: Vec<String> = warnings.collect();
    warnings.dedup();
    let cases = app.registers(state).map(|registers| {
        let named = |id: &str| registers.cases.entries.iter().find(|c| c.id == id).map(|c| c.dnr.clone());
        let all = registers.cases.of_document(&stored.id);
        all.map(|id| (named(id).unwrap_or_default(), link(&frame.url("/cases"), &[("id", id)]))).collect()
    });
    let made = DocumentPage {
        title: frame.title.clone(),
        id: stored.id.to_string(),
        path: stored.path.clone(),
        facts,
        warnings,
        pages: (first..=last).map(|p| (p, address(p, "", view_name), p == page)).take(400).collect(),
        views: Views {
            picture: is_pdf(stored).then(|| address(page, value, "")),
            text: address(page, value, "text"),
            record: format!("{own_files}/record.json"),
            original: (!masked || app.options.originals).then(|| format!("{own_files}/original")),
            plain: format!("{own_files}/text.txt"),
            similar: similar.unwrap_or_default(),
        },
        rows: all
            .into_iter()
            .map(|row| {
                let url = row.page().map(|p| format!("{}#{}", address(p, &row.id, view_name), anchor(&row.id)));
                RowLine {
                    anchor: anchor(&row.id),
                    label: field_label(lang, &row.name),
                    value: spoken(app, &row.name, &row.value),
                    details: row.details.iter().map(|(k, v)| (field_label(lang, k), spoken(app, k, v))).collect(),
                    filter: filter(&row).map(|(name, value)| link(&frame.url("/"), &[(name, &value)])),
                    chosen: row.id == value,
                    url,
                    row,
                }
            })
            .collect(),
        page,
        picture,
        text,
        // The document is there even if the registers cannot be made; their own pages say why.
        cases: cases.unwrap_or_default(),
        chosen: chosen.map(|c| c.id),
        previous: (page > first).then(|| address(page - 1, "", view_name)),
        next: (page < last).then(|| address(page + 1, "", view_name)),
        find,
        masked,
        frame,
    };
    html(&made, lang)
}

/// What a document is, in a line.
fn facts(app: &App, stored: &StoredDocument, lang: super::lang::Lang) -> Vec<String> {
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

fn field_label(lang: super::lang::Lang, name: &str) -> String {
    let key = format!("field.{name}");
    if lang.knows(&key) { lang.t(&key).to_string() } else { name.replace('_', " ") }
}

/// A value whose id the vocabulary has a word for.
fn spoken(app: &App, name: &str, value: &str) -> String {
    let field = match name {
        "kind" => Field::Kind,
        "genres" => Field::Genre,
        "actions" => Field::Action,
        "status" => Field::Status,
        "district" => Field::District,
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

/// The text of a page, with the chosen value's places and what was looked for marked.
fn text_view(document: &crate::ingest::Document, page: u32, chosen: Option<&Row>, find: &str) -> TextView {
    let ranges = document.pages.iter().filter(|p| p.number == page).flat_map(|p| &p.ranges);
    let chosen: Vec<(usize, usize)> = chosen.into_iter().flat_map(|r| &r.proofs).map(|p| p.range).collect();
    let wanted = find.to_lowercase();
    let mut view = TextView { pieces: Vec::new(), found: 0 };
    for range in ranges {
        let (start, end) = (range.start as usize, range.end as usize);
        let Some(text) = document.text.get(start..end) else { continue };
        let mut marks: Vec<(usize, usize, Piece)> = chosen
            .iter()
            .map(|(a, b)| (*a.max(&start), *b.min(&end), Piece::Chosen))
            .filter(|(a, b, _)| a < b)
            .collect();
        let found = places(text, &wanted);
        view.found += found.len();
        marks.extend(found.into_iter().map(|(a, b)| (start + a, start + b, Piece::Found)));
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
