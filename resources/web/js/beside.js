// @ts-check
/** Puts a floating box beside what it belongs to. On phones boxes come from below, by the style sheet. */

import { phone } from "./dom.js";

/** To the element and to the edges of the page, in px. */
export const GAP = 8;

/**
 * Put the box below the anchor, or above it where there is no room, with its `side` at that of the anchor.
 * @param {HTMLElement} box
 * @param {Element} anchor
 * @param {"left" | "right"} [side]
 */
export function placeBeside(box, anchor, side = "right") {
  const { style } = box;
  style.left = style.top = "";
  if (phone.matches) return;
  const { left, right, bottom, top } = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const below = bottom + GAP + height < innerHeight ? bottom + GAP : Math.max(GAP, top - GAP - height);
  const wanted = side === "left" ? left : right - width;
  style.left = `${Math.max(GAP, Math.min(wanted, innerWidth - width - GAP))}px`;
  style.top = `${Math.min(below, Math.max(GAP, innerHeight - height - GAP))}px`;
}
