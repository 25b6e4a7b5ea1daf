//! Guards and routes: which requests are answered, by what, with which headers, and how many at a time.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State as Shared};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::Response;

use super::app::{App, State};
use super::door::{Door, Peer};
use super::lang::Lang;
use super::stream::Lines;
use super::{api, document, feed, pack, page, register, results};

/// Nothing runs, nothing comes from elsewhere, nothing is sent elsewhere.
const POLICY: &str = "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

/// What a page or resource is made from: the path below the language, the query string, the language.
pub(super) struct Ask {
    /// The path, without the language.
    pub(super) path: String,
    /// The query string.
    pub(super) query: Option<String>,
    /// The language asked for.
    pub(super) lang: Lang,
    /// Scheme and host that this server was asked under: `http://127.0.0.1:8080`.
    pub(super) base: String,
    /// The day of the request.
    pub(super) today: jiff::civil::Date,
    /// What the client holds already (If-None-Match).
    held: Option<String>,
}

/// An answer before it is one of HTTP.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) media_type: &'static str,
    pub(super) body: Content,
    /// Name of a file to save it as.
    pub(super) attachment: Option<String>,
    /// Whether it is the same as long as the sequence is.
    pub(super) lasting: bool,
}

/// What an answer holds.
#[derive(Debug)]
pub(super) enum Content {
    /// All of it.
    Whole(Vec<u8>),
    /// Something that is made as it is sent.
    Lines(Lines),
}

impl Answer {
    pub(super) fn new(media_type: &'static str, body: impl Into<Vec<u8>>) -> Answer {
        Answer {
            status: StatusCode::OK,
            media_type,
            body: Content::Whole(body.into()),
            attachment: None,
            lasting: true,
        }
    }

    /// The same, to be saved under a name.
    pub(super) fn named(self, name: impl Into<String>) -> Answer {
        Answer { attachment: Some(name.into()), ..self }
    }

    /// The same, not to be held on to.
    pub(super) fn passing(self) -> Answer {
        Answer { lasting: false, ..self }
    }

    pub(super) fn html(body: String) -> Answer {
        Answer::new("text/html; charset=utf-8", body)
    }

    pub(super) fn with_status(self, status: StatusCode) -> Answer {
        Answer { status, lasting: false, ..self }
    }
}

/// Answers until Ctrl-C or a request to end.
pub(super) fn listen(app: Arc<App>, ready: impl FnOnce(SocketAddr)) -> anyhow::Result<()> {
    use anyhow::Context as _;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let bind = app.options.bind;
        let listener = tokio::net::TcpListener::bind(bind)
            .await
            .with_context(|| format!("{bind}: cannot be listened on; another --bind ADDRESS:PORT may be free"))?;
        ready(listener.local_addr()?);
        let service = router(app).into_make_service_with_connect_info::<Peer>();
        axum::serve(Door::new(listener), service).with_graceful_shutdown(told_to_stop()).await?;
        Ok(())
    })
}

async fn told_to_stop() {
    // Without a way to hear of it, the process is ended as any other.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// All that is answered. One way in: what differs is which page a path is.
pub(super) fn router(app: Arc<App>) -> Router {
    Router::new().fallback(answer).layer(middleware::from_fn_with_state(Arc::clone(&app), guard)).with_state(app)
}

/// Turns away what is not for us, and puts the headers on every answer.
async fn guard(Shared(app): Shared<Arc<App>>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|h| h.to_str().ok());
    let host = host.or_else(|| request.uri().host()).unwrap_or_default();
    let is_api = api::is_path(language(request.uri().path()).1);
    let mut response = if !is_ours(host, &app.options) {
        let why = "This server does not answer for that host name (see --allow-host).";
        turned_away(is_api, StatusCode::MISDIRECTED_REQUEST, "Another host", why)
    } else if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let why = "Only GET and HEAD are answered.";
        let mut refused = turned_away(is_api, StatusCode::METHOD_NOT_ALLOWED, "Not to be changed", why);
        refused.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        refused
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    response
}

