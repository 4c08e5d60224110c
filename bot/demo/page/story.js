// The steps to follow, until they are done or dismissed.

import { h, hidden } from "./dom.js";

export class Story {
  constructor(app, node) {
    this.app = app;
    this.node = node;
    this.shown = "null";
  }

  show(steps) {
    const story = steps?.map((step) => ({ ...step, isHere: this.app.isAt(step), go: this.#way(step) }));
    const now = JSON.stringify(story ?? null);
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

  // Where it makes one somebody else, it says so.
  #way(step) {
    if (step.as === this.app.me) return step.go;
    return `Be ${this.app.team.users[step.as].split(" ")[0]}`;
  }

  #content(steps) {
    const at = steps.findIndex((step) => !step.done);
    const close = h(
      "button",
      { type: "button", class: "close", onclick: () => this.app.post("story", {}) },
      hidden("Dismiss the steps"),
      h("span", { "aria-hidden": "true" }, "×"),
    );
    const told =
      at < 0
        ? h("p", { role: "status" }, h("strong", {}, "That’s all."), " Now ask, switch user, or jump to Monday.")
        : h("ol", {}, steps.map((step, number) => this.#step(step, number, at, steps.length)));
    return [told, close];
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
      isNow ? this.#lead(step) : null,
    );
  }

  // One who is where a step leads reads already; the step ends by itself.
  #lead(step) {
    if (step.isHere && !step.find) return h("span", { class: "small reading" }, "you are reading it");
    return h("button", { type: "button", class: "primary", onclick: () => this.app.lead(step) }, step.go);
  }
}
