use crate::parse::record::PartyRole;
use crate::parse::testing;

#[test]
fn a_report_names_its_partner_with_former_names() {
    let record = testing::parse(
        "# Slutrapport om idéburet offentligt partnerskap (IOP) - Ekbackens Förening\n\nIOP mellan Ekbackens Förening och Järva stadsdelsnämnd\n\n\
         Ärendet\n\nEkbackens Förening (tidigare Ekby Syförening) och Järva stadsdelsnämnd (tidigare Rinkeby-Kista stadsdelsnämnd) har samverkat inom ramen för IOP sedan 2018.",
    );
    let found: Vec<(&str, PartyRole, &[String])> =
        record.parties.iter().map(|p| (p.name.as_str(), p.role, p.former_names.as_slice())).collect();
    assert_eq!(
        found,
        [
            ("Ekbackens Förening", PartyRole::Civil, &["Ekby Syförening".to_string()][..]),
            ("Järva stadsdelsnämnd", PartyRole::Public, &["Rinkeby-Kista stadsdelsnämnd".to_string()][..]),
        ]
    );
}

#[test]
fn numbers_and_aliases_of_an_agreement() {
    let record = testing::parse(
        "# Överenskommelse om idéburet offentligt partnerskap\n\nParter\n\n\
         Stockholms stad genom Farsta stadsdelsnämnd, org.nr 212000-0142, nedan kallad nämnden\nEkbackens Förening, org.nr 802461-9168, nedan kallad föreningen\n\n\
         Avtalstid\n\nÖverenskommelsen gäller från och med den 1 januari 2022 till och med den 31 december 2023.",
    );
    let p = &record.parties;
    assert_eq!(p.len(), 2, "{p:#?}");
    assert_eq!((p[0].name.as_str(), p[0].org_nr.as_deref()), ("Farsta stadsdelsnämnd", Some("212000-0142")));
    assert_eq!((p[1].name.as_str(), p[1].aliases.as_slice()), ("Ekbackens Förening", &["föreningen".to_string()][..]));
}

#[test]
fn a_malformed_number_is_kept_and_warned_of() {
    let record = testing::parse(
        "# Uppföljning av IOP\n\nÄrendet\n\nNämnden har haft ett IOP med Eken (organisationsnummer 8002012-1581) från och med 1 juli 2019 till och med 30 juni 2022.",
    );
    let p = record.parties.iter().find(|p| p.name == "Eken").unwrap();
    assert_eq!((p.org_nr.as_deref(), p.org_nr_valid), (None, Some(false)));
    assert_eq!(p.org_nr_suggestion.as_deref(), Some("802012-1581"));
    assert_eq!(record.warnings[0].code, "org_nr_malformed");
}

#[test]
fn other_spellings_of_the_one_partner_are_aliases() {
    let record = testing::parse(
        "# Slutrapport av IOP - Ekbackens Bildning\n\nIOP mellan Ekbackens Bildning och Järva stadsdelsnämnd\n\n\
         Ärendet\n\nÖverenskommelsen om IOP med Ekbackens Bildningsförbund löper ut den 31 december 2024. Ett IOP med Löparna diskuteras.",
    );
    assert_eq!(record.parties[0].aliases, ["Ekbackens Bildningsförbund"]);
}
