//! Recognises names of organisations: boards, associations, parishes, companies.

use std::collections::BTreeSet;

use crate::parse::pattern::Regex;

use crate::base::Span;
use crate::lexicon::Lexicon;
use crate::parse::record::PartyRole;

/// Recognises names of organisations.
#[derive(Debug)]
pub(crate) struct Names {
    board: Regex,
    label: Regex,
    /// An address at the end of a text.
    address: Regex,
    public: Vec<String>,
    parish: Vec<String>,
    company: BTreeSet<String>,
    endings: Vec<String>,
    generic: BTreeSet<String>,
}

/// Small words that may stand inside a name.
const CONNECTORS: [&str; 12] = ["i", "för", "på", "av", "&", "genom", "de", "den", "la", "von", "mot", "vid"];

impl Names {
    /// With the lexicon's endings.
    pub fn new(lex: &Lexicon) -> Self {
        let words = &lex.agreements;
        let make = |p: &str| Regex::new(p).expect("tested pattern");
        Names {
            board: make(
                r"[A-ZÅÄÖ][\wé]*(?:\s?[-–/]\s?[A-ZÅÄÖ][\wé]*)*(?:\s(?:innerstaden|innerstadens|gamla\s+stan|gamla\s+stans))?\s(?:stadsdels|stadsområdes)nämnd\b",
            ),
            label: make(r"(?i)[\s,(]*(?:\b(?:med\s+)?org(?:anisations)?\.?\s?-?(?:nr|nummer)\.?\s*:?\s*)$"),
            address: make(
                r"(?:[,\n\t]\s*(?:\p{Lu}[\p{L}. ]{2,40}\s\d{1,4}\s?[A-Za-z]?|[Bb]ox\s\d{1,5}))?[,\n\t]\s*(?:SE-|S-)?\d{3}\s?\d{2}\s+\p{Lu}[\p{L}]+(?:\s\p{Lu}\p{L}+)?$",
            ),
            public: words.public_endings.clone(),
            parish: words.parish_endings.clone(),
            company: words.company_endings.iter().cloned().collect(),
            endings: words.name_endings.clone(),
            generic: words.generic_words.iter().cloned().collect(),
        }
    }

    /// What an organisation of this name is.
    pub fn role(&self, name: &str) -> PartyRole {
        let lower = name.to_lowercase();
        let last = lower.rsplit(' ').next().unwrap_or("");
        if self.parish.iter().any(|e| last.ends_with(e.as_str())) || lower.starts_with("svenska kyrkan") {
            return PartyRole::Parish;
        }
        if lower.split(' ').any(|w| self.company.contains(w)) || last.ends_with("aktiebolag") {
            return PartyRole::Company;
        }
        // "Lekverkstad" is no town.
        let ends = |e: &String| {
            let bare = last.trim_end_matches('s');
            if e == "stad" { bare == "stad" } else { last.ends_with(e.as_str()) || bare.ends_with(e.as_str()) }
        };
        let whole = ["region ", "landstinget ", "kommunalförbundet ", "samordningsförbundet ", "räddningstjänsten "];
        if self.public.iter().any(ends) || whole.iter().any(|w| lower.starts_with(w)) {
            return PartyRole::Public;
        }
        PartyRole::Civil
    }

    /// The same, with what the number's first digits say of those that have no telling name.
    pub fn role_with(&self, name: &str, org_nr: Option<&str>) -> PartyRole {
        let by_name = self.role(name);
        match org_nr {
            Some(n) if by_name == PartyRole::Civil && n.starts_with("252") => PartyRole::Parish,
            Some(n) if by_name == PartyRole::Civil && n.starts_with('2') && !n.starts_with("25") => PartyRole::Public,
            Some(n) if by_name == PartyRole::Civil && n.starts_with('5') => PartyRole::Company,
            _ => by_name,
        }
    }

