//! Makes council documents of which it is known what they say, out of a seed: kinds, layouts, forms of labels, diary numbers of
//! several times, styles of decisions, phrasings of periods. Everybody in them is invented.
//!
//! The truth is in the form of labels (`tests/gold/README.md`), for `diarium evaluate`. It tests at scale that the rules do what they
//! were made for; it is no proof of accuracy, since it knows what we know.

use serde_json::{Map, Value, json};

/// One part of a page's text.
#[derive(Clone, Debug)]
pub enum Piece {
    /// A heading on a line of its own.
    Heading(String),
    /// Running text.
    Paragraph(String),
    /// Lines that stay as they are.
    Lines(Vec<String>),
}

/// A made document.
#[derive(Debug)]
pub struct Known {
    /// The block beside the text of the first page: office, kind, numbers, officer. Empty if it stands in `text`.
    pub margin: Vec<String>,
    /// The text.
    pub text: Vec<Piece>,
    /// What it says.
    pub truth: Value,
}

const GIVEN: [&str; 12] =
    ["Alva", "Bertil", "Cajsa", "Dag", "Edla", "Frej", "Greta", "Hilding", "Idun", "Jarl", "Kerstin", "Majken"];
const SURNAMES: [&str; 12] = [
    "Alkvist",
    "Bergdal",
    "Cederflod",
    "Dammgren",
    "Ekhage",
    "Forsmyr",
    "Granlid",
    "Holmvret",
    "Jordal",
    "Kvarnbäck",
    "Lindmosse",
    "Ormsjö",
];
const MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
];
const PARTIES: [&str; 8] = ["S", "M", "SD", "C", "V", "KD", "L", "MP"];
/// Board, its office, letters of its diary, district.
const BODIES: [(&str, &str, &str, Option<&str>); 6] = [
    ("Järva stadsdelsnämnd", "Järva stadsdelsförvaltning", "JÄRVA", Some("sthlm-jarva")),
    ("Farsta stadsdelsnämnd", "Farsta stadsdelsförvaltning", "FAR", Some("sthlm-farsta")),
    ("Kommunstyrelsen", "Kommunledningskontoret", "KS", None),
    ("Socialnämnden", "Socialförvaltningen", "SN", None),
    ("Kultur- och fritidsnämnden", "Kultur- och fritidsförvaltningen", "KFN", None),
    ("Miljönämnden", "Miljöförvaltningen", "MN", None),
];
const SUBJECTS: [&str; 10] = [
    "Ansökan om bidrag till sommarläger",
    "Uppföljning av internkontrollplanen",
    "Förslag till plan för lekplatser",
    "Redovisning av trygghetsarbetet",
    "Revidering av taxan för badhuset",
    "Överenskommelse om öppen verksamhet",
    "Förslag till avgifter för odlingslotter",
    "Rapport om förskolans lokaler",
    "Inrättande av ett råd för unga",
    "Utvärdering av läsfrämjande insatser",
];
/// What is decided: as a sentence, as a point after `att`, actions, who is given a task.
const POINTS: [(&str, &str, &[&str], Option<&str>); 7] = [
    (
        "godkänner rapporten och lägger den till handlingarna",
        "godkänna rapporten och lägga den till handlingarna",
        &["approve", "file"],
        None,
    ),
    ("avslår ansökan", "avslå ansökan", &["reject"], None),
    (
        "återremitterar ärendet för ytterligare beredning",
        "återremittera ärendet för ytterligare beredning",
        &["refer_back"],
        None,
    ),
    (
        "uppdrar åt förvaltningen att återkomma med en redovisning",
        "uppdra åt förvaltningen att återkomma med en redovisning",
        &["mandate"],
        Some("förvaltningen"),
    ),
    ("beviljar föreningen 40 000 kronor", "bevilja föreningen 40 000 kronor", &["award"], None),
    ("antar den föreslagna planen", "anta den föreslagna planen", &["adopt"], None),
    ("överlämnar skrivelsen till kommunfullmäktige", "överlämna skrivelsen till kommunfullmäktige", &["forward"], None),
];
const SENTENCES: [&str; 10] = [
    "Verksamheten vänder sig till barn och unga i området.",
    "Under året har besöken blivit fler och kön kortare.",
    "Lokalerna behöver rustas upp innan vintern.",
    "Samverkan med skolan har fungerat väl enligt de intervjuade.",
    "Kostnaderna ryms inom den beslutade ramen.",
    "Flera deltagare har lyft behovet av kvällsöppet.",
    "Personalen har fått utbildning i lågaffektivt bemötande.",
    "Målgruppen nås framför allt genom uppsökande arbete.",
    "En jämförelse med närliggande områden har gjorts.",
    "Resultaten redovisas närmare i bilagan.",
];

