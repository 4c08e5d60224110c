// Slack's mrkdwn, as nodes.

import { h } from "./dom.js";
import { hourOf, isoDay, now, shown } from "./time.js";

const EMOJI = {
  first_place_medal: "🥇", second_place_medal: "🥈", third_place_medal: "🥉", trophy: "🏆",
  medal: "🏅", sports_medal: "🏅", white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌",
  warning: "⚠️", tada: "🎉", wave: "👋", eyes: "👀", bulb: "💡", star: "⭐", fire: "🔥",
  "+1": "👍", thumbsup: "👍", clap: "👏", muscle: "💪", rocket: "🚀", lock: "🔒",
  calendar: "📅", date: "📅", hourglass: "⌛", bar_chart: "📊", point_right: "👉", mag: "🔍",
  chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉", question: "❓",
  information_source: "ℹ️", arrow_up: "⬆️", arrow_down: "⬇️", speech_balloon: "💬",
};

const INLINE = new RegExp(
  [
    "`(?<code>[^`\\n]+)`",
    "<(?<angle>[^<>\\n]+)>",
    ":(?<emoji>[a-z0-9_+-]+):",
    "(?<![\\p{L}\\p{N}*])\\*(?=\\S)(?<bold>[^*\\n]*[^*\\s])\\*(?![\\p{L}\\p{N}*])",
    "(?<![\\p{L}\\p{N}_])_(?=\\S)(?<italic>[^_\\n]*[^_\\s])_(?![\\p{L}\\p{N}_])",
    "(?<![\\p{L}\\p{N}~])~(?=\\S)(?<strike>[^~\\n]*[^~\\s])~(?![\\p{L}\\p{N}~])",
  ].join("|"),
  "gu",
);

export function unescape(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

export function emoji(name) {
  return EMOJI[name] ?? `:${name}:`;
}

export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI[name] ?? whole);
}

export function link(url, ...label) {
  if (!/^(https?:|mailto:)/i.test(url)) return h("span", {}, ...label);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...label);
}

export function mention(text) {
  return h("span", { class: "mention" }, text);
}

// Whole text: fenced code, quotes, lines.
export function mrkdwn(text, names) {
  const nodes = [];
  text.split(/```\n?([\s\S]*?)```/).forEach((part, index) => {
    if (index % 2) nodes.push(h("pre", {}, unescape(part.replace(/\n$/, ""))));
    else if (part) nodes.push(...lines(part, names));
  });
  return nodes;
}

function lines(text, names) {
  const nodes = [];
  let quoted = [];
  const endQuote = () => {
    if (quoted.length) nodes.push(h("blockquote", {}, withBreaks(quoted, names)));
    quoted = [];
  };
  let plain = [];
  const endPlain = () => {
    if (plain.length) nodes.push(...withBreaks(plain, names));
    plain = [];
  };
  for (const line of text.split("\n")) {
    const quote = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if (quote) {
      endPlain();
      quoted.push(quote[1]);
    } else {
      endQuote();
      plain.push(line);
    }
  }
  endPlain();
  endQuote();
  return nodes;
}

function withBreaks(rows, names) {
  return rows.flatMap((row, index) => [...(index ? [h("br")] : []), ...inline(row, names)]);
}

function inline(text, names) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    nodes.push(unescape(text.slice(end, match.index)), piece(match, names));
    end = match.index + match[0].length;
  }
  nodes.push(unescape(text.slice(end)));
  return nodes.filter((node) => node !== "");
}

function piece(match, names) {
  const { code, angle, emoji: name, bold, italic, strike } = match.groups;
  if (code !== undefined) return h("code", {}, unescape(code));
  if (angle !== undefined) return special(angle, names);
  if (name !== undefined) return emoji(name);
  if (bold !== undefined) return h("strong", {}, inline(bold, names));
  if (italic !== undefined) return h("em", {}, inline(italic, names));
  return h("s", {}, inline(strike, names));
}

function special(inner, names) {
  const [target, label] = inner.split(/\|(.*)/s);
  if (target.startsWith("@")) return mention(`@${names.users[target.slice(1)] ?? target.slice(1)}`);
  if (target.startsWith("#")) {
    return mention(`#${label || names.channels[target.slice(1)] || "private channel"}`);
  }
  if (target.startsWith("!date^")) return date(target, label ?? "");
  if (target.startsWith("!subteam^")) {
    return mention(`@${names.usergroups[target.slice(9)] ?? label ?? "group"}`);
  }
  if (target.startsWith("!")) return mention(`@${target.slice(1)}`);
  return link(unescape(target), unescape(label || target.replace(/^mailto:/, "")));
}

function date(target, fallback) {
  const [, seconds, format, url] = target.split("^");
  const text = formatDate(Number(seconds), unescape(format ?? ""), unescape(fallback));
  const node = h("time", { title: unescape(fallback) }, text);
  return url ? link(unescape(url), node) : node;
}

export function formatDate(seconds, format, fallback) {
  const moment = new Date(seconds * 1000);
  if (Number.isNaN(moment.getTime())) return fallback;
  const day = (options) => shown(moment, options);
  const long = { weekday: "long", year: "numeric", month: "long", day: "numeric" };
  const tokens = {
    date_num: () => isoDay(moment),
    date: () => day({ year: "numeric", month: "long", day: "numeric" }),
    date_short: () => day({ year: "numeric", month: "short", day: "numeric" }),
    date_long: () => day(long),
    time: () => hourOf(moment),
    time_secs: () => shown(moment, { timeStyle: "medium" }),
    ago: () => ago(seconds),
  };
  return format.replace(/\{([a-z_]+)\}/g, (whole, name) => {
    const plain = name.replace(/_pretty$/, "");
    if (!(plain in tokens)) return whole;
    return (name.endsWith("_pretty") && nearDay(moment)) || tokens[plain]();
  });
}

function nearDay(moment) {
  const days = (Date.parse(isoDay(moment)) - Date.parse(isoDay(now()))) / 86_400_000;
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days];
}

function ago(seconds) {
  const past = now() / 1000 - seconds;
  const [unit, size] = [["day", 86_400], ["hour", 3600], ["minute", 60]].find(
    ([, each]) => Math.abs(past) >= each,
  ) ?? ["second", 1];
  return new Intl.RelativeTimeFormat().format(-Math.round(past / size), unit);
}
