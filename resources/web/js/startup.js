// @ts-check
/** Mark the page as started: removes the notice for pages that do not start, and silences browser-support.js. */
export function markStarted() {
  document.body.dataset.started = "yes";
  document.getElementById("starting")?.remove();
}
