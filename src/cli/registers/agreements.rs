//! `diarium agreements`: one entry for each agreement over all documents, with its chain of periods.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context as _;
use jiff::civil::Date;

use super::{Common, Opened, count, outcome, proofs, read, span, write_json};
use crate::base::PartialDate;
use crate::cli::config::Config;
use crate::cli::term::{Style, Term, plain, shorten};
use crate::cli::{Outcome, UsageError};
use crate::registry::{AgreedPeriod, Agreement, Said, Wanted};

/// What `agreements` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What every register takes
    #[command(flatten)]
    pub common: Common,
    /// Only agreements in force on this day, as far as the documents tell: YYYY-MM-DD
    #[arg(long, value_name = "DATE")]
    pub in_force: Option<String>,
    /// Only agreements whose last known day is before this one: YYYY-MM-DD
    #[arg(long, value_name = "DATE")]
    pub expires_before: Option<String>,
    /// Draw the agreements over time as SVG into this file
    #[arg(long, value_name = "FILE")]
    pub timeline: Option<PathBuf>,
}

fn day(option: &str, typed: Option<&String>) -> anyhow::Result<Option<Date>> {
    let read = |s: &String| {
        s.parse::<PartialDate>()
            .ok()
            .filter(|d| d.to_string().len() == 10)
            .map(PartialDate::first)
            .ok_or_else(|| anyhow::Error::from(UsageError(format!("{option} \"{s}\" is no day; write YYYY-MM-DD"))))
    };
    typed.map(read).transpose()
}

/// Prints the register.
///
/// # Errors
/// If there is no catalog, a value is not known, or the timeline cannot be written.
pub fn run(args: &Args, config: &Config) -> anyhow::Result<Outcome> {
    let in_force = day("--in-force", args.in_force.as_ref())?;
    let expires = day("--expires-before", args.expires_before.as_ref())?;
    let opened = read(&args.common.filters, Wanted { agreements: true, cases: true, ..Wanted::NONE }, config)?;
    let all = &opened.registers.agreements;
    let mut shown: Vec<&Agreement> = if args.common.names.is_empty() {
        all.iter().collect()
    } else {
        let mut named: Vec<&Agreement> = Vec::new();
        for name in &args.common.names {
            let ids: Vec<&str> = opened
                .registers
                .organisations
                .find(name)
                .iter()
                .flat_map(|o| &o.agreements)
                .map(String::as_str)
                .collect();
            let folded = crate::base::fold::name_key(name);
            let is = |a: &&Agreement| {
                a.id == *name
                    || a.other_ids.contains(name)
                    || ids.contains(&a.id.as_str())
                    || crate::base::fold::name_key(&a.name) == folded
            };
            let found: Vec<&Agreement> = all.iter().filter(is).collect();
            if found.is_empty() {
                return Err(super::unknown("agreements", name));
            }
            named.extend(found);
        }
        named
    };
    shown.retain(|a| {
        opened.lets_through(a.periods.iter().flat_map(|p| &p.mentions).chain(&a.mentions).map(|p| p.source.id.as_str()))
    });
    if let Some(day) = in_force {
        shown.retain(|a| a.in_force(day));
    }
    if let Some(day) = expires {
        shown.retain(|a| a.ends().is_some_and(|e| e < day));
    }
    if let Some(path) = &args.timeline {
        let svg = crate::registry::timeline(&shown, &opened.lex);
        std::fs::write(path, svg).with_context(|| format!("{}: cannot be written", path.display()))?;
        config.term.note(&format!("{}: {}", path.display(), count(shown.len(), "agreement", "agreements")));
    }
    let mut out = config.term.out();
    if args.common.json {
        write_json(&mut out, "agreements", opened.sequence, &shown, &[])?;
    } else if args.timeline.is_none() {
        for a in &shown {
            one(&mut out, &config.term, &opened, a, &args.common)?;
        }
        let when = in_force.map(|d| format!(" in force on {d}")).unwrap_or_default();
        let before = expires.map(|d| format!(" with the last known day before {d}")).unwrap_or_default();
        writeln!(out, "{}{when}{before}.", count(shown.len(), "agreement", "agreements"))?;
    }
    out.flush()?;
    Ok(outcome(shown.len()))
}

