//! Holds the registers against what is known: labels of `corpus/`, and made-up districts whose whole life is known.
//!
//! Organisations are scored by pairs: of two documents that name one, is it one in the register; of two that are one in the
//! register, do they name one. Agreements by their periods. `cargo test registers -- --nocapture` prints the figures.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use diarium::catalog::Reader;
use diarium::corrections::Corrections;
use diarium::lexicon::Lexicon;
use diarium::parse::record::PartyRole;
use diarium::registry::{Registers, Wanted};
use serde_json::Value;

use crate::util::{Bench, Random, report};

/// Right, found, there.
#[derive(Clone, Copy, Default)]
struct Score {
    right: usize,
    found: usize,
    there: usize,
}

impl Score {
    fn of<T: Ord>(found: &BTreeSet<T>, there: &BTreeSet<T>) -> Self {
        Score { right: found.intersection(there).count(), found: found.len(), there: there.len() }
    }

    fn precision(self) -> f64 {
        self.right as f64 / self.found.max(1) as f64
    }

    fn recall(self) -> f64 {
        self.right as f64 / self.there.max(1) as f64
    }

    fn told(self, what: &str) -> String {
        let Score { right, found, there } = self;
        let (precision, recall) = (self.precision(), self.recall());
        format!(
            "{what}: precision {precision:.3}, recall {recall:.3} ({right} right of {found} found and {there} there)"
        )
    }
}

/// Pairs of mentions (document and name) that are of one thing, a mention with itself included: so those of single documents count.
fn pairs<'a>(sets: impl IntoIterator<Item = Vec<&'a str>>) -> BTreeSet<(String, String)> {
    let mut out = BTreeSet::new();
    for set in sets {
        for a in &set {
            for b in set.iter().filter(|b| a <= *b) {
                out.insert((a.to_string(), b.to_string()));
            }
        }
    }
    out
}

