// Elements from data: everything that comes from outside becomes a text node, never markup.

export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'class') element.className = value;
    else if (name === 'hue') element.style.setProperty('--hue', value);
    else if (name === 'value') element.value = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const $ = (id) => document.getElementById(id);

// Snowflakes are compared as numbers of any length.
export const older = (one, other) => one.length - other.length || (one < other ? -1 : one > other ? 1 : 0);

export function hue(id) {
  let sum = 0;
  for (const digit of String(id).slice(-9)) sum = (sum * 31 + digit.charCodeAt(0)) % 360;
  return sum;
}

export function avatar(person) {
  const name = person ? person.name : '?';
  if (person && person.bot) return h('img', { class: 'avatar', src: '/page/icon.svg', alt: '', width: 36, height: 36 });
  return h('span', { class: 'avatar', hue: hue(person ? person.id : 0), 'aria-hidden': 'true' }, [...name].slice(0, 2).join(''));
}

export function toast(text) {
  const note = h('div', { class: 'toast' }, h('p', {}, text), h('button', { 'aria-label': 'Close', onclick: () => note.remove() }, '×'));
  $('toasts').append(note);
  setTimeout(() => note.remove(), 9000);
}

// Up and down go from one button of a list to the next.
export function withArrows(list) {
  list.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    const all = [...list.querySelectorAll('button')].filter((one) => one.offsetParent);
    const at = all.indexOf(document.activeElement);
    if (at < 0) return;
    event.preventDefault();
    all[(at + step + all.length) % all.length].focus();
  });
}

// A menu beside something: arrows, Escape and a click elsewhere work as in any menu.
export function openMenu(beside, items) {
  const menu = $('menu');
  menu.replaceChildren(...items.map(([label, does, look]) =>
    h('button', { role: 'menuitem', class: look, onclick: () => { menu.hidePopover(); does(); } }, label)));
  menu.showPopover();
  const at = beside.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(at.bottom + 4, innerHeight - menu.offsetHeight - 8))}px`;
  menu.querySelector('button')?.focus();
}
