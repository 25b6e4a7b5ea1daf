//! `diarium search`: words and filters in, documents or decisions out, with the page and the place they are found at.

use std::ffi::OsString;
use std::io::Write;
use std::mem::ManuallyDrop;
use std::path::PathBuf;

use clap::ValueEnum;

use super::config::Config;
use super::filters::{Filters, Opened, open, usage};
use super::term::{Style, Term, plain, shorten};
use super::{Outcome, UsageError, queries, show};
use crate::base::DocId;
use crate::lexicon::Lexicon;
use crate::query::field::FIELDS;
use crate::query::{Field, Node, Sort, Unit};
use crate::search::{self, DecisionHit, Hit, Results, Snippet, Unsearched, label};

/// Most values of a facet that are shown to people; programs get all with --json.
const FACET_VALUES: usize = 12;

/// What `search` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = SYNTAX)]
pub struct Args {
    /// Words that must all be there, in any inflection; without any, everything the filters let through
    #[arg(value_name = "WORD")]
    pub words: Vec<String>,
    /// What to list and count
    #[arg(long = "in", value_enum, default_value_t = In::Documents, value_name = "UNIT")]
    pub unit: In,
    /// The filters
    #[command(flatten)]
    pub filters: Filters,
    /// Similar documents to this one: those that share the words which set it apart
    #[arg(long, value_name = "ID|PATH|DNR")]
    pub like: Option<String>,
    /// Answer each line of a file as a query (- for stdin) and print how many hits each has, with --facets by facet
    #[arg(long, value_name = "FILE", conflicts_with_all = ["words", "explain", "limit", "offset", "sort"])]
    pub queries: Option<PathBuf>,
    /// Count the whole result by district, year, kind and so on
    #[arg(long)]
    pub facets: bool,
    /// In which order: best first, oldest first, newest first
    #[arg(long, value_enum, default_value_t = Order::Relevance, value_name = "ORDER", allow_hyphen_values = true)]
    pub sort: Order,
    /// How many hits to show
    #[arg(long, default_value_t = 10, value_name = "N")]
    pub limit: usize,
    /// How many hits to leave out at the start
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub offset: usize,
    /// Say how each word was understood and what speaks for each hit
    #[arg(long)]
    pub explain: bool,
    /// Print the answer as JSON
    #[arg(long)]
    pub json: bool,
}

const SYNTAX: &str = "Words: stöd unga (both, in any inflection); \"till handlingarna\" (as written); \"teckna avtal\"~3 (up to \
                      three words between); -bidrag (not); stöd OR bidrag; (a OR b) c; förening* (begins so); förenning~ (spelt \
                      nearly so); title:stöd; decision:avslår; district:järva (any filter is a field); year:2019..2023, date:>=2024-01 (ranges). \
                      Words typed without å, ä, ö find both spellings; a word finds longer ones it is a part of. A dnr and an organisation \
                      number are understood in any spelling. Exit code 4: nothing matched.";

/// What is listed and counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum In {
    /// Documents.
    Documents,
    /// Decisions, each with its item and document.
    Decisions,
}

/// In which order hits come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Order {
    /// Best first.
    Relevance,
    /// Oldest first.
    Date,
    /// Newest first.
    #[value(name = "-date")]
    NewestFirst,
}

/// The arguments of the process with `-word` in a query written `−word` (U+2212), which the query's syntax reads the same way:
/// a word that must not be there looks like options to the argument parser. Options of one letter stay options.
pub(super) fn with_negated_words(args: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut out: Vec<OsString> = Vec::new();
    // `dump` and `pack` have an option -o that takes its value without a space too.
    let mut command: Option<&str> = None;
    for arg in args {
        let value_of_sort = out.last().is_some_and(|a| a == "--sort");
        command = command.or_else(|| ["search", "dump", "pack"].into_iter().find(|c| arg == *c));
        let word = arg.to_str().and_then(|a| a.strip_prefix('-')).filter(|w| {
            let mut chars = w.chars();
            chars.next().is_some_and(|c| c != '-' && !(c == 'o' && command != Some("search")))
                && (chars.next().is_some() || !w.is_ascii())
        });
        match word {
            Some(word) if command.is_some() && !value_of_sort => out.push(format!("−{word}").into()),
            _ => out.push(arg),
        }
    }
    out
}

