//! Defines `Deferred`: the options of a command, made only when that command is typed or told of. Making those of all
//! commands takes longer than some of them run.

use std::ops::Deref;

use clap::builder::{Resettable, StyledStr};
use clap::{ArgMatches, Args, Command, Error, FromArgMatches};

/// What a command takes.
#[derive(Debug)]
pub struct Deferred<A>(A);

impl<A> Deref for Deferred<A> {
    type Target = A;

    fn deref(&self) -> &A {
        &self.0
    }
}

/// Adds the options; what the list of commands says of the command stays.
fn add<A: Args>(command: Command) -> Command {
    let (about, long_about) = (command.get_about().cloned(), command.get_long_about().cloned());
    let kept = |text: Option<StyledStr>| text.map_or(Resettable::Reset, Resettable::Value);
    A::augment_args(command).about(kept(about)).long_about(kept(long_about))
}

impl<A: Args> Args for Deferred<A> {
    fn augment_args(command: Command) -> Command {
        command.defer(add::<A>)
    }

    fn augment_args_for_update(command: Command) -> Command {
        A::augment_args_for_update(command)
    }
}

impl<A: FromArgMatches> FromArgMatches for Deferred<A> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        A::from_arg_matches(matches).map(Deferred)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use crate::cli::args::{Cli, Command};

    #[test]
    fn a_command_is_told_of_in_the_words_of_the_list() {
        let mut program = Cli::command();
        program.build();
        let inspect = program.find_subcommand("inspect").expect("a command");
        let about = inspect.get_about().map(ToString::to_string);
        assert_eq!(about.as_deref(), Some("Show what is read from one file and why, without an index"));
        assert!(inspect.get_arguments().any(|a| a.get_id() == "pages"));
    }

    #[test]
    fn a_command_takes_its_options_and_those_of_every_command() {
        let cli = Cli::try_parse_from(["diarium", "inspect", "--pages", "a.pdf", "--quiet"]).expect("good options");
        assert!(matches!(&cli.command, Command::Inspect(args) if args.pages) && cli.global.quiet);
        assert!(
            Cli::try_parse_from(["diarium", "inspect", "--facets", "a.pdf"]).is_err(),
            "an option of another command"
        );
        let help = Cli::try_parse_from(["diarium", "inspect", "--help"]).expect_err("help").to_string();
        let place = |text: &str| help.find(text).unwrap_or_else(|| panic!("no {text} in {help}"));
        assert!(place("without an index") < place("--ocr") && place("--ocr") < place("--corrections"));
    }
}
