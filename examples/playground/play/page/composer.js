// Where one writes: text, answers, and slash commands with the options that the bot registered.

import { $, h, toast } from './dom.js';
import { answered } from './forms.js';
import { act, handOver, nameOf, on, town } from './town.js';

const WAIT_MS = 150;
const MOST_SHOWN = 12;
let reply = null;
let chosen = null;
let active = 0;

const text = () => $('composer-text');

// Every command with its subcommands, as one path each.
function paths() {
  const walk = (path, one) => {
    const subs = (one.options ?? []).filter((option) => option.type === 1 || option.type === 2);
    return subs.length ? subs.flatMap((sub) => walk([...path, sub.name], sub))
      : [{ path, about: one.description, options: one.options ?? [] }];
  };
  return town.commands.filter((one) => !one.menu).flatMap((one) => walk([one.name], one));
}

function matching() {
  const typed = text().value;
  if (!typed.startsWith('/') || chosen) return [];
  const words = typed.slice(1).toLowerCase();
  const name = (one) => one.path.join(' ');
  return paths().filter((one) => name(one).includes(words.trim()) || (words.startsWith(name(one)) && words.includes(':'))).slice(0, MOST_SHOWN);
}

function drawList() {
  const found = matching();
  const list = $('commands');
  active = Math.min(active, Math.max(0, found.length - 1));
  list.hidden = found.length === 0;
  list.replaceChildren(...found.map((one, number) => h('li', {
    role: 'option', id: `command-${number}`, 'aria-selected': String(number === active),
    onmousedown: (event) => { event.preventDefault(); choose(one); },
  }, h('b', {}, `/${one.path.join(' ')}`), ' ', h('span', {}, one.about),
  one.options.length ? h('small', {}, one.options.map((option) => option.required ? option.name : `${option.name}?`).join(' · ')) : '')));
  text().setAttribute('aria-expanded', String(!list.hidden));
  if (list.hidden) text().removeAttribute('aria-activedescendant'); else text().setAttribute('aria-activedescendant', `command-${active}`);
  list.children[active]?.scrollIntoView({ block: 'nearest' });
}

// Quotes hold an option's words together, so a quote inside them becomes a typographic one.
const quoted = (value) => `"${String(value).replaceAll('"', '”')}"`;

function lineOf(command, values) {
  const given = Object.entries(values).filter(([, value]) => value !== '' && value !== undefined);
  return [`/${command.path.join(' ')}`, ...given.map(([name, value]) => `${name}:${quoted(value)}`)].join(' ');
}

// What was filled in stays where the command was refused.
async function run(line) {
  const told = await act('run', { channel: town.channel, line });
  if (!told) return;
  text().value = '';
  leaveCommand();
  answered(told);
}

