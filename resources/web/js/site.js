// @ts-check
/** Where the page has come from: a host, or a folder of a proxy's that stands for it. */

/** The page's folder, which ends in a slash. */
const FOLDER = new URL(".", document.baseURI);

/** The folder's path: `/`, unless a proxy gives the chat a part of its own addresses. */
export const folder = FOLDER.pathname;

/** Host and folder, which is what browsers show. */
export const place = FOLDER.host + folder.replace(/\/$/u, "");

/** What others type to come here. Where no port is named, the scheme is: to a ChatDesk a bare name means its usual port. */
export const address = FOLDER.href.replace(/\/$/u, "").replace(/^http:\/\/(?=[^/]+:\d+(?:\/|$))/u, "");

/** Whether nobody on the way to `address` can read along. */
export const encrypted = FOLDER.protocol === "https:";

/**
 * The URL of something beside the page.
 * @param {string} name such as `stats`
 */
export function beside(name) {
  return new URL(name, FOLDER).href;
}

/** The URL of the chat's WebSocket. */
export function websocketUrl() {
  return beside("ws").replace(/^http/u, "ws");
}
