// The dashboard beside the chat: a panel that frames the dashboard's own page, and a button in the header for it.
//
// the server says {"freelancex": "dashboard", view} over the chat's own socket, or the button is pressed ──▶ the panel
// the framed page says {"freelancex": "ask", text} ──▶ the text is put into the message box, and never sent from here
// an address ending in #ask=… does the same; it comes from the dashboard as a page of its own

import { element } from "../model_card.js";

const WIDE = "(min-width: 1100px)";
const KEPT = "freelancex.dashboard";
let drafted = "";

const frame = element("iframe", { title: "Dashboard" });
const button = element(
  "button",
  { id: "dashboard-button", type: "button", "aria-expanded": "false", "aria-controls": "dashboard-panel", title: "Dashboard", onclick: () => (panel.hidden ? open() : close()) },
  icon(),
  element("span", {}, "Dashboard"),
);
const panel = element(
  "aside",
  { id: "dashboard-panel", "aria-label": "Dashboard", hidden: true },
  element(
    "header",
    {},
    element("a", { href: "/dashboard", target: "_blank", onclick: (event) => (event.currentTarget.href = frame.contentWindow.location.href) }, "Open as a page"),
    element("button", { type: "button", class: "quiet", "aria-label": "Close the dashboard", onclick: () => close() }, "✕"),
  ),
  frame,
);

function icon() {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 24 24", width: 16, height: 16, fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round", "aria-hidden": "true" })) made.setAttribute(name, value);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M4 20V10M10 20V4M16 20v-7M22 20H2");
  made.append(path);
  return made;
}

function open(view = "") {
  if (!panel.isConnected) document.body.append(panel);
  if (view || !frame.src) {
    const query = new URLSearchParams({ show: view || "money" });
    const [, thread] = window.location.pathname.match(/^\/thread\/([^/]+)/) ?? [];
    if (thread) query.set("thread", thread); // the session it shows is this conversation
    frame.src = `/dashboard?${query}`;
  }
  panel.hidden = false;
  document.documentElement.dataset.dashboard = "";
  button.setAttribute("aria-expanded", "true");
  localStorage.setItem(KEPT, "open");
}

function close() {
  panel.hidden = true;
  delete document.documentElement.dataset.dashboard;
  button.setAttribute("aria-expanded", "false");
  localStorage.removeItem(KEPT);
  button.focus();
}

/** Put words into the message box, in place of nothing but the words put there before. */
function draft(text, tries = 50) {
  if (document.getElementById("chat-input")) {
    window.postMessage({ freelancex: "draft", text, instead: drafted }, window.location.origin);
    drafted = text;
  } else if (tries) setTimeout(() => draft(text, tries - 1), 200);
}

window.addEventListener("message", (event) => {
  if (event.origin !== window.location.origin) return;
  const { freelancex: what, view, text } = event.data ?? {};
  if (event.source === frame.contentWindow) {
    if (what === "dashboard") close();
    else if (what === "ask" && typeof text === "string") {
      if (!window.matchMedia(WIDE).matches) close();
      draft(text);
    }
  } else if (event.source === window && what === "dashboard") {
    open(typeof view === "string" ? view : "");
  }
});

/** Chainlit draws its header anew as it likes; the button goes back to its right side. */
function attach() {
  const side = document.getElementById("header")?.lastElementChild;
  if (side && button.parentElement !== side) side.prepend(button);
}

new MutationObserver(attach).observe(document.documentElement, { childList: true, subtree: true });
attach();
if (localStorage.getItem(KEPT) && window.matchMedia(WIDE).matches) open();
if (window.location.hash.startsWith("#ask=")) {
  draft(decodeURIComponent(window.location.hash.slice(5)));
  history.replaceState(null, "", window.location.pathname);
}
