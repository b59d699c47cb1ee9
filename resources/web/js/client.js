// @ts-check
/**
 * The client: joins, resumes, sends what the state wants, and applies events to the state.
 *
 * @typedef {import("./state.js").Change} Change
 * @typedef {import("./protocol.js").Message} Message
 * @typedef {object} Listener
 * @property {(changes: Change[]) => void} changed parts of the state have changed
 * @property {(refusal: import("./protocol.js").Refusal | null) => void} joinRefused the join has failed for good; null
 *   if the host could not be reached
 * @property {() => void} waiting the person waits until the host lets them in, or their place has changed, or the
 *   connection is lost meanwhile: see `waiting`
 * @property {() => void} statusChanged the connection's phase has changed, or a second has passed
 * @property {(received: Message[], missed: Message[]) => void} messagesReceived other people have written in the shown
 *   room, or had written while the connection was lost
 * @typedef {import("./read-positions.js").Reader & {tokenFor: (nickname: string) => string}} Person who uses the page;
 *   `tokenFor`: the last token that a host at this address gave to this nickname, or empty
 */

import { Admission, isAdmission } from "./admission.js";
import { Connection } from "./connection.js";
import { HistoryActions } from "./history-actions.js";
import { END_REASONS, TAKEN_OUT, invalidEventRefusal } from "./room-status.js";
import { GOING_AWAY, INVALID_EVENT, RETRY_DELAYS } from "./protocol.js";
import { MessageActions } from "./message-actions.js";
import { Notifications } from "./notifications.js";
import { Order } from "./order.js";
import { Pace, isPace } from "./pace.js";
import { randomId } from "./random-id.js";
import { probeAddresses, canProbe } from "./reachability-probe.js";
import { ReadPositions } from "./read-positions.js";
import { ReceiptActions } from "./receipt-actions.js";
import { RoomActions } from "./room-actions.js";
import { SendingActions } from "./sending-actions.js";
import { commandsToSend } from "./wanted-commands.js";

/** Events after which the page may be in another room than before. */
const OPENING = new Set(["welcome", "rooms", "room"]);
/** The longest time until pauses are looked at again, in ms: browsers take longer ones for none. */
const LONGEST_TIMER = 60_000;

const CAPABILITIES = ["presence", "rooms", "markup", "receipts", "order", "pace", "queue"];

export class ChatClient {
  #nickname = "";
  #password = "";
  #retryTimer = 0;

