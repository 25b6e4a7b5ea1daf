//! The shape of the public record, schema `diarium/record/1`: every object and field in the order in which they are written.

use super::Kind::{Bool, Date, Integer, List, Number, OneOf, Text};
use super::{Field, Kind, Object};

const fn text(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Text, about)
}

const fn texts(name: &'static str, about: &'static str) -> Field {
    Field::new(name, List(&Text), about)
}

const fn integer(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Integer, about)
}

const fn integers(name: &'static str, about: &'static str) -> Field {
    Field::new(name, List(&Integer), about)
}

const fn bool(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Bool, about)
}

const fn date(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Date, about).or_null()
}

const fn object(name: &'static str, of: &'static Object, about: &'static str) -> Field {
    Field::new(name, Kind::Object(of), about)
}

const fn objects(name: &'static str, of: &'static Object, about: &'static str) -> Field {
    Field::new(name, Kind::Objects(of), about)
}

const fn list(name: &'static str, of: &'static Kind, about: &'static str) -> Field {
    Field::new(name, List(of), about)
}

const EVIDENCE_LIST: Field = objects("evidence", &EVIDENCE, "The proof of each of its values.");

/// Unit of sizes and places on a page.
const POINTS: &str = "PDF points (1/72 inch)";
const BYTES: &str = "bytes";

static PLACE: Object = Object {
    name: "Place",
    about: "Where a value stands on a page.",
    fields: &[
        integer("page", "Number of the page in the file, from 1."),
        list(
            "boxes",
            &List(&Number),
            "Boxes [x0, y0, x1, y1] on the page as shown, origin bottom left; none in text files.",
        )
        .in_unit(POINTS),
    ],
};

pub(super) static EVIDENCE: Object = Object {
    name: "Evidence",
    about: "The proof of one value: where it stands and which rule read it.",
    fields: &[
        text("field", "Which value of the object it proves."),
        integer("start", "First byte in the document's text.").in_unit(BYTES),
        integer("end", "First byte after it.").in_unit(BYTES),
        text("quote", "The text from start to end, verbatim."),
        objects("places", &PLACE, "Pages and boxes."),
        text("rule", "The rule that read it."),
        Field::new("confidence", Number, "How sure the rule is, 0 to 1; lowered to what was measured of it."),
    ],
};

static PART: Object = Object {
    name: "Part",
    about: "Which part of a bundle the document is.",
    fields: &[
        integer("index", "Its place among the parts, from 1."),
        integer("of", "Number of parts."),
        integer("first_page", "First page in the file."),
        integer("last_page", "Last page in the file."),
    ],
};

static MADE_WITH: Object = Object {
    name: "MadeWith",
    about: "The versions that made the record.",
    fields: &[
        text("extractor", "Version of the extractor."),
        text("parser", "Version of the parser."),
        text("lexicon", "Hash of the vocabulary."),
        text("corrections", "Hash of the corrections file.").or_null(),
    ],
};

static SOURCE: Object = Object {
    name: "Source",
    about: "Where the document comes from.",
    fields: &[
        text("path", "Path of the file, relative to the folder that was read, / between."),
        texts("also_at", "Other files with the same content."),
        text("blake3", "BLAKE3 hash of the file's bytes, 64 hexadecimal digits."),
        integer("bytes", "Size of the file.").in_unit(BYTES),
        text("media_type", "Media type of the file."),
        text("encoding", "Encoding of a text file.").or_null(),
        integer("pages", "Pages of the file; 0 where it has none.").in_unit("pages"),
        list("page_sizes", &List(&Number), "Width and height of each page of the document, as shown.").in_unit(POINTS),
        text("producer", "Program that made the PDF, as the PDF says.").or_null(),
        text("title", "Title that the PDF gives itself.").or_null(),
        text("created", "When the PDF says it was made.").or_null(),
        text("modified", "When the PDF says it was changed.").or_null(),
        integers("ocr_pages", "Pages read by OCR."),
        integers("textless_pages", "Pages that show something but have no letters."),
        object("part", &PART, "Which part of a bundle it is.").or_null(),
        object("made_with", &MADE_WITH, "The versions that made the record."),
    ],
};

