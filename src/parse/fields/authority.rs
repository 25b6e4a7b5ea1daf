//! Reads the committee that a document belongs to: the one it goes to, else the one whose office wrote it, else the one that
//! meets, else the only one that its head or text names.

use std::sync::LazyLock;

use crate::base::Span;
use crate::ingest::document::Zone;
use crate::parse::context::Context;
use crate::parse::districts::{Mention, at_work};
use crate::parse::fields::recipient::ends_in;
use crate::parse::pattern::Regex;
use crate::parse::record::{Authority, Evidence, Record};
use crate::parse::text::{fixed, joined};

/// Fills the authority.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    let year = record.date.or(record.meeting_date).map(|d| d.year_number());
    let named = |e: &Evidence| Span { start: e.start, end: e.end };
    let from_recipient = record.recipient.as_ref().and_then(|n| n.evidence.first()).map(named);
    let from_office = record.administration.as_ref().and_then(|n| n.evidence.first()).map(named);
    let district_in = |span: Span| first_district(cx, span, year);

    let auditors = || {
        let lines = cx.head.iter().flat_map(|g| g.lines.iter().copied()).take(20);
        let named = |l: &Span| {
            ["revisorer", "revisorerna", "revision"].iter().any(|w| cx.quote(*l).to_lowercase().ends_with(w))
        };
        lines.filter(|l| l.len() <= 60).find(named)
    };
    let auditors = if record.kind == "revisionsrapport" { auditors() } else { None };
    let found = auditors
        .map(|span| (span, None, "head.auditors", 0.85))
        .or_else(|| {
            let span = from_recipient?;
            ends_in(cx, span, &cx.lex.bodies.authority).then(|| (span, district_in(span), "margin.recipient", 0.95))
        })
        .or_else(|| {
            let line = *cx.labelled("board_label").next()?.lines.first()?;
            Some((line, district_in(line), "head.board_label", 0.95))
        })
        .or_else(|| {
            from_office.and_then(|span| district_in(span).map(|d| (span, Some(d), "margin.administration", 0.9)))
        })
        .or_else(|| board_line(cx).map(|span| (span, district_in(span), "head.committee", 0.85)))
        .or_else(|| wrapped_board(cx).map(|span| (span, None, "head.wrapped_cell", 0.85)))
        .or_else(|| town_with_district(cx).map(|(span, d)| (span, Some(d), "head.town_district", 0.85)))
        .or_else(|| meeting_of(cx).map(|span| (span, district_in(span), "head.meeting_of", 0.8)))
        .or_else(|| only_district(cx, year).map(|(span, d)| (span, Some(d), "text.only_committee", 0.7)));
    let Some((span, district, rule, confidence)) = found else { return };
    set(cx, record, span, district, rule, confidence);
}

fn set(cx: &Context, record: &mut Record, span: Span, district: Option<usize>, rule: &'static str, confidence: f32) {
    let name = match district.and_then(|i| cx.lex.districts.get(i)) {
        Some(d) => d.official_board_name.clone(),
        None => {
            let name = joined(cx.quote(span));
            let mut letters = name.chars();
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
        }
    };
    record.authority = Some(Authority {
        name,
        district: district.and_then(|i| cx.lex.districts.get(i)).map(|d| d.id.clone()),
        evidence: vec![cx.evidence("name", span, rule, confidence)],
    });
}