/// Searches and prints the answer.
///
/// # Errors
/// If a filter's value is not known, or there is no index.
pub fn run(args: &Args, config: &Config) -> anyhow::Result<Outcome> {
    // The program ends with the command: taking apart what it holds would only cost time.
    let lex = ManuallyDrop::new(config.lexicon()?);
    let opened = open(config)?;
    let unit = match args.unit {
        In::Documents => Unit::Document,
        In::Decisions => Unit::Decision,
    };
    let mut request = args.filters.request(&args.words, unit);
    request.sort = match args.sort {
        Order::Relevance => Sort::Relevance,
        Order::Date => Sort::Oldest,
        Order::NewestFirst => Sort::Newest,
    };
    (request.limit, request.offset, request.facets) = (args.limit, args.offset, args.facets);
    request.explain = args.explain;
    if let Some(name) = &args.like {
        request.like = Some(like(name, &opened, config, &lex)?);
    }
    if let Some(path) = &args.queries {
        return queries::run(path, &request, args.json, &opened, &lex, config);
    }
    let results = search::search(&request, &opened.engine, &opened.catalog, &lex).map_err(usage)?;
    if !request.text.trim().is_empty() && crate::query::parse(&request.text) == Node::All {
        let text = plain(&request.text);
        config.term.note(&format!("nothing to search for in \"{text}\": only letters and digits count"));
    }
    let mut out = config.term.out();
    if args.json {
        serde_json::to_writer(&mut out, &results)?;
        writeln!(out)?;
    } else {
        People { term: &config.term, lex: &lex }.results(&mut out, &results, args, unit)?;
    }
    out.flush()?;
    Ok(if results.total == 0 { Outcome::NothingMatched } else { Outcome::Done })
}

/// The one document that a name means.
fn like(name: &str, opened: &Opened, config: &Config, lex: &Lexicon) -> anyhow::Result<DocId> {
    match show::find(name, &opened.catalog, config, lex)?.as_slice() {
        [one] => Ok(one.id.clone()),
        [] => Err(UsageError(format!("--like \"{name}\" is no id, path or dnr of a document here")).into()),
        many => {
            let n = many.len();
            Err(UsageError(format!(
                "--like \"{name}\" means {n} documents; name one by its id (diarium show lists them)"
            ))
            .into())
        }
    }
}

/// Prints an answer for people.
struct People<'a> {
    term: &'a Term,
    lex: &'a Lexicon,
}

