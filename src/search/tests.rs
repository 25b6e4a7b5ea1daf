//! Search from texts to results, through catalog and tantivy as the program does it.

use tempfile::TempDir;

use super::*;
use crate::base::DocId;
use crate::catalog::{FileRow, FileState, Prepared, StoredDocument, Writer};
use crate::index::entries;
use crate::index::local::{LocalIndex, Reader};
use crate::ingest::source::Stamp;
use crate::ingest::{self, Document};
use crate::parse::record::{Decision, MadeWith, Status};
use crate::parse::{self, Record};

/// A corpus in a folder, searched as the program does.
struct Corpus {
    engine: Reader,
    catalog: catalog::Reader,
    lex: Lexicon,
    _dir: TempDir,
}

const MADE: &str = "made_up";

fn corpus(texts: &[(&str, &str)], edit: impl Fn(&str, &mut Record)) -> Corpus {
    let lex = Lexicon::built_in();
    let dir = tempfile::tempdir().unwrap();
    let index = LocalIndex::open_or_create(&dir.path().join("tantivy")).unwrap();
    let mut to_index = index.writer().unwrap();
    let mut to_catalog = Writer::open_or_create(dir.path()).unwrap();
    let mut sequence = 0;
    for (path, text) in texts {
        let hash = blake3::hash(text.as_bytes());
        let mut doc: Document = ingest::read(text.as_bytes(), path, &lex, &ingest::Options::default()).unwrap();
        doc.id = DocId::of_file(&hash);
        doc.origin.blake3 = hash.to_hex().to_string();
        let mut record = parse::parse(&doc, &lex);
        edit(path, &mut record);
        let made_with = MadeWith { parser: MADE.into(), ..MadeWith::default() };
        let stored = StoredDocument::new(*path, &doc, record, made_with);
        to_index.add(entries(&doc, &stored.record)).unwrap();
        let mut batch = to_catalog.begin().unwrap();
        batch.put_file(&row(path, FileState::Ok, Some(&doc.origin.blake3))).unwrap();
        batch.put_documents(&doc.origin.blake3, "", &[Prepared::new(&stored, doc.clone()).unwrap()]).unwrap();
        sequence = batch.commit().unwrap().unwrap();
    }
    let mut batch = to_catalog.begin().unwrap();
    batch.put_file(&row("broken.pdf", FileState::Failed, None)).unwrap();
    sequence = batch.commit().unwrap().unwrap_or(sequence);
    to_index.commit(sequence).unwrap();
    let engine = index.reader().unwrap();
    let catalog = catalog::Reader::open_as_of(dir.path(), engine.sequence()).unwrap();
    Corpus { engine, catalog, lex, _dir: dir }
}

fn row(path: &str, state: FileState, blake3: Option<&str>) -> FileRow {
    FileRow {
        path: path.into(),
        state,
        code: None,
        message: None,
        stamp: Stamp { bytes: 1, modified: 2 },
        blake3: blake3.map(Into::into),
        root: "/r".into(),
        place: format!("/r/{path}"),
        partial: None,
        made_with: String::new(),
        seq: 0,
    }
}

impl Corpus {
    fn search(&self, request: &Request) -> Results {
        search(request, &self.engine, &self.catalog, &self.lex).unwrap()
    }

    fn refused(&self, field: Field, value: &str) -> String {
        let request = Request { filters: vec![(field, vec![value.into()])], ..Request::default() };
        search(&request, &self.engine, &self.catalog, &self.lex).unwrap_err().to_string()
    }
}

fn words(text: &str) -> Request {
    Request { text: text.into(), limit: 10, facets: true, ..Request::default() }
}

fn paths(results: &Results) -> Vec<&str> {
    let mut paths: Vec<&str> = results.hits.iter().map(|h| h.path.as_str()).collect();
    paths.sort_unstable();
    paths
}

