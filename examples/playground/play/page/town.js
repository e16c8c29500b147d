// What this tab knows of the town, who asks to hear of it, and the acts that go back.

import { toast } from './dom.js';

export const town = {
  me: '', channel: '', here: {}, time: { now: 0, pace: 0, runs: false }, progress: { percent: 0, text: '' },
  people: new Map(), channels: new Map(), roles: new Map(), messages: new Map(),
  commands: [], events: [], rang: [], troubles: [], sees: null,
};

const ears = new Map();

export function on(part, hear) {
  ears.set(part, [...(ears.get(part) ?? []), hear]);
}

const byId = (list) => new Map(list.map((one) => [one.id, one]));
const MAPS = new Set(['people', 'channels', 'roles']);
// What has changed since the page was last drawn.
let changed = new Set();
let due = false;
let stream = null;

// What arrived is kept at once and shown in the next frame. A tab that nobody looks at is drawn when it is looked at.
function hear(news) {
  for (const [part, value] of Object.entries(news)) {
    if (part === 'put') value.forEach((message) => town.messages.set(message.id, message));
    else if (part === 'gone') value.forEach((id) => town.messages.delete(id));
    else town[part] = MAPS.has(part) ? byId(value) : value;
    changed.add(part === 'put' || part === 'gone' ? 'messages' : part);
  }
  if (news.here) [town.me, town.channel] = [town.here.me, town.here.channel];
  wake();
}

function wake() {
  if (due || document.hidden || !changed.size) return;
  due = true;
  requestAnimationFrame(tell);
}

function tell() {
  const parts = changed;
  changed = new Set();
  due = false;
  for (const part of parts) (ears.get(part) ?? []).forEach((told) => told());
}

document.addEventListener('visibilitychange', wake);

// Looks through somebody's eyes at a channel. The address follows, so that a tab can be opened again, or a second one.
export function go({ as = town.me, channel = town.channel, show } = {}) {
  const query = new URLSearchParams();
  if (as) query.set('as', as);
  if (channel) query.set('channel', channel);
  history.replaceState(null, '', query.size ? `?${query}` : location.pathname);
  if (show) query.set('show', show);
  const before = stream;
  changed.clear();
  town.messages.clear();
  (ears.get('cleared') ?? []).forEach((told) => told());
  stream = new EventSource(`/live?${query}`);
  const mine = stream;
  mine.onmessage = (event) => { if (mine === stream) hear(JSON.parse(event.data)); };
  mine.onopen = () => {
    // After a break all is told anew; what is gone by then is not.
    town.messages.clear();
    (ears.get('line') ?? []).forEach((told) => told(true));
  };
  mine.onerror = () => { if (mine === stream) (ears.get('line') ?? []).forEach((told) => told(false)); };
  // The old one ends after the new one has begun, so that the seat is never empty.
  if (before) before.onmessage = null, setTimeout(() => before.close(), 300);
}

const key = document.querySelector('meta[name=playground-key]').content;

async function post(path, body, type = 'application/json') {
  try {
    const answer = await fetch(path, { method: 'POST', headers: { 'content-type': type, 'x-playground-key': key }, body });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text || `The playground answered ${answer.status}.`);
    const told = JSON.parse(text);
    if (told.error) throw new Error(told.error);
    return told;
  } catch (error) {
    toast(error instanceof TypeError ? 'The playground does not answer. Is it still running?' : sentence(error.message));
    return null;
  }
}

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.');

// An act of this person: what came of it, or null where it was refused (which has been said then).
export const act = (what, data = {}) => post('/act', JSON.stringify({ as: town.me, do: what, ...data }));
export const time = (how) => post('/time', JSON.stringify(how));
// A file for an option of a command; the command then names it.
export const handOver = (name, file) => post(`/hand/${encodeURIComponent(name)}?as=${town.me}`, file, 'application/octet-stream');

export const nameOf = (id) => town.people.get(id)?.name ?? 'somebody';

const zone = 'Europe/Amsterdam';
const styles = {
  t: { hour: '2-digit', minute: '2-digit' }, T: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  d: { day: '2-digit', month: '2-digit', year: 'numeric' }, D: { day: 'numeric', month: 'long', year: 'numeric' },
  f: { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' },
  F: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' },
  clock: { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
};
const formats = Object.fromEntries(Object.entries(styles).map(([name, style]) =>
  [name, new Intl.DateTimeFormat('en-GB', { ...style, timeZone: zone })]));
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const units = [['year', 31536e6], ['month', 2592e6], ['week', 6048e5], ['day', 864e5], ['hour', 36e5], ['minute', 6e4], ['second', 1e3]];

// A moment as Discord shows it, by the playground's clock.
export function moment(at, style = 'f') {
  if (style !== 'R') return (formats[style] ?? formats.f).format(at);
  const away = at - town.time.now;
  const [unit, size] = units.find(([, size]) => Math.abs(away) >= size) ?? units.at(-1);
  return relative.format(Math.round(away / size), unit);
}
