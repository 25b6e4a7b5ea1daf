//! Defines `Regex` and `RegexSet`: patterns as the `regex` crate reads them, found fast in text with å, ä and ö.
//!
//! The fast engine of the `regex` crate gives up where a word boundary meets a letter that is not ASCII, and leaves the rest of
//! the text to engines that are a hundred times as slow. So a pattern with boundaries has a loose twin without them, which
//! finds where it may match at all; only there the pattern itself is tried. What is found is the same.
//!
//! A pattern that begins with anything (`.{3,90}`, a number) is not even begun with in a text without the letters that it
//! needs (`needed`), and a set of patterns tries those alone whose letters are there.
//!
//! Patterns are compiled when first used: a document uses few of all.

use std::fmt;
use std::sync::{Arc, OnceLock};

use aho_corasick::AhoCorasick;
use regex_automata::meta;
use regex_automata::util::iter::Searcher;
use regex_automata::util::{captures, syntax};
use regex_automata::{Anchored, Input};
use regex_syntax::ParserBuilder;
use regex_syntax::ast;
use regex_syntax::hir::{Hir, HirKind, Look, Repetition};

mod begins;
mod needed;

use begins::Begins;
use needed::Needed;

/// How many places of the loose twin are tried before the pattern searches on its own: keeps the time linear.
const TRIES: usize = 64;

/// A pattern that is no regular expression: what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadPattern(String);

impl fmt::Display for BadPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A pattern.
#[derive(Clone)]
pub(crate) struct Regex {
    inner: Arc<Inner>,
}

struct Inner {
    source: String,
    ignore_case: bool,
    /// How a text begins that it matches; none if it does not only match at the beginning, or any beginning will do.
    begins: OnceLock<Option<Begins>>,
    /// Finds letters without which it matches nothing; none if it can do without any.
    letters: OnceLock<Option<AhoCorasick>>,
    /// Whether it begins with letters of its own, so that the pattern itself is found as fast.
    begins_with_letters: OnceLock<bool>,
    /// Without word boundaries; none if it has none, or would match anywhere without them.
    loose: OnceLock<Option<meta::Regex>>,
    whole: OnceLock<meta::Regex>,
}

impl fmt::Debug for Regex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Regex").field(&self.inner.source).finish()
    }
}

/// Where a pattern matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Match<'t> {
    text: &'t str,
    start: usize,
    end: usize,
}

impl<'t> Match<'t> {
    /// First byte in the text searched.
    pub fn start(&self) -> usize {
        self.start
    }

    /// The byte after the last.
    pub fn end(&self) -> usize {
        self.end
    }

    /// Its bytes in the text searched.
    pub fn range(&self) -> std::ops::Range<usize> {
        self.start..self.end
    }

    /// What matched.
    pub fn as_str(&self) -> &'t str {
        self.text.get(self.range()).unwrap_or_default()
    }

    /// How many bytes.
    pub fn len(&self) -> usize {
        self.end - self.start
    }
}

/// What the groups of a pattern matched.
#[derive(Debug)]
pub(crate) struct Captures<'t> {
    text: &'t str,
    caps: captures::Captures,
}

impl<'t> Captures<'t> {
    /// A group's match; 0 is the whole.
    pub fn get(&self, group: usize) -> Option<Match<'t>> {
        self.caps.get_group(group).map(|s| Match { text: self.text, start: s.start, end: s.end })
    }

    /// A named group's match.
    pub fn name(&self, name: &str) -> Option<Match<'t>> {
        self.caps.get_group_by_name(name).map(|s| Match { text: self.text, start: s.start, end: s.end })
    }

    /// All groups in order, the whole first.
    pub fn iter(&self) -> impl Iterator<Item = Option<Match<'t>>> + use<'_, 't> {
        (0..self.caps.group_len()).map(|i| self.get(i))
    }
}

/// What a group matched; nothing if it took no part.
impl std::ops::Index<usize> for Captures<'_> {
    type Output = str;

    fn index(&self, group: usize) -> &str {
        self.get(group).map_or("", |m| m.as_str())
    }
}

/// What a named group matched; nothing if it took no part.
impl std::ops::Index<&str> for Captures<'_> {
    type Output = str;

    fn index(&self, name: &str) -> &str {
        self.name(name).map_or("", |m| m.as_str())
    }
}

impl Regex {
    /// A pattern.
    ///
    /// # Errors
    /// If it is no regular expression. What only compiling finds (a class that is unknown, a pattern that is too large) makes a
    /// pattern that matches nothing.
    pub fn new(pattern: &str) -> Result<Regex, BadPattern> {
        Self::with_case(pattern, false)
    }

    /// A pattern that takes capitals and small letters for the same.
    ///
    /// # Errors
    /// As for [`Regex::new`].
    pub fn ignoring_case(pattern: &str) -> Result<Regex, BadPattern> {
        Self::with_case(pattern, true)
    }

