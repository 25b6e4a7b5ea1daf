//! Reads the document's date, the date of the meeting it is for, and the year.
//!
//! A date after the recipient is the meeting's; one after the diary number or alone in the margin block is the document's.
//! Minutes and notices have a meeting date; the dates of their adjustment and of the notice board are neither.

use crate::base::date::Precision;
use crate::base::{PartialDate, Span};
use crate::ingest::document::Zone;
use crate::parse::context::Context;
use crate::parse::fields::recipient::has_word_ending;
use crate::parse::record::Record;

/// A date of the document with its rule.
struct Found {
    date: PartialDate,
    span: Span,
    rule: &'static str,
    confidence: f32,
}

/// Fills date and meeting date.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    let of_meeting =
        matches!(record.kind.as_str(), "protokoll" | "protokollsutdrag" | "kallelse" | "minnesanteckningar");
    let meeting = labelled(cx, "meeting_date_label", "head.meeting_date", 0.97)
        .or_else(|| after_recipient(cx))
        .or_else(|| behind_recipient(cx, record))
        .or_else(|| of_meeting.then(|| labelled(cx, "place_time", "head.place_time", 0.95)).flatten())
        .or_else(|| of_meeting.then(|| of_the_meeting(cx)).flatten());
    // What comes from members or citizens is stamped when it comes in; its own day stands by the signature.
    let by_members = matches!(record.kind.as_str(), "motion" | "interpellation" | "medborgarforslag");
    let early = || if by_members { signed_by_members(cx) } else { None };
    let notice = || if record.kind == "kallelse" { signed_notice(cx) } else { None };
    let date = early()
        .or_else(|| labelled(cx, "date_label", "head.date", 0.95))
        .or_else(|| decided(cx, record))
        .or_else(|| after_dnr(cx))
        .or_else(|| beside_dnr(cx))
        .or_else(notice)
        .or_else(|| if in_series(cx) { None } else { alone(cx) })
        .or_else(|| under_title(cx, record))
        .or_else(|| beside_kind(cx))
        .or_else(|| signed(cx, record))
        .filter(|d| meeting.as_ref().is_none_or(|m| m.span != d.span))
        // Where the day of the meeting is known, the month on the cover says nothing more.
        .filter(|d| !(of_meeting && meeting.is_some() && d.date.precision() != Precision::Day));
    // What the head of minutes prints is the day of the meeting.
    let (date, meeting) = match (of_meeting, date, meeting) {
        (true, Some(date), None) if record.kind != "kallelse" => (None, Some(date)),
        (true, Some(date), Some(meeting)) if date.date == meeting.date => (None, Some(meeting)),
        (_, date, meeting) => (date, meeting),
    };
    if let Some(f) = date {
        record.evidence.push(cx.evidence("date", f.span, f.rule, f.confidence));
        record.date = Some(f.date);
    }
    if let Some(f) = meeting {
        record.evidence.push(cx.evidence("meeting_date", f.span, f.rule, f.confidence));
        record.meeting_date = Some(f.date);
    }
}

/// Fills the year: of date, else meeting date, else attested, else in the title.
pub(crate) fn read_year(cx: &Context, record: &mut Record) {
    let proof = |field: &str| record.evidence.iter().find(|e| e.field == field).cloned();
    let attested =
        record.attestations.iter().filter_map(|a| a.date.map(|d| (d, a.evidence.first().cloned()))).max_by_key(|a| a.0);
    let (year, evidence) = if let Some(d) = record.date {
        (d.year_number(), proof("date"))
    } else if let Some(d) = record.meeting_date {
        (d.year_number(), proof("meeting_date"))
    } else if let Some((d, e)) = attested {
        (d.year_number(), e)
    } else if let Some((year, span)) = year_in_title(cx, record) {
        (year, Some(cx.evidence("year", span, "title.year", 0.6)))
    } else {
        return;
    };
    record.year = Some(year);
    record.evidence.extend(evidence.map(|mut e| {
        e.field = "year".into();
        e
    }));
}

