// Every block type, as nodes. `ctx` is { names, people, channels, act, entered, row }.

import { chart } from "./charts.js";
import { freshId, h } from "./dom.js";
import { button, control, optionsOf, words } from "./inputs.js";
import { menuButton } from "./menu.js";
import { dataTable } from "./tables.js";

const DRAW = {
  section,
  header: (block, ctx) => h("h2", { class: "header" }, words(block.text, ctx.names)),
  context: (block, ctx) =>
    h("div", { class: "context" }, block.elements.map((each) => h("span", {}, words(each, ctx.names)))),
  divider: () => h("hr"),
  actions: (block, ctx) =>
    h("div", { class: "actions" }, block.elements.map((each) => interactive(each, ctx))),
  data_table: dataTable,
  data_visualization: chart,
  input: inputBlock,
};

export function drawBlocks(blocks, ctx) {
  let row = "";
  return blocks.map((block) => {
    row = rowOf(block, ctx.names) || row;
    const node = DRAW[block.type]?.(block, { ...ctx, row }) ?? h("p", { class: "small" }, `[${block.type}]`);
    node.dataset.block = block.block_id;
    return node;
  });
}

// What a menu beside or under these words is about: what is bold in them, or their first line.
function rowOf(block, names) {
  if (!block.text) return "";
  const node = h("div", {}, words(block.text, names));
  const [line] = node.textContent.trim().split("\n");
  return node.querySelector("strong")?.textContent ?? line;
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

function interactive(element, ctx) {
  const node = interactiveNode(element, ctx);
  node.dataset.action = element.action_id ?? "";
  return node;
}

function interactiveNode(element, ctx) {
  if (element.type === "button") return button(element, ctx);
  if (element.type === "static_select") return menuSelect(element, ctx);
  return menuButton({
    face: h("span", { "aria-hidden": "true" }, "⋮"),
    label: ctx.row ? `More actions: ${ctx.row}` : "More actions",
    className: "overflow",
    options: element.options,
    choose: (option) => ctx.act(element, option.value),
  });
}

function menuSelect(element, ctx) {
  const kept = ctx.entered[element.action_id] ?? element.initial_option?.value ?? "";
  const options = optionsOf(element);
  const name = (value) => options.find((each) => each.value === value)?.text.text;
  const empty = element.placeholder?.text ?? "Choose one";
  const face = h("span", {}, name(kept) ?? empty);
  return menuButton({
    face: [face, h("span", { "aria-hidden": "true" }, " ▾")],
    menuLabel: ctx.row ? `${empty}: ${ctx.row}` : empty,
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
  const errorId = freshId("error");
  const label = [words(block.label, ctx.names), block.optional ? h("span", { class: "small" }, " (optional)") : null];
  const error = h("p", { class: "error", id: errorId, hidden: true });
  const node = made.isGroup
    ? h("fieldset", { class: "input" }, h("legend", {}, label), made.node, error)
    : h("div", { class: "input" }, h("label", { for: id }, label), made.node, error);
  const described = made.isGroup ? node : made.node;
  described.setAttribute("aria-describedby", errorId);
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
