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
    Letters,
    Words,
    Shapes,
    Nesting,
    FormDepth,
    FormCount,
    Cmap,
    Font,
}

impl Bound {
    /// Stable code of the note.
    pub(super) fn code(self) -> &'static str {
        match self {
            Bound::Time => "limit_time",
            Bound::StreamBytes => "limit_stream_bytes",
            Bound::Operators => "limit_operators",
            Bound::Letters => "limit_letters",
            Bound::Words => "limit_words",
            Bound::Shapes => "limit_shapes",
            Bound::Nesting => "limit_nesting",
            Bound::FormDepth => "limit_form_depth",
            Bound::FormCount => "limit_forms",
            Bound::Cmap => "limit_cmap",
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
            Bound::Letters => format!("it draws more than {} letters; the rest was left out", limits.letters),
            Bound::Words => format!("the file has more than {} words; the rest was left out", limits.words),
            Bound::Shapes => format!(
                "it draws more than {MAX_SHAPES} lines, boxes or images, or the file more than {MAX_SHAPES_OF_FILE}; tables may be missed"
            ),
            Bound::Nesting => {
                format!("its graphics states or marks nest deeper than {MAX_STATES}; what lies deeper may stand wrong")
            }
            Bound::FormDepth => format!("its forms nest deeper than {MAX_FORM_DEPTH}; what lies deeper was left out"),
            Bound::Font => format!(
                "a font unpacks to more than {} MB, or its coding to more than {} MB; some letters may be missing",
                MAX_FONT_BYTES >> 20,
                MAX_CMAP_BYTES >> 20
            ),
            Bound::Cmap => format!(
                "a font maps more than {MAX_CMAP_ENTRIES} codes, or all fonts more than {MAX_CMAP_ENTRIES_OF_FILE}; some letters may be missing"
            ),
            Bound::FormCount => format!("it draws forms more than {MAX_FORMS} times; the rest was left out"),
        }
    }
}

/// Deepest nesting of form XObjects.
pub(super) const MAX_FORM_DEPTH: usize = 24;
/// Most form XObjects drawn on one page, counted again each time.
pub(super) const MAX_FORMS: usize = 20_000;
/// Deepest nesting of `q`, and of marked content.
pub(super) const MAX_STATES: usize = 512;
/// Most operands of one operator that are kept.
pub(super) const MAX_OPERANDS: usize = 100_000;
/// Most ruling lines, and boxes, and images kept of one page.
pub(super) const MAX_SHAPES: usize = 20_000;
/// Most of them kept of one file.
pub(super) const MAX_SHAPES_OF_FILE: usize = 2_000_000;
/// Most links followed from one reference to the object meant.
pub(super) const MAX_LINKS: usize = 32;
/// Most code points or strings one ToUnicode CMap may define.
pub(super) const MAX_CMAP_ENTRIES: usize = 200_000;
/// Most that all ToUnicode CMaps of one file may define.
pub(super) const MAX_CMAP_ENTRIES_OF_FILE: usize = 10_000_000;
/// Most bytes of a CMap that says how text is coded.
pub(super) const MAX_CMAP_BYTES: usize = 4 << 20;
/// Most bytes of one font program or ToUnicode CMap.
pub(super) const MAX_FONT_BYTES: usize = 32 << 20;

/// What one file may still cost.
pub(super) struct Budget {
    pub limits: Limits,
    end: Option<Instant>,
    /// Bytes unpacked for the current page.
    page_bytes: Cell<usize>,
    /// Words and shapes of the pages so far, and entries of CMaps.
    words: Cell<usize>,
    shapes: Cell<usize>,
    cmap_entries: Cell<usize>,
}

impl Budget {
    pub(super) fn new(limits: Limits) -> Self {
        Budget {
            limits,
            end: Instant::now().checked_add(Duration::from_secs(limits.seconds)),
            page_bytes: Cell::new(0),
            words: Cell::new(0),
            shapes: Cell::new(0),
            cmap_entries: Cell::new(0),
        }
    }

    /// What the same file may still cost when it is read again from the beginning: the time goes on.
    pub(super) fn again(&self) -> Self {
        Budget { end: self.end, ..Budget::new(self.limits) }
    }

    /// True once the time is up.
    pub(super) fn out_of_time(&self) -> bool {
        self.end.is_some_and(|end| Instant::now() >= end)
    }

    /// Begins a page: its streams count from nothing.
    pub(super) fn begin_page(&self) {
        self.page_bytes.set(0);
    }

    /// Bytes that may still be unpacked on this page.
    pub(super) fn bytes_left(&self) -> usize {
        self.limits.stream_bytes.saturating_sub(self.page_bytes.get())
    }

    /// The bound on the whole file that was reached, if one was: no more pages are read.
    pub(super) fn reached(&self) -> Option<Bound> {
        if self.out_of_time() {
            Some(Bound::Time)
        } else if self.words.get() >= self.limits.words {
            Some(Bound::Words)
        } else {
            None
        }
    }

    /// Counts the words of a page; gives how many of them may stay.
    pub(super) fn spend_words(&self, words: usize) -> usize {
        let left = self.limits.words.saturating_sub(self.words.get());
        self.words.set(self.words.get().saturating_add(words));
        left.min(words)
    }

    /// Counts the shapes of a page; false if they are too many to be kept.
    pub(super) fn spend_shapes(&self, shapes: usize) -> bool {
        let all = self.shapes.get().saturating_add(shapes);
        let fits = all <= MAX_SHAPES_OF_FILE;
        if fits {
            self.shapes.set(all);
        }
        fits
    }

    /// Entries that the next CMap may define.
    pub(super) fn cmap_entries_left(&self) -> usize {
        MAX_CMAP_ENTRIES.min(MAX_CMAP_ENTRIES_OF_FILE.saturating_sub(self.cmap_entries.get()))
    }

    /// Counts entries of a CMap.
    pub(super) fn spend_cmap_entries(&self, entries: usize) {
        self.cmap_entries.set(self.cmap_entries.get().saturating_add(entries));
    }

    /// Counts bytes unpacked.
    pub(super) fn spend(&self, bytes: usize) {
        self.page_bytes.set(self.page_bytes.get().saturating_add(bytes));
    }
}
