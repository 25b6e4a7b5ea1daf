//! Turns a record and a label into judgements, one for every value that is in either and that the label judges.

use serde_json::{Map, Value};

use super::fold::{As, folded, holds, likeness};
use super::gold::Part;
use super::pair::pairs;
use super::shape::{Object, RECORD, Shape};
use super::{Judgement, empty};

/// An object of the record with what it is a field of, to look for evidence outwards.
#[derive(Clone, Copy)]
struct Owner<'a> {
    object: &'a Value,
    field: &'a str,
    outer: Option<&'a Owner<'a>>,
}

/// What a label accepts for one value: any of these, `None` for nothing.
type Accepted = Vec<Option<String>>;

/// Judges a record. A record of null has found nothing.
pub(super) fn record(record: &Value, part: &Part) -> Vec<Judgement> {
    let mut judge = Judge { part, out: Vec::new() };
    let view = view(record, &part.fields);
    let owner = Owner { object: record, field: "", outer: None };
    judge.fields(&RECORD, "", &view, &part.fields, &owner, None);
    judge.out
}

/// The fields of a record that a label speaks of, with those computed that only labels have.
fn view(record: &Value, wanted: &Value) -> Value {
    let list = |v: &Value| v.as_array().cloned().unwrap_or_default();
    let mut view = Map::new();
    for name in wanted.as_object().into_iter().flat_map(Map::keys) {
        let value = match name.as_str() {
            "own_dnr" => list(&record["dnr"]).into_iter().filter(|d| d["role"] == "own").collect(),
            "district" => {
                let own = list(&record["districts"]).into_iter().find(|d| d["role"] == "own").map(|d| d["id"].clone());
                Some(record["authority"]["district"].clone()).filter(Value::is_string).or(own).unwrap_or_default()
            }
            "former_districts" => {
                let former = list(&record["districts"]).into_iter().filter(|d| d["role"] == "former");
                former.map(|d| d["id"].clone()).collect()
            }
            "org_nr" => {
                let numbered = list(&record["parties"]).into_iter();
                let numbered = numbered.filter(|p| !p["org_nr_raw"].is_null() || !p["org_nr"].is_null());
                let plain = |p: Value| serde_json::json!({"value": p["org_nr"], "valid": p["org_nr_valid"], "evidence": p["evidence"]});
                numbered.map(plain).collect()
            }
            "agreements_from_table" => list(&record["agreements"]).len().into(),
            "section_ids" => {
                const ALWAYS: [&str; 6] =
                    ["summary", "matter", "background", "proposed_decision", "attachments", "attested"];
                let wanted = list(&wanted["section_ids"]);
                let judged = |id: &Value| wanted.contains(id) || ALWAYS.iter().any(|a| id == a);
                list(&record["sections"]).into_iter().map(|s| s["id"].clone()).filter(judged).collect()
            }
            "references" => {
                let mut all: Vec<Value> = Vec::new();
                for mut r in list(&record["references"]) {
                    if r["canonical"].is_null() {
                        r["canonical"] = r["text"].clone();
                    }
                    // The same law cited twice is one reference.
                    if !all.iter().any(|a| a["canonical"] == r["canonical"]) {
                        all.push(r);
                    }
                }
                all.into()
            }
            "tables" => super::gold::tables(&record["tables"]),
            other => record[other].clone(),
        };
        view.insert(name.clone(), value);
    }
    Value::Object(view)
}

struct Judge<'a> {
    part: &'a Part,
    out: Vec<Judgement>,
}

