//! Defines how an extension is gathered while a sentence is read, and what follows from it.

use jiff::civil::Date;

use super::{Grain, Reading, later_end};
use crate::parse::record::Extension;

/// A length of time: a count of days, months or years.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Length {
    pub(super) count: u32,
    pub(super) unit: &'static str,
    /// How many times it is given: 2 for "1+1 år".
    pub(super) times: Option<u32>,
    /// "i taget", "ettåriga": one of several.
    pub(super) each: bool,
}

/// In what form an extension is spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// "möjlighet till förlängning", "kan förlängas".
    Possible,
    /// "förlängningar".
    Several,
    /// "förlängdes", "nyttja optionen".
    Used,
    /// "förlängs": used, unless it says "automatiskt".
    Present,
}

/// An extension in the making.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) form: Form,
    pub(super) length: Option<Length>,
    pub(super) times: Option<u32>,
    pub(super) until: Option<(Date, Grain)>,
    pub(super) automatic: bool,
}

impl Draft {
    pub(super) fn new(form: Form) -> Self {
        Draft { form, length: None, times: None, until: None, automatic: false }
    }

    pub(super) fn used(&self) -> bool {
        // "förlängs med ett år i taget" is what happens again and again, not what was done.
        let again = self.form == Form::Present && self.length.is_some_and(|l| l.each);
        matches!(self.form, Form::Used | Form::Present) && !self.automatic && !again
    }

    /// The extension, as far as it can be said with the period it belongs to.
    pub(super) fn finish(&self, of: Option<&Reading>) -> Extension {
        let used = self.used();
        let end = of.and_then(|r| r.end).map(|(d, _)| d);
        let (count, unit) = self.length.map_or((None, None), |l| (Some(l.count), Some(l.unit)));
        let mut times = self.times.or(self.length.and_then(|l| l.times));
        let open = self.form == Form::Several || self.automatic || self.length.is_some_and(|l| l.each);
        if times.is_none() && !open && (count.is_some() || used) {
            times = Some(1);
        }
        let reach = |times: u32| {
            let total = count?.checked_mul(times)?;
            later_end(end?, total, unit?)
        };
        let mut max_end = if used { None } else { self.until.map(|(d, _)| d) };
        if let Some(max) = max_end
            && self.times.is_none()
            && times == Some(1)
            && reach(1).is_some_and(|one| one < max)
        {
            // Reaches farther than one extension: there are several, their number is not said.
            times = None;
        }
        if max_end.is_none() && !used {
            max_end = times.and_then(reach);
        }
        let new_end = if used { self.until.map(|(d, _)| d).or_else(|| times.and_then(reach)) } else { None };
        Extension {
            count,
            unit: unit.map(str::to_string),
            times,
            max_end: max_end.map(Into::into),
            exercised: used,
            new_end: new_end.map(Into::into),
        }
    }
}
