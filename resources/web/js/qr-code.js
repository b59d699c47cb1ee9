// @ts-check
/** QR codes as drawings, from the modules that the host sends: white in every theme, so that cameras read them. */

const SVG = "http://www.w3.org/2000/svg";
/** Modules of white around the code that the standard asks for. */
const QUIET_ZONE = 4;

/**
 * @param {string[]} rows in which `1` is dark
 * @param {string} label
 * @param {number} most the largest width, in pixels: each module has a whole number of them
 */
export function qrCode(rows, label, most) {
  const side = rows.length + 2 * QUIET_ZONE;
  const width = side * Math.max(1, Math.floor(most / side));
  const svg = element("svg", { class: "qr", role: "img", "aria-label": label, width, height: width });
  svg.setAttribute("viewBox", `${-QUIET_ZONE} ${-QUIET_ZONE} ${side} ${side}`);
  const dark = rows.flatMap((row, y) => [...row.matchAll(/1+/gu)].map(({ index, 0: run }) => line(index, y, run.length)));
  svg.append(element("path", { d: dark.join("") }));
  return svg;
}

/** @param {number} x @param {number} y @param {number} length */
function line(x, y, length) {
  return `M${x} ${y}h${length}v1h${-length}z`;
}

/** @param {string} tag @param {Record<string, string | number>} attributes */
function element(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}
