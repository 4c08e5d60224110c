// Building elements. Children that are strings become text nodes, never markup.

import { dayOf, hourOf } from "./time.js";

const SVG = "http://www.w3.org/2000/svg";

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "selected") node[name] = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
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

export function freshId(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}

export function hidden(text) {
  return h("span", { class: "hidden" }, text);
}

export function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? words[0][0] + words.at(-1)[0] : name.slice(0, 2);
  return letters.toUpperCase();
}

export function avatar(id, name, isBot = false) {
  const sum = [...id].reduce((total, letter) => total + letter.codePointAt(0), 0);
  const kind = isBot ? "bot" : `tint-${sum % 6}`;
  return h("span", { class: `avatar ${kind}`, "aria-hidden": "true" }, initials(name));
}

export function clock(ts) {
  const date = new Date(Number(ts) * 1000);
  return h("time", { datetime: date.toISOString(), title: `${dayOf(date)}, ${hourOf(date)}` }, hourOf(date));
}
