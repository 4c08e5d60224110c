// The conversation: one node for each message, drawn again only when it changed.

import { drawBlocks } from "./blocks.js";
import { avatar, clock, h } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { dayOf } from "./time.js";

// From here on something counts as seen, and so long one looks at it.
const NEAR = 24;
const READ_AFTER = 3000;
// What comes sooner than this after asking is the answer.
const ANSWER_WITHIN = 20_000;
const SCROLLING = new Set(["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown"]);

export class Log {
  constructor(app, node, scroll, below) {
    this.app = app;
    this.node = node;
    this.scroll = scroll;
    this.below = below;
    this.drawn = new Map();
    this.anchor = null; // the message whose top stays in view while others are drawn
    this.isOwn = false; // it is what was asked for here
    this.asked = 0;
    this.pointing = null;
    this.read = 0;
    this.reading = null;
    below.addEventListener("click", () => this.#stay(below.dataset.ts));
    scroll.addEventListener("scroll", () => {
      if (this.#atEnd()) below.hidden = true;
      this.#willRead();
    });
    const release = () => this.#release();
    for (const act of ["wheel", "touchmove", "pointerdown"]) {
      scroll.addEventListener(act, release, { passive: true });
    }
    scroll.addEventListener("keydown", (event) => SCROLLING.has(event.key) && release());
    document.addEventListener("visibilitychange", () => this.#willRead());
    // Charts are drawn once their width is known.
    new ResizeObserver(() => this.#settle()).observe(node);
  }

  // Another person or another channel: nothing of it is news to be read out.
  clear() {
    this.drawn.clear();
    this.node.replaceChildren();
    this.node.setAttribute("aria-live", "off");
    this.below.hidden = true;
    this.#release();
    this.pointing = null;
    this.read = 0;
    clearTimeout(this.reading);
    this.reading = null;
  }

  // Another tab hid it meanwhile.
  back() {
    this.#settle();
    this.#willRead();
  }

  // What comes next was asked for here, and is shown from its top.
  expect() {
    this.asked = Date.now();
  }

  // Show a message, and in it the part that names somebody.
  point(ts, name) {
    this.pointing = { ts, name };
    this.#point();
  }

  show(entries) {
    const fresh = this.drawn.size === 0;
    const wasAtEnd = this.#atEnd();
    const wanted = new Set(entries.map((entry) => entry.ts));
    for (const [ts, { node }] of this.drawn) {
      if (!wanted.has(ts)) {
        node.remove();
        this.drawn.delete(ts);
      }
    }
    const added = [];
    entries.forEach((entry, index) => {
      const held = this.drawn.get(entry.ts);
      if (held?.revision === entry.revision) return;
      const node = entry.user_id ? notice(entry, this.app) : message(entry, this.app);
      if (held) swap(held.node, node);
      else {
        this.node.insertBefore(node, this.node.children[index] ?? null);
        added.push(entry.ts);
      }
      this.drawn.set(entry.ts, { node, revision: entry.revision });
    });
    this.#nameDays(entries);
    if (added.length) this.#arrived(fresh ? added.at(-1) : added[0], fresh || wasAtEnd);
    this.#settle();
    this.#point();
    this.#willRead();
    setTimeout(() => this.node.setAttribute("aria-live", "polite"), 50);
  }

  #arrived(ts, wasAtEnd) {
    if (Date.now() - this.asked < ANSWER_WITHIN) {
      // The command, or the button's answer. What follows stands below it.
      this.asked = 0;
      this.#stay(ts);
      this.isOwn = true;
    } else if (wasAtEnd && !this.isOwn) this.#stay(ts);
    else {
      this.#settle();
      if (this.#isSeen(ts)) return;
      if (this.below.hidden) this.below.dataset.ts = ts;
      this.below.hidden = false;
    }
  }

  #stay(ts) {
    this.#release();
    this.below.hidden = true;
    this.anchor = ts;
    this.#settle();
  }

  #release() {
    this.node.querySelector(".pointed")?.classList.remove("pointed");
    this.anchor = null;
    this.isOwn = false;
  }

  #settle() {
    const node = this.drawn.get(this.anchor)?.node;
    if (node && !this.node.hidden) this.scroll.scrollTop += node.getBoundingClientRect().top - this.#box().top - 8;
  }

  #point() {
    const { ts, name } = this.pointing ?? {};
    const node = this.drawn.get(ts)?.node;
    if (!node) return;
    this.pointing = null;
    const part = name && [...node.querySelectorAll(".section")].find((each) => each.textContent.includes(name));
    if (!part) {
      this.#stay(ts);
      node.focus({ preventScroll: true });
      return;
    }
    this.#release();
    part.classList.add("pointed");
    part.scrollIntoView({ block: "center" });
    part.querySelector("button")?.focus({ preventScroll: true });
  }

