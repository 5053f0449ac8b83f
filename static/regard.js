// What pages do beyond reading: keys, opening a line in its list, and following what others change.
// Everything works without this, by links and forms.
"use strict";

document.documentElement.classList.add("scripted");

const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const lines = () => all(".line");
const here = () => one(".line.here");
const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
// Words in a client's record that were typed and not handed in yet.
const unsaved = () => [...document.querySelectorAll(".record :is(textarea, input:not([type]))")].some((field) => field.value !== field.defaultValue);

// ---- Pages, without loading everything around them again

async function load(address, options = {}) {
  const response = await fetch(address, { credentials: "same-origin", ...options });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const main = one("main", page);
  if (!main || !one("main.alone, header.head", page)) return location.assign(response.url);
  if (main.classList.contains("alone")) return location.assign(response.url);
  const refused = one("[data-refused]", main);
  if (refused && options.method) return refuse(refused.textContent);
  const kept = here()?.id, scroll = scrollY, opened = one(".line .opened")?.closest(".line").id;
  const next = lines().findIndex((line) => line.id === kept);
  one("main").replaceWith(document.adoptNode(main));
  document.title = page.title;
  document.body.dataset.revision = page.body.dataset.revision;
  document.body.dataset.zone = page.body.dataset.zone;
  one(".head nav").replaceWith(document.adoptNode(one(".head nav", page)));
  const shown = new URL(response.url);
  ["said", "undo", "wrong", "seal"].forEach((name) => shown.searchParams.delete(name));
  if (options.push) history.pushState(null, "", shown);
  else history.replaceState(null, "", shown);
  if (kept) choose(document.getElementById(kept) ?? lines()[Math.min(next, lines().length - 1)], false);
  if (opened && options.keep) {
    const line = document.getElementById(opened);
    if (line) await open(line);
  }
  if (!options.push) scrollTo(0, scroll);
  dress();
  // Why something was refused is read before anything else.
  one("#refused")?.focus({ preventScroll: true });
  one("#refused")?.scrollIntoView({ block: "center" });
  return undefined;
}

// What was refused is said where it was asked, and all that was filled in is still there.
function refuse(words) {
  const form = composing();
  if (!form) return say(words, "alert");
  // Nothing of what was handed over is kept.
  dirty = true;
  one("#refused")?.remove();
  const told = document.createElement("p");
  Object.assign(told, { className: "refused", id: "refused", tabIndex: -1, textContent: `Not done: ${words}` });
  told.setAttribute("role", "alert");
  one(".acts", form).before(told);
  told.focus({ preventScroll: true });
  told.scrollIntoView({ block: "center" });
  return undefined;
}

function choose(line, see = true) {
  here()?.classList.remove("here");
  if (!line) return;
  line.classList.add("here");
  if (see) {
    one("a, input", line).focus({ preventScroll: true });
    line.scrollIntoView({ block: "nearest" });
  }
}

async function open(line) {
  // What has no part to unfold has a page of its own.
  if (!unfolds(one("a", line))) return location.assign(one("a", line).href);
  const already = one(".opened", line);
  if (already) return already;
  all(".line .opened").forEach((other) => other.remove());
  const response = await fetch(one("a", line).href, { headers: { "x-part": "1" }, credentials: "same-origin" });
  if (response.redirected || !response.ok) return location.assign(one("a", line).href);
  const part = new DOMParser().parseFromString(await response.text(), "text/html");
  line.append(document.adoptNode(one(".opened", part)));
  showPassages(line);
  one("a", line).setAttribute("aria-expanded", "true");
  return one(".opened", line);
}

// What matters of a long letter is in sight, and not somewhere below.
function showPassages(within) {
  all(".letter .body", within).forEach((body) => {
    const mark = one("mark", body);
    if (mark && body.clientHeight < body.scrollHeight) body.scrollTop = mark.offsetTop - body.offsetTop - body.clientHeight / 3;
  });
}

const unfolds = (link) => /^\/(owed|entries)\//.test(link.pathname);

function close(line) {
  one(".opened", line)?.remove();
  one("a", line)?.removeAttribute("aria-expanded");
}

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

// ---- A list that is sieved while one types

let sieved = 0;

async function sieve(form) {
  const fields = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  const address = `${form.getAttribute("action")}?${fields}`, turn = ++sieved;
  const response = await fetch(address, { headers: { "x-part": "1" }, credentials: "same-origin" });
  if (response.redirected || !response.ok) return location.assign(address);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const part = document.getElementById(form.dataset.into);
  if (turn === sieved) {
    part.replaceWith(document.adoptNode(page.getElementById(form.dataset.into)));
    history.replaceState(null, "", address);
  }
  return undefined;
}

