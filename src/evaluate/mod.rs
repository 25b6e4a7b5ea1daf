//! Defines evaluation: records held against what people read in the same documents.
//!
//! `gold` reads labels (the form is described in `tests/gold/README.md`), `shape` is the one table of what is compared and how,
//! `compare` turns a record and a label into judgements, `proof` checks evidence against the text, `tally` counts judgements
//! by field, kind, body, confidence and rule, `documents` finds the labelled documents, `baseline` says whether a field fell.

pub mod baseline;
mod compare;
pub mod documents;
mod fold;
pub mod gold;

mod misses;
mod pair;
pub mod proof;
mod shape;
pub mod tables;
pub mod tally;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

pub use documents::{Documents, Found};
pub use gold::{GoldError, Label};
use proof::Proof;

/// How one value came out. Found and wanted is a match or a near miss; only one of them, a wrong or a missed value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judgement {
    /// Number of the document among those evaluated.
    #[serde(skip)]
    pub document: usize,
    /// The field, e.g. `decisions.status`; a list's own name stands for its main value.
    pub field: String,
    /// What the label has.
    pub want: Option<String>,
    /// What the record has.
    pub got: Option<String>,
    /// Equal after folding.
    pub strict: bool,
    /// Overlapping; true whenever `strict` is.
    pub lenient: bool,
    /// Page of the found value's evidence, else of the label's.
    pub page: Option<u32>,
    /// Confidence of the found value's evidence.
    #[serde(skip)]
    pub confidence: Option<f64>,
    /// The rule that read the found value.
    pub rule: Option<String>,
    /// Whether the evidence lies where the label says; none where it says nothing.
    #[serde(skip)]
    pub placed: Option<bool>,
    /// Whether the quote holds the found value; none for values that no quote can be searched for, such as ids.
    #[serde(skip)]
    pub held: Option<bool>,
}

/// One document that was evaluated.
#[derive(Clone, Debug, Serialize)]
pub struct Evaluated {
    /// The label's name, with the page for a part of a bundle.
    pub name: String,
    /// Where the document was found.
    pub path: String,
    /// Its kind as labelled, else as read.
    pub kind: String,
    /// The body it belongs to as labelled, else as read; `?` if nothing says.
    pub body: String,
}

/// What came of an evaluation.
#[derive(Debug, Default)]
pub struct Evaluation {
    /// The documents, in the order of their labels.
    pub documents: Vec<Evaluated>,
    /// Every value compared.
    pub judgements: Vec<Judgement>,
    /// What the evidence of these documents' records is worth.
    pub proof: Proof,
    /// Labels whose document was not found: file of the label, and what was looked for.
    pub missing: Vec<(String, String)>,
}

/// Holds the records of `documents` against `labels`, in order.
pub fn evaluate(labels: &[Label], documents: &Documents) -> Evaluation {
    let mut out = Evaluation::default();
    for label in labels {
        let found = documents.of(label);
        if found.is_empty() {
            out.missing.push((label.file.display().to_string(), label.wanted()));
            continue;
        }
        if label.all_parts {
            parts(label, found, &mut out);
        }
        for (i, part) in label.parts.iter().enumerate() {
            let found_part = match part.first_page {
                Some(page) => found.iter().find(|f| f.first_page == page),
                None => found.get(i),
            };
            one(label, part, found_part, found, &mut out);
        }
    }
    out
}

/// Judges where the documents of a bundle begin.
fn parts(label: &Label, found: &[Found], out: &mut Evaluation) {
    let document = out.documents.len();
    let mut judge = |want: Option<String>, got: Option<String>| {
        let same = want.is_some() && want == got;
        let field = "parts".to_string();
        out.judgements.push(Judgement { document, field, want, got, strict: same, lenient: same, ..empty() });
    };
    let pages: Vec<u32> = found.iter().map(|f| f.first_page).collect();
    if label.parts.iter().all(|p| p.first_page.is_some()) {
        let wanted: Vec<u32> = label.parts.iter().filter_map(|p| p.first_page).collect();
        let shown = |n: u32| Some(format!("page {n}"));
        for page in &wanted {
            judge(shown(*page), pages.contains(page).then(|| format!("page {page}")));
        }
        pages.iter().filter(|p| !wanted.contains(p)).for_each(|p| judge(None, shown(*p)));
    } else {
        for i in 0..pages.len().max(label.parts.len()) {
            let shown = Some(format!("part {}", i + 1));
            judge(shown.clone().filter(|_| i < label.parts.len()), shown.filter(|_| i < pages.len()));
        }
    }
}

/// Judges one document; one that the file was not split into has nothing.
fn one(label: &Label, part: &gold::Part, found: Option<&Found>, all: &[Found], out: &mut Evaluation) {
    let nothing = Value::Null;
    let record = found.map_or(&nothing, |f| &f.record);
    let said = |v: &Value| v.as_str().map(str::to_string);
    let kind = said(&part.fields["kind"]).or_else(|| said(&record["kind"])).unwrap_or_else(|| "okand".into());
    let body = part.body.clone().or_else(|| said(&record["authority"]["name"])).unwrap_or_else(|| "?".into());
    let name = match part.first_page {
        Some(page) => format!("{} p. {page}", label.name),
        None => label.name.clone(),
    };
    let path = all.first().map(|f| f.path.clone()).unwrap_or_default();
    let document = out.documents.len();
    out.documents.push(Evaluated { name, path, kind, body });
    if let Some(found) = found {
        out.proof.add(&proof::check(record, &found.document));
    }
    let judgements = compare::record(record, part);
    out.judgements.extend(judgements.into_iter().map(|j| Judgement { document, ..j }));
}

fn empty() -> Judgement {
    Judgement {
        document: 0,
        field: String::new(),
        want: None,
        got: None,
        strict: false,
        lenient: false,
        page: None,
        confidence: None,
        rule: None,
        placed: None,
        held: None,
    }
}

impl Evaluation {
    /// Counts by field, in the order of the record; only the judgements that `keep` keeps.
    pub fn rows(&self, keep: impl Fn(&Judgement) -> bool) -> Vec<(String, tally::Count)> {
        let mut rows: BTreeMap<(Vec<usize>, &str), tally::Count> = BTreeMap::new();
        for j in self.judgements.iter().filter(|j| keep(j)) {
            rows.entry((shape::order(&j.field), &j.field)).or_default().add(j);
        }
        rows.into_iter().map(|((_, field), count)| (field.to_string(), count)).collect()
    }
}
