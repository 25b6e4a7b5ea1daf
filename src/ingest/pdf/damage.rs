//! Notices text layers that do not say what the page shows: letters that make no words, and letters that all stand for
//! others a constant number of places away. The second kind is put right when that makes words.
//!
//! Such layers come from fonts that were cut down or renumbered without keeping what their codes mean, and from bad OCR.

use std::collections::BTreeMap;

use super::font::Mend;
use super::page::{RawDocument, RawPage};
use crate::base::Note;
use crate::lexicon::Lexicon;

/// Fewest words to judge a page or a font by.
const FEWEST: u32 = 30;
/// Fewest words to judge a whole file by, whose pages have fewer each.
const FEWEST_OF_FILE: u32 = 60;
/// Most words of a page that are looked at.
const MOST: usize = 250;
/// Most words of a font that shifts are tried on.
const SAMPLE: usize = 300;
/// Widest shift that is tried, in places of Unicode.
const WIDEST: i32 = 64;
/// Longest word in bytes that can be a function word.
const LONGEST: usize = 12;

/// Fewest pairs of letters to judge by.
const FEWEST_PAIRS: u32 = 150;

/// Which letter follows which in Swedish or English words: for each from a to z a bit for each from a to z, set if the
/// pair is more than one in ten thousand. Counted over two million pairs of public documents.
static PAIRS: [u32; 26] = [
    0x3feffee, 0x13e4953, 0x11e4d95, 0x13e7f7d, 0x3fffdff, 0x11e4971, 0x13eeff9, 0x11e7911, 0x2aefc7f, 0x0106819,
    0x13e6dd3, 0x17efffb, 0x13ef9f3, 0x37effff, 0x17effff, 0x11ee9f9, 0x0100000, 0x17effff, 0x17effff, 0x37efff3,
    0x22ebd7f, 0x03e6159, 0x1066991, 0x0088115, 0x00ef97d, 0x0500111,
];

/// What was seen of some words.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Tally {
    words: u32,
    function: u32,
    odd: u32,
    letters: u32,
    vowels: u32,
    /// Pairs of neighbouring plain letters in longer words, and how many of them words do not have.
    pairs: u32,
    strange: u32,
}

impl Tally {
    fn add(&mut self, other: Tally) {
        self.words += other.words;
        self.function += other.function;
        self.odd += other.odd;
        self.letters += other.letters;
        self.vowels += other.vowels;
        self.pairs += other.pairs;
        self.strange += other.strange;
    }

    /// True if the words do not read as language. Swedish prose has a function word in every third place; a text in
    /// another language has none of them, but its words have vowels, plain letters and the pairs of letters that words have.
    fn is_soup(&self) -> bool {
        let strange = self.pairs >= FEWEST_PAIRS && self.strange * 6 >= self.pairs;
        self.function * 50 < self.words && (self.odd * 4 >= self.words || strange)
    }

    /// True if the words may be Swedish under a shift: nearly no function word, and few vowels or many odd words.
    fn may_be_shifted(&self) -> bool {
        self.words >= FEWEST
            && self.function * 50 < self.words
            && (self.vowels * 100 < self.letters * 29 || self.odd * 12 >= self.words)
    }
}

/// The function words of the vocabulary, ready to be looked up without making strings.
struct Known<'a>(Vec<&'a str>);

impl<'a> Known<'a> {
    fn new(lex: &'a Lexicon) -> Self {
        let mut words: Vec<&str> = lex.words.function_words.iter().map(String::as_str).collect();
        words.sort_unstable();
        Known(words)
    }

    /// True for a function word, in any case; `map` is asked for each letter first.
    fn has(&self, word: &str, map: impl Fn(char) -> char) -> bool {
        self.find(word, map).is_some()
    }

    fn find(&self, word: &str, map: impl Fn(char) -> char) -> Option<usize> {
        if word.len() > LONGEST {
            return None;
        }
        let mut buffer = [0u8; 4 * LONGEST];
        let mut len = 0;
        for c in word.chars() {
            let c = map(c);
            let c = c.to_lowercase().next().unwrap_or(c);
            let mut bytes = [0u8; 4];
            let encoded = c.encode_utf8(&mut bytes).as_bytes();
            buffer.get_mut(len..len + encoded.len())?.copy_from_slice(encoded);
            len += encoded.len();
        }
        let word = std::str::from_utf8(buffer.get(..len)?).ok()?;
        self.0.binary_search(&word).ok()
    }
}

