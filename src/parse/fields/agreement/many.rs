//! Reads documents about many partnerships: a section for each, or a table of them.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::base::{Span, fold};
use crate::parse::context::Context;
use crate::parse::pattern::Regex;
use crate::parse::record::{Agreement, PartyRole, Record};
use crate::parse::segment::lines;
use crate::parse::text::{fixed, joined};

use super::super::party::own_board;
use super::super::period::{Reading, Tie};
use super::super::tables::flat::{self, Column};
use super::{describe, terms};

/// A partnership with a heading of its own.
pub(crate) struct Partnership {
    pub name: Span,
    pub body: Span,
}

/// The sections that are about one partnership each.
pub(crate) fn sections(cx: &Context, record: &Record) -> Vec<Partnership> {
    let listed = listed_names(cx);
    let mut out: Vec<Partnership> = Vec::new();
    for section in cx.segments.sections.iter().filter(|s| s.id.is_none() && !s.body.is_empty()) {
        let heading = cx.quote(section.heading).trim();
        let key = fold::name_key(heading);
        let text = cx.quote(section.body);
        let beginning: String = text.chars().take(600).collect();
        let named = fold::name_key(&beginning).contains(&key);
        let party = record.parties.iter().any(|p| p.role != PartyRole::Public && fold::name_key(&p.name) == key);
        let about = cx.rules.agreement.names_agreement(&beginning);
        let number = cx.rules.org_nr.find(&beginning).into_iter().next().is_some();
        if about && (listed.contains(&key) || (named && (party || number))) {
            out.push(Partnership { name: section.heading, body: section.body });
        }
    }
    out
}

/// Names in lists that a line with an agreement's name announces, as they are compared.
fn listed_names(cx: &Context) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let mut listing = false;
    for line in lines(cx.doc, Span::new(0, cx.doc.body_end as usize)) {
        let text = cx.quote(line);
        match text.strip_prefix(['•', '–', '-', '*']) {
            Some(item) if listing => {
                let key = fold::name_key(item.trim().trim_end_matches('.'));
                if item.split_whitespace().count() <= 8 {
                    out.insert(key);
                }
            }
            Some(_) => {}
            None => listing = text.ends_with(':') && cx.rules.agreement.names_agreement(text),
        }
    }
    out
}

/// The agreement of one such section.
pub(crate) fn agreement(cx: &Context, record: &Record, p: Partnership, own: Option<&str>) -> Agreement {
    let names = &cx.rules.party.names;
    let name = cx.quote(p.name).trim().to_string();
    let reference = record.date.or(record.meeting_date).map(|d| d.first());
    let mut a = describe(cx, p.body, name.clone());
    a.evidence.push(cx.evidence("name", p.name, "agreement.heading", 0.95));
    a.periods = terms::assemble(cx, terms::readings(cx, p.body, reference), Tie::Sentence);
    terms::unused(cx, p.body, &mut a.periods);
    super::outcome::outcome(cx, p.body, &mut a);
    let inside = |s: u32| p.body.start <= s && s < p.body.end;
    let mut parties: Vec<(u32, String)> = Vec::new();
    for party in &record.parties {
        let here = party.evidence.iter().find(|e| e.field == "org_nr" && inside(e.start));
        if let Some(e) = here {
            parties.push((e.start, party.name.clone()));
        }
    }
    if parties.is_empty() {
        parties.push((p.body.start, name));
    }
    // Other boards that share in it stand in the sentence with the partner.
    let last = parties.iter().map(|(at, _)| *at).max().unwrap_or(p.body.start);
    for (board, span) in names.boards(cx.quote(p.body)) {
        let at = span.start + p.body.start;
        if at < last && !parties.iter().any(|(_, n)| *n == board) && own != Some(board.as_str()) {
            parties.push((at, board));
        }
    }
    parties.sort();
    a.parties = parties.into_iter().map(|(_, n)| n).collect();
    if let Some(own) = own
        && !a.parties.iter().any(|n| n == own)
    {
        a.parties.push(own.to_string());
    }
    a
}

/// More partnerships than this no report tells of.
const MOST_TOLD: usize = 40;

