//! Makes snippets: the pieces of a document's body where the words stand, with the words marked and the page named.

use std::cmp::Reverse;
use std::ops::Range;

use serde::Serialize;

use crate::base::Span;
use crate::index::analyse::{self, Token, tokens};
use crate::index::card::Places;
use crate::index::terms::{self, Slots};
use crate::index::{Engine, EntryHit, IndexError, Stands};
use crate::query::{Node, Query, Unit, Value};

/// Most snippets of one hit.
const SNIPPETS: usize = 2;

/// Length of a snippet, in bytes, before it is cut at words.
const LENGTH: usize = 240;

/// How many words a snippet has room for after its first marked one.
const WORDS: u32 = 26;

/// How many of the best windows are looked at in the text.
const LOOKED_AT: usize = 12;

/// Longest line that may be a heading, in bytes.
const LONGEST_HEADING: usize = 120;

/// How much text stands before the first marked word, in bytes.
const BEFORE: usize = 70;

/// A piece of a document's body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Snippet {
    /// Page of the file, from 1.
    pub page: u32,
    /// The text, on one line; `…` where it was cut.
    pub text: String,
    /// The marked words, as byte ranges `[start, end]` of `text`.
    pub marks: Vec<[usize; 2]>,
}

/// Knows which words to mark.
pub(super) struct Marker {
    wanted: Vec<Wanted>,
}

/// A word or phrase that a hit can be shown by.
#[derive(Debug)]
pub(super) struct Wanted {
    /// As in the query.
    pub(super) node: Node,
    /// What it means.
    pub(super) slots: Slots,
    /// The node as it counts in the query: one that only stands beside what was typed counts less.
    pub(super) scored: Node,
    /// For longer words: the wanted words, by number, that they are only looked for where none of these stands.
    instead_of: Option<Range<usize>>,
}

/// One place where a wanted word stands: the places of its first and last word in the order of the body's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Match {
    first: u32,
    last: u32,
    which: usize,
}

/// Where a hit's words stand.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// The pages, in order.
    pub(super) pages: Vec<u32>,
    /// The best pieces around them, in the order of the text.
    pub(super) snippets: Vec<Snippet>,
    /// How often each wanted word stands in the body.
    pub(super) often: Vec<usize>,
}

impl Marker {
    pub(super) fn new(query: &Query) -> Self {
        let mut wanted = Vec::new();
        collect(&query.words, &|n| n, &mut wanted);
        for value in query.filters.iter().flat_map(|f| &f.any) {
            if let Value::Words(words) = value {
                collect(words, &|n| n, &mut wanted);
            }
        }
        Marker { wanted }
    }

    /// The words, each with what it means.
    pub(super) fn wanted(&self) -> &[Wanted] {
        &self.wanted
    }

    /// False if there is no word to mark.
    pub(super) fn marks_anything(&self) -> bool {
        !self.wanted.is_empty()
    }

    /// Where a hit's words stand in its text, given where the index knows each to stand. Reads no more of the text than it shows,
    /// unless the index does not know.
    pub(super) fn shown(&self, text: &str, places: &Places, known: Vec<Option<Stands>>) -> Shown {
        let body = text.get(..places.body_end()).unwrap_or(text);
        let mut read: Option<Vec<Token>> = None;
        let mut matches: Vec<Match> = Vec::new();
        let mut pages: Vec<u32> = Vec::new();
        for ((which, Wanted { slots, .. }), stands) in self.wanted.iter().enumerate().zip(known) {
            let stands = match stands {
                Some(stands) => stands,
                None => {
                    let tokens = read.get_or_insert_with(|| tokens(body));
                    let position = |i: usize| tokens.get(i).map_or(0, |t| t.position);
                    let found: Stands = terms::find(slots, tokens).map(|(a, b)| (position(a), position(b))).collect();
                    if found.is_empty() {
                        pages.extend(in_furniture(slots, text, places));
                    }
                    found
                }
            };
            let of_body = stands.partition_point(|(first, _)| *first < places.body());
            matches.extend(stands.iter().take(of_body).map(|&(first, last)| Match { first, last, which }));
            if of_body == 0 {
                pages.extend(stands.iter().filter_map(|(first, _)| places.page(*first)));
            }
        }
        // Found in a letterhead, margin or foot alone: nothing to show, but the page is known.
        if !matches.is_empty() {
            pages.clear();
        }
        matches.sort_unstable();
        for m in &matches {
            for page in [m.first, m.last].into_iter().filter_map(|at| places.page(at)) {
                if pages.last() != Some(&page) {
                    pages.push(page);
                }
            }
        }
        pages.sort_unstable();
        pages.dedup();
        let mut often = vec![0; self.wanted.len()];
        matches.iter().for_each(|m| often.get_mut(m.which).into_iter().for_each(|n| *n += 1));
        let snippets = self.best(body, places, &matches);
        Shown { pages, snippets, often }
    }

