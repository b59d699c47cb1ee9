// @ts-check
/**
 * What host and moderators do to people: from the menu of a person, by commands and in the dialogs. What is done can be
 * undone for ten seconds; several acts meanwhile are undone together.
 *
 * @typedef {{nickname: string, author?: string, host?: boolean, role?: string, muted?: boolean}} Person
 * @typedef {import("./message-menu.js").Choice} Choice
 * @typedef {import("./protocol.js").OrderCommand} OrderCommand
 */

import { announce } from "./announce.js";
import { askHowLong } from "./order-dialog.js";

/** Commands that may be about one room. */
const IN_A_ROOM = new Set(["role", "remove", "unban", "mute", "unmute"]);
const RANKS = ["guest", "member", "moderator", "host"];

export class OrderActs {
  /** @type {(() => OrderCommand)[]} what takes back the acts that the notice is about */
  #undo = [];

  /**
   * @param {import("./client.js").ChatClient} client
   * @param {import("./toast.js").Toast} toast
   */
  constructor(client, toast) {
    this.client = client;
    this.order = client.order;
    this.toast = toast;
  }

  /** Whether the person keeps order in the shown room. */
  get active() {
    return this.order.standing(this.#room).rights.length > 0;
  }

  get #room() {
    return this.client.state.shown.name;
  }

