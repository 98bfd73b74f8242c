// The roll: every act is sent until it is answered; nothing moves under the thumb meanwhile.
const words = document.getElementById("words").dataset;
const sheet = document.getElementById("sheet");
const READING = 8000; // milliseconds that a sentence stays
const CALM = 1000; // milliseconds that what came under a finger waits before it takes a tap
const HELD = 500; // milliseconds of a long press
const SLOW = 2000; // milliseconds after which the sign over the page names what waits
const acts = new Map(); // by the id of the row: what has no answer yet, in its order

// One act: it goes out with what its page had seen, again and again, until the server has
// answered. The same act twice changes nothing: its version is spent.
const send = async (act) => {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), 8000);
  act.timer = 0;
  let answer, text;
  try {
    act.body.set("csrf_token", document.querySelector("[name=csrf_token]").value);
    if (act.tries) act.body.set("ago", Math.round((Date.now() - act.since) / 1000));
    const headers = { "HX-Request": "true" };
    answer = await fetch(act.url, { method: "POST", body: act.body, headers, signal: giveUp.signal });
    text = await answer.text();
  } catch {
    return again(act);
  } finally {
    clearTimeout(timer);
  }
  if (answer.status === 401) return askWho(act, text);
  if (answer.status === 503) return again(act);
  acts.delete(act.row);
  const elsewhere = answer.headers.get("HX-Redirect");
  if (elsewhere) return window.location.assign(elsewhere);
  act.done(answer, text);
  if (answer.ok && act.tries) tellSaved(act.name);
  sign();
  count();
  document.dispatchEvent(new CustomEvent("answered", { detail: act }));
};

const deliver = (act) => {
  Object.assign(act, { tries: 0, since: Date.now() });
  acts.set(act.row, act);
  send(act);
};

const again = (act) => {
  act.tries += 1;
  act.timer = setTimeout(() => send(act), Math.min(1000 * act.tries, 5000));
};

// Whatever waits goes out at once: the network is back, or somebody logged in.
const sendAll = () => {
  acts.forEach((act) => {
    if (!act.timer) return;
    clearTimeout(act.timer);
    send(act);
  });
};
window.addEventListener("online", sendAll);

// The login ended: the small form in the notice asks who is there, and the act goes on.
const askWho = (act, text) => {
  act.tries += 1;
  act.timer = setTimeout(() => send(act), 60_000);
  if (notice.querySelector("form")) return;
  keepPlace();
  notice.innerHTML = text;
  notice.querySelector("[name=owner]").value = document.body.dataset.owner;
  htmx.process(notice);
};

// What the server answered: rows find their places by their ids; a refusal goes to the notice.
let mine = false; // whether an answer to an act is being put in
const settle = (text, where, wait = READING) => {
  keepPlace();
  const target = where ?? document.getElementById("sync");
  mine = true;
  htmx.swap(target, text, { swapStyle: where ? "beforeend" : "none" });
  mine = false;
  const line = where?.lastElementChild;
  if (line) setTimeout(() => line.remove(), wait);
};

// The sign over the page: what waits, by name.
const sign = () => {
  const late = [...acts.values()].filter((act) => Date.now() - act.since > SLOW);
  const line = document.getElementById("waiting") ?? notice.parentNode.insertBefore(document.createElement("p"), notice);
  line.id = "waiting";
  line.className = "warn";
  line.hidden = !late.length;
  line.textContent = words.waiting.replace("{n}", late.length) + late.map((act) => act.name).join("、");
};
setInterval(sign, 500);

// What was saved after a wait, in one line however much it is.
const kept = { names: [], line: document.createElement("p"), timer: 0 };
kept.line.className = "good";
const tellSaved = (name) => {
  kept.names.unshift(name);
  kept.line.textContent = words.saved + kept.names.slice(0, 4).join("、") + (kept.names[4] ? `…（${kept.names.length}）` : "");
  keepPlace();
  notice.append(kept.line);
  clearTimeout(kept.timer);
  kept.timer = setTimeout(() => {
    kept.names = [];
    kept.line.remove();
  }, READING);
};

