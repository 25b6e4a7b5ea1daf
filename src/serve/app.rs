//! Defines `App`: what all requests share. A state of index, catalog and registers, replaced when something was committed.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use super::Options;
use super::picture::Pictures;
use crate::catalog::{self, CatalogError};
use crate::corrections::Corrections;
use crate::index::local::{FOLDER, LocalIndex, Reader};
use crate::index::{Engine as _, IndexError};
use crate::lexicon::Lexicon;
use crate::registry::{Registers, Wanted};

/// How long a state is answered from before it is looked whether there is a newer one.
const FRESH: Duration = Duration::from_secs(2);
/// Most requests worked on at a time; others are asked to come back.
const AT_ONCE: usize = 32;

/// What all requests share.
pub(super) struct App {
    pub(super) options: Options,
    pub(super) lex: Lexicon,
    pub(super) pictures: Pictures,
    /// One permit for each request worked on.
    pub(super) permits: Arc<Semaphore>,
    corrections: Corrections,
    now: Mutex<Now>,
}

struct Now {
    state: Arc<State>,
    looked: Instant,
}

/// Index, catalog and registers as of one sequence.
pub(super) struct State {
    /// The index.
    pub(super) engine: Reader,
    /// The sequence that all is as of.
    pub(super) sequence: u64,
    catalogs: Mutex<Vec<catalog::Reader>>,
    registers: OnceLock<Result<Registers, String>>,
}

/// Why there is no state to answer from.
#[derive(Debug, thiserror::Error)]
pub(super) enum OpenError {
    #[error(transparent)]
    Index(#[from] IndexError),
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is locked is whole at any time: a panic of another request leaves nothing half done.
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl State {
    fn open(options: &Options) -> Result<State, OpenError> {
        let index = match LocalIndex::open(&options.index.join(FOLDER)) {
            // The catalog's message is the better one where there is neither.
            Err(e @ IndexError::Missing { .. }) => {
                catalog::Reader::open(&options.index)?;
                return Err(e.into());
            }
            other => other?,
        };
        let engine = index.reader()?;
        let sequence = engine.sequence();
        let catalogs = Mutex::new(vec![catalog::Reader::open_as_of(&options.index, sequence)?]);
        Ok(State { engine, sequence, catalogs, registers: OnceLock::new() })
    }
}

impl App {
    /// Opens index and catalog.
    pub(super) fn open(options: Options, lex: Lexicon, corrections: Corrections) -> anyhow::Result<Arc<App>> {
        let now = Mutex::new(Now { state: Arc::new(State::open(&options)?), looked: Instant::now() });
        let permits = Arc::new(Semaphore::new(AT_ONCE));
        Ok(Arc::new(App { options, lex, pictures: Pictures::default(), permits, corrections, now }))
    }

    /// The newest state.
    pub(super) fn state(&self) -> Arc<State> {
        let mut now = locked(&self.now);
        if now.looked.elapsed() > FRESH {
            now.looked = Instant::now();
            // While the index is being made anew there may be none; what is at hand goes on being answered from.
            if let Ok(newer) = State::open(&self.options)
                && newer.sequence != now.state.sequence
            {
                now.state = Arc::new(newer);
            }
        }
        Arc::clone(&now.state)
    }

    /// Lends a catalog of this state.
    pub(super) fn with_catalog<T, E: From<CatalogError>>(
        &self,
        state: &State,
        f: impl FnOnce(&catalog::Reader) -> Result<T, E>,
    ) -> Result<T, E> {
        let lent = locked(&state.catalogs).pop();
        let catalog = match lent {
            Some(catalog) => catalog,
            None => catalog::Reader::open_as_of(&self.options.index, state.sequence)?,
        };
        let done = f(&catalog);
        locked(&state.catalogs).push(catalog);
        done
    }

    /// The registers of this state, made when first asked for.
    pub(super) fn registers<'s>(&self, state: &'s State) -> Result<&'s Registers, String> {
        let make = || {
            self.with_catalog(state, |catalog| Registers::read(catalog, Wanted::ALL, &self.lex, &self.corrections))
                .map_err(|e| e.to_string())
        };
        state.registers.get_or_init(make).as_ref().map_err(Clone::clone)
    }
}
