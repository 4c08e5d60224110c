// The page: shows what the server says that one chosen person sees, and sends what they do.

import { drawBlocks } from "./blocks.js";
import { avatar, clockAt, dayOf, h, hidden, now, setNow, setZone, small } from "./dom.js";
import { Log } from "./log.js";
import { askConfirm, Modal } from "./modal.js";

const $ = (id) => document.getElementById(id);
// What brings an answer into the conversation.
const ASKING = new Set(["command", "say", "act", "submit", "jump"]);
// So long it says that the steps are done.
const DONE_MS = 10_000;

class App {
  constructor(team) {
    this.team = team;
    this.composer = $("composer");
    this.log = new Log(this, $("log"), $("scroll"));
    this.modal = new Modal(this);
    $("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.say(this.composer.value);
    });
    this.composer.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.say(this.composer.value);
    });
    for (const button of $("tabs").children) {
      button.addEventListener("click", () => this.open(button.dataset.tab));
    }
    $("jump").addEventListener("click", () => this.jump());
    $("over").addEventListener("click", () => {
      $("over").textContent = "Starting over …";
      $("over").disabled = true;
      this.post("over", {});
    });
    setInterval(() => this.tick(), 1000);
  }

  person() {
    return this.team.people.find((each) => each.id === this.me);
  }

  async start() {
    const wanted = new URLSearchParams(location.hash.slice(1));
    const known = this.team.people.some((each) => each.id === wanted.get("as"));
    this.me = known ? wanted.get("as") : this.team.cast[0];
    this.become(this.me, wanted.get("in"));
  }

  become(id, channel) {
    this.me = id;
    setZone(this.person().tz);
    const { real_name: name, role } = this.person();
    $("you").replaceChildren(avatar(id, name), h("p", {}, hidden("You are "), h("strong", {}, name), small(role)));
    $("examples").replaceChildren(
      h("span", { class: "small", "aria-hidden": "true" }, "Try"),
      ...this.person().examples.map((text) => h("button", { type: "button", onclick: () => this.say(text) }, text)),
    );
    this.drawPeople();
    this.go(channel);
  }

  // Look at a channel: the server sends all of it, now and at every change.
  go(channel) {
    this.channel = channel;
    this.log.clear();
    $("jumped").textContent = "";
    closeSidebar();
    this.stream?.close();
    this.stream = new EventSource(`/demo/stream?${new URLSearchParams({ as: this.me, channel: channel ?? "" })}`);
    this.stream.onmessage = ({ data }) => this.take(JSON.parse(data));
    this.stream.onopen = () => trouble("");
    this.stream.onerror = () => trouble("The demo does not answer. Start it again; this page goes on by itself.");
    this.open("messages");
  }

  take(state) {
    this.run ??= state.run;
    if (state.run !== this.run) {
      // Another demo began: so does the page, once there is something to see.
      if (state.story.length) location.replace("/");
      return;
    }
    const isFirst = this.state?.channel !== state.channel;
    this.state = state;
    this.channel = state.channel;
    setNow(state.now);
    this.tick();
    const here = state.channels.find((each) => each.id === state.channel);
    const name = here.kind === "public" ? `# ${here.name}` : here.name;
    $("room").textContent = name;
    $("tabs").hidden = here.kind !== "dm";
    document.title = `${name} · ${this.team.name}`;
    history.replaceState(null, "", `#as=${this.me}&in=${state.channel}`);
    this.composer.placeholder = `Message ${name}, or type /exec`;
    this.drawChannels();
    this.drawStory();
    this.drawHome(state.home);
    this.log.show([...state.messages, ...state.notices]);
    this.modal.show(state.view);
    if (isFirst) this.opened();
  }

  say(text) {
    if (!text.trim()) return;
    this.composer.value = "";
    // A space before the slash makes it an ordinary message, as in Slack.
    this.post(text.startsWith("/") ? "command" : "say", { text: text.trim() });
  }

  tick() {
    const text = `${dayOf(now())},\n${clockAt(now())}`;
    if ($("clock").textContent !== text) $("clock").textContent = text;
  }

  open(tab) {
    this.tab = tab;
    for (const button of $("tabs").children) button.setAttribute("aria-pressed", button.dataset.tab === tab);
    $("home").hidden = tab !== "home";
    for (const node of [$("log"), $("form"), $("examples")]) node.classList.toggle("away", tab === "home");
    if (tab === "home") $("scroll").scrollTop = 0;
    else this.log.settle();
    if (this.state) this.drawStory();
    if (this.channel) this.opened();
  }

  opened() {
    this.post("opened", { tab: this.tab });
  }

  async jump() {
    if ($("jump").getAttribute("aria-disabled") === "true") return;
    $("jump").setAttribute("aria-disabled", "true"); // `disabled` would drop the focus
    $("jumped").textContent = "Moving ahead …";
    const { ok, at, zone } = await this.post("jump", {});
    const monday = new Date(at);
    $("jumped").textContent = ok
      ? `It is ${dayOf(monday, zone)}, ${clockAt(monday, zone)}. The week’s digest and messages have arrived.`
      : "";
    $("jump").removeAttribute("aria-disabled");
    this.opened();
  }

  drawChannels() {
    const focused = document.activeElement?.dataset.channel;
    const botFirst = this.state.channels.toSorted((one, two) => (two.kind === "dm") - (one.kind === "dm"));
    $("channels").replaceChildren(
      ...botFirst.map(({ id, name, kind, unread }) => {
        const isHere = id === this.channel;
        const isNew = unread && !isHere;
        const mark = { private: "🔒", public: "#" }[kind];
        const props = {
          type: "button",
          "data-channel": id,
          class: isNew ? "new" : null,
          "aria-current": isHere ? "page" : null,
          onclick: () => this.go(id),
        };
        return h(
          "li",
          {},
          h(
            "button",
            props,
            mark ? h("span", { class: "small", "aria-hidden": "true" }, mark) : avatar(id, name, true),
            name,
            kind === "dm" ? h("span", { class: "app" }, "APP") : null,
            isNew ? [h("span", { class: "dot", "aria-hidden": "true" }), hidden(" has new messages")] : null,
          ),
        );
      }),
    );
    if (focused) $("channels").querySelector(`[data-channel="${focused}"]`)?.focus();
  }

  // Those to start with first; everybody else is one press away.
  drawPeople() {
    const { people, cast } = this.team;
    const entry = ({ id, name, real_name: full, role }) => {
      const props = {
        type: "button",
        "aria-current": id === this.me ? "true" : null,
        "data-person": id,
        onclick: () => {
          this.become(id, this.channel);
          $("people").querySelector(`[data-person="${id}"]`).focus();
        },
      };
      return h("li", {}, h("button", props, avatar(id, full), h("span", { class: "person" }, full, small(`${role} · @${name}`))));
    };
    const first = cast.map((id) => people.find((each) => each.id === id));
    const others = people.filter((each) => !cast.includes(each.id));
    const isOpen = $("people").querySelector("details")?.open || others.some((each) => each.id === this.me);
    $("people").replaceChildren(
      h("ul", { "aria-label": "People to start with" }, first.map(entry)),
      h(
        "details",
        { open: isOpen },
        h("summary", {}, `Everybody else (${others.length})`),
        h("ul", { "aria-label": "Everybody else" }, others.map(entry)),
      ),
    );
  }

  // The steps to follow, until they are done or dismissed.
  drawStory() {
    const { story } = this.state;
    const drawn = JSON.stringify([story, this.me, this.channel, this.tab, this.isDismissed]);
    if (drawn === this.drawnStory) return;
    this.drawnStory = drawn;
    const hadFocus = $("story").contains(document.activeElement);
    const now = story.find((step) => !step.done);
    const dismiss = () => {
      this.isDismissed = true;
      this.drawStory();
    };
    $("story").hidden = this.isDismissed || !story.length;
    $("story").replaceChildren(
      now
        ? h("ol", {}, story.map((step, at) => this.step(step, at + 1, step === now)))
        : h("p", { role: "status" }, h("strong", {}, "That’s all."), " Now ask, switch user, or jump to Monday."),
      h("button", { type: "button", class: "close", "aria-label": "Dismiss the steps", onclick: dismiss }, "×"),
    );
    if (story.length && !now) this.ends ??= setTimeout(dismiss, DONE_MS);
    // A step that is done takes its button away.
    if (hadFocus) this.composer.focus();
  }

  step(step, number, isNow) {
    const isHere = step.as === this.me && step.channel === this.channel && this.tab === "messages";
    const lead = () => {
      if (step.as !== this.me) this.become(step.as, step.channel);
      else if (!isHere) this.go(step.channel);
      if (step.find) this.log.point(step.ts, step.find);
    };
    const way = step.as === this.me ? "Show me" : `Be ${this.team.users[step.as].split(" ")[0]}`;
    return h(
      "li",
      { class: step.done ? "done" : null, "aria-current": isNow ? "step" : null },
      h("span", { class: "number", "aria-hidden": "true" }, step.done ? "✓" : String(number)),
      h("span", {}, step.title, step.done ? hidden(" (done)") : null),
      isNow && (step.find || !isHere) ? h("button", { type: "button", class: "primary", onclick: lead }, way) : null,
    );
  }

  drawHome(home) {
    const key = `${this.me} ${home?.key}`;
    if ($("home").dataset.key === key) return;
    $("home").dataset.key = key;
    const nodes = home ? drawBlocks(home.blocks, this.context(home.id, {})) : [small("Nothing here yet.")];
    $("home").replaceChildren(...nodes);
  }

  // What blocks need to be drawn and to act; `where` is a message's ts or a view's id.
  context(where, entered, values = () => entered) {
    return {
      team: this.team,
      channels: this.state.channels,
      entered,
      act: async (element, value) => {
        if (element.confirm && !(await askConfirm(element.confirm, this.team))) return;
        this.post("act", { where, action_id: element.action_id, value, values: values() });
      },
    };
  }

  async post(act, body) {
    if (ASKING.has(act)) this.log.expect();
    const headers = { "Content-Type": "application/json" };
    const given = JSON.stringify({ as: this.me, channel: this.channel, ...body });
    try {
      const answer = await fetch(`/demo/${act}`, { method: "POST", headers, body: given });
      const outcome = await answer.json();
      if (!answer.ok) trouble(outcome.error);
      return outcome;
    } catch {
      trouble("The demo does not answer. Is it still running?");
      return { ok: false, error: "no answer" };
    }
  }
}

function trouble(text) {
  $("trouble").textContent = text;
  $("trouble").hidden = !text;
}

function closeSidebar() {
  document.body.classList.remove("open");
  $("menu").setAttribute("aria-expanded", "false");
}

$("menu").addEventListener("click", () => {
  const isOpen = document.body.classList.toggle("open");
  $("menu").setAttribute("aria-expanded", String(isOpen));
  if (isOpen) $("sidebar").querySelector("button").focus();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !document.body.classList.contains("open")) return;
  closeSidebar();
  $("menu").focus();
});

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  $("dark").setAttribute("aria-checked", String(theme === "dark"));
}

setTheme(localStorage.getItem("theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
$("dark").addEventListener("click", () => {
  const theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  localStorage.setItem("theme", theme);
  setTheme(theme);
});
const team = await (await fetch("/demo/team")).json();
$("team").textContent = team.name;
await new App(team).start();
