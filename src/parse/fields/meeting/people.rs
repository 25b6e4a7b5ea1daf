//! Reads the people of an attendance list: "Eva Ek (S), ordförande", "Bo Al, M", "Li Sten (C) ersätter Per Ask (C) §§ 3-14",
//! "Stadsdelsdirektör Eva Ek, avdelningschef Bo Al".

use crate::parse::pattern::{Captures, Regex};

use crate::lexicon::Lexicon;
use crate::parse::fields::item::Members;
use crate::parse::person::People;

/// Somebody on a line of the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::parse::fields) struct Entry {
    pub name: String,
    pub party: Option<String>,
    /// Printed with the name, lower case and indefinite.
    pub role: Option<String>,
    pub substitute_for: Option<String>,
    pub items: Option<String>,
}

/// Patterns.
#[derive(Debug)]
pub(in crate::parse::fields) struct Reader {
    name: Regex,
    party: Regex,
    bare_party: Regex,
    /// Capitals between a name and what else the line says: "Eva Ek S ordförande".
    upper_party: Regex,
    /// A party by its name behind a comma or tab.
    named_party: Regex,
    /// The letters of each party by its name in lower case.
    parties: std::collections::BTreeMap<String, String>,
    /// A party's letters and nothing else.
    alone: Regex,
    /// Before a name: that it is of a serving substitute.
    serving: Regex,
    substitute: Regex,
    /// A word for serving instead of somebody, at the start of a text.
    stands_in: Regex,
    chair: Regex,
    items: Regex,
    title_after: Regex,
    vacant: Regex,
}

/// A name found in a line.
struct Found<'t> {
    /// Where the run of capitals begins, titles included.
    from: usize,
    end: usize,
    name: String,
    /// Titles that were part of the run of capitals.
    title: Option<&'t str>,
}

impl Reader {
    pub fn new(lex: &Lexicon) -> Self {
        let make = |p: &str| Regex::new(p).expect("tested pattern");
        let longest_first = |words: &[String]| {
            let mut words: Vec<String> = words.iter().map(|w| regex::escape(w).replace(' ', r"\s+")).collect();
            words.sort_by_key(|w| std::cmp::Reverse(w.len()));
            words.join("|")
        };
        let letters: Vec<String> = lex.political_parties.iter().map(|p| regex::escape(&p.abbr)).collect();
        let letters = if letters.is_empty() { "S".to_string() } else { letters.join("|") };
        let named = lex
            .political_parties
            .iter()
            .flat_map(|p| std::iter::once(&p.name).chain(&p.also).map(|name| (name.to_lowercase(), p.abbr.clone())));
        let parties: std::collections::BTreeMap<String, String> = named.collect();
        let names: Vec<String> = parties.keys().cloned().collect();
        Reader {
            name: make(
                r"[\p{Lu}][\p{L}'’.-]*(?: +(?:(?:von|af|av|de|la|van|der|den|al|el|bin|ben|da|di) +)*[\p{Lu}][\p{L}'’-]*\.?){1,4}",
            ),
            party: make(r"^[\s,]*\(\(?\s*([\p{L}]{1,5}|-)\s*[,.]?\s*\)?"),
            bare_party: make(&format!(r"(?i)^(?:\s*[,\t]\s*({letters})(?:[\s,;\t]|$)|\s+({letters})\s*$)")),
            upper_party: make(&format!(
                r"^\s+({letters})(?:[,\s]+(?:§|\(?\s?(?:ordf|1:e|2:e|1:a|2:a|1e|2e|[Ff]örste|[Aa]ndre|[Vv]ice|[Ll]edamot|[Ee]rs|[Tt]jg|[Tt]jänstg|kl|fr|t\.?o\.?m|[Nn]ärv|[Uu]t|[Jj]äv|[Dd]istans|[Dd]eltog|Ordf)))"
            )),
            named_party: make(&format!(r"(?i)^\s*[,\t(]\s*({})\)?(?:[\s,;\t)]|$)", longest_first(&names))),
            parties,
            alone: make(&format!(r"^(?:({letters})|\(\(?((?i:{letters})|-)\))$")),
            serving: make(
                r"(?i)\b(?:tj(?:g|änstg(?:örande)?)?\.?\s*ers(?:ättare)?\.?|tjänstgörande\s+(?:ersättare|suppleant)|t\.?\s?ers\.?)\s*:?$",
            ),
            substitute: make(&format!(
                r"(?i)(?:^|[\s,(])(?:{})\s+(?:ledamoten\s+)?$",
                longest_first(&lex.meetings.substitute)
            )),
            stands_in: make(&format!(r"(?i)^(?:{})\b", longest_first(&lex.meetings.substitute))),
            chair: make(
                r"(?i)^[\s,:()\t]*((?:(?:1:e|2:e|1:a|2:a|1e|2e|första|andra|förste|andre|vice|v\.?)\s+)*(?:ordförande(?:n)?|ordf\.?))(?:[.;)]|,?\s*$|,\s|\s+\(|\s+§|\s*\t)",
            ),
            items: make(
                r"(?:(?:närvarande|fr\.?\s?o\.?\s?m\.?|t\.?\s?o\.?\s?m\.?|from|till och med)\s+)?§§?\s*\d+(?:\s?[a-zA-Z]\b)?(?:\s*(?:[-–,]|och|samt)\s*(?:§§?\s*)?\d+(?:\s?[a-zA-Z]\b)?)*",
            ),
            title_after: make(r"^\s*[,(]\s*((?:tf|bitr|t\.f|v)?\.?\s?\p{Ll}[\p{L}/ -]*(?:,? \p{Ll}[\p{L}/-]+)*)"),
            vacant: make(&format!(r"(?i)\b(?:{})\b", longest_first(&lex.meetings.vacant))),
        }
    }

