//! Writes a verification pack: what somebody needs to check a result, and to quote from it, without this program. The pages as pictures
//! with what was found marked, the table of results, the quotes, citations, records, and how all of it came about.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use zip::ZipWriter;

use super::cite::{self, Style};
use super::error::At as _;
use super::target::Target;
use super::{ExportError, archive, wire};
use crate::base::DocId;
use crate::catalog::{FileState, Reader, StoredDocument, place_path};
use crate::ingest::Document;
use crate::ingest::render;
use crate::lexicon::Lexicon;
use crate::parse::record::Evidence;
use crate::search::{Hit, Results};

/// Most pages of one hit that are drawn.
const PAGES_OF_HIT: usize = 12;

/// What stands round what was found in a text, where there is no page to draw it on.
const MARKS: (&str, &str) = (">>>", "<<<");

/// What is packed.
pub struct Pack<'a> {
    /// The result.
    pub results: &'a Results,
    /// The catalog it was found in.
    pub catalog: &'a Reader,
    /// The vocabulary.
    pub lex: &'a Lexicon,
    /// The filters as typed.
    pub filters: String,
}

/// What was packed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packed {
    /// Pages drawn.
    pub pages: usize,
    /// What could not be drawn, and why.
    pub missing: Vec<String>,
}

/// One place that a hit is found at.
struct Found {
    page: u32,
    quote: String,
    /// Boxes of it on the page.
    boxes: Vec<[f32; 4]>,
    /// Its bytes in the document's text.
    spans: Vec<(usize, usize)>,
}

