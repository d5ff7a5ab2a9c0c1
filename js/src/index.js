// One bundle for all widgets. The loader picks the export that the model's `_face` names.
import "./styles/frame.css";
import "./styles/editor.css";
import "./styles/slider.css";

export { renderEditor as editor } from "./editor/editor.js";
export { renderMap as map } from "./map.js";
export { renderSlider as slider } from "./slider.js";
