//! Asks the vocabulary and the index what a typed value means: an id, a name, an alias or a former name, in any case.

use std::collections::{BTreeMap, BTreeSet};

use super::suggest::closest;
use super::{SearchError, dnr};
use crate::base::PartialDate;
use crate::base::fold::{fold, name_key};
use crate::index::Engine;
use crate::index::entry::{HOLDINGS, day_range, own_dnr_key};
use crate::lexicon::{District, Lexicon};
use crate::parse::fields::org_nr;
use crate::parse::record::Status;
use crate::query::field::{FIELDS, Form};
use crate::query::{Field, Filter, Node, Query, Value};

/// A vocabulary of at most so many values is named whole when nothing is near.
const ALL_NAMED: usize = 40;

/// Whether a district stands for those it came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Succession {
    /// Each under its own name, as then.
    #[default]
    Then,
    /// With its predecessors, as now.
    Now,
}

/// A filter's value that means nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} \"{typed}\" is not known{}", hint(suggestions, all, expected))]
pub struct UnknownValue {
    /// Whose value.
    pub field: Field,
    /// As typed.
    pub typed: String,
    /// What may have been meant.
    pub suggestions: Vec<String>,
    /// All values there are, where they are few and none is near.
    pub all: Vec<String>,
    /// The form values have, where that is the fault.
    pub expected: Option<&'static str>,
}

fn hint(suggestions: &[String], all: &[String], expected: &Option<&'static str>) -> String {
    let quoted = |list: &[String]| list.iter().map(|s| format!("\"{s}\"")).collect::<Vec<_>>().join(", ");
    match expected {
        Some(form) => format!("; expected {form}"),
        None if !suggestions.is_empty() => format!("; did you mean {}?", quoted(suggestions)),
        None if !all.is_empty() => format!("; there are {}", quoted(all)),
        None => "; `diarium search --facets` lists the values there are".to_string(),
    }
}

/// A name before a colon that no field has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no field \"{name}\" ({name}:{value}){}; put quotes around the words if no field is meant; fields: {}",
    nearest_field(suggestion),
    fields()
)]
pub struct UnknownField {
    /// The name as typed.
    pub name: String,
    /// What stood after the colon.
    pub value: String,
    /// The field that may have been meant.
    pub suggestion: Option<&'static str>,
}

impl UnknownField {
    fn new(name: String, value: String) -> Self {
        let typed = fold(&name);
        let names = FIELDS.iter().flat_map(|i| std::iter::once(&i.name).chain(i.aliases).map(|n| (*n, i.name)));
        let near = names.map(|(n, field)| (strsim::jaro_winkler(&typed, n), field)).filter(|(near, _)| *near > 0.8);
        let suggestion = near.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, field)| field);
        UnknownField { name, value, suggestion }
    }
}

fn nearest_field(suggestion: &Option<&'static str>) -> String {
    suggestion.map(|s| format!("; did you mean {s}:?")).unwrap_or_default()
}

fn fields() -> String {
    FIELDS.map(|i| i.name).join(", ")
}

/// What statuses are called in Swedish.
const STATUSES: [(Status, &str, &[&str]); 4] = [
    (Status::Proposed, "föreslaget", &["föreslagen", "förslag"]),
    (Status::Moved, "yrkat", &["yrkad", "yrkande"]),
    (Status::Decided, "beslutat", &["beslutad", "beslut"]),
    (Status::Opinion, "yttrande", &["avstyrkt", "tillstyrkt"]),
];

/// Knows where to ask.
pub(super) struct Resolve<'a> {
    pub(super) engine: &'a dyn Engine,
    pub(super) lex: &'a Lexicon,
    pub(super) succession: Succession,
}

/// A value of the vocabulary with the names people use for it.
struct Named<'a> {
    id: &'a str,
    /// For people.
    label: &'a str,
    names: Vec<&'a str>,
}

