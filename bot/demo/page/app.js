// The page: keeps the state of one chosen person in step with the server.

import { drawBlocks } from "./blocks.js";
import { h } from "./dom.js";
import { Composer } from "./composer.js";
import { Held } from "./held.js";
import { Jump } from "./jump.js";
import { Log } from "./messages.js";
import { askConfirm, Modal } from "./modal.js";
import { drawChannels, drawPeople, drawYou } from "./sidebar.js";
import { Story } from "./story.js";
import { setNow, setZone } from "./time.js";

const $ = (id) => document.getElementById(id);
// What brings an answer into the conversation.
const ASKING = new Set(["command", "say", "act", "submit", "jump"]);

class App {
  constructor(team) {
    this.team = team;
    this.me = null;
    this.tab = "messages";
    this.showsSent = false;
    this.held = new Held();
    this.stream = null;
    this.composer = $("composer");
    this.log = new Log(this, $("log"), $("scroll"), $("below"));
    this.modal = new Modal(this);
    this.writer = new Composer(this, $("form"), this.composer, $("examples"));
    this.jump = new Jump(this, $("clock"), $("jump"), $("jumped"));
    this.story = new Story(this, $("story"));
    for (const node of [$("time"), $("over")]) node.hidden = !team.is_demo;
    $("over").addEventListener("click", () => this.#startOver());
    $("sent").addEventListener("click", () => this.#showSent(!this.showsSent));
  }

  names() {
    return this.team;
  }

  person() {
    return this.team.people.find((each) => each.id === this.me);
  }

  async start() {
    const wanted = new URLSearchParams(location.hash.slice(1));
    const known = this.team.people.some((each) => each.id === wanted.get("as"));
    const me = known ? wanted.get("as") : (this.team.cast[0] ?? this.team.people[0].id);
    for (const button of $("tabs").children) {
      button.addEventListener("click", () => {
        this.#open(button.dataset.tab);
        this.log.back();
      });
    }
    await send("reload", { as: me });
    this.become(me, wanted.get("in"));
  }

  become(id, channel = null) {
    this.me = id;
    this.held = new Held(channel);
    this.modal.show(null);
    setZone(this.person().tz);
    drawYou($("you"), this.person());
    this.writer.offer(this.person().examples);
    drawPeople($("people"), this.team, id, (other) => {
      this.become(other, this.held.channel);
      $("people").querySelector(`[data-person="${other}"]`)?.focus();
    });
    this.#listen();
    this.go(channel);
  }

  go(channel) {
    this.held.move(channel);
    this.#open("messages");
    this.log.clear();
    this.jump.clear();
    closeSidebar();
    return this.refresh();
  }

  // Whether one looks as somebody at a channel of theirs.
  isAt({ as, channel }) {
    return as === this.me && channel === this.held.channel && this.tab === "messages";
  }

  // Go to a message of somebody's, and point out where it speaks of a person.
  lead({ as, channel, ts, find }) {
    if (as !== this.me) this.become(as, channel);
    else if (!this.isAt({ as, channel })) this.go(channel);
    if (ts) this.log.point(ts, find);
  }

  #open(tab) {
    this.tab = tab;
    for (const button of $("tabs").children) {
      button.setAttribute("aria-pressed", String(button.dataset.tab === tab));
    }
    $("home").hidden = tab !== "home";
    for (const node of [$("log"), $("form")]) node.hidden = tab === "home";
    this.story.show(this.held.story);
    if (tab === "home") $("scroll").scrollTop = 0;
    this.post("opened", { channel: this.held.channel, tab });
  }

  #showSent(isOn) {
    this.showsSent = isOn;
    $("sent").setAttribute("aria-checked", String(isOn));
    for (const node of $("log").querySelectorAll(".sent")) node.show(isOn);
  }

