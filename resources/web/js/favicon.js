// @ts-check
/** The tab's icon, which tells whether something waits to be read. */

const link = /** @type {HTMLLinkElement | null} */ (document.querySelector('link[rel="icon"]'));

/** @param {boolean} waits */
export function showUnreadIcon(waits) {
  const icon = waits ? "icon-unread.svg" : "icon.svg";
  if (link && link.getAttribute("href") !== icon) link.setAttribute("href", icon);
}
