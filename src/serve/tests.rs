//! The limits of the reading room, on a real socket: each is filled by the test itself, so that nothing depends on how fast anything is.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use super::app::{AT_ONCE, App, DUMPS, Times};
use super::door::{Door, Peer};
use super::{Options, http};
use crate::catalog;
use crate::corrections::Corrections;
use crate::index::local::{FOLDER, LocalIndex};
use crate::lexicon::Lexicon;

/// A server over an index that holds nothing.
struct Room {
    app: Arc<App>,
    address: SocketAddr,
    _runtime: tokio::runtime::Runtime,
    _dir: tempfile::TempDir,
}

impl Room {
    fn open(times: Times) -> Room {
        let dir = tempfile::tempdir().unwrap();
        drop(catalog::Writer::open_or_create(dir.path()).unwrap());
        drop(LocalIndex::open_or_create(&dir.path().join(FOLDER)).unwrap());
        let options = Options {
            index: dir.path().to_path_buf(),
            bind: "127.0.0.1:0".parse().unwrap(),
            allow_hosts: Vec::new(),
            originals: false,
        };
        let app = App::open(options, times, Lexicon::built_in(), Corrections::default()).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let service = http::router(Arc::clone(&app)).into_make_service_with_connect_info::<Peer>();
        runtime.spawn(async move { axum::serve(Door::new(listener), service).await });
        Room { app, address, _runtime: runtime, _dir: dir }
    }

    /// What is answered: head and body.
    fn ask(&self, method: &str, path: &str, host: &str) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        String::from_utf8_lossy(&all).into_owned()
    }

    fn get(&self, path: &str) -> String {
        self.ask("GET", path, "localhost")
    }

    /// Asks until it is answered with 200, as a client that was told to come back does.
    fn get_at_last(&self, path: &str) -> String {
        loop {
            let answer = self.get(path);
            if answer.starts_with("HTTP/1.1 200") {
                return answer;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// True for an answer that says to come back, as a problem or in words.
fn says_to_come_back(answer: &str, is_problem: bool) -> bool {
    let problem = answer.contains("application/problem+json") && answer.contains("\"status\":503");
    answer.starts_with("HTTP/1.1 503") && answer.contains("retry-after: ") && problem == is_problem
}

#[test]
fn who_comes_to_a_full_room_is_asked_to_come_back() {
    let room = Room::open(Times::default());
    let all = Arc::clone(&room.app.permits).try_acquire_many_owned(u32::try_from(AT_ONCE).unwrap()).unwrap();
    assert!(says_to_come_back(&room.get("/"), false));
    assert!(says_to_come_back(&room.get("/en/overview"), false));
    assert!(says_to_come_back(&room.get("/api/v1/search"), true));
    // What costs nothing is there all the time.
    assert!(room.get("/style.css").starts_with("HTTP/1.1 200"));
    drop(all);
    assert!(room.get("/").starts_with("HTTP/1.1 200"));
    assert!(room.get("/api/v1/search").starts_with("HTTP/1.1 200"));
}

#[test]
fn one_dump_too_many_is_asked_to_come_back() {
    let room = Room::open(Times::default());
    let all = Arc::clone(&room.app.dumps).try_acquire_many_owned(u32::try_from(DUMPS).unwrap()).unwrap();
    assert!(says_to_come_back(&room.get("/api/v1/dump"), true));
    assert!(room.get("/api/v1/search").starts_with("HTTP/1.1 200"), "other requests go on");
    drop(all);
    assert!(room.get("/api/v1/dump").starts_with("HTTP/1.1 200"));
    // Each gives its place back.
    for _ in 0..3 * DUMPS {
        room.get_at_last("/api/v1/dump");
    }
}

#[test]
fn a_request_that_takes_too_long_is_given_up_and_keeps_its_place_until_its_work_is_done() {
    let short = Duration::from_millis(20);
    let room = Room::open(Times { request: short, pack: short });
    let still = room.app.stand_still();
    assert!(says_to_come_back(&room.get("/"), false));
    assert!(says_to_come_back(&room.get("/api/v1/search"), true));
    assert!(says_to_come_back(&room.get("/pack.zip?q=x"), false));
    assert_eq!(room.app.permits.available_permits(), AT_ONCE - 3);
    drop(still);
    while room.app.permits.available_permits() < AT_ONCE {
        std::thread::sleep(Duration::from_millis(5));
    }
    room.get_at_last("/help");
}

#[test]
fn every_refusal_of_the_api_is_a_problem() {
    let room = Room::open(Times::default());
    for (method, path, host, status) in [
        ("GET", "/api/v1/nothing", "localhost", 404),
        ("GET", "/api/v2/search", "localhost", 404),
        ("GET", "/api/v1/search?colour=red", "localhost", 400),
        ("GET", "/api/v1/facets?page=2", "localhost", 400),
        ("GET", "/api/v1/search?q=", "localhost", 400),
        ("GET", "/api/v1/documents/none", "localhost", 404),
        ("GET", "/en/api/v1/nothing", "localhost", 404),
        ("POST", "/api/v1/search", "localhost", 405),
        ("DELETE", "/api/v1/documents/1", "localhost", 405),
        ("GET", "/api/v1/search", "evil.example", 421),
    ] {
        let answer = room.ask(method, path, host);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{method} {path}: {answer}");
        assert!(answer.contains("application/problem+json"), "{method} {path}: {answer}");
        let body = answer.split("\r\n\r\n").nth(1).unwrap_or_default();
        let problem: serde_json::Value = serde_json::from_str(body).unwrap();
        let keys: Vec<&String> = problem.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["type", "title", "status", "detail"], "{path}");
        assert_eq!(problem["status"], status, "{path}");
        assert!(!problem["detail"].as_str().unwrap().is_empty(), "{path}");
    }
}