    /// Whether a text ends with the words that say that the next name is of somebody absent: "Bo Al (S), ersätter".
    pub fn stands_in_for(&self, before: &str) -> bool {
        let before = before.trim_end();
        let mut from = before.len().saturating_sub(48);
        while !before.is_char_boundary(from) {
            from += 1;
        }
        let tail = before.get(from..).unwrap_or("");
        let tail = tail.rsplit(['\n', '\t']).next().unwrap_or(tail);
        tail.ends_with(char::is_alphabetic) && self.substitute.is_match(&format!("{tail} "))
    }

    /// The party that a line names, if it holds nothing else: "S", "(KD)".
    pub fn party_alone(&self, line: &str) -> Option<String> {
        let found = (line.len() <= 8).then(|| self.alone.captures(line.trim()))??;
        found.get(1).or(found.get(2)).map(|m| m.as_str().to_string())
    }

    /// The people of one line.
    pub fn of(&self, line: &str, people: &People, members: &Members) -> Vec<Entry> {
        let found = self.names(line, people, members);
        let mut out: Vec<Entry> = Vec::new();
        let mut skip = false;
        // A title in lower case before the next name: "…, avdelningschef Bo Al".
        let mut carried: Option<String> = None;
        for (i, f) in found.iter().enumerate() {
            let end = found.get(i + 1).map_or(line.len(), |n| n.from);
            let mut rest = line.get(f.end..end).unwrap_or("");
            let party = self.party_at(&mut rest);
            if skip {
                skip = false;
                if let Some(last) = out.last_mut() {
                    last.items = last.items.take().or_else(|| self.items_in(rest));
                }
                continue;
            }
            let before = i.checked_sub(1).and_then(|p| found.get(p)).map_or(0, |p| p.end);
            let lead = line.get(before..f.from).unwrap_or("");
            let stands_in = self.substitute.is_match(rest) && found.get(i + 1).is_some();
            let mut entry = Entry { name: f.name.clone(), party, ..Entry::default() };
            entry.items = self.items_in(rest);
            entry.role = self.role(f, lead, rest, people, &mut carried, end < line.len());
            if stands_in {
                entry.substitute_for = found.get(i + 1).map(|n| n.name.clone());
                skip = true;
            }
            if !self.vacant.is_match(&entry.name) {
                out.push(entry);
            }
        }
        out
    }