/// The last year in the title: a report on 2022 is seldom older.
fn year_in_title(cx: &Context, record: &Record) -> Option<(i16, Span)> {
    let title = record.evidence.iter().find(|e| e.field == "title")?;
    let m = cx.rules.year.find_iter(&title.quote).last()?;
    Some((m.as_str().parse().ok()?, crate::parse::text::span_of(m, title.start)))
}

/// The first day in a line.
fn day_in(cx: &Context, line: Span, rule: &'static str, confidence: f32) -> Option<Found> {
    let found = cx.rules.dates.first_day(cx.quote(line))?;
    let span = Span::new(found.start, found.end).shift(line.start as usize);
    Some(Found { date: found.date, span, rule, confidence })
}

fn labelled(cx: &Context, label: &str, rule: &'static str, confidence: f32) -> Option<Found> {
    // "Plats: …" / "Justerat: 2022-05-25": the line below has a label of its own.
    let other = |l: &&Span| label != "date_label" && cx.rules.not_meeting.is_match(cx.quote(**l));
    let found = cx
        .labelled(label)
        .find_map(|g| g.lines.iter().take(2).filter(|l| !other(l)).find_map(|l| day_in(cx, *l, rule, confidence)));
    found.or_else(|| cx.labelled(label).find_map(|g| six_digits(cx, *g.lines.first()?, rule)))
}

/// `130522` after a label: year, month and day in two digits each.
fn six_digits(cx: &Context, line: Span, rule: &'static str) -> Option<Found> {
    let text = cx.quote(line);
    let (digits, rest) = text.split_at_checked(6)?;
    if !digits.bytes().all(|b| b.is_ascii_digit()) || rest.starts_with(|c: char| c.is_alphanumeric() || c == '-') {
        return None;
    }
    let part = |range: std::ops::Range<usize>| digits.get(range).and_then(|s| s.parse::<i16>().ok());
    let (y, m, d) = (part(0..2)?, part(2..4)?, part(4..6)?);
    let year = if y >= 70 { 1900 + y } else { 2000 + y };
    let date = PartialDate::day(year, i8::try_from(m).ok()?, i8::try_from(d).ok()?)?;
    Some(Found { date, span: Span::new(0, 6).shift(line.start as usize), rule, confidence: 0.85 })
}

/// A date on the last line of the recipient's name, or alone on the next.
fn after_recipient(cx: &Context) -> Option<Found> {
    cx.labelled("recipient").find_map(|g| {
        let named = g.lines.iter().position(|l| has_word_ending(cx, *l, &cx.lex.bodies.authority))?;
        day_in(cx, g.lines[named], "margin.recipient_date", 0.9).or_else(|| {
            let next = *g.lines.get(named + 1)?;
            fills_line(cx, next).then(|| day_in(cx, next, "margin.recipient_date", 0.8)).flatten()
        })
    })
}

/// A day right behind the recipient on its line: `Rapport till socialnämnden 2018-10-25`.
fn behind_recipient(cx: &Context, record: &Record) -> Option<Found> {
    let named = record.recipient.as_ref()?.evidence.first().filter(|e| e.rule == "head.form_to")?;
    let rest = cx.doc.text.get(named.end as usize..)?.split(['\n', '\t']).next()?;
    let line = Span::new(named.end as usize, named.end as usize + rest.len());
    day_in(cx, line, "head.form_to_date", 0.85).filter(|f| f.span.start <= named.end + 8)
}

