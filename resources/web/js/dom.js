// @ts-check
/** Makes elements from data. Text is added as text nodes, never parsed as markup. */

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
 * An element of the page's own markup, by its id. Throws an Error if there is none.
 * @template {HTMLElement} [Kind=HTMLElement]
 * @param {string} id
 * @returns {Kind}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no #${id}.`);
  return /** @type {Kind} */ (element);
}

/**
 * A person's or a server's name, isolated from the direction of the text around it.
 * @param {string} name
 * @param {Record<string, string>} [attributes]
 */
export function nameElement(name, attributes = {}) {
  return el("bdi", attributes, name);
}

/**
 * Mark the value of a field as valid or not, for screen readers and in the frame around it.
 * @param {HTMLElement} field
 * @param {boolean} invalid
 */
export function markInvalid(field, invalid) {
  field.setAttribute("aria-invalid", String(invalid));
  field.parentElement?.classList.toggle("invalid", invalid);
}

/**
 * Set a text only if it differs: setting an equal one counts as a change for screen readers.
 * @param {string} id
 * @param {string} text
 */
export function setText(id, text) {
  const element = byId(id);
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Hide or show an element, and change nothing if it is so already.
 * @param {string} id
 * @param {boolean} hidden
 */
export function setHidden(id, hidden) {
  const element = byId(id);
  if (element.hidden !== hidden) element.hidden = hidden;
}

/**
 * Name an element for screen readers, and change nothing if it has that name already.
 * @param {string} id
 * @param {string} label
 */
export function setLabel(id, label) {
  const element = byId(id);
  if (element.getAttribute("aria-label") !== label) element.setAttribute("aria-label", label);
}

/** Whether the page is one column: the breakpoint of the style sheets. */
export const phone = matchMedia("(max-width: 719.98px)");
/** Whether the pointer is a finger: targets are larger, and an on-screen keyboard covers half of the page. */
export const touch = matchMedia("(pointer: coarse)");
