//! Defines what becomes of a hyphen where two pieces of a line or two lines meet.

use std::collections::HashSet;

use foldhash::fast::FixedState;

use crate::lexicon::Lexicon;

/// How two pieces meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seam {
    /// With a space between them.
    Space,
    /// Glued, the hyphen kept: `Spånga-` + `Tensta`.
    Glue,
    /// Glued, the hyphen dropped: `upp-` + `följning`.
    Drop,
}

/// The hyphen rule, with the words that follow a suspended hyphen.
#[derive(Clone, Debug)]
pub struct Hyphens<'l> {
    suspended: HashSet<&'l str, FixedState>,
}

impl<'l> Hyphens<'l> {
    /// The rule with this vocabulary.
    pub fn new(lex: &'l Lexicon) -> Self {
        Hyphens { suspended: lex.words.suspended.iter().map(String::as_str).collect() }
    }

    /// How `left` at the end of a line and `right` at the start of the next meet.
    pub fn at_line_end(&self, left: &str, right: &str) -> Seam {
        // A soft hyphen is there only because the line ends.
        if left.ends_with('\u{ad}') {
            return Seam::Drop;
        }
        if runs_through(left, right) {
            return Seam::Glue;
        }
        let Some(stem) = stem_before_hyphen(left) else { return Seam::Space };
        let Some(next) = right.chars().next() else { return Seam::Space };
        if self.is_suspended(right) {
            return Seam::Space;
        }
        let last = stem.chars().next_back().unwrap_or(' ');
        if next.is_uppercase() || next.is_ascii_digit() {
            return Seam::Glue;
        }
        if !next.is_lowercase() {
            return if next == '(' || next == '"' || next == '”' { Seam::Space } else { Seam::Glue };
        }
        let part = stem.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or(stem);
        let acronym = part.chars().count() > 1 && part.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
        if last.is_ascii_digit() || acronym || part.chars().count() == 1 { Seam::Glue } else { Seam::Drop }
    }

    /// True if a name, number or address is broken between two lines that stand for themselves.
    pub fn breaks_word(&self, left: &str, right: &str) -> bool {
        right.starts_with(char::is_alphanumeric) && self.at_line_end(left, right) != Seam::Space
    }

    /// How two words of one line meet: copies of web pages turn a line break after a hyphen into a space.
    pub fn inside_line(&self, left: &str, right: &str) -> Seam {
        let Some(stem) = stem_before_hyphen(left) else { return Seam::Space };
        let lettered = |s: &str| s.chars().next().is_some_and(char::is_alphabetic);
        let ends_in_letter = stem.chars().next_back().is_some_and(char::is_alphabetic);
        if !ends_in_letter || !lettered(right) || stem.chars().count() < 2 {
            return Seam::Space;
        }
        self.at_line_end(left, right)
    }

    fn is_suspended(&self, right: &str) -> bool {
        let word = right.split(char::is_whitespace).next().unwrap_or("").trim_end_matches([',', ';', ':']);
        // `BARN- OCH UNGDOMSFÖRVALTNINGEN`.
        let capitals = word.chars().count() > 1 && word.chars().all(char::is_uppercase);
        self.suspended.contains(word)
            || word == "&"
            || word == "/"
            || capitals && self.suspended.contains(word.to_lowercase().as_str())
    }
}

/// True if a range (`2026–` + `2028`) or an address without hyphen is broken here.
fn runs_through(left: &str, right: &str) -> bool {
    let word = left.rsplit(char::is_whitespace).next().unwrap_or("");
    let next = right.split(char::is_whitespace).next().unwrap_or("");
    let starts = next.starts_with(char::is_alphanumeric);
    if let Some(stem) = word.strip_suffix('–') {
        let digits = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        return digits(stem.chars().next_back()) && digits(next.chars().next());
    }
    let web = word.starts_with("http://") || word.starts_with("https://") || word.starts_with("www.");
    if web && starts && word.ends_with(['/', '_', '=', '?', '&', '.']) {
        return true;
    }
    // An e-mail address whose domain has no end yet.
    let Some((_, domain)) = word.rsplit_once('@') else { return false };
    let ends = next.rsplit_once('.').is_some_and(|(a, b)| !a.is_empty() && (2..=9).contains(&b.len()));
    !domain.is_empty()
        && !domain.contains('.')
        && ends
        && next.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
}

/// What stands before a hyphen at the very end, if a letter or digit does.
fn stem_before_hyphen(left: &str) -> Option<&str> {
    let stem = left.strip_suffix(['-', '\u{2010}', '\u{2011}'])?;
    let word = stem.rsplit(char::is_whitespace).next().unwrap_or("");
    stem.chars().next_back().filter(|c| c.is_alphanumeric())?;
    Some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_decides() {
        let lex = Lexicon::built_in();
        let h = Hyphens::new(&lex);
        for (left, right, want) in [
            ("upp-", "följning", Seam::Drop),
            ("Norra-", "Tuna", Seam::Glue),
            ("föräldra-", "och barnstöd", Seam::Space),
            ("802461-", "9168", Seam::Glue),
            ("IOP-", "samverkan", Seam::Glue),
            ("e-", "post", Seam::Glue),
            ("-", "post", Seam::Space),
            ("år", "2020", Seam::Space),
            ("kom\u{ad}", "munen", Seam::Drop),
            ("energi-", "o klimatplan", Seam::Space),
            ("BARN-", "OCH UNGDOMSNÄMNDEN", Seam::Space),
            ("2026–", "2028", Seam::Glue),
            ("–", "2028", Seam::Space),
            ("https://tallmo.se/", "stod", Seam::Glue),
            ("www.tallmo.se", "stod", Seam::Space),
            ("anna.ek@exam", "ple.se", Seam::Glue),
            ("anna.ek@example.se", "tallmo.se", Seam::Space),
        ] {
            assert_eq!(h.at_line_end(left, right), want, "{left} {right}");
        }
        assert_eq!(h.inside_line("2018-", "2024"), Seam::Space);
        assert_eq!(h.inside_line("kun-", "nat"), Seam::Drop);
    }
}
