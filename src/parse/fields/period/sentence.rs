//! Joins points in time and signal words to readings, sentence by sentence.

use jiff::civil::Date;

use super::extension::{Draft, Form, Length};
use super::point::{Point, Points};
use super::token::{Token, tokens};
use super::{Grain, PeriodReader, Reading, Readings, Sort, Tie, later_end, same_day_later};
use crate::base::{Note, Span};

/// What a stretch of tokens means for periods.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Sign {
    At(Point),
    From,
    Since,
    /// "till och med" (true), or "till" alone (false).
    Until(bool),
    Dash,
    And,
    Comma,
    Between,
    /// "för", "under", "i", "år", "avseende".
    Over,
    /// "perioden", "tiden", "åren": says that a period follows.
    Stretch,
    TillsVidare,
    Lasts(Length),
    Times(u32),
    Extend(Form),
    Automatic,
    /// "nyttja", "utnyttja", "utlösa": makes an option used.
    Use,
    /// "kan", "möjlighet", "rätt", "får".
    May,
    Begin,
    Ends,
    /// "sades upp".
    GivenNotice,
    NoticeTime,
    Valid,
    By,
    Agreement,
    /// "överenskommelser", "årliga": years after it are as many agreements.
    Several,
    Programme,
    /// "samverkat": speaks of the whole partnership.
    Cooperate,
    Not,
    Other,
    /// "Om", "Såvida" at the start: what follows may happen.
    If,
    /// "avser": holds for, if an agreement does it.
    Regards,
}

#[derive(Clone, Copy, Debug)]
struct Item {
    sign: Sign,
    span: Span,
    /// Ends in `samma år`: a date that looks back to another ends what that one began.
    same_year: bool,
}

/// All periods of a text.
pub(super) fn read(reader: &PeriodReader, text: &str, reference: Option<Date>) -> Readings {
    let tokens = tokens(text);
    let mut scan = Scan {
        reader,
        tokens: &tokens,
        points: Points { reader, tokens: &tokens, reference: reference.map(Date::year) },
        year: None,
    };
    let mut out = Readings::default();
    let mut items: Vec<Item> = Vec::new();
    let mut open_start: Option<usize> = None;
    let mut i = 0;
    while i < tokens.len() {
        // No sentence is that long: a bound for text without stops.
        if i > 0 && (scan.sentence_ends_before(i) || items.len() > 600) {
            open_start = Machine::run(&items, &mut out, open_start);
            items.clear();
        }
        let (sign, next) = scan.sign_at(i);
        let span = tokens[i].span.join(tokens[next - 1].span);
        let same_year = next >= 2 && scan.word(next - 1) == "år" && scan.word(next - 2) == "samma";
        items.push(Item { sign, span, same_year });
        i = next;
    }
    Machine::run(&items, &mut out, open_start);
    check(&mut out);
    out
}

/// The first full date of a text.
pub(super) fn first_date(reader: &PeriodReader, text: &str) -> Option<(Date, Span)> {
    let tokens = tokens(text);
    let points = Points { reader, tokens: &tokens, reference: None };
    (0..tokens.len()).find_map(|i| match points.at(i, None)? {
        (p @ Point::Partial { day: Some(_), .. }, next) => {
            let span = tokens[i].span.join(tokens[next - 1].span);
            p.as_start().map(|(date, _)| (date, span))
        }
        _ => None,
    })
}

/// Notes on what cannot be.
fn check(out: &mut Readings) {
    for r in &mut out.periods {
        if let (Some((start, _)), Some((end, _))) = (r.start, r.end)
            && end < start
        {
            out.notes.push(
                Note::warning("period_reversed", format!("The period ends ({end}) before it starts ({start})."))
                    .at(r.span),
            );
        }
    }
}

struct Scan<'t, 'a> {
    reader: &'t PeriodReader,
    tokens: &'t [Token<'a>],
    points: Points<'t, 'a>,
    /// The last year read.
    year: Option<i16>,
}

impl Scan<'_, '_> {
    fn word(&self, i: usize) -> &str {
        self.tokens.get(i).map_or("", |t| t.word())
    }

    fn sign(&self, i: usize, c: char) -> bool {
        self.tokens.get(i).is_some_and(|t| t.is(c))
    }

    fn stop(&self, i: usize) -> usize {
        if self.sign(i, '.') { i + 1 } else { i }
    }

    fn sentence_ends_before(&self, i: usize) -> bool {
        let (t, before) = (&self.tokens[i], &self.tokens[i - 1]);
        if t.is('•') {
            return true;
        }
        if t.parted && t.capital {
            return true;
        }
        if !t.spaced || !(t.capital || t.is('•')) {
            return false;
        }
        if before.is('!') || before.is('?') {
            return true;
        }
        if !before.is('.') || i < 2 {
            return false;
        }
        let last = &self.tokens[i - 2];
        let word = last.word();
        word.is_empty() || !(word.chars().count() == 1 || self.reader.abbreviations.contains(word))
    }

    /// Letters of an abbreviation with or without stops: `t.o.m.`, `t o m`, `tom`.
    fn letters(&self, i: usize, parts: &[&str]) -> Option<usize> {
        let mut at = i;
        for part in parts {
            if self.word(at) != *part {
                return None;
            }
            at = self.stop(at + 1);
        }
        Some(at)
    }

    fn number(&self, i: usize) -> Option<u32> {
        if let Some(n) = self.tokens.get(i)?.num(1..=2) {
            return Some(n);
        }
        let n = *self.reader.numbers.get(self.word(i))?;
        (n >= 1.0 && n.fract() == 0.0).then_some(n as u32)
    }

