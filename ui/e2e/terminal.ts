/** Starts a real terminal with the demo shop and its own hub in a new folder, and stops it after the last journey. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const START_MS = 120_000;
const root = resolve(import.meta.dirname, '../..');

function program(): string {
  const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const names = ['tillbridge', 'tillbridge-headless'].map((name) => name + suffix);
  const built = ['debug', 'release'].flatMap((profile) => names.map((name) => join(target, profile, name)));
  const places = [process.env.TILLBRIDGE, ...built];
  const found = places.find((place) => place !== undefined && existsSync(place));
  if (!found) throw new Error('the terminal is not built: run `cargo build` first, or name it in TILLBRIDGE');
  return found;
}

/** The address, as soon as the program has said it. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((done, failed) => {
    let said = '';
    let complained = '';
    const late = setTimeout(() => failed(new Error(`the terminal did not start:\n${said}${complained}`)), START_MS);
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk;
      const address = /"address":\s*"([^"]+)"/.exec(said)?.[1];
      if (!address) return;
      clearTimeout(late);
      done(address);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      complained += chunk;
    });
    child.once('error', failed);
    child.once('exit', (code) => {
      clearTimeout(late);
      failed(new Error(`the terminal ended with ${code}:\n${said}${complained}`));
    });
  });
}

export default async function startTerminal(): Promise<() => Promise<void>> {
  const data = mkdtempSync(join(tmpdir(), 'tillbridge-e2e-'));
  const args = ['demo', '--headless', '--data', data, '--listen', '127.0.0.1:0', '--json'];
  const env = { ...process.env, TILLBRIDGE_KEYS: 'file' };
  const child = spawn(program(), args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  process.env.TILLBRIDGE_ADDRESS = await addressOf(child);
  return async () => {
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
}
