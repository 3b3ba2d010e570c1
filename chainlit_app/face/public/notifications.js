// What the user was notified of: a bell with a count in the header, a panel with the list, and the browser's own
// notification while the page is hidden, where the user allowed it.
//
// the server says {"freelancex": "notifications", count} and {"freelancex": "notified", …} over the chat's own socket
// GET /api/v1/notifications ──▶ the list ──▶ POST …/read

import { element } from "./model_card.js";

const WHERE = "/api/v1/notifications";
const BELL = "M6 8a6 6 0 0 1 12 0c0 7 3 9 3 9H3s3-2 3-9M10.3 21a1.94 1.94 0 0 0 3.4 0";

const number = element("span", { class: "count", hidden: true });
const bell = element("button", { id: "notifications-bell", type: "button", onclick: () => open() });
bell.innerHTML = `<svg viewBox="0 0 24 24" width="18" height="18" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="${BELL}"/></svg>`;
bell.append(number);
const list = element("ul", { class: "list" });
const allow = element("button", { type: "button", class: "quiet", hidden: true, onclick: () => ask() }, "Also tell me while this page is hidden");
const panel = element(
  "dialog",
  { id: "notifications", "aria-labelledby": "notifications-title" },
  element(
    "header",
    {},
    element("h2", { id: "notifications-title" }, "Notifications"),
    element("button", { type: "button", class: "quiet", "aria-label": "Close", onclick: () => panel.close() }, "✕"),
  ),
  list,
  element("footer", {}, allow),
);
panel.addEventListener("click", (event) => event.target === panel && panel.close());

const when = (at) => new Date(at).toLocaleString([], { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

function line(one) {
  const title = one.count > 1 ? `${one.title} (${one.count} times)` : one.title;
  const name = one.thread ? element("a", { href: `/thread/${encodeURIComponent(one.thread)}` }, title) : element("strong", {}, title);
  const parts = [name, one.text ? element("p", {}, one.text) : null, element("time", { datetime: one.at }, when(one.at))];
  return element("li", { class: one.read ? "read" : "unread" }, ...parts.filter(Boolean));
}

function tell(count) {
  number.textContent = String(count);
  number.hidden = count === 0;
  const said = count === 0 ? "Notifications" : count === 1 ? "One unread notification" : `${count} unread notifications`;
  bell.setAttribute("aria-label", said);
  bell.title = said;
}

async function open() {
  if (!panel.isConnected) document.body.append(panel);
  if (!panel.open) panel.showModal();
  allow.hidden = !("Notification" in window) || Notification.permission !== "default";
  try {
    const { items: rows } = await (await fetch(WHERE)).json();
    list.replaceChildren(...rows.map(line));
    if (!rows.length) list.append(element("li", { class: "nothing" }, "You were not notified of anything yet."));
    await fetch(`${WHERE}/read`, { method: "POST" });
  } catch {
    list.replaceChildren(element("li", { class: "nothing", role: "alert" }, "The list cannot be read now; try it again."));
  }
}

async function ask() {
  await Notification.requestPermission();
  allow.hidden = true;
}

/** Outside of the page, where that is allowed and the page is not looked at anyway. */
function show(said) {
  if (!document.hidden || !("Notification" in window) || Notification.permission !== "granted") return;
  const shown = new Notification(said.title, { body: said.text, tag: said.id });
  shown.onclick = () => {
    window.focus();
    if (said.thread) window.location.assign(`/thread/${encodeURIComponent(said.thread)}`);
    shown.close();
  };
}

window.addEventListener("message", (event) => {
  if (event.source !== window || event.origin !== window.location.origin) return;
  const said = event.data;
  if (said?.freelancex === "notifications") tell(said.count);
  else if (said?.freelancex === "notified") show(said);
});

/** Chainlit draws its header anew as it likes; the bell goes back to its right side. */
function attach() {
  const side = document.getElementById("header")?.lastElementChild;
  if (side && bell.parentElement !== side) side.prepend(bell);
}

tell(0);
new MutationObserver(attach).observe(document.documentElement, { childList: true, subtree: true });
attach();
