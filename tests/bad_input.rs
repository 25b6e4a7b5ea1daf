//! Bad input, for real: each file gets one clear line (path first, what was found, what to try), the run goes on, the
//! ledger has it, and the exit code says so. Also what a whole run can meet: a newer catalog, a full disk, another run.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use diarium::lexicon::Lexicon;
use diarium::parse::record::MadeWith;
use diarium::pipeline::{self, Offer, Progress, Settings};

use crate::util::{Bench, Random, Run, pdf, report, skipped, sparse};

/// A folder of bad files with two good ones among them; gives each bad one's path and the code it must get.
fn bad_files(bench: &Bench) -> Vec<(&'static str, &'static str)> {
    let mut expected = Vec::new();
    let mut bad = |name: &'static str, code: &'static str, bytes: &[u8]| {
        bench.write(name, bytes);
        expected.push((name, code));
    };
    bench.write("good.txt", report(1));
    bench.write("z/good too.txt", report(2));
    bad("empty.txt", "empty", b"");
    bad("empty.pdf", "empty", b"");
    let mut random = Random(5);
    let junk: Vec<u8> = (0..50_000).map(|_| random.below(256) as u8).collect();
    bad("junk.txt", "binary", &junk);
    bad("picture.pdf", "not_pdf", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01");
    bad("page.pdf", "not_pdf", b"<!DOCTYPE html><title>404</title>");

    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>";
    let catalog = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page];
    let image = "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\nstream\n0\nendstream";
    let show = "<< /Length 30 >>\nstream\nq 595 0 0 842 0 0 cm /I Do Q  \nendstream";
    let scan = pdf(&[&catalog[..], &[show, image]].concat(), "");
    bad("scan.pdf", "no_text", &scan);
    bad("truncated.pdf", "damaged", &scan[..60]);
    // A user password that is not empty: /U fits none that we could guess.
    let secret = format!(
        "/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -3904 /O <{0}> /U <{0}> >> /ID [<00> <00>]",
        "5a".repeat(32)
    );
    bad("secret.pdf", "encrypted", &pdf(&[&catalog[..], &[show, image]].concat(), &secret));
    sparse(&bench.path("in/huge.txt"), 500 << 20);
    expected.push(("huge.txt", "limit_text_bytes"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        symlink("gone.txt", bench.path("in/broken.txt")).unwrap();
        symlink("self.txt", bench.path("in/self.txt")).unwrap();
        symlink("..", bench.path("in/z/circle")).unwrap();
        expected.extend([("broken.txt", "broken_link"), ("self.txt", "link_loop"), ("z/circle", "link_loop")]);
        if Command::new("mkfifo").arg(bench.path("in/pipe.txt")).status().is_ok_and(|s| s.success()) {
            expected.push(("pipe.txt", "not_a_file"));
        } else {
            skipped("a pipe named .txt: mkfifo not found");
        }
    }
    expected.sort();
    expected
}

#[test]
fn each_bad_file_gets_one_clear_line_and_the_run_goes_on() {
    let bench = Bench::new();
    let expected = bad_files(&bench);
    let (code, report) = bench.ingest(&[]);
    assert_eq!(code, 3);
    let failed: Vec<(String, String)> = report["failed"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (f["path"].as_str().unwrap().to_string(), f["code"].as_str().unwrap().to_string()))
        .collect();
    let expected: Vec<(String, String)> = expected.iter().map(|(p, c)| (p.to_string(), c.to_string())).collect();
    assert_eq!(failed, expected);
    assert_eq!(report["files"]["ok"], 2);
    assert_eq!(bench.agreed_documents().len(), 2);

    // People read the same: one line each, path first, ending in what to try.
    let again = bench.run(&["ingest", "in"]);
    assert_eq!(again.code, 3, "they are still failed");
    let ledger = bench.run(&["files", "--state", "failed"]);
    assert_eq!(ledger.out.lines().count(), expected.len());
    for (path, _) in &expected {
        let lines: Vec<&str> = again.out.lines().filter(|l| l.trim_start().starts_with(&format!("{path}: "))).collect();
        assert_eq!(lines.len(), 1, "{path}:\n{}", again.out);
        assert!(lines[0].contains("; "), "no advice in {:?}", lines[0]);
        assert!(
            ledger.out.lines().any(|l| l.starts_with(path.as_str())),
            "{path} is not in the ledger:\n{}",
            ledger.out
        );
    }
    assert!(again.err.is_empty(), "{}", again.err);

    // What is repaired is taken in.
    bench.write("empty.txt", crate::util::report(3));
    let (code, third) = bench.ingest(&[]);
    assert_eq!((code, third["changed"].as_u64(), third["files"]["ok"].as_u64()), (3, Some(1), Some(3)));
}

#[test]
fn only_bad_files_are_told_by_their_exit_code_one_by_one() {
    let bench = Bench::new();
    let run = bench.run(&["ingest", "in/none.txt"]);
    assert_eq!(run.code, 3, "{}", run.err);
    assert!(run.out.contains("\n  none.txt: does not exist; check the name\n"), "{}", run.out);
}

#[test]
fn what_was_read_before_stays_until_pruned_when_its_name_is_gone() {
    let bench = Bench::new();
    let path = bench.write("a.txt", report(1));
    bench.ingest(&[]);
    fs::remove_file(path).unwrap();
    let run = bench.run(&["ingest", "in/a.txt"]);
    assert!(run.code == 0 && run.out.contains("No longer there, but kept"), "{}", run.out);
    assert_eq!(bench.agreed_documents().len(), 1);
}

/// Runs the program as somebody without rights to what is closed: root may read everything.
#[cfg(unix)]
fn run_without_rights(bench: &Bench, args: &[&str]) -> Option<Run> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
    use std::os::unix::process::CommandExt as _;
    const NOBODY: u32 = 65534;
    let home = bench.path("");
    if fs::metadata(&home).unwrap().uid() != 0 {
        return Some(bench.run(args));
    }
    fs::set_permissions(&home, fs::Permissions::from_mode(0o755)).unwrap();
    let index = bench.index();
    fs::create_dir_all(&index).unwrap();
    if let Err(e) = chown(&index, Some(NOBODY), Some(NOBODY)) {
        skipped(&format!("a folder without permission: root cannot give files away ({e})"));
        return None;
    }
    match bench.command(args).uid(NOBODY).gid(NOBODY).output() {
        Ok(output) => Some(Run::of(output)),
        Err(e) => {
            skipped(&format!("a folder without permission: the program does not run as another user ({e})"));
            None
        }
    }
}

