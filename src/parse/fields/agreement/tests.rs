use crate::parse::record::{Agreement, Recommendation};
use crate::parse::testing;

fn read(source: &str) -> Vec<Agreement> {
    testing::parse(source).agreements
}

fn periods(a: &Agreement) -> Vec<String> {
    let show = |d: &Option<crate::base::PartialDate>| d.map_or("?".to_string(), |d| d.to_string());
    a.periods
        .iter()
        .map(|p| {
            let e = p
                .extension
                .as_ref()
                .map(|e| format!(" +{}{}", if e.exercised { "!" } else { "" }, show(&e.max_end.or(e.new_end))));
            format!("{}..{}{}", show(&p.start), show(&p.end), e.unwrap_or_default())
        })
        .collect()
}

const HEAD: &str =
    "# Slutrapport av IOP - Ekbackens Förening\n\nIOP mellan Ekbackens Förening och Järva stadsdelsnämnd\n\n";

#[test]
fn a_partnership_over_several_agreements() {
    let found = read(&format!(
        "{HEAD}Ärendet\n\nEkbackens Förening och Järva stadsdelsnämnd har samverkat inom ramen för fem överenskommelser mellan åren 2018-2024. \
         Den första överenskommelsen tecknades för perioden 4 juli 2018 till och med 31 december 2020. Denna överenskommelse förlängdes med sex månader och löpte ut i juni 2021. \
         Den andra överenskommelsen tecknades för perioden 1 juli 2021 till och med den 31 december 2021. Därefter tecknades årliga överenskommelser för 2022, 2023 och 2024.\n\n\
         Förvaltningens synpunkter och förslag\n\nÖverenskommelsen om IOP med Ekbackens Förening löper ut den 31 december 2024. Förvaltningen bedömer att partnerskapet inte ska omförhandlas."
    ));
    assert_eq!(found.len(), 1);
    assert_eq!(
        periods(&found[0]),
        [
            "2018-07-04..2020-12-31 +!2021-06-30",
            "2021-07-01..2021-12-31",
            "2022-01-01..2022-12-31",
            "2023-01-01..2023-12-31",
            "2024-01-01..2024-12-31"
        ]
    );
    assert_eq!(found[0].recommendation, Some(Recommendation::Terminate));
    assert_eq!(found[0].parties, ["Ekbackens Förening", "Järva stadsdelsnämnd"]);
}

#[test]
fn a_possible_extension_beyond_one_step() {
    let found = read(&format!(
        "{HEAD}Ärendet\n\nDen första överenskommelsen tecknades för perioden 2018 till och med den 1 mars 2020 med möjlighet till ett års förlängning som längst till 1 mars 2023. \
         En ny överenskommelse tecknades för perioden 2 mars 2023 till och med 31 december 2023. Sedan tecknades en ny överenskommelse för 2024. \
         Kostnaden för 2024 var 3 kronor. Hyresavtalet löper ut den 31 mars 2026."
    ));
    assert_eq!(
        periods(&found[0]),
        ["2018-01-01..2020-03-01 +2023-03-01", "2023-03-02..2023-12-31", "2024-01-01..2024-12-31"]
    );
}

#[test]
fn many_partnerships_each_under_its_heading() {
    let found = read(
        "# Uppföljning av Enskede-Årsta-Vantörs stadsdelsnämnds IOP 2022\n\nÄrendet\n\nUnder 2022 har Enskede-Årsta-Vantörs stadsdelsnämnd haft följande IOP:\n\n• Eken\n\n• Ljus och löv\n\n\
         ## Eken\n\nStadsdelsnämnden och Eken (organisationsnummer 802461-9168) ingick ett IOP den 1 maj 2022. Överenskommelsen gäller till och med den1 juni 2023, med möjlighet till ett års förlängning. Både nämnden och Eken är med och finansierar verksamheten.\n\n\
         Verksamheten är ett led i att förverkliga stadens skolprogram.\n\nUnder 2022 genomfördes följande aktiviteter:\n\n• Loppis.\n\n• Höstfest.\n\n\
         ## Ljus och löv\n\nStadsdelsnämnden har haft ett IOP med Farsta stadsdelsnämnd, Svenska kyrkan genom Ekby församling (organisationsnummer 252000-0676) och Stiftelsen Stora Eken (organisationsnummer 802012-7562) från och med den 10 februari 2020 till och med den 31 december 2021. Parterna ingick ett nytt IOP den 22 september 2022 som gäller till och med den 31 augusti 2025.",
    );
    assert_eq!(found.iter().map(|a| a.name.as_str()).collect::<Vec<_>>(), ["Eken", "Ljus och löv"]);
    assert_eq!(periods(&found[0]), ["2022-05-01..2023-06-01 +2024-06-01"]);
    assert_eq!(found[0].activities, ["Loppis", "Höstfest"]);
    assert_eq!((found[0].cofinanced, found[0].programme.as_deref()), (Some(true), Some("stadens skolprogram")));
    assert_eq!(
        found[1].parties,
        [
            "Farsta stadsdelsnämnd",
            "Svenska kyrkan genom Ekby församling",
            "Stiftelsen Stora Eken",
            "Enskede-Årsta-Vantörs stadsdelsnämnd"
        ]
    );
    assert_eq!(periods(&found[1]), ["2020-02-10..2021-12-31", "2022-09-22..2025-08-31"]);
}

#[test]
fn an_agreement_itself() {
    let found = read(
        "# Överenskommelse om idéburet offentligt partnerskap\n\nParter\n\nFarsta stadsdelsnämnd, org.nr 212000-0142\nEkbackens Förening, org.nr 802461-9168\n\n\
         Syfte\n\nParterna vill bryta isolering.\n\nAvtalstid\n\nÖverenskommelsen gäller i två år från den 1 juli 2019. Den kan därefter förlängas med ett år i taget, dock högst två gånger.\n\n\
         Uppsägning\n\nUppsägningstiden är tre månader.\n\nUnderskrifter\n\nStockholm den 18 juni 2019",
    );
    assert_eq!(periods(&found[0]), ["2019-07-01..2021-06-30 +2023-06-30"]);
    assert_eq!(found[0].signed.map(|d| d.to_string()).as_deref(), Some("2019-06-18"));
    assert_eq!(found[0].purpose.as_deref(), Some("Parterna vill bryta isolering."));
}

#[test]
fn a_table_of_partners_also_where_its_columns_ran_together() {
    for (tab, head) in [("\t", "Idéburen part/förening\tMålgrupp\n"), (" ", "Idéburen part/förening Målgrupp\n\n")]
    {
        let rows = ["Ekby Folkets Hus|Unga som varken arbetar eller studerar", "Ekens förening|Barn och unga 7-18 år"];
        let rows: Vec<String> = rows.iter().map(|r| r.replace('|', tab)).collect();
        let sep = if tab == " " { "\n\n" } else { "\n" };
        let found = read(&format!(
            "# Idéburet offentligt partnerskap (IOP)\n\n## IOP under 2024\n\n{head}{}\n\nTack!",
            rows.join(sep)
        ));
        assert_eq!(
            found.iter().map(|a| a.name.as_str()).collect::<Vec<_>>(),
            ["Ekby Folkets Hus", "Ekens förening"],
            "{tab:?}"
        );
        assert_eq!(periods(&found[0]), ["2024-01-01..2024-12-31"]);
        assert_eq!(found[1].target_groups, ["Barn och unga 7-18 år"]);
    }
}
