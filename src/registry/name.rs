//! Defines keys that names are compared by, and the ids made of them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization as _;

use crate::base::PartialDate;
use crate::base::fold::{fold, name_key};
use crate::lexicon::{District, Lexicon};

/// A key for comparing names of organisations: [`name_key`] without quotes, brackets and stops, `&` as `och`.
pub fn org_key(name: &str) -> String {
    let spelt: String = name
        .chars()
        .map(|c| match c {
            '"' | '\'' | '”' | '“' | '’' | '»' | '«' | '(' | ')' | '.' | ',' | ':' | ';' => ' ',
            c => c,
        })
        .collect();
    name_key(&spelt.replace('&', " och "))
}

/// A part of an id: letters and digits without marks, `-` between.
pub fn slug(name: &str) -> String {
    let nfc: String = name.nfc().collect();
    let folded = fold(&nfc);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.join("-")
}

/// True if two keys differ by one slip of the pen: a letter too many, too few, another, or two that changed places. Digits are no slips.
pub fn is_slip(a: &str, b: &str) -> bool {
    let digits = |s: &str| s.chars().filter(char::is_ascii_digit).collect::<String>();
    a != b && digits(a) == digits(b) && strsim::osa_distance(a, b) == 1
}

/// Fewest letters of a key that a slip may be told in: shorter names differ by one letter too easily.
const SLIP_LETTERS: usize = 9;

/// All pairs of keys that differ by one slip, in order. Linear in the number of keys: those that share a form with one letter
/// left out are compared.
pub fn slips<'a>(keys: impl Iterator<Item = &'a str>) -> BTreeSet<(&'a str, &'a str)> {
    let mut forms: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
    for key in keys.filter(|k| k.chars().count() >= SLIP_LETTERS) {
        let mut seen = BTreeSet::from([hash(key, None)]);
        seen.extend(key.char_indices().map(|(i, _)| hash(key, Some(i))));
        for form in seen {
            forms.entry(form).or_default().push(key);
        }
    }
    let mut pairs = BTreeSet::new();
    for group in forms.values().filter(|g| g.len() > 1) {
        for (i, a) in group.iter().enumerate() {
            for b in group.iter().skip(i + 1).filter(|b| is_slip(a, b)) {
                pairs.insert((*a.min(b), *a.max(b)));
            }
        }
    }
    pairs
}

/// FNV-1a of a key, the letter at byte `without` left out.
fn hash(key: &str, without: Option<usize>) -> u64 {
    let letters = key.char_indices().filter(|(i, _)| Some(*i) != without).map(|(_, c)| c);
    letters.fold(0xcbf2_9ce4_8422_2325, |h, c| (h ^ u64::from(u32::from(c))).wrapping_mul(0x100_0000_01b3))
}

/// Words about organisations, as keys.
#[derive(Debug)]
pub struct Forms {
    generic: BTreeSet<String>,
    forms: Vec<String>,
}

impl Forms {
    /// Those of a vocabulary.
    pub fn of(lex: &Lexicon) -> Self {
        let a = &lex.agreements;
        Forms {
            generic: a.generic_words.iter().map(|w| org_key(w)).collect(),
            forms: a.organisation_forms.iter().map(|w| org_key(w)).collect(),
        }
    }

    /// True if a name used in one document means nothing outside it: `föreningen`, `Studieförbundet`.
    pub fn is_generic(&self, name: &str) -> bool {
        let key = org_key(name);
        let one_word = !key.contains(' ');
        key.chars().count() < 3
            || name.chars().next().is_none_or(|c| !c.is_uppercase() && !c.is_ascii_digit())
            || self.generic.contains(&key)
            || (one_word && self.forms.iter().any(|f| key.ends_with(f.as_str())))
    }

    /// A key without the word for its form before it: `foreningen lyktan` → `lyktan`. None if it has none, or nothing is left.
    pub fn without_form<'k>(&self, key: &'k str) -> Option<&'k str> {
        let (first, rest) = key.split_once(' ')?;
        (self.forms.iter().any(|f| f == first) && rest.chars().count() > 3).then_some(rest)
    }
}

