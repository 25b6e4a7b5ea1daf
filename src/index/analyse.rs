//! Defines the one analyser: how text becomes words, for every engine, for queries and for snippets.
//!
//! A word has three forms: `exact` (NFC, lower case), `stem` (its Swedish stem) and, if it has å, ä, ö or another mark,
//! `folded` (folded, then stemmed). A word typed with marks must meet the stem; one typed without may meet either, so
//! `jarva` finds Järva while `vård` never finds `värd`. What a word becomes depends on the word and [`VERSION`] alone.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use regex::{Regex, RegexSet};
use serde::Deserialize;
use tantivy::tokenizer::{Language, SimpleTokenizer, Stemmer, TextAnalyzer, TokenStream};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::base::Span;
use crate::base::fold::fold;

/// Version of the analyser: raise it with every change to this file or to `stem_overrides.json`, and when the stemmer
/// crate changes. An index made with another one must be rebuilt.
pub const VERSION: &str = "2/frostem-1.20260821";

/// Longest word that is analysed, in bytes; a longer one is noise and is cut to this length.
const MAX_WORD_BYTES: usize = 200;

/// Most words whose forms one thread remembers.
const CACHE_WORDS: usize = 100_000;

/// The forms of one word.
#[derive(Debug, PartialEq, Eq)]
pub struct Forms {
    /// NFC, lower case.
    pub exact: String,
    /// Its Swedish stem.
    pub stem: String,
    /// Folded, then stemmed; none if the word has no mark to fold.
    pub folded: Option<String>,
}

/// One word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it stands in the text given.
    pub span: Span,
    /// Its place in the order of words, from 0. A whole number or date shares the place of its first part.
    pub position: u32,
    /// How many places it takes: more than 1 for a whole number, date or dnr beside its parts.
    pub width: u32,
    /// Its forms.
    pub forms: Arc<Forms>,
}

/// The words of a text, in order; a whole (dnr, org number, date, `§12`) comes just before its first part.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::with_capacity(text.len() / 6);
    let mut position = 0;
    each_chain(text, |chain| match chain {
        // Nearly every word.
        [one] if !has_digit(text, one) => {
            out.push(token(Span::new(one.start, one.end), position, 1, &text[one.start..one.end]));
            position += 1;
        }
        chain => push_chain(text, chain, &mut position, &mut out),
    });
    out
}

/// Calls `each` with the place and the byte at which every word begins that is not joined to one before it, and gives the number of
/// places: those of [`tokens`], without the words' forms.
pub fn chains(text: &str, mut each: impl FnMut(u32, usize)) -> u32 {
    let mut position = 0;
    each_chain(text, |chain| {
        if let Some(first) = chain.first() {
            each(position, first.start);
        }
        position += u32::try_from(words_of(text, chain).len()).unwrap_or(u32::MAX);
    });
    position
}

/// Where the first words of [`tokens`] at two places begin and end, without the forms of the words between them.
pub fn span(text: &str, first: u32, last: u32) -> Option<Span> {
    let mut next = 0;
    let mut found = [None, None];
    let mut words = Vec::new();
    each_chain(text, |chain| {
        let begins = next;
        next += if chain.len() == 1 { 1 } else { u32::try_from(words_of(text, chain).len()).unwrap_or(u32::MAX) };
        let wanted = [first, last].map(|at| begins <= at && at < next);
        if wanted.contains(&true) {
            words.clear();
            push_chain(text, chain, &mut begins.clone(), &mut words);
            for ((found, wanted), at) in found.iter_mut().zip(wanted).zip([first, last]) {
                if wanted {
                    *found = words.iter().find(|t| t.position == at).map(|t| t.span);
                }
            }
        }
    });
    let [first, last] = found;
    Some(first?.join(last?))
}

/// Calls `each` with every run of words that nothing but one joining sign parts.
fn each_chain(text: &str, mut each: impl FnMut(&[Run])) {
    let mut chain: Vec<Run> = Vec::new();
    for word in (Words { text, at: 0 }) {
        if chain.last().is_some_and(|last| !joins(&text[last.end..word.start])) {
            each(&chain);
            chain.clear();
        }
        chain.push(word);
    }
    if !chain.is_empty() {
        each(&chain);
    }
}

/// The forms of one word typed or read.
pub fn forms(word: &str) -> Arc<Forms> {
    CACHE.with_borrow_mut(|cache| {
        if let Some(known) = cache.words.get(word) {
            return known.clone();
        }
        let made = Arc::new(cache.stems.forms(word));
        if cache.words.len() >= CACHE_WORDS {
            cache.words.clear();
        }
        cache.words.insert(word.to_string(), made.clone());
        made
    })
}

