//! Reads elected members with their parties: "Ordföranden Eva Ek m.fl. (S), Bo Al och Li Sten (M)".

use std::collections::BTreeSet;

use crate::parse::pattern::Regex;

use crate::lexicon::Lexicon;
use crate::parse::record::Member;

/// Reads members.
#[derive(Debug)]
pub(crate) struct Members {
    token: Regex,
    titles: BTreeSet<String>,
}

impl Members {
    /// With the lexicon's titles, which are no names.
    pub fn new(lex: &Lexicon) -> Self {
        let mut titles: BTreeSet<String> = BTreeSet::new();
        for title in &lex.titles.titles {
            for variant in title.variants.iter().chain(std::iter::once(&title.canonical)) {
                for word in variant.split(' ') {
                    titles.insert(word.to_lowercase());
                }
            }
        }
        for word in [
            "ordföranden",
            "ledamoten",
            "ledamöterna",
            "ersättaren",
            "ersättarna",
            "vice",
            "tjänstgörande",
            "båda",
            "samtliga",
            "mot",
            "stadsdelsnämnden",
            "nämnden",
        ] {
            titles.insert(word.to_string());
        }
        let token = Regex::new(
            r"(?P<party>\((?P<letters>[A-ZÅÄÖa-zåäö]{1,4}|-)\)?)|(?P<name>[A-ZÅÄÖ][\wÅÄÖåäöé'’-]*(?: +(?:(?:von|af|av|de|la|van|der|den|al|el|bin|ben) +)*(?:[A-ZÅÄÖ]\. +)?[A-ZÅÄÖ][\wÅÄÖåäöé'’-]*)+)",
        )
        .expect("tested pattern");
        Members { token, titles }
    }

    /// The members named in a text, in order. Names before a party's letters share it.
    pub fn of(&self, text: &str) -> Vec<Member> {
        let mut out: Vec<Member> = Vec::new();
        let mut waiting: Vec<usize> = Vec::new();
        for c in self.token.captures_iter(text) {
            if let Some(letters) = c.name("letters") {
                for i in waiting.drain(..) {
                    if let Some(m) = out.get_mut(i) {
                        m.political_party = Some(letters.as_str().to_string());
                    }
                }
                continue;
            }
            let Some(name) = c.name("name").and_then(|m| self.name(m.as_str())) else { continue };
            waiting.push(out.len());
            out.push(Member { name, political_party: None });
        }
        // A name that no party follows is no member: "Stockholms Stad".
        out.retain(|m| m.political_party.is_some());
        out
    }

    /// A name without titles before it.
    pub fn name(&self, text: &str) -> Option<String> {
        let mut words: Vec<&str> = text.split_whitespace().collect();
        while words.first().is_some_and(|w| self.titles.contains(&w.to_lowercase())) {
            words.remove(0);
        }
        (words.len() >= 2).then(|| words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_share_the_party_after_them() {
        let m = Members::new(&Lexicon::built_in());
        let found: Vec<(String, Option<String>)> = m
            .of("Ordföranden Eva Ekstig m.fl. (S), Bo Alm och Li von Sten (M) samt Ulla-Karin Ask (-)")
            .into_iter()
            .map(|m| (m.name, m.political_party))
            .collect();
        let want = [("Eva Ekstig", "S"), ("Bo Alm", "M"), ("Li von Sten", "M"), ("Ulla-Karin Ask", "-")];
        assert_eq!(found, want.map(|(n, p)| (n.to_string(), Some(p.to_string()))));
    }
}