/// Districts as they are now and were then.
#[derive(Debug)]
pub struct Lineage {
    now: BTreeMap<String, String>,
    by_name: BTreeMap<String, String>,
    spans: BTreeMap<String, (Option<Date>, Option<Date>)>,
}

/// First and last day of a district, where they are known.
pub fn span(d: &District) -> (Option<Date>, Option<Date>) {
    let day = |typed: &Option<String>| typed.as_deref().and_then(|d| d.parse::<PartialDate>().ok());
    (day(&d.from).map(PartialDate::first), day(&d.to).map(PartialDate::last))
}

/// True if a span of days has a day in another; none is without bound.
pub fn meets(a: (Option<Date>, Option<Date>), b: (Option<Date>, Option<Date>)) -> bool {
    let before = |end: Option<Date>, start: Option<Date>| matches!((end, start), (Some(e), Some(s)) if e < s);
    !before(a.1, b.0) && !before(b.1, a.0)
}

impl Lineage {
    /// That of a vocabulary.
    pub fn of(lex: &Lexicon) -> Self {
        let mut now = BTreeMap::new();
        let mut by_name = BTreeMap::new();
        let spans = lex.districts.iter().map(|d| (d.id.clone(), span(d))).collect();
        for d in lex.districts.iter() {
            let mut at = d;
            // A district that became several is itself; the bound is against a circle in a replaced vocabulary.
            for _ in 0..lex.districts.len() {
                match at.successors.as_slice() {
                    [one] => match lex.district(one) {
                        Some(next) => at = next,
                        None => break,
                    },
                    _ => break,
                }
            }
            now.insert(d.id.clone(), at.id.clone());
            let with_kind = d.aliases.iter().filter(|a| a.contains(' '));
            for name in with_kind.chain([&d.official_board_name]) {
                by_name.entry(org_key(name)).or_insert_with(|| d.id.clone());
            }
        }
        Lineage { now, by_name, spans }
    }

    /// The district that a district has become.
    pub fn now<'s>(&'s self, id: &'s str) -> &'s str {
        self.now.get(id).map_or(id, String::as_str)
    }

    /// True if a district was there on some day of a span.
    pub fn was_there(&self, id: &str, days: (Option<Date>, Option<Date>)) -> bool {
        self.spans.get(id).is_none_or(|own| meets(*own, days))
    }

    /// The district whose committee has this name.
    pub fn by_name(&self, name: &str) -> Option<&str> {
        self.by_name.get(&org_key(name)).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_is_found_and_two_are_not() {
        let keys = [
            "studieframjandet",
            "studiefremjandet",
            "studiefremjadnet",
            "kista sc",
            "kista sk",
            "forening 12 ab",
            "forening 13 ab",
        ];
        let pairs: Vec<_> = slips(keys.into_iter()).into_iter().collect();
        assert_eq!(pairs, [("studieframjandet", "studiefremjandet"), ("studiefremjadnet", "studiefremjandet")]);
    }

    #[test]
    fn a_name_that_means_nothing_elsewhere_is_told() {
        let forms = Forms::of(&Lexicon::built_in());
        for generic in ["föreningen", "Föreningen", "Studieförbundet", "nämnden", "den"] {
            assert!(forms.is_generic(generic), "{generic}");
        }
        for own in ["Spånga Blåbandsförening", "Lyktan", "Föreningen Lyktan"] {
            assert!(!forms.is_generic(own), "{own}");
        }
        assert_eq!(forms.without_form("foreningen lyktan"), Some("lyktan"));
        assert_eq!(forms.without_form("kista sc"), None);
    }

    #[test]
    fn a_district_leads_to_what_it_has_become() {
        let lex = Lexicon::built_in();
        let lineage = Lineage::of(&lex);
        assert_eq!(lineage.now("sthlm-rinkeby-kista"), "sthlm-jarva");
        assert_eq!(lineage.now("sthlm-farsta"), "sthlm-farsta");
        assert_eq!(lineage.by_name("Rinkeby-Kista stadsdelsnämnd"), Some("sthlm-rinkeby-kista"));
    }
}