impl People<'_> {
    fn results(&self, out: &mut dyn Write, results: &Results, args: &Args, unit: Unit) -> anyhow::Result<()> {
        for (hit, number) in results.hits.iter().zip(args.offset + 1..) {
            self.hit(out, hit, number)?;
        }
        if args.facets {
            self.facets(out, results)?;
        }
        let what = match (unit, results.total) {
            (Unit::Document, 1) => "document",
            (Unit::Document, _) => "documents",
            (Unit::Decision, 1) => "decision",
            (Unit::Decision, _) => "decisions",
        };
        let shown = results.hits.len();
        if results.total == 0 {
            writeln!(out, "No {what} found.")?;
        } else if shown as u64 == results.total {
            writeln!(out, "{} {what}.", results.total)?;
        } else if shown == 0 {
            writeln!(out, "{} {what}; none shown from number {} on.", results.total, args.offset + 1)?;
        } else {
            let (first, last) = (args.offset + 1, args.offset + shown);
            let more =
                if (last as u64) < results.total { format!(" (more with --offset {last})") } else { String::new() };
            writeln!(out, "{} {what}, {first}–{last} shown{more}.", results.total)?;
        }
        let dim = |s: String| self.term.paint(Style::Dim, &s);
        writeln!(out, "{}", dim(format!("Read as: {}", plain(&results.read_as))))?;
        for w in results.explain.iter().flatten() {
            let places: Vec<String> = w.looked_for.iter().map(|any| any.join(", or ")).collect();
            let text = format!("{}: {}; found in {} {what} by itself", w.typed, places.join("; then "), w.found_in);
            writeln!(out, "{}", dim(plain(&text)))?;
        }
        let missing = results.unsearched;
        if missing.failed_files > 0 || missing.textless_pages > 0 {
            let text = format!(
                "Not searched: {} that could not be read (diarium files --state failed), {} without letters.",
                count(missing.failed_files, "file", "files"),
                count(missing.textless_pages, "page", "pages"),
            );
            writeln!(out, "{}", dim(text))?;
        }
        if let Some(searched) = results.searched {
            let (one, many) =
                if unit == Unit::Decision { ("decision", "decisions") } else { ("document", "documents") };
            let rest = if missing == Unsearched::default() { ": every file that was offered" } else { "" };
            writeln!(out, "{}", dim(format!("Searched: {}{rest}.", count(searched, one, many))))?;
        }
        for s in &results.suggestions {
            writeln!(out, "Try: {}", plain(s))?;
        }
        Ok(())
    }

    fn hit(&self, out: &mut dyn Write, hit: &Hit, number: usize) -> anyhow::Result<()> {
        let title = hit.title.as_deref().unwrap_or("(no title)");
        writeln!(out, "{number}. {}", self.term.paint(Style::Bold, &shorten(title, 160)))?;
        let district = hit.district.as_ref().map(|d| label(Field::District, d, self.lex));
        let now = |name: Option<String>| match &hit.district_now {
            Some(now) => name.map(|n| format!("{n} (now {})", label(Field::District, now, self.lex))),
            None => name,
        };
        let facts = [
            Some(label(Field::Kind, &hit.kind, self.lex)),
            hit.date.map(|d| d.to_string()).or_else(|| hit.year.map(|y| y.to_string())),
            now(hit.authority.clone().or(district)),
            hit.dnr.as_ref().map(|d| format!("dnr {d}")),
        ];
        let facts: Vec<String> = facts.into_iter().flatten().map(|f| plain(&f)).collect();
        writeln!(out, "   {}", facts.join(" · "))?;
        if let Some(d) = &hit.decision {
            self.decision(out, hit, d)?;
        }
        // A decision is shown whole above.
        for s in hit.snippets.iter().filter(|_| hit.decision.is_none()) {
            writeln!(out, "   p. {}: {}", s.page, self.marked(s))?;
        }
        if let Some(why) = &hit.why {
            let words: Vec<String> = why
                .iter()
                .map(|w| {
                    format!("{:.2} from {}, {}× in the title, {}× in the text", w.points, w.word, w.in_title, w.in_text)
                })
                .collect();
            writeln!(out, "   score {:.2}: {}", hit.score, plain(&words.join("; ")))?;
        }
        let pages: Vec<String> = hit.pages.iter().take(12).map(u32::to_string).collect();
        let pages = match pages.len() {
            0 => String::new(),
            n => format!(":{}{}", pages.join(","), if hit.pages.len() > n { "…" } else { "" }),
        };
        writeln!(
            out,
            "   {}  {}\n",
            self.term.paint(Style::Dim, &format!("{}{pages}", plain(&hit.path))),
            self.term.paint(Style::Dim, &hit.id)
        )?;
        Ok(())
    }

    fn decision(&self, out: &mut dyn Write, hit: &Hit, d: &DecisionHit) -> anyhow::Result<()> {
        if let Some(item) = &d.item {
            let title = item.title.as_deref().unwrap_or_default();
            writeln!(out, "   {} {}", plain(&item.number), shorten(title, 140))?;
        }
        let actions: Vec<String> = d.actions.iter().map(|a| label(Field::Action, a, self.lex)).collect();
        let mut facts = vec![label(Field::Status, d.status.as_str(), self.lex)];
        facts.extend((!actions.is_empty()).then(|| actions.join(", ")));
        facts.extend(d.actor.as_ref().map(|a| format!("by {a}")));
        facts.extend(d.assignee.as_ref().map(|a| format!("to {a}")));
        writeln!(out, "   {}", self.term.paint(Style::Green, &plain(&facts.join(" · "))))?;
        let number = d.number.as_ref().map(|n| format!("{}. ", plain(n))).unwrap_or_default();
        let text = hit.snippets.first().map_or_else(|| plain(&d.text), |s| self.marked(s));
        writeln!(out, "   {number}{text}")?;
        Ok(())
    }

    /// A snippet with its words set off.
    fn marked(&self, s: &Snippet) -> String {
        let mut out = String::new();
        let mut at = 0;
        for [start, end] in &s.marks {
            let (Some(before), Some(word)) = (s.text.get(at..*start), s.text.get(*start..*end)) else { continue };
            out.push_str(&plain(before));
            out.push_str(&self.term.paint(Style::Yellow, &plain(word)));
            at = *end;
        }
        out.push_str(&plain(s.text.get(at..).unwrap_or_default()));
        out
    }

    fn facets(&self, out: &mut dyn Write, results: &Results) -> anyhow::Result<()> {
        for info in FIELDS.iter().filter(|i| i.facet) {
            let Some(counts) = results.facets.get(info.name).filter(|c| !c.is_empty()) else { continue };
            writeln!(out, "{}", self.term.paint(Style::Bold, info.name))?;
            for c in counts.iter().take(FACET_VALUES) {
                writeln!(out, "{:>8}  {}", c.count, shorten(&c.label, 100))?;
            }
            if counts.len() > FACET_VALUES {
                writeln!(out, "{:>8}  {} more values (--json has all)", "", counts.len() - FACET_VALUES)?;
            }
        }
        writeln!(out)?;
        Ok(())
    }
}

fn count(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negated_words_are_told_from_options() {
        let args =
            ["diarium", "-q", "search", "stöd", "-bidrag", "--sort", "-date", "--year", "2023", "-å", "--", "-x y"];
        let got = with_negated_words(args.iter().map(OsString::from));
        assert_eq!(
            got,
            ["diarium", "-q", "search", "stöd", "−bidrag", "--sort", "-date", "--year", "2023", "−å", "--", "−x y"]
        );
        let dump = with_negated_words(["diarium", "dump", "-ox.jsonl", "-bidrag"].iter().map(OsString::from));
        assert_eq!(dump, ["diarium", "dump", "-ox.jsonl", "−bidrag"]);
    }
}
