//! Defines the shapes of the lexicon's files, field by field.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// `abbreviations.json`.
#[derive(Debug, Deserialize)]
pub(super) struct Abbreviations {
    pub(super) abbreviations: Vec<String>,
}

/// `synonyms.json`: what search takes for the same.
#[derive(Debug, Deserialize)]
pub(super) struct Synonyms {
    pub(super) acronyms: Vec<Acronym>,
}

/// Letters that stand for words.
#[derive(Clone, Debug, Deserialize)]
pub struct Acronym {
    /// The letters as they are written, e.g. `IOP`.
    pub acronym: String,
    /// What they stand for, in full; the usual form first.
    pub means: Vec<String>,
    /// Letters that are a word or an abbreviation too (`KL`, kl. 18): only taken for it when typed just so, and never
    /// looked for when the words were typed.
    #[serde(default)]
    pub one_way: bool,
}

/// `actions.json`: what decisions do.
#[derive(Clone, Debug, Deserialize)]
pub struct Actions {
    /// Words that turn an action into its opposite.
    pub negation: Vec<String>,
    /// Who decides.
    pub actors: Vec<String>,
    /// Who is given tasks.
    pub addressees: Vec<String>,
    /// Words for the body whose opinion a document gives, where it has no name there.
    pub opinion_bodies: Vec<String>,
    /// Says behind the body that it gives its opinion to another.
    pub opinion_verbs: Vec<String>,
    /// Says that what was proposed is decided, without its words. Compared without case, marks and stops.
    #[serde(default)]
    pub as_proposed: Vec<String>,
    /// The actions.
    pub actions: Vec<Action>,
}

/// One thing a decision can do.
#[derive(Clone, Debug, Deserialize)]
pub struct Action {
    /// Id in records, e.g. `approve`.
    pub id: String,
    /// In Swedish, e.g. `godkänna`.
    pub label: String,
    /// `outcome`, `opinion`, `procedure`, `personnel`, `speech` or `frame`.
    pub group: String,
    /// Regular expressions (syntax of the `regex` crate), matched case-insensitively on text with single spaces.
    pub patterns: Vec<String>,
}

