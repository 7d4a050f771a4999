/** What is said to screen readers: calmly, or at once where something was refused. */
class Announcer {
  calm = $state('');
  urgent = $state('');

  say(text: string): void {
    this.calm = again(this.calm, text);
  }

  warn(text: string): void {
    this.urgent = again(this.urgent, text);
  }
}

/** A live region stays silent when its text does not change, so the same text gets an unseen difference. */
function again(before: string, text: string): string {
  return before === text ? `${text}\u00a0` : text;
}

export { Announcer };
