//! Holds the table of fields against what is written, and what is published against the table.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::util::Bench;

use diarium::export::schema::record::RECORD;
use diarium::export::schema::{Kind, Object, PRINTED, Rows, Source, dictionary, json_schema, tables};
use diarium::export::sqlite::ddl;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Compares a published file with what it must be; `DIARIUM_WRITE_SCHEMA=1` writes it.
fn published(path: &str, text: &str) {
    let path = root().join(path);
    if std::env::var_os("DIARIUM_WRITE_SCHEMA").is_some() {
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "{} is not what src/export/schema/ says; `just schema` writes it", path.display());
}

#[test]
fn what_is_published_is_what_the_table_says() {
    published("schema/record-1.json", &json_schema::record());
    for register in &PRINTED {
        published(&format!("schema/{}-1.json", register.name), &json_schema::register(register));
    }
    published("docs/data-dictionary.md", &dictionary::page());
    let ddl: Vec<String> = tables().iter().filter(|t| t.rows != Rows::Tombstones).map(ddl).collect();
    published("schema/tables.sql", &format!("{}\n", ddl.join("\n")));
}

/// Holds a value against the shape of an object: the same keys in the same order, values of the kinds told.
fn holds(value: &Value, object: &Object, path: &str) {
    let Value::Object(map) = value else { panic!("{path} is no object: {value}") };
    let keys: Vec<&str> = map.keys().map(String::as_str).collect();
    assert_eq!(keys, object.fields.iter().map(|f| f.name).collect::<Vec<_>>(), "keys of {path}");
    for field in object.fields {
        let path = format!("{path}/{}", field.name);
        let value = &value[field.name];
        if value.is_null() {
            assert!(field.null, "{path} is null");
            continue;
        }
        kind_holds(value, field.kind, &path);
    }
}

fn kind_holds(value: &Value, kind: Kind, path: &str) {
    let all = |of: &dyn Fn(&Value)| value.as_array().unwrap_or_else(|| panic!("{path} is no list")).iter().for_each(of);
    match kind {
        Kind::Object(of) => holds(value, of, path),
        Kind::Objects(of) => all(&|v| holds(v, of, path)),
        Kind::List(of) => all(&|v| kind_holds(v, *of, path)),
        Kind::Text | Kind::Date => assert!(value.is_string(), "{path}: {value}"),
        Kind::Tally => assert!(value.as_object().is_some_and(|o| o.values().all(|v| v.is_u64())), "{path}: {value}"),
        Kind::OneOf(words) => assert!(words.contains(&value.as_str().unwrap_or("")), "{path}: {value}"),
        Kind::Integer => assert!(value.is_i64() || value.is_u64(), "{path}: {value}"),
        Kind::Number => assert!(value.is_number(), "{path}: {value}"),
        Kind::Bool => assert!(value.is_boolean(), "{path}: {value}"),
    }
}

/// Every object of a record in full, so that each key is written.
#[test]
fn records_have_the_shape_that_is_told() {
    let lex = diarium::lexicon::Lexicon::built_in();
    for file in [
        "corpus/stadshuset/2021/35_motion_foreningslokaler.txt",
        "corpus/enskede-arsta-vantor/2022/12_enskede_protokoll_2022-06-16.txt",
        "corpus/enskede-arsta-vantor/2025/17_lyktan_slutrapport.txt",
        "corpus/jarva/2025/07_blaklockan_overenskommelse_2025.txt",
        "corpus/farsta/2022/28_farsta_sammantradeshandlingar.pdf",
        "corpus/norrmalm/2017/18_sju-broar_forslag_2017.pdf",
        "corpus/norra-innerstaden/2023/21_norra-innerstaden_protokoll_2023-11-23.pdf",
    ] {
        let options = diarium::ingest::Options { ocr: diarium::ingest::Ocr::Never, ..Default::default() };
        let read = diarium::pipeline::read_file(&root().join(file), &lex, &options).unwrap();
        for (doc, record) in read {
            let stored = diarium::catalog::StoredDocument::new(file, &doc, record, Default::default());
            holds(&diarium::export::wire::to_value(&stored).unwrap(), &RECORD, file);
        }
    }
}

/// The registers of the corpus, which has something of nearly all that they can say.
#[test]
fn registers_have_the_shape_that_is_told() {
    let bench = Bench::new();
    assert_eq!(bench.run(&["ingest", root().join("corpus").to_str().unwrap(), "--quiet", "--ocr", "never"]).code, 0);
    for register in &PRINTED {
        let printed: Value = serde_json::from_str(&bench.run(&[register.name, "--json"]).out).unwrap();
        let lists = [Some((register.name, register.entries)), register.beside];
        for (key, object) in lists.into_iter().flatten() {
            for (i, entry) in printed[key].as_array().unwrap().iter().enumerate() {
                holds(entry, object, &format!("{key}/{i}"));
            }
        }
        assert!(printed[register.name].as_array().is_some_and(|l| !l.is_empty()));
    }
}

#[test]
fn tables_hang_together() {
    for (i, table) in tables().iter().enumerate() {
        let mut names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
        assert!(names.iter().all(|n| n.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')));
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count, "{} has a column twice", table.name);
        for column in &table.columns {
            if let Some(refers) = column.refers {
                let before = tables().iter().take(i).find(|t| t.name == refers);
                assert!(
                    before.is_some_and(|t| t.key() == Some("id")),
                    "{}.{} refers to {refers}",
                    table.name,
                    column.name
                );
            }
            assert!(!column.about.is_empty());
        }
        if let Rows::At(paths) = table.rows {
            assert!(
                !paths.is_empty() && table.columns.first().is_some_and(|c| c.source == Source::Row),
                "{}",
                table.name
            );
        }
    }
}
