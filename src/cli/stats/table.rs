//! Counts by two fields at once, as a table for people and as a picture.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use jiff::civil::Date;
use serde::Serialize;

use crate::cli::filters::{Filters, Opened, usage};
use crate::lexicon::Lexicon;
use crate::query::field::Form;
use crate::query::{Field, Unit};
use crate::registry::Agreement;
use crate::search;

/// Most rows of a table.
const ROWS: usize = 60;

/// Counts by two fields.
#[derive(Debug, Serialize)]
pub struct Table {
    /// Field of the rows.
    pub rows: &'static str,
    /// Field of the columns.
    pub columns: &'static str,
    /// `documents`, `decisions` or `agreements`.
    pub counted: &'static str,
    /// Columns in order: value and label.
    pub heads: Vec<(String, String)>,
    /// Rows in order.
    pub lines: Vec<Line>,
}

/// One row.
#[derive(Debug, Serialize)]
pub struct Line {
    /// Its value.
    pub value: String,
    /// For people.
    pub label: String,
    /// All of it, also what no column has.
    pub total: u64,
    /// By column, in their order.
    pub counts: Vec<u64>,
}

/// Counts. Decisions are counted if one of the fields is theirs, else documents.
///
/// # Errors
/// If a filter's value is not known, or the index cannot be read.
pub fn count(rows: Field, columns: Field, filters: &Filters, opened: &Opened, lex: &Lexicon) -> anyhow::Result<Table> {
    let unit = if rows.info().of_decision || columns.info().of_decision { Unit::Decision } else { Unit::Document };
    let facets = |also: Option<(Field, String)>| {
        let mut request = search::Request { facets: true, within: true, ..filters.request(&[], unit) };
        request.filters.extend(also.map(|(f, v)| (f, vec![v])));
        search::search(&request, &opened.engine, &opened.catalog, lex).map_err(usage)
    };
    let all = facets(None)?;
    let of = |field: Field| all.facets.get(field.name()).unwrap_or_default();
    let in_order = |field: Field| {
        let mut values: Vec<(String, String)> =
            of(field).iter().map(|c| (c.value.to_string(), c.label.to_string())).collect();
        if field.info().form == Form::Number {
            values.sort();
        }
        values
    };
    let heads = in_order(columns);
    let mut lines = Vec::new();
    for (value, label) in in_order(rows).into_iter().take(ROWS) {
        let found = facets(Some((rows, value.clone())))?;
        let counts: BTreeMap<&str, u64> =
            found.facets.get(columns.name()).unwrap_or_default().iter().map(|c| (&*c.value, c.count)).collect();
        let counts = heads.iter().map(|(v, _)| counts.get(v.as_str()).copied().unwrap_or(0)).collect();
        lines.push(Line { value, label, total: found.total, counts });
    }
    let counted = if unit == Unit::Document { "documents" } else { "decisions" };
    Ok(Table { rows: rows.name(), columns: columns.name(), counted, heads, lines })
}

/// Most years of a table: no agreement lasts longer.
const YEARS: i16 = 80;

/// Counts agreements in force on some day of each year, by district as it was then. `agreements --in-force YEAR --district ID` lists
/// those behind each number.
pub fn in_force(
    agreements: &[&Agreement],
    wanted: impl Fn(&str) -> bool,
    year_wanted: impl Fn(i16) -> bool,
    lex: &Lexicon,
) -> Table {
    /// Agreements, and how many there are in each year.
    type Held = (BTreeSet<usize>, Vec<u64>);
    let held = || agreements.iter().flat_map(|a| &a.periods).filter(|p| p.standing.holds());
    let days = || held().flat_map(|p| [p.first_day(), p.last_day()]).flatten().map(|d| d.year());
    let last = days().max().unwrap_or(0);
    let first = days().min().unwrap_or(0).max(last.saturating_sub(YEARS));
    let years: Vec<i16> = (first..=last).filter(|y| *y > 0 && year_wanted(*y)).collect();
    let mut rows: BTreeMap<(String, &str), Held> = BTreeMap::new();
    for (n, a) in agreements.iter().enumerate() {
        for (column, year) in years.iter().enumerate() {
            let (Ok(from), Ok(to)) = (Date::new(*year, 1, 1), Date::new(*year, 12, 31)) else { continue };
            for district in a.districts_in_force(from, to, lex).into_iter().filter(|d| wanted(d)) {
                let label = search::label(Field::District, district, lex);
                let (all, counts) =
                    rows.entry((label, district)).or_insert_with(|| (BTreeSet::new(), vec![0; years.len()]));
                all.insert(n);
                counts.get_mut(column).into_iter().for_each(|c| *c += 1);
            }
        }
    }
    let line = |((label, district), (all, counts)): ((String, &str), Held)| Line {
        value: district.to_string(),
        label,
        total: all.len() as u64,
        counts,
    };
    Table {
        rows: "district",
        columns: "year",
        counted: "agreements",
        heads: years.iter().map(|y| (y.to_string(), y.to_string())).collect(),
        lines: rows.into_iter().map(line).collect(),
    }
}

