use crate::parse::testing;

fn references(text: &str) -> Vec<(String, String)> {
    let r = testing::parse(&format!("# Ärende\n\nBakgrund\n\n{text}\n\n@margin\nDnr FAR 2023/14\n2023-05-04"));
    r.references.into_iter().map(|x| (x.kind, x.canonical.unwrap_or(x.text))).collect()
}

fn one(text: &str) -> String {
    let all = references(text);
    assert_eq!(all.len(), 1, "{text}: {all:?}");
    format!("{}: {}", all[0].0, all[0].1)
}

#[test]
fn laws_in_one_form() {
    for (text, want) in [
        ("Enligt 6 kap. 3 § kommunallagen (2017:725) ska nämnden.", "law: SFS 2017:725"),
        ("Enligt 6 kap 3 § kommunallagen ska nämnden.", "law: SFS 2017:725"),
        ("I kommunallagens 6 kap. 3 § står.", "law: SFS 2017:725"),
        ("Insatsen ges enligt 9 § LSS till alla.", "law: SFS 1993:387"),
        ("Enligt lag (1993:387) om stöd och service.", "law: SFS 1993:387"),
        ("Enligt 16 kap. 6 f § socialtjänstlagen ska kommunen.", "law: SFS 2001:453"),
        ("Se SFS 1993:387 och annat.", "law: SFS 1993:387"),
        ("Enligt AFS 2015:4 gäller.", "law: AFS 2015:4"),
        ("Föreskrifterna (ELSÄK-FS 1999:5) upphävs.", "law: ELSÄK-FS 1999:5"),
        ("Enligt miljöbalken 26 kap. 9 § gäller.", "law: SFS 1998:808"),
        ("I proposition 2021/22:135 står.", "law: prop. 2021/22:135"),
    ] {
        assert_eq!(one(text), want, "{text}");
    }
}

#[test]
fn chapter_and_paragraph_stand_in_the_text() {
    let r = testing::parse("# Ärende\n\nBakgrund\n\nEnligt 16 kap. 6 f § socialtjänstlagen (2001:453) ska kommunen.");
    assert_eq!(r.references[0].text, "16 kap. 6 f § socialtjänstlagen (2001:453)");
}

#[test]
fn a_law_is_the_one_in_force() {
    let r = testing::parse("# Ärende\n\nBakgrund\n\nEnligt kommunallagen.\n\n@margin\nDnr FAR 2005/14\n2005-05-04");
    assert_eq!(r.references[0].canonical.as_deref(), Some("SFS 1991:900"));
}

#[test]
fn prints_programmes_and_budgets() {
    for (text, want) in [
        ("Utredningen SOU 2017:114 föreslår.", "report: SOU 2017:114"),
        ("Se utlåtande 2017:240 RI+III om detta.", "report: Utlåtande 2017:240 RI+III"),
        ("Revisionsrapport nr 3/2021 pekar på brister.", "report: Revisionsrapport 3/2021"),
        ("Stadsrevisionens granskning (Nr 3, 2021) visar.", "report: Revisionsrapport 3/2021"),
        ("Motion (2016:5) av Eva Ek (V).", "motion: Motion 2016:5"),
        ("Yttrande över motion om fler bänkar i parker.", "motion: Motion om fler bänkar i parker"),
        ("Enligt kommunfullmäktiges budget för 2024 gäller.", "budget: Budget 2024"),
        (
            "Stadens program för att motverka hemlöshet 2020–2025 anger.",
            "programme: Program för att motverka hemlöshet 2020-2025",
        ),
        ("Miljöprogram 2020-2023 gäller.", "programme: Miljöprogram 2020-2023"),
        (
            "Stadens riktlinjer för idéburna offentliga partnerskap anger sju kriterier.",
            "guideline: Riktlinjer för idéburna offentliga partnerskap",
        ),
    ] {
        assert_eq!(one(text), want, "{text}");
    }
}

#[test]
fn plain_words_are_no_references() {
    for text in [
        "Nämnden har en plan för sommaren.",
        "Programmet var uppskattat.",
        "I KL stod tåget still.",
        "Ett förslag (2017) kom.",
        "Motionen bifölls.",
        "Budgeten är i balans.",
    ] {
        assert_eq!(references(text), [], "{text}");
    }
}
