//! Splits a text into lines with their pages, and finds what repeats over pages: running heads, feet, page numbers.
//!
//! Pages end at form feeds. Texts made of a PDF without them show a page's start as a line that begins with one space;
//! where neither is there, a running head with a counted page number does.

use std::collections::BTreeMap;

use crate::ingest::document::Zone;
use crate::ingest::layout::{Labels, is_list_item, page_number};
use crate::lexicon::Lexicon;

/// One line of the file.
#[derive(Clone, Debug)]
pub(super) struct RawLine {
    /// Without spaces at its ends; empty for an empty line.
    pub(super) text: String,
    /// Page, from 1.
    pub(super) page: u32,
    /// True if it is known to be page furniture.
    pub(super) zone: Zone,
    /// True if blanks set it in columns, which tabs part here.
    pub(super) set: bool,
    /// Where its columns begin on the printed line, in characters; the first is its indent.
    pub(super) starts: Vec<usize>,
    /// Where it ends there.
    pub(super) end: usize,
    /// True if the first column is an entry of a list, whose start is that of the text behind its number.
    pub(super) listed: bool,
    /// Where the text behind a number or bullet begins, from the line's first letter on; 0 if nothing stands there.
    pub(super) printed: usize,
}

/// A text as lines.
pub(super) struct Source<'l> {
    pub(super) lines: Vec<RawLine>,
    pub(super) pages: u32,
    /// How long a full line is, in characters; none if every paragraph is one line.
    pub(super) width: Option<usize>,
    /// Where a full line ends on the printed page, indent included; none as for the width.
    pub(super) end: Option<usize>,
    pub(super) labels: Labels<'l>,
}

/// Longest line of a text whose paragraphs are broken into lines, in characters.
const LONGEST_WRAPPED: usize = 130;
/// Lines at a page's top and bottom that may be running heads and feet.
const HEAD_LINES: usize = 8;

/// Splits a normalised text.
pub(super) fn split<'l>(text: &str, lex: &'l Lexicon) -> Source<'l> {
    let mut lines: Vec<RawLine> = Vec::new();
    let mut indented: Vec<bool> = Vec::new();
    let mut page = 1;
    for (i, sheet) in text.trim_end_matches('\u{c}').split('\u{c}').enumerate() {
        page = i as u32 + 1;
        // A break at a page's end closes its last line.
        for line in sheet.strip_suffix('\n').unwrap_or(sheet).split('\n') {
            let one_space =
                line.starts_with(' ') && line.trim_start().len() + 1 == line.len() && !line.trim().is_empty();
            indented.push(one_space);
            let indent = line.chars().take_while(|c| c.is_whitespace()).count();
            let end = line.trim_end().chars().count();
            let line = if is_rule(line.trim()) { "" } else { line };
            let closed = close_clause(line).or_else(|| close_letters(line));
            let line = closed.as_deref().unwrap_or(line);
            let columns = in_columns(line.trim());
            let set = columns.is_some();
            let listed = set && is_list_item(line.trim());
            let (text, mut starts) = columns.unwrap_or_else(|| (line.trim().to_string(), vec![0]));
            let printed = behind_number(line.trim());
            if let Some(first) = starts.first_mut().filter(|_| listed) {
                *first = behind_marker(line.trim());
            }
            starts.iter_mut().for_each(|s| *s += indent);
            lines.push(RawLine { text, page, zone: Zone::Body, set, starts, end, listed, printed });
        }
    }
    if page == 1 {
        page = pages_by_indent(&mut lines, &indented);
    }
    if page == 1 {
        page = pages_by_number(&mut lines);
    }
    let width = full_width(&lines);
    let labels = Labels::new(lex);
    mark_furniture(&mut lines, page, &labels);
    let end = width.map(|_| {
        let mut ends: Vec<usize> = lines.iter().filter(|l| !l.text.is_empty()).map(|l| l.end).collect();
        ends.sort_unstable();
        ends.get(ends.len() * 24 / 25).copied().unwrap_or(0)
    });
    Source { lines, pages: page, width, end, labels }
}

/// A line drawn with dashes, which parts what stands above and below. Lines to sign on are dotted or drawn low.
fn is_rule(line: &str) -> bool {
    line.chars().count() >= 3 && line.chars().all(|c| matches!(c, '-' | '–' | '—' | '=' | '*' | '~'))
}

/// A line that begins a clause with `a t t`, set apart as minutes were typed, with the word closed; what stands behind it stays
/// in its column. None for others.
fn close_clause(line: &str) -> Option<String> {
    let begin = line.len() - line.trim_start().len();
    let rest = line.get(begin..)?;
    let word = ["a t t ", "A T T ", "A t t "].iter().find(|w| rest.starts_with(**w))?;
    let closed: String = word.split(' ').collect();
    Some(format!("{}{closed}   {}", line.get(..begin)?, rest.get(word.len()..)?))
}

