//! Repairs what OCR of Swedish office print gets wrong again and again, where the form alone is proof enough.

use std::sync::LazyLock;

use regex::Regex;

use super::tsv::Row;

/// An address at whose "@" the engine saw something else, in one piece: `namn(Qort.se`, `namn©ort.se`.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    compile(r"^([\w.-]{2,})(?:\(Q|\(a|\(O|©|®|Q)([\w-]{2,}(?:\.[\w-]+)*\.(?:se|nu|com|org|net|eu))([.,;:)]*)$")
});
/// The first piece of such an address, broken at the "@"; no Swedish word ends in a capital after a small letter.
static ADDRESS_HEAD: LazyLock<Regex> =
    LazyLock::new(|| compile(r"^([\w.-]{2,})(?:\(Q|\(a|\(O|©|®|@)$|^([\w.-]*[\p{Ll}\d])Q$"));
/// The second piece.
static ADDRESS_TAIL: LazyLock<Regex> =
    LazyLock::new(|| compile(r"^[\w-]{2,}(?:\.[\w-]+)*\.(?:se|nu|com|org|net|eu)[.,;:)]*$"));

fn compile(pattern: &str) -> Regex {
    #[allow(clippy::expect_used, reason = "the pattern is ours and tested")]
    Regex::new(pattern).expect("pattern of ours")
}

/// Repairs the words of a page, in place.
///
/// - A dash that stands alone is the Swedish `–`, never the long `—`.
/// - `$` before a number is `§`: no Swedish record counts dollars in front.
/// - `@` in an e-mail address, which the engine breaks in two or reads as `(Q`, `©`.
pub(super) fn repair(rows: &mut Vec<Row>) {
    let mut i = 0;
    while i < rows.len() {
        let next = rows.get(i + 1).filter(|n| rows.get(i).is_some_and(|r| r.line == n.line)).cloned();
        let Some(row) = rows.get_mut(i) else { break };
        if row.text == "—" {
            row.text = "–".into();
        }
        let counts = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
        if let Some(rest) = row.text.strip_prefix('$')
            && (counts(rest) || rest.is_empty() && next.as_ref().is_some_and(|n| counts(&n.text)))
        {
            row.text = format!("§{rest}");
        }
        if let Some(parts) = ADDRESS.captures(&row.text) {
            row.text = format!("{}@{}{}", &parts[1], &parts[2], &parts[3]);
        }
        if let Some(next) = next
            && ADDRESS_TAIL.is_match(&next.text)
            && let Some(head) =
                ADDRESS_HEAD.captures(&row.text).and_then(|c| Some(c.get(1).or(c.get(2))?.as_str().to_string()))
        {
            row.text = format!("{head}@{}", next.text);
            row.top = row.top.min(next.top);
            row.right = row.right.max(next.right);
            row.bottom = row.bottom.max(next.bottom);
            row.confidence = row.confidence.min(next.confidence);
            rows.remove(i + 1);
        }
        i += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repaired(line: &str) -> String {
        let mut rows: Vec<Row> = (0u8..)
            .zip(line.split(' '))
            .map(|(i, text)| Row {
                line: (1, 1, 1),
                left: f32::from(i) * 50.0,
                top: 0.0,
                right: f32::from(i) * 50.0 + 40.0,
                bottom: 10.0,
                confidence: 50.0,
                text: text.into(),
            })
            .collect();
        repair(&mut rows);
        rows.iter().map(|r| r.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn signs_that_swedish_print_does_not_have_are_those_it_has() {
        assert_eq!(repaired("mötet — och $ 12 samt $14 men $ och A$1"), "mötet – och § 12 samt §14 men $ och A$1");
    }

    #[test]
    fn addresses_get_their_at_sign_back() {
        assert_eq!(repaired("skriv anna.ek(Q backby.se, eller"), "skriv anna.ek@backby.se, eller");
        assert_eq!(repaired("namnd(Qbackby.se"), "namnd@backby.se");
        assert_eq!(repaired("anna.ekQ backby.se"), "anna.ek@backby.se");
        assert_eq!(repaired("namnd©kommun.backby.se."), "namnd@kommun.backby.se.");
        assert_eq!(repaired("namnd@ backby.se"), "namnd@backby.se");
        // Not what merely looks like it.
        assert_eq!(
            repaired("(Q backby.se IQ www.backby.se enkät(a skola.nu. x"),
            "(Q backby.se IQ www.backby.se enkät@skola.nu. x"
        );
        assert_eq!(repaired("IQ-test.se UNIQA.se"), "IQ-test.se UNIQA.se");
    }
}
