/**
 * The one door to the terminal: the window speaks Tauri IPC, a browser speaks HTTP to the bridge. Both carry the same
 * commands with the same answers, and the same refusals.
 */
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { Commands, Problem, TillEvent } from './generated/api';

const REOPEN_MS = 1500;

export type CommandName = keyof Commands;
export type Args<N extends CommandName> = Commands[N]['args'];
export type Answer<N extends CommandName> = Commands[N]['answer'];

/** The terminal refused a command; it says why. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = 'Refused';
  }
}

/** The terminal did not answer at all. */
export class Disconnected extends Error {
  constructor(cause: unknown) {
    super('the terminal does not answer', { cause });
    this.name = 'Disconnected';
  }
}

export interface Transport {
  /** Runs a command. Throws `Refused` or `Disconnected`. */
  call<N extends CommandName>(name: N, args: Args<N>): Promise<Answer<N>>;
  /** Hears what the terminal says by itself; `connected` tells whether it can be heard. Gives back how to stop. */
  onEvent(heard: (event: TillEvent) => void, connected: (yes: boolean) => void): () => void;
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'detail' in value;
}

function refusal(value: unknown): Error {
  if (isProblem(value)) return new Refused({ ...value, params: value.params ?? {} });
  return new Disconnected(value);
}

/** Tauri IPC: `call` with a name and arguments; events named `till`. */
export function windowTransport(): Transport {
  return {
    async call<N extends CommandName>(name: N, args: Args<N>): Promise<Answer<N>> {
      try {
        return await invoke<Answer<N>>('call', { name, args });
      } catch (error) {
        throw refusal(error);
      }
    },
    onEvent(heard) {
      const stop = listen<TillEvent>('till', (event) => heard(event.payload));
      return () => void stop.then((unlisten) => unlisten());
    },
  };
}

/** HTTP to the bridge that served this page. */
export function bridgeTransport(): Transport {
  return {
    async call<N extends CommandName>(name: N, args: Args<N>): Promise<Answer<N>> {
      let response: Response;
      let body: unknown;
      try {
        response = await fetch(`/api/${name}`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'X-Tillbridge': '1' },
          body: JSON.stringify(args),
          credentials: 'same-origin',
          cache: 'no-store',
        });
        body = await response.json();
      } catch (error) {
        throw new Disconnected(error);
      }
      if (!response.ok) throw refusal(body);
      return body as Answer<N>;
    },
    onEvent(heard, connected) {
      let source: EventSource;
      let again: ReturnType<typeof setTimeout> | undefined;
      const open = () => {
        source = new EventSource('/api/events');
        source.onopen = () => connected(true);
        source.onmessage = (message: MessageEvent<string>) => heard(JSON.parse(message.data) as TillEvent);
        source.onerror = () => {
          connected(false);
          // A browser gives up for good when the answer was not a stream, as from a program that is still starting.
          if (source.readyState === EventSource.CLOSED) again = setTimeout(open, REOPEN_MS);
        };
      };
      open();
      return () => {
        clearTimeout(again);
        source.close();
      };
    },
  };
}

/** The transport of where this page runs. */
export function connect(): Transport {
  return '__TAURI_INTERNALS__' in window ? windowTransport() : bridgeTransport();
}
