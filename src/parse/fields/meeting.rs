//! Reads the meeting of minutes and notices: when and where, who was there, who adjusts the minutes.
//!
//! The head is read line by line as printed: a label opens a part (attendance with a role, time, place, adjusters), the
//! next label ends it. Dates of adjustment and of the notice board belong to labels of their own and are never the meeting's.

mod members;
mod people;

use crate::parse::pattern::Regex;

use super::item::has_items;
use super::party::own_board;
use crate::base::date::Precision;
use crate::base::{Span, fold};
use crate::ingest::document::{BlockKind, Zone};
use crate::lexicon::Lexicon;
use crate::parse::context::Context;
use crate::parse::record::{Evidence, Meeting, Present, Record};
use crate::parse::text::joined;
use people::{Entry, Reader};

/// Patterns compiled once from the vocabulary.
#[derive(Debug)]
pub(crate) struct Rules {
    /// Every label at the beginning of a line, the longest first.
    label: Regex,
    /// What each label opens, by its folded spelling.
    parts: std::collections::BTreeMap<String, Part>,
    places: std::collections::BTreeSet<String>,
    /// Labels of one person: "Ordförande", "Sekreterare".
    of_one: std::collections::BTreeSet<String>,
    clock: Regex,
    range: Regex,
    when: Regex,
    /// What is no part of the meeting itself: breaks, meetings of groups.
    apart: Regex,
    /// "Protokollet justeras av Eva Ek".
    adjusted_by: Regex,
    summoned: Regex,
    adjuster: Regex,
    appointed: Regex,
    /// A line that is a body's name, with or without the meeting's number.
    named: Regex,
    pub(super) people: Reader,
}

/// What a label of the head opens.
#[derive(Clone, Debug, PartialEq)]
enum Part {
    /// People, with the role the label gives.
    Attendance(Option<String>),
    /// People who are not there.
    Absent,
    /// Time, place or both.
    Time,
    /// Place alone.
    Place,
    /// Who adjusts the minutes.
    Adjusters,
    /// Something else.
    Other,
}

/// A label as compared: lower case, single spaces, without colon.
fn key(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase().trim_end_matches([':', '.']).trim().to_string()
}

impl Rules {
    /// Compiles them.
    pub fn new(lex: &Lexicon) -> Self {
        let make = |p: &str| Regex::new(p).expect("tested pattern");
        let words = &lex.meetings;
        let mut parts = std::collections::BTreeMap::new();
        let mut add = |labels: &[String], part: &Part| {
            for label in labels {
                parts.entry(key(label)).or_insert_with(|| part.clone());
            }
        };
        for a in &words.attendance {
            let part = match a.role.as_str() {
                "frånvarande" => Part::Absent,
                role => Part::Attendance(Some(role.to_string()).filter(|r| !r.is_empty())),
            };
            add(&a.labels, &part);
        }
        add(&words.time, &Part::Time);
        add(&words.place, &Part::Place);
        add(&words.adjusters, &Part::Adjusters);
        add(&words.stops, &Part::Other);
        add(&words.form, &Part::Other);
        let mut labels: Vec<String> = parts.keys().map(|k| regex::escape(k).replace(' ', r"[\s--\t]+")).collect();
        labels.sort_by_key(|l| std::cmp::Reverse(l.len()));
        let label =
            format!(r"^(?P<label>{})(?P<end>\s*[:.]?\s*\t\s*|\s*:\s*|\s+|$)(?P<rest>(?s:.*))$", labels.join("|"));
        Rules {
            label: Regex::ignoring_case(&label).expect("labels are escaped"),
            parts,
            places: words.place.iter().map(|l| key(l)).collect(),
            of_one: words.attendance.iter().filter(|a| a.of_one).flat_map(|a| &a.labels).map(|l| key(l)).collect(),
            clock: make(
                r"(?i)\b(?:kl(?:ockan)?\.?\s*)(\d{1,2})(?:[.:](\d{2}))?(?:\s*(?:[-–—]+|till)\s*(?:ca\.?\s*)?(?:kl(?:ockan)?\.?\s*)?(\d{1,2})(?:[.:](\d{2}))?\b)?",
            ),
            range: make(
                r"(?i)(?:^|[\s,(])(\d{1,2})[.:](\d{2})(?:\s*(?:[-–—]+|till)\s*(?:kl\.?\s*)?(\d{1,2})[.:](\d{2}))?(?:[\s,.;)]|$)",
            ),
            when: make(
                r"(?ix) (?:\b(?:mån|tis|ons|tors|fre|lör|sön)dag(?:en)?\b)
                  | \b(?:den\s+)?\d{1,2}(?::?[ae])?\s+(?:januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december)\b(?:\s+\d{4})?
                  | \b\d{4}-\d{2}-\d{2}\b | \b(?:kl(?:ockan)?\.?\s*)?\d{1,2}[.:]\d{2}(?:\s*(?:[-–—]+|till)\s*(?:kl\.?\s*)?\d{1,2}[.:]\d{2})?\b
                  | \bkl(?:ockan)?\.?\s*\d{1,2}\b | \bajournering.* | \bförmöte.* | \bgruppmöte.* | \böppet\ forum.* | \btid\s*: | \bplats\s*: | \blokal\s*:",
            ),
            apart: make(r"(?i)ajourn|förmöte|gruppmöte|partigrupp|paus|lunch|fika|rast|öppet|frågestund|visning"),
            adjusted_by: make(r"(?i)\bjustera(?:s|des|t|d)\s+av\s+"),
            summoned: make(r"(?i)\b(?:kallas|kallelse|sammanträde|sammanträder|inbjuds|möte)\b"),
            adjuster: make(r"(?i)^(.{4,60}?),\s*(?:justerare|protokollsjusterare)\b"),
            appointed: make(r"(?i)\b(?:utser|utses|utsåg|utsågs|väljer|valdes|välja|utse)\b"),
            named: make(
                r"^(?:(?:Organ|Nämnd|Instans|Myndighet|Forum|Blad|Sida|Sid)\s*:?\s+)?((?:[\p{L}-]+ ){0,3}?[\p{L}-]*(?:nämnden|styrelsen|fullmäktige|utskottet|[Dd]irektionen|delegationen|beredningen|rådet|[Pp]residiet)|[Nn]ämnden för [\p{L}&, -]{3,60})(?:,?\s+[Nn]r\.?\s*\d+.*)?$",
            ),
            people: Reader::new(lex),
        }
    }

