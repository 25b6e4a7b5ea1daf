//! `diarium search --queries FILE`: many queries at once, a row of counts for each.

use std::io::{BufRead, Write};
use std::path::Path;

use anyhow::Context;
use serde_json::json;

use super::Outcome;
use super::config::Config;
use super::filters::{Opened, usage};
use super::term::{Style, Term, plain, shorten};
use crate::lexicon::Lexicon;
use crate::query::field::FIELDS;
use crate::search::{self, Request, Results};

/// Most values of a facet in a row for people; programs get all with --json.
const FACET_VALUES: usize = 5;

/// Answers each line of a file (`-`: of stdin) as a query with the same filters. Empty lines and those that begin with `#` are left out.
///
/// # Errors
/// If the file cannot be read, or a query's value is not known; the line is named.
pub(super) fn run(
    path: &Path,
    request: &Request,
    json: bool,
    opened: &Opened,
    lex: &Lexicon,
    config: &Config,
) -> anyhow::Result<Outcome> {
    let lines = read(path).with_context(|| format!("{}: the queries cannot be read", path.display()))?;
    let mut out = config.term.out();
    let mut any = false;
    for (number, line) in lines {
        let asked = Request { text: line, limit: 0, ..request.clone() };
        let results = search::search(&asked, &opened.engine, &opened.catalog, lex)
            .map_err(|e| usage(e).context(format!("{}:{number}: {}", path.display(), asked.text)))?;
        any |= results.total > 0;
        if json {
            let row = json!({
                "query": results.query, "total": results.total, "facets": results.facets,
                "suggestions": results.suggestions, "read_as": results.read_as, "unsearched": results.unsearched,
            });
            serde_json::to_writer(&mut out, &row)?;
            writeln!(out)?;
        } else {
            row(&mut out, &results, &config.term)?;
        }
    }
    out.flush()?;
    Ok(if any { Outcome::Done } else { Outcome::NothingMatched })
}

/// The queries with their line numbers.
fn read(path: &Path) -> std::io::Result<Vec<(usize, String)>> {
    let reader: Box<dyn BufRead> = if path == Path::new("-") {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(std::io::BufReader::new(std::fs::File::open(path)?))
    };
    let mut queries = Vec::new();
    for (line, number) in reader.lines().zip(1..) {
        let line = line?.trim_start_matches('\u{feff}').trim().to_string();
        if !line.is_empty() && !line.starts_with('#') {
            queries.push((number, line));
        }
    }
    Ok(queries)
}

fn row(out: &mut dyn Write, results: &Results, term: &Term) -> std::io::Result<()> {
    writeln!(out, "{:>8}  {}", results.total, shorten(&results.query, 120))?;
    for info in FIELDS.iter().filter(|i| i.facet) {
        let Some(counts) = results.facets.get(info.name).filter(|c| !c.is_empty()) else { continue };
        let mut values: Vec<String> =
            counts.iter().take(FACET_VALUES).map(|c| format!("{} {}", plain(&c.label), c.count)).collect();
        if counts.len() > FACET_VALUES {
            values.push(format!("{} more", counts.len() - FACET_VALUES));
        }
        writeln!(out, "          {}", term.paint(Style::Dim, &format!("{}: {}", info.name, values.join(", "))))?;
    }
    for s in &results.suggestions {
        writeln!(out, "          {}", term.paint(Style::Dim, &format!("Try: {}", plain(s))))?;
    }
    Ok(())
}