impl Pack<'_> {
    /// Writes the pack.
    ///
    /// # Errors
    /// If the catalog cannot be read or the target not be written.
    pub fn write(&self, target: Target) -> Result<Packed, ExportError> {
        let out = BufWriter::new(File::create(target.path()).at(target.place())?);
        let packed = self.written(out, target.place())?;
        target.finish()?;
        Ok(packed)
    }

    /// Writes the pack to where no file is meant.
    ///
    /// # Errors
    /// If the catalog cannot be read or `out` not be written to.
    pub fn write_to(&self, out: impl Write + Seek) -> Result<Packed, ExportError> {
        self.written(out, Path::new("pack"))
    }

    fn written(&self, out: impl Write + Seek, place: &Path) -> Result<Packed, ExportError> {
        let mut zip = ZipWriter::new(out);
        let mut packed = Packed::default();
        let mut table = csv::Writer::from_writer(Vec::new());
        let mut quotes = csv::Writer::from_writer(Vec::new());
        table
            .write_record([
                "number",
                "id",
                "title",
                "kind",
                "date",
                "authority",
                "dnr",
                "status",
                "decision",
                "item",
                "item_title",
                "path",
                "pages",
                "blake3",
            ])
            .at(place)?;
        quotes.write_record(["number", "page", "quote", "picture"]).at(place)?;
        let places = self.files()?;
        let (mut lines, mut bibtex, mut records) = (String::new(), String::new(), Vec::new());
        let mut cited: BTreeSet<&str> = BTreeSet::new();
        for (number, hit) in (1..).zip(&self.results.hits) {
            let id = DocId::from_stored(hit.id.as_str());
            let (Some(stored), Some(doc)) = (self.catalog.get(&id)?, self.catalog.document(&id)?) else { continue };
            table.write_record(row(number, hit, &stored)).at(place)?;
            let record = wire::to_value(&stored)?;
            let item = hit.decision.as_ref().and_then(|d| d.item.as_ref());
            let item = item.map_or_else(String::new, |i| {
                let dnr: String = i.dnr.iter().map(|d| format!(", dnr {d}")).collect();
                format!("{}{dnr}: ", i.number)
            });
            lines.push_str(&format!("[{number}] {item}{}", cite::cite(&record, Style::Text, self.lex)));
            if cited.insert(&hit.id) {
                bibtex.push_str(&cite::cite(&record, Style::Bibtex, self.lex));
                records.extend(wire::bytes(&stored)?);
                records.push(b'\n');
            }
            let shown = Shown { number, found: found(hit, &stored, &doc), stored: &stored, doc: &doc };
            let pictures = shown.draw(&places, &mut zip, &mut packed).at(place)?;
            let text = format!("texts/{number:03}.txt");
            if stored.page_sizes.is_empty() {
                put(&mut zip, &text, with_marks(&doc, &shown.found).as_bytes()).at(place)?;
            }
            for one in &shown.found {
                let drawn = pictures.get(&one.page).map_or("", String::as_str);
                let picture = if stored.page_sizes.is_empty() { &text } else { drawn };
                quotes
                    .write_record([number.to_string().as_str(), &one.page.to_string(), &one.quote, picture])
                    .at(place)?;
            }
        }
        put(&mut zip, "results.csv", &table.into_inner().at(place)?).at(place)?;
        put(&mut zip, "quotes.csv", &quotes.into_inner().at(place)?).at(place)?;
        // How long it took is of no use to anybody who checks.
        let results = Results { took_ms: 0, ..self.results.clone() };
        put(&mut zip, "results.json", &serde_json::to_vec_pretty(&results)?).at(place)?;
        put(&mut zip, "records.jsonl", &records).at(place)?;
        put(&mut zip, "citations.txt", lines.as_bytes()).at(place)?;
        put(&mut zip, "citations.bib", bibtex.as_bytes()).at(place)?;
        put(&mut zip, "README.md", self.method(&packed)?.as_bytes()).at(place)?;
        zip.finish().at(place)?.flush().at(place)?;
        Ok(packed)
    }

    /// Where the files with a content lie, by BLAKE3.
    fn files(&self) -> Result<BTreeMap<String, PathBuf>, ExportError> {
        let mut places = BTreeMap::new();
        for file in self.catalog.files(None)? {
            if file.state != FileState::Removed && file.is_read() {
                places.extend(file.blake3.map(|b| (b, place_path(&file.place))));
            }
        }
        Ok(places)
    }

    /// How the result came about, and how it can be checked.
    fn method(&self, packed: &Packed) -> Result<String, ExportError> {
        let results = self.results;
        let filters = if self.filters.is_empty() { "none" } else { &self.filters };
        let made: BTreeSet<String> = self
            .results
            .hits
            .iter()
            .filter_map(|h| self.catalog.get(&DocId::from_stored(h.id.as_str())).transpose())
            .map(|stored| {
                let with = stored?.made_with;
                Ok(format!("extractor {}, parser {}, vocabulary {}", with.extractor, with.parser, with.lexicon))
            })
            .collect::<Result<_, ExportError>>()?;
        let missing = if packed.missing.is_empty() {
            String::new()
        } else {
            format!(
                "\n## Not in this pack\n\n{}\n",
                packed.missing.iter().map(|m| format!("- {m}\n")).collect::<String>()
            )
        };
        Ok(format!(
            "# Verification pack\n\n\
             - Asked for: {}; filters: {filters}\n- Understood as: {}\n- Found: {} in all, {} in this pack\n\
             - Could not be searched: {} files that could not be read, {} pages without letters\n\
             - Catalog: sequence {}; diarium {}\n- Read with: {}\n\n\
             ## What is here\n\n\
             - `results.csv`: one row per hit. `quotes.csv`: what was found on which page, verbatim, and the picture or text that shows it.\n\
             - `texts/`: documents that are text and have no pages to be drawn, with what was found between `>>>` and `<<<`.\n\
             - `pages/`: the pages with what was found in red boxes; personal identity numbers and names that were taken down are black.\n\
             - `citations.txt`, `citations.bib`: the documents, to be cited. `results.json`, `records.jsonl`: the same for programs.\n\n\
             ## How to check\n\n\
             1. Look at the picture or text beside each quote: the words stand in the boxes, or between the marks.\n\
             2. Get the document from the authority by its diary number, or take the file named; its BLAKE3 hash (`b3sum FILE`) must be that of \
             `results.csv`.\n\
             3. Read the page as a whole before quoting: what stands round a sentence may change what it says. `status` says whether a decision was \
             proposed, moved or decided; only decided ones were made.\n\
             4. A count is of what was read: files and pages that could not be searched are above, and documents that were never handed in are not counted.\n{missing}",
            if results.query.trim().is_empty() { "no words".to_string() } else { format!("`{}`", results.query) },
            results.read_as,
            results.total,
            results.hits.len(),
            results.unsearched.failed_files,
            results.unsearched.textless_pages,
            self.catalog.sequence(),
            env!("CARGO_PKG_VERSION"),
            made.into_iter().collect::<Vec<_>>().join("; "),
        ))
    }
}

