//! Writes an evaluation as tables, in plain text for a terminal or as Markdown.

use std::fmt::Write as _;

use super::Evaluation;
use super::tally::{BANDS, Count};

/// How tables are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Columns parted by spaces.
    Plain,
    /// Markdown tables.
    Markdown,
}

/// A table under construction: cells in rows, the first row its head.
#[derive(Debug)]
struct Table(Vec<Vec<String>>);

impl Table {
    fn new(head: &[&str]) -> Self {
        Table(vec![head.iter().map(|h| (*h).to_string()).collect()])
    }

    fn write(&self, style: Style, out: &mut String) {
        let columns = self.0.first().map_or(0, Vec::len);
        let width = |c: usize| self.0.iter().filter_map(|r| r.get(c)).map(|s| s.chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for (i, row) in self.0.iter().enumerate() {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .enumerate()
                .map(|(c, (cell, &w))| {
                    let pad = " ".repeat(w.saturating_sub(cell.chars().count()));
                    if c == 0 { format!("{cell}{pad}") } else { format!("{pad}{cell}") }
                })
                .collect();
            let line = match style {
                Style::Plain => cells.join("  "),
                Style::Markdown => format!("| {} |", cells.join(" | ")),
            };
            let _ = writeln!(out, "{}", line.trim_end());
            if i == 0 && style == Style::Markdown {
                let rule: Vec<String> = (0..columns).map(|c| if c == 0 { "---" } else { "---:" }.to_string()).collect();
                let _ = writeln!(out, "| {} |", rule.join(" | "));
            }
        }
    }
}

fn three(x: f64) -> String {
    format!("{x:.3}")
}

fn percent(part: usize, of: usize) -> String {
    if of == 0 { "–".into() } else { format!("{:.1} %", 100.0 * part as f64 / of as f64) }
}

/// The rows of a score: precision, recall and F1 by equality, F1 by overlap, support.
pub fn fields(rows: &[(String, Count)], total: Count, style: Style) -> String {
    let mut table = Table::new(&["field", "P", "R", "F1", "lenient", "support"]);
    for (field, c) in rows.iter().map(|(f, c)| (f.as_str(), *c)).chain([("all", total)]) {
        let s = c.strict();
        let scores = [s.precision, s.recall, s.f1, c.lenient().f1].map(three);
        table.0.push([vec![field.to_string()], scores.to_vec(), vec![c.wanted.to_string()]].concat());
    }
    let mut out = String::new();
    table.write(style, &mut out);
    out
}

/// One line for each group: kinds or bodies, with the number of documents.
pub fn groups(name: &str, rows: &[(String, usize, Count)], style: Style) -> String {
    let mut table = Table::new(&[name, "documents", "P", "R", "F1", "lenient", "support"]);
    for (group, documents, c) in rows {
        let s = c.strict();
        let scores = [s.precision, s.recall, s.f1, c.lenient().f1].map(three);
        table
            .0
            .push([vec![group.clone(), documents.to_string()], scores.to_vec(), vec![c.wanted.to_string()]].concat());
    }
    let mut out = String::new();
    table.write(style, &mut out);
    out
}

/// What the evidence is worth.
pub fn evidence(e: &Evaluation, style: Style) -> String {
    let p = &e.proof;
    let (searched, held) = e.held();
    let (told, placed) = e.placed();
    let mut table = Table::new(&["evidence", "of", "share"]);
    let mut row = |what: &str, part: usize, of: usize| {
        if of > 0 {
            table.0.push(vec![what.to_string(), of.to_string(), percent(part, of)]);
        }
    };
    row("values with evidence", p.proven, p.values);
    row("quotes that stand where they say", p.verbatim, p.entries);
    row("entries on a page of the document", p.entries.saturating_sub(p.nowhere), p.entries);
    row("boxes inside their page", p.on_page, p.boxes);
    row("quotes that show the value", held, searched);
    row("evidence where the label says", placed, told);
    let mut out = String::new();
    table.write(style, &mut out);
    out
}

/// How far confidence can be trusted.
pub fn calibration(e: &Evaluation, style: Style) -> String {
    let mut table = Table::new(&["confidence", "values", "mean", "right"]);
    let mut above = None;
    for (lower, trust) in BANDS.iter().zip(e.calibration()) {
        let band = match above {
            None => format!("{lower:.1} and more"),
            Some(upper) if *lower > 0.0 => format!("{lower:.1} to {upper:.1}"),
            Some(upper) => format!("under {upper:.1}"),
        };
        above = Some(*lower);
        let mean = trust.mean().map_or("–".into(), three);
        table.0.push(vec![band, trust.values.to_string(), mean, percent(trust.right, trust.values)]);
    }
    let mut out = String::new();
    table.write(style, &mut out);
    out
}

/// Every rule with what it read, most values first.
pub fn rules(e: &Evaluation, style: Style) -> String {
    let mut table = Table::new(&["rule", "values", "confidence", "right"]);
    let mut rules: Vec<_> = e.rules().into_iter().collect();
    rules.sort_by_key(|(_, t)| usize::MAX - t.values);
    for (rule, t) in rules {
        let mean = t.mean().map_or("–".into(), three);
        table.0.push(vec![rule, t.values.to_string(), mean, percent(t.right, t.values)]);
    }
    let mut out = String::new();
    table.write(style, &mut out);
    out
}