    /// The label a line begins with, what it opens, and where its value begins.
    ///
    /// Without colon or tab after it a label is one only if nothing, a capital or a digit follows.
    fn label(&self, line: &str) -> Option<(&Part, String, usize)> {
        let c = self.label.captures(line)?;
        let (label, end, rest) = (c.name("label")?, c.name("end")?, c.name("rest")?);
        let part = self.parts.get(&key(label.as_str()))?;
        let clear = rest.as_str().is_empty()
            || end.as_str().contains([':', '\t'])
            || rest.as_str().starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || c == '(' || c == '§')
            || (*part == Part::Time && rest.as_str().contains(|c: char| c.is_ascii_digit()));
        clear.then(|| (part, key(label.as_str()), rest.start()))
    }
}

/// Fills the field.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    if !has_items(cx, record) && record.kind != "kallelse" {
        return;
    }
    let first = record.items.first().and_then(|i| i.evidence.first()).map(|e| e.start);
    // Notes have numbered headings instead of items; the next meeting is told under the last of them.
    let noted = || crate::parse::segment::first_point(cx.doc).filter(|_| record.kind == "minnesanteckningar");
    let first = first.or_else(noted).unwrap_or(cx.doc.body_end);
    let head = Span { start: 0, end: first };
    let mut evidence: Vec<Evidence> = Vec::new();
    let mut meeting = Meeting {
        body: None,
        date: None,
        place: None,
        starts: None,
        ends: None,
        present: Vec::new(),
        adjusters: Vec::new(),
        evidence: Vec::new(),
    };
    let printed_body = if known_in_head(cx, record, head) { None } else { printed_body(cx, head) };
    if let Some((body, span)) = printed_body {
        evidence.push(cx.evidence("body", span, "meeting.named", 0.85));
        meeting.body = Some(body);
    } else if let Some((body, span)) = own_board(cx, record) {
        evidence.extend(span.map(|s| cx.evidence("body", s, "meeting.board", 0.9)));
        meeting.body = Some(body);
    } else if let Some(a) = record.authority.as_ref().filter(|a| cx.rules.names_committee(&a.name)) {
        meeting.body = Some(a.name.clone());
        evidence.extend(
            a.evidence
                .first()
                .map(|e| cx.evidence("body", Span { start: e.start, end: e.end }, "meeting.authority", 0.8)),
        );
    }
    let adjusted = by_labels(cx, head, &mut meeting, &mut evidence);
    not_of_adjustment(cx, record, head, &adjusted, &mut meeting, &mut evidence);
    if record.kind == "kallelse" && meeting.starts.is_none() {
        unlabelled(cx, head, &mut meeting, &mut evidence);
    }
    if meeting.starts.is_none() || meeting.place.is_none() {
        summons(cx, head, &mut meeting, &mut evidence);
    }
    agree_on_date(record, &mut meeting, &mut evidence);
    if meeting.body.is_none() {
        named_body(cx, head, &mut meeting, &mut evidence);
    }
    if meeting.body.as_deref().is_none_or(|b| !cx.rules.names_committee(b)) {
        of_form(cx, head, &mut meeting, &mut evidence);
    }
    if meeting.body.is_none()
        && let Some(a) = &record.authority
    {
        // A municipality or an agency, where no board is named.
        meeting.body = Some(a.name.clone());
        let proof = a.evidence.first().map(|e| Span { start: e.start, end: e.end });
        evidence.extend(proof.map(|s| cx.evidence("body", s, "meeting.authority", 0.6)));
    }
    if meeting.adjusters.is_empty() {
        // "Eva Ek" over "justerare" among the signatures.
        let signed = record
            .signatories
            .iter()
            .filter(|s| s.title.as_deref().is_some_and(|t| t.to_lowercase().starts_with("juster")));
        for s in signed {
            push_adjuster(&mut meeting, s.name.clone());
            let place = s.evidence.iter().find(|e| e.field == "name");
            evidence
                .extend(place.map(|e| {
                    cx.evidence("adjusters", Span { start: e.start, end: e.end }, "meeting.signatures", 0.85)
                }));
        }
    }
    if meeting.adjusters.is_empty() {
        // The names below "Justerat den …" on the front page.
        closing(cx, head, &mut meeting, &mut evidence);
    }
    if meeting.adjusters.is_empty() {
        appointed(cx, record, &mut meeting, &mut evidence);
    }
    if meeting.adjusters.is_empty() {
        let body = Span::new(0, cx.doc.body_end as usize);
        let last = record.items.last().and_then(|i| i.evidence.last()).map_or(body.end, |e| e.end);
        closing(cx, Span { start: last.min(body.end), end: body.end }, &mut meeting, &mut evidence);
    }
    let known = meeting.date.is_some() || meeting.place.is_some() || !meeting.present.is_empty();
    meeting.evidence = evidence;
    record.meeting = known.then_some(meeting);
}

/// The record's meeting date and the meeting's are one; a day is better than the month on the cover.
fn agree_on_date(record: &mut Record, meeting: &mut Meeting, evidence: &mut Vec<Evidence>) {
    let to_the_day = |d: crate::base::PartialDate| d.precision() == Precision::Day;
    match (record.meeting_date, meeting.date) {
        (Some(known), Some(read)) if !to_the_day(known) && to_the_day(read) && record.kind != "kallelse" => {
            record.meeting_date = Some(read);
            record.year = record.year.filter(|_| record.date.is_some()).or(Some(read.year_number()));
            record.evidence.retain(|e| e.field != "meeting_date");
            record.evidence.extend(evidence.iter().find(|e| e.field == "date").cloned().map(|mut e| {
                e.field = "meeting_date".into();
                e
            }));
        }
        (Some(known), _) => {
            if meeting.date != Some(known) {
                evidence.retain(|e| e.field != "date");
            }
            meeting.date = Some(known);
        }
        _ => {}
    }
}

/// A line of the head, or one of its columns, that only names the body and the number of the meeting: "Direktionen, Nr 2".
fn named_body(cx: &Context, head: Span, meeting: &mut Meeting, evidence: &mut Vec<Evidence>) {
    if let Some((name, span)) = named_in(cx, head_lines(cx, head).map(|(line, _)| line)) {
        evidence.push(cx.evidence("body", span, "meeting.named", 0.8));
        meeting.body = Some(name);
    }
}

