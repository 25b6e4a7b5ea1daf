//! Keeps the mentions of all documents beside the catalog, so that a register need not read every record again.
//!
//! The file is derived and may be deleted at will. It holds segments, each with the mentions of some documents and the sequence their
//! records began to hold at; what the catalog says otherwise by now is read anew, so the file follows an ingest by what that changed.
//! Each segment has a hash: what does not fit is read from the catalog again. Nobody is told if the file cannot be written: the
//! registers are the same without it.

use std::collections::{HashMap, HashSet};
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::mention::{
    AgreementMention, DocumentMentions, Mentions, PartyMention, PersonMention, Proof, Source, StepMention, Wanted,
};
use crate::base::DocId;
use crate::catalog::{CatalogError, Reader, StoredDocument};

/// Name of the file in the index folder.
pub const FILE_NAME: &str = "mentions.cache";

/// First bytes of the file: its name, and the version of what is collected. Raise it with every change of what a document's mentions
/// are.
const MAGIC: &[u8; 16] = b"diarium-ment\x00\x00\x00\x01";

/// Documents of one segment.
const SEGMENT: usize = 2048;

/// Most segments that are kept: of more the smallest are made anew, together.
const SEGMENTS: usize = 128;

/// Documents read at a time.
const BATCH: usize = 256;

/// Largest part of a segment that is unpacked, in bytes: a bound on what a damaged file may cost.
const UNPACKED_MAX: u64 = 1 << 30;

/// Parts of a segment: which documents, their sources, and what each register is made of.
const FRAMES: usize = 6;

/// Bytes before the frames of a segment: their hash and lengths.
const HEAD: usize = 32 + 4 * FRAMES;

type Sources = Vec<(Source, usize)>;
type Agreements = Vec<(Vec<PartyMention>, Vec<AgreementMention>)>;
type Steps = Vec<Vec<StepMention>>;
type People = Vec<Vec<PersonMention>>;
type Gaps = Vec<(Vec<u32>, Vec<(String, Vec<Proof>)>)>;

/// The mentions of all documents of a catalog, or of those `among` these.
///
/// # Errors
/// If the catalog cannot be read.
pub fn mentions(catalog: &Reader, wanted: Wanted, among: Option<&HashSet<DocId>>) -> Result<Mentions, CatalogError> {
    let is_asked = |id: &DocId| among.is_none_or(|ids| ids.contains(id));
    let path = catalog.beside(FILE_NAME);
    let mut now: HashMap<DocId, u64> = catalog.states()?.into_iter().collect();
    let total = now.len();
    let bytes = std::fs::read(&path).unwrap_or_default();
    let segments = segments(&bytes);
    let mut kept: Vec<&Segment> = Vec::new();
    let mut take: Vec<(&Segment, Vec<bool>)> = Vec::new();
    for segment in &segments {
        let holds = |(id, seq): &(DocId, u64)| now.get(id) == Some(seq);
        let live: Vec<bool> = segment.documents.iter().map(holds).collect();
        // Half of it gone: what is left is read anew.
        if live.iter().filter(|l| **l).count() * 2 < live.len() || live.is_empty() {
            continue;
        }
        for ((id, _), _) in segment.documents.iter().zip(&live).filter(|(_, live)| **live) {
            now.remove(id);
        }
        kept.push(segment);
        take.push((segment, live));
    }
    let unpacked: Vec<Option<Vec<DocumentMentions>>> =
        take.par_iter().map(|(segment, live)| segment.unpack(wanted, live, &is_asked)).collect();
    let mut mentions = Mentions::default();
    let mut sound: Vec<&Segment> = Vec::new();
    for ((segment, (_, live)), unpacked) in kept.into_iter().zip(&take).zip(unpacked) {
        match unpacked {
            Some(documents) => {
                documents.into_iter().for_each(|d| mentions.insert(d));
                sound.push(segment);
            }
            None => {
                let lost = segment.documents.iter().zip(live).filter(|(_, live)| **live);
                now.extend(lost.map(|((id, seq), _)| (id.clone(), *seq)));
            }
        }
    }
    if now.is_empty() && sound.len() == segments.len() {
        return Ok(mentions);
    }
    let mut fresh: Vec<Vec<u8>> = Vec::new();
    let missing: HashSet<DocId> = now.into_keys().collect();
    read(catalog, &missing, missing.len() * 4 > total, |documents| {
        fresh.extend(pack(&documents));
        let asked = documents.into_iter().filter(|(_, d)| is_asked(&d.source.id));
        asked.for_each(|(_, d)| mentions.insert(d.only(wanted)));
    })?;
    write(&path, &sound, &fresh);
    Ok(mentions)
}

