//! The pages of the registers: lists that can be sorted and narrowed, and one page for each entry with what proves it.

use std::collections::{BTreeMap, HashSet};

use askama::Template;
use axum::http::StatusCode;
use serde::Serialize;

use jiff::civil::Date;

use super::address::{self, Fault, Question, link, number};
use super::app::{App, State};
use super::http::{Answer, Ask};
use super::lang::Lang;
use super::page::{Frame, bad_address, fault, html, not_made, refused};
use super::{table, words};
use crate::base::PartialDate;
use crate::base::fold::fold;
use crate::index::{self, Engine as _};
use crate::query::Field;
use crate::registry::{self, Agreement, Case, District, Organisation, Person, Proof, Registers, Verdict};
use crate::search::{self, SearchError, Speaker as _, label};

/// Rows of a list on a page, and most agreements in a chart.
const ROWS: usize = 200;
const IN_CHART: usize = 200;
/// Most lines under a heading.
const MOST_ROWS: usize = 500;
/// Most places shown for one statement.
const MOST_PROOFS: usize = 20;

#[derive(Template)]
#[template(path = "register.html")]
struct ListPage {
    frame: Frame,
    name: &'static str,
    /// Heading, address that sorts by it, and how it is sorted by now.
    columns: Vec<(String, String, Option<&'static str>)>,
    rows: Vec<Vec<Cell>>,
    total: usize,
    first: usize,
    last: usize,
    find: String,
    in_force: String,
    expires_before: String,
    /// How it is sorted, kept when it is narrowed.
    sort: String,
    previous: Option<String>,
    next: Option<String>,
    timeline: Option<String>,
    csv: String,
    api: String,
    /// The search whose documents it is narrowed to: its address, how it was read, its parameters.
    search: Option<String>,
    read_as: String,
    conditions: Vec<(&'static str, String)>,
    /// True if the registers are of an earlier state than the documents.
    is_behind: bool,
}

#[derive(Template)]
#[template(path = "entry.html")]
struct EntryPage {
    frame: Frame,
    facts: Vec<(String, Cell)>,
    timeline: Option<String>,
    sections: Vec<Section>,
    comparisons: Vec<Side>,
    back: String,
}

/// A cell of a list: what it says, where it leads.
#[derive(Clone, Debug, Default)]
struct Cell {
    text: String,
    url: Option<String>,
    /// What it is sorted by, where that is a number.
    number: Option<usize>,
}

/// Statements under a heading.
struct Section {
    heading: String,
    lines: Vec<Line>,
}

/// A statement with what proves it.
struct Line {
    text: String,
    url: Option<String>,
    proofs: Vec<ProofLine>,
}

/// A place that proves a statement.
struct ProofLine {
    url: String,
    path: String,
    page: Option<u32>,
    quote: String,
}

/// A decision beside its proposal.
struct Side {
    heading: String,
    differs: bool,
    points: Vec<(&'static str, String, String, String)>,
}

/// The columns of a register, by what they are sorted by; their headings stand under `column.`.
fn columns(name: &str) -> &'static [&'static str] {
    match name {
        "agreements" => &["name", "type", "districts", "period", "documents"],
        "organisations" => &["name", "org_nr", "type", "districts", "agreements", "seen", "documents"],
        "cases" => &["dnr", "title", "authority", "seen", "documents", "outcome"],
        "districts" => &["name", "city", "time", "documents", "meetings", "cases", "agreements", "organisations"],
        _ => &["name", "role", "party", "body", "seen", "documents"],
    }
}

/// The names of the registers that have pages.
pub(super) const NAMES: [&str; 5] = ["agreements", "organisations", "cases", "districts", "people"];

/// Under which key the page of a register says what it is.
pub(super) fn about_key(name: &str) -> &'static str {
    match name {
        "agreements" => "register.about_agreements",
        "organisations" => "register.about_organisations",
        "cases" => "register.about_cases",
        "districts" => "register.about_districts",
        _ => "register.about_people",
    }
}

/// True for the name of a register.
pub(super) fn is_one(name: &str) -> bool {
    NAMES.contains(&name)
}

/// What an address asks of a register: its own parameters, and those of a search, which narrow it to the documents found.
pub(super) struct Wants {
    own: BTreeMap<&'static str, String>,
    /// The search; of everything if none is meant.
    pub(super) question: Question,
}

impl Wants {
    /// Reads an address with these parameters of its own. Only agreements have days.
    pub(super) fn read(name: &str, query: Option<&str>, own: &[&'static str]) -> Result<Wants, Fault> {
        let is_own = |n: &str| {
            let days = matches!(n, "in_force" | "expires_before");
            own.iter().find(|o| **o == n && (!days || name == "agreements")).copied()
        };
        let mut wants = Wants { own: BTreeMap::new(), question: Question::read(None)? };
        let mut rest = form_urlencoded::Serializer::new(String::new());
        for (parameter, value) in address::pairs(query)? {
            let of_search = parameter == "q" || parameter == "succession" || address::is_condition(&parameter);
            match is_own(&parameter) {
                Some(_) if value.is_empty() => {}
                Some(known) => drop(wants.own.insert(known, value)),
                None if of_search => drop(rest.append_pair(&parameter, &value)),
                None => {
                    let mut known: Vec<&str> = own.iter().filter_map(|o| is_own(o)).collect();
                    known.extend(["q", "succession"]);
                    known.extend(address::conditions());
                    return Err(Fault::Unknown { name: parameter, known: known.join(", ") });
                }
            }
        }
        wants.question = Question::read(Some(&rest.finish()))?;
        Ok(wants)
    }

    /// One of its own parameters.
    pub(super) fn own(&self, name: &str) -> Option<&str> {
        self.own.get(name).map(String::as_str)
    }

    fn text(&self, name: &str) -> String {
        self.own(name).unwrap_or_default().to_string()
    }
}

/// Which entries of a register are wanted.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Narrow {
    /// Words that a row has, folded.
    find: String,
    /// A day that agreements are in force on.
    in_force: Option<Date>,
    /// A day that the last known day of agreements is before.
    expires_before: Option<Date>,
    /// The documents one of which speaks of it; all if none are told.
    documents: Option<HashSet<String>>,
}

impl Narrow {
    /// Reads it.
    pub(super) fn read(wants: &Wants) -> Result<Narrow, Fault> {
        let day = |name: &str| wants.own(name).map(|typed| address::day(name, typed)).transpose();
        Ok(Narrow {
            find: fold(wants.own("find").unwrap_or_default().trim()),
            in_force: day("in_force")?,
            expires_before: day("expires_before")?,
            documents: None,
        })
    }