let waiting;
addEventListener("input", ({ target }) => {
  const form = target.form;
  if (!form?.dataset.into) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => sieve(form).catch(() => {}), target.type === "search" ? 120 : 0);
});

// ---- Acts

let busy = false;

async function send(form, button) {
  if (busy) return;
  busy = true;
  try {
    const fields = new URLSearchParams(new FormData(form, button));
    await load(form.action, { method: "POST", body: fields });
    one(".notice button")?.focus({ preventScroll: true });
    if (here()) one("a", here()).focus({ preventScroll: true });
  } catch {
    unreachable();
  } finally {
    busy = false;
  }
}

const unreachable = () => say("The server does not answer. Nothing was lost; try again in a moment.");

function say(words, role = "status") {
  one(".notice")?.remove();
  const notice = document.createElement("div");
  notice.className = "notice";
  notice.setAttribute("role", role);
  notice.append(Object.assign(document.createElement("p"), { textContent: words }));
  one("main").prepend(notice);
  notice.scrollIntoView({ block: "nearest" });
}

// What a key does on the chosen line, or on the page of one thing.
async function act(key) {
  if (key === "u") return one(".notice form")?.requestSubmit();
  // On a client's page a note or a call is of the client, whichever line is chosen.
  const whole = "el".includes(key) && all(`main [data-key="${key}"]`).find((form) => !form.closest(".line"));
  const opened = here() && !whole && key !== "e" ? await open(here()) : undefined;
  const found = whole || one(`[data-key="${key}"]`, opened ?? one("main > .opened") ?? one("main"));
  if (!found) return undefined;
  if (found.matches("form")) return found.requestSubmit();
  if (found.matches("details")) {
    // A number says one thing: the reasons that are open.
    if (one(".reasons", found)) all("details[open] .reasons").forEach((other) => { other.closest("details").open = false; });
    found.open = true;
    return one("textarea, input:not([type=hidden]), select, button", found)?.focus();
  }
  return found.click();
}

const places = { t: "/today", c: "/clients", o: "/correspondents", b: "/outbox", s: "/settings" };
let going = false;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === "Enter" && event.target.matches("form textarea, form input")) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { key, target } = event;
  if (key === "Escape") {
    if (typing(target)) target.blur();
    else if (here()) close(here());
    return;
  }
  if (typing(target) || one("dialog[open]")) return;
  const take = () => event.preventDefault();
  if (going) {
    going = false;
    if (places[key]) { take(); location.assign(places[key]); }
    return;
  }
  const reasons = one("details[open] .reasons");
  if (reasons && /^[1-9]$/.test(key)) { take(); all("button", reasons)[key - 1]?.click(); return; }
  const reading = one(".reading", here() ?? one("main"));
  if (reading && /^[1-9]$/.test(key)) { take(); all("form:not([data-key]) button", reading)[key - 1]?.click(); return; }
  const placing = one("form.placing");
  if (placing && /^[1-6]$/.test(key)) {
    take();
    const button = one(`button[data-n="${key}"]`, placing);
    if (!one("input:checked", placing)) {
      // What is asked about first is never meant by mistake: only what somebody ticked.
      if (!here() || "asks" in (button?.dataset ?? {})) { say("Tick whom you mean first."); return; }
      one("input", here()).checked = true;
    }
    button?.click();
    return;
  }
  const list = lines(), at = list.indexOf(here());
  if (key === "j" || key === "ArrowDown" && list.length && at >= 0) { take(); choose(list[Math.min(at + 1, list.length - 1)]); }
  else if (key === "k" || key === "ArrowUp" && list.length && at >= 0) { take(); choose(list[Math.max(at - 1, 0)]); }
  else if ((key === "o" || key === "Enter" && target === one("a", here() ?? document)) && here()) {
    take();
    one(".opened", here()) ? close(here()) : open(here()).catch(unreachable);
  }
  else if (key === "/") { take(); one(".search input").focus(); }
  else if (key === "?") { take(); one("#keys").showModal(); }
  else if (key === "g") { going = true; setTimeout(() => { going = false; }, 1500); }
  else if ("ahdmcnpywuxqel".includes(key)) { take(); act(key).catch(unreachable); }
});

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest("a");
  const line = link?.closest(".line");
  if (line && link === one("a", line) && unfolds(link)) {
    event.preventDefault();
    choose(line, false);
    one(".opened", line) ? close(line) : open(line).catch(unreachable);
  } else if (link?.closest(".tabs, .groups, .narrow, .pages") && link.origin === location.origin) {
    event.preventDefault();
    load(link.href, { push: true });
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const path = new URL(form.action).pathname;
  if (form.dataset.into) {
    event.preventDefault();
    sieve(form).catch(() => form.submit());
    return;
  }
  if (form.matches(".letterform")) {
    event.preventDefault();
    hand(form, event.submitter).catch(unreachable);
    return;
  }
  if ("compose" in form.dataset && form.closest(".acts")) {
    event.preventDefault();
    compose(form).catch(unreachable);
    return;
  }
  if (/^\/(owed|entries|decisions|today)\//.test(path) && one(".line, .notice") || form.closest(".line")) {
    event.preventDefault();
    send(form, event.submitter);
  } else if (form.method === "post") {
    // A double click sends a form once.
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => { delete form.dataset.sent; }, 4000);
  }
});

