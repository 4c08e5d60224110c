// The modal in front of the person, and confirm dialogs. Native dialogs keep the focus inside.

import { drawBlocks } from "./blocks.js";
import { freshId, h } from "./dom.js";
import { words } from "./inputs.js";

export function askConfirm(confirm, names) {
  return new Promise((resolve) => {
    const titleId = freshId("confirm");
    const textId = freshId("confirm");
    const answer = (yes) => () => {
      dialog.close();
      dialog.remove();
      resolve(yes);
    };
    const yes = h(
      "button",
      { type: "button", class: confirm.style ?? "primary", onclick: answer(true) },
      words(confirm.confirm, names),
    );
    const no = h("button", { type: "button", onclick: answer(false) }, words(confirm.deny, names));
    const dialog = h(
      "dialog",
      {
        class: "confirm",
        role: "alertdialog",
        "aria-modal": "true",
        "aria-labelledby": titleId,
        "aria-describedby": textId,
        oncancel: answer(false),
      },
      h("h2", { id: titleId }, words(confirm.title, names)),
      h("div", { id: textId, class: "words" }, words(confirm.text, names)),
      h("div", { class: "foot" }, no, yes),
    );
    document.body.append(dialog);
    dialog.showModal();
    no.focus();
  });
}

// One shown view. `app` is { post, context, composer }.
export class Modal {
  constructor(app) {
    this.app = app;
    this.dialog = null;
    this.view = null;
    this.drafts = new Map(); // view id → what was entered there, kept while another view is on top
    this.left = null; // the view that was just closed here, though the server may not know yet
    this.fields = [];
  }

  show(view) {
    if (view?.id !== this.left) this.left = null;
    if (!view) {
      this.#shut();
      this.drafts.clear();
      return;
    }
    if (view.id === this.left) return;
    if (this.view?.key !== view.key) {
      if (this.view) this.#keep();
      this.view = view;
      this.#draw();
    }
    this.#fail(view.errors);
  }

  #entered() {
    if (!this.drafts.has(this.view.id)) this.drafts.set(this.view.id, {});
    return this.drafts.get(this.view.id);
  }

  #keep() {
    for (const field of this.fields) this.#entered()[field.actionId] = field.read();
  }

  // Only what the view still asks for: an update may have taken fields away.
  values() {
    this.#keep();
    const asked = new Set();
    JSON.stringify(this.view.blocks, (key, value) => {
      if (key === "action_id") asked.add(value);
      return value;
    });
    return Object.fromEntries(Object.entries(this.#entered()).filter(([name]) => asked.has(name)));
  }

  #draw() {
    const { view } = this;
    const names = this.app.names();
    const isOpen = this.dialog !== null;
    if (!isOpen) {
      this.dialog = h("dialog", {
        class: "modal",
        role: "dialog",
        "aria-modal": "true",
        oncancel: (event) => {
          event.preventDefault();
          this.#dismiss();
        },
      });
      document.body.append(this.dialog);
    }
    this.fields = [];
    const titleId = freshId("modal");
    const ctx = this.app.context(view.id, this.#entered(), () => this.values());
    ctx.fields = this.fields;
    this.trouble = h("p", { class: "error", role: "alert", hidden: true });
    this.submit = view.submit
      ? h("button", { type: "submit", class: "primary" }, words(view.submit, names))
      : null;
    const close = view.close ?? { type: "plain_text", text: view.submit ? "Cancel" : "Close" };
    this.dialog.setAttribute("aria-labelledby", titleId);
    this.dialog.replaceChildren(
      h(
        "form",
        { novalidate: true, onsubmit: (event) => this.#send(event) },
        h("h2", { id: titleId, tabindex: "-1" }, words(view.title, names)),
        h("div", { class: "body" }, drawBlocks(view.blocks, ctx)),
        this.trouble,
        h(
          "div",
          { class: "foot" },
          h("button", { type: "button", onclick: () => this.#dismiss() }, words(close, names)),
          this.submit,
        ),
      ),
    );
    if (!isOpen) this.dialog.showModal();
    if (this.fields.length) this.fields[0].focus();
    else this.dialog.querySelector("h2").focus();
  }

  async #send(event) {
    event.preventDefault();
    const { view } = this;
    const body = { view: view.id, values: this.values() };
    if (this.submit) this.submit.disabled = true;
    const outcome = await this.app.post("submit", body);
    if (this.submit) this.submit.disabled = false;
    if (this.view !== view) return;
    this.#fail(outcome.errors ?? {});
    const named = Object.keys(outcome.errors ?? {}).length > 0;
    this.trouble.hidden = outcome.ok || named;
    this.trouble.textContent = `The bot did not take this (${outcome.error}). Try again.`;
    this.fields.find((field) => outcome.errors?.[field.blockId])?.focus();
  }

  #fail(errors) {
    for (const field of this.fields) field.fail(errors[field.blockId]);
  }

  #dismiss() {
    const { view } = this;
    this.left = view.id;
    this.#shut();
    this.app.post("close", { view: view.id });
  }

  #shut() {
    if (!this.dialog) return;
    this.dialog.close(); // gives the focus back to where it was
    this.dialog.remove();
    this.dialog = null;
    this.view = null;
    this.fields = [];
    if (document.activeElement === document.body) this.app.composer.focus();
  }
}
