// @ts-check
/**
 * The switcher: a few letters lead to a room, a person or an action. The focus stays in the field.
 *
 * @typedef {import("./switcher-rows.js").Row} Row
 */

import { announce } from "./announce.js";
import { avatar } from "./avatar.js";
import { el, nameElement } from "./dom.js";
import { icon } from "./icons.js";
import { keyCaps } from "./key-caps.js";
import { onKey } from "./keyboard.js";
import { Sheet } from "./sheet.js";

/** The number of results is said when nobody has typed for so long, in ms. */
const QUIET = 300;
const ICONS = { room: "hash", person: "people", action: "sliders", search: "search" };

export class Switcher {
  /** @type {Row[]} */
  #rows = [];
  #active = 0;
  #quietTimer = 0;
  /** Whether the person has chosen another row than the first. */
  #moved = false;

  /**
   * @param {(typed: string) => Row[]} rowsFor
   * @param {(row: Row) => void} chosen
   * @param {(typed: string) => void} typed what the field holds, whenever that changes; empty once this is closed
   */
  constructor(rowsFor, chosen, typed) {
    this.rowsFor = rowsFor;
    this.typed = typed;
    this.chosen = chosen;
    this.field = /** @type {HTMLInputElement} */ (
      el("input", {
        id: "switcher-field",
        type: "text",
        role: "combobox",
        placeholder: "Room, person or action",
        "aria-label": "Switch to a room, a person or an action",
        "aria-autocomplete": "list",
        "aria-controls": "switcher-rows",
        "aria-expanded": "true",
        autocomplete: "off",
        spellcheck: "false",
        maxlength: "64",
      })
    );
    this.list = el("ul", { id: "switcher-rows", role: "listbox", "aria-label": "Rooms, people and actions" });
    this.nothing = el("p", { class: "switcher-nothing", hidden: true }, "Nothing of this name is here.");
    const head = el("header", {}, icon("search"), this.field, keyCaps("Esc"));
    const dialog = el("dialog", { id: "switcher", class: "switcher", "aria-label": "Switch" });
    dialog.append(head, this.list, this.nothing, foot());
    document.body.append(dialog);
    this.sheet = new Sheet(/** @type {HTMLDialogElement} */ (dialog), () => this.#closed());
    this.field.addEventListener("input", () => this.#show());
    onKey(this.field, (key) => this.#pressed(key));
    this.list.addEventListener("mousedown", (press) => press.preventDefault());
    this.list.addEventListener("click", (click) => this.#clicked(/** @type {Element} */ (click.target)));
  }

  get isOpen() {
    return this.sheet.dialog.open;
  }

  open() {
    this.field.value = "";
    this.#show();
    this.sheet.open();
    this.field.focus();
  }

  close() {
    this.sheet.close();
  }

  /** Something has changed that may concern the rows. What the person has moved to stays chosen. */
  refresh() {
    if (!this.isOpen) return;
    const rows = this.rowsFor(this.field.value);
    if (JSON.stringify(rows) === JSON.stringify(this.#rows)) return;
    const chosen = this.#moved ? this.#rows[this.#active] : undefined;
    this.#fill(rows);
    const place = rows.findIndex(({ kind, target }) => kind === chosen?.kind && target === chosen.target);
    this.#activate(place);
  }

  #closed() {
    clearTimeout(this.#quietTimer);
    this.typed("");
  }

  #show() {
    this.#moved = false;
    this.typed(this.field.value);
    this.#fill(this.rowsFor(this.field.value));
    this.#activate(0);
  }

  /** @param {Row[]} rows */
  #fill(rows) {
    this.#rows = rows;
    this.list.replaceChildren(...this.#rows.flatMap((row, index) => elementsOf(row, index)));
    this.list.hidden = !this.#rows.length;
    this.nothing.hidden = this.#rows.length > 0;
    clearTimeout(this.#quietTimer);
    this.#quietTimer = setTimeout(() => announce(this.#count), QUIET);
  }

  get #count() {
    const { length } = this.#rows;
    return length ? `${length} ${length === 1 ? "result" : "results"}` : (this.nothing.textContent ?? "");
  }

  /** @param {KeyboardEvent} key */
  #pressed(key) {
    const last = this.#rows.length - 1;
    const acts = new Map([
      ["ArrowDown", () => this.#activate(this.#active < last ? this.#active + 1 : 0)],
      ["ArrowUp", () => this.#activate(this.#active > 0 ? this.#active - 1 : last)],
      ["Home", () => this.#activate(0)],
      ["End", () => this.#activate(last)],
      ["Enter", () => this.#choose(this.#rows[this.#active])],
    ]);
    const act = key.altKey || key.ctrlKey || key.metaKey || key.shiftKey ? undefined : acts.get(key.key);
    if (!act) return;
    key.preventDefault();
    this.#moved = true;
    act();
  }

  /** @param {number} index */
  #activate(index) {
    const options = this.list.querySelectorAll("[role=option]");
    options[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = Math.max(index, 0);
    const option = options[this.#active];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.field.setAttribute("aria-activedescendant", option.id);
    else this.field.removeAttribute("aria-activedescendant");
  }

  /** @param {Element} target */
  #clicked(target) {
    const option = target.closest("[role=option]");
    if (option) this.#choose(this.#rows[[...this.list.querySelectorAll("[role=option]")].indexOf(option)]);
  }

  /** @param {Row | undefined} row */
  #choose(row) {
    if (!row) return;
    this.close();
    this.chosen(row);
  }
}

function foot() {
  const hints = [
    [keyCaps("↑ ↓"), " choose"],
    [keyCaps("Enter"), " open"],
    [keyCaps("Alt Shift ↓"), " next unread, without this list"],
  ];
  return el("footer", { "aria-hidden": "true" }, ...hints.map((parts) => el("span", {}, ...parts)));
}

/**
 * @param {Row} row
 * @param {number} index
 */
function elementsOf(row, index) {
  const heading = row.heading ? [el("li", { class: "switcher-heading", role: "presentation" }, row.heading)] : [];
  const attributes = { id: `switcher-${index}`, role: "option", "aria-selected": "false" };
  const strong = row.unread || row.mentions ? " strong" : "";
  const detail = row.detail ? [el("span", { class: "switcher-detail" }, row.detail)] : [];
  const option = el(
    "li",
    attributes,
    row.person ? avatar(row.person, presenceOf(row.person)) : icon(row.archived ? "archive" : ICONS[row.kind]),
    el("span", { class: `switcher-title${strong}` }, titleOf(row)),
    ...detail,
    ...endOf(row),
  );
  return [...heading, option];
}

/** @param {import("./switcher-rows.js").Person} person */
function presenceOf({ status }) {
  return { offline: "", away: "away", busy: "busy" }[status ?? ""] ?? "online";
}

/** @param {Row} row */
function titleOf({ title, found: [start, end] }) {
  if (end <= start) return nameElement(title);
  const marked = el("mark", {}, title.slice(start, end));
  return el("bdi", {}, title.slice(0, start), marked, title.slice(end));
}

/** @param {Row} row */
function endOf({ unread, mentions, person, keys }) {
  if (keys) return [keyCaps(keys)];
  const badge = (/** @type {string} */ words, /** @type {string} */ label, /** @type {boolean} */ brass) =>
    el("span", { class: `badge${brass ? " mention" : ""}` }, words, el("span", { class: "visually-hidden" }, label));
  return [
    ...(mentions && !person ? [badge(`@${mentions}`, mentions === 1 ? " mentions you" : " mention you", true)] : []),
    ...(unread ? [badge(`${unread}`, " unread", person !== null)] : []),
  ];
}
