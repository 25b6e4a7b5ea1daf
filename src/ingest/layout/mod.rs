//! Defines how printed lines become a document's text: the rules that text files and PDFs share.
//!
//! A reader hands over [`Draft`]s (blocks of lines with their pages and boxes, in reading order); [`assemble`] joins
//! lines, resolves hyphens, puts page furniture after the body and hangs pages, blocks, lines and words on byte ranges.

mod assemble;
mod check;
mod draft;
mod flow;
mod forms;
mod hyphen;
mod labels;
mod lists;
mod normal;
pub mod pdf;
mod personal;

pub use assemble::{Assembled, PageInfo, assemble};
pub use draft::{Before, Draft, DraftLine, DraftWord};
pub use flow::Flow;
pub use hyphen::{Hyphens, Seam};
pub use labels::{Label, Labels, is_list_item, page_number};
pub use lists::{list_levels, marked_rows};
pub use normal::{normalise, normalise_word};
pub use personal::mask_personal_ids;