/// The registers of a folder of documents.
fn registers(documents: &Path) -> Registers {
    let bench = Bench::new();
    let run = bench.run(&["ingest", documents.to_str().unwrap(), "--quiet", "--ocr", "never"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let wanted = Wanted { agreements: true, cases: true, ..Wanted::NONE };
    Registers::read(&Reader::open(&bench.index()).unwrap(), wanted, &Lexicon::built_in(), &Corrections::default())
        .unwrap()
}

/// `path|organisation` for each document an organisation is named in; organisations are told apart by what the truth calls them,
/// or by their id where it calls them nothing.
fn found_documents(r: &Registers) -> Vec<(String, Vec<String>)> {
    let private = r.organisations.entries.iter().filter(|o| o.kind != PartyRole::Public);
    private
        .map(|o| {
            let paths: BTreeSet<String> = o.mentions.iter().map(|m| m.source.path.clone()).collect();
            (o.id.clone(), paths.into_iter().collect())
        })
        .collect()
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("–").to_string()
}

/// A period as it is compared: start, end, standing, last day.
type PeriodKey = (String, String, String, String, String);

fn periods_found(r: &Registers, name_of: &BTreeMap<String, String>) -> BTreeSet<PeriodKey> {
    let mut out = BTreeSet::new();
    for a in &r.agreements {
        let partner = a.id.rsplit_once('/').map_or(a.id.as_str(), |(p, _)| p);
        for p in &a.periods {
            let value = serde_json::to_value(p).unwrap();
            let last = if p.standing.holds() { text(&value["lasted_until"]) } else { "–".to_string() };
            let owner = name_of.get(partner).cloned().unwrap_or_else(|| partner.to_string());
            out.insert((owner, text(&value["start"]), text(&value["end"]), text(&value["standing"]), last));
        }
    }
    out
}

#[test]
fn the_registers_of_the_corpus_are_those_a_reader_makes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let gold: Value =
        serde_json::from_str(&std::fs::read_to_string(root.join("tests/gold/registers/corpus.json")).unwrap()).unwrap();
    let r = registers(&root.join("corpus"));
    let organisations = gold["organisations"].as_array().unwrap();
    // One document may name several: a mention is a path with the name of the organisation's first label there.
    let owner = |path: &str, names: &[String]| {
        organisations.iter().find(|o| {
            texts(&o["documents"]).contains(&path) && texts(&o["names"]).iter().any(|n| names.contains(&n.to_string()))
        })
    };
    let there: Vec<Vec<String>> = organisations
        .iter()
        .map(|o| texts(&o["documents"]).iter().map(|d| format!("{d}|{}", text(&o["name"]))).collect())
        .collect();
    let mut found: Vec<Vec<String>> = Vec::new();
    let mut name_of: BTreeMap<String, String> = BTreeMap::new();
    for (id, paths) in found_documents(&r) {
        let o = r.organisations.with_id(&id).unwrap();
        let names: Vec<String> = o.names.iter().map(|n| n.name.clone()).collect();
        let mention = |path: &String| match owner(path, &names) {
            Some(o) => format!("{path}|{}", text(&o["name"])),
            None => format!("{path}|not labelled {id}"),
        };
        found.push(paths.iter().map(mention).collect());
        if let Some(label) = paths.iter().find_map(|p| owner(p, &names)) {
            name_of.insert(id, text(&label["name"]));
        }
    }
    let refs = |sets: &[Vec<String>]| {
        pairs(sets.iter().map(|s| s.iter().map(String::as_str).collect::<Vec<_>>()).collect::<Vec<_>>())
    };
    let score = Score::of(&refs(&found), &refs(&there));
    println!("{}", score.told("corpus, organisations"));
    assert!(score.precision() >= 0.97 && score.recall() >= 0.80);

    let mut wanted = BTreeSet::new();
    for a in gold["agreements"].as_array().unwrap() {
        for p in a["periods"].as_array().unwrap() {
            let standing = text(&p["standing"]);
            let holds = ["agreed", "decided", "reported"].contains(&standing.as_str());
            let last = if holds { text(&p["lasted_until"]) } else { "–".to_string() };
            wanted.insert((text(&a["organisation"]), text(&p["start"]), text(&p["end"]), standing, last));
        }
    }
    let periods = periods_found(&r, &name_of);
    let score = Score::of(&periods, &wanted);
    println!("{}", score.told("corpus, periods of agreements"));
    let others: Vec<_> = periods.symmetric_difference(&wanted).collect();
    assert!(score.precision() >= 0.9 && score.recall() >= 0.9, "{others:#?}");
}

/// Documents of known content, as `examples/generate --known` writes them.
#[path = "../examples/generate/known.rs"]
mod known;

#[test]
fn organisations_and_agreements_of_generated_documents_are_those_that_were_written() {
    let bench = Bench::new();
    let mut mentions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut wanted: BTreeSet<[String; 5]> = BTreeSet::new();
    for n in 0..600 {
        let made = known::document(11, n);
        let mut pieces: Vec<String> = vec![made.margin.join("\n")];
        pieces.extend(made.text.into_iter().map(|piece| match piece {
            known::Piece::Heading(t) | known::Piece::Paragraph(t) => t,
            known::Piece::Lines(lines) => lines.join("\n"),
        }));
        let path = format!("{n:06}.txt");
        bench.write(&path, pieces.join("\n\n"));
        for p in made.truth["parties"].as_array().into_iter().flatten().filter(|p| p["role"] == "civil") {
            mentions.entry(text(&p["name"])).or_default().push(path.clone());
        }
        for a in made.truth["agreements"].as_array().into_iter().flatten() {
            let p = &a["periods"][0];
            let may = if p["extension"].is_null() { "no extension" } else { "may be extended" };
            wanted.insert([&a["name"], &made.truth["district"], &p["start"], &p["end"], &Value::from(may)].map(text));
        }
    }
    let r = registers(&bench.path("in"));
    let sets =
        |all: Vec<&Vec<String>>| pairs(all.into_iter().map(|v| v.iter().map(String::as_str).collect::<Vec<_>>()));
    let found = found_documents(&r);
    let score = Score::of(&sets(found.iter().map(|(_, v)| v).collect()), &sets(mentions.values().collect()));
    println!("{}", score.told("generated documents, organisations"));
    assert!(score.precision() >= 0.99 && score.recall() >= 0.99);
    let mut periods: BTreeSet<[String; 5]> = BTreeSet::new();
    for a in &r.agreements {
        for p in a.periods.iter().filter(|p| p.standing == diarium::registry::Standing::Agreed) {
            let may = if p.may_last_until.is_empty() { "no extension" } else { "may be extended" };
            let day = |d: Option<diarium::base::PartialDate>| d.map(|d| d.to_string()).unwrap_or_default();
            periods.insert([a.name.clone(), p.districts.join("+"), day(p.start), day(p.end), may.to_string()]);
        }
    }
    // One with and one without an extension for the same days are one period of the register.
    let extended: BTreeSet<[String; 5]> = wanted.iter().filter(|w| w[4] != "no extension").cloned().collect();
    wanted.retain(|[name, district, start, end, may]| {
        may != "no extension"
            || !extended.contains(&[name.as_str(), district, start, end, "may be extended"].map(str::to_string))
    });
    let score = Score::of(&periods, &wanted);
    println!("{}", score.told("generated documents, periods of agreements"));
    let others: Vec<_> = periods.symmetric_difference(&wanted).take(10).collect();
    assert!(score.precision() >= 0.99 && score.recall() >= 0.99, "{others:#?}");
}

/// A made-up organisation.
struct Made {
    name: String,
    /// As it is misspelt, if it ever is.
    slip: String,
    number: String,
    board: usize,
    /// Years of its periods, first and last.
    periods: Vec<(u64, u64)>,
}

const BOARDS: [(&str, &str, &str); 4] = [
    ("Farsta stadsdelsnämnd", "Farsta stadsdelsförvaltning", "FAR"),
    ("Skärholmens stadsdelsnämnd", "Skärholmens stadsdelsförvaltning", "SKÄ"),
    ("Kungsholmens stadsdelsnämnd", "Kungsholmens stadsdelsförvaltning", "KUN"),
    ("Bromma stadsdelsnämnd", "Bromma stadsdelsförvaltning", "BRO"),
];
const FIRST: [&str; 12] =
    ["Alm", "Björk", "Ceder", "Druv", "Ekorr", "Flod", "Granit", "Hagtorn", "Iris", "Jasmin", "Klöver", "Lind"];
const SECOND: [&str; 10] =
    ["backens", "dalens", "forsens", "gårdens", "hagens", "kullens", "lundens", "mossens", "sjöns", "vikens"];
const FORM: [&str; 4] = ["Kvinnoförening", "Idrottsklubb", "Byalag", "Kulturförening"];

/// A number that passes the checks (Luhn).
fn number(n: u64) -> String {
    let nine = format!("80{:07}", 2_000_000 + n * 37 % 900_000);
    let sum: u32 = nine
        .bytes()
        .enumerate()
        .map(|(i, b)| {
            let d = u32::from(b - b'0') * if i % 2 == 0 { 2 } else { 1 };
            d / 10 + d % 10
        })
        .sum();
    format!("{}-{}{}", &nine[..6], &nine[6..], (10 - sum % 10) % 10)
}

fn world(random: &mut Random) -> Vec<Made> {
    let mut all: Vec<Made> = Vec::new();
    for n in 0..60_u64 {
        let name = format!(
            "{}{} {}",
            FIRST[(n % 12) as usize],
            SECOND[(n / 12 % 10) as usize],
            FORM[random.below(4) as usize]
        );
        // One letter less, inside the first word.
        let slip: String = name.chars().enumerate().filter(|(i, _)| *i != 4).map(|(_, c)| c).collect();
        let mut year = 2010 + random.below(4);
        let mut periods = Vec::new();
        for _ in 0..1 + random.below(3) {
            let last = year + random.below(3);
            periods.push((year, last));
            // Renewed at once, or after a gap of a year.
            year = last + 1 + random.below(4) / 3;
        }
        all.push(Made { name, slip, number: number(n + 1), board: random.below(4) as usize, periods });
    }
    // Eight pairs of one name in different districts: others, with numbers of their own.
    for n in 0..8_usize {
        let twin = Made {
            name: all[n * 7].name.clone(),
            slip: all[n * 7].slip.clone(),
            number: number(500 + n as u64),
            board: (all[n * 7].board + 1) % 4,
            periods: vec![(2015, 2016)],
        };
        all.push(twin);
    }
    all
}

#[test]
fn organisations_and_agreements_of_a_made_up_city_are_found_again() {
    let mut random = Random(7);
    let world = world(&mut random);
    let bench = Bench::new();
    let mut there: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut wanted: BTreeSet<(usize, u64, u64)> = BTreeSet::new();
    for (o, made) in world.iter().enumerate() {
        let (board, office, series) = BOARDS[made.board];
        // Those that share a name are always told by their numbers, as two real ones would have to be.
        let shared = world.iter().filter(|m| m.name == made.name).count() > 1;
        for (i, (first, last)) in made.periods.iter().enumerate() {
            wanted.insert((o, *first, *last));
            let with =
                if shared || random.below(10) < 6 { format!(" (org.nr {})", made.number) } else { String::new() };
            let text = format!(
                "Överenskommelse om idéburet offentligt partnerskap\n\nParter\n\nDenna överenskommelse är träffad mellan {board} och {}{with}.\n\nSyfte\n\n\
                 Syftet är att fler ska delta i föreningslivet.\n\nAvtalstid\n\nÖverenskommelsen gäller från och med den 1 januari {first} till och med den 31 december {last}.\n\n\
                 Underskrifter\n\n{}-12-01\n",
                made.name,
                first - 1
            );
            let path = format!("{o:03}_{i}_avtal.txt");
            bench.write(&path, text);
            there.entry(o).or_default().push(path);
            let name = if !shared && random.below(10) == 0 { &made.slip } else { &made.name };
            let with =
                if shared || random.below(10) < 3 { format!(" (org.nr {})", made.number) } else { String::new() };
            let text = format!(
                "{office}\n\nTjänsteutlåtande\nDnr {series} {last}/{}\n{last}-11-12\n\nTill\n{board}\n\nSlutrapport om idéburet offentligt partnerskap – {name}\n\n\
                 Förvaltningens förslag till beslut\n\nStadsdelsnämnden godkänner slutrapporten och lägger den till handlingarna.\n\nSammanfattning\n\n\
                 Stadsdelsnämnden har ett IOP med {name}{with} från och med den 1 januari {first} till och med den 31 december {last}. Förvaltningen är nöjd med arbetet.\n",
                o * 10 + i + 1
            );
            let path = format!("{o:03}_{i}_slutrapport.txt");
            bench.write(&path, text);
            there.entry(o).or_default().push(path);
        }
    }
    let r = registers(&bench.path("in"));
    let found = found_documents(&r);
    let there_pairs = pairs(there.values().map(|v| v.iter().map(String::as_str).collect::<Vec<_>>()));
    let found_pairs = pairs(found.iter().map(|(_, v)| v.iter().map(String::as_str).collect::<Vec<_>>()));
    let organisations = Score::of(&found_pairs, &there_pairs);
    println!("{}", organisations.told("made-up city, organisations"));

    // An agreement's organisation is the one that most of its documents are of.
    let mut periods: BTreeSet<(usize, u64, u64)> = BTreeSet::new();
    let mut extra = 0;
    for a in &r.agreements {
        for p in a.periods.iter().filter(|p| p.standing.holds()) {
            let owners: BTreeSet<usize> =
                p.mentions.iter().filter_map(|m| m.source.path.get(..3)?.parse().ok()).collect();
            let years = (p.start.map(|d| d.year_number()), p.end.map(|d| d.year_number()));
            match (owners.len(), owners.first(), years) {
                (1, Some(o), (Some(s), Some(e))) if !periods.contains(&(*o, s as u64, e as u64)) => {
                    periods.insert((*o, s as u64, e as u64));
                }
                _ => extra += 1,
            }
        }
    }
    let mut agreements = Score::of(&periods, &wanted);
    agreements.found += extra;
    println!("{}", agreements.told("made-up city, periods of agreements"));
    println!("{} pairs left for review", r.organisations.doubts.len());
    assert!(organisations.precision() >= 0.99 && organisations.recall() >= 0.95);
    assert!(agreements.precision() >= 0.95 && agreements.recall() >= 0.95);
}

#[test]
fn corrections_are_applied_seen_and_undone() {
    let bench = Bench::new();
    bench.write("a.txt", "Farsta stadsdelsförvaltning\n\nTjänsteutlåtande\nDnr FAR 2023/12\n2023-03-01\n\nHandläggare\nAlva Ekhage\n\nTill\nFarsta stadsdelsnämnd\n\nRapport om lekplatser\n\nFörslag till beslut\n\nStadsdelsnämnden godkänner rapporten.\n");
    bench.write("b.txt", "Farsta stadsdelsförvaltning\n\nTjänsteutlåtande\nDnr FAR 2023/13\n2023-03-02\n\nTill\nFarsta stadsdelsnämnd\n\nRapport om parker\n\nSammanfattning\n\nAlva Ekhages skrivelse har kommit in.\n");
    bench.ingest(&[]);
    let dump = |bench: &Bench| bench.run(&["dump"]).out;
    let before = dump(&bench);
    assert!(before.contains("Alva Ekhage"));
    let corrections = "[[set]]\ndocument = \"a.txt\"\nfield = \"title\"\nvalue = \"Rapport om lekplatserna i Farsta\"\nquote = \"Rapport om lekplatser\"\nwhy = \"as in the diary\"\n\n\
                       [[take_down]]\nname = \"Alva Ekhage\"\nwhy = \"asked for it\"\n\n[[set]]\ndocument = \"c.txt\"\nfield = \"date\"\nvalue = 2023-01-01\n";
    std::fs::write(bench.path("corrections.toml"), corrections).unwrap();
    let run = bench.run(&["ingest", "in"]);
    assert!(run.err.contains("c.txt, which is not here"), "{}", run.err);
    let after = dump(&bench);
    assert!(!after.contains("Ekhage") && after.contains("\"rule\":\"correction\""), "{after}");
    let texts = bench.run(&["show", "b.txt", "--text"]).out;
    assert!(texts.contains("XXXX XXXXXXX skrivelse"), "{texts}");
    assert_eq!(bench.run(&["search", "Ekhages", "--json"]).code, 4);

    std::fs::write(
        bench.path("corrections.toml"),
        "[[take_down]]\ndocument = \"b.txt\"\nwhy = \"published by mistake\"\n",
    )
    .unwrap();
    bench.ingest(&[]);
    assert!(!dump(&bench).contains("Rapport om parker"));
    let ledger = bench.run(&["files", "--state", "removed"]).out;
    assert!(ledger.contains("taken down on request: published by mistake"), "{ledger}");
    let (_, again) = bench.ingest(&[]);
    assert_eq!((again["unchanged"].as_u64(), again["new"].as_u64()), (Some(2), Some(0)));
    assert_eq!(bench.agreed_documents().len(), 1);

    std::fs::remove_file(bench.path("corrections.toml")).unwrap();
    bench.ingest(&[]);
    assert_eq!(dump(&bench), before, "what was corrected is as it was");
}

/// The keys of all objects but those of tallies, whose keys are years and kinds.
fn keys(value: &Value, out: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, child) in map {
                out.insert(key.clone());
                if !matches!(key.as_str(), "years" | "kinds") {
                    keys(child, out);
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|v| keys(v, out)),
        _ => {}
    }
}

