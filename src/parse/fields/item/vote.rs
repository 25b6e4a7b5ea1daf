//! Reads votes: counts, the question, and who voted how where it is printed. A printed form without marks is no vote.

use aho_corasick::AhoCorasick;

use crate::parse::pattern::Regex;

use super::Members;
use crate::base::Span;
use crate::lexicon::Lexicon;
use crate::parse::context::Context;
use crate::parse::fields::meeting::is_names_only;
use crate::parse::record::{Evidence, Member, MemberVote, Vote};
use crate::parse::segment::lines;
use crate::parse::text::joined;

/// Patterns.
#[derive(Debug)]
pub(super) struct Rules {
    yes: Vec<Regex>,
    no: Vec<Regex>,
    abstain: Vec<Regex>,
    absent: Vec<Regex>,
    /// Both at once: "efter votering 7 - 6", "med 9 röster mot 4".
    both: Vec<Regex>,
    question: Regex,
    /// An answer with a colon after it, anywhere in a line: "JA: Eva Ek (S), Bo Al (M) NEJ: Li Sten (V)".
    inline: Regex,
    /// "Ja-röster avges av Eva Ek (S) och Bo Al (M)."
    given: Regex,
    sentence: Regex,
    opens_list: Regex,
    answered: Regex,
    /// A count with those it counts behind it in brackets: "5 röster (Ek, Al och Sten)".
    bracketed: Regex,
    /// An answer that fills the first column of a row: "Ja", "Nej-röster (4)".
    in_margin: Regex,
    starts: Regex,
    /// How answers begin.
    answers: Option<AhoCorasick>,
    numbers: std::collections::BTreeMap<String, f64>,
}