/// In minutes and notices: the first day in the head, be it in the title, after the weekday or beside the committee.
fn of_the_meeting(cx: &Context) -> Option<Found> {
    let first_page = cx.doc.pages.first()?.number;
    let time_of_day =
        |s: Span| cx.rules.dates.first_day(cx.quote(s)).is_some() && cx.rules.time_of_day.is_match(cx.quote(s));
    // Labels may stand above all their values: a day with a time among them is the meeting's.
    let notice_board = |s: Span| {
        cx.segments.section_at(s.start).is_some_and(|x| match x.id.as_deref() {
            Some("notice_board") => true,
            Some("adjusters") => !time_of_day(s),
            _ => false,
        })
    };
    let limit = cx.segments.first_paragraph_sign.unwrap_or(cx.doc.body_end);
    let in_section = cx
        .segments
        .with_id("place_time")
        .flat_map(|s| [s.heading, s.body])
        .find_map(|s| day_in(cx, s, "meeting.place_time", 0.95));
    in_section.or_else(|| {
        let blocks = cx.doc.blocks.iter().filter(|b| b.page == first_page && b.zone != Zone::PageNumber);
        let body_first = blocks.clone().filter(|b| b.zone == Zone::Body && b.span.start < limit);
        let lines: Vec<Span> = body_first
            .chain(blocks.filter(|b| b.zone != Zone::Body))
            .flat_map(|b| crate::parse::segment::lines(cx.doc, b.span))
            .filter(|l| !notice_board(*l) && !cx.rules.not_meeting.is_match(cx.quote(*l)))
            .collect();
        let speaks_of_it = |l: &&Span| cx.rules.meeting_line.is_match(cx.quote(**l));
        let clear = lines.iter().filter(speaks_of_it).find_map(|l| day_in(cx, *l, "meeting.line", 0.85));
        clear
            .or_else(|| lines.iter().find_map(|l| day_in(cx, *l, "meeting.head_date", 0.75)))
            .or_else(|| labelled_inside(cx))
    })
}

/// After a cover page: the first line on the first pages that begins with a label of a date, `DATUM: 2024-12-18`.
fn labelled_inside(cx: &Context) -> Option<Found> {
    const PAGES: usize = 3;
    let pages: Vec<u32> = cx.doc.pages.iter().take(PAGES).map(|p| p.number).collect();
    let blocks = cx.doc.blocks.iter().filter(|b| pages.contains(&b.page) && b.span.len() <= 2000);
    blocks.flat_map(|b| crate::parse::segment::lines(cx.doc, b.span)).find_map(|line| {
        let cells = crate::parse::head::cells(cx.doc, line);
        let label = |c: &Span| {
            let text = cx.quote(*c);
            cx.labels.whole(text.split(':').next().unwrap_or(text))
        };
        let known = cells.first().and_then(label)?;
        matches!(known, "date_label" | "meeting_date_label" | "place_time")
            .then(|| day_in(cx, line, "meeting.labelled_line", 0.85))
            .flatten()
    })
}

fn after_dnr(cx: &Context) -> Option<Found> {
    cx.labelled("dnr_label").find_map(|g| g.lines.iter().take(2).find_map(|l| day_in(cx, *l, "margin.dnr_date", 0.95)))
}

/// Whether the document is one of a series of statutes: what is printed in its head is when it came from print.
fn in_series(cx: &Context) -> bool {
    let beginning = last_boundary(cx.doc.body(), 600);
    beginning.to_lowercase().contains("författningssamling")
}

/// At most the first so many bytes.
fn last_boundary(text: &str, most: usize) -> &str {
    let mut to = most.min(text.len());
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    &text[..to]
}

/// `beslutade den 19 april 2011`, `Utfärdad den …` in the title or on a line of its own near it.
fn decided(cx: &Context, record: &Record) -> Option<Found> {
    if matches!(record.kind.as_str(), "protokoll" | "protokollsutdrag" | "kallelse") {
        return None;
    }
    let beginning = last_boundary(cx.doc.body(), 1500);
    let m = cx.rules.decided.find_iter(beginning).find(|m| {
        // In a sentence it speaks of something else: `riktlinjer beslutade den …`.
        let line = beginning[..m.start()].rfind('\n').map_or(0, |i| i + 1);
        let before = beginning[line..m.start()].trim_end();
        before.is_empty() || before.ends_with([';', '(', ',']) || before.starts_with("Utkom från trycket")
    })?;
    let rest = last_boundary(&beginning[m.end()..], 60);
    let found = cx.rules.dates.all(rest).next().filter(|f| f.start <= 6)?;
    let span = Span::new(m.end() + found.start, m.end() + found.end);
    Some(Found { date: found.date, span, rule: "title.decided", confidence: 0.93 })
}

