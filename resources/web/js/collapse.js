// @ts-check
/** Long messages are collapsed to 40 lines, with a button to expand them. */

import { el } from "./dom.js";

/** About two screens; collapse.css has the same number. */
const LINES = 40;
/** Every line holds at least this many characters, even on the narrowest page with the largest text. */
const MIN_CHARS_PER_LINE = 8;

const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) updateButton(target);
});

/**
 * The content of a message, collapsible if it may take too many lines. The style sheet clips it, so that nothing moves
 * when the button appears.
 * @param {string} content
 * @param {HTMLElement} text
 * @param {boolean} open whether it is expanded already
 */
export function collapsible(content, text, open) {
  if (open) return el("div", { class: "expanded" }, text);
  if (text.childElementCount + content.length / MIN_CHARS_PER_LINE <= LINES) return text;
  const attributes = { type: "button", class: "text-button", "data-action": "expand", hidden: true };
  const button = el("button", attributes, "Show all");
  resized.observe(text);
  return el("div", { class: "collapsed" }, text, button);
}

/**
 * Expand a collapsed message.
 * @param {Element} message
 */
export function expand(message) {
  const text = /** @type {HTMLElement} */ (message.firstElementChild);
  const hadFocus = message.lastElementChild === document.activeElement;
  resized.unobserve(text);
  message.className = "expanded";
  message.lastElementChild?.remove();
  if (!hadFocus) return;
  // Its button is gone: the focus moves to the text.
  text.tabIndex = -1;
  text.focus({ preventScroll: true });
}

/**
 * The collapsed message that hides an element; null if none does.
 * @param {Element} element
 */
export function collapsedOver(element) {
  const message = element.closest(".collapsed");
  const button = message?.lastElementChild;
  if (!message || !button || element === button) return null;
  return element.getBoundingClientRect().bottom > button.getBoundingClientRect().top ? message : null;
}

/**
 * Show the button if the text is clipped.
 * @param {Element} text
 */
function updateButton(text) {
  const clipped = text.scrollHeight > text.clientHeight;
  text.classList.toggle("clipped", clipped);
  text.nextElementSibling?.toggleAttribute("hidden", !clipped);
}
