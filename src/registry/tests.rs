//! Tests of the registers as a whole, on made-up mentions.

use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use serde_json::Value;

use super::mention::{
    AgreementMention, DecisionMention, NumberMention, PartyMention, PeriodMention, PersonMention, Source, StepMention,
};
use super::*;
use crate::base::DocId;
use crate::base::date::Precision;
use crate::parse::record::{Extension, PartyRole, Period, PeriodPrecision, Status};

/// Read once: it takes longer than a test.
static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::built_in);

const BOARD: &str = "Järva stadsdelsnämnd";

/// A document that names these parties, with a number for those that have one.
fn document(n: u32, kind: &str, district: &str, parties: &[(&str, Option<&str>)]) -> DocumentMentions {
    let source = Arc::new(Source {
        id: DocId::from_stored(format!("{n:032x}")),
        path: format!("{n:04}.txt"),
        kind: kind.into(),
        genres: Vec::new(),
        title: None,
        date: format!("{}-03-{:02}", 2010 + n % 12, 1 + n % 28).parse().ok(),
        meeting_date: None,
        year: None,
        authority: None,
        districts: vec![district.into()],
        former_districts: Vec::new(),
    });
    let proof = |name: &str| Proof {
        source: Arc::clone(&source),
        page: Some(1),
        start: n,
        end: n + 1,
        quote: name.into(),
        rule: "test".into(),
        confidence: 1.0,
    };
    let party = |name: &str, number: Option<&str>, role| PartyMention {
        name: name.into(),
        role,
        org_nr: number.map(str::to_string),
        malformed: None,
        former: Vec::new(),
        aliases: Vec::new(),
        proofs: vec![proof(name)],
    };
    let mut all: Vec<PartyMention> =
        parties.iter().map(|(name, number)| party(name, *number, PartyRole::Civil)).collect();
    all.push(party(BOARD, None, PartyRole::Public));
    DocumentMentions {
        parties: all,
        agreements: Vec::new(),
        steps: Vec::new(),
        people: Vec::new(),
        paragraphs: Vec::new(),
        attachments: Vec::new(),
        textless_pages: 0,
        source,
    }
}

/// The same with an agreement of its first party for these periods.
fn with_agreement(mut doc: DocumentMentions, periods: &[(&str, &str, Option<&str>)]) -> DocumentMentions {
    let name = doc.parties[0].name.clone();
    let proofs = doc.parties[0].proofs.clone();
    let period = |(start, end, new_end): &(&str, &str, Option<&str>)| PeriodMention {
        period: Period {
            start: start.parse().ok(),
            end: end.parse().ok(),
            precision: PeriodPrecision { start: Some(Precision::Day), end: Some(Precision::Day) },
            open_ended: false,
            extension: new_end.map(|e| Extension {
                count: None,
                unit: None,
                times: None,
                max_end: None,
                exercised: true,
                new_end: e.parse().ok(),
            }),
            raw: String::new(),
            evidence: Vec::new(),
        },
        proofs: proofs.clone(),
        may_extend: proofs.clone(),
        extended: proofs.clone(),
        not_extended: Vec::new(),
    };
    doc.agreements.push(AgreementMention {
        parties: vec![name.clone(), BOARD.into()],
        name,
        kind: Some("IOP".into()),
        periods: periods.iter().map(period).collect(),
        signed: None,
        recommendation: None,
        said: Vec::new(),
        amounts: Vec::new(),
        proofs,
    });
    doc
}

fn registers(documents: impl IntoIterator<Item = DocumentMentions>) -> Registers {
    corrected(documents, "")
}

fn corrected(documents: impl IntoIterator<Item = DocumentMentions>, corrections: &str) -> Registers {
    let mut mentions = Mentions::default();
    documents.into_iter().for_each(|d| mentions.insert(d));
    let corrections = Corrections::parse(corrections).unwrap();
    let made = Registers::of(&mentions, &LEXICON, &corrections);
    assert_eq!(gathered(&mentions, &corrections), told(&made), "made from files, entry by entry");
    made
}

/// All entries, as they are made from temporary files. Documents come in another order than they are kept in.
fn gathered(mentions: &Mentions, corrections: &Corrections) -> Vec<(Register, Value)> {
    let folder = tempfile::tempdir().unwrap();
    let mut gathering = Gathering::in_folder(folder.path(), &LEXICON, corrections).unwrap();
    let documents: Vec<&DocumentMentions> = mentions.documents().collect();
    documents.iter().rev().for_each(|d| gathering.add(d).unwrap());
    let mut all = Vec::new();
    let each = |register, entry| -> std::io::Result<()> {
        all.push((register, entry));
        Ok(())
    };
    gathering.each(each).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "what is temporary is gone");
    all
}

