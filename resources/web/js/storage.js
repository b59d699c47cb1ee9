// @ts-check
/**
 * What outlives a reload. Name and token stay with the browser; that one is in the room, what waits to be sent and
 * the draft stay with the tab. Where storing is forbidden, nothing outlives and nothing fails.
 */

const PREFIX = "chatdesk.";

/**
 * @param {() => Storage} area
 * @param {string} name
 * @returns {any} null when nothing is stored
 */
function read(area, name) {
  try {
    return JSON.parse(area().getItem(PREFIX + name) ?? "null");
  } catch {
    return null;
  }
}

/**
 * @param {() => Storage} area
 * @param {string} name
 * @param {unknown} value
 */
function write(area, name, value) {
  try {
    area().setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Full, or forbidden: the page works without.
  }
}

const browser = () => localStorage;
const tab = () => sessionStorage;

/** @returns {{nickname: string, token: string}} */
export function identity() {
  return { nickname: "", token: "", ...read(browser, "identity") };
}

/** @param {{nickname: string, token: string}} value */
export function keepIdentity(value) {
  write(browser, "identity", value);
}

/** Whether this tab was in the room when it was reloaded. */
export function wasJoined() {
  return read(tab, "joined") === true;
}

/** @param {boolean} joined */
export function keepJoined(joined) {
  write(tab, "joined", joined);
}

/** @returns {import("./outbox.js").Draft[]} */
export function drafts() {
  return read(tab, "outbox") ?? [];
}

/** @param {import("./outbox.js").Draft[]} value */
export function keepDrafts(value) {
  write(tab, "outbox", value);
}

/** What stood in the message field. @returns {string} */
export function text() {
  return read(tab, "text") ?? "";
}

/** @param {string} value */
export function keepText(value) {
  write(tab, "text", value);
}

/** The theme somebody chose; empty for the system's. @returns {string} */
export function theme() {
  const kept = read(browser, "theme");
  return ["light", "dark"].includes(kept) ? kept : "";
}

/** @param {string} value */
export function keepTheme(value) {
  write(browser, "theme", value);
}
