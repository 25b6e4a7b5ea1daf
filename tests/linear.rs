//! Reading takes time in proportion to the length of the text, whatever stands in it.
//!
//! Measured is the time that this thread was on a processor (`/proc/thread-self/schedstat`), so that a loaded machine does not matter; ten
//! times the text may take up to thirty times as long, where work that grows with the square takes a hundred times.

use diarium::ingest;
use diarium::lexicon::Lexicon;
use diarium::parse::Parser;

/// Pieces that rules look for, to be repeated without end.
const PIECES: [&str; 16] = [
    "§ 12 Ärende om skolan\nDnr KS 2024/12\n\nBeslut\nNämnden beslutar att avslå ansökan.\n\n",
    "Dnr KS 2024/12 2024/13 1.2.1-14/2013 ",
    "från och med den 1 maj 2020 till och med den 30 april 2021, med möjlighet till ett års förlängning. ",
    "2024-01-01 – 2024-12-31, ",
    "att nämnden beslutar att godkänna att ",
    "Eva Ek (S), ordförande\nBo Al (M)\n",
    "Handläggare\nEva Ek\nTelefon: 08-508 12 345\neva.ek@exempel.se\n\n",
    "Bilagor\n1. Rapport\n2. Plan\n\n",
    "(((((((((( \"\"\"\"\"\"\"\" ",
    "aaaaaaaaaaaaaaaaaaaa",
    "- - - - \t\t\t",
    ".\n\n\n",
    "Föreningen Eken (802000-1234), nedan kallad Eken, och Järva stadsdelsnämnd ingick en överenskommelse. ",
    "Kommunstyrelsen föreslår att kommunfullmäktige beslutar ",
    "12 345 678 kronor och 30 procent enligt 2 kap. 3 § skollagen (2010:800). ",
    "Ja Nej Avstår Eva Ek X Bo Al X 12 ja-röster mot 9 nej-röster ",
];

/// Time on a processor of this thread, in nanoseconds; none where the system does not say.
fn busy() -> Option<u64> {
    std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse().ok()
}

fn cost(text: &str, lex: &Lexicon, parser: &Parser) -> Option<u64> {
    let before = busy()?;
    let doc = ingest::read(text.as_bytes(), "x.txt", lex, &ingest::Options::default()).expect("a text");
    let record = parser.parse(&doc);
    assert!(!record.kind.is_empty());
    Some(busy()? - before)
}

/// The piece repeated to a length in bytes.
fn repeated(piece: &str, bytes: usize) -> String {
    piece.repeat(bytes / piece.len() + 1)
}

#[test]
fn ten_times_the_text_takes_about_ten_times_as_long() {
    if busy().is_none() {
        return crate::util::skipped("the system does not say how long a thread was on a processor");
    }
    let lex = Lexicon::built_in();
    let parser = Parser::new(&lex);
    let all = PIECES.concat();
    for piece in PIECES.iter().copied().chain([all.as_str()]) {
        let (short, long) = (repeated(piece, 10_000), repeated(piece, 100_000));
        // The first run warms up what is made on first use.
        let runs = (0..3).filter_map(|_| cost(&short, &lex, &parser));
        let (short, long) = (runs.min().unwrap_or(1).max(1), cost(&long, &lex, &parser).unwrap_or(0));
        eprintln!(
            "{:>6.1} times as long: {:?}",
            long as f64 / short as f64,
            piece.chars().take(40).collect::<String>()
        );
        assert!(long < short * 30, "{:.0} times as long for ten times: {piece:?}", long as f64 / short as f64);
    }
}

#[test]
fn ten_megabytes_made_to_hurt_are_read() {
    // A tenth of it where nothing is optimised: that takes as long.
    let text = repeated(&PIECES.concat(), if cfg!(debug_assertions) { 1_000_000 } else { 10_000_000 });
    let lex = Lexicon::built_in();
    let doc = ingest::read(text.as_bytes(), "x.txt", &lex, &ingest::Options::default()).expect("a text");
    let record = Parser::new(&lex).parse(&doc);
    assert!(!record.items.is_empty() || !record.dnr.is_empty());
}