fn one(out: &mut impl Write, term: &Term, opened: &Opened, a: &Agreement, common: &Common) -> anyhow::Result<()> {
    let districts: Vec<String> = a.districts.iter().map(|d| opened.district(d)).collect();
    let facts = [a.types.join("/"), districts.join(", "), count(a.documents, "document", "documents")];
    let facts: Vec<&str> = facts.iter().map(String::as_str).filter(|f| !f.is_empty()).collect();
    writeln!(out, "{}  {}", term.paint(Style::Bold, &plain(&a.name)), plain(&facts.join(" · ")))?;
    for p in &a.periods {
        writeln!(out, "    {}", period(p))?;
        if common.full() {
            proofs(out, term, "        ", &p.mentions)?;
        }
    }
    if a.periods.is_empty() {
        writeln!(out, "    no period is known")?;
    }
    for f in a.findings.iter().filter(|f| f.code != "renewal" || common.full()) {
        let style = if f.code == "renewal" { Style::Dim } else { Style::Yellow };
        writeln!(out, "    {}", term.paint(style, &format!("{}: {}", f.code, plain(&f.message))))?;
        if common.full() && f.code == "contradiction" {
            proofs(out, term, "        ", &f.mentions)?;
        }
    }
    if !common.full() {
        return Ok(());
    }
    let label = |text: &str| term.paint(Style::Bold, text);
    for s in &a.signed {
        writeln!(out, "    {} {}", label("signed"), s.value)?;
        proofs(out, term, "        ", &s.mentions)?;
    }
    for p in &a.parties {
        let known = p.organisation.as_deref().map(|o| format!(" [{o}]")).unwrap_or_default();
        let line = format!("{} ({}, {}){known}", p.name, p.role, span(p.first_seen, p.last_seen));
        writeln!(out, "    {} {}", label("party"), plain(&line))?;
    }
    let lists: [(&str, &[Said<String>]); 6] = [
        ("purpose", &a.purposes),
        ("target group", &a.target_groups),
        ("activity", &a.activities),
        ("programme", &a.programmes),
        ("outcome", &a.outcomes),
        ("cofinanced", &a.cofinanced),
    ];
    for (name, values) in lists {
        for v in values {
            writeln!(out, "    {} {}", label(name), shorten(&v.value, 200))?;
            proofs(out, term, "        ", &v.mentions)?;
        }
    }
    for s in &a.sums {
        let per = s.per.as_deref().map(|p| format!(" per {p}")).unwrap_or_default();
        writeln!(out, "    {} {:.0} kronor{per} ({})", label("sum"), s.value_sek, s.said_in)?;
        proofs(out, term, "        ", &s.mentions)?;
    }
    for r in &a.recommendations {
        let what = match &r.recommendation {
            Some(r) => format!("{r:?}").to_lowercase(),
            None => "a proposal".to_string(),
        };
        let when = r.date.map(|d| format!(" ({d})")).unwrap_or_default();
        writeln!(out, "    {} {what}{when}", label("recommended"))?;
        proofs(out, term, "        ", &r.mentions)?;
        if let Some(d) = &r.decided {
            let item = d.item.as_deref().map(|i| format!(", {i}")).unwrap_or_default();
            let when = d.date.map(|d| d.to_string()).unwrap_or_default();
            writeln!(out, "        {} {}: {when}{item}", label("decided"), d.fate.label())?;
            for p in &d.decisions {
                writeln!(out, "            {}", shorten(&p.text, 160))?;
                proofs(out, term, "                ", &p.mentions)?;
            }
        }
    }
    for c in &a.cases {
        writeln!(out, "    {} {}", label("case"), plain(c))?;
    }
    writeln!(out, "    id {}", plain(&a.id))?;
    Ok(())
}

/// One period on one line.
fn period(p: &AgreedPeriod) -> String {
    let end = match (p.open_ended, p.end) {
        (true, _) => "until further notice".to_string(),
        (false, Some(end)) => end.to_string(),
        (false, None) => "?".to_string(),
    };
    let start = p.start.map_or_else(|| "?".to_string(), |d| d.to_string());
    let mut line = format!("{start} – {end}  {}", p.standing.label());
    for x in &p.extensions {
        let how = if x.proposed { "extension proposed to" } else { "extended to" };
        line.push_str(&format!("; {how} {}", x.new_end));
    }
    let used = p.lasted_until;
    if let Some(max) = p.may_last_until.iter().map(|s| s.value).max().filter(|m| Some(*m) > used) {
        line.push_str(&format!("; may be extended until {max}"));
    }
    line
}
