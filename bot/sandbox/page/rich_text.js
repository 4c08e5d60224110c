// rich_text blocks, and the inline pieces that table cells use too.

import { h } from "./dom.js";
import { emoji, formatDate, link, mention } from "./mrkdwn.js";

export function richText(block, ctx) {
  return h("div", { class: "rich" }, block.elements.map((part) => drawPart(part, ctx)));
}

function drawPart(part, ctx) {
  if (part.type === "rich_text_list") {
    const items = part.elements.map((item) => h("li", {}, richInline(item.elements, ctx)));
    const list = part.style === "ordered" ? h("ol", {}, items) : h("ul", {}, items);
    if (part.offset) list.setAttribute("start", String(part.offset + 1));
    list.style.marginInlineStart = `${(part.indent ?? 0) * 1.5}em`;
    return list;
  }
  const tag = { rich_text_quote: "blockquote", rich_text_preformatted: "pre" }[part.type] ?? "p";
  return h(tag, {}, richInline(part.elements, ctx));
}

export function richInline(elements, ctx) {
  return elements.map((element) => styled(piece(element, ctx.names), element.style ?? {}));
}

function piece(element, names) {
  switch (element.type) {
    case "link":
      return link(element.url, element.text ?? element.url);
    case "emoji":
      return emoji(element.name);
    case "user":
      return mention(`@${names.users[element.user_id] ?? element.user_id}`);
    case "usergroup":
      return mention(`@${names.usergroups[element.usergroup_id] ?? element.usergroup_id}`);
    case "channel":
      return mention(`#${names.channels[element.channel_id] ?? element.channel_id}`);
    case "broadcast":
      return mention(`@${element.range}`);
    case "date":
      return formatDate(element.timestamp, element.format, element.fallback ?? "");
    default:
      return element.text ?? "";
  }
}

function styled(node, style) {
  const tags = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u" };
  return Object.entries(tags).reduce(
    (inner, [name, tag]) => (style[name] ? h(tag, {}, inner) : inner),
    node,
  );
}
