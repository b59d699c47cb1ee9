// @ts-check
/** How the person is shown to others: their nickname, whether they are there, and what they say about it. */

import { randomId } from "./random-id.js";

/** @typedef {"online" | "away" | "busy"} Availability */

/** A page that nobody has looked at for so long is idle, in ms. */
const IDLE_AFTER = 5 * 60 * 1000;

export class OwnPresence {
  #text = "";
  #idle = false;
  #timer = 0;

  /** @param {import("./client.js").ChatClient} client */
  constructor(client) {
    this.client = client;
    document.addEventListener("visibilitychange", () => this.#seen(document.hidden));
  }

  /** Have another nickname from now on. @param {string} nickname */
  rename(nickname) {
    this.#tell({ type: "nick", nickname });
  }

  /**
   * Be there, away or busy, and say this about it.
   * @param {Availability} status
   * @param {string} [text]
   */
  set(status, text = "") {
    this.client.state.own.availability = status;
    this.#text = text;
    this.#tell({ type: "status", status, text });
  }

  /** The person is in the chat again. */
  resume() {
    const [status, text, idle] = [this.client.state.own.availability, this.#text, this.#idle];
    if (status !== "online" || text || idle) this.#tell({ type: "status", status, text, idle });
  }

  /** @param {boolean} hidden */
  #seen(hidden) {
    clearTimeout(this.#timer);
    if (hidden) this.#timer = setTimeout(() => this.#setIdle(true), IDLE_AFTER);
    else this.#setIdle(false);
  }

  /** @param {boolean} idle */
  #setIdle(idle) {
    if (idle === this.#idle) return;
    this.#idle = idle;
    this.#tell({ type: "status", idle });
  }

  /** @param {import("./protocol.js").Nick | import("./protocol.js").SetStatus} command */
  #tell(command) {
    if (this.client.state.joined) this.client.connection.send({ ...command, id: randomId() });
  }
}
