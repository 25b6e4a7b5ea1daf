//! Holds the parser against the truth for real documents, field by field, as the scoring script does.
//!
//! The documents lie outside the repository; without them the test says so and passes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use diarium::ingest;
use diarium::lexicon::Lexicon;
use diarium::parse::Parser;
use serde_json::Value;

/// Least micro F1 over the rows of `ROWS`.
const LEAST: f64 = 0.97;

/// Counts of one row: found and right, found and wrong, not found.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    right: usize,
    wrong: usize,
    missed: usize,
}

impl Count {
    fn f1(self) -> f64 {
        let all = 2 * self.right + self.wrong + self.missed;
        if all == 0 { 1.0 } else { 2.0 * self.right as f64 / all as f64 }
    }
}

/// Rows of the score with what was missed.
#[derive(Debug, Default)]
struct Score {
    rows: BTreeMap<String, Count>,
    misses: Vec<String>,
}

impl Score {
    /// Compares two lists without regard to order.
    fn add(&mut self, document: &str, row: &str, mut got: Vec<String>, want: Vec<String>) {
        let count = self.rows.entry(row.to_string()).or_default();
        for w in want {
            match got.iter().position(|g| *g == w) {
                Some(i) => {
                    got.swap_remove(i);
                    count.right += 1;
                }
                None => {
                    count.missed += 1;
                    self.misses.push(format!("{document}: {row}: not found: {w}"));
                }
            }
        }
        count.wrong += got.len();
        self.misses.extend(got.iter().map(|g| format!("{document}: {row}: wrong: {g}")));
    }

    /// Compares one value; `{"any": […]}` accepts any of its values.
    fn one(&mut self, document: &str, row: &str, got: &Value, want: &Value) {
        let want = match want.get("any").and_then(Value::as_array) {
            Some(any) => any.iter().find(|w| norm(w) == norm(got)).unwrap_or(&any[0]),
            None => want,
        };
        self.add(document, row, norm(got).into_iter().collect(), norm(want).into_iter().collect());
    }
}

/// A value as compared: single spaces, lower case, plain dashes and quotes, no full stop at the end. None for null.
fn norm(v: &Value) -> Option<String> {
    match v {
        Value::Null => None,
        Value::String(s) => {
            let joined = s.split_whitespace().collect::<Vec<_>>().join(" ");
            let plain = joined.trim_end_matches('.').replace('–', "-").replace(['“', '”'], "\"");
            Some(plain.to_lowercase())
        }
        other => Some(other.to_string()),
    }
}

fn digits(v: &Value) -> Option<String> {
    let digits: String = v.as_str()?.chars().filter(char::is_ascii_digit).collect();
    Some(digits.strip_prefix("46").unwrap_or(&digits).trim_start_matches('0').to_string())
}

/// A decision point without its number, `att` and what links it to the next.
fn point(v: &Value) -> String {
    let text = norm(v).unwrap_or_default();
    let text = text.strip_prefix("att ").unwrap_or(&text);
    let text = text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | ' '));
    let end = text.trim_end_matches(['.', ',', ';', ' ']);
    end.trim_end_matches(" samt").trim_end_matches(" och").trim_end_matches(['.', ',', ';', ' ']).to_string()
}

fn list(v: &Value) -> impl Iterator<Item = &Value> {
    v.as_array().into_iter().flatten()
}

fn name(v: &Value) -> &Value {
    v.get("name").unwrap_or(v)
}

fn norms<'a>(values: impl Iterator<Item = &'a Value>) -> Vec<String> {
    values.filter_map(norm).collect()
}

fn tuple(v: &Value, keys: &[&str]) -> String {
    keys.iter().map(|k| norm(&v[*k]).unwrap_or_default()).collect::<Vec<_>>().join(" | ")
}

