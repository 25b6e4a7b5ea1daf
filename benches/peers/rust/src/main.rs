//! Reads PDFs with another crate: `pdf-extract`, `pdf_oxide` or `unpdf`.
//!
//! `peers CRATE FILE` prints the text, a form feed between pages.
//! `peers CRATE --time N FILE…` reads each file N times from memory and prints the median in milliseconds.
//! `peers CRATE --serve` is asked by `run.py`: a line `N<tab>PATH` on stdin gives a line `=> MS MS …<tab>CHARACTERS`, or
//! `=> -<tab>REASON`.

use std::io::{BufRead, Write};
use std::panic::{self, AssertUnwindSafe};
use std::time::Instant;

type Pages = Result<Vec<String>, String>;

fn pdf_extract(bytes: &[u8]) -> Pages {
    pdf_extract::extract_text_from_mem_by_pages(bytes).map_err(|e| e.to_string())
}

fn pdf_oxide(bytes: &[u8]) -> Pages {
    let doc = pdf_oxide::PdfDocument::from_bytes(bytes.to_vec()).map_err(|e| e.to_string())?;
    let pages = doc.page_count().map_err(|e| e.to_string())?;
    (0..pages).map(|i| doc.extract_text(i).map_err(|e| e.to_string())).collect()
}

fn unpdf(bytes: &[u8]) -> Pages {
    let options = unpdf::ParseOptions::new().lenient().with_resources(false);
    let doc = unpdf::parse_bytes_with_options(bytes, options).map_err(|e| e.to_string())?;
    let text = unpdf::render::to_text(&doc, &unpdf::RenderOptions::default()).map_err(|e| e.to_string())?;
    Ok(vec![text])
}

fn read(reader: fn(&[u8]) -> Pages, bytes: &[u8]) -> Pages {
    panic::catch_unwind(AssertUnwindSafe(|| reader(bytes))).unwrap_or_else(|_| Err("panic".into()))
}

/// Milliseconds of each run, and the characters read.
fn time(reader: fn(&[u8]) -> Pages, runs: usize, path: &str) -> Result<(Vec<f64>, usize), String> {
    let bytes = std::fs::read(path).map_err(|e| e.to_string())?;
    let mut times = Vec::new();
    let mut characters = 0;
    for _ in 0..runs.max(1) {
        let start = Instant::now();
        characters = read(reader, &bytes)?.iter().map(|p| p.chars().count()).sum();
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    Ok((times, characters))
}

fn main() {
    panic::set_hook(Box::new(|_| {}));
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let (name, rest) = args.split_first().expect("peers CRATE FILE | --time N FILE… | --serve");
    let reader = match *name {
        "pdf-extract" => pdf_extract,
        "pdf_oxide" => pdf_oxide,
        "unpdf" => unpdf,
        other => panic!("no such crate here: {other}"),
    };
    match rest {
        ["--serve"] => {
            for line in std::io::stdin().lock().lines().map_while(Result::ok) {
                let (runs, path) = line.split_once('\t').unwrap_or(("1", &line));
                let answer = match time(reader, runs.parse().unwrap_or(1), path) {
                    Ok((times, characters)) => {
                        let times: Vec<String> = times.iter().map(|t| format!("{t:.4}")).collect();
                        format!("{}\t{characters}", times.join(" "))
                    }
                    Err(reason) => format!("-\t{}", reason.replace(['\n', '\t'], " ")),
                };
                println!("=> {answer}");
                let _ = std::io::stdout().flush();
            }
        }
        ["--time", runs, files @ ..] => {
            for file in files {
                match time(reader, runs.parse().expect("--time takes a number"), file) {
                    Ok((mut times, _)) => {
                        times.sort_by(f64::total_cmp);
                        println!("{:.4}\t{file}", times[times.len() / 2]);
                    }
                    Err(reason) => println!("-\t{file}: {reason}"),
                }
            }
        }
        [file] => match read(reader, &std::fs::read(file).expect("a file that can be read")) {
            Ok(pages) => print!("{}", pages.join("\u{c}")),
            Err(reason) => {
                eprintln!("{file}: {reason}");
                std::process::exit(1);
            }
        },
        _ => panic!("peers CRATE FILE | --time N FILE… | --serve"),
    }
}