#[cfg(unix)]
#[test]
fn a_folder_or_file_without_permission_is_told_and_nothing_in_it_is_dropped() {
    use std::os::unix::fs::PermissionsExt as _;
    let bench = Bench::new();
    bench.write("open.txt", report(1));
    bench.write("closed/a.txt", report(2));
    let file = bench.write("unreadable.txt", report(3));
    let Some(first) = run_without_rights(&bench, &["ingest", "in"]) else { return };
    assert_eq!(first.code, 0, "{}{}", first.out, first.err);

    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    mode(&bench.path("in/closed"), 0);
    mode(&file, 0);
    let Some(run) = run_without_rights(&bench, &["ingest", "in", "--prune"]) else { return };
    mode(&bench.path("in/closed"), 0o755);
    mode(&file, 0o644);
    assert_eq!(run.code, 3, "{}{}", run.out, run.err);
    for path in ["closed", "unreadable.txt"] {
        let line = run.out.lines().find(|l| l.starts_with(&format!("  {path}: cannot be read")));
        assert!(line.is_some_and(|l| l.contains("ermission")), "{}", run.out);
    }
    let files = bench.run(&["files", "--state", "ok"]);
    assert!(files.out.contains("closed/a.txt"), "nothing is known of what is in a closed folder:\n{}", files.out);

    let Some(open) = run_without_rights(&bench, &["ingest", "in"]) else { return };
    assert_eq!(open.code, 0, "{}{}", open.out, open.err);
    assert_eq!(bench.run(&["files", "--state", "failed"]).out, "");
}