    fn names<'t>(&self, line: &'t str, people: &People, members: &Members) -> Vec<Found<'t>> {
        self.name
            .find_iter(line)
            .filter_map(|m| {
                // "Ersätter Lo Dahl": the word is none of the name.
                let word = ["Ersätter ", "Ersättare ", "Tjänstgör för ", "Tjg för "]
                    .iter()
                    .find(|w| m.as_str().starts_with(**w));
                let skipped = word.map_or(0, |w| w.len());
                let text = self.without_letters(m.as_str().get(skipped..).unwrap_or("").trim_end_matches('.'));
                let start = m.start() + skipped;
                let name = members.name(text).or_else(|| definite(text, people))?;
                let name = without_organisation(&definite(&name, people).unwrap_or(name));
                let title = text.strip_suffix(name.as_str()).map(str::trim).filter(|t| !t.is_empty());
                // The headings of a voting list are nobody.
                let answers = name.split(' ').any(|w| matches!(w, "Ja" | "Nej" | "Avst" | "Avstår"));
                (people.is_name(&name) && !answers).then_some(Found {
                    from: start,
                    end: start + text.len(),
                    name,
                    title,
                })
            })
            .collect()
    }

    /// Capitals without the letters of a party that end them: "Karl Ek C".
    fn without_letters<'t>(&self, text: &'t str) -> &'t str {
        match text.rsplit_once(' ') {
            Some((name, last)) if name.contains(' ') && last.len() <= 2 && self.party_alone(last).is_some() => {
                name.trim_end()
            }
            _ => text,
        }
    }

    fn party_at(&self, rest: &mut &str) -> Option<String> {
        // "(direktör)" is no party.
        let whole = |c: &Captures| {
            let end = c.get(0).map_or(0, |m| m.end());
            !rest.get(end..).is_some_and(|r| r.starts_with(char::is_alphabetic))
        };
        let (letters, end) = if let Some(c) = self.party.captures(rest).filter(whole) {
            (c.get(1)?, c.get(0)?.end())
        } else if let Some(c) = self.named_party.captures(rest) {
            // "Eva Ek | Moderaterna".
            let name = c.get(1)?;
            let abbr = self.parties.get(&name.as_str().to_lowercase())?.clone();
            *rest = rest.get(name.end()..).unwrap_or("");
            return Some(abbr);
        } else {
            let c = self.bare_party.captures(rest).or_else(|| self.upper_party.captures(rest))?;
            let letters = c.get(1).or(c.get(2))?;
            // ", v ordf": a vice chair, no party.
            let behind = rest.get(letters.end()..).unwrap_or("").trim_start().to_lowercase();
            if behind.starts_with("ordf") && letters.as_str() == "v" {
                return None;
            }
            (letters, letters.end())
        };
        let letters = letters.as_str().to_string();
        // "(ers)", "(ordf)": a role in brackets.
        if ["ers", "ordf", "vice", "tjg", "adj", "sekr", "bitr", "dist"].contains(&letters.to_lowercase().as_str()) {
            return None;
        }
        *rest = rest.get(end..).unwrap_or("");
        Some(letters)
    }

    fn items_in(&self, rest: &str) -> Option<String> {
        let m = self.items.find(rest)?;
        // "ej § 71": when somebody was away.
        if rest.get(..m.start()).is_some_and(|before| before.trim_end().to_lowercase().ends_with(" ej")) {
            return None;
        }
        let text = m.as_str();
        // "t.o.m. § 97" is another limit than "§ 97"; "närvarande" says nothing of the paragraphs.
        let from = if text.starts_with("närvarande") { text.find('§').unwrap_or(0) } else { 0 };
        Some(text.get(from..).unwrap_or(text).trim().trim_end_matches([',', '-', '–']).trim().to_string())
    }

    /// The role printed with a name: chair, or a title before or after it.
    fn role(
        &self,
        f: &Found,
        lead: &str,
        rest: &str,
        people: &People,
        carried: &mut Option<String>,
        more: bool,
    ) -> Option<String> {
        // A role at another body is told whole: ", ordförande, riksbanksfullmäktige".
        let other = rest.split(['(', '§', '\t']).next().unwrap_or(rest).trim().trim_start_matches(',').trim();
        let other = of_presence(other).trim_end_matches(',').trim();
        if other.contains("fullmäktige") && other.len() <= 60 && other.starts_with(char::is_lowercase) {
            return Some(other.to_string());
        }
        if let Some(c) = self.chair.captures(rest).and_then(|c| c.get(1)) {
            return Some(chair(c.as_str()));
        }
        if self.serving.is_match(rest.trim_end_matches([' ', ',', '.', ')'])) {
            return Some("tjänstgörande ersättare".to_string());
        }
        let lead = lead.rsplit([',', ';', ')', '\t']).next().unwrap_or(lead).trim();
        let lead = ["samt ", "och "].iter().find_map(|w| lead.strip_prefix(w)).unwrap_or(lead).trim();
        if self.serving.is_match(lead) {
            return Some("tjänstgörande ersättare".to_string());
        }
        if matches!(lead.to_lowercase().as_str(), "ersättare" | "ersättaren" | "suppleant") {
            return Some("ersättare".to_string());
        }
        // "Monika Säll | Förvaltningschef".
        let beside = rest.strip_prefix('\t').map_or("", |r| r.split('\t').next().unwrap_or(r)).trim();
        if beside.starts_with(char::is_uppercase)
            && let Some(title) = indefinite(beside, people)
        {
            return Some(title);
        }
        let titled = [f.title.unwrap_or(""), lead].join(" ");
        let titled = titled.trim().trim_end_matches(':').trim();
        if titled.to_lowercase().contains("ordförande") {
            return Some(chair(titled));
        }
        if let Some(title) = indefinite(titled, people) {
            carried.take();
            return Some(title);
        }
        if let Some(title) = carried.take() {
            return Some(title);
        }
        let after = self.title_after.captures(rest).and_then(|c| c.get(1))?;
        // ", eva.ek@ekby.se": an address.
        if rest
            .get(after.end()..)
            .is_some_and(|r| r.starts_with(['@', '.', '_']) && !r.starts_with(". ") && r.len() > 1)
        {
            return None;
        }
        let after = after.as_str().trim();
        if self.stands_in.is_match(after) {
            // For a seat that is vacant: "ersätter vakant".
            return Some("tjänstgörande ersättare".to_string());
        }
        let after = [" samt", " och"].iter().find_map(|w| after.strip_suffix(w)).unwrap_or(after).trim();
        // The last of several titles before another name is that one's: "…, avdelningschef Bo Al".
        let after = match after.rsplit_once(", ") {
            Some((own, next)) if more && people.is_title(next) => {
                *carried = Some(next.to_lowercase());
                own
            }
            _ if more
                && rest.trim_end().ends_with(after)
                && !rest.trim_end().ends_with(',')
                && f.title.is_none()
                && lead.is_empty()
                && !rest.contains(" och")
                && !rest.contains(" samt") =>
            {
                // "Eva Ek, avdelningschef Bo Al": whose the title is, only a comma after it would say.
                *carried = indefinite(after, people);
                return None;
            }
            _ => after,
        };
        let after = of_presence(after).trim_end_matches(',').trim();
        indefinite(after, people).or_else(|| {
            let short = after.split_whitespace().count() <= 4 && after.len() >= 4;
            short.then(|| after.to_lowercase())
        })
    }
}

