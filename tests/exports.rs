//! Exports as people and scripts meet them: where they go, what they refuse, what changes tell. What stands in them is held against
//! readers of others by tests/readers/check.py.

use std::fs;
use std::process::Stdio;

use crate::util::{Bench, Run, report};

fn three() -> Bench {
    let bench = Bench::new();
    for seed in 1..4 {
        bench.write(&format!("{seed}.txt"), report(seed));
    }
    bench.ingest(&[]);
    bench
}

#[test]
fn tables_go_where_they_are_told_and_replace_nothing_unasked() {
    let bench = three();
    let unsaid = bench.run(&["dump", "--format", "csv"]);
    assert!(unsaid.code == 2 && unsaid.err.contains("-o PATH"), "{}", unsaid.err);
    for (format, name) in
        [("csv", "tables"), ("csv", "tables.zip"), ("package", "package"), ("sqlite", "a.sqlite"), ("parquet", "pq")]
    {
        let run = bench.run(&["dump", "--format", format, "-o", name]);
        assert_eq!((run.code, run.out.as_str()), (0, ""), "{format}: {}", run.err);
        let again = bench.run(&["dump", "--format", format, "-o", name]);
        assert!(
            again.code == 2 && again.err.contains("is there already") && again.err.contains("--overwrite"),
            "{}",
            again.err
        );
        assert_eq!(bench.run(&["dump", "--format", format, "-o", name, "--overwrite"]).code, 0);
    }
    let documents = fs::read_to_string(bench.path("tables/documents.csv")).unwrap();
    assert!(documents.starts_with("id,path,kind,") && documents.lines().count() == 4, "{documents}");
    let left: Vec<_> = fs::read_dir(bench.path(".")).unwrap().flatten().map(|e| e.file_name()).collect();
    let unfinished = |n: &std::ffi::OsString| [".part", ".old"].iter().any(|end| n.to_string_lossy().ends_with(end));
    assert!(!left.iter().any(unfinished), "{left:?}");
}

/// The first rows of a CSV file, by column: good enough for files without line breaks in cells.
fn rows(text: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    let cells = |line: &str| -> Vec<String> {
        let (mut out, mut quoted) = (vec![String::new()], false);
        for c in line.chars() {
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted => out.push(String::new()),
                c => out.last_mut().into_iter().for_each(|cell| cell.push(c)),
            }
        }
        out
    };
    let mut lines = text.lines();
    let heads = cells(lines.next().unwrap_or_default());
    lines.map(|l| heads.iter().cloned().zip(cells(l)).collect()).collect()
}

#[test]
fn one_table_opened_alone_says_what_its_rows_belong_to() {
    let bench = Bench::new();
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/rinkeby-kista");
    assert_eq!(bench.run(&["ingest", corpus.to_str().unwrap(), "--quiet"]).code, 0);
    assert_eq!(bench.run(&["dump", "--format", "csv", "-o", "t"]).code, 0);
    let table = |name: &str| rows(&fs::read_to_string(bench.path(&format!("t/{name}.csv"))).unwrap());
    let decided = table("decisions");
    let row = decided.iter().find(|r| r["item_number"] == "§ 9" && r["status"] == "decided").unwrap();
    assert_eq!(row["document_path"], "2018/02_rinkeby-kista_protokoll_2018-11-22.pdf");
    assert_eq!((row["document_date"].as_str(), row["document_date_precision"].as_str()), ("2018-11-22", "day"));
    assert_eq!((row["document_district"].as_str(), row["item_dnr"].as_str()), ("sthlm-rinkeby-kista", "2018/318"));
    assert_eq!(row["document_kind"], "protokoll");
    assert!(!row["item_title"].is_empty() && row["document_authority"].contains("Rinkeby-Kista"));
    let proposed = decided.iter().find(|r| r["document_kind"] == "tjansteutlatande").unwrap();
    assert_eq!((proposed["document_dnr"].as_str(), proposed["item_number"].as_str()), ("2018/318", ""));
    let agreement = &table("agreements")[0];
    assert!(agreement["starts"].contains("2019-01-01") && agreement["paths"].contains("blaklockan"), "{agreement:?}");
    assert!(table("agreement_periods")[0]["agreement_name"].contains("Blåklock"));
    assert!(table("case_steps").iter().any(|s| s["case_dnr"] == "2018/318" && s["path"] == row["document_path"]));
}

