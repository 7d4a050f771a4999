/** Codes that tell the till to do something instead of naming goods: `TB:PAY`, and `TB:STAFF:7` for a badge. */
const PREFIX = 'TB:';
const BADGE = 'TB:STAFF:';

/** The staff id of a badge; undefined for any other code. */
export function staffOf(code: string): string | undefined {
  return code.startsWith(BADGE) && code.length > BADGE.length ? code.slice(BADGE.length) : undefined;
}

/** The name of the command in a code, in capitals; undefined for anything else. */
export function commandOf(code: string): string | undefined {
  return code.startsWith(PREFIX) ? code.slice(PREFIX.length) : undefined;
}
