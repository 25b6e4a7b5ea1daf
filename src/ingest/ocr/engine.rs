//! Finds tesseract on the machine and has it read pictures, within a time.

use std::fmt;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::ingest::draw::Picture;

/// The language data that is used.
const LANGUAGE: &str = "swe";
/// Longest time for asking tesseract what it is.
const ASK_TIME: Duration = Duration::from_secs(20);
/// Most bytes of its answer that are read.
const MAX_ANSWER: u64 = 64 << 20;

/// tesseract, with Swedish data, on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Engine {
    program: PathBuf,
    version: String,
    /// With data that tells which way a page is turned.
    turns: bool,
}

/// Why there is no engine, and what to install.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoEngine {
    /// No program of that name, or it does not start.
    #[error(
        "tesseract was not found ({detail}); install it with its Swedish data (Debian, Ubuntu: tesseract-ocr \
         tesseract-ocr-swe; Fedora: tesseract tesseract-langpack-swe; macOS: brew install tesseract tesseract-lang)"
    )]
    Missing {
        /// What the system said.
        detail: String,
    },
    /// It is there, but cannot read Swedish.
    #[error(
        "tesseract has no Swedish data; install it (Debian, Ubuntu: tesseract-ocr-swe; Fedora: tesseract-langpack-swe; \
         macOS: brew install tesseract-lang)"
    )]
    NoSwedish,
    /// This build draws no pages.
    #[error("this build of diarium draws no pages; build it with `--features ocr`")]
    NotBuilt,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.version)
    }
}

impl Engine {
    /// The engine of this machine, looked for once.
    ///
    /// # Errors
    /// If there is none.
    pub fn find() -> Result<Engine, NoEngine> {
        if cfg!(not(feature = "ocr")) {
            return Err(NoEngine::NotBuilt);
        }
        static FOUND: LazyLock<Result<Engine, NoEngine>> = LazyLock::new(|| Engine::at(Path::new("tesseract")));
        FOUND.clone()
    }

    /// The engine that this program is.
    ///
    /// # Errors
    /// If it is none.
    pub fn at(program: &Path) -> Result<Engine, NoEngine> {
        let ask = |option: &str| {
            let mut command = Command::new(program);
            command.arg(option);
            run(command, Vec::new(), ASK_TIME).map_err(|detail| NoEngine::Missing { detail })
        };
        let version = ask("--version")?;
        let version = version.lines().next().unwrap_or_default().trim();
        let languages = ask("--list-langs")?;
        let has = |name: &str| languages.lines().any(|l| l.trim() == name);
        if !has(LANGUAGE) {
            return Err(NoEngine::NoSwedish);
        }
        Ok(Engine { program: program.to_path_buf(), version: version.chars().take(60).collect(), turns: has("osd") })
    }

    /// Has a picture read; gives tesseract's table (TSV).
    ///
    /// # Errors
    /// Says what went wrong, or that the time was over.
    pub(super) fn read(&self, picture: &Picture, time: Duration) -> Result<String, String> {
        let mut command = Command::new(&self.program);
        // One thread: files are read in parallel, and tesseract's own threads wait for each other.
        command.env("OMP_THREAD_LIMIT", "1");
        command.args(["stdin", "stdout", "-l", LANGUAGE, "--dpi"]).arg(format!("{:.0}", picture.dpi));
        command.args(["--psm", if self.turns { "1" } else { "3" }, "-c", "tessedit_create_tsv=1"]);
        run(command, picture.pgm(), time)
    }
}

/// Runs a program with something on its standard input; gives its standard output. It is killed when the time is over.
fn run(mut command: Command, input: Vec<u8>, time: Duration) -> Result<String, String> {
    let end = Instant::now() + time;
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| e.to_string())?;
    let (tell, told) = mpsc::channel();
    if let Some(mut stdin) = child.stdin.take() {
        // A program that stops reading closes the pipe; what it then says matters, not this.
        thread::spawn(move || stdin.write_all(&input));
    }
    if let Some(stdout) = child.stdout.take() {
        listen(stdout, tell);
    }
    let (tell, complaints) = mpsc::channel();
    if let Some(stderr) = child.stderr.take() {
        listen(stderr, tell);
    }
    let over = |mut child: Child| {
        // Both fail only if it has ended by itself.
        let _ = child.kill();
        let _ = child.wait();
        Err(format!("it took more than {} s", time.as_secs_f32()))
    };
    let answer = match told.recv_timeout(time) {
        Ok(answer) => answer,
        Err(RecvTimeoutError::Timeout) => return over(child),
        Err(RecvTimeoutError::Disconnected) => Vec::new(),
    };
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if Instant::now() >= end => return over(child),
            Ok(None) => thread::sleep(Duration::from_millis(2)),
            Err(e) => return Err(e.to_string()),
        }
    };
    if status.success() {
        return Ok(String::from_utf8_lossy(&answer).into_owned());
    }
    let said = complaints.recv_timeout(Duration::from_secs(1)).unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    let last = said.lines().rev().find(|l| !l.trim().is_empty()).unwrap_or("it said nothing");
    Err(format!("tesseract failed ({status}: {})", last.trim().chars().take(200).collect::<String>()))
}

/// Reads a pipe to its end, on a thread of its own, and tells what was read.
fn listen(pipe: impl Read + Send + 'static, tell: mpsc::Sender<Vec<u8>>) {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before a fault is told too; nobody listens any more if the time is over.
        let _ = pipe.take(MAX_ANSWER).read_to_end(&mut bytes);
        let _ = tell.send(bytes);
    });
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn what_takes_too_long_is_killed() {
        let begun = Instant::now();
        let result = run(shell("exec sleep 30"), Vec::new(), Duration::from_millis(200));
        assert_eq!(result, Err("it took more than 0.2 s".to_string()));
        assert!(begun.elapsed() < Duration::from_secs(25), "it was waited for");
        // Also when it has closed its output, or never reads its input.
        let result = run(shell("exec >&-; exec sleep 30"), vec![0; 1 << 20], Duration::from_millis(200));
        assert_eq!(result, Err("it took more than 0.2 s".to_string()));
    }

    #[test]
    fn input_goes_in_and_output_comes_out_however_long() {
        let long = "å".repeat(300_000);
        assert_eq!(run(shell("cat"), long.clone().into_bytes(), Duration::from_secs(20)), Ok(long));
    }

    #[test]
    fn a_failure_says_what_the_program_said() {
        let result = run(shell("echo one >&2; echo no such data >&2; exit 3"), Vec::new(), Duration::from_secs(20));
        let message = result.unwrap_err();
        assert!(message.contains("no such data") && message.contains('3'), "{message}");
    }

    #[test]
    fn a_missing_program_says_what_to_install() {
        let message = Engine::at(Path::new("/nowhere/tesseract")).unwrap_err().to_string();
        assert!(message.contains("tesseract-ocr-swe"), "{message}");
    }
}
