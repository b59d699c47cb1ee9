// @ts-check
/**
 * The list of people: beside the timeline on wide pages, in the drawer on phones.
 *
 * @typedef {import("./protocol.js").User} User
 * @typedef {{element: HTMLElement, user: User}} Row
 */

import { avatar } from "./avatar.js";
import { el, nameOf, part } from "./dom.js";
import { fold } from "./folding.js";
import { icon } from "./icons.js";
import { readersLocales } from "./locale.js";

/** @type {Record<string, [string, string]>} the icon of a kind of client, and what it says */
const KINDS = {
  window: ["window", "in the app"],
  browser: ["globe", "in a browser"],
  phone: ["phone", "on a phone"],
  terminal: ["terminal", "in a terminal"],
};

export class People {
  /** @type {Map<string, Row>} */
  #rows = new Map();
  /** @type {User[]} */
  #users = [];
  #collator = new Intl.Collator(readersLocales(), { sensitivity: "base", numeric: true });

  constructor() {
    this.list = part("people-list");
    this.search = /** @type {HTMLInputElement} */ (part("people-search"));
    this.nobody = part("people-none");
    this.search.addEventListener("input", () => this.#filter());
    part("people-find").addEventListener("click", () => this.#toggleSearch());
  }

  /**
   * @param {Iterable<User>} users
   * @param {string} nickname oneself
   */
  render(users, nickname) {
    this.#users = [...users].sort((one, other) => this.#inOrder(one, other, nickname));
    const gone = new Set(this.#rows.keys());
    for (const [index, user] of this.#users.entries()) {
      gone.delete(user.nickname);
      const row = this.#row(user, user.nickname === nickname);
      if (this.list.children[index] !== row) this.list.insertBefore(row, this.list.children[index] ?? null);
    }
    for (const left of gone) {
      this.#rows.get(left)?.element.remove();
      this.#rows.delete(left);
    }
    this.#filter();
  }

  /**
   * The host first, then oneself, then by name.
   * @param {User} one
   * @param {User} other
   * @param {string} self
   */
  #inOrder(one, other, self) {
    /** @param {User} user */
    const rank = (user) => (user.host ? 0 : user.nickname === self ? 1 : 2);
    return rank(one) - rank(other) || this.#collator.compare(one.nickname, other.nickname);
  }

  /**
   * @param {User} user
   * @param {boolean} self
   */
  #row(user, self) {
    const row = this.#rows.get(user.nickname);
    if (row?.user === user) return row.element;
    const element = row?.element ?? el("li");
    element.className = self ? "person self" : "person";
    element.replaceChildren(...personParts(user, self));
    this.#rows.set(user.nickname, { element, user });
    return element;
  }

  /** @param {ReadonlyMap<string, unknown>} typing who is typing, by nickname */
  showTyping(typing) {
    for (const [nickname, { element }] of this.#rows) element.classList.toggle("typing", typing.has(nickname));
  }

  #toggleSearch() {
    const open = part("people").classList.toggle("searching");
    part("people-find").setAttribute("aria-expanded", String(open));
    this.search.value = "";
    this.#filter();
    if (open) this.search.focus();
  }

  /** Leave only those whose name contains what is looked for. */
  #filter() {
    const wanted = fold(this.search.value).trim();
    let found = 0;
    for (const { nickname } of this.#users) {
      const matches = fold(nickname).includes(wanted);
      found += Number(matches);
      const row = this.#rows.get(nickname);
      if (row) row.element.hidden = !matches;
    }
    this.nobody.hidden = found > 0 || !wanted;
  }
}

/**
 * @param {User} user
 * @param {boolean} self
 */
function personParts(user, self) {
  const name = nameOf(user.nickname, { class: "elide", title: user.nickname });
  const who = el("span", { class: "person-name" }, name, self ? el("span", { class: "quiet" }, "you") : null);
  const [kind, label] = KINDS[user.client ?? "terminal"] ?? KINDS.terminal;
  return [
    avatar(user.nickname, true),
    el("span", { class: "person-text" }, who, el("span", { class: "person-note" }, "typing")),
    ...(user.host ? [el("span", { class: "tag" }, "host")] : []),
    icon(user.host && kind === "window" ? "monitor" : kind, label),
  ];
}
