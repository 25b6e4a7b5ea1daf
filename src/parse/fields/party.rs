//! Reads the parties of agreements and cases: who they are, their organisation numbers, former and other names.
//!
//! A party is named beside an organisation number, in the title or its second line ("IOP mellan A och B"), under the
//! heading Parter, or in the sentence that says who works together. The board of the document is the public side.
//! Political parties are none. In minutes it is the decisions of the items that name parties.

pub(crate) mod decided;
mod listed;
pub(crate) mod names;
pub(crate) mod title;

use std::collections::BTreeSet;

use crate::parse::pattern::Regex;

use super::org_nr::OrgNr;
use crate::base::{Span, fold};
use crate::lexicon::Lexicon;
use crate::parse::context::Context;
use crate::parse::record::{Party, PartyRole, Record, Warning};
use crate::parse::text::place_of;
use names::Names;

/// Patterns compiled once from the vocabulary.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) names: Names,
    pub(crate) title: title::Rules,
    pub(crate) decided: decided::Rules,
    former: Regex,
    alias: Regex,
    together: Regex,
    with: Regex,
    /// Before the parties of an agreement.
    between: Regex,
    /// Behind them.
    between_ends: Regex,
}

impl Rules {
    /// Compiles them.
    pub fn new(lex: &Lexicon) -> Self {
        let former: Vec<String> = lex.agreements.former_words.iter().map(|w| regex::escape(w)).collect();
        let former = former.join("|");
        let make = |p: &str| Regex::new(p).expect("tested pattern");
        Rules {
            names: Names::new(lex),
            title: title::Rules::new(),
            decided: decided::Rules::new(lex),
            former: make(&format!(
                r"^\s*(?:\((?:{former})\s+([^()]{{2,120}})\)|(?:\([^()]{{2,80}}\))?,\s*(?:{former})\s+([^,.()]{{2,80}}))"
            )),
            alias: make(
                r"^[^;\n]{0,90}?\b(?:nedan|fortsättningsvis|härefter|i\s+det\s+följande)\s+(?:kallad|kallat|kallade|benämnd|benämnt)?\s*[”“\x22]?([\wÅÄÖåäö-]+(?:\s[\wÅÄÖåäö-]+)?)[”“\x22]?",
            ),
            with: make(
                r"(?i)\b(?:IOP|partnerskap(?:et)?|överenskommelsen?|\(IOP\))\s+med\s+|\bnämnd\s+och\s+|\bbidrag\s+till\s+|\(IOP\)\s+[-–]\s+",
            ),
            between: make(r"(?:^|\s)[Mm]ellan(?:\s+följande\s+parter)?\s*:?\s+|(?:^|\s)MELLAN\s+"),
            between_ends: make(
                r"(?i)\.\s|\.$|\n\n|\bhar\s+(?:\p{L}+\s+){0,4}?(?:träffats|ingåtts|slutits|tecknats|upprättats|denna|följande|detta)\b|\bträffas\b|\bingås\b|\bsluts\b|\b(?:avseende|gällande|angående|rörande|om|för\s+(?:perioden|åren))\s",
            ),
            together: make(r"\bhar\s+(?:\w+\s+){0,2}?(?:samverkat|samarbetat|haft|drivit|bedrivit)\b"),
        }
    }
}

/// So many partners in a report are a list of the board's agreements.
const LISTED: usize = 3;

/// More parties than this no document has; a bound for what is compared with what.
const MOST: usize = 300;

/// A party in the making.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub name: String,
    pub span: Option<Span>,
    pub rule: &'static str,
    pub org: Option<OrgNr>,
    pub former: Vec<(String, Span)>,
    pub aliases: Vec<(String, Span)>,
}

impl Draft {
    fn new(name: String, span: Option<Span>, rule: &'static str) -> Self {
        Draft { name, span, rule, org: None, former: Vec::new(), aliases: Vec::new() }
    }
}

/// The parties of a document by name, in order of the first mention.
#[derive(Debug, Default)]
pub(crate) struct Drafts(pub Vec<Draft>);

