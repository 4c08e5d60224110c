// A button with a menu under it: overflow menus, and selects inside messages.

import { h } from "./dom.js";

export function menuButton({ face, label, menuLabel = label, className, options, chosen, choose }) {
  const button = h(
    "button",
    {
      type: "button",
      class: className,
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-label": label,
      onclick: () => (menu.matches(":popover-open") ? close() : open()),
      onkeydown: (event) => {
        if (event.key === "ArrowDown" || event.key === "ArrowUp") {
          event.preventDefault();
          open();
        }
      },
    },
    face,
  );
  const items = options.map((option) => item(option, chosen, pick));
  const menu = h(
    "div",
    { class: "menu", role: "menu", "aria-label": menuLabel, popover: "manual", onkeydown: keys },
    items,
  );

  function open() {
    menu.showPopover();
    place(menu, button);
    button.setAttribute("aria-expanded", "true");
    (items.find((each) => each.getAttribute("aria-checked") === "true") ?? items[0]).focus();
    document.addEventListener("pointerdown", outside, true);
    window.addEventListener("resize", dismiss);
  }

  function close({ refocus = true } = {}) {
    if (!menu.matches(":popover-open")) return;
    menu.hidePopover();
    button.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    window.removeEventListener("resize", dismiss);
    if (refocus) button.focus();
  }

  function dismiss() {
    close({ refocus: false });
  }

  function outside(event) {
    if (!menu.contains(event.target) && !button.contains(event.target)) dismiss();
  }

  function pick(option) {
    close();
    choose(option);
  }

  function keys(event) {
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Tab") {
      close();
    } else if (to !== undefined) {
      event.preventDefault();
      items.at(to >= items.length ? 0 : to).focus();
    } else if (event.key.length === 1 && event.key !== " ") {
      const letter = event.key.toLowerCase();
      const order = [...items.slice(at + 1), ...items.slice(0, at + 1)];
      order.find((each) => each.textContent.toLowerCase().startsWith(letter))?.focus();
    }
  }

  return h("span", { class: "menu-place" }, button, menu);
}

function item(option, chosen, pick) {
  const selectable = chosen !== undefined;
  return h(
    "button",
    {
      type: "button",
      role: selectable ? "menuitemradio" : "menuitem",
      "aria-checked": selectable ? String(chosen === option.value) : undefined,
      tabindex: "-1",
      onclick: () => pick(option),
    },
    h("span", {}, option.text.text),
  );
}

function place(menu, button) {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const left = Math.max(8, Math.min(at.left, window.innerWidth - width - 8));
  const under = at.bottom + 4;
  const top = under + height > window.innerHeight - 8 ? at.top - height - 4 : under;
  menu.style.left = `${left}px`;
  menu.style.top = `${Math.max(8, top)}px`;
}
