/**
 * What leaves the product in a ticket: nothing that could be a token, and nothing personal. The worker has cleaned what servers said already
 * (`cxone/ask.ts`); a ticket is read by strangers, so it is done again here, and more strictly.
 */
import type { AgentId } from '../agent-state.ts';
import { idKind } from './id-kind.ts';
import type { DiagnosisRun } from './run.ts';

const TOKEN = /eyJ[\w.~+/=-]+|[\w~+-]{40,}/g;
/** Among free words nothing is so long, slashes or not. */
const TOKEN_IN_WORDS = /eyJ[\w.~+/=-]+|[\w.~+/=-]{40,}/g;
/** Also as a path spells it. The lengths are those of RFC 5321, 4.5.3.1: without a limit a long text takes the square of its length. */
const EMAIL = /[^\s/?&=,;"'<>()@]{1,64}(?:@|%40)[^\s/?&=,;"'<>()]{1,255}/gi;
const HIDDEN = '…';
const HIDDEN_EMAIL = '(e-mail)';
const HIDDEN_TEXT = '(text)';
/** A shorter id is looked for as a whole only, or as a whole part of a path: it may be part of any word. */
const FINDABLE = 5;

/** The server's own words, a role's or a state's name. */
export const cleanWords = (text: string): string => text.replace(EMAIL, HIDDEN_EMAIL).replace(TOKEN_IN_WORDS, HIDDEN);

/** An agent's id as it may be told: what people typed in its place may be an address or a name. Ids have digits, names have none. */
export function cleanId(id: AgentId): string {
  if (id === '') return '';
  const kind = idKind(id);
  if (kind === 'email') return HIDDEN_EMAIL;
  if (kind === 'text' && (/\s/.test(id.trim()) || !/\d/.test(id))) return HIDDEN_TEXT;
  return cleanWords(id);
}

const clean = (text: string) => text.replace(EMAIL, HIDDEN_EMAIL).replace(TOKEN, HIDDEN);

/** For everything else that is said about these agents: ids, paths, scopes, organisations. */
export function cleaner(agentIds: readonly AgentId[]): (text: string) => string {
  const hidden = agentIds.flatMap((id) => (cleanId(id) === id ? [] : [[id, cleanId(id)] as const]));
  return (text) => {
    const whole = hidden.find(([id]) => id === text);
    if (whole) return whole[1];
    const parts = text.replace(
      /(?<=[/=])[^\s/?&=#]+/g,
      (part) => hidden.find(([id]) => part === id || part === encoded(id))?.[1] ?? part,
    );
    const without = hidden
      .filter(([id]) => id.length >= FINDABLE)
      .reduce((rest, [id, mask]) => rest.replaceAll(encoded(id), mask).replaceAll(id, mask), parts);
    return clean(without);
  };
}

/** Half a character, pasted, has no encoding. */
function encoded(id: string): string {
  try {
    return encodeURIComponent(id);
  } catch {
    return id;
  }
}

/** The same run without what only the screen may show: names of skills, and words nobody has looked through. */
export function cleanRun(run: DiagnosisRun): DiagnosisRun {
  const { shared } = run;
  const { me, list } = shared;
  const words = <T>(got: T): T => (isFailed(got) ? { ...got, detail: cleanWords(got.detail) } : got);
  return {
    ...run,
    // Its parameters may be names; which cause it was is enough.
    before: run.before && { ...run.before, params: [] },
    shared: {
      ...shared,
      me: me?.ok ? { ...me, roles: me.roles.map(cleanWords), permissions: me.permissions.map(cleanWords) } : words(me),
      list: list && { ...list, detail: cleanWords(list.detail) },
    },
    agents: run.agents.map((agent) => {
      const { skillGroups, lastSeen } = agent;
      return {
        ...agent,
        agent: words(agent.agent),
        skillGroups: skillGroups?.ok
          ? { ok: true, groups: skillGroups.groups.map(({ active }) => ({ name: '', active })) }
          : words(skillGroups),
        states: agent.states.map((each) =>
          each.ok && each.row ? { ...each, row: { ...each.row, stateName: cleanWords(each.row.stateName) } } : words(each),
        ),
        lastSeen: lastSeen && { ...lastSeen, stateName: cleanWords(lastSeen.stateName) },
      };
    }),
  };
}

const isFailed = (got: unknown): got is { detail: string } => typeof got === 'object' && got !== null && 'detail' in got;
