//! Defines the one table of what is compared: the record's fields, how each is compared, and which value tells objects of a
//! list apart. Labels are checked against it, and the rows of a score stand in its order.

use super::fold::As;

/// What a field holds.
#[derive(Debug)]
pub(super) enum Shape {
    /// One value or null.
    One(As),
    /// A list of values.
    Many(As),
    /// One object or null.
    Object(&'static Object),
    /// A list of objects.
    Objects(&'static Object),
    /// May stand in a label and is not compared.
    Unjudged,
}

/// An object with values.
#[derive(Debug)]
pub(super) struct Object {
    /// The values that say which object it is; their row has the object's own name. A label's plain string is the first of them.
    pub main: &'static [&'static str],
    /// How they are compared: joined by `..`, missing ones empty.
    pub by: As,
    /// All other fields.
    pub fields: &'static [(&'static str, Shape)],
}

use As::{Date, Dnr, Exact, Flag, Phone, Point, Span, Text};
use Shape::{Many, Object as Obj, Objects, One, Unjudged};

const NAMED: Object = Object { main: &["name"], by: Text, fields: &[] };
const AUTHORITY: Object = Object { main: &["name"], by: Text, fields: &[("district", One(Exact))] };
const DISTRICT: Object = Object { main: &["id"], by: Exact, fields: &[("name", One(Text)), ("role", One(Exact))] };
const NUMBER: Object = Object {
    main: &["canonical"],
    by: Dnr,
    fields: &[
        ("role", One(Exact)),
        ("plan", One(Exact)),
        ("raw", Unjudged),
        ("series", Unjudged),
        ("year", Unjudged),
        ("number", Unjudged),
    ],
};
/// The document's own numbers alone: whether one was invented where there is none.
const OWN: Object = Object {
    main: &["canonical"],
    by: Dnr,
    fields: &[
        ("role", Unjudged),
        ("plan", Unjudged),
        ("raw", Unjudged),
        ("series", Unjudged),
        ("year", Unjudged),
        ("number", Unjudged),
    ],
};
const OFFICER: Object =
    Object { main: &["name"], by: Text, fields: &[("phone", One(Phone)), ("email", One(Exact)), ("title", One(Text))] };