/// Whose minutes the proof of announcement speaks of: "Organ   Servicenämnden".
fn of_form(cx: &Context, head: Span, meeting: &mut Meeting, evidence: &mut Vec<Evidence>) {
    const LABELS: [&str; 5] = ["Organ", "Nämnd", "Instans", "Myndighet", "Forum"];
    let found = head_lines(cx, head).find_map(|(line, _)| {
        let text = cx.quote(line);
        let rest = LABELS.iter().find_map(|l| text.strip_prefix(l))?;
        let name = rest.trim_start_matches([':', ' ', '\t']);
        let fits = name.len() < rest.len() && name.len() <= 90 && name.starts_with(char::is_uppercase);
        // "Landstingsstyrelsen i Kalmar län" as it is printed.
        let body = name.split(" i ").next().unwrap_or(name);
        (fits && cx.rules.names_committee(body)).then(|| Span::new(line.end as usize - name.len(), line.end as usize))
    });
    if let Some(span) = found {
        evidence.retain(|e| e.field != "body");
        evidence.push(cx.evidence("body", span, "meeting.named", 0.85));
        meeting.body = Some(joined(cx.quote(span)));
    }
}

/// So many lines are looked at for the name of the body at the top.
const TOP: usize = 12;

/// The body named at the top of the minutes.
fn printed_body(cx: &Context, head: Span) -> Option<(String, Span)> {
    named_in(cx, printed(cx, head).take(TOP))
}

/// Whether the authority of the record stands at the top of the minutes: then there is no doubt whose they are.
fn known_in_head(cx: &Context, record: &Record, head: Span) -> bool {
    let Some(a) = &record.authority else { return false };
    let key = fold::name_key(&a.name);
    let furniture = cx.doc.blocks.iter().filter(|b| b.zone != Zone::Body).take(TOP).map(|b| b.span);
    printed(cx, head).take(TOP).chain(furniture).any(|l| fold::name_key(cx.quote(l)).contains(&key))
}

fn named_in(cx: &Context, mut lines: impl Iterator<Item = Span>) -> Option<(String, Span)> {
    lines.find_map(|line| {
        let text = cx.quote(line);
        let mut at = line.start as usize;
        text.split('\t').find_map(|cell| {
            let from = at + (cell.len() - cell.trim_start().len());
            at += cell.len() + 1;
            let name = cx.rules.meeting.named.captures(cell.trim()).and_then(|c| c.get(1))?;
            let span = Span::new(name.start(), name.end()).shift(from);
            Some((name.as_str().trim().to_string(), span))
        })
    })
}

/// Names below "Justeras" or "Justerat den …", on the front page or behind the last item.
fn closing(cx: &Context, area: Span, meeting: &mut Meeting, evidence: &mut Vec<Evidence>) {
    let mut open = 0;
    for line in printed(cx, area) {
        let text = cx.quote(line);
        let key = key(text);
        if key.starts_with("justera") && names_in(cx, text).is_empty() {
            open = 6;
            continue;
        }
        if [
            "närvarande",
            "beslutande",
            "ledamöter",
            "paragrafer",
            "rätt utdrag",
            "utdrag",
            "vid protokollet",
            "sekreterare",
        ]
        .iter()
        .any(|w| key.starts_with(w))
        {
            open = 0;
        }
        if open == 0 {
            continue;
        }
        open -= 1;
        let names = names_in(cx, text);
        if !names.is_empty() && is_names_only(text, &names) {
            open = 6;
            for name in names {
                push_adjuster(meeting, name);
            }
            evidence.push(cx.evidence("adjusters", line, "meeting.signatures", 0.8));
        }
    }
}

/// Whether a line holds little besides these names.
pub(crate) fn is_names_only(text: &str, names: &[String]) -> bool {
    let letters: usize = names.iter().flat_map(|n| n.chars()).filter(|c| c.is_alphabetic()).count();
    letters * 10 >= text.chars().filter(|c| c.is_alphabetic()).count() * 7
}

/// The lines of the head as printed, then those of the first page's furniture.
fn head_lines<'c>(cx: &'c Context, head: Span) -> impl Iterator<Item = (Span, bool)> + use<'c> {
    let first_page = cx.doc.pages.first().map_or(1, |p| p.number);
    // Minutes with a cover have their head on one of the next pages.
    let last_page = first_page.saturating_add(5);
    let body = rows(cx, head, false).into_iter().map(|l| (l, true));
    let blocks = cx.doc.blocks.iter().filter(move |b| {
        b.page <= last_page && !matches!(b.zone, Zone::Body | Zone::PageNumber) && b.span.len() <= 3000
    });
    let pieces = |(row, in_body): (Span, bool)| labelled_pieces(cx, row).into_iter().map(move |p| (p, in_body));
    body.chain(blocks.flat_map(|b| rows(cx, b.span, false)).map(|l| (l, false))).flat_map(pieces)
}

/// Labels of signatures: what stands behind them is signed, not present.
const SIGNED: [&str; 3] = ["underskrift", "signatur", "justeringens"];

/// The lines with the values put behind their labels, where all labels stand in a run above all values: "Plats och tid:" /
/// "Beslutande:" / "Justerare:", then as many groups of lines, parted by empty ones.
fn labelled_below(cx: &Context, lines: impl Iterator<Item = (Span, bool)>) -> Vec<(Span, bool)> {
    let all: Vec<(Span, bool)> = lines.collect();
    let bare = |l: &(Span, bool)| {
        let text = cx.quote(l.0);
        l.1 && cx.rules.meeting.label(text).is_some_and(|(_, _, at)| at >= text.len())
    };
    let Some(from) = all.windows(RUN).position(|w| w.iter().all(bare)) else { return all };
    let labels = all.iter().skip(from).take_while(|l| bare(l)).count();
    let mut groups: Vec<Vec<(Span, bool)>> = Vec::new();
    let mut before: Option<Span> = None;
    let mut end = from + labels;
    for line in all.iter().skip(from + labels).take_while(|l| l.1) {
        let text = cx.quote(line.0);
        let parted = before
            .is_none_or(|b| cx.doc.text.get(b.end as usize..line.0.start as usize).is_none_or(|t| t.contains("\n\n")));
        if groups.len() == labels && parted
            || cx.rules.meeting.label(text).is_some_and(|(_, n, _)| SIGNED.iter().any(|w| n.starts_with(w)))
        {
            break;
        }
        match groups.last_mut().filter(|_| !parted) {
            Some(group) => group.push(*line),
            None => groups.push(vec![*line]),
        }
        before = Some(line.0);
        end += 1;
    }
    if groups.len() != labels {
        return all;
    }
    let mut out: Vec<(Span, bool)> = all.iter().take(from).copied().collect();
    for (label, group) in all.iter().skip(from).zip(groups) {
        out.push(*label);
        out.extend(group);
    }
    out.extend(all.iter().skip(end));
    out
}

