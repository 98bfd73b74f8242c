// The box above a roll: a scanner types faster than answers come, wherever the focus is.
const box = document.getElementById("q");
const form = document.getElementById("scan-form");
const waiting = []; // codes taken out of the box; the first of them is under way
let typing = false; // whether the box holds something that nobody sent

box.addEventListener("input", () => (typing = true));

// A code is taken out at once, so that the next one can be typed.
const take = (event) => {
  if (event.target !== form || !event.isTrusted) return;
  const code = box.value.trim();
  box.value = "";
  typing = false;
  if (code) waiting.push(code);
  if (waiting.length === 1 && code) return;
  event.preventDefault();
  event.stopPropagation();
};
document.addEventListener("submit", take, true);

document.addEventListener("htmx:configRequest", (event) => {
  if (event.target === form) event.detail.parameters.q = waiting[0];
  if (event.target === box && !typing) event.preventDefault();
});

// Nobody knows whether these were signed in: they stay on the page, to be scanned again.
const lost = (codes) => {
  const line = document.createElement("li");
  line.className = "bad";
  line.textContent = form.dataset.lost + codes.join("、");
  document.getElementById("scanned").prepend(line);
};

// What was typed by hand comes back, marked, so that the next code takes its place.
const bringBack = () => {
  const { query } = document.getElementById("found").dataset;
  if (!query || box.value) return;
  box.value = query;
  box.select();
};

document.addEventListener("htmx:afterRequest", (event) => {
  const { requestConfig, successful } = event.detail;
  if (requestConfig.path.endsWith("/walk-in") && successful) {
    box.value = "";
    box.focus();
  }
  if (event.target !== form) return;
  if (!successful) lost(waiting.splice(0));
  else waiting.shift();
  if (waiting.length) htmx.trigger(form, "next");
  else setTimeout(bringBack);
});

// A tap on a row takes the focus away; the next code still finds its way into the box.
document.addEventListener("keydown", (event) => {
  const typed = /^[a-z0-9]$/i.test(event.key) || event.key === "Process";
  const elsewhere = !event.target.matches("input, select, textarea");
  if (typed && elsewhere && !event.ctrlKey && !event.metaKey && !event.altKey) box.focus();
});
