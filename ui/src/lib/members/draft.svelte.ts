/**
 * What was typed about a member and not yet sent. It stays while the person goes to another screen and back, and goes with
 * the page: names and numbers are written to no disk by a browser.
 */
import type { MemberFileView, MemberProfileView } from '../generated/api';

const nothing: MemberProfileView = { name: '', phone: '', birthday: '', email: '', notes: '' };

class MemberDraft {
  profile = $state<MemberProfileView>({ ...nothing });
  membership = $state(false);
  marketing = $state(false);
  /** The member whose data is being changed; empty: a new one. */
  of = $state('');

  begin(): void {
    if (this.of !== '') this.clear();
  }

  edit(file: MemberFileView): void {
    if (this.of === file.member.id) return;
    this.profile = { ...file.profile };
    this.of = file.member.id;
  }

  clear(): void {
    this.profile = { ...nothing };
    this.membership = false;
    this.marketing = false;
    this.of = '';
  }
}

export const memberDraft = new MemberDraft();

class Finding {
  /** What is looked for. */
  text = $state('');
}

/** Kept apart for the counter and for the screen. */
export const finding = { counter: new Finding(), screen: new Finding() };