fn told(r: &Registers) -> Vec<(Register, Value)> {
    fn all<T: serde::Serialize>(register: Register, entries: &[T]) -> impl Iterator<Item = (Register, Value)> {
        let text = |e: &T| serde_json::to_string(e).unwrap();
        entries.iter().map(move |e| (register, serde_json::from_str(&text(e)).unwrap()))
    }
    all(Register::Districts, &r.districts)
        .chain(all(Register::Organisations, &r.organisations.entries))
        .chain(all(Register::Cases, &r.cases.entries))
        .chain(all(Register::Agreements, &r.agreements))
        .chain(all(Register::People, &r.people))
        .collect()
}

fn civil(r: &Registers) -> Vec<&Organisation> {
    r.organisations.entries.iter().filter(|o| o.kind == PartyRole::Civil).collect()
}

const A: Option<&str> = Some("802999-0101");
const B: Option<&str> = Some("802999-0333");

#[test]
fn two_of_one_name_with_different_numbers_stay_two_and_one_without_joins_neither() {
    let r = registers([
        document(1, "avtal", "sthlm-jarva", &[("Föreningen Lyktan", A)]),
        document(2, "avtal", "sthlm-jarva", &[("Föreningen Lyktan", B)]),
        document(3, "avtal", "sthlm-jarva", &[("Föreningen Lyktan", None)]),
    ]);
    assert_eq!(civil(&r).len(), 3);
    assert_eq!(r.organisations.doubts.len(), 2);
    assert!(r.organisations.doubts.iter().all(|d| d.code == "same_name"));
    assert!(r.organisations.doubts[0].correction.starts_with("[[merge]]"));
}

#[test]
fn an_id_once_shown_leads_to_its_entity_when_a_number_turns_up() {
    let first = document(2, "avtal", "sthlm-jarva", &[("Föreningen Lyktan", None)]);
    let before = registers([first.clone()]);
    let shown = civil(&before)[0].id.clone();
    let after = registers([first, document(1, "avtal", "sthlm-jarva", &[("Föreningen Lyktan", A)])]);
    assert_eq!(civil(&after).len(), 1);
    assert_eq!(civil(&after)[0].id, "802999-0101");
    assert_eq!(after.organisations.find(&shown), civil(&after));
}

#[test]
fn a_slip_in_one_district_is_a_misspelling_and_over_two_a_doubt() {
    let many = |district: &str| {
        registers([
            document(1, "avtal", "sthlm-jarva", &[("Studiefrämjandet", None)]),
            document(2, "avtal", "sthlm-jarva", &[("Studiefrämjandet", None)]),
            document(3, "avtal", district, &[("Studiefremjandet", None)]),
        ])
    };
    let near = many("sthlm-rinkeby-kista");
    let [one] = civil(&near)[..] else { panic!("one organisation") };
    assert_eq!(one.name, "Studiefrämjandet");
    assert!(one.names.iter().any(|n| n.name == "Studiefremjandet" && n.kind == NameKind::Misspelling));
    assert_eq!(one.merges[0].reason, Reason::Spelling);
    let far = many("sthlm-farsta");
    assert_eq!((civil(&far).len(), far.organisations.doubts.len()), (2, 1));
}

#[test]
fn a_slip_that_would_give_two_numbers_joins_nothing() {
    let r = registers([
        document(1, "avtal", "sthlm-jarva", &[("Föreningen Lyktan", A)]),
        document(2, "avtal", "sthlm-jarva", &[("Föreningen Lykten", B)]),
        document(3, "avtal", "sthlm-jarva", &[("Föreningen Lyktann", None)]),
    ]);
    assert_eq!(civil(&r).len(), 3);
    assert!(!r.organisations.doubts.is_empty());
}

