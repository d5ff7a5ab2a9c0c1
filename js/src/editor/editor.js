import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { openSearchPanel, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, tooltips } from "@codemirror/view";
import { Channel } from "../channel.js";
import { button, element, frame, replaceHtml, watchKernel } from "../dom.js";
import { completion, fieldHelp } from "./completion.js";
import { showDiagnostics } from "./lint.js";
import { offsetAt } from "./positions.js";
import { theme } from "./theme.js";

/** Milliseconds of silence before a text goes to the kernel. */
const DEBOUNCE = 15;

/**
 * Milliseconds after a text at which an empty message follows it. The server sends small frames without TCP_NODELAY: the
 * verdict would wait behind the kernel's "busy" until the browser's delayed acknowledgement (40 ms). A message on its
 * way to the server carries the acknowledgement along.
 */
const NUDGES = [6, 12, 24];

/**
 * The manifest editor: text in, verdict out. All judgement comes from the kernel.
 * @param {{model: any, el: HTMLElement}} context
 * @returns {() => void} clean-up
 */
export function renderEditor({ model, el }) {
  const channel = new Channel(model);
  const name = model.get("path");
  const root = frame(el, "editor", `Manifest editor ${name}`);
  const verdict = element("div", { className: "k8s-answer", role: "status", "aria-live": "polite" });
  const help = element("div", { className: "k8s-help-text" });
  const submit = submitter(model, channel);
  const access = new Compartment();
  const view = new EditorView({
    doc: model.get("text"),
    extensions: [extensions(name, channel, help, submit.changed, () => apply()), access.of([])],
  });
  view.setTabFocusMode(true); // Tab leaves the editor unless the learner asks otherwise with Ctrl-M

  const apply = () => {
    if (view.state.readOnly) return;
    const text = view.state.doc.toString();
    submit.now(text);
    model.send({ kind: "apply", text });
  };
  const undo = button("Undo apply", () => model.send({ kind: "undo" }));
  const toolbar = element(
    "div",
    { className: "k8s-toolbar", role: "toolbar", "aria-label": "Editor actions" },
    element("span", { className: "k8s-title", textContent: name }),
    button("Apply", apply),
    undo,
    button("Find", () => openSearchPanel(view)),
    keyboardHint(),
  );
  const helpBox = element("details", { className: "k8s-help" }, element("summary", { textContent: "Field help" }), help);
  root.append(toolbar, element("div", { className: "k8s-code" }, view.dom), verdict, helpBox);

  const show = () => {
    const answer = model.get("verdict");
    if (!submit.accepts(answer.asked, view.state.doc.toString())) return; // stale: a newer text is on its way
    showDiagnostics(view, answer.diagnostics);
    replaceHtml(verdict, model.get("html"));
    verdict.dataset.status = answer.status;
    verdict.dataset.asked = answer.asked;
  };
  const replaceText = () => {
    const text = model.get("text");
    if (text === view.state.doc.toString() || submit.owns(text)) return;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
  };
  const enable = () => {
    undo.disabled = !model.get("can_undo");
  };
  const jump = (/** @type {Event} */ event) => {
    const place = /** @type {HTMLElement} */ (event.target).closest("[data-line]");
    if (!(place instanceof HTMLElement)) return;
    const anchor = offsetAt(view.state.doc, Number(place.dataset.line), Number(place.dataset.column));
    view.dispatch({ selection: { anchor }, scrollIntoView: true });
    view.focus();
  };
  verdict.addEventListener("click", jump);
  const listeners = { "change:verdict": show, "change:html": show, "change:text": replaceText, "change:can_undo": enable };
  for (const [event, listener] of Object.entries(listeners)) model.on(event, listener);
  show();
  enable();
  if (!verdict.innerHTML) submit.now(view.state.doc.toString());
  const release = watchKernel(model, root, () => {
    submit.close();
    showDiagnostics(view, []);
    replaceHtml(verdict, "");
    view.dispatch({ effects: access.reconfigure(EditorState.readOnly.of(true)) });
  });
  return () => {
    release();
    for (const [event, listener] of Object.entries(listeners)) model.off(event, listener);
    submit.close();
    channel.close();
    view.destroy();
    root.remove();
  };
}

/**
 * @param {string} name
 * @param {Channel} channel
 * @param {HTMLElement} help
 * @param {(text: string) => void} changed
 * @param {() => void} apply
 */
function extensions(name, channel, help, changed, apply) {
  const applyKey = { key: "Mod-Enter", run: () => (apply(), true) };
  return [
    lineNumbers(),
    lintGutter(),
    foldGutter(),
    history(),
    drawSelection(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    indentOnInput(),
    indentUnit.of("  "),
    EditorState.tabSize.of(2),
    bracketMatching(),
    closeBrackets(),
    yaml(),
    search({ top: true }),
    tooltips({ tooltipSpace: aboveVerdict }),
    completion(channel),
    fieldHelp(channel, help),
    theme,
    EditorView.contentAttributes.of({ "aria-label": `Manifest ${name}, YAML`, spellcheck: "false" }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) changed(update.state.doc.toString());
    }),
    keymap.of([
      applyKey,
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...defaultKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      ...lintKeymap,
      indentWithTab,
    ]),
  ];
}

/**
 * Where lists and hints may stand: never below the editor, where the verdict is; CodeMirror opens them upwards then.
 * @param {EditorView} view
 */
function aboveVerdict(view) {
  const bottom = Math.min(innerHeight, view.dom.getBoundingClientRect().bottom);
  return { top: 0, left: 0, bottom, right: innerWidth };
}

/**
 * Sends texts: debounced, numbered, and never two at a time (the widget manager holds back the newer one).
 * @param {any} model
 * @param {Channel} channel
 */
function submitter(model, channel) {
  let timer = 0;
  let newest = "";
  /** @type {string|null} */
  let sent = null;
  const now = (/** @type {string} */ text) => {
    clearTimeout(timer);
    if (text === model.get("text") && sent === text) return;
    newest = channel.next();
    sent = text;
    model.set("text", text);
    model.set("asked", newest);
    model.save_changes();
    for (const delay of NUDGES) setTimeout(() => model.send({ kind: "nudge" }), delay);
  };
  return {
    now,
    /** Whether an answer is about what this view shows: its newest text, or the same text sent by another view. */
    accepts: (/** @type {string} */ asked, /** @type {string} */ shown) =>
      asked === newest || (!channel.owns(asked) && shown === model.get("text")),
    owns: (/** @type {string} */ text) => text === sent,
    changed: (/** @type {string} */ text) => {
      clearTimeout(timer);
      timer = setTimeout(now, DEBOUNCE, text);
    },
    close: () => clearTimeout(timer),
  };
}

/** What the keys do, as text; CodeMirror's own names for them. */
function keyboardHint() {
  const mac = /Mac/.test(navigator.platform);
  const toggle = mac ? "Shift-Alt-M" : "Ctrl-M";
  const run = mac ? "Cmd-Enter" : "Ctrl-Enter";
  const text = `Tab leaves the editor; ${toggle} makes Tab indent (then Escape, Tab leaves). Ctrl-Space completes, ${run} applies.`;
  return element("span", { className: "k8s-hint", textContent: text });
}
