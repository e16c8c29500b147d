// The log of one channel: only what changed is drawn anew, and the list stays as long as the server keeps it.

import { $, avatar, h, hue, older, openMenu } from './dom.js';
import { personMenu } from './lists.js';
import { instant, markdown } from './markdown.js';
import { answerTo, write } from './composer.js';
import { components } from './forms.js';
import { act, go, moment, nameOf, on, town } from './town.js';

const drawn = new Map();
const dismissed = new Set();
// Messages of one author within this time stand under one name.
const TOGETHER_MS = 5 * 60 * 1000;
const QUICK = ['👍', '❤️', '😂', '🎉', '👀', '🙏', '1️⃣', '2️⃣', '3️⃣'];
const MORE = 100;
const NEAR_END = 90;
// A message of the bot without buttons bears its number in the footer, by which it is found again; it tells readers nothing.
const MARK = /^[0-9A-Za-z]{20,24}$/;

function reactions(message) {
  if (!message.reactions.length) return null;
  return h('div', { class: 'reactions' }, message.reactions.map(([emoji, count, mine]) => h('button', {
    class: 'reaction', 'aria-pressed': String(mine), 'aria-label': `${emoji}, ${count}`, 'data-emoji': emoji,
    onclick: () => act('react', { message: message.id, emoji, take_back: mine }),
  }, `${emoji} `, h('b', {}, String(count)))));
}

