// @ts-check
/** Light or dark theme: the system's, unless another one is chosen in this browser. */

import { icon } from "./icons.js";
import * as storage from "./storage.js";

/** The high-contrast theme is dark, too. */
const systemIsDark = matchMedia("(prefers-color-scheme: dark), (prefers-contrast: more)");
const root = document.documentElement;

/** Apply the stored theme, and set up the buttons of the class `theme`. */
export function setUpThemeButtons() {
  applyTheme(storage.loadTheme());
  for (const button of document.querySelectorAll(".theme")) button.addEventListener("click", toggle);
  systemIsDark.addEventListener("change", label);
}

/** @param {string} theme empty for the system's */
export function applyTheme(theme) {
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  label();
}

/** Switch to the other theme. If that is the system's, the choice is removed. */
function toggle() {
  const wanted = otherTheme();
  const theme = wanted === systemTheme() ? "" : wanted;
  storage.saveTheme(theme);
  applyTheme(theme);
}

function label() {
  const name = `Use the ${otherTheme()} theme`;
  for (const button of document.querySelectorAll(".theme")) {
    button.setAttribute("aria-label", name);
    button.setAttribute("title", name);
    button.replaceChildren(icon(otherTheme() === "dark" ? "moon" : "sun"));
  }
}

function systemTheme() {
  return systemIsDark.matches ? "dark" : "light";
}

/** The theme that is not shown. */
function otherTheme() {
  return (root.dataset.theme || systemTheme()) === "dark" ? "light" : "dark";
}
