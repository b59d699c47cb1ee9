// @ts-check
/** The sheet of a room's settings: for everybody, as far as the person may change them, and for oneself. */

import { byId } from "./dom.js";
import { isolated } from "./nickname.js";
import { ask } from "./question.js";
import { Sheet } from "./sheet.js";

/**
 * @typedef {import("./room-list.js").RoomSummary} RoomSummary
 * @typedef {{password?: string, locked?: boolean}} EntryChange
 * @typedef {object} Actions what a room can be asked for
 * @property {(room: string, topic: string) => void} setTopic
 * @property {(room: string, see: string) => void} setNewcomers
 * @property {(room: string, level: import("./protocol.js").Level) => void} setLevel
 * @property {(room: string, pace: Partial<RoomSummary["pace"]>) => void} setPace
 * @property {(room: string, active: boolean) => void} archive
 * @property {(room: string) => void} openToEverybody
 * @property {(room: string) => void} delete
 * @property {(room: string, entry: EntryChange) => void} setEntry who may come in
 * @property {(room: string) => void} exit
 */

const IN_FILE = "It stands in a file on the host’s computer, and is changed there.";
const TOLD = "Changes for everybody are told in the room, with your name.";
const NOT_YOURS = "Only the host can change what holds for everybody.";

/** @type {("announce" | "hold" | "nameless")[]} */
const SWITCHES = ["announce", "hold", "nameless"];

export class RoomSettings {
  /** @type {RoomSummary | null} */
  #room = null;
  #isHome = false;
  /** @type {string[]} */
  #asks = [];
  #paceBefore = "";

  /** @param {Actions} actions */
  constructor(actions) {
    this.actions = actions;
    this.sheet = new Sheet(byId("room-settings"));
    this.form = /** @type {HTMLFormElement} */ (byId("room-settings-form"));
    this.topic = /** @type {HTMLInputElement} */ (byId("room-settings-topic"));
    this.topic.addEventListener("input", () => this.#count());
    this.password = /** @type {HTMLInputElement} */ (byId("room-settings-password"));
    this.locked = /** @type {HTMLInputElement} */ (byId("room-settings-locked"));
    byId("room-settings-password-remove").addEventListener("click", () =>
      this.#act((room) => this.actions.setEntry(room.name, { password: "" })),
    );
    this.form.addEventListener("submit", (submit) => this.#save(submit));
    for (const id of ["room-settings-cancel", "room-settings-close"]) {
      byId(id).addEventListener("click", () => this.sheet.close());
    }
    byId("room-settings-archive").addEventListener("click", () => this.#act((room) => this.#archive(room)));
    byId("room-settings-open-up").addEventListener("click", () =>
      this.#act((room) => this.actions.openToEverybody(room.name)),
    );
    byId("room-settings-delete").addEventListener("click", () => this.#act((room) => this.#delete(room)));
    byId("room-settings-leave").addEventListener("click", () => this.#act((room) => this.actions.exit(room.name)));
  }

  /**
   * @param {RoomSummary} room
   * @param {{people: string, mayChange: boolean, mayPace: boolean, isHome: boolean}} about `people`: how many
   *   are there, in words; `mayPace`: its pace; `mayChange`: what holds for everybody; `isHome`: the room of the
   *   join, which is left with the chat
   */
  open(room, { people, mayChange, isHome, mayPace }) {
    this.#room = room;
    const shared = mayChange && !room.partner;
    byId("room-settings-about").textContent = room.partner ? `With ${isolated(room.title)}` : `${room.name}, ${people}`;
    byId("room-settings-shared").hidden = Boolean(room.partner);
    for (const control of this.form.querySelectorAll("[data-shared]")) {
      /** @type {HTMLInputElement} */ (control).disabled = !shared;
      control.closest(".field, .segments")?.classList.toggle("disabled", !shared);
    }
    byId("room-settings-closed").hidden = !shared || !room.closed;
    byId("room-settings-archiving").hidden = !shared || isHome;
    byId("room-settings-deletion").hidden = !shared || isHome;
    byId("room-settings-archive").textContent = room.archived ? "Open again" : "Archive";
    byId("room-settings-leave").hidden = isHome;
    byId("room-settings-note").textContent = room.partner ? "" : shared ? TOLD : NOT_YOURS;
    this.topic.value = room.topic;
    byId("room-settings-entry").hidden = !shared;
    byId("room-settings-password-label").textContent = isHome ? "Password of the chat" : "Password of this room";
    byId("room-settings-locked-name").textContent = isHome ? "Lock the chat" : "Lock this room";
    this.password.value = "";
    this.#isHome = isHome;
    this.#showEntry(isHome ? [] : room.entry);
    this.#choose("newcomers", room.newcomers);
    this.#choose("level", room.level);
    this.#showPace(room, mayPace);
    this.#count();
    this.sheet.open();
  }

  /** What the chat asks for is known, or has changed. @param {import("./admission.js").Admission} admission */
  showEntry({ entry, passwordInFile }) {
    if (this.#isHome) this.#showEntry(entry, passwordInFile);
  }

  /** @param {string[]} asks @param {boolean} [inFile] whether a file has the password, and it cannot be changed here */
  #showEntry(asks, inFile = false) {
    const has = asks.includes("password");
    this.password.readOnly = inFile;
    this.#asks = asks;
    this.locked.checked = asks.includes("locked");
    const set = inFile ? "Is set" : "Is set. Write another to change it";
    this.password.placeholder = has ? set : "None";
    byId("room-settings-password-remove").hidden = !has || inFile;
    const asked = `Who is in stays, and is asked ${this.#isHome ? "at the next join" : "when they come back"}.`;
    byId("room-settings-password-hint").textContent = inFile ? IN_FILE : asked;
  }

  #count() {
    byId("room-settings-count").textContent = `${Array.from(this.topic.value).length} of ${this.topic.maxLength}`;
  }

  /** @param {SubmitEvent} submit */
  #save(submit) {
    submit.preventDefault();
    this.#act(({ name, topic, newcomers, level }) => {
      const chosen = new FormData(this.form);
      const written = this.topic.value.trim();
      const [see, told] = [String(chosen.get("newcomers") ?? newcomers), String(chosen.get("level") ?? level)];
      if (!this.topic.disabled && written !== topic) this.actions.setTopic(name, written);
      if (see !== newcomers) this.actions.setNewcomers(name, see);
      if (!byId("room-settings-entry").hidden) this.#saveEntry(name);
      this.#savePace();
      if (told !== level) this.actions.setLevel(name, /** @type {import("./protocol.js").Level} */ (told));
    });
  }

  /** @param {string} room */
  #saveEntry(room) {
    const locked = this.locked.checked;
    const password = this.password.value.trim();
    const change = {
      ...(password && { password }),
      ...(locked !== this.#asks.includes("locked") && { locked }),
    };
    if (Object.keys(change).length) this.actions.setEntry(room, change);
    this.password.value = "";
  }

  /**
   * @param {RoomSummary} room
   * @param {boolean} mayPace
   */
  #showPace({ pace, partner }, mayPace) {
    byId("room-settings-pace").hidden = Boolean(partner);
    const steps = [...this.form.querySelectorAll('input[name="slow"]')].map((it) => Number(it.getAttribute("value")));
    const nearest = steps.find((step) => step >= pace.slow) ?? steps.at(-1) ?? 0;
    this.#choose("slow", String(nearest));
    for (const name of SWITCHES) byToggle(name).checked = pace[name];
    for (const control of this.form.querySelectorAll("[data-pace]")) {
      /** @type {HTMLInputElement} */ (control).disabled = !mayPace;
      control.closest(".segments")?.classList.toggle("disabled", !mayPace);
    }
    this.#paceBefore = JSON.stringify(this.#chosenPace());
  }

