// Ties as a living graph: springs between those who talk, and a push between all. It rests when it has settled.

import { $, h, hue } from './dom.js';
import { nameOf, on, town } from './town.js';

const nodes = new Map();
let edges = [];
let heat = 0;
let frame = 0;
let under = null;

function take() {
  const ties = town.sees?.ties;
  if (!ties) return;
  const before = nodes.size;
  const known = new Set(ties.strongest.flatMap(([one, other]) => [one, other]));
  for (const id of known) {
    // Placed by its id, so that the same community looks the same.
    const angle = (hue(id) / 180) * Math.PI;
    if (!nodes.has(id)) nodes.set(id, { id, x: Math.cos(angle) * (0.3 + (hue(id + 7) / 360) * 0.6), y: Math.sin(angle) * (0.3 + (hue(id + 3) / 360) * 0.6), vx: 0, vy: 0, sum: 0 });
  }
  for (const id of nodes.keys()) if (!known.has(id)) nodes.delete(id);
  nodes.forEach((node) => { node.sum = 0; });
  const most = ties.strongest[0]?.[2] ?? 1;
  const met = new Set(ties.met.map((pair) => pair.join()));
  edges = ties.strongest.map(([one, other, strength]) => {
    nodes.get(one).sum += strength;
    nodes.get(other).sum += strength;
    return { one: nodes.get(one), other: nodes.get(other), strength, share: strength / most, met: met.has([one, other].join()) };
  });
  heat = Math.max(heat, before === nodes.size ? 0.12 : 1);
  $('ties-about').textContent = `${ties.members.length} members, ${ties.count} ties${ties.count > edges.length ? `; the ${edges.length} strongest are drawn` : ''}. Thicker is stronger; gold has met.`;
  $('ties-list').replaceChildren(...ties.strongest.slice(0, 12).map(([one, other, strength]) => h('li', {}, `${nameOf(one)} and ${nameOf(other)}: ${strength}`)));
  wake();
}

function step() {
  const all = [...nodes.values()];
  for (const one of all) {
    one.vx -= one.x * 0.035;
    one.vy -= one.y * 0.035;
    for (const other of all) {
      if (one === other) continue;
      const [dx, dy] = [one.x - other.x, one.y - other.y];
      const push = 0.0011 / (dx * dx + dy * dy + 0.002);
      one.vx += dx * push;
      one.vy += dy * push;
    }
  }
  for (const { one, other, share } of edges) {
    const [dx, dy] = [other.x - one.x, other.y - one.y];
    const far = Math.hypot(dx, dy) || 0.01;
    const pull = (far - 0.12) * (0.02 + 0.1 * Math.sqrt(share)) / far;
    one.vx += dx * pull; one.vy += dy * pull;
    other.vx -= dx * pull; other.vy -= dy * pull;
  }
  for (const node of all) {
    node.x += Math.max(-0.05, Math.min(0.05, node.vx * heat));
    node.y += Math.max(-0.05, Math.min(0.05, node.vy * heat));
    node.vx *= 0.55; node.vy *= 0.55;
  }
  heat *= 0.975;
}

// As large as the frame allows, growing and shrinking smoothly.
let zoom = 1;

function fit() {
  const far = Math.max(0.05, ...[...nodes.values()].map((node) => Math.max(Math.abs(node.x), Math.abs(node.y))));
  zoom += (1 / far - zoom) * 0.2;
}

const place = (node, width, height) => [width / 2 + node.x * zoom * width * 0.44, height / 2 + node.y * zoom * height * 0.42 + 4];

function draw() {
  frame = 0;
  const canvas = $('ties');
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (!width) return;
  const dense = devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * dense)) [canvas.width, canvas.height] = [Math.round(width * dense), Math.round(height * dense)];
  if (heat > 0.01) step();
  fit();
  const look = getComputedStyle(canvas);
  const [ink, gold, dim] = ['--text', '--gold', '--tie'].map((name) => look.getPropertyValue(name));
  const pen = canvas.getContext('2d');
  pen.setTransform(dense, 0, 0, dense, 0, 0);
  pen.clearRect(0, 0, width, height);
  for (const { one, other, share, met } of edges) {
    const near = !under || one === under || other === under;
    pen.globalAlpha = near ? 0.25 + 0.75 * Math.sqrt(share) : 0.08;
    pen.strokeStyle = met ? gold : dim;
    pen.lineWidth = 0.6 + 5 * share;
    pen.beginPath();
    pen.moveTo(...place(one, width, height));
    pen.lineTo(...place(other, width, height));
    pen.stroke();
  }
  const named = new Set([...nodes.values()].sort((one, other) => other.sum - one.sum).slice(0, 14));
  const near = new Set(under ? edges.filter((edge) => edge.one === under || edge.other === under).flatMap((edge) => [edge.one, edge.other]) : []);
  pen.font = '11px system-ui, sans-serif';
  pen.textAlign = 'center';
  for (const node of nodes.values()) {
    const [x, y] = place(node, width, height);
    const mine = node.id === town.me;
    pen.globalAlpha = under && node !== under && !near.has(node) ? 0.25 : 1;
    pen.fillStyle = mine ? gold : `hsl(${hue(node.id)} 55% 50%)`;
    pen.beginPath();
    pen.arc(x, y, mine ? 7 : 4.5, 0, 7);
    pen.fill();
    if (mine || node === under || near.has(node) || (!under && named.has(node))) {
      pen.fillStyle = ink;
      const name = mine ? `${nameOf(node.id)} (you)` : nameOf(node.id);
      const half = pen.measureText(name).width / 2 + 3;
      pen.fillText(name, Math.max(half, Math.min(width - half, x)), y - 9 < 10 ? y + 17 : y - 9);
    }
  }
  pen.globalAlpha = 1;
  if (heat > 0.01) wake();
}

function wake() {
  if (!frame) frame = requestAnimationFrame(draw);
}

export function startTies() {
  on('sees', take);
  on('here', wake);
  const canvas = $('ties');
  canvas.addEventListener('mousemove', (event) => {
    const box = canvas.getBoundingClientRect();
    const near = [...nodes.values()].map((node) => {
      const [x, y] = place(node, box.width, box.height);
      return [node, Math.hypot(x - (event.clientX - box.left), y - (event.clientY - box.top))];
    }).sort((one, other) => one[1] - other[1])[0];
    under = near && near[1] < 22 ? near[0] : null;
    wake();
  });
  canvas.addEventListener('mouseleave', () => { under = null; wake(); });
  addEventListener('resize', wake);
}
