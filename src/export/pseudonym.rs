//! Replaces names of persons by stable ids: the same person has the same id in every export made with the same key file.
//!
//! Replaced are, wherever they stand in records and texts, the whole names (also in capitals, family name first, in the genitive or over a
//! line's end) of everybody whom some record names in a role, the local parts of e-mail addresses, and telephone numbers of officers.
//! A name that stands nowhere in a role, or a family name alone, is not known to be a name.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ExportError;
use super::error::At as _;
use super::target::Target;

/// Lists of objects whose `name` is a person's.
const PEOPLE: [&str; 8] =
    ["handlaggare", "authors", "present", "by", "jav", "by_member", "signatories", "attestations"];

/// Lists of names of persons.
const NAMES: &str = "adjusters";

/// What stands for telephone numbers and for local parts of addresses.
const PHONE: &str = "[telefon]";
const MAILBOX: &str = "x";

/// What is kept apart: who is who.
#[derive(Debug, Default, Serialize, Deserialize)]
struct KeyFile {
    about: String,
    /// 32 bytes, hexadecimal.
    salt: String,
    /// Names by id.
    names: BTreeMap<String, String>,
}

/// Names of persons and what stands for them.
#[derive(Debug)]
pub struct Pseudonyms {
    path: PathBuf,
    key: KeyFile,
    salt: [u8; 32],
    phones: Vec<String>,
    /// What is looked for in texts, and what stands for it.
    patterns: BTreeMap<String, String>,
    search: Option<(AhoCorasick, Vec<String>)>,
}

impl Pseudonyms {
    /// Reads the key file, or begins a new one with this salt if there is none.
    ///
    /// # Errors
    /// If it cannot be read or is none.
    pub fn open(path: &Path, new_salt: [u8; 32]) -> Result<Pseudonyms, ExportError> {
        let key = match fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes).at(path)?,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => KeyFile {
                about: "Who is who in exports of Diarium made with --pseudonymise. Keep it apart from them.".into(),
                salt: new_salt.iter().map(|b| format!("{b:02x}")).collect(),
                names: BTreeMap::new(),
            },
            Err(e) => return Err(ExportError::write(path, e)),
        };
        let mut salt = [0; 32];
        for (i, byte) in salt.iter_mut().enumerate() {
            let hex = key.salt.get(2 * i..2 * i + 2).unwrap_or("");
            *byte = u8::from_str_radix(hex, 16)
                .map_err(|_| ExportError::write(path, "it is no key file: its salt is no 32 bytes"))?;
        }
        let path = path.to_path_buf();
        Ok(Pseudonyms { path, key, salt, phones: Vec::new(), patterns: BTreeMap::new(), search: None })
    }

    /// Learns the names that a record has.
    pub fn learn(&mut self, record: &Value) {
        let mut found = Vec::new();
        people(record, &mut |object, names| match object {
            Some(person) => found.extend(names.iter().map(|n| n.to_string()).chain(phone(person))),
            None => found.extend(names.iter().map(|n| n.to_string())),
        });
        for text in found {
            if text.chars().any(char::is_alphabetic) {
                let id = self.id(&text);
                self.key.names.entry(id.clone()).or_insert_with(|| text.clone());
                self.learn_spellings(&text, &id);
            } else {
                self.phones.push(text);
            }
        }
    }

    /// Keeps the ways in which a name may stand in texts. One word alone may be anything.
    fn learn_spellings(&mut self, name: &str, id: &str) {
        let words: Vec<&str> = name.split_whitespace().collect();
        let Some((last, first)) = words.split_last().filter(|(_, first)| !first.is_empty()) else { return };
        let first = first.join(" ");
        for spelling in [format!("{first} {last}"), format!("{last}, {first}"), format!("{last} {first}")] {
            self.patterns.insert(spelling.to_uppercase(), id.to_string());
            self.patterns.insert(spelling.replace(' ', "\n"), id.to_string());
            self.patterns.insert(spelling, id.to_string());
        }
    }

    /// Makes ready to replace what was learned.
    pub fn ready(&mut self) {
        for phone in self.phones.drain(..).filter(|p| p.len() > 4) {
            self.patterns.insert(phone, PHONE.into());
        }
        let (looked_for, instead): (Vec<&String>, Vec<String>) =
            self.patterns.iter().map(|(k, v)| (k, v.clone())).unzip();
        let search = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(looked_for);
        self.search = search.ok().map(|s| (s, instead));
    }

    /// What stands for a name.
    pub fn id(&self, name: &str) -> String {
        let folded = name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let hash = blake3::keyed_hash(&self.salt, folded.as_bytes()).to_hex();
        format!("person-{}", hash.get(..12).unwrap_or_default())
    }

    /// Replaces the names in a record, or in any value with texts.
    pub fn replace(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Cow::Owned(new) = self.in_text(text) {
                    *text = new;
                }
            }
            Value::Array(list) => list.iter_mut().for_each(|v| self.replace(v)),
            Value::Object(object) => {
                for (key, value) in object.iter_mut() {
                    match value {
                        Value::Array(list) if PEOPLE.contains(&key.as_str()) => {
                            for person in list.iter_mut().filter_map(Value::as_object_mut) {
                                for key in ["name", "substitute_for"] {
                                    if let Some(Value::String(name)) = person.get_mut(key) {
                                        *name = self.id(name);
                                    }
                                }
                                if let Some(phone @ Value::String(_)) = person.get_mut("phone") {
                                    *phone = PHONE.into();
                                }
                                person.values_mut().for_each(|v| self.replace(v));
                            }
                        }
                        Value::Array(list) if key == NAMES => {
                            for name in list.iter_mut() {
                                if let Value::String(name) = name {
                                    *name = self.id(name);
                                }
                            }
                        }
                        value => self.replace(value),
                    }
                }
            }
            _ => {}
        }
    }

    /// Replaces the name of an entry of the register of people, and its id, which is made of the name.
    pub fn replace_person(&self, entry: &mut Value) {
        let Some(entry) = entry.as_object_mut() else { return };
        if let Some(Value::String(name)) = entry.get_mut("name") {
            *name = self.id(name);
        }
        if let Some(Value::String(id)) = entry.get_mut("id") {
            let body = id.rsplit_once('/').map_or("", |(body, _)| body);
            *id = format!("{body}/{}", self.id(id));
        }
    }

    fn in_text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        static ADDRESS: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(r"[\w.+\-]+(@[\w\-]+(?:\.[\w\-]+)+)").ok());
        let text = match ADDRESS.as_ref().filter(|_| text.contains('@')) {
            Some(address) => address.replace_all(text, format!("{MAILBOX}$1")),
            None => Cow::Borrowed(text),
        };
        let Some((search, instead)) = &self.search else { return text };
        let mut out = String::new();
        let mut done = 0;
        for found in search.find_iter(text.as_ref()) {
            let (start, end) = (found.start(), found.end());
            let (before, after) = (text.get(..start).unwrap_or(""), text.get(end..).unwrap_or(""));
            let joins = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            let genitive = after.strip_prefix(['s', 'S']).is_some_and(|rest| !joins(rest.chars().next()));
            if joins(before.chars().next_back()) || (joins(after.chars().next()) && !genitive) {
                continue;
            }
            out.push_str(text.get(done..start).unwrap_or(""));
            out.push_str(instead.get(found.pattern().as_usize()).map_or("", String::as_str));
            done = end;
        }
        if done == 0 {
            return text;
        }
        out.push_str(text.get(done..).unwrap_or(""));
        Cow::Owned(out)
    }

    /// Keeps the key file; others may not read it.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn save(&self) -> Result<(), ExportError> {
        let target = Target::file(&self.path, true)?;
        let file = target.create(None)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(target.path(), fs::Permissions::from_mode(0o600)).at(&self.path)?;
        }
        serde_json::to_writer_pretty(file, &self.key)?;
        target.finish()
    }
}

