//! `diarium serve`: web pages and an API over the index.

use std::net::SocketAddr;

use super::config::Config;
use super::{Outcome, UsageError};
use crate::serve;

/// What `serve` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Address and port to listen on
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    pub bind: SocketAddr,
    /// Let others on the network reach it: without this, only the loopback address is listened on. What is exposed: every
    /// document, record and register of the index, to everyone who reaches the port; there is no password
    #[arg(long)]
    pub expose: bool,
    /// A host name that requests may be made under, besides the address itself
    #[arg(long, value_name = "NAME")]
    pub allow_host: Vec<String>,
    /// Give out originals also of documents in which personal identity numbers are masked
    #[arg(long)]
    pub originals: bool,
}

/// Serves until it is stopped.
///
/// # Errors
/// If the address is not a loopback one and `--expose` is missing, there is no index, or the address is taken.
pub fn run(args: &Args, config: &Config) -> anyhow::Result<Outcome> {
    if !args.bind.ip().is_loopback() && !args.expose {
        return Err(UsageError(format!(
            "--bind {}: others on the network could read every document and record here, without a password; \
             add --expose if that is meant, or listen on 127.0.0.1",
            args.bind
        ))
        .into());
    }
    let options = serve::Options {
        index: config.index.clone(),
        bind: args.bind,
        allow_hosts: args.allow_host.clone(),
        originals: args.originals,
    };
    serve::serve(options, config.lexicon()?, config.corrections()?, |address| {
        if !address.ip().is_loopback() {
            config.term.warning(
                "everyone who reaches this address can read every document, record and register of the index; there is no password",
            );
        }
        config.term.note(&format!("reading room open at http://{address}/ (Ctrl-C closes it)"));
    })?;
    Ok(Outcome::Done)
}