    fn unit(&self, i: usize) -> Option<&'static str> {
        match self.word(i) {
            "år" | "års" | "årig" | "åriga" => Some("year"),
            "mån" | "månad" | "månader" | "månaders" | "månads" => Some("month"),
            "dag" | "dagar" | "dagars" | "dygn" => Some("day"),
            _ => None,
        }
    }

    /// "ett år", "24 månader", "ett (1) år", "1+1 år", "ett plus ett år", "ett år plus ett år", "ettåriga".
    fn length(&self, i: usize) -> Option<(Length, usize)> {
        let word = self.word(i);
        if let Some(stem) = ["åriga", "årigt", "årig"].iter().find_map(|s| word.strip_suffix(s))
            && let Some(n) = self.reader.numbers.get(stem).or_else(|| self.reader.numbers.get(word))
            && *n >= 1.0
        {
            let length = Length { count: *n as u32, unit: "year", times: None, each: word.ends_with("åriga") };
            return Some((length, i + 1));
        }
        if word == "halvår" || (word == "ett" && self.word(i + 1) == "halvår") {
            let next = if word == "ett" { i + 2 } else { i + 1 };
            return Some((Length { count: 6, unit: "month", times: None, each: false }, next));
        }
        if word == "ett" && self.word(i + 1) == "halvt" && self.word(i + 2) == "år" {
            return Some((Length { count: 6, unit: "month", times: None, each: false }, i + 3));
        }
        let count = self.number(i)?;
        let mut at = i + 1;
        let mut times = None;
        let plus = |at: usize| self.sign(at, '+') || self.word(at) == "plus";
        while plus(at) {
            self.number(at + 1).filter(|n| *n == count)?;
            times = Some(times.unwrap_or(1) + 1);
            at += 2;
        }
        if self.sign(at, '(') && self.number(at + 1).is_some() && self.sign(at + 2, ')') {
            at += 3;
        }
        let unit = self.unit(at)?;
        at = self.stop_of_unit(at);
        while plus(at) && self.number(at + 1) == Some(count) && self.unit(at + 2) == Some(unit) {
            times = Some(times.unwrap_or(1) + 1);
            at = self.stop_of_unit(at + 2);
        }
        let each = self.word(at) == "i" && matches!(self.word(at + 1), "taget" | "sänder" | "stöten");
        if each {
            at += 2;
        } else if matches!(self.word(at), "åt") && self.word(at + 1) == "gången" {
            return Some((Length { count, unit, times, each: true }, at + 2));
        }
        Some((Length { count, unit, times, each }, at))
    }

    fn stop_of_unit(&self, i: usize) -> usize {
        if self.word(i) == "mån" { self.stop(i + 1) } else { i + 1 }
    }

    /// The meaning of the tokens at `i`, and the token after them.
    fn sign_at(&mut self, i: usize) -> (Sign, usize) {
        if self.tokens.get(i).is_some_and(|token| self.reader.known.pass_over(token)) {
            return (Sign::Other, i + 1);
        }
        if let Some((sign, next)) = self.keyword(i) {
            return (sign, next);
        }
        if let Some((length, next)) = self.length(i) {
            if self.of_notice(next) {
                return (Sign::Other, next);
            }
            return (Sign::Lasts(length), next);
        }
        if let Some((point, next)) = self.points.at(i, self.year) {
            let next = next.max(i + 1);
            if let Some(short) = self.short_end(point, i, next) {
                return short;
            }
            self.year = point.year().or(self.year);
            return (Sign::At(point), next);
        }
        // "1–31 mars 2022", "210101–231231": what stands before the dash has no meaning of its own.
        if let Some(day) = self.tokens[i].num(1..=2).filter(|d| (1..=31).contains(d))
            && self.tokens.get(i + 1).is_some_and(|t| t.is_dash())
            && let Some((Point::Partial { month: Some(_), day: Some(_), .. }, _)) = self.points.at(i + 2, self.year)
        {
            return (Sign::At(Point::Partial { year: None, month: None, day: i8::try_from(day).ok() }), i + 1);
        }
        if let Some(point) = self.short_date(i) {
            return (Sign::At(point), i + 1);
        }
        if let Some((first, last, next)) = self.six_digits(i) {
            return (Sign::At(Point::Stretch { first, last, grain: Grain::Day }), next);
        }
        (Sign::Other, i + 1)
    }

    /// `2018-24` and `2023/2024`: a range in one.
    fn short_end(&mut self, point: Point, i: usize, next: usize) -> Option<(Sign, usize)> {
        let Point::Partial { year: Some(y), month: None, day: None } = point else { return None };
        if next != i + 1 || !self.tokens.get(next).is_some_and(|t| t.is_dash() && !t.spaced) {
            return None;
        }
        let after = self.tokens.get(next + 1).filter(|t| !t.spaced)?;
        let n = after.num(2..=2)? as i16;
        let ends = !self.tokens.get(next + 2).is_some_and(|t| {
            !t.spaced && (t.is_dash() || t.is('/') || t.is('.') && self.tokens.get(next + 3).is_some_and(|t| !t.spaced))
        });
        let coded = i > 0 && (self.tokens[i - 1].is('/') || self.word(i - 1) == "dnr" || !self.tokens[i].spaced);
        if n <= y % 100 || !ends || coded {
            return None;
        }
        let end = y / 100 * 100 + n;
        self.year = Some(end);
        let stretch =
            Point::Stretch { first: Date::new(y, 1, 1).ok()?, last: Date::new(end, 12, 31).ok()?, grain: Grain::Year };
        Some((Sign::At(stretch), next + 2))
    }

    /// `2023/2024` after a word that says that a period follows.
    fn pair_of_years(&self, i: usize) -> Option<(Sign, usize)> {
        let (first, second, next) = self.points.two_years(i).filter(|(a, b, _)| a != b)?;
        let (first, last) = (Date::new(first, 1, 1).ok()?, Date::new(second, 12, 31).ok()?);
        self.sign(i + 1, '/').then_some((Sign::At(Point::Stretch { first, last, grain: Grain::Year }), next))
    }

    /// `fr.o.m. 240101`: six digits are a date only behind such a word.
    fn short_date(&self, i: usize) -> Option<Point> {
        let n = self.tokens.get(i)?.num(6..=6)?;
        let back = |k: usize| i.checked_sub(k).map_or("", |j| self.word(j));
        let led = [back(1), back(2)].iter().any(|w| matches!(*w, "m" | "med" | "from" | "tom"));
        let (year, month, day) = (i16::try_from(n / 10000).ok()?, n / 100 % 100, n % 100);
        let date = Date::new(2000 + year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        (led && year < 40).then(|| Point::Partial {
            year: Some(date.year()),
            month: Some(date.month()),
            day: Some(date.day()),
        })
    }

    /// `210101–231231`.
    fn six_digits(&self, i: usize) -> Option<(Date, Date, usize)> {
        let date = |i: usize| {
            let n = self.tokens.get(i)?.num(6..=6)?;
            let year = 2000 + i16::try_from(n / 10000).ok()?;
            if year > 2039 {
                return None;
            }
            Date::new(year, i8::try_from(n / 100 % 100).ok()?, i8::try_from(n % 100).ok()?).ok()
        };
        let (first, last) = (date(i)?, date(i + 2)?);
        (self.tokens.get(i + 1)?.is_dash() && first < last).then_some((first, last, i + 3))
    }

    /// Whether an agreement is named a few words before.
    fn of_agreement(&self, i: usize) -> bool {
        (i.saturating_sub(8)..i).any(|j| self.reader.agreement_words.contains(self.word(j)))
    }

    /// Whether a length that ends before `next` is that of a notice: "med sex månaders ömsesidig uppsägning", "varsel".
    fn of_notice(&self, next: usize) -> bool {
        let owned = next.checked_sub(1).map_or("", |i| self.word(i));
        matches!(owned, "månaders" | "månads" | "års" | "dagars" | "veckors")
            && (next..next + 3).any(|i| matches!(self.word(i), "uppsägning" | "varsel"))
    }

    /// Signal words.
    fn keyword(&self, i: usize) -> Option<(Sign, usize)> {
        let token = &self.tokens[i];
        if token.is_dash() {
            // Two hyphens are a dash.
            let double = self.tokens.get(i + 1).is_some_and(|t| t.is_dash() && !t.spaced);
            return Some((Sign::Dash, if double { i + 2 } else { i + 1 }));
        }
        if token.is(',') {
            return Some((Sign::Comma, i + 1));
        }
        let (word, second, third) = (self.word(i), self.word(i + 1), self.word(i + 2));
        if word.is_empty() {
            return None;
        }
        if let Some(next) = self
            .letters(i, &["fr", "o", "m"])
            .or_else(|| self.letters(i, &["from"]))
            .or_else(|| self.letters(i, &["fr", "om"]))
        {
            return Some((Sign::From, next));
        }
        if let Some(next) = self.letters(i, &["t", "o", "m"]).or_else(|| self.letters(i, &["tom"])) {
            return Some((Sign::Until(true), next));
        }
        if self.reader.plural_words.contains(word) {
            return Some((Sign::Several, i + 1));
        }
        if self.reader.agreement_words.contains(word) {
            return Some((Sign::Agreement, i + 1));
        }
        Some(match (word, second, third) {
            ("från", "och", "med") => (Sign::From, i + 3),
            ("från", ..) => (Sign::From, i + 1),
            ("med", "start" | "början", _) => (Sign::From, i + 2),
            ("dock", "tidigast", _) => (Sign::From, i + 2),
            ("tog", "över", "driften" | "verksamheten" | "uppdraget" | "skötseln") => (Sign::Begin, i + 3),
            ("sedan", ..) => (Sign::Since, i + 1),
            ("till", "och", "med") => (Sign::Until(true), i + 3),
            ("fram", "till", "och") if self.word(i + 3) == "med" => (Sign::Until(true), i + 4),
            ("fram", "till", _) => (Sign::Until(true), i + 2),
            ("till", "dess", _) => return None,
            ("till", ..) => (Sign::Until(false), i + 1),
            ("tills", "vidare", _) => (Sign::TillsVidare, i + 2),
            ("tillsvidare", ..) => (Sign::TillsVidare, i + 1),
            ("och" | "samt", ..) => (Sign::And, i + 1),
            ("mellan", ..) => (Sign::Between, i + 1),
            ("om" | "såvida" | "därest" | "ifall", ..) if token.capital => (Sign::If, i + 1),
            ("avser" | "avsåg", ..) => (Sign::Regards, i + 1),
            ("åren" | "perioden", ..) if self.pair_of_years(i + 1).is_some() => self.pair_of_years(i + 1)?,
            (
                "perioden" | "period" | "tiden" | "tidsperioden" | "avtalsperioden" | "åren" | "kalenderåren"
                | "kalenderåret" | "verksamhetsåren" | "verksamhetsåret" | "budgetåren" | "budgetåret",
                ..,
            ) => (Sign::Stretch, i + 1),
            ("vid", _, "tillfällen" | "tillfälle") if self.number(i + 1).is_some() => {
                (Sign::Times(self.number(i + 1)?), i + 3)
            }
            ("för" | "under" | "år" | "avseende" | "i" | "vid", ..) => {
                if let Some((point @ (Point::Stretch { .. } | Point::Signing), next)) = self.points.at(i, self.year) {
                    return Some((Sign::At(point), next));
                }
                if word == "under" && second == "året" {
                    let y = self.points.reference?;
                    let (first, last) = (Date::new(y, 1, 1).ok()?, Date::new(y, 12, 31).ok()?);
                    return Some((Sign::At(Point::Stretch { first, last, grain: Grain::Year }), i + 2));
                }
                (Sign::Over, i + 1)
            }
            ("högst" | "max" | "maximalt", ..) if self.number(i + 1).is_some() && third == "gånger" => {
                (Sign::Times(self.number(i + 1)?), i + 3)
            }
            ("gånger", ..) => (Sign::Times(self.number(i.checked_sub(1)?)?), i + 1),
            ("möjlighet" | "möjligheten" | "kan" | "får" | "rätt", ..) => (Sign::May, i + 1),
            ("inte" | "ej" | "icke", ..) => (Sign::Not, i + 1),
            ("automatiskt", ..) => (Sign::Automatic, i + 1),
            (
                "nyttja" | "nyttjar" | "nyttjas" | "nyttjades" | "nyttjat" | "utnyttja" | "utnyttjar" | "utnyttjas"
                | "utnyttjades" | "utlösa" | "utlöser",
                ..,
            ) => (Sign::Use, i + 1),
            (
                "förlängning"
                | "förlängningen"
                | "förlängas"
                | "förlänga"
                | "option"
                | "optionen"
                | "förlängningsoption",
                ..,
            ) => (Sign::Extend(Form::Possible), i + 1),
            ("förlängningar" | "förlängningarna" | "optioner" | "optionerna", ..) => {
                (Sign::Extend(Form::Several), i + 1)
            }
            ("förlängdes" | "förlängts" | "förlängt" | "förlängde", ..) => (Sign::Extend(Form::Used), i + 1),
            ("förlängs" | "förlänges" | "förlänger", ..) => (Sign::Extend(Form::Present), i + 1),
            ("träder" | "trädde" | "träda", "i", "kraft") => (Sign::Begin, i + 3),
            ("börjar" | "började" | "börja", "gälla" | "löpa", _) => (Sign::Begin, i + 2),
            ("startar" | "startade" | "påbörjas" | "påbörjades" | "inleds" | "inleddes", ..)
                if self.of_agreement(i) =>
            {
                (Sign::Begin, i + 1)
            }
            ("upphörande", "den" | "per", _) => (Sign::Ends, i + 1),
            (
                "ingick" | "ingicks" | "ingåtts" | "ingått" | "tecknades" | "tecknade" | "tecknats" | "tecknat"
                | "ingås",
                ..,
            ) => (Sign::Begin, i + 1),
            ("löper" | "löpte" | "löpt", "ut", _) => (Sign::Ends, i + 2),
            ("gå" | "går" | "gick" | "gått", "ut", _) => (Sign::Ends, i + 2),
            ("upphör" | "upphörde" | "upphört" | "upphöra", "att", "gälla") => (Sign::Ends, i + 3),
            ("upphör" | "upphörde" | "upphört" | "upphöra" | "avslutades" | "avslutas" | "avslutats", ..) => {
                (Sign::Ends, i + 1)
            }
            ("sades" | "sagts" | "sägs" | "sa" | "sade", "upp", _) => (Sign::GivenNotice, i + 2),
            ("uppsägningstid" | "uppsägningstiden", ..) => (Sign::NoticeTime, i + 1),
            (
                "gäller" | "gällde" | "gällt" | "gälla" | "giltig" | "giltigt" | "löper" | "löpte" | "löpt" | "löpa"
                | "avtalstid" | "avtalstiden" | "avtalsperiod" | "omfattar" | "giltighetstid" | "giltighet"
                | "giltighetstiden" | "löptid" | "tidsperiod",
                ..,
            ) => (Sign::Valid, i + 1),
            ("senast" | "före" | "innan", ..) => (Sign::By, i + 1),
            ("samverkat" | "samverkar" | "samarbetat" | "samarbetar" | "samarbete" | "bedrivit", ..) => {
                (Sign::Cooperate, i + 1)
            }
            _ if self.reader.programme_words.iter().any(|p| word.ends_with(p.as_str())) => (Sign::Programme, i + 1),
            _ => return None,
        })
    }
}

