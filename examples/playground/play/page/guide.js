// "Tell me the story": where this person stands, and one button that goes on from there.

import { $, h } from './dom.js';
import { act, go, nameOf, on, time, town } from './town.js';
import { answered } from './forms.js';

const STEPS = ['Join', 'Round', 'Answer', 'Vote', 'Meet', 'Check in', 'History'];
let told = '';
let pointing = null;
// An order to the clock is under way; and the last one of which the clock's own news must know.
let ordering = false;
let ordered = 0;

const directly = () => [...town.channels.values()].find((one) => one.kind === 1)?.id;

// Goes to a channel and puts the finger on what is to be pressed there.
function point(channel, selector) {
  pointing = { selector, until: performance.now() + 8000 };
  if (channel && channel !== town.channel) go({ channel });
  seek();
}

function seek() {
  if (!pointing || performance.now() > pointing.until) { pointing = null; return; }
  // In the last message that has it, the first one.
  const all = [...document.querySelectorAll(`#log ${pointing.selector}`)].filter((one) => !one.disabled);
  const last = all.at(-1)?.closest('.message');
  const found = all.find((one) => last.contains(one));
  if (!found) { setTimeout(seek, 100); return; }
  pointing = null;
  document.querySelectorAll('.pointed').forEach((one) => one.classList.remove('pointed'));
  found.classList.add('pointed');
  found.scrollIntoView({ block: 'center' });
  found.focus({ preventScroll: true });
}

async function order(how) {
  ordering = true;
  draw();
  const answer = await time(how);
  ordering = false;
  ordered = answer?.orders ?? ordered;
  draw();
}

const run = () => order({ news: { of: town.me } });
// What only tells (a welcome) does not end this one.
const runToQuestion = () => order({ question: { of: town.me } });
const verb = (name) => `button[data-custom-id*=":${name}"]`;

async function command(line) {
  const channel = town.here.meetups;
  if (town.channel !== channel) go({ channel });
  answered(await act('run', { channel, line }));
}

// Where this person stands: the step, what to know, and what to press.
function story() {
  const me = town.sees?.me;
  if (!me || town.progress.percent < 100) return [0, 'The town is waking up.', null, null];
  const who = nameOf(town.me);
  if (!me.joined && town.people.get(town.me)?.role === 'admin') return [1, `${who} keeps this server and has not joined. Type / to see what Wallflower does for admins: hold a round now, change how people vote, or look at what a round would do.`, 'Preview the next round', () => command('/nudge preview')];
  if (!me.joined) return [0, `${who} has not joined. Wallflower keeps nothing of bystanders. Press Count me in under its invitation.`, 'Show me', () => point(town.here.meetups, verb('join'))];
  // An open evening is a story of its own.
  const suggested = me.meetups.filter((one) => !one.open);
  const active = suggested.find((one) => !['held', 'fizzled'].includes(one.state) && one.standing !== 'out');
  const wait = 'Let time run until something comes';
  if (!active && suggested.some((one) => one.state === 'held')) return [6, 'You have met! Only the two of you know. The history tells.', 'Show my history', () => command('/meet history')];
  if (!active) return [1, `${who} is in, and nobody sees it. Chat if you like; the next round looks for two who should meet.`, 'Let time run to the round', runToQuestion];
  const room = active.room;
  switch (active.state) {
    case 'proposed':
      return active.standing === 'asked'
        ? town.sees.round.style === 'open'
          ? [2, 'You are named in the channel, as all who are asked have allowed. A click is seen by nobody.', 'Show me', () => point(town.here.meetups, verb('ask'))]
          : [2, 'A question has come, to you alone. Nobody learns your answer before both have said yes.', 'Open it', () => point(directly(), verb('ask'))]
        : [2, 'You said yes. The other one is asked too, and does not know of your answer.', wait, run];
    case 'polling':
      if (!room) return [3, 'Both said yes! A private thread opens.', wait, run];
      return active.voted ? [3, 'You have voted. The poll closes when a time suits both.', wait, run]
        : [3, 'Both said yes! In your private thread a poll looks for the evening: react to each time that you can make.', 'Go and vote', () => point(room, 'button.reaction')];
    case 'scheduled': return [4, active.host ? 'It has a time, and you are the host: name a public place if you like. Reminders come by themselves.' : 'It has a time. The host names a place, and reminders come by themselves.', wait, run];
    case 'checking_in': return active.checkIn === 'asked'
      ? [5, 'The morning after: each is asked alone whether it happened.', 'Open the question', () => point(directly(), verb('checkin'))]
      : [5, active.checkIn === 'said' ? 'Thank you. The other one is asked too.' : 'You have met by now. The morning after, each is asked alone.', wait, run];
    default: return [1, '', wait, run];
  }
}

function draw() {
  const ran = town.time.runs;
  // Until the clock has heard, and a look at Wallflower began after it stopped, nobody knows where the story stands.
  const runs = ordering || ran || town.time.orders < ordered || (town.sees?.orders ?? 0) < town.time.stopped;
  const [step, words, label, does] = story();
  const reads = ran && town.time.reads;
  const looks = JSON.stringify([step, words, label, runs, ran, reads]);
  if (looks === told) return;
  told = looks;
  const held = document.activeElement?.id === 'go-on';
  $('guide').replaceChildren(
    h('h2', {}, 'The story'),
    h('ol', { class: 'steps' }, STEPS.map((name, number) => h('li', { class: number < step ? 'done' : number === step ? 'now' : '', 'aria-current': number === step ? 'step' : undefined }, name))),
    h('p', { 'aria-live': 'polite' }, reads ? 'Wallflower is reading back, once, who answered you in the last weeks (never the words). Time waits for it.' : words),
    label ? h('button', { id: 'go-on', class: 'primary', onclick: does, disabled: runs }, runs ? 'Time runs…' : label) : '',
    ran ? h('button', { onclick: () => order({ pace: 0 }) }, 'Stop') : '');
  if (held) $('go-on')?.focus();
}

export function startGuide() {
  $('panel').prepend(h('section', { id: 'guide', 'data-step': '' }));
  if (!localStorage.getItem('hint')) {
    const hint = h('section', { id: 'hint' }, h('p', {}, h('b', {}, 'This is a chat server that exists only on your machine, with the real Wallflower in it. '),
      'Its people talk, and Wallflower notices who talks with whom and brings them to one table. ',
      'Press the button under “The story” to live through it, or be anybody and try what you like.'),
    h('button', { onclick: () => { localStorage.setItem('hint', 'read'); hint.remove(); } }, 'Got it'));
    $('panel').prepend(hint);
  }
  for (const part of ['sees', 'here', 'time', 'progress', 'people', 'channels']) on(part, draw);
}