/// So many labels without values in a row stand for a column of labels.
const RUN: usize = 4;

/// The parts that the cells of a row open, if it has nothing but labels: "Ledamöter" beside "Ersättare".
fn in_columns(cx: &Context, row: Span) -> Option<Vec<Part>> {
    let text = cx.quote(row);
    if !text.contains('\t') {
        return None;
    }
    // "Övriga deltagare | Ersättare": all of a kind, and the first of them, are no columns.
    let mut general = text.split('\t').take(2).map(key);
    let inside = ["övriga", "beslutande", "närvarande", "deltagande"];
    if general.next().is_some_and(|first| inside.iter().any(|w| first.starts_with(w)))
        && general.next().is_some_and(|next| !inside.iter().any(|w| next.starts_with(w)))
        && text.matches('\t').count() == 1
        && !rows_below(cx, row)
    {
        return None;
    }
    let opened = |cell: &str| {
        let cell = cell.trim();
        let (part, _, at) = cx.rules.meeting.label(cell)?;
        (at >= cell.len() && matches!(part, Part::Attendance(_) | Part::Absent)).then(|| part.clone())
    };
    text.split('\t').map(opened).collect()
}

/// Whether the text line below a row has columns too.
fn rows_below(cx: &Context, row: Span) -> bool {
    let rest = cx.doc.text.get(row.end as usize..).unwrap_or("");
    rest.trim_start_matches('\n').lines().next().is_some_and(|l| l.trim_end().trim_start_matches('\t').contains('\t'))
}

/// Reads a row below labels side by side; false if it is none.
fn below(cx: &Context, row: Span, columns: &[Part], meeting: &mut Meeting, evidence: &mut Vec<Evidence>) -> bool {
    let text = cx.quote(row);
    // An empty first cell is trimmed off the row.
    let lead = cx.doc.text.get(..row.start as usize).is_some_and(|t| t.ends_with('\t'));
    let mut at = row.start as usize;
    let cells: Vec<&str> = text.split('\t').collect();
    if cells.len() + usize::from(lead) > columns.len() || cx.rules.meeting.label(text).is_some() {
        return false;
    }
    for (i, cell) in cells.into_iter().enumerate() {
        let span = Span::new(at, at + cell.len()).trim(&cx.doc.text);
        at += cell.len() + 1;
        if let (Some(Part::Attendance(role)), false) = (columns.get(i + usize::from(lead)), span.is_empty()) {
            attendance(cx, span, role.as_deref(), meeting, evidence);
        }
    }
    true
}

/// The printed lines that lie in a span.
pub(crate) fn printed<'c>(cx: &'c Context, span: Span) -> impl Iterator<Item = Span> + use<'c> {
    let from = cx.doc.lines.partition_point(|l| l.span.start < span.start && l.span.end <= span.start);
    cx.doc
        .lines
        .iter()
        .skip(from)
        .take_while(move |l| l.span.start < span.end)
        .map(move |l| Span { start: l.span.start.max(span.start), end: l.span.end.min(span.end) }.trim(&cx.doc.text))
        .filter(|s| !s.is_empty())
}

/// The printed lines that lie in a span, those that tabs part as one; `whole` joins the lines of a cell as well.
pub(crate) fn rows(cx: &Context, span: Span, whole: bool) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    for line in printed(cx, span) {
        match out.last_mut() {
            Some(row) if beside(cx, *row, line, whole) => *row = row.join(line),
            _ => out.push(line),
        }
    }
    out
}

/// Whether a printed line stands beside the one before it, or goes on in one of its columns.
fn beside(cx: &Context, row: Span, line: Span, whole: bool) -> bool {
    let between = cx.doc.text.get(row.end as usize..line.start as usize).unwrap_or("\n");
    if between.contains('\t') && !between.contains('\n') {
        return true;
    }
    let columns =
        || cx.quote(row).contains('\t') || cx.doc.text.get(line.end as usize..).is_some_and(|t| t.starts_with('\t'));
    let kind = cx.doc.block_at(row.start).map(|b| b.kind);
    whole && !between.contains('\n') && matches!(kind, Some(BlockKind::Lines | BlockKind::Table)) && columns()
}

/// A row cut where one of its cells is a label, so that each piece is a label with its values or values alone.
fn labelled_pieces(cx: &Context, row: Span) -> Vec<Span> {
    let text = cx.quote(row);
    if !text.contains('\t') || members::heads(text) {
        return vec![row];
    }
    let rules = &cx.rules.meeting;
    // "Rut Sten (FP) | - | frånvarande": a mark beside a name is no label.
    let last = text.rsplit('\t').next().unwrap_or("");
    let labels = |cell: &str| {
        // "Klara Frid | M | Ordförande": what ends a row of a list is a role.
        if std::ptr::eq(cell, last) && rules.of_one.contains(&key(cell)) && text.matches('\t').count() >= 1 {
            return false;
        }
        let cell = cell.trim();
        cell.starts_with(char::is_uppercase) && rules.label(cell).is_some_and(|(_, _, value)| value >= cell.len())
    };
    if text.split('\t').all(labels) {
        return vec![row];
    }
    let mut out: Vec<Span> = Vec::new();
    let mut at = row.start as usize;
    let mut from = at;
    for cell in text.split('\t') {
        let label = labels(cell);
        if label && at > from {
            out.push(Span::new(from, at - 1));
            from = at;
        }
        at += cell.len() + 1;
    }
    out.push(Span::new(from, row.end as usize));
    out.into_iter().map(|s| s.trim(&cx.doc.text)).filter(|s| !s.is_empty()).collect()
}

