//! `unroll FROM TO`: the labelled text files of a folder as copies on the web often hold them, each page on one line.

#![allow(clippy::print_stderr)] // A program for the terminal.

use std::path::Path;

#[path = "../../tests/unroll.rs"]
mod unroll;

fn main() {
    let mut args = std::env::args().skip(1);
    let (Some(from), Some(to)) = (args.next(), args.next()) else {
        eprintln!("usage: unroll FROM TO");
        std::process::exit(2);
    };
    unroll::folder(Path::new(&from), Path::new(&to));
}
