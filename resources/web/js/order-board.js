// @ts-check
/** The board of those who keep order: all that waits for them, invitations, who is kept out, and what was done. */

import { announce } from "./announce.js";
import { avatar } from "./avatar.js";
import { BoardList } from "./board-list.js";
import { clockTime } from "./date-time.js";
import { byId, el, nameElement, setHidden, setLabel, setText } from "./dom.js";
import { invitationRow } from "./invitation-row.js";
import { isolated } from "./nickname.js";
import { OrderRecords } from "./order-records.js";
import { Sheet } from "./sheet.js";

/** @typedef {import("./board-list.js").BoardRow} BoardRow */

/** Rows of a list that are drawn: nobody looks through more, and the next ones follow as these are decided about. */
const MOST_DRAWN = 50;
/** The shortest time between two announcements of how many things wait, in ms. */
const QUIET = 10_000;
/** @type {Record<string, string>} */
const KINDS = { window: "Window", browser: "Browser", phone: "Phone", terminal: "Terminal", bot: "Bot" };

export class OrderBoard {
  #announced = 0;
  #announcedAt = -Infinity;
  #timer = 0;

  /**
   * @param {import("./client.js").ChatClient} client
   * @param {import("./message-menu.js").MessageMenu} menu
   * @param {import("./order-acts.js").OrderActs} acts what may be done to somebody
   * @param {() => void} invite opens what makes invitations
   */
  constructor(client, menu, acts, invite) {
    this.client = client;
    this.acts = acts;
    this.records = new OrderRecords(acts);
    this.sheet = new Sheet(byId("order-board"));
    this.waiting = new BoardList(byId("order-waiting"), menu);
    this.held = new BoardList(byId("order-held"), menu);
    this.hands = new BoardList(byId("order-hands"), menu);
    this.toggle = /** @type {HTMLInputElement} */ (byId("order-approval"));
    this.toggle.addEventListener("change", () => client.admission.setApproval(this.toggle.checked));
    byId("order-open").addEventListener("click", () => this.open());
    byId("order-close").addEventListener("click", () => this.sheet.close());
    byId("order-let-all").addEventListener("click", () => client.admission.accept());
    byId("order-lower").addEventListener("click", () => client.pace.lower(client.state.shown.name, ""));
    byId("order-call").addEventListener("click", () => this.#callFirst());
    byId("order-invite").addEventListener("click", () => {
      this.sheet.close();
      invite();
    });
  }

  /** @param {HTMLElement | null} [focus] where to begin: by default at what waits */
  open(focus) {
    if (this.client.admission.queue) this.client.admission.askForInvitations();
    this.render();
    if (byId("order-open").hidden) return this.acts.say("Only the host and moderators can do this.");
    this.sheet.open();
    this.loadRecords();
    return (focus ?? this.waiting.first ?? this.held.first ?? this.hands.first ?? byId("order-close")).focus();
  }

  /** Show the board at what was done. */
  openAudit() {
    this.open(this.records.audit);
  }

  /** Show the board at who is banned, removed or muted. */
  openBans() {
    this.open(this.records.force);
  }

  /** Order was kept: show how it is now, if anybody looks. */
  loadRecords() {
    if (this.sheet.dialog.open && this.#seesRecords) this.records.load();
  }

  get #seesRecords() {
    return this.client.order.may(this.client.state.shown.name, "see_audit");
  }

  render() {
    const { pace, order, state, admission } = this.client;
    const { name } = state.shown;
    const approves = order.may(name, "approve");
    const { queue } = admission;
    setHidden("order-open", !approves && !queue);
    if (!approves && !queue) return this.sheet.close();
    const { hands, count } = pace.of(name);
    const held = pace.waiting;
    const things = (queue?.count ?? 0) + held.length + count;
    setText("order-count", things ? String(things) : "");
    setLabel("order-open", things ? `Keeping order, ${things} wait for you` : "Keeping order");
    this.#showWaiting(queue);
    this.#showInvitations(queue !== null);
    for (const card of ["force", "audit"]) setHidden(`order-${card}-card`, !this.#seesRecords);
    setHidden("order-held-card", !approves);
    setHidden("order-hands-card", !approves);
    this.#showCount("held", held.length);
    this.#showCount("hands", count);
    setHidden("order-hands-foot", !count);
    const [first] = hands;
    if (first) setText("order-call", `Call ${isolated(first.nickname)}`);
    this.held.draw(held.slice(0, MOST_DRAWN).map((message) => this.#heldRow(message)));
    this.hands.draw(hands.slice(0, MOST_DRAWN).map((hand) => this.#handRow(name, hand)));
    return this.#announce(things);
  }

  /** @param {import("./admission.js").Admission["queue"]} queue */
  #showWaiting(queue) {
    setHidden("order-waiting-card", !queue);
    if (!queue) return;
    const { people, count, approval } = queue;
    this.#showCount("waiting", count);
    setText("order-waiting-none", noteFor(approval));
    setHidden("order-waiting-foot", !count);
    setHidden("order-let-all", count < 2);
    setText("order-let-all", `Let all ${count} in`);
    this.toggle.checked = approval;
    setHidden("order-guard", !this.client.state.isHost(this.client.state.own));
    this.waiting.draw(people.slice(0, MOST_DRAWN).map((waiter) => this.#waitingRow(waiter)));
  }

  /** @param {boolean} shown */
  #showInvitations(shown) {
    setHidden("order-invitations-card", !shown);
    const { admission } = this.client;
    const rows = admission.invitations.map((it) => invitationRow(it, () => admission.revoke(it.id)));
    setHidden("order-invitations-none", rows.length > 0);
    byId("order-invitations").replaceChildren(...rows);
  }

  /** @param {string} card @param {number} count */
  #showCount(card, count) {
    setText(`order-${card}-count`, count ? String(count) : "");
    setHidden(`order-${card}-none`, count > 0);
  }

  /** @param {import("./admission.js").Waiter} waiter @returns {BoardRow} */
  #waitingRow({ nickname, author, client, waited, lost }) {
    const { admission } = this.client;
    const about = `${KINDS[client] ?? "Browser"}, ${lost ? "connection lost" : timeOf(waited)}`;
    const name = el("p", { class: "order-head" }, nameElement(nickname, { class: "name" }));
    return {
      key: author,
      picture: avatar({ nickname, author }),
      text: el("div", {}, name, el("p", { class: "hint" }, about)),
      accept: { words: "Let in", drawing: "check", act: () => admission.accept(author) },
      refuse: { words: "Turn away", drawing: "close", act: () => admission.decline(author) },
      choices: () => [],
    };
  }

  /** @param {import("./pace.js").HeldMessage & {room: string}} message @returns {BoardRow} */
  #heldRow({ held, nickname, author, content, timestamp, nameless, room }) {
    const { pace } = this.client;
    const head = el("p", { class: "order-head" }, nameElement(nickname, { class: nameless ? "nameless" : "name" }));
    head.append(el("span", { class: "hint" }, ` ${clockTime(Date.parse(timestamp))} in ${isolated(room)}`));
    return {
      key: String(held),
      picture: avatar({ nickname, author, nameless }),
      text: el("div", {}, head, el("p", { class: "order-text", dir: "auto" }, content)),
      accept: { words: "Show it", drawing: "check", act: () => pace.decide(held, true) },
      refuse: { words: "Refuse", drawing: "close", act: () => pace.decide(held, false) },
      choices: () => (nameless ? [] : this.#about({ nickname, author })),
    };
  }

  /** @param {string} room @param {import("./pace.js").Hand} hand @returns {BoardRow} */
  #handRow(room, { nickname, author, raised_at: at }) {
    const { pace } = this.client;
    const text = el("p", { class: "order-head" }, nameElement(nickname, { class: "name" }));
    text.append(el("span", { class: "hint" }, ` ${clockTime(Date.parse(at))}`));
    return {
      key: `${author} ${at}`,
      picture: avatar({ nickname, author }),
      text,
      accept: { words: "Call, and lower the hand", drawing: "hand", act: () => pace.call(room, author) },
      refuse: { words: "Lower the hand", drawing: "close", act: () => pace.lower(room, author) },
      inMenu: true,
      choices: () => this.#about({ nickname, author }),
    };
  }

  /** What may be done to somebody on the board. @param {import("./order-acts.js").Person} person */
  #about(person) {
    const act = () => {
      this.sheet.close();
      this.client.rooms.openPrivate(`@${person.author}`);
    };
    return [{ drawing: "lock", words: "Message privately", act }, ...this.acts.choices(person)];
  }

  #callFirst() {
    const { name } = this.client.state.shown;
    const [first] = this.client.pace.of(name).hands;
    if (first) this.client.pace.call(name, first.author);
  }

  /** Say how many things wait, politely: not for each one of a class that comes. @param {number} count */
  #announce(count) {
    clearTimeout(this.#timer);
    if (count === this.#announced) return;
    const wait = this.#announcedAt + QUIET - performance.now();
    if (wait > 0) {
      this.#timer = setTimeout(() => this.render(), wait);
      return;
    }
    const isMore = count > this.#announced;
    this.#announced = count;
    if (!isMore) return;
    this.#announcedAt = performance.now();
    announce(count === 1 ? "One thing waits for you under Keeping order" : `${count} things wait under Keeping order`);
  }
}

/** @param {boolean} approval */
function noteFor(approval) {
  return approval
    ? "Nobody waits. Newcomers wait here until you let them in; people who have been here before do not."
    : "Newcomers come in by themselves.";
}

/** @param {number} seconds */
function timeOf(seconds) {
  if (seconds < 10) return "just now";
  return seconds < 60 ? `waits ${seconds} s` : `waits ${Math.floor(seconds / 60)} min`;
}
