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
/// Most words of a heading or label.
const MOST_WORDS: usize = 7;
/// How far a head reaches at most, in words from the page's first.
const HEAD_WORDS: usize = 160;
/// Shortest line that may be a page if the page's number stands before it, in bytes.
const SHORTEST_NUMBERED: usize = 24;
/// Fewest points of a line that say it was several: two for a heading or label with no stop before it, one for a heading with
/// one.
const FEWEST: usize = 3;
/// Longest sentence of which the beginning is looked for behind a title, in words.
const LONGEST_SENTENCE: usize = 80;

/// The text with its lines, if some were lost.
pub(super) fn restore(text: &str, lex: &Lexicon) -> Option<String> {
    if !text.split('\n').any(|line| line.len() >= SHORTEST) {
        return None;
    }
    let items = item_range(text);
    let mut read: Vec<(Vec<Break>, usize, bool)> = Vec::new();
    let mut pages = 0;
    let mut minutes = Minutes::may_be(text).then(|| Minutes::new(lex));
    for line in text.split('\n') {
        let next = line.split(' ').next().and_then(|w| w.parse::<usize>().ok());
        // Pages of few words stand between the others, their number before them.
        let short = line.len() >= SHORTEST_NUMBERED && next == Some(pages + 1);
        if line.len() < SHORTEST && !short {
            read.push((Vec::new(), 0, false));
            continue;
        }
        pages += 1;
        let head: Vec<&str> = line.split(' ').take(3).collect();
        let counted =
            |n: usize| page_number(&head.get(..n).unwrap_or_default().join(" ")).is_some_and(|(_, _, sure)| sure);
        let numbered = next == Some(pages) || (1..=3).any(counted);
        let (breaks, points) = Page::new(line, pages, items, lex).breaks(minutes.as_mut());
        read.push((breaks, points, numbered));
    }
    let numbered: usize = read.iter().filter(|(_, _, numbered)| *numbered).map(|(_, points, _)| points).sum();
    if numbered < FEWEST && !read.iter().any(|(_, points, _)| *points >= FEWEST) {
        return None;
    }
    let mut out = String::with_capacity(text.len() + text.len() / 32);
    let mut changed = false;
    let mut page = 1;
    for (i, (line, (breaks, points, numbered))) in text.split('\n').zip(&read).enumerate() {
        if i > 0 {
            out.push('\n');
        }
        let mut from = 0;
        // The number that the copy set before the page is where the page begins.
        if let Some(rest) = number_of_copy(line, page).filter(|_| *numbered) {
            from = line.len() - rest.len();
            page += 1;
            if page > 2 {
                out.push('\u{c}');
            }
            changed = true;
        }
        if *points > 0 || *numbered {
            let first = from;
            for b in breaks.iter().filter(|b| b.at >= first) {
                let before = line.get(from..b.at).unwrap_or_default().trim_end();
                out.push_str(before);
                // Nothing stands before the first line of a page.
                if !before.is_empty() || b.at > from {
                    out.push_str(b.between);
                }
                from = b.at;
            }
            changed |= !breaks.is_empty();
        }
        out.push_str(line.get(from..).unwrap_or_default());
    }
    changed.then_some(out)
}

/// The page behind the number that a copy sets before it; none where the paper's own count stands there.
fn number_of_copy(line: &str, page: usize) -> Option<&str> {
    let (number, rest) = line.split_once(' ')?;
    let own = rest.starts_with(['(', '[', '/']) || rest.starts_with("av ");
    let begins = starts_line(rest) && rest.len() >= 2;
    (number.parse() == Ok(page) && !own && begins).then_some(rest)
}

/// The first and last item as the first page of minutes gives them: `Paragrafer 40 -- 49`.
fn item_range(text: &str) -> Option<(u32, u32)> {
    let at = text.find("Paragrafer")?;
    let rest = text.get(at + "Paragrafer".len()..)?;
    let mut numbers = rest.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty());
    let near = rest.find(|c: char| c.is_ascii_digit()).is_some_and(|i| i <= 8);
    let (first, last) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
    (near && first < last && last < first + 300).then_some((first, last))
}