    /// The best pieces of the text, in its order.
    fn best(&self, body: &str, places: &Places, matches: &[Match]) -> Vec<Snippet> {
        let mut chosen: Vec<(Window, Span)> = Vec::new();
        let choose = |window: Window, span: Span, chosen: &mut Vec<(Window, Span)>| {
            let far = |(_, other): &(Window, Span)| {
                span.start.saturating_sub(other.end).max(other.start.saturating_sub(span.end)) as usize > LENGTH
            };
            if chosen.len() < SNIPPETS && chosen.iter().all(far) {
                chosen.push((window, span));
            }
        };
        // The best come first, and no more of the text is read than it takes to have enough of them.
        for alike in best_windows(matches).chunk_by(|a, b| a.different == b.different) {
            // A heading says less than the text below it.
            let mut headings = Vec::new();
            for window in alike {
                if chosen.len() == SNIPPETS {
                    break;
                }
                let Some(span) = matches.get(window.from..window.to).and_then(|m| bytes(body, places, m)) else {
                    continue;
                };
                if is_heading(body, span) {
                    headings.push((*window, span));
                } else {
                    choose(*window, span, &mut chosen);
                }
            }
            headings.into_iter().for_each(|(window, span)| choose(window, span, &mut chosen));
        }
        chosen.sort_unstable_by_key(|(_, span)| span.start);
        let show = |(window, span): &(Window, Span)| {
            let page = matches.get(window.from).and_then(|m| places.page(m.first)).unwrap_or(1);
            self.snippet(body, around(body, *span), page)
        };
        chosen.iter().filter_map(show).collect()
    }

    /// A whole text as one snippet; none if no word stands in it.
    pub(super) fn whole(&self, text: &str, page: u32) -> Option<Snippet> {
        self.snippet(text, Span::new(0, text.len()), page)
    }

    /// How often each word stands in a short text.
    pub(super) fn often(&self, text: &str) -> Vec<usize> {
        let words = tokens(text);
        self.wanted.iter().map(|w| terms::find(&w.slots, &words).count()).collect()
    }

    /// A piece of a text with its words marked; none if there are none.
    fn snippet(&self, text: &str, span: Span, page: u32) -> Option<Snippet> {
        let marks = self.marks(text.get(span.range())?);
        let marks: Vec<Span> = marks.into_iter().map(|m| m.shift(span.start as usize)).collect();
        (!marks.is_empty()).then(|| snippet(text, span, &marks, page))
    }

    /// Where the words stand in a short text.
    pub(super) fn marks(&self, text: &str) -> Vec<Span> {
        let words = tokens(text);
        let found = self.wanted.iter().flat_map(|w| terms::find(&w.slots, &words));
        let span = |(first, last): (usize, usize)| Some(words.get(first)?.span.join(words.get(last)?.span));
        let mut marks: Vec<Span> = found.filter_map(span).collect();
        marks.sort_unstable_by_key(|m| (m.start, m.end));
        marks
    }
}

/// The pages of the page furniture that words stand in.
fn in_furniture(slots: &Slots, text: &str, places: &Places) -> Vec<u32> {
    let start = places.body_end();
    let words = tokens(text.get(start..).unwrap_or_default());
    let found = terms::find(slots, &words).filter_map(|(first, _)| words.get(first));
    found.filter_map(|t| places.page_of_byte(start + t.span.start as usize)).collect()
}

/// The bytes of the text from the first to the last of these matches.
fn bytes(body: &str, places: &Places, inside: &[Match]) -> Option<Span> {
    let (first, last) = (inside.first()?.first, inside.iter().map(|m| m.last).max()?);
    let (begins, start) = places.mark(first);
    let text = body.get(start..places.after(last))?;
    Some(analyse::span(text, first.checked_sub(begins)?, last.checked_sub(begins)?)?.shift(start))
}

