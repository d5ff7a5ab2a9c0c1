import { Channel } from "./channel.js";
import { element, frame, replaceHtml } from "./dom.js";

/** The bundle that draws, once per page; a page that never shows a graph never fetches it. */
const drawing = (globalThis.k8scourseParts ??= {});

/**
 * The object graph: DOT comes from the kernel, the browser draws it; the same as a list stands below.
 * @param {{model: any, el: HTMLElement}} context
 * @returns {() => void} clean-up
 */
export function renderGraph({ model, el }) {
  const channel = new Channel(model);
  const root = frame(el, "graph", model.get("title"));
  const picture = element("div", { className: "k8s-canvas", role: "img", tabIndex: 0 });
  const list = element("div", { className: "k8s-picture" });
  let newest = 0;
  const draw = async () => {
    const mine = ++newest;
    replaceHtml(list, model.get("html"));
    picture.setAttribute("aria-label", model.get("alt"));
    const svg = await part(channel, model.get("_bundle"))
      .then((bundle) => bundle.draw(model.get("dot")))
      .catch(() => null);
    if (mine !== newest) return;
    picture.hidden = svg === null; // the list says the same
    if (svg === null) return;
    for (const title of svg.querySelectorAll("title")) title.remove();
    svg.setAttribute("aria-hidden", "true");
    picture.replaceChildren(svg);
  };
  root.append(picture, list);
  model.on("change:dot", draw);
  draw();
  return () => {
    newest = -1;
    model.off("change:dot", draw);
    channel.close();
    root.remove();
  };
}

/**
 * @param {Channel} channel
 * @param {string} id of the bundle
 * @returns {Promise<{draw: (dot: string) => Promise<SVGSVGElement>}>}
 */
function part(channel, id) {
  return (drawing[id] ??= channel
    .ask("part", { name: "graphs" }, 20000)
    .then((answer) => {
      if (!answer?.buffers?.length) throw new Error("no answer");
      const url = URL.createObjectURL(new Blob([answer.buffers[0]], { type: "text/javascript" }));
      return import(url).finally(() => URL.revokeObjectURL(url));
    })
    .catch((error) => {
      delete drawing[id]; // the next graph asks again
      throw error;
    }));
}
