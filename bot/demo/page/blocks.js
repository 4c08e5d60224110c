// Draws the blocks and elements that the bot sends. `ctx` is { team, channels, act, entered, row, fields }.

import { newId, h, small } from "./dom.js";
import { chart, dataTable } from "./tables.js";

const DRAW = {
  section,
  header: (block, ctx) => h("h2", { class: "header" }, words(block.text, ctx.team)),
  context: (block, ctx) => h("div", { class: "context" }, block.elements.map((each) => h("span", {}, words(each, ctx.team)))),
  divider: () => h("hr"),
  actions: (block, ctx) => h("div", { class: "actions" }, block.elements.map((each) => interactive(each, ctx))),
  data_table: dataTable,
  data_visualization: chart,
  input: inputBlock,
};

export function drawBlocks(blocks, ctx) {
  let row = "";
  return blocks.map((block) => {
    row = rowOf(block, ctx.team) || row;
    return DRAW[block.type](block, { ...ctx, row });
  });
}

// The label of the menus next to or below a section: its bold text, or its first line.
function rowOf(block, team) {
  if (!block.text) return "";
  const node = h("div", {}, words(block.text, team));
  return node.querySelector("strong")?.textContent ?? node.textContent.trim().split("\n")[0];
}

function section(block, ctx) {
  return h(
    "div",
    { class: "section" },
    h(
      "div",
      { class: "words" },
      block.text ? h("div", {}, words(block.text, ctx.team)) : null,
      block.fields ? h("div", { class: "fields" }, block.fields.map((each) => h("div", {}, words(each, ctx.team)))) : null,
    ),
    block.accessory ? interactive(block.accessory, ctx) : null,
  );
}

export function interactive(element, ctx) {
  return { button, overflow, static_select: menu }[element.type](element, ctx);
}

function button(element, ctx) {
  const press = () => {
    if (/^https?:/i.test(element.url ?? "")) window.open(element.url, "_blank", "noopener");
    ctx.act(element, element.value);
  };
  const props = { type: "button", class: element.style, "data-action": element.action_id, onclick: press };
  return h("button", props, words(element.text, ctx.team));
}

function overflow(element, ctx) {
  const label = ctx.row ? `More actions: ${ctx.row}` : "More actions";
  const choose = ({ target }) => {
    const { value } = target;
    target.value = "";
    ctx.act(element, value);
  };
  return select(element, { class: "overflow", "aria-label": label, onchange: choose }, "⋮");
}

function menu(element, ctx) {
  const label = ctx.row ? `${placeholderOf(element)}: ${ctx.row}` : placeholderOf(element);
  const choose = ({ target }) => {
    ctx.entered[element.action_id] = target.value;
    ctx.act(element, target.value);
  };
  const node = select(element, { "aria-label": label, onchange: choose });
  node.value = valueOf(element, ctx);
  return node;
}

function placeholderOf(element) {
  return element.placeholder?.text ?? "Choose an option";
}

function select(element, props, placeholder = placeholderOf(element)) {
  const entries = (options) => options.map((each) => h("option", { value: each.value }, each.text.text));
  return h(
    "select",
    { "data-action": element.action_id, ...props },
    h("option", { value: "", hidden: true, selected: true }, placeholder),
    element.option_groups?.map((group) => h("optgroup", { label: group.label.text }, entries(group.options))) ??
      entries(element.options),
  );
}

// Form fields: each function draws a node with a `value`.

const FIELDS = {
  static_select: (element, props) => select(element, props),
  conversations_select: (element, props, ctx) => select({ ...element, options: channelsFor(element, ctx) }, props),
  timepicker: (_, props) => h("input", { ...props, type: "time" }),
  plain_text_input: (element, props) => {
    const more = { placeholder: element.placeholder?.text, maxlength: element.max_length, ...props };
    return element.multiline ? h("textarea", { ...more, rows: "3" }) : h("input", { ...more, type: "text" });
  },
};