impl Drafts {
    fn add(&mut self, name: String, span: Option<Span>, rule: &'static str) -> &mut Draft {
        let key = fold::name_key(&name);
        match self.0.iter().position(|d| fold::name_key(&d.name) == key) {
            Some(i) => &mut self.0[i],
            None => {
                self.0.push(Draft::new(name, span, rule));
                let last = self.0.len() - 1;
                &mut self.0[last]
            }
        }
    }
}

/// Fills the field.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    if !record.items.is_empty() {
        // Minutes speak of many cases, each with parties of its own.
        decided::read(cx, record);
        return;
    }
    let rules = &cx.rules.party;
    let mut drafts = Drafts::default();
    let own = own_board(cx, record);
    let own_agreement = super::agreement::is_agreement(cx, record);
    for (name, span, org) in if own_agreement { listed::parties(cx) } else { Vec::new() } {
        let draft = drafts.add(name, Some(span), "agreement.listed");
        draft.org = draft.org.take().or(org);
    }
    let left = numbered(cx, &own, &mut drafts, record);
    // Who lists both sides names nobody else in the title.
    let listed = own_agreement && complete_sides(rules, &drafts);
    let named = if listed { title::Named::default() } else { title::named(cx, record) };
    let agreement = super::agreement::speaks_of_agreement(cx, record);
    if agreement || !drafts.0.is_empty() || named.case {
        for (name, span) in named.parties {
            if agreement || named.case || rules.names.role(&name) != PartyRole::Public {
                drafts.add(name, span, "title.party");
            }
        }
    }
    if agreement {
        for (name, span) in together(cx) {
            let known = drafts.0.iter().any(|d| rules.names.role(&d.name) == rules.names.role(&name));
            if !known {
                drafts.add(name, Some(span), "text.together");
            }
        }
    }
    if own_agreement && !complete_sides(rules, &drafts) {
        for (name, span) in parties_of_agreement(cx) {
            let key = fold::name_key(&name);
            let same = |d: &Draft| {
                let other = fold::name_key(&d.name);
                other.contains(&key) || key.contains(&other)
            };
            if !drafts.0.iter().any(same) {
                drafts.add(name, Some(span), "text.parties");
            }
        }
    }
    let sides = drafts.0.iter().any(|d| rules.names.role(&d.name) != PartyRole::Public);
    let decided_alone = record.kind == "delegationsbeslut";
    if sides
        && (agreement || own_agreement)
        && !decided_alone
        && let Some((name, span)) = &own
    {
        let known = drafts.0.iter().any(|d| rules.names.role(&d.name) == PartyRole::Public);
        if !known && (own_agreement || is_side(name, drafts.0.len())) {
            drafts.add(name.clone(), *span, "document.board");
        }
    }
    if decided_alone {
        drafts.0.retain(|d| rules.names.role(&d.name) != PartyRole::Public);
    }
    if drafts.0.iter().all(|d| rules.names.role(&d.name) == PartyRole::Public) && GIVES.contains(&record.kind.as_str())
    {
        for (name, span, rule) in decided::of_proposal(cx, record) {
            drafts.add(name, Some(span), rule);
        }
    }
    give_numbers(rules, &mut drafts, left);
    for draft in &mut drafts.0 {
        other_names(cx, draft);
    }
    if agreement {
        variants(cx, &mut drafts);
    }
    for draft in drafts.0 {
        record.parties.push(party(cx, draft));
    }
}

/// Kinds whose proposal or decision names who is given something.
const GIVES: [&str; 4] = ["tjansteutlatande", "tjansteskrivelse", "delegationsbeslut", "protokollsutdrag"];

/// Whether the board of a report is a side of what it tells of so many partners: "Socialnämnden" is who decides on one
/// agreement, and the other side of many; a board by its own name ("Ekby stadsdelsnämnd") is a side like any other.
fn is_side(board: &str, partners: usize) -> bool {
    partners >= LISTED || board.ends_with("nämnd")
}

