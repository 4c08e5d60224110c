// The list over the box: commands after a slash, people and groups after an @.

import { avatar, freshId, h } from "./dom.js";

const MOST = 8;
const COMMAND = /^\/\S*$/;
const NAME = /(?:^|[\s(])(@[\p{L}\p{N}._'+-]*)$/u;

export class Completion {
  constructor(box, team, changed) {
    this.box = box;
    this.team = team;
    this.changed = changed;
    this.items = [];
    this.at = 0;
    const id = freshId("completion");
    this.list = h("ul", { id, class: "completion", role: "listbox", "aria-label": "Suggestions", hidden: true });
    this.status = h("p", { class: "hidden", role: "status" });
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", id);
    box.before(this.list, this.status);
    box.addEventListener("input", () => this.#look());
    box.addEventListener("click", () => this.#look());
    box.addEventListener("blur", () => this.close());
  }

  close() {
    this.items = [];
    this.list.hidden = true;
    this.status.textContent = "";
    this.box.removeAttribute("aria-activedescendant");
  }

  // Whether the key was for the list.
  takes(event) {
    if (!this.items.length) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#choose((this.at + step + this.items.length) % this.items.length);
    else if (event.key === "Escape") this.close();
    // What stands there in full already is not completed but sent.
    else if (event.key === "Tab" || (event.key === "Enter" && !this.#isWhole())) this.#accept(this.items[this.at]);
    else return false;
    event.preventDefault();
    return true;
  }

  #isWhole() {
    return this.items.some((item) => item.word === this.word);
  }

  #look() {
    const before = this.box.value.slice(0, this.box.selectionStart);
    const command = COMMAND.exec(before)?.[0];
    const name = NAME.exec(before)?.[1];
    this.word = command ?? name ?? "";
    if (command !== undefined) this.#offer(this.#commands(command));
    else if (name !== undefined) this.#offer(this.#names(name.slice(1)));
    else this.close();
  }

  #commands(typed) {
    return this.team.commands
      .filter((each) => each.command.startsWith(typed))
      .map(({ command, usage_hint: hint, description }) => ({
        word: command,
        face: [h("strong", {}, command), hint ? h("span", { class: "small" }, hint) : null],
        note: description,
      }));
  }

  #names(typed) {
    const { bot, cast, people, usergroups, users } = this.team;
    const first = (each) => (cast.includes(each.id) ? cast.indexOf(each.id) : cast.length);
    const persons = people
      .toSorted((one, two) => first(one) - first(two))
      .map((each) => ({ id: each.id, handle: each.name, name: each.real_name }));
    const app = { id: bot.id, handle: bot.handle, name: users[bot.id], isBot: true };
    const groups = Object.entries(usergroups).map(([id, handle]) => ({ id, handle, name: "Group" }));
    const sought = typed.toLowerCase();
    return [...persons, app, ...groups]
      .filter(({ handle, name }) =>
        [handle, name, ...name.split(/\s+/)].some((each) => each.toLowerCase().startsWith(sought)),
      )
      .slice(0, MOST)
      .map(({ id, handle, name, isBot }) => ({
        word: `@${handle}`,
        face: [avatar(id, name, isBot), h("strong", {}, name), h("span", { class: "small" }, `@${handle}`)],
        note: null,
      }));
  }

  #offer(items) {
    if (!items.length) {
      this.close();
      return;
    }
    this.items = items;
    this.list.replaceChildren(
      ...items.map((item) =>
        h(
          "li",
          {
            id: freshId("option"),
            role: "option",
            // The box keeps the focus.
            onpointerdown: (event) => event.preventDefault(),
            onclick: () => this.#accept(item),
          },
          item.face,
          item.note ? h("span", { class: "small note" }, item.note) : null,
        ),
      ),
    );
    this.list.hidden = false;
    this.status.textContent = items.length === 1 ? "1 suggestion" : `${items.length} suggestions`;
    this.#choose(0);
  }

  #choose(at) {
    this.at = at;
    [...this.list.children].forEach((node, index) => node.setAttribute("aria-selected", String(index === at)));
    const chosen = this.list.children[at];
    chosen.scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-activedescendant", chosen.id);
  }

  #accept({ word }) {
    const end = this.box.selectionStart;
    const start = end - this.word.length;
    this.box.setRangeText(`${word} `, start, end, "end");
    this.close();
    this.changed();
  }
}
