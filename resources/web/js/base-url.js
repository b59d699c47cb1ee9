// @ts-check
/** Where the page has come from: a host, or a folder of a proxy's that stands for it. */

/** The page's folder, which ends in a slash. */
const BASE = new URL(".", document.baseURI);

/** The folder's path: `/`, unless a proxy gives the chat a part of its own addresses. */
export const basePath = BASE.pathname;

/** Host and folder, which is what browsers show. */
export const hostAndPath = BASE.host + basePath.replace(/\/$/u, "");

/** What others type to come here. Where no port is named, the scheme is: to a ChatDesk a bare name means its usual port. */
export const shareAddress = BASE.href.replace(/\/$/u, "").replace(/^http:\/\/(?=[^/]+:\d+(?:\/|$))/u, "");

/** Whether nobody on the way to `address` can read along. */
export const encrypted = BASE.protocol === "https:";

/**
 * The URL of something beside the page.
 * @param {string} name such as `stats`
 */
export function urlOf(name) {
  return new URL(name, BASE).href;
}

/** The URL of the chat's WebSocket. */
export function websocketUrl() {
  return urlOf("ws").replace(/^http/u, "ws");
}