/// Reads what the labels of the head open.
fn by_labels(
    cx: &Context,
    head: Span,
    meeting: &mut Meeting,
    evidence: &mut Vec<Evidence>,
) -> Vec<crate::base::PartialDate> {
    let mut adjusted = Vec::new();
    let rules = &cx.rules.meeting;
    let mut part = Part::Other;
    // The list of several people that a label of one ("Ordförande", "Sekreterare") may stand in.
    let mut list = Part::Attendance(None);
    let mut label = String::new();
    let mut table = members::Table::default();
    let mut columns: Vec<Part> = Vec::new();
    let mut signing = false;
    // Those without a party whose letters may stand in a column of their own below, and the letters.
    let (mut waiting, mut letters): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for (line, in_body) in whole_entries(cx, labelled_below(cx, head_lines(cx, head))) {
        let text = cx.quote(line);
        if let (true, Some(party)) = (in_body && !waiting.is_empty(), rules.people.party_alone(text)) {
            letters.push(party);
            if letters.len() == waiting.len() {
                give_parties(meeting, &mut waiting, &mut letters);
            }
            continue;
        }
        if !letters.is_empty() {
            (waiting, letters) = (Vec::new(), Vec::new());
        }
        if let Some(m) = rules.adjuster.captures(text).and_then(|c| c.get(1))
            && let Some(name) = cx.rules.item.members.name(m.as_str().split(" (").next().unwrap_or(""))
        {
            push_adjuster(meeting, name);
            evidence.push(cx.evidence("adjusters", line, "meeting.adjuster", 0.95));
            continue;
        }
        if let Some(m) = rules.adjusted_by.find(text)
            && in_body
            && text.len() <= 200
        {
            let rest = Span::new(line.start as usize + m.end(), line.end as usize);
            adjusters(cx, rest, meeting, evidence);
            continue;
        }
        if in_body && members::read(cx, line, &mut table, meeting, evidence) {
            part = Part::Other;
            continue;
        }
        if let Some(heads) = in_columns(cx, line) {
            columns = heads;
            part = Part::Other;
            continue;
        }
        if columns.len() > 1 && in_body && below(cx, line, &columns, meeting, evidence) {
            continue;
        }
        columns.clear();
        let mut value = line;
        // "justerare" below a name is a role, no label.
        let small = text.starts_with(char::is_lowercase) && !text.contains([':', '\t']);
        if let Some((opened, name, at)) = rules.label(text).filter(|_| !small) {
            // Who signs is no list of who was there: "Underskrifter" / "Ordförande ……… Eva Ek".
            let one = rules.of_one.contains(&name);
            if !one {
                signing = SIGNED.iter().any(|w| name.starts_with(w));
            }
            let behind = text.get(at..).unwrap_or("");
            let drawn = ["___", "...", "……"].iter().any(|line| behind.starts_with(line));
            signing |= one && drawn;
            part = if one && signing { Part::Other } else { opened.clone() };
            label = name;
            value = Span::new(line.start as usize + at, line.end as usize);
            waiting.clear();
            // "Övriga deltagare   Ersättare": the second says who follows.
            if let Some((inner, name, at)) =
                rules.label(cx.quote(value)).filter(|_| matches!(part, Part::Attendance(_)))
                && at >= value.len()
            {
                part = inner.clone();
                label = name;
                value = Span { start: value.end, end: value.end };
            }
            if matches!(part, Part::Attendance(_)) && !rules.of_one.contains(&label) {
                list = part.clone();
            }
        }
        if value.is_empty() || (!in_body && !matches!(part, Part::Time | Part::Place)) {
            continue;
        }
        match &part {
            Part::Attendance(role) => {
                let role = role.clone();
                let of_one = rules.of_one.contains(&label);
                let before = meeting.present.len();
                if !attendance(cx, value, role.as_deref(), meeting, evidence) {
                    part = Part::Other;
                } else if of_one {
                    // The label speaks of the one whose name stands behind it.
                    part = list.clone();
                    label.clear();
                }
                let new = meeting.present.iter().skip(before);
                waiting.extend(new.filter(|p| p.political_party.is_none()).map(|p| p.name.clone()));
                if meeting.present.len() > before + 1
                    || meeting.present.last().is_some_and(|p| p.political_party.is_some())
                {
                    waiting.clear();
                }
            }
            Part::Adjusters => {
                if !adjusters(cx, value, meeting, evidence) {
                    part = Part::Other;
                }
            }
            Part::Time => {
                let placed = rules.places.contains(&label);
                time(cx, value, meeting, evidence);
                if placed {
                    place(cx, value, meeting, evidence);
                }
            }
            Part::Place => {
                // "Plats   Rådhuset, klockan 08.30–11.40": when as well.
                if in_body && rules.clock.is_match(cx.quote(value)) {
                    time(cx, value, meeting, evidence);
                }
                place(cx, value, meeting, evidence);
                part = Part::Other;
            }
            Part::Absent | Part::Other => {
                if label.contains("juster") {
                    adjusted.extend(cx.rules.dates.first_day(cx.quote(value)).map(|d| d.date));
                }
                // A label inside the line: "Tid: kl 18.00 Plats: Ekporten".
                inner(cx, value, meeting, evidence);
            }
        }
    }
    adjusted
}

/// Gives the letters of a column to those whose names stand above it.
fn give_parties(meeting: &mut Meeting, waiting: &mut Vec<String>, letters: &mut Vec<String>) {
    for (name, party) in waiting.drain(..).zip(letters.drain(..)) {
        if let Some(p) = meeting.present.iter_mut().find(|p| p.name == name) {
            p.political_party = Some(party);
        }
    }
}

/// The lines of the head with those joined that one entry goes on in: "…, Rania" / "Karlsten (V)", "Eva Ek" / "(S) för Bo Al",
/// "1:e vice" / "ordförande".
fn whole_entries(cx: &Context, lines: Vec<(Span, bool)>) -> Vec<(Span, bool)> {
    let mut out: Vec<(Span, bool)> = Vec::with_capacity(lines.len());
    for (line, in_body) in lines {
        match out.last_mut() {
            Some(last) if in_body && last.1 && last.0.end <= line.start && entry_goes_on(cx, last.0, line) => {
                last.0 = last.0.join(line);
            }
            _ => out.push((line, in_body)),
        }
    }
    out
}

