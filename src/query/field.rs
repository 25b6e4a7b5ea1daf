//! Defines the one table of what can be searched and filtered by. The query language, the command line, the engines' schemas and
//! the docs use it.

use std::fmt;

use crate::base::fold::fold;

/// A field of the index that a filter, a facet or a word can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The document's own districts, by id.
    District,
    /// The document's year.
    Year,
    /// The document's date, or its meeting's.
    Date,
    /// Form of the document.
    Kind,
    /// What it is about.
    Genre,
    /// The body it belongs to.
    Authority,
    /// Counterparts of agreements and cases.
    Party,
    /// Political parties that sat, moved, voted or reserved themselves.
    PoliticalParty,
    /// Officers in charge.
    Handlaggare,
    /// What a decision does.
    Action,
    /// Where a decision stands.
    Status,
    /// Who decides.
    Actor,
    /// Who is given the task.
    Assignee,
    /// Diary numbers, own and cited.
    Dnr,
    /// What the record holds at all, e.g. `agreement`.
    Has,
    /// Sections of the document, by heading.
    Section,
    /// No document dated before this.
    From,
    /// No document dated after this.
    To,
    /// All words.
    Text,
    /// Words of the title.
    Title,
    /// Words of a decision.
    Decision,
}

/// How a field's values are written and compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// An id of the vocabulary; people may type its name or an alias.
    Id,
    /// A name as printed, compared without case, marks and punctuation.
    Name,
    /// A number, or a range `a..b`.
    Number,
    /// A date.
    Date,
    /// A diary number in any spelling.
    Dnr,
    /// Words, as in the rest of the query.
    Words,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Info {
    /// Which field.
    pub field: Field,
    /// Its name in queries, filters, facets and results.
    pub name: &'static str,
    /// Other names that queries may use, folded.
    pub aliases: &'static [&'static str],
    /// How values are compared.
    pub form: Form,
    /// Whether results are counted by it.
    pub facet: bool,
    /// Whether it is a property of one decision: such conditions hold together for one and the same decision.
    pub of_decision: bool,
    /// One line for people.
    pub help: &'static str,
}

const fn row(
    field: Field,
    name: &'static str,
    aliases: &'static [&'static str],
    form: Form,
    facet: bool,
    of_decision: bool,
    help: &'static str,
) -> Info {
    Info { field, name, aliases, form, facet, of_decision, help }
}

/// The table, in the order facets are shown: field, name, aliases, form, whether it is a facet, whether it is of a decision, help.
pub const FIELDS: [Info; 21] = [
    row(
        Field::District,
        "district",
        &["stadsdel", "distrikt"],
        Form::Id,
        true,
        false,
        "District committee, by id, name or former name",
    ),
    row(Field::Year, "year", &["ar"], Form::Number, true, false, "Year, or a range 2019..2023"),
    row(Field::Kind, "kind", &["typ", "slag"], Form::Id, true, false, "Kind of document, e.g. tjansteutlatande"),
    row(Field::Genre, "genre", &[], Form::Id, true, false, "What it is about, e.g. slutrapport"),
    row(
        Field::Authority,
        "authority",
        &["namnd", "myndighet"],
        Form::Name,
        true,
        false,
        "The body the document belongs to",
    ),
    row(
        Field::Party,
        "party",
        &["part"],
        Form::Name,
        true,
        false,
        "Party of an agreement, by name, former name or org number",
    ),
    row(Field::Handlaggare, "handlaggare", &["officer"], Form::Name, true, false, "Officer in charge"),
    row(Field::Action, "action", &["atgard"], Form::Id, true, true, "What a decision does, e.g. approve or godkänna"),
    row(Field::Status, "status", &[], Form::Id, true, true, "proposed, moved, decided or opinion"),
    row(Field::Actor, "actor", &["beslutsfattare"], Form::Name, false, true, "Who decides"),
    row(Field::Assignee, "assignee", &["uppdrag-till"], Form::Name, false, true, "Who is given the task"),
    row(
        Field::PoliticalParty,
        "political-party",
        &["parti"],
        Form::Id,
        false,
        false,
        "Political party, by letters or name",
    ),
    row(Field::Dnr, "dnr", &["diarienummer"], Form::Dnr, false, false, "Diary number in any spelling, own or cited"),
    row(
        Field::Has,
        "has",
        &["har"],
        Form::Id,
        false,
        false,
        "What the record must hold, e.g. agreement, decision, table",
    ),
    row(
        Field::Section,
        "section",
        &["avsnitt"],
        Form::Id,
        false,
        false,
        "Section of the document, by its heading, e.g. bakgrund",
    ),
    row(Field::Date, "date", &["datum"], Form::Date, false, false, "The document's date, or a range, or >=2024-01"),
    row(
        Field::From,
        "from",
        &["fran"],
        Form::Date,
        false,
        false,
        "Dated this day or later: YYYY, YYYY-MM or YYYY-MM-DD",
    ),
    row(Field::To, "to", &["till"], Form::Date, false, false, "Dated this day or earlier"),
    row(Field::Text, "text", &[], Form::Words, false, false, "Words anywhere, as without a field"),
    row(Field::Title, "title", &["titel"], Form::Words, false, false, "Words in the title"),
    row(Field::Decision, "decision", &["beslut"], Form::Words, false, true, "Words in a decision or its item's title"),
];

impl Field {
    /// Its row of the table.
    pub fn info(self) -> &'static Info {
        FIELDS.iter().find(|i| i.field == self).unwrap_or(&FIELDS[0])
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// The field with this name or alias, in any case, with its marks or without; `_` and `-` are the same.
    pub fn by_name(name: &str) -> Option<Field> {
        let name = fold(name).replace('_', "-");
        let named = |i: &&Info| i.name == name || i.aliases.contains(&name.as_str());
        FIELDS.iter().find(named).map(|i| i.field)
    }

    /// The fields that results are counted by, in the order they are shown.
    pub fn facets() -> impl Iterator<Item = Field> {
        FIELDS.iter().filter(|i| i.facet).map(|i| i.field)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_its_own_row() {
        for info in &FIELDS {
            assert_eq!(info.field.info().name, info.name);
            for name in [info.name].iter().chain(info.aliases) {
                assert_eq!(Field::by_name(name), Some(info.field));
            }
        }
        assert_eq!(Field::by_name("Handläggare"), Some(Field::Handlaggare));
        assert_eq!(Field::facets().count(), 9);
    }
}
