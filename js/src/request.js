import { Channel } from "./channel.js";
import { element, frame, replaceHtml, watchKernel } from "./dom.js";

/**
 * The request tracer: from where, to which URL; the kernel answers with the hops.
 * @param {{model: any, el: HTMLElement}} context
 * @returns {() => void} clean-up
 */
export function renderRequest({ model, el }) {
  const channel = new Channel(model);
  const root = frame(el, "request", "Request tracer");
  const form = /** @type {HTMLFormElement} */ (element("form", { className: "k8s-toolbar" }));
  const from = field("From", "source", 16);
  const url = field("URL", "url", 34);
  const status = element("div", { className: "k8s-picture", role: "status", "aria-live": "polite" });
  const send = element("button", { type: "submit", textContent: "Send", className: "k8s-button" });

  /** @param {string} title @param {string} trait @param {number} size */
  function field(title, trait, size) {
    const id = `k8s-${trait}-${channel.next()}`;
    const input = /** @type {HTMLInputElement} */ (element("input", { id, size, spellcheck: false, value: model.get(trait) }));
    form.append(element("label", { for: id, textContent: title, className: "k8s-title" }), input);
    return input;
  }

  form.append(send);
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault(); // JupyterLab keeps Enter from submitting by itself
    form.requestSubmit();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await channel.ask("send", { from: from.value.trim(), url: url.value.trim() });
  });
  const draw = () => replaceHtml(status, model.get("html"));
  model.on("change:html", draw);
  root.append(form, status);
  draw();
  const forget = watchKernel(model, root, () => replaceHtml(status, ""));
  return () => {
    forget();
    model.off("change:html", draw);
    channel.close();
    root.remove();
  };
}