/// A printed line right below the title that is only a date.
fn under_title(cx: &Context, record: &Record) -> Option<Found> {
    let end = record.evidence.iter().find(|e| e.field == "title")?.end;
    let from = cx.doc.lines.partition_point(|l| l.span.start < end);
    let line = cx.doc.lines.get(from)?.span;
    let block = cx.doc.block_at(end.saturating_sub(1))?;
    (block.span.contains(line) && fills_line(cx, line)).then(|| day_in(cx, line, "title.date_line", 0.85)).flatten()
}

/// A day on the line of the head that has a diary number and no sentence: `2019-09-16 Dnr KOF/2019:63`.
fn beside_dnr(cx: &Context) -> Option<Found> {
    let first = cx.doc.blocks.iter().filter(|b| b.zone == Zone::Body && cx.segments.head.contains(b.span)).take(3);
    let first = first.flat_map(|b| crate::parse::segment::lines(cx.doc, b.span)).take(6);
    let lines = cx.head.iter().flat_map(|g| g.lines.iter().copied()).take(40).chain(first);
    lines.filter(|l| cx.quote(*l).len() <= 120).find_map(|l| {
        let text = cx.quote(l);
        let plain =
            !text.split_whitespace().any(|w| w.starts_with(char::is_lowercase) && !w.eq_ignore_ascii_case("dnr"));
        (plain && crate::parse::fields::dnr::first_in(cx, text).is_some())
            .then(|| day_in(cx, l, "head.dnr_line_date", 0.85))
            .flatten()
    })
}

/// A line of the head that is only a date: to the day, or on slides and reports to the month.
fn alone(cx: &Context) -> Option<Found> {
    let lines = |day: bool| {
        cx.head
            .iter()
            .filter(|g| {
                !matches!(g.label.as_deref(), Some("recipient" | "officer" | "meeting_date_label" | "foreign_label"))
            })
            .flat_map(|g| g.lines.iter().copied())
            .filter(move |l| fills_line(cx, *l) || !day)
            .filter(|l| !tells_something_else(cx, *l))
    };
    lines(true)
        .find_map(|l| day_in(cx, l, "margin.date", 0.9))
        .or_else(|| {
            lines(true).find_map(|l| {
                let found = cx.rules.dates.all(cx.quote(l)).find(|f| f.date.precision() == Precision::Month)?;
                let span = Span::new(found.start, found.end).shift(l.start as usize);
                Some(Found { date: found.date, span, rule: "head.month", confidence: 0.8 })
            })
        })
        .or_else(|| {
            // `130522` alone in a cell.
            let lines =
                cx.head.iter().filter(|g| g.label.as_deref() != Some("phone")).flat_map(|g| g.lines.iter().copied());
            lines.filter(|l| l.len() == 6).find_map(|l| six_digits(cx, l, "head.six_digits"))
        })
}

/// Whether a date is the value of something else: a cell beside words that are no label, a line below `Utkom från trycket`.
fn tells_something_else(cx: &Context, line: Span) -> bool {
    let before = last_bytes(&cx.doc.text[..line.start as usize], 120);
    let above = before.trim_end().rsplit(['\n', '\t']).next().unwrap_or_default().to_lowercase();
    // `Ink. 2016-09-08`: a stamp.
    let own = cx.quote(line).to_lowercase();
    if ["ink. ", "ink ", "inkom", "ankom"].iter().any(|w| own.starts_with(w)) {
        return true;
    }
    if ["trycket", "publicerad", "upphör", "gäller från", "utkom"]
        .iter()
        .any(|w| above.ends_with(w) || above.starts_with(w))
    {
        return true;
    }
    let beside = before.rsplit('\n').next().filter(|row| row.ends_with('\t'));
    beside.and_then(|row| row.trim_end().rsplit('\t').next()).is_some_and(|cell| {
        cell.split_whitespace().count() > 1
            && cell.contains(char::is_lowercase)
            && cx.labels.whole(cell).is_none()
            && !cx.labels.names_office(cell)
            && !cx.rules.people.is_name(cell)
            && !names_sender(cx, cell)
            && !beside_number(cx, line)
    })
}

