//! Defines when a sentence runs on: over a line, an empty line, a page, or a margin block in the middle of the text.

use std::collections::HashSet;

use foldhash::fast::FixedState;

use super::draft::{Before, Draft, DraftLine};
use super::labels::{Label, Labels, is_list_item};
use crate::ingest::document::{BlockKind, Zone};
use crate::lexicon::Lexicon;

/// The rules of joining, with the lexicon's words.
#[derive(Clone, Debug)]
pub struct Flow<'l> {
    open_ends: HashSet<&'l str, FixedState>,
    suspended: HashSet<&'l str, FixedState>,
    /// How words for titles end.
    title_endings: &'l [String],
    labels: &'l Labels<'l>,
}

impl<'l> Flow<'l> {
    /// The rules with this vocabulary.
    pub fn new(lex: &'l Lexicon, labels: &'l Labels<'l>) -> Self {
        let set = |words: &'l [String]| words.iter().map(String::as_str).collect();
        Flow {
            open_ends: set(&lex.words.open_ends),
            suspended: set(&lex.words.suspended),
            title_endings: &lex.titles.endings,
            labels,
        }
    }

    /// True if the text ends as a sentence, a label or an enumeration's head does.
    pub fn is_closed(text: &str) -> bool {
        let end = text.trim_end().trim_end_matches(['"', '”', '’', '\'', ')', ']', '»']);
        end.is_empty() || end.ends_with(['.', '!', '?', ':', '…'])
    }

    /// True if the text cannot be the end of a paragraph: it ends with a hyphen, a comma or a word like `och`.
    pub fn is_open(&self, text: &str) -> bool {
        let text = text.trim_end();
        let last = text.rsplit(char::is_whitespace).next().unwrap_or("");
        let hyphen = last.len() > 1 && last.ends_with('-');
        hyphen || last.ends_with(',') || (text.contains(' ') && self.open_ends.contains(last))
    }

    /// True if the text goes on from something before it, whatever that was.
    pub fn is_tail(&self, text: &str) -> bool {
        let first = text.split(char::is_whitespace).next().unwrap_or("");
        let address =
            first.contains('@') || first.trim_end_matches(['.', ',']).contains('.') || first.starts_with("http");
        if is_list_item(text) || address {
            return false;
        }
        let mut chars = first.chars();
        match chars.next() {
            Some(c) if c.is_lowercase() => true,
            Some('(') => chars.next().is_some_and(|c| c.is_alphanumeric()),
            Some(')' | ',' | ';' | '&') => true,
            Some(c) if c.is_ascii_digit() => {
                let next = text.split_whitespace().nth(1).unwrap_or("").trim_end_matches(['.', ',']).to_lowercase();
                first.len() <= 2 && self.labels.is_month(&next)
            }
            _ => false,
        }
    }

    /// True if a line is a title in small letters, as it stands under a name: `strateg`, `tf förvaltningschef`.
    pub fn is_small_title(&self, text: &str) -> bool {
        let words = text.split(' ').count();
        let plain = text.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '.' | ','));
        let last = text.split([' ', ',']).take(3).any(|w| self.title_endings.iter().any(|e| w.ends_with(e.as_str())));
        words <= 4 && plain && last && text.starts_with(char::is_lowercase)
    }

    /// True if a line runs on into the next by their words alone.
    pub fn runs_on(&self, line: &str, next: &str) -> bool {
        let last = line.trim_end().rsplit(char::is_whitespace).next().unwrap_or("");
        if last.len() > 1 && last.ends_with('-') && next.starts_with(|c: char| c.is_alphanumeric()) {
            return true;
        }
        let first = next.split(char::is_whitespace).next().unwrap_or("");
        !Self::is_closed(line)
            && !is_list_item(next)
            && (self.is_tail(next) || self.suspended.contains(first) || self.is_open(line))
    }

    /// Joins lines that stand for themselves where a name was broken: after a hyphen, after `och` and its kind, or
    /// where two lines make the name of an authority.
    pub fn join_broken_names(&self, lines: &mut [DraftLine]) {
        for i in 1..lines.len() {
            let Some((before, here)) = lines.get(i - 1).zip(lines.get(i)) else { break };
            let (a, b) = (before.text.as_str(), here.text.as_str());
            let lower = b.starts_with(char::is_lowercase) && self.is_tail(b);
            let unit = |s: &str| self.labels.label(s) == Some(Label::Unit);
            let broken = here.before == Before::Break
                && self.labels.label(a).is_none_or(|l| l == Label::Unit)
                && !Self::is_closed(a)
                && lower
                && (self.is_open(a) || unit(&format!("{a} {b}")));
            if broken && let Some(line) = lines.get_mut(i) {
                line.before = Before::Join;
            }
        }
    }

    /// Joins the body's paragraphs and list items over interruptions: a page's end, an empty line, a block set apart.
    /// `full_end` says whether the last line of a block reaches the end of its column.
    pub fn join_interrupted(&self, drafts: Vec<Draft>, full_end: impl Fn(&Draft) -> bool) -> Vec<Draft> {
        let mut out: Vec<Draft> = Vec::with_capacity(drafts.len());
        // Where the last block of the body stands in `out`.
        let mut last_body: Option<usize> = None;
        for mut draft in drafts {
            if draft.zone != Zone::Body {
                out.push(draft);
                continue;
            }
            let joins = draft.kind == BlockKind::Paragraph
                && last_body.and_then(|i| out.get(i)).is_some_and(|before| self.continues(before, &draft, &full_end));
            match last_body.and_then(|i| out.get_mut(i)) {
                Some(before) if joins => {
                    if let Some(first) = draft.lines.first_mut() {
                        first.before = Before::Join;
                    }
                    before.lines.append(&mut draft.lines);
                }
                _ => {
                    last_body = Some(out.len());
                    out.push(draft);
                }
            }
        }
        out
    }

    fn continues(&self, before: &Draft, next: &Draft, full_end: &impl Fn(&Draft) -> bool) -> bool {
        if !matches!(before.kind, BlockKind::Paragraph | BlockKind::ListItem) {
            return false;
        }
        let (Some(line), Some(first)) = (before.lines.last(), next.lines.first()) else { return false };
        if self.runs_on(&line.text, &first.text) {
            return true;
        }
        let prose = next.lines.len() > 1 || Self::is_closed(&first.text);
        line.page != first.page
            && prose
            && !Self::is_closed(&line.text)
            && full_end(before)
            && !is_list_item(&first.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_run_on_by_their_words() {
        let lex = Lexicon::built_in();
        let labels = Labels::new(&lex);
        let flow = Flow::new(&lex, &labels);
        for (a, b) in [
            ("möjlighet till ett", "års förlängning"),
            ("till och med", "31 december 2020. Sedan"),
            ("Partnerskap med", "Tallmo IF"),
            ("Plan för partnerskap", "(IOP) 2024"),
            ("(orgnr 802461-", "9168)"),
        ] {
            assert!(flow.runs_on(a, b), "{a} | {b}");
        }
        for (a, b) in [
            ("avdelningen för administration", "Jämställdhet"),
            ("Slut.", "och sedan"),
            ("Godkänner rapporten", "2. Lägger den"),
            ("Tallmo förvaltning", "anna@example.se"),
        ] {
            assert!(!flow.runs_on(a, b), "{a} | {b}");
        }
    }
}
