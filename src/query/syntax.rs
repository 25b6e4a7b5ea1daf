//! Reads what people type into a `Node`.
//!
//! | typed | meaning |
//! |---|---|
//! | `stöd unga` | both words, in any inflection |
//! | `"till handlingarna"` | these words as written, one after the other |
//! | `"teckna avtal"~3` | in this order, with at most three other words between them |
//! | `-bidrag`, `-"ett år"` | without it |
//! | `stöd OR bidrag`, `(a OR b) c` | at least one (`AND` between words is what holds anyway) |
//! | `förening*` | words that begin so |
//! | `förenning~`, `förenning~1` | words spelt nearly so: one letter changed in a short word, two in a long one, or as many as said |
//! | `title:stöd`, `title:"årlig uppföljning"` | in the title |
//! | `decision:avslår` | in a decision or its item's title; with other conditions on decisions, in one and the same |
//! | `district:järva`, `party:"Norra Klubben"` | a field's value: any of [`super::field::FIELDS`], by name or alias |
//! | `year:2019..2023`, `date:>=2024-01` | a range; `>`, `>=`, `<` and `<=` too |
//!
//! A diary number, an organisation number and `§ 12` are understood without quotes. Plain text is never an error: quotes and
//! brackets without their partner, lone dashes and colons are read as if they were not there, and [`slips`] tells of them. `name:value` with a name that no
//! field has is refused if it cannot be plain text.

use super::field::Form;
use super::{Field, Node};

/// Version of the query language. What was understood goes on being understood so; new signs raise it.
pub const VERSION: &str = "diarium/query/1";

/// Deepest nesting of brackets that is read; deeper ones are ignored.
const MAX_DEPTH: usize = 20;

/// Most words that are read; what comes after is ignored.
const MAX_WORDS: usize = 200;

/// Most slips that are told.
const MAX_SLIPS: usize = 4;

/// Most words between the words of a phrase.
const MAX_BETWEEN: u32 = 100;

/// Fewest letters of a name before a colon that is taken for a field's though no field has it: `iop:t`, `kl:10` and `sou:2016` are words.
const SHORTEST_UNKNOWN: usize = 4;

/// Reads a query.
pub fn parse(text: &str) -> Node {
    let tokens = tokens(text);
    let mut reader = Reader { tokens: &tokens, at: 0 };
    let mut all = Vec::new();
    // A closing bracket too many ends an expression early; the rest is read on.
    while reader.at < tokens.len() {
        all.push(reader.either(0));
        reader.at += 1;
    }
    and(all)
}

/// What was likely meant otherwise than it was read. Each says at which character of the query, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slip {
    /// A quote without its partner: all after it was read as one phrase.
    Quote(usize),
    /// An opening bracket without its partner: it was read as if closed at the end.
    Open(usize),
    /// A closing bracket without its partner: it was left out.
    Close(usize),
    /// `NOT` before a word, read as a word: the sign for that is a dash.
    Not(usize),
}

/// The slips of a query, in order.
pub fn slips(text: &str) -> Vec<Slip> {
    let mut found = Vec::new();
    let mut quote = None;
    let mut open = Vec::new();
    let mut word = String::new();
    for (c, at) in text.chars().chain([' ']).zip(1..) {
        if is_quote(c) {
            quote = if quote.is_none() { Some(at) } else { None };
        } else if quote.is_none() && c == '(' {
            open.push(at);
        } else if quote.is_none() && c == ')' && open.pop().is_none() {
            found.push((at, Slip::Close(at)));
        }
        if quote.is_none() && c.is_alphanumeric() {
            word.push(c);
            continue;
        }
        // Not one that ends the query, or that stands in a text all in capitals.
        let rest = || text.chars().skip(at).any(char::is_lowercase);
        if word == "NOT" && c.is_whitespace() && rest() {
            found.push((at - 3, Slip::Not(at - 3)));
        }
        word.clear();
    }
    found.extend(quote.map(|at| (at, Slip::Quote(at))));
    found.extend(open.into_iter().map(|at| (at, Slip::Open(at))));
    found.sort_unstable_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, slip)| slip).take(MAX_SLIPS).collect()
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Leaf { node: Node, not: bool },
    Open { not: bool },
    Close,
    Or,
}

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl Reader<'_> {
    /// Expressions parted by OR, up to a closing bracket.
    fn either(&mut self, depth: usize) -> Node {
        let mut ways = Vec::new();
        loop {
            let all = self.all(depth);
            ways.extend((all != Node::All).then_some(all));
            if self.tokens.get(self.at) != Some(&Token::Or) {
                break;
            }
            self.at += 1;
        }
        match ways.len() {
            0 => Node::All,
            1 => ways.remove(0),
            _ => Node::Or(ways),
        }
    }

    /// Everything up to OR or a closing bracket.
    fn all(&mut self, depth: usize) -> Node {
        let mut all = Vec::new();
        while let Some(token) = self.tokens.get(self.at) {
            match token {
                Token::Or | Token::Close => break,
                Token::Leaf { node, not } => {
                    self.at += 1;
                    all.push(negate(node.clone(), *not));
                }
                Token::Open { not } => {
                    self.at += 1;
                    if depth < MAX_DEPTH {
                        let inner = self.either(depth + 1);
                        if self.tokens.get(self.at) == Some(&Token::Close) {
                            self.at += 1;
                        }
                        all.push(negate(inner, *not));
                    }
                }
            }
        }
        and(all)
    }
}