/// What is known while a sentence is read.
struct Machine<'i, 'o> {
    items: &'i [Item],
    out: &'o mut Readings,
    /// Readings before this index belong to earlier sentences.
    first: usize,
    /// An extension being read, and its span.
    draft: Option<(Draft, Span)>,
    /// The last length, not yet used, and the item it stands at.
    length: Option<(Length, usize)>,
    /// A start waiting for its end: index in `out.periods`.
    open_start: Option<usize>,
    begin: Option<usize>,
    ends: bool,
    notice: bool,
    valid: bool,
    may: bool,
    using: bool,
    by: bool,
    programme: Option<usize>,
    agreement: Option<usize>,
    cooperate: bool,
    several: bool,
    tills_vidare: Option<Span>,
    /// The sentence says what happens on a condition.
    conditional: bool,
}

impl Machine<'_, '_> {
    /// Reads one sentence; returns the reading whose end the next sentence may give.
    fn run(items: &[Item], out: &mut Readings, open_start: Option<usize>) -> Option<usize> {
        if items.is_empty() {
            return open_start;
        }
        let first = out.periods.len();
        let mut m = Machine {
            items,
            out,
            first,
            draft: None,
            length: None,
            open_start,
            begin: None,
            ends: false,
            notice: false,
            valid: false,
            may: false,
            using: false,
            by: false,
            programme: None,
            agreement: None,
            cooperate: false,
            several: false,
            tills_vidare: None,
            conditional: false,
        };
        let mut k = 0;
        while k < items.len() {
            k = m.step(k);
        }
        m.finish();
        m.open_start.filter(|&i| i >= first)
    }

