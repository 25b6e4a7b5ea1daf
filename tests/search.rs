//! Searching as people and scripts meet it: what is found, what is said, and with which exit code.

use serde_json::Value;

use crate::util::{Bench, Run};

const REPORT: &str = "Järva stadsdelsförvaltning\n\nTjänsteutlåtande\nDnr JÄRVA 2024/45\n2024-10-02\n\n\
                      Slutrapport för partnerskapet med Solgläntan\n\nFörvaltningens förslag till beslut\n\n\
                      1. Stadsdelsnämnden godkänner slutrapporten.\n\nSammanfattning\n\n\
                      Järvas idéburna partnerskap gav unga stöd. Mötesplatserna låg nära skolan.\n\x0c\
                      Bakgrund\n\nPå andra sidan står om vården och om föreningsbidraget.\n";

const LETTER: &str = "Farsta stadsdelsförvaltning\n\nTjänsteutlåtande\nDnr FAR 2019/7\n2019-03-14\n\n\
                      Svar på skrivelse om en lekplats\n\nFörvaltningens förslag till beslut\n\n\
                      1. Stadsdelsnämnden avslår begäran.\n2. Stadsdelsnämnden godkänner redovisningen.\n\n\
                      Bakgrund\n\nEn värd för gården skrev om lekplatsen. Ärendet gäller inte stödet till unga.\n";

fn bench() -> Bench {
    let bench = Bench::new();
    bench.write("jarva/rapport.txt", REPORT);
    bench.write("farsta/svar.txt", LETTER);
    bench.write("tom.txt", "");
    bench.ingest(&[]);
    bench
}

fn search(bench: &Bench, args: &[&str]) -> Run {
    bench.run(&[&["search"], args].concat())
}

fn json(bench: &Bench, args: &[&str]) -> Value {
    let run = search(bench, &[args, &["--json"]].concat());
    serde_json::from_str(&run.out).unwrap_or_else(|e| panic!("{args:?}: {e}\n{}{}", run.out, run.err))
}

fn found(bench: &Bench, args: &[&str]) -> Vec<String> {
    let answer = json(bench, args);
    let hits = answer["hits"].as_array().unwrap().iter();
    let mut paths: Vec<String> = hits.map(|h| h["path"].as_str().unwrap().to_string()).collect();
    assert_eq!(answer["total"], paths.len() as u64, "{args:?}");
    paths.sort();
    paths
}

#[test]
fn words_find_in_every_inflection_and_spelling() {
    let bench = bench();
    let (report, letter) = ("jarva/rapport.txt", "farsta/svar.txt");
    for (typed, wanted) in [
        (&["järva"][..], &[report][..]),
        (&["jarva"], &[report]),
        (&["Järvas"], &[report]),
        (&["mötesplats"], &[report]),
        (&["vård"], &[report]),
        (&["värd"], &[letter]),
        (&["vard"], &[letter, report]),
        (&["unga", "stöd"], &[letter, report]),
        (&["unga", "-lekplats"], &[report]),
        (&["\"gav unga stöd\""], &[report]),
        (&["lekplats", "OR", "slutrapport"], &[letter, report]),
        (&["fören*"], &[report]),
        (&["\"järvas gav stöd\"~4"], &[report]),
        (&["\"järvas gav stöd\"~2"], &[]),
        (&["slutraport~"], &[report]),
        (&["title:skrivelse"], &[letter]),
        (&["title:unga"], &[]),
        (&["date:>=2020"], &[report]),
        (&["year:<2020"], &[letter]),
        (&["date:2019-03..2019-04"], &[letter]),
        (&["dnr järva 2024 / 45"], &[report]),
        (&["JÄRVA", "2024/45"], &[report]),
        (&["2019/7"], &[letter]),
        (&["--dnr", "far-2019/7"], &[letter]),
        (&["--district", "JARVA"], &[report]),
        (&["--district", "farsta", "--district", "järva"], &[letter, report]),
        (&["--year", "2018..2020"], &[letter]),
        (&["--from", "2020"], &[report]),
        (&["--action", "avslå", "--status", "proposed"], &[letter]),
        (&["district:farsta", "unga"], &[letter]),
        (&["stadsdel:farsta", "år:2019"], &[letter]),
        (&["from:2020"], &[report]),
        (&["to:2020", "has:decision"], &[letter]),
        (&["decision:avslår"], &[letter]),
        (&["beslut:begäran", "status:proposed", "action:approve"], &[]),
        (&["-decision:avslår"], &[report]),
        (&["section:bakgrund", "lekplats"], &[letter]),
        (&["bidrag"], &[report]),
        (&["bidrag", "--no-synonyms"], &[]),
        (&["förening"], &[report]),
    ] {
        assert_eq!(found(&bench, typed), wanted, "{typed:?}");
    }
}