/// Where a line begins.
#[derive(Clone, Copy, Debug)]
struct Break {
    /// Byte offset in the page's line.
    at: usize,
    /// What stands before it: the end of a line, an empty line, or the gap between two cells.
    between: &'static str,
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
    /// Those who adjust the minutes.
    Names,
    /// Numbers of the items.
    Paragraphs,
    /// Who signs follows, each below the other.
    Signing,
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
    /// What says that the line was several, see [`FEWEST`].
    points: usize,
    /// First and last item of the minutes, where they are known.
    items: Option<(u32, u32)>,
    last_item: Option<u32>,
    in_head: bool,
    in_attendance: bool,
    /// On the first page of minutes: who was there, who signs, when it was announced.
    in_front: bool,
    in_signatures: bool,
    kind_seen: bool,
    /// Whether a title may still run into the sentence below it.
    in_title: bool,
    /// The number of the last heading that has one.
    last_heading: usize,
}

impl<'t> Page<'t> {
    fn new(line: &'t str, number: usize, items: Option<(u32, u32)>, lex: &'t Lexicon) -> Self {
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
            points: 0,
            items,
            last_item: None,
            in_head: true,
            in_attendance: false,
            in_front: false,
            in_signatures: false,
            kind_seen: false,
            in_title: true,
            last_heading: 0,
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
        self.begin_after(i, if empty_line { "\n\n" } else { "\n" });
    }

    fn begin_after(&mut self, i: usize, between: &'static str) {
        let Some((at, _)) = self.words.get(i).copied().filter(|_| i > 0) else { return };
        match self.breaks.last_mut().filter(|b| b.at >= at) {
            Some(last) if last.at == at => {
                if between.len() > last.between.len() {
                    last.between = between;
                }
            }
            Some(_) => {}
            None => self.breaks.push(Break { at, between }),
        }
        self.begin = i;
    }

