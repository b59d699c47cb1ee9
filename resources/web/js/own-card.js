// @ts-check
/** Oneself as the others see one, at the foot of the list of rooms. */

import { avatar, hueClass } from "./avatar.js";
import { byId, setHidden, setText } from "./dom.js";
import { presenceOf } from "./people.js";

/**
 * Show whether one is there, and what one says about it in place of the address.
 * @param {Parameters<typeof avatar>[0]} self
 * @param {import("./people.js").People} people of the shown room
 */
export function showOwnPresence(self, people) {
  const user = people.users.get(self.nickname);
  const presence = user ? presenceOf(user) : "online";
  byId("me-avatar").replaceChildren(avatar(self, presence));
  byId("me-avatar").className = hueClass(self);
  const words = [presence === "online" ? "" : presence, user?.status_text].filter(Boolean).join(": ");
  setText("me-status", words.charAt(0).toUpperCase() + words.slice(1));
  setHidden("me-status", !words);
  setHidden("me-address", words !== "");
}