impl Table {
    /// What is counted, for people.
    pub fn what(&self) -> &'static str {
        match self.counted {
            "documents" => "Documents",
            "agreements" => "Agreements in force on some day",
            _ => "Decisions",
        }
    }

    /// As lines of text.
    pub fn text(&self) -> String {
        let wide = |s: &str| s.chars().count();
        let first = self.lines.iter().map(|l| wide(&l.label)).max().unwrap_or(0).clamp(8, 40);
        let widths: Vec<usize> = self.heads.iter().map(|(_, l)| wide(&short(l, 14)).max(5)).collect();
        let mut out = format!("{:<first$}", "");
        for ((_, label), w) in self.heads.iter().zip(&widths) {
            let _ = write!(out, "  {:>w$}", short(label, 14));
        }
        let _ = writeln!(out, "  {:>6}", "all");
        for line in &self.lines {
            let _ = write!(out, "{:<first$}", short(&line.label, first));
            for (n, w) in line.counts.iter().zip(&widths) {
                let shown = if *n == 0 { "·".to_string() } else { n.to_string() };
                let _ = write!(out, "  {shown:>w$}");
            }
            let _ = writeln!(out, "  {:>6}", line.total);
        }
        out
    }

    /// As a picture: a table whose cells are the darker the more there are.
    pub fn svg(&self) -> String {
        let (left, top, cell, row) = (230.0, 96.0, 54.0, 26.0);
        let turned = self.heads.iter().any(|(_, l)| l.chars().count() > 6);
        let top = if turned { top + 70.0 } else { top };
        let width = left + self.heads.len() as f64 * cell + 70.0;
        let height = top + self.lines.len() as f64 * row + 44.0;
        let most = self.lines.iter().flat_map(|l| &l.counts).copied().max().unwrap_or(1).max(1) as f64;
        let title = match self.counted {
            "documents" => "Antal handlingar",
            "agreements" => "Antal överenskommelser som gällde någon dag under året",
            _ => "Antal beslut",
        };
        let mut svg = String::new();
        let _ = writeln!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" lang=\"sv\" role=\"img\" \
             font-family=\"Liberation Sans, Arial, Helvetica, sans-serif\" font-size=\"12\" fill=\"#1a1a1a\">\n<title>{title}</title>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n<text x=\"24\" y=\"34\" font-size=\"20\" font-weight=\"bold\">{title}</text>\n\
             <text x=\"24\" y=\"54\" fill=\"#555555\">Bara de handlingar som finns i materialet. En tom ruta kan betyda att handlingar saknas.</text>"
        );
        let x = |i: usize| left + i as f64 * cell;
        for (i, (_, label)) in self.heads.iter().enumerate() {
            let (at, y) = (x(i) + cell / 2.0, top - 8.0);
            let turn = if turned {
                format!(" transform=\"rotate(-45 {at:.1} {y:.1})\" text-anchor=\"start\"")
            } else {
                " text-anchor=\"middle\"".into()
            };
            let _ = writeln!(svg, "<text x=\"{at:.1}\" y=\"{y:.1}\"{turn}>{}</text>", escaped(&short(label, 18)));
        }
        for (j, line) in self.lines.iter().enumerate() {
            let y = top + j as f64 * row;
            let _ = writeln!(svg, "<text x=\"24\" y=\"{:.1}\">{}</text>", y + 17.0, escaped(&short(&line.label, 32)));
            for (i, n) in line.counts.iter().enumerate().filter(|(_, n)| **n > 0) {
                // Square root: few and many can both be told apart.
                let share = (*n as f64 / most).sqrt();
                let ink = if share > 0.55 { "#ffffff" } else { "#1a1a1a" };
                let _ = writeln!(
                    svg,
                    "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"#1f5a96\" fill-opacity=\"{:.2}\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"{ink}\">{n}</text>",
                    x(i) + 1.0,
                    y + 1.0,
                    cell - 2.0,
                    row - 2.0,
                    0.12 + 0.88 * share,
                    x(i) + cell / 2.0,
                    y + 17.0
                );
            }
            let _ = writeln!(
                svg,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" font-weight=\"bold\">{}</text>",
                x(self.heads.len()) + 44.0,
                y + 17.0,
                line.total
            );
        }
        svg.push_str("</svg>\n");
        svg
    }
}

fn short(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        Some(_) => format!("{}…", text.chars().take(max.saturating_sub(1)).collect::<String>().trim_end()),
        None => text.to_string(),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_every_count_in_text_and_picture() {
        let heads = vec![("2023".to_string(), "2023".to_string()), ("2024".to_string(), "2024".to_string())];
        let lines = vec![Line { value: "a".into(), label: "A & B".into(), total: 17, counts: vec![0, 16] }];
        let table = Table { rows: "district", columns: "year", counted: "documents", heads, lines };
        let text = table.text();
        assert!(
            text.lines().nth(1).is_some_and(|l| l.split_whitespace().eq(["A", "&", "B", "·", "16", "17"])),
            "{text}"
        );
        let svg = table.svg();
        assert!(svg.contains(">16<") && svg.contains(">17<") && svg.contains("A &amp; B") && !svg.contains(">0<"));
    }
}
