//! Reads references by name or by number of a print: programmes, guidelines, budgets, reports, motions.

use std::collections::BTreeSet;

use crate::parse::pattern::Regex;

use super::{Found, after, before, capitalised, whole_word};
use crate::base::Span;
use crate::lexicon::Lexicon;
use crate::parse::text::fixed;

/// Words and patterns compiled once.
#[derive(Debug)]
pub(super) struct Rules {
    links: BTreeSet<String>,
    owners: BTreeSet<String>,
    owner_endings: Vec<String>,
    ends: BTreeSet<String>,
    years: Regex,
    print: Regex,
    motion: Regex,
    audit: Regex,
    budget: Regex,
    last_words: Regex,
}

/// Longest name of a programme, in words.
const WORDS: usize = 14;

impl Rules {
    pub fn new(lex: &Lexicon) -> Self {
        let words = &lex.references;
        let set = |list: &[String]| list.iter().map(|w| w.to_lowercase()).collect();
        Rules {
            links: set(&words.links),
            owners: set(&words.owners),
            owner_endings: words.owner_endings.clone(),
            ends: set(&words.ends),
            years: fixed(r"^,?\s*(?:för\s+(?:åren\s+|perioden\s+)?)?(20\d\d(?:\s?[-–]\s?(?:20)?\d\d)?)\b"),
            print: fixed(
                r"^(?P<y>(?:19|20)\d\d)(?P<sep>/\d\d:|:)(?P<n>[A-Za-zÅÄÖ]{0,4}\d{1,4})(?P<ri>\s+R[IVX]+(?:\s?\+\s?[IVX]+)*)?",
            ),
            motion: fixed(r"^\(?(?P<nr>(?:19|20)\d\d(?:/\d\d)?:\d{1,4})\)?"),
            audit: fixed(r"^(?:nr\.?\s*)?(?P<n>\d{1,2})(?:/|,\s?(?:år\s)?|\s(?:år|från)\s)(?P<y>(?:19|20)\d\d)\b"),
            budget: fixed(r"^(?:en)?(?:\s+för)?(?:\s+år(?:en|et)?)?\s+(?P<y>20\d\d(?:\s?[-–]\s?(?:20)?\d\d)?)\b"),
            last_words: fixed(r"([\p{L}-]+)\s+$"),
        }
    }

    /// `SOU 2017:114`, `prop. 2021/22:135`, `Utlåtande 2017:240 RI+III`; `Nr 3, 2021` of an audit.
    pub fn print(&self, text: &str, from: usize, to: usize, kind: &'static str, form: &str) -> Option<Found> {
        if form == "Revisionsrapport" {
            return self.audit_number(text, from, to);
        }
        let glued = before(text, from, 4).chars().next_back().is_some_and(char::is_alphanumeric);
        // `tlåtande` is found without its first letter, whose case differs.
        if glued != (form == "Utlåtande") {
            return None;
        }
        let c = self.print.captures(after(text, to, 40))?;
        let whole = c.get(0)?;
        let divisions = c.name("ri").map_or(String::new(), |m| format!(" {}", m.as_str().trim()));
        let start = if form == "Utlåtande" { from - before(text, from, 2).trim_start().len().min(1) } else { from };
        Some(Found {
            kind,
            span: Span::new(start, to + whole.end()),
            canonical: Some(format!("{form} {}{}{}{divisions}", &c["y"], &c["sep"], &c["n"])),
            rule: "print.number",
            confidence: 0.95,
        })
    }

    /// `Nr 3, 2021` and `rapport nr 4/2013` where an audit is spoken of.
    fn audit_number(&self, text: &str, from: usize, to: usize) -> Option<Found> {
        let lead = before(text, from, 80);
        if lead.chars().next_back().is_some_and(char::is_alphanumeric) && !text.get(from..to)?.starts_with("apport") {
            return None;
        }
        let near = format!("{lead}{}", after(text, to, 60)).to_lowercase();
        if !near.contains("revision") && !near.contains("granskning") {
            return None;
        }
        let c = self.audit.captures(after(text, to, 24))?;
        let whole = c.get(0)?;
        let start = if text.get(from..to)?.starts_with("apport") { from - 1 } else { from };
        Some(Found {
            kind: "report",
            span: Span::new(start, to + whole.end()),
            canonical: Some(format!("Revisionsrapport {}/{}", c["n"].trim_start_matches('0'), &c["y"])),
            rule: "report.audit_number",
            confidence: 0.85,
        })
    }

    /// `revisionsrapport om personlig assistans`, `revisionsrapport nr 3/2021`.
    pub fn audit(&self, text: &str, from: usize, to: usize) -> Option<Found> {
        let start = from.checked_sub(1)?;
        let rest = after(text, to, 40);
        if let Some(c) = self.audit.captures(rest.trim_start_matches('(')) {
            let skipped = rest.len() - rest.trim_start_matches('(').len();
            return Some(Found {
                kind: "report",
                span: Span::new(start, to + skipped + c.get(0)?.end()),
                canonical: Some(format!("Revisionsrapport {}/{}", c["n"].trim_start_matches('0'), &c["y"])),
                rule: "report.audit_number",
                confidence: 0.95,
            });
        }
        let end = self.name_after(text, to)?;
        Some(Found {
            kind: "report",
            span: Span::new(start, end),
            canonical: Some(format!("Revisionsrapport {}", one_line(text.get(to..end)?))),
            rule: "report.audit_title",
            confidence: 0.7,
        })
    }

