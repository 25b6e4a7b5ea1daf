//! Defines `Municipalities`: the municipalities and regions of Sweden with their codes, and how heads print their names.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::base::fold;

/// `municipalities.json`.
#[derive(Clone, Debug, Deserialize)]
pub struct Counties {
    /// The counties, by code.
    pub counties: Vec<County>,
}

/// A county (län) with its region and municipalities.
#[derive(Clone, Debug, Deserialize)]
pub struct County {
    /// Two digits, as Statistics Sweden (SCB) numbers counties.
    pub code: String,
    /// `Skåne län`.
    pub name: String,
    /// The region (before 2019 mostly a landsting) that the county is: `Region Skåne`.
    pub region: String,
    /// What the region was called before.
    #[serde(default)]
    pub former_region: Option<String>,
    /// The municipalities, by code.
    pub municipalities: Vec<Municipality>,
}

/// A municipality.
#[derive(Clone, Debug, Deserialize)]
pub struct Municipality {
    /// Four digits, the county's first, as Statistics Sweden (SCB) numbers municipalities.
    pub code: String,
    /// Without `kommun`: `Karlstad`.
    pub name: String,
    /// Whether it calls itself `stad`.
    #[serde(default)]
    pub city: bool,
}

impl Municipality {
    /// What it calls itself: `Karlstads kommun`, `Malmö stad`.
    pub fn full_name(&self) -> String {
        let s = if self.name.ends_with(|c: char| "aeiouyåäösxz".contains(c)) { "" } else { "s" };
        format!("{}{s} {}", self.name, if self.city { "stad" } else { "kommun" })
    }
}

/// The counties, and every name of theirs.
#[derive(Clone, Debug)]
pub struct Municipalities {
    /// The counties, by code.
    pub counties: Vec<County>,
    /// Folded spellings → the name in full.
    names: BTreeMap<String, String>,
}

impl Municipalities {
    /// With an index of the names.
    pub fn new(list: Counties) -> Self {
        let mut names = BTreeMap::new();
        for county in &list.counties {
            for name in std::iter::once(&county.region).chain(&county.former_region) {
                names.insert(fold::name_key(name), name.clone());
            }
            for town in &county.municipalities {
                let full = town.full_name();
                for name in [town.name.clone(), format!("{}s", town.name)] {
                    for form in [" kommun", " stad"] {
                        names.entry(fold::name_key(&format!("{name}{form}"))).or_insert_with(|| {
                            if full.ends_with(form) { full.clone() } else { format!("{name}{form}") }
                        });
                    }
                }
                names.entry(fold::name_key(&town.name)).or_insert(full);
            }
        }
        Municipalities { counties: list.counties, names }
    }

    /// The full name of the municipality or region whose name a line is, with or without `kommun`, in any case.
    pub fn named(&self, line: &str) -> Option<&str> {
        // Longer than any name: not worth folding.
        if line.len() > 60 {
            return None;
        }
        self.names.get(&fold::name_key(line)).map(String::as_str)
    }
}
