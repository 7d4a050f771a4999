import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { defineConfig } from '@playwright/test';

/** The browser of this machine: `CHROMIUM`, else the first known name on the path, else where macOS keeps it. */
function browser(): string {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome.exe'];
  const folders = (process.env.PATH ?? '').split(delimiter);
  const places = [
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ];
  const found = process.env.CHROMIUM ?? places.find((place) => existsSync(place));
  if (!found) throw new Error('no browser: install chromium, or name one in CHROMIUM');
  return found;
}

// One terminal serves all journeys, each in a session of its own; they run one after the other because the language and
// the look of the screen are the terminal's.
export default defineConfig({
  testDir: 'e2e',
  // Pictures for people to look at are taken on demand; they assert nothing.
  testIgnore: process.env.PICTURES ? [] : ['pictures.spec.ts'],
  outputDir: 'test-results',
  globalSetup: './e2e/terminal.ts',
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    viewport: { width: 1280, height: 800 },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: { executablePath: browser(), args: ['--no-sandbox', '--disable-gpu'] },
  },
});
