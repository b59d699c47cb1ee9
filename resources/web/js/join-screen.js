// @ts-check
/** The screen before the chat: the room, a nickname and one button. */

import { avatar } from "./avatar.js";
import { cleanLine } from "./clean-text.js";
import { el, markInvalid, nameElement, byId, touch } from "./dom.js";
import { isolated, shortName } from "./nickname.js";
import { countPeople } from "./counts.js";
import { fetchEntry, fetchRoomStatus } from "./room-status.js";
import { InvitationField } from "./invitation-field.js";
import { TokenField } from "./token-field.js";
import { encrypted, hostAndPath } from "./base-url.js";
import { PasswordField } from "./password-field.js";

/** How often the screen requests the room's status, in ms: soon enough to see the room open, and little work. */
const POLL_INTERVAL = 5000;

export class JoinScreen {
  #polling = 0;

  /**
   * @param {string} nickname from the last visit
   * @param {object} options
   * @param {(nickname: string, password: string, invitation: string) => void} options.joined called with what to join
   *   with
   * @param {(nickname: string) => boolean} options.isKnown whether somebody of this name has been here, who is not
   *   asked again
   * @param {import("./sign-in.js").SignIn} options.signIn
   * @param {string} options.invitation the code of the link that has led here; empty for none
   */
  constructor(nickname, { joined, isKnown, signIn, invitation }) {
    this.screen = byId("join");
    this.field = /** @type {HTMLInputElement} */ (byId("nickname"));
    this.button = /** @type {HTMLButtonElement} */ (byId("join-button"));
    this.joined = joined;
    this.isKnown = isKnown;
    this.password = new PasswordField("join-password", this.button);
    /** Whether the host has asked for a password, and whether it says that it asks those who are new for one. */
    this.asked = false;
    this.asksNewcomers = false;
    this.openWords = "";
    this.entry = /** @type {string[]} */ ([]);
    this.invitation = new InvitationField(invitation, () => this.#showStep());
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

  /**
   * Ask for the password of the chat, or show that it was wrong.
   * @param {import("./protocol.js").Refusal} refusal
   */
  askForPassword(refusal) {
    this.asked = true;
    this.#showStep();
    this.password.refused(refusal);
  }

  hide() {
    this.asked = false;
    this.password.reset();
    this.invitation.reset();
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
    this.#showStep();
  }

  /** @param {globalThis.Event} submit */
  #submit(submit) {
    submit.preventDefault();
    const name = cleanLine(this.field.value);
    const asks = !byId("join-password-step").hidden;
    if (!name) return this.showNameError("Write your name first.");
    if (!this.invitation.check() || !this.tokenField.take()) return undefined;
    if (asks && this.password.waits) return undefined;
    if (asks && !this.password.value) return this.#missingPassword();
    this.#clearErrors();
    this.#busy(true);
    return this.joined(name, asks ? this.password.value : "", this.invitation.value);
  }

  /** @param {boolean} busy */
  #busy(busy) {
    this.button.disabled = busy;
    this.button.textContent = busy ? "Joining…" : "Join the chat";
  }

  #clearErrors() {
    byId("nickname-error").textContent = "";
    byId("join-error").textContent = "";
    if (!this.password.waits) this.password.refuse("");
    byId("nickname-hint").hidden = !byId("join-password-step").hidden;
    markInvalid(this.field, false);
  }

  #missingPassword() {
    this.password.refuse("Write the password first. The host knows it.");
    this.password.input.focus();
  }

  /** Show the field for what the host will ask the person for. */
  #showStep() {
    const invited = this.invitation.active;
    const asks = !invited && (this.asked || (this.asksNewcomers && !this.isKnown(cleanLine(this.field.value))));
    this.invitation.offer(this.entry.length > 0 || this.asked);
    this.tokenField.show(invited ? [] : this.entry);
    byId("join-password-step").hidden = !asks;
    byId("password-notes").hidden = !asks;
    this.screen.classList.toggle("asks-password", asks);
    byId("join-notes").hidden = asks;
    if (asks) byId("nickname-hint").hidden = true;
  }

  async #ask() {
    const [room, entry] = await Promise.all([fetchRoomStatus(), fetchEntry()]);
    if (this.screen.hidden) return;
    this.entry = entry;
    const open = room !== null && typeof room !== "string";
    byId("join-lamp").classList.toggle("out", !open);
    const locked = open && entry.includes("locked");
    this.asksNewcomers = open && entry.includes("password");
    const how = locked ? ", to those who have been in" : this.asksNewcomers ? ", with a password" : "";
    byId("join-open").textContent = open ? this.openWords + how : (room ?? "The host does not answer");
    byId("join-lock").hidden = !locked && !this.asksNewcomers;
    this.#showStep();
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
    byId("password-host").replaceChildren(host ? nameElement(shortName(host)) : "The host");
    byId("host-computer").replaceChildren(...(host ? [nameElement(shortName(host)), "’s"] : ["the host’s"]));
  }
}

/** Say that messages are encrypted if the page was loaded so; the markup is for unencrypted pages. */
export function describeEncryption() {
  if (!encrypted) return;
  byId("encryption").dataset.icon = "lock";
  byId("password-wire").textContent = "It goes to the host alone. Choose none that you use elsewhere all the same.";
  const how = ` computer, by way of ${hostAndPath}, and encrypted as far as there.`;
  byId("encryption-text").replaceChildren("Messages go to ", byId("host-computer"), how);
}

/** @param {number} users */
function peopleHere(users) {
  if (!users) return "Nobody here yet";
  return `${countPeople(users)} here`;
}
