//! Runs the whole way from files to the index: the one place that names it.
//!
//! `walk` finds the files; workers read, split and parse them, each as far as it needs; one writer commits batches to the
//! catalog, then to the index. A file that cannot be read is a line of the ledger. Whatever ends the run, what is
//! committed stays, and the next run goes on from there.

mod catch_up;
mod lock;
mod report;
mod walk;
mod work;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use rayon::iter::{ParallelBridge as _, ParallelIterator as _};

use crate::base::{DocId, guard};
use crate::catalog::{self, Batch, CatalogError, FileRow, FileState, Lookup, Prepared, Reader};
use crate::corrections::Corrections;
use crate::index::{Entry, IndexError};
use crate::ingest::{self, Document, Problem, source};
use crate::lexicon::Lexicon;
use crate::parse::record::MadeWith;
use crate::parse::{Parser, Record};
use crate::split;
use catch_up::{Target, rebuild};
use lock::{Lock, LockError};
pub use report::{Failure, Report};
pub use walk::Offer;
use walk::{Walk, is_below, walk};
use work::{Bench, Done, Made, Met, What, is_gone};

/// A batch is committed when it holds this many files …
const BATCH_FILES: usize = 1000;
/// … or this many bytes of what is stored …
const BATCH_BYTES: usize = 32 << 20;
/// … or is this old: what a kill can undo.
const BATCH_AGE: Duration = Duration::from_secs(1);

/// How a run is to be done.
#[derive(Clone, Debug)]
pub struct Settings<'a> {
    /// Folder of the catalog and the index.
    pub index: &'a Path,
    /// How many files to read at a time, at least 1.
    pub jobs: usize,
    /// Whether files that are no longer there are dropped.
    pub prune: bool,
    /// Files in this state are read again though nothing changed.
    pub retry: Option<FileState>,
    /// How files are read.
    pub reading: ingest::Options,
    /// The versions that records are made with now.
    pub made_with: MadeWith,
    /// What a person says where the rules are wrong.
    pub corrections: &'a Corrections,
}

/// Is told how far a run has come.
pub trait Progress: Sync {
    /// So many steps are to be done.
    fn begin(&self, steps: usize);
    /// One is done.
    fn step(&self);
}

/// What ends a run.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// Another run writes.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The catalog cannot be used.
    #[error(transparent)]
    Catalog(CatalogError),
    /// The index cannot be used.
    #[error("{0}; what is in the catalog is safe, and `diarium reindex` makes the index from it")]
    Index(IndexError),
    /// The catalog contradicts itself.
    #[error("the catalog has document {id} but not all of it; run `diarium ingest` on its file again")]
    Inconsistent {
        /// Which document.
        id: String,
    },
    /// A fault of ours.
    #[error("{path}: made the indexer fail ({detail}); please report it")]
    Internal {
        /// Which file.
        path: String,
        /// The panic's message.
        detail: String,
    },
    /// The system gives no threads.
    #[error("the system gives no threads to work with ({0}); try --jobs 1")]
    Threads(String),
}

/// Reads and splits one file, as a run does, and keeps nothing.
///
/// # Errors
/// If the file cannot be read; a fault of the reader is `Problem::Internal`.
pub fn read_documents(path: &Path, lex: &Lexicon, options: &ingest::Options) -> Result<Vec<Document>, Problem> {
    guard::guarded(|| documents(path, lex, options)).unwrap_or_else(|detail| Err(Problem::Internal { detail }))
}

/// Reads, splits and parses one file, as a run does, and keeps nothing.
///
/// # Errors
/// If the file cannot be read; a fault of the reader is `Problem::Internal`.
pub fn read_file(path: &Path, lex: &Lexicon, options: &ingest::Options) -> Result<Vec<(Document, Record)>, Problem> {
    read_file_with(path, lex, &Parser::new(lex), options)
}

