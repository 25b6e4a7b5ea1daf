//! Says in words how a query was read, and what to try. The words come from a `Speaker`, so that a page can
//! say the same in its own language.

use super::resolve::label;
use super::{Succession, explain};
use crate::lexicon::Lexicon;
use crate::query::{Field, Filter, Node, Query, Slip, Unit, Value};

/// How many of a word's compounds are named for people.
const SHOWN: usize = 3;

/// Every phrase that is used, by its key; `{}` stands for what is filled in. In English, as the command line and the API say it.
pub const PHRASES: [(&str, &str); 32] = [
    ("documents", "documents"),
    ("decisions", "decisions"),
    ("all", "all {}"),
    ("with", "{} with {}"),
    ("predecessors", "(districts with their predecessors)"),
    ("everything", "everything"),
    ("and", "AND"),
    ("or", "OR"),
    ("not", "NOT"),
    ("also", "{} (or {})"),
    ("any", "or"),
    ("more_compounds", "{} and {} more longer words"),
    ("rarest", "{}, the {} rarest left out"),
    ("document", "the document {}"),
    ("at_least", "at least {} of {}"),
    ("own", "own"),
    ("spelling", "{} is found nowhere: check its spelling, or search for its beginning with *"),
    ("near", "{} is found nowhere: did you mean {}?"),
    ("without", "without {}: {} found"),
    ("as_words", "the name as words instead of {}: {} found"),
    ("any_word", "with any of the words instead of all (put OR between them): {} found"),
    ("apart", "{} is found nowhere: without the quotes {} found"),
    ("became", "{} became part of {}: there {} found"),
    ("before", "with the districts it came from, as now: {} found"),
    ("without_not", "without what must not be there: {} found"),
    ("meant", "did you mean {} ({}) instead of {} ({})?"),
    ("slip_quote", "close the quote at character {}: all after it was read as one phrase"),
    ("slip_open", "close the bracket at character {}: it was read as if closed at the end"),
    ("slip_close", "leave out the bracket at character {}: it closes none"),
    ("slip_not", "put a dash for NOT at character {} (-word): it was read as a word"),
    ("title", "title"),
    ("decision", "decision"),
];

/// Gives the words that a query is told in.
pub trait Speaker {
    /// The phrase under this key of [`PHRASES`].
    fn phrase(&self, key: &str) -> &str;
    /// The name of a field.
    fn field(&self, field: Field) -> String;
}

/// Speaks English, with the names of fields as they are typed.
#[derive(Clone, Copy, Debug, Default)]
pub struct English;

impl Speaker for English {
    fn phrase(&self, key: &str) -> &str {
        PHRASES.iter().find(|(k, _)| *k == key).map_or("", |(_, words)| words)
    }

    fn field(&self, field: Field) -> String {
        field.name().to_string()
    }
}

/// One thing to try when nothing or little was found, or when the query holds a slip.
#[derive(Clone, Debug, PartialEq)]
pub enum Try {
    /// To mend a slip.
    Slip(Slip),
    /// Another spelling of a word that is found nowhere.
    Spelling {
        /// The word.
        typed: Node,
        /// Words there are that are spelt nearly so, the best first.
        near: Vec<String>,
    },
    /// To leave a condition out.
    Without {
        /// The condition.
        filter: Filter,
        /// How many are found then.
        found: u64,
    },
    /// To look for a name as words of the text.
    AsWords {
        /// The condition.
        filter: Filter,
        /// How many are found then.
        found: u64,
    },
    /// To look for the words of a phrase that is found nowhere, wherever they stand.
    Apart {
        /// The phrase.
        typed: Node,
        /// How many are found then.
        found: u64,
    },
    /// To look in what a district became part of.
    Became {
        /// Id of the district asked for.
        district: String,
        /// Id of what that became part of.
        now: String,
        /// How many are found there.
        found: u64,
    },
    /// To look in the districts that one came from.
    Before {
        /// How many are found then.
        found: u64,
    },
    /// To let in what must not be there.
    WithoutNot {
        /// How many are found then.
        found: u64,
    },
    /// A much more frequent word that is spelt nearly so.
    Meant {
        /// As typed.
        typed: String,
        /// How many documents have it.
        found: u64,
        /// The other word.
        near: String,
        /// How many documents have that one.
        near_found: u64,
    },
    /// To look for any of the words.
    AnyWord {
        /// How many are found then.
        found: u64,
    },
}

