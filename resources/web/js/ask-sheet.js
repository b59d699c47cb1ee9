// @ts-check
/** The sheet to raise one's hand, or to ask something, with or without one's name. */

import { byId } from "./dom.js";
import { isolated } from "./nickname.js";
import { Sheet } from "./sheet.js";

export class AskSheet {
  /**
   * @param {import("./client.js").ChatClient} client
   * @param {(sentence: string) => void} told what the host says of a question that it has taken
   */
  constructor(client, told) {
    this.client = client;
    this.told = told;
    this.sheet = new Sheet(byId("ask"));
    this.field = /** @type {HTMLTextAreaElement} */ (byId("ask-text"));
    this.nameless = /** @type {HTMLInputElement} */ (byId("ask-nameless"));
    this.nameless.addEventListener("change", () => this.#explain());
    byId("ask-form").addEventListener("submit", (submit) => this.#submit(submit));
    byId("ask-close").addEventListener("click", () => this.sheet.close());
    byId("ask-hand").addEventListener("click", () => {
      this.client.pace.raise(true);
      this.sheet.close();
    });
  }

  /** @param {string} [text] */
  open(text = "") {
    const { state } = this.client;
    const host = isolated(state.server.host || "the host");
    const allowed = state.list.rooms.get(state.shown.name)?.nameless ?? false;
    if (text) this.field.value = text;
    byId("ask-title").textContent = `Ask ${host}`;
    byId("ask-choice").hidden = !allowed;
    this.nameless.checked = allowed;
    byId("ask-error").textContent = "";
    byId("ask-truth").textContent =
      `Nobody sees your name, and nothing that is kept says who asked. ${host}’s computer knows it while you send, ` +
      "so somebody who watches that computer or the network could find out. You cannot change or delete the " +
      "question later.";
    this.#explain();
    this.sheet.open();
    this.field.focus();
  }

  #explain() {
    byId("ask-truth-box").hidden = !this.nameless.checked || byId("ask-choice").hidden;
  }

  /** @param {SubmitEvent} submit */
  async #submit(submit) {
    submit.preventDefault();
    const content = this.field.value.trim();
    const error = byId("ask-error");
    if (!content) {
      error.textContent = "Write your question.";
      return;
    }
    error.textContent = "";
    const isNameless = this.nameless.checked && !byId("ask-choice").hidden;
    const answer = isNameless ? await this.client.pace.ask(content) : null;
    error.textContent = answer?.refusal ?? "";
    if (error.textContent) return;
    if (!isNameless) this.client.sending.send(content);
    this.field.value = "";
    this.sheet.close();
    if (answer) this.told(answer.told);
  }
}
