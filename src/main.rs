//! The `diarium` program.

fn main() {}
