// @ts-check
/** The field for a token on the join screen: shown where the chat asks for one, or takes one. */

import { byId, markInvalid } from "./dom.js";
import { addEye } from "./eye.js";
import { looksLikeToken, nameIn } from "./sign-in.js";

const MISSING = "Paste your token first.";
const NO_TOKEN = "This is no token: copy all of it, from its beginning to its end.";
const HINTS = {
  token: "The host of this chat gives it to you.",
  optional: "If you have one. Without it you are a guest.",
};

export class TokenField {
  /** @param {import("./sign-in.js").SignIn} signIn */
  constructor(signIn) {
    this.signIn = signIn;
    this.row = byId("token-row");
    this.field = /** @type {HTMLInputElement} */ (byId("token"));
    addEye(this.field, byId("token-show"), "token");
    this.fill();
    this.field.addEventListener("input", () => this.showError(""));
    this.required = false;
  }

  /** Show the token that is known, such as by a link. */
  fill() {
    this.field.value = this.signIn.token;
  }

  /** The name that the typed token states. */
  get name() {
    return nameIn(this.field.value.trim());
  }

  /** What the chat asks for. @param {readonly string[]} entry */
  show(entry) {
    this.required = entry.includes("token");
    this.row.hidden = !this.required && !entry.includes("token_optional");
    byId("token-hint").textContent = this.required ? HINTS.token : HINTS.optional;
  }

  /** Take what is typed for the join; returns false, with an error shown, if it cannot be right. */
  take() {
    const typed = this.row.hidden ? this.signIn.token : this.field.value.trim();
    const error = typed ? (looksLikeToken(typed) ? "" : NO_TOKEN) : this.required ? MISSING : "";
    if (error) this.showError(error);
    else this.signIn.use(typed);
    return !error;
  }

  /** @param {string} sentence why the token is refused; empty for no error */
  showError(sentence) {
    byId("token-error").textContent = sentence;
    byId("token-hint").hidden = Boolean(sentence);
    markInvalid(this.field, Boolean(sentence));
    if (!sentence) return;
    this.row.hidden = false;
    this.field.focus();
    this.field.select();
  }
}
