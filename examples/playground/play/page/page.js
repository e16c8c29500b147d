// Wires the page: the clock, the switches, and everything else that starts.

import { $, h, toast } from './dom.js';
import { startComposer } from './composer.js';
import { startGuide } from './guide.js';
import { startLists } from './lists.js';
import { startMessages } from './messages.js';
import { startPanel } from './panel.js';
import { go, moment, on, time, town } from './town.js';

const SPEEDS = [[0, '❚❚', 'Stand still'], [1, '1×', 'Real time'], [100, '100×', 'A hundred times'], [10000, '10,000×', 'A week a minute']];

function startClock() {
  $('speeds').append(...SPEEDS.map(([pace, sign, about]) =>
    h('button', { 'data-pace': pace, title: about, 'aria-label': about, 'aria-pressed': 'false', onclick: () => time({ pace }) }, sign)));
  $('due').addEventListener('click', () => time('due'));
  let shown = '';
  on('time', () => {
    const text = moment(town.time.now, 'clock');
    if (text !== shown) $('now').textContent = shown = text;
    $('speeds').querySelectorAll('button').forEach((one) =>
      one.setAttribute('aria-pressed', String(!town.time.runs && Number(one.dataset.pace) === town.time.pace)));
    $('due').setAttribute('aria-pressed', String(town.time.runs));
  });
  on('progress', () => {
    const { percent, text } = town.progress;
    $('progress').hidden = percent >= 100;
    $('progress').firstElementChild.textContent = text;
    $('progress').lastElementChild.value = percent;
  });
}

// Panes that can be put away; narrow screens show one at a time.
function startSwitches() {
  const panes = ['places', 'members', 'panel'];
  const narrow = matchMedia('(max-width: 62rem)');
  const show = (pane, open) => {
    $(pane).classList.toggle('open', open);
    $(pane).classList.toggle('shut', !open);
    $(`show-${pane}`).setAttribute('aria-expanded', String(open));
  };
  const arrange = () => panes.forEach((pane) => show(pane, !narrow.matches && !(pane === 'members' && innerWidth < 1250)));
  for (const pane of panes) {
    $(`show-${pane}`).addEventListener('click', () => {
      const open = $(pane).classList.contains('shut');
      if (open && narrow.matches) panes.forEach((other) => show(other, false));
      show(pane, open);
      dispatchEvent(new Event('resize'));
    });
  }
  addEventListener('keydown', (event) => { if (event.key === 'Escape' && narrow.matches) panes.forEach((pane) => show(pane, false)); });
  on('cleared', () => { if (narrow.matches) show('places', false); });
  narrow.addEventListener('change', arrange);
  arrange();
}

function startTheme() {
  const wanted = localStorage.getItem('theme');
  if (wanted) document.documentElement.dataset.theme = wanted;
  $('theme').addEventListener('click', () => {
    const dark = document.documentElement.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
    document.documentElement.dataset.theme = dark === 'dark' ? 'light' : 'dark';
    localStorage.setItem('theme', document.documentElement.dataset.theme);
    dispatchEvent(new Event('resize'));
  });
}

startSwitches();
startTheme();
startClock();
startLists();
startComposer();
startMessages();
startPanel();
startGuide();

let lost = false;
on('line', (is) => {
  if (!is && !lost) toast('The playground does not answer. Is it still running?');
  lost = !is;
});
const asked = new URLSearchParams(location.search);
go({ as: asked.get('as') ?? '', channel: asked.get('channel') ?? '' });
