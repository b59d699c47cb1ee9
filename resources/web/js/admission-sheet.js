// @ts-check
/** The sheet in which host and moderators decide whom to admit: those who wait, and invitations. */

import { announce } from "./announce.js";
import { avatar } from "./avatar.js";
import { urlOf } from "./base-url.js";
import { copyText } from "./clipboard.js";
import { byId, el, nameElement, setHidden, setLabel, setText } from "./dom.js";
import { onKey } from "./keyboard.js";
import { PAGE_LOCALE } from "./locale.js";
import { isolated } from "./nickname.js";
import { Sheet } from "./sheet.js";

/** @typedef {import("./admission.js").Waiter} Waiter */
/** @typedef {import("./admission.js").Invitation} Invitation */

/** How long somebody who is gone leaves their place empty, in ms: nothing may move under the pointer. */
const GAP = 1000;
/** The shortest time between two announcements of how many wait, in ms. */
const QUIET = 10_000;
/** @type {Record<string, string>} */
const KINDS = { window: "Window", browser: "Browser", phone: "Phone", terminal: "Terminal", bot: "Bot" };
/** @type {Record<string, string>} */
const ROLES = { moderator: "as moderator", guest: "to read only" };

export class AdmissionSheet {
  #announced = 0;
  #announcedAt = -Infinity;
  #timer = 0;

  /** @param {import("./client.js").ChatClient} client */
  constructor(client) {
    this.client = client;
    this.admission = client.admission;
    this.sheet = new Sheet(byId("admission"));
    this.list = byId("admission-list");
    this.toggle = /** @type {HTMLInputElement} */ (byId("admission-approval"));
    byId("admission-open").addEventListener("click", () => this.open());
    byId("admission-close").addEventListener("click", () => this.sheet.close());
    byId("admission-all").addEventListener("click", () => this.admission.accept());
    this.toggle.addEventListener("change", () => this.admission.setApproval(this.toggle.checked));
    byId("invitation-form").addEventListener("submit", (submit) => this.#make(submit));
    byId("invitation-copy-code").addEventListener("click", () => this.#copy("code"));
    byId("invitation-copy-link").addEventListener("click", () => this.#copy("link"));
  }

  open() {
    if (!this.admission.queue) return announce("Only the host and moderators can let people in and invite.");
    this.admission.askForInvitations();
    this.render();
    this.sheet.open();
    return this.#first().focus();
  }

  /** To make an invitation. */
  openForInvitation() {
    this.open();
    if (this.admission.queue) byId("invitation-make").focus();
  }

  render() {
    const { queue, invitations, invited } = this.admission;
    setHidden("admission-open", queue === null);
    if (!queue) return this.sheet.close();
    const { count, people, approval } = queue;
    setText("admission-badge", count ? String(count) : "");
    setHidden("admission-badge", !count);
    setLabel("admission-open", count ? `Admission, ${count} waiting` : "Admission");
    setText("admission-count", count ? String(count) : "");
    setHidden("admission-all", count < 2);
    setText("admission-all", `Let all ${count} in`);
    setText("admission-note", noteFor(count, approval));
    this.toggle.checked = approval;
    setHidden("admission-guard", !this.client.state.isHost(this.client.state.own));
    this.#showPeople(people);
    this.#showInvited(invited);
    byId("invitation-list").replaceChildren(...invitations.map((it) => this.#invitationRow(it)));
    setHidden("invitation-none", invitations.length > 0);
    return this.#announce(count);
  }

  /** @param {Waiter[]} people */
  #showPeople(people) {
    const rows = new Map([...this.list.children].map((row) => [/** @type {HTMLElement} */ (row).dataset.author, row]));
    for (const [author, row] of rows) if (!people.some((it) => it.author === author)) this.#takeOut(row);
    for (const waiter of people) {
      const row = this.#row(waiter);
      const old = rows.get(waiter.author);
      if (!old || old.classList.contains("gone")) this.list.append(row);
      else if (old.textContent !== row.textContent) this.#replace(old, row);
    }
  }

  /** @param {Element} old @param {HTMLElement} row */
  #replace(old, row) {
    const hadFocus = old === document.activeElement;
    old.replaceWith(row);
    if (hadFocus) row.focus();
  }

  /** @param {Element} row */
  #takeOut(row) {
    if (row.classList.contains("gone")) return;
    const hadFocus = row.contains(document.activeElement);
    row.classList.add("gone");
    row.replaceChildren();
    row.removeAttribute("tabindex");
    row.setAttribute("aria-hidden", "true");
    if (hadFocus) this.#first().focus();
    setTimeout(() => row.remove(), GAP);
  }

  #first() {
    const row = /** @type {HTMLElement | null} */ (this.list.querySelector("li:not(.gone)"));
    return row ?? byId("admission-close");
  }

  /** @param {Waiter} waiter */
  #row(waiter) {
    const { nickname, author, client, waited, lost } = waiter;
    const about = `${KINDS[client] ?? "Browser"}, ${lost ? "connection lost" : timeOf(waited)}`;
    const refuse = el("button", { type: "button", class: "button quiet" }, "Turn away");
    const accept = el("button", { type: "button", class: "button soft" }, "Let in");
    refuse.setAttribute("aria-label", `Turn ${isolated(nickname)} away`);
    accept.setAttribute("aria-label", `Let ${isolated(nickname)} in`);
    refuse.addEventListener("click", () => this.admission.decline(author));
    accept.addEventListener("click", () => this.admission.accept(author));
    const words = el("div", {}, el("p", { class: "elide" }, nameElement(nickname)), el("p", { class: "hint" }, about));
    const row = el("li", { tabindex: 0, "data-author": author }, avatar({ nickname, author }), words, refuse, accept);
    row.setAttribute("aria-label", `${isolated(nickname)}, ${about}`);
    onKey(row, (key) => this.#pressed(key, row, author));
    return row;
  }

  /** @param {KeyboardEvent} key @param {HTMLElement} row @param {string} author */
  #pressed(key, row, author) {
    if (key.target !== row || key.ctrlKey || key.metaKey || key.altKey) return;
    const { nextElementSibling: next, previousElementSibling: previous } = row;
    if (key.key.toLowerCase() === "a") this.admission.accept(author);
    else if (key.key.toLowerCase() === "x") this.admission.decline(author);
    else if (key.key === "ArrowDown" && next) /** @type {HTMLElement} */ (next).focus();
    else if (key.key === "ArrowUp" && previous) /** @type {HTMLElement} */ (previous).focus();
    else return;
    key.preventDefault();
  }

