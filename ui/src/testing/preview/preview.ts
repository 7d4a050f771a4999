/** The screens over a fake terminal, for looking at them: `npm run dev`, then /src/testing/preview/. */
import { mount } from 'svelte';
import App from '../../App.svelte';
import '../../app.css';
import type { SettingsView } from '../../lib/generated/api';
import { FakeTerminal } from '../fake-terminal';
import { people } from '../shop';

const asked = new URLSearchParams(location.search);
const terminal = new FakeTerminal();
terminal.settings = {
  ...terminal.settings,
  language: (asked.get('language') ?? 'zh') as SettingsView['language'],
  theme: asked.get('theme') ?? 'light',
};
terminal.enrolled = asked.get('enrolled') !== 'no';
terminal.staff = people.find(({ role }) => role === asked.get('role'));
Object.assign(window, { terminal });

const target = document.getElementById('app');
if (target) mount(App, { target, props: { transport: terminal } });
