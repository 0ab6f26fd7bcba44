// The live view: instances as they are, and what happens to sessions in them.
//
// One stream for the whole browser: the tab that holds the lock reads it and tells the others, also what was there before.
// Texts go in as text, whatever they are: anybody who may write to the transport of session events can put words here.

const root = document.getElementById('live');
const {stream, yours} = root.dataset;
const forEverybody = 'forEverybody' in root.dataset;
const picture = document.getElementById('live-picture');
const fleetList = document.getElementById('live-fleet');
const momentList = document.getElementById('live-moments');
const nothing = document.getElementById('live-nothing');
const state = document.getElementById('live-state');
const said = document.getElementById('live-said');
const still = matchMedia('(prefers-reduced-motion: reduce)');
const mostMoments = 40;

let fleet = {instances: []};
const moments = new Map();

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  made.append(...children);
  return made;
}

// --- names ----------------------------------------------------------------------------------------------------

function service(instance) {
  return (instance.service || '').replace(/-service$/, '');
}

function nameOf(instance) {
  return instance.name || (service(instance) || 'member') + '-' + instance.id.slice(0, 4);
}

function called(id) {
  const found = fleet.instances.find(instance => instance.id === id);
  return found === undefined ? 'member-' + id.slice(0, 4) : nameOf(found);
}

// A colour for each session, the same in every browser.
function hue(session) {
  return Math.round(parseInt(session, 16) / 65536 * 360) || 0;
}

function chip(session) {
  const dot = element('span', {class: 'live-dot', 'aria-hidden': 'true'});
  dot.style.setProperty('--hue', hue(session));
  return element('span', {class: 'live-session'}, dot, session === yours && yours ? 'your session ' + session : 'session ' + session);
}

// --- sentences ------------------------------------------------------------------------------------------------

const reasons = {
  'signed-off': 'signed out', 'replaced': 'replaced by a new sign-in', 'refresh-refused': 'ended by the provider',
  'provider-logout': 'ended by the provider',
};

function headline({kind, reason, instance}) {
  const where = called(instance);
  switch (kind) {
    case 'signed-in': return 'signed in by ' + where;
    case 'known': return 'known at ' + where;
    case 'refreshed': return 'tokens refreshed by ' + where + ', for all';
    case 'ended': return (reasons[reason] ?? 'ended') + ', by ' + where;
    default: return kind + ' at ' + where;
  }
}

function step({what, who, ms}) {
  switch (what) {
    case 'redis': return 'ended in Redis +' + ms;
    case 'forgotten': return called(who) + ' forgot +' + ms;
    case 'lease': return 'waited for a lease +' + ms;
    case 'provider': return 'provider told +' + ms;
    case 'answered': return 'answered +' + ms;
    default: return what + ' +' + ms;
  }
}

// --- the time line --------------------------------------------------------------------------------------------

function entry(moment) {
  const time = new Date(moment.at);
  const item = element('li', {class: 'live-moment live-' + moment.kind, 'data-id': moment.id, 'data-testid': 'live-moment',
    'data-kind': moment.kind, 'data-session': moment.session});
  item.append(
    element('p', {class: 'live-head'},
      element('time', {datetime: time.toISOString()}, time.toLocaleTimeString()), ' ', chip(moment.session), ' ', headline(moment)));
  if (moment.steps.length > 0) {
    item.append(gantt(moment), element('p', {class: 'live-steps'},
      moment.steps.map(step).join(' · ') + ' ms' + (moment.measured ? '' : ', counted from when this page’s instance heard of it')));
  }
  return item;
}

// One mark for each step, from the question to the answer.
function gantt(moment) {
  const longest = Math.max(20, ...moment.steps.map(({ms}) => ms));
  const bar = element('div', {class: 'live-bar', 'aria-hidden': 'true'});
  moment.steps.forEach(({what, ms}) => {
    const mark = element('span', {class: 'live-mark live-mark-' + what.replace(/[^a-z]/g, '')});
    mark.style.insetInlineStart = 100 * ms / longest + '%';
    bar.append(mark);
  });
  return bar;
}

function summary(moment) {
  const forgot = moment.steps.filter(({what}) => what === 'forgotten').length;
  const answered = moment.steps.find(({what}) => what === 'answered');
  return 'Session ' + moment.session + ' ' + headline(moment)
    + (moment.kind === 'ended' && answered ? '. ' + forgot + ' other instances confirmed; answered after ' + answered.ms + ' milliseconds.' : '.');
}

function showMoment(moment, live) {
  const before = moments.get(moment.id);
  if (before?.measured && !moment.measured) {
    return;
  }
  moments.set(moment.id, moment);
  const old = [...momentList.children].find(item => item.dataset.id === moment.id);
  const item = entry(moment);
  if (old) {
    old.replaceWith(item);
  } else {
    const after = [...momentList.children].find(one => moments.get(one.dataset.id).at <= moment.at);
    momentList.insertBefore(item, after ?? null);
  }
  while (momentList.children.length > mostMoments) {
    moments.delete(momentList.lastElementChild.dataset.id);
    momentList.lastElementChild.remove();
  }
  nothing.hidden = true;
  if (live) {
    move(moment, before);
    if (moment.answered) {
      said.textContent = summary(moment);
    }
  }
}