  // Everything anew: the server begins another demo, and then so does the page.
  async #startOver() {
    $("over").setAttribute("aria-disabled", "true");
    $("over").textContent = "Starting over …";
    const { me, held } = this;
    const [run] = held.revision.split(".");
    await send("over", { as: me });
    this.stream.close();
    let state;
    do {
      await new Promise((resolve) => setTimeout(resolve, 300));
      state = await fetch(`/demo/state?as=${me}`).then((answer) => answer.json(), () => null);
    } while (!state?.story || state.revision.startsWith(`${run}.`));
    history.replaceState(null, "", "/");
    location.reload();
  }

  #listen() {
    this.stream?.close();
    this.stream = new EventSource(`/demo/stream?as=${this.me}`);
    this.stream.onmessage = () => this.refresh();
    this.stream.onopen = () => trouble("");
    this.stream.onerror = () =>
      trouble("The demo does not answer. Start it again; this page goes on by itself.");
  }

  // Several changes at once ask the server once more, not once each.
  async refresh() {
    if (this.loading) {
      this.again = true;
      return;
    }
    this.loading = true;
    do {
      this.again = false;
      await this.#load();
    } while (this.again);
    this.loading = false;
  }

  async #load() {
    const { held, me } = this;
    const { channel } = held;
    const query = new URLSearchParams([["as", me], ...held.query()]);
    let state;
    try {
      state = await (await fetch(`/demo/state?${query}`)).json();
    } catch {
      return; // the stream tells of it, and asks again when the server is back
    }
    if (held !== this.held || channel !== held.channel) {
      this.again = true;
      return;
    }
    held.take(state);
    setNow(state.now);
    this.jump.tick();
    this.#draw();
  }

  #draw() {
    const { channels, channel, view, home, story } = this.held;
    const here = channels.find((each) => each.id === channel);
    const name = here?.kind === "public" ? `# ${here.name}` : (here?.name ?? this.team.channels[channel]);
    $("room").textContent = name;
    $("tabs").hidden = here?.kind !== "dm";
    document.title = `${name} · ${this.team.name}`;
    history.replaceState(null, "", `#as=${this.me}&in=${channel}`);
    drawChannels($("channels"), channels, channel, (id) => this.go(id));
    this.log.show(this.held.inOrder());
    this.writer.place(name);
    this.story.show(story);
    this.#drawHome(home);
    this.modal.show(view);
  }

  #drawHome(home) {
    const key = home?.key ?? "none";
    if ($("home").dataset.key === key) return;
    $("home").dataset.key = key;
    const entered = {};
    const nodes = home
      ? drawBlocks(home.blocks, this.context(home.id, entered, () => entered))
      : [h("p", { class: "small" }, "The bot has not published a Home tab for you yet.")];
    $("home").replaceChildren(...nodes);
  }

  // What blocks need to be drawn and to act; `where` is a message's ts or a view's id.
  context(where, entered, values) {
    return {
      names: this.team,
      people: this.team.people,
      channels: this.held.channels,
      entered,
      act: async (element, value) => {
        if (element.confirm && !(await askConfirm(element.confirm, this.team))) return;
        await this.post("act", { where, action_id: element.action_id, value, values: values() });
      },
    };
  }

  async post(act, body) {
    if (ASKING.has(act)) this.log.expect();
    try {
      const answer = await send(act, { as: this.me, channel: this.held.channel, ...body });
      const outcome = await answer.json();
      if (!answer.ok) trouble(outcome.error);
      return outcome;
    } catch {
      trouble("The demo does not answer. Is it still running?");
      return { ok: false, error: "no answer" };
    } finally {
      this.refresh();
    }
  }
}

function send(act, body) {
  return fetch(`/demo/${act}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

function trouble(text) {
  $("trouble").textContent = text;
  $("trouble").hidden = !text;
}

function closeSidebar() {
  document.body.classList.remove("open");
  $("menu").setAttribute("aria-expanded", "false");
}

function setUpMenu() {
  $("menu").addEventListener("click", () => {
    const isOpen = document.body.classList.toggle("open");
    $("menu").setAttribute("aria-expanded", String(isOpen));
    if (isOpen) $("sidebar").querySelector("button").focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.body.classList.contains("open")) {
      closeSidebar();
      $("menu").focus();
    }
  });
}

function setUpTheme() {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = (theme) => {
    if (theme) document.documentElement.dataset.theme = theme;
    const isDark = theme ? theme === "dark" : system.matches;
    $("theme").textContent = isDark ? "Light" : "Dark";
  };
  $("theme").addEventListener("click", () => {
    const theme = $("theme").textContent.toLowerCase();
    localStorage.setItem("theme", theme);
    apply(theme);
  });
  system.addEventListener("change", () => apply(localStorage.getItem("theme")));
  apply(localStorage.getItem("theme"));
}

setUpMenu();
setUpTheme();
const team = await (await fetch("/demo/team")).json();
$("team").textContent = team.name;
await new App(team).start();
