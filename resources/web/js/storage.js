// @ts-check
/**
 * What outlives a reload. Who one is in the room and what stands in the message field stay with the tab: two tabs may
 * be two people. The browser remembers all of them by name, with the token that proves who it is, how far each has read
 * and what each has not sent, for the next tab and the next start. Where storing is forbidden, nothing outlives and
 * nothing fails.
 *
 * @typedef {import("./outbox.js").Kept} Kept
 * @typedef {import("./reading.js").Mark} Mark
 */

import { newId } from "./identifier.js";
import { readFlag, readIdentity, readKept, readMark, readName, readWords } from "./kept.js";
import { keyOfName } from "./names.js";
import { readOr } from "./shape.js";
import { encrypted, folder } from "./site.js";

/** Chats in several folders of one proxy have nothing to do with each other. */
const PREFIX = `chatdesk.${folder.slice(1)}`;
const DRAFT = `${PREFIX}draft.`;
const READ = `${PREFIX}read.`;
const IDENTITY = `${PREFIX}identity.`;
const THEME = `${PREFIX}theme`;
/** So many people, and places where they have read: no host fills a browser with more of them. */
const REMEMBERED = 200;

/**
 * @template T
 * @param {() => Storage} area
 * @param {string} name
 * @param {import("./shape.js").Reader<T>} reader
 * @returns {T | null} null when nothing is stored that can be read
 */
function read(area, name, reader) {
  try {
    return parse(area().getItem(PREFIX + name), reader);
  } catch {
    return null;
  }
}

/**
 * @template T
 * @param {string | null} stored
 * @param {import("./shape.js").Reader<T>} reader
 * @returns {T | null} null for what is none
 */