function valueOf(element, ctx) {
  const { initial_option: option, initial_conversation: channel, initial_time: time, initial_value: text } = element;
  return ctx.entered[element.action_id] ?? option?.value ?? channel ?? time ?? text ?? "";
}

// As in Slack, the user's own channels that match the filter.
function channelsFor({ filter = {} }, { channels }) {
  const kinds = filter.include ?? ["public", "private", "im"];
  return channels
    .filter(({ kind, is_shared: isShared }) => kinds.includes(kind) && !(isShared && filter.exclude_external_shared_channels))
    .map(({ id, name, kind }) => ({ value: id, text: { text: kind === "im" ? name : `# ${name}` } }));
}

function inputBlock(block, ctx) {
  const { element } = block;
  const [id, errorId] = [newId(), newId()];
  const changed = () => {
    ctx.entered[element.action_id] = node.value;
    if (block.dispatch_action) ctx.act(element, node.value);
  };
  const props = { id, "data-action": element.action_id, "aria-describedby": errorId, onchange: changed };
  const node = FIELDS[element.type](element, props, ctx);
  node.value = valueOf(element, ctx);
  const error = h("p", { class: "error", id: errorId, hidden: true });
  ctx.fields?.push({
    blockId: block.block_id,
    actionId: element.action_id,
    node,
    showError(message) {
      error.textContent = message ?? "";
      error.hidden = !message;
      node.toggleAttribute("aria-invalid", Boolean(message));
    },
  });
  const label = h("label", { for: id }, words(block.label, ctx.team), block.optional ? small(" (optional)") : null);
  return h("div", { class: "input" }, label, node, error);
}

// Slack's mrkdwn.

const INLINE = new RegExp(
  [
    "`(?<code>[^`\\n]+)`",
    "<(?<angle>[^<>\\n]+)>",
    "(?<![\\p{L}\\p{N}*])\\*(?=\\S)(?<bold>[^*\\n]*[^*\\s])\\*(?![\\p{L}\\p{N}*])",
    "(?<![\\p{L}\\p{N}_])_(?=\\S)(?<italic>[^_\\n]*[^_\\s])_(?![\\p{L}\\p{N}_])",
  ].join("|"),
  "gu",
);

function unescape(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

export function words(text, team) {
  return text.type === "mrkdwn" ? mrkdwn(text.text, team) : [text.text];
}

export function link(url, label) {
  if (!/^(https?:|mailto:)/i.test(url)) return h("span", {}, label);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label);
}

export function mrkdwn(text, team) {
  return text.split(/((?:^(?:&gt;|>) ?.*(?:\n|$))+)/m).flatMap((part, index) => {
    if (index % 2) return h("blockquote", {}, inline(part.replace(/^(?:&gt;|>) ?/gm, "").replace(/\n$/, ""), team));
    return part ? inline(part, team) : [];
  });
}

function inline(text, team) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    nodes.push(unescape(text.slice(end, match.index)), piece(match.groups, team));
    end = match.index + match[0].length;
  }
  return [...nodes, unescape(text.slice(end))];
}

function piece({ code, angle, bold, italic }, team) {
  if (code !== undefined) return h("code", {}, unescape(code));
  if (bold !== undefined) return h("strong", {}, inline(bold, team));
  if (italic !== undefined) return h("em", {}, inline(italic, team));
  const [target, label] = angle.split(/\|(.*)/s);
  const [kind, id] = [target[0], target.slice(1)];
  const name = {
    "@": () => `@${team.users[id] ?? id}`,
    "#": () => `#${label || team.channels[id] || "private channel"}`,
    "!": () => `@${team.usergroups[id.replace("subteam^", "")] ?? label ?? id}`,
  }[kind];
  return name ? h("span", { class: "mention" }, name()) : link(unescape(target), unescape(label || target.replace(/^mailto:/, "")));
}
