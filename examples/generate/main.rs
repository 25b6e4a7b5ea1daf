//! Writes a seeded corpus of council documents in TXT, for benchmarks and tests at scale.
//!
//! `cargo run --release --example generate -- --out DIR --documents 1000 [--seed 1] [--only-short]`
//!
//! The same seed and number give the same bytes. See `documents.rs` for what the documents are like.

mod documents;

use std::error::Error;
use std::path::PathBuf;

use clap::Parser;
use rayon::prelude::*;

/// Writes a seeded corpus of council documents in TXT.
#[derive(Parser)]
struct Args {
    /// Folder to write to; made if it is missing.
    #[arg(long)]
    out: PathBuf,
    /// How many documents.
    #[arg(long, default_value_t = 1000)]
    documents: u64,
    /// Another seed gives other documents.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only the short kind of about 3 kB.
    #[arg(long)]
    only_short: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::parse();
    (0..args.documents).into_par_iter().try_for_each(|n| {
        let size = if args.only_short { documents::Size::Short } else { documents::size_of(args.seed, n) };
        let document = documents::document(args.seed, n, size);
        let path = args.out.join(document.path);
        std::fs::create_dir_all(path.parent().unwrap_or(&args.out))?;
        std::fs::write(path, document.text)
    })?;
    Ok(())
}
