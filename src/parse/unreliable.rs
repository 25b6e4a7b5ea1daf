//! Holds fields back: from a text layer that does not read as language nothing is read.

use crate::ingest::Document;
use crate::ingest::document::PageText;
use crate::parse::record::{Record, Warning};

/// True if most of a document's text stands on pages whose words do not read as language.
pub(crate) fn is_unreliable(doc: &Document) -> bool {
    let (mut bad, mut all) = (0usize, 0usize);
    for page in &doc.pages {
        let bytes: usize = page.ranges.iter().map(|r| r.len()).sum();
        all += bytes;
        bad += if page.text == PageText::Unreliable { bytes } else { 0 };
    }
    bad * 2 > all
}

/// The warning that names the fields held back.
pub(crate) fn warning(fields: &[String]) -> Warning {
    Warning {
        code: Record::HELD_BACK.into(),
        message: format!(
            "The text layer does not read as language, so nothing was read from it: {} are held back. OCR may read the pages.",
            fields.join(", ")
        ),
        evidence: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::ingest::document::PageText;
    use crate::parse::testing;

    #[test]
    fn nothing_is_read_from_soup_and_a_warning_says_so() {
        let mut doc = testing::document("Dnr JÄRVA 2024/45\n2024-10-02\n\nQVXW ZZXC RFK GHW VNDOO");
        let read = testing::parser().parse(&doc);
        assert!(!read.dnr.is_empty() && !read.is_held_back());
        for page in &mut doc.pages {
            page.text = PageText::Unreliable;
        }
        let held = testing::parser().parse(&doc);
        assert!(held.is_held_back());
        assert_eq!((held.kind.as_str(), held.dnr.len(), held.date), ("okand", 0, None));
        assert!(held.warnings.iter().any(|w| w.message.contains("dnr") && w.message.contains("title")));
    }
}
