//! A municipality that the built-in vocabulary does not know is added by data alone, as `src/lexicon/README.md` says.

use std::fs;

use serde_json::{Value, json};

use crate::util::Bench;

/// A file of the built-in vocabulary.
fn built_in(name: &str) -> Value {
    let path = format!("{}/src/lexicon/data/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// The list under a key.
fn list<'v>(value: &'v mut Value, key: &str) -> &'v mut Vec<Value> {
    value[key].as_array_mut().unwrap()
}

/// A report as the town writes it: kommundelsnämnder instead of stadsdelsnämnder, labels and a form of its own.
const REPORT: &str = "Ekstrands kommun\nKommundelsbyrån Norrskog\nÄrendeskrivelse\nUpprättat den dag: 2021-03-04\nÄrendekod: NSK 2021/17\n\n\
    Till\nNorrskogs kommundelsnämnd\n\nLekplats vid Ekbacken\n\nFörslag till beslut\nNämnden godkänner redovisningen.\n\n\
    Sammanfattning\nNorrskogs kommundelsnämnd (tidigare Granby kommundelsnämnd) har byggt en lekplats.\n";

#[test]
fn a_municipality_is_added_by_data_alone() {
    let bench = Bench::new();
    fs::create_dir(bench.path("lexicon")).unwrap();
    let write = |name: &str, value: &Value| fs::write(bench.path("lexicon").join(name), value.to_string()).unwrap();

    let mut districts = built_in("districts.json");
    list(&mut districts, "match_suffixes").push(json!("kommundelsnämnd"));
    let district = |id: &str, name: &str, genitive: &str, from: &str, to: Value| {
        json!({"id": id, "name": name, "official_board_name": format!("{genitive} kommundelsnämnd"), "city": "Ekstrand",
            "kind": "kommundelsnamnd", "from": from, "to": to, "predecessors": [], "successors": [], "stadsdelar": [],
            "genitive": genitive, "aliases": [], "dnr_prefixes": ["NSK"], "bare_name_policy": "needs_context"})
    };
    let mut old = district("ekstrand-granby", "Granby", "Granby", "1995-01-01", json!("2018-12-31"));
    let mut new = district("ekstrand-norrskog", "Norrskog", "Norrskogs", "2019-01-01", Value::Null);
    old["successors"] = json!(["ekstrand-norrskog"]);
    new["predecessors"] = json!(["ekstrand-granby"]);
    list(&mut districts, "districts").extend([old, new]);
    write("districts.json", &districts);

    let mut headings = built_in("headings.json");
    for heading in list(&mut headings, "headings") {
        match heading["id"].as_str() {
            Some("date_label") => list(heading, "variants").push(json!("Upprättat den dag")),
            Some("dnr_label") => list(heading, "variants").push(json!("Ärendekod")),
            _ => {}
        }
    }
    write("headings.json", &headings);
    let mut dnr = built_in("dnr.json");
    list(&mut dnr, "labels").push(json!("Ärendekod"));
    write("dnr.json", &dnr);
    let mut bodies = built_in("bodies.json");
    list(&mut bodies, "administration").push(json!("byrån"));
    write("bodies.json", &bodies);
    let mut kinds = built_in("kinds.json");
    let report = list(&mut kinds, "kinds").iter_mut().find(|k| k["id"] == "tjansteskrivelse").unwrap();
    list(report, "strong").push(json!({"in": "label", "re": "ärendeskrivelse"}));
    write("kinds.json", &kinds);

    let file = bench.write("report.txt", REPORT);
    let file = file.to_str().unwrap();
    let read = |args: &[&str]| -> Value {
        let run = bench.run(&[&["inspect", file, "--json", "--quiet"], args].concat());
        assert_eq!(run.code, 0, "{}", run.err);
        serde_json::from_str(run.out.lines().next().unwrap_or_default()).unwrap()
    };
    let record = read(&["--lexicon", "lexicon"]);
    assert_eq!(record["kind"], "tjansteskrivelse");
    assert_eq!(record["date"], "2021-03-04");
    assert_eq!(record["title"], "Lekplats vid Ekbacken");
    assert_eq!(record["dnr"][0]["canonical"], "NSK 2021/17");
    assert_eq!(record["dnr"][0]["role"], "own");
    assert_eq!(record["authority"]["name"], "Norrskogs kommundelsnämnd");
    assert_eq!(record["authority"]["district"], "ekstrand-norrskog");
    assert_eq!(record["administration"]["name"], "Kommundelsbyrån Norrskog");
    let districts: Vec<(&str, &str)> = record["districts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| (d["id"].as_str().unwrap(), d["role"].as_str().unwrap()))
        .collect();
    assert_eq!(districts, [("ekstrand-norrskog", "own"), ("ekstrand-granby", "former")]);
    // Without that vocabulary the town's districts are not known.
    let plain = read(&[]);
    assert_eq!(plain["districts"], json!([]));
}
