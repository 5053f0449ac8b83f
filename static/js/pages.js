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
