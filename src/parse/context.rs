//! Defines `Context`: what every field is read from, and the one helper that makes evidence.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use super::fields::Rules;
use super::head::{Group, Labels};
use super::record::Evidence;
use super::segment::{HeadingIndex, Segments};
use crate::base::Span;
use crate::ingest::Document;
use crate::lexicon::Lexicon;

/// What a field rule sees: the document, its segments, the vocabulary, the compiled rules.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    /// The document.
    pub doc: &'a Document,
    /// The vocabulary.
    pub lex: &'a Lexicon,
    /// Patterns compiled once.
    pub rules: &'a Rules,
    /// Headings of the vocabulary.
    pub headings: &'a HeadingIndex,
    /// Labels of the head.
    pub labels: &'a Labels,
    /// The document's segments.
    pub segments: Segments,
    /// Letterhead, margin block and what stands before the first section, by labels.
    pub head: Vec<Group>,
    /// The sentences of the body, once they have been asked for.
    pub body_sentences: OnceCell<Rc<[Span]>>,
    /// Those of the span that was asked for last.
    pub last_sentences: RefCell<Option<(Span, Rc<[Span]>)>>,
}

impl<'a> Context<'a> {
    /// The text of a span.
    pub fn quote(&self, span: Span) -> &'a str {
        self.doc.quote(span)
    }

    /// The sentences of a span; several rules that ask for the same one after the other share them.
    pub fn sentences(&self, span: Span) -> Rc<[Span]> {
        if span.start == 0 && span.end == self.doc.body_end {
            return self.body_sentences().clone();
        }
        if let Some((_, known)) = self.last_sentences.borrow().as_ref().filter(|(of, _)| *of == span) {
            return known.clone();
        }
        let cut: Rc<[Span]> = self.rules.decision.sentences.of(self.quote(span), span.start as usize).into();
        self.last_sentences.replace(Some((span, cut.clone())));
        cut
    }

    /// The sentences of the body, cut when first asked for.
    pub fn body_sentences(&self) -> &Rc<[Span]> {
        self.body_sentences.get_or_init(|| self.rules.decision.sentences.of(self.doc.body(), 0).into())
    }

    /// The head's groups with this label.
    pub fn labelled<'s>(&'s self, label: &'s str) -> impl Iterator<Item = &'s Group> {
        self.head.iter().filter(move |g| g.label.as_deref() == Some(label))
    }

    /// The proof that `span` holds the value of `field`. White space at the span's ends is left out.
    ///
    /// `rule` is `where.what`, e.g. `margin.date`; `confidence` is 0 to 1, what the rule claims, and is lowered to what was measured
    /// of the rule on labelled documents.
    pub fn evidence(&self, field: &'static str, span: Span, rule: &'static str, confidence: f32) -> Evidence {
        let span = span.trim(&self.doc.text);
        Evidence {
            field: field.into(),
            start: span.start,
            end: span.end,
            quote: self.quote(span).to_string(),
            places: self.doc.places(span),
            rule: rule.into(),
            confidence: self.lex.confidence.measured(rule, confidence),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::base::Span;
    use crate::parse::testing;

    #[test]
    fn evidence_is_the_text_verbatim() {
        let doc = testing::document("Ärendet\n\nNämnden äger frågan.");
        testing::parser().with_context(&doc, |cx| {
            let e = cx.evidence("date", Span::new(8, 19), "test.rule", 0.5);
            assert_eq!(e.quote, "Nämnden");
            assert_eq!(&doc.text[e.start as usize..e.end as usize], e.quote);
            assert_eq!(e.places[0].page, 1);
        });
    }
}
