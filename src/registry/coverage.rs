//! Says what the corpus lacks: what a reader must know before quoting a count.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

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
    /// Paragraphs that are missing between those here and before them, as ranges, both ends included. Some bodies begin anew with
    /// every meeting; then each meeting is looked at by itself.
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
    /// Numbers below it that no document here has as its own, as ranges.
    pub gaps: Vec<Range>,
}

/// Numbers that are missing, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Range {
    /// First.
    pub from: u32,
    /// Last.
    pub to: u32,
}

/// A meeting that documents here speak of and whose minutes are not here.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Meeting {
    /// The body.
    pub body: String,
    /// The day.
    pub date: PartialDate,
    /// Paths of the documents: notices, proposals, extracts.
    pub paths: Vec<String>,
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
    /// Meetings whose minutes are not here.
    pub meetings_missing: Vec<Meeting>,
    /// Pages without letters.
    pub textless_pages: usize,
}

/// Paragraphs of extracts, with the day of the meeting.
type Extracts = BTreeSet<(Option<PartialDate>, u32)>;

/// Looks for what is missing.
pub(super) fn coverage(mentions: &Mentions, cases: &Cases) -> Coverage {
    // Titles and names of files, by body; those of documents without one, applications among them, may belong to any.
    let mut titles: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut meetings: BTreeSet<(String, PartialDate)> = BTreeSet::new();
    let mut spoken_of: BTreeMap<(String, PartialDate), BTreeSet<&str>> = BTreeMap::new();
    let mut whole: BTreeSet<(String, PartialDate)> = BTreeSet::new();
    let mut extracts: BTreeMap<(String, i16), Extracts> = BTreeMap::new();
    let mut of: BTreeMap<(String, i16), BTreeMap<Option<PartialDate>, BTreeSet<u32>>> = BTreeMap::new();
    for doc in mentions.documents() {
        let source = &doc.source;
        let own = titles.entry(source.authority.as_deref().map(slug).unwrap_or_default()).or_default();
        own.extend(source.title.as_deref().map(slug));
        own.extend(Path::new(&source.path).file_stem().map(|n| slug(&n.to_string_lossy())));
        let body = source.authority.clone().unwrap_or_default();
        if source.is_minutes() {
            meetings.extend(source.meeting_date.map(|d| (body.clone(), d)));
        }
        if let Some(day) = source.meeting_date.filter(|_| source.kind != "protokoll" && !body.is_empty()) {
            spoken_of.entry((body.clone(), day)).or_default().insert(&source.path);
        }
        whole.extend(source.meeting_date.filter(|_| source.kind == "protokoll").map(|d| (body.clone(), d)));
        let year = source.meeting_date.map(PartialDate::year_number).or(source.year);
        if let Some(year) = year.filter(|_| source.is_minutes() && !doc.paragraphs.is_empty()) {
            // An extract has one paragraph of many: it fills gaps and makes none.
            if source.kind == "protokoll" {
                of.entry((body, year)).or_default().entry(source.meeting_date).or_default().extend(&doc.paragraphs);
            } else {
                extracts
                    .entry((body, year))
                    .or_default()
                    .extend(doc.paragraphs.iter().map(|n| (source.meeting_date, *n)));
            }
        }
    }
    spoken_of.retain(|meeting, _| !whole.contains(meeting));
    let mut promised = 0;
    let mut missing = Vec::new();
    let mut unanswered = 0;
    for doc in mentions.documents() {
        promised += doc.attachments.len();
        for (title, mentions) in &doc.attachments {
            let wanted = slug(title);
            // A title is found as it is, or as the beginning of a longer one.
            let own = doc.source.authority.as_deref().map(slug).unwrap_or_default();
            let found = [own.as_str(), ""]
                .into_iter()
                .filter_map(|body| titles.get(body))
                .any(|titles| titles.range(wanted.clone()..).next().is_some_and(|t| t.starts_with(&wanted)));
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
        paragraphs: of
            .into_iter()
            .map(|(key, meetings)| {
                let extracts = extracts.remove(&key).unwrap_or_default();
                paragraphs(key.0, key.1, meetings, &extracts)
            })
            .collect(),
        series: series(&cases.entries),
        attachments_missing: missing,
        attachments_promised: promised,
        proposals_without_minutes: unanswered,
        meetings_missing: spoken_of
            .into_iter()
            .map(|((body, date), paths)| Meeting { body, date, paths: paths.into_iter().map(str::to_string).collect() })
            .collect(),
        textless_pages: mentions.documents().map(|d| d.textless_pages).sum(),
    }
}

fn paragraphs(
    body: String,
    year: i16,
    meetings: BTreeMap<Option<PartialDate>, BTreeSet<u32>>,
    extracts: &Extracts,
) -> Paragraphs {
    // Where two meetings have a number in common, each meeting begins anew.
    let all: BTreeSet<u32> = meetings.values().flatten().copied().collect();
    let total: usize = meetings.values().map(BTreeSet::len).sum();
    let anew = total > all.len() || meetings.len() == 1;
    let mut gaps = Vec::new();
    if anew {
        for (day, numbers) in &meetings {
            let there = extracts.iter().filter(|(of, _)| of == day).map(|(_, n)| *n);
            let numbers = numbers.iter().copied().chain(there).collect();
            gaps.extend(holes(&numbers).into_iter().map(|(from, to)| Gap { from, to, meeting: *day }));
        }
    } else {
        let numbers = all.iter().copied().chain(extracts.iter().map(|(_, n)| *n)).collect();
        gaps.extend(holes(&numbers).into_iter().map(|(from, to)| Gap { from, to, meeting: None }));
    }
    Paragraphs { body, year, meetings: meetings.into_keys().flatten().collect(), here: total, gaps }
}

/// Numbers that are missing from 1 to the highest.
fn holes(numbers: &BTreeSet<u32>) -> Vec<(u32, u32)> {
    let mut next = 1_u32;
    let mut out = Vec::new();
    for n in numbers {
        if *n > next {
            out.push((next, n - 1));
        }
        next = n.saturating_add(1);
    }
    out
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
            gaps: holes(&numbers).into_iter().map(|(from, to)| Range { from, to }).collect(),
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
        let gaps = paragraphs("N".into(), 2024, through, &BTreeSet::new()).gaps;
        assert_eq!(gaps, [Gap { from: 4, to: 5, meeting: None }]);
        let anew = BTreeMap::from([(day("2024-01-10"), set(&[1, 2, 3])), (day("2024-02-10"), set(&[1, 3]))]);
        let gaps = paragraphs("N".into(), 2024, anew, &BTreeSet::new()).gaps;
        assert_eq!(gaps, [Gap { from: 2, to: 2, meeting: day("2024-02-10") }]);
        let later = BTreeMap::from([(day("2024-03-10"), set(&[21, 22]))]);
        // What an extract has is no gap.
        let extracts = BTreeSet::from([(day("2024-03-10"), 20), (day("2024-02-10"), 7)]);
        let gaps = paragraphs("N".into(), 2024, later, &extracts).gaps;
        assert_eq!(gaps, [Gap { from: 1, to: 19, meeting: day("2024-03-10") }]);
    }
}
