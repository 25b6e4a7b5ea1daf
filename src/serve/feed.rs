//! Atom feeds (RFC 4287): the newest documents of a search, or of an entry of a register.

use std::fmt::Write as _;

use super::address::Question;
use super::app::{App, State};
use super::http::{Answer, Ask};
use super::page::{bad_address, refused};
use crate::base::PartialDate;
use crate::query::{Field, Sort};
use crate::registry::Source;
use crate::search::{self, Request, label};

/// Entries of a feed.
const ENTRIES: usize = 50;

/// One document or decision of a feed.
pub(super) struct Entry {
    pub(super) title: String,
    /// Its address on this server, from the path on.
    pub(super) url: String,
    /// Its address with what tells it from others of one document.
    pub(super) id: String,
    pub(super) date: Option<PartialDate>,
    pub(super) summary: String,
}

/// The feed of a search.
pub(super) fn answer(app: &App, state: &State, ask: &Ask) -> Answer {
    let question = match Question::read(ask.query.as_deref()) {
        Ok(question) => question,
        Err(e) => return bad_address(ask.lang, &e),
    };
    let request = Request { sort: Sort::Newest, limit: ENTRIES, facets: false, ..question.request.clone() };
    let found = app.with_catalog(state, |catalog| search::search(&request, &state.engine, catalog, &app.lex));
    let results = match found {
        Ok(results) => results,
        Err(e) => return refused(ask, &e, &question),
    };
    let entry = |hit: &search::Hit| {
        let url = format!("{}/document/{}", ask.lang.prefix(), hit.id);
        let kind = label(Field::Kind, &hit.kind, &app.lex);
        let facts: Vec<String> = [Some(kind), hit.authority.clone(), hit.dnr.clone()].into_iter().flatten().collect();
        let of_decision = hit.decision.is_some().then(|| format!("#{}", hit.pages.first().unwrap_or(&1)));
        Entry {
            title: hit.title.as_deref().unwrap_or(&hit.path).to_string(),
            id: format!("{url}{}", of_decision.unwrap_or_default()),
            date: hit.date,
            summary: hit.decision.as_ref().map_or_else(|| facts.join(" · "), |d| d.text.clone()),
            url,
        }
    };
    let entries: Vec<Entry> = results.hits.iter().map(entry).collect();
    let page = question.link(&format!("{}/", ask.lang.prefix()));
    write(
        ask,
        question.request.text.trim(),
        &question.link(&format!("{}/feed.atom", ask.lang.prefix())),
        &page,
        &entries,
    )
}

/// The newest documents that an entry of a register stands in.
pub(super) fn of_documents<'s>(
    app: &App,
    ask: &Ask,
    title: &str,
    [here, page]: [&str; 2],
    documents: impl DoubleEndedIterator<Item = &'s Source>,
) -> Answer {
    let entry = |s: &Source| {
        let url = format!("{}/document/{}", ask.lang.prefix(), s.id);
        let facts = [Some(label(Field::Kind, &s.kind, &app.lex)), s.authority.clone()];
        Entry {
            title: s.title.as_deref().unwrap_or(&s.path).to_string(),
            id: url.clone(),
            date: s.when(),
            summary: facts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            url,
        }
    };
    let entries: Vec<Entry> = documents.rev().take(ENTRIES).map(entry).collect();
    write(ask, title, here, page, &entries)
}

/// A feed: what it is of, where it is, the page that shows the same.
fn write(ask: &Ask, title: &str, here: &str, page: &str, entries: &[Entry]) -> Answer {
    let base = &ask.base;
    let when = |e: &Entry| e.date.map_or_else(|| "1970-01-01".to_string(), |d| d.first().to_string());
    let updated = entries.iter().map(when).max().unwrap_or_else(|| "1970-01-01".into());
    let title = if title.is_empty() { "Diarium".to_string() } else { format!("Diarium: {title}") };
    let here = escaped(&format!("{base}{here}"));
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    let _ = write!(
        out,
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n<title>{}</title>\n<id>{here}</id>\n\
         <updated>{updated}T00:00:00Z</updated>\n<author><name>Diarium</name></author>\n\
         <link rel=\"self\" href=\"{here}\"/>\n<link rel=\"alternate\" href=\"{}\"/>\n",
        ask.lang.code(),
        escaped(&title),
        escaped(&format!("{base}{page}")),
    );
    for e in entries {
        let _ = write!(
            out,
            "<entry>\n<title>{}</title>\n<id>{}</id>\n<updated>{}T00:00:00Z</updated>\n<link href=\"{}\"/>\n\
             <summary>{}</summary>\n</entry>\n",
            escaped(&e.title),
            escaped(&format!("{base}{}", e.id)),
            when(e),
            escaped(&format!("{base}{}", e.url)),
            escaped(&e.summary),
        );
    }
    out.push_str("</feed>\n");
    Answer::new("application/atom+xml; charset=utf-8", out)
}

/// Text as XML has it; characters that XML has not are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c < ' ' && !matches!(c, '\t' | '\n' | '\r') => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_document_is_markup() {
        assert_eq!(escaped("<b> & \"x\"\u{1}\n"), "&lt;b&gt; &amp; &quot;x&quot;\n");
    }
}
