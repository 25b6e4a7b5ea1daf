//! Reads the title and the subtitle.
//!
//! The title is the first heading of level 1 or, where the extractor saw none, the first lines of the body that are no
//! label, kind of document, date or diary number. It may be wrapped over lines and repeated on later pages.

use crate::parse::pattern::Regex;

use crate::base::{Span, fold};
use crate::ingest::document::{Block, BlockKind, Zone};
use crate::lexicon::Lexicon;
use crate::parse::context::Context;
use crate::parse::record::Record;
use crate::parse::segment::Family;
use crate::parse::text::{fixed, joined};

/// Patterns compiled once.
#[derive(Debug)]
pub(crate) struct Rules {
    /// The number of an item at the beginning of its line.
    item_number: Regex,
    /// A count of pages at a line's end.
    pages: Regex,
    /// Where a title ends that says when it was decided: `…; beslutade den 19 april 2011`.
    decided: Regex,
    /// `Ärende: …`, `Angående: …`: what stands behind the colon, or below, is the title.
    subject: Regex,
    /// A line that is only a date, page number, place, diary number or the like.
    furniture: Regex,
}

impl Rules {
    /// Compiles them.
    pub fn new(_lex: &Lexicon) -> Self {
        Rules {
            item_number: fixed(r"^(?:[A-Za-zÅÄÖåäö]{2,6}\s)?§§?\s?\d+(?:\s?[A-ZÅÄÖ]\b)?[.:]?\s*"),
            decided: fixed(
                r"(?i)[;,.]?\s*\(?\b(?:beslutade|beslutad|utfärdad|utfärdat|fastställd|antagen)\s+(?:av\s+[\p{L} ]{3,40}\s+)?(?:den\s+)?\d",
            ),
            subject: fixed(
                r"^(?i:ärende|ärendet|ärendet avser|ärendet gäller|saken|avser|gäller|rubrik|ämne|angående|ang\.?|beträffande|betr\.?|rör)\s*:\s*(?P<t>\S.*)?$",
            ),
            pages: fixed(r"\s*(?:(?i:sid(?:a|an)?)\s*)?\d{1,3}\s?[(\[/]\s?\d{1,3}\s?[)\]]?$"),
            furniture: fixed(
                r"(?i)^(?:sid(?:a|an)?\.?\s*)?\d+\s*(?:\(\d+\)|av\s+\d+|/\s*\d+)?$|^[\d\s\-–/.:()]+$|^\p{L}{2,6}\.?\s?§|^(?:d\s?nr|diarie|ärendenr|ärendenummer)\b|^ISSN\b|^(?:SE-)?\d{3} \d{2} \p{Lu}|^innehåll(?:sförteckning)?:?$|författningssamling$|^(?:ansvarig\s+)?utgivare\b|^utkom från\b|^publicerad\b|^\(?(?:beslutad|utfärdad|konsoliderad)[e]?\b|^[A-ZÅÄÖ-]*FS(?:\s+\d{4}:\d+)?$|^-{2,}|^\p{L}+:\s*$|^(?:version|utgåva|reviderad|revidering)\s+(?:nr\s?)?\d|^till\s?:|^ink(?:om(?:men|mer|st)?|\.)?\s|^ankom|^bilaga\s+(?:nr\s?)?\d{0,2}$|^justerande(?:s sign\w*)?\s+utdragsbestyrkande$|^utdragsbestyrkande$|^(?:fastighet|org\.?\s?nr|organisationsnummer|bankgiro|plusgiro|postgiro|avtalsn(?:umme)?r|dokument(?:typ|nummer|id)|projektn(?:umme)?r|postadress|besöksadress|kopia)\b",
            ),
        }
    }
}

/// A title longer than this many bytes is running text.
const LONGEST: usize = 400;

/// A line that begins with one of these labels is no title.
const VALUE_LABELS: [&str; 12] = [
    "date_label",
    "meeting_date_label",
    "dnr_label",
    "phone",
    "email_label",
    "officer",
    "place_time",
    "decider_label",
    "foreign_label",
    "author_label",
    "secretary_label",
    "board_label",
];