/// The vocabulary's values of a field; none for a field whose values are names of the corpus.
fn vocabulary(field: Field, lex: &Lexicon) -> Option<Vec<Named<'_>>> {
    Some(match field {
        Field::District => lex
            .districts
            .iter()
            .map(|d| {
                let mut names: Vec<&str> = d.aliases.iter().map(String::as_str).collect();
                names.extend([d.name.as_str(), &d.official_board_name, &d.genitive]);
                Named { id: &d.id, label: &d.name, names }
            })
            .collect(),
        Field::Kind | Field::Genre => {
            // The Swedish name lists the names in use, the first one first.
            let use_as = if field == Field::Kind { "kind" } else { "genre" };
            let kinds = lex.kinds.iter().filter(move |k| k.usage == use_as || k.usage == "both");
            kinds
                .map(|k| {
                    let names: Vec<&str> = k.sv.split(", ").collect();
                    Named { id: &k.id, label: names.first().copied().unwrap_or(&k.id), names }
                })
                .collect()
        }
        Field::Action => {
            let actions = lex.actions.actions.iter();
            actions.map(|a| Named { id: &a.id, label: &a.label, names: a.label.split(", ").collect() }).collect()
        }
        Field::PoliticalParty => {
            let parties = lex.political_parties.iter();
            parties.map(|p| Named { id: &p.abbr, label: &p.name, names: vec![&p.name] }).collect()
        }
        Field::Status => STATUSES
            .iter()
            .map(|(s, label, names)| Named { id: s.as_str(), label, names: [&[*label], *names].concat() })
            .collect(),
        Field::Section => {
            let headings = lex.headings.list.iter().filter(|h| !h.variants.is_empty());
            headings
                .map(|h| Named {
                    id: &h.id,
                    label: h.variants.first().unwrap_or(&h.id),
                    names: h.variants.iter().map(String::as_str).collect(),
                })
                .collect()
        }
        Field::Has => HOLDINGS.iter().map(|h| Named { id: h, label: h, names: Vec::new() }).collect(),
        _ => return None,
    })
}

/// A field's value for people.
pub fn label(field: Field, value: &str, lex: &Lexicon) -> String {
    let known = vocabulary(field, lex).into_iter().flatten().find(|n| n.id == value);
    known.map_or_else(|| value.to_string(), |n| n.label.to_string())
}

/// A field's values that are called something else for people, each with what it is called.
pub(super) fn labels(field: Field, lex: &Lexicon) -> BTreeMap<&str, &str> {
    // Of two entries with one id the first is the one that is meant.
    vocabulary(field, lex).into_iter().flatten().rev().map(|n| (n.id, n.label)).collect()
}

