import '@testing-library/jest-dom/vitest';
import { configure } from '@testing-library/svelte';

// What jsdom lacks and the screens use.
HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
  this.open = false;
};
Element.prototype.scrollIntoView ??= () => undefined;
window.matchMedia ??= (query: string) =>
  Object.assign(new EventTarget(), {
    matches: false,
    media: query,
    onchange: null,
    addListener: () => undefined,
    removeListener: () => undefined,
  }) as MediaQueryList;

// A failing query says which element is missing; the whole page would bury it.
configure({ getElementError: (message) => new Error(message ?? 'not found') });