/// Gives numbers that stand beside no name (`Föreningen, organisationsnummer …`) to the only party of their kind that has none:
/// those of public bodies begin with 2.
fn give_numbers(rules: &Rules, drafts: &mut Drafts, left: Vec<OrgNr>) {
    for org in left {
        let public = org.raw.starts_with('2');
        let mut fitting = drafts
            .0
            .iter_mut()
            .filter(|d| d.org.is_none() && (rules.names.role(&d.name) == PartyRole::Public) == public);
        if let (Some(draft), None) = (fitting.next(), fitting.next()) {
            draft.org = Some(org);
        }
    }
}

/// Adds those whom agreements name and who are no party yet: partners of a table, other boards.
pub(crate) fn complete(cx: &Context, record: &mut Record) {
    let mut known: BTreeSet<String> = record.parties.iter().map(|p| fold::name_key(&p.name)).collect();
    let named: Vec<String> = record.agreements.iter().flat_map(|a| a.parties.iter().cloned()).collect();
    for name in named {
        if record.parties.len() < MOST && known.insert(fold::name_key(&name)) {
            let span = place_of(&cx.doc.text, &name);
            let mut draft = Draft::new(name, span, "agreement.party");
            other_names(cx, &mut draft);
            record.parties.push(party(cx, draft));
        }
    }
}

/// Adds the board of the document to the sides of its one agreement, where no public side is known; the board may be known
/// only since the decisions were read.
pub(crate) fn add_board(cx: &Context, record: &mut Record) {
    let one_side = !record.parties.is_empty() && record.parties.iter().all(|p| p.role != PartyRole::Public);
    let own = super::agreement::is_agreement(cx, record);
    if one_side && let Some((name, span)) = own_board(cx, record) {
        let side = own || is_side(&name, record.parties.len());
        let made = party(cx, Draft::new(name, span, "document.board"));
        if side && made.role == PartyRole::Public {
            record.parties.push(made);
        }
    }
}

fn party(cx: &Context, draft: Draft) -> Party {
    let role = cx.rules.party.names.role_with(&draft.name, draft.org.as_ref().and_then(|o| o.value.as_deref()));
    let mut evidence = Vec::new();
    evidence.extend(draft.span.map(|s| cx.evidence("name", s, draft.rule, 0.9)));
    evidence.extend(
        draft.org.as_ref().map(|o| cx.evidence("org_nr", o.span, "text.org_nr", if o.valid() { 0.99 } else { 0.5 })),
    );
    evidence.extend(draft.former.iter().map(|(_, s)| cx.evidence("former_names", *s, "text.former_name", 0.9)));
    evidence.extend(draft.aliases.iter().map(|(_, s)| cx.evidence("aliases", *s, "text.alias", 0.8)));
    let org = draft.org;
    Party {
        name: draft.name,
        role,
        org_nr: org.as_ref().and_then(|o| o.value.clone()),
        org_nr_raw: org.as_ref().map(|o| o.raw.clone()),
        org_nr_valid: org.as_ref().map(OrgNr::valid),
        org_nr_suggestion: org.and_then(|o| o.suggestion),
        former_names: draft.former.into_iter().map(|(n, _)| n).collect(),
        aliases: draft.aliases.into_iter().map(|(n, _)| n).collect(),
        evidence,
    }
}

/// Parties that stand beside an organisation number.
///
/// Returns the numbers that stand beside no name.
fn numbered(
    cx: &Context,
    own: &Option<(String, Option<Span>)>,
    drafts: &mut Drafts,
    record: &mut Record,
) -> Vec<OrgNr> {
    let mut left: Vec<OrgNr> = Vec::new();
    let text = cx.doc.body();
    for org in cx.rules.org_nr.find(text) {
        if let Some(note) = org.note() {
            record.warnings.push(Warning {
                code: note.code,
                message: note.message,
                evidence: vec![cx.evidence("org_nr", org.span, "text.org_nr", 0.5)],
            });
        }
        if drafts.0.len() >= MOST {
            break;
        }
        if drafts.0.iter().any(|d| d.org.as_ref().is_some_and(|known| known.span == org.span)) {
            continue;
        }
        let before = cx.rules.party.names.before_number(text, org.span.start as usize);
        // "BG 5030-0516   ORG NR 212000-1165": a giro in the foot is no name.
        if before.as_ref().is_some_and(|(name, _)| name.bytes().filter(u8::is_ascii_digit).count() >= 6) {
            continue;
        }
        let Some((name, span)) = before else {
            left.push(org);
            continue;
        };
        let generic = cx.rules.party.names.is_generic(&name);
        let draft = match (generic, own) {
            (true, Some((own, _))) if name.to_lowercase().contains("nämnd") => {
                drafts.add(own.clone(), Some(span), "text.org_nr")
            }
            (true, _) => {
                left.push(org);
                continue;
            }
            _ => {
                let (name, span) = whole_name(cx, &name).unwrap_or((name, span));
                drafts.add(name, Some(span), "text.org_nr")
            }
        };
        if draft.org.is_none() {
            draft.org = Some(org);
        }
    }
    left
}

