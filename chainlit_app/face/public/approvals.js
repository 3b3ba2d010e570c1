// What waits for the user's word: a count in the header, and a panel with everything that waits, to change and decide.
//
// the server says {"freelancex": "approvals", count} over the chat's own socket ──▶ the count; the panel, when open
// {"freelancex": "edit", turn, step} ──▶ the panel, at that question
// GET /api/v1/approvals ──▶ cards ──▶ POST …/preview while one types ──▶ POST the word

import { element } from "./model_card.js";

const WHERE = "/api/v1/approvals";
const TYPING_MS = 350;
const LONG = 60;
const LOOK_MS = 30000;

let count = 0;
let held = []; // what the server said last
const cards = new Map();

const badge = element("button", { id: "approvals-badge", type: "button", hidden: true, onclick: () => open() });
const list = element("div", { class: "list" });
const panel = element(
  "dialog",
  { id: "approvals", "aria-labelledby": "approvals-title" },
  element(
    "header",
    {},
    element("h2", { id: "approvals-title" }, "Waiting for your word"),
    element("button", { type: "button", class: "quiet", "aria-label": "Close", onclick: () => panel.close() }, "✕"),
  ),
  list,
);
panel.addEventListener("click", (event) => event.target === panel && panel.close());

async function call(path = "", body = null) {
  const options = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(WHERE + path, options ?? {});
  const said = await answer.json();
  if (!answer.ok) throw new Error(typeof said.detail === "string" ? said.detail : "That did not work; try it again.");
  return said;
}

/** The few marks that previews use, as elements; nothing in them can become markup of this page. */
function marked(text) {
  const made = element("div", { class: "preview" });
  text.split(/```[a-z]*\n?/).forEach((part, odd) => {
    if (odd % 2) return made.append(element("pre", {}, part.replace(/\n$/, "")));
    for (const block of part.split(/\n{2,}/).filter((one) => one.trim())) {
      if (/^\s*-{3,}\s*$/.test(block)) made.append(element("hr"));
      else if (block.startsWith("|")) made.append(element("pre", {}, block));
      else if (block.startsWith("- ")) made.append(element("ul", {}, ...block.split(/\n?^- /m).filter(Boolean).map((one) => element("li", {}, ...words(one)))));
      else made.append(element("p", {}, ...words(block)));
    }
  });
  return made;
}

function words(block) {
  return block.split(/(\*\*[^*]+\*\*|`[^`]+`)/).map((part) => {
    if (part.startsWith("**")) return element("strong", {}, part.slice(2, -2));
    if (part.startsWith("`")) return element("code", {}, part.slice(1, -1));
    return part.replace(/\\([^\w\s])/g, "$1");
  });
}

const key = (one) => `${one.turn}/${one.step}`;

function card(one) {
  const fields = Object.create(null);
  const trouble = element("p", { class: "trouble", role: "alert" });
  let shown = marked(one.preview);
  let timer = 0;

  const changed = () =>
    Object.fromEntries(Object.entries(fields).filter(([name, field]) => field.value !== one.editable[name]).map(([name, field]) => [name, field.value]));

  async function check() {
    try {
      const said = await call(`/${key(one)}/preview`, { arguments: changed() });
      const fresh = marked(said.preview);
      shown.replaceWith(fresh);
      shown = fresh;
      trouble.textContent = "";
    } catch (error) {
      trouble.textContent = error.message;
    }
  }

  async function decide(decision) {
    made.setAttribute("aria-busy", "true");
    try {
      await call(`/${key(one)}`, { decision, arguments: decision === "reject" ? {} : changed() });
      await refresh();
    } catch (error) {
      trouble.textContent = error.message;
    }
    made.removeAttribute("aria-busy");
  }

  const field = ([name, value]) => {
    const id = `${key(one)}/${name}`;
    const box = value.length > LONG || value.includes("\n") ? element("textarea", { id, rows: 8 }) : element("input", { id, type: "text" });
    box.value = value;
    box.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(check, TYPING_MS);
    });
    fields[name] = box;
    return element("div", { class: "field" }, element("label", { for: id }, name[0].toUpperCase() + name.slice(1)), box);
  };

  const until = one.expires_at && `until ${new Date(one.expires_at).toLocaleString([], { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" })}`;
  const button = (label, decision, kind = "", more = {}) => element("button", { type: "button", class: kind, onclick: () => decide(decision), ...more }, label);
  const editable = Object.entries(one.editable);
  const made = element(
    "article",
    { "data-question": key(one) },
    element("h3", {}, one.title.replace(/\\([^\w\s])/g, "$1")),
    element("p", { class: "where" }, [one.conversation && `In “${one.conversation}”`, until].filter(Boolean).join(" · ")),
    shown,
    editable.length ? element("details", {}, element("summary", {}, "Edit"), ...editable.map(field)) : null,
    trouble,
    element(
      "div",
      { class: "buttons" },
      button("Approve", "approve", "main"),
      one.always ? button("Always allow", "always", "", { title: `Do not ask again: ${one.always}` }) : null,
      button("Decline", "reject", "quiet"),
    ),
  );
  return made;
}

/** Draw what waits; a card that is still there stays as it is, with what was typed into it. */
function draw() {
  const there = new Set(held.map(key));
  for (const [name, one] of cards) {
    if (!there.has(name)) {
      one.remove();
      cards.delete(name);
    }
  }
  for (const one of held) {
    if (!cards.has(key(one))) cards.set(key(one), list.appendChild(card(one)));
  }
  list.querySelector(".nothing")?.remove();
  if (!held.length) list.append(element("p", { class: "nothing" }, "Nothing waits for your word."));
}

async function refresh() {
  held = await call();
  tell(held.length);
  draw();
}

function tell(number) {
  count = number;
  badge.textContent = String(count);
  badge.hidden = count === 0;
  badge.setAttribute("aria-label", count === 1 ? "One thing waits for your word" : `${count} things wait for your word`);
  badge.title = badge.getAttribute("aria-label");
}

async function open(question = "") {
  if (!panel.isConnected) document.body.append(panel);
  if (!panel.open) panel.showModal();
  try {
    await refresh();
  } catch (error) {
    list.replaceChildren(element("p", { class: "trouble", role: "alert" }, error.message));
    cards.clear();
  }
  const one = cards.get(question);
  if (one) {
    one.querySelector("details")?.setAttribute("open", "");
    one.scrollIntoView({ block: "start" });
    one.querySelector("input, textarea")?.focus();
  }
}

window.addEventListener("message", (event) => {
  if (event.source !== window || event.origin !== window.location.origin) return;
  const said = event.data;
  if (said?.freelancex === "approvals") {
    tell(said.count);
    if (panel.open) refresh().catch(() => {});
  } else if (said?.freelancex === "edit") {
    open(`${said.turn}/${said.step}`);
  }
});

/** What was decided by another program, or went with its conversation, is not told over the socket. */
async function look() {
  if (document.visibilityState !== "visible") return;
  try {
    await refresh();
  } catch {
    // the server is away for a moment; the page says so itself
  }
}

setInterval(look, LOOK_MS);
document.addEventListener("visibilitychange", look);

/** Chainlit draws its header anew as it likes; the count goes back to its right side. */
function attach() {
  const side = document.getElementById("header")?.lastElementChild;
  if (side && badge.parentElement !== side) side.prepend(badge);
}

new MutationObserver(attach).observe(document.documentElement, { childList: true, subtree: true });
attach();