#[test]
fn every_register_prints_and_answers_programs() {
    let bench = Bench::new();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/rinkeby-kista");
    assert_eq!(bench.run(&["ingest", corpus.to_str().unwrap(), "--quiet"]).code, 0);
    let mut seen = BTreeSet::new();
    for name in ["organisations", "agreements", "cases", "districts", "people"] {
        let run = bench.run(&[name]);
        assert_eq!(run.code, 0, "{name}: {}", run.err);
        let value: Value = serde_json::from_str(&bench.run(&[name, "--json"]).out).unwrap();
        assert_eq!(value["schema"], format!("diarium/{name}/1"));
        keys(&value[name], &mut seen);
        assert_eq!(value["total"].as_u64(), value[name].as_array().map(|a| a.len() as u64));
    }
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/registers.md")).unwrap();
    let quoted = |k: &&String| page.contains(&format!("`{k}`")) || page.contains(&format!("\"{k}\""));
    let missing: Vec<&String> = seen.iter().filter(|k| !quoted(k)).collect();
    assert!(missing.is_empty(), "docs/registers.md does not name {missing:?}");
    let show = |args: &[&str]| bench.run(args).out;
    let one = show(&["organisations", "802999-0101"]);
    assert!(one.contains("Blåklockans Kvinnoförening") && one.contains("page"), "{one}");
    assert!(show(&["agreements", "--in-force", "2020-05-01"]).contains("1 agreement in force on 2020-05-01"));
    assert_eq!(bench.run(&["agreements", "--in-force", "2018-05-01"]).code, 4);
    assert_eq!(bench.run(&["agreements", "--in-force", "May"]).code, 2);
    assert_eq!(bench.run(&["organisations", "Nobody"]).code, 2);
    let case = show(&["cases", "2018/318"]);
    assert!(case.contains("→ Stadsdelsnämnden beviljar föreningen 400 000 kronor för 2019."), "{case}");
    let svg = bench.path("out.svg");
    assert_eq!(bench.run(&["agreements", "--timeline", svg.to_str().unwrap()]).code, 0);
    let chart = std::fs::read_to_string(&svg).unwrap();
    assert!(chart.starts_with("<svg") && chart.contains("lang=\"sv\"") && chart.contains("Källa: "), "{chart}");
    assert_eq!(bench.run(&["agreements", "--timeline", svg.to_str().unwrap(), "--lang", "en"]).code, 0);
    let chart = std::fs::read_to_string(&svg).unwrap();
    let said: Vec<&str> = ["Agreements 2019–", "agreed or decided", "Source: "].into();
    assert!(said.iter().all(|s| chart.contains(s)) && !chart.contains("verenskommelse"), "{chart}");
    assert!(show(&["review"]).contains("[[set]]"));
    assert!(show(&["stats", "--coverage", "--rows", "kind"]).contains("12 paragraphs; missing: none"));
}

