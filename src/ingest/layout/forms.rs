//! Recognises the written forms a line can have: dates, addresses, page counts, item numbers.
//!
//! Each is read by hand, in one pass: compiling regular expressions for them cost many times what reading a short
//! document does. The tests hold each against the expression it stands for.

/// What is left of a line while it is read.
#[derive(Clone, Copy)]
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    /// Takes between `least` and `most` ASCII digits, as many as there are; none if there are more.
    fn digits(self, least: usize, most: usize) -> Option<(&'a str, Rest<'a>)> {
        let count = self.0.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.0.split_at_checked(count)?;
        (least..=most).contains(&count).then_some((digits, Rest(rest)))
    }

    /// Takes one character if it is as wanted.
    fn one(self, wanted: impl Fn(char) -> bool) -> Option<Rest<'a>> {
        self.0.strip_prefix(wanted).map(Rest)
    }

    /// Takes this text.
    fn eat(self, text: &str) -> Option<Rest<'a>> {
        self.0.strip_prefix(text).map(Rest)
    }

    /// Takes this ASCII text, in any case.
    fn eat_any_case(self, text: &str) -> Option<Rest<'a>> {
        let (head, rest) = self.0.split_at_checked(text.len())?;
        head.eq_ignore_ascii_case(text).then_some(Rest(rest))
    }

    /// Goes past white space.
    fn space(self) -> Rest<'a> {
        Rest(self.0.trim_start())
    }

    fn is_done(self) -> bool {
        self.0.is_empty()
    }
}

/// `2024-10-02`.
pub(super) fn is_iso_date(line: &str) -> bool {
    let read = || {
        let (_, rest) = Rest(line).digits(4, 4)?;
        let (_, rest) = rest.eat("-")?.digits(2, 2)?;
        let (_, rest) = rest.eat("-")?.digits(2, 2)?;
        Some(rest.is_done())
    };
    read().unwrap_or(false)
}

/// `112 25 Stockholm`, `S-112 25 Stockholm`.
pub(super) fn is_postal(line: &str) -> bool {
    let read = || {
        let line = Rest(line);
        let line = line.eat("SE-").or_else(|| line.eat("S-")).unwrap_or(line);
        let count = line.0.bytes().take_while(u8::is_ascii_digit).count();
        let rest = if count == 5 { line.digits(5, 5)?.1 } else { line.digits(3, 3)?.1.eat(" ")?.digits(2, 2)?.1 };
        let name = rest.eat(" ")?.one(char::is_uppercase)?.0;
        let letters = (1..=24).contains(&name.chars().count());
        Some(letters && name.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-'))
    };
    read().unwrap_or(false)
}

/// `Box 8189`, `Box 8189, 104 20 Stockholm`.
pub(super) fn is_box(line: &str) -> bool {
    let read = || {
        let rest = Rest(line).eat("Box ")?.one(|c| c.is_ascii_digit())?.0;
        let count = rest.bytes().take_while(|b| b.is_ascii_digit() || *b == b' ').count();
        let after = rest.get(count..)?;
        Some(count <= 7 && (after.is_empty() || after.starts_with(',')))
    };
    read().unwrap_or(false)
}

/// `Storgatan 6`, `Norra Tallvägen 12 B`, `Tallvägen 6-8`: up to four words and a number.
pub(super) fn is_street(line: &str) -> bool {
    // A letter of the entrance, a number up to which.
    let ending = |rest: Rest<'_>| {
        let to = |rest: Rest<'_>| rest.eat("-").and_then(|r| r.digits(1, 3)).is_some_and(|(_, r)| r.is_done());
        let letter = rest.one(|c| c.is_ascii_uppercase()).unwrap_or(rest);
        letter.is_done() || to(letter)
    };
    let number = |word: &str| Rest(word).digits(1, 4).is_some_and(|(_, rest)| ending(rest));
    let entrance = |word: &str| word.starts_with(|c: char| c.is_ascii_uppercase()) && ending(Rest(word));
    let plain = |word: &str| Rest(word).digits(1, 4).is_some_and(|(_, rest)| rest.is_done());
    let first = |word: &str| {
        word.starts_with(char::is_uppercase)
            && word.chars().nth(2).is_some()
            && word.chars().skip(1).all(|c| c.is_alphabetic() || matches!(c, ':' | '.' | '-'))
    };
    let further = |word: &str| {
        word.starts_with(char::is_alphabetic) && word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-'))
    };
    let Some((mut name, last)) = line.rsplit_once(' ') else { return false };
    if entrance(last)
        && let Some((before, word)) = name.rsplit_once(' ')
        && plain(word)
    {
        name = before;
    } else if !number(last) {
        return false;
    }
    let mut words = name.split(' ');
    words.next().is_some_and(first) && words.clone().count() <= 3 && words.all(further)
}

