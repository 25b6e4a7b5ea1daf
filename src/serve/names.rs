//! Finds the entries of registers that a search names, by the words of their names: looked up, so that it takes the same time however
//! many entries there are.

use std::collections::HashMap;

use crate::base::fold::fold;
use crate::registry::Registers;

/// Most words of a search that names are looked for by.
const WORDS: usize = 8;
/// Most entries that one word leads to; a word of more is of no use.
const MOST: usize = 5000;

/// An entry of a register: the register's place in [`REGISTERS`], the entry's place in it.
type Place = (u8, u32);

/// The registers looked through, those first that say most.
const REGISTERS: [&str; 5] = ["organisations", "agreements", "cases", "districts", "people"];

/// The entries of registers by the words of their names.
#[derive(Default)]
pub(super) struct Names(HashMap<Box<str>, Vec<Place>>);

/// An entry that is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) register: &'static str,
    pub(super) place: usize,
}

fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut all: Vec<String> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_string).collect();
    all.sort();
    all.dedup();
    all
}

impl Names {
    /// The names of all entries.
    pub(super) fn of(registers: &Registers) -> Names {
        let mut names = Names::default();
        for (i, o) in registers.organisations.entries.iter().enumerate() {
            let number = o.org_nr.as_deref().into_iter();
            names.add(0, i, o.names.iter().map(|n| n.name.as_str()).chain(number));
        }
        for (i, a) in registers.agreements.iter().enumerate() {
            names.add(1, i, [a.name.as_str()].into_iter());
        }
        for (i, c) in registers.cases.entries.iter().enumerate() {
            names.add(2, i, [c.dnr.as_str()].into_iter());
        }
        for (i, d) in registers.districts.iter().enumerate() {
            names.add(3, i, [d.name.as_str()].into_iter());
        }
        for (i, p) in registers.people.iter().enumerate() {
            names.add(4, i, [p.name.as_str()].into_iter());
        }
        names
    }

    fn add<'n>(&mut self, register: u8, place: usize, names: impl Iterator<Item = &'n str>) {
        let Ok(place) = u32::try_from(place) else { return };
        let mut all: Vec<String> = names.flat_map(words).collect();
        all.sort();
        all.dedup();
        for word in all {
            let places = self.0.entry(word.into_boxed_str()).or_default();
            if places.len() <= MOST {
                places.push((register, place));
            }
        }
    }

    /// The entries whose names have all words that were typed; none if what was typed is more than words.
    pub(super) fn find(&self, typed: &str, most: usize) -> Vec<Named> {
        let plain = !typed.contains([':', '*', '~', '(', ')', '|']) && !typed.split(' ').any(|w| w.starts_with('-'));
        let words = words(typed);
        if !plain || words.is_empty() || words.len() > WORDS {
            return Vec::new();
        }
        let mut lists: Vec<&Vec<Place>> = Vec::new();
        for word in &words {
            match self.0.get(word.as_str()) {
                Some(places) if places.len() <= MOST => lists.push(places),
                _ => return Vec::new(),
            }
        }
        lists.sort_by_key(|l| l.len());
        let Some((shortest, others)) = lists.split_first() else { return Vec::new() };
        // Each list is in order of registers and places.
        let in_all = |place: &&Place| others.iter().all(|l| l.binary_search(place).is_ok());
        let named = |(register, place): &Place| {
            Some(Named { register: REGISTERS.get(usize::from(*register))?, place: usize::try_from(*place).ok()? })
        };
        shortest.iter().filter(in_all).filter_map(named).take(most).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_found_by_all_words_of_its_name_in_any_order() {
        let mut names = Names::default();
        names.add(0, 0, ["Föreningen Lyktan", "Lyktans vänner"].into_iter());
        names.add(0, 1, ["Föreningen Solstickan"].into_iter());
        names.add(2, 0, ["EÅV 2022/267"].into_iter());
        let found = |typed: &str| -> Vec<(&str, usize)> {
            names.find(typed, 9).into_iter().map(|n| (n.register, n.place)).collect()
        };
        assert_eq!(found("lyktan"), [("organisations", 0)]);
        assert_eq!(found("\"LYKTAN föreningen\""), [("organisations", 0)]);
        assert_eq!(found("föreningen"), [("organisations", 0), ("organisations", 1)]);
        assert_eq!(found("eåv 2022/267"), [("cases", 0)]);
        assert_eq!(found("lyktan bidrag"), []);
        assert_eq!(found("lyktan*"), []);
        assert_eq!(found("party:lyktan"), []);
        assert_eq!(found("lyktan -bidrag"), []);
        assert_eq!(found(" "), []);
        assert_eq!(names.find("föreningen", 1).len(), 1);
    }
}