/// A run of word characters, as byte offsets.
#[derive(Clone, Copy, Debug)]
struct Run {
    start: usize,
    end: usize,
}

/// Splits text into runs of letters, digits and combining marks.
struct Words<'a> {
    text: &'a str,
    at: usize,
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || !c.is_ascii() && (c == '\u{ad}' || unicode_normalization::char::is_combining_mark(c))
}

impl Iterator for Words<'_> {
    type Item = Run;

    fn next(&mut self) -> Option<Run> {
        let mut start = self.at;
        loop {
            match self.kind_at(start, char::is_alphanumeric)? {
                (true, _) => break,
                (false, length) => start += length,
            }
        }
        let mut end = start;
        while let Some((true, length)) = self.kind_at(end, in_word) {
            end += length;
        }
        self.at = end;
        Some(Run { start, end })
    }
}

impl Words<'_> {
    /// Whether the character at a byte is of a kind that holds all letters and digits and no other of ASCII, and its length; none at
    /// the end.
    fn kind_at(&self, at: usize, kind: impl Fn(char) -> bool) -> Option<(bool, usize)> {
        match self.text.as_bytes().get(at)? {
            b if b.is_ascii() => Some((b.is_ascii_alphanumeric(), 1)),
            // From À to ÿ all are letters but two signs.
            0xc3 => Some((!matches!(self.text.as_bytes().get(at + 1), Some(0x97 | 0xb7)), 2)),
            _ => self.text.get(at..)?.chars().next().map(|c| (kind(c), c.len_utf8())),
        }
    }
}

/// True for what stands inside one number, date, dnr or hyphenated name.
fn joins(between: &str) -> bool {
    !between.starts_with(' ') && matches!(between, "-" | "/" | "." | ":" | "," | "–" | "‐" | "‑" | ".-")
}

/// Endings after the colon of an inflected abbreviation or number: `IOP:t`, `SDN:s`, `1:a`.
const COLON_ENDINGS: [&str; 17] =
    ["s", "t", "n", "en", "et", "er", "ar", "ens", "ets", "ers", "erna", "arna", "ernas", "na", "ts", "a", "e"];

fn has_digit(text: &str, run: &Run) -> bool {
    text[run.start..run.end].bytes().any(|b| b.is_ascii_digit())
}

/// The words of a chain, each with its span: an ending after a colon belongs to the word before it.
fn words_of(text: &str, chain: &[Run]) -> Vec<(Run, Span)> {
    let mut words: Vec<(Run, Span)> = Vec::with_capacity(chain.len());
    for run in chain {
        let word = &text[run.start..run.end];
        if let Some((head, span)) = words.last_mut() {
            let head_text = &text[head.start..head.end];
            let bare = span.end as usize == head.end;
            if bare
                && &text[head.end..run.start] == ":"
                && (head_text.chars().count() > 1 || has_digit(text, head))
                && COLON_ENDINGS.contains(&word.to_lowercase().as_str())
            {
                *span = Span::new(head.start, run.end);
                continue;
            }
        }
        words.push((*run, Span::new(run.start, run.end)));
    }
    words
}

fn push_chain(text: &str, chain: &[Run], position: &mut u32, out: &mut Vec<Token>) {
    let words = words_of(text, chain);
    let has_digit = |r: &Run| has_digit(text, r);
    // A whole beside its parts: a number of several parts, or one after the section sign.
    let parts = u32::try_from(words.len()).unwrap_or(u32::MAX);
    if let (Some((first, span)), Some((_, last))) = (words.first(), words.last()) {
        let section = section_sign(text, first.start).filter(|_| has_digit(first));
        if parts > 1 && words.iter().filter(|(r, _)| has_digit(r)).count() > 1 && parts <= 8 {
            let whole: String = text[first.start..last.end as usize].chars().map(plain_dash).collect();
            out.push(token(Span::new(first.start, last.end as usize), *position, parts, &whole));
        }
        if let Some(start) = section {
            let whole = format!("§{}", &text[first.start..first.end]);
            out.push(token(Span::new(start, span.end as usize), *position, 1, &whole));
        }
    }
    for (run, span) in words {
        out.push(token(span, *position, 1, &text[run.start..run.end]));
        *position += 1;
    }
}

fn token(span: Span, position: u32, width: u32, word: &str) -> Token {
    Token { span, position, width, forms: forms(word) }
}

fn plain_dash(c: char) -> char {
    if matches!(c, '–' | '‐' | '‑') { '-' } else { c }
}

/// Where the section sign before `at` begins, if one stands there with at most one space between.
fn section_sign(text: &str, at: usize) -> Option<usize> {
    let before = text[..at].strip_suffix([' ', '\u{a0}']).unwrap_or(&text[..at]);
    before.strip_suffix('§').map(str::len)
}