impl Resolve<'_> {
    /// What a typed value of a field means.
    pub(super) fn value(&self, field: Field, typed: &str) -> Result<Vec<Value>, SearchError> {
        match field.info().form {
            Form::Number => Ok(vec![years(field, typed)?]),
            Form::Date => Ok(vec![match field {
                Field::From => between(self.date(field, Some(typed))?, None),
                Field::To => between(None, self.date(field, Some(typed))?),
                _ => self.days(typed)?,
            }]),
            Form::Dnr => match dnr::read(typed, self.lex) {
                Some(key) => Ok(vec![Value::Is(key)]),
                None => {
                    Err(unknown(field, typed, Some("a diary number such as \"JÄRVA 2024/45\" or \"1.2.3-45-2024\"")))
                }
            },
            Form::Id => self.id(field, typed),
            Form::Name => self.name(field, typed),
            // Words mean themselves.
            Form::Words => Ok(vec![Value::Words(Node::phrase(typed))]),
        }
    }

    fn id(&self, field: Field, typed: &str) -> Result<Vec<Value>, SearchError> {
        let known = vocabulary(field, self.lex).unwrap_or_default();
        let key = name_key(typed);
        let is = |n: &&Named| [n.id, n.label].iter().chain(&n.names).any(|name| name_key(name) == key);
        let mut ids: BTreeSet<String> = known.iter().filter(is).map(|n| n.id.to_string()).collect();
        if ids.is_empty() {
            // An id is near as a whole or not at all.
            let whole = |id| (name_key(id).replace(' ', ""), id);
            let names =
                known.iter().flat_map(|n| n.names.iter().map(|name| (name_key(name), n.label)).chain([whole(n.id)]));
            let suggestions = closest(&key, names);
            let mut all = Vec::new();
            if suggestions.is_empty() && known.len() <= ALL_NAMED {
                all.extend(known.iter().map(|n| n.label.to_string()));
            }
            return Err(UnknownValue { field, typed: typed.to_string(), suggestions, all, expected: None }.into());
        }
        if field == Field::District && self.succession == Succession::Now {
            for id in ids.clone() {
                self.add_predecessors(&id, &mut ids);
            }
        }
        Ok(ids.into_iter().map(Value::Is).collect())
    }

    fn add_predecessors(&self, id: &str, ids: &mut BTreeSet<String>) {
        for before in self.lex.district(id).map(|d: &District| d.predecessors.as_slice()).unwrap_or_default() {
            if ids.insert(before.clone()) {
                self.add_predecessors(before, ids);
            }
        }
    }

    fn name(&self, field: Field, typed: &str) -> Result<Vec<Value>, SearchError> {
        let key = name_key(&org_nr::read_typed(typed.trim()).unwrap_or_else(|| typed.to_string()));
        let mut values = self.engine.values_known_as(field, &key)?;
        if values.is_empty() && field == Field::Authority {
            // A board by its district's name, as for the district filter.
            let districts = self.lex.districts.iter();
            let named = districts.filter(|d| name_key(&d.name) == key || d.aliases.iter().any(|a| name_key(a) == key));
            for d in named {
                values.extend(self.engine.values_known_as(field, &name_key(&d.official_board_name))?);
            }
        }
        if !values.is_empty() {
            return Ok(values.into_iter().map(Value::Is).collect());
        }
        let names = self.engine.known_names(field)?;
        let suggestions = closest(&key, names.iter().map(|n| (n.key.clone(), n.value.as_str())));
        Err(UnknownValue { field, typed: typed.to_string(), suggestions, all: Vec::new(), expected: None }.into())
    }

    /// `2024-01..2024-06`, `>=2024-01`, `<2024` and the like, as days.
    fn days(&self, typed: &str) -> Result<Value, SearchError> {
        let (sign, date) = comparison(typed);
        if sign.is_empty() {
            let (from, to) = date.split_once("..").unwrap_or((date, date));
            let end = |s: &str| self.date(Field::Date, Some(s.trim()).filter(|s| !s.is_empty()));
            return Ok(between(end(from)?, end(to)?));
        }
        let days = self.date(Field::Date, Some(date))?.map(day_range);
        Ok(days.map_or(Value::Range(i64::MIN, i64::MAX), |(first, last)| compared(sign, first, last)))
    }

    /// The date that was typed for a field.
    pub(super) fn date(&self, field: Field, typed: Option<&str>) -> Result<Option<PartialDate>, SearchError> {
        let read =
            |s: &str| s.parse::<PartialDate>().map_err(|_| unknown(field, s, Some("YYYY, YYYY-MM or YYYY-MM-DD")));
        typed.map(read).transpose()
    }

    /// The same tree with every typed value understood.
    pub(super) fn node(&self, node: Node) -> Result<Node, SearchError> {
        let all = |nodes: Vec<Node>| nodes.into_iter().map(|n| self.node(n)).collect::<Result<Vec<_>, _>>();
        Ok(match node {
            // A diary number in a query is also found where it only stands in the text.
            Node::Typed { field: Field::Dnr, value } => {
                let any = self.value(Field::Dnr, &value)?;
                let own = any.iter().map(|v| match v {
                    Value::Is(key) => Value::Is(own_dnr_key(key)),
                    other => other.clone(),
                });
                let is = |any| Node::Is(Filter { field: Field::Dnr, any });
                Node::Or(vec![is(own.collect()), is(any), Node::phrase(value)])
            }
            Node::Typed { field, value } => {
                let any = self.value(field, &value)?;
                let field = if field.info().form == Form::Date { Field::Date } else { field };
                Node::Is(Filter { field, any })
            }
            Node::UnknownField { name, value } => return Err(UnknownField::new(name, value).into()),
            // An organisation number is found by its party, and however it stands in the text.
            Node::Word(word) => match org_nr::read_typed(&word) {
                Some(number) => {
                    let parties = self.engine.values_known_as(Field::Party, &name_key(&number))?;
                    let any: Vec<Value> = parties.into_iter().map(Value::Is).collect();
                    let known = (!any.is_empty()).then_some(Node::Is(Filter { field: Field::Party, any }));
                    let unbroken = Node::Word(number.replace('-', ""));
                    Node::Or(known.into_iter().chain([Node::Word(number), unbroken]).collect())
                }
                None => Node::Word(word),
            },
            Node::InDecision(n) => Node::InDecision(Box::new(self.node(*n)?)),
            Node::Not(n) => Node::Not(Box::new(self.node(*n)?)),
            Node::Also { typed, also } => Node::Also { typed: Box::new(self.node(*typed)?), also: all(also)? },
            Node::And(nodes) => Node::And(all(nodes)?),
            Node::Or(nodes) => Node::Or(all(nodes)?),
            node => node,
        })
    }
}

