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
use crate::query::Field;
use crate::registry::{AgreedPeriod, Agreement, Language, Said, Wanted};

/// What `agreements` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What every register takes
    #[command(flatten)]
    pub common: Common,
    /// Only agreements in force on this day, or on some day of this month, year or span, as far as the documents tell:
    /// YYYY-MM-DD, YYYY-MM, YYYY, or two of them with .. between
    #[arg(long, value_name = "DATE")]
    pub in_force: Option<String>,
    /// Only agreements whose last known day is before this one: YYYY-MM-DD, YYYY-MM or YYYY
    #[arg(long, value_name = "DATE")]
    pub expires_before: Option<String>,
    /// Draw the agreements over time as SVG into this file
    #[arg(long, value_name = "FILE")]
    pub timeline: Option<PathBuf>,
    /// The language of what that chart says
    #[arg(long, value_enum, default_value_t = ChartLanguage::Sv, requires = "timeline", value_name = "LANGUAGE")]
    pub lang: ChartLanguage,
}

/// The language of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ChartLanguage {
    /// Swedish
    Sv,
    /// English
    En,
}

impl From<ChartLanguage> for Language {
    fn from(lang: ChartLanguage) -> Language {
        match lang {
            ChartLanguage::Sv => Language::Swedish,
            ChartLanguage::En => Language::English,
        }
    }
}

fn date(option: &str, typed: &str) -> anyhow::Result<PartialDate> {
    typed
        .trim()
        .parse()
        .map_err(|_| UsageError(format!("{option} \"{typed}\" is no date; write YYYY-MM-DD, YYYY-MM or YYYY")).into())
}

/// The days that are asked about, with how they are told.
struct Days {
    from: Date,
    to: Date,
    told: String,
}

impl Days {
    fn read(option: &str, typed: &str) -> anyhow::Result<Days> {
        let (first, last) = typed.split_once("..").unwrap_or((typed, typed));
        let (first, last) = (date(option, first)?, date(option, last)?);
        let (from, to) = (first.first(), last.last());
        if from > to {
            return Err(UsageError(format!("{option} \"{typed}\" ends before it begins")).into());
        }
        let told = match (first == last, from == to) {
            (_, true) => format!("on {first}"),
            (true, false) => format!("on some day of {first}"),
            (false, false) => format!("on some day from {first} to {last}"),
        };
        Ok(Days { from, to, told })
    }
}

/// Prints the register.
///
/// # Errors
/// If there is no catalog, a value is not known, or the timeline cannot be written.
pub fn run(args: &Args, config: &Config) -> anyhow::Result<Outcome> {
    let in_force = args.in_force.as_deref().map(|t| Days::read("--in-force", t)).transpose()?;
    let expires = args.expires_before.as_deref().map(|t| date("--expires-before", t)).transpose()?;
    let filters = &args.common.filters;
    if let Some(year) = filters.typed(Field::Year).next() {
        let (first, last) = year.split_once("..").unwrap_or((year, year));
        return Err(UsageError(format!(
            "--year is of documents, and an agreement is told of before and after it runs. Agreements in force in a year: \
             --in-force {year}. Agreements that documents of a year speak of: --from {first}-01-01 --to {last}-12-31"
        ))
        .into());
    }
    // An agreement's own districts count, not those of the documents that speak of it.
    let districts = filters.districts(&config.lexicon()?);
    let rest = if districts.is_some() { filters.without(Field::District) } else { filters.clone() };
    let opened = read(&rest, Wanted { agreements: true, cases: true, ..Wanted::NONE }, config)?;
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
            let is = |a: &&Agreement| ids.contains(&a.id.as_str()) || crate::base::fold::name_key(&a.name) == folded;
            let with_id = Agreement::with_id(all, name);
            let found: Vec<&Agreement> = if with_id.is_empty() { all.iter().filter(is).collect() } else { with_id };
            if found.is_empty() {
                let organisations = &opened.registers.organisations.entries;
                let partners = organisations.iter().filter(|o| !o.agreements.is_empty()).map(|o| o.name.as_str());
                return Err(super::unknown(
                    "agreements",
                    name,
                    partners.chain(all.iter().map(|a| a.name.as_str())),
                    &opened.lex,
                ));
            }
            named.extend(found);
        }
        named
    };
    shown.retain(|a| {
        opened.lets_through(a.periods.iter().flat_map(|p| &p.mentions).chain(&a.mentions).map(|p| p.source.id.as_str()))
    });
    let days = in_force.as_ref().map(|days| (days.from, days.to));
    shown.retain(|a| a.is_of(districts.as_ref(), days, &opened.lex));
    if let Some(day) = expires {
        shown.retain(|a| a.ends().is_some_and(|e| e < day.first()));
    }
    if let Some(path) = &args.timeline {
        let svg = crate::registry::timeline(&shown, &opened.lex, args.lang.into());
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
        let when = in_force.map(|d| format!(" in force {}", d.told)).unwrap_or_default();
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
        let own: Vec<String> = p.districts.iter().map(|d| opened.district(d)).collect();
        let own = if a.districts.len() > 1 { format!("  [{}]", own.join(", ")) } else { String::new() };
        writeln!(out, "    {}{}", period(p), plain(&own))?;
        if common.full() {
            proofs(out, term, "        ", &p.mentions)?;
            for x in &p.extensions {
                let how = if x.proposed { "extension proposed to" } else { "extended to" };
                writeln!(out, "        {how} {}", x.new_end)?;
                proofs(out, term, "            ", &x.mentions)?;
            }
            for x in &p.may_last_until {
                writeln!(out, "        could be extended until {}", x.value)?;
                proofs(out, term, "            ", &x.mentions)?;
            }
            if !p.not_extended.is_empty() {
                writeln!(out, "        the extension is not used")?;
                proofs(out, term, "            ", &p.not_extended)?;
            }
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
        let by = match s.paid_by {
            Some("public") => ", paid by the public side",
            Some(_) => ", paid by the partner",
            None => ", who pays is not said",
        };
        writeln!(out, "    {} {:.0} kronor{per} ({}{by})", label("sum"), s.value_sek, s.said_in)?;
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
    let end = match (p.open_ended, p.end_as_said()) {
        (true, _) => "until further notice".to_string(),
        (false, Some(end)) => end.to_string(),
        (false, None) => "?".to_string(),
    };
    let start = p.start_as_said().map_or_else(|| "?".to_string(), |d| d.to_string());
    let mut line = if start == end { start } else { format!("{start} – {end}") };
    line.push_str(&format!("  {}", p.standing.label()));
    for x in &p.extensions {
        let how = if x.proposed { "extension proposed to" } else { "extended to" };
        line.push_str(&format!("; {how} {}", x.new_end));
    }
    let used = p.lasted_until;
    if let Some(max) = p.may_last_until.iter().map(|s| s.value).max().filter(|m| Some(*m) > used) {
        let how = if p.not_extended.is_empty() { "may be extended" } else { "not extended, but could have been" };
        line.push_str(&format!("; {how} until {max}"));
    } else if !p.not_extended.is_empty() {
        line.push_str("; not extended");
    }
    line
}
