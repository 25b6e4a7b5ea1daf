//! The lists of the registers: sorted, narrowed, taken along as files. `entry` has the page of each entry.

use std::collections::{BTreeMap, BTreeSet, HashSet};

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
use crate::lexicon::Lexicon;
use crate::query::Field;
use crate::registry::{self, Agreement, Case, District, Organisation, Person, Proof, Registers};
use crate::search::{self, SearchError, Speaker as _, Succession, label};

/// The other forms of a register, or of one entry.
const VIEWS: [&str; 4] = ["timeline.svg", "csv", "xlsx", "feed.atom"];
/// Rows of a list on a page, and most agreements in a chart.
const ROWS: usize = 200;
const IN_CHART: usize = 200;

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
    xlsx: String,
    api: String,
    /// Lists that many ask for: words and address.
    often: Vec<(String, String)>,
    /// Districts of the agreements that are shown, those with most first: name, how many, address.
    by_district: Vec<(String, usize, String)>,
    /// The search whose documents it is narrowed to: its address, how it was read, its parameters.
    search: Option<String>,
    read_as: String,
    conditions: Vec<(&'static str, String)>,
    /// True if the registers are of an earlier state than the documents.
    is_behind: bool,
}

/// A cell of a list: what it says, where it leads.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) url: Option<String>,
    /// Parts of it that lead somewhere each: words and address; instead of the whole.
    pub(super) parts: Vec<(String, String)>,
    /// What it is sorted by, where that is a number.
    pub(super) number: Option<usize>,
}

