//! Finds the blocks of a text: paragraphs, headings, lists, tables, signatures side by side, the margin block.

use std::cell::LazyCell;
use std::ops::Deref;

use super::lines::{RawLine, Source};
use super::rows::Rows;
use crate::ingest::document::{BlockKind, Zone};
use crate::ingest::layout::{Before, Draft, DraftLine, Flow, Label, Labels, is_list_item, marked_rows};
use crate::lexicon::Lexicon;

/// Longest heading, in characters.
const LONGEST_HEADING: usize = 90;
/// Longest line of a margin block, in characters.
const LONGEST_LABEL: usize = 60;
/// How many characters short of the full width a line may be and still be full.
const SLACK: usize = 9;

/// Lines without an empty line or a page's end between them.
type Chunk<'s> = Vec<&'s RawLine>;

/// The blocks of a text, in reading order.
pub(super) fn read(source: &Source, lex: &Lexicon) -> Vec<Draft> {
    let flow = Flow::new(lex, &source.labels);
    let has_items = source.lines.iter().filter(|l| is_item_heading(&l.text)).count() > 1;
    let reader = Reader { source, flow: &flow, has_items };
    let (body, mut drafts): (Vec<&RawLine>, Vec<Draft>) = reader.take_furniture();
    let chunks = chunks(&body);
    let in_margin = margin_chunks(&chunks, &source.labels);
    let mut blocks: Vec<Draft> = Vec::new();
    let mut previous_columns: Option<Columns> = None;
    for (chunk, margin) in chunks.iter().zip(in_margin) {
        if margin {
            let mut draft = Draft::body(BlockKind::Lines, chunk.iter().map(|l| plain(l, Before::Break)).collect());
            draft.zone = Zone::Margin;
            flow.join_broken_names(&mut draft.lines);
            drafts.push(draft);
            continue;
        }
        if let Some(columns) = &previous_columns
            && columns.tail_again(chunk)
        {
            // The end of the second column stands after that of the first.
            if let Some(last) = blocks.last_mut() {
                last.lines.extend(chunk.iter().map(|l| plain(l, Before::Break)));
            }
            previous_columns = None;
            continue;
        }
        previous_columns = columns_of(chunk);
        match &previous_columns {
            Some(columns) => {
                blocks.extend(reader.blocks_of(&columns.before));
                blocks.extend(columns.stacks.iter().map(|s| {
                    Draft::body(
                        BlockKind::Lines,
                        s.iter().map(|(t, p)| DraftLine::plain(t.clone(), *p, Before::Break)).collect(),
                    )
                }));
            }
            None => blocks.extend(reader.blocks_of(chunk)),
        }
    }
    let blocks = flow.join_interrupted(blocks, |d| d.lines.last().is_some_and(|l| reader.is_full(&l.text, "")));
    let mut blocks = marked_rows(blocks);
    name_headings(&mut blocks, &source.labels);
    drafts.extend(blocks);
    drafts
}

fn plain(line: &RawLine, before: Before) -> DraftLine {
    DraftLine::plain(line.text.clone(), line.page, before)
}

/// Parts lines at empty ones and at page ends.
fn chunks<'s>(lines: &[&'s RawLine]) -> Vec<Chunk<'s>> {
    let mut out: Vec<Chunk<'s>> = Vec::new();
    let mut open = false;
    for line in lines {
        if line.text.is_empty() {
            open = false;
            continue;
        }
        match out.last_mut() {
            Some(chunk) if open && chunk.last().is_some_and(|l| l.page == line.page) => chunk.push(line),
            _ => out.push(vec![line]),
        }
        open = true;
    }
    out
}

