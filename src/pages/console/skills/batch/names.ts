/** Whom and what ids stand for, for the screen alone: a batch keeps ids only. */
import { computed } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { AgentId } from '../../../../domain/agent-state.ts';
import type { SkillId } from '../../../../domain/skills/assignment.ts';
import { agents, readList } from '../../wallboard/list.ts';
import { connectionId } from '../access.ts';
import { look, looking, skills } from '../input/lookup.ts';

const agentNames = computed(() => new Map((agents.value ?? []).map(({ agentId, name }) => [agentId, name])));
const skillNames = computed(() => new Map((skills.value ?? []).map(({ skillId, name }) => [skillId, name])));

/** The id itself where no name is known. */
export const agentName = (agentId: AgentId): string => agentNames.value.get(agentId) || agentId;
export const skillName = (skillId: SkillId): string => skillNames.value.get(skillId) || skillId;
/** Both, where there is room for it. */
export const named = (name: string, id: string): string => (name === id ? id : `${name} (${id})`);

/** Names are asked for when rows are shown, and not before; skills once, as they seldom change. */
export function useNames(): void {
  const id = connectionId.value;
  useEffect(() => {
    void readList();
    if (skills.peek() === null && looking.peek() === null) void look([]);
  }, [id]);
}
