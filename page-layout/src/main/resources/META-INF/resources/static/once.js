// A form is sent once, however often its button is pressed: two clicks of an impatient hand are not two projects. After some
// seconds without an answer, or back on the page, it may be sent again.

const lockedFor = 10_000;

document.addEventListener('submit', event => {
  const form = event.target;
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = '';
  setTimeout(() => delete form.dataset.sent, lockedFor);
});
addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach(form => delete form.dataset.sent));
