//! Reads decision points: what is proposed, moved or decided, by whom, for whom.
//!
//! Status is read first, from the heading or the governing verb; then what the point does. Points under a heading count;
//! the same proposal said again in running text is a repeat. `item` reads the points of a § with the same functions.

pub(crate) mod actions;
pub(crate) mod levels;
mod opinion;
pub(crate) mod points;
pub(crate) mod sentences;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::parse::pattern::Regex;

use crate::base::{Span, fold};
use crate::lexicon::Lexicon;
use crate::parse::context::Context;
use crate::parse::record::{Decision, Record, Status};
use crate::parse::segment::{Family, lines};
use actions::Actions;
use levels::Levels;
use points::Point;
use sentences::Sentences;

/// Patterns compiled once from the vocabulary.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) actions: Actions,
    pub(crate) sentences: Sentences,
    addressees: BTreeSet<String>,
    actor: Regex,
    /// Whose decision a heading says it is.
    whose: Regex,
    assignee: Vec<Regex>,
    running: Regex,
    joint: Regex,
    opinion: opinion::Rules,
}

/// What ends in one of these decides or is to decide.
const BODY: &str = r"(?:nämnd(?:en)?|styrelsen?|fullmäktige|utskott(?:et)?|delegationen?|ordföranden|presidiet|direktionen|beredningen)";

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("tested pattern")
}

impl Rules {
    /// Compiles them.
    pub fn new(lex: &Lexicon) -> Self {
        Rules {
            actions: Actions::new(&lex.actions),
            sentences: Sentences::new(lex),
            addressees: lex.actions.addressees.iter().cloned().collect(),
            actor: regex(&format!(
                r"(?i)^(?:att\s+|dels\s+)*((?:[\w&/.-]+,?\s+){{0,5}}?[\w/-]*{BODY}(?-i:\s+(?:Nord|Syd|Väst|Öst|Cent|His)\p{{Ll}}+)?)\b"
            )),
            whose: regex(&format!(r"(?i)^((?:[\w&/.-]+\s+){{0,5}}?[\w/-]*{BODY})s\s+beslut\b")),
            assignee: vec![
                regex(r"(?i)\buppdra(?:r|s|gs)?\s+(?:åt|till)\s+(.{2,90}?)\s+(?:att|i\s+samråd|enligt|följande)\b"),
                regex(r"(?i)\buppdrog\s+(?:åt|till)\s+(.{2,90}?)\s+att\b"),
                regex(r"(?i)\bge[rs]?\s+(.{2,90}?)\s+i\s+uppdrag\b"),
                regex(r"(?i)\bgav\s+(.{2,90}?)\s+i\s+uppdrag\b"),
                regex(r"(?i)(?:^(?:att\s+)?|\batt\s+|\boch\s+)([\w -]{2,60}?)\s+(?:får|ges|fick|gavs)\s+i\s+uppdrag\b"),
                regex(r"(?i)\b(?:bemyndigar?|bemyndigas|befullmäktigar?|delegerar\s+till)\s+(.{2,90}?)\s+att\b"),
            ],
            running: regex(
                r"(?s)^(?P<who>[\w-]+(?:\s+[\w-]+){0,4}?)\s+(?:\w+\s+){0,2}?föreslår(?:\s+(?:också|därför|även|vidare|mot\s+denna\s+bakgrund|med\s+hänvisning\s+till\s+ovanstående))*\s+att\s+(?P<rest>.+)$",
            ),
            opinion: opinion::Rules::new(lex),
            joint: regex(r"(?:,\s*(?:(?:samt|och|dels)\s+)?|\s+(?:samt|och|dels)\s+)att\s"),
        }
    }