    /// True for a board by its full name.
    pub fn is_board(&self, name: &str) -> bool {
        let last = name.rsplit(' ').next().unwrap_or("").to_lowercase();
        let bare = matches!(name.to_lowercase().as_str(), "nämnd" | "nämnden" | "styrelsen" | "stadsdelsnämnd");
        !bare && ["nämnd", "nämnden", "styrelsen", "fullmäktige"].iter().any(|e| last.ends_with(e))
    }

    /// True for "nämnden", "föreningen" and the like.
    pub fn is_generic(&self, name: &str) -> bool {
        self.generic.contains(&name.to_lowercase())
    }

    /// The boards named in a text, in order.
    pub fn boards(&self, text: &str) -> Vec<(String, Span)> {
        self.board
            .find_iter(text)
            .map(|m| {
                let mut start = m.start();
                // "Dåvarande Norrmalms stadsdelsnämnd" is no name; a single capital word before is dropped by the pattern.
                let mut name = m.as_str();
                for lead in ["Dåvarande ", "Tidigare ", "För "] {
                    if let Some(rest) = name.strip_prefix(lead) {
                        start += lead.len();
                        name = rest;
                    }
                }
                (name.to_string(), Span::new(start, m.end()))
            })
            .collect()
    }

    /// The board named most often, the first of equals.
    pub fn commonest_board(&self, text: &str) -> Option<(String, Option<Span>)> {
        let mut counts: Vec<(String, Span, usize)> = Vec::new();
        for (name, span) in self.boards(text) {
            let known = counts.iter().position(|(n, ..)| *n == name);
            if let Some(c) = known.and_then(|i| counts.get_mut(i)) {
                c.2 += 1;
            } else if counts.len() < 64 {
                counts.push((name, span, 1));
            }
        }
        let most = counts.iter().map(|c| c.2).max()?;
        counts.into_iter().find(|c| c.2 == most).map(|(n, s, _)| (n, Some(s)))
    }

    /// True if a text can be a name: begins with a capital or digit and is no sentence.
    pub fn is_name(&self, text: &str) -> bool {
        let words = text.split_whitespace().count();
        text.chars().next().is_some_and(|c| c.is_uppercase() || c.is_ascii_digit())
            && (1..=9).contains(&words)
            && !text.ends_with(['.', ':', '!', '?'])
            && text.len() <= 90
    }

    /// The name that ends a text: words with capitals, the small words between them, endings of associations.
    pub fn at_end(&self, text: &str) -> Option<Span> {
        let trimmed = text.trim_end();
        let mut start = trimmed.len();
        let mut at = trimmed.len();
        let mut count = 0;
        // The word before is the first half of one: "Bygdegårds- och".
        let mut chained = false;
        while count < 9 {
            let head = trimmed.get(..at)?.trim_end();
            if head.is_empty() {
                break;
            }
            if trimmed.get(head.len()..at).is_some_and(|gap| gap.contains(['\n', '\t'])) {
                break;
            }
            let from =
                head.rfind(char::is_whitespace).map_or(0, |i| i + head[i..].chars().next().map_or(1, char::len_utf8));
            let word = &head[from..];
            let bare = word.trim_matches(|c: char| matches!(c, '”' | '“' | '"' | '(' | '’'));
            let lower = bare.to_lowercase();
            // A sign that ends what stands before it; the last word itself may have none.
            if count > 0 && word.ends_with([',', '.', ';', ':', ')', '(', '–']) && !(bare.ends_with("-,") && chained)
            {
                break;
            }
            if word.contains('\n') || word.contains('\t') || bare.is_empty() {
                break;
            }
            // "Bygdegårds- och Idrottsförening", "Fritids-, kultur- och utbildningsnämnden".
            let halved = head.get(..from).unwrap_or("").trim_end().ends_with('-');
            if count > 0 && matches!(lower.as_str(), "och" | "&" | "samt") && halved
                || chained && bare.trim_end_matches(',').ends_with('-')
            {
                if bare.starts_with(char::is_uppercase) {
                    start = from;
                }
                chained = true;
                count += 1;
                at = from;
                continue;
            }
            chained = false;
            let capital = bare.chars().next().is_some_and(|c| c.is_uppercase() || (c.is_ascii_digit() && count == 0));
            if capital {
                let opening =
                    self.generic.contains(&lower) || matches!(lower.as_str(), "mellan" | "med" | "och" | "för" | "av");
                if opening && count > 0 && lower != "stiftelsen" && lower != "föreningen" {
                    break;
                }
                start = from;
            } else if count > 0 && (CONNECTORS.contains(&lower.as_str()) || bare.ends_with('-')) {
                // Belongs to the name if a capital word stands before it.
            } else if self.endings.iter().any(|e| lower.ends_with(e.as_str())) && !self.generic.contains(&lower) {
                // "föräldraförening": belongs to the capital word before it.
                if count == 0 {
                    start = from;
                }
            } else {
                break;
            }
            count += 1;
            at = from;
        }
        let name = trimmed.get(start..)?;
        let trimmed_name = name.trim_matches(|c: char| matches!(c, '”' | '“' | '"' | '(' | ' '));
        let shift = name.find(trimmed_name).unwrap_or(0);
        let first_capital = trimmed_name.chars().next().is_some_and(|c| c.is_uppercase() || c.is_ascii_digit());
        let letters = trimmed_name.chars().any(char::is_alphabetic);
        (first_capital && letters && trimmed_name.len() > 1)
            .then(|| Span::new(start + shift, start + shift + trimmed_name.len()))
    }

