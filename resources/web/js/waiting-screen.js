// @ts-check
/**
 * What is shown while the host has to let the person in: the place in the queue, and the ways out of it.
 *
 * @typedef {import("./protocol.js").Events["waiting"]} Waiting
 */

import { avatar } from "./avatar.js";
import { formatCount } from "./counts.js";
import { byId, nameElement, setText, touch } from "./dom.js";
import { shortName } from "./nickname.js";

const MINUTE = 60;
/** Seconds below a minute are told in steps of so many: a counter would draw the eye. */
const STEP = 10;

export class WaitingScreen {
  #since = 0;
  #ticker = 0;

  /** @param {{changeName: () => void, comeByInvitation: () => void, leave: () => void}} actions */
  constructor({ changeName, comeByInvitation, leave }) {
    this.screen = byId("waiting");
    if (touch.matches) setText("waiting-device", "phone");
    byId("waiting-name").addEventListener("click", changeName);
    byId("waiting-invitation").addEventListener("click", comeByInvitation);
    byId("waiting-leave").addEventListener("click", leave);
  }

  /** @param {Waiting} waiting */
  show(waiting) {
    const isNew = this.screen.hidden;
    const host = () => (waiting.host ? nameElement(shortName(waiting.host)) : "the host");
    this.#since = performance.now() - waiting.waited * 1000;
    byId("waiting-avatar").replaceChildren(avatar({ nickname: waiting.nickname }));
    byId("waiting-heading").replaceChildren("Waiting for ", host());
    byId("waiting-nickname").replaceChildren(nameElement(waiting.nickname));
    byId("waiting-words").replaceChildren("Keep this page open. As soon as ", host(), " says yes, you are in.");
    setText("waiting-place", place(waiting.position - 1));
    byId("waiting").classList.remove("lost");
    this.screen.hidden = false;
    byId("join-body").hidden = true;
    this.#showAge();
    clearInterval(this.#ticker);
    this.#ticker = setInterval(() => this.#showAge(), 1000);
    if (isNew) byId("waiting-heading").focus();
  }

  /** The connection is lost; the page tries again by itself. */
  showLost() {
    setText("waiting-place", "The host does not answer. Your place is kept while the page tries again.");
    byId("waiting").classList.add("lost");
  }

  hide() {
    clearInterval(this.#ticker);
    this.screen.hidden = true;
    byId("join-body").hidden = false;
  }

  #showAge() {
    setText("waiting-age", age(Math.floor((performance.now() - this.#since) / 1000)));
  }
}

/** @param {number} before how many people are */
function place(before) {
  if (!before) return "You are the next one";
  return before === 1 ? "One person is before you" : `${formatCount(before)} people are before you`;
}

/** @param {number} seconds */
function age(seconds) {
  if (seconds < STEP) return "just now";
  if (seconds < MINUTE) return `${Math.floor(seconds / STEP) * STEP} seconds ago`;
  const minutes = Math.floor(seconds / MINUTE);
  return minutes === 1 ? "a minute ago" : `${formatCount(minutes)} minutes ago`;
}
