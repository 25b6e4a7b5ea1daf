//! Defines which words of an index hold another word as a part: `föreningsbidrag` holds `förening` and `bidrag`.
//!
//! A word is a compound if it is parts from end to end, with linking letters between them. A part is a word of the index
//! itself, or one of `compounds.json`. The last part is compared by its stem, so that inflection does not matter. The table follows from the
//! index's words alone: it is made anew when they change, and every engine makes the same.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use foldhash::fast::FixedState;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use serde::Deserialize;

use super::analyse::{forms, tokens};
use crate::base::fold::fold;

/// Version of the rules here and of `compounds.json`: a table made by another one is made again.
pub const VERSION: u32 = 2;

/// Most compounds that one word of a query stands for; the most frequent ones are taken, the rest is counted.
pub const MOST: usize = 200;

/// Longest word that is looked at, in letters.
const LONGEST: usize = 60;

/// Shortest compound, in letters.
const SHORTEST: usize = 6;

/// Shortest part that is only known from the index, in letters: shorter ones are in every word.
const SHORTEST_PART: usize = 4;

/// Shortest part of all.
const SHORTEST_LISTED: usize = 3;

/// Before a key of the table that is a part without its marks.
const FOLDED: char = '\u{2}';

/// The compounds that a word is a part of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compounds {
    /// Their stems, the most frequent first.
    pub stems: Vec<String>,
    /// How many rarer ones were left out.
    pub left_out: usize,
}

impl Compounds {
    /// The first [`MOST`] different ones of a list.
    fn first_of<'a>(list: impl IntoIterator<Item = &'a str>) -> Compounds {
        let mut seen = HashSet::default();
        let mut out = Compounds::default();
        for stem in list.into_iter().filter(|stem| seen.insert(*stem)) {
            if out.stems.len() < MOST {
                out.stems.push(stem.to_string());
            } else {
                out.left_out += 1;
            }
        }
        out
    }
}

type HashSet<T> = std::collections::HashSet<T, FixedState>;
type HashMap<K, V> = std::collections::HashMap<K, V, FixedState>;

/// Part → the compounds that hold it. A key without marks that parts with marks have too has the compounds of all of them.
pub type Table = BTreeMap<String, Compounds>;

/// The compounds that a typed word is a part of, given how a key of the table is looked up.
pub fn find(word: &str, look: impl Fn(&str) -> Option<Compounds>) -> Compounds {
    keys(word).iter().find_map(|key| look(key)).unwrap_or_default()
}

/// The keys of the table that a typed word is looked up by, the first that is there; none for what is no single word of letters.
fn keys(word: &str) -> Vec<String> {
    let typed = tokens(word);
    let [one] = typed.as_slice() else { return Vec::new() };
    let stem = &one.forms.stem;
    let letters = one.forms.exact.chars().count();
    if letters < SHORTEST_LISTED || !one.forms.exact.chars().all(char::is_alphabetic) || WORDS.never.contains(stem) {
        return Vec::new();
    }
    let folded = one.forms.folded.is_none().then(|| format!("{FOLDED}{stem}"));
    folded.into_iter().chain([stem.clone()]).collect()
}

/// Makes the table from the words of an index in lower case, each with the number of documents that have it.
pub fn table(index: &BTreeMap<String, u64>) -> Table {
    let mut stems: BTreeMap<String, u64> = BTreeMap::new();
    let mut words: HashMap<&str, String> = HashMap::default();
    let long_enough: Vec<(&String, &u64)> = index.iter().filter(|(w, _)| fits(w, SHORTEST_LISTED)).collect();
    let stemmed: Vec<(&String, &u64, String)> =
        long_enough.par_iter().map(|(word, n)| (*word, *n, forms(word).stem.clone())).collect();
    for (word, n, stem) in stemmed {
        match stems.get_mut(&stem) {
            Some(known) => *known += n,
            None => drop(stems.insert(stem.clone(), *n)),
        }
        if fits(word, SHORTEST_PART) && !WORDS.never.contains(word) && !WORDS.never.contains(&stem) {
            words.insert(word, stem);
        }
    }
    let known: HashSet<String> = words.values().filter(|s| fits(s, SHORTEST_PART)).cloned().collect();
    let words = Known { words, stems: known };
    let mut found: BTreeMap<String, Vec<(&str, u64)>> = BTreeMap::new();
    let whole: Vec<(&String, u64)> =
        stems.iter().filter(|(s, _)| fits(s, SHORTEST) && !WORDS.whole.contains(*s)).map(|(s, n)| (s, *n)).collect();
    let parted: Vec<(&String, u64, BTreeSet<String>)> =
        whole.par_iter().map_init(Room::default, |room, (stem, n)| (*stem, *n, room.parts(stem, &words))).collect();
    for (stem, n, parts) in parted {
        for part in parts {
            found.entry(part).or_default().push((stem, n));
        }
    }
    for compounds in found.values_mut() {
        compounds.sort_unstable_by_key(|(stem, n)| (Reverse(*n), *stem));
    }
    let mut with_marks: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for part in found.keys() {
        let folded = fold(part);
        if folded != *part {
            with_marks.entry(folded).or_default().push(part);
        }
    }
    let stems_of = |part: &str| found.get(part).into_iter().flatten().map(|(stem, _)| *stem);
    let mut table = Table::new();
    for (plain, parts) in &with_marks {
        let all = std::iter::once(plain.as_str()).chain(parts.iter().copied()).flat_map(stems_of);
        table.insert(format!("{FOLDED}{plain}"), Compounds::first_of(all));
    }
    for part in found.keys() {
        table.insert(part.clone(), Compounds::first_of(stems_of(part)));
    }
    table
}