/// Which chunks are the margin block: runs of short-lined chunks with labels, two of them of kinds that hardly anything
/// else has, one of those naming the officer, the recipient or the case.
fn margin_chunks(chunks: &[Chunk], labels: &Labels) -> Vec<bool> {
    let looks: Vec<(bool, Vec<Label>)> = chunks
        .iter()
        .map(|c| {
            let short = c.len() <= 14
                && !c.first().is_some_and(|l| is_agenda_item(&l.text))
                && c.iter().all(|l| {
                    let stop = l.text.ends_with('.') && l.text.split(' ').count() > 3;
                    l.text.chars().count() <= LONGEST_LABEL && !stop && !is_list_item(&l.text) && !l.text.contains('\t')
                });
            let found = if short { c.iter().filter_map(|l| labels.label(&l.text)).collect() } else { Vec::new() };
            (short, found)
        })
        .collect();
    let listed = below_items(chunks);
    let mut marked = vec![false; chunks.len()];
    let mut i = 0;
    while i < looks.len() {
        // What stands below an agenda's items is theirs.
        let below = listed.get(i) == Some(&true);
        let Some((_, found)) = looks.get(i).filter(|(_, f)| !below && starts_block(f)) else {
            i += 1;
            continue;
        };
        let mut kinds: Vec<Label> = found.clone();
        let mut end = i + 1;
        // One unlabelled short chunk may stand between labelled ones.
        let mut ahead = end;
        while let Some((short, found)) = looks.get(ahead).filter(|_| ahead <= end + 1) {
            let alone = chunks.get(ahead).is_some_and(|c| c.len() == 1);
            let only_unit = found.iter().all(|l| *l == Label::Unit);
            let weak = only_unit && alone && ahead > end;
            if !(found.is_empty() || weak) {
                kinds.extend(found);
                end = ahead + 1;
            } else if !short || chunks.get(ahead).is_some_and(|c| c.len() > 3) {
                break;
            }
            ahead += 1;
        }
        kinds.sort_unstable();
        kinds.dedup();
        let names = kinds.iter().any(|l| matches!(l, Label::Officer | Label::Recipient | Label::Dnr));
        if kinds.iter().filter(|l| l.is_strong()).count() >= 2 && names && kinds.len() >= 2 {
            marked.iter_mut().take(end).skip(i).for_each(|m| *m = true);
        }
        i = end;
    }
    marked
}

/// Which chunks stand below two or more items of an agenda on their page.
fn below_items(chunks: &[Chunk]) -> Vec<bool> {
    let (mut page, mut items) = (0, 0);
    let below = chunks.iter().map(|c| {
        let Some(first) = c.first() else { return false };
        if first.page != page {
            (page, items) = (first.page, 0);
        }
        items += usize::from(is_agenda_item(&first.text));
        items >= 2
    });
    below.collect()
}

/// True for the first line of an agenda's item: a number of up to three digits and a word in capitals or of more letters.
fn is_agenda_item(line: &str) -> bool {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = line.len() - rest.len();
    let title = rest.trim_start_matches(['.', ')', ' ', '\t']);
    (1..=3).contains(&digits)
        && title.len() < rest.len()
        && title.starts_with(char::is_uppercase)
        && title.contains(' ')
}

fn starts_block(found: &[Label]) -> bool {
    found.iter().any(|l| l.is_strong() || *l == Label::Kind) || found.len() > 1
}

/// Columns side by side, taken apart.
struct Columns<'s> {
    /// Lines of the chunk before the columns.
    before: Chunk<'s>,
    /// One stack of lines with their pages per column.
    stacks: Vec<Vec<(String, u32)>>,
    /// Lines after the columns that were given to the first.
    tail: Vec<String>,
}

impl Columns<'_> {
    /// True if a chunk repeats what was given to the first column, so that it is the second's.
    fn tail_again(&self, chunk: &Chunk) -> bool {
        !self.tail.is_empty() && chunk.iter().map(|l| l.text.as_str()).eq(self.tail.iter().map(String::as_str))
    }
}

/// Signatures side by side: a line of names parted by two spaces or more, below it a line parted as often.
fn columns_of<'s>(chunk: &Chunk<'s>) -> Option<Columns<'s>> {
    let parts = |l: &RawLine| -> Vec<String> {
        l.text
            .split("  ")
            .flat_map(|p| p.split('\t'))
            .map(str::trim)
            .filter(|p| !p.is_empty())
            .map(str::to_string)
            .collect()
    };
    let start = chunk.windows(2).position(|w| {
        let [a, b] = w else { return false };
        let (a, b) = (parts(a), parts(b));
        a.len() >= 2
            && a.len() <= 4
            && a.len() == b.len()
            && a.iter().all(|p| is_name(p))
            && !b.iter().any(|p| p.bytes().any(|c| c.is_ascii_digit()))
    })?;
    let mut stacks: Vec<Vec<(String, u32)>> = Vec::new();
    let mut tail = Vec::new();
    for line in chunk.iter().skip(start) {
        let cells = parts(line);
        if stacks.is_empty() {
            stacks = cells.into_iter().map(|c| vec![(c, line.page)]).collect();
        } else if tail.is_empty() && cells.len() == stacks.len() {
            stacks.iter_mut().zip(cells).for_each(|(s, c)| s.push((c, line.page)));
        } else {
            tail.push(line.text.clone());
            if let Some(first) = stacks.first_mut() {
                first.push((line.text.clone(), line.page));
            }
        }
    }
    Some(Columns { before: chunk.iter().take(start).copied().collect(), stacks, tail })
}

/// Two to four words, each with a capital, no digits.
fn is_name(s: &str) -> bool {
    let mut count = 0;
    for word in s.split(' ') {
        count += 1;
        if count > 4 || !word.starts_with(char::is_uppercase) {
            return false;
        }
    }
    count >= 2 && s.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '.' | '\'' | '’'))
}

