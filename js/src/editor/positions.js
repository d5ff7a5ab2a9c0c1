/**
 * The offset of a 1-based line and column, kept inside the document.
 * @param {import("@codemirror/state").Text} doc
 * @param {number} line
 * @param {number} column
 */
export function offsetAt(doc, line, column) {
  const row = doc.line(Math.min(Math.max(line, 1), doc.lines));
  return Math.min(row.from + Math.max(column - 1, 0), row.to);
}

/**
 * The 1-based line and column of an offset.
 * @param {import("@codemirror/state").Text} doc
 * @param {number} offset
 */
export function placeAt(doc, offset) {
  const row = doc.lineAt(offset);
  return { line: row.number, column: offset - row.from + 1 };
}
