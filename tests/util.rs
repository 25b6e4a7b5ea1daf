//! Helpers of the integration tests: a folder of its own for each, and the program run in it.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use diarium::catalog::Reader;
use diarium::index::engine::{Ask, Engine as _};
use diarium::index::local::LocalIndex;
use tempfile::TempDir;

/// A folder with documents (`in`) and an index (`index`), gone when the test ends.
pub struct Bench {
    dir: TempDir,
}

/// What came of running the program.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Bench {
    pub fn new() -> Self {
        let bench = Bench { dir: tempfile::tempdir().expect("a temporary folder") };
        fs::create_dir(bench.path("in")).expect("a folder for documents");
        bench
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn index(&self) -> PathBuf {
        self.path("index")
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path("in").join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder for documents");
        fs::write(&path, bytes).expect("a document");
        path
    }

    /// The program, in this folder, without the environment's wishes.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_diarium"));
        command.args(args).current_dir(self.dir.path()).stdin(Stdio::null());
        command.env_remove("DIARIUM_INDEX").env_remove("NO_COLOR");
        command
    }

    pub fn run(&self, args: &[&str]) -> Run {
        Run::of(self.command(args).output().expect("the program runs"))
    }

    /// Runs `ingest in --json` with more arguments and gives its report.
    pub fn ingest(&self, more: &[&str]) -> (i32, serde_json::Value) {
        let run = self.run(&[&["ingest", "in", "--json"], more].concat());
        let report = serde_json::from_str(&run.out).unwrap_or_else(|e| panic!("{e}\n{}{}", run.out, run.err));
        (run.code, report)
    }

    /// The ids of the documents in the catalog, after checking that the index holds exactly these as of its sequence.
    pub fn agreed_documents(&self) -> BTreeSet<String> {
        let engine = LocalIndex::open(&self.index().join("tantivy")).and_then(|i| i.reader()).expect("an index");
        let catalog = Reader::open_as_of(&self.index(), engine.sequence()).expect("a catalog");
        assert_eq!(catalog.sequence(), engine.sequence(), "the index is ahead of the catalog");
        let stored: BTreeSet<String> = catalog.documents().map(|d| d.expect("a document").id.to_string()).collect();
        let answer = engine.search(&Ask { limit: stored.len() + 10, ..Ask::default() }).expect("an answer");
        let indexed: BTreeSet<String> = answer.hits.iter().map(|h| h.doc.to_string()).collect();
        assert_eq!(answer.total as usize, indexed.len(), "a document stands in the index twice");
        assert_eq!(stored, indexed, "catalog and index differ");
        stored
    }
}

impl Run {
    pub fn of(output: Output) -> Self {
        Run {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// Says that a test could not be made here, and why.
pub fn skipped(why: &str) {
    // Not through the test's own capture: a skipped test must be seen to be skipped.
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}

/// A seeded generator of numbers (SplitMix64).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
}

/// A report in the form of real ones, with everything in it invented; no two seeds give the same.
pub fn report(seed: u64) -> String {
    const PLACES: [&str; 4] = ["Järva", "Farsta", "Skärholmens", "Bromma"];
    const WORDS: [&str; 12] = [
        "förvaltningen",
        "samverkan",
        "barn",
        "unga",
        "föreningen",
        "verksamheten",
        "lokaler",
        "målgruppen",
        "insatser",
        "uppföljning",
        "överenskommelsen",
        "medel",
    ];
    let mut random = Random(seed);
    let place = PLACES[random.below(4) as usize];
    let year = 2018 + random.below(8);
    let mut text = format!(
        "{place} stadsdelsförvaltning\n\nTjänsteutlåtande\nDnr {} {year}/{seed}\n{year}-05-12\n\n\
         Förslag om partnerskap nummer {seed}\n\nFörvaltningens förslag till beslut\n\n\
         1. Nämnden godkänner förvaltningens redovisning.\n2. Nämnden beslutar att teckna avtal.\n\nSammanfattning\n\n",
        place.to_uppercase()
    );
    for _ in 0..random.below(60) + 5 {
        let words: Vec<&str> = (0..8).map(|_| WORDS[random.below(12) as usize]).collect();
        text.push_str(&format!("Under året har {} fortsatt.\n", words.join(" ")));
    }
    text
}

/// A PDF of these objects (numbered from 1, the first the catalog), with a right cross-reference table.
pub fn pdf(objects: &[&str], trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", i + 1).bytes());
    }
    let xref = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    offsets.iter().for_each(|o| out.extend(format!("{o:010} 00000 n \n").bytes()));
    let size = objects.len() + 1;
    out.extend(format!("trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{xref}\n%%EOF\n").bytes());
    out
}

/// Makes a file of a size that takes no room.
pub fn sparse(path: &Path, bytes: u64) {
    fs::File::create(path).and_then(|f| f.set_len(bytes)).expect("a sparse file");
}
