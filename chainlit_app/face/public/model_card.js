// The card on the empty page that says which language model this computer can run, and installs it.
//
// GET /api/v1/models ──▶ one view: offer · downloading · in use · later        every second while something moves
// the user's click   ──▶ asked first (confirm, choices) ──▶ POST /api/v1/models/…  ──▶ the next view
//
// The server says every word that depends on the machine; here is only how it looks and what can be pressed.

const WHERE = "/api/v1/models";
const MOVING_MS = 1000;
const RESTING_MS = 15000;

let state = null; // what the server said last
let open = ""; // what the user opened: "", "confirm" or "choices"
let asked = null; // the offer that is being confirmed
let choices = null;
let problem = "";
let shownAs = "";
let timer = 0;

const card = element("section", { id: "model-card", "aria-label": "Language model" });

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

const button = (label, press, kind = "", more = {}) =>
  element("button", { type: "button", class: kind, onclick: press, ...more }, label);
const row = (...buttons) => element("div", { class: "buttons" }, ...buttons);
const trouble = (text) => (text ? element("p", { class: "trouble", role: "alert" }, text) : null);

async function call(path = "", body = null) {
  const options = body && {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  const answer = await fetch(WHERE + path, options ?? {});
  const said = await answer.json();
  if (!answer.ok) throw new Error(typeof said.detail === "string" ? said.detail : "That did not work.");
  return said;
}

/** Do what was pressed, show what came of it, and keep the focus in the card. */
async function act(path, body) {
  card.setAttribute("aria-busy", "true");
  try {
    state = await call(path, body);
    [open, problem, asked, choices] = ["", "", null, null];
  } catch (error) {
    problem = error.message;
  }
  card.removeAttribute("aria-busy");
  show(true);
  schedule();
}

function turn(to, offer = null) {
  [open, asked, problem] = [to, offer, ""];
  show(true);
}

async function openChoices() {
  turn("choices");
  try {
    choices = await call("/choices");
  } catch (error) {
    problem = error.message;
  }
  if (open === "choices") show(false, true);
}

function offer() {
  const one = state.offer;
  return [
    element("h2", {}, "Add a language model"),
    element("p", {}, state.line),
    trouble(problem),
    row(
      one && !state.offline ? button("Install", () => turn("confirm", one), "main", { "aria-label": `Install ${one.title}` }) : null,
      button(one && !state.offline ? "Other ways" : "Choose a model", openChoices, one && !state.offline ? "" : "main"),
      button("Not now", () => act("/none", {}), "quiet"),
    ),
  ];
}

function confirm() {
  const facts = asked.facts.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]);
  return [
    element("h2", {}, `Download ${asked.title}?`),
    element("p", {}, asked.asks),
    element("dl", {}, ...facts),
    trouble(problem || asked.problem),
    row(
      button(`Download ${asked.size}`, () => act("/install", { name: asked.name }), "main", { disabled: !!asked.problem }),
      button("Back", () => turn(choices ? "choices" : "")),
    ),
  ];
}

function choice(one) {
  const press = one.offer ? () => turn("confirm", one.offer) : () => act("/use", { name: one.name });
  const blocked = one.offer && state.offline;
  return element(
    "li",
    {},
    element("div", {}, element("strong", {}, one.title), element("span", {}, one.detail)),
    one.used
      ? element("em", {}, "in use")
      : button(one.offer ? "Install" : "Use", press, "", { "aria-label": `${one.offer ? "Install" : "Use"} ${one.title}`, disabled: blocked }),
  );
}

function typed(id, label, hint, suggestions = []) {
  const field = element("input", { id, type: "text", placeholder: hint, autocomplete: "off", spellcheck: "false" });
  if (suggestions.length) field.setAttribute("list", `${id}-found`);
  const send = (event) => {
    event.preventDefault();
    if (field.value.trim()) act("/use", { name: field.value.trim() });
  };
  return element(
    "form",
    { onsubmit: send },
    element("label", { for: id }, label),
    field,
    button("Use", send, "", { "aria-label": `Use this: ${label}` }),
    suggestions.length
      ? element("datalist", { id: `${id}-found` }, ...suggestions.map((value) => element("option", { value })))
      : null,
  );
}

