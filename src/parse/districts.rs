//! Defines how district committees are found in a text, in every way people write them.
//!
//! A name counts as the committee when a word such as `stadsdelsnämnd` stands beside it; alone only if the vocabulary calls
//! the bare name safe, because most names are also places.

use aho_corasick::{AhoCorasick, MatchKind};

use crate::base::{Span, fold};
use crate::lexicon::{District, Lexicon};

/// A committee found in a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mention {
    /// Indexes into the vocabulary's districts; several where one name was used at several times or places.
    pub districts: Vec<usize>,
    /// The name with the words that make it a committee.
    pub span: Span,
    /// Whether such a word stood beside the name.
    pub in_full: bool,
}

/// Finds district committees.
#[derive(Debug)]
pub(crate) struct DistrictFinder {
    names: AhoCorasick,
    /// For each pattern the districts it names, and whether it says by itself that it is a committee.
    meanings: Vec<(Vec<usize>, bool)>,
    /// Folded words after a name that make it a committee.
    suffixes: Vec<String>,
}

/// Folded words before a name that make it a committee.
const PREFIXES: [&str; 6] =
    ["stadsdelsnamnden", "stadsdelsnamnd", "stadsdelsforvaltningen", "sdn", "sdf", "stadsomradesnamnd"];

impl DistrictFinder {
    /// Compiles the names, genitives and aliases of the vocabulary.
    pub fn new(lex: &Lexicon) -> Self {
        let suffixes: Vec<String> = lex.district_suffixes.iter().map(|s| fold::fold(s)).collect();
        let mut by_name: std::collections::BTreeMap<String, (Vec<usize>, bool)> = std::collections::BTreeMap::new();
        for (i, district) in lex.districts.iter().enumerate() {
            let plain = [&district.name, &district.genitive, &district.official_board_name];
            for name in plain.into_iter().chain(&district.aliases) {
                let key = fold::name_key(name);
                let says_so = key.split(' ').any(|w| {
                    suffixes.iter().any(|s| s == w)
                        || PREFIXES.contains(&w)
                        || w.ends_with("namnden")
                        || w.ends_with("fullmaktige")
                });
                let entry = by_name.entry(key).or_default();
                if !entry.0.contains(&i) {
                    entry.0.push(i);
                }
                entry.1 |= says_so;
            }
        }
        by_name.remove("");
        let names = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(by_name.keys())
            .expect("the vocabulary's names fit an automaton");
        DistrictFinder { names, meanings: by_name.into_values().collect(), suffixes }
    }

    /// The committees in `text`, in order. Spans count from the beginning of `text`.
    pub fn find(&self, text: &str, lex: &Lexicon) -> Vec<Mention> {
        let folded = Folded::of(text);
        let mut found = Vec::new();
        for m in self.names.find_iter(&folded.text) {
            let (districts, says_so) = &self.meanings[m.pattern().as_usize()];
            let (mut start, mut end) = (m.start(), m.end());
            if !folded.is_word(text, start, end) {
                continue;
            }
            let mut in_full = *says_so;
            if let Some(len) = self.suffix_after(&folded.text[end..]) {
                in_full = true;
                end += len;
            }
            if let Some(len) = prefix_before(&folded.text[..start]) {
                in_full = true;
                start -= len;
            }
            let safe = |i: &usize| lex.districts.get(*i).is_some_and(|d| d.bare_name_policy == "ok");
            let meant: Vec<usize> =
                if in_full { districts.clone() } else { districts.iter().copied().filter(safe).collect() };
            if !meant.is_empty() {
                found.push(Mention { districts: meant, span: folded.original(start, end), in_full });
            }
        }
        found
    }

    /// Length of ` stadsdelsnämnd…` at the beginning of a folded text.
    fn suffix_after(&self, rest: &str) -> Option<usize> {
        let word = rest.strip_prefix(' ')?;
        let len = word.find(|c: char| !c.is_alphanumeric()).unwrap_or(word.len());
        self.suffixes.iter().any(|s| *s == word[..len]).then_some(1 + len)
    }
}

fn prefix_before(before: &str) -> Option<usize> {
    let head = before.strip_suffix(' ')?;
    let other = head.char_indices().rev().find(|(_, c)| !c.is_alphanumeric());
    let start = other.map_or(0, |(i, c)| i + c.len_utf8());
    PREFIXES.contains(&&head[start..]).then_some(before.len() - start)
}