/// Partnerships told in running text, each with its term in the sentences that name its partner: "Överenskommelsen med A gällde
/// … . Överenskommelsen med B ingicks …". With `named`, only sentences that call it a partnership by name, and have its term.
pub(crate) fn told(cx: &Context, record: &Record, named: bool) -> Vec<Agreement> {
    static WITH: LazyLock<Regex> = LazyLock::new(|| {
        fixed(
            r"(?i)\b(?:IOP(?:[:-]\w+)?|(?:idéburet\s+offentligt\s+)?partnerskap(?:et)?|(?:samverkans)?överenskommelse(?:n)?|(?:samverkans|samarbets)?avtal(?:et)?)(?:\s+\(IOP\))?(?:\s+om\s+(?:\w+\s+){1,4}?|\s+som\s+(?:\w+\s+){1,3}?(?:ingick|ingått|tecknade|tecknat|slöt|slutit|har))?\s*,?(?:\s+med|\s+mellan\s+(?:nämnden|kommunen|staden|regionen)\s+och)\s+(?:(?:den\s+)?(?:ideella\s+)?föreningen\s+)?",
        )
    });
    /// "Bidraget till A bygger på en överenskommelse om IOP".
    static RESTS: LazyLock<Regex> = LazyLock::new(|| {
        fixed(
            r"(?:till|med|åt|för)\s+(\p{Lu}[^.,;]{2,80}?)\s+(?:bygger|grundas|grundar\s+sig|baseras|vilar|utgår|regleras)\s+(?:på|i|av|enligt|genom)\s+(?:en|ett|den|det)\s+(?:gällande\s+|nuvarande\s+)?(?:överenskommelse|IOP|idébur|partnerskap|avtal)",
        )
    });
    /// "två partnerskap för tiden …", "Överenskommelserna kan förlängas …": what holds for all.
    static ALL: LazyLock<Regex> = LazyLock::new(|| {
        fixed(
            r"(?i)\b(?:två|tre|fyra|fem|sex|båda|samtliga|alla)\s+(?:\w+\s+){0,3}?(?:partnerskap|överenskommelser|samverkansavtal|IOP)|\b(?:överenskommelserna|partnerskapen)\b",
        )
    });
    // Cheap: most papers speak of none.
    let words = ["IOP", "artnerskap", "verenskommelse", "amverkansavtal", "amarbetsavtal"];
    if !words.iter().any(|w| cx.doc.body().contains(w)) {
        return Vec::new();
    }
    let resting = RESTS.may_match(cx.doc.body());
    let of_all = ALL.may_match(cx.doc.body());
    let names = &cx.rules.party.names;
    let reference = record.date.or(record.meeting_date).map(|d| d.first());
    let mut common: Vec<Span> = Vec::new();
    let mut found: Vec<(String, Span, Vec<Span>)> = Vec::new();
    let mut last: Option<(usize, u32)> = None;
    for sentence in cx.body_sentences().iter().copied() {
        let text = cx.quote(sentence);
        // A paragraph's end ends what is told of the last one named.
        last = last.filter(|(_, end)| {
            cx.doc.text.get(*end as usize..sentence.start as usize).is_some_and(|between| !between.contains('\n'))
        });
        let with = if WITH.may_match(text) { text } else { "" };
        let at = WITH.find_iter(with).find_map(|m| {
            let length = names.at_start(text.get(m.end()..)?)?;
            Some((m.end(), m.end() + length))
        });
        let rests = || if resting { RESTS.captures(text)?.get(1).map(|m| (m.start(), m.end())) } else { None };
        let partner = at.or_else(rests).filter(|(from, to)| {
            let name = text.get(*from..*to).unwrap_or("");
            names.is_name(name) && name.len() >= 3 && !names.is_generic(name) && names.role(name) != PartyRole::Public
        });
        if of_all && partner.is_none() && common.len() < MOST_TOLD && ALL.is_match(text) {
            common.push(sentence);
        }
        if named && !(partner.is_some() && cx.rules.agreement.names_agreement(text)) {
            continue;
        }
        match partner {
            Some((from, to)) => {
                let name = joined(text.get(from..to).unwrap_or(""));
                let key = fold::name_key(&name);
                let known = found.iter().position(|(n, ..)| fold::name_key(n) == key);
                let i = known.unwrap_or(found.len());
                if known.is_none() {
                    if found.len() >= MOST_TOLD {
                        break;
                    }
                    found.push((name, Span::new(from, to).shift(sentence.start as usize), Vec::new()));
                }
                if let Some(f) = found.get_mut(i) {
                    f.2.push(sentence);
                }
                last = Some((i, sentence.end));
            }
            None => {
                if let Some((i, end)) = &mut last {
                    *end = sentence.end;
                    if let Some(f) = found.get_mut(*i) {
                        f.2.push(sentence);
                    }
                }
            }
        }
    }
    let mut of_all = None;
    let mut out = Vec::new();
    for (name, span, scopes) in found {
        let Some(whole) = scopes.first().copied() else { continue };
        let readings = scopes.iter().flat_map(|s| terms::readings(cx, *s, reference)).collect();
        let mut periods = terms::assemble(cx, readings, Tie::Verb);
        let recommended = super::outcome::recommended_for(cx, record, &name);
        if periods.iter().all(|p| p.start.is_none()) && recommended.is_some() && !named {
            // "Nämnden har två partnerskap för tiden …"; what is proposed for each names it.
            let readings = common.iter().flat_map(|s| terms::readings(cx, *s, reference)).collect();
            periods = terms::assemble(cx, readings, Tie::Sentence);
        }
        // A term, or a demand for one, is what makes it a partnership of this report.
        if periods.iter().all(|p| p.start.is_none()) {
            continue;
        }
        let mut a = describe(cx, whole, name.clone());
        // What the report calls its partnerships holds for each that it calls no contract.
        if a.kind.as_deref() != Some("IOP") && !cx.quote(whole).to_lowercase().contains("avtal") {
            let body = Span::new(0, cx.doc.body_end as usize);
            a.kind = of_all.get_or_insert_with(|| describe(cx, body, String::new()).kind).clone();
        }
        a.parties = vec![name.clone()];
        a.periods = periods;
        a.evidence.push(cx.evidence("name", span, "agreement.told", 0.75));
        if let Some((what, place)) = recommended {
            a.recommendation = Some(what);
            a.evidence.push(cx.evidence("recommendation", place, "agreement.recommendation", 0.8));
        }
        out.push(a);
    }
    out
}

