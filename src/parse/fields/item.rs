//! Reads the items of minutes, extracts and agendas: §§ and numbered lines, with what was decided, moved and voted in each.
//!
//! An item reaches from its line to the next. Inside it the headings of the vocabulary tell decisions (decided), proposals
//! (proposed) and yrkanden (moved) apart; what stands under none of them is read for decisions only where a body decides.

mod agenda;
mod members;
mod motions;
mod vote;

use crate::parse::pattern::Regex;

use super::decision::{self, points};
use super::dnr;
use super::meeting::names_in;
use crate::base::{Span, fold};
use crate::ingest::layout::page_number;
use crate::lexicon::Lexicon;
use crate::parse::context::Context;
use crate::parse::record::{Decision, Dnr, Evidence, Item, Member, Record, Reservation, Role, Statement, Status};
use crate::parse::segment::{Family, lines};
use crate::parse::text::joined;

pub(crate) use members::Members;

/// Patterns compiled once from the vocabulary.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) members: Members,
    paragraph: Regex,
    /// Paragraphs of other boards after the item's own: `Sn § 50 Au § 84`.
    chain: Regex,
    /// A number that begins a line before a capital, or stands alone on it.
    bare: Regex,
    /// Which items the front page names.
    said: Regex,
    label: Regex,
    /// The label of a diary number inside a line.
    labelled: Regex,
    /// Something in brackets that holds digits.
    bracketed: Regex,
    inline: Regex,
    decides: Regex,
    /// What was decided on another day: "Nämnden beslutade 2012-06-11, § 62, att …".
    earlier: Regex,
    /// "… beslutar nämnden att …": who, and what.
    inverted: Regex,
    /// An office or officer that proposes: "Förvaltningen föreslår att …".
    proposes: Regex,
    /// Who moves something, and what: "Eva Ek (S) yrkar …".
    moves: Regex,
    /// The same the other way round: "förslag från Eva Ek (S) att …".
    moved_by: Regex,
    /// The same with who moves behind the verb: "Härefter yrkar Eva Ek (S) …".
    moves_behind: Regex,
    /// How the chair puts the question.
    puts: Regex,
    secret: Regex,
    jav: Regex,
    leaves: Regex,
    serves: Regex,
    reserves: Regex,
    states: Regex,
    says: Regex,
    at_once: Regex,
    /// "§§ 3 - 5 förklarades omedelbart justerade."
    several_at_once: Regex,
    refers: Regex,
    passive: Regex,
    told: Regex,
    agenda: agenda::Rules,
    vote: vote::Rules,
}

impl Rules {
    /// Compiles them.
    pub fn new(lex: &Lexicon) -> Self {
        let make = |p: &str| Regex::new(p).expect("tested pattern");
        Rules {
            members: Members::new(lex),
            paragraph: make(
                r"^(?P<board>[A-Za-zÅÄÖåäö]{2,6}\s+)?(?:§§?|Paragraf|PARAGRAF)\s?(?P<number>\d{1,4}(?:\s?[a-zA-ZåäöÅÄÖ]\b|\s?½)?)(?P<year>\s?/\s?\d{2,4})?(?P<range>\s?[-–]\s?\d{1,4})?[.:]?(?:\s+(?P<rest>.*))?$",
            ),
            chain: make(r"^(?:[A-Za-zÅÄÖåäö]{2,6}\s+)?§\s?\d{1,4}(?:\s?[a-z]\b)?(?:/\d{2,4})?(?:\s+|$)"),
            bare: make(r"^(\d{1,4})(?:\s+(\p{Lu}.*))?$"),
            said: make(
                r"(?m)^(?:Justerade )?[Pp]aragraf(?:er)?\s*:?\s*(\d{1,4})(?:\s*(?:[-–—]+|till|t\.o\.m\.)\s*(\d{1,4}))?\b",
            ),
            label: make(
                r"(?i)^\(?(?:dnr|d\s?nr|diarienummer|diarienr|ärendenummer|ärendenr|ärendebeteckning|beteckning)\b",
            ),
            labelled: make(r"(?i)\b(?:dnr|d\s?nr|diarienummer|diarienr|ärendenummer|ärendenr)\b"),
            bracketed: make(
                r"\((?:[A-ZÅÄÖ]{1,6}[ /-]?)?(?:(?:19|20)?\d{2}|\d{1,6}|\d(?:\.\d{1,2}){1,3}\.?)[/: -][^()]{1,16}\)",
            ),
            inline: make(
                r"^(?:Beslut(?:\s+i\s+korthet)?|BESLUT|(?:[\p{L}&,-]+\s+){0,5}?[\p{L}-]*(?:nämndens|styrelsens|fullmäktiges|utskottets|direktionens|delegationens|beredningens)\s+beslut):\s+(\S.*)$",
            ),
            decides: make(
                r"(?i)(?:nämnden|styrelsen|fullmäktige|utskottet|delegationen|direktionen|presidiet|beredningen)\s+(?:beslutar|beslutade|beslöt)\b",
            ),
            earlier: make(
                r"(?i)\b(?:beslutade|beslöt|beslutat)\s+(?:(?:vid|på|i)\s+[^.]{2,60}?\s+)?(?:(?:den\s+)?\d{1,4}[\s/-]\s*(?:\d|\p{L})|§|(?:år|våren|hösten)\s)",
            ),
            inverted: make(
                r"(?is)\b(?:beslutar|beslutade|beslöt)\s+((?:[\w&-]+\s+){0,3}?[\w-]*(?:nämnden|styrelsen|fullmäktige|utskottet|delegationen|direktionen|beredningen))\s+(?:\w+\s+)?att\s+(.+)$",
            ),
            proposes: make(
                r"(?is)^(?:[\w&-]+\s+){0,3}?[\w-]*(?:förvaltningen|kontoret|kansliet|direktören|chefen|utskottet|beredningen|presidiet|sekretariatet|avdelningen|enheten)\s+(?:föreslår|föreslog)\s+(?:att\b|(?:[\w-]+\s+){0,3}?(?:nämnden|styrelsen|fullmäktige|direktionen|utskottet)\s+(?:att\s+)?besluta)",
            ),
            moves: make(
                r"(?is)^(.{3,400}?)\s*(?:(?:\b(?:yrkar|yrkade|yrkat|föreslår|föreslog|framställer|framställde|tillstyrker|hemställer)\b)|:\s*(?:bifall|avslag|återremiss|yrkande|att\s))",
            ),
            moved_by: make(
                r"(?is)\b(?:förslag|yrkande|ändringsyrkande|tilläggsyrkande)\s+från\s+(.{3,200}?\))\s+(?:om\s+)?(?:att|på)\b",
            ),
            moves_behind: make(
                r"\b(?:yrkar|yrkade|föreslår|föreslog)\s+((?:(?:[Oo]rdföranden|[Ll]edamoten|[Vv]ice ordföranden)\s+)?\p{Lu}[^().]{3,60}?\(\p{L}{1,5}\)(?:(?:,|\s+och|\s+samt|\s+med\s+instämmande\s+av)\s+\p{Lu}[^().]{3,60}?\(\p{L}{1,5}\))*)",
            ),
            puts: make(
                r"(?i)\bställer?\b.{0,120}?\b(?:proposition\w*|mot\s+vartannat|mot\s+varandra)\b|\bproposition(?:er)?\s+ställs\b|\bfrågar\s+om\b.{0,80}\bkan\s+(?:besluta|bifalla|godkänna)",
            ),
            secret: make(r"(?i)\bsekretess(?:ärende)?(?:n)?\b|\bsekretessbela(?:gd|gt|gda)\b"),
            jav: make(r"(?i)\bjäv(?:ig|iga)?\b"),
            leaves: make(r"(?i)\b(?:anmäl|delta|deltog|avstår|avstod|lämna|tjänstgör|ersätter|jävig)\w*"),
            serves: make(
                r"(?i)\b(?:tjänstgör|tjänstgjorde|ersätter|ersatte|inträder|inträdde)\b(?:\s+(?:för|i\s*stället\s+för))?",
            ),
            reserves: make(
                r"(?i)\b(?:reserverar|reserverade)\s+sig\b|\b(?:anmäler|anmälde|lämnar|lämnade|inkom med|inlämnar|avger|avgav)\s+(?:en\s+)?(?:skriftlig\s+)?reservation\b",
            ),
            states: make(
                r"(?i)\b(?:lämna|avge|anmäl|inkom|inlämna|göra?|gjorde|avgav|fogar?)\w*\s+(?:\w+\s+){0,3}?(?:särskil\w+\s+(?:uttalande|yttrande)\w*|ersättaryttrande\w*|protokollsanteckning\w*|röstförklaring\w*|anteckning till protokollet)",
            ),
            says: make(
                r"(?i)\b(?:lämnar|lämnade|anmäler|anmälde|anför|anförde|antecknar|avger|avgav|inkommer|inkom|önskar|vill|gör|ansluter|instämmer)\b|:\s",
            ),
            at_once: make(
                r"(?i)\b(?:paragrafen|punkten|ärendet|beslutet|denna paragraf|§ \d+)\s+(?:\w+\s+){0,3}?(?:justera(?:s|des|d)\s+omedelbart|omedelbart\s+justera(?:s|d|t))|\bförklara\w*\b[^.\n]{0,40}?omedelbart\s+justera(?:d|t|de)\b|(?:^|[.\n]\s*)omedelbar\s+justering\s*(?:\.|\n|$)",
            ),
            several_at_once: make(
                r"(?i)§§\s*(\d{1,4})(\s*[a-z])?\s*(?:[-–—]|och|,)\s*(\d{1,4})(?:\s*[a-z]\b)?\s+(?:förklara\w*|justera\w*)[^.\n]{0,30}(?:omedelbart|justera)",
            ),
            refers: make(r"(?i)\b(?:enligt|i enlighet med|bifall\w* till)\b.{0,60}?\bförslag"),
            passive: make(
                r"(?i)\b(?:\p{L}+(?:eras|änns|ännes|ägges|älles|erades|äggs|lås|tas|ses|öts|ljas|mnas|sänds|ras|lls|ls|ds)|tas|togs|ges|gavs|anses|ansågs|antas|antogs|får\s+i\s+uppdrag|utsågs|utses|valdes|väljs|lades|bordlades|godkändes|avslogs|noteras|antecknas)\b",
            ),
            told: make(
                r"(?i)\b(?:har|hade|föreslår|föreslog|yrkar|yrkade|anför|anförde|anser|bedömer|informerar|informerade|redogör|redogjorde|redovisar)\b",
            ),
            agenda: agenda::Rules::new(),
            vote: vote::Rules::new(lex),
        }
    }
}

