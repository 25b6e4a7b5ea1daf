//! Turns an address into a question and a question into an address: the address holds the whole state of a search, so that
//! a link can be shared and cited.

use form_urlencoded::Serializer;

use crate::base::{DocId, PartialDate};
use crate::query::field::{FIELDS, Form, Info};
use crate::query::{Field, Sort, Unit};
use crate::search::{Request, Succession};

/// Hits on a page unless another number is asked for, and the most that can be.
pub(super) const PER_PAGE: usize = 10;
pub(super) const MOST_PER_PAGE: usize = 100;
/// Longest query string read, in bytes, and most parameters.
pub(super) const LONGEST: usize = 8 << 10;
const MOST: usize = 200;

/// What is wrong with an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", super::words::of_address(super::lang::Lang::En, self))]
pub(super) enum Fault {
    /// Over `LONGEST` or `MOST`.
    TooLong,
    /// A parameter that there is not, and those that there are.
    Unknown { name: String, known: String },
    /// A value that means nothing; what was expected has words under `expected.`.
    Value { name: String, value: String, expected: &'static str },
}

/// The parameters of an address, in order.
pub(super) fn pairs(query: Option<&str>) -> Result<Vec<(String, String)>, Fault> {
    let query = query.unwrap_or_default();
    if query.len() > LONGEST {
        return Err(Fault::TooLong);
    }
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().take(MOST + 1).collect();
    if pairs.len() > MOST { Err(Fault::TooLong) } else { Ok(pairs) }
}

/// Refuses parameters without a value: a form sends its empty boxes, a program says what it means.
pub(super) fn strict(query: Option<&str>) -> Result<(), Fault> {
    match pairs(query)?.into_iter().find(|(_, value)| value.is_empty()) {
        Some((name, value)) => Err(Fault::Value { name, value, expected: "something" }),
        None => Ok(()),
    }
}

/// The parameters of these names, each at most once; others are refused by name.
pub(super) fn named<const N: usize>(query: Option<&str>, names: [&str; N]) -> Result<[Option<String>; N], Fault> {
    let mut out = [const { None }; N];
    for (name, value) in pairs(query)? {
        let Some(slot) = names.iter().position(|n| **n == name).and_then(|i| out.get_mut(i)) else {
            return Err(Fault::Unknown { name, known: names.join(", ") });
        };
        *slot = Some(value).filter(|v| !v.is_empty());
    }
    Ok(out)
}

/// A whole number from 1.
pub(super) fn number(name: &str, value: &str) -> Result<usize, Fault> {
    let read = value.parse().ok().filter(|n| *n >= 1 && *n <= 1_000_000_000);
    read.ok_or_else(|| Fault::Value { name: name.into(), value: value.into(), expected: "number" })
}

/// A day, `YYYY-MM-DD`.
pub(super) fn day(name: &str, value: &str) -> Result<jiff::civil::Date, Fault> {
    let read = (value.len() == 10).then(|| value.parse().ok()).flatten();
    read.ok_or_else(|| Fault::Value { name: name.into(), value: value.into(), expected: "day" })
}

/// A day, a month or a year: its first and last day.
pub(super) fn days(name: &str, value: &str) -> Result<(jiff::civil::Date, jiff::civil::Date), Fault> {
    let read = value.parse::<PartialDate>().map(|d| (d.first(), d.last()));
    read.map_err(|_| Fault::Value { name: name.into(), value: value.into(), expected: "days" })
}

/// An address with these parameters.
pub(super) fn link(path: &str, parameters: &[(&str, &str)]) -> String {
    let mut out = Serializer::new(String::new());
    out.extend_pairs(parameters);
    let query = out.finish();
    if query.is_empty() { path.to_string() } else { format!("{path}?{query}") }
}

/// The fields that are parameters which may be given several times.
pub(super) fn filters() -> impl Iterator<Item = &'static Info> {
    FIELDS.iter().filter(|i| !matches!(i.form, Form::Date | Form::Words))
}

/// A search as its address tells it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Question {
    /// What is asked; without offset and limit.
    pub(super) request: Request,
    /// Which page of the result, from 1.
    pub(super) page: usize,
    /// Hits on a page.
    pub(super) per_page: usize,
}