/// Fills title and subtitle.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    let blocks: Vec<&Block> =
        cx.doc.blocks.iter().filter(|b| b.zone == Zone::Body && cx.segments.head.contains(b.span)).collect();
    let labels_only = !blocks.iter().any(|b| matches!(b.kind, BlockKind::Heading { level: 1 }) && fits(cx, b.span));
    let label = blocks.iter().find(|b| matches!(b.kind, BlockKind::Heading { level: 1 }) && is_label_block(cx, b));
    if let Some(line) = cx.labelled("subject_label").find_map(|g| g.lines.first()).filter(|l| l.len() >= 4) {
        record.title = Some(joined(cx.quote(*line)));
        record.evidence.push(cx.evidence("title", *line, "head.subject", 0.9));
        return;
    }
    if let Some(span) = subject_line(cx, &blocks) {
        record.title = Some(joined(cx.quote(span)));
        record.evidence.push(cx.evidence("title", span, "head.subject", 0.9));
        return;
    }
    // What a portal heads a meeting's page with.
    let meeting = |l: &Span| {
        let date = cx.quote(*l).strip_prefix("Sammanträde ");
        date.is_some_and(|date| date.parse::<jiff::civil::Date>().is_ok())
    };
    let first: Vec<Span> =
        cx.doc.blocks.iter().take(4).flat_map(|b| crate::parse::segment::lines(cx.doc, b.span)).collect();
    let forms = ["protokoll", "protokollsutdrag", "kallelse"];
    let formless = !first.iter().any(|l| cx.rules.kind.is_label_of(cx.quote(*l), &forms));
    if let Some(line) = first.into_iter().find(meeting).filter(|_| formless) {
        record.title = Some(joined(cx.quote(line)));
        record.evidence.push(cx.evidence("title", line, "title.meeting", 0.8));
        return;
    }
    // Minutes, notices and notes have no other title; what else says its form in large letters has one below it.
    let own_name = |b: &&&Block| {
        let text = without_pages(cx, cx.quote(b.span));
        let named = ["protokoll", "kallelse", "minnesanteckningar", "kungorelse"];
        cx.rules.kind.is_label_of(text, &named) || !blocks.iter().any(|b| title_in(cx, b).is_some())
    };
    if let Some(label) = label.filter(|_| labels_only).filter(own_name) {
        record.title = Some(joined(cx.quote(label.span)));
        record.evidence.push(cx.evidence("title", label.span, "title.label_heading", 0.8));
        return;
    }
    let large = |b: &&Block| matches!(b.kind, BlockKind::Heading { level: 1 }) && fits(cx, b.span);
    let marked = blocks.iter().position(|b| large(b) && title_in(cx, b).is_some());
    let fitting =
        |contacts: bool| blocks.iter().position(|b| contacts == is_contact_block(cx, b) && title_in(cx, b).is_some());
    let proposes = cx.segments.with_id("proposed_decision").next().is_some();
    let of_meeting = cx.segments.family == Family::Minutes || cx.segments.paragraph_signs >= 2 || !proposes;
    if marked.is_none() && of_meeting && form_as_title(cx, record) {
        return;
    }
    // Those a copy goes to stand below its label; minutes and notices have no title but their form.
    let copied =
        |i: usize| i > 0 && blocks.get(i - 1).is_some_and(|b| ends_in_copies(cx, b)) && blocks[i].span.len() <= 60;
    let own = (0..blocks.len())
        .find(|i| !is_contact_block(cx, blocks[*i]) && !copied(*i) && title_in(cx, blocks[*i]).is_some());
    let first = marked.or(own).or_else(|| fitting(true)).or_else(|| fitting(false));
    let below = first.and_then(|first| {
        (first + 1..blocks.len()).find(|i| !copied(*i) && stands_below_unit(cx, blocks[first], blocks[*i]))
    });
    let marked = marked.filter(|_| below.is_none());
    let first = below.or(first);
    let Some((first, mut span)) = first.and_then(|i| Some((i, title_in(cx, blocks[i])?))) else {
        return title_elsewhere(cx, record);
    };
    if cx.quote(span).trim().eq_ignore_ascii_case("utdrag ur") {
        // What it is an extract of stands on the next line.
        let below = blocks.get(first + 1).and_then(|b| crate::parse::segment::lines(cx.doc, b.span).next());
        let cell = below.and_then(|l| crate::parse::head::cells(cx.doc, l).first().copied());
        span = cell.filter(|c| cx.rules.kind.is_label(cx.quote(*c))).map_or(span, |c| span.join(c));
    }
    let mut next = first + 1;
    while let Some(more) = blocks.get(next).filter(|b| continues(cx, span, b)) {
        span = span.join(more.span);
        next += 1;
    }
    let rule = if marked.is_some() { "title.heading" } else { "title.first_lines" };
    let title = joined(cx.quote(span));
    record.evidence.push(cx.evidence("title", span, rule, if marked.is_some() { 0.95 } else { 0.8 }));
    let key = fold::name_key(&title);
    record.title = Some(title);

    let after = Span::new(span.end as usize, cx.segments.head.end.max(span.end) as usize);
    let subtitle = blocks
        .iter()
        .skip(next)
        .filter(|b| after.contains(b.span))
        .find(|b| fold::name_key(cx.quote(b.span)) != key && !is_label_block(cx, b))
        .filter(|b| is_subtitle(cx, b))
        .map(|b| b.span)
        .or_else(|| rest_of_block(cx, blocks[first], span));
    if let Some(span) = subtitle {
        record.evidence.push(cx.evidence("subtitle", span, "title.subtitle", 0.8));
        record.subtitle = Some(joined(cx.quote(span)));
    }
}

/// Without a title before the first section: the title of the only item of an extract, else a line of the margin block that
/// is nothing else, else what the document calls itself.
fn title_elsewhere(cx: &Context, record: &mut Record) {
    let found = if cx.segments.paragraph_signs == 1 { item_title(cx) } else { margin_title(cx) };
    let found = found.or_else(|| cell_title(cx)).or_else(|| running_title(cx)).or_else(|| first_heading(cx));
    match found {
        Some((span, rule)) => {
            record.title = Some(joined(cx.quote(span)));
            record.evidence.push(cx.evidence("title", span, rule, 0.7));
        }
        None => label_as_title(cx, record),
    }
}

