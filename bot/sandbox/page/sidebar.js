// Who you are, where you are, and as whom else you could look.

import { avatar, h, hidden } from "./dom.js";

const GROUPS = { admin: "Admins", manager: "Managers", rep: "Reps", guest: "Guests" };

export function drawYou(node, person) {
  node.replaceChildren(
    avatar(person.id, person.real_name),
    h(
      "p",
      {},
      hidden("You are "),
      h("strong", {}, person.real_name),
      h("span", { class: "small" }, roleLine(person)),
    ),
  );
}

function roleLine(person) {
  return `${person.role[0].toUpperCase()}${person.role.slice(1)} · @${person.name}`;
}

export function drawChannels(node, channels, here, seen, go) {
  const focused = document.activeElement?.dataset.channel;
  const botFirst = channels.toSorted((one, two) => (two.kind === "dm") - (one.kind === "dm"));
  node.replaceChildren(
    ...botFirst.map((channel) => {
      const isHere = channel.id === here;
      const isNew = !isHere && channel.newest > (seen.get(channel.id) ?? 0);
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

export function drawPeople(node, people, me, become) {
  const roles = [...new Set([...Object.keys(GROUPS), ...people.map((each) => each.role)])];
  node.replaceChildren(
    ...roles.flatMap((role) => {
      const group = people.filter((each) => each.role === role);
      if (!group.length) return [];
      const title = GROUPS[role] ?? role;
      return [
        h("h3", {}, title),
        h("ul", { "aria-label": title }, group.map((each) => entry(each, me, become))),
      ];
    }),
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
      h("span", { class: "person" }, person.real_name, h("span", { class: "small" }, roleLine(person))),
    ),
  );
}