/// True for a host header that names this server: another may be a page that makes a browser ask us under its own name.
fn is_ours(host: &str, options: &super::Options) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    let bound = options.bind.ip();
    let loopback = ["localhost", "127.0.0.1", "::1"];
    (bound.is_loopback() || bound.is_unspecified()) && loopback.contains(&name)
        || name == bound.to_string()
        || options.allow_hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(name))
}

fn plain(status: StatusCode, text: impl Into<Body>) -> Response {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

/// A refusal in a line, or as the API has them.
fn turned_away(is_api: bool, status: StatusCode, title: &str, why: &str) -> Response {
    if is_api { to_response(api::problem(status, title, why), None) } else { plain(status, format!("{why}\n")) }
}

/// The language of a path, and the path below it.
fn language(path: &str) -> (Lang, &str) {
    match path.strip_prefix("/en") {
        Some("") => (Lang::En, "/"),
        Some(rest) if rest.starts_with('/') => (Lang::En, rest),
        _ => (Lang::Sv, path),
    }
}

/// A file that is part of the program: the same as long as the program is.
fn of_program((media_type, bytes): (&'static str, &'static [u8]), held: &str) -> Response {
    let tag = format!("\"{}\"", blake3::hash(bytes).to_hex().get(..16).unwrap_or_default());
    let mut response = if is_held(held, &tag) { unchanged() } else { Response::new(Body::from(bytes)) };
    let headers = response.headers_mut();
    headers.extend(HeaderValue::from_str(&tag).ok().map(|v| (header::ETAG, v)));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("max-age=3600"));
    response
}

fn unchanged() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    response
}

/// True if a client that holds these (If-None-Match) holds what has this tag.
fn is_held(held: &str, tag: &str) -> bool {
    held.split(',').any(|t| t.trim().trim_start_matches("W/") == tag.trim_start_matches("W/"))
}

async fn answer(Shared(app): Shared<Arc<App>>, ConnectInfo(peer): ConnectInfo<Peer>, request: Request) -> Response {
    let (lang, path) = language(request.uri().path());
    if let Some(asset) = page::asset(path) {
        let held = request.headers().get(header::IF_NONE_MATCH).and_then(|h| h.to_str().ok());
        return of_program(asset, held.unwrap_or_default());
    }
    if let Some(rates) = &app.rates
        && let Err(wait) = rates.take(peer.address.ip(), Instant::now())
    {
        return wait_for(StatusCode::TOO_MANY_REQUESTS, wait.as_secs() + 1, lang, api::is_path(path));
    }
    let ask = ask_of(&request, path, lang);
    let is_api = api::is_path(path);
    let Ok(permit) = Arc::clone(&app.permits).try_acquire_owned() else { return busy(lang, is_api) };
    let time = if ask.path == pack::PATH { app.times.pack } else { app.times.request };
    let working = peer.working();
    // The permit is given back when the work is done, not when it is no longer waited for.
    let work = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        respond(&app, &ask)
    });
    let response = in_time(work, lang, time, is_api).await;
    drop(working);
    response
}

fn ask_of(request: &Request, path: &str, lang: Lang) -> Ask {
    let text = |name| request.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_string);
    // What stands before this server may speak TLS for it; it says so, and only the links that it is given depend on it.
    let secure = request.headers().get("x-forwarded-proto").is_some_and(|v| v.as_bytes() == b"https");
    let host = text(header::HOST).or_else(|| request.uri().authority().map(ToString::to_string));
    Ask {
        path: path.to_string(),
        query: request.uri().query().map(str::to_string),
        lang,
        base: format!("{}://{}", if secure { "https" } else { "http" }, host.unwrap_or_default()),
        today: jiff::Zoned::now().date(),
        held: text(header::IF_NONE_MATCH),
    }
}

async fn in_time(
    work: impl Future<Output = Result<Response, tokio::task::JoinError>>,
    lang: Lang,
    time: Duration,
    is_api: bool,
) -> Response {
    match tokio::time::timeout(time, work).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => to_response(
            match (StatusCode::INTERNAL_SERVER_ERROR, is_api) {
                (status, true) => api::problem(status, "The server failed", Lang::En.t("fault.panic")),
                (status, false) => page::fault(lang, status, lang.t("fault.panic")),
            },
            None,
        ),
        Err(_) => busy(lang, is_api),
    }
}