/// Fewest letters of a word that is printed with blanks between them.
const SPACED: usize = 5;

/// A line whose words in capitals were set apart, `D R I F T A V T A L`, with its words closed; none for others. Two or three
/// blanks part words there.
fn close_letters(line: &str) -> Option<String> {
    let alone = |w: &[u8]| matches!(w, [b' ', letter, b' '] if letter.is_ascii_uppercase());
    if line.len() > 400 || line.as_bytes().windows(3).filter(|w| alone(w)).count() < 3 {
        return None;
    }
    let mut out = String::with_capacity(line.len());
    let mut closed = false;
    // A run of letters that stand alone, and the blanks behind each.
    let mut run: Vec<(char, usize)> = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let word = rest.split(' ').next().unwrap_or(rest);
        let after = &rest[word.len()..];
        let blanks = after.len() - after.trim_start_matches(' ').len();
        let mut letters = word.chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) if letter.is_uppercase() => run.push((letter, blanks)),
            _ => {
                closed |= push_run(&mut out, &run);
                run.clear();
                out.push_str(word);
                out.extend(std::iter::repeat_n(' ', blanks));
            }
        }
        if blanks > 3 {
            closed |= push_run(&mut out, &run);
            run.clear();
        }
        rest = after.trim_start_matches(' ');
    }
    closed |= push_run(&mut out, &run);
    closed.then_some(out)
}

/// Adds a run of single letters: closed to words if it reads as such. Says whether.
fn push_run(out: &mut String, run: &[(char, usize)]) -> bool {
    let vowels = run.iter().filter(|(c, _)| matches!(c, 'A' | 'E' | 'I' | 'O' | 'U' | 'Y' | 'Å' | 'Ä' | 'Ö')).count();
    let alphabet = run.windows(2).all(|pair| matches!(pair, [a, b] if a.0 < b.0));
    let words = run.len() >= SPACED && vowels >= 2 && !alphabet;
    for (i, (letter, blanks)) in run.iter().enumerate() {
        out.push(*letter);
        let last = i + 1 == run.len();
        let blanks = match blanks {
            1 if words && !last => 0,
            2..=3 if words && !last => 1,
            n => *n,
        };
        out.extend(std::iter::repeat_n(' ', blanks));
    }
    words
}

/// Blanks between two columns, at least.
const GAP: usize = 3;
/// Most columns of a line that blanks set, and the most characters of one.
const MOST_COLUMNS: usize = 8;
const LONGEST_COLUMN: usize = 80;
/// Longest number or bullet of a list's entry, in characters, and the most columns of an entry.
const LONGEST_MARKER: usize = 5;
const MOST_LISTED: usize = 4;

/// A line that blanks set in columns, with a tab for each gap, and where each column begins; none for others, such as lines of
/// prose set to full width.
fn in_columns(line: &str) -> Option<(String, Vec<usize>)> {
    if !line.contains("   ") || line.contains('\t') {
        return None;
    }
    // The blanks behind a bullet or number part no columns.
    let listed = is_list_item(line);
    let mut cells: Vec<String> = Vec::new();
    let mut starts: Vec<usize> = Vec::new();
    let mut blanks = GAP;
    let mut at = 0;
    for word in line.split(' ') {
        let start = at;
        at += word.chars().count() + 1;
        if word.is_empty() {
            blanks += 1;
            continue;
        }
        match cells.last_mut().filter(|_| blanks + 1 < GAP) {
            Some(cell) => {
                cell.push(' ');
                cell.push_str(word);
            }
            None => {
                cells.push(word.to_string());
                starts.push(start);
            }
        }
        blanks = 0;
    }
    let marker = |c: &String| is_list_item(&format!("{c} x")) && c.chars().count() <= LONGEST_MARKER;
    if listed && cells.len() > 1 && cells.first().is_some_and(marker) {
        let number = cells.remove(0);
        starts.remove(1);
        if let Some(first) = cells.first_mut() {
            *first = format!("{number} {first}");
        }
    }
    if listed && starts.len() > MOST_LISTED {
        return None;
    }
    let fits = (2..=MOST_COLUMNS).contains(&cells.len()) && cells.iter().all(|c| c.chars().count() <= LONGEST_COLUMN);
    fits.then(|| (cells.join("\t"), starts))
}

impl RawLine {
    /// Whether this line goes on below the text of an entry or item, set in from its number: "§ 74  Yttrande över …" / "skolkök".
    pub(super) fn hangs_below(&self, first: &RawLine) -> bool {
        let indent = first.starts.first().copied().unwrap_or(0);
        let numbered = first.text.starts_with('§')
            || first.text.starts_with(|c: char| c.is_ascii_digit())
            || is_list_item(&first.text);
        // The sign and the number of an item are two words.
        let printed = first.printed;
        numbered && printed > 1 && self.starts.first() == Some(&(indent + printed)) && !self.is_labelled()
    }

