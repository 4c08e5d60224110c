// data_table blocks as tables, and data_visualization blocks as SVG charts.

import { interactive, link } from "./blocks.js";
import { newId, h, svg } from "./dom.js";

const MARKS = { bold: "strong", italic: "em", strike: "s", code: "code" };

function contentOf(cell, ctx) {
  if (cell.type === "action_cell") return interactive(cell.element, ctx);
  if (cell.type !== "rich_text") return cell.text;
  const pieces = cell.elements.flatMap((line) => line.elements);
  return pieces.map(({ text, url, style = {} }) =>
    Object.keys(style).reduce((inner, mark) => h(MARKS[mark], {}, inner), url ? link(url, text) : text),
  );
}

export function dataTable({ rows: [header, ...rows], row_header_column_index: rowHeader = 0, caption }, ctx) {
  // A dash stands for a missing number.
  const isNumber = (cell) => cell.type === "raw_number" || cell.text === "–";
  const kinds = header.map((_, at) => {
    if (rows[0][at].type === "action_cell") return "act";
    return rows.every((row) => isNumber(row[at])) ? "number" : null;
  });
  const heads = header.map((cell, at) => h("th", { scope: "col", class: kinds[at] }, cell.text));
  const cellOf = (cell, at) => {
    const props = at === rowHeader ? { scope: "row", class: kinds[at] } : { class: kinds[at] };
    return h(at === rowHeader ? "th" : "td", props, contentOf(cell, ctx));
  };
  const body = h("tbody", {}, rows.map((row) => h("tr", {}, row.map(cellOf))));
  const id = newId();
  return h(
    "div",
    { class: "card" },
    h("p", { class: "top caption", id }, caption),
    scrolling(id, h("table", { "aria-labelledby": id }, h("thead", {}, h("tr", {}, heads)), body)),
  );
}

function scrolling(id, table) {
  return h("div", { class: "table-scroll", tabindex: "0", role: "group", "aria-labelledby": id }, table);
}

// Charts: one series as bars or a line, and as a table.

const [HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [290, 58, 12, 14, 53];

export function chart({ title, chart: data }) {
  const [{ name, data: points }] = data.series;
  const { x_label: xLabel, y_label: yLabel } = data.axis_config;
  const id = newId();
  const values = points.map(({ label, value }) => `${label} ${value}`).join(", ");
  const cells = ({ label, value }) => [h("th", { scope: "row" }, label), h("td", { class: "number" }, String(value))];
  const head = [h("th", { scope: "col" }, xLabel), h("th", { scope: "col", class: "number" }, yLabel ?? name)];
  const rows = points.map((point) => h("tr", {}, cells(point)));
  const table = h("table", { "aria-labelledby": id }, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows));
  return h(
    "figure",
    { class: "card chart", "aria-labelledby": id },
    h("figcaption", { class: "top caption", id }, title),
    h("div", { class: "chart-area" }, draw(data.type, points, xLabel, `${title}: ${values}`)),
    h("details", {}, h("summary", {}, "Show as table"), scrolling(id, table)),
  );
}

function draw(type, points, xLabel, label) {
  const width = Math.min(594, document.getElementById("scroll").clientWidth - 90);
  const values = points.map(({ value }) => value);
  const marks = ticks(Math.min(0, ...values), Math.max(0, ...values));
  const slot = (width - LEFT - RIGHT) / points.length;
  const x = (at) => LEFT + slot * (at + 0.5);
  const y = (value) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - marks[0]) / (marks.at(-1) - marks[0]));
  return svg(
    "svg",
    { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": label },
    marks.map((mark) => [
      svg("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(mark), y2: y(mark) }),
      svg("text", { class: "axis", x: LEFT - 8, y: y(mark) + 4, "text-anchor": "end" }, String(mark)),
    ]),
    xAxis(points, x, slot),
    type === "bar" ? bars(points, x, y, slot) : line(points, x, y),
    svg("text", { class: "axis", x: LEFT + (width - LEFT - RIGHT) / 2, y: HEIGHT - 6, "text-anchor": "middle" }, xLabel),
  );
}

function ticks(low, high) {
  const rough = (high - low || 1) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough);
  const found = [];
  for (let tick = Math.floor(low / step) * step; tick < high + step; tick += step) found.push(Number(tick.toFixed(6)));
  return found;
}

// "Mar 16 (so far)": an unfinished period is drawn with a dashed line.
function stateOf({ label }) {
  return label.endsWith(" (so far)") ? "running" : null;
}

function tooltip({ label, value }) {
  return svg("title", {}, `${label}: ${value}`);
}

function bars(points, x, y, slot) {
  const width = Math.min(44, slot * 0.72);
  return points.map((point, at) => {
    const [end, zero] = [y(point.value), y(0)];
    const place = { x: x(at) - width / 2, y: Math.min(end, zero), width, height: Math.abs(end - zero), rx: 2 };
    return svg("rect", { class: stateOf(point), ...place }, tooltip(point));
  });
}

function line(points, x, y) {
  const path = (from, to, props) => {
    const places = points.slice(from, to).map(({ value }, at) => `${x(from + at)} ${y(value)}`);
    return svg("path", { class: "line", d: `M${places.join(" L")}`, ...props });
  };
  const finished = points.filter((point) => !stateOf(point)).length;
  return [
    path(0, finished),
    finished < points.length ? path(finished - 1, points.length, { "stroke-dasharray": "2 4" }) : null,
    points.map((point, at) => svg("circle", { class: stateOf(point), cx: x(at), cy: y(point.value), r: 3.5 }, tooltip(point))),
  ];
}

// As many labels as fit, counted back from the last one. Text in parentheses is on a second line.
function xAxis(points, x, slot) {
  const rows = points.map(({ label }) => label.split(/ \((.*)\)$/).filter(Boolean));
  const longest = Math.max(...rows.flat().map((words) => words.length)) * 6.5 + 8;
  const every = Math.max(1, Math.ceil(longest / slot));
  return rows.map((words, at) =>
    (rows.length - 1 - at) % every
      ? null
      : svg(
          "text",
          { class: "axis", y: HEIGHT - BOTTOM + 16, "text-anchor": "middle" },
          words.map((each, row) => svg("tspan", { x: x(at), dy: row * 13 }, each)),
        ),
  );
}
