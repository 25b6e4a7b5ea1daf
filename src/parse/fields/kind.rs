//! Reads the kind and the genres: every kind's cues are counted, and the best score over the threshold wins.
//!
//! The label may be missing or stand far down, so headings, title and shape count too. A title that names what a document
//! is about ("Slutrapport om …") gives a genre when the form is another.

use crate::parse::pattern::{Regex, RegexSet};

use crate::base::Span;
use crate::ingest::document::{BlockKind, Zone};
use crate::lexicon::{Cue, CuePlace, Lexicon, Shape};
use crate::parse::context::Context;
use crate::parse::record::{Evidence, Record};

/// Points of a strong cue, for or against.
const STRONG: i32 = 3;

/// Kinds and their cues, patterns compiled.
#[derive(Debug)]
pub(crate) struct Rules {
    kinds: Vec<KindRule>,
    /// Every pattern of a label, to tell labels from titles.
    labels: RegexSet,
    /// Every pattern of a label or line, looked for at once.
    lines: RegexSet,
    /// Every pattern of the whole text, looked for at once.
    texts: RegexSet,
    /// How names end, in small letters, behind which a line may say what the document is.
    body_ends: Vec<String>,
}

#[derive(Debug)]
struct KindRule {
    id: String,
    usage: String,
    cues: Vec<(i32, Test)>,
}

#[derive(Debug)]
enum Test {
    Title(Regex),
    /// A pattern of a label or of any line, by its place among `Rules::lines`.
    Label(usize, Regex),
    Line(usize, Regex),
    /// A pattern of the whole text, by its place among `Rules::texts`.
    Text(usize, Regex),
    Headings(Vec<String>),
    Labels(Vec<String>),
    Shape(Shape),
}