    /// Who decides: the subject of the point.
    pub fn actor(&self, text: &str) -> Option<Span> {
        if begins_with_infinitive(text) {
            return None;
        }
        let found = self.actor.captures(text)?.get(1)?;
        // "Till ny ersättare i arbetsutskottet utses …": no subject.
        let first = found.as_str().split_whitespace().next().unwrap_or("").to_lowercase();
        let prepositions = [
            "till",
            "efter",
            "enligt",
            "på",
            "i",
            "mot",
            "med",
            "av",
            "om",
            "under",
            "som",
            "för",
            "från",
            "vid",
            "tillsammans",
            "jämte",
        ];
        // "Yttrandet överlämnas till regionstyrelsen", "Avsägelsen beviljas. Hos länsstyrelsen …": another subject stands first.
        let mut inner = found.as_str().split_whitespace().rev().skip(1);
        if inner.any(|w| ends_subject(w, &prepositions)) {
            return None;
        }
        // "Länsstyrelsen underrättas", "Kommunstyrelsen får i uppdrag": to whom something is done.
        let next = text.get(found.end()..).unwrap_or("").trim_start();
        let verb = next.split(|c: char| !c.is_alphabetic()).next().unwrap_or("");
        if verb.len() > 4 && verb.ends_with("as")
            || ["får i uppdrag", "ges i uppdrag", "ges rätt"].iter().any(|w| next.starts_with(w))
        {
            return None;
        }
        let end = found.end() + whole_name(text.get(found.end()..).unwrap_or(""), found.as_str());
        (!prepositions.contains(&first.as_str())).then(|| Span::new(found.start(), end))
    }

    /// Whether a sentence begins with a body that does something now: "Nämnden anser …", not "Nämnden har …".
    pub(crate) fn decides_now(&self, text: &str) -> bool {
        const TOLD: [&str; 12] =
            ["har", "hade", "fick", "är", "var", "kan", "ska", "skall", "bör", "fattade", "behandlade", "informeras"];
        let Some(who) = self.actor(text).filter(|s| s.start == 0) else { return false };
        let verb = text.get(who.end as usize..).unwrap_or("").trim_start();
        let verb = verb.split(|c: char| !c.is_alphabetic()).next().unwrap_or("");
        verb.len() >= 3
            && !TOLD.contains(&verb)
            && (verb.ends_with('r') || verb.ends_with("de") || verb.ends_with("te"))
    }

    /// Who is given the task.
    pub fn assignee(&self, text: &str) -> Option<Span> {
        let found = self.assignee.iter().filter_map(|r| r.captures(text)?.get(1)).min_by_key(|m| m.start())?;
        // "riksbankschefen, med rätt för envar att …": the rest is a condition.
        let end = found.as_str().find(", med ").unwrap_or(found.len());
        Some(Span::new(found.start(), found.start() + end))
    }

    /// An addressee as it is compared: lower case at the start, unless it is a name.
    fn addressee(&self, text: &str) -> String {
        let mut chars = text.chars();
        let lower: String = chars.next().into_iter().flat_map(char::to_lowercase).chain(chars).collect();
        if self.addressees.contains(&lower) { lower } else { text.to_string() }
    }
}

/// Whether a word in front of a body's name says that the name is no subject: a verb, a preposition, a full stop.
fn ends_subject(word: &str, prepositions: &[&str]) -> bool {
    const SURE: [&str; 10] = ["till", "hos", "åt", "från", "av", "enligt", "efter", "mot", "med", "att"];
    let lower = word.to_lowercase();
    let plain = lower.trim_end_matches([',', '.']);
    lower.ends_with('.') && plain.chars().count() > 3
        || SURE.contains(&plain) && prepositions.contains(&plain)
        || matches!(plain, "hos" | "åt" | "att")
        || word.starts_with(char::is_lowercase)
            && plain.len() > 4
            && ["as", "eras", "ades", "erar", "ställer", "ställs", "läggs", "tillstyrks"]
                .iter()
                .any(|e| plain.ends_with(e))
            && !plain.ends_with("stads")
}

/// How much of what follows belongs to the name of a body: "Nämnden" + " för funktionshinder".
fn whole_name(rest: &str, name: &str) -> usize {
    static FOR: LazyLock<Regex> =
        LazyLock::new(|| regex(r"^\s+för\s+(?P<first>[\p{L}-]+)(?:(?:,\s+|\s+&\s+|\s+och\s+)[\p{L}-]+)*"));
    static NAMED: LazyLock<Regex> =
        LazyLock::new(|| regex(r"^\s+(?P<where>\p{Lu}[\p{Ll}-]+(?:\s+\p{Lu}[\p{Ll}-]+)?)(?:\s+\p{Ll}|\s*[.,:]|$)"));
    if !name.to_lowercase().ends_with("nämnden") {
        return 0;
    }
    // "Stadsdelsnämnden Lundby", "Socialnämnden Nordost": where it is.
    if let Some(place) = NAMED.captures(rest).and_then(|c| c.name("where")).filter(|_| !name.contains(' ')) {
        return place.end();
    }
    let Some(c) = FOR.captures(rest) else { return 0 };
    let own = c.name("first").is_some_and(|m| matches!(m.as_str(), "egen" | "sin" | "att" | "år" | "perioden"));
    if own { 0 } else { c.get(0).map_or(0, |m| m.end()) }
}

