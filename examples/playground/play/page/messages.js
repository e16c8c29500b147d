// The log of one channel: only what changed is drawn anew, and the list stays as long as the server keeps it.

import { $, avatar, h, hue, older, openMenu } from './dom.js';
import { personMenu } from './lists.js';
import { instant, markdown } from './markdown.js';
import { answerTo } from './composer.js';
import { components } from './forms.js';
import { act, go, moment, nameOf, on, town } from './town.js';

const drawn = new Map();
const dismissed = new Set();
// Messages of one author within this time stand under one name.
const TOGETHER_MS = 5 * 60 * 1000;
const QUICK = ['👍', '❤️', '😂', '🎉', '👀', '🙏', '1️⃣', '2️⃣', '3️⃣'];
const MORE = 100;

function reactions(message) {
  if (!message.reactions.length) return null;
  return h('div', { class: 'reactions' }, message.reactions.map(([emoji, count, mine]) => h('button', {
    class: 'reaction', 'aria-pressed': String(mine), 'aria-label': `${emoji}, ${count}`, 'data-emoji': emoji,
    onclick: () => act('react', { message: message.id, emoji, take_back: mine }),
  }, `${emoji} `, h('b', {}, String(count)))));
}

function embed(data) {
  const color = data.color ? `#${data.color.toString(16).padStart(6, '0')}` : null;
  const box = h('div', { class: 'embed' },
    data.author?.name && h('div', { class: 'small' }, data.author.name),
    data.title && h('h4', {}, data.title), data.description && markdown(data.description),
    data.fields?.length && h('dl', {}, data.fields.map((field) => h('div', {}, h('dt', {}, field.name), h('dd', {}, markdown(field.value))))),
    data.footer?.text && h('div', { class: 'small' }, data.footer.text));
  if (color) box.style.borderInlineStartColor = color;
  return box;
}

function poll(message) {
  const { question, answers, many, over, until } = message.poll;
  const all = Math.max(1, ...answers.map(([, count]) => count));
  const fields = answers.map(([text, count, mine], number) => {
    const id = `p${message.id}-${number}`;
    const bar = h('span', { class: 'bar' });
    bar.style.width = `${(100 * count) / all}%`;
    return h('div', { class: 'answer' }, bar,
      h('input', { id, type: many ? 'checkbox' : 'radio', name: `p${message.id}`, value: text, checked: mine, disabled: over }),
      h('label', { for: id }, text), h('b', {}, String(count)));
  });
  return h('form', { class: 'poll', onsubmit: (event) => {
    event.preventDefault();
    act('vote', { message: message.id, answers: new FormData(event.target).getAll(`p${message.id}`) });
  } }, h('h4', {}, question), fields, over ? h('p', { class: 'small' }, 'This poll is over.')
    : h('p', {}, h('button', { class: 'primary' }, 'Vote'), ' closes ', instant(until, 'R')));
}

function files(message) {
  return message.files.map((file) => h('a', { class: 'file', download: file.name, href: `/file/${message.id}/${file.id}?as=${town.me}` },
    `📎 ${file.name} `, h('small', {}, `${Math.ceil(file.size / 102.4) / 10} kB`)));
}

function tools(message) {
  const react = h('button', { title: 'React', 'aria-label': 'React', onclick: () =>
    openMenu(react, QUICK.map((emoji) => [emoji, () => act('react', { message: message.id, emoji, take_back: false }), 'emoji'])) }, '☺');
  return h('div', { class: 'tools' }, react,
    h('button', { title: 'Reply', 'aria-label': 'Reply', onclick: () => answerTo(message) }, '↩'),
    message.mine && h('button', { title: 'Delete', 'aria-label': 'Delete', onclick: () => act('delete', { message: message.id }) }, '🗑'));
}

function quoted(message) {
  if (message.by && message.kind === 20) return h('div', { class: 'quoted' }, '↳ ', h('b', {}, nameOf(message.by)), ' used a command');
  if (!message.reply) return null;
  const { id, author, text } = message.reply;
  return h('button', { class: 'quoted', onclick: () => drawn.get(id)?.element.scrollIntoView({ block: 'center' }) },
    '↳ ', author ? [h('b', {}, nameOf(author)), ' ', h('span', {}, plain(text) || '…')] : 'a message that is gone');
}