/// An item's place: its number, its title and all that belongs to it.
#[derive(Clone, Debug)]
struct Place {
    number: String,
    number_span: Span,
    title: Option<Span>,
    /// What stands behind the number on its line.
    label: Option<Span>,
    /// From the line of the number to the next item.
    span: Span,
}

/// A heading inside an item and what stands under it.
struct Part<'a> {
    id: Option<&'a str>,
    heading: Span,
    body: Span,
}

/// True for documents whose items are read.
pub(crate) fn has_items(cx: &Context, record: &Record) -> bool {
    match record.kind.as_str() {
        "protokoll" | "protokollsutdrag" | "kallelse" | "minnesanteckningar" => true,
        "okand" => cx.segments.family == Family::Minutes,
        _ => false,
    }
}

/// Fills the field.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    if !has_items(cx, record) {
        return;
    }
    let minutes = matches!(record.kind.as_str(), "protokoll" | "protokollsutdrag");
    let places = paragraphs(cx, record.authority.as_ref().map(|a| a.name.as_str()), minutes);
    if places.is_empty() {
        // The numbered headings of notes are sections, not items.
        if record.kind != "minnesanteckningar" {
            record.items = agenda::read(cx);
            if let Some(told) = numbered(cx, &record.items).filter(|_| minutes) {
                record.items = told;
            }
        }
        return;
    }
    record.items = places.iter().map(|p| item(cx, p)).collect();
    let after = places.first().map_or(0, |p| p.span.start as usize);
    for c in cx.rules.item.several_at_once.captures_iter(cx.doc.body().get(after..).unwrap_or("")) {
        let (Some(all), Some(from), Some(to)) = (c.get(0), c.get(1), c.get(3)) else { continue };
        let (Ok(from), Ok(to)) = (from.as_str().parse::<u32>(), to.as_str().parse::<u32>()) else { continue };
        let span = Span::new(all.start(), all.end()).shift(after);
        for item in record.items.iter_mut().filter(|i| !i.adjusted_immediately) {
            let digits: String = item.number.chars().filter(char::is_ascii_digit).collect();
            if digits.parse::<u32>().is_ok_and(|n| (from..=to).contains(&n)) {
                item.adjusted_immediately = true;
                item.evidence.push(cx.evidence("adjusted_immediately", span, "item.several", 0.9));
            }
        }
    }
}

/// Items of minutes whose numbers have no sign ("3. Föregående protokoll"), with what was said in each; none if most of them
/// are lines of an agenda alone.
fn numbered(cx: &Context, listed: &[Item]) -> Option<Vec<Item>> {
    let end = cx.doc.body_end;
    let span_of = |i: &Item, field: &str| {
        i.evidence.iter().find(|e| e.field == field).map(|e| Span { start: e.start, end: e.end })
    };
    let starts: Vec<(Span, Span)> =
        listed.iter().filter_map(|i| Some((span_of(i, "number")?, span_of(i, "title")?))).collect();
    if starts.len() < listed.len() || starts.is_empty() {
        return None;
    }
    let mut places: Vec<Place> = Vec::with_capacity(starts.len());
    for (n, ((number_span, title), item)) in starts.iter().zip(listed).enumerate() {
        let next = starts.get(n + 1).map_or(end, |s| s.0.start);
        let span = Span { start: number_span.start, end: next.max(title.end) };
        places.push(Place {
            number: item.number.clone(),
            number_span: *number_span,
            title: Some(*title),
            label: None,
            span,
        });
    }
    if let Some(last) = places.last_mut() {
        let from = last.title.map_or(last.number_span.end, |t| t.end);
        if let Some(line) = lines(cx.doc, Span { start: from, end: last.span.end }).find(|l| closes(cx, *l)) {
            last.span.end = line.start;
        }
    }
    let told = |p: &&Place| {
        p.title.is_some_and(|t| !cx.quote(Span { start: t.end, end: p.span.end.max(t.end) }).trim().is_empty())
    };
    (places.iter().filter(told).count() * 2 > places.len()).then(|| places.iter().map(|p| item(cx, p)).collect())
}

/// A line that may begin an item.
struct Candidate {
    place: Place,
    value: u32,
    /// Letters of the board before the sign.
    board: String,
}