fn negate(node: Node, not: bool) -> Node {
    match node {
        Node::All => Node::All,
        node if not => Node::Not(Box::new(node)),
        node => node,
    }
}

/// All of these, without what says nothing.
fn and(nodes: Vec<Node>) -> Node {
    let mut flat = Vec::new();
    for node in nodes {
        match node {
            Node::All => {}
            Node::And(inner) => flat.extend(inner),
            node => flat.push(node),
        }
    }
    match flat.len() {
        0 => Node::All,
        1 => flat.remove(0),
        _ => Node::And(flat),
    }
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '”' | '“' | '„' | '«' | '»')
}

fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    let mut open = 0usize;
    while let Some(first) = rest.chars().next() {
        if out.len() >= MAX_WORDS {
            break;
        }
        // U+2212 is the minus sign that word processors write.
        let after_sign = rest
            .strip_prefix(['-', '−'])
            .filter(|r| r.starts_with(|c: char| !c.is_whitespace() && !matches!(c, '-' | '−')));
        let not = after_sign.is_some();
        let body = after_sign.unwrap_or(rest);
        let head = body.chars().next().unwrap_or(first);
        if head == '(' {
            open += 1;
            out.push(Token::Open { not });
            rest = &body[1..];
        } else if head == ')' {
            if open > 0 {
                open -= 1;
                out.push(Token::Close);
            }
            rest = &body[1..];
        } else if is_quote(head) {
            let inner = &body[head.len_utf8()..];
            let (phrase, after) = quoted(inner);
            let (between, after) = tilde(after);
            out.push(Token::Leaf { node: phrase_node(phrase, between), not });
            rest = after;
        } else {
            let (node, after) = chunk(body);
            match node {
                None if !not => out.push(Token::Or),
                None => out.push(Token::Leaf { node: Node::Word("OR".into()), not }),
                Some(node) => out.push(Token::Leaf { node, not }),
            }
            rest = after;
        }
        rest = rest.trim_start();
    }
    out.retain(|t| !matches!(t, Token::Leaf { node: Node::All, .. }));
    out
}

/// The text up to the closing quote, or to the end, and what comes after.
fn quoted(inner: &str) -> (&str, &str) {
    match inner.char_indices().find(|(_, c)| is_quote(*c)) {
        Some((end, c)) => (&inner[..end], &inner[end + c.len_utf8()..]),
        None => (inner, ""),
    }
}

fn phrase_node(text: &str, between: u32) -> Node {
    let words = text.trim().to_string();
    if text.chars().any(char::is_alphanumeric) { Node::Phrase { words, between } } else { Node::All }
}

/// The number after a tilde right behind a phrase, and what comes after; 0 without one.
fn tilde(text: &str) -> (u32, &str) {
    let Some(rest) = text.strip_prefix('~') else { return (0, text) };
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    (rest[..end].parse().unwrap_or(MAX_BETWEEN).min(MAX_BETWEEN) * u32::from(end > 0), &rest[end..])
}

/// `word~` or `word~1`: the word and how many letters may differ. Only words of letters, and of three at least.
fn fuzzy(word: &str) -> Option<Node> {
    let (word, number) = word.rsplit_once('~')?;
    let letters = word.chars().count();
    let changes = match number {
        "" => 1 + u8::from(letters > 5),
        "1" => 1,
        "2" => 2,
        _ => return None,
    };
    let fits = letters > 2 && word.chars().all(char::is_alphabetic);
    fits.then(|| Node::Fuzzy { word: word.to_string(), changes })
}

