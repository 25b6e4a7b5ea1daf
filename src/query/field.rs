//! Defines the one table of what can be searched and filtered by. The command line, the engines' schemas and the docs use it.

use std::fmt;

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
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Info {
    /// Which field.
    pub field: Field,
    /// Its name in queries, filters, facets and results.
    pub name: &'static str,
    /// How values are compared.
    pub form: Form,
    /// Whether results are counted by it.
    pub facet: bool,
    /// Whether it is a property of one decision: such conditions hold together for one and the same decision.
    pub of_decision: bool,
    /// One line for people.
    pub help: &'static str,
}

const fn row(field: Field, name: &'static str, form: Form, facet: bool, of_decision: bool, help: &'static str) -> Info {
    Info { field, name, form, facet, of_decision, help }
}

/// The table, in the order facets are shown.
pub const FIELDS: [Info; 15] = [
    row(Field::District, "district", Form::Id, true, false, "District committee, by id, name or former name"),
    row(Field::Year, "year", Form::Number, true, false, "Year, or a range 2019..2023"),
    row(Field::Kind, "kind", Form::Id, true, false, "Kind of document, e.g. tjansteutlatande"),
    row(Field::Genre, "genre", Form::Id, true, false, "What it is about, e.g. slutrapport"),
    row(Field::Authority, "authority", Form::Name, true, false, "The body the document belongs to"),
    row(Field::Party, "party", Form::Name, true, false, "Party of an agreement, by name, former name or org number"),
    row(Field::Handlaggare, "handlaggare", Form::Name, true, false, "Officer in charge"),
    row(Field::Action, "action", Form::Id, true, true, "What a decision does, e.g. approve or godkänna"),
    row(Field::Status, "status", Form::Id, true, true, "proposed, moved, decided or opinion"),
    row(Field::Actor, "actor", Form::Name, false, true, "Who decides"),
    row(Field::Assignee, "assignee", Form::Name, false, true, "Who is given the task"),
    row(Field::PoliticalParty, "political-party", Form::Id, false, false, "Political party, by letters or name"),
    row(Field::Dnr, "dnr", Form::Dnr, false, false, "Diary number in any spelling, own or cited"),
    row(Field::Has, "has", Form::Id, false, false, "What the record must hold, e.g. agreement, decision, table"),
    row(Field::Date, "date", Form::Date, false, false, "The document's date"),
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

    /// The field with this name; `_` and `-` are the same.
    pub fn by_name(name: &str) -> Option<Field> {
        let name = name.to_lowercase().replace('_', "-");
        FIELDS.iter().find(|i| i.name == name).map(|i| i.field)
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
            assert_eq!(Field::by_name(info.name), Some(info.field));
        }
        assert_eq!(Field::facets().count(), 9);
    }
}
