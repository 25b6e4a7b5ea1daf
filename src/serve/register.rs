//! The pages of the registers: lists that can be sorted and narrowed, and one page for each entry with what proves it.

use askama::Template;
use axum::http::StatusCode;
use serde::Serialize;

use super::address::{link, named};
use super::app::{App, State};
use super::http::{Answer, Ask};
use super::lang::Lang;
use super::page::{Frame, bad_address, fault, html};
use crate::base::PartialDate;
use crate::base::fold::fold;
use crate::query::Field;
use crate::registry::{self, Agreement, Case, District, Organisation, Person, Proof, Registers, Verdict};
use crate::search::label;

/// Most rows of a list on a page.
const MOST_ROWS: usize = 500;
/// Most places shown for one statement.
const MOST_PROOFS: usize = 20;

#[derive(Template)]
#[template(path = "register.html")]
struct ListPage {
    frame: Frame,
    name: &'static str,
    columns: Vec<(String, String, bool)>,
    rows: Vec<Vec<Cell>>,
    total: usize,
    more: usize,
    find: String,
    timeline: Option<String>,
    api: String,
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
    /// What it is sorted by.
    key: String,
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

/// The names of the registers that have pages.
const NAMES: [&str; 5] = ["agreements", "organisations", "cases", "districts", "people"];

/// True for the name of a register.
pub(super) fn is_one(name: &str) -> bool {
    NAMES.contains(&name)
}

/// A register as a list, or one entry of it.
pub(super) fn page(app: &App, state: &State, ask: &Ask, name: &str) -> Answer {
    let lang = ask.lang;
    let Some(name) = NAMES.into_iter().find(|n| *n == name) else {
        return fault(lang, StatusCode::NOT_FOUND, lang.t("fault.no_page"));
    };
    let [id, find, sort, view] = match named(ask.query.as_deref(), ["id", "find", "sort", "view"]) {
        Ok(read) => read,
        Err(e) => return bad_address(lang, &e),
    };
    let registers = match app.registers(state) {
        Ok(registers) => registers,
        Err(e) => return fault(lang, StatusCode::INTERNAL_SERVER_ERROR, &e),
    };
    let pages = Pages { app, registers, ask };
    if name == "agreements" && view.as_deref() == Some("timeline.svg") {
        return pages.timeline(id.as_deref(), find.as_deref());
    }
    match id {
        Some(id) => {
            pages.entry(name, &id).unwrap_or_else(|| fault(lang, StatusCode::NOT_FOUND, lang.t("fault.no_entry")))
        }
        None => pages.list(name, find.unwrap_or_default(), sort),
    }
}

struct Pages<'a> {
    app: &'a App,
    registers: &'a Registers,
    ask: &'a Ask,
}

fn text(text: impl Into<String>) -> Cell {
    let text = text.into();
    Cell { key: fold(&text), text, url: None }
}

/// The id that a value of the registers has in the API.
fn id_of(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_string)).unwrap_or_default()
}

