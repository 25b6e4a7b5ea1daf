//! Measures reading PDFs in-process, one thread: from a file's bytes in memory to its `Document`.
//!
//! What: `ingest::read` without OCR, so objects, fonts, words, layout, joining and the hash of the bytes. The shortest of the
//! runs counts, as the machine can only add time. Groups: the PDFs of `corpus/`, and those of `../shared/pdfs` if they are
//! there, the encrypted ones apart. `benches/peers/run.py` sets the same files against other readers.
//!
//! `cargo bench --bench extract` prints a table of the groups;
//! `cargo bench --bench extract -- --runs 20 FILE…` prints milliseconds and path of each file, `-` for one that cannot be read;
//! with `--print` it prints the hash of everything that was read from each file instead, boxes and warnings too, to tell whether
//! a change of the readers changed what they give;
//! with `--serve` it is asked by `benches/peers/run.py`: a line `N<tab>PATH` on stdin gives a line `=> MS MS …<tab>BYTES`, or
//! `=> -<tab>REASON`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "prints its own tables")]

use std::io::BufRead as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use diarium::ingest;
use diarium::lexicon::Lexicon;

/// The program's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Longest time for the runs of one file.
const ENOUGH: Duration = Duration::from_secs(10);

fn main() {
    let mut runs = 10;
    let mut files: Vec<PathBuf> = Vec::new();
    let mut args = std::env::args().skip(1).filter(|a| a != "--bench");
    while let Some(arg) = args.next() {
        if arg == "--runs" {
            runs = args.next().and_then(|n| n.parse().ok()).expect("--runs takes a number");
        } else {
            files.push(arg.into());
        }
    }
    let lex = Lexicon::built_in();
    if files.iter().any(|f| f.as_os_str() == "--serve") {
        return serve(&lex);
    }
    if files.first().is_some_and(|f| f.as_os_str() == "--print") {
        return files.iter().skip(1).for_each(|file| println!("{}\t{}", print(file, &lex), file.display()));
    }
    if files.is_empty() {
        return groups(runs, &lex);
    }
    for file in files {
        let time = std::fs::read(&file).ok().and_then(|bytes| best(&bytes, runs, &lex));
        println!("{}\t{}", time.map_or("-".into(), |t| format!("{:.4}", ms(t))), file.display());
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The shortest time of some runs; none if the file cannot be read.
fn best(bytes: &[u8], runs: u32, lex: &Lexicon) -> Option<Duration> {
    let options = ingest::Options::default();
    let begun = Instant::now();
    let mut best = None;
    for _ in 0..runs.max(1) {
        let start = Instant::now();
        let read = ingest::read(std::hint::black_box(bytes), "a.pdf", lex, &options);
        let took = start.elapsed();
        drop(std::hint::black_box(read).ok()?);
        best = Some(best.map_or(took, |b: Duration| b.min(took)));
        if begun.elapsed() > ENOUGH {
            break;
        }
    }
    best
}

/// The hash of everything that is read from a file.
fn print(file: &Path, lex: &Lexicon) -> String {
    let bytes = std::fs::read(file).unwrap_or_default();
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    blake3::hash(format!("{:?}", ingest::read(&bytes, &name, lex, &ingest::Options::default())).as_bytes()).to_string()
}

/// Answers what is asked on stdin, until that ends.
fn serve(lex: &Lexicon) {
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let Some((runs, path)) = line.split_once('\t') else { continue };
        let answer = std::fs::read(path).map_err(|e| e.to_string()).and_then(|bytes| {
            let mut times = String::new();
            let mut length = 0;
            for _ in 0..runs.parse().unwrap_or(1) {
                let start = Instant::now();
                let read = ingest::read(std::hint::black_box(&bytes), "a.pdf", lex, &ingest::Options::default());
                length = read.map_err(|e| e.to_string())?.text.len();
                times += &format!("{:.4} ", ms(start.elapsed()));
            }
            Ok(format!("{times}\t{length}"))
        });
        println!("=> {}", answer.unwrap_or_else(|reason| format!("-\t{}", reason.replace(['\n', '\t'], " "))));
    }
}

/// Prints a table of the groups that are here.
fn groups(runs: u32, lex: &Lexicon) {
    println!("| group | files | read | MB | ms in all | ms per file, median | MB/s |");
    println!("|---|--:|--:|--:|--:|--:|--:|");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in
        ["corpus", "../shared/pdfs/council", "../shared/pdfs/swedish", "../shared/pdfs/samples", "../shared/pdfs/pdfjs"]
    {
        let dir = root.join(name);
        let mut paths = Vec::new();
        pdf_files(&dir, &mut paths);
        if paths.is_empty() {
            eprintln!("skipped: no PDF in {}", dir.display());
            continue;
        }
        let files: Vec<Vec<u8>> = paths.iter().filter_map(|p| std::fs::read(p).ok()).collect();
        let (locked, open): (Vec<_>, Vec<_>) = files.iter().partition(|b| b.windows(8).any(|w| w == b"/Encrypt"));
        row(name, &open, runs, lex);
        if !locked.is_empty() {
            row(&format!("{name}, encrypted"), &locked, runs, lex);
        }
    }
}

fn row(name: &str, files: &[&Vec<u8>], runs: u32, lex: &Lexicon) {
    let timed: Vec<(usize, f64)> = files.iter().filter_map(|b| Some((b.len(), ms(best(b, runs, lex)?)))).collect();
    let mut times: Vec<f64> = timed.iter().map(|(_, t)| *t).collect();
    times.sort_by(f64::total_cmp);
    let megabytes = timed.iter().map(|(n, _)| *n as f64 / 1e6).sum::<f64>();
    let all: f64 = times.iter().sum();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    let name = name.trim_start_matches("../");
    if times.is_empty() {
        return println!("| {name} | {} | 0 | – | – | – | – |", files.len());
    }
    println!(
        "| {name} | {} | {} | {megabytes:.1} | {all:.1} | {median:.2} | {:.0} |",
        files.len(),
        times.len(),
        megabytes / all * 1e3
    );
}

fn pdf_files(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            pdf_files(&path, out);
        } else if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("pdf")) {
            out.push(path);
        }
    }
    out.sort();
}