impl Judge<'_> {
    /// Judges the fields that a label's object has. With `also`, only found values count (the object itself was not wanted), and
    /// these are the wanted objects that say which fields are judged.
    fn fields(&mut self, shape: &Object, row: &str, got: &Value, want: &Value, owner: &Owner, also: Option<&[&Value]>) {
        for (name, field) in shape.fields {
            let row = if row.is_empty() { (*name).to_string() } else { format!("{row}.{name}") };
            match also {
                None => {
                    if let Some(want) = want.get(name) {
                        self.field(field, &row, name, &got[*name], want, owner);
                    }
                }
                Some(templates) => {
                    let inner: Vec<&Value> = templates.iter().filter_map(|t| t.get(name)).collect();
                    if !inner.is_empty() {
                        self.surplus_field(field, &row, name, &got[*name], &inner, owner);
                    }
                }
            }
        }
    }

    fn field(&mut self, shape: &Shape, row: &str, name: &str, got: &Value, want: &Value, owner: &Owner) {
        // `any` over whole lists and objects: the alternative that fits best.
        if let (Shape::Many(_) | Shape::Object(_) | Shape::Objects(_), Some(any)) = (shape, alternatives(want)) {
            let tried = any.iter().map(|want| {
                let mut judge = Judge { part: self.part, out: Vec::new() };
                judge.field(shape, row, name, got, want, owner);
                judge.out
            });
            let faults = |out: &Vec<Judgement>| out.iter().filter(|j| !j.strict).count();
            if let Some(best) = tried.min_by_key(|out| (faults(out), usize::MAX - out.len())) {
                self.out.extend(best);
            }
            return;
        }
        match shape {
            Shape::Unjudged => {}
            Shape::One(how) => self.one(*how, row, name, got, accepted(*how, want), owner),
            Shape::Many(how) => self.many(*how, row, name, got, want, owner),
            Shape::Object(object) => self.object(object, row, name, got, want, owner),
            Shape::Objects(object) => self.objects(object, row, name, got, want, owner),
        }
    }

    fn one(&mut self, how: As, row: &str, name: &str, got: &Value, want: Accepted, owner: &Owner) {
        let nothing_fits = want.contains(&None);
        let first = want.iter().flatten().next().cloned();
        let got = shown(how, got).filter(|_| first.is_some() || !self.outside(owner, name));
        let Some(got) = got else {
            if !nothing_fits {
                self.judge(how, row, name, first, None, 0.0, owner);
            }
            return;
        };
        let liked = want.iter().flatten().map(|w| (w, likeness(how, &folded(how, w), &folded(how, &got))));
        let best = liked.max_by(|a, b| a.1.total_cmp(&b.1));
        match best {
            Some((w, l)) if l > 0.0 => self.judge(how, row, name, Some(w.clone()), Some(got), l, owner),
            _ => self.judge(how, row, name, first.filter(|_| !nothing_fits), Some(got), 0.0, owner),
        }
    }

    fn many(&mut self, how: As, row: &str, name: &str, got: &Value, want: &Value, owner: &Owner) {
        let wanted: Vec<Accepted> = elements(want).map(|w| accepted(how, w)).collect();
        let found: Vec<String> = elements(got).filter_map(|g| shown(how, g)).collect();
        let folds: Vec<String> = found.iter().map(|g| folded(how, g)).collect();
        let wanted_folds: Vec<Vec<String>> =
            wanted.iter().map(|w| w.iter().flatten().map(|w| folded(how, w)).collect()).collect();
        let best = |w: usize, f: usize| {
            let all = wanted_folds.get(w).into_iter().flatten();
            all.map(|w| folds.get(f).map_or(0.0, |f| likeness(how, w, f))).fold(0.0, f64::max)
        };
        let paired = pairs(wanted.len(), found.len(), best);
        for (w, want) in wanted.iter().enumerate() {
            match paired.iter().find(|p| p.0 == w) {
                Some(&(_, f)) => {
                    let got = found.get(f).cloned();
                    let liked = want.iter().flatten().find(|x| {
                        got.as_ref().is_some_and(|g| likeness(how, &folded(how, x), &folded(how, g)) >= best(w, f))
                    });
                    self.judge(how, row, name, liked.cloned(), got, best(w, f), owner);
                }
                None if want.contains(&None) => {}
                None => self.judge(how, row, name, want.iter().flatten().next().cloned(), None, 0.0, owner),
            }
        }
        for (f, got) in found.iter().enumerate().filter(|(f, _)| !paired.iter().any(|p| p.1 == *f)) {
            let _ = f;
            if !self.part.partial.contains(row) && !self.outside(owner, name) {
                self.judge(how, row, name, None, Some(got.clone()), 0.0, owner);
            }
        }
    }

    fn object(&mut self, object: &Object, row: &str, name: &str, got: &Value, want: &Value, outer: &Owner) {
        let owner = Owner { object: got, field: name, outer: Some(outer) };
        let main = object.main.first().copied().unwrap_or(name);
        match (got.is_object(), want.is_object()) {
            (false, false) => {}
            (true, false) => {
                let got = main_shown(object, got).unwrap_or_else(|| "something".into());
                if !self.outside(&owner, main) {
                    self.judge(object.by, row, main, None, Some(got), 0.0, &owner);
                }
            }
            (false, true) => self.missed(object, row, name, want, &owner),
            (true, true) => {
                if object.main.iter().any(|m| want.get(m).is_some()) {
                    let found = main_shown(object, got).map_or(Value::Null, Value::String);
                    self.one(object.by, row, main, &found, main_accepted(object, want), &owner);
                }
                self.fields(object, row, got, want, &owner, None);
            }
        }
    }

    fn objects(&mut self, object: &Object, row: &str, name: &str, got: &Value, want: &Value, outer: &Owner) {
        let wanted: Vec<Vec<&Value>> =
            elements(want).map(|w| alternatives(w).map_or_else(|| vec![w], |any| any.iter().collect())).collect();
        let found: Vec<&Value> = elements(got).collect();
        let keys: Vec<Vec<Vec<String>>> = wanted
            .iter()
            .map(|any| {
                let folds = |w: &&Value| main_accepted(object, w).into_iter().flatten().map(|m| folded(object.by, &m));
                any.iter().map(|w| folds(w).collect()).collect()
            })
            .collect();
        let found_keys: Vec<String> =
            found.iter().map(|g| folded(object.by, &main_shown(object, g).unwrap_or_default())).collect();
        let like = |w: &[String], f: usize| {
            let found = found_keys.get(f);
            w.iter().map(|w| found.map_or(0.0, |f| likeness(object.by, w, f))).fold(0.0, f64::max)
        };
        let best = |w: usize, f: usize| keys.get(w).into_iter().flatten().map(|any| like(any, f)).fold(0.0, f64::max);
        let paired = pairs(wanted.len(), found.len(), best);
        let main = object.main.first().copied().unwrap_or(name);
        for (w, any) in wanted.iter().enumerate() {
            let pair = paired.iter().find(|p| p.0 == w);
            let optional = any.iter().any(|w| w.is_null() || w["optional"] == true);
            let Some(&(_, f)) = pair else {
                if let (false, Some(want)) = (optional, any.iter().find(|w| !w.is_null())) {
                    let nothing = Owner { object: &Value::Null, field: name, outer: Some(outer) };
                    self.missed(object, row, name, want, &nothing);
                }
                continue;
            };
            let (Some(got), Some(keys)) = (found.get(f), keys.get(w)) else { continue };
            let chosen = (0..any.len()).max_by(|a, b| {
                let l = |i: usize| keys.get(i).map_or(0.0, |k| like(k, f));
                l(*a).total_cmp(&l(*b)).then(b.cmp(a))
            });
            let Some(want) = chosen.and_then(|c| any.get(c)) else { continue };
            let owner = Owner { object: got, field: name, outer: Some(outer) };
            let shown = main_accepted(object, want).into_iter().flatten().next().unwrap_or_default();
            let found = main_shown(object, got).unwrap_or_default();
            self.judge(object.by, row, main, Some(shown), Some(found), best(w, f), &owner);
            if let Some(last) = self.out.last_mut() {
                last.placed = placed(want, main, &owner);
            }
            self.fields(object, row, got, want, &owner, None);
        }
        let templates: Vec<&Value> = wanted.iter().flatten().copied().collect();
        if self.part.partial.contains(row) {
            return;
        }
        for (_, got) in found.iter().enumerate().filter(|(f, _)| !paired.iter().any(|p| p.1 == *f)) {
            self.surplus(object, row, name, got, &templates, outer);
        }
    }

    /// Counts an object that was wanted and not found, with all that the label says of it.
    fn missed(&mut self, object: &Object, row: &str, name: &str, want: &Value, owner: &Owner) {
        if !object.main.is_empty() {
            let main = main_accepted(object, want).into_iter().flatten().next();
            if main.is_some() {
                self.judge(object.by, row, name, main, None, 0.0, owner);
            }
        }
        self.fields(object, row, &Value::Null, want, owner, None);
    }

    /// Counts an object that was found and not wanted, with its fields as far as they are judged in this list.
    fn surplus(&mut self, object: &Object, row: &str, name: &str, got: &Value, like: &[&Value], outer: &Owner) {
        let owner = Owner { object: got, field: name, outer: Some(outer) };
        let main = object.main.first().copied().unwrap_or(name);
        if self.outside(&owner, main) {
            return;
        }
        let shown = main_shown(object, got).unwrap_or_default();
        self.judge(object.by, row, main, None, Some(shown), 0.0, &owner);
        self.fields(object, row, got, &Value::Null, &owner, Some(like));
    }

    fn surplus_field(&mut self, shape: &Shape, row: &str, name: &str, got: &Value, like: &[&Value], owner: &Owner) {
        match shape {
            Shape::Unjudged => {}
            Shape::One(how) => self.one(*how, row, name, got, vec![None], owner),
            Shape::Many(how) => self.many(*how, row, name, got, &Value::Null, owner),
            Shape::Object(object) => {
                if got.is_object() {
                    self.fields(object, row, got, &Value::Null, owner, Some(like));
                }
            }
            Shape::Objects(object) => {
                let templates: Vec<&Value> = like.iter().flat_map(|l| elements(l)).collect();
                elements(got).for_each(|g| self.surplus(object, row, name, g, &templates, owner));
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one place where a judgement is made")]
    fn judge(
        &mut self,
        how: As,
        row: &str,
        name: &str,
        want: Option<String>,
        got: Option<String>,
        like: f64,
        owner: &Owner,
    ) {
        let proof = got.as_ref().and_then(|got| proof_of(owner, name, how, got));
        let page = proof.and_then(|p| p["places"][0]["page"].as_u64()).and_then(|p| u32::try_from(p).ok());
        let held = match (proof, &got) {
            (Some(p), Some(got)) => holds(how, p["quote"].as_str().unwrap_or_default(), got),
            _ => None,
        };
        let said = |p: &Value| p["rule"].as_str().map(str::to_string);
        // A label's evidence stands at the same place of the label as the record's in the record; of the record's own values only.
        let placed = if owner.outer.is_none() && like > 0.0 { placed(&self.part.fields, name, owner) } else { None };
        self.out.push(Judgement {
            field: row.to_string(),
            want,
            got,
            strict: like >= 1.0,
            lenient: like > 0.0,
            page,
            confidence: proof.and_then(|p| p["confidence"].as_f64()),
            rule: proof.and_then(said),
            placed,
            held,
            ..empty()
        });
    }

    /// True if the value's evidence lies outside the labelled pages.
    fn outside(&self, owner: &Owner, name: &str) -> bool {
        let Some((first, last)) = self.part.pages else { return false };
        let Some(proofs) = proofs_of(owner, name) else { return false };
        let pages = proofs.iter().flat_map(|p| elements(&p["places"])).filter_map(|p| p["page"].as_u64());
        let mut pages = pages.peekable();
        pages.peek().is_some() && pages.all(|p| p < u64::from(first) || p > u64::from(last))
    }
}

/// The evidence for a field: that of the object itself, else that of what it is a field of.
fn proofs_of<'a>(owner: &Owner<'a>, name: &str) -> Option<Vec<&'a Value>> {
    let (mut owner, mut name) = (*owner, name);
    loop {
        let found: Vec<&Value> = elements(&owner.object["evidence"]).filter(|e| e["field"] == name).collect();
        if !found.is_empty() {
            return Some(found);
        }
        name = owner.field;
        owner = *owner.outer?;
    }
}

