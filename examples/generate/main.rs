//! Writes a seeded corpus of council documents, for benchmarks and tests at scale. The same seed and number give the same bytes.
//!
//! `cargo run --release --example generate -- --out DIR --documents 1000 [--seed 1] [--only-short]` writes TXT for benchmarks (`documents.rs`).
//! With `--known` it writes documents of which it is known what they say (`known.rs`) with `truth/*.json`, as TXT or, with `--pdf`, PDF,
//! damaged as `--noise` says: `diarium evaluate DIR/truth --documents DIR` scores them.

mod documents;
mod known;
mod noise;
mod pdf;

use std::error::Error;
use std::path::{Path, PathBuf};

use clap::Parser;
use rayon::prelude::*;

/// Writes a seeded corpus of council documents.
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
    #[arg(long, conflicts_with = "known")]
    only_short: bool,
    /// Documents of which it is known what they say, with their truth.
    #[arg(long)]
    known: bool,
    /// As PDF.
    #[arg(long, requires = "known")]
    pdf: bool,
    /// Damage to do.
    #[arg(long, requires = "known", value_enum, value_delimiter = ',')]
    noise: Vec<noise::Noise>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::parse();
    (0..args.documents).into_par_iter().try_for_each(|n| {
        if args.known {
            return known_document(&args, n);
        }
        let size = if args.only_short { documents::Size::Short } else { documents::size_of(args.seed, n) };
        let document = documents::document(args.seed, n, size);
        write(&args.out.join(document.path), document.text.as_bytes())
    })?;
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(path.parent().unwrap_or(path))?;
    std::fs::write(path, bytes)
}

/// Writes document `n` with its truth.
fn known_document(args: &Args, n: u64) -> std::io::Result<()> {
    let known = known::document(args.seed, n);
    let mut rng = fastrand::Rng::with_seed(args.seed ^ n << 20);
    // A printed page has lines: the PDF is always broken.
    let mut noise = args.noise.clone();
    if args.pdf {
        noise.push(noise::Noise::Broken);
    }
    let (margin, body) = noise::lines(&known, &noise, &mut rng);
    let bytes = if args.pdf {
        pdf::write(&margin, &body)
    } else {
        let lines: Vec<String> = margin.into_iter().chain(body.into_iter().map(|(l, _)| l)).collect();
        (lines.join("\n") + "\n").into_bytes()
    };
    let mut truth = known.truth;
    truth["source"] = serde_json::json!({"blake3": blake3::hash(&bytes).to_hex().as_str(), "bytes": bytes.len()});
    truth["set"] = "generated".into();
    write(&args.out.join(format!("{n:06}.{}", if args.pdf { "pdf" } else { "txt" })), &bytes)?;
    write(&args.out.join(format!("truth/{n:06}.json")), serde_json::to_string_pretty(&truth)?.as_bytes())
}