/// The lines that begin a §, each with all up to the next; what closes the minutes belongs to none.
fn paragraphs(cx: &Context, own: Option<&str>, minutes: bool) -> Vec<Place> {
    let body = Span::new(0, cx.doc.body_end as usize);
    let mut found: Vec<Candidate> = lines(cx.doc, body).filter_map(|l| candidate(cx, l)).collect();
    if minutes && found.is_empty() {
        found = without_sign(cx, body);
    }
    let mut found = unstacked(cx, found, own);
    // Said again with no other between: the head of the item's next page.
    found.dedup_by(|later, first| later.place.number == first.place.number && later.board == first.board);
    let chosen = in_order(&found);
    let mut places: Vec<Place> = Vec::with_capacity(chosen.len());
    for (n, i) in chosen.iter().enumerate() {
        let Some(c) = found.get(*i) else { continue };
        let next = chosen.get(n + 1).and_then(|j| found.get(*j));
        let mut place = c.place.clone();
        place.span.end = next.map_or(body.end, |c| c.place.span.start);
        places.push(place);
    }
    if let Some(last) = places.last_mut() {
        let from = last.title.map_or(last.number_span.end, |t| t.end.max(last.number_span.end));
        if let Some(line) = lines(cx.doc, Span { start: from, end: last.span.end }).find(|l| closes(cx, *l)) {
            last.span.end = line.start;
        }
    }
    for p in &mut places {
        match p.title {
            None => p.title = title_below(cx, p),
            Some(title) => p.title = Some(title_on(cx, title, p.span.end)),
        }
    }
    places
}

/// Whether the letters before a § are those of a body: `Ks` of Kommunstyrelsen.
fn board_of(letters: &str, name: &str) -> bool {
    let name = fold::name_key(name);
    let short = match name.as_str() {
        n if n.ends_with("fullmaktige") => "kf".to_string(),
        n if n.starts_with("kommunstyrelse") && !n.contains("utskott") => "ks".to_string(),
        n => n.split(['-', ' ']).filter(|w| *w != "och").filter_map(|w| w.chars().next()).collect::<String>() + "n",
    };
    letters == short
}

/// Numbers of several boards one below the other ("KSAU § 203" / "KS § 168" / title) are of one item: the number is that of the
/// document's own body, else the last, which decided.
fn unstacked(cx: &Context, found: Vec<Candidate>, own: Option<&str>) -> Vec<Candidate> {
    let mut out: Vec<Candidate> = Vec::with_capacity(found.len());
    for mut c in found {
        let above = out.last().filter(|a| {
            let between = Span { start: a.place.span.end, end: c.place.span.start.max(a.place.span.end) };
            a.place.title.is_none()
                && a.board != c.board
                && !a.board.is_empty()
                && !c.board.is_empty()
                && lines(cx.doc, between).all(|l| cx.rules.item.label.is_match(cx.quote(l)) || is_number_alone(cx, l))
        });
        let Some(above) = above else {
            out.push(c);
            continue;
        };
        let first = own.is_some_and(|name| board_of(&above.board, name) && !board_of(&c.board, name));
        if first {
            c.place.number.clone_from(&above.place.number);
            c.place.number_span = above.place.number_span;
            c.value = above.value;
            c.board.clone_from(&above.board);
        }
        // A diary number may stand beside either of them.
        let label = above.place.label.filter(|l| !l.is_empty());
        c.place.label = c.place.label.filter(|l| !l.is_empty()).or(label);
        out.pop();
        out.push(c);
    }
    out
}

/// A title behind its number with the lines below that it goes on in.
fn title_on(cx: &Context, title: Span, end: u32) -> Span {
    if cx.quote(title).contains('\t') {
        return title;
    }
    let below = Span { start: title.end, end: end.max(title.end) };
    let mut whole = title;
    for next in lines(cx.doc, below).take(2) {
        if !title_goes_on(cx, whole, next) {
            break;
        }
        whole = whole.join(next);
    }
    whole
}

/// Whether a title was set on two lines: both stand together, apart from all else, and the first is long.
fn two_lines(cx: &Context, first: Span, second: Span) -> bool {
    let (a, b) = (cx.quote(first), cx.quote(second));
    let parted = |at: u32| cx.doc.text.get(at as usize..).is_some_and(|t| t.is_empty() || t.starts_with("\n\n"));
    let together = cx.doc.text.get(first.end as usize..second.start as usize) == Some("\n");
    together
        && parted(second.end)
        && a.len() >= 32
        && b.len() < a.len()
        && !b.ends_with(['.', ':'])
        && !b.contains([':', '\t'])
        && !a.contains('\t')
        && b.starts_with(char::is_uppercase)
        && heading_id(cx, second).is_none()
        && !cx.rules.item.label.is_match(b)
        && !is_number_alone(cx, second)
}

/// Whether a line goes on with an unfinished title.
fn title_goes_on(cx: &Context, so_far: Span, next: Span) -> bool {
    let (a, b) = (cx.quote(so_far), cx.quote(next));
    const OPEN: [&str; 12] =
        [" och", " om", " för", " av", " till", " i", " med", " från", " samt", " vid", " på", " över"];
    heading_id(cx, next).is_none()
        && !a.ends_with(['.', ':', '?'])
        && b.len() <= 160
        && (b.starts_with(char::is_lowercase) && !b.starts_with("att ") && !points::is_marked(b)
            || a.ends_with([',', '-', '–'])
            || OPEN.iter().any(|w| a.ends_with(w)))
}

/// A line that begins with a § that may be an item's: not one of a law, not a list of them.
fn candidate(cx: &Context, line: Span) -> Option<Candidate> {
    let rules = &cx.rules.item;
    let text = cx.quote(line);
    let c = rules.paragraph.captures(text)?;
    let number = c.name("number")?;
    let value: u32 = number.as_str().chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()?;
    let mut rest = c.name("rest").map_or(Span::new(text.len(), text.len()), |m| Span::new(m.start(), m.end()));
    // What stands before the item's own title: paragraphs of the boards that prepared it.
    while let Some(m) = rules.chain.find(text.get(rest.range()).unwrap_or("")) {
        rest.start += m.end() as u32;
    }
    let rest_text = text.get(rest.range()).unwrap_or("");
    // "§ 5 i lagen": a reference, not an item; "§§ 3-14" alone: which there are.
    if rest_text.starts_with(|c: char| c.is_lowercase()) || rest_text.starts_with([',', ')', '.']) {
        return None;
    }
    if c.name("range").is_some() && rest_text.trim().is_empty() {
        return None;
    }
    let at = line.start as usize;
    let end = c.name("range").or(c.name("year")).unwrap_or(number).end();
    let title = title_behind(cx, rest.shift(at));
    let number = format!("§ {}", number.as_str().trim());
    let place = Place { number, number_span: Span::new(at, at + end), title, label: Some(rest.shift(at)), span: line };
    let board = c.name("board").map_or(String::new(), |m| m.as_str().trim().to_lowercase());
    Some(Candidate { place, value, board })
}

/// The first and the last item as the front page says them: `Paragrafer 9-14`, `115--127`.
fn said_range(cx: &Context) -> Option<(u32, u32)> {
    let c = cx.rules.item.said.captures(cx.doc.body())?;
    let number = |i: usize| c.get(i)?.as_str().parse::<u32>().ok();
    let first = number(1)?;
    Some((first, number(2).unwrap_or(first)))
}

/// The lines that begin an item where a copy lost all its signs: numbers that grow by one, of those the front page names or,
/// where it names none, at least two that are no list's.
fn without_sign(cx: &Context, body: Span) -> Vec<Candidate> {
    let rules = &cx.rules.item;
    let said = said_range(cx);
    let mut out: Vec<Candidate> = Vec::new();
    let all: Vec<Span> = lines(cx.doc, body).collect();
    for (i, line) in all.iter().enumerate() {
        let Some(c) = rules.bare.captures(cx.quote(*line)) else { continue };
        let (Some(number), rest) = (c.get(1), c.get(2)) else { continue };
        let Ok(value) = number.as_str().parse::<u32>() else { continue };
        let numbered = all.get(i + 1).is_some_and(|l| rules.label.is_match(cx.quote(*l)));
        let expected = match (out.last(), said) {
            (Some(last), _) => value == last.value + 1,
            (None, Some((first, last))) => (first..=last).contains(&value),
            (None, None) => value > 3,
        };
        if !expected || rest.is_none() && !numbered || said.is_some_and(|(a, b)| !(a..=b).contains(&value)) {
            continue;
        }
        let at = line.start as usize;
        let end = line.end as usize;
        let label = rest.map_or(Span::new(end, end), |m| Span::new(at + m.start(), at + m.end()));
        out.push(Candidate {
            place: Place {
                number: format!("§ {value}"),
                number_span: Span::new(at, at + number.end()),
                title: title_behind(cx, label),
                label: Some(label),
                span: *line,
            },
            value,
            board: String::new(),
        });
    }
    if said.is_none() && out.len() < 2 { Vec::new() } else { out }
}

