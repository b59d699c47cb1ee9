// @ts-check
/**
 * Admission: the queue of those who wait, and invitations, as host and moderators see them and act on them.
 *
 * @typedef {import("./protocol.js").Events} Events
 * @typedef {Events["queue"]["people"][number]} Waiter
 * @typedef {Events["invited"]["invitation"]} Invitation
 * @typedef {{uses: number, seconds: number, nickname?: string, room?: string, role?: string,
 *   address?: string}} Wish what an invitation is to permit; 0 uses is any number; with the address of the chat, the
 *   answer has the QR code of the link
 * @typedef {"queue" | "invitations" | "entry"} Change `entry`: what the chat asks of newcomers
 */

import { randomId } from "./random-id.js";

const EVENTS = new Set(["queue", "invited", "invitations", "entry"]);

/**
 * @param {import("./protocol.js").Event} event
 * @returns {event is Events["queue" | "invited" | "invitations" | "entry"]}
 */
export function isAdmission(event) {
  return EVENTS.has(event.type);
}

export class Admission {
  /** The `id` of the `invite` that is not answered. */
  #asked = "";

  /** @param {(command: import("./protocol.js").Signal) => void} send */
  constructor(send) {
    this.send = send;
    /** Those who wait; null as long as the host has not said so, as to members. @type {Events["queue"] | null} */
    this.queue = null;
    /** @type {Invitation[]} */
    this.invitations = [];
    /** What the chat asks of newcomers, as far as the host has said so. */
    this.entry = /** @type {string[]} */ ([]);
    /** Whether the password of the chat can be changed only in a file on the host's computer. */
    this.passwordInFile = false;
    /** The invitation that was made last, with its code. @type {Events["invited"] | null} */
    this.invited = null;
    /** Why the one that was wished for last was not made; empty if it was. */
    this.refusal = "";
  }

  /** The connection is lost: what was known may be out of date, and the person may have another role next time. */
  forget() {
    this.queue = null;
    this.invitations = [];
    this.entry = [];
    this.invited = null;
  }

  /** @param {Events["queue" | "invited" | "invitations" | "entry"]} event @returns {Change[]} */
  receive(event) {
    if (event.type === "queue") {
      this.queue = event;
      return ["queue"];
    }
    if (event.type === "entry") {
      this.entry = event.asks;
      this.passwordInFile = event.password_in_file;
      return ["entry"];
    }
    if (event.type === "invitations") this.invitations = event.invitations;
    else if (event.ref === this.#asked) this.invited = event;
    return ["invitations"];
  }

  /** Take note of an error; returns whether it refuses an invitation. @param {Events["error"]} error */
  refused(error) {
    if (!this.#asked || error.ref !== this.#asked) return false;
    this.refusal = error.content;
    return true;
  }

  askForInvitations() {
    this.send({ type: "invitations", id: randomId() });
  }

  askForQueue() {
    this.send({ type: "queue", id: randomId() });
  }

  /** Make an invitation; `invited` follows. @param {Wish} wish */
  invite(wish) {
    this.#asked = randomId();
    this.invited = null;
    this.refusal = "";
    this.send({ type: "invite", ...wish, id: this.#asked });
  }

  /** @param {string} invitation its id */
  revoke(invitation) {
    this.send({ type: "revoke_invitation", invitation, id: randomId() });
  }

  /** Let somebody in; without an author all of them. @param {string} [author] */
  accept(author) {
    this.send({ type: "accept", ...(author && { who: `@${author}` }), id: randomId() });
  }

  /** @param {string} author @param {string} [reason] they are told it */
  decline(author, reason = "") {
    this.send({ type: "decline", who: `@${author}`, reason, id: randomId() });
  }

  /** Let newcomers wait from now on, or not. @param {boolean} active */
  setApproval(active) {
    this.send({ type: "approval", active, id: randomId() });
  }
}