fn count(n: usize) -> Cell {
    Cell { text: n.to_string(), key: format!("{n:012}"), url: None }
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

    fn list(&self, name: &'static str, find: String, sort: Option<String>) -> Answer {
        let r = self.registers;
        let (keys, mut rows): (&[&str], Vec<Vec<Cell>>) = match name {
            "agreements" => (
                &["column.name", "column.type", "column.districts", "column.period", "column.documents"],
                r.agreements.iter().map(|a| self.agreement_row(a)).collect(),
            ),
            "organisations" => (
                &[
                    "column.name",
                    "column.org_nr",
                    "column.type",
                    "column.districts",
                    "column.agreements",
                    "column.seen",
                    "column.documents",
                ],
                r.organisations.entries.iter().map(|o| self.organisation_row(o)).collect(),
            ),
            "cases" => (
                &[
                    "column.dnr",
                    "column.title",
                    "column.authority",
                    "column.seen",
                    "column.documents",
                    "column.outcome",
                ],
                r.cases.entries.iter().map(|c| self.case_row(c)).collect(),
            ),
            "districts" => (
                &[
                    "column.name",
                    "column.city",
                    "column.time",
                    "column.documents",
                    "column.meetings",
                    "column.cases",
                    "column.agreements",
                    "column.organisations",
                ],
                r.districts.iter().map(|d| self.district_row(d)).collect(),
            ),
            _ => (
                &["column.name", "column.role", "column.party", "column.body", "column.seen", "column.documents"],
                r.people.iter().flat_map(|p| self.person_rows(p)).collect(),
            ),
        };
        let wanted = fold(&find);
        if !wanted.is_empty() {
            rows.retain(|row| row.iter().any(|c| fold(&c.text).contains(&wanted)));
        }
        let (column, down) = match sort.as_deref() {
            Some(s) => {
                (s.trim_start_matches('-').parse::<usize>().ok().filter(|c| *c < keys.len()), s.starts_with('-'))
            }
            None => (None, false),
        };
        if let Some(column) = column {
            let key = |row: &Vec<Cell>| row.get(column).map(|c| c.key.clone()).unwrap_or_default();
            rows.sort_by(|a, b| if down { key(b).cmp(&key(a)) } else { key(a).cmp(&key(b)) });
        }
        let total = rows.len();
        rows.truncate(MOST_ROWS);
        let frame = Frame::new(self.ask, name, self.t(&format!("part.{name}")));
        let here = frame.url(&format!("/{name}"));
        let head = keys.iter().enumerate().map(|(i, key)| {
            let next = if column == Some(i) && !down { format!("-{i}") } else { i.to_string() };
            let all = [("find", find.as_str()), ("sort", next.as_str())];
            let all: Vec<_> = all.into_iter().filter(|(_, v)| !v.is_empty()).collect();
            (self.t(key), link(&here, &all), column == Some(i))
        });
        let find_of = |view| {
            let all: Vec<_> =
                [("find", find.as_str()), ("view", view)].into_iter().filter(|(_, v)| !v.is_empty()).collect();
            link(&format!("/{name}"), &all)
        };
        let page = ListPage {
            columns: head.collect(),
            more: total - rows.len(),
            timeline: (name == "agreements" && !rows.is_empty()).then(|| find_of("timeline.svg")),
            api: format!("/api/v1/{name}"),
            rows,
            total,
            name,
            find,
            frame,
        };
        html(&page, self.lang())
    }

    fn agreement_row(&self, a: &Agreement) -> Vec<Cell> {
        let first = a.periods.iter().filter_map(|p| p.start).min();
        let last = a.periods.iter().filter_map(|p| p.lasted_until.or(p.end)).max();
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

    fn timeline(&self, id: Option<&str>, find: Option<&str>) -> Answer {
        let wanted = fold(find.unwrap_or_default());
        let shown: Vec<&Agreement> = self
            .registers
            .agreements
            .iter()
            .filter(|a| id.is_none_or(|id| a.id == id))
            .filter(|a| wanted.is_empty() || self.agreement_row(a).iter().any(|c| fold(&c.text).contains(&wanted)))
            .take(MOST_ROWS)
            .collect();
        Answer::new("image/svg+xml", registry::timeline(&shown, &self.app.lex))
    }

    fn proofs(&self, all: &[Proof]) -> Vec<ProofLine> {
        let one = |p: &Proof| {
            let document = format!("{}/document/{}", self.lang().prefix(), p.source.id);
            let page = p.page.map(|n| n.to_string());
            let url = page.map_or_else(|| document.clone(), |n| link(&document, &[("page", &n)]));
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
            let end = if p.open_ended { self.t("agreement.open") } else { day(p.end) };
            let mut line = format!("{} – {end} ({})", day(p.start), self.word("standing", &p.standing));
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
                a.findings.iter().map(|f| self.line(f.message.clone(), &f.mentions)).collect(),
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