/// The title behind the number, with the diary number that may stand between them left out.
fn title_behind(cx: &Context, rest: Span) -> Option<Span> {
    let text = cx.quote(rest);
    if text.trim().is_empty() {
        return None;
    }
    // "§ 43   Sekretess" over the title.
    if is_secret_mark(text) {
        return None;
    }
    // "§ 143   2003.102.805 2003.131.805", "§ 112   2 (8)".
    if !dnr::filling(cx, rest.trim(&cx.doc.text), Role::Own).is_empty()
        || page_number(text.trim()).is_some_and(|n| n.1.is_some())
    {
        return None;
    }
    // "§ 57 KS-21/00112": signs and figures are no title.
    let bare = !text.chars().any(char::is_lowercase) && text.trim().len() <= 24 && !text.trim().contains(' ');
    if bare && text.contains(|c: char| c.is_ascii_digit()) && text.contains(['/', '-', ':', '.']) {
        return None;
    }
    let bracket = text.strip_prefix('(').and_then(|t| t.find(')')).map(|i| i + 1);
    let bracket = bracket.filter(|i| is_number_alone(cx, Span::new(rest.start as usize + 1, rest.start as usize + i)));
    let after = if let Some(i) = bracket {
        // "§ 7 (SN 2015/44) Redovisning".
        rest.start + i as u32
    } else if cx.rules.item.label.is_match(text) {
        dnr::in_span(cx, rest, Role::Own).into_iter().next()?.evidence.first()?.end
    } else if let Some(end) = leading_number(cx, rest) {
        end
    } else {
        return Some(rest.trim(&cx.doc.text));
    };
    let title = Span { start: after.max(rest.start), end: rest.end.max(after) };
    let skip =
        cx.quote(title).len() - cx.quote(title).trim_start_matches([' ', ')', '\t', ',', '.', '–', '-', ':']).len();
    let title = Span { start: title.start + skip as u32, end: title.end }.trim(&cx.doc.text);
    let word = cx.quote(title).chars().take_while(|c| c.is_alphabetic()).count() >= 3;
    word.then_some(title)
}

/// Whether a text only says that the item is secret.
fn is_secret_mark(text: &str) -> bool {
    let key = fold::name_key(text.trim_matches(['(', ')', '.', ':']));
    matches!(key.as_str(), "sekretess" | "sekretessarende" | "sekretessbelagd" | "sekretessbelagt")
}

/// The end of a diary number with letters or four digits of a year that begins a text without a label: "§ 12 KS 2023/45 Budget".
fn leading_number(cx: &Context, rest: Span) -> Option<u32> {
    let text = cx.quote(rest);
    let first = text.split_whitespace().next()?;
    let second = text.split_whitespace().nth(1).unwrap_or("");
    let digits = |w: &str| w.contains(|c: char| c.is_ascii_digit()) && w.contains(['/', '-', ':']);
    let series = first.chars().all(|c| c.is_uppercase()) && first.chars().count() <= 8;
    if !(digits(first) || series && digits(second)) {
        return None;
    }
    let found = dnr::in_span(cx, rest, Role::Own).into_iter().next()?;
    let own = found.series.is_some() || found.plan.is_some() || found.raw.len() >= 7;
    let at = found.evidence.first().filter(|e| own && e.start == rest.trim(&cx.doc.text).start)?;
    Some(at.end)
}

/// How many candidates back a number's predecessor is looked for.
const LOOK_BACK: usize = 60;

/// The candidates that are the items: the best row of growing numbers. Steps of one are worth most, so that neither a list
/// of contents before the items nor a paragraph cited between them takes their place.
fn in_order(found: &[Candidate]) -> Vec<usize> {
    let mut own: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for c in found {
        *own.entry(c.board.as_str()).or_default() += 1;
    }
    let board = own.iter().max_by_key(|(_, n)| **n).map_or("", |(b, _)| *b);
    let worth = |c: &Candidate| if c.board == board { 20 } else { 4 };
    let mut best: Vec<(i64, Option<usize>)> = Vec::with_capacity(found.len());
    for (i, c) in found.iter().enumerate() {
        let mut mine = (worth(c), None);
        for j in (i.saturating_sub(LOOK_BACK)..i).rev() {
            let (Some(before), Some((score, _))) = (found.get(j), best.get(j)) else { continue };
            if c.value < before.value || c.value == before.value && c.place.number == before.place.number {
                continue;
            }
            let step = match c.value - before.value {
                0 | 1 => worth(c),
                2..=10 => worth(c) - 8,
                11..=40 => worth(c) - 16,
                _ => -8,
            };
            if score + step > mine.0 {
                mine = (score + step, Some(j));
            }
        }
        best.push(mine);
    }
    // Of equals the later: a list of contents stands before the items.
    let Some(mut at) = (0..best.len()).max_by_key(|i| (best[*i].0, *i)) else { return Vec::new() };
    let mut chosen = vec![at];
    while let Some(Some(before)) = best.get(at).map(|b| b.1) {
        chosen.push(before);
        at = before;
    }
    chosen.reverse();
    chosen
}

/// The title on the lines below the number: the first that is no label and no heading of a part.
fn title_below(cx: &Context, place: &Place) -> Option<Span> {
    let from = place.label.map_or(place.number_span.end, |l| l.end).max(place.number_span.end);
    let below = Span { start: from, end: place.span.end.max(from) };
    let mut rest = lines(cx.doc, below).take(4).skip_while(|l| {
        let text = cx.quote(*l);
        cx.rules.item.label.is_match(text) || is_number_alone(cx, *l)
    });
    let first = rest.next()?;
    // "Val av justerare" is a title here, whatever else it may head; "Beslut" is none.
    let part = heading_id(cx, first)
        .is_some_and(|id| !matches!(id, "adjusters" | "agenda_groups" | "paragraphs" | "present" | "motion_text"));
    if part || cx.quote(first).len() > 400 {
        return None;
    }
    let mut title = first;
    for next in rest {
        if !(title_goes_on(cx, title, next) || title == first && two_lines(cx, title, next)) {
            break;
        }
        title = title.join(next);
    }
    Some(title)
}

/// True for a line that is a diary number and nothing else.
fn is_number_alone(cx: &Context, line: Span) -> bool {
    let text = cx.quote(line);
    text.len() <= 40 && text.contains(|c: char| c.is_ascii_digit()) && {
        // "BN 2018/22, KS 2017/402" are two.
        let found = dnr::in_span(cx, line, Role::Own);
        let said: usize = found.iter().map(|d| d.raw.len() + 2).sum();
        !found.is_empty() && said >= text.len() || !dnr::filling(cx, line, Role::Own).is_empty()
    }
}

/// The id of the heading that stands on this line.
pub(super) fn heading_id<'c>(cx: &'c Context, line: Span) -> Option<&'c str> {
    let i = cx.segments.sections.partition_point(|s| s.heading.start < line.start);
    let section = cx.segments.sections.get(i).filter(|s| s.heading.start == line.start)?;
    section.id.as_deref()
}