/// A phrase with its places filled in, in order.
fn fill(phrase: &str, with: &[&str]) -> String {
    let mut parts = phrase.split("{}");
    let mut out = parts.next().unwrap_or_default().to_string();
    for (i, part) in parts.enumerate() {
        out.push_str(with.get(i).copied().unwrap_or_default());
        out.push_str(part);
    }
    out
}

/// How a query was read, for people.
pub fn describe(query: &Query, lex: &Lexicon, succession: Succession, speaker: &dyn Speaker) -> String {
    let told = Told { lex, speaker };
    let mut parts = Vec::new();
    if query.words != Node::All {
        parts.push(told.node(&query.words, false));
    }
    parts.extend(query.filters.iter().map(|f| told.filter(f)));
    let what = speaker.phrase(match query.unit {
        Unit::Document => "documents",
        Unit::Decision => "decisions",
    });
    if parts.is_empty() {
        return fill(speaker.phrase("all"), &[what]);
    }
    let and = format!(" {} ", speaker.phrase("and"));
    let all = fill(speaker.phrase("with"), &[what, &parts.join(&and)]);
    let districts = query.filters.iter().any(|f| f.field == Field::District);
    let as_now = districts && succession == Succession::Now;
    if as_now { format!("{all} {}", speaker.phrase("predecessors")) } else { all }
}

/// What to try, for people.
pub fn say(what: &Try, lex: &Lexicon, speaker: &dyn Speaker) -> String {
    let told = Told { lex, speaker };
    match what {
        Try::Slip(slip) => {
            let (key, at) = match slip {
                Slip::Quote(at) => ("slip_quote", at),
                Slip::Open(at) => ("slip_open", at),
                Slip::Close(at) => ("slip_close", at),
                Slip::Not(at) => ("slip_not", at),
            };
            fill(speaker.phrase(key), &[&at.to_string()])
        }
        Try::Spelling { typed, near } if near.is_empty() => {
            fill(speaker.phrase("spelling"), &[&told.node(typed, true)])
        }
        Try::Spelling { typed, near } => fill(speaker.phrase("near"), &[&told.node(typed, true), &near.join(", ")]),
        Try::Without { filter, found } => fill(speaker.phrase("without"), &[&told.filter(filter), &found.to_string()]),
        Try::AsWords { filter, found } => fill(speaker.phrase("as_words"), &[&told.filter(filter), &found.to_string()]),
        Try::Apart { typed, found } => fill(speaker.phrase("apart"), &[&told.node(typed, true), &found.to_string()]),
        Try::Became { district, now, found } => {
            let [district, now] = [district, now].map(|id| label(Field::District, id, lex));
            fill(speaker.phrase("became"), &[&district, &now, &found.to_string()])
        }
        Try::Before { found } => fill(speaker.phrase("before"), &[&found.to_string()]),
        Try::WithoutNot { found } => fill(speaker.phrase("without_not"), &[&found.to_string()]),
        Try::Meant { typed, found, near, near_found } => {
            fill(speaker.phrase("meant"), &[near, &near_found.to_string(), typed, &found.to_string()])
        }
        Try::AnyWord { found } => fill(speaker.phrase("any_word"), &[&found.to_string()]),
    }
}

/// What a query is told with.
struct Told<'a> {
    lex: &'a Lexicon,
    speaker: &'a dyn Speaker,
}