  #chosenPace() {
    const slow = Number(new FormData(this.form).get("slow") ?? 0);
    return { slow, ...Object.fromEntries(SWITCHES.map((name) => [name, byToggle(name).checked])) };
  }

  #savePace() {
    const chosen = this.#chosenPace();
    const isOff = byToggle("hold").disabled;
    if (!this.#room || isOff || JSON.stringify(chosen) === this.#paceBefore) return;
    this.actions.setPace(this.#room.name, chosen);
  }

  /** @param {RoomSummary} room */
  #archive(room) {
    this.actions.archive(room.name, !room.archived);
  }

  /** @param {RoomSummary} room */
  async #delete({ name, messages }) {
    const title = `Delete the room ${isolated(name)}?`;
    const text = `${allOf(messages)} deleted for everybody, and for good. Links to this room lead nowhere then.`;
    if (await ask({ title, text, accept: "Delete room", refuse: "Cancel", destroys: true })) this.actions.delete(name);
  }

  /** @param {(room: RoomSummary) => void} work */
  #act(work) {
    const room = this.#room;
    this.sheet.close();
    if (room) work(room);
  }

  /**
   * @param {string} name of a group of choices
   * @param {string} value
   */
  #choose(name, value) {
    const choice = this.form.querySelector(`input[name="${name}"][value="${CSS.escape(value)}"]`);
    if (choice) /** @type {HTMLInputElement} */ (choice).checked = true;
  }
}

/** @param {string} name */
function byToggle(name) {
  return /** @type {HTMLInputElement} */ (byId(`room-settings-${name}`));
}

/** How much is lost, as the beginning of a sentence. @param {number} messages */
function allOf(messages) {
  if (!messages) return "The room is empty. It is";
  return messages === 1 ? "Its only message is" : `Its ${messages.toLocaleString("en")} messages are`;
}