/// Whether words stand in a line by itself that is no sentence.
fn is_heading(body: &str, span: Span) -> bool {
    let before = body.get(..span.start as usize).unwrap_or_default();
    let after = body.get(span.end as usize..).unwrap_or_default();
    let line = before.len() - before.rfind("\n\n").map_or(0, |i| i + 2);
    let rest = after.find("\n\n").and_then(|i| after.get(..i)).unwrap_or(after);
    line + rest.len() + (span.end - span.start) as usize <= LONGEST_HEADING
        && !rest.trim_end().ends_with(['.', ':', ';', ','])
}

/// The words a hit can be shown by: all but what must not be there. `counts` makes of a node one that counts as here.
fn collect(node: &Node, counts: &dyn Fn(Node) -> Node, out: &mut Vec<Wanted>) {
    match node {
        Node::And(all) | Node::Or(all) | Node::Some { of: all, .. } => {
            all.iter().for_each(|n| collect(n, counts, out));
        }
        Node::Also { typed, also } => {
            let first = out.len();
            collect(typed, counts, out);
            // Nothing has no one out of none.
            let nothing = Node::Some { least: 1, of: Vec::new() };
            let beside = |n| counts(Node::Also { typed: Box::new(nothing.clone()), also: vec![n] });
            let words = first..out.len();
            for n in also {
                let from = out.len();
                collect(n, &beside, out);
                if is_longer_words(n) {
                    out.iter_mut().skip(from).for_each(|w| w.instead_of = Some(words.clone()));
                }
            }
        }
        Node::InTitle(n) => collect(n, &|n| counts(Node::InTitle(Box::new(n))), out),
        Node::InDecision(n) => collect(n, &|n| counts(Node::InDecision(Box::new(n))), out),
        Node::Not(_) => {}
        node => out.extend(terms::slots(node).filter(|slots| !slots.places.is_empty()).map(|slots| Wanted {
            node: node.clone(),
            slots,
            scored: counts(node.clone()),
            instead_of: None,
        })),
    }
}

fn is_longer_words(node: &Node) -> bool {
    match node {
        Node::Compounds { .. } => true,
        Node::InTitle(n) => is_longer_words(n),
        _ => false,
    }
}

/// Where the wanted words stand in hits, for each hit and each of them. Longer words are looked for only where the word itself does
/// not stand, unless `all` are wanted: there are many of them, and each must be asked for.
pub(super) fn stands(
    hits: &[EntryHit],
    marker: &Marker,
    engine: &dyn Engine,
    all: bool,
) -> Result<Vec<Vec<Option<Stands>>>, IndexError> {
    let wanted = marker.wanted();
    let mut out = vec![vec![Some(Stands::new()); wanted.len()]; hits.len()];
    // A decision is shown by its own text.
    if hits.iter().all(|h| h.unit == Unit::Decision) {
        return Ok(out);
    }
    let look = |which: &[usize], shown: &[usize], out: &mut Vec<Vec<Option<Stands>>>| {
        let of_hits: Vec<&EntryHit> = shown.iter().filter_map(|h| hits.get(*h)).collect();
        let slots: Vec<&Slots> = which.iter().filter_map(|w| wanted.get(*w)).map(|w| &w.slots).collect();
        for (hit, found) in shown.iter().zip(engine.stands(&of_hits, &slots)?) {
            for (w, found) in which.iter().zip(found) {
                if let Some(cell) = out.get_mut(*hit).and_then(|h| h.get_mut(*w)) {
                    *cell = found;
                }
            }
        }
        Ok::<(), IndexError>(())
    };
    let (later, first): (Vec<usize>, Vec<usize>) =
        (0..wanted.len()).partition(|i| !all && wanted.get(*i).is_some_and(|w| w.instead_of.is_some()));
    look(&first, &(0..hits.len()).collect::<Vec<_>>(), &mut out)?;
    for which in later {
        let Some(words) = wanted.get(which).and_then(|w| w.instead_of.clone()) else { continue };
        let lacks = |hit: usize| {
            let body = hits.get(hit).map_or(0, |h| h.card.places.body());
            let cells = out.get(hit).and_then(|h| h.get(words.clone())).unwrap_or_default();
            // What the index cannot tell may stand there.
            cells.iter().all(|c| c.as_ref().is_some_and(|s| s.first().is_none_or(|(at, _)| *at >= body)))
        };
        let shown: Vec<usize> = (0..hits.len()).filter(|h| lacks(*h)).collect();
        if !shown.is_empty() {
            look(&[which], &shown, &mut out)?;
        }
    }
    Ok(out)
}

