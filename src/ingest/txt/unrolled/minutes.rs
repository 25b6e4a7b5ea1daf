//! Lines of minutes whose pages stand on one line each: the form they begin with, and their items.
//!
//! The form has labels of its own vocabulary and no prose, so a label begins a line wherever it stands; in lists of people a line
//! begins with each name. Items are told by their sign or, where copies lost it, by numbers that grow by one.

use std::collections::{BTreeMap, BTreeSet};

use super::{Page, ends_body, is_number, is_party, starts_line};
use crate::lexicon::Lexicon;

/// How far into a page its form begins at most, in words.
const FORM_BEGINS: usize = 160;
/// Most words of a label of the form.
const LABEL_WORDS: usize = 6;
/// Most words of an item's title.
const TITLE_WORDS: usize = 40;
/// Where on a page the number of its first item stands at most, in words.
const FIRST_ITEM: usize = 16;
/// Most names without anything between them that are looked back over, in words.
const LONGEST_RUN: usize = 8;
/// How many words behind the beginning of a sentence its verb stands at most.
const VERB_WITHIN: usize = 3;

/// Words without which nothing of minutes is looked for.
const MARKS: [&str; 8] =
    ["§", "Plats", "Tid ", "Närvar", "Beslutande", "Ledamöter", "Utses att justera", "Underskrifter"];

/// What a label of the form opens.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Label {
    /// A list of people.
    People,
    /// One person.
    One,
    /// Those who adjust the minutes.
    Adjusters,
    /// Time and place.
    Time,
    /// Which items the minutes hold.
    Paragraphs,
    /// Signatures.
    Signatures,
    /// Something else.
    Other,
    /// A list of items: the form ends.
    Items,
}

/// What is known of the minutes from the pages read so far.
pub(super) struct Minutes {
    labels: BTreeMap<String, Label>,
    verbs: BTreeSet<String>,
    /// A page was the form.
    seen: bool,
    /// First and last item, as the form says.
    range: Option<(u32, u32)>,
    /// Number of the last item.
    last: Option<u32>,
    /// The page being read has a form, and its first label has been found.
    form: bool,
    inside: bool,
    people: bool,
    signing: bool,
    /// The page is a list of the items.
    listing: bool,
    /// Number of the next item of the list.
    listed: Option<u32>,
    /// First word of the value behind the last label.
    value: usize,
    /// First word of the title being read.
    title: Option<usize>,
}

impl Minutes {
    /// Whether a text has words of minutes.
    pub(super) fn may_be(text: &str) -> bool {
        MARKS.iter().any(|m| text.contains(m))
    }

    pub(super) fn new(lex: &Lexicon) -> Self {
        let words = &lex.meetings;
        let mut labels = BTreeMap::new();
        let mut add = |list: &[String], label: Label| {
            for l in list {
                labels.entry(key(l)).or_insert(label);
            }
        };
        for a in &words.attendance {
            add(&a.labels, if a.of_one { Label::One } else { Label::People });
        }
        add(&words.adjusters, Label::Adjusters);
        add(&words.time, Label::Time);
        add(&words.place, Label::Time);
        add(&words.form, Label::Other);
        add(&words.stops, Label::Other);
        for (text, label) in &mut labels {
            *label = match text.as_str() {
                "underskrifter" | "underskrift" | "signaturer" | "vid protokollet" => Label::Signatures,
                "paragrafer" | "paragraf" | "justerade paragrafer" | "omfattning" => Label::Paragraphs,
                "ärenden"
                | "ärende"
                | "ärendelista"
                | "föredragningslista"
                | "dagordning"
                | "innehåll"
                | "innehållsförteckning"
                | "ärendeförteckning" => Label::Items,
                _ => *label,
            };
        }
        for generic in [
            "protokoll",
            "sammanträdesprotokoll",
            "dnr",
            "diarienummer",
            "sida",
            "förvaltningen",
            "dag",
            "val av justerare",
        ] {
            labels.remove(generic);
        }
        Minutes {
            labels,
            verbs: words.verbs.iter().cloned().collect(),
            seen: false,
            range: None,
            last: None,
            form: false,
            inside: false,
            people: false,
            signing: false,
            listing: false,
            listed: None,
            value: 0,
            title: None,
        }
    }

