//! What a run that is cut short leaves behind: nothing acknowledged is lost, catalog and index agree, the next run goes on.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use diarium::catalog::Reader;
use diarium::index::local::LocalIndex;

use crate::util::{Bench, Random, report, skipped};

/// What the ledger acknowledges: content by path.
fn acknowledged(bench: &Bench) -> BTreeMap<String, String> {
    let Ok(reader) = Reader::open(&bench.index()) else { return BTreeMap::new() };
    let files = reader.files(None).expect("a ledger that can be read");
    files.into_iter().filter(|f| f.is_read()).filter_map(|f| Some((f.path, f.blake3?))).collect()
}

#[test]
fn kill_at_random_moments_loses_nothing_acknowledged() {
    const FILES: u64 = 240;
    const KILLS: u64 = 7;
    let bench = Bench::new();
    let mut random = Random(20_261_122);
    for i in 0..FILES {
        bench.write(&format!("{:02}/{i}.txt", i % 7), report(i));
    }
    // The kills are spread over as long as a run takes here: a run that was over before its kill makes the next come sooner.
    let mut latest = 1500;
    let (mut killed, mut rounds) = (0, 0);
    while killed < KILLS {
        let round = rounds;
        rounds += 1;
        assert!(rounds < 20 * KILLS, "only {killed} of {rounds} runs were still at work when killed");
        let before = acknowledged(&bench);
        let mut child = bench.command(&["ingest", "in", "--jobs", "2"]).stdout(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(random.below(latest)));
        // What a reader sees just before the kill is acknowledged, too.
        let seen = acknowledged(&bench);
        let alive = child.try_wait().unwrap().is_none();
        child.kill().unwrap();
        child.wait().unwrap();
        match alive {
            true => killed += 1,
            false => latest = (latest / 2).max(20),
        }
        let after = acknowledged(&bench);
        for (path, content) in before.iter().chain(&seen) {
            let kept = after.get(path).unwrap_or_else(|| panic!("round {round}: {path} was acknowledged and is lost"));
            let on_disk = blake3::hash(&fs::read(bench.path("in").join(path)).unwrap()).to_hex().to_string();
            assert!(
                kept == content || *kept == on_disk,
                "round {round}: {path} has a content it had neither then nor now"
            );
        }
        // As of its own sequence the index agrees with the catalog at any moment.
        if LocalIndex::open(&bench.index().join("tantivy")).is_ok() {
            bench.agreed_documents();
        }
        // The corpus goes on changing.
        let n = random.below(FILES);
        bench.write(&format!("{:02}/{n}.txt", n % 7), report(10_000 + round));
        bench.write(&format!("new/{round}.txt"), report(20_000 + round));
    }
    let (code, _) = bench.ingest(&[]);
    assert_eq!(code, 0);
    assert_eq!(acknowledged(&bench).len() as u64, FILES + rounds);
    let documents = bench.agreed_documents();
    assert_eq!(documents.len() as u64, FILES + rounds);

    // The outcome is the one of a run that was never disturbed.
    let dump = bench.run(&["dump"]).out;
    fs::remove_dir_all(bench.index()).unwrap();
    bench.ingest(&[]);
    assert!(dump == bench.run(&["dump"]).out, "the interrupted runs left another state than one whole run");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_run_with_what_is_done_kept() {
    // A run may be over before the signal reaches it; then a longer one is interrupted.
    for files in [400, 1600, 6400] {
        let bench = Bench::new();
        for i in 0..files {
            bench.write(&format!("{i}.txt"), report(i));
        }
        let mut child = bench.command(&["ingest", "in"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        while acknowledged(&bench).is_empty() && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(5));
        }
        let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        if !status.is_ok_and(|s| s.success()) {
            skipped("Ctrl-C: kill not found");
        }
        let run = crate::util::Run::of(child.wait_with_output().unwrap());
        let kept = bench.agreed_documents().len() as u64;
        if kept == files {
            continue;
        }
        assert!(run.code == 1 && run.err.contains("stopping"), "{} {}{}", run.code, run.out, run.err);
        assert!(run.out.contains("the same command goes on from here"), "{}", run.out);
        assert!(kept > 0, "nothing kept");

        let (code, report) = bench.ingest(&[]);
        assert_eq!((code, report["unchanged"].as_u64()), (0, Some(kept)));
        assert_eq!(bench.agreed_documents().len() as u64, files);
        return;
    }
    panic!("no run could be interrupted");
}
