//! Reads what each side of an agreement undertakes to do: the entries of lists, or the sentences, under the headings of
//! commitments ("Parternas åtaganden", "Åtaganden för föreningen", "Föreningen ska").

use crate::base::Span;
use crate::parse::context::Context;
use crate::parse::record::Agreement;
use crate::parse::segment::lines;
use crate::parse::text::joined;

/// More commitments than these no agreement has.
const MOST: usize = 100;

/// Longest sentence that is a commitment, in bytes.
const LONGEST: usize = 500;

/// Adds the commitments of both sides to the activities, in order.
pub(super) fn read(cx: &Context, a: &mut Agreement) {
    let mut inside = false;
    for section in &cx.segments.sections {
        inside = match section.id.as_deref() {
            Some("commitments") => true,
            // The names of the sides are headings of their own.
            None => inside,
            Some(_) => false,
        };
        if inside && !section.body.is_empty() {
            of_body(cx, section.body, a);
        }
    }
}

fn of_body(cx: &Context, body: Span, a: &mut Agreement) {
    let all: Vec<Span> = lines(cx.doc, body).collect();
    let listed = all.iter().any(|l| entry(cx.quote(*l)).is_some());
    for line in all {
        let text = cx.quote(line);
        if let Some(rest) = entry(text) {
            push(cx, a, Span { start: line.end - rest.len() as u32, end: line.end });
        } else if !listed {
            for sentence in cx.rules.decision.sentences.of(text, line.start as usize) {
                let text = cx.quote(sentence);
                let told = text.split_whitespace().count() >= 3 && !text.ends_with(':') && text.len() <= LONGEST;
                if told {
                    push(cx, a, sentence);
                }
            }
        }
    }
}

/// The text of an entry of a list, without its mark.
fn entry(line: &str) -> Option<&str> {
    let rest = line.strip_prefix(['•', '–', '-', '*', '‐', '—']).or_else(|| {
        let (number, rest) = line.split_once(['.', ')'])?;
        (number.len() <= 2 && number.chars().all(|c| c.is_ascii_alphanumeric())).then_some(rest)
    })?;
    let trimmed = rest.trim_start();
    (trimmed.len() < rest.len() && !trimmed.is_empty()).then_some(trimmed)
}

fn push(cx: &Context, a: &mut Agreement, span: Span) {
    let text = cx.quote(span);
    let kept = text.trim_end_matches([',', ';', '.', ' ']);
    let kept = [" samt", " och"].iter().find_map(|w| kept.strip_suffix(w)).unwrap_or(kept).trim_end_matches([',', ' ']);
    let span = Span { start: span.start, end: span.start + kept.len() as u32 };
    let value = joined(kept);
    // Both sides may undertake the same: "bidrar med 100 000 kronor per år".
    if value.is_empty() || a.activities.len() >= MOST {
        return;
    }
    a.activities.push(value);
    a.evidence.push(cx.evidence("activities", span, "agreement.commitment", 0.85));
}
