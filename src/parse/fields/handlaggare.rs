//! Reads the officers in charge with title, telephone and e-mail.
//!
//! An address is an officer's only if it names them: template left-overs put other people's addresses into the block.

use crate::base::Span;
use crate::parse::context::Context;
use crate::parse::person::owns_email;
use crate::parse::record::{Handlaggare, Record};
use crate::parse::text::{EMAIL, joined, phones, span_of};

/// Fills the officers.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    let mut found: Vec<Handlaggare> = Vec::new();
    // Those named under the points of an agenda are the items' own.
    let points = if record.kind == "kallelse" { first_of_agenda(cx) } else { None };
    for (i, group) in cx.head.iter().enumerate().filter(|(_, g)| g.label.as_deref() == Some("officer")) {
        if group.lines.first().is_some_and(|l| points.is_some_and(|p| (p..cx.doc.body_end).contains(&l.start))) {
            continue;
        }
        let from = found.len();
        for line in &group.lines {
            // Below a person stand unit and address; another person is one whose given name is known.
            let known = || cx.quote(*line).split([' ', ',', '\t', '/']).any(|w| cx.rules.people.is_given(w));
            let titled = || cx.quote(*line).split(',').any(|part| cx.rules.people.is_title(part));
            if found.len() == from || known() || titled() {
                read_line(cx, *line, &mut found, from);
            } else {
                add_phones(cx, *line, &mut found[from..]);
            }
        }
        // The cell beside the label may be another's value; the name stands on the next line: `Malte Ek, 0340-880 00`.
        if found.len() == from
            && let Some(next) = cx.head.get(i + 1).filter(|g| g.label.is_none()).and_then(|g| g.lines.first())
            && cx.quote(*next).split([',', '\t']).next().is_some_and(|n| cx.rules.people.is_name(n.trim()))
        {
            read_line(cx, *next, &mut found, from);
        }
        // `Telefon: …` right after the name is a label of its own.
        if let Some(line) =
            cx.head.get(i + 1).filter(|g| g.label.as_deref() == Some("phone")).and_then(|g| g.lines.first())
            && found.len() > from
        {
            add_phones(cx, *line, &mut found[from..]);
        }
        // Title and telephone in the cells below, where columns stand side by side.
        for person in found.get_mut(from..).unwrap_or_default() {
            in_cells_below(cx, person);
        }
        // A telephone alone on the next line, as columns leave it.
        if let Some(line) = cx.head.get(i + 1).filter(|g| g.label.is_none()).and_then(|g| g.lines.first())
            && found.len() > from
            && phones(cx.quote(*line)).next().is_some_and(|m| m.start() <= TEL)
        {
            add_phones(cx, *line, &mut found[from..]);
        }
    }
    add_emails(cx, &mut found);
    // A secretary or registrar whom people may turn to is a contact, and so is an applicant's; one named under `Handläggare`
    // handles the case.
    found.retain(|h| {
        let secretary = h.title.as_deref().is_some_and(|t| cx.rules.people.is_secretary(t));
        let others = secretary || record.kind == "ansokan";
        !others || h.evidence.first().is_some_and(|e| under_officer_label(cx, e.start))
    });
    if found.is_empty() {
        unlabelled(cx, &record.kind, &mut found);
        add_emails(cx, &mut found);
    }
    record.handlaggare = found;
}

/// Gives a person the title and the telephone in the cells right below the name.
fn in_cells_below(cx: &Context, person: &mut Handlaggare) {
    let Some(name) = person.evidence.first().map(|e| Span { start: e.start, end: e.end }) else { return };
    // The name may be a part of its cell.
    let mut cell = name;
    for _ in 0..3 {
        let Some(below) = cell_below(cx, cell) else { return };
        let text = cx.quote(below);
        if cx.rules.people.is_person(text) || cx.labels.whole(text).is_some() {
            return;
        }
        if person.title.is_none() && cx.rules.people.is_title(text) {
            person.title = Some(joined(text));
            person.evidence.push(cx.evidence("title", below, "margin.officer_title", 0.85));
        } else if phones(text).next().is_some_and(|m| m.start() <= TEL) {
            add_phones(cx, below, std::slice::from_mut(person));
            return;
        } else if !text.contains('@') {
            return;
        }
        cell = below;
    }
}

