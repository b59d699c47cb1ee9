// @ts-check
/** The screen of somebody who was removed or banned: by whom, why, until when; unsent text can be copied. */

import { announce } from "./announce.js";
import { avatar } from "./avatar.js";
import { copyText } from "./clipboard.js";
import { clockTime, dateOf, dayOf } from "./date-time.js";
import { byId, el, nameElement } from "./dom.js";

const MINUTE = 60_000;
const HOUR_MINUTES = 60;
const DAY_MINUTES = 24 * HOUR_MINUTES;

export class RemovedScreen {
  #timer = 0;
  /** @type {import("./order.js").KeptOut | null} */
  #why = null;
  /** @type {string[]} */
  #unsent = [];

  /** @param {() => void} knocked the end is over, and the person wants to come in again */
  constructor(knocked) {
    this.screen = byId("removed");
    this.again = byId("removed-again");
    this.again.addEventListener("click", knocked);
    byId("removed-copy").addEventListener("click", () => this.#copy());
  }

  get isShown() {
    return !this.screen.hidden;
  }

  /**
   * @param {import("./order.js").KeptOut} why
   * @param {{name: string, host: string}} server
   * @param {string[]} unsent texts that were not sent
   */
  show(why, server, unsent) {
    this.#why = why;
    this.#unsent = unsent;
    byId("removed-room").textContent = server.name || "The chat";
    const { host } = server;
    const hosted = host ? [avatar({ nickname: host }), el("span", {}, "Hosted by ", nameElement(host))] : [];
    byId("removed-host").replaceChildren(...hosted);
    const act = why.code === "banned" ? "banned" : "removed";
    byId("removed-title").replaceChildren(nameElement(why.by || "The host"), ` ${act} you`);
    byId("removed-reason").hidden = !why.reason;
    byId("removed-reason-text").textContent = why.reason;
    byId("removed-unsent").hidden = !unsent.length;
    const one = "1 message of yours was not sent. It is still on this device.";
    const several = `${unsent.length} messages of yours were not sent. They are still on this device.`;
    byId("removed-unsent-text").textContent = unsent.length === 1 ? one : several;
    byId("removed-copy").hidden = !unsent.length;
    byId("removed-copy").textContent = unsent.length === 1 ? "Copy my unsent message" : "Copy my unsent messages";
    byId("removed-mistake").replaceChildren(
      "A mistake? Only ",
      nameElement(server.host || "the host"),
      " and the moderators can undo it, or read the reason.",
    );
    this.screen.hidden = false;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#tick(), MINUTE / 4);
    this.#tick();
    byId("removed-title").focus();
  }

  hide() {
    clearInterval(this.#timer);
    this.screen.hidden = true;
  }

  /** Say when it ends; there is no button before. */
  #tick() {
    const until = this.#why?.until ? Date.parse(this.#why.until) : 0;
    const now = Date.now();
    const over = this.#why?.code === "removed" ? !until || until <= now : Boolean(until) && until <= now;
    this.again.hidden = !over;
    byId("removed-end").replaceChildren(...endWords(until, now, over));
  }

  #copy() {
    announce(copyText(this.#unsent.join("\n\n")) ? "Copied" : "This browser does not let the page copy.");
  }
}

/**
 * @param {number} until
 * @param {number} now
 * @param {boolean} over
 * @returns {(Node | string)[]}
 */
function endWords(until, now, over) {
  if (over) return ["You can come in again."];
  if (!until) return ["It has no end. Only the host and moderators can let you in again."];
  const day = dayOf(until) === dayOf(now) ? "today" : dateOf(until);
  const end = el("strong", {}, `${day} at ${clockTime(until)}`);
  return ["Ends ", end, `, in ${spanWords(until - now)}. Then this page lets you come in again.`];
}

/** Such as `5 h 12 min`. @param {number} span in ms */
function spanWords(span) {
  const minutes = Math.max(1, Math.ceil(span / MINUTE));
  if (minutes >= 2 * DAY_MINUTES) return `${Math.floor(minutes / DAY_MINUTES)} days`;
  const hours = Math.floor(minutes / HOUR_MINUTES);
  return hours ? `${hours} h ${minutes % HOUR_MINUTES} min` : `${minutes} min`;
}
