//! The tables: which objects of a record are their rows, and which fields their columns.

use std::sync::LazyLock;

use super::column::Spec::{
    At, Document, First, InDocument, Joined, Listed, Named, Owner, OwnerTable, Page, Parent, Position, Proved, Refers,
    Row,
};
use super::column::{Column, Spec};
use super::record::{self, RECORD};
use super::registers;
use super::{Kind, Object};

/// What the rows of a table are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Documents.
    Documents,
    /// Pages of documents.
    Pages,
    /// The objects at these paths of a record: a list or one object, `/` between.
    At(&'static [&'static str]),
    /// Proofs.
    Evidence,
    /// The objects at these paths of the registers, the first step being a register's name with `@` before it.
    Register(&'static [&'static str]),
    /// Proofs of what the registers state.
    Mentions,
    /// Lines of the ledger.
    Files,
    /// Documents that are gone; only in a dump of changes.
    Tombstones,
}

/// One table as it is asked for.
#[derive(Debug)]
pub struct TableSpec {
    /// Its name: lower case ASCII and underscores.
    pub name: &'static str,
    /// What one row is.
    pub about: &'static str,
    /// What its rows are.
    pub rows: Rows,
    columns: &'static [Spec],
}

/// One table with its columns.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// What one row is.
    pub about: &'static str,
    /// What its rows are.
    pub rows: Rows,
    /// Its columns in order; the first is its key.
    pub columns: Vec<Column>,
}

const fn table(name: &'static str, about: &'static str, rows: Rows, columns: &'static [Spec]) -> TableSpec {
    TableSpec { name, about, rows, columns }
}