impl Rules {
    /// Compiles the cues; one whose pattern is no regular expression is left out.
    pub fn new(lex: &Lexicon) -> Self {
        let (mut label_patterns, mut lines, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        let mut compile = |points: i32, cue: &Cue| match cue {
            Cue::Pattern { place, re } => {
                let whole = match place {
                    CuePlace::Label | CuePlace::Line => format!("^(?:{re})$"),
                    CuePlace::Title | CuePlace::Text => re.clone(),
                };
                let regex = Regex::ignoring_case(&whole).ok()?;
                // What only speaks against another kind need not be a label alone.
                if *place == CuePlace::Label && points > 0 {
                    label_patterns.push(regex.clone());
                }
                let among = |all: &mut Vec<Regex>, regex: &Regex| {
                    all.push(regex.clone());
                    all.len() - 1
                };
                Some(match place {
                    CuePlace::Label => Test::Label(among(&mut lines, &regex), regex),
                    CuePlace::Line => Test::Line(among(&mut lines, &regex), regex),
                    CuePlace::Title => Test::Title(regex),
                    CuePlace::Text => Test::Text(among(&mut texts, &regex), regex),
                })
            }
            Cue::Headings { headings } => Some(Test::Headings(headings.clone())),
            Cue::Labels { labels } => Some(Test::Labels(labels.clone())),
            Cue::Shape { shape } => Some(Test::Shape(*shape)),
        };
        let kinds = lex
            .kinds
            .iter()
            .map(|kind| {
                let weighted = [(STRONG, &kind.strong), (1, &kind.weak), (-STRONG, &kind.against)];
                let cues = weighted
                    .into_iter()
                    .flat_map(|(points, cues)| cues.iter().map(move |c| (points, c)))
                    .filter_map(|(points, cue)| compile(points, cue).map(|test| (points, test)))
                    .collect();
                KindRule { id: kind.id.clone(), usage: kind.usage.clone(), cues }
            })
            .collect();
        let b = &lex.bodies;
        let places = ["kommun", "stad", "region"].map(String::from);
        let body_ends = b.authority.iter().chain(&b.administration).chain(&places).map(|e| e.to_lowercase()).collect();
        let [labels, lines, texts] = [label_patterns, lines, texts].map(RegexSet::new);
        Rules { kinds, labels, lines, texts, body_ends }
    }

    /// Whether a line is a label that speaks for one of these kinds.
    pub fn is_label_of(&self, line: &str, kinds: &[&str]) -> bool {
        let line = line.trim().trim_end_matches(['.', ':']);
        let cues = self.kinds.iter().filter(|k| kinds.contains(&k.id.as_str())).flat_map(|k| &k.cues);
        cues.filter(|(points, _)| *points > 0).any(|(_, test)| matches!(test, Test::Label(_, re) if re.is_match(line)))
    }

    /// Whether a line is a label that says what a document is, e.g. `Tjänsteutlåtande`.
    pub fn is_label(&self, line: &str) -> bool {
        self.labels.is_match(line.trim().trim_end_matches(['.', ':']))
    }
}

/// What cues are tested on, gathered once per document.
struct Seen<'a> {
    /// Lines of head and furniture that may be a label.
    labels: Vec<(Span, &'a str)>,
    /// Every line that stands for itself.
    lines: Vec<(Span, &'a str)>,
    /// The title on one line.
    title: Option<(Span, String)>,
    /// For each pattern of `Rules::lines` the labels and the lines that it may fit, by their places above.
    may_be_label: Vec<Vec<usize>>,
    may_be_line: Vec<Vec<usize>>,
    /// The patterns of the whole text that may match.
    texts: Vec<usize>,
}

/// For each pattern of a set the lines that it may fit.
fn lines_by_pattern(set: &RegexSet, lines: &[(Span, &str)]) -> Vec<Vec<usize>> {
    let mut out = vec![Vec::new(); set.len()];
    for (i, (_, line)) in lines.iter().enumerate() {
        for pattern in set.candidates(line) {
            if let Some(of_pattern) = out.get_mut(pattern) {
                of_pattern.push(i);
            }
        }
    }
    out
}

/// Fills kind and genres.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    let seen = Seen::of(cx, record);
    let mut scores: Vec<(i32, Option<Evidence>)> = Vec::with_capacity(cx.rules.kind.kinds.len());
    for kind in &cx.rules.kind.kinds {
        let mut score = 0;
        let mut proof: Option<(i32, Span)> = None;
        for (points, test) in &kind.cues {
            if let Some(span) = seen.find(cx, test) {
                score += points;
                if *points > 0 && !span.is_empty() && proof.is_none_or(|(best, _)| *points > best) {
                    proof = Some((*points, span));
                }
            }
        }
        let evidence = proof.filter(|_| score >= *cx.lex.kind_threshold).map(|(points, span)| {
            let rule = if points == STRONG { "kind.strong_cue" } else { "kind.weak_cues" };
            cx.evidence("kind", span, rule, (0.5 + 0.1 * score as f32).min(0.98))
        });
        scores.push((score, evidence));
    }
    let kinds = &cx.rules.kind.kinds;
    // The shape alone, without a word that says so, shows nothing where no pages are seen: many heads are short lines.
    let pages_seen = cx.doc.pages.iter().any(|p| p.size.is_some());
    if !pages_seen {
        scores.iter_mut().filter(|(_, proof)| proof.is_none()).for_each(|(score, _)| *score = 0);
    }
    let best_of = |usage: &str| {
        (0..kinds.len())
            .filter(|i| kinds[*i].usage == usage && scores[*i].0 >= *cx.lex.kind_threshold)
            .max_by_key(|i| (scores[*i].0, std::cmp::Reverse(*i)))
    };
    let chosen = best_of("kind").or_else(|| best_of("both"));
    // The shape of slides, and a sentence on delegation, tell less than what label or title say.
    let named = |i: usize| {
        kinds[i].cues.iter().any(|(points, test)| {
            let place = matches!(test, Test::Label(..) | Test::Title(_));
            *points == STRONG && place && seen.find(cx, test).is_some()
        })
    };
    let weak = chosen.filter(|i| {
        let id = kinds[*i].id.as_str();
        (id == "presentation" && !pages_seen || id == "delegationsbeslut") && !named(*i)
    });
    let better = weak.and_then(|weak| {
        (0..kinds.len())
            .filter(|i| *i != weak && kinds[*i].usage != "genre" && scores[*i].0 >= *cx.lex.kind_threshold && named(*i))
            .max_by_key(|i| (scores[*i].0, std::cmp::Reverse(*i)))
    });
    let chosen = better.or(chosen);
    record.kind = chosen.map_or("okand", |i| kinds[i].id.as_str()).to_string();
    // A shape has no place of its own: what is on the first line of it stands for it.
    let shape = || {
        let line = seen.lines.iter().map(|l| l.0).find(|l| !l.is_empty())?;
        Some(cx.evidence("kind", line, "kind.shape", 0.6))
    };
    record.evidence.extend(chosen.and_then(|i| scores[i].1.clone().or_else(shape)));
    // What minutes and notices list are their items' subjects.
    let lists = matches!(record.kind.as_str(), "protokoll" | "kallelse" | "kungorelse");
    for (i, kind) in kinds.iter().enumerate().filter(|_| !lists) {
        if Some(i) != chosen && kind.usage != "kind" && scores[i].0 >= *cx.lex.kind_threshold {
            record.genres.push(kind.id.clone());
            record.evidence.extend(scores[i].1.clone().map(|mut e| {
                e.field = "genres".into();
                e
            }));
        }
    }
}

impl<'a> Seen<'a> {
    fn of(cx: &Context<'a>, record: &Record) -> Self {
        let doc = cx.doc;
        let at = |span: Span| (span, doc.quote(span).trim());
        let mut lines = Vec::new();
        for block in &doc.blocks {
            match block.kind {
                BlockKind::Lines | BlockKind::Table => {
                    for line in crate::parse::segment::lines(doc, block.span) {
                        lines.push(at(line));
                        let cells = crate::parse::head::cells(doc, line);
                        if cells.len() > 1 {
                            lines.extend(cells.into_iter().map(at));
                        }
                    }
                }
                _ if block.span.len() <= 200 => lines.push(at(block.span)),
                _ => {}
            }
        }
        let in_head = |span: Span| {
            cx.segments.head.contains(span)
                || doc.block_at(span.start).is_some_and(|b| b.zone != Zone::Body && b.zone != Zone::PageNumber)
        };
        let mut labels: Vec<(Span, &str)> = lines.iter().copied().filter(|(span, _)| in_head(*span)).collect();
        let after: Vec<(Span, &str)> =
            labels.iter().filter_map(|(span, line)| after_committee(cx, *span, line)).collect();
        let before: Vec<(Span, &str)> =
            labels.iter().filter_map(|(span, line)| before_number(cx, *span, line)).collect();
        let in_capitals: Vec<(Span, &str)> = labels.iter().flat_map(|(span, line)| called(*span, line)).collect();
        labels.extend(after);
        labels.extend(before);
        labels.extend(in_capitals);
        // `UTDRAG UR` over `SAMMANTRÄDESPROTOKOLL`.
        let broken: Vec<(Span, &str)> = labels
            .iter()
            .filter(|(_, line)| line.to_lowercase().ends_with("utdrag ur"))
            .filter_map(|(span, _)| {
                let below = doc.text.get(span.end as usize..)?;
                let next = below.trim_start().split(['\n', '\t']).next()?;
                let end = span.end as usize + below.len() - below.trim_start().len() + next.len();
                Some(at(Span::new(span.start as usize, end)))
            })
            .collect();
        labels.extend(broken);
        labels.extend(first_lines(cx).into_iter().flat_map(|span| {
            let line = doc.quote(span).trim();
            std::iter::once((span, line)).chain(called(span, line)).collect::<Vec<_>>()
        }));
        // `DRIFTAVTAL` may be read as the first heading.
        let first = cx.segments.sections.iter().take(2).filter(|s| s.id.is_none() || s.heading.start < HEAD);
        labels.extend(first.map(|s| (s.heading, doc.quote(s.heading).trim())));
        let title = record.evidence.iter().find(|e| e.field == "title").map(|e| Span { start: e.start, end: e.end });
        let rules = &cx.rules.kind;
        Seen {
            may_be_label: lines_by_pattern(&rules.lines, &labels),
            may_be_line: lines_by_pattern(&rules.lines, &lines),
            labels,
            lines,
            title: title.and_then(|span| Some((span, record_title(cx, span)?))),
            texts: rules.texts.candidates(doc.body()),
        }
    }

