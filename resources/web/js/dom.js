// @ts-check
/** Elements out of data. Text goes in as text nodes, never as markup. */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | undefined>} [attributes] `true` sets an empty attribute; `false`
 *   and `undefined` leave it out
 * @param {(Node | string | null | undefined)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/**
 * A part of the page that stands in its markup.
 * @template {HTMLElement} [Kind=HTMLElement]
 * @param {string} id
 * @returns {Kind}
 */
export function part(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no #${id}.`);
  return /** @type {Kind} */ (element);
}

/**
 * A person's or a server's name, apart from the text around it.
 * @param {string} name
 * @param {Record<string, string>} [attributes]
 */
export function nameOf(name, attributes = {}) {
  return el("bdi", attributes, name);
}

/**
 * Say of a field whether what it holds can be taken; the frame around it shows it.
 * @param {HTMLElement} field
 * @param {boolean} invalid
 */
export function markInvalid(field, invalid) {
  field.setAttribute("aria-invalid", String(invalid));
  field.parentElement?.classList.toggle("invalid", invalid);
}

/** Below this width the page is one column. */
export const phone = matchMedia("(max-width: 719.98px)");
/** A finger, for which everything is larger and a keyboard covers half the page. */
export const touch = matchMedia("(pointer: coarse)");
