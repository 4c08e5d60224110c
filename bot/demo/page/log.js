// The conversation: one node for each message, redrawn only if the message changes.

import { drawBlocks, mrkdwn } from "./blocks.js";
import { avatar, dayOf, h, hourOf, small } from "./dom.js";

// How long a channel has to be open to count as read.
const READ_AFTER_MS = 3000;

export class Log {
  constructor(app, node, scroll) {
    this.app = app;
    this.node = node;
    this.scroll = scroll;
    this.clear();
    for (const event of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      scroll.addEventListener(event, () => this.release(), { passive: true });
    }
  }

  // Without aria-live, so that screen readers don't announce the messages of the next channel.
  clear() {
    this.drawn = new Map();
    this.node.replaceChildren();
    this.node.setAttribute("aria-live", "off");
    this.anchor = null; // ts of the message whose top is kept in view
    this.pointing = null;
    this.isExpecting = false;
    clearTimeout(this.reading);
    this.reading = null;
  }

  // Scroll to the top of the next new message.
  expectAnswer() {
    this.isExpecting = true;
  }

  // Highlight the part of a message that mentions a name.
  point(ts, name) {
    this.pointing = { ts, name };
    this.#point();
  }

  show(entries) {
    const sorted = entries.toSorted((one, two) => one.ts - two.ts);
    const isFirst = this.drawn.size === 0;
    const { scrollHeight, scrollTop, clientHeight } = this.scroll;
    const wasAtEnd = isFirst || scrollHeight - scrollTop - clientHeight < 80;
    const current = new Set(sorted.map((entry) => entry.ts));
    for (const [ts, { node }] of this.drawn) {
      if (current.has(ts)) continue;
      node.remove();
      this.drawn.delete(ts);
    }
    const added = [];
    let lastDay = "";
    sorted.forEach((entry, index) => {
      const old = this.drawn.get(entry.ts);
      let node = old?.node;
      if (!old || old.revision !== entry.revision) {
        node = entry.user_id ? notice(entry, this.app.team) : message(entry, this.app);
        if (old) swap(old.node, node);
        else {
          this.node.insertBefore(node, this.node.children[index] ?? null);
          added.push(entry.ts);
        }
        this.drawn.set(entry.ts, { node, revision: entry.revision });
      }
      const day = dayOf(new Date(entry.ts * 1000));
      if (day === lastDay) delete node.dataset.day;
      else node.dataset.day = day;
      lastDay = day;
    });
    if (added.length && (this.isExpecting || (wasAtEnd && !this.anchor))) {
      this.isExpecting = false;
      this.anchor = isFirst ? added.at(-1) : added[0];
    }
    this.keepInView();
    this.#point();
    this.lastTs = sorted.at(-1)?.ts;
    if (added.length) this.reading ??= setTimeout(() => this.#markRead(), READ_AFTER_MS);
    setTimeout(() => this.node.setAttribute("aria-live", "polite"), 50);
  }

  // The user scrolls: stop keeping a message in view.
  release() {
    this.node.querySelector(".pointed")?.classList.remove("pointed");
    this.anchor = null;
  }

  keepInView() {
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
    if (!document.hidden && this.app.tab === "messages") this.app.post("read", { ts: this.lastTs });
  }
}

// Replace a message and keep the focus on the same element in it.
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
  return h("p", { class: "notice typed" }, users[user], " typed ", h("code", {}, text), small(" (only visible to you)"));
}
