//! The commands as people and scripts meet them: exit codes, streams, colours, and what a second run does.

use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use crate::util::{Bench, Run, report};

#[test]
fn usage_errors_end_with_2_and_say_what_was_expected() {
    let bench = Bench::new();
    for args in
        [&["ingest"][..], &["nonsense"], &["inspect"], &["ingest", "in", "--jobs", "0"], &["files", "--state", "good"]]
    {
        let run = bench.run(args);
        assert_eq!(run.code, 2, "{args:?}: {}", run.err);
        assert!(run.out.is_empty() && run.err.contains("error:"), "{args:?}: {}", run.err);
    }
}

#[test]
fn help_and_version_are_results() {
    let bench = Bench::new();
    let help = bench.run(&["--help"]);
    assert_eq!(help.code, 0);
    for command in
        ["ingest", "search", "show", "inspect", "dump", "pack", "files", "stats", "reindex", "completions", "man"]
    {
        assert!(help.out.contains(&format!("\n  {command}")), "{command} is not in the help:\n{}", help.out);
    }
    assert!(help.out.contains("--index") && help.out.contains("Exit codes: 0 done"));
    assert_eq!(bench.run(&["--version"]).out, format!("diarium {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn completions_and_manual_know_every_command() {
    let bench = Bench::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = bench.run(&["completions", shell]);
        assert!(run.code == 0 && run.out.contains("reindex") && run.out.contains("prune"), "{shell}");
    }
    let man = bench.run(&["man"]);
    assert!(
        man.code == 0 && man.out.contains(".TH ") && man.out.contains("DIARIUM INGEST") && man.out.contains("prune")
    );
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let bench = Bench::new();
    let mut child = bench.command(&["man"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let run = Run::of(child.wait_with_output().unwrap());
    assert_eq!((run.code, run.err.as_str()), (0, ""));
}

#[test]
fn inspect_shows_values_with_rule_place_and_quote() {
    let bench = Bench::new();
    bench.write("a.txt", report(7));
    let run = bench.run(&["inspect", "in/a.txt"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("text/plain") && run.out.contains("title: "), "{}", run.out);
    assert!(
        run.out.contains("p. 1 · ") && run.out.contains(" · bytes ") && run.out.contains("not found: "),
        "{}",
        run.out
    );
    assert!(!run.out.contains('\x1b'), "colours without a terminal");

    let json = bench.run(&["inspect", "--json", "in/a.txt"]);
    let record: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(
        (record["schema"].as_str(), record["source"]["path"].as_str()),
        (Some("diarium/record/1"), Some("a.txt"))
    );

    let missing = bench.run(&["inspect", "in/none.txt"]);
    assert_eq!((missing.code, missing.out.as_str()), (1, ""));
    assert_eq!(missing.err, "error: in/none.txt: does not exist; check the name\n");
}

#[test]
fn inspect_draws_what_it_understood() {
    let bench = Bench::new();
    bench.write("a.txt", report(7));
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus/skarholmen/2023/24_strandpromenaden_skrivelse.pdf");
    let file = path.to_str().unwrap();
    let draw = |file: &str, output: &str, page: &str| {
        bench.run(&["inspect", file, "--ocr", "never", "--layout", "-o", output, "--page", page])
    };
    let run = draw(file, "one.svg", "1");
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "", ""));
    let svg = fs::read_to_string(bench.path("one.svg")).unwrap();
    assert!(svg.starts_with("<svg") && svg.contains(">1 ") && svg.trim_end().ends_with("</svg>"), "{svg}");

    let run = draw(file, "one.PNG", "1");
    if cfg!(feature = "ocr") {
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        let png = fs::read(bench.path("one.PNG")).unwrap();
        assert!(png.starts_with(b"\x89PNG\r\n"));
        let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
        // A4 at 144 dots per inch.
        assert_eq!((side(16), side(20)), (1190, 1683));
    } else {
        assert!(run.code == 1 && run.err.contains("--features ocr") && run.err.contains("try .svg"), "{}", run.err);
    }

    let run = draw(file, "one.jpg", "1");
    assert!(run.code == 2 && run.err.contains(".png or .svg"), "{}", run.err);
    let run = draw(file, "one.svg", "77");
    assert!(run.code == 2 && run.err.contains("page(s), so there is no page 77"), "{}", run.err);
    let run = draw("in/a.txt", "one.svg", "1");
    assert!(run.code == 1 && run.err.contains("is a text file"), "{}", run.err);
    assert!(!bench.path("one.jpg").exists());
}

#[test]
fn colours_come_when_asked_for() {
    let bench = Bench::new();
    bench.write("a.txt", report(7));
    let colours = |args: &[&str], no_color: &str| {
        let output = bench.command(args).env("NO_COLOR", no_color).output().unwrap();
        Run::of(output).out.contains('\x1b')
    };
    assert!(colours(&["inspect", "in/a.txt", "--color", "always"], "1"), "what is typed wins");
    assert!(!colours(&["inspect", "in/a.txt", "--color", "never"], ""));
    assert!(!colours(&["inspect", "in/a.txt"], ""));
}

#[test]
fn forcing_ocr_without_an_engine_says_what_to_do() {
    let bench = Bench::new();
    bench.write("a.txt", report(7));
    let run = Run::of(bench.command(&["inspect", "in/a.txt", "--ocr", "force"]).env("PATH", "").output().unwrap());
    assert!(run.code == 1 && run.err.contains("--ocr force: ") && run.err.contains("install"), "{}", run.err);
}

#[test]
fn the_second_run_does_nothing_and_says_so() {
    let bench = Bench::new();
    for i in 0..5 {
        bench.write(&format!("{i}.txt"), report(i));
    }
    let first = bench.run(&["ingest", "in"]);
    assert_eq!(first.code, 0, "{}", first.err);
    assert!(
        first.out.contains("5 new") && first.out.contains("Documents: 5") && first.out.contains("by year"),
        "{}",
        first.out
    );
    let second = bench.run(&["ingest", "in"]);
    assert!(second.code == 0 && second.out.starts_with("Nothing to do: 5 files unchanged"), "{}", second.out);
    assert_eq!(bench.agreed_documents().len(), 5);
}

#[test]
fn the_queries_to_try_find_something() {
    let bench = Bench::new();
    for i in 0..8 {
        bench.write(&format!("{i}.txt"), report(i));
    }
    let (_, report) = bench.ingest(&[]);
    let examples: Vec<&str> = report["examples"].as_array().unwrap().iter().map(|e| e.as_str().unwrap()).collect();
    assert_eq!(examples.len(), 3, "{examples:?}");
    for example in examples {
        let words = split_words(example);
        assert_eq!(words[0], "diarium");
        let args: Vec<&str> = words[1..].iter().map(String::as_str).collect();
        let run = bench.run(&args);
        assert_eq!(run.code, 0, "{example}: {}{}", run.out, run.err);
    }
}

/// Splits a command as a shell would: at blanks outside double quotes.
fn split_words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => words.last_mut().unwrap().push(c),
        }
    }
    words
}

