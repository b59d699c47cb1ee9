// @ts-check
/** Who has read a message and who has reacted to it: what the popover beside its ticks and reactions shows. */

import { formatCount } from "./counts.js";
import { momentName } from "./date-time.js";
import { onKey } from "./keyboard.js";
import { PeoplePopover } from "./people-popover.js";

/** @typedef {import("./transcript.js").MessageEntry} MessageEntry */

/** How long a pointer rests on a reaction before the people are shown, in ms: longer than on the way to elsewhere. */
const REST = 600;

export class MessagePeople {
  #timer = 0;

  /**
   * @param {import("./client.js").ChatClient} client
   * @param {import("./timeline.js").Timeline} timeline
   */
  constructor(client, timeline) {
    this.client = client;
    this.timeline = timeline;
    this.popover = new PeoplePopover();
    timeline.scroller.addEventListener("pointerover", (pointer) => this.#pointed(pointer));
    timeline.scroller.addEventListener("pointerleave", () => this.#left());
    timeline.scroller.addEventListener("scroll", () => this.#left());
    onKey(window, () => this.#left());
  }

  /** What is known may have changed. */
  render() {
    if (this.popover.isOpen) this.popover.render();
  }

  /** Show who has read a message. @param {MessageEntry} item @param {HTMLElement} anchor */
  showReaders({ seq }, anchor) {
    const { receipts } = this.client;
    this.popover.open(anchor, {
      begin: () => receipts.showReaders(seq),
      read: () => this.#readers(),
      more: () => receipts.loadMoreReaders(),
      closed: () => receipts.hideReaders(),
    });
  }

  /**
   * Show who has reacted with this emoji.
   * @param {MessageEntry} item
   * @param {string} emoji
   * @param {HTMLElement} anchor
   */
  showReactors(item, emoji, anchor) {
    this.popover.open(anchor, this.#reactors(item, emoji));
  }

  #readers() {
    const { readers: shown } = this.client.receipts;
    if (!shown) return null;
    const { readers, count, people, busy } = shown;
    const title = people ? `Read by ${formatCount(count)} of ${formatCount(people)}` : "Read by";
    const named = readers.map(({ nickname, author, read_at: at }) => ({
      nickname,
      author,
      ...(at && { time: momentName(Date.parse(at), Date.now()) }),
    }));
    return { title, people: named, count, busy };
  }

  /** @param {MessageEntry} item @param {string} emoji @returns {import("./people-popover.js").Source} */
  #reactors({ seq }, emoji) {
    const { acts } = this.client;
    return {
      begin: () => acts.showReactors(seq, emoji),
      read: () => {
        const { reactors } = acts;
        if (!reactors?.count) return null;
        const { people, count, busy } = reactors;
        return { title: `${emoji} ${formatCount(count)}`, people, count, busy };
      },
      more: () => acts.moreReactors(),
      closed: () => acts.hideReactors(),
    };
  }

  /** @param {PointerEvent} pointer */
  #pointed({ target, pointerType }) {
    const pill = target instanceof Element ? target.closest(".reaction[data-emoji]") : null;
    this.#left();
    if (!(pill instanceof HTMLElement) || pointerType === "touch") return;
    const item = this.timeline.messageOf(pill.closest(".row"));
    const { emoji = "" } = pill.dataset;
    this.#timer = setTimeout(() => {
      if (item && pill.isConnected) this.popover.hover(pill, this.#reactors(item, emoji));
    }, REST);
  }

  #left() {
    clearTimeout(this.#timer);
    this.popover.leave();
  }
}