    fn sign(&self, k: usize) -> Option<Sign> {
        self.items.get(k).map(|i| i.sign)
    }

    fn before(&self, k: usize) -> Option<Sign> {
        k.checked_sub(1).and_then(|k| self.sign(k))
    }

    /// Skips words that only say that a period follows.
    fn skip(&self, mut k: usize) -> usize {
        while matches!(self.sign(k), Some(Sign::Stretch | Sign::Over)) {
            k += 1;
        }
        k
    }

    fn point(&self, k: usize) -> Option<Point> {
        match self.sign(k)? {
            Sign::At(p) => Some(p),
            _ => None,
        }
    }

    /// How a reading that begins at item `k` hangs together with an agreement.
    fn tie(&self, k: usize) -> Tie {
        // "överenskommelsen (om IOP) för 2024": up to two other words between.
        let close = self.agreement.is_some_and(|a| {
            k > a
                && self.items[a + 1..k]
                    .iter()
                    .all(|i| matches!(i.sign, Sign::Over | Sign::Stretch | Sign::From | Sign::Between))
        });
        if close {
            Tie::Direct
        } else if self.valid || self.begin.is_some() || self.ends {
            Tie::Verb
        } else if self.agreement.is_some() {
            Tie::Sentence
        } else {
            Tie::None
        }
    }

