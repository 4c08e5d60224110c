// What the page holds of one person's view of the workspace; the server sends only what changed.

export class Held {
  constructor(channel = null) {
    this.revision = "";
    this.channel = channel;
    this.channels = [];
    this.entries = new Map(); // messages and Slack's own lines, by their time
    this.view = null;
    this.home = null;
    this.story = null;
  }

  // Another channel of the same person: only its messages are unknown.
  move(channel) {
    this.revision = "";
    this.channel = channel;
    this.entries.clear();
  }

  query() {
    const query = { channel: this.channel, view: this.view?.key, home: this.home?.key };
    if (this.revision) query.since = this.revision;
    return Object.entries(query).filter(([, value]) => value);
  }

  take(state) {
    this.revision = state.revision;
    if (!("channel" in state)) return;
    if (state.whole) this.entries.clear();
    this.channel = state.channel;
    this.channels = state.channels;
    for (const ts of state.removed) this.entries.delete(ts);
    for (const each of [...state.messages, ...state.notices]) this.entries.set(each.ts, each);
    this.view = merged(this.view, state.view);
    this.home = merged(this.home, state.home);
    this.story = state.story;
  }

  // Oldest first, what was answered in a thread under what it answers.
  inOrder() {
    const root = (each) => Number(each.thread_ts ?? each.ts);
    return [...this.entries.values()].toSorted((one, two) => root(one) - root(two) || one.ts - two.ts);
  }
}

function merged(held, sent) {
  return sent && !sent.blocks ? { ...held, ...sent } : sent;
}