/// One chunk without spaces (or a field with a quoted value) and what comes after; none for the operator OR.
fn chunk(body: &str) -> (Option<Node>, &str) {
    let end = body.find(|c: char| c.is_whitespace() || is_quote(c) || c == '(' || c == ')').unwrap_or(body.len());
    let (mut word, mut rest) = body.split_at(end);
    if let Some((name, value)) = word.split_once(':')
        && let Some(found) = with_field(name, value, rest)
    {
        return found;
    }
    if word == "OR" {
        return (None, rest);
    }
    // All must match anyway.
    if word == "AND" {
        return (Some(Node::All), rest);
    }
    // The section sign belongs to the number after it.
    if word == "§" {
        let next = rest.trim_start();
        let end = next.find(char::is_whitespace).unwrap_or(next.len());
        if next.starts_with(|c: char| c.is_ascii_digit()) {
            let joined = format!("§{}", &next[..end]);
            return (Some(Node::Word(joined)), &next[end..]);
        }
    }
    if word.is_empty() {
        // Only a bracket or quote can stand here, and the caller takes those; never stay on the spot.
        let skip = rest.chars().next().map_or(0, char::len_utf8);
        (word, rest) = ("", &rest[skip..]);
    }
    (Some(one_word(word)), rest)
}

/// What `name:value` means, and what comes after it; none if it is plain text.
fn with_field<'a>(name: &str, value: &'a str, rest: &'a str) -> Option<(Option<Node>, &'a str)> {
    // The value, or the text of a quoted one, with the tilde after it.
    let quote = rest.strip_prefix(is_quote).filter(|_| value.is_empty());
    let (typed, after) = quote.map_or((value, rest), quoted);
    let Some(field) = Field::by_name(name) else {
        // No address either: `https://`.
        let begins = value.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '<' | '>' | '='));
        let long = name.chars().count() >= SHORTEST_UNKNOWN;
        let meant = long && looks_like_a_field(name) && (quote.is_some() || begins);
        let node = || Node::UnknownField { name: name.to_string(), value: typed.to_string() };
        return meant.then(|| (Some(node()), after));
    };
    let info = field.info();
    // Aliases are words of the language too: `Part:`, `till: nämnden`.
    let by_alias = !info.name.eq_ignore_ascii_case(&name.replace('_', "-"));
    let numeric = matches!(info.form, Form::Number | Form::Date);
    if by_alias && (!looks_like_a_field(name) || (numeric && !typed.bytes().any(|b| b.is_ascii_digit()))) {
        return None;
    }
    if info.form != Form::Words {
        let value = typed.trim().to_string();
        return (!value.is_empty()).then_some((Some(Node::Typed { field, value }), after));
    }
    let (inner, after) = match quote {
        Some(_) => {
            let (between, after) = tilde(after);
            (phrase_node(typed, between), after)
        }
        None => (one_word(value), rest),
    };
    let node = match field {
        _ if inner == Node::All => return None,
        Field::Title => Node::InTitle(Box::new(inner)),
        Field::Decision => Node::InDecision(Box::new(inner)),
        _ => inner,
    };
    Some((Some(node), after))
}

/// Whether this is written as field names are: in small letters.
fn looks_like_a_field(name: &str) -> bool {
    name.starts_with(char::is_alphabetic) && name.chars().all(|c| c.is_lowercase() || matches!(c, '-' | '_'))
}

