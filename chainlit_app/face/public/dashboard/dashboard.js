// The dashboard: one view of figures at a time, alive, and the records behind each figure.
//
// the page comes with its first view ──▶ numbers and tables at once ──▶ the library of charts ──▶ charts
// GET /api/v1/dashboard/<view> every few seconds, 304 while nothing changed ──▶ only what differs is drawn anew
//
// The server works out and words every figure; here is only how it looks and where it leads.

import { draw, height, named, written } from "./drawn.js";

const WHERE = "/api/v1/dashboard";
const LOOK_MS = 4000;
const LONG = 26; // characters from which on a cell may break its line
const main = document.getElementById("main");
const told = document.getElementById("told");
const framed = window.self !== window.top;
const begun = JSON.parse(document.getElementById("first").textContent);

let state = { view: begun.view, list: "", start: 0, currency: "", span: "day", thread: "" };
let tag = "";
let timer = 0;
let spoken = { view: "", sentence: "" }; // a sentence that changed is read out
const kept = new Map(); // what each part of the page shows, so that only what changed is drawn

const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== null && value !== false && value !== "") made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
};

const address = (more = {}) => {
  const at = { ...state, list: "", start: 0, ...more };
  const query = new URLSearchParams({ show: at.view });
  if (at.currency) query.set("currency", at.currency);
  if (at.span !== "day") query.set("span", at.span);
  if (at.thread) query.set("thread", at.thread);
  if (at.list) query.set("list", at.list);
  if (at.start) query.set("start", at.start);
  return `/dashboard?${query}`;
};

function read() {
  const query = new URLSearchParams(window.location.search);
  const view = query.get("show") ?? "pipeline";
  state = { view: document.querySelector(`nav [data-view="${CSS.escape(view)}"]`) ? view : "pipeline", list: query.get("list") ?? "", start: Number(query.get("start") ?? 0), currency: query.get("currency") ?? "", span: query.get("span") ?? "day", thread: query.get("thread") ?? "" };
}