/// Where the head names no committee: the one that is to decide, else the agency or municipality that the head names.
pub(crate) fn read_from_decisions(cx: &Context, record: &mut Record) {
    if record.authority.is_some() {
        return;
    }
    let year = record.date.or(record.meeting_date).map(|d| d.year_number());
    let actor = record.decisions.iter().filter_map(|d| d.actor.as_deref()).find(|a| {
        let generic = cx.lex.agreements.generic_words.contains(&a.to_lowercase());
        !generic && cx.rules.names_committee(a)
    });
    let acting = actor.and_then(|a| {
        let at = record.decisions.first()?.evidence.first()?.start as usize;
        let near = cx.doc.text.get(..at).and_then(|t| t.rfind(a));
        let start = near.or_else(|| cx.doc.text.find(a))?;
        Some(Span::new(start, start + a.len()))
    });
    let of_agreement = matches!(record.kind.as_str(), "avtal" | "overenskommelse");
    let acting = acting.or_else(|| deciding_body(cx));
    let acting = acting.or_else(|| if of_agreement { board_of_party(cx).or_else(|| board_cell(cx)) } else { None });
    let to_council = matches!(record.kind.as_str(), "motion" | "interpellation");
    let acting = acting.or_else(|| if to_council { council_named(cx) } else { None });
    let acting = acting.or_else(|| if record.kind == "remissvar" { speaks(cx) } else { None });
    let acting = acting.or_else(|| if record.kind == "kungorelse" { board_beside_label(cx) } else { None });
    if acting.is_none()
        && let Some(span) = issuing_agency(cx, record)
    {
        set(cx, record, span, None, "title.agency", 0.85);
        return;
    }
    if let Some(span) = acting {
        set(cx, record, span, first_district(cx, span, year), "decision.actor", 0.75);
    } else if let Some(span) = agency_line(cx, record.kind == "remissvar") {
        set(cx, record, span, None, "head.agency", 0.7);
        // `HELSINGBORG` alone: the municipality's full name.
        if let (Some(full), Some(authority)) = (cx.lex.municipalities.named(cx.quote(span)), &mut record.authority)
            && !authority.name.contains(' ')
        {
            authority.name = full.to_string();
        }
        // Letters set apart (`SVERIG ES RIKSBANK`) and capitals: the name as the vocabulary has it.
        let squashed = squash(cx.quote(span));
        let known = cx.lex.bodies.agencies.iter().find(|a| a.contains(' ') && squash(a) == squashed);
        if let (Some(known), Some(authority)) = (known, &mut record.authority) {
            authority.name.clone_from(known);
        }
    }
}

/// The committee by which a municipality is party to an agreement: `Ekby kommun, socialnämnden`, `… genom sociala nämnden`.
fn board_of_party(cx: &Context) -> Option<Span> {
    static BOARD: LazyLock<Regex> = LazyLock::new(|| {
        fixed(
            r"(?:kommun|stad|Region [\p{L}]+)(?:,| genom)\s+(?:genom\s+)?(?:dess\s+)?(?P<b>(?:\p{L}+-(?:,\s|\s))*(?:och\s+)?(?:sociala\s+)?\p{L}*nämnden)\b",
        )
    });
    let body = cx.doc.body();
    let mut end = body.len().min(2000);
    while !body.is_char_boundary(end) {
        end -= 1;
    }
    let m = BOARD.captures(body.get(..end)?)?.name("b")?;
    Some(Span::new(m.start(), m.end()))
}

/// A cell of an agreement's beginning that is nothing but a committee's name.
fn board_cell(cx: &Context) -> Option<Span> {
    let blocks = cx.doc.blocks.iter().filter(|b| b.zone == Zone::Body).take_while(|b| b.span.start < 1500);
    let lines = blocks.flat_map(|b| crate::parse::segment::lines(cx.doc, b.span));
    lines.flat_map(|l| crate::parse::head::cells(cx.doc, l)).find(|c| {
        let text = cx.quote(*c);
        text.len() <= 60
            && text.starts_with(char::is_uppercase)
            && text.split_whitespace().count() <= 5
            && text.ends_with("nämnden")
            && !cx.lex.agreements.generic_words.contains(&text.to_lowercase())
    })
}

/// The council that a motion or interpellation is put to, wherever it names it.
fn council_named(cx: &Context) -> Option<Span> {
    const COUNCILS: [&str; 4] = ["ommunfullmäktige", "egionfullmäktige", "andstingsfullmäktige", "OMMUNFULLMÄKTIGE"];
    let body = cx.doc.body();
    let at = COUNCILS.iter().filter_map(|w| body.find(w).map(|i| (i, w.len()))).min()?;
    let first = body.get(..at.0)?.chars().next_back()?;
    Some(Span::new(at.0 - first.len_utf8(), at.0 + at.1))
}

