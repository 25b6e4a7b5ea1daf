//! Reads diary numbers, own and cited.
//!
//! Every body has its own order of series, year, number and plan code, and changes it over the years; where the four-digit
//! year stands decides. After a label every known form is read; without a label only those with a series, because
//! organisation numbers, dates, law numbers and paragraphs look the same. The forms and their order were checked on real
//! diary numbers of some fifty bodies.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::parse::pattern::Regex;

use crate::base::{Note, Span};
use crate::ingest::document::Zone;
use crate::lexicon::Lexicon;
use crate::parse::context::Context;
use crate::parse::fields::warnings;
use crate::parse::record::{Dnr, Record, Role};
use crate::parse::text::{fixed, span_of};

/// Patterns compiled once.
#[derive(Debug)]
pub(crate) struct Rules {
    forms: Vec<Form>,
    label: Regex,
    foreign_label: Regex,
    foreign_word: Regex,
    unlabelled: Regex,
    and: Regex,
    range: Regex,
    damaged: Regex,
    not_series: BTreeSet<String>,
}

/// One way of writing a diary number.
#[derive(Debug)]
struct Form {
    /// For evidence.
    name: &'static str,
    pattern: Regex,
    /// What the groups are, in order.
    parts: &'static [Part],
    /// What its first character is.
    first: First,
}

/// What a diary number begins with: told before any pattern is tried.
#[derive(Clone, Copy, Debug, PartialEq)]
enum First {
    Capital,
    Small,
    Digit,
}

impl First {
    /// Of a pattern of [`forms`].
    fn of_pattern(pattern: &str) -> First {
        let begins = |with: &str| pattern.trim_start_matches(['^', '(']).starts_with(with);
        if begins("[A-Z") || begins("[IVX]") || begins("N") {
            First::Capital
        } else if begins("[a-z") {
            First::Small
        } else {
            First::Digit
        }
    }

    /// Of a text that may begin with a diary number: those with letters have a digit soon after.
    fn of_text(text: &str) -> Option<First> {
        let first = text.chars().next()?;
        let digit_soon = || text.chars().take(FIRST_DIGIT).any(char::is_numeric);
        match first {
            c if c.is_numeric() => Some(First::Digit),
            'A'..='Z' | 'Å' | 'Ä' | 'Ö' => digit_soon().then_some(First::Capital),
            'a'..='z' | 'å' | 'ä' | 'ö' => digit_soon().then_some(First::Small),
            _ => None,
        }
    }
}

/// Within how many characters of a diary number its first digit stands: `[A-ZÅÄÖ]{2,6}[/-][A-ZÅÄÖ]{2,6}` and two signs come before.
const FIRST_DIGIT: usize = 20;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Series,
    Year,
    ShortYear,
    Number,
    Plan,
}

/// A diary number read at a place.
#[derive(Clone, Debug, PartialEq)]
struct Reading {
    series: Option<String>,
    year: Option<i16>,
    number: Option<u32>,
    plan: Option<String>,
    /// Length in bytes.
    len: usize,
    rule: &'static str,
}

const YEAR: &str = r"(?P<y>19[7-9]\d|20[0-3]\d)";
const PLAN: &str = r"(\d{1,3}(?:\.\d{1,2}){0,4}\.?)";
const DASH: &str = r"\s?[-–]\s?";