// --- the list of instances ------------------------------------------------------------------------------------

function lease({lease: kind, leaseMs}) {
  switch (kind) {
    case 'held': return 'holds a lease';
    case 'taken': return 'its lease was taken, and runs out in ' + leaseMs + ' ms';
    default: return 'no lease: asks Redis each time';
  }
}

function caches({sessions}) {
  return sessions === undefined ? 'does not say what it caches' : 'caches ' + sessions + (sessions === 1 ? ' session' : ' sessions');
}

function showFleet(now) {
  fleet = now;
  const items = fleet.instances.map(instance => element('li', {'data-testid': 'live-instance', 'data-name': nameOf(instance)},
    element('strong', {}, nameOf(instance)),
    element('span', {}, [lease(instance), caches(instance),
      instance.heard ? 'hears ' + (fleet.transport || 'no events') : 'silent'].join(', '))));
  if (fleetList.textContent !== items.map(item => item.textContent).join('')) {
    fleetList.replaceChildren(...items);
  }
  const troubles = [
    fleet.redis ? '' : 'Redis does not answer this page’s instance.',
    fleet.joined ? '' : (fleet.transport || 'The transport') + ' carries nothing just now: no instance trusts its memory, and other instances cannot be seen.',
  ].filter(text => text !== '').join(' ');
  tell(troubles || 'Live.');
  draw();
}

function tell(text) {
  if (state.textContent !== text) {
    state.textContent = text;
  }
}

// --- the picture ----------------------------------------------------------------------------------------------

const space = 'http://www.w3.org/2000/svg';

