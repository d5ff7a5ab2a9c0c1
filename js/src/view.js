import { frame, replaceHtml } from "./dom.js";

/**
 * A picture that only follows its cluster: the kernel draws it, the page shows it.
 * @param {{model: any, el: HTMLElement}} context
 * @returns {() => void} clean-up
 */
export function renderView({ model, el }) {
  const root = frame(el, "view-widget", model.get("title"));
  const draw = () => replaceHtml(root, model.get("html"));
  model.on("change:html", draw);
  draw();
  return () => {
    model.off("change:html", draw);
    root.remove();
  };
}
