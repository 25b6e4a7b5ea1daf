//! One suite for every engine: what it answers must be what the naive engine answers. Entries and queries are made by hand for
//! the cases that matter, and generated for those nobody thought of.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use tempfile::TempDir;

use super::entry::{Entry, KnownName, day_range};
use super::local::{LocalIndex, Reader};
use super::memory::MemoryIndex;
use super::terms::Slots;
use super::{Answer, Ask, Engine, EntryHit};
use crate::base::DocId;
use crate::base::fold::name_key;
use crate::query::{Field, Filter, Node, Query, Sort, Unit, Value, parse};

/// The same entries in both engines, tantivy's in several segments with deletions.
struct Both {
    memory: MemoryIndex,
    local: Reader,
    _dir: TempDir,
}

impl Both {
    fn new(documents: &[Vec<Entry>]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let index = LocalIndex::open_or_create(dir.path()).unwrap();
        let mut writer = index.writer().unwrap();
        for (i, entries) in documents.iter().enumerate() {
            // Every document is written twice, so that deletions are part of every case.
            writer.add(entries.clone()).unwrap();
            if i % 3 == 0 {
                writer.commit(i as u64).unwrap();
            }
            writer.delete(&entries.last().unwrap().doc).unwrap();
            writer.add(entries.clone()).unwrap();
        }
        writer.commit(documents.len() as u64).unwrap();
        let memory = MemoryIndex { entries: documents.concat(), sequence: documents.len() as u64 };
        Both { memory, local: index.reader().unwrap(), _dir: dir }
    }

    /// Asks both, compares, and gives the naive engine's answer.
    fn ask(&self, query: Query, sort: Sort) -> Answer {
        let ask = Ask { query, sort, offset: 0, limit: 1000, facets: true };
        let right = self.memory.search(&ask).unwrap();
        let local = self.local.search(&ask).unwrap();
        assert_eq!(local.total, right.total, "total of {ask:?}");
        assert_eq!(local.facets, right.facets, "facets of {ask:?}");
        let keys = |a: &Answer| a.hits.iter().map(|h| (h.doc.clone(), h.unit, h.ordinal)).collect::<Vec<_>>();
        let (mut left, mut wanted) = (keys(&local), keys(&right));
        if sort == Sort::Relevance && ask.query.words != Node::All {
            // The engines rank words differently; which entries match is the same.
            left.sort();
            wanted.sort();
        }
        assert_eq!(left, wanted, "hits of {ask:?}");
        let cards = |a: &Answer| a.hits.iter().map(|h| (h.doc.to_string(), h.card.clone())).collect::<BTreeMap<_, _>>();
        assert_eq!(cards(&local), cards(&right), "cards of {ask:?}");
        let mut nodes = vec![&ask.query.words];
        while let Some(node) = nodes.pop() {
            match node {
                Node::And(all) | Node::Or(all) => nodes.extend(all),
                Node::Also { typed, also } => nodes.extend(std::iter::once(&**typed).chain(also)),
                node => {
                    let slots = super::terms::slots(node);
                    let slots: Vec<&Slots> = slots.iter().filter(|s| !s.places.is_empty()).collect();
                    let hits: Vec<&EntryHit> = local.hits.iter().collect();
                    let stands = self.local.stands(&hits, &slots).unwrap();
                    assert_eq!(stands, self.memory.stands(&hits, &slots).unwrap(), "places of {node:?}");
                }
            }
        }
        // Pages together are the whole.
        let mut paged = Vec::new();
        for offset in (0..local.hits.len()).step_by(3) {
            let page = self.local.search(&Ask { offset, limit: 3, facets: false, ..ask.clone() }).unwrap();
            assert_eq!(page.total, right.total);
            paged.extend(keys(&page));
        }
        assert_eq!(paged, keys(&local), "pages of {ask:?}");
        right
    }