/// What stands behind `Ärende:`, `Angående:` and the like on a line of the head, or right below.
fn subject_line(cx: &Context, blocks: &[&Block]) -> Option<Span> {
    if cx.segments.family == Family::Minutes || cx.segments.paragraph_signs >= 2 {
        return None;
    }
    let subject = &cx.rules.title.subject;
    for block in blocks.iter().filter(|b| b.span.len() <= 1200) {
        let rows = crate::parse::segment::lines(cx.doc, block.span);
        let cells: Vec<Span> = rows.flat_map(|l| crate::parse::head::cells(cx.doc, l)).collect();
        for (i, cell) in cells.iter().enumerate() {
            let Some(c) = subject.captures(cx.quote(*cell)) else { continue };
            let mut title = match c.name("t") {
                Some(t) => crate::parse::text::span_of(t, cell.start),
                None => cells.get(i + 1).copied().or_else(|| {
                    let next = blocks.iter().find(|b| b.span.start >= block.span.end)?;
                    Some(next.span)
                })?,
            };
            // A wrapped line goes on in small letters.
            let next = if c.name("t").is_some() { i + 1 } else { i + 2 };
            if let Some(more) = cells.get(next).filter(|m| cx.quote(**m).starts_with(char::is_lowercase)) {
                title = title.join(*more);
            }
            if fits(cx, title) {
                return Some(title);
            }
        }
    }
    None
}

/// Whether the block that may be the title is only a unit of the letterhead, `Kultur och utbildning`, and another, that reads
/// more like one, stands below what else the head says: dates, numbers, people, to whom it goes.
fn stands_below_unit(cx: &Context, unit: &Block, below: &Block) -> bool {
    let (Some(first), Some(second)) = (title_in(cx, unit), title_in(cx, below)) else { return false };
    let before = cx.doc.text.get(..first.start as usize).unwrap_or_default();
    if before.trim().is_empty() || !reads_as_unit(cx.quote(first)) || is_contact_block(cx, below) {
        return false;
    }
    let longer = cx.quote(second).split_whitespace().count() >= 3 && !reads_as_unit(cx.quote(second));
    let between = Span::new(first.end as usize, second.start.max(first.end) as usize);
    longer
        && cx.head.iter().flat_map(|g| g.lines.iter().map(move |l| (g, *l))).any(|(g, l)| {
            let text = cx.quote(l);
            between.contains(l)
                && (g.label.as_deref().is_some_and(|l| l != "doc_type_label")
                    || text.contains('@')
                    || is_body_name(cx, text)
                    || names_somebody(cx, text)
                    || crate::parse::text::phones(text).next().is_some()
                    || cx.rules.dates.first_day(text).is_some_and(|d| d.start == 0))
        })
}

/// Whether a line reads as the name of a unit: a few nouns with `och` or commas between, without the small words that say
/// what a paper is about.
fn reads_as_unit(text: &str) -> bool {
    const ABOUT: [&str; 22] = [
        "om",
        "vid",
        "för",
        "av",
        "på",
        "i",
        "till",
        "med",
        "från",
        "över",
        "avseende",
        "angående",
        "gällande",
        "mellan",
        "under",
        "enligt",
        "inom",
        "mot",
        "utan",
        "efter",
        "hos",
        "kring",
    ];
    let words: Vec<&str> = text.split_whitespace().collect();
    words.len() <= 6
        && text.starts_with(char::is_uppercase)
        && !text.contains(|c: char| c.is_ascii_digit() || matches!(c, '?' | '!' | '(' | ':'))
        && !words.iter().any(|w| ABOUT.contains(&w.to_lowercase().as_str()))
}

/// A title that is repeated over the pages, so that it stands in the furniture of the first page alone.
fn running_title(cx: &Context) -> Option<(Span, &'static str)> {
    let first_page = cx.doc.pages.first()?.number;
    let head = cx.doc.blocks.iter().filter(|b| b.page == first_page && matches!(b.zone, Zone::Head | Zone::Letterhead));
    let lines = head.flat_map(|b| crate::parse::segment::lines(cx.doc, b.span));
    let cells = lines.flat_map(|l| crate::parse::head::cells(cx.doc, l)).take(24);
    cells
        .map(|c| without_date(cx, c))
        .find(|c| {
            let text = cx.quote(*c);
            let subject = record_like(cx, text);
            text.split_whitespace().count() >= 3 && subject && !reads_as_unit(text) && fits(cx, *c)
        })
        .map(|c| (c, "title.running_head"))
}

/// Whether a line is no address, sum or telephone.
fn record_like(cx: &Context, text: &str) -> bool {
    text.starts_with(char::is_uppercase)
        && !text.contains('|')
        && crate::parse::text::phones(text).next().is_none()
        && !cx.rules.contact.is_address(text)
}