/// As [`read_file`], with a parser that is shared by many files.
///
/// # Errors
/// If it cannot be read.
pub fn read_file_with(
    path: &Path,
    lex: &Lexicon,
    parser: &Parser,
    options: &ingest::Options,
) -> Result<Vec<(Document, Record)>, Problem> {
    guard::on_deep_stack(|| {
        let documents = documents(path, lex, options)?;
        let with_record = |doc: Document| {
            let record = parser.parse(&doc);
            (doc, record)
        };
        Ok(documents.into_iter().map(with_record).collect())
    })
    .unwrap_or_else(|detail| Err(Problem::Internal { detail }))
}

fn documents(path: &Path, lex: &Lexicon, options: &ingest::Options) -> Result<Vec<Document>, Problem> {
    let source = source::load(path, &options.limits)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let doc = ingest::read_source(&source, &name, lex, options)?;
    Ok(split::split(doc, lex))
}

/// Takes in everything offered. Ends early, with what is done committed, when `stop` becomes true.
///
/// # Errors
/// If the index folder cannot be used. Files that cannot be read are in the report.
pub fn run(
    offers: &[Offer],
    lex: &Lexicon,
    settings: &Settings<'_>,
    progress: &dyn Progress,
    stop: &AtomicBool,
) -> Result<Report, PipelineError> {
    let begun = Instant::now();
    let dir = settings.index;
    let _lock = Lock::take(dir)?;
    let mut catalog = catalog::Writer::open_or_create(dir)?;
    // What earlier runs replaced is shown by no index any longer. Readers that are at work keep what they see.
    let mut index = Target::open(dir, catalog.sequence()?)?;
    catalog.forget_until(index.sequence)?;

    let walk = walk(offers);
    progress.begin(walk.found.len());
    let mut report = Report { offered: walk.found.len(), ..Report::default() };
    let mut desk = Desk { dir, catalog: &mut catalog, index: &mut index, report: &mut report, progress };
    read_all(&walk, lex, settings, stop, &mut desk)?;
    report.interrupted = report.done < report.offered;
    if !report.interrupted {
        let mut batch = catalog.begin()?;
        settle_vanished(&walk, settings, &mut batch, &mut report)?;
        if batch.commit()?.is_some() {
            index.catch_up(dir, BTreeMap::new(), None)?;
        }
    }
    index.finish()?;

    let reader = Reader::open(dir)?;
    report.failed.sort();
    report.vanished.sort();
    report.holds = reader.counts()?;
    report.files = reader.file_counts()?;
    report.sequence = reader.sequence();
    report.seconds = begun.elapsed().as_secs_f64();
    Ok(report)
}

/// Makes the index anew from the catalog. Returns how many documents it holds.
///
/// # Errors
/// If the folder cannot be used, or holds no catalog.
pub fn reindex(dir: &Path, progress: &dyn Progress) -> Result<usize, PipelineError> {
    Reader::open(dir)?;
    let _lock = Lock::take(dir)?;
    rebuild(dir, Some(progress))?;
    let documents = Reader::open(dir)?.len()?;
    Ok(usize::try_from(documents).unwrap_or(usize::MAX))
}

