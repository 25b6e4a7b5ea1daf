//! Reads what came of a partnership and what is proposed to become of it.

use super::{Agreement, Rules};
use crate::base::Span;
use crate::parse::context::Context;
use crate::parse::record::{Recommendation, Record};

/// Longest sentence that is taken for an outcome, in bytes.
const LONGEST: usize = 500;

/// What came of it: the first sentence of a report that says whether the goals were reached, under the heading for that first.
pub(super) fn outcome(cx: &Context, scope: Span, a: &mut Agreement) {
    let rules = &cx.rules.agreement;
    let inside =
        |s: Span| Span { start: s.start.max(scope.start), end: s.end.min(scope.end).max(s.start.max(scope.start)) };
    let headed = cx.segments.with_id("goal_fulfilment").map(|s| inside(s.body)).take(8);
    for span in headed.chain([scope]).filter(|s| !s.is_empty()) {
        let text = cx.quote(span);
        // Cheap: most texts speak of no outcome.
        if !rules.outcome_words.iter().any(|w| text.contains(w.as_str())) {
            continue;
        }
        let sentences = cx.sentences(span);
        let found = sentences.iter().copied().find(|s| s.len() <= LONGEST && rules.outcome.is_match(cx.quote(*s)));
        if let Some(sentence) = found {
            a.outcome = Some(crate::parse::text::joined(cx.quote(sentence)));
            a.evidence.push(cx.evidence("outcome", sentence, "agreement.outcome", 0.75));
            return;
        }
    }
}

/// What is proposed to become of the agreement: a decision says it, or that it is not to go on.
pub(super) fn recommendation(cx: &Context, record: &Record) -> Option<(Recommendation, Span)> {
    let rules = &cx.rules.agreement;
    let place = |d: &crate::parse::record::Decision| d.evidence.first().map(|e| Span { start: e.start, end: e.end });
    // "att inte förlänga överenskommelsen" holds the verb of another proposal.
    if let Some(d) = record.decisions.iter().find(|d| rules.not_renewed.is_match(&d.text)) {
        return place(d).map(|s| (Recommendation::Terminate, s));
    }
    for (action, what) in [
        ("renegotiate", Recommendation::Renegotiate),
        ("extend", Recommendation::Extend),
        ("terminate", Recommendation::Terminate),
    ] {
        let decision = record.decisions.iter().find(|d| {
            d.actions.iter().any(|a| a == action) || action == "renegotiate" && d.text.contains("omförhandla")
        });
        if let Some(span) = decision.and_then(place) {
            return Some((what, span));
        }
    }
    let mut option = None;
    for section in &cx.segments.sections {
        for sentence in cx.rules.decision.sentences.of(cx.quote(section.body), section.body.start as usize) {
            match said(rules, cx.quote(sentence)) {
                // That an option is not used may be said where a new agreement is proposed.
                Some(Recommendation::Terminate) if cx.quote(sentence).to_lowercase().contains("option") => {
                    option = option.or(Some((Recommendation::Terminate, sentence)));
                }
                Some(what) => return Some((what, sentence)),
                None => {}
            }
        }
    }
    let renewed = record.decisions.iter().any(|d| d.actions.iter().any(|a| a == "sign_agreement"));
    option.filter(|_| !renewed)
}

/// What a decision that names a partner says should become of the agreement with it.
pub(super) fn recommended_for(cx: &Context, record: &Record, partner: &str) -> Option<(Recommendation, Span)> {
    let rules = &cx.rules.agreement;
    let d = record.decisions.iter().find(|d| d.text.contains(partner))?;
    let place = d.evidence.first().map(|e| Span { start: e.start, end: e.end })?;
    let does = |action: &str| d.actions.iter().any(|a| a == action);
    let what = if rules.not_renewed.is_match(&d.text) || does("terminate") {
        Recommendation::Terminate
    } else if does("renegotiate") || d.text.contains("omförhandl") {
        Recommendation::Renegotiate
    } else if does("extend") {
        Recommendation::Extend
    } else {
        return None;
    };
    Some((what, place))
}

/// What a sentence says should become of the agreement.
fn said(rules: &Rules, sentence: &str) -> Option<Recommendation> {
    if rules.not_renewed.is_match(sentence) {
        return Some(Recommendation::Terminate);
    }
    rules.renewed.is_match(sentence).then_some(Recommendation::Extend)
}
