//! Writes citations of documents: BibTeX, RIS, CSL-JSON, and a line of text. A document is cited as a report of its authority, with its
//! kind, its diary number and its date; the file it was read from stands in a note.

use serde_json::{Map, Value, json};

use crate::lexicon::Lexicon;
use crate::query::Field;
use crate::search::label;

/// How a citation is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// BibTeX, UTF-8.
    Bibtex,
    /// RIS, as reference managers import it.
    Ris,
    /// One object of CSL-JSON.
    CslJson,
    /// One line for people.
    Text,
}

/// What is told of a document.
struct Cited {
    key: String,
    authors: Vec<String>,
    authority: Option<String>,
    title: String,
    kind: String,
    dnr: Option<String>,
    /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    date: Option<String>,
    path: String,
    /// First and last page in the file of a part of a bundle.
    pages: Option<(u64, u64)>,
    blake3: String,
}

impl Cited {
    fn of(record: &Value, lex: &Lexicon) -> Cited {
        let text = |v: &Value| v.as_str().filter(|s| !s.trim().is_empty()).map(str::to_string);
        let source = &record["source"];
        let id = record["id"].as_str().unwrap_or_default();
        let (file, part) = id.split_once('-').unwrap_or((id, ""));
        let kind = label(Field::Kind, record["kind"].as_str().unwrap_or("okand"), lex);
        let own = record["dnr"].as_array().into_iter().flatten().find(|d| d["role"] == "own");
        let date = text(&record["date"]).or_else(|| text(&record["meeting_date"]));
        let part_pages = &source["part"];
        let title = text(&record["title"]).or_else(|| text(&source["title"]));
        Cited {
            key: format!("diarium-{}{part}", file.get(..12).unwrap_or(file)),
            authors: record["authors"].as_array().into_iter().flatten().filter_map(|a| text(&a["name"])).collect(),
            authority: text(&record["authority"]["name"]),
            title: title.unwrap_or_else(|| kind.clone()),
            kind,
            dnr: own.and_then(|d| text(&d["canonical"])),
            date: date.or_else(|| record["year"].as_i64().map(|y| y.to_string())),
            path: source["path"].as_str().unwrap_or_default().to_string(),
            pages: part_pages["first_page"].as_u64().zip(part_pages["last_page"].as_u64()),
            blake3: source["blake3"].as_str().unwrap_or_default().to_string(),
        }
    }

    /// Who answers for it.
    fn responsible(&self) -> Vec<&str> {
        let authority = self.authority.iter().filter(|_| self.authors.is_empty());
        self.authors.iter().chain(authority).map(String::as_str).collect()
    }

    /// Where it was read.
    fn place(&self) -> String {
        let pages = self
            .pages
            .map_or_else(String::new, |(a, b)| if a == b { format!(", s. {a}") } else { format!(", s. {a}–{b}") });
        format!("{}{pages}; BLAKE3 {}", self.path, self.blake3)
    }
}

/// The citation of a public record, its end of line included (but for CSL-JSON, whose objects stand in an array).
pub fn cite(record: &Value, style: Style, lex: &Lexicon) -> String {
    let cited = Cited::of(record, lex);
    match style {
        Style::Bibtex => bibtex(&cited),
        Style::Ris => ris(&cited),
        Style::CslJson => csl(&cited).to_string(),
        Style::Text => text(&cited),
    }
}

fn bibtex(cited: &Cited) -> String {
    let mut fields: Vec<(&str, String)> = Vec::new();
    // Braces keep the name of an authority, which is no person's, in one piece.
    let authors: Vec<String> = cited.responsible().iter().map(|a| format!("{{{}}}", escaped(a))).collect();
    if !authors.is_empty() {
        fields.push(("author", authors.join(" and ")));
    }
    fields.push(("title", format!("{{{}}}", escaped(&cited.title))));
    fields.extend(cited.authority.as_ref().map(|a| ("institution", escaped(a))));
    fields.push(("type", escaped(&cited.kind)));
    fields.extend(cited.dnr.as_ref().map(|d| ("number", escaped(d))));
    if let Some(date) = &cited.date {
        fields.extend(date.get(..4).map(|y| ("year", y.to_string())));
        let month = date.get(5..7).and_then(|m| m.parse::<u32>().ok());
        fields.extend(month.map(|m| ("month", m.to_string())));
        fields.push(("date", date.clone()));
    }
    fields.push(("note", escaped(&cited.place())));
    fields.push(("language", "swedish".into()));
    let body: Vec<String> = fields.iter().map(|(name, value)| format!("  {name} = {{{value}}}")).collect();
    format!("@techreport{{{},\n{}\n}}\n", cited.key, body.join(",\n"))
}