/// The committee whose opinion an answer is: a sentence begins with it, `Miljönämnden har följande synpunkter`.
fn speaks(cx: &Context) -> Option<Span> {
    static SPEAKS: LazyLock<Regex> = LazyLock::new(|| {
        fixed(
            r"(?m)(?:^|\.\s)(?P<b>\p{Lu}[\p{L}-]{3,40}nämnden|Kommunstyrelsen|Regionstyrelsen) (?:har|tillstyrker|avstyrker|anser|ställer|delar|välkomnar|lämnar|yttrar|vill)\b",
        )
    });
    let m = SPEAKS.captures(cx.doc.body())?.name("b")?;
    Some(Span::new(m.start(), m.end()))
}

/// The committee behind `Organ:`, `Nämnd:` and the like.
fn board_beside_label(cx: &Context) -> Option<Span> {
    let blocks = cx.doc.blocks.iter().filter(|b| b.zone == Zone::Body && b.span.len() <= 2000).take(40);
    let rows = blocks.flat_map(|b| crate::parse::segment::lines(cx.doc, b.span));
    rows.map(|l| crate::parse::head::cells(cx.doc, l))
        .find_map(|row| match row.as_slice() {
            [label, value, ..] if cx.labels.whole(cx.quote(*label)) == Some("board_label") => Some(*value),
            [line] => {
                let (id, at) = cx.labels.leading(cx.quote(*line)).filter(|(id, _)| *id == "board_label")?;
                (id == "board_label").then(|| Span::new(line.start as usize + at, line.end as usize))
            }
            _ => None,
        })
        .filter(|s| cx.rules.names_committee(cx.quote(*s)))
}

/// Small letters without blanks.
fn squash(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// The agency whose rules a document is: `Boverkets föreskrifter om …`, `Elsäkerhetsverkets författningssamling`, without the
/// genitive's s.
fn issuing_agency(cx: &Context, record: &Record) -> Option<Span> {
    const WORDS: [&str; 5] = ["s föreskrifter", "s allmänna råd", "s författningssamling", "s policy", "s vägledning"];
    let title = record.evidence.iter().find(|e| e.field == "title").map(|e| Span { start: e.start, end: e.end });
    let from = cx.doc.blocks.iter().filter(|b| b.zone == Zone::Body).take(4).map(|b| b.span);
    title.into_iter().chain(from).find_map(|span| {
        let text = cx.quote(span);
        let at = WORDS.iter().filter_map(|w| text.find(w)).min()?;
        let name = text.get(..at)?;
        let words = name.split_whitespace().count();
        let fits = name.starts_with(char::is_uppercase) && (1..=9).contains(&words) && !name.contains(['.', ':', '\t']);
        (fits && is_agency(cx, name)).then(|| Span::new(0, at).shift(span.start as usize))
    })
}

/// Whether a name begins or ends like an agency's.
fn is_agency(cx: &Context, name: &str) -> bool {
    let lower = name.to_lowercase();
    cx.lex.bodies.agencies.iter().any(|a| {
        let form = a.to_lowercase();
        if form.ends_with(' ') { lower.starts_with(&form) } else { lower.ends_with(&form) }
    })
}

/// The committee named in the heading of the proposal or in the line that opens it: `I kommunstyrelsen:`.
fn deciding_body(cx: &Context) -> Option<Span> {
    let section = cx.segments.with_id("proposed_decision").next()?;
    let body = cx.quote(section.body);
    let line = body.lines().next().filter(|l| l.len() <= 120 || l.contains("föreslås")).unwrap_or_default();
    let line = &line[..line.char_indices().take(120).last().map_or(0, |(i, c)| i + c.len_utf8())];
    let opening = Span::new(section.body.start as usize, section.body.start as usize + line.len());
    [section.heading, opening].into_iter().find_map(|span| {
        let text = cx.quote(span);
        let mut at = 0;
        text.split_inclusive(|c: char| c.is_whitespace() || matches!(c, ':' | ',' | '.')).find_map(|word| {
            let here = at;
            at += word.len();
            let bare = word.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ':' | ',' | '.'));
            let generic = cx.lex.agreements.generic_words.contains(&bare.to_lowercase());
            (bare.len() > 8 && !generic && cx.rules.names_committee(bare))
                .then(|| Span::new(here, here + bare.len()).shift(span.start as usize))
        })
    })
}

