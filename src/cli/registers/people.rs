//! `diarium people`: officials and elected members in their public roles. Never private persons.

use std::io::Write;

use super::{Common, count, documents, outcome, proofs, read, span, unknown, write_json};
use crate::base::fold::name_key;
use crate::cli::Outcome;
use crate::cli::config::Config;
use crate::cli::term::{Style, plain};
use crate::registry::{Person, Wanted};

/// What `people` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What every register takes
    #[command(flatten)]
    pub common: Common,
    /// Only those whose role holds this word
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
}

/// Prints the register.
///
/// # Errors
/// If there is no catalog, or a name or filter's value is not known.
pub fn run(args: &Args, config: &Config) -> anyhow::Result<Outcome> {
    let opened = read(&args.common.filters, Wanted { people: true, ..Wanted::NONE }, config)?;
    let all = &opened.registers.people;
    let mut shown: Vec<&Person> = all.iter().collect();
    if !args.common.names.is_empty() {
        let is = |p: &Person, name: &str| p.id == name || name_key(&p.name) == name_key(name);
        if let Some(name) = args.common.names.iter().find(|n| !all.iter().any(|p| is(p, n))) {
            return Err(unknown("people", name, all.iter().map(|p| p.name.as_str()), &opened.lex));
        }
        shown.retain(|p| args.common.names.iter().any(|n| is(p, n)));
    }
    if let Some(role) = &args.role {
        let key = name_key(role);
        shown.retain(|p| p.roles.iter().any(|r| name_key(&r.role).contains(&key)));
    }
    shown.retain(|p| opened.lets_through(p.roles.iter().flat_map(|r| documents(&r.mentions))));
    let mut out = config.term.out();
    if args.common.json {
        write_json(&mut out, "people", opened.sequence, &shown, &[])?;
    } else {
        let mut body = None;
        for p in &shown {
            // One heading for a body with its predecessors.
            let now = p.id.split('/').next().unwrap_or_default();
            if body != Some(now) {
                let board = opened.lex.district(now).map(|d| d.official_board_name.as_str());
                let name = board.or(p.body.as_deref()).unwrap_or("body not known");
                writeln!(out, "{}", config.term.paint(Style::Bold, &plain(name)))?;
                body = Some(now);
            }
            let board = opened.lex.district(now).map(|d| d.official_board_name.as_str());
            let then = p.body.as_deref().filter(|b| board.is_some_and(|now| now != *b));
            let then = then.map(|b| format!(" [{b}]")).unwrap_or_default();
            for r in &p.roles {
                let party = r.political_party.as_deref().map(|p| format!(" ({p})")).unwrap_or_default();
                let when = span(r.first_seen, r.last_seen);
                let line = format!("{}{party}, {}{then}  {when}", p.name, r.role);
                writeln!(out, "    {}  {}", plain(&line), count(r.documents, "document", "documents"))?;
                if args.common.full() {
                    proofs(&mut out, &config.term, "        ", &r.mentions)?;
                }
            }
        }
        writeln!(out, "{} in public roles.", count(shown.len(), "entry", "entries"))?;
    }
    out.flush()?;
    Ok(outcome(shown.len()))
}
