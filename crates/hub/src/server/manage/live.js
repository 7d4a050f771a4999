// Brings what has changed every few seconds while somebody looks. Without it, a reload does the same.
'use strict';
const EVERY_MS = 4000;
async function refresh() {
  const main = document.getElementById('main');
  if (document.hidden || !main || main.contains(document.activeElement)) return;
  const answer = await fetch(location.href, { credentials: 'same-origin', headers: { Accept: 'text/html' } });
  if (answer.status === 401) location.reload();
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('main');
  if (fresh) main.replaceChildren(...fresh.childNodes);
}
setInterval(() => refresh().catch(() => undefined), EVERY_MS);
