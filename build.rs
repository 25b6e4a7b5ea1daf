//! Tells the linker how to lay out the program.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=DIARIUM_DYNAMIC");
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
        // The C library in the program itself: finding, mapping and joining three libraries takes longer than reading a page does.
        if env::var_os("DIARIUM_DYNAMIC").is_none()
            && env::var("HOST").ok() == env::var("TARGET").ok()
            && let Some(dir) = static_libraries()
        {
            println!("cargo::rustc-link-arg-bin=diarium=-static");
            println!("cargo::rustc-link-arg-bin=diarium=-L{}", dir.display());
        }
        if is("PROFILE", &["release"]) && env::var("HOST").ok() == env::var("TARGET").ok() {
            order_functions();
        }
    }
}

/// Puts the functions that short commands run side by side: as the compiler leaves them, a command that needs a twentieth of the
/// program has it read in from all over, 64 kB for each page fault, which takes as long as reading a report does (BENCHMARKS.md).
/// `benches/order.py` writes their names; those that are no longer known are passed over. Linkers that have no such option, which
/// a program of no lines tells, leave them as they are.
fn order_functions() {
    println!("cargo::rerun-if-changed=link-order.txt");
    let (Some(root), Some(out)) = (env::var_os("CARGO_MANIFEST_DIR"), env::var_os("OUT_DIR")) else {
        return;
    };
    // Where the build keeps what is its own: what it is told here holds for other checkouts with the same build folder too.
    let list = Path::new(&out).join("link-order.txt");
    let probe = Path::new(&out).join("probe.rs");
    let copied = std::fs::copy(Path::new(&root).join("link-order.txt"), &list);
    if copied.is_err() || std::fs::write(&probe, "fn main() {}\n").is_err() {
        return;
    }
    let options =
        [format!("-Wl,--symbol-ordering-file={}", list.display()), "-Wl,--no-warn-symbol-ordering".to_string()];
    let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or("rustc".into()));
    rustc.arg(&probe).arg("-o").arg(Path::new(&out).join("probe"));
    rustc.args(options.iter().map(|option| format!("-Clink-arg={option}")));
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    rustc.args(flags.split('\u{1f}').filter(|flag| !flag.is_empty()));
    if let Some(linker) = env::var_os("RUSTC_LINKER") {
        rustc.arg("-C").arg(format!("linker={}", linker.to_string_lossy()));
    }
    if rustc.output().is_ok_and(|run| run.status.success()) {
        for option in options {
            println!("cargo::rustc-link-arg-bin=diarium={option}");
        }
    }
}

/// A folder in which the linker finds the libraries that Rust asks for, as archives; none if the system has them only as
/// shared libraries.
fn static_libraries() -> Option<PathBuf> {
    let archive = |name: &str| {
        let out = Command::new("cc").arg(format!("-print-file-name=lib{name}.a")).output().ok()?;
        let path = PathBuf::from(String::from_utf8(out.stdout).ok()?.trim());
        // What is not found is given back as it was asked for.
        path.is_absolute().then_some(path).filter(|p| p.is_file())
    };
    let dir = Path::new(&env::var_os("OUT_DIR")?).join("static");
    std::fs::create_dir_all(&dir).ok()?;
    let (unwinder, compiler) = (archive("gcc_eh")?, archive("gcc")?);
    let rest = [&unwinder, &compiler];
    for name in ["c", "m", "dl", "rt", "pthread", "util", "gcc_s"] {
        let of_name = if name == "gcc_s" { None } else { Some(archive(name)?) };
        // Of libm.a there is only a script of the same kind in some systems, which the linker follows.
        let files: Vec<String> =
            of_name.iter().chain(rest.iter().copied()).map(|path| path.display().to_string()).collect();
        // Named as the shared library, which the linker looks for first: a script that names the archives instead.
        std::fs::write(dir.join(format!("lib{name}.so")), format!("GROUP ( {} )\n", files.join(" "))).ok()?;
    }
    Some(dir)
}