    /// The name that begins a text, as `at_end` from the other side.
    pub fn at_start(&self, text: &str) -> Option<usize> {
        let mut end = 0;
        let mut at = 0;
        let mut count = 0;
        for word in text.split_inclusive(char::is_whitespace) {
            let bare = word.trim_end();
            let stripped = bare.trim_matches(|c: char| matches!(c, '”' | '“' | '"' | ',' | '.' | ';' | ':' | ')'));
            let lower = stripped.to_lowercase();
            let capital = stripped.chars().next().is_some_and(char::is_uppercase);
            let ending = self.endings.iter().any(|e| lower.ends_with(e.as_str()));
            let before = text[..at].trim_end();
            // "Kultur- och fritidsföreningen": the second half too.
            let half = before.ends_with("- och") || before.ends_with("- &");
            let ending = ending || half;
            let small = CONNECTORS.contains(&lower.as_str()) && lower != "på"
                || matches!(stripped, "och" | "&") && before.ends_with('-');
            if bare.starts_with('(') || !(capital || (count > 0 && (ending || small))) {
                break;
            }
            if capital || ending {
                end = at + bare.trim_end_matches([',', '.', ';', ':', ')', '”', '"']).len();
            }
            at += word.len();
            count += 1;
            if bare.ends_with([',', '.', ';', ':', ')']) || word.contains('\n') || word.contains('\t') || count >= 9 {
                break;
            }
        }
        (end > 1).then_some(end)
    }

    /// The name beside an organisation number that begins at byte `at`.
    pub fn before_number(&self, text: &str, at: usize) -> Option<(String, Span)> {
        let mut from = at.saturating_sub(200);
        while !text.is_char_boundary(from) {
            from += 1;
        }
        let head = text.get(from..at)?;
        let cut = self.label.find(head).map_or(head.len(), |m| m.start());
        let mut head = head.get(..cut)?.trim_end_matches([' ', ',', '(', '\n', '\u{a0}']);
        // `Aspen (tidigare Björken), org.nr …`: the bracket says more of the name before it.
        if let Some(inner) = head.strip_suffix(')')
            && let Some(open) = inner.rfind('(').filter(|i| inner.len() - i <= 120)
        {
            head = inner.get(..open)?.trim_end();
        }
        // "Ekby förening, Storgatan 1, 123 45 Ekby (802…": the name stands before the address.
        if let Some(m) = self.address.find(head) {
            head = self.top_of_address(head.get(..m.start())?.trim_end_matches([' ', ',', '\n', '\t']));
        }
        let mut span = self.at_end(head)?;
        let name = head.get(span.range())?;
        // "Stockholms stad genom Ekby stadsdelsnämnd" and "Ekby stadsdelsnämnd, Stockholms stad": the board.
        if let Some((whole, part)) = name.split_once(" genom ")
            && self.role(whole) == PartyRole::Public
        {
            let start = span.start as usize + whole.len() + " genom ".len();
            return Some((part.to_string(), Span::new(start, start + part.len()).shift(from)));
        }
        if name.to_lowercase().ends_with(" stad") || name.to_lowercase().ends_with(" kommun") {
            let before = head.get(..span.start as usize)?.trim_end_matches([' ', ',']);
            if let Some(board) = self.at_end(before)
                && before.get(board.range()).is_some_and(|b| self.is_board(b))
            {
                span = board;
            }
        }
        let name = head.get(span.range())?;
        Some((name.to_string(), span.shift(from)))
    }