    /// Looks at a page before its words are read.
    pub(super) fn open(&mut self, page: &Page) {
        (self.inside, self.people, self.signing, self.listing) = (false, false, false, false);
        (self.value, self.title, self.listed) = (0, None, None);
        let (mut time, mut people, mut adjusted, mut parties) = (false, false, false, 0);
        let far = if MARKS.iter().skip(1).any(|m| page.line.contains(m)) { FORM_BEGINS } else { 0 };
        for i in 0..page.words.len().min(far) {
            parties += usize::from(is_party(page.word(i).trim_end_matches(',')));
            let Some((n, label)) = self.label(page, i) else { continue };
            let name = key(page.text(i, i + n));
            match label {
                Label::Time => time = true,
                Label::People => {
                    people |= ["beslutande", "närvar", "ledam", "tjänstg", "ersätt", "övriga n", "övriga d"]
                        .iter()
                        .any(|w| name.starts_with(w));
                }
                Label::Adjusters => adjusted = true,
                Label::Signatures => adjusted |= name == "underskrifter",
                _ => {}
            }
        }
        self.form = time && (people || adjusted) || people && (adjusted || parties >= 2);
        self.seen |= self.form;
    }

    /// Reads what is the minutes' own at a word; the word to go on with.
    pub(super) fn step(&mut self, page: &mut Page, i: usize) -> Option<usize> {
        if let Some((from, to, value)) = self.item(page, i) {
            page.points += 2 * usize::from(page.begin < from);
            if from > 0 && is_drawn(page.word(from - 1)) {
                // A line drawn below the item before.
                page.begin_at(from - 1, true);
            }
            page.begin_at(from, true);
            (page.in_head, page.in_attendance) = (false, false);
            (self.form, self.inside, self.people) = (false, false, false);
            self.last = Some(value);
            self.title = Some(to);
            return Some(to);
        }
        if self.form {
            return self.in_form(page, i);
        }
        if self.listing {
            self.in_list(page, i);
        } else if let Some((n, Label::Items)) = self.label(page, i)
            && (whole(page.word(i + n)).is_some() || matches!(page.word(i + n), "1." | "§"))
        {
            page.begin_at(i, true);
            page.points += 2;
            return Some(self.take(page, i, i + n, Label::Items));
        }
        if self.title.is_some_and(|from| i > from) {
            self.in_title(page, i);
        }
        None
    }

    /// Another rule began a line with a heading or label: a title ends there; behind a diary number it begins.
    pub(super) fn cut(&mut self, from: usize, to: usize, number: bool) {
        self.title = self.title.filter(|title| number && *title == from).map(|_| to);
    }