/// One agreement for each row of tables of partners whose columns ran together.
pub(crate) fn from_flat_table(cx: &Context, record: &Record) -> Vec<Agreement> {
    let own = own_board(cx, record).map(|(n, _)| n);
    let mut out: Vec<Agreement> = Vec::new();
    for table in flat::find(cx) {
        let Some(caption) = table.caption else { continue };
        let head = table.columns.first().map_or(caption, |c| c.1);
        if !cx.rules.agreement.names_agreement(cx.quote(caption)) && !cx.rules.agreement.names_agreement(cx.quote(head))
        {
            continue;
        }
        let of_caption: Vec<Reading> = terms::readings(cx, caption, None);
        let (group, period) = (table.place(Column::Group), table.place(Column::Period));
        for row in &table.rows {
            let Some(name) = row.first().copied() else { continue };
            let mut a = describe(cx, caption, joined(cx.quote(name)));
            a.evidence.push(cx.evidence("name", name, "agreement.flat_table", 0.7));
            if let Some(span) = group.and_then(|g| row.get(g)).copied() {
                a.evidence.push(cx.evidence("target_groups", span, "agreement.flat_table", 0.7));
                a.target_groups.push(joined(cx.quote(span)));
            }
            a.parties = std::iter::once(a.name.clone()).chain(own.clone()).collect();
            let of_row = period.and_then(|p| row.get(p)).map(|s| terms::readings(cx, *s, None)).unwrap_or_default();
            a.periods = terms::assemble_table(cx, of_row);
            if a.periods.is_empty() {
                a.periods = terms::assemble_table(cx, of_caption.clone());
            }
            out.push(a);
        }
    }
    out
}

/// One agreement for each row of a table of partners.
pub(crate) fn from_table(cx: &Context, record: &Record) -> Vec<Agreement> {
    let own = own_board(cx, record).map(|(n, _)| n);
    let mut out = Vec::new();
    for table in cx.doc.blocks.iter().filter(|b| b.kind == crate::ingest::document::BlockKind::Table) {
        let text = cx.quote(table.span);
        let mut rows = text.split('\n');
        let Some(head) = rows.next() else { continue };
        let columns: Vec<String> = head.split('\t').map(fold::name_key).collect();
        let Some(partner) = columns.iter().position(|c| cx.rules.agreement.heads_partners(c)) else { continue };
        let target = columns.iter().position(|c| c.starts_with("malgrupp"));
        let above = cx.doc.text.get(..table.span.start as usize).unwrap_or("").trim_end();
        let caption_at = above.rfind('\n').map_or(0, |i| i + 1);
        let caption = above.get(caption_at..).unwrap_or("");
        if !cx.rules.agreement.names_agreement(caption) && !cx.rules.agreement.names_agreement(head) {
            continue;
        }
        let caption_span = Span::new(caption_at, above.len());
        let periods = terms::readings(cx, caption_span, None);
        let mut at = table.span.start as usize + head.len() + 1;
        for row in rows {
            let mut cells = Vec::new();
            let mut from = at;
            for cell in row.split('\t') {
                cells.push((cell.trim(), Span::new(from, from + cell.len())));
                from += cell.len() + 1;
            }
            at += row.len() + 1;
            let Some((name, span)) = cells.get(partner).filter(|c| !c.0.is_empty()) else { continue };
            let mut a = describe(cx, Span::new(caption_at, caption_at), (*name).to_string());
            a.evidence.push(cx.evidence("name", *span, "agreement.table", 0.9));
            a.parties = std::iter::once((*name).to_string()).chain(own.clone()).collect();
            let row_span = cells.first().zip(cells.last()).map(|(a, b)| a.1.join(b.1));
            let of_row = row_span.map(|s| terms::readings(cx, s, None)).unwrap_or_default();
            a.periods = terms::assemble_table(cx, of_row);
            if a.periods.is_empty() {
                a.periods = terms::assemble_table(cx, periods.clone());
            }
            if let Some((group, span)) = target.and_then(|t| cells.get(t)).filter(|c| !c.0.is_empty()) {
                a.target_groups.push((*group).to_string());
                a.evidence.push(cx.evidence("target_groups", *span, "agreement.table", 0.9));
            }
            out.push(a);
        }
    }
    out
}
