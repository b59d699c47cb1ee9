// @ts-check
/** The screen of the chat: draws changes of the state once per frame, and passes what the person does to the client. */

import { announce } from "./announce.js";
import { onCalendarChange } from "./date-time.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { formatCount } from "./counts.js";
import { DatePicker } from "./date-picker.js";
import { Drafts } from "./drafts.js";
import { guard } from "./guard.js";
import { byId, phone, touch } from "./dom.js";
import { KeepingOrder } from "./keeping-order.js";
import { MessageCommands } from "./message-commands.js";
import { PeopleDrawer } from "./people-drawer.js";
import { onKey } from "./keyboard.js";
import { Navigation } from "./navigation.js";
import { initialsOf, isolated } from "./nickname.js";
import { showOwnPresence } from "./own-card.js";
import { OwnSettings } from "./own-settings.js";
import { printNote } from "./print-note.js";
import { PaceBar } from "./pace-bar.js";
import { PeoplePanel } from "./people-panel.js";
import { SearchBox } from "./search-box.js";
import { shareAddress, hostAndPath } from "./base-url.js";
import { ConnectionStatus } from "./connection-status.js";
import { renewToken } from "./token-sheet.js";
import { Rooms } from "./rooms.js";
import { showTyping } from "./typing-indicator.js";
import { Writing } from "./writing.js";

/** @typedef {import("./state.js").Change} Change */

/** How long the title of a hidden page waits for further changes, in ms: a burst of messages counts once. */
const HIDDEN_TITLE_DELAY = 100;

export class ChatScreen {
  /** @type {Set<Change>} */
  #changes = new Set();
  #frame = 0;
  #hiddenTimer = 0;
  /** The room on the screen. @type {import("./room-state.js").RoomState | null} */
  #room = null;

