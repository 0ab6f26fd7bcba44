// What was typed survives a form that did not get through: the session was over, or nobody answered. It is kept in this tab
// only, for the person who typed it, until the form is sent and gets through, an hour has passed, that person signs off
// here, or the tab closes. A form with "data-forget" is not kept, and passwords and files never are.

const prefix = 'typed ';
const hour = 3600_000;
const user = document.body.dataset.user;
const place = form => prefix + new URL(form.action).pathname;
const keys = () => Object.keys(sessionStorage).filter(key => key.startsWith(prefix));

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, kept) {
  try {
    sessionStorage.setItem(key, JSON.stringify(kept));
  } catch {
    // No room, or not allowed: then it is not kept.
  }
}

function forms() {
  return [...document.querySelectorAll('main form[method="post"]:not([data-forget])')]
    .filter(form => fields(form).some(field => field.type !== 'hidden'));
}

function fields(form) {
  return [...form.elements].filter(field => field.name && !['password', 'file', 'submit', 'button'].includes(field.type));
}

// "sent": it may have got through; what the next page is will tell.
function keep(form, sent) {
  const typed = fields(form).map(field =>
    [field.name, field.value, ['checkbox', 'radio'].includes(field.type) ? field.checked : null]);
  write(place(form), {user, since: Date.now(), sent, typed});
}

function settle() {
  const status = Number(document.querySelector('main [data-status]')?.dataset.status ?? 200);
  // A form that was obeyed is answered with a redirect within this site. (Browsers count none that left the site, such as
  // a sign-in.)
  const obeyed = status < 400 && performance.getEntriesByType('navigation')[0]?.redirectCount > 0;
  for (const key of keys()) {
    const kept = read(key);
    if (kept === null || Date.now() - kept.since > hour || (user && kept.user !== user) || (kept.sent && obeyed)) {
      sessionStorage.removeItem(key);
    } else if (kept.sent && status >= 400) {
      write(key, {...kept, sent: false}); // it did not get through
    }
  }
}

function restore(form) {
  const kept = read(place(form));
  // A page that answers a form holds what was typed already, and knows more about it.
  if (kept === null || form.querySelector('[aria-invalid]') || document.querySelector('main [role="alert"]')) {
    return;
  }
  let changed = false;
  for (const [name, value, checked] of kept.typed) {
    const field = fields(form).find(one => one.name === name && (checked === null || one.value === value));
    if (field === undefined) {
      continue;
    }
    if (checked !== null) {
      changed ||= field.checked !== checked;
      field.checked = checked;
    } else if (field.value.replaceAll('\r\n', '\n') !== value.replaceAll('\r\n', '\n')) { // line ends come in two kinds
      changed ||= field.type !== 'hidden';
      field.value = value; // hidden ones too: a version belongs to its text
    }
  }
  if (changed) {
    const note = document.createElement('p');
    note.setAttribute('role', 'status');
    note.className = 'note';
    note.dataset.testid = 'typed-again';
    note.textContent = 'This is what you typed before. It is not saved yet.';
    form.prepend(note);
  }
}

settle();
if (user) {
  for (const form of forms()) {
    restore(form);
    form.addEventListener('input', () => form.dataset.typed = 'yes');
    form.addEventListener('submit', () => keep(form, true));
  }
  // The session is over, and this page is about to be taken off the screen.
  document.addEventListener('session-over', () => forms().filter(form => form.dataset.typed).forEach(form => keep(form, false)));
  document.querySelectorAll('form[data-sign-off]')
    .forEach(form => form.addEventListener('submit', () => keys().forEach(key => sessionStorage.removeItem(key))));
}