/// The agreements of the corpus, as a program and as a person meets them.
fn corpus() -> Bench {
    let bench = Bench::new();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    assert_eq!(bench.run(&["ingest", corpus.to_str().unwrap(), "--quiet", "--ocr", "never"]).code, 0);
    bench
}

/// Names of the agreements that a command lists.
fn listed(bench: &Bench, args: &[&str]) -> BTreeSet<String> {
    let run = bench.run(&[&["agreements", "--json"], args].concat());
    let value: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{args:?}: {}", run.err));
    value["agreements"].as_array().unwrap().iter().map(|a| text(&a["name"])).collect()
}

#[test]
fn what_is_said_of_an_agreement_is_proved_by_the_words_that_say_it() {
    let bench = corpus();
    let value: Value = serde_json::from_str(&bench.run(&["agreements", "--json"]).out).unwrap();
    let all = value["agreements"].as_array().unwrap();
    let named = |name: &str| all.iter().find(|a| a["name"] == name).unwrap();
    for a in all {
        for p in a["periods"].as_array().unwrap() {
            for x in p["extensions"].as_array().unwrap() {
                let quotes: Vec<String> = x["mentions"].as_array().unwrap().iter().map(|m| text(&m["quote"])).collect();
                let says = |q: &String| q.to_lowercase().contains("förläng");
                assert!(!quotes.is_empty() && quotes.iter().all(says), "{}: {quotes:?}", a["name"]);
            }
        }
    }
    let first = &named("Föreningen Blåklockan")["periods"][0];
    let quote = text(&first["extensions"][0]["mentions"][0]["quote"]);
    assert!(quote.contains("löpte ut den 31 december 2023"), "{quote}");
    assert_eq!(first["precision"]["start"], "day", "a range says more than \"sedan\"");
    let last = named("Kulturföreningen Sju Broar")["periods"].as_array().unwrap().last().unwrap().clone();
    assert!(text(&last["not_extended"][0]["quote"]).contains("utnyttjas inte"), "{last}");
    // Both sides put something in: each sum says whose it is.
    let sums: Vec<(f64, String)> = named("Solrosens Mötesplats")["sums"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| (s["value_sek"].as_f64().unwrap(), text(&s["paid_by"])))
        .collect();
    // "Stödet är …" names no side, and is given by the public one.
    let sums_of = |name: &str| -> Vec<String> {
        named(name)["sums"].as_array().unwrap().iter().map(|s| text(&s["paid_by"])).collect()
    };
    assert_eq!(sums_of("Kulturföreningen Sju Broar"), ["public", "public", "public", "partner"]);
    let by = |side: &str| side.to_string();
    assert_eq!(sums, [(380_000.0, by("public")), (150_000.0, by("–")), (95_000.0, by("partner"))]);
    let shown = bench.run(&["agreements"]).out;
    assert!(shown.contains("2022-08 – 2023-06  reported; extended to 2023-12-31"), "{shown}");
    assert!(shown.contains("not extended, but could have been until 2027-12-31"), "{shown}");
}