fn proof_of<'a>(owner: &Owner<'a>, name: &str, how: As, value: &str) -> Option<&'a Value> {
    let found = proofs_of(owner, name)?;
    let quote = |p: &&&Value| holds(how, p["quote"].as_str().unwrap_or_default(), value) == Some(true);
    found.iter().find(quote).or_else(|| found.first()).copied()
}

/// Whether the record's evidence lies where the label's does; none if the label does not say.
fn placed(want: &Value, name: &str, owner: &Owner) -> Option<bool> {
    let named = |e: &&Value| e["field"] == name || (e.get("field").is_none() && owner.outer.is_some());
    let wanted = elements(&want["evidence"]).find(named)?;
    let found = proofs_of(owner, name).unwrap_or_default();
    let page = wanted["page"].as_u64();
    let range = wanted["start"].as_u64().zip(wanted["end"].as_u64());
    Some(found.iter().any(|f| {
        let on_page = page.is_none_or(|p| elements(&f["places"]).any(|place| place["page"].as_u64() == Some(p)));
        let overlaps = range.is_none_or(|(start, end)| {
            f["start"].as_u64().is_some_and(|s| s < end) && f["end"].as_u64().is_some_and(|e| start < e)
        });
        on_page && overlaps
    }))
}

fn elements(v: &Value) -> impl Iterator<Item = &Value> {
    v.as_array().into_iter().flatten()
}

