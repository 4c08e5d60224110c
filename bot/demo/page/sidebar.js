// Who you are, where you are, and as whom else you could look.

import { avatar, h, hidden } from "./dom.js";

export function drawYou(node, person) {
  node.replaceChildren(
    avatar(person.id, person.real_name),
    h(
      "p",
      {},
      hidden("You are "),
      h("strong", {}, person.real_name),
      h("span", { class: "small" }, roleOf(person)),
    ),
  );
}

function roleOf({ role }) {
  return `${role[0].toUpperCase()}${role.slice(1)}`;
}

export function drawChannels(node, channels, here, go) {
  const focused = document.activeElement?.dataset.channel;
  const botFirst = channels.toSorted((one, two) => (two.kind === "dm") - (one.kind === "dm"));
  node.replaceChildren(
    ...botFirst.map((channel) => {
      const isHere = channel.id === here;
      const isNew = !isHere && channel.unread;
      const mark = { dm: null, private: "🔒", public: "#" }[channel.kind];
      return h(
        "li",
        {},
        h(
          "button",
          {
            type: "button",
            "data-channel": channel.id,
            class: isNew ? "new" : null,
            "aria-current": isHere ? "page" : null,
            onclick: () => go(channel.id),
          },
          mark ? h("span", { class: "small", "aria-hidden": "true" }, mark) : avatar(channel.id, channel.name, true),
          channel.name,
          channel.kind === "dm" ? h("span", { class: "app" }, "APP") : null,
          channel.kind === "private" ? hidden(" (private)") : null,
          isNew ? [h("span", { class: "dot", "aria-hidden": "true" }), hidden(" has new messages")] : null,
        ),
      );
    }),
  );
  if (focused) node.querySelector(`[data-channel="${focused}"]`)?.focus();
}

// Those of the story first; everybody else is one press away.
export function drawPeople(node, { people, cast }, me, become) {
  const wasOpen = node.querySelector("details")?.open;
  const list = (some, label) =>
    h("ul", { "aria-label": label }, some.map((each) => entry(each, me, become)));
  const first = cast.map((id) => people.find((each) => each.id === id));
  const others = people.filter((each) => !cast.includes(each.id));
  const isOther = others.some((each) => each.id === me);
  node.replaceChildren(
    ...(first.length ? [list(first, "People to start with")] : []),
    first.length
      ? h(
          "details",
          { open: wasOpen || isOther },
          h("summary", {}, `Everybody else (${others.length})`),
          list(others, "Everybody else"),
        )
      : list(others, "People"),
  );
}

function entry(person, me, become) {
  return h(
    "li",
    {},
    h(
      "button",
      {
        type: "button",
        "data-person": person.id,
        "aria-current": person.id === me ? "true" : null,
        onclick: () => become(person.id),
      },
      avatar(person.id, person.real_name),
      h("span", { class: "person" }, person.real_name, h("span", { class: "small" }, `${roleOf(person)} · @${person.name}`)),
    ),
  );
}
