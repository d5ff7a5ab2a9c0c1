import { autocompletion, startCompletion } from "@codemirror/autocomplete";
import { EditorView, hoverTooltip } from "@codemirror/view";
import { element } from "../dom.js";
import { placeAt } from "./positions.js";

/**
 * Completion of fields and enum values; the kernel knows the schemas.
 * @param {import("../channel.js").Channel} channel
 */
export function completion(channel) {
  const source = async (/** @type {import("@codemirror/autocomplete").CompletionContext} */ context) => {
    const word = context.matchBefore(/[\w./-]*/);
    if (!context.explicit && !word?.text) return null;
    const text = context.state.doc.toString();
    const answer = await channel.ask("complete", { text, ...placeAt(context.state.doc, context.pos) });
    if (!answer?.options?.length || context.aborted) return null;
    return { from: word?.from ?? context.pos, options: answer.options.map(option), validFor: /^[\w./-]*$/ };
  };
  return autocompletion({ override: [source], icons: false, defaultKeymap: true });
}

/**
 * @param {{label: string, apply: string, detail: string, info: string, boost: number, more: boolean}} one
 * @returns {import("@codemirror/autocomplete").Completion}
 */
function option(one) {
  return {
    label: one.label,
    detail: one.detail,
    info: one.info ? () => element("div", { className: "k8s-info", textContent: one.info }) : undefined,
    boost: one.boost,
    apply: (view, _completion, from, to) => {
      view.dispatch({
        changes: { from, to, insert: one.apply },
        selection: { anchor: from + one.apply.length },
        userEvent: "input.complete",
      });
      if (one.more) setTimeout(() => startCompletion(view), 0);
    },
  };
}

/**
 * Field help where the pointer rests and, in *panel*, for the field at the cursor.
 * @param {import("../channel.js").Channel} channel
 * @param {HTMLElement} panel
 */
export function fieldHelp(channel, panel) {
  const ask = (/** @type {import("@codemirror/state").EditorState} */ state, /** @type {number} */ offset) =>
    channel.ask("help", { text: state.doc.toString(), ...placeAt(state.doc, offset) });
  const hover = hoverTooltip(async (view, pos) => {
    const answer = await ask(view.state, pos);
    if (!answer?.html) return null;
    const dom = element("div", { className: "k8s-hover", innerHTML: answer.html });
    return { pos, above: true, create: () => ({ dom }) };
  });
  let timer = 0;
  let newest = 0;
  const follow = EditorView.updateListener.of((update) => {
    if (!update.selectionSet && !update.docChanged) return;
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const mine = ++newest;
      const answer = await ask(update.view.state, update.view.state.selection.main.head);
      if (mine === newest && answer) panel.innerHTML = answer.html || "<p>No field at the cursor.</p>";
    }, 250);
  });
  return [hover, follow];
}
