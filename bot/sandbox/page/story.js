// The steps to follow, until they are done or dismissed.

import { h, hidden } from "./dom.js";

export class Story {
  constructor(app, node) {
    this.app = app;
    this.node = node;
    this.shown = "null";
  }

  show(story) {
    const now = JSON.stringify(story);
    if (now === this.shown) return;
    this.shown = now;
    const hadFocus = this.node.contains(document.activeElement);
    this.node.hidden = !story;
    this.node.replaceChildren(...(story ? this.#content(story) : []));
    if (!hadFocus) return;
    // A step that is done takes its button away.
    if (story) (this.node.querySelector("li button") ?? this.node.querySelector("button")).focus();
    else this.app.composer.focus();
  }

  #content({ steps, next }) {
    const at = steps.findIndex((step) => !step.done);
    const close = h(
      "button",
      { type: "button", class: "close", onclick: () => this.app.post("story", {}) },
      hidden("Dismiss the steps"),
      h("span", { "aria-hidden": "true" }, "×"),
    );
    if (at < 0) {
      return [
        h("p", { class: "ended", role: "status" }, h("strong", {}, "That’s all."), " Now try"),
        h("div", { class: "next" }, next.map((each) => this.#ask(each))),
        close,
      ];
    }
    return [
      h("ol", {}, steps.map((step, number) => this.#step(step, number, at, steps.length))),
      close,
    ];
  }

  #step(step, number, at, count) {
    const isNow = number === at;
    return h(
      "li",
      { class: step.done ? "done" : null, "aria-current": isNow ? "step" : null },
      h("span", { class: "number", "aria-hidden": "true" }, step.done ? "✓" : String(number + 1)),
      h(
        "span",
        {},
        step.title,
        isNow ? h("span", { class: "count small" }, ` ${number + 1} of ${count}`) : null,
        step.done ? hidden(" (done)") : null,
      ),
      isNow
        ? h("button", { type: "button", class: "primary", onclick: () => this.app.lead(step) }, step.go)
        : null,
    );
  }

  #ask({ text, ...place }) {
    const ask = () => {
      this.app.lead(place);
      this.app.writer.send(text);
    };
    return h("button", { type: "button", onclick: ask }, text);
  }
}