    fn with_case(pattern: &str, ignore_case: bool) -> Result<Regex, BadPattern> {
        ast::parse::Parser::new().parse(pattern).map_err(|e| BadPattern(e.to_string()))?;
        let inner = Inner {
            source: pattern.to_string(),
            ignore_case,
            begins: OnceLock::new(),
            letters: OnceLock::new(),
            begins_with_letters: OnceLock::new(),
            loose: OnceLock::new(),
            whole: OnceLock::new(),
        };
        let regex = Regex { inner: Arc::new(inner) };
        #[cfg(test)]
        regex.inner.hir()?;
        #[cfg(test)]
        assert!(!pattern.contains(r"[^\S"), "write [\\s--x], which compiles in a hundredth of the time: {pattern}");
        Ok(regex)
    }

    /// Whether it matches anywhere.
    pub fn is_match(&self, text: &str) -> bool {
        self.search(&Input::new(text).earliest(true)).is_some()
    }

    /// Whether any part of a text may match: the text holds letters without which nothing does.
    pub fn may_match(&self, text: &str) -> bool {
        self.inner.letters().is_none_or(|letters| letters.is_match(text))
    }

    /// Its first match.
    pub fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        self.find_at(text, 0)
    }

    /// Its first match that begins at this byte or later; what stands before it counts for boundaries.
    pub fn find_at<'t>(&self, text: &'t str, at: usize) -> Option<Match<'t>> {
        if at > text.len() {
            return None;
        }
        let m = self.search(&Input::new(text).range(at..))?;
        Some(Match { text, start: m.start(), end: m.end() })
    }

    /// Its matches, one behind the other.
    pub fn find_iter<'r, 't>(&'r self, text: &'t str) -> impl Iterator<Item = Match<'t>> + use<'r, 't> {
        let mut searcher = Searcher::new(Input::new(text));
        std::iter::from_fn(move || {
            let m = searcher.advance(|input| Ok(self.search(input)))?;
            Some(Match { text, start: m.start(), end: m.end() })
        })
    }

    /// The groups of its first match.
    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.captures_in(text, &Input::new(text))
    }

    /// The groups of its matches, one behind the other.
    pub fn captures_iter<'r, 't>(&'r self, text: &'t str) -> impl Iterator<Item = Captures<'t>> + use<'r, 't> {
        let mut searcher = Searcher::new(Input::new(text));
        std::iter::from_fn(move || {
            let mut found = None;
            searcher.advance(|input| {
                found = self.captures_in(text, input);
                Ok(found.as_ref().and_then(|c| c.caps.get_match()))
            })?;
            found
        })
    }

    fn search(&self, input: &Input<'_>) -> Option<regex_automata::Match> {
        self.at_places(input, |whole, input| whole.search(input))
    }

    fn captures_in<'t>(&self, text: &'t str, input: &Input<'_>) -> Option<Captures<'t>> {
        let mut room: Option<captures::Captures> = None;
        self.at_places(input, |whole, input| {
            let caps = room.get_or_insert_with(|| whole.create_captures());
            whole.search_captures(input, caps);
            if caps.is_match() { room.take().map(|caps| Captures { text, caps }) } else { None }
        })
    }

    /// Tries the pattern itself at the places where its loose twin matches.
    fn at_places<T>(
        &self,
        input: &Input<'_>,
        mut try_at: impl FnMut(&meta::Regex, &Input<'_>) -> Option<T>,
    ) -> Option<T> {
        if let Some(begins) = self.inner.begins()
            && (input.start() > 0 || !begins.fit(input.haystack()))
        {
            return None;
        }
        if let Some(gate) = self.inner.gate()
            && !input.haystack().get(input.get_range()).is_some_and(|text| gate.is_match(text))
        {
            return None;
        }
        let Some(loose) = self.inner.loose() else { return try_at(self.inner.whole(), input) };
        let mut rest = input.clone().earliest(false);
        for _ in 0..TRIES {
            let start = loose.search(&rest)?.start();
            let here = input.clone().range(start..input.end()).anchored(Anchored::Yes);
            if let Some(found) = try_at(self.inner.whole(), &here) {
                return Some(found);
            }
            let next = (start + 1..=input.end()).find(|i| is_boundary(input.haystack(), *i))?;
            rest.set_start(next);
        }
        try_at(self.inner.whole(), &input.clone().range(rest.start()..input.end()))
    }
}

/// Whether a character of UTF-8 begins here, or the text ends.
fn is_boundary(text: &[u8], at: usize) -> bool {
    text.get(at).is_none_or(|b| (*b as i8) >= -0x40)
}