  /** What may be done to somebody. @param {Person} person @returns {Choice[]} */
  choices(person) {
    const { order } = this;
    const may = (/** @type {string} */ right) => order.may(this.#room, right);
    const role = person.host ? "host" : (person.role ?? "member") || "member";
    if (RANKS.indexOf(role) >= RANKS.indexOf(order.standing(this.#room).role)) return [];
    const roles = RANKS.slice(0, 3).filter((it) => it !== role && may("give_roles"));
    const words = { guest: "Let them only read, as a guest", member: "Make a member", moderator: "Make a moderator" };
    return [
      ...roles.reverse().map((it) => ({
        drawing: "shield",
        words: words[/** @type {keyof typeof words} */ (it)],
        act: () => this.giveRole(person, it),
      })),
      ...(may("rename_others") ? [{ drawing: "edit", words: "Rename…", act: () => this.#askName(person) }] : []),
      ...(may("mute") && person.muted
        ? [{ drawing: "mute", words: "Let them speak again", act: () => this.unmute(person) }]
        : []),
      ...(may("mute") && !person.muted ? [{ drawing: "mute", words: "Mute…", act: () => this.askToMute(person) }] : []),
      ...(may("remove")
        ? [{ drawing: "leave", words: "Remove…", danger: true, act: () => this.askToRemove(person) }]
        : []),
      ...(may("ban") ? [{ drawing: "ban", words: "Ban…", danger: true, act: () => this.askToBan(person) }] : []),
    ];
  }

  /** @param {Person} person @param {string} role */
  giveRole(person, role) {
    return this.do({ type: "role", whom: whom(person), role }, ({ author, before }) => ({
      type: "role",
      whom: `@${author}`,
      role: before,
    }));
  }

  /** @param {Person} person */
  unmute(person) {
    return this.do({ type: "unmute", whom: whom(person) });
  }

  /** @param {Person} person @param {number} [minutes] @param {string} [reason] */
  mute(person, minutes, reason = "") {
    const command = { type: /** @type {const} */ ("mute"), whom: whom(person), reason };
    return this.do(minutes === undefined ? command : { ...command, minutes }, ({ author }) => ({
      type: "unmute",
      whom: `@${author}`,
    }));
  }

  /** @param {Person} person @param {string} [reason] @param {number} [minutes] */
  remove(person, reason = "", minutes = 0) {
    const back = minutes ? unban : undefined; // without an end they may come back by themselves
    return this.do({ type: "remove", whom: whom(person), reason, minutes }, back);
  }

  /** @param {Person} person @param {string} [reason] @param {number} [minutes] @param {boolean} [address] */
  ban(person, reason = "", minutes, address = false) {
    const command = { type: /** @type {const} */ ("ban"), whom: whom(person), reason, address };
    return this.do(minutes === undefined ? command : { ...command, minutes }, unban);
  }

  /** @param {string} nickname or a part of names, as in `*part*` */
  banName(nickname) {
    return this.do({ type: "ban_name", nickname }, unban);
  }

  /** @param {Person} person */
  unban(person) {
    return this.do({ type: "unban", whom: whom(person) });
  }

  /** @param {Person} person @param {string} nickname */
  rename(person, nickname) {
    return this.do({ type: "rename", whom: whom(person), nickname }, ({ author, before }) => ({
      type: "rename",
      whom: `@${author}`,
      nickname: before,
    }));
  }

  /** @param {Person} person */
  async askToMute(person) {
    const answer = await askHowLong("mute", person.nickname);
    if (answer) this.mute(person, answer.minutes, answer.reason);
  }

  /** @param {Person} person */
  async askToRemove(person) {
    const answer = await askHowLong("remove", person.nickname);
    if (answer) this.remove(person, answer.reason, answer.minutes);
  }

  /** @param {Person} person */
  async askToBan(person) {
    const near = this.order.ask({ type: "neighbours", whom: whom(person) }).catch(() => null);
    const answer = await askHowLong("ban", person.nickname, near);
    if (answer) this.ban(person, answer.reason, answer.minutes, answer.address);
  }

  /** @param {Person} person */
  async #askName(person) {
    const answer = await askHowLong("rename", person.nickname);
    if (answer?.reason) this.rename(person, answer.reason);
  }

  /**
   * Do it, and say what was done; a refusal stands in the room.
   * @param {OrderCommand} command
   * @param {(done: import("./protocol.js").Events["done"]) => OrderCommand} [undo] what takes it back
   */
  async do(command, undo) {
    try {
      const answer = await this.order.ask(this.#placed(command));
      if (answer.type !== "done") return;
      if (!undo) announce(answer.content);
      this.#show(answer.content, undo && (() => undo(answer)));
    } catch (error) {
      this.say(/** @type {Error} */ (error).message);
    }
  }

  /** Show a sentence to the person alone. @param {string} sentence */
  say(sentence) {
    this.client.state.shown.transcript.addSystem(sentence, Date.now());
    this.client.listener.changed(["timeline"]);
    announce(sentence);
  }

  /**
   * The command as a moderator of one room alone has to give it: with the room.
   * @param {OrderCommand} command
   * @returns {OrderCommand}
   */
  #placed(command) {
    if (this.order.standing(this.#room).everywhere || !IN_A_ROOM.has(command.type)) return command;
    return /** @type {OrderCommand} */ ({ room: this.#room, ...command });
  }

  /** @param {string} content @param {(() => OrderCommand) | undefined} undo */
  #show(content, undo) {
    if (!this.toast.isShown) this.#undo = [];
    if (!undo) return this.toast.show(content.replace(/\.$/u, ""), null);
    this.#undo.push(undo);
    const several = `${this.#undo.length} acts, the last: ${content}`;
    const words = (this.#undo.length > 1 ? several : content).replace(/\.$/u, "");
    return this.toast.show(words, () => this.#takeBack(), true);
  }

  async #takeBack() {
    const undo = this.#undo.splice(0).reverse();
    const answers = await Promise.allSettled(undo.map((command) => this.order.ask(this.#placed(command()))));
    for (const answer of answers) {
      if (answer.status === "rejected") this.say(/** @type {Error} */ (answer.reason).message);
      else if (answer.value.type === "done") announce(answer.value.content);
    }
  }
}

/** @param {import("./protocol.js").Events["done"]} done @returns {OrderCommand} */
function unban({ author }) {
  return { type: "unban", whom: `@${author}` };
}

/** How a command names somebody. @param {Person} person */
function whom({ nickname, author }) {
  return author ? `@${author}` : nickname;
}

/**
 * What `/mute @Kit 30 too loud` says beside the name: minutes, if it begins with a number, and the reason.
 * @param {string} text
 */
export function minutesAndReason(text) {
  const [, minutes, reason] = /^(?:(\d{1,6})\s*)?([^]*)$/u.exec(text.trim()) ?? [];
  return { minutes: minutes === undefined ? undefined : Number(minutes), reason: reason ?? "" };
}
