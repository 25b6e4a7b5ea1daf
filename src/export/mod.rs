//! Defines the public shapes: what leaves the program as bytes.

pub mod wire;
