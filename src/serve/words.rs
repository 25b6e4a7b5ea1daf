//! Says in the language of a page what other rooms say in English: how a query was read, why it is refused, what befell a file, what
//! is odd about a document. What there are no words for is said as it is.

use super::address::{Fault, Question};
use super::lang::Lang;
use super::picture::NoOriginal;
use crate::query::Field;
use crate::registry::Finding;
use crate::search::{SearchError, Speaker, UnknownField, UnknownValue};

/// Names offered for one that is not known.
const OFFERED: usize = 6;

impl Speaker for Lang {
    fn phrase(&self, key: &str) -> &str {
        self.find(&format!("say.{key}")).unwrap_or_default()
    }

    fn field(&self, field: Field) -> String {
        match self {
            // English readers type what they read.
            Lang::En => field.name().to_string(),
            Lang::Sv => self
                .find(&format!("facet.{}", field.name()))
                .map_or_else(|| field.name().to_string(), str::to_lowercase),
        }
    }
}

/// Words for a thing that has a code: those of the pages, else those that came with it, which are English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) text: String,
    /// True if the text is not in the language of the page.
    pub(super) is_english: bool,
}

impl Told {
    fn of(lang: Lang, key: &str, english: &str) -> Told {
        match lang.find(key) {
            Some(words) => Told { text: words.to_string(), is_english: false },
            None => Told { text: english.to_string(), is_english: lang != Lang::En },
        }
    }
}

/// Why a file was not read, or not whole.
pub(super) fn of_file(lang: Lang, code: Option<&str>, message: Option<&str>) -> Told {
    let message = message.or(code).unwrap_or_default();
    match (lang, code) {
        // English has the whole message, with what was found.
        (Lang::En, _) | (_, None) => {
            Told { text: message.to_string(), is_english: lang != Lang::En && !message.is_empty() }
        }
        (Lang::Sv, Some(code)) => {
            let told = Told::of(lang, &format!("problem.{code}"), message);
            if told.is_english { Told::of(lang, &format!("warning.{code}"), message) } else { told }
        }
    }
}

/// What is odd about a document, in a sentence.
pub(super) fn of_warning(lang: Lang, code: &str, message: &str) -> Told {
    Told::of(lang, &format!("warning.{code}"), message)
}

/// What follows from an agreement's periods.
pub(super) fn of_finding(lang: Lang, finding: &Finding) -> String {
    let mut out = Told::of(lang, &format!("finding.{}", finding.code), &finding.message).text;
    let days: Vec<String> = [finding.from, finding.to].into_iter().flatten().map(|d| d.to_string()).collect();
    if !days.is_empty() {
        out.push_str(&format!(" {}", days.join(" – ")));
    }
    out
}

/// How sure a rule is, in percent.
pub(super) fn percent(confidence: f64) -> u64 {
    (confidence.clamp(0.0, 1.0) * 100.0).round() as u64
}

impl NoOriginal {
    /// Why, in the language of a page.
    pub(super) fn said(&self, lang: Lang) -> String {
        match self {
            NoOriginal::Catalog(e) => failed(lang, &e.to_string()),
            NoOriginal::Gone => lang.t("original.gone").to_string(),
            NoOriginal::Masked => lang.t("original.masked").to_string(),
            NoOriginal::Undrawn(why) => format!("{} ({why})", lang.t("original.undrawn")),
        }
    }
}

/// That the server failed, with why.
pub(super) fn failed(lang: Lang, why: &str) -> String {
    format!("{} ({why})", lang.t("fault.internal"))
}

/// What is wrong with an address.
pub(super) fn of_address(lang: Lang, fault: &Fault) -> String {
    let with = |key: &str, parts: [&str; 2]| {
        let [a, b] = parts;
        lang.t(key).replacen("{}", a, 1).replacen("{}", b, 1)
    };
    match fault {
        Fault::TooLong => lang.t("address.too_long").to_string(),
        Fault::Unknown { name, known } => with("address.unknown", [name, known]),
        Fault::Value { name, value, expected } => {
            format!("{} {}.", with("address.value", [value, name]), lang.t(&format!("expected.{expected}")))
        }
    }
}

/// Why a search is refused, and searches that may have been meant: their words and addresses.
pub(super) fn of_search(
    lang: Lang,
    error: &SearchError,
    question: &Question,
    home: &str,
) -> (String, Vec<(String, String)>) {
    match error {
        SearchError::Value(e) => of_value(lang, e, question, home),
        SearchError::Field(e) => (of_field(lang, e), Vec::new()),
        SearchError::Index(e) => (failed(lang, &e.to_string()), Vec::new()),
        SearchError::Catalog(e) => (failed(lang, &e.to_string()), Vec::new()),
    }
}

