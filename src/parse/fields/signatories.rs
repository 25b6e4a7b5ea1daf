//! Reads who signed: names with title and unit below, one below the other or side by side in columns.

mod minutes;
mod named;

use crate::base::Span;
use crate::ingest::document::{Block, BlockKind, Zone};
use crate::parse::context::Context;
use crate::parse::head::cells;
use crate::parse::record::{Evidence, Record, Signatory};
use crate::parse::text::joined;

/// Fills the signatories.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    if matches!(record.kind.as_str(), "protokoll" | "protokollsutdrag") {
        minutes::read(cx, record);
        if !record.signatories.is_empty() {
            return;
        }
    }
    read_area(cx, area(cx), record);
    if record.signatories.is_empty() && matches!(record.kind.as_str(), "motion" | "skrivelse" | "interpellation") {
        named::members(cx, record);
    }
    if record.signatories.is_empty() && matches!(record.kind.as_str(), "okand" | "riktlinje") {
        named::regulation(cx, record);
    }
    if record.signatories.is_empty() && matches!(record.kind.as_str(), "overenskommelse" | "avtal") {
        // Below the list of attachments: "… upprättad i tre exemplar, varav parterna tagit var sitt."
        let body = cx.doc.body();
        if let Some(at) = body.rfind(" exemplar") {
            let end = body.get(at..).and_then(|rest| rest.find('\n')).map_or(body.len(), |i| at + i);
            read_area(cx, Span::new(end, body.len()), record);
        }
    }
    if record.signatories.is_empty() && record.kind == "kallelse" {
        chair_below(cx, record);
    }
    if record.signatories.is_empty() {
        // Where the signatures stand below the list of those the decision is sent to.
        for section in cx.segments.with_id("sent_to") {
            read_area(cx, section.body, record);
        }
    }
    if record.signatories.is_empty() && SIGNED_ANYWHERE.contains(&record.kind.as_str()) {
        // Below the proposal, before the summary.
        let lists = |s: &&crate::parse::segment::Segment| {
            !matches!(s.id.as_deref(), Some("attested" | "notice_board" | "sent_to"))
        };
        for section in cx.segments.sections.iter().filter(lists) {
            if record.signatories.is_empty() {
                read_area(cx, section.body, record);
            }
        }
    }
}

/// Kinds that are signed by officers, if not at the end then below the proposal.
const SIGNED_ANYWHERE: [&str; 5] =
    ["tjansteutlatande", "tjansteskrivelse", "remissvar", "delegationsbeslut", "revisionsrapport"];

/// The chair who calls the meeting: a name above the word, at the end of a notice or before its list.
fn chair_below(cx: &Context, record: &mut Record) {
    let body = Span::new(0, cx.doc.body_end as usize);
    let lines: Vec<Span> = crate::parse::fields::meeting::printed(cx, body).collect();
    let signs = |w: &[Span]| {
        let [name, title] = w else { return false };
        let begins_line = |s: &Span| !cx.doc.text[..s.start as usize].ends_with('\t');
        let alone = begins_line(name) && begins_line(title);
        let title = cx.quote(*title);
        alone
            && cx.rules.people.is_name(cx.quote(*name))
            && (title.to_lowercase().starts_with("ordförande") || cx.rules.people.is_title(title))
            && title.len() <= 60
    };
    let Some(first) = lines.windows(2).position(signs) else { return };
    // The secretary beside the chair stands right below.
    for pair in lines.get(first..).unwrap_or_default().chunks(2).take(3).take_while(|w| signs(w)) {
        let [name, title] = pair else { return };
        let evidence = vec![
            cx.evidence("name", *name, "signatures.chair", 0.8),
            cx.evidence("title", *title, "signatures.chair", 0.8),
        ];
        let (name, title) = (joined(cx.quote(*name)), joined(cx.quote(*title)));
        record.signatories.push(Signatory { name, title: Some(title), unit: None, evidence });
    }
}

/// Most signatures of one document.
const MOST: usize = 100;

