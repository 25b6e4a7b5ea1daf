//! Reads sums of money and counted quantities, in one pass over the numbers of the text.
//!
//! A number is digits in groups of three (blank, no-break or thin blank, stop or line break between), with a decimal comma;
//! the word after it says what it counts. Without such a word a number is nothing: dates, diary numbers, telephones and
//! postal codes need no pattern of their own here.

mod number;
mod units;

use std::collections::BTreeMap;

use crate::base::Span;
use crate::parse::context::Context;
use crate::parse::record::{Amount, Quantity, Record};
use crate::parse::text::joined;
pub(crate) use units::Rules;
use units::What;

/// Most sums, and most quantities, of one document.
const MOST: usize = 2000;

/// Most mentions of one sum or quantity that are proved.
const MENTIONS: usize = 20;

/// A figure with what it counts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Figure {
    /// Where, with its unit.
    span: Span,
    /// The number; the lower one of a range.
    value: f64,
    /// The upper one of a range.
    upper: Option<f64>,
    what: What,
    rule: &'static str,
    confidence: f32,
}

/// Fills amounts and quantities.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    let text = cx.doc.body();
    let mut sums = BTreeMap::new();
    let mut counts = BTreeMap::new();
    for f in cx.rules.figures.find(text) {
        let raw = joined(cx.quote(f.span));
        match &f.what {
            What::Money { per } => {
                let value = f.upper.is_none().then_some(f.value);
                let key = if value.is_some() { f.value.to_string() } else { raw.clone() };
                let proof = cx.evidence("value_sek", f.span, f.rule, f.confidence);
                let at = *sums.entry((key, per.clone())).or_insert(record.amounts.len());
                match record.amounts.get_mut(at) {
                    Some(same) if same.evidence.len() < MENTIONS => same.evidence.push(proof),
                    Some(_) => {}
                    None if at < MOST => {
                        record.amounts.push(Amount { value_sek: value, raw, per: per.clone(), evidence: vec![proof] });
                    }
                    None => {}
                }
            }
            What::Count { unit } => {
                let proof = cx.evidence("value", f.span, f.rule, f.confidence);
                let key = (f.value.to_string(), f.upper.map(|u| u.to_string()), unit.to_lowercase());
                let at = *counts.entry(key).or_insert(record.quantities.len());
                match record.quantities.get_mut(at) {
                    Some(same) if same.evidence.len() < MENTIONS => same.evidence.push(proof),
                    Some(_) => {}
                    None if at < MOST => {
                        record.quantities.push(Quantity {
                            value: f.value,
                            upper: f.upper,
                            unit: unit.clone(),
                            raw,
                            evidence: vec![proof],
                        });
                    }
                    None => {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
