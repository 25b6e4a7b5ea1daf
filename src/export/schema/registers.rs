//! The fields of the registers, as `diarium organisations --json` and its like write them.

use super::Kind::{Bool, Date, Integer, List, Number, OneOf, Tally, Text};
use super::{Field, Kind, Object};

const fn text(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Text, about)
}

const fn texts(name: &'static str, about: &'static str) -> Field {
    Field::new(name, List(&Text), about)
}

const fn date(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Date, about).or_null()
}

const fn count(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Integer, about)
}

const fn objects(name: &'static str, of: &'static Object, about: &'static str) -> Field {
    Field::new(name, Kind::Objects(of), about)
}

const MENTIONS: Field = objects("mentions", &MENTION, "Where.");
const FIRST_SEEN: Field = date("first_seen", "Date of the first document that tells of it.");
const LAST_SEEN: Field = date("last_seen", "Date of the last document that tells of it.");
const DOCUMENTS: Field = count("documents", "How many documents tell of it.");

/// One place that proves a statement of a register.
pub(super) static MENTION: Object = Object {
    name: "Mention",
    about: "A place that proves a statement of a register.",
    fields: &[
        text("document", "Id of the document."),
        text("path", "Path of its file."),
        date("date", "Day it speaks at: its date, else its meeting's, else its year."),
        count("page", "Page of the file.").or_null(),
        text("quote", "The text there, verbatim."),
        count("start", "First byte in the document's text.").in_unit("bytes"),
        count("end", "First byte after it.").in_unit("bytes"),
        text("rule", "The rule that read it."),
        Field::new("confidence", Number, "How sure the rule is, 0 to 1."),
    ],
};

static SUCCESSION: Object = Object {
    name: "Succession",
    about: "A district that came after another.",
    fields: &[
        text("id", "Id of the district that came after."),
        text("name", "Its name."),
        date("since", "Its first day."),
    ],
};

static DISTRICT: Object = Object {
    name: "RegisteredDistrict",
    about: "A district of the vocabulary.",
    fields: &[
        text("id", "Id of the district."),
        text("name", "Its name."),
        text("board", "Name of its committee."),
        text("city", "City."),
        date("from", "First day, if known."),
        date("to", "Last day; none while it lasts."),
        objects("predecessors", &SUCCESSION, "Those it came from."),
        objects("successors", &SUCCESSION, "Those that came after it."),
        count("documents", "How many documents are its own."),
        Field::new("years", Tally, "Of them by year."),
        Field::new("kinds", Tally, "Of them by kind."),
        Field::new("meetings", List(&Date), "Days of meetings whose minutes are here."),
        count("cases", "How many cases."),
        count("agreements", "How many agreements, with those of its predecessors."),
        count("organisations", "How many organisations that are no public bodies its documents name."),
        FIRST_SEEN,
        LAST_SEEN,
    ],
};

static NAME_SEEN: Object = Object {
    name: "NameSeen",
    about: "A name of an organisation.",
    fields: &[
        text("name", "As printed."),
        Field::new("kind", OneOf(&["name", "former", "alias", "misspelling"]), "How it stands to the organisation."),
        DOCUMENTS,
        FIRST_SEEN,
        LAST_SEEN,
    ],
};

static MALFORMED: Object = Object {
    name: "Malformed",
    about: "A number that does not pass the checks.",
    fields: &[
        text("raw", "As printed."),
        text("suggestion", "The only number one digit away that passes.").or_null(),
        MENTIONS,
    ],
};

static MERGE: Object = Object {
    name: "Merge",
    about: "Why two names are one organisation.",
    fields: &[
        Field::new(
            "reason",
            OneOf(&["correction", "org_nr", "former_name", "alias", "spelling", "short_form"]),
            "Why.",
        ),
        texts("names", "The two names."),
        MENTIONS,
    ],
};