    /// The lines of the page but the first, and what says that lines were lost.
    fn breaks(mut self, mut minutes: Option<&mut Minutes>) -> (Vec<Break>, usize) {
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
            if let Some(end) = self.count_line(i).or_else(|| self.label_row(i)) {
                i = end;
                continue;
            }
            if let Some((n, cue)) = self.cue(i) {
                // A heading or number inside a list does not end it.
                let before = i.checked_sub(1).map_or("", |b| self.word(b)).trim_end_matches('.');
                if i > 0 && before.parse() == Ok(next_entry) && next_entry > 0 {
                    next_entry += 1;
                } else if cue != Cue::Label(Value::Dnr) {
                    next_entry = 1;
                }
                let at = i;
                i = self.take(i, n, cue);
                if let Some(m) = minutes.as_deref_mut() {
                    m.cut(at, i, cue == Cue::Label(Value::Dnr));
                }
                continue;
            }
            // Of minutes the items are told above.
            if let Some(from) = if minutes.is_none() { self.begins_item(i) } else { None } {
                self.begin_at(from, true);
                (self.in_head, self.in_attendance, self.in_front) = (false, false, false);
                self.in_title = true;
                i += 2;
                continue;
            }
            if let Some(end) = self.head_line(i).or_else(|| self.people(i)).or_else(|| self.signatures(i)) {
                i = end;
                continue;
            }
            if i == self.begin && matches!(self.word(i), "1." | "1)") {
                next_entry = 2;
            } else if self.begins_entry(i, next_entry) {
                self.begin_at(i, false);
                next_entry += usize::from(self.word(i).starts_with(|c: char| c.is_ascii_digit()));
            } else if self.ends_line(i) {
                self.begin_at(i + 1, false);
            } else if self.in_title && self.word(i).ends_with('.') {
                self.end_title(i);
            }
            i += 1;
        }
        (self.breaks, self.points)
    }

    /// Takes a page's count inside the line: `Sida 1 (4)`; the word to go on with.
    fn count_line(&mut self, i: usize) -> Option<usize> {
        let word = self.word(i);
        let counts =
            word.starts_with(|c: char| c.is_ascii_digit() || c == '(') || word.to_lowercase().starts_with("sid");
        if !self.in_head || !counts {
            return None;
        }
        // Where the page's number was lost its total is left.
        let total = |w: &str| {
            let inner = w.strip_prefix('(').and_then(|w| w.strip_suffix(')'));
            inner.is_some_and(|n| (1..=3).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit()))
        };
        let n = (1..=3).rev().find(|n| {
            let text = self.text(i, i + n);
            text.contains(['(', '[', '/']) && page_number(text).is_some_and(|(_, _, sure)| sure)
                || *n == 1 && total(word)
        })?;
        if !(self.word(i + n).is_empty() || starts_line(self.word(i + n))) {
            return None;
        }
        self.points += usize::from(i > self.begin);
        self.begin_at(i, false);
        self.begin_at(i + n, false);
        Some(i + n)
    }

    /// Takes a row of labels that stands above the row of their values: `Handläggare Datum Diarienummer`.
    fn label_row(&mut self, i: usize) -> Option<usize> {
        if !self.in_head || self.in_front || !self.word(i).starts_with(char::is_uppercase) {
            return None;
        }
        let mut end = i;
        let mut labels = 0;
        while let Some(n) = self.label(end) {
            // The last of the row may have its value behind it.
            let officer = self.cue(end).is_some_and(|(_, cue)| cue == Cue::Label(Value::Person));
            if officer && self.name(end + n).is_some() {
                break;
            }
            labels += 1;
            end += n;
        }
        if labels < 2 || !starts_line(self.word(end)) {
            return None;
        }
        if self.begin < i {
            self.points += 2;
        }
        self.begin_at(i, false);
        self.begin_at(end, false);
        Some(end)
    }

    /// How many words from here on are a label of a head with no colon behind it.
    fn label(&self, i: usize) -> Option<usize> {
        (1..=3).rev().find(|n| {
            let text = self.text(i, i + n);
            let list = &self.lex.headings.list;
            let key = heading_key(text);
            let places = self.lex.headings.spellings.places(&key);
            let mut cues = places.filter_map(|place| list.get(place)).map(cue_of);
            let row = |c| matches!(c, Cue::Label(Value::Person | Value::Date | Value::Dnr | Value::Other));
            !text.ends_with([':', '.'])
                && i + n <= self.words.len()
                && !matches!(text, "Till" | "Sida" | "Sid")
                && cues.any(row)
        })
    }

    /// Takes what stands on a line of its own in a head: a committee, an office, a municipality; the word to go on with.
    fn head_line(&mut self, i: usize) -> Option<usize> {
        if !self.in_head {
            return None;
        }
        let word = self.word(i);
        let before = i.checked_sub(1).map_or("", |b| self.word(b));
        let in_title = self.is_function_word(&before.to_lowercase())
            || before.ends_with([',', '/', '-', '–', '('])
            || before.starts_with(char::is_lowercase) && self.begin < i && !before.contains(['@', '.']);
        if let Some(n) = self.body_name(i).filter(|_| !in_title) {
            let before = before.to_lowercase();
            let labelled = before == "till" || before.ends_with(':') && !before.starts_with("e-post");
            if !labelled {
                self.begin_at(i, false);
            }
            self.begin_at(i + n, false);
            return Some(i + n);
        }
        if i == self.begin && word.starts_with(char::is_uppercase) {
            let next = self.word(i + 1).to_lowercase();
            let ends = self.lex.bodies.municipalities.iter().any(|m| m.strip_prefix(' ') == Some(next.as_str()));
            if ends && starts_line(self.word(i + 2)) {
                self.points += 1;
                self.begin_at(i + 2, false);
                return Some(i + 2);
            }
        }
        None
    }

    /// How many words from here on are a committee's or office's name in its plain form, with another line behind it.
    fn body_name(&self, i: usize) -> Option<usize> {
        let first = self.word(i);
        if !first.starts_with(char::is_uppercase) {
            return None;
        }
        let capitals = is_capitals(first);
        (1..=6).find(|n| {
            let last = self.word(i + n - 1);
            let whole = (1..*n).all(|k| {
                let w = self.word(i + k);
                if capitals {
                    is_capitals(w)
                } else {
                    w.starts_with(char::is_lowercase) && !w.ends_with(['.', ',', ':'])
                }
            });
            whole && is_body(self.lex, last) && (self.word(i + n).is_empty() || starts_line(self.word(i + n)))
        })
    }

    /// Takes a name: of who writes in the head, of who was there or signs on the first page of minutes.
    fn people(&mut self, i: usize) -> Option<usize> {
        let n = self.name(i)?;
        let before = i.checked_sub(1).map_or("", |b| self.word(b));
        let bound = self.is_function_word(&before.to_lowercase())
            || NAME_BINDS.contains(&before.to_lowercase().as_str())
            || before.ends_with(['(', '/', '-', '–']);
        if bound {
            return Some(i + n);
        }
        let next = self.word(i + n);
        if self.in_front && (self.in_attendance || self.in_signatures) {
            self.begin_at(i, false);
            let mut end = i + n;
            end += usize::from(is_party(self.word(end)));
            let closed = !self.word(end - 1).ends_with(',') && self.word(end).starts_with(char::is_uppercase);
            if closed {
                self.begin_at(end, false);
            }
            return Some(end);
        }
        if !self.in_head || before.ends_with(',') && !self.is_title(before) {
            return None;
        }
        // `Eva Ek, Bo Berg Telefon`.
        let second = self.word(i + n - 1).ends_with(',')
            && is_surname(self.lex, next)
            && is_surname(self.lex, self.word(i + n + 1))
            && matches!(self.cue(i + n + 2), Some((_, Cue::Label(_))));
        if second {
            self.begin_at(i, false);
            return Some(i + n + 2);
        }
        // `Trafikplanerare Oskar Ek`, `Socialkontoret Eva Falk Telefon`.
        let titled = i > 0 && self.is_title(before);
        let contact = next.contains('@')
            || self.cue(i + n).is_some_and(|(_, cue)| matches!(cue, Cue::Label(_) | Cue::Kind))
            || self.is_title(next)
            || page_number(self.text(i + n, i + n + 2)).is_some_and(|(_, _, sure)| sure);
        if titled || contact {
            if i > self.begin {
                self.begin_at(if titled { i - 1 } else { i }, false);
            }
            if !self.is_title(next) && starts_line(next) {
                self.begin_at(i + n, false);
            }
            return Some(i + n);
        }
        None
    }

    /// Takes those who sign a paper: behind a sentence a name and a title, then others; the word to go on with.
    fn signatures(&mut self, i: usize) -> Option<usize> {
        if self.in_front {
            return None;
        }
        let before = i.checked_sub(1).map_or("", |b| self.word(b));
        let office = self.body_name(i);
        let start = i + office.unwrap_or(0);
        if office.is_none() && !before.ends_with(['.', ':']) {
            return None;
        }
        let mut at = start;
        let mut lines: Vec<(usize, &'static str)> = Vec::new();
        loop {
            let mut names = Vec::new();
            let mut next = at;
            while let Some(n) = self.name(next) {
                names.push(next);
                next += n;
                if names.len() == 3 {
                    break;
                }
            }
            let mut titles = Vec::new();
            while titles.len() < names.len() {
                let Some(n) = self.title_words(next) else { break };
                titles.push(next);
                next += n;
            }
            if names.is_empty() || titles.len() != names.len() {
                break;
            }
            for (row, first) in [(&names, "\n\n"), (&titles, "\n")] {
                lines.extend(row.iter().enumerate().map(|(k, w)| (*w, if k == 0 { first } else { "\t" })));
            }
            at = next;
        }
        if lines.is_empty() || !(self.word(at).is_empty() || starts_line(self.word(at))) {
            return None;
        }
        if office.is_some() {
            self.begin_at(i, true);
        }
        for (word, between) in lines {
            self.begin_after(word, between);
        }
        self.begin_at(at, true);
        self.in_head = false;
        Some(at)
    }

    /// How many words from here on are a person's name: a given name that is known, and what follows it.
    fn name(&self, i: usize) -> Option<usize> {
        if !self.is_given(self.word(i)) {
            return None;
        }
        let mut n = 1;
        // `Eva B Ek`, `Carl von Ek`, `Anna Maria Ek`.
        while n < 3 {
            let w = self.word(i + n);
            let initial = w.trim_end_matches('.').chars().count() == 1 && w.starts_with(char::is_uppercase);
            let particle =
                matches!(w, "af" | "av" | "von" | "de") && self.word(i + n + 1).starts_with(char::is_uppercase);
            let second =
                self.is_given(w) && is_surname(self.lex, self.word(i + n + 1)) && !self.is_given(self.word(i + n + 1));
            if !(initial || particle || second && n == 1) {
                break;
            }
            n += 1;
        }
        let last = self.word(i + n);
        let surname = is_surname(self.lex, last) && !self.is_title(last) && self.cue(i + n).is_none();
        surname.then_some(n + 1)
    }

    fn is_given(&self, word: &str) -> bool {
        let known = |w: &str| self.lex.given_names.binary_search_by(|n| n.as_str().cmp(w)).is_ok();
        if !word.starts_with(char::is_uppercase) || word.len() > 40 {
            return false;
        }
        if is_capitals(word) && word.chars().count() > 2 {
            let mut chars = word.chars();
            let first: String = chars.next().into_iter().collect();
            return known(&format!("{first}{}", chars.as_str().to_lowercase()));
        }
        known(word) || word.split_once('-').is_some_and(|(a, b)| known(a) && known(b))
    }

    /// Whether a word is a title: `Avdelningschef`, `stadsdelsdirektör`.
    fn is_title(&self, word: &str) -> bool {
        let word = word.trim_end_matches([',', '.']).to_lowercase();
        word.len() > 4 && self.lex.titles.endings.iter().any(|e| word.ends_with(e.as_str()))
    }

    /// How many words from here on are a title that stands under a name.
    fn title_words(&self, i: usize) -> Option<usize> {
        (1..=3).find(|n| {
            let last = self.word(i + n - 1);
            let plain = !last.ends_with([',', '.', ':', ';']) && self.is_title(last);
            let before = (0..n - 1).all(|k| {
                let w = self.word(i + k);
                !w.is_empty() && !w.ends_with([',', '.', ':', ';']) && !self.is_given(w) && !self.is_function_word(w)
            });
            plain && before
        })
    }

    /// Ends a title that runs into the sentence below it: the sentence begins with the capital before its verb.
    fn end_title(&mut self, stop: usize) {
        let begin = self.begin;
        if stop < begin + 6 || stop > begin + LONGEST_SENTENCE || !self.word(begin).starts_with(char::is_uppercase) {
            return;
        }
        let Some(verb) = (begin + 3..=stop).find(|k| {
            let w = self.word(*k);
            w.starts_with(char::is_lowercase) && self.lex.words.finite_verbs.iter().any(|v| v == w)
        }) else {
            return;
        };
        let capital = |k: usize| self.word(k).starts_with(char::is_uppercase);
        let ended = |k: usize| {
            let w = self.word(k);
            !w.ends_with([',', ':', '-', '–', '/'])
                && !self.is_function_word(&w.to_lowercase())
                && !self.lex.words.open_ends.contains(&w.to_lowercase())
        };
        let Some(mut start) = (begin + 2..verb).rev().find(|k| capital(*k) && ended(k - 1)) else { return };
        while start > begin + 2 && capital(start - 1) && ended(start - 2) && !self.word(start - 1).ends_with(')') {
            start -= 1;
        }
        if start >= begin + 2 && !capital(start - 1) || self.word(start - 1).ends_with(')') {
            self.begin_at(start, true);
            (self.in_head, self.in_title) = (false, false);
        }
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
            let key = heading_key(text.trim_end_matches(['.', ':', '…'])).replace(" / ", "/");
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
                let cue = signing_cue(&key, cue_of(h));
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
        let dots = self.word(i + n - 1).ends_with(['.', '…']);
        let own_line =
            next.is_empty() || starts_line(next) || next == "att" && matches!(id, "decision" | "proposed_decision");
        if before.ends_with([',', '(', '/', '-', '–', '&'])
            || self.is_function_word(before) && before.starts_with(char::is_lowercase)
        {
            return false;
        }
        match cue {
            Cue::Kind => self.in_head && (!self.kind_seen || is_capitals(self.word(i))) && own_line,
            Cue::Label(Value::Dnr) => {
                colon || (1..=2).any(|k| self.word(i + n + k - 1).bytes().any(|b| b.is_ascii_digit()))
            }
            Cue::Label(Value::Body) => {
                (self.in_head || self.in_front) && (colon || own_line || ends_body(self.lex, next))
            }
            Cue::Label(_) => (self.in_head || self.in_front) && (colon || own_line || dots),
            Cue::Attendance => (self.in_head || self.in_front) && !self.in_signatures && (colon || own_line),
            Cue::Heading => colon || own_line,
            Cue::Common => {
                own_line && (after_stop || is_number(before)) && !before.is_empty() && !(self.in_head && colon)
            }
        }
    }

    fn is_function_word(&self, word: &str) -> bool {
        self.lex.words.function_words.iter().any(|w| w == word)
    }

    /// Takes a heading or label and, where its shape is known, its value; the word to go on with.
    fn take(&mut self, i: usize, n: usize, cue: Cue) -> usize {
        let before = i.checked_sub(1).map_or("", |b| self.word(b));
        let heading = matches!(cue, Cue::Heading | Cue::Common);
        if self.begin < i {
            let stop = before.ends_with(['.', '!', '?', ':']);
            self.points += if !stop { 2 } else { usize::from(cue == Cue::Heading) };
        }
        // The heading's number stands before it.
        let number = before.trim_end_matches('.').parse().unwrap_or(0);
        let in_order = number == self.last_heading + 1 || number == 1 || before.contains('.') || cue == Cue::Common;
        let signed = i >= 2 && self.word(i - 2).starts_with('§');
        let numbered =
            (heading && in_order || cue == Cue::Label(Value::Dnr)) && i > self.begin && is_number(before) && !signed;
        if numbered && heading {
            self.last_heading = number;
        }
        let meeting = matches!(cue, Cue::Attendance | Cue::Label(Value::Meeting | Value::Names | Value::Signing));
        self.begin_at(if numbered { i - 1 } else { i }, heading || meeting);
        let mut end = i + n;
        end += usize::from(self.word(end) == ":");
        self.in_attendance = cue == Cue::Attendance || self.in_attendance && cue == Cue::Label(Value::Person);
        self.in_front |= meeting && !matches!(cue, Cue::Label(Value::Signing));
        match cue {
            Cue::Kind => {
                self.kind_seen = true;
                self.begin_at(end, false);
            }
            Cue::Heading | Cue::Common => {
                // `Omedelbar justering` stands among what the first page says of the adjusters.
                let of_front = self.in_front && self.text(i, end).to_lowercase().contains("justering");
                if !of_front {
                    (self.in_head, self.in_front, self.in_signatures, self.in_title) = (false, false, false, false);
                }
                self.begin_at(end, true);
            }
            Cue::Attendance => self.begin_at(end, false),
            Cue::Label(Value::Signing) => {
                self.in_front |= self.in_head;
                self.in_signatures = self.in_front;
                if self.in_front {
                    self.begin_at(end, false);
                }
            }
            Cue::Label(value) => {
                // Who signs stands below, a cell of another column between.
                let signs = value == Value::Person && self.in_front;
                self.in_signatures |= signs && !self.in_attendance;
                let mut taken = self.value(end, value);
                if value == Value::Person && taken > 0 && !self.in_front {
                    if let Some(more) = self.name(end + taken) {
                        self.begin_at(end + taken, false);
                        taken += more;
                    }
                    taken += usize::from(self.word(end + taken) == ",");
                    if self.word(end + taken).contains('@') {
                        self.begin_at(end + taken, false);
                    }
                }
                let next = end + taken;
                let missing =
                    taken == 0 && matches!(value, Value::Other | Value::Date | Value::Person | Value::Paragraphs);
                let is_value = |w: &str| w.bytes().any(|b| b.is_ascii_digit()) || w.contains('@');
                if taken > 0 && (starts_line(self.word(next)) || value == Value::Names)
                    || missing && starts_line(self.word(next)) && !is_value(self.word(next))
                {
                    self.begin_at(next, false);
                }
                end = next;
            }
        }
        end
    }

    /// How many words from here on are a label's value of a shape; 0 if they do not show it.
    fn value(&self, from: usize, value: Value) -> usize {
        match value {
            // Those who adjust: `Anna Ek (S) och Bo Berg`; where and when they do is not read.
            Value::Names => {
                let mut n = 0;
                while let Some(name) = self.name(from + n) {
                    n += name;
                    n += usize::from(is_party(self.word(from + n)));
                    if !matches!(self.word(from + n), "och" | "samt" | "&") || self.name(from + n + 1).is_none() {
                        break;
                    }
                    n += 1;
                }
                n
            }
            Value::Paragraphs => (0..6)
                .take_while(|k| {
                    let w = self.word(from + k);
                    !w.is_empty() && w.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '–' | '§' | ',' | ':'))
                })
                .count(),
            Value::Person => {
                if let Some(n) = self.name(from) {
                    return n + usize::from(is_party(self.word(from + n)));
                }
                let is_name = |w: &str| {
                    w.starts_with(char::is_uppercase)
                        && w.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '.' | '\'' | '’'))
                        && !ends_body(self.lex, w)
                };
                let most = (0..3)
                    .take_while(|k| {
                        let w = self.word(from + k);
                        is_name(w) && !self.is_title(w) && self.cue(from + k).is_none()
                    })
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
                    let entry = word.ends_with('.') && is_number(word);
                    numbered(*k) && (*k == letters || !is_date(word, self.lex) && !entry)
                });
                let n = letters + numbers.count();
                if n > letters { n } else { 0 }
            }
            Value::Body => (1..=5).find(|n| ends_body(self.lex, self.word(from + n - 1))).unwrap_or(0),
            Value::Meeting | Value::Signing | Value::Other => 0,
        }
    }

    /// The word that an item of minutes begins with, if its number stands here: `§ 12 Val av justerare`, `Ks 143 Dnr`, and where
    /// the sign was lost `143 Val av justerare`, if the first page says which numbers there are.
    fn begins_item(&mut self, i: usize) -> Option<usize> {
        let word = self.word(i);
        let before = i.checked_sub(1).map_or("", |b| self.word(b));
        let title = |w: &str| w.starts_with(|c: char| c.is_uppercase() || c == '”');
        if let Some(rest) = word.strip_prefix('§') {
            let (number, next) =
                if rest.is_empty() { (self.word(i + 1), self.word(i + 2)) } else { (rest, self.word(i + 1)) };
            let begins = number.starts_with(|c: char| c.is_ascii_digit())
                && !number.ends_with([',', '.', ';', ')'])
                && title(next)
                && !before.ends_with([',', '(', ':', ';'])
                && !self.is_function_word(before)
                && !before.bytes().next_back().is_some_and(|b| b.is_ascii_digit());
            return begins.then_some(i);
        }
        let number: u32 = word.parse().ok().filter(|n| *n < 1000)?;
        let known_range = self.items.is_some_and(|(first, last)| (first..=last).contains(&number));
        let next = match self.last_item {
            Some(last) => number == last + 1 || known_range && number == last + 2,
            // Behind a page's head, or with a diary number.
            None => known_range || self.number > 1 && i == self.begin || self.word(i + 1) == "Dnr",
        };
        let known = self.word(i + 1);
        let long = known.chars().count() > 2 || self.word(i + 2).starts_with(char::is_lowercase);
        if self.in_front || !next || !title(known) || !long || self.is_title(known) || is_month(self.lex, known) {
            return None;
        }
        // Before the first of a page the sentence or line above has ended.
        let begun = self.last_item.is_some() || i == self.begin || before.ends_with('.') || self.cue(i + 1).is_some();
        let bound = before.ends_with([',', '(', ';', '/', '-']) || self.is_function_word(&before.to_lowercase());
        if !begun || bound {
            return None;
        }
        self.last_item = Some(number);
        let board = (2..=5).contains(&before.len())
            && title(before)
            && before.chars().all(char::is_alphabetic)
            && before.chars().any(char::is_lowercase);
        Some(if board && i > self.begin { i - 1 } else { i })
    }

    /// Whether an entry of a list begins with a word: the next number of it, or a bullet.
    fn begins_entry(&self, i: usize, number: usize) -> bool {
        let (word, next) = (self.word(i), self.word(i + 1));
        if !next.starts_with(|c: char| c.is_alphabetic() || c == '”') {
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
        if self.in_signatures && is_party(word) {
            return true;
        }
        // Leaders of a list of contents: `Information... 3`.
        if i > 0 && self.word(i - 1).ends_with("...") && word.bytes().all(|b| b.is_ascii_digit()) {
            return true;
        }
        if !self.in_head {
            return false;
        }
        let words = i + 1 - self.begin;
        words <= 5 && line.starts_with(char::is_uppercase) && is_body(self.lex, word) && !self.in_name(i)
            || words <= 4 && is_date(line, self.lex)
            || word.contains('@')
    }

    /// Whether a committee's name goes on behind a word: `Kommunstyrelsens arbetsutskott`, `Kultur- och fritidsnämnden`.
    fn in_name(&self, i: usize) -> bool {
        let next = self.word(i + 1);
        next.starts_with(char::is_lowercase)
    }
}

