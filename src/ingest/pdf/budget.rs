//! Defines `Budget`: what one file may still cost. Every loop that input can lengthen asks it.

use std::cell::Cell;
use std::time::{Duration, Instant};

use crate::ingest::Limits;

/// Which bound was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    Time,
    StreamBytes,
    Operators,
    Glyphs,
    FormDepth,
    FormCount,
    Font,
}

impl Bound {
    /// Stable code of the note.
    pub(super) fn code(self) -> &'static str {
        match self {
            Bound::Time => "limit_time",
            Bound::StreamBytes => "limit_stream_bytes",
            Bound::Operators => "limit_operators",
            Bound::Glyphs => "limit_glyphs",
            Bound::FormDepth => "limit_form_depth",
            Bound::FormCount => "limit_forms",
            Bound::Font => "limit_font",
        }
    }

    /// One sentence for people.
    pub(super) fn message(self, limits: &Limits) -> String {
        match self {
            Bound::Time => format!("reading took more than {} s; the rest was left out", limits.seconds),
            Bound::StreamBytes => {
                format!("its streams unpack to more than {} MB; the rest was left out", limits.stream_bytes >> 20)
            }
            Bound::Operators => {
                format!("it has more than {} drawing operators; the rest was left out", limits.operators)
            }
            Bound::Glyphs => format!("it draws more than {MAX_GLYPHS} letters; the rest was left out"),
            Bound::FormDepth => format!("its forms nest deeper than {MAX_FORM_DEPTH}; what lies deeper was left out"),
            Bound::Font => {
                format!(
                    "a font maps more than {MAX_CMAP_ENTRIES} codes or unpacks to more than {} MB; some letters may be missing",
                    MAX_FONT_BYTES >> 20
                )
            }
            Bound::FormCount => format!("it draws forms more than {MAX_FORMS} times; the rest was left out"),
        }
    }
}

/// Most letters on one page.
pub(super) const MAX_GLYPHS: usize = 2_000_000;
/// Deepest nesting of form XObjects.
pub(super) const MAX_FORM_DEPTH: usize = 24;
/// Most form XObjects drawn on one page, counted again each time.
pub(super) const MAX_FORMS: usize = 20_000;
/// Deepest nesting of `q`.
pub(super) const MAX_STATES: usize = 512;
/// Most operands of one operator that are kept.
pub(super) const MAX_OPERANDS: usize = 100_000;
/// Most ruling lines, and boxes, and images kept of one page.
pub(super) const MAX_SHAPES: usize = 20_000;
/// Most links followed from one reference to the object meant.
pub(super) const MAX_LINKS: usize = 32;
/// Most code points or strings one ToUnicode CMap may define.
pub(super) const MAX_CMAP_ENTRIES: usize = 200_000;
/// Most bytes of one font program or CMap.
pub(super) const MAX_FONT_BYTES: usize = 32 << 20;

/// What one file may still cost.
pub(super) struct Budget {
    pub limits: Limits,
    end: Option<Instant>,
    /// Bytes unpacked for the current page.
    page_bytes: Cell<usize>,
}

impl Budget {
    pub(super) fn new(limits: Limits) -> Self {
        Budget {
            limits,
            end: Instant::now().checked_add(Duration::from_secs(limits.seconds)),
            page_bytes: Cell::new(0),
        }
    }

    /// True once the time is up.
    pub(super) fn out_of_time(&self) -> bool {
        self.end.is_some_and(|end| Instant::now() > end)
    }

    /// Begins a page: its streams count from nothing.
    pub(super) fn begin_page(&self) {
        self.page_bytes.set(0);
    }

    /// Bytes that may still be unpacked on this page.
    pub(super) fn bytes_left(&self) -> usize {
        self.limits.stream_bytes.saturating_sub(self.page_bytes.get())
    }

    /// Counts bytes unpacked.
    pub(super) fn spend(&self, bytes: usize) {
        self.page_bytes.set(self.page_bytes.get().saturating_add(bytes));
    }
}