/// True for lines that end the last item: the proof of announcement, signatures.
fn closes(cx: &Context, line: Span) -> bool {
    if matches!(heading_id(cx, line), Some("notice_board" | "agreement_signatures" | "secretary_chair" | "sent_to")) {
        return true;
    }
    let key = fold::name_key(cx.quote(line));
    ["vid protokollet", "ratt utdraget intygar", "anslag bevis", "bevis om anslag", "underskrifter"]
        .iter()
        .any(|k| key == *k || key.trim_end_matches(':') == *k)
}

/// Headings inside an item, each with what stands under it; first what stands under none.
fn parts<'c>(cx: &'c Context, place: &Place) -> Vec<Part<'c>> {
    let start = place.title.map_or(place.number_span.end, |t| t.end.max(place.number_span.end));
    let from = cx.segments.sections.partition_point(|s| s.heading.start < start);
    let inside: Vec<_> =
        cx.segments.sections.iter().skip(from).take_while(|s| s.heading.end <= place.span.end).collect();
    let first = inside.first().map_or(place.span.end, |s| s.heading.start);
    let mut out =
        vec![Part { id: None, heading: Span { start, end: start }, body: Span { start, end: first.max(start) } }];
    for (i, s) in inside.iter().enumerate() {
        let end = inside.get(i + 1).map_or(place.span.end, |n| n.heading.start).max(s.heading.end);
        let body = Span { start: s.heading.end, end };
        let said = cx.quote(s.heading);
        if s.id.as_deref() == Some("proposed_decision")
            && cx.rules.item.decides.is_match(said)
            && !said.contains("föresl")
        {
            // "Regionfullmäktige beslutar enligt regionstyrelsens förslag": the words of a proposal, but a decision.
            let alone = cx.quote(body).trim().is_empty();
            let body = if alone { s.heading } else { body };
            out.push(Part { id: Some("decision"), heading: s.heading, body });
            continue;
        }
        out.push(Part { id: s.id.as_deref(), heading: s.heading, body });
    }
    out
}

fn item(cx: &Context, place: &Place) -> Item {
    let rules = &cx.rules.item;
    let parts = parts(cx, place);
    let mut item = empty(place.number.clone());
    item.evidence.push(cx.evidence("number", place.number_span, "item.paragraph", 0.98));
    if let Some(title) = place.title {
        let title = without_leader(cx, without_label(cx, title));
        item.title = Some(joined(cx.quote(title)));
        item.evidence.push(cx.evidence("title", title, "item.title", 0.95));
    }
    item.dnr = numbers(cx, place, parts.first().map_or(place.span, |p| p.body));
    if let Some(first) = parts.first() {
        item.handlaggare = agenda::officers(cx, first.body);
    }
    let headed = parts.iter().any(|p| p.id == Some("decision"));
    for (i, part) in parts.iter().enumerate() {
        if i == 0 {
            if !headed {
                unheaded(cx, part.body, &mut item);
            }
            loose(cx, part.body, headed, &mut item);
            continue;
        }
        match part.id {
            Some("decision") => {
                let said = cx.quote(part.heading);
                // "Regionfullmäktige beslutar enligt regionstyrelsens förslag" decides.
                let decides = rules.decides.is_match(said) && !said.contains("föresl");
                let proposes = decision::proposes(said) && !decides;
                let status = if proposes { Status::Proposed } else { Status::Decided };
                let found = listed(cx, part, status);
                item.decisions.extend(found);
                spoken(cx, part.body, &mut item);
            }
            Some("proposed_decision" | "yrkanden") => {
                let movers = motions::of(cx, part.body, part.id);
                if part.id == Some("proposed_decision") {
                    let place = |d: &Decision| d.evidence.first().map(|e| Span { start: e.start, end: e.end });
                    let taken: Vec<Span> = movers.iter().filter_map(place).collect();
                    let free = |d: &Decision| place(d).is_none_or(|s| !taken.iter().any(|t| t.overlaps(s)));
                    item.decisions.extend(listed(cx, part, Status::Proposed).into_iter().filter(free));
                }
                item.decisions.extend(movers);
                put(cx, part.body, &mut item);
                spoken(cx, part.body, &mut item);
            }
            Some("proposition") => {
                let body = part.body.trim(&cx.doc.text);
                if !body.is_empty() {
                    item.proposition_order = Some(cx.quote(body).to_string());
                    item.evidence.push(cx.evidence("proposition_order", body, "item.proposition", 0.9));
                }
                spoken(cx, part.body, &mut item);
            }
            Some("vote") => {
                item.votes.extend(rules.vote.read(cx, part.body, &mut item.evidence));
                spoken(cx, part.body, &mut item);
            }
            Some("reservation") => reservations(cx, part.body, &mut item),
            Some("statement") => statements(cx, part, &mut item),
            Some("disqualification") => recused(cx, part.body, &mut item),
            Some("immediate_adjustment") => {
                item.adjusted_immediately = true;
                item.evidence.push(cx.evidence("adjusted_immediately", part.heading, "item.heading", 0.95));
            }
            Some("attachments" | "sent_to" | "background") => {}
            _ => loose(cx, part.body, headed, &mut item),
        }
    }
    if item.votes.is_empty() {
        let read = rules.vote.read(cx, place.span, &mut item.evidence);
        item.votes = read;
    }
    for vote in item.votes.iter_mut().filter(|v| v.question.is_none()) {
        vote.question = rules.vote.question(cx, place.span);
    }
    if item.dnr.is_empty()
        && let Some(part) = parts.iter().find(|p| p.id == Some("attachments"))
    {
        // "Handlingar i ärendet: Dnr ALD 2024/41. Förvaltningens tjänsteutlåtande".
        let labelled = lines(cx.doc, part.body).find(|l| cx.rules.item.label.is_match(cx.quote(*l)));
        item.dnr = labelled.map_or_else(Vec::new, |l| dnr::in_span(cx, l, Role::Own).into_iter().take(1).collect());
    }
    by_reference(cx, &mut item);
    adjusted(cx, place, &mut item);
    if let Some(m) = rules.secret.find(cx.quote(place.span)) {
        let text = cx.quote(place.span);
        let titled = place.title.is_some_and(|t| rules.secret.is_match(cx.quote(t)))
            || place.label.is_some_and(|l| is_secret_mark(cx.quote(l)));
        let told = m.as_str().to_lowercase().starts_with("sekretessbel");
        if titled || told || text.contains("redovisas inte") || text.contains("redovisas ej") {
            let at = place.span.start as usize;
            item.confidential = true;
            item.evidence.push(cx.evidence(
                "confidential",
                Span::new(at + m.start(), at + m.end()),
                "item.secret",
                0.9,
            ));
        }
    }
    item
}

/// Whether the item was adjusted at once: a decision says so, or a sentence of its own.
fn adjusted(cx: &Context, place: &Place, item: &mut Item) {
    if item.adjusted_immediately {
        return;
    }
    let decided = item
        .decisions
        .iter()
        .find(|d| d.status == Status::Decided && d.actions.iter().any(|a| a == "immediate_adjustment"));
    let span = decided.and_then(|d| d.evidence.first()).map(|e| (Span { start: e.start, end: e.end }, "item.decision"));
    let span = span.or_else(|| {
        let m = cx.rules.item.at_once.find(cx.quote(place.span))?;
        Some((Span::new(m.start(), m.end()).shift(place.span.start as usize), "item.sentence"))
    });
    if let Some((span, rule)) = span {
        item.adjusted_immediately = true;
        item.evidence.push(cx.evidence("adjusted_immediately", span, rule, 0.9));
    }
}

