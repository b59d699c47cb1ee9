// @ts-check
/**
 * The wire as the page speaks it: shapes of events, limits, and which ends of a connection are final.
 *
 * @typedef {import("./validation.js").Events} Events
 * @typedef {import("./validation.js").Event} Event
 * @typedef {import("./validation.js").Message} Message
 * @typedef {Pick<import("./validation.js").User, "nickname" | "client" | "host">} User
 * @typedef {{code: string, content: string, ref?: string}} Refusal
 *
 * @typedef {object} Join
 * @property {"join"} type
 * @property {string} nickname
 * @property {string} client
 * @property {string[]} capabilities
 * @property {string} [token]
 * @property {{epoch: string, seq: number}} [resume]
 *
 * @typedef {{before?: number, after?: number, around?: number, at?: string}} HistorySpan
 * @typedef {{type: "history", limit: number, ref: string} & HistorySpan} History
 * @typedef {{type: "search", query: string, limit: number, before?: number}} Search
 * @typedef {{type: "message", id: string, content: string}} SendMessage
 * @typedef {{type: "typing", active: boolean} | {type: "ping", id: string} | {type: "leave"}} Signal
 * @typedef {Join | History | Search | SendMessage | Signal} Command
 */

/** Longest page of history, in messages. */
export const HISTORY_PAGE = 200;
/** Somebody who typed is taken to have stopped after this time, in ms. */
export const TYPING_EXPIRES = 5000;
/** We say that we are typing at most this often, in ms. */
export const TYPING_INTERVAL = 3000;

/** Refusals that another name can mend. */
export const NICKNAME_REFUSALS = new Set(["bad_nickname", "nickname_taken"]);

/** After these refusals the same is asked once more, so much later, in ms: the host is busy, or cannot use its disk. */
export const RETRY_DELAYS = new Map([
  ["rate_limited", 1000],
  ["storage", 3000],
]);

const NORMAL_CLOSURE = 1000;
/** The host has closed the chat. */
export const GOING_AWAY = 1001;
const INVALID_TEXT = 1007;
const POLICY_VIOLATION = 1008;
const MESSAGE_TOO_BIG = 1009;
/** Never on the wire: this page cannot read what the host says, and has ended the connection. */
export const UNREADABLE = 0;
/** The host is full or cannot keep up: come back, but not at once. */
export const TRY_AGAIN_LATER = 1013;

/**
 * Whether a page may come back by itself after its connection was closed with this code.
 * @param {number} code
 */
export function mayReconnect(code) {
  return ![NORMAL_CLOSURE, INVALID_TEXT, POLICY_VIOLATION, MESSAGE_TOO_BIG, UNREADABLE].includes(code) && !(code >= 4500 && code <= 4999);
}

/**
 * Whether this is what the host answers to a `ping`; a host that does not know it yet says so, which is as good.
 * @param {Event} event
 * @returns {event is Events["pong"] | Events["error"]}
 */
export function isPong(event) {
  return event.type === "pong" || (event.type === "error" && event.code === "unknown_type" && event.ref === "ping");
}