/// The name that one in the definite form is short for, where the text has it: "Samhällsföreningen" of "Ekby Samhällsförening".
fn whole_name(cx: &Context, short: &str) -> Option<(String, Span)> {
    const ENDS: [(&str, &str); 6] = [
        ("föreningen", "förening"),
        ("klubben", "klubb"),
        ("jouren", "jour"),
        ("sällskapet", "sällskap"),
        ("förbundet", "förbund"),
        ("laget", "lag"),
    ];
    let lower = short.to_lowercase();
    let (end, bare) = ENDS.iter().find(|(end, _)| lower.ends_with(end) && !short.contains(' '))?;
    let stem = short.get(..short.len() - end.len())?;
    let body = cx.doc.body();
    let word = format!("{stem}{bare}");
    let small = lower_first(&word);
    let found = body.match_indices(word.as_str()).chain(body.match_indices(small.as_str())).take(8);
    found.filter(|(at, w)| !body[at + w.len()..].starts_with(char::is_alphabetic)).find_map(|(at, w)| {
        let from = body.floor_char_boundary(at.saturating_sub(80));
        let head = body.get(from..at + w.len())?;
        let span = cx.rules.party.names.at_end(head)?;
        let name = head.get(span.range())?;
        name.contains(' ').then(|| (name.to_string(), span.shift(from)))
    })
}

/// A word with a small first letter.
fn lower_first(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().into_iter().flat_map(char::to_lowercase).chain(chars).collect()
}

/// Whether a public and another side are known.
fn complete_sides(rules: &Rules, drafts: &Drafts) -> bool {
    let public = |d: &Draft| rules.names.role(&d.name) == PartyRole::Public;
    drafts.0.iter().any(public) && drafts.0.iter().any(|d| !public(d))
}

/// Who makes an agreement, by its first words ("… träffad mellan A och B", "Mellan A, nedan kallad …, och B har …") or under
/// the heading Parter.
fn parties_of_agreement(cx: &Context) -> Vec<(String, Span)> {
    let rules = &cx.rules.party;
    let body = cx.doc.body();
    let mut end = body.len().min(OPENING);
    while !body.is_char_boundary(end) {
        end -= 1;
    }
    let opening = body.get(..end).unwrap_or("");
    for m in rules.between.find_iter(opening) {
        let rest = opening.get(m.end()..).unwrap_or("");
        let stop = rules.between_ends.find(rest).map_or(rest.len(), |m| m.start());
        let found = sides(cx, Span::new(m.end(), m.end() + stop.min(600)));
        if found.len() >= 2 {
            return found;
        }
    }
    let mut found = Vec::new();
    for section in cx.segments.with_id("agreement_parties").take(1) {
        for line in crate::parse::segment::lines(cx.doc, section.body).take(12) {
            found.extend(sides(cx, line));
        }
    }
    // A council's agreement has a public side.
    let public = found.iter().any(|(name, _)| rules.names.role(name) == PartyRole::Public);
    if found.len() >= 2 && public { found } else { Vec::new() }
}

/// How far into an agreement its parties are named, in bytes.
const OPENING: usize = 4000;