/// A title set in a column beside the sender: `HELSINGBORG` and at its right `Överenskommelse om idéburet` / `partnerskap`.
fn cell_title(cx: &Context) -> Option<(Span, &'static str)> {
    let head = cx.doc.blocks.iter().filter(|b| b.zone == Zone::Body && cx.segments.head.contains(b.span)).take(12);
    let rows: Vec<Vec<Span>> = head
        .flat_map(|b| crate::parse::segment::lines(cx.doc, b.span))
        .take(24)
        .map(|l| crate::parse::head::cells(cx.doc, l))
        .collect();
    rows.iter().enumerate().find_map(|(i, row)| {
        let [sender, .., cell] = row.as_slice() else { return None };
        let text = cx.quote(*cell);
        let plain = text.starts_with(char::is_uppercase) && !reads_as_unit(text) && fits(cx, *cell);
        if text.split_whitespace().count() < 3 || !plain || !is_body_name(cx, cx.quote(*sender)) {
            return None;
        }
        let more = rows.get(i + 1).and_then(|next| next.first().filter(|_| next.len() == 1));
        let title = more.filter(|m| cx.quote(**m).starts_with(char::is_lowercase)).map_or(*cell, |m| cell.join(*m));
        Some((title, "title.cell"))
    })
}

/// The first heading of the body where it is none that the vocabulary knows.
fn first_heading(cx: &Context) -> Option<(Span, &'static str)> {
    // A statute's letters and number may be set like headings above it.
    let mut open = true;
    let first = cx.segments.sections.iter().take(6).take_while(|s| {
        let here = open && s.id.is_none();
        open = s.body.len() <= 200;
        here
    });
    let heading = first.map(|s| without_date(cx, s.heading)).find(|h| fits(cx, *h))?;
    Some((heading, "title.first_heading"))
}

/// `§ 6 Ansökan om …` without its number.
fn item_title(cx: &Context) -> Option<(Span, &'static str)> {
    let start = cx.segments.first_paragraph_sign?;
    let block = cx.doc.block_at(start)?;
    let line = crate::parse::segment::lines(cx.doc, block.span).find(|l| l.start == start)?;
    let number = cx.rules.title.item_number.find(cx.quote(line))?;
    let beside = Span::new(start as usize + number.end(), line.end as usize).trim(&cx.doc.text);
    // The number may stand alone or with a diary number, the title on one of the next lines.
    let from = cx.doc.lines.partition_point(|l| l.span.start <= start);
    let below = cx.doc.lines.iter().skip(from).take(3).map(|l| l.span.trim(&cx.doc.text));
    let title = std::iter::once(beside).chain(below).find(|t| fits(cx, *t) && !cx.headings.knows(cx.quote(*t)))?;
    Some((title, "title.only_item"))
}

/// The longest unlabelled line of the margin block that reads as a title: where the block was read over the title's lines.
fn margin_title(cx: &Context) -> Option<(Span, &'static str)> {
    let lines = cx.head.iter().filter(|g| g.zone == Zone::Margin).flat_map(|g| {
        let skip = usize::from(g.label.is_some());
        g.lines.iter().skip(skip).copied()
    });
    let reads_as_title = |l: &Span| {
        let text = cx.quote(*l);
        text.split_whitespace().count() >= 4
            && text.starts_with(char::is_uppercase)
            && !text.contains(['@', '\t'])
            && fits(cx, *l)
            && !cx.rules.people.is_title(text)
            && cx.rules.dates.all(text).next().is_none_or(|d| d.date.precision() != crate::base::date::Precision::Day)
    };
    lines.filter(reads_as_title).max_by_key(|l| l.len()).map(|l| (l, "title.margin_line"))
}

/// A document without a title of its own is called what it calls itself, e.g. `Protokoll`.
fn label_as_title(cx: &Context, record: &mut Record) {
    let first_page = cx.doc.pages.first().map_or(1, |p| p.number);
    let line = cx
        .doc
        .blocks
        .iter()
        .filter(|b| b.page == first_page && b.span.len() <= 2000)
        .flat_map(|b| crate::parse::segment::lines(cx.doc, b.span))
        .flat_map(|l| crate::parse::head::cells(cx.doc, l))
        .find(|l| cx.rules.kind.is_label(cx.quote(*l)));
    if let Some(span) = line {
        record.title = Some(joined(cx.quote(span)));
        record.evidence.push(cx.evidence("title", span, "title.kind_label", 0.6));
    }
}

/// Minutes and notices are called what they call themselves in the head. Says whether they do.
fn form_as_title(cx: &Context, record: &mut Record) -> bool {
    let first_page = cx.doc.pages.first().map_or(1, |p| p.number);
    let head = |b: &&Block| b.page == first_page && b.span.len() <= 600;
    let blocks = cx.doc.blocks.iter().filter(head).filter(|b| b.zone != Zone::Body).chain(
        cx.doc.blocks.iter().filter(head).filter(|b| b.zone == Zone::Body && cx.segments.head.contains(b.span)).take(8),
    );
    let form = blocks
        .flat_map(|b| crate::parse::segment::lines(cx.doc, b.span))
        .flat_map(|l| crate::parse::head::cells(cx.doc, l))
        .filter(|c| {
            let form = without_pages(cx, cx.quote(*c));
            cx.rules.kind.is_label_of(form, &["protokoll", "kallelse", "minnesanteckningar"])
                && !of_extract(&cx.doc.text[..c.start as usize])
        })
        .take(4);
    // `Kallelse` in the corner, and below it `Dagordning för sammanträde med …`: the longer says more.
    let heading = cx.segments.sections.first().map(|s| s.heading).filter(|h| {
        h.start <= cx.segments.head.end.saturating_add(2)
            && cx.rules.kind.is_label_of(cx.quote(*h), &["protokoll", "kallelse", "minnesanteckningar"])
    });
    let forms: Vec<Span> = form.chain(heading).collect();
    let fuller = forms.iter().find(|s| {
        let text = cx.quote(**s);
        text.split_whitespace().count() >= 4
            && [" för ", " till ", " med ", " från "].iter().any(|w| text.contains(w))
            && fits_length(text)
    });
    let alone = forms.first().is_some_and(|s| cx.quote(*s).split_whitespace().count() == 1);
    let Some(span) = fuller.filter(|_| alone).or(forms.first()).copied() else { return false };
    let text = without_pages(cx, cx.quote(span)).trim_end_matches(['/', ' ']);
    let span = Span::new(span.start as usize, span.start as usize + text.len());
    record.title = Some(joined(text));
    record.evidence.push(cx.evidence("title", span, "title.kind_label", 0.7));
    true
}