/// The forms, in the order in which they are tried.
fn forms() -> Vec<Form> {
    use Part::{Number, Plan, Series, ShortYear, Year};
    let list: [(&'static str, String, &'static [Part]); 47] = [
        (
            "dnr.series-year-plan-number",
            format!(r"^([A-ZÅÄÖ]{{1,3}})\s?{YEAR}-(\d{{3}})-(\d{{4,6}})"),
            &[Series, Year, Plan, Number],
        ),
        // `KS-KLF 2021/123`, `MK KS 2022/00377`: series in two parts.
        (
            "dnr.two-series-year-number",
            format!(
                r"^([A-ZÅÄÖ]{{2,6}}[/\-][A-ZÅÄÖ]{{2,6}}|[A-ZÅÄÖ]{{2,4}} [A-ZÅÄÖ]{{2,6}})[ \-/]?[ \u{{a0}}]?{YEAR}\s?[/:.\-]\s?(\d{{1,6}})"
            ),
            &[Series, Year, Number],
        ),
        ("dnr.unit-number/yy", r"^(N\d{3})-(\d{3,5})/(\d{2})".into(), &[Series, Number, ShortYear]),
        (
            "dnr.series-year-number",
            format!(
                r"^([A-ZÅÄÖ][A-Za-zÅÄÖåäö]{{0,7}})[ \-/.:]?[ \u{{a0}}]?{YEAR}\s?[/:.\-]\s?(\d{{1,6}})(?:(?:\.| ?-\s?|[ \t]{{1,8}})(\d{{1,3}}(?:\.\d+)*)|:\d{{1,2}})?"
            ),
            &[Series, Year, Number, Plan],
        ),
        (
            "dnr.series-number/yy-plan",
            r"^([A-ZÅÄÖ][A-Za-zÅÄÖåäö]{1,7})\s(\d{1,4})/(\d{2})\s?[-. ]\s?(\d{3})\b".into(),
            &[Series, Number, ShortYear, Plan],
        ),
        (
            "dnr.series-number/yy",
            r"^([A-ZÅÄÖ][A-Za-zÅÄÖåäö]{1,7})\s(\d{1,4})/(\d{2})".into(),
            &[Series, Number, ShortYear],
        ),
        (
            "dnr.series-number/year",
            format!(r"^([A-ZÅÄÖ][A-Za-zÅÄÖåäö]{{1,7}})\s(\d{{1,4}})/{YEAR}"),
            &[Series, Number, Year],
        ),
        (
            "dnr.series-yy/number-plan",
            r"^([A-ZÅÄÖ]{2,8}[a-zåäö]{0,2})[\s-]?(\d{2})/(\d{1,6})[ -](\d{3})\b".into(),
            &[Series, ShortYear, Number, Plan],
        ),
        (
            "dnr.series-yy/number",
            r"^([A-ZÅÄÖ][A-ZÅÄÖ]{1,7})[\s-]?(\d{2})/(\d{1,6})(?:-(\d{1,3}))?".into(),
            &[Series, ShortYear, Number, Plan],
        ),
        (
            "dnr.yy-series-number",
            r"^(\d{2})([A-ZÅÄÖ]{2,6})(\d{1,5})(?:-(\d{1,3}))?".into(),
            &[ShortYear, Series, Number, Plan],
        ),
        (
            "dnr.year-series-number",
            format!(r"^{YEAR}[/\- ]?([A-ZÅÄÖ]{{2,6}})[\s-]?(\d{{1,6}})(?:[\s/.-](\d{{1,3}}))?"),
            &[Year, Series, Number, Plan],
        ),
        (
            "dnr.year-number-series",
            format!(r"^{YEAR}\s?[/.-]\s?(\d{{1,6}})[ -]([A-ZÅÄÖ]{{2,6}})\b(?:-(\d{{1,3}})\b)?"),
            &[Year, Number, Series, Plan],
        ),
        ("dnr.year-number-plan", format!(r"^{YEAR}\s?[-–/]\s?(\d{{1,6}}){DASH}{PLAN}"), &[Year, Number, Plan]),
        ("dnr.year/number.plan", format!(r"^{YEAR}/(\d{{1,6}})[. ](\d{{3}})\b"), &[Year, Number, Plan]),
        ("dnr.number-year-plan", format!(r"^(\d{{1,6}}){DASH}{YEAR}{DASH}{PLAN}"), &[Number, Year, Plan]),
        (
            "dnr.plan-number-year",
            format!(r"^(\d{{1,5}}(?:\.\d{{1,2}}){{0,4}}\.?)\s?[-–/]\s?(\d{{1,6}})\s?[-–/]\s?{YEAR}"),
            &[Plan, Number, Year],
        ),
        ("dnr.plan.number-year", format!(r"^(\d(?:\.\d{{1,2}}){{1,3}})\.(\d{{2,6}})[-/]{YEAR}"), &[Plan, Number, Year]),
        ("dnr.yy-plan/number", r"^(0\d|9\d)-(\d{3})/\s?(\d{1,4})".into(), &[ShortYear, Plan, Number]),
        ("dnr.plan-number-yy", format!(r"^{PLAN}{DASH}(\d{{1,6}})\s?[-–/]\s?(\d{{2}})"), &[Plan, Number, ShortYear]),
        ("dnr.number/yy-plan", r"^(\d{1,5})/(\d{2})\s?-\s?(\d{1,3})".into(), &[Number, ShortYear, Plan]),
        // `51/99.861`, `123/98 042`.
        ("dnr.number/yy.plan", r"^(\d{1,5})/(\d{2})[. ](\d{3})\b".into(), &[Number, ShortYear, Plan]),
        ("dnr.number/year-plan", format!(r"^(\d{{1,6}})/{YEAR}{DASH}{PLAN}"), &[Number, Year, Plan]),
        ("dnr.year-number", format!(r"^{YEAR}\s?[-/:]\s?(\d{{1,6}})"), &[Year, Number]),
        ("dnr.number/yy", r"^(\d{1,5})/(\d{2})".into(), &[Number, ShortYear]),
        ("dnr.number/year", format!(r"^(\d{{1,6}})[/-]{YEAR}"), &[Number, Year]),
        ("dnr.plan/number", r"^(\d{1,2}(?:\.\d{1,2}){1,4})\.?/(\d{1,5})".into(), &[Plan, Number]),
        ("dnr.series-number/yyyy", format!(r"^([A-ZÅÄÖ]{{2,8}})\s?[-/]\s?(\d{{1,5}})/{YEAR}"), &[Series, Number, Year]),
        // The number of a paper in the case behind it: `KS 2021/0123-106-1`, `KS 2021/123/4`.
        (
            "dnr.series-year-number-sub",
            format!(
                r"^([A-ZÅÄÖ][A-Za-zÅÄÖåäö]{{0,7}})[ \-/.]?{YEAR}\s?[/:.\-]\s?(\d{{1,6}})[./-](\d{{1,3}})(?:[-/:]\d{{1,3}})?"
            ),
            &[Series, Year, Number, Plan],
        ),
        ("dnr.series-number-year", format!(r"^([A-ZÅÄÖ]{{2,8}})\s(\d{{1,4}})-{YEAR}"), &[Series, Number, Year]),
        (
            "dnr.series-yy-number",
            r"^([A-ZÅÄÖ]{2,8})[\s/-]?([0-39]\d)[-/](\d{2,6})(?: (\d{3})\b)?".into(),
            &[Series, ShortYear, Number, Plan],
        ),
        ("dnr.small-year:number", format!(r"^([a-zåäö]{{2,6}})/{YEAR}:(\d{{1,6}})"), &[Series, Year, Number]),
        ("dnr.yy/number.plan", r"^([0-37-9]\d)/(\d{1,6})[. ](\d{3})\b".into(), &[ShortYear, Number, Plan]),
        ("dnr.yy/number", r"^([0-3]\d)/(\d{3,6})".into(), &[ShortYear, Number]),
        ("dnr.year.number", format!(r"^{YEAR}\.(\d{{3,6}})(?:[.-](\d{{3}}))?"), &[Year, Number, Plan]),
        // `2016KSM1221.042`, `RV230456`, `KK15/99`, `210-11038`: read only after a label, as all these.
        (
            "dnr.yearseriesnumber",
            format!(r"^{YEAR}([A-ZÅÄÖ]{{2,6}})(\d{{1,5}})(?:\.(\d{{1,3}}))?"),
            &[Year, Series, Number, Plan],
        ),
        ("dnr.seriesyynumber", r"^([A-ZÅÄÖ]{2,4})[/ ]?(\d{2})(\d{4})".into(), &[Series, ShortYear, Number]),
        ("dnr.seriesnumber/yy", r"^([A-ZÅÄÖ]{2,4})(\d{1,4})/(\d{2})".into(), &[Series, Number, ShortYear]),
        ("dnr.plan-number", r"^([1-9]\d{2})-(\d{4,6})".into(), &[Plan, Number]),
        // `KSn 21/123`, `Kfn 21/123`: the series is not all in capitals.
        (
            "dnr.mixed-yy/number",
            r"^([A-ZÅÄÖ]{2,7}[a-zåäö]{1,2}|[A-ZÅÄÖ][a-zåäö]{1,3})[\s/-]?(\d{2})[/-](\d{3,6})".into(),
            &[Series, ShortYear, Number],
        ),
        // `24/BN 0203`, `19/SOC/45`, `97/KS0123`; `2023-O001178`.
        ("dnr.yy/series-number", r"^(\d{2})[/-]([A-ZÅÄÖ]{2,6})[\s/.-]?(\d{1,6})".into(), &[ShortYear, Series, Number]),
        ("dnr.year-letter-number", format!(r"^{YEAR}[-/ ]([A-ZÅÄÖ])(\d{{3,7}})"), &[Year, Series, Number]),
        // The month stands behind the year: `HSN 1905-0123`.
        (
            "dnr.series-yymm-number",
            r"^([A-ZÅÄÖ]{2,4})\s?(\d{2})(?:0[1-9]|1[0-2])-(\d{3,5})".into(),
            &[Series, ShortYear, Number],
        ),
        // `17-12.006`, `97.123 042`, `08/2`.
        ("dnr.yy-number.plan", r"^(\d{2})-(\d{1,5})[. ](\d{3})\b".into(), &[ShortYear, Number, Plan]),
        ("dnr.yy.number-plan", r"^(\d{2})\.(\d{1,5})[ .-](\d{3})\b".into(), &[ShortYear, Number, Plan]),
        ("dnr.yy/digit", r"^(0\d|[7-9]\d)/(\d)".into(), &[ShortYear, Number]),
        // A ministry's or county board's: the number of the unit in Roman figures before it.
        (
            "dnr.unit-plan-number-yy",
            format!(r"^[IVX]{{1,4}}\s{PLAN}{DASH}(\d{{1,6}})\s?[-–/]\s?(\d{{2}})"),
            &[Plan, Number, ShortYear],
        ),
        ("dnr.series-number-yy", r"^([A-ZÅÄÖ]{1,3})\s(\d{3,5})-(\d{2})".into(), &[Series, Number, ShortYear]),
    ];
    let form = |(name, pattern, parts): (&'static str, String, &'static [Part])| Form {
        name,
        first: First::of_pattern(&pattern),
        pattern: fixed(&pattern),
        parts,
    };
    list.into_iter().map(form).collect()
}