impl Rules {
    pub(super) fn new(lex: &Lexicon) -> Self {
        let make = |p: &str| Regex::new(p).expect("tested pattern");
        let n = number(lex);
        let counts = |word: &str| {
            vec![
                make(&format!(r"(?i)\b{word}-?\s?röst(?:er|erna)?\s*\(({n})\)")),
                make(&format!(r"(?i)\b{word}-?\s?röst(?:er)?\b[^\d\n]{{0,80}}:\s*({n})\b")),
                make(&format!(r"(?i)\b({n})[\s--\n]*{word}\b")),
                make(&format!(
                    r"(?i)\b({n})\s+(?:ledamöter|ledamot|röster)?\s*(?:röstar|röstade|röstat)?(?:\s+för)?\s*{word}\b"
                )),
                make(&format!(r"(?i)\b(?:röstar|röstade)\s+{word}\s*\(({n})\)")),
                make(&format!(r"(?i)(?:^|[\n\s,;])\s*{word}(?:-?\s?röster)?\s*[:=\t]?\s*({n})(?:[\s,.;)]|$)")),
            ]
        };
        Rules {
            yes: counts("ja"),
            no: counts("nej"),
            abstain: vec![
                make(&format!(r"(?i)\bavstår[\s--\n]*(?:\(|:\s*|[\s--\n])({n})\b")),
                make(&format!(
                    r"(?i)\b({n})\s+(?:ledamöter\s+|ledamot\s+|röster\s+)?(?:som\s+)?(?:avstår|avstod|avstående|nedlagda|nedlagd)\b"
                )),
                make(&format!(r"(?i)\bavst(?:år|od)\b[^.\n()]{{0,40}}\(({n})\)")),
            ],
            absent: vec![
                make(&format!(r"(?i)\bfrånvarande\s*(?:\(|:\s*)({n})\b")),
                make(&format!(r"(?i)\b({n})\s+(?:ledamöter\s+|ledamot\s+)?(?:är\s+|var\s+)?frånvarande\b")),
            ],
            both: vec![
                make(
                    r"(?i)\b(?:votering|omröstning|röstsiffrorna)\b[^\d\n.]{0,40}\b(\d{1,3})\s*(?:[-–—]|mot)\s*(\d{1,3})\b(?:[^-/\d]|$)",
                ),
                make(&format!(
                    r"(?i)\bmed\s+(?:röstsiffrorna\s+)?({n})\s+(?:röster\s+)?(?:för\b[^\d.]{{0,120}})?(?:mot|och)\s+({n})(?:\s+röst(?:er)?\b)?"
                )),
                make(&format!(r"(?i)\b({n})\s+röster\s+för\b[^.\n]{{0,160}}?\boch\s+({n})\s+röster\s+(?:mot|för)\b")),
                make(&format!(r"(?i)\b({n})\s+röster\s+mot\s+({n})\b")),
            ],
            question: make(
                r"(?i)\b(?:ja|nej)(?:[-\s]?röst\w*)?\s*(?:=|–|:|innebär|betyder|är\s+bifall)\s|\b(?:ja|nej)(?:[-\s]?röst\w*)?\s+(?:för|till)\s|\bde[mn]?\s+(?:ledamöter\s+)?som\b.{2,200}\b(?:röstar|röstade|ska\s+rösta)\s+(?:ja|nej)\b|\b(?:röstar|röstade)\s+(?:ja|nej)\s+för\b",
            ),
            inline: make(
                r"(?i)(?:^|[\s;.,(])(?:(?:följande\s+)?(?:röstar|röstade)\s+)?(ja|nej|avstår|avstod|avstående|frånvarande)(?:[-\s]?röst(?:er|erna)?)?(?:\s+från\s+att\s+rösta)?(?:\s+(?:röstar|röstade|avges\s+av|avgavs\s+av|avges|avgavs))?(?:\s*\(?\d{1,3}(?:\s*st)?\)?)?\s*:(?:\s|$)",
            ),
            given: make(
                r"(?i)^(?:för\s+)?(ja|nej)(?:[-\s]?röst(?:er)?)?(?:\s*\(\d+\))?\s+(?:avges|avgavs|avger|avgav|avgivits|lämnas|lämnades|lämnar|lämnade|röstar|röstade|röstar\s+följande)(?:\s+av)?\s+(\p{Lu}.+)$",
            ),
            sentence: make(
                r"(?is)^(.*?)\b(?:röstar|röstade)\s+(ja|nej)\b|^(.*?)\b(avstår|avstod)\b(?:\s+från\s+att\s+rösta)?",
            ),
            opens_list: make(
                r"(?i)^(?:följande\s+(?:ledamöter\s+)?)?(?:(?:röstar|röstade)\s+)?(ja|nej|avstår|avstod)(?:-?\s?röster)?(?:\s+(?:röstar|röstade|från\s+att\s+rösta))?\s*(?:\(\d+\))?\s*:?$|^följande\s.{0,40}\b(?:röstar|röstade)\s+(ja|nej)\s*:?$",
            ),
            in_margin: make(
                r"(?i)^(?:röstar\s+|röstade\s+|för\s+)?(ja|nej|avstår|avstod|avstående|nedlagda|frånvarande)(?:[-\s]?röst(?:er|erna)?)?(?:\s+från\s+att\s+rösta)?\s*(?:\(?\d{1,3}(?:\s*st)?\)?)?\s*:?$",
            ),
            answered: make(r"(?i)\s(ja|nej|avstår|avstod|frånvarande)\s*$"),
            bracketed: make(&format!(
                r"(?i)\b({n})\s+(?:(ja|nej)-?\s?)?röst(?:er|erna)?\b[^.()\n]{{0,160}}\(([^()\n]{{3,600}})\)"
            )),
            starts: make(
                r"(?i)^(?:votering|omröstning)(?:\s+(?:nr\s+)?\d+)?\s*[:.]?$|^(?:votering|omröstning)\s+\d+\b",
            ),
            answers: AhoCorasick::builder().ascii_case_insensitive(true).build(ANSWERS.map(|a| a.0)).ok(),
            numbers: lex.dates.number_words.clone(),
        }
    }

    /// A number in digits or as a word.
    fn value(&self, text: &str) -> Option<u32> {
        text.parse::<u32>().ok().or_else(|| self.numbers.get(&text.to_lowercase()).map(|n| *n as u32))
    }

    /// The votes in a span.
    pub(super) fn read(&self, cx: &Context, span: Span, evidence: &mut Vec<Evidence>) -> Vec<Vote> {
        let starts: Vec<u32> =
            lines(cx.doc, span).filter(|l| self.starts.is_match(cx.quote(*l))).map(|l| l.start).collect();
        let firsts: Vec<u32> =
            std::iter::once(span.start).chain(starts.into_iter().filter(|s| *s > span.start)).collect();
        let ends = firsts.iter().skip(1).copied().chain([span.end]);
        let pieces: Vec<Span> = firsts.iter().zip(ends).map(|(a, b)| Span { start: *a, end: b }).collect();
        pieces.into_iter().filter_map(|s| self.one(cx, s, evidence)).collect()
    }