impl Question {
    /// Reads an address.
    ///
    /// # Errors
    /// If a parameter is unknown or its value means nothing.
    pub(super) fn read(query: Option<&str>) -> Result<Question, Fault> {
        let mut request = Request { facets: true, ..Request::default() };
        let (mut page, mut per_page) = (1, PER_PAGE);
        for (name, value) in pairs(query)? {
            let field = filters().find(|i| i.name == name);
            let bad = |expected| Err(Fault::Value { name: name.clone(), value: value.clone(), expected });
            match name.as_str() {
                // A form sends its empty boxes too.
                _ if value.is_empty() => {}
                "q" => request.text = value,
                "in" => {
                    request.unit = match value.as_str() {
                        "documents" => Unit::Document,
                        "decisions" => Unit::Decision,
                        _ => return bad("in"),
                    }
                }
                "sort" => {
                    request.sort = match value.as_str() {
                        "relevance" => Sort::Relevance,
                        "date" => Sort::Oldest,
                        "-date" => Sort::Newest,
                        _ => return bad("sort"),
                    }
                }
                "succession" => {
                    request.succession = match value.as_str() {
                        "then" => Succession::Then,
                        "now" => Succession::Now,
                        _ => return bad("succession"),
                    }
                }
                "synonyms" => match value.as_str() {
                    "no" => request.no_synonyms = true,
                    "yes" => request.no_synonyms = false,
                    _ => return bad("synonyms"),
                },
                "from" => request.from = Some(value),
                "to" => request.to = Some(value),
                "like" => request.like = Some(DocId::from_stored(value)),
                "page" => page = number("page", &value)?,
                "per_page" => {
                    per_page = number("per_page", &value)?;
                    if per_page > MOST_PER_PAGE {
                        return bad("per_page");
                    }
                }
                _ => match field {
                    Some(info) => add(&mut request, info.field, value),
                    None => return Err(Fault::Unknown { name, known: names().join(", ") }),
                },
            }
        }
        Ok(Question { request, page, per_page })
    }

    /// The request for its page.
    pub(super) fn to_ask(&self) -> Request {
        let offset = (self.page - 1).saturating_mul(self.per_page);
        Request { offset, limit: self.per_page, ..self.request.clone() }
    }

    /// Its parameters.
    pub(super) fn parameters(&self) -> Vec<(&'static str, String)> {
        let r = &self.request;
        let mut out = Vec::new();
        if !r.text.is_empty() {
            out.push(("q", r.text.clone()));
        }
        if r.unit == Unit::Decision {
            out.push(("in", "decisions".into()));
        }
        for (field, values) in &r.filters {
            out.extend(values.iter().map(|v| (field.name(), v.clone())));
        }
        out.extend(r.from.iter().map(|d| ("from", d.clone())));
        out.extend(r.to.iter().map(|d| ("to", d.clone())));
        out.extend(r.like.iter().map(|d| ("like", d.to_string())));
        if r.succession == Succession::Now {
            out.push(("succession", "now".into()));
        }
        if r.no_synonyms {
            out.push(("synonyms", "no".into()));
        }
        match r.sort {
            Sort::Relevance => {}
            Sort::Oldest => out.push(("sort", "date".into())),
            Sort::Newest => out.push(("sort", "-date".into())),
        }
        if self.per_page != PER_PAGE {
            out.push(("per_page", self.per_page.to_string()));
        }
        if self.page > 1 {
            out.push(("page", self.page.to_string()));
        }
        out
    }

    /// Its address below a path.
    pub(super) fn link(&self, path: &str) -> String {
        let all = self.parameters();
        let all: Vec<(&str, &str)> = all.iter().map(|(n, v)| (*n, v.as_str())).collect();
        link(path, &all)
    }

    /// The same with something else in its request, from the first page on.
    pub(super) fn with(&self, change: impl FnOnce(&mut Request)) -> Question {
        let mut other = Question { page: 1, ..self.clone() };
        change(&mut other.request);
        other
    }

