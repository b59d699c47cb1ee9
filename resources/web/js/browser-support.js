/**
 * Runs in browsers of every age, and so in the oldest syntax: says so if the page cannot work here, or has not started.
 */
(function () {
  "use strict";
  var NEEDED = "It needs Safari 15.4 (iOS 15.4), Firefox 102, Chrome 99 or a browser as new as these.";
  var OLD = "This browser is too old for ChatDesk. " + NEEDED + " An update of this device may bring one.";
  var STUCK =
    "ChatDesk could not start here. Load this page again. If that does not help, use another browser. " + NEEDED;
  var MISSING =
    "A part of this page has not arrived, and so ChatDesk could not start. Load the page again. If that does not " +
    "help, tell the host: something on the way, such as a proxy, keeps it back: ";
  var PLAIN = "The looks of this page have not arrived. Load it again to have them.";
  var PAUSE = 1000;
  var body = document.body;
  /** Whether the page's script has arrived and failed. */
  var hasFailed = false;

  function isTooOld() {
    var dialog = window.HTMLDialogElement;
    return !(
      "noModule" in document.createElement("script") &&
      dialog &&
      typeof dialog.prototype.close === "function" &&
      typeof Array.prototype.at === "function" &&
      typeof Object.hasOwn === "function" &&
      typeof window.structuredClone === "function" &&
      typeof window.ResizeObserver === "function"
    );
  }

  /**
   * Probe the host's addresses, which the connection test does otherwise: a browser that is too old can reach them,
   * too.
   */
  function callHost() {
    var origins = (body.getAttribute("data-origins") || "").split(" ");
    var path = "/reach/" + body.getAttribute("data-nonce") + "?at=" + new Date().getTime();
    for (var index = 0; index < origins.length; index += 1) {
      if (origins[index] && typeof window.fetch === "function")
        fetch(origins[index] + path, { mode: "no-cors", credentials: "omit" });
    }
  }

  /** @param {string} sentence */
  function notice(sentence) {
    var words = document.createElement("p");
    words.className = "notice";
    words.setAttribute("role", "alert");
    words.appendChild(document.createTextNode(sentence));
    return words;
  }

  /** Show a sentence in place of the page. @param {string} sentence */
  function say(sentence) {
    while (body.firstChild) body.removeChild(body.firstChild);
    body.appendChild(notice(sentence));
  }

  /**
   * Load a missing file once more, under another URL: the browser may have cached the failure of the first.
   * @param {Element} element
   * @param {"src" | "href"} attribute
   * @param {(() => void) | null} arrived
   * @param {() => void} missing
   */
  function askAgain(element, attribute, arrived, missing) {
    var again = document.createElement(element.tagName);
    if (element instanceof HTMLLinkElement) again.setAttribute("rel", element.rel);
    again.onload = arrived;
    again.onerror = missing;
    setTimeout(function () {
      again.setAttribute(attribute, element.getAttribute(attribute) + "?again");
      document.head.appendChild(again);
    }, PAUSE);
  }

  /** @param {string} selector of an element in the markup */
  function find(selector) {
    return /** @type {Element} */ (document.querySelector(selector));
  }

  function askForScript() {
    var script = find("script[src$='page.js'], script[src$='check.js']");
    function missing() {
      say(MISSING + script.getAttribute("src") + ".");
    }
    function arrived() {
      if (body.hasAttribute("data-started")) return;
      if (hasFailed) say(STUCK);
      else missing();
    }
    askAgain(script, "src", arrived, missing);
  }

  function askForStyles() {
    askAgain(find("link[rel='stylesheet']"), "href", null, function () {
      body.insertBefore(notice(PLAIN), body.firstChild);
    });
  }

  /**
   * Whether a variable of the style sheet is known: browsers differ in what a link element says about a failed load.
   */
  function hasStyles() {
    return Boolean(getComputedStyle(document.documentElement).getPropertyValue("--type-ui"));
  }

  /**
   * A script that has neither started nor failed has not arrived: browsers differ in when they report it. Nor has one
   * with a syntax error: it is cut off, or a login page in its place.
   */
  function followParts() {
    window.addEventListener("error", function (event) {
      hasFailed = hasFailed || !(event.error instanceof SyntaxError);
    });
    window.addEventListener("load", function () {
      if (!hasStyles()) askForStyles();
      if (body.hasAttribute("data-started")) return;
      if (hasFailed) say(STUCK);
      else askForScript();
    });
  }

  if (isTooOld()) {
    say(body.hasAttribute("data-nonce") ? "This device reaches the host. " + OLD : OLD);
    callHost();
  } else {
    followParts();
  }
})();