    /// A query with longer words beside each word; both engines know the same.
    fn with_compounds(&self, text: &str) -> Node {
        let longer = |node: Node| {
            let Node::Word(of) = node else { return node };
            let right = self.memory.compounds(&of).unwrap();
            assert_eq!(
                self.local.compounds(&of).unwrap().stems.iter().collect::<BTreeSet<_>>(),
                right.stems.iter().collect()
            );
            let also = vec![Node::Compounds { of: of.clone(), stems: right.stems, left_out: 0 }];
            Node::Also { typed: Box::new(Node::Word(of)), also }
        };
        match parse(text) {
            Node::And(all) => Node::And(all.into_iter().map(longer).collect()),
            node => longer(node),
        }
    }

    fn words(&self, text: &str) -> BTreeSet<String> {
        let query = Query { words: parse(text), ..Query::default() };
        self.ask(query, Sort::Relevance).hits.into_iter().map(|h| h.doc.to_string()).collect()
    }
}

fn is(field: Field, values: &[&str]) -> Filter {
    Filter { field, any: values.iter().map(|v| Value::Is((*v).to_string())).collect() }
}

fn document(id: &str, text: &str, values: &[(Field, &str)], decisions: &[&[(Field, &str)]]) -> Vec<Entry> {
    let fill = |unit, ordinal, text: &str, values: &[(Field, &str)]| {
        let mut e = Entry {
            doc: DocId::from_stored(id),
            unit,
            ordinal,
            title: format!("Titel {id}"),
            text: vec![format!("Titel {id}"), text.to_string()],
            card: super::Card { title: Some(id.to_string()), ..super::Card::default() },
            days: None,
            values: BTreeMap::new(),
            names: BTreeSet::new(),
        };
        for (field, v) in values {
            e.values.entry(*field).or_default().insert((*v).to_string());
            e.names.insert(KnownName { field: *field, key: name_key(v), value: (*v).to_string() });
        }
        e.days = e.values.get(&Field::Year).and_then(|y| y.first()?.parse().ok()).map(day_range);
        e
    };
    let mut entries = Vec::new();
    let mut all = values.to_vec();
    for (decision, ordinal) in decisions.iter().zip(0..) {
        let says: Vec<&str> = decision.iter().map(|(_, v)| *v).collect();
        entries.push(fill(
            Unit::Decision,
            ordinal,
            &format!("beslut {}", says.join(" ")),
            &[values, decision].concat(),
        ));
        all.extend_from_slice(decision);
    }
    entries.push(fill(Unit::Document, 0, text, &all));
    entries
}