fn of_value(lang: Lang, e: &UnknownValue, question: &Question, home: &str) -> (String, Vec<(String, String)>) {
    let mut text = lang.t("value.unknown").replacen("{}", &e.typed, 1).replacen("{}", &lang.field(e.field), 1);
    let form = lang.find(&format!("expected.{}", e.field.name())).filter(|_| e.expected.is_some());
    if let Some(form) = form {
        text.push_str(&format!(" {} {form}.", lang.t("value.expected")));
    }
    if !e.suggestions.is_empty() {
        text.push_str(&format!(" {}", lang.t("value.meant")));
    }
    let instead = |name: &String| {
        let is_filter = question.has(e.field, &e.typed);
        let other = if is_filter {
            question.toggled(e.field, &e.typed).toggled(e.field, name)
        } else {
            question.with(|r| r.text = r.text.replace(&e.typed, name))
        };
        (name.clone(), other.link(home))
    };
    (text, e.suggestions.iter().take(OFFERED).map(instead).collect())
}

fn of_field(lang: Lang, e: &UnknownField) -> String {
    let mut text = lang.t("value.no_field").replacen("{}", &e.name, 1);
    if let Some(near) = e.suggestion {
        text.push_str(&format!(" {} {near}:", lang.t("value.meant")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::{English, PHRASES};

    #[test]
    fn every_phrase_of_a_query_has_words_with_the_same_places() {
        for (key, english) in PHRASES {
            let own = format!("say.{key}");
            assert_eq!(Lang::En.find(&own), Some(english), "{key}");
            assert_eq!(English.phrase(key), english);
            let swedish = Lang::Sv.find(&own).unwrap();
            assert_eq!(swedish.matches("{}").count(), english.matches("{}").count(), "{key}");
        }
    }

    #[test]
    fn every_field_that_can_be_asked_for_has_a_name_and_words() {
        for info in &crate::query::field::FIELDS {
            for key in [format!("facet.{}", info.name), format!("ask.{}", info.name)] {
                assert!(Lang::Sv.find(&key).is_some(), "{key}");
            }
            assert_eq!(Lang::En.find(&format!("ask.{}", info.name)), Some(info.help));
        }
    }

    #[test]
    fn every_field_of_a_record_has_a_name() {
        // Of the file and of proofs, which the page shows in its own way, or of no interest to people.
        let elsewhere = ["Source", "Part", "MadeWith", "Evidence", "Place", "Warning", "Tombstone", "Section"];
        let schema: serde_json::Value = serde_json::from_str(&crate::export::schema::json_schema::record()).unwrap();
        let mut missing = Vec::new();
        for (object, shape) in schema["$defs"].as_object().unwrap() {
            for name in shape["properties"].as_object().unwrap().keys() {
                let own =
                    ["schema", "id", "source", "evidence", "warnings", "language", "sections"].contains(&name.as_str());
                if !elsewhere.contains(&object.as_str()) && !own && Lang::Sv.find(&format!("field.{name}")).is_none() {
                    missing.push(format!("{object}.{name}"));
                }
            }
        }
        assert_eq!(missing, Vec::<String>::new());
    }

    #[test]
    fn a_file_that_was_not_read_says_why_in_swedish() {
        let told = of_file(Lang::Sv, Some("encrypted"), Some("is encrypted and needs a password"));
        assert!(!told.is_english && told.text.contains("lösenord"), "{told:?}");
        assert!(of_file(Lang::Sv, Some("something_new"), Some("is new")).is_english);
        assert!(of_file(Lang::En, Some("encrypted"), Some("is encrypted")).text.contains("is encrypted"));
        assert!(!of_file(Lang::Sv, None, None).is_english);
    }

    #[test]
    fn every_problem_of_a_file_has_words() {
        let codes = [
            "empty",
            "not_pdf",
            "binary",
            "encrypted",
            "damaged",
            "no_text",
            "no_ocr",
            "missing",
            "unreadable",
            "broken_link",
            "link_loop",
            "not_a_file",
            "changed_while_read",
            "internal",
            "limit_pages",
            "limit_file_bytes",
            "limit_text_bytes",
        ];
        for code in codes {
            assert!(!of_file(Lang::Sv, Some(code), Some("x")).is_english, "{code}");
        }
    }
}
