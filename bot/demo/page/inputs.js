// Buttons, and form controls for input elements. Each control gives { node, read, focus }.

import { freshId, h } from "./dom.js";
import { mrkdwn, withEmoji } from "./mrkdwn.js";
import { timeOfDay } from "./time.js";

const TYPED = { plain_text_input: "text", datepicker: "date" };
const INITIAL = {
  plain_text_input: "initial_value",
  datepicker: "initial_date",
  timepicker: "initial_time",
  conversations_select: "initial_conversation",
};

export function words(text, names) {
  if (!text) return [];
  if (text.type === "mrkdwn") return mrkdwn(text.text, names);
  return [withEmoji(text.text)];
}

export function button(element, ctx) {
  return h(
    "button",
    {
      type: "button",
      class: element.style ?? null,
      onclick: () => {
        if (/^https?:/i.test(element.url ?? "")) window.open(element.url, "_blank", "noopener");
        ctx.act(element, element.value);
      },
    },
    words(element.text, ctx.names),
  );
}

export function optionsOf(element) {
  return element.option_groups?.flatMap((group) => group.options) ?? element.options ?? [];
}

// `kept` is what the person entered before the view was drawn again.
export function control(element, ctx, { id, kept, onchange }) {
  switch (element.type) {
    case "static_select":
    case "conversations_select":
    case "timepicker":
      return select(element, ctx, { id, kept, onchange });
    case "checkboxes":
      return choices(element, ctx, { id, kept, onchange });
    default:
      return typed(element, { id, kept, onchange });
  }
}

function typed(element, { id, kept, onchange }) {
  const props = {
    id,
    value: kept ?? element[INITIAL[element.type]] ?? "",
    placeholder: element.placeholder?.text,
    maxlength: element.max_length,
    onchange,
  };
  const node = element.multiline
    ? h("textarea", { ...props, rows: "3" })
    : h("input", { ...props, type: TYPED[element.type] });
  return { node, read: () => node.value, focus: () => node.focus() };
}

function select(element, ctx, { id, kept, onchange }) {
  const first = element.initial_option?.value ?? element[INITIAL[element.type]] ?? "";
  const entry = (value, text) => h("option", { value }, withEmoji(text));
  const entries = (options) => options.map((each) => entry(each.value, each.text.text));
  const lists = {
    conversations_select: () => ctx.channels.map((each) => entry(each.id, each.name)),
    timepicker: () => times(kept ?? first).map((each) => entry(each, timeOfDay(each))),
    static_select: () =>
      element.option_groups?.map((group) =>
        h("optgroup", { label: group.label.text }, entries(group.options)),
      ) ?? entries(element.options),
  }[element.type]();
  const node = h("select", { id, onchange }, entry("", element.placeholder?.text ?? "Choose one"), lists);
  node.value = kept ?? first;
  return { node, read: () => node.value, focus: () => node.focus() };
}

// Every half hour, as Slack offers, and the time that is chosen.
function times(chosen) {
  const hours = Array.from({ length: 24 }, (_, at) => String(at).padStart(2, "0"));
  const offered = hours.flatMap((hour) => [`${hour}:00`, `${hour}:30`]);
  return [...new Set([...offered, chosen])].filter(Boolean).toSorted();
}

function choices(element, ctx, { id, kept, onchange }) {
  const chosen = kept ?? (element.initial_options ?? []).map((each) => each.value);
  const boxes = element.options.map(({ value, text }) =>
    tick(id, value, words(text, ctx.names), chosen.includes(value), onchange),
  );
  const inputs = boxes.map((box) => box.querySelector("input"));
  return {
    node: h("div", { class: "choices" }, boxes),
    isGroup: true,
    read: () => inputs.filter((each) => each.checked).map((each) => each.value),
    focus: () => inputs[0].focus(),
  };
}

function tick(name, value, text, checked, onchange) {
  return h("label", { class: "tick" }, h("input", { type: "checkbox", name, value, checked, onchange }), h("span", {}, text));
}
