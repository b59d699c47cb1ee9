// @ts-check
/** What stands beside a person's name. It is drawn, so that nobody can write it into a name. */

import { el } from "./dom.js";
import { icon } from "./icons.js";

/**
 * The mark of the host, of a moderator, of a program, or of somebody who has proven who they are; none for others.
 * @param {{host?: boolean, role?: string, verified?: boolean}} person
 * @param {boolean} bot
 */
export function markOf({ host, role, verified }, bot) {
  if (host) return [el("span", { class: "tag" }, "host")];
  if (role === "moderator") {
    const words = el("span", { class: "visually-hidden" }, "moderator");
    return [el("span", { class: "tag", title: "moderator" }, el("span", { "aria-hidden": "true" }, "mod"), words)];
  }
  if (bot) return [el("span", { class: "tag bot" }, "bot")];
  return verified ? [el("span", { class: "verified" }, icon("shield-check", "verified"))] : [];
}

/**
 * Tells what somebody is in the room shown: "host", "moderator" or empty.
 * @param {import("./state.js").ChatState} state
 */
export function roleIn(state) {
  const { moderators } = state.shown.people;
  return (/** @type {import("./own-identity.js").Named} */ person) => {
    if (state.isHost(person)) return "host";
    return moderators.has(person.author ?? "") ? "moderator" : "";
  };
}
