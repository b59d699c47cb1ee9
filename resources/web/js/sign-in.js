// @ts-check
/**
 * The token by which the person signs in to a chat that asks for one. It is stored for this tab alone, as it proves who
 * the person is. It is typed, or comes in the page's address (`#token=…`): no server sees that, no history keeps it.
 *
 * @typedef {{id: string, token: string, answered: (why: string) => void}} Renewal
 */

import { randomId } from "./random-id.js";

const ADDRESS = /^#token=([\w.-]{1,4096})$/u;
const SHAPE = /^[\w-]+\.[\w-]+\.[\w-]+$/u;
/** How long before its end, in ms, the person is asked for the next token. */
const SOON = 60_000;

/** Take the token out of the address, at once: empty if there is none. */
export function takeToken() {
  const [, token = ""] = ADDRESS.exec(location.hash) ?? [];
  if (token) history.replaceState(history.state, "", location.pathname + location.search);
  return token;
}

/** Whether this may be a token: three parts, as copied. @param {string} text */
export function looksLikeToken(text) {
  return SHAPE.test(text);
}

/** The name that a token states, unchecked: empty if it states none. @param {string} token */
export function nameIn(token) {
  try {
    const bytes = atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"));
    const claims = JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0))));
    return typeof claims.name === "string" ? claims.name : "";
  } catch {
    return "";
  }
}

export class SignIn {
  /** When the token ends, by `performance.now`; 0 if it is not known. */
  #endsAt = 0;
  /** @type {Renewal | null} */
  #renewal = null;

  /** @param {{load: () => string, save: (token: string) => void}} store for this tab */
  constructor(store) {
    this.store = store;
    /** What the next join brings along; empty for none. */
    this.token = store.load();
    /** By which another server can prove that it is of the chat; empty where the chat has issued the token itself. */
    this.proofToken = "";
    /** Whether the last token has ended or opens nothing: with another one the person can come back. */
    this.needed = false;
  }

  /** Join with this token from now on. @param {string} token */
  use(token) {
    this.token = token;
    this.store.save(token);
    this.needed = false;
  }

  /** What of the join is said by the token. @param {string} own the token that hosts issue themselves */
  fields(own) {
    const token = this.token || own;
    return token ? { token } : {};
  }

  /** Seconds until the token ends, once it is soon; null before. @param {number} now */
  endsIn(now) {
    return this.#endsAt && this.#endsAt - now < SOON ? Math.max(0, Math.ceil((this.#endsAt - now) / 1000)) : null;
  }

  /**
   * Go on with another token on the open connection.
   * @param {string} token
   * @param {(command: {type: "refresh", token: string, id: string}) => void} send
   * @returns {Promise<string>} why it is refused; empty if it is not
   */
  renew(token, send) {
    this.#renewal?.answered("");
    return new Promise((answered) => {
      this.#renewal = { id: randomId(), token, answered };
      send({ type: "refresh", token, id: this.#renewal.id });
    });
  }

  /**
   * Returns whether nobody else needs the event.
   * @param {import("./protocol.js").Event} event
   */
  receive(event) {
    if (event.type === "welcome") this.proofToken = event.proof_token;
    if (event.type === "welcome" && event.expires_in !== null) {
      event.token = `signed-in.${event.me}`; // the same for all tokens of the person, and no secret
      this.#ends(event.expires_in);
    }
    const renewal = this.#renewal;
    if (!renewal || (event.type !== "refreshed" && event.type !== "error") || event.ref !== renewal.id) return false;
    this.#renewal = null;
    if (event.type === "refreshed") {
      this.use(renewal.token);
      this.#ends(event.expires_in);
    }
    renewal.answered(event.type === "error" ? event.content : "");
    return true;
  }

  /**
   * Whether the join of somebody who was in the chat was refused for the want of a valid token.
   * @param {import("./protocol.js").Refusal} error
   * @param {boolean} isMember
   */
  isNeededAfter(error, isMember) {
    this.needed = isMember && error.code === "unauthorized";
    return this.needed;
  }

  /** The connection is gone, and with it what was asked. */
  disconnected() {
    this.#endsAt = 0;
    this.#renewal?.answered("The connection is lost: try again.");
    this.#renewal = null;
  }

  /** @param {number} seconds */
  #ends(seconds) {
    this.#endsAt = performance.now() + seconds * 1000;
    this.needed = false;
  }
}
