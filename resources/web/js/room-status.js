// @ts-check
/**
 * The status of the room, which the host tells before a join, and why a join has failed.
 *
 * @typedef {{name: string, host: string, users: number, connections: number, max_connections: number}} RoomStatus
 */

import { timeoutSignal } from "./timeout.js";
import { list, object, optional, text, InvalidValue, integer } from "./decoders.js";
import { urlOf } from "./base-url.js";
import { EXPIRED, UNAUTHORIZED } from "./protocol.js";

/** In ms: as long as a person waits for a first answer. */
const TIMEOUT = 5000;
/** What is shown of a refusal in the host's words: two long sentences. */
const MOST_REFUSAL_CHARS = 600;
const FORBIDDEN = 403;
const METHOD_NOT_ALLOWED = 405;
const TOO_MANY_REQUESTS = 429;
/** From this status on a proxy says that it does not reach the host. */
const FIRST_SERVER_ERROR = 500;

const NO_ANSWER = "The host does not answer. Check that this device is still on its network.";
const ONLY_PROXY = "The host does not answer, only a proxy in front of it. Try again in a moment.";
const NO_WEBSOCKET =
  "The connection broke off. Try again. If it stays so, tell the host that no WebSocket comes through: a proxy in " +
  "between may have to be told to pass them on.";
const OTHER_SERVER = "Something else answers in place of the host. Load this page again: you may have to log in first.";
/** Why the host has ended the connection, by its close code: with another token the person can come back. */
export const END_REASONS = new Map([
  [EXPIRED, "Your sign-in to this chat has expired: sign in again."],
  [UNAUTHORIZED, "Your token no longer opens this chat: ask its host for a new one."],
]);
export const TAKEN_OUT = "You have been taken out of this room.";
/** For a host whose answer cannot be decoded. */
export const NOT_CHATDESK = "The host answers, but not as a ChatDesk does.";

const count = integer(0);
const decode = object({ name: text(256), host: text(256), users: count, connections: count, max_connections: count });

/**
 * @returns {Promise<RoomStatus | string | null>} null if the host does not answer; a sentence if the answer is invalid
 *   or comes from another server
 */
export async function fetchRoomStatus() {
  try {
    const answer = await fetch(urlOf("stats"), { cache: "no-store", signal: timeoutSignal(TIMEOUT) });
    if (!answer.ok) return null;
    return answer.headers.get("Content-Type")?.startsWith("text/html") ? OTHER_SERVER : decode(await answer.json());
  } catch (error) {
    return error instanceof InvalidValue || error instanceof SyntaxError ? NOT_CHATDESK : null;
  }
}

const decodeAbout = object({ entry: optional(list(text(32), 16), []) });

/** What newcomers are asked for, such as `token`; nothing while the host does not answer. */
export async function fetchEntry() {
  try {
    const answer = await fetch(urlOf("about"), { cache: "no-store", signal: timeoutSignal(TIMEOUT) });
    return decodeAbout(await answer.json()).entry;
  } catch {
    return []; // fetchRoomStatus says why
  }
}

/** Why the host could not be reached, and what to do: a sentence. */
export async function explainUnreachable() {
  const room = await fetchRoomStatus();
  if (typeof room === "string") return room;
  if (room && room.connections >= room.max_connections) return "The room is full. Try again when somebody has left.";
  const answer = await requestWebSocketUrl();
  if (!answer) return NO_ANSWER;
  if (answer.status === TOO_MANY_REQUESTS || answer.status >= FIRST_SERVER_ERROR) return ONLY_PROXY;
  if (answer.status === FORBIDDEN) return refusalText(answer);
  return answer.status === METHOD_NOT_ALLOWED ? NO_WEBSOCKET : OTHER_SERVER;
}

/**
 * Request the WebSocket's URL by POST, which carries `Origin` like the handshake: browsers do not tell a page how a
 * handshake was refused.
 */
async function requestWebSocketUrl() {
  try {
    const init = { method: "POST", cache: "no-store", redirect: "manual", signal: timeoutSignal(TIMEOUT) };
    return await fetch(urlOf("ws"), /** @type {RequestInit} */ (init));
  } catch {
    return null;
  }
}

/**
 * Why the host refuses, in its own words; a general sentence if it does not say.
 * @param {Response} answer
 */
async function refusalText(answer) {
  const plain = answer.headers.get("Content-Type")?.startsWith("text/plain");
  return plain ? (await answer.text()).slice(0, MOST_REFUSAL_CHARS).trim() : OTHER_SERVER;
}

/**
 * The refusal for a host that the page has left because of what it sends, in the words of the window.
 * @param {string} what
 * @returns {import("./protocol.js").Refusal}
 */
export function invalidEventRefusal(what) {
  const then = "ChatDesk has left the chat. Tell its host to start ChatDesk again there.";
  return { code: "unreadable", content: `This host sends ${what}: ${then}` };
}
