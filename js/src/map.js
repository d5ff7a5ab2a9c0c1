import { frame, replaceHtml, watchKernel } from "./dom.js";

/**
 * The cluster map: the picture comes from the kernel as HTML; here it gets keys and clicks.
 * @param {{model: any, el: HTMLElement}} context
 * @returns {() => void} clean-up
 */
export function renderMap({ model, el }) {
  const root = frame(el, "map-widget", "Cluster map");
  const select = (/** @type {string} */ pod) => model.send({ kind: "select", pod });
  const release = podKeys(root, select);
  const draw = () => {
    replaceHtml(root, model.get("html"));
    settleTabStops(root);
  };
  model.on("change:html", draw);
  draw();
  const forget = watchKernel(model, root);
  return () => {
    forget();
    model.off("change:html", draw);
    release();
    root.remove();
  };
}

/**
 * Click, Enter and Space select a pod; arrow keys, Home and End walk over the pods (one Tab stop for all).
 * @param {HTMLElement} host
 * @param {(pod: string) => void} select called with "namespace/name", or "" when the selection ends
 * @returns {() => void} clean-up
 */
export function podKeys(host, select) {
  const click = (/** @type {Event} */ event) => {
    const chip = /** @type {HTMLElement} */ (event.target).closest("button[data-pod]");
    if (!(chip instanceof HTMLElement)) return;
    select(chip.getAttribute("aria-pressed") === "true" ? "" : (chip.dataset.pod ?? ""));
  };
  const walk = (/** @type {KeyboardEvent} */ event) => {
    const chips = pods(host);
    const here = chips.indexOf(/** @type {any} */ (document.activeElement));
    if (here < 0) return;
    if (event.key === "Escape") select("");
    const target = { ArrowRight: here + 1, ArrowDown: here + 1, ArrowLeft: here - 1, ArrowUp: here - 1, Home: 0, End: chips.length - 1 }[event.key];
    if (target === undefined || !chips[target]) return;
    event.preventDefault();
    settleTabStops(host, chips[target]);
    chips[target].focus();
  };
  host.addEventListener("click", click);
  host.addEventListener("keydown", walk);
  return () => {
    host.removeEventListener("click", click);
    host.removeEventListener("keydown", walk);
  };
}

/**
 * Exactly one pod is in the Tab order: the given one, the focused one, the selected one or the first.
 * @param {HTMLElement} host
 * @param {HTMLElement} [chosen]
 */
export function settleTabStops(host, chosen) {
  const chips = pods(host);
  const focused = chips.find((chip) => chip === document.activeElement);
  const pressed = chips.find((chip) => chip.getAttribute("aria-pressed") === "true");
  const stop = chosen ?? focused ?? pressed ?? chips[0];
  for (const chip of chips) chip.tabIndex = chip === stop ? 0 : -1;
}

/** @param {HTMLElement} host @returns {HTMLElement[]} */
function pods(host) {
  return [...host.querySelectorAll("button[data-pod]")].map((chip) => /** @type {HTMLElement} */ (chip));
}