/// How far from the beginning of its line a telephone may stand: behind `Telefon (direkt): `.
const TEL: usize = 18;

/// Gives each officer the address in the head that names them.
fn add_emails(cx: &Context, found: &mut [Handlaggare]) {
    for line in cx.head.iter().flat_map(|g| g.lines.iter().copied()) {
        for m in EMAIL.find_iter(cx.quote(line)) {
            if let Some(h) = found.iter_mut().find(|h| h.email.is_none() && owns_email(&h.name, m.as_str())) {
                h.email = Some(m.as_str().to_string());
                h.evidence.push(cx.evidence("email", span_of(m, line.start), "margin.officer_email", 0.95));
            }
        }
    }
}

/// Where the list of an agenda begins: its first point, or the row of labels over its columns.
fn first_of_agenda(cx: &Context) -> Option<u32> {
    let columns =
        ["Ärende\tHandläggare", "Ärende\tFöredragande"].iter().filter_map(|row| cx.doc.body().find(row)).min();
    let columns = columns.and_then(|i| u32::try_from(i).ok());
    crate::parse::segment::first_point(cx.doc).into_iter().chain(columns).min()
}

/// Whether the last label of an officer before this place is `Handläggare`, not `Kontakt` or `Referens`.
fn under_officer_label(cx: &Context, at: u32) -> bool {
    let text = &cx.doc.text[..at as usize];
    let mut from = text.len().saturating_sub(160);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = text[from..].to_lowercase();
    before.rfind("handläggare") > before.rfind("kontakt").max(before.rfind("referens"))
}

/// A head without the label: a name alone on its line or with a title beside or below it, with an address or telephone of
/// theirs in the head. Secretaries and registrars are no officers in charge.
fn unlabelled(cx: &Context, kind: &str, found: &mut Vec<Handlaggare>) {
    if matches!(kind, "protokoll" | "protokollsutdrag" | "overenskommelse" | "avtal" | "presentation" | "kallelse") {
        return;
    }
    let lines: Vec<Span> = cx
        .head
        .iter()
        .filter(|g| g.label.as_deref() != Some("secretary_label"))
        .flat_map(|g| g.lines.iter().copied())
        .take(80)
        .collect();
    by_address(cx, &lines, found);
    if found.is_empty() {
        by_title(cx, &lines, found, false);
    }
    if found.is_empty() && matches!(kind, "tjansteutlatande" | "tjansteskrivelse" | "remissvar") {
        in_text(cx, found);
    }
    if found.is_empty() && matches!(kind, "tjansteutlatande" | "tjansteskrivelse" | "remissvar") {
        // The head of an officer's report names who wrote it, with a title and no telephone.
        by_title(cx, &lines, found, true);
    }
    if found.is_empty() && matches!(kind, "tjansteutlatande" | "tjansteskrivelse" | "remissvar") {
        alone(cx, &lines, found);
    }
}

/// `… godkänner avtalet.Handläggare: Eva Ek, 508 08 015`: a label that lost its line.
fn in_text(cx: &Context, found: &mut Vec<Handlaggare>) {
    const LABEL: &str = "Handläggare:";
    let body = cx.doc.body();
    let Some(start) = body.find(LABEL).map(|i| i + LABEL.len()) else { return };
    let end = body[start..].find('\n').map_or(body.len(), |i| start + i);
    let line = Span::new(start, end).trim(&cx.doc.text);
    if line.len() <= 120 {
        read_line(cx, line, found, 0);
    }
}

