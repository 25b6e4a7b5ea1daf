use super::*;
use serde_json::Value;

fn reader() -> PeriodReader {
    PeriodReader::new(&Lexicon::built_in())
}

fn read(text: &str) -> Vec<(Option<String>, Option<String>)> {
    let show = |d: Option<(Date, Grain)>| d.map(|(d, _)| d.to_string());
    reader().read(text, None).periods.iter().map(|r| (show(r.start), show(r.end))).collect()
}

fn pair(start: &str, end: &str) -> (Option<String>, Option<String>) {
    let date = |s: &str| (!s.is_empty()).then(|| s.to_string());
    (date(start), date(end))
}

/// Whether the readings say what the case says, and if not, in what they differ.
fn judge(case: &Value, found: &Readings) -> Result<(), String> {
    let want = &case["normalised"];
    let kind = case["type"].as_str().unwrap_or("");
    if kind == "not_a_period" {
        return if found.periods.is_empty() { Ok(()) } else { Err(format!("{:?}", found.periods)) };
    }
    if kind == "invalid_date" {
        let silent = found.periods.iter().all(|r| r.start.is_none() && r.end.is_none());
        return if silent && !found.notes.is_empty() { Ok(()) } else { Err("no note".into()) };
    }
    let main = |r: &&Reading| kind == "deadline" || r.sort != Sort::Deadline;
    let Some(first) = found.periods.iter().find(main) else { return Err("nothing".into()) };
    let start = first.start;
    let end = if kind == "list" { found.periods.iter().filter_map(|r| r.end).max_by_key(|e| e.0) } else { first.end };
    let date = |d: Option<(Date, Grain)>| d.map_or(Value::Null, |(d, _)| d.to_string().into());
    let grain = |d: Option<(Date, Grain)>| match d.map(|d| d.1) {
        None => Value::Null,
        Some(Grain::SchoolYear) => "school_year".into(),
        Some(Grain::TermOfOffice) => "term_of_office".into(),
        Some(g) => format!("{g:?}").to_lowercase().into(),
    };
    let mut wrong = Vec::new();
    let mut same = |what: &str, got: Value, want: &Value| {
        if got != *want {
            wrong.push(format!("{what}: {got}, not {want}"));
        }
    };
    same("start", date(start), &want["start"]);
    same("end", date(end), &want["end"]);
    same("open_ended", first.open_ended.into(), &want["open_ended"]);
    same("precision of start", grain(start), &case["precision"]["start"]);
    same("precision of end", grain(end), &case["precision"]["end"]);
    let want = &want["extension"];
    same("extension", first.extension.is_some().into(), &(!want.is_null()).into());
    if let (Some(got), true) = (&first.extension, want.is_object()) {
        let got = serde_json::to_value(got).unwrap_or_default();
        for field in ["count", "unit", "times", "max_end", "exercised", "new_end"] {
            same(field, got[field].clone(), &want[field]);
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
}

/// The worked cases of real texts.
#[test]
fn reads_the_worked_cases() {
    let Some(text) = crate::testing::shared_text("domain/period_examples.json") else { return };
    let data: Value = serde_json::from_str(&text).unwrap();
    let reader = reader();
    let mut failed = Vec::new();
    for case in data["examples"].as_array().unwrap() {
        let reference = case["reference_date"].as_str().and_then(|d| d.parse().ok());
        let found = reader.read(case["raw"].as_str().unwrap(), reference);
        if let Err(why) = judge(case, &found) {
            failed.push(format!("{} {}: {why}", case["id"], case["raw"]));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn start_and_end_in_neighbouring_sentences() {
    let text =
        "Nämnden och Ekhagens IF ingick ett IOP den 3 maj 2021. Överenskommelsen gäller till och med den1 juni 2022.";
    assert_eq!(read(text), [pair("2021-05-03", "2022-06-01")]);
}

#[test]
fn a_list_of_years_is_as_many_periods() {
    assert_eq!(
        read("Därefter tecknades årliga överenskommelser för 2021 och 2022."),
        [pair("2021-01-01", "2021-12-31"), pair("2022-01-01", "2022-12-31")]
    );
}

#[test]
fn numbers_that_are_no_periods() {
    for text in [
        "Unga 16-19 år, 2 000 besökare, klockan 16.00–20.00",
        "dnr 171-84/2017, KS 2022/1171, EÅV 2024/45 och 2011-875-1.2.4.",
        "telefon 08-508 20 122, organisationsnummer 802461-9168, 19121212-1212",
        "för 2024 kronor, under 2023 personer, t o m 28, fr.o.m. § 55",
    ] {
        assert_eq!(read(text), [], "{text}");
    }
}

#[test]
fn an_end_before_its_start_is_noted() {
    let found = reader().read("gäller från och med 2023-01-01 till och med 2022-01-01", None);
    assert_eq!(found.notes[0].code, "period_reversed");
}

#[test]
fn spans_quote_the_expression() {
    let text = "Avtalet gäller från och med den 1 maj 2021 till och med den 30 april 2022.";
    let found = reader().read(text, None);
    assert_eq!(&text[found.periods[0].span.range()], "från och med den 1 maj 2021 till och med den 30 april 2022");
}

proptest::proptest! {
    #[test]
    fn never_panics(text in "([0-9]{1,9}|[-–/.,: ]|från|till och med|den|maj|juni|år|förlängning|läsåret|2020|\n|kvartal|å){0,30}") {
        let found = reader().read(&text, None);
        for r in found.periods {
            proptest::prop_assert!(text.get(r.span.range()).is_some());
        }
    }
}
