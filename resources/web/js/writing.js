// @ts-check
/** What happens between composer and client: completion, emoji, what was sent before, slash commands. */

import { announce } from "./announce.js";
import { ASKS_ABOVE, addressesAll, peopleOutside } from "./completion.js";
import { CompletionPopup } from "./completion-popup.js";
import { byId, el } from "./dom.js";
import { EmojiList } from "./emoji-list.js";
import { EmojiPicker } from "./emoji-picker.js";
import { ask } from "./question.js";
import { SentTexts } from "./sent-texts.js";
import { OwnPresence } from "./own-presence.js";
import { parseMessage, recipient } from "./slash-commands.js";

export class Writing {
  /**
   * @param {import("./client.js").ChatClient} client
   * @param {import("./composer.js").Composer} composer
   * @param {object} listener
   * @param {(content: string, action?: boolean) => void} listener.send sends a message; `action`: by `/me`
   * @param {(person: import("./protocol.js").Mentioned) => void} listener.meant a name is about to be written
   */
  constructor(client, composer, { send, meant }) {
    /**
     * Does what a command of keeping order says; returns whether it is one.
     * @type {(name: string, argument: string) => boolean}
     */
    this.keepOrder = () => false;
    /** The same for the pace of a room. @type {(name: string, argument: string) => boolean} */
    this.pace = () => false;
    this.client = client;
    this.composer = composer;
    this.send = send;
    /** Does what `/invite` says. */
    this.inviteRequested = () => {};
    const list = new EmojiList();
    this.presence = new OwnPresence(client);
    this.picker = new EmojiPicker(list);
    this.sentTexts = new SentTexts(composer.field);
    this.completion = new CompletionPopup(composer.field, byId("composer"), list, {
      place: (query) => this.#place(query),
      meant,
    });
    this.sentence = el("p", {});
    this.asText = el("button", { type: "button", class: "button" }, "Send as text");
    this.notSent = el("div", { class: "popup not-sent", hidden: true }, this.sentence, this.asText);
    byId("composer").append(this.notSent);
    this.asText.addEventListener("click", () => this.#sendAsText());
    composer.field.addEventListener("input", () => (this.notSent.hidden = true));
    byId("emoji").addEventListener("mousedown", (press) => press.preventDefault());
    byId("emoji").addEventListener("click", () => this.#pickEmoji());
  }

  /** Send what was written, or do what it says. @param {string} content */
  submit(content) {
    const meant = parseMessage(content);
    if ("sentence" in meant) return this.#refuse(content, meant.sentence);
    const { count, mayAddressAll } = this.#place(); // who may not hears it from the host
    if ("content" in meant && addressesAll(meant.content) && mayAddressAll && count > ASKS_ABOVE) {
      return this.#askForAll(content, meant);
    }
    return this.#do(content, meant);
  }

  /**
   * Ask before everybody in a large room is told; somebody who says no has the text back.
   * @param {string} content
   * @param {import("./slash-commands.js").Text} text
   */
  async #askForAll(content, text) {
    const { count } = this.client.state.shown.people;
    const told = `@room notifies everyone in ${this.client.state.shown.name}, also those who are away.`;
    const words = { title: `Tell all ${count} people?`, text: told };
    if (await ask({ ...words, accept: `Tell ${count} people`, refuse: "Back to writing" })) this.#do(content, text);
    else this.composer.takeBack(content);
  }

  /**
   * @param {string} content
   * @param {import("./slash-commands.js").Text | import("./slash-commands.js").Invoked} meant
   */
  #do(content, meant) {
    this.sentTexts.add(content);
    if ("content" in meant) return this.send(meant.content, meant.action);
    return this.#invoke(meant);
  }

  /** @param {import("./slash-commands.js").Invoked} command */
  #invoke({ name, argument }) {
    const { client, presence } = this;
    switch (name) {
      case "nick":
        return presence.rename(argument);
      case "away":
      case "busy":
        return presence.set(name, argument);
      case "back":
        return presence.set("online");
      case "topic":
        return client.rooms.setTopic(client.state.shown.name, argument);
      case "open":
        return client.rooms.openToEverybody(client.state.shown.name);
      case "lock":
      case "unlock":
        return client.rooms.setEntry(client.state.shown.name, { locked: name === "lock" });
      case "password":
        return client.rooms.setEntry(client.state.shown.name, { password: argument });
      case "invite":
        return this.inviteRequested();
      case "msg":
        return this.#writePrivately(...recipient(argument, client.state.shown.people.users.keys()));
      default:
        if (this.pace(name, argument) || this.keepOrder(name, argument)) return undefined;
        return this.composer.insert("/"); // /help: completion lists all of them
    }
  }

  /**
   * @param {string} to
   * @param {string} text
   */
  #writePrivately(to, text) {
    const { rooms, sending, state } = this.client;
    const known = state.shown.people.users.get(to);
    if (!text) return rooms.openPrivate(known?.author ? `@${known.author}` : to);
    return sending.sendPrivately(known ?? { nickname: to }, text);
  }

  /**
   * @param {string} content
   * @param {string} sentence
   */
  #refuse(content, sentence) {
    this.composer.takeBack(content);
    this.sentence.textContent = sentence;
    this.notSent.hidden = false;
    announce(`${sentence} Not sent.`);
  }

  #sendAsText() {
    const content = this.composer.take();
    this.notSent.hidden = true;
    this.composer.focus();
    if (!content) return;
    this.sentTexts.add(content);
    this.send(content);
  }

  async #pickEmoji() {
    const emoji = await this.picker.pick(byId("emoji"), byId("composer"));
    if (emoji) this.composer.insert(emoji);
  }

  /**
   * Where one writes. In a room that is not known to its end, the host is asked for whom the query may mean.
   * @param {import("./completion.js").Query} [query]
   * @returns {import("./completion.js").Place}
   */
  #place(query) {
    const { state } = this.client;
    const { people, peopleSearch, name } = state.shown;
    const known = new Map(people.users);
    if (query?.kind === "person" && !people.complete) {
      this.client.findPeople(query.text);
      for (const user of peopleSearch.found?.people ?? []) known.set(user.nickname, user);
    }
    const others = [...known.values()].filter((user) => !state.own.isMine(user));
    const mayAddressAll = state.isHost(state.own) || people.count <= ASKS_ABOVE;
    const isWhole = people.complete && !state.list.rooms.get(name)?.private_with;
    const outside = isWhole ? peopleOutside(state.home.people.users.values(), known.values()) : [];
    const keepsOrder = this.client.order.standing(name).rights.length > 0;
    return { room: name, people: others, count: people.count, mayAddressAll, outside, keepsOrder };
  }
}