/// The only name that stands alone on a line of a report's head, with a given name that is known.
fn alone(cx: &Context, lines: &[Span], found: &mut Vec<Handlaggare>) {
    let people = &cx.rules.people;
    // As printed or turned round: `Ek, Elvira`.
    let mut names = lines.iter().enumerate().filter_map(|(i, l)| {
        let text = cx.quote(*l);
        // A committee or office, or what stands behind `Till`, is nobody.
        let name = people.name_in_order(text).filter(|n| !cx.rules.names_committee(n))?;
        // Surname and given name parted by a comma are a name, known or not.
        let turned =
            text.split_whitespace().count() == 2 && text.split_whitespace().next().is_some_and(|w| w.ends_with(','));
        let given = name.split_whitespace().next().is_some_and(|w| people.is_given(w));
        (turned || given || signs(cx, *l)).then_some((i, l, name))
    });
    let (Some((i, line, name)), None) = (names.next(), names.next()) else { return };
    push(cx, found, name, None, *line);
    if let Some(person) = found.last_mut() {
        title_near(cx, lines, i, person);
        reach_near(cx, lines, i, person);
    }
    if let Some(e) = found.last_mut().and_then(|h| h.evidence.first_mut()) {
        *e = cx.evidence("name", *line, "head.lone_name", 0.7);
    }
}

/// Whether the name on a line of the head stands once more on a line or in a cell below it: who signs.
fn signs(cx: &Context, line: Span) -> bool {
    let name = cx.quote(line);
    let rest = cx.doc.text.get(line.end as usize..).unwrap_or_default();
    rest.match_indices(name).take(8).any(|(i, _)| {
        let ends = rest[i + name.len()..].chars().next().is_none_or(|c| matches!(c, '\n' | '\t' | ','));
        rest[..i].ends_with(['\n', '\t']) && ends
    })
}

/// The cell right below another in its column: the first of the next row for one that begins its row.
fn cell_below(cx: &Context, cell: Span) -> Option<Span> {
    let text = &cx.doc.text;
    let before = text.get(..cell.start as usize)?;
    let row = before.rsplit('\n').next()?;
    let column = row.matches('\t').count();
    let rest = text.get(cell.end as usize..)?;
    let mut at = cell.end as usize + rest.find('\n')?;
    // Blank lines may part them.
    at += text.get(at..)?.len() - text.get(at..)?.trim_start_matches('\n').len();
    let next = text.get(at..)?.split('\n').next()?;
    let skip: usize = next.split('\t').take(column).map(|c| c.len() + 1).sum();
    let below = next.split('\t').nth(column)?;
    Some(Span::new(at + skip, at + skip + below.len()).trim(text)).filter(|s| !s.is_empty())
}

/// Gives a person the title that stands behind, below or above the name on this line of the head.
fn title_near(cx: &Context, lines: &[Span], i: usize, person: &mut Handlaggare) {
    if person.title.is_some() {
        return;
    }
    let Some(line) = lines.get(i) else { return };
    let text = cx.quote(*line);
    let beside = text.split_once(',').map(|(_, t)| at(*line, text, t.trim()));
    let above = i.checked_sub(1).and_then(|j| lines.get(j)).copied();
    // Above the name it is a title only if the name of nobody else stands above it.
    let others = i.checked_sub(2).and_then(|j| lines.get(j)).is_some_and(|l| cx.rules.people.is_name(cx.quote(*l)));
    let near = [beside, cell_below(cx, *line), above.filter(|_| !others)];
    let title = near.into_iter().flatten().find(|s| cx.rules.people.is_title(cx.quote(*s)));
    if let Some(span) = title {
        person.title = Some(joined(cx.quote(span)));
        person.evidence.push(cx.evidence("title", span, "head.officer_title", 0.8));
    }
}

/// Gives a person the telephone on the lines of the head below the name, up to the next name.
fn reach_near(cx: &Context, lines: &[Span], i: usize, person: &mut Handlaggare) {
    for (n, line) in lines.iter().skip(i).take(REACH).enumerate() {
        if n > 0 && cx.rules.people.is_person(cx.quote(*line)) {
            return;
        }
        add_phones(cx, *line, std::slice::from_mut(person));
    }
}