/// A role without what tells how somebody was there: ", per telefon", ", på distans", ", anslöt senare".
fn of_presence(text: &str) -> &str {
    const WORDS: [&str; 14] = [
        "per ", "på ", "via ", "digital", "distans", "anslöt", "närvar", "kl", "fr.", "t.o.m", "from ", "ej ", "jäv",
        "pga",
    ];
    let mut at = 0;
    for part in text.split(", ") {
        if WORDS.iter().any(|w| part.trim().starts_with(w)) {
            return text.get(..at).unwrap_or("").trim_end_matches([',', ' ']);
        }
        at += part.len() + 2;
    }
    text
}

/// `1:e vice ordförande` and the like as the record has them.
fn chair(text: &str) -> String {
    let lower = text.to_lowercase();
    let vice = ["vice", "v.", "v", "1e", "2e", "1:e", "2:e", "1:a", "2:a", "förste", "andre", "första", "andra"];
    if vice.iter().any(|w| lower.split_whitespace().any(|x| x == *w)) { "vice ordförande" } else { "ordförande" }.into()
}

/// A title in lower case without the ending of the definite form; none if it is no title.
fn indefinite(text: &str, people: &People) -> Option<String> {
    let lower = text.trim().trim_end_matches([',', ':', '.']).to_lowercase();
    if lower.is_empty() {
        return None;
    }
    if ["ledamoten", "ledamot", "ersättaren", "ersättare", "ledamöterna"].contains(&lower.as_str()) {
        return None;
    }
    let stems = ["erna", "en", "n", "na"].iter().filter_map(|end| lower.strip_suffix(end).map(str::to_string));
    let definite = stems.filter(|s| s.len() >= 4).find(|s| people.is_title(s));
    definite.or_else(|| people.is_title(&lower).then_some(lower))
}

