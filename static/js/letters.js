// ---- Writing a letter: kept while it is typed, and looked over

const composing = () => one(".composing .letterform");
const textOf = (form) => [...new FormData(form)].filter(([, value]) => typeof value === "string");
let typed, dirty = false, sending = false;

// The part of a page that a form leads to, in the place of what is there.
async function into(place, action, body) {
  const response = await fetch(action, { method: "POST", headers: { "x-part": "1" }, credentials: "same-origin", body });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const part = one(".composing", page), refused = one("[data-refused]", page);
  if (refused) return refuse(refused.textContent);
  if (!response.ok || !part) return location.assign(response.url);
  const now = document.adoptNode(part);
  place.replaceWith(now);
  dress();
  const words = one("textarea", now);
  words?.focus({ preventScroll: true });
  now.scrollIntoView({ block: "nearest" });
  return now;
}

// Begins a letter in the place of the acts that led to it.
async function compose(form) {
  const acts = form.closest(".acts");
  const now = await into(acts, form.action, new URLSearchParams(textOf(form)));
  const words = now && one("textarea", now);
  if (words) caret(words);
}

// Where one goes on: the first empty place between greeting and closing.
function caret(words) {
  const at = words.value.indexOf("\n\n\n\n");
  const to = at < 0 ? words.value.length : at + 2;
  words.setSelectionRange(to, to);
  words.focus({ preventScroll: true });
}

async function keep(form) {
  dirty = false;
  const id = form.closest(".composing").dataset.draft;
  const response = await fetch(`/drafts/${id}`, {
    method: "POST", headers: { "x-part": "1" }, credentials: "same-origin", body: new URLSearchParams(textOf(form)),
  });
  if (response.redirected || !response.ok) {
    dirty = true;
    tell(form, response.redirected
      ? "You have been signed out. Your words are still here: sign in in another window, and go on."
      : "This is not kept at the moment. Your words are still here; copy them if you leave.");
    return;
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const now = one(".checked", page), before = one(".checked", form);
  if (!now || !before || sending) return;
  if (now.innerHTML !== before.innerHTML) before.replaceWith(document.adoptNode(now));
  underline(form);
}

function tell(form, words) {
  const saved = one(".saved", form);
  if (saved) saved.textContent = words;
}

// What could be better is underlined where it stands: below the words lies the same text, with marks.
function underline(form) {
  const words = one("textarea", form), under = one(".under", form);
  if (!words || !under) return;
  const letters = [...words.value], marks = [];
  let at = 0;
  all(".findings li", form).forEach((found) => {
    const start = Number(found.dataset.start), end = Number(found.dataset.end);
    if (start < at || end <= start || letters.slice(start, end).join("") !== one("q", found)?.textContent) return;
    marks.push(document.createTextNode(letters.slice(at, start).join("")));
    marks.push(Object.assign(document.createElement("u"), { textContent: letters.slice(start, end).join("") }));
    at = end;
  });
  under.replaceChildren(...marks, document.createTextNode(`${letters.slice(at).join("")}\n`));
}

function grow(words) {
  words.style.height = "auto";
  words.style.height = `${words.scrollHeight + 2}px`;
}

function dress() {
  showPassages(document);
  const form = composing();
  if (form) {
    grow(one("textarea", form));
    underline(form);
  }
  countdown().catch(() => {});
}

addEventListener("input", ({ target }) => {
  const form = target.closest?.(".letterform");
  if (!form || target.type === "file" || target.name === "canned" || target.name === "at") return;
  if (target.name === "words") { grow(target); underline(form); }
  target.removeAttribute("aria-invalid");
  dirty = true;
  clearTimeout(typed);
  typed = setTimeout(() => keep(form).catch(() => { dirty = true; tell(form, "The server does not answer. Your words are still here."); }), 700);
});

addEventListener("change", ({ target }) => {
  const form = target.closest?.(".letterform");
  if (!form) return;
  if (target.type === "file" && target.files.length) {
    const button = one("button[formaction$='/files']", form);
    into(form.closest(".composing"), button.getAttribute("formaction"), new FormData(form)).catch(unreachable);
  } else if (target.name === "canned" && target.value) {
    const words = one("textarea", form);
    words.setRangeText(target.selectedOptions[0].dataset.words, words.selectionStart, words.selectionEnd, "end");
    target.value = "";
    words.focus();
    words.dispatchEvent(new Event("input", { bubbles: true }));
  }
});

document.addEventListener("click", ({ target }) => {
  const better = target.dataset?.better, form = target.closest(".letterform");
  if (!better || !form) return;
  const words = one("textarea", form), found = target.closest("li"), letters = [...words.value];
  const start = Number(found.dataset.start), end = Number(found.dataset.end);
  const before = letters.slice(0, start).join(""), passage = letters.slice(start, end).join("");
  words.setRangeText(/[.!?]$/.test(passage) ? better : better.replace(/\.$/, letters[end] === "." ? "" : "."), before.length, before.length + passage.length, "end");
  words.focus();
  words.dispatchEvent(new Event("input", { bubbles: true }));
});

async function hand(form, button) {
  const action = button?.getAttribute("formaction") ?? form.getAttribute("action");
  const body = new FormData(form, button);
  if (button?.hasAttribute("data-part")) return into(form.closest(".composing"), action, body);
  if (busy) return undefined;
  busy = sending = true;
  clearTimeout(typed);
  try {
    dirty = false;
    await load(action, { method: "POST", body });
    one(".notice button")?.focus({ preventScroll: true });
  } catch (error) {
    dirty = true;
    throw error;
  } finally {
    busy = sending = false;
  }
  return undefined;
}

// A page that is left keeps what was typed; one that stays open says that somebody is writing.
addEventListener("pagehide", () => {
  const form = composing();
  if (form && dirty) navigator.sendBeacon(`/drafts/${form.closest(".composing").dataset.draft}`, new URLSearchParams(textOf(form)));
});
setInterval(() => { if (composing() && !sending) keep(composing()).catch(() => {}); }, 15000);

// What was just sent can be taken back while it has not left.
let counting;

async function countdown() {
  clearInterval(counting);
  const undo = one(".notice form[action*='/letter-']");
  if (!undo) return;
  const id = undo.getAttribute("action").match(/letter-(\d+)/)[1], words = one("p", undo.closest(".notice"));
  const ask = async () => {
    const response = await fetch(`/outbox/${id}`, { headers: { "x-part": "1" }, credentials: "same-origin" });
    if (!response.ok) return 0;
    const state = one(".state", new DOMParser().parseFromString(await response.text(), "text/html"));
    words.textContent = state.textContent;
    return Number(state.dataset.left);
  };
  const begun = Date.now(), left = await ask();
  const show = async () => {
    const seconds = Math.ceil(left - (Date.now() - begun) / 1000);
    if (!undo.isConnected) return clearInterval(counting);
    if (0 < seconds) {
      if (seconds <= 60) words.textContent = words.textContent.replace(/(in a moment|in \d+ s)\.$/, `in ${seconds} s.`);
      return undefined;
    }
    clearInterval(counting);
    undo.remove();
    return ask();
  };
  counting = setInterval(() => show().catch(() => {}), 1000);
  show();
}
