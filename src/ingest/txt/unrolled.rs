//! Gives lines back to a text that came as one line a page.
//!
//! Copies of documents on the web often hold each page as one line: label, value, heading and paragraph follow each other with a
//! blank between. What stands there is found by the words that begin lines in print: page counts, labels of a head, names of
//! committees, section headings, items and the entries of lists. A line is only touched if at least two headings or labels stand
//! inside it with no stop before them, which no paragraph has.

mod minutes;

use minutes::Minutes;

use crate::ingest::layout::{is_list_item, page_number};
use crate::lexicon::{Heading, Lexicon, heading_key};

/// Shortest line that may be a page, in bytes.
const SHORTEST: usize = 300;
/// Shortest line that may be a page if it begins with the page's number, in bytes.
const SHORT_PAGE: usize = 90;
/// Most words of a heading or label.
const MOST_WORDS: usize = 7;
/// How far a head reaches at most, in words from the page's first.
const HEAD_WORDS: usize = 160;
/// Fewest headings and labels inside a line that say it was several.
const FEWEST: usize = 2;

/// The text with its lines, if some were lost.
pub(super) fn restore(text: &str, lex: &Lexicon) -> Option<String> {
    if !text.split('\n').any(|line| line.len() >= SHORTEST) {
        return None;
    }
    let mut out = String::with_capacity(text.len() + text.len() / 32);
    let mut changed = false;
    let mut pages = 0;
    let mut minutes = Minutes::may_be(text).then(|| Minutes::new(lex));
    for (i, line) in text.split('\n').enumerate() {
        if i > 0 {
            out.push('\n');
        }
        let counted = begins_page(line, pages + 1);
        let page = line.len() >= SHORTEST || counted;
        pages += usize::from(page);
        if counted && pages > 1 {
            // The number of the next page: what stands above it is another page.
            out.truncate(out.trim_end_matches('\n').len());
            out.push('\u{c}');
            changed = true;
        }
        let breaks = if page { Page::new(line, pages, lex).breaks(minutes.as_mut()) } else { Vec::new() };
        let mut from = 0;
        for b in &breaks {
            out.push_str(line.get(from..b.at).unwrap_or_default().trim_end());
            out.push_str(if b.empty_line { "\n\n" } else { "\n" });
            from = b.at;
        }
        changed |= !breaks.is_empty();
        out.push_str(line.get(from..).unwrap_or_default());
    }
    changed.then_some(out)
}

/// Whether a line is a page that begins with its number.
fn begins_page(line: &str, number: usize) -> bool {
    let rest = line.strip_prefix(number.to_string().as_str()).and_then(|rest| rest.strip_prefix(' '));
    line.len() >= SHORT_PAGE && rest.is_some_and(starts_line)
}

/// Where a line begins.
#[derive(Clone, Copy, Debug)]
struct Break {
    /// Byte offset in the page's line.
    at: usize,
    /// Whether an empty line stands before it.
    empty_line: bool,
}

/// What a spelling of the vocabulary does to the line.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Cue {
    /// Kind of document, alone on its line.
    Kind,
    /// Label of a head, followed by a value of this shape.
    Label(Value),
    /// Label of attendance: names follow.
    Attendance,
    /// Section heading, alone on its line.
    Heading,
    /// Heading whose words are common in prose and titles too, so that it stands behind a stop or number.
    Common,
}

/// What follows a label.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Value {
    Person,
    Date,
    Dnr,
    Body,
    /// What the first page of minutes says of the meeting.
    Meeting,
    Other,
}

/// One page that stands on one line.
struct Page<'t> {
    line: &'t str,
    lex: &'t Lexicon,
    /// Which page of the text this is, from 1.
    number: usize,
    words: Vec<(usize, &'t str)>,
    breaks: Vec<Break>,
    /// Index of the word that begins the line being read.
    begin: usize,
    /// Headings and labels found with no stop before them.
    glued: usize,
    in_head: bool,
    in_attendance: bool,
    kind_seen: bool,
}

impl<'t> Page<'t> {
    fn new(line: &'t str, number: usize, lex: &'t Lexicon) -> Self {
        let mut words = Vec::new();
        let mut at = 0;
        for word in line.split(' ') {
            if !word.is_empty() {
                words.push((at, word));
            }
            at += word.len() + 1;
        }
        Page {
            line,
            lex,
            number,
            words,
            breaks: Vec::new(),
            begin: 0,
            glued: 0,
            in_head: true,
            in_attendance: false,
            kind_seen: false,
        }
    }

