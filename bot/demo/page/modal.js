// The user's modal and confirmation dialogs. Native dialogs trap the focus and restore it.

import { drawBlocks, words } from "./blocks.js";
import { h, newId } from "./dom.js";

export function askConfirm({ title, text, deny, confirm, style }, team) {
  const [titleId, textId] = [newId(), newId()];
  const button = (label, value, kind) => h("button", { class: kind, value }, words(label, team));
  const dialog = h(
    "dialog",
    { class: "confirm", role: "alertdialog", "aria-labelledby": titleId, "aria-describedby": textId },
    h(
      "form",
      { method: "dialog" },
      h("h2", { id: titleId }, words(title, team)),
      h("div", { id: textId, class: "words" }, words(text, team)),
      h("div", { class: "foot" }, button(deny, ""), button(confirm, "confirm", style ?? "primary")),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "confirm");
    });
  });
}

export class Modal {
  constructor(app) {
    this.app = app;
    this.dismissed = null; // id of the view closed here, which the server may still send
    this.fields = [];
  }

  show(view) {
    if (!view) this.#close();
    if (!view || view.id === this.dismissed) return;
    if (this.view?.key !== view.key) {
      // An updated view keeps what was entered.
      if (this.view?.id === view.id) this.#save();
      else this.entered = {};
      this.view = view;
      this.#draw();
    }
    this.#showErrors(view.errors);
  }

  #save() {
    for (const { actionId, node } of this.fields) this.entered[actionId] = node.value;
  }

  // The values of the current fields; an update may have removed others.
  values() {
    this.#save();
    return Object.fromEntries(this.fields.map(({ actionId }) => [actionId, this.entered[actionId]]));
  }

  #draw() {
    const { view } = this;
    const { team } = this.app;
    const titleId = newId();
    this.fields = [];
    const ctx = { ...this.app.context(view.id, this.entered, () => this.values()), fields: this.fields };
    const focused = this.dialog?.contains(document.activeElement) ? document.activeElement.dataset.action : null;
    if (!this.dialog) {
      const cancel = (event) => {
        event.preventDefault();
        this.#dismiss();
      };
      this.dialog = h("dialog", { class: "modal", oncancel: cancel });
      document.body.append(this.dialog);
      this.dialog.showModal();
    }
    this.error = h("p", { class: "error", role: "alert", hidden: true });
    this.submit = view.submit ? h("button", { type: "submit", class: "primary" }, words(view.submit, team)) : null;
    const close = view.close ? words(view.close, team) : view.submit ? "Cancel" : "Close";
    this.dialog.setAttribute("aria-labelledby", titleId);
    this.dialog.replaceChildren(
      h(
        "form",
        { novalidate: true, onsubmit: (event) => this.#send(event) },
        h("h2", { id: titleId, tabindex: "-1" }, words(view.title, team)),
        h("div", { class: "body" }, drawBlocks(view.blocks, ctx)),
        this.error,
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
    this.#showErrors(errors);
    this.error.hidden = ok || Object.keys(errors).length > 0;
    this.error.textContent = `The bot couldn’t process this (${error}). Try again.`;
    this.fields.find(({ blockId }) => errors[blockId])?.node.focus();
  }

  #showErrors(errors) {
    for (const field of this.fields) field.showError(errors[field.blockId]);
  }

  #dismiss() {
    this.dismissed = this.view.id;
    this.app.post("close", { view: this.dismissed });
    this.#close();
  }

  #close() {
    if (!this.dialog) return;
    this.dialog.close();
    this.dialog.remove();
    // The button that opened it may have been redrawn.
    if (document.activeElement === document.body) this.app.composer.focus();
    this.dialog = this.view = null;
    this.fields = [];
  }
}
