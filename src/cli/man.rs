//! `diarium man`: the manual page in roff, made from the one description of the commands.

use std::io::Write as _;

use clap::CommandFactory as _;

use super::Outcome;
use super::args::Cli;
use super::config::Config;

/// Prints the page of the program, then that of each command, as sections of one page.
///
/// # Errors
/// If stdout cannot be written.
pub fn run(config: &Config) -> anyhow::Result<Outcome> {
    let mut page = Vec::new();
    let mut program = Cli::command().disable_help_subcommand(true);
    program.build();
    clap_mangen::Man::new(program.clone()).render(&mut page)?;
    for command in program.get_subcommands().filter(|c| c.get_name() != "help") {
        writeln!(page, ".SH \"DIARIUM {}\"", command.get_name().to_uppercase())?;
        let man = clap_mangen::Man::new(command.clone().display_name(format!("diarium {}", command.get_name())));
        let mut section = Vec::new();
        man.render_description_section(&mut section)?;
        man.render_synopsis_section(&mut section)?;
        man.render_options_section(&mut section)?;
        let section = String::from_utf8(section)?;
        for line in section.lines() {
            match line.strip_prefix(".SH ") {
                Some(name) => writeln!(page, ".SS {name}")?,
                None => writeln!(page, "{line}")?,
            }
        }
    }
    let mut out = config.term.out();
    out.write_all(&page)?;
    out.flush()?;
    Ok(Outcome::Done)
}