fn phone(person: &Value) -> Option<String> {
    person.get("phone")?.as_str().map(str::to_string)
}

/// Calls for each person with the names in it, and for each list of names.
fn people(value: &Value, found: &mut impl FnMut(Option<&Value>, &[&str])) {
    match value {
        Value::Array(list) => list.iter().for_each(|v| people(v, found)),
        Value::Object(object) => {
            for (key, value) in object {
                match value {
                    Value::Array(list) if PEOPLE.contains(&key.as_str()) => {
                        for person in list {
                            let names = ["name", "substitute_for"].into_iter();
                            let names: Vec<&str> = names.filter_map(|k| person.get(k)?.as_str()).collect();
                            found(Some(person), &names);
                        }
                    }
                    Value::Array(list) if key == NAMES => {
                        let names: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
                        found(None, &names);
                    }
                    value => people(value, found),
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_replaced_wherever_they_stand() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key.json");
        let mut record = json!({
            "title": "Svar till Vera Ek",
            "handlaggare": [{"name": "Vera Ek", "phone": "08-508 00 000", "email": "vera.ek@example.org", "title": "strateg"}],
            "meeting": {"adjusters": ["Bo Lund"], "present": [{"name": "Ekdal", "substitute_for": null}]},
            "sections": [{"text": "VERA EK och Bo\nLunds skrivelse; Ek, Vera; Vera Ekdal; tel. 08-508 00 000, vera.ek@example.org"}],
        });
        let mut pseudonyms = Pseudonyms::open(&path, [7; 32]).unwrap();
        pseudonyms.learn(&record);
        pseudonyms.ready();
        pseudonyms.replace(&mut record);
        let (vera, bo) = (pseudonyms.id("Vera  Ek"), pseudonyms.id("bo lund"));
        assert_eq!(record["title"], format!("Svar till {vera}"));
        assert_eq!(
            record["handlaggare"][0],
            json!({"name": vera, "phone": "[telefon]", "email": "x@example.org", "title": "strateg"})
        );
        assert_eq!(record["meeting"]["adjusters"][0], bo.as_str());
        assert_eq!(record["meeting"]["present"][0]["name"], pseudonyms.id("Ekdal"));
        let text = format!("{vera} och {bo}s skrivelse; {vera}; Vera Ekdal; tel. [telefon], x@example.org");
        assert_eq!(record["sections"][0]["text"], text);

        pseudonyms.save().unwrap();
        let again = Pseudonyms::open(&path, [9; 32]).unwrap();
        assert_eq!(again.id("Vera Ek"), vera, "the salt of the file counts");
        assert_eq!(again.key.names[&vera], "Vera Ek");
        let other = Pseudonyms::open(&dir.path().join("other.json"), [9; 32]).unwrap();
        assert_ne!(other.id("Vera Ek"), vera);
    }
}