/// `agreements.json`: words about agreements and their parties.
#[derive(Clone, Debug, Deserialize)]
pub struct Agreements {
    /// Words for an agreement, in lower case, in all their forms.
    pub agreement_words: Vec<String>,
    /// Endings of words for programmes and plans, whose years are no agreement's.
    pub programme_words: Vec<String>,
    /// Words that make years after them as many agreements: "årliga överenskommelser för 2022 och 2023".
    pub plural_words: Vec<String>,
    /// Contracts and undertakings whose ends are no end of the agreement.
    pub other_contracts: Vec<String>,
    /// What is counted or paid: a number of four digits before one of these is no year.
    pub counted_units: Vec<String>,
    /// Types of agreement, the first that fits.
    pub types: Vec<AgreementType>,
    /// Words before a former name.
    pub former_words: Vec<String>,
    /// Words of sentences about what may come: their years are no terms yet.
    pub future_words: Vec<String>,
    /// Endings of names of public bodies.
    pub public_endings: Vec<String>,
    /// Endings of names of parishes and faith communities.
    pub parish_endings: Vec<String>,
    /// Last words of names of companies.
    pub company_endings: Vec<String>,
    /// Endings of words in lower case that belong to names: "Järva föräldraförening".
    pub name_endings: Vec<String>,
    /// How words end, first or last in a name, that say what form of organisation it is.
    pub organisation_forms: Vec<String>,
    /// Short words that say the same, whole: `if`, `ab`.
    pub organisation_letters: Vec<String>,
    /// Organisations whose names do not tell their form: a name that is or begins with one of these is one's.
    #[serde(default)]
    pub known_organisations: Vec<String>,
    /// Patterns of words right before the other side of an agreement, whatever its name looks like.
    #[serde(default)]
    pub partner_links: Vec<String>,
    /// Parts of names of those that are no party of a case: joint authorities, boards, political parties.
    pub no_party_words: Vec<String>,
    /// Says that a decision is about somebody: who stands behind it, after one of `case_links`.
    pub case_cues: Vec<String>,
    /// What stands right before a party.
    pub case_links: Vec<String>,
    /// Says of the name before it that it is a party.
    pub case_passives: Vec<String>,
    /// Words that begin the name of a target group.
    pub target_words: Vec<String>,
    /// Headings of a table's column of partners.
    pub partner_headings: Vec<String>,
    /// Headings of a table's column of target groups.
    #[serde(default)]
    pub group_headings: Vec<String>,
    /// Headings of a table's column of periods.
    #[serde(default)]
    pub period_headings: Vec<String>,
    /// Headings of a table's column of sums.
    #[serde(default)]
    pub money_headings: Vec<String>,
    /// Words that stand for a party and are no name.
    pub generic_words: Vec<String>,
    /// Says that both sides pay.
    pub cofinanced: Vec<String>,
    /// Says that one side pays all.
    pub not_cofinanced: Vec<String>,
    /// Says that no challenge of society is stated.
    pub challenge_absent: Vec<String>,
    /// Says that one is.
    pub challenge_present: Vec<String>,
    /// The programme served is the first group, up to the end of the sentence.
    pub programme: Vec<String>,
    /// Says that the agreement is to end.
    pub not_renewed: Vec<String>,
    /// Words after the name of a side which say that it receives money.
    #[serde(default)]
    pub receiving_words: Vec<String>,
    /// Endings of words for money that a public body gives, whoever is not named.
    #[serde(default)]
    pub support_endings: Vec<String>,
    /// Endings of words for what the partner of a public body puts in itself.
    #[serde(default)]
    pub own_means_endings: Vec<String>,
    /// Words before the name of a side that money goes to.
    #[serde(default)]
    pub receiver_links: Vec<String>,
    /// Words before the name of a side that money comes from.
    #[serde(default)]
    pub payer_links: Vec<String>,
    /// Patterns of sentences which say that a possible extension is not used.
    #[serde(default)]
    pub option_unused: Vec<String>,
    /// Patterns of sentences which say that an agreement should go on.
    #[serde(default)]
    pub renewed: Vec<String>,
    /// Patterns of sentences which say what came of an agreement.
    #[serde(default)]
    pub outcome: Vec<String>,
    /// Words one of which every such sentence has.
    #[serde(default)]
    pub outcome_words: Vec<String>,
}

/// A type of agreement.
#[derive(Clone, Debug, Deserialize)]
pub struct AgreementType {
    /// As in the record, e.g. `IOP`.
    pub label: String,
    /// Regular expressions that speak for it, matched case-insensitively.
    pub patterns: Vec<String>,
}

/// `dates.json`.
#[derive(Clone, Debug, Deserialize)]
pub struct Dates {
    /// Month names and abbreviations in lower case → 1–12.
    pub months: BTreeMap<String, i8>,
    /// Number words → number.
    pub number_words: BTreeMap<String, f64>,
}

/// `districts.json`.
#[derive(Debug, Deserialize)]
pub(super) struct Districts {
    pub(super) districts: Vec<District>,
}

/// The words of `districts.json`.
#[derive(Debug, Deserialize)]
pub(super) struct DistrictSuffixes {
    pub(super) match_suffixes: Vec<String>,
}

/// A district committee at a time.
#[derive(Clone, Debug, Deserialize)]
pub struct District {
    /// Id in records, e.g. `sthlm-jarva`.
    pub id: String,
    /// Name, e.g. `Järva`.
    pub name: String,
    /// Full name of the committee, e.g. `Järva stadsdelsnämnd`.
    pub official_board_name: String,
    /// City.
    pub city: String,
    /// `stadsdelsnamnd` …
    pub kind: String,
    /// First day, ISO 8601, if known.
    pub from: Option<String>,
    /// Last day, ISO 8601; none while it lasts.
    pub to: Option<String>,
    /// Ids of those it came from.
    pub predecessors: Vec<String>,
    /// Ids of those that came after it.
    pub successors: Vec<String>,
    /// Parts of town in it.
    pub stadsdelar: Vec<String>,
    /// Name in the genitive.
    pub genitive: String,
    /// Other ways of writing it.
    pub aliases: Vec<String>,
    /// Letters of its diary series.
    pub dnr_prefixes: Vec<String>,
    /// Whether the bare name means the committee: `ok`, `needs_context` or `never`.
    pub bare_name_policy: String,
}