/// Whether a line is short enough to be a form's name.
fn fits_length(text: &str) -> bool {
    text.len() <= 120 && !text.ends_with('.')
}

/// Whether a text ends in what goes on with the name of the minutes that an extract is from.
fn of_extract(before: &str) -> bool {
    const WORDS: &str = "utdrag ur";
    let before = before.trim_end();
    before.get(before.len().saturating_sub(WORDS.len())..).is_some_and(|end| end.eq_ignore_ascii_case(WORDS))
}

/// Whether the last row of a block begins with a label of those who get a copy: `Kopia till`.
fn ends_in_copies(cx: &Context, block: &Block) -> bool {
    let Some(last) = crate::parse::segment::lines(cx.doc, block.span).last() else { return false };
    let cells = crate::parse::head::cells(cx.doc, last);
    cells.first().is_some_and(|c| cx.headings.ids(cx.quote(*c)).contains(&"sent_to"))
}

/// The title in a block: all of it, but of lines that stand for themselves the first run of lines that can be one.
fn title_in(cx: &Context, block: &Block) -> Option<Span> {
    if block.kind != BlockKind::Lines {
        let span = without_form(cx, without_referral(cx, block.span));
        return (fits(cx, span) && (block.kind == BlockKind::Paragraph || !is_person_block(cx, block))).then_some(span);
    }
    // A word or two right below an office is a part of it: `Ekens stadsdelsförvaltning` / `Äldreomsorgen`.
    let unit = |l: &Span| {
        let before = cx.doc.text[..l.start as usize].trim_end().rsplit('\n').next().unwrap_or_default();
        cx.quote(*l).split_whitespace().count() <= 2 && l.start > block.span.start && is_body_name(cx, before)
    };
    let can_be = |l: &Span| fits(cx, *l) && !cx.rules.people.is_name(cx.quote(*l)) && !unit(l);
    // Time, place and who signs stand together at the head of minutes.
    let of_meeting = |l: Span| cx.labels.leading(cx.quote(l)).is_some_and(|(id, _)| id == "place_time");
    if crate::parse::segment::lines(cx.doc, block.span).next().is_some_and(of_meeting) {
        return None;
    }
    let mut lines = crate::parse::segment::lines(cx.doc, block.span).skip_while(|l| !can_be(l));
    let first = lines.next()?;
    // A line about the referral or the diary number is no part of the title.
    let more = |l: &Span| can_be(l) && !cx.rules.dnr.speaks_of_referral(cx.quote(*l));
    Some(lines.take(2).take_while(more).fold(first, |a, b| a.join(b)))
}

/// A title without the form before it: `Tjänsteskrivelse - Ansökan om bidrag`.
fn without_form(cx: &Context, span: Span) -> Span {
    let text = cx.quote(span);
    let parted = [" - ", " – ", ": "].iter().filter_map(|w| text.find(w).map(|i| (i, i + w.len()))).min();
    let title =
        parted.filter(|(i, _)| text.get(..*i).is_some_and(|form| !form.contains(' ') && cx.rules.kind.is_label(form)));
    title.map_or(span, |(_, at)| Span::new(span.start as usize + at, span.end as usize))
}

/// Whether a block of lines says who wrote and how to reach them: it has an address or a telephone, and no title beside it.
fn is_contact_block(cx: &Context, block: &Block) -> bool {
    let text = cx.quote(block.span);
    let lone_name = || {
        let given = text.split_whitespace().next().is_some_and(|w| cx.rules.people.is_given(w));
        given && cx.rules.people.is_name(text)
    };
    block.kind == BlockKind::Lines
        && text.len() <= 600
        && (text.contains('@') || crate::parse::text::phones(text).next().is_some())
        || text.len() <= 60 && lone_name()
}

/// A title without the printed line below it that says from whom the referral came, and without its date.
fn without_referral(cx: &Context, span: Span) -> Span {
    let span = without_date(cx, span);
    let from = cx.doc.lines.partition_point(|l| l.span.end <= span.start);
    let mut printed = cx.doc.lines[from..].iter().take_while(|l| l.span.start < span.end).skip(1).take(6);
    let cut = printed.find(|l| cx.rules.dnr.speaks_of_referral(cx.quote(l.span)));
    cut.map_or(span, |l| Span::new(span.start as usize, l.span.start as usize).trim(&cx.doc.text))
}

