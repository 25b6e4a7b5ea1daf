//! Makes queries to try, out of what a catalog really holds, so that each of them finds something.

use std::collections::BTreeMap;

use crate::catalog::{CatalogError, Reader};
use crate::lexicon::Lexicon;
use crate::parse::record::{DistrictRole, PartyRole, Role};

/// From how many documents examples are taken.
const SAMPLE: usize = 300;

/// How many are given.
const GIVEN: usize = 3;

/// At most three commands to try. Each is made of values of one and the same document, the most common ones first.
///
/// # Errors
/// If the catalog cannot be read.
pub fn examples(reader: &Reader, lex: &Lexicon) -> Result<Vec<String>, CatalogError> {
    let mut places: Tally = BTreeMap::new();
    let mut decisions: Tally = BTreeMap::new();
    let mut parties: Tally = BTreeMap::new();
    let mut cases: Tally = BTreeMap::new();
    let mut words: Tally = BTreeMap::new();
    for stored in reader.documents().take(SAMPLE) {
        let record = stored?.record;
        let own = record.districts.iter().find(|d| d.role == DistrictRole::Own);
        let district = own.and_then(|d| lex.district(&d.id)).and_then(|d| quoted(&d.name));
        if let (Some(district), Some(year)) = (&district, record.year) {
            add(&mut places, format!("--district {district} --year {year}"));
        }
        for decision in record.decisions.iter().chain(record.items.iter().flat_map(|i| &i.decisions)) {
            if let (Some(action), Some(district)) = (decision.actions.first(), &district) {
                let status = decision.status.as_str();
                add(
                    &mut decisions,
                    format!("--in decisions --action {action} --status {status} --district {district}"),
                );
            }
        }
        let civil = record.parties.iter().filter(|p| matches!(p.role, PartyRole::Civil | PartyRole::Parish));
        civil.filter_map(|p| quoted(&p.name)).for_each(|name| add(&mut parties, format!("--party {name}")));
        let own = record.dnr.iter().filter(|d| d.role == Role::Own);
        own.filter_map(|d| quoted(&d.canonical)).for_each(|dnr| add(&mut cases, format!("--dnr {dnr}")));
        let title = record.title.unwrap_or_default();
        let longest = title.split(|c: char| !c.is_alphanumeric()).max_by_key(|w| w.chars().count());
        longest.filter(|w| w.chars().count() > 3).into_iter().for_each(|w| add(&mut words, w.to_lowercase()));
    }
    let best = [places, decisions, parties, cases, words].into_iter().filter_map(most_common);
    Ok(best.take(GIVEN).map(|query| format!("diarium search {query}")).collect())
}

type Tally = BTreeMap<String, u32>;

fn add(tally: &mut Tally, query: String) {
    *tally.entry(query).or_default() += 1;
}

/// The most common one; of several the first by name.
fn most_common(tally: Tally) -> Option<String> {
    tally.into_iter().min_by_key(|(_, n)| u32::MAX - n).map(|(query, _)| query)
}

/// The value as a shell takes it; none if it has letters that shells read in different ways.
fn quoted(value: &str) -> Option<String> {
    if value.is_empty() || value.contains(['"', '$', '`', '\\', '!', '\'', '%']) || value.chars().any(char::is_control)
    {
        None
    } else if value.chars().all(|c| c.is_alphanumeric() || c == '-') && !value.starts_with('-') {
        Some(value.to_string())
    } else {
        Some(format!("\"{value}\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_quoted_so_that_any_shell_takes_them() {
        assert_eq!(quoted("Järva").as_deref(), Some("Järva"));
        assert_eq!(quoted("JÄRVA 2024/45").as_deref(), Some("\"JÄRVA 2024/45\""));
        assert_eq!(quoted("rm -rf $HOME"), None);
    }
}