    /// Whether a document with one item calls itself minutes or extract, speaks of extracts, and says nothing of the meeting's
    /// members.
    fn is_item_alone(&self, cx: &Context) -> bool {
        let ids = ["present", "adjusters", "paragraphs"];
        let listed = ids.iter().any(|id| cx.segments.with_id(id).next().is_some());
        let body = cx.doc.body();
        let of_meeting = ["Beslutande", "Närvarande", "Ledamöter", "Paragrafer"].iter().any(|w| body.contains(w));
        let minutes = |line: &str| cx.rules.kind.is_label_of(line, &["protokoll", "protokollsutdrag"]);
        let extract = body.contains("tdrag") || body.contains("TDRAG");
        !listed && !of_meeting && extract && self.labels.iter().any(|(_, line)| minutes(line))
    }

    /// Where the cue is, if the document has it; an empty span for a cue without a place of its own.
    fn find(&self, cx: &Context, test: &Test) -> Option<Span> {
        let first = |may: &[Vec<usize>], place: usize, lines: &[(Span, &str)], re: &Regex| {
            let may = may.get(place).into_iter().flatten().filter_map(|i| lines.get(*i));
            may.copied().find(|(_, line)| re.is_match(line.trim_end_matches(['.', ':']))).map(|(span, _)| span)
        };
        match test {
            Test::Label(place, re) => first(&self.may_be_label, *place, &self.labels, re),
            Test::Line(place, re) => first(&self.may_be_line, *place, &self.lines, re),
            Test::Title(re) => self.title.as_ref().filter(|(_, title)| re.is_match(title)).map(|(span, _)| *span),
            Test::Text(i, re) => {
                let m = self.texts.binary_search(i).ok().and_then(|_| re.find(cx.doc.body()))?;
                Some(Span::new(m.start(), m.end()))
            }
            Test::Headings(ids) => {
                let mut spans = ids.iter().map(|id| cx.segments.with_id(id).next().map(|s| s.heading));
                let first = spans.next()??;
                spans.all(|s| s.is_some()).then_some(first)
            }
            Test::Labels(ids) => {
                let mut groups = ids.iter().map(|id| cx.labelled(id).next());
                let first = groups.next()??;
                groups.all(|g| g.is_some()).then(|| first.lines.first().copied().unwrap_or_default())
            }
            Test::Shape(shape) => match shape {
                Shape::Slides => cx.segments.slides,
                Shape::Items => cx.segments.paragraph_signs >= 2,
                Shape::OneItem => cx.segments.paragraph_signs == 1,
                Shape::OneItemAlone => cx.segments.paragraph_signs == 1 && self.is_item_alone(cx),
                Shape::MonthDate => record_month(cx),
                Shape::ProposalOnly => {
                    cx.segments.paragraph_signs == 0 && cx.segments.with_id("proposed_decision").next().is_some()
                }
            }
            .then(Span::default),
        }
    }
}

/// A heading that begins within so many bytes stands in the head.
const HEAD: u32 = 120;

/// How many printed lines at the head of a page may say what a document is.
const HEAD_LINES: usize = 16;

/// The first printed lines of the document's body, short ones: where lines were joined to paragraphs, what the document
/// calls itself still stood on a line of its own.
fn first_lines(cx: &Context) -> Vec<Span> {
    let body = cx.doc.lines.iter().filter(|l| l.span.end <= cx.doc.body_end && cx.segments.head.contains(l.span));
    body.take(HEAD_LINES).map(|l| l.span).filter(|l| l.len() <= 120).collect()
}

/// What a line calls the document in capitals: `Ekby kommun SAMMANTRÄDESPROTOKOLL Sida 1 (9)`, `KALLELSE/UNDERRÄTTELSE 2017-02-27`.
fn called(span: Span, line: &str) -> Vec<(Span, &str)> {
    let mut out = Vec::new();
    if line.len() > 200 {
        return out;
    }
    let capital = |w: &str| w.chars().filter(|c| c.is_alphabetic()).count() >= 4 && !w.chars().any(char::is_lowercase);
    let mut at = 0;
    for word in line.split_inclusive([' ', '\t', '/', '(', ')']) {
        let bare = word.trim_matches([' ', '\t', '/', '(', ')', ':', '.', ',']);
        if capital(bare) && bare.len() < line.len() {
            let start = span.start as usize + at + word.find(bare).unwrap_or(0);
            out.push((Span::new(start, start + bare.len()), bare));
        }
        at += word.len();
    }
    out
}

/// What follows a committee's name on its line: `FARSTA STADSDELSNÄMND FÖREDRAGNINGSLISTA`.
fn after_committee<'a>(cx: &Context<'a>, span: Span, line: &'a str) -> Option<(Span, &'a str)> {
    let ends = &cx.rules.kind.body_ends;
    let at = line.char_indices().filter(|(_, c)| *c == ' ').map(|(i, _)| i).find(|i| {
        let word = line[..*i].rsplit(' ').next().unwrap_or_default().to_lowercase();
        ends.iter().any(|e| word.ends_with(e.as_str()))
    })?;
    Some((Span::new(span.start as usize + at + 1, span.end as usize), line[at + 1..].trim()))
}

