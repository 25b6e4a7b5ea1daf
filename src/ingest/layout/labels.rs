//! Recognises what a line is by its words: a heading, a label of the margin block, a page number, a list item.

use std::collections::{HashMap, HashSet};

use super::forms::{is_box, is_iso_date, is_numbered, is_postal, is_street, is_web, page_count};
use crate::lexicon::Lexicon;

/// What a line of a margin block or letterhead is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Label {
    /// `Handläggare` and its kind.
    Officer,
    /// `Telefon: …`.
    Phone,
    /// `Till`.
    Recipient,
    /// `Dnr …`.
    Dnr,
    /// An e-mail address alone.
    Email,
    /// A date alone.
    Date,
    /// A web address alone.
    Web,
    /// `112 25 Stockholm`, `Box 8189`, `Storgatan 6`.
    Address,
    /// `Tjänsteutlåtande` and its kind, alone.
    Kind,
    /// Name of an authority or unit, alone.
    Unit,
}

impl Label {
    /// True if hardly anything but a margin block or letterhead has it.
    pub fn is_strong(self) -> bool {
        matches!(self, Label::Officer | Label::Phone | Label::Recipient | Label::Dnr | Label::Email)
    }
}

/// Recognises lines, with the lexicon's words.
#[derive(Clone, Debug)]
pub struct Labels {
    headings: HashSet<String>,
    meta: HashMap<String, Label>,
    phone: Vec<String>,
    officer: Vec<String>,
    dnr: Vec<String>,
    unit_endings: HashSet<String>,
    not_in_units: HashSet<String>,
    months: HashSet<String>,
}

/// Reads a line that is nothing but a page number: `Sida 2 (3)`, `2(43)`, `SID 1 (28)`, `1 av 22`, `- 4 -`, `7`.
/// Returns the number, the total if given, and whether the form is sure (a total or a word beside the number).
pub fn page_number(line: &str) -> Option<(u32, Option<u32>, bool)> {
    let line = line.trim().trim_start_matches(['-', '–']).trim_end_matches(['-', '–']).trim();
    if line.len() > 24 {
        return None;
    }
    let (number, total, named) = page_count(line)?;
    let number: u32 = number.parse().ok()?;
    let total: Option<u32> = total.and_then(|t| t.parse().ok());
    if total.is_some_and(|t| t < number) || number == 0 {
        return None;
    }
    Some((number, total, total.is_some() || named))
}

/// True if a line begins with a bullet, a dash with a space, or an item number.
pub fn is_list_item(line: &str) -> bool {
    let mut chars = line.chars();
    match chars.next() {
        Some('•' | '◦' | '▪' | '●' | '○' | '■' | '□' | '‣' | '·' | '*') => {
            chars.next().is_none_or(|c| c == ' ' || c == '\t' || c.is_alphanumeric())
        }
        Some('-' | '–' | '—') => {
            chars.next() == Some(' ') && chars.next().is_some_and(|c| c.is_alphabetic() || c == '"')
        }
        Some('o') => line.strip_prefix("o ").is_some_and(|rest| {
            let word = rest.split(' ').next().unwrap_or("");
            word.chars().count() > 2 && word.chars().all(char::is_alphanumeric) && word != "dyl"
        }),
        Some(_) => is_numbered(line),
        None => false,
    }
}

fn key(line: &str) -> String {
    line.trim().trim_end_matches(':').trim_end().to_lowercase()
}

impl Labels {
    /// The lexicon's words, ready for use.
    pub fn new(lex: &Lexicon) -> Self {
        let mut headings = HashSet::new();
        let mut meta = HashMap::new();
        let (mut phone, mut officer, mut dnr) = (Vec::new(), Vec::new(), Vec::new());
        for heading in &lex.headings {
            let spellings = heading.variants.iter().filter(|v| !v.contains('…') && !v.starts_with('('));
            for spelling in spellings.map(|v| key(v)) {
                let label = match heading.id.as_str() {
                    "recipient" => Label::Recipient,
                    "officer" => {
                        officer.push(spelling.clone());
                        Label::Officer
                    }
                    "phone" => {
                        phone.push(spelling.clone());
                        Label::Phone
                    }
                    "dnr_label" => {
                        dnr.push(spelling.clone());
                        Label::Dnr
                    }
                    "doc_type_label" => Label::Kind,
                    _ => {
                        headings.insert(spelling);
                        continue;
                    }
                };
                meta.insert(spelling, label);
            }
        }
        let set = |words: &[String]| words.iter().cloned().collect();
        Labels {
            headings,
            meta,
            phone,
            officer,
            dnr,
            unit_endings: set(&lex.words.unit_endings),
            not_in_units: set(&lex.words.not_in_units),
            months: lex.dates.months.keys().cloned().collect(),
        }
    }

