/**
 * Creates an element; properties that start with "aria-", "data-" or "role" become attributes.
 * @param {string} tag
 * @param {Record<string, any>} [properties]
 * @param {...(Node|string)} children
 * @returns {HTMLElement}
 */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (/^(aria-|data-|role$|for$)/.test(name)) node.setAttribute(name, String(value));
    else node[name] = value;
  }
  node.append(...children);
  return node;
}

/**
 * A native button that never submits a form.
 * @param {string} label
 * @param {() => void} press
 * @returns {HTMLButtonElement}
 */
export function button(label, press) {
  const node = element("button", { type: "button", textContent: label, className: "k8s-button" });
  node.addEventListener("click", press);
  return /** @type {HTMLButtonElement} */ (node);
}

/**
 * The outer frame of a widget. JupyterLab's shortcuts (arrows move between cells) stay silent inside it; Lumino looks
 * for that wish on the focused element first, so each element gets it with the focus.
 * @param {HTMLElement} el
 * @param {string} face class name suffix
 * @param {string} label accessible name
 * @returns {HTMLElement}
 */
export function frame(el, face, label) {
  const root = element("div", {
    className: `k8scourse-widget k8s-${face}`,
    role: "group",
    "aria-label": label,
  });
  root.addEventListener("focusin", (event) => {
    if (event.target instanceof Element) event.target.setAttribute("data-lm-suppress-shortcuts", "true");
  });
  el.append(root);
  return root;
}

/**
 * Watches for the end of the kernel that a view speaks to: its comm is dead from then on, and the view says so.
 * @param {any} model
 * @param {HTMLElement} root the widget's frame; its buttons and inputs are disabled
 * @param {() => void} [ended] called once, before the notice is shown
 * @returns {() => void} clean-up
 */
export function watchKernel(model, root, ended = () => {}) {
  let over = false;
  const end = () => {
    if (over) return;
    over = true;
    ended();
    for (const control of root.querySelectorAll("button, input, select")) control.setAttribute("disabled", "");
    root.classList.add("k8s-ended");
    root.append(element("p", { className: "k8s-notice", role: "alert", textContent: "The kernel was restarted: run this cell again." }));
  };
  // anywidget hides the model's own comm; its layout is a model too, and loses its comm together with it.
  const look = () => void setTimeout(() => model.get("layout")?.comm_live === false && end());
  model.on("comm_live_update", look);
  model.on("comm:close", end);
  look();
  return () => {
    over = true;
    model.off("comm_live_update", look);
    model.off("comm:close", end);
  };
}

/** What each host shows, so that an unchanged picture is not rebuilt. @type {WeakMap<HTMLElement, string>} */
const shown = new WeakMap();

/**
 * Replaces the HTML of *host* and keeps the keyboard focus on the element with the same data-key.
 * The HTML comes from the Python views, which escape every text of the cluster.
 * @param {HTMLElement} host
 * @param {string} html
 */
export function replaceHtml(host, html) {
  if (shown.get(host) === html) return;
  const active = host.contains(document.activeElement) ? document.activeElement : null;
  const key = active?.getAttribute("data-key");
  const open = [...host.querySelectorAll("details[open]")].map((node) => node.getAttribute("data-key"));
  host.innerHTML = html;
  shown.set(host, html);
  for (const name of open) find(host, name)?.setAttribute("open", "");
  if (key) find(host, key)?.focus({ preventScroll: true });
}

/**
 * @param {HTMLElement} host
 * @param {string|null} key
 * @returns {HTMLElement|null}
 */
function find(host, key) {
  return key === null ? null : host.querySelector(`[data-key="${CSS.escape(key)}"]`);
}
