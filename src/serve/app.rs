//! Defines `App`: what all requests share. A state of index and catalog, replaced when something was committed.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use super::Options;
use super::clerk::{Clerk, Made, NotMade};
use super::picture::Pictures;
use super::rates::Rates;
use crate::catalog::{self, CatalogError};
use crate::corrections::Corrections;
use crate::index::local::{FOLDER, LocalIndex, Reader};
use crate::index::{Engine as _, IndexError};
use crate::lexicon::Lexicon;

/// How long a state is answered from before it is looked whether there is a newer one.
const FRESH: Duration = Duration::from_secs(2);
/// Most requests worked on at a time; others are asked to come back.
pub(super) const AT_ONCE: usize = 32;
/// Most dumps at a time.
pub(super) const DUMPS: usize = 4;
/// How long the page of a register waits for it to be made.
const WAIT: Duration = Duration::from_secs(3);

/// How long requests are worked on before they are given up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    /// Any request.
    pub(super) request: Duration,
    /// That of a verification pack, whose pages are drawn.
    pub(super) pack: Duration,
}

impl Default for Times {
    fn default() -> Self {
        Times { request: Duration::from_secs(15), pack: Duration::from_secs(90) }
    }
}

/// What all requests share.
pub(super) struct App {
    pub(super) options: Options,
    pub(super) times: Times,
    pub(super) lex: Arc<Lexicon>,
    pub(super) pictures: Pictures,
    /// One permit for each request worked on.
    pub(super) permits: Arc<Semaphore>,
    /// One permit for each dump that is being read.
    pub(super) dumps: Arc<Semaphore>,
    /// One verification pack is made at a time.
    pub(super) packing: Mutex<()>,
    /// What each client may still ask, if others than this machine can.
    pub(super) rates: Option<Rates>,
    /// When this server started, in seconds since 1970: what it said before may have been said under other options.
    pub(super) started: u64,
    clerk: Clerk,
    now: Mutex<Now>,
}

struct Now {
    state: Arc<State>,
    looked: Instant,
}

/// Index and catalog as of one sequence.
pub(super) struct State {
    /// The index.
    pub(super) engine: Reader,
    /// The sequence that all is as of.
    pub(super) sequence: u64,
    catalogs: Mutex<Vec<catalog::Reader>>,
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
        Ok(State { engine, sequence, catalogs })
    }
}

impl App {
    /// Opens index and catalog.
    pub(super) fn open(
        options: Options,
        times: Times,
        lex: Lexicon,
        corrections: Corrections,
    ) -> anyhow::Result<Arc<App>> {
        let state = State::open(&options)?;
        let lex = Arc::new(lex);
        let clerk = Clerk::new(options.index.clone(), Arc::clone(&lex), corrections);
        // Begun before anybody asks; who asks first waits the less.
        let _ = clerk.registers(state.sequence, Duration::ZERO);
        let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Ok(Arc::new(App {
            rates: (!options.bind.ip().is_loopback()).then(Rates::default),
            options,
            times,
            lex,
            pictures: Pictures::default(),
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            dumps: Arc::new(Semaphore::new(DUMPS)),
            packing: Mutex::default(),
            started: since_1970.map_or(0, |d| d.as_secs()),
            clerk,
            now: Mutex::new(Now { state: Arc::new(state), looked: Instant::now() }),
        }))
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

    /// Keeps every request waiting until what is given back is dropped.
    #[cfg(test)]
    pub(super) fn stand_still(&self) -> impl Drop + '_ {
        locked(&self.now)
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

    /// The registers of this state, waited for a little; else those of an earlier one.
    pub(super) fn registers(&self, state: &State) -> Result<Arc<Made>, NotMade> {
        self.clerk.registers(state.sequence, WAIT)
    }

    /// The registers if they are there.
    pub(super) fn registers_at_hand(&self, state: &State) -> Option<Arc<Made>> {
        self.clerk.registers(state.sequence, Duration::ZERO).ok()
    }
}
