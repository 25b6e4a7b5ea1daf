//! Files whose objects are kept, packed or locked in different ways.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Arc;

use lopdf::encryption::crypt_filters::{Aes128CryptFilter, Aes256CryptFilter, CryptFilter};
use lopdf::{EncryptionState, EncryptionVersion, Permissions};

use super::{file, one_page, page, read, stream, texts};

const SHOWS: &str = "BT /F1 10 Tf 10 10 Td (kvar) Tj ET";
const CATALOG: &str = "<</Type/Catalog/Pages 2 0 R>>";
const PAGES: &str = "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 800]/Resources<</Font<</F1 <</Type/Font/Subtype/Type1\
                     /BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>>>>>";
const PAGE: &str = "<</Type/Page/Parent 2 0 R/Contents 4 0 R>>";

/// True if the file is read by its table, so that nothing had to be searched for.
fn is_sound(bytes: &[u8]) -> bool {
    let budget = super::super::budget::Budget::new(crate::ingest::Limits::default());
    super::super::table::open(bytes, budget).is_some()
}

/// A file of one page whose contents are this object.
fn with_contents(contents: &str, more: &[&str]) -> Vec<u8> {
    let objects = [CATALOG, PAGES, PAGE, contents].into_iter().chain(more.iter().copied());
    file(&objects.map(str::to_string).collect::<Vec<_>>())
}

/// Adds an object to a file; gives its place.
fn add(out: &mut Vec<u8>, number: usize, object: &str) -> usize {
    let place = out.len();
    out.extend(format!("{number} 0 obj\n{object}\nendobj\n").bytes());
    place
}

fn row(place: usize) -> String {
    format!("{place:010} 00000 n \n")
}

#[test]
fn a_table_a_little_off_its_place_is_found() {
    let bytes = with_contents(&stream("", SHOWS), &[]);
    let text = String::from_utf8(bytes).unwrap();
    let place: usize = text.split("startxref\n").nth(1).unwrap().split('\n').next().unwrap().parse().unwrap();
    let said = |at: usize| text.replace(&format!("startxref\n{place}"), &format!("startxref\n{at}")).into_bytes();
    for (at, sound) in [(place, true), (place + 2, true), (place - 1, true), (place + 300, false)] {
        assert_eq!(is_sound(&said(at)), sound, "{at} for {place}");
        assert_eq!(texts(&page(&said(at))), ["kvar"]);
    }
}

#[test]
fn linearised_files_have_two_tables() {
    // The first page's objects and their table come first, the others and the main table after them.
    let mut out = b"%PDF-1.4\n".to_vec();
    let marker = add(&mut out, 5, "<</Linearized 1/L 1000/H[10 10]/O 3/E 500/N 1/T 600>>");
    let first = out.len();
    let table = |places: [usize; 3], main: usize| {
        let rows: String = places.iter().map(|p| row(*p)).collect();
        format!("xref\n3 3\n{rows}trailer\n<</Size 6/Root 1 0 R/Prev {main:010}>>\nstartxref\n0\n%%EOF\n")
    };
    out.extend(table([0; 3], 0).bytes());
    let places = [add(&mut out, 3, PAGE), add(&mut out, 4, &stream("", SHOWS)), marker];
    let others = [add(&mut out, 1, CATALOG), add(&mut out, 2, PAGES)];
    let main = out.len();
    out.extend(
        format!("xref\n0 3\n0000000000 65535 f \n{}{}trailer\n<</Size 3>>\n", row(others[0]), row(others[1])).bytes(),
    );
    out.extend(format!("startxref\n{first}\n%%EOF\n").bytes());
    let right = table(places, main);
    out.splice(first..first + right.len(), right.bytes());
    assert!(is_sound(&out));
    assert_eq!(texts(&page(&out)), ["kvar"]);
}

/// An object stream with one object, whose number is given.
fn pack(number: usize, object: &str) -> String {
    let head = format!("{number} 0 ");
    stream(&format!("/Type/ObjStm/N 1/First {}", head.len()), &format!("{head}{object}"))
}

