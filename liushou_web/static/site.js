// What HTML cannot do alone: admit that the network is down, ask once, keep the place.
const say = (words) => {
  const line = document.createElement("p");
  line.className = "bad";
  line.textContent = words;
  document.getElementById("notice").replaceChildren(line);
};

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.requestConfig.verb === "post") {
    document.getElementById("notice").replaceChildren();
  }
});

document.addEventListener("htmx:sendError", () => say(document.body.dataset.offline));
document.addEventListener("htmx:timeout", () => say(document.body.dataset.unsure));
document.addEventListener("htmx:swapError", () => say(document.body.dataset.failed));

// An answer with an error status is shown only where the server says: in the notice.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status < 400 || xhr.status === 422 || xhr.getResponseHeader("HX-Retarget")) return;
  event.detail.shouldSwap = false;
  say(document.body.dataset.failed);
});

document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

// A page brought back from the browser's memory may be old, or somebody else's.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
