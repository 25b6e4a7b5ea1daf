//! Defines what reads as a person's name and as a title.

use std::collections::BTreeSet;

use crate::base::fold;
use crate::lexicon::Lexicon;

/// Knows names from other capitalised words, and titles.
#[derive(Debug)]
pub(crate) struct People {
    particles: BTreeSet<String>,
    titles: BTreeSet<String>,
    /// How words for titles end, folded.
    title_endings: Vec<String>,
    /// Given names in lower case.
    given: BTreeSet<String>,
    /// Titles of elected members, folded.
    politicians: BTreeSet<String>,
    /// Titles of secretaries and registrars, folded.
    secretaries: BTreeSet<String>,
    prefixes: BTreeSet<String>,
    /// Ends of words that no name has.
    never: Vec<String>,
    /// Folded words that no name has.
    never_whole: BTreeSet<String>,
}

impl People {
    /// With the vocabulary's titles and particles.
    pub fn new(lex: &Lexicon) -> Self {
        let words = [&lex.bodies.authority, &lex.bodies.administration, &lex.bodies.department];
        People {
            particles: lex.name_particles.iter().map(|p| p.to_lowercase()).collect(),
            titles: lex
                .titles
                .titles
                .iter()
                .flat_map(|t| std::iter::once(&t.canonical).chain(&t.variants))
                .map(|t| fold::name_key(t))
                .collect(),
            title_endings: lex.titles.endings.iter().map(|e| fold::fold(e)).collect(),
            given: lex.given_names.iter().map(|n| n.to_lowercase()).collect(),
            politicians: lex
                .titles
                .titles
                .iter()
                .filter(|t| t.role == "politician")
                .flat_map(|t| std::iter::once(&t.canonical).chain(&t.variants))
                .map(|t| fold::name_key(t))
                .collect(),
            secretaries: lex
                .titles
                .titles
                .iter()
                .filter(|t| t.id == "namndsekreterare")
                .flat_map(|t| std::iter::once(&t.canonical).chain(&t.variants))
                .map(|t| fold::name_key(t))
                .collect(),
            prefixes: lex.titles.prefixes.iter().flat_map(|(a, b)| [fold::name_key(a), fold::name_key(b)]).collect(),
            never: words
                .into_iter()
                .flatten()
                .map(|w| w.to_lowercase())
                .chain(
                    [
                        "området",
                        "rådet",
                        "föreningen",
                        "förening",
                        "protokoll",
                        "utlåtande",
                        "riksbank",
                        "verket",
                        "myndigheten",
                    ]
                    .map(String::from),
                )
                .collect(),
            never_whole: [
                "stad",
                "stads",
                "kommun",
                "kommuns",
                "region",
                "dnr",
                "bilaga",
                "sida",
                "signature",
                "referensnummer",
                "transaktion",
                "dokument",
                "huvuduppdrag",
            ]
            .map(String::from)
            .into(),
        }
    }

    /// Whether a line is a person's name, given name first: two to five words, capitalised but for particles.
    pub fn is_name(&self, line: &str) -> bool {
        let words: Vec<&str> = line.split_whitespace().collect();
        (2..=5).contains(&words.len())
            && words.first().is_some_and(|w| self.is_name_word(w))
            && words.last().is_some_and(|w| self.is_name_word(w))
            && words.iter().all(|w| {
                let initial = w.chars().count() == 1 && w.chars().all(char::is_uppercase);
                self.is_name_word(w) || initial || self.particles.contains(&w.to_lowercase())
            })
            && !self.is_title(line)
            && !words.first().is_some_and(|w| self.titles.contains(&fold::name_key(w)))
    }