    /// Text that ends in the lines above a postal address, without those that are no party: who the letters go to (`c/o …`), and the unit
    /// below a municipality's name.
    fn top_of_address<'t>(&self, head: &'t str) -> &'t str {
        let (before, last) = head.rsplit_once('\n').unwrap_or(("", head));
        let above = before.rsplit('\n').next().unwrap_or("");
        let care_of = last.trim_start().to_lowercase().starts_with("c/o ");
        let unit = self.role(above) == PartyRole::Public && !self.is_board(above) && !self.is_board(last);
        if !above.trim().is_empty() && (care_of || unit) { before.trim_end() } else { head }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names::new(&Lexicon::built_in())
    }

    #[test]
    fn the_name_beside_a_number() {
        for (text, want) in [
            ("haft ett IOP med Ekbacken (organisationsnummer 802461-9168)", "Ekbacken"),
            ("Stadsdelsnämnden och Drömstegen (organisationsnummer 802461-9168)", "Drömstegen"),
            (
                "med Ekby stadsdelsnämnd, Svenska kyrkan genom Ekby församling (organisationsnummer 252",
                "Svenska kyrkan genom Ekby församling",
            ),
            ("och Stiftelsen Stora Eken (org.nr 252", "Stiftelsen Stora Eken"),
            ("Stockholms stad genom Järva stadsdelsnämnd, org.nr 252", "Järva stadsdelsnämnd"),
            ("Järva stadsdelsnämnd, Stockholms stad (organisationsnummer 252", "Järva stadsdelsnämnd"),
            ("Öppna Dörren Högdalen (organisationsnummer 252", "Öppna Dörren Högdalen"),
            ("och den ideella föreningen Solens Mötesplats, org. nr 252", "Solens Mötesplats"),
            ("Kvinnocenter i Ekby (org.nr 252", "Kvinnocenter i Ekby"),
            ("och Kvinnojouren Aspen (tidigare Ekby jour), organisationsnummer 802", "Kvinnojouren Aspen"),
            ("EKBY KOMMUN\nFastighetskontoret\nBox 304\n123 25 EKBY\n252", "EKBY KOMMUN"),
            ("EKBY ISALLIANS\nc/o Stig Ek\nFallet 118\n123 98 EKBY\n802", "EKBY ISALLIANS"),
        ] {
            let found = names().before_number(text, text.rfind("802").or(text.rfind("252")).unwrap());
            assert_eq!(found.as_ref().map(|f| f.0.as_str()), Some(want), "{text}");
            let span = found.unwrap().1;
            assert_eq!(&text[span.range()], want);
        }
    }

    #[test]
    fn roles_follow_names_and_numbers() {
        let n = names();
        assert_eq!(n.role("Farsta stadsdelsnämnd"), PartyRole::Public);
        assert_eq!(n.role("Ekby församling"), PartyRole::Parish);
        assert_eq!(n.role("Ekbolaget AB"), PartyRole::Company);
        assert_eq!(n.role("Ekby IF"), PartyRole::Civil);
        assert_eq!(n.role_with("Eken", Some("556036-0793")), PartyRole::Company);
    }
}
