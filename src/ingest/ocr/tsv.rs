//! Reads tesseract's table: one row for each word, with its line, box in pixels and confidence.

/// One word as tesseract tells it. The origin of its box is the picture's top left corner, y downwards.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    /// Which block, paragraph and line it belongs to.
    pub line: (u32, u32, u32),
    /// Left, top, right, lower edge, in pixels.
    pub left: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
    /// 0 to 100.
    pub confidence: f32,
    pub text: String,
}

/// Level of the rows that are words.
const WORD: &str = "5";

/// The words of a table. Rows that are none (a heading, blocks, lines, empty words) are passed over.
///
/// Columns: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
pub(super) fn parse(table: &str) -> Vec<Row> {
    table.lines().filter_map(row).collect()
}

fn row(line: &str) -> Option<Row> {
    let mut cells = line.splitn(12, '\t');
    if cells.next()? != WORD {
        return None;
    }
    let _page = cells.next()?;
    let mut whole = || cells.next()?.parse::<u32>().ok();
    let place = (whole()?, whole()?, whole()?);
    let _word = cells.next()?;
    let mut number = || cells.next()?.parse::<f32>().ok().filter(|n| n.is_finite());
    let (left, top, width, height) = (number()?, number()?, number()?, number()?);
    let confidence = number()?;
    let text = cells.next()?.trim();
    (!text.is_empty() && width > 0.0 && height > 0.0 && confidence >= 0.0).then(|| Row {
        line: place,
        left,
        top,
        right: left + width,
        bottom: top + height,
        confidence: confidence.min(100.0),
        text: text.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_and_all_else_is_passed_over() {
        let table = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
                     1\t1\t0\t0\t0\t0\t0\t0\t2481\t3508\t-1\t\n\
                     4\t1\t1\t1\t2\t0\t261\t127\t395\t37\t-1\t\n\
                     5\t1\t1\t1\t2\t1\t261\t127\t280\t37\t96.09\tBäckby\n\
                     5\t1\t1\t1\t2\t2\t558\t127\t98\t37\t95\t \n\
                     5\t1\t1\t1\t2\t3\t558\t127\tnan\t37\t95\tx\n\
                     5\t1\t1\t1\n\
                     5\t1\t1\t1\t2\t4\t558\t127\t98\t37\t12\tstad";
        let rows = parse(table);
        assert_eq!(rows.iter().map(|r| r.text.as_str()).collect::<Vec<_>>(), ["Bäckby", "stad"]);
        let first = &rows[0];
        assert_eq!(
            (first.line, first.left, first.top, first.right, first.bottom),
            ((1, 1, 2), 261.0, 127.0, 541.0, 164.0)
        );
        assert_eq!(rows[1].confidence, 12.0);
    }
}