/// The condition that a date can lie between these, both included.
pub(super) fn between(from: Option<PartialDate>, to: Option<PartialDate>) -> Value {
    Value::Range(from.map_or(i64::MIN, |d| day_range(d).0), to.map_or(i64::MAX, |d| day_range(d).1))
}

fn unknown(field: Field, typed: &str, expected: Option<&'static str>) -> SearchError {
    UnknownValue { field, typed: typed.to_string(), suggestions: Vec::new(), all: Vec::new(), expected }.into()
}

/// Splits `>=2024` into its sign and the rest; no sign, no comparison.
fn comparison(typed: &str) -> (&str, &str) {
    let rest = typed.trim().trim_start_matches(['<', '>', '=', '≤', '≥']);
    let sign = typed.trim().strip_suffix(rest).unwrap_or_default();
    (sign, rest.trim())
}

/// What lies so to something that reaches from `first` to `last`.
fn compared(sign: &str, first: i64, last: i64) -> Value {
    match sign {
        ">" => Value::Range(last + 1, i64::MAX),
        ">=" | "=>" | "≥" => Value::Range(first, i64::MAX),
        "<" => Value::Range(i64::MIN, first - 1),
        "<=" | "=<" | "≤" => Value::Range(i64::MIN, last),
        _ => Value::Range(first, last),
    }
}

fn years(field: Field, typed: &str) -> Result<Value, SearchError> {
    let fail = || unknown(field, typed, Some("a year, or a range such as 2019..2023"));
    let year = |s: &str, open: i64| match s.trim() {
        "" => Ok(open),
        s if s.len() == 4 && s.bytes().all(|b| b.is_ascii_digit()) => s.parse::<i64>().map_err(|_| fail()),
        _ => Err(fail()),
    };
    let (sign, one) = comparison(typed);
    if !sign.is_empty() {
        let year = if one.is_empty() { Err(fail()) } else { year(one, 0) }?;
        return Ok(compared(sign, year, year));
    }
    let parts = typed.split_once("..").or_else(|| typed.split_once(['-', '–']));
    match parts {
        Some((a, b)) if !(a.trim().is_empty() && b.trim().is_empty()) => {
            Ok(Value::Range(year(a, i64::MIN)?, year(b, i64::MAX)?))
        }
        Some(_) => Err(fail()),
        None if typed.trim().is_empty() => Err(fail()),
        None => year(typed, 0).map(|y| Value::Range(y, y)),
    }
}

/// The district asked for that this one has become part of; none if it is asked for itself.
pub(super) fn district_now(query: &Query, district: &str, lex: &Lexicon) -> Option<String> {
    let asked = |id: &str| {
        let filters = query.filters.iter().filter(|f| f.field == Field::District);
        filters.flat_map(|f| &f.any).any(|v| matches!(v, Value::Is(v) if v == id))
    };
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut todo = vec![lex.district(district)?];
    let mut last = None;
    while let Some(here) = todo.pop() {
        for next in here.successors.iter().filter_map(|id| lex.district(id)) {
            if asked(&next.id) && seen.insert(&next.id) {
                last = Some(next.id.clone());
                todo.push(next);
            }
        }
    }
    last
}