const CONTACT: Object = Object {
    main: &[],
    by: Exact,
    fields: &[
        ("street", One(Text)),
        ("postal_code", One(Exact)),
        ("city", One(Text)),
        ("phone", One(Phone)),
        ("email", One(Exact)),
        ("web", One(Exact)),
    ],
};
const DECISION: Object = Object {
    main: &["text"],
    by: Point,
    fields: &[
        ("status", One(Exact)),
        ("actions", Many(Exact)),
        ("actor", One(Text)),
        ("assignee", One(Text)),
        ("number", One(Exact)),
        ("section", One(Exact)),
    ],
};
const PARTY: Object = Object {
    main: &["name"],
    by: Text,
    fields: &[
        ("role", One(Exact)),
        ("org_nr", One(Exact)),
        ("org_nr_raw", One(Exact)),
        ("org_nr_valid", One(Exact)),
        ("org_nr_suggestion", One(Exact)),
        ("former_names", Many(Text)),
        ("aliases", Many(Text)),
    ],
};
const EXTENSION: Object = Object {
    main: &[],
    by: Exact,
    fields: &[
        ("count", One(Exact)),
        ("unit", One(Exact)),
        ("times", One(Exact)),
        ("max_end", One(Date)),
        ("exercised", One(Flag)),
        ("new_end", One(Date)),
    ],
};
const PRECISION: Object = Object { main: &[], by: Exact, fields: &[("start", One(Exact)), ("end", One(Exact))] };
const PERIOD: Object = Object {
    main: &["start", "end"],
    by: Span,
    fields: &[
        ("open_ended", One(Flag)),
        ("precision", Obj(&PRECISION)),
        ("extension", Obj(&EXTENSION)),
        ("raw", Unjudged),
    ],
};
const AGREEMENT: Object = Object {
    main: &["name"],
    by: Text,
    fields: &[
        ("type", One(Exact)),
        ("parties", Many(Text)),
        ("periods", Objects(&PERIOD)),
        ("signed", One(Date)),
        ("purpose", One(Text)),
        ("target_groups", Many(Text)),
        ("activities", Many(Text)),
        ("cofinanced", One(Exact)),
        ("challenge_stated", One(Exact)),
        ("programme", One(Text)),
        ("outcome", One(Text)),
        ("recommendation", One(Exact)),
        // Older labels have them here; see gold.
        ("org_nr", Unjudged),
        ("target_group", Unjudged),
    ],
};
const SECTION: Object = Object {
    main: &["heading"],
    by: Text,
    fields: &[
        ("id", One(Exact)),
        ("level", One(Exact)),
        ("text", One(Text)),
        ("first_page", One(Exact)),
        ("last_page", One(Exact)),
    ],
};
const PRESENT: Object = Object {
    main: &["name"],
    by: Text,
    fields: &[
        ("role", One(Text)),
        ("political_party", One(Exact)),
        ("substitute_for", One(Text)),
        ("items", One(Text)),
    ],
};
const MEETING: Object = Object {
    main: &[],
    by: Exact,
    fields: &[
        ("body", One(Text)),
        ("date", One(Date)),
        ("place", One(Text)),
        ("starts", One(Exact)),
        ("ends", One(Exact)),
        ("present", Objects(&PRESENT)),
        ("adjusters", Many(Text)),
    ],
};
const MEMBER: Object = Object { main: &["name"], by: Text, fields: &[("political_party", One(Exact))] };
const MEMBER_VOTE: Object =
    Object { main: &["name"], by: Text, fields: &[("political_party", One(Exact)), ("vote", One(Exact))] };
const VOTE: Object = Object {
    main: &["yes", "no"],
    by: Exact,
    fields: &[
        ("abstain", One(Exact)),
        ("absent", One(Exact)),
        ("question", One(Text)),
        ("by_member", Objects(&MEMBER_VOTE)),
    ],
};
const RESERVATION: Object =
    Object { main: &["by"], by: Text, fields: &[("by", Objects(&MEMBER)), ("text", One(Text))] };
const STATEMENT: Object = Object {
    main: &["kind", "by"],
    by: Text,
    fields: &[("kind", One(Text)), ("by", Objects(&MEMBER)), ("text", One(Text))],
};
const ITEM: Object = Object {
    main: &["number"],
    by: Exact,
    fields: &[
        ("title", One(Text)),
        ("dnr", Objects(&NUMBER)),
        ("handlaggare", Objects(&OFFICER)),
        ("decisions", Objects(&DECISION)),
        ("votes", Objects(&VOTE)),
        ("proposition_order", One(Text)),
        ("reservations", Objects(&RESERVATION)),
        ("statements", Objects(&STATEMENT)),
        ("jav", Objects(&MEMBER)),
        ("adjusted_immediately", One(Flag)),
        ("confidential", One(Flag)),
    ],
};
const SIGNATORY: Object = Object { main: &["name"], by: Text, fields: &[("title", One(Text)), ("unit", One(Text))] };
const ATTESTATION: Object = Object { main: &["name"], by: Text, fields: &[("title", One(Text)), ("date", One(Date))] };
const ATTACHMENT: Object = Object { main: &["title"], by: Text, fields: &[] };
/// Told apart by its canonical form, or its text where it has none.
const REFERENCE: Object =
    Object { main: &["canonical"], by: Text, fields: &[("kind", One(Exact)), ("text", Unjudged)] };
const AMOUNT: Object = Object { main: &["value_sek"], by: Exact, fields: &[("per", One(Exact)), ("raw", Unjudged)] };
const QUANTITY: Object =
    Object { main: &["value", "unit"], by: Exact, fields: &[("upper", One(Exact)), ("raw", Unjudged)] };