    fn push(&mut self, from: usize, to: usize, sort: Sort) -> &mut Reading {
        let span = self.items[from].span.join(self.items[to].span);
        let tie = self.tie(from);
        let mut reading = Reading::new(span, sort);
        reading.tie = tie;
        let programme = self.programme.is_some_and(|p| {
            p < from
                && !self.items[p..from]
                    .iter()
                    .any(|i| matches!(i.sign, Sign::Agreement | Sign::Several | Sign::Begin | Sign::Valid))
        });
        if programme && sort != Sort::End {
            reading.sort = Sort::Programme;
        }
        self.out.periods.push(reading);
        let last = self.out.periods.len() - 1;
        &mut self.out.periods[last]
    }

    /// Handles the item at `k`; returns the next one.
    fn step(&mut self, k: usize) -> usize {
        let item = self.items[k];
        match item.sign {
            Sign::From | Sign::Since => return self.from(k),
            Sign::Until(strong) => return self.until(k, strong),
            Sign::Between => {
                let a = self.skip(k + 1);
                if let Some(p) = self.point(a) {
                    return self.range(k, a, p, true).unwrap_or(a + 1);
                }
            }
            Sign::At(p) => return self.at(k, p),
            Sign::Lasts(length) => self.lasts(k, length),
            Sign::Times(n) => {
                if let Some((draft, span)) = &mut self.draft {
                    draft.times = Some(n);
                    *span = span.join(item.span);
                }
            }
            Sign::Extend(form) => self.extend(k, form),
            Sign::Automatic => {
                if let Some((draft, _)) = &mut self.draft {
                    draft.automatic = true;
                }
            }
            Sign::TillsVidare => self.tills_vidare = Some(item.span),
            Sign::Begin => self.begin = Some(k),
            Sign::Ends => {
                self.ends = true;
                self.valid = false;
            }
            Sign::GivenNotice => {
                self.notice = true;
                // "förlängs med ett år om det inte sägs upp": by itself, not because somebody did so.
                if self.before(k) == Some(Sign::Not)
                    && let Some((draft, _)) = self.draft.as_mut().filter(|(d, _)| d.form == Form::Present)
                {
                    draft.automatic = true;
                }
            }
            Sign::NoticeTime => self.notice_time(k),
            Sign::Valid => self.valid = true,
            Sign::May => self.may = true,
            // "Optionen kommer inte att nyttjas": it was possible, no more.
            Sign::Use if (1..=3).any(|b| k.checked_sub(b).and_then(|i| self.sign(i)) == Some(Sign::Not)) => {
                if let Some((draft, _)) = &mut self.draft {
                    draft.form = Form::Possible;
                }
            }
            Sign::Use => {
                self.using = true;
                if let Some((draft, _)) = &mut self.draft
                    && draft.length.is_none()
                    && draft.until.is_none()
                {
                    draft.form = Form::Used;
                }
            }
            Sign::Not => {
                // "förlängs inte".
                if matches!(self.before(k), Some(Sign::Extend(_) | Sign::Automatic)) {
                    self.draft = None;
                }
                // "Optionen om ett år nyttjas inte": it was possible, no more.
                if self.before(k) == Some(Sign::Use) {
                    self.using = false;
                    if let Some((draft, _)) = &mut self.draft {
                        draft.form = Form::Possible;
                    }
                }
            }
            Sign::By => self.by = true,
            Sign::Agreement => self.agreement = Some(k),
            Sign::Several => {
                self.agreement = Some(k);
                self.several = true;
            }
            Sign::Programme => self.programme = Some(k),
            Sign::Cooperate => self.cooperate = true,
            Sign::If => self.conditional = true,
            Sign::Regards => self.valid |= self.agreement.is_some(),
            Sign::Dash | Sign::And | Sign::Comma | Sign::Over | Sign::Stretch | Sign::Other => {}
        }
        k + 1
    }

