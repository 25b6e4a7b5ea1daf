//! Defines the catalog, the truth that everything else can be rebuilt from: every file ever offered, every document with
//! its text, every record.
//!
//! One SQLite file, one [`Writer`], any number of [`Reader`]s. Rows carry the sequence from and to which they hold, and a
//! sequence is one commit, so a reader sees one whole state: the newest, or an earlier one that the index still shows.

mod codec;
mod error;
mod ledger;
mod lookup;
mod place;
mod reader;
mod schema;
mod stored;
mod writer;

pub use codec::Prepared;
pub use error::CatalogError;
pub use ledger::{FileRow, FileState};
pub use lookup::Lookup;
pub use place::{place_name, place_path};
pub use reader::{Change, Counts, Documents, Reader, Unread};
pub use schema::FILE_NAME;
pub use stored::StoredDocument;
pub use writer::{Batch, Writer};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::source::Stamp;
    use stored::tests::sample;

    fn line(path: &str, content: &str) -> FileRow {
        FileRow {
            path: path.into(),
            state: FileState::Ok,
            code: None,
            message: None,
            stamp: Stamp { bytes: 1, modified: 2 },
            blake3: Some(blake3::hash(content.as_bytes()).to_hex().to_string()),
            root: "/r".into(),
            place: format!("/r/{path}"),
            partial: None,
            made_with: "{}".into(),
            seq: 0,
        }
    }

    fn add(writer: &mut Writer, path: &str, text: &str, content: &str) -> Option<u64> {
        let (stored, doc) = sample(path, text, content);
        let mut batch = writer.begin().unwrap();
        batch.put_file(&line(path, content)).unwrap();
        batch.put_documents(&stored.origin.blake3, "", &[Prepared::new(&stored, doc.clone()).unwrap()]).unwrap();
        batch.commit().unwrap()
    }

    fn paths(reader: &Reader) -> Vec<(String, Vec<String>)> {
        reader.documents().map(|d| d.map(|d| (d.path, d.also_at)).unwrap()).collect()
    }

    #[test]
    fn a_reader_sees_one_state_whatever_is_written() {
        let dir = tempfile::tempdir().unwrap();
        let mut writer = Writer::open_or_create(dir.path()).unwrap();
        assert_eq!(add(&mut writer, "b.txt", "ett", "b"), Some(1));
        let before = Reader::open(dir.path()).unwrap();
        assert_eq!(add(&mut writer, "a.txt", "två", "a"), Some(2));
        assert_eq!(add(&mut writer, "b.txt", "ett igen", "b"), Some(3));
        writer.forget_until(3).unwrap();
        assert_eq!(before.sequence(), 1);
        assert_eq!(paths(&before), [("b.txt".to_string(), vec![])]);
        let id = before.documents().next().unwrap().unwrap().id;
        assert_eq!(before.text(&id).unwrap().as_deref(), Some("ett"));
        let now = Reader::open(dir.path()).unwrap();
        assert_eq!(now.text(&id).unwrap().as_deref(), Some("ett igen"));
        assert_eq!(now.document(&id).unwrap().unwrap().text, "ett igen");
        let as_of = Reader::open_as_of(dir.path(), 2).unwrap();
        assert_eq!((as_of.sequence(), as_of.len().unwrap()), (2, 2));
    }

    #[test]
    fn the_first_by_name_stands_for_a_content_whatever_the_order() {
        let (stored, doc) = sample("", "text", "same");
        let orders = [["b.txt", "a.txt", "c.txt"], ["c.txt", "b.txt", "a.txt"], ["a.txt", "b.txt", "c.txt"]];
        for order in orders {
            let dir = tempfile::tempdir().unwrap();
            let mut writer = Writer::open_or_create(dir.path()).unwrap();
            for path in order {
                let mut batch = writer.begin().unwrap();
                batch.put_file(&line(path, "same")).unwrap();
                if path == order[0] {
                    batch
                        .put_documents(&stored.origin.blake3, "", &[Prepared::new(&stored, doc.clone()).unwrap()])
                        .unwrap();
                }
                batch.commit().unwrap();
            }
            let reader = Reader::open(dir.path()).unwrap();
            assert_eq!(paths(&reader), [("a.txt".to_string(), vec!["b.txt".to_string(), "c.txt".to_string()])]);
            let states: Vec<_> = reader.files(None).unwrap().into_iter().map(|f| f.state).collect();
            assert_eq!(states, [FileState::Ok, FileState::Duplicate, FileState::Duplicate]);
            assert_eq!(reader.by_path("c.txt").unwrap().len(), 1);
            assert_eq!(reader.by_path("/r/b.txt").unwrap().len(), 1);

            let mut batch = writer.begin().unwrap();
            batch.put_file(&FileRow { state: FileState::Removed, ..line("a.txt", "same") }).unwrap();
            batch.commit().unwrap();
            let reader = Reader::open(dir.path()).unwrap();
            assert_eq!(paths(&reader), [("b.txt".to_string(), vec!["c.txt".to_string()])]);
        }
    }

    #[test]
    fn what_no_file_has_any_longer_is_gone_and_known_to_be() {
        let dir = tempfile::tempdir().unwrap();
        let mut writer = Writer::open_or_create(dir.path()).unwrap();
        add(&mut writer, "a.txt", "ett", "a");
        add(&mut writer, "b.txt", "två", "b");
        let mut batch = writer.begin().unwrap();
        batch.put_file(&FileRow { state: FileState::Removed, ..line("a.txt", "a") }).unwrap();
        assert_eq!(batch.commit().unwrap(), Some(3));
        writer.forget_until(3).unwrap();
        let reader = Reader::open(dir.path()).unwrap();
        assert_eq!(paths(&reader), [("b.txt".to_string(), vec![])]);
        let changes: Vec<_> = reader.changes_since(1).unwrap().into_iter().map(|c| (c.seq, c.gone)).collect();
        assert!(changes.contains(&(3, true)) && changes.contains(&(2, false)) && changes.len() == 2, "{changes:?}");
        assert_eq!(reader.file_counts().unwrap()[&FileState::Removed], 1);
    }

    #[test]
    fn writing_the_same_again_is_no_change() {
        let dir = tempfile::tempdir().unwrap();
        let mut writer = Writer::open_or_create(dir.path()).unwrap();
        add(&mut writer, "a.txt", "ett", "a");
        let mut batch = writer.begin().unwrap();
        batch.put_file(&line("a.txt", "a")).unwrap();
        assert_eq!(batch.commit().unwrap(), None);
        assert_eq!(writer.sequence().unwrap(), 1);
    }

    #[test]
    fn all_documents_come_in_order_over_many_pages() {
        let dir = tempfile::tempdir().unwrap();
        let mut writer = Writer::open_or_create(dir.path()).unwrap();
        let mut batch = writer.begin().unwrap();
        let mut expected = Vec::new();
        for i in (0..300).rev() {
            let path = format!("{i:03}.txt");
            let (stored, doc) = sample(&path, "text", &path);
            batch.put_file(&line(&path, &path)).unwrap();
            batch.put_documents(&stored.origin.blake3, "", &[Prepared::new(&stored, doc.clone()).unwrap()]).unwrap();
            expected.insert(0, path);
        }
        batch.commit().unwrap();
        let reader = Reader::open(dir.path()).unwrap();
        let found: Vec<_> = paths(&reader).into_iter().map(|p| p.0).collect();
        assert_eq!(found, expected);
        let counts = reader.counts().unwrap();
        assert_eq!((counts.documents, counts.kinds["okand"], counts.without_year), (300, 300, 300));
    }
}