/// Scores one record on the fields its truth has.
fn compare(score: &mut Score, doc: &str, got: &Value, want: &Value) {
    for field in ["kind", "title", "subtitle", "date", "meeting_date"] {
        if let Some(w) = want.get(field) {
            score.one(doc, field, &got[field], w);
        }
    }
    for field in ["recipient", "administration", "department"] {
        if let Some(w) = want.get(field) {
            score.one(doc, field, got[field].get("name").unwrap_or(&Value::Null), w);
        }
    }
    if let Some(w) = want.get("genres") {
        score.add(doc, "genres", norms(list(&got["genres"])), norms(list(w)));
    }
    if let Some(w) = want.get("district") {
        score.one(doc, "district", got["authority"].get("district").unwrap_or(&Value::Null), w);
    }
    if let Some(w) = want.get("former_districts") {
        let former = list(&got["districts"]).filter(|d| d["role"] == "former").map(|d| &d["id"]);
        score.add(doc, "former_districts", norms(former), norms(list(w)));
    }
    if let Some(w) = want.get("dnr") {
        let key = |d: &Value| tuple(d, &["series", "year", "number", "role"]);
        score.add(doc, "dnr", list(&got["dnr"]).map(key).collect(), list(w).map(key).collect());
    }
    if let Some(w) = want.get("handlaggare") {
        let (g, w): (Vec<&Value>, Vec<&Value>) = (list(&got["handlaggare"]).collect(), list(w).collect());
        let names = |v: &[&Value]| v.iter().filter_map(|h| norm(&h["name"])).collect();
        let phones = |v: &[&Value]| v.iter().filter_map(|h| digits(&h["phone"])).collect();
        let emails = |v: &[&Value]| v.iter().filter_map(|h| norm(&h["email"])).collect();
        score.add(doc, "handlaggare.name", names(&g), names(&w));
        score.add(doc, "handlaggare.phone", phones(&g), phones(&w));
        score.add(doc, "handlaggare.email", emails(&g), emails(&w));
    }
    if let Some(w) = want.get("authors") {
        score.add(doc, "authors", norms(list(&got["authors"]).map(name)), norms(list(w).map(name)));
    }
    for (key, w) in want["contact"].as_object().into_iter().flatten() {
        score.one(doc, &format!("contact.{key}"), got["contact"].get(key).unwrap_or(&Value::Null), w);
    }
    if let Some(w) = want.get("decisions") {
        let (g, w) = (&got["decisions"], w);
        score.add(
            doc,
            "decisions.text",
            list(g).map(|d| point(&d["text"])).collect(),
            list(w).map(|d| point(&d["text"])).collect(),
        );
        score.add(doc, "decisions.status", norms(list(g).map(|d| &d["status"])), norms(list(w).map(|d| &d["status"])));
        let actions = |v: &Value| list(v).flat_map(|d| list(&d["actions"])).filter_map(norm).collect::<Vec<_>>();
        score.add(doc, "decisions.actions", actions(g), actions(w));
        if list(w).any(|d| d.get("assignee").is_some()) {
            score.add(
                doc,
                "decisions.assignee",
                norms(list(g).map(|d| &d["assignee"])),
                norms(list(w).map(|d| &d["assignee"])),
            );
        }
    }
    if let Some(w) = want.get("section_ids") {
        let always = ["summary", "matter", "background", "proposed_decision", "attachments", "attested"];
        let wanted = norms(list(w));
        let ids = norms(list(&got["sections"]).map(|s| &s["id"]));
        let scored = ids.into_iter().filter(|id| wanted.contains(id) || always.contains(&id.as_str())).collect();
        score.add(doc, "sections", scored, wanted);
    }
    for (field, keys) in [("signatories", ["name", "title", "unit"]), ("attestations", ["name", "title", "date"])] {
        if let Some(w) = want.get(field) {
            let tuples = |v: &Value| list(v).map(|s| tuple(s, &keys)).collect();
            score.add(doc, field, tuples(&got[field]), tuples(w));
        }
    }
    if let Some(w) = want.get("attachments") {
        score.add(doc, "attachments", norms(list(&got["attachments"]).map(|a| &a["title"])), norms(list(w)));
    }
    compare_agreements(score, doc, got, want);
}

