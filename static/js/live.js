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