/// How many lines below a name its telephone may stand.
const REACH: usize = 9;

/// `Annika Blom, Socialchef` or the title on the next line, with a telephone or an address within the next lines, or without.
fn by_title(cx: &Context, lines: &[Span], found: &mut Vec<Handlaggare>, alone: bool) {
    let people = &cx.rules.people;
    let near = |i: usize| lines.iter().skip(i).take(4).copied();
    for (i, line) in lines.iter().enumerate().take(40) {
        let text = cx.quote(*line);
        let beside = text.split_once(',').map(|(n, t)| (n.trim(), t.trim()));
        // `Förvaltningschef Annika Blom 0171-525 79`.
        let spoken = beside.map_or(text, |(n, _)| n);
        let spoken = phones(spoken).next().map_or(spoken, |m| &spoken[..m.start()]).trim();
        if let Some((title, name)) = title_before_name(cx, spoken).filter(|(t, _)| !people.is_secretary(t))
            && (alone && !people.is_politician(title)
                || near(i).any(|l| phones(cx.quote(l)).next().is_some() || EMAIL.is_match(cx.quote(l))))
        {
            push(cx, found, joined(name), Some(title.to_string()), at(*line, text, name));
            if let Some(person) = found.last_mut() {
                person.evidence.push(cx.evidence("title", at(*line, text, title), "head.officer_title", 0.8));
                for l in near(i) {
                    add_phones(cx, l, std::slice::from_mut(person));
                }
            }
            return;
        }
        // The title stands below the name, or right above it.
        let below = cell_below(cx, *line).map(|l| (cx.quote(l).trim(), l));
        let above = i.checked_sub(1).and_then(|j| lines.get(j)).map(|l| (cx.quote(*l).trim(), *l));
        let (name, title) = match beside {
            Some((name, title)) => (name, Some((title, *line))),
            None => (text, below.filter(|(t, _)| people.is_title(t)).or(above)),
        };
        let capitals = people.name_in_capitals(name);
        let Some((title, title_line)) = title.filter(|(t, _)| people.is_title(t) && !people.is_secretary(t)) else {
            continue;
        };
        let reach = lines.iter().skip(i).take(5);
        let reached = alone && !people.is_politician(title)
            || reach.clone().any(|l| phones(cx.quote(*l)).next().is_some() || EMAIL.is_match(cx.quote(*l)));
        if !(people.is_name(name) || capitals.is_some()) || !reached {
            continue;
        }
        push(cx, found, capitals.unwrap_or_else(|| joined(name)), Some(title.to_string()), at(*line, text, name));
        let Some(person) = found.last_mut() else { return };
        person.evidence.push(cx.evidence(
            "title",
            at(title_line, cx.quote(title_line), title),
            "head.officer_title",
            0.8,
        ));
        for near in reach {
            add_phones(cx, *near, std::slice::from_mut(person));
        }
        return;
    }
}

fn by_address(cx: &Context, lines: &[Span], found: &mut Vec<Handlaggare>) {
    let emails: Vec<(Span, crate::parse::pattern::Match)> =
        lines.iter().flat_map(|l| EMAIL.find_iter(cx.quote(*l)).map(|m| (*l, m))).collect();
    for (i, line) in lines.iter().enumerate() {
        let text = cx.quote(*line);
        let (name, title) = text.split_once(',').map_or((text, ""), |(n, t)| (n.trim(), t.trim()));
        // As printed: a title that is also a label (`Utredare`) is no line of the head's values.
        let below = cell_below(cx, *line).map_or("", |s| cx.quote(s));
        if cx.rules.people.is_secretary(if title.is_empty() { below } else { title }) {
            continue;
        }
        let Some((at_line, email)) = emails.iter().find(|(_, m)| owns_email(name, m.as_str())) else { continue };
        if !cx.rules.people.is_name(name) {
            continue;
        }
        push(cx, found, joined(name), None, at(*line, text, name));
        let Some(person) = found.last_mut() else { return };
        title_near(cx, lines, i, person);
        person.email = Some(email.as_str().to_string());
        person.evidence.push(cx.evidence("email", span_of(*email, at_line.start), "head.officer_email", 0.9));
        // The telephone stands between the name and the address, or right after it.
        reach_near(cx, lines, i, person);
        return;
    }
}

