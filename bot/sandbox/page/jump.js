// What time it is in the demo, and the button that moves it ahead.

import { clockAt, dayOf, now } from "./time.js";

const WHAT =
  "Moves the demo ahead to the next Monday morning: people practise meanwhile, and weekly digests" +
  " and messages for coaches arrive.";

export class Jump {
  constructor(app, clock, button, says) {
    this.clock = clock;
    this.button = button;
    this.says = says;
    says.textContent = WHAT;
    for (const node of [clock, button, says]) node.hidden = !app.team.can_jump;
    button.addEventListener("click", () => this.#go(app));
    setInterval(() => this.tick(), 1000);
  }

  tick() {
    const text = `${dayOf(now())}, ${clockAt(now())}`;
    if (this.clock.textContent !== text) this.clock.textContent = text;
  }

  async #go(app) {
    if (this.button.getAttribute("aria-disabled") === "true") return;
    // Not `disabled`, which would drop the focus.
    this.button.setAttribute("aria-disabled", "true");
    this.says.textContent = "Moving ahead …";
    const { ok, at, zone } = await app.post("jump", {});
    this.says.textContent = ok ? arrived(new Date(at), zone) : WHAT;
    this.button.removeAttribute("aria-disabled");
  }
}

// "It is Monday 30 November, 09:00 in Los Angeles", and what that is for whoever looks.
function arrived(moment, zone) {
  const there = `${dayOf(moment, zone)}, ${clockAt(moment, zone)}`;
  const day = dayOf(moment) === dayOf(moment, zone) ? "" : `${dayOf(moment)}, `;
  const other = clockAt(moment) === clockAt(moment, zone) ? "" : ` (${day}${clockAt(moment)})`;
  return `It is ${there}${other}. Digests arrive within seconds.`;
}