#[test]
fn hybrid_files_hide_objects_from_old_readers() {
    let mut out = b"%PDF-1.5\n".to_vec();
    let mut places = vec![add(&mut out, 1, CATALOG), add(&mut out, 2, PAGES)];
    places.push(add(&mut out, 4, &stream("", SHOWS)));
    places.push(add(&mut out, 5, &pack(3, PAGE)));
    let hidden = add(&mut out, 6, &stream("/Type/XRef/Size 7/W[1 1 1]/Index[3 1]/Filter/ASCIIHexDecode", "020500"));
    let table = out.len();
    out.extend(b"xref\n0 7\n0000000003 65535 f \n".iter());
    out.extend(format!("{}{}0000000000 00000 f \n", row(places[0]), row(places[1])).bytes());
    out.extend(format!("{}{}{}", row(places[2]), row(places[3]), row(hidden)).bytes());
    out.extend(format!("trailer <</Size 7/Root 1 0 R/XRefStm {hidden}>>\nstartxref\n{table}\n%%EOF\n").bytes());
    assert!(is_sound(&out));
    assert_eq!(texts(&page(&out)), ["kvar"]);
}

#[test]
fn objects_in_streams_are_read_with_and_without_their_table() {
    let mut out = b"%PDF-1.5\n".to_vec();
    let places =
        [add(&mut out, 4, &stream("", SHOWS)), add(&mut out, 5, &pack(3, PAGE)), add(&mut out, 7, &pack(2, PAGES))];
    let catalog = add(&mut out, 1, CATALOG);
    let table = out.len();
    let line = |kind: usize, place: usize, last: usize| format!("{kind:02x}{place:04x}{last:02x}");
    let rows = [
        line(0, 0, 255),
        line(1, catalog, 0),
        line(2, 7, 0),
        line(2, 5, 0),
        line(1, places[0], 0),
        line(1, places[1], 0),
        line(1, table, 0),
        line(1, places[2], 0),
    ]
    .concat();
    add(&mut out, 6, &stream("/Type/XRef/Size 8/W[1 2 1]/Root 1 0 R/Filter/ASCIIHexDecode", &rows));
    let whole = [&out[..], format!("startxref\n{table}\n%%EOF\n").as_bytes()].concat();
    assert!(is_sound(&whole));
    assert_eq!(texts(&page(&whole)), ["kvar"]);
    let lost = [&out[..], b"startxref\n3\n%%EOF\n"].concat();
    assert!(!is_sound(&lost));
    assert_eq!(texts(&page(&lost)), ["kvar"]);
}

#[test]
fn wrong_lengths_of_streams_do_not_matter() {
    for length in ["/Length 3", "/Length 3000", "/Length -1", "", "/Length 9 0 R", "/Length/None", "/Length 4 0 R"] {
        let bytes = with_contents(&format!("<<{length}>>\nstream\n{SHOWS}\nendstream"), &[]);
        assert_eq!(texts(&page(&bytes)), ["kvar"], "{length}");
    }
    let indirect = with_contents(&format!("<</Length 5 0 R>>\nstream\n{SHOWS}\nendstream"), &["34"]);
    assert_eq!(SHOWS.len(), 34);
    assert!(is_sound(&indirect));
    assert_eq!(texts(&page(&indirect)), ["kvar"]);
}

