use crate::parse::record::{Item, Status};
use crate::parse::testing;

const HEAD: &str = "# Protokoll\n\nTid\tTorsdagen den 24 oktober 2024 kl 17.30–19.10\n\nPlats\tEkby träff, stora salen\n\nNärvarande\n\n";

fn read(body: &str) -> Vec<Item> {
    testing::parse(&format!("{HEAD}{body}")).items
}

#[test]
fn a_paragraph_with_decisions_motions_vote_and_reservation() {
    let items = read(
        "§ 8 Anmälan\n\nBeslut\n\nStadsdelsnämnden lägger anmälan till handlingarna.\n\n\
         § 9 Slutrapport om partnerskap\n\nDnr JÄRVA 2024/211\n\nBeslut\n\n1. Stadsdelsnämnden godkänner slutrapporten.\n\n2. Förvaltningen får i uppdrag att återkomma.\n\n3. Paragrafen justeras omedelbart.\n\n\
         Yrkanden\n\nOrdföranden Eva Ekstig m.fl. (S) yrkar bifall till förvaltningens förslag.\n\nBo Alm (M) yrkar återremiss.\n\n\
         Votering\n\nMed 9 ja-röster mot 1 nej-röst beslutar nämnden enligt förvaltningens förslag.\n\n\
         Reservation\n\nBo Alm och Li Sten (M) reserverar sig mot beslutet.\n\n\
         Jäv\n\nSiri Takås (MP) anmäler jäv och deltar inte i handläggningen.\n\nANSLAG/BEVIS\n\nNämnden beslutar inget här.",
    );
    assert_eq!(items.len(), 2, "{items:#?}");
    let i = &items[1];
    assert_eq!((i.number.as_str(), i.title.as_deref()), ("§ 9", Some("Slutrapport om partnerskap")));
    assert_eq!(i.dnr.iter().map(|d| d.canonical.as_str()).collect::<Vec<_>>(), ["JÄRVA 2024/211"]);
    let decided: Vec<&str> = i
        .decisions
        .iter()
        .filter(|d| d.status == Status::Decided)
        .flat_map(|d| &d.actions)
        .map(String::as_str)
        .collect();
    assert_eq!(decided, ["approve", "mandate", "immediate_adjustment"]);
    let moved: Vec<_> = i
        .decisions
        .iter()
        .filter(|d| d.status == Status::Moved)
        .map(|d| (d.actor.as_deref(), d.actions.clone()))
        .collect();
    assert_eq!(
        moved,
        [
            (Some("Ordföranden Eva Ekstig m.fl. (S)"), vec!["grant".to_string()]),
            (Some("Bo Alm (M)"), vec!["refer_back".to_string()])
        ]
    );
    assert_eq!((i.votes[0].yes, i.votes[0].no), (Some(9), Some(1)));
    assert_eq!(i.reservations[0].by.iter().map(|m| m.name.as_str()).collect::<Vec<_>>(), ["Bo Alm", "Li Sten"]);
    assert_eq!(i.jav[0].name, "Siri Takås");
    assert!(i.adjusted_immediately);
    assert!(
        testing::parse(&format!("{HEAD}§ 1 A\n\nBeslut\n\nNämnden godkänner.\n\n§ 2 B\n\nText.")).decisions.is_empty()
    );
}

#[test]
fn lists_of_votes_name_by_name() {
    let items = read(
        "§ 1 Val\n\nText.\n\n§ 2 Fråga\n\nVotering\n\nDen som vill att ärendet avgörs i dag röstar ja.\n\nJa-röster (2): Eva Ekstig (S), Bo Alm (V) och Li Sten (MP).\n\nNej-röster (1): Siri Takås (M).\n\nAvstår (1): Per Al Ask (SD).",
    );
    let v = &items[1].votes[0];
    assert_eq!((v.yes, v.no, v.abstain), (Some(2), Some(1), Some(1)));
    assert_eq!(v.by_member.len(), 5);
    assert_eq!((v.by_member[3].name.as_str(), v.by_member[3].vote.as_str()), ("Siri Takås", "no"));
}

#[test]
fn a_reference_to_a_paragraph_begins_no_item() {
    let items = read(
        "§ 3 Bygglov\n\nBeslut\n\nNämnden godkänner förslaget.\n\nÄrendet\n\n§ 2 i föreskrifterna gäller.\n\n§ 4 Annat\n\nText.",
    );
    assert_eq!(items.iter().map(|i| i.number.as_str()).collect::<Vec<_>>(), ["§ 3", "§ 4"]);
}

#[test]
fn agendas_have_numbered_lines() {
    let items = testing::parse(
        "# Kallelse\n\nTid\tTorsdagen den 18 april 2024 kl 18.30\n\nPlats\tEkby\n\nBeslutsärenden\n\n1\tVal av justerare\n2\tAnmälan av protokoll\n\n3. Månadsrapport mars 2024\n\nDnr HV 2024/9\nHandläggare: controller Gerd Mullvad, 08-508 99 711\n\nÖvriga frågor\n\n4. Frågor",
    )
    .items;
    assert_eq!(
        items.iter().map(|i| (i.number.as_str(), i.title.as_deref().unwrap_or(""))).collect::<Vec<_>>(),
        [("1", "Val av justerare"), ("2", "Anmälan av protokoll"), ("3", "Månadsrapport mars 2024"), ("4", "Frågor")]
    );
    let h = &items[2].handlaggare[0];
    assert_eq!(
        (h.name.as_str(), h.title.as_deref(), h.phone.as_deref()),
        ("Gerd Mullvad", Some("controller"), Some("08-508 99 711"))
    );
    assert_eq!(items[2].dnr[0].canonical, "HV 2024/9");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
    #[test]
    fn no_soup_of_words_panics(parts in proptest::collection::vec("§ [0-9]{1,3}( [A-Z]\\w{0,6})?|Beslut|Yrkanden|Votering|Reservation|Parter|Nämnden beslutar att|uppdrar åt|Ek IF, org.nr 802461-9168|\\(tidigare Å|Ja-röster \\(2\\):|IOP mellan A och B|den1 maj 2020|till och med|båda|dagen för|förlängning|1\\.|\\t|Handläggare: Eva Ek|Närvarande|Tid: kl 1[0-9]\\.[0-9]{2}|\\PC{0,6}", 0..40), sep in "[ \n]{1,2}") {
        let record = testing::parse(&parts.join(&sep));
        for e in record.items.iter().flat_map(|i| &i.evidence) {
            proptest::prop_assert!(e.start <= e.end);
        }
    }
}