const plain = (text) => text.replace(/<@!?(\d+)>/g, (_, id) => `@${nameOf(id)}`)
  .replace(/<t:(-?\d+)(?::(\w))?>/g, (_, at, style) => moment(Number(at) * 1000, style ?? 'f')).replace(/[*_~`|]{1,2}|^-# /g, '').replace(/\s+/g, ' ');

// Discord's own lines, without an author's words.
const SYSTEM = { 1: (name) => `${name} added somebody to the thread.`, 18: (name, text) => `${name} started a thread: ${text}`, 46: (name) => `${name}'s poll has closed.` };

function draw(message) {
  const person = town.people.get(message.author);
  const name = person?.name ?? 'somebody';
  const system = SYSTEM[message.kind];
  if (system) return h('li', { class: 'message system', id: `m${message.id}` }, system(name, message.text), ' ', h('time', {}, moment(message.at, 't')));
  const author = h('button', { class: 'author', hue: hue(message.author), onclick: () => personMenu(author, message.author) }, name);
  const looks = ['message', message.bot && 'bot', message.ephemeral && 'ephemeral', message.rings && 'rings'].filter(Boolean).join(' ');
  return h('li', { class: looks, id: `m${message.id}` },
    quoted(message), avatar(person),
    h('div', { class: 'by' }, author, message.bot && h('span', { class: 'tag' }, 'APP'),
      h('time', { datetime: new Date(message.at).toISOString(), title: moment(message.at, 'F') }, moment(message.at, 'clock'))),
    h('div', { class: 'said' },
      message.thinking ? h('em', {}, 'Wallflower is thinking…') : markdown(message.text),
      message.edited && !message.bot && h('small', {}, ' (edited)'),
      message.embeds.filter((one) => one.type !== 'poll_result').map(embed), files(message), message.poll && poll(message),
      components(message), reactions(message),
      message.ephemeral && h('p', { class: 'only-you' }, '👁 Only you can see this. ',
        h('button', { onclick: () => { dismissed.add(message.id); changed([message.id]); } }, 'Dismiss message'))),
    !message.ephemeral && tools(message));
}

function place(entry) {
  const log = $('log');
  let after = log.lastElementChild;
  while (after && older(after.id.slice(1), entry.message.id) > 0) after = after.previousElementSibling;
  if (after) after.after(entry.element); else log.prepend(entry.element);
}

function group(element) {
  if (!element) return;
  const mine = drawn.get(element.id.slice(1))?.message;
  const before = drawn.get(element.previousElementSibling?.id.slice(1))?.message;
  const follows = mine && before && mine.author === before.author && mine.at - before.at < TOGETHER_MS
    && !mine.reply && !mine.by && !mine.ephemeral && !SYSTEM[before.kind] && !before.ephemeral;
  element.classList.toggle('follows', Boolean(follows));
}

function changed(ids) {
  const scroll = $('scroll');
  const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 90;
  for (const id of new Set(ids)) {
    const message = dismissed.has(id) ? undefined : town.messages.get(id);
    const known = drawn.get(id);
    if (!message) {
      const next = known?.element.nextElementSibling;
      known?.element.remove();
      drawn.delete(id);
      group(next);
      continue;
    }
    const entry = { message, element: draw(message) };
    drawn.set(id, entry);
    if (known) {
      const inside = known.element.contains(document.activeElement) ? document.activeElement : null;
      known.element.replaceWith(entry.element);
      refocus(entry.element, inside);
    } else place(entry);
    group(entry.element);
    group(entry.element.nextElementSibling);
  }
  if (atEnd) scroll.scrollTop = scroll.scrollHeight; else $('newest').hidden = false;
}

// Whoever has just pressed a button of a message stays there when it is drawn anew.
function refocus(element, before) {
  if (!before) return;
  const label = before.getAttribute('aria-label') ?? before.textContent;
  const same = before.dataset.emoji ? (one) => one.dataset.emoji === before.dataset.emoji
    : (one) => (one.getAttribute('aria-label') ?? one.textContent) === label;
  [...element.querySelectorAll('button, select')].find(same)?.focus({ preventScroll: true });
}

function head() {
  const channel = town.channels.get(town.channel);
  const sign = { 1: '', 11: '🧵 ', 12: '🔒 ' }[channel?.kind] ?? '#';
  $('place-name').textContent = channel ? (channel.kind === 1 ? 'Wallflower, alone with you' : sign + channel.name) : '…';
  $('place-topic').textContent = channel?.kind === 12 ? 'A private thread: its people read it, and moderators' : channel?.topic ?? '';
  document.title = `${$('place-name').textContent} · Wallflower playground`;
}

export function startMessages() {
  on('messages', changed);
  on('cleared', () => { drawn.clear(); $('log').replaceChildren(); $('newest').hidden = true; });
  on('channels', head);
  on('here', () => { head(); $('earlier').hidden = !town.here.earlier; });
  // Names may have come after the first words of those people.
  let known = 0;
  on('people', () => { if (town.people.size !== known) { known = town.people.size; changed([...drawn.keys()]); } });
  on('time', () => { $('log').setAttribute('aria-live', town.time.pace <= 1 ? 'polite' : 'off'); });
  $('earlier').addEventListener('click', () => go({ show: drawn.size + MORE }));
  const end = () => { $('scroll').scrollTop = $('scroll').scrollHeight; $('newest').hidden = true; };
  $('newest').addEventListener('click', end);
  $('scroll').addEventListener('scroll', () => {
    const { scrollHeight, scrollTop, clientHeight } = $('scroll');
    if (scrollHeight - scrollTop - clientHeight < 90) $('newest').hidden = true;
  }, { passive: true });
  $('log').addEventListener('click', (event) => {
    const to = event.target.closest('[data-go]')?.dataset.go;
    if (to && town.channels.has(to)) go({ channel: to });
  });
  setInterval(() => document.querySelectorAll('time[data-at]').forEach((one) => {
    const text = moment(Number(one.dataset.at), 'R');
    if (one.textContent !== text) one.textContent = text;
  }), 1000);
}
