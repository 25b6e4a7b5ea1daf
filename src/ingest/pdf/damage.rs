//! Notices text layers that do not say what the page shows: letters that make no words, and letters that all stand for
//! others a constant number of places away. The second kind is put right when that makes words.
//!
//! Such layers come from fonts that were cut down or renumbered without keeping what their codes mean, and from bad OCR.

use std::collections::BTreeMap;

use super::font::Mend;
use super::page::{RawDocument, RawPage, RawWord};
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
        self.function * 50 < self.words && (self.vowels * 100 < self.letters * 29 || self.odd * 12 >= self.words)
    }
}

/// The function words of the vocabulary, ready to be looked up without making strings.
struct Known<'a> {
    words: Vec<&'a str>,
    /// For each first byte the lengths in bytes that words have, as bits: most other words stop here.
    lengths: [u16; 256],
}

impl<'a> Known<'a> {
    fn new(lex: &'a Lexicon) -> Self {
        let mut words: Vec<&str> = lex.words.function_words.iter().map(String::as_str).collect();
        words.sort_unstable();
        let mut lengths = [0; 256];
        for word in &words {
            if let (Some(first), 0..=LONGEST) = (word.as_bytes().first(), word.len())
                && let Some(seen) = lengths.get_mut(usize::from(*first))
            {
                *seen |= 1 << word.len();
            }
        }
        Known { words, lengths }
    }

    /// The number of a function word, in any case; `map` is asked for each letter first.
    fn find(&self, word: &str, map: impl Fn(char) -> char) -> Option<usize> {
        if word.len() > LONGEST {
            return None;
        }
        let mut buffer = [0u8; 4 * LONGEST];
        let mut len = 0;
        for c in word.chars() {
            let c = map(c);
            let c = if c.is_ascii() { c.to_ascii_lowercase() } else { c.to_lowercase().next().unwrap_or(c) };
            let mut bytes = [0u8; 4];
            let encoded = c.encode_utf8(&mut bytes).as_bytes();
            buffer.get_mut(len..len + encoded.len())?.copy_from_slice(encoded);
            if len == 0 && self.lengths_after(encoded.first()) == 0 {
                return None;
            }
            len += encoded.len();
        }
        let word = buffer.get(..len)?;
        if len > LONGEST || self.lengths_after(word.first()) >> len & 1 == 0 {
            return None;
        }
        self.words.binary_search_by(|known| known.as_bytes().cmp(word)).ok()
    }

    /// The lengths of the words that begin with a byte, as bits.
    fn lengths_after(&self, first: Option<&u8>) -> u16 {
        first.and_then(|byte| self.lengths.get(usize::from(*byte))).copied().unwrap_or(0)
    }

    /// True if a word of Latin 1 may be a function word by its first byte and its length, which are the same in any case.
    fn may_be(&self, word: &str) -> bool {
        let first = word.as_bytes().first().map(u8::to_ascii_lowercase);
        word.len() <= LONGEST && self.lengths_after(first.as_ref()) >> word.len() & 1 == 1
    }
}

/// What a character is, as bits.
mod kind {
    /// A letter of Swedish or English.
    pub(super) const PLAIN: u16 = 1;
    pub(super) const VOWEL: u16 = 2;
    /// Another Latin letter of the Latin 1 and Latin Extended blocks.
    pub(super) const ACCENTED: u16 = 4;
    /// A letter of neither.
    pub(super) const OTHER: u16 = 8;
    pub(super) const LOWER: u16 = 16;
    pub(super) const UPPER: u16 = 32;
    pub(super) const HYPHEN: u16 = 64;
    /// A sign that does not stand inside words.
    pub(super) const SIGN: u16 = 128;
    /// A letter or a number.
    pub(super) const ALPHANUMERIC: u16 = 256;
    /// A private-use or replacement character, or a control.
    pub(super) const FOREIGN: u16 = 512;

    /// The bits of a character.
    pub(super) fn tell(c: char) -> u16 {
        let mut bits = match c {
            'a'..='z' | 'A'..='Z' if "aeiouyAEIOUY".contains(c) => PLAIN | VOWEL,
            'a'..='z' | 'A'..='Z' => PLAIN,
            'å' | 'ä' | 'ö' | 'Å' | 'Ä' | 'Ö' => PLAIN | VOWEL,
            '\u{c0}'..='\u{24f}' => ACCENTED,
            '-' | '–' | '‐' => HYPHEN,
            '[' | ']' | '\\' | '^' | '_' | '`' | '{' | '|' | '}' | '~' | '#' | '$' | '*' | '<' | '>' | '"' => SIGN,
            _ if c.is_alphabetic() => OTHER,
            _ => 0,
        };
        let mut add = |is: bool, bit: u16| bits |= if is { bit } else { 0 };
        add(c.is_lowercase(), LOWER);
        add(c.is_uppercase(), UPPER);
        add(c.is_alphanumeric(), ALPHANUMERIC);
        add(('\u{e000}'..='\u{f8ff}').contains(&c) || c == '\u{fffd}' || c.is_control(), FOREIGN);
        bits
    }

