// The demo's time, and the zone of the person one looks as: their clock would show it.

// As Slack writes for Americans.
const LOCALE = "en-US";
const HOUR = { hour: "numeric", minute: "2-digit" };
const ORDINAL = new Intl.PluralRules(LOCALE, { type: "ordinal" });
const ENDINGS = { one: "st", two: "nd", few: "rd", other: "th" };

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

function shown(date, options, at = zone) {
  return date.toLocaleString(LOCALE, { timeZone: at, ...options }).replaceAll("\u202f", " ");
}

// 9:00 AM
export function hourOf(date) {
  return shown(date, HOUR);
}

// "09:00" as 9:00 AM
export function timeOfDay(value) {
  return shown(new Date(`2000-01-01T${value}Z`), HOUR, "UTC");
}

// Monday, November 30th
export function dayOf(date, at = zone) {
  const day = Number(shown(date, { day: "numeric" }, at));
  const month = shown(date, { month: "long" }, at);
  return `${shown(date, { weekday: "long" }, at)}, ${month} ${day}${ENDINGS[ORDINAL.select(day)]}`;
}

// 9:00 AM Pacific Time
export function clockAt(date, at = zone) {
  return shown(date, { ...HOUR, timeZoneName: "longGeneric" }, at);
}