#[test]
fn a_change_is_told_by_content_not_by_time_or_size() {
    let bench = Bench::new();
    let path = bench.write("a.txt", report(1));
    bench.write("b.txt", report(2));
    bench.ingest(&[]);
    let stamp = fs::metadata(&path).unwrap().modified().unwrap();

    // The same bytes at another time are no change.
    fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(stamp + std::time::Duration::from_secs(60))
        .unwrap();
    let (_, second) = bench.ingest(&[]);
    assert_eq!((second["unchanged"].as_u64(), second["changed"].as_u64()), (Some(2), Some(0)));

    // Other bytes of the same length at the same time are one.
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("godkänner", "avvisarrr")).unwrap();
    fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(stamp + std::time::Duration::from_secs(60))
        .unwrap();
    let (code, third) = bench.ingest(&[]);
    assert_eq!((code, third["unchanged"].as_u64(), third["changed"].as_u64()), (0, Some(1), Some(1)));
    assert_eq!(bench.agreed_documents().len(), 2, "the old content is gone");
}

#[test]
fn moved_duplicate_and_vanished_files_are_told_apart() {
    let bench = Bench::new();
    for (name, seed) in [("a.txt", 1), ("b.txt", 2), ("c.txt", 3), ("copy of c.txt", 3)] {
        bench.write(name, report(seed));
    }
    let (_, first) = bench.ingest(&[]);
    assert_eq!(first["files"]["duplicate"], 1);
    let states = |bench: &Bench| -> Vec<(String, String)> {
        let run = bench.run(&["files", "--json"]);
        let lines = run.out.lines().map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap());
        lines.map(|l| (l["path"].as_str().unwrap().into(), l["state"].as_str().unwrap().into())).collect()
    };
    let pair = |a: &str, b: &str| (a.to_string(), b.to_string());
    assert_eq!(
        states(&bench),
        [pair("a.txt", "ok"), pair("b.txt", "ok"), pair("c.txt", "ok"), pair("copy of c.txt", "duplicate")]
    );

    fs::create_dir(bench.path("in/sub")).unwrap();
    fs::rename(bench.path("in/a.txt"), bench.path("in/sub/a.txt")).unwrap();
    fs::remove_file(bench.path("in/b.txt")).unwrap();
    fs::remove_file(bench.path("in/c.txt")).unwrap();
    let (code, second) = bench.ingest(&[]);
    assert_eq!((code, second["moved"].as_u64(), second["new"].as_u64()), (0, Some(1), Some(0)));
    assert_eq!(second["vanished"], serde_json::json!(["b.txt"]), "kept until --prune");
    assert_eq!(second["documents"], 0, "nothing is read again");
    assert_eq!(bench.agreed_documents().len(), 3);

    let (_, third) = bench.ingest(&["--prune"]);
    assert_eq!(third["removed"], 1);
    assert_eq!(bench.agreed_documents().len(), 2);
    let expected = [
        pair("a.txt", "removed"),
        pair("b.txt", "removed"),
        pair("c.txt", "removed"),
        pair("copy of c.txt", "ok"),
        pair("sub/a.txt", "ok"),
    ];
    assert_eq!(states(&bench), expected);
}

