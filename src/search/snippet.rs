//! Makes snippets: the pieces of a document's body where the words stand, with the words marked and the page named.

use serde::Serialize;

use crate::base::Span;
use crate::index::analyse::{Token, tokens};
use crate::index::terms::{self, Slots};
use crate::ingest::Document;
use crate::ingest::document::BlockKind;
use crate::query::{Node, Query, Value};

/// Most snippets of one hit.
const SNIPPETS: usize = 2;

/// Length of a snippet, in bytes, before it is cut at words.
const LENGTH: usize = 240;

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
    wanted: Vec<(Node, Slots)>,
}

/// One place where a wanted word stands.
#[derive(Clone, Copy, Debug)]
struct Match {
    which: usize,
    span: Span,
}

impl Marker {
    pub(super) fn new(query: &Query) -> Self {
        let mut wanted = Vec::new();
        collect(&query.words, &mut wanted);
        for value in query.filters.iter().flat_map(|f| &f.any) {
            if let Value::Words(words) = value {
                collect(words, &mut wanted);
            }
        }
        Marker { wanted }
    }

    /// The words, each with what it means.
    pub(super) fn wanted(&self) -> &[(Node, Slots)] {
        &self.wanted
    }

    /// False if there is no word to mark.
    pub(super) fn marks_anything(&self) -> bool {
        !self.wanted.is_empty()
    }

    fn matches(&self, text: &[Token]) -> Vec<Match> {
        let mut found: Vec<Match> = Vec::new();
        for (which, (_, slots)) in self.wanted.iter().enumerate() {
            found.extend(terms::find(slots, text).filter_map(|(first, last)| {
                Some(Match { which, span: text.get(first)?.span.join(text.get(last)?.span) })
            }));
        }
        found.sort_by_key(|m| (m.span.start, m.span.end));
        found
    }

    /// The pages where the words stand, and the best pieces around them, in the order of the text.
    pub(super) fn snippets(&self, doc: &Document) -> (Vec<u32>, Vec<Snippet>) {
        let body = doc.body();
        let words = tokens(body);
        let matches = self.matches(&words);
        let places = Pages::new(doc);
        let mut pages: Vec<u32> = Vec::new();
        for m in &matches {
            pages.extend(places.of(m.span));
        }
        if matches.is_empty() {
            // Found in a letterhead, margin or foot alone: nothing to show, but the page is known.
            let start = body.len();
            let furniture = tokens(doc.text.get(start..).unwrap_or_default());
            for m in self.matches(&furniture) {
                pages.extend(places.of(m.span.shift(start)));
            }
        }
        pages.sort_unstable();
        pages.dedup();
        let in_heading =
            |m: &Match| doc.block_at(m.span.start).is_some_and(|b| matches!(b.kind, BlockKind::Heading { .. }));
        let mut windows = best_windows(&matches, in_heading);
        windows.sort_unstable();
        let cut = |&(from, to): &(usize, usize)| {
            let inside = matches.get(from..to)?;
            let span = window(body, inside);
            let page = places.of(inside.first()?.span).next().unwrap_or(1);
            Some(snippet(body, span, &matches, page))
        };
        (pages, windows.iter().filter_map(cut).collect())
    }

    /// A whole text as one snippet; none if no word stands in it and there are words to mark.
    pub(super) fn whole(&self, text: &str, page: u32) -> Option<Snippet> {
        let matches = self.matches(&tokens(text));
        if matches.is_empty() {
            return None;
        }
        Some(snippet(text, Span::new(0, text.len()), &matches, page))
    }
}

/// Which page each piece of a text stands on, in the order of the text: a common word of a long document stands in
/// thousands of places.
struct Pages(Vec<(Span, u32)>);

impl Pages {
    fn new(doc: &Document) -> Self {
        let mut ranges: Vec<(Span, u32)> =
            doc.pages.iter().flat_map(|p| p.ranges.iter().map(|r| (*r, p.number))).collect();
        ranges.sort_unstable();
        Pages(ranges)
    }

    /// The pages that a span touches.
    fn of(&self, span: Span) -> impl Iterator<Item = u32> {
        let from = self.0.partition_point(|(r, _)| r.end <= span.start);
        self.0
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take_while(move |(r, _)| r.start < span.end)
            .map(|(_, page)| *page)
    }
}

/// The words a hit can be shown by: all but what must not be there.
fn collect(node: &Node, out: &mut Vec<(Node, Slots)>) {
    match node {
        Node::And(all) | Node::Or(all) | Node::Some { of: all, .. } => all.iter().for_each(|n| collect(n, out)),
        Node::Also { typed, also } => std::iter::once(&**typed).chain(also).for_each(|n| collect(n, out)),
        Node::InTitle(n) | Node::InDecision(n) => collect(n, out),
        Node::Not(_) => {}
        node => out.extend(terms::slots(node).map(|slots| (node.clone(), slots))),
    }
    out.retain(|(_, slots)| !slots.places.is_empty());
}

