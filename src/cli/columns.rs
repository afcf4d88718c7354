//! Rows of cells, each column as wide as its widest cell.

/// Lays rows out behind `indent` blanks; the last cell of a row ends its line.
pub(super) fn align(indent: usize, rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            let width = cell.chars().count();
            match widths.get_mut(column) {
                Some(widest) => *widest = width.max(*widest),
                None => widths.push(width),
            }
        }
    }
    let mut text = String::new();
    for row in rows {
        let start = text.len();
        text.extend(std::iter::repeat_n(' ', indent));
        for (cell, width) in row.iter().zip(&widths) {
            text.push_str(cell);
            text.extend(std::iter::repeat_n(' ', width - cell.chars().count() + 2));
        }
        let end = text.trim_end().len().max(start);
        text.truncate(end);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["in", "telnyx", "it passes"], ["out", "zoë", ""]];
        let rows = rows.map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(align(2, &rows), "  in   telnyx  it passes\n  out  zoë\n");
        assert_eq!(align(2, &[]), "");
    }
}
