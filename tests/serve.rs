//! The reading room as a client of the network sees it: pages, API, what is refused.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use crate::util::Bench;

/// The name of a file that would lead out of its folder.
const UPWARDS: &str = "..\\..\\evil\"; x=\"y.txt";

/// A server over a few documents, stopped when the test ends.
struct Room {
    child: Child,
    address: String,
    bench: Bench,
}

struct Reply {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Reply {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }
}

impl Room {
    fn open(more: &[&str]) -> Room {
        Room::over(&["enskede-arsta-vantor", "jarva"], more)
    }

    /// A room over some folders of the corpus and a few hostile files.
    fn over(folders: &[&str], more: &[&str]) -> Room {
        let bench = Bench::new();
        let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
        for folder in folders {
            for entry in walkdir::WalkDir::new(corpus.join(folder)) {
                let entry = entry.expect("a file of the corpus");
                if entry.file_type().is_file() {
                    let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
                    bench.write(&name, std::fs::read(entry.path()).expect("a file of the corpus"));
                }
            }
        }
        let hostile = "Tjänsteutlåtande\nDnr 2024/77\n\n<script>alert(1)</script> om \"bidrag\" & stöd\n\n\
                       Förslag till beslut\n\nNämnden godkänner <b>förslaget</b>.\n";
        bench.write("<script>x.txt", hostile);
        bench.write(
            "javascript.pdf",
            pdf("Protokoll skript", "Stadsdelsforvaltningen foreslar att namnden godkanner rapporten."),
        );
        bench.write(
            "masked.pdf",
            pdf("Protokoll maskerat", "Arendet galler Anna Ek, personnummer 19121212-1212, som bor i staden."),
        );
        // A number that the tax agency gives out for tests.
        let named =
            "Tjänsteutlåtande\nDnr 2024/78\n\nStöd till en person\n\nPersonnummer 19121212-1212 finns i akten.\n";
        bench.write("masked.txt", named);
        bench.write("broken.pdf", "%PDF-1.4 nothing");
        // A name that is a path where `\\` parts folders, and the end of a header where quotes are not escaped.
        bench.write(UPWARDS, "Tjänsteutlåtande\nDnr 2024/79\n\nUppåt i trädet\n\nKlätterställning i parken.\n");
        bench.ingest(&[]);
        Room::serving(bench, more)
    }

    /// A room over what was taken in.
    fn serving(bench: Bench, more: &[&str]) -> Room {
        let mut command = bench.command(&["serve", "--bind", "127.0.0.1:0"]);
        let mut child = command.args(more).stderr(Stdio::piped()).spawn().expect("the program runs");
        let mut said = String::new();
        let mut err = BufReader::new(child.stderr.take().expect("its notes"));
        while !said.contains("http://") {
            said.clear();
            assert!(err.read_line(&mut said).expect("its notes") > 0, "the server ended");
        }
        let address = said.split("http://").nth(1).and_then(|s| s.split('/').next()).expect("an address").to_string();
        Room { child, address, bench }
    }

    fn send(&self, request: &str) -> Reply {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        stream.write_all(request.as_bytes()).expect("a request");
        let mut all = Vec::new();
        stream.read_to_end(&mut all).expect("a reply");
        let split = all.windows(4).position(|w| w == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8_lossy(&all[..split]).into_owned();
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).expect("a status");
        let mut body = all[split + 4..].to_vec();
        if head.to_lowercase().contains("transfer-encoding: chunked") {
            body = unchunked(&body);
        }
        Reply { status, head, body }
    }

    fn get(&self, path: &str) -> Reply {
        self.get_with(path, "")
    }

    fn get_with(&self, path: &str, headers: &str) -> Reply {
        let host = &self.address;
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n"))
    }

