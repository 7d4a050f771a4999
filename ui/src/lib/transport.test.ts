import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bridgeTransport, Disconnected, Refused } from './transport';

class FakeEventSource {
  static readonly CLOSED = 2;
  static opened: FakeEventSource[] = [];
  onopen: () => void = () => undefined;
  onerror: () => void = () => undefined;
  onmessage: (message: { data: string }) => void = () => undefined;
  readyState = 0;
  close = vi.fn();
  constructor(readonly url: string) {
    FakeEventSource.opened.push(this);
  }
}

beforeEach(() => {
  FakeEventSource.opened = [];
  vi.stubGlobal('EventSource', FakeEventSource);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function answering(status: number, body: unknown) {
  const fetched = vi.fn(async () => new Response(JSON.stringify(body), { status }));
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

describe('the bridge', () => {
  test('is asked by name, with the header that other sites cannot send', async () => {
    const fetched = answering(200, []);
    await bridgeTransport().call('categories', {});
    expect(fetched).toHaveBeenCalledWith(
      '/api/categories',
      expect.objectContaining({ method: 'POST', headers: expect.objectContaining({ 'X-Tillbridge': '1' }) }),
    );
  });

  test('refuses with the problem it gave', async () => {
    answering(422, { code: 'unknown_barcode', params: { code: '1' }, detail: 'no such product' });
    const refused = await bridgeTransport()
      .call('scan', { code: '1', quantity: '' })
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Refused);
    expect((refused as Refused).problem.code).toBe('unknown_barcode');
  });

  test.each([
    ['no answer', () => vi.stubGlobal('fetch', vi.fn().mockRejectedValue(new TypeError('failed')))],
    ['an answer that is no problem of ours', () => answering(502, 'bad gateway')],
  ])('counts as gone with %s', async (_, arrange) => {
    arrange();
    await expect(bridgeTransport().call('app', {})).rejects.toBeInstanceOf(Disconnected);
  });

  test('is listened to again when the browser has given up', () => {
    vi.useFakeTimers();
    const connected = vi.fn();
    const heard = vi.fn();
    const stop = bridgeTransport().onEvent(heard, connected);
    const first = FakeEventSource.opened[0] as FakeEventSource;
    first.readyState = FakeEventSource.CLOSED;
    first.onerror();
    expect(connected).toHaveBeenLastCalledWith(false);
    vi.advanceTimersByTime(2000);
    const second = FakeEventSource.opened[1] as FakeEventSource;
    second.onopen();
    second.onmessage({ data: '{"type":"catalogue"}' });
    expect(connected).toHaveBeenLastCalledWith(true);
    expect(heard).toHaveBeenCalledExactlyOnceWith({ type: 'catalogue' });
    stop();
    expect(second.close).toHaveBeenCalledOnce();
  });
});
