CREATE TABLE "documents" ( -- One row per document: a file, or one part of a bundle.
  "id" TEXT PRIMARY KEY NOT NULL, -- Id of the document: from the file's BLAKE3, with the first page for a part of a bundle.
  "path" TEXT NOT NULL, -- Path of the file, relative to the folder that was read, / between.
  "kind" TEXT NOT NULL, -- Form of the document, an id of the vocabulary; okand when nothing speaks for one.
  "genres" TEXT, -- What it is about or how it is routed: ids of the vocabulary.
  "title" TEXT, -- Title, its lines joined.
  "subtitle" TEXT, -- Second line of the title, if it stands apart.
  "language" TEXT, -- Language: sv.
  "date" TEXT, -- The document's date. Where only month or year is known, its first day.
  "date_precision" TEXT, -- How exactly date is known.
  "meeting_date" TEXT, -- Date of the meeting it is for or of. Where only month or year is known, its first day.
  "meeting_date_precision" TEXT, -- How exactly meeting_date is known.
  "year" INTEGER, -- Year: of the date, else of the meeting, else attested, else in the title.
  "dnr" TEXT, -- SERIES YEAR/NUMBER, or YEAR/NUMBER without a series. (the first)
  "dnrs" TEXT, -- SERIES YEAR/NUMBER, or YEAR/NUMBER without a series. (each)
  "dnrs_cited" TEXT, -- SERIES YEAR/NUMBER, or YEAR/NUMBER without a series. (each)
  "authority" TEXT, -- Its name, base form where known.
  "district" TEXT, -- Id of the district. (the first)
  "districts" TEXT, -- Id of the district. (each)
  "districts_former" TEXT, -- Id of the district. (each)
  "districts_mentioned" TEXT, -- Id of the district. (each)
  "administration" TEXT, -- The name.
  "department" TEXT, -- The name.
  "recipient" TEXT, -- The name.
  "handlaggare" TEXT, -- Name, given name first. (each)
  "authors" TEXT, -- The name. (each)
  "contact_street" TEXT, -- Street and number.
  "contact_postal_code" TEXT, -- Postal code, NNN NN.
  "contact_city" TEXT, -- Town.
  "contact_phone" TEXT, -- Telephone number as printed.
  "contact_email" TEXT, -- E-mail address.
  "contact_web" TEXT, -- Web address.
  "part" INTEGER, -- Its place among the parts, from 1.
  "parts" INTEGER, -- Number of parts.
  "first_page" INTEGER, -- First page in the file.
  "last_page" INTEGER, -- Last page in the file.
  "file_pages" INTEGER NOT NULL, -- Pages of the file; 0 where it has none.
  "file_bytes" INTEGER NOT NULL, -- Size of the file.
  "blake3" TEXT NOT NULL, -- BLAKE3 hash of the file's bytes, 64 hexadecimal digits.
  "media_type" TEXT NOT NULL, -- Media type of the file.
  "encoding" TEXT, -- Encoding of a text file.
  "producer" TEXT, -- Program that made the PDF, as the PDF says.
  "pdf_title" TEXT, -- Title that the PDF gives itself.
  "pdf_created" TEXT, -- When the PDF says it was made.
  "pdf_modified" TEXT, -- When the PDF says it was changed.
  "also_at" TEXT, -- Other files with the same content.
  "ocr_pages" TEXT, -- Pages read by OCR.
  "textless_pages" TEXT, -- Pages that show something but have no letters.
  "extractor" TEXT NOT NULL, -- Version of the extractor.
  "parser" TEXT NOT NULL, -- Version of the parser.
  "lexicon" TEXT NOT NULL, -- Hash of the vocabulary.
  "corrections" TEXT -- Hash of the corrections file.
) STRICT;
CREATE TABLE "pages" ( -- One row per page of a document, with its text.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "document_id" TEXT NOT NULL REFERENCES "documents" (id), -- Id of the document.
  "page" INTEGER NOT NULL, -- Number of the page in the file, from 1.
  "width" REAL, -- Width as shown; none for text files.
  "height" REAL, -- Height as shown; none for text files.
  "read_by" TEXT NOT NULL, -- Where its text came from: letters of its own, OCR, letters of its own that do not read as language; none if it shows something without letters, or nothing.
  "text" TEXT NOT NULL -- Its text in reading order, personal identity numbers masked; a word broken over two pages stands on both in part.
) STRICT;
CREATE TABLE "districts_in_documents" ( -- One row per district that a document belongs to or speaks of.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "document_id" TEXT NOT NULL REFERENCES "documents" (id), -- Id of the document.
  "document_path" TEXT NOT NULL, -- Path of the document's file.
  "document_kind" TEXT NOT NULL, -- Kind of the document.
  "document_date" TEXT, -- Day of the document: of minutes and notices the meeting's, else its own. Where only month or year is known, its first day.
  "document_date_precision" TEXT, -- How exactly document_date is known.
  "document_year" INTEGER, -- Year of the document.
  "document_authority" TEXT, -- Authority of the document.
  "document_district" TEXT, -- Id of the document's district, as then.
  "document_dnr" TEXT, -- First diary number of the document's own.
  "position" INTEGER NOT NULL, -- Place in its list, from 1.
  "district" TEXT NOT NULL, -- Id of the district.
  "name" TEXT NOT NULL, -- Its name.
  "role" TEXT NOT NULL, -- Whether it is the document's own, a predecessor, or named otherwise.
  "page" INTEGER -- First page of its proof, by number in the file.
) STRICT;
CREATE TABLE "meetings" ( -- One row per meeting that a document is the minutes or the notice of.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "document_id" TEXT NOT NULL REFERENCES "documents" (id), -- Id of the document.
  "document_path" TEXT NOT NULL, -- Path of the document's file.
  "document_kind" TEXT NOT NULL, -- Kind of the document.
  "document_date" TEXT, -- Day of the document: of minutes and notices the meeting's, else its own. Where only month or year is known, its first day.
  "document_date_precision" TEXT, -- How exactly document_date is known.
  "document_year" INTEGER, -- Year of the document.
  "document_authority" TEXT, -- Authority of the document.
  "document_district" TEXT, -- Id of the document's district, as then.
  "document_dnr" TEXT, -- First diary number of the document's own.
  "body" TEXT, -- The body that meets.
  "date" TEXT, -- The day. Where only month or year is known, its first day.
  "date_precision" TEXT, -- How exactly date is known.
  "place" TEXT, -- Where.
  "starts" TEXT, -- Time of day, HH:MM.
  "ends" TEXT, -- Time of day, HH:MM.
  "adjusters" TEXT, -- Who adjusts the minutes.
  "page" INTEGER -- First page of its proof, by number in the file.
) STRICT;
CREATE TABLE "items" ( -- One row per item (§) of minutes or an agenda.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "document_id" TEXT NOT NULL REFERENCES "documents" (id), -- Id of the document.
  "document_path" TEXT NOT NULL, -- Path of the document's file.
  "document_kind" TEXT NOT NULL, -- Kind of the document.
  "document_date" TEXT, -- Day of the document: of minutes and notices the meeting's, else its own. Where only month or year is known, its first day.
  "document_date_precision" TEXT, -- How exactly document_date is known.
  "document_year" INTEGER, -- Year of the document.
  "document_authority" TEXT, -- Authority of the document.
  "document_district" TEXT, -- Id of the document's district, as then.
  "document_dnr" TEXT, -- First diary number of the document's own.
  "position" INTEGER NOT NULL, -- Place in its list, from 1.
  "number" TEXT NOT NULL, -- Its number, § 12.
  "title" TEXT, -- Its title.
  "dnrs" TEXT, -- SERIES YEAR/NUMBER, or YEAR/NUMBER without a series. (each)
  "handlaggare" TEXT, -- Name, given name first. (each)
  "proposition_order" TEXT, -- How the question was put.
  "adjusted_immediately" INTEGER NOT NULL, -- Whether it was adjusted at once.
  "confidential" INTEGER NOT NULL, -- Whether it is secret.
  "jav" TEXT, -- Name. (each)
  "page" INTEGER -- First page of its proof, by number in the file.
) STRICT;
CREATE TABLE "decisions" ( -- One row per point of a decision, proposed, moved or decided, in an item or outside items.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "document_id" TEXT NOT NULL REFERENCES "documents" (id), -- Id of the document.
  "document_path" TEXT NOT NULL, -- Path of the document's file.
  "document_kind" TEXT NOT NULL, -- Kind of the document.
  "document_date" TEXT, -- Day of the document: of minutes and notices the meeting's, else its own. Where only month or year is known, its first day.
  "document_date_precision" TEXT, -- How exactly document_date is known.
  "document_year" INTEGER, -- Year of the document.
  "document_authority" TEXT, -- Authority of the document.
  "document_district" TEXT, -- Id of the document's district, as then.
  "document_dnr" TEXT, -- First diary number of the document's own.
  "item_id" TEXT REFERENCES "items" (id), -- Key of the row of items it belongs to.
  "item_number" TEXT, -- Its number, § 12. (the first) Of the row of items it belongs to.
  "item_title" TEXT, -- Its title. (the first) Of the row of items it belongs to.
  "item_dnr" TEXT, -- SERIES YEAR/NUMBER, or YEAR/NUMBER without a series. (the first) Of the row of items it belongs to.
  "position" INTEGER NOT NULL, -- Place in its list, from 1.
  "status" TEXT NOT NULL, -- Proposed by an officer or a lower body, moved by a member, decided, or an opinion given to somebody else.
  "number" TEXT, -- Its number in the list, as printed without a stop.
  "text" TEXT NOT NULL, -- The point, verbatim but for its number.
  "actor" TEXT, -- Who decides or is to decide.
  "actions" TEXT, -- What it does: ids of actions, in order of the text.
  "assignee" TEXT, -- Who is given the task.
  "section" TEXT, -- Id of the section it stands in.
  "page" INTEGER -- First page of its proof, by number in the file.
) STRICT;
CREATE TABLE "votes" ( -- One row per vote.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "document_id" TEXT NOT NULL REFERENCES "documents" (id), -- Id of the document.
  "document_path" TEXT NOT NULL, -- Path of the document's file.
  "document_kind" TEXT NOT NULL, -- Kind of the document.
  "document_date" TEXT, -- Day of the document: of minutes and notices the meeting's, else its own. Where only month or year is known, its first day.
  "document_date_precision" TEXT, -- How exactly document_date is known.
  "document_year" INTEGER, -- Year of the document.
  "document_authority" TEXT, -- Authority of the document.
  "document_district" TEXT, -- Id of the document's district, as then.
  "document_dnr" TEXT, -- First diary number of the document's own.
  "item_id" TEXT REFERENCES "items" (id), -- Key of the row of items it belongs to.
  "item_number" TEXT, -- Its number, § 12. (the first) Of the row of items it belongs to.
  "item_title" TEXT, -- Its title. (the first) Of the row of items it belongs to.
  "item_dnr" TEXT, -- SERIES YEAR/NUMBER, or YEAR/NUMBER without a series. (the first) Of the row of items it belongs to.
  "position" INTEGER NOT NULL, -- Place in its list, from 1.
  "question" TEXT, -- What was voted on.
  "yes" INTEGER, -- Number of ja.
  "no" INTEGER, -- Number of nej.
  "abstain" INTEGER, -- Number of avstår.
  "absent" INTEGER -- Number of frånvarande.
) STRICT;
CREATE TABLE "votes_by_member" ( -- One row per member and vote, where votes are printed name by name.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "document_id" TEXT NOT NULL REFERENCES "documents" (id), -- Id of the document.
  "document_path" TEXT NOT NULL, -- Path of the document's file.
  "document_kind" TEXT NOT NULL, -- Kind of the document.
  "document_date" TEXT, -- Day of the document: of minutes and notices the meeting's, else its own. Where only month or year is known, its first day.
  "document_date_precision" TEXT, -- How exactly document_date is known.
  "document_year" INTEGER, -- Year of the document.
  "document_authority" TEXT, -- Authority of the document.
  "document_district" TEXT, -- Id of the document's district, as then.
  "document_dnr" TEXT, -- First diary number of the document's own.
  "vote_id" TEXT NOT NULL REFERENCES "votes" (id), -- Key of the row of votes it belongs to.
  "item_number" TEXT, -- Its number, § 12. (the first) Of the row of items it belongs to.
  "item_title" TEXT, -- Its title. (the first) Of the row of items it belongs to.
  "item_dnr" TEXT, -- SERIES YEAR/NUMBER, or YEAR/NUMBER without a series. (the first) Of the row of items it belongs to.
  "question" TEXT, -- What was voted on. (the first) Of the row of votes it belongs to.
  "position" INTEGER NOT NULL, -- Place in its list, from 1.
  "name" TEXT NOT NULL, -- Name.
  "political_party" TEXT, -- Letters of the political party.
  "vote" TEXT NOT NULL -- yes, no, abstain or absent.
) STRICT;
CREATE TABLE "reservations" ( -- One row per reservation.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "document_id" TEXT NOT NULL REFERENCES "documents" (id), -- Id of the document.
  "document_path" TEXT NOT NULL, -- Path of the document's file.
  "document_kind" TEXT NOT NULL, -- Kind of the document.
  "document_date" TEXT, -- Day of the document: of minutes and notices the meeting's, else its own. Where only month or year is known, its first day.
  "document_date_precision" TEXT, -- How exactly document_date is known.
  "document_year" INTEGER, -- Year of the document.
  "document_authority" TEXT, -- Authority of the document.
  "document_district" TEXT, -- Id of the document's district, as then.
  "document_dnr" TEXT, -- First diary number of the document's own.
  "item_id" TEXT REFERENCES "items" (id), -- Key of the row of items it belongs to.
  "item_number" TEXT, -- Its number, § 12. (the first) Of the row of items it belongs to.
  "item_title" TEXT, -- Its title. (the first) Of the row of items it belongs to.
  "item_dnr" TEXT, -- SERIES YEAR/NUMBER, or YEAR/NUMBER without a series. (the first) Of the row of items it belongs to.
  "position" INTEGER NOT NULL, -- Place in its list, from 1.
  "by" TEXT, -- Name. (each)
  "political_parties" TEXT, -- Letters of the political party. (each; empty where there is none)
  "text" TEXT -- What.
) STRICT;
CREATE TABLE "statements" ( -- One row per statement: särskilt uttalande, ersättaryttrande, protokollsanteckning.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "document_id" TEXT NOT NULL REFERENCES "documents" (id), -- Id of the document.
  "document_path" TEXT NOT NULL, -- Path of the document's file.
  "document_kind" TEXT NOT NULL, -- Kind of the document.
  "document_date" TEXT, -- Day of the document: of minutes and notices the meeting's, else its own. Where only month or year is known, its first day.
  "document_date_precision" TEXT, -- How exactly document_date is known.
  "document_year" INTEGER, -- Year of the document.
  "document_authority" TEXT, -- Authority of the document.
  "document_district" TEXT, -- Id of the document's district, as then.
  "document_dnr" TEXT, -- First diary number of the document's own.
  "item_id" TEXT REFERENCES "items" (id), -- Key of the row of items it belongs to.
  "item_number" TEXT, -- Its number, § 12. (the first) Of the row of items it belongs to.
  "item_title" TEXT, -- Its title. (the first) Of the row of items it belongs to.
  "item_dnr" TEXT, -- SERIES YEAR/NUMBER, or YEAR/NUMBER without a series. (the first) Of the row of items it belongs to.
  "position" INTEGER NOT NULL, -- Place in its list, from 1.
  "kind" TEXT NOT NULL, -- Which of them.
  "by" TEXT, -- Name. (each)
  "political_parties" TEXT, -- Letters of the political party. (each; empty where there is none)
  "text" TEXT -- What.
) STRICT;
CREATE TABLE "dnrs" ( -- One row per diary number of a document or an item.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "document_id" TEXT NOT NULL REFERENCES "documents" (id), -- Id of the document.
  "document_path" TEXT NOT NULL, -- Path of the document's file.
  "document_kind" TEXT NOT NULL, -- Kind of the document.
  "document_date" TEXT, -- Day of the document: of minutes and notices the meeting's, else its own. Where only month or year is known, its first day.
  "document_date_precision" TEXT, -- How exactly document_date is known.
  "document_year" INTEGER, -- Year of the document.
  "document_authority" TEXT, -- Authority of the document.
  "document_district" TEXT, -- Id of the document's district, as then.
  "document_dnr" TEXT, -- First diary number of the document's own.
  "item_id" TEXT REFERENCES "items" (id), -- Key of the row of items it belongs to.
  "item_number" TEXT, -- Its number, § 12. (the first) Of the row of items it belongs to.
  "item_title" TEXT, -- Its title. (the first) Of the row of items it belongs to.
  "item_dnr" TEXT, -- SERIES YEAR/NUMBER, or YEAR/NUMBER without a series. (the first) Of the row of items it belongs to.
  "position" INTEGER NOT NULL, -- Place in its list, from 1.
  "canonical" TEXT NOT NULL, -- SERIES YEAR/NUMBER, or YEAR/NUMBER without a series.
  "raw" TEXT NOT NULL, -- As printed, without its label.
  "series" TEXT, -- Letters of the series.
  "year" INTEGER, -- Year, four digits.
  "number" INTEGER, -- Running number.
  "plan" TEXT, -- Code of the diary plan.
  "role" TEXT NOT NULL, -- Whether it is the document's own or another's.
  "page" INTEGER -- First page of its proof, by number in the file.
) STRICT;
CREATE TABLE "agreements_in_documents" ( -- One row per agreement that a document is, reports on or mentions.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "document_id" TEXT NOT NULL REFERENCES "documents" (id), -- Id of the document.
  "document_path" TEXT NOT NULL, -- Path of the document's file.
  "document_kind" TEXT NOT NULL, -- Kind of the document.
  "document_date" TEXT, -- Day of the document: of minutes and notices the meeting's, else its own. Where only month or year is known, its first day.
  "document_date_precision" TEXT, -- How exactly document_date is known.
  "document_year" INTEGER, -- Year of the document.
  "document_authority" TEXT, -- Authority of the document.
  "document_district" TEXT, -- Id of the document's district, as then.
  "document_dnr" TEXT, -- First diary number of the document's own.
  "position" INTEGER NOT NULL, -- Place in its list, from 1.
  "name" TEXT NOT NULL, -- By what it is known: usually the civil partner's name.
  "type" TEXT, -- IOP, avtal and so on.
  "parties" TEXT, -- Names of its parties, as in parties.
  "signed" TEXT, -- Date of signing. Where only month or year is known, its first day.
  "signed_precision" TEXT, -- How exactly signed is known.
  "purpose" TEXT, -- Its purpose.
  "target_groups" TEXT, -- Whom it is for.
  "activities" TEXT, -- What is done.
  "cofinanced" INTEGER, -- Whether both sides pay.
  "challenge_stated" INTEGER, -- Whether a challenge of society is stated.
  "programme" TEXT, -- Programme it serves.
  "outcome" TEXT, -- What came of it.
  "recommendation" TEXT, -- What is proposed to become of it.
  "page" INTEGER -- First page of its proof, by number in the file.
) STRICT;
CREATE TABLE "agreement_periods_in_documents" ( -- One row per period of an agreement.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "document_id" TEXT NOT NULL REFERENCES "documents" (id), -- Id of the document.
  "document_path" TEXT NOT NULL, -- Path of the document's file.
  "document_kind" TEXT NOT NULL, -- Kind of the document.
  "document_date" TEXT, -- Day of the document: of minutes and notices the meeting's, else its own. Where only month or year is known, its first day.
  "document_date_precision" TEXT, -- How exactly document_date is known.
  "document_year" INTEGER, -- Year of the document.
  "document_authority" TEXT, -- Authority of the document.
  "document_district" TEXT, -- Id of the document's district, as then.
  "document_dnr" TEXT, -- First diary number of the document's own.
  "agreement_id" TEXT NOT NULL REFERENCES "agreements_in_documents" (id), -- Key of the row of agreements_in_documents it belongs to.
  "agreement_name" TEXT, -- By what it is known: usually the civil partner's name. (the first) Of the row of agreements_in_documents it belongs to.
  "position" INTEGER NOT NULL, -- Place in its list, from 1.
  "start_day" TEXT, -- First day. Where only month or year is known, its first day.
  "start_day_precision" TEXT, -- How exactly start_day is known.
  "end_day" TEXT, -- Last day. Where only month or year is known, its first day.
  "end_day_precision" TEXT, -- How exactly end_day is known.
  "start_known_to" TEXT, -- Of the start.
  "end_known_to" TEXT, -- Of the end.
  "open_ended" INTEGER NOT NULL, -- Whether it runs until further notice.
  "extension_count" INTEGER, -- Its length, in units.
  "extension_unit" TEXT, -- day, month or year.
  "extension_times" INTEGER, -- How many times at most.
  "extension_max_end" TEXT, -- Last possible end. Where only month or year is known, its first day.
  "extension_max_end_precision" TEXT, -- How exactly extension_max_end is known.
  "extension_exercised" INTEGER, -- Whether it was used.
  "extension_new_end" TEXT, -- The end after it was used. Where only month or year is known, its first day.
  "extension_new_end_precision" TEXT, -- How exactly extension_new_end is known.
  "raw" TEXT NOT NULL, -- As printed.
  "page" INTEGER -- First page of its proof, by number in the file.
) STRICT;
CREATE TABLE "periods" ( -- One row per period that belongs to no agreement.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "document_id" TEXT NOT NULL REFERENCES "documents" (id), -- Id of the document.
  "document_path" TEXT NOT NULL, -- Path of the document's file.
  "document_kind" TEXT NOT NULL, -- Kind of the document.
  "document_date" TEXT, -- Day of the document: of minutes and notices the meeting's, else its own. Where only month or year is known, its first day.
  "document_date_precision" TEXT, -- How exactly document_date is known.
  "document_year" INTEGER, -- Year of the document.
  "document_authority" TEXT, -- Authority of the document.
  "document_district" TEXT, -- Id of the document's district, as then.
  "document_dnr" TEXT, -- First diary number of the document's own.
  "position" INTEGER NOT NULL, -- Place in its list, from 1.
  "start_day" TEXT, -- First day. Where only month or year is known, its first day.
  "start_day_precision" TEXT, -- How exactly start_day is known.
  "end_day" TEXT, -- Last day. Where only month or year is known, its first day.
  "end_day_precision" TEXT, -- How exactly end_day is known.
  "start_known_to" TEXT, -- Of the start.
  "end_known_to" TEXT, -- Of the end.
  "open_ended" INTEGER NOT NULL, -- Whether it runs until further notice.
  "raw" TEXT NOT NULL, -- As printed.
  "page" INTEGER -- First page of its proof, by number in the file.
) STRICT;
CREATE TABLE "parties" ( -- One row per party of agreements or cases in a document.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "document_id" TEXT NOT NULL REFERENCES "documents" (id), -- Id of the document.
  "document_path" TEXT NOT NULL, -- Path of the document's file.
  "document_kind" TEXT NOT NULL, -- Kind of the document.
  "document_date" TEXT, -- Day of the document: of minutes and notices the meeting's, else its own. Where only month or year is known, its first day.
  "document_date_precision" TEXT, -- How exactly document_date is known.
  "document_year" INTEGER, -- Year of the document.
  "document_authority" TEXT, -- Authority of the document.
  "document_district" TEXT, -- Id of the document's district, as then.
  "document_dnr" TEXT, -- First diary number of the document's own.
  "position" INTEGER NOT NULL, -- Place in its list, from 1.
  "name" TEXT NOT NULL, -- Its name.
  "role" TEXT NOT NULL, -- What it is.
  "org_nr" TEXT, -- Organisation number NNNNNN-NNNN, only if it is printed so and passes the checks.
  "org_nr_raw" TEXT, -- Organisation number as printed.
  "org_nr_valid" INTEGER, -- Whether the printed number passes the checks.
  "org_nr_suggestion" TEXT, -- The only number one digit away that passes, for a printed one that does not.
  "former_names" TEXT, -- Former names given in the text.
  "aliases" TEXT, -- Other names used in the text.
  "page" INTEGER -- First page of its proof, by number in the file.
) STRICT;
CREATE TABLE "people_in_documents" ( -- One row per mention of an official or elected member in a public role.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "document_id" TEXT NOT NULL REFERENCES "documents" (id), -- Id of the document.
  "document_path" TEXT NOT NULL, -- Path of the document's file.
  "document_kind" TEXT NOT NULL, -- Kind of the document.
  "document_date" TEXT, -- Day of the document: of minutes and notices the meeting's, else its own. Where only month or year is known, its first day.
  "document_date_precision" TEXT, -- How exactly document_date is known.
  "document_year" INTEGER, -- Year of the document.
  "document_authority" TEXT, -- Authority of the document.
  "document_district" TEXT, -- Id of the document's district, as then.
  "document_dnr" TEXT, -- First diary number of the document's own.
  "item_id" TEXT REFERENCES "items" (id), -- Key of the row of items it belongs to.
  "item_number" TEXT, -- Its number, § 12. (the first) Of the row of items it belongs to.
  "item_title" TEXT, -- Its title. (the first) Of the row of items it belongs to.
  "item_dnr" TEXT, -- SERIES YEAR/NUMBER, or YEAR/NUMBER without a series. (the first) Of the row of items it belongs to.
  "list" TEXT NOT NULL, -- List of the record in which it stands.
  "position" INTEGER NOT NULL, -- Place in its list, from 1.
  "name" TEXT, -- Name, given name first.
  "title" TEXT, -- Title beside the name.
  "unit" TEXT, -- Unit or organisation.
  "role" TEXT, -- Role, for instance ordförande.
  "political_party" TEXT, -- Letters of the political party.
  "substitute_for" TEXT, -- For whom a substitute serves.
  "phone" TEXT, -- Telephone number as printed.
  "email" TEXT, -- E-mail address, if it is this person's.
  "date" TEXT, -- The day. Where only month or year is known, its first day.
  "date_precision" TEXT, -- How exactly date is known.
  "page" INTEGER -- First page of its proof, by number in the file.
) STRICT;
CREATE TABLE "sections" ( -- One row per section: a heading and what stands under it.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "document_id" TEXT NOT NULL REFERENCES "documents" (id), -- Id of the document.
  "document_path" TEXT NOT NULL, -- Path of the document's file.
  "document_kind" TEXT NOT NULL, -- Kind of the document.
  "document_date" TEXT, -- Day of the document: of minutes and notices the meeting's, else its own. Where only month or year is known, its first day.
  "document_date_precision" TEXT, -- How exactly document_date is known.
  "document_year" INTEGER, -- Year of the document.
  "document_authority" TEXT, -- Authority of the document.
  "document_district" TEXT, -- Id of the document's district, as then.
  "document_dnr" TEXT, -- First diary number of the document's own.
  "position" INTEGER NOT NULL, -- Place in its list, from 1.
  "section" TEXT, -- Id of the heading; none for one that the vocabulary does not know.
  "heading" TEXT NOT NULL, -- The heading as printed.
  "level" INTEGER NOT NULL, -- 1 for the outermost.
  "text" TEXT NOT NULL, -- The text below the heading, without sections below it.
  "first_page" INTEGER NOT NULL, -- Page of the heading.
  "last_page" INTEGER NOT NULL -- Last page of the text.
) STRICT;
CREATE TABLE "attachments" ( -- One row per attachment that a document names.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "document_id" TEXT NOT NULL REFERENCES "documents" (id), -- Id of the document.
  "document_path" TEXT NOT NULL, -- Path of the document's file.
  "document_kind" TEXT NOT NULL, -- Kind of the document.
  "document_date" TEXT, -- Day of the document: of minutes and notices the meeting's, else its own. Where only month or year is known, its first day.
  "document_date_precision" TEXT, -- How exactly document_date is known.
  "document_year" INTEGER, -- Year of the document.
  "document_authority" TEXT, -- Authority of the document.
  "document_district" TEXT, -- Id of the document's district, as then.
  "document_dnr" TEXT, -- First diary number of the document's own.
  "position" INTEGER NOT NULL, -- Place in its list, from 1.
  "title" TEXT NOT NULL, -- Its title, without number.
  "page" INTEGER -- First page of its proof, by number in the file.
) STRICT;
CREATE TABLE "citations" ( -- One row per reference to a law, programme, guideline, report, budget or motion.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "document_id" TEXT NOT NULL REFERENCES "documents" (id), -- Id of the document.
  "document_path" TEXT NOT NULL, -- Path of the document's file.
  "document_kind" TEXT NOT NULL, -- Kind of the document.
  "document_date" TEXT, -- Day of the document: of minutes and notices the meeting's, else its own. Where only month or year is known, its first day.
  "document_date_precision" TEXT, -- How exactly document_date is known.
  "document_year" INTEGER, -- Year of the document.
  "document_authority" TEXT, -- Authority of the document.
  "document_district" TEXT, -- Id of the document's district, as then.
  "document_dnr" TEXT, -- First diary number of the document's own.
  "position" INTEGER NOT NULL, -- Place in its list, from 1.
  "kind" TEXT NOT NULL, -- law, programme, guideline, report, budget or motion.
  "text" TEXT NOT NULL, -- As printed.
  "canonical" TEXT, -- In a form that compares.
  "page" INTEGER -- First page of its proof, by number in the file.
) STRICT;
CREATE TABLE "amounts" ( -- One row per sum of money.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "document_id" TEXT NOT NULL REFERENCES "documents" (id), -- Id of the document.
  "document_path" TEXT NOT NULL, -- Path of the document's file.
  "document_kind" TEXT NOT NULL, -- Kind of the document.
  "document_date" TEXT, -- Day of the document: of minutes and notices the meeting's, else its own. Where only month or year is known, its first day.
  "document_date_precision" TEXT, -- How exactly document_date is known.
  "document_year" INTEGER, -- Year of the document.
  "document_authority" TEXT, -- Authority of the document.
  "document_district" TEXT, -- Id of the document's district, as then.
  "document_dnr" TEXT, -- First diary number of the document's own.
  "position" INTEGER NOT NULL, -- Place in its list, from 1.
  "value_sek" REAL, -- The sum.
  "per" TEXT, -- Per what, for instance year.
  "raw" TEXT NOT NULL, -- As printed.
  "page" INTEGER -- First page of its proof, by number in the file.
) STRICT;
CREATE TABLE "quantities" ( -- One row per quantity that is not money.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "document_id" TEXT NOT NULL REFERENCES "documents" (id), -- Id of the document.
  "document_path" TEXT NOT NULL, -- Path of the document's file.
  "document_kind" TEXT NOT NULL, -- Kind of the document.
  "document_date" TEXT, -- Day of the document: of minutes and notices the meeting's, else its own. Where only month or year is known, its first day.
  "document_date_precision" TEXT, -- How exactly document_date is known.
  "document_year" INTEGER, -- Year of the document.
  "document_authority" TEXT, -- Authority of the document.
  "document_district" TEXT, -- Id of the document's district, as then.
  "document_dnr" TEXT, -- First diary number of the document's own.
  "position" INTEGER NOT NULL, -- Place in its list, from 1.
  "value" REAL NOT NULL, -- The number, or the lower one of a range; counted in unit.
  "upper" REAL, -- The upper one of a range.
  "unit" TEXT NOT NULL, -- Of what.
  "raw" TEXT NOT NULL, -- As printed.
  "page" INTEGER -- First page of its proof, by number in the file.
) STRICT;
CREATE TABLE "printed_tables" ( -- One row per table printed in a document.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "document_id" TEXT NOT NULL REFERENCES "documents" (id), -- Id of the document.
  "document_path" TEXT NOT NULL, -- Path of the document's file.
  "document_kind" TEXT NOT NULL, -- Kind of the document.
  "document_date" TEXT, -- Day of the document: of minutes and notices the meeting's, else its own. Where only month or year is known, its first day.
  "document_date_precision" TEXT, -- How exactly document_date is known.
  "document_year" INTEGER, -- Year of the document.
  "document_authority" TEXT, -- Authority of the document.
  "document_district" TEXT, -- Id of the document's district, as then.
  "document_dnr" TEXT, -- First diary number of the document's own.
  "position" INTEGER NOT NULL, -- Place in its list, from 1.
  "caption" TEXT, -- Its caption.
  "header" TEXT, -- Cells of its header.
  "rows" TEXT NOT NULL, -- Its rows of cells.
  "page" INTEGER -- First page of its proof, by number in the file.
) STRICT;
CREATE TABLE "warnings" ( -- One row per oddity that a reader of a document's rows should know.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "document_id" TEXT NOT NULL REFERENCES "documents" (id), -- Id of the document.
  "document_path" TEXT NOT NULL, -- Path of the document's file.
  "document_kind" TEXT NOT NULL, -- Kind of the document.
  "document_date" TEXT, -- Day of the document: of minutes and notices the meeting's, else its own. Where only month or year is known, its first day.
  "document_date_precision" TEXT, -- How exactly document_date is known.
  "document_year" INTEGER, -- Year of the document.
  "document_authority" TEXT, -- Authority of the document.
  "document_district" TEXT, -- Id of the document's district, as then.
  "document_dnr" TEXT, -- First diary number of the document's own.
  "position" INTEGER NOT NULL, -- Place in its list, from 1.
  "code" TEXT NOT NULL, -- Stable name of the oddity.
  "message" TEXT NOT NULL, -- One sentence.
  "page" INTEGER -- First page of its proof, by number in the file.
) STRICT;
CREATE TABLE "evidence" ( -- One row per proof of a value: where it stands, what stands there, and which rule read it.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "document_id" TEXT NOT NULL REFERENCES "documents" (id), -- Id of the document.
  "object_table" TEXT NOT NULL, -- Table of that row.
  "object_id" TEXT NOT NULL, -- Key of the row it belongs to.
  "field" TEXT NOT NULL, -- Which value of that row it proves.
  "page" INTEGER, -- First page of its proof, by number in the file.
  "quote" TEXT NOT NULL, -- The text from start to end, verbatim.
  "start" INTEGER NOT NULL, -- First byte in the document's text.
  "end" INTEGER NOT NULL, -- First byte after it.
  "rule" TEXT NOT NULL, -- The rule that read it.
  "confidence" REAL NOT NULL, -- How sure the rule is, 0 to 1; lowered to what was measured of it.
  "places" TEXT NOT NULL -- Pages and boxes.
) STRICT;
CREATE TABLE "districts" ( -- One row per district committee of the vocabulary, then and now.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "name" TEXT NOT NULL, -- Its name.
  "board" TEXT NOT NULL, -- Name of its committee.
  "city" TEXT NOT NULL, -- City.
  "from_day" TEXT, -- First day, if known. Where only month or year is known, its first day.
  "from_day_precision" TEXT, -- How exactly from_day is known.
  "to_day" TEXT, -- Last day; none while it lasts. Where only month or year is known, its first day.
  "to_day_precision" TEXT, -- How exactly to_day is known.
  "documents" INTEGER NOT NULL, -- How many documents are its own.
  "cases" INTEGER NOT NULL, -- How many cases.
  "agreements" INTEGER NOT NULL, -- How many agreements, with those of its predecessors.
  "organisations" INTEGER NOT NULL, -- How many organisations that are no public bodies its documents name.
  "first_seen" TEXT, -- Date of the first document that tells of it. Where only month or year is known, its first day.
  "first_seen_precision" TEXT, -- How exactly first_seen is known.
  "last_seen" TEXT, -- Date of the last document that tells of it. Where only month or year is known, its first day.
  "last_seen_precision" TEXT -- How exactly last_seen is known.
) STRICT;
CREATE TABLE "district_succession" ( -- One row per district and one that came after it.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "district_id" TEXT NOT NULL REFERENCES "districts" (id), -- Key of the row of districts it belongs to.
  "district_name" TEXT, -- Its name. (the first) Of the row of districts it belongs to.
  "successor_id" TEXT NOT NULL REFERENCES "districts" (id), -- Id of the district that came after.
  "name" TEXT NOT NULL, -- Its name.
  "since" TEXT, -- Its first day. Where only month or year is known, its first day.
  "since_precision" TEXT -- How exactly since is known.
) STRICT;
CREATE TABLE "organisations" ( -- One row per organisation over all documents.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "name" TEXT NOT NULL, -- The name it was last met under.
  "type" TEXT NOT NULL, -- What it is.
  "org_nr" TEXT, -- Organisation number, checked; of a public body its municipality's.
  "names" TEXT, -- As printed. (each)
  "other_ids" TEXT, -- Ids that lead here too.
  "districts" TEXT, -- Ids of the districts whose documents name it, as then.
  "agreements" TEXT, -- Ids of its agreements.
  "paths" TEXT, -- Path of its file. (each)
  "documents" INTEGER NOT NULL, -- How many documents tell of it.
  "first_seen" TEXT, -- Date of the first document that tells of it. Where only month or year is known, its first day.
  "first_seen_precision" TEXT, -- How exactly first_seen is known.
  "last_seen" TEXT, -- Date of the last document that tells of it. Where only month or year is known, its first day.
  "last_seen_precision" TEXT -- How exactly last_seen is known.
) STRICT;
CREATE TABLE "organisation_names" ( -- One row per name of an organisation.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "organisation_id" TEXT NOT NULL REFERENCES "organisations" (id), -- Key of the row of organisations it belongs to.
  "organisation_name" TEXT, -- The name it was last met under. (the first) Of the row of organisations it belongs to.
  "organisation_org_nr" TEXT, -- Organisation number, checked; of a public body its municipality's. (the first) Of the row of organisations it belongs to.
  "name" TEXT NOT NULL, -- As printed.
  "kind" TEXT NOT NULL, -- How it stands to the organisation.
  "documents" INTEGER NOT NULL, -- How many documents tell of it.
  "first_seen" TEXT, -- Date of the first document that tells of it. Where only month or year is known, its first day.
  "first_seen_precision" TEXT, -- How exactly first_seen is known.
  "last_seen" TEXT, -- Date of the last document that tells of it. Where only month or year is known, its first day.
  "last_seen_precision" TEXT -- How exactly last_seen is known.
) STRICT;
CREATE TABLE "cases" ( -- One row per case: the documents with one diary number of one authority.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "dnr" TEXT NOT NULL, -- The number with its series, if any document gives it.
  "title" TEXT, -- Title of its first proposal, else of its first document.
  "authority" TEXT, -- Name of the authority.
  "district" TEXT, -- Id of its district.
  "year" INTEGER NOT NULL, -- Year of the number.
  "number" INTEGER NOT NULL, -- Running number.
  "plans" TEXT, -- Codes of the diary plan.
  "documents" INTEGER NOT NULL, -- How many documents tell of it.
  "first_seen" TEXT, -- Date of the first document that tells of it. Where only month or year is known, its first day.
  "first_seen_precision" TEXT, -- How exactly first_seen is known.
  "last_seen" TEXT, -- Date of the last document that tells of it. Where only month or year is known, its first day.
  "last_seen_precision" TEXT -- How exactly last_seen is known.
) STRICT;
CREATE TABLE "case_steps" ( -- One row per document, or item of one, of a case, in order of time.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "case_id" TEXT NOT NULL REFERENCES "cases" (id), -- Key of the row of cases it belongs to.
  "case_dnr" TEXT, -- The number with its series, if any document gives it. (the first) Of the row of cases it belongs to.
  "case_title" TEXT, -- Title of its first proposal, else of its first document. (the first) Of the row of cases it belongs to.
  "case_authority" TEXT, -- Name of the authority. (the first) Of the row of cases it belongs to.
  "case_district" TEXT, -- Id of its district. (the first) Of the row of cases it belongs to.
  "position" INTEGER NOT NULL, -- Place in its list, from 1.
  "role" TEXT NOT NULL, -- What it is for the case.
  "document_id" TEXT NOT NULL REFERENCES "documents" (id), -- Id of the document.
  "date" TEXT, -- The day: of minutes the meeting's, else the document's. Where only month or year is known, its first day.
  "date_precision" TEXT, -- How exactly date is known.
  "meeting_date" TEXT, -- The meeting it is for or of. Where only month or year is known, its first day.
  "meeting_date_precision" TEXT, -- How exactly meeting_date is known.
  "path" TEXT NOT NULL, -- Path of its file.
  "kind" TEXT NOT NULL, -- Kind of the document.
  "item" TEXT, -- Number of the item.
  "title" TEXT -- Title of the item, or of the document.
) STRICT;
CREATE TABLE "case_comparisons" ( -- One row per decision beside the proposal it was made on.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "case_id" TEXT NOT NULL REFERENCES "cases" (id), -- Key of the row of cases it belongs to.
  "case_dnr" TEXT, -- The number with its series, if any document gives it. (the first) Of the row of cases it belongs to.
  "case_title" TEXT, -- Title of its first proposal, else of its first document. (the first) Of the row of cases it belongs to.
  "case_authority" TEXT, -- Name of the authority. (the first) Of the row of cases it belongs to.
  "case_district" TEXT, -- Id of its district. (the first) Of the row of cases it belongs to.
  "position" INTEGER NOT NULL, -- Place in its list, from 1.
  "proposal_id" TEXT NOT NULL REFERENCES "documents" (id), -- Id of the document that proposes.
  "decision_id" TEXT NOT NULL REFERENCES "documents" (id), -- Id of the minutes.
  "item" TEXT, -- Number of the item.
  "date" TEXT, -- Day of the decision. Where only month or year is known, its first day.
  "date_precision" TEXT, -- How exactly date is known.
  "fate" TEXT NOT NULL, -- How the proposal came out.
  "differs" INTEGER NOT NULL -- Whether anything was decided otherwise than proposed.
) STRICT;
CREATE TABLE "case_points" ( -- One row per point of a comparison: as proposed, as decided.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "case_comparison_id" TEXT NOT NULL REFERENCES "case_comparisons" (id), -- Key of the row of case_comparisons it belongs to.
  "case_dnr" TEXT, -- The number with its series, if any document gives it. (the first) Of the row of cases it belongs to.
  "fate" TEXT, -- How the proposal came out. (the first) Of the row of case_comparisons it belongs to.
  "item" TEXT, -- Number of the item. (the first) Of the row of case_comparisons it belongs to.
  "position" INTEGER NOT NULL, -- Place in its list, from 1.
  "verdict" TEXT NOT NULL, -- What became of it.
  "proposed" TEXT, -- As proposed.
  "decided" TEXT -- As decided.
) STRICT;
CREATE TABLE "case_links" ( -- One row per case that another cites.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "case_id" TEXT NOT NULL REFERENCES "cases" (id), -- Key of the row of cases it belongs to.
  "case_dnr" TEXT, -- The number with its series, if any document gives it. (the first) Of the row of cases it belongs to.
  "case_authority" TEXT, -- Name of the authority. (the first) Of the row of cases it belongs to.
  "dnr" TEXT NOT NULL, -- The number as cited.
  "cited_id" TEXT REFERENCES "cases" (id) -- Id of the case, if it is among these.
) STRICT;
CREATE TABLE "agreements" ( -- One row per agreement over all documents, with its partner and district.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "name" TEXT NOT NULL, -- By what it was last known.
  "types" TEXT, -- Names of its type as documents give them, the most common first.
  "districts" TEXT, -- Ids of the districts it was made with, as then.
  "dnrs" TEXT, -- Their diary numbers.
  "starts" TEXT, -- First day. (each; empty where there is none)
  "ends" TEXT, -- Last day with the extensions that were used. (each; empty where there is none)
  "standings" TEXT, -- How surely it was agreed; only reported, decided and agreed ones count as having been in force. (each)
  "paths" TEXT, -- Path of its file. (each)
  "parties" TEXT, -- Its name in those documents. (each)
  "organisations" TEXT, -- Its id among organisations. (each; empty where there is none)
  "signed" TEXT, -- What they say. (each; empty where there is none)
  "purposes" TEXT, -- What they say. (each)
  "target_groups" TEXT, -- What they say. (each)
  "activities" TEXT, -- What they say. (each)
  "programmes" TEXT, -- What they say. (each)
  "outcomes" TEXT, -- What they say. (each)
  "cases" TEXT, -- Ids of its cases.
  "other_ids" TEXT, -- Ids that lead here too.
  "documents" INTEGER NOT NULL, -- How many documents tell of it.
  "first_seen" TEXT, -- Date of the first document that tells of it. Where only month or year is known, its first day.
  "first_seen_precision" TEXT, -- How exactly first_seen is known.
  "last_seen" TEXT, -- Date of the last document that tells of it. Where only month or year is known, its first day.
  "last_seen_precision" TEXT -- How exactly last_seen is known.
) STRICT;
CREATE TABLE "agreement_periods" ( -- One row per period of an agreement, as all documents tell.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "agreement_id" TEXT NOT NULL REFERENCES "agreements" (id), -- Key of the row of agreements it belongs to.
  "agreement_name" TEXT, -- By what it was last known. (the first) Of the row of agreements it belongs to.
  "position" INTEGER NOT NULL, -- Place in its list, from 1.
  "start_day" TEXT, -- First day. Where only month or year is known, its first day.
  "start_day_precision" TEXT, -- How exactly start_day is known.
  "end_day" TEXT, -- Last day, without extensions. Where only month or year is known, its first day.
  "end_day_precision" TEXT, -- How exactly end_day is known.
  "start_known_to" TEXT, -- Of the start: day, month or year.
  "end_known_to" TEXT, -- Of the end.
  "open_ended" INTEGER NOT NULL, -- Whether it runs until further notice.
  "standing" TEXT NOT NULL, -- How surely it was agreed; only reported, decided and agreed ones count as having been in force.
  "may_last_until" TEXT, -- What they say. (each; empty where there is none)
  "lasted_until" TEXT, -- Last day with the extensions that were used. Where only month or year is known, its first day.
  "lasted_until_precision" TEXT, -- How exactly lasted_until is known.
  "districts" TEXT, -- Ids of the districts it was made with, each as it was at some day of the period.
  "not_extended_in" TEXT, -- Path of its file. (each)
  "paths" TEXT, -- Path of its file. (each)
  "page" INTEGER, -- Page of the file. (the first)
  "quote" TEXT -- The text there, verbatim. (the first)
) STRICT;
CREATE TABLE "agreement_extensions" ( -- One row per extension of a period that was used, or is only proposed.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "agreement_period_id" TEXT NOT NULL REFERENCES "agreement_periods" (id), -- Key of the row of agreement_periods it belongs to.
  "agreement_name" TEXT, -- By what it was last known. (the first) Of the row of agreements it belongs to.
  "new_end_day" TEXT, -- The end after it. Where only month or year is known, its first day.
  "new_end_day_precision" TEXT, -- How exactly new_end_day is known.
  "proposed" INTEGER NOT NULL, -- Whether the document only proposes it.
  "paths" TEXT -- Path of its file. (each)
) STRICT;
CREATE TABLE "agreement_findings" ( -- One row per renewal, gap, overlap or contradiction of an agreement's periods.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "agreement_id" TEXT NOT NULL REFERENCES "agreements" (id), -- Key of the row of agreements it belongs to.
  "agreement_name" TEXT, -- By what it was last known. (the first) Of the row of agreements it belongs to.
  "code" TEXT NOT NULL, -- renewal, gap, overlap or contradiction.
  "message" TEXT NOT NULL, -- In a sentence.
  "from_day" TEXT, -- First day of the gap or overlap. Where only month or year is known, its first day.
  "from_day_precision" TEXT, -- How exactly from_day is known.
  "to_day" TEXT, -- Its last day. Where only month or year is known, its first day.
  "to_day_precision" TEXT -- How exactly to_day is known.
) STRICT;
CREATE TABLE "agreement_sums" ( -- One row per sum of money that documents about an agreement alone give.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "agreement_id" TEXT NOT NULL REFERENCES "agreements" (id), -- Key of the row of agreements it belongs to.
  "agreement_name" TEXT, -- By what it was last known. (the first) Of the row of agreements it belongs to.
  "value_sek" REAL NOT NULL, -- The sum.
  "per" TEXT, -- Per what.
  "date" TEXT, -- Date of the document. Where only month or year is known, its first day.
  "date_precision" TEXT, -- How exactly date is known.
  "said_in" TEXT NOT NULL, -- agreement, proposed or decided, as the document that gives it.
  "paid_by" TEXT, -- public or partner: the side that pays it, where its sentence says so.
  "paths" TEXT, -- Path of its file. (each)
  "page" INTEGER, -- Page of the file. (the first)
  "quote" TEXT -- The text there, verbatim. (the first)
) STRICT;
CREATE TABLE "agreement_recommendations" ( -- One row per recommendation, with what was decided on it.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "agreement_id" TEXT NOT NULL REFERENCES "agreements" (id), -- Key of the row of agreements it belongs to.
  "agreement_name" TEXT, -- By what it was last known. (the first) Of the row of agreements it belongs to.
  "recommendation" TEXT, -- What the office recommended.
  "date" TEXT, -- Date of the document. Where only month or year is known, its first day.
  "date_precision" TEXT, -- How exactly date is known.
  "paths" TEXT, -- Path of its file. (each)
  "page" INTEGER, -- Page of the file. (the first)
  "quote" TEXT, -- The text there, verbatim. (the first)
  "decided" TEXT, -- How it came out.
  "decided_date" TEXT, -- The day. Where only month or year is known, its first day.
  "decided_date_precision" TEXT, -- How exactly decided_date is known.
  "decided_item" TEXT, -- Number of the item.
  "decided_path" TEXT, -- Path of their file.
  "decided_in_id" TEXT REFERENCES "documents" (id) -- Id of the minutes.
) STRICT;
CREATE TABLE "people" ( -- One row per official or elected member and body, in public roles only.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "name" TEXT NOT NULL, -- The name.
  "body" TEXT, -- Name of the body.
  "districts" TEXT, -- Ids of its districts, as then.
  "documents" INTEGER NOT NULL, -- How many documents tell of it.
  "first_seen" TEXT, -- Date of the first document that tells of it. Where only month or year is known, its first day.
  "first_seen_precision" TEXT, -- How exactly first_seen is known.
  "last_seen" TEXT, -- Date of the last document that tells of it. Where only month or year is known, its first day.
  "last_seen_precision" TEXT -- How exactly last_seen is known.
) STRICT;
CREATE TABLE "people_roles" ( -- One row per role of a person.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "person_id" TEXT NOT NULL REFERENCES "people" (id), -- Key of the row of people it belongs to.
  "person_name" TEXT, -- The name. (the first) Of the row of people it belongs to.
  "person_body" TEXT, -- Name of the body. (the first) Of the row of people it belongs to.
  "position" INTEGER NOT NULL, -- Place in its list, from 1.
  "role" TEXT NOT NULL, -- The role, in lower case.
  "political_party" TEXT, -- Letters of the political party.
  "paths" TEXT, -- Path of its file. (each)
  "page" INTEGER, -- Page of the file. (the first)
  "quote" TEXT, -- The text there, verbatim. (the first)
  "documents" INTEGER NOT NULL, -- How many documents tell of it.
  "first_seen" TEXT, -- Date of the first document that tells of it. Where only month or year is known, its first day.
  "first_seen_precision" TEXT, -- How exactly first_seen is known.
  "last_seen" TEXT, -- Date of the last document that tells of it. Where only month or year is known, its first day.
  "last_seen_precision" TEXT -- How exactly last_seen is known.
) STRICT;
CREATE TABLE "register_evidence" ( -- One row per place that proves a statement of the register tables.
  "id" TEXT PRIMARY KEY NOT NULL, -- Key of the row: id of the document and place in its record.
  "object_table" TEXT NOT NULL, -- Table of that row.
  "object_id" TEXT NOT NULL, -- Key of the row it belongs to.
  "field" TEXT NOT NULL, -- Which value of that row it proves.
  "document_id" TEXT NOT NULL REFERENCES "documents" (id), -- Id of the document.
  "path" TEXT NOT NULL, -- Path of its file.
  "date" TEXT, -- Day it speaks at: its date, else its meeting's, else its year. Where only month or year is known, its first day.
  "date_precision" TEXT, -- How exactly date is known.
  "page" INTEGER, -- Page of the file.
  "quote" TEXT NOT NULL, -- The text there, verbatim.
  "start" INTEGER NOT NULL, -- First byte in the document's text.
  "end" INTEGER NOT NULL, -- First byte after it.
  "rule" TEXT NOT NULL, -- The rule that read it.
  "confidence" REAL NOT NULL -- How sure the rule is, 0 to 1.
) STRICT;
CREATE TABLE "files" ( -- One row per file ever offered: what became of it, and why.
  "path" TEXT NOT NULL, -- Path relative to the folder that was read, / between.
  "state" TEXT NOT NULL, -- What became of it.
  "code" TEXT, -- Stable name of the problem, or why a removed file went.
  "message" TEXT, -- The problem in a sentence that follows the path.
  "bytes" INTEGER NOT NULL, -- Its size.
  "blake3" TEXT, -- BLAKE3 hash of its bytes; none if it could not be read.
  "missing" TEXT -- What of its text is missing; none if it was read whole.
) STRICT;