  /**
   * @param {import("./client.js").ChatClient} client
   * @param {{left: () => void, rejoined: () => void}} listener `left`: the person leaves; `rejoined`: joins again
   */
  constructor(client, listener) {
    this.client = client;
    this.state = client.state;
    this.screen = byId("chat");
    this.listener = listener;
    this.drafts = new Drafts(this.state);
    this.people = guard(() => this.#peoplePanel());
    this.drawer = guard(() => new PeopleDrawer(() => this.#showPeople()));
    this.status = new ConnectionStatus(client, () => this.#reconnect());
    this.date = guard(() => new DatePicker((time) => client.history.goToMoment(time)));
    this.rooms = guard(() => this.#rooms());
    this.conversation = new Conversation(client, {
      dayPressed: (time) => this.date?.open(time),
      takenBack: (message) => this.#takeBack(message),
      messageActed: (action, item, button) => this.commands.clicked(action, item, button),
    });
    this.search = guard(() => this.#searchBox());
    this.navigation = guard(() => this.#navigation());
    this.settings = guard(() => new OwnSettings(client));
    this.composer = new Composer({
      sent: (content) => this.commands.finishEdit(content) || this.writing.submit(content),
      emptied: () => this.commands.emptied(),
      typed: (active) => client.sending.setTyping(active),
      changed: (text) => this.drafts.shown.write(text),
    });
    this.writing = new Writing(client, this.composer, {
      send: (content, action) => this.#send(content, action),
      meant: (person) => this.drafts.shown.mean([person]),
    });
    const { conversation, composer, drafts, writing } = this;
    this.commands = new MessageCommands(client, conversation.timeline, composer, drafts, writing.picker);
    this.order = guard(() => new KeepingOrder(this));
    this.pace = guard(() => new PaceBar(this));
    this.#listen();
  }

  #searchBox() {
    const { client } = this;
    return new SearchBox({
      queryChanged: (query) => client.search(query),
      olderWanted: (room) => client.searchOlder(room),
      hitChosen: (message) => this.goToMessage(message),
    });
  }

  #navigation() {
    return new Navigation(this.client, {
      search: (query) => this.search?.openWith(query),
      show: (room) => this.rooms?.show(room),
      emoji: () => byId("emoji").click(),
      actions: [
        { name: "date", title: "Go to a day", keys: "Ctrl G", act: () => this.#openDate() },
        { name: "read", title: "Mark all as read", keys: "", act: () => this.client.rooms.markAllRead() },
        { name: "leave", title: "Leave the chat", keys: "", act: () => this.#leave() },
      ],
    });
  }

  /** Show a message in its room. @param {{room: string, seq: number}} message */
  goToMessage({ room, seq }) {
    if (room) this.rooms?.show(room);
    this.client.history.goTo(seq);
  }

  #rooms() {
    return new Rooms(this.client, this.drafts, {
      unfinished: () => this.redraw(["rooms"]),
    });
  }

  /**
   * Another room is shown, perhaps because the person has been taken out of the one before: everything on the screen is
   * its own at once, so that no words go to another room than the one that they were written in.
   */
  #roomShown() {
    this.#room = this.state.shown;
    this.rooms?.address.put(this.#room.name);
    this.search?.clear();
    this.conversation.showOther();
    this.commands.context.show();
    this.#showPeople();
    this.redraw(["rooms", "room", "people", "timeline", "typing"]);
    if (!touch.matches) this.composer.focus();
  }

  /** A refused message has been taken back, to edit it. @param {import("./outbox.js").Withdrawn} message */
  #takeBack({ content, mentions }) {
    this.drafts.shown.mean(mentions);
    this.composer.takeBack(content);
  }

  #peoplePanel() {
    const { client } = this;
    return new PeoplePanel({
      unfinished: () => this.redraw(["people"]),
      queryChanged: (query) => client.findPeople(query),
      moreWanted: () => client.loadMorePeople(),
    });
  }

  /** A list of people that nobody sees is not kept up to date. */
  #showPeople() {
    this.client.showPeople(!this.screen.hidden && !document.hidden && (this.drawer?.isVisible ?? false));
  }

  #listen() {
    for (const button of document.querySelectorAll(".to-date")) {
      button.addEventListener("click", () => this.#openDate());
    }
    for (const leave of document.querySelectorAll(".leave")) leave.addEventListener("click", () => this.#leave());
    document.addEventListener("copy", (copy) => {
      if (this.conversation.putTranscript(copy, copy.clipboardData)) copy.preventDefault();
    });
    document.addEventListener("dragstart", (drag) => this.conversation.putTranscript(drag, drag.dataTransfer));
    document.addEventListener("visibilitychange", () => this.redraw(["timeline"]));
    document.addEventListener("visibilitychange", () => this.#showPeople());
    window.addEventListener("beforeprint", () => this.#updatePrintNote());
    window.addEventListener("focus", () => this.redraw(["timeline"]));
    onKey(window, (key) => this.#pressed(key));
    phone.addEventListener("change", () => this.redraw(["room", "timeline"]));
    guard(() => onCalendarChange(() => this.#refreshTimes()));
  }

  /** The day or the time zone has changed: draw all times again. */
  #refreshTimes() {
    this.redraw(["timeline"]);
    this.search?.hits.refreshTimes();
    this.date?.refreshToday();
  }

  /** Show the chat, after a join. */
  show() {
    if (!this.screen.hidden) return;
    this.screen.hidden = false;
    this.#room = this.state.shown;
    this.#drawNames(); // before the first frame: a screen reader may look at once, and no heading is without a name
    this.conversation.open();
    this.commands.context.show();
    this.#showPeople();
    this.redraw(["rooms", "room", "people", "timeline", "typing"]);
    this.rooms?.begin();
    if (!touch.matches) this.composer.focus();
    this.commands.openLink();
    announce(`You are ${isolated(this.state.nickname)} in ${isolated(this.state.server.name)}.`);
  }

  hide() {
    this.drawer?.close();
    this.rooms?.drawer.close();
    this.date?.close();
    this.search?.clear();
    this.navigation?.close();
    this.writing.picker.close();
    this.screen.hidden = true;
    this.status.reset();
  }

  /**
   * Draw parts of the state again with the next frame.
   * @param {Change[]} changes
   */
  redraw(changes) {
    for (const change of changes) this.#changes.add(change);
    if (this.screen.hidden) return;
    if (this.#room !== this.state.shown) this.#roomShown();
    this.#frame ||= requestAnimationFrame(() => this.#draw());
    // A hidden page is not drawn, but its title is visible.
    if (document.hidden) this.#hiddenTimer ||= setTimeout(() => this.#updateWhileHidden(), HIDDEN_TITLE_DELAY);
  }

  #updateWhileHidden() {
    this.#hiddenTimer = 0;
    this.conversation.noteChanges();
    this.conversation.showUnread();
  }

  #draw() {
    this.#frame = 0;
    const changes = this.#changes;
    this.#changes = new Set();
    this.conversation.noteChanges(changes.has("jumped"));
    /** @type {(work: () => void, ...causes: Change[]) => void} */
    const draw = (work, ...causes) => {
      if (causes.some((cause) => changes.has(cause))) guard(work);
    };
    draw(() => this.rooms?.opened(), "opened");
    draw(() => this.rooms?.askForPassword(), "asking");
    draw(() => this.rooms?.settings.showEntry(this.client.admission), "entry");
    draw(() => this.#drawRoom(), "room");
    draw(() => this.#drawNames(), "room", "rooms");
    draw(() => showOwnPresence(this.#self, this.state.shown.people), "room", "people");
    draw(() => this.pace?.render(), "room", "rooms", "pace");
    draw(() => this.order?.board.render(), "room", "rooms", "pace", "queue", "invitations");
    draw(() => this.order?.board.loadRecords(), "records");
    draw(() => this.order?.render(), "room", "rooms", "people", "timeline");
    draw(() => this.people?.render(this.state.shown, this.#self), "people");
    draw(() => this.writing.completion.refresh(), "people");
    draw(() => this.#drawCount(), "people", "room");
    draw(() => this.#drawTyping(), "typing");
    draw(() => this.#drawTimeline(), "timeline", "jumped");
    draw(() => this.navigation?.switcher.refresh(), "rooms");
    draw(() => this.rooms?.render(), "rooms", "room", "timeline", "people"); // what was just seen does not count
    draw(() => this.#drawSearch(), "search");
    draw(() => this.conversation.showTitle(), "rooms");
    draw(() => this.status.show(), "trouble");
    draw(() => this.settings?.render(), "timeline", "rooms");
  }

  #drawSearch() {
    const { search, list, shown } = this.state;
    const title = (/** @type {string} */ room) => list.rooms.get(room)?.private_with?.nickname ?? room;
    this.search?.render(search, title, shown.name);
  }

  #drawRoom() {
    const { nickname, server, limits } = this.state;
    for (const tile of document.querySelectorAll(".tile")) tile.textContent = initialsOf(server.name);
    byId("me-address").title = shareAddress;
    this.screen.style.setProperty("--own-name", JSON.stringify(nickname));
    byId("you").title = `You are ${isolated(nickname)} in ${isolated(server.name)}`;
    this.composer.describe(this.#placeholder(), limits.content_chars);
  }

  #drawNames() {
    const { nickname, server } = this.state;
    const shown = { nickname, room: this.#roomTitle, server: server.name, address: hostAndPath };
    for (const element of document.querySelectorAll("[data-show]")) {
      const text = shown[/** @type {keyof typeof shown} */ (element.getAttribute("data-show"))];
      if (element.textContent !== text) element.textContent = text;
    }
    this.composer.describe(this.#placeholder(), this.state.limits.content_chars);
  }

  get #roomTitle() {
    return this.rooms?.title ?? this.state.shown.name;
  }

  /** Oneself, as in the list of people. */
  get #self() {
    const { nickname, author } = this.state.own;
    return { nickname, author, client: this.client.kind, host: false };
  }

  #placeholder() {
    if (this.#empty && this.state.shown.people.count < 2) return "Write a first message. It waits for them.";
    return phone.matches ? "Message" : `Message ${isolated(this.#roomTitle)}`;
  }

  get #empty() {
    const { transcript, outbox } = this.state.shown;
    return !outbox.entries.length && !transcript.entries.some((entry) => entry.kind === "message");
  }

  #drawCount() {
    const count = formatCount(this.state.shown.people.count);
    for (const element of document.querySelectorAll("[data-count]")) element.textContent = count;
    byId("people-open").setAttribute("aria-label", `People, ${count}`);
  }

  #drawTyping() {
    const { people } = this.state.shown;
    const typing = [...people.typing.keys()];
    showTyping(byId("typing"), typing, (nickname, first) => people.sharesFirstName(nickname, first));
    this.people?.showTyping(people.typing);
  }

  #drawTimeline() {
    this.conversation.draw();
    guard(() => this.commands.render());
    const empty = this.#empty;
    const alone = this.state.shown.people.count < 2;
    byId("empty").hidden = !empty;
    byId("empty-hint").textContent = alone
      ? "Nobody else is here yet. Write a first message, it waits for them."
      : "Nobody has written yet. Write the first message.";
    this.composer.describe(this.#placeholder(), this.state.limits.content_chars);
  }

  /** @param {string} content @param {boolean} [action] */
  #send(content, action) {
    const { shown: draft } = this.drafts;
    const { replyTo } = draft;
    this.client.sending.send(content, { replyTo, action, mentions: draft.takeMentions(content) });
    if (replyTo) this.commands.context.close();
    this.conversation.follow();
  }

  #openDate() {
    const seen = this.conversation.timeline.firstVisible;
    this.search?.sheet.close();
    this.date?.open(seen?.time ?? Date.now());
  }

  /** @param {KeyboardEvent} key */
  #pressed(key) {
    if (this.screen.hidden || key.defaultPrevented || document.querySelector("dialog[open]")) return;
    const act = this.#actionOf(key);
    if (!act) return;
    key.preventDefault();
    act();
  }

  /**
   * The action of a key. Ctrl+F searches the room first; pressed again, the browser's own search opens.
   * @param {KeyboardEvent} key
   */
  #actionOf(key) {
    if (key.key === "Escape" && this.search?.hasText) return () => this.search?.clear();
    const navigation = this.navigation?.actionOf(key);
    if (navigation) return navigation;
    if (!(key.ctrlKey || key.metaKey) || key.shiftKey || key.altKey) return null;
    const letter = key.key.toLowerCase();
    if (letter === "f" && this.search && !this.search.hasFocus) return () => this.search?.open();
    return letter === "g" ? () => this.#openDate() : null;
  }

  #updatePrintNote() {
    byId("print-note").textContent = printNote(this.state.nickname, this.state.shown.transcript, Date.now());
  }

  #reconnect() {
    const { signIn, connection } = this.client;
    const rejoin = () => this.listener.rejoined();
    if (signIn.needed || signIn.endsIn(performance.now()) !== null) renewToken(this.client, rejoin);
    else if (connection.phase === "closed") rejoin();
    else connection.retryNow();
    this.status.show();
  }

  #leave() {
    this.hide();
    this.listener.left();
  }
}
