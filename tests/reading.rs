//! Holds the text of our own council-style PDFs, word by word and in order, against what they were made from:
//! `tests/pdf/README.md` lists them.

use std::collections::BTreeMap;
use std::path::Path;

use diarium::ingest::render::pages_text;
use diarium::ingest::{self, Options};
use diarium::lexicon::Lexicon;
use unicode_normalization::UnicodeNormalization as _;

/// Least share of words that are right, and that stand in their order.
const LEAST: (f64, f64) = (0.999, 0.99);
/// Least of both for files whose spaces are in doubt even to people.
const LEAST_OF: [(&str, (f64, f64)); 1] = [("groff_ps2pdf", (0.93, 0.93))];

fn words(text: &str) -> Vec<String> {
    let text: String = text.nfc().map(|c| if c == '·' { '•' } else { c }).collect();
    text.split_whitespace().map(str::to_string).collect()
}

/// Of both lists: how many words are in both, as a share (F1).
fn share(a: &[String], b: &[String]) -> f64 {
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    a.iter().for_each(|w| *counts.entry(w).or_default() += 1);
    let both =
        b.iter().filter(|w| counts.get_mut(w.as_str()).is_some_and(|n| std::mem::replace(n, *n - 1) > 0)).count();
    2.0 * both as f64 / (a.len() + b.len()) as f64
}

/// The longest row of words that both have in this order, as a share (F1).
fn in_order(a: &[String], b: &[String]) -> f64 {
    let mut above = vec![0usize; b.len() + 1];
    for x in a {
        let mut row = vec![0usize; b.len() + 1];
        for (j, y) in b.iter().enumerate() {
            row[j + 1] = if x == y { above[j] + 1 } else { row[j].max(above[j + 1]) };
        }
        above = row;
    }
    2.0 * above[b.len()] as f64 / (a.len() + b.len()) as f64
}

#[test]
fn our_own_pdfs_are_read_in_order() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pdf");
    let lex = Lexicon::built_in();
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .expect("the folder")
        .filter_map(|e| Some(e.ok()?.file_name().to_str()?.strip_suffix(".pdf")?.to_string()))
        .collect();
    names.sort();
    assert_eq!(names.len(), 20);
    let mut low = Vec::new();
    for name in names {
        let bytes = std::fs::read(folder.join(format!("{name}.pdf"))).expect(&name);
        let truth = std::fs::read(folder.join(format!("{name}.truth.json"))).expect(&name);
        let truth: BTreeMap<String, Vec<String>> = serde_json::from_slice(&truth).expect(&name);
        let doc = ingest::read(&bytes, &name, &lex, &Options::default()).expect(&name);
        let got = words(&pages_text(&doc));
        let scores = truth["orders"].iter().map(|t| words(t)).map(|t| (share(&t, &got), in_order(&t, &got)));
        let best = scores.fold((0.0, 0.0), |a, b| if b.1 > a.1 { b } else { a });
        let least = LEAST_OF.iter().find(|l| l.0 == name).map_or(LEAST, |l| l.1);
        if best.0 < least.0 || best.1 < least.1 {
            low.push(format!("{name}: words {:.4}, order {:.4}", best.0, best.1));
        }
    }
    assert!(low.is_empty(), "{low:#?}");
}