#[test]
fn words_find_what_they_mean() {
    let both = Both::new(&[
        document("a", "Järvas idéburna partnerskap, dnr JÄRVA 2024/45", &[], &[]),
        document("b", "Järva stadsdelsnämnd om vård. § 12", &[], &[]),
        document("c", "En värd i Jarva lägger rapporten till handlingarna. 12 barn", &[], &[]),
        document("d", "IOP:t med Spånga-Tensta, org.nr 802461-9168, mötesplatserna", &[], &[]),
    ]);
    let ids = |s: &str| s.chars().map(|c| c.to_string()).collect::<BTreeSet<_>>();
    assert_eq!(both.words("jarva"), ids("abc"));
    assert_eq!(both.words("järva"), ids("ab"));
    assert_eq!(both.words("Järvas"), ids("ab"));
    assert_eq!(both.words("vård"), ids("b"));
    assert_eq!(both.words("värd"), ids("c"));
    assert_eq!(both.words("vard"), ids("bc"));
    assert_eq!(both.words("ideburet"), ids("a"));
    assert_eq!(both.words("\"rapporten till handlingarna\""), ids("c"));
    assert_eq!(both.words("\"lagger rapporten\""), ids("c"));
    assert_eq!(both.words("\"rapport till handlingarna\""), ids(""));
    assert_eq!(both.words("spånga-tensta iop"), ids("d"));
    assert_eq!(both.words("8024619168"), ids(""));
    assert_eq!(both.words("802461-9168"), ids("d"));
    assert_eq!(both.words("2024/45"), ids("a"));
    assert_eq!(both.words("§ 12"), ids("b"));
    assert_eq!(both.words("mötesplats"), ids("d"));
    assert_eq!(both.words("jarva -vård"), ids("ac"));
    assert_eq!(both.words("vård OR värd"), ids("bc"));
    assert_eq!(both.words("-järva"), ids("cd"));
    assert_eq!(both.words("stadsdels*"), ids("b"));
    assert_eq!(both.words("jarva*"), ids("abc"));
    assert_eq!(both.words("järvas*"), ids("a"));
    for engine in [&both.memory as &dyn Engine, &both.local] {
        assert_eq!(engine.similar_words("motesplatsena", 3).unwrap(), ["mötesplatserna"]);
        assert_eq!(engine.similar_words("vrad", 3).unwrap().len(), 2);
    }
    let some = |least| {
        let of = ["järva", "vård", "lägger"].map(|w| Node::Word(w.into())).to_vec();
        let all = vec![Node::Some { least, of }, Node::Not(Box::new(Node::Document(DocId::from_stored("c"))))];
        let query = Query { words: Node::And(all), ..Query::default() };
        both.ask(query, Sort::Relevance).total
    };
    assert_eq!([some(0), some(1), some(2), some(3), some(4)], [3, 2, 1, 0, 0]);
    assert_eq!(both.words("titel"), ids("abcd"));
    assert_eq!(both.words("title:titel"), ids("abcd"));
    assert_eq!(both.words("title:järva"), ids(""));
    assert_eq!(both.words("motesplat~"), ids(""));
    assert_eq!(both.words("jarvas~"), ids("abc"));
    assert_eq!(both.words("jarvas~1"), ids("ac"));
}

#[test]
fn conditions_on_a_decision_hold_for_one_and_the_same() {
    // Minutes of sixty items: each either approves something proposed or files something decided, never both ways.
    let rows: Vec<Vec<(Field, &str)>> = (0..60)
        .map(|i| match i % 2 {
            0 => vec![(Field::Action, "approve"), (Field::Status, "proposed"), (Field::Actor, "Nämnden")],
            _ => vec![(Field::Action, "file"), (Field::Status, "decided")],
        })
        .collect();
    let rows: Vec<&[(Field, &str)]> = rows.iter().map(Vec::as_slice).collect();
    let one: &[(Field, &str)] = &[(Field::Action, "approve"), (Field::Status, "decided")];
    let both = Both::new(&[
        document("minutes", "protokoll", &[(Field::Kind, "protokoll"), (Field::Year, "2024")], &rows),
        document("extract", "utdrag", &[(Field::Kind, "protokollsutdrag"), (Field::Year, "2023")], &[one]),
    ]);
    let found = |filters: Vec<Filter>, unit| {
        let answer = both.ask(Query { unit, filters, ..Query::default() }, Sort::Relevance);
        (answer.total, answer.hits.first().map(|h| h.doc.to_string()), answer.facets)
    };
    let approved_and_decided = || vec![is(Field::Action, &["approve"]), is(Field::Status, &["decided"])];
    let (total, first, facets) = found(approved_and_decided(), Unit::Document);
    assert_eq!((total, first.as_deref()), (1, Some("extract")));
    // With action `file` added instead, the minutes would be found: the count says so.
    assert_eq!(facets[&Field::Action], [("approve".into(), 1), ("file".into(), 1)]);
    assert_eq!(facets[&Field::Status], [("decided".into(), 1), ("proposed".into(), 1)]);
    assert_eq!(facets[&Field::Kind], [("protokollsutdrag".into(), 1)]);
    assert_eq!(found(approved_and_decided(), Unit::Decision).0, 1);
    assert_eq!(found(vec![is(Field::Action, &["approve"])], Unit::Document).0, 2);
    assert_eq!(found(vec![is(Field::Action, &["approve"])], Unit::Decision).0, 31);
    assert_eq!(found(vec![is(Field::Status, &["decided"]), is(Field::Actor, &["Nämnden"])], Unit::Document).0, 0);
}