/// Whether a line of the head goes on with the entry that the one above it did not end.
fn entry_goes_on(cx: &Context, above: Span, line: Span) -> bool {
    let (a, b) = (cx.quote(above), cx.quote(line));
    let between = cx.doc.text.get(above.end as usize..line.start as usize).unwrap_or("\n\n");
    if a.len() + b.len() > LONGEST_ENTRY || between.contains('\t') {
        return false;
    }
    let open = a.ends_with(|c: char| c.is_alphabetic() || c == ',');
    let people = &cx.rules.meeting.people;
    // "Eva Ek | S | ordförande", set with blanks: the letters belong to the name.
    if !between.contains('\n') && people.party_alone(b.split_whitespace().next().unwrap_or("")).is_some() {
        return a.ends_with(char::is_lowercase) && !a.contains('\n');
    }
    if people.party_alone(a).is_some() {
        return false;
    }
    // "1:e vice ordförande", "ordförande" beside a name and its party are no labels.
    let beside = !between.contains('\n') && open && !b.trim_end().ends_with(':');
    if beside && (b.starts_with("1:") || b.starts_with("2:") || b.starts_with("ordf")) && !a.contains('\t') {
        return true;
    }
    if cx.rules.meeting.label(b).is_some() && !(beside && b.starts_with(char::is_lowercase)) {
        return false;
    }
    if b.starts_with('(') && a.ends_with(char::is_alphabetic) {
        return people.party_alone(b.split_whitespace().next().unwrap_or("")).is_some();
    }
    if between.contains("\n\n") {
        return false;
    }
    if b.starts_with(char::is_lowercase) {
        return open && !b.contains('\t') || a.contains('\t') && a.ends_with(char::is_alphabetic);
    }
    // "…, utvecklingsledare Abdi" / "Karlsten, sekreterare Li Ek": a first name alone at the end of a line.
    let piece = a.rsplit([',', ';', '\t', '(', ')']).next().unwrap_or(a).trim();
    let mut words = piece.split_whitespace().rev();
    let (last, before) = (words.next().unwrap_or(""), words.next());
    let first_name = last.len() > 2
        && last.starts_with(char::is_uppercase)
        && last.chars().skip(1).all(|c| c.is_lowercase() || c == '-')
        && (before.is_none() && a.len() > piece.len() || before.is_some_and(|w| w.starts_with(char::is_lowercase)));
    let surname = before.is_none() && b.split_whitespace().nth(1).is_some_and(|w| w.starts_with('('));
    let row = !between.contains('\n') || surname || before.is_some_and(|w| cx.rules.people.is_title(w));
    first_name && row && b.starts_with(char::is_uppercase)
}

/// No entry of a list of people is longer, in bytes.
const LONGEST_ENTRY: usize = 600;

/// The day on which the minutes are adjusted is not the meeting's: where it was taken for it, the first other day of the head is.
fn not_of_adjustment(
    cx: &Context,
    record: &mut Record,
    head: Span,
    adjusted: &[crate::base::PartialDate],
    meeting: &mut Meeting,
    evidence: &mut Vec<Evidence>,
) {
    let Some(taken) = record.meeting_date.filter(|d| adjusted.contains(d)) else { return };
    let first_page = cx.doc.pages.first().map_or(1, |p| p.number);
    let furniture = cx.doc.blocks.iter().filter(|b| b.zone != Zone::Body && b.page == first_page).map(|b| b.span);
    let other =
        printed(cx, head).take(TOP).chain(furniture).filter(|l| !cx.rules.not_meeting.is_match(cx.quote(*l))).find_map(
            |l| {
                let found = cx.rules.dates.first_day(cx.quote(l)).filter(|f| !adjusted.contains(&f.date))?;
                Some((found.date, Span::new(found.start, found.end).shift(l.start as usize)))
            },
        );
    let Some((date, span)) = other else { return };
    record.meeting_date = Some(date);
    record.year = record.year.filter(|_| record.date.is_some()).or(Some(date.year_number()));
    record.evidence.retain(|e| e.field != "meeting_date");
    record.evidence.push(cx.evidence("meeting_date", span, "meeting.head_date", 0.75));
    if meeting.date.is_none_or(|d| d == taken) {
        evidence.retain(|e| e.field != "date");
        evidence.push(cx.evidence("date", span, "meeting.head_date", 0.75));
        meeting.date = Some(date);
    }
}

/// Time and place named inside a line.
fn inner(cx: &Context, line: Span, meeting: &mut Meeting, evidence: &mut Vec<Evidence>) {
    let text = cx.quote(line);
    for word in ["Tid:", "Plats:", "Lokal:"] {
        let Some(at) = text.find(word).filter(|at| *at > 0) else { continue };
        let value = Span::new(line.start as usize + at + word.len(), line.end as usize).trim(&cx.doc.text);
        if word == "Tid:" { time(cx, value, meeting, evidence) } else { place(cx, value, meeting, evidence) }
    }
}

/// Start and end in a value, once.
fn time(cx: &Context, value: Span, meeting: &mut Meeting, evidence: &mut Vec<Evidence>) {
    if meeting.starts.is_some() {
        return;
    }
    let rules = &cx.rules.meeting;
    let text = cx.quote(value);
    if meeting.date.is_none()
        && let Some(d) = cx.rules.dates.first_day(text)
    {
        meeting.date = Some(d.date);
        evidence.push(cx.evidence("date", Span::new(d.start, d.end).shift(value.start as usize), "meeting.time", 0.9));
    }
    let Some(c) = rules.clock.captures(text).or_else(|| rules.range.captures(text)) else { return };
    let (Some(all), Some(hour)) = (c.get(0), c.get(1)) else { return };
    let Some(starts) = clock(hour.as_str(), c.get(2).map_or("00", |m| m.as_str())) else { return };
    let span = Span::new(all.start(), all.end()).shift(value.start as usize);
    meeting.starts = Some(starts);
    evidence.push(cx.evidence("starts", span, "meeting.time", 0.95));
    let ends = c.get(3).and_then(|h| clock(h.as_str(), c.get(4).map_or("00", |m| m.as_str())));
    if ends.is_some() {
        meeting.ends = ends;
        evidence.push(cx.evidence("ends", span, "meeting.time", 0.95));
        later_end(cx, Span { start: span.end, end: value.end }, meeting, evidence);
    }
}

/// The end of the last stretch of a meeting with a break: "08.30-11.45, 13.00-15.10".
fn later_end(cx: &Context, rest: Span, meeting: &mut Meeting, evidence: &mut Vec<Evidence>) {
    let text = cx.quote(rest);
    let until = cx.rules.meeting.apart.find(text).map_or(text.len(), |m| m.start());
    for c in cx.rules.meeting.range.captures_iter(text.get(..until).unwrap_or("")) {
        let (Some(from), Some(h), Some(m)) = (c.get(1), c.get(3), c.get(4)) else { continue };
        let starts = clock(from.as_str(), c.get(2).map_or("00", |m| m.as_str()));
        let ends = clock(h.as_str(), m.as_str());
        if starts >= meeting.ends && ends > meeting.ends {
            let span = Span::new(from.start(), m.end()).shift(rest.start as usize);
            evidence.retain(|e| e.field != "ends");
            evidence.push(cx.evidence("ends", span, "meeting.time", 0.95));
            meeting.ends = ends;
        }
    }
}