#[test]
fn corrections_join_split_and_rename() {
    let documents = || {
        [
            document(1, "avtal", "sthlm-jarva", &[("Föreningen Lyktan", A)]),
            document(2, "avtal", "sthlm-farsta", &[("Ljusgruppen", None)]),
            document(3, "avtal", "sthlm-farsta", &[("Föreningen Lyktan", None)]),
        ]
    };
    let joined = corrected(documents(), "[[merge]]\norganisations = [\"802999-0101\", \"Ljusgruppen\"]");
    let [one] = civil(&joined)[..] else { panic!("one organisation") };
    assert_eq!(one.merges[0].reason, Reason::Correction);
    let split = "[[split]]\norganisation = \"Föreningen Lyktan\"\ndocuments = [\"0003.txt\"]\nas = \"Lyktan i Farsta\"";
    let split = corrected(documents(), split);
    let mut ids: Vec<(&str, &str)> = civil(&split).iter().map(|o| (o.id.as_str(), o.name.as_str())).collect();
    ids.sort_unstable();
    let lyktan =
        [("802999-0101", "Föreningen Lyktan"), ("ljusgruppen", "Ljusgruppen"), ("lyktan-i-farsta", "Lyktan i Farsta")];
    assert_eq!(ids, lyktan);
    let led: Vec<&str> = split.organisations.find("foreningen-lyktan").iter().map(|o| o.id.as_str()).collect();
    assert_eq!(led, ["802999-0101"]);
    let renamed = corrected(documents(), "[[rename]]\norganisation = \"Ljusgruppen\"\nname = \"Ljusgruppen i Farsta\"");
    assert!(civil(&renamed).iter().any(|o| o.name == "Ljusgruppen i Farsta"));
}

#[test]
fn periods_are_joined_over_documents_with_extensions_gaps_and_contradictions() {
    let lyktan = |n, kind| document(n, kind, "sthlm-jarva", &[("Föreningen Lyktan", None)]);
    let r = registers([
        with_agreement(lyktan(0, "avtal"), &[("2012-01-01", "2013-12-31", None)]),
        with_agreement(lyktan(9, "tjansteutlatande"), &[("2012-01-01", "2013-12-31", Some("2014-12-31"))]),
        with_agreement(
            lyktan(10, "tjansteutlatande"),
            &[("2016-01-01", "2017-12-31", None), ("2018-01-01", "2018-12-31", None)],
        ),
        with_agreement(
            lyktan(11, "tjansteutlatande"),
            &[("2018-01-01", "2019-06-30", None), ("2031-01-01", "2031-12-31", None)],
        ),
    ]);
    let [a] = r.agreements.as_slice() else { panic!("one agreement") };
    let standing: Vec<Standing> = a.periods.iter().map(|p| p.standing).collect();
    use Standing::{Agreed, Proposed, Reported};
    assert_eq!(standing, [Agreed, Reported, Reported, Reported, Proposed]);
    assert_eq!(a.periods[0].mentions.len(), 2);
    let codes: Vec<&str> = a.findings.iter().map(|f| f.code).collect();
    assert_eq!(codes, ["gap", "renewal", "contradiction"]);
    assert_eq!(a.findings[0].from.map(|d| d.to_string()).as_deref(), Some("2015-01-01"));
    let on = |day: &str| a.in_force(day.parse().unwrap(), day.parse().unwrap());
    let days = ["2011-12-31", "2012-01-01", "2014-12-31", "2015-06-01", "2019-06-30", "2019-07-01", "2031-05-01"];
    assert_eq!(days.map(on), [false, true, true, false, true, false, false]);
    assert_eq!(a.ends().map(|d| d.to_string()).as_deref(), Some("2019-06-30"));
}