    /// "från och med A [till och med B]", "sedan A".
    fn from(&mut self, k: usize) -> usize {
        let a = self.skip(k + 1);
        let Some(p) = self.point(a) else { return k + 1 };
        if let Some(next) = self.range(k, a, p, false) {
            return next;
        }
        let overall = self.items[k].sign == Sign::Since;
        if p == Point::Signing {
            self.open_start = Some(self.out.periods.len());
            let lasts = self.length.take().filter(|_| self.draft.is_none());
            let whole = lasts.map(|(_, at)| self.items[at].span);
            let reading = self.push(k, a, Sort::Open);
            reading.from_signing = true;
            reading.open_ended = lasts.is_none();
            reading.lasts = lasts.map(|(l, _)| (l.count, l.unit));
            if let Some(span) = whole {
                reading.span = reading.span.join(span);
            }
            return a + 1;
        }
        let Some(start) = p.as_start() else {
            self.impossible(a, p);
            return a + 1;
        };
        self.signed_before();
        let length = self.length.take().filter(|_| self.draft.is_none());
        let index = self.out.periods.len();
        let reading = self.push(k, a, if overall { Sort::Overall } else { Sort::Open });
        reading.start = Some(start);
        reading.open_ended = true;
        if let Some((length, at)) = length {
            self.lengthen(index, length, at);
        } else if !overall {
            self.open_start = Some(index);
        }
        a + 1
    }

    /// Gives a reading that has a start the end that its length means.
    fn lengthen(&mut self, index: usize, length: Length, at: usize) {
        let span = self.items[at].span;
        let Some(reading) = self.out.periods.get_mut(index) else { return };
        if let Some((start, grain)) = reading.start
            && let Some(end) = same_day_later(start, length.count, length.unit).and_then(|d| d.yesterday().ok())
        {
            reading.end = Some((end, grain));
            reading.open_ended = false;
            reading.sort = Sort::Range;
            reading.span = reading.span.join(span);
        }
    }

    /// A range whose first point `p` stands at `a`, whole expression from `k`; `None` if no second point follows.
    fn range(&mut self, k: usize, a: usize, p: Point, between: bool) -> Option<usize> {
        let joint = self.sign(a + 1)?;
        let joined = match joint {
            Sign::Until(_) | Sign::Dash => true,
            Sign::And => between,
            _ => false,
        };
        if !joined {
            return None;
        }
        let b = self.skip(a + 2);
        let q = self.point(b)?;
        let p = p.completed_by(q);
        let span = self.items[k].span.join(self.items[b].span);
        if p.is_impossible() || q.is_impossible() {
            self.impossible(a, p);
            self.impossible(b, q);
            let reading = self.push(k, b, Sort::Range);
            reading.start = p.as_start();
            reading.end = q.as_end();
            return Some(b + 1);
        }
        let (start, end) = (p.as_start(), q.as_end());
        let signing = p == Point::Signing;
        if (start.is_none() && !signing) || end.is_none() {
            return None;
        }
        // "2011-2" and counts are no years; two years apart by a dash must grow.
        if p.is_year() && q.is_year() && joint == Sign::Dash && start.map(|s| s.0) > end.map(|e| e.0) {
            return None;
        }
        self.signed_before();
        let overall = between && self.cooperate && !self.valid && self.begin.is_none();
        let using = self.draft.as_ref().is_some_and(|(d, _)| d.used()) || (self.using && self.draft.is_some());
        let reading = self.push(k, b, if overall { Sort::Overall } else { Sort::Range });
        reading.start = start;
        reading.end = end;
        reading.from_signing = signing;
        if using {
            let (mut draft, _) = self.draft.take()?;
            draft.form = Form::Used;
            draft.until = end;
            if draft.length.is_none() {
                draft.length = start.zip(end).and_then(|((s, _), (e, _))| whole_length(s, e));
            }
            if let Some(reading) = self.out.periods.last_mut() {
                reading.extension = Some(draft.finish(Some(reading)));
                reading.span = span;
                reading.place_extension(span);
            }
        }
        self.open_start = None;
        Some(b + 1)
    }

    /// "tecknades den A och gäller från och med B till och med C": A is the day of signing.
    fn signed_before(&mut self) {
        if let Some(open) = self.open_start.take()
            && let Some(reading) = self.out.periods.get_mut(open)
            && reading.begun
        {
            reading.sort = Sort::Signed;
            reading.open_ended = false;
        }
    }

