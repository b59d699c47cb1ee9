// @ts-check
/**
 * The banner under the top bar: one sentence about the connection.
 *
 * @typedef {{phase: string, lostSince: number, hostClosed: boolean, retryAt: number, retryDelay: number,
 *            waiting: number, online: boolean, shown: boolean, trouble: string, news: string,
 *            endReason: string, tokenNeeded: boolean, endsIn: number | null}} Situation
 *   `hostClosed`: the host has closed the chat; `waiting`: messages in the outbox; `online`: whether this device has a
 *   network; `shown`: whether the loss is shown already; `trouble`: why the host cannot store messages, or empty;
 *   `news`: good news, or empty; `endReason`: why this page has ended the connection, or empty
 *   `tokenNeeded`: with another token the person can come back; `endsIn`: seconds until the token ends, once it is soon
 * @typedef {{kind: "ended" | "expiring" | "trouble" | "offline" | "lost" | "goodbye" | "news", seconds?: number,
 *            passed?: number}} Notice
 *   `seconds`: until the next attempt, 0 while it runs; `passed`: share of the pause, 0 to 1
 */

import { announce } from "./announce.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";

/** A loss is shown after this time, in ms: most are over by then. While messages wait, after the second one. */
const GRACE_TIME = 5000;
const GRACE_TIME_WITH_UNSENT = 1000;

/**
 * Whether the loss of the connection is shown: if it lasts, is final, is the host's intention, or if the device is
 * offline.
 * @param {Pick<Situation, "phase" | "lostSince" | "hostClosed" | "waiting" | "online" | "shown">} situation
 * @param {number} now
 */
export function isWorthShowing({ phase, lostSince, hostClosed, waiting, online, shown }, now) {
  const grace = waiting ? GRACE_TIME_WITH_UNSENT : GRACE_TIME;
  return lostSince > 0 && (shown || phase === "closed" || hostClosed || !online || now - lostSince >= grace);
}

/**
 * The most serious notice; null if all is well.
 * @param {Situation} situation
 * @param {number} now
 * @returns {Notice | null}
 */
export function noticeOf(situation, now) {
  const { phase, hostClosed, retryAt, retryDelay } = situation;
  if (!isWorthShowing(situation, now)) return noticeWhileOpen(situation);
  if (phase === "closed") return { kind: "ended" };
  if (!situation.online) return { kind: "offline" };
  const left = phase === "waiting" ? Math.max(retryAt - now, 0) : 0;
  return {
    kind: hostClosed ? "goodbye" : "lost",
    seconds: Math.ceil(left / 1000),
    passed: retryDelay ? 1 - left / retryDelay : 1,
  };
}

/**
 * The notice while the connection is open.
 * @param {Situation} situation
 * @returns {Notice | null}
 */
function noticeWhileOpen({ trouble, news, endsIn }) {
  if (trouble) return { kind: "trouble" };
  if (endsIn !== null) return { kind: "expiring", seconds: endsIn };
  return news ? { kind: "news" } : null;
}

const NEW_TOKEN = "New token";
const APPEARANCES = {
  trouble: { icon: "disk", button: "" },
  ended: { icon: "warning", button: "Join again" },
  expiring: { icon: "clock", button: NEW_TOKEN },
  lost: { icon: "wifi-off", button: "Try now" },
  goodbye: { icon: "wifi-off", button: "Try now" },
  offline: { icon: "clock", button: "" },
  news: { icon: "check", button: "" },
};

/** What has happened, and what the page does about it. */
const RETRYING = new Map([
  ["lost", ["Connection lost.", "Trying again"]],
  ["goodbye", ["The host has closed the chat.", "Looking again"]],
]);

export class ConnectionBanner {
  #shown = "";

  /**
   * @param {HTMLElement} element
   * @param {() => void} act its button has been pressed
   */
  constructor(element, act) {
    this.element = element;
    element.addEventListener("click", (click) => {
      if (/** @type {Element} */ (click.target).closest("button")) act();
    });
  }

