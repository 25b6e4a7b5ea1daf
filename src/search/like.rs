//! Makes a document a question: the words that set it apart from the rest of the index.

use std::collections::BTreeMap;

use super::SearchError;
use crate::base::DocId;
use crate::catalog;
use crate::index::Engine;
use crate::index::analyse::tokens;
use crate::query::Node;

/// How many of a document's words are asked for.
const WORDS: usize = 25;

/// How many of the most frequent words are weighed; rarer ones say little of what it is about.
const WEIGHED: usize = 400;

/// Least share of the words, in percent, that a similar document has.
const SHARE: usize = 30;

/// The documents that share the words which a document has often and few others have; without itself.
pub(super) fn like(doc: &DocId, catalog: &catalog::Reader, engine: &dyn Engine) -> Result<Option<Node>, SearchError> {
    let Some(document) = catalog.document(doc)? else { return Ok(None) };
    // Words by stem: how often, and as first written.
    let mut words: BTreeMap<String, (u64, String)> = BTreeMap::new();
    for token in tokens(document.body()) {
        let letters = token.forms.exact.chars();
        if token.width == 1 && letters.clone().count() > 2 && letters.clone().all(char::is_alphabetic) {
            words.entry(token.forms.stem.clone()).or_insert_with(|| (0, token.forms.exact.clone())).0 += 1;
        }
    }
    let mut words: Vec<(u64, String)> = words.into_values().collect();
    words.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    words.truncate(WEIGHED);
    let all = catalog.len()?.max(1) as f64;
    let mut weighed = Vec::with_capacity(words.len());
    for (often, word) in words {
        let found_in = engine.found_in(&word)?;
        // A word that no other document has leads nowhere, one that every second has sets nothing apart. The square root:
        // the tenth time says less than the first.
        if found_in > 1 && (found_in as f64) <= all / 2.0 {
            weighed.push(((often as f64).sqrt() * (1.0 + all / found_in as f64).ln(), word));
        }
    }
    weighed.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    weighed.truncate(WORDS);
    let of: Vec<Node> = weighed.into_iter().map(|(_, word)| Node::Word(word)).collect();
    let least = (of.len() * SHARE).div_ceil(100).max(1);
    Ok(Some(Node::And(vec![Node::Some { least, of }, Node::Not(Box::new(Node::Document(doc.clone())))])))
}
