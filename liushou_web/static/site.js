// What HTML cannot do alone: admit that the network is down, ask once, keep the place.
const notice = document.getElementById("notice");

// What is said after the page was there lies over it: nothing moves under a finger.
const keepPlace = () => {
  if (!notice.style.height) notice.style.height = `${notice.offsetHeight}px`;
};

const say = (words, kind = "bad") => {
  const line = document.createElement("p");
  line.className = kind;
  line.textContent = words;
  keepPlace();
  notice.replaceChildren(line);
};

const isPost = (event) => event.detail.requestConfig.verb === "post";

document.addEventListener("htmx:beforeRequest", (event) => {
  if (!isPost(event) || notice.contains(event.target)) return;
  keepPlace();
  notice.replaceChildren();
});

// No answer came: a tap may or may not be saved, and a page that polls may be old.
const unanswered = (event) => {
  if (isPost(event)) say(document.body.dataset.unsure);
  else if (!notice.querySelector(".bad")) say(document.body.dataset.stale, "warn stale");
};
document.addEventListener("htmx:sendError", unanswered);
document.addEventListener("htmx:timeout", unanswered);
document.addEventListener("htmx:swapError", () => say(document.body.dataset.failed));

// An answer came again: what the page shows is true again.
document.addEventListener("htmx:afterOnLoad", () => {
  notice.querySelectorAll(".stale").forEach((line) => line.remove());
});

// An answer with an error status is shown only where the server says: in the notice.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  keepPlace();
  // Who is about to log in is not disturbed by the next look that finds nobody logged in.
  if (xhr.status === 401 && notice.querySelector("form.lapsed")) {
    event.detail.shouldSwap = false;
    return;
  }
  if (xhr.status < 400 || xhr.status === 422 || xhr.getResponseHeader("HX-Retarget")) return;
  event.detail.shouldSwap = false;
  say(document.body.dataset.failed);
});

document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

// A form that leaves for another page is sent once: a second tap before that page came would
// do it again.
const ONCE = 3000; // milliseconds; a file that was fetched may be fetched again
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (Date.now() - (form.dataset.sent ?? 0) < ONCE) event.preventDefault();
  else form.dataset.sent = Date.now();
});

// What takes seconds says so, once it is on its way, and cannot be sent twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.busy || event.defaultPrevented) return;
  setTimeout(() => {
    form.querySelectorAll("button").forEach((button) => (button.disabled = true));
    form.querySelector("[role=status]").textContent = form.dataset.busy;
  });
});

// Logged in under an open page: its forms go on with the new login's token.
document.addEventListener("htmx:afterSwap", () => {
  const owner = notice.querySelector("[name=owner]");
  if (owner) owner.value = document.body.dataset.owner;
});
document.addEventListener("signed-in", (event) => {
  document.querySelectorAll("[name=csrf_token]").forEach((field) => (field.value = event.detail.token));
  if (typeof sendAll === "function") sendAll();
});

// A page brought back from the browser's memory may be old, or somebody else's.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});

// Words for one reader do not stay on the screen of a PC that nobody sits at: the form
// locks itself, and what was typed goes along, sealed.
document.querySelectorAll("form[data-idle]").forEach((form) => {
  let idle;
  const wait = () => {
    clearTimeout(idle);
    idle = setTimeout(() => form.querySelector("[name=lock]").click(), form.dataset.idle * 1000);
  };
  ["input", "keydown", "pointerdown", "scroll"].forEach((event) =>
    document.addEventListener(event, wait, { passive: true }),
  );
  wait();
});

// Where one types on a phone, the bar makes way for the keyboard; not over a roll, where the
// place under the thumb never means something else.
const types = (field) =>
  field.matches("textarea, select, input:not([type=checkbox]):not([type=radio])") &&
  !document.getElementById("sync");
document.addEventListener("focusin", ({ target }) => document.body.classList.toggle("typing", types(target)));
document.addEventListener("focusout", () => document.body.classList.remove("typing"));
if (document.activeElement && types(document.activeElement)) document.body.classList.add("typing");

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

// A grid for the keyboard: Enter and ↓ go down a column, ↑ up; from its end on to the next
// column, and then to the last button. Lines without a child go across. All is counted.
const column = (form, name) => [...form.querySelectorAll(`tr:not([data-extra]) [data-cell="${name}"]`)];

const following = (form, cell, step) => {
  const button = [...form.querySelectorAll("button")].pop();
  const columns = ["came", "went", "taker"].map((name) => column(form, name));
  const cells = columns.find((one) => one.includes(cell));
  if (cells) return cells[cells.indexOf(cell) + step] ?? (step < 0 ? cell : cells === columns[0] ? columns[1][0] : button);
  const named = cell.dataset.cell === "taker" ? "" : ':not([data-cell="taker"])';
  const across = [...form.querySelectorAll(`tbody input${named}`)];
  return across[across.indexOf(cell) + step] ?? button;
};

document.querySelectorAll("form[data-grid]").forEach((form) => {
  form.addEventListener("keydown", (event) => {
    const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.isComposing || !event.target.closest("tbody")) return;
    event.preventDefault();
    const to = following(form, event.target, step);
    to.focus();
    if (to.select) to.select();
  });
  form.addEventListener("input", () => {
    const typed = (line) => [...line.querySelectorAll("[data-cell]")].some((one) => one.value.trim());
    form.querySelector("[data-filled]").value = [...form.querySelectorAll("tbody tr")].filter(typed).length;
  });
});
