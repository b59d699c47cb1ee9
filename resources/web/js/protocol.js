// @ts-check
/**
 * The wire as the page speaks it: shapes of events, limits, and which ends of a connection are final.
 *
 * @typedef {{nickname: string, status: string, joined_at: string, client?: string, host?: boolean}} User
 * @typedef {{nickname: string, content: string, timestamp: string, seq: number, id?: string}} Message
 * @typedef {{id: string, name: string, host: string, version: string}} ServerInfo
 * @typedef {{content_chars: number, message_rate: number}} Limits
 * @typedef {{code: string, content: string, ref?: string}} Refusal
 * @typedef {{type: string, [field: string]: any}} Event
 * @typedef {{type: string, [field: string]: any}} Command
 */

/** Longest page of history, in messages. */
export const HISTORY_PAGE = 200;
/** Somebody who typed is taken to have stopped after this time, in ms. */
export const TYPING_EXPIRES = 5000;
/** We say that we are typing at most this often, in ms. */
export const TYPING_INTERVAL = 3000;

/** Refusals that another name can mend. */
export const NAME_REFUSALS = new Set(["bad_nickname", "nickname_taken"]);

/** After these refusals the same is asked once more, so much later, in ms: the host is busy, or cannot use its disk. */
export const REFUSED_FOR_NOW = new Map([
  ["rate_limited", 1000],
  ["storage", 3000],
]);

const LEFT = 1000;
/** The host has closed the chat. */
export const GOING_AWAY = 1001;
const NOT_UTF8 = 1007;
const RULES_BROKEN = 1008;
const TOO_BIG = 1009;
/** Never on the wire: this page cannot read what the host says, and has ended the connection. */
export const UNREADABLE = 0;
/** The host is full or cannot keep up: come back, but not at once. */
export const TRY_LATER = 1013;

/**
 * Whether a page may come back by itself after its connection was closed with this code.
 * @param {number} code
 */
export function mayReconnect(code) {
  return ![LEFT, NOT_UTF8, RULES_BROKEN, TOO_BIG, UNREADABLE].includes(code) && !(code >= 4500 && code <= 4999);
}

/**
 * Whether this is what the host answers to a `ping`; a host that does not know it yet says so, which is as good.
 * @param {Event} event
 */
export function isSignOfLife({ type, code, ref }) {
  return type === "pong" || (type === "error" && code === "unknown_type" && ref === "ping");
}