/// `www.tallmo.se`, `start.stockholm/sida`: a web address and nothing else.
pub(super) fn is_web(line: &str) -> bool {
    const ENDS: [&str; 7] = ["se", "nu", "com", "org", "net", "eu", "stockholm"];
    let line = line.strip_prefix("https://").or_else(|| line.strip_prefix("http://")).unwrap_or(line);
    let (host, path) = line.split_once('/').unwrap_or((line, ""));
    let label = |l: &str| !l.is_empty() && l.chars().all(|c| c.is_alphabetic() || c.is_ascii_digit() || c == '-');
    host.rsplit_once('.').is_some_and(|(name, end)| ENDS.contains(&end) && name.split('.').all(label))
        && !path.contains(char::is_whitespace)
}

/// Number, total and whether a word stands before, of `Sida 2 (3)`, `2(43)`, `1[2]`, `1 av 22`, `1/6`, `7`.
pub(super) fn page_count(line: &str) -> Option<(&str, Option<&str>, bool)> {
    const WORDS: [&str; 6] = ["sidan", "sida", "sid.", "sid", "page", "s."];
    let word = WORDS.iter().find_map(|w| Rest(line).eat_any_case(w));
    let rest = word.unwrap_or(Rest(line)).space();
    let rest = rest.eat(":").unwrap_or(rest).space();
    let (number, after) = rest.digits(1, 4)?;
    if after.is_done() {
        return Some((number, None, word.is_some()));
    }
    let rest = after.space();
    let within = |open: &str, close: &str| {
        let (total, rest) = rest.eat(open)?.space().digits(1, 4)?;
        rest.space().eat(close).filter(|r| r.is_done()).map(|_| total)
    };
    let slash = || rest.eat("/")?.space().digits(1, 4).filter(|(_, r)| r.is_done()).map(|(total, _)| total);
    let spelled = || {
        let rest = rest.eat_any_case("av").or_else(|| rest.eat_any_case("of"))?;
        let (total, rest) = rest.one(char::is_whitespace)?.space().digits(1, 4)?;
        rest.is_done().then_some(total)
    };
    let total = within("(", ")").or_else(|| within("[", "]")).or_else(slash).or_else(spelled)?;
    Some((number, Some(total), word.is_some()))
}

/// True if a line begins with an item's number or letter: `1.`, `2.1)`, `a)`, `(b)`, `(3)`, `iv.`, `a. först`.
pub(super) fn is_numbered(line: &str) -> bool {
    let line = Rest(line);
    let stop = |rest: Rest<'_>| rest.one(|c| matches!(c, '.' | ')')).is_some_and(goes_on);
    let number = || {
        let (_, rest) = line.digits(1, 2)?;
        let sub = rest.eat(".").and_then(|r| r.digits(1, 2)).is_some_and(|(_, r)| stop(r));
        Some(stop(rest) || sub)
    };
    let bracketed = || {
        let open = line.eat("(");
        let letter = open.unwrap_or(line).one(|c| c.is_ascii_lowercase() || matches!(c, 'å' | 'ä' | 'ö'));
        let inside = letter.or_else(|| open.and_then(|r| r.digits(1, 2)).map(|(_, r)| r));
        inside?.eat(")").map(goes_on)
    };
    let roman = || {
        let count = line.0.bytes().take_while(|b| matches!(b, b'i' | b'v' | b'x')).count();
        (1..=4).contains(&count).then(|| line.0.get(count..).is_some_and(|r| stop(Rest(r))))
    };
    let lettered = || {
        let rest = line.one(|c| ('a'..='h').contains(&c))?.eat(".")?.one(char::is_whitespace)?.space();
        Some(rest.0.chars().take_while(|c| c.is_alphabetic()).take(3).count() == 3)
    };
    [number(), bracketed(), roman(), lettered()].contains(&Some(true))
}