/// A hit with what is shown of it.
struct Shown<'a> {
    number: usize,
    found: Vec<Found>,
    stored: &'a StoredDocument,
    doc: &'a Document,
}

impl Shown<'_> {
    /// Draws the pages of a hit; gives the names of the pictures.
    fn draw<W: Write + Seek>(
        &self,
        places: &BTreeMap<String, PathBuf>,
        zip: &mut ZipWriter<W>,
        packed: &mut Packed,
    ) -> Result<BTreeMap<u32, String>, zip::result::ZipError> {
        let Shown { number, found, stored, doc } = self;
        let mut names = BTreeMap::new();
        if stored.page_sizes.is_empty() {
            return Ok(names);
        }
        let bytes = places.get(&stored.origin.blake3).and_then(|p| std::fs::read(p).ok());
        let bytes = bytes.filter(|b| blake3::hash(b).to_hex().as_str() == stored.origin.blake3);
        let Some(bytes) = bytes else {
            packed.missing.push(format!("{}: the file is not where it was read, or has changed since", stored.path));
            return Ok(names);
        };
        let pages: BTreeSet<u32> = found.iter().map(|f| f.page).collect();
        if pages.len() > PAGES_OF_HIT {
            let left = pages.len() - PAGES_OF_HIT;
            packed.missing.push(format!("{}: {left} more pages are not drawn", stored.path));
        }
        for page in pages.into_iter().take(PAGES_OF_HIT) {
            let boxes: Vec<[f32; 4]> = found.iter().filter(|f| f.page == page).flat_map(|f| f.boxes.clone()).collect();
            match render::found_png(doc, &bytes, page, &boxes) {
                Some(Ok(png)) => {
                    let name = format!("pages/{number:03}-p{page}.png");
                    put(zip, &name, &png)?;
                    names.insert(page, name);
                    packed.pages += 1;
                }
                Some(Err(why)) => packed.missing.push(format!("{}: page {page} cannot be drawn: {why}", stored.path)),
                None => {}
            }
        }
        Ok(names)
    }
}

fn put<W: Write + Seek>(zip: &mut ZipWriter<W>, name: &str, bytes: &[u8]) -> Result<(), zip::result::ZipError> {
    zip.start_file(name, archive::options())?;
    zip.write_all(bytes).map_err(zip::result::ZipError::Io)
}

fn row(number: usize, hit: &Hit, stored: &StoredDocument) -> [String; 14] {
    let text = |t: &Option<String>| t.clone().unwrap_or_default();
    let decision = hit.decision.as_ref();
    let item = decision.and_then(|d| d.item.as_ref());
    // The number of what was decided on; minutes as a whole have none, or one of their own.
    let dnr = item.map(|i| i.dnr.join("; ")).filter(|d| !d.is_empty());
    let pages: Vec<String> = hit.pages.iter().map(u32::to_string).collect();
    [
        number.to_string(),
        hit.id.clone(),
        text(&hit.title),
        hit.kind.clone(),
        hit.date.map_or_else(String::new, |d| d.to_string()),
        text(&hit.authority),
        dnr.unwrap_or_else(|| text(&hit.dnr)),
        decision.map_or("", |d| d.status.as_str()).to_string(),
        decision.map_or_else(String::new, |d| d.text.clone()),
        item.map_or_else(String::new, |i| i.number.clone()),
        item.map_or_else(String::new, |i| text(&i.title)),
        hit.path.clone(),
        pages.join(" "),
        stored.origin.blake3.clone(),
    ]
}