static DNR: Object = Object {
    name: "Dnr",
    about: "A diary number.",
    fields: &[
        text("canonical", "SERIES YEAR/NUMBER, or YEAR/NUMBER without a series."),
        text("raw", "As printed, without its label."),
        text("series", "Letters of the series.").or_null(),
        integer("year", "Year, four digits.").or_null(),
        integer("number", "Running number.").or_null(),
        text("plan", "Code of the diary plan.").or_null(),
        Field::new("role", OneOf(&["own", "cited"]), "Whether it is the document's own or another's."),
        EVIDENCE_LIST,
    ],
};

static AUTHORITY: Object = Object {
    name: "Authority",
    about: "The body that the document belongs to.",
    fields: &[
        text("name", "Its name, base form where known."),
        text("district", "Id of the district, if it is one.").or_null(),
        EVIDENCE_LIST,
    ],
};

static NAMED: Object =
    Object { name: "Named", about: "A name with its proof.", fields: &[text("name", "The name."), EVIDENCE_LIST] };

static DISTRICT: Object = Object {
    name: "District",
    about: "A district that the document belongs to or speaks of.",
    fields: &[
        text("id", "Id of the district."),
        text("name", "Its name."),
        Field::new(
            "role",
            OneOf(&["own", "former", "mentioned"]),
            "Whether it is the document's own, a predecessor, or named otherwise.",
        ),
        EVIDENCE_LIST,
    ],
};

static HANDLAGGARE: Object = Object {
    name: "Handlaggare",
    about: "An officer in charge (handläggare).",
    fields: &[
        text("name", "Name, given name first."),
        text("phone", "Telephone number as printed.").or_null(),
        text("email", "E-mail address, if it is this person's.").or_null(),
        text("title", "Title beside the name.").or_null(),
        EVIDENCE_LIST,
    ],
};

static CONTACT: Object = Object {
    name: "Contact",
    about: "Contact details of the sender.",
    fields: &[
        text("street", "Street and number.").or_null(),
        text("postal_code", "Postal code, NNN NN.").or_null(),
        text("city", "Town.").or_null(),
        text("phone", "Telephone number as printed.").or_null(),
        text("email", "E-mail address.").or_null(),
        text("web", "Web address.").or_null(),
        EVIDENCE_LIST,
    ],
};

static DECISION: Object = Object {
    name: "Decision",
    about: "One point of a decision, proposed, moved or decided.",
    fields: &[
        Field::new(
            "status",
            OneOf(&["proposed", "moved", "decided", "opinion"]),
            "Proposed by an officer or a lower body, moved by a member, decided, or an opinion given to somebody else.",
        ),
        text("number", "Its number in the list, as printed without a stop.").or_null(),
        text("text", "The point, verbatim but for its number."),
        text("actor", "Who decides or is to decide.").or_null(),
        texts("actions", "What it does: ids of actions, in order of the text."),
        text("assignee", "Who is given the task.").or_null(),
        text("section", "Id of the section it stands in.").or_null(),
        EVIDENCE_LIST,
    ],
};

static PARTY: Object = Object {
    name: "Party",
    about: "A party of an agreement or case.",
    fields: &[
        text("name", "Its name."),
        Field::new("role", OneOf(&["public", "civil", "company", "parish", "other"]), "What it is."),
        text("org_nr", "Organisation number NNNNNN-NNNN, only if it is printed so and passes the checks.").or_null(),
        text("org_nr_raw", "Organisation number as printed.").or_null(),
        bool("org_nr_valid", "Whether the printed number passes the checks.").or_null(),
        text("org_nr_suggestion", "The only number one digit away that passes, for a printed one that does not.")
            .or_null(),
        texts("former_names", "Former names given in the text."),
        texts("aliases", "Other names used in the text."),
        EVIDENCE_LIST,
    ],
};

const PRECISIONS: &[&str] = &["day", "month", "year"];

static PERIOD_PRECISION: Object = Object {
    name: "PeriodPrecision",
    about: "How exactly the ends of a period are known.",
    fields: &[
        Field::new("start", OneOf(PRECISIONS), "Of the start.").or_null(),
        Field::new("end", OneOf(PRECISIONS), "Of the end.").or_null(),
    ],
};

