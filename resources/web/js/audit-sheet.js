// @ts-check
/**
 * The sheet in which host and moderators read what was done, and who is banned, removed or muted now.
 *
 * @typedef {import("./protocol.js").Events} Events
 * @typedef {Events["audit"]["entries"][number]} Entry
 * @typedef {Events["bans"]["standings"][number]} Held
 */

import { momentName } from "./date-time.js";
import { el, nameElement } from "./dom.js";
import { icon } from "./icons.js";
import { isolated } from "./nickname.js";
import { Sheet } from "./sheet.js";

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

export class AuditSheet {
  /** @param {import("./order-acts.js").OrderActs} acts */
  constructor(acts) {
    this.acts = acts;
  }

  /** What was done, newest first. */
  async openAudit() {
    await this.#open("What was done", (list, more) => this.#loadAudit(list, more, undefined));
  }

  /** What holds for whom. */
  async openBans() {
    await this.#open("Banned, removed and muted", async (list) => {
      const answer = /** @type {Events["bans"]} */ (await this.acts.order.ask({ type: "bans" }));
      list.append(...answer.standings.map((held) => this.#heldRow(held)));
      if (!answer.standings.length) list.append(el("li", { class: "hint" }, "Nobody is banned, removed or muted."));
    });
  }

  /**
   * @param {string} title
   * @param {(list: HTMLElement, more: HTMLButtonElement) => Promise<void>} load
   */
  async #open(title, load) {
    const list = el("ul", { class: "audit-list", tabindex: 0, "aria-label": title });
    const more = el("button", { type: "button", class: "button", hidden: true }, "Earlier ones");
    const close = el("button", { type: "button", class: "icon-button", "aria-label": "Close", title: "Close" });
    close.append(icon("close"));
    const head = el("header", { class: "form-sheet-head" }, el("h2", {}, title), close);
    const dialog = el("dialog", { class: "form-sheet audit-sheet", "aria-label": title });
    dialog.append(el("div", { class: "form-sheet-body" }, head, list, more));
    document.body.append(dialog);
    const sheet = new Sheet(dialog, () => dialog.remove());
    close.addEventListener("click", () => sheet.close());
    sheet.open();
    try {
      await load(list, more);
    } catch (error) {
      list.replaceChildren(el("li", { class: "error" }, /** @type {Error} */ (error).message));
    }
  }

  /**
   * @param {HTMLElement} list
   * @param {HTMLButtonElement} more
   * @param {number | undefined} before
   */
  async #loadAudit(list, more, before) {
    const type = /** @type {const} */ ("audit");
    const command = before === undefined ? { type } : { type, before };
    const answer = /** @type {Events["audit"]} */ (await this.acts.order.ask(command));
    list.append(...answer.entries.map(entryRow));
    if (!answer.entries.length && before === undefined)
      list.append(el("li", { class: "hint" }, "Nothing was done yet."));
    const oldest = answer.entries.at(-1)?.number;
    more.hidden = !answer.more;
    more.onclick = () => this.#loadAudit(list, more, oldest);
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
      row.remove();
    });
    row.append(end);
    return row;
  }
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