#[test]
fn longer_words_come_after_the_word_itself() {
    let both = Both::new(&[
        document("a", "Föreningsbidragen betalas ut. Föreningsbidrag, föreningsbidrag, föreningsbidrag!", &[], &[]),
        document("b", &format!("Ett bidrag. {}", "Något annat som står här. ".repeat(60)), &[], &[]),
        document("c", "Partnerskapsavtal om verksamhetsbidrag och planering", &[], &[]),
        document("d", "En plan för en förening", &[], &[]),
    ]);
    let ordered = |word: &str| {
        let words = both.with_compounds(word);
        let ask = Ask { query: Query { words: words.clone(), ..Query::default() }, limit: 10, ..Ask::default() };
        both.ask(ask.query.clone(), Sort::Relevance);
        both.local.search(&ask).unwrap().hits.iter().map(|h| h.doc.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(ordered("bidrag"), ["b", "a", "c"], "the word itself first, however long its text is");
    assert_eq!(ordered("forening"), ["d", "a"]);
    assert_eq!(ordered("avtal"), ["c"]);
    assert_eq!(ordered("plan"), ["d"]);
    assert_eq!(both.memory.compounds("bidrag").unwrap().stems.len(), 2);
}

#[test]
fn the_best_are_the_same_however_many_are_asked_for() {
    // So many rows that some are given up before all is read that they score by.
    let mut seed = 7u32;
    let mut below = |n: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 16) % n
    };
    let words = ["stöd", "plan", "stödplan", "bidrag", "bidragsplan", "planstöd", "och", "till", "och", "till"];
    let dir = tempfile::tempdir().unwrap();
    let index = LocalIndex::open_or_create(dir.path()).unwrap();
    let mut writer = index.writer().unwrap();
    for i in 0..1500 {
        let text: Vec<&str> = (0..5 + below(60)).map(|_| words[below(10) as usize]).collect();
        let year = (2000 + below(20)).to_string();
        let mut entries = document(&format!("d{i}"), &text.join(" "), &[(Field::Year, &year)], &[]);
        if let Some(e) = entries.last_mut().filter(|_| below(20) == 0) {
            e.title = format!("{} {}", words[below(10) as usize], words[below(10) as usize]);
            e.text[0] = e.title.clone();
        }
        writer.add(entries).unwrap();
    }
    writer.commit(1).unwrap();
    let engine = index.reader().unwrap();
    let longer = |node: Node| match node {
        Node::Word(of) => {
            let stems = engine.compounds(&of).unwrap().stems;
            let also = vec![Node::Compounds { of: of.clone(), stems, left_out: 0 }];
            Node::Also { typed: Box::new(Node::Word(of)), also }
        }
        node => node,
    };
    for text in
        ["stöd", "till", "stöd plan", "till stöd bidrag", "\"och till\"", "\"plan och till\"", "stöd OR \"till plan\""]
    {
        let words = match parse(text) {
            Node::And(all) => Node::And(all.into_iter().map(longer).collect()),
            node => longer(node),
        };
        for filters in [Vec::new(), vec![is(Field::Year, &["2003", "2004"])]] {
            let query = Query { words: words.clone(), filters, ..Query::default() };
            let ask = |limit| Ask { query: query.clone(), limit, facets: true, ..Ask::default() };
            let (best, all) = (engine.search(&ask(10)).unwrap(), engine.search(&ask(1500)).unwrap());
            assert_eq!((best.total, &best.facets), (all.total, &all.facets), "{text}");
            assert!(all.total >= 10 && all.total == all.hits.len() as u64, "{text}: {}", all.total);
            let shown = |hits: &[EntryHit]| hits.iter().map(|h| (h.doc.to_string(), h.score)).collect::<Vec<_>>();
            assert_eq!(shown(&best.hits), shown(&all.hits[..10]), "{text}");
            assert_eq!(best, engine.search(&ask(10)).unwrap(), "{text}, asked again");
        }
    }
}

