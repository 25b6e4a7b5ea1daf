//! The clerk: makes the registers beside the requests, one state at a time. No request works on them; it is answered from those made
//! last, or told to come back.

use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::names::Names;
use crate::catalog;
use crate::corrections::Corrections;
use crate::lexicon::Lexicon;
use crate::registry::{Registers, Wanted};

/// How many times as long as making took is waited before it is begun again while files are ingested, and the longest wait.
const PAUSE: u32 = 4;
const LONGEST_PAUSE: Duration = Duration::from_secs(600);

/// The registers as of one sequence.
pub(super) struct Made {
    pub(super) registers: Registers,
    /// Their entries by the words of their names.
    pub(super) names: Names,
    pub(super) sequence: u64,
}

/// Why there are no registers to answer from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NotMade {
    /// They are being made.
    Yet,
    /// They cannot be made.
    Failed(String),
}

/// Makes registers.
#[derive(Clone)]
pub(super) struct Clerk(Arc<Office>);

struct Office {
    index: PathBuf,
    lex: Arc<Lexicon>,
    corrections: Corrections,
    desk: Mutex<Desk>,
    /// Told when something was made.
    done: Condvar,
}

#[derive(Default)]
struct Desk {
    made: Option<Arc<Made>>,
    /// The sequence that making was last tried of, and what went wrong.
    failed: Option<(u64, String)>,
    working: bool,
    /// When it may be begun again: every commit of a long run would otherwise keep one core at work.
    rest_until: Option<Instant>,
}

impl Clerk {
    pub(super) fn new(index: PathBuf, lex: Arc<Lexicon>, corrections: Corrections) -> Clerk {
        Clerk(Arc::new(Office { index, lex, corrections, desk: Mutex::default(), done: Condvar::new() }))
    }

    /// The registers as of a sequence, waited for a little; else those that are there.
    pub(super) fn registers(&self, sequence: u64, patience: Duration) -> Result<Arc<Made>, NotMade> {
        let until = Instant::now() + patience;
        let mut desk = self.0.desk();
        loop {
            if let Some(made) = desk.made.as_ref().filter(|m| m.sequence == sequence) {
                return Ok(Arc::clone(made));
            }
            if let Some((_, why)) = desk.failed.as_ref().filter(|(s, _)| *s == sequence) {
                return Err(NotMade::Failed(why.clone()));
            }
            let now = Instant::now();
            let rests = desk.made.is_some() && desk.rest_until.is_some_and(|until| now < until);
            if rests {
                return desk.made.clone().ok_or(NotMade::Yet);
            }
            if !desk.working {
                desk.working = true;
                let office = Arc::clone(&self.0);
                std::thread::spawn(move || office.make(sequence));
            }
            let left = until.saturating_duration_since(now);
            if left.is_zero() {
                return desk.made.clone().ok_or(NotMade::Yet);
            }
            desk = self.0.done.wait_timeout(desk, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Office {
    fn desk(&self) -> MutexGuard<'_, Desk> {
        // What is locked is whole at any time.
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn make(&self, sequence: u64) {
        let read = || {
            let catalog = catalog::Reader::open_as_of(&self.index, sequence)?;
            let registers = Registers::read(&catalog, Wanted::ALL, &self.lex, &self.corrections)?;
            let names = Names::of(&registers);
            Ok::<_, catalog::CatalogError>((registers, names))
        };
        let began = Instant::now();
        // A fault of ours is told like any other, or the next would wait for ever.
        let made = std::panic::catch_unwind(std::panic::AssertUnwindSafe(read));
        let mut desk = self.desk();
        match made {
            Ok(Ok((registers, names))) => desk.made = Some(Arc::new(Made { registers, names, sequence })),
            Ok(Err(e)) => desk.failed = Some((sequence, e.to_string())),
            Err(_) => desk.failed = Some((sequence, "making the registers failed".into())),
        }
        desk.working = false;
        desk.rest_until = Instant::now().checked_add((began.elapsed() * PAUSE).min(LONGEST_PAUSE));
        drop(desk);
        self.done.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_made_is_told_and_tried_again_for_the_next_state() {
        let nowhere = std::env::temp_dir().join("diarium-no-such-index");
        let clerk = Clerk::new(nowhere, Arc::new(Lexicon::built_in()), Corrections::default());
        let made = |sequence| clerk.registers(sequence, Duration::from_secs(60)).map(|m| m.sequence);
        let Err(NotMade::Failed(why)) = made(1) else { panic!("made from nothing") };
        assert!(!why.is_empty());
        assert_eq!(made(1), Err(NotMade::Failed(why)));
        assert!(matches!(made(2), Err(NotMade::Failed(_))));
    }
}