    /// What a character is, and what it counts as.
    #[derive(Clone, Copy)]
    pub(super) struct Kind {
        pub(super) bits: u16,
        /// One for each of PLAIN, VOWEL, ACCENTED and OTHER that it is, sixteen bits apart: summed up, they are counts of each.
        counts: u64,
    }

    impl Kind {
        fn new(bits: u16) -> Self {
            let count = |bit: u16, place: u32| if bits & bit != 0 { 1 << (16 * place) } else { 0 };
            Kind { bits, counts: count(PLAIN, 0) | count(VOWEL, 1) | count(ACCENTED, 2) | count(OTHER, 3) }
        }
    }

    /// How many characters of a word, at most 65,535 long, are plain, vowels, accented and others.
    #[derive(Clone, Copy, Default)]
    pub(super) struct Counts(u64);

    impl Counts {
        pub(super) fn add(&mut self, kind: Kind) {
            self.0 = self.0.wrapping_add(kind.counts);
        }

        pub(super) fn take(self) -> [u32; 4] {
            [0, 1, 2, 3].map(|place| (self.0 >> (16 * place)) as u32 & 0xffff)
        }
    }

    /// The kinds of the first characters of Unicode, which nearly all are.
    static FIRST: std::sync::LazyLock<[Kind; 256]> =
        std::sync::LazyLock::new(|| std::array::from_fn(|i| Kind::new(char::from_u32(i as u32).map_or(0, tell))));

    /// The kinds of characters, looked up.
    #[derive(Clone, Copy)]
    pub(super) struct Kinds(&'static [Kind; 256]);

    impl Kinds {
        pub(super) fn new() -> Self {
            Kinds(&FIRST)
        }

        pub(super) fn of(self, c: char) -> Kind {
            match self.0.get(c as usize) {
                Some(kind) => *kind,
                None => Kind::new(tell(c)),
            }
        }

        /// The bits of a character.
        pub(super) fn bits(self, c: char) -> u16 {
            self.of(c).bits
        }
    }
}

/// Looks at one word.
fn tally(word: &str, known: &Known<'_>, kinds: kind::Kinds) -> Tally {
    let mut out = Tally::default();
    let ends = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    let bare = if ends(word.as_bytes().first()) && ends(word.as_bytes().last()) {
        word
    } else {
        word.trim_matches(|c: char| kinds.bits(c) & kind::ALPHANUMERIC == 0)
    };
    let mut chars = bare.chars();
    let first = chars.next().unwrap_or('\0');
    let mut counts = kind::Counts::default();
    let (mut all, mut inside, mut same, mut highest) = (0u16, 0u16, true, first);
    if !bare.is_empty() {
        let kind = kinds.of(first);
        counts.add(kind);
        all = kind.bits;
    }
    for c in chars {
        let kind = kinds.of(c);
        counts.add(kind);
        inside |= kind.bits;
        same &= c == first;
        highest = highest.max(c);
    }
    all |= inside;
    let [plain, vowels, accented, other] = counts.take();
    out.vowels = vowels;
    let foreign = all & kind::FOREIGN != 0
        || (bare.len() < word.len() && word.chars().any(|c| kinds.bits(c) & kind::FOREIGN != 0));
    if bare.len() > 2 && same && !foreign {
        // Crosses in place of names.
        return Tally::default();
    }
    out.letters = plain;
    // Numbers and signs alone say nothing, unless the signs are foreign to any text.
    if plain + other + accented == 0 {
        out.words = u32::from(foreign);
        out.odd = out.words;
        return out;
    }
    if bare.len() > 4 {
        let place = |c: &u8| (c | 32).wrapping_sub(b'a');
        let mut before = u8::MAX;
        for next in bare.as_bytes().iter().map(place) {
            if before < 26 && next < 26 {
                let follows = PAIRS.get(usize::from(before)).copied().unwrap_or(0);
                out.pairs += 1;
                out.strange += 1 - (follows >> next & 1);
            }
            before = next;
        }
    }
    out.words = 1;
    let may_be = highest > '\u{ff}' || known.may_be(bare);
    out.function = u32::from(may_be && known.find(bare, |c| c).is_some());
    let long = plain + other + accented > 3;
    let odd = foreign
        || (long && plain > 3 && out.vowels == 0 && accented == 0)
        || (long && all & kind::LOWER != 0 && inside & kind::UPPER != 0 && all & kind::HYPHEN == 0)
        || (plain > 0 && other > 0)
        || (all & kind::SIGN != 0 && plain > 0);
    let address = || word.contains('@') || word.contains("://") || word.contains("www.");
    out.odd = u32::from(odd && !address());
    out
}

/// What was seen of a document's words.
pub(super) struct Seen<'a> {
    known: Known<'a>,
    pages: Vec<Tally>,
    fonts: BTreeMap<u16, Tally>,
}