/// A line of the head that only names an agency, else a municipality or region.
///
/// `answers`: the document answers a referral.
fn agency_line(cx: &Context, answers: bool) -> Option<Span> {
    let lines: Vec<Span> = cx
        .head
        .iter()
        .filter(|g| !matches!(g.label.as_deref(), Some("recipient" | "officer" | "address_label")))
        .flat_map(|g| g.lines.iter().copied())
        .take(40)
        .chain(cx.doc.blocks.iter().find(|b| b.zone == Zone::Body).map(|b| b.span))
        .map(|l| crate::parse::fields::recipient::without_date(cx, l))
        .collect();
    let named = |forms: &[String], most: usize| {
        lines.iter().copied().find(|l| {
            let text = cx.quote(*l);
            let lower = text.to_lowercase();
            text.starts_with(char::is_uppercase)
                && text.split_whitespace().count() <= most
                && !text.contains(['@', ':', '.', ','])
                && forms.iter().any(|f| {
                    if f.ends_with(' ') {
                        lower.starts_with(&f.to_lowercase())
                    } else {
                        lower.ends_with(&f.to_lowercase())
                    }
                })
        })
    };
    let squashed: Vec<String> =
        cx.lex.bodies.agencies.iter().filter(|a| a.trim_end().contains(' ')).map(|a| squash(a)).collect();
    let apart = lines.iter().copied().chain(short_lines(cx)).find(|l| {
        let text = cx.quote(*l);
        text.len() < 60 && squashed.contains(&squash(text))
    });
    // The place below a political party's name is where its people are.
    let of_party = |l: &Span| {
        let above = cx.doc.text[..l.start as usize].trim_end().rsplit('\n').next().unwrap_or_default().to_lowercase();
        cx.lex.political_parties.iter().any(|p| above == p.name.to_lowercase())
    };
    let town = || lines.iter().copied().find(|l| cx.lex.municipalities.named(cx.quote(*l)).is_some() && !of_party(l));
    let agency = || named(&cx.lex.bodies.agencies, 6);
    let municipality = || named(&cx.lex.bodies.municipalities, 3);
    // An answer to a referral goes to the agency that its head names.
    let found =
        if answers { apart.or_else(municipality).or_else(agency) } else { apart.or_else(agency).or_else(municipality) };
    found.or_else(town)
}

/// The short lines of the document's short blocks: letterheads of later pages.
fn short_lines<'a>(cx: &'a Context) -> impl Iterator<Item = Span> + 'a {
    let short = cx.doc.blocks.iter().filter(|b| b.span.len() <= 300).take(2000);
    short.flat_map(|b| crate::parse::segment::lines(cx.doc, b.span)).filter(|l| l.len() < 60)
}

/// `Göteborgs Stad Lundby`: a line of the head that is a town's name and one of its districts.
fn town_with_district(cx: &Context) -> Option<(Span, usize)> {
    let lines = cx.head.iter().flat_map(|g| g.lines.iter().copied()).take(20);
    lines.filter(|l| l.len() <= 60).find_map(|l| {
        let text = cx.quote(l);
        let (_, name) = [" Stad ", " stad "].iter().find_map(|w| text.split_once(w))?;
        let key = crate::base::fold::name_key(name);
        let district = cx.lex.districts.iter().position(|d| crate::base::fold::name_key(&d.name) == key)?;
        Some((l, district))
    })
}

fn mentions(cx: &Context, span: Span) -> Vec<Mention> {
    let mut found = cx.rules.districts.find(cx.quote(span), cx.lex);
    for m in &mut found {
        m.span = m.span.shift(span.start as usize);
    }
    found
}

fn first_district(cx: &Context, span: Span, year: Option<i16>) -> Option<usize> {
    mentions(cx, span).first().and_then(|m| at_work(&m.districts, cx.lex, year))
}

