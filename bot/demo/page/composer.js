// The box at the bottom: commands and messages, what completes them, and examples to press.

import { avatar, freshId, h, small } from "./dom.js";

const MOST = 8;
const COMMAND = /^\/\S*$/;
const NAME = /(?:^|[\s(])(@[\p{L}\p{N}._'+-]*)$/u;

export class Composer {
  constructor(app, form, examples) {
    this.app = app;
    this.box = app.composer;
    this.examples = examples;
    this.items = [];
    const id = freshId();
    this.list = h("ul", { id, class: "completion", role: "listbox", "aria-label": "Suggestions", hidden: true });
    this.box.setAttribute("aria-controls", id);
    this.box.before(this.list);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send(this.box.value);
    });
    this.box.addEventListener("keydown", (event) => this.#key(event));
    this.box.addEventListener("input", () => this.#look());
    this.box.addEventListener("blur", () => this.#offer([]));
  }

  // What suits the chosen person.
  offer(examples) {
    const example = (text) => h("button", { type: "button", onclick: () => this.send(text) }, text);
    const label = h("span", { class: "small", "aria-hidden": "true" }, "Try");
    this.examples.replaceChildren(label, ...examples.map(example));
  }

  place(name) {
    this.box.placeholder = `Message ${name}, or type /`;
  }

  send(text) {
    if (!text.trim()) return;
    this.box.value = "";
    this.#offer([]);
    // A space before the slash makes it an ordinary message, as in Slack.
    this.app.post(text.startsWith("/") ? "command" : "say", { text: text.trim() });
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const isEnter = event.key === "Enter" && !event.shiftKey;
    // What is there in full already isn't completed but sent.
    const isWhole = this.items.some(({ word }) => word === this.word);
    const count = this.items.length;
    if (event.isComposing) return;
    if (count && step) this.#choose((this.chosen + step + count) % count);
    else if (count && event.key === "Escape") this.#offer([]);
    else if (count && (event.key === "Tab" || (isEnter && !isWhole))) this.#accept(this.items[this.chosen]);
    else if (isEnter) this.send(this.box.value);
    else return;
    event.preventDefault();
  }

  #look() {
    const before = this.box.value.slice(0, this.box.selectionStart);
    const command = COMMAND.exec(before)?.[0];
    this.word = command ?? NAME.exec(before)?.[1] ?? "";
    this.#offer(command !== undefined ? this.#commands() : this.word ? this.#names(this.word.slice(1).toLowerCase()) : []);
  }

  #commands() {
    return this.app.team.commands
      .filter(({ command }) => command.startsWith(this.word))
      .map(({ command, usage_hint: hint, description }) => ({
        word: command,
        face: [h("strong", {}, command), hint ? small(hint) : null, h("span", { class: "small note" }, description)],
      }));
  }

  #names(sought) {
    const { bot, cast, people, usergroups } = this.app.team;
    const isFirst = ({ id }) => cast.includes(id);
    const groups = Object.entries(usergroups).map(([id, name]) => ({ id, name, real_name: "Group" }));
    const app = { id: bot.id, name: bot.handle, real_name: bot.name };
    return [...people.filter(isFirst), ...people.filter((each) => !isFirst(each)), app, ...groups]
      .filter(({ name, real_name: full }) => [name, ...full.split(" ")].some((each) => each.toLowerCase().startsWith(sought)))
      .slice(0, MOST)
      .map(({ id, name, real_name: full }) => ({
        word: `@${name}`,
        face: [avatar(id, full, id === bot.id), h("strong", {}, full), small(`@${name}`)],
      }));
  }

  #offer(items) {
    this.items = items;
    this.list.hidden = !items.length;
    this.list.replaceChildren(
      ...items.map((item) =>
        // The box keeps the focus.
        h(
          "li",
          { id: freshId(), role: "option", onpointerdown: (event) => event.preventDefault(), onclick: () => this.#accept(item) },
          item.face,
        ),
      ),
    );
    if (items.length) this.#choose(0);
    else this.box.removeAttribute("aria-activedescendant");
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight + 2}px`;
  }

  #choose(at) {
    this.chosen = at;
    [...this.list.children].forEach((node, index) => node.setAttribute("aria-selected", String(index === at)));
    this.list.children[at].scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-activedescendant", this.list.children[at].id);
  }

  #accept({ word }) {
    const end = this.box.selectionStart;
    this.box.setRangeText(`${word} `, end - this.word.length, end, "end");
    this.#offer([]);
  }
}
