// Fetches the bundle from the kernel once per page; where there is none, shows a plain form instead.
const bundles = (globalThis.k8scourseBundles ??= {});

function ask(model, id) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => finish(() => reject(new Error("no answer"))), 20000);
    const finish = (then) => {
      clearTimeout(timer);
      model.off("msg:custom", receive);
      then();
    };
    const receive = (message, buffers) => {
      if (message?.kind !== "bundle") return;
      finish(() => {
        const style = document.createElement("style");
        style.textContent = new TextDecoder().decode(buffers[1]);
        style.dataset.k8scourse = id;
        document.head.append(style);
        const url = URL.createObjectURL(new Blob([buffers[0]], { type: "text/javascript" }));
        import(url).then(resolve, reject).finally(() => URL.revokeObjectURL(url));
      });
    };
    model.on("msg:custom", receive);
    model.send({ kind: "bundle" });
  });
}

function load(model) {
  const id = model.get("_bundle");
  if (!id) return Promise.reject(new Error("no bundle"));
  const forget = (error) => {
    delete bundles[id]; // the next widget asks its own kernel
    throw error;
  };
  return (bundles[id] ??= ask(model, id).catch(forget));
}

function plain(model, el) {
  const picture = document.createElement("div");
  const draw = () => (picture.innerHTML = model.get("html"));
  if (model.get("_face") === "editor") {
    const label = document.createElement("label");
    const area = document.createElement("textarea");
    Object.assign(area, { value: model.get("text"), rows: 16, cols: 80, spellcheck: false });
    area.style.display = "block";
    area.onchange = () => (model.set("text", area.value), model.save_changes());
    label.append(`Manifest ${model.get("path")}`, area);
    const apply = document.createElement("button");
    apply.textContent = "Apply";
    apply.onclick = () => model.send({ kind: "apply", text: area.value });
    el.append(label, apply);
  }
  el.append(picture);
  model.on("change:html", draw);
  draw();
  return () => (model.off("change:html", draw), el.replaceChildren());
}

export default {
  async render({ model, el }) {
    let clean;
    const timer = setTimeout(() => (clean = plain(model, el)), 3000);
    try {
      const bundle = await load(model);
      clean?.();
      clean = bundle[model.get("_face")]({ model, el });
    } catch {
      clean ??= plain(model, el);
    } finally {
      clearTimeout(timer);
    }
    return () => clean?.();
  },
};
