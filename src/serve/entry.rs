//! The page of one entry of a register: what is known of it, each statement with what proves it, and its documents in order.

use std::collections::BTreeMap;

use askama::Template;

use super::address::link;
use super::http::Answer;
use super::page::{Frame, html};
use super::register::{Cell, Pages, count, date, has_chart, text};
use super::years::{self, Bar, Year};
use super::{feed, words};
use crate::base::PartialDate;
use crate::query::Field;
use crate::registry::{self, Agreement, Case, District, Organisation, Person, Proof, Source, Verdict};
use crate::search::label;

/// Most lines under a heading.
const MOST_ROWS: usize = 500;
/// Most places shown for one statement.
const MOST_PROOFS: usize = 20;

#[derive(Template)]
#[template(path = "entry.html")]
struct EntryPage {
    frame: Frame,
    title: String,
    facts: Vec<(String, Cell)>,
    /// Address of the chart of agreements.
    timeline: Option<String>,
    /// Documents by year.
    years: Vec<Bar>,
    sections: Vec<Section>,
    comparisons: Vec<Side>,
    /// The steps of a case, in order of time.
    steps: Vec<Section>,
    documents: Option<Section>,
    back: String,
    api: String,
}

/// Statements under a heading.
struct Section {
    heading: String,
    lines: Vec<Line>,
    /// Lines that are not shown.
    more: usize,
}

/// A statement with what proves it.
#[derive(Default)]
struct Line {
    text: String,
    url: Option<String>,
    proofs: Vec<ProofLine>,
    /// Places that are not shown.
    more: usize,
    /// True if it adds to the one before it.
    is_under: bool,
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

/// The documents of some proofs in order of time, each with its proofs.
fn by_document<'p>(proofs: impl Iterator<Item = &'p Proof>) -> Vec<(&'p Source, Vec<&'p Proof>)> {
    let mut all: BTreeMap<_, (&Source, Vec<&Proof>)> = BTreeMap::new();
    for p in proofs {
        let key = (p.source.when(), p.source.path.as_str(), p.source.id.as_str());
        all.entry(key).or_insert_with(|| (&p.source, Vec::new())).1.push(p);
    }
    all.into_values().collect()
}

/// All places that an agreement is named at.
fn of_agreement(a: &Agreement) -> impl Iterator<Item = &Proof> {
    a.periods.iter().flat_map(|p| &p.mentions).chain(&a.mentions)
}

fn day(d: Option<PartialDate>) -> String {
    d.map_or_else(|| "?".to_string(), |d| d.to_string())
}