impl Told<'_> {
    fn node(&self, node: &Node, inside: bool) -> String {
        let join = |nodes: &[Node], word: &str| {
            let parts: Vec<String> = nodes.iter().map(|n| self.node(n, true)).collect();
            let text = parts.join(&format!(" {} ", self.speaker.phrase(word)));
            if inside && parts.len() > 1 { format!("({text})") } else { text }
        };
        match node {
            Node::All => self.speaker.phrase("everything").to_string(),
            Node::Word(_) | Node::Prefix(_) | Node::Phrase { .. } | Node::Fuzzy { .. } => explain::typed(node),
            Node::InTitle(n) => format!("{}:{}", self.speaker.phrase("title"), self.node(n, true)),
            Node::Also { typed, also } => {
                let also: Vec<String> = also.iter().map(|n| self.node(n, true)).collect();
                fill(self.speaker.phrase("also"), &[&self.node(typed, true), &also.join(", ")])
            }
            Node::InDecision(n) => format!("{}:{}", self.speaker.phrase("decision"), self.node(n, true)),
            Node::Compounds { stems, left_out, .. } => self.compounds(stems, *left_out),
            Node::Typed { field, value } => format!("{}:{value}", self.speaker.field(*field)),
            Node::UnknownField { name, value } => format!("{name}:{value}"),
            Node::Document(id) => fill(self.speaker.phrase("document"), &[&id.to_string()]),
            Node::Some { least, of } => {
                let of = self.node(&Node::Or(of.clone()), true);
                fill(self.speaker.phrase("at_least"), &[&least.to_string(), &of])
            }
            Node::Is(f) => self.filter(f),
            Node::Not(n) => format!("{} {}", self.speaker.phrase("not"), self.node(n, true)),
            Node::And(all) => join(all, "and"),
            // A diary number typed bare: found by its key or where it stands in the text.
            Node::Or(any) => match any.as_slice() {
                [Node::Is(own), Node::Is(_), Node::Phrase { words, .. }] if own.field == Field::Dnr => {
                    format!("{} {words}", self.speaker.field(Field::Dnr))
                }
                any => join(any, "or"),
            },
        }
    }

    /// Some of the longer words, by stem, and how many more there are.
    fn compounds(&self, stems: &[String], left_out: usize) -> String {
        let shown: Vec<String> = stems.iter().take(SHOWN).map(|s| format!("{s}*")).collect();
        let more = stems.len() - shown.len();
        let mut text = shown.join(", ");
        if more > 0 {
            text = fill(self.speaker.phrase("more_compounds"), &[&text, &more.to_string()]);
        }
        if left_out > 0 {
            text = fill(self.speaker.phrase("rarest"), &[&text, &left_out.to_string()]);
        }
        text
    }

    fn filter(&self, f: &Filter) -> String {
        let end = |n: i64| if n == i64::MIN || n == i64::MAX { String::new() } else { n.to_string() };
        let value = |v: &Value| match v {
            Value::Is(v) if f.field == Field::Dnr => self.dnr(v),
            Value::Is(v) => label(f.field, v, self.lex),
            Value::Words(words) => self.node(words, true),
            Value::Range(a, b) if a == b => a.to_string(),
            Value::Range(a, b) => format!("{}..{}", end(*a), end(*b)),
        };
        let values: Vec<String> = f.any.iter().map(value).collect();
        format!("{}: {}", self.speaker.field(f.field), values.join(&format!(" {} ", self.speaker.phrase("any"))))
    }

    /// A diary number's key for people: `jarva|2024|45` → `JARVA 2024/45`.
    fn dnr(&self, key: &str) -> String {
        let (own, key) = match key.strip_prefix("own:") {
            Some(key) => (format!("{} ", self.speaker.phrase("own")), key),
            None => (String::new(), key),
        };
        let mut parts = key.split('|');
        let (series, year, number) = (parts.next(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        match series.filter(|s| *s != "*") {
            Some(series) => format!("{own}{} {year}/{number}", series.to_uppercase()),
            None => format!("{own}{year}/{number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_filled_in_order() {
        assert_eq!(fill("{} with {}", &["a", "b"]), "a with b");
        assert_eq!(fill("none", &["a"]), "none");
        assert_eq!(fill("{}{}", &["a"]), "a");
    }

    #[test]
    fn a_query_is_told_in_the_words_of_its_speaker() {
        struct Other;
        impl Speaker for Other {
            fn phrase(&self, key: &str) -> &str {
                match key {
                    "documents" => "handlingar",
                    "with" => "{} med {}",
                    "and" => "OCH",
                    other => English.phrase(other),
                }
            }
            fn field(&self, field: Field) -> String {
                field.name().to_uppercase()
            }
        }
        let lex = Lexicon::built_in();
        let year = Filter { field: Field::Year, any: vec![Value::Range(2019, 2023)] };
        let query = Query { words: Node::Word("stöd".into()), filters: vec![year], ..Query::default() };
        assert_eq!(describe(&query, &lex, Succession::Then, &English), "documents with stöd AND year: 2019..2023");
        assert_eq!(describe(&query, &lex, Succession::Then, &Other), "handlingar med stöd OCH YEAR: 2019..2023");
    }
}
