//! Recognises what a line is by its words: a heading, a label of the margin block, a page number, a list item.

use super::forms::{is_box, is_iso_date, is_numbered, is_postal, is_street, is_web, page_count};
use crate::base::fold::lower;
use crate::lexicon::{Lexicon, heading_key};

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
pub struct Labels<'l> {
    lex: &'l Lexicon,
    /// What each of the lexicon's headings is in a margin block; none if it heads a section.
    meta: Vec<Option<Label>>,
    /// Spellings that a value may follow on their line.
    before_value: Vec<(&'l str, Label)>,
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

impl<'l> Labels<'l> {
    /// The lexicon's words, ready for use.
    pub fn new(lex: &'l Lexicon) -> Self {
        let label = |id: &str| match id {
            "recipient" => Some(Label::Recipient),
            "officer" => Some(Label::Officer),
            "phone" => Some(Label::Phone),
            "dnr_label" => Some(Label::Dnr),
            "doc_type_label" => Some(Label::Kind),
            _ => None,
        };
        let meta: Vec<Option<Label>> = lex.headings.list.iter().map(|h| label(&h.id)).collect();
        let label_at = |place: usize| meta.get(place).copied().flatten();
        let spellings = &lex.headings.spellings;
        let spelled = spellings.of_labels().filter_map(|(key, place)| {
            let label = label_at(place).filter(|l| matches!(l, Label::Officer | Label::Phone | Label::Dnr))?;
            (spellings.places(key).rev().find_map(label_at) == Some(label)).then_some((key, label))
        });
        let before_value = spelled.collect();
        Labels { lex, meta, before_value }
    }

    /// What the headings with this spelling are.
    fn spelled(&self, key: &str) -> impl DoubleEndedIterator<Item = Option<Label>> {
        self.lex.headings.spellings.places(key).filter_map(|i| self.meta.get(i).copied())
    }

    /// True if the line is a section heading of the lexicon, in any case, with or without a colon or a number before.
    pub fn is_heading(&self, line: &str) -> bool {
        if line.len() > 160 {
            return false;
        }
        let key = heading_key(line);
        let unnumbered = key.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ' ');
        let heads = |key: &str| self.spelled(key).any(|label| label.is_none());
        heads(&key)
            || (unnumbered.len() < key.len() && heads(unnumbered))
            || self.lex.headings.patterns.place_of_key(&key).is_some()
    }

    /// What the line is in a margin block or letterhead, if anything.
    pub fn label(&self, line: &str) -> Option<Label> {
        let line = line.trim();
        if line.is_empty() || line.len() > 64 && line.chars().count() > 64 {
            return None;
        }
        let k = heading_key(line);
        if let Some(label) = self.spelled(&k).flatten().next_back() {
            return Some(label);
        }
        let first = k.as_bytes().first();
        let follows = |label, value: fn(&str) -> bool| {
            let spellings = self.before_value.iter().filter(|(s, l)| *l == label && s.as_bytes().first() == first);
            spellings.map(|(spelling, _)| *spelling).any(|spelling| starts_with_label(&k, spelling, value))
        };
        let has_digit = |rest: &str| rest.bytes().any(|b| b.is_ascii_digit());
        if follows(Label::Officer, |rest| rest.starts_with(':')) {
            return Some(Label::Officer);
        }
        if let Some(label) = [Label::Phone, Label::Dnr].into_iter().find(|label| follows(*label, has_digit)) {
            return Some(label);
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

    /// True if a line is nothing but labels of a head: `Handläggare Datum Diarienummer`, each in capitals or with one.
    pub fn is_row(&self, line: &str) -> bool {
        let mut words = line.split([' ', '\t']).filter(|w| !w.is_empty());
        if words.clone().nth(9).is_some()
            || !words.clone().next().is_some_and(|first| self.lex.headings.spellings.may_begin_label(first))
        {
            return false;
        }
        let words: Vec<&str> = words.by_ref().collect();
        let is_meta = |key: &str| {
            let mut places = self.lex.headings.spellings.places(key);
            places.any(|i| self.lex.headings.list.get(i).is_some_and(|h| h.role == "meta"))
        };
        if !(2..=9).contains(&words.len()) || !words.iter().any(|w| w.starts_with(char::is_uppercase)) {
            return false;
        }
        let (mut at, mut labels) = (0, 0);
        while at < words.len() {
            let most = (words.len() - at).min(4);
            let found = (1..=most).rev().find(|n| is_meta(&heading_key(&words[at..at + n].join(" "))));
            let Some(n) = found else { return false };
            at += n;
            labels += 1;
        }
        labels > 1
    }

    /// True if the word, in lower case, is a month's name.
    pub fn is_month(&self, word: &str) -> bool {
        self.lex.dates.months.contains_key(word)
    }

    fn is_spelled_date(&self, k: &str) -> bool {
        let mut words = k.trim_start_matches("den ").split(' ');
        let (Some(day), Some(month), Some(year), None) = (words.next(), words.next(), words.next(), words.next())
        else {
            return false;
        };
        let number = |s: &str, max: usize| s.len() <= max && s.parse::<u16>().is_ok();
        number(day, 2) && self.is_month(month) && number(year, 4)
    }

    /// True if the line is the name of an authority or unit and nothing else.
    fn is_unit(&self, line: &str) -> bool {
        // `Tallmo stadsdelsnämnd 2024-10-22`: the recipient and the day of its meeting.
        let dated = line.rsplit_once(' ').filter(|(_, last)| is_iso_date(last));
        let line = dated.map_or(line, |(name, _)| name.trim_end());
        if !line.starts_with(char::is_uppercase) || line.ends_with(['.', ',', ';', '?', '!']) {
            return false;
        }
        let words = || line.split([' ', '-']).filter(|w| !w.is_empty());
        let plain = |word: &str| lower(word.trim_matches([',', ':']));
        let ends = |word: &str| {
            let word = plain(word);
            self.lex.words.unit_endings.iter().any(|e| word.ends_with(e.as_str()))
        };
        let count = words().take(9).count();
        count <= 8
            && (words().next_back().is_some_and(ends) || (count > 1 && words().next().is_some_and(ends)))
            && !words().any(|w| self.lex.words.not_in_units.contains(&plain(w)))
    }
}

/// True if a value follows a label on its line: after a space or a mark, or a figure.
fn starts_with_label(line: &str, label: &str, is_value: impl Fn(&str) -> bool) -> bool {
    line.strip_prefix(label)
        .filter(|rest| rest.starts_with([' ', ':', '.', '\t']) || rest.starts_with(|c: char| c.is_ascii_digit()))
        .is_some_and(is_value)
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
        let lex = Lexicon::built_in();
        let labels = Labels::new(&lex);
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
