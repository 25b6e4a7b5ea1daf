//! Queries: any text is one, and its words can be analysed.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &str| {
    drop(diarium::query::parse(data));
});