function parse(stored, reader) {
  try {
    return readOr(reader, JSON.parse(stored ?? "null"), null);
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
 * @param {() => Storage} area
 * @param {string} name
 */
function remove(area, name) {
  try {
    area().removeItem(PREFIX + name);
  } catch {
    // Nothing was stored either.
  }
}

/**
 * Store one of those of which there may be many, and give up others where there are too many.
 * @param {string} prefix
 * @param {string} name
 * @param {unknown} value
 */
function writeOneOf(prefix, name, value) {
  try {
    const names = Object.keys(browser()).filter((it) => it.startsWith(prefix) && it !== prefix + name);
    for (const other of names.slice(REMEMBERED - 1)) browser().removeItem(other);
  } catch {
    // Where nothing can be read, nothing is stored either.
  }
  return write(browser, (prefix + name).slice(PREFIX.length), value);
}

/** This tab. The copy of an open tab begins with all that this one has stored, and is another one all the same. */
const thisTab = nameTab();

function nameTab() {
  const name = (read(tab, "open", readFlag) ? null : read(tab, "tab", readName)) ?? newId();
  write(tab, "tab", name);
  write(tab, "open", true);
  window.addEventListener("pagehide", () => remove(tab, "open"));
  window.addEventListener("pageshow", () => write(tab, "open", true));
  return name;
}

/** @typedef {{nickname: string, token: string}} Identity */

/** The name that was last used in this tab; in a new one, the last of this browser. @returns {string} */
export function nickname() {
  const kept = read(tab, "attempt", readIdentity) ?? read(tab, "identity", readIdentity);
  return (kept ?? read(browser, "identity", readIdentity))?.nickname ?? "";
}

/**
 * What proves who one is under this name: the token that came with it last. What other chats gave at this address before
 * is none of this one's business.
 * @param {string} name
 * @returns {string} empty for nothing
 */
export function token(name) {
  const key = keyOfName(name);
  const kept = [
    read(browser, `identity.${key}`, readIdentity),
    read(tab, "identity", readIdentity),
    read(tab, "attempt", readIdentity),
    read(browser, "identity", readIdentity),
  ];
  return kept.find((it) => it && keyOfName(it.nickname) === key)?.token ?? "";
}

/**
 * As whom this tab asks to be let in, until it is: a reload before the answer is here asks as the same person.
 * @param {Identity} identity
 */
export function keepAttempt(identity) {
  write(tab, "attempt", identity);
}

/** @param {import("./state.js").ChatState} state */
export function keepIdentity({ nickname: name, token: given }) {
  const before = read(tab, "identity", readIdentity);
  const identity = { nickname: name, token: given };
  // One person has one name: somebody else may take the one before.
  if (before?.token === given) remove(browser, `identity.${keyOfName(before.nickname)}`);
  write(tab, "identity", identity);
  remove(tab, "attempt");
  write(browser, "identity", identity);
  writeOneOf(IDENTITY, keyOfName(name), identity);
  showEverywhere(identity);
}

/** So many names of one browser are known to the same host at another port, where nothing of this is stored. */
const COOKIES = 8;
const COOKIE_SECONDS = 24 * 3600;
/** What a host gives; anything else would be read as the cookie's terms. */
const TOKEN = /^[\w.-]{1,128}$/u;

/**
 * Let the host know who this is at whatever port: cookies belong to a computer, all other storage to one of its ports.
 * It is sent with the WebSocket's handshake alone.
 * @param {Identity} identity
 */
function showEverywhere({ nickname: name, token: given }) {
  if (!TOKEN.test(given)) return;
  const number = Array.from(keyOfName(name), (sign) => sign.codePointAt(0) ?? 0).reduce((sum, code) => sum + code, 0);
  const terms = `path=${folder}ws; max-age=${COOKIE_SECONDS}; SameSite=Strict${encrypted ? "; Secure" : ""}`;
  try {
    document.cookie = `chatdesk-${number % COOKIES}=${given}; ${terms}`;
  } catch {
    // Where storing is forbidden, nothing is known elsewhere either.
  }
}

/** Whether this tab was in the room when it was reloaded. */
export function wasJoined() {
  return read(tab, "joined", readFlag) === true;
}

/** @param {boolean} joined */
export function keepJoined(joined) {
  write(tab, "joined", joined);
}

/** Each draft has a place of its own: two tabs that write at once take nothing from each other. */
export const drafts = {
  tab: thisTab,

  /** @returns {Kept[]} */
  drafts() {
    try {
      const names = Object.keys(browser()).filter((name) => name.startsWith(DRAFT));
      return names.map((name) => parse(browser().getItem(name), readKept)).flatMap((it) => it ?? []);
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
    remove(browser, `draft.${id}`);
  },
};

/**
 * How far one has read.
 * @param {string} place server, room and person
 * @returns {Mark | null}
 */
export function mark(place) {
  return read(browser, `read.${place}`, readMark);
}

/**
 * @param {string} place
 * @param {Mark} value
 */
export function keepMark(place, value) {
  writeOneOf(READ, place, value);
}

/**
 * Hear of what other tabs do.
 * @param {{dropped: (id: string) => void, marked: (place: string, mark: Mark | null) => void,
 *          themed: (theme: string) => void}} listener `dropped`: a draft is done with
 */
export function followOtherTabs({ dropped, marked, themed }) {
  window.addEventListener("storage", ({ key, newValue }) => {
    if (key?.startsWith(DRAFT) && newValue === null) dropped(key.slice(DRAFT.length));
    if (key?.startsWith(READ)) marked(key.slice(READ.length), parse(newValue, readMark));
    if (key === THEME) themed(theme());
  });
}

/**
 * What a person had in the message field of this tab.
 * @param {string} name
 * @returns {string}
 */
export function text(name) {
  return read(tab, `text.${keyOfName(name)}`, readWords) ?? "";
}

/**
 * @param {string} name
 * @param {string} value
 */
export function keepText(name, value) {
  write(tab, `text.${keyOfName(name)}`, value);
}

/** The theme somebody chose; empty for the system's. @returns {string} */
export function theme() {
  const kept = read(browser, "theme", readName) ?? "";
  return ["light", "dark"].includes(kept) ? kept : "";
}

/** @param {string} value */
export function keepTheme(value) {
  write(browser, "theme", value);
}