#[cfg(unix)]
#[test]
fn an_index_on_a_disk_that_cannot_be_written_can_be_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let bench = Bench::new();
    bench.write("a.txt", report(1));
    bench.ingest(&[]);
    let index = bench.index();
    for file in ["catalog.sqlite-wal", "catalog.sqlite-shm"] {
        // As after a copy, or when the last to use it was a writer.
        let _ = fs::remove_file(index.join(file));
    }
    fs::rename(&index, bench.path("in/copy")).unwrap();
    fs::set_permissions(bench.path("in/copy"), fs::Permissions::from_mode(0o555)).unwrap();
    let Some(run) = run_without_rights(&bench, &["files", "--index", "in/copy"]) else { return };
    fs::set_permissions(bench.path("in/copy"), fs::Permissions::from_mode(0o755)).unwrap();
    assert!(run.code == 0 && run.out.starts_with("a.txt"), "{}{}", run.out, run.err);
}

#[test]
fn a_file_that_is_being_written_is_not_read_half() {
    // The writer may not get its turn just while the file is read; then it is tried again.
    for _ in 0..20 {
        let bench = Bench::new();
        bench.write("good.txt", report(1));
        // Long to read and soon understood.
        let path = bench.write("growing.txt", [report(2), " ".repeat(30 << 20)].concat());
        let done = AtomicBool::new(false);
        let (code, report) = std::thread::scope(|scope| {
            scope.spawn(|| {
                use std::io::Write as _;
                let mut file = fs::File::options().append(true).open(&path).unwrap();
                // Bounded, so that the file stays one that would be read.
                for _ in 0..3_000_000 {
                    if done.load(Ordering::Relaxed) {
                        break;
                    }
                    file.write_all(b"mer text\n").unwrap();
                }
            });
            let result = bench.ingest(&[]);
            done.store(true, Ordering::Relaxed);
            result
        });
        if code == 0 {
            continue;
        }
        assert_eq!((code, report["failed"][0]["code"].as_str()), (3, Some("changed_while_read")), "{report}");
        assert_eq!(report["files"]["ok"], 1);
        return;
    }
    panic!("the file was never seen to change");
}

#[test]
fn a_catalog_by_a_newer_version_is_left_alone() {
    let bench = Bench::new();
    bench.write("a.txt", report(1));
    bench.ingest(&[]);
    let catalog = bench.index().join("catalog.sqlite");
    let db = rusqlite::Connection::open(&catalog).unwrap();
    db.pragma_update(None, "user_version", 1000).unwrap();
    drop(db);
    let before = fs::read(&catalog).unwrap();
    for args in [&["ingest", "in"][..], &["files"], &["reindex"], &["search", "avtal"], &["dump"]] {
        let run = bench.run(args);
        assert_eq!(run.code, 1, "{args:?}");
        assert!(run.err.contains("written by a newer version") && run.err.contains("--index"), "{args:?}: {}", run.err);
        assert_eq!(run.err.lines().count(), 1, "{args:?}: {}", run.err);
    }
    assert!(fs::read(&catalog).unwrap() == before, "it was changed");
}

/// Holds a run, once it has the right to write, until the test is done with it.
struct Held {
    begun: SyncSender<()>,
    go_on: Mutex<Receiver<()>>,
}

impl Progress for Held {
    fn begin(&self, _files: usize) {
        self.begun.send(()).expect("a test that waits");
        self.go_on.lock().expect("one run").recv().expect("a test that goes on");
    }

    fn step(&self) {}
}

