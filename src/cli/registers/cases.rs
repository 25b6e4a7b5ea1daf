//! `diarium cases`: the documents of one diary number in order of time, the decision beside the proposal.

use std::io::Write;

use super::{Common, count, outcome, proofs, read, unknown, write_json};
use crate::cli::Outcome;
use crate::cli::config::Config;
use crate::cli::term::{Style, Term, plain, shorten};
use crate::parse::record::Status;
use crate::registry::{Case, Fate, Verdict, Wanted};

/// What `cases` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What every register takes
    #[command(flatten)]
    pub common: Common,
    /// Only cases where something was decided otherwise than proposed
    #[arg(long)]
    pub differs: bool,
}

/// Prints the register.
///
/// # Errors
/// If there is no catalog, or a name or filter's value is not known.
pub fn run(args: &Args, config: &Config) -> anyhow::Result<Outcome> {
    let opened = read(&args.common.filters, Wanted { cases: true, ..Wanted::NONE }, config)?;
    let register = &opened.registers.cases;
    let mut shown: Vec<&Case> = if args.common.names.is_empty() {
        register.entries.iter().collect()
    } else {
        let mut named = Vec::new();
        for name in &args.common.names {
            let found = register.find(name);
            if found.is_empty() {
                return Err(unknown("cases", name, register.entries.iter().map(|c| c.id.as_str()), &opened.lex));
            }
            named.extend(found);
        }
        named
    };
    shown.retain(|c| opened.lets_through(c.steps.iter().map(|s| s.document.as_str())));
    if args.differs {
        shown.retain(|c| c.comparisons.iter().any(|c| c.differs));
    }
    let mut out = config.term.out();
    if args.common.json {
        write_json(&mut out, "cases", opened.sequence, &shown, &[])?;
    } else {
        for c in &shown {
            one(&mut out, &config.term, c, &args.common)?;
        }
        writeln!(out, "{}.", count(shown.len(), "case", "cases"))?;
    }
    out.flush()?;
    Ok(outcome(shown.len()))
}

fn one(out: &mut impl Write, term: &Term, c: &Case, common: &Common) -> anyhow::Result<()> {
    let title = shorten(c.title.as_deref().unwrap_or("(no title)"), 100);
    let authority = c.authority.as_deref().unwrap_or("authority not known");
    writeln!(out, "{}  {} · {title}", term.paint(Style::Bold, &plain(&c.dnr)), plain(authority))?;
    for s in &c.steps {
        let date = s.date.map_or_else(|| "no date".to_string(), |d| d.to_string());
        let item = s.item.as_deref().map(|i| format!(", {i}")).unwrap_or_default();
        writeln!(
            out,
            "    {date:<10}  {}{}  {}",
            s.role.label(),
            plain(&item),
            term.paint(Style::Dim, &plain(&s.path))
        )?;
        if common.full() {
            for d in s.decisions.iter() {
                let number = d.number.as_deref().map(|n| format!("{n}. ")).unwrap_or_default();
                let status = match d.status {
                    Status::Proposed => "proposed",
                    Status::Moved => "moved",
                    Status::Decided => "decided",
                    Status::Opinion => "opinion",
                };
                writeln!(out, "        {status}: {number}{}", shorten(&d.text, 160))?;
                if common.evidence {
                    proofs(out, term, "            ", &d.mentions)?;
                }
            }
            if common.evidence {
                proofs(out, term, "        ", &s.mentions)?;
            }
        }
    }
    for x in &c.comparisons {
        let when = x.date.map(|d| d.to_string()).unwrap_or_default();
        if !x.differs {
            writeln!(out, "    {}", term.paint(Style::Green, &format!("{when}: decided as proposed")))?;
            continue;
        }
        writeln!(out, "    {}", term.paint(Style::Yellow, &format!("{when}: {}", otherwise(x.fate))))?;
        for p in x.points.iter().filter(|p| common.full() || p.verdict != Verdict::Same) {
            let quoted = |t: &Option<std::sync::Arc<str>>| t.as_deref().map(|t| shorten(t, 140)).unwrap_or_default();
            let (proposed, decided) = (quoted(&p.proposed), quoted(&p.decided));
            match p.verdict {
                Verdict::Same => writeln!(out, "        = {}", if decided.is_empty() { proposed } else { decided })?,
                Verdict::Added => writeln!(out, "        + {decided}")?,
                Verdict::LeftOut => writeln!(out, "        − {proposed}")?,
                Verdict::Changed => writeln!(out, "        ~ {proposed}\n        → {decided}")?,
            }
            if common.evidence {
                proofs(out, term, "            ", &p.mentions)?;
            }
        }
    }
    if common.full() {
        for (what, links) in [("cites", &c.cites), ("cited by", &c.cited_by)] {
            for l in links {
                let known = l.case.as_deref().unwrap_or("not in this corpus");
                writeln!(out, "    {what} {} ({})", plain(&l.dnr), plain(known))?;
                proofs(out, term, "        ", &l.mentions)?;
            }
        }
        writeln!(out, "    id {}", plain(&c.id))?;
    } else if !c.cites.is_empty() {
        let all: Vec<&str> = c.cites.iter().map(|l| l.dnr.as_str()).collect();
        writeln!(out, "    cites {}", shorten(&all.join(", "), 100))?;
    }
    Ok(())
}

/// What is said of a decision that differs from its proposal.
fn otherwise(fate: Fate) -> &'static str {
    match fate {
        Fate::Refused => "refused",
        Fate::SentBack => "sent back",
        Fate::PutOff => "put off",
        Fate::Granted | Fate::Other => "decided otherwise than proposed",
    }
}
