// @ts-check
/** The screen before the chat: the room, a nickname and one button. */

import { avatar } from "./avatar.js";
import { cleanLine } from "./clean-text.js";
import { el, markInvalid, nameElement, byId, touch } from "./dom.js";
import { isolated, shortName } from "./nickname.js";
import { countPeople } from "./counts.js";
import { fetchEntry, fetchRoomStatus } from "./room-status.js";
import { TokenField } from "./token-field.js";
import { encrypted, hostAndPath } from "./base-url.js";

/** How often the screen requests the room's status, in ms: soon enough to see the room open, and little work. */
const POLL_INTERVAL = 5000;

export class JoinScreen {
  #polling = 0;

  /**
   * @param {string} nickname from the last visit
   * @param {(nickname: string) => void} joined called with the nickname to join with
   * @param {import("./sign-in.js").SignIn} signIn
   */
  constructor(nickname, joined, signIn) {
    this.screen = byId("join");
    this.field = /** @type {HTMLInputElement} */ (byId("nickname"));
    this.button = /** @type {HTMLButtonElement} */ (byId("join-button"));
    this.joined = joined;
    this.openWords = "";
    this.tokenField = new TokenField(signIn);
    this.tokenField.field.addEventListener("input", () => this.#nameByToken());
    this.field.value = nickname || this.tokenField.name;
    this.field.addEventListener("input", () => this.#typed());
    byId("join-form").addEventListener("submit", (submit) => this.#submit(submit));
    byId("device-kind").textContent = touch.matches ? "phone" : "browser";
    this.#typed();
  }

  show() {
    this.appear();
    this.field.focus();
    this.field.select();
  }

  /** Show the screen and what the room is, with the focus where it is. @param {string} [how] the room is open */
  appear(how = "") {
    this.openWords = `The room is open${how}`;
    this.screen.hidden = false;
    this.#busy(false);
    this.#clearErrors();
    clearInterval(this.#polling);
    this.#polling = setInterval(() => this.#ask(), POLL_INTERVAL);
    this.#ask();
  }

  /**
   * Show what is wrong with the nickname.
   * @param {string} sentence
   */
  showNameError(sentence) {
    byId("nickname-error").textContent = sentence;
    byId("nickname-hint").hidden = true;
    markInvalid(this.field, true);
    this.field.focus();
  }

  /**
   * Show why joining has failed for another reason than the nickname.
   * @param {string} sentence
   */
  showError(sentence) {
    byId("join-error").textContent = sentence;
    this.button.focus();
  }

  /** The name of the chat, as the host has told it. */
  get roomName() {
    return byId("join-room").textContent ?? "";
  }

  hide() {
    this.screen.hidden = true;
    clearInterval(this.#polling);
  }

  /** A token may state the name: then nobody has to type it. */
  #nameByToken() {
    if (this.field.value || !this.tokenField.name) return;
    this.field.value = this.tokenField.name;
    this.#typed();
  }

  #typed() {
    const name = cleanLine(this.field.value);
    byId("nickname-avatar").replaceChildren(avatar({ nickname: name }));
    this.#clearErrors();
  }

  /** @param {globalThis.Event} submit */
  #submit(submit) {
    submit.preventDefault();
    const name = cleanLine(this.field.value);
    if (!name) return this.showNameError("Write your name first.");
    if (!this.tokenField.take()) return undefined;
    this.#clearErrors();
    this.#busy(true);
    return this.joined(name);
  }

  /** @param {boolean} busy */
  #busy(busy) {
    this.button.disabled = busy;
    this.button.textContent = busy ? "Joining…" : "Join the chat";
  }

  #clearErrors() {
    byId("nickname-error").textContent = "";
    byId("join-error").textContent = "";
    byId("nickname-hint").hidden = false;
    markInvalid(this.field, false);
  }

  async #ask() {
    const [room, entry] = await Promise.all([fetchRoomStatus(), fetchEntry()]);
    if (this.screen.hidden) return;
    this.tokenField.show(entry);
    const open = room !== null && typeof room !== "string";
    byId("join-lamp").classList.toggle("out", !open);
    byId("join-open").textContent = open ? this.openWords : (room ?? "The host does not answer");
    if (open) this.#describe(room);
  }

  /** @param {import("./room-status.js").RoomStatus} room */
  #describe({ name, host, users }) {
    byId("join-room").textContent = name;
    document.title = isolated(name);
    byId("join-host").replaceChildren(
      ...(host
        ? [avatar({ nickname: host }), el("span", {}, "Hosted by ", nameElement(host), `, ${countPeople(users)}`)]
        : [peopleHere(users)]),
    );
    byId("host-computer").replaceChildren(...(host ? [nameElement(shortName(host)), "’s"] : ["the host’s"]));
  }
}

/** Say that messages are encrypted if the page was loaded so; the markup is for unencrypted pages. */
export function describeEncryption() {
  if (!encrypted) return;
  byId("encryption").dataset.icon = "lock";
  const how = ` computer, by way of ${hostAndPath}, and encrypted as far as there.`;
  byId("encryption-text").replaceChildren("Messages go to ", byId("host-computer"), how);
}

/** @param {number} users */
function peopleHere(users) {
  if (!users) return "Nobody here yet";
  return `${countPeople(users)} here`;
}
