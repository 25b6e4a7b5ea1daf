//! Makes council documents out of a seed: reports of about 3 kB (80 %), long reports of about 50 kB (15 %) and minutes
//! with many paragraphs of about 300 kB (5 %).
//!
//! Words follow two laws of real text. Their frequencies fall as in Zipf's law, and the vocabulary never stops growing
//! (Heaps' law): ranks up to `COMMON` are drawn with density 1/rank, the tail beyond with density rank^-1.5, so that
//! new words go on turning up as text^0.67. A rank always stands for the same word: function words first, then
//! compounds of the field's own parts, then invented stems. Every document is made from its own number, so any of
//! them can be made alone.

use std::fmt::Write;

/// How long a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// About 3 kB.
    Short,
    /// About 50 kB.
    Long,
    /// About 300 kB.
    Huge,
}

/// One made document.
pub struct Made {
    /// Where it belongs, relative to the corpus.
    pub path: String,
    /// Its text, in the form of a PDF turned into text: wrapped lines, headings without a blank line after them.
    pub text: String,
}

/// Ranks below this are drawn with density 1/rank.
const COMMON: f64 = 5000.0;
/// Share of words drawn from the common ones.
const COMMON_SHARE: f64 = 0.86;
/// Width of a printed line in characters.
const LINE: usize = 68;

const FUNCTION_WORDS: [&str; 60] = [
    "och", "att", "i", "för", "som", "av", "är", "med", "en", "till", "på", "den", "har", "det", "inom", "om", "ett",
    "de", "kan", "vid", "från", "ska", "under", "genom", "även", "samt", "inte", "eller", "sin", "mellan", "efter",
    "hos", "där", "detta", "alla", "mot", "över", "bland", "flera", "denna", "sitt", "sina", "utan", "också", "mer",
    "andra", "varit", "blir", "vara", "enligt", "så", "när", "bör", "få", "ha", "någon", "varje", "både", "redan",
    "dock",
];
const FIRST: [&str; 40] = [
    "förenings",
    "stadsdels",
    "ungdoms",
    "verksamhets",
    "kvalitets",
    "samverkans",
    "trygghets",
    "bostads",
    "skol",
    "idrotts",
    "kultur",
    "social",
    "äldre",
    "närvaro",
    "budget",
    "miljö",
    "tillgänglighets",
    "jämställdhets",
    "folkhälso",
    "arbetsmarknads",
    "park",
    "lokal",
    "fritids",
    "familje",
    "läs",
    "språk",
    "mötes",
    "natt",
    "sommar",
    "integrations",
    "partnerskaps",
    "uppföljnings",
    "planerings",
    "utvecklings",
    "service",
    "bibliotek",
    "förskole",
    "hemtjänst",
    "boende",
    "medborgar",
];
const SECOND: [&str; 40] = [
    "bidrag",
    "plan",
    "arbete",
    "insats",
    "program",
    "stöd",
    "mål",
    "utredning",
    "grupp",
    "verksamhet",
    "lokal",
    "möte",
    "nämnd",
    "förvaltning",
    "rapport",
    "avtal",
    "överenskommelse",
    "ansvar",
    "behov",
    "resurs",
    "dialog",
    "forum",
    "råd",
    "satsning",
    "metod",
    "analys",
    "redovisning",
    "enhet",
    "ledare",
    "fråga",
    "uppdrag",
    "projekt",
    "center",
    "gård",
    "vandring",
    "kostnad",
    "budget",
    "översyn",
    "modell",
    "åtgärd",
];
const ENDINGS: [&str; 6] = ["", "en", "et", "er", "erna", "s"];
const SYLLABLES: [&str; 32] = [
    "ba", "be", "bo", "da", "de", "dra", "fi", "fla", "gre", "gå", "ha", "hol", "ka", "kla", "ko", "le", "lin", "ma",
    "mo", "na", "nor", "pa", "ra", "ri", "sa", "ska", "sten", "ta", "tor", "va", "vik", "ö",
];
const DISTRICTS: [(&str, &str, &str); 8] = [
    ("Järva", "Järva", "JÄRVA"),
    ("Farsta", "Farsta", "FAR"),
    ("Skärholmen", "Skärholmens", "SKÄ"),
    ("Bromma", "Bromma", "BRO"),
    ("Enskede-Årsta-Vantör", "Enskede-Årsta-Vantörs", "EÅV"),
    ("Södermalm", "Södermalms", "SÖD"),
    ("Kungsholmen", "Kungsholmens", "KUN"),
    ("Hässelby-Vällingby", "Hässelby-Vällingby", "HV"),
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
const GIVEN: [&str; 16] = [
    "Alva", "Bertil", "Cajsa", "Dag", "Edla", "Frej", "Greta", "Hilding", "Idun", "Jarl", "Kerstin", "Loke", "Majken",
    "Nils", "Ottilia", "Per",
];
const SURNAMES: [&str; 16] = [
    "Alkvist",
    "Bergdal",
    "Cederflod",
    "Dammgren",
    "Ekhage",
    "Forsmyr",
    "Granlid",
    "Holmvret",
    "Isaksro",
    "Jordal",
    "Kvarnbäck",
    "Lindmosse",
    "Myrfors",
    "Nyhage",
    "Ormsjö",
    "Palmdal",
];

/// The size of document `n`: 80 % short, 15 % long, 5 % huge.
pub fn size_of(seed: u64, n: u64) -> Size {
    match random_for(seed ^ 0x51e, n).u32(0..100) {
        0..80 => Size::Short,
        80..95 => Size::Long,
        _ => Size::Huge,
    }
}

/// Document number `n` of the corpus with this seed.
pub fn document(seed: u64, n: u64, size: Size) -> Made {
    let mut w = Writer { rng: random_for(seed, n), text: String::new() };
    let (district, owner, series) = DISTRICTS[w.rng.usize(0..DISTRICTS.len())];
    let year = w.rng.u16(2019..2026);
    let case = w.rng.u32(1..900);
    match size {
        Size::Short => w.report(owner, series, year, case, 2_200),
        Size::Long => w.report(owner, series, year, case, 48_000),
        Size::Huge => w.minutes(owner, series, year, 298_000),
    }
    Made { path: format!("{}/{year}/{n:07}.txt", district.to_lowercase()), text: w.text }
}

fn random_for(seed: u64, n: u64) -> fastrand::Rng {
    fastrand::Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ n.wrapping_mul(0xd1b5_4a32_d192_ed03))
}