#[test]
fn a_folder_of_somebody_else_is_never_replaced() {
    let bench = three();
    fs::create_dir(bench.path("mine")).unwrap();
    fs::write(bench.path("mine/thesis.txt"), "x").unwrap();
    let run = bench.run(&["dump", "--format", "csv", "-o", "mine", "--overwrite"]);
    assert!(run.code == 2 && run.err.contains("no earlier export"), "{}", run.err);
    assert_eq!(fs::read_to_string(bench.path("mine/thesis.txt")).unwrap(), "x");
    let file = bench.run(&["dump", "-o", "mine"]);
    assert!(file.code == 2 && file.err.contains("folder"), "{}", file.err);
}

/// The sequence that a dump of changes says it ends at.
fn sequence(bench: &Bench) -> String {
    let run = bench.run(&["dump", "--since", "0"]);
    run.err.trim().rsplit(' ').next().unwrap_or_default().to_string()
}

#[test]
fn changes_tell_what_is_new_and_what_is_gone() {
    let bench = three();
    let now = sequence(&bench);
    let nothing = bench.run(&["dump", "--since", &now, "--quiet"]);
    assert_eq!((nothing.code, nothing.out.as_str()), (0, ""), "{}", nothing.err);
    let gone: serde_json::Value = serde_json::from_str(bench.run(&["show", "1.txt", "--json"]).out.trim()).unwrap();
    fs::remove_file(bench.path("in/1.txt")).unwrap();
    bench.write("4.txt", report(4));
    bench.ingest(&["--prune"]);
    let changes = bench.run(&["dump", "--since", &now]);
    let lines: Vec<serde_json::Value> = changes.out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines[0]["source"]["path"], "4.txt");
    assert_eq!((&lines[1]["schema"], &lines[1]["id"]), (&"diarium/tombstone/1".into(), &gone["id"]));
    assert!(lines.len() == 2 && changes.err.contains("the next changes come with --since"), "{}", changes.err);
    for wrong in ["yesterday", "99"] {
        assert_eq!(bench.run(&["dump", "--since", wrong]).code, 2);
    }
    assert_eq!(
        bench.run(&["dump", "--since", "2000-01-01"]).out.lines().count(),
        3,
        "what came and went in between is not told"
    );
}

#[test]
fn changes_of_a_filter_tell_what_it_no_longer_lets_through() {
    let bench = three();
    let filter = ["--dnr", "FAR 2023/41"];
    let paper = |number: u32| {
        format!(
            "Farsta stadsdelsförvaltning\n\nTjänsteutlåtande\nDnr FAR 2023/{number}\n2023-03-01\n\nRapport om parker\n\nFörslag till beslut\n\nNämnden godkänner rapporten.\n"
        )
    };
    bench.write("5.txt", paper(41));
    bench.write("6.txt", paper(42));
    bench.ingest(&[]);
    let now = sequence(&bench);
    let shown: serde_json::Value = serde_json::from_str(bench.run(&["show", "5.txt", "--json"]).out.trim()).unwrap();
    // The number is found to be another: the document is still here, and no longer one of those that are followed.
    let correction = "[[reject]]\ndocument = \"5.txt\"\nfield = \"dnr\"\n";
    fs::write(bench.path("corrections.toml"), correction).unwrap();
    bench.ingest(&[]);
    let changes = bench.run(&[&["dump", "--since", &now][..], &filter].concat());
    let lines: Vec<serde_json::Value> = changes.out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    // Every record was made anew, with the corrections: none of them is let through, and this one was.
    assert!(lines.iter().all(|l| l["schema"] == "diarium/tombstone/1"), "{}{}", changes.out, changes.err);
    assert!(lines.iter().any(|l| l["id"] == shown["id"]), "{}", changes.out);
    let run = bench.run(&[&["dump", "--since", &now, "--format", "csv", "-o", "changes"][..], &filter].concat());
    assert!(matches!(run.code, 0 | 4), "{}", run.err);
    let gone = fs::read_to_string(bench.path("changes/tombstones.csv")).unwrap();
    assert!(gone.lines().count() == lines.len() + 1 && gone.contains(shown["id"].as_str().unwrap()), "{gone}");
    assert!(!bench.path("changes/people.csv").exists(), "a register of changes alone would be of no use");
    // Without the filter it is a change as any other.
    let all = bench.run(&["dump", "--since", &now]).out;
    assert!(all.contains("\"path\":\"5.txt\"") && !all.contains("tombstone"), "{all}");
}