#[test]
fn an_answer_has_pages_snippets_and_counts() {
    let bench = bench();
    let answer = json(&bench, &["vården", "--facets"]);
    let hit = &answer["hits"][0];
    assert_eq!((&hit["pages"], &hit["snippets"][0]["page"]), (&serde_json::json!([2]), &Value::from(2)));
    let (text, mark) = (hit["snippets"][0]["text"].as_str().unwrap(), &hit["snippets"][0]["marks"][0]);
    assert_eq!(&text[mark[0].as_u64().unwrap() as usize..mark[1].as_u64().unwrap() as usize], "vården");
    let facets: Vec<&String> = answer["facets"].as_object().unwrap().keys().collect();
    assert_eq!(facets, ["district", "year", "kind", "genre", "authority", "party", "handlaggare", "action", "status"]);
    let counts = json(&bench, &["--facets", "--year", "2019", "--limit", "0"]);
    assert_eq!(counts["facets"]["year"].as_array().unwrap().len(), 2, "a facet's own choice does not empty it");
    assert_eq!(
        counts["facets"]["district"],
        serde_json::json!([{"value": "sthlm-farsta", "label": "Farsta", "count": 1}])
    );
    assert_eq!(answer["unsearched"]["failed_files"], 1);
    let explained = json(&bench, &["jarva", "\"gav unga\"", "--explain"]);
    assert_eq!(explained["explain"][0]["typed"], "jarva");
    assert_eq!(
        (&explained["explain"][0]["found_in"], &explained["explain"][1]["found_in"]),
        (&Value::from(1), &Value::from(1))
    );
    assert_eq!(explained["hits"][0]["why"][1]["in_text"], 1);
    let longer = json(&bench, &["bidrag", "--explain"]);
    let snippet = &longer["hits"][0]["snippets"][0];
    let [from, to] = [0, 1].map(|i| snippet["marks"][0][i].as_u64().unwrap() as usize);
    assert_eq!(&snippet["text"].as_str().unwrap()[from..to], "föreningsbidraget", "the whole word is marked");
    assert!(longer["read_as"].as_str().unwrap().contains("bidrag (or föreningsbidrag*)"), "{}", longer["read_as"]);
    assert!(answer.get("explain").is_none() && answer["hits"][0].get("why").is_none());
    let decisions = json(&bench, &["--in", "decisions", "--action", "approve"]);
    assert_eq!(
        (&decisions["total"], &decisions["hits"][0]["decision"]["status"]),
        (&Value::from(2), &Value::from("proposed"))
    );
}

#[test]
fn hits_are_sorted_come_in_pages_and_are_told_by_what_their_district_became() {
    let bench = bench();
    bench.write("kista/svar.txt", LETTER.replace("Farsta", "Rinkeby-Kista").replace("2019-03-14", "2017-03-14"));
    bench.ingest(&[]);
    let order = |args: &[&str]| {
        let answer = json(&bench, &[&["unga"], args].concat());
        assert_eq!(answer["total"], 3, "{args:?}");
        let hits = answer["hits"].as_array().unwrap().iter();
        hits.map(|h| h["path"].as_str().unwrap().to_string()).collect::<Vec<_>>()
    };
    let oldest = ["kista/svar.txt", "farsta/svar.txt", "jarva/rapport.txt"];
    assert_eq!(order(&["--sort", "date"]), oldest);
    assert_eq!(order(&["--sort", "-date"]), [oldest[2], oldest[1], oldest[0]]);
    assert_eq!(order(&["--sort", "date", "--limit", "2"]), oldest[..2]);
    assert_eq!(order(&["--sort", "date", "--limit", "2", "--offset", "2"]), oldest[2..]);
    assert!(order(&["--offset", "3"]).is_empty());
    // Järva took in Rinkeby-Kista.
    assert_eq!(found(&bench, &["unga", "--district", "järva"]), [oldest[2]]);
    let now = json(&bench, &["unga", "--district", "järva", "--succession", "now", "--sort", "date"]);
    assert_eq!((&now["total"], &now["hits"][0]["path"]), (&Value::from(2), &Value::from(oldest[0])));
    assert_eq!(
        (&now["hits"][0]["district"], &now["hits"][0]["district_now"]),
        (&"sthlm-rinkeby-kista".into(), &"sthlm-jarva".into())
    );
    assert!(now["hits"][1].get("district_now").is_none());
}

