use crate::parse::testing;

fn amounts(text: &str) -> Vec<(Option<f64>, Option<String>)> {
    let r = testing::parse(&format!("# Ärende\n\nBakgrund\n\n{text}"));
    r.amounts.into_iter().map(|a| (a.value_sek, a.per)).collect()
}

fn quantities(text: &str) -> Vec<(f64, Option<f64>, String)> {
    let r = testing::parse(&format!("# Ärende\n\nBakgrund\n\n{text}"));
    r.quantities.into_iter().map(|q| (q.value, q.upper, q.unit)).collect()
}

#[test]
fn reads_the_worked_cases() {
    let Some(text) = crate::testing::shared_text("domain/amounts_examples.json") else { return };
    let data: serde_json::Value = serde_json::from_str(&text).unwrap();
    for case in data["examples"].as_array().unwrap() {
        let raw = case["raw"].as_str().unwrap();
        // "miljoner" alone is money only where money is spoken of.
        let got = amounts(&format!("Kostnaden anges: {raw} enligt nämnden."));
        let (value, range) = (case["value_sek"].as_f64(), !case["range_sek"].is_null());
        if value.is_none() && !range {
            assert_eq!(got, [], "{raw}");
            continue;
        }
        let per = case["per"].as_str().map(String::from);
        assert_eq!(got, [(value, per)], "{raw}");
    }
}

#[test]
fn raised_from_one_sum_to_another() {
    assert_eq!(
        amounts("Bidraget höjs från 510 000 till 545 000 kronor per helår."),
        [(Some(510_000.0), Some("year".to_string())), (Some(545_000.0), Some("year".to_string())),]
    );
}

#[test]
fn what_is_counted() {
    assert_eq!(
        quantities("Totalt 2 000 besökare och 78,6 procent av 12 nya medlemmar."),
        [
            (2000.0, None, "besökare".to_string()),
            (78.6, None, "procent".to_string()),
            (12.0, None, "medlemmar".to_string()),
        ]
    );
    assert_eq!(
        quantities("Grupper om 5-10 personer i åldern 16–19 år."),
        [(5.0, Some(10.0), "personer".to_string()), (16.0, Some(19.0), "år".to_string()),]
    );
    assert_eq!(quantities("Nämnden har fem IOP-överenskommelser."), [(5.0, None, "IOP-överenskommelser".to_string())]);
}

#[test]
fn no_figures_in_numbers_of_other_kinds() {
    let text = "Dnr 2024/45 den 2 oktober 2024, 08-508 18 161, 112 25 Stockholm, org.nr 802461-9168, § 12, kl. 16.00, \
                under 2023 deltagare, 2018-2024, SFS 2017:725, 90-talet.";
    assert_eq!(amounts(text), []);
    assert_eq!(quantities(text), []);
}

#[test]
fn the_same_sum_is_one_amount_with_all_its_places() {
    let r = testing::parse("# Ärende\n\nBakgrund\n\nFöreningen får 200 000 kronor. Bidraget, 200 000 kr, betalas ut.");
    let places = r.amounts[0].evidence.iter().filter(|e| e.field == "value_sek").count();
    assert_eq!((r.amounts.len(), places), (1, 2));
    assert_eq!(r.amounts[0].evidence[0].quote, "200 000 kronor");
}
