// @ts-check
/** The sheet in which host and moderators invite people: a new invitation with its QR code, and all others. */

import { announce } from "./announce.js";
import { urlOf } from "./base-url.js";
import { copyText } from "./clipboard.js";
import { byId, el, setHidden, setText } from "./dom.js";
import { invitationRow } from "./invitation-row.js";
import { qrCode } from "./qr-code.js";
import { Sheet } from "./sheet.js";

/** The largest width of the QR code, in px. */
const QR = 200;

export class InviteSheet {
  /** @param {import("./client.js").ChatClient} client */
  constructor(client) {
    this.client = client;
    this.admission = client.admission;
    this.sheet = new Sheet(byId("invite"));
    this.form = /** @type {HTMLFormElement} */ (byId("invitation-form"));
    byId("invite-open").addEventListener("click", () => this.open());
    byId("invite-close").addEventListener("click", () => this.sheet.close());
    this.form.addEventListener("submit", (submit) => this.#make(submit));
    byId("invitation-copy-code").addEventListener("click", () => this.#copy("code"));
    byId("invitation-copy-link").addEventListener("click", () => this.#copy("link"));
  }

  open() {
    if (!this.admission.queue) return announce("Only the host and moderators can invite people.");
    this.admission.askForInvitations();
    this.#showRooms();
    setHidden("invitation-moderator", !this.client.order.may(this.client.state.shown.name, "give_roles"));
    this.render();
    this.sheet.open();
    return byId("invitation-make").focus();
  }

  render() {
    const { queue, invitations, invited, refusal } = this.admission;
    setHidden("invite-open", queue === null);
    if (!queue) return this.sheet.close();
    this.#showInvited(invited);
    setText("invitation-error", refusal);
    const rows = invitations.map((it) => invitationRow(it, () => this.admission.revoke(it.id)));
    byId("invitation-list").replaceChildren(...rows);
    return setHidden("invitation-none", invitations.length > 0);
  }

  /** The rooms in which somebody can begin. */
  #showRooms() {
    const rooms = [...this.client.state.list.rooms.values()].filter((it) => !it.private_with && !it.archived);
    const names = rooms.map(({ room }) => el("option", { value: room }, room));
    byId("invitation-room").replaceChildren(el("option", { value: "" }, "The first room"), ...names);
  }

  /** @param {globalThis.Event} submit */
  #make(submit) {
    submit.preventDefault();
    const form = new FormData(this.form);
    const word = (/** @type {string} */ name) => String(form.get(name) ?? "").trim();
    const wish = { uses: Number(form.get("uses")), seconds: Number(form.get("seconds")), address: urlOf("") };
    this.admission.invite({ ...wish, nickname: word("nickname"), room: word("room"), role: word("role") });
  }

  /** @param {import("./admission.js").Events["invited"] | null} invited */
  #showInvited(invited) {
    setHidden("invitation-made", invited === null);
    if (!invited || byId("invitation-code").textContent === invited.code) return;
    const link = `${urlOf("")}#invite=${invited.code}`;
    setText("invitation-code", invited.code);
    setText("invitation-link", link);
    const { qr } = invited;
    byId("invitation-qr").replaceChildren(...(qr.length ? [qrCode(qr, `QR code of ${link}`, QR)] : []));
    announce(`New invitation: ${[...invited.code].join(" ")}`);
    byId("invitation-made").scrollIntoView({ block: "nearest" });
  }

  /** @param {"code" | "link"} what */
  async #copy(what) {
    if (await copyText(byId(`invitation-${what}`).textContent ?? "")) announce(`Copied the ${what}`);
  }
}