/// `headings.json`.
#[derive(Debug, Deserialize)]
pub(super) struct HeadingList {
    /// A line that begins with one of these only says by which proposal, or moves something; no pattern makes it a heading.
    #[serde(default)]
    pub(super) pattern_not_begins: Vec<String>,
    /// The same for a line that holds one of these: somebody's own sentence.
    #[serde(default)]
    pub(super) pattern_not_holds: Vec<String>,
    pub(super) headings: Vec<Heading>,
}

/// A section heading.
#[derive(Clone, Debug, Deserialize)]
pub struct Heading {
    /// Id in records, e.g. `proposed_decision`.
    pub id: String,
    /// `meta`, `decision`, `body`, `iop`, `agreement`, `end`, `protokoll`, `agenda` or `motion`.
    pub role: String,
    /// Ways of writing it; one with `…` or in brackets is a description, not a spelling.
    pub variants: Vec<String>,
    /// Regular expressions for headings that name a body (`Socialnämndens beslut`), matched on the whole line in lower case.
    #[serde(default)]
    pub patterns: Vec<String>,
}

/// `kinds.json`.
#[derive(Debug, Deserialize)]
pub(super) struct Kinds {
    pub(super) kinds: Vec<Kind>,
}

/// The number in `kinds.json`.
#[derive(Debug, Deserialize)]
pub(super) struct KindThreshold {
    pub(super) threshold: i32,
}

/// A kind or genre of document.
#[derive(Clone, Debug, Deserialize)]
pub struct Kind {
    /// Id in records, e.g. `tjansteutlatande`.
    pub id: String,
    /// In Swedish.
    pub sv: String,
    /// `kind`, `genre` or `both` (a kind when the document has no other form, else a genre).
    #[serde(rename = "use")]
    pub usage: String,
    /// What speaks strongly for it: 3 points each.
    pub strong: Vec<Cue>,
    /// What speaks for it: 1 point each.
    pub weak: Vec<Cue>,
    /// What speaks against it: 3 points off each.
    pub against: Vec<Cue>,
}

/// Something in a document that speaks for or against a kind.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Cue {
    /// A pattern found in a part of the document.
    Pattern {
        /// Where it is looked for.
        #[serde(rename = "in")]
        place: CuePlace,
        /// Regular expression (syntax of the `regex` crate), matched case-insensitively.
        re: String,
    },
    /// All of these headings are there.
    Headings {
        /// Ids of headings.
        headings: Vec<String>,
    },
    /// All of these labels are there, in the head or margin block.
    Labels {
        /// Ids of headings with role `meta`.
        labels: Vec<String>,
    },
    /// The document has a shape.
    Shape {
        /// Which.
        shape: Shape,
    },
}

/// Where a pattern is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CuePlace {
    /// A whole line of the head, margin block or letterhead.
    Label,
    /// The title.
    Title,
    /// A whole line anywhere.
    Line,
    /// Anywhere in the running text.
    Text,
}

/// A shape of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Slides: several pages of few words, most of them in short lines or bullets.
    Slides,
    /// Two or more numbered paragraphs (§) that begin a line.
    Items,
    /// Exactly one numbered paragraph (§) that begins a line.
    OneItem,
    /// Exactly one numbered paragraph (§), and nothing said of who was present, adjusts or which paragraphs there are.
    OneItemAlone,
    /// A month and year alone on a line of the first page.
    MonthDate,
    /// Has a heading of a proposal and no numbered paragraph (§).
    ProposalOnly,
}

/// `dnr.json`: labels of diary numbers, and what only looks like one.
#[derive(Clone, Debug, Deserialize)]
pub struct DnrWords {
    /// Labels before a diary number.
    pub labels: Vec<String>,
    /// Labels before another body's diary number.
    pub foreign_labels: Vec<String>,
    /// Words on the line before that make a diary number another body's.
    pub foreign_words: Vec<String>,
    /// Letters before year and number that are no diary series.
    pub not_series: Vec<String>,
}