/// Units of two columns that were read as one line, `X X`, are each one's.
fn share_doubled_units(people: &mut [Signatory]) {
    for i in 0..people.len() {
        let Some(unit) = people[i].unit.clone() else { continue };
        let half = unit.len() / 2;
        let (Some(left), Some(right)) = (unit.get(..half), unit.get(half + 1..)) else { continue };
        if unit.len() < 20 || left != right {
            continue;
        }
        people[i].unit = Some(left.to_string());
        let proof: Vec<Evidence> = people[i].evidence.iter().filter(|e| e.field == "unit").cloned().collect();
        if let Some(before) = i.checked_sub(1).and_then(|j| people.get_mut(j)).filter(|p| p.unit.is_none()) {
            before.unit = Some(left.to_string());
            before.evidence.extend(proof);
        }
    }
}

fn read_area(cx: &Context, area: Span, record: &mut Record) {
    let loose = matches!(record.kind.as_str(), "overenskommelse" | "avtal");
    let blocks = cx.doc.blocks.iter().filter(|b| {
        b.zone == Zone::Body && area.contains(b.span) && !matches!(b.kind, BlockKind::ListItem) && b.span.len() <= 1500
    });
    let rows: Vec<Vec<Span>> = blocks
        .flat_map(|b| printed(cx, b))
        .map(|l| cells(cx.doc, l).into_iter().flat_map(|c| sides(cx, c)).collect::<Vec<_>>())
        .filter(|row| !row.iter().all(|c| is_rule(cx.quote(*c))))
        .collect();
    let mut at = 0;
    // For whom the next people sign: `För Norra nämnden` above their names.
    let mut sides: std::collections::VecDeque<Span> = std::collections::VecDeque::new();
    // Below `För X` a name alone signs an agreement.
    let mut sided = false;
    while at < rows.len() && record.signatories.len() < MOST {
        let witnesses = |c: &Span| cx.quote(*c).to_lowercase().starts_with("bevittna");
        if sided && rows[at].iter().any(witnesses) {
            break;
        }
        let row: Vec<Span> = rows[at].iter().filter_map(|c| side(cx, *c)).collect();
        if !row.is_empty() && row.len() == rows[at].len() {
            sided = loose;
            sides.extend(row);
            at += 1;
            continue;
        }
        let pending = record.signatories.iter().filter(|s| s.unit.is_none()).count();
        if pending > 0 && rows[at].len() == pending && rows[at].iter().all(|c| ends_unit(cx, cx.quote(*c))) {
            // Units in a row below people who were read one below the other.
            for (person, cell) in record.signatories.iter_mut().filter(|s| s.unit.is_none()).zip(&rows[at]) {
                person.unit = Some(joined(cx.quote(*cell)));
                person.evidence.push(cx.evidence("unit", *cell, "signatures.unit_row", 0.8));
            }
            at += 1;
            continue;
        }
        let (mut found, used) = stack(cx, &rows[at..], loose, sided);
        for person in &mut found {
            let Some(side) = sides.pop_front().filter(|_| person.unit.is_none()) else { continue };
            person.unit = Some(joined(cx.quote(side)));
            person.evidence.push(cx.evidence("unit", side, "signatures.for", 0.9));
        }
        record.signatories.extend(found);
        at += used.max(1);
    }
    share_doubled_units(&mut record.signatories);
    let mut seen = Vec::new();
    record.signatories.retain(|s| {
        let key = (s.name.clone(), s.title.clone());
        let new = !seen.contains(&key);
        seen.push(key);
        new
    });
}

/// The lines of a block: as they stand for themselves or, of a short paragraph, as they were printed.
fn printed(cx: &Context, block: &Block) -> Vec<Span> {
    if block.kind != BlockKind::Paragraph || block.span.len() > 300 {
        return crate::parse::segment::lines(cx.doc, block.span).collect();
    }
    let from = cx.doc.lines.partition_point(|l| l.span.end <= block.span.start);
    let inside = cx.doc.lines[from..].iter().take_while(|l| l.span.start < block.span.end);
    inside.filter(|l| block.span.contains(l.span)).map(|l| l.span.trim(&cx.doc.text)).collect()
}

