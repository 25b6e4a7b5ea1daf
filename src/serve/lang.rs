//! Defines the languages of the pages. Every word that a page says stands in `strings.json`, in both.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// A language of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lang {
    /// Swedish.
    Sv,
    /// English.
    En,
}

/// A number to be written: templates hand over references, lists say how long they are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number(u64);

impl From<u64> for Number {
    fn from(n: u64) -> Self {
        Number(n)
    }
}

impl From<&u64> for Number {
    fn from(n: &u64) -> Self {
        Number(*n)
    }
}

impl From<usize> for Number {
    fn from(n: usize) -> Self {
        Number(n as u64)
    }
}

impl From<&usize> for Number {
    fn from(n: &usize) -> Self {
        Number(*n as u64)
    }
}

#[derive(Debug, Deserialize)]
struct Words {
    sv: String,
    en: String,
}

static STRINGS: LazyLock<BTreeMap<String, Words>> =
    LazyLock::new(|| serde_json::from_str(include_str!("strings.json")).unwrap_or_default());

impl Lang {
    /// As in the `lang` of HTML.
    pub(super) fn code(self) -> &'static str {
        match self {
            Lang::Sv => "sv",
            Lang::En => "en",
        }
    }

    /// The other one.
    pub(super) fn other(self) -> Lang {
        match self {
            Lang::Sv => Lang::En,
            Lang::En => Lang::Sv,
        }
    }

    /// What a page says under this key; the key itself where there is nothing, which a test looks for.
    pub(super) fn t(self, key: &str) -> &str {
        self.find(key).unwrap_or(key)
    }

    /// What a page says under this key, if there is something.
    pub(super) fn find(self, key: &str) -> Option<&'static str> {
        let words: Option<&'static Words> = STRINGS.get(key);
        words.map(|w| match self {
            Lang::Sv => w.sv.as_str(),
            Lang::En => w.en.as_str(),
        })
    }

    /// What stands before the path of a page in this language.
    pub(super) fn prefix(self) -> &'static str {
        match self {
            Lang::Sv => "",
            Lang::En => "/en",
        }
    }

    /// `1 träff`, `2 träffar`: under `key.one` and `key.many`.
    pub(super) fn count(self, n: impl Into<Number>, key: &str) -> String {
        let Number(n) = n.into();
        let key = format!("{key}.{}", if n == 1 { "one" } else { "many" });
        format!("{} {}", self.number(n), self.t(&key))
    }

    /// A number as people write it: in Swedish with no-break spaces between thousands, in English with commas.
    pub(super) fn number(self, n: impl Into<Number>) -> String {
        let digits = n.into().0.to_string();
        let mut out = String::with_capacity(digits.len() + 4);
        for (i, c) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                out.push(if self == Lang::Sv { '\u{a0}' } else { ',' });
            }
            out.push(c);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted() {
        assert_eq!(Lang::Sv.number(1_234_567_u64), "1\u{a0}234\u{a0}567");
        assert_eq!(Lang::En.number(123_u64), "123");
        assert_eq!(Lang::En.number(1000_usize), "1,000");
    }

    #[test]
    fn templates_hold_no_words_of_their_own() {
        let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/serve/templates");
        // Names that are the same in every language, and examples of what can be typed.
        let same = ["Diarium", "JSON", "CSV", "Excel", "API", "Atom", "kr"];
        let not_words = regex::Regex::new(r"(?s)\{[%{#].*?[%}#]\}|<code>.*?</code>|<[^>]*>|&[a-z]+;").unwrap();
        let word = regex::Regex::new(r"\p{L}{2,}").unwrap();
        for file in std::fs::read_dir(&dir).unwrap().flatten() {
            let text = std::fs::read_to_string(file.path()).unwrap();
            let left = not_words.replace_all(&text, " ");
            let left: Vec<&str> = word.find_iter(&left).map(|w| w.as_str()).filter(|w| !same.contains(w)).collect();
            assert!(left.is_empty(), "{}: {left:?}", file.path().display());
        }
    }

    #[test]
    fn every_key_is_used() {
        let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/serve");
        let mut used = String::new();
        for entry in walkdir::WalkDir::new(&dir).into_iter().flatten() {
            let name = entry.path().extension().and_then(|e| e.to_str()).unwrap_or_default();
            if matches!(name, "rs" | "html") {
                used.push_str(&std::fs::read_to_string(entry.path()).unwrap());
            }
        }
        // Groups whose keys are put together from ids; what they are put together from has tests of its own.
        let groups = [
            "column",
            "field",
            "facet",
            "ask",
            "say",
            "says",
            "warning",
            "problem",
            "finding",
            "role",
            "standing",
            "recommendation",
            "fate",
            "name",
            "reason",
            "step",
            "expected",
            "payer",
            "said_in",
        ];
        for key in STRINGS.keys() {
            let (group, rest) = key.split_once('.').unwrap_or((key, ""));
            let whole = used.contains(&format!("\"{key}\""));
            let counted = matches!(rest, "one" | "many") && used.contains(&format!("\"{group}\""));
            assert!(groups.contains(&group) || whole || counted, "nobody says {key}");
        }
    }

    #[test]
    fn every_key_that_code_and_templates_use_has_words() {
        let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/serve");
        let mut files: Vec<_> = std::fs::read_dir(&dir).unwrap().flatten().map(|e| e.path()).collect();
        files.extend(std::fs::read_dir(dir.join("templates")).unwrap().flatten().map(|e| e.path()));
        let key = regex::Regex::new(r#"\bt\("([a-z._]+)"\)|\.count\([^"()]+, "([a-z._]+)"\)"#).unwrap();
        let mut seen = 0;
        for file in files.iter().filter(|f| f.is_file()) {
            let text = std::fs::read_to_string(file).unwrap();
            for found in key.captures_iter(&text) {
                seen += 1;
                let missing: Vec<String> = match (found.get(1), found.get(2)) {
                    (Some(k), _) => vec![k.as_str().to_string()],
                    (_, Some(k)) => ["one", "many"].map(|n| format!("{}.{n}", k.as_str())).to_vec(),
                    _ => vec![],
                };
                let missing: Vec<_> = missing.into_iter().filter(|k| Lang::Sv.find(k).is_none()).collect();
                assert!(missing.is_empty(), "{}: no words for {missing:?}", file.display());
            }
        }
        assert!(seen > 60, "{seen}");
    }
}