fn hex(data: &str) -> String {
    data.bytes().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn filters_may_be_indirect_abbreviated_and_several() {
    let shows = |filters: &str, data: &str, more: &[&str]| {
        let bytes = with_contents(&stream(filters, data), more);
        assert_eq!(texts(&page(&bytes)), ["kvar"], "{filters}");
    };
    let once = hex(SHOWS);
    let twice = hex(&once);
    shows("/Filter 5 0 R", &once, &["/ASCIIHexDecode"]);
    shows("/Filter 5 0 R", &twice, &["[/ASCIIHexDecode 6 0 R]", "/ASCIIHexDecode"]);
    shows("/Filter[5 0 R/AHx]", &twice, &["/AHx"]);
    shows("/Filter/AHx", &once, &[]);
    shows("/Filter[/Crypt/ASCIIHexDecode]/DecodeParms[<</Name/Identity>>null]", &once, &[]);
    shows("/Filter/Crypt", SHOWS, &[]);
    let run = format!("{:02x}{}80", SHOWS.len() - 1, hex(SHOWS));
    shows("/Filter[/AHx/RL]", &run, &[]);
    let mut pack = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    pack.write_all(SHOWS.as_bytes()).expect("in memory");
    let packed: String = pack.finish().expect("in memory").iter().map(|b| format!("{b:02x}")).collect();
    shows("/Filter[/AHx/Fl]", &packed, &[]);
    shows("/Filter[/AHx/FlateDecode]/DecodeParms 5 0 R", &packed, &["[null 6 0 R]", "<</Predictor 1>>"]);
}

#[test]
fn inline_images_end_where_they_end() {
    let image = |image: &str| {
        let content = format!("q 9 0 0 9 5 5 cm {image} Q BT /F1 9 Tf (kvar) Tj ET");
        let page = page(&one_page("", &content, &[]));
        assert_eq!((texts(&page), page.images.len()), (vec!["kvar"], 1), "{image}");
    };
    image("BI /W 8 /H 1 /BPC 8 /CS /G /F /AHx ID 4549204549204549> EI");
    image("BI /Width 2 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray /Filter [/A85] ID 5sb~> EI");
    image("BI /W 4 /H 2 /BPC 8 /CS /G ID (EI)\x01 EI\x02\nEI");
    image("BI /W 6 /H 1 /BPC 8 /CS /G ID Tj\u{2} EI\nEI");
}

/// A file locked by lopdf with an empty password.
fn locked(version: impl FnOnce(&lopdf::Document) -> EncryptionState) -> Vec<u8> {
    let open = file(&[
        CATALOG.into(),
        PAGES.into(),
        PAGE.into(),
        stream("", "BT /F1 10 Tf 10 10 Td (l\\345st) Tj ET"),
        "<</Title(Protokollet)>>".into(),
    ]);
    let mut doc = lopdf::Document::load_mem(&open).expect("a file");
    let id = lopdf::Object::string_literal("0123456789abcdef");
    doc.trailer.set("ID", lopdf::Object::Array(vec![id.clone(), id]));
    doc.trailer.set("Info", lopdf::Object::Reference((5, 0)));
    let state = version(&doc);
    doc.encrypt(&state).expect("a method");
    let mut out = Vec::new();
    doc.save_to(&mut out).expect("in memory");
    out
}

fn state(version: EncryptionVersion<'_>) -> EncryptionState {
    EncryptionState::try_from(version).expect("a method")
}

#[test]
#[expect(deprecated, reason = "files of the old extension to AES-256 exist")]
fn an_empty_password_opens_what_is_locked() {
    let permissions = Permissions::all();
    let owner = "ägare";
    let rc4 = |key_length| {
        locked(|document| {
            state(EncryptionVersion::V2 { document, owner_password: owner, user_password: "", key_length, permissions })
        })
    };
    let filters = |filter: Arc<dyn CryptFilter>| BTreeMap::from([(b"StdCF".to_vec(), filter)]);
    let aes128 = locked(|document| {
        state(EncryptionVersion::V4 {
            document,
            encrypt_metadata: true,
            crypt_filters: filters(Arc::new(Aes128CryptFilter)),
            stream_filter: b"StdCF".to_vec(),
            string_filter: b"StdCF".to_vec(),
            owner_password: owner,
            user_password: "",
            permissions,
        })
    });
    let key = [7u8; 32];
    let aes256 = |sixth: bool| {
        locked(|_| {
            let crypt_filters = filters(Arc::new(Aes256CryptFilter));
            let (stream_filter, string_filter) = (b"StdCF".to_vec(), b"StdCF".to_vec());
            let (encrypt_metadata, file_encryption_key) = (true, &key[..]);
            let (owner_password, user_password) = (owner, "");
            state(if sixth {
                EncryptionVersion::V5 {
                    encrypt_metadata,
                    crypt_filters,
                    file_encryption_key,
                    stream_filter,
                    string_filter,
                    owner_password,
                    user_password,
                    permissions,
                }
            } else {
                EncryptionVersion::R5 {
                    encrypt_metadata,
                    crypt_filters,
                    file_encryption_key,
                    stream_filter,
                    string_filter,
                    owner_password,
                    user_password,
                    permissions,
                }
            })
        })
    };
    let forty = locked(|document| {
        state(EncryptionVersion::V1 { document, owner_password: owner, user_password: "", permissions })
    });
    let files =
        [("RC4, 40", forty), ("RC4, 128", rc4(128)), ("AES-128", aes128), ("5", aes256(false)), ("6", aes256(true))];
    for (name, bytes) in files {
        assert!(!bytes.windows(11).any(|w| w == b"Protokollet"), "{name} is locked");
        let document = read(&bytes);
        assert_eq!(texts(&document.pages[0]), ["låst"], "{name}");
        assert_eq!(document.info.title.as_deref(), Some("Protokollet"), "{name}");
    }
}

#[test]
fn another_password_than_the_empty_one_is_asked_for() {
    let bytes = locked(|document| {
        let permissions = Permissions::all();
        let (owner_password, user_password) = ("a", "b");
        state(EncryptionVersion::V2 { document, owner_password, user_password, key_length: 128, permissions })
    });
    let problem = super::load(&bytes, &crate::ingest::Options::default()).expect_err("a password");
    assert_eq!(problem.code(), "encrypted");
}

#[test]
fn a_stream_that_asks_for_no_lock_has_none() {
    for filter in ["/Filter/Crypt", "/Filter[/Crypt]/DecodeParms[<</Name/Identity>>]", "/Filter[/Crypt]"] {
        let open = with_contents(&stream(filter, SHOWS), &[]);
        let mut doc = lopdf::Document::load_mem(&open).expect("a file");
        let id = lopdf::Object::string_literal("0123456789abcdef");
        doc.trailer.set("ID", lopdf::Object::Array(vec![id.clone(), id]));
        let state = state(EncryptionVersion::V4 {
            document: &doc,
            encrypt_metadata: true,
            crypt_filters: BTreeMap::from([(b"StdCF".to_vec(), Arc::new(Aes128CryptFilter) as Arc<dyn CryptFilter>)]),
            stream_filter: b"StdCF".to_vec(),
            string_filter: b"StdCF".to_vec(),
            owner_password: "a",
            user_password: "",
            permissions: Permissions::all(),
        });
        // The contents stay as they are, the rest is locked.
        let contents = doc.objects.remove(&(4, 0)).expect("contents");
        doc.encrypt(&state).expect("a method");
        doc.objects.insert((4, 0), contents);
        let mut out = Vec::new();
        doc.save_to(&mut out).expect("in memory");
        assert_eq!(texts(&page(&out)), ["kvar"], "{filter}");
    }
}

#[test]
fn what_is_locked_but_for_its_pages_is_read_by_its_table() {
    let lock = "<</Filter/Standard/V 5/R 6/CF<</StdCF<</AuthEvent/EFOpen/CFM/AESV3>>>>/StmF/Identity/StrF/Identity/EFF/StdCF>>";
    let open = with_contents(&stream("", SHOWS), &[lock]);
    let locked = String::from_utf8(open).expect("text").replace("/Root", "/Encrypt 5 0 R/Root");
    assert!(is_sound(locked.as_bytes()));
    assert_eq!(texts(&page(locked.as_bytes())), ["kvar"]);
}