    /// "till och med B".
    fn until(&mut self, k: usize, strong: bool) -> usize {
        let b = self.skip(k + 1);
        let Some(q) = self.point(b) else { return k + 1 };
        let Some(end) = q.as_end() else {
            self.impossible(b, q);
            return b + 1;
        };
        let span = self.items[k].span.join(self.items[b].span);
        if let Some((draft, whole)) = &mut self.draft {
            draft.until = draft.until.or(Some(end));
            *whole = whole.join(span);
            return b + 1;
        }
        if self.by && !strong {
            return b + 1;
        }
        if !(strong || self.valid || self.ends || self.begin.is_some()) {
            return b + 1;
        }
        self.close(k, b, end, Sort::Range);
        b + 1
    }

    /// An end: joins the start that waits for it, else stands for itself.
    fn close(&mut self, k: usize, b: usize, end: (Date, Grain), sort: Sort) {
        let span = self.items[k].span.join(self.items[b].span);
        if let Some(index) = self.open_start.take()
            && let Some(reading) = self.out.periods.get_mut(index)
            && reading.end.is_none()
            && reading.start.is_none_or(|(s, _)| s <= end.0)
        {
            reading.end = Some(end);
            reading.open_ended = false;
            reading.sort = Sort::Range;
            reading.span = reading.span.join(span);
            if reading.tie < Tie::Verb {
                reading.tie = Tie::Verb;
            }
            return;
        }
        // "Överenskommelsen för 2024 löper ut den 31 december 2024."
        if sort == Sort::End
            && let Some(reading) = self.out.periods[self.first..].last_mut()
            && reading.sort == Sort::Whole
            && reading.tie == Tie::Direct
            && reading.end.is_some_and(|(e, _)| e.year() == end.0.year())
        {
            reading.end = Some(end);
            reading.span = reading.span.join(span);
            return;
        }
        self.push(k, b, sort).end = Some(end);
    }

    /// A point that no preposition of time governs.
    fn at(&mut self, k: usize, p: Point) -> usize {
        if let Some(next) = self.range(self.begin_of(k), k, p, false) {
            return next;
        }
        if p.is_impossible() {
            self.impossible(k, p);
            return k + 1;
        }
        let governed = matches!(self.before(k), Some(Sign::Over | Sign::Stretch));
        // After a used extension: "… och löpte ut i juni 2021".
        if let (Some((draft, span)), Some(end)) = (&mut self.draft, p.as_end())
            && (self.ends || self.notice)
            && draft.used()
        {
            draft.until = Some(end);
            *span = span.join(self.items[k].span);
            return k + 1;
        }
        if self.by && matches!(p, Point::Partial { day: Some(_), .. }) {
            if let Some(end) = p.as_end() {
                self.push(k, k, Sort::Deadline).end = Some(end);
            }
            self.by = false;
            return k + 1;
        }
        if (self.ends || self.notice)
            && let Some(end) = p.as_end()
        {
            self.close(k, k, end, Sort::End);
            self.ends = false;
            return k + 1;
        }
        if let Point::Stretch { first, last, grain } = p {
            let from = self.begin_of(k);
            let reading = self.push(from, k, Sort::Whole);
            reading.start = Some((first, grain));
            reading.end = Some((last, grain));
            return k + 1;
        }
        if governed && p.is_year() {
            return self.years(k);
        }
        if self.begin.is_some()
            && let Some(start) = p.as_start()
            && !p.is_year()
        {
            let from = self.begin.take().unwrap_or(k);
            let length = self.length.take();
            self.open_start = Some(self.out.periods.len());
            let index = self.out.periods.len();
            let reading = self.push(from, k, Sort::Open);
            reading.start = Some(start);
            reading.open_ended = true;
            reading.begun = true;
            reading.tie = Tie::Verb;
            if let Some((length, at)) = length {
                self.lengthen(index, length, at);
            }
        } else if self.items.get(k).is_some_and(|i| i.same_year)
            && matches!(p, Point::Partial { day: Some(_), .. })
            && let Some(end) = p.as_end()
        {
            self.push(k, k, Sort::End).end = Some(end);
        }
        k + 1
    }

    /// "för 2022, 2023 och 2024": each year for itself.
    fn years(&mut self, k: usize) -> usize {
        let mut at = k;
        let from = self.begin_of(k);
        let tie = self.tie(from);
        let mut begin = from;
        let first = self.out.periods.len();
        while let Some(p) = self.point(at).filter(|p| p.is_year()) {
            let reading = self.push(begin, at, Sort::Whole);
            reading.start = p.as_start();
            reading.end = p.as_end();
            reading.tie = tie;
            at += 1;
            let mut next = at;
            while matches!(self.sign(next), Some(Sign::Comma | Sign::And)) {
                next += 1;
            }
            if next == at || !self.point(next).is_some_and(Point::is_year) {
                break;
            }
            (at, begin) = (next, next);
        }
        // "överenskommelse för 2018 och 2019": one agreement over the years.
        let single = tie >= Tie::Sentence && !self.several && self.agreement.is_some();
        if single && self.out.periods.len() > first + 1 {
            let last = self.out.periods.split_off(first + 1).pop();
            if let (Some(one), Some(last)) = (self.out.periods.last_mut(), last)
                && one.start.map(|s| s.0) < last.end.map(|e| e.0)
            {
                one.end = last.end;
                one.span = one.span.join(last.span);
                one.sort = Sort::Range;
            }
        }
        at.max(k + 1)
    }

    /// The first item of the expression that the point at `k` belongs to: its prepositions.
    fn begin_of(&self, k: usize) -> usize {
        let mut from = k;
        while from > 0 && matches!(self.items[from - 1].sign, Sign::Over | Sign::Stretch) {
            from -= 1;
        }
        from
    }