#[test]
fn agreements_are_asked_for_by_day_month_year_and_district_as_then() {
    let bench = corpus();
    let fyrbaken = BTreeSet::from(["Stiftelsen Fyrbåken".to_string()]);
    assert_eq!(listed(&bench, &["--district", "farsta"]), fyrbaken, "a joint agreement is that of both");
    assert_eq!(listed(&bench, &["--district", "farsta", "--in-force", "2024"]), fyrbaken);
    assert_eq!(listed(&bench, &["--district", "Järva", "--in-force", "2020-05"]), BTreeSet::new());
    let now = ["--district", "Järva", "--succession", "now", "--in-force", "2020-05-01"];
    let both = ["Föreningen Blåklockan", "Solrosens Mötesplats"].map(str::to_string);
    assert_eq!(listed(&bench, &now), BTreeSet::from(both));
    let whole = bench.run(&["agreements", "--in-force", "2022"]).out;
    assert!(whole.contains("in force on some day of 2022."), "{whole}");
    assert!(listed(&bench, &["--in-force", "2019..2020"]).is_superset(&listed(&bench, &["--in-force", "2020-02-29"])));
    for wrong in [["--year", "2022"], ["--in-force", "2022-13"], ["--in-force", "2023..2022"]] {
        let run = bench.run(&["agreements", wrong[0], wrong[1]]);
        assert!(run.code == 2 && run.err.contains(wrong[1]), "{}", run.err);
    }
    assert!(bench.run(&["agreements", "--year", "2022"]).err.contains("--in-force 2022"));
    assert_eq!(bench.run(&["agreements", "--district", "Nowhere"]).code, 2);
    let hint = bench.run(&["people", "farsta"]);
    assert!(hint.code == 2 && hint.err.contains("people --district \"farsta\""), "{}", hint.err);

    let districts = |args: &[&str]| -> BTreeSet<String> {
        let run = bench.run(&[&["districts", "--json"], args].concat());
        let value: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{args:?}: {}", run.err));
        value["districts"].as_array().unwrap().iter().map(|d| text(&d["name"])).collect()
    };
    let set = |names: &[&str]| names.iter().map(|n| n.to_string()).collect::<BTreeSet<String>>();
    assert_eq!(districts(&["--district", "farsta"]), set(&["Farsta"]));
    assert_eq!(districts(&["--year", "2018"]), set(&["Rinkeby-Kista"]));
    assert_eq!(districts(&["--district", "farsta", "--year", "1999"]), set(&[]));

    // Every number of the table is that of the list behind it.
    let stats: Value = serde_json::from_str(&bench.run(&["stats", "--agreements", "--json"]).out).unwrap();
    let table = &stats["table"];
    let years: Vec<String> = table["heads"].as_array().unwrap().iter().map(|h| text(&h[0])).collect();
    assert!(years.len() > 5);
    for line in table["lines"].as_array().unwrap() {
        for (year, count) in years.iter().zip(line["counts"].as_array().unwrap()) {
            let list = listed(&bench, &["--district", &text(&line["value"]), "--in-force", year]);
            assert_eq!(list.len() as u64, count.as_u64().unwrap(), "{} {year}: {list:?}", line["value"]);
        }
    }
}

