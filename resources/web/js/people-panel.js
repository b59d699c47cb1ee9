// @ts-check
/** The list of people with its filter: beside the timeline on wide pages, in a drawer on phones. */

import { byId } from "./dom.js";
import { PeopleList } from "./people-list.js";
import { SortedPeople } from "./sorted-people.js";

/** How long the list may work in one frame, in ms: half of a frame at 60 Hz. */
const FRAME_BUDGET = 8;

export class PeoplePanel {
  #sorted = new SortedPeople();
  /** The people and the person's own nickname, as last drawn. */
  #people = /** @type {import("./people.js").People | null} */ (null);
  #self = "";

  /** @param {() => void} unfinished called if the next frame has to go on drawing */
  constructor(unfinished) {
    this.unfinished = unfinished;
    this.list = new PeopleList(byId("people-list"));
    this.search = /** @type {HTMLInputElement} */ (byId("people-search"));
    this.nobody = byId("people-none");
    this.search.addEventListener("input", () => this.#draw());
    byId("people-find").addEventListener("click", () => this.#toggleSearch());
  }

  /**
   * @param {import("./people.js").People} crowd
   * @param {string} nickname oneself
   */
  render(crowd, nickname) {
    this.#people = crowd;
    this.#self = nickname;
    this.#draw();
  }

  /** @param {ReadonlyMap<string, unknown>} typing who is typing, by nickname */
  showTyping(typing) {
    this.list.showTyping(typing);
  }

  #toggleSearch() {
    const open = byId("people").classList.toggle("searching");
    byId("people-find").setAttribute("aria-expanded", String(open));
    this.search.value = "";
    this.#draw();
    if (open) this.search.focus();
  }

  /** Draw the people whose name contains the filter; all of them without one. */
  #draw() {
    if (!this.#people) return;
    const end = performance.now() + FRAME_BUDGET;
    const inTime = () => performance.now() < end;
    const placed = this.#sorted.update(this.#people, this.#self, inTime);
    const { users, all } = this.#sorted.find(this.search.value, inTime);
    this.list.show(users, this.#self);
    this.nobody.hidden = users.length > 0 || !all || !placed || !this.search.value.trim();
    if (!placed || !all) this.unfinished();
  }
}
