// A button, wherever it stands.

import { h } from "./dom.js";
import { words } from "./inputs.js";

export function button(element, ctx) {
  return h(
    "button",
    {
      type: "button",
      class: element.style ?? null,
      "aria-label": element.accessibility_label,
      onclick: () => {
        if (/^https?:/i.test(element.url ?? "")) window.open(element.url, "_blank", "noopener");
        ctx.act(element, element.value);
      },
    },
    words(element.text, ctx.names),
  );
}
