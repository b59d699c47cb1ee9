// @ts-check
/** The icons, the same drawings as in the window: strokes on a grid of 20, in the colour of the text. */

import drawings from "../icons.js";

const SVG = "http://www.w3.org/2000/svg";
const SIDE = "20";
const parser = new DOMParser();
/** @type {Record<string, string>} */
const sources = drawings;
/** @type {Map<string, SVGSVGElement>} */
const parsed = new Map();

/**
 * @param {string} name
 * @param {string} [label] for screen readers, if the icon stands without text; otherwise it is decoration
 */
export function icon(name, label) {
  const svg = /** @type {SVGSVGElement} */ (original(name).cloneNode(true));
  svg.setAttribute("class", "icon");
  if (label) describe(svg, label);
  else svg.setAttribute("aria-hidden", "true");
  return svg;
}

/** @param {string} name */
function original(name) {
  let svg = parsed.get(name);
  if (!svg) {
    const { documentElement } = parser.parseFromString(sources[name], "image/svg+xml");
    svg = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (document.importNode(documentElement, true)));
    for (const side of ["width", "height"]) svg.setAttribute(side, SIDE); // for a page without its styles
    parsed.set(name, svg);
  }
  return svg;
}

/**
 * @param {SVGSVGElement} svg
 * @param {string} label
 */
function describe(svg, label) {
  const title = document.createElementNS(SVG, "title");
  title.textContent = label;
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  svg.prepend(title);
}

/** Draw the icons that the markup names by `data-icon`. */
export function drawIcons() {
  for (const element of document.querySelectorAll("[data-icon]")) {
    element.prepend(icon(/** @type {HTMLElement} */ (element).dataset.icon ?? ""));
  }
}