#[test]
fn a_corpus_that_moved_as_a_whole_is_not_read_again() {
    let bench = Bench::new();
    for i in 0..4 {
        bench.write(&format!("{i}.txt"), report(i));
    }
    bench.ingest(&[]);
    fs::rename(bench.path("in"), bench.path("elsewhere")).unwrap();
    let run = bench.run(&["ingest", "elsewhere", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((report["moved"].as_u64(), report["documents"].as_u64()), (Some(4), Some(0)), "{}", run.out);
    assert_eq!(report["files"]["removed"], 4);
    assert_eq!(report["files"]["ok"], 4);
    assert_eq!(bench.agreed_documents().len(), 4);
}

#[test]
fn paths_come_from_a_list_too() {
    let bench = Bench::new();
    bench.write("a.txt", report(1));
    bench.write("deep/b.txt", report(2));
    bench.write("c.dat", report(3));
    let mut child =
        bench.command(&["ingest", "-", "--json"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"in/a.txt\nin/deep\n\nin/c.dat\r\nin/a.txt\n").unwrap();
    let run = Run::of(child.wait_with_output().unwrap());
    assert_eq!(run.code, 0);
    let files = bench.run(&["files"]);
    let paths: Vec<&str> = files.out.lines().filter_map(|l| l.split_whitespace().next()).collect();
    assert_eq!(paths, ["b.txt", "in/a.txt", "in/c.dat"]);
}

#[test]
fn another_vocabulary_or_corrections_file_makes_the_records_again() {
    let bench = Bench::new();
    for i in 0..3 {
        bench.write(&format!("{i}.txt"), report(i));
    }
    bench.ingest(&[]);
    fs::write(bench.path("corrections.toml"), "# none yet\n").unwrap();
    let (_, corrected) = bench.ingest(&[]);
    assert_eq!((corrected["again"].as_u64(), corrected["bytes"].as_u64()), (Some(3), Some(0)), "from the stored text");

    fs::create_dir(bench.path("lexicon")).unwrap();
    let built_in = concat!(env!("CARGO_MANIFEST_DIR"), "/src/lexicon/data/names.json");
    let names = fs::read_to_string(built_in).unwrap();
    fs::write(bench.path("lexicon/names.json"), format!("{names}\n\n")).unwrap();
    let (_, other) = bench.ingest(&["--lexicon", "lexicon"]);
    assert_eq!(other["again"], 3);
    let (_, same) = bench.ingest(&["--lexicon", "lexicon"]);
    assert_eq!(same["unchanged"], 3);
}

#[test]
fn the_same_corpus_gives_the_same_dump_wherever_it_lies_and_however_it_came() {
    let (one, two) = (Bench::new(), Bench::new());
    for i in 0..20 {
        one.write(&format!("{}/{i}.txt", i % 3), report(i));
        one.write(&format!("copies/{i}.txt"), report(i / 2));
    }
    one.ingest(&["--jobs", "1"]);
    for i in (0..20).rev() {
        two.write(&format!("{}/{i}.txt", i % 3), report(i));
        two.write(&format!("copies/{i}.txt"), report(i / 2));
        if i % 7 == 0 {
            two.ingest(&["--jobs", "3"]);
        }
    }
    let dump = one.run(&["dump"]);
    assert_eq!(dump.code, 0, "{}", dump.err);
    assert_eq!(dump.out.lines().count(), 20);
    assert!(dump.out == two.run(&["dump"]).out, "the two dumps differ");
}

#[test]
fn the_index_can_be_made_again_from_the_catalog() {
    let bench = Bench::new();
    for i in 0..6 {
        bench.write(&format!("{i}.txt"), report(i));
    }
    bench.ingest(&[]);
    let before = bench.agreed_documents();
    fs::remove_dir_all(bench.index().join("tantivy")).unwrap();
    let run = bench.run(&["reindex"]);
    assert!(run.code == 0 && run.out.starts_with("Indexed 6 documents"), "{}{}", run.out, run.err);
    assert_eq!(bench.agreed_documents(), before);
    fs::remove_dir_all(bench.index().join("tantivy")).unwrap();
    bench.ingest(&[]);
    assert_eq!(bench.agreed_documents(), before, "ingest brings the index up as well");
}

#[test]
fn an_index_of_another_version_is_made_again_by_the_next_run() {
    let bench = Bench::new();
    bench.write("a.txt", report(1));
    bench.ingest(&[]);
    let manifest = bench.index().join("tantivy/diarium-index.json");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("\"format\"", "\"format\":9999,\"was\"")).unwrap();
    let search = bench.run(&["search", "partnerskap"]);
    assert!(search.code == 1 && search.err.contains("diarium reindex"), "{}", search.err);
    let (code, report) = bench.ingest(&[]);
    assert_eq!((code, report["unchanged"].as_u64()), (0, Some(1)));
    assert_eq!(bench.agreed_documents().len(), 1);
    assert!(!bench.index().join("tantivy.new").exists() && !bench.index().join("tantivy.old").exists());
}

#[test]
fn files_that_failed_are_tried_again_only_when_asked_or_changed() {
    let bench = Bench::new();
    bench.write("a.txt", report(1));
    bench.write("b.pdf", b"\x89PNG\r\n");
    let counts = |more: &[&str]| {
        let (code, r) = bench.ingest(more);
        (code, r["failed_before"].as_u64().unwrap(), r["unchanged"].as_u64().unwrap(), r["changed"].as_u64().unwrap())
    };
    assert_eq!(counts(&[]), (3, 0, 0, 0));
    assert_eq!(counts(&[]), (3, 1, 1, 0));
    assert_eq!(counts(&["--retry", "failed"]), (3, 1, 1, 0));
    bench.write("b.pdf", report(2));
    assert_eq!(counts(&[]), (3, 0, 1, 1), "text that is named .pdf");
    fs::rename(bench.path("in/b.pdf"), bench.path("in/b.txt")).unwrap();
    assert_eq!(counts(&[]).0, 0);
    assert_eq!(bench.run(&["files", "--state", "failed"]).out, "");
}