  /**
   * @param {string} url
   * @param {import("./state.js").ChatState} state
   * @param {{kind: string, person: Person, listener: Listener, signIn: import("./sign-in.js").SignIn}} options `kind`:
   *   the kind of client, shown in the list of people
   */
  constructor(url, state, { kind, person, listener, signIn }) {
    this.signIn = signIn;
    this.state = state;
    this.kind = kind;
    this.person = person;
    this.listener = listener;
    this.readPositions = new ReadPositions(state, person);
    this.notifications = new Notifications(state, person.hasAttention);
    this.connection = new Connection(url, {
      opened: () => this.#join(),
      proofToken: () => this.signIn.proofToken || state.token,
      received: (event) => this.#receive(event),
      offlineSuspected: () => this.#offlineSuspected(),
      onlineConfirmed: () => this.#onlineConfirmed(),
      ended: (code) => this.#ended(code),
      ticked: () => this.#tick(),
    });
    const client = {
      send: (/** @type {import("./protocol.js").Signal} */ command) => this.connection.send(command),
      sendRequests: () => this.#sendRequests(),
      changed: (/** @type {Change[]} */ changes) => this.listener.changed(changes),
    };
    /** What the person does with rooms as a whole; everything else happens in the one that is shown. */
    this.rooms = new RoomActions(state, { ...client, readPositions: this.readPositions });
    /** Where in the shown room the person goes, and what of it is loaded. */
    this.history = new HistoryActions(state, client);
    /** What the person does with messages that are there. */
    this.acts = new MessageActions(state, client);
    /** Who has read what the person wrote. */
    this.receipts = new ReceiptActions(state, client);
    /** Whom the person lets in, as host or moderator. */
    this.admission = new Admission(client.send);
    /** What the person writes, until it is there. */
    this.sending = new SendingActions(state, client);
    /** What the person is and may do, and what they do to others. */
    this.order = new Order((command) => this.connection.phase === "open" && this.#sendOrder(command));
    /** Who may say what when. */
    this.pace = new Pace(state, (command) => this.connection.phase === "open" && this.#sendOrder(command));
    this.pace.mayDecide = (room) => this.order.may(room, "approve");
    this.sending.discarded = (id) => this.pace.withdraw(id);
    /** Whether the person has joined and not left: stays true while the connection is lost. */
    this.isMember = false;
    /** When the connection was lost or seemed to be lost, by `performance.now`; 0 while it is open. */
    this.lostSince = 0;
    /** Whether the host has closed the chat on purpose. */
    this.hostClosed = false;
    /**
     * What the host says while the person waits to be let in.
     * @type {import("./protocol.js").Events["waiting"] | null}
     */
    this.waiting = null;
    /** The code of an invitation, for the next join; empty for none. */
    this.invitation = "";
    /** Why the page itself has ended the connection: a sentence, or empty. */
    this.endReason = "";
  }

  /**
   * Join the chat. Either `joinRefused` or a `joined` change follows.
   * @param {string} nickname
   */
  join(nickname, password = "") {
    this.#nickname = nickname;
    this.order.keptOut = null;
    this.#password = password;
    // A newcomer proposes a token, so that it is the same person again if the first answer is lost.
    this.state.token = this.person.tokenFor(nickname) || this.state.token || `new.${randomId()}${randomId()}`;
    this.connection.open();
  }

  leave() {
    this.connection.send({ type: "leave", id: randomId() });
    this.#close();
    this.state.token = ""; // another nickname is another person
  }

  /** Go on as somebody who has not joined yet, and keep the place in the queue for a moment. */
  stopWaiting() {
    this.waiting = null;
    this.connection.suspend();
    this.#disconnected();
  }

  /** @param {string} query */
  search(query) {
    this.state.search.start(query);
    this.#sendRequests();
    this.listener.changed(["search"]);
  }

  /** Request older hits of a room, by default of the last one. @param {string} [room] */
  searchOlder(room) {
    this.state.search.loadMore(room);
    this.#sendRequests();
  }

  /** Whether the person looks at the list of people. @param {boolean} shown */
  showPeople(shown) {
    this.state.shown.people.shown = shown;
  }

  /** Request further people: of those found while the person searches, otherwise of the list. */
  loadMorePeople() {
    const { people, peopleSearch } = this.state.shown;
    if (peopleSearch.found) peopleSearch.loadMore();
    else people.loadMore();
    this.#sendRequests();
  }

  /**
   * Search the people by name at the host; an empty query ends the search. Where everybody is listed, the list itself
   * can be searched.
   * @param {string} query
   */
  findPeople(query) {
    const { people, peopleSearch } = this.state.shown;
    if (!peopleSearch.start(people.complete ? "" : query)) return;
    this.#sendRequests();
    this.listener.changed(["people"]);
  }

  /**
   * The messages up to this one have been visible. Nothing counts as seen while the person looks elsewhere.
   * @param {number} seq
   * @param {number} time of the message
   */
  markRead(seq, time) {
    if (!this.person.hasAttention()) return;
    const { readPosition, transcript } = this.state.shown;
    readPosition.readOn(seq, transcript.newestSeq);
    readPosition.markRead(seq, time);
  }

  /** This message and what follows is unread again, on all devices, although it is in view. @param {number} seq */
  markUnread(seq) {
    this.state.shown.markUnread(seq);
    this.readPositions.update();
    this.#sendRequests();
    this.listener.changed(["timeline", "rooms"]);
  }

  #join() {
    this.connection.expectAnswer();
    const { home, requests } = this.state;
    const { name: room, position } = home;
    const join = {
      type: /** @type {const} */ ("join"),
      nickname: this.isMember ? this.state.nickname : this.#nickname,
      room,
      client: this.kind,
      capabilities: [...CAPABILITIES, ...(canProbe && this.connection.nodes.atHome ? ["reach"] : [])],
      ...this.signIn.fields(this.state.token),
      ...(position && { resume: position }),
      ...(this.#password && { password: this.#password }),
      ...(this.invitation && { invitation: this.invitation }),
    };
    this.connection.send(requests.add(room, "enter", join));
  }

  /** @param {import("./protocol.js").Event} event */
  #receive(event) {
    if (event.type === "reach") return probeAddresses(event);
    if (event.type === "welcome" && this.#isStranger(event.server)) return this.connection.leaveStranger();
    if (event.type === "welcome" || event.type === "nodes") this.connection.nodes.hear(event.nodes);
    if (this.signIn.receive(event)) return this.listener.statusChanged();
    if (event.type === "waiting") return this.#waits(event);
    if (isAdmission(event)) return this.listener.changed(this.admission.receive(event));
    if (isPace(event)) return this.#paced(this.pace.receive(event, performance.now()));
    const ordered = this.order.receive(event);
    if (ordered) return this.listener.changed(ordered);
    this.pace.note(event, performance.now());
    if (event.type === "error" && this.admission.refused(event)) return this.listener.changed(["invitations"]);
    if (event.type === "error" && !this.state.joined) return this.#joinRefused(event);
    if (event.type === "exited" && this.state.isHome(event.room)) return this.#endBecause(TAKEN_OUT);
    const news = this.notifications.newsIn(event);
    const changes = this.state.apply(event, performance.now(), Date.now());
    if (OPENING.has(event.type)) this.readPositions.openAll();
    if (changes.includes("joined")) this.#joined();
    this.readPositions.update();
    this.state.shown.trim();
    this.#sendRequests();
    this.notifications.receive(news);
    if (news.room === this.state.shown.name) this.listener.messagesReceived(news.received, news.missed);
    return this.listener.changed(changes);
  }

  /** Whether another chat is at an address that a server of this one has named. @param {{id: string}} server */
  #isStranger({ id }) {
    return this.connection.nodes.unproven && this.state.server.id !== id;
  }

  /** @param {import("./protocol.js").Events["waiting"]} event */
  #waits(event) {
    if (this.state.joined) return;
    this.waiting = event;
    this.connection.resetBackoff();
    this.listener.waiting();
  }

