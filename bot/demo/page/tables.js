// data_table: paged, sorted and filtered here, as Slack's client does.

import { freshId, h } from "./dom.js";
import { button } from "./inputs.js";
import { link } from "./mrkdwn.js";

const FILTER_FROM = 6;

const MARKS = { bold: "strong", italic: "em", strike: "s", code: "code" };

function pieces(cell) {
  return cell.elements.flatMap((section) => section.elements);
}

function cellText(cell) {
  if (cell.type === "action_cell") return cell.fallback.text;
  return cell.type === "rich_text" ? pieces(cell).map((each) => each.text).join("") : cell.text;
}

function cellContent(cell, ctx) {
  if (cell.type === "action_cell") {
    const node = button(cell.element, ctx);
    node.dataset.action = cell.element.action_id;
    return [node];
  }
  if (cell.type !== "rich_text") return [cell.text];
  return pieces(cell).map(({ text, url, style = {} }) =>
    Object.keys(style).reduce((inner, mark) => h(MARKS[mark], {}, inner), url ? link(url, text) : text),
  );
}

export function dataTable(block, ctx) {
  const [header, ...rows] = block.rows;
  const size = block.page_size ?? 5;
  const rowHeader = block.row_header_column_index ?? 0;
  const numeric = header.map((_, at) => rows.every((row) => row[at].type === "raw_number"));
  // One without a figure among them is sorted as text, as in Slack, but stays a column of figures.
  const aligned = header.map((_, at) => isColumnOfFigures(rows.map((row) => row[at])));
  const state = { column: null, down: false, words: "", page: 0 };

  const body = h("tbody");
  const heads = header.map((cell, at) =>
    h(
      "th",
      { scope: "col", class: aligned[at] ? "number" : null },
      h(
        "button",
        { type: "button", class: "sort", onclick: () => sortBy(at) },
        cell.text,
        h("span", { class: "arrow", "aria-hidden": "true" }),
      ),
    ),
  );
  const status = h("p", { class: "small", role: "status" });
  const back = h("button", { type: "button", onclick: () => turn(-1) }, "Previous");
  const on = h("button", { type: "button", onclick: () => turn(1) }, "Next");
  const pager = h("div", { class: "pager" }, back, on, status);
  const captionId = freshId("caption");

  function sortBy(at) {
    state.down = state.column === at && !state.down;
    state.column = at;
    state.page = 0;
    draw();
  }

  function turn(by) {
    state.page += by;
    draw();
    // A button that has just been switched off would drop the focus.
    if (by < 0 && back.disabled) on.focus();
    if (by > 0 && on.disabled) back.focus();
  }

  function shown() {
    const words = state.words.toLowerCase();
    const kept = rows.filter((row) => row.some((cell) => cellText(cell).toLowerCase().includes(words)));
    if (state.column === null) return kept;
    const at = state.column;
    const sign = state.down ? -1 : 1;
    const compare = numeric[at]
      ? (one, two) => one[at].value - two[at].value
      : (one, two) => cellText(one[at]).localeCompare(cellText(two[at]));
    return kept.toSorted((one, two) => sign * compare(one, two));
  }

  function draw() {
    const kept = shown();
    const start = state.page * size;
    const page = kept.slice(start, start + size);
    body.replaceChildren(...page.map((row) => drawRow(row, rowHeader, aligned, ctx)));
    heads.forEach((head, at) => {
      const sorted = at === state.column;
      if (sorted) head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    back.disabled = state.page === 0;
    on.disabled = start + size >= kept.length;
    const all = kept.length === rows.length ? "" : ` (filtered from ${rows.length})`;
    status.textContent = kept.length
      ? `${start + 1}–${start + page.length} of ${kept.length}${all}`
      : `No row fits${all}`;
    pager.hidden = rows.length <= size && kept.length === rows.length;
  }

  const filter = h("input", {
    type: "search",
    placeholder: "Filter rows",
    "aria-label": `Filter rows: ${block.caption}`,
    oninput: (event) => {
      state.words = event.target.value.trim();
      state.page = 0;
      draw();
    },
  });
  draw();
  return h(
    "div",
    { class: "table-card" },
    h(
      "div",
      { class: "table-top" },
      h("p", { class: "caption", id: captionId }, block.caption),
      rows.length >= FILTER_FROM ? filter : null,
    ),
    h(
      "div",
      { class: "table-scroll", tabindex: "0", role: "group", "aria-labelledby": captionId },
      h("table", { "aria-labelledby": captionId }, h("thead", {}, h("tr", {}, heads)), body),
    ),
    pager,
  );
}

function isColumnOfFigures(cells) {
  const isFigure = (cell) => cell.type === "raw_number";
  return cells.some(isFigure) && cells.every((cell) => isFigure(cell) || cell.text === "–");
}

function drawRow(row, rowHeader, aligned, ctx) {
  return h(
    "tr",
    {},
    row.map((cell, at) => {
      const className = aligned[at] ? "number" : null;
      const content = cellContent(cell, ctx);
      return at === rowHeader
        ? h("th", { scope: "row", class: className }, content)
        : h("td", { class: className }, content);
    }),
  );
}