/// What stands before a diary number or date on its line: `Tjänsteutlåtande RS 2024-0777`.
fn before_number<'a>(cx: &Context<'a>, span: Span, line: &'a str) -> Option<(Span, &'a str)> {
    let date = cx.rules.dates.all(line).next().map(|d| d.start);
    let cut = date.into_iter().chain(crate::parse::fields::dnr::first_in(cx, line)).min().filter(|i| *i > 0)?;
    let label = line[..cut].trim_end().trim_end_matches([',', ':']);
    Some((Span::new(span.start as usize, span.start as usize + label.len()), label))
}

fn record_title(cx: &Context, span: Span) -> Option<String> {
    Some(crate::parse::text::joined(cx.quote(span))).filter(|t| !t.is_empty())
}

fn record_month(cx: &Context) -> bool {
    cx.head.iter().flat_map(|g| &g.lines).any(|l| {
        let text = cx.quote(*l);
        cx.rules
            .dates
            .all(text)
            .any(|d| d.start == 0 && d.end == text.len() && d.date.precision() == crate::base::date::Precision::Month)
    })
}

#[cfg(test)]
mod tests {
    use crate::parse::testing::parse;

    #[test]
    fn the_form_is_the_kind_and_the_subject_a_genre() {
        let r = parse(
            "# Slutrapport om partnerskap med Blåklockan\n\nFörvaltningens förslag till beslut\n\nNämnden godkänner slutrapporten.\n\nÄrendets beredning\n\nText.",
        );
        assert_eq!((r.kind.as_str(), r.genres), ("tjansteutlatande", vec!["slutrapport".to_string()]));
        let r = parse("# Slutrapport om partnerskap med Blåklockan\n\nBakgrund\n\nText.");
        assert_eq!((r.kind.as_str(), r.genres), ("slutrapport", vec![]));
    }

    #[test]
    fn an_attached_agreement_makes_no_agreement() {
        let r = parse(
            "# Nytt partnerskap\n\n@margin\nTjänsteutlåtande\n\nFörslag till beslut\n\nNämnden antar.\n\nBilagor\n\nÖverenskommelse om partnerskap",
        );
        assert_eq!((r.kind.as_str(), r.genres), ("tjansteutlatande", vec![]));
        let r =
            parse("# Överenskommelse om idéburet offentligt partnerskap\n\nParter\n\nA och B.\n\nAvtalstid\n\n2024.");
        assert_eq!(r.kind, "overenskommelse");
    }

    #[test]
    fn minutes_notices_and_nothing() {
        assert_eq!(parse("Protokoll\n\nNärvarande\n\nEva Ek (S)\n\nJusterare\n\nEva Ek\n\n§ 1 Öppnande\n\nText.\n\n§ 2 Val\n\nText.").kind, "protokoll");
        assert_eq!(parse("# Kallelse till sammanträde\n\nBeslutsärenden\n\nText.").kind, "kallelse");
        assert_eq!(parse("Några ord utan form.").kind, "okand");
    }
}