/// Text without what TeX would read as something else.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in one_line(text).chars() {
        match c {
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            // A brace would have to have its fellow.
            '{' | '}' => out.push_str(if c == '{' { "(" } else { ")" }),
            '%' | '&' | '$' | '#' | '_' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn ris(cited: &Cited) -> String {
    let mut lines = vec![("TY", "RPRT".to_string()), ("ID", cited.key.clone())];
    // A comma would part an author's name in two.
    lines.extend(cited.responsible().iter().map(|a| ("AU", a.replace(',', ""))));
    lines.push(("TI", cited.title.clone()));
    if let Some(date) = &cited.date {
        lines.extend(date.get(..4).map(|y| ("PY", y.to_string())));
        let parts: Vec<&str> = date.split('-').collect();
        let part = |i: usize| parts.get(i).copied().unwrap_or("");
        lines.push(("DA", format!("{}/{}/{}/", part(0), part(1), part(2))));
    }
    lines.extend(cited.authority.as_ref().map(|a| ("PB", a.clone())));
    lines.push(("M3", cited.kind.clone()));
    lines.extend(cited.dnr.as_ref().map(|d| ("SN", d.clone())));
    lines.push(("LA", "sv".into()));
    lines.push(("N1", cited.place()));
    lines.push(("ER", String::new()));
    lines.iter().map(|(tag, value)| format!("{tag}  - {}\n", one_line(value))).collect()
}

fn csl(cited: &Cited) -> Value {
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| drop(out.insert(key.to_string(), value));
    put("id", cited.key.clone().into());
    put("type", "report".into());
    put("title", one_line(&cited.title).into());
    let authors: Vec<Value> = cited.responsible().iter().map(|a| json!({"literal": a})).collect();
    put("author", authors.into());
    if let Some(date) = &cited.date {
        let parts: Vec<i64> = date.split('-').filter_map(|p| p.parse().ok()).collect();
        put("issued", json!({"date-parts": [parts]}));
    }
    put("genre", cited.kind.clone().into());
    if let Some(dnr) = &cited.dnr {
        put("number", dnr.clone().into());
    }
    if let Some(authority) = &cited.authority {
        put("publisher", authority.clone().into());
    }
    put("language", "sv".into());
    put("note", cited.place().into());
    Value::Object(out)
}

fn text(cited: &Cited) -> String {
    let who = cited.responsible().join(", ");
    let who = if who.is_empty() { String::new() } else { format!("{who} ") };
    let date = cited.date.as_deref().unwrap_or("u.å.");
    let dnr = cited.dnr.as_ref().map_or_else(String::new, |d| format!(", dnr {d}"));
    let title = one_line(&cited.title);
    let stop = if title.ends_with(['.', '?', '!']) { "" } else { "." };
    format!("{who}({date}). {title}{stop} {}{dnr}. {}.\n", cited.kind, cited.place())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Value {
        json!({
            "id": "0123456789abcdef-p3", "kind": "tjansteutlatande", "title": "Stöd & lokaler\n{100 %}", "date": "2024-10-02",
            "dnr": [{"canonical": "JÄRVA 2024/44", "role": "cited"}, {"canonical": "JÄRVA 2024/45", "role": "own"}],
            "authority": {"name": "Järva stadsdelsnämnd"}, "authors": [], "year": 2024,
            "source": {"path": "jarva/a_b.pdf", "blake3": "0123456789abcdef", "part": {"first_page": 3, "last_page": 5}},
        })
    }

    #[test]
    fn every_style_names_who_what_when_and_where() {
        let lex = Lexicon::built_in();
        let bib = cite(&record(), Style::Bibtex, &lex);
        assert!(
            bib.starts_with("@techreport{diarium-0123456789abp3,\n  author = {{Järva stadsdelsnämnd}},\n"),
            "{bib}"
        );
        assert!(
            bib.contains("title = {{Stöd \\& lokaler (100 \\%)}}") && bib.contains("number = {JÄRVA 2024/45}"),
            "{bib}"
        );
        let ris = cite(&record(), Style::Ris, &lex);
        assert!(
            ris.starts_with("TY  - RPRT\n") && ris.ends_with("ER  - \n") && ris.contains("DA  - 2024/10/02/\n"),
            "{ris}"
        );
        let csl: Value = serde_json::from_str(&cite(&record(), Style::CslJson, &lex)).unwrap();
        assert_eq!(csl["issued"]["date-parts"], json!([[2024, 10, 2]]));
        assert_eq!(csl["author"], json!([{"literal": "Järva stadsdelsnämnd"}]));
        let text = cite(&record(), Style::Text, &lex);
        assert!(
            text.starts_with("Järva stadsdelsnämnd (2024-10-02). Stöd & lokaler {100 %}. ") && text.contains("s. 3–5"),
            "{text}"
        );
    }

    #[test]
    fn a_record_that_says_nothing_is_cited_too() {
        let lex = Lexicon::built_in();
        for style in [Style::Bibtex, Style::Ris, Style::CslJson, Style::Text] {
            assert!(!cite(&json!({"id": "x", "kind": "okand"}), style, &lex).is_empty());
        }
    }
}
