//! Speaks to people and programs: results to stdout, everything else to stderr, colours only where they are wanted.

use std::fmt::Write as _;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

use unicode_segmentation::UnicodeSegmentation as _;

use super::args::Color;

/// How a word is set off on a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Names and headings.
    Bold,
    /// What may be skipped.
    Dim,
    /// What is wrong.
    Red,
    /// What may be wrong.
    Yellow,
    /// What was found.
    Green,
}

impl Style {
    /// SGR parameter (ECMA-48, 8.3.117).
    fn sgr(self) -> u8 {
        match self {
            Style::Bold => 1,
            Style::Dim => 2,
            Style::Red => 31,
            Style::Yellow => 33,
            Style::Green => 32,
        }
    }
}

/// How to speak.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    quiet: bool,
    color_out: bool,
    color_err: bool,
}

impl Term {
    /// Resolves the wish for colours: `--color` first, then NO_COLOR (no-color.org: set and not empty), then whether it is a terminal.
    pub fn new(color: Color, quiet: bool) -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty())
            || std::env::var_os("TERM").is_some_and(|v| v == "dumb");
        let wanted = |is_terminal: bool| match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => is_terminal && !plain,
        };
        Term { quiet, color_out: wanted(io::stdout().is_terminal()), color_err: wanted(io::stderr().is_terminal()) }
    }

    /// Where results go.
    pub fn out(&self) -> BufWriter<StdoutLock<'static>> {
        BufWriter::with_capacity(1 << 16, io::stdout().lock())
    }

    /// Sets off a piece of a result.
    pub fn paint(&self, style: Style, text: &str) -> String {
        paint(self.color_out, style, text)
    }

    /// True if a progress bar has somebody to look at it.
    pub fn shows_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// Tells people something by the way; silent with `--quiet`.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            say(text);
        }
    }

    /// Tells of something that may be wrong.
    pub fn warning(&self, text: &str) {
        say(&format!("{} {text}", paint(self.color_err, Style::Yellow, "warning:")));
    }

    /// Tells what is wrong.
    pub fn error(&self, text: &str) {
        say(&format!("{} {text}", paint(self.color_err, Style::Red, "error:")));
    }
}

fn say(line: &str) {
    // If stderr is gone there is nobody left to tell.
    let _ = writeln!(io::stderr().lock(), "{line}");
}

fn paint(color: bool, style: Style, text: &str) -> String {
    if color { format!("\x1b[{}m{text}\x1b[0m", style.sgr()) } else { text.to_string() }
}

/// The text without characters that would steer a terminal: control characters become `\u{…}`. For names of files and text of documents.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => out.push(' '),
            // Overrides of the writing direction could make a line read otherwise than it is.
            _ if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') => {
                let _ = write!(out, "{}", c.escape_unicode());
            }
            _ => out.push(c),
        }
    }
    out
}

/// The first `max` characters, as people count them, on one line, with `…` if there is more.
pub fn shorten(text: &str, max: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.grapheme_indices(true).nth(max) {
        Some((at, _)) => format!("{}…", plain(line[..at].trim_end())),
        None => plain(&line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_steer_the_terminal() {
        assert_eq!(plain("a\x1b[31mb\nc"), "a\\u{1b}[31mb c");
        assert_eq!(plain("Järva–Kista"), "Järva–Kista");
    }

    #[test]
    fn shortening_keeps_whole_characters() {
        assert_eq!(shorten("å ä\n ö", 3), "å ä…");
        assert_eq!(shorten("å ä\n ö", 5), "å ä ö");
    }
}
