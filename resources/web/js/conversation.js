// @ts-check
/** The timeline as somebody reads it: which rows it shows, what of them is new, and the ways about in it. */

import { announce } from "./announce.js";
import { part } from "./dom.js";
import { isolated } from "./names.js";
import { Pills, dividerLabel, inFew } from "./pills.js";
import { Timeline } from "./timeline.js";
import { Unread, attentive } from "./unread.js";

/** Further away than so many screens, there is a way back to the latest. */
const FAR = 2;

export class Conversation {
  /** Whether the next drawing is the first one. */
  #opening = true;
  /** @type {"" | "target" | "line"} where the next drawing goes */
  #jumping = "";
  /** Whether the jump that is due is one to the line above what is new. */
  #toLine = false;

  /**
   * @param {import("./client.js").ChatClient} client
   * @param {{dated: (time: number) => void, takenBack: (content: string) => void}} listener `dated`: the name of a day
   *   was pressed; `takenBack`: a refused message is to be written again
   */
  constructor(client, { dated, takenBack }) {
    this.client = client;
    this.takenBack = takenBack;
    this.reader = client.reader;
    this.state = client.state;
    this.unread = new Unread();
    this.timeline = new Timeline(part("timeline"), {
      reachedTop: () => this.reader.loadEarlier(),
      reachedEnd: () => this.reader.loadLater(),
      settled: () => this.#settled(),
      moving: () => this.#moving(),
      acted: (id, action) => this.#act(id, action),
      dated,
      told: announce,
    });
    this.pills = new Pills({ toLatest: () => this.jump(), toNew: () => this.#jumpToNew() });
  }

  /** Show it from where one stopped reading. */
  open() {
    this.#opening = true;
    this.timeline.measure();
  }

  /** Be at the end from now on, and get there what is missing. */
  follow() {
    this.timeline.scroll.toEnd();
    this.reader.goToLatest();
  }

  /** Go to the latest, with the keyboard. */
  jump() {
    this.follow();
    this.timeline.scroller.focus();
    this.draw();
  }

  /** Who answers has read. */
  answer() {
    this.unread.reading.clear(this.state.log.latest, Date.now());
    this.unread.keep();
    this.follow();
  }

  /**
   * Take note of what has changed, before it is drawn.
   * @param {boolean} [jumped] whether to go where somebody wanted to be
   */
  note(jumped = false) {
    if (this.state.arrived) this.unread.follow(this.state);
    if (!jumped) return;
    this.#jumping = this.#toLine ? "line" : "target";
    this.#toLine = false;
    this.timeline.scroll.following = false;
  }

  /**
   * Another tab has read this.
   * @param {string} place
   * @param {import("./reading.js").Mark | null} mark
   */
  adopt(place, mark) {
    if (this.unread.adopt(place, mark)) this.showUnread();
  }

  /**
   * Put what is copied or dragged out of the messages as it reads best.
   * @param {globalThis.Event} event
   * @param {DataTransfer | null} data
   */
  give(event, data) {
    const selection = document.getSelection();
    const target = /** @type {Node} */ (event.target);
    if (!data || !selection?.containsNode(target, true)) return false;
    const text = this.timeline.copiedFrom(selection, this.state.nickname);
    if (!text) return false;
    data.clearData();
    data.setData("text/plain", text);
    return true;
  }

  draw() {
    const { log } = this.state;
    const { reading } = this.unread;
    if (this.#opening) reading.note(log.latest);
    this.#render(this.#aim());
    this.#opening = false;
    this.#see();
    const { divider } = reading;
    reading.note(log.latest);
    if (divider !== reading.divider) this.#render(null);
    this.showUnread();
  }

  /** Also where nothing is drawn because nobody looks. */
  showUnread() {
    const { log, server } = this.state;
    const { scroll } = this.timeline;
    const { reading } = this.unread;
    const unread = reading.unread(log.latest);
    const far = scroll.distance > FAR * this.timeline.scroller.clientHeight;
    this.unread.keep();
    const name = isolated(server.name);
    document.title = unread ? `(${inFew(unread)}) ${name}` : name;
    part("room-unread").textContent = unread ? inFew(unread) : "";
    this.pills.showLatest(!scroll.following && (unread > 0 || log.detached || far), unread);
    this.pills.showNew(this.#missedLabel());
  }

  /**
   * Do what the button of a refused message says.
   * @param {string} id
   * @param {string} action
   */
  #act(id, action) {
    if (action === "again") this.client.sendAgain(id);
    else if (action === "edit") this.takenBack(this.client.takeBack(id));
    else this.client.discard(id);
  }

  /** @param {(() => void) | null} aim */
  #render(aim) {
    const { log, outbox, nickname, server } = this.state;
    const live = !log.detached;
    const drafts = live || this.reader.atEnd ? outbox.drafts : [];
    const divider = this.#divider();
    this.timeline.render([...log.entries, ...drafts], { nickname, host: server.host, live, divider }, aim);
  }

  /** The line above what is new, if its row is held. */
  #divider() {
    const { log } = this.state;
    const { divider } = this.unread.reading;
    const entry = divider && divider.after >= log.firstSeq - 1 && log.entryFrom(divider.after + 1);
    return divider && entry ? { key: entry.key, label: dividerLabel(divider, Date.now()) } : null;
  }

  /** Where to go with the next drawing; null to stay. @returns {(() => void) | null} */
  #aim() {
    const { log, target } = this.state;
    const line = this.#divider();
    const jumping = this.#jumping;
    this.#jumping = "";
    const opens = this.#opening && this.unread.reading.unread(log.latest) > 0;
    if (line && (opens || jumping === "line")) return () => this.timeline.showFrom(line.key, 0.25);
    if (!jumping) return null;
    const entry = log.entryFrom(target.seq);
    if (!target.seq || !entry) return () => this.follow();
    return () => (target.exact ? this.timeline.light(entry.key) : this.timeline.showFrom(entry.key));
  }

  /** What is in sight while somebody looks has been read. */
  #see() {
    if (!attentive()) return;
    const { reading } = this.unread;
    const entry = this.#lastSeen();
    if (entry) reading.saw(entry.seq, entry.time);
    if (this.timeline.divider === "in sight") reading.meet();
  }

  /** The last message in sight. */
  #lastSeen() {
    const { log } = this.state;
    const { scroll, lastSeen } = this.timeline;
    const index = log.entries.findIndex((entry) => entry.key === lastSeen?.key);
    // Drafts stand behind all messages.
    const atEnd = (scroll.following && !log.detached) || lastSeen?.kind === "own";
    return log.lastMessage(atEnd ? undefined : index + 1);
  }

  /** What is new further up and has not been in sight yet. */
  #missedLabel() {
    const { divider } = this.unread.reading;
    const place = this.timeline.divider;
    const held = divider && divider.after >= this.state.log.firstSeq - 1;
    if (!divider || divider.met || (held ? place !== "above" : place !== "nowhere")) return "";
    return dividerLabel(divider, Date.now());
  }

  #jumpToNew() {
    const { divider } = this.unread.reading;
    if (!divider) return;
    this.#toLine = true;
    this.reader.goTo(divider.after + 1);
  }

  #moving() {
    // What the reader at the end does not need is just what this one wants.
    this.reader.atEnd = false;
    const seen = this.timeline.firstSeen;
    if (seen) this.pills.showDay(seen.time);
  }

  #settled() {
    this.reader.atEnd = this.timeline.scroll.following;
    this.#see();
    this.showUnread();
  }
}
