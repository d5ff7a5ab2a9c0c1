// The second bundle: graphviz as WebAssembly, fetched only by pages that show a graph.
import { instance } from "@viz-js/viz";

/**
 * @param {string} dot
 * @returns {Promise<SVGSVGElement>}
 */
export async function draw(dot) {
  return (await instance()).renderSVGElement(dot);
}