/// Most officers of one document; more names than that are a list of something else.
const MOST: usize = 30;

/// One line under the label: names, perhaps with titles and telephones around them.
fn read_line(cx: &Context, line: Span, found: &mut Vec<Handlaggare>, from: usize) {
    let text = cx.quote(line);
    // `Eva Ek, 508 08 015 och Bo Al, 508 08 016`: a telephone ends what is said of a person.
    let mut at = 0;
    let ends = phones(text).map(|m| (m.start(), m.end())).chain([(text.len(), text.len())]);
    for (start, end) in ends.take(MOST) {
        if let Some(part) = text.get(at..start) {
            read_people(cx, line, text, cut_label(part), found, from);
        }
        at = end;
    }
    let from = from.min(found.len());
    add_phones(cx, line, &mut found[from..]);
}

/// A part of a line without telephones: names and titles, however parted.
fn read_people(cx: &Context, line: Span, text: &str, part: &str, found: &mut Vec<Handlaggare>, from: usize) {
    let whole = part.trim().trim_end_matches([',', ';', '(']).trim();
    let whole = whole.trim_start_matches([',', ';', '/', ')']).trim_start();
    let whole = whole.strip_prefix("och ").unwrap_or(whole).trim_start();
    let unparted = cx.rules.people.names_unparted(whole);
    if !unparted.is_empty() {
        for (range, name) in unparted {
            let part = &whole[range];
            push(cx, found, name, None, at(line, text, part));
        }
        return;
    }
    let several = cx.rules.people.names_between_commas(whole);
    if !several.is_empty() {
        for (range, name) in several {
            push(cx, found, name, None, at(line, text, &whole[range]));
        }
        return;
    }
    if let Some(name) = cx.rules.people.name_in_order(whole) {
        push(cx, found, name, None, at(line, text, whole));
        return;
    }
    let parts = whole.split([',', ';', '/', '\t']).flat_map(|p| p.split(" och "));
    for part in parts.map(str::trim).filter(|p| !p.is_empty()) {
        if cx.rules.people.is_title(part) {
            let own = found.len() > from;
            if let Some(last) = found.last_mut().filter(|h| own && h.title.is_none()) {
                last.title = Some(part.to_string());
                last.evidence.push(cx.evidence("title", at(line, text, part), "margin.officer_title", 0.85));
            }
        } else if cx.rules.people.is_name(part) {
            push(cx, found, part.split_whitespace().collect::<Vec<_>>().join(" "), None, at(line, text, part));
        } else if let Some((title, name)) = title_before_name(cx, part) {
            push(cx, found, name.to_string(), Some(title.to_string()), at(line, text, name));
            if let Some(last) = found.last_mut().filter(|h| h.name == name) {
                last.evidence.push(cx.evidence("title", at(line, text, title), "margin.officer_title", 0.85));
            }
        }
    }
}

/// `Personalchef Eva Ek`: a title in small letters or one word, then the name.
pub(crate) fn title_before_name<'t>(cx: &Context, part: &'t str) -> Option<(&'t str, &'t str)> {
    let people = &cx.rules.people;
    let is_title = |title: &str| {
        // `Förvaltningschef socialtjänsten`: a title with what it is over, in small letters.
        let (first, rest) = title.split_once(' ').unwrap_or((title, ""));
        people.is_title(title) || (people.is_title(first) && rest.starts_with(char::is_lowercase))
    };
    part.match_indices(' ')
        .map(|(i, _)| (part[..i].trim(), part[i..].trim()))
        .find(|(title, name)| is_title(title) && people.is_name(name))
}

