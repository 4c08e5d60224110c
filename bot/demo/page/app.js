// The page: shows what the server says one user sees, and sends what they do.

import { drawBlocks } from "./blocks.js";
import { avatar, clockAt, dayOf, h, hidden, now, setNow, setZone, small } from "./dom.js";
import { Log } from "./log.js";
import { askConfirm, Modal } from "./modal.js";

const $ = (id) => document.getElementById(id);
// The actions that are answered in the conversation.
const ANSWERED = new Set(["command", "send", "act", "submit", "jump"]);
// How long "All done!" is shown.
const DONE_MS = 10_000;

class App {
  constructor(team) {
    this.team = team;
    this.composer = $("composer");
    this.log = new Log(this, $("log"), $("scroll"));
    this.modal = new Modal(this);
    $("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.send(this.composer.value);
    });
    this.composer.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.send(this.composer.value);
    });
    for (const button of $("tabs").children) {
      button.addEventListener("click", () => this.selectTab(button.dataset.tab));
    }
    $("jump").addEventListener("click", () => this.jump());
    $("restart").addEventListener("click", () => {
      $("restart").textContent = "Starting over…";
      $("restart").disabled = true;
      this.post("restart", {});
    });
    setInterval(() => this.tick(), 1000);
    const fragment = new URLSearchParams(location.hash.slice(1));
    const user = team.people.find(({ id }) => id === fragment.get("as"));
    this.switchUser(user?.id ?? team.cast[0], fragment.get("in"));
  }

  switchUser(id, channel) {
    const { real_name: name, role, tz, examples } = this.team.people.find((each) => each.id === id);
    this.user = id;
    setZone(tz);
    $("you").replaceChildren(avatar(id, name), h("p", {}, hidden("You are "), h("strong", {}, name), small(role)));
    $("examples").replaceChildren(
      h("span", { class: "small", "aria-hidden": "true" }, "Try"),
      ...examples.map((text) => h("button", { type: "button", onclick: () => this.send(text) }, text)),
    );
    this.drawPeople();
    this.openChannel(channel);
  }

  // The server sends the channel's state now and after every change.
  openChannel(channel) {
    this.channel = channel;
    this.log.clear();
    $("jump-status").textContent = "";
    closeSidebar();
    this.stream?.close();
    this.stream = new EventSource(`/demo/stream?${new URLSearchParams({ as: this.user, channel: channel ?? "" })}`);
    this.stream.onmessage = ({ data }) => this.update(JSON.parse(data));
    this.stream.onopen = () => showError("");
    this.stream.onerror = () => {
      this.isLost = true;
      if ($("restart").disabled) return; // it's starting over
      showError("The demo isn’t answering. Start it again, and this page reconnects.");
    };
    this.selectTab("messages");
  }

  update(state) {
    if (this.isLost) {
      // The demo has probably been restarted.
      location.replace("/");
      return;
    }
    const isFirst = this.state?.channel !== state.channel;
    this.state = state;
    this.channel = state.channel;
    setNow(state.now);
    this.tick();
    const channel = state.channels.find((each) => each.id === state.channel);
    const name = channel.kind === "public" ? `# ${channel.name}` : channel.name;
    $("room").textContent = name;
    $("tabs").hidden = channel.kind !== "im";
    document.title = `${name} · ${this.team.name}`;
    history.replaceState(null, "", `#as=${this.user}&in=${state.channel}`);
    this.composer.placeholder = `Message ${name}, or type /exec`;
    this.drawChannels();
    this.drawSteps();
    this.drawHome(state.home);
    this.log.show([...state.messages, ...state.notices]);
    this.modal.show(state.view);
    if (isFirst) this.reportOpened();
  }

  send(text) {
    if (!text.trim()) return;
    this.composer.value = "";
    // As in Slack, a space before the slash makes it a message.
    this.post(text.startsWith("/") ? "command" : "send", { text: text.trim() });
  }

  tick() {
    const text = `${dayOf(now())},\n${clockAt(now())}`;
    if ($("clock").textContent !== text) $("clock").textContent = text;
  }

  selectTab(tab) {
    this.tab = tab;
    for (const button of $("tabs").children) button.setAttribute("aria-pressed", button.dataset.tab === tab);
    $("home").hidden = tab !== "home";
    for (const node of [$("log"), $("form"), $("examples")]) node.hidden = tab === "home";
    if (tab === "home") $("scroll").scrollTop = 0;
    else this.log.keepInView();
    if (this.state) this.drawSteps();
    if (this.channel) this.reportOpened();
  }

  reportOpened() {
    this.post("opened", { tab: this.tab });
  }

  async jump() {
    if ($("jump").getAttribute("aria-disabled") === "true") return;
    $("jump").setAttribute("aria-disabled", "true"); // `disabled` would lose the focus
    $("jump-status").textContent = "Jumping ahead…";
    const { ok } = await this.post("jump", {});
    $("jump-status").textContent = ok ? "The weekly digest and messages have arrived." : "";
    $("jump").removeAttribute("aria-disabled");
    this.reportOpened();
  }

  drawChannels() {
    const focused = document.activeElement?.dataset.channel;
    const botFirst = this.state.channels.toSorted((one, two) => (two.kind === "im") - (one.kind === "im"));
    $("channels").replaceChildren(
      ...botFirst.map(({ id, name, kind, unread }) => {
        const isCurrent = id === this.channel;
        const isNew = unread && !isCurrent;
        const mark = { private: "🔒", public: "#" }[kind];
        const props = {
          type: "button",
          "data-channel": id,
          class: isNew ? "new" : null,
          "aria-current": isCurrent ? "page" : null,
          onclick: () => this.openChannel(id),
        };
        return h(
          "li",
          {},
          h(
            "button",
            props,
            mark ? h("span", { class: "small", "aria-hidden": "true" }, mark) : avatar(id, name, true),
            name,
            kind === "im" ? h("span", { class: "app" }, "APP") : null,
            isNew ? [h("span", { class: "dot", "aria-hidden": "true" }), hidden(" has new messages")] : null,
          ),
        );
      }),
    );
    if (focused) $("channels").querySelector(`[data-channel="${focused}"]`)?.focus();
  }

  drawPeople() {
    const { people, cast } = this.team;
    const entry = ({ id, name, real_name: full, role }) => {
      const props = {
        type: "button",
        "aria-current": id === this.user ? "true" : null,
        "data-person": id,
        onclick: () => {
          this.switchUser(id, this.channel);
          $("people").querySelector(`[data-person="${id}"]`).focus();
        },
      };
      return h("li", {}, h("button", props, avatar(id, full), h("span", { class: "person" }, full, small(`${role} · @${name}`))));
    };
    const first = cast.map((id) => people.find((each) => each.id === id));
    const others = people.filter((each) => !cast.includes(each.id));
    const isOpen = $("people").querySelector("details")?.open || others.some((each) => each.id === this.user);
    $("people").replaceChildren(
      h("ul", { "aria-label": "Suggested people" }, first.map(entry)),
      h(
        "details",
        { open: isOpen },
        h("summary", {}, `Everyone else (${others.length})`),
        h("ul", { "aria-label": "Everyone else" }, others.map(entry)),
      ),
    );
  }

  drawSteps() {
    const { steps } = this.state;
    const drawn = JSON.stringify([steps, this.user, this.channel, this.tab, this.isDismissed]);
    if (drawn === this.drawnSteps) return;
    this.drawnSteps = drawn;
    const hadFocus = $("steps").contains(document.activeElement);
    const next = steps.find((step) => !step.done);
    const dismiss = () => {
      this.isDismissed = true;
      this.drawSteps();
    };
    $("steps").hidden = this.isDismissed;
    $("steps").replaceChildren(
      next
        ? h("ol", {}, steps.map((step, at) => this.step(step, at + 1, step === next)))
        : h("p", { role: "status" }, h("strong", {}, "All done!"), " Ask a question, switch users, or jump to next Monday."),
      h("button", { type: "button", class: "close", "aria-label": "Dismiss steps", onclick: dismiss }, "×"),
    );
    if (!next) this.dismissTimer ??= setTimeout(dismiss, DONE_MS);
    // The button of a finished step is gone.
    if (hadFocus) this.composer.focus();
  }

  step(step, number, isNext) {
    const isHere = step.as === this.user && step.channel === this.channel && this.tab === "messages";
    const show = () => {
      if (step.as !== this.user) this.switchUser(step.as, step.channel);
      else if (!isHere) this.openChannel(step.channel);
      if (step.find) this.log.point(step.ts, step.find);
    };
    const label = step.as === this.user ? "Show me" : `Switch to ${this.team.users[step.as].split(" ")[0]}`;
    return h(
      "li",
      { class: step.done ? "done" : null, "aria-current": isNext ? "step" : null },
      h("span", { class: "number", "aria-hidden": "true" }, step.done ? "✓" : String(number)),
      h("span", {}, step.title, step.done ? hidden(" (done)") : null),
      isNext && (step.find || !isHere) ? h("button", { type: "button", class: "primary", onclick: show }, label) : null,
    );
  }

  drawHome(home) {
    const key = `${this.user} ${home?.key}`;
    if ($("home").dataset.key === key) return;
    $("home").dataset.key = key;
    const nodes = home ? drawBlocks(home.blocks, this.context(home.id, {})) : [small("Nothing here yet.")];
    $("home").replaceChildren(...nodes);
  }

  // What blocks need to be drawn and to act. `where` is a message's ts or a view's id.
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
    if (ANSWERED.has(act)) this.log.expectAnswer();
    const headers = { "Content-Type": "application/json" };
    const given = JSON.stringify({ as: this.user, channel: this.channel, ...body });
    try {
      const answer = await fetch(`/demo/${act}`, { method: "POST", headers, body: given });
      const outcome = await answer.json();
      if (!answer.ok) showError(outcome.error);
      return outcome;
    } catch {
      showError("The demo isn’t answering. Check that it’s still running.");
      return { ok: false, error: "no answer" };
    }
  }
}

function showError(text) {
  $("error").textContent = text;
  $("error").hidden = !text;
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

function setDark(isDark) {
  $("dark").setAttribute("aria-checked", String(isDark));
}

const theme = localStorage.getItem("theme");
setDark(theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
$("dark").addEventListener("click", () => {
  const isDark = $("dark").getAttribute("aria-checked") === "false";
  localStorage.setItem("theme", isDark ? "dark" : "light");
  setDark(isDark);
});
const team = await (await fetch("/demo/team")).json();
$("team").textContent = team.name;
new App(team);
