// @ts-check
/**
 * What is stored in the browser. The identity and the half-written message belong to the tab, because two tabs may be
 * two people. For all people together the browser stores, by nickname, the token that proves who they are, their read
 * positions and their unsent messages, for the next tab and the next start. Where storage is forbidden, nothing is kept
 * and nothing fails.
 *
 * @typedef {import("./outbox.js").StoredMessage} StoredMessage
 * @typedef {import("./read-position.js").StoredPosition} StoredPosition
 */

import { randomId } from "./random-id.js";
import {
  decodeDraft,
  decodeEmojiHabits,
  decodeFlag,
  decodeIdentity,
  decodeStoredMessage,
  decodeReadPosition,
  decodeName,
  decodeText,
} from "./storage-decoders.js";
import { nicknameKey } from "./nickname.js";
import { decodeOr } from "./decoders.js";
import { encrypted, basePath } from "./base-url.js";

/** Chats in different folders of one proxy are separate: each has its own prefix. */
const PREFIX = `chatdesk.${basePath.slice(1)}`;
const DRAFT = `${PREFIX}draft.`;
const READ = `${PREFIX}read.`;
const IDENTITY = `${PREFIX}identity.`;
const THEME = `${PREFIX}theme`;
/** Most people and most read positions that are stored, so that no host can fill the browser's storage (5 MB). */
const MOST_REMEMBERED = 200;

/**
 * @template T
 * @param {() => Storage} area
 * @param {string} name
 * @param {import("./decoders.js").Decoder<T>} reader
 * @returns {T | null} null if nothing valid is stored
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
 * @returns {T | null} null if the text is invalid
 */
function parse(stored, reader) {
  try {
    return decodeOr(reader, JSON.parse(stored ?? "null"), null);
  } catch {
    return null;
  }
}

/**
 * Returns whether the value has been stored: storage may be full, or forbidden.
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
    // Nothing has been stored either.
  }
}

/**
 * Store one of many values with this prefix, and remove others if there are too many.
 * @param {string} prefix
 * @param {string} name
 * @param {unknown} value
 */
function writeLimited(prefix, name, value) {
  try {
    const names = Object.keys(browser()).filter((it) => it.startsWith(prefix) && it !== prefix + name);
    for (const other of names.slice(MOST_REMEMBERED - 1)) browser().removeItem(other);
  } catch {
    // Where nothing can be read, nothing can be stored either.
  }
  return writeItem(browser, (prefix + name).slice(PREFIX.length), value);
}

/** The id of this tab. A duplicated tab starts with a copy of this tab's storage, and gets an id of its own. */
const thisTab = tabId();

function tabId() {
  const name = (readItem(tab, "open", decodeFlag) ? null : readItem(tab, "tab", decodeName)) ?? randomId();
  writeItem(tab, "tab", name);
  writeItem(tab, "open", true);
  window.addEventListener("pagehide", () => removeItem(tab, "open"));
  window.addEventListener("pageshow", () => writeItem(tab, "open", true));
  return name;
}

/** @typedef {{recent: string[], tone: number}} EmojiHabits the emoji used last, and the number of the skin tone */

/** @returns {EmojiHabits} */
export function loadEmojiHabits() {
  return readItem(browser, "emoji", decodeEmojiHabits) ?? { recent: [], tone: 0 };
}

/** @param {EmojiHabits} habits */
export function saveEmojiHabits(habits) {
  writeItem(browser, "emoji", habits);
}

/** @typedef {{nickname: string, token: string}} Identity */

/** The nickname last used in this tab; in a new tab, the last one in this browser. @returns {string} */
export function loadNickname() {
  const stored = readItem(tab, "attempt", decodeIdentity) ?? readItem(tab, "identity", decodeIdentity);
  return (stored ?? readItem(browser, "identity", decodeIdentity))?.nickname ?? "";
}

/**
 * The token that proves who this person is: the last one that came with this nickname. Tokens from earlier chats at
 * this address are not sent.
 * @param {string} name
 * @returns {string} empty if there is none
 */