  /** A message that waits for approval is no longer in the way of others. @param {Change[]} changes */
  #paced(changes) {
    this.#sendRequests();
    this.listener.changed(changes);
  }

  #joined() {
    this.waiting = null;
    this.invitation = this.#password = "";
    // After a visit that the person has ended, what was said meanwhile is new, as after the last start of the page.
    if (!this.isMember) this.state.home.readPosition.divide(this.state.home.transcript.newestSeq);
    this.isMember = true;
    this.#nickname = this.state.nickname;
    this.lostSince = 0;
    this.hostClosed = false;
    this.connection.resetBackoff();
  }

  /**
   * A person who had joined before waits until the host can read its disk again, or takes in further people.
   * @param {import("./protocol.js").Refusal} error
   */
  #joinRefused(error) {
    if (RETRY_DELAYS.has(error.code) && this.isMember) this.connection.reconnectLater();
    else if (this.signIn.isNeededAfter(error, this.isMember)) this.#endBecause(error.content);
    else this.#stop(error);
  }

  /**
   * The connection is of no use any more; the conversation and what is half-written stay.
   * @param {string} why
   */
  #endBecause(why) {
    this.connection.close();
    this.#disconnected();
    this.endReason = why;
    this.lostSince ||= performance.now();
    this.listener.statusChanged();
  }

  /** Send what is wanted, and see to what has to wait. */
  #sendRequests() {
    if (this.connection.phase !== "open") return;
    const now = performance.now();
    for (const command of commandsToSend(this.state, now)) {
      this.connection.send(command);
      if (command.type !== "search") this.connection.expectAnswer(); // a long log takes its time
    }
    clearTimeout(this.#retryTimer);
    const wait = Math.min(this.state.requests.resumesAt(now) - now, LONGEST_TIMER);
    if (wait < LONGEST_TIMER) this.#retryTimer = setTimeout(() => this.#sendRequests(), Math.ceil(wait));
  }

  /** @param {number} code */
  #ended(code) {
    this.#disconnected();
    if (this.order.keptOut) return this.#stop(this.order.keptOut);
    const refusal = code === INVALID_EVENT ? invalidEventRefusal(this.connection.invalidReason) : null;
    if (this.waiting && this.connection.phase !== "closed") return this.listener.waiting();
    if (!this.isMember) return this.#stop(refusal);
    this.signIn.needed = END_REASONS.has(code);
    this.endReason = refusal?.content ?? (END_REASONS.get(code) ?? "");
    this.lostSince ||= performance.now();
    this.hostClosed ||= code === GOING_AWAY;
    return this.listener.statusChanged();
  }

  /** The device is offline. The connection stays: it may survive until the network is back. */
  #offlineSuspected() {
    this.lostSince ||= performance.now();
    this.listener.statusChanged();
  }

  #onlineConfirmed() {
    this.lostSince = 0;
    this.state.home.resumed = "all";
    this.listener.statusChanged();
  }

  #disconnected() {
    this.state.disconnect();
    this.admission.forget();
    this.signIn.disconnected();
    if (this.connection.phase === "closed") this.notifications.clear();
    this.sending.disconnected();
    this.order.disconnected();
    this.pace.disconnected();
    this.listener.changed(["typing"]);
  }

  /** @param {import("./protocol.js").Refusal | null} refusal */
  #stop(refusal) {
    this.#close();
    this.listener.joinRefused(refusal);
  }

  #close() {
    this.connection.close();
    this.#disconnected();
    this.isMember = false;
    this.waiting = null;
    this.invitation = "";
    this.lostSince = 0;
    this.hostClosed = false;
  }

  /** @param {(import("./protocol.js").OrderCommand | import("./protocol.js").PaceCommand) & {id: string}} command */
  #sendOrder(command) {
    this.connection.send(command);
    return true;
  }

  #tick() {
    const changes = this.state.tick(performance.now());
    if (changes.length) this.listener.changed(changes);
    this.#sendRequests();
    this.listener.statusChanged();
  }
}