/// Document number `n` of this seed.
pub fn document(seed: u64, n: u64) -> Known {
    let rng =
        fastrand::Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ n.wrapping_mul(0xd1b5_4a32_d192_ed03));
    let mut maker = Maker { rng, truth: Map::new() };
    let (margin, text) = match n % 6 {
        0 => maker.report("tjansteutlatande"),
        1 => maker.minutes(),
        2 => maker.report("tjansteskrivelse"),
        3 => maker.agenda(),
        4 => maker.agreement(),
        _ => maker.extract(),
    };
    Known { margin, text, truth: Value::Object(maker.truth) }
}

struct Maker {
    rng: fastrand::Rng,
    truth: Map<String, Value>,
}

/// A day with its ways of being written.
#[derive(Clone, Copy)]
struct Day(u16, u16, u16);

impl Day {
    fn iso(self) -> String {
        format!("{}-{:02}-{:02}", self.0, self.1, self.2)
    }

    fn words(self) -> String {
        format!("{} {} {}", self.2, MONTHS[usize::from(self.1 - 1)], self.0)
    }
}

impl Maker {
    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.rng.usize(0..all.len())]
    }

    fn say(&mut self, field: &str, value: Value) {
        self.truth.insert(field.into(), value);
    }

    fn name(&mut self) -> String {
        format!("{} {}", self.pick(&GIVEN), self.pick(&SURNAMES))
    }

    /// People with different names.
    fn names(&mut self, n: usize) -> Vec<String> {
        let mut all = Vec::new();
        while all.len() < n {
            let name = self.name();
            if !all.contains(&name) {
                all.push(name);
            }
        }
        all
    }

    fn day(&mut self) -> Day {
        Day(self.rng.u16(2005..2026), self.rng.u16(1..13), self.rng.u16(1..29))
    }

    fn written(&mut self, day: Day) -> String {
        match self.rng.u8(0..3) {
            0 => day.words(),
            1 => format!("den {}", day.words()),
            _ => day.iso(),
        }
    }

    /// A diary number as written, with its label, and its truth.
    fn number(&mut self, series: &str, year: u16) -> (String, Value) {
        let n = self.rng.u32(1..1500);
        let plan = self.pick(&["1.2.1", "1.5.3", "2.6", "171", "303"]);
        let (raw, canonical, plan) = match self.rng.u8(0..7) {
            0 | 1 => (format!("{series} {year}/{n}"), format!("{series} {year}/{n}"), None),
            2 => (format!("{series} {year}/{n:05}"), format!("{series} {year}/{n}"), None),
            3 => (format!("{series}-{year}-{n}"), format!("{series} {year}/{n}"), None),
            4 => (format!("{plan}-{n}/{year}"), format!("{year}/{n}"), Some(plan)),
            5 => (format!("{plan}-{n}-{year}"), format!("{year}/{n}"), Some(plan)),
            _ => (format!("{n}-{year}-{plan}"), format!("{year}/{n}"), Some(plan)),
        };
        let label = self.pick(&["Dnr ", "Dnr: ", "Diarienummer: ", "Dnr\n", "Diarienummer\n"]);
        (format!("{label}{raw}"), json!({"canonical": canonical, "raw": raw, "plan": plan, "role": "own"}))
    }

    fn prose(&mut self, paragraphs: usize) -> Vec<Piece> {
        let mut out = Vec::new();
        for _ in 0..paragraphs {
            let n = self.rng.usize(2..6);
            let all: Vec<&str> = (0..n).map(|_| self.pick(&SENTENCES)).collect();
            out.push(Piece::Paragraph(all.join(" ")));
        }
        out
    }

    /// Decision points in one of three styles, with their truth.
    fn decisions(&mut self, actor: &str, status: &str) -> (Vec<Piece>, Vec<Value>) {
        let n = self.rng.usize(1..4);
        let mut chosen: Vec<usize> = Vec::new();
        while chosen.len() < n {
            let i = self.rng.usize(0..POINTS.len());
            if !chosen.contains(&i) {
                chosen.push(i);
            }
        }
        let point = |text: String, number: Option<usize>, i: usize| {
            let number = number.map(|n| n.to_string());
            json!({"status": status, "number": number, "text": text, "actions": POINTS[i].2, "assignee": POINTS[i].3})
        };
        let mut pieces = Vec::new();
        let mut truth = Vec::new();
        match self.rng.u8(0..3) {
            0 if n > 1 => {
                for (k, i) in chosen.into_iter().enumerate() {
                    let text = format!("{actor} {}.", POINTS[i].0);
                    pieces.push(Piece::Lines(vec![format!("{}. {text}", k + 1)]));
                    truth.push(point(text, Some(k + 1), i));
                }
            }
            1 => {
                let frame = if status == "proposed" { "föreslås besluta" } else { "beslutar" };
                pieces.push(Piece::Lines(vec![format!("{actor} {frame}")]));
                let last = chosen.len() - 1;
                for (k, i) in chosen.into_iter().enumerate() {
                    let end = if k == last {
                        "."
                    } else if k + 1 == last {
                        ", samt"
                    } else {
                        ","
                    };
                    pieces.push(Piece::Lines(vec![format!("att {}{end}", POINTS[i].1)]));
                    truth.push(point(POINTS[i].1.to_string(), None, i));
                }
            }
            _ => {
                let i = chosen[0];
                let text = format!("{actor} {}.", POINTS[i].0);
                pieces.push(Piece::Paragraph(text.clone()));
                truth.push(point(text, None, i));
            }
        }
        (pieces, truth)
    }

    /// Officer's block in one of four forms; sets the truth.
    fn officer(&mut self) -> Vec<String> {
        let name = self.name();
        let phone = format!("08-508 {:02} {:03}", self.rng.u8(10..99), self.rng.u16(100..999));
        let ascii = |s: &str| s.to_lowercase().replace(['å', 'ä'], "a").replace('ö', "o");
        let (given, surname) = name.split_once(' ').unwrap_or((&name, ""));
        let email = format!("{}.{}@exempel.se", ascii(given), ascii(surname));
        let form = self.rng.u8(0..5);
        let (lines, phone, email) = match form {
            0 => (vec!["Handläggare".into(), name.clone(), format!("Telefon: {phone}")], Some(phone), None),
            1 => (vec![format!("Handläggare: {name}")], None, None),
            2 => (vec!["Handläggare".into(), name.clone(), email.clone()], None, Some(email)),
            3 => (vec!["Handläggare".into(), name.clone(), phone.clone(), email.clone()], Some(phone), Some(email)),
            _ => (Vec::new(), None, None),
        };
        let people = if form < 4 { json!([{"name": name, "phone": phone, "email": email}]) } else { json!([]) };
        self.say("handlaggare", people);
        lines
    }

    /// A report of an office to its board.
    fn report(&mut self, kind: &str) -> (Vec<String>, Vec<Piece>) {
        let (board, office, series, district) = self.pick(&BODIES);
        let day = self.day();
        let title = self.pick(&SUBJECTS);
        let label = if kind == "tjansteutlatande" { "Tjänsteutlåtande" } else { "Tjänsteskrivelse" };
        let mut head = vec![office.to_string(), String::new(), label.to_string()];
        // Two in five have no number of their own.
        if self.rng.u8(0..5) < 3 {
            let (line, truth) = self.number(series, day.0);
            head.extend(line.split('\n').map(str::to_string));
            self.say("dnr", json!([truth]));
        } else {
            self.say("dnr", json!([]));
        }
        let date = self.written(day);
        head.extend([date, String::new()]);
        head.extend(self.officer());
        head.extend([String::new(), "Till".into(), board.to_string(), String::new()]);
        let (points, decisions) = self.decisions(board, "proposed");
        let mut text = vec![Piece::Heading(title.into())];
        text.push(Piece::Heading(self.pick(&["Förslag till beslut", "Förvaltningens förslag till beslut"]).into()));
        text.extend(points);
        for heading in ["Sammanfattning", "Ärendet", "Förvaltningens synpunkter"] {
            text.push(Piece::Heading(heading.into()));
            let paragraphs = self.rng.usize(1..5);
            text.extend(self.prose(paragraphs));
        }
        let signed = self.names(2);
        text.push(Piece::Lines(vec![signed[0].clone(), "Förvaltningschef".into(), String::new()]));
        text.push(Piece::Lines(vec![signed[1].clone(), "Avdelningschef".into()]));
        for (field, value) in [
            ("kind", json!(kind)),
            ("title", json!(title)),
            ("date", json!(day.iso())),
            ("recipient", json!(board)),
            ("administration", json!(office)),
            ("district", json!(district)),
            ("decisions", json!(decisions)),
            ("signatories", json!(signed)),
        ] {
            self.say(field, value);
        }
        (head, text)
    }

    /// Time, place and people of a meeting.
    fn meeting(&mut self, board: &str, day: Day) -> (Vec<Piece>, Value) {
        let place = self.pick(&["Medborgarhuset", "Sessionssalen, kommunhuset", "Stora salen"]);
        let (h, m) = (self.rng.u8(9..19), self.pick(&["00", "15", "30"]));
        let start = format!("{h:02}:{m}");
        let end = format!("{:02}:{m}", h + 2);
        let written = match self.rng.u8(0..2) {
            0 => format!("{place}, den {} kl. {}–{}", day.words(), start.replace(':', "."), end.replace(':', ".")),
            _ => format!("{place}, {} kl. {start}–{end}", day.iso()),
        };
        let n = self.rng.usize(4..9);
        let people = self.names(n);
        let mut lines = vec!["Närvarande".to_string()];
        let mut present = Vec::new();
        for (i, name) in people.iter().enumerate() {
            let party = self.pick(&PARTIES);
            let role = ["ordförande", "vice ordförande"].get(i).copied();
            lines.push(role.map_or(format!("{name} ({party})"), |r| format!("{name} ({party}), {r}")));
            let mut one = json!({"name": name, "political_party": party});
            if let Some(role) = role {
                one["role"] = json!(role);
            }
            present.push(one);
        }
        let pieces = vec![Piece::Lines(vec!["Plats och tid".into(), written]), Piece::Lines(lines)];
        (
            pieces,
            json!({"body": board, "date": day.iso(), "place": place, "starts": start, "ends": end, "present": present}),
        )
    }

    /// One paragraph of minutes.
    fn item(&mut self, number: u32, board: &str, series: &str, year: u16) -> (Vec<Piece>, Value) {
        let title = self.pick(&SUBJECTS);
        let mut text = vec![Piece::Heading(format!("§ {number} {title}"))];
        let mut numbers = Vec::new();
        if self.rng.bool() {
            let (line, truth) = self.number(series, year);
            text.push(Piece::Lines(line.split('\n').map(str::to_string).collect()));
            numbers.push(truth);
        }
        let (points, decisions) = self.decisions(board, "decided");
        text.push(Piece::Heading(self.pick(&["Beslut", "Nämndens beslut"]).into()));
        text.extend(points);
        text.push(Piece::Heading("Ärendet".into()));
        text.extend(self.prose(1));
        (text, json!({"number": format!("§ {number}"), "title": title, "dnr": numbers, "decisions": decisions}))
    }

    fn minutes(&mut self) -> (Vec<String>, Vec<Piece>) {
        let (board, _, series, district) = self.pick(&BODIES);
        let day = self.day();
        let mut text = vec![Piece::Lines(vec![board.into(), "Sammanträdesprotokoll".into(), day.iso()])];
        let (pieces, meeting) = self.meeting(board, day);
        text.extend(pieces);
        let first = self.rng.u32(1..90);
        let mut items = Vec::new();
        for number in first..first + self.rng.u32(2..12) {
            let (pieces, truth) = self.item(number, board, series, day.0);
            text.extend(pieces);
            items.push(truth);
        }
        let date = json!({"any": [null, day.iso()]});
        for (field, value) in [
            ("kind", json!("protokoll")),
            ("date", date),
            ("meeting_date", json!(day.iso())),
            ("district", json!(district)),
            ("decisions", json!([])),
            ("meeting", meeting),
            ("items", json!(items)),
        ] {
            self.say(field, value);
        }
        (Vec::new(), text)
    }

    fn extract(&mut self) -> (Vec<String>, Vec<Piece>) {
        let (board, _, series, district) = self.pick(&BODIES);
        let day = self.day();
        let mut text =
            vec![Piece::Lines(vec![board.into(), "Protokollsutdrag".into(), "Sammanträdesdatum".into(), day.iso()])];
        let number = self.rng.u32(1..200);
        let (pieces, item) = self.item(number, board, series, day.0);
        text.extend(pieces);
        for (field, value) in [
            ("kind", json!("protokollsutdrag")),
            ("date", json!({"any": [null, day.iso()]})),
            ("meeting_date", json!(day.iso())),
            ("district", json!(district)),
            ("items", json!([item])),
        ] {
            self.say(field, value);
        }
        (Vec::new(), text)
    }

    fn agenda(&mut self) -> (Vec<String>, Vec<Piece>) {
        let (board, _, _, district) = self.pick(&BODIES);
        let day = self.day();
        let mut text = vec![
            Piece::Lines(vec![board.into()]),
            Piece::Heading(format!("Kallelse till {}", board.to_lowercase())),
            Piece::Lines(vec![format!("Tid: {} kl. 18.00", day.words()), "Plats: Medborgarhuset".into()]),
            Piece::Heading("Föredragningslista".into()),
        ];
        let mut items = Vec::new();
        for number in 1..=self.rng.u32(3..12) {
            let title = self.pick(&SUBJECTS);
            text.push(Piece::Lines(vec![format!("{number}. {title}")]));
            items.push(json!({"number": number.to_string(), "title": title}));
        }
        for (field, value) in [
            ("kind", json!("kallelse")),
            ("meeting_date", json!(day.iso())),
            ("district", json!(district)),
            ("items", json!(items)),
        ] {
            self.say(field, value);
        }
        (Vec::new(), text)
    }

    /// An agreement with a term in one of several phrasings.
    fn agreement(&mut self) -> (Vec<String>, Vec<Piece>) {
        let (board, _, _, district) = self.pick(&BODIES[..2]);
        let partner = self.pick(&[
            "Föreningen Lönnlövet",
            "Föreningen Vattugatan",
            "Stiftelsen Morgonglans",
            "Föreningen Tre Ekar",
        ]);
        let year = self.rng.u16(2012..2025);
        let (start, end) = (Day(year, 1, 1), Day(year + self.rng.u16(0..3), 12, 31));
        let (from, to) = match self.rng.u8(0..6) {
            0 => (format!("från och med den {}", start.words()), format!("till och med den {}", end.words())),
            1 => (format!("fr.o.m. {}", start.iso()), format!("t.o.m. {}", end.iso())),
            2 => (format!("fr o m den {}", start.words()), format!("t o m den {}", end.words())),
            3 => (start.iso(), format!("– {}", end.iso())),
            4 => (format!("1/1 {year}–"), format!("31/12 {}", end.0)),
            _ => (format!("för perioden {}", start.words()), format!("till och med {}", end.words())),
        };
        let optional = self.rng.bool();
        let extension = if optional { " med möjlighet till ett års förlängning" } else { "" };
        let mut text = vec![
            Piece::Heading("Överenskommelse om idéburet offentligt partnerskap".into()),
            Piece::Heading("Parter".into()),
            Piece::Paragraph(format!("Denna överenskommelse är träffad mellan {board} och {partner}.")),
            Piece::Heading("Syfte".into()),
        ];
        text.extend(self.prose(1));
        text.push(Piece::Heading("Avtalstid".into()));
        text.push(Piece::Paragraph(format!("Överenskommelsen gäller {from} {to}{extension}.")));
        text.push(Piece::Heading("Uppföljning".into()));
        text.extend(self.prose(2));
        let extension = if optional { json!({"count": 1, "unit": "year"}) } else { Value::Null };
        let period = json!({"start": start.iso(), "end": end.iso(), "extension": extension});
        for (field, value) in [
            ("kind", json!("overenskommelse")),
            ("title", json!("Överenskommelse om idéburet offentligt partnerskap")),
            ("district", json!(district)),
            ("parties", json!([{"name": board, "role": "public"}, {"name": partner, "role": "civil"}])),
            ("agreements", json!([{"name": partner, "parties": [board, partner], "periods": [period]}])),
        ] {
            self.say(field, value);
        }
        (Vec::new(), text)
    }
}