fn busy(lang: Lang, is_api: bool) -> Response {
    wait_for(StatusCode::SERVICE_UNAVAILABLE, 2, lang, is_api)
}

/// Asks to come back in some seconds.
fn wait_for(status: StatusCode, seconds: u64, lang: Lang, is_api: bool) -> Response {
    let mut response = if is_api {
        to_response(api::problem(status, "Too many requests", Lang::En.t("fault.busy")), None)
    } else {
        plain(status, format!("{}\n", lang.t("fault.busy")))
    };
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

fn respond(app: &Arc<App>, ask: &Ask) -> Response {
    let state = app.state();
    // A weak one: the same search takes another time, which its answer says. What agreements are in force changes with the day.
    let version = env!("CARGO_PKG_VERSION");
    let tag = format!("W/\"{}-{:x}-{}-{version}\"", state.sequence, app.started, ask.today.strftime("%Y%m%d"));
    // Only what lasts as long as the state is given a tag, so who holds it holds the answer.
    if is_held(ask.held.as_deref().unwrap_or_default(), &tag) {
        let mut response = unchanged();
        response.headers_mut().extend(HeaderValue::from_str(&tag).ok().map(|v| (header::ETAG, v)));
        return response;
    }
    to_response(route(app, &state, ask), Some(&tag))
}

/// Which page or resource a path is. The one list of routes.
fn route(app: &Arc<App>, state: &Arc<State>, ask: &Ask) -> Answer {
    let parts: Vec<&str> = ask.path.trim_matches('/').split('/').collect();
    match parts.as_slice() {
        ["api", "v1", rest @ ..] => api::answer(app, state, ask, rest),
        ["api", ..] => api::problem(StatusCode::NOT_FOUND, "Not found", "there is no such version; /api/v1 is there"),
        [""] => results::page(app, state, ask),
        ["feed.atom"] => feed::answer(app, state, ask),
        ["hits.csv"] => results::table(app, state, ask),
        ["pack.zip"] => pack::answer(app, state, ask),
        ["document", id, rest @ ..] => document::answer(app, state, ask, id, rest),
        [name] if register::is_one(name) => register::page(app, state, ask, name),
        [name @ ("overview" | "files" | "accessibility" | "help")] => page::other(app, state, ask, name),
        _ => page::fault(ask.lang, StatusCode::NOT_FOUND, ask.lang.t("fault.no_page")),
    }
}

fn to_response(answer: Answer, tag: Option<&str>) -> Response {
    let mut response = Response::new(match answer.body {
        Content::Whole(bytes) => Body::from(Bytes::from(bytes)),
        Content::Lines(lines) => Body::new(lines),
    });
    *response.status_mut() = answer.status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(answer.media_type));
    if answer.status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("3"));
    }
    if let Some(tag) = tag.filter(|_| answer.lasting).and_then(|t| HeaderValue::from_str(t).ok()) {
        headers.insert(header::ETAG, tag);
    }
    if let Some(name) = answer.attachment {
        let encoded: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
        let value = format!("attachment; filename*=UTF-8''{}", encoded.replace('+', "%20"));
        headers.extend(HeaderValue::from_str(&value).ok().map(|v| (header::CONTENT_DISPOSITION, v)));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_server_are_answered() {
        let options = |bind: &str, allow: &[&str]| super::super::Options {
            index: "index".into(),
            bind: bind.parse().unwrap(),
            allow_hosts: allow.iter().map(|a| a.to_string()).collect(),
            originals: false,
        };
        let loopback = options("127.0.0.1:8080", &[]);
        for ours in ["localhost:8080", "127.0.0.1:8080", "[::1]:8080", "localhost"] {
            assert!(is_ours(ours, &loopback), "{ours}");
        }
        for other in ["example.org", "example.org:8080", "", "localhost.example.org", "192.168.0.4:8080"] {
            assert!(!is_ours(other, &loopback), "{other}");
        }
        assert!(is_ours("Arkiv.example:80", &options("0.0.0.0:80", &["arkiv.example"])));
        assert!(!is_ours("localhost", &options("192.168.0.4:80", &[])));
        assert!(is_ours("192.168.0.4:80", &options("192.168.0.4:80", &[])));
    }
}