static DOUBT: Object = Object {
    name: "Doubt",
    about: "Organisations that may be one and were not joined.",
    fields: &[
        text("code", "same_name, or the reason that spoke for joining."),
        text("message", "In a sentence."),
        texts("organisations", "Their ids."),
        text("correction", "What to write into corrections.toml if they are one."),
        MENTIONS,
    ],
};

static ORGANISATION: Object = Object {
    name: "Organisation",
    about: "An organisation over all documents.",
    fields: &[
        text("id", "Its number if one is known, else its name as an id."),
        texts("other_ids", "Ids that lead here too."),
        text("name", "The name it was last met under."),
        objects("names", &NAME_SEEN, "All its names."),
        Field::new("type", OneOf(&["public", "civil", "company", "parish", "other"]), "What it is."),
        text("org_nr", "Organisation number, checked; of a public body its municipality's.").or_null(),
        objects("malformed_numbers", &MALFORMED, "Numbers printed for it that do not pass the checks."),
        texts("districts", "Ids of the districts whose documents name it, as then."),
        texts("agreements", "Ids of its agreements."),
        FIRST_SEEN,
        LAST_SEEN,
        DOCUMENTS,
        objects("merges", &MERGE, "Why what is one here is one."),
        MENTIONS,
    ],
};

static SAID: Object =
    Object { name: "Said", about: "What documents say.", fields: &[text("value", "What they say."), MENTIONS] };

static PARTY_THEN: Object = Object {
    name: "PartyThen",
    about: "A party under a name of the time.",
    fields: &[
        text("name", "Its name in those documents."),
        text("organisation", "Its id among organisations.").or_null(),
        text("role", "public, civil, company, parish or other."),
        FIRST_SEEN,
        LAST_SEEN,
    ],
};

static SAID_DATE: Object =
    Object { name: "SaidDate", about: "What documents say.", fields: &[date("value", "What they say."), MENTIONS] };

static AGREED_PRECISION: Object = Object {
    name: "AgreedPrecision",
    about: "How exactly the ends are known.",
    fields: &[text("start", "Of the start: day, month or year.").or_null(), text("end", "Of the end.").or_null()],
};

static EXERCISED: Object = Object {
    name: "Exercised",
    about: "An extension that was used, or is to be.",
    fields: &[
        date("new_end", "The end after it."),
        Field::new("proposed", Bool, "Whether the document only proposes it."),
        MENTIONS,
    ],
};

static AGREED_PERIOD: Object = Object {
    name: "AgreedPeriod",
    about: "One period of an agreement.",
    fields: &[
        date("start", "First day."),
        date("end", "Last day, without extensions."),
        Field::new("precision", Kind::Object(&AGREED_PRECISION), "How exactly they are known."),
        Field::new("open_ended", Bool, "Whether it runs until further notice."),
        Field::new(
            "standing",
            OneOf(&["refused", "sent_back", "proposed", "reported", "decided", "agreed"]),
            "How surely it was agreed; only reported, decided and agreed ones count as having been in force.",
        ),
        objects("may_last_until", &SAID_DATE, "Last possible end with all extensions that are allowed."),
        objects("not_extended", &MENTION, "Where documents say that a possible extension is not used."),
        objects("extensions", &EXERCISED, "Extensions used, or only proposed."),
        date("lasted_until", "Last day with the extensions that were used."),
        texts("districts", "Ids of the districts it was made with, each as it was at some day of the period."),
        MENTIONS,
    ],
};

static FINDING: Object = Object {
    name: "Finding",
    about: "What is to be known of the chain of periods.",
    fields: &[
        text("code", "renewal, gap, overlap or contradiction."),
        text("message", "In a sentence."),
        date("from", "First day of the gap or overlap."),
        date("to", "Its last day."),
        MENTIONS,
    ],
};

static SUM: Object = Object {
    name: "Sum",
    about: "A sum of money of an agreement.",
    fields: &[
        Field::new("value_sek", Number, "The sum.").in_unit("kronor (SEK)"),
        text("per", "Per what.").or_null(),
        date("date", "Date of the document."),
        text("said_in", "agreement, proposed or decided, as the document that gives it."),
        text("paid_by", "public or partner: the side that pays it, where its sentence says so.").or_null(),
        MENTIONS,
    ],
};