  // The first message of each day says which day it is: the time may be moved ahead by days.
  #nameDays(entries) {
    let before = "";
    for (const { ts } of entries) {
      const day = dayOf(new Date(ts * 1000));
      const { node } = this.drawn.get(ts);
      if (day === before) delete node.dataset.day;
      else node.dataset.day = day;
      before = day;
    }
  }

  #box() {
    return this.scroll.getBoundingClientRect();
  }

  #isSeen(ts) {
    return this.drawn.get(ts).node.getBoundingClientRect().top < this.#box().bottom - NEAR;
  }

  #atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroll;
    return scrollHeight - scrollTop - clientHeight < 80;
  }

  #willRead() {
    this.reading ??= setTimeout(() => this.#markRead(), READ_AFTER);
  }

  // Read is what came into view, and all before it.
  #markRead() {
    this.reading = null;
    if (document.hidden || this.node.hidden) return;
    const seen = [...this.drawn.keys()].filter((each) => this.#isSeen(each));
    const ts = seen.toSorted((one, two) => one - two).at(-1);
    if (ts === undefined || ts <= this.read) return;
    this.read = ts;
    this.app.post("read", { ts });
  }
}

// Replace a message, and keep the focus on the same thing in it when there is one.
function swap(old, node) {
  const inside = old.contains(document.activeElement);
  const action = document.activeElement?.closest("[data-action]")?.dataset.action;
  old.replaceWith(node);
  if (!inside) return;
  const again = action && node.querySelector(`[data-action="${CSS.escape(action)}"]`);
  const target = again?.matches("button") ? again : again?.querySelector("button");
  (target ?? node).focus();
}

function message(entry, app) {
  const isBot = entry.user === app.team.bot.id;
  const name = isBot ? app.team.bot.name : (app.names().users[entry.user] ?? entry.user);
  const ctx = app.context(entry.ts, {}, () => null);
  const content = entry.blocks.length
    ? drawBlocks(entry.blocks, ctx)
    : h("div", { class: "words" }, mrkdwn(entry.text, app.names()));
  return h(
    "article",
    { class: classes(entry), tabindex: "-1", "aria-label": name },
    avatar(entry.user, name, isBot),
    h(
      "div",
      { class: "content" },
      entry.visible_to ? h("p", { class: "only" }, "Only visible to you") : null,
      h(
        "p",
        { class: "who" },
        h("strong", {}, name),
        isBot ? h("abbr", { class: "app", title: "An app, not a person" }, "APP") : null,
        clock(entry.ts),
        entry.edited ? h("span", { class: "small" }, "(edited)") : null,
      ),
      content,
      ...(entry.extra.files ?? []).map(file),
      isBot ? sent(entry, app) : null,
    ),
  );
}

function classes(entry) {
  const more = [entry.visible_to ? "private" : "", entry.thread_ts && entry.thread_ts !== entry.ts ? "reply" : ""];
  return ["message", ...more.filter(Boolean)].join(" ");
}

function file({ id, name }) {
  return h("p", {}, h("a", { href: `/demo/files/${id}`, download: name }, name));
}

// Shown, and written, while the switch for it is on.
function sent({ text, blocks, via, extra }, app) {
  const node = h("pre", { class: "sent", tabindex: "0", "aria-label": "What the bot sent" });
  node.show = (isOn) => {
    node.hidden = !isOn;
    node.textContent = isOn ? JSON.stringify({ via, text, blocks, ...extra }, null, 2) : "";
  };
  node.show(app.showsSent);
  return node;
}

function notice(entry, app) {
  const name = app.names().users[entry.user_id];
  if (entry.kind === "typed") {
    return h(
      "p",
      { class: "notice typed" },
      h("span", {}, name, " typed "),
      h("code", {}, entry.text),
      h("span", { class: "small" }, " only you see this"),
    );
  }
  return h("p", { class: "notice failed" }, entry.text);
}