/// `bodies.json`: words that names of bodies end in.
#[derive(Clone, Debug, Deserialize)]
pub struct Bodies {
    /// Committees, boards, councils.
    pub authority: Vec<String>,
    /// Offices under them.
    pub administration: Vec<String>,
    /// Departments and units of offices.
    pub department: Vec<String>,
    /// What units are for; a line of these alone, `Kultur och fritid`, is a unit. In lower case.
    #[serde(default)]
    pub sectors: Vec<String>,
    /// Words before the name of a predecessor.
    pub former_marks: Vec<String>,
    /// Authorities that are no committees: how their names end (`verket`) or, with a blank, begin (`Länsstyrelsen `).
    #[serde(default)]
    pub agencies: Vec<String>,
    /// How the names of municipalities, cities and regions end (` kommun`) or, with a blank after, begin (`Region `).
    #[serde(default)]
    pub municipalities: Vec<String>,
}

/// `figures.json`: units of money and of what is counted. All in lower case.
#[derive(Clone, Debug, Deserialize)]
pub struct Figures {
    /// Units of money → kronor.
    pub money: BTreeMap<String, f64>,
    /// `miljoner` and the like → factor; a unit of money or a word of `money_context` must be near.
    pub multiples: BTreeMap<String, f64>,
    /// Beginnings of words that make a `miljon` money.
    pub money_context: Vec<String>,
    /// Words before a sum that make it negative.
    pub minus: Vec<String>,
    /// What a sum is for each of → id.
    pub per: BTreeMap<String, String>,
    /// What is counted.
    pub units: Vec<String>,
    /// How compounds of what is counted end.
    pub unit_endings: Vec<String>,
    /// Units that only a range is read with: ages.
    pub age_units: Vec<String>,
    /// Words before a number that make it no count.
    pub not_before: Vec<String>,
}

/// `references.json`: what documents refer to.
#[derive(Clone, Debug, Deserialize)]
pub struct References {
    /// Laws known by name.
    pub laws: Vec<Law>,
    /// How words for laws end, before a number in brackets.
    pub law_endings: Vec<String>,
    /// Words for programmes and plans.
    pub programmes: Vec<String>,
    /// Words for guidelines.
    pub guidelines: Vec<String>,
    /// Words for budgets.
    pub budgets: Vec<String>,
    /// Words between one of these and what it is about.
    pub links: Vec<String>,
    /// Words before one of these that say whose it is.
    pub owners: Vec<String>,
    /// How such words end.
    pub owner_endings: Vec<String>,
    /// Words that the name of a programme or guideline ends before.
    pub ends: Vec<String>,
}

/// A law known by name.
#[derive(Clone, Debug, Deserialize)]
pub struct Law {
    /// Its names, in lower case.
    pub names: Vec<String>,
    /// Its acronyms, case as written; read only beside a chapter or paragraph.
    pub acronyms: Vec<String>,
    /// Its numbers, newest first.
    pub sfs: Vec<LawNumber>,
}

/// A law's number in the statute book.
#[derive(Clone, Debug, Deserialize)]
pub struct LawNumber {
    /// `2017:725`.
    pub number: String,
    /// In force from this day, ISO 8601.
    pub from: String,
}

/// `meetings.json`: labels in the head of minutes and notices. Compared in any case.
#[derive(Clone, Debug, Deserialize)]
pub struct MeetingWords {
    /// Labels of the attendance list by the role they give; an empty role gives none.
    pub attendance: Vec<AttendanceLabels>,
    /// Labels before the time of the meeting.
    pub time: Vec<String>,
    /// Labels before its place.
    pub place: Vec<String>,
    /// Labels before those who adjust the minutes.
    pub adjusters: Vec<String>,
    /// Labels that end the attendance list.
    pub stops: Vec<String>,
    /// Other labels of the form that minutes begin with, as they stand where its columns were read as one line.
    #[serde(default)]
    pub form: Vec<String>,
    /// Verbs of the sentence that follows the title of an item.
    #[serde(default)]
    pub verbs: Vec<String>,
    /// What stands between a substitute and the member served for.
    pub substitute: Vec<String>,
    /// What stands instead of a name where nobody is.
    pub vacant: Vec<String>,
}