#[test]
fn what_documents_say_against_each_other_is_kept_told_and_drawn() {
    let lyktan = |n, kind| document(n, kind, "sthlm-jarva", &[("Föreningen Lyktan", None)]);
    let codes = |docs: Vec<DocumentMentions>| -> Vec<(&'static str, usize)> {
        let r = registers(docs);
        let [a] = r.agreements.as_slice() else { panic!("one agreement") };
        // Each side keeps its own proof.
        let chart = timeline(&[a], &LEXICON, Language::English);
        let tops: std::collections::BTreeSet<&str> = chart
            .lines()
            .filter(|l| l.starts_with("<rect") && l.contains("height=\"12.0\"") && !l.contains("y=\"54.0\""))
            .filter_map(|l| l.split(" y=\"").nth(1)?.split('"').next())
            .collect();
        assert_eq!(a.periods.len(), docs_periods(a));
        a.findings.iter().map(|f| (f.code, f.mentions.len() * 10 + tops.len())).collect()
    };
    fn docs_periods(a: &Agreement) -> usize {
        a.periods.iter().filter(|p| !p.mentions.is_empty()).count()
    }
    let two = |a: (&'static str, &'static str), b: (&'static str, &'static str)| {
        codes(vec![
            with_agreement(lyktan(8, "tjansteutlatande"), &[(a.0, a.1, None)]),
            with_agreement(lyktan(9, "tjansteutlatande"), &[(b.0, b.1, None)]),
        ])
    };
    // Two documents prove each finding, and two lanes show both sides; what follows on stands in one.
    assert_eq!(two(("2012-01-01", "2013-12-31"), ("2012-01-01", "2014-06-30")), [("contradiction", 22)]);
    assert_eq!(two(("2012-01-01", "2013-12-31"), ("2012-02-01", "2013-12-31")), [("contradiction", 22)]);
    assert_eq!(two(("2010-01-01", "2013-12-31"), ("2013-01-01", "2013-12-31")), [("overlap", 22)]);
    assert_eq!(two(("2012-01-01", "2013-12-31"), ("2013-07-01", "2015-12-31")), [("overlap", 22)]);
    assert_eq!(two(("2012-01-01", "2013-12-31"), ("2014-01-01", "2015-12-31")), [("renewal", 21)]);
    assert_eq!(two(("2012-01-01", "2013-12-31"), ("2014-03-01", "2015-12-31")), [("gap", 21)]);
}

#[test]
fn an_option_is_drawn_as_open_used_or_not_used() {
    let lyktan = || document(9, "avtal", "sthlm-jarva", &[("Föreningen Lyktan", None)]);
    let drawn = |change: &dyn Fn(&mut PeriodMention)| -> String {
        let mut doc = with_agreement(lyktan(), &[("2012-01-01", "2013-12-31", None)]);
        let period = &mut doc.agreements[0].periods[0];
        period.period.extension = Some(Extension {
            count: None,
            unit: None,
            times: None,
            max_end: "2014-12-31".parse().ok(),
            exercised: false,
            new_end: None,
        });
        change(period);
        let r = registers([doc]);
        timeline(&r.agreements.iter().collect::<Vec<_>>(), &LEXICON, Language::English)
    };
    let open = drawn(&|_| {});
    assert!(open.contains("possible extension") && !open.contains("not used"), "{open}");
    let declined = drawn(&|p| p.not_extended = p.proofs.clone());
    assert!(declined.contains("extension not used") && !declined.contains("possible extension"), "{declined}");
    let used = drawn(&|p| {
        if let Some(x) = &mut p.period.extension {
            (x.exercised, x.new_end) = (true, "2014-12-31".parse().ok());
        }
    });
    assert!(used.contains("extension used") && !used.contains("possible extension"), "{used}");
}

#[test]
fn an_agreement_of_two_districts_is_one_and_is_found_from_both() {
    const OTHER: &str = "Farsta stadsdelsnämnd";
    let mut joint = document(1, "avtal", "sthlm-jarva", &[("Föreningen Lyktan", None)]);
    joint.parties.push(PartyMention { name: OTHER.into(), ..joint.parties[1].clone() });
    let mut joint = with_agreement(joint, &[("2024-01-01", "2025-12-31", None)]);
    joint.agreements[0].parties.push(OTHER.into());
    let alone = |n, board: &str, district| {
        let mut doc = document(n, "tjansteutlatande", district, &[("Föreningen Lyktan", None)]);
        doc.parties[1].name = board.into();
        let mut doc = with_agreement(doc, &[("2024-01-01", "2025-12-31", None)]);
        doc.agreements[0].parties[1] = board.into();
        doc
    };
    let r = registers([joint, alone(9, BOARD, "sthlm-jarva"), alone(10, OTHER, "sthlm-farsta")]);
    let [a] = r.agreements.as_slice() else { panic!("one agreement, not {}", r.agreements.len()) };
    assert_eq!(a.districts, ["sthlm-farsta", "sthlm-jarva"]);
    assert_eq!((a.periods.len(), a.periods[0].mentions.len(), a.documents), (1, 3, 3));
    for id in ["foreningen-lyktan/sthlm-farsta", "foreningen-lyktan/sthlm-jarva", &a.id] {
        assert_eq!(Agreement::with_id(&r.agreements, id), [a], "{id}");
    }
    // Without the paper that names both, they are two.
    let apart = registers([alone(9, BOARD, "sthlm-jarva"), alone(10, OTHER, "sthlm-farsta")]);
    assert_eq!(apart.agreements.len(), 2);
}