    fn one(&self, cx: &Context, span: Span, evidence: &mut Vec<Evidence>) -> Option<Vote> {
        let text = cx.quote(span);
        let first = |patterns: &[Regex]| {
            patterns.iter().find_map(|p| p.captures_iter(text).find_map(|c| self.value(c.get(1)?.as_str())))
        };
        // Most items hold no answer at all; nothing more is looked for in them than "efter votering 7 - 6".
        let answers = self.answers(text);
        let mut by_member = if answers { self.by_member(cx, span) } else { Vec::new() };
        if by_member.is_empty() {
            by_member = self.counted_names(text);
        }
        let named = |vote: &str| {
            let n = by_member.iter().filter(|m| m.vote == vote).count() as u32;
            (n > 0).then_some(n)
        };
        let (mut yes, mut no) = if answers { (first(&self.yes), first(&self.no)) } else { (None, None) };
        if (yes.is_none() || no.is_none())
            && let Some((y, n)) = self.both.iter().find_map(|p| {
                let c = p.captures(text)?;
                Some((self.value(c.get(1)?.as_str())?, self.value(c.get(2)?.as_str())?))
            })
        {
            (yes, no) = (Some(y), Some(n));
        }
        let (yes, no) = (yes.or(named("yes")), no.or(named("no")));
        // One number alone is no vote, unless names stand by it.
        if (yes.is_none() || no.is_none()) && by_member.len() < 2 {
            return None;
        }
        let question = self.question(cx, span);
        evidence.push(cx.evidence("votes", span, "item.vote", 0.9));
        Some(Vote {
            yes,
            no,
            abstain: first(&self.abstain).or(named("abstain")),
            absent: first(&self.absent).or(named("absent")),
            question,
            by_member,
        })
    }

    /// What was voted on: the sentence that says what yes and no stand for, with the one after it if that says the rest.
    pub(super) fn question(&self, cx: &Context, span: Span) -> Option<String> {
        let sentences = cx.rules.decision.sentences.of(cx.quote(span), span.start as usize);
        let says = |s: &Span| {
            let text = cx.quote(*s);
            // "Ja: Eva Ek (S), Bo Al (M)" says who, not what.
            let who = cx.rules.item.members.of(text).len();
            text.len() <= 600 && self.question.is_match(text) && (who == 0 || who == 1 && !self.inline.is_match(text))
        };
        let i = sentences.iter().position(says)?;
        let mut found = *sentences.get(i)?;
        if let Some(next) = sentences.get(i + 1).filter(|s| says(s) && cx.quote(**s).to_lowercase().contains("nej")) {
            found = found.join(*next);
        }
        Some(joined(cx.quote(found)))
    }

    /// Who voted how where each count has its names in brackets: of two counts without an answer the first is for what was
    /// proposed. None if the names are not as many as the count says.
    fn counted_names(&self, text: &str) -> Vec<MemberVote> {
        let mut out: Vec<MemberVote> = Vec::new();
        let mut sides: Vec<&'static str> = Vec::new();
        for c in self.bracketed.captures_iter(text).take(3) {
            let (Some(count), Some(names)) = (c.get(1).and_then(|m| self.value(m.as_str())), c.get(3)) else {
                continue;
            };
            let side = c.get(2).and_then(|m| answer(m.as_str())).or(["yes", "no"].get(sides.len()).copied());
            let names: Vec<&str> = names
                .as_str()
                .split(',')
                .flat_map(|p| p.split(" och "))
                .flat_map(|p| p.split(" samt "))
                .map(str::trim)
                .collect();
            let (Some(side), true) = (side, names.len() == count as usize && names.iter().all(|n| is_called(n))) else {
                return Vec::new();
            };
            sides.push(side);
            out.extend(names.iter().map(|n| MemberVote {
                name: (*n).to_string(),
                political_party: None,
                vote: side.to_string(),
            }));
        }
        if sides.len() < 2 { Vec::new() } else { out }
    }

    /// Whether a word of the text begins like an answer.
    fn answers(&self, text: &str) -> bool {
        let begins = |at: usize| !text.get(..at).unwrap_or_default().ends_with(char::is_alphabetic);
        self.answers.as_ref().is_none_or(|finder| finder.find_iter(text).any(|m| begins(m.start())))
    }