/// What an index knows.
struct Known<'a> {
    /// Its words, with their stems.
    words: HashMap<&'a str, String>,
    /// The stems.
    stems: HashSet<String>,
}

/// A word of letters alone that is neither too short nor too long.
fn fits(stem: &str, shortest: usize) -> bool {
    let mut letters = 0;
    stem.chars().all(|c| {
        letters += 1;
        letters <= LONGEST && c.is_alphabetic()
    }) && letters >= shortest
}

/// `compounds.json`.
#[derive(Deserialize)]
struct Data {
    parts: Vec<String>,
    joints: BTreeMap<String, String>,
    links: Vec<String>,
    whole: Vec<String>,
    never: Vec<String>,
}

/// The same with stems.
struct Words {
    /// Words that are parts also where they stand nowhere by themselves, and however short they are.
    listed: HashSet<String>,
    /// Forms that a word takes before another, with its stem.
    joints: BTreeMap<String, String>,
    /// Letters between parts.
    links: Vec<String>,
    /// Words that look like compounds and are none.
    whole: HashSet<String>,
    /// Words and endings that are no parts.
    never: HashSet<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let data: Data =
        serde_json::from_str(include_str!("../lexicon/data/compounds.json")).expect("the built-in file is tested");
    let stems = |words: &[String]| words.iter().map(|w| forms(w).stem.clone()).collect::<HashSet<String>>();
    Words {
        listed: stems(&data.parts),
        joints: {
            let own = data.parts.iter().map(|part| (part, part)).chain(&data.joints);
            own.map(|(form, word)| (form.clone(), forms(word).stem.clone())).collect()
        },
        links: data.links,
        whole: stems(&data.whole),
        never: stems(&data.never).into_iter().chain(data.never.iter().cloned()).collect(),
    }
});

/// What is used again for each word.
#[derive(Default)]
struct Room {
    /// Byte offsets of the letters, and of the end.
    edges: Vec<usize>,
    /// For each edge: whether parts cover all before it, so that a part may begin there.
    begins: Vec<bool>,
    /// For each edge: whether parts cover all from it on.
    ends: Vec<bool>,
    /// Parts found, as edges, where one may begin.
    found: Vec<(usize, usize)>,
}

impl Room {
    /// The parts of a compound, by their stems; none if it is no compound.
    fn parts(&mut self, word: &str, words: &Known<'_>) -> BTreeSet<String> {
        self.edges.clear();
        self.edges.extend(word.char_indices().map(|(i, _)| i));
        self.edges.push(word.len());
        let letters = self.edges.len() - 1;
        self.begins.clear();
        self.begins.resize(letters + 1, false);
        self.ends.clear();
        self.ends.resize(letters + 1, false);
        self.found.clear();
        let text = |from: usize, to: usize| -> &str {
            let edge = |i: usize| self.edges.get(i).copied().unwrap_or(word.len());
            word.get(edge(from)..edge(to)).unwrap_or_default()
        };
        let (begins, ends) = (&mut self.begins, &mut self.ends);
        let after_link = |to: usize| {
            let rest = text(to, letters);
            // A link needs something after it.
            let linked = move |link: &&String| rest.starts_with(link.as_str()) && to + link.chars().count() < letters;
            // Of three like letters one is left out: remiss and svar make remissvar.
            let last = (to > 1).then(|| text(to - 1, to));
            let shared = last.filter(|l| *l == text(to.saturating_sub(2), to - 1)).map(|_| to - 1);
            std::iter::once(to)
                .chain(shared)
                .chain(WORDS.links.iter().filter(linked).map(move |l| to + l.chars().count()))
        };
        if let Some(first) = begins.first_mut() {
            *first = true;
        }
        for from in 0..letters {
            if !begins.get(from).copied().unwrap_or(false) {
                continue;
            }
            for to in from + SHORTEST_LISTED..=letters {
                if (from > 0 || to < letters) && part(text(from, to), to - from, to == letters, words).is_some() {
                    self.found.push((from, to));
                    after_link(to).for_each(|next| begins.get_mut(next).into_iter().for_each(|b| *b = true));
                }
            }
        }
        if let Some(last) = ends.last_mut() {
            *last = true;
        }
        // From the end: the parts found lie in the order of where they begin.
        for (from, to) in self.found.iter().rev() {
            let covered = if *to == letters {
                true
            } else {
                after_link(*to).any(|next| next < letters && ends.get(next).copied().unwrap_or(false))
            };
            if covered && let Some(end) = ends.get_mut(*from) {
                *end = true;
            }
        }
        let mut parts = BTreeSet::new();
        for (from, to) in &self.found {
            let goes_on = *to == letters
                || after_link(*to).any(|next| next < letters && ends.get(next).copied().unwrap_or(false));
            if goes_on {
                parts.extend(part(text(*from, *to), to - from, *to == letters, words));
            }
        }
        parts
    }
}