    /// Whether a line begins with a label: "Bilaga: ansökan", "Dnr 2019/4".
    pub(super) fn is_labelled(&self) -> bool {
        let first = self.text.split([' ', '\t']).next().unwrap_or("");
        first.ends_with(':')
            || matches!(first, "Dnr" | "Dnr." | "Diarienr" | "Bilaga" | "Bilagor" | "Handläggare" | "Föredragande")
    }
}

/// Where the title or text behind a number begins on a line, from its first letter on; 0 if there is none.
fn behind_number(line: &str) -> usize {
    let rest = if line.starts_with('§') { line.trim_start_matches(['§', ' ', '\u{a0}']) } else { line };
    let marker = behind_marker(rest);
    let (all, behind) = (line.chars().count(), rest.chars().count());
    if marker < behind { all - behind + marker } else { 0 }
}

/// Where the text of a list's entry begins behind its number or bullet, in characters.
fn behind_marker(line: &str) -> usize {
    let marker = line.chars().take_while(|c| !c.is_whitespace()).count();
    marker + line.chars().skip(marker).take_while(|c| c.is_whitespace()).count()
}

/// Pages that begin with a line with one space before it, if the text's first line does and few others do.
fn pages_by_indent(lines: &mut [RawLine], indented: &[bool]) -> u32 {
    let first = lines.iter().position(|l| !l.text.is_empty()).unwrap_or(0);
    let starts = indented.iter().filter(|i| **i).count();
    if !indented.get(first).copied().unwrap_or(false) || starts < 2 || starts * 8 > lines.len() {
        return 1;
    }
    let mut page = 1;
    for (i, line) in lines.iter_mut().enumerate() {
        if i > first && indented.get(i).copied().unwrap_or(false) {
            page += 1;
        }
        line.page = page;
    }
    page
}

/// Pages counted by lines such as `Sida 2 (3)` that go up by one. The lines just before the number that repeat from
/// page to page belong to the new page.
fn pages_by_number(lines: &mut [RawLine]) -> u32 {
    // The count may stand in the last column of the head: `Samverkansavtal om familjerätt   Sida 2 (3)`.
    let of_row = |l: &RawLine| {
        let last = l.text.rsplit_once('\t').map_or("", |(_, cell)| cell);
        page_number(last).filter(|n| n.1.is_some())
    };
    let count = |l: &RawLine| page_number(&l.text).filter(|n| n.2).or_else(|| of_row(l)).map(|n| n.0);
    let counted: Vec<(usize, u32)> = lines.iter().enumerate().filter_map(|(i, l)| Some((i, count(l)?))).collect();
    let (Some(first), Some(last)) = (counted.first(), counted.last()) else { return 1 };
    let in_step = counted.windows(2).all(|w| matches!(w, [a, b] if b.1 == a.1 + 1));
    if counted.len() < 2 || !in_step || first.1 > 2 {
        return 1;
    }
    let filled_before = lines.iter().take(first.0).filter(|l| !l.text.is_empty()).count();
    let at_top = first.1 == 1 && filled_before <= HEAD_LINES && last.0 + 2 < lines.len();
    let starts: Vec<usize> = counted
        .iter()
        .filter(|(_, n)| *n > 1 || !at_top)
        .map(|(i, n)| if at_top || (first.1 == 2 && *n >= 2) { head_start(lines, *i, first.0) } else { i + 1 })
        .collect();
    let mut page = 1;
    let mut next = starts.iter().peekable();
    for (i, line) in lines.iter_mut().enumerate() {
        while next.next_if(|s| **s <= i).is_some() {
            page += 1;
        }
        line.page = page;
    }
    page
}

/// Where the head that ends with the page number on line `at` begins: its lines equal those before the first number.
fn head_start(lines: &[RawLine], at: usize, first: usize) -> usize {
    let mut start = at;
    for back in 1..=HEAD_LINES {
        let (Some(i), Some(j)) = (at.checked_sub(back), first.checked_sub(back)) else { break };
        let (Some(a), Some(b)) = (lines.get(i), lines.get(j)) else { break };
        if a.text.is_empty() || shape(&a.text) != shape(&b.text) {
            break;
        }
        start = i;
    }
    start
}

/// A line with every number the same, so that repeated heads are equal.
fn shape(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        let c = if c.is_ascii_digit() { '0' } else { c };
        if c != '0' || !out.ends_with('0') {
            out.push(c);
        }
    }
    out
}

