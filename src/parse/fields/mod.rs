//! Defines the list of field rules: `FIELDS` is read from top to bottom, and a rule may use what stands above it.

pub(crate) mod agreement;
pub(crate) mod attachments;
pub(crate) mod attestations;
pub(crate) mod authority;
pub(crate) mod authors;
pub(crate) mod contact;
pub(crate) mod date;
pub(crate) mod decision;
pub(crate) mod dnr;
pub(crate) mod figures;
pub(crate) mod handlaggare;
pub(crate) mod item;
pub(crate) mod kind;
pub(crate) mod language;
pub(crate) mod meeting;
pub(crate) mod office;
pub(crate) mod org_nr;
pub(crate) mod party;
pub(crate) mod period;
pub(crate) mod recipient;
pub(crate) mod references;
pub(crate) mod sections;
pub(crate) mod signatories;
pub(crate) mod tables;
pub(crate) mod title;
pub(crate) mod warnings;

use crate::parse::pattern::Regex;

use super::context::Context;
use super::districts::DistrictFinder;
use super::person::People;
use super::record::Record;
use super::text::{DateReader, fixed};
use crate::lexicon::Lexicon;

/// One field rule.
#[derive(Debug)]
pub(crate) struct Field {
    /// What it fills, as named in the record.
    pub name: &'static str,
    /// Fills it.
    pub read: fn(&Context, &mut Record),
}

/// The field rules, in order.
pub(crate) const FIELDS: &[Field] = &[
    Field { name: "warnings", read: warnings::read },
    Field { name: "language", read: language::read },
    Field { name: "title", read: title::read },
    Field { name: "kind", read: kind::read },
    Field { name: "recipient", read: recipient::read },
    Field { name: "administration", read: office::read },
    Field { name: "dnr", read: dnr::read },
    Field { name: "date", read: date::read },
    Field { name: "authority", read: authority::read },
    Field { name: "districts", read: authority::read_districts },
    Field { name: "handlaggare", read: handlaggare::read },
    Field { name: "contact", read: contact::read },
    Field { name: "authors", read: authors::read },
    Field { name: "sections", read: sections::read },
    Field { name: "items", read: item::read },
    Field { name: "signatories", read: signatories::read },
    Field { name: "administration", read: office::read_from_signatures },
    Field { name: "attestations", read: attestations::read },
    Field { name: "attachments", read: attachments::read },
    Field { name: "tables", read: tables::read },
    Field { name: "year", read: date::read_year },
    Field { name: "parties", read: party::read },
    Field { name: "decisions", read: decision::read },
    Field { name: "authority", read: authority::read_from_decisions },
    Field { name: "agreements", read: agreement::read },
    Field { name: "periods", read: period::read },
    Field { name: "meeting", read: meeting::read },
    Field { name: "amounts", read: figures::read },
    Field { name: "references", read: references::read },
];

/// The patterns of all fields, compiled once from the vocabulary.
#[derive(Debug)]
pub(crate) struct Rules {
    /// Kinds and their cues.
    pub kind: kind::Rules,
    /// For titles.
    pub title: title::Rules,
    /// For diary numbers.
    pub dnr: dnr::Rules,
    /// For addresses.
    pub contact: contact::Rules,
    /// For attachments.
    pub attachments: attachments::Rules,
    /// Written dates.
    pub dates: DateReader,
    /// Names and titles of people.
    pub people: People,
    /// District committees.
    pub districts: DistrictFinder,
    /// A word before the name of a predecessor, at the end of a text.
    pub former_mark: Regex,
    /// A year from 1990 to 2039.
    pub year: Regex,
    /// A line that speaks of a meeting: a weekday, a time of day, the word itself.
    pub meeting_line: Regex,
    /// A time of day: `kl. 18.00`, `klockan 9`.
    pub time_of_day: Regex,
    /// A line whose date is not the meeting's.
    pub not_meeting: Regex,
    /// `beslutade den`, `utfärdad den`: before the day on which a document was made.
    pub decided: Regex,
    /// How names of committees end.
    pub committees: Vec<String>,
    /// For agreements.
    pub agreement: agreement::Rules,
    /// For decisions.
    pub decision: decision::Rules,
    /// For items.
    pub item: item::Rules,
    /// For meetings.
    pub meeting: meeting::Rules,
    /// For organisation numbers.
    pub org_nr: org_nr::Rules,
    /// For parties.
    pub party: party::Rules,
    /// For periods.
    pub period: period::Rules,
    /// For sums and counts.
    pub figures: figures::Rules,
    /// For tables whose columns ran together.
    pub flat: tables::flat::Rules,
    /// For laws, programmes and the like.
    pub references: references::Rules,
}

impl Rules {
    /// Whether a text ends, or begins (`Nämnden för …`), like the name of a committee.
    pub fn names_committee(&self, text: &str) -> bool {
        recipient::names_body(text, &self.committees)
    }

    /// Compiles the patterns.
    pub fn new(lex: &Lexicon) -> Self {
        let marks: Vec<String> = lex.bodies.former_marks.iter().map(|m| regex::escape(m)).collect();
        let former = format!(r"(?i)(?:^|[^\p{{L}}])(?:{})\s+(?:stadsdelsnämnden\s+)?$", marks.join("|"));
        Rules {
            kind: kind::Rules::new(lex),
            title: title::Rules::new(lex),
            dnr: dnr::Rules::new(lex),
            contact: contact::Rules::new(),
            attachments: attachments::Rules::new(),
            dates: DateReader::new(lex),
            people: People::new(lex),
            districts: DistrictFinder::new(lex),
            former_mark: Regex::new(&former).expect("the marks are escaped"),
            year: fixed(r"\b(?:199\d|20[0-3]\d)\b"),
            meeting_line: fixed(r"(?i)\b(?:mån|tis|ons|tors|fre|lör|sön)dag|sammanträd|\bmöte|\bkl\b"),
            time_of_day: fixed(r"(?i)\bkl(?:\.|ockan)?\s*\d{1,2}\b"),
            not_meeting: fixed(
                r"(?i)anslag|justera|justering|signera|överklag|uppsätt|nedtag|tas ne[dr]|sätts upp|utskick|bestyrk",
            ),
            decided: fixed(
                r"(?i)\b(?:beslutade|beslutad|utfärdad|utfärdat|fastställd|fastställt|antagen)\s+(?:av\s+\p{L}+(?:[ -]\p{L}+){0,4}\s+)?(?:den\s+)?",
            ),
            committees: lex.bodies.authority.clone(),
            agreement: agreement::Rules::new(lex),
            decision: decision::Rules::new(lex),
            item: item::Rules::new(lex),
            meeting: meeting::Rules::new(lex),
            org_nr: org_nr::Rules::new(lex),
            party: party::Rules::new(lex),
            period: period::Rules::new(lex),
            figures: figures::Rules::new(lex),
            flat: tables::flat::Rules::new(lex),
            references: references::Rules::new(lex),
        }
    }
}
