// @ts-check
/** The eye at the end of a field for a secret: it shows what is typed, and hides it again. */

import { icon } from "./icons.js";

/**
 * Make a button the eye of a field. Returns what hides the secret again.
 * @param {HTMLInputElement} input
 * @param {HTMLElement} button
 * @param {string} secret what is typed there, such as "password"
 */
export function addEye(input, button, secret) {
  const reveal = (/** @type {boolean} */ shown) => {
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    button.title = `${shown ? "Hide" : "Show"} the ${secret}`;
  };
  button.append(icon("eye"));
  button.setAttribute("aria-label", `Show the ${secret}`);
  button.addEventListener("click", () => reveal(input.type === "password"));
  reveal(false);
  return () => reveal(false);
}
