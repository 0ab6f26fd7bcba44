// Keeps open pages true: what somebody else changes appears by itself.
//
// One stream for the whole browser, not one for each tab: the tab that holds the lock reads it and tells the others.
// When it closes, the lock passes on. (A shared worker would do as well, but not in every browser of today's phones.)
// Only what carries "data-live" is replaced, so nothing that is being typed is lost.

const home = '/projects/';
const stream = home + 'live';
const name = 'projects-live';
const everything = {project: '', version: Infinity};

// --- this page ------------------------------------------------------------------------------------------------

let wanted = false;
let reading = false;

function concerns(change) {
  const one = document.querySelector('[data-project]');
  if (one === null) {
    return document.querySelector('[data-live]') !== null; // a list, of which anything may be new
  }
  return change.version === Infinity
    || change.project === one.dataset.project && change.version > Number(one.dataset.version);
}

async function heard(change) {
  if (!concerns(change)) {
    return;
  }
  wanted = true;
  // Several changes at once are one reading; a page that nobody sees waits until somebody does.
  while (wanted && !reading && !document.hidden) {
    wanted = false;
    reading = true;
    try {
      await refresh();
    } finally {
      reading = false;
    }
  }
}

async function refresh() {
  const page = new URL(location.href);
  page.searchParams.delete('done');
  // "background": the page asks, not the person. It keeps no session alive.
  const answer = await fetch(page, {headers: {Accept: 'text/html', Prefer: 'background'}, redirect: 'error'})
    .catch(() => null);
  if (answer === null || answer.status === 401 || answer.status >= 500) {
    return answer;
  }
  if (document.querySelector('[data-changed-meanwhile]') !== null) {
    await warnWriter(answer);
  } else if (answer.ok) {
    show(new DOMParser().parseFromString(await answer.text(), 'text/html'));
  } else {
    // Not ours to see any more: the page that says so. Never a reload, which sends a form again where this page is its answer.
    location.replace(page);
  }
  return answer;
}

function show(fresh) {
  for (const part of document.querySelectorAll('[data-live]')) {
    const now = fresh.getElementById(part.id);
    if (now === null) {
      continue;
    }
    document.dispatchEvent(new CustomEvent('content', {detail: now})); // times in the reader's zone, as in the page
    if (now.isEqualNode(part)) {
      continue;
    }
    const focused = part.contains(document.activeElement) ? document.activeElement.id : '';
    part.replaceWith(document.importNode(now, true));
    document.getElementById(focused)?.focus({preventScroll: true});
    said('Updated: somebody has changed what you see.');
  }
  for (const where of ['title', 'main > h1']) {
    const now = fresh.querySelector(where);
    const here = document.querySelector(where);
    if (now && here && here.textContent !== now.textContent) {
      here.textContent = now.textContent;
    }
  }
}

async function warnWriter(answer) {
  const fresh = answer.ok ? new DOMParser().parseFromString(await answer.text(), 'text/html') : null;
  const version = page => page?.querySelector('input[name="version"]')?.value;
  if (version(fresh) !== version(document)) {
    document.querySelector('[data-changed-meanwhile]').hidden = false;
  }
}

// For people who do not see that something changed.
function said(text) {
  let status = document.getElementById('live-said');
  if (status === null) {
    status = document.createElement('p');
    status.id = 'live-said';
    status.setAttribute('role', 'status');
    document.querySelector('main').append(status);
  }
  status.textContent = text;
}

document.addEventListener('visibilitychange', () => {
  if (!document.hidden && wanted) {
    heard(everything);
  }
});

// --- the browser's stream -------------------------------------------------------------------------------------

const others = 'BroadcastChannel' in window ? new BroadcastChannel(name) : null;
if (others !== null) {
  others.onmessage = message => heard(message.data);
}

function tell(change) {
  others?.postMessage(change);
  heard(change);
}

// The page layout asks what has become of the session, and tells all tabs.
function lookAtSession() {
  document.dispatchEvent(new Event('session-event'));
}

// Reads the stream until the page goes away, or nobody is signed in.
function read(until) {
  return new Promise(done => {
    let events = null;
    let opened = false;
    let timer = 0;
    const stop = () => {
      clearTimeout(timer);
      events?.close();
      done();
    };
    until.addEventListener('abort', stop);
    const open = () => {
      events = new EventSource(stream);
      events.onopen = () => {
        if (opened) {
          tell(everything); // between two streams something may have happened
        }
        opened = true;
      };
      events.addEventListener('changed', event => tell(JSON.parse(event.data)));
      events.addEventListener('missed-some', () => tell(everything));
      events.addEventListener('session-ended', ({data}) => {
        events.close();
        if (JSON.parse(data).replaced) {
          // Another tab is signing in. Its cookie is on the way still: asking now would be asking with the old one.
          timer = setTimeout(open, 1000 + Math.random() * 1000);
        } else {
          lookAtSession();
        }
      });
      events.onerror = async () => {
        if (events.readyState !== EventSource.CLOSED || until.aborted) {
          return; // the browser comes back by itself
        }
        // Refused, without saying why: asking for the page tells.
        const answer = await refresh();
        if (answer?.status === 401) {
          stop();
          lookAtSession();
        } else {
          timer = setTimeout(open, 5000 + Math.random() * 5000);
        }
      };
    };
    open();
  });
}

let leaving;

function arrive() {
  leaving = new AbortController();
  const {signal} = leaving;
  if (navigator.locks === undefined) {
    read(signal); // an old browser: a stream of its own, of which the service allows a few
    return;
  }
  navigator.locks.request(name, {signal}, () => read(signal)).catch(() => {}); // left while waiting
}

addEventListener('pagehide', () => leaving.abort());
document.addEventListener('session-over', () => leaving.abort());
addEventListener('pageshow', event => {
  if (event.persisted) {
    arrive();
    heard(everything);
  }
});
arrive();

// The message after a change has been read by now; a reload need not say it again.
if (location.search.includes('done=')) {
  const address = new URL(location.href);
  address.searchParams.delete('done');
  history.replaceState(history.state, '', address);
}