/// Some matches that fit into one snippet.
#[derive(Clone, Copy, Debug)]
struct Window {
    /// How many different words.
    different: usize,
    /// How many words; beyond a few more say no more.
    often: usize,
    /// The first of the matches, and the one after the last.
    from: usize,
    to: usize,
}

/// The windows with the most different words, then the most words.
fn best_windows(matches: &[Match]) -> Vec<Window> {
    let mut windows: Vec<Window> = Vec::new();
    let mut to = 0;
    for (from, first) in matches.iter().enumerate() {
        to = to.max(from + 1);
        while matches.get(to).is_some_and(|m| m.last < first.first + WORDS) {
            to += 1;
        }
        let mut which: Vec<usize> = matches[from..to].iter().map(|m| m.which).take(64).collect();
        which.sort_unstable();
        which.dedup();
        let window = Window { different: which.len(), often: (to - from).min(8), from, to };
        match windows.last_mut() {
            // Of two that overlap the better one.
            Some(last) if from < last.to => {
                if (window.different, window.often) > (last.different, last.often) {
                    *last = window;
                }
            }
            _ => windows.push(window),
        }
        // A word that stands everywhere has windows enough.
        if windows.len() >= 16 * LOOKED_AT {
            keep_best(&mut windows);
        }
    }
    keep_best(&mut windows);
    windows
}

fn keep_best(windows: &mut Vec<Window>) {
    windows.sort_by_key(|w| (Reverse(w.different), Reverse(w.often), w.from));
    windows.truncate(LOOKED_AT);
}

/// The text to show around some words: within their paragraph where it is long enough, cut at words.
fn around(body: &str, inside: Span) -> Span {
    let (first, last) = (inside.start as usize, inside.end as usize);
    let floor = |at: usize| (0..=at.min(body.len())).rev().find(|&i| body.is_char_boundary(i)).unwrap_or(0);
    let block_start = body[..first].rfind("\n\n").map_or(0, |i| i + 2);
    let mut start = floor(first.saturating_sub(BEFORE)).max(block_start.min(first));
    if start > block_start {
        // Not in the middle of a word.
        start += body[start..first].find(char::is_whitespace).unwrap_or(0);
    }
    let wanted = floor((start + LENGTH).max(last));
    let block_end = body[last..].find("\n\n").map_or(body.len(), |i| last + i);
    let mut end = wanted.min(block_end).max(last);
    if end < block_end {
        end = body[last..end].rfind(char::is_whitespace).map_or(end, |i| last + i).max(last);
    }
    Span::new(start, end).trim(body)
}

