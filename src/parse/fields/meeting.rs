//! Reads the meeting of minutes and notices: when and where, who was there, who adjusts the minutes.

use regex::Regex;

use super::item::has_items;
use super::party::own_board;
use crate::base::{PartialDate, Span, fold};
use crate::lexicon::Lexicon;
use crate::parse::context::Context;
use crate::parse::record::{Evidence, Meeting, Present, Record};
use crate::parse::segment::lines;

/// Patterns compiled once from the vocabulary.
#[derive(Debug)]
pub(crate) struct Rules {
    time_label: Regex,
    place_label: Regex,
    clock: Regex,
    person: Regex,
    role_label: Regex,
    adjuster: Regex,
    adjusted: Regex,
    appointed: Regex,
}

impl Rules {
    /// Compiles them.
    pub fn new(_lex: &Lexicon) -> Self {
        let make = |p: &str| Regex::new(p).expect("tested pattern");
        Rules {
            time_label: make(
                r"(?i)^(?:tid|tid\s+och\s+plats|plats\s+och\s+tid|sammanträdestid|mötestid|sammanträdesdatum|datum\s+och\s+tid)\s*[:\t]\s*(.+)$",
            ),
            place_label: make(r"(?i)\b(?:plats|lokal)(?:\s+och\s+tid)?\s*[:\t]\s*([^\n\t]+)"),
            clock: make(
                r"(?i)(?:\bkl(?:ockan)?\.?\s*|,\s*)(\d{1,2})(?:[.:](\d{2}))?(?:\s*(?:[-–—]|till)\s*(?:kl\.?\s*)?(\d{1,2})[.:](\d{2}))?",
            ),
            person: make(
                r"^([A-ZÅÄÖ][\wÅÄÖåäöé'-]+(?:\s+(?:von|af|de|la|van|der)?\s?[A-ZÅÄÖ][\wÅÄÖåäöé'-]+)+)(?:\s*\(([A-ZÅÄÖa-zåäö]{1,4}|-)\)?)?(?:,?\s*(.*))?$",
            ),
            role_label: make(
                r"(?i)^((?:1:e\s+|2:e\s+|förste\s+|andre\s+|vice\s+)*ordförande|ledamöter|beslutande(?:\s+ledamöter)?|tjänstgörande\s+ersättare|(?:närvarande\s+|ej\s+tjänstgörande\s+)?ersättare|tjänstemän|övriga(?:\s+närvarande|\s+deltagande)?|sekreterare|frånvarande|förhindrade)\s*[:\t]\s*(.+)$",
            ),
            adjuster: make(r"(?i)^(.{4,60}?),\s*(?:justerare|protokollsjusterare)\b"),
            adjusted: make(r"(?i)^(?:justerat|justeras|justering|omedelbart)\b"),
            appointed: make(r"(?i)\b(?:utser|utses|utsåg|utsågs|väljer|valdes)\b"),
        }
    }
}

/// Fills the field.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    if !has_items(cx, record) {
        return;
    }
    let first = record.items.first().and_then(|i| i.evidence.first()).map_or(cx.doc.body_end, |e| e.start);
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
    if let Some((body, span)) = own_board(cx, record) {
        evidence.extend(span.map(|s| cx.evidence("body", s, "meeting.board", 0.9)));
        meeting.body = Some(body);
    }
    time_and_place(cx, head, &mut meeting, &mut evidence);
    if meeting.date.is_none() {
        meeting.date = record.meeting_date;
    }
    present(cx, head, &mut meeting, &mut evidence);
    adjusters(cx, head, record, &mut meeting, &mut evidence);
    let known = meeting.date.is_some() || meeting.place.is_some() || !meeting.present.is_empty();
    meeting.evidence = evidence;
    record.meeting = known.then_some(meeting);
}

fn time_and_place(cx: &Context, head: Span, meeting: &mut Meeting, evidence: &mut Vec<Evidence>) {
    let rules = &cx.rules.meeting;
    for line in lines(cx.doc, head) {
        let text = cx.quote(line);
        let at = line.start as usize;
        if meeting.starts.is_none()
            && let Some(m) = rules.time_label.captures(text).and_then(|c| c.get(1))
        {
            if let Some((date, span)) = cx.rules.period.first_date(m.as_str()) {
                meeting.date = Some(PartialDate::from(date));
                evidence.push(cx.evidence("date", span.shift(at + m.start()), "meeting.time", 0.95));
            }
            if let Some(c) = rules.clock.captures(m.as_str())
                && let (Some(hour), all) = (c.get(1), c.get(0))
            {
                let span = all.map(|a| Span::new(at + m.start() + a.start(), at + m.start() + a.end()));
                meeting.starts = clock(hour.as_str(), c.get(2).map_or("00", |x| x.as_str()));
                evidence.extend(span.map(|s| cx.evidence("starts", s, "meeting.time", 0.95)));
                if let (Some(h), Some(min)) = (c.get(3), c.get(4)) {
                    meeting.ends = clock(h.as_str(), min.as_str());
                    evidence.extend(span.map(|s| cx.evidence("ends", s, "meeting.time", 0.95)));
                }
            }
        }
        if meeting.place.is_none()
            && let Some(m) = rules.place_label.captures(text).and_then(|c| c.get(1))
        {
            let value = m.as_str();
            let end = value.find(". ").unwrap_or(value.len());
            let value = value.get(..end).unwrap_or(value).trim().trim_end_matches('.');
            let clocked = rules.time_label.is_match(text) && rules.clock.is_match(value);
            if !value.is_empty() && !clocked {
                meeting.place = Some(value.to_string());
                let span = Span::new(at + m.start(), at + m.start() + value.len());
                evidence.push(cx.evidence("place", span, "meeting.place", 0.95));
            }
        }
    }
}

