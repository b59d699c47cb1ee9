// @ts-check
/**
 * Asks the server at an address that another one has named to prove that it is of the same chat: anybody could be
 * there, and would get the token of the person. Only who has issued a token can prove it (`prove` on the wire).
 */

import { randomId } from "./random-id.js";
import { hmacSha256 } from "./sha256.js";

const DEFAULT_PORTS = new Map([
  ["ws:", "80"],
  ["wss:", "443"],
]);

export class ProofRequest {
  #nonce = randomId();

  /**
   * @param {string} token that the chat has issued; empty for none, which nobody can prove
   * @param {string} url of the WebSocket
   */
  constructor(token, url) {
    const dot = token.indexOf(".");
    this.identity = token.slice(0, Math.max(dot, 0));
    this.signature = token.slice(dot + 1);
    this.url = new URL(url);
  }

  /** The command to send. */
  get command() {
    return { type: /** @type {const} */ ("prove"), identities: [this.identity], nonce: this.#nonce, id: randomId() };
  }

  /** Whether one of these is the proof of who is at this address. @param {string[]} proofs */
  isProvenBy(proofs) {
    if (!this.identity || !this.signature) return false;
    return this.#places().some((place) => proofs.includes(hmacSha256(this.signature, `${this.#nonce} ${place}`)));
  }

  /** How the server signs where it is: its own address and port, or behind a proxy the address of its page. */
  #places() {
    const { protocol, host, hostname, pathname, port } = this.url;
    const page = `${protocol.replace("ws", "http")}//${host}${pathname.replace(/\/ws$/u, "")}`;
    return [`${hostname.replace(/^\[|\]$/gu, "")} ${port || DEFAULT_PORTS.get(protocol)}`, `${page} 0`];
  }
}