/// The stem of the word that this is a form of, if it may be a part.
fn part(text: &str, letters: usize, last: bool, known: &Known<'_>) -> Option<String> {
    if WORDS.never.contains(text) {
        return None;
    }
    let long = letters >= SHORTEST_PART;
    if WORDS.listed.contains(text) || (long && known.stems.contains(text)) {
        return Some(text.to_string());
    }
    // Before another part a word keeps its ending, which the last one has lost to its stem.
    let whole = WORDS.joints.get(text).or_else(|| known.words.get(text).filter(|_| long));
    whole.filter(|_| !last).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn made(words: &[&str]) -> Table {
        table(&words.iter().map(|w| ((*w).to_string(), 1)).collect())
    }

    fn found(table: &Table, word: &str) -> Vec<String> {
        let mut stems = find(word, |key| table.get(key).cloned()).stems;
        stems.sort();
        stems
    }

    fn stems(words: &[&str]) -> Vec<String> {
        let mut stems: Vec<String> = words.iter().map(|w| forms(w).stem.clone()).collect();
        stems.sort();
        stems
    }

    #[test]
    fn parts_are_words_of_the_index_or_of_the_list() {
        let t = made(&[
            "föreningsbidraget",
            "verksamhetsbidrag",
            "partnerskapsavtal",
            "föräldrastöd",
            "kvinnojouren",
            "barnkonsekvensanalys",
            "mötesplatserna",
            "remissvaret",
            "sommarkollo",
            "sommar",
            "kollo",
            "vinterkollo",
        ]);
        assert_eq!(found(&t, "bidrag"), stems(&["föreningsbidrag", "verksamhetsbidrag"]));
        assert_eq!(found(&t, "bidragen"), found(&t, "bidrag"));
        assert_eq!(found(&t, "foreningar"), stems(&["föreningsbidrag"]));
        assert_eq!(found(&t, "förening"), stems(&["föreningsbidrag"]));
        assert_eq!(found(&t, "partnerskap"), stems(&["partnerskapsavtal"]));
        assert_eq!(found(&t, "förälder"), stems(&["föräldrastöd"]));
        assert_eq!(found(&t, "remiss"), stems(&["remissvar"]));
        assert_eq!(found(&t, "svar"), stems(&["remissvar"]));
        assert_eq!(found(&t, "jour"), stems(&["kvinnojour"]));
        assert_eq!(found(&t, "konsekvens"), stems(&["barnkonsekvensanalys"]));
        assert_eq!(found(&t, "plats"), stems(&["mötesplats"]));
        assert_eq!(found(&t, "kollo"), stems(&["sommarkollo"]), "vinter stands nowhere by itself");
    }

    #[test]
    fn what_only_looks_like_a_part_is_none() {
        let t = made(&[
            "planering",
            "personlig",
            "parkering",
            "förslag",
            "underlag",
            "försvar",
            "avtal",
            "kvalitet",
            "partnerskap",
            "bibliotek",
            "ansvar",
            "rapporterade",
            "område",
        ]);
        for word in
            ["plan", "person", "park", "lag", "svar", "val", "lek", "partner", "tal", "rapport", "råd", "å", "12"]
        {
            assert_eq!(found(&t, word), Vec::<String>::new(), "{word}");
        }
    }

    #[test]
    fn the_rarest_are_left_out_and_counted() {
        let list: Vec<String> = (0..MOST + 5).map(|i| format!("w{i}")).collect();
        let c = Compounds::first_of(list.iter().chain(&list[..3]).map(String::as_str));
        assert_eq!((c.stems.len(), c.left_out, c.stems[0].as_str()), (MOST, 5, "w0"));
    }

    proptest! {
        #[test]
        fn parts_stand_in_the_word(words in prop::collection::vec("[a-cås]{3,8}|bidrag|lag|(bidrag|hem|plan)s?(råd|stöd|hem)", 1..30)) {
            let all: BTreeMap<String, u64> = words.iter().map(|w| (w.clone(), 1)).collect();
            let stems: BTreeSet<String> = all.keys().map(|w| forms(w).stem.clone()).collect();
            for (part, compounds) in table(&all) {
                for c in compounds.stems {
                    prop_assert!(stems.contains(&c) && c != part);
                }
            }
        }
    }
}