#[test]
fn words_of_a_decision_hold_with_its_other_conditions() {
    let decision = |id: &str, rows: &[(&str, &'static str)]| {
        let mut made = document(id, "protokoll", &[], &vec![&[][..]; rows.len()]);
        for (entry, (text, status)) in made.iter_mut().zip(rows) {
            entry.text.push((*text).to_string());
            entry.values.entry(Field::Status).or_default().insert((*status).to_string());
        }
        made
    };
    let both = Both::new(&[
        decision("a", &[("Nämnden avslår ansökan", "decided"), ("Nämnden godkänner planen", "proposed")]),
        decision("b", &[("Nämnden avslår ansökan", "proposed"), ("Nämnden godkänner planen", "decided")]),
        document("c", "Nämnden avslår ansökan", &[], &[]),
    ]);
    let found = |unit, text: &str, filters: Vec<Filter>| {
        let answer = both.ask(Query { unit, words: parse(text), filters }, Sort::Relevance);
        answer.hits.iter().map(|h| h.doc.to_string()).collect::<Vec<_>>()
    };
    let words = |text: &str| Filter { field: Field::Decision, any: vec![Value::Words(parse(text))] };
    let decided = || is(Field::Status, &["decided"]);
    let sorted = |mut ids: Vec<String>| {
        ids.sort();
        ids
    };
    assert_eq!(sorted(found(Unit::Document, "decision:avslår", vec![])), ["a", "b"]);
    assert_eq!(found(Unit::Document, "", vec![words("avslår"), decided()]), ["a"]);
    assert_eq!(found(Unit::Document, "-decision:avslår", vec![]), ["c"]);
    assert_eq!(sorted(found(Unit::Document, "decision:avslår OR avslår", vec![])), ["a", "b", "c"]);
    assert_eq!(found(Unit::Decision, "decision:avslår", vec![decided()]), ["a"]);
    assert_eq!(found(Unit::Decision, "", vec![words("godkänner"), decided()]), ["b"]);
}

#[test]
fn values_are_known_by_their_names() {
    let both = Both::new(&[document("a", "x", &[(Field::Party, "Norra Klubben")], &[])]);
    for engine in [&both.memory as &dyn Engine, &both.local] {
        assert_eq!(engine.values_known_as(Field::Party, "norra klubben").unwrap(), ["Norra Klubben"]);
        assert!(engine.values_known_as(Field::Party, "norra").unwrap().is_empty());
        assert!(engine.values_known_as(Field::Actor, "norra klubben").unwrap().is_empty());
        assert_eq!(engine.known_names(Field::Party).unwrap().len(), 1);
        assert_eq!(engine.sequence(), 1);
        assert_eq!([Unit::Document, Unit::Decision].map(|u| engine.len(u).unwrap()), [1, 0]);
    }
}

const VOCABULARY: [&str; 17] = [
    "föreningsbidrag",
    "bidragsplan",
    "plan",
    "vård",
    "värd",
    "Järva",
    "Järvas",
    "jarva",
    "bidraget",
    "bidrag",
    "§ 12",
    "12",
    "2024/45",
    "IOP:t",
    "Spånga-Tensta",
    "till",
    "handlingarna",
];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&VOCABULARY[..]), 0..8).prop_map(|w| w.join(" "))
}

fn value() -> impl Strategy<Value = (Field, &'static str)> {
    prop::sample::select(vec![
        (Field::District, "sthlm-jarva"),
        (Field::District, "sthlm-farsta"),
        (Field::Kind, "protokoll"),
        (Field::Kind, "kallelse"),
        (Field::Party, "Norra Klubben"),
        (Field::Year, "2019"),
        (Field::Year, "2023"),
    ])
}

