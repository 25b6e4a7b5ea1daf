//! The reading room as a client of the network sees it: pages, API, what is refused.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use crate::util::Bench;

/// A server over a few documents, stopped when the test ends.
struct Room {
    child: Child,
    address: String,
    _bench: Bench,
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
        let bench = Bench::new();
        let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
        for folder in ["enskede-arsta-vantor", "jarva"] {
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
        bench.write("broken.pdf", "%PDF-1.4 nothing");
        bench.ingest(&[]);
        let mut command = bench.command(&["serve", "--bind", "127.0.0.1:0"]);
        let mut child = command.args(more).stderr(Stdio::piped()).spawn().expect("the program runs");
        let mut said = String::new();
        let mut err = BufReader::new(child.stderr.take().expect("its notes"));
        while !said.contains("http://") {
            said.clear();
            assert!(err.read_line(&mut said).expect("its notes") > 0, "the server ended");
        }
        let address = said.split("http://").nth(1).and_then(|s| s.split('/').next()).expect("an address").to_string();
        Room { child, address, _bench: bench }
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
    for path in [
        format!("/document/{id}"),
        format!("/document/{id}?view=text"),
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