/// The place in a value: what is left of it without dates and times, up to the end of its sentence.
fn place(cx: &Context, value: Span, meeting: &mut Meeting, evidence: &mut Vec<Evidence>) {
    if meeting.place.is_some() {
        return;
    }
    let text = cx.quote(value);
    let mut best: Option<(usize, usize)> = None;
    let mut from = 0;
    let ends = cx.rules.meeting.when.find_iter(text).map(|m| (m.start(), m.end())).chain([(text.len(), text.len())]);
    for (start, end) in ends {
        let piece = text.get(from..start).unwrap_or("");
        let lead = piece.len() - piece.trim_start_matches([' ', ',', '.', ':', ';', '\t', '–', '-', '(', ')']).len();
        let kept = piece.trim_end_matches([' ', ',', ':', ';', '\t', '–', '-', '(']).len();
        if kept > lead
            && best.is_none_or(|(a, b)| b - a < kept - lead)
            && piece.chars().filter(|c| c.is_alphabetic()).count() >= 3
        {
            best = Some((from + lead, from + kept));
        }
        from = end;
    }
    let Some((start, end)) = best else { return };
    let piece = text.get(start..end).unwrap_or("");
    let end = start + piece.find(". ").unwrap_or(piece.len());
    let piece = text.get(start..end).unwrap_or("").trim_end_matches('.');
    let piece = piece.split('\t').next().unwrap_or(piece).trim_end_matches([',', ' ']);
    if !piece.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) || piece.len() > 160 {
        return;
    }
    meeting.place = Some(piece.to_string());
    let span = Span::new(start, start + piece.len()).shift(value.start as usize);
    evidence.push(cx.evidence("place", span, "meeting.place", 0.9));
}

/// "Torsdagen den 15 maj 2014 kl. 18.00" and, on the next line, where: a notice without labels.
fn unlabelled(cx: &Context, head: Span, meeting: &mut Meeting, evidence: &mut Vec<Evidence>) {
    let rules = &cx.rules.meeting;
    let lines: Vec<Span> = printed(cx, head).take(2 * TOP).collect();
    let bare = |l: &Span| rules.label(cx.quote(*l)).is_none() && !rules.apart.is_match(cx.quote(*l));
    let says = |l: &Span| {
        let text = cx.quote(*l);
        bare(l) && text.len() <= 90 && cx.rules.dates.first_day(text).is_some() && rules.clock.is_match(text)
    };
    let Some(i) = lines.iter().position(says) else { return };
    let Some(line) = lines.get(i).copied() else { return };
    time(cx, line, meeting, evidence);
    place(cx, line, meeting, evidence);
    let below = lines.get(i + 1).filter(|l| {
        let text = cx.quote(**l);
        bare(l) && text.len() <= 90 && !rules.when.is_match(text) && (text.contains(',') || is_place(text))
    });
    if let Some(below) = below.filter(|_| meeting.place.is_none()) {
        place(cx, *below, meeting, evidence);
    }
}

/// Whether a word of a line ends like the name of a place to meet in.
fn is_place(text: &str) -> bool {
    const ENDS: [&str; 11] = [
        "huset",
        "gatan",
        "vägen",
        "salen",
        "rummet",
        "lokalen",
        "gården",
        "torget",
        "kontoret",
        "biblioteket",
        "skolan",
    ];
    text.split_whitespace().any(|w| ENDS.iter().any(|e| w.trim_end_matches([',', '.']).to_lowercase().ends_with(e)))
}

/// A notice's sentence: "kallas till sammanträde tisdagen den 7 mars 2017 kl. 13.00, Bergsgatan 17".
fn summons(cx: &Context, head: Span, meeting: &mut Meeting, evidence: &mut Vec<Evidence>) {
    let rules = &cx.rules.meeting;
    let mut spoken = false;
    for (line, _) in head_lines(cx, head) {
        let text = cx.quote(line);
        spoken |= rules.summoned.is_match(text);
        if !spoken
            || rules.label(text).is_some()
            || text.to_lowercase().contains("förmöte") && !rules.summoned.is_match(text)
        {
            continue;
        }
        let dated = cx.rules.dates.first_day(text).is_some();
        let Some(clocked) = rules.clock.find(text) else { continue };
        if !dated && !text.to_lowercase().contains("dag") {
            continue;
        }
        if meeting.starts.is_none() {
            time(cx, line, meeting, evidence);
        }
        let after = Span::new(line.start as usize + clocked.end(), line.end as usize);
        if cx.quote(after).trim_start().starts_with([',', 'i']) {
            let skip = if cx.quote(after).trim_start().starts_with("i ") { 2 } else { 0 };
            let from = after.trim(&cx.doc.text);
            place(cx, Span { start: from.start + skip, end: from.end }, meeting, evidence);
        }
        return;
    }
}

/// `HH:MM`, if it is a time of day.
fn clock(hour: &str, minute: &str) -> Option<String> {
    let (h, m) = (hour.parse::<u32>().ok()?, minute.parse::<u32>().ok()?);
    (h < 24 && m < 60).then(|| format!("{h:02}:{m:02}"))
}

/// People of one line of the attendance list; false if it is running text, which ends the list.
fn attendance(
    cx: &Context,
    line: Span,
    role: Option<&str>,
    meeting: &mut Meeting,
    evidence: &mut Vec<Evidence>,
) -> bool {
    let rules = &cx.rules.meeting;
    let text = &one_line(rules, cx.quote(line));
    let found = rules.people.of(text, &cx.rules.people, &cx.rules.item.members);
    let words = text.split_whitespace().count();
    let told: usize = found.iter().map(|e| e.name.split(' ').count()).sum();
    if text.ends_with('.') && words > 6 && told * 3 < words && !text.contains('(') {
        return false;
    }
    let before = meeting.present.len();
    let mut found = found;
    if !found.is_empty() && rules.people.stands_in_for(cx.doc.text.get(..line.start as usize).unwrap_or("")) {
        // "…, ersätter" / "Eva Ek (S) § 130": the line above tells of whom it is the name.
        let of = found.remove(0);
        if let Some(last) = meeting.present.last_mut().filter(|p| p.substitute_for.is_none()) {
            last.substitute_for = Some(of.name);
            last.role = Some("tjänstgörande ersättare".to_string());
            last.items = last.items.take().or(of.items);
        }
    }
    if found.is_empty() && text.starts_with(char::is_lowercase) && words <= 4 {
        // A role that broke over the line: "…, fullmäktiges" / "ordförande".
        if let Some(role) = meeting.present.last_mut().and_then(|p| p.role.as_mut())
            && (role.ends_with("fullmäktiges") || role.ends_with(" vice") || role == "vice" || role.ends_with(','))
        {
            role.push(' ');
            role.push_str(&text.to_lowercase());
        }
    }
    for e in found {
        push(meeting, e, role);
    }
    if meeting.present.len() > before {
        evidence.push(cx.evidence("present", line, "meeting.attendance", 0.85));
    }
    true
}