const NAMES: [&str; 8] = [
    "Föreningen Lyktan",
    "Lyktan",
    "Föreningen Lykten",
    "Studiefrämjandet",
    "Studiefremjandet",
    "Kista Nattugglor",
    "Stiftelsen Lyktan",
    "Kista Natugglor",
];
const DISTRICTS: [&str; 3] = ["sthlm-jarva", "sthlm-rinkeby-kista", "sthlm-farsta"];
const PERIODS: [(&str, &str, Option<&str>); 4] = [
    ("2012-01-01", "2013-12-31", None),
    ("2012-01-01", "2013-12-31", Some("2014-12-31")),
    ("2014-01-01", "2014-12-31", None),
    ("2014-06-01", "2016-12-31", None),
];

fn any_document() -> impl Strategy<Value = (usize, usize, Option<usize>, usize, bool)> {
    (0..NAMES.len(), 0..DISTRICTS.len(), prop::option::of(0..2_usize), 0..PERIODS.len(), any::<bool>())
}

/// A document of a body with a number of its own and one that it cites.
fn of_case(
    n: u32,
    kind: &str,
    body: Option<&str>,
    own: (Option<&str>, u32),
    cited: Option<(Option<&str>, u32)>,
) -> DocumentMentions {
    let mut doc = document(n, kind, body.unwrap_or_default(), &[("Föreningen Lyktan", None)]);
    let proofs = doc.parties[0].proofs.clone();
    let number = |(series, number): (Option<&str>, u32)| NumberMention {
        canonical: series.map_or_else(|| format!("2012/{number}"), |s| format!("{s} 2012/{number}")),
        series: series.map(str::to_string),
        year: 2012,
        number,
        plan: None,
        proofs: proofs.clone(),
    };
    doc.steps.push(StepMention {
        item: None,
        title: Some(format!("Papper {n}")),
        own: vec![number(own)],
        cited: cited.map(number).into_iter().collect(),
        decisions: Vec::new().into(),
        proofs: proofs.clone(),
    });
    let mut source = copy(&doc.source);
    source.districts = body.map(str::to_string).into_iter().collect();
    doc.source = Arc::new(source);
    doc.settle();
    doc
}

#[test]
fn a_case_is_of_one_body_and_cites_others_without_joining_them() {
    const JARVA: Option<&str> = Some("sthlm-jarva");
    const FARSTA: Option<&str> = Some("sthlm-farsta");
    let r = registers([
        of_case(1, "tjansteutlatande", FARSTA, (Some("FAR"), 7), Some((Some("KS"), 9))),
        of_case(2, "protokoll", FARSTA, (None, 7), None),
        of_case(3, "tjansteutlatande", JARVA, (Some("JÄRVA"), 7), None),
        of_case(4, "remissvar", None, (Some("FAR"), 7), None),
        of_case(5, "tjansteutlatande", Some("sthlm-bromma"), (Some("KS"), 9), None),
        of_case(6, "avtal", FARSTA, (Some("FAR"), 8), Some((None, 7))),
    ]);
    let told: Vec<(&str, usize)> = r.cases.entries.iter().map(|c| (c.id.as_str(), c.documents)).collect();
    let cases = [
        ("sthlm-bromma/KS-2012-9", 1),
        ("sthlm-farsta/FAR-2012-7", 3),
        ("sthlm-farsta/FAR-2012-8", 1),
        ("sthlm-jarva/JÄRVA-2012-7", 1),
    ];
    assert_eq!(
        told, cases,
        "one number of two bodies is two cases; without a series or a body it is the only one there is"
    );
    let case = |id: &str| r.cases.with_id(id).unwrap();
    let roles: Vec<StepRole> = case("sthlm-farsta/FAR-2012-7").steps.iter().map(|s| s.role).collect();
    assert_eq!(roles.len(), 3);
    let cites = |id: &str| case(id).cites.iter().map(|l| l.case.clone().unwrap_or_default()).collect::<Vec<_>>();
    assert_eq!(cites("sthlm-farsta/FAR-2012-7"), ["sthlm-bromma/KS-2012-9"]);
    assert_eq!(cites("sthlm-farsta/FAR-2012-8"), ["sthlm-farsta/FAR-2012-7"], "without a series it is the body's own");
    assert_eq!(case("sthlm-bromma/KS-2012-9").cited_by.len(), 1);
    assert_eq!(case("sthlm-farsta/FAR-2012-7").steps.iter().filter(|s| s.document.ends_with('1')).count(), 1);
    // In order of time, whatever the order of names.
    let days: Vec<_> = case("sthlm-farsta/FAR-2012-7").steps.iter().map(|s| s.date).collect();
    assert!(days.is_sorted());
}