/// The columns of a register, by what they are sorted by; their headings stand under `column.`.
fn columns(name: &str) -> &'static [&'static str] {
    match name {
        "agreements" => &["name", "type", "districts", "period", "now", "documents"],
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

/// True for a register whose entries have agreements.
pub(super) fn has_chart(name: &str) -> bool {
    matches!(name, "agreements" | "organisations" | "districts")
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
    /// First and last of the days on one of which agreements are in force.
    in_force: Option<(Date, Date)>,
    /// A day that the last known day of agreements is before.
    expires_before: Option<Date>,
    /// Districts that agreements are of, as then, or that are wanted themselves; all if none are told.
    districts: Option<BTreeSet<String>>,
    /// The documents one of which speaks of it; all if none are told.
    documents: Option<HashSet<String>>,
}

impl Narrow {
    /// Reads it.
    pub(super) fn read(wants: &Wants) -> Result<Narrow, Fault> {
        let day = |name: &str| wants.own(name).map(|typed| address::day(name, typed)).transpose();
        Ok(Narrow {
            find: fold(wants.own("find").unwrap_or_default().trim()),
            in_force: wants.own("in_force").map(|typed| address::days("in_force", typed)).transpose()?,
            expires_before: day("expires_before")?,
            districts: None,
            documents: None,
        })
    }

    /// The same with the documents that a search finds, if one is meant. As on the command line, a district of agreements is their own, not
    /// that of documents which speak of them.
    pub(super) fn among(
        self,
        app: &App,
        state: &State,
        name: &str,
        question: &Question,
    ) -> Result<Narrow, SearchError> {
        let mut question = question.clone();
        let request = &mut question.request;
        let typed = request.filters.iter().filter(|(field, _)| *field == Field::District);
        let typed = typed.flat_map(|(_, values)| values).map(String::as_str);
        let typed = registry::districts_named(typed, request.succession == Succession::Now, &app.lex);
        let mut narrow = self;
        if name == "agreements" && typed.is_some() {
            request.filters.retain(|(field, _)| *field != Field::District);
            narrow.districts.clone_from(&typed);
        }
        if question.is_empty() {
            return Ok(narrow);
        }
        let query = search::read(&question.request, &state.engine, &app.lex)?;
        let found = state.engine.search(&index::Ask { query, limit: usize::MAX, ..index::Ask::default() })?;
        if name == "districts" {
            let own: BTreeSet<String> = found.hits.iter().filter_map(|h| h.card.district.clone()).collect();
            narrow.districts = Some(typed.filter(|_| !found.hits.is_empty()).unwrap_or(own));
        }
        narrow.documents = Some(found.hits.into_iter().map(|h| h.doc.as_str().to_string()).collect());
        Ok(narrow)
    }

    /// True if one of these documents is among those found.
    fn has_one<'d>(&self, mut documents: impl Iterator<Item = &'d str>) -> bool {
        self.documents.as_ref().is_none_or(|all| documents.any(|d| all.contains(d)))
    }

    fn has(&self, row: &[Cell]) -> bool {
        self.find.is_empty() || row.iter().any(|c| fold(&c.text).contains(&self.find))
    }

    fn has_agreement(&self, a: &Agreement, lex: &Lexicon) -> bool {
        a.is_of(self.districts.as_ref(), self.in_force, lex)
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
    let mut all: Vec<usize> = Pages { app, registers, ask }.places(name, narrow).into_iter().map(|(i, _)| i).collect();
    all.dedup();
    all
}

/// The places of what is wanted.
fn at(wanted: impl Iterator<Item = bool>) -> Vec<Place> {
    wanted.enumerate().filter(|(_, is)| *is).map(|(i, _)| (i, 0)).collect()
}

/// The column that `name` or `-name` sorts by, and whether downwards.
fn column_of(register: &str, sort: &str) -> Option<(usize, bool)> {
    let (wanted, down) = sort.strip_prefix('-').map_or((sort, false), |s| (s, true));
    Some((columns(register).iter().position(|c| *c == wanted)?, down))
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
        if let Some(other) = wants.own("view").filter(|v| !VIEWS.contains(v)) {
            return Err(Fault::Value { name: "view".into(), value: other.into(), expected: "view_of_register" });
        }
        if let Some(other) = wants.own("sort").filter(|s| column_of(name, s).is_none()) {
            return Err(Fault::Value { name: "sort".into(), value: other.into(), expected: "column" });
        }
        Ok((wants, narrow, page))
    };
    let (wants, narrow, page) = match read() {
        Ok(read) => read,
        Err(e) => return bad_address(lang, &e),
    };
    let narrow = match narrow.among(app, state, name, &wants.question) {
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
        (id, Some("timeline.svg")) if name == "agreements" || (id.is_some() && has_chart(name)) => {
            pages.timeline(name, id.as_deref(), &listed.narrow)
        }
        (None, Some("csv")) => pages.csv(name, &listed),
        (None, Some("xlsx")) => pages.workbook(name, &listed),
        (Some(id), Some("feed.atom")) => {
            pages.feed(name, &id).unwrap_or_else(|| fault(lang, StatusCode::NOT_FOUND, lang.t("fault.no_entry")))
        }
        (Some(id), _) => {
            pages.entry(name, &id).unwrap_or_else(|| fault(lang, StatusCode::NOT_FOUND, lang.t("fault.no_entry")))
        }
        (None, _) => pages.list(name, &listed, is_behind),
    };
    if is_behind { answer.passing() } else { answer }
}

/// The place of a row: of its entry in the register, and of the row among those of its entry.
type Place = (usize, usize);

/// What the pages of the registers are made from.
pub(super) struct Pages<'a> {
    pub(super) app: &'a App,
    pub(super) registers: &'a Registers,
    pub(super) ask: &'a Ask,
}

impl Cell {
    /// The class it is laid out by: numbers to the right, dates and the like in one piece.
    pub(super) fn class(&self) -> &'static str {
        match self.number {
            Some(_) => "number",
            None if self.url.is_none() && self.parts.len() < 2 && self.text.len() <= 14 => "short",
            None => "",
        }
    }
}

pub(super) fn text(text: impl Into<String>) -> Cell {
    Cell { text: text.into(), ..Cell::default() }
}

/// Several things in one cell, each with its address.
pub(super) fn parts(parts: impl Iterator<Item = (String, String)>) -> Cell {
    let parts: Vec<(String, String)> = parts.collect();
    let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
    Cell { text: names.join(", "), parts, ..Cell::default() }
}

/// The id that a value of the registers has in the API.
fn id_of(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_string)).unwrap_or_default()
}

pub(super) fn count(n: usize) -> Cell {
    Cell { text: n.to_string(), number: Some(n), ..Cell::default() }
}

pub(super) fn date(d: Option<PartialDate>) -> Cell {
    text(d.map(|d| d.to_string()).unwrap_or_default())
}

/// The whole address of a row's entry.
fn address_of(base: &str, cells: &[Cell]) -> String {
    cells.iter().find_map(|c| c.url.as_ref()).map(|u| format!("{base}{u}")).unwrap_or_default()
}

