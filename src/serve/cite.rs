//! Citations of a document: on its page, and as files that reference managers read.

use serde_json::Value;

use super::app::App;
use super::http::Answer;
use crate::base::DocId;
use crate::catalog::StoredDocument;
use crate::export::cite::{Style, cite};
use crate::export::wire;

/// A form of citation: its name, the ending of its file, its media type.
struct Form {
    style: Style,
    name: &'static str,
    ending: &'static str,
    media_type: &'static str,
}

/// The forms, in the order they are shown. The name of the first is in the language of the page.
const FORMS: [Form; 4] = [
    Form { style: Style::Text, name: "", ending: "txt", media_type: "text/plain; charset=utf-8" },
    Form { style: Style::Bibtex, name: "BibTeX", ending: "bib", media_type: "application/x-bibtex; charset=utf-8" },
    Form {
        style: Style::Ris,
        name: "RIS",
        ending: "ris",
        media_type: "application/x-research-info-systems; charset=utf-8",
    },
    Form {
        style: Style::CslJson,
        name: "CSL-JSON",
        ending: "json",
        media_type: "application/vnd.citationstyles.csl+json",
    },
];

/// A citation as a page shows it.
pub(super) struct Citation {
    /// Name of the form; empty for plain words.
    pub(super) name: &'static str,
    pub(super) text: String,
    /// Address of it as a file.
    pub(super) url: String,
}

/// All citations of a document, from its public record.
pub(super) fn all(app: &App, record: &Value, id: &DocId) -> Vec<Citation> {
    let one = |f: &Form| Citation {
        name: f.name,
        text: cite(record, f.style, &app.lex).trim_end().to_string(),
        url: format!("/document/{id}/cite.{}", f.ending),
    };
    FORMS.iter().map(one).collect()
}

/// A citation as a file, by a name such as `cite.bib`; none if that is no name of one.
pub(super) fn file(app: &App, stored: &StoredDocument, name: &str) -> Option<serde_json::Result<Answer>> {
    let ending = name.strip_prefix("cite.")?;
    let form = FORMS.iter().find(|f| f.ending == ending)?;
    Some(wire::to_value(stored).map(|record| {
        let text = cite(&record, form.style, &app.lex);
        // CSL-JSON is a list of what is cited.
        let text = if form.style == Style::CslJson { format!("[{text}]\n") } else { text };
        let id: String = stored.id.as_str().chars().take(12).collect();
        Answer::new(form.media_type, text).named(format!("{id}.{ending}"))
    }))
}