#[test]
fn districts_are_told_then_and_now() {
    let r = registers([document(1, "avtal", "sthlm-rinkeby-kista", &[]), document(2, "avtal", "sthlm-jarva", &[])]);
    let district = |id: &str| r.districts.iter().find(|d| d.id == id).unwrap();
    let (then, now) = (district("sthlm-rinkeby-kista"), district("sthlm-jarva"));
    assert_eq!((then.documents, now.documents), (1, 1), "each has what was said under its own name");
    assert_eq!(then.successors.iter().map(|s| s.id.as_str()).collect::<Vec<_>>(), ["sthlm-jarva"]);
    assert!(now.predecessors.iter().any(|p| p.id == "sthlm-rinkeby-kista" && p.since == then.successors[0].since));
    assert!(then.to.is_some() && then.to < then.successors[0].since && now.to.is_none());
}

/// A diary number with or without its series, of a document that names its body or not, and who handles it.
type Number = (Option<usize>, u32, bool);

fn any_number() -> impl Strategy<Value = Number> {
    (prop::option::of(0..2_usize), 1..4_u32, any::<bool>())
}

fn with_number(mut doc: DocumentMentions, (series, number, names_body): &Number) -> DocumentMentions {
    let proofs = doc.parties[0].proofs.clone();
    let series = series.and_then(|i| ["JÄRVA", "Järva"].get(i).copied());
    let canonical = series.map_or_else(|| format!("2012/{number}"), |s| format!("{s} 2012/{number}"));
    let own = NumberMention {
        canonical,
        series: series.map(str::to_string),
        year: 2012,
        number: *number,
        plan: None,
        proofs: proofs.clone(),
    };
    doc.steps.push(StepMention {
        item: None,
        title: None,
        own: vec![own],
        cited: Vec::new(),
        decisions: Vec::new().into(),
        proofs: proofs.clone(),
    });
    let role = "handläggare".to_string();
    doc.people.push(PersonMention { name: "Vera Eklöf".into(), role, party: None, proofs });
    if !names_body {
        let mut source = copy(&doc.source);
        source.districts.clear();
        doc.source = Arc::new(source);
        doc.settle();
    }
    doc
}

