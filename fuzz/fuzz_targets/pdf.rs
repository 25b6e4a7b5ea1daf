//! Whole PDF files: any bytes become a document whose places hold, or a problem.
#![no_main]

mod shared;

libfuzzer_sys::fuzz_target!(|data: &[u8]| shared::read(data, "a.pdf"));
