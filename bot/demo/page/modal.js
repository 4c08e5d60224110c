// The modal in front of the person, and confirm dialogs. Native dialogs keep the focus inside.

import { drawBlocks, words } from "./blocks.js";
import { freshId, h } from "./dom.js";

export function askConfirm(confirm, team) {
  return new Promise((resolve) => {
    const [titleId, textId] = [freshId(), freshId()];
    const answer = (yes) => () => {
      dialog.remove();
      resolve(yes);
    };
    const button = (text, yes, kind) => h("button", { type: "button", class: kind, onclick: answer(yes) }, words(text, team));
    const dialog = h(
      "dialog",
      { class: "confirm", role: "alertdialog", "aria-labelledby": titleId, "aria-describedby": textId, oncancel: answer(false) },
      h("h2", { id: titleId }, words(confirm.title, team)),
      h("div", { id: textId, class: "words" }, words(confirm.text, team)),
      h("div", { class: "foot" }, button(confirm.deny, false), button(confirm.confirm, true, confirm.style ?? "primary")),
    );
    const before = document.activeElement;
    document.body.append(dialog);
    dialog.addEventListener("close", () => before.focus());
    dialog.showModal();
  });
}

export class Modal {
  constructor(app) {
    this.app = app;
    this.left = null; // the view that was just closed here, though the server may not know yet
    this.fields = [];
  }

  show(view) {
    if (!view) this.#shut();
    if (!view || view.id === this.left) return;
    if (this.view?.key !== view.key) {
      if (this.view) this.#keep();
      // What was entered is kept while the bot changes the form.
      if (this.view?.id !== view.id) this.entered = {};
      this.view = view;
      this.#draw();
    }
    this.#fail(view.errors);
  }

  #keep() {
    for (const { actionId, node } of this.fields) this.entered[actionId] = node.value;
  }

  // Only what the form still asks for: an update may have taken fields away.
  values() {
    this.#keep();
    return Object.fromEntries(this.fields.map(({ actionId }) => [actionId, this.entered[actionId]]));
  }

  #draw() {
    const { view } = this;
    const { team } = this.app;
    const titleId = freshId();
    this.fields = [];
    const ctx = { ...this.app.context(view.id, this.entered, () => this.values()), fields: this.fields };
    const focused = this.dialog?.contains(document.activeElement) ? document.activeElement.dataset.action : null;
    if (!this.dialog) {
      const cancel = (event) => {
        event.preventDefault();
        this.#dismiss();
      };
      this.before = document.activeElement;
      this.dialog = h("dialog", { class: "modal", oncancel: cancel });
      document.body.append(this.dialog);
      this.dialog.showModal();
    }
    this.trouble = h("p", { class: "error", role: "alert", hidden: true });
    this.submit = view.submit ? h("button", { type: "submit", class: "primary" }, words(view.submit, team)) : null;
    const close = view.close ? words(view.close, team) : view.submit ? "Cancel" : "Close";
    this.dialog.setAttribute("aria-labelledby", titleId);
    this.dialog.replaceChildren(
      h(
        "form",
        { novalidate: true, onsubmit: (event) => this.#send(event) },
        h("h2", { id: titleId, tabindex: "-1" }, words(view.title, team)),
        h("div", { class: "body" }, drawBlocks(view.blocks, ctx)),
        this.trouble,
        h("div", { class: "foot" }, h("button", { type: "button", onclick: () => this.#dismiss() }, close), this.submit),
      ),
    );
    const field = this.fields.find(({ actionId }) => actionId === focused) ?? this.fields[0];
    (field?.node ?? this.dialog.querySelector("h2")).focus();
  }

  async #send(event) {
    event.preventDefault();
    const { view } = this;
    this.submit.disabled = true;
    const { ok, error, errors = {} } = await this.app.post("submit", { view: view.id, values: this.values() });
    if (this.view !== view) return;
    this.submit.disabled = false;
    this.#fail(errors);
    this.trouble.hidden = ok || Object.keys(errors).length > 0;
    this.trouble.textContent = `The bot did not take this (${error}). Try again.`;
    this.fields.find(({ blockId }) => errors[blockId])?.node.focus();
  }

  #fail(errors) {
    for (const field of this.fields) field.fail(errors[field.blockId]);
  }

  #dismiss() {
    this.left = this.view.id;
    this.app.post("close", { view: this.left });
    this.#shut();
  }

  #shut() {
    this.dialog?.remove();
    if (this.dialog) (this.before?.isConnected && this.before !== document.body ? this.before : this.app.composer).focus();
    this.dialog = this.view = null;
    this.fields = [];
  }
}