/// A diary number that somebody typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Typed {
    /// Letters of the series, in capitals.
    pub series: Option<String>,
    /// Four digits.
    pub year: i16,
    /// Running number.
    pub number: u32,
    /// Length of what was read, in bytes.
    pub len: usize,
}

/// The diary number that a typed text begins with, its label left out, its letters in any case.
pub(crate) fn read_typed(text: &str) -> Option<Typed> {
    static FORMS: LazyLock<(Vec<Form>, Regex)> = LazyLock::new(|| (forms(), fixed("$^")));
    let capitals = text.to_uppercase();
    // A letter whose capital is longer (ß) stands in no diary number.
    if capitals.len() != text.len() || is_date(text) {
        return None;
    }
    let (forms, range) = &*FORMS;
    // Behind the number, a word is a series only if it was typed in capitals, and is no word of the query language.
    let fits = |r: &Reading| {
        r.rule != "dnr.year-number-series"
            || r.series
                .as_ref()
                .is_some_and(|s| s != "OR" && text.get(..r.len).is_some_and(|t| t.ends_with(s.as_str())))
    };
    let first = First::of_text(&capitals)?;
    let of_its_kind = forms.iter().filter(|form| form.first == first);
    let read = of_its_kind.into_iter().find_map(|form| form.read(&capitals, range).filter(fits))?;
    Some(Typed { series: read.series, year: read.year?, number: read.number?, len: read.len })
}

fn alternatives(words: &[String]) -> String {
    let mut words: Vec<String> =
        words.iter().map(|w| regex::escape(w).replace("\\ ", r"\s?").replace(' ', r"\s?")).collect();
    words.sort_by_key(|w| std::cmp::Reverse(w.len()));
    words.join("|")
}

fn insensitive(pattern: &str) -> Regex {
    Regex::ignoring_case(pattern).unwrap_or_else(|_| fixed("$^"))
}