/// A word, its beginning, or a word spelt nearly so.
fn one_word(word: &str) -> Node {
    if !word.chars().any(char::is_alphanumeric) {
        return Node::All;
    }
    if let Some(start) = word.strip_suffix('*').filter(|w| w.chars().all(char::is_alphanumeric)) {
        return Node::Prefix(start.to_string());
    }
    fuzzy(word).unwrap_or_else(|| Node::Word(word.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn word(s: &str) -> Node {
        Node::Word(s.into())
    }

    #[test]
    fn reads_the_grammar() {
        assert_eq!(parse("stöd unga"), Node::And(vec![word("stöd"), word("unga")]));
        assert_eq!(parse("\"till handlingarna\""), Node::phrase("till handlingarna"));
        assert_eq!(parse("a -b"), Node::And(vec![word("a"), Node::Not(Box::new(word("b")))]));
        assert_eq!(parse("a −b"), parse("a -b"));
        assert_eq!(parse("a AND b"), parse("a b"));
        assert_eq!(parse("a OR b c"), Node::Or(vec![word("a"), Node::And(vec![word("b"), word("c")])]));
        assert_eq!(parse("(a OR b) c"), Node::And(vec![Node::Or(vec![word("a"), word("b")]), word("c")]));
        assert_eq!(parse("förening*"), Node::Prefix("förening".into()));
        assert_eq!(parse("§ 12"), word("§12"));
        let near = |words: &str, between| Node::Phrase { words: words.into(), between };
        assert_eq!(parse("\"teckna avtal\"~3 x"), Node::And(vec![near("teckna avtal", 3), word("x")]));
        assert_eq!(parse("\"a b\"~"), near("a b", 0));
        assert_eq!(parse("\"a b\"~99999999999"), near("a b", MAX_BETWEEN));
        let fuzzy = |word: &str, changes| Node::Fuzzy { word: word.into(), changes };
        assert_eq!(parse("vrad~"), fuzzy("vrad", 1));
        assert_eq!(parse("förenning~"), fuzzy("förenning", 2));
        assert_eq!(parse("förenning~1"), fuzzy("förenning", 1));
        assert_eq!(parse("förenning~7"), word("förenning~7"));
        let title = |n| Node::InTitle(Box::new(n));
        assert_eq!(parse("title:stöd"), title(word("stöd")));
        assert_eq!(parse("Title:\"årlig uppföljning\""), title(Node::phrase("årlig uppföljning")));
        assert_eq!(parse("-title:stöd*"), Node::Not(Box::new(title(Node::Prefix("stöd".into())))));
        assert_eq!(parse("title: stöd"), Node::And(vec![word("title:"), word("stöd")]));
        assert_eq!(parse("titel:stöd"), parse("title:stöd"));
        assert_eq!(parse("text:stöd"), word("stöd"));
        let decision = |n| Node::InDecision(Box::new(n));
        assert_eq!(parse("decision:\"till handlingarna\"~2"), decision(near("till handlingarna", 2)));
        let unknown = |name: &str, value: &str| Node::UnknownField { name: name.into(), value: value.into() };
        assert_eq!(parse("distrct:järva x"), Node::And(vec![unknown("distrct", "järva"), word("x")]));
        assert_eq!(parse("ämne:\"a b\""), unknown("ämne", "a b"));
        assert_eq!(parse("år:2024"), Node::Typed { field: Field::Year, value: "2024".into() });
        let typed = |v: &str| Node::Typed { field: Field::Party, value: v.into() };
        assert_eq!(parse("party:\"Norra Klubben\" x"), Node::And(vec![typed("Norra Klubben"), word("x")]));
        assert_eq!(parse("party:abf"), typed("abf"));
    }

    #[test]
    fn plain_text_is_never_an_error() {
        for text in
            ["IOP:t", "iop:er", "https://a.se", "kl:10", "SOU:2016", "Ärende:bidrag", "Part:abf", "till:nämnden", "1:a"]
        {
            assert_eq!(parse(text), word(text));
        }
        assert_eq!(parse("Moderaterna (M)"), Node::And(vec![word("Moderaterna"), word("M")]));
        assert_eq!(parse("\"utan slut"), Node::phrase("utan slut"));
        assert_eq!(parse(") a ("), word("a"));
        assert_eq!(parse("a - b"), Node::And(vec![word("a"), word("b")]));
        assert_eq!(parse("OR a OR"), word("a"));
        assert_eq!(parse("802461-9168"), word("802461-9168"));
        for nothing in ["", "  ", "—", "\"\"", "()", "-", "…"] {
            assert_eq!(parse(nothing), Node::All, "{nothing:?}");
        }
    }

    #[test]
    fn slips_are_told_with_their_place() {
        assert_eq!(slips("\"till handlingarna"), [Slip::Quote(1)]);
        assert_eq!(slips("å \"a b\" (c OR d"), [Slip::Open(9)]);
        assert_eq!(slips("a) \"(b\""), [Slip::Close(2)]);
        assert_eq!(slips("avtal NOT bidrag"), [Slip::Not(7)]);
        for right in ["", "stöd -bidrag", "\"a (b\" (c)", "avtal NOT", "DO NOT ENTER", "NOTera det", "\"NOT this\""] {
            assert_eq!(slips(right), [], "{right}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(s in "[ab()\"*:~2§ OR-]{0,40}|\\PC{0,40}") {
            parse(&s);
            slips(&s);
        }
    }
}
