// Times in the reader's zone and language. Without this script they are there in UTC.

const format = new Intl.DateTimeFormat(undefined, {dateStyle: 'medium', timeStyle: 'short'});

function localize(root) {
  for (const time of root.querySelectorAll('time[datetime]:not([title])')) {
    time.title = time.textContent; // UTC, for who wants to be sure
    time.textContent = format.format(new Date(time.dateTime));
  }
}

localize(document);
// A script that is about to put content into the page says so first: document.dispatchEvent(new CustomEvent('content',
// {detail: element})).
document.addEventListener('content', event => localize(event.detail));