/// Looks at one word.
fn tally(word: &str, known: &Known<'_>) -> Tally {
    let mut out = Tally::default();
    let foreign = word.chars().any(is_foreign);
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    let first = bare.chars().next();
    if bare.len() > 2 && bare.chars().all(|c| Some(c) == first) && !foreign {
        // Crosses in place of names.
        return out;
    }
    let (mut plain, mut other, mut accented) = (0u32, 0u32, 0u32);
    let (mut upper_inside, mut lower, mut sign_inside, mut hyphen) = (false, false, false, false);
    for (i, c) in bare.chars().enumerate() {
        match c {
            'a'..='z' | 'A'..='Z' => {
                plain += 1;
                out.vowels += u32::from("aeiouyAEIOUY".contains(c));
            }
            'å' | 'ä' | 'ö' | 'Å' | 'Ä' | 'Ö' => {
                plain += 1;
                out.vowels += 1;
            }
            '\u{c0}'..='\u{24f}' => accented += 1,
            '-' | '–' | '‐' => hyphen = true,
            '[' | ']' | '\\' | '^' | '_' | '`' | '{' | '|' | '}' | '~' | '#' | '$' | '*' | '<' | '>' | '"' => {
                sign_inside = true;
            }
            _ if c.is_alphabetic() => other += 1,
            _ => {}
        }
        lower |= c.is_lowercase();
        upper_inside |= i > 0 && c.is_uppercase();
    }
    out.letters = plain;
    // Numbers and signs alone say nothing, unless the signs are foreign to any text.
    if plain + other + accented == 0 {
        out.words = u32::from(foreign);
        out.odd = out.words;
        return out;
    }
    if bare.len() > 4 {
        for pair in bare.as_bytes().windows(2) {
            if let [a, b] = pair
                && a.is_ascii_alphabetic()
                && b.is_ascii_alphabetic()
            {
                let place = |c: &u8| c.to_ascii_lowercase() - b'a';
                let follows = PAIRS.get(usize::from(place(a))).copied().unwrap_or(0);
                out.pairs += 1;
                out.strange += 1 - (follows >> place(b) & 1);
            }
        }
    }
    out.words = 1;
    out.function = u32::from(known.has(bare, |c| c));
    let long = plain + other + accented > 3;
    let address = word.contains('@') || word.contains("://") || word.contains("www.");
    let odd = foreign
        || (long && plain > 3 && out.vowels == 0 && accented == 0)
        || (long && lower && upper_inside && !hyphen)
        || (plain > 0 && other > 0)
        || (sign_inside && plain > 0);
    out.odd = u32::from(odd && !address);
    out
}

/// Private-use characters, replacement characters, and controls.
fn is_foreign(c: char) -> bool {
    ('\u{e000}'..='\u{f8ff}').contains(&c) || c == '\u{fffd}' || c.is_control()
}

/// The fonts whose letters stand for others, each with what puts them right.
pub(super) fn mends(document: &RawDocument, lex: &Lexicon) -> BTreeMap<u16, Mend> {
    let known = Known::new(lex);
    let mut fonts: BTreeMap<u16, (Tally, Vec<&str>)> = BTreeMap::new();
    // Few fonts follow one another often: the last one is at hand.
    for page in &document.pages {
        let mut words = page.words.iter().take(MOST).peekable();
        while let Some(font) = words.peek().map(|w| w.font) {
            let (tally_of, sample) = fonts.entry(font).or_default();
            while let Some(word) = words.next_if(|w| w.font == font) {
                if tally_of.words < SAMPLE as u32 {
                    tally_of.add(tally(&word.text, &known));
                    sample.push(&word.text);
                }
            }
        }
    }
    fonts
        .into_iter()
        .filter(|(_, (tally, _))| tally.may_be_shifted())
        .filter_map(|(font, (_, sample))| Some((font, shift_of(&sample, &known)?)))
        .collect()
}

/// The shift that makes words of words; none if no shift does.
fn shift_of(sample: &[&str], known: &Known<'_>) -> Option<Mend> {
    let short: Vec<&str> = sample.iter().filter(|w| w.len() <= LONGEST).copied().collect();
    let score = |mend: Mend| {
        let mut seen: Vec<usize> = Vec::new();
        let (mut count, mut lower) = (0usize, 0usize);
        for word in &short {
            if let Some(which) = known.find(word, |c| mend.apply(c)) {
                count += 1;
                lower += usize::from(word.chars().all(|c| mend.apply(c).is_lowercase()));
                if !seen.contains(&which) {
                    seen.push(which);
                }
            }
        }
        (count, lower, seen.len())
    };
    let shifts = (-WIDEST..=WIDEST).filter(|s| *s != 0).map(Mend::Shift);
    // 32 places lie between small and capital letters: of equals, the one that gives small ones.
    let (count, _, different, mend) = shifts.chain([Mend::MacintoshOrder]).fold((0, 0, 0, None), |best, mend| {
        let (count, lower, different) = score(mend);
        if (count, lower) > (best.0, best.1) { (count, lower, different, Some(mend)) } else { best }
    });
    (count * 8 >= sample.len() && different >= 4).then_some(mend).flatten()
}