/// Scores parties, agreements, their periods and extensions.
fn compare_agreements(score: &mut Score, doc: &str, got: &Value, want: &Value) {
    if let Some(w) = want.get("parties") {
        let g = &got["parties"];
        score.add(doc, "parties.name", norms(list(g).map(name)), norms(list(w).map(name)));
        let former = |v: &Value| list(v).flat_map(|p| list(&p["former_names"])).filter_map(norm).collect::<Vec<_>>();
        score.add(doc, "parties.former", former(g), former(w));
    }
    let Some(agreements) = want.get("agreements") else { return };
    let found: BTreeMap<String, &Value> =
        list(&got["agreements"]).filter_map(|a| Some((norm(&a["name"])?, a))).collect();
    score.add(doc, "agreements.name", found.keys().cloned().collect(), norms(list(agreements).map(name)));
    for w in list(agreements) {
        let at = format!("{doc}: {}", w["name"]);
        let g = norm(&w["name"]).and_then(|n| found.get(&n).copied()).unwrap_or(&Value::Null);
        score.add(&at, "agreements.parties", norms(list(&g["parties"]).map(name)), norms(list(&w["parties"])));
        let periods = |v: &Value| list(&v["periods"]).map(|p| tuple(p, &["start", "end"])).collect();
        score.add(&at, "agreements.periods", periods(g), periods(w));
        let ends = |v: &Value| -> Vec<Option<String>> {
            let extensions = list(&v["periods"]).map(|p| &p["extension"]).filter(|e| e.is_object());
            extensions.map(|e| norm(&e["max_end"]).or_else(|| norm(&e["new_end"]))).collect()
        };
        let wanted = ends(w);
        let open = wanted.contains(&None);
        let shown = |e: Option<String>| e.unwrap_or_else(|| "extension".into());
        let got_ends = ends(g).into_iter().map(|e| if wanted.contains(&e) || !open { shown(e) } else { shown(None) });
        score.add(&at, "agreements.extension", got_ends.collect(), wanted.iter().cloned().map(shown).collect());
        if let Some(r) = w.get("recommendation") {
            score.one(&at, "agreements.recommendation", g.get("recommendation").unwrap_or(&Value::Null), r);
        }
    }
    let org_nrs: Vec<String> =
        list(agreements).flat_map(|a| list(&a["org_nr"])).map(|o| tuple(o, &["value", "valid"])).collect();
    if !org_nrs.is_empty() {
        let numbered = list(&got["parties"]).filter(|p| !p["org_nr_raw"].is_null() || !p["org_nr"].is_null());
        score.add(doc, "parties.org_nr", numbered.map(|p| tuple(p, &["org_nr", "org_nr_valid"])).collect(), org_nrs);
    }
}

/// The truth files of a folder, in order.
fn truths(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path())
        .filter(|p| p.extension().is_some_and(|x| x == "json"))
        .collect();
    files.sort();
    files
}

#[test]
fn real_documents_are_read_as_people_read_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let seeds = root.join("../shared/seeds");
    if !seeds.is_dir() {
        return crate::util::skipped(&format!("{} not found", seeds.display()));
    }
    let lex = Lexicon::built_in();
    let parser = Parser::new(&lex);
    let mut score = Score::default();
    let own = truths(&root.join("tests/gold/seeds"));
    let shared = truths(&root.join("../shared/gold"));
    assert_eq!(own.len() + shared.len(), 5, "truth for five documents");
    for path in own.iter().chain(&shared) {
        let want: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let file = seeds.join(format!("{stem}.txt"));
        let bytes = std::fs::read(&file).unwrap();
        if let Some(hash) = want["source"]["blake3"].as_str() {
            assert_eq!(blake3::hash(&bytes).to_hex().as_str(), hash, "{stem} is not the file the truth was made from");
        }
        let doc = ingest::read(&bytes, &file.to_string_lossy(), &lex, &ingest::Options::default()).unwrap();
        let record = parser.parse(&doc);
        for e in &record.evidence {
            assert_eq!(doc.text[e.start as usize..e.end as usize], e.quote, "{stem}: evidence of {}", e.field);
        }
        compare(&mut score, &stem[..3], &serde_json::to_value(&record).unwrap(), &want);
    }
    let mut total = Count::default();
    for (row, c) in &score.rows {
        eprintln!("{row:28} F1 {:.3} right {} wrong {} missed {}", c.f1(), c.right, c.wrong, c.missed);
        total = Count { right: total.right + c.right, wrong: total.wrong + c.wrong, missed: total.missed + c.missed };
    }
    eprintln!("{}", score.misses.join("\n"));
    assert!(total.f1() >= LEAST, "micro F1 {:.3} is under {LEAST}; missed:\n{}", total.f1(), score.misses.join("\n"));
}
