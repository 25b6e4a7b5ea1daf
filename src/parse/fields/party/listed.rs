//! Reads the parties where an agreement lists them: under the heading Parter or behind "mellan", one below the other, numbered,
//! or side by side in columns, each with number, address and the name it goes by afterwards.
//!
//! A line or clause that begins with a name begins a party; what follows up to the next one tells more of it.

use std::sync::LazyLock;

use crate::parse::pattern::Regex;

use super::OPENING;
use super::names::Names;
use crate::base::Span;
use crate::parse::context::Context;
use crate::parse::fields::org_nr::OrgNr;
use crate::parse::record::PartyRole;
use crate::parse::text::{EMAIL, fixed};

/// A party as listed: its name, where the name stands, the number beside it.
pub(super) type Listed = (String, Span, Option<OrgNr>);

/// Longest list that is read, in bytes.
const LONGEST: usize = 1500;
/// More parties than this no list has.
const MOST: usize = 30;

struct Rules {
    /// Where a list behind "mellan" begins: the word ends its line or clause.
    between: Regex,
    /// What ends a list.
    ends: Regex,
    /// Between two parties in running text.
    and: Regex,
    /// A number or letter before a party.
    marker: Regex,
    /// "den ideella föreningen" before a name.
    lead: Regex,
    /// What a party's line begins with if it tells more of the one before.
    detail: Regex,
    /// What ends a name.
    cut: Regex,
    /// A municipality with one of its offices behind it.
    municipality: Regex,
    /// The row of a table that names the parties, and the rows of it that name people.
    row: Regex,
    people: Regex,
    /// The label of who is to be asked.
    contact: Regex,
    /// What shows that a text is a list of parties: a number or the name they go by.
    shown: Regex,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules {
    between: fixed(r"(?i)\bmellan(?:\s+(?:följande|nedanstående|nedan\s+angivna)\s+parter)?\s*:?\s*\n"),
    ends: fixed(
        r"(?i)\b(?:gemensamt|tillsammans|båda|samtliga)\s+(?:benämn|kalla)|\bhar\s+(?:\p{L}+\s+){0,4}?(?:träffats|ingåtts|slutits|tecknats|upprättats)|\bträffas\b|\bingås\b|\bsluts\b",
    ),
    and: fixed(
        r"(?:,|\)|”|\x22|\.)\s*och\s+|\s(?:och|samt)\s+(?:den\s+ideella\s+|den\s+ekonomiska\s+)|\n(?:och|samt)\n",
    ),
    marker: fixed(
        r"^(?:(?i:part(?:en)?)\s*\d{0,2}\s*:\s*|\d{1,2}\s?[.)]\s*|\((?:\d{1,2}|[a-f]|[ivx]{1,4})\)\s*|[a-f]\)\s*|[•–*-]\s+)",
    ),
    lead: fixed(r"^(?:[Dd]en|[Dd]et)\s+(?:\p{Ll}+\s+){1,2}"),
    detail: fixed(
        r"(?i)^(?:\d{3}\s?\d{2}\s|box\s|org(?:anisations)?\.?\s?-?(?:nr|nummer)|kontakt|tel|e-?post|adress|att\b|c/o|genom\b|nedan|härefter|fortsättningsvis|\(|(?-i:\p{Ll}))",
    ),
    cut: fixed(
        r"(?i),|\s\(|\(|;|\t|\n|\s(?:genom|nedan|c/o\b|org(?:anisations)?\.?\s?-?(?:nr|nummer)|härefter|fortsättningsvis|org\b)|\s[-–]\s|\s\d{6}",
    ),
    municipality: fixed(r"^(\p{Lu}[\p{L} -]{2,40}?\s(?:kommun|landsting))\s\p{Lu}"),
    people: fixed(r"(?im)^(?:företräd|kontakt|ombud|representant|ansvarig|undertecknare|firmatecknare)[^\n]*"),
    row: fixed(r"(?im)^part(?:er)?:?\t[^\t\n]+\t[^\n]+$"),
    contact: fixed(r"(?i)^(?:kontakt|kontaktperson(?:er)?|företrädare|firmatecknare|ombud)\s*:?$"),
    shown: fixed(r"(?i)\bnedan\b|\bhärefter\b|\bfortsättningsvis\b|\([”“\x22’]\p{L}"),
});

/// The listed parties; none if there is no list with two of them.
pub(super) fn parties(cx: &Context) -> Vec<Listed> {
    for region in regions(cx) {
        let found = of_region(cx, region);
        if found.len() >= 2 {
            return found;
        }
    }
    Vec::new()
}