/// A line of the head, or on the first page of minutes, that only names a committee.
pub(crate) fn board_line(cx: &Context) -> Option<Span> {
    let first_page = cx.doc.pages.first()?.number;
    cx.doc
        .blocks
        .iter()
        .filter(|b| b.page == first_page && b.zone != Zone::PageNumber)
        .filter(|b| b.zone != Zone::Body || cx.segments.head.contains(b.span))
        .flat_map(|b| crate::parse::segment::lines(cx.doc, b.span))
        .flat_map(|l| crate::parse::head::cells(cx.doc, l))
        .map(|l| crate::parse::fields::recipient::without_date(cx, l))
        .find(|l| {
            let text = cx.quote(*l);
            let lower = text.to_lowercase();
            let board_for = lower.starts_with("nämnden för ");
            text.split_whitespace().count() <= if board_for { 7 } else { 4 }
                && text.starts_with(char::is_uppercase)
                && !text.ends_with('.')
                && !lower.contains("länsstyrelse")
                && !text.split_once(", ").is_some_and(|(name, _)| cx.rules.people.is_name(name))
                && (!lower.contains(" för ") || board_for)
                // `Inkom till kommunstyrelsen`, `Fastställd av styrelsen`.
                && ![" till ", " av ", " hos "].iter().any(|w| lower.contains(w))
                && ends_in(cx, *l, &cx.lex.bodies.authority)
                && cx.labels.whole(text).is_none()
        })
}

/// `Välkommen till sammanträde med Ekens nämnd`, `Utdrag ur protokoll fört vid … med Y-nämnden den …`: whose meeting it is.
fn meeting_of(cx: &Context) -> Option<Span> {
    let blocks = cx.doc.blocks.iter().filter(|b| b.zone == Zone::Body && cx.segments.head.contains(b.span)).take(8);
    blocks.flat_map(|b| crate::parse::segment::lines(cx.doc, b.span)).take(16).find_map(|line| {
        let line = crate::parse::fields::recipient::without_date(cx, line);
        let text = cx.quote(line).trim_end_matches(" den");
        let lower = text.to_lowercase();
        let meets =
            ["sammanträde", "möte", "protokoll", "kallelse", "föredragningslista"].iter().any(|w| lower.contains(w));
        if text.len() > 300 {
            return None;
        }
        if let Some(name) =
            lower.find(" i ").and_then(|i| text.get(..i)).filter(|_| text.split_whitespace().count() <= 4)
            && text.starts_with(char::is_uppercase)
            && !name.contains(' ')
            && !name.eq_ignore_ascii_case("länsstyrelsen")
            && cx.rules.names_committee(name)
        {
            return Some(Span::new(line.start as usize, line.start as usize + name.len()));
        }
        if !meets {
            return None;
        }
        // `Socialnämnden kallas till sammanträde …`, `KULTURNÄMNDEN I EKBY`.
        let board = [" kallas", " sammanträder"].iter().find_map(|w| text.find(w)).and_then(|i| text.get(..i));
        if let Some(name) = board.filter(|n| n.split_whitespace().count() <= 5 && cx.rules.names_committee(n)) {
            return Some(Span::new(line.start as usize, line.start as usize + name.len()));
        }
        [" med ", " för ", " från ", " i "].iter().filter_map(|w| Some(text.rfind(w)? + w.len())).find_map(|at| {
            let name = text.get(at..)?.trim();
            let fits = name.starts_with(char::is_uppercase) || !name.contains(' ');
            let start = line.start as usize + (name.as_ptr() as usize - text.as_ptr() as usize);
            (fits && name.split_whitespace().count() <= 5 && cx.rules.names_committee(name))
                .then(|| Span::new(start, start + name.len()))
        })
    })
}

/// A committee whose name breaks over the left cells of two rows of the head; only where it is printed in full in the text
/// is there a place that holds all of it.
fn wrapped_board(cx: &Context) -> Option<Span> {
    let named = super::office::wrapped_in_column(cx, &cx.lex.bodies.authority)?;
    let at = cx.doc.text.find(&named.name)?;
    Some(Span::new(at, at + named.name.len()))
}

/// The committee that the head names, or the only one the text names in full.
fn only_district(cx: &Context, year: Option<i16>) -> Option<(Span, usize)> {
    let all = mentions(cx, Span::new(0, cx.doc.text.len()));
    let full: Vec<&Mention> = all.iter().filter(|m| m.in_full).collect();
    let in_head = full.iter().find(|m| cx.segments.head.contains(m.span));
    let only = full.first().filter(|first| full.iter().all(|m| m.districts == first.districts));
    let m =
        in_head.or(only).copied().or_else(|| all.first().filter(|f| all.iter().all(|m| m.districts == f.districts)))?;
    Some((m.span, at_work(&m.districts, cx.lex, year)?))
}