/// Whether a clause has no subject of its own: "att bevilja …", "ge nämnden i uppdrag …".
fn begins_with_infinitive(text: &str) -> bool {
    const SHORT: [&str; 12] =
        ["ge", "ta", "få", "bli", "avslå", "anse", "utse", "avge", "stå", "se", "föreslå", "låta"];
    let mut words =
        text.split_whitespace().skip_while(|w| matches!(w.to_lowercase().as_str(), "att" | "dels" | "samt"));
    let Some(first) = words.next().filter(|w| w.starts_with(char::is_lowercase)) else { return false };
    // "hos kommunstyrelsen begära …", "som sitt yttrande överlämna …".
    if ["hos", "som", "till", "från", "med", "för", "i", "inför", "enligt"].contains(&first) {
        return true;
    }
    let body = ["nämnd", "styrelse", "fullmäktige", "utskott", "delegation"].iter().any(|b| first.contains(b));
    !body && (first.ends_with('a') || SHORT.contains(&first))
}

/// Who decides by a heading or frame: "Socialnämnden beslutar", "Kommunfullmäktiges beslut"; of two bodies the one that is
/// to decide, with the one that proposes: "Kommunstyrelsen föreslår kommunfullmäktige besluta".
pub(crate) fn decider(cx: &Context, heading: Span) -> Option<Levels> {
    let text = cx.quote(heading);
    let named = text.to_lowercase();
    let says = ["beslut", "föresl", "förslag till"].iter().any(|w| named.contains(w));
    let at = heading.start as usize;
    let moved = |l: Levels| Levels { proposer: l.proposer.map(|s| s.shift(at)), decider: l.decider.shift(at) };
    let headed = levels::of_heading(text).map(moved);
    if headed.is_some() && says {
        return headed;
    }
    if !says || named.starts_with("förslag") || named.starts_with("beslut") {
        return None;
    }
    headed.or_else(|| {
        let rules = &cx.rules.decision;
        // "Kommunfullmäktiges beslut": Kommunfullmäktige.
        let whose = || rules.whose.captures(text)?.get(1).map(|m| Span::new(m.start(), m.end()));
        let span = rules.actor(text).or_else(whose)?.shift(at);
        // "Förvaltningens förslag till nämnden": the first body is a recipient.
        (span.len() < text.len() && !named.contains("förslag")).then_some(Levels { proposer: None, decider: span })
    })
}

/// Fills who decides, and who proposes it to that body, from a heading.
pub(crate) fn set_decider(cx: &Context, d: &mut Decision, who: Option<Levels>) {
    // "Nämnden beslutar" over "att föreslå styrelsen att …": the body of the heading decides to propose.
    let proposing = d.text.strip_prefix("att ").unwrap_or(&d.text).starts_with("föreslå ");
    let Some(levels) = who.filter(|_| d.actor.is_none() || proposing) else { return };
    d.evidence.retain(|e| e.field != "actor" || !proposing);
    d.actor = Some(cx.quote(levels.decider).to_string());
    d.evidence.push(cx.evidence("actor", levels.decider, "decision.heading_body", 0.8));
    d.evidence.extend(levels.proposer.map(|s| cx.evidence("actor", s, Decision::PROPOSER, 0.8)));
}

/// A decision from a point of the document.
pub(crate) fn decision(cx: &Context, point: &Point, status: Status, section: Option<&str>) -> Decision {
    let rules = &cx.rules.decision;
    let text = cx.quote(point.span);
    let at = point.span.start as usize;
    let levels = levels::of(text);
    let proposer = levels.and_then(|l| l.proposer).map(|s| s.shift(at)).or(point.proposer);
    let own = levels.map(|l| l.decider).or_else(|| rules.actor(text));
    // "Nämnden beslutar" / "att föreslå styrelsen att …": the body of the frame decides to propose.
    let proposing = text.strip_prefix("att ").unwrap_or(text).starts_with("föreslå ");
    let actor = point.frame.filter(|_| proposing).or(own.map(|s| s.shift(at))).or(point.frame);
    let assignee = rules.assignee(text).map(|s| s.shift(at));
    let mut evidence = vec![cx.evidence("text", point.span, "decision.point", 0.95)];
    evidence.extend(actor.map(|s| cx.evidence("actor", s, "decision.subject", 0.9)));
    evidence.extend(proposer.map(|s| cx.evidence("actor", s, Decision::PROPOSER, 0.9)));
    // What says where the point stands: its heading, else its own words.
    let heading = cx.segments.section_at(point.span.start).filter(|s| section.is_some() && s.id.as_deref() == section);
    let (said, rule) = heading.map_or((point.span, "decision.wording"), |s| (s.heading, "decision.heading"));
    evidence.push(cx.evidence("status", said, rule, 0.9));
    let actions = rules.actions.placed(text);
    evidence.extend(actions.iter().map(|(_, s)| cx.evidence("actions", s.shift(at), "decision.verb", 0.9)));
    evidence.extend(assignee.map(|s| cx.evidence("assignee", s, "decision.addressee", 0.9)));
    Decision {
        status,
        number: point.number.clone(),
        text: text.to_string(),
        actor: actor.map(|s| cx.quote(s).to_string()),
        actions: actions.into_iter().map(|(id, _)| id).collect(),
        assignee: assignee.map(|s| rules.addressee(cx.quote(s))),
        section: section.map(str::to_string),
        evidence,
    }
}