#[test]
fn nothing_found_is_honest_and_unknown_values_are_refused() {
    let bench = bench();
    let run = search(&bench, &["lekplat", "--year", "2019"]);
    assert_eq!(run.code, 4, "{}{}", run.out, run.err);
    assert!(run.out.contains("No documents found") && run.out.contains("1 file that could not be read"), "{}", run.out);
    assert!(run.out.contains("did you mean lekplats"), "{}", run.out);
    for (args, hint) in [
        (["--district", "jerva"], "did you mean \"Järva\"?"),
        (["--kind", "tjänsteutlåtanden"], "tjänsteutlåtande"),
        (["--year", "för länge sedan"], "expected a year"),
        (["--dnr", "många"], "expected a diary number"),
        (["--has", "agreements"], "agreement"),
        (["distrct:farsta", "unga"], "did you mean district:?"),
        (["ämne:unga", "unga"], "district, year, kind"),
    ] {
        let run = search(&bench, &args);
        assert!(run.code == 2 && run.err.contains(hint) && run.out.is_empty(), "{args:?}: {} {}", run.code, run.err);
    }
    let empty = Bench::new();
    let run = search(&empty, &["x"]);
    assert!(run.code == 1 && run.err.contains("diarium ingest"), "{} {}", run.code, run.err);
}

#[test]
fn letters_stand_for_their_words_and_are_named_in_the_answer() {
    let bench = Bench::new();
    bench.write("a.txt", format!("{REPORT}\nNämnden har ingått ett IOP med föreningen.\n"));
    bench.write("b.txt", format!("{LETTER}\nEtt idéburet offentligt partnerskap är en form av samverkan.\n"));
    bench.ingest(&[]);
    assert_eq!(found(&bench, &["iop"]), ["a.txt", "b.txt"]);
    assert_eq!(found(&bench, &["idéburna offentliga partnerskap"]), ["a.txt", "b.txt"]);
    assert_eq!(found(&bench, &["iop", "--no-synonyms"]), ["a.txt"]);
    assert_eq!(found(&bench, &["\"iop\""]), ["a.txt"]);
    let answer = json(&bench, &["iop"]);
    assert_eq!(answer["hits"][0]["path"], "a.txt", "what was typed comes first");
    assert!(answer["read_as"].as_str().unwrap().contains("iop (or idéburet offentligt partnerskap"), "{answer}");
    let snippet = &answer["hits"][1]["snippets"][0];
    let [from, to] = [0, 1].map(|i| snippet["marks"][0][i].as_u64().unwrap() as usize);
    assert_eq!(&snippet["text"].as_str().unwrap()[from..to], "idéburet offentligt partnerskap");
}