fn copy(source: &Source) -> Source {
    Source {
        id: source.id.clone(),
        path: source.path.clone(),
        kind: source.kind.clone(),
        genres: source.genres.clone(),
        title: source.title.clone(),
        date: source.date,
        meeting_date: source.meeting_date,
        year: source.year,
        authority: source.authority.clone(),
        districts: source.districts.clone(),
        former_districts: source.former_districts.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn an_id_once_shown_leads_on_whatever_turns_up(picks in prop::collection::vec((any_document(), any_number()), 2..12), cut in 1..11_usize) {
        let documents: Vec<DocumentMentions> = picks.iter().zip(1_u32..).map(|(((name, district, number, period, is_agreement), dnr), n)| {
            let org_nr = number.and_then(|i| [A, B].get(i).copied().flatten());
            let kind = if *is_agreement { "avtal" } else { "tjansteutlatande" };
            let doc = document(n, kind, DISTRICTS[*district], &[(NAMES[*name], org_nr)]);
            with_number(with_agreement(doc, &[PERIODS[*period]]), dnr)
        }).collect();
        let before = registers(documents.iter().take(cut).cloned());
        let after = registers(documents);
        for o in &before.organisations.entries {
            prop_assert!(!after.organisations.find(&o.id).is_empty(), "{}", o.id);
        }
        for a in &before.agreements {
            prop_assert!(!Agreement::with_id(&after.agreements, &a.id).is_empty(), "{} of {:?}", a.id, after.agreements.iter().map(|a| &a.id).collect::<Vec<_>>());
        }
        for c in &before.cases.entries {
            prop_assert!(!after.cases.find(&c.id).is_empty(), "{} of {:?}", c.id, after.cases.entries.iter().map(|c| &c.id).collect::<Vec<_>>());
        }
        for p in &before.people {
            prop_assert!(after.people.iter().any(|q| q.id == p.id), "{}", p.id);
        }
    }

    #[test]
    fn entries_made_one_by_one_from_files_are_those_made_at_once(
        picks in prop::collection::vec((any_document(), any_number(), any_number(), 0..4_usize), 1..24),
        correction in 0..3_usize,
    ) {
        let documents = picks.iter().zip(1_u32..).map(|(((name, district, number, period, has_agreement), own, cited, kind), n)| {
            let org_nr = number.and_then(|i| [A, B].get(i).copied().flatten());
            let other = NAMES[(name + 1) % NAMES.len()];
            let kind = ["avtal", "tjansteutlatande", "protokoll", "uppfoljning"][*kind];
            let mut doc = document(n, kind, DISTRICTS[*district], &[(NAMES[*name], org_nr), (other, None)]);
            let proofs = doc.parties[0].proofs.clone();
            if *has_agreement {
                doc = with_agreement(doc, &[PERIODS[*period]]);
                doc.parties[0].aliases.push((NAMES[(name + 2) % NAMES.len()].into(), proofs.clone()));
            }
            doc = with_number(doc, own);
            let (status, actions) = [(Status::Proposed, "sign_agreement"), (Status::Decided, "grant"), (Status::Decided, "refer_back")][n as usize % 3];
            let decision = DecisionMention {
                status, number: None, text: NAMES[*name].into(), actions: vec![actions.into()], actor: None, mentions: proofs.clone(),
            };
            let cites = with_number(document(n, kind, DISTRICTS[*district], &[(other, None)]), cited).steps[0].own.clone();
            let step = doc.steps.last_mut().unwrap();
            (step.cited, step.decisions) = (cites, vec![decision].into());
            if n % 4 == 0 {
                step.item = Some(format!("§ {n}"));
                let whole = StepMention { item: None, ..doc.steps[0].clone() };
                doc.steps.push(whole);
            }
            doc.settle();
            doc
        });
        // The comparison is made wherever registers are.
        let name = NAMES[0];
        let corrections = [
            String::new(),
            format!("[[merge]]\norganisations = [{name:?}, {:?}]\n[[rename]]\norganisation = {name:?}\nname = \"Den nya\"", NAMES[1]),
            format!("[[split]]\norganisation = {name:?}\ndocuments = [\"0001.txt\", \"0003.txt\"]\nas = \"En annan\""),
        ];
        corrected(documents.collect::<Vec<_>>(), &corrections[correction]);
    }

    #[test]
    fn the_order_does_not_matter_and_two_parts_joined_are_the_whole(picks in prop::collection::vec(any_document(), 1..14), cut in 0..14_usize) {
        let documents: Vec<DocumentMentions> = picks.iter().zip(1_u32..).map(|((name, district, number, period, is_agreement), n)| {
            let number = number.and_then(|i| [A, B].get(i).copied().flatten());
            let kind = if *is_agreement { "avtal" } else { "tjansteutlatande" };
            with_agreement(document(n, kind, DISTRICTS[*district], &[(NAMES[*name], number)]), &[PERIODS[*period]])
        }).collect();
        let whole = registers(documents.clone());
        let reversed = registers(documents.iter().rev().cloned());
        prop_assert_eq!(&whole, &reversed);
        let (mut left, mut right) = (Mentions::default(), Mentions::default());
        for (i, d) in documents.iter().enumerate() {
            if i < cut { left.insert(d.clone()) } else { right.insert(d.clone()) }
        }
        right.join(left);
        let joined = Registers::of(&right, &LEXICON, &Corrections::default());
        prop_assert_eq!(&whole, &joined);
        // Nobody has two numbers, and every mention belongs to exactly one.
        let mut named = 0;
        for o in &whole.organisations.entries {
            let numbers: std::collections::BTreeSet<_> = documents.iter().flat_map(|d| d.parties.iter().map(move |p| (d, p)))
                .filter(|(d, p)| whole.organisations.meant(&d.source.id, &p.name) == Some(o))
                .filter_map(|(_, p)| { named += 1; p.org_nr.clone() }).collect();
            prop_assert!(numbers.len() <= 1, "{:?}", numbers);
        }
        prop_assert_eq!(named, documents.iter().map(|d| d.parties.len()).sum::<usize>());
    }
}