fn regions(cx: &Context) -> Vec<Span> {
    let body = cx.doc.body();
    let section = cx.segments.with_id("agreement_parties").next().map(|s| s.body);
    let opening = body.get(..body.floor_char_boundary(OPENING)).unwrap_or("");
    let behind = RULES.between.find(opening).map(|m| {
        let rest = body.get(m.end()..).unwrap_or("");
        let next = cx.segments.sections.iter().map(|s| s.heading.start as usize).find(|at| *at >= m.end());
        Span::new(m.end(), next.unwrap_or(m.end() + rest.len()))
    });
    // "PART   Ekby kommun   Ekby Föreningsråd" over their numbers and addresses.
    let rows = RULES.row.find(opening).map(|m| {
        let rest = opening.get(m.start()..).unwrap_or("");
        let end = rest.find("\n\n").unwrap_or(rest.len());
        let people = RULES.people.find(rest.get(..end).unwrap_or("")).map_or(end, |p| p.start());
        Span::new(m.start(), m.start() + people)
    });
    section.into_iter().chain(behind).chain(rows).collect()
}

fn of_region(cx: &Context, region: Span) -> Vec<Listed> {
    let text = cx.quote(region);
    let text = text.get(..text.floor_char_boundary(LONGEST)).unwrap_or(text);
    let text = RULES.ends.find(text).map_or(text, |m| &text[..m.start()]);
    let numbers = cx.rules.org_nr.find(text);
    if numbers.is_empty() && !RULES.shown.is_match(text) {
        return Vec::new();
    }
    let names = &cx.rules.party.names;
    let mut out: Vec<Listed> = Vec::new();
    for column in columns(text) {
        // The pieces of one column, in reading order; a party's number stands in its own piece or in one that tells more of it.
        let mut open: Option<usize> = None;
        let mut contact = false;
        for piece in column.into_iter().flat_map(|line| clauses(text, line)) {
            // "Kontaktperson:" / "Eva Ek, enhetschef" / …: nobody of those below the label is a party.
            let label = text.get(piece.range()).unwrap_or("");
            contact =
                RULES.contact.is_match(label) || contact && out.get(open.unwrap_or(0)).is_none_or(|l| l.2.is_some());
            let named = name_of(names, text, piece).filter(|(name, _)| {
                // "Ekstads kommun" / "Socialnämnden": the board of the one above tells more of it.
                let more = open.and_then(|i| out.get(i)).is_some_and(|l| {
                    l.2.is_none() && names.role(&l.0) == PartyRole::Public && names.role(name) == PartyRole::Public
                });
                !contact && !more && !cx.rules.people.is_person(name)
            });
            if let Some((name, span)) = named
                && out.len() < MOST
            {
                out.push((name, span.shift(region.start as usize), None));
                open = Some(out.len() - 1);
            }
            let number = numbers.iter().find(|n| n.span.start >= piece.start && n.span.end <= piece.end);
            if let (Some(listed), Some(number)) = (open.and_then(|i| out.get_mut(i)), number)
                && listed.2.is_none()
            {
                listed.2 = Some(OrgNr { span: number.span.shift(region.start as usize), ..number.clone() });
            }
        }
    }
    // Names without anything that shows them to be parties are lines of another kind.
    let shown = out.iter().filter(|l| l.2.is_some()).count();
    if shown > 0 || RULES.shown.is_match(text) { out } else { Vec::new() }
}

/// The lines of a text, of each column on its own: cells are parted by tabs.
fn columns(text: &str) -> Vec<Vec<Span>> {
    let mut columns: Vec<Vec<Span>> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let mut from = at;
        for (i, cell) in line.split_inclusive('\t').enumerate() {
            let span = Span::new(from, from + cell.len()).trim(text);
            if i >= columns.len() {
                columns.push(Vec::new());
            }
            if let Some(column) = columns.get_mut(i)
                && !span.is_empty()
            {
                column.push(span);
            }
            from += cell.len();
        }
        at += line.len();
    }
    columns
}

/// The clauses of a line that may each begin a party.
fn clauses(text: &str, line: Span) -> Vec<Span> {
    let quote = &text[line.range()];
    let mut from = 0;
    let mut out = Vec::new();
    for m in RULES.and.find_iter(quote) {
        // The sign before "och" ends the clause before; "den ideella" begins the next.
        let and = m.as_str().find("och").or_else(|| m.as_str().find("samt")).unwrap_or(0);
        let begins = m.start() + and + if m.as_str()[and..].starts_with("samt") { 4 } else { 3 };
        out.push(Span::new(from, m.start() + and));
        from = begins.min(quote.len());
    }
    out.push(Span::new(from, quote.len()));
    out.into_iter().map(|s| s.shift(line.start as usize).trim(text)).filter(|s| !s.is_empty()).collect()
}