thread_local! {
    static CACHE: RefCell<Cache> = RefCell::new(Cache { words: HashMap::default(), stems: Stems::new() });
}

struct Cache {
    words: HashMap<String, Arc<Forms>, foldhash::fast::RandomState>,
    stems: Stems,
}

/// `stem_overrides.json`: what the Swedish stemmer gets wrong in this domain.
#[derive(Deserialize)]
struct Overrides {
    rewrites: Vec<Rewrite>,
    protected_heads: Vec<String>,
    protected_suffixes: Vec<String>,
}

/// One rewrite made before stemming.
#[derive(Deserialize)]
struct Rewrite {
    pattern: String,
    replace: String,
    #[serde(default)]
    min_letters: usize,
}

/// Compiles one pattern.
type Compile = Box<dyn FnOnce() -> Regex + Send>;

/// The overrides for words as written, or for folded words.
struct Rules {
    any: RegexSet,
    /// Each compiled for the first word that it fits.
    rewrites: Vec<(LazyLock<Regex, Compile>, String, usize)>,
    heads: Vec<String>,
    suffixes: Vec<String>,
}

impl Rules {
    fn new(data: &Overrides, map: impl Fn(&str) -> String) -> Self {
        let patterns: Vec<String> = data.rewrites.iter().map(|r| map(&r.pattern)).collect();
        let any = RegexSet::new(&patterns).expect("tested");
        let rewrite = |(r, pattern): (&Rewrite, String)| {
            let compiled = LazyLock::new(Box::new(move || Regex::new(&pattern).expect("tested")) as Compile);
            (compiled, map(&r.replace), r.min_letters)
        };
        Rules {
            any,
            rewrites: data.rewrites.iter().zip(patterns).map(rewrite).collect(),
            heads: data.protected_heads.iter().map(|h| map(h)).collect(),
            suffixes: data.protected_suffixes.clone(),
        }
    }

    fn rewrite<'a>(&self, word: &'a str) -> Cow<'a, str> {
        let mut word = Cow::Borrowed(word);
        if !self.any.is_match(&word) {
            return word;
        }
        let mut fits = self.any.matches(&word);
        for (i, (pattern, replace, min)) in self.rewrites.iter().enumerate() {
            if fits.matched(i) && word.chars().count() >= *min {
                word = Cow::Owned(pattern.replace(&word, replace.as_str()).into_owned());
                fits = self.any.matches(&word);
            }
        }
        word
    }

    /// The word cut after a protected head, if it ends in one, with or without an inflection.
    fn protected<'a>(&self, word: &'a str) -> Option<&'a str> {
        let ends_in_head = |w: &str| self.heads.iter().any(|h| w.ends_with(h.as_str()));
        if ends_in_head(word) {
            return Some(word);
        }
        self.suffixes.iter().filter_map(|s| word.strip_suffix(s.as_str())).find(|w| ends_in_head(w))
    }
}

static WRITTEN: LazyLock<(Rules, Rules)> = LazyLock::new(|| {
    let data: Overrides =
        serde_json::from_str(include_str!("../lexicon/data/stem_overrides.json")).expect("the built-in file is tested");
    (Rules::new(&data, str::to_string), Rules::new(&data, fold))
});

/// Stems words with the overrides; one per thread, because the stemmer keeps a buffer.
struct Stems {
    snowball: TextAnalyzer,
}

impl Stems {
    fn new() -> Self {
        Stems {
            snowball: TextAnalyzer::builder(SimpleTokenizer::default()).filter(Stemmer::new(Language::Swedish)).build(),
        }
    }

    fn forms(&mut self, word: &str) -> Forms {
        let exact = normal(word);
        let folded = fold(&exact);
        let folded = (folded != exact).then(|| self.stem(&folded, &WRITTEN.1));
        let stem = self.stem(&exact, &WRITTEN.0);
        Forms { exact, stem, folded }
    }

    fn stem(&mut self, word: &str, rules: &Rules) -> String {
        if word.bytes().any(|b| b.is_ascii_digit()) || !word.chars().all(char::is_alphanumeric) {
            return word.to_string();
        }
        let word = rules.rewrite(word);
        if let Some(kept) = rules.protected(&word) {
            return kept.to_string();
        }
        let mut stream = self.snowball.token_stream(&word);
        let stem = stream.next().map(|t| t.text.clone());
        stem.filter(|s| !s.is_empty()).unwrap_or_else(|| word.to_string())
    }
}

