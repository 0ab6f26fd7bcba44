// What was typed survives a form that did not get through: the session was over, or nobody answered. It is kept in this
// tab only, for the person who typed it, until a page says that it is done, an hour has passed, or the tab closes.

const prefix = 'projects-typed ';
const hour = 3600_000;
const forms = document.querySelectorAll('form[data-keep-for]');
const place = form => prefix + new URL(form.action).pathname;

if (location.search.includes('done=')) {
  Object.keys(sessionStorage).filter(key => key.startsWith(prefix)).forEach(key => sessionStorage.removeItem(key));
}

for (const form of forms) {
  restore(form);
  form.addEventListener('submit', () => {
    const typed = Object.fromEntries(new FormData(form));
    const kept = {of: form.dataset.keepFor, since: Date.now(), typed};
    try {
      sessionStorage.setItem(place(form), JSON.stringify(kept));
    } catch {
      // No room, or not allowed: then it is not kept.
    }
  });
}

function restore(form) {
  const kept = JSON.parse(sessionStorage.getItem(place(form)) ?? 'null');
  if (kept === null) {
    return;
  }
  if (kept.of !== form.dataset.keepFor || Date.now() - kept.since > hour) {
    sessionStorage.removeItem(place(form));
    return;
  }
  // A page that answers a form holds what was typed already, and knows more about it.
  if (form.querySelector('[aria-invalid]') !== null || document.querySelector('[role="alert"]') !== null) {
    return;
  }
  let changed = false;
  for (const [name, value] of Object.entries(kept.typed)) {
    const field = form.elements.namedItem(name);
    // Line ends are written in two ways.
    if (field !== null && field.value.replaceAll('\r\n', '\n') !== value.replaceAll('\r\n', '\n')) {
      changed ||= field.type !== 'hidden';
      field.value = value; // the version too: it belongs to the text
    }
  }
  if (changed) {
    const note = document.createElement('p');
    note.setAttribute('role', 'status');
    note.dataset.testid = 'typed-again';
    note.textContent = 'This is what you typed before. It is not saved yet.';
    form.prepend(note);
  }
}