/// The names that a text of names holds: parted by "och", "samt", "å ena sidan" or a line's end, without numbers and aliases.
fn sides(cx: &Context, span: Span) -> Vec<(String, Span)> {
    let rules = &cx.rules.party;
    let mut end = span.end as usize;
    while !cx.doc.text.is_char_boundary(end) {
        end -= 1;
    }
    let text = cx.doc.text.get(span.start as usize..end).unwrap_or("").replace(['\n', '\t'], " ");
    let mut out: Vec<(String, Span)> = Vec::new();
    for (from, to) in split_and(&text) {
        let piece = text.get(from..to).unwrap_or("");
        let lead = piece.len() - piece.trim_start_matches(['•', '–', '-', '*', ' ', ',', '1', '2', '.', ')']).len();
        let rest = piece.get(lead..).unwrap_or("");
        let cut = [" (", ", ", "(", " nedan ", " org"].iter().filter_map(|w| rest.find(w)).min().unwrap_or(rest.len());
        let name = rest.get(..cut).unwrap_or("").trim_end_matches([' ', '.', ',']);
        // "Detta avtal är träffat mellan Ekby kommun".
        let (name, lead) = match name.rsplit_once(" mellan ") {
            Some((before, last)) => (last, lead + before.len() + " mellan ".len()),
            None => (name, lead),
        };
        // "Ekby kommun genom Ekby stadsdelsnämnd": the board, if it has a name of its own.
        let (name, lead) = match name.split_once(" genom ") {
            Some((_, board)) if rules.names.is_board(board) && board.starts_with(char::is_uppercase) => {
                (board, lead + name.len() - board.len())
            }
            Some((whole, _)) => (whole, lead),
            None => (name, lead),
        };
        let lower = name.to_lowercase();
        let particulars =
            ["organisationsnummer", "org", "kontakt", "box ", "adress"].iter().any(|w| lower.starts_with(w))
                || name.starts_with(|c: char| c.is_ascii_digit()) && name.as_bytes().get(3) == Some(&b' ');
        if rules.names.is_name(name) && !particulars && !rules.names.is_generic(&lower) && name.len() >= 3 {
            let start = span.start as usize + from + lead;
            out.push((name.to_string(), Span::new(start, start + name.len())));
        }
    }
    out
}

/// The two that "har samverkat": "A (tidigare X) och B (tidigare Y) har samverkat".
fn together(cx: &Context) -> Vec<(String, Span)> {
    let rules = &cx.rules.party;
    if !rules.together.may_match(cx.doc.body()) {
        return Vec::new();
    }
    for sentence in cx.body_sentences().iter().copied() {
        let text = cx.quote(sentence);
        let Some(verb) = rules.together.find(text) else { continue };
        let subject = text.get(..verb.start()).unwrap_or("").trim_end();
        if subject.len() > 240 || !subject.contains(" och ") {
            continue;
        }
        let found: Vec<(String, Span)> = split_and(subject)
            .into_iter()
            .filter_map(|(from, to)| {
                let piece = subject.get(from..to)?;
                let name = piece.split(" (").next().unwrap_or(piece).trim();
                let known = !rules.names.is_generic(name) && rules.names.is_name(name);
                let start = sentence.start as usize + from + piece.find(name)?;
                known.then(|| (name.to_string(), Span::new(start, start + name.len())))
            })
            .collect();
        if found.len() == 2 && found.iter().any(|(n, _)| rules.names.role(n) == PartyRole::Public) {
            return found;
        }
    }
    Vec::new()
}

/// The pieces of "A (x och y) och B": parted by " och " outside brackets.
fn split_and(text: &str) -> Vec<(usize, usize)> {
    let (mut out, mut from, mut depth) = (Vec::new(), 0, 0usize);
    for (i, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            // "Bygdegårds- och Idrottsförening" is one.
            ' ' if depth == 0 && text[i..].starts_with(" och ") && i >= from && !text[..i].ends_with('-') => {
                out.push((from, i));
                from = i + " och ".len();
            }
            _ => {}
        }
    }
    out.push((from, text.len()));
    out
}