  /**
   * @param {Notice | null} notice
   * @param {Situation} situation
   */
  show(notice, situation) {
    const kind = notice?.kind ?? "";
    const content = kind === "trouble" || kind === "news" ? situation[kind] : kind;
    if (content !== this.#shown) this.#replace(notice, situation);
    this.#shown = content;
    const sentence = this.element.querySelector(".sentence");
    if (!notice || !sentence) return;
    sentence.replaceChildren(...sentenceOf(notice, situation));
    this.#turnRing(notice.passed ?? 0);
  }

  /**
   * @param {Notice | null} notice
   * @param {Situation} situation
   */
  #replace(notice, { trouble, news, endReason, tokenNeeded }) {
    this.element.hidden = !notice;
    this.element.className = `banner ${notice?.kind ?? ""}`;
    if (!notice) return this.element.replaceChildren();
    const look = APPEARANCES[notice.kind];
    const ring = RETRYING.has(notice.kind) ? el("span", { class: "ring", "aria-hidden": "true" }) : null;
    const word = notice.kind === "ended" && tokenNeeded ? NEW_TOKEN : look.button;
    const button = word ? el("button", { type: "button", class: "button small" }, word) : null;
    const parts = [icon(look.icon), el("p", { class: "sentence", dir: "auto" }), ring, button];
    this.element.replaceChildren(...parts.filter((part) => part !== null));
    return announce({ ...SPOKEN, trouble, news, ended: endReason || ENDED }[notice.kind]);
  }

  /** @param {number} passed */
  #turnRing(passed) {
    const ring = /** @type {HTMLElement | null} */ (this.element.querySelector(".ring"));
    ring?.style.setProperty("--passed", `${Math.round(passed * 360)}deg`);
  }
}

const ENDED = "The host has ended this connection.";

/** What screen readers say, once and without the countdown. */
const SPOKEN = {
  lost: "Connection lost. Trying again by itself.",
  goodbye: "The host has closed the chat. Looking again by itself.",
  offline: "You are offline. Messages wait here and go out by themselves.",
  expiring: "Your sign-in ends within a minute. With a new token you stay in the chat.",
};

/**
 * @param {Notice} notice
 * @param {Situation} situation
 * @returns {(Node | string)[]}
 */
function sentenceOf(notice, situation) {
  if (notice.kind === "ended") return [situation.endReason || ENDED];
  if (notice.kind === "trouble" || notice.kind === "news") return [situation[notice.kind]];
  if (notice.kind === "expiring") return expiringSentence(notice.seconds ?? 0);
  if (notice.kind === "offline") return offlineSentence(situation.waiting);
  const [what, again] = RETRYING.get(notice.kind) ?? [];
  const when = notice.seconds ? [`${again} in `, el("b", {}, `${notice.seconds}\u00a0s`), "."] : [`${again}…`];
  return [clause(what), " ", clause(...when)];
}

/** @param {number} seconds */
function expiringSentence(seconds) {
  if (!seconds) return ["Your sign-in has ended. With a new token you stay in the chat."];
  return ["Your sign-in ends in ", el("b", {}, `${seconds}\u00a0s`), ". With a new token you stay in the chat."];
}

/** Words that stay together on a line if there is room. @param {(Node | string | undefined)[]} words */
function clause(...words) {
  return el("span", { class: "clause" }, ...words);
}

/** @param {number} waiting */
function offlineSentence(waiting) {
  if (!waiting) return ["You are offline. What you write waits here and goes out by itself."];
  const verb = waiting === 1 ? " waits here and goes out by itself." : " wait here and go out by themselves.";
  return ["You are offline. ", el("b", {}, messages(waiting)), verb];
}

/** @param {number} count */
function messages(count) {
  return `${count} ${count === 1 ? "message" : "messages"}`;
}