impl Rules {
    /// Compiles them.
    pub fn new(lex: &Lexicon) -> Self {
        let words = &lex.dnr;
        let labels: Vec<String> = words.labels.iter().chain(&words.foreign_labels).cloned().collect();
        Rules {
            forms: forms(),
            label: insensitive(&format!(
                r"(?:^|[^\p{{L}}\d])(?P<label>{})(?:\s*[.:]+)*[\s:]*(?:[-–]\s?)?",
                alternatives(&labels)
            )),
            foreign_label: insensitive(&format!("^(?:{})", alternatives(&words.foreign_labels))),
            foreign_word: insensitive(&format!(r"\b(?:{})\b", alternatives(&words.foreign_words))),
            unlabelled: fixed(
                r"(?x) (?P<a>(?:[A-ZÅÄÖ]{2,3}[\ ])?[A-ZÅÄÖ]{2,8})[\ ](?:19[7-9]\d|20[0-3]\d)/\d{1,6}
                 | (?P<b>[A-ZÅÄÖ]{2,8})/(?:19[7-9]\d|20[0-3]\d):\d{1,6}
                 | (?P<c>[A-ZÅÄÖ]{2,8})-(?:19[7-9]\d|20[0-3]\d)[-/]\d{2,6}
                 | (?:19[7-9]\d|20[0-3]\d)/(?P<d>[A-ZÅÄÖ]{2,6})\ \d{3,5}
                 | N\d{3}-\d{3,5}/\d{2}
                 | (?P<f>[A-ZÅÄÖ]{2,6})\d{2}/\d{4,6}
                 | \d{2}(?P<g>[A-ZÅÄÖ]{2,4})\d{3,6}
                 | (?P<h>[A-ZÅÄÖ]{2,6})/\d{1,5}/(?:19[7-9]\d|20[0-3]\d)
                 | (?P<e>[A-ZÅÄÖ]{2,8})\ (?:19[7-9]\d|20[0-3]\d)-\d{3,6}",
            ),
            and: fixed(r"^\s*(?:,|och|samt|&)\s*(?:[Dd]nr\.?:?\s*)?"),
            range: fixed(r"^\s?[-–]\s?(\d{1,4})/(\d{2})"),
            damaged: fixed(r"^(?:[A-ZÅÄÖ]{2,8}[- ]?)?/\s?(?:19|20)\d\d\b"),
            not_series: words.not_series.iter().map(|s| s.to_uppercase()).collect(),
        }
    }

    /// The length of the diary number that `text` begins with, read as after a label.
    pub fn length_at(&self, text: &str) -> Option<usize> {
        self.read(text).filter(|r| r.year.is_some()).map(|r| r.len)
    }

    /// Whether a line says from whom a referral came, `Remiss från …`, perhaps with its number.
    pub fn speaks_of_referral(&self, line: &str) -> bool {
        self.foreign_word.find(line).is_some_and(|m| m.start() == 0) && line.contains(" från ")
    }

    /// The diary number that `text` begins with.
    fn read(&self, text: &str) -> Option<Reading> {
        let first = First::of_text(text)?;
        // `2024-10-02`, and `Ek 2024-10-02`: letters before a date are no series.
        let after_letters = text.trim_start_matches(|c: char| c.is_alphabetic()).trim_start_matches([' ', '-', '/']);
        if is_date(text) || is_date(after_letters) {
            return None;
        }
        let read = |form: &Form| form.read(text, &self.range);
        // Letters behind the number may be the next label: `2015/100 SIDA 1`.
        let fits = |r: &Reading| {
            let loose = [
                "dnr.year-number-series",
                "dnr.series-yy-number",
                "dnr.seriesyynumber",
                "dnr.series-number-year",
                "dnr.two-series-year-number",
                "dnr.mixed-yy/number",
                "dnr.series-yymm-number",
            ];
            let known = |s: &String| !s.split([' ', '/', '-']).any(|part| self.not_series.contains(part));
            !loose.contains(&r.rule) || r.series.as_ref().is_some_and(known)
        };
        self.forms.iter().filter(|form| form.first == first).find_map(|form| read(form).filter(fits))
    }
}

impl Form {
    fn read(&self, text: &str, range: &Regex) -> Option<Reading> {
        let c = self.pattern.captures(text)?;
        let whole = c.get(0)?;
        let rest = &text[whole.end()..];
        let ranged = self.parts == [Part::Series, Part::Number, Part::ShortYear] && range.is_match(rest);
        if !ends_well(rest) && !ranged {
            return None;
        }
        // `2023/94 805` has its year first.
        let year_first = self.parts.starts_with(&[Part::Number, Part::ShortYear]);
        if year_first
            && c.get(1).is_some_and(|m| m.len() == 4 && (m.as_str().starts_with("19") || m.as_str().starts_with("20")))
        {
            return None;
        }
        // `KS 2020/12 112 25 Stockholm`: what stands behind blanks is a postal code.
        let postal = |rest: &str| {
            let digits = rest.strip_prefix(' ').map_or("", |r| r.split(' ').next().unwrap_or_default());
            digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit())
        };
        let mut reading =
            Reading { series: None, year: None, number: None, plan: None, len: whole.len(), rule: self.name };
        for (part, group) in self.parts.iter().zip(c.iter().skip(1)) {
            let Some(s) = group.map(|m| m.as_str()) else { continue };
            match part {
                Part::Series => reading.series = Some(s.to_uppercase()),
                Part::Year => reading.year = s.parse().ok(),
                Part::ShortYear => reading.year = Some(short_year(s)?),
                Part::Number => reading.number = s.parse().ok(),
                Part::Plan if postal(rest) && text[..whole.end() - s.len()].ends_with([' ', '\t']) => {
                    reading.len = text[..whole.end() - s.len()].trim_end().len();
                    return Some(reading);
                }
                Part::Plan => reading.plan = Some(s.trim_end_matches('.').to_string()),
            }
        }
        // A full stop after the plan code may also end the sentence: it is not part of the number as printed.
        reading.len -= whole.as_str().len() - whole.as_str().trim_end_matches(['.', ' ']).len();
        Some(reading)
    }
}

/// The year that two digits stand for, 1970 to 2039: `KS 21/45` is number 45 of 2021, for no 2045 is there yet.
fn short_year(digits: &str) -> Option<i16> {
    let y: i16 = digits.parse().ok()?;
    match y {
        70..=99 => Some(1900 + y),
        0..=39 => Some(2000 + y),
        _ => None,
    }
}

/// Whether what follows a number leaves it whole.
fn ends_well(rest: &str) -> bool {
    let mut chars = rest.chars();
    match chars.next() {
        None => true,
        Some(c) if c.is_alphanumeric() => false,
        Some('-' | '–' | '/' | ':' | '.') => !chars.next().is_some_and(|c| c.is_ascii_digit()),
        Some(_) => true,
    }
}

