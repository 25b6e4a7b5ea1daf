//! Reads votes: counts, the question, and who voted how where it is printed.

use regex::Regex;

use crate::base::Span;
use crate::parse::context::Context;
use crate::parse::record::{Evidence, MemberVote, Vote};
use crate::parse::segment::lines;

/// Patterns.
#[derive(Debug)]
pub(super) struct Rules {
    yes: Vec<Regex>,
    no: Vec<Regex>,
    abstain: Vec<Regex>,
    absent: Vec<Regex>,
    question: Regex,
    list: Regex,
}

impl Rules {
    pub(super) fn new() -> Self {
        let make = |p: &str| Regex::new(p).expect("tested pattern");
        let counts = |word: &str, verb: &str| {
            vec![
                make(&format!(r"(?i)\b{word}-?\s?röst(?:er)?\s*\((\d{{1,3}})\)")),
                make(&format!(r"(?i)\b(\d{{1,3}})\s*{word}\b")),
                make(&format!(r"(?i)\b{word}-röst(?:er)?\b[^\d\n]{{0,80}}:\s*(\d{{1,3}})\b")),
                make(&format!(r"(?i)\b(\d{{1,3}})\s+(?:ledamöter\s+)?{verb}\s+{word}\b")),
            ]
        };
        Rules {
            yes: counts("ja", r"röstar(?:\s+för)?"),
            no: counts("nej", r"(?:röstar(?:\s+för)?)?"),
            abstain: vec![
                make(r"(?i)\bavstår\s*(?:\(|:\s*)(\d{1,3})\b"),
                make(r"(?i)\b(\d{1,3})\s+(?:ledamöter\s+|ledamot\s+)?(?:avstår|avstod|nedlagda)\b"),
            ],
            absent: vec![make(r"(?i)\bfrånvarande\s*(?:\(|:\s*)(\d{1,3})\b"), make(r"(?i)\b(\d{1,3})\s+frånvarande\b")],
            question: make(r"(?i)\b(?:röstar\s+ja|ja\s+för|ja\s+innebär|ja-röst\s+(?:för|innebär))\b"),
            list: make(r"(?i)^(ja-?\s?röster|nej-?\s?röster|avstår|frånvarande)\b[^:\n]{0,20}:\s*(.+)$"),
        }
    }

    /// The vote in a span, if there is one.
    pub(super) fn read(&self, cx: &Context, span: Span, evidence: &mut Vec<Evidence>) -> Vec<Vote> {
        let text = cx.quote(span);
        let first =
            |patterns: &[Regex]| patterns.iter().find_map(|p| p.captures(text)?.get(1)?.as_str().parse::<u32>().ok());
        let (yes, no) = (first(&self.yes), first(&self.no));
        if yes.is_none() || no.is_none() {
            return Vec::new();
        }
        let question = cx
            .rules
            .decision
            .sentences
            .of(text, span.start as usize)
            .into_iter()
            .find(|s| self.question.is_match(cx.quote(*s)) && !cx.quote(*s).contains(':'))
            .map(|s| cx.quote(s).to_string());
        evidence.push(cx.evidence("votes", span, "item.vote", 0.9));
        vec![Vote {
            yes,
            no,
            abstain: first(&self.abstain),
            absent: first(&self.absent),
            question,
            by_member: self.by_member(cx, span),
        }]
    }

    /// Who voted how: lists after "Ja-röster:", or a table with a column for each answer.
    fn by_member(&self, cx: &Context, span: Span) -> Vec<MemberVote> {
        let members = &cx.rules.item.members;
        let mut out = Vec::new();
        let mut columns: Vec<String> = Vec::new();
        for line in lines(cx.doc, span) {
            let text = cx.quote(line);
            if let Some(c) = self.list.captures(text)
                && let (Some(label), Some(names)) = (c.get(1), c.get(2))
            {
                let Some(vote) = answer(label.as_str()) else { continue };
                out.extend(members.of(names.as_str()).into_iter().map(|m| MemberVote {
                    name: m.name,
                    political_party: m.political_party,
                    vote: vote.to_string(),
                }));
                continue;
            }
            let cells: Vec<&str> = text.split('\t').map(str::trim).collect();
            if cells.len() < 3 {
                continue;
            }
            if cells.iter().any(|c| c.eq_ignore_ascii_case("ja")) && cells.iter().any(|c| c.eq_ignore_ascii_case("nej"))
            {
                columns = cells.iter().map(|c| c.to_lowercase()).collect();
                continue;
            }
            let Some(name) = cells.first().and_then(|n| members.name(n)) else { continue };
            let marked = cells.iter().enumerate().skip(1).find(|(_, c)| matches!(**c, "X" | "x" | "1"));
            let vote = marked.and_then(|(i, _)| answer(columns.get(i)?));
            if let Some(vote) = vote {
                let party = cells.get(1).filter(|p| !p.is_empty() && p.len() <= 4).map(|p| (*p).to_string());
                out.push(MemberVote { name, political_party: party, vote: vote.to_string() });
            }
        }
        out
    }
}

fn answer(label: &str) -> Option<&'static str> {
    let label = label.to_lowercase();
    if label.starts_with("ja") {
        Some("yes")
    } else if label.starts_with("nej") {
        Some("no")
    } else if label.starts_with("avst") {
        Some("abstain")
    } else if label.starts_with("frånv") {
        Some("absent")
    } else {
        None
    }
}
