// @ts-check
/**
 * Shows what the chat notifies of beside other programs' notifications, if the person wants it and the browser can.
 *
 * @typedef {import("./notifications.js").ShownNotification} ShownNotification
 * @typedef {"" | "insecure" | "missing" | "denied"} Obstacle why there are no notifications; empty if there may be
 */

import { guard } from "./guard.js";
import { hasAttention } from "./attention.js";
import * as storage from "./storage.js";
import { Tabs } from "./tabs.js";

/** The size that most systems show it at is up to them: a drawing fits all. */
const ICON = "icon.svg";

export class SystemNotifications {
  #tabs = new Tabs(() => this.refresh());
  /** @type {Map<string, Notification>} those that are shown, by key */
  #shown = new Map();
  /** @type {Map<string, string>} the words that each was shown with last, by key */
  #said = new Map();
  /** @type {Map<string, number>} the news that are known, by key: none while it is up to another tab to show them */
  #news = new Map();
  /** Whether this browser has refused to show one that it was permitted to, as on Android. */
  #refused = false;
  /** Checks run one after the other: each waits for the other tabs. */
  #checking = Promise.resolve();

  /**
   * @param {import("./client.js").ChatClient} client
   * @param {(room: string, seq: number) => void} chosen a notification of this message has been clicked
   */
  constructor(client, chosen) {
    this.client = client;
    this.chosen = chosen;
    for (const event of ["focus", "blur"]) window.addEventListener(event, () => this.refresh());
    document.addEventListener("visibilitychange", () => this.refresh());
    window.addEventListener("pagehide", () => this.#closeAll());
  }

  /** @returns {Obstacle} */
  get obstacle() {
    if (!window.isSecureContext) return "insecure";
    if (!("Notification" in window) || this.#refused) return "missing";
    return Notification.permission === "denied" ? "denied" : "";
  }

  /** Whether the person wants notifications, and has permitted them. */
  get on() {
    return storage.loadNotifying().on && !this.obstacle && Notification.permission === "granted";
  }

  /** Show notifications, if the person permits it when the browser asks, or no longer. @param {boolean} on */
  async turn(on) {
    if (on && !this.obstacle) await Notification.requestPermission();
    storage.saveNotifying({ ...storage.loadNotifying(), on });
    this.refresh();
  }

  /** Show what was written, or only who has written. @param {boolean} text */
  showText(text) {
    storage.saveNotifying({ ...storage.loadNotifying(), text });
    this.refresh();
  }

  /** The chat may notify of something else, or the person may look elsewhere. */
  refresh() {
    const { state, notifications } = this.client;
    const { server, own, shown } = state;
    this.#tabs.enter(this.client.isMember ? `chatdesk ${server.id} ${own.author || own.nickname}` : "");
    this.#tabs.look(hasAttention() ? shown.name : "");
    notifications.refresh();
    this.#checking = this.#checking.then(() => this.#check()).catch(fail);
  }

  async #check() {
    const wanted = new Map(this.client.notifications.shown.map((it) => [it.key, it]));
    const lookedAt = wanted.size ? await this.#tabs.lookedAt([...wanted.values()].map(({ room }) => room)) : new Set();
    for (const key of this.#said.keys()) if (!wanted.has(key) || !this.on) this.#close(key);
    for (const [key, it] of wanted) {
      const words = this.#wordsOf(it);
      const isNew = it.news > (this.#news.get(key) ?? 0);
      const isChanged = this.#shown.has(key) && this.#said.get(key) !== words.join("\n");
      const may = this.on && this.#tabs.notifies && !lookedAt.has(it.room);
      if (may && (isNew || isChanged)) this.#show(it, words, isNew);
    }
    if (this.#tabs.notifies) this.#news = new Map([...wanted].map(([key, { news }]) => [key, news]));
  }

  /** @param {ShownNotification} notification @returns {[string, string]} */
  #wordsOf({ title, body, quiet }) {
    return [title, storage.loadNotifying().text ? body : quiet];
  }

  /** @param {ShownNotification} it @param {[string, string]} words @param {boolean} isNew */
  #show({ key, room, seq }, [title, body], isNew) {
    const before = this.#shown.get(key);
    const tag = `${this.client.state.server.id} ${this.client.state.nickname} ${key}`;
    const options = { body, tag, icon: ICON, silent: true, renotify: isNew };
    const made = this.#make(title, options);
    if (!made) return;
    this.#shown.set(key, made);
    this.#said.set(key, `${title}\n${body}`);
    made.addEventListener("click", () => this.#clicked(key, room, seq));
    made.addEventListener("close", () => this.#shown.get(key) === made && this.#shown.delete(key));
    // Browsers close only what is on the screen: one that was read before it got there is closed when it does.
    made.addEventListener("show", () => this.#shown.has(key) || made.close());
    before?.close(); // browsers that know no tags would show both
  }

  /** @param {string} title @param {NotificationOptions} options */
  #make(title, options) {
    try {
      return new Notification(title, options);
    } catch {
      this.#refused = true; // Chrome on Android: only from a service worker
      return null;
    }
  }

  /** @param {string} key @param {string} room @param {number} seq */
  #clicked(key, room, seq) {
    window.focus();
    this.#close(key);
    this.chosen(room, seq);
  }

  /** @param {string} key */
  #close(key) {
    this.#shown.get(key)?.close();
    this.#shown.delete(key);
    this.#said.delete(key);
  }

  #closeAll() {
    for (const key of [...this.#said.keys()]) this.#close(key);
  }
}

/** A failure is told like any other, and the next check goes on. @param {unknown} error */
function fail(error) {
  guard(() => {
    throw error;
  });
}