/// The tables, in the order in which they are written. A table comes after those that its columns refer to.
pub static TABLES: &[TableSpec] = &[
    table(
        "documents",
        "One row per document: a file, or one part of a bundle.",
        Rows::Documents,
        &[
            At("id"),
            Named("path", "source/path"),
            At("kind"),
            At("genres"),
            At("title"),
            At("subtitle"),
            At("language"),
            At("date"),
            At("meeting_date"),
            At("year"),
            First("dnr", "dnr[own]/canonical"),
            Named("dnrs", "dnr[own]/canonical"),
            Named("dnrs_cited", "dnr[cited]/canonical"),
            Named("authority", "authority/name"),
            First("district", "districts[own]/id"),
            Named("districts", "districts[own]/id"),
            Named("districts_former", "districts[former]/id"),
            Named("districts_mentioned", "districts[mentioned]/id"),
            Named("administration", "administration/name"),
            Named("department", "department/name"),
            Named("recipient", "recipient/name"),
            Named("handlaggare", "handlaggare/name"),
            Named("authors", "authors/name"),
            At("contact/street"),
            At("contact/postal_code"),
            At("contact/city"),
            At("contact/phone"),
            At("contact/email"),
            At("contact/web"),
            Named("part", "source/part/index"),
            Named("parts", "source/part/of"),
            Named("first_page", "source/part/first_page"),
            Named("last_page", "source/part/last_page"),
            Named("file_pages", "source/pages"),
            Named("file_bytes", "source/bytes"),
            Named("blake3", "source/blake3"),
            Named("media_type", "source/media_type"),
            Named("encoding", "source/encoding"),
            Named("producer", "source/producer"),
            Named("pdf_title", "source/title"),
            Named("pdf_created", "source/created"),
            Named("pdf_modified", "source/modified"),
            Named("also_at", "source/also_at"),
            Named("ocr_pages", "source/ocr_pages"),
            Named("textless_pages", "source/textless_pages"),
            Named("extractor", "source/made_with/extractor"),
            Named("parser", "source/made_with/parser"),
            Named("lexicon", "source/made_with/lexicon"),
            Named("corrections", "source/made_with/corrections"),
        ],
    ),
    table(
        "pages",
        "One row per page of a document, with its text.",
        Rows::Pages,
        &[Row, Document, At("page"), At("width"), At("height"), At("read_by"), At("text")],
    ),
    table(
        "districts_in_documents",
        "One row per district that a document belongs to or speaks of.",
        Rows::At(&["districts"]),
        &[Row, InDocument, Position, Named("district", "id"), At("name"), At("role"), Page],
    ),
    table(
        "meetings",
        "One row per meeting that a document is the minutes or the notice of.",
        Rows::At(&["meeting"]),
        &[Row, InDocument, At("body"), At("date"), At("place"), At("starts"), At("ends"), At("adjusters"), Page],
    ),
    table(
        "items",
        "One row per item (§) of minutes or an agenda.",
        Rows::At(&["items"]),
        &[
            Row,
            InDocument,
            Position,
            At("number"),
            At("title"),
            Named("dnrs", "dnr/canonical"),
            Named("handlaggare", "handlaggare/name"),
            At("proposition_order"),
            At("adjusted_immediately"),
            At("confidential"),
            Named("jav", "jav/name"),
            Page,
        ],
    ),
    table(
        "decisions",
        "One row per point of a decision, proposed, moved or decided, in an item or outside items.",
        Rows::At(&["decisions", "items/decisions"]),
        &[
            Row,
            InDocument,
            Parent("items"),
            Joined("items", "item_number", "number"),
            Joined("items", "item_title", "title"),
            Joined("items", "item_dnr", "dnr/canonical"),
            Position,
            At("status"),
            At("number"),
            At("text"),
            At("actor"),
            At("actions"),
            At("assignee"),
            At("section"),
            Page,
        ],
    ),
    table(
        "votes",
        "One row per vote.",
        Rows::At(&["items/votes"]),
        &[
            Row,
            InDocument,
            Parent("items"),
            Joined("items", "item_number", "number"),
            Joined("items", "item_title", "title"),
            Joined("items", "item_dnr", "dnr/canonical"),
            Position,
            At("question"),
            At("yes"),
            At("no"),
            At("abstain"),
            At("absent"),
        ],
    ),
    table(
        "votes_by_member",
        "One row per member and vote, where votes are printed name by name.",
        Rows::At(&["items/votes/by_member"]),
        &[
            Row,
            InDocument,
            Parent("votes"),
            Joined("items", "item_number", "number"),
            Joined("items", "item_title", "title"),
            Joined("items", "item_dnr", "dnr/canonical"),
            Joined("votes", "question", "question"),
            Position,
            At("name"),
            At("political_party"),
            At("vote"),
        ],
    ),
    table(
        "reservations",
        "One row per reservation.",
        Rows::At(&["items/reservations"]),
        &[
            Row,
            InDocument,
            Parent("items"),
            Joined("items", "item_number", "number"),
            Joined("items", "item_title", "title"),
            Joined("items", "item_dnr", "dnr/canonical"),
            Position,
            Named("by", "by/name"),
            Named("political_parties", "by/political_party"),
            At("text"),
        ],
    ),
    table(
        "statements",
        "One row per statement: särskilt uttalande, ersättaryttrande, protokollsanteckning.",
        Rows::At(&["items/statements"]),
        &[
            Row,
            InDocument,
            Parent("items"),
            Joined("items", "item_number", "number"),
            Joined("items", "item_title", "title"),
            Joined("items", "item_dnr", "dnr/canonical"),
            Position,
            At("kind"),
            Named("by", "by/name"),
            Named("political_parties", "by/political_party"),
            At("text"),
        ],
    ),
    table(
        "dnrs",
        "One row per diary number of a document or an item.",
        Rows::At(&["dnr", "items/dnr"]),
        &[
            Row,
            InDocument,
            Parent("items"),
            Joined("items", "item_number", "number"),
            Joined("items", "item_title", "title"),
            Joined("items", "item_dnr", "dnr/canonical"),
            Position,
            At("canonical"),
            At("raw"),
            At("series"),
            At("year"),
            At("number"),
            At("plan"),
            At("role"),
            Page,
        ],
    ),
    table(
        "agreements_in_documents",
        "One row per agreement that a document is, reports on or mentions.",
        Rows::At(&["agreements"]),
        &[
            Row,
            InDocument,
            Position,
            At("name"),
            At("type"),
            At("parties"),
            At("signed"),
            At("purpose"),
            At("target_groups"),
            At("activities"),
            At("cofinanced"),
            At("challenge_stated"),
            At("programme"),
            At("outcome"),
            At("recommendation"),
            Page,
        ],
    ),
    table(
        "agreement_periods_in_documents",
        "One row per period of an agreement.",
        Rows::At(&["agreements/periods"]),
        &[
            Row,
            InDocument,
            Parent("agreements_in_documents"),
            Joined("agreements_in_documents", "agreement_name", "name"),
            Position,
            Named("start_day", "start"),
            Named("end_day", "end"),
            Named("start_known_to", "precision/start"),
            Named("end_known_to", "precision/end"),
            At("open_ended"),
            At("extension/count"),
            At("extension/unit"),
            At("extension/times"),
            At("extension/max_end"),
            At("extension/exercised"),
            At("extension/new_end"),
            At("raw"),
            Page,
        ],
    ),
    table(
        "periods",
        "One row per period that belongs to no agreement.",
        Rows::At(&["periods"]),
        &[
            Row,
            InDocument,
            Position,
            Named("start_day", "start"),
            Named("end_day", "end"),
            Named("start_known_to", "precision/start"),
            Named("end_known_to", "precision/end"),
            At("open_ended"),
            At("raw"),
            Page,
        ],
    ),
    table(
        "parties",
        "One row per party of agreements or cases in a document.",
        Rows::At(&["parties"]),
        &[
            Row,
            InDocument,
            Position,
            At("name"),
            At("role"),
            At("org_nr"),
            At("org_nr_raw"),
            At("org_nr_valid"),
            At("org_nr_suggestion"),
            At("former_names"),
            At("aliases"),
            Page,
        ],
    ),
    table(
        "people_in_documents",
        "One row per mention of an official or elected member in a public role.",
        Rows::At(&["handlaggare", "items/handlaggare", "authors", "signatories", "attestations", "meeting/present"]),
        &[
            Row,
            InDocument,
            Parent("items"),
            Joined("items", "item_number", "number"),
            Joined("items", "item_title", "title"),
            Joined("items", "item_dnr", "dnr/canonical"),
            Listed,
            Position,
            At("name"),
            At("title"),
            At("unit"),
            At("role"),
            At("political_party"),
            At("substitute_for"),
            At("phone"),
            At("email"),
            At("date"),
            Page,
        ],
    ),
    table(
        "sections",
        "One row per section: a heading and what stands under it.",
        Rows::At(&["sections"]),
        &[
            Row,
            InDocument,
            Position,
            Named("section", "id"),
            At("heading"),
            At("level"),
            At("text"),
            At("first_page"),
            At("last_page"),
        ],
    ),
    table(
        "attachments",
        "One row per attachment that a document names.",
        Rows::At(&["attachments"]),
        &[Row, InDocument, Position, At("title"), Page],
    ),
    table(
        "citations",
        "One row per reference to a law, programme, guideline, report, budget or motion.",
        Rows::At(&["references"]),
        &[Row, InDocument, Position, At("kind"), At("text"), At("canonical"), Page],
    ),
    table(
        "amounts",
        "One row per sum of money.",
        Rows::At(&["amounts"]),
        &[Row, InDocument, Position, At("value_sek"), At("per"), At("raw"), Page],
    ),
    table(
        "quantities",
        "One row per quantity that is not money.",
        Rows::At(&["quantities"]),
        &[Row, InDocument, Position, At("value"), At("upper"), At("unit"), At("raw"), Page],
    ),
    table(
        "printed_tables",
        "One row per table printed in a document.",
        Rows::At(&["tables"]),
        &[Row, InDocument, Position, At("caption"), At("header"), At("rows"), Page],
    ),
    table(
        "warnings",
        "One row per oddity that a reader of a document's rows should know.",
        Rows::At(&["warnings"]),
        &[Row, InDocument, Position, At("code"), At("message"), Page],
    ),
    table(
        "evidence",
        "One row per proof of a value: where it stands, what stands there, and which rule read it.",
        Rows::Evidence,
        &[
            Row,
            Document,
            OwnerTable,
            Owner,
            Proved,
            Page,
            At("quote"),
            At("start"),
            At("end"),
            At("rule"),
            At("confidence"),
            At("places"),
        ],
    ),
    table(
        "districts",
        "One row per district committee of the vocabulary, then and now.",
        Rows::Register(&["@districts"]),
        &[
            Row,
            At("name"),
            At("board"),
            At("city"),
            Named("from_day", "from"),
            Named("to_day", "to"),
            At("documents"),
            At("cases"),
            At("agreements"),
            At("organisations"),
            At("first_seen"),
            At("last_seen"),
        ],
    ),
    table(
        "district_succession",
        "One row per district and one that came after it.",
        Rows::Register(&["@districts/successors"]),
        &[
            Row,
            Parent("districts"),
            Joined("districts", "district_name", "name"),
            Refers("successor_id", "id", "districts"),
            At("name"),
            At("since"),
        ],
    ),
    table(
        "organisations",
        "One row per organisation over all documents.",
        Rows::Register(&["@organisations"]),
        &[
            Row,
            At("name"),
            At("type"),
            At("org_nr"),
            Named("names", "names/name"),
            At("other_ids"),
            At("districts"),
            At("agreements"),
            Named("paths", "mentions/path"),
            At("documents"),
            At("first_seen"),
            At("last_seen"),
        ],
    ),
    table(
        "organisation_names",
        "One row per name of an organisation.",
        Rows::Register(&["@organisations/names"]),
        &[
            Row,
            Parent("organisations"),
            Joined("organisations", "organisation_name", "name"),
            Joined("organisations", "organisation_org_nr", "org_nr"),
            At("name"),
            At("kind"),
            At("documents"),
            At("first_seen"),
            At("last_seen"),
        ],
    ),
    table(
        "cases",
        "One row per case: the documents with one diary number of one authority.",
        Rows::Register(&["@cases"]),
        &[
            Row,
            At("dnr"),
            At("title"),
            At("authority"),
            At("district"),
            At("year"),
            At("number"),
            At("plans"),
            At("documents"),
            At("first_seen"),
            At("last_seen"),
        ],
    ),
    table(
        "case_steps",
        "One row per document, or item of one, of a case, in order of time.",
        Rows::Register(&["@cases/steps"]),
        &[
            Row,
            Parent("cases"),
            Joined("cases", "case_dnr", "dnr"),
            Joined("cases", "case_title", "title"),
            Joined("cases", "case_authority", "authority"),
            Joined("cases", "case_district", "district"),
            Position,
            At("role"),
            Refers("document_id", "document", "documents"),
            At("date"),
            At("meeting_date"),
            At("path"),
            At("kind"),
            At("item"),
            At("title"),
        ],
    ),
    table(
        "case_comparisons",
        "One row per decision beside the proposal it was made on.",
        Rows::Register(&["@cases/comparisons"]),
        &[
            Row,
            Parent("cases"),
            Joined("cases", "case_dnr", "dnr"),
            Joined("cases", "case_title", "title"),
            Joined("cases", "case_authority", "authority"),
            Joined("cases", "case_district", "district"),
            Position,
            Refers("proposal_id", "proposal", "documents"),
            Refers("decision_id", "decision", "documents"),
            At("item"),
            At("date"),
            At("fate"),
            At("differs"),
        ],
    ),
    table(
        "case_points",
        "One row per point of a comparison: as proposed, as decided.",
        Rows::Register(&["@cases/comparisons/points"]),
        &[
            Row,
            Parent("case_comparisons"),
            Joined("cases", "case_dnr", "dnr"),
            Joined("case_comparisons", "fate", "fate"),
            Joined("case_comparisons", "item", "item"),
            Position,
            At("verdict"),
            At("proposed"),
            At("decided"),
        ],
    ),
    table(
        "case_links",
        "One row per case that another cites.",
        Rows::Register(&["@cases/cites"]),
        &[
            Row,
            Parent("cases"),
            Joined("cases", "case_dnr", "dnr"),
            Joined("cases", "case_authority", "authority"),
            At("dnr"),
            Refers("cited_id", "case", "cases"),
        ],
    ),
    table(
        "agreements",
        "One row per agreement over all documents, with its partner and district.",
        Rows::Register(&["@agreements"]),
        &[
            Row,
            At("name"),
            At("types"),
            At("districts"),
            At("dnrs"),
            Named("starts", "periods/start"),
            Named("ends", "periods/lasted_until"),
            Named("standings", "periods/standing"),
            Named("paths", "mentions/path"),
            Named("parties", "parties/name"),
            Named("organisations", "parties/organisation"),
            Named("signed", "signed/value"),
            Named("purposes", "purposes/value"),
            Named("target_groups", "target_groups/value"),
            Named("activities", "activities/value"),
            Named("programmes", "programmes/value"),
            Named("outcomes", "outcomes/value"),
            At("cases"),
            At("other_ids"),
            At("documents"),
            At("first_seen"),
            At("last_seen"),
        ],
    ),
    table(
        "agreement_periods",
        "One row per period of an agreement, as all documents tell.",
        Rows::Register(&["@agreements/periods"]),
        &[
            Row,
            Parent("agreements"),
            Joined("agreements", "agreement_name", "name"),
            Position,
            Named("start_day", "start"),
            Named("end_day", "end"),
            Named("start_known_to", "precision/start"),
            Named("end_known_to", "precision/end"),
            At("open_ended"),
            At("standing"),
            Named("may_last_until", "may_last_until/value"),
            At("lasted_until"),
            At("districts"),
            Named("not_extended_in", "not_extended/path"),
            Named("paths", "mentions/path"),
            First("page", "mentions/page"),
            First("quote", "mentions/quote"),
        ],
    ),
    table(
        "agreement_extensions",
        "One row per extension of a period that was used, or is only proposed.",
        Rows::Register(&["@agreements/periods/extensions"]),
        &[
            Row,
            Parent("agreement_periods"),
            Joined("agreements", "agreement_name", "name"),
            Named("new_end_day", "new_end"),
            At("proposed"),
            Named("paths", "mentions/path"),
        ],
    ),
    table(
        "agreement_findings",
        "One row per renewal, gap, overlap or contradiction of an agreement's periods.",
        Rows::Register(&["@agreements/findings"]),
        &[
            Row,
            Parent("agreements"),
            Joined("agreements", "agreement_name", "name"),
            At("code"),
            At("message"),
            Named("from_day", "from"),
            Named("to_day", "to"),
        ],
    ),
    table(
        "agreement_sums",
        "One row per sum of money that documents about an agreement alone give.",
        Rows::Register(&["@agreements/sums"]),
        &[
            Row,
            Parent("agreements"),
            Joined("agreements", "agreement_name", "name"),
            At("value_sek"),
            At("per"),
            At("date"),
            At("said_in"),
            At("paid_by"),
            Named("paths", "mentions/path"),
            First("page", "mentions/page"),
            First("quote", "mentions/quote"),
        ],
    ),
    table(
        "agreement_recommendations",
        "One row per recommendation, with what was decided on it.",
        Rows::Register(&["@agreements/recommendations"]),
        &[
            Row,
            Parent("agreements"),
            Joined("agreements", "agreement_name", "name"),
            At("recommendation"),
            At("date"),
            Named("paths", "mentions/path"),
            First("page", "mentions/page"),
            First("quote", "mentions/quote"),
            Named("decided", "decided/fate"),
            At("decided/date"),
            Named("decided_item", "decided/item"),
            Named("decided_path", "decided/path"),
            Refers("decided_in_id", "decided/document", "documents"),
        ],
    ),
    table(
        "people",
        "One row per official or elected member and body, in public roles only.",
        Rows::Register(&["@people"]),
        &[Row, At("name"), At("body"), At("districts"), At("documents"), At("first_seen"), At("last_seen")],
    ),
    table(
        "people_roles",
        "One row per role of a person.",
        Rows::Register(&["@people/roles"]),
        &[
            Row,
            Parent("people"),
            Joined("people", "person_name", "name"),
            Joined("people", "person_body", "body"),
            Position,
            At("role"),
            At("political_party"),
            Named("paths", "mentions/path"),
            First("page", "mentions/page"),
            First("quote", "mentions/quote"),
            At("documents"),
            At("first_seen"),
            At("last_seen"),
        ],
    ),
    table(
        "register_evidence",
        "One row per place that proves a statement of the register tables.",
        Rows::Mentions,
        &[
            Row,
            OwnerTable,
            Owner,
            Proved,
            Refers("document_id", "document", "documents"),
            At("path"),
            At("date"),
            At("page"),
            At("quote"),
            At("start"),
            At("end"),
            At("rule"),
            At("confidence"),
        ],
    ),
    table(
        "files",
        "One row per file ever offered: what became of it, and why.",
        Rows::Files,
        &[At("path"), At("state"), At("code"), At("message"), At("bytes"), At("blake3"), At("missing")],
    ),
    table(
        "tombstones",
        "One row per document that is gone; only in a dump of changes.",
        Rows::Tombstones,
        &[At("id"), At("seq")],
    ),
];

