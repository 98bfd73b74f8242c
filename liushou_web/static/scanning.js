// The box above a roll: a scanner types faster than answers come, wherever the focus is, with
// Enter, with Tab or with nothing after the code, and through a Chinese input method.
const box = document.getElementById("q");
const scans = document.getElementById("scan-form");
const scanned = document.getElementById("scanned");
const found = () => document.getElementById("found");
const SCANNER = 60; // milliseconds from letter to letter: no hand types like this
const PAUSE = 120; // milliseconds after which another code begins
const SHORTEST = 4; // letters of a code
const codes = []; // taken out of the box; the first of them is under way
let typing = false; // whether the box holds something that nobody sent

// What comes in like a burst: the keys as they are on the keyboard, whatever is made of them.
const burst = { keys: "", letters: 0, first: 0, last: 0, keyed: 0, timer: 0 };
const fresh = () => Object.assign(burst, { keys: "", letters: 0 });
const isScan = () =>
  burst.letters >= SHORTEST && (burst.last - burst.first) / (burst.letters - 1) < SCANNER;

const beat = (letter, moment, whole = true) => {
  if (moment - burst.last > PAUSE) fresh();
  if (!burst.letters) burst.first = moment;
  burst.last = moment;
  burst.letters += 1;
  burst.keys += letter;
  clearTimeout(burst.timer);
  if (whole) takeAfter(5 * PAUSE);
};

// When nothing more comes for so long, the code is whole.
const takeAfter = (wait) => {
  clearTimeout(burst.timer);
  burst.timer = setTimeout(() => isScan() && takeBurst(), wait);
};

const letterOf = ({ code, key }) => {
  const plain = /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(code)?.[1];
  return plain ?? (/^(?:Minus|NumpadSubtract)$/.test(code) ? "-" : key.length === 1 ? key : "");
};

// A code is taken out at once, so that the next one can be typed. What an input method made
// of the letters may be another word: then the keys tell.
const takeBurst = () => {
  const inBox = box.value.trim();
  const spoilt = /[^\x21-\x7e\uff01-\uff5e]/.test(inBox) || !/[0-9\uff10-\uff19]/.test(inBox);
  const code = spoilt && /[0-9]/.test(burst.keys) ? burst.keys : inBox;
  if (code.length < SHORTEST || !/[0-9\uff10-\uff19]/.test(code)) return;
  take(code);
};

const take = (code) => {
  clearTimeout(burst.timer);
  fresh();
  box.value = "";
  typing = false;
  if (sheet.open && !typed) shut();
  if (!code) return;
  codes.push(code);
  if (codes.length === 1) next();
};

// One after the other, each until it is answered; each answer is a line of its own.
const next = () => {
  const body = new FormData(scans);
  body.set("q", codes[0]);
  deliver({
    row: "scan",
    url: scans.action,
    body,
    name: codes.join("、"),
    done(answer, text) {
      if (answer.ok) {
        htmx.swap(scanned, text, { swapStyle: "afterbegin" });
        const line = scanned.querySelector("li.good:first-child");
        if (line) setTimeout(() => line.remove(), 6000);
      } else settle(text, notice);
      codes.shift();
      if (codes.length) next();
      else setTimeout(bringBack);
    },
  });
};

scans.addEventListener("submit", (event) => {
  event.preventDefault();
  take(box.value.trim());
});

box.addEventListener("input", () => (typing = true));

// Under an input method letters may come without keys: the pace of the composition tells.
box.addEventListener("compositionupdate", ({ timeStamp }) => {
  if (timeStamp - burst.keyed > SCANNER / 4) beat("", timeStamp);
});
box.addEventListener("compositionend", () => takeAfter(PAUSE));

document.addEventListener("htmx:configRequest", (event) => {
  if (event.target === box && !typing) event.preventDefault();
});

// What was typed by hand comes back, marked, so that the next code takes its place.
const bringBack = () => {
  const { query } = found().dataset;
  if (!query || box.value) return;
  box.value = query;
  box.select();
};

// A tap on a row takes the focus away; the next code still finds its way into the box, and
// the end of a code presses no button. What comes into another field stays there.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const field = event.target.matches("input, select, textarea") && event.target !== box;
    const ends = event.key === "Enter" || event.key === "Tab";
    if (ends && isScan() && event.timeStamp - burst.last < 5 * PAUSE) {
      event.preventDefault();
      event.stopPropagation();
      if (!field) takeBurst();
      return;
    }
    const letter = letterOf(event);
    if (!letter && event.key !== "Process") return;
    if (letter && !event.repeat) {
      burst.keyed = event.timeStamp;
      beat(letter, event.timeStamp, !field);
    }
    if (!field && event.target !== box && !sheet.open) box.focus();
  },
  true,
);

// After a child was found by hand and tapped, the box waits for the next.
document.addEventListener("answered", (event) => {
  if (!/^(found|guest)-/.test(event.detail.row)) return;
  box.value = "";
  box.focus();
});