    /// Asks until registers that are being made are there.
    fn get_when_made(&self, path: &str) -> Reply {
        loop {
            let reply = self.get(path);
            if reply.status != 503 {
                return reply;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }

    /// The first hit of a search whose file has this ending.
    fn hit(&self, query: &str, ending: &str) -> String {
        let results = self.get(&format!("/api/v1/search?{query}")).json();
        let hits = results["hits"].as_array().expect("hits");
        let hit = hits.iter().find(|h| h["path"].as_str().is_some_and(|p| p.ends_with(ending)));
        hit.and_then(|h| h["id"].as_str()).unwrap_or_else(|| panic!("no hit: {results}")).to_string()
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn unchunked(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = body;
    while let Some(end) = rest.windows(2).position(|w| w == b"\r\n") {
        let size = usize::from_str_radix(&String::from_utf8_lossy(&rest[..end]), 16).unwrap_or(0);
        if size == 0 {
            break;
        }
        out.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 4 + size..];
    }
    out
}

/// A PDF of one page that asks to run a script when it is opened, with a title that is markup.
fn pdf(head: &str, line: &str) -> Vec<u8> {
    let content = format!("BT /F 14 Tf 60 760 Td ({head}) Tj 0 -30 Td ({line}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>".to_string(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".into(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>"
            .into(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".into(),
        "<< /Title (<script>alert\\(2\\)</script>) >>".into(),
    ];
    let (mut out, mut places) = (b"%PDF-1.7\n".to_vec(), Vec::new());
    for (i, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", i + 1).bytes());
    }
    let table = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    places.iter().for_each(|p| out.extend(format!("{p:010} 00000 n \n").bytes()));
    out.extend(
        format!("trailer << /Size {} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1)
            .bytes(),
    );
    out
}

/// The longest stretch of black pixels side by side in a PNG of eight bits, without a library of pictures.
fn longest_black(png: &[u8]) -> usize {
    let (mut at, mut packed, mut head) = (8, Vec::new(), Vec::new());
    while at + 8 <= png.len() {
        let length = u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes")) as usize;
        let data = &png[at + 8..at + 8 + length];
        match &png[at + 4..at + 8] {
            b"IHDR" => head = data.to_vec(),
            b"IDAT" => packed.extend_from_slice(data),
            _ => {}
        }
        at += 12 + length;
    }
    let width = u32::from_be_bytes(head[..4].try_into().expect("four bytes")) as usize;
    let channels = match (head[8], head[9]) {
        (8, 2) => 3,
        (8, 6) => 4,
        other => panic!("a PNG of another kind: {other:?}"),
    };
    let mut raw = Vec::new();
    flate2::read::ZlibDecoder::new(packed.as_slice()).read_to_end(&mut raw).expect("pixels");
    let (mut before, mut longest) = (vec![0_u8; width * channels], 0);
    for line in raw.chunks(1 + width * channels) {
        let mut row = line[1..].to_vec();
        for i in 0..row.len() {
            let left = if i >= channels { row[i - channels] } else { 0 };
            let (up, corner) = (before[i], if i >= channels { before[i - channels] } else { 0 });
            let (a, b, c) = (i32::from(left), i32::from(up), i32::from(corner));
            let guess = a + b - c;
            let nearest = [(guess - a).abs(), (guess - b).abs(), (guess - c).abs()];
            let paeth = if nearest[0] <= nearest[1] && nearest[0] <= nearest[2] {
                left
            } else if nearest[1] <= nearest[2] {
                up
            } else {
                corner
            };
            let add = [0, left, up, ((a + b) / 2) as u8, paeth][usize::from(line[0])];
            row[i] = row[i].wrapping_add(add);
        }
        let mut run = 0;
        for pixel in row.chunks(channels) {
            run = if pixel[..3].iter().all(|c| *c < 8) { run + 1 } else { 0 };
            longest = longest.max(run);
        }
        before = row;
    }
    longest
}

/// Links of a page that lead to this server, without what follows `#`.
fn links(page: &str) -> Vec<String> {
    let parts = page.split("href=\"").skip(1).filter_map(|p| p.split('"').next());
    let plain = parts.map(|l| l.replace("&#38;", "&").replace("&amp;", "&").replace("&#x26;", "&"));
    plain.filter(|l| l.starts_with('/')).map(|l| l.split('#').next().unwrap_or_default().to_string()).collect()
}

#[test]
fn every_page_and_every_link_of_it_is_answered() {
    let room = Room::open(&[]);
    let id = room.hit("q=partnerskap", "");
    let mut seen = std::collections::BTreeSet::new();
    let pages = [
        "/",
        "/en/",
        "/?q=partnerskap&in=decisions&sort=-date",
        "/agreements",
        "/organisations",
        "/cases",
        "/districts",
        "/people",
        "/overview",
        "/files",
        "/help",
        "/accessibility",
    ];
    for path in
        pages.map(str::to_string).into_iter().chain([format!("/document/{id}"), format!("/en/document/{id}?view=text")])
    {
        let reply = room.get(&path);
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        let text = reply.text();
        assert!(text.contains("<main id=\"content\">") && text.contains("</html>"), "{path}");
        for key in ["fault.", "facet.", "field.", "column.", "section.", "part.", "search."] {
            assert!(!text.contains(&format!(">{key}")), "{path}: a key without words: {key}");
        }
        // A few of each page's links, and every one of the search page.
        let all = links(&text);
        let step = if path == "/" { 1 } else { all.len() / 12 + 1 };
        seen.extend(all.into_iter().step_by(step));
    }
    assert!(seen.len() > 60, "{}", seen.len());
    for link in seen.iter().filter(|l| !l.ends_with("/original")) {
        let reply = room.get(link);
        assert_eq!(reply.status, 200, "{link}: {}", reply.text());
    }
}

#[test]
fn answers_are_those_of_the_contract_and_come_once() {
    let room = Room::open(&[]);
    let results = room.get("/api/v1/search?q=partnerskap&per_page=2").json();
    let keys: Vec<&str> = results.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(keys, ["query", "total", "took_ms", "hits", "facets", "suggestions", "read_as", "unsearched"]);
    assert_eq!(results["hits"].as_array().map(Vec::len), Some(2));
    assert_eq!(results["unsearched"]["failed_files"], 1);
    let id = results["hits"][0]["id"].as_str().expect("an id");
    let record = room.get(&format!("/api/v1/documents/{id}"));
    assert_eq!(record.json()["schema"], "diarium/record/1");
    assert_eq!(record.json()["id"], id);
    let tag = record.head.lines().find_map(|l| l.strip_prefix("etag: ")).expect("an ETag").to_string();
    let again = room.get_with(&format!("/api/v1/documents/{id}"), &format!("If-None-Match: {tag}\r\n"));
    assert_eq!((again.status, again.body.len()), (304, 0));
    let text = room.get(&format!("/api/v1/documents/{id}/text")).text();
    let values = room.get(&format!("/api/v1/documents/{id}/evidence")).json();
    let proofs: Vec<&serde_json::Value> = values["values"]
        .as_array()
        .expect("values")
        .iter()
        .flat_map(|v| v["evidence"].as_array().expect("proofs"))
        .collect();
    assert!(proofs.len() > 10);
    for p in proofs {
        let (start, end) = (p["start"].as_u64().unwrap() as usize, p["end"].as_u64().unwrap() as usize);
        assert_eq!(text.get(start..end), p["quote"].as_str());
    }
    let dump = room.get("/api/v1/dump?limit=1000").text();
    let total = room.get("/api/v1/search").json()["total"].as_u64().expect("a total");
    assert_eq!(dump.lines().count() as u64, total);
    let failed = room.get("/api/v1/files?state=failed").json();
    assert_eq!(failed["total"], 1);
    assert!(failed["files"][0].get("place").is_none() && failed["files"][0].get("root").is_none());
    let described = room.get("/api/v1/openapi.json").json();
    assert!(described["paths"]["/api/v1/search"]["get"]["parameters"].as_array().is_some_and(|p| p.len() > 20));
}

#[test]
fn a_page_is_drawn_and_its_values_have_their_boxes() {
    let room = Room::open(&[]);
    let id = room.hit("q=lyktan&kind=tjansteutlatande", ".pdf");
    let page = room.get(&format!("/document/{id}?value=title")).text();
    assert!(page.contains("class=\"chosen\"") && page.contains("<image href=\"/document/"), "{page}");
    if cfg!(feature = "ocr") {
        let picture = room.get(&format!("/document/{id}/page/1.png"));
        assert_eq!(picture.status, 200, "{}", picture.text());
        assert!(picture.body.starts_with(b"\x89PNG"));
        assert_eq!(room.get(&format!("/document/{id}/page/99.png")).status, 422);
    }
    let original = room.get(&format!("/document/{id}/original"));
    assert!(original.body.starts_with(b"%PDF") && original.head.contains("attachment"));
}

#[test]
fn what_is_hostile_or_wrong_gets_nothing() {
    let room = Room::open(&[]);
    let id = room.hit("q=dnr:2024/77", ".txt");
    let script = room.hit("q=skript", "javascript.pdf");
    for path in [
        format!("/document/{id}"),
        format!("/document/{id}?view=text"),
        format!("/document/{script}"),
        format!("/document/{script}?view=text"),
        format!("/document/{script}?find=%3Cscript%3E"),
        "/?q=skript".into(),
        "/?q=%3Cscript%3Ealert(1)%3C/script%3E".into(),
        "/files".into(),
    ] {
        let page = room.get(&path);
        assert!(!page.text().contains("<script>"), "{path}");
        let policy = page.head.lines().find(|l| l.starts_with("content-security-policy: ")).expect("a policy");
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert!(page.head.contains("x-content-type-options: nosniff"));
        assert!(!page.text().contains(env!("CARGO_MANIFEST_DIR")) && !page.text().contains("/tmp/"), "{path}");
    }
    for (path, status) in [
        ("/document/../../etc/passwd", 404),
        ("/document/%2e%2e", 404),
        ("/nothing", 404),
        ("/api/v1/nothing", 404),
        ("/?colour=red", 400),
        ("/?year=then", 400),
        ("/api/v1/search?colour=red", 400),
        ("/api/v1/search?district=atlantis", 400),
        ("/api/v1/cases?limit=100000", 400),
        ("/api/v1/cases?limit=", 400),
        ("/api/v1/cases?in_force=2024-01-01", 400),
        ("/api/v1/agreements?in_force=2024-02-30", 400),
        ("/agreements?in_force=soon", 400),
        ("/agreements?view=odd", 400),
        ("/agreements?sort=colour", 400),
        ("/agreements?colour=red", 400),
        ("/organisations?district=atlantis", 400),
        ("/api/v1/people?in=decisions", 400),
        ("/pack.zip", 400),
        ("/agreements?id=none", 404),
    ] {
        let reply = room.get(path);
        assert_eq!(reply.status, status, "{path}: {}", reply.text());
        if path.starts_with("/api") {
            assert!(reply.head.contains("application/problem+json"), "{path}: {}", reply.head);
            assert_eq!(reply.json()["status"], status);
        }
    }
    let long = format!("/?q={}", "a".repeat(9000));
    assert_eq!(room.get(&long).status, 400);
    let post = room
        .send(&format!("POST / HTTP/1.1\r\nHost: {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", room.address));
    assert_eq!(post.status, 405);
    let other = room.send("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    assert_eq!(other.status, 421);
    assert!(!other.text().contains("<html"));
}

#[test]
fn other_addresses_need_a_word() {
    let bench = Bench::new();
    let run = bench.run(&["serve", "--bind", "0.0.0.0:0"]);
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("--expose"), "{}", run.err);
    let run = bench.run(&["serve", "--bind", "127.0.0.1:0"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.err.contains("index"), "{}", run.err);
}

#[test]
fn what_is_masked_is_given_out_only_if_that_is_meant() {
    let room = Room::open(&[]);
    let id = room.hit("q=dnr:2024/78", "masked.txt");
    for path in [format!("/document/{id}"), format!("/document/{id}/text.txt"), format!("/api/v1/documents/{id}/text")]
    {
        let reply = room.get(&path);
        assert!(reply.status == 200 && !reply.text().contains("1212-1212"), "{path}");
    }
    let page = room.get(&format!("/document/{id}")).text();
    assert!(page.contains("Ett personnummer är maskerat i handlingen."), "what is odd is told in plain words: {page}");
    let refused = room.get(&format!("/document/{id}/original"));
    assert!(refused.status == 403 && refused.text().contains("personnummer") && !refused.text().contains("1212-1212"));
    if cfg!(feature = "ocr") {
        let longest = |query: &str, file: &str| {
            let id = room.hit(query, file);
            longest_black(&room.get(&format!("/document/{id}/page/1.png")).body)
        };
        // No letter is as wide as a covered number.
        let (plain, covered) = (longest("q=skript", "javascript.pdf"), longest("q=maskerat", "masked.pdf"));
        assert!(plain < 40 && covered > 80, "{plain} {covered}");
    }
    drop(room);
    let room = Room::open(&["--originals"]);
    assert!(room.get(&format!("/document/{id}/original")).text().contains("1212-1212"));
}

#[test]
fn a_name_that_is_taken_down_is_black_in_pictures_and_in_no_path() {
    let bench = Bench::new();
    bench.write("alva_ekhage.pdf", pdf("Protokoll brev", "Arendet galler Alva Ekhage, som bor i staden."));
    let packed = |name: &str| -> (usize, String) {
        let run = bench.run(&["pack", "arendet", "-o", name]);
        assert_eq!(run.code, 0, "{}", run.err);
        let file = std::fs::File::open(bench.path(name)).expect("the pack");
        let mut zip = zip::ZipArchive::new(file).expect("a zip file");
        let mut texts = String::new();
        for text in ["README.md", "results.csv", "quotes.csv", "results.json", "records.jsonl", "citations.txt"] {
            zip.by_name(text).expect(text).read_to_string(&mut texts).expect("text");
        }
        let mut picture = Vec::new();
        if cfg!(feature = "ocr") {
            zip.by_name("pages/001-p1.png").expect("a page").read_to_end(&mut picture).expect("a picture");
        }
        (if picture.is_empty() { 0 } else { longest_black(&picture) }, texts)
    };
    bench.ingest(&[]);
    let (black, texts) = packed("before.zip");
    assert!(black < 40 && texts.contains("Ekhage") && texts.contains("alva_ekhage.pdf"), "{black}");
    std::fs::write(bench.path("corrections.toml"), "[[take_down]]\nname = \"Alva Ekhage\"\n").expect("written");
    bench.ingest(&[]);
    let (black, texts) = packed("after.zip");
    assert!(!texts.to_lowercase().contains("ekhage") && texts.contains("XXXX_XXXXXX.pdf"), "{texts}");
    // No letter is as wide as a covered word.
    assert!(black > 60 || !cfg!(feature = "ocr"), "{black}");
    let room = Room::serving(bench, &[]);
    let id = room.hit("q=arendet", "XXXX_XXXXXX.pdf");
    let pages = ["/".into(), "/?q=arendet".into(), "/files".into(), "/api/v1/files".into(), "/api/v1/dump".into()];
    let of_it = ["", "/text.txt", "/record.json", "/cite.txt"].map(|file| format!("/document/{id}{file}"));
    for path in pages.into_iter().chain(of_it) {
        let reply = room.get(&path);
        assert!(reply.status == 200 && !reply.text().to_lowercase().contains("ekhage"), "{path}");
    }
    assert_eq!(room.get(&format!("/document/{id}/original")).status, 403);
    if cfg!(feature = "ocr") {
        assert!(longest_black(&room.get(&format!("/document/{id}/page/1.png")).body) > 60);
    }
}

#[test]
fn a_search_and_a_register_can_be_taken_along() {
    let room = Room::open(&[]);
    let table = room.get("/hits.csv?q=partnerskap");
    let total = room.get("/api/v1/search?q=partnerskap").json()["total"].as_u64().expect("a total");
    let mut rows =
        csv::Reader::from_reader(table.text().trim_start_matches('\u{feff}').as_bytes().to_vec().leak() as &[u8]);
    assert!(rows.headers().expect("a head").iter().any(|h| h == "dnr"));
    assert_eq!(rows.records().filter(Result::is_ok).count() as u64, total);
    let pack = room.get("/pack.zip?q=lyktan");
    assert!(pack.status == 200 && pack.body.starts_with(b"PK"), "{}", pack.text());
    assert!(pack.head.contains("application/zip") && pack.head.contains("attachment"));
    let id = room.hit("q=lyktan&kind=tjansteutlatande", ".pdf");
    for (ending, begins) in [("bib", "@techreport{"), ("ris", "TY  - RPRT"), ("json", "[{\"id\""), ("txt", "")] {
        let cited = room.get(&format!("/document/{id}/cite.{ending}"));
        assert!(cited.status == 200 && cited.text().starts_with(begins) && cited.text().len() > 40, "{}", cited.text());
    }
    let register = room.get("/agreements?view=csv").text();
    let all = room.get("/api/v1/agreements").json();
    assert_eq!(register.lines().count() as u64, all["total"].as_u64().expect("a total") + 1);
}

#[test]
fn agreements_are_narrowed_by_day_alike_on_pages_and_in_the_api() {
    let room = Room::open(&[]);
    let all = room.get("/api/v1/agreements").json();
    let end = |a: &serde_json::Value| {
        let periods = a["periods"].as_array().expect("periods");
        periods.iter().filter_map(|p| p["end"].as_str().map(str::to_string)).max()
    };
    let ends: Vec<String> = all["agreements"].as_array().expect("agreements").iter().filter_map(end).collect();
    let last = ends.iter().max().expect("an end");
    for query in
        [format!("in_force={last}"), format!("expires_before={last}"), "find=IOP".into(), "district=J%C3%A4rva".into()]
    {
        let some = room.get(&format!("/api/v1/agreements?{query}")).json();
        let total = some["total"].as_u64().expect("a total");
        assert!(total < all["total"].as_u64().expect("a total"), "{query} leaves nothing out");
        let rows = room.get(&format!("/agreements?view=csv&{query}")).text().lines().count() as u64 - 1;
        assert_eq!(rows, total, "{query}");
    }
    // A district is the agreement's own, as on the command line: not that of a document which speaks of it.
    for (district, more) in [("Järva", &["--succession", "now"][..]), ("Rinkeby-Kista", &[]), ("Farsta", &[])] {
        let mut args = vec!["agreements", "--json", "--district", district];
        args.extend(more);
        let told: serde_json::Value = serde_json::from_str(&room.bench.run(&args).out).expect("JSON");
        let now = if more.is_empty() { "" } else { "&succession=now" };
        let shown = room.get(&format!("/api/v1/agreements?district={}{now}", encoded(district))).json();
        assert_eq!(shown["agreements"], told["agreements"], "{district}");
    }
    // Districts are those of the documents found.
    for query in ["district=J%C3%A4rva", "year=2022", "q=lyktan"] {
        let some = room.get(&format!("/api/v1/districts?{query}")).json()["total"].as_u64().expect("a total");
        assert_eq!(some, 1, "{query}");
        assert_eq!(room.get(&format!("/districts?view=csv&{query}")).text().lines().count(), 2, "{query}");
    }
    let one = &all["agreements"][0]["id"];
    let encoded: String = form_urlencoded::byte_serialize(one.as_str().expect("an id").as_bytes()).collect();
    assert_eq!(room.get(&format!("/api/v1/agreements?id={encoded}")).json()["agreements"][0]["id"], *one);
}

#[test]
fn links_name_the_host_that_was_asked() {
    let room = Room::open(&[]);
    let port = room.address.rsplit(':').next().expect("a port").to_string();
    let ask = |path: &str, more: &str| {
        room.send(&format!("GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n{more}\r\n")).text()
    };
    let feed = ask("/feed.atom?q=partnerskap", "");
    assert!(
        feed.contains(&format!("href=\"http://localhost:{port}/document/")) && !feed.contains("127.0.0.1"),
        "{feed}"
    );
    assert!(
        ask("/?q=partnerskap", "X-Forwarded-Proto: https\r\n")
            .contains(&format!("https://localhost:{port}/?q=partnerskap"))
    );
}

#[test]
fn every_page_is_in_its_language() {
    let room = Room::open(&[]);
    let id = room.hit("q=lyktan&kind=tjansteutlatande", ".pdf");
    let entry = |name: &str| {
        let first = room.get(&format!("/api/v1/{name}?limit=1")).json()[name][0]["id"].as_str().map(str::to_string);
        let id: String = form_urlencoded::byte_serialize(first.expect("an entry").as_bytes()).collect();
        format!("/{name}?id={id}")
    };
    let mut pages: Vec<String> = [
        "/",
        "/?q=stöd+unga&year=2019",
        "/?q=xyzzyxyzzy",
        "/?q=partnerskapet&kind=protokoll&year=1901",
        "/?q=bidrag&in=decisions",
        "/overview",
        "/files",
        "/help",
        "/accessibility",
        "/nothing",
        "/?district=atlantis",
        "/organisations?district=J%C3%A4rva&from=2019",
        "/?colour=red",
        "/?q=colour:red",
        "/?page=0",
    ]
    .map(|p| p.replace('ö', "%C3%B6"))
    .to_vec();
    pages.extend([format!("/document/{id}?value=title"), format!("/document/{id}?view=text&find=lyktan")]);
    for name in ["agreements", "organisations", "cases", "districts", "people"] {
        pages.extend([format!("/{name}"), entry(name)]);
    }
    let (markup, other) = (
        regex::Regex::new(r"(?s)<[^>]*>").expect("a pattern"),
        regex::Regex::new(
            r#"(?s)<(code|pre|q)[ >].*?</(code|pre|q)>|<a [^>]*lang="en"[^>]*>.*?</a>|<span lang="en">.*?</span>"#,
        )
        .expect("a pattern"),
    );
    let english = regex::Regex::new(r"(?i)\b(the|of|is|are|which|found|search|was|not|there|from|until|could)\b")
        .expect("a pattern");
    let strings: serde_json::Value =
        serde_json::from_str(include_str!("../src/serve/strings.json")).expect("the words of pages");
    for path in &pages {
        let text = room.get(path).text();
        let main = text.split("<main").nth(1).expect("a page");
        let main = other.replace_all(main, " ");
        let said = markup.replace_all(&main, "\n");
        // What a person typed is no word of ours.
        let ours = said.lines().filter(|l| !l.contains("colour")).collect::<Vec<_>>().join("\n");
        assert_eq!(english.find(&ours).map(|m| &ours[m.start().saturating_sub(60)..m.end()]), None, "{path}");
        let text = room.get(&format!("/en{path}")).text();
        for (key, words) in strings.as_object().expect("words") {
            let (swedish, same) = (words["sv"].as_str().expect("Swedish"), words["sv"] == words["en"]);
            let swedish = swedish.replace('&', "&#38;");
            if !same && !swedish.contains("{}") && swedish.contains(' ') && key != "nav.other_language" {
                assert!(!text.contains(&format!(">{swedish}<")), "/en{path}: {key}");
            }
        }
    }
}

#[test]
fn readers_go_on_while_files_are_ingested() {
    let room = Room::open(&[]);
    let total = |room: &Room| {
        let reply = room.get("/api/v1/search");
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()["total"].as_u64().expect("a total")
    };
    let before = total(&room);
    for n in 0..30 {
        room.bench.write(&format!("new/{n}.txt"), crate::util::report(9000 + n));
    }
    let mut ingest = room.bench.command(&["ingest", "in", "--quiet"]).spawn().expect("the program runs");
    let mut seen = vec![before];
    while ingest.try_wait().expect("the program").is_none() {
        seen.push(total(&room));
        assert_eq!(room.get("/organisations").status, 200);
        // A commit is seen whole: whatever is found can be opened.
        for hit in room.get("/api/v1/search?sort=-date&per_page=20").json()["hits"].as_array().expect("hits") {
            let id = hit["id"].as_str().expect("an id");
            assert_eq!(room.get(&format!("/api/v1/documents/{id}/text")).status, 200, "{id}");
        }
    }
    // What was committed is seen after a moment, without being told.
    let until = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while seen.last() != Some(&(before + 30)) && std::time::Instant::now() < until {
        seen.push(total(&room));
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    assert!(seen.is_sorted() && seen.last() == Some(&(before + 30)), "{seen:?}");
    let text = room.get("/api/v1/organisations").json();
    assert!(text["total"].as_u64().is_some_and(|n| n > 0));
}

#[test]
fn who_asks_without_end_is_asked_to_wait_where_others_can_ask_too() {
    let bench = Bench::new();
    bench.write("a.txt", crate::util::report(1));
    bench.ingest(&[]);
    let mut child = bench
        .command(&["serve", "--bind", "0.0.0.0:0", "--expose"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut err = BufReader::new(child.stderr.take().expect("its notes"));
    let mut said = String::new();
    while !said.contains("http://") {
        assert!(err.read_line(&mut said).expect("its notes") > 0, "the server ended");
    }
    assert!(said.contains("everyone"), "it says what is exposed: {said}");
    let port = said.split("http://0.0.0.0:").nth(1).and_then(|s| s.split('/').next()).expect("a port").to_string();
    let room = Room { child, address: format!("127.0.0.1:{port}"), bench };
    let waits = (0..3000).map(|_| room.get("/api/v1/openapi.json")).find(|r| r.status != 200).expect("an end");
    assert_eq!(waits.status, 429);
    assert!(waits.head.contains("retry-after: "), "{}", waits.head);
}

/// Text as it stands in a page.
fn escaped(text: &str) -> String {
    text.replace('&', "&#38;").replace('<', "&#60;").replace('>', "&#62;").replace('"', "&#34;").replace('\'', "&#39;")
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[test]
fn what_the_registers_say_stands_on_their_pages() {
    let room = Room::over(&["norrmalm", "norra-innerstaden", "kungsholmen"], &[]);
    let (mut payers, mut unused, mut possible, mut names) = (0, 0, 0, 0);
    let all = room.get_when_made("/api/v1/agreements?limit=1000").json();
    for a in all["agreements"].as_array().expect("agreements") {
        let page = room.get(&format!("/agreements?id={}", encoded(a["id"].as_str().expect("an id")))).text();
        let has = |words: &str| assert!(page.contains(&escaped(words)), "{}: {words}", a["name"]);
        let list = |of: &serde_json::Value| of.as_array().cloned().unwrap_or_default();
        for s in list(&a["sums"]) {
            match s["paid_by"].as_str() {
                Some("public") => has("betalas av det offentliga"),
                Some(_) => has("betalas av föreningen"),
                None => continue,
            }
            payers += 1;
        }
        for p in list(&a["periods"]) {
            if !list(&p["not_extended"]).is_empty() {
                unused += 1;
                has("den möjliga förlängningen används inte");
            }
            for may in list(&p["may_last_until"]) {
                possible += 1;
                has(&format!("kan förlängas till {}", may["value"].as_str().expect("a day")));
            }
        }
        for key in ["purposes", "target_groups", "activities", "programmes", "outcomes"] {
            list(&a[key]).iter().for_each(|said| has(said["value"].as_str().expect("words")));
        }
        list(&a["parties"]).iter().for_each(|p| has(p["name"].as_str().expect("a name")));
        list(&a["mentions"]).iter().for_each(|m| has(m["path"].as_str().expect("a path")));
        assert!(page.contains("view=timeline.svg") && page.contains("view=feed.atom"), "{}", a["name"]);
    }
    assert!(payers > 0 && unused > 0 && possible > 0, "{payers} {unused} {possible}");
    let all = room.get("/api/v1/organisations?limit=1000").json();
    for o in all["organisations"].as_array().expect("organisations") {
        let page = room.get(&format!("/organisations?id={}", encoded(o["id"].as_str().expect("an id")))).text();
        for n in o["names"].as_array().expect("names") {
            names += 1;
            assert!(page.contains(&escaped(n["name"].as_str().expect("a name"))), "{n}");
        }
    }
    assert!(names > 3, "{names}");
    assert!(all["doubtful"].is_array());
}

#[test]
fn a_case_and_an_organisation_are_followed_by_their_feeds() {
    let room = Room::open(&[]);
    for name in ["cases", "organisations", "agreements", "people"] {
        let all = room.get_when_made(&format!("/api/v1/{name}?limit=5")).json();
        for entry in all[name].as_array().expect("entries") {
            let id = encoded(entry["id"].as_str().expect("an id"));
            let page = room.get(&format!("/{name}?id={id}")).text();
            let feed = room.get(&format!("/{name}?id={id}&view=feed.atom"));
            assert!(page.contains("type=\"application/atom+xml\"") && feed.status == 200, "{}", feed.text());
            assert!(feed.head.contains("application/atom+xml"), "{}", feed.head);
            let text = feed.text();
            let entries = text.matches("<entry>").count() as u64;
            assert_eq!(Some(entries), entry["documents"].as_u64(), "{name} {id}: {text}");
            let days: Vec<&str> =
                text.split("<entry>").skip(1).filter_map(|e| e.split("<updated>").nth(1)?.get(..10)).collect();
            assert!(days.is_sorted_by(|a, b| a >= b), "the newest first: {days:?}");
        }
    }
    assert_eq!(room.get("/cases?id=none&view=feed.atom").status, 404);
}

#[test]
fn every_answer_has_a_tag_and_is_not_sent_again_to_who_holds_it() {
    let room = Room::open(&[]);
    let id = room.hit("q=lyktan&kind=tjansteutlatande", ".pdf");
    room.get_when_made("/agreements");
    let mut paths = vec![
        format!("/document/{id}"),
        format!("/document/{id}/text.txt"),
        format!("/document/{id}/record.json"),
        format!("/document/{id}/original"),
        format!("/document/{id}/cite.bib"),
        format!("/api/v1/documents/{id}"),
        format!("/api/v1/documents/{id}/text"),
        format!("/api/v1/documents/{id}/evidence"),
    ];
    if cfg!(feature = "ocr") {
        paths.extend([format!("/document/{id}/page/1.png"), format!("/api/v1/documents/{id}/pages/1")]);
    }
    let plain = [
        "/",
        "/en/?q=partnerskap",
        "/feed.atom?q=partnerskap",
        "/hits.csv?q=partnerskap",
        "/pack.zip?q=lyktan",
        "/agreements",
        "/organisations",
        "/cases",
        "/districts",
        "/people",
        "/agreements?view=csv",
        "/agreements?view=xlsx",
        "/agreements?view=timeline.svg",
        "/overview",
        "/files",
        "/help",
        "/accessibility",
        "/style.css",
        "/comfort.js",
        "/favicon.svg",
        "/api/v1/search?q=partnerskap",
        "/api/v1/facets?q=partnerskap",
        "/api/v1/agreements",
        "/api/v1/organisations",
        "/api/v1/cases",
        "/api/v1/districts",
        "/api/v1/people",
        "/api/v1/files",
        "/api/v1/dump",
        "/api/v1/openapi.json",
    ];
    paths.extend(plain.map(str::to_string));
    for path in paths {
        let reply = room.get(&path);
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        let tag = reply.head.lines().find_map(|l| l.strip_prefix("etag: ")).unwrap_or_else(|| panic!("{path}: no tag"));
        let again = room.get_with(&path, &format!("If-None-Match: \"other\", {tag}\r\n"));
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        assert!(again.head.contains(tag), "{path}");
        let other = room.get_with(&path, "If-None-Match: \"other\"\r\n");
        assert_eq!(other.status, 200, "{path}");
    }
    let missing = room.get("/document/none");
    assert!(missing.status == 404 && !missing.head.contains("etag: "), "what is not there may come");
}

#[test]
fn a_name_that_leads_upwards_leads_nowhere() {
    let room = Room::open(&[]);
    let id = room.hit("q=kl%C3%A4tterst%C3%A4llning", ".txt");
    let original = room.get(&format!("/document/{id}/original"));
    let disposition = original.head.lines().find(|l| l.starts_with("content-disposition: ")).expect("a disposition");
    assert!(original.status == 200 && original.text().contains("Klätterställning"), "{}", original.text());
    assert!(!disposition.contains(['\\', '"', '/']), "{disposition}");
    let pack = room.get("/pack.zip?q=kl%C3%A4tterst%C3%A4llning");
    let mut names = Vec::new();
    let zip = zip::ZipArchive::new(std::io::Cursor::new(pack.body)).expect("an archive");
    names.extend(zip.file_names().map(|n| n.expect("a name").to_string()));
    assert!(names.len() > 2 && names.iter().all(|n| !n.contains("..") && !n.contains('\\')), "{names:?}");
    for path in [
        format!("/document/{id}/..%2f..%2f..%2fetc%2fpasswd"),
        format!("/document/{id}/original/../../../etc/passwd"),
        format!("/document/{id}/page/..%2f1.png"),
        format!("/document/..%2f{id}/original"),
        "/style.css/../../../etc/passwd".into(),
        "/..%5c..%5cetc%5cpasswd".into(),
        "//etc/passwd".into(),
        "/%2e%2e/%2e%2e/etc/passwd".into(),
        format!("/api/v1/documents/{id}/../../../etc/passwd"),
        format!("/api/v1/documents/{id}/pages/..%2f1"),
    ] {
        let reply = room.get(&path);
        assert!(matches!(reply.status, 400 | 404), "{path}: {}", reply.status);
        assert!(!reply.text().contains("root:"), "{path}");
    }
}

#[test]
fn a_script_in_a_pdf_stays_in_the_file() {
    let room = Room::open(&[]);
    let id = room.hit("q=skript", "javascript.pdf");
    let original = room.get(&format!("/document/{id}/original"));
    for said in ["content-disposition: attachment", "content-security-policy: default-src 'none'", "nosniff"] {
        assert!(original.head.contains(said), "{said}: {}", original.head);
    }
    for path in ["", "?view=text", "/text.txt", "/record.json"] {
        assert!(!room.get(&format!("/document/{id}{path}")).text().contains("app.alert"), "{path}");
    }
    if cfg!(feature = "ocr") {
        assert!(room.get(&format!("/document/{id}/page/1.png")).body.starts_with(b"\x89PNG"));
    }
}

#[test]
fn facets_are_those_of_the_search() {
    let room = Room::open(&[]);
    let query = "q=partnerskap&district=J%C3%A4rva";
    let (facets, search) =
        (room.get(&format!("/api/v1/facets?{query}")).json(), room.get(&format!("/api/v1/search?{query}")).json());
    assert_eq!(facets["facets"], search["facets"]);
    assert_eq!(facets["total"], search["total"]);
    let page = room.get("/?all=party").text();
    let everything = room.get("/api/v1/facets").json();
    for value in everything["facets"]["party"].as_array().expect("parties") {
        let value = value["value"].as_str().expect("a value");
        assert!(page.contains(&format!("name=\"party\" value=\"{}\"", escaped(value))), "{value}");
    }
    assert_eq!(room.get("/?all=colour").status, 400);
}
