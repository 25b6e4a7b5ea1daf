//! Reads who proposes and who is to decide: "Kommunstyrelsen föreslår att kommunfullmäktige beslutar", "Arbetsutskottet
//! föreslår kommunstyrelsen föreslå kommunfullmäktige", "Kommunstyrelsens förslag till kommunfullmäktige".

use std::sync::LazyLock;

use crate::parse::pattern::Regex;

use super::{BODY, regex};
use crate::base::Span;

/// The two sides of a proposal to another body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Levels {
    /// Who proposes, if it is said.
    pub proposer: Option<Span>,
    /// Who is to decide.
    pub decider: Span,
}

/// More bodies than this no proposal goes through.
const MOST: usize = 6;

/// A body in the middle of a sentence: words before the last are parts of its name, no verbs.
static BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"^\s*(?:(?:vi|jag|därför|också|även|härmed|vidare|i\s+sin\s+tur|för\s+sin\s+del)\s+)*(?:att\s+)?(?P<body>(?:(?:\p{{Lu}}[\w-]*|[\w-]+-|och|\w+s)\s+){{0,4}}?[\w-]*(?i:{BODY})(?:\s+(?:Nord|Syd|Väst|Öst|Cent|His)\p{{Ll}}+)?)\b"
    ))
});
static PROPOSES: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)\b(?:föreslår|föreslå|föreslog|föreslagit|hemställer|hemställa)\b"));
static TO: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)^(?P<who>.{3,90}?)s\s+förslag(?:\s+till\s+beslut)?\s+(?:till|i|för)\s+(?P<rest>.+)$"));

/// Who proposes to whom in a sentence or frame; none if it proposes to no other body.
pub(crate) fn of(text: &str) -> Option<Levels> {
    let first = PROPOSES.find(text).filter(|m| m.start() < 200)?;
    let who = text.get(..first.start())?;
    let mut decider = None;
    let mut at = first.end();
    for _ in 0..MOST {
        let Some(body) = text.get(at..).and_then(|t| BEHIND.captures(t)).and_then(|c| c.name("body")) else { break };
        decider = Some(Span::new(at + body.start(), at + body.end()));
        let next = at + body.end();
        // "… föreslår kommunstyrelsen föreslå kommunfullmäktige": the last of them decides.
        let Some(again) = text.get(next..).and_then(|t| PROPOSES.find(t)).filter(|m| m.start() <= 24) else { break };
        at = next + again.end();
    }
    let decider = decider?;
    let rest = text.get(decider.end as usize..).unwrap_or("").trim_start();
    // "föreslår nämnden i sitt yttrande …" tells what a body does; a proposal goes on with what it is to decide.
    let verb = rest.split(|c: char| !c.is_alphabetic()).next().unwrap_or("");
    let goes_on = verb.is_empty()
        || matches!(verb, "att" | "avslå" | "för" | "ge" | "ta" | "få" | "anse" | "utse" | "avge" | "dels")
        || verb.len() >= 4 && (verb.ends_with("ar") || verb.ends_with("er") || verb.ends_with('a'));
    goes_on.then(|| Levels { proposer: subject(who), decider })
}

/// Who proposes, by the words before the verb; none for a heading of its own ("Förslag till beslut: …").
fn subject(before: &str) -> Option<Span> {
    let trimmed = before.trim_end();
    // "Kommunstyrelsen beslutar att föreslå": the body that decides to propose.
    let cut = [" beslutar att", " beslutade att", " beslutar", " beslutade", " beslöt att", " för egen del"]
        .iter()
        .find_map(|w| trimmed.to_lowercase().ends_with(w).then(|| trimmed.len().checked_sub(w.len())).flatten())
        .filter(|c| trimmed.is_char_boundary(*c))
        .unwrap_or(trimmed.len());
    let mut from = trimmed.get(..cut)?.rfind(['.', ':', ';', '\n', '\t']).map_or(0, |i| i + 1);
    let text = trimmed.get(from..cut)?;
    from += text.len() - text.trim_start().len();
    let text = text.trim();
    let words = text.split_whitespace().count();
    let named = text.chars().next().is_some_and(|c| c.is_uppercase()) && (1..=9).contains(&words);
    (named && !text.contains("att ")).then(|| Span::new(from, from + text.len()))
}