/// All tables of a document together: which rows belong to which table is not judged.
const TABLES: Object =
    Object { main: &[], by: Exact, fields: &[("caption", Many(Text)), ("header", Many(Text)), ("rows", Many(Text))] };
const WARNING: Object = Object { main: &["code"], by: Exact, fields: &[("message", Unjudged)] };
/// Short forms and facts that older labels have.
const ORG_NR: Object = Object {
    main: &["value"],
    by: Exact,
    fields: &[("valid", One(Exact)), ("raw", Unjudged), ("suggestion", Unjudged)],
};

/// The record.
pub(super) static RECORD: Object = Object {
    main: &[],
    by: Exact,
    fields: &[
        ("kind", One(Exact)),
        ("genres", Many(Exact)),
        ("title", One(Text)),
        ("subtitle", One(Text)),
        ("language", One(Exact)),
        ("dnr", Objects(&NUMBER)),
        ("own_dnr", Objects(&OWN)),
        ("date", One(Date)),
        ("meeting_date", One(Date)),
        ("year", One(Exact)),
        ("authority", Obj(&AUTHORITY)),
        ("district", One(Exact)),
        ("former_districts", Many(Exact)),
        ("administration", Obj(&NAMED)),
        ("department", Obj(&NAMED)),
        ("recipient", Obj(&NAMED)),
        ("districts", Objects(&DISTRICT)),
        ("handlaggare", Objects(&OFFICER)),
        ("authors", Objects(&NAMED)),
        ("contact", Obj(&CONTACT)),
        ("decisions", Objects(&DECISION)),
        ("parties", Objects(&PARTY)),
        ("org_nr", Objects(&ORG_NR)),
        ("periods", Objects(&PERIOD)),
        ("agreements", Objects(&AGREEMENT)),
        ("agreements_from_table", One(Exact)),
        ("sections", Objects(&SECTION)),
        ("section_ids", Many(Exact)),
        ("meeting", Obj(&MEETING)),
        ("items", Objects(&ITEM)),
        ("signatories", Objects(&SIGNATORY)),
        ("attestations", Objects(&ATTESTATION)),
        ("attachments", Objects(&ATTACHMENT)),
        ("references", Objects(&REFERENCE)),
        ("amounts", Objects(&AMOUNT)),
        ("quantities", Objects(&QUANTITY)),
        ("tables", Obj(&TABLES)),
        ("warnings", Objects(&WARNING)),
    ],
};

impl Object {
    /// The shape of a field; the main values of objects are found here too.
    pub(super) fn field(&self, name: &str) -> Option<&'static Shape> {
        const ONE: Shape = One(Text);
        let listed = self.fields.iter().find(|(n, _)| *n == name).map(|(_, s)| s);
        listed.or_else(|| self.main.contains(&name).then_some(&ONE))
    }

    /// The names a label's object may have.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        let fields = self.fields.iter().map(|(n, _)| *n);
        self.main.iter().copied().chain(fields).chain(["evidence", "optional", "note"])
    }
}

/// Where the row of a field stands among all rows: its place in the record, then in the object it is in.
pub(super) fn order(field: &str) -> Vec<usize> {
    let mut path = Vec::new();
    let mut object = &RECORD;
    for name in field.split('.') {
        let Some(at) = object.fields.iter().position(|(n, _)| *n == name) else { break };
        path.push(at + 1);
        match object.fields.get(at) {
            Some((_, Obj(inner) | Objects(inner))) => object = inner,
            _ => break,
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn rows_stand_as_in_the_record() {
        let rows = [
            "parts",
            "kind",
            "agreements",
            "agreements.periods",
            "agreements.signed",
            "meeting.present.role",
            "items",
            "items.dnr",
            "tables.rows",
        ];
        assert!(rows.map(order).is_sorted());
    }
}
