// @ts-check
/** The chat itself: what changed in the state is drawn, once per frame; what people do goes to the client. */

import { avatar, hueClass } from "./avatar.js";
import { BACK, Banner, isWorthSaying, noticeOf } from "./banner.js";
import { Composer } from "./composer.js";
import { el, nameOf, part, phone, touch } from "./dom.js";
import { Drawer } from "./drawer.js";
import { initialsOf, shortName } from "./names.js";
import { People } from "./people.js";
import * as storage from "./storage.js";
import { Timeline } from "./timeline.js";
import { showTyping } from "./typing.js";

/** @typedef {import("./state.js").Change} Change */

export class ChatScreen {
  /** @type {Set<Change>} */
  #changes = new Set();
  #frame = 0;
  /** The latest message that has been seen. */
  #seen = 0;
  #epoch = "";
  #backUntil = 0;
  #wasLost = false;
  #wasAway = false;

  /**
   * @param {import("./client.js").ChatClient} client
   * @param {{left: () => void, rejoined: () => void}} listener `left`: the person leaves; `rejoined`: wants in again
   */
  constructor(client, listener) {
    this.client = client;
    this.state = client.state;
    this.screen = part("chat");
    this.listener = listener;
    this.people = new People();
    this.drawer = new Drawer();
    this.timeline = new Timeline(part("timeline"), {
      reachedTop: () => client.loadEarlier(),
      moved: () => this.#moved(),
      acted: (id, action) => (action === "again" ? client.sendAgain(id) : client.discard(id)),
    });
    this.composer = new Composer(storage.text(), {
      sent: (content) => this.#send(content),
      typed: (active) => client.typing(active),
      changed: storage.keepText,
    });
    this.banner = new Banner(part("banner"), () => this.#mend());
    for (const jump of [part("jump"), part("room-row")]) jump.addEventListener("click", () => this.#jump());
    for (const leave of document.querySelectorAll(".leave")) leave.addEventListener("click", () => this.#leave());
    document.addEventListener("visibilitychange", () => this.redraw(["timeline"]));
    phone.addEventListener("change", () => this.redraw(["room", "timeline"]));
  }

  /** Show the chat, after a join. */
  show() {
    if (!this.screen.hidden) return;
    this.screen.hidden = false;
    this.timeline.measure();
    this.redraw(["room", "people", "timeline", "typing"]);
    if (!touch.matches) this.composer.focus();
  }

  hide() {
    this.drawer.close();
    this.screen.hidden = true;
    this.#wasLost = false;
    this.#wasAway = false;
  }

  /**
   * Draw parts anew with the next frame.
   * @param {Change[]} changes
   */
  redraw(changes) {
    for (const change of changes) this.#changes.add(change);
    if (this.screen.hidden) return;
    this.#frame ||= requestAnimationFrame(() => this.#draw());
    // Nothing is drawn where nobody looks, but the title is still seen.
    if (document.hidden) this.#showUnseen();
  }

  /** Say how the connection is. */
  showStatus() {
    const { client, state } = this;
    const now = Date.now();
    const { phase, retryAt, pause } = client.connection;
    const { lostSince, goodbye } = client;
    const { resumed, outbox } = state;
    const lost = isWorthSaying({ phase, lostSince, goodbye }, now);
    // After a loss that nobody saw, only what it has cost is news.
    const news = this.#wasLost || (this.#wasAway && resumed !== "all");
    if (news && !lostSince) this.#backUntil = now + BACK;
    this.#wasLost = lost;
    this.#wasAway = lostSince > 0;
    const told = { waiting: outbox.waiting.length, online: navigator.onLine, backUntil: this.#backUntil, resumed };
    const situation = { phase, lostSince, goodbye, retryAt, pause, ...told };
    this.banner.show(noticeOf(situation, now), situation);
    this.#showLamp(!lost);
  }

  #draw() {
    this.#frame = 0;
    const changes = this.#changes;
    this.#changes = new Set();
    if (changes.has("room")) this.#drawRoom();
    if (changes.has("people")) this.people.render(this.state.users.values(), this.state.nickname);
    if (changes.has("people") || changes.has("room")) this.#drawCount();
    if (changes.has("typing")) this.#drawTyping();
    if (changes.has("timeline")) this.#drawTimeline();
  }

  #drawRoom() {
    const { nickname, room, server, limits } = this.state;
    for (const element of document.querySelectorAll("[data-show]")) {
      const shown = { nickname, room, server: server.name, address: location.host };
      element.textContent = shown[/** @type {keyof typeof shown} */ (element.getAttribute("data-show"))];
    }
    for (const tile of document.querySelectorAll(".tile")) tile.textContent = initialsOf(server.name);
    part("me-avatar").replaceChildren(avatar(nickname, true));
    part("me-avatar").className = hueClass(nickname);
    part("you").title = part("you").textContent ?? "";
    this.composer.describe(this.#placeholder(), limits.content_chars);
  }

  #placeholder() {
    if (this.#empty && this.state.userCount < 2) return "Write a first message. It waits for them.";
    return phone.matches ? "Message" : `Message ${this.state.room}`;
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
    showTyping(part("typing"), typing);
    this.people.showTyping(this.state.typing);
  }

  #drawTimeline() {
    const { log, outbox, nickname, server } = this.state;
    this.timeline.render([...log.entries, ...outbox.drafts], { nickname, host: server.host }, !log.detached);
    this.#drawEmpty();
    this.#showUnseen();
  }

  #drawEmpty() {
    const empty = this.#empty;
    const alone = this.state.userCount < 2;
    part("empty").hidden = !empty;
    part("empty-hint").textContent = alone
      ? "Nobody else is here yet. Write a first message, it waits for them."
      : "Nobody has written yet. Write the first message.";
    this.composer.describe(this.#placeholder(), this.state.limits.content_chars);
  }

  #showUnseen() {
    const { log, server, epoch } = this.state;
    if (epoch !== this.#epoch) this.#seen = this.#epoch ? 0 : log.latest;
    this.#epoch = epoch;
    if (this.timeline.following && !log.detached && !document.hidden) this.#seen = log.latest;
    const unseen = Math.max(log.latest - this.#seen, 0);
    document.title = unseen ? `(${unseen}) ${server.name}` : server.name;
    part("jump").hidden = unseen === 0;
    part("jump-count").textContent = `${unseen} new`;
    part("room-unread").textContent = unseen ? String(unseen) : "";
  }

  /** @param {boolean} open */
  #showLamp(open) {
    const host = this.state.server.host;
    this.screen.classList.toggle("lost", !open);
    for (const lamp of document.querySelectorAll("#chat .lamp")) lamp.classList.toggle("out", !open);
    const words = open ? (host ? ["Hosted by ", nameOf(shortName(host))] : ["Open"]) : ["Not connected"];
    part("place-status").replaceChildren(...words);
    part("lamp-word").replaceChildren(el("span", {}, open ? "Connected. " : "Not connected. "));
  }

  /** @param {string} content */
  #send(content) {
    this.#follow();
    this.client.send(content);
  }

  #moved() {
    this.client.atEnd = this.timeline.following;
    if (this.timeline.nearEnd) this.client.loadLater();
    this.#showUnseen();
  }

  #jump() {
    this.#follow();
    this.timeline.scroller.focus();
    this.redraw(["timeline"]);
  }

  /** Be at the end from now on, and get there what is missing. */
  #follow() {
    this.timeline.toEnd();
    this.client.atEnd = true;
    this.client.loadLater();
  }

  #mend() {
    if (this.client.connection.phase === "closed") this.listener.rejoined();
    else this.client.connection.retryNow();
    this.showStatus();
  }

  #leave() {
    this.hide();
    this.listener.left();
  }
}
