// The box at the bottom for commands and messages, and examples to press.

import { h } from "./dom.js";

export class Composer {
  constructor(app, form, examples) {
    this.app = app;
    this.box = app.composer;
    this.examples = examples;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send(this.box.value);
    });
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.send(this.box.value);
    });
    this.box.addEventListener("input", () => this.#fit());
  }

  // What suits the chosen person.
  offer(examples) {
    const label = h("span", { class: "small", "aria-hidden": "true" }, "Try");
    const example = (text) => h("button", { type: "button", onclick: () => this.send(text) }, text);
    this.examples.replaceChildren(label, ...examples.map(example));
  }

  place(name) {
    this.box.placeholder = `Message ${name}, or type /exec`;
  }

  send(text) {
    if (!text.trim()) return;
    this.box.value = "";
    this.#fit();
    // A space before the slash makes it an ordinary message, as in Slack.
    this.app.post(text.startsWith("/") ? "command" : "say", { text: text.trim() });
  }

  #fit() {
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight + 2}px`;
  }
}