    /// True if the line is a section heading of the lexicon, in any case, with or without a colon or a number before.
    pub fn is_heading(&self, line: &str) -> bool {
        if line.len() > 160 {
            return false;
        }
        let k = key(line);
        let unnumbered = k.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ' ');
        self.headings.contains(&k) || (!unnumbered.is_empty() && self.headings.contains(unnumbered))
    }

    /// What the line is in a margin block or letterhead, if anything.
    pub fn label(&self, line: &str) -> Option<Label> {
        let line = line.trim();
        if line.is_empty() || line.chars().count() > 64 {
            return None;
        }
        let k = key(line);
        if let Some(label) = self.meta.get(&k) {
            return Some(*label);
        }
        if starts_with_label(&k, &self.officer, |rest| rest.starts_with(':')) {
            return Some(Label::Officer);
        }
        let has_digit = |rest: &str| rest.bytes().any(|b| b.is_ascii_digit());
        if starts_with_label(&k, &self.phone, has_digit) {
            return Some(Label::Phone);
        }
        if starts_with_label(&k, &self.dnr, has_digit) {
            return Some(Label::Dnr);
        }
        let spaces = line.split(' ').count();
        if spaces == 1 && line.contains('@') && line.contains('.') {
            Some(Label::Email)
        } else if is_iso_date(line) || self.is_spelled_date(&k) {
            Some(Label::Date)
        } else if spaces == 1 && is_web(line) {
            Some(Label::Web)
        } else if is_postal(line) || is_box(line) || (is_street(line) && !has_year_end(line)) {
            Some(Label::Address)
        } else if self.is_unit(line) {
            Some(Label::Unit)
        } else {
            None
        }
    }

    /// True if the word, in lower case, is a month's name.
    pub fn is_month(&self, word: &str) -> bool {
        self.months.contains(word)
    }

    fn is_spelled_date(&self, k: &str) -> bool {
        let words: Vec<&str> = k.trim_start_matches("den ").split(' ').collect();
        let [day, month, year] = words.as_slice() else { return false };
        let number = |s: &str, max: usize| s.len() <= max && s.parse::<u16>().is_ok();
        number(day, 2) && self.is_month(month) && number(year, 4)
    }

    /// True if the line is the name of an authority or unit and nothing else.
    fn is_unit(&self, line: &str) -> bool {
        // `Tallmo stadsdelsnämnd 2024-10-22`: the recipient and the day of its meeting.
        let dated = line.rsplit_once(' ').filter(|(_, last)| is_iso_date(last));
        let line = dated.map_or(line, |(name, _)| name.trim_end());
        let words: Vec<String> = line
            .split([' ', '-'])
            .filter(|w| !w.is_empty())
            .map(|w| w.trim_matches([',', ':']).to_lowercase())
            .collect();
        let ends = |w: &String| self.unit_endings.iter().any(|e| w.ends_with(e.as_str()));
        line.chars().next().is_some_and(char::is_uppercase)
            && !line.ends_with(['.', ',', ';', '?', '!'])
            && words.len() <= 8
            && (words.last().is_some_and(ends) || (words.len() > 1 && words.first().is_some_and(ends)))
            && !words.iter().any(|w| self.not_in_units.contains(w))
    }
}

fn starts_with_label(line: &str, labels: &[String], rest_is: impl Fn(&str) -> bool) -> bool {
    labels.iter().any(|l| {
        line.strip_prefix(l.as_str())
            .filter(|rest| rest.starts_with([' ', ':', '.', '\t']) || rest.starts_with(|c: char| c.is_ascii_digit()))
            .is_some_and(&rest_is)
    })
}

/// `Uppföljning 2022` has the shape of a street with its number.
fn has_year_end(line: &str) -> bool {
    line.rsplit(' ').next().is_some_and(|w| w.len() == 4 && (w.starts_with("19") || w.starts_with("20")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_numbers_in_their_forms() {
        for (line, want) in [
            ("Sida 2 (3)", Some((2, Some(3), true))),
            ("2(43)", Some((2, Some(43), true))),
            ("SID 1 (28)", Some((1, Some(28), true))),
            ("1[2]", Some((1, Some(2), true))),
            ("Sida 1 av 22", Some((1, Some(22), true))),
            ("1/ 6", Some((1, Some(6), true))),
            ("- 4 -", Some((4, None, false))),
            ("3", Some((3, None, false))),
            ("2024-10-02", None),
            ("4 (3)", None),
            ("3 barn", None),
        ] {
            assert_eq!(page_number(line), want, "{line}");
        }
    }

    #[test]
    fn lines_of_a_margin_block() {
        let labels = Labels::new(&Lexicon::built_in());
        for (line, want) in [
            ("Handläggare", Some(Label::Officer)),
            ("Telefon: 08-508 00 000", Some(Label::Phone)),
            ("Till", Some(Label::Recipient)),
            ("Dnr TALLMO 2024/45", Some(Label::Dnr)),
            ("2024-10-02", Some(Label::Date)),
            ("Tallvägen 6", Some(Label::Address)),
            ("112 25 Stockholm", Some(Label::Address)),
            ("anna.ek@example.se", Some(Label::Email)),
            ("start.stockholm", Some(Label::Web)),
            ("Tallmo stadsdelsförvaltning", Some(Label::Unit)),
            ("Avdelningen för administration", Some(Label::Unit)),
            ("Tallmo stadsdelsnämnd 2024-10-22", Some(Label::Unit)),
            ("Avtal mellan Ek och Tallmo stadsdelsnämnd", None),
            ("Uppföljning av partnerskap 2022", None),
            ("Anna Ek", None),
        ] {
            assert_eq!(labels.label(line), want, "{line}");
        }
        assert!(labels.is_heading("Förslag till beslut"));
        assert!(labels.is_heading("2. BAKGRUND:"));
        assert!(!labels.is_heading("Handläggare"));
    }

    #[test]
    fn list_items() {
        for line in ["a. först", "• Rad", "1. Nämnden godkänner", "a) först", "- ett", "o Mina sidor", "o sidor"]
        {
            assert!(is_list_item(line), "{line}");
        }
        for line in ["f. d. ordförande", "31 december 2020. Sedan", "2024. Därefter", "-ett", "o s v", "2.5 mnkr", "Ek"]
        {
            assert!(!is_list_item(line), "{line}");
        }
    }
}