/// Marks the pages whose words do not read as language.
pub(super) fn mark(document: &mut RawDocument, lex: &Lexicon) {
    let known = Known::new(lex);
    let mut whole = Tally::default();
    let mut few: Vec<usize> = Vec::new();
    for (i, page) in document.pages.iter_mut().enumerate().filter(|(_, p)| !p.ocr) {
        let seen = of_page(page, &known);
        whole.add(seen);
        page.unreliable = seen.words >= FEWEST && seen.is_soup();
        if seen.words < FEWEST && seen.words > 0 {
            few.push(i);
        }
    }
    if whole.words >= FEWEST_OF_FILE && whole.is_soup() {
        for i in few {
            if let Some(page) = document.pages.get_mut(i) {
                page.unreliable = true;
            }
        }
    }
}

fn of_page(page: &RawPage, known: &Known<'_>) -> Tally {
    page.words.iter().take(MOST).fold(Tally::default(), |mut sum, word| {
        sum.add(tally(&word.text, known));
        sum
    })
}

/// What is to be known of fonts that were put right.
pub(super) fn note(mends: &BTreeMap<u16, Mend>) -> Note {
    let how: Vec<String> = mends.values().map(|m| m.to_string()).collect();
    Note::warning(
        "text_layer_repaired",
        format!(
            "The letters of {} font(s) stood for others and were put right ({}); look at the page where it matters.",
            mends.len(),
            how.join(", ")
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn soup(text: &str) -> bool {
        let lex = Lexicon::built_in();
        let known = Known::new(&lex);
        let mut sum = Tally::default();
        text.split_whitespace().for_each(|w| sum.add(tally(w, &known)));
        sum.words >= FEWEST && sum.is_soup()
    }

    #[test]
    fn soup_is_noticed_and_language_is_not() {
        let swedish = "Nämnden har beslutat att godkänna rapporten och lägga den till handlingarna. ".repeat(10);
        let english = "The committee approved this report without changes last Monday evening. ".repeat(10);
        let greek = "Η επιτροπή ενέκρινε την έκθεση χωρίς αλλαγές ".repeat(10);
        let arabic = "وافقت اللجنة على التقرير دون تغييرات ".repeat(10);
        let table = "1 234 567 89 (12) KSN SDN 12-345 ".repeat(40);
        let addresses = "anna.berg@kommunen.exempel https://kommunen.exempel/aB3_x Tel ".repeat(20);
        let crossed = "XXXXXXXX XXXX Policy XXXXXXX Number ".repeat(20);
        for text in [&swedish, &english, &greek, &arabic, &table, &addresses, &crossed] {
            assert!(!soup(text), "{text}");
        }
        for text in
            ["NTVVZDPZ VXXG bkrrt HFGMN qwrtp zzxcv ", "\u{fffd}\u{fffd} a\u{fffd}c \u{fffd} x ", "ϸЇabc Îߙd Ψ́ϣe fooΨ "]
        {
            assert!(soup(&text.repeat(20)), "{text}");
        }
    }

    #[test]
    fn a_shift_is_found_where_it_makes_words_and_only_there() {
        let lex = Lexicon::built_in();
        let known = Known::new(&lex);
        let text = "Nämnden har beslutat att godkänna rapporten och lägga den till handlingarna med det som är kvar";
        for by in [-31, -29, -3, 1, 4] {
            let shifted: String = text
                .chars()
                .map(|c| if c == ' ' { c } else { char::from_u32((c as i32 + by) as u32).unwrap() })
                .collect();
            let words: Vec<&str> = shifted.split(' ').collect();
            assert_eq!(shift_of(&words, &known), Some(Mend::Shift(-by)), "{shifted}");
        }
        let plain: Vec<&str> = "The committee approved this report without changes last Monday".split(' ').collect();
        assert_eq!(shift_of(&plain, &known), None);
    }
}
