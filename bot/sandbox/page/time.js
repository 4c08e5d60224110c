// The demo's time, and the zone of the person one looks as: their clock would show it.

// As Slack writes for Americans.
const LOCALE = "en-US";
const HOUR = { hour: "numeric", minute: "2-digit" };

let zone;
let ahead = 0;

export function setZone(name) {
  zone = name;
}

// `seconds` is the server's time, which may have been moved ahead of this computer's.
export function setNow(seconds) {
  ahead = seconds * 1000 - Date.now();
}

export function now() {
  return new Date(Date.now() + ahead);
}

export function shown(date, options, locale = LOCALE) {
  return date.toLocaleString(locale, { timeZone: zone, ...options }).replaceAll("\u202f", " ");
}

export function hourOf(date) {
  return shown(date, HOUR);
}

export function dayOf(date, at = zone) {
  return shown(date, { weekday: "long", day: "numeric", month: "long", timeZone: at });
}

export function clockAt(date, at = zone) {
  return `${shown(date, { ...HOUR, timeZone: at })} in ${placeOf(at)}`;
}

// 2026-11-30
export function isoDay(date) {
  return shown(date, { year: "numeric", month: "2-digit", day: "2-digit" }, "sv-SE");
}

function placeOf(at) {
  return at ? at.split("/").at(-1).replaceAll("_", " ") : "your zone";
}