/// More points than this are no proposal said twice.
const MANY: usize = 80;

/// Fills the field.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    if !record.items.is_empty() {
        // A decision of a § stands in its item only.
        return;
    }
    let mut found: Vec<Decision> = Vec::new();
    let motion = matches!(record.kind.as_str(), "motion" | "skrivelse" | "medborgarforslag" | "interpellation");
    for section in &cx.segments.sections {
        let status = match section.id.as_deref() {
            Some("proposed_decision" | "motion_text" | "yrkanden") if motion => Status::Moved,
            Some("proposed_decision") => Status::Proposed,
            // Officers and members only propose, whatever the heading says.
            Some("decision") if motion => Status::Moved,
            Some("decision") if proposes_only(&record.kind) => Status::Proposed,
            Some("decision") if proposes(cx.quote(section.heading)) => Status::Proposed,
            Some("decision") => Status::Decided,
            _ => continue,
        };
        let who = decider(cx, section.heading);
        for point in points::points(cx, section.body) {
            let text = cx.quote(point.span);
            let status = if status == Status::Decided && says_proposal(text) { Status::Proposed } else { status };
            let mut decision = decision(cx, &point, status, section.id.as_deref());
            set_decider(cx, &mut decision, who);
            // Long lists repeat nothing; comparing all with all would cost their square.
            if found.len() > MANY || !found.iter().any(|d| repeats(d, &decision)) {
                found.push(decision);
            }
        }
    }
    if motion && found.is_empty() {
        found = demanded(cx);
    }
    let report = cx.segments.family == Family::Report && record.kind != "overenskommelse" && record.kind != "avtal";
    if found.is_empty() && report {
        found = running(cx);
    }
    if record.kind == "remissvar" {
        found.extend(opinion::read(cx, record));
    }
    record.decisions.extend(found);
}

/// What a motion demands below a line that only says who demands it: "Centerpartiet i Ekby yrkar därför:" / "att …" / "att …".
fn demanded(cx: &Context) -> Vec<Decision> {
    static DEMANDS: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?i)\b(?:yrkar|föreslår|hemställer|önskar|kräver)\b(?:\s+(?:jag|vi|undertecknade?|därför|därmed|således|följande|att|[\p{L}-]+(?:partiet|demokraterna|moderaterna|gruppen|liberalerna)|\p{L}*(?:fullmäktige|nämnden|styrelsen|utskottet)|besluta[rs]?|i\s+\p{L}+))*\s*[:.…]*$",
        )
    });
    let all: Vec<Span> = lines(cx.doc, Span::new(0, cx.doc.body_end as usize)).collect();
    let framed = all.windows(2).rposition(|pair| match pair {
        [frame, next] => frame.len() <= 240 && points::is_marked(cx.quote(*next)) && DEMANDS.is_match(cx.quote(*frame)),
        _ => false,
    });
    let Some(first) = framed.and_then(|i| all.get(i + 1)) else { return Vec::new() };
    let last = all.iter().skip_while(|l| l.start < first.start).take_while(|l| points::is_marked(cx.quote(**l))).last();
    let body = last.map_or(*first, |l| first.join(*l));
    points::points(cx, body).iter().map(|p| decision(cx, p, Status::Moved, None)).collect()
}

/// Kinds whose points are proposals even under the heading "Beslut".
fn proposes_only(kind: &str) -> bool {
    matches!(kind, "tjansteutlatande" | "tjansteskrivelse" | "utlatande" | "slutrapport" | "uppfoljning")
}