impl Inner {
    fn hir(&self) -> Result<Hir, BadPattern> {
        let mut parser = ParserBuilder::new().case_insensitive(self.ignore_case).build();
        parser.parse(&self.source).map_err(|e| BadPattern(e.to_string()))
    }

    fn begins(&self) -> Option<&Begins> {
        let make = || if self.source.contains('^') { Begins::of(&self.hir().ok()?) } else { None };
        self.begins.get_or_init(make).as_ref()
    }

    fn letters(&self) -> Option<&AhoCorasick> {
        self.letters.get_or_init(|| Needed::of(&self.hir().ok()?)?.finder()).as_ref()
    }

    /// What is asked before the pattern itself.
    fn gate(&self) -> Option<&AhoCorasick> {
        let own = || self.hir().is_ok_and(|hir| needed::begins_with_letters(&hir));
        if *self.begins_with_letters.get_or_init(own) { None } else { self.letters() }
    }

    fn loose(&self) -> Option<&meta::Regex> {
        self.loose.get_or_init(|| loose_of(&self.hir().ok()?)).as_ref()
    }

    fn whole(&self) -> &meta::Regex {
        self.whole.get_or_init(|| {
            let syntax = syntax::Config::new().case_insensitive(self.ignore_case);
            meta::Builder::new().syntax(syntax).build(&self.source).unwrap_or_else(|_| nothing())
        })
    }
}

/// A pattern that matches nothing.
fn nothing() -> meta::Regex {
    meta::Regex::builder().build_from_hir(&Hir::fail()).expect("the pattern that matches nothing compiles")
}

/// The pattern without word boundaries; none if it has none, or would match the empty text without them.
fn loose_of(hir: &Hir) -> Option<meta::Regex> {
    if !hir.properties().look_set().contains_word_unicode() {
        return None;
    }
    let loose = loosened(hir);
    if loose.properties().minimum_len().is_none_or(|n| n == 0) {
        return None;
    }
    meta::Builder::new().build_from_hir(&loose).ok()
}

/// A pattern without its word boundaries and groups: whatever it matches begins where the pattern may.
fn loosened(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Look(
            Look::WordUnicode
            | Look::WordUnicodeNegate
            | Look::WordStartUnicode
            | Look::WordEndUnicode
            | Look::WordStartHalfUnicode
            | Look::WordEndHalfUnicode,
        ) => Hir::empty(),
        HirKind::Repetition(r) => Hir::repetition(Repetition { sub: Box::new(loosened(&r.sub)), ..r.clone() }),
        HirKind::Capture(c) => loosened(&c.sub),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(loosened).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(loosened).collect()),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => hir.clone(),
    }
}

/// Several patterns looked for at once.
#[derive(Clone, Debug, Default)]
pub(crate) struct RegexSet {
    patterns: Vec<Regex>,
    letters: Arc<OnceLock<Letters>>,
}

/// The letters that the patterns of a set need.
#[derive(Debug)]
struct Letters {
    finder: Option<AhoCorasick>,
    /// For each of the finder's words the pattern that needs it.
    of: Vec<usize>,
    /// Whether a pattern needs none.
    always: Vec<bool>,
}

impl RegexSet {
    /// A set of patterns.
    pub fn new(patterns: Vec<Regex>) -> RegexSet {
        RegexSet { patterns, letters: Arc::default() }
    }

    /// How many patterns.
    pub fn len(&self) -> usize {
        self.patterns.len()
    }

    /// Whether any of them matches.
    pub fn is_match(&self, text: &str) -> bool {
        self.candidates(text).into_iter().any(|i| self.patterns.get(i).is_some_and(|p| p.is_match(text)))
    }

    /// Whether any of them may match any part of a text: the text holds letters without which none does.
    pub fn may_match(&self, text: &str) -> bool {
        let letters = self.letters.get_or_init(|| Letters::new(&self.patterns));
        letters.always.contains(&true) || letters.finder.as_ref().is_some_and(|f| f.is_match(text))
    }

    /// The patterns that may match, in order: all whose letters are there.
    pub fn candidates(&self, text: &str) -> Vec<usize> {
        let letters = self.letters.get_or_init(|| Letters::new(&self.patterns));
        // Nearly all texts have none, which is sooner found out than which.
        let finder = letters.finder.as_ref().filter(|f| f.is_match(text));
        if finder.is_none() && !letters.always.contains(&true) {
            return Vec::new();
        }
        let mut may = letters.always.clone();
        for m in finder.into_iter().flat_map(|f| f.find_overlapping_iter(text)) {
            if let Some(found) = letters.of.get(m.pattern().as_usize()).and_then(|i| may.get_mut(*i)) {
                *found = true;
            }
        }
        may.iter().enumerate().filter(|(_, may)| **may).map(|(i, _)| i).collect()
    }
}