/// The name that a clause begins with.
fn name_of(names: &Names, text: &str, clause: Span) -> Option<(String, Span)> {
    let mut at = clause.start as usize;
    let rest = |at: usize| &text[at..clause.end as usize];
    at += RULES.marker.find(rest(at)).map_or(0, |m| m.end());
    at += RULES.lead.find(rest(at)).map_or(0, |m| m.end());
    let mut quote = rest(at);
    // "Detta avtal är träffat mellan Ekby kommun".
    if let Some(i) = quote.find(" mellan ").filter(|i| *i < 80) {
        at += i + " mellan ".len();
        quote = rest(at);
    }
    if RULES.detail.is_match(quote) || quote.is_empty() {
        return None;
    }
    let end = RULES.cut.find(quote).map_or(quote.len(), |m| m.start());
    let mut span = Span::new(at, at + end).trim(text);
    // "Ekstads stad genom Ekby stadsdelsnämnd": the board, if it has a name of its own.
    if let Some((_, board)) = quote.split_once(" genom ").filter(|(whole, _)| whole.len() == end)
        && let Some((_, own)) = names.boards(board).into_iter().find(|(_, s)| s.start == 0)
    {
        span = own.shift(at + end + " genom ".len());
    }
    // "Ekstads kommun Sektor samhällsbyggnad", joined from two lines: the office tells more of it.
    let whole = text.get(span.range())?;
    let name = RULES.municipality.captures(whole).and_then(|c| c.get(1)).map_or(whole, |m| m.as_str());
    let name = name.trim_end_matches(['.', ',', ':']);
    let street = name.ends_with(|c: char| c.is_ascii_digit()) || EMAIL.is_match(name);
    // What the agreement says, or a heading of it, is no party.
    let lower = name.to_lowercase();
    let told = ["avtal", "överenskommelse", "detta avtal", "denna"].iter().any(|w| lower.starts_with(w));
    let heading = told
        || name.eq_ignore_ascii_case("parter")
        || name.eq_ignore_ascii_case("part")
        || quote.trim_end().ends_with(':');
    (names.is_name(name) && !names.is_generic(name) && name.len() >= 3 && !street && !heading)
        .then(|| (name.to_string(), Span::new(span.start as usize, span.start as usize + name.len())))
}

#[cfg(test)]
mod tests {
    use crate::parse::record::PartyRole;
    use crate::parse::testing::parse;

    fn parties(text: &str) -> Vec<(String, Option<String>, PartyRole)> {
        parse(text).parties.into_iter().map(|p| (p.name, p.org_nr, p.role)).collect()
    }

    #[test]
    fn numbered_behind_between() {
        let found = parties(
            "SAMVERKANSAVTAL\n\navseende familjecentralen Ekbacken mellan följande parter\n\n\
             1. Ekstads kommun, barnnämnden\norg. nr 212000-1850, 599 81 Ekstad (\"Kommunen\")\n\n\
             2. Region Ekland, Primärvården i Ekland\norg. nr 232100-0040, 599 91 Ekstad (\"Regionen\")\n\n\
             3. Ekstads grannar, ideell förening\norg. nr 802999-0333, Ekvägen 3, 599 36 Ekstad (\"Föreningen\")\n\n\
             gemensamt benämnda Parterna.\n\n1 Bakgrund och syfte\n\nText.",
        );
        let names: Vec<&str> = found.iter().map(|f| f.0.as_str()).collect();
        assert_eq!(names, ["Ekstads kommun", "Region Ekland", "Ekstads grannar"]);
        let numbers: Vec<Option<&str>> = found.iter().map(|f| f.1.as_deref()).collect();
        assert_eq!(numbers, [Some("212000-1850"), Some("232100-0040"), Some("802999-0333")]);
        assert_eq!(found[2].2, PartyRole::Civil);
    }

    #[test]
    fn side_by_side() {
        let found = parties(
            "# Överenskommelse om samverkan\n\n## Parter\n\nEkstads kommun, socialnämnden\tEkjouren (802999-0333)\n\
             Organisationsnummer 212000-1850\tBox 44\n599 85 Ekstad\t599 21 Ekstad\nnedan kommunen\tnedan jouren\n\n\
             Kontakt: Lisa Ekman\tKontakt: Tyra Ekdal\n\n## Syfte\n\nText.",
        );
        let names: Vec<(&str, Option<&str>)> = found.iter().map(|f| (f.0.as_str(), f.1.as_deref())).collect();
        assert_eq!(names, [("Ekstads kommun", Some("212000-1850")), ("Ekjouren", Some("802999-0333"))]);
    }

    #[test]
    fn a_list_of_something_else_is_none() {
        let found = parties(
            "# Överenskommelse om samverkan\n\n## Parter\n\nSe bilaga\nKarta över området\n\n## Syfte\n\nText.",
        );
        assert_eq!(found, []);
    }
}
