// The conversation: one node for each message, drawn again only if it changed.

import { drawBlocks, mrkdwn } from "./blocks.js";
import { avatar, dayOf, h, hourOf, small } from "./dom.js";

// So long one looks at a channel until it counts as read.
const READ_AFTER = 3000;

export class Log {
  constructor(app, node, scroll) {
    this.app = app;
    this.node = node;
    this.scroll = scroll;
    this.clear();
    for (const act of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      scroll.addEventListener(act, () => this.release(), { passive: true });
    }
  }

  // Another person or another channel: nothing of it is news to be read out.
  clear() {
    this.drawn = new Map();
    this.node.replaceChildren();
    this.node.setAttribute("aria-live", "off");
    this.anchor = null; // the message whose top stays in view while others are drawn
    this.pointing = null;
    this.isExpecting = false;
    clearTimeout(this.reading);
    this.reading = null;
  }

  // What comes next was asked for here, and is shown from its top.
  expect() {
    this.isExpecting = true;
  }

  // Show the part of a message that names somebody.
  point(ts, name) {
    this.pointing = { ts, name };
    this.#point();
  }

  show(entries) {
    const sorted = entries.toSorted((one, two) => one.ts - two.ts);
    const isFresh = this.drawn.size === 0;
    const { scrollHeight, scrollTop, clientHeight } = this.scroll;
    const wasAtEnd = isFresh || scrollHeight - scrollTop - clientHeight < 80;
    const wanted = new Set(sorted.map((entry) => entry.ts));
    for (const [ts, { node }] of this.drawn) {
      if (wanted.has(ts)) continue;
      node.remove();
      this.drawn.delete(ts);
    }
    const added = [];
    let day = "";
    sorted.forEach((entry, index) => {
      const held = this.drawn.get(entry.ts);
      let node = held?.node;
      if (!held || held.revision !== entry.revision) {
        node = entry.user_id ? notice(entry, this.app.team) : message(entry, this.app);
        if (held) swap(held.node, node);
        else {
          this.node.insertBefore(node, this.node.children[index] ?? null);
          added.push(entry.ts);
        }
        this.drawn.set(entry.ts, { node, revision: entry.revision });
      }
      // The time may be moved ahead by days.
      const today = dayOf(new Date(entry.ts * 1000));
      if (today === day) delete node.dataset.day;
      else node.dataset.day = today;
      day = today;
    });
    if (added.length && (this.isExpecting || (wasAtEnd && !this.anchor))) {
      this.isExpecting = false;
      this.anchor = isFresh ? added.at(-1) : added[0];
    }
    this.settle();
    this.#point();
    this.last = sorted.at(-1)?.ts;
    if (added.length) this.reading ??= setTimeout(() => this.#markRead(), READ_AFTER);
    setTimeout(() => this.node.setAttribute("aria-live", "polite"), 50);
  }

  release() {
    this.node.querySelector(".pointed")?.classList.remove("pointed");
    this.anchor = null;
  }

  settle() {
    const node = this.drawn.get(this.anchor)?.node;
    if (node) this.scroll.scrollTop += node.getBoundingClientRect().top - this.scroll.getBoundingClientRect().top - 8;
  }

  #point() {
    const { ts, name } = this.pointing ?? {};
    const node = this.drawn.get(ts)?.node;
    if (!node) return;
    this.pointing = null;
    const part = [...node.querySelectorAll(".section")].find((each) => each.textContent.includes(name));
    if (!part) return;
    this.release();
    part.classList.add("pointed");
    part.scrollIntoView({ block: "center" });
    part.querySelector("button")?.focus({ preventScroll: true });
  }

  #markRead() {
    this.reading = null;
    if (!document.hidden && this.app.tab === "messages") this.app.post("read", { ts: this.last });
  }
}

// Replace a message, and keep the focus on the same thing in it.
function swap(old, node) {
  const hadFocus = old.contains(document.activeElement);
  const action = document.activeElement?.dataset.action;
  old.replaceWith(node);
  if (hadFocus) (node.querySelector(`[data-action="${CSS.escape(action ?? "")}"]`) ?? node).focus();
}

function message(entry, app) {
  const { bot, users } = app.team;
  const isBot = entry.user === bot;
  const name = users[entry.user];
  const date = new Date(entry.ts * 1000);
  const { text, blocks, extra } = entry;
  return h(
    "article",
    { class: entry.visible_to ? "message private" : "message", tabindex: "-1", "aria-label": name },
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
        h("time", { datetime: date.toISOString(), title: `${dayOf(date)}, ${hourOf(date)}` }, hourOf(date)),
        entry.edited ? small("(edited)") : null,
      ),
      blocks.length ? drawBlocks(blocks, app.context(entry.ts, {})) : h("div", { class: "words" }, mrkdwn(text, app.team)),
      (extra.files ?? []).map((file) => h("p", {}, h("a", { href: `/demo/files/${file.id}`, download: file.name }, file.name))),
    ),
  );
}

function notice({ kind, text, user_id: user }, { users }) {
  if (kind === "failed") return h("p", { class: "notice failed" }, text);
  return h("p", { class: "notice typed" }, users[user], " typed ", h("code", {}, text), small(" only you see this"));
}