/// A title without the printed lines below it that are a date, and without `; beslutade den …`.
fn without_date(cx: &Context, span: Span) -> Span {
    let text = cx.quote(span);
    let end = cx.rules.title.decided.find(text).filter(|m| m.start() > 10).map_or(text.len(), |m| m.start());
    let end = text[..end].trim_end().trim_end_matches([';', ',']).len();
    // `Samverkansavtal avseende X mellan följande parter`: who they are is said below.
    let end = text[..end].strip_suffix("mellan följande parter").map_or(end, |t| t.trim_end().len());
    let mut span = Span::new(span.start as usize, span.start as usize + end).trim(&cx.doc.text);
    let from = cx.doc.lines.partition_point(|l| l.span.end <= span.start);
    let printed = cx.doc.lines[from..].iter().take(8).take_while(|l| l.span.start < span.end);
    let lines: Vec<Span> = printed.map(|l| l.span).collect();
    for line in lines.iter().skip(1).rev() {
        let text = cx.quote(*line).trim();
        let dated = cx.rules.dates.all(text).next().is_some_and(|d| d.start == 0 && d.end == text.len());
        if !dated {
            break;
        }
        span = Span::new(span.start as usize, line.start as usize).trim(&cx.doc.text);
    }
    span
}

fn continues_line(text: &str) -> bool {
    text.starts_with(|c: char| c.is_lowercase() || c == '(' || c == '-' || c == '–')
}

fn rest_of_block(cx: &Context, block: &Block, title: Span) -> Option<Span> {
    let rest = Span::new(title.end as usize, block.span.end.max(title.end) as usize).trim(&cx.doc.text);
    let rest = crate::parse::segment::lines(cx.doc, rest).next()?;
    (!rest.is_empty() && fits(cx, rest) && !cx.rules.people.is_name(&joined(cx.quote(rest)))).then_some(rest)
}

/// Whether a block goes on with an unfinished title: it begins in lower case, or the title ends in a hyphen or `och`.
fn continues(cx: &Context, title: Span, block: &Block) -> bool {
    let so_far = cx.quote(title).trim_end();
    let text = cx.quote(block.span);
    if cx.rules.title.furniture.is_match(text.trim()) {
        return false;
    }
    let short = title.len() + block.span.len() < LONGEST;
    let last = so_far.rsplit(' ').next().unwrap_or_default();
    let open = so_far.ends_with(['-', '–', ','])
        || so_far.contains(' ')
            && (cx.lex.words.open_ends.iter().any(|w| w == last)
                || matches!(last, "Stiftelsen" | "Föreningen" | "föreningen" | "stiftelsen" | "Kommunalförbundet"));
    let heading = matches!(block.kind, BlockKind::Heading { level: 1 });
    short && !text.ends_with('.') && ((open && text.len() < 150) || (heading && continues_line(text)))
}

fn fits(cx: &Context, span: Span) -> bool {
    let text = cx.quote(span).trim();
    let prose =
        text.contains(". ") && text.ends_with('.') || text.ends_with('.') && text.split_whitespace().count() > 12;
    text.len() >= 4
        && !prose
        && !text.starts_with('§')
        && !is_numbered(text)
        && !cx.rules.contact.is_address(text)
        && text.len() <= LONGEST
        && text.chars().any(char::is_alphabetic)
        && !text.contains(['\t', '@'])
        && !cx.rules.title.furniture.is_match(text)
        && !names_person(cx, text)
        && !names_party(cx, text)
        && !text.ends_with(':')
        && !["Organisationsnummer", "Org.nr", "Org nr", "Org. nr"].iter().any(|w| text.contains(w))
        && !(names_somebody(cx, text) && cx.rules.people.is_title(line_below(cx, span)))
        && !text.split_once(':').is_some_and(|(label, _)| cx.headings.ids(label).contains(&"present"))
        && cx.labels.whole(text).is_none()
        && !cx.labels.leading(text).is_some_and(|(id, _)| VALUE_LABELS.contains(&id))
        && !cx.rules.kind.is_label(without_pages(cx, text))
        && cx.labels.row(text).is_none()
        && !is_number_line(cx, text)
        && cx.rules.dates.all(text).next().is_none_or(|d| {
            let words = text[..d.start].split_whitespace().count();
            // `Budgetuppföljning januari 2017` is a title, `den 2 oktober 2024` none.
            let month = d.date.precision() == crate::base::date::Precision::Month && words > 0;
            words > 2 || d.end < text.len() || month
        })
        && !is_value_row(cx, span)
        && !is_body_name(cx, text)
}

/// Whether a line is a numbered heading: `1. Avtalets omfattning`, `2 Parter`.
fn is_numbered(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.get(digits..).unwrap_or_default();
    let behind = rest.strip_prefix(['.', ')']).unwrap_or(rest);
    (1..=2).contains(&digits)
        && (behind.len() < rest.len() || rest.starts_with(' '))
        && behind.trim_start().starts_with(char::is_uppercase)
}

