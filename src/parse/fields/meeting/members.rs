//! Reads an attendance list set as a table: a column for the name, for the party, for who was there, for the substitute.

use super::people::Entry;
use super::{Meeting, push};
use crate::base::{Span, fold};
use crate::parse::context::Context;
use crate::parse::record::Evidence;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Name,
    Party,
    Present,
    Substitute,
    Other,
}

/// The table that is being read.
#[derive(Debug, Default)]
pub(super) struct Table {
    columns: Vec<Column>,
    /// What the names are by the heading of their column.
    role: Option<&'static str>,
}

/// What the heading of a column names.
fn column(heading: &str) -> Option<(Column, Option<&'static str>)> {
    let key = fold::name_key(heading.trim_end_matches(['.', ':']));
    Some(match key.as_str() {
        "ledamot" | "ledamoter" | "ordinarie" | "ordinarie ledamot" | "ordinarie ledamoter" => {
            (Column::Name, Some("ledamot"))
        }
        "namn" => (Column::Name, None),
        "ersattare" | "tjanstgorande ersattare" | "tjg ersattare" => (Column::Substitute, None),
        "parti" | "partitillhorighet" | "partibeteckning" => (Column::Party, None),
        "narv" | "narvarande" | "narvaro" | "tjanstg" | "tjanstgorande" | "beslutande" => (Column::Present, None),
        "kommun" | "roll" | "uppdrag" | "funktion" | "tid" | "distans" | "pa distans" | "kommentar" | "anmarkning"
        | "paragraf" | "paragrafer" | "nr" | "anm" => (Column::Other, None),
        // Votes in the same table.
        key if key.starts_with('§') || matches!(key, "ja" | "nej" | "avst" | "avstar" | "rost") => {
            (Column::Other, None)
        }
        _ => return None,
    })
}

/// Whether a row is the headings of such a table.
pub(super) fn heads(row: &str) -> bool {
    let mut cells = row.split('\t').map(|c| column(c.trim()));
    row.matches('\t').count() >= 2 && cells.all(|c| c.is_some())
}

/// Reads a row of the table or its headings; false if it is neither.
pub(super) fn read(
    cx: &Context,
    row: Span,
    table: &mut Table,
    meeting: &mut Meeting,
    proof: &mut Vec<Evidence>,
) -> bool {
    let text = cx.quote(row);
    let cells: Vec<&str> = text.split('\t').map(str::trim).collect();
    let headings: Option<Vec<_>> = cells.iter().map(|c| column(c)).collect();
    if let Some(found) = headings.filter(|h| h.len() >= 3) {
        let has = |c: Column| found.iter().any(|(f, _)| *f == c);
        if (has(Column::Name) || has(Column::Substitute)) && (has(Column::Party) || has(Column::Present)) {
            table.role = found.iter().find_map(|(_, role)| *role);
            table.columns = found.iter().map(|(c, _)| *c).collect();
            if !has(Column::Name) {
                // "Ersättare | Parti": the substitutes are those who are listed.
                table.role = Some("ersättare");
                table.columns =
                    found.iter().map(|(c, _)| if *c == Column::Substitute { Column::Name } else { *c }).collect();
            }
            return true;
        }
    }
    let absent = |c: &str| {
        matches!(fold::name_key(c).as_str(), "" | "nej" | "frv" | "franv" | "franvarande" | "ej" | "n")
            || c == "-"
            || c == "–"
    };
    // "Ja Nej Avst" under the numbers of paragraphs: a second row of headings.
    let answers =
        |c: &&str| c.split_whitespace().all(|w| matches!(fold::name_key(w).as_str(), "ja" | "nej" | "avst" | "avstar"));
    if !table.columns.is_empty() && text.chars().any(char::is_alphabetic) && cells.iter().all(answers) {
        return true;
    }
    if !table.columns.is_empty() && cells.len() > table.columns.len() && cells.len() <= table.columns.len() + 2 {
        // A column without a heading: "Eva Ek | (S) | ordförande | Ja".
        let found = cx.rules.meeting.people.of(text, &cx.rules.people, &cx.rules.item.members);
        if !found.is_empty() {
            if !cells.iter().skip(1).any(|c| !c.is_empty() && absent(c)) {
                found.into_iter().for_each(|e| push(meeting, e, table.role));
                proof.push(cx.evidence("present", row, "meeting.table", 0.8));
            }
            return true;
        }
    }
    if table.columns.is_empty() || cells.len() < 2 || cells.len() > table.columns.len() {
        table.columns.clear();
        return false;
    }
    let of = |wanted: Column| {
        let found = table.columns.iter().zip(&cells).find(|(c, cell)| **c == wanted && !cell.is_empty());
        found.map(|(_, cell)| *cell)
    };
    let people = |cell: &str| cx.rules.meeting.people.of(cell, &cx.rules.people, &cx.rules.item.members);
    let Some(mut member) = of(Column::Name).and_then(|c| people(c).into_iter().next()) else {
        table.columns.clear();
        return false;
    };
    let letters = |c: &&str| (1..=5).contains(&c.chars().count()) && c.chars().all(char::is_uppercase);
    member.party = member.party.or_else(|| of(Column::Party).filter(|c| letters(c)).map(str::to_string));
    let marked = table.columns.contains(&Column::Present);
    let away = marked
        && cells
            .iter()
            .zip(&table.columns)
            .any(|(c, k)| *k == Column::Present && absent(c) && (!c.is_empty() || cells.len() == table.columns.len()));
    let substitute = of(Column::Substitute).and_then(|c| people(c).into_iter().next());
    let name = member.name.clone();
    if !away {
        push(meeting, member, table.role);
    }
    if let Some(entry) = substitute.filter(|e| e.name != name) {
        let entry = Entry { substitute_for: away.then_some(name), ..entry };
        push(meeting, entry, Some("ersättare"));
    }
    proof.push(cx.evidence("present", row, "meeting.table", 0.85));
    true
}