struct Reader<'s> {
    source: &'s Source<'s>,
    flow: &'s Flow<'s>,
    /// Whether the text has items with `§`, whose sections are one level below.
    has_items: bool,
}

impl<'s> Reader<'s> {
    /// Parts page furniture from the body; the lines of one zone that stand together are one block.
    fn take_furniture(&self) -> (Vec<&'s RawLine>, Vec<Draft>) {
        let mut body = Vec::new();
        let mut groups: Vec<Vec<&RawLine>> = Vec::new();
        let mut last = Zone::Body;
        for line in &self.source.lines {
            if line.zone == Zone::Body {
                body.push(line);
                last = Zone::Body;
                continue;
            }
            let same = last == line.zone;
            match groups.last_mut().filter(|g| same && g.iter().all(|l| l.page == line.page)) {
                Some(group) => group.push(line),
                None => groups.push(vec![line]),
            }
            last = line.zone;
        }
        let mut drafts: Vec<Draft> = Vec::with_capacity(groups.len());
        for group in groups {
            let zone = group.first().map_or(Zone::Body, |l| l.zone);
            let mut rows = Rows::new(self.flow, self.source.end);
            for line in group {
                if !rows.goes_on(line) {
                    rows.begins(line);
                }
            }
            let mut draft = Draft::body(BlockKind::Lines, rows.lines());
            draft.zone = zone;
            drafts.push(draft);
        }
        (body, drafts)
    }

    /// True if the first word of `next` would not have fitted on the line.
    fn is_full(&self, line: &str, next: &str) -> bool {
        let word = next.split(' ').next().unwrap_or("").chars().count();
        self.source.width.is_some_and(|w| line.chars().count() + 1 + word + SLACK > w.max(30))
    }

    fn is_heading_word(&self, line: &RawLine) -> bool {
        self.source.labels.is_heading(&line.text)
    }

    /// True if a line is the heading of the text right below it.
    fn heads(&self, line: &RawLine, next: &RawLine) -> bool {
        has_heading_shape(&line.text)
            && !self.source.labels.label(&line.text).is_some_and(|l| l.is_strong())
            && line.text.chars().count() <= LONGEST_HEADING.min(self.source.width.unwrap_or(LONGEST_HEADING) * 9 / 10)
            && !self.is_full(&line.text, &next.text)
            && !self.flow.runs_on(&line.text, &next.text)
            && next.text.chars().next().is_some_and(|c| c.is_uppercase() || c.is_ascii_digit())
            && !is_list_item(&next.text)
            && (next.text.chars().count() * 10 >= self.source.width.unwrap_or(100) * 6 && next.text.contains(' '))
    }

    /// The blocks of lines that stand together.
    fn blocks_of(&self, chunk: &[&RawLine]) -> Vec<Draft> {
        let mut out: Vec<Draft> = Vec::new();
        let mut rows = Rows::new(self.flow, self.source.end);
        let mut before: Option<&RawLine> = None;
        // The line of a number that lines below may hang from.
        let mut hung: Option<&RawLine> = None;
        for (i, line) in chunk.iter().enumerate() {
            let row = line.text.contains('\t') && (line.set || !is_list_item(&line.text));
            let heading_word = LazyCell::new(|| self.is_heading_word(line));
            if rows.is_open() && !*heading_word && rows.goes_on(line) || row && rows.begins(line) {
                before = None;
                hung = None;
                continue;
            }
            out.extend(rows.finish());
            let hangs = hung.is_some_and(|h| line.hangs_below(h))
                && !line.text.contains('\t')
                && !is_list_item(&line.text)
                && !*heading_word;
            if let (true, Some(block)) = (hangs, out.last_mut()) {
                block.lines.push(plain(line, Before::Join));
                before = if block.kind == BlockKind::Paragraph || block.kind == BlockKind::ListItem {
                    Some(line)
                } else {
                    None
                };
                continue;
            }
            hung = (line.printed > 0).then_some(*line);
            let continues = before.is_some_and(|b| self.continues(b, line, &heading_word));
            // `Ordförande` under a name is a title, not a section.
            let title = || before.is_some_and(|b| is_name(&b.text));
            let item = is_item_heading(&line.text);
            if !continues && (item || *heading_word) && !title() {
                let level = if self.has_items && !item { 3 } else { 2 };
                out.push(Draft::body(BlockKind::Heading { level }, vec![plain(line, Before::Break)]));
                before = None;
                continue;
            }
            let first = before.is_none();
            if first && chunk.get(i + 1).is_some_and(|next| self.heads(line, next)) {
                out.push(Draft::body(BlockKind::Heading { level: 3 }, vec![plain(line, Before::Break)]));
                continue;
            }
            match out.last_mut().filter(|_| continues) {
                Some(block) => block.lines.push(plain(line, Before::Join)),
                None => {
                    let kind = if is_list_item(&line.text) { BlockKind::ListItem } else { BlockKind::Paragraph };
                    out.push(Draft::body(kind, vec![plain(line, Before::Break)]));
                }
            }
            before = Some(line);
        }
        out.extend(rows.finish());
        lines_of_their_own(out)
    }

