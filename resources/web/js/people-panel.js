// @ts-check
/**
 * The list of people with its search: beside the timeline on wide pages, in a drawer on phones.
 *
 * @typedef {import("./protocol.js").User} User
 * @typedef {object} Listener
 * @property {() => void} unfinished the next frame has to go on drawing
 * @property {(query: string) => void} queryChanged
 * @property {() => void} moreWanted the end of the list is near
 */

import { announce } from "./announce.js";
import { cleanLine } from "./clean-text.js";
import { countPeople } from "./counts.js";
import { byId } from "./dom.js";
import { PeopleList } from "./people-list.js";
import { SortedPeople } from "./sorted-people.js";

/** How long the list may work in one frame, in ms: half of a frame at 60 Hz. */
const FRAME_BUDGET = 8;
/** The host searches after this pause in typing, in ms: shorter pauses are within words. */
const TYPING_PAUSE = 200;

export class PeoplePanel {
  #sorted = new SortedPeople();
  #typingTimer = 0;
  /** Whether screen readers should say what is found for the present query. */
  #unspoken = false;
  /** The room and the person, as last drawn. */
  #room = /** @type {import("./room-state.js").RoomState | null} */ (null);
  #self = /** @type {User | null} */ (null);
  /** Whether all people that are known are drawn: on a slow device they are inserted over several frames. */
  #settled = false;

  /** Whether the person keeps order, so that each person has a menu. */
  keepsOrder = false;

  /** @param {Listener} listener */
  constructor(listener) {
    this.listener = listener;
    this.list = new PeopleList(byId("people-list"), () => this.#settled && listener.moreWanted());
    this.search = /** @type {HTMLInputElement} */ (byId("people-search"));
    this.status = byId("people-none");
    this.search.addEventListener("input", () => this.#typed());
    byId("people-find").addEventListener("click", () => this.#toggleSearch());
  }

  /**
   * @param {import("./room-state.js").RoomState} room
   * @param {User} self oneself
   */
  render(room, self) {
    if (room !== this.#room) this.#sorted = new SortedPeople();
    this.#room = room;
    this.#self = self;
    this.#draw();
  }

  /** @param {ReadonlyMap<string, unknown>} typing who is typing, by nickname */
  showTyping(typing) {
    this.list.showTyping(typing);
  }

  get #query() {
    return cleanLine(this.search.value);
  }

  #toggleSearch() {
    const open = byId("people").classList.toggle("searching");
    byId("people-find").setAttribute("aria-expanded", String(open));
    this.search.value = "";
    this.#submit();
    if (open) this.search.focus();
  }

  /** What is known is found at once; the host is asked for the others. */
  #typed() {
    clearTimeout(this.#typingTimer);
    this.list.toTop();
    if (!this.#query) return this.#submit();
    this.#typingTimer = setTimeout(() => this.#submit(), TYPING_PAUSE);
    return this.#draw();
  }

  #submit() {
    clearTimeout(this.#typingTimer);
    this.#unspoken = this.#query !== "";
    this.listener.queryChanged(this.#query);
    this.#draw();
  }

  /** Draw the people whose name contains the query; all of them without one. */
  #draw() {
    if (!this.#room || !this.#self) return;
    const { people } = this.#room;
    const end = performance.now() + FRAME_BUDGET;
    const inTime = () => performance.now() < end;
    const placed = this.#sorted.update(people, this.#self, inTime);
    const { users, all, others, busy } = this.#found() ?? this.#listed(inTime);
    this.#settled = placed && all;
    this.list.show(users, this.#room.own, others, this.keepsOrder);
    this.status.hidden = users.length > 0 || !all || !placed || !this.#query;
    this.status.textContent = busy ? "Searching…" : "Nobody of this name is here.";
    if (!this.#settled) this.listener.unfinished();
    else if (this.#unspoken && !busy) this.#say(users.length + others);
  }

  /** @param {number} count of the people found; Infinity if nobody knows */
  #say(count) {
    this.#unspoken = false;
    if (!count) return announce(this.status.textContent ?? "");
    return announce(count === Infinity ? "Many people found." : `${countPeople(count)} found.`);
  }

  /**
   * The people whom the host has found for the present query; null as long as there are none.
   * @returns {{users: User[], all: boolean, others: number, busy: boolean} | null}
   */
  #found() {
    const found = this.#room?.peopleSearch.found;
    if (!found || found.query !== this.#query || this.#room?.people.complete) return null;
    const { people: users, complete, busy } = found;
    return users.length || !busy ? { users, all: true, others: complete ? 0 : Infinity, busy } : null;
  }

  /**
   * The people in the list, as far as it is known.
   * @param {() => boolean} inTime
   */
  #listed(inTime) {
    const { people, peopleSearch } = /** @type {import("./room-state.js").RoomState} */ (this.#room);
    const { users, all } = this.#sorted.find(this.#query, inTime);
    const others = this.#query || people.complete ? 0 : Math.max(people.count - users.length, 1);
    return { users, all, others, busy: !people.complete && (peopleSearch.found?.busy ?? true) };
  }
}
