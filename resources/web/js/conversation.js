// @ts-check
/** Connects the timeline with the state: which rows it shows, which are unread, and jumps to them. */

import { announce } from "./announce.js";
import { byId } from "./dom.js";
import { showUnreadIcon } from "./favicon.js";
import { isolated } from "./nickname.js";
import { roleIn } from "./person-mark.js";
import { Pills, dividerLabel, shortCount } from "./pills.js";
import { Timeline } from "./timeline.js";
import { hasAttention } from "./attention.js";

/** Further from the end than so many screens, a button leads back to it: nearer, scrolling is as quick. */
const FAR_SCREENS = 2;

export class Conversation {
  /** Whether the next drawing is the first one after a join. */
  #opening = true;
  /** @type {"" | "target" | "line"} where the next drawing scrolls to */
  #jumping = "";
  /** Whether the pending jump leads to the divider for new messages. */
  #toDivider = false;

  /**
   * @param {import("./client.js").ChatClient} client
   * @param {object} listener
   * @param {(time: number) => void} listener.dayPressed the name of a day has been pressed
   * @param {(message: import("./outbox.js").Withdrawn) => void} listener.takenBack a refused message has been taken
   *   back to edit it
   * @param {import("./timeline.js").Listener["messageActed"]} listener.messageActed
   */
  constructor(client, { dayPressed, takenBack, messageActed }) {
    this.client = client;
    this.takenBack = takenBack;
    this.state = client.state;
    this.timeline = new Timeline(byId("timeline"), {
      reachedTop: () => client.history.loadOlder(),
      reachedEnd: () => client.history.loadNewer(),
      settled: () => this.#settled(),
      moving: () => this.#moving(),
      actionPressed: (id, action) => this.#act(id, action),
      messageActed,
      dayPressed,
      announced: announce,
    });
    this.pills = new Pills({ toLatest: () => this.jump(), toNew: () => this.#jumpToNew() });
  }

  /** Show the timeline from the first unread message. */
  open() {
    this.#opening = true;
    this.timeline.measureScrollbar();
  }

  /** Show another room: from its first unread message, or from its end. */
  showOther() {
    this.#jumping = "";
    this.#toDivider = false;
    this.timeline.clear();
    const { readPosition, transcript } = this.state.shown;
    readPosition.divide(transcript.newestSeq);
    this.open();
  }

  /** Go to the end and follow it; missing messages are loaded. */
  follow() {
    this.timeline.scroll.scrollToEnd();
    this.client.history.goToLatest();
  }

  /** Go to the newest message and move the focus to the timeline. */
  jump() {
    this.follow();
    this.timeline.scroller.focus();
    this.draw();
  }

  /**
   * Take changes of the state into account, before they are drawn.
   * @param {boolean} [jumped] whether a requested message is held now, to scroll to
   */
  noteChanges(jumped = false) {
    this.client.readPositions.update();
    if (!jumped) return;
    this.#jumping = this.#toDivider ? "line" : "target";
    this.#toDivider = false;
    this.timeline.scroll.following = false;
  }

  /**
   * Another tab has read further.
   * @param {string} place
   * @param {import("./read-position.js").StoredPosition | null} position
   */
  mergeReadPosition(place, position) {
    if (this.client.readPositions.merge(place, position)) this.showUnread();
  }

  /**
   * Put the selected messages on the clipboard or into a drag, as text. Returns false if no message is selected.
   * @param {globalThis.Event} event
   * @param {DataTransfer | null} data
   */
  putTranscript(event, data) {
    const selection = document.getSelection();
    const target = /** @type {Node} */ (event.target);
    if (!data || !selection?.containsNode(target, true)) return false;
    const text = this.timeline.selectedText(selection, this.state.nickname);
    if (!text) return false;
    data.clearData();
    data.setData("text/plain", text);
    return true;
  }

  draw() {
    this.#render(this.#jumpTarget());
    if (this.state.shown.epoch) this.#opening = false;
    this.#markVisibleRead();
    this.showUnread();
  }

  /** Update the number of unread messages, also while the page is hidden and nothing is drawn. */
  showUnread() {
    const { shown } = this.state;
    const { scroll } = this.timeline;
    const { unread, transcript } = shown;
    const far = scroll.distance > FAR_SCREENS * this.timeline.scroller.clientHeight;
    this.client.readPositions.update();
    this.showTitle();
    this.pills.showLatest(!scroll.following && (unread > 0 || transcript.detached || far), unread);
    this.pills.showNew(this.#missedLabel());
  }

  /** Say in the title how many messages wait in all rooms. */
  showTitle() {
    const { server, unread } = this.state;
    const name = isolated(server.name);
    showUnreadIcon(unread > 0);
    document.title = unread ? `(${shortCount(unread)}) ${name}` : name;
  }

  /**
   * Perform the action of a refused message's button.
   * @param {string} id
   * @param {string} action
   */
  #act(id, action) {
    if (action === "again") this.client.sending.resend(id);
    else if (action === "edit") this.#takeBack(id);
    else this.client.sending.discard(id);
  }

  /** @param {string} id */
  #takeBack(id) {
    const message = this.client.sending.withdraw(id);
    if (message) this.takenBack(message);
  }

  /** @param {(() => void) | null} aim */
  #render(aim) {
    const { own, shown } = this.state;
    const { transcript, outbox, history } = shown;
    const live = !transcript.detached;
    const unsent = live || history.following ? outbox.entries : [];
    const { acts, receipts } = this.client;
    const around = { own, roleOf: roleIn(this.state), live, divider: this.#divider(), acts, receipts };
    this.timeline.render([...transcript.entries, ...unsent], around, aim);
  }

  /** The row below the divider and its words; null if the row is not held. */
  #divider() {
    const { transcript, readPosition } = this.state.shown;
    const { divider } = readPosition;
    const entry = divider && divider.after >= transcript.firstSeq - 1 && transcript.entryFrom(divider.after + 1);
    return entry ? { key: entry.key, label: this.#dividerLabel() } : null;
  }

  #dividerLabel() {
    const { divider, newCount } = this.state.shown.readPosition;
    return divider ? dividerLabel(newCount, divider.since, Date.now()) : "";
  }

