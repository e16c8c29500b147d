// What Wallflower sees: ties, the next round and why, what the gate holds back, meetups. All of it from the bot's own
// read-only queries; nobody's answer is shown before all have said yes.

import { $, h } from './dom.js';
import { startTies } from './ties.js';
import { go, moment, nameOf, on, town } from './town.js';

const STATES = {
  proposed: 'each is asked alone', polling: 'finding a time', scheduled: 'has a time', checking_in: 'asked whether it happened',
  held: 'they met', fizzled: 'came to nothing',
};

const people = (ids) => h('b', {}, ids.length <= 3 ? ids.map(nameOf).join(' & ') : `${nameOf(ids[0])} and ${ids.length - 1} more`);
const when = (at) => h('span', {}, `${moment(at, 'clock')} `, h('small', {}, '(', h('time', { 'data-at': at }, moment(at, 'R')), ')'));

function roundOf(round) {
  if (!round) return [h('p', {}, 'Nobody has set Wallflower up yet.')];
  const next = round.paused ? 'Rounds are paused.' : round.next ? ['Round ', String(round.number + 1), ': ', when(round.next)] : 'No round is planned.';
  const chosen = round.couples.map((couple) => h('li', {}, h('details', {}, h('summary', {}, people(couple.people), h('span', { class: 'weight' }, String(couple.weight))),
    h('p', {}, couple.reasons), h('p', { class: 'small' }, couple.factors))));
  return [
    h('p', {}, next),
    round.ripe ? '' : h('p', {}, 'Too few have joined, or nobody has answered anybody: a round would suggest nobody.'),
    chosen.length ? [h('p', { class: 'small' }, 'Held now, it would suggest (press one for why):'), h('ol', { class: 'couples' }, chosen)] : h('p', { class: 'small' }, 'Held now, it would suggest nobody.'),
    round.asked === null || round.asked === undefined ? '' : h('p', { class: 'small' }, `The last round asked ${round.asked} ${round.asked === 1 ? 'pair' : 'pairs'}, `, h('time', { 'data-at': round.last }, moment(round.last, 'R')), '.'),
  ];
}

function meetupOf(one) {
  const line = one.state === 'fizzled' ? one.why : one.state === 'held' ? `they met on ${moment(one.at, 'D')}` : STATES[one.state];
  const mine = town.channels.has(one.room ?? '');
  return h('li', { class: `meetup ${one.state}` }, h('span', { class: 'state' }, one.state.replace('_', ' ')), ' ', people(one.people),
    h('div', { class: 'small' }, one.open ? 'Open evening; ' : '', line, one.at && one.state === 'scheduled' ? [': ', when(one.at)] : '', one.place ? ` at ${one.place}` : '',
      one.due && one.state !== 'scheduled' ? [' · next step ', h('time', { 'data-at': one.due }, moment(one.due, 'R'))] : '',
      mine ? h('button', { class: 'link', onclick: () => go({ channel: one.room }) }, ' Open its thread') : ''));
}

// Drawn anew only where it differs, so that what somebody has opened stays open.
const shown = new Map();

function put(id, data, make) {
  const looks = JSON.stringify(data);
  if (shown.get(id) === looks) return;
  shown.set(id, looks);
  const open = [...$(id).querySelectorAll('details[open] summary')].map((one) => one.textContent);
  $(id).replaceChildren(...make().flat(3).filter((one) => one !== ''));
  $(id).querySelectorAll('summary').forEach((one) => { if (open.includes(one.textContent)) one.parentElement.open = true; });
}

function draw() {
  const { sees } = town;
  if (!sees?.round) return;
  put('round', sees.round, () => roundOf(sees.round));
  put('held', sees.round.held, () => sees.round.held.length ? sees.round.held.map((line) => h('li', {}, line)) : [h('li', {}, 'Nobody and nothing.')]);
  put('meetups', [sees.meetups, town.me], () => sees.meetups.length ? sees.meetups.map(meetupOf) : [h('li', {}, 'None yet: they begin with a round.')]);
  $('met').textContent = sees.met ? `${sees.met} ${sees.met === 1 ? 'pair has' : 'pairs have'} met` : 'nobody has met yet';
}

function drawTroubles() {
  $('troubles').hidden = !town.troubles.length;
  $('troubles-list').replaceChildren(...town.troubles.slice(-8).map((line) => h('li', {}, line)));
}

export function startPanel() {
  $('panel').append(
    h('section', {}, h('h2', {}, 'What Wallflower sees'), h('p', { class: 'small' }, 'Who answers whom, among those who have joined. No words, no bystanders. In a real server nobody sees this.')),
    h('section', { 'aria-labelledby': 'ties-title' }, h('h3', { id: 'ties-title' }, 'Ties'), h('canvas', { id: 'ties', role: 'img', 'aria-label': 'A graph of the ties between members' }),
      h('p', { id: 'ties-about', class: 'small' }), h('details', {}, h('summary', {}, 'The strongest, as a list'), h('ol', { id: 'ties-list' }))),
    h('section', {}, h('h3', {}, 'The next round'), h('div', { id: 'round' })),
    h('section', {}, h('h3', {}, 'Held back'), h('ul', { id: 'held' })),
    h('section', {}, h('h3', {}, 'Meetups ', h('small', { id: 'met' })), h('ul', { id: 'meetups' })),
    h('section', { id: 'troubles', hidden: true }, h('h3', {}, 'What went wrong'), h('ul', { id: 'troubles-list' })));
  on('sees', draw);
  on('people', () => { shown.clear(); draw(); });
  on('here', () => { shown.clear(); draw(); });
  on('troubles', drawTroubles);
  startTies();
}