/// Whether a line is a person with a title or telephone: `Annika Blom, socialchef`.
fn names_person(cx: &Context, text: &str) -> bool {
    if text.contains(", ") && cx.rules.people.name_in_order(text).is_some() {
        return true;
    }
    let Some((name, rest)) = text.split_once([',', '\n']) else { return false };
    // `ELVIR EK` / `KANSLICHEF`.
    if cx.rules.people.is_title(rest.trim()) && cx.rules.people.name_in_capitals(name).is_some() {
        return true;
    }
    let titled = cx.rules.people.is_title(rest.trim()) || crate::parse::text::phones(rest).next().is_some();
    titled && cx.rules.people.is_name(name.trim())
}

/// Whether a line is a person's name, in capitals too.
fn names_somebody(cx: &Context, text: &str) -> bool {
    cx.rules.people.is_name(text) || cx.rules.people.name_in_capitals(text).is_some()
}

/// The first cell of the next line that is not empty.
fn line_below<'c>(cx: &'c Context, span: Span) -> &'c str {
    let rest = cx.doc.text.get(span.end as usize..).unwrap_or_default().trim_start();
    rest.split(['\n', '\t']).next().unwrap_or_default().trim()
}

/// Whether a line is the name of a political party, perhaps with its place: `Centerpartiet Ekby`.
fn names_party(cx: &Context, text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
    text.split_whitespace().count() <= 3
        && cx.lex.political_parties.iter().any(|p| p.name.split(' ').next().is_some_and(|n| n.to_lowercase() == first))
}

/// A line without the count of pages at its end: `TJÄNSTESKRIVELSE 1(2)`.
fn without_pages<'t>(cx: &Context, text: &'t str) -> &'t str {
    cx.rules.title.pages.find(text).map_or(text, |m| text[..m.start()].trim_end())
}

/// Whether a line holds values that stand under a row of labels: `Linus Ek Kultur- och fritidsnämnden`.
fn is_value_row(cx: &Context, span: Span) -> bool {
    cx.head.iter().any(|g| {
        let officer = matches!(g.label.as_deref(), Some("officer" | "dnr_label" | "date_label"));
        officer && g.lines.len() == 1 && g.lines[0].overlaps(span) && g.lines[0] != span
    })
}

/// Whether a line is diary number, date, page and office and no sentence: `2019-09-16 Dnr KOF/2019:63`.
fn is_number_line(cx: &Context, text: &str) -> bool {
    let plain = !text.split_whitespace().any(|w| w.starts_with(char::is_lowercase) && !matches!(w, "dnr" | "nr"));
    plain && text.len() <= 160 && text.bytes().any(|b| b.is_ascii_digit()) && {
        let number = crate::parse::fields::dnr::first_in(cx, text);
        let of_head = |before: &str| {
            before.split_whitespace().count() <= 4 || before.split_whitespace().any(|w| cx.rules.kind.is_label(w))
        };
        number.is_some_and(|at| of_head(&text[..at])) || cx.rules.dnr.length_at(text).is_some()
    }
}

/// Whether a line is a unit's name made of what it is for alone: `Hälso- och sjukvård`, `Kultur och fritid`.
fn names_sector(cx: &Context, text: &str) -> bool {
    let mut words = 0;
    text.split([' ', ',', '/', '&']).filter(|w| !w.is_empty()).all(|w| {
        let lower = w.to_lowercase();
        words += 1;
        let bare = lower.trim_end_matches('-');
        words <= 7 && (matches!(bare, "och" | "samt" | "sektor") || cx.lex.bodies.sectors.iter().any(|s| s == bare))
    })
}

/// Whether a line only names a committee or an office.
fn is_body_name(cx: &Context, text: &str) -> bool {
    // `Ekby kommun, Kultur och utbildning`.
    if let Some((first, rest)) = text.split_once(", ")
        && text.len() <= 120
        && (cx.lex.municipalities.named(first).is_some() || names_body_alone(cx, first))
        && (names_sector(cx, rest) || names_body_alone(cx, rest))
    {
        return true;
    }
    names_body_alone(cx, text)
}