/// A line before a label of a telephone in it: `Eva Ek tfn:`.
fn cut_label(text: &str) -> &str {
    let lower = text.to_lowercase();
    // Lower case keeps the length of these ASCII words' places only if no letter changed its length.
    if lower.len() != text.len() {
        return text;
    }
    ["telefon", "tfn", "tel.", "tel:"].iter().filter_map(|w| lower.find(w)).min().map_or(text, |i| &text[..i])
}

fn at(line: Span, text: &str, part: &str) -> Span {
    let offset = part.as_ptr() as usize - text.as_ptr() as usize;
    Span::new(offset, offset + part.len()).shift(line.start as usize)
}

fn push(cx: &Context, found: &mut Vec<Handlaggare>, name: String, title: Option<String>, span: Span) {
    if found.len() >= MOST || found.iter().any(|h| h.name == name) {
        return;
    }
    let evidence = vec![cx.evidence("name", span, "margin.officer", 0.95)];
    found.push(Handlaggare { name, phone: None, email: None, title, evidence });
}

/// The n-th telephone of a line belongs to the n-th person who has none; one alone to the last.
fn add_phones(cx: &Context, line: Span, people: &mut [Handlaggare]) {
    for m in phones(cx.quote(line)) {
        let Some(person) = people.iter_mut().find(|h| h.phone.is_none()) else { return };
        person.phone = Some(m.as_str().trim().to_string());
        person.evidence.push(cx.evidence("phone", span_of(m, line.start), "margin.officer_phone", 0.95));
    }
}

#[cfg(test)]
mod tests {
    use crate::parse::testing::parse;

    fn people(margin: &str) -> Vec<(String, Option<String>, Option<String>)> {
        let r = parse(&format!("# Ärende\n\n@margin\n{margin}"));
        r.handlaggare.into_iter().map(|h| (h.name, h.phone, h.email)).collect()
    }

    #[test]
    fn a_foreign_address_is_not_theirs() {
        let some = |s: &str| Some(s.to_string());
        assert_eq!(
            people(
                "Handläggare\nTuva Silverhake\nTelefon: 08-50899112\nTill\nFarsta stadsdelsnämnd\nGatan 6\n112 25 Stockholm\nlars.ek@stockholm.se"
            ),
            [("Tuva Silverhake".to_string(), some("08-50899112"), None)]
        );
        assert_eq!(
            people("Handläggare\nTuva Silverhake\nTelefon: 08-50899112\ntuva.silverhake@stockholm.se"),
            [("Tuva Silverhake".to_string(), some("08-50899112"), some("tuva.silverhake@stockholm.se"))]
        );
    }

    #[test]
    fn without_a_label_the_address_tells() {
        let some = |s: &str| Some(s.to_string());
        assert_eq!(
            people("Sektor Kultur\nEva Lindqvist\nTelefon 031-365 10 00\nE-post: eva.lindqvist@goteborg.se"),
            [("Eva Lindqvist".to_string(), some("031-365 10 00"), some("eva.lindqvist@goteborg.se"))]
        );
        assert_eq!(people("Eva Lindqvist\nfarsta@stockholm.se"), []);
    }

    #[test]
    fn in_one_line() {
        let some = |s: &str| Some(s.to_string());
        assert_eq!(people("Handläggare: Eva Ek, 508 08 015"), [("Eva Ek".to_string(), some("508 08 015"), None)]);
        assert_eq!(people("Handläggare: Björk, Per-Erik"), [("Per-Erik Björk".to_string(), None, None)]);
        assert_eq!(people("Handläggare\nEva Ek och Ulf Alm").len(), 2);
        let r = parse("# X om y\n\n@margin\nHandläggare: personalchef Eva Ek, 08-508 21 020");
        assert_eq!(r.handlaggare[0].title.as_deref(), Some("personalchef"));
    }
}