/// Lets workers deal with every file found, and the desk write what they make. Memory is bounded: each worker has one
/// file in hand, and waits when the desk is behind.
fn read_all(
    walk: &Walk,
    lex: &Lexicon,
    settings: &Settings<'_>,
    stop: &AtomicBool,
    desk: &mut Desk<'_>,
) -> Result<(), PipelineError> {
    let jobs = settings.jobs.max(1);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .stack_size(guard::STACK)
        .build()
        .map_err(|e| PipelineError::Threads(e.to_string()))?;
    let parser = Parser::new(lex);
    let bench = Bench {
        lex,
        parser: &parser,
        made_with: &settings.made_with,
        corrections: settings.corrections,
        options: &settings.reading,
        retry: settings.retry,
    };
    let halt = AtomicBool::new(false);
    let (work, finished) = sync_channel(2 * jobs);
    thread::scope(|scope| {
        let (bench, halt, pool) = (&bench, &halt, &pool);
        scope.spawn(move || {
            pool.install(|| {
                let worker = || (Lookup::open(settings.index), work.clone());
                walk.found.iter().par_bridge().for_each_init(worker, |(lookup, work), found| {
                    if stop.load(Ordering::Relaxed) || halt.load(Ordering::Relaxed) {
                        return;
                    }
                    let done = match lookup {
                        Ok(lookup) => bench.process(lookup, found),
                        Err(_) => Lookup::open(settings.index).and_then(|lookup| bench.process(&lookup, found)),
                    };
                    // The desk is gone only when it has failed, which ends the run with its own message.
                    if work.send(done).is_err() {
                        halt.store(true, Ordering::Relaxed);
                    }
                });
            });
        });
        let served = desk.serve(&finished);
        drop(finished);
        served
    })
}

/// Where the workers' results are written: the catalog batch by batch, the index as `Target` sees fit.
struct Desk<'a> {
    dir: &'a Path,
    catalog: &'a mut catalog::Writer,
    index: &'a mut Target,
    report: &'a mut Report,
    progress: &'a dyn Progress,
}

impl Desk<'_> {
    /// Writes until there is no more: batch by batch, the catalog first.
    fn serve(&mut self, finished: &Receiver<Result<Done, CatalogError>>) -> Result<(), PipelineError> {
        while let Ok(first) = finished.recv() {
            let begun = Instant::now();
            let mut batch = self.catalog.begin()?;
            let mut made: BTreeMap<DocId, Vec<Entry>> = BTreeMap::new();
            let (mut files, mut bytes) = (0, 0);
            let mut next = Some(first);
            while let Some(done) = next {
                bytes += take(done?, &mut batch, &mut made, self.report)?;
                files += 1;
                self.progress.step();
                let full = files >= BATCH_FILES || bytes >= BATCH_BYTES;
                let left = BATCH_AGE.saturating_sub(begun.elapsed());
                next = if full || left.is_zero() { None } else { finished.recv_timeout(left).ok() };
            }
            if batch.commit()?.is_some() {
                self.index.catch_up(self.dir, made, None)?;
            }
        }
        Ok(())
    }
}

/// Writes what came of one file into a batch, and counts it. Returns how many bytes are stored of it.
fn take(
    done: Done,
    batch: &mut Batch<'_>,
    entries: &mut BTreeMap<DocId, Vec<Entry>>,
    report: &mut Report,
) -> Result<usize, PipelineError> {
    let Done { line, met, what, moved_from } = done;
    report.done += 1;
    let moved = !moved_from.is_empty();
    for from in moved_from {
        if batch.file(&from.place)?.is_some_and(|now| now.state != FileState::Removed) {
            batch.put_file(&removed(from, "moved", format!("its content is now at {}", line.path)))?;
        }
    }
    let failed = line.state == FileState::Failed;
    match (&what, met) {
        (What::Vanished, _) => {}
        _ if moved => report.moved += 1,
        (_, Met::New) => report.new += 1,
        (_, Met::Changed) => report.changed += 1,
        (_, Met::Same) if failed => report.failed_before += 1,
        (What::Known, Met::Same) => report.unchanged += 1,
        (_, Met::Same) => report.again += 1,
    }
    if failed {
        report.failed.push(Failure {
            path: line.path.clone(),
            code: line.code.clone().unwrap_or_default(),
            message: line.message.clone().unwrap_or_default(),
        });
    }
    let blake3 = line.blake3.clone().unwrap_or_default();
    let bytes = match what {
        What::Vanished => return Ok(0),
        What::Known | What::Failed => 0,
        What::Records(made) => {
            let made = unpack(made, entries, report);
            batch.put_records(&blake3, &line.path, &made)?;
            made.iter().map(Prepared::bytes).sum()
        }
        // Two files of one content may have been read at the same time: what the first gave stays.
        What::Documents(made, again)
            if again || batch.made_with(&blake3)? != made.first().map(|m| m.made_with.clone()) =>
        {
            report.bytes += line.stamp.bytes;
            let made = unpack(made, entries, report);
            batch.put_documents(&blake3, &line.path, &made)?;
            made.iter().map(Prepared::bytes).sum()
        }
        What::Documents(..) => 0,
    };
    batch.put_file(&line)?;
    Ok(bytes)
}

