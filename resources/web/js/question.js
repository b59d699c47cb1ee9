// @ts-check
/** A question in a dialog: what follows, and buttons that name what they do. */

import { el } from "./dom.js";
import { Sheet } from "./sheet.js";

/**
 * Ask, and return whether the person accepts. A button that `destroys` something never has the focus.
 * @param {{title: string, text: string, accept: string, refuse: string, destroys?: boolean}} words
 * @returns {Promise<boolean>}
 */
export function ask({ title, text, accept, refuse, destroys = false }) {
  return new Promise((answer) => {
    const look = destroys ? "button danger" : "button primary";
    const yes = el("button", { type: "button", class: look, autofocus: !destroys }, accept);
    const no = el("button", { type: "button", class: "button", autofocus: destroys }, refuse);
    const dialog = el("dialog", { class: "question", "aria-label": title }, el("h2", {}, title), el("p", {}, text));
    dialog.append(el("div", { class: "question-buttons" }, no, yes));
    document.body.append(dialog);
    let accepted = false;
    const sheet = new Sheet(dialog, () => {
      dialog.remove();
      answer(accepted);
    });
    yes.addEventListener("click", () => {
      accepted = true;
      sheet.close();
    });
    no.addEventListener("click", () => sheet.close());
    sheet.open();
  });
}
