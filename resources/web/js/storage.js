// @ts-check
/**
 * What outlives a reload. Name, token, drafts and how far one has read stay with the browser; that one is in the
 * room and what stands in the message field stay with the tab. Where storing is forbidden, nothing outlives and
 * nothing fails.
 *
 * @typedef {import("./outbox.js").Kept} Kept
 * @typedef {import("./reading.js").Mark} Mark
 */

const PREFIX = "chatdesk.";
const DRAFT = `${PREFIX}draft.`;
const READ = `${PREFIX}read.`;

/**
 * @param {() => Storage} area
 * @param {string} name
 * @returns {any} null when nothing is stored
 */
function read(area, name) {
  try {
    return parse(area().getItem(PREFIX + name));
  } catch {
    return null;
  }
}

/**
 * @param {string | null} text
 * @returns {any} null for what is none
 */
function parse(text) {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

/**
 * Answers whether it is stored: the place may be full, or forbidden.
 * @param {() => Storage} area
 * @param {string} name
 * @param {unknown} value
 */
function write(area, name, value) {
  try {
    area().setItem(PREFIX + name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

const browser = () => localStorage;
const tab = () => sessionStorage;

/**
 * Who one was here: the last name, and the token that came with it. What other chats gave at this address before is
 * none of this one's business.
 * @returns {{nickname: string, token: string}}
 */
function identity() {
  return { nickname: "", token: "", ...read(browser, "identity") };
}

/** The name of last time. */
export function nickname() {
  return identity().nickname;
}

/** What proves who one is; empty for nothing. */
export function token() {
  return identity().token;
}

/** @param {import("./state.js").ChatState} state */
export function keepIdentity({ nickname: name, token: given }) {
  write(browser, "identity", { nickname: name, token: given });
}

/** Whether this tab was in the room when it was reloaded. */
export function wasJoined() {
  return read(tab, "joined") === true;
}

/** @param {boolean} joined */
export function keepJoined(joined) {
  write(tab, "joined", joined);
}

/** Each draft has a place of its own: two tabs that write at once take nothing from each other. */
export const drafts = {
  /** @returns {Kept[]} */
  drafts() {
    try {
      const names = Object.keys(browser()).filter((name) => name.startsWith(DRAFT));
      return names.map((name) => parse(browser().getItem(name))).filter((it) => it?.owner?.place && it.draft);
    } catch {
      return [];
    }
  },

  /** @param {Kept} kept */
  keepDraft(kept) {
    return write(browser, `draft.${kept.draft.id}`, kept);
  },

  /** @param {string} id */
  dropDraft(id) {
    try {
      browser().removeItem(DRAFT + id);
    } catch {
      // Nothing was stored either.
    }
  },
};

/**
 * How far one has read.
 * @param {string} place server and room
 * @returns {Mark | null}
 */
export function mark(place) {
  return read(browser, `read.${place}`);
}

/**
 * @param {string} place
 * @param {Mark} value
 */
export function keepMark(place, value) {
  write(browser, `read.${place}`, value);
}

/**
 * Hear of what other tabs do.
 * @param {{dropped: (id: string) => void, marked: (place: string, mark: Mark | null) => void}} listener
 *   `dropped`: a draft is done with
 */
export function followOtherTabs({ dropped, marked }) {
  window.addEventListener("storage", ({ key, newValue }) => {
    if (key?.startsWith(DRAFT) && newValue === null) dropped(key.slice(DRAFT.length));
    if (key?.startsWith(READ)) marked(key.slice(READ.length), parse(newValue));
  });
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
