use crate::parse::record::{Decision, Status};
use crate::parse::testing;

fn read(source: &str) -> Vec<Decision> {
    testing::parse(source).decisions
}

fn actions(text: &str) -> Vec<String> {
    testing::parser().with_context(&testing::document("Text."), |cx| cx.rules.decision.actions.of(text))
}

#[test]
fn numbered_points_under_a_heading() {
    let found = read(
        "# Slutrapport\n\nFörvaltningens förslag till beslut\n\n1. Stadsdelsnämnden godkänner slutrapporten och lägger den till handlingarna\n\n\
         2. Stadsdelsnämnden uppdrar till förvaltningen att inleda en omförhandling av överenskommelsen\n\n\
         Sammanfattning\n\nFörvaltningen föreslår att nämnden godkänner slutrapporten samt att nämnden uppdrar till förvaltningen att inleda en omförhandling.",
    );
    assert_eq!(found.len(), 2, "{found:#?}");
    assert_eq!(found[0].number.as_deref(), Some("1"));
    assert_eq!(found[0].text, "Stadsdelsnämnden godkänner slutrapporten och lägger den till handlingarna");
    assert_eq!((found[0].status, found[0].actor.as_deref()), (Status::Proposed, Some("Stadsdelsnämnden")));
    assert_eq!(found[0].actions, ["approve", "file"]);
    assert_eq!(found[1].actions, ["mandate", "renegotiate"]);
    assert_eq!(found[1].assignee.as_deref(), Some("förvaltningen"));
}

#[test]
fn a_proposal_said_again_is_one() {
    let found = read(
        "Förslag till beslut\n\nEkby stadsdelsnämnd lägger rapporten till handlingarna.\n\nSammanfattning\n\nText.\n\n\
         Förslag\n\nFörvaltningen föreslår att Ekby stadsdelsnämnd lägger förvaltningens rapport till handlingarna.\n\nEva Ek\nDirektör",
    );
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].actor.as_deref(), Some("Ekby stadsdelsnämnd"));
}

#[test]
fn att_clauses_in_lines_and_in_one_sentence() {
    let lines = read(
        "Förslag till beslut\n\nKommunstyrelsen föreslås besluta\natt godkänna utredningen, samt\natt fastställa riktlinjerna.",
    );
    let texts: Vec<&str> = lines.iter().map(|d| d.text.as_str()).collect();
    assert_eq!(texts, ["att godkänna utredningen", "att fastställa riktlinjerna."]);
    assert!(lines.iter().all(|d| d.actor.as_deref() == Some("Kommunstyrelsen")));
    let one = read(
        "Förslag till beslut\n\nNämnden beslutar dels att godkänna rapporten, dels att uppdra åt förvaltningen att återkomma.",
    );
    assert_eq!(one.len(), 2, "{one:#?}");
    assert_eq!(one[1].assignee.as_deref(), Some("förvaltningen"));
}

#[test]
fn running_proposals_where_no_heading_has_any() {
    let found = read(
        "Sammanfattning\n\nFörvaltningen föreslår att nämnden godkänner rapporten samt att nämnden uppdrar åt förvaltningen att återkomma.\n\nÄrendet\n\nText.",
    );
    assert_eq!(found.len(), 2, "{found:#?}");
    assert_eq!(found[0].text, "nämnden godkänner rapporten");
}

#[test]
fn what_verbs_do() {
    for (text, want) in [
        ("Nämnden överlämnar tjänsteutlåtandet som svar på remissen.", vec!["answer_referral"]),
        ("Nämnden lägger anmälan till handlingarna.", vec!["file"]),
        ("Medborgarförslaget anses besvarat.", vec!["deem_answered"]),
        ("Nämnden avsätter 40 000 kronor för partnerskapet.", vec!["award"]),
        ("Nämnden uppdrar åt förvaltningen att i omförhandlingen pröva öppettiderna.", vec!["mandate"]),
        ("Partnerskapet ska inte omförhandlas.", vec![]),
        ("Nämnden bemyndigar stadsdelsdirektören att underteckna överenskommelsen.", vec!["delegate"]),
        ("Nämnden ingår avtal med möjlighet till ett års förlängning.", vec!["sign_agreement"]),
        ("Paragrafen justeras omedelbart.", vec!["immediate_adjustment"]),
        ("Nämnden antar att antalet besök ökar.", vec![]),
    ] {
        assert_eq!(actions(text), want, "{text}");
    }
}
