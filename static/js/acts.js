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
    // What the first button says besides is said too: with whom a call was.
    event.target.form.requestSubmit(one("button.first:not([formaction])", event.target.form));
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
  else if (key === "?") { take(); one("#keys").showModal(); one("#keys").scrollTop = 0; }
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
