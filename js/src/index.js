// One bundle for all widgets. The loader picks the export that the model's `_face` names.
import "./styles/frame.css";
import "./styles/editor.css";
import "./styles/slider.css";
import "./styles/graph.css";
import "./styles/request.css";

export { renderEditor as editor } from "./editor/editor.js";
export { renderGraph as graph } from "./graph.js";
export { renderMap as map } from "./map.js";
export { renderRequest as request } from "./request.js";
export { renderSlider as slider } from "./slider.js";
export { renderView as view } from "./view.js";
