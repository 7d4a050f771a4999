/** Whether this till's guide was seen or skipped; kept with the window. */
const KEY = 'guide.seen';

class Seen {
  yes = $state(localStorage.getItem(KEY) !== null);

  /** It is not offered again. */
  now(): void {
    this.yes = true;
    localStorage.setItem(KEY, '1');
  }
}

export const guideSeen = new Seen();