    /// The same with one value of a field chosen, or no longer.
    pub(super) fn toggled(&self, field: Field, value: &str) -> Question {
        self.with(|r| {
            if !remove(r, field, value) {
                add(r, field, value.to_string());
            }
        })
    }

    /// True if it asks for everything there is.
    pub(super) fn is_empty(&self) -> bool {
        let r = &self.request;
        r.text.trim().is_empty() && r.filters.is_empty() && r.from.is_none() && r.to.is_none() && r.like.is_none()
    }

    /// True if this value of a field is chosen.
    pub(super) fn has(&self, field: Field, value: &str) -> bool {
        self.request.filters.iter().any(|(f, values)| *f == field && values.iter().any(|v| v == value))
    }
}

fn add(request: &mut Request, field: Field, value: String) {
    match request.filters.iter_mut().find(|(f, _)| *f == field) {
        Some((_, values)) if values.contains(&value) => {}
        Some((_, values)) => values.push(value),
        None => request.filters.push((field, vec![value])),
    }
}

fn remove(request: &mut Request, field: Field, value: &str) -> bool {
    let Some((_, values)) = request.filters.iter_mut().find(|(f, _)| *f == field) else { return false };
    let before = values.len();
    values.retain(|v| v != value);
    let removed = values.len() < before;
    request.filters.retain(|(_, values)| !values.is_empty());
    removed
}

/// The parameters that say what documents are like, without how they are listed.
pub(super) fn conditions() -> impl Iterator<Item = &'static str> {
    ["from", "to"].into_iter().chain(filters().map(|i| i.name))
}

/// True for the name of one.
pub(super) fn is_condition(name: &str) -> bool {
    conditions().any(|c| c == name)
}

/// The names of a search's parameters.
pub(super) fn names() -> Vec<&'static str> {
    let own = ["q", "in", "sort", "succession", "synonyms", "from", "to", "like", "page", "per_page"];
    own.into_iter().chain(filters().map(|i| i.name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_it_was_made_from() {
        let address = "q=%22till+handlingarna%22&in=decisions&district=sthlm-jarva&district=sthlm-alvsjo&year=2019..2023\
                       &from=2020&succession=now&sort=-date&page=3";
        let question = Question::read(Some(address)).unwrap();
        assert_eq!(question.request.text, "\"till handlingarna\"");
        assert!(question.has(Field::District, "sthlm-alvsjo") && question.has(Field::Year, "2019..2023"));
        assert_eq!((question.to_ask().offset, question.to_ask().limit), (20, 10));
        assert_eq!(Question::read(Some(&question.link("")[1..])), Ok(question.clone()));
        let without = question.toggled(Field::District, "sthlm-alvsjo");
        assert!(!without.has(Field::District, "sthlm-alvsjo") && without.page == 1);
        assert_eq!(without.toggled(Field::District, "sthlm-alvsjo").request, question.request);
    }

    #[test]
    fn what_means_nothing_is_refused_by_name() {
        for (address, said) in [
            ("colour=red", "There is no parameter \"colour\""),
            ("in=both", "\"both\" does not fit in; expected documents or decisions"),
            ("page=0", "\"0\" does not fit page; expected a whole number"),
            ("page=-1", "\"-1\""),
            ("per_page=1000", "at most 100"),
        ] {
            let fault = Question::read(Some(address)).unwrap_err();
            assert!(fault.to_string().contains(said), "{fault}");
        }
        assert_eq!(Question::read(Some(&"a".repeat(LONGEST + 1))), Err(Fault::TooLong));
        assert_eq!(Question::read(Some(&"q=&".repeat(MOST + 1))), Err(Fault::TooLong));
        assert!(named(Some("id=1&x=2"), ["id"]).is_err());
        assert!(day("in_force", "2024-02-30").is_err() && day("in_force", "2024-02").is_err());
        assert!(day("in_force", "2024-02-29").is_ok());
        let year = days("in_force", "2024").map(|(a, b)| (a.to_string(), b.to_string()));
        assert_eq!(year, Ok(("2024-01-01".into(), "2024-12-31".into())));
        assert!(days("in_force", "2024-13").is_err() && days("in_force", "soon").is_err());
        assert_eq!(Question::read(Some("q=&year=")), Question::read(None));
    }
}