fn condition() -> impl Strategy<Value = (Field, &'static str)> {
    prop::sample::select(vec![
        (Field::Action, "approve"),
        (Field::Action, "file"),
        (Field::Status, "decided"),
        (Field::Status, "proposed"),
        (Field::Actor, "Nämnden"),
        (Field::Assignee, "Direktören"),
    ])
}

type Made = (String, Vec<(Field, &'static str)>, Vec<Vec<(Field, &'static str)>>);

fn made() -> impl Strategy<Value = Made> {
    let decisions = prop::collection::vec(prop::collection::vec(condition(), 0..4), 0..5);
    (text(), prop::collection::vec(value(), 0..5), decisions)
}

fn query_text() -> impl Strategy<Value = String> {
    let word = || prop::sample::select(&VOCABULARY[..]);
    let piece = prop_oneof![
        4 => word().prop_map(str::to_string),
        1 => word().prop_map(|w| format!("-{w}")),
        1 => (word(), word()).prop_map(|(a, b)| format!("\"{a} {b}\"")),
        1 => (word(), word(), word(), 0u32..4).prop_map(|(a, b, c, n)| format!("\"{a} {b} {c}\"~{n}")),
        1 => (word(), word(), 1u32..4).prop_map(|(a, b, n)| format!("-\"{a} {b}\"~{n}")),
        1 => word().prop_map(|w| format!("title:{w}")),
        1 => prop::sample::select(vec!["decision:beslut", "-decision:titel", "decision:d1"]).prop_map(str::to_string),
        1 => prop::sample::select(vec!["jarva~", "vrad~", "bidragte~1", "hendlingarna~2"]).prop_map(str::to_string),
        1 => (word(), word()).prop_map(|(a, b)| format!("({a} OR -{b})")),
        1 => prop::sample::select(vec!["jar*", "järv*", "h*", "2*", "bidr* -bidrag"]).prop_map(str::to_string),
    ];
    prop::collection::vec(piece, 0..4).prop_map(|p| p.join(" "))
}

fn filters() -> impl Strategy<Value = Vec<Filter>> {
    let one = prop_oneof![
        prop::collection::vec(value(), 1..3).prop_map(|v| {
            let same: Vec<&str> = v.iter().filter(|x| x.0 == v[0].0).map(|x| x.1).collect();
            is(v[0].0, &same)
        }),
        condition().prop_map(|(f, v)| is(f, &[v])),
        condition().prop_map(|(_, v)| Filter { field: Field::Decision, any: vec![Value::Words(parse(v))] }),
        (2018i64..2025, 0i64..4).prop_map(|(y, n)| Filter { field: Field::Year, any: vec![Value::Range(y, y + n)] }),
        (2018i64..2025, 0i64..4).prop_map(|(y, n)| Filter {
            field: Field::Date,
            any: vec![Value::Range(y * 10_000 + 501, (y + n) * 10_000 + 601)],
        }),
    ];
    prop::collection::vec(one, 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    #[test]
    fn generated_documents_and_queries_agree(
        made in prop::collection::vec(made(), 1..12),
        queries in prop::collection::vec((query_text(), filters(), any::<bool>(), 0usize..3), 12),
    ) {
        let documents: Vec<Vec<Entry>> = made
            .iter()
            .enumerate()
            .map(|(i, (text, values, decisions))| {
                let decisions: Vec<&[(Field, &str)]> = decisions.iter().map(Vec::as_slice).collect();
                document(&format!("d{i}"), text, values, &decisions)
            })
            .collect();
        let both = Both::new(&documents);
        for (words, filters, decisions, sort) in queries {
            let unit = if decisions { Unit::Decision } else { Unit::Document };
            let sort = [Sort::Relevance, Sort::Newest, Sort::Oldest][sort];
            both.ask(Query { unit, words: both.with_compounds(&words), filters }, sort);
        }
    }
}