function chooser() {
  const back = button("Back", () => {
    choices = null;
    turn("");
  });
  if (!choices) return [element("h2", {}, "Choose a language model"), element("p", {}, "Looking around…"), trouble(problem), row(back)];
  const groups = choices.groups.flatMap((group) => [
    element("h3", {}, group.title),
    group.choices.length ? element("ul", {}, ...group.choices.map(choice)) : null,
    group.line ? element("p", {}, group.line) : null,
  ]);
  return [
    element("h2", {}, "Choose a language model"),
    trouble(problem),
    ...groups,
    typed("model-file", "A .gguf file on this computer", "/home/me/models/qwen3.gguf", choices.files),
    typed("model-server", "A server of your own; what you write goes there", "http://127.0.0.1:8080/v1#qwen3"),
    row(
      back,
      state.model ? button("Work without a model", () => act("/none", {}), "quiet") : null,
    ),
  ];
}

function downloading() {
  const bar = element("div", { role: "progressbar", "aria-label": "Download", "aria-valuemin": 0, "aria-valuemax": 100 }, element("i"));
  return [
    element("h2", {}, ""),
    bar,
    element("p", { class: "how-far" }),
    trouble(problem || state.download.problem),
    row(
      state.download.moving ? button("Pause", () => act("/pause", {})) : button("Resume", () => act("/install", { name: state.download.name }), "main"),
      button("Cancel", () => act("/cancel", {}), "quiet"),
    ),
  ];
}

/** Only what changes while a download goes on, so that the focus stays where it is. */
function refresh() {
  const { title, part, text } = state.download;
  card.querySelector("h2").textContent = title;
  card.querySelector(".how-far").textContent = text;
  const bar = card.querySelector("[role=progressbar]");
  bar.setAttribute("aria-valuenow", Math.round(part * 100));
  bar.setAttribute("aria-valuetext", text);
  bar.firstChild.style.width = `${part * 100}%`;
}

function line() {
  return [
    element("span", { class: "dot" }),
    element("span", { class: "text" }, state.line),
    state.fixed ? null : button(state.model ? "change" : "choose one", openChoices, "link", { "aria-label": state.model ? "Change the language model" : "Choose a language model" }),
    trouble(problem),
  ];
}

function view() {
  if (open === "confirm") return ["confirm", confirm];
  if (open === "choices") return ["choices", chooser];
  if (state.download) return [`downloading ${state.download.moving} ${state.download.problem}`, downloading];
  if (state.view === "offer") return ["offer", offer];
  return ["line", line];
}

/** Draw the card when its view, or what it says, is another one. With `focus`, its first button or field is at hand. */
function show(focus = false, again = false) {
  if (!state) return;
  const [name, draw] = view();
  const now = JSON.stringify([name, problem, name.startsWith("downloading") ? "" : state, asked?.name]);
  if (now !== shownAs || again) {
    const held = card.contains(document.activeElement) && document.activeElement.getAttribute("aria-label");
    shownAs = now;
    card.className = name.split(" ")[0];
    card.classList.toggle("has-model", !!state.model);
    card.replaceChildren(...draw().filter(Boolean));
    const target = card.querySelector(".main:not(:disabled)") ?? card.querySelector("button:not(:disabled)");
    if (focus || held) target?.focus({ preventScroll: true });
    if (focus || again) card.scrollIntoView({ block: open === "choices" ? "start" : "nearest" });
  }
  if (name.startsWith("downloading")) refresh();
}

async function look() {
  if (card.isConnected && document.visibilityState === "visible") {
    try {
      state = await call();
      show();
    } catch {
      // the server is away for a moment; the page says so itself
    }
  }
  schedule();
}

function schedule() {
  clearTimeout(timer);
  timer = setTimeout(look, state?.download?.moving ? MOVING_MS : RESTING_MS);
}

/** Chainlit draws the empty page anew as it likes; the card goes back below whatever is there. */
function attach() {
  const page = document.getElementById("welcome-screen");
  if (page && card.parentElement !== page) {
    [open, problem, choices] = ["", "", null];
    page.append(card);
    show();
    look();
  }
}

new MutationObserver(attach).observe(document.documentElement, { childList: true, subtree: true });
document.addEventListener("visibilitychange", look);
attach();
