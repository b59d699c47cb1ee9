// @ts-check
/**
 * The cards of the board in which host and moderators read who is banned, removed or muted now, and what was done.
 *
 * @typedef {import("./protocol.js").Events} Events
 * @typedef {Events["audit"]["entries"][number]} Entry
 * @typedef {Events["bans"]["standings"][number]} Held
 */

import { momentName } from "./date-time.js";
import { byId, el, nameElement, setHidden } from "./dom.js";
import { icon } from "./icons.js";
import { isolated } from "./nickname.js";

/** @type {Record<string, string>} */
const DONE = {
  role: "gave a role to",
  mute: "muted",
  unmute: "let speak again:",
  remove: "removed",
  ban: "banned",
  ban_name: "banned the name",
  unban: "let in again:",
  allow_name: "allowed the name",
  rename: "renamed",
};
/** @type {Record<string, string>} */
const HELD = {
  banned: "is banned",
  removed: "is removed",
  muted: "is muted",
  name: "is a name that nobody may have",
};
/** @type {Record<string, string>} */
const DRAWINGS = {
  ...{ ban: "ban", banned: "ban", ban_name: "ban", name: "ban" },
  ...{ mute: "mute", muted: "mute", remove: "leave", removed: "leave" },
};

/** What ends it. @type {Record<string, string>} */
const ENDS = { muted: "Unmute", name: "Allow" };

export class OrderRecords {
  /** @param {import("./order-acts.js").OrderActs} acts */
  constructor(acts) {
    this.acts = acts;
    this.force = byId("order-force");
    this.audit = byId("order-audit");
    this.more = byId("order-earlier");
    this.more.addEventListener("click", () => this.#load(this.audit, () => this.#earlier()));
    /** The number of the oldest entry that is shown. @type {number | undefined} */
    this.oldest = undefined;
  }

  /** Ask the host for both, and draw them. */
  load() {
    this.#load(this.force, async () => {
      const answer = /** @type {Events["bans"]} */ (await this.acts.order.ask({ type: "bans" }));
      draw(this.force, answer.standings.map((held) => this.#heldRow(held)), "Nobody is banned, removed or muted.");
    });
    this.#load(this.audit, async () => {
      const answer = await this.#entries({ type: "audit" });
      draw(this.audit, answer.entries.map(entryRow), "Nothing was done yet.");
    });
  }

  async #earlier() {
    const { entries } = await this.#entries({ type: "audit", before: this.oldest });
    this.audit.append(...entries.map(entryRow));
  }

  /** @param {{type: "audit", before?: number}} command */
  async #entries(command) {
    const answer = /** @type {Events["audit"]} */ (await this.acts.order.ask(command));
    this.oldest = answer.entries.at(-1)?.number ?? this.oldest;
    setHidden("order-audit-foot", !answer.more);
    return answer;
  }

  /** @param {HTMLElement} list @param {() => Promise<void>} load */
  async #load(list, load) {
    try {
      await load();
    } catch (error) {
      list.replaceChildren(el("li", { class: "error" }, /** @type {Error} */ (error).message));
    }
  }

  /** @param {Held} held */
  #heldRow(held) {
    const where = held.room && ` in ${isolated(held.room)}`;
    const words = ` ${HELD[held.kind] ?? `is ${held.value || held.kind}`}${where}, by `;
    const by = held.by ? nameElement(held.by) : "the host";
    const row = rowOf(held.kind, held.at, [nameElement(held.nickname), words, by], held);
    if (held.kind === "role") return row;
    const end = el("button", { type: "button", class: "text-button" }, ENDS[held.kind] ?? "Let in");
    end.addEventListener("click", async () => {
      const type = held.kind === "muted" ? /** @type {const} */ ("unmute") : /** @type {const} */ ("unban");
      end.disabled = true;
      await this.acts.do({ type, whom: `@${held.author}`, ...(held.room && { room: held.room }) });
    });
    row.append(end);
    return row;
  }
}

/**
 * Show these rows, and none of the others; the focus stays in the list.
 * @param {HTMLElement} list
 * @param {HTMLElement[]} rows
 * @param {string} none what stands there without any
 */
function draw(list, rows, none) {
  const hadFocus = list.contains(document.activeElement);
  list.replaceChildren(...(rows.length ? rows : [el("li", { class: "hint" }, none)]));
  if (hadFocus) list.focus();
}

/** @param {Entry} entry */
function entryRow(entry) {
  const where = entry.room && ` in ${isolated(entry.room)}`;
  const detail = entry.detail && (entry.act === "rename" ? ` to ${entry.detail}` : `: ${entry.detail}`);
  const by = nameElement(entry.by || "The host");
  const words = [by, ` ${DONE[entry.act] ?? entry.act} `, nameElement(entry.nickname), detail, where];
  return rowOf(entry.act, entry.at, words, entry);
}

/**
 * @param {string} kind
 * @param {string} at
 * @param {(Node | string)[]} words
 * @param {{reason: string, until: string}} about
 */
function rowOf(kind, at, words, { reason, until }) {
  const now = Date.now();
  const end = until && `until ${momentName(Date.parse(until), now)}`;
  const more = [end, reason].filter(Boolean).join(" · ");
  const note = more ? el("span", { class: "hint", dir: "auto" }, more) : null;
  return el(
    "li",
    {},
    icon(DRAWINGS[kind] ?? "shield"),
    el("span", { class: "audit-text" }, el("span", {}, ...words), note),
    el("time", { class: "hint", datetime: at }, momentName(Date.parse(at), now)),
  );
}
