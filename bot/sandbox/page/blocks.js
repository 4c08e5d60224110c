// Every block type, as nodes. `ctx` is { names, people, channels, act, entered }.

import { button } from "./button.js";
import { chart } from "./charts.js";
import { freshId, h } from "./dom.js";
import { control, optionsOf, words } from "./inputs.js";
import { menuButton } from "./menu.js";
import { richText } from "./rich_text.js";
import { dataTable, plainTable } from "./tables.js";

const DRAW = {
  section,
  header: (block, ctx) => h(`h${(block.level ?? 1) + 2}`, { class: "header" }, words(block.text, ctx.names)),
  context,
  divider: () => h("hr"),
  actions: (block, ctx) =>
    h("div", { class: "actions" }, block.elements.map((each) => interactive(each, ctx))),
  image: imageBlock,
  rich_text: richText,
  markdown: (block) => h("p", { class: "words" }, block.text),
  alert: (block, ctx) => h("p", { class: "alert", role: "note" }, words(block.text, ctx.names)),
  table: plainTable,
  data_table: dataTable,
  data_visualization: chart,
  input: inputBlock,
};

export function drawBlocks(blocks, ctx) {
  return blocks.map((block) => {
    const node = DRAW[block.type]?.(block, ctx) ?? h("p", { class: "small" }, `[${block.type}]`);
    node.dataset.block = block.block_id;
    return node;
  });
}

function section(block, ctx) {
  const fields = block.fields?.map((each) => h("div", {}, words(each, ctx.names)));
  return h(
    "div",
    { class: "section" },
    h(
      "div",
      { class: "words" },
      block.text ? h("div", {}, words(block.text, ctx.names)) : null,
      fields ? h("div", { class: "fields" }, fields) : null,
    ),
    block.accessory ? h("div", { class: "accessory" }, interactive(block.accessory, ctx)) : null,
  );
}

function context(block, ctx) {
  return h(
    "div",
    { class: "context" },
    block.elements.map((each) =>
      each.type === "image" ? image(each, "thumb") : h("span", {}, words(each, ctx.names)),
    ),
  );
}

function image(element, className) {
  const url = element.image_url ?? element.slack_file?.url ?? "";
  return h("img", { class: className, src: url, alt: element.alt_text, loading: "lazy" });
}

function imageBlock(block, ctx) {
  const title = block.title ? h("figcaption", { class: "small" }, words(block.title, ctx.names)) : null;
  return h("figure", { class: "image" }, title, image(block, "picture"));
}

function interactive(element, ctx) {
  const node = interactiveNode(element, ctx);
  node.dataset.action = element.action_id ?? "";
  return node;
}

function interactiveNode(element, ctx) {
  if (element.type === "image") return image(element, "accessory-image");
  if (element.type === "button") return button(element, ctx);
  if (element.type === "overflow") {
    return menuButton({
      face: h("span", { "aria-hidden": "true" }, "⋮"),
      label: "More actions",
      className: "overflow",
      options: element.options,
      choose: (option) => ctx.act(element, option.value),
    });
  }
  if (element.type === "static_select") return menuSelect(element, ctx);
  return changing(element, ctx);
}

function menuSelect(element, ctx) {
  const kept = ctx.entered[element.action_id] ?? element.initial_option?.value ?? "";
  const options = optionsOf(element);
  const name = (value) => options.find((each) => each.value === value)?.text.text;
  const empty = element.placeholder?.text ?? "Choose one";
  const face = h("span", {}, name(kept) ?? empty);
  return menuButton({
    face: [face, h("span", { "aria-hidden": "true" }, " ▾")],
    className: "select",
    options,
    chosen: kept,
    choose: (option) => {
      face.textContent = option.text.text;
      ctx.entered[element.action_id] = option.value;
      ctx.act(element, option.value);
    },
  });
}

// Other elements outside input blocks tell the bot of every change.
function changing(element, ctx) {
  const label = element.placeholder?.text ?? element.type.replaceAll("_", " ");
  const made = control(element, ctx, {
    id: freshId("field"),
    kept: ctx.entered[element.action_id],
    onchange: () => {
      ctx.entered[element.action_id] = made.read();
      ctx.act(element, made.read());
    },
  });
  if (made.isGroup) made.node.setAttribute("role", "group");
  made.node.setAttribute("aria-label", label);
  return made.node;
}

function inputBlock(block, ctx) {
  const { element } = block;
  const id = freshId("field");
  const made = control(element, ctx, {
    id,
    kept: ctx.entered[element.action_id],
    onchange: () => {
      ctx.entered[element.action_id] = made.read();
      if (block.dispatch_action) ctx.act(element, made.read());
    },
  });
  const hintId = freshId("hint");
  const errorId = freshId("error");
  const label = [words(block.label, ctx.names), block.optional ? h("span", { class: "small" }, " (optional)") : null];
  const hint = block.hint ? h("p", { class: "small", id: hintId }, words(block.hint, ctx.names)) : null;
  const error = h("p", { class: "error", id: errorId, hidden: true });
  const node = made.isGroup
    ? h("fieldset", { class: "input" }, h("legend", {}, label), made.node, hint, error)
    : h("div", { class: "input" }, h("label", { for: id }, label), made.node, hint, error);
  const described = made.isGroup ? node : made.node;
  described.setAttribute("aria-describedby", hint ? `${hintId} ${errorId}` : errorId);
  ctx.fields?.push({
    blockId: block.block_id,
    actionId: element.action_id,
    read: made.read,
    focus: made.focus,
    fail(message) {
      error.textContent = message ?? "";
      error.hidden = !message;
      if (message) described.setAttribute("aria-invalid", "true");
      else described.removeAttribute("aria-invalid");
    },
  });
  return node;
}
