// Form controls for input elements. Each gives { node, read, focus }.

import { freshId, h } from "./dom.js";
import { mrkdwn, withEmoji } from "./mrkdwn.js";

const TYPED = {
  number_input: "number",
  email_text_input: "email",
  url_text_input: "url",
  datepicker: "date",
  timepicker: "time",
};
const INITIAL = {
  datepicker: "initial_date",
  timepicker: "initial_time",
  users_select: "initial_user",
  conversations_select: "initial_conversation",
  channels_select: "initial_channel",
};
const LONG_LIST = 8;

export function words(text, names) {
  if (!text) return [];
  if (text.type === "mrkdwn") return mrkdwn(text.text, names);
  return [text.emoji === false ? text.text : withEmoji(text.text)];
}

export function optionsOf(element) {
  return element.option_groups?.flatMap((group) => group.options) ?? element.options ?? [];
}

// `kept` is what the person entered before the view was drawn again.
export function control(element, ctx, { id, kept, onchange }) {
  switch (element.type) {
    case "static_select":
    case "external_select":
    case "users_select":
    case "conversations_select":
    case "channels_select":
      return select(element, ctx, { id, kept, onchange });
    case "checkboxes":
    case "radio_buttons":
      return choices(element, ctx, { id, kept, onchange });
    case "multi_static_select":
    case "multi_users_select":
      return picks(element, ctx, { id, kept, onchange });
    default:
      return typed(element, { id, kept, onchange });
  }
}

function typed(element, { id, kept, onchange }) {
  const first = element[INITIAL[element.type] ?? "initial_value"] ?? "";
  const props = {
    id,
    value: kept ?? first,
    placeholder: element.placeholder?.text,
    maxlength: element.max_length,
    min: element.min_value,
    max: element.max_value,
    onchange,
  };
  const node = element.multiline
    ? h("textarea", { ...props, rows: "3" })
    : h("input", { ...props, type: TYPED[element.type] ?? "text" });
  if (element.type === "number_input" && element.is_decimal_allowed) node.step = "any";
  return { node, read: () => node.value, focus: () => node.focus() };
}

function people(ctx) {
  return ctx.people.map((each) => ({ value: each.id, text: { text: each.real_name } }));
}

function offered(element, ctx) {
  if (element.type.includes("users")) return people(ctx);
  if (element.type === "conversations_select" || element.type === "channels_select") {
    return ctx.channels.map((each) => ({ value: each.id, text: { text: each.name } }));
  }
  return optionsOf(element);
}

function select(element, ctx, { id, kept, onchange }) {
  const first = element.initial_option?.value ?? element[INITIAL[element.type]] ?? "";
  const entry = (option) => h("option", { value: option.value }, withEmoji(option.text.text));
  const lists = element.option_groups
    ? element.option_groups.map((group) =>
        h("optgroup", { label: group.label.text }, group.options.map(entry)),
      )
    : offered(element, ctx).map(entry);
  const none = h("option", { value: "" }, element.placeholder?.text ?? "Choose one");
  const node = h("select", { id, onchange }, none, lists);
  node.value = kept ?? first;
  return { node, read: () => node.value, focus: () => node.focus() };
}

function choices(element, ctx, { id, kept, onchange }) {
  const isRadio = element.type === "radio_buttons";
  const first = isRadio
    ? [element.initial_option?.value]
    : (element.initial_options ?? []).map((each) => each.value);
  const chosen = kept === undefined ? first : [kept].flat();
  const boxes = element.options.map((option) =>
    tick(isRadio ? "radio" : "checkbox", id, option, chosen.includes(option.value), ctx, onchange),
  );
  const inputs = boxes.map((box) => box.querySelector("input"));
  const node = h("div", { class: "choices" }, boxes);
  const picked = () => inputs.filter((each) => each.checked).map((each) => each.value);
  return {
    node,
    isGroup: true,
    read: () => (isRadio ? (picked()[0] ?? "") : picked()),
    focus: () => (inputs.find((each) => each.checked) ?? inputs[0]).focus(),
  };
}

function tick(type, name, option, checked, ctx, onchange) {
  const noteId = freshId("note");
  return h(
    "label",
    { class: "tick" },
    h("input", {
      type,
      name,
      value: option.value,
      checked,
      onchange,
      "aria-describedby": option.description ? noteId : null,
    }),
    h("span", {}, words(option.text.type ? option.text : { ...option.text, type: "plain_text" }, ctx.names)),
    option.description
      ? h("span", { class: "small", id: noteId }, words(option.description, ctx.names))
      : null,
  );
}

// Several of many: a list of checkboxes, with a filter when it is long.
function picks(element, ctx, { id, kept, onchange }) {
  const first =
    element.initial_users ?? (element.initial_options ?? []).map((each) => each.value);
  const chosen = kept ?? first;
  const options = offered(element, ctx);
  const count = h("p", { class: "small", role: "status" });
  const tell = () => {
    const number = inputs.filter((each) => each.checked).length;
    count.textContent = number ? `${number} chosen` : "None chosen";
    const full = element.max_selected_items && number >= element.max_selected_items;
    for (const each of inputs) each.disabled = Boolean(full) && !each.checked;
  };
  const boxes = options.map((option) =>
    tick("checkbox", id, option, chosen.includes(option.value), ctx, (event) => {
      tell();
      onchange?.(event);
    }),
  );
  const inputs = boxes.map((box) => box.querySelector("input"));
  const filter = h("input", {
    type: "search",
    placeholder: "Type to narrow the list",
    "aria-label": "Narrow the list",
    oninput: () => {
      const sought = filter.value.trim().toLowerCase();
      for (const box of boxes) box.hidden = !box.textContent.toLowerCase().includes(sought);
    },
    onkeydown: (event) => event.key === "Enter" && event.preventDefault(),
  });
  tell();
  return {
    node: h(
      "div",
      { class: "picks" },
      options.length > LONG_LIST ? filter : null,
      h("div", { class: "choices scroll" }, boxes),
      count,
    ),
    isGroup: true,
    read: () => inputs.filter((each) => each.checked).map((each) => each.value),
    focus: () => (options.length > LONG_LIST ? filter : inputs[0]).focus(),
  };
}