/// Whether a cell is a committee's or a municipality's name.
fn names_sender(cx: &Context, cell: &str) -> bool {
    let lower = cell.to_lowercase();
    let town = |m: &String| !m.ends_with(' ') && lower.ends_with(&m.to_lowercase());
    cell.split_whitespace().count() <= 7
        && (cx.rules.names_committee(cell) || cx.lex.bodies.municipalities.iter().any(town))
}

/// Whether the next cell of a date's row is a diary number: the row is the head's.
fn beside_number(cx: &Context, line: Span) -> bool {
    let rest = cx.doc.text[line.end as usize..].strip_prefix('\t').unwrap_or_default();
    let cell = last_boundary(rest, 60).split(['\t', '\n']).next().unwrap_or_default();
    let labelled = cx.labels.leading(cell).is_some_and(|(id, _)| id == "dnr_label");
    labelled || cx.rules.dnr.length_at(cell) == Some(cell.len()) && !cell.is_empty()
}

/// At most the last so many bytes.
fn last_bytes(text: &str, most: usize) -> &str {
    let mut from = text.len().saturating_sub(most);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    &text[from..]
}

/// A date on the line that says what the document is: `Tjänsteutlåtande 2006-09-13`.
fn beside_kind(cx: &Context) -> Option<Found> {
    let lines =
        cx.head.iter().filter(|g| g.label.as_deref() != Some("recipient")).flat_map(|g| g.lines.iter().copied());
    lines.filter(|l| cx.quote(*l).len() <= 120).find_map(|l| {
        let found = cx.rules.dates.first_day(cx.quote(l))?;
        let before = cx.quote(l)[..found.start].trim();
        let label = cx.rules.kind.is_label(before) || cx.labels.whole(before).is_some();
        label.then(|| day_in(cx, l, "head.kind_date", 0.85)).flatten()
    })
}

/// The date above the signatures: `Stockholm den 2 oktober 2024`; in an agreement with two, the later.
fn signed(cx: &Context, record: &Record) -> Option<Found> {
    if matches!(record.kind.as_str(), "protokoll" | "protokollsutdrag") {
        return None;
    }
    let last = cx.segments.sections.iter().rev().find(|s| !matches!(s.id.as_deref(), Some("attachments" | "attested")));
    let area = cx.segments.with_id("agreement_signatures").last().or(last).map_or(cx.segments.head, |s| s.body);
    let blocks = cx.doc.blocks.iter().filter(|b| b.zone == Zone::Body && b.span.overlaps(area));
    blocks
        .flat_map(|b| crate::parse::segment::lines(cx.doc, b.span))
        .filter(|l| area.contains(*l))
        .flat_map(|l| crate::parse::head::cells(cx.doc, l))
        .filter(|l| cx.quote(*l).len() <= 80 && fills_line(cx, *l))
        .filter_map(|l| day_in(cx, l, "signatures.date", 0.8))
        .max_by_key(|f| f.date)
}

/// What stands in a paper's first so many bytes may be stamped on it.
const STAMPED: u32 = 200;

/// The last day of a paper by members or citizens that stands alone, with a place or behind `Datum`, below its head.
fn signed_by_members(cx: &Context) -> Option<Found> {
    let blocks = cx.doc.blocks.iter().rev().filter(|b| b.zone == Zone::Body && b.span.len() <= 1500).take(12);
    let lines: Vec<Span> = blocks.flat_map(|b| crate::parse::segment::lines(cx.doc, b.span)).collect();
    let cells = lines.iter().flat_map(|l| crate::parse::head::cells(cx.doc, *l));
    let mut days = cells.filter(|c| c.start >= STAMPED && cx.quote(*c).len() <= 60 && fills_line(cx, *c));
    days.find_map(|c| day_in(cx, c, "signatures.date", 0.85))
}