/// The same for a name without commas.
fn names_body_alone(cx: &Context, text: &str) -> bool {
    // `Hälso- och sjukvårdsnämnden 2022-06-15`.
    let text = match cx.rules.dates.all(text).next() {
        Some(d) if d.end == text.len() && d.start > 0 => text[..d.start].trim_end(),
        _ => text,
    };
    let words = text.split_whitespace().count();
    let last = text.split_whitespace().last().unwrap_or_default().to_lowercase();
    // `Kontoret för samhällsutveckling`, `Region Västmanland`.
    let lists = [&cx.lex.bodies.authority, &cx.lex.bodies.administration, &cx.lex.bodies.department];
    let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
    let office_for = text.split_whitespace().nth(1).is_some_and(|w| w.to_lowercase() == "för")
        && lists.into_iter().any(|l| l.contains(&first));
    // `Miljönämnden i Ekhult`.
    let board_of = text.split_whitespace().nth(1) == Some("i")
        && cx.lex.bodies.authority.iter().any(|e| first.ends_with(&e.to_lowercase()));
    // `Sektor utbildning, kultur och fritid`.
    let unit = words <= 6 && cx.lex.bodies.department.contains(&first) && words > 1;
    if unit
        || names_sector(cx, text)
        || cx.lex.municipalities.named(text).is_some()
        || matches!(text.to_lowercase().as_str(), "kommunalförbund" | "samordningsförbund")
        || words <= 7 && (office_for || board_of)
        || crate::parse::fields::office::named_place(cx, text)
        || words <= 3 && cx.lex.bodies.municipalities.iter().any(|m| m.ends_with(' ') && text.starts_with(m.as_str()))
    {
        return true;
    }
    let agency = |a: &String| !a.ends_with(' ') && last.trim_end_matches('s').ends_with(&a.to_lowercase());
    if words == 1 && cx.lex.bodies.agencies.iter().any(agency) {
        return true;
    }
    let ends = [&cx.lex.bodies.authority, &cx.lex.bodies.administration, &cx.lex.bodies.department];
    // `Arbetsordning för fullmäktige` is a title.
    let spoken = text.split_whitespace().skip(1).any(|w| w == "för");
    if spoken && !text.to_lowercase().starts_with("nämnden för ") {
        return false;
    }
    let named = || {
        ends.into_iter().flatten().any(|e| last.ends_with(&e.to_lowercase()))
            || ["stockholms stad", "goteborgs stad", "malmo stad"].iter().any(|s| fold::name_key(text).starts_with(s))
    };
    (words <= 4 && named()) || (words <= 3 && matches!(last.as_str(), "kommun" | "kommuns" | "stad"))
}

/// Names, offices and dates between title and text are no subtitle.
fn is_subtitle(cx: &Context, block: &Block) -> bool {
    let text = cx.quote(block.span).trim();
    let prose = text.ends_with('.') && text.split_whitespace().count() > 8;
    matches!(block.kind, BlockKind::Paragraph | BlockKind::Heading { .. } | BlockKind::Lines)
        && fits(cx, block.span)
        && text.chars().count() <= 200
        && text.lines().count() <= 3
        && !prose
        && !text.lines().any(|l| cx.rules.people.is_name(l) || names_office(cx, l))
}

/// Whether a part of a line between commas is an office or a committee.
fn names_office(cx: &Context, line: &str) -> bool {
    line.split(", ").any(|part| is_body_name(cx, part))
}

fn is_person_block(cx: &Context, block: &Block) -> bool {
    let text = cx.quote(block.span);
    text.lines().next().is_some_and(|l| cx.rules.people.is_name(l) && text.lines().count() <= 3)
        && block.kind != BlockKind::Paragraph
}

fn is_label_block(cx: &Context, block: &Block) -> bool {
    let text = cx.quote(block.span).trim();
    cx.labels.whole(text).is_some() || cx.rules.kind.is_label(text)
}

#[cfg(test)]
mod tests {
    use crate::parse::testing::parse;

    #[test]
    fn title_and_subtitle() {
        let r = parse(
            "# Slutrapport om partnerskap\nmed Blåklockan\n\nIOP mellan Blåklockan och Farsta stadsdelsnämnd\n\nSammanfattning\n\nText.",
        );
        assert_eq!(r.title.as_deref(), Some("Slutrapport om partnerskap med Blåklockan"));
        assert_eq!(r.subtitle.as_deref(), Some("IOP mellan Blåklockan och Farsta stadsdelsnämnd"));
        assert_eq!(r.evidence[0].quote, "Slutrapport om partnerskap med Blåklockan");
    }

    #[test]
    fn titles_in_odd_places() {
        let title = |s: &str| parse(s).title;
        let extract = "Farsta stadsdelsnämnd\nProtokollsutdrag\nSammanträde 2022-10-20\n\n§ 6 Ansökan om partnerskap\n\nDnr FAR 2022/267\n\nBeslut\n\nNämnden avslår.";
        assert_eq!(title(extract).as_deref(), Some("Ansökan om partnerskap"));
        let margin = "Förslag till beslut\n\nNämnden avslår.\n\n@margin\nHandläggare\nTuva Ek\n\n@margin\nRedovisning av partnerskapet med Solrosen 2021";
        assert_eq!(title(margin).as_deref(), Some("Redovisning av partnerskapet med Solrosen 2021"));
        assert_eq!(
            title("Överenskommelse om partnerskap\nSju Broar i Farsta\n\nParter\n\nA.").as_deref(),
            Some("Överenskommelse om partnerskap Sju Broar i Farsta")
        );
        assert_eq!(
            title("Farsta stadsdelsnämnd\nProtokoll\n\n§ 1 Val\n\nX.\n\n§ 2 Val\n\nY.").as_deref(),
            Some("Protokoll")
        );
    }

    #[test]
    fn labels_dates_and_offices_are_no_title() {
        let r = parse(
            "Tjänsteutlåtande\n\n2024-10-02\n\nFarsta stadsdelsförvaltning\n\nSvar på remiss om lekplatser\n\nSammanfattning\n\nText.",
        );
        assert_eq!(r.title.as_deref(), Some("Svar på remiss om lekplatser"));
        assert_eq!(r.subtitle, None);
        let r = parse("# Uppföljning av partnerskap 2022\n\nAnmälningsärende\n\nSammanfattning\n\nText.");
        assert_eq!(r.subtitle, None);
    }
}