/// Where signatures may stand: in the last section before attachments and approvals, or under their own heading.
fn area(cx: &Context) -> Span {
    let own =
        cx.segments.sections.iter().rev().find(|s| {
            matches!(s.id.as_deref(), Some("agreement_signatures" | "secretary_chair")) && !s.body.is_empty()
        });
    if let Some(s) = own {
        return s.body;
    }
    let closing =
        |id: &Option<String>| matches!(id.as_deref(), Some("attachments" | "attested" | "sent_to" | "notice_board"));
    let last = cx.segments.sections.iter().rev().find(|s| !closing(&s.id));
    last.map_or(cx.segments.head, |s| s.body)
}

/// A line of underscores or dots to write on.
fn is_rule(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '_' | '.' | '-' | '…' | ' '))
}

/// `För X För Y` on one line is two cells, and so is the same name twice.
fn sides(cx: &Context, cell: Span) -> Vec<Span> {
    let text = cx.quote(cell);
    let half = text.len() / 2;
    if text.len() > 20 && text.get(half..half + 1) == Some(" ") && text.get(..half) == text.get(half + 1..) {
        let cut = cell.start as usize + half;
        return vec![Span::new(cell.start as usize, cut), Span::new(cut + 1, cell.end as usize)];
    }
    match text.starts_with("För ").then(|| text[1..].find(" För ")).flatten() {
        Some(i) => {
            let cut = cell.start as usize + 1 + i;
            vec![Span::new(cell.start as usize, cut), Span::new(cut + 1, cell.end as usize)]
        }
        None => vec![cell],
    }
}

/// Before the name of those somebody signs for.
const FOR: &str = "För ";

/// For whom somebody signs: what stands after `För`.
fn side(cx: &Context, cell: Span) -> Option<Span> {
    let name = cx
        .quote(cell)
        .get(..FOR.len())
        .filter(|w| *w == FOR || *w == "FÖR ")
        .and_then(|_| cx.quote(cell).get(FOR.len()..))?;
    let fits = name.starts_with(char::is_uppercase) && name.len() <= 90 && !name.ends_with('.');
    fits.then(|| Span::new(cell.start as usize + FOR.len(), cell.end as usize))
}

/// The people whose names stand in the first row, with what stands below them, and how many rows that took.
fn stack(cx: &Context, rows: &[Vec<Span>], loose: bool, bare: bool) -> (Vec<Signatory>, usize) {
    let Some(first) = rows.first() else { return (Vec::new(), 1) };
    let names: Vec<(Span, Option<Span>)> = first.iter().filter_map(|c| name_and_title(cx, *c)).collect();
    if names.is_empty() || names.len() < first.len() {
        return (Vec::new(), 1);
    }
    let mut people: Vec<Signatory> = names
        .iter()
        .map(|(name, title)| {
            let mut evidence = vec![cx.evidence("name", *name, "signatures.name", 0.9)];
            evidence.extend(title.map(|t| cx.evidence("title", t, "signatures.title", 0.9)));
            Signatory { name: joined(cx.quote(*name)), title: title.map(|t| joined(cx.quote(t))), unit: None, evidence }
        })
        .collect();
    let n = people.len();
    let mut used = 1;
    if n == 1
        && people.iter().all(|p| p.title.is_none())
        && let Some(more) = crossed(cx, rows, &mut people)
    {
        return (people, more);
    }
    if people.iter().all(|p| p.title.is_none()) {
        // Without a title a name alone is no signature.
        let Some(titles) =
            rows.get(1).filter(|r| r.len() == n && r.iter().all(|c| cx.rules.people.is_title(cx.quote(*c))))
        else {
            let sure = names.iter().all(|(name, _)| cx.rules.people.is_person(cx.quote(*name)));
            return if bare && sure { (people, 1) } else { (Vec::new(), 1) };
        };
        for (person, title) in people.iter_mut().zip(titles) {
            person.title = Some(joined(cx.quote(*title)));
            person.evidence.push(cx.evidence("title", *title, "signatures.title", 0.9));
        }
        used = 2;
    }
    used += units(cx, &rows[used..], &mut people, loose);
    (people, used)
}