/// The lines of one entry as one: a party's letters keep apart from the name before them.
fn one_line(rules: &Rules, text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (i, piece) in text.split('\n').enumerate() {
        if i > 0 {
            let letters = rules.people.party_alone(piece.split_whitespace().next().unwrap_or("")).is_some();
            out.push(if letters { '\t' } else { ' ' });
        }
        out.push_str(piece);
    }
    out
}

/// Most people of one meeting.
const MOST: usize = 500;

fn push(meeting: &mut Meeting, e: Entry, role: Option<&str>) {
    if let Some(known) = meeting.present.iter_mut().find(|p| p.name == e.name) {
        // Said again with more: a list of names on the first page, the parties on the next.
        if known.political_party.is_none() && e.party.is_some() {
            known.political_party = e.party;
            known.role = e.role.or(role.map(str::to_string)).map(|r| r.to_lowercase()).or(known.role.take());
        }
        return;
    }
    if meeting.present.len() >= MOST {
        return;
    }
    let role = e.role.or(role.map(str::to_string)).map(|r| r.to_lowercase());
    // Who serves for somebody is a serving substitute, whatever list the name stands in.
    let role = match (&e.substitute_for, role.as_deref()) {
        (Some(_), None | Some("ledamot" | "ersättare")) | (None, Some("tjänstgörande")) => {
            Some("tjänstgörande ersättare".to_string())
        }
        _ => role,
    };
    meeting.present.push(Present {
        name: e.name,
        role,
        political_party: e.party,
        substitute_for: e.substitute_for,
        items: e.items,
    });
}

fn push_adjuster(meeting: &mut Meeting, name: String) {
    if !meeting.adjusters.contains(&name) && meeting.adjusters.len() < MOST {
        meeting.adjusters.push(name);
    }
}

/// Names of adjusters on a line; false if there is none.
fn adjusters(cx: &Context, line: Span, meeting: &mut Meeting, evidence: &mut Vec<Evidence>) -> bool {
    let names = names_in(cx, cx.quote(line));
    if names.is_empty() {
        return cx.quote(line).chars().all(|c| !c.is_alphabetic());
    }
    for name in names {
        push_adjuster(meeting, name);
    }
    evidence.push(cx.evidence("adjusters", line, "meeting.adjusters", 0.9));
    true
}

/// The names on a line; four capitalised words in a row are two of them.
pub(crate) fn names_in(cx: &Context, text: &str) -> Vec<String> {
    let found = cx.rules.meeting.people.of(text, &cx.rules.people, &cx.rules.item.members);
    found
        .into_iter()
        .flat_map(|e| {
            let words: Vec<&str> = e.name.split(' ').collect();
            match words.as_slice() {
                [a, b, c, d] if [a, b, c, d].iter().all(|w| w.starts_with(char::is_uppercase)) => {
                    vec![format!("{a} {b}"), format!("{c} {d}")]
                }
                _ => vec![e.name],
            }
        })
        .collect()
}

/// Those whom one of the first items appoints.
fn appointed(cx: &Context, record: &Record, meeting: &mut Meeting, evidence: &mut Vec<Evidence>) {
    let rules = &cx.rules.meeting;
    for decision in record.items.iter().take(6).flat_map(|i| &i.decisions) {
        let text = decision.text.split(". ").next().unwrap_or("");
        if rules.appointed.is_match(text) && text.contains("juster") {
            for name in names_in(cx, text) {
                push_adjuster(meeting, name);
            }
            if let (Some(e), false) = (decision.evidence.first(), meeting.adjusters.is_empty()) {
                evidence.push(cx.evidence("adjusters", Span { start: e.start, end: e.end }, "meeting.appointed", 0.85));
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::parse::testing;

    #[test]
    fn time_place_people_and_adjusters() {
        let m = testing::parse(
            "# Protokoll fört vid sammanträde med Farsta stadsdelsnämnd\n\nTid: Torsdagen den 16 juni 2022 kl. 18.00–20.05\nPlats: Ekporten, lokal Hallen\nJusterat den 23 juni 2022\nParagrafer: 1–8\nEva Ekstig, ordförande\nBo Alm, justerare\n\n\
             Närvarande\n\nOrdförande: Eva Ekstig (M)\nLedamöter: Bo Alm (S), Li von Sten (L)\nTjänstgörande ersättare: Karin Skrika (C) för Nils-Ove Borr (C)\nTjänstemän: Ingela Vind, stadsdelsdirektör, och Maj Starr, sekreterare\n\n\
             § 1 Val av justerare\n\nBeslut\n\nNämnden utser Bo Alm (S) att justera protokollet.\n\n§ 2 Annat\n\nText.",
        )
        .meeting
        .unwrap();
        assert_eq!(m.body.as_deref(), Some("Farsta stadsdelsnämnd"));
        assert_eq!(m.date.map(|d| d.to_string()).as_deref(), Some("2022-06-16"));
        assert_eq!(
            (m.place.as_deref(), m.starts.as_deref(), m.ends.as_deref()),
            (Some("Ekporten, lokal Hallen"), Some("18:00"), Some("20:05"))
        );
        assert_eq!(m.adjusters, ["Bo Alm"]);
        let p: Vec<(&str, &str)> =
            m.present.iter().map(|p| (p.name.as_str(), p.role.as_deref().unwrap_or(""))).collect();
        assert_eq!(
            p,
            [
                ("Eva Ekstig", "ordförande"),
                ("Bo Alm", "ledamot"),
                ("Li von Sten", "ledamot"),
                ("Karin Skrika", "tjänstgörande ersättare"),
                ("Ingela Vind", "stadsdelsdirektör"),
                ("Maj Starr", "sekreterare")
            ]
        );
        assert_eq!(m.present[3].substitute_for.as_deref(), Some("Nils-Ove Borr"));
    }
}
