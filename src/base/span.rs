//! Defines `Span`, a half-open byte range of a document's text: the one coordinate system.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A half-open range `start..end` of UTF-8 byte offsets into `Document::text`.
///
/// Both ends lie on character boundaries. Texts are limited to 4 GiB by the extractor, so 32 bits do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// First byte after the last.
    pub end: u32,
}

impl Span {
    /// The span `start..end`.
    ///
    /// # Panics
    /// If an offset does not fit 32 bits, which the extractor's limit on text size rules out.
    pub fn new(start: usize, end: usize) -> Self {
        let fit = |n: usize| u32::try_from(n).expect("texts are limited to 4 GiB");
        Span { start: fit(start), end: fit(end) }
    }

    /// As a range for slicing: `&doc.text[span.range()]`.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// True if the span holds no byte.
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// True if `other` lies wholly inside.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// True if the two share at least one byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The smallest span that holds both.
    pub fn join(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The same span moved `by` bytes to the right.
    pub fn shift(self, by: usize) -> Span {
        Span::new(self.start as usize + by, self.end as usize + by)
    }

    /// The span without white space at its ends.
    pub fn trim(self, text: &str) -> Span {
        let s = &text[self.range()];
        let left = s.len() - s.trim_start().len();
        let kept = s.trim().len();
        Span::new(self.start as usize + left, self.start as usize + left + kept)
    }
}

impl From<Range<usize>> for Span {
    fn from(r: Range<usize>) -> Self {
        Span::new(r.start, r.end)
    }
}

#[cfg(test)]
mod tests {
    use super::Span;

    #[test]
    fn trim_keeps_offsets_true() {
        let text = "  å b \n";
        let span = Span::new(0, text.len()).trim(text);
        assert_eq!(&text[span.range()], "å b");
    }
}
