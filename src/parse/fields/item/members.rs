//! Reads elected members with their parties: "Ordföranden Eva Ek m.fl. (S), Bo Al och Li Sten (M)".

use std::collections::{BTreeMap, BTreeSet};

use crate::parse::pattern::Regex;

use crate::lexicon::Lexicon;
use crate::parse::record::Member;

/// Reads members.
#[derive(Debug)]
pub(crate) struct Members {
    token: Regex,
    titles: BTreeSet<String>,
    /// A party by its name or its letters.
    party: Regex,
    /// The letters and the name of each party, by either of them in lower case.
    parties: BTreeMap<String, (String, String)>,
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
        // "Eva Ek, s," as minutes were written up to the years after 2000.
        let letters = lex.political_parties.iter().map(|p| p.abbr.to_lowercase());
        let mut small: Vec<String> = letters.filter(|a| a.chars().all(char::is_alphabetic)).collect();
        small.sort_by_key(|n| std::cmp::Reverse(n.len()));
        let token = Regex::new(&format!(
            r"(?P<party>\((?P<letters>[A-ZÅÄÖa-zåäö]{{1,4}}|-)\)?)|(?P<comma>,[ \n](?P<small>(?:{}))\b)|(?P<name>[A-ZÅÄÖ][\wÅÄÖåäöé'’-]*(?: +(?:(?:von|af|av|de|la|van|der|den|al|el|bin|ben) +)*(?:[A-ZÅÄÖ]\. +)?[A-ZÅÄÖ][\wÅÄÖåäöé'’-]*)+)",
            small.join("|")
        ))
        .expect("tested pattern");
        let mut parties: BTreeMap<String, (String, String)> = BTreeMap::new();
        let (mut names, mut letters): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for p in lex.political_parties.iter().filter(|p| p.abbr.chars().all(char::is_alphabetic)) {
            for name in std::iter::once(&p.name).chain(&p.also) {
                names.push(regex::escape(name));
                parties.insert(name.to_lowercase(), (p.abbr.clone(), p.name.clone()));
            }
            letters.push(regex::escape(&p.abbr));
            parties.insert(p.abbr.to_lowercase(), (p.abbr.clone(), p.name.clone()));
        }
        for list in [&mut names, &mut letters] {
            list.sort_by_key(|n| std::cmp::Reverse(n.len()));
        }
        let party = Regex::new(&format!(
            r"\(\(?(?P<bracket>[A-ZÅÄÖa-zåäö]{{1,5}})\)|\b(?:(?P<name>(?i:{}))s?|(?P<letters>{}))(?:-?gruppen)?\b",
            names.join("|"),
            letters.join("|")
        ))
        .expect("names are escaped");
        Members { token, titles, party, parties }
    }

    /// The parties that a text names for all their members: "Moderaterna", "(M) och (SD)", "ledamöterna i V".
    pub fn parties(&self, text: &str) -> Vec<Member> {
        let mut out: Vec<Member> = Vec::new();
        for c in self.party.captures_iter(text) {
            let Some(said) = c.name("bracket").or(c.name("name")).or(c.name("letters")) else { continue };
            let known = self.parties.get(&said.as_str().to_lowercase());
            let (letters, name) = known.cloned().unwrap_or((said.as_str().to_string(), said.as_str().to_string()));
            if !out.iter().any(|m| m.political_party.as_ref() == Some(&letters)) {
                out.push(Member { name, political_party: Some(letters) });
            }
        }
        out
    }

    /// The members named in a text, in order. Names before a party's letters share it.
    pub fn of(&self, text: &str) -> Vec<Member> {
        let mut out: Vec<Member> = Vec::new();
        let mut waiting: Vec<usize> = Vec::new();
        for c in self.token.captures_iter(text) {
            if let Some(small) = c.name("small") {
                // ", v ordförande", ", m fl", ", c/o" name no party; nor does a name with one have another.
                let behind = text.get(small.end()..).unwrap_or("").trim_start_matches(['.', ' ']);
                let other = ["ordf", "fl", "/o", ":"].iter().any(|w| behind.starts_with(w));
                if let ([i], false) = (waiting.as_slice(), other)
                    && let Some(m) = out.get_mut(*i)
                {
                    m.political_party = Some(small.as_str().to_uppercase());
                    waiting.clear();
                }
                continue;
            }
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

    #[test]
    fn small_letters_behind_a_comma() {
        let m = Members::new(&Lexicon::built_in());
        let found = |text: &str| {
            let all = m.of(text).into_iter();
            all.map(|m| format!("{} {}", m.name, m.political_party.unwrap_or_default())).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(found("Eva Ekstig, s, och Bo Alm, fp, reserverar sig"), "Eva Ekstig S, Bo Alm FP");
        assert_eq!(found("Li Sten, v ordförande, Eva Ek, m fl, och Bo Al, c/o Ek"), "");
    }

    #[test]
    fn whole_parties_by_name_or_letters() {
        let m = Members::new(&Lexicon::built_in());
        let found = |text: &str| {
            let all = m.parties(text).into_iter();
            all.map(|m| format!("{} {}", m.name, m.political_party.unwrap_or_default())).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(found("Moderaterna och kristdemokraterna"), "Moderaterna M, Kristdemokraterna KD");
        assert_eq!(
            found("Samtliga ledamöter i V, (SD) samt (TUP)"),
            "Vänsterpartiet V, Sverigedemokraterna SD, TUP TUP"
        );
        assert_eq!(found("M-gruppen och Miljöpartiets ledamöter"), "Moderaterna M, Miljöpartiet de gröna MP");
        assert_eq!(found("Mot beslutet"), "");
    }
}
