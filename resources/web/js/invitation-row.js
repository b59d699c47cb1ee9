// @ts-check
/** An invitation in a list: what it permits, how far it is used, and the button that takes it back. */

import { el } from "./dom.js";
import { PAGE_LOCALE } from "./locale.js";
import { isolated } from "./nickname.js";

/** @typedef {import("./admission.js").Invitation} Invitation */

/** @type {Record<string, string>} */
const ROLES = { moderator: "as moderator", guest: "to read only" };

/** @param {Invitation} invitation @param {() => void} revoke */
export function invitationRow(invitation, revoke) {
  const about = described(invitation);
  const button = el("button", { type: "button", class: "button quiet danger" }, "Revoke");
  button.setAttribute("aria-label", `Revoke: ${about}`);
  button.addEventListener("click", revoke);
  return el("li", {}, el("span", { dir: "auto" }, about), button);
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