function svg(name, attributes, ...children) {
  const made = document.createElementNS(space, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  made.append(...children);
  return made;
}

let places = new Map();
let pulses = svg('g', {});
let drawn = '';

// Services left and right, what they share in the middle. One unit is one pixel, so that letters stay as large as they are.
function draw() {
  const width = Math.max(280, Math.round(picture.clientWidth));
  const narrow = width < 520;
  const first = fleet.instances.length ? service(fleet.instances[0]) : '';
  const left = fleet.instances.filter(instance => service(instance) === first);
  const right = fleet.instances.filter(instance => service(instance) !== first);
  const rows = Math.max(3, left.length, right.length);
  const rowHeight = 78;
  const height = rows * rowHeight + 16;
  const nodeWidth = narrow ? Math.min(118, (width - 100) / 2) : 176;
  const key = JSON.stringify([width, fleet.joined, fleet.redis, fleet.transport,
    fleet.instances.map(({id, name, heard, lease: kind, sessions}) => [id, name, heard, kind, sessions])]);
  if (key === drawn) {
    return;
  }
  drawn = key;
  places = new Map();
  const middle = width / 2;
  [['redis', 'Redis'], ['events', fleet.transport === 'Kafka' ? 'Kafka' : 'Events'], ['provider', narrow ? 'Provider' : 'Sign-in provider']]
    .forEach(([id, title], row) => places.set(id, {x: middle, y: height / 6 * (2 * row + 1), title,
      width: narrow ? 76 : 150, tall: 44, kind: 'hub', ok: id === 'redis' ? fleet.redis : id === 'events' ? fleet.joined : true}));
  [[left, nodeWidth / 2 + 2], [right, width - nodeWidth / 2 - 2]].forEach(([side, x]) =>
    side.forEach((instance, row) => places.set(instance.id, {x, y: height / side.length * (row + .5), width: nodeWidth, tall: 62,
      kind: 'instance', title: nameOf(instance), instance})));
  const edges = svg('g', {class: 'live-edges'});
  const nodes = svg('g', {});
  for (const place of places.values()) {
    if (place.kind === 'instance') {
      edges.append(edge(place, places.get('redis'), place.instance.lease), edge(place, places.get('events'), place.instance.heard ? 'held' : 'none'));
    }
    nodes.append(node(place, narrow));
  }
  pulses = svg('g', {});
  picture.replaceChildren(svg('svg', {viewBox: `0 0 ${width} ${height}`, width, height, focusable: 'false'}, edges, nodes, pulses));
}

function edge(from, to, kind) {
  return svg('line', {x1: from.x, y1: from.y, x2: to.x, y2: to.y, class: 'live-edge live-lease-' + kind});
}

function node({x, y, width, tall, kind, title, instance, ok}, narrow) {
  const group = svg('g', {class: 'live-node live-' + kind + (kind === 'instance' ? ' live-lease-' + instance.lease + (instance.heard ? '' : ' live-silent') : ok ? '' : ' live-down')});
  group.append(svg('rect', {x: x - width / 2, y: y - tall / 2, width, height: tall, rx: 10}));
  const lines = kind === 'hub' ? [title] : [title,
    instance.sessions === undefined ? '' : narrow ? instance.sessions + ' known' : instance.sessions + (instance.sessions === 1 ? ' session' : ' sessions') + ' known',
    !instance.heard ? 'silent' : instance.lease === 'held' ? 'lease held' : instance.lease === 'taken' ? 'lease taken' : 'no lease'];
  lines.forEach((text, row) => group.append(svg('text', {x, y: y + (row - (lines.length - 1) / 2) * 17 + 5, 'text-anchor': 'middle',
    class: row === 0 ? 'live-title' : 'live-small'}, text)));
  return group;
}

// A pulse along an edge; or, where nothing is to move, the edge lights up for a moment.
function pulse(from, to, session, delay) {
  const [a, b] = [places.get(from), places.get(to)];
  if (a === undefined || b === undefined || document.hidden) {
    return;
  }
  const colour = `hsl(${hue(session)} 70% 50%)`;
  if (still.matches) {
    const line = svg('line', {x1: a.x, y1: a.y, x2: b.x, y2: b.y, class: 'live-lit'});
    line.style.stroke = colour;
    pulses.append(line);
    setTimeout(() => line.remove(), 900);
    return;
  }
  const dot = svg('circle', {r: 7, class: 'live-pulse'});
  dot.style.fill = colour;
  pulses.append(dot);
  dot.animate([
    {transform: `translate(${a.x}px, ${a.y}px)`, opacity: 1},
    {transform: `translate(${b.x}px, ${b.y}px)`, opacity: 1, offset: .9},
    {transform: `translate(${b.x}px, ${b.y}px)`, opacity: 0},
  ], {duration: 700, delay, fill: 'backwards', easing: 'ease-in-out'}).finished.then(() => dot.remove(), () => dot.remove());
}

function move(moment, before) {
  const {kind, session, instance} = moment;
  if (kind === 'signed-in') {
    pulse('provider', instance, session, 0);
    pulse(instance, 'redis', session, 600);
  } else if (kind === 'known') {
    pulse('redis', instance, session, 0);
  } else if (kind === 'refreshed') {
    pulse(instance, 'provider', session, 0);
    pulse('provider', instance, session, 600);
    pulse(instance, 'redis', session, 1200);
  } else if (kind === 'ended') {
    if (before === undefined) {
      pulse(instance, 'redis', session, 0);
      pulse(instance, 'events', session, 300);
      fleet.instances.filter(({id}) => id !== instance).forEach(({id}) => pulse('events', id, session, 900));
    }
    const had = new Set(before?.steps.map(({what, who}) => what + who));
    moment.steps.filter(({what, who}) => !had.has(what + who)).forEach(({what, who}) => {
      if (what === 'forgotten') {
        pulse(who, 'events', session, 1600);
      } else if (what === 'provider') {
        pulse(instance, 'provider', session, 600);
      }
    });
  }
}

new ResizeObserver(draw).observe(picture);

// --- the browser's stream -------------------------------------------------------------------------------------

const name = 'users-live';
const others = 'BroadcastChannel' in window ? new BroadcastChannel(name) : null;
let reads = false;

function hear({kind, data, live}) {
  if (kind === 'fleet') {
    showFleet(data);
  } else if (kind === 'moment') {
    showMoment(data, live);
  } else if (kind === 'hello' && reads) {
    others.postMessage({kind: 'fleet', data: fleet});
    moments.forEach(moment => others.postMessage({kind: 'moment', data: moment, live: false}));
  }
}

if (others !== null) {
  others.onmessage = ({data}) => hear(data);
  others.postMessage({kind: 'hello'});
}

function pass(message) {
  others?.postMessage(message);
  hear(message);
}

function read(until) {
  return new Promise(done => {
    reads = true;
    let events;
    let timer = 0;
    let since = 0;
    const open = () => {
      events = new EventSource(stream);
      events.onopen = () => { since = Date.now(); };
      events.addEventListener('fleet', ({data}) => pass({kind: 'fleet', data: JSON.parse(data)}));
      // What a new stream says at once has happened before.
      events.addEventListener('moment', ({data}) => pass({kind: 'moment', data: JSON.parse(data), live: Date.now() - since > 400}));
      events.onerror = () => {
        tell('Not connected; trying again.');
        if (events.readyState === EventSource.CLOSED && !until.aborted) {
          document.dispatchEvent(new Event('session-event')); // refused: perhaps nobody is signed in any more
          timer = setTimeout(open, 5000 + Math.random() * 5000);
        }
      };
    };
    until.addEventListener('abort', () => {
      clearTimeout(timer);
      events.close();
      reads = false;
      done();
    });
    open();
  });
}

let leaving;

function arrive() {
  leaving = new AbortController();
  const {signal} = leaving;
  if (navigator.locks === undefined) {
    read(signal);
    return;
  }
  navigator.locks.request(name, {signal}, () => read(signal)).catch(() => {}); // left while waiting
}

addEventListener('pagehide', () => leaving.abort());
document.addEventListener('session-over', () => forEverybody || leaving.abort());
addEventListener('pageshow', event => event.persisted && arrive());
draw();
arrive();
