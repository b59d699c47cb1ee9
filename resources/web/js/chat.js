// @ts-check
/** The chat itself: what changed in the state is drawn, once per frame; what people do goes to the client. */

import { announce } from "./announce.js";
import { avatar, hueClass } from "./avatar.js";
import { followCalendar } from "./clock.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { DateSheet } from "./date.js";
import { detail } from "./detail.js";
import { part, phone, touch } from "./dom.js";
import { Drawer } from "./drawer.js";
import { onKey } from "./keys.js";
import { initialsOf, isolated } from "./names.js";
import { aboutPaper } from "./paper.js";
import { People } from "./people.js";
import { SearchBox } from "./searchbox.js";
import { address, place } from "./site.js";
import { Status } from "./status.js";
import * as storage from "./storage.js";
import { showTyping } from "./typing.js";

/** @typedef {import("./state.js").Change} Change */

/** How long the title waits for more where nobody looks, in ms. */
const UNSEEN = 100;

export class ChatScreen {
  /** @type {Set<Change>} */
  #changes = new Set();
  #frame = 0;
  #unseen = 0;

  /**
   * @param {import("./client.js").ChatClient} client
   * @param {{left: () => void, rejoined: () => void}} listener `left`: the person leaves; `rejoined`: wants in again
   */
  constructor(client, listener) {
    this.client = client;
    this.state = client.state;
    this.screen = part("chat");
    this.listener = listener;
    this.people = detail(() => new People(() => this.redraw(["people"])));
    this.drawer = detail(() => new Drawer());
    this.status = new Status(client, () => this.#mend());
    this.date = detail(() => new DateSheet((time) => client.reader.goToMoment(time)));
    this.conversation = new Conversation(client, {
      dated: (time) => this.date?.open(time),
      takenBack: (content) => this.composer.takeBack(content),
    });
    this.search = detail(() => this.#searchBox());
    this.composer = new Composer({
      sent: (content) => this.#send(content),
      typed: (active) => client.typing(active),
      changed: (text) => storage.keepText(this.state.nickname, text),
    });
    this.#listen();
  }

  #searchBox() {
    const { reader } = this.client;
    return new SearchBox({
      asked: (query) => reader.search(query),
      further: () => reader.searchFurther(),
      chosen: (seq) => reader.goTo(seq),
    });
  }

  #listen() {
    part("room-row").addEventListener("click", () => this.conversation.jump());
    for (const button of document.querySelectorAll(".to-date")) {
      button.addEventListener("click", () => this.#openDate());
    }
    for (const leave of document.querySelectorAll(".leave")) leave.addEventListener("click", () => this.#leave());
    document.addEventListener("copy", (copy) => {
      if (this.conversation.give(copy, copy.clipboardData)) copy.preventDefault();
    });
    document.addEventListener("dragstart", (drag) => this.conversation.give(drag, drag.dataTransfer));
    document.addEventListener("visibilitychange", () => this.redraw(["timeline"]));
    window.addEventListener("beforeprint", () => this.#describePaper());
    window.addEventListener("focus", () => this.redraw(["timeline"]));
    onKey(window, (key) => this.#pressed(key));
    phone.addEventListener("change", () => this.redraw(["room", "timeline"]));
    detail(() => followCalendar(() => this.#tellTimes()));
  }

  /** It is another day, or another time zone: nothing that was said of times still holds. */
  #tellTimes() {
    this.redraw(["timeline"]);
    this.search?.hits.tellTimes();
    this.date?.tellToday();
  }

  /** Show the chat, after a join. */
  show() {
    if (!this.screen.hidden) return;
    this.screen.hidden = false;
    this.conversation.open();
    this.composer.show(storage.text(this.state.nickname));
    this.redraw(["room", "people", "timeline", "typing"]);
    if (!touch.matches) this.composer.focus();
    announce(`You are ${isolated(this.state.nickname)} in ${isolated(this.state.server.name)}.`);
  }

  hide() {
    this.drawer?.close();
    this.date?.close();
    this.search?.clear();
    this.screen.hidden = true;
    this.status.forget();
  }

  /**
   * Draw parts again with the next frame.
   * @param {Change[]} changes
   */
  redraw(changes) {
    for (const change of changes) this.#changes.add(change);
    if (this.screen.hidden) return;
    this.#frame ||= requestAnimationFrame(() => this.#draw());
    // Nothing is drawn where nobody looks, but the title is still seen.
    if (document.hidden) this.#unseen ||= setTimeout(() => this.#tellUnseen(), UNSEEN);
  }

  #tellUnseen() {
    this.#unseen = 0;
    this.conversation.note();
    this.conversation.showUnread();
  }

  #draw() {
    this.#frame = 0;
    const changes = this.#changes;
    this.#changes = new Set();
    this.conversation.note(changes.has("jumped"));
    /** @type {(work: () => void, ...causes: Change[]) => void} */
    const draw = (work, ...causes) => {
      if (causes.some((cause) => changes.has(cause))) detail(work);
    };
    draw(() => this.#drawRoom(), "room");
    draw(() => this.people?.render(this.state.crowd, this.state.nickname), "people");
    draw(() => this.#drawCount(), "people", "room");
    draw(() => this.#drawTyping(), "typing");
    draw(() => this.#drawTimeline(), "timeline", "jumped");
    draw(() => this.search?.render(this.state.search), "search");
    draw(() => this.status.show(), "trouble");
  }

  #drawRoom() {
    const { nickname, room, server, limits } = this.state;
    for (const element of document.querySelectorAll("[data-show]")) {
      const shown = { nickname, room, server: server.name, address: place };
      element.textContent = shown[/** @type {keyof typeof shown} */ (element.getAttribute("data-show"))];
    }
    for (const tile of document.querySelectorAll(".tile")) tile.textContent = initialsOf(server.name);
    part("me-address").title = address;
    part("me-avatar").replaceChildren(avatar(nickname, true));
    part("me-avatar").className = hueClass(nickname);
    this.screen.style.setProperty("--own-name", JSON.stringify(nickname));
    part("you").title = `You are ${isolated(nickname)} in ${isolated(server.name)}`;
    this.composer.describe(this.#placeholder(), limits.content_chars);
  }

  #placeholder() {
    if (this.#empty && this.state.userCount < 2) return "Write a first message. It waits for them.";
    return phone.matches ? "Message" : `Message ${isolated(this.state.room)}`;
  }

  get #empty() {
    const { log, outbox } = this.state;
    return !outbox.drafts.length && !log.entries.some((entry) => entry.kind === "message");
  }

  #drawCount() {
    const { userCount } = this.state;
    for (const element of document.querySelectorAll("[data-count]")) element.textContent = String(userCount);
    part("people-open").setAttribute("aria-label", `People, ${userCount}`);
  }

  #drawTyping() {
    const typing = [...this.state.typing.keys()].filter((nickname) => nickname !== this.state.nickname);
    const { crowd } = this.state;
    showTyping(part("typing"), typing, (nickname, first) => crowd.shares(nickname, first));
    this.people?.showTyping(this.state.typing);
  }

  #drawTimeline() {
    this.conversation.draw();
    const empty = this.#empty;
    const alone = this.state.userCount < 2;
    part("empty").hidden = !empty;
    part("empty-hint").textContent = alone
      ? "Nobody else is here yet. Write a first message, it waits for them."
      : "Nobody has written yet. Write the first message.";
    this.composer.describe(this.#placeholder(), this.state.limits.content_chars);
  }

  /** @param {string} content */
  #send(content) {
    this.conversation.answer();
    this.client.send(content);
  }

  #openDate() {
    const seen = this.conversation.timeline.firstSeen;
    this.search?.sheet.close();
    this.date?.open(seen?.time ?? Date.now());
  }

  /** @param {KeyboardEvent} key */
  #pressed(key) {
    if (this.screen.hidden || key.defaultPrevented || document.querySelector("dialog[open]")) return;
    const act = this.#actOf(key);
    if (!act) return;
    key.preventDefault();
    act();
  }

  /** Searching is for this room first; the second time the browser searches the page. @param {KeyboardEvent} key */
  #actOf(key) {
    if (key.key === "Escape" && this.search?.used) return () => this.search?.clear();
    if (!(key.ctrlKey || key.metaKey) || key.shiftKey || key.altKey) return null;
    const letter = key.key.toLowerCase();
    if (letter === "f" && this.search && !this.search.inUse) return () => this.search?.open();
    return letter === "g" ? () => this.#openDate() : null;
  }

  #describePaper() {
    part("paper-note").textContent = aboutPaper(this.state, Date.now());
  }

  #mend() {
    if (this.client.connection.phase === "closed") this.listener.rejoined();
    else this.client.connection.retryNow();
    this.status.show();
  }

  #leave() {
    this.hide();
    this.listener.left();
  }
}