  /** Scrolls the next drawing to its target; null to stay. @returns {(() => void) | null} */
  #jumpTarget() {
    const { transcript, target, unread } = this.state.shown;
    const line = this.#divider();
    const jumping = this.#jumping;
    this.#jumping = "";
    const opens = this.#opening && unread > 0;
    if (line && (opens || jumping === "line")) return () => this.timeline.showFrom(line.key, 0.25);
    if (!jumping) return null;
    const entry = transcript.entryFrom(target.seq);
    if (!target.seq || !entry) return () => this.follow();
    return () => (target.exact ? this.timeline.highlight(entry.key) : this.timeline.showFrom(entry.key));
  }

  /** Visible messages count as read while the page has the person's attention. */
  #markVisibleRead() {
    if (!hasAttention()) return;
    const entry = this.#lastVisible();
    if (entry) this.client.markRead(entry.seq, entry.time);
    if (this.timeline.dividerPosition === "in sight") this.state.shown.readPosition.markDividerSeen();
  }

  /** The last visible message. */
  #lastVisible() {
    const { transcript } = this.state.shown;
    const { scroll, lastVisibleItem: lastVisible } = this.timeline;
    const index = transcript.entries.findIndex((entry) => entry.key === lastVisible?.key);
    // Unsent messages stand behind all others.
    const atEnd = (scroll.following && !transcript.detached) || lastVisible?.kind === "own";
    return transcript.lastMessage(atEnd ? undefined : index + 1);
  }

  /** The words of the divider if it is further up and has not been visible; else empty. */
  #missedLabel() {
    const { transcript, readPosition } = this.state.shown;
    const { divider } = readPosition;
    const place = this.timeline.dividerPosition;
    const held = divider && divider.after >= transcript.firstSeq - 1;
    if (!divider || divider.met || (held ? place !== "above" : place !== "nowhere")) return "";
    return this.#dividerLabel();
  }

  #jumpToNew() {
    const { divider } = this.state.shown.readPosition;
    if (!divider) return;
    this.#toDivider = true;
    this.client.history.goTo(divider.after + 1);
  }

  #moving() {
    // Old messages must not be dropped now: the reader is moving towards them.
    this.state.shown.history.following = false;
    const seen = this.timeline.firstVisible;
    if (seen) this.pills.showDay(seen.time);
  }

  #settled() {
    this.client.history.setFollowing(this.timeline.scroll.following);
    this.#markVisibleRead();
    this.showUnread();
  }
}