    fn word(&self, i: usize) -> &'t str {
        self.words.get(i).map_or("", |w| w.1)
    }

    /// The text of some words.
    fn text(&self, from: usize, to: usize) -> &'t str {
        let start = self.words.get(from).map_or(self.line.len(), |w| w.0);
        let end = to.checked_sub(1).and_then(|i| self.words.get(i)).map_or(start, |w| w.0 + w.1.len());
        self.line.get(start..end).unwrap_or_default()
    }

    /// Begins a line with a word.
    fn begin_at(&mut self, i: usize, empty_line: bool) {
        let Some((at, _)) = self.words.get(i).copied().filter(|_| i > 0) else { return };
        match self.breaks.last_mut().filter(|b| b.at >= at) {
            Some(last) => last.empty_line |= empty_line,
            None => self.breaks.push(Break { at, empty_line }),
        }
        self.begin = i;
    }

    /// The lines of the page but the first; none if nothing says that lines were lost.
    fn breaks(mut self, mut minutes: Option<&mut Minutes>) -> Vec<Break> {
        let mut i = self.page_count();
        let mut next_entry = 1;
        if let Some(m) = minutes.as_deref_mut() {
            m.open(&self);
        }
        while i < self.words.len() {
            self.in_head &= i < HEAD_WORDS;
            if let Some(next) = minutes.as_deref_mut().and_then(|m| m.step(&mut self, i)) {
                i = next.max(i + 1);
                continue;
            }
            if let Some((n, cue)) = self.cue(i) {
                let number = cue == Cue::Label(Value::Dnr);
                if !number {
                    next_entry = 1;
                }
                let at = i;
                i = self.take(i, n, cue);
                if let Some(m) = minutes.as_deref_mut() {
                    m.cut(at, i, number);
                }
                continue;
            }
            if i == self.begin && matches!(self.word(i), "1." | "1)") {
                next_entry = 2;
            } else if self.begins_entry(i, next_entry) {
                self.begin_at(i, false);
                next_entry += usize::from(self.word(i).starts_with(|c: char| c.is_ascii_digit()));
            } else if self.ends_line(i) {
                self.begin_at(i + 1, false);
            }
            i += 1;
        }
        if self.glued < FEWEST { Vec::new() } else { self.breaks }
    }

    /// Takes a page's count off its beginning: `1(36)`, `Sida 1 (4)`, or the number of the page alone.
    fn page_count(&mut self) -> usize {
        let found = (1..=4).rev().find(|n| {
            let text = self.text(0, *n);
            page_number(text).is_some_and(|(number, _, sure)| {
                sure || *n == 1 && number as usize == self.number && starts_line(self.word(1))
            })
        });
        let n = found.unwrap_or(0);
        self.begin_at(n, false);
        n
    }

    /// The longest spelling that begins with a word, how many words it has, and what it does.
    fn cue(&self, i: usize) -> Option<(usize, Cue)> {
        let first = self.word(i);
        if !first.starts_with(|c: char| c.is_uppercase()) {
            return None;
        }
        (1..=MOST_WORDS.min(self.words.len() - i)).rev().find_map(|n| {
            let text = self.text(i, i + n);
            if n > 1 && !self.word(i + n - 1).starts_with(char::is_alphabetic) {
                return None;
            }
            let key = heading_key(text.trim_end_matches(['.', ':']));
            let list = &self.lex.headings.list;
            let mut headings: Vec<&Heading> =
                self.lex.headings.spellings.places(&key).filter_map(|place| list.get(place)).collect();
            if headings.is_empty()
                && (2..=MOST_WORDS).contains(&n)
                && (key.ends_with("beslut") || key.ends_with("förslag"))
                && !self.holds_heading(i, n)
            {
                headings.extend(self.lex.headings.patterns.place_of_key(&key).and_then(|place| list.get(place)));
            }
            headings.into_iter().find_map(|h| {
                let cue = cue_of(h);
                self.accepts(i, n, cue, &h.id).then_some((n, cue))
            })
        })
    }

    /// Whether a heading such as `Nämndens beslut` begins later among some words: what stands before it is a title.
    fn holds_heading(&self, i: usize, n: usize) -> bool {
        (i + 1..i + n - 1).any(|k| {
            self.word(k).starts_with(char::is_uppercase)
                && self.lex.headings.patterns.place_of_key(&heading_key(self.text(k, i + n))).is_some()
        })
    }

    /// Whether a spelling stands where a line would begin with it.
    fn accepts(&self, i: usize, n: usize, cue: Cue, id: &str) -> bool {
        let before = i.checked_sub(1).map_or("", |b| self.word(b));
        let next = self.word(i + n);
        let colon = self.text(i, i + n).ends_with(':') || next == ":";
        let after_stop = before.is_empty() || before.ends_with(['.', '!', '?', ':', '”', '"']) || self.begin == i;
        let own_line =
            next.is_empty() || starts_line(next) || next == "att" && matches!(id, "decision" | "proposed_decision");
        if before.ends_with([',', '(', '/', '-', '–', '&'])
            || self.is_function_word(before) && before.starts_with(char::is_lowercase)
        {
            return false;
        }
        match cue {
            Cue::Kind => self.in_head && !self.kind_seen && own_line,
            Cue::Label(Value::Dnr) => {
                colon || (1..=2).any(|k| self.word(i + n + k - 1).bytes().any(|b| b.is_ascii_digit()))
            }
            Cue::Label(Value::Body) => self.in_head && (colon || own_line || ends_body(self.lex, next)),
            Cue::Label(_) => (self.in_head || self.in_attendance) && (colon || own_line),
            Cue::Attendance => self.in_head && (colon || own_line),
            Cue::Heading => colon || own_line,
            Cue::Common => own_line && (after_stop || is_number(before)) && !before.is_empty(),
        }
    }

    fn is_function_word(&self, word: &str) -> bool {
        self.lex.words.function_words.iter().any(|w| w == word)
    }

    /// Takes a heading or label and, where its shape is known, its value; the word to go on with.
    fn take(&mut self, i: usize, n: usize, cue: Cue) -> usize {
        let before = i.checked_sub(1).map_or("", |b| self.word(b));
        self.glued += usize::from(self.begin < i && !before.ends_with(['.', '!', '?', ':']));
        let heading = matches!(cue, Cue::Heading | Cue::Common);
        // The heading's number stands before it.
        let numbered = (heading || cue == Cue::Label(Value::Dnr))
            && i > self.begin
            && is_number(before)
            && !(i >= 2 && self.word(i - 2).starts_with('§'));
        let apart = heading || matches!(cue, Cue::Attendance | Cue::Label(Value::Meeting));
        self.begin_at(if numbered { i - 1 } else { i }, apart);
        let mut end = i + n;
        end += usize::from(self.word(end) == ":");
        self.in_attendance = match cue {
            Cue::Attendance => true,
            Cue::Label(Value::Person) => self.in_attendance,
            _ => false,
        };
        match cue {
            Cue::Kind => {
                self.kind_seen = true;
                self.begin_at(end, false);
            }
            Cue::Heading | Cue::Common => {
                self.in_head = false;
                self.begin_at(end, true);
            }
            Cue::Attendance => self.begin_at(end, false),
            Cue::Label(value) => {
                let taken = self.value(end, value);
                if taken > 0 {
                    end += taken;
                    if starts_line(self.word(end)) {
                        self.begin_at(end, false);
                    }
                }
            }
        }
        end
    }

    /// How many words from here on are a label's value of a shape; 0 if they do not show it.
    fn value(&self, from: usize, value: Value) -> usize {
        match value {
            Value::Person => {
                let is_name = |w: &str| {
                    w.starts_with(char::is_uppercase)
                        && w.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '.' | '\'' | '’'))
                        && !ends_body(self.lex, w)
                };
                let most = (0..3)
                    .take_while(|k| is_name(self.word(from + k)) && (*k < 2 || self.cue(from + k).is_none()))
                    .count();
                // A third word in capitals is a surname where it is followed by what follows a name.
                let n = most.min(2);
                if n < 2 {
                    return 0;
                }
                n + usize::from(is_party(self.word(from + n)))
            }
            Value::Date => (1..=4).rev().find(|n| is_date(self.text(from, from + n), self.lex)).unwrap_or(0),
            Value::Dnr => {
                let entry = |w: &str| w.ends_with(['.', ')']) && w.len() <= 3;
                let numbered = |k: usize| {
                    let word = self.word(from + k);
                    word.bytes().any(|b| b.is_ascii_digit()) && !entry(word)
                };
                let series = |w: &str| {
                    !w.is_empty()
                        && w.chars().count() <= 6
                        && w.chars().all(|c| c.is_uppercase() || matches!(c, '/' | '-'))
                };
                let letters = (0..2).take_while(|k| series(self.word(from + k)) && !numbered(*k)).count();
                let numbers = (letters..letters + 2).take_while(|k| {
                    let word = self.word(from + k);
                    numbered(*k) && (*k == letters || !is_date(word, self.lex))
                });
                let n = letters + numbers.count();
                if n > letters { n } else { 0 }
            }
            Value::Body => (1..=5).find(|n| ends_body(self.lex, self.word(from + n - 1))).unwrap_or(0),
            Value::Meeting | Value::Other => 0,
        }
    }

    /// Whether an entry of a list begins with a word: the next number of it, or a bullet.
    fn begins_entry(&self, i: usize, number: usize) -> bool {
        let (word, next) = (self.word(i), self.word(i + 1));
        if i == self.begin || !next.starts_with(|c: char| c.is_alphabetic() || c == '”') {
            return false;
        }
        if is_list_item(&format!("{word} x"))
            && word.chars().all(|c| !c.is_alphanumeric() && !matches!(c, '-' | '–' | '—' | '*'))
        {
            return true;
        }
        let digits = word.strip_suffix(['.', ')']).unwrap_or_default();
        digits.parse() == Ok(number)
            && digits.len() <= 2
            && next.starts_with(char::is_uppercase)
            && (number > 1
                || self.begin == i
                || self.word(i - 1).ends_with(['.', ':'])
                || self.word(i - 1).starts_with("besl")
                || self.word(i - 1) == "att")
    }

    /// Whether a line ends with a word of the head: a member with the party, a committee's name, a date alone.
    fn ends_line(&self, i: usize) -> bool {
        let (word, next) = (self.word(i), self.word(i + 1));
        if !starts_line(next) {
            return false;
        }
        let line = self.text(self.begin, i + 1);
        if self.in_attendance {
            let titled =
                word.starts_with(char::is_lowercase) && word.len() > 3 && !word.ends_with('-') && line.contains(", ");
            return is_party(word) || titled && !self.is_function_word(word);
        }
        // Leaders of a list of contents: `Information... 3`.
        if i > 0 && self.word(i - 1).ends_with("...") && word.bytes().all(|b| b.is_ascii_digit()) {
            return true;
        }
        if !self.in_head {
            return false;
        }
        let words = i + 1 - self.begin;
        words <= 5 && line.starts_with(char::is_uppercase) && ends_body(self.lex, word) && !self.in_name(i)
            || words <= 4 && is_date(line, self.lex)
            || word.contains('@')
    }

    /// Whether a committee's name goes on behind a word: `Kommunstyrelsens arbetsutskott`, `Kultur- och fritidsnämnden`.
    fn in_name(&self, i: usize) -> bool {
        let next = self.word(i + 1);
        next.starts_with(char::is_lowercase)
    }
}

