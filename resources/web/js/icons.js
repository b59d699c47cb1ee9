// @ts-check
/** The icons: strokes on a 20 grid, in the colour of their text. A dot is a stroke without length. */

/** @type {Record<string, string>} */
const STROKES = {
  alert: "M10 3.75 17 16H3zM10 8.5v3.25M10 14h.01",
  check: "m4 10.5 4 4 8-9",
  chevron: "m5.5 8 4.5 4.5L14.5 8",
  clock: "M10 3.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM10 6.5V10l2.5 1.5",
  close: "m5 5 10 10M15 5 5 15",
  globe:
    "M10 3.25a6.75 6.75 0 1 0 0 13.5 6.75 6.75 0 0 0 0-13.5zM3.25 10h13.5" +
    "M10 3.25c1.9 1.9 2.8 4.15 2.8 6.75s-.9 4.85-2.8 6.75c-1.9-1.9-2.8-4.15-2.8-6.75s.9-4.85 2.8-6.75z",
  hash: "M8.25 3.5 6.5 16.5M13.5 3.5l-1.75 13M4 7.5h13M3 12.5h13",
  leave: "M8 3.5H5A1.5 1.5 0 0 0 3.5 5v10A1.5 1.5 0 0 0 5 16.5h3M12.75 6.5l3.5 3.5-3.5 3.5M16.25 10H8",
  monitor:
    "M4.5 4h11A1.5 1.5 0 0 1 17 5.5v6a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 11.5v-6A1.5 1.5 0 0 1 4.5 4z" +
    "M10 13v3.5M7 16.5h6",
  moon: "M16.6 11.7A7 7 0 0 1 8.3 3.4a7 7 0 1 0 8.3 8.3z",
  people:
    "M7.5 4a2.75 2.75 0 1 0 0 5.5 2.75 2.75 0 0 0 0-5.5zM2.75 16.25v-.5a4 4 0 0 1 4-4h1.5a4 4 0 0 1 4 4v.5" +
    "M13 4.15a2.75 2.75 0 0 1 0 5.2M14.75 12a4 4 0 0 1 2.5 3.75v.5",
  phone:
    "M7 3h6a1.5 1.5 0 0 1 1.5 1.5v11A1.5 1.5 0 0 1 13 17H7a1.5 1.5 0 0 1-1.5-1.5v-11A1.5 1.5 0 0 1 7 3zM9.25 14.25h1.5",
  search: "M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM13 13l3.5 3.5",
  send: "M3.5 4 17 10 3.5 16l1.9-6zM5.4 10h5.1",
  shield: "m10 3 5.5 2v4.5c0 3.4-2.1 5.9-5.5 7.5-3.4-1.6-5.5-4.1-5.5-7.5V5z",
  sun:
    "M10 6.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4zM10 2.6v1.7m0 11.4v1.7M2.6 10h1.7m11.4 0h1.7" +
    "M4.8 4.8 6 6m8 8 1.2 1.2M15.2 4.8 14 6m-8 8-1.2 1.2",
  terminal:
    "M4.5 4h11A1.5 1.5 0 0 1 17 5.5v9a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 14.5v-9A1.5 1.5 0 0 1 4.5 4z" +
    "m1.75 4 2 2-2 2M10.5 12.25h3",
  wifi: "M3 8.25a10 10 0 0 1 14 0M5.5 10.9a6.4 6.4 0 0 1 9 0M8 13.5a2.85 2.85 0 0 1 4 0M10 16h.01",
  "wifi-off":
    "m3.5 3.5 13 13M3 8.25a10 10 0 0 1 3.5-2.2M9.5 5.4a10 10 0 0 1 7.5 2.85M5.5 10.9a6.4 6.4 0 0 1 3.4-1.75" +
    "M8 13.5a2.85 2.85 0 0 1 4 0M10 16h.01",
  window:
    "M4.5 4h11A1.5 1.5 0 0 1 17 5.5v9a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 14.5v-9A1.5 1.5 0 0 1 4.5 4zM3 7.5h14",
};

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} name
 * @param {string} [label] what it says, where it stands without words; else it is decoration
 */
export function icon(name, label) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", STROKES[name]);
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.append(path);
  if (label) describe(svg, label);
  else svg.setAttribute("aria-hidden", "true");
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

/** Draw the icons that the markup names with `data-icon`. */
export function drawIcons() {
  for (const element of document.querySelectorAll("[data-icon]")) {
    element.prepend(icon(/** @type {HTMLElement} */ (element).dataset.icon ?? ""));
  }
}