/// Calls with the mentions of these documents, some at a time; `most`: they are most of all, which are read in order.
fn read(
    catalog: &Reader,
    missing: &HashSet<DocId>,
    most: bool,
    mut f: impl FnMut(Vec<(u64, DocumentMentions)>),
) -> Result<(), CatalogError> {
    let collect = |stored: Vec<StoredDocument>| -> Vec<(u64, DocumentMentions)> {
        stored.par_iter().map(|s| (s.seq, DocumentMentions::of(s, Wanted::ALL))).collect()
    };
    let mut batch: Vec<StoredDocument> = Vec::new();
    let mut ready: Vec<(u64, DocumentMentions)> = Vec::new();
    let mut next = |stored: Option<StoredDocument>, last: bool| {
        batch.extend(stored);
        if batch.len() >= BATCH || last {
            ready.extend(collect(std::mem::take(&mut batch)));
        }
        if ready.len() >= SEGMENT || (last && !ready.is_empty()) {
            f(std::mem::take(&mut ready));
        }
    };
    if most {
        for stored in catalog.documents() {
            let stored = stored?;
            if missing.contains(&stored.id) {
                next(Some(stored), false);
            }
        }
    } else {
        let mut ids: Vec<&DocId> = missing.iter().collect();
        ids.sort();
        for id in ids {
            next(catalog.get(id)?, false);
        }
    }
    next(None, true);
    Ok(())
}

/// One segment of the file.
struct Segment<'b> {
    bytes: &'b [u8],
    frames: [&'b [u8]; FRAMES],
    documents: Vec<(DocId, u64)>,
}

/// The segments of the file, up to the first that is damaged.
fn segments(bytes: &[u8]) -> Vec<Segment<'_>> {
    let mut out = Vec::new();
    let Some(mut rest) = bytes.strip_prefix(MAGIC.as_slice()) else { return out };
    while let Some((segment, after)) = segment(rest) {
        out.push(segment);
        rest = after;
    }
    out
}

fn segment(bytes: &[u8]) -> Option<(Segment<'_>, &[u8])> {
    let head = bytes.get(..HEAD)?;
    let (hash, lengths) = head.split_at(32);
    let mut at = HEAD;
    let mut frames: [&[u8]; FRAMES] = [&[]; FRAMES];
    for (frame, length) in frames.iter_mut().zip(lengths.chunks_exact(4)) {
        let length = usize::try_from(u32::from_le_bytes(length.try_into().ok()?)).ok()?;
        let end = at.checked_add(length)?;
        *frame = bytes.get(at..end)?;
        at = end;
    }
    let whole = bytes.get(..at)?;
    if blake3::hash(whole.get(32..)?).as_bytes() != hash {
        return None;
    }
    let documents = open(frames.first()?)?;
    Some((Segment { bytes: whole, frames, documents }, bytes.get(at..)?))
}

