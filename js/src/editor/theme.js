import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const mono = "var(--jp-code-font-family, ui-monospace, monospace)";

/** Every colour comes from JupyterLab's theme variables, so that light and dark need no second theme. */
const look = EditorView.theme({
  "&": {
    color: "var(--k8s-text)",
    backgroundColor: "var(--k8s-field)",
    fontSize: "var(--jp-code-font-size, 13px)",
    maxHeight: "32em",
  },
  "&.cm-focused": { outline: "none" }, // the frame around the editor shows the focus
  ".cm-scroller": { fontFamily: mono, lineHeight: "1.5", overflow: "auto" },
  ".cm-content": { caretColor: "var(--k8s-text)", minHeight: "6em" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--k8s-text)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "var(--k8s-panel)", color: "var(--k8s-muted)", borderRight: "1px solid var(--k8s-line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--k8s-active)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, ::selection": {
    backgroundColor: "var(--k8s-selection) !important",
  },
  ".cm-tooltip, .cm-panels": {
    color: "var(--k8s-text)",
    backgroundColor: "var(--k8s-panel)",
    border: "1px solid var(--k8s-line)",
  },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--k8s-focus)", color: "var(--k8s-on-focus)" },
  ".cm-completionDetail": { color: "inherit", opacity: "0.85" },
  ".cm-textfield": { color: "inherit", backgroundColor: "var(--k8s-field)", border: "1px solid var(--k8s-line)" },
  ".cm-button": { color: "inherit", backgroundImage: "none", backgroundColor: "var(--k8s-field)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--k8s-refused)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--k8s-waiting)" },
  ".cm-lintRange-error": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--k8s-refused) 1.5px",
    textUnderlineOffset: "3px",
  },
  ".cm-lintRange-warning": {
    backgroundImage: "none",
    textDecoration: "underline dotted var(--k8s-waiting) 2px",
    textUnderlineOffset: "3px",
  },
});

const words = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--k8s-key)" },
  { tag: [tags.string, tags.special(tags.string), tags.content], color: "var(--k8s-value)" },
  { tag: [tags.keyword, tags.bool, tags.number, tags.null], color: "var(--k8s-atom)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--k8s-muted)", fontStyle: "italic" },
  { tag: [tags.meta, tags.separator, tags.punctuation, tags.squareBracket, tags.brace], color: "var(--k8s-muted)" },
]);

export const theme = [look, syntaxHighlighting(words)];
