//! The search page: one box, facets with counts, the years, the hits with their places.

use askama::Template;

use super::address::{Fault, Question, filters};
use super::app::{App, State};
use super::http::{Answer, Ask};
use super::names::Named;
use super::page::{Frame, bad_address, html, refused};
use super::register::Pages;
use super::years::{self, Bar, Year};
use super::{pack, table};
use crate::lexicon::Lexicon;
use crate::query::Node;
use crate::query::{Field, Sort, Unit};
use crate::registry::Registers;
use crate::search::{self, Hit, Request, Results, Snippet, Succession, Try, describe, label, say};

/// Most values of a facet that are shown; chosen ones always are.
const FACET_VALUES: usize = 12;
/// Most entries of registers that a search names and that are shown.
const NAMED: usize = 6;
/// The same for a facet that is shown whole.
const MOST_VALUES: usize = 1000;
/// The parameter that names a facet to be shown whole.
const WHOLE: &str = "all";
/// Most rows of a table of hits.
const MOST_ROWS: usize = 1000;

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage<'a> {
    frame: Frame,
    question: &'a Question,
    results: &'a Results,
    hits: Vec<HitLine<'a>>,
    facets: Vec<Facet>,
    years: Vec<Bar>,
    chips: Vec<Chip>,
    sorts: [(&'static str, String, bool); 3],
    units: [(&'static str, String, bool); 2],
    /// How the question was read.
    read_as: String,
    /// What to try.
    tries: Vec<TryLine>,
    /// Whole address of this search, to be kept.
    keep: String,
    downloads: Downloads,
    /// The registers narrowed to what this search finds: name and address.
    registers: Vec<(&'static str, String)>,
    /// Entries of registers that are named: register, name, address, what to know first.
    named: Vec<(&'static str, String, String, String)>,
    /// What the page that one comes to first shows besides; none for others.
    front: Option<Front>,
    succession: Option<(String, bool)>,
    previous: Option<String>,
    next: Option<String>,
    first: usize,
    last: usize,
    in_decisions: bool,
}

/// Addresses of the same search as files; none for a search of everything where that is of no use.
struct Downloads {
    table: String,
    pack: Option<String>,
    rows: usize,
    hits: usize,
}

/// One hit.
struct HitLine<'a> {
    hit: &'a Hit,
    url: String,
    kind: String,
    place: Option<String>,
    similar: String,
    status: Option<String>,
    actions: String,
    snippets: Vec<SnippetLine>,
}

/// A snippet with the address of its page.
struct SnippetLine {
    page: u32,
    url: String,
    pieces: Vec<(bool, String)>,
}

/// Something to try: in words, with the search it leads to, or with words that may have been meant.
struct TryLine {
    said: String,
    url: Option<String>,
    /// Words and the searches for them.
    instead: Vec<(String, String)>,
}

/// One facet.
struct Facet {
    key: String,
    name: &'static str,
    values: Vec<Choice>,
    /// Values that are not shown, and where they are.
    more: usize,
    all: String,
}

/// A value that can be chosen.
struct Choice {
    value: String,
    label: String,
    count: u64,
    chosen: bool,
}

/// A condition that can be taken away.
struct Chip {
    field: String,
    label: String,
    url: String,
}

/// True for a facet that is chosen with checkboxes.
fn is_facet(name: &str) -> bool {
    filters().any(|i| i.facet && i.name == name)
}

/// A search, and which of its facets is to be shown whole: how the page looks is no part of what is asked.
fn read(query: Option<&str>) -> Result<(Question, Option<String>), Fault> {
    let mut whole = None;
    let mut rest = form_urlencoded::Serializer::new(String::new());
    for (name, value) in super::address::pairs(query)? {
        match name.as_str() {
            WHOLE if is_facet(&value) => whole = Some(value),
            WHOLE => return Err(Fault::Value { name, value, expected: "facet" }),
            _ => drop(rest.append_pair(&name, &value)),
        }
    }
    Ok((Question::read(Some(&rest.finish()))?, whole))
}

/// The page of a search.
pub(super) fn page(app: &App, state: &State, ask: &Ask) -> Answer {
    let (question, whole) = match read(ask.query.as_deref()) {
        Ok(read) => read,
        Err(e) => return bad_address(ask.lang, &e),
    };
    let found = app.with_catalog(state, |catalog| search::search(&question.to_ask(), &state.engine, catalog, &app.lex));
    let results = match found {
        Ok(results) => results,
        Err(e) => return refused(ask, &e, &question),
    };
    let text = question.request.text.trim();
    // The window says what is looked for, how far one is, and where.
    let page_of = if question.page > 1 { format!(" ({})", question.page) } else { String::new() };
    let title = match text {
        "" => format!("{}{page_of}", ask.lang.t("part.search")),
        text => format!("{text}{page_of} – {}", ask.lang.t("part.search")),
    };
    let mut frame = Frame::new(ask, "search", title);
    let home = frame.url("/");
    frame.feed = Some(question.with(|_| {}).link(&frame.url("/feed.atom")));
    let link = |q: &Question| q.link(&home);
    let at = |page: usize| link(&Question { page, ..question.clone() });
    let first = question.to_ask().offset;
    let last = first + results.hits.len();
    let sort = |key, sort| (key, link(&question.with(|r| r.sort = sort)), question.request.sort == sort);
    let unit = |key, unit| (key, link(&question.with(|r| r.unit = unit)), question.request.unit == unit);
    let now = question.request.succession == Succession::Now;
    let districts = question.request.filters.iter().any(|(f, _)| *f == Field::District);
    let turned = question.with(|r| r.succession = if now { Succession::Then } else { Succession::Now });
    let bare = Question { page: 1, ..question.clone() };
    let is_first = question.is_empty() && question.page == 1 && question.request.unit == Unit::Document;
    let names_something = question.page == 1 && !text.is_empty();
    let made = app.registers_at_hand(state).filter(|_| is_first || names_something);
    // What the registers have is told when they are there.
    let passes = (is_first || names_something) && made.as_ref().is_none_or(|m| m.sequence != state.sequence);
    let named = made.as_ref().filter(|_| names_something).map(|made| {
        let pages = Pages { app, registers: &made.registers, ask };
        let entry = |n: Named| {
            let (name, url, facts) = pages.in_short(n.register, n.place)?;
            Some((n.register, name, url, facts))
        };
        made.names.find(text, NAMED).into_iter().filter_map(entry).collect()
    });
    let front = is_first.then(|| Front::of(made.as_deref().map(|m| &m.registers), ask, &frame, &app.lex));
    let page = SearchPage {
        read_as: describe(&results.asked, &app.lex, question.request.succession, &ask.lang),
        tries: results.tries.iter().map(|t| to_try(t, &question, &home, ask, app)).collect(),
        keep: format!("{}{}", ask.base, bare.link(&home)),
        downloads: Downloads {
            table: bare.link(&frame.url("/hits.csv")),
            pack: (!question.is_empty() && results.total > 0).then(|| bare.link(&frame.url(pack::PATH))),
            rows: MOST_ROWS,
            hits: pack::HITS,
        },
        registers: registers(&question, &results, &frame),
        named: named.unwrap_or_default(),
        front,
        hits: results.hits.iter().map(|h| hit_line(h, &question, &frame, &app.lex)).collect(),
        facets: facets(&question, &results, &home, whole.as_deref()),
        years: years(&question, &results, &home),
        chips: chips(&question, &home, &app.lex, ask),
        sorts: [
            sort("sort.relevance", Sort::Relevance),
            sort("sort.newest", Sort::Newest),
            sort("sort.oldest", Sort::Oldest),
        ],
        units: [unit("unit.documents", Unit::Document), unit("unit.decisions", Unit::Decision)],
        succession: districts.then(|| (link(&turned), now)),
        previous: (question.page > 1).then(|| at(question.page - 1)),
        next: ((last as u64) < results.total && !results.hits.is_empty()).then(|| at(question.page + 1)),
        first: first + 1,
        last,
        in_decisions: question.request.unit == Unit::Decision,
        question: &question,
        results: &results,
        frame,
    };
    let answer = html(&page, ask.lang);
    if passes { answer.passing() } else { answer }
}

/// The way into the registers, and searches to begin with.
struct Front {
    /// Name of a register, how many entries it has if that is known, address.
    registers: Vec<(&'static str, Option<String>, String)>,
    /// Words and address.
    examples: Vec<(&'static str, String)>,
}

impl Front {
    fn of(registers: Option<&Registers>, ask: &Ask, frame: &Frame, lex: &Lexicon) -> Front {
        let entries = |name: &str| {
            let r = registers?;
            let n = match name {
                "agreements" => r.agreements.len(),
                "organisations" => r.organisations.entries.len(),
                "cases" => r.cases.entries.len(),
                "districts" => r.districts.len(),
                _ => r.people.len(),
            };
            Some(ask.lang.number(n))
        };
        let today = ask.today.to_string();
        let actions = [("example.rejected", "reject"), ("example.sent_back", "refer_back"), ("example.money", "award")];
        let actions = actions.into_iter();
        // Another vocabulary may know other actions.
        let is_known = |action: &str| label(Field::Action, action, lex) != action;
        let link = |path: &str, conditions: &[(&str, &str)]| super::address::link(&frame.url(path), conditions);
        Front {
            registers: super::register::NAMES.map(|n| (n, entries(n), frame.url(&format!("/{n}")))).to_vec(),
            examples: std::iter::once(("example.in_force", link("/agreements", &[("in_force", &today)])))
                .chain(actions.filter(|(_, action)| is_known(action)).map(|(key, action)| {
                    (key, link("/", &[("in", "decisions"), ("action", action), ("status", "decided")]))
                }))
                .collect(),
        }
    }
}

/// The registers of what a search finds; none for everything, and none where it asks for what registers do not take.
fn registers(question: &Question, results: &Results, frame: &Frame) -> Vec<(&'static str, String)> {
    let plain = question.request.like.is_none() && !question.request.no_synonyms;
    if question.is_empty() || results.total == 0 || !plain {
        return Vec::new();
    }
    let listing = |name: &str| matches!(name, "in" | "sort" | "page" | "per_page");
    let all: Vec<(&str, String)> = question.parameters().into_iter().filter(|(name, _)| !listing(name)).collect();
    let all: Vec<(&str, &str)> = all.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let names = ["agreements", "organisations", "cases", "people"];
    names.map(|name| (name, super::address::link(&frame.url(&format!("/{name}")), &all))).to_vec()
}

/// Something to try, with the search it leads to.
fn to_try(one: &Try, question: &Question, home: &str, ask: &Ask, app: &App) -> TryLine {
    let said = say(one, &app.lex, &ask.lang);
    let leads = |url: Option<String>| TryLine { said: said.clone(), url, instead: Vec::new() };
    let to = |other: Question| leads(Some(other.link(home)));
    match one {
        Try::Spelling { typed: Node::Word(word), near } if !near.is_empty() => {
            let instead = |w: &String| {
                let other = question.with(|r| r.text = replaced(&r.text, word, w));
                (w.clone(), other.link(home))
            };
            let said = ask.lang.t("search.nowhere").replacen("{}", word, 1);
            TryLine { said, url: None, instead: near.iter().map(instead).collect() }
        }
        // A condition typed among the words stays there; who typed it can take it away.
        Try::Without { filter, .. } => {
            let mut other = question.with(|_| {});
            let before = other.request.clone();
            match filter.field {
                Field::Date => (other.request.from, other.request.to) = (None, None),
                field => other.request.filters.retain(|(f, _)| *f != field),
            }
            leads((other.request != before).then(|| other.link(home)))
        }
        Try::AnyWord { .. } => {
            let any = question.request.text.split_whitespace().collect::<Vec<_>>().join(" OR ");
            let plain = !question.request.text.contains(['"', '(', ':']);
            leads(plain.then(|| question.with(|r| r.text = any).link(home)))
        }
        Try::Apart { .. } => to(question.with(|r| r.text = r.text.replace('"', " "))),
        Try::Became { now, .. } => {
            let other = question.with(|r| {
                r.filters.retain(|(f, _)| *f != Field::District);
                r.filters.push((Field::District, vec![now.clone()]));
            });
            // A district typed among the words stays there.
            let is_chosen = question.request.filters.iter().any(|(f, _)| *f == Field::District);
            leads(is_chosen.then(|| other.link(home)))
        }
        Try::Before { .. } => to(question.with(|r| r.succession = Succession::Now)),
        Try::Meant { typed, near, .. } => to(question.with(|r| r.text = replaced(&r.text, typed, near))),
        Try::Slip(_) | Try::Spelling { .. } | Try::AsWords { .. } | Try::WithoutNot { .. } => leads(None),
    }
}

/// A question with a word replaced, wherever it stands alone.
fn replaced(text: &str, word: &str, by: &str) -> String {
    let same = |w: &str| w.to_lowercase() == word.to_lowercase();
    text.split(' ').map(|w| if same(w) { by } else { w }).collect::<Vec<_>>().join(" ")
}

/// The hits of a search as a table, to be opened elsewhere.
pub(super) fn table(app: &App, state: &State, ask: &Ask) -> Answer {
    let question = match Question::read(ask.query.as_deref()) {
        Ok(question) => question,
        Err(e) => return bad_address(ask.lang, &e),
    };
    let request = Request { limit: MOST_ROWS, facets: false, ..question.request.clone() };
    let found = app.with_catalog(state, |catalog| search::search(&request, &state.engine, catalog, &app.lex));
    let results = match found {
        Ok(results) => results,
        Err(e) => return refused(ask, &e, &question),
    };
    let row = |h: &Hit| {
        let decision = h.decision.as_ref();
        let pages: Vec<String> = h.pages.iter().map(u32::to_string).collect();
        vec![
            h.title.clone().unwrap_or_default(),
            h.kind.clone(),
            h.date.map(|d| d.to_string()).unwrap_or_default(),
            h.year.map(|y| y.to_string()).unwrap_or_default(),
            h.district.clone().unwrap_or_default(),
            h.authority.clone().unwrap_or_default(),
            h.dnr.clone().unwrap_or_default(),
            decision.map(|d| d.status.as_str().to_string()).unwrap_or_default(),
            decision.map(|d| d.text.clone()).unwrap_or_default(),
            pages.join(" "),
            h.path.clone(),
            h.id.clone(),
            format!("{}{}/document/{}", ask.base, ask.lang.prefix(), h.id),
        ]
    };
    let head = [
        "title",
        "kind",
        "date",
        "year",
        "district",
        "authority",
        "dnr",
        "status",
        "decision",
        "pages",
        "path",
        "id",
        "url",
    ];
    table::csv("diarium", &head, results.hits.iter().map(row))
}

fn hit_line<'a>(hit: &'a Hit, question: &Question, frame: &Frame, lex: &Lexicon) -> HitLine<'a> {
    let document = frame.url(&format!("/document/{}", hit.id));
    let q = question.request.text.trim();
    let at = |page: u32| {
        let page = page.to_string();
        let mut parameters = vec![("page", page.as_str())];
        parameters.extend((!q.is_empty()).then_some(("q", q)));
        super::address::link(&document, &parameters)
    };
    let district = hit.district.as_ref().map(|d| label(Field::District, d, lex));
    let like = Question::read(None).map(|empty| {
        empty.with(|r| r.like = Some(crate::base::DocId::from_stored(hit.id.clone()))).link(&frame.url("/"))
    });
    let snippets = hit.snippets.iter().map(|s| SnippetLine { page: s.page, url: at(s.page), pieces: pieces(s) });
    HitLine {
        hit,
        url: hit.pages.first().map_or_else(|| document.clone(), |p| at(*p)),
        kind: label(Field::Kind, &hit.kind, lex),
        place: match (hit.authority.clone().or(district), &hit.district_now) {
            (Some(then), Some(now)) => {
                Some(format!("{then} ({} {})", frame.t("hit.now"), label(Field::District, now, lex)))
            }
            (then, _) => then,
        },
        similar: like.unwrap_or_default(),
        status: hit.decision.as_ref().map(|d| label(Field::Status, d.status.as_str(), lex)),
        actions: hit
            .decision
            .iter()
            .flat_map(|d| &d.actions)
            .map(|a| label(Field::Action, a, lex))
            .collect::<Vec<_>>()
            .join(", "),
        snippets: snippets.collect(),
    }
}

/// A snippet in pieces, each marked or not.
pub(super) fn pieces(s: &Snippet) -> Vec<(bool, String)> {
    let mut out = Vec::new();
    let mut at = 0;
    for [start, end] in &s.marks {
        let (Some(before), Some(word)) = (s.text.get(at..*start), s.text.get(*start..*end)) else { continue };
        out.push((false, before.to_string()));
        out.push((true, word.to_string()));
        at = *end;
    }
    out.push((false, s.text.get(at..).unwrap_or_default().to_string()));
    out.retain(|(_, text)| !text.is_empty());
    out
}

/// The facets, of one of them (`whole`) all values.
fn facets(question: &Question, results: &Results, home: &str, whole: Option<&str>) -> Vec<Facet> {
    let mut out = Vec::new();
    for info in filters().filter(|i| i.facet && i.field != Field::Year) {
        let counts = results.facets.get(info.name).unwrap_or_default();
        let choice = |c: &search::FacetCount| Choice {
            value: c.value.to_string(),
            label: c.label.to_string(),
            count: c.count,
            chosen: question.has(info.field, &c.value),
        };
        let most = if whole == Some(info.name) { MOST_VALUES } else { FACET_VALUES };
        let (shown, rest) = counts.split_at(counts.len().min(most));
        let mut values: Vec<Choice> = shown.iter().map(choice).collect();
        values.extend(rest.iter().map(choice).filter(|c| c.chosen));
        if values.is_empty() {
            continue;
        }
        let more = counts.len() - values.len();
        let all = question.link(home);
        let all = format!("{all}{}{WHOLE}={}#{}", if all.contains('?') { '&' } else { '?' }, info.name, info.name);
        out.push(Facet { key: format!("facet.{}", info.name), name: info.name, values, more, all });
    }
    out
}

fn years(question: &Question, results: &Results, home: &str) -> Vec<Bar> {
    let counts = results.facets.get(Field::Year.name()).unwrap_or_default();
    let year = |c: &search::FacetCount| Year {
        name: c.value.to_string(),
        count: c.count,
        chosen: question.has(Field::Year, &c.value),
        url: question.toggled(Field::Year, &c.value).link(home),
    };
    years::bars(counts.iter().rev().map(year).collect())
}

fn chips(question: &Question, home: &str, lex: &Lexicon, ask: &Ask) -> Vec<Chip> {
    let mut out = Vec::new();
    for (field, values) in &question.request.filters {
        for value in values {
            out.push(Chip {
                field: ask.lang.t(&format!("facet.{}", field.name())).to_string(),
                label: label(*field, value, lex),
                url: question.toggled(*field, value).link(home),
            });
        }
    }
    let r = &question.request;
    let mut one = |key: &str, label: String, without: Question| {
        out.push(Chip { field: ask.lang.t(key).to_string(), label, url: without.link(home) });
    };
    if let Some(d) = &r.from {
        one("chip.from", d.clone(), question.with(|r| r.from = None));
    }
    if let Some(d) = &r.to {
        one("chip.to", d.clone(), question.with(|r| r.to = None));
    }
    if let Some(id) = &r.like {
        let short: String = id.as_str().chars().take(12).collect();
        one("chip.like", short, question.with(|r| r.like = None));
    }
    if r.no_synonyms {
        one("chip.synonyms", String::new(), question.with(|r| r.no_synonyms = false));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_replaced_where_it_stands_alone() {
        assert_eq!(replaced("Förenning -förenning x", "förenning", "förening"), "förening -förenning x");
    }
}