/// "Nämnden beslutar enligt förvaltningens förslag" does what the item's proposal does.
fn by_reference(cx: &Context, item: &mut Item) {
    let proposed: Vec<(String, Option<String>, Vec<Evidence>)> = item
        .decisions
        .iter()
        .filter(|d| d.status == Status::Proposed)
        .flat_map(|d| {
            let proof = |a: &String| {
                let proofs = d.evidence.iter().filter(|e| e.field == "actions" || e.field == "assignee");
                (a.clone(), d.assignee.clone(), proofs.cloned().collect())
            };
            d.actions.iter().map(proof).collect::<Vec<_>>()
        })
        .collect();
    for d in &mut item.decisions {
        if d.status != Status::Decided || !d.actions.is_empty() || !cx.rules.item.refers.is_match(&d.text) {
            continue;
        }
        for (action, assignee, proofs) in &proposed {
            if !d.actions.contains(action) {
                d.actions.push(action.clone());
                d.assignee = d.assignee.take().or_else(|| assignee.clone());
                d.evidence.extend(proofs.iter().filter(|e| !d.evidence.contains(e)).cloned().collect::<Vec<_>>());
            }
        }
    }
}

pub(super) fn empty(number: String) -> Item {
    Item {
        number,
        title: None,
        dnr: Vec::new(),
        handlaggare: Vec::new(),
        decisions: Vec::new(),
        votes: Vec::new(),
        proposition_order: None,
        reservations: Vec::new(),
        statements: Vec::new(),
        jav: Vec::new(),
        adjusted_immediately: false,
        confidential: false,
        evidence: Vec::new(),
    }
}

/// A title without the diary number that stands behind it in brackets or after a comma.
fn without_label(cx: &Context, title: Span) -> Span {
    let text = cx.quote(title);
    // "UTREDNING   SEKRETESS": what stands beside a title is none of it.
    if let Some((first, beside)) = text.split_once('\t')
        && beside.trim().trim_matches(['(', ')']).to_lowercase().starts_with("sekretess")
    {
        return Span { start: title.start, end: title.start + first.len() as u32 }.trim(&cx.doc.text);
    }
    // "Redovisning   SN 2021/0004": a number in a column beside the title.
    if let Some((first, beside)) = text.rsplit_once('\t') {
        let start = title.end as usize - beside.len();
        if first.trim().len() > 3 && is_number_alone(cx, Span::new(start, title.end as usize).trim(&cx.doc.text)) {
            return without_label(cx, Span { start: title.start, end: title.start + first.trim_end().len() as u32 });
        }
    }
    let lower = text.to_lowercase();
    // Lower case can change the length of a text; only equal ones share offsets.
    let cut = if lower.len() == text.len() {
        ["(dnr", ", dnr ", " dnr ", "\tdnr "].iter().filter_map(|l| lower.find(l)).filter(|i| *i > 8).min()
    } else {
        None
    };
    // "Stöd till Teater Blanca (KTN-2015-0087)".
    let bracket = text.rfind('(').filter(|i| *i > 8 && text.ends_with(')'));
    let bracket = bracket.filter(|i| {
        let inner = Span::new(title.start as usize + i + 1, title.end as usize - 1);
        is_number_alone(cx, inner)
    });
    let end = cut
        .or(bracket)
        .or_else(|| trailing_number(cx, title).map(|n| (n.start - title.start) as usize))
        .filter(|c| text.is_char_boundary(*c))
        .map_or(text.len(), |c| text[..c].trim_end_matches([' ', '\t', ',', '–', '-']).len());
    Span::new(title.start as usize, title.start as usize + end)
}

/// A diary number with letters that ends a title without a label: "Fördelning av kulturstöd KN-2022-1204".
fn trailing_number(cx: &Context, title: Span) -> Option<Span> {
    let text = cx.quote(title);
    let mut words = text.char_indices().rev().filter(|(_, c)| *c == ' ').map(|(i, _)| i + 1);
    let (last, before) = (words.next()?, words.next());
    let number = |from: usize| {
        let word = text.get(from..)?;
        let letters = word.chars().take_while(|c| c.is_uppercase()).count();
        let span = Span { start: title.start + from as u32, end: title.end };
        let formed = (2..=8).contains(&letters) && word.contains(['/', '-', ':']) && !word.contains(['(', ')', '–']);
        (formed && from > 8 && is_number_alone(cx, span)).then_some(span)
    };
    number(last).or_else(|| before.and_then(number))
}

/// The diary numbers of an item: those with a label or alone on a line or in brackets; the first is the item's own.
fn numbers(cx: &Context, place: &Place, head: Span) -> Vec<Dnr> {
    let mut found: Vec<Dnr> = Vec::new();
    let mut spans: Vec<Span> = Vec::new();
    spans
        .extend(place.label.filter(|l| cx.rules.item.label.is_match(cx.quote(*l)) || leading_number(cx, *l).is_some()));
    spans.extend(place.label.map(|l| l.trim(&cx.doc.text)).filter(|l| !dnr::filling(cx, *l, Role::Own).is_empty()));
    // "§ 7 (SN 2015/44) Redovisning".
    let bracket = place.label.and_then(|l| cx.rules.item.bracketed.find(cx.quote(l)).map(|m| (l, m)));
    spans.extend(bracket.map(|(l, m)| Span::new(m.start(), m.end()).shift(l.start as usize)));
    let title = place.title.unwrap_or(Span { start: place.number_span.end, end: place.number_span.end });
    let above = Span { start: place.label.map_or(place.number_span.end, |l| l.end), end: title.start };
    let labelled = |l: &Span| cx.rules.item.label.is_match(cx.quote(*l)) || is_number_alone(cx, *l);
    if above.start < above.end {
        spans.extend(lines(cx.doc, above).filter(labelled));
    }
    spans.extend(lines(cx.doc, head).filter(labelled));
    spans.extend(
        cx.rules
            .item
            .bracketed
            .find_iter(cx.quote(title))
            .map(|m| Span::new(m.start(), m.end()).shift(title.start as usize)),
    );
    spans.extend(crate::parse::head::cells(cx.doc, title).into_iter().filter(|c| is_number_alone(cx, *c)));
    spans.extend(labelled_inside(cx, title));
    spans.extend(trailing_number(cx, title));
    for span in spans {
        let mut read = dnr::in_span(cx, span, Role::Own);
        if read.is_empty() {
            read = dnr::filling(cx, span, Role::Own);
        }
        for mut d in read {
            let other_series = found.first().is_some_and(|first| first.series != d.series);
            d.role = if other_series { Role::Cited } else { Role::Own };
            if !found.iter().any(|f| f.canonical == d.canonical) {
                found.push(d);
            }
        }
    }
    found
}

/// A title from the label of a diary number on: "Svar på remiss, dnr KS 2023/4".
fn labelled_inside(cx: &Context, title: Span) -> Option<Span> {
    let m = cx.rules.item.labelled.find(cx.quote(title))?;
    Some(Span { start: title.start + m.start() as u32, end: title.end })
}

/// Points under a heading of decisions or proposals; a heading such as "Kommunfullmäktiges beslut" says who decides.
fn listed(cx: &Context, part: &Part, status: Status) -> Vec<Decision> {
    let who = decision::decider(cx, part.heading);
    points::points(cx, part.body)
        .into_iter()
        .filter(|p| !points::only_adjusts(cx, p))
        .map(|p| {
            let moved = decision::moved_or_proposed(cx.quote(p.span));
            let moved = moved.filter(|_| status == Status::Decided);
            // "Efter proposition beslutar nämnden att …" below the words of a proposal decides.
            let decided = (p.decides && status == Status::Proposed).then_some(Status::Decided);
            let mut d = decision::decision(cx, &p, moved.or(decided).unwrap_or(status), part.id);
            decision::set_decider(cx, &mut d, who);
            d
        })
        .collect()
}

/// What is proposed under a heading of an agenda.
fn proposed_under(cx: &Context, heading: Span, body: Span) -> Vec<Decision> {
    listed(cx, &Part { id: Some("proposed_decision"), heading, body }, Status::Proposed)
}