/// `2024-10-02` is a date, wherever it stands.
fn is_date(text: &str) -> bool {
    let digits = |range: std::ops::Range<usize>| {
        text.get(range).filter(|s| s.bytes().all(|b| b.is_ascii_digit())).and_then(|s| s.parse::<u32>().ok())
    };
    let dashes = text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
    let day = !text.get(10..11).is_some_and(|c| c.bytes().all(|b| b.is_ascii_digit()));
    dashes
        && day
        && digits(0..4).is_some_and(|y| (1970..2040).contains(&y))
        && digits(5..7).is_some_and(|m| (1..=12).contains(&m))
        && digits(8..10).is_some_and(|d| (1..=31).contains(&d))
}

/// Where diary numbers stand in a span, and whether a label stood before each.
struct Found {
    span: Span,
    reading: Reading,
    /// Where its label begins, if it has one.
    label: Option<u32>,
    /// The head has it under a label of diary numbers.
    under_label: bool,
    /// The head has it under a label of another body's.
    foreign: bool,
}

/// Fills the document's diary numbers. Those of the items of minutes and agendas belong to their items.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    let signs = cx.segments.first_paragraph_sign.filter(|_| cx.segments.paragraph_signs >= 2);
    let end =
        if record.kind == "kallelse" { signs.or_else(|| crate::parse::segment::first_point(cx.doc)) } else { signs };
    let body_end = cx.doc.body_end;
    let mut found = find(cx, Span { start: 0, end: end.unwrap_or(body_end).min(body_end) }, &mut record.warnings);
    found.extend(find(cx, Span::new(body_end as usize, cx.doc.text.len()), &mut record.warnings));
    by_head(cx, end.unwrap_or(body_end), &mut found);
    let bodies: Vec<&str> =
        record.recipient.iter().chain(&record.administration).map(|named| named.name.as_str()).collect();
    record.dnr = merged(cx, &found, |f| if is_own(cx, f, &record.kind, &bodies) { Role::Own } else { Role::Cited });
    prefer_own_series(cx, record);
    record.dnr.sort_by_key(|d| d.role != Role::Own);
}

/// Adds the values that the head has under its labels of diary numbers, where label and value stand apart.
///
/// Those behind `end` in the body are items' own.
fn by_head(cx: &Context, end: u32, found: &mut Vec<Found>) {
    let own = |l: &Span| l.start < end || l.start >= cx.doc.body_end;
    for line in cx.labelled("dnr_label").flat_map(|g| g.lines.iter().take(2).copied()).filter(own) {
        let text = cx.quote(line);
        let Some(reading) = cx.rules.dnr.read(text).filter(|r| r.number.is_some() && r.year.is_some()) else {
            continue;
        };
        let span = Span::new(line.start as usize, line.start as usize + reading.len);
        match found.iter_mut().find(|f| f.span.overlaps(span)) {
            // What stood without a label has one after all.
            Some(known) => known.under_label = true,
            None => found.push(Found { span, reading, label: Some(span.start), under_label: true, foreign: false }),
        }
    }
    for line in cx.labelled("foreign_label").filter_map(|g| g.lines.first().copied()).filter(own) {
        let Some(reading) = cx.rules.dnr.read(cx.quote(line)).filter(|r| r.number.is_some() && r.year.is_some()) else {
            continue;
        };
        let span = Span::new(line.start as usize, line.start as usize + reading.len);
        match found.iter_mut().find(|f| f.span.overlaps(span)) {
            Some(known) => known.foreign = true,
            None => found.push(Found { span, reading, label: None, under_label: false, foreign: true }),
        }
    }
    // A cell or line of the head that is nothing but a number with a series: `RS 2022-0451`.
    let other = |label: &str| matches!(label, "doc_type_label" | "date_label" | "officer" | "recipient" | "page_label");
    let cells = cx.head.iter().filter(|g| g.label.as_deref().is_none_or(other)).flat_map(|g| g.lines.iter().copied());
    for line in cells.take(40).filter(own) {
        let text = cx.quote(line);
        if text.len() > 30 || !text.starts_with(char::is_uppercase) || found.iter().any(|f| f.span.overlaps(line)) {
            continue;
        }
        let Some(reading) = cx.rules.dnr.read(text).filter(|r| r.len == text.len() && r.number.is_some()) else {
            continue;
        };
        let series = reading.series.as_deref().filter(|s| s.chars().count() > 1);
        // `STAFS 2020:1` and `ISSN 2000-1886` are a statute's.
        // `Sov 418/2020`: small letters only in a short series with a slash, as words may stand before a year.
        let typed = |s: &str| {
            text.starts_with(s) || s.chars().count() <= 4 && text.contains('/') && text.to_uppercase().starts_with(s)
        };
        let known = series.is_some_and(|s| !cx.rules.dnr.not_series.contains(s) && !s.ends_with("FS") && typed(s));
        if known && reading.year.is_some_and(|y| reading.number.is_some_and(|n| n != u32::from(y.unsigned_abs()))) {
            found.push(Found { span: line, reading, label: None, under_label: true, foreign: false });
        }
    }
    found.sort_by_key(|f| f.span);
}

/// Where in a line the first label of a diary number begins, or the number that the rest of the line is.
pub(crate) fn first_in(cx: &Context, line: &str) -> Option<usize> {
    let label = cx.rules.dnr.label.captures(line).and_then(|c| c.name("label")).map(|m| m.start());
    let starts = line.match_indices(' ').map(|(i, _)| i + 1).take(12);
    // All numbers end with a digit, or with the capitals of their series.
    let ends = line.ends_with(|c: char| c.is_numeric() || matches!(c, 'A'..='Z' | 'Å' | 'Ä' | 'Ö'));
    let mut bare = starts.filter(|_| ends);
    let bare = bare.find(|i| cx.rules.dnr.read(&line[*i..]).is_some_and(|r| i + r.len == line.len()));
    label.into_iter().chain(bare).min()
}

