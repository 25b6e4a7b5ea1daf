//! Checks that a document hangs together: the invariants every reader of `Document` relies on.

use crate::base::Span;
use crate::ingest::document::{Document, Zone};

impl Document {
    /// Checks the document's invariants: every span lies in the text on character boundaries; blocks, lines and words
    /// are in order and apart; the body comes before `body_end` and furniture after it; pages hold their lines.
    ///
    /// # Errors
    /// Says what does not hold.
    pub fn check(&self) -> Result<(), String> {
        let sound = |what: &str, s: Span| {
            let (a, b) = (s.start as usize, s.end as usize);
            if a <= b && self.text.get(a..b).is_some() {
                Ok(())
            } else {
                Err(format!("{what}: {s:?} is no place in the text"))
            }
        };
        if self.text.get(..self.body_end as usize).is_none() {
            return Err(format!("body_end {} is no place in the text", self.body_end));
        }
        let mut end = 0;
        for b in &self.blocks {
            sound("block", b.span)?;
            if b.span.start < end || b.span.is_empty() {
                return Err(format!("block {:?} begins before {end} or is empty", b.span));
            }
            if (b.zone == Zone::Body) != (b.span.start < self.body_end)
                || b.zone == Zone::Body && b.span.end > self.body_end
            {
                return Err(format!(
                    "block {:?} of zone {:?} on the wrong side of body_end {}",
                    b.span, b.zone, self.body_end
                ));
            }
            end = b.span.end;
        }
        end = 0;
        for l in &self.lines {
            sound("line", l.span)?;
            if l.span.start < end || self.block_at(l.span.start).is_none_or(|b| !b.span.contains(l.span)) {
                return Err(format!("line {:?} overlaps or lies in no block", l.span));
            }
            let Some(page) = self.pages.iter().find(|p| p.number == l.page) else {
                return Err(format!("line {:?} is on page {}, which is not there", l.span, l.page));
            };
            if !page.ranges.iter().any(|r| r.contains(l.span)) {
                return Err(format!("line {:?} is not in the ranges of page {}", l.span, l.page));
            }
            end = l.span.end;
        }
        end = 0;
        for w in &self.words {
            sound("word", w.span)?;
            if w.span.start < end {
                return Err(format!("word {:?} overlaps the one before", w.span));
            }
            end = w.span.end;
        }
        for p in self.pages.windows(2) {
            if let [a, b] = p
                && a.number >= b.number
            {
                return Err(format!("page {} before page {}", a.number, b.number));
            }
        }
        for (p, r) in self.pages.iter().flat_map(|p| p.ranges.iter().map(move |r| (p.number, *r))) {
            sound(&format!("range of page {p}"), r)?;
        }
        for n in self.notes.iter().filter_map(|n| n.span) {
            sound("note", n)?;
        }
        Ok(())
    }
}