const REPORT: &str = "Slutrapport för partnerskapet med Solgläntan\n\nFörvaltningens förslag till beslut\n\n\
                      Stadsdelsnämnden godkänner slutrapporten och lägger den till handlingarna.\n\nSammanfattning\n\n\
                      Järvas idéburna partnerskap gav unga stöd.\x0cBakgrund\n\nPå nästa sida står om vården.\n";
const MINUTES: &str = "Protokoll från sammanträde\n\nNämnden talade om skolgårdar och en värd.\n";

fn sample() -> Corpus {
    corpus(&[("a/rapport.txt", REPORT), ("b/protokoll.txt", MINUTES)], |path, r| {
        r.decisions.clear();
        r.items.clear();
        let decision = |status, action: &str, text: &str| Decision {
            status,
            number: None,
            text: text.into(),
            actor: Some("Stadsdelsnämnden".into()),
            actions: vec![action.into()],
            assignee: None,
            section: None,
            evidence: Vec::new(),
        };
        if path.starts_with('a') {
            r.kind = "tjansteutlatande".into();
            r.date = "2024-10-02".parse().ok();
            r.year = Some(2024);
            r.authority = Some(crate::parse::record::Authority {
                name: "Järva stadsdelsnämnd".into(),
                district: Some("sthlm-jarva".into()),
                evidence: Vec::new(),
            });
            r.districts.clear();
            r.decisions.push(decision(Status::Proposed, "approve", "Stadsdelsnämnden godkänner slutrapporten"));
        } else {
            r.kind = "protokoll".into();
            r.date = "2019-03".parse().ok();
            r.year = Some(2019);
            r.authority = None;
            r.districts = vec![crate::parse::record::DistrictMention {
                id: "sthlm-rinkeby-kista".into(),
                name: "Rinkeby-Kista".into(),
                role: crate::parse::record::DistrictRole::Own,
                evidence: Vec::new(),
            }];
            r.decisions.push(decision(Status::Decided, "file", "Nämnden lägger rapporten till handlingarna"));
        }
    })
}

#[test]
fn hits_have_their_words_marked_on_the_right_page() {
    let c = sample();
    for typed in ["järva unga", "jarva ung", "Järvas UNGAS"] {
        let r = c.search(&words(typed));
        assert_eq!((r.total, paths(&r)), (1, vec!["a/rapport.txt"]), "{typed}");
        assert_eq!(r.hits[0].pages, [1]);
        let s = &r.hits[0].snippets[0];
        let marked: Vec<&str> = s.marks.iter().map(|[a, b]| &s.text[*a..*b]).collect();
        assert_eq!((s.page, marked), (1, vec!["Järvas", "unga"]));
    }
    let r = c.search(&words("vård"));
    assert_eq!((r.total, r.hits[0].pages.as_slice(), r.hits[0].snippets[0].page), (1, &[2][..], 2));
}

#[test]
fn filters_take_what_people_type() {
    let c = sample();
    let with = |filters: &[(Field, &str)]| {
        let filters = filters.iter().map(|(f, v)| (*f, vec![(*v).to_string()])).collect();
        let r = c.search(&Request { filters, limit: 10, ..Request::default() });
        r.hits.into_iter().map(|h| h.path).collect::<Vec<_>>()
    };
    for typed in ["järva", "JARVA", "sthlm-jarva", "Järva stadsdelsnämnd"] {
        assert_eq!(with(&[(Field::District, typed)]), ["a/rapport.txt"], "{typed}");
    }
    assert_eq!(with(&[(Field::Authority, "jarva stadsdelsnamnd")]), ["a/rapport.txt"]);
    assert_eq!(with(&[(Field::Kind, "Tjänsteutlåtande")]), ["a/rapport.txt"]);
    assert_eq!(with(&[(Field::Year, "2018..2020")]), ["b/protokoll.txt"]);
    assert_eq!(with(&[(Field::Action, "godkänna"), (Field::Status, "föreslaget")]), ["a/rapport.txt"]);
    assert!(with(&[(Field::Action, "approve"), (Field::Status, "decided")]).is_empty());
    let now = Request {
        filters: vec![(Field::District, vec!["järva".into()])],
        succession: Succession::Now,
        ..Request::default()
    };
    assert_eq!(c.search(&now).total, 2);
    let dated = |from: &str, to: &str| {
        c.search(&Request { from: Some(from.into()), to: Some(to.into()), ..Request::default() }).total
    };
    assert_eq!((dated("2019", "2019"), dated("2019-03-15", "2024-10-01"), dated("2019-04", "2024-10-02")), (1, 1, 1));
}

