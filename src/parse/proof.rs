//! Completes the proof of a record: a value that is computed from others has their evidence.
//!
//! Field rules say where they read a value. Parts of it (the year of a diary number), what follows from it (the role of a party) and
//! what was taken over from elsewhere in the record (the day of the meeting) are proven here, so that no rule needs to repeat it.

use super::record::{Agreement, Decision, Dnr, Evidence, Handlaggare, Item, Period, Record};

/// Entries for `field` that say what those of `of` say; none if `field` has its own.
fn follow(evidence: &mut Vec<Evidence>, of: &str, field: &'static str, there: bool) {
    if there && !evidence.iter().any(|e| e.field == field) {
        let found: Vec<Evidence> = evidence.iter().filter(|e| e.field == of).map(|e| named(e, field)).collect();
        evidence.extend(found);
    }
}

/// The same proof for another value.
fn named(e: &Evidence, field: &'static str) -> Evidence {
    Evidence { field: field.into(), ..e.clone() }
}

/// Gives every computed value the evidence of what it was computed from.
pub(super) fn complete(record: &mut Record) {
    record.dnr.iter_mut().for_each(number);
    record.handlaggare.iter_mut().for_each(officer);
    record.decisions.iter_mut().for_each(decision);
    record.periods.iter_mut().for_each(period);
    record.items.iter_mut().for_each(item);
    if let Some(a) = &mut record.authority {
        follow(&mut a.evidence, "name", "district", a.district.is_some());
    }
    for d in &mut record.districts {
        follow(&mut d.evidence, "id", "name", true);
        follow(&mut d.evidence, "id", "role", true);
    }
    for p in &mut record.parties {
        // The board whose document it is, where it is named as an office only.
        if let Some(a) = record.authority.as_ref().filter(|a| a.name == p.name)
            && p.evidence.is_empty()
        {
            p.evidence.extend(a.evidence.iter().filter(|e| e.field == "name").cloned());
        }
        follow(&mut p.evidence, "org_nr", "org_nr_raw", p.org_nr_raw.is_some());
        follow(&mut p.evidence, "org_nr", "org_nr_valid", p.org_nr_valid.is_some());
        follow(&mut p.evidence, "org_nr", "org_nr_suggestion", p.org_nr_suggestion.is_some());
        // A number whose owner is not named.
        follow(&mut p.evidence, "org_nr", "name", true);
        follow(&mut p.evidence, "name", "role", true);
    }
    for s in &mut record.sections {
        follow(&mut s.evidence, "heading", "id", s.id.is_some());
        follow(&mut s.evidence, "heading", "level", true);
    }
    for a in &mut record.amounts {
        follow(&mut a.evidence, "value_sek", "raw", true);
        follow(&mut a.evidence, "value_sek", "per", a.per.is_some());
    }
    for q in &mut record.quantities {
        follow(&mut q.evidence, "value", "raw", true);
        follow(&mut q.evidence, "value", "unit", true);
        follow(&mut q.evidence, "value", "upper", q.upper.is_some());
    }
    for r in &mut record.references {
        follow(&mut r.evidence, "canonical", "text", true);
        follow(&mut r.evidence, "canonical", "kind", true);
    }
    for t in &mut record.tables {
        follow(&mut t.evidence, "rows", "header", !t.header.is_empty());
    }
    let mut agreements = std::mem::take(&mut record.agreements);
    agreements.iter_mut().for_each(|a| agreement(a, record));
    record.agreements = agreements;
    if let Some(m) = &mut record.meeting {
        let proves = |all: &[Evidence], field: &str| all.iter().any(|e| e.field == field);
        if m.date.is_some() && !proves(&m.evidence, "date") {
            let of = record.evidence.iter().filter(|e| e.field == "meeting_date" || e.field == "date");
            m.evidence.extend(of.take(1).map(|e| named(e, "date")));
        }
        if m.body.is_some() && !proves(&m.evidence, "body") {
            let of = record.authority.iter().flat_map(|a| &a.evidence).filter(|e| e.field == "name");
            m.evidence.extend(of.map(|e| named(e, "body")));
        }
    }
}

