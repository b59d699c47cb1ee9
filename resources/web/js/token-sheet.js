// @ts-check
/** Asks for another token, in a dialog over the chat: what is half-written stays. */

import { el, markInvalid } from "./dom.js";
import { addEye } from "./eye.js";
import { Sheet } from "./sheet.js";
import { looksLikeToken } from "./sign-in.js";

const NO_TOKEN = "This is no token: copy all of it, from its beginning to its end.";

/**
 * Ask for another token: on the open connection, or to join again with it. What is written stays.
 * @param {import("./client.js").ChatClient} client
 * @param {() => void} rejoin joins again, with the token that the client has then
 */
export function renewToken({ signIn, connection, endReason }, rejoin) {
  const open = connection.phase === "open";
  askForToken(open ? "Yours ends soon. With a new one you stay in the chat." : endReason, (token) => {
    if (connection.phase === "open") return signIn.renew(token, (command) => connection.send(command));
    signIn.use(token);
    rejoin();
    return Promise.resolve("");
  });
}

/**
 * @param {string} text why, and what follows
 * @param {(token: string) => Promise<string>} use returns why the token is refused; empty if it is not
 */
function askForToken(text, use) {
  const describedBy = { "aria-describedby": "new-token-text new-token-error" };
  const input = el("input", { id: "new-token", type: "password", autocomplete: "off", dir: "ltr", ...describedBy });
  const eye = el("button", { type: "button", class: "icon-button small" });
  addEye(input, eye, "token");
  const error = el("p", { id: "new-token-error", class: "error", role: "alert" });
  const accept = el("button", { type: "submit", class: "button primary" }, "Go on");
  const cancel = el("button", { type: "button", class: "button" }, "Cancel");
  const form = el(
    "form",
    { novalidate: true },
    el("label", { for: "new-token" }, "Token"),
    el("div", { class: "field password-field" }, input, eye),
    error,
    el("div", { class: "question-buttons" }, accept, cancel),
  );
  const title = el("h2", { id: "new-token-title" }, "A new token");
  const about = el("p", { id: "new-token-text" }, text);
  const named = { class: "question token-sheet", "aria-labelledby": "new-token-title" };
  const dialog = el("dialog", named, title, about, form);
  document.body.append(dialog);
  const sheet = new Sheet(dialog, () => dialog.remove());
  const showError = (/** @type {string} */ sentence) => {
    error.textContent = sentence;
    markInvalid(input, Boolean(sentence));
    if (sentence) input.focus();
  };
  input.addEventListener("input", () => showError(""));
  cancel.addEventListener("click", () => sheet.close());
  form.addEventListener("submit", async (submit) => {
    submit.preventDefault();
    const typed = input.value.trim();
    const why = looksLikeToken(typed) ? await use(typed) : NO_TOKEN;
    if (why) showError(why);
    else sheet.close();
  });
  sheet.open();
  input.focus();
}