/// The same of a heading: "Kommunstyrelsens förslag till kommunfullmäktige", "Nämndens förslag till kommunstyrelsen för
/// förslag till kommunfullmäktige", "Kommunstyrelsens förslag till kommunfullmäktiges beslut".
pub(crate) fn of_heading(text: &str) -> Option<Levels> {
    if let Some(levels) = of(text) {
        return Some(levels);
    }
    static LAST: LazyLock<Regex> =
        LazyLock::new(|| regex(&format!(r"(?i)^(?P<body>(?:[\w-]+\s+){{0,4}}?[\w-]*{BODY})(?P<genitive>s)?\b")));
    // "Beslutsförslag till kulturnämnden", "Förslag till nämndens beslut", "Förslag till beslut i kommunfullmäktige".
    static PROPOSED_TO: LazyLock<Regex> = LazyLock::new(|| {
        regex(&format!(
            r"(?i)^(?:förslag\s+till\s+beslut|beslutsförslag|förslag)\s+(?:till|i|för)\s+(?P<body>(?:[\w-]+,?\s+){{0,4}}?[\w-]*{BODY}(?-i:\s+\p{{Lu}}\p{{Ll}}+)?)(?:s\s+beslut)?\s*:?$"
        ))
    });
    if let Some(body) = PROPOSED_TO.captures(text).and_then(|c| c.name("body")) {
        return Some(Levels { proposer: None, decider: Span::new(body.start(), body.end()) });
    }
    let c = TO.captures(text)?;
    let (who, rest) = (c.name("who")?, c.name("rest")?);
    let last = rest.as_str().rfind("förslag till ").map_or(0, |i| i + "förslag till ".len());
    let body = LAST.captures(rest.as_str().get(last..)?)?.name("body")?;
    let at = rest.start() + last;
    let proposer = Span::new(who.start(), who.end());
    Some(Levels { proposer: Some(proposer), decider: Span::new(at + body.start(), at + body.end()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, levels: Option<Levels>) -> Option<(&str, &str)> {
        let l = levels?;
        Some((l.proposer.map_or("", |s| &text[s.range()]), &text[l.decider.range()]))
    }

    #[test]
    fn both_sides_of_a_proposal() {
        for (text, want) in [
            (
                "Kommunstyrelsen föreslår att kommunfullmäktige beslutar att anta planen.",
                ("Kommunstyrelsen", "kommunfullmäktige"),
            ),
            ("Kommunstyrelsen föreslår kommunfullmäktige besluta", ("Kommunstyrelsen", "kommunfullmäktige")),
            (
                "Arbetsutskottet föreslår att kommunstyrelsen föreslår att kommunfullmäktige beslutar",
                ("Arbetsutskottet", "kommunfullmäktige"),
            ),
            ("Nämnden föreslår regionstyrelsen föreslå regionfullmäktige", ("Nämnden", "regionfullmäktige")),
            (
                "Kommunstyrelsen beslutar föreslå kommunfullmäktige att anta taxan",
                ("Kommunstyrelsen", "kommunfullmäktige"),
            ),
            ("Arbetsutskottet beslutar att föreslå kommunstyrelsen", ("Arbetsutskottet", "kommunstyrelsen")),
            (
                "Barn- och utbildningsnämnden föreslår miljö- och byggnadsnämnden att yttra sig",
                ("Barn- och utbildningsnämnden", "miljö- och byggnadsnämnden"),
            ),
        ] {
            assert_eq!(read(text, of(text)), Some(want), "{text}");
        }
        for text in [
            "Förvaltningen föreslår att ge nämnden i uppdrag att bygga.",
            "Eva Ek (M) föreslår avslag på kommunstyrelsens förslag.",
            "Nämnden godkänner rapporten.",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn both_sides_of_a_heading() {
        for (text, want) in [
            ("Kommunstyrelsens förslag till kommunfullmäktige", ("Kommunstyrelsen", "kommunfullmäktige")),
            ("Kommunstyrelsens förslag till kommunfullmäktiges beslut", ("Kommunstyrelsen", "kommunfullmäktige")),
            (
                "Kultur- och fritidsnämndens förslag till kommunstyrelsen för förslag till kommunfullmäktige",
                ("Kultur- och fritidsnämnden", "kommunfullmäktige"),
            ),
            ("Arbetsutskottets förslag till beslut i kommunstyrelsen", ("Arbetsutskottet", "kommunstyrelsen")),
        ] {
            assert_eq!(read(text, of_heading(text)), Some(want), "{text}");
        }
        assert_eq!(of_heading("Förvaltningens förslag till beslut"), None);
    }
}
