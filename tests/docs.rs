//! Holds ARCHITECTURE.md and README.md against the code: paths exist, the arrows between rooms are the imports.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The rooms of the table under "## The rooms" with what each may use: rows `| \`room\` | holds | uses |`.
fn table() -> BTreeMap<String, BTreeSet<String>> {
    let text = read("ARCHITECTURE.md");
    let part = text.split("\n## The rooms").nth(1).expect("ARCHITECTURE.md has a part \"The rooms\"");
    let part = part.split("\n## ").next().unwrap_or(part);
    part.lines()
        .filter(|l| l.starts_with("| `"))
        .map(|l| {
            let cells: Vec<&str> = l.trim_matches('|').split('|').map(str::trim).collect();
            let [room, _, uses] = cells.as_slice() else { panic!("a row of three cells: {l}") };
            let names = uses.split(' ').filter(|w| !w.is_empty() && *w != "–").map(str::to_string).collect();
            (room.trim_matches('`').trim_end_matches('/').to_string(), names)
        })
        .collect()
}

fn rust_files(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).expect("src is readable") {
        let path = entry.expect("src is readable").path();
        if path.is_dir() {
            rust_files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// The rooms that a room's code names, outside its tests.
fn imports() -> BTreeMap<String, BTreeSet<String>> {
    let src = root().join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    let word = regex::Regex::new(r"\bcrate::(?:\{([^}]*)\}|(\w+))").expect("a constant");
    let nested = regex::Regex::new(r"(?:^|,)\s*(\w+)").expect("a constant");
    let external = regex::Regex::new(r"\bdiarium::(\w+)").expect("a constant");
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files {
        let relative = file.strip_prefix(&src).expect("below src");
        let room = relative.iter().next().expect("a name").to_string_lossy().trim_end_matches(".rs").to_string();
        if room == "lib" || room == "testing" {
            continue;
        }
        let text = std::fs::read_to_string(&file).expect("readable");
        let code: String = text
            .split("#[cfg(test)]")
            .next()
            .unwrap_or("")
            .lines()
            .filter(|l| !l.trim_start().starts_with("//"))
            .map(|l| format!("{l}\n"))
            .collect();
        let uses = found.entry(room.clone()).or_default();
        for c in word.captures_iter(&code) {
            match (c.get(1), c.get(2)) {
                (Some(list), _) => uses.extend(nested.captures_iter(list.as_str()).map(|n| n[1].to_string())),
                (_, Some(name)) => drop(uses.insert(name.as_str().to_string())),
                _ => {}
            }
        }
        uses.extend(external.captures_iter(&code).map(|c| c[1].to_string()));
        uses.remove(&room);
    }
    found
}

#[test]
fn arrows_of_the_architecture_are_the_imports() {
    let told = table();
    let seen = imports();
    let rooms: BTreeSet<&String> = seen.keys().collect();
    assert_eq!(told.keys().collect::<BTreeSet<_>>(), rooms, "ARCHITECTURE.md lists other rooms than src/ has");
    let mut differences = Vec::new();
    for (room, uses) in &seen {
        let uses: Vec<&str> = uses.iter().filter(|u| rooms.contains(u)).map(String::as_str).collect();
        let told: Vec<&str> = told[room].iter().map(String::as_str).collect();
        if uses != told {
            differences.push(format!(
                "`{room}`: ARCHITECTURE.md says {}; its imports are {}",
                told.join(" "),
                uses.join(" ")
            ));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn rooms_form_no_circle() {
    let told = table();
    let mut done: BTreeSet<&str> = BTreeSet::new();
    while done.len() < told.len() {
        let next: Vec<&str> = told
            .iter()
            .filter(|(room, uses)| !done.contains(room.as_str()) && uses.iter().all(|u| done.contains(u.as_str())))
            .map(|(room, _)| room.as_str())
            .collect();
        assert!(
            !next.is_empty(),
            "a circle among {:?}",
            told.keys().filter(|r| !done.contains(r.as_str())).collect::<Vec<_>>()
        );
        done.extend(next);
    }
}

#[test]
fn paths_named_in_the_documents_exist() {
    let path = regex::Regex::new(
        r"`((?:src|tests|benches|examples|corpus|index|\.ci)/[\w./-]*|[\w-]+\.(?:md|toml)|justfile)`",
    )
    .expect("a constant");
    for document in ["ARCHITECTURE.md", "README.md", "CONTRIBUTING.md", "BENCHMARKS.md", "EVALUATION.md"] {
        let text = read(document);
        for c in path.captures_iter(&text) {
            let made_by_a_run = c[1].starts_with("index/") && !c[1].ends_with(".md");
            let elsewhere = &c[1] == "corrections.toml";
            assert!(
                made_by_a_run || elsewhere || root().join(&c[1]).exists(),
                "{document} names {}, which is not there",
                &c[1]
            );
        }
    }
}

#[test]
fn readme_names_the_two_commands() {
    let readme = read("README.md");
    assert!(readme.contains("cargo run --release -- ingest corpus"));
    assert!(readme.contains("cargo test\n"));
}