/// Fills the districts: own, former and mentioned.
pub(crate) fn read_districts(cx: &Context, record: &mut Record) {
    use crate::parse::record::{DistrictMention, DistrictRole};
    let year = record.date.or(record.meeting_date).map(|d| d.year_number());
    let own = record.authority.as_ref().and_then(|a| a.district.clone());
    let mut found: Vec<DistrictMention> = Vec::new();
    if let (Some(id), Some(authority)) = (&own, &record.authority)
        && let Some(d) = cx.lex.district(id)
    {
        let mut evidence = authority.evidence.clone();
        for e in &mut evidence {
            e.field = "id".into();
        }
        found.push(DistrictMention { id: id.clone(), name: d.name.clone(), role: DistrictRole::Own, evidence });
    }
    for m in mentions(cx, Span::new(0, cx.doc.text.len())) {
        let former = is_former(cx, m.span);
        // A former board was at work before the document; any other while it was written.
        let Some(d) = at_work(&m.districts, cx.lex, year.filter(|_| !former)).and_then(|i| cx.lex.districts.get(i))
        else {
            continue;
        };
        if own.as_ref() == Some(&d.id) {
            continue;
        }
        let role = if former { DistrictRole::Former } else { DistrictRole::Mentioned };
        let confidence = if m.in_full { 0.95 } else { 0.75 };
        let rule = if former { "text.former_committee" } else { "text.committee" };
        match found.iter_mut().find(|x| x.id == d.id) {
            Some(same) => {
                if former && same.role == DistrictRole::Mentioned {
                    same.role = DistrictRole::Former;
                    same.evidence.insert(0, cx.evidence("id", m.span, rule, confidence));
                }
            }
            None => found.push(DistrictMention {
                id: d.id.clone(),
                name: d.name.clone(),
                role,
                evidence: vec![cx.evidence("id", m.span, rule, confidence)],
            }),
        }
    }
    found.sort_by_key(|d| d.role);
    record.districts = found;
}

/// Whether a word such as `tidigare` or `dåvarande` stands right before a name.
fn is_former(cx: &Context, span: Span) -> bool {
    let before = &cx.doc.text[..span.start as usize];
    let from = before.char_indices().rev().take(40).last().map_or(0, |(i, _)| i);
    cx.rules.former_mark.is_match(&before[from..])
}

#[cfg(test)]
mod tests {
    use crate::parse::record::DistrictRole;
    use crate::parse::testing::parse;

    #[test]
    fn own_former_and_mentioned() {
        let r = parse(
            "# Partnerskap\n\n@margin\nTill\nJärva stadsdelsnämnd\n\nBakgrund\n\nFöreningen och Järva stadsdelsnämnd (tidigare Spånga-Tensta stadsdelsnämnd) samverkar med Farsta stadsdelsnämnd i Tensta.",
        );
        assert_eq!(r.authority.as_ref().and_then(|a| a.district.as_deref()), Some("sthlm-jarva"));
        let got: Vec<(&str, DistrictRole)> = r.districts.iter().map(|d| (d.id.as_str(), d.role)).collect();
        assert_eq!(
            got,
            [
                ("sthlm-jarva", DistrictRole::Own),
                ("sthlm-spanga-tensta", DistrictRole::Former),
                ("sthlm-farsta", DistrictRole::Mentioned)
            ]
        );
    }

    #[test]
    fn the_name_is_the_official_one() {
        let name = |s: &str| parse(s).authority.map(|a| a.name);
        assert_eq!(
            name("# X om y\n\n@margin\nTill\nEnskede-Årsta-Vantör stadsdelsnämnd").as_deref(),
            Some("Enskede-Årsta-Vantörs stadsdelsnämnd")
        );
        assert_eq!(
            name("# X om y\n\n@letterhead\nFarsta stadsdelsförvaltning").as_deref(),
            Some("Farsta stadsdelsnämnd")
        );
        assert_eq!(name("# X om y\n\n@margin\nTill\nSocialnämnden").as_deref(), Some("Socialnämnden"));
        assert_eq!(name("# X om y\n\nBakgrund\n\nInget."), None);
    }
}