/// The length of a full line: nine of ten lines are no longer. None if paragraphs are lines.
fn full_width(lines: &[RawLine]) -> Option<usize> {
    let mut lengths: Vec<usize> =
        lines.iter().filter(|l| !l.text.is_empty() && !l.text.contains('\t')).map(|l| l.text.chars().count()).collect();
    lengths.sort_unstable();
    let longest = lengths.last().copied().unwrap_or(0);
    let width = lengths.get(lengths.len() * 9 / 10).copied().unwrap_or(0);
    let glued = lines.windows(2).filter(|w| matches!(w, [a, b] if !a.text.is_empty() && !b.text.is_empty())).count();
    let long = lengths.iter().filter(|l| **l > LONGEST_WRAPPED).count();
    let wrapped =
        width >= 30 && long * 20 <= lengths.len() && (longest <= LONGEST_WRAPPED || glued * 2 > lengths.len());
    // Where all lines are short, as in a head or a list, only sentences broken at that length say that it is the width.
    let wrapped = wrapped && (width >= NARROW || broken_at(lines, width) >= BROKEN);
    wrapped.then_some(width.min(LONGEST_WRAPPED))
}

/// Lines of at least so many characters are prose; a narrower width needs so many sentences broken at it.
const NARROW: usize = 60;
const BROKEN: usize = 3;

/// How many lines near this length break a sentence: the next begins in lower case.
fn broken_at(lines: &[RawLine], width: usize) -> usize {
    let broken = |w: &&[RawLine]| match w {
        [a, b] => {
            !a.set
                && a.text.chars().count() + 10 > width
                && !a.text.ends_with(['.', ':', ';', ','])
                && b.text.starts_with(char::is_lowercase)
                && b.text.contains(' ')
        }
        _ => false,
    };
    lines.windows(2).filter(broken).count()
}

/// Whether a line below an empty one is the heading of a part: many pages may begin with "Beslut".
fn opens_part(lines: &[RawLine], i: usize, labels: &Labels) -> bool {
    let below_empty = i.checked_sub(1).and_then(|b| lines.get(b)).is_some_and(|b| b.text.is_empty());
    below_empty && lines.get(i).is_some_and(|l| labels.is_heading(&l.text))
}

/// Marks page numbers, and lines near a page's top or bottom that stand on at least half of the pages, and on two.
fn mark_furniture(lines: &mut [RawLine], pages: u32, labels: &Labels) {
    let mut at: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (i, line) in lines.iter().enumerate().filter(|(_, l)| !l.text.is_empty()) {
        at.entry(line.page).or_default().push(i);
    }
    let mut heads: BTreeMap<String, u32> = BTreeMap::new();
    let mut feet: BTreeMap<String, u32> = BTreeMap::new();
    let edge = |on_page: &[usize]| HEAD_LINES.min(on_page.len() / 2);
    // What numbers an item repeats only word for word.
    let shape = |text: &str| if text.contains('§') { text.to_string() } else { shape(text) };
    let shape_at = |i: &usize| lines.get(*i).map(|l| shape(&l.text)).unwrap_or_default();
    for on_page in at.values() {
        let n = edge(on_page);
        let mut seen = on_page.iter().take(n).map(shape_at).collect::<Vec<_>>();
        seen.sort();
        seen.dedup();
        seen.into_iter().for_each(|s| *heads.entry(s).or_default() += 1);
        let mut seen = on_page.iter().rev().take(n).map(shape_at).collect::<Vec<_>>();
        seen.sort();
        seen.dedup();
        seen.into_iter().for_each(|s| *feet.entry(s).or_default() += 1);
    }
    let repeats = |n: Option<&u32>| n.is_some_and(|n| *n >= 2 && *n * 2 >= pages);
    let mut marks: Vec<(usize, Zone)> = Vec::new();
    for on_page in at.values() {
        let n = edge(on_page);
        // A head is an unbroken run from the page's first line, a foot one to its last.
        for (i, from_top) in
            on_page.iter().take(n).map(|i| (i, true)).chain(on_page.iter().rev().take(n).map(|i| (i, false)))
        {
            let Some(line) = lines.get(*i) else { break };
            let number = page_number(&line.text);
            if number.is_some_and(|n| n.2 || pages > 1) {
                marks.push((*i, Zone::PageNumber));
            } else if pages > 1
                && repeats(if from_top { &heads } else { &feet }.get(&shape(&line.text)))
                && !is_list_item(&line.text)
                && !(from_top && opens_part(lines, *i, labels))
            {
                marks.push((*i, if from_top { Zone::Head } else { Zone::Foot }));
            } else {
                break;
            }
        }
    }
    // A sure page number in the middle is one all the same: the text has lost its page ends.
    for (i, line) in lines.iter().enumerate() {
        if page_number(&line.text).is_some_and(|n| n.2 && n.1.is_some()) && line.text.starts_with(['S', 's']) {
            marks.push((i, Zone::PageNumber));
        }
    }
    for (i, zone) in marks {
        if let Some(line) = lines.get_mut(i) {
            line.zone = zone;
        }
    }
}