  /** @param {globalThis.Event} submit */
  #make(submit) {
    submit.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (byId("invitation-form")));
    this.admission.invite({ uses: Number(form.get("uses")), seconds: Number(form.get("seconds")) });
  }

  /** @param {import("./admission.js").Events["invited"] | null} invited */
  #showInvited(invited) {
    setHidden("invitation-made", invited === null);
    if (!invited) return;
    const isNew = byId("invitation-code").textContent !== invited.code;
    setText("invitation-code", invited.code);
    setText("invitation-link", `${urlOf("")}#invite=${invited.code}`);
    if (isNew) announce(`New invitation: ${[...invited.code].join(" ")}`);
  }

  /** @param {"code" | "link"} what */
  async #copy(what) {
    if (await copyText(byId(`invitation-${what}`).textContent ?? "")) announce(`Copied the ${what}`);
  }

  /** @param {Invitation} invitation */
  #invitationRow(invitation) {
    const about = described(invitation);
    const revoke = el("button", { type: "button", class: "button quiet danger" }, "Revoke");
    revoke.setAttribute("aria-label", `Revoke: ${about}`);
    revoke.addEventListener("click", () => this.admission.revoke(invitation.id));
    return el("li", {}, el("span", { dir: "auto" }, about), revoke);
  }

  /** Say how many wait, politely: not for each one of a class that comes. @param {number} count */
  #announce(count) {
    clearTimeout(this.#timer);
    if (count === this.#announced) return;
    const wait = this.#announcedAt + QUIET - performance.now();
    if (wait > 0) {
      this.#timer = setTimeout(() => this.#announce(this.admission.queue?.count ?? 0), wait);
      return;
    }
    this.#announced = count;
    this.#announcedAt = performance.now();
    if (count) announce(count === 1 ? "One person waits to come in" : `${count} people wait to come in`);
  }
}

/** @param {number} count @param {boolean} approval */
function noteFor(count, approval) {
  if (count) return "People who leave the page leave the queue.";
  return approval
    ? "Nobody waits. Newcomers wait here until you let them in; who has been here before does not."
    : "Newcomers come in by themselves.";
}

/** @param {number} seconds */
function timeOf(seconds) {
  if (seconds < 10) return "just now";
  return seconds < 60 ? `waits ${seconds} s` : `waits ${Math.floor(seconds / 60)} min`;
}

/** @param {Invitation} invitation */
function described({ nickname, uses, used, room, role, expires }) {
  const who = nickname ? `For ${isolated(nickname)}` : uses ? "" : "For anybody";
  const spent = uses ? `${used} of ${uses} used` : `${used} came`;
  const end = new Date(expires);
  const today = end.toDateString() === new Date().toDateString();
  const time = () => end.toLocaleTimeString(PAGE_LOCALE, { timeStyle: "short" });
  const words = today ? time() : end.toLocaleDateString(PAGE_LOCALE);
  const until = end.getTime() <= Date.now() ? "ended" : `ends ${words}`;
  return [who, spent, room && `to ${isolated(room)}`, ROLES[role], until].filter(Boolean).join(", ");
}