/// The day on which a notice was written, with the place before it, above who calls: `Ekby 2016-09-28` / `Eva Ek`.
fn signed_notice(cx: &Context) -> Option<Found> {
    let blocks = cx.doc.blocks.iter().filter(|b| b.zone == Zone::Body && b.span.len() <= 1500);
    let lines = blocks.flat_map(|b| crate::parse::segment::lines(cx.doc, b.span));
    let dated = |l: &Span| {
        let text = cx.quote(*l);
        let place = text.split([' ', ',']).next().unwrap_or_default();
        text.len() <= 40
            && place.starts_with(char::is_uppercase)
            && !place.to_lowercase().ends_with("dag")
            && !place.to_lowercase().ends_with("dagen")
            && cx.labels.whole(place).is_none()
            && fills_line(cx, *l)
    };
    let found = lines.filter(dated).find_map(|l| day_in(cx, l, "notice.place_date", 0.85))?;
    // Names stand right below it.
    let below = cx.doc.text.get(found.span.end as usize..)?.trim_start().lines().next()?;
    below.split('\t').any(|c| cx.rules.people.is_name(c.trim())).then_some(found)
}

/// Whether a line is only a date, a place or weekday before it aside.
fn fills_line(cx: &Context, line: Span) -> bool {
    let text = cx.quote(line);
    cx.rules.dates.all(text).next().is_some_and(|d| {
        let before = text[..d.start].trim();
        let before = before.rsplit_once(": ").map_or(before, |x| x.1).trim_end_matches([',', ':']);
        let after = text[d.end..].trim();
        after.is_empty() && before.split_whitespace().count() <= 2 && !before.contains(|c: char| c.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use crate::parse::record::Record;
    use crate::parse::testing::parse;

    fn dates(r: &Record) -> (String, String, i16) {
        let s = |d: Option<crate::base::PartialDate>| d.map_or_else(|| "-".to_string(), |d| d.to_string());
        (s(r.date), s(r.meeting_date), r.year.unwrap_or(0))
    }

    #[test]
    fn the_margin_block_dates_the_document() {
        let r = parse(
            "# Ärende\n\n@margin\nTill\nFarsta stadsdelsnämnd\n\n@margin\nTjänsteutlåtande\nDnr FAR 2024/45\n\n@margin\n2024-10-02\nGatan 6",
        );
        assert_eq!(dates(&r), ("2024-10-02".into(), "-".into(), 2024));
        let r = parse("# Ärende\n\n@margin\nTill\nFarsta stadsdelsnämnd 2024-11-21\nDnr FAR 2024/45\n2024-10-02");
        assert_eq!(dates(&r), ("2024-10-02".into(), "2024-11-21".into(), 2024));
    }

    #[test]
    fn minutes_have_a_meeting_date() {
        let r = parse(
            "Protokoll\n\nFarsta stadsdelsnämnd\n\nSammanträdesdatum: 2018-11-22\n\nNärvarande\n\nEva Ek\n\nJusterare\n\nEva Ek\n\nAnslag/Bevis\n\nAnslaget sätts upp 2018-12-03\n\n§ 1 Val\n\nText.\n\n§ 2 Val\n\nText.",
        );
        assert_eq!(dates(&r), ("-".into(), "2018-11-22".into(), 2018));
    }

    #[test]
    fn the_year_may_stand_in_the_title_only() {
        let r = parse("# Uppföljning av partnerskap 2022\n\nSammanfattning\n\nUnder 2020 hände inget.");
        assert_eq!(dates(&r), ("-".into(), "-".into(), 2022));
    }
}
