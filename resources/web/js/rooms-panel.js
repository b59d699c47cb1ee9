// @ts-check
/** The list of rooms: those for everybody, the archived ones in a fold, and private conversations. */

import { avatar } from "./avatar.js";
import { byId, el, nameElement, setHidden, setText } from "./dom.js";
import { icon } from "./icons.js";
import { shortCount } from "./pills.js";

/** @typedef {import("./room-list.js").RoomSummary} RoomSummary */

export class RoomsPanel {
  /** @type {Map<string, {element: HTMLElement, drawn: string}>} */
  #rows = new Map();
  #archivedOpen = false;
  /** How many rooms were there when more of them were asked for; 0 if they are here. */
  #comeAfter = 0;

  /**
   * @param {object} listener
   * @param {(name: string) => void} listener.chosen
   * @param {() => void} listener.create a room is to be made
   * @param {() => void} listener.startPrivate somebody is to be written to
   * @param {() => void} listener.more further rooms are to be loaded
   * @param {() => void} listener.readAll
   * @param {() => void} listener.unfinished the list has to be drawn again
   * @param {(name: string) => boolean} hasDraft whether something is written in this room and not sent
   * @param {(author: string) => string} presenceOf whether somebody is there, as `avatar` takes it; empty if unknown
   */
  constructor(listener, hasDraft, presenceOf) {
    this.listener = listener;
    this.hasDraft = hasDraft;
    this.presenceOf = presenceOf;
    byId("room-create").addEventListener("click", () => listener.create());
    byId("private-start").addEventListener("click", () => listener.startPrivate());
    byId("rooms-more").addEventListener("click", () => this.#loadMore());
    byId("read-all").addEventListener("click", () => listener.readAll());
    byId("rooms").addEventListener("click", (click) => this.#clicked(/** @type {Element} */ (click.target)));
    byId("rooms-archived").addEventListener("click", () => this.#fold());
  }

  /**
   * @param {RoomSummary[]} rooms
   * @param {string} shown the room that is shown
   * @param {{listed: boolean, more: boolean}} host whether it lists rooms at all, and has further ones than these
   */
  render(rooms, shown, { listed, more }) {
    const open = rooms.filter((it) => !it.partner && !it.archived);
    const archived = rooms.filter((it) => !it.partner && it.archived);
    const isOpen = this.#archivedOpen || archived.some((it) => it.name === shown);
    this.#fill(byId("room-list"), open, shown);
    this.#fill(byId("archived-list"), isOpen ? archived : [], shown);
    const conversations = rooms.filter((it) => it.partner);
    this.#fill(byId("private-list"), conversations, shown);
    setHidden("rooms-more", !more);
    if (this.#comeAfter) this.#focusNew();
    setHidden("rooms-archived", !archived.length);
    const fold = byId("rooms-archived");
    if (fold.getAttribute("aria-expanded") !== String(isOpen)) fold.setAttribute("aria-expanded", String(isOpen));
    setText("archived-count", String(archived.length));
    for (const id of ["room-create", "private-head"]) setHidden(id, !listed);
    setHidden("read-all", !listed || !rooms.some((it) => it.unread && it.joined));
    const names = new Set(rooms.map((it) => it.name));
    for (const name of this.#rows.keys()) if (!names.has(name)) this.#rows.delete(name);
  }

  #loadMore() {
    this.#comeAfter = byId("room-list").childElementCount;
    this.listener.more();
  }

  /** Rooms have come in place of the button: the first of them is the next one to hear of. */
  #focusNew() {
    const first = byId("room-list").children[this.#comeAfter]?.firstElementChild;
    if (!first) return;
    this.#comeAfter = 0;
    if ([byId("rooms-more"), document.body].includes(/** @type {HTMLElement} */ (document.activeElement)))
      /** @type {HTMLElement} */ (first).focus();
  }

  #fold() {
    this.#archivedOpen = byId("rooms-archived").getAttribute("aria-expanded") !== "true";
    this.listener.unfinished();
  }

  /** @param {Element} target */
  #clicked(target) {
    const name = target.closest("[data-room]")?.getAttribute("data-room");
    if (name) this.listener.chosen(name);
  }

  /**
   * @param {HTMLElement} list
   * @param {RoomSummary[]} rooms
   * @param {string} shown
   */
  #fill(list, rooms, shown) {
    const rows = rooms.map((room) => this.#row(room, room.name === shown));
    if (rows.length === list.children.length && rows.every((row, index) => list.children[index] === row)) return;
    list.replaceChildren(...rows);
  }

  /**
   * The row of a room; its button stays the same, so that it keeps the focus.
   * @param {RoomSummary} room
   * @param {boolean} isShown
   */
  #row(room, isShown) {
    const draft = !isShown && !room.unread && this.hasDraft(room.name);
    const presence = room.partner ? this.presenceOf(room.partner.author) : "";
    const drawn = JSON.stringify([room, isShown, draft, presence]);
    const row = this.#rows.get(room.name);
    if (row?.drawn === drawn) return row.element;
    const element = row?.element ?? el("li", {}, el("button", { type: "button", "data-room": room.name }));
    const button = /** @type {HTMLElement} */ (element.firstElementChild);
    button.className = classesOf(room);
    button.setAttribute("aria-label", labelOf(room, draft, presence));
    if (isShown) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
    button.title = room.topic ? `${room.title}: ${room.topic}` : room.title;
    button.replaceChildren(...partsOf(room, draft, presence).flatMap((part) => [part, " "])); // words, as in the label
    this.#rows.set(room.name, { element, drawn });
    return element;
  }
}

/** @param {RoomSummary} room */
function classesOf({ unread, joined, level, archived, partner }) {
  const asks = unread > 0 && joined && level !== "nothing" && !archived;
  return ["room-row", asks && "unread", !joined && "aside", partner && "private"].filter(Boolean).join(" ");
}

/**
 * What screen readers say: "code-help, 12 unread, 2 mention you".
 * @param {RoomSummary} room
 * @param {boolean} draft
 * @param {string} presence of the other person of a private conversation
 */
function labelOf({ title, unread, mentions, level, archived, closed, entry, joined, partner }, draft, presence) {
  const facts = [
    title,
    partner && "private",
    presence,
    joined && unread && `${unread} unread`,
    joined && mentions && !partner && `${mentions} ${mentions === 1 ? "mentions" : "mention"} you`,
    level === "nothing" && "muted",
    archived && "archived",
    (closed || entry.includes("locked")) && "locked",
    entry.includes("password") && "with a password",
    !joined && "not entered yet",
    draft && "with a draft",
  ];
  return facts.filter(Boolean).join(", ");
}

/**
 * @param {RoomSummary} room
 * @param {boolean} draft
 * @param {string} presence
 */
function partsOf({ title, unread, mentions, level, archived, closed, entry, joined, partner }, draft, presence) {
  const muted = level === "nothing";
  const kind = archived ? "archive" : closed || entry.length > 0 ? "lock" : "hash";
  const counted = joined && !archived && !muted && unread > 0;
  return [
    partner ? avatar({ nickname: partner.nickname, author: partner.author }, presence) : icon(kind),
    nameElement(title, { class: "elide" }),
    ...(counted && mentions && !partner ? [el("span", { class: "badge brass" }, `@${shortCount(mentions)}`)] : []),
    ...(counted ? [el("span", { class: partner ? "badge brass" : "badge" }, shortCount(unread))] : []),
    ...(muted ? [icon("bell-off")] : []),
    ...(draft ? [icon("edit")] : []),
  ];
}