/// The places that speak for a hit: its decision, else the words found, else what the record says the document is.
fn found(hit: &Hit, stored: &StoredDocument, doc: &Document) -> Vec<Found> {
    let record = &stored.record;
    if let Some(decision) = &hit.decision {
        // Many items are decided in the same words: only its own proves the hit.
        let of = decision.item.as_ref().map(|i| i.number.as_str());
        let items = record.items.iter().filter(|i| of == Some(i.number.as_str())).flat_map(|i| &i.decisions);
        let all = record.decisions.iter().filter(|_| of.is_none()).chain(items);
        let same = |d: &&crate::parse::record::Decision| d.text == decision.text && d.status == decision.status;
        return all.filter(same).flat_map(|d| &d.evidence).filter(|e| e.field == "text").flat_map(proved).collect();
    }
    if !hit.snippets.is_empty() {
        return hit
            .snippets
            .iter()
            .map(|s| {
                let at = doc.text.find(&s.text);
                let spans = s.marks.iter().filter_map(|&[start, end]| Some((at? + start, at? + end))).collect();
                Found { page: s.page, quote: s.text.clone(), boxes: marked(s, doc), spans }
            })
            .collect();
    }
    let shown = |e: &&Evidence| matches!(e.field.as_ref(), "title" | "date" | "kind");
    record.evidence.iter().filter(shown).flat_map(proved).collect()
}

fn proved(evidence: &Evidence) -> impl Iterator<Item = Found> + '_ {
    let one = |p: &crate::ingest::document::Place| Found {
        page: p.page,
        quote: evidence.quote.clone(),
        boxes: p.boxes.clone(),
        spans: vec![(evidence.start as usize, evidence.end as usize)],
    };
    evidence.places.iter().map(one)
}

/// The text of a document with what was found between marks.
fn with_marks(doc: &Document, found: &[Found]) -> String {
    let mut spans: Vec<(usize, usize)> = found.iter().flat_map(|f| f.spans.iter().copied()).collect();
    spans.sort_unstable();
    let mut out = String::with_capacity(doc.text.len());
    let mut done = 0;
    for (start, end) in spans {
        if let (true, Some(before), Some(inside)) = (start >= done, doc.text.get(done..start), doc.text.get(start..end))
        {
            out.push_str(before);
            out.extend([MARKS.0, inside, MARKS.1]);
            done = end;
        }
    }
    out.push_str(doc.text.get(done..).unwrap_or_default());
    out
}

/// The boxes of a snippet's marked words on its page.
fn marked(snippet: &crate::search::Snippet, doc: &Document) -> Vec<[f32; 4]> {
    let words: BTreeSet<String> = snippet
        .marks
        .iter()
        .filter_map(|&[start, end]| snippet.text.get(start..end))
        .flat_map(str::split_whitespace)
        .map(bare)
        .filter(|w| !w.is_empty())
        .collect();
    let on_page = doc.words.iter().filter(|w| w.page == snippet.page);
    let is =
        |w: &&crate::ingest::document::Word| doc.text.get(w.span.range()).is_some_and(|t| words.contains(&bare(t)));
    on_page.filter(is).map(|w| [w.rect.x0, w.rect.y0, w.rect.x1, w.rect.y1]).collect()
}

/// A word in lower case without the punctuation round it.
fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}
