// @ts-check
/** Keep the page above an on-screen keyboard that covers the page instead of resizing it. */
export function avoidOnScreenKeyboard() {
  const seen = window.visualViewport;
  if (!seen) return;
  const fit = () => {
    const covered = seen.scale === 1 ? Math.max(innerHeight - seen.height, 0) : 0;
    document.documentElement.style.setProperty("--covered", `${Math.round(covered)}px`);
    if (covered) scrollTo(0, 0);
  };
  seen.addEventListener("resize", fit);
}
