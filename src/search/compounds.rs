//! Adds longer words to a query: those of the index that a typed word is a part of, counting less than the word itself.

use crate::index::{Engine, IndexError};
use crate::query::Node;

/// The same query, with its compounds beside each word. What must not be there is taken as typed, and so are phrases,
/// beginnings and words spelt nearly so.
pub(super) fn expand(node: Node, engine: &dyn Engine) -> Result<Node, IndexError> {
    let all = |nodes: Vec<Node>| nodes.into_iter().map(|n| expand(n, engine)).collect::<Result<Vec<_>, _>>();
    Ok(match node {
        Node::Word(word) => {
            let found = engine.compounds(&word)?;
            if found.stems.is_empty() {
                return Ok(Node::Word(word));
            }
            let longer = Node::Compounds { of: word.clone(), stems: found.stems, left_out: found.left_out };
            Node::Also { typed: Box::new(Node::Word(word)), also: vec![longer] }
        }
        Node::InTitle(inner) => match expand(*inner, engine)? {
            Node::Also { typed, also } => Node::Also {
                typed: Box::new(Node::InTitle(typed)),
                also: also.into_iter().map(|n| Node::InTitle(Box::new(n))).collect(),
            },
            inner => Node::InTitle(Box::new(inner)),
        },
        Node::InDecision(inner) => Node::InDecision(Box::new(expand(*inner, engine)?)),
        Node::Also { typed, also } => Node::Also { typed: Box::new(expand(*typed, engine)?), also },
        Node::And(nodes) => Node::And(all(nodes)?),
        Node::Or(nodes) => Node::Or(all(nodes)?),
        node => node,
    })
}