#[test]
fn an_unknown_value_is_refused_with_suggestions() {
    let c = sample();
    assert!(
        c.refused(Field::District, "jerva").contains("did you mean \"Järva\""),
        "{}",
        c.refused(Field::District, "jerva")
    );
    assert!(c.refused(Field::Authority, "xyz").contains("is not known"));
    assert!(c.refused(Field::Year, "20x").contains("expected a year"));
    assert!(c.refused(Field::Status, "decide").contains("\"decided\""));
}

#[test]
fn nothing_found_says_what_was_searched_and_what_to_try() {
    let c = sample();
    let r = c.search(&Request { filters: vec![(Field::Year, vec!["2019".into()])], ..words("unga") });
    assert_eq!((r.total, r.unsearched.failed_files), (0, 1));
    assert_eq!(r.suggestions, ["without year: 2019: 1 found"]);
    let r = c.search(&words("xylofon skolgård"));
    assert!(r.suggestions[0].starts_with("xylofon is found nowhere"), "{:?}", r.suggestions);
}

#[test]
fn a_rare_word_spelt_nearly_as_a_frequent_one_is_asked_about() {
    let right = |i: u32| {
        (format!("{i}.txt"), format!("Svar nummer {i}\n\nNämnden beviljar föreningsbidrag till föreningen.\n"))
    };
    let wrong = ("fel.txt".to_string(), "Svar\n\nNämnden beviljar föreningsbidarg till klubben.\n".to_string());
    let texts: Vec<(String, String)> = (0..20).map(right).chain([wrong]).collect();
    let texts: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let c = corpus(&texts, |_, _| {});
    let r = c.search(&words("föreningsbidarg"));
    assert_eq!((r.total, paths(&r)), (1, vec!["fel.txt"]));
    let meant =
        Try::Meant { typed: "föreningsbidarg".into(), found: 1, near: "föreningsbidrag".into(), near_found: 20 };
    assert_eq!(r.tries, [meant]);
    // A word that is rare and like no other is left in peace, and so is a frequent one.
    assert!(c.search(&words("klubben")).tries.is_empty() && c.search(&words("föreningsbidrag")).tries.is_empty());
}

#[test]
fn a_slip_is_told_with_its_place_whatever_was_found() {
    let c = sample();
    let r = c.search(&words("(nämnden"));
    assert!(r.total > 0);
    assert_eq!(r.suggestions, ["close the bracket at character 1: it was read as if closed at the end"]);
}

#[test]
fn decisions_come_with_status_and_actor() {
    let c = sample();
    let r = c.search(&Request { unit: Unit::Decision, ..words("slutrapport") });
    assert_eq!(r.total, 1);
    let d = r.hits[0].decision.as_ref().unwrap();
    assert_eq!((d.status, d.actor.as_deref()), (Status::Proposed, Some("Stadsdelsnämnden")));
    assert_eq!(&*r.facets.get("status").unwrap()[0].value, "proposed");
    // The public shape has its keys in this order.
    let json = serde_json::to_string(&r).unwrap();
    let at = |key: &str| json.find(&format!("\"{key}\":")).unwrap_or_else(|| panic!("{key} is missing"));
    let keys = ["query", "total", "took_ms", "hits", "facets", "suggestions", "read_as", "unsearched"];
    assert!(keys.map(at).is_sorted());
}
