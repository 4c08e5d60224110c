// The box at the bottom: commands, plain messages, recall, and examples to press.

import { h } from "./dom.js";

export class Composer {
  constructor(app, form, box, examples) {
    this.app = app;
    this.box = box;
    this.sent = [];
    this.at = 0;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send(box.value);
    });
    box.addEventListener("keydown", (event) => this.#key(event));
    box.addEventListener("input", () => this.#fit());
    examples.replaceChildren(
      h("span", { class: "small", "aria-hidden": "true" }, "Try"),
      ...app.team.examples.map((text) =>
        h("button", { type: "button", onclick: () => this.#send(text) }, text),
      ),
    );
  }

  place(name) {
    this.box.placeholder = `Message ${name}, or type /exec`;
  }

  #key(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#send(this.box.value);
    } else if (event.key === "ArrowUp" && this.box.selectionStart === 0) {
      this.#recall(-1, event);
    } else if (event.key === "ArrowDown" && this.at < this.sent.length) {
      this.#recall(1, event);
    }
  }

  #recall(by, event) {
    const to = this.at + by;
    if (to < 0 || to > this.sent.length) return;
    event.preventDefault();
    this.at = to;
    this.box.value = this.sent[to] ?? "";
    this.box.setSelectionRange(0, 0);
    this.#fit();
  }

  #send(text) {
    const line = text.trim();
    if (!line) return;
    this.sent.push(line);
    this.at = this.sent.length;
    this.box.value = "";
    this.#fit();
    this.app.post(line.startsWith("/") ? "command" : "say", { text: line });
  }

  #fit() {
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight + 2}px`;
  }
}
