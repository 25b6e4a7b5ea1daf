//! What every page has in common, and the pages that are mostly words: help, overview, files, accessibility, faults.

use askama::Template;
use axum::http::StatusCode;

use super::address::{self, Fault, Question};
use super::app::{App, State};
use super::clerk::NotMade;
use super::http::{Answer, Ask};
use super::lang::Lang;
use super::words::{self, Told};
use crate::catalog::FileState;
use crate::query::{Field, Unit};
use crate::registry::{Coverage, District};
use crate::search::{self, FacetCount, Request, SearchError};

/// What stands around a page.
pub(super) struct Frame {
    pub(super) lang: Lang,
    /// Title of the page; the name of the program follows it.
    pub(super) title: String,
    /// Path and query of this page in the other language.
    pub(super) other: String,
    /// A feed of what this page shows.
    pub(super) feed: Option<String>,
    /// The name of the part of the site that it belongs to.
    pub(super) part: &'static str,
}

impl Frame {
    pub(super) fn new(ask: &Ask, part: &'static str, title: impl Into<String>) -> Frame {
        let query = ask.query.as_deref().map(|q| format!("?{q}")).unwrap_or_default();
        let other = format!("{}{}{query}", ask.lang.other().prefix(), ask.path);
        Frame { lang: ask.lang, title: title.into(), other, feed: None, part }
    }

    pub(super) fn t<'a>(&self, key: &'a str) -> &'a str {
        self.lang.t(key)
    }

    /// The address of a page in this language.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.lang.prefix())
    }

    /// The parts of the site, in order.
    pub(super) fn parts(&self) -> [(&'static str, &'static str); 8] {
        [
            ("search", "/"),
            ("agreements", "/agreements"),
            ("organisations", "/organisations"),
            ("cases", "/cases"),
            ("districts", "/districts"),
            ("people", "/people"),
            ("overview", "/overview"),
            ("help", "/help"),
        ]
    }
}

/// Under which key a part of the site has its name.
pub(super) fn part_key(part: &str) -> &'static str {
    match part {
        "agreements" => "part.agreements",
        "organisations" => "part.organisations",
        "cases" => "part.cases",
        "districts" => "part.districts",
        "people" => "part.people",
        "overview" => "part.overview",
        "help" => "part.help",
        _ => "part.search",
    }
}

/// Under which key a state of a file has its name.
pub(super) fn state_key(state: &FileState) -> &'static str {
    match state {
        FileState::Ok => "state.ok",
        FileState::Partial => "state.partial",
        FileState::Failed => "state.failed",
        FileState::Duplicate => "state.duplicate",
        FileState::Removed => "state.removed",
    }
}

/// A page, or the fault that making it met.
pub(super) fn html(page: &impl Template, lang: Lang) -> Answer {
    match page.render() {
        Ok(body) => Answer::html(body),
        Err(e) => fault(lang, StatusCode::INTERNAL_SERVER_ERROR, &e.to_string()),
    }
}

#[derive(Template)]
#[template(path = "fault.html")]
struct FaultPage<'a> {
    frame: Frame,
    status: u16,
    message: &'a str,
    /// What may have been meant: words and address.
    instead: Vec<(String, String)>,
}

/// A page that says what went wrong and what to try.
pub(super) fn fault(lang: Lang, status: StatusCode, message: &str) -> Answer {
    fault_with(lang, status, message, Vec::new())
}

fn fault_with(lang: Lang, status: StatusCode, message: &str, instead: Vec<(String, String)>) -> Answer {
    let frame = Frame {
        lang,
        title: lang.t("fault.title").to_string(),
        other: lang.other().prefix().to_string() + "/",
        feed: None,
        part: "",
    };
    let page = FaultPage { frame, status: status.as_u16(), message, instead };
    // A page that cannot be made says so in plain words.
    let body = page.render().unwrap_or_else(|e| e.to_string());
    Answer::html(body).with_status(status)
}

/// A fault of an address.
pub(super) fn bad_address(lang: Lang, fault_of: &Fault) -> Answer {
    fault(lang, StatusCode::BAD_REQUEST, &words::of_address(lang, fault_of))
}

