import { setDiagnostics } from "@codemirror/lint";
import { offsetAt } from "./positions.js";

/**
 * Shows the kernel's diagnostics under the characters they speak of.
 * @param {import("@codemirror/view").EditorView} view
 * @param {{line: number, column: number, end_column: number, severity: string, message: string, remedy: string}[]} found
 */
export function showDiagnostics(view, found) {
  const doc = view.state.doc;
  const marks = found.map((one) => {
    const from = offsetAt(doc, one.line, one.column);
    const to = Math.max(from, offsetAt(doc, one.line, one.end_column));
    const message = one.remedy ? `${one.message}\n${one.remedy}` : one.message;
    return { from, to, severity: /** @type {any} */ (one.severity), message };
  });
  view.dispatch(setDiagnostics(view.state, marks.sort((a, b) => a.from - b.from)));
}
