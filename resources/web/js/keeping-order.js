// @ts-check
/** Connects keeping order with the rest of the screen: menus of people and messages, commands, and the composer. */

import { clockTime, momentName } from "./date-time.js";
import { byId } from "./dom.js";
import { isolated } from "./nickname.js";
import { OrderActs } from "./order-acts.js";
import { OrderBoard } from "./order-board.js";
import { keepOrder } from "./order-commands.js";
import { Toast } from "./toast.js";

const GUEST = "You are a guest here: you can read, and not write.";
/** What may be done to the author of a message from its menu: what cannot wait. */
const AT_A_MESSAGE = new Set(["mute", "leave", "ban"]);

export class KeepingOrder {
  /** @param {import("./chat-screen.js").ChatScreen} screen */
  constructor(screen) {
    this.screen = screen;
    this.client = screen.client;
    this.acts = new OrderActs(screen.client, screen.rooms?.toast ?? new Toast());
    this.menu = screen.commands.menu;
    const { writing } = screen;
    this.board = new OrderBoard(screen.client, this.menu, this.acts, () => writing.inviteRequested());
    writing.keepOrder = (name, argument) => keepOrder(this.acts, this.board, name, argument);
    screen.commands.order = (item) => this.#atMessage(item);
    byId("people-list").addEventListener("click", (click) => this.#pressed(/** @type {Element} */ (click.target)));
  }

  render() {
    const { people, composer } = this.screen;
    if (people) people.keepsOrder = this.acts.active;
    composer.mute(this.#muted() || (this.screen.pace?.closed ?? ""));
  }

  /** Why the person cannot write in the shown room: a sentence, or empty. */
  #muted() {
    const { role, muted, by, until, reason } = this.client.order.standing(this.client.state.shown.name);
    if (role === "guest") return GUEST;
    if (!muted) return "";
    const now = Date.now();
    const end = Date.parse(until);
    const sameDay = new Date(end).toDateString() === new Date(now).toDateString();
    const words = until ? ` until ${sameDay ? clockTime(end) : momentName(end, now)}` : "";
    return `${isolated(by || "The host")} has muted you${words}${reason && `: ${reason}`}`;
  }

  /** @param {Element} target */
  #pressed(target) {
    const button = /** @type {HTMLElement | null} */ (target.closest(".person-more"));
    const nickname = /** @type {HTMLElement | null} */ (button?.closest(".person"))?.dataset.nickname ?? "";
    const person = this.client.state.shown.people.users.get(nickname);
    if (!button || !person) return;
    const write = () => this.client.rooms.openPrivate(person.author ? `@${person.author}` : nickname);
    const privately = { drawing: "lock", words: "Message privately", act: write };
    this.menu.openChoices(button, nickname, [privately, ...this.acts.choices(person)]);
  }

  /** @param {import("./transcript.js").MessageEntry} item */
  #atMessage(item) {
    const { own, shown } = this.client.state;
    if (!this.acts.active || own.isMine(item) || item.nameless) return [];
    const { nickname, author } = item;
    const person = [...shown.people.users.values()].find((it) => it.author === author) ?? { nickname, author };
    const named = this.acts.choices(person).filter(({ drawing }) => AT_A_MESSAGE.has(drawing));
    const name = isolated(person.nickname);
    return named.map((choice) => ({ ...choice, words: `${choice.words.replace("…", "")} ${name}…` }));
  }
}