/// The district that was at work in `year` among those a name can mean; the first if the year decides nothing.
pub(crate) fn at_work(candidates: &[usize], lex: &Lexicon, year: Option<i16>) -> Option<usize> {
    let year_of = |s: &Option<String>| s.as_deref().and_then(|s| s.get(..4)).and_then(|s| s.parse::<i16>().ok());
    let lasted = |d: &District| {
        year.is_some_and(|y| year_of(&d.from).is_none_or(|f| f <= y) && year_of(&d.to).is_none_or(|t| y <= t))
    };
    candidates
        .iter()
        .copied()
        .find(|i| lex.districts.get(*i).is_some_and(lasted))
        .or_else(|| candidates.first().copied())
}

/// A text as names are compared in it (see `fold::name_key`), with the way back to its bytes.
struct Folded {
    text: String,
    /// For each byte of `text` the byte of the original it came from; one more for the end.
    back: Vec<u32>,
}

impl Folded {
    fn of(original: &str) -> Self {
        let mut text: Vec<u8> = Vec::with_capacity(original.len());
        let mut back: Vec<u32> = Vec::with_capacity(original.len() + 1);
        let mut letter = String::new();
        for (at, c) in original.char_indices() {
            let from = u32::try_from(at).unwrap_or(u32::MAX);
            if c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '–' | '—' | '/') {
                if text.last() != Some(&b' ') {
                    text.push(b' ');
                    back.push(from);
                }
            } else if c.is_ascii() {
                text.push(c.to_ascii_lowercase() as u8);
                back.push(from);
            } else {
                letter.clear();
                fold::push_folded(c, &mut letter);
                text.extend_from_slice(letter.as_bytes());
                back.resize(text.len(), from);
            }
        }
        back.push(u32::try_from(original.len()).unwrap_or(u32::MAX));
        Folded { text: String::from_utf8(text).unwrap_or_default(), back }
    }

    /// The bytes of the original for a range of the folded text.
    fn original(&self, start: usize, end: usize) -> Span {
        Span { start: self.back[start], end: self.back[end] }
    }

    /// Whether a range is whole words of the original: not part of a longer or hyphenated one.
    fn is_word(&self, original: &str, start: usize, end: usize) -> bool {
        let before = original[..self.back[start] as usize].chars().next_back();
        let after: Vec<char> = original[self.back[end] as usize..].chars().take(2).collect();
        let joined_after = matches!(after.as_slice(), ['-' | '‑' | '/', c, ..] if c.is_alphanumeric());
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '‑'))
            && !after.first().is_some_and(|c| c.is_alphanumeric())
            && !joined_after
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, String)> {
        let lex = Lexicon::built_in();
        let finder = DistrictFinder::new(&lex);
        finder
            .find(text, &lex)
            .into_iter()
            .map(|m| (lex.districts[m.districts[0]].id.clone(), text[m.span.range()].to_string()))
            .collect()
    }

    #[test]
    fn committees_however_written() {
        for text in ["Järva stadsdelsnämnd", "Järvas stadsdelsförvaltning", "SDN Järva", "jarva sdn"] {
            assert_eq!(found(text), [("sthlm-jarva".to_string(), text.to_string())], "{text}");
        }
        for text in
            ["Spånga-\nTensta stadsdelsnämnd", "Spånga – Tensta stadsdelsnämnds", "Spånga Tensta stadsdelsområde"]
        {
            assert_eq!(found(text), [("sthlm-spanga-tensta".to_string(), text.to_string())], "{text}");
        }
        assert_eq!(found("i Enskede-Årsta-Vantörs regi")[0].0, "sthlm-enskede-arsta-vantor");
    }

    #[test]
    fn places_are_no_committees() {
        for text in
            ["kvinnor i Tensta", "Järva föräldraförening", "Farsta församling", "Kista-baserade", "Centrum för konst"]
        {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn the_year_decides_between_namesakes() {
        let lex = Lexicon::built_in();
        let finder = DistrictFinder::new(&lex);
        let m = finder.find("stadsdelsnämnden Lundby", &lex);
        let id = |year| lex.districts[at_work(&m[0].districts, &lex, Some(year)).unwrap()].id.clone();
        assert_eq!(id(2005), "gbg-lundby-1990");
        assert_eq!(id(2015), "gbg-lundby");
    }
}
