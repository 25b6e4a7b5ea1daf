//! `diarium districts`: districts then and now, and what the corpus has for each.

use std::io::Write;

use super::{count, outcome, read, unknown, write_json};
use crate::base::fold::name_key;
use crate::cli::Outcome;
use crate::cli::config::Config;
use crate::cli::filters::Filters;
use crate::cli::term::{Style, Term, plain};
use crate::registry::{District, Succession, Wanted};

/// What `districts` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only those with one of these names or ids
    #[arg(value_name = "NAME|ID")]
    pub names: Vec<String>,
    /// The filters: a district is shown if a document of it passes them
    #[command(flatten)]
    pub filters: Filters,
    /// Print the register as JSON
    #[arg(long)]
    pub json: bool,
}

/// Prints the register.
///
/// # Errors
/// If there is no catalog, or a name is not known.
pub fn run(args: &Args, config: &Config) -> anyhow::Result<Outcome> {
    let wanted = Wanted { agreements: true, cases: true, ..Wanted::NONE };
    let opened = read(&args.filters, wanted, config)?;
    let all = &opened.registers.districts;
    let is_wanted = |d: &&District| opened.districts.as_ref().is_none_or(|wanted| wanted.contains(&d.id));
    let mut shown: Vec<&District> = all.iter().filter(is_wanted).collect();
    if !args.names.is_empty() {
        let is = |d: &District, name: &str| {
            d.id == name || name_key(&d.name) == name_key(name) || name_key(&d.board) == name_key(name)
        };
        if let Some(name) = args.names.iter().find(|n| !all.iter().any(|d| is(d, n))) {
            return Err(unknown("districts", name, all.iter().map(|d| d.name.as_str()), &opened.lex));
        }
        shown.retain(|d| args.names.iter().any(|n| is(d, n)));
    }
    let mut out = config.term.out();
    if args.json {
        write_json(&mut out, "districts", opened.sequence, &shown, &[])?;
    } else {
        for d in &shown {
            one(&mut out, &config.term, d)?;
        }
        writeln!(out, "{}.", count(shown.len(), "district", "districts"))?;
    }
    out.flush()?;
    Ok(outcome(shown.len()))
}

fn one(out: &mut impl Write, term: &Term, d: &District) -> anyhow::Result<()> {
    let lasts = match (&d.from, &d.to) {
        (Some(from), Some(to)) => format!("{from} – {to}"),
        (Some(from), None) => format!("since {from}"),
        (None, Some(to)) => format!("until {to}"),
        (None, None) => String::new(),
    };
    writeln!(out, "{}  {} · {lasts}", term.paint(Style::Bold, &plain(&d.name)), plain(&d.city))?;
    let named = |all: &[Succession]| all.iter().map(|s| s.name.as_str()).collect::<Vec<_>>().join(", ");
    let since =
        |all: &[Succession]| all.iter().find_map(|s| s.since.clone()).map(|d| format!(" on {d}")).unwrap_or_default();
    if !d.predecessors.is_empty() {
        writeln!(out, "    came from {}{}", plain(&named(&d.predecessors)), since(&d.predecessors))?;
    }
    if !d.successors.is_empty() {
        writeln!(out, "    became {}{}", plain(&named(&d.successors)), since(&d.successors))?;
    }
    if d.documents == 0 {
        writeln!(out, "    no documents here")?;
        return Ok(());
    }
    let years: Vec<String> = d.years.iter().map(|(y, n)| format!("{y}: {n}")).collect();
    writeln!(
        out,
        "    {} ({}), {} with minutes, {}, {}, {}",
        count(d.documents, "document", "documents"),
        years.join(", "),
        count(d.meetings.len(), "meeting", "meetings"),
        count(d.cases, "case", "cases"),
        count(d.agreements, "agreement", "agreements"),
        count(d.organisations, "organisation", "organisations"),
    )?;
    Ok(())
}
