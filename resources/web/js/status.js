// @ts-check
/** How the connection and the host are: the banner, and the lamp with its words. */

import { BACK, Banner, isWorthSaying, noticeOf } from "./banner.js";
import { el, nameOf, part } from "./dom.js";
import { shortName } from "./names.js";

export class Status {
  #backUntil = 0;
  #wasLost = false;
  #wasAway = false;

  /**
   * @param {import("./client.js").ChatClient} client
   * @param {() => void} act the banner's button was pressed
   */
  constructor(client, act) {
    this.client = client;
    this.state = client.state;
    this.banner = new Banner(part("banner"), act);
  }

  /** What was lost before does not count any more. */
  forget() {
    this.#wasLost = false;
    this.#wasAway = false;
  }

  show() {
    const { client, state } = this;
    const now = Date.now();
    const { phase, retryAt, pause } = client.connection;
    const { lostSince, goodbye } = client;
    const { resumed, outbox, trouble } = state;
    const lost = isWorthSaying({ phase, lostSince, goodbye }, now);
    // After a loss that nobody saw, only what it has cost is news.
    const news = this.#wasLost || (this.#wasAway && resumed !== "all");
    if (news && !lostSince) this.#backUntil = now + BACK;
    this.#wasLost = lost;
    this.#wasAway = lostSince > 0;
    const told = { waiting: outbox.waiting.length, online: navigator.onLine, backUntil: this.#backUntil, resumed };
    const situation = { phase, lostSince, goodbye, retryAt, pause, trouble, ...told };
    this.banner.show(noticeOf(situation, now), situation);
    this.#showLamp(!lost);
  }

  /** @param {boolean} open */
  #showLamp(open) {
    const host = this.state.server.host;
    part("chat").classList.toggle("lost", !open);
    for (const lamp of document.querySelectorAll("#chat .lamp")) lamp.classList.toggle("out", !open);
    const words = open ? (host ? ["Hosted by ", nameOf(shortName(host))] : ["Open"]) : ["Not connected"];
    part("place-status").replaceChildren(...words);
    part("lamp-word").replaceChildren(el("span", {}, open ? "Connected. " : "Not connected. "));
  }
}