/** Go somewhere within the page; `event` is that of a link, which the browser follows itself where a key says so. */
function go(to, event = null) {
  if (event && (event.ctrlKey || event.metaKey || event.shiftKey || event.button)) return;
  event?.preventDefault();
  history.pushState(null, "", to);
  show();
  main.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

/** A message for the chat: put into its box, never sent from here. */
function ask(text) {
  if (framed) window.parent.postMessage({ freelancex: "ask", text }, window.location.origin);
  else window.location.href = `/#ask=${encodeURIComponent(text)}`;
}

const link = (to, text, more = {}) => element("a", { href: to, onclick: (event) => go(to, event), ...more }, text);
const asking = (text, label = text, more = {}) => element("button", { type: "button", class: "ask", onclick: () => ask(text), title: `Put into the chat: ${text}`, ...more }, label);

/** Where a link of the server leads: to records, or to a page of the chat. */
function leading(to, text, more = {}) {
  if (!to.startsWith("/")) return link(address({ list: to }), text, more);
  return element("a", { href: to, target: framed ? "_top" : null, ...more }, text);
}

function tile(one) {
  const inside = [element("span", { class: "label" }, one.label), element("strong", {}, one.value), one.note ? element("span", { class: "note" }, one.note) : null];
  const box = one.link ? leading(one.link, "", { class: "tile" }) : element("div", { class: "tile" });
  if (one.tone) box.dataset.tone = one.tone;
  box.append(...inside.filter(Boolean));
  return box;
}

function table(one, caption = false) {
  const right = one.columns.map((column) => one.right.includes(column));
  const asks = one.rows.some((row) => row.ask);
  const head = element("tr", {}, ...one.columns.map((column, place) => element("th", { scope: "col", class: right[place] ? "right" : "" }, column)), asks ? element("th", { scope: "col" }, element("span", { class: "unseen" }, "In the chat")) : null);
  const line = (row) => {
    const cells = row.cells.map((cell, place) => {
      const inner = place === 0 && row.link ? leading(row.link, cell) : cell;
      return element(place === 0 ? "th" : "td", { scope: place === 0 ? "row" : null, class: right[place] ? "right" : cell.length > LONG ? "long" : "", "data-label": one.columns[place] }, inner);
    });
    const made = element("tr", {}, ...cells, asks ? element("td", { class: "act" }, row.ask ? asking(row.ask, "Ask", { "aria-label": `Ask in the chat: ${row.ask}` }) : "") : null);
    if (row.tone) made.dataset.tone = row.tone;
    return made;
  };
  if (!one.rows.length) return element("p", { class: "nothing" }, one.empty || "Nothing here.");
  const made = element("table", {}, caption ? element("caption", { class: "unseen" }, one.title) : null, element("thead", {}, head), element("tbody", {}, ...one.rows.map(line)));
  return element("div", { class: "scrolls", tabindex: "0", role: "region", "aria-label": one.title }, made);
}

/** The same figures as a chart, for who cannot or does not want to look at it. */
function numbers(chart) {
  const columns = ["", ...chart.series.map((one) => one.name)];
  const rows = chart.labels.map((label, place) => ({ cells: [named(label, chart), ...chart.series.map((one) => written(one.values[place], chart))], link: chart.links[place] ?? "", ask: "", tone: "" }));
  return element("details", {}, element("summary", {}, "As a table"), table({ title: chart.title, columns: ["For", ...columns.slice(1)], rows, right: columns.slice(1), empty: "" }, true));
}

function figure(chart) {
  const place = element("div", { class: "plot", role: "img", "aria-label": `${chart.title}. ${chart.sentence}` });
  place.style.minHeight = `${height(chart)}px`;
  const made = element("figure", { class: `card ${chart.form}` }, element("h2", {}, chart.title), element("figcaption", {}, chart.sentence), place, numbers(chart));
  made.redraw = () => draw(place, chart, (to) => go(address({ list: to }))).catch((error) => place.replaceChildren(element("p", { class: "nothing" }, error.message)));
  return made;
}

function block(one) {
  return element("section", { class: "card", "aria-label": one.title }, element("h2", {}, one.title), table(one, true), one.more ? element("p", { class: "more" }, leading(one.more, "Show all")) : null);
}

function choices(label, name, options, chosen) {
  return element("div", { class: "choices", role: "group", "aria-label": label }, ...options.map(([value, text]) => link(address({ [name]: value }), text, { "aria-current": value === chosen ? "true" : null })));
}

function empty(view) {
  const sample = element("button", { type: "button", class: "main", onclick: () => ask("Fill in a sample business") }, "Look around in a sample business");
  return element("section", { class: "empty" }, element("h2", {}, "It is quiet here"), element("p", {}, view.empty), element("div", { class: "tries" }, ...view.asks.map((text) => asking(text))), element("p", { class: "or" }, "Or fill in a made-up year first, and remove it again with one sentence."), sample);
}

/** Put parts in order, leaving those alone that say the same as before. */
function place(parts) {
  const made = parts.map(([key, said, build]) => {
    const before = kept.get(key);
    if (before?.said === said && before.node.isConnected) return before.node;
    const node = build();
    if (before?.node.querySelector?.("details[open]")) node.querySelector("details")?.setAttribute("open", "");
    kept.set(key, { said, node, fresh: true });
    return node;
  });
  const wanted = new Set(made);
  for (const child of [...main.children]) if (!wanted.has(child)) child.remove();
  made.forEach((node, number) => {
    if (main.children[number] !== node) main.insertBefore(node, main.children[number] ?? null);
  });
  for (const one of kept.values()) {
    if (one.fresh) one.node.querySelectorAll?.("figure").forEach((figure) => figure.redraw());
    one.fresh = false;
  }
}

function present(view) {
  document.title = `${view.title} · FreelanceX`;
  const key = (name) => `${state.view}/${name}`;
  const quiet = Boolean(view.empty);
  const heading = () => {
    const currency = view.currencies.length > 1 ? choices("Currency", "currency", view.currencies.map((one) => [one, one]), state.currency || view.currencies[0]) : null;
    const span = state.view === "system" ? choices("Time", "span", [["day", "Day"], ["month", "Month"], ["year", "Year"]], state.span) : null;
    return element("div", { class: "top" }, element("div", {}, element("h1", {}, view.title), quiet ? null : element("p", { class: "sentence" }, view.sentence)), currency, span);
  };
  const parts = [[key("top"), JSON.stringify([view.title, view.sentence, view.currencies, state.currency, state.span]), heading]];
  if (quiet) parts.push([key("empty"), view.empty, () => empty(view)]);
  else {
    parts.push([key("tiles"), JSON.stringify(view.tiles), () => element("div", { class: "tiles" }, ...view.tiles.map(tile))]);
    for (const one of view.charts) parts.push([key(`chart/${one.name}`), JSON.stringify(one), () => element("div", { class: `half ${one.form}` }, figure(one))]);
    for (const one of view.tables) parts.push([key(`table/${one.name}`), JSON.stringify(one), () => block(one)]);
  }
  if (spoken.view === view.name && spoken.sentence !== view.sentence) told.textContent = view.sentence;
  spoken = { view: view.name, sentence: view.sentence };
  place(parts);
}

function records(found) {
  document.title = `${found.table.title} · FreelanceX`;
  const narrowed = found.narrowed.map((text) => element("span", { class: "chip" }, text));
  const last = found.start + found.table.rows.length;
  const page = (start, text) => link(address({ list: state.list, start }), text);
  const parts = [
    ["list/top", `${state.list}/${found.count}`, () => element("div", { class: "top" }, element("div", {}, element("p", { class: "back" }, link(address(), "← Back to the figures")), element("h1", {}, found.table.title), element("p", { class: "sentence" }, `${found.count.toLocaleString("en")} ${found.count === 1 ? "record" : "records"}`)), element("div", { class: "chips" }, ...narrowed))],
    ["list/table", JSON.stringify(found), () => element("section", { class: "card", "aria-label": found.table.title }, table(found.table, true), element("p", { class: "pages" }, found.start > 0 ? page(Math.max(0, found.start - found.page), "Newer") : null, found.count > found.page ? element("span", {}, `${found.start + 1} to ${last} of ${found.count.toLocaleString("en")}`) : null, last < found.count ? page(found.start + found.page, "Older") : null))],
  ];
  place(parts);
}

function trouble(text) {
  place([["trouble", text, () => element("p", { class: "trouble", role: "alert" }, text)]]);
}

async function look() {
  clearTimeout(timer);
  if (document.visibilityState === "visible") {
    const [at, list] = [JSON.stringify(state), new URLSearchParams(state.list)];
    const more = state.list ? new URLSearchParams([...list].filter(([name]) => name !== "kind")) : new URLSearchParams({ span: state.span, thread: state.thread });
    if (state.list) more.set("start", state.start);
    else if (state.currency) more.set("currency", state.currency);
    try {
      const path = state.list ? `/records/${encodeURIComponent(list.get("kind") ?? "")}` : `/${state.view}`;
      const answer = await fetch(`${WHERE}${path}?${more}`, { headers: tag ? { "If-None-Match": tag } : {} });
      if (JSON.stringify(state) !== at) return;
      if (answer.status !== 304) {
        const said = await answer.json();
        if (!answer.ok) trouble(said.detail ?? "That did not work; try it again.");
        else (state.list ? records : present)(said);
        tag = answer.ok ? answer.headers.get("ETag") : "";
      }
      document.documentElement.removeAttribute("data-away");
    } catch {
      document.documentElement.dataset.away = ""; // the server is away for a moment: what is shown stays
    }
  }
  clearTimeout(timer);
  timer = setTimeout(look, LOOK_MS);
}

function show() {
  read();
  tag = "";
  for (const tab of document.querySelectorAll("nav [data-view]")) {
    const here = tab.dataset.view === state.view;
    if (here) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
    if (here) tab.parentElement.scrollTo({ left: tab.offsetLeft - 60 });
  }
  return look();
}

for (const tab of document.querySelectorAll("nav [data-view]")) {
  tab.addEventListener("click", (event) => go(address({ view: tab.dataset.view, currency: state.currency }), event));
}
window.addEventListener("popstate", show);
document.addEventListener("visibilitychange", look);
window.addEventListener("themed", () => main.querySelectorAll("figure").forEach((figure) => figure.redraw()));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && framed) window.parent.postMessage({ freelancex: "dashboard", open: false }, window.location.origin);
});

read();
if (begun.first && !state.list && !state.currency && begun.view === state.view) present(begun.first);
show();