function embed(data) {
  const footer = MARK.test(data.footer?.text ?? '') ? '' : data.footer?.text;
  const parts = [
    data.author?.name && h('div', { class: 'small' }, data.author.name),
    data.title && h('h4', {}, data.title), data.description && markdown(data.description),
    data.fields?.length && h('dl', {}, data.fields.map((field) => h('div', {}, h('dt', {}, field.name), h('dd', {}, markdown(field.value))))),
    footer && h('div', { class: 'small' }, footer),
  ].filter(Boolean);
  if (!parts.length) return null;
  const box = h('div', { class: 'embed' }, parts);
  if (data.color) box.style.borderInlineStartColor = `#${data.color.toString(16).padStart(6, '0')}`;
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
  return message.files.map((file) => {
    const href = `/file/${message.id}/${file.id}?as=${town.me}`;
    if (file.picture) return h('a', { class: 'picture', href, target: '_blank' }, h('img', { src: href, alt: file.name, onload: keepEnd }));
    return h('a', { class: 'file', download: file.name, href }, `📎 ${file.name} `, h('small', {}, `${Math.ceil(file.size / 102.4) / 10} kB`));
  });
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
const SYSTEM = {
  1: (name, { named }) => `${name} added ${named.map(nameOf).join(', ') || 'somebody'} to the thread.`,
  18: (name, { text }) => `${name} started a thread: ${text}`, 46: (name) => `${name}'s poll has closed.`,
};

function draw(message) {
  const person = town.people.get(message.author);
  const name = person?.name ?? 'somebody';
  const system = SYSTEM[message.kind];
  if (system) return h('li', { class: 'message system', id: `m${message.id}`, tabindex: -1 }, system(name, message), ' ', h('time', {}, moment(message.at, 't')));
  const author = h('button', { class: 'author', hue: hue(message.author), onclick: () => personMenu(author, message.author) }, name);
  const looks = ['message', message.bot && 'bot', message.ephemeral && 'ephemeral', message.rings && 'rings'].filter(Boolean).join(' ');
  return h('li', { class: looks, id: `m${message.id}`, tabindex: -1 },
    quoted(message), avatar(person),
    h('div', { class: 'by' }, author, message.bot && h('span', { class: 'tag' }, 'APP'),
      h('time', { datetime: new Date(message.at).toISOString(), title: moment(message.at, 'F') }, moment(message.at, 'clock'))),
    h('div', { class: 'said' },
      message.thinking ? h('em', {}, 'Wallflower is thinking…') : message.text && markdown(message.text),
      message.edited && !message.bot && h('small', {}, ' (edited)'),
      message.embeds.filter((one) => one.type !== 'poll_result').map(embed), files(message), message.poll && poll(message),
      components(message), reactions(message),
      message.ephemeral && h('p', { class: 'only-you' }, '👁 Only you can see this. ',
        h('button', { onclick: () => { dismissed.add(message.id); changed(); } }, 'Dismiss message'))),
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

const isAtEnd = () => $('scroll').scrollHeight - $('scroll').scrollTop - $('scroll').clientHeight < NEAR_END;
const toEnd = () => { $('scroll').scrollTop = $('scroll').scrollHeight; $('newest').hidden = true; };
// A picture takes its room only when it has come.
let wasAtEnd = true;
const keepEnd = () => { if (wasAtEnd) toEnd(); };

// Draws what differs from what stands there; or all of it, where names have come.
function changed(all = false) {
  wasAtEnd = isAtEnd();
  let count = 0;
  for (const [id, { element }] of drawn) {
    if (town.messages.has(id) && !dismissed.has(id)) continue;
    const next = element.nextElementSibling;
    element.remove();
    drawn.delete(id);
    group(next);
  }
  for (const [id, message] of town.messages) {
    const known = drawn.get(id);
    if (dismissed.has(id) || (known?.message === message && !all)) continue;
    const entry = { message, element: draw(message) };
    drawn.set(id, entry);
    if (known) {
      const inside = known.element.contains(document.activeElement) ? document.activeElement : null;
      keepHalfMade(known.element, entry.element);
      known.element.replaceWith(entry.element);
      refocus(entry.element, inside, known.element);
    } else {
      place(entry);
      count += 1;
    }
    group(entry.element);
    group(entry.element.nextElementSibling);
  }
  if (wasAtEnd) toEnd(); else if (count) $('newest').hidden = false;
}

// What somebody has opened or ticked and not yet sent stays when the message is drawn anew.
function keepHalfMade(before, now) {
  const parts = (element) => [...element.querySelectorAll('details, input')];
  const [old, fresh] = [parts(before), parts(now)];
  if (old.length !== fresh.length) return;
  old.forEach((one, at) => {
    if (one.tagName === 'DETAILS') fresh[at].open = one.open;
    else if (one.checked !== one.defaultChecked) fresh[at].checked = one.checked;
  });
}

// Whoever has just pressed a button of a message stays there when it is drawn anew.
function refocus(element, inside, before) {
  if (!inside) return;
  const label = (one) => one.dataset.emoji ?? one.getAttribute('aria-label') ?? (one.value || one.textContent);
  const same = inside === before ? element
    : [...element.querySelectorAll('button, select, input, summary, a')].find((one) => one.tagName === inside.tagName && label(one) === label(inside));
  same?.focus({ preventScroll: true });
}

// Up and down go from message to message; its buttons come by Tab.
function walked(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === 'Escape') return write('');
  if (!step || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
  const here = event.target.closest('.message');
  const next = here ? (step > 0 ? here.nextElementSibling : here.previousElementSibling) : $('log').lastElementChild;
  event.preventDefault();
  if (next) next.focus(); else if (step > 0) write('');
}

function head() {
  const channel = town.channels.get(town.channel);
  const sign = { 1: '', 11: '🧵 ', 12: '🔒 ' }[channel?.kind] ?? '#';
  $('place-name').textContent = channel ? (channel.kind === 1 ? 'Wallflower, alone with you' : sign + channel.name) : '…';
  $('place-topic').textContent = channel?.kind === 12 ? 'A private thread: its people read it, and moderators' : channel?.topic ?? '';
  $('start').textContent = `This is where ${channel?.kind === 1 ? 'your conversation with Wallflower' : $('place-name').textContent} begins.`;
  document.title = `${$('place-name').textContent} · Wallflower playground`;
}

export function startMessages() {
  on('messages', () => changed());
  on('cleared', () => { drawn.clear(); $('log').replaceChildren(); $('newest').hidden = true; });
  on('channels', head);
  on('here', () => {
    head();
    $('earlier').hidden = !town.here.earlier;
    $('start').hidden = town.here.earlier;
  });
  // Names may have come after the first words of those people.
  let known = 0;
  on('people', () => { if (town.people.size !== known) { known = town.people.size; changed(true); } });
  on('time', () => { $('log').setAttribute('aria-live', town.time.pace <= 1 ? 'polite' : 'off'); });
  $('earlier').addEventListener('click', () => go({ show: drawn.size + MORE }));
  $('newest').addEventListener('click', toEnd);
  $('scroll').addEventListener('scroll', () => { if (isAtEnd()) $('newest').hidden = true; }, { passive: true });
  $('scroll').addEventListener('keydown', walked);
  $('log').addEventListener('click', (event) => {
    const to = event.target.closest('[data-go]')?.dataset.go;
    if (to && town.channels.has(to)) go({ channel: to });
  });
  setInterval(() => document.querySelectorAll('time[data-at]').forEach((one) => {
    const text = moment(Number(one.dataset.at), 'R');
    if (one.textContent !== text) one.textContent = text;
  }), 1000);
}
