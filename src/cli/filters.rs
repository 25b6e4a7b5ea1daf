//! Defines the filters that `search`, `dump` and `stats` take: one option for each row of the table of fields.

use std::collections::BTreeSet;

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

use crate::catalog;
use crate::index::IndexError;
use crate::index::local::{LocalIndex, Reader};
use crate::lexicon::Lexicon;
use crate::query::field::{FIELDS, Form, Info};
use crate::query::{Field, Unit};
use crate::registry;
use crate::search::{Request, SearchError, Succession};

use super::UsageError;
use super::config::Config;

const HEADING: &str = "Filters (each may be given several times: one of its values must hold, and all filters)";

/// The fields that are options which may be given several times.
fn options() -> impl Iterator<Item = &'static Info> {
    FIELDS.iter().filter(|i| !matches!(i.form, Form::Date | Form::Words))
}

/// The filters as typed.
#[derive(Clone, Debug, Default)]
pub struct Filters {
    typed: Vec<(Field, Vec<String>)>,
    from: Option<String>,
    to: Option<String>,
    succession: Succession,
    no_synonyms: bool,
}

impl Args for Filters {
    fn augment_args(mut cmd: Command) -> Command {
        for info in options() {
            let value = match info.form {
                Form::Number => "YEAR",
                Form::Dnr => "DNR",
                Form::Name => "NAME",
                Form::Id | Form::Date | Form::Words => "VALUE",
            };
            let arg = Arg::new(info.name).long(info.name).value_name(value).action(ArgAction::Append).help(info.help);
            cmd = cmd.arg(arg.help_heading(HEADING));
        }
        for info in [Field::From, Field::To].map(Field::info) {
            let arg = Arg::new(info.name).long(info.name).value_name("DATE");
            cmd = cmd.arg(arg.help(info.help).help_heading(HEADING));
        }
        cmd.arg(
                Arg::new("succession")
                    .long("succession")
                    .value_name("WHEN")
                    .value_parser(["then", "now"])
                    .default_value("then")
                    .help("Take a district as it was then, or with those it came from, as now")
                    .help_heading(HEADING),
            )
            .arg(Arg::new("no-synonyms").long("no-synonyms").action(ArgAction::SetTrue).help(
                "Take words as typed alone: not IOP for idéburet offentligt partnerskap or the other way round, nor föreningsbidrag for bidrag",
            ))
    }

    fn augment_args_for_update(cmd: Command) -> Command {
        Self::augment_args(cmd)
    }
}

impl FromArgMatches for Filters {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let text = |name: &str| matches.get_one::<String>(name).cloned();
        let typed = options().filter_map(|i| {
            let values: Vec<String> = matches.get_many::<String>(i.name)?.cloned().collect();
            Some((i.field, values))
        });
        let now = text("succession").as_deref() == Some("now");
        Ok(Filters {
            typed: typed.collect(),
            from: text("from"),
            to: text("to"),
            succession: if now { Succession::Now } else { Succession::Then },
            no_synonyms: matches.get_flag("no-synonyms"),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Filters {
    /// True if nothing is filtered.
    pub fn is_empty(&self) -> bool {
        self.typed.is_empty() && self.from.is_none() && self.to.is_none()
    }

    /// What was typed for one field.
    pub fn typed(&self, field: Field) -> impl Iterator<Item = &str> {
        self.typed.iter().filter(move |(f, _)| *f == field).flat_map(|(_, values)| values).map(String::as_str)
    }

    /// The same filters without those of one field.
    pub fn without(&self, field: Field) -> Filters {
        let mut rest = self.clone();
        rest.typed.retain(|(f, _)| *f != field);
        rest
    }

    /// The ids of the districts that are typed, with those they came from if districts are taken as now; none if no
    /// district is typed, or the vocabulary does not have one of them.
    pub fn districts(&self, lex: &Lexicon) -> Option<BTreeSet<String>> {
        registry::districts_named(self.typed(Field::District), self.succession == Succession::Now, lex)
    }

    /// A request with these filters and words.
    pub fn request(&self, words: &[String], unit: Unit) -> Request {
        Request {
            text: words.join(" "),
            unit,
            filters: self.typed.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
            succession: self.succession,
            no_synonyms: self.no_synonyms,
            ..Request::default()
        }
    }
}

impl std::fmt::Display for Filters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let typed = self.typed.iter().flat_map(|(field, values)| values.iter().map(|v| (field.name(), v)));
        let dates = [("from", &self.from), ("to", &self.to)].into_iter().filter_map(|(n, v)| Some((n, v.as_ref()?)));
        for (i, (name, value)) in typed.chain(dates).enumerate() {
            let between = if i > 0 { " " } else { "" };
            write!(f, "{between}--{name} {value}")?;
        }
        if self.succession == Succession::Now { f.write_str(" --succession now") } else { Ok(()) }
    }
}

/// Index and catalog, both of the same state.
pub struct Opened {
    /// The index.
    pub engine: Reader,
    /// The catalog as of the index's sequence.
    pub catalog: catalog::Reader,
}

/// Opens the index first, then the catalog as of its sequence.
///
/// # Errors
/// If either is missing or cannot be read; each message says what to do.
pub fn open(config: &Config) -> anyhow::Result<Opened> {
    let engine = match LocalIndex::open(&config.index.join(crate::index::local::FOLDER)) {
        Ok(index) => index.reader()?,
        Err(IndexError::Missing { .. }) => {
            // The catalog's message is the better one where there is neither.
            catalog::Reader::open(&config.index)?;
            anyhow::bail!("{}: has a catalog but no index; run `diarium reindex`", config.index.display());
        }
        Err(e) => return Err(e.into()),
    };
    let sequence = crate::index::Engine::sequence(&engine);
    let catalog = catalog::Reader::open_as_of(&config.index, sequence)?;
    let latest = catalog::Reader::open(&config.index)?.sequence();
    if latest > sequence {
        config.term.note(&format!(
            "the index is {} commit(s) behind the catalog: an ingest is under way, or was cut short and the next one catches up",
            latest - sequence
        ));
    }
    Ok(Opened { engine, catalog })
}

/// A value that means nothing is a fault of what was typed.
pub fn usage(e: SearchError) -> anyhow::Error {
    match e {
        e @ (SearchError::Value(_) | SearchError::Field(_)) => UsageError(e.to_string()).into(),
        e => e.into(),
    }
}