    /// `motion (2016:5) av …`, `motion 2012:6`, `motion om fler bänkar i parker`.
    pub fn motion(&self, text: &str, from: usize, to: usize) -> Option<Found> {
        let start = from.checked_sub(1)?;
        if !matches!(text.get(start..from)?, "m" | "M") || !whole_word(text, start, to - 1) {
            return None;
        }
        let rest = after(text, to, 24);
        if let Some(c) = self.motion.captures(rest) {
            return Some(Found {
                kind: "motion",
                span: Span::new(start, to + c.get(0)?.end()),
                canonical: Some(format!("Motion {}", &c["nr"])),
                rule: "motion.number",
                confidence: 0.95,
            });
        }
        if !rest.starts_with("om ") {
            return None;
        }
        let end = self.name_after(text, to)?;
        Some(Found {
            kind: "motion",
            span: Span::new(start, end),
            canonical: Some(format!("Motion {}", one_line(text.get(to..end)?))),
            rule: "motion.title",
            confidence: 0.65,
        })
    }

    /// `budget 2024`, `budgeten för 2024`, `mål och budget 2023-2025`.
    pub fn budget(&self, text: &str, from: usize, to: usize) -> Option<Found> {
        if !whole_word(text, from, to) {
            return None;
        }
        let c = self.budget.captures(after(text, to, 32))?;
        Some(Found {
            kind: "budget",
            span: Span::new(from, to + c.get(0)?.end()),
            canonical: Some(format!("Budget {}", years(&c["y"]))),
            rule: "budget.year",
            confidence: 0.85,
        })
    }

    /// `Program för hållbart byggande 2013-2016`, `stadens riktlinjer för partnerskap`: a programme or guideline by its name.
    pub fn titled(&self, text: &str, from: usize, to: usize, kind: &'static str) -> Option<Found> {
        if after(text, to, 4).chars().next().is_some_and(char::is_alphanumeric) {
            return None;
        }
        // A compound: `miljöprogrammet`.
        let lead = before(text, from, 60);
        let head = lead.rsplit(|c: char| !(c.is_alphabetic() || c == '-')).next().unwrap_or_default();
        let start = from - head.len();
        if head.ends_with('-') && head.len() > 12 {
            return None;
        }
        let word = text.get(start..to)?;
        let owned = self.last_words.captures(before(text, start, 40)).and_then(|c| c.get(1)).is_some_and(|w| {
            let lower = w.as_str().to_lowercase();
            self.owners.contains(&lower) || self.owner_endings.iter().any(|e| lower.ends_with(e.as_str()))
        });
        let end = self.name_after(text, to);
        let named_end = end.filter(|e| {
            let first = text.get(to..*e).and_then(|n| n.split_whitespace().next());
            first.is_some_and(|w| self.links.contains(&w.to_lowercase()))
        });
        let year = self.years.find(after(text, named_end.unwrap_or(to), 40));
        let capital = word.starts_with(char::is_uppercase);
        let compound = !head.is_empty() && word.chars().count() > 8;
        let told = match (named_end, year) {
            (Some(_), _) => owned || capital || year.is_some() || kind == "guideline",
            (None, Some(_)) => compound || capital,
            (None, None) => false,
        };
        // `Program` that begins a sentence about something else has no name behind it; a plain `plan för` is no title.
        if !told || (matches!(word, "plan" | "planen" | "vision" | "visionen") && !(owned || capital)) {
            return None;
        }
        let name_end = named_end.unwrap_or(to);
        let end = name_end + year.map_or(0, |y| y.end());
        let written = one_line(text.get(start..end)?);
        Some(Found {
            kind,
            span: Span::new(start, end),
            canonical: Some(capitalised(&written)),
            rule: if kind == "guideline" { "guideline.name" } else { "programme.name" },
            confidence: 0.7,
        })
    }

    /// Where the name ends that begins at `at`: before punctuation, a word that goes on with the sentence, or the line's end
    /// where an empty line follows.
    fn name_after(&self, text: &str, at: usize) -> Option<usize> {
        let rest = after(text, at, 240);
        let stop = rest.find(['.', ',', ';', ':', '(', ')', '\t', '"', '”', '“', '•', '?', '!']).unwrap_or(rest.len());
        let stop = rest.find(['\n', '«', '»']).map_or(stop, |i| i.min(stop));
        // `… i parker Remiss från …`: a line joined to it.
        let stop = rest.find(" Remiss").map_or(stop, |i| i.min(stop));
        let area = rest.get(..stop)?;
        let mut end = 0;
        let mut count = 0;
        let mut last = "";
        for word in area.split_inclusive(char::is_whitespace) {
            let bare = word.trim_end();
            if bare.is_empty() {
                end += word.len();
                continue;
            }
            let lower = bare.to_lowercase();
            let year = bare.len() >= 4 && bare.starts_with("20") && bare.bytes().take(4).all(|b| b.is_ascii_digit());
            let goes_on = count > 1 && self.ends.contains(&lower) && !(lower == "till" && last == "stöd");
            if goes_on || year || count >= WORDS {
                break;
            }
            end += word.len();
            count += 1;
            last = bare;
        }
        // The first blank belongs to the words before it.
        let name = area.get(..end)?.trim_end();
        let name =
            name.trim_end_matches(" och").trim_end_matches(" att").trim_end_matches(" i").trim_end_matches(" för");
        (count >= 2 && name.split_whitespace().count() >= 2).then_some(at + name.len())
    }
}

/// A name on one line with single blanks, plain hyphens between years.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('–', "-")
}

fn years(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect::<String>().replace('–', "-")
}