/// The values of `{"any": […]}`.
fn alternatives(v: &Value) -> Option<&Vec<Value>> {
    v.as_object().filter(|o| o.len() == 1)?.get("any")?.as_array()
}

/// A value as people read it; none for nothing.
fn shown(how: As, v: &Value) -> Option<String> {
    let text = match v {
        Value::Null => return None,
        Value::Bool(b) => return (*b || how != As::Flag).then(|| b.to_string()),
        Value::Number(n) => match n.as_f64() {
            Some(f) if f.fract() == 0.0 && f.abs() < 1e15 => format!("{f:.0}"),
            _ => n.to_string(),
        },
        Value::String(s) => s.clone(),
        Value::Array(all) => {
            let mut all: Vec<String> = all.iter().filter_map(|v| shown(how, v)).collect();
            all.sort_unstable();
            all.join(", ")
        }
        Value::Object(o) => return o.get("name").and_then(|n| shown(how, n)),
    };
    Some(text).filter(|t| !t.trim().is_empty())
}

fn accepted(how: As, want: &Value) -> Accepted {
    match alternatives(want) {
        Some(any) => any.iter().map(|w| shown(how, w)).collect(),
        None => vec![shown(how, want)],
    }
}

/// The main values of a found object, joined; none without a single one.
fn main_shown(object: &Object, got: &Value) -> Option<String> {
    let all: Vec<String> = object.main.iter().map(|m| shown(object.by, &got[*m]).unwrap_or_default()).collect();
    Some(all.join("..")).filter(|_| !all.is_empty())
}