#[test]
fn a_second_run_at_the_same_time_is_told_who_holds_the_index() {
    let bench = Bench::new();
    for i in 0..3 {
        bench.write(&format!("{i}.txt"), report(i));
    }
    bench.ingest(&[]);
    bench.write("new.txt", report(3));

    // The first run is in this process, where it can be held for as long as the rest takes.
    let (begun, has_begun) = sync_channel(1);
    let (go_on, held) = sync_channel(1);
    let progress = Held { begun, go_on: Mutex::new(held) };
    let (index, lex) = (bench.index(), Lexicon::built_in());
    let settings = Settings {
        index: &index,
        jobs: 1,
        prune: false,
        retry: None,
        reading: diarium::ingest::Options::default(),
        made_with: MadeWith::default(),
        corrections: &diarium::corrections::Corrections::default(),
    };
    let offers = [Offer::Path(bench.path("in"))];
    std::thread::scope(|scope| {
        let first =
            scope.spawn(|| pipeline::run(&offers, &lex, &settings, &progress, &AtomicBool::new(false)).map(|r| r.new));
        has_begun.recv().expect("a run that begins");
        let second = bench.run(&["ingest", "in"]);
        // Readers are not kept out.
        let files = bench.run(&["files"]);
        go_on.send(()).expect("a run that waits");
        assert_eq!(second.code, 1, "{}", second.out);
        let holder = format!("(process {}, since ", std::process::id());
        assert!(second.err.contains(&holder) && second.err.contains("wait"), "{}", second.err);
        assert_eq!(files.code, 0, "{}", files.err);
        assert_eq!(first.join().expect("no panic").expect("a run that ends well"), 1);
    });
    assert_eq!(bench.agreed_documents().len(), 4);
}

/// A small file system, gone when dropped.
struct SmallDisk<'a>(&'a Path);

impl<'a> SmallDisk<'a> {
    fn mount(at: &'a Path, size: &str) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let options = format!("size={size}");
        let output = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(at).output();
        match output {
            Ok(o) if o.status.success() => Some(SmallDisk(at)),
            Ok(o) => {
                skipped(&format!("a full disk: {}", String::from_utf8_lossy(&o.stderr).trim()));
                None
            }
            Err(e) => {
                skipped(&format!("a full disk: mount: {e}"));
                None
            }
        }
    }

    fn grow(&self, size: &str) {
        let options = format!("remount,size={size}");
        assert!(Command::new("mount").args(["-o", &options]).arg(self.0).status().unwrap().success());
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

#[test]
fn a_full_disk_ends_the_run_with_what_is_done_kept_and_room_lets_it_go_on() {
    let bench = Bench::new();
    for i in 0..80 {
        let texts: Vec<String> = (0..15).map(|j| report(1000 * i + j)).collect();
        bench.write(&format!("{i}.txt"), texts.join("\n\n"));
    }
    let index = bench.index();
    let Some(disk) = SmallDisk::mount(&index, "2m") else { return };
    let run = bench.run(&["ingest", "in"]);
    assert_eq!(run.code, 1, "2 MB were enough?\n{}{}", run.out, run.err);
    let message = run.err.to_lowercase();
    assert!(message.contains("disk is full") || message.contains("no space left"), "{}", run.err);
    assert_eq!(run.err.lines().count(), 1, "{}", run.err);
    disk.grow("300m");
    let run = bench.run(&["ingest", "in"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert_eq!(bench.agreed_documents().len(), 80);
}

#[test]
fn an_index_folder_that_cannot_be_made_is_told() {
    let bench = Bench::new();
    bench.write("a.txt", report(1));
    let run = bench.run(&["ingest", "in", "--index", "in/a.txt"]);
    assert!(run.code == 1 && run.err.contains("in/a.txt: cannot be written"), "{}", run.err);
    let run = bench.run(&["files", "--index", "nowhere"]);
    assert!(run.code == 1 && run.err.contains("nowhere: holds no catalog yet"), "{}", run.err);
}

#[test]
fn a_name_that_never_was_a_files_is_told_of_once() {
    let bench = Bench::new();
    bench.write("a.txt", report(1));
    let run = bench.run(&["ingest", "in", "no such file.pdf"]);
    assert_eq!(run.code, 3, "{}", run.err);
    assert!(bench.run(&["files", "--state", "failed"]).out.contains("no such file.pdf"));
    // Offered again it is told of again; else the next run lets it go, and no search has to say that it was not searched.
    assert_eq!(bench.run(&["ingest", "in", "no such file.pdf"]).code, 3);
    assert_eq!(bench.run(&["ingest", "in"]).code, 0);
    assert!(!bench.run(&["files", "--state", "failed"]).out.contains("no such file.pdf"));
    assert!(bench.run(&["files", "--state", "removed"]).out.contains("no such file.pdf"));
    assert!(!bench.run(&["search", "xyzzy"]).out.contains("could not be read"));
}
