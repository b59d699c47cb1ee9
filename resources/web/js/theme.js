// @ts-check
/** Light or dark: as the system has it, until somebody wants it otherwise in this browser. */

import { icon } from "./icons.js";
import * as storage from "./storage.js";

/** The theme of more contrast is dark, too. */
const systemIsDark = matchMedia("(prefers-color-scheme: dark), (prefers-contrast: more)");
const root = document.documentElement;

/** Give the buttons of the class `theme` their work. */
export function offerThemes() {
  wear(storage.theme());
  for (const button of document.querySelectorAll(".theme")) button.addEventListener("click", change);
  systemIsDark.addEventListener("change", label);
}

/** @param {string} theme empty for the system's */
export function wear(theme) {
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  label();
}

/** The other theme; where the system has it too, the system is followed again. */
function change() {
  const wanted = other();
  const theme = wanted === system() ? "" : wanted;
  storage.keepTheme(theme);
  wear(theme);
}

function label() {
  const name = `Use the ${other()} theme`;
  for (const button of document.querySelectorAll(".theme")) {
    button.setAttribute("aria-label", name);
    button.setAttribute("title", name);
    button.replaceChildren(icon(other() === "dark" ? "moon" : "sun"));
  }
}

function system() {
  return systemIsDark.matches ? "dark" : "light";
}

/** The theme that is not worn. */
function other() {
  return (root.dataset.theme || system()) === "dark" ? "light" : "dark";
}
