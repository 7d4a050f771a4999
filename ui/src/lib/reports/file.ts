/** Files that the core makes: the window has them saved on its own machine, a browser takes them as a download. */
import type { ReportFileView } from '../generated/api';

/** True in the window, which runs on the till itself. */
export function inWindow(): boolean {
  return '__TAURI_INTERNALS__' in window;
}

/** Offers a file as a download. */
export function download({ name, media_type, content }: ReportFileView): void {
  const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([bytes], { type: media_type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