fn number(d: &mut Dnr) {
    follow(&mut d.evidence, "canonical", "raw", true);
    follow(&mut d.evidence, "canonical", "series", d.series.is_some());
    follow(&mut d.evidence, "canonical", "year", d.year.is_some());
    follow(&mut d.evidence, "canonical", "number", d.number.is_some());
    follow(&mut d.evidence, "canonical", "plan", d.plan.is_some());
    follow(&mut d.evidence, "canonical", "role", true);
}

fn officer(h: &mut Handlaggare) {
    follow(&mut h.evidence, "name", "title", h.title.is_some());
}

fn decision(d: &mut Decision) {
    follow(&mut d.evidence, "text", "number", d.number.is_some());
    follow(&mut d.evidence, "status", "section", d.section.is_some());
    follow(&mut d.evidence, "text", "section", d.section.is_some());
    follow(&mut d.evidence, "text", "actor", d.actor.is_some());
    follow(&mut d.evidence, "text", "assignee", d.assignee.is_some());
    follow(&mut d.evidence, "text", "actions", !d.actions.is_empty());
}

fn period(p: &mut Period) {
    let known = p.precision.start.is_some() || p.precision.end.is_some();
    follow(&mut p.evidence, "raw", "precision", known);
    follow(&mut p.evidence, "raw", "open_ended", p.open_ended);
    follow(&mut p.evidence, "raw", "extension", p.extension.is_some());
    follow(&mut p.evidence, "raw", "start", p.start.is_some());
    follow(&mut p.evidence, "raw", "end", p.end.is_some());
}

fn item(i: &mut Item) {
    i.dnr.iter_mut().for_each(number);
    i.handlaggare.iter_mut().for_each(officer);
    i.decisions.iter_mut().for_each(decision);
    for (field, there) in [
        ("title", i.title.is_some()),
        ("proposition_order", i.proposition_order.is_some()),
        ("votes", !i.votes.is_empty()),
        ("reservations", !i.reservations.is_empty()),
        ("statements", !i.statements.is_empty()),
        ("jav", !i.jav.is_empty()),
        ("adjusted_immediately", i.adjusted_immediately),
        ("confidential", i.confidential),
    ] {
        follow(&mut i.evidence, "number", field, there);
    }
}

fn agreement(a: &mut Agreement, record: &Record) {
    a.periods.iter_mut().for_each(period);
    follow(&mut a.evidence, "name", "type", a.kind.is_some());
    if !a.evidence.iter().any(|e| e.field == "parties") {
        let named_here = record.parties.iter().filter(|p| a.parties.contains(&p.name));
        let names = named_here.flat_map(|p| p.evidence.iter().filter(|e| e.field == "name").take(1));
        a.evidence.extend(names.map(|e| named(e, "parties")));
    }
    follow(&mut a.evidence, "name", "parties", !a.parties.is_empty());
    for (field, there) in [
        ("signed", a.signed.is_some()),
        ("purpose", a.purpose.is_some()),
        ("target_groups", !a.target_groups.is_empty()),
        ("activities", !a.activities.is_empty()),
        ("cofinanced", a.cofinanced.is_some()),
        ("challenge_stated", a.challenge_stated.is_some()),
        ("programme", a.programme.is_some()),
        ("outcome", a.outcome.is_some()),
        ("recommendation", a.recommendation.is_some()),
    ] {
        follow(&mut a.evidence, "name", field, there);
    }
}

#[cfg(test)]
mod tests {
    use crate::parse::testing;

    #[test]
    fn what_follows_from_a_value_has_its_evidence() {
        let doc = testing::document("Dnr JÄRVA 2024/45\n\n# Rapport\n\nText.");
        let record = testing::parser().parse(&doc);
        let number = &record.dnr[0];
        let of = |field: &str| number.evidence.iter().find(|e| e.field == field).map(|e| e.quote.clone());
        assert!(of("canonical").is_some());
        for field in ["raw", "series", "year", "number", "role"] {
            assert_eq!(of(field), of("canonical"), "{field}");
        }
        assert_eq!(of("plan"), None);
    }
}