/// The words that are looked at, page by page, by runs of one font.
fn runs(page: &RawPage) -> impl Iterator<Item = &[RawWord]> {
    page.words.get(..MOST.min(page.words.len())).unwrap_or_default().chunk_by(|a, b| a.font == b.font)
}

/// Looks at a document's words.
pub(super) fn look<'a>(document: &RawDocument, lex: &'a Lexicon) -> Seen<'a> {
    let (known, kinds) = (Known::new(lex), kind::Kinds::new());
    let mut fonts: BTreeMap<u16, Tally> = BTreeMap::new();
    let page = |page: &RawPage| {
        let mut sum = Tally::default();
        for run in runs(page) {
            let of_font = fonts.entry(run.first().map_or(0, |w| w.font)).or_default();
            for word in run {
                let seen = tally(&word.text, &known, kinds);
                sum.add(seen);
                if of_font.words < SAMPLE as u32 {
                    of_font.add(seen);
                }
            }
        }
        sum
    };
    let pages = document.pages.iter().map(page).collect();
    Seen { known, pages, fonts }
}

impl Seen<'_> {
    /// The fonts whose letters stand for others, each with what puts them right.
    pub(super) fn mends(&self, document: &RawDocument) -> BTreeMap<u16, Mend> {
        let shifted = self.fonts.iter().filter(|(_, tally)| tally.words >= FEWEST && tally.may_be_shifted());
        let mut mends: BTreeMap<u16, Mend> = shifted
            .filter_map(|(font, _)| Some((*font, shift_of(&self.sample(document, *font), &self.known)?)))
            .collect();
        // Fonts of few words, heads in bold mostly, are put right as the others of their file were if that makes words.
        if let Some(mend) = mends.values().next().copied() {
            let right = |font: &u16| {
                let words = self.sample(document, *font);
                let known = words.iter().filter(|w| self.known.find(w, |c| mend.apply(c)).is_some()).count();
                known * 8 >= words.len().max(1)
            };
            let strange = self.fonts.iter().filter(|(font, tally)| tally.function == 0 && !mends.contains_key(font));
            let others: Vec<u16> = strange.map(|(font, _)| *font).filter(right).collect();
            mends.extend(others.into_iter().map(|font| (font, mend)));
        }
        mends
    }

    /// The words of a font that were counted.
    fn sample<'d>(&self, document: &'d RawDocument, font: u16) -> Vec<&'d str> {
        let kinds = kind::Kinds::new();
        let mut count = 0;
        let words = document.pages.iter().flat_map(runs).flatten().filter(|w| w.font == font);
        words
            .map(|w| w.text.as_str())
            .take_while(|word| {
                let more = count < SAMPLE as u32;
                count += tally(word, &self.known, kinds).words;
                more
            })
            .collect()
    }

    /// Marks the pages whose words do not read as language.
    pub(super) fn mark(&self, document: &mut RawDocument) {
        let mut whole = Tally::default();
        let mut few: Vec<usize> = Vec::new();
        for (i, (page, seen)) in document.pages.iter_mut().zip(&self.pages).enumerate() {
            whole.add(*seen);
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
    let (count, _, different, mend) =
        shifts.chain([Mend::MacintoshOrder, Mend::LatinOrder, Mend::LatinBlock]).fold((0, 0, 0, None), |best, mend| {
            let (count, lower, different) = score(mend);
            if (count, lower) > (best.0, best.1) { (count, lower, different, Some(mend)) } else { best }
        });
    (count * 8 >= sample.len() && different >= 4).then_some(mend).flatten()
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
        text.split_whitespace().for_each(|w| sum.add(tally(w, &known, kind::Kinds::new())));
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
        // As glyphs of fonts that have Latin 1 in its order: the letters from Ä on are another number of places away.
        let glyph = |c: char| c as u32 - if c < '\u{7f}' { 0x1d } else { 0x40 };
        let numbers: String =
            text.chars().map(|c| if c == ' ' { c } else { char::from_u32(glyph(c)).unwrap() }).collect();
        let words: Vec<&str> = numbers.split(' ').collect();
        assert_eq!(shift_of(&words, &known), Some(Mend::LatinOrder), "{numbers}");
        let plain: Vec<&str> = "The committee approved this report without changes last Monday".split(' ').collect();
        assert_eq!(shift_of(&plain, &known), None);
    }
}