/// Parts what the catalog stores from what the index needs.
fn unpack(made: Vec<Made>, entries: &mut BTreeMap<DocId, Vec<Entry>>, report: &mut Report) -> Vec<Prepared> {
    report.documents += made.len();
    let mut prepared = Vec::with_capacity(made.len());
    for made in made {
        entries.insert(made.id().clone(), made.entries);
        prepared.push(made.prepared);
    }
    prepared
}

fn removed(line: FileRow, code: &str, message: String) -> FileRow {
    FileRow {
        state: FileState::Removed,
        code: Some(code.to_string()),
        message: Some(message),
        partial: None,
        seq: 0,
        ..line
    }
}

/// Deals with files of the ledger that the folders offered no longer hold: dropped if their content lies elsewhere or it
/// is wished, else kept and told.
fn settle_vanished(
    walk: &Walk,
    settings: &Settings<'_>,
    batch: &mut Batch<'_>,
    report: &mut Report,
) -> Result<(), PipelineError> {
    let lookup = Lookup::open(settings.index)?;
    let mut after = String::new();
    loop {
        let page = lookup.files_after(&after)?;
        let Some(last) = page.last() else { return Ok(()) };
        after.clone_from(&last.place);
        for line in page {
            let Some(vanished) = Vanished::of(walk, &line) else { continue };
            let twin = match line.blake3.as_deref().filter(|_| line.is_read()) {
                Some(blake3) => lookup.files_of(blake3)?.into_iter().find(|f| f.place != line.place && !is_gone(f)),
                None => None,
            };
            let gone = match (twin, vanished) {
                (Some(twin), _) => removed(line, "moved", format!("its content is at {}", twin.path)),
                (None, Vanished::Open) => removed(line, "open", "can be entered again".to_string()),
                (None, Vanished::Gone) if settings.prune || !line.is_read() => {
                    removed(line, "vanished", "is no longer there".to_string())
                }
                (None, Vanished::Gone) => {
                    report.vanished.push(line.path);
                    continue;
                }
            };
            report.removed += 1;
            batch.put_file(&gone)?;
        }
    }
}

/// How a line of the ledger stands to what was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Vanished {
    /// There is no file any longer.
    Gone,
    /// It is a folder that could not be entered before.
    Open,
}

impl Vanished {
    /// None if the line's file is there, or nothing is known of it.
    fn of(walk: &Walk, line: &FileRow) -> Option<Vanished> {
        let file = catalog::place_path(&line.place);
        if let Ok(i) = walk.found.binary_search_by(|f| f.file.cmp(&file)) {
            let missing = walk.found.get(i).and_then(|f| f.problem.as_ref());
            let missing = matches!(missing, Some(Problem::Missing | Problem::BrokenLink { .. }));
            return (missing && line.is_read()).then_some(Vanished::Gone);
        }
        // A name that never was a file's, a slip of the pen, is told of once; the next run lets it go.
        let never = line.blake3.is_none()
            && line.state == FileState::Failed
            && line.code.as_deref() == Some(Problem::Missing.code());
        let offered = never || walk.folders.iter().any(|f| is_below(&line.place, f));
        if !offered || walk.closed.iter().any(|c| is_below(&line.place, c)) {
            None
        } else if is_gone(line) {
            Some(Vanished::Gone)
        } else {
            (!line.is_read() && file.is_dir()).then_some(Vanished::Open)
        }
    }
}