/// Two columns read across: `Eva Ek` / `Socialchef Bo Al` / `Avdelningschef`. How many rows that took.
fn crossed(cx: &Context, rows: &[Vec<Span>], people: &mut Vec<Signatory>) -> Option<usize> {
    let [_, second, third, ..] = rows else { return None };
    let ([second], [last]) = (second.as_slice(), third.as_slice()) else { return None };
    let text = cx.quote(*second);
    let (title, name) = super::handlaggare::title_before_name(cx, text)?;
    if !cx.rules.people.is_title(cx.quote(*last)) {
        return None;
    }
    let at = |part: &str| {
        let offset = second.start as usize + (part.as_ptr() as usize - text.as_ptr() as usize);
        Span::new(offset, offset + part.len())
    };
    let title_of = |t: Span| cx.evidence("title", t, "signatures.title", 0.8);
    let first = people.first_mut()?;
    first.title = Some(joined(title));
    first.evidence.push(title_of(at(title)));
    let evidence = vec![cx.evidence("name", at(name), "signatures.name", 0.8), title_of(*last)];
    people.push(Signatory { name: joined(name), title: Some(joined(cx.quote(*last))), unit: None, evidence });
    Some(3)
}

/// Gives units to people: column by column, or one below the other where columns were read apart. Returns the rows used.
///
/// A unit ends in a word such as `förvaltning`; `loose`, in agreements, any one line is the party that is signed for.
fn units(cx: &Context, rows: &[Vec<Span>], people: &mut [Signatory], loose: bool) -> usize {
    let n = people.len();
    let mut columns: Vec<Vec<Span>> = vec![Vec::new(); n];
    let mut used = 0;
    let complete = |cells: &[Span]| cells.last().is_some_and(|c| ends_unit(cx, cx.quote(*c)));
    let goes_on =
        |row: Option<&Vec<Span>>| row.is_some_and(|r| r.iter().all(|c| cx.quote(*c).starts_with(char::is_lowercase)));
    for (i, row) in rows.iter().enumerate() {
        let below = rows.get(i + 1);
        let named = row.iter().all(|c| name_and_title(cx, *c).is_some());
        if named && below.is_some_and(|b| b.iter().any(|c| cx.rules.people.is_title(cx.quote(*c)))) {
            break;
        }
        let starts_anew = row.iter().any(|c| side(cx, *c).is_some())
            || row.iter().any(|c| {
                name_and_title(cx, *c).is_some() && !loose && !ends_unit(cx, cx.quote(*c))
                    || cx.rules.people.is_title(cx.quote(*c))
            });
        let long = row.iter().any(|c| cx.quote(*c).split_whitespace().count() > 8);
        let done = columns.iter().all(|c| complete(c) || loose && !c.is_empty());
        if starts_anew || long || done && !goes_on(Some(row)) {
            break;
        }
        if row.len() == n {
            for (column, cell) in columns.iter_mut().zip(row) {
                column.push(*cell);
            }
        } else if let Some(column) = columns.iter_mut().find(|c| !complete(c)) {
            column.extend(row);
        }
        used += 1;
    }
    for (person, column) in people.iter_mut().zip(columns) {
        if column.is_empty() || !loose && !complete(&column) {
            continue;
        }
        let text = column.iter().map(|c| cx.quote(*c)).collect::<Vec<_>>().join("\n");
        person.unit = Some(joined(&text));
        let proof: Vec<Evidence> = column.iter().map(|c| cx.evidence("unit", *c, "signatures.unit", 0.85)).collect();
        person.evidence.extend(proof);
    }
    used
}

/// Whether a line ends the name of an office, committee, department or the like.
fn ends_unit(cx: &Context, text: &str) -> bool {
    if text.contains(':') {
        return false;
    }
    let b = &cx.lex.bodies;
    let last = text.split_whitespace().last().unwrap_or_default().to_lowercase();
    let named = [&b.administration, &b.authority, &b.department].into_iter().flatten();
    named.map(|e| e.to_lowercase()).any(|e| last.ends_with(&e))
        || text.to_lowercase().starts_with("avdelning")
        || text.to_lowercase().starts_with("enhet")
}