#[test]
fn many_queries_are_answered_at_once() {
    let bench = bench();
    bench.write("../queries.txt", "# words\nunga\n\nslutrapprot\n\"gav unga stöd\"\n");
    let run = search(&bench, &["--queries", "queries.txt", "--json", "--facets"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let rows: Vec<Value> = run.out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let counts: Vec<(&str, u64)> =
        rows.iter().map(|r| (r["query"].as_str().unwrap(), r["total"].as_u64().unwrap())).collect();
    assert_eq!(counts, [("unga", 2), ("slutrapprot", 0), ("\"gav unga stöd\"", 1)]);
    assert_eq!(rows[0]["facets"]["year"].as_array().unwrap().len(), 2);
    assert!(rows[1]["suggestions"][0].as_str().unwrap().contains("slutrapport"), "{}", rows[1]);
    let people = search(&bench, &["--queries", "queries.txt", "--district", "järva"]);
    assert!(people.out.starts_with("       1  unga\n       0  slutrapprot\n"), "{}", people.out);

    bench.write("../queries.txt", "unga\nyear:snart\n");
    let run = search(&bench, &["--queries", "queries.txt"]);
    assert!(run.code == 2 && run.err.contains("queries.txt:2"), "{} {}", run.code, run.err);
    assert_eq!(search(&bench, &["--queries", "nowhere.txt"]).code, 1);
}

#[test]
fn similar_documents_share_what_sets_a_document_apart() {
    let bench = Bench::new();
    for (name, text) in [
        ("a", "Lekplatsen i Farsta rustas upp. Gungor och rutschkana på lekplatsen byts. Ärendet gäller nämnden."),
        ("b", "En ny lekplats med gungor planeras i parken, och en rutschkana. Ärendet gäller nämnden."),
        ("c", "Budgeten för äldreomsorgen har ett underskott. Hemtjänsten kostar mer. Ärendet gäller nämnden."),
        ("d", "Hemtjänsten i äldreomsorgen har nya avgifter. Budgeten är i balans. Ärendet gäller nämnden."),
    ] {
        bench.write(&format!("{name}.txt"), text);
    }
    bench.ingest(&[]);
    assert_eq!(found(&bench, &["--like", "a.txt"]), ["b.txt"]);
    assert_eq!(found(&bench, &["--like", "c.txt"]), ["d.txt"]);
    assert_eq!(search(&bench, &["--like", "a.txt", "hemtjänst"]).code, 4);
    let run = search(&bench, &["--like", "e.txt"]);
    assert!(run.code == 2 && run.err.contains("e.txt"), "{} {}", run.code, run.err);
}

#[test]
fn a_decision_of_minutes_is_found_by_the_parties_it_names() {
    let bench = Bench::new();
    let minutes = "PROTOKOLL\nEkby stadsdelsnämnd\n\n§ 4 Föreningsbidrag\n\nBeslut\n\
                   1. Nämnden beviljar Föreningen Papperstranan 40 000 kronor.\n\
                   2. Nämnden avslår ansökan från Ekby IF.\n\n\
                   § 5 Överenskommelse med Kulturföreningen Sju Broar\n\nBeslut\nNämnden godkänner överenskommelsen.\n\n\
                   § 6 Taxor\n\nBeslut\nNämnden antar taxan.\n";
    bench.write("protokoll.txt", minutes);
    bench.ingest(&[]);
    for (party, texts) in [
        ("Föreningen Papperstranan", &["Nämnden beviljar Föreningen Papperstranan 40 000 kronor."][..]),
        ("ekby if", &["Nämnden avslår ansökan från Ekby IF."]),
        ("Kulturföreningen Sju Broar", &["Nämnden godkänner överenskommelsen."]),
    ] {
        let answer = json(&bench, &["--in", "decisions", "--party", party]);
        let hits = answer["hits"].as_array().unwrap().iter();
        let found: Vec<&str> = hits.map(|h| h["decision"]["text"].as_str().unwrap()).collect();
        assert_eq!(found, texts, "{party}");
        assert_eq!(found.len() as u64, answer["total"], "{party}");
    }
    assert_eq!(found(&bench, &["--party", "Ekby IF"]), ["protokoll.txt"]);
    assert_eq!(search(&bench, &["--in", "decisions", "--party", "Ekby IF", "--action", "award"]).code, 4);
}

#[test]
fn show_takes_id_path_and_dnr() {
    let bench = bench();
    let id = json(&bench, &["slutrapport"])["hits"][0]["id"].as_str().unwrap().to_string();
    for name in [&id, &id[..8], "jarva/rapport.txt", "in/jarva/rapport.txt", "JÄRVA 2024/45", "dnr järva 2024/45"] {
        let run = bench.run(&["show", name, "--json"]);
        assert_eq!(run.code, 0, "{name}: {}", run.err);
        let record: Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!(record["id"], id.as_str(), "{name}");
    }
    assert!(bench.run(&["show", &id]).out.contains("Solgläntan"));
    assert!(bench.run(&["show", &id, "--text"]).out.contains("Mötesplatserna låg nära skolan."));
    assert_eq!(bench.run(&["show", "finns inte"]).code, 2);
}

#[test]
fn dump_takes_filters_and_stats_count() {
    let bench = bench();
    let dump = bench.run(&["dump", "--district", "järva"]);
    assert_eq!(dump.out.lines().count(), 1);
    assert!(dump.out.starts_with("{\"schema\":\"diarium/record/1\",\"id\":"), "{}", dump.out);
    assert_eq!(bench.run(&["dump", "--year", "1999"]).code, 4);
    let stats: Value = serde_json::from_str(&bench.run(&["stats", "--json"]).out).unwrap();
    assert_eq!((&stats["documents"], &stats["files"]["failed"]), (&Value::from(2), &Value::from(1)));
    assert_eq!(stats["documents_by"]["district"].as_array().unwrap().len(), 2);
}