/// True for a heading that proposes to another body: "Nämndens förslag till kommunfullmäktige".
pub(crate) fn proposes(heading: &str) -> bool {
    let lower = heading.to_lowercase();
    lower.contains("förslag") || lower.contains("föreslår")
}

/// What a point under a heading of decisions says of itself: a body that proposes to another has decided to propose.
pub(crate) fn moved_or_proposed(text: &str) -> Option<Status> {
    static OPENS: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)^(?:\S+\s+){0,6}?föreslår\b"));
    OPENS.is_match(text).then_some(Status::Proposed)
}

/// True if the point itself says that it is only proposed.
fn says_proposal(text: &str) -> bool {
    static PROPOSAL: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\bföresl(?:år|ås)\b"));
    PROPOSAL.is_match(text)
}

/// Whether `later` says again what `earlier` says.
fn repeats(earlier: &Decision, later: &Decision) -> bool {
    if earlier.actions.is_empty() || earlier.actions != later.actions || earlier.status != later.status {
        return false;
    }
    if says_proposal(&later.text) {
        return true;
    }
    let words = |s: &str| -> BTreeSet<String> { fold::name_key(s).split(' ').map(str::to_string).collect() };
    let (a, b) = (words(&earlier.text), words(&later.text));
    let same = a.intersection(&b).count();
    earlier.section == later.section && earlier.number.is_none() && same * 10 >= a.len().min(b.len()) * 8
        || earlier.section != later.section && same * 10 >= a.len().min(b.len()) * 6
        || a == b
}

/// Proposals in running text, for documents without a heading for them.
fn running(cx: &Context) -> Vec<Decision> {
    let rules = &cx.rules.decision;
    let mut found: Vec<Decision> = Vec::new();
    for sentence in cx.body_sentences().iter().copied() {
        let text = cx.quote(sentence);
        let Some(rest) = rules.running.captures(text).and_then(|c| c.name("rest")) else { continue };
        let from = sentence.start as usize + rest.start();
        for span in clauses(rules, rest.as_str(), from) {
            let span = span.trim(&cx.doc.text);
            let section = cx.segments.section_at(span.start).and_then(|s| s.id.as_deref());
            let made = decision(
                cx,
                &Point { span, number: None, frame: None, proposer: None, framed: false, decides: false },
                Status::Proposed,
                section,
            );
            if !made.actions.is_empty() && !found.iter().any(|d| d.actions == made.actions) {
                found.push(made);
            }
        }
    }
    found
}

/// Clauses joined by "samt att", "och att": cut only where every piece does something.
pub(crate) fn clauses(rules: &Rules, text: &str, at: usize) -> Vec<Span> {
    let mut pieces: Vec<Span> = Vec::new();
    let mut from = 0;
    for m in rules.joint.find_iter(text) {
        if m.start() > from {
            pieces.push(Span::new(from, m.start()));
        }
        from = m.end();
    }
    pieces.push(Span::new(from, text.len()));
    let acts = |s: &Span| !rules.actions.of(&text[s.range()]).is_empty();
    // A piece that does nothing belongs to the one before it, and so does the task that one gives.
    let mut joined: Vec<Span> = Vec::new();
    let mut tasked = false;
    for piece in pieces {
        match joined.last_mut() {
            Some(last) if !acts(&piece) || !acts(last) || tasked => *last = last.join(piece),
            _ => joined.push(piece),
        }
        tasked = is_task(&text[piece.range()]);
    }
    joined
        .into_iter()
        .map(|s| {
            let piece = text.get(s.range()).unwrap_or("");
            let kept = piece.trim().trim_end_matches(',').trim_end();
            let lead = piece.len() - piece.trim_start().len();
            Span::new(s.start as usize + lead, s.start as usize + lead + kept.len()).shift(at)
        })
        .filter(|s| !s.is_empty())
        .collect()
}

/// True if what follows is the task that the clause gives: "uppdrar åt förvaltningen" + "att …".
fn is_task(text: &str) -> bool {
    static TASK: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?i)(?:\buppdra(?:r|s|gs)?\s+(?:åt|till)\s+[^,.]{1,90}|\bi\s+uppdrag|\b(?:bemyndigar?|utses?r?|befullmäktigar?)\s+[^,.]{1,90})$",
        )
    });
    TASK.is_match(text.trim_end())
}

#[cfg(test)]
mod tests;
