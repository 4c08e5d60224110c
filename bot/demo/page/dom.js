// Helpers to build elements and to format the demo's time.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "selected") node[name] = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  // Strings become text nodes, never markup.
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

export function h(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

export function svg(tag, props = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

let counter = 0;

export function newId() {
  counter += 1;
  return `id-${counter}`;
}

export function small(text) {
  return h("span", { class: "small" }, text);
}

export function hidden(text) {
  return h("span", { class: "hidden" }, text);
}

export function avatar(id, name, isBot = false) {
  const words = name.split(/\s+/);
  const letters = words.length > 1 ? words[0][0] + words.at(-1)[0] : name.slice(0, 2);
  const tint = [...id].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 6;
  return h("span", { class: `avatar ${isBot ? "bot" : `tint-${tint}`}`, "aria-hidden": "true" }, letters.toUpperCase());
}

// Times are in the current user's time zone, formatted as in Slack's American English.

const LOCALE = "en-US";
const HOUR = { hour: "numeric", minute: "2-digit" };

let zone;
let ahead = 0;

export function setZone(name) {
  zone = name;
}

// `seconds` is the server's time, which may be ahead of this computer's.
export function setNow(seconds) {
  ahead = seconds * 1000 - Date.now();
}

export function now() {
  return new Date(Date.now() + ahead);
}

function format(date, options) {
  return date.toLocaleString(LOCALE, { timeZone: zone, ...options }).replaceAll("\u202f", " ");
}

// 9:00 AM
export function hourOf(date) {
  return format(date, HOUR);
}

// Monday, November 30
export function dayOf(date) {
  return format(date, { weekday: "long", month: "long", day: "numeric" });
}

// 9:00 AM Pacific Time
export function clockAt(date) {
  return format(date, { ...HOUR, timeZoneName: "longGeneric" });
}