/// The diary numbers in a span, in order, all with this role: for items of minutes and agendas.
pub(crate) fn in_span(cx: &Context, span: Span, role: Role) -> Vec<Dnr> {
    merged(cx, &find(cx, span, &mut Vec::new()), |_| role)
}

/// The numbers that fill a line or cell where an item's number stands, read as behind a label: `2003.214.041`, `KFN/2024:139 -805`,
/// two of them with blanks, a comma or `och` between. None if anything else stands there.
pub(crate) fn filling(cx: &Context, span: Span, role: Role) -> Vec<Dnr> {
    let text = cx.quote(span);
    let rules = &cx.rules.dnr;
    let mut found: Vec<Found> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = text.get(at..).unwrap_or("");
        // Two years or a short number are none: `2003-2004`, `3/16`.
        let whole = |r: &Reading| {
            let years = r.series.is_none() && r.number.is_some_and(|n| (1970..=2039).contains(&n));
            r.year.is_some() && r.number.is_some() && r.len >= 6 && !years
        };
        let read = if found.len() < MOST_FILLING { rules.read(rest).filter(whole) } else { None };
        let Some(reading) = read else { return Vec::new() };
        let from = span.start as usize + at;
        at += reading.len;
        found.push(Found {
            span: Span::new(from, span.start as usize + at),
            reading,
            label: None,
            under_label: false,
            foreign: false,
        });
        let rest = text.get(at..).unwrap_or("");
        // The plan may stand apart.
        let plan = rest.trim_start_matches([' ', '-', '–']);
        let digits = plan.len() - plan.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let apart = plan.len() < rest.len() && rest.contains(['-', '–']) && digits == 3;
        let rest = if apart { plan.get(digits..).unwrap_or("") } else { rest };
        let next = rest.trim_start_matches([' ', '\t', ',', ';']);
        let next = next.strip_prefix("och ").unwrap_or(next);
        if next.len() == rest.len() && !rest.is_empty() {
            return Vec::new();
        }
        at = text.len() - next.len();
    }
    merged(cx, &found, |_| role)
}

/// Most numbers that fill one line.
const MOST_FILLING: usize = 6;

/// One entry for each number, with the evidence of its mentions (of the first ones where it is named very often).
fn merged(cx: &Context, found: &[Found], role: impl Fn(&Found) -> Role) -> Vec<Dnr> {
    let mut numbers: Vec<Dnr> = Vec::new();
    let mut places = BTreeMap::new();
    for f in found {
        let r = &f.reading;
        let key = (r.series.as_deref(), r.year, r.number);
        let at = *places.entry(key).or_insert(numbers.len());
        push(cx, f, role(f), at, &mut numbers);
    }
    numbers
}

/// Most mentions of one number that are proved.
const MENTIONS: usize = 50;

fn push(cx: &Context, f: &Found, role: Role, at: usize, numbers: &mut Vec<Dnr>) {
    let r = &f.reading;
    let confidence = if f.label.is_some() { 0.97 } else { 0.85 };
    let evidence = cx.evidence("canonical", f.span, r.rule, confidence);
    if let Some(same) = numbers.get_mut(at) {
        if role == Role::Own {
            same.role = Role::Own;
        }
        same.plan = same.plan.take().or_else(|| r.plan.clone());
        if same.evidence.len() < MENTIONS {
            same.evidence.push(evidence);
        }
        return;
    }
    let raw = cx.quote(f.span).to_string();
    let canonical = match (&r.series, r.year, r.number) {
        (Some(s), Some(y), Some(n)) => format!("{s} {y}/{n}"),
        (None, Some(y), Some(n)) => format!("{y}/{n}"),
        _ => raw.clone(),
    };
    numbers.push(Dnr {
        canonical,
        raw,
        series: r.series.clone(),
        year: r.year,
        number: r.number,
        plan: r.plan.clone(),
        role,
        evidence: vec![evidence],
    });
}

/// Of several own numbers with different series, the one with the board's letters is the own; the others are cited.
fn prefer_own_series(cx: &Context, record: &mut Record) {
    let letters = |d: &Dnr| {
        d.role == Role::Own
            && d.series.as_ref().is_some_and(|s| cx.lex.districts.iter().any(|x| x.dnr_prefixes.contains(s)))
    };
    if record.dnr.iter().filter(|d| d.role == Role::Own).count() < 2 || !record.dnr.iter().any(letters) {
        return;
    }
    for d in &mut record.dnr {
        if d.role == Role::Own && d.series.is_some() && !letters(d) {
            d.role = Role::Cited;
        }
    }
}

