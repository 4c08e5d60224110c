// Slack's mrkdwn, as nodes.

import { h } from "./dom.js";

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

function unescape(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI[name] ?? whole);
}

export function link(url, ...label) {
  if (!/^(https?:|mailto:)/i.test(url)) return h("span", {}, ...label);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...label);
}

function mention(text) {
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
  if (name !== undefined) return withEmoji(match[0]);
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
  if (target.startsWith("!subteam^")) {
    return mention(`@${names.usergroups[target.slice(9)] ?? label ?? "group"}`);
  }
  if (target.startsWith("!")) return mention(`@${target.slice(1)}`);
  return link(unescape(target), unescape(label || target.replace(/^mailto:/, "")));
}