impl Segment<'_> {
    /// The mentions of those documents that still hold and are asked for; none if it is not what it says.
    fn unpack(
        &self,
        wanted: Wanted,
        live: &[bool],
        is_asked: &impl Fn(&DocId) -> bool,
    ) -> Option<Vec<DocumentMentions>> {
        let [_, sources, agreements, steps, people, gaps] = self.frames;
        let count = self.documents.len();
        let sources: Sources = open::<Sources>(sources).filter(|s| s.len() == count)?;
        let agreements: Agreements = of(agreements, wanted.agreements, count)?;
        let steps: Steps = of(steps, wanted.cases, count)?;
        let people: People = of(people, wanted.people, count)?;
        let gaps: Gaps = of(gaps, wanted.coverage, count)?;
        let mut out = Vec::new();
        let parts = sources.into_iter().zip(agreements).zip(steps).zip(people).zip(gaps).zip(live);
        for (((((source, agreements), steps), people), gaps), live) in parts {
            if *live && is_asked(&source.0.id) {
                let mut document = DocumentMentions {
                    source: Arc::new(source.0),
                    parties: agreements.0,
                    agreements: agreements.1,
                    steps,
                    people,
                    paragraphs: gaps.0,
                    attachments: gaps.1,
                    textless_pages: source.1,
                };
                document.settle();
                out.push(document);
            }
        }
        Some(out)
    }
}

/// The values of a part, or as many empty ones if it is not wanted; none if it is damaged.
fn of<T: DeserializeOwned + Default + Clone>(frame: &[u8], wanted: bool, count: usize) -> Option<Vec<T>> {
    if !wanted {
        return Some(vec![T::default(); count]);
    }
    open::<Vec<T>>(frame).filter(|values| values.len() == count)
}

fn open<T: DeserializeOwned>(frame: &[u8]) -> Option<T> {
    let mut bytes = Vec::new();
    zstd::Decoder::new(frame).ok()?.take(UNPACKED_MAX).read_to_end(&mut bytes).ok()?;
    postcard::from_bytes(&bytes).ok()
}

/// One segment as it is written; none if it cannot be packed.
fn pack(documents: &[(u64, DocumentMentions)]) -> Option<Vec<u8>> {
    fn frame<'d, T: Serialize>(
        documents: &'d [(u64, DocumentMentions)],
        part: impl Fn(&'d (u64, DocumentMentions)) -> T,
    ) -> Option<Vec<u8>> {
        let all: Vec<T> = documents.iter().map(part).collect();
        zstd::encode_all(postcard::to_stdvec(&all).ok()?.as_slice(), 1).ok()
    }
    let frames = [
        frame(documents, |(seq, d)| (&d.source.id, seq))?,
        frame(documents, |(_, d)| (&*d.source, d.textless_pages))?,
        frame(documents, |(_, d)| (&d.parties, &d.agreements))?,
        frame(documents, |(_, d)| &d.steps)?,
        frame(documents, |(_, d)| &d.people)?,
        frame(documents, |(_, d)| (&d.paragraphs, &d.attachments))?,
    ];
    let mut body = Vec::new();
    for frame in &frames {
        body.extend(u32::try_from(frame.len()).ok()?.to_le_bytes());
    }
    frames.iter().for_each(|f| body.extend(f));
    let mut whole = blake3::hash(&body).as_bytes().to_vec();
    whole.append(&mut body);
    Some(whole)
}

/// Writes the file anew and puts it in its place; what fails leaves the old one.
fn write(path: &Path, kept: &[&Segment], fresh: &[Vec<u8>]) {
    let mut kept: Vec<&&Segment> = kept.iter().collect();
    if kept.len() + fresh.len() > SEGMENTS {
        kept.sort_by_key(|s| std::cmp::Reverse(s.documents.len()));
        kept.truncate(SEGMENTS / 2);
    }
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.part", std::process::id()));
    let temporary = path.with_file_name(name);
    let write = || -> std::io::Result<()> {
        use std::io::Write as _;
        let mut file = std::io::BufWriter::new(std::fs::File::create(&temporary)?);
        file.write_all(MAGIC)?;
        kept.iter().try_for_each(|s| file.write_all(s.bytes))?;
        fresh.iter().try_for_each(|s| file.write_all(s))?;
        file.into_inner()?.sync_data()?;
        std::fs::rename(&temporary, path)
    };
    if write().is_err() {
        let _ = std::fs::remove_file(&temporary);
    }
}