const FATES: Kind = OneOf(&["granted", "refused", "sent_back", "put_off", "other"]);

static OUTCOME: Object = Object {
    name: "Outcome",
    about: "What was decided.",
    fields: &[
        Field::new("fate", FATES, "How it came out."),
        date("date", "The day."),
        text("document", "Id of the minutes."),
        text("path", "Path of their file."),
        text("item", "Number of the item.").or_null(),
        objects("decisions", &DECISION_POINT, "The points decided."),
    ],
};

static DECISION_POINT: Object = Object {
    name: "DecisionPoint",
    about: "A point proposed, moved or decided.",
    fields: &[
        Field::new("status", OneOf(&["proposed", "moved", "decided", "opinion"]), "Where it stands."),
        text("number", "Its number in the list.").or_null(),
        text("text", "The point, verbatim."),
        texts("actions", "Ids of actions."),
        text("actor", "Who decides.").or_null(),
        MENTIONS,
    ],
};

static ADVICE: Object = Object {
    name: "Advice",
    about: "What the office recommended, and what was decided.",
    fields: &[
        Field::new("recommendation", OneOf(&["renegotiate", "terminate", "extend"]), "What the office recommended.")
            .or_null(),
        date("date", "Date of the document."),
        MENTIONS,
        Field::new("decided", Kind::Object(&OUTCOME), "What was decided on it.").or_null(),
    ],
};

static AGREEMENT: Object = Object {
    name: "RegisteredAgreement",
    about: "An agreement over all documents.",
    fields: &[
        text("id", "The partner's id and the district as it is now."),
        texts("other_ids", "Ids that lead here too."),
        text("name", "By what it was last known."),
        texts("types", "Names of its type as documents give them, the most common first."),
        texts("districts", "Ids of the districts it was made with, as then."),
        objects("parties", &PARTY_THEN, "Parties under their names of the time."),
        objects("periods", &AGREED_PERIOD, "Periods in order."),
        objects("findings", &FINDING, "Renewals, gaps, overlaps, contradictions."),
        objects("signed", &SAID_DATE, "Days of signing."),
        objects("purposes", &SAID, "Purposes given."),
        objects("target_groups", &SAID, "Target groups."),
        objects("activities", &SAID, "What is done."),
        objects("programmes", &SAID, "Programmes it serves."),
        objects("outcomes", &SAID, "What came of it."),
        objects("cofinanced", &SAID, "Whether both sides pay: true or false, as documents say."),
        objects("sums", &SUM, "Sums of money."),
        objects("recommendations", &ADVICE, "Recommendations and what was decided."),
        texts("cases", "Ids of its cases."),
        texts("dnrs", "Their diary numbers."),
        FIRST_SEEN,
        LAST_SEEN,
        DOCUMENTS,
        MENTIONS,
    ],
};

static STEP: Object = Object {
    name: "Step",
    about: "A document, or an item of one, of a case.",
    fields: &[
        Field::new(
            "role",
            OneOf(&["agenda", "proposal", "minutes", "delegation", "agreement", "follow_up", "other"]),
            "What it is for the case.",
        ),
        text("document", "Id of the document."),
        text("path", "Path of its file."),
        text("kind", "Kind of the document."),
        date("date", "The day: of minutes the meeting's, else the document's."),
        date("meeting_date", "The meeting it is for or of."),
        text("item", "Number of the item.").or_null(),
        text("title", "Title of the item, or of the document.").or_null(),
        objects("decisions", &DECISION_POINT, "Decision points: proposed, moved, decided."),
        MENTIONS,
    ],
};

