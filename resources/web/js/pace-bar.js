// @ts-check
/** Above the composer: one's raised hand, that one is called, and how long a slow room lets one wait. */

import { announce } from "./announce.js";
import { AskSheet } from "./ask-sheet.js";
import { byId, el, setHidden } from "./dom.js";
import { icon } from "./icons.js";
import { isolated } from "./nickname.js";

const SECOND = 1000;
const ANNOUNCE_ONLY = "Only the host and moderators write here: you can read and react.";

export class PaceBar {
  #said = "";

  /** @param {import("./chat-screen.js").ChatScreen} screen */
  constructor(screen) {
    this.screen = screen;
    this.client = screen.client;
    this.bar = byId("pace-bar");
    this.words = el("p", { class: "pace-words", role: "status" });
    this.button = el("button", { type: "button", class: "button quiet" }, "Lower");
    this.bar.append(icon("hand"), this.words, this.button);
    const { order } = screen;
    this.sheet = new AskSheet(this.client, (sentence) => order?.acts.toast.show(sentence, null));
    this.button.addEventListener("click", () => this.#pressed());
    byId("hand").addEventListener("click", () => this.sheet.open());
    setInterval(() => this.#tick(), SECOND);
    screen.writing.pace = (name, argument) => this.#invoke(name, argument);
  }

  render() {
    const { state, pace } = this.client;
    const { name } = state.shown;
    const { place, calledBy } = pace.of(name);
    setHidden("hand", !this.#mayRaise);
    const words = calledBy ? `${isolated(calledBy)} calls you` : place ? placeWords(place) : "";
    setHidden("pace-bar", !words);
    if (this.words.textContent !== words) this.#show(words, calledBy !== "");
    if (calledBy && this.#said !== words) announce(words);
    this.#said = words;
    this.#tick();
  }

  /** @param {string} words @param {boolean} called */
  #show(words, called) {
    this.words.textContent = words;
    this.bar.classList.toggle("called", called);
    this.button.textContent = called ? "Thanks" : "Lower";
  }

  /** Whether there is somebody in the shown room who calls hands, and it is not the person. */
  get #mayRaise() {
    const { state, order } = this.client;
    const { name } = state.shown;
    const { role, muted } = order.standing(name);
    const room = state.list.rooms.get(name);
    const calls = order.may(name, "call_hands") || state.isHost(state.own);
    return !room?.private_with && !room?.archived && role !== "guest" && !muted && !calls;
  }

  /** Why the person cannot write at all in the shown room; empty if they can. */
  get closed() {
    const { state, order } = this.client;
    const { name } = state.shown;
    return state.list.rooms.get(name)?.announce && !order.may(name, "speak_freely") ? ANNOUNCE_ONLY : "";
  }

  /** The countdown of a slow room. */
  #tick() {
    const { state, pace, order } = this.client;
    const { name } = state.shown;
    const wait = order.may(name, "speak_freely") ? 0 : pace.wait(name, performance.now());
    this.screen.composer.pause(wait ? `Slow mode: you can write again in ${clock(wait)}.` : "");
  }

  #pressed() {
    const room = this.client.pace.of(this.client.state.shown.name);
    if (!room.calledBy) return this.client.pace.raise(false);
    room.calledBy = "";
    return this.render();
  }

  /**
   * Do what a slash command says; returns whether it is one of these.
   * @param {string} name
   * @param {string} argument
   */
  #invoke(name, argument) {
    const { pace, state } = this.client;
    const room = state.shown.name;
    const isOn = !["off", "no", "0"].includes(argument.toLowerCase());
    if (name === "slow") pace.set(room, { slow: isOn ? Math.min(3600, Math.max(0, parseInt(argument, 10) || 30)) : 0 });
    else if (name === "hold") pace.set(room, { hold: isOn });
    else if (name === "announce") pace.set(room, { announce: isOn });
    else if (name === "hand") pace.raise(isOn);
    else if (name === "ask") this.sheet.open(argument);
    else return false;
    return true;
  }
}

/** @param {number} place */
function placeWords(place) {
  const before = place === 1 ? "You are next" : place === 2 ? "One before you" : `${place - 1} before you`;
  return `Your hand is up. ${before}`;
}

/** @param {number} seconds */
function clock(seconds) {
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
