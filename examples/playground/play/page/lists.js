// The lists at the sides: channels with what is unread, people by their roles, scheduled events, and who you are.

import { $, avatar, h, older, openMenu, withArrows } from './dom.js';
import { answered } from './forms.js';
import { write } from './composer.js';
import { act, go, moment, on, town } from './town.js';

const SIGNS = { 0: '#', 1: '✉', 5: '📣', 11: '🧵', 12: '🔒' };
const ROLES = [['admin', 'Admins'], ['moderator', 'Moderators'], ['bot', 'Apps'], ['everyone', 'Everyone']];

// What somebody has read, by channel; a tab remembers it for each of the people it has been.
const readKey = () => `read-${town.me}`;
const readMarks = () => JSON.parse(sessionStorage.getItem(readKey()) ?? 'null');

function marks() {
  let read = town.progress.percent < 100 ? null : readMarks();
  if (!read) {
    // Whoever comes for the first time has read what stands there.
    read = Object.fromEntries([...town.channels.values()].map((one) => [one.id, one.last ?? '0']));
    read.since = [...town.channels.values()].map((one) => one.last ?? '0').sort(older).at(-1) ?? '0';
  }
  const here = town.channels.get(town.channel);
  if (here && !document.hidden) read[here.id] = here.last ?? '0';
  sessionStorage.setItem(readKey(), JSON.stringify(read));
  return read;
}

function channelButton(channel, read) {
  const seen = read[channel.id] ?? '0';
  const unread = channel.last && older(channel.last, seen) > 0;
  const rang = town.rang.filter(([place, id]) => place === channel.id && older(id, seen) > 0).length;
  const name = channel.kind === 1 ? 'Wallflower' : channel.name;
  return h('li', {}, h('button', {
    class: [unread && 'unread', channel.archived && 'archived', [11, 12].includes(channel.kind) && 'thread'].filter(Boolean).join(' '),
    'aria-current': channel.id === town.channel ? 'page' : undefined, 'data-channel': channel.id, onclick: () => go({ channel: channel.id }),
  }, h('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[channel.kind] ?? '#'), h('span', { class: 'name' }, name),
  rang ? h('span', { class: 'badge', 'aria-label': `${rang} for you` }, String(rang)) : unread && h('span', { class: 'dot', 'aria-label': 'unread' })));
}

let shownPlaces = '';

function drawPlaces() {
  const read = marks();
  const all = [...town.channels.values()];
  const looks = JSON.stringify([town.channel, all.map((one) => [one.id, one.name, one.archived, one.last && older(one.last, read[one.id] ?? '0') > 0]),
    town.rang.filter(([place, id]) => older(id, read[place] ?? '0') > 0).length, town.events, town.here.community]);
  if (looks === shownPlaces) return;
  shownPlaces = looks;
  const focused = document.activeElement?.dataset?.channel;
  const isThread = (one) => one.kind === 11 || one.kind === 12;
  const threads = (parent) => all.filter((one) => isThread(one) && one.parent === parent && (!one.archived || one.in));
  const channels = all.filter((one) => one.kind !== 1 && !isThread(one));
  const direct = all.filter((one) => one.kind === 1);
  $('places').replaceChildren(...[
    h('h2', {}, town.here.community ?? '…'),
    h('ul', {}, channels.map((one) => [channelButton(one, read), threads(one.id).map((thread) => channelButton(thread, read))])),
    direct.length ? [h('h3', {}, 'Direct messages'), h('ul', {}, direct.map((one) => channelButton(one, read)))] : [],
    town.events.length ? [h('h3', {}, 'Events'), h('ul', {}, town.events.map(eventOf))] : [],
  ].flat());
  if (focused) $('places').querySelector(`[data-channel="${focused}"]`)?.focus();
}

function eventOf(event) {
  return h('li', { class: 'event' }, h('b', {}, event.name), h('div', { class: 'small' }, moment(event.start, 'clock'), event.place ? ` · ${event.place}` : ''),
    h('button', { 'aria-pressed': String(event.mine), onclick: () => act('interested', { event: event.id }) }, event.mine ? '★' : '☆', ` Interested ${event.count || ''}`));
}

export function personMenu(beside, id) {
  const person = town.people.get(id);
  if (!person) return;
  const others = person.bot || id === town.me ? [] : town.commands.filter((one) => one.menu).map((one) =>
    [`${one.name}`, async () => answered(await act('use', { channel: town.channel, menu: one.name, target: id })), 'app']);
  openMenu(beside, [
    [`Mention @${person.name}`, () => write(`<@${id}> `)],
    ...others,
    ...(person.bot ? [] : [[`Be ${person.name} in this tab`, () => go({ as: id })], [`Be ${person.name} in a new tab`, () => window.open(`/?as=${id}`, '_blank', 'noopener')]]),
  ]);
}

function drawMembers() {
  const all = [...town.people.values()].sort((one, other) => one.name.localeCompare(other.name));
  $('members').replaceChildren(h('h2', {}, 'People'), ...ROLES.map(([role, title]) => {
    const these = all.filter((one) => one.role === role);
    return these.length ? h('section', {}, h('h3', {}, `${title} — ${these.length}`), h('ul', {}, these.map((one) => {
      const button = h('button', { onclick: () => personMenu(button, one.id), oncontextmenu: (event) => { event.preventDefault(); personMenu(button, one.id); } },
        avatar(one), h('span', { class: 'name' }, one.name), one.id === town.me && h('span', { class: 'tag' }, 'you'));
      return h('li', {}, button);
    }))) : '';
  }));
}

let shownPeople = '';

function drawPeople() {
  const all = [...town.people.values()];
  const looks = JSON.stringify([town.me, all.map((one) => [one.id, one.role, one.joined])]);
  if (looks === shownPeople) return;
  shownPeople = looks;
  drawMembers();
  const of = (label, these) => h('optgroup', { label }, these.map((one) => h('option', { value: one.id, selected: one.id === town.me }, one.name)));
  const people = all.filter((one) => !one.bot).sort((one, other) => one.name.localeCompare(other.name));
  const everyone = people.filter((one) => one.role === 'everyone');
  $('who').replaceChildren(
    of('Who keep the place', people.filter((one) => one.role !== 'everyone')),
    of('Have joined Wallflower', everyone.filter((one) => one.joined)), of('Have not joined', everyone.filter((one) => !one.joined)));
  $('who').value = town.me;
}

export function startLists() {
  for (const part of ['channels', 'rang', 'events', 'here']) on(part, drawPlaces);
  on('people', drawPeople);
  on('here', drawPeople);
  $('who').addEventListener('change', () => go({ as: $('who').value }));
  withArrows($('places'));
  withArrows($('members'));
  withArrows($('menu'));
  $('menu').addEventListener('keydown', (event) => { if (event.key === 'Tab') $('menu').hidePopover(); });
}