/// `HH:MM`, if it is a time of day.
fn clock(hour: &str, minute: &str) -> Option<String> {
    let (h, m) = (hour.parse::<u32>().ok()?, minute.parse::<u32>().ok()?);
    (h < 24 && m < 60).then(|| format!("{h:02}:{m:02}"))
}

/// The role that a heading or label of the attendance list gives.
fn role_of(label: &str) -> Option<&'static str> {
    let key = fold::name_key(label.trim_end_matches(':'));
    Some(match key.as_str() {
        "ordforande" => "ordförande",
        "vice ordforande" => "vice ordförande",
        "1:e vice ordforande" | "2:e vice ordforande" | "forste vice ordforande" | "andre vice ordforande" => {
            "vice ordförande"
        }
        "ledamoter" | "beslutande" | "beslutande ledamoter" => "ledamot",
        "tjanstgorande ersattare" => "tjänstgörande ersättare",
        "ersattare" | "narvarande ersattare" | "ej tjanstgorande ersattare" => "ersättare",
        "tjansteman" | "ovriga" | "ovriga narvarande" | "ovriga deltagande" => "övrig",
        "sekreterare" => "sekreterare",
        "franvarande" | "forhindrade" => "frånvarande",
        _ => return None,
    })
}

fn present(cx: &Context, head: Span, meeting: &mut Meeting, evidence: &mut Vec<Evidence>) {
    let rules = &cx.rules.meeting;
    let mut role: Option<&'static str> = None;
    for line in lines(cx.doc, head) {
        let text = cx.quote(line);
        if let Some(r) = role_of(text) {
            role = Some(r);
            continue;
        }
        let (role_here, names, at) = match rules.role_label.captures(text) {
            Some(c) => {
                let (Some(label), Some(names)) = (c.get(1), c.get(2)) else { continue };
                (role_of(label.as_str()), names.as_str(), line.start as usize + names.start())
            }
            None => (role, text, line.start as usize),
        };
        let Some(role_here) = role_here.filter(|r| *r != "frånvarande") else { continue };
        let before = meeting.present.len();
        people(cx, names, role_here, meeting);
        if meeting.present.len() > before {
            evidence.push(cx.evidence("present", Span::new(at, at + names.len()), "meeting.attendance", 0.85));
        }
    }
}

/// The people of one line: "A (S), ordförande", "A (S), B (M)", "A (C) för B (C)".
fn people(cx: &Context, line: &str, role: &str, meeting: &mut Meeting) {
    let rules = &cx.rules.meeting;
    let members = &cx.rules.item.members;
    let official = role == "övrig" || role == "sekreterare";
    // Several members in one line are parted by commas after their parties.
    let several = line.matches('(').count() > 1 && !line.contains(" för ") && !line.contains("§");
    if several {
        for m in members.of(line) {
            push(meeting, m.name, role, m.political_party, None, None);
        }
        return;
    }
    if official {
        officials(cx, line, meeting);
        return;
    }
    for cell in line.split('\t') {
        let cell = cell.trim();
        let Some(c) = rules.person.captures(cell) else { continue };
        let Some(name) = c.get(1).and_then(|m| members.name(m.as_str())) else { continue };
        let party = c.get(2).map(|m| m.as_str().to_string());
        let rest = c.get(3).map_or("", |m| m.as_str());
        if party.is_none() && rest.is_empty() && role != "ordförande" && role != "vice ordförande" {
            continue;
        }
        let own = ["vice ordförande", "ordförande"].into_iter().find(|r| rest.to_lowercase().starts_with(r));
        let instead = rest.strip_prefix("för ").and_then(|r| members.of(r).into_iter().next()).map(|m| m.name);
        let items = rest.find('§').map(|i| rest[i..].trim().to_string());
        push(meeting, name, own.unwrap_or(role), party, instead, items);
    }
}