    /// The same with the documents that a search finds, if one is meant.
    pub(super) fn among(self, app: &App, state: &State, question: &Question) -> Result<Narrow, SearchError> {
        if question.is_empty() {
            return Ok(self);
        }
        let query = search::read(&question.request, &state.engine, &app.lex)?;
        let found = state.engine.search(&index::Ask { query, limit: usize::MAX, ..index::Ask::default() })?;
        let documents = found.hits.into_iter().map(|h| h.doc.as_str().to_string()).collect();
        Ok(Narrow { documents: Some(documents), ..self })
    }

    /// True if one of these documents is among those found.
    fn has_one<'d>(&self, mut documents: impl Iterator<Item = &'d str>) -> bool {
        self.documents.as_ref().is_none_or(|all| documents.any(|d| all.contains(d)))
    }

    fn has(&self, row: &[Cell]) -> bool {
        self.find.is_empty() || row.iter().any(|c| fold(&c.text).contains(&self.find))
    }

    fn has_agreement(&self, a: &Agreement) -> bool {
        self.in_force.is_none_or(|day| a.in_force(day, day))
            && self.expires_before.is_none_or(|day| a.ends().is_some_and(|e| e < day))
            && self.has_one(documents(a.periods.iter().flat_map(|p| &p.mentions).chain(&a.mentions)))
    }
}

/// The documents of some proofs.
fn documents<'p>(proofs: impl Iterator<Item = &'p Proof>) -> impl Iterator<Item = &'p str> {
    proofs.map(|p| p.source.id.as_str())
}

/// The places in a register of the entries that are wanted, in its order.
pub(super) fn chosen(app: &App, registers: &Registers, ask: &Ask, name: &str, narrow: &Narrow) -> Vec<usize> {
    let mut all: Vec<usize> = Pages { app, registers, ask }.rows(name, narrow).into_iter().map(|(i, _)| i).collect();
    all.dedup();
    all
}

/// What the address of a list asks for.
struct Listed {
    find: String,
    in_force: String,
    expires_before: String,
    sort: String,
    question: Question,
    page: usize,
    narrow: Narrow,
}