// The options that stand typed behind a command.
const typedOptions = () => Object.fromEntries([...text().value.matchAll(/(\S+?):(?:"([^"]*)"|(\S*))/g)].map((m) => [m[1], m[2] ?? m[3]]));

function choose(command) {
  if (!command.options.length) return run(`/${command.path.join(' ')}`);
  const typed = typedOptions();
  chosen = command;
  text().value = '';
  drawList();
  const fields = command.options.map((option, number) => fieldOf(command, option, number));
  $('options').replaceChildren(h('form', { onsubmit: async (event) => {
    event.preventDefault();
    const files = await handedOver(event.target);
    if (files) run(lineOf(command, { ...valuesOf(event.target), ...files }));
  } }, h('p', {}, h('b', {}, `/${command.path.join(' ')}`), ' ', command.about), h('div', { class: 'fields' }, fields),
  h('div', { class: 'row end' }, h('button', { type: 'button', onclick: leaveCommand }, 'Cancel'), h('button', { class: 'primary' }, 'Run'))));
  $('options').hidden = false;
  const all = [...$('options').querySelectorAll('[name]')];
  for (const field of all) if (field.type !== 'file' && field.name in typed) fill(field, typed[field.name]);
  const isTyped = Object.keys(typed).length > 0;
  (all.find((field) => !field.value && (field.required || !isTyped)) ?? $('options').querySelector('.primary')).focus();
}

function fill(field, value) {
  const option = [...(field.options ?? [])].find((one) => [one.value, one.textContent].includes(value.replace(/^[@#]/, '')));
  field.value = option ? option.value : value;
}

function valuesOf(form) {
  const fields = [...form.querySelectorAll('[name]:not([type=file])')];
  return Object.fromEntries(fields.map((field) => [field.name, field.dataset.value ?? field.value]));
}

// The files of a form, handed over, by their options; null where one was refused.
async function handedOver(form) {
  const names = {};
  for (const field of form.querySelectorAll('[type=file]')) {
    const [file] = field.files;
    if (!file) continue;
    names[field.name] = file.name.replaceAll(/["/\\]/g, '_');
    if (!await handOver(names[field.name], file)) return null;
  }
  return names;
}

function leaveCommand() {
  chosen = null;
  $('options').hidden = true;
  $('options').replaceChildren();
  drawList();
  text().focus();
}

function choicesOf(option) {
  // By name, since a typed line does not tell the number 2 from the text.
  if (option.choices?.length) return option.choices.map((one) => [one.name, one.name]);
  const sorted = (map) => [...map.values()].sort((one, other) => one.name.localeCompare(other.name)).map((one) => [one.id, one.name]);
  return { 5: [['true', 'yes'], ['false', 'no']], 6: sorted(town.people), 7: sorted(new Map([...town.channels].filter(([, one]) => one.kind !== 1))), 8: sorted(town.roles), 9: sorted(town.people) }[option.type];
}

function fieldOf(command, option, number) {
  const id = `option-${number}`;
  const common = { id, name: option.name, required: option.required };
  const choices = choicesOf(option);
  let control;
  if (choices) control = h('select', common, h('option', { value: '' }, ''), choices.map(([value, name]) => h('option', { value }, name)));
  else if (option.type === 11) control = h('input', { ...common, type: 'file' });
  else if (option.autocomplete) control = completing(command, option, common);
  else {
    const whole = option.type === 4 || option.type === 10;
    control = h('input', { ...common, type: whole ? 'number' : 'text', step: option.type === 10 ? 'any' : undefined,
      min: option.min_value, max: option.max_value, minlength: option.min_length, maxlength: option.max_length });
  }
  return h('div', { class: 'field' }, h('label', { for: id }, option.name, option.required ? ' *' : ''), control, h('small', {}, option.description));
}

// What the bot proposes while somebody types.
function completing(command, option, common) {
  const list = h('ul', { role: 'listbox', class: 'choices', id: `${common.id}-list`, hidden: true });
  const input = h('input', { ...common, autocomplete: 'off', role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': list.id });
  let waiting;
  const take = (choice) => { input.value = choice.name; input.dataset.value = choice.value; list.hidden = true; };
  const ask = async () => {
    const values = { ...valuesOf(input.form), [option.name]: input.value };
    const line = `${lineOf(command, values)}${input.value === '' ? ` ${option.name}:` : ''}`;
    const found = await act('complete', { line, option: option.name });
    if (!found || document.activeElement !== input) return;
    list.replaceChildren(...found.map((choice) => h('li', { role: 'option', onmousedown: (event) => { event.preventDefault(); take(choice); } }, choice.name)));
    list.choices = found;
    list.hidden = found.length === 0;
  };
  input.addEventListener('input', () => { delete input.dataset.value; clearTimeout(waiting); waiting = setTimeout(ask, WAIT_MS); });
  input.addEventListener('focus', ask);
  input.addEventListener('blur', () => { list.hidden = true; });
  input.addEventListener('keydown', (event) => {
    const all = [...list.children];
    const at = all.findIndex((one) => one.getAttribute('aria-selected') === 'true');
    if (list.hidden || !all.length) return;
    if (event.key === 'Escape') { list.hidden = true; event.stopPropagation(); }
    if (event.key === 'Enter' && at >= 0) { event.preventDefault(); take(list.choices[at]); }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    all.forEach((one) => one.removeAttribute('aria-selected'));
    const next = all[(at + step + all.length) % all.length];
    next.setAttribute('aria-selected', 'true');
    next.scrollIntoView({ block: 'nearest' });
  });
  return h('div', { class: 'completing' }, input, list);
}

async function send() {
  const typed = text().value.trim();
  if (!typed) return;
  if (typed.startsWith('/')) {
    const found = matching();
    if (found[active]) return choose(found[active]);
    if (paths().some((one) => typed.startsWith(`/${one.path.join(' ')}`))) return run(typed);
    return toast('There is no such command here. Type / to see those that there are.');
  }
  const answers = reply?.id;
  if (await act('say', { channel: town.channel, text: typed, reply: answers })) {
    text().value = '';
    answerTo(null);
    $('scroll').scrollTop = $('scroll').scrollHeight;
  }
}

export function answerTo(message) {
  reply = message;
  $('answering').hidden = !message;
  $('answering').replaceChildren(message ? `Answering ${nameOf(message.author)} ` : '', message ? h('button', { onclick: () => answerTo(null) }, 'Cancel') : '');
  text().focus();
}

export function write(words) {
  text().value += words;
  text().focus();
}

function keyed(event) {
  const found = matching();
  if (found.length && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
    event.preventDefault();
    active = (active + (event.key === 'ArrowDown' ? 1 : -1) + found.length) % found.length;
    drawList();
  } else if (found.length && event.key === 'Tab' && !event.shiftKey) {
    event.preventDefault();
    choose(found[active]);
  } else if (event.key === 'ArrowUp' && !text().value) {
    event.preventDefault();
    $('log').lastElementChild?.focus();
  } else if (event.key === 'Escape') {
    if (found.length) text().value = '';
    answerTo(null);
    drawList();
  } else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    send();
  }
}

function mayWrite() {
  const channel = town.channels.get(town.channel);
  text().disabled = channel ? !channel.writes : true;
  const name = channel?.kind === 1 ? 'Wallflower' : `#${channel?.name ?? ''}`;
  text().placeholder = channel?.writes === false ? 'You may not write here' : `Write to ${name}, or / for commands`;
}

export function startComposer() {
  $('composer').replaceChildren(
    h('ul', { id: 'commands', role: 'listbox', 'aria-label': 'Commands', hidden: true }),
    h('div', { id: 'options', hidden: true }), h('p', { id: 'answering', hidden: true }),
    h('form', { class: 'write', onsubmit: (event) => { event.preventDefault(); send(); } },
      h('textarea', { id: 'composer-text', rows: 1, maxlength: 2000, 'aria-label': 'Your message', role: 'combobox', 'aria-controls': 'commands', 'aria-expanded': 'false', 'aria-autocomplete': 'list' }),
      h('button', { class: 'primary' }, 'Send')));
  text().addEventListener('keydown', keyed);
  text().addEventListener('input', () => { active = 0; drawList(); });
  $('options').addEventListener('keydown', (event) => { if (event.key === 'Escape') leaveCommand(); });
  on('channels', mayWrite);
  on('here', mayWrite);
  on('cleared', () => {
    reply = null;
    $('answering').hidden = true;
  });
}
