//! Says what the corpus lacks: what a reader must know before quoting a count.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::mention::{Mentions, Proof};
use super::name::slug;
use super::{Case, Cases};
use crate::base::PartialDate;

/// Paragraphs of one body in one year.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Paragraphs {
    /// The body.
    pub body: String,
    /// The year.
    pub year: i16,
    /// Days of the meetings whose minutes are here.
    pub meetings: Vec<PartialDate>,
    /// How many paragraphs are here.
    pub here: usize,
    /// Paragraphs that are missing between those here, as ranges, both ends included. Some bodies begin anew with every meeting;
    /// then each meeting is looked at by itself.
    pub gaps: Vec<Gap>,
}

/// Paragraphs that are missing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Gap {
    /// First.
    pub from: u32,
    /// Last.
    pub to: u32,
    /// Of this meeting alone, where each begins anew.
    pub meeting: Option<PartialDate>,
}

/// Diary numbers of one authority, series and year.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Series {
    /// The authority.
    pub authority: String,
    /// Letters of the series.
    pub series: Option<String>,
    /// The year.
    pub year: i16,
    /// How many numbers are here.
    pub here: usize,
    /// The highest: so many there were at least.
    pub highest: u32,
}

/// An attachment that a document promises and that is not found beside it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Missing {
    /// Path of the document.
    pub path: String,
    /// Title of the attachment.
    pub title: String,
    /// Where it is promised.
    pub mentions: Vec<Proof>,
}

/// What the corpus lacks.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Coverage {
    /// Paragraphs of minutes, by body and year.
    pub paragraphs: Vec<Paragraphs>,
    /// Diary numbers, by authority, series and year.
    pub series: Vec<Series>,
    /// Attachments that are promised and not found.
    pub attachments_missing: Vec<Missing>,
    /// Attachments that are promised.
    pub attachments_promised: usize,
    /// Proposals for a meeting whose minutes are not here.
    pub proposals_without_minutes: usize,
    /// Pages without letters.
    pub textless_pages: usize,
}

/// Looks for what is missing.
pub(super) fn coverage(mentions: &Mentions, cases: &Cases) -> Coverage {
    let mut titles: BTreeSet<String> = BTreeSet::new();
    let mut meetings: BTreeSet<(String, PartialDate)> = BTreeSet::new();
    let mut of: BTreeMap<(String, i16), BTreeMap<Option<PartialDate>, BTreeSet<u32>>> = BTreeMap::new();
    for doc in mentions.documents() {
        let source = &doc.source;
        titles.extend(source.title.as_deref().map(slug));
        let body = source.authority.clone().unwrap_or_default();
        if source.is_minutes() {
            meetings.extend(source.meeting_date.map(|d| (body.clone(), d)));
            // An extract has one paragraph of many: it fills gaps and makes none.
            let year = source.meeting_date.map(PartialDate::year_number).or(source.year);
            if let Some(year) = year.filter(|_| source.kind == "protokoll" && !doc.paragraphs.is_empty()) {
                of.entry((body, year)).or_default().entry(source.meeting_date).or_default().extend(&doc.paragraphs);
            }
        }
    }
    let mut promised = 0;
    let mut missing = Vec::new();
    let mut unanswered = 0;
    for doc in mentions.documents() {
        promised += doc.attachments.len();
        for (title, mentions) in &doc.attachments {
            let wanted = slug(title);
            // A title is found as it is, or as the beginning of a longer one.
            let found = titles.range(wanted.clone()..).next().is_some_and(|t| t.starts_with(&wanted));
            if !found || wanted.is_empty() {
                missing.push(Missing {
                    path: doc.source.path.clone(),
                    title: title.clone(),
                    mentions: mentions.clone(),
                });
            }
        }
        let source = &doc.source;
        if let (Some(day), Some(body), false) = (source.meeting_date, &source.authority, source.is_minutes()) {
            let proposes = source.kind == "tjansteutlatande" || source.kind == "tjansteskrivelse";
            unanswered += usize::from(proposes && !meetings.contains(&(body.clone(), day)));
        }
    }
    missing.sort_by(|a, b| (&a.path, &a.title).cmp(&(&b.path, &b.title)));
    Coverage {
        paragraphs: of.into_iter().map(|((body, year), meetings)| paragraphs(body, year, meetings)).collect(),
        series: series(&cases.entries),
        attachments_missing: missing,
        attachments_promised: promised,
        proposals_without_minutes: unanswered,
        textless_pages: mentions.documents().map(|d| d.textless_pages).sum(),
    }
}

fn paragraphs(body: String, year: i16, meetings: BTreeMap<Option<PartialDate>, BTreeSet<u32>>) -> Paragraphs {
    // Where two meetings have a number in common, each meeting begins anew.
    let all: BTreeSet<u32> = meetings.values().flatten().copied().collect();
    let total: usize = meetings.values().map(BTreeSet::len).sum();
    let anew = total > all.len() || meetings.len() == 1;
    let mut gaps = Vec::new();
    if anew {
        for (day, numbers) in &meetings {
            gaps.extend(holes(numbers).into_iter().map(|(from, to)| Gap { from, to, meeting: *day }));
        }
    } else {
        gaps.extend(holes(&all).into_iter().map(|(from, to)| Gap { from, to, meeting: None }));
    }
    Paragraphs { body, year, meetings: meetings.into_keys().flatten().collect(), here: total, gaps }
}

fn holes(numbers: &BTreeSet<u32>) -> Vec<(u32, u32)> {
    let pairs = numbers.iter().zip(numbers.iter().skip(1));
    pairs.filter(|(a, b)| **b > **a + 1).map(|(a, b)| (a + 1, b - 1)).collect()
}

fn series(cases: &[Case]) -> Vec<Series> {
    let mut of: BTreeMap<(String, Option<String>, i16), BTreeSet<u32>> = BTreeMap::new();
    for c in cases {
        let authority = c.authority.clone().unwrap_or_default();
        of.entry((authority, c.series.clone(), c.year)).or_default().insert(c.number);
    }
    of.into_iter()
        .map(|((authority, series, year), numbers)| Series {
            authority,
            series,
            year,
            here: numbers.len(),
            highest: numbers.last().copied().unwrap_or(0),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meetings_that_begin_anew_are_looked_at_one_by_one() {
        let day = |d: &str| Some(d.parse::<PartialDate>().unwrap());
        let set = |n: &[u32]| n.iter().copied().collect::<BTreeSet<u32>>();
        let through = BTreeMap::from([(day("2024-01-10"), set(&[1, 2, 3])), (day("2024-02-10"), set(&[6, 7]))]);
        let gaps = paragraphs("N".into(), 2024, through).gaps;
        assert_eq!(gaps, [Gap { from: 4, to: 5, meeting: None }]);
        let anew = BTreeMap::from([(day("2024-01-10"), set(&[1, 2, 3])), (day("2024-02-10"), set(&[1, 3]))]);
        let gaps = paragraphs("N".into(), 2024, anew).gaps;
        assert_eq!(gaps, [Gap { from: 2, to: 2, meeting: day("2024-02-10") }]);
    }
}