/// A register as a list, or one entry of it.
pub(super) fn page(app: &App, state: &State, ask: &Ask, name: &str) -> Answer {
    let lang = ask.lang;
    let Some(name) = NAMES.into_iter().find(|n| *n == name) else {
        return fault(lang, StatusCode::NOT_FOUND, lang.t("fault.no_page"));
    };
    let read = || {
        let own: &[&str] = &["id", "find", "in_force", "expires_before", "sort", "page", "view"];
        let wants = Wants::read(name, ask.query.as_deref(), own)?;
        let narrow = Narrow::read(&wants)?;
        let page = wants.own("page").map_or(Ok(1), |p| number("page", p))?;
        if let Some(other) = wants.own("view").filter(|v| !matches!(*v, "timeline.svg" | "csv")) {
            return Err(Fault::Value { name: "view".into(), value: other.into(), expected: "view_of_register" });
        }
        Ok((wants, narrow, page))
    };
    let (wants, narrow, page) = match read() {
        Ok(read) => read,
        Err(e) => return bad_address(lang, &e),
    };
    let narrow = match narrow.among(app, state, &wants.question) {
        Ok(narrow) => narrow,
        Err(e) => return refused(ask, &e, &wants.question),
    };
    let (id, view) = (wants.own("id").map(str::to_string), wants.own("view").map(str::to_string));
    let listed = Listed {
        find: wants.text("find"),
        in_force: wants.text("in_force"),
        expires_before: wants.text("expires_before"),
        sort: wants.text("sort"),
        question: wants.question,
        page,
        narrow,
    };
    let made = match app.registers(state) {
        Ok(made) => made,
        Err(why) => return not_made(lang, &why),
    };
    let pages = Pages { app, registers: &made.registers, ask };
    let is_behind = made.sequence != state.sequence;
    let answer = match (id, view.as_deref()) {
        (id, Some("timeline.svg")) if name == "agreements" => pages.timeline(id.as_deref(), &listed.narrow),
        (None, Some("csv")) => pages.csv(name, &listed),
        (Some(id), _) => {
            pages.entry(name, &id).unwrap_or_else(|| fault(lang, StatusCode::NOT_FOUND, lang.t("fault.no_entry")))
        }
        (None, _) => pages.list(name, &listed, is_behind),
    };
    if is_behind { answer.passing() } else { answer }
}

struct Pages<'a> {
    app: &'a App,
    registers: &'a Registers,
    ask: &'a Ask,
}

impl Cell {
    /// The class it is laid out by: numbers to the right, dates and the like in one piece.
    fn class(&self) -> &'static str {
        match self.number {
            Some(_) => "number",
            None if self.url.is_none() && self.text.len() <= 12 => "short",
            None => "",
        }
    }
}

fn text(text: impl Into<String>) -> Cell {
    Cell { text: text.into(), url: None, number: None }
}

/// The id that a value of the registers has in the API.
fn id_of(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_string)).unwrap_or_default()
}

fn count(n: usize) -> Cell {
    Cell { text: n.to_string(), url: None, number: Some(n) }
}

fn date(d: Option<PartialDate>) -> Cell {
    text(d.map(|d| d.to_string()).unwrap_or_default())
}

