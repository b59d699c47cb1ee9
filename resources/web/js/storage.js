// @ts-check
/**
 * What outlives a reload. Who one is in the room and what stands in the message field stay with the tab: two tabs may
 * be two people. The browser remembers all of them by name, with the token that proves who it is, how far each has read
 * and what each has not sent, for the next tab and the next start. Where storing is forbidden, nothing outlives and
 * nothing fails.
 *
 * @typedef {import("./outbox.js").StoredMessage} Kept
 * @typedef {import("./read-position.js").StoredPosition} Mark
 */

import { randomId } from "./random-id.js";
import { decodeFlag, decodeIdentity, decodeStoredMessage, decodeReadPosition, decodeName, decodeText } from "./storage-decoders.js";
import { nicknameKey } from "./nickname.js";
import { decodeOr } from "./decoders.js";
import { encrypted, basePath } from "./base-url.js";

/** Chats in several folders of one proxy have nothing to do with each other. */
const PREFIX = `chatdesk.${basePath.slice(1)}`;
const DRAFT = `${PREFIX}draft.`;
const READ = `${PREFIX}read.`;
const IDENTITY = `${PREFIX}identity.`;
const THEME = `${PREFIX}theme`;
/** So many people, and places where they have read: no host fills a browser with more of them. */
const MOST_REMEMBERED = 200;

/**
 * @template T
 * @param {() => Storage} area
 * @param {string} name
 * @param {import("./decoders.js").Decoder<T>} reader
 * @returns {T | null} null when nothing is stored that can be read
 */
function readItem(area, name, reader) {
  try {
    return parse(area().getItem(PREFIX + name), reader);
  } catch {
    return null;
  }
}

/**
 * @template T
 * @param {string | null} stored
 * @param {import("./decoders.js").Decoder<T>} reader
 * @returns {T | null} null for what is none
 */