static POINT: Object = Object {
    name: "Point",
    about: "A point proposed or decided.",
    fields: &[
        Field::new("verdict", OneOf(&["same", "changed", "added", "left_out"]), "What became of it."),
        text("proposed", "As proposed.").or_null(),
        text("decided", "As decided.").or_null(),
        MENTIONS,
    ],
};

static COMPARISON: Object = Object {
    name: "Comparison",
    about: "A decision beside the proposal it was made on.",
    fields: &[
        text("proposal", "Id of the document that proposes."),
        text("decision", "Id of the minutes."),
        text("item", "Number of the item.").or_null(),
        date("date", "Day of the decision."),
        Field::new("fate", FATES, "How the proposal came out."),
        Field::new("differs", Bool, "Whether anything was decided otherwise than proposed."),
        objects("points", &POINT, "Point by point."),
    ],
};

static CASE_LINK: Object = Object {
    name: "CaseLink",
    about: "A case that another cites.",
    fields: &[
        text("dnr", "The number as cited."),
        text("case", "Id of the case, if it is among these.").or_null(),
        MENTIONS,
    ],
};

static CASE: Object = Object {
    name: "Case",
    about: "A case: the documents with one diary number of one authority.",
    fields: &[
        text("id", "Authority, series, year and number."),
        text("dnr", "The number with its series, if any document gives it."),
        text("authority", "Name of the authority.").or_null(),
        text("district", "Id of its district.").or_null(),
        text("series", "Letters of the series.").or_null(),
        count("year", "Year of the number."),
        count("number", "Running number."),
        texts("plans", "Codes of the diary plan."),
        text("title", "Title of its first proposal, else of its first document.").or_null(),
        objects("steps", &STEP, "Its documents in order of time."),
        objects("comparisons", &COMPARISON, "Each decision beside the proposal it was made on."),
        objects("cites", &CASE_LINK, "Cases it cites."),
        objects("cited_by", &CASE_LINK, "Cases that cite it."),
        FIRST_SEEN,
        LAST_SEEN,
        DOCUMENTS,
    ],
};

static ROLE: Object = Object {
    name: "RoleSeen",
    about: "A public role of a person.",
    fields: &[
        text("role", "The role, in lower case."),
        text("political_party", "Letters of the political party.").or_null(),
        FIRST_SEEN,
        LAST_SEEN,
        DOCUMENTS,
        MENTIONS,
    ],
};

static PERSON: Object = Object {
    name: "Person",
    about: "An official or elected member in public roles.",
    fields: &[
        text("id", "Body and name."),
        text("name", "The name."),
        text("body", "Name of the body.").or_null(),
        texts("districts", "Ids of its districts, as then."),
        objects("roles", &ROLE, "Roles in order of time."),
        FIRST_SEEN,
        LAST_SEEN,
        DOCUMENTS,
    ],
};

/// The registers, by the name that their paths begin with.
pub(super) static REGISTERS: Object = Object {
    name: "Registers",
    about: "The registers over all documents.",
    fields: &[
        objects("@districts", &DISTRICT, "Districts."),
        objects("@organisations", &ORGANISATION, "Organisations."),
        objects("@cases", &CASE, "Cases."),
        objects("@agreements", &AGREEMENT, "Agreements."),
        objects("@people", &PERSON, "People."),
    ],
};

/// One register as a command prints it.
#[derive(Debug)]
pub struct Register {
    /// Its name, which is the command's.
    pub name: &'static str,
    /// Its entries.
    pub entries: &'static Object,
    /// A list beside them.
    pub beside: Option<(&'static str, &'static Object)>,
}

/// The registers, in the order of the commands.
pub static PRINTED: [Register; 5] = [
    Register { name: "agreements", entries: &AGREEMENT, beside: None },
    Register { name: "organisations", entries: &ORGANISATION, beside: Some(("doubtful", &DOUBT)) },
    Register { name: "cases", entries: &CASE, beside: None },
    Register { name: "districts", entries: &DISTRICT, beside: None },
    Register { name: "people", entries: &PERSON, beside: None },
];