/// What the spellings of a heading do.
fn cue_of(heading: &Heading) -> Cue {
    match (heading.id.as_str(), heading.role.as_str()) {
        ("doc_type_label", _) => Cue::Kind,
        ("officer" | "secretary_label" | "author_label", _) => Cue::Label(Value::Person),
        ("secretary_chair", _) => Cue::Label(Value::Person),
        ("date_label" | "meeting_date_label", _) => Cue::Label(Value::Date),
        ("dnr_label" | "foreign_label", _) => Cue::Label(Value::Dnr),
        ("recipient" | "board_label", _) => Cue::Label(Value::Body),
        ("present", _) => Cue::Attendance,
        ("place_time" | "adjusters" | "paragraphs" | "notice_board", _) => Cue::Label(Value::Meeting),
        (_, "meta") => Cue::Label(Value::Other),
        (_, "iop" | "agreement" | "motion" | "agenda") => Cue::Common,
        _ => Cue::Heading,
    }
}

/// Whether a line may begin with a word.
fn starts_line(word: &str) -> bool {
    word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '§' | '•' | '-' | '–' | '”' | '"'))
}

/// `5`, `5.`, `2.1`.
fn is_number(word: &str) -> bool {
    let digits = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    word.strip_suffix('.').unwrap_or(word).split('.').all(digits)
}