/// A name without the organisation behind it: "Bertil Holm PRO Ekby".
fn without_organisation(name: &str) -> String {
    let words: Vec<&str> = name.split(' ').collect();
    let letters = |w: &&str| w.chars().count() >= 3 && w.chars().all(|c| c.is_uppercase() || c == '-');
    let all = words.iter().take(2).all(letters);
    match words.iter().skip(2).position(letters).filter(|_| !all) {
        Some(i) => words.get(..i + 2).map_or_else(|| name.to_string(), |w| w.join(" ")),
        None => name.to_string(),
    }
}

/// A name after a title in the definite form: "Stadsdirektören Eva Ek".
fn definite(text: &str, people: &People) -> Option<String> {
    let (first, rest) = text.split_once(' ')?;
    let titled = indefinite(first, people).is_some() && rest.contains(' ');
    titled.then(|| rest.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::testing;

    fn read(line: &str) -> Vec<(String, String, String, String, String)> {
        let lex = Lexicon::built_in();
        let rules = testing::parser().with_context(&testing::document("X."), |cx| {
            Reader::new(&lex).of(line, &cx.rules.people, &cx.rules.item.members)
        });
        let text = |v: &Option<String>| v.clone().unwrap_or_default();
        rules
            .iter()
            .map(|e| (e.name.clone(), text(&e.party), text(&e.role), text(&e.substitute_for), text(&e.items)))
            .collect()
    }

    #[test]
    fn members_in_every_form() {
        let one = |name: &str, party: &str, role: &str, instead: &str, items: &str| {
            vec![(name.to_string(), party.to_string(), role.to_string(), instead.to_string(), items.to_string())]
        };
        assert_eq!(read("Eva Ekstig (S), ordförande"), one("Eva Ekstig", "S", "ordförande", "", ""));
        assert_eq!(read("Eva Ekstig (M) 1:e vice ordförande"), one("Eva Ekstig", "M", "vice ordförande", "", ""));
        assert_eq!(read("Eva Ekstig, S, ordförande"), one("Eva Ekstig", "S", "ordförande", "", ""));
        assert_eq!(read("Bo Alm, s,"), one("Bo Alm", "s", "", "", ""));
        assert_eq!(read("Ordföranden Dag Karl (M)"), one("Dag Karl", "M", "ordförande", "", ""));
        assert_eq!(
            read("Li af Sten (C) ersätter Per Ask (C) §§ 3-14"),
            one("Li af Sten", "C", "", "Per Ask", "§§ 3-14")
        );
        assert_eq!(
            read("Li Sten (S) tjänstgör för Per Ask (S) pga jäv § 65"),
            one("Li Sten", "S", "", "Per Ask", "§ 65")
        );
        assert_eq!(read("Vakant (M)"), []);
        assert_eq!(read("Per Öhrn (M), Rolf Ask (V)").len(), 2);
    }

    #[test]
    fn officials_with_titles_before_and_after() {
        let names = |line: &str| read(line).into_iter().map(|e| (e.0, e.2)).collect::<Vec<_>>();
        let want = |rows: &[(&str, &str)]| rows.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect::<Vec<_>>();
        assert_eq!(names("Sara Ek, kultur- och fritidschef"), want(&[("Sara Ek", "kultur- och fritidschef")]));
        assert_eq!(
            names(
                "Stadsdelsdirektören Maria Hägg, avdelningscheferna Anna Wahl och Ove Fors samt nämndsekreteraren Klara Vik"
            ),
            want(&[
                ("Maria Hägg", "stadsdelsdirektör"),
                ("Anna Wahl", "avdelningschef"),
                ("Ove Fors", ""),
                ("Klara Vik", "nämndsekreterare")
            ])
        );
        assert_eq!(
            names("Ingela Vind, stadsdelsdirektör, och Maj Starr, sekreterare"),
            want(&[("Ingela Vind", "stadsdelsdirektör"), ("Maj Starr", "sekreterare")])
        );
    }
}
