// The conversation: one node for each message, drawn again only when it changed.

import { drawBlocks } from "./blocks.js";
import { avatar, clock, h } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { dayOf } from "./time.js";

export class Log {
  constructor(app, node, scroll, below) {
    this.app = app;
    this.node = node;
    this.scroll = scroll;
    this.below = below;
    this.drawn = new Map();
    below.addEventListener("click", () => this.#toEnd());
    scroll.addEventListener("scroll", () => {
      if (this.#atEnd()) below.hidden = true;
    });
  }

  // Another person or another channel: nothing of it is news to be read out.
  clear() {
    this.drawn.clear();
    this.node.replaceChildren();
    this.node.setAttribute("aria-live", "off");
    this.below.hidden = true;
  }

  show(messages, notices) {
    const fresh = this.drawn.size === 0;
    const wasAtEnd = fresh || this.#atEnd();
    const entries = [...messages, ...notices].toSorted((one, two) => one.ts - two.ts);
    const wanted = new Set(entries.map((entry) => entry.ts));
    for (const [ts, { node }] of this.drawn) {
      if (!wanted.has(ts)) {
        node.remove();
        this.drawn.delete(ts);
      }
    }
    let grown = false;
    entries.forEach((entry, index) => {
      const held = this.drawn.get(entry.ts);
      if (held?.revision === entry.revision) return;
      grown = true;
      const node = entry.user_id ? notice(entry, this.app) : message(entry, this.app);
      if (held) swap(held.node, node);
      else this.node.insertBefore(node, this.node.children[index] ?? null);
      this.drawn.set(entry.ts, { node, revision: entry.revision });
    });
    this.#nameDays(entries);
    if (grown && wasAtEnd) this.#toEnd();
    else if (grown) this.below.hidden = false;
    setTimeout(() => this.node.setAttribute("aria-live", "polite"), 50);
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

  #atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroll;
    return scrollHeight - scrollTop - clientHeight < 80;
  }

  #toEnd() {
    this.below.hidden = true;
    this.scroll.scrollTop = this.scroll.scrollHeight;
    // Charts are drawn once their width is known, and make the end move.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        this.scroll.scrollTop = this.scroll.scrollHeight;
      }),
    );
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
    { class: entry.visible_to ? "message private" : "message", tabindex: "-1", "aria-label": `${name}` },
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
      ...(entry.extra.attachments ?? []).map((card) => h("div", { class: "card" }, drawBlocks(card.blocks, ctx))),
      ...(entry.extra.files ?? []).map(file),
      isBot ? sent(entry) : null,
    ),
  );
}

function file({ id, name }) {
  return h("p", {}, h("a", { href: `/demo/files/${id}`, download: name }, name));
}

function sent(entry) {
  const pre = h("pre", { tabindex: "0", "aria-label": "The message as JSON" });
  return h(
    "details",
    {
      class: "sent",
      ontoggle: () => {
        const { text, blocks, via } = entry;
        pre.textContent ||= JSON.stringify({ via, text, blocks, ...entry.extra }, null, 2);
      },
    },
    h("summary", {}, "What the bot sent"),
    pre,
  );
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