static EXTENSION: Object = Object {
    name: "Extension",
    about: "An extension of a period, possible or used.",
    fields: &[
        integer("count", "Its length, in units.").or_null(),
        text("unit", "day, month or year.").or_null(),
        integer("times", "How many times at most.").or_null(),
        date("max_end", "Last possible end."),
        bool("exercised", "Whether it was used."),
        date("new_end", "The end after it was used."),
    ],
};

static PERIOD: Object = Object {
    name: "Period",
    about: "A period, bounds inclusive.",
    fields: &[
        date("start", "First day."),
        date("end", "Last day."),
        object("precision", &PERIOD_PRECISION, "How exactly start and end are known."),
        bool("open_ended", "Whether it runs until further notice."),
        object("extension", &EXTENSION, "Its extension.").or_null(),
        text("raw", "As printed."),
        EVIDENCE_LIST,
    ],
};

static AGREEMENT: Object = Object {
    name: "Agreement",
    about: "An agreement the document is, reports on or mentions.",
    fields: &[
        text("name", "By what it is known: usually the civil partner's name."),
        text("type", "IOP, avtal and so on.").or_null(),
        texts("parties", "Names of its parties, as in parties."),
        objects("periods", &PERIOD, "Its periods, in order of time."),
        date("signed", "Date of signing."),
        text("purpose", "Its purpose.").or_null(),
        texts("target_groups", "Whom it is for."),
        texts("activities", "What is done."),
        bool("cofinanced", "Whether both sides pay.").or_null(),
        bool("challenge_stated", "Whether a challenge of society is stated.").or_null(),
        text("programme", "Programme it serves.").or_null(),
        text("outcome", "What came of it.").or_null(),
        Field::new(
            "recommendation",
            OneOf(&["renegotiate", "terminate", "extend"]),
            "What is proposed to become of it.",
        )
        .or_null(),
        EVIDENCE_LIST,
    ],
};

static SECTION: Object = Object {
    name: "Section",
    about: "A heading and what stands under it.",
    fields: &[
        text("id", "Id of the heading; none for one that the vocabulary does not know.").or_null(),
        text("heading", "The heading as printed."),
        integer("level", "1 for the outermost."),
        text("text", "The text below the heading, without sections below it."),
        integer("first_page", "Page of the heading."),
        integer("last_page", "Last page of the text."),
        EVIDENCE_LIST,
    ],
};

static PRESENT: Object = Object {
    name: "Present",
    about: "Somebody present at a meeting.",
    fields: &[
        text("name", "Name."),
        text("role", "Role, for instance ordförande.").or_null(),
        text("political_party", "Letters of the political party.").or_null(),
        text("substitute_for", "For whom a substitute serves.").or_null(),
        text("items", "Paragraphs, where limited.").or_null(),
    ],
};

static MEETING: Object = Object {
    name: "Meeting",
    about: "A meeting.",
    fields: &[
        text("body", "The body that meets.").or_null(),
        date("date", "The day."),
        text("place", "Where.").or_null(),
        text("starts", "Time of day, HH:MM.").or_null(),
        text("ends", "Time of day, HH:MM.").or_null(),
        objects("present", &PRESENT, "Who was there."),
        texts("adjusters", "Who adjusts the minutes."),
        EVIDENCE_LIST,
    ],
};

static MEMBER: Object = Object {
    name: "Member",
    about: "A member with a political party.",
    fields: &[text("name", "Name."), text("political_party", "Letters of the political party.").or_null()],
};

static MEMBER_VOTE: Object = Object {
    name: "MemberVote",
    about: "How one member voted.",
    fields: &[
        text("name", "Name."),
        text("political_party", "Letters of the political party.").or_null(),
        text("vote", "yes, no, abstain or absent."),
    ],
};

static VOTE: Object = Object {
    name: "Vote",
    about: "A vote.",
    fields: &[
        integer("yes", "Number of ja.").or_null().in_unit("votes"),
        integer("no", "Number of nej.").or_null().in_unit("votes"),
        integer("abstain", "Number of avstår.").or_null().in_unit("votes"),
        integer("absent", "Number of frånvarande.").or_null().in_unit("members"),
        text("question", "What was voted on.").or_null(),
        objects("by_member", &MEMBER_VOTE, "Name by name, where printed."),
    ],
};