    /// The longest label of the form that begins with a word.
    fn label(&self, page: &Page, i: usize) -> Option<(usize, Label)> {
        let first = page.word(i);
        if !first.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) {
            return None;
        }
        let before = i.checked_sub(1).map_or("", |b| page.word(b));
        if before.ends_with([',', '(', '/']) && !is_party(before.trim_end_matches(',')) || is_link(page, before) {
            return None;
        }
        (1..=LABEL_WORDS.min(page.words.len() - i)).rev().find_map(|n| {
            let text = page.text(i, i + n);
            let label = *self.labels.get(&key(text))?;
            let next = page.word(i + n);
            let colon = text.ends_with(':') || next == ":";
            let free = next.is_empty() || starts_line(next) || next.starts_with(['.', '_', '(', '…']);
            let named = name_word(next) && name_word(page.word(i + n + 1));
            let fits = match label {
                Label::One => self.signing || colon || named && self.inside,
                _ => colon || n > 1 || free,
            };
            fits.then_some((n, label))
        })
    }

    /// An item of a list of items: numbers that grow by one, each before a title.
    fn in_list(&mut self, page: &mut Page, i: usize) {
        let Some(value) = whole(page.word(i)) else { return };
        let before = i.checked_sub(1).map_or("", |b| page.word(b));
        let fits = self.listed.map_or(value > 0, |next| value == next);
        if !fits || !upper(page.word(i + 1)) || before.ends_with([',', '(', '/', '–']) || is_link(page, before) {
            return;
        }
        let board = is_board(before) && i > page.begin + 1;
        page.begin_at(if board { i - 1 } else { i }, false);
        page.points += 2 * usize::from(self.listed.is_some());
        self.listed = Some(value + 1);
    }

    fn in_form(&mut self, page: &mut Page, i: usize) -> Option<usize> {
        if let Some((n, label)) = self.label(page, i) {
            let before = i.checked_sub(1).map_or("", |b| page.word(b));
            page.points += 2 * usize::from(page.begin < i && !before.ends_with(['.', '!', '?', ':']));
            page.begin_at(i, label != Label::One);
            self.inside = true;
            return Some(self.take(page, i, i + n, label));
        }
        if !self.inside {
            return None;
        }
        let drawn = page.word(i).len() >= 5 && is_drawn(page.word(i)) && self.signing;
        if drawn || (self.people || self.signing) && self.person_begins(page, i) {
            page.begin_at(i, false);
        } else if starts_line(page.word(i)) && i > 0 && page.word(i - 1).ends_with('.') && page.cue(i).is_some() {
            // A heading behind a sentence: what follows is text.
            self.form = false;
            return None;
        }
        Some(i + 1)
    }

    /// Takes a label of the form with what is told by its shape.
    fn take(&mut self, page: &mut Page, from: usize, to: usize, label: Label) -> usize {
        let to = to + usize::from(page.word(to) == ":");
        self.value = to;
        match label {
            Label::People => {
                (self.people, self.signing) = (true, false);
                page.begin_at(to, false);
            }
            Label::One => {
                // "Justeringens tid/plats 23 maj Sekreterare Eva Ek Ordförande Bo Al": signed without a heading.
                self.signing |= !self.people;
                // "Sekreterare ......... §§ 45 – 50 Monika Råsnäs": the line to write on, and the name below it.
                let drawn = (to..).take_while(|k| is_drawn(page.word(*k))).count();
                let range = if self.signing { numbers(page, to + drawn) } else { 0 };
                self.range = self.range.or_else(|| range_of(page.text(to + drawn, to + drawn + range)));
                let end = to + drawn + range;
                if end > to {
                    page.begin_at(end, false);
                    self.value = end;
                }
                return end;
            }
            Label::Adjusters => self.people = false,
            Label::Time | Label::Other => {
                let name = key(page.text(from, to));
                (self.people, self.signing) = (false, self.signing && !name.starts_with("anslag"));
            }
            Label::Signatures => (self.people, self.signing) = (false, true),
            Label::Paragraphs => {
                self.people = false;
                let n = numbers(page, to);
                self.range = self.range.or_else(|| range_of(page.text(to, to + n)));
                if n > 0 {
                    page.begin_at(to + n, false);
                    self.value = to + n;
                }
                return to + n;
            }
            Label::Items => {
                (self.form, self.people, self.signing, self.listing) = (false, false, false, true);
                page.in_head = false;
                page.begin_at(to, true);
            }
        }
        to
    }

    /// Whether the entry of another person begins with a word of a list of people.
    fn person_begins(&self, page: &Page, i: usize) -> bool {
        let word = page.word(i);
        let start = page.begin.max(self.value);
        if i <= start || !name_word(word) || !self.name_follows(page, i) {
            return false;
        }
        let before = page.word(i - 1);
        let bare = before.trim_end_matches(',');
        let (comma, party) = (before.ends_with(','), is_party(bare));
        let counted = bare.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '–' | '§' | '.'));
        if is_link(page, before) || comma && !party && !counted {
            return false;
        }
        if party {
            // "(M), Huddinge Eva Ek (S)": where the member is from stands behind the comma.
            return !(comma && is_party(page.word(i + 3).trim_end_matches(',')) && name_word(page.word(i + 2)));
        }
        if counted || matches!(bare, "x" | "X") || before.starts_with(char::is_lowercase) || before.ends_with('.') {
            return true;
        }
        if is_acronym(bare) {
            return true;
        }
        // Names without anything between them: two words each, three with a title.
        let run = (start..i)
            .rev()
            .take(LONGEST_RUN)
            .take_while(|k| name_word(page.word(*k)) && !page.word(*k).ends_with(','))
            .count();
        let first = i - run;
        let attribute = first > start && page.word(first - 1).ends_with(',');
        let title = |k: usize| titled(page.lex, page.word(k));
        if attribute {
            return !title(start);
        }
        run >= 2 + usize::from(title(first))
    }

    /// Whether a name of two words begins here, after a title perhaps.
    fn name_follows(&self, page: &Page, i: usize) -> bool {
        let second = page.word(i + 1);
        let particle = matches!(second, "von" | "af" | "de" | "van" | "la");
        let plain = name_word(second.trim_end_matches([',', '.'])) || particle && name_word(page.word(i + 2));
        plain && (!titled(page.lex, page.word(i)) || name_word(page.word(i + 2).trim_end_matches([',', '.'])))
    }

    /// An item that begins with a word: the first word of its line, the word behind its number, and the number.
    fn item(&self, page: &Page, i: usize) -> Option<(usize, usize, u32)> {
        let word = page.word(i);
        if let Some(rest) = word.strip_prefix('§') {
            return self.signed_item(page, i, rest);
        }
        if matches!(word, "Punkt" | "PUNKT" | "Paragraf" | "PARAGRAF") && self.seen {
            let value = whole(page.word(i + 1))?;
            let follows = self.last.is_none_or(|last| value == last + 1) && value > 0;
            return (follows && upper(page.word(i + 2))).then_some((i, i + 2, value));
        }
        if !self.seen || self.form || self.listing {
            return None;
        }
        let value = whole(word)?;
        let before = i.checked_sub(1).map_or("", |b| page.word(b));
        let next = page.word(i + 1);
        let titled = next.starts_with(char::is_uppercase) && next.chars().nth(1).is_some_and(char::is_lowercase);
        if !titled || before.ends_with([',', '(', '/', '-', '–']) || is_link(page, before) {
            return None;
        }
        let in_range = self.range.is_none_or(|(a, b)| (a..=b).contains(&value));
        let expected = match (self.last, self.range) {
            (Some(last), _) => value == last + 1,
            (None, Some((first, _))) => value == first,
            (None, None) => value > 2 && i <= FIRST_ITEM && self.told(page, i, value),
        };
        (in_range && expected).then_some((i, i + 1, value))
    }

    /// `§ 12 Val`, `Kf § 12 Ks § 9 Val`, `§ 112 2 (8) Mötets öppnande`.
    fn signed_item(&self, page: &Page, i: usize, rest: &str) -> Option<(usize, usize, u32)> {
        let (number, to) = if rest.is_empty() { (page.word(i + 1), i + 2) } else { (rest, i + 1) };
        let digits = number.chars().take_while(char::is_ascii_digit).count();
        let tail = number.get(digits..)?;
        let of_year = tail.strip_prefix('/').is_some_and(|y| y.chars().all(|c| c.is_ascii_digit()));
        if digits == 0 || !(tail.is_empty() || of_year || tail.len() == 1 && tail.starts_with(char::is_lowercase)) {
            return None;
        }
        let value = number.get(..digits)?.parse().ok()?;
        let next = page.word(to);
        let formed = |w: &str| w.bytes().filter(u8::is_ascii_digit).count() >= 4 && w.contains(['/', '-', '.', ':']);
        let counted = whole(next).is_some() && page.word(to + 1).starts_with('(');
        if !(upper(next) || formed(next) || counted) {
            return None;
        }
        let mut from = i;
        let mut before = i.checked_sub(1).map_or("", |b| page.word(b));
        if is_board(before) {
            from = i - 1;
            before = from.checked_sub(1).map_or("", |b| page.word(b));
        }
        let in_text = before.ends_with([',', '(', ':', ';'])
            || is_link(page, before)
            // "Kf § 39 Ks § 91": the paragraph of a board that prepared the item.
            || from >= 2 && whole(before).is_some() && page.word(from - 2).starts_with('§')
            || from >= 1 && before.starts_with('§') && before.len() > 2;
        // "§ 89 Justerandes sign": the foot of a page.
        let in_text = in_text || matches!(next, "Justerandes" | "Justerares" | "Justerarens" | "Utdragsbestyrkande");
        // Who was there for which items: "kulturchef § 144 Eva Ek", "(M) § 94 Ersättare".
        let attended = self.form
            && self.inside
            && (name_word(next) && name_word(page.word(to + 1).trim_end_matches(','))
                || self.label(page, to).is_some());
        (!in_text && !attended).then_some((from, to, value))
    }

    /// Whether something says that a number that begins a page is an item's: a heading or the next number soon after.
    fn told(&self, page: &Page, i: usize, value: u32) -> bool {
        (i + 1..page.words.len().min(i + 120)).any(|k| {
            let word = page.word(k);
            whole(word) == Some(value + 1) && upper(page.word(k + 1))
                || k <= i + 25 && (word == "Dnr" || word == "Beslut" || word == "BESLUT" || word == "beslut")
        })
    }

    /// Ends a title where a sentence begins: "Val av justerare Eva Ek utses att …".
    fn in_title(&mut self, page: &mut Page, i: usize) {
        let Some(from) = self.title else { return };
        let before = page.word(i - 1);
        if before.ends_with(['.', '?', ':', '!']) || i - from > TITLE_WORDS {
            self.title = None;
            return;
        }
        let word = page.word(i);
        if !word.starts_with(char::is_uppercase)
            || before.ends_with([',', '-', '–', '(', '/'])
            || is_link(page, before)
            || before.starts_with(char::is_uppercase)
                && name_word(before)
                && i - from > 1
                && name_word(word)
                && self.verb(word).is_none()
                && !titled(page.lex, word)
                && !ends_body(page.lex, word)
        {
            return;
        }
        let says = (i..=i + VERB_WITHIN).find(|k| self.verb(page.word(*k)).is_some());
        let plain = says.is_some_and(|k| (i..k).all(|w| !page.word(w).ends_with(['.', ',', ':'])));
        if plain {
            page.begin_at(i, true);
            self.title = None;
        }
    }

    fn verb(&self, word: &str) -> Option<()> {
        self.verbs.contains(&word.to_lowercase()).then_some(())
    }
}

