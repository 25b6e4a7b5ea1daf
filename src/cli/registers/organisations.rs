//! `diarium organisations`: one entry for each organisation over all documents, with the reason for every joining.

use std::io::Write;

use super::{Common, Opened, count, documents, outcome, proofs, read, span, unknown, write_json};
use crate::cli::Outcome;
use crate::cli::config::Config;
use crate::cli::term::{Style, Term, plain, shorten};
use crate::parse::record::PartyRole;
use crate::registry::{NameKind, Organisation, Wanted};

/// What `organisations` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What every register takes
    #[command(flatten)]
    pub common: Common,
    /// Only organisations of this type; without it, all but public bodies
    #[arg(long = "type", value_name = "TYPE", value_parser = ["civil", "company", "parish", "other", "public"])]
    pub kinds: Vec<String>,
}

/// Prints the register.
///
/// # Errors
/// If there is no catalog, or a name or filter's value is not known.
pub fn run(args: &Args, config: &Config) -> anyhow::Result<Outcome> {
    let wanted = Wanted { agreements: true, cases: true, ..Wanted::NONE };
    let opened = read(&args.common.filters, wanted, config)?;
    let register = &opened.registers.organisations;
    let is_kind = |o: &Organisation| {
        let kind = crate::registry::role_name(o.kind);
        if args.kinds.is_empty() { o.kind != PartyRole::Public } else { args.kinds.iter().any(|k| k == kind) }
    };
    let mut shown: Vec<&Organisation> = if args.common.names.is_empty() {
        register.entries.iter().filter(|o| is_kind(o)).collect()
    } else {
        let mut named = Vec::new();
        for name in &args.common.names {
            let found = register.find(name);
            if found.is_empty() {
                return Err(unknown(
                    "organisations",
                    name,
                    register.entries.iter().map(|o| o.name.as_str()),
                    &opened.lex,
                ));
            }
            named.extend(found);
        }
        named
    };
    shown.retain(|o| opened.lets_through(documents(&o.mentions)));
    let mut out = config.term.out();
    if args.common.json {
        let doubts = serde_json::to_value(&register.doubts)?;
        write_json(&mut out, "organisations", opened.sequence, &shown, &[("doubtful", doubts)])?;
    } else {
        for o in &shown {
            one(&mut out, &config.term, &opened, o, &args.common)?;
        }
        let public = register.entries.iter().filter(|o| o.kind == PartyRole::Public).count();
        let left = if args.kinds.is_empty() && args.common.names.is_empty() && public > 0 {
            format!("; {} left out (--type public)", count(public, "public body", "public bodies"))
        } else {
            String::new()
        };
        writeln!(out, "{}{left}.", count(shown.len(), "organisation", "organisations"))?;
        let doubts = register.doubts.len();
        if doubts > 0 {
            writeln!(out, "{} may be one or not: diarium review lists them.", count(doubts, "pair", "pairs"))?;
        }
    }
    out.flush()?;
    Ok(outcome(shown.len()))
}

fn one(out: &mut impl Write, term: &Term, opened: &Opened, o: &Organisation, common: &Common) -> anyhow::Result<()> {
    let number = o.org_nr.as_deref().unwrap_or("no number");
    let districts: Vec<String> = o.districts.iter().map(|d| opened.district(d)).collect();
    let facts = [
        number.to_string(),
        crate::registry::role_name(o.kind).to_string(),
        districts.join(", "),
        span(o.first_seen, o.last_seen),
        count(o.documents, "document", "documents"),
    ];
    let facts: Vec<&str> = facts.iter().map(String::as_str).filter(|f| !f.is_empty()).collect();
    writeln!(out, "{}  {}", term.paint(Style::Bold, &plain(&o.name)), plain(&facts.join(" · ")))?;
    let others = o.names.iter().filter(|n| n.name != o.name);
    for n in others {
        let kind = match n.kind {
            NameKind::Name => "also",
            NameKind::Former => "formerly",
            NameKind::Alias => "called",
            NameKind::Misspelling => "misspelt",
        };
        let when = span(n.first_seen, n.last_seen);
        writeln!(out, "    {kind} {} ({}, {when})", plain(&n.name), count(n.documents, "document", "documents"))?;
    }
    for m in &o.malformed_numbers {
        let hint = m.suggestion.as_deref().map(|s| format!("; {s}?")).unwrap_or_default();
        writeln!(
            out,
            "    {}",
            term.paint(Style::Yellow, &format!("number {} fails the checks{hint}", plain(&m.raw)))
        )?;
        if common.full() {
            proofs(out, term, "        ", &m.mentions)?;
        }
    }
    if common.full() {
        for m in &o.merges {
            let [a, b] = &m.names;
            writeln!(out, "    one because: “{}” and “{}”: {}", plain(a), plain(b), m.reason.label())?;
            proofs(out, term, "        ", &m.mentions)?;
        }
        for a in &o.agreements {
            writeln!(out, "    agreement {}", plain(a))?;
        }
        writeln!(out, "    id {}{}", o.id, also(&o.other_ids))?;
        writeln!(out, "    named in")?;
        proofs(out, term, "        ", &o.mentions)?;
    } else if !o.agreements.is_empty() {
        writeln!(out, "    {}", shorten(&count(o.agreements.len(), "agreement", "agreements"), 80))?;
    }
    Ok(())
}

fn also(ids: &[String]) -> String {
    if ids.is_empty() { String::new() } else { format!(" (also {})", plain(&ids.join(", "))) }
}