/// The windows with the most different words, then the most words, that do not share a match: ranges of `matches`.
fn best_windows(matches: &[Match], in_heading: impl Fn(&Match) -> bool) -> Vec<(usize, usize)> {
    let mut scored: Vec<(usize, bool, usize, usize, usize)> = Vec::new();
    let mut to = 0;
    for (from, first) in matches.iter().enumerate() {
        to = to.max(from + 1);
        let end = first.span.start as usize + LENGTH - BEFORE;
        while matches.get(to).is_some_and(|m| m.span.end as usize <= end) {
            to += 1;
        }
        let mut which: Vec<usize> = matches[from..to].iter().map(|m| m.which).take(64).collect();
        which.sort_unstable();
        which.dedup();
        // A heading says less than the text below it.
        scored.push((which.len(), !in_heading(first), (to - from).min(8), from, to));
    }
    scored.sort_by(|a, b| (b.0, b.1, b.2).cmp(&(a.0, a.1, a.2)).then(a.3.cmp(&b.3)));
    let mut chosen: Vec<(usize, usize)> = Vec::new();
    for (_, _, _, from, to) in scored {
        if chosen.len() == SNIPPETS {
            break;
        }
        let far = |c: &(usize, usize)| {
            let gap = |a: usize, b: usize| match (matches.get(a), matches.get(b)) {
                (Some(a), Some(b)) => (b.span.start as usize).saturating_sub(a.span.end as usize),
                _ => 0,
            };
            (to <= c.0 && gap(to - 1, c.0) > LENGTH) || (c.1 <= from && gap(c.1 - 1, from) > LENGTH)
        };
        if chosen.iter().all(far) {
            chosen.push((from, to));
        }
    }
    chosen
}

/// The text to show around some matches: within their paragraph where it is long enough, cut at words.
fn window(body: &str, inside: &[Match]) -> Span {
    let first = inside.first().map_or(0, |m| m.span.start as usize);
    let last = inside.last().map_or(0, |m| m.span.end as usize);
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

fn snippet(body: &str, span: Span, matches: &[Match], page: u32) -> Snippet {
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
    for m in matches.iter().filter(|m| span.contains(m.span)) {
        let mark = [place(m.span.start), place(m.span.end)];
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
    use crate::ingest::document::{Origin, Page, PageText};
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

    fn marked(s: &Snippet) -> Vec<&str> {
        s.marks.iter().map(|[a, b]| &s.text[*a..*b]).collect()
    }

    #[test]
    fn the_right_page_and_words_are_shown() {
        let filler = "Något annat står här. ".repeat(30);
        let pages = [filler.as_str(), "Nämnden gav föreningen\nstöd till ungas läsning.", filler.as_str()];
        let doc = document(&pages, "Stöd i sidfoten");
        let (pages, snippets) = marker("unga stod").snippets(&doc);
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
        assert_eq!(marker("asta").snippets(&doc), (vec![2], Vec::new()));
    }

    #[test]
    fn a_common_word_of_a_long_text_is_quick_to_place() {
        let pages: Vec<String> = (0..2000).map(|_| "ord och ord ".repeat(20)).collect();
        let doc = document(&pages.iter().map(String::as_str).collect::<Vec<_>>(), "");
        let (pages, snippets) = marker("ord").snippets(&doc);
        assert_eq!((pages.len(), snippets.len()), (2000, 2));
    }

    #[test]
    fn a_phrase_is_one_mark_and_long_texts_are_cut_at_words() {
        let text = format!("{} lägger rapporten till handlingarna {}", "ord ".repeat(100), "mer ".repeat(100));
        let doc = document(&[&text], "");
        let (_, snippets) = marker("\"till handlingarna\"").snippets(&doc);
        assert_eq!(marked(&snippets[0]), ["till handlingarna"]);
        assert!(snippets[0].text.starts_with("… ord") && snippets[0].text.ends_with("mer …"), "{}", snippets[0].text);
        assert!(snippets[0].text.len() < LENGTH + 20);
    }

    proptest! {
        #[test]
        fn marks_are_of_the_text(words in prop::collection::vec("[aåb]{1,3}|§|\n\n|-|å\u{308}", 0..120), q in "[aåb]{1,2} [aåb]") {
            let text = words.join(" ");
            let doc = document(&[&text, &text], "b");
            let (_, snippets) = marker(&q).snippets(&doc);
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
