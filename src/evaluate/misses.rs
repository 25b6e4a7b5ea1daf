//! Lists what was missed or wrong.

use serde::Serialize;

use super::Evaluation;

/// One value that was missed, wrong, or not quite right.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Miss<'a> {
    /// The document's label.
    pub document: &'a str,
    /// Where the document was found.
    pub path: &'a str,
    /// The field.
    pub field: &'a str,
    /// Page of what was found.
    pub page: Option<u32>,
    /// What the label has; none if nothing was wanted.
    pub want: Option<&'a str>,
    /// What the record has; none if nothing was found.
    pub got: Option<&'a str>,
    /// Whether the two overlap.
    pub near: bool,
    /// The rule that read what was found.
    pub rule: Option<&'a str>,
}

impl Evaluation {
    /// What was missed or wrong, in the order of documents and fields.
    pub fn misses(&self) -> Vec<Miss<'_>> {
        let wrong = self.judgements.iter().filter(|j| !j.strict);
        wrong
            .map(|j| {
                let document = self.documents.get(j.document);
                Miss {
                    document: document.map_or("", |d| &d.name),
                    path: document.map_or("", |d| &d.path),
                    field: &j.field,
                    page: j.page,
                    want: j.want.as_deref(),
                    got: j.got.as_deref(),
                    near: j.lenient,
                    rule: j.rule.as_deref(),
                }
            })
            .collect()
    }
}
