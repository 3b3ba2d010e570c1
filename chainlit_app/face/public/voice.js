// What is heard goes into the message box as a draft; what is read aloud is played in order, until Esc, a new message
// or the microphone stops it.
const NAME = "freelancex";
let before = ""; // what is in the message box beside what is heard
let shown = null; // all that was written there last; null while nothing was
let last = ""; // what was heard, as it was told last
let taken = ""; // the part of that which the user made their own
let playing = null;
let muted = new Set();
const waiting = [];

const box = () => document.getElementById("chat-input");
const words = (input) => input.value.trim();

const write = (input, text) => {
  // React listens to the input event only if the value was set past its own setter.
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(input, text);
  input.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText" }));
  input.focus();
  input.setSelectionRange(text.length, text.length);
};

// Words that were typed before stay in front. What the user changed or sent meanwhile is theirs: it is not written again.
const heard = ({ text, final }) => {
  const input = box();
  if (!input) return;
  const now = words(input);
  if (shown === null) before = now;
  else if (now !== shown) [before, taken] = [now, last];
  last = text;
  const fresh = text.startsWith(taken) ? text.slice(taken.length).trim() : "";
  shown = [before, fresh].filter(Boolean).join(" ");
  if (shown !== now) write(input, shown);
  if (final) [shown, last, taken] = [null, "", ""];
};

const draft = ({ text, instead = "" }) => {
  const input = box();
  if (!input || (words(input) && words(input) !== instead)) return;
  write(input, text);
};

const next = () => {
  playing = null;
  const one = waiting.shift();
  if (!one) return tell(false);
  const bytes = Uint8Array.from(atob(one.wav), (letter) => letter.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes], { type: "audio/wav" }));
  playing = Object.assign(new Audio(address), { track: one.track });
  const done = () => {
    URL.revokeObjectURL(address);
    next();
  };
  playing.onended = done;
  playing.onerror = done;
  tell(true);
  playing.play().catch(done);
};

const say = (one) => {
  if (muted.has(one.track)) return;
  document.documentElement.dataset.said = one.text;
  waiting.push(one);
  if (!playing) next();
};

const hush = () => {
  for (const one of waiting) muted.add(one.track);
  waiting.length = 0;
  if (playing) {
    muted.add(playing.track);
    playing.pause();
    URL.revokeObjectURL(playing.src);
    playing = null;
  }
  tell(false);
};

const tell = (speaking) => {
  let button = document.getElementById("stop-reading");
  if (!speaking) return button?.remove();
  if (button) return;
  button = document.createElement("button");
  button.id = "stop-reading";
  button.type = "button";
  button.textContent = "Stop reading";
  button.onclick = hush;
  document.getElementById("message-composer")?.before(button);
};

// The page's microphone button has no name of its own.
const nameMicrophone = () => {
  const beside = document.getElementById("upload-button")?.parentElement?.previousElementSibling;
  const button = beside?.querySelector("button");
  if (!button || button.id) return;
  button.id = "microphone-button";
  button.setAttribute("aria-label", "Microphone");
};
new MutationObserver(nameMicrophone).observe(document.documentElement, { childList: true, subtree: true });

window.addEventListener("message", (event) => {
  if (event.source !== window || !event.data) return;
  const act = { heard, draft, say, hush }[event.data[NAME]];
  if (act) act(event.data);
});
window.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hush();
});
document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("#chat-submit, #stop-button")) hush();
});