impl TableSpec {
    /// The objects that are its rows.
    fn objects(&self) -> Vec<&'static Object> {
        match self.rows {
            Rows::Documents => vec![&RECORD],
            Rows::Pages => vec![&record::PAGE_ROW],
            Rows::Evidence => vec![&record::EVIDENCE],
            Rows::Files => vec![&record::FILE_ROW],
            Rows::Tombstones => vec![&record::TOMBSTONE],
            Rows::Mentions => vec![&registers::MENTION],
            Rows::At(paths) | Rows::Register(paths) => {
                let root = if matches!(self.rows, Rows::At(_)) { &RECORD } else { &registers::REGISTERS };
                let mut found: Vec<&'static Object> = Vec::new();
                for path in paths {
                    let end = path.split('/').try_fold(root, |object, key| match object.field(key)?.kind {
                        Kind::Object(o) | Kind::Objects(o) => Some(o),
                        _ => None,
                    });
                    found.extend(end.filter(|end| !found.iter().any(|o| o.name == end.name)));
                }
                found
            }
        }
    }
}

/// The objects that are the rows of a table; none if there is no such table.
pub(super) fn objects_of(table: &str) -> Vec<&'static Object> {
    TABLES.iter().find(|t| t.name == table).map(TableSpec::objects).unwrap_or_default()
}

/// The tables with their columns.
pub fn tables() -> &'static [Table] {
    static MADE: LazyLock<Vec<Table>> = LazyLock::new(|| {
        let made = TABLES.iter().map(|spec| {
            let objects = spec.objects();
            let columns = spec.columns.iter().flat_map(|c| Column::resolve(*c, &objects)).collect();
            Table { name: spec.name, about: spec.about, rows: spec.rows, columns }
        });
        made.collect()
    });
    &MADE
}

impl Table {
    /// Its column that no two rows share; none for the ledger, where paths of several folders may meet.
    pub fn key(&self) -> Option<&str> {
        (self.rows != Rows::Files).then(|| self.columns.first().map(|c| c.name.as_str())).flatten()
    }
}