export function loadToken(name) {
  const key = nicknameKey(name);
  const stored = [
    readItem(browser, `identity.${key}`, decodeIdentity),
    readItem(tab, "identity", decodeIdentity),
    readItem(tab, "attempt", decodeIdentity),
    readItem(browser, "identity", decodeIdentity),
  ];
  return stored.find((it) => it && nicknameKey(it.nickname) === key)?.token ?? "";
}

/**
 * Store the identity of a join that has not been answered: a reload before the answer joins as the same person.
 * @param {Identity} identity
 */
export function savePendingIdentity(identity) {
  writeItem(tab, "attempt", identity);
}

/** @param {import("./state.js").ChatState} state */
export function saveIdentity({ nickname: name, token: given }) {
  const before = readItem(tab, "identity", decodeIdentity);
  const identity = { nickname: name, token: given };
  // One person has one nickname: the former one is free for somebody else.
  if (before?.token === given) removeItem(browser, `identity.${nicknameKey(before.nickname)}`);
  if (before?.token === given && before.nickname !== name) moveDrafts(before.nickname, name);
  writeItem(tab, "identity", identity);
  removeItem(tab, "attempt");
  writeItem(browser, "identity", identity);
  writeLimited(IDENTITY, nicknameKey(name), identity);
  setTokenCookie(identity);
}

/** Most people of one browser whom the same host recognizes at another port: each costs a cookie per handshake. */
const COOKIES = 8;
/** A day: a host that restarts at another port does so sooner. */
const COOKIE_SECONDS = 24 * 3600;
/** A token as hosts issue it; other characters could add attributes to the cookie. */
const TOKEN = /^[\w.-]{1,128}$/u;

/**
 * Let the host recognize this person at any of its ports: cookies are shared by all ports of a computer, other storage
 * is not. The path makes browsers send it with the WebSocket's handshake only.
 * @param {Identity} identity
 */
function setTokenCookie({ nickname: name, token: given }) {
  if (!TOKEN.test(given)) return;
  const number = Array.from(nicknameKey(name), (sign) => sign.codePointAt(0) ?? 0).reduce((sum, code) => sum + code, 0);
  const terms = `path=${basePath}ws; max-age=${COOKIE_SECONDS}; SameSite=Strict${encrypted ? "; Secure" : ""}`;
  try {
    document.cookie = `chatdesk-${number % COOKIES}=${given}; ${terms}`;
  } catch {
    // Where storage is forbidden, the person is not recognized at other ports either.
  }
}

/** Whether this tab was in the room when it was reloaded. */
export function wasJoined() {
  return readItem(tab, "joined", decodeFlag) === true;
}

/** The token of sign-in, for this tab: it proves who the person is. @returns {string} */
export function loadSignIn() {
  return readItem(tab, "sign-in", decodeText) ?? "";
}

/** @param {string} token empty removes it */
export function saveSignIn(token) {
  if (token) writeItem(tab, "sign-in", token);
  else removeItem(tab, "sign-in");
}

/** @param {boolean} joined */
export function saveJoined(joined) {
  writeItem(tab, "joined", joined);
}

/** The version of the page that was loaded again in this tab, because the host had another one. */
export function loadOutdatedVersion() {
  return readItem(tab, "outdated", decodeText) ?? "";
}

/** Returns whether it has been stored. @param {string} version */
export function saveOutdatedVersion(version) {
  return writeItem(tab, "outdated", version);
}

/** Where the outbox is stored. Each message has its own key, so that two tabs do not overwrite each other's. */
export const outboxStore = {
  tab: thisTab,

  /** @returns {StoredMessage[]} */
  load() {
    try {
      const names = Object.keys(browser()).filter((name) => name.startsWith(DRAFT));
      return names.map((name) => parse(browser().getItem(name), decodeStoredMessage)).flatMap((it) => it ?? []);
    } catch {
      return [];
    }
  },

  /** @param {StoredMessage} stored */
  save(stored) {
    return writeItem(browser, `draft.${stored.draft.id}`, stored);
  },

  /** @param {string} id */
  remove(id) {
    removeItem(browser, `draft.${id}`);
  },
};