impl Pages<'_> {
    pub(super) fn lang(&self) -> Lang {
        self.ask.lang
    }

    pub(super) fn t(&self, key: &str) -> String {
        self.ask.lang.t(key).to_string()
    }

    /// A value of the registers in words, under `group.id`.
    pub(super) fn word(&self, group: &str, value: &impl Serialize) -> String {
        self.t(&format!("{group}.{}", id_of(value)))
    }

    pub(super) fn url(&self, register: &str, id: &str) -> String {
        link(&format!("{}/{register}", self.ask.lang.prefix()), &[("id", id)])
    }

    pub(super) fn entry_cell(&self, register: &str, id: &str, name: &str) -> Cell {
        Cell { url: Some(self.url(register, id)), ..text(name) }
    }

    pub(super) fn district(&self, id: &str) -> String {
        label(Field::District, id, &self.app.lex)
    }

    /// Districts, each leading to what this register has of it.
    pub(super) fn districts(&self, register: &str, ids: &[String]) -> Cell {
        let path = format!("{}/{register}", self.lang().prefix());
        parts(ids.iter().map(|d| (self.district(d), link(&path, &[("district", d.as_str())]))))
    }

    /// A word of a list, leading to the entries that have it.
    pub(super) fn found(&self, register: &str, words: &[String]) -> Cell {
        let path = format!("{}/{register}", self.lang().prefix());
        parts(words.iter().filter(|w| !w.is_empty()).map(|w| (w.clone(), link(&path, &[("find", w.as_str())]))))
    }

    /// Whether an agreement is in force today, as far as documents tell.
    pub(super) fn today(&self, a: &Agreement) -> String {
        let today = self.ask.today;
        let held: Vec<&registry::AgreedPeriod> = a.periods.iter().filter(|p| p.standing.holds()).collect();
        let later = |p: &&registry::AgreedPeriod| p.first_day().is_some_and(|d| d > today);
        let key = if a.in_force(today, today) {
            "now.yes"
        } else if held.is_empty() && !a.periods.is_empty() {
            "now.proposed"
        } else if held.iter().all(|p| p.start.is_none() && p.lasted_until.is_none()) {
            "now.unknown"
        } else if held.iter().any(later) {
            "now.later"
        } else {
            "now.no"
        };
        self.t(key)
    }

    /// An entry in a line: name, address, what to know of it first; none if there is no such place.
    pub(super) fn in_short(&self, register: &str, place: usize) -> Option<(String, String, String)> {
        let r = self.registers;
        let documents = |n: usize| self.lang().count(n as u64, "documents");
        let (name, id, facts) = match register {
            "agreements" => {
                let a = r.agreements.get(place)?;
                let row = self.agreement_row(a);
                let period = row.get(3).map(|c| c.text.clone()).unwrap_or_default();
                (&a.name, &a.id, vec![self.districts(register, &a.districts).text, period, self.today(a)])
            }
            "organisations" => {
                let o = r.organisations.entries.get(place)?;
                let number = o.org_nr.clone().unwrap_or_default();
                (&o.name, &o.id, vec![self.word("role", &o.kind), number, documents(o.documents)])
            }
            "cases" => {
                let c = r.cases.entries.get(place)?;
                let outcome =
                    c.comparisons.last().map(|x| self.t(if x.differs { "case.differs" } else { "case.same" }));
                (&c.dnr, &c.id, vec![c.title.clone().unwrap_or_default(), outcome.unwrap_or_default()])
            }
            "districts" => {
                let d = r.districts.get(place)?;
                (&d.name, &d.id, vec![d.city.clone(), documents(d.documents)])
            }
            _ => {
                let p = r.people.get(place)?;
                let role = p.roles.last().map(|r| r.role.clone()).unwrap_or_default();
                (&p.name, &p.id, vec![role, p.body.clone().unwrap_or_default()])
            }
        };
        let facts: Vec<String> = facts.into_iter().filter(|f| !f.is_empty()).collect();
        Some((name.clone(), self.url(register, id), facts.join(" · ")))
    }

    /// The places of the rows that are wanted, in the register's order.
    fn places(&self, name: &str, narrow: &Narrow) -> Vec<Place> {
        let r = self.registers;
        let mut places: Vec<Place> = match name {
            "agreements" => at(r.agreements.iter().map(|a| narrow.has_agreement(a, &self.app.lex))),
            "organisations" => at(r.organisations.entries.iter().map(|o| narrow.has_one(documents(o.mentions.iter())))),
            "cases" => at(r.cases.entries.iter().map(|c| narrow.has_one(c.steps.iter().map(|s| s.document.as_str())))),
            "districts" => {
                at(r.districts.iter().map(|d| narrow.districts.as_ref().is_none_or(|wanted| wanted.contains(&d.id))))
            }
            _ => {
                let has_one = |p: &Person| narrow.has_one(documents(p.roles.iter().flat_map(|role| &role.mentions)));
                let wanted = r.people.iter().enumerate().filter(|(_, p)| has_one(p));
                wanted.flat_map(|(i, p)| (0..p.roles.len()).map(move |role| (i, role))).collect()
            }
        };
        if !narrow.find.is_empty() {
            places.retain(|place| narrow.has(&self.row(name, *place)));
        }
        places
    }

    /// The row at a place.
    fn row(&self, name: &str, (i, of_entry): Place) -> Vec<Cell> {
        let r = self.registers;
        let row = match name {
            "agreements" => r.agreements.get(i).map(|a| self.agreement_row(a)),
            "organisations" => r.organisations.entries.get(i).map(|o| self.organisation_row(o)),
            "cases" => r.cases.entries.get(i).map(|c| self.case_row(c)),
            "districts" => r.districts.get(i).map(|d| self.district_row(d)),
            _ => r.people.get(i).and_then(|p| Some(self.person_row(p, p.roles.get(of_entry)?))),
        };
        row.unwrap_or_default()
    }

    /// The places of a list in the order asked for, and what they are sorted by: a column, and whether downwards.
    fn sorted(&self, name: &str, listed: &Listed) -> (Vec<Place>, Option<(usize, bool)>) {
        let mut places = self.places(name, &listed.narrow);
        let Some((column, down)) = column_of(name, &listed.sort) else { return (places, None) };
        let key = |place: &Place| self.row(name, *place).get(column).map(|c| (c.number, fold(&c.text)));
        places.sort_by_cached_key(key);
        if down {
            places.reverse();
        }
        (places, Some((column, down)))
    }

    fn list(&self, name: &'static str, listed: &Listed, is_behind: bool) -> Answer {
        let (places, sorted) = self.sorted(name, listed);
        let total = places.len();
        let first = (listed.page - 1).saturating_mul(ROWS).min(total);
        let rows: Vec<Vec<Cell>> =
            places.into_iter().skip(first).take(ROWS).map(|place| self.row(name, place)).collect();
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
        let by_district = match name {
            "agreements" => self.by_district(&listed.narrow, &|district| {
                let own =
                    [("find", district), ("in_force", &listed.in_force), ("expires_before", &listed.expires_before)];
                let of_search = conditions.iter().map(|(n, v)| (*n, v.as_str()));
                link(&here, &of_search.chain(own).filter(|(_, v)| !v.is_empty()).collect::<Vec<_>>())
            }),
            _ => Vec::new(),
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
            timeline: (name == "agreements" && !rows.is_empty()).then(|| with(&here, "", 1, "timeline.svg")),
            csv: with(&here, &listed.sort, 1, "csv"),
            xlsx: with(&here, &listed.sort, 1, "xlsx"),
            by_district,
            often: if name == "agreements" { self.often(&here) } else { Vec::new() },
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

    /// The districts that the wanted agreements are of, those with most first. Where days are asked for, the districts of those days.
    fn by_district(&self, narrow: &Narrow, address: &dyn Fn(&str) -> String) -> Vec<(String, usize, String)> {
        let mut all: BTreeMap<&str, usize> = BTreeMap::new();
        let wanted = self.registers.agreements.iter().filter(|a| narrow.has_agreement(a, &self.app.lex));
        for a in wanted.filter(|a| narrow.find.is_empty() || narrow.has(&self.agreement_row(a))) {
            match narrow.in_force {
                Some((first, last)) => {
                    a.districts_in_force(first, last, &self.app.lex)
                        .iter()
                        .for_each(|d| *all.entry(d).or_default() += 1);
                }
                None => a.districts.iter().for_each(|d| *all.entry(d).or_default() += 1),
            }
        }
        let mut all: Vec<(String, usize)> = all.into_iter().map(|(d, n)| (self.district(d), n)).collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        all.into_iter().map(|(name, n)| (address(&name), name, n)).map(|(url, name, n)| (name, n, url)).collect()
    }

    /// What is asked of agreements most: those in force, those that end soon.
    fn often(&self, here: &str) -> Vec<(String, String)> {
        let today = self.ask.today.to_string();
        // A date of this age has years to come.
        let in_a_year = self.ask.today.saturating_add(jiff::Span::new().years(1)).to_string();
        vec![
            (self.t("register.now"), link(here, &[("in_force", &today)])),
            (self.t("register.soon"), link(here, &[("in_force", &today), ("expires_before", &in_a_year)])),
        ]
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
        let (places, _) = self.sorted(name, listed);
        let rows = places.into_iter().map(|place| self.row(name, place));
        let base = &self.ask.base;
        let row = |cells: Vec<Cell>| {
            let url = address_of(base, &cells);
            cells.into_iter().map(|c| c.text).chain([url]).collect()
        };
        table::csv(name, &self.head(name), rows.map(row))
    }

    /// The whole list as a workbook, numbers as numbers.
    fn workbook(&self, name: &'static str, listed: &Listed) -> Answer {
        let (places, _) = self.sorted(name, listed);
        let rows = places.into_iter().map(|place| self.row(name, place));
        let base = &self.ask.base;
        let row = |cells: Vec<Cell>| {
            let url = address_of(base, &cells);
            cells.into_iter().map(|c| (c.text, c.number)).chain([(url, None)]).collect()
        };
        match table::xlsx(name, &self.head(name), rows.map(row)) {
            Ok(answer) => answer,
            Err(why) => fault(self.lang(), StatusCode::INTERNAL_SERVER_ERROR, &words::failed(self.lang(), &why)),
        }
    }

    /// The heads of a list's columns in a file. Of what holds today it says the day.
    fn head(&self, name: &str) -> Vec<String> {
        let own = columns(name).iter().map(|c| match *c {
            "now" => format!("{} {}", self.t("column.now_on"), self.ask.today),
            c => self.t(&format!("column.{c}")),
        });
        own.chain(["url".to_string()]).collect()
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
            self.found("agreements", &a.types),
            self.districts("agreements", &a.districts),
            text(period),
            text(self.today(a)),
            count(a.documents),
        ]
    }

    fn organisation_row(&self, o: &Organisation) -> Vec<Cell> {
        vec![
            self.entry_cell("organisations", &o.id, &o.name),
            text(o.org_nr.clone().unwrap_or_default()),
            self.found("organisations", &[self.word("role", &o.kind)]),
            self.districts("organisations", &o.districts),
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

    fn person_row(&self, p: &Person, r: &registry::RoleSeen) -> Vec<Cell> {
        vec![
            self.entry_cell("people", &p.id, &p.name),
            self.found("people", std::slice::from_ref(&r.role)),
            text(r.political_party.clone().unwrap_or_default()),
            text(p.body.clone().unwrap_or_default()),
            date(r.last_seen),
            count(r.documents),
        ]
    }

    /// Agreements over time: those of an entry of a register, or those that are wanted.
    fn timeline(&self, register: &str, id: Option<&str>, narrow: &Narrow) -> Answer {
        let organisation =
            id.filter(|_| register == "organisations").and_then(|o| self.registers.organisations.with_id(o));
        let agreement = id.map(|id| Agreement::with_id(&self.registers.agreements, id)).unwrap_or_default();
        let is_of = |a: &&Agreement| match (register, id) {
            ("organisations", Some(_)) => organisation.is_some_and(|o| o.agreements.contains(&a.id)),
            ("districts", Some(id)) => a.districts.iter().any(|d| d == id),
            (_, Some(_)) => agreement.iter().any(|b| b.id == a.id),
            (_, None) => true,
        };
        let shown: Vec<&Agreement> = self
            .registers
            .agreements
            .iter()
            .filter(is_of)
            .filter(|a| narrow.has_agreement(a, &self.app.lex) && narrow.has(&self.agreement_row(a)))
            .take(IN_CHART)
            .collect();
        let language = match self.lang() {
            Lang::Sv => registry::Language::Swedish,
            Lang::En => registry::Language::English,
        };
        Answer::new("image/svg+xml", registry::timeline(&shown, &self.app.lex, language))
    }
}