#[test]
fn a_name_that_only_another_document_tells_is_replaced_too() {
    let bench = Bench::new();
    bench.write("1.txt", report(1).replace("Dnr ", "Handläggare: Vera Eklöf\n\nDnr "));
    bench.write("2.txt", format!("{}\nVera Eklöf har lämnat uppgiften.\n", report(2)));
    bench.ingest(&[]);
    let run =
        bench.run(&["dump", "uppgiften", "--pseudonymise", "--key-file", "names.json", "--format", "csv", "-o", "out"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let pages = fs::read_to_string(bench.path("out/pages.csv")).unwrap();
    assert!(pages.contains("har lämnat uppgiften") && !pages.contains("Eklöf"), "{pages}");
}

#[test]
fn the_names_behind_pseudonyms_are_kept_apart() {
    let bench = Bench::new();
    bench.write("1.txt", report(1).replace("Dnr ", "Handläggare: Vera Eklöf\n\nDnr "));
    bench.ingest(&[]);
    let inside = ["dump", "--format", "csv", "-o", "out", "--pseudonymise", "--key-file", "out/names.json"];
    let run = bench.run(&inside);
    assert!(run.code == 2 && run.err.contains("handed on"), "{}", run.err);
    let run = bench.run(&["dump", "--pseudonymise", "--key-file", "names.json"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let plain = bench.run(&["dump"]);
    let name = |line: &str| {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        record["handlaggare"][0]["name"].as_str().map(str::to_string)
    };
    let (shown, known) = (run.out.lines().next().and_then(name), plain.out.lines().next().and_then(name));
    let known = known.expect("the report names its officer");
    assert!(shown.is_some_and(|n| n.starts_with("person-")) && !run.out.contains(&known));
    assert!(fs::read_to_string(bench.path("names.json")).unwrap().contains(&known));
}

#[test]
fn a_pack_is_of_a_result() {
    let bench = three();
    assert_eq!(bench.run(&["pack", "-o", "a.zip"]).code, 2);
    assert_eq!(bench.run(&["pack", "enhörning", "-o", "a.zip"]).code, 4);
    assert!(!bench.path("a.zip").exists());
    let run = bench.run(&["pack", "--kind", "tjansteutlatande", "-o", "a.zip"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let bytes = fs::read(bench.path("a.zip")).unwrap();
    for name in ["README.md", "results.csv", "quotes.csv", "citations.txt", "records.jsonl", "texts/001.txt"] {
        assert!(bytes.windows(name.len()).any(|w| w == name.as_bytes()), "{name}");
    }
}

/// A file of a zip archive.
fn in_zip(path: &std::path::Path, name: &str) -> String {
    let mut zip = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    std::io::read_to_string(zip.by_name(name).unwrap()).unwrap()
}

#[test]
fn a_pack_proves_each_decision_by_its_own_words() {
    let bench = Bench::new();
    let item = |n: u32| {
        format!(
            "§ {n} Rapport nummer {n}\nDnr FAR 2023/{n}\n\nBeslut\nStadsdelsnämnden lägger rapporten till handlingarna.\n\n"
        )
    };
    let items: String = (1..6).map(item).collect();
    bench.write("p.txt", format!("Farsta stadsdelsnämnd\n\nProtokoll\nSammanträde 2023-04-27\n\n{items}"));
    bench.ingest(&[]);
    let run = bench.run(&["pack", "--in", "decisions", "--dnr", "FAR 2023/3", "-o", "a.zip"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let zip = bench.path("a.zip");
    let results = in_zip(&zip, "results.csv");
    assert!(
        results.lines().count() == 2 && results.contains("§ 3,Rapport nummer 3,") && results.contains(",FAR 2023/3,"),
        "{results}"
    );
    assert_eq!(in_zip(&zip, "quotes.csv").lines().count(), 2, "one decision, one quote");
    let text = in_zip(&zip, "texts/001.txt");
    let marked = text.split(">>>").nth(1).unwrap().split("<<<").next().unwrap();
    assert!(text.matches(">>>").count() == 1 && marked.contains("till handlingarna"), "{text}");
    assert!(
        text.find("§ 3").unwrap() < text.find(">>>").unwrap() && text.find(">>>").unwrap() < text.find("§ 4").unwrap()
    );
    assert!(
        in_zip(&zip, "citations.txt").starts_with("[1] § 3, dnr FAR 2023/3: "),
        "{}",
        in_zip(&zip, "citations.txt")
    );
}

#[test]
fn a_reader_of_records_that_goes_away_is_no_fault() {
    let bench = three();
    for format in ["jsonl", "json", "bibtex"] {
        let mut command = bench.command(&["dump", "--format", format]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let run = Run::of(child.wait_with_output().unwrap());
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{format}");
    }
}

#[test]
fn documents_are_cited() {
    let bench = three();
    let text = bench.run(&["show", "2.txt", "--cite", "text"]);
    assert!(text.code == 0 && text.out.contains("BLAKE3") && text.out.lines().count() == 1, "{}", text.out);
    assert_eq!(bench.run(&["dump", "--format", "bibtex"]).out.matches("@techreport{").count(), 3);
}
