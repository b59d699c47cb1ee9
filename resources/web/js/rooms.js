// @ts-check
/** The rooms on the screen: the list of them, the one that is shown, its topic and settings, and its address. */

import { announce } from "./announce.js";
import { countPeople } from "./counts.js";
import { byId, setHidden, setText } from "./dom.js";
import { isolated } from "./nickname.js";
import { presenceOf } from "./people.js";
import { RoomAddress } from "./room-address.js";
import { attentionOf } from "./room-list.js";
import { RoomPassword } from "./room-password.js";
import { RoomSettings } from "./room-settings.js";
import { newPrivateSheet, newRoomSheet } from "./room-sheets.js";
import { RoomsDrawer } from "./rooms-drawer.js";
import { RoomsPanel } from "./rooms-panel.js";
import { Toast } from "./toast.js";

/** @typedef {import("./room-list.js").RoomSummary} RoomSummary */

export class Rooms {
  /**
   * @param {import("./client.js").ChatClient} client
   * @param {import("./drafts.js").Drafts} drafts
   * @param {{unfinished: () => void}} listener `unfinished`: the list has to be drawn again
   */
  constructor(client, drafts, listener) {
    this.client = client;
    this.state = client.state;
    this.listener = listener;
    this.drawer = new RoomsDrawer();
    this.settings = new RoomSettings(this.#settingActions());
    this.password = new RoomPassword((room, password) => client.rooms.show(room, password));
    this.toast = new Toast();
    const newRoom = newRoomSheet((name, topic) => client.rooms.create(name, topic));
    const newPrivate = newPrivateSheet((name) => client.rooms.openPrivate(name));
    const panel = {
      chosen: (/** @type {string} */ name) => this.show(name),
      create: () => newRoom.open(),
      startPrivate: () => {
        this.#proposePeople();
        newPrivate.open();
      },
      more: () => client.rooms.loadMore(),
      readAll: () => client.rooms.markAllRead(),
      unfinished: () => listener.unfinished(),
    };
    this.panel = new RoomsPanel(panel, (name) => drafts.of(name).isBegun, (author) => this.#presenceOf(author));
    byId("room-settings-open").addEventListener("click", () => this.#openSettings());
    const people = byId("people-list");
    people.addEventListener("click", (click) => this.#personClicked(/** @type {Element} */ (click.target)));
    this.address = new RoomAddress(() => this.#followAddress());
  }

  /**
   * Show this room.
   * @param {string} name
   */
  show(name) {
    this.drawer.close();
    if (name === this.state.shown.name) return;
    this.client.rooms.show(name);
    announce(`Room ${isolated(this.#summary?.title ?? name)}.`);
  }

  /** The chat is on the screen: show the room that the address names, if it names one. */
  begin() {
    if (!this.#followAddress()) this.address.put(this.state.shown.name);
  }

  /** A room was not entered, because it has a password. */
  askForPassword() {
    const { asking } = this.state;
    this.state.asking = null;
    if (asking) this.password.open(asking);
  }

  /** The room that the person has made, or the private one that they have begun, is there. */
  opened() {
    this.show(this.state.opened);
  }

  /**
   * Whether somebody is in the chat: everybody in it is in the room of the join, as far as its list is known.
   * @param {string} author
   */
  #presenceOf(author) {
    const { users, complete } = this.state.home.people;
    const user = [...users.values()].find((it) => it.author === author);
    return user ? presenceOf(user) : complete ? "offline" : "";
  }

  render() {
    const { shown, list } = this.state;
    const rooms = this.state.summaries;
    const listed = list.rooms.size > 0;
    this.panel.render(listed ? rooms : [onlyRoom(shown)], shown.name, { listed, more: list.hasMore });
    const room = this.#summary;
    setText("topic", room?.topic ?? "");
    byId("top-text").classList.toggle("has-topic", Boolean(room?.topic));
    setHidden("hash", Boolean(room?.partner));
    setHidden("room-settings-open", !room);
    this.drawer.mark(rooms.some((it) => it.name !== shown.name && attentionOf(it) > 0));
    setHidden("composer", room?.archived ?? false);
    setHidden("archived-note", !room?.archived);
  }

  /** What the shown room is called. */
  get title() {
    return this.#summary?.title ?? this.state.shown.name;
  }

  get #summary() {
    return this.state.summaries.find((it) => it.name === this.state.shown.name);
  }

  /** Returns whether the address names a room. */
  #followAddress() {
    const place = this.state.joined && this.address.follow();
    if (!place) return false;
    this.show(place.room);
    if (place.seq) this.client.history.goTo(place.seq);
    return true;
  }

  #settingActions() {
    const { rooms } = this.client;
    return {
      setTopic: (/** @type {string} */ room, /** @type {string} */ topic) => rooms.setTopic(room, topic),
      setNewcomers: (/** @type {string} */ room, /** @type {string} */ see) => rooms.setNewcomers(room, see),
      setPace: (/** @type {string} */ room, /** @type {Partial<RoomSummary["pace"]>} */ pace) =>
        this.client.pace.set(room, pace),
      setLevel: (/** @type {string} */ room, /** @type {import("./protocol.js").Level} */ level) =>
        rooms.setLevel(room, level),
      archive: (/** @type {string} */ room, /** @type {boolean} */ active) => this.#archive(room, active),
      openToEverybody: (/** @type {string} */ room) => rooms.openToEverybody(room),
      delete: (/** @type {string} */ room) => rooms.delete(room),
      setEntry: (/** @type {string} */ room, /** @type {import("./room-settings.js").EntryChange} */ entry) =>
        rooms.setEntry(room, entry),
      exit: (/** @type {string} */ room) => rooms.exit(room),
    };
  }

  /**
   * There is no question before it, as it can be taken back.
   * @param {string} room
   * @param {boolean} active
   */
  #archive(room, active) {
    const { rooms } = this.client;
    rooms.archive(room, active);
    this.toast.show(`${isolated(room)} is ${active ? "archived" : "open again"}`, () => rooms.archive(room, !active));
  }

  #openSettings() {
    const room = this.#summary;
    if (!room) return;
    this.drawer.close();
    const { own, shown, home } = this.state;
    const mayChange = this.state.isHost({ nickname: own.nickname, author: own.author });
    if (shown === home && mayChange) this.client.rooms.setEntry(room.name, {});
    const mayPace = this.client.order.may(room.name, "set_pace");
    const people = countPeople(shown.people.count);
    this.settings.open(room, { people, mayChange, mayPace, isHome: shown === home });
  }

  /** @param {Element} target */
  #personClicked(target) {
    const row = /** @type {HTMLElement | null} */ (target.closest(".person:not(.self)"));
    if (target.closest(".person-more")) return;
    if (row?.dataset.nickname && this.state.list.rooms.size) this.client.rooms.openPrivate(row.dataset.nickname);
  }

  /** Propose the people of the room for a private message. */
  #proposePeople() {
    const { people, own } = this.state.shown;
    const others = [...people.users.values()].filter((it) => !own.isMine(it));
    const options = others.map(({ nickname }) => Object.assign(document.createElement("option"), { value: nickname }));
    byId("private-people").replaceChildren(...options);
  }
}

/**
 * The row of the only room of a host that lists none.
 * @param {import("./room-state.js").RoomState} room
 * @returns {RoomSummary}
 */
function onlyRoom({ name, unread }) {
  const plain = { topic: "", archived: false, closed: false, joined: true, level: "all", newcomers: "all", entry: [] };
  const pace = { slow: 0, announce: false, hold: false, nameless: false };
  return { name, title: name, unread, mentions: 0, messages: 0, partner: undefined, ...plain, pace };
}