/// A title without the dots that lead to a page, and the page.
fn without_leader(cx: &Context, title: Span) -> Span {
    let text = cx.quote(title);
    let end = ["....", "……", ". . . .", "____"].iter().filter_map(|dots| text.find(dots)).min();
    let Some(end) = end.filter(|end| *end > 0) else { return without_remark(cx, title) };
    let tail = text.get(end..).unwrap_or("");
    if tail.chars().any(char::is_alphabetic) {
        return title;
    }
    Span::new(title.start as usize, title.start as usize + text.get(..end).unwrap_or(text).trim_end().len())
}

/// A title without the sentence in brackets behind it: "(Paragrafen publiceras inte på webben.)".
fn without_remark(cx: &Context, title: Span) -> Span {
    let text = cx.quote(title);
    let at = text.rfind('(').filter(|at| *at > 8 && text.ends_with(".)") && text.len() - at > 12);
    at.map_or(title, |at| Span::new(title.start as usize, title.start as usize + at).trim(&cx.doc.text))
}

/// Decisions right under the title, where their heading is missing: lists after a frame, and short sentences in which
/// something is decided ("Anmälan läggs till handlingarna.").
fn unheaded(cx: &Context, body: Span, item: &mut Item) {
    let rules = &cx.rules.item;
    for point in points::unheaded(cx, body) {
        if points::only_adjusts(cx, &point) {
            continue;
        }
        let text = cx.quote(point.span);
        if rules.inline.is_match(text) {
            // "Beslut: …" is read by its label.
            continue;
        }
        let framed = point.framed;
        let status = decision::moved_or_proposed(text);
        let filed = text.contains("till handlingarna") || text.contains("tagit del av");
        if status.is_some() || !framed && !filed && rules.told.is_match(text) {
            continue;
        }
        let d = decision::decision(cx, &point, Status::Decided, None);
        let says = d.text.contains("beslutar") || d.text.contains("beslutade");
        let passive = !d.actions.is_empty() && text.len() <= 300 && rules.passive.is_match(text);
        if framed
            || d.actor.is_some() && !d.actions.is_empty() && !says
            || d.number.is_some() && !d.actions.is_empty()
            || passive
        {
            item.decisions.push(d);
        }
    }
}

/// Text under no heading of its own: decisions in sentences, motions, reservations, jäv.
fn loose(cx: &Context, body: Span, headed: bool, item: &mut Item) {
    let rules = &cx.rules.item;
    for line in lines(cx.doc, body) {
        let text = cx.quote(line);
        if let Some(m) = rules.inline.captures(text).and_then(|c| c.get(1)) {
            let span = Span::new(m.start(), m.end()).shift(line.start as usize);
            let found: Vec<Decision> = points::points(cx, span)
                .iter()
                .map(|p| decision::decision(cx, p, Status::Decided, Some("decision")))
                .collect();
            item.decisions.extend(found);
        }
    }
    if !headed {
        in_prose(cx, body, item);
        for sentence in cx.sentences(body).iter().copied() {
            let text = cx.quote(sentence);
            let decides = rules.decides.find(text).is_some_and(|m| m.start() < 90);
            if decides && !text.contains("finner") && !rules.inline.is_match(text) && !rules.earlier.is_match(text) {
                let covered = item
                    .decisions
                    .iter()
                    .flat_map(|d| d.evidence.first())
                    .any(|e| sentence.overlaps(Span { start: e.start, end: e.end }));
                let point = points::Point {
                    span: sentence,
                    number: None,
                    frame: None,
                    proposer: None,
                    framed: false,
                    decides: false,
                };
                let d = decision::decision(cx, &point, Status::Decided, None);
                let plain = text.contains("beslutar att ") && status_free(text);
                if (!d.actions.is_empty() || plain || rules.refers.is_match(text)) && !covered && text.len() <= 600 {
                    item.decisions.push(d);
                }
            }
        }
    }
    let motions = motions::of(cx, body, None);
    item.decisions.extend(motions);
    put(cx, body, item);
    spoken(cx, body, item);
}

/// Sentences that decide with the body behind the verb, and proposals of officers where no list says them.
fn in_prose(cx: &Context, body: Span, item: &mut Item) {
    let rules = &cx.rules.item;
    for sentence in cx.sentences(body).iter().copied() {
        let text = cx.quote(sentence);
        let at = sentence.start as usize;
        let new = |item: &Item, span: Span| {
            let places = item.decisions.iter().flat_map(|d| d.evidence.first());
            !places.into_iter().any(|e| span.overlaps(Span { start: e.start, end: e.end }))
        };
        if let Some((who, what)) = rules.inverted.captures(text).and_then(|c| Some((c.get(1)?, c.get(2)?)))
            && text.len() <= 900
            && !text.get(..who.start()).unwrap_or("").contains("om ")
        {
            let (who, what) =
                (Span::new(who.start(), who.end()).shift(at), Span::new(what.start(), what.end()).shift(at));
            if new(item, what) {
                let point = points::Point {
                    span: what,
                    number: None,
                    frame: Some(who),
                    proposer: None,
                    framed: true,
                    decides: false,
                };
                let mut d = decision::decision(cx, &point, Status::Decided, None);
                if d.actor.is_none() || cx.quote(what).to_lowercase().starts_with("föreslå") {
                    d.actor = Some(cx.quote(who).to_string());
                }
                item.decisions.push(d);
            }
            continue;
        }
        let proposed = item.decisions.iter().any(|d| d.status == Status::Proposed);
        if !proposed && rules.proposes.is_match(text) && text.len() <= 600 && new(item, sentence) {
            let point = points::Point {
                span: sentence,
                number: None,
                frame: None,
                proposer: None,
                framed: false,
                decides: false,
            };
            let d = decision::decision(cx, &point, Status::Proposed, None);
            if !d.actions.is_empty() {
                item.decisions.push(d);
            }
        }
    }
}

/// How the chair put the question, where it stands under no heading of its own.
fn put(cx: &Context, body: Span, item: &mut Item) {
    if item.proposition_order.is_some() || !cx.rules.item.puts.is_match(cx.quote(body)) {
        return;
    }
    let sentences = cx.sentences(body);
    if let Some(found) = sentences.iter().copied().find(|s| cx.rules.item.puts.is_match(cx.quote(*s))) {
        item.proposition_order = Some(joined(cx.quote(found)));
        item.evidence.push(cx.evidence("proposition_order", found, "item.proposition_sentence", 0.8));
    }
}

/// Whether a sentence that decides is no proposal of somebody: "Eva Ek (S) föreslår att nämnden beslutar att …".
fn status_free(text: &str) -> bool {
    decision::moved_or_proposed(text).is_none() && !text.contains("yrka")
}

/// What is said in sentences wherever they stand: reservations, statements, jäv.
fn spoken(cx: &Context, body: Span, item: &mut Item) {
    let rules = &cx.rules.item;
    for sentence in cx.sentences(body).iter().copied() {
        let text = cx.quote(sentence);
        if rules.reserves.is_match(text) {
            reservations(cx, sentence, item);
        } else if let Some(m) = rules.states.find(text) {
            let kind = statement_kind(m.as_str());
            statement(cx, sentence, kind, item);
        }
        if rules.jav.is_match(text) && rules.leaves.is_match(text) {
            recused(cx, sentence, item);
        }
    }
}

