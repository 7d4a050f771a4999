/**
 * Where the customer display hears of its order: a few questions and the news of its own session. It has no way to give a
 * command.
 */
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { CustomerView, LogoView, SessionNews, TillEvent } from '../generated/api';
import { bridgeTransport, type Transport } from '../transport';

export interface CustomerSource {
  view(): Promise<CustomerView>;
  logo(): Promise<LogoView>;
  /** Hears the order as it changes; `anew` asks for everything again. Gives back how to stop. */
  onChange(heard: (view: CustomerView) => void, anew: () => void): () => void;
}

/** In the second window of the program. */
export function windowSource(): CustomerSource {
  return {
    view: () => invoke<CustomerView>('customer', {}),
    logo: () => invoke<LogoView>('customer_logo', {}),
    onChange(heard, anew) {
      const stop = listen<SessionNews | null>('customer', ({ payload }) => {
        if (payload === null) anew();
        else if (payload.kind === 'customer') heard(payload.view);
      });
      return () => void stop.then((unlisten) => unlisten());
    },
  };
}

/** In a browser: the session is the one of the till in the same browser. */
export function bridgeSource(transport: Transport = bridgeTransport()): CustomerSource {
  return {
    view: () => transport.call('customer', {}),
    logo: () => transport.call('logo', {}),
    onChange(heard, anew) {
      return transport.onEvent(
        (event: TillEvent) => {
          if (event.type === 'catalogue') anew();
          else if (event.type === 'session' && event.data.news.kind === 'customer') heard(event.data.news.view);
        },
        (connected) => {
          if (connected) anew();
        },
      );
    },
  };
}

export function customerSource(): CustomerSource {
  return '__TAURI_INTERNALS__' in window ? windowSource() : bridgeSource();
}