// The way back to a form keeps what was filled in, where the browser does.
document.addEventListener("click", (event) => {
  if (!event.target.closest("a[data-back]") || history.length < 2) return;
  event.preventDefault();
  history.back();
});

addEventListener("popstate", () => load(location.href));

// A page that the back button brings from memory is asked for anew: it may have been acted on.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

// ---- A hold says the date that is chosen beside it

addEventListener("change", async ({ target }) => {
  const hold = target.name === "until" && target.closest("[data-key=h]");
  if (!hold || !target.value) return;
  const address = `/owed/${target.closest(".opened").dataset.id}?until=${encodeURIComponent(target.value)}`;
  const response = await fetch(address, { headers: { "x-part": "1" }, credentials: "same-origin" });
  if (response.redirected || !response.ok) return;
  const part = new DOMParser().parseFromString(await response.text(), "text/html");
  one(".copy", hold).textContent = one("[data-key=h] .copy", part).textContent;
  const letter = one("a", hold);
  if (letter) letter.href = one("[data-key=h] a", part).href;
});

// ---- Times in the reader's zone: told once, then every page is made in it

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const told = `zone=${zone}`;
if (document.body.dataset.mark && zone && !document.cookie.split("; ").includes(told)) {
  document.cookie = `${told}; path=/; max-age=31536000; samesite=lax`;
  if (zone !== document.body.dataset.zone) load(location.href).catch(() => {});
}

// A firm that is set up is most likely where its owner is; a machine on UTC says nothing of that.
const own = one("[data-own-zone]");
if (own && zone && !/^(Etc\/)?UTC$/.test(zone) && all("option", own).some((option) => option.value === zone)) {
  own.value = zone;
  const region = one("select[name=region]", own.form);
  if (zone === "Europe/London" && region && !region.value) region.value = "GB-ENG";
}

dress();

// ---- What goes on by itself is looked at again, unless somebody is at work on the page

setInterval(() => {
  if (!one("[data-poll]") || busy || typing(document.activeElement) || one("details.act[open]")) return;
  load(location.href).catch(() => {});
}, 2000);

// ---- What falls due now, told by this browser where its reader lets it

const mayTell = () => window.Notification && Notification.permission === "granted";

async function tellDue() {
  // A browser that may not tell leaves it to another one.
  if (!mayTell()) return;
  const body = new URLSearchParams({ mark: document.body.dataset.mark });
  const response = await fetch("/due", { method: "POST", body, credentials: "same-origin" });
  if (!response.ok || response.redirected) return;
  for (const { id, title, words } of await response.json()) {
    const told = new Notification(title, { body: words, tag: id });
    told.addEventListener("click", () => { focus(); location.assign(`/owed/${id}`); told.close(); });
  }
}

function sayWhetherItTells() {
  const state = one("[data-notify-state]");
  if (!state || !one("[data-notify]").checked) return;
  if (mayTell()) state.textContent = "This browser shows them.";
  else if (!window.Notification || !isSecureContext) state.textContent = "This browser shows them only where Regard is opened by https.";
  else state.textContent = "This browser does not show them: allow notifications for this page in its settings.";
}

addEventListener("change", async ({ target }) => {
  if (!target.matches("[data-notify]") || !target.checked) return;
  if (window.Notification && Notification.permission === "default") await Notification.requestPermission();
  sayWhetherItTells();
});
sayWhetherItTells();

// ---- What others change

if (document.body.dataset.mark && window.EventSource) {
  const events = new EventSource("/live");
  addEventListener("pagehide", () => events.close());
  events.addEventListener("due", () => tellDue().catch(() => {}));
  events.addEventListener("revision", ({ data }) => {
    // Whoever writes learns what is new beside their letter.
    if (composing()) { keep(composing()).catch(() => {}); return; }
    if (data === document.body.dataset.revision || busy || !one(".list, [data-live]")) return;
    // Whoever is writing is not interrupted.
    if (typing(document.activeElement) || one("details.act[open]") || unsaved()) {
      say("Something changed meanwhile. The list is renewed when you are done here.");
      return;
    }
    load(location.href, { keep: true }).catch(() => {});
  });
}