/**
 * The stored read position.
 * @param {string} place server, room and person
 * @returns {StoredPosition | null}
 */
export function loadReadPosition(place) {
  return readItem(browser, `read.${place}`, decodeReadPosition);
}

/**
 * @param {string} place
 * @param {StoredPosition} value
 */
export function saveReadPosition(place, value) {
  writeLimited(READ, place, value);
}

/**
 * Listen to changes that other tabs make.
 * @param {{messageRemoved: (id: string) => void,
 *          readPositionChanged: (place: string, position: StoredPosition | null) => void,
 *          themeChanged: (theme: string) => void}} listener `messageRemoved`: a message has been sent or discarded
 */
export function watchOtherTabs({ messageRemoved, readPositionChanged, themeChanged }) {
  window.addEventListener("storage", ({ key, newValue }) => {
    if (key?.startsWith(DRAFT) && newValue === null) messageRemoved(key.slice(DRAFT.length));
    if (key?.startsWith(READ)) readPositionChanged(key.slice(READ.length), parse(newValue, decodeReadPosition));
    if (key === THEME) themeChanged(loadTheme());
  });
}

/**
 * The half-written message of this person in a room, in this tab.
 * @param {string} name
 * @param {string} room
 * @returns {string}
 */
export function loadText(name, room) {
  return readItem(tab, `text.${nicknameKey(name)}#${room}`, decodeText) ?? "";
}

/**
 * @param {string} name
 * @param {string} room
 * @param {string} value
 */
export function saveText(name, room, value) {
  writeItem(tab, `text.${nicknameKey(name)}#${room}`, value);
}

/**
 * What belongs to the half-written message of this person in a room, and texts for other messages.
 * @param {string} name
 * @param {string} room
 * @returns {import("./draft.js").StoredDraft | null}
 */
export function loadDraft(name, room) {
  return readItem(tab, `writing.${nicknameKey(name)}#${room}`, decodeDraft);
}

/**
 * @param {string} name
 * @param {string} room
 * @param {import("./draft.js").StoredDraft} value
 */
export function saveDraft(name, room, value) {
  writeItem(tab, `writing.${nicknameKey(name)}#${room}`, value);
}

/**
 * The person has another nickname: what they are writing is still theirs.
 * @param {string} before
 * @param {string} now
 */
function moveDrafts(before, now) {
  try {
    const kept = Object.keys(tab()).map((key) => /** @type {const} */ ([key, tab().getItem(key) ?? ""]));
    for (const prefix of [`${PREFIX}text.`, `${PREFIX}writing.`]) {
      const former = `${prefix}${nicknameKey(before)}#`;
      for (const [key, value] of kept.filter(([it]) => it.startsWith(former))) {
        tab().removeItem(key);
        tab().setItem(`${prefix}${nicknameKey(now)}#${key.slice(former.length)}`, value);
      }
    }
  } catch {
    // Nothing has been stored.
  }
}

/** Whether others see that the person types. */
export function showsTyping() {
  return readItem(browser, "typing", decodeFlag) ?? true;
}

/** @param {boolean} shown */
export function saveShowsTyping(shown) {
  writeItem(browser, "typing", shown);
}

/** The chosen theme; empty for the system's. @returns {string} */
export function loadTheme() {
  const stored = readItem(browser, "theme", decodeName) ?? "";
  return ["light", "dark"].includes(stored) ? stored : "";
}

/** @param {string} value */
export function saveTheme(value) {
  writeItem(browser, "theme", value);
}

/** @typedef {{on: boolean, text: boolean}} Notifying whether the person wants notifications, and text in them */

/** @returns {Notifying} */
export function loadNotifying() {
  const [on, text] = [readItem(browser, "notify", decodeFlag), readItem(browser, "notify-text", decodeFlag)];
  return { on: on ?? false, text: text ?? true };
}

/** @param {Notifying} notifying */
export function saveNotifying({ on, text }) {
  writeItem(browser, "notify", on);
  writeItem(browser, "notify-text", text);
}