impl Letters {
    fn new(patterns: &[Regex]) -> Letters {
        let (mut words, mut of, mut always) = (Vec::new(), Vec::new(), vec![true; patterns.len()]);
        for (i, pattern) in patterns.iter().enumerate() {
            let Some(needed) = pattern.inner.hir().ok().and_then(|h| Needed::of(&h)) else { continue };
            of.extend(std::iter::repeat_n(i, needed.words.len()));
            words.extend(needed.words);
            if let Some(always) = always.get_mut(i) {
                *always = false;
            }
        }
        match needed::finder(&words) {
            Some(finder) => Letters { finder: Some(finder), of, always },
            None => Letters { finder: None, of: Vec::new(), always: vec![true; patterns.len()] },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;

    /// Patterns in the forms that rules use.
    const PATTERNS: [&str; 16] = [
        r"(?i)\bja\b",
        r"(?i)\b(ett|\d{1,3})\s*ja\b",
        r"\b[A-ZÅÄÖ][\wåäö]+\b",
        r"(?i)\bårs?\b|\bår\B",
        r"\b(?P<a>\d+)(?:-(?P<b>\d+))?\b",
        r"(?is)^(.*?)\b(?:röstar|röstade)\s+(ja|nej)\b",
        r"\b",
        r"(?:\b)*x?",
        r"å+?\b",
        r"(?i)(?:^|[\n ])ö\b",
        r"\bA\b.{0,3}\bB\b",
        r"ö$",
        r"(?is)^(.{3,40}?)\s*(?:\b(?:yrkar|ja)\b|:\s*nej)",
        r"(?i)\d{1,2} (?:ja|åt)\b",
        r"^.*nej(?:x|ja)?",
        r"(?i)\w+(?:skäl|är)",
    ];

    /// Each pattern as we and as the regex crate read it.
    fn both(pattern: &str) -> (Regex, regex::Regex) {
        (Regex::new(pattern).unwrap(), regex::Regex::new(pattern).unwrap())
    }

    fn same((ours, theirs): &(Regex, regex::Regex), text: &str) {
        let pattern = theirs.as_str();
        assert_eq!(ours.is_match(text), theirs.is_match(text), "{pattern} in {text:?}");
        assert!(ours.may_match(text) || !theirs.is_match(text), "{pattern} in {text:?}");
        let found: Vec<_> = ours.find_iter(text).map(|m| m.range()).collect();
        assert_eq!(found, theirs.find_iter(text).map(|m| m.range()).collect::<Vec<_>>(), "{pattern} in {text:?}");
        let groups: Vec<Vec<_>> =
            ours.captures_iter(text).map(|c| (0..3).map(|i| c.get(i).map(|m| m.range())).collect()).collect();
        let expected: Vec<Vec<_>> =
            theirs.captures_iter(text).map(|c| (0..3).map(|i| c.get(i).map(|m| m.range())).collect()).collect();
        assert_eq!(groups, expected, "{pattern} in {text:?}");
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_the_regex_crate_finds(
            text in "[aåäöxXjJ0-9 \n.-]{0,40}|(?:ja|nej|ett|röstar|Å|ö|år|års|[ .,\n-]|12|A|B){0,30}|\\PC{0,30}"
        ) {
            static BOTH: LazyLock<Vec<(Regex, regex::Regex)>> =
                LazyLock::new(|| PATTERNS.iter().map(|p| both(p)).collect());
            BOTH.iter().for_each(|b| same(b, &text));
        }
    }

    #[test]
    fn many_places_that_only_look_alike() {
        let text = format!("{} ja", "åja jaå ".repeat(300));
        same(&both(r"(?i)\bja\b"), &text);
        assert_eq!(Regex::new(r"\bja\b").unwrap().find(&text).map(|m| m.end()), Some(text.len()));
    }

    #[test]
    fn sets_find_what_their_patterns_find() {
        let set = |patterns: &[&str]| RegexSet::new(patterns.iter().map(|p| Regex::new(p).unwrap()).collect());
        let s = set(&[r"\bja\b", r"nej", r"(?i)\bröst"]);
        assert!(s.is_match("Nämnden röstar."));
        assert!(!s.is_match("handröst åja"));
        assert_eq!(s.candidates("åja NEJ"), [0, 1]);
        assert!(s.may_match("åja") && !s.may_match("Nämnden avslår."));
        assert!(!RegexSet::default().is_match("ja"));
        assert!(set(&["nej", "ja"]).is_match("åja"));
    }

    #[test]
    fn bad_patterns_are_told() {
        assert!(Regex::new("(").is_err());
        assert!(Regex::ignoring_case(r"(?P<x>a").is_err());
        assert_eq!(Regex::ignoring_case("Å").unwrap().find("på").map(|m| m.as_str()), Some("å"));
    }
}