/// Every way in which a label's object may be called.
fn main_accepted(object: &Object, want: &Value) -> Accepted {
    if want.is_null() {
        return vec![None];
    }
    let mut ways = vec![String::new()];
    for (i, main) in object.main.iter().enumerate() {
        let values = accepted(object.by, &want[*main]);
        let between = if i == 0 { "" } else { ".." };
        ways = ways
            .iter()
            .flat_map(|way| values.iter().map(move |v| format!("{way}{between}{}", v.as_deref().unwrap_or_default())))
            .collect();
    }
    ways.into_iter().map(Some).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;

    use super::*;
    use crate::evaluate::gold;

    /// `field right found wanted` of every row.
    fn rows(got: &Value, want: &Value) -> Vec<String> {
        let label = gold::label(Path::new("x.json"), &want.to_string()).unwrap();
        let judgements = record(got, &label.parts[0]);
        let evaluation = crate::evaluate::Evaluation { judgements, ..Default::default() };
        let row = |(field, c): (String, crate::evaluate::tally::Count)| {
            format!("{field} {} {} {}", c.right, c.found, c.wanted)
        };
        evaluation.rows(|_| true).into_iter().map(row).collect()
    }

    fn evidence(field: &str, page: u32) -> Value {
        json!([{"field": field, "quote": "", "places": [{"page": page, "boxes": []}], "confidence": 0.5, "rule": "r"}])
    }

    #[test]
    fn what_a_label_leaves_out_is_not_judged_and_null_says_none() {
        let got = json!({"kind": "protokoll", "title": "A", "date": "2024-01-02", "dnr": []});
        assert!(rows(&got, &json!({"subtitle": null})).is_empty());
        assert_eq!(rows(&got, &json!({"kind": "protokoll"})), ["kind 1 1 1"]);
        assert_eq!(rows(&got, &json!({"title": null})), ["title 0 1 0"]);
        assert_eq!(rows(&got, &json!({"date": "2024-03-04"})), ["date 0 1 1"]);
        assert_eq!(rows(&Value::Null, &json!({"date": "2024-03-04", "title": null})), ["date 0 0 1"]);
    }

    #[test]
    fn any_accepts_each_alternative_and_optional_ones_may_be_missing() {
        let got = json!({"title": "B", "genres": ["x"], "dnr": [{"canonical": "KS 2024/1", "role": "own"}]});
        assert_eq!(rows(&got, &json!({"title": {"any": ["A", "B"]}})), ["title 1 1 1"]);
        assert_eq!(rows(&got, &json!({"title": {"any": ["A", null]}})), ["title 0 1 0"]);
        assert!(rows(&got, &json!({"subtitle": {"any": ["A", null]}})).is_empty());
        assert_eq!(rows(&got, &json!({"genres": {"any": [[], ["x"]]}})), ["genres 1 1 1"]);
        let both = json!({"dnr": [{"canonical": {"any": ["2024/1", "KS 2024/1"]}}, {"canonical": "2020/9", "optional": true}]});
        assert_eq!(rows(&got, &both), ["dnr 1 1 1"]);
    }

    #[test]
    fn objects_are_paired_by_what_they_are_and_their_fields_follow() {
        let got = json!({"decisions": [
            {"text": "Nämnden avslår ansökan", "status": "decided", "actions": ["reject"]},
            {"text": "Nämnden godkänner rapporten och tackar", "status": "proposed", "actions": []}]});
        let want = json!({"decisions": [
            {"text": "1. Nämnden godkänner rapporten.", "status": "proposed"},
            {"text": "Nämnden avslår ansökan.", "status": "moved", "actions": ["reject"]},
            {"text": "Ärendet bordläggs.", "status": "decided"}]});
        assert_eq!(rows(&got, &want), ["decisions 1 2 3", "decisions.status 1 2 3", "decisions.actions 1 1 1"]);
    }

    #[test]
    fn what_is_found_too_much_counts_with_the_fields_that_are_judged_unless_the_list_is_partial() {
        let got = json!({"handlaggare": [{"name": "Eva Ek", "phone": "08-12", "email": "e@x.se"}, {"name": "Bo Al", "phone": "08-13"}]});
        let want = json!({"handlaggare": [{"name": "Eva Ek", "phone": null}]});
        assert_eq!(rows(&got, &want), ["handlaggare 1 2 1", "handlaggare.phone 0 2 0"]);
        let partial = json!({"handlaggare": [{"name": "Eva Ek"}], "partial": ["handlaggare"]});
        assert_eq!(rows(&got, &partial), ["handlaggare 1 1 1"]);
        assert_eq!(rows(&got, &json!({"handlaggare": []})), ["handlaggare 0 2 0"]);
    }

    #[test]
    fn what_stands_outside_the_labelled_pages_is_not_wrong() {
        let amount = |page: u32| json!({"value_sek": 5.0, "raw": "5 kr", "evidence": evidence("value_sek", page)});
        let got = json!({"amounts": [amount(1), amount(7)], "title": "A", "evidence": evidence("title", 9)});
        let want = json!({"amounts": [], "title": null, "labelled_pages": [1, 3]});
        assert_eq!(rows(&got, &want), ["amounts 0 1 0"]);
    }

    #[test]
    fn periods_and_tables_and_diary_numbers_in_parts_are_compared_as_wholes() {
        let got = json!({"periods": [{"start": "2024-01-01", "end": null, "extension": null}],
            "tables": [{"caption": null, "header": ["a"], "rows": [["1", "2"]]}], "dnr": [{"canonical": "KS 2024/1", "role": "cited"}]});
        let want = json!({"periods": [{"start": "2024-01-01", "end": null, "extension": null}],
            "tables": [{"rows": [["1", "2"], ["3", "4"]]}], "dnr": [{"series": "KS", "year": 2024, "number": 1, "role": "own"}]});
        let expected = ["dnr 1 1 1", "dnr.role 0 1 1", "own_dnr 0 0 1", "periods 1 1 1", "tables.rows 1 1 2"];
        assert_eq!(rows(&got, &want), expected);
    }

    #[test]
    fn evidence_of_the_object_or_of_what_holds_it_gives_page_rule_and_place() {
        let got = json!({"date": "2024-05-03", "evidence": evidence("date", 2),
            "meeting": {"present": [{"name": "Eva Ek"}], "evidence": evidence("present", 3)}});
        let want = json!({"date": "2024-05-03", "meeting": {"present": [{"name": "Eva Ek", "evidence": [{"page": 3}]}]},
            "evidence": [{"field": "date", "page": 1}]});
        let label = gold::label(Path::new("x.json"), &want.to_string()).unwrap();
        let judged = record(&got, &label.parts[0]);
        let shown: Vec<_> = judged.iter().map(|j| (j.field.as_str(), j.page, j.placed, j.rule.as_deref())).collect();
        assert_eq!(
            shown,
            [("date", Some(2), Some(false), Some("r")), ("meeting.present", Some(3), Some(true), Some("r"))]
        );
    }
}