static RESERVATION: Object = Object {
    name: "Reservation",
    about: "A reservation.",
    fields: &[objects("by", &MEMBER, "Who."), text("text", "What.").or_null()],
};

static STATEMENT: Object = Object {
    name: "Statement",
    about: "A särskilt uttalande, ersättaryttrande or protokollsanteckning.",
    fields: &[text("kind", "Which of them."), objects("by", &MEMBER, "Who."), text("text", "What.").or_null()],
};

static ITEM: Object = Object {
    name: "Item",
    about: "One item (§) of minutes or an agenda.",
    fields: &[
        text("number", "Its number, § 12."),
        text("title", "Its title.").or_null(),
        objects("dnr", &DNR, "Its diary numbers."),
        objects("handlaggare", &HANDLAGGARE, "Its officers."),
        objects("decisions", &DECISION, "Its decisions, proposals and motions."),
        objects("votes", &VOTE, "Its votes."),
        text("proposition_order", "How the question was put.").or_null(),
        objects("reservations", &RESERVATION, "Reservations."),
        objects("statements", &STATEMENT, "Statements."),
        objects("jav", &MEMBER, "Who left for jäv."),
        bool("adjusted_immediately", "Whether it was adjusted at once."),
        bool("confidential", "Whether it is secret."),
        EVIDENCE_LIST,
    ],
};

static SIGNATORY: Object = Object {
    name: "Signatory",
    about: "Somebody who signed.",
    fields: &[
        text("name", "Name."),
        text("title", "Title.").or_null(),
        text("unit", "Unit or organisation.").or_null(),
        EVIDENCE_LIST,
    ],
};

static ATTESTATION: Object = Object {
    name: "Attestation",
    about: "A digital approval (Attesterat av).",
    fields: &[text("name", "Name."), text("title", "Title.").or_null(), date("date", "The day."), EVIDENCE_LIST],
};

static ATTACHMENT: Object = Object {
    name: "Attachment",
    about: "An attachment named in the document.",
    fields: &[text("title", "Its title, without number."), EVIDENCE_LIST],
};

static REFERENCE: Object = Object {
    name: "Reference",
    about: "A reference to a law, programme, guideline, report, budget or motion.",
    fields: &[
        text("kind", "law, programme, guideline, report, budget or motion."),
        text("text", "As printed."),
        text("canonical", "In a form that compares.").or_null(),
        EVIDENCE_LIST,
    ],
};

static AMOUNT: Object = Object {
    name: "Amount",
    about: "A sum of money.",
    fields: &[
        Field::new("value_sek", Number, "The sum.").or_null().in_unit("kronor (SEK)"),
        text("raw", "As printed."),
        text("per", "Per what, for instance year.").or_null(),
        EVIDENCE_LIST,
    ],
};

static QUANTITY: Object = Object {
    name: "Quantity",
    about: "A counted quantity that is not money.",
    fields: &[
        Field::new("value", Number, "The number, or the lower one of a range; counted in unit."),
        Field::new("upper", Number, "The upper one of a range.").or_null(),
        text("unit", "Of what."),
        text("raw", "As printed."),
        EVIDENCE_LIST,
    ],
};

static TABLE: Object = Object {
    name: "Table",
    about: "A printed table.",
    fields: &[
        text("caption", "Its caption.").or_null(),
        texts("header", "Cells of its header."),
        list("rows", &List(&Text), "Its rows of cells."),
        EVIDENCE_LIST,
    ],
};

static WARNING: Object = Object {
    name: "Warning",
    about: "An oddity that a reader of the record should know.",
    fields: &[text("code", "Stable name of the oddity."), text("message", "One sentence."), EVIDENCE_LIST],
};