    /// Who voted how: lists after "Ja-röster:", sentences "… röstar ja", lines below "Följande röstar ja:", lines that end in
    /// the answer, or a table with a column for each answer.
    fn by_member(&self, cx: &Context, span: Span) -> Vec<MemberVote> {
        let members = &cx.rules.item.members;
        let mut out: Vec<MemberVote> = Vec::new();
        let mut columns: Vec<String> = Vec::new();
        let mut open: Option<&'static str> = None;
        for line in lines(cx.doc, span) {
            let text = cx.quote(line);
            if let Some(c) = self.opens_list.captures(text)
                && !text.contains('\t')
            {
                open = c.get(1).or(c.get(2)).and_then(|m| answer(m.as_str()));
                continue;
            }
            let before = out.len();
            open = self.inline_lists(text, members, &mut out).or(open);
            if out.len() > before {
                continue;
            }
            let cells: Vec<&str> = text.split('\t').map(str::trim).collect();
            let answers = |c: &&str| c.len() <= 12 && answer(c).is_some();
            // "Ja   Eva Ek (S), Bo Al (M)": the answer in a column of its own, names beside it.
            if let Some((first, names)) = text.split_once('\t')
                && let Some(c) = self.in_margin.captures(first.trim())
                && (!members.of(names).is_empty() || person_list(members, names).len() >= 2)
            {
                open = c.get(1).and_then(|m| answer(m.as_str()));
                push(&mut out, members, names, open);
                continue;
            }
            if cells.len() >= 3 || cells.len() == 2 && (!columns.is_empty() || cells.last().is_some_and(answers)) {
                self.row(cx, &cells, &mut columns, &mut out);
                continue;
            }
            let before = out.len();
            for sentence in cx.rules.decision.sentences.of(text, line.start as usize) {
                let text = cx.quote(sentence);
                if let Some((said, names)) = self.given.captures(text).and_then(|c| Some((c.get(1)?, c.get(2)?))) {
                    push(&mut out, members, names.as_str().trim_end_matches('.'), answer(said.as_str()));
                    continue;
                }
                if let Some(c) = self.sentence.captures(text) {
                    let (names, said) = (c.get(1).or(c.get(3)), c.get(2).or(c.get(4)));
                    if let (Some(names), Some(said)) = (names, said) {
                        push(&mut out, members, names.as_str(), answer(said.as_str()));
                    }
                }
            }
            if out.len() > before {
                continue;
            }
            if let Some(m) = self.answered.captures(text).and_then(|c| c.get(1)) {
                let names = members.of(text.get(..m.start()).unwrap_or(""));
                if names.len() == 1 {
                    push(&mut out, members, text.get(..m.start()).unwrap_or(""), answer(m.as_str()));
                    continue;
                }
            }
            if open.is_some() {
                let before = out.len();
                let names: Vec<String> = members.of(text).into_iter().map(|m| m.name).collect();
                if is_names_only(text, &names) {
                    push(&mut out, members, text, open);
                }
                if out.len() == before {
                    open = None;
                }
            }
        }
        out
    }

    /// The names behind each answer with a colon; the last answer, if names may go on below.
    fn inline_lists(&self, text: &str, members: &Members, out: &mut Vec<MemberVote>) -> Option<&'static str> {
        let labels: Vec<(usize, usize, Option<&'static str>)> = self
            .inline
            .captures_iter(text)
            .filter_map(|c| Some((c.get(0)?.start(), c.get(0)?.end(), answer(c.get(1)?.as_str()))))
            .collect();
        for (i, (_, from, vote)) in labels.iter().enumerate() {
            let to = labels.get(i + 1).map_or(text.len(), |l| l.0);
            push(out, members, text.get(*from..to).unwrap_or(""), *vote);
        }
        labels.last().and_then(|l| l.2)
    }

