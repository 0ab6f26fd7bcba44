// The page knows its session: it says so before the session ends, and notices when it has ended elsewhere.
//
// No stream and no polling. A page asks when the session could be about to end, when it becomes visible again, and when
// another tab, or a script of its own ("session-event"), says that something has happened; of all tabs of a browser one
// asks, and tells the others what it heard. Asking does not keep the session alive.

const {session: address, user, idle} = document.body.dataset;
const bar = document.getElementById('session-ends');
const others = 'BroadcastChannel' in window ? new BroadcastChannel('session') : null;
const longestWarning = 120;
const newCookieWithin = 5000;
const longestTimer = 2 ** 31 - 1; // a longer one goes off at once
const warnAt = Math.min(longestWarning, Number(idle) / 3);
let ends = 0; // when the session ends if nobody uses it, by this browser's clock
let heardAt = 0;
let replacedAt = 0;
let timer = 0;
let over = false;

if (others !== null && address !== undefined) {
  // This page has just been made: the session was used, or there is none.
  others.postMessage(user ? {used: user} : {look: true});
}
if (user) {
  others?.addEventListener('message', ({data}) => {
    if (data.used === user) {
      hear({signedIn: true, user: user, secondsLeft: Number(idle), canStay: true});
    } else if (data.state) {
      hear(data.state);
    } else {
      look();
    }
  });
  used(Number(idle));
  document.addEventListener('visibilitychange', () => document.hidden || look());
  addEventListener('pageshow', event => event.persisted && look());
  addEventListener('online', look);
  document.addEventListener('session-event', look);
  document.getElementById('stay').addEventListener('click', stay);
}

function used(seconds) {
  ends = Date.now() + seconds * 1000;
  bar.hidden = true;
  wait();
}

function wait() {
  clearTimeout(timer);
  const left = (ends - Date.now()) / 1000;
  // A timer that sleeps with the computer is late, which does no harm: it asks then.
  timer = setTimeout(look, Math.min(longestTimer, Math.max(1, left > warnAt ? left - warnAt : left) * 1000));
}

// One tab at a time; who waited has heard the answer meanwhile.
async function look() {
  if (over) {
    return;
  }
  const since = Date.now();
  const askUnlessHeard = async () => heardAt >= since || await ask('GET');
  await (navigator.locks === undefined ? askUnlessHeard() : navigator.locks.request('session-look', askUnlessHeard));
}

async function ask(method) {
  const answer = await fetch(address, {method, cache: 'no-store', redirect: 'error'}).catch(() => null);
  if (answer === null || !answer.ok) {
    timer = setTimeout(look, 5000 + Math.random() * 5000); // cannot tell is not signed off
    return;
  }
  const state = await answer.json();
  if (state.replaced && Date.now() - (replacedAt ||= Date.now()) < newCookieWithin) {
    // Another tab signs in just now: the old session is over, and its answer with the new cookie is on its way.
    timer = setTimeout(look, 250);
    return;
  }
  replacedAt = 0;
  others?.postMessage({state});
  hear(state);
}

function hear(state) {
  heardAt = Date.now();
  if (over) {
    return;
  }
  if (!state.signedIn) {
    leave('session-over');
  } else if (state.user !== user) {
    leave('session-changed');
  } else if (state.secondsLeft > warnAt) {
    used(state.secondsLeft);
  } else {
    warn(state);
  }
}

function warn({secondsLeft, canStay}) {
  ends = Date.now() + secondsLeft * 1000;
  for (const part of bar.querySelectorAll('[data-can-stay]')) {
    part.hidden = !canStay;
  }
  bar.querySelector('[data-cannot-stay]').hidden = canStay;
  bar.querySelector('[data-left]').textContent = secondsLeft > 90 ? 'two minutes' : secondsLeft > 45 ? 'a minute' : 'a few seconds';
  bar.hidden = false;
  wait();
}

async function stay() {
  const focus = document.getElementById('main');
  await ask('POST');
  if (!over && bar.hidden) {
    focus.focus({preventScroll: true});
  }
}

// The page itself is for everybody and goes on; only who was signed in leaves it.
function leaveWhatIsForEverybody() {
  const account = document.querySelector('header.layout .account');
  account?.replaceChildren(document.getElementById('session-over').content.querySelector('a').cloneNode(true));
  account?.querySelector('a').setAttribute('href', account.querySelector('a').getAttribute('href') + '?return=' + encodeURIComponent(location.pathname));
  bar.remove();
}

// Nothing private stays on the screen, and no script of the page goes on with it.
function leave(notice) {
  over = true;
  clearTimeout(timer);
  document.dispatchEvent(new Event('session-over'));
  if (document.querySelector('[data-for-everybody]') !== null) {
    leaveWhatIsForEverybody();
    return;
  }
  const content = document.getElementById(notice).content.cloneNode(true);
  const back = content.querySelector('a[href*="/auth/sign-in"]');
  if (back !== null) {
    back.href += '?return=' + encodeURIComponent(location.pathname + location.search + location.hash);
  }
  const main = document.getElementById('main');
  main.replaceChildren(content);
  document.querySelector('header.layout .account')?.remove();
  bar.remove();
  document.title = main.querySelector('h1').textContent;
  main.querySelector('h1').focus();
}
