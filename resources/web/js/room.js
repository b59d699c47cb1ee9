// @ts-check
/**
 * What the host tells about the room before one has joined.
 *
 * @typedef {{name: string, host: string, users: number, connections: number, max_connections: number}} Room
 */

import { deadline } from "./deadline.js";
import { shape, text, UnfitValue, whole } from "./shape.js";
import { beside } from "./site.js";

const PATIENCE = 5000;
const LONGEST = 600;
const FORBIDDEN = 403;
const NOT_ALLOWED = 405;
const TOO_MANY = 429;
/** From here on a proxy answers that it does not reach the host, one way or the other. */
const NOBODY_BEHIND = 500;

const SILENT = "The host does not answer. Check that this device is still on its network.";
const AWAY = "The host does not answer, only a proxy in front of it. Try again in a moment.";
const BROKEN =
  "The connection broke off. Try again. If it stays so, tell the host that no WebSocket comes through: a proxy in " +
  "between may have to be told to pass them on.";
const STRANGER = "Something else answers in place of the host. Load this page again: you may have to log in first.";
/** What one says of a host whose answers are of no known kind. */
export const NONSENSE = "The host answers, but not as a ChatDesk does.";

const count = whole(0);
const read = shape({ name: text(256), host: text(256), users: count, connections: count, max_connections: count });

/**
 * @returns {Promise<Room | string | null>} null when the host does not answer; a sentence when it says nonsense, or
 *   somebody else answers
 */
export async function askRoom() {
  try {
    const answer = await fetch(beside("stats"), { cache: "no-store", signal: deadline(PATIENCE) });
    if (!answer.ok) return null;
    return answer.headers.get("Content-Type")?.startsWith("text/html") ? STRANGER : read(await answer.json());
  } catch (error) {
    return error instanceof UnfitValue || error instanceof SyntaxError ? NONSENSE : null;
  }
}

/** Why nobody could be reached, and the way out. */
export async function whyUnreachable() {
  const room = await askRoom();
  if (typeof room === "string") return room;
  if (room && room.connections >= room.max_connections) return "The room is full. Try again when somebody has left.";
  const answer = await knock();
  if (!answer) return SILENT;
  if (answer.status === TOO_MANY || answer.status >= NOBODY_BEHIND) return AWAY;
  if (answer.status === FORBIDDEN) return sentenceOf(answer);
  return answer.status === NOT_ALLOWED ? BROKEN : STRANGER;
}

/**
 * Ask where the WebSocket is, in a way that is sent with `Origin` as a WebSocket is: what that was answered, a browser
 * tells nobody.
 */
async function knock() {
  try {
    const init = { method: "POST", cache: "no-store", redirect: "manual", signal: deadline(PATIENCE) };
    return await fetch(beside("ws"), /** @type {RequestInit} */ (init));
  } catch {
    return null;
  }
}

/**
 * Why the host refuses, in its own words.
 * @param {Response} answer
 */
async function sentenceOf(answer) {
  const plain = answer.headers.get("Content-Type")?.startsWith("text/plain");
  return plain ? (await answer.text()).slice(0, LONGEST).trim() : STRANGER;
}

/**
 * Why this page has done with the host, in the words of the window.
 * @param {string} what it sends
 * @returns {import("./protocol.js").Refusal}
 */
export function refusalToRead(what) {
  const then = "ChatDesk has left the chat. Tell who hosts it to start ChatDesk again there.";
  return { code: "unreadable", content: `This host sends ${what}: ${then}` };
}

/** @param {number} people */
export function countPeople(people) {
  return people === 1 ? "1\u00a0person" : `${people}\u00a0people`;
}