#[test]
fn kept_mentions_follow_the_catalog_and_damage_does_no_harm() {
    let bench = Bench::new();
    let city = |n: u64| {
        format!(
            "Farsta stadsdelsförvaltning\n\nTjänsteutlåtande\nDnr FAR 2023/{n}\n2023-03-{:02}\n\nTill\nFarsta stadsdelsnämnd\n\n\
             Slutrapport om idéburet offentligt partnerskap – Föreningen Lykta{n}\n\nSammanfattning\n\n\
             Stadsdelsnämnden har ett IOP med Föreningen Lykta{n} från och med den 1 januari 2020 till och med den 31 december 2022.\n",
            n % 28 + 1
        )
    };
    for n in 1..=12 {
        bench.write(&format!("{n}.txt"), city(n));
    }
    bench.ingest(&[]);
    let kept = bench.index().join("mentions.cache");
    let names = ["organisations", "agreements", "cases", "people", "districts"];
    let all = || -> Vec<String> { names.map(|n| bench.run(&[n, "--json"]).out).into() };
    let fresh = || {
        std::fs::remove_file(&kept).unwrap();
        all()
    };
    assert!(!kept.exists());
    let first = all();
    assert!(kept.exists() && first[1].contains("Lykta12"));
    assert_eq!(all(), first);
    // Something new, something gone, something else than before.
    bench.write("13.txt", city(13));
    bench.write("1.txt", city(40));
    std::fs::remove_file(bench.path("in/2.txt")).unwrap();
    bench.ingest(&["--prune"]);
    let after = all();
    assert_ne!(after, first);
    assert!(after[1].contains("Lykta40") && !after[1].contains("\"Föreningen Lykta2\""));
    assert_eq!(fresh(), after);
    // Torn, bent, or something else altogether.
    let bytes = std::fs::read(&kept).unwrap();
    let mut bent = bytes.clone();
    bent[bytes.len() / 2] ^= 0x40;
    for damaged in [&bytes[..bytes.len() / 3], &bytes[..10], &bent, b"not ours at all, not ours"] {
        std::fs::write(&kept, damaged).unwrap();
        assert_eq!(all(), after);
        assert_eq!(std::fs::read(&kept).unwrap().len(), bytes.len(), "it is made good");
    }
}

#[test]
fn every_verb_of_the_corrections_file_does_what_it_says() {
    let bench = Bench::new();
    let agreement = |name: &str, number: &str| {
        format!(
            "Överenskommelse om idéburet offentligt partnerskap\n\nParter\n\nDenna överenskommelse är träffad mellan Farsta stadsdelsnämnd och {name}{number}.\n\n\
             Avtalstid\n\nÖverenskommelsen gäller från och med den 1 januari 2021 till och med den 31 december 2022.\n\nUnderskrifter\n\n2020-12-01\n"
        )
    };
    bench.write("a.txt", agreement("Föreningen Morgonstjärnan", ""));
    bench.write("b.txt", agreement("Gryningens Vänner", ""));
    bench.write("c.txt", agreement("Föreningen Morgonstjärnan", "").replace("2022", "2023"));
    bench.write("d.txt", agreement("Kvällsvindens Byalag", " (org.nr 802999-0101)"));
    bench.ingest(&[]);
    let civil = |bench: &Bench| -> BTreeMap<String, usize> {
        let value: Value = serde_json::from_str(&bench.run(&["organisations", "--json"]).out).unwrap();
        let all = value["organisations"].as_array().unwrap().iter().filter(|o| o["type"] != "public");
        all.map(|o| (text(&o["name"]), o["documents"].as_u64().unwrap() as usize)).collect()
    };
    let of =
        |all: &[(&str, usize)]| -> BTreeMap<String, usize> { all.iter().map(|(n, c)| (n.to_string(), *c)).collect() };
    let (star, friends, wind) = ("Föreningen Morgonstjärnan", "Gryningens Vänner", "Kvällsvindens Byalag");
    assert_eq!(civil(&bench), of(&[(star, 2), (friends, 1), (wind, 1)]));
    let say = |toml: &str| {
        std::fs::write(bench.path("corrections.toml"), toml).unwrap();
        let run = bench.run(&["ingest", "in", "--quiet"]);
        assert_eq!(run.code, 0, "{}", run.err);
    };
    say("[[merge]]\norganisations = [\"Föreningen Morgonstjärnan\", \"Gryningens Vänner\"]\nwhy = \"told by phone\"\n");
    let merged = civil(&bench);
    assert!(merged.len() == 2 && merged.values().any(|n| *n == 3), "{merged:?}");
    assert!(bench.run(&["organisations", "Gryningens Vänner"]).out.contains("a person says so"));
    say(
        "[[split]]\norganisation = \"Föreningen Morgonstjärnan\"\ndocuments = [\"c.txt\"]\nas = \"Morgonstjärnan i Farsta\"\n",
    );
    let farsta = "Morgonstjärnan i Farsta";
    assert_eq!(civil(&bench), of(&[(star, 1), (farsta, 1), (friends, 1), (wind, 1)]));
    say("[[rename]]\norganisation = \"802999-0101\"\nname = \"Byalaget Kvällsvinden\"\n");
    assert!(civil(&bench).contains_key("Byalaget Kvällsvinden"), "{:?}", civil(&bench));
    say(
        "[[reject]]\ndocument = \"d.txt\"\nfield = \"parties[0].org_nr\"\n\n[[set]]\ndocument = \"a.txt\"\nfield = \"title\"\nvalue = \"Avtal\"\n",
    );
    let dump = bench.run(&["dump"]).out;
    assert!(!dump.contains("\"org_nr\":\"802999-0101\"") && dump.contains("\"title\":\"Avtal\""), "{dump}");
    say("[[take_down]]\nname = \"Gryningens Vänner\"\n\n[[take_down]]\ndocument = \"d.txt\"\n");
    assert_eq!(civil(&bench).get(friends), None);
    assert_eq!(civil(&bench).get(wind), None);
    say("");
    assert_eq!(civil(&bench), of(&[(star, 2), (friends, 1), (wind, 1)]));
}

