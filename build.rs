//! Tells the linker how to lay out the program.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // A program that may be loaded anywhere has 58,000 addresses to be set right before it starts, on 280 pages that must be copied for
    // it: a third of the time a short command takes (BENCHMARKS.md). Loaded at a fixed place it has none. Where the linker has no
    // such option, or the system refuses such programs (macOS), it stays as it is.
    let is = |name: &str, values: &[&str]| env::var(name).is_ok_and(|v| values.contains(&v.as_str()));
    if is("CARGO_CFG_TARGET_OS", &["linux"])
        && is("CARGO_CFG_TARGET_ENV", &["gnu"])
        && is("CARGO_CFG_TARGET_ARCH", &["x86_64", "aarch64"])
        && !env::var("CARGO_CFG_TARGET_FEATURE").is_ok_and(|features| features.contains("crt-static"))
    {
        println!("cargo::rustc-link-arg-bin=diarium=-no-pie");
    }
}