/// The word that stands at a rank, 0 the most frequent.
fn word(rank: u64) -> String {
    if let Some(word) = usize::try_from(rank).ok().and_then(|r| FUNCTION_WORDS.get(r)) {
        return (*word).to_string();
    }
    let mut r = fastrand::Rng::with_seed(rank);
    let compounds = (FIRST.len() * SECOND.len() * ENDINGS.len()) as u64;
    let (head, ending) = (SECOND[r.usize(0..SECOND.len())], ENDINGS[r.usize(0..ENDINGS.len())]);
    if rank < compounds {
        let first = if r.u8(0..3) == 0 { "" } else { FIRST[r.usize(0..FIRST.len())] };
        return format!("{first}{head}{ending}");
    }
    let stem: String = (0..r.usize(2..5)).map(|_| SYLLABLES[r.usize(0..SYLLABLES.len())]).collect();
    if r.bool() { format!("{stem}{ending}") } else { format!("{stem}{head}{ending}") }
}

struct Writer {
    rng: fastrand::Rng,
    text: String,
}

impl Writer {
    fn rank(&mut self) -> u64 {
        let u = self.rng.f64();
        if self.rng.f64() < COMMON_SHARE {
            COMMON.powf(u) as u64 - 1
        } else {
            (COMMON / (1.0 - u).powi(2)).min(1e15) as u64
        }
    }

    fn sentence(&mut self) -> String {
        let length = self.rng.usize(7..22);
        let mut s = String::new();
        for i in 0..length {
            let rank = self.rank();
            let w = word(rank);
            if i == 0 {
                let mut chars = w.chars();
                s.extend(chars.next().into_iter().flat_map(char::to_uppercase));
                s.push_str(chars.as_str());
            } else {
                s.push(' ');
                s.push_str(&w);
            }
        }
        s.push('.');
        s
    }

    fn name(&mut self) -> String {
        format!("{} {}", GIVEN[self.rng.usize(0..GIVEN.len())], SURNAMES[self.rng.usize(0..SURNAMES.len())])
    }

    fn association(&mut self) -> String {
        let place = word(9_600 + self.rng.u64(0..400));
        let mut chars = place.chars();
        let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
        format!("Föreningen {first}{}", chars.as_str())
    }

    /// Writes a paragraph wrapped to lines, with a hyphen at some line ends.
    fn paragraph(&mut self, text: &str) {
        let mut width = 0;
        for w in text.split(' ') {
            let n = w.chars().count();
            if width > 0 && width + 1 + n > LINE {
                let cut = w.char_indices().nth(n / 2).map(|(i, _)| i).filter(|_| n >= 10 && width + n / 2 < LINE);
                match cut.filter(|_| w.chars().all(char::is_lowercase)) {
                    Some(i) => {
                        let _ = write!(self.text, " {}-\n{}", &w[..i], &w[i..]);
                        width = n - n / 2;
                        continue;
                    }
                    None => {
                        self.text.push_str(" \n");
                        width = 0;
                    }
                }
            }
            if width > 0 {
                self.text.push(' ');
                width += 1;
            }
            self.text.push_str(w);
            width += n;
        }
        self.text.push_str(" \n");
    }