/// Labels of the attendance list that give one role.
#[derive(Clone, Debug, Deserialize)]
pub struct AttendanceLabels {
    /// As in the record, e.g. `ledamot`.
    pub role: String,
    /// Whether the labels are of one person, and a list that they stand in goes on below.
    #[serde(default)]
    pub of_one: bool,
    /// Ways of writing it.
    pub labels: Vec<String>,
}

/// `names.json`.
#[derive(Debug, Deserialize)]
pub(super) struct Names {
    pub(super) particles: Vec<String>,
    #[serde(default)]
    pub(super) given_names: Vec<String>,
}

/// `parties.json`.
#[derive(Debug, Deserialize)]
pub(super) struct Parties {
    pub(super) parties: Vec<PoliticalParty>,
}

/// A political party.
#[derive(Clone, Debug, Deserialize)]
pub struct PoliticalParty {
    /// Letters, e.g. `S`.
    pub abbr: String,
    /// Name.
    pub name: String,
    /// Other forms of the name: `Folkpartiet`.
    #[serde(default)]
    pub also: Vec<String>,
}

/// `titles.json`.
#[derive(Clone, Debug, Deserialize)]
pub struct Titles {
    /// Prefixes such as `tf.` → what they mean.
    pub prefixes: BTreeMap<String, String>,
    /// How words for titles end, in lower case.
    #[serde(default)]
    pub endings: Vec<String>,
    /// The titles.
    pub titles: Vec<Title>,
}

/// A title of an official or elected member.
#[derive(Clone, Debug, Deserialize)]
pub struct Title {
    /// Id.
    pub id: String,
    /// In Swedish, lower case.
    pub canonical: String,
    /// Ways of writing it.
    pub variants: Vec<String>,
    /// `official`, `politician`, `auditor` or `association`.
    pub role: String,
}

/// `words.json`: small words, by what they tell of a line or sentence. All in lower case.
#[derive(Clone, Debug, Deserialize)]
pub struct Words {
    /// The commonest words of Swedish prose; their share tells text from glyph soup.
    pub function_words: Vec<String>,
    /// Words that end no paragraph: after one of them the sentence goes on.
    pub open_ends: Vec<String>,
    /// Words after a suspended hyphen, as in `föräldra- och barnstöd`.
    pub suspended: Vec<String>,
    /// How the names of authorities and their units end.
    pub unit_endings: Vec<String>,
    /// Words that the name of a unit does not hold.
    pub not_in_units: Vec<String>,
    /// Verbs that sentences of records have and their titles do not.
    #[serde(default)]
    pub finite_verbs: Vec<String>,
}

/// `confidence.json`: how the rules did on labelled documents. Written by `diarium evaluate … --calibrate`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Confidence {
    /// For each rule the values that it read, and how many of them are right.
    pub rules: BTreeMap<String, Measured>,
}

/// Values that a rule read in labelled documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// All.
    pub values: u32,
    /// Those equal to the label's.
    pub right: u32,
}

/// How many measured values a rule's own claim weighs as much as.
const CLAIM: f32 = 5.0;

impl Confidence {
    /// The confidence of a value: what its rule claims, lowered to what was measured of the rule. Few measurements lower little:
    /// the claim counts as five values.
    pub fn measured(&self, rule: &str, claimed: f32) -> f32 {
        let Some(m) = self.rules.get(rule) else { return claimed };
        let share = (m.right as f32 + claimed * CLAIM) / (m.values as f32 + CLAIM);
        // To hundredths: more would say more than is known.
        (claimed.min(share) * 100.0).round() / 100.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_trusted_as_far_as_it_was_right_and_never_beyond_its_claim() {
        let rule =
            |values, right| Confidence { rules: BTreeMap::from([("a".to_string(), Measured { values, right })]) };
        assert_eq!(rule(100, 100).measured("a", 0.9), 0.9);
        assert_eq!(rule(100, 100).measured("a", 0.5), 0.5);
        assert_eq!(rule(95, 45).measured("a", 0.95), 0.5);
        assert_eq!(rule(1, 0).measured("a", 0.96), 0.8);
        assert_eq!(rule(9, 0).measured("other", 0.9), 0.9);
    }
}