/// The public record.
pub static RECORD: Object = Object {
    name: "Record",
    about: "What one document says. An empty list or null means looked for and not found; a field that is absent was held back, and a warning names it.",
    fields: &[
        text("schema", "Name and version of this shape."),
        text("id", "Id of the document: from the file's BLAKE3, with the first page for a part of a bundle."),
        object("source", &SOURCE, "Where it comes from."),
        text("kind", "Form of the document, an id of the vocabulary; okand when nothing speaks for one."),
        texts("genres", "What it is about or how it is routed: ids of the vocabulary."),
        text("title", "Title, its lines joined.").or_null(),
        text("subtitle", "Second line of the title, if it stands apart.").or_null(),
        text("language", "Language: sv.").or_null(),
        objects("dnr", &DNR, "Diary numbers, own first."),
        date("date", "The document's date."),
        date("meeting_date", "Date of the meeting it is for or of."),
        integer("year", "Year: of the date, else of the meeting, else attested, else in the title.").or_null(),
        object("authority", &AUTHORITY, "The body it belongs to.").or_null(),
        object("administration", &NAMED, "The office.").or_null(),
        object("department", &NAMED, "Its department.").or_null(),
        object("recipient", &NAMED, "To whom it is addressed.").or_null(),
        objects("districts", &DISTRICT, "Districts it belongs to or speaks of."),
        objects("handlaggare", &HANDLAGGARE, "Officers in charge."),
        objects("authors", &NAMED, "Authors of presentations and reports."),
        object("contact", &CONTACT, "Contact details of the sender.").or_null(),
        objects("decisions", &DECISION, "Decisions outside items."),
        objects("parties", &PARTY, "Counterparts of agreements and cases."),
        objects("periods", &PERIOD, "Periods that belong to no agreement."),
        objects("agreements", &AGREEMENT, "Agreements."),
        objects("sections", &SECTION, "Sections in order."),
        object("meeting", &MEETING, "The meeting of minutes or a notice.").or_null(),
        objects("items", &ITEM, "Items of minutes or an agenda."),
        objects("signatories", &SIGNATORY, "Signatures."),
        objects("attestations", &ATTESTATION, "Digital approvals."),
        objects("attachments", &ATTACHMENT, "Attachments that are named."),
        objects("references", &REFERENCE, "References to laws, programmes, guidelines, reports, budgets and motions."),
        objects("amounts", &AMOUNT, "Sums of money."),
        objects("quantities", &QUANTITY, "Quantities that are not money."),
        objects("tables", &TABLE, "Printed tables."),
        objects("warnings", &WARNING, "Oddities."),
        EVIDENCE_LIST,
    ],
};

/// Line of a dump of changes for a document that is gone.
pub static TOMBSTONE: Object = Object {
    name: "Tombstone",
    about: "A document that is gone since the sequence the changes are counted from.",
    fields: &[
        text("schema", "Name and version of this shape."),
        text("id", "Id of the document."),
        integer("seq", "The sequence of the catalog in which it went."),
    ],
};

/// One row of the table of pages.
pub(super) static PAGE_ROW: Object = Object {
    name: "Page",
    about: "A page of a document.",
    fields: &[
        integer("page", "Number of the page in the file, from 1."),
        Field::new("width", Number, "Width as shown; none for text files.").or_null().in_unit(POINTS),
        Field::new("height", Number, "Height as shown; none for text files.").or_null().in_unit(POINTS),
        Field::new(
            "read_by",
            OneOf(&["own", "ocr", "textless", "blank", "unreliable"]),
            "Where its text came from: letters of its own, OCR, letters of its own that do not read as language; none if it shows something without letters, or nothing.",
        ),
        text(
            "text",
            "Its text in reading order, personal identity numbers masked; a word broken over two pages stands on both in part.",
        ),
    ],
};

/// One row of the table of files.
pub(super) static FILE_ROW: Object = Object {
    name: "File",
    about: "A file that was offered.",
    fields: &[
        text("path", "Path relative to the folder that was read, / between."),
        Field::new("state", OneOf(&["ok", "partial", "failed", "duplicate", "removed"]), "What became of it."),
        text("code", "Stable name of the problem, or why a removed file went.").or_null(),
        text("message", "The problem in a sentence that follows the path.").or_null(),
        integer("bytes", "Its size.").in_unit(BYTES),
        text("blake3", "BLAKE3 hash of its bytes; none if it could not be read.").or_null(),
        text("missing", "What of its text is missing; none if it was read whole.").or_null(),
    ],
};

/// The fields that a record always has; all others are absent from one that was held back.
pub fn is_always_there(name: &str) -> bool {
    matches!(name, "schema" | "id" | "source" | "kind" | "warnings" | "evidence")
}