fn find(cx: &Context, within: Span, warnings: &mut Vec<crate::parse::record::Warning>) -> Vec<Found> {
    let rules = &cx.rules.dnr;
    let text = cx.quote(within);
    let mut found: Vec<Found> = Vec::new();
    for c in rules.label.captures_iter(text) {
        let (Some(label), Some(whole)) = (c.name("label"), c.get(0)) else { continue };
        let label_at = within.start + u32::try_from(label.start()).unwrap_or(0);
        let mut at = whole.end();
        // The value stands on the label's line or, where labels stand above, on the next.
        if cx.quote(within)[label.end()..at].matches('\n').count() > 2 {
            continue;
        }
        let mut first = true;
        while let Some(reading) = rules.read(&text[at..]) {
            let end = at + reading.len;
            let span = Span::new(at, end).shift(within.start as usize);
            let series = reading.series.clone();
            found.push(Found { span, reading, label: Some(label_at), under_label: false, foreign: false });
            first = false;
            if let Some(c) = rules.range.captures(&text[end..]) {
                let (number, year) = (c[1].parse().ok(), c[2].parse::<i16>().ok().map(|y| 2000 + y));
                let span = c.get(0).map(|m| span_of(m, within.start + u32::try_from(end).unwrap_or(0)));
                let reading = Reading { series, year, number, plan: None, len: 0, rule: "dnr.range" };
                found.extend(span.map(|span| Found {
                    span,
                    reading,
                    label: Some(label_at),
                    under_label: false,
                    foreign: false,
                }));
            }
            let Some(and) = rules.and.find(&text[end..]) else { break };
            at = end + and.end();
        }
        if first && let Some(m) = rules.damaged.find(&text[at..]) {
            let span = span_of(m, within.start + u32::try_from(at).unwrap_or(0));
            let note = Note::warning("dnr_incomplete", "a diary number has lost its digits; it is left out").at(span);
            warnings::push(cx, warnings, note);
        }
    }
    let labelled = found.len();
    for c in rules.unlabelled.captures_iter(text) {
        let Some(m) = c.get(0) else { continue };
        let series = ["a", "b", "c", "d", "e", "f", "g", "h"].iter().find_map(|n| c.name(n)).map(|m| m.as_str());
        // `SE KS 2021/14`: the word before is no part of the series.
        let (series, start) = match series.and_then(|s| s.split_once(' ')) {
            Some((first, second)) if rules.not_series.contains(first) => (Some(second), m.start() + first.len() + 1),
            _ => (series, m.start()),
        };
        let before = text[..start].chars().next_back();
        let span = Span::new(start, m.end()).shift(within.start as usize);
        if series.is_some_and(|s| s.split(' ').any(|part| rules.not_series.contains(part)))
            || before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '/'))
            || read_already(&found[..labelled], span)
        {
            continue;
        }
        let Some(reading) = rules.read(&text[start..]) else { continue };
        let span_of_years = reading.year.zip(reading.number).is_some_and(|(y, n)| {
            let y = y.unsigned_abs() as u32;
            n == y + 1 || n == (y + 1) % 100 || (m.as_str().contains('-') && (1990..2040).contains(&n))
        });
        if !span_of_years && !is_date(text.get(start + series.map_or(0, |s| s.len() + 1)..).unwrap_or_default()) {
            let span = Span::new(start, start + reading.len).shift(within.start as usize);
            found.push(Found { span, reading, label: None, under_label: false, foreign: false });
        }
    }
    found.sort_by_key(|f| f.span);
    found.extend(in_known_series(cx, within, &found));
    found.sort_by_key(|f| f.span);
    found
}

/// Numbers without a label in a series that the document prints in small letters behind one: `Dnr Bun 2021/394` and further
/// down `ersätter Bun 2017/112`.
fn in_known_series(cx: &Context, within: Span, found: &[Found]) -> Vec<Found> {
    let text = cx.quote(within);
    let mut known: Vec<&str> = Vec::new();
    for f in found.iter().filter(|f| f.label.is_some()).take(20) {
        let raw = cx.quote(f.span);
        let letters = raw.find(|c: char| !c.is_alphabetic()).and_then(|i| raw.get(..=i)).unwrap_or_default();
        let mixed = letters.chars().count() > 2 && letters.chars().any(char::is_lowercase);
        if mixed && !known.contains(&letters) {
            known.push(letters);
        }
    }
    let mut more: Vec<Found> = Vec::new();
    for series in known.into_iter().take(3) {
        for (at, _) in text.match_indices(series) {
            let before = text[..at].chars().next_back();
            let rest = &text[at..];
            let digits = rest[series.len()..].starts_with(|c: char| c.is_ascii_digit());
            if !digits || before.is_some_and(char::is_alphanumeric) {
                continue;
            }
            let Some(reading) = cx.rules.dnr.read(rest).filter(|r| r.year.is_some() && r.number.is_some()) else {
                continue;
            };
            let span = Span::new(at, at + reading.len).shift(within.start as usize);
            if more.len() < MENTIONS && !read_already(found, span) && !more.iter().any(|f| f.span.overlaps(span)) {
                more.push(Found { span, reading, label: None, under_label: false, foreign: false });
            }
        }
    }
    more
}

/// Whether one of the numbers found, in order of their places, stands at this place.
fn read_already(found: &[Found], span: Span) -> bool {
    let i = found.partition_point(|f| f.span.end <= span.start);
    found.get(i).is_some_and(|f| f.span.overlaps(span))
}

/// `… (KS/2019:279)`: without a label in brackets at the end of a line.
fn in_brackets_at_end(text: &str, f: &Found) -> bool {
    f.label.is_none()
        && text[..f.span.start as usize].ends_with('(')
        && text[f.span.end as usize..].strip_prefix(')').is_some_and(|rest| rest.is_empty() || rest.starts_with('\n'))
}

/// The end of a text, at most this many bytes and from a character's beginning.
fn last_bytes(text: &str, most: usize) -> &str {
    let mut from = text.len().saturating_sub(most);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    &text[from..]
}

/// Own: in the first page's furniture, or on a line of the head that its label begins and that speaks of no referral.
///
/// A line above that speaks of a referral says nothing of a number with the letters of the document's own body.
fn is_own(cx: &Context, f: &Found, kind: &str, bodies: &[&str]) -> bool {
    if f.foreign {
        return false;
    }
    let text = &cx.doc.text;
    let start = f.label.unwrap_or(f.span.start) as usize;
    if cx.rules.dnr.foreign_label.is_match(&text[start..f.span.start as usize]) {
        return false;
    }
    let before = last_bytes(&text[..start], 300);
    let line_start = before.rfind(['\n', '\t']).map_or(0, |i| i + 1);
    // `SID 1 (1) DNR …`, `2019-09-16 Dnr …`: dates, pages, offices and kinds may stand before it, but no sentence.
    let begins_line = f.under_label
        || in_brackets_at_end(text, f)
        || !before[line_start..].split_whitespace().any(|w| w.starts_with(char::is_lowercase));
    let line_before = before[..line_start].trim_end().rsplit('\n').next().unwrap_or_default();
    let foreign = cx.rules.dnr.foreign_word.is_match(&before[line_start..])
        || (cx.rules.dnr.foreign_word.is_match(line_before)
            && line_before.contains(" från ")
            && first_in(cx, line_before).is_none()
            && !f.reading.series.as_deref().is_some_and(|s| bodies.iter().any(|b| abbreviates(s, b))));
    match cx.doc.block_at(f.span.start).map(|b| b.zone) {
        Some(Zone::Margin | Zone::Letterhead | Zone::Head) => !foreign,
        Some(Zone::Body) if of_only_item(cx, f) => begins_line && !foreign,
        Some(Zone::Body) => cx.segments.head.contains(f.span) && begins_line && !foreign && kind != "presentation",
        _ => false,
    }
}