fn snippet(body: &str, span: Span, matches: &[Span], page: u32) -> Snippet {
    let (from, to) = (span.start as usize, span.end as usize);
    let cut = |at: usize| body[..at].chars().next_back().is_some_and(|c| c != '\n');
    let goes_on = body[to..].chars().next().is_some_and(|c| c != '\n');
    let mut text = String::with_capacity(to - from + 8);
    if cut(from) {
        text.push_str("… ");
    }
    // White space becomes one space; `places` says where each byte went, so that the marks stay true.
    let mut places: Vec<usize> = Vec::with_capacity(to - from + 1);
    for c in body[from..to].chars() {
        places.extend(std::iter::repeat_n(text.len(), c.len_utf8()));
        if !c.is_whitespace() {
            text.push(c);
        } else if !text.ends_with(' ') {
            text.push(' ');
        }
    }
    places.push(text.len());
    let place = |at: u32| places.get((at as usize).saturating_sub(from)).copied().unwrap_or(text.len());
    let mut marks: Vec<[usize; 2]> = Vec::new();
    for m in matches {
        let mark = [place(m.start), place(m.end)];
        match marks.last_mut() {
            // Marks that overlap become one.
            Some(last) if mark[0] <= last[1] => last[1] = last[1].max(mark[1]),
            _ => marks.push(mark),
        }
    }
    if goes_on {
        text.push_str(" …");
    }
    Snippet { page, text, marks }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::DocId;
    use crate::index::Card;
    use crate::ingest::Document;
    use crate::ingest::document::{Block, BlockKind, Origin, Page, PageText, Zone};
    use crate::parse::Record;
    use crate::query::parse;
    use proptest::prelude::*;

    /// A document of these pages, the last of them page furniture.
    fn document(pages: &[&str], furniture: &str) -> Document {
        let mut text = String::new();
        let mut list = Vec::new();
        for (p, number) in pages.iter().zip(1..) {
            let start = text.len();
            text.push_str(p);
            list.push(Page { number, size: None, ranges: vec![Span::new(start, text.len())], text: PageText::Own });
            text.push_str("\n\n");
        }
        let body_end = u32::try_from(text.len()).unwrap();
        text.push_str(furniture);
        Document {
            id: DocId::from_stored("x"),
            origin: Origin::default(),
            text,
            body_end,
            pages: list,
            blocks: Vec::new(),
            lines: Vec::new(),
            words: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn marker(text: &str) -> Marker {
        Marker::new(&Query { words: parse(text), ..Query::default() })
    }

    /// What is shown when the index does not know where the words stand.
    fn shown(text: &str, doc: &Document) -> (Vec<u32>, Vec<Snippet>) {
        let marker = marker(text);
        let known = vec![None; marker.wanted().len()];
        let shown = marker.shown(&doc.text, &Card::of_document(doc, &Record::default()).places, known);
        (shown.pages, shown.snippets)
    }

    fn marked(s: &Snippet) -> Vec<&str> {
        s.marks.iter().map(|[a, b]| &s.text[*a..*b]).collect()
    }

    #[test]
    fn the_right_page_and_words_are_shown() {
        let filler = "Något annat står här. ".repeat(30);
        let pages = [filler.as_str(), "Nämnden gav föreningen\nstöd till ungas läsning.", filler.as_str()];
        let doc = document(&pages, "Stöd i sidfoten");
        let (pages, snippets) = shown("unga stod", &doc);
        assert_eq!(pages, [2]);
        assert_eq!(snippets.len(), 1);
        assert_eq!(snippets[0].page, 2);
        assert_eq!(snippets[0].text, "Nämnden gav föreningen stöd till ungas läsning.");
        assert_eq!(marked(&snippets[0]), ["stöd", "ungas"]);
    }

    #[test]
    fn a_word_of_the_margin_alone_has_its_page_but_no_snippet() {
        let mut doc = document(&["Ett.", "Två."], "Handläggare Asta Viksund");
        let margin = Span::new(doc.body_end as usize, doc.text.len());
        doc.pages[1].ranges.push(margin);
        let kind = BlockKind::Paragraph;
        doc.blocks.push(Block { kind, zone: Zone::Margin, span: margin, page: 2, header_rows: 0 });
        assert_eq!(shown("asta", &doc), (vec![2], Vec::new()));
    }

    #[test]
    fn a_common_word_of_a_long_text_is_quick_to_place() {
        let pages: Vec<String> = (0..2000).map(|_| "ord och ord ".repeat(20)).collect();
        let doc = document(&pages.iter().map(String::as_str).collect::<Vec<_>>(), "");
        let (pages, snippets) = shown("ord", &doc);
        assert_eq!((pages.len(), snippets.len()), (2000, 2));
    }

    #[test]
    fn a_phrase_is_one_mark_and_long_texts_are_cut_at_words() {
        let text = format!("{} lägger rapporten till handlingarna {}", "ord ".repeat(100), "mer ".repeat(100));
        let doc = document(&[&text], "");
        let (_, snippets) = shown("\"till handlingarna\"", &doc);
        assert_eq!(marked(&snippets[0]), ["till handlingarna"]);
        assert!(snippets[0].text.starts_with("… ord") && snippets[0].text.ends_with("mer …"), "{}", snippets[0].text);
        assert!(snippets[0].text.len() < LENGTH + 20);
    }

    proptest! {
        #[test]
        fn marks_are_of_the_text(words in prop::collection::vec("[aåb]{1,3}|§|\n\n|-|å\u{308}", 0..120), q in "[aåb]{1,2} [aåb]") {
            let text = words.join(" ");
            let doc = document(&[&text, &text], "b");
            let (_, snippets) = shown(&q, &doc);
            prop_assert!(snippets.len() <= SNIPPETS);
            for s in snippets {
                prop_assert!(!s.marks.is_empty());
                for [a, b] in s.marks {
                    prop_assert!(s.text.get(a..b).is_some_and(|m| !m.is_empty()));
                }
            }
        }
    }
}
