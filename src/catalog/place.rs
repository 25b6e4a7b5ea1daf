//! Writes paths as text and back: `/` between the parts whatever the system, and nothing lost of names that are no UTF-8.

use std::path::{MAIN_SEPARATOR, Path, PathBuf};

/// A path as it stands in the catalog. Bytes that are no UTF-8, and backslashes that are part of a name, are written `\xNN`.
pub fn place_name(path: &Path) -> String {
    let mut out = String::with_capacity(path.as_os_str().len());
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                MAIN_SEPARATOR => out.push('/'),
                '\\' => out.push_str("\\x5c"),
                _ => out.push(c),
            }
        }
        chunk.invalid().iter().for_each(|b| out.push_str(&format!("\\x{b:02x}")));
    }
    out
}

/// The path that [`place_name`] wrote.
pub fn place_path(name: &str) -> PathBuf {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some(at) = rest.find("\\x") {
        let (before, escape) = rest.split_at(at);
        bytes.extend_from_slice(before.as_bytes());
        match escape.get(2..4).and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = escape.get(4..).unwrap_or_default();
            }
            None => {
                bytes.extend_from_slice(b"\\x");
                rest = escape.get(2..).unwrap_or_default();
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    from_bytes(bytes)
}

#[cfg(unix)]
fn from_bytes(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt as _;
    std::ffi::OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn from_bytes(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).replace('/', std::path::MAIN_SEPARATOR_STR).into()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::ffi::OsStrExt as _;

    #[test]
    fn odd_names_come_back_the_same() {
        for name in
            [&b"/a/b.txt"[..], "/Järva/ö.pdf".as_bytes(), b"/a/\xe5\xe4.txt", b"/a\\b", b"/a\\x41", b"/a\\x", b""]
        {
            let path = Path::new(std::ffi::OsStr::from_bytes(name));
            assert_eq!(place_path(&place_name(path)), path);
        }
        assert_eq!(place_name(Path::new(std::ffi::OsStr::from_bytes(b"a/\xe5.txt"))), "a/\\xe5.txt");
    }
}
