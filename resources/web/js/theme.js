// @ts-check
/** Light or dark: as the system has it, until somebody wants it otherwise in this browser. */

import { icon } from "./icons.js";
import * as storage from "./storage.js";

/** The theme of more contrast is dark, too. */
const systemIsDark = matchMedia("(prefers-color-scheme: dark), (prefers-contrast: more)");
const root = document.documentElement;

/** Give the buttons of the class `theme` their work. */
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

/** The other theme; where the system has it too, the system is followed again. */
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

/** The theme that is not worn. */
function otherTheme() {
  return (root.dataset.theme || systemTheme()) === "dark" ? "light" : "dark";
}