// A page that just came, or was uncovered, takes no tap that was meant for what was there.
const calm = () => {
  document.body.classList.add("calm");
  clearTimeout(calm.timer);
  calm.timer = setTimeout(() => document.body.classList.remove("calm"), CALM);
};
calm();

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target.closest("form.act");
    if (!form || event.defaultPrevented) return;
    const row = form.dataset.row ?? form.closest("li").id;
    if (!document.getElementById(row)) return;
    event.preventDefault();
    if (acts.has(row)) return;
    const button = form.querySelector("button");
    const name = nameOf(button, row);
    document.getElementById(row).classList.add("waiting");
    const act = { row, url: form.action, body: new FormData(form), name };
    act.done = (answer, text) => {
      const held = document.getElementById(row)?.contains(document.activeElement);
      const height = document.getElementById(row)?.offsetHeight;
      if (answer.status === 422) askAgain(text);
      else settle(text, answer.ok ? null : notice, act.tries ? 4 * READING : READING);
      const after = document.getElementById(row);
      after?.classList.remove("waiting");
      if (after && !after.matches(".roll-row")) after.style.minHeight = `${height}px`;
      if (held) after?.querySelector(".do")?.focus();
    };
    deliver(act);
    if (sheet.contains(form)) shut();
    else button.textContent = words.saving;
  },
  true,
);

const nameOf = (button, row) =>
  button.getAttribute("aria-label") ?? `${button.textContent.trim()} ${document.querySelector(`#${row} strong`)?.textContent ?? ""}`;

// A look for changes never takes away a row whose act is under way, nor draws anew what
// stands there already: a tap in between would be lost with the old button.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const rows = [...acts.keys()].map((id) => document.getElementById(id));
  const { target, fragment } = event.detail;
  const fresh = fragment.querySelector?.(".roll-row");
  const same = !mine && fresh && fresh.id === target.id && fresh.dataset.version === target.dataset.version;
  if (same || rows.some((row) => row && target.contains(row))) event.detail.shouldSwap = false;
});

window.addEventListener("beforeunload", (event) => {
  if (acts.size) event.preventDefault();
});

// The numbers in the headings are those of the rows below them.
const count = () =>
  document.querySelectorAll("[data-live]").forEach((number) => {
    const marks = number.dataset.live.split(" ").map((mark) => `.roll-row.${mark}`);
    number.textContent = number.closest("section").querySelectorAll(marks.join()).length;
  });
document.addEventListener("htmx:afterSettle", count);

// A child's sheet lies over the roll, which stays as it is; Back closes the sheet.
const open = (url) => htmx.ajax("GET", url, { target: "#sheet", swap: "innerHTML" });
document.addEventListener("click", (event) => {
  const link = event.target.closest("a.who, a.sheet, a.more");
  if (event.target.closest("#sheet a.close")) {
    event.preventDefault();
    if (mayLose()) shut();
  } else if (link && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    if (!link.closest(".waiting")) open(link.href);
  }
});
// A tile that is held opens its child, and the end of the press is no tap.
let held = 0;
let opened = false;
const release = () => clearTimeout(held);
document.addEventListener("pointerdown", (event) => {
  const more = event.target.closest(".tiles .roll-row")?.querySelector(".more");
  opened = false;
  release();
  if (!more || event.target === more) return;
  held = setTimeout(() => {
    opened = true;
    open(more.href);
  }, HELD);
});
["pointerup", "pointercancel", "scroll"].forEach((name) => document.addEventListener(name, release, true));
document.addEventListener(
  "click",
  (event) => {
    if (!opened || sheet.contains(event.target)) return;
    opened = false;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
document.addEventListener("contextmenu", (event) => {
  if (event.target.closest(".tiles .roll-row")) event.preventDefault();
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== sheet) return;
  if (!sheet.open) {
    sheet.showModal();
    history.pushState({ sheet: true }, "");
  }
});
sheet.addEventListener("close", () => {
  sheet.replaceChildren();
  calm();
  if (history.state?.sheet) history.back();
});

// What was typed into the sheet is not thrown away by Back, Esc or a slip.
let typed = false;
const shut = () => {
  typed = false;
  sheet.close();
};
const mayLose = () => !typed || window.confirm(words.lose);
sheet.addEventListener("input", () => (typed = true));
sheet.addEventListener("cancel", (event) => {
  if (mayLose()) typed = false;
  else event.preventDefault();
});
window.addEventListener("popstate", () => {
  if (!sheet.open) return;
  if (mayLose()) shut();
  else history.pushState({ sheet: true }, "");
});

// The form was filled in wrongly: it is back, with what was typed.
const askAgain = (text) => {
  sheet.innerHTML = text;
  htmx.process(sheet);
  typed = true;
  if (sheet.open) return;
  sheet.showModal();
  history.pushState({ sheet: true }, "");
};