    fn prose(&mut self, bytes: usize) {
        let end = self.text.len() + bytes;
        while self.text.len() < end {
            let text: Vec<String> = (0..self.rng.usize(2..7)).map(|_| self.sentence()).collect();
            self.paragraph(&text.join(" "));
            self.text.push_str(" \n");
        }
    }

    fn heading(&mut self, text: &str) {
        let _ = writeln!(self.text, "{text} ");
    }

    /// A tjänsteutlåtande on an agreement, in the Stockholm form.
    fn report(&mut self, owner: &str, series: &str, year: u16, case: u32, prose: usize) {
        let association = self.association();
        let board = format!("{owner} stadsdelsnämnd");
        let (month, day) = (self.rng.u16(1..13), self.rng.u16(1..29));
        let end = year + self.rng.u16(1..4);
        let _ = write!(self.text, " Uppföljning av överenskommelse med {association} {year} \n\n");
        self.heading("Förvaltningens förslag till beslut");
        let renegotiate = self.rng.bool();
        self.paragraph("1. Stadsdelsnämnden godkänner rapporten och lägger den till handlingarna.");
        if renegotiate {
            self.paragraph(
                "2. Stadsdelsnämnden uppdrar åt förvaltningen att inleda en omförhandling av överenskommelsen.",
            );
        }
        self.text.push('\n');
        self.heading("Sammanfattning");
        self.prose(prose / 8);
        let officer = self.name();
        let phone = self.rng.u32(10_000..99_999);
        let _ = write!(
            self.text,
            "Handläggare\n{officer}\nTelefon: 08-508 {phone}\n\nTill\n{board}\n\n{owner} stadsdelsförvaltning\n\n\
             Tjänsteutlåtande\nDnr {series} {year}/{case}\n\n{year}-{month:02}-{day:02}\n"
        );
        self.heading("Ärendet");
        let text = format!(
            "{association} och {board} ingick en överenskommelse den 1 {} {year}. Överenskommelsen gäller till och med \
             den 31 december {end}, med möjlighet till ett års förlängning.",
            MONTHS[self.rng.usize(0..12)]
        );
        self.paragraph(&text);
        self.prose(prose / 4);
        self.heading("Ärendets beredning");
        self.paragraph("Ärendet har beretts inom avdelningen för administration.");
        self.text.push('\n');
        self.heading("Förvaltningens synpunkter och förslag");
        self.prose(prose * 5 / 8);
        let (director, head) = (self.name(), self.name());
        let _ = write!(
            self.text,
            "{director}  {head} \nStadsdelsdirektör  Avdelningschef \n\n\
             Bilagor \n1. Överenskommelse med {association} \n"
        );
    }

    /// Minutes with many paragraphs.
    fn minutes(&mut self, owner: &str, series: &str, year: u16, bytes: usize) {
        let (month, day) = (self.rng.usize(0..12), self.rng.u16(1..29));
        let _ = write!(
            self.text,
            "{owner} stadsdelsnämnd\nSammanträdesprotokoll\n{year}-{:02}-{day:02}\n\nPlats och tid\n\
             Medborgarhuset, den {day} {} {year} kl. 18.00-20.15\n\nNärvarande\n",
            month + 1,
            MONTHS[month]
        );
        for party in ["S", "S", "M", "V", "L", "MP", "C", "SD"] {
            let name = self.name();
            let _ = writeln!(self.text, "{name} ({party})");
        }
        let mut number = self.rng.u32(1..80);
        while self.text.len() < bytes {
            let association = self.association();
            let case = self.rng.u32(1..900);
            let _ =
                write!(self.text, "\n§ {number} Ansökan om bidrag från {association}\nDnr {series} {year}/{case}\n\n");
            self.heading("Beslut");
            match self.rng.u8(0..4) {
                0 => self.paragraph("Stadsdelsnämnden avslår ansökan."),
                1 => self.paragraph("Stadsdelsnämnden återremitterar ärendet till förvaltningen."),
                2 => {
                    let sum = self.rng.u32(2..90) * 10;
                    self.paragraph(&format!("1. Stadsdelsnämnden beviljar {association} {sum} 000 kronor."));
                    self.paragraph("2. Stadsdelsnämnden uppdrar åt förvaltningen att följa upp bidraget.");
                }
                _ => self.paragraph("Stadsdelsnämnden godkänner tjänsteutlåtandet och lägger det till handlingarna."),
            }
            self.text.push('\n');
            self.heading("Ärendet");
            self.prose(2_500);
            number += 1;
        }
    }
}
