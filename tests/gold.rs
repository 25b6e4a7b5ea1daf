//! Holds the parser against what people read: no field of a set of labels may fall below the baseline by more than noise, and
//! every piece of evidence stands where it says.
//!
//! Most labelled documents lie outside the repository; without them those tests say so and pass.
//! `just baseline` writes `tests/baseline.json` anew when a change is agreed on.

use std::path::{Path, PathBuf};

use diarium::evaluate::baseline::Baseline;
use diarium::evaluate::{Documents, Evaluation, evaluate, gold};
use diarium::ingest;
use diarium::lexicon::Lexicon;

/// Reads a set; none if its documents are not there.
fn read(labels: &[&str], documents: &[&str]) -> Option<Evaluation> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let all = |names: &[&str]| names.iter().map(|n| root.join(n)).collect::<Vec<PathBuf>>();
    let folders = all(documents);
    if let Some(folder) = folders.iter().find(|f| !f.is_dir()) {
        crate::util::skipped(&format!("{} not found", folder.display()));
        return None;
    }
    let labels = gold::load(&all(labels)).unwrap_or_else(|e| panic!("{e}"));
    let options = ingest::Options { ocr: ingest::Ocr::Never, ..ingest::Options::default() };
    let documents = Documents::of_folders(&folders, &labels, &Lexicon::built_in(), &options).unwrap();
    assert_eq!(documents.unreadable, []);
    Some(evaluate(&labels, &documents))
}

/// Holds a set against the baseline.
fn held(set: &str, labels: &[&str], documents: &[&str]) {
    let Some(evaluation) = read(labels, documents) else { return };
    assert_eq!(evaluation.missing, [], "every labelled document is there");
    let proof = &evaluation.proof;
    // Every value has evidence, every quote stands where it says, every box lies on its page.
    assert!(proof.entries > 0 && proof.faults.is_empty(), "{set}: {:#?}", proof.faults);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/baseline.json");
    let baseline: Baseline = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let falls = baseline.falls(set, &evaluation);
    assert!(
        falls.is_empty(),
        "{}\nsee `just evaluate {set} --misses`; if labels changed, or it is agreed on: `just baseline {set}`",
        falls.join("\n")
    );
}

#[test]
fn the_corpus_is_read_as_its_author_wrote_it() {
    held("corpus", &["corpus/truth"], &["corpus"]);
}

#[test]
fn the_corpus_is_read_as_a_second_reader_read_it() {
    held("corpus_read", &["tests/gold/corpus"], &["corpus"]);
}

#[test]
fn real_documents_are_read_as_people_read_them() {
    held("seeds", &["tests/gold/seeds", "../shared/gold"], &["../shared/seeds"]);
}

#[test]
fn documents_of_other_bodies_are_read_as_people_read_them() {
    held("swedish", &["tests/gold/swedish"], &["../shared/pdfs/swedish", "../shared/pdfs/council"]);
}

#[test]
fn held_out_documents_are_read_as_people_read_them() {
    held("held_out", &["tests/gold/held_out"], &["../shared/pdfs/swedish", "../shared/pdfs/council", "corpus"]);
}

#[test]
fn papers_of_bodies_not_met_before_are_read() {
    for set in ["open", "second", "third", "held"] {
        let folder = format!("tests/gold/unseen/{set}");
        held(&format!("unseen_{set}"), &[&folder], &[&folder]);
    }
}

#[test]
fn beginnings_as_the_web_holds_them_are_read() {
    for set in ["open", "held"] {
        let folder = format!("tests/gold/unseen/web/{set}");
        held(&format!("web_{set}"), &[&folder], &[&folder]);
    }
}

#[test]
fn papers_whose_pages_stand_on_one_line_are_read() {
    for set in ["open", "second", "third", "held"] {
        let made = tempfile::tempdir().unwrap();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gold/unseen").join(set);
        crate::unroll::folder(&from, made.path());
        let folder = made.path().to_str().unwrap();
        held(&format!("flat_{set}"), &[folder], &[folder]);
    }
}