/// NFC, lower case, no soft hyphens, not longer than the limit.
fn normal(word: &str) -> String {
    let mut out: String =
        if is_nfc(word) { word.to_lowercase() } else { word.nfc().collect::<String>().to_lowercase() };
    if out.contains('\u{ad}') {
        out.retain(|c| c != '\u{ad}');
    }
    // Lower-casing can leave a decomposed letter behind (İ).
    if !is_nfc(&out) {
        out = out.nfc().collect();
    }
    if out.len() > MAX_WORD_BYTES {
        let cut = (0..=MAX_WORD_BYTES).rev().find(|&i| out.is_char_boundary(i)).unwrap_or(0);
        out.truncate(cut);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn exact(text: &str) -> Vec<String> {
        tokens(text).iter().map(|t| t.forms.exact.clone()).collect()
    }

    #[test]
    fn names_numbers_and_inflections_become_words() {
        assert_eq!(exact("Enskede-Årsta-Vantörs IOP:t"), ["enskede", "årsta", "vantörs", "iop"]);
        assert_eq!(exact("Dnr 2024/45."), ["dnr", "2024/45", "2024", "45"]);
        assert_eq!(exact("802461–9168"), ["802461-9168", "802461", "9168"]);
        assert_eq!(exact("enligt § 12 a"), ["enligt", "§12", "12", "a"]);
        assert_eq!(exact("Ja\u{308}rva"), ["järva"]);
        assert_eq!(exact("S:t Eriks"), ["s", "t", "eriks"]);
        assert_eq!(exact("sam\u{ad}verkan"), ["samverkan"]);
        assert_eq!(exact("  … — "), Vec::<String>::new());
    }

    #[test]
    fn a_whole_shares_the_place_of_its_first_part() {
        let t = tokens("den 2024-10-02 kom");
        let places: Vec<_> = t.iter().map(|t| (t.forms.exact.as_str(), t.position, t.width)).collect();
        assert_eq!(
            places,
            [("den", 0, 1), ("2024-10-02", 1, 3), ("2024", 1, 1), ("10", 2, 1), ("02", 3, 1), ("kom", 4, 1)]
        );
    }

    #[test]
    fn forms_meet_across_inflection_and_folding() {
        for (a, b) in [
            ("Järva", "Järvas"),
            ("mötesplats", "mötesplatserna"),
            ("ärende", "ärendet"),
            ("avtalet", "avtal"),
            ("kostnad", "kostnaden"),
            ("medborgarkontor", "medborgarkontoret"),
            ("bostad", "bostäderna"),
            ("månad", "månaders"),
        ] {
            assert_eq!(forms(a).stem, forms(b).stem, "{a} {b}");
        }
        for (typed, written) in
            [("jarva", "Järvas"), ("ideburet", "idéburet"), ("vantor", "Vantörs"), ("omrade", "området")]
        {
            assert_eq!(Some(&forms(typed).stem), forms(written).folded.as_ref(), "{typed} {written}");
        }
        assert_ne!(forms("vård").stem, forms("värd").stem);
        assert_eq!(forms("bidrag").folded, None);
    }

    #[test]
    fn noun_paradigms_of_the_domain_have_one_stem() {
        let Some(text) = crate::testing::shared_text("domain/stem_overrides.json") else { return };
        let data: serde_json::Value = serde_json::from_str(&text).unwrap();
        for paradigm in data["paradigms"].as_array().unwrap() {
            let words: Vec<&str> = paradigm.as_array().unwrap().iter().filter_map(|w| w.as_str()).collect();
            for w in &words {
                assert_eq!(forms(w).stem, forms(words[0]).stem, "{} {w}", words[0]);
            }
        }
    }

    proptest! {
        #[test]
        fn spans_are_of_the_text_and_grow(s in "[a-zåäöÅ0-9§:/.\\- \u{308}\u{ad}–]{0,60}|\\PC{0,60}") {
            let mut last = 0;
            let mut chains = std::collections::BTreeMap::new();
            let places = super::chains(&s, |position, byte| {
                chains.insert(position, byte);
            });
            prop_assert_eq!(places, tokens(&s).last().map_or(0, |t| t.position + 1));
            let at = |p: u32| tokens(&s).iter().find(|t| t.position == p).map(|t| t.span);
            for p in 0..places {
                let whole = at(p).zip(at(places - 1)).map(|(first, last)| first.join(last));
                prop_assert_eq!(super::span(&s, p, places - 1), whole);
            }
            for t in tokens(&s) {
                prop_assert!(s.get(t.span.range()).is_some());
                prop_assert!(t.position >= last && t.width >= 1);
                let begins = chains.get(&t.position);
                prop_assert!(begins.is_none_or(|b| *b == t.span.start as usize || t.forms.exact.starts_with('§')));
                prop_assert!(!t.forms.exact.is_empty() && !t.forms.stem.is_empty());
                last = t.position;
            }
        }
    }
}