/// Former names and aliases of a party, wherever its name stands.
fn other_names(cx: &Context, draft: &mut Draft) {
    let rules = &cx.rules.party;
    let text = cx.doc.body();
    let name = draft.name.clone();
    let mut seen = 0;
    for (at, _) in text.match_indices(name.as_str()) {
        seen += 1;
        if seen > 200 {
            break;
        }
        let end = at + name.len();
        let rest = text.get(end..(end + 300).min(text.len())).or_else(|| text.get(end..)).unwrap_or("");
        if let Some(c) = rules.former.captures(rest)
            && let Some(m) = c.get(1).or(c.get(2))
        {
            let public = rules.names.role(&name) == PartyRole::Public;
            for (from, to) in split_former(m.as_str(), public) {
                let piece = m.as_str().get(from..to).unwrap_or("").trim();
                let span = Span::new(end + m.start() + from, end + m.start() + to).trim(text);
                if !piece.is_empty() && !draft.former.iter().any(|(n, _)| n == piece) {
                    draft.former.push((piece.to_string(), span));
                }
            }
        }
        if let Some(m) = rules.alias.captures(rest).and_then(|c| c.get(1)) {
            let span = Span::new(end + m.start(), end + m.end());
            let alias = [" och", " samt", " har", " är", " i", " som", " att"]
                .iter()
                .find_map(|w| m.as_str().strip_suffix(w))
                .unwrap_or(m.as_str());
            let span = Span { start: span.start, end: span.start + alias.len() as u32 };
            let known = draft.aliases.iter().any(|(n, _)| n == alias) || alias == name;
            let before = rest.get(..m.start()).unwrap_or("");
            // The alias of the next party is not this one's.
            if !known && !before.contains(" och ") {
                draft.aliases.push((alias.to_string(), span));
            }
        }
    }
}

/// Other spellings of the one partner: names after "IOP med", "överenskommelsen med" that begin alike or hold its name.
fn variants(cx: &Context, drafts: &mut Drafts) {
    let rules = &cx.rules.party;
    let public = |d: &Draft| rules.names.role(&d.name) == PartyRole::Public;
    if drafts.0.iter().filter(|d| !public(d)).count() != 1 {
        return;
    }
    let Some(partner) = drafts.0.iter_mut().find(|d| rules.names.role(&d.name) != PartyRole::Public) else { return };
    let key = fold::name_key(&partner.name);
    let text = cx.doc.body();
    for m in rules.with.find_iter(text) {
        let mut end = (m.end() + 120).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let rest = text.get(m.end()..end).unwrap_or("");
        let Some(length) = rules.names.at_start(rest) else { continue };
        let name = rest.get(..length).unwrap_or("");
        let other = fold::name_key(name);
        let alike = key.chars().zip(other.chars()).take_while(|(a, b)| a == b).count() >= 6;
        let known = other == key || partner.aliases.iter().any(|(n, _)| fold::name_key(n) == other);
        let generic = rules.names.is_generic(name) || rules.names.role(name) == PartyRole::Public;
        if (alike || other.contains(&key)) && !known && !generic && partner.aliases.len() < 8 {
            partner.aliases.push((name.to_string(), Span::new(m.end(), m.end() + length)));
        }
    }
}

/// Several former boards are joined by "och"; a single association may have "och" in its name.
fn split_former(text: &str, public: bool) -> Vec<(usize, usize)> {
    let pieces = split_and(text);
    let boards = pieces.iter().all(|(a, b)| text.get(*a..*b).is_some_and(|p| p.trim_end().ends_with("nämnd")));
    if public && pieces.len() > 1 && boards { pieces } else { vec![(0, text.len())] }
}

/// The board the document belongs to, with where it is named.
pub(crate) fn own_board(cx: &Context, record: &Record) -> Option<(String, Option<Span>)> {
    let names = &cx.rules.party.names;
    let place = |name: &str| place_of(&cx.doc.text, name);
    if let Some(r) = &record.recipient
        && names.is_board(&r.name)
    {
        return Some((r.name.clone(), place(&r.name)));
    }
    if let Some(a) = &record.authority
        && names.is_board(&a.name)
    {
        return Some((a.name.clone(), place(&a.name)));
    }
    names.commonest_board(&cx.doc.text)
}

#[cfg(test)]
mod tests;
