// @ts-check
/** Long messages show their first 40 lines until somebody wants all of them. */

import { el } from "./dom.js";

const LINES = 40;
/** Fewer characters than this fill no line, however narrow the page and large its letters. */
const MIN_CHARS_PER_LINE = 8;

const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) updateButton(target);
});

/**
 * The words of a message, foldable if they may take too many lines. The stylesheet cuts them, so that nothing moves
 * when the button appears.
 * @param {string} content
 * @param {HTMLElement} text
 * @param {boolean} open whether somebody wants all of it already
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
 * Show all of it.
 * @param {Element} fold
 */
export function expand(fold) {
  const text = /** @type {HTMLElement} */ (fold.firstElementChild);
  const hadFocus = fold.lastElementChild === document.activeElement;
  resized.unobserve(text);
  fold.className = "expanded";
  fold.lastElementChild?.remove();
  if (!hadFocus) return;
  // Its button is gone: the keyboard goes on from the words.
  text.tabIndex = -1;
  text.focus({ preventScroll: true });
}

/**
 * The fold that keeps an element out of sight; null when none does.
 * @param {Element} element
 */
export function collapsedOver(element) {
  const fold = element.closest(".collapsed");
  const button = fold?.lastElementChild;
  if (!fold || !button || element === button) return null;
  return element.getBoundingClientRect().bottom > button.getBoundingClientRect().top ? fold : null;
}

/**
 * Offer to unfold where there is something to unfold.
 * @param {Element} text
 */
function updateButton(text) {
  const clipped = text.scrollHeight > text.clientHeight;
  text.classList.toggle("clipped", clipped);
  text.nextElementSibling?.toggleAttribute("hidden", !clipped);
}