impl Pages<'_> {
    fn lang(&self) -> Lang {
        self.ask.lang
    }

    fn t(&self, key: &str) -> String {
        self.ask.lang.t(key).to_string()
    }

    /// A value of the registers in words, under `group.id`.
    fn word(&self, group: &str, value: &impl Serialize) -> String {
        self.t(&format!("{group}.{}", id_of(value)))
    }

    fn url(&self, register: &str, id: &str) -> String {
        link(&format!("{}/{register}", self.ask.lang.prefix()), &[("id", id)])
    }

    fn entry_cell(&self, register: &str, id: &str, name: &str) -> Cell {
        Cell { url: Some(self.url(register, id)), ..text(name) }
    }

    fn district(&self, id: &str) -> String {
        label(Field::District, id, &self.app.lex)
    }

    fn districts(&self, ids: &[String]) -> String {
        ids.iter().map(|d| self.district(d)).collect::<Vec<_>>().join(", ")
    }

    /// The rows of a register that are wanted, each with its entry's place.
    fn rows(&self, name: &str, narrow: &Narrow) -> Vec<(usize, Vec<Cell>)> {
        let r = self.registers;
        let mut rows: Vec<(usize, Vec<Cell>)> = match name {
            "agreements" => {
                let wanted = r.agreements.iter().enumerate().filter(|(_, a)| narrow.has_agreement(a));
                wanted.map(|(i, a)| (i, self.agreement_row(a))).collect()
            }
            "organisations" => {
                let all = r.organisations.entries.iter().enumerate();
                let all = all.filter(|(_, o)| narrow.has_one(documents(o.mentions.iter())));
                all.map(|(i, o)| (i, self.organisation_row(o))).collect()
            }
            "cases" => {
                let all = r.cases.entries.iter().enumerate();
                let all = all.filter(|(_, c)| narrow.has_one(c.steps.iter().map(|s| s.document.as_str())));
                all.map(|(i, c)| (i, self.case_row(c))).collect()
            }
            "districts" => r.districts.iter().enumerate().map(|(i, d)| (i, self.district_row(d))).collect(),
            _ => {
                let all = r.people.iter().enumerate();
                let all = all.filter(|(_, p)| narrow.has_one(documents(p.roles.iter().flat_map(|r| &r.mentions))));
                all.flat_map(|(i, p)| self.person_rows(p).into_iter().map(move |row| (i, row))).collect()
            }
        };
        rows.retain(|(_, row)| narrow.has(row));
        rows
    }

    /// The rows of a list in the order asked for, and what they are sorted by: a column, and whether downwards.
    fn sorted(&self, name: &str, listed: &Listed) -> (Vec<Vec<Cell>>, Option<(usize, bool)>) {
        let mut rows: Vec<Vec<Cell>> = self.rows(name, &listed.narrow).into_iter().map(|(_, row)| row).collect();
        let (wanted, down) = listed.sort.strip_prefix('-').map_or((listed.sort.as_str(), false), |s| (s, true));
        let Some(column) = columns(name).iter().position(|c| *c == wanted) else { return (rows, None) };
        rows.sort_by_cached_key(|row| row.get(column).map(|c| (c.number, fold(&c.text))));
        if down {
            rows.reverse();
        }
        (rows, Some((column, down)))
    }

    fn list(&self, name: &'static str, listed: &Listed, is_behind: bool) -> Answer {
        let (mut rows, sorted) = self.sorted(name, listed);
        let total = rows.len();
        let first = (listed.page - 1).saturating_mul(ROWS).min(total);
        let rows: Vec<Vec<Cell>> = rows.drain(first..total.min(first + ROWS)).collect();
        let last = first + rows.len();
        let frame = Frame::new(self.ask, name, self.t(&format!("part.{name}")));
        let here = frame.url(&format!("/{name}"));
        let conditions = listed.question.parameters();
        let with = |path: &str, sort: &str, page: usize, view: &str| {
            let page = if page > 1 { page.to_string() } else { String::new() };
            let own = [
                ("find", listed.find.as_str()),
                ("in_force", &listed.in_force),
                ("expires_before", &listed.expires_before),
                ("sort", sort),
                ("page", &page),
                ("view", view),
            ];
            let of_search = conditions.iter().map(|(n, v)| (*n, v.as_str()));
            link(path, &of_search.chain(own).filter(|(_, v)| !v.is_empty()).collect::<Vec<_>>())
        };
        let head = columns(name).iter().enumerate().map(|(i, column)| {
            let now = sorted.filter(|(c, _)| *c == i).map(|(_, down)| down);
            let next = if now == Some(false) { format!("-{column}") } else { (*column).to_string() };
            let how = now.map(|down| if down { "descending" } else { "ascending" });
            (self.t(&format!("column.{column}")), with(&here, &next, 1, ""), how)
        });
        let page = ListPage {
            columns: head.collect(),
            previous: (listed.page > 1).then(|| with(&here, &listed.sort, listed.page - 1, "")),
            next: (last < total).then(|| with(&here, &listed.sort, listed.page + 1, "")),
            timeline: (name == "agreements" && !rows.is_empty()).then(|| with("/agreements", "", 1, "timeline.svg")),
            csv: with(&here, &listed.sort, 1, "csv"),
            api: with(&format!("/api/v1/{name}"), "", 1, ""),
            rows,
            total,
            first: first + 1,
            last,
            name,
            find: listed.find.clone(),
            in_force: listed.in_force.clone(),
            expires_before: listed.expires_before.clone(),
            sort: listed.sort.clone(),
            search: (!conditions.is_empty()).then(|| listed.question.link(&frame.url("/"))),
            read_as: self.read_as(&listed.question),
            conditions: conditions.clone(),
            is_behind,
            frame,
        };
        html(&page, self.lang())
    }

    /// The conditions of a search in words, as chips have them.
    fn read_as(&self, question: &Question) -> String {
        let said = |(name, value): (&'static str, String)| match Field::by_name(name) {
            Some(field) => format!("{}: {}", self.lang().field(field), label(field, &value, &self.app.lex)),
            None if name == "q" => value,
            None => String::new(),
        };
        question.parameters().into_iter().map(said).filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" · ")
    }

    /// The whole list as a table to be opened elsewhere.
    fn csv(&self, name: &'static str, listed: &Listed) -> Answer {
        let (rows, _) = self.sorted(name, listed);
        let head: Vec<String> = columns(name).iter().map(|c| self.t(&format!("column.{c}"))).collect();
        let mut head: Vec<&str> = head.iter().map(String::as_str).collect();
        head.push("url");
        let base = &self.ask.base;
        let row = |cells: Vec<Cell>| {
            let url = cells.iter().find_map(|c| c.url.as_ref()).map(|u| format!("{base}{u}")).unwrap_or_default();
            cells.into_iter().map(|c| c.text).chain([url]).collect()
        };
        table::csv(name, &head, rows.into_iter().map(row))
    }

    fn agreement_row(&self, a: &Agreement) -> Vec<Cell> {
        let first = a.periods.iter().filter_map(|p| p.start_as_said()).min();
        let last = a.periods.iter().filter_map(|p| p.lasted_as_said().or(p.end_as_said())).max();
        let open = a.periods.iter().any(|p| p.open_ended);
        let end = if open { self.t("agreement.open") } else { last.map(|d| d.to_string()).unwrap_or_default() };
        let start = first.map(|d| d.to_string()).unwrap_or_default();
        let period = if start.is_empty() && end.is_empty() { String::new() } else { format!("{start} – {end}") };
        vec![
            self.entry_cell("agreements", &a.id, &a.name),
            text(a.types.join(", ")),
            text(self.districts(&a.districts)),
            text(period),
            count(a.documents),
        ]
    }

    fn organisation_row(&self, o: &Organisation) -> Vec<Cell> {
        vec![
            self.entry_cell("organisations", &o.id, &o.name),
            text(o.org_nr.clone().unwrap_or_default()),
            text(self.word("role", &o.kind)),
            text(self.districts(&o.districts)),
            count(o.agreements.len()),
            date(o.last_seen),
            count(o.documents),
        ]
    }

    fn case_row(&self, c: &Case) -> Vec<Cell> {
        let outcome = c.comparisons.last().map(|x| self.t(if x.differs { "case.differs" } else { "case.same" }));
        vec![
            self.entry_cell("cases", &c.id, &c.dnr),
            text(c.title.clone().unwrap_or_default()),
            text(c.authority.clone().unwrap_or_default()),
            date(c.last_seen),
            count(c.documents),
            text(outcome.unwrap_or_default()),
        ]
    }

    fn district_row(&self, d: &District) -> Vec<Cell> {
        let time = match (&d.from, &d.to) {
            (None, None) => String::new(),
            (from, to) => format!("{} – {}", from.as_deref().unwrap_or_default(), to.as_deref().unwrap_or_default()),
        };
        vec![
            self.entry_cell("districts", &d.id, &d.name),
            text(d.city.clone()),
            text(time),
            count(d.documents),
            count(d.meetings.len()),
            count(d.cases),
            count(d.agreements),
            count(d.organisations),
        ]
    }

    fn person_rows(&self, p: &Person) -> Vec<Vec<Cell>> {
        let row = |r: &registry::RoleSeen| {
            vec![
                self.entry_cell("people", &p.id, &p.name),
                text(r.role.clone()),
                text(r.political_party.clone().unwrap_or_default()),
                text(p.body.clone().unwrap_or_default()),
                date(r.last_seen),
                count(r.documents),
            ]
        };
        p.roles.iter().map(row).collect()
    }

    fn timeline(&self, id: Option<&str>, narrow: &Narrow) -> Answer {
        let shown: Vec<&Agreement> = self
            .registers
            .agreements
            .iter()
            .filter(|a| id.is_none_or(|id| a.id == id))
            .filter(|a| narrow.has_agreement(a) && narrow.has(&self.agreement_row(a)))
            .take(IN_CHART)
            .collect();
        Answer::new("image/svg+xml", registry::timeline(&shown, &self.app.lex))
    }

    fn proofs(&self, all: &[Proof]) -> Vec<ProofLine> {
        let one = |p: &Proof| {
            let document = format!("{}/document/{}", self.lang().prefix(), p.source.id);
            let page = p.page.map(|n| n.to_string()).unwrap_or_default();
            let at = if p.start < p.end { format!("{}-{}", p.start, p.end) } else { String::new() };
            let all = [("page", page.as_str()), ("at", &at)];
            let url = link(&document, &all.into_iter().filter(|(_, v)| !v.is_empty()).collect::<Vec<_>>());
            ProofLine { url, path: p.source.path.clone(), page: p.page, quote: p.quote.to_string() }
        };
        all.iter().take(MOST_PROOFS).map(one).collect()
    }

    fn line(&self, text: impl Into<String>, mentions: &[Proof]) -> Line {
        Line { text: text.into(), url: None, proofs: self.proofs(mentions) }
    }

    fn section(&self, key: &str, lines: Vec<Line>) -> Option<Section> {
        (!lines.is_empty()).then(|| Section { heading: self.t(key), lines })
    }

    fn entry(&self, name: &'static str, id: &str) -> Option<Answer> {
        let r = self.registers;
        let mut page = match name {
            "agreements" => {
                let is = |a: &&Agreement| a.id == id || a.other_ids.iter().any(|o| o == id);
                self.agreement(r.agreements.iter().find(is)?)
            }
            "organisations" => self.organisation(r.organisations.with_id(id)?),
            "cases" => self.case(r.cases.entries.iter().find(|c| c.id == id)?),
            "districts" => self.of_district(r.districts.iter().find(|d| d.id == id)?),
            _ => self.person(r.people.iter().find(|p| p.id == id)?),
        };
        page.facts.retain(|(_, c)| !c.text.is_empty());
        Some(html(&page, self.lang()))
    }

    fn entry_page(&self, register: &'static str, title: &str) -> EntryPage {
        let frame = Frame::new(self.ask, register, title);
        let back = frame.url(&format!("/{register}"));
        EntryPage { frame, facts: Vec::new(), timeline: None, sections: Vec::new(), comparisons: Vec::new(), back }
    }

    fn fact(&self, key: &str, cell: Cell) -> (String, Cell) {
        (self.t(key), cell)
    }

    fn agreement(&self, a: &Agreement) -> EntryPage {
        let mut page = self.entry_page("agreements", &a.name);
        page.facts = vec![
            self.fact("column.type", text(a.types.join(", "))),
            self.fact("column.districts", text(self.districts(&a.districts))),
            self.fact("column.documents", count(a.documents)),
        ];
        page.timeline =
            (!a.periods.is_empty()).then(|| link("/agreements", &[("id", &a.id), ("view", "timeline.svg")]));
        let period = |p: &registry::AgreedPeriod| {
            let day = |d: Option<PartialDate>| d.map_or_else(|| "?".to_string(), |d| d.to_string());
            let end = if p.open_ended { self.t("agreement.open") } else { day(p.end_as_said()) };
            let mut line = format!("{} – {end} ({})", day(p.start_as_said()), self.word("standing", &p.standing));
            for x in &p.extensions {
                let key = if x.proposed { "agreement.extension_proposed" } else { "agreement.extended" };
                line.push_str(&format!("; {} {}", self.t(key), x.new_end));
            }
            self.line(line, &p.mentions)
        };
        let said = |all: &[registry::Said<String>]| -> Vec<Line> {
            all.iter().map(|s| self.line(s.value.clone(), &s.mentions)).collect()
        };
        let party = |p: &registry::PartyThen| Line {
            text: format!("{} ({})", p.name, self.t(&format!("role.{}", p.role))),
            url: p.organisation.as_deref().map(|o| self.url("organisations", o)),
            proofs: Vec::new(),
        };
        let sum = |s: &registry::Sum| {
            let per = s.per.as_deref().map(|p| format!("/{p}")).unwrap_or_default();
            self.line(format!("{} kr{per}", self.lang().number(s.value_sek.max(0.0).round() as u64)), &s.mentions)
        };
        let case = |c: &String| Line { text: c.clone(), url: Some(self.url("cases", c)), proofs: Vec::new() };
        page.sections = [
            self.section("section.periods", a.periods.iter().map(period).collect()),
            self.section(
                "section.findings",
                a.findings.iter().map(|f| self.line(words::of_finding(self.lang(), f), &f.mentions)).collect(),
            ),
            self.section("section.parties", a.parties.iter().map(party).collect()),
            self.section(
                "section.signed",
                a.signed.iter().map(|s| self.line(s.value.to_string(), &s.mentions)).collect(),
            ),
            self.section("section.purpose", said(&a.purposes)),
            self.section("section.target_groups", said(&a.target_groups)),
            self.section("section.activities", said(&a.activities)),
            self.section("section.outcome", said(&a.outcomes)),
            self.section("section.sums", a.sums.iter().map(sum).collect()),
            self.section(
                "section.recommendations",
                a.recommendations
                    .iter()
                    .map(|r| {
                        let what = r
                            .recommendation
                            .map_or_else(|| self.t("recommendation.none"), |r| self.word("recommendation", &r));
                        let decided = r
                            .decided
                            .as_ref()
                            .map(|d| format!(" → {}", self.word("fate", &d.fate)))
                            .unwrap_or_default();
                        let when = r.date.map(|d| format!(" ({d})")).unwrap_or_default();
                        self.line(format!("{what}{when}{decided}"), &r.mentions)
                    })
                    .collect(),
            ),
            self.section("section.cases", a.cases.iter().map(case).collect()),
            self.section(
                "section.mentions",
                a.mentions.first().map(|_| self.line(String::new(), &a.mentions)).into_iter().collect(),
            ),
        ]
        .into_iter()
        .flatten()
        .collect();
        page
    }

    fn organisation(&self, o: &Organisation) -> EntryPage {
        let mut page = self.entry_page("organisations", &o.name);
        page.facts = vec![
            self.fact("column.org_nr", text(o.org_nr.clone().unwrap_or_default())),
            self.fact("column.type", text(self.word("role", &o.kind))),
            self.fact("column.districts", text(self.districts(&o.districts))),
            self.fact("column.first_seen", date(o.first_seen)),
            self.fact("column.last_seen", date(o.last_seen)),
            self.fact(
                "column.documents",
                Cell {
                    url: Some(link(&format!("{}/", self.lang().prefix()), &[("party", o.name.as_str())])),
                    ..count(o.documents)
                },
            ),
        ];
        let agreement = |id: &String| {
            let name = self.registers.agreements.iter().find(|a| a.id == *id).map(|a| a.name.clone());
            Line { text: name.unwrap_or_else(|| id.clone()), url: Some(self.url("agreements", id)), proofs: Vec::new() }
        };
        let name = |n: &registry::NameSeen| {
            let documents = self.lang().count(n.documents as u64, "documents");
            self.line(format!("{} ({}, {documents})", n.name, self.word("name", &n.kind)), &[])
        };
        page.sections = [
            self.section("section.agreements", o.agreements.iter().map(agreement).collect()),
            self.section("section.names", o.names.iter().map(name).collect()),
            self.section(
                "section.merges",
                o.merges
                    .iter()
                    .map(|m| {
                        self.line(
                            format!("{} = {} ({})", m.names[0], m.names[1], self.word("reason", &m.reason)),
                            &m.mentions,
                        )
                    })
                    .collect(),
            ),
            self.section(
                "section.malformed",
                o.malformed_numbers.iter().map(|m| self.line(m.raw.clone(), &m.mentions)).collect(),
            ),
            self.section("section.mentions", vec![self.line(String::new(), &o.mentions)]),
        ]
        .into_iter()
        .flatten()
        .collect();
        page
    }

    fn case(&self, c: &Case) -> EntryPage {
        let mut page = self.entry_page("cases", &c.dnr);
        page.facts = vec![
            self.fact("column.title", text(c.title.clone().unwrap_or_default())),
            self.fact("column.authority", text(c.authority.clone().unwrap_or_default())),
            self.fact("column.first_seen", date(c.first_seen)),
            self.fact("column.last_seen", date(c.last_seen)),
            self.fact("column.documents", count(c.documents)),
        ];
        for s in &c.steps {
            let date = s.date.map(|d| d.to_string()).unwrap_or_else(|| self.t("no_date"));
            let item = s.item.as_deref().map(|i| format!(", {i}")).unwrap_or_default();
            let mut lines = vec![Line {
                text: s.title.clone().unwrap_or_else(|| s.path.clone()),
                url: Some(format!("{}/document/{}", self.lang().prefix(), s.document)),
                proofs: self.proofs(&s.mentions),
            }];
            for d in &s.decisions {
                let status = label(Field::Status, d.status.as_str(), &self.app.lex);
                let number = d.number.as_deref().map(|n| format!("{n}. ")).unwrap_or_default();
                lines.push(self.line(format!("{status}: {number}{}", d.text), &d.mentions));
            }
            let role = self.word("step", &s.role);
            page.sections.push(Section { heading: format!("{date} · {role}{item}"), lines });
        }
        for x in &c.comparisons {
            let when = x.date.map(|d| d.to_string()).unwrap_or_default();
            let points = x.points.iter().map(|p| {
                let (key, class) = match p.verdict {
                    Verdict::Same => ("verdict.same", "same"),
                    Verdict::Changed => ("verdict.changed", "changed"),
                    Verdict::Added => ("verdict.added", "added"),
                    Verdict::LeftOut => ("verdict.left_out", "left-out"),
                };
                (class, self.t(key), p.proposed.clone().unwrap_or_default(), p.decided.clone().unwrap_or_default())
            });
            let words = self.t(if x.differs { "case.differs" } else { "case.same" });
            page.comparisons.push(Side {
                heading: format!("{when}: {words}"),
                differs: x.differs,
                points: points.collect(),
            });
        }
        for (key, links) in [("section.cites", &c.cites), ("section.cited_by", &c.cited_by)] {
            let lines = links.iter().map(|l| Line {
                text: l.dnr.clone(),
                url: l.case.as_deref().map(|c| self.url("cases", c)),
                proofs: self.proofs(&l.mentions),
            });
            page.sections.extend(self.section(key, lines.collect()));
        }
        page
    }

    fn of_district(&self, d: &District) -> EntryPage {
        let mut page = self.entry_page("districts", &d.name);
        let documents = link(&format!("{}/", self.lang().prefix()), &[("district", d.id.as_str())]);
        page.facts = vec![
            self.fact("column.body", text(d.board.clone())),
            self.fact("column.city", text(d.city.clone())),
            self.fact(
                "column.time",
                text(match (&d.from, &d.to) {
                    (None, None) => String::new(),
                    (a, b) => format!("{} – {}", a.as_deref().unwrap_or_default(), b.as_deref().unwrap_or_default()),
                }),
            ),
            self.fact("column.documents", Cell { url: Some(documents), ..count(d.documents) }),
            self.fact("column.meetings", count(d.meetings.len())),
            self.fact("column.cases", count(d.cases)),
            self.fact("column.agreements", count(d.agreements)),
            self.fact("column.organisations", count(d.organisations)),
        ];
        let step = |s: &registry::Succession| Line {
            text: s.since.as_ref().map_or_else(|| s.name.clone(), |since| format!("{} ({since})", s.name)),
            url: Some(self.url("districts", &s.id)),
            proofs: Vec::new(),
        };
        let own = self.registers.agreements.iter().filter(|a| a.districts.contains(&d.id));
        let agreements =
            own.map(|a| Line { text: a.name.clone(), url: Some(self.url("agreements", &a.id)), proofs: Vec::new() });
        page.sections = [
            self.section("section.predecessors", d.predecessors.iter().map(step).collect()),
            self.section("section.successors", d.successors.iter().map(step).collect()),
            self.section(
                "section.years",
                d.years
                    .iter()
                    .map(|(y, n)| {
                        let url = link(
                            &format!("{}/", self.lang().prefix()),
                            &[("district", d.id.as_str()), ("year", &y.to_string())],
                        );
                        Line {
                            text: format!("{y}: {}", self.lang().count(*n as u64, "documents")),
                            url: Some(url),
                            proofs: Vec::new(),
                        }
                    })
                    .collect(),
            ),
            self.section("section.agreements", agreements.take(MOST_ROWS).collect()),
        ]
        .into_iter()
        .flatten()
        .collect();
        page
    }

    fn person(&self, p: &Person) -> EntryPage {
        let mut page = self.entry_page("people", &p.name);
        page.facts = vec![
            self.fact("column.body", text(p.body.clone().unwrap_or_default())),
            self.fact("column.districts", text(self.districts(&p.districts))),
            self.fact("column.first_seen", date(p.first_seen)),
            self.fact("column.last_seen", date(p.last_seen)),
            self.fact("column.documents", count(p.documents)),
        ];
        let role = |r: &registry::RoleSeen| {
            let party = r.political_party.as_deref().map(|p| format!(" ({p})")).unwrap_or_default();
            let day = |d: Option<PartialDate>| d.map(|d| d.to_string()).unwrap_or_default();
            self.line(format!("{}{party}, {} – {}", r.role, day(r.first_seen), day(r.last_seen)), &r.mentions)
        };
        page.sections.extend(self.section("section.roles", p.roles.iter().map(role).collect()));
        page
    }
}