/// "Stadsdelsdirektör Eva Ek, avdelningschef Bo Al": people with titles before or after their names.
fn officials(cx: &Context, line: &str, meeting: &mut Meeting) {
    static TOKEN: std::sync::LazyLock<Regex> = std::sync::LazyLock::new(|| {
        Regex::new(r"([A-ZÅÄÖ][\wÅÄÖåäöé'-]+(?: (?:von|af|de|la|van|der)? ?[A-ZÅÄÖ][\wÅÄÖåäöé'-]+)+)(?:,\s*((?:[Tt]f\.?\s+|t\.f\.\s+|[Bb]itr\.?\s+)?[a-zåäö][\wåäö-]+))?")
            .expect("tested pattern")
    });
    let members = &cx.rules.item.members;
    let mut title_before: Option<String> = None;
    let mut at = 0;
    for c in TOKEN.captures_iter(line) {
        let Some(m) = c.get(1) else { continue };
        let lead = line.get(at..m.start()).unwrap_or("").trim().trim_start_matches(',').trim();
        let lead = lead.strip_prefix("samt ").or(lead.strip_prefix("och ")).unwrap_or(lead).trim();
        let lead = if matches!(lead, "och" | "samt") { "" } else { lead };
        at = c.get(0).map_or(m.end(), |a| a.end());
        let words: Vec<&str> = m.as_str().split_whitespace().collect();
        let Some(name) = members.name(m.as_str()) else { continue };
        let inside = words.len() - name.split(' ').count();
        let title = if inside > 0 {
            words.get(..inside).map(|w| w.join(" "))
        } else if !lead.is_empty() && lead.chars().next().is_some_and(char::is_lowercase) && lead.len() < 40 {
            Some(lead.to_string())
        } else {
            None
        };
        let after =
            c.get(2).map(|t| t.as_str().to_string()).filter(|t| !t.starts_with("samt") && !t.starts_with("och"));
        let followed_by_name = line.get(at..).is_some_and(|r| r.trim_start().starts_with(|c: char| c.is_uppercase()));
        let title = title.or(if followed_by_name { None } else { after.clone() }).or(title_before.take());
        if followed_by_name {
            // "…, avdelningschef Bo Al": the word belongs to the next name.
            title_before = after;
        }
        push(meeting, name, title.as_deref().unwrap_or("övrig"), None, None, None);
    }
}

fn push(
    meeting: &mut Meeting,
    name: String,
    role: &str,
    political_party: Option<String>,
    substitute_for: Option<String>,
    items: Option<String>,
) {
    if meeting.present.len() >= 500
        || meeting.present.iter().any(|p| p.name == name)
        || name.to_lowercase().starts_with("vakant")
    {
        return;
    }
    meeting.present.push(Present { name, role: Some(role.to_lowercase()), political_party, substitute_for, items });
}

/// Who adjusts: named so, or the names under "Justerat", or those whom the first item appoints.
fn adjusters(cx: &Context, head: Span, record: &Record, meeting: &mut Meeting, evidence: &mut Vec<Evidence>) {
    let rules = &cx.rules.meeting;
    let members = &cx.rules.item.members;
    let mut after = false;
    for line in lines(cx.doc, head) {
        let text = cx.quote(line);
        if let Some(m) = rules.adjuster.captures(text).and_then(|c| c.get(1))
            && let Some(name) = members.name(m.as_str().split(" (").next().unwrap_or(""))
        {
            meeting.adjusters.push(name);
            evidence.push(cx.evidence("adjusters", line, "meeting.adjuster", 0.95));
            continue;
        }
        let label = fold::name_key(text);
        let names: Vec<Option<String>> = text
            .split('\t')
            .map(|c| {
                rules
                    .person
                    .captures(c.trim())
                    .filter(|p| p.get(2).is_none() && p.get(3).is_none_or(|r| r.as_str().is_empty()))
                    .and_then(|p| members.name(p.get(1)?.as_str()))
            })
            .collect();
        if after && !names.is_empty() && names.iter().all(Option::is_some) && meeting.adjusters.is_empty() {
            meeting.adjusters = names.into_iter().flatten().collect();
            evidence.push(cx.evidence("adjusters", line, "meeting.signatures", 0.8));
        }
        if rules.adjusted.is_match(text) {
            after = true;
        }
        if label.starts_with("narvarande") || label.starts_with("beslutande") {
            break;
        }
    }
    if !meeting.adjusters.is_empty() {
        return;
    }
    for decision in record.items.iter().take(4).flat_map(|i| &i.decisions) {
        let text = decision.text.split(". ").next().unwrap_or("");
        if rules.appointed.is_match(text) && text.contains("juster") {
            meeting.adjusters = members.of(text).into_iter().map(|m| m.name).collect();
            if let Some(e) = decision.evidence.first() {
                evidence.push(cx.evidence("adjusters", Span { start: e.start, end: e.end }, "meeting.appointed", 0.85));
            }
            return;
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