/// True if white space and something more follow.
fn goes_on(rest: Rest<'_>) -> bool {
    rest.one(char::is_whitespace).is_some_and(|r| !r.space().is_done())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use regex::Regex;
    use std::sync::LazyLock;

    type Form = fn(&str) -> bool;

    /// The expressions that the functions stand for.
    static FORMS: LazyLock<Vec<(Form, Regex)>> = LazyLock::new(|| {
        let all: [(Form, &str); 7] = [
            (is_iso_date, r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
            (is_postal, r"^(?:SE?-)?[0-9]{3} ?[0-9]{2} \p{Lu}[\p{L} -]{1,24}$"),
            (is_box, r"^Box [0-9][0-9 ]{0,7}(?:,.*)?$"),
            (is_street, r"^\p{Lu}[\p{L}:.-]{2,}(?: \p{L}[\p{L}.-]*){0,3} [0-9]{1,4}(?: ?[A-Z])?(?:-[0-9]{1,3})?$"),
            (
                is_web,
                r"^(?:https?://)?(?:www\.)?[\p{L}0-9-]+(?:\.[\p{L}0-9-]+)*\.(?:se|nu|com|org|net|eu|stockholm)(?:/\S*)?$",
            ),
            (
                |l| page_count(l).is_some(),
                r"^(?i-u:(sidan?|sid\.?|s\.|page)?\s*:?\s*)([0-9]{1,4})(?:\s*(?:\(\s*([0-9]{1,4})\s*\)|\[\s*([0-9]{1,4})\s*\]|/\s*([0-9]{1,4})|(?i-u:av|of)\s+([0-9]{1,4})))?$",
            ),
            (
                is_numbered,
                r"^(?:[0-9]{1,2}(?:\.[0-9]{1,2})?[.)]|\(?[a-zåäö]\)|\([0-9]{1,2}\)|[ivx]{1,4}[.)])\s+\S|^[a-h]\.\s+\p{L}{3}",
            ),
        ];
        all.map(|(f, pattern)| (f, Regex::new(pattern).unwrap())).into()
    });

    /// Pieces that lines of these forms are made of.
    const PIECES: &str = "2024|10|02|1|234|56|-|–| |S-|SE-|Å|Tall|Norra|Box|,|:|.|www.|https://|/|se|stockholm|Sida|sid|S|s|page|(|)|[|]|av|OF|a|b|ö|iv|x|B|tallmo|@";

    fn agree(line: &str) {
        for (i, (form, regex)) in FORMS.iter().enumerate() {
            assert_eq!(form(line), regex.is_match(line), "form {i}: {line:?}");
        }
    }

    #[test]
    fn are_as_their_expressions_say() {
        for line in [
            "2024-10-02",
            "112 25 Stockholm",
            "SE-11225 Ö",
            "S-112 25 Ås",
            "Box 8189",
            "Box 8189, 104 20 Ort",
            "Box 81 ab",
            "Tallvägen 6",
            "Norra Tallvägen 12 B",
            "Tallvägen 6-8",
            "Tallvägen 6 B-8",
            "Tallvägen 6B-8",
            "Ek 6",
            "Sankta Annas väg upp dit 6",
            "Uppföljning 2022",
            "www.se",
            "start.stockholm",
            "https://tallmo.se/a b",
            "http://tallmo.se/a",
            "tallmo..se",
            "Sida 2 (3)",
            "2(43)",
            "SID. 1 [ 28 ]",
            "Sida: 1 av 22",
            "1/ 6",
            "7",
            "7 ",
            "1 of3",
            "sidan 3",
            "s.4",
            "s 4",
            "page 3",
            "1. Nämnden",
            "2.1 x",
            "2.1. x",
            "2.1) x",
            "2.1.1 x",
            "a) x",
            "(a) x",
            "(12) x",
            "iv. x",
            "xi) x",
            "ivxiv. x",
            "a. det",
            "a. de",
            "i. det",
            "1.",
            "1. ",
            "123. x",
            "(1. x",
        ] {
            agree(line);
        }
    }

    proptest! {
        #[test]
        fn agree_on_lines_of_such_pieces(line in prop::collection::vec(prop::sample::select(PIECES.split('|').collect::<Vec<_>>()), 0..9)) {
            agree(&line.concat());
        }
    }
}