/// A cell that is a name, or a name with a title after a comma.
///
/// The day of a signature in the system is no part of the title: `Eva Ek, förvaltningschef, 2021-12-01`.
fn name_and_title(cx: &Context, cell: Span) -> Option<(Span, Option<Span>)> {
    let dated = cx.quote(cell).bytes().any(|b| b.is_ascii_digit());
    let cell = if dated { crate::parse::fields::recipient::without_date(cx, cell) } else { cell };
    let text = cx.quote(cell);
    if cx.rules.people.is_name(text) {
        return Some((cell, None));
    }
    let comma = text.find(',')?;
    let title = text[comma + 1..].trim();
    let name = &text[..comma];
    (cx.rules.people.is_name(name) && cx.rules.people.is_title(title)).then(|| {
        let start = cell.start as usize;
        let title_span = Span::new(start + comma + 1, cell.end as usize).trim(&cx.doc.text);
        (Span::new(start, start + comma), Some(title_span))
    })
}

#[cfg(test)]
mod tests {
    use crate::parse::testing::parse;

    fn signed(source: &str) -> Vec<(String, Option<String>, Option<String>)> {
        parse(source).signatories.into_iter().map(|s| (s.name, s.title, s.unit)).collect()
    }

    fn want(rows: &[(&str, &str, &str)]) -> Vec<(String, Option<String>, Option<String>)> {
        rows.iter().map(|(a, b, c)| (a.to_string(), Some(b.to_string()), Some(c.to_string()))).collect()
    }

    #[test]
    fn stacked_and_side_by_side() {
        let two = want(&[
            ("Tuva Ek", "Stadsdelsdirektör", "Farsta stadsdelsförvaltning"),
            ("Ulf Alm", "Avdelningschef", "Farsta stadsdelsförvaltning"),
        ]);
        let head = "# X om y\n\nFörvaltningens synpunkter\n\nText.\n\n";
        for block in [
            "Tuva Ek\nStadsdelsdirektör\nFarsta stadsdelsförvaltning\n\nUlf Alm\nAvdelningschef\nFarsta stadsdelsförvaltning",
            "Tuva Ek\nStadsdelsdirektör\nFarsta stadsdelsförvaltning\nUlf Alm\nAvdelningschef\nFarsta stadsdelsförvaltning",
            "Tuva Ek\tUlf Alm\nStadsdelsdirektör\tAvdelningschef\nFarsta stadsdelsförvaltning\tFarsta stadsdelsförvaltning",
            "Tuva Ek\tUlf Alm\nStadsdelsdirektör\tAvdelningschef\nFarsta\tFarsta\nstadsdelsförvaltning\tstadsdelsförvaltning",
            "Tuva Ek\tUlf Alm\nStadsdelsdirektör\tAvdelningschef\nFarsta\nstadsdelsförvaltning\n\nFarsta\nstadsdelsförvaltning",
        ] {
            assert_eq!(signed(&format!("{head}{block}\n\nBilagor\n\nEn bilaga")), two, "{block}");
        }
        let r = signed(&format!("{head}Tuva Ek\nStadsdelsdirektör"));
        assert_eq!(r, [("Tuva Ek".to_string(), Some("Stadsdelsdirektör".to_string()), None)]);
    }

    #[test]
    fn both_sides_of_an_agreement() {
        let both =
            want(&[("Tuva Ek", "Stadsdelsdirektör", "Farsta stadsdelsnämnd"), ("Ulf Alm", "Ordförande", "Blåklockan")]);
        let head = "# Överenskommelse om partnerskap\n\nParter\n\nA.\n\nAvtalstid\n\n2024.\n\nUnderskrifter\n\n";
        for block in [
            "För Farsta stadsdelsnämnd\nTuva Ek\nStadsdelsdirektör\n\nFör Blåklockan\nUlf Alm\n\nOrdförande",
            "För Farsta stadsdelsnämnd För Blåklockan\n\nTuva Ek\nStadsdelsdirektör\n\nUlf Alm\nOrdförande",
            "För Farsta stadsdelsnämnd\tFör Blåklockan\nTuva Ek\tUlf Alm\nStadsdelsdirektör\tOrdförande",
            "Tuva Ek\nStadsdelsdirektör\nFarsta stadsdelsnämnd\n\nUlf Alm\nOrdförande\nBlåklockan",
        ] {
            assert_eq!(signed(&format!("{head}{block}")), both, "{block}");
        }
    }

    #[test]
    fn a_name_alone_signs_nothing() {
        assert_eq!(signed("# X om y\n\nBakgrund\n\nStreet Minds\n\nTuva Ek"), []);
    }
}