function parse(stored, reader) {
  try {
    return decodeOr(reader, JSON.parse(stored ?? "null"), null);
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
function writeItem(area, name, value) {
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
function removeItem(area, name) {
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
function writeLimited(prefix, name, value) {
  try {
    const names = Object.keys(browser()).filter((it) => it.startsWith(prefix) && it !== prefix + name);
    for (const other of names.slice(MOST_REMEMBERED - 1)) browser().removeItem(other);
  } catch {
    // Where nothing can be read, nothing is stored either.
  }
  return writeItem(browser, (prefix + name).slice(PREFIX.length), value);
}

/** This tab. The copy of an open tab begins with all that this one has stored, and is another one all the same. */
const thisTab = tabId();

function tabId() {
  const name = (readItem(tab, "open", decodeFlag) ? null : readItem(tab, "tab", decodeName)) ?? randomId();
  writeItem(tab, "tab", name);
  writeItem(tab, "open", true);
  window.addEventListener("pagehide", () => removeItem(tab, "open"));
  window.addEventListener("pageshow", () => writeItem(tab, "open", true));
  return name;
}

/** @typedef {{nickname: string, token: string}} Identity */

/** The name that was last used in this tab; in a new one, the last of this browser. @returns {string} */
export function loadNickname() {
  const kept = readItem(tab, "attempt", decodeIdentity) ?? readItem(tab, "identity", decodeIdentity);
  return (kept ?? readItem(browser, "identity", decodeIdentity))?.nickname ?? "";
}

/**
 * What proves who one is under this name: the token that came with it last. What other chats gave at this address before
 * is none of this one's business.
 * @param {string} name
 * @returns {string} empty for nothing
 */
export function loadToken(name) {
  const key = nicknameKey(name);
  const kept = [
    readItem(browser, `identity.${key}`, decodeIdentity),
    readItem(tab, "identity", decodeIdentity),
    readItem(tab, "attempt", decodeIdentity),
    readItem(browser, "identity", decodeIdentity),
  ];
  return kept.find((it) => it && nicknameKey(it.nickname) === key)?.token ?? "";
}

/**
 * As whom this tab asks to be let in, until it is: a reload before the answer is here asks as the same person.
 * @param {Identity} identity
 */
export function savePendingIdentity(identity) {
  writeItem(tab, "attempt", identity);
}

/** @param {import("./state.js").ChatState} state */
export function saveIdentity({ nickname: name, token: given }) {
  const before = readItem(tab, "identity", decodeIdentity);
  const identity = { nickname: name, token: given };
  // One person has one name: somebody else may take the one before.
  if (before?.token === given) removeItem(browser, `identity.${nicknameKey(before.nickname)}`);
  writeItem(tab, "identity", identity);
  removeItem(tab, "attempt");
  writeItem(browser, "identity", identity);
  writeLimited(IDENTITY, nicknameKey(name), identity);
  setTokenCookie(identity);
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
function setTokenCookie({ nickname: name, token: given }) {
  if (!TOKEN.test(given)) return;
  const number = Array.from(nicknameKey(name), (sign) => sign.codePointAt(0) ?? 0).reduce((sum, code) => sum + code, 0);
  const terms = `path=${basePath}ws; max-age=${COOKIE_SECONDS}; SameSite=Strict${encrypted ? "; Secure" : ""}`;
  try {
    document.cookie = `chatdesk-${number % COOKIES}=${given}; ${terms}`;
  } catch {
    // Where storing is forbidden, nothing is known elsewhere either.
  }
}

/** Whether this tab was in the room when it was reloaded. */
export function wasJoined() {
  return readItem(tab, "joined", decodeFlag) === true;
}

/** @param {boolean} joined */
export function saveJoined(joined) {
  writeItem(tab, "joined", joined);
}

/** Each draft has a place of its own: two tabs that write at once take nothing from each other. */
export const outboxStore = {
  tab: thisTab,

  /** @returns {Kept[]} */
  load() {
    try {
      const names = Object.keys(browser()).filter((name) => name.startsWith(DRAFT));
      return names.map((name) => parse(browser().getItem(name), decodeStoredMessage)).flatMap((it) => it ?? []);
    } catch {
      return [];
    }
  },

  /** @param {Kept} kept */
  save(kept) {
    return writeItem(browser, `draft.${kept.draft.id}`, kept);
  },

  /** @param {string} id */
  remove(id) {
    removeItem(browser, `draft.${id}`);
  },
};

/**
 * How far one has read.
 * @param {string} place server, room and person
 * @returns {Mark | null}
 */
export function loadReadPosition(place) {
  return readItem(browser, `read.${place}`, decodeReadPosition);
}

/**
 * @param {string} place
 * @param {Mark} value
 */
export function saveReadPosition(place, value) {
  writeLimited(READ, place, value);
}

/**
 * Hear of what other tabs do.
 * @param {{messageRemoved: (id: string) => void, readPositionChanged: (place: string, mark: Mark | null) => void,
 *          themeChanged: (theme: string) => void}} listener `dropped`: a draft is done with
 */
export function watchOtherTabs({ messageRemoved, readPositionChanged, themeChanged }) {
  window.addEventListener("storage", ({ key, newValue }) => {
    if (key?.startsWith(DRAFT) && newValue === null) messageRemoved(key.slice(DRAFT.length));
    if (key?.startsWith(READ)) readPositionChanged(key.slice(READ.length), parse(newValue, decodeReadPosition));
    if (key === THEME) themeChanged(loadTheme());
  });
}

/**
 * What a person had in the message field of this tab.
 * @param {string} name
 * @returns {string}
 */
export function loadText(name) {
  return readItem(tab, `text.${nicknameKey(name)}`, decodeText) ?? "";
}

/**
 * @param {string} name
 * @param {string} value
 */
export function saveText(name, value) {
  writeItem(tab, `text.${nicknameKey(name)}`, value);
}

/** The theme somebody chose; empty for the system's. @returns {string} */
export function loadTheme() {
  const kept = readItem(browser, "theme", decodeName) ?? "";
  return ["light", "dark"].includes(kept) ? kept : "";
}

/** @param {string} value */
export function saveTheme(value) {
  writeItem(browser, "theme", value);
}
