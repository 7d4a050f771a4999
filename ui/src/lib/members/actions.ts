/** Taking a member in, the same from the counter and from the members' screen. */
import type { MemberView, Problem } from '../generated/api';
import type { Desk } from '../state/desk.svelte';
import { t } from '../state/language.svelte';
import { memberDraft } from './draft.svelte';

/** Takes in the member who was typed; the member, or the one whom the number belongs to already. */
export async function create(desk: Desk, refused: (problem: Problem) => void): Promise<MemberView | undefined> {
  const consents = [...(memberDraft.membership ? ['membership'] : []), ...(memberDraft.marketing ? ['marketing'] : [])];
  const profile = { ...memberDraft.profile };
  const made = await desk.attempt('members', () => desk.terminal.do('create_member', { profile, consents }), refused);
  if (!made) return undefined;
  memberDraft.clear();
  desk.notices.brief('members', () => t(made.number_taken ? 'members.numberKnown' : 'members.created'));
  return made.member;
}