/// A member's party: `(S)`, `(MP)`, `(-)`.
fn is_party(word: &str) -> bool {
    let inner = word.strip_prefix('(').and_then(|w| w.strip_suffix(')').or_else(|| w.strip_suffix("),")));
    inner.is_some_and(|p| (1..=6).contains(&p.chars().count()) && p.chars().all(|c| c.is_alphabetic() || c == '-'))
}

/// A date alone: `2013-03-13`, `den 3 mars 2010`.
fn is_date(text: &str, lex: &Lexicon) -> bool {
    let words: Vec<&str> = text.split(' ').filter(|w| !w.is_empty()).collect();
    let digits =
        |w: &str, n: std::ops::RangeInclusive<usize>| n.contains(&w.len()) && w.bytes().all(|b| b.is_ascii_digit());
    match words.as_slice() {
        [one] => {
            let parts: Vec<&str> = one.split('-').collect();
            matches!(parts.as_slice(), [y, m, d] if digits(y, 4..=4) && digits(m, 2..=2) && digits(d, 2..=2))
        }
        [day, month, year] | [_, day, month, year] if words.len() == 3 || words.first() == Some(&"den") => {
            digits(day, 1..=2) && lex.dates.months.contains_key(&month.to_lowercase()) && digits(year, 4..=4)
        }
        _ => false,
    }
}