/// Reservations under a heading or in a sentence: a new one begins with each line that says that somebody reserves.
fn reservations(cx: &Context, body: Span, item: &mut Item) {
    for span in from_sentences(cx, body, &cx.rules.item.reserves) {
        let text = cx.quote(span);
        let m = cx.rules.item.reserves.find(text);
        let before = text.get(..m.map_or(text.len(), |m| m.start())).unwrap_or(text);
        let mut by = cx.rules.item.members.of(before);
        if by.is_empty() && m.is_some() && before.len() <= 400 {
            // "(M) och (SD) reserverar sig till förmån för Eva Eks (M) yrkande."
            by = cx.rules.item.members.parties(before.rsplit(". ").next().unwrap_or(before));
        }
        if by.is_empty() {
            // "Mot beslutet reserverar sig Eva Ek (M)."
            let rest = text.get(m.map_or(0, |m| m.end())..).unwrap_or("");
            let end = rest.find(". ").or(rest.find('\n')).unwrap_or(rest.len());
            by = cx.rules.item.members.of(rest.get(..end).unwrap_or(rest));
        }
        if by.is_empty() && before.trim().len() <= 40 {
            // "Mot beslutet reserverar sig Eva Ek till förmån för eget yrkande."
            let rest = text.get(m.map_or(text.len(), |m| m.end())..).unwrap_or("");
            let end = [" till ", " mot ", " för ", " med ", ". ", "\n"].iter().filter_map(|w| rest.find(w)).min();
            let names = names_in(cx, rest.get(..end.unwrap_or(rest.len())).unwrap_or("").trim_end_matches('.'));
            by = names.into_iter().map(|name| Member { name, political_party: None }).collect();
        }
        if by.is_empty() && before.len() <= 400 {
            // Members of a board without parties: "Vice riksbankscheferna Eva Ek och Bo Al reserverade sig".
            let last = before.rsplit(". ").next().unwrap_or(before);
            by = names_in(cx, last).into_iter().map(|name| Member { name, political_party: None }).collect();
            if by.is_empty() {
                by = whole_parties(cx, last, text.get(m.map_or(0, |m| m.end())..).unwrap_or(""));
            }
        }
        if item.reservations.iter().any(|r| r.by == by && !by.is_empty()) {
            continue;
        }
        item.evidence.push(cx.evidence("reservations", span, "item.reservation", 0.9));
        // A line drawn below the item is none of its words.
        let text = text.trim_end_matches(['_', '-', '–', ' ', '\n']);
        item.reservations.push(Reservation { by, text: Some(text.to_string()) });
    }
}

/// The parties that a sentence names for all their members, before or right behind its verb.
fn whole_parties(cx: &Context, before: &str, behind: &str) -> Vec<Member> {
    let members = &cx.rules.item.members;
    let found = members.parties(before);
    if !found.is_empty() || before.len() > 60 {
        return found;
    }
    // "Mot beslutet reserverar sig Moderaterna och (SD)."
    let end = behind.find([',', '.', '\n']).unwrap_or(behind.len());
    let behind = behind.get(..end).unwrap_or("");
    let until =
        [" mot ", " till ", " för ", " med "].iter().filter_map(|w| behind.find(w)).min().unwrap_or(behind.len());
    members.parties(behind.get(..until).unwrap_or(""))
}

/// A span cut before each line that a pattern is found in; one piece if it is found in none.
fn blocks_with(cx: &Context, body: Span, pattern: &Regex) -> Vec<Span> {
    let body = body.trim(&cx.doc.text);
    if body.is_empty() {
        return Vec::new();
    }
    let starts: Vec<u32> = lines(cx.doc, body).filter(|l| pattern.is_match(cx.quote(*l))).map(|l| l.start).collect();
    let firsts: Vec<u32> = std::iter::once(body.start).chain(starts.into_iter().skip(1)).collect();
    let ends = firsts.iter().skip(1).copied().chain([body.end]);
    firsts
        .iter()
        .zip(ends)
        .map(|(a, b)| Span { start: *a, end: b }.trim(&cx.doc.text))
        .filter(|s| !s.is_empty())
        .collect()
}

/// A span cut before each sentence that a pattern is found in; one piece if it is found in none.
fn from_sentences(cx: &Context, body: Span, pattern: &Regex) -> Vec<Span> {
    let body = body.trim(&cx.doc.text);
    if body.is_empty() {
        return Vec::new();
    }
    let sentences = cx.sentences(body);
    let starts = sentences.iter().filter(|s| pattern.is_match(cx.quote(**s))).map(|s| s.start);
    let firsts: Vec<u32> = std::iter::once(body.start).chain(starts.skip(1)).collect();
    let ends = firsts.iter().skip(1).copied().chain([body.end]);
    let pieces = firsts.iter().zip(ends).map(|(a, b)| Span { start: *a, end: b }.trim(&cx.doc.text));
    pieces.filter(|s| !s.is_empty()).collect()
}

/// Which kind of statement a heading or sentence names, in the singular.
fn statement_kind(text: &str) -> &'static str {
    let lower = text.to_lowercase();
    if lower.contains("ersättaryttrande") {
        "ersättaryttrande"
    } else if lower.contains("särskilt yttrande") || lower.contains("särskilda yttranden") {
        "särskilt yttrande"
    } else if lower.contains("röstförklaring") {
        "röstförklaring"
    } else if lower.contains("anteckning") || lower.contains("till protokollet") {
        "protokollsanteckning"
    } else {
        "särskilt uttalande"
    }
}

/// Statements under their heading: one for each line in which somebody makes one.
fn statements(cx: &Context, part: &Part, item: &mut Item) {
    let kind = statement_kind(cx.quote(part.heading));
    for span in blocks_with(cx, part.body, &cx.rules.item.says) {
        statement(cx, span, kind, item);
    }
}

fn statement(cx: &Context, span: Span, kind: &str, item: &mut Item) {
    let text = cx.quote(span);
    let until = cx.rules.item.says.find(text).map_or(text.len(), |m| m.start());
    let mut by = cx.rules.item.members.of(text.get(..until).unwrap_or(text));
    if by.is_empty() {
        by = cx.rules.item.members.of(text.lines().next().unwrap_or(text));
    }
    if by.is_empty() && until <= 200 && until < text.len() {
        by = whole_parties(cx, text.get(..until).unwrap_or(""), "");
    }
    let same = item.statements.iter().any(|s| s.kind == kind && s.by == by && !by.is_empty());
    if same || span.is_empty() {
        return;
    }
    item.evidence.push(cx.evidence("statements", span, "item.statement", 0.9));
    item.statements.push(Statement { kind: kind.to_string(), by, text: Some(text.to_string()) });
}

fn recused(cx: &Context, body: Span, item: &mut Item) {
    let span = body.trim(&cx.doc.text);
    let mut found: Vec<Member> = Vec::new();
    for sentence in cx.rules.decision.sentences.of(cx.quote(span), span.start as usize) {
        let text = cx.quote(sentence);
        let Some(m) = cx.rules.item.serves.find(text) else {
            found.extend(cx.rules.item.members.of(text));
            continue;
        };
        // Who serves instead is not the one who leaves: "Li Sten (S) tjänstgör för Per Ask (L) på grund av jäv".
        let instead = m.as_str().ends_with("för") || m.as_str().to_lowercase().starts_with("ers");
        if instead {
            found.extend(cx.rules.item.members.of(text.get(m.end()..).unwrap_or("")));
        }
    }
    if found.is_empty() {
        // Without a party: "Eva Ek anmäler att hon på grund av jäv …".
        let text = cx.quote(span);
        let until = cx.rules.item.leaves.find(text).map_or(0, |m| m.start()).min(80);
        let before = text.get(..until).unwrap_or("");
        found = names_in(cx, before).into_iter().map(|name| Member { name, political_party: None }).collect();
    }
    if found.is_empty() {
        return;
    }
    for m in found {
        if !item.jav.contains(&m) {
            item.jav.push(m);
        }
    }
    item.evidence.push(cx.evidence("jav", span, "item.jav", 0.9));
}

#[cfg(test)]
mod tests;