    /// The name that a line in capitals is, as it is otherwise written: `ELVIR EK` → `Elvir Ek`.
    pub fn name_in_capitals(&self, line: &str) -> Option<String> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let capitals = line.chars().all(|c| c.is_uppercase() || matches!(c, ' ' | '-' | '\''));
        if !(2..=4).contains(&words.len()) || !capitals {
            return None;
        }
        let part = |w: &str| -> String {
            let mut letters = w.chars();
            letters.next().into_iter().chain(letters.flat_map(char::to_lowercase)).collect()
        };
        let word = |w: &&str| w.split('-').map(part).collect::<Vec<_>>().join("-");
        let name = words.iter().map(word).collect::<Vec<_>>().join(" ");
        self.is_name(&name).then_some(name)
    }

    /// Whether a word is a given name, one of two with a hyphen too.
    pub fn is_given(&self, word: &str) -> bool {
        let lower = word.to_lowercase();
        self.given.contains(&lower) || (lower.contains('-') && lower.split('-').all(|p| self.given.contains(p)))
    }

    /// Whether a line is surely a person's name: it begins with a known given name.
    pub fn is_person(&self, line: &str) -> bool {
        self.is_name(line) && line.split_whitespace().next().is_some_and(|w| self.is_given(w))
    }

    /// Whether a title is a secretary's or registrar's, who keep the diary and the minutes and handle no case.
    pub fn is_secretary(&self, title: &str) -> bool {
        self.secretaries.contains(&fold::name_key(title.trim_end_matches(['.', ','])))
    }

    /// The names in a line of nothing but names, where none parts them: `Ek Ulf`, `Ek Ulf Alm Eva`, `Eva Ek Ulf Alm`.
    /// Each with its place in the line and its words in the order given name, surname. Needs known given names.
    pub fn names_unparted(&self, line: &str) -> Vec<(std::ops::Range<usize>, String)> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let at = |w: &str| w.as_ptr() as usize - line.as_ptr() as usize;
        let plain = |w: &&str| self.is_name_word(w) && !self.titles.contains(&fold::name_key(w));
        let Some((first, last)) = words.first().zip(words.last()).filter(|_| (2..=10).contains(&words.len())) else {
            return Vec::new();
        };
        if !words.iter().all(plain) || words.len() > 3 && !words.iter().any(|w| self.is_given(w)) {
            return Vec::new();
        }
        let surname_first = !self.is_given(first) && self.is_given(words[1]);
        let begins = |i: usize| {
            let next = words.get(i + 1).is_some_and(|w| self.is_given(w));
            if surname_first {
                !self.is_given(words[i]) && next
            } else {
                self.is_given(words[i]) && (i == 0 || !self.is_given(words[i - 1]))
            }
        };
        let starts: Vec<usize> = (0..words.len()).filter(|i| begins(*i)).collect();
        // Two words that both can be either: as printed.
        if starts.first() != Some(&0) || (surname_first && words.len() == 3 && !self.is_given(last)) {
            return Vec::new();
        }
        let ends = starts.iter().skip(1).copied().chain([words.len()]);
        let found: Vec<_> = starts
            .iter()
            .zip(ends)
            .map(|(a, b)| {
                let part = &words[*a..b];
                let range = at(part[0])..at(part[part.len() - 1]) + part[part.len() - 1].len();
                let name = if surname_first {
                    part[1..].iter().chain(&part[..1]).copied().collect::<Vec<_>>().join(" ")
                } else {
                    part.join(" ")
                };
                (range, name)
            })
            .collect();
        if found.iter().all(|(_, name)| name.contains(' ')) { found } else { Vec::new() }
    }

    /// The names of several people with commas between, each of two words or more: `Ek Ulf, Alm Eva`, `Eva Ek, Bo Al`. None for
    /// one name turned round, `Ek, Eva`. Each with its place, given name first.
    pub fn names_between_commas(&self, line: &str) -> Vec<(std::ops::Range<usize>, String)> {
        let parts: Vec<&str> = line.split([',', ';']).map(str::trim).filter(|p| !p.is_empty()).collect();
        let two = |p: &&str| p.split_whitespace().count() >= 2 && self.is_name(p);
        if !(2..=8).contains(&parts.len()) || !parts.iter().all(two) {
            return Vec::new();
        }
        // One that begins with a surname says that all do.
        let turned = |p: &&str| {
            let mut words = p.split_whitespace();
            let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            !self.is_given(first) && self.is_given(second)
        };
        let surname_first = parts.iter().any(turned) && !parts.iter().any(|p| self.is_person(p));
        let named = |p: &&str| {
            let from = p.as_ptr() as usize - line.as_ptr() as usize;
            let words: Vec<&str> = p.split_whitespace().collect();
            let name = match words.as_slice() {
                [surname, given @ ..] if surname_first => format!("{} {surname}", given.join(" ")),
                _ => words.join(" "),
            };
            (from..from + p.len(), name)
        };
        parts.iter().map(named).collect()
    }

    /// Whether a title is an elected member's.
    pub fn is_politician(&self, title: &str) -> bool {
        let key = fold::name_key(title);
        key.split([' ', ',']).any(|w| self.politicians.contains(w))
    }

    fn is_name_word(&self, word: &str) -> bool {
        let lower = word.to_lowercase();
        let mut letters = word.chars();
        let initial = word.chars().count() <= 2 && word.ends_with('.') && word.starts_with(char::is_uppercase);
        // `Xxxx`: a name that its publisher masked.
        if lower.len() > 1 && lower.bytes().all(|b| b == b'x') {
            return false;
        }
        initial
            || (letters.next().is_some_and(char::is_uppercase)
                && word.chars().count() >= 2
                && word.chars().any(char::is_lowercase)
                && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’'))
                && !self.never_whole.contains(&lower)
                && !self.never.iter().any(|end| lower.ends_with(end.as_str())))
    }

    /// Whether a line is a title, with a prefix (`tf.`) or with what follows a comma or `för` after it.
    pub fn is_title(&self, line: &str) -> bool {
        let line = line.trim();
        // Far longer than any title: not worth folding.
        if line.len() > 400 {
            return false;
        }
        let whole = fold::name_key(line.trim_end_matches([',', ':', '.']));
        if whole.is_empty() || whole.len() > 90 {
            return false;
        }
        let known = |key: &str| {
            self.titles.contains(key)
                || key.split_once(' ').is_some_and(|(p, rest)| self.prefixes.contains(p) && self.titles.contains(rest))
        };
        if known(&whole) {
            return true;
        }
        let head = fold::name_key(line.split([',', '(']).next().unwrap_or_default());
        let before_for = head.split(" for ").next().unwrap_or_default();
        let ends_like_title = |word: &str| self.title_endings.iter().any(|end| word.ends_with(end.as_str()));
        let words: Vec<&str> = before_for.split(' ').collect();
        let over = |first: &str| known(first) || ends_like_title(first);
        known(&head)
            || known(before_for)
            || (words.len() <= 3 && words.last().is_some_and(|w| ends_like_title(w)))
            || over_what(line).is_some_and(|first| over(&fold::name_key(first)))
            // `ordförande AMSN`, `Ordförande KFN`.
            || line.split_once(' ').is_some_and(|(first, rest)| {
                (2..=6).contains(&rest.chars().count())
                    && rest.chars().all(char::is_uppercase)
                    && known(&fold::name_key(first))
            })
            // `Ordförande Social välfärdsnämnden`.
            || line.split_once(' ').is_some_and(|(first, rest)| {
                let last = rest.split_whitespace().next_back().unwrap_or_default().to_lowercase();
                rest.split_whitespace().count() <= 4
                    && !rest.contains(['.', ':', '@'])
                    && known(&fold::name_key(first))
                    && self.never.iter().any(|end| end.len() > 3 && last.ends_with(end.as_str()))
            })
    }

    /// The name in the order given name, surname: turns `Ek, Anna` round; none if it is no name.
    pub fn name_in_order(&self, text: &str) -> Option<String> {
        let text = text.trim().trim_end_matches([',', ';', '.']).trim();
        if let Some((surname, given)) = text.split_once(", ") {
            let turned = format!("{} {}", given.trim(), surname.trim());
            return (self.is_name(&turned) && !given.contains(',')).then_some(turned);
        }
        self.is_name(text).then(|| text.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

/// The first word of a line that goes on with what a title is over, `Sektorchef kultur och fritid`, `Ordförande sociala
/// nämnden`: a few words, the first of them in small letters and no verb in the present tense.
fn over_what(line: &str) -> Option<&str> {
    let (first, rest) = line.split_once(' ')?;
    let words: Vec<&str> = rest.split_whitespace().collect();
    let plain = |w: &&str| !w.contains(['.', ':', '@', '(']);
    let small = words.first().is_some_and(|w| w.starts_with(char::is_lowercase));
    let verb = words.first().is_some_and(|w| ["ar", "er", "år", "ör"].iter().any(|e| w.ends_with(e)));
    ((1..=5).contains(&words.len()) && small && words.iter().all(plain) && !verb).then_some(first)
}

/// Whether an e-mail address is this person's: given name and surname stand in its local part, folded.
pub(crate) fn owns_email(name: &str, email: &str) -> bool {
    let local = fold::fold(email.split('@').next().unwrap_or_default());
    let parts: Vec<&str> = local.split(['.', '-', '_']).filter(|p| !p.is_empty()).collect();
    let name = fold::name_key(name);
    let words: Vec<&str> = name.split(' ').collect();
    let has = |word: &str| parts.contains(&word);
    // `Tor-Leif` is torleif.
    if let [first, second, rest @ ..] = words.as_slice()
        && has(&format!("{first}{second}"))
        && rest.iter().any(|w| has(w))
    {
        return true;
    }
    words.first().is_some_and(|w| has(w)) && words.iter().skip(1).any(|w| has(w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_titles_are_told_apart() {
        let people = People::new(&Lexicon::built_in());
        for name in ["Tuva Silverhake", "Anne-Marie von Ek", "Karl G. Holm", "Felicia Ek Gonzalez"] {
            assert!(people.is_name(name), "{name}");
        }
        for other in ["Järva stadsdelsnämnd", "Avdelningschef", "IOP under 2024", "Administrativa avdelningen", "Ek"]
        {
            assert!(!people.is_name(other), "{other}");
        }
        for title in [
            "Stadsdelsdirektör",
            "tf. stadsdelsdirektör",
            "Avdelningschef, äldreomsorg",
            "Chef för kansliet",
            "Biträdande avdelningschef",
        ] {
            assert!(people.is_title(title) || title.starts_with("Chef för"), "{title}");
        }
        assert!(!people.is_title("Järva stadsdelsförvaltning"));
        assert_eq!(people.name_in_order("Björk, Per-Erik").as_deref(), Some("Per-Erik Björk"));
    }

    #[test]
    fn surnames_first_and_two_people_without_a_sign_between() {
        let people = People::new(&Lexicon::built_in());
        let names = |s: &str| people.names_unparted(s).into_iter().map(|(_, n)| n).collect::<Vec<_>>();
        assert_eq!(names("Eiderbrant Ulf"), ["Ulf Eiderbrant"]);
        assert_eq!(names("Hagström Ingela Jo Linder Roger"), ["Ingela Jo Hagström", "Roger Linder"]);
        assert_eq!(names("Ulf Eiderbrant"), ["Ulf Eiderbrant"]);
        assert_eq!(names("Eva Ek Roger Linder"), ["Eva Ek", "Roger Linder"]);
        assert_eq!(names("Felicia Ek Gonzalez"), ["Felicia Ek Gonzalez"]);
        assert!(!people.is_name("Personalchef Eva Ek") && people.is_secretary("Nämndsekreterare"));
    }

    #[test]
    fn an_address_belongs_to_whom_it_names() {
        assert!(owns_email("Åsa Björk", "asa.bjork@stockholm.se"));
        assert!(!owns_email("Åsa Björk", "lars.bjork@stockholm.se"));
        assert!(!owns_email("Åsa Björk", "jarva@stockholm.se"));
    }
}
