import { Channel, newestOnly } from "./channel.js";
import { button, element, frame, replaceHtml, watchKernel } from "./dom.js";
import { podKeys, settleTabStops } from "./map.js";

/** Milliseconds that each revision stays on screen while playing. */
const PACE = 900;

/**
 * The time slider: one native range input over the revisions, or other steps, and the picture of each.
 * @param {{model: any, el: HTMLElement}} context
 * @returns {() => void} clean-up
 */
export function renderSlider({ model, el }) {
  const channel = new Channel(model);
  const root = frame(el, "slider", model.get("title") || "Time slider");
  const id = `k8s-range-${channel.next()}`;
  const range = /** @type {HTMLInputElement} */ (element("input", { type: "range", min: "0", step: "1", id, className: "k8s-range" }));
  const where = element("output", { className: "k8s-where", for: id });
  const change = element("p", { className: "k8s-change", role: "status", "aria-live": "polite" });
  const picture = element("div", { className: "k8s-picture" });

  const moments = () => model.get("moments");
  const ask = newestOnly(
    (/** @type {[number, string]} */ [index, pod]) => channel.ask("at", { revision: moments()[index].revision, pod }),
    (answer) => {
      replaceHtml(picture, answer.html);
      settleTabStops(picture);
    },
  );
  let selected = "";
  const move = (/** @type {number} */ index) => {
    const last = moments().length - 1;
    const target = Math.min(Math.max(index, 0), last);
    const moment = moments()[target];
    range.value = String(target);
    range.setAttribute("aria-valuetext", moment.label);
    where.textContent = moment.label;
    change.textContent = moment.text;
    previous.disabled = target === 0;
    next.disabled = target === last;
    if (target === last) stop();
    ask([target, selected]);
  };
  const previous = button("Previous", () => move(range.valueAsNumber - 1));
  const next = button("Next", () => move(range.valueAsNumber + 1));
  const play = button("Play", () => (timer ? stop() : start()));
  let timer = 0;
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
  };
  const start = () => {
    if (range.valueAsNumber >= moments().length - 1) move(0);
    play.textContent = "Pause";
    timer = setInterval(() => move(range.valueAsNumber + 1), PACE);
  };
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const respect = () => {
    if (calm.matches) stop();
    play.disabled = calm.matches;
    play.title = calm.matches ? "Off, because this system asks for reduced motion" : "";
  };

  const release = podKeys(picture, (pod) => {
    selected = pod;
    ask([range.valueAsNumber, selected]);
  });
  const refresh = () => {
    const atEnd = range.valueAsNumber >= Number(range.max);
    range.max = String(moments().length - 1);
    move(atEnd ? moments().length - 1 : range.valueAsNumber);
  };
  range.addEventListener("input", () => move(range.valueAsNumber));
  calm.addEventListener("change", respect);
  model.on("change:moments", refresh);
  const label = element("label", { for: id, textContent: model.get("unit") || "Revision", className: "k8s-title" });
  root.append(element("div", { className: "k8s-toolbar" }, label, previous, range, next, play, where), change, picture);
  range.max = String(moments().length - 1);
  replaceHtml(picture, model.get("html"));
  respect();
  move(moments().length - 1);
  const forget = watchKernel(model, root, stop);
  return () => {
    forget();
    stop();
    calm.removeEventListener("change", respect);
    model.off("change:moments", refresh);
    release();
    channel.close();
    root.remove();
  };
}
