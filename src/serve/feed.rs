//! Atom feeds (RFC 4287): the newest documents of a search.

use std::fmt::Write as _;

use super::address::Question;
use super::app::{App, State};
use super::http::{Answer, Ask};
use super::page::{bad_address, refused};
use crate::query::{Field, Sort};
use crate::search::{self, Request, label};

/// Entries of a feed.
const ENTRIES: usize = 50;

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
    let base = &ask.base;
    let lang = ask.lang;
    let here = format!("{base}{}", question.link(&format!("{}/feed.atom", lang.prefix())));
    let page = format!("{base}{}", question.link(&format!("{}/", lang.prefix())));
    let when = |hit: &search::Hit| hit.date.map_or_else(|| "1970-01-01".to_string(), |d| d.first().to_string());
    let updated = results.hits.iter().map(&when).max().unwrap_or_else(|| "1970-01-01".into());
    let title = match question.request.text.trim() {
        "" => "Diarium".to_string(),
        text => format!("Diarium: {text}"),
    };
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    let _ = write!(
        out,
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n<title>{}</title>\n<id>{}</id>\n\
         <updated>{updated}T00:00:00Z</updated>\n<author><name>Diarium</name></author>\n\
         <link rel=\"self\" href=\"{}\"/>\n<link rel=\"alternate\" href=\"{}\"/>\n",
        lang.code(),
        escaped(&title),
        escaped(&here),
        escaped(&here),
        escaped(&page),
    );
    for hit in &results.hits {
        let url = format!("{base}{}/document/{}", lang.prefix(), hit.id);
        let kind = label(Field::Kind, &hit.kind, &app.lex);
        let facts: Vec<String> = [Some(kind), hit.authority.clone(), hit.dnr.clone()].into_iter().flatten().collect();
        let title = hit.title.as_deref().unwrap_or(&hit.path);
        let id =
            if hit.decision.is_some() { format!("{url}#{}", hit.pages.first().unwrap_or(&1)) } else { url.clone() };
        let text = hit.decision.as_ref().map_or_else(|| facts.join(" · "), |d| d.text.clone());
        let _ = write!(
            out,
            "<entry>\n<title>{}</title>\n<id>{}</id>\n<updated>{}T00:00:00Z</updated>\n<link href=\"{}\"/>\n\
             <summary>{}</summary>\n</entry>\n",
            escaped(title),
            escaped(&id),
            when(hit),
            escaped(&url),
            escaped(&text),
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