    fn lasts(&mut self, k: usize, length: Length) {
        if let Some((draft, span)) = &mut self.draft {
            if draft.length.is_none() && !matches!(self.items.get(k + 1).map(|i| i.sign), Some(Sign::NoticeTime)) {
                draft.length = Some(length);
                *span = span.join(self.items[k].span);
            }
            return;
        }
        // "med en uppsägningstid om sex månader" is no term.
        if k.checked_sub(3).map_or(0..k, |from| from..k).any(|i| self.sign(i) == Some(Sign::NoticeTime)) {
            return;
        }
        self.length = Some((length, k));
        // "från och med A … i tre år".
        if self.valid
            && let Some(index) = self.open_start.filter(|&i| i >= self.first)
        {
            let signing = self.out.periods.get(index).is_some_and(|r| r.from_signing);
            if signing {
                // "från undertecknandet och två år framåt": the day itself stands elsewhere.
                let span = self.items[k].span;
                if let Some(r) = self.out.periods.get_mut(index) {
                    r.lasts = Some((length.count, length.unit));
                    r.open_ended = false;
                    r.span = r.span.join(span);
                }
            } else {
                self.lengthen(index, length, k);
            }
            self.open_start = None;
            self.length = None;
        }
    }

    fn extend(&mut self, k: usize, form: Form) {
        if self.before(k) == Some(Sign::Not) {
            return;
        }
        let span = self.items[k].span;
        let form = match form {
            Form::Possible if self.using => Form::Used,
            Form::Present | Form::Used if self.may && form == Form::Present => Form::Possible,
            form => form,
        };
        match &mut self.draft {
            Some((draft, whole)) => {
                if form == Form::Used {
                    draft.form = form;
                }
                *whole = whole.join(span);
            }
            None => {
                let mut draft = Draft::new(form);
                draft.automatic = self.conditional && form == Form::Present;
                let mut whole = span;
                // "ett års förlängning": the length stands before, with few words between.
                if let Some((length, at)) = self.length.filter(|(_, at)| k - at <= 2) {
                    draft.length = Some(length);
                    whole = whole.join(self.items[at].span);
                    self.length = None;
                }
                self.draft = Some((draft, whole));
            }
        }
    }

    /// "sades upp den 3 maj 2023 med sex månaders uppsägningstid".
    fn notice_time(&mut self, k: usize) {
        let Some((length, at)) = self.length.take().filter(|(_, at)| k - at <= 1) else { return };
        if !self.notice {
            return;
        }
        let span = self.items[at].span.join(self.items[k].span);
        if let Some(reading) = self.out.periods[self.first..].last_mut()
            && let Some((end, grain)) = reading.end
            && let Some(moved) = later_end(end, length.count, length.unit)
        {
            reading.end = Some((moved, grain));
            reading.span = reading.span.join(span);
        }
    }

    fn impossible(&mut self, k: usize, p: Point) {
        if p.is_impossible() {
            let note = Note::warning("impossible_date", "The calendar has no such day; no date is given for it.");
            self.out.notes.push(note.at(self.items[k].span));
        }
    }

    /// What only the end of the sentence settles: extensions and open terms.
    fn finish(&mut self) {
        if let Some(span) = self.tills_vidare {
            let first = self.first;
            match self.out.periods[first..].last_mut() {
                Some(r) if r.end.is_some() => {}
                Some(r) if r.sort == Sort::Open => {
                    r.open_ended = true;
                    r.span = r.span.join(span);
                }
                _ => {
                    let mut reading = Reading::new(span, Sort::Open);
                    reading.tie = self.tie(0).max(Tie::Sentence);
                    reading.open_ended = true;
                    self.out.periods.push(reading);
                }
            }
            self.open_start = None;
        }
        let Some((draft, span)) = self.draft.take() else { return };
        let first = self.first;
        if draft.used() {
            let mut reading = Reading::new(span, Sort::Extension);
            reading.tie = Tie::Verb;
            reading.end = draft.until;
            reading.extension = Some(draft.finish(None));
            self.out.periods.push(reading);
            return;
        }
        let empty = draft.length.is_none() && draft.until.is_none() && draft.times.is_none();
        if empty && !draft.automatic && !self.may {
            // A heading, or a word in passing.
            return;
        }
        // A possible extension belongs to the period before it, also in the sentence before.
        let host = self.out.periods.len().checked_sub(1).filter(|_| !empty).filter(|&i| {
            let r = &self.out.periods[i];
            r.extension.is_none() && r.end.is_some() && matches!(r.sort, Sort::Range) && (i >= first || first - i <= 1)
        });
        match host {
            Some(i) => {
                let reading = &mut self.out.periods[i];
                reading.extension = Some(draft.finish(Some(reading)));
                reading.place_extension(span);
                reading.span = reading.span.join(span);
            }
            None => {
                let mut reading = Reading::new(span, Sort::Extension);
                reading.tie = self.tie(0);
                reading.extension = Some(draft.finish(None));
                self.out.periods.push(reading);
            }
        }
    }
}

/// The length of a range of whole years or months.
fn whole_length(start: Date, end: Date) -> Option<Length> {
    let after = end.tomorrow().ok()?;
    if after.day() != start.day() {
        return None;
    }
    let months = i32::from(after.year() - start.year()) * 12 + i32::from(after.month() - start.month());
    let months = u32::try_from(months).ok().filter(|m| *m > 0)?;
    let (count, unit) = if months % 12 == 0 { (months / 12, "year") } else { (months, "month") };
    Some(Length { count, unit, times: None, each: false })
}