/// Whether a word ends as the names of committees and offices do.
fn ends_body(lex: &Lexicon, word: &str) -> bool {
    let word = word.trim_end_matches([',', '.', ':']).to_lowercase();
    let b = &lex.bodies;
    b.authority.iter().chain(&b.administration).any(|end| word.ends_with(end.to_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn restored(text: &str) -> Option<String> {
        restore(text, &Lexicon::built_in())
    }

    const REPORT: &str = "1 Tjänsteskrivelse Tallmo kommun Handläggare: Tuva Ekhage Kultur- och fritidsnämnden Lekplats vid Ekbacken och hur \
        barnen ska få komma till tals Sammanfattning Förvaltningen har på uppdrag av nämnden räknat på en lekplats. Ärendet har beretts med \
        skolan och Beslutsunderlag nämns här i texten. Förslag till beslut Nämnden beslutar 1. Lekplatsen byggs. 2. Förslaget sänds till \
        kommunfullmäktige. Bakgrund Frågan väcktes den 3 mars 2011 Ekonomi Lekplatsen kostar mindre än vad den gamla gjorde.";

    #[test]
    fn a_report_on_one_line_has_its_lines_again() {
        let text = restored(REPORT).unwrap();
        for line in [
            "1",
            "Tjänsteskrivelse",
            "Handläggare: Tuva Ekhage",
            "Kultur- och fritidsnämnden",
            "Sammanfattning",
            "Förslag till beslut",
            "2. Förslaget sänds till kommunfullmäktige.",
            "Bakgrund",
            "Frågan väcktes den 3 mars 2011",
        ] {
            assert!(text.lines().any(|l| l == line), "no line {line:?} in\n{text}");
        }
        let words = |s: &str| s.split_whitespace().map(String::from).collect::<Vec<_>>();
        assert_eq!(words(&text), words(REPORT));
    }

    #[test]
    fn minutes_on_one_line_have_members_and_items() {
        let text = restored(
            "1(12) Plats och tid Sessionssalen, Tallmo, kl 09.00-11.00 Beslutande ledamöter Jan Björkhage (S) Gun Åsfält (M) Ej beslutande \
             ersättare Bo Kvistlund (V) Justerare Gun Åsfält (M) Sekreterare Tuva Ekhage Paragrafer 26-27 2(12) § 26 Val av justerare Beslut \
             Gun Åsfält utses. § 27 Budget för nästa år Dnr KS 2018/14 Beslut Nämnden godkänner budgeten enligt § 12 i reglementet.",
        )
        .unwrap();
        for line in
            ["Beslutande ledamöter", "Jan Björkhage (S)", "Gun Åsfält (M)", "§ 26 Val av justerare", "Dnr KS 2018/14"]
        {
            assert!(text.lines().any(|l| l == line), "no line {line:?} in\n{text}");
        }
        assert!(text.contains("enligt § 12 i"), "{text}");
    }

    #[test]
    fn a_long_paragraph_is_left_alone() {
        let prose = "Nämnden har behandlat förslaget till budget och sett på hur Ekonomi och Bakgrund hänger ihop. Ärendet har beretts i \
            utskottet. Sammanfattning saknas ännu, men Bedömningen är att förslaget håller. ";
        assert_eq!(restored(&prose.repeat(4)), None);
        assert_eq!(
            restored("Tjänsteskrivelse\nHandläggare: Tuva Ekhage\n\nFörslag till beslut\nNämnden godkänner."),
            None
        );
    }
}
