// @ts-check
/**
 * What the host tells about the room before one has joined.
 *
 * @typedef {{name: string, host: string, users: number, connections: number, max_connections: number}} Room
 */

import { deadline } from "./deadline.js";

const PATIENCE = 5000;

/** @returns {Promise<Room | null>} null when the host does not answer */
export async function askRoom() {
  try {
    const answer = await fetch("/stats", { cache: "no-store", signal: deadline(PATIENCE) });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** Why nobody could be reached, and the way out. */
export async function whyUnreachable() {
  const room = await askRoom();
  if (!room) return "The host does not answer. Check that this device is still on its network.";
  const full = room.connections >= room.max_connections;
  return full ? "The room is full. Try again when somebody has left." : "The connection broke off. Try again.";
}

/** @param {number} count */
export function countPeople(count) {
  return count === 1 ? "1\u00a0person" : `${count}\u00a0people`;
}