/// All bytes of the files of a folder, and of a file.
fn bytes_below(path: &Path) -> Vec<u8> {
    let files = walkdir::WalkDir::new(path).into_iter().filter_map(Result::ok).filter(|e| e.file_type().is_file());
    files.flat_map(|e| std::fs::read(e.path()).unwrap()).collect()
}

#[test]
fn what_is_taken_down_is_in_no_export_and_no_register() {
    let bench = Bench::new();
    let minutes = |extra: &str| {
        format!(
            "Farsta stadsdelsnämnd\n\nProtokoll\nSammanträde 2023-04-27\n\nNärvarande\nLedamöter\nAlva Ekhage (S), ordförande\nTure Lind (M), vice ordförande\n\n\
             § 7 Lekplatser\nDnr FAR 2023/12\n\nBeslut\nStadsdelsnämnden godkänner rapporten från Ekhage, Alva.\n\n{extra}\n"
        )
    };
    bench.write("a.txt", minutes("Frågor till alva.ekhage@exempel.se."));
    bench.write("b.txt", report(7));
    bench.write("skrivelse_alva_ekhage.txt", report(8));
    bench.ingest(&[]);
    let exports = ["csv", "package", "sqlite", "xlsx", "parquet", "jsonl", "json", "bibtex", "ris", "csl"];
    let dumped = |format: &str| -> Vec<u8> {
        let name = format!("out-{format}");
        let run = bench.run(&["dump", "--format", format, "-o", &name, "--overwrite"]);
        assert_eq!(run.code, 0, "{format}: {}", run.err);
        bytes_below(&bench.path(&name))
    };
    let registers = ["organisations", "agreements", "cases", "districts", "people"];
    let has = |bytes: &[u8], word: &str| bytes.windows(word.len()).any(|w| w.eq_ignore_ascii_case(word.as_bytes()));
    assert!(has(&dumped("csv"), "Ekhage") && has(bench.run(&["people"]).out.as_bytes(), "Alva Ekhage"));
    std::fs::write(bench.path("corrections.toml"), "[[take_down]]\nname = \"Alva Ekhage\"\n").unwrap();
    let run = bench.run(&["ingest", "in"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let clean = |what: &str, bytes: &[u8]| {
        assert!(!has(bytes, "Ekhage"), "{what}");
    };
    for format in exports {
        clean(format, &dumped(format));
    }
    for register in registers {
        clean(register, bench.run(&[register, "--json"]).out.as_bytes());
    }
    for args in [
        &["show", "a.txt", "--text"][..],
        &["show", "a.txt", "--json"],
        &["show", "skrivelse_XXXX_XXXXXX.txt", "--json"],
        &["inspect", "in/a.txt", "--text"],
        // With --json the ledger also tells where a file lies on this machine.
        &["files"],
        &["review"],
    ] {
        clean(args[0], bench.run(args).out.as_bytes());
    }
    assert_eq!(bench.run(&["pack", "rapporten", "-o", "pack.zip"]).code, 0);
    assert_eq!(bench.run(&["search", "Ekhage"]).code, 4);
    assert!(bench.run(&["people"]).out.contains("Ture Lind"));
    // A document: its rows, its entries and its citation go, and whoever follows the changes is told.
    let id = |path: &str| {
        let shown: Value = serde_json::from_str(bench.run(&["show", path, "--json"]).out.trim()).unwrap();
        text(&shown["id"])
    };
    let (gone, since) = (id("a.txt"), bench.run(&["dump", "--since", "0"]).err);
    let since = since.trim().rsplit(' ').next().unwrap().to_string();
    std::fs::write(bench.path("corrections.toml"), "[[take_down]]\ndocument = \"a.txt\"\n").unwrap();
    bench.ingest(&[]);
    for format in ["jsonl", "bibtex"] {
        assert!(!has(&dumped(format), &gone), "{format}");
    }
    // The ledger alone knows that there was a file, and why it is gone.
    dumped("csv");
    let ledger = bench.path("out-csv/files.csv");
    assert!(std::fs::read_to_string(&ledger).unwrap().contains("taken down on request"));
    std::fs::remove_file(ledger).unwrap();
    assert!(!has(&bytes_below(&bench.path("out-csv")), &gone));
    assert!(!has(bench.run(&["people", "--json"]).out.as_bytes(), "Ture Lind"));
    assert!(!has(bench.run(&["cases", "--json"]).out.as_bytes(), "2023/12"));
    let changes = bench.run(&["dump", "--since", &since]).out;
    assert!(changes.contains(&format!("{{\"schema\":\"diarium/tombstone/1\",\"id\":\"{gone}\"")), "{changes}");
}

#[test]
fn private_persons_are_in_no_register() {
    let bench = Bench::new();
    bench.write(
        "forslag.txt",
        "Medborgarförslag\n\nInkom 2023-02-01\nDnr FAR 2023/31\n\nTill Farsta stadsdelsnämnd\n\nMedborgarförslag om fler bänkar i parken\n\n\
         Jag föreslår att nämnden ställer ut fler bänkar.\n\nMed vänlig hälsning\n\nGullan Småstad\nOrdförande i bänkklubben\n",
    );
    bench.write(
        "overklagande.txt",
        "Överklagande\n\n2023-03-05\n\nFörvaltningsrätten i Stockholm\n\nKlagande\nSixten Hagelbäck\n\nOmbud\nAdvokat Rut Ljungström\n\n\
         Motpart\nFarsta stadsdelsnämnd\n\nSaken\nÖverklagande av Farsta stadsdelsnämnds beslut 2023-02-16, § 7, dnr FAR 2023/12\n\n\
         Jag yrkar att beslutet upphävs.\n\nFarsta den 5 mars 2023\n\nSixten Hagelbäck\n",
    );
    bench.write(
        "ansokan.txt",
        "Ansökan om föreningsbidrag\n\n2023-03-06\n\nFarsta stadsdelsnämnd\n\nSökande: Föreningen Lyktan\nKontaktperson: Gullan Småstad\nTelefon: 070-123 45 67\n\n\
         Vi söker 20 000 kronor till en sommarfest.\n\nGullan Småstad\nOrdförande\n",
    );
    bench.write(
        "yttrande.txt",
        "Farsta stadsdelsförvaltning\n\nTjänsteutlåtande\nDnr FAR 2023/12\n2023-04-11\n\nHandläggare\nVera Eklöf\n\nTill\nFarsta stadsdelsnämnd\n\n\
         Yttrande över överklagande från Sixten Hagelbäck\n\nFörslag till beslut\n\nStadsdelsnämnden överlämnar yttrandet.\n\nÄrendet\n\n\
         Sixten Hagelbäck har genom ombudet Rut Ljungström överklagat beslutet. Gullan Småstad, ordförande i bänkklubben, har lämnat ett förslag.\n\n\
         Arne Vikdal\nStadsdelsdirektör\n",
    );
    bench.write(
        "protokoll.txt",
        "Farsta stadsdelsnämnd\n\nProtokoll\nSammanträde 2023-04-27\n\nNärvarande\nLedamöter\nMaj Storm (S), ordförande\n\nÖvriga\n\
         Gullan Småstad, förslagsställare § 8\nArne Vikdal, stadsdelsdirektör\n\n§ 7 Yttrande över överklagande från Sixten Hagelbäck\nDnr FAR 2023/12\n\n\
         Beslut\nStadsdelsnämnden överlämnar yttrandet.\n\n§ 8 Svar på medborgarförslag om fler bänkar\nDnr FAR 2023/31\n\nBeslut\n\
         Stadsdelsnämnden anser medborgarförslaget besvarat.\n\nFörslagsställaren Gullan Småstad yttrade sig.\n",
    );
    bench.ingest(&[]);
    let names = |register: &str| -> BTreeSet<String> {
        let value: Value = serde_json::from_str(&bench.run(&[register, "--json"]).out).unwrap();
        value[register].as_array().unwrap().iter().map(|e| text(&e["name"])).collect()
    };
    assert_eq!(names("people"), BTreeSet::from(["Arne Vikdal", "Maj Storm", "Vera Eklöf"].map(str::to_string)));
    let private = ["Gullan Småstad", "Sixten Hagelbäck", "Rut Ljungström"];
    let others = names("organisations").into_iter().chain(names("agreements")).collect::<BTreeSet<_>>();
    assert!(others.iter().all(|n| !private.iter().any(|p| n.contains(p))), "{others:?}");
}

#[test]
fn what_is_most_doubtful_comes_first_in_review() {
    let bench = corpus();
    let value: Value = serde_json::from_str(&bench.run(&["review", "--json", "--limit", "100000"]).out).unwrap();
    let all = value["review"].as_array().unwrap();
    let certainty: Vec<f64> = all.iter().map(|d| d["certainty"].as_f64().unwrap()).collect();
    assert!(certainty.len() > 500 && certainty.is_sorted());
    for d in all {
        let (certainty, confidence) = (d["certainty"].as_f64().unwrap(), d["confidence"].as_f64().unwrap());
        let doubted = !d["reasons"].as_array().unwrap().is_empty();
        assert!(if doubted { certainty < confidence } else { certainty == confidence }, "{d}");
    }
    // A shorter list is the beginning of the longer one.
    let short: Value = serde_json::from_str(&bench.run(&["review", "--json", "--limit", "7"]).out).unwrap();
    assert_eq!(short["review"].as_array().unwrap()[..], all[..7]);
}
