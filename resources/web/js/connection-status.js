// @ts-check
/** Shows the state of the connection and of the host: the banner, and the lamp with its words. */

import { ConnectionBanner, isWorthShowing, noticeOf } from "./connection-banner.js";
import { el, nameElement, byId } from "./dom.js";
import { shortName } from "./nickname.js";

/** How long good news is shown, in ms: time to read a sentence, short enough to leave the timeline soon. */
const GOOD_NEWS_SHOWN = 3000;

const RESUMED = {
  all: "Back online. Nothing was missed.",
  some: "Back online. Some messages were missed, the host no longer has them.",
  none: "Back online. The host has started afresh, earlier messages are gone.",
};
const STORAGE_WORKS = "Messages are kept again.";

export class ConnectionStatus {
  #news = { sentence: "", until: 0 };
  #wasLost = false;
  #wasAway = false;
  #trouble = "";
  #lamp = "";

  /**
   * @param {import("./client.js").ChatClient} client
   * @param {() => void} act the banner's button has been pressed
   */
  constructor(client, act) {
    this.client = client;
    this.state = client.state;
    this.banner = new ConnectionBanner(byId("banner"), act);
  }

  /** Forget earlier losses. */
  reset() {
    this.#wasLost = false;
    this.#wasAway = false;
    this.#trouble = "";
  }

  show() {
    const { client, state } = this;
    const now = performance.now();
    const { phase, retryAt, retryDelay } = client.connection;
    const { lostSince, hostClosed, endReason } = client;
    const waiting = state.shown.outbox.waiting.length;
    const online = navigator.onLine;
    const shown = this.#wasLost; // the end of a shown loss is shown, too
    const lost = isWorthShowing({ phase, lostSince, hostClosed, waiting, online, shown }, now);
    const sentence = lostSince ? "" : this.#goodNews();
    if (sentence) this.#news = { sentence, until: now + GOOD_NEWS_SHOWN };
    this.#wasLost = lost;
    this.#wasAway = lostSince > 0;
    if (!lostSince) this.#trouble = state.trouble; // a welcome ends it before the loss has ended
    const news = this.#news.until > now ? this.#news.sentence : "";
    const { needed: tokenNeeded } = client.signIn;
    const more = { waiting, online, shown, trouble: state.trouble, news, endReason, tokenNeeded };
    const endsIn = client.signIn.endsIn(now);
    const situation = { phase, lostSince, hostClosed, retryAt, retryDelay, endsIn, ...more };
    this.banner.show(noticeOf(situation, now), situation);
    this.#showLamp(!lostSince);
  }

  /** The good news since the last call: a sentence, or empty. */
  #goodNews() {
    const { trouble } = this.state;
    const resumed = this.state.home.resumed ?? "all";
    const works = this.#trouble && !trouble; // also where the host had to start again for that
    if (works && (!this.#wasAway || resumed === "all")) return STORAGE_WORKS;
    // After a loss that was not shown, only missed messages are news.
    return this.#wasLost || (this.#wasAway && resumed !== "all") ? RESUMED[resumed] : "";
  }

  /** Set the words only if they have changed: screen readers take every change for news. @param {boolean} open */
  #showLamp(open) {
    const host = this.state.server.host;
    const lamp = JSON.stringify([open, host]);
    if (lamp === this.#lamp) return;
    this.#lamp = lamp;
    byId("chat").classList.toggle("lost", !open);
    const lamps = document.querySelectorAll("#chat .lamp, #rooms-drawer .lamp");
    for (const element of lamps) element.classList.toggle("out", !open);
    for (const id of ["chat-status", "drawer-status"]) {
      const words = open ? (host ? ["Hosted by ", nameElement(shortName(host))] : ["Open"]) : ["Not connected"];
      byId(id).replaceChildren(...words);
    }
    byId("lamp-word").replaceChildren(el("span", {}, open ? "Connected. " : "Not connected. "));
  }
}
