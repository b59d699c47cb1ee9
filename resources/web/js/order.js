// @ts-check
/**
 * Keeping order: what the person is in each room and may do there, what they do to others, and whether they have been
 * sent out themselves. Each act is a promise of its outcome.
 *
 * @typedef {import("./protocol.js").Events} Events
 * @typedef {Events["error"]} KeptOut why the person may not be here: by whom, why, and until when
 * @typedef {import("./protocol.js").OrderCommand} OrderCommand
 * @typedef {Events["done" | "neighbours" | "bans" | "audit"]} Answer
 */

import { randomId } from "./random-id.js";

const ANSWERS = new Set(["done", "neighbours", "bans", "audit"]);
const KEPT_OUT = new Set(["removed", "banned"]);
/** Rooms in which one is something: as many as are listed. */
const MOST_ROOMS = 2000;
const LOST = "The connection is lost: try again when it is back.";
/** @type {Events["standing"]} */
const MEMBER = {
  ...{ type: "standing", room: "", role: "member", rights: [], everywhere: false },
  ...{ muted: false, until: "", by: "", reason: "" },
};

export class Order {
  /** @type {Map<string, {done: (answer: Answer) => void, failed: (error: Error) => void}>} by the id of the command */
  #open = new Map();
  /** @type {Map<string, Events["standing"]>} by room */
  #standings = new Map();

  /** @param {(command: OrderCommand & {id: string}) => boolean} send returns whether there is a connection */
  constructor(send) {
    this.send = send;
    /** @type {KeptOut | null} */
    this.keptOut = null;
  }

  /** What the person is in a room. @param {string} room */
  standing(room) {
    return this.#standings.get(room) ?? MEMBER;
  }

  /**
   * Whether the person may do in a room what this word says, such as `ban`.
   * @param {string} room
   * @param {string} right
   */
  may(room, right) {
    return this.standing(room).rights.includes(right);
  }

  /**
   * Do something to somebody, or ask about them. Rejects with the host's sentence.
   * @template {OrderCommand} Command
   * @param {Command} command
   * @returns {Promise<Answer>}
   */
  ask(command) {
    const id = randomId();
    return new Promise((done, failed) => {
      if (!this.send({ ...command, id })) return failed(new Error(LOST));
      return this.#open.set(id, { done, failed });
    });
  }

  /**
   * Take note of an event. Returns the parts that have changed; null for one that is none of this.
   * @param {import("./protocol.js").Event} event
   * @returns {import("./state.js").Change[] | null}
   */
  receive(event) {
    if (event.type === "standing") {
      this.#standings.delete(event.room);
      this.#standings.set(event.room, event);
      if (this.#standings.size > MOST_ROOMS) this.#standings.delete(this.#standings.keys().next().value ?? "");
      return ["room", "people", "timeline"];
    }
    if (event.type === "order_kept") return ["records"];
    if (event.type === "error" && !event.room && KEPT_OUT.has(event.code)) this.keptOut = event;
    const ref = "ref" in event ? event.ref : undefined;
    const open = this.#open.get(ref ?? "");
    if (open) {
      this.#open.delete(ref ?? "");
      if (event.type === "error") open.failed(new Error(event.content));
      else open.done(/** @type {Answer} */ (event));
      return [];
    }
    return ANSWERS.has(event.type) ? [] : null;
  }

  /** The connection is lost, and with it what the host has not answered. */
  disconnected() {
    for (const { failed } of this.#open.values()) failed(new Error(LOST));
    this.#open.clear();
    this.#standings.clear();
  }
}