/// A label as compared.
fn key(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase().trim_end_matches([':', '.', '…']).trim_end().to_string()
}

/// How many words from one on say which items there are: `§§ 71–76`, `40 -- 49`, `31`.
fn numbers(page: &Page, from: usize) -> usize {
    let part = |w: &str| {
        !w.is_empty()
            && (w.chars().all(|c| c.is_ascii_digit() || matches!(c, '§' | '-' | '–' | '—' | ','))
                || matches!(w, "t.o.m." | "till" | "och"))
    };
    let n = (from..page.words.len()).take_while(|k| part(page.word(*k))).count();
    let digits = (from..from + n).any(|k| page.word(k).bytes().any(|b| b.is_ascii_digit()));
    if digits { n } else { 0 }
}

/// The first and the last number of a text, if they are of items.
fn range_of(text: &str) -> Option<(u32, u32)> {
    let mut found = text.split(|c: char| !c.is_ascii_digit()).filter_map(|d| d.parse::<u32>().ok());
    let first = found.next()?;
    let last = found.next_back().unwrap_or(first);
    (first <= last && last < 2000 && last - first < 300).then_some((first, last))
}

/// A number of up to four digits and nothing else.
fn whole(word: &str) -> Option<u32> {
    ((1..=4).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit())).then(|| word.parse().ok()).flatten()
}

