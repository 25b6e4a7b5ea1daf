//! Years as a row of bars, each as tall as there is much of it, that lead to what there is.

/// A year: how much there is of it, and where that is.
pub(super) struct Year {
    pub(super) name: String,
    pub(super) count: u64,
    pub(super) chosen: bool,
    pub(super) url: String,
}

/// A year with how tall its bar is, in hundredths of the tallest.
pub(super) struct Bar {
    pub(super) year: String,
    /// Its last two digits, of as many years as there is room for.
    pub(super) short: String,
    pub(super) count: u64,
    /// Where it stands, how wide it is, and its middle, in hundredths too.
    pub(super) x: String,
    pub(super) width: String,
    pub(super) middle: String,
    pub(super) height: u64,
    pub(super) chosen: bool,
    pub(super) url: String,
}

/// Width of all bars at most, of one at most, and room that the digits of a year need.
const WIDTH: f64 = 288.0;
const BAR: f64 = 24.0;
const DIGITS: f64 = 20.0;

/// The bars of years, in order.
pub(super) fn bars(years: Vec<Year>) -> Vec<Bar> {
    let most = years.iter().map(|y| y.count).max().unwrap_or(1).max(1);
    let step = (WIDTH / years.len().max(1) as f64).min(BAR);
    // Of many years every second, fifth or tenth has its digits.
    let every = [1, 2, 5, 10, 20, 50].into_iter().find(|n| step * f64::from(*n) >= DIGITS).unwrap_or(100);
    let has_digits = |name: &str| name.parse::<i32>().is_ok_and(|y| y % every == 0);
    let gap = (step / 12.0).min(2.0);
    let bar = |(i, y): (usize, Year)| Bar {
        short: if has_digits(&y.name) { y.name.chars().skip(2).collect() } else { String::new() },
        year: y.name,
        count: y.count,
        x: format!("{:.1}", i as f64 * step + gap),
        width: format!("{:.1}", step - 2.0 * gap),
        middle: format!("{:.1}", (i as f64 + 0.5) * step),
        // A year with anything at all can be seen and hit.
        height: (y.count * 96 / most).max(4),
        chosen: y.chosen,
        url: y.url,
    };
    years.into_iter().enumerate().map(bar).collect()
}

/// How wide so many bars are together.
pub(super) fn width(bars: &[Bar]) -> String {
    format!("{:.0}", (bars.len() as f64 * BAR).min(WIDTH))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(years: std::ops::Range<u64>) -> Vec<Bar> {
        let year = |y: u64| Year { name: y.to_string(), count: y % 7, chosen: false, url: String::new() };
        bars(years.map(year).collect())
    }

    #[test]
    fn however_many_years_there_are_they_stay_in_their_room() {
        let few = of(2019..2023);
        assert!(few.iter().all(|b| b.short.len() == 2) && width(&few) == "96");
        let many = of(1950..2030);
        let digits: Vec<&str> = many.iter().map(|b| b.short.as_str()).filter(|s| !s.is_empty()).collect();
        assert_eq!(digits, ["50", "60", "70", "80", "90", "00", "10", "20"]);
        assert_eq!(width(&many), "288");
        assert!(many.iter().all(|b| b.height >= 4 && b.height <= 96));
        assert!(of(0..0).is_empty());
    }
}
