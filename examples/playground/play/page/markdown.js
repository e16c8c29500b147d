// Discord's markdown, as far as the bot and people use it: into elements, never into markup.

import { h } from './dom.js';
import { moment, town } from './town.js';

// In the order in which they are tried at one place.
const RULES = [
  [/^\\([^\w\s])/, (m) => m[1]],
  [/^```(?:\w+\n)?([\s\S]+?)```/, (m) => h('pre', {}, h('code', {}, m[1]))],
  [/^`([^`]+)`/, (m) => h('code', {}, m[1])],
  [/^\*\*([\s\S]+?)\*\*(?!\*)/, (m) => h('strong', {}, inline(m[1]))],
  [/^__([\s\S]+?)__/, (m) => h('u', {}, inline(m[1]))],
  [/^~~([\s\S]+?)~~/, (m) => h('s', {}, inline(m[1]))],
  [/^\*(?!\s)([^*\n]+?)\*/, (m) => h('em', {}, inline(m[1]))],
  [/^_(?!\s)([^_\n]+?)_(?!\w)/, (m) => h('em', {}, inline(m[1]))],
  [/^\|\|([\s\S]+?)\|\|/, (m) => spoiler(inline(m[1]))],
  [/^<@!?(\d+)>/, (m) => mention('@', town.people.get(m[1])?.name ?? 'somebody', m[1] === town.me)],
  [/^<@&(\d+)>/, (m) => mention('@', town.roles.get(m[1])?.name ?? 'a role')],
  [/^<#(\d+)>/, (m) => place(m[1])],
  [/^<t:(-?\d+)(?::([tTdDfFR]))?>/, (m) => instant(Number(m[1]) * 1000, m[2] ?? 'f')],
  [/^<\/([\w -]+):\d+>/, (m) => mention('/', m[1])],
  [/^\[([^\]\n]+)\]\((https?:\/\/[^\s)]+)\)/, (m) => link(m[2], m[1])],
  [/^https?:\/\/[^\s<>]+[^\s<>.,;:!?)'"]/, (m) => link(m[0], m[0])],
];

const link = (href, text) => h('a', { href, rel: 'noopener noreferrer nofollow', target: '_blank' }, text);
const mention = (sign, name, mine) => h('span', { class: mine ? 'mention mine' : 'mention' }, sign + name);

function place(id) {
  const channel = town.channels.get(id);
  return h('button', { class: 'mention', 'data-go': id }, `#${channel?.name ?? 'no access'}`);
}

function spoiler(inner) {
  const element = h('button', { class: 'spoiler', 'aria-label': 'Spoiler: press to show' }, inner);
  element.addEventListener('click', () => { element.classList.add('open'); element.removeAttribute('aria-label'); });
  return element;
}

export function instant(at, style) {
  const element = h('time', { datetime: new Date(at).toISOString(), title: moment(at, 'F') }, moment(at, style));
  if (style === 'R') element.dataset.at = at;
  return element;
}

function inline(text) {
  const parts = [];
  let plain = '';
  for (let rest = text; rest;) {
    const found = RULES.map(([rule, make]) => [rest.match(rule), make]).find(([match]) => match);
    if (!found) {
      plain += rest[0];
      rest = rest.slice(1);
      continue;
    }
    if (plain) parts.push(plain);
    plain = '';
    parts.push(found[1](found[0]));
    rest = rest.slice(found[0][0].length);
  }
  return plain ? [...parts, plain] : parts;
}

// Lines: headings, quotes, lists and small print stand on their own.
export function markdown(text) {
  if (text.includes('```')) return [h('div', { class: 'line' }, inline(text))];
  return text.split('\n').map((line) => {
    const found = line.match(/^(-#|#{1,3}|>|[-*]) (.*)$/);
    if (!found) return h('div', { class: 'line' }, line ? inline(line) : h('br'));
    const look = { '-#': 'small', '>': 'quote', '-': 'item', '*': 'item' }[found[1]] ?? 'heading';
    return h('div', { class: `line ${look}` }, inline(found[2]));
  });
}