impl Pages<'_> {
    /// The page of an entry, by any id it ever had; none if there is no such entry.
    pub(super) fn entry(&self, name: &'static str, id: &str) -> Option<Answer> {
        let r = self.registers;
        let mut page = match name {
            "agreements" => self.agreement(self.agreement_of(id)?),
            "organisations" => self.organisation(r.organisations.with_id(id)?),
            "cases" => self.case(r.cases.led_to_by(id).first()?),
            "districts" => self.of_district(r.districts.iter().find(|d| d.id == id)?),
            _ => self.person(r.people.iter().find(|p| p.id == id)?),
        };
        page.facts.retain(|(_, c)| !c.text.is_empty());
        Some(html(&page, self.lang()))
    }

    /// The feed of an entry: its newest documents; none if there is no such entry.
    pub(super) fn feed(&self, name: &'static str, id: &str) -> Option<Answer> {
        let r = self.registers;
        let (title, id, proofs): (_, _, Box<dyn Iterator<Item = &Proof>>) = match name {
            "agreements" => {
                let a = self.agreement_of(id)?;
                (&a.name, &a.id, Box::new(of_agreement(a)))
            }
            "organisations" => {
                let o = r.organisations.with_id(id)?;
                (&o.name, &o.id, Box::new(o.mentions.iter()))
            }
            "cases" => {
                let c = *r.cases.led_to_by(id).first()?;
                (&c.dnr, &c.id, Box::new(c.steps.iter().flat_map(|s| &s.mentions)))
            }
            "people" => {
                let p = r.people.iter().find(|p| p.id == id)?;
                (&p.name, &p.id, Box::new(p.roles.iter().flat_map(|r| &r.mentions)))
            }
            // The documents of a district are a search, which has its own.
            _ => return None,
        };
        let page = self.url(name, id);
        let documents = by_document(proofs);
        let sources = documents.iter().map(|(source, _)| *source);
        Some(feed::of_documents(self.app, self.ask, title, [&self.feed_of(name, id), &page], sources))
    }

    fn feed_of(&self, name: &str, id: &str) -> String {
        let prefix = self.lang().prefix();
        match name {
            "districts" => link(&format!("{prefix}/feed.atom"), &[("district", id)]),
            _ => link(&format!("{prefix}/{name}"), &[("id", id), ("view", "feed.atom")]),
        }
    }

    fn agreement_of(&self, id: &str) -> Option<&Agreement> {
        Agreement::with_id(&self.registers.agreements, id).first().copied()
    }

    fn proof(&self, p: &Proof) -> ProofLine {
        let document = format!("{}/document/{}", self.lang().prefix(), p.source.id);
        let page = p.page.map(|n| n.to_string()).unwrap_or_default();
        let at = if p.start < p.end { format!("{}-{}", p.start, p.end) } else { String::new() };
        let all = [("page", page.as_str()), ("at", &at)];
        let url = link(&document, &all.into_iter().filter(|(_, v)| !v.is_empty()).collect::<Vec<_>>());
        ProofLine { url, path: p.source.path.clone(), page: p.page, quote: p.quote.to_string() }
    }

    fn line(&self, text: impl Into<String>, mentions: &[Proof]) -> Line {
        Line {
            text: text.into(),
            proofs: mentions.iter().take(MOST_PROOFS).map(|p| self.proof(p)).collect(),
            more: mentions.len().saturating_sub(MOST_PROOFS),
            ..Line::default()
        }
    }

    fn linked(&self, text: impl Into<String>, url: String) -> Line {
        Line { text: text.into(), url: Some(url), ..Line::default() }
    }

    fn section(&self, key: &str, lines: Vec<Line>) -> Option<Section> {
        let more = lines.len().saturating_sub(MOST_ROWS);
        let lines: Vec<Line> = lines.into_iter().take(MOST_ROWS).collect();
        (!lines.is_empty()).then(|| Section { heading: self.t(key), lines, more })
    }

    /// The documents of some proofs: day, kind and title, and where in them.
    fn documents<'p>(&self, proofs: impl Iterator<Item = &'p Proof>) -> Option<Section> {
        let line = |(source, proofs): (&Source, Vec<&Proof>)| {
            let kind = label(Field::Kind, &source.kind, &self.app.lex);
            let when = source.when().map_or_else(|| self.t("no_date"), |d| d.to_string());
            let title = source.title.as_deref().unwrap_or(&source.path);
            Line {
                text: format!("{when} · {kind} · {title}"),
                url: Some(format!("{}/document/{}", self.lang().prefix(), source.id)),
                more: proofs.len().saturating_sub(MOST_PROOFS),
                proofs: proofs.into_iter().take(MOST_PROOFS).map(|p| self.proof(p)).collect(),
                is_under: false,
            }
        };
        let all = by_document(proofs);
        let more = all.len().saturating_sub(MOST_ROWS);
        let lines: Vec<Line> = all.into_iter().take(MOST_ROWS).map(line).collect();
        (!lines.is_empty()).then(|| Section { heading: self.t("section.documents"), lines, more })
    }

    /// How many documents there are of each year, each leading to the search of its year.
    fn years<'p>(&self, proofs: impl Iterator<Item = &'p Proof>, search: &[(&str, &str)]) -> Vec<Bar> {
        let mut all: BTreeMap<i16, u64> = BTreeMap::new();
        for (source, _) in by_document(proofs) {
            if let Some(when) = source.when() {
                *all.entry(when.first().year()).or_default() += 1;
            }
        }
        self.bars(all, search)
    }

    fn bars(&self, all: BTreeMap<i16, u64>, search: &[(&str, &str)]) -> Vec<Bar> {
        let home = format!("{}/", self.lang().prefix());
        let year = |(year, count): (i16, u64)| {
            let name = year.to_string();
            let conditions: Vec<(&str, &str)> = search.iter().copied().chain([("year", name.as_str())]).collect();
            Year { url: link(&home, &conditions), name: name.clone(), count, chosen: false }
        };
        years::bars(all.into_iter().map(year).collect())
    }

    fn entry_page(&self, register: &'static str, title: &str, id: &str) -> EntryPage {
        // The window says where one is: the entry, then its register.
        let mut frame = Frame::new(self.ask, register, format!("{title} – {}", self.t(&format!("part.{register}"))));
        frame.feed = Some(self.feed_of(register, id));
        EntryPage {
            title: title.to_string(),
            facts: Vec::new(),
            timeline: None,
            years: Vec::new(),
            sections: Vec::new(),
            comparisons: Vec::new(),
            steps: Vec::new(),
            documents: None,
            back: frame.url(&format!("/{register}")),
            api: link(&format!("/api/v1/{register}"), &[("id", id)]),
            frame,
        }
    }

    /// The chart of an entry's agreements.
    fn chart(&self, register: &str, id: &str, is_there: bool) -> Option<String> {
        let path = format!("{}/{register}", self.lang().prefix());
        (is_there && has_chart(register)).then(|| link(&path, &[("id", id), ("view", "timeline.svg")]))
    }

    fn fact(&self, key: &str, cell: Cell) -> (String, Cell) {
        (self.t(key), cell)
    }

    /// How many documents, leading to their list on the page.
    fn of_documents(&self, n: usize) -> (String, Cell) {
        self.fact("column.documents", Cell { url: Some("#documents".into()), ..count(n) })
    }

    fn agreement(&self, a: &Agreement) -> EntryPage {
        let mut page = self.entry_page("agreements", &a.name, &a.id);
        page.facts = vec![
            (format!("{} {}", self.t("column.now_on"), self.ask.today), text(self.today(a))),
            self.fact("column.type", self.found("agreements", &a.types)),
            self.fact("column.districts", self.districts("agreements", &a.districts)),
            self.fact("column.first_seen", date(a.first_seen)),
            self.fact("column.last_seen", date(a.last_seen)),
            self.of_documents(a.documents),
        ];
        page.timeline = self.chart("agreements", &a.id, !a.periods.is_empty());
        let said = |all: &[registry::Said<String>]| -> Vec<Line> {
            all.iter().map(|s| self.line(s.value.clone(), &s.mentions)).collect()
        };
        let party = |p: &registry::PartyThen| Line {
            url: p.organisation.as_deref().map(|o| self.url("organisations", o)),
            ..self.line(format!("{} ({})", p.name, self.t(&format!("role.{}", p.role))), &[])
        };
        let case = |id: &String| {
            let known = self.registers.cases.with_id(id);
            self.linked(known.map_or(id, |c| &c.dnr).clone(), self.url("cases", id))
        };
        let both = |s: &registry::Said<String>| {
            let key = if s.value == "true" { "agreement.cofinanced" } else { "agreement.not_cofinanced" };
            self.line(self.t(key), &s.mentions)
        };
        let dnr = |n: &String| self.linked(n.clone(), link(&format!("{}/", self.lang().prefix()), &[("dnr", n)]));
        let signed = a.signed.iter().map(|s| self.line(s.value.to_string(), &s.mentions));
        let findings = a.findings.iter().map(|f| self.line(words::of_finding(self.lang(), f), &f.mentions));
        let cases: Vec<Line> = a.cases.iter().map(case).collect();
        page.sections = [
            self.section("section.periods", a.periods.iter().flat_map(|p| self.period(p)).collect()),
            self.section("section.findings", findings.collect()),
            self.section("section.parties", a.parties.iter().map(party).collect()),
            self.section("section.signed", signed.collect()),
            self.section("section.purpose", said(&a.purposes)),
            self.section("section.target_groups", said(&a.target_groups)),
            self.section("section.activities", said(&a.activities)),
            self.section("section.programmes", said(&a.programmes)),
            self.section("section.outcome", said(&a.outcomes)),
            self.section(
                "section.sums",
                a.sums.iter().map(|s| self.sum(s)).chain(a.cofinanced.iter().map(both)).collect(),
            ),
            self.section("section.recommendations", a.recommendations.iter().map(|r| self.advice(r)).collect()),
            match cases.is_empty() {
                true => self.section("section.cases", a.dnrs.iter().map(dnr).collect()),
                false => self.section("section.cases", cases),
            },
        ]
        .into_iter()
        .flatten()
        .collect();
        page.documents = self.documents(of_agreement(a));
        page
    }

    /// A period, then what documents say of its extensions.
    fn period(&self, p: &registry::AgreedPeriod) -> Vec<Line> {
        let end = if p.open_ended { self.t("agreement.open") } else { day(p.end_as_said()) };
        let text = format!("{} – {end} ({})", day(p.start_as_said()), self.word("standing", &p.standing));
        let under = |text: String, mentions: &[Proof]| Line { is_under: true, ..self.line(text, mentions) };
        let mut out = vec![self.line(text, &p.mentions)];
        out.extend(p.extensions.iter().map(|x| {
            let key = if x.proposed { "agreement.extension_proposed" } else { "agreement.extended" };
            under(format!("{} {}", self.t(key), x.new_end), &x.mentions)
        }));
        out.extend(
            p.may_last_until
                .iter()
                .map(|m| under(format!("{} {}", self.t("agreement.may_extend"), m.value), &m.mentions)),
        );
        if !p.not_extended.is_empty() {
            out.push(under(self.t("agreement.not_extended"), &p.not_extended));
        }
        out
    }

    /// A sum: per what, who pays, what kind of document gives it, and when.
    fn sum(&self, s: &registry::Sum) -> Line {
        let per = s.per.as_deref().map(|p| {
            let words = self.lang().find(&format!("says.per.{p}")).unwrap_or(p);
            format!(" {} {words}", self.t("sum.per"))
        });
        let payer = s.paid_by.map(|by| format!(", {}", self.t(&format!("payer.{by}"))));
        let when = s.date.map(|d| format!(" {d}"));
        let [per, payer, when] = [per, payer, when].map(Option::unwrap_or_default);
        let kronor = self.lang().number(s.value_sek.max(0.0).round() as u64);
        self.line(format!("{kronor} kr{per}{payer} ({}{when})", self.t(&format!("said_in.{}", s.said_in))), &s.mentions)
    }

    /// What the office recommended, and what was decided on it.
    fn advice(&self, r: &registry::Advice) -> Line {
        let what = r.recommendation.map_or_else(|| self.t("recommendation.none"), |r| self.word("recommendation", &r));
        let decided = r.decided.as_ref().map(|d| format!(" → {}", self.word("fate", &d.fate))).unwrap_or_default();
        let when = r.date.map(|d| format!(" ({d})")).unwrap_or_default();
        self.line(format!("{what}{when}{decided}"), &r.mentions)
    }

    fn organisation(&self, o: &Organisation) -> EntryPage {
        let mut page = self.entry_page("organisations", &o.name, &o.id);
        let search = |more: &[(&str, &str)]| {
            let conditions: Vec<(&str, &str)> = [("party", o.name.as_str())].iter().chain(more).copied().collect();
            link(&format!("{}/", self.lang().prefix()), &conditions)
        };
        let districts = o.districts.iter().map(|d| (self.district(d), search(&[("district", d)])));
        page.facts = vec![
            self.fact("column.org_nr", text(o.org_nr.clone().unwrap_or_default())),
            self.fact("column.type", self.found("organisations", &[self.word("role", &o.kind)])),
            self.fact("column.districts", super::register::parts(districts)),
            self.fact("column.first_seen", date(o.first_seen)),
            self.fact("column.last_seen", date(o.last_seen)),
            self.of_documents(o.documents),
            self.fact("entry.search", Cell { url: Some(search(&[])), ..text(o.name.as_str()) }),
        ];
        page.timeline = self.chart("organisations", &o.id, !o.agreements.is_empty());
        page.years = self.years(o.mentions.iter(), &[("party", o.name.as_str())]);
        let agreement = |id: &String| {
            let known = self.agreement_of(id);
            let boards = known.map(|a| self.districts("agreements", &a.districts).text).unwrap_or_default();
            let now = known.map(|a| self.today(a)).unwrap_or_default();
            let facts: Vec<String> = [boards, now].into_iter().filter(|f| !f.is_empty()).collect();
            let name = known.map_or(id, |a| &a.name);
            self.linked(format!("{name} ({})", facts.join(", ")), self.url("agreements", id))
        };
        let name = |n: &registry::NameSeen| {
            let documents = self.lang().count(n.documents as u64, "documents");
            self.line(format!("{} ({}, {documents})", n.name, self.word("name", &n.kind)), &[])
        };
        let merge = |m: &registry::Merge| {
            let [a, b] = &m.names;
            self.line(format!("{a} = {b} ({})", self.word("reason", &m.reason)), &m.mentions)
        };
        let doubt = |d: &registry::Doubt| {
            let other = d.organisations.iter().find(|id| **id != o.id).map_or(o.id.as_str(), String::as_str);
            let name = self.registers.organisations.with_id(other).map_or(other, |o| o.name.as_str());
            let why = self.t(&format!("reason.{}", d.code));
            Line { url: Some(self.url("organisations", other)), ..self.line(format!("{name} ({why})"), &d.mentions) }
        };
        let doubts = self.registers.organisations.doubts.iter().filter(|d| d.organisations.contains(&o.id));
        page.sections = [
            self.section("section.agreements", o.agreements.iter().map(agreement).collect()),
            self.section("section.names", o.names.iter().map(name).collect()),
            self.section("section.merges", o.merges.iter().map(merge).collect()),
            self.section("section.doubts", doubts.map(doubt).collect()),
            self.section(
                "section.malformed",
                o.malformed_numbers.iter().map(|m| self.line(m.raw.clone(), &m.mentions)).collect(),
            ),
        ]
        .into_iter()
        .flatten()
        .collect();
        page.documents = self.documents(o.mentions.iter());
        page
    }

    fn case(&self, c: &Case) -> EntryPage {
        let mut page = self.entry_page("cases", &c.dnr, &c.id);
        let home = format!("{}/", self.lang().prefix());
        page.facts = vec![
            self.fact("column.title", text(c.title.clone().unwrap_or_default())),
            self.fact(
                "column.authority",
                Cell {
                    url: c.authority.as_deref().map(|a| link(&home, &[("authority", a)])),
                    ..text(c.authority.clone().unwrap_or_default())
                },
            ),
            self.fact("column.first_seen", date(c.first_seen)),
            self.fact("column.last_seen", date(c.last_seen)),
            self.fact("column.documents", Cell { url: Some(link(&home, &[("dnr", &c.dnr)])), ..count(c.documents) }),
        ];
        page.steps = c.steps.iter().map(|s| self.step(s)).collect();
        for x in &c.comparisons {
            let when = x.date.map(|d| d.to_string()).unwrap_or_default();
            let points = x.points.iter().map(|p| {
                let (key, class) = match p.verdict {
                    Verdict::Same => ("verdict.same", "same"),
                    Verdict::Changed => ("verdict.changed", "changed"),
                    Verdict::Added => ("verdict.added", "added"),
                    Verdict::LeftOut => ("verdict.left_out", "left-out"),
                };
                let text = |t: &Option<std::sync::Arc<str>>| t.as_deref().unwrap_or_default().to_string();
                (class, self.t(key), text(&p.proposed), text(&p.decided))
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
                url: l.case.as_deref().map(|c| self.url("cases", c)),
                ..self.line(l.dnr.clone(), &l.mentions)
            });
            page.sections.extend(self.section(key, lines.collect()));
        }
        page
    }

    /// A document of a case, or an item of it: when, what it is for the case, what it decides.
    fn step(&self, s: &registry::Step) -> Section {
        let date = s.date.map_or_else(|| self.t("no_date"), |d| d.to_string());
        let item = s.item.as_deref().map(|i| format!(", {i}")).unwrap_or_default();
        let document = format!("{}/document/{}", self.lang().prefix(), s.document);
        let title = s.title.as_deref().unwrap_or(&s.path);
        let mut lines = vec![Line { url: Some(document), ..self.line(title, &s.mentions) }];
        for d in s.decisions.iter() {
            let status = label(Field::Status, d.status.as_str(), &self.app.lex);
            let number = d.number.as_deref().map(|n| format!("{n}. ")).unwrap_or_default();
            lines.push(self.line(format!("{status}: {number}{}", d.text), &d.mentions));
        }
        let more = lines.len().saturating_sub(MOST_ROWS);
        lines.truncate(MOST_ROWS);
        Section { heading: format!("{date} · {}{item}", self.word("step", &s.role)), lines, more }
    }

    fn of_district(&self, d: &District) -> EntryPage {
        let mut page = self.entry_page("districts", &d.name, &d.id);
        let of = |register: &str| link(&format!("{}/{register}", self.lang().prefix()), &[("district", d.id.as_str())]);
        let counted = |register: &str, n: usize| Cell { url: (n > 0).then(|| of(register)), ..count(n) };
        let time = match (&d.from, &d.to) {
            (None, None) => String::new(),
            (a, b) => format!("{} – {}", a.as_deref().unwrap_or_default(), b.as_deref().unwrap_or_default()),
        };
        page.facts = vec![
            self.fact("column.body", text(d.board.clone())),
            self.fact("column.city", text(d.city.clone())),
            self.fact("column.time", text(time)),
            self.fact("column.first_seen", date(d.first_seen)),
            self.fact("column.last_seen", date(d.last_seen)),
            self.fact("column.documents", counted("", d.documents)),
            self.fact("column.meetings", count(d.meetings.len())),
            self.fact("column.cases", counted("cases", d.cases)),
            self.fact("column.agreements", counted("agreements", d.agreements)),
            self.fact("column.organisations", counted("organisations", d.organisations)),
        ];
        let step = |s: &registry::Succession| {
            let since = s.since.as_ref().map(|since| format!(" ({since})")).unwrap_or_default();
            self.linked(format!("{}{since}", s.name), self.url("districts", &s.id))
        };
        let own = || self.registers.agreements.iter().filter(|a| a.districts.contains(&d.id));
        page.timeline = self.chart("districts", &d.id, own().next().is_some());
        page.years = self.bars(d.years.iter().map(|(y, n)| (*y, *n as u64)).collect(), &[("district", d.id.as_str())]);
        let kind = |(kind, n): (&String, &usize)| {
            let url = link(&format!("{}/", self.lang().prefix()), &[("district", d.id.as_str()), ("kind", kind)]);
            let kind = label(Field::Kind, kind, &self.app.lex);
            self.linked(format!("{kind}: {}", self.lang().number(*n)), url)
        };
        let agreements =
            own().map(|a| self.linked(format!("{} ({})", a.name, self.today(a)), self.url("agreements", &a.id)));
        let meeting = |m: &PartialDate| {
            let day = m.to_string();
            let conditions = [("district", d.id.as_str()), ("kind", "protokoll"), ("from", &day), ("to", &day)];
            self.linked(day.clone(), link(&format!("{}/", self.lang().prefix()), &conditions))
        };
        page.sections = [
            self.section("section.predecessors", d.predecessors.iter().map(step).collect()),
            self.section("section.successors", d.successors.iter().map(step).collect()),
            self.section("section.kinds", d.kinds.iter().map(kind).collect()),
            self.section("section.agreements", agreements.collect()),
            self.section("section.meetings", d.meetings.iter().map(meeting).collect()),
        ]
        .into_iter()
        .flatten()
        .collect();
        page
    }

    fn person(&self, p: &Person) -> EntryPage {
        let mut page = self.entry_page("people", &p.name, &p.id);
        let mentions = || p.roles.iter().flat_map(|r| &r.mentions);
        let quoted = format!("\"{}\"", p.name.replace('"', ""));
        page.facts = vec![
            self.fact("column.body", text(p.body.clone().unwrap_or_default())),
            self.fact("column.districts", self.districts("people", &p.districts)),
            self.fact("column.first_seen", date(p.first_seen)),
            self.fact("column.last_seen", date(p.last_seen)),
            self.of_documents(p.documents),
        ];
        page.years = self.years(mentions(), &[("q", quoted.as_str())]);
        let role = |r: &registry::RoleSeen| {
            let party = r.political_party.as_deref().map(|p| format!(" ({p})")).unwrap_or_default();
            let day = |d: Option<PartialDate>| d.map(|d| d.to_string()).unwrap_or_default();
            let documents = self.lang().count(r.documents as u64, "documents");
            let time = format!("{} – {}", day(r.first_seen), day(r.last_seen));
            self.line(format!("{}{party}, {time} ({documents})", r.role), &[])
        };
        page.sections.extend(self.section("section.roles", p.roles.iter().map(role).collect()));
        page.documents = self.documents(mentions());
        page
    }
}
