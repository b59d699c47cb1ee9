// @ts-check
/** What the person is writing in each room, as this tab stores it. */

import { Draft } from "./draft.js";
import * as storage from "./storage.js";

export class Drafts {
  /** @type {Map<string, Draft>} by person and room: two people may use one tab, one after the other */
  #drafts = new Map();

  /** @param {import("./state.js").ChatState} state */
  constructor(state) {
    this.state = state;
  }

  /** The one of the shown room. */
  get shown() {
    return this.of(this.state.shown.name);
  }

  /** @param {string} room */
  of(room) {
    const { nickname, author } = this.state.own;
    const key = JSON.stringify([author || nickname, room]);
    const draft = this.#drafts.get(key) ?? new Draft(this.#store(room));
    this.#drafts.set(key, draft);
    return draft;
  }

  /** @param {string} room @returns {import("./draft.js").DraftStore} */
  #store(room) {
    return {
      load: () => ({
        text: storage.loadText(this.state.nickname, room),
        about: storage.loadDraft(this.state.nickname, room),
      }),
      save: (text, about) => {
        storage.saveText(this.state.nickname, room, text);
        storage.saveDraft(this.state.nickname, room, about);
      },
    };
  }
}