/// A search that is refused, with what may have been meant.
pub(super) fn refused(ask: &Ask, e: &SearchError, question: &Question) -> Answer {
    let home = format!("{}/", ask.lang.prefix());
    let (message, instead) = words::of_search(ask.lang, e, question, &home);
    fault_with(ask.lang, status_of(e), &message, instead)
}

/// Registers that are not there.
pub(super) fn not_made(lang: Lang, why: &NotMade) -> Answer {
    match why {
        NotMade::Yet => fault(lang, StatusCode::SERVICE_UNAVAILABLE, lang.t("fault.registers")),
        NotMade::Failed(why) => fault(lang, StatusCode::INTERNAL_SERVER_ERROR, &words::failed(lang, why)),
    }
}

/// A fault of a search: what was asked, or what answers.
pub(super) fn status_of(e: &SearchError) -> StatusCode {
    match e {
        SearchError::Value(_) | SearchError::Field(_) => StatusCode::BAD_REQUEST,
        SearchError::Index(_) | SearchError::Catalog(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// A file that is part of the program: its media type and its bytes.
pub(super) fn asset(path: &str) -> Option<(&'static str, &'static [u8])> {
    Some(match path {
        "/style.css" => ("text/css; charset=utf-8", include_bytes!("assets/style.css")),
        "/comfort.js" => ("text/javascript; charset=utf-8", include_bytes!("assets/comfort.js")),
        "/favicon.svg" => ("image/svg+xml", include_bytes!("assets/favicon.svg")),
        _ => return None,
    })
}

#[derive(Template)]
#[template(path = "help.html")]
struct HelpPage {
    frame: Frame,
    fields: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "accessibility.html")]
struct AccessibilityPage {
    frame: Frame,
}

#[derive(Template)]
#[template(path = "files.html")]
struct FilesPage {
    frame: Frame,
    counts: Vec<(FileState, u64, bool)>,
    rows: Vec<FileLine>,
    more: usize,
}

/// A line of the ledger as people see it.
struct FileLine {
    path: String,
    state: FileState,
    why: Told,
}

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage<'a> {
    frame: Frame,
    documents: u64,
    decisions: u64,
    tables: Vec<(&'static str, Field, Vec<FacetCount>)>,
    failed: u64,
    textless: u64,
    grid: Grid,
    coverage: &'a Coverage,
    /// Lines of the tables of gaps that are not shown.
    paragraphs_more: usize,
    series_more: usize,
}

/// Most lines of the ledger on a page.
pub(super) const MOST_LINES: usize = 500;

/// The pages that are mostly words.
pub(super) fn other(app: &App, state: &State, ask: &Ask, name: &str) -> Answer {
    let made = match name {
        "help" => address::named(ask.query.as_deref(), []).map(|[]| {
            let help = |name| ask.lang.t(&format!("ask.{name}")).to_string();
            let fields = crate::query::field::FIELDS.iter().map(|i| (i.name, help(i.name))).collect();
            html(&HelpPage { frame: Frame::new(ask, "help", ask.lang.t("part.help")), fields }, ask.lang)
        }),
        "accessibility" => address::named(ask.query.as_deref(), []).map(|[]| {
            let frame = Frame::new(ask, "", ask.lang.t("accessibility.title"));
            html(&AccessibilityPage { frame }, ask.lang)
        }),
        "files" => address::named(ask.query.as_deref(), ["state"]).map(|[wanted]| files(app, state, ask, wanted)),
        _ => address::named(ask.query.as_deref(), []).map(|[]| overview(app, state, ask)),
    };
    made.unwrap_or_else(|e| bad_address(ask.lang, &e))
}

fn files(app: &App, state: &State, ask: &Ask, wanted: Option<String>) -> Answer {
    let wanted = match wanted.as_deref().map(str::parse::<FileState>).transpose() {
        Ok(wanted) => wanted,
        Err(_) => {
            let value = ask.query.clone().unwrap_or_default();
            let fault = Fault::Value { name: "state".into(), value, expected: "state" };
            return bad_address(ask.lang, &fault);
        }
    };
    let read = app.with_catalog(state, |catalog| {
        Ok::<_, crate::catalog::CatalogError>((catalog.file_counts()?, catalog.files(wanted)?))
    });
    let (counts, files) = match read {
        Ok(read) => read,
        Err(e) => return fault(ask.lang, StatusCode::INTERNAL_SERVER_ERROR, &words::failed(ask.lang, &e.to_string())),
    };
    let more = files.len().saturating_sub(MOST_LINES);
    let rows = files.into_iter().take(MOST_LINES).map(|f| FileLine {
        path: f.path,
        state: f.state,
        why: words::of_file(ask.lang, f.code.as_deref(), f.message.as_deref()),
    });
    let page = FilesPage {
        frame: Frame::new(ask, "overview", ask.lang.t("files.title")),
        counts: counts.into_iter().map(|(s, n)| (s, n, Some(s) == wanted)).collect(),
        rows: rows.collect(),
        more,
    };
    html(&page, ask.lang)
}

fn overview(app: &App, state: &State, ask: &Ask) -> Answer {
    let count = |unit| {
        let request = Request { unit, facets: true, ..Request::default() };
        app.with_catalog(state, |catalog| search::search(&request, &state.engine, catalog, &app.lex))
    };
    let (documents, decisions) = match (count(Unit::Document), count(Unit::Decision)) {
        (Ok(documents), Ok(decisions)) => (documents, decisions),
        (Err(e), _) | (_, Err(e)) => {
            return fault(ask.lang, status_of(&e), &words::failed(ask.lang, &e.to_string()));
        }
    };
    let table = |key, field: Field, of: &search::Results| {
        (key, field, of.facets.get(field.name()).unwrap_or_default().to_vec())
    };
    let tables = vec![
        table("facet.district", Field::District, &documents),
        table("facet.year", Field::Year, &documents),
        table("facet.kind", Field::Kind, &documents),
        table("facet.genre", Field::Genre, &documents),
        table("facet.action", Field::Action, &decisions),
        table("facet.status", Field::Status, &decisions),
    ];
    let made = match app.registers(state) {
        Ok(made) => made,
        Err(why) => return not_made(ask.lang, &why),
    };
    let page = OverviewPage {
        frame: Frame::new(ask, "overview", ask.lang.t("part.overview")),
        documents: documents.total,
        decisions: decisions.total,
        tables,
        failed: documents.unsearched.failed_files,
        textless: documents.unsearched.textless_pages,
        grid: Grid::of(&made.registers.districts, ask.lang),
        coverage: &made.registers.coverage,
        paragraphs_more: made.registers.coverage.paragraphs.len().saturating_sub(MOST_LINES),
        series_more: made.registers.coverage.series.len().saturating_sub(MOST_LINES),
    };
    let answer = html(&page, ask.lang);
    if made.sequence == state.sequence { answer } else { answer.passing() }
}

/// How many documents of each district there are from each year: what is empty is a gap.
struct Grid {
    years: Vec<i16>,
    rows: Vec<GridRow>,
}

/// A district: name, address, and for each year how many and their address.
struct GridRow {
    name: String,
    url: String,
    cells: Vec<(usize, String)>,
}

/// Most years side by side.
const MOST_YEARS: usize = 12;

impl Grid {
    fn of(districts: &[District], lang: Lang) -> Grid {
        let all: std::collections::BTreeSet<i16> = districts.iter().flat_map(|d| d.years.keys().copied()).collect();
        let mut years: Vec<i16> = all.into_iter().rev().take(MOST_YEARS).collect();
        years.reverse();
        let home = format!("{}/", lang.prefix());
        let row = |d: &District| {
            let cell = |y: &i16| {
                let url = address::link(&home, &[("district", &d.id), ("year", &y.to_string())]);
                (d.years.get(y).copied().unwrap_or(0), url)
            };
            GridRow {
                name: d.name.clone(),
                url: address::link(&format!("{}/districts", lang.prefix()), &[("id", &d.id)]),
                cells: years.iter().map(cell).collect(),
            }
        };
        let rows = districts.iter().filter(|d| d.documents > 0).map(row).collect();
        Grid { rows, years }
    }
}