/// What labels of the first page do that are not all alike: those who adjust are named behind some and sign below others.
fn signing_cue(key: &str, cue: Cue) -> Cue {
    match key {
        "utses att justera" | "justeringspersoner" | "val av justerare" => Cue::Label(Value::Names),
        "justerande" | "justerare" | "underskrifter" | "underskrift" if !matches!(cue, Cue::Kind) => {
            Cue::Label(Value::Signing)
        }
        _ => cue,
    }
}

/// What the spellings of a heading do.
fn cue_of(heading: &Heading) -> Cue {
    match (heading.id.as_str(), heading.role.as_str()) {
        ("doc_type_label", _) => Cue::Kind,
        ("officer" | "secretary_label" | "author_label", _) => Cue::Label(Value::Person),
        ("secretary_chair", _) | ("agreement_signatures", _) => Cue::Label(Value::Person),
        ("date_label" | "meeting_date_label", _) => Cue::Label(Value::Date),
        ("dnr_label" | "foreign_label", _) => Cue::Label(Value::Dnr),
        ("recipient" | "board_label", _) => Cue::Label(Value::Body),
        ("present", _) => Cue::Attendance,
        ("paragraphs", _) => Cue::Label(Value::Paragraphs),
        ("place_time" | "adjusters" | "notice_board", _) => Cue::Label(Value::Meeting),
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

/// Words before a name that it belongs to: `ersätter Anna Ek`.
const NAME_BINDS: [&str; 8] = ["ersätter", "ersättare", "ers", "ers.", "tjg", "från", "av", "f"];

/// Whether all letters are capitals, and more than one.
fn is_capitals(word: &str) -> bool {
    let mut letters = word.chars().filter(|c| c.is_alphabetic()).peekable();
    word.len() > 1 && letters.peek().is_some() && letters.all(char::is_uppercase)
}

/// Whether a word can be a surname.
fn is_surname(lex: &Lexicon, word: &str) -> bool {
    let bare = word.trim_end_matches(',');
    bare.chars().count() > 1
        && bare.starts_with(char::is_uppercase)
        && bare.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’'))
        && !ends_body(lex, bare)
}

fn is_month(lex: &Lexicon, word: &str) -> bool {
    lex.dates.months.contains_key(&word.to_lowercase())
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

/// Whether a word ends as the names of committees and offices do in their plain form, which alone stands on a line of its own.
fn is_body(lex: &Lexicon, word: &str) -> bool {
    let word = word.trim_end_matches([',', '.', ':']);
    !word.ends_with(['s', 'S']) && ends_body(lex, word) && word.chars().count() > 5
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
        // All but the number that the copy set before the page.
        assert_eq!(words(&text), words(&REPORT[2..]));
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
    fn pages_begin_where_the_copy_numbers_them() {
        let text = restored(
            "1 TALLMO KOMMUN Kommunstyrelsen Datum Diarienummer KS 2014/231 1 (4) Utredare Tuva Ekhage Gemensam skötsel av hamnarna \
             Ärendebeskrivning Utskottet bad i april om en utredning av hur hamnarna sköts. Den ska redovisas i oktober och har tagit \
             längre tid än väntat, eftersom två av föreningarna har bytt styrelse under sommaren.\n\n2 Bakgrund Hamnarna är fem. \
             Kommunstyrelsens förvaltning Eva Ekholm Förvaltningschef Anna Björk Ekonomichef",
        )
        .unwrap();
        let pages: Vec<&str> = text.split('\u{c}').collect();
        assert_eq!(pages.len(), 2, "{text}");
        for line in
            ["TALLMO KOMMUN", "Kommunstyrelsen", "1 (4)", "Utredare Tuva Ekhage", "Gemensam skötsel av hamnarna"]
        {
            assert!(pages[0].lines().any(|l| l == line), "no line {line:?} in\n{text}");
        }
        for line in ["Bakgrund", "Eva Ekholm", "Förvaltningschef", "Anna Björk", "Ekonomichef"] {
            assert!(pages[1].lines().any(|l| l == line), "no line {line:?} in\n{text}");
        }
    }

    #[test]
    fn a_title_ends_where_the_sentence_below_begins() {
        let text = restored(
            "1 TJÄNSTESKRIVELSE 1 (2) Datum: Handläggare: Tuva Ekhage Kommunstyrelsen Ny ränna vid Ekbäckens kvarn Ekbäckens \
             byalag vill gräva en ränna förbi kvarnen. Pengar finns redan Förslag till beslut Kommunstyrelsen avslår begäran Bakgrund \
             Kvarnen är från förra seklet och ägs av byalaget, som har fått bidrag från länsstyrelsen för att rusta den.",
        )
        .unwrap();
        for line in
            ["Ny ränna vid Ekbäckens kvarn", "Ekbäckens byalag vill gräva en ränna förbi kvarnen. Pengar finns redan"]
        {
            assert!(text.lines().any(|l| l == line), "no line {line:?} in\n{text}");
        }
    }

    #[test]
    fn those_who_sign_minutes_stand_below_each_other() {
        let text = restored(
            "1 Plats och tid Sessionssalen kl 9 Beslutande Jan Björkhage (S), ordförande Eva Åsfält (M) Utses att justera Eva Åsfält \
             Justeringens plats och tid Kansliet Underskrifter Sekreterare Paragrafer 31-33 Anna Ekhage Ordförande Jan Björkhage \
             Justerande Eva Åsfält ANSLAG/BEVIS Justeringen har tillkännagivits genom anslag Organ Kommunstyrelsen Underskrift Anna \
             Ekhage\n\n2 Kommunstyrelsen 31 Dnr KS 2018/14 Budget för nästa år Beslut Förslaget antas. 32 Val av justerare Eva Åsfält \
             utses att justera. 33 Delgivningar Listan läggs till handlingarna.",
        )
        .unwrap();
        for line in [
            "Sekreterare",
            "Paragrafer 31-33",
            "Anna Ekhage",
            "Ordförande Jan Björkhage",
            "Justerande Eva Åsfält",
            "Organ Kommunstyrelsen",
            "31 Dnr KS 2018/14",
            "Budget för nästa år",
        ] {
            assert!(text.lines().any(|l| l == line), "no line {line:?} in\n{text}");
        }
        assert!(text.contains("\n32 Val av justerare"), "{text}");
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
