// What the bot puts under its messages (buttons and selects), and the forms that it opens.

import { $, h } from './dom.js';
import { act, town } from './town.js';

const LOOKS = { 1: 'primary', 2: 'secondary', 3: 'inviting', 4: 'grave' };

// Whatever came back: a form opens, all else shows in the log.
export function answered(told) {
  if (told?.form) openForm(told.form);
  return told;
}

async function pressed(button, what, data) {
  button.disabled = true;
  answered(await act(what, data));
  button.disabled = false;
}

function buttonOf(message, data) {
  const button = h('button', {
    class: `component ${LOOKS[data.style] ?? ''}`, disabled: data.disabled, 'data-custom-id': data.custom_id,
    onclick: () => pressed(button, 'click', { message: message.id, button: data.custom_id }),
  }, data.emoji?.name ? `${data.emoji.name} ` : '', data.label ?? '');
  return button;
}

// Options of a select: its own, or the people, roles or channels of the town.
function optionsOf(data) {
  if (data.options) return data.options.map((one) => ({ name: one.label, value: one.label, about: one.description, on: one.default }));
  const from = { 5: town.people, 6: town.roles, 7: town.people, 8: town.channels }[data.type] ?? new Map();
  return [...from.values()].map((one) => ({ name: one.name, value: one.id }));
}

function selectOf(message, data) {
  const options = optionsOf(data);
  const label = data.placeholder ?? 'Choose';
  const send = (control, choices) => pressed(control, 'select', { message: message.id, select: data.custom_id, choices });
  if ((data.max_values ?? 1) > 1) {
    const boxes = options.map((one) => h('label', {}, h('input', { type: 'checkbox', value: one.value, checked: one.on }), ` ${one.name}`));
    const done = h('button', { class: 'component primary', onclick: () =>
      send(done, boxes.map((box) => box.firstChild).filter((box) => box.checked).map((box) => box.value)) }, 'Done');
    return h('details', { class: 'select', 'data-custom-id': data.custom_id }, h('summary', {}, label), h('div', { class: 'boxes' }, boxes, done));
  }
  const select = h('select', { class: 'component', 'data-custom-id': data.custom_id, 'aria-label': label, disabled: data.disabled, onchange: () => select.value && send(select, [select.value]) },
    h('option', { value: '' }, label), options.map((one) => h('option', { value: one.value, selected: one.on }, one.about ? `${one.name} (${one.about})` : one.name)));
  if (!options.some((one) => one.on)) select.value = '';
  return select;
}

export function components(message) {
  return message.rows.map((row) => h('div', { class: 'row' }, (row.components ?? [row]).map((data) => {
    if (data.type === 2) return data.url ? h('a', { href: data.url, target: '_blank', rel: 'noopener noreferrer' }, data.label) : buttonOf(message, data);
    if ([3, 5, 6, 7, 8].includes(data.type)) return selectOf(message, data);
    // Whoever works on the bot sees that the page lacks something.
    return h('small', {}, `(a component of type ${data.type}, which this page cannot show)`);
  })));
}

// The inputs of a form with their labels, in either of Discord's two shapes.
function inputs(rows) {
  return rows.flatMap((row) => (row.type === 18 ? [[row.label, row.component, row.description]]
    : (row.components ?? []).filter((one) => one.type === 4).map((one) => [one.label, one, null])));
}

function inputOf([label, data, about], number) {
  const id = `form-${number}`;
  const limits = { id, name: label, required: data.required !== false, placeholder: data.placeholder };
  const control = data.type === 3
    ? h('select', limits, h('option', { value: '' }, ''), data.options.map((one) => h('option', { value: one.label }, one.label)))
    : h(data.style === 2 ? 'textarea' : 'input', { ...limits, maxlength: data.max_length ?? 4000, minlength: data.min_length, value: data.value ?? '' });
  return h('div', { class: 'field' }, h('label', { for: id }, label, data.required === false ? h('small', {}, ' (optional)') : ''),
    about && h('small', {}, about), control);
}

function openForm(form) {
  const dialog = $('form');
  const close = () => dialog.close();
  dialog.replaceChildren(h('form', { onsubmit: async (event) => {
    event.preventDefault();
    const texts = Object.fromEntries([...new FormData(event.target)].filter(([, text]) => text !== ''));
    if (answered(await act('submit', { form: form.id, texts }))) close();
  } },
  h('h2', { id: 'form-title' }, form.title), inputs(form.rows).map(inputOf),
  h('p', { class: 'small' }, 'This goes to Wallflower, and to nobody else.'),
  h('div', { class: 'row end' }, h('button', { type: 'button', onclick: close }, 'Cancel'), h('button', { class: 'primary', type: 'submit' }, 'Submit'))));
  dialog.showModal();
}
