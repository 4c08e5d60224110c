// The box at the bottom: commands, plain messages, recall; and above it examples to press.

import { Completion } from "./completion.js";
import { h } from "./dom.js";

export class Composer {
  constructor(app, form, box, examples) {
    this.app = app;
    this.box = box;
    this.examples = examples;
    this.sent = [];
    this.at = 0;
    this.completion = new Completion(box, app.team, () => this.#fit());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send(box.value);
    });
    box.addEventListener("keydown", (event) => this.#key(event));
    box.addEventListener("input", () => this.#fit());
  }

  // What suits whom one looks as.
  offer(examples) {
    this.examples.hidden = !examples.length;
    this.examples.replaceChildren(
      h("span", { class: "small", "aria-hidden": "true" }, "Try"),
      ...examples.map(({ text, note }) =>
        h(
          "button",
          { type: "button", onclick: () => this.send(text) },
          text,
          note ? h("span", { class: "small" }, ` ${note}`) : null,
        ),
      ),
    );
  }

  place(name) {
    this.box.placeholder = `Message ${name}, or type /`;
  }

  send(text) {
    if (!text.trim()) return;
    this.sent.push(text);
    this.at = this.sent.length;
    this.box.value = "";
    this.completion.close();
    this.#fit();
    // A space before the slash makes it an ordinary message, as in Slack.
    this.app.post(text.startsWith("/") ? "command" : "say", { text: text.trim() });
  }

  #key(event) {
    if (event.isComposing || this.completion.takes(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send(this.box.value);
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

  #fit() {
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight + 2}px`;
  }
}
