//! Keeps a fault in one file from ending the run: a panic becomes its message, and the stack is deep enough for nested input.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;
use std::thread;

/// Stack of the threads that read files, in bytes. Only what is used of it costs memory.
pub const STACK: usize = 256 << 20;

thread_local! {
    /// While a guarded piece of work runs here: where and why it panicked.
    static CAUGHT: RefCell<Option<Option<String>>> = const { RefCell::new(None) };
}

/// Does a piece of work; if it panics, gives the panic's message and place instead of printing them.
///
/// # Errors
/// The panic's message and place.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let ours = CAUGHT.with_borrow_mut(|caught| match caught {
                Some(caught) => {
                    let place = info.location().map(|l| format!(" at {}:{}", l.file(), l.line())).unwrap_or_default();
                    *caught = Some(format!("{}{place}", message(info.payload())));
                    true
                }
                None => false,
            });
            if !ours {
                usual(info);
            }
        }));
    });
    CAUGHT.set(Some(None));
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    let caught = CAUGHT.take().flatten();
    result.map_err(|payload| caught.unwrap_or_else(|| message(payload.as_ref()).to_string()))
}

/// As [`guarded`], on a thread of its own with a deep stack.
///
/// # Errors
/// The panic's message and place; or why no thread could be started.
pub fn on_deep_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    thread::scope(|scope| {
        let thread = thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, || guarded(work))
            .map_err(|e| format!("no thread could be started: {e}"))?;
        thread.join().unwrap_or_else(|payload| Err(message(payload.as_ref()).to_string()))
    })
}

fn message(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_its_message_and_place() {
        let detail = guarded::<()>(|| panic!("page {}", 3)).unwrap_err();
        assert!(detail.starts_with("page 3 at ") && detail.contains("guard.rs:"), "{detail}");
        assert_eq!(guarded(|| 4), Ok(4));
    }

    #[test]
    fn deep_nesting_fits_the_stack() {
        fn deep(n: u64) -> u64 {
            let pad = std::hint::black_box([n; 64]);
            if n == 0 { 0 } else { deep(n - 1) + u64::from(pad[5] > 0) }
        }
        assert_eq!(on_deep_stack(|| deep(100_000)), Ok(100_000));
    }
}