    /// True if a line goes on with the one before it.
    fn continues(&self, before: &RawLine, line: &RawLine, heading_word: &impl Deref<Target = bool>) -> bool {
        if is_list_item(&line.text) {
            // `1. ` may be the end of a sentence broken before it, but hardly ever is.
            return false;
        }
        let runs_on = self.flow.runs_on(&before.text, &line.text);
        if !runs_on && !self.is_full(&before.text, &line.text) {
            return false;
        }
        if !runs_on
            && line.text.starts_with(|c: char| c.is_uppercase() || c == '§')
            && (**heading_word || is_item_heading(&line.text))
        {
            // Short lines look full where most lines are short.
            return false;
        }
        // `Dnr 1.5.3-219-2012` begins anew.
        let labelled = || self.source.labels.label(&line.text).is_some_and(|l| l.is_strong());
        if !runs_on && line.text.starts_with(char::is_uppercase) && labelled() {
            return false;
        }
        if self.source.labels.is_row(&before.text) || self.source.labels.is_row(&line.text) {
            return false;
        }
        // A name, and below it the title in small letters.
        !(is_name(&before.text) && self.flow.is_small_title(&line.text))
    }
}

/// Short lines in a row that no sentence joins are lines of their own: an address, a signature, names.
fn lines_of_their_own(blocks: Vec<Draft>) -> Vec<Draft> {
    let lone = |d: &Draft| {
        d.kind == BlockKind::Paragraph && d.lines.len() == 1 && d.lines.iter().all(|l| !l.text.ends_with('.'))
    };
    let mut out: Vec<Draft> = Vec::with_capacity(blocks.len());
    let mut after_lone = false;
    for block in blocks {
        let is_lone = lone(&block);
        match out.last_mut().filter(|_| is_lone && after_lone) {
            Some(lines) => {
                lines.kind = BlockKind::Lines;
                lines.lines.extend(block.lines);
            }
            None => out.push(block),
        }
        after_lone = is_lone;
    }
    out
}

/// `§ 12 Val av justerare`: the heading of an item of minutes.
fn is_item_heading(text: &str) -> bool {
    let rest = text.strip_prefix('§').map(str::trim_start).unwrap_or("");
    rest.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().any(char::is_alphabetic)
        && text.chars().count() <= 160
        && !text.ends_with(['.', ',', ';', ':'])
}

fn has_heading_shape(text: &str) -> bool {
    let count = text.chars().count();
    let first = text.chars().next();
    (3..=LONGEST_HEADING).contains(&count)
        && first.is_some_and(|c| c.is_uppercase() || c == '§' || c.is_ascii_digit())
        && text.chars().any(char::is_alphabetic)
        && !text.ends_with(['.', ',', ';', ':', '-'])
        && !text.contains('\t')
        && !is_list_item(text)
        && !text.contains('@')
}

/// Finds headings that stand alone: the title first, then short lines before prose.
fn name_headings(blocks: &mut [Draft], labels: &Labels) {
    let is_prose = |d: &Draft| {
        matches!(d.kind, BlockKind::Paragraph) && {
            let text = d.glance();
            let count = text.chars().count();
            (count > 60 && Flow::is_closed(&text)) || count > 160
        }
    };
    let title = blocks.iter().position(|b| b.zone == Zone::Body);
    let mut after_heading = false;
    for i in 0..blocks.len() {
        let next_is_prose = blocks.get(i + 1).is_some_and(is_prose);
        let Some(block) = blocks.get_mut(i) else { break };
        let text = block.glance();
        let lone = block.kind == BlockKind::Paragraph && block.lines.len() <= 2;
        if Some(i) == title && matches!(block.kind, BlockKind::Paragraph | BlockKind::Heading { .. }) {
            let long = text.chars().count() > 250;
            if !long
                && !text.ends_with(['.', ':', ';', ','])
                && (block.kind != BlockKind::Paragraph || text.chars().any(char::is_alphabetic))
                && !labels.is_heading(&text)
            {
                block.kind = BlockKind::Heading { level: 1 };
            }
        } else if lone && next_is_prose && has_heading_shape(&text) && labels.label(&text).is_none() {
            block.kind = BlockKind::Heading { level: if after_heading { 3 } else { 2 } };
        }
        after_heading |= matches!(block.kind, BlockKind::Heading { level: 2 });
    }
}
