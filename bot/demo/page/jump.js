// What time it is in the demo, and the button that moves it ahead.

import { clockAt, dayOf, now } from "./time.js";

export class Jump {
  constructor(app, clock, button, says) {
    this.clock = clock;
    this.button = button;
    this.says = says;
    button.addEventListener("click", () => this.#go(app));
    setInterval(() => this.tick(), 1000);
  }

  tick() {
    const text = `${dayOf(now())},\n${clockAt(now())}`;
    if (this.clock.textContent !== text) this.clock.textContent = text;
  }

  clear() {
    this.#say("");
  }

  #say(text) {
    this.says.textContent = text;
  }

  async #go(app) {
    if (this.button.getAttribute("aria-disabled") === "true") return;
    // Not `disabled`, which would drop the focus.
    this.button.setAttribute("aria-disabled", "true");
    this.#say("Moving ahead …");
    const { ok, at, zone } = await app.post("jump", {});
    this.#say(ok ? arrived(new Date(at), zone) : "");
    this.button.removeAttribute("aria-disabled");
  }
}

// "It is Monday, November 30th, 9:00 AM Pacific Time", and what that is for whoever looks.
function arrived(moment, zone) {
  const there = `${dayOf(moment, zone)}, ${clockAt(moment, zone)}`;
  const day = dayOf(moment) === dayOf(moment, zone) ? "" : `${dayOf(moment)}, `;
  const other = clockAt(moment) === clockAt(moment, zone) ? "" : ` (${day}${clockAt(moment)})`;
  return `It is ${there}${other}. The week’s digest and messages have arrived.`;
}