fn upper(word: &str) -> bool {
    word.starts_with(|c: char| c.is_uppercase() || c == '”' || c == '"')
}

/// The letters of a board before a §: `Kf`, `KSAU`, `Sn`.
fn is_board(word: &str) -> bool {
    (2..=6).contains(&word.chars().count()) && upper(word) && word.chars().all(char::is_alphabetic)
}

/// A word that may be part of a name: a capital and letters, not in capitals alone.
fn name_word(word: &str) -> bool {
    let word = word.trim_end_matches([',', '.']);
    word.chars().count() >= 2
        && word.starts_with(char::is_uppercase)
        && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | 'é'))
        && word.chars().any(char::is_lowercase)
}

fn is_acronym(word: &str) -> bool {
    (2..=5).contains(&word.chars().count()) && word.chars().all(char::is_uppercase)
}

/// A word that keeps what follows with what stands before it.
fn is_link(page: &Page, word: &str) -> bool {
    matches!(word, "ersätter" | "ersatte" | "ers." | "tjg." | "tj" | "ej" | "hos" | "sid" | "sidan" | "se" | "nr")
        || word.starts_with(char::is_lowercase) && page.is_function_word(word)
}

/// A line to write on.
fn is_drawn(word: &str) -> bool {
    word.len() >= 2 && word.chars().all(|c| matches!(c, '.' | '_' | '…' | '-'))
}

/// Whether a word ends like an official's title: `Socialchef`.
fn titled(lex: &Lexicon, word: &str) -> bool {
    let word = word.to_lowercase();
    !is_number(&word)
        && lex.titles.endings.iter().any(|e| word.ends_with(e.as_str()) || word.ends_with(&format!("{e}n")))
}