/// Whether a labelled number stands beside or right below the number of the only item: `§ 143   Dnr KS 2021/417`.
fn of_only_item(cx: &Context, f: &Found) -> bool {
    let sign = cx.segments.first_paragraph_sign.filter(|_| cx.segments.paragraph_signs == 1);
    let between = sign.and_then(|at| cx.doc.text.get(at as usize..f.span.start as usize));
    f.label.is_some()
        && between.is_some_and(|b| b.len() <= 160 && b.lines().filter(|l| !l.trim().is_empty()).count() <= 3)
}

/// Whether letters are those of a body: `FSN` of Funktionsstödsnämnden, three or more of its own in their order.
fn abbreviates(letters: &str, body: &str) -> bool {
    let name = crate::base::fold::fold(body);
    let folded = crate::base::fold::fold(letters);
    let mut rest = name.chars();
    folded.chars().count() >= 3
        && folded.chars().next() == name.chars().next()
        && folded.chars().all(|letter| rest.any(|c| c == letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::testing;

    #[test]
    fn every_known_form_is_read() {
        let Some(text) = crate::testing::shared_text("domain/dnr_examples.json") else { return };
        let examples: serde_json::Value = serde_json::from_str(&text).unwrap();
        for example in examples["examples"].as_array().unwrap() {
            let raw = example["raw"].as_str().unwrap();
            let want = example["parsed"]["canonical"].as_str().map(String::from);
            let label =
                if testing::parser().rules.dnr.label.find(raw).is_some_and(|m| m.start() == 0) { "" } else { "Dnr " };
            let record = testing::parse(&format!("# Ärende\n\n@margin\n{label}{raw}"));
            let unlabelled = testing::parse(&format!("# Ärende\n\nBakgrund\n\nText om {raw} här."));
            if want.is_none() {
                // Without a label a look-alike is never one.
                assert!(unlabelled.dnr.iter().all(|d| d.year.is_none()), "{raw}: {:?}", unlabelled.dnr);
                continue;
            }
            let got = record.dnr.first().map(|d| d.canonical.clone());
            assert_eq!(got, want, "{raw}");
            let plan = example["parsed"]["plan"].as_str().or(example["parsed"]["sub"].as_str());
            assert_eq!(record.dnr[0].plan.as_deref(), plan, "{raw}");
        }
    }

    #[test]
    fn own_and_cited() {
        let r = testing::parse(
            "# Svar på remiss om lekplatser\n\nRemiss från kommunstyrelsen, dnr KS 2022/1171\n\nBakgrund\n\nEnligt riktlinjerna (dnr 171-84/2017) och beslutet (KS/2019:279).\n\n@margin\nTill\nFarsta stadsdelsnämnd\nDnr FAR 2023/14",
        );
        let got: Vec<(&str, Role)> = r.dnr.iter().map(|d| (d.canonical.as_str(), d.role)).collect();
        assert_eq!(
            got,
            [
                ("FAR 2023/14", Role::Own),
                ("KS 2022/1171", Role::Cited),
                ("2017/84", Role::Cited),
                ("KS 2019/279", Role::Cited)
            ]
        );
        assert_eq!(r.dnr[2].plan.as_deref(), Some("171"));
        assert_eq!(r.dnr[0].evidence[0].quote, "FAR 2023/14");
    }

    #[test]
    fn two_in_one_line_and_ranges() {
        let numbers = |text: &str| {
            testing::parse(&format!("# Ärende\n\n@margin\n{text}"))
                .dnr
                .into_iter()
                .map(|d| d.canonical)
                .collect::<Vec<_>>()
        };
        assert_eq!(numbers("Dnr 7-742-2011 och 5-744-2011"), ["2011/742", "2011/744"]);
        assert_eq!(numbers("Dnr VA 104/11-105/11"), ["VA 2011/104", "VA 2011/105"]);
        assert_eq!(numbers("Dnr\n2024-10-02"), Vec::<String>::new());
    }

    #[test]
    fn lookalikes_are_left_alone() {
        for text in [
            "802461-9168",
            "08-508 18 161",
            "2018-2024",
            "SOU 2016:13",
            "prop. 2021/22:135",
            "SFS 1993:387",
            "motion 2012:6",
            "Utlåtande 2017:240",
            "S-Dp 2002-11922-54",
            "Nr 3, 2021",
            "KS 353/2008",
            "KSAU § 130/2014",
            "EU 2016/679",
            "VT 2023/24",
            "Storfors 4:2",
            "IOP 2018-2024",
            "Bilaga 6:7",
            "UBK1005, v2.0, 2014-11-03",
        ] {
            let r = testing::parse(&format!("# Ärende\n\nBakgrund\n\nText om {text} här."));
            assert_eq!(r.dnr, [], "{text}");
        }
        let r = testing::parse("# Ärende\n\nBakgrund\n\nBeslutet (Dnr /2015) gäller.");
        assert_eq!((r.dnr.len(), r.warnings[0].code.as_ref()), (0, "dnr_incomplete"));
    }
}
