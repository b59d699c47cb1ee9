// @ts-check
/** The sheet of all keys, in three columns, with a field that finds one. The window has `desktop/shortcuts.py`. */

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { keyCaps } from "./key-caps.js";
import { foldForSearch } from "./search-folding.js";
import { Sheet } from "./sheet.js";

/** @typedef {[title: string, keys: string]} Shortcut */

/** @type {[title: string, shortcuts: Shortcut[]][]} */
const GROUPS = [
  [
    "Go",
    [
      ["Switch room or person", "Ctrl K"],
      ["Room above, below", "Alt ↑ ↓"],
      ["Unread above, below", "Alt Shift ↑ ↓"],
      ["Search messages", "Ctrl F"],
      ["Go to a day", "Ctrl G"],
      ["These keys", "Ctrl /"],
    ],
  ],
  [
    "Write",
    [
      ["Send", "Enter"],
      ["New line", "Shift Enter"],
      ["Edit your last message", "↑"],
      ["What you sent before", "Ctrl ↑"],
      ["Emoji", "Ctrl ."],
      ["Take a completion", "Tab"],
      ["Leave reply, edit or list", "Esc"],
    ],
  ],
  [
    "On a message",
    [
      ["Message above, below", "↑ ↓"],
      ["First, last message", "Home End"],
      ["Copy what is marked", "Ctrl C"],
      ["React", "+"],
      ["Reply", "R"],
      ["Edit", "E"],
      ["Pin", "P"],
      ["Delete", "Del"],
      ["Mark unread from here", "U"],
      ["Information, or who has reacted", "I"],
    ],
  ],
];
const FOOT = "Arrow keys and letters work once a message has the focus: press Shift Tab in the composer, then ↑.";

export class KeysSheet {
  constructor() {
    this.field = /** @type {HTMLInputElement} */ (
      el("input", { type: "text", placeholder: "Find a key", "aria-label": "Find a key" })
    );
    const named = { class: "icon-button", type: "button", "aria-label": "Close", title: "Close" };
    const close = el("button", named, icon("close"));
    const about = el("p", {}, "Everything here can be reached without a mouse.");
    const words = el("div", {}, el("h2", { id: "keys-title" }, "Keys"), about);
    const search = el("div", { class: "field search-field" }, icon("search"), this.field);
    this.groups = el("div", { class: "keys-groups" }, ...GROUPS.map(groupElement));
    const dialog = el("dialog", { id: "keys", class: "keys-sheet", "aria-labelledby": "keys-title" });
    dialog.append(el("header", {}, words, search, close), this.groups, el("p", { class: "keys-foot" }, FOOT));
    document.body.append(dialog);
    this.sheet = new Sheet(/** @type {HTMLDialogElement} */ (dialog));
    close.addEventListener("click", () => this.sheet.close());
    this.field.addEventListener("input", () => this.#filter());
  }

  open() {
    this.field.value = "";
    this.#filter();
    this.sheet.open();
    this.field.focus();
  }

  #filter() {
    const words = foldForSearch(this.field.value.trim());
    for (const row of this.groups.querySelectorAll("li")) {
      row.hidden = !foldForSearch(row.textContent ?? "").includes(words);
    }
    for (const group of this.groups.children) {
      /** @type {HTMLElement} */ (group).hidden = !group.querySelector("li:not([hidden])");
    }
  }
}

/** @param {[title: string, shortcuts: Shortcut[]]} group */
function groupElement([title, shortcuts]) {
  const rows = shortcuts.map(([name, keys]) => el("li", {}, el("span", {}, name), " ", keyCaps(keys)));
  return el("section", {}, el("h3", {}, title), el("ul", {}, ...rows));
}