    fn row(&self, cx: &Context, cells: &[&str], columns: &mut Vec<String>, out: &mut Vec<MemberVote>) {
        let members = &cx.rules.item.members;
        if cells.iter().any(|c| c.eq_ignore_ascii_case("ja")) && cells.iter().any(|c| c.eq_ignore_ascii_case("nej")) {
            *columns = cells.iter().map(|c| c.to_lowercase()).collect();
            if cells.first().is_some_and(|c| answer(c).is_some()) {
                // Nothing is printed over the names.
                columns.insert(0, String::new());
            }
            return;
        }
        // The row may have a number in front of the name.
        let numbered = |c: &&&str| c.trim_end_matches('.').bytes().all(|b| b.is_ascii_digit()) && !c.is_empty();
        let skipped = usize::from(cells.first().as_ref().is_some_and(numbered));
        let Some(first) = cells.get(skipped) else { return };
        let first = &first.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' '));
        // "Eva Ek (S)", "Eva Ek, S".
        let with_party = members.of(first).into_iter().next().or_else(|| {
            let mut read = cx.rules.meeting.people.of(first, &cx.rules.people, members);
            let one = read.pop().filter(|_| read.is_empty())?;
            Some(Member { name: one.name, political_party: one.party })
        });
        // Family names alone are enough below the headings of a voting list.
        let family = || {
            let name = first.trim_end_matches([',', '.', ':']);
            (!columns.is_empty() && !name.contains(' ') && is_called(name)).then(|| name.to_string())
        };
        let name = with_party.as_ref().map(|m| m.name.clone()).or_else(|| members.name(first)).or_else(family);
        let Some(name) = name else { return };
        let marked =
            cells.iter().enumerate().skip(skipped + 1).find(|(_, c)| matches!(**c, "X" | "x" | "1" | "×" | "•"));
        let said = cells.iter().skip(skipped + 1).find_map(|c| if c.len() <= 12 { answer(c) } else { None });
        let Some(vote) = marked.and_then(|(i, _)| answer(columns.get(i)?)).or(said) else { return };
        let letters = cells
            .get(skipped + 1)
            .filter(|p| !p.is_empty() && p.len() <= 4 && answer(p).is_none() && !matches!(**p, "X" | "x" | "1"));
        let party =
            with_party.and_then(|m| m.political_party).or(letters.map(|p| p.trim_matches(['(', ')']).to_string()));
        out.push(MemberVote { name, political_party: party, vote: vote.to_string() });
    }
}

/// A number up to three digits or a number word, as a group's content.
fn number(lex: &Lexicon) -> String {
    let mut words: Vec<String> = lex.dates.number_words.keys().map(|w| regex::escape(w)).collect();
    words.sort_by_key(|w| std::cmp::Reverse(w.len()));
    std::iter::once(r"\d{1,3}".to_string()).chain(words).collect::<Vec<_>>().join("|")
}

fn push(out: &mut Vec<MemberVote>, members: &Members, names: &str, vote: Option<&'static str>) {
    let Some(vote) = vote else { return };
    let mut found = members.of(names);
    if found.is_empty() {
        found = person_list(members, names);
    }
    for m in found {
        if !out.iter().any(|o| o.name == m.name) {
            out.push(MemberVote { name: m.name, political_party: m.political_party, vote: vote.to_string() });
        }
    }
}

/// The people of a list without parties: "Eva Ek, Bo Al och Li Sten".
fn person_list(members: &Members, names: &str) -> Vec<Member> {
    if names.len() > 600 {
        return Vec::new();
    }
    let pieces: Vec<&str> = names.split([',', ';']).flat_map(|p| p.split(" och ")).map(str::trim).collect();
    let person = |p: &&str| {
        let words: Vec<&str> = p.trim_end_matches('.').split(' ').collect();
        (2..=4).contains(&words.len()) && words.iter().all(|w| w.starts_with(char::is_uppercase))
    };
    if pieces.len() < 2 || !pieces.iter().all(person) {
        return Vec::new();
    }
    let plain = pieces.iter().filter_map(|p| members.name(p.trim_end_matches('.')));
    plain.map(|name| Member { name, political_party: None }).collect()
}

/// Whether a cell or piece of a list may be somebody's name, be it the family name alone: up to four words with capitals.
fn is_called(name: &str) -> bool {
    const SUMS: [&str; 7] = ["summa", "total", "antal", "röst", "resultat", "ledam", "namn"];
    let lower = name.to_lowercase();
    let word = |w: &str| {
        w.starts_with(char::is_uppercase) && w.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’'))
    };
    let words: Vec<&str> = name.split(' ').collect();
    (1..=4).contains(&words.len())
        && words.iter().all(|w| word(w))
        && lower.chars().count() >= 2
        && answer(name).is_none_or(|_| lower.chars().count() > 8)
        && !SUMS.iter().any(|w| lower.starts_with(w))
}

/// How an answer begins, and what it is; their letters that are not ASCII have no capital here.
const ANSWERS: [(&str, &str); 5] =
    [("ja", "yes"), ("nej", "no"), ("avst", "abstain"), ("frånv", "absent"), ("frÅnv", "absent")];

fn answer(label: &str) -> Option<&'static str> {
    let label = label.to_lowercase();
    ANSWERS.iter().find(|(begins, _)| label.starts_with(begins)).map(|(_, answer)| *answer)
}
