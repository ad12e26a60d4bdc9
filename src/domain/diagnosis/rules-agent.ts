/** The agent: whose id it is, and what the agent is set up for. */
import type { IdKind } from './evidence.ts';
import { type Facts, isGone, refusesId } from './facts.ts';
import { isOfAnotherKind } from './id-kind.ts';
import { piece, rowPieces, seenPieces, someOf } from './pieces.ts';
import type { Rules } from './rule.ts';
import type { Piece } from './verdict.ts';

type OfAgent = 'wrongKindOfId' | 'agentNotFound' | 'noSkillGroups' | 'skillInactive';

export const AGENT_RULES: Rules<OfAgent> = {
  wrongKindOfId(facts) {
    const { agentId, agent, identity, lastSeen } = facts.evidence;
    if (!identity || agent?.ok) return null;
    const { looksLike, expected, looked, complete, match } = identity;
    const other = isOfAnotherKind(looksLike, expected);
    const refused = agent !== null && !agent.ok && refusesId(agent);
    const pieces = [
      ...(other ? [piece('identity', 'idLooksLike', looksLike, expected)] : []),
      ...(refused ? [piece('agent', 'agentNotFound', agentId)] : []),
    ];
    const found = (kind: IdKind, right: string) => ({
      params: [kind, agentId, right] as [string, string, string],
      who: 'supervisor' as const,
      remedy: right === '' ? ('stopWatching' as const) : ('watchInstead' as const),
      argument: right,
    });
    if (match && match.agentId !== agentId && (other || refused)) {
      const supports = [piece('identity', 'idIs', match.kind, match.agentId), ...pieces];
      const contradicts = [...rowPieces(facts), ...nobodyElse(facts)];
      return { ...found(match.kind, match.agentId), confidence: 'certain', supports, contradicts };
    }
    if (match || !other || !(refused || looked)) return null;
    // CXone listed this very id before: it was no other kind of id then.
    const contradicts: Piece[] = [...rowPieces(facts), ...(lastSeen ? seenPieces(facts) : []), ...nobodyElse(facts)];
    const nowhere = looked && complete ? [piece('identity', 'idNowhere', identity.searched)] : [];
    return { ...found(looksLike, ''), confidence: 'likely', supports: [...pieces, ...nowhere], contradicts };
  },

  agentNotFound(facts) {
    const { agentId, agent, identity } = facts.evidence;
    if (!agent || agent.ok || !refusesId(agent)) return null;
    const match = identity?.match ?? null;
    if (match && match.agentId !== agentId) return null;
    const searchedAll = identity?.looked === true && identity.complete && identity.searched > 0;
    const rightKind = identity !== null && !isOfAnotherKind(identity.looksLike, identity.expected);
    // Where nothing at all is found, it is not the agent that is missing.
    const nothing = facts.asked.every(({ failed }) => failed !== null && isGone(failed)) && facts.asked.length > 1;
    return {
      confidence: nothing ? 'possible' : isGone(agent) && searchedAll && rightKind ? 'certain' : 'likely',
      params: [agentId],
      who: 'supervisor',
      remedy: 'stopWatching',
      supports: [
        piece('agent', 'agentNotFound', agentId),
        ...(searchedAll && !match ? [piece('identity', 'idNowhere', identity.searched)] : []),
      ],
      contradicts: [...rowPieces(facts), ...(match ? [piece('agent', 'agentFound')] : []), ...nobodyElse(facts)],
    };
  },

  noSkillGroups(facts) {
    const { skillGroups } = facts.evidence;
    if (!skillGroups?.ok || skillGroups.groups.length > 0 || facts.row) return null;
    return {
      confidence: facts.missing ? sure(facts) : 'possible',
      params: [],
      who: 'admin',
      remedy: 'openAdmin',
      supports: [piece('skillGroups', 'groupsNone')],
      contradicts: nobodyElse(facts),
    };
  },

  skillInactive(facts) {
    const { skillGroups } = facts.evidence;
    if (!skillGroups?.ok || facts.row) return null;
    const { groups } = skillGroups;
    const paused = groups.filter(({ active }) => active === false);
    if (paused.length === 0) return null;
    const all = paused.length === groups.length;
    return {
      confidence: all && facts.missing ? sure(facts) : 'possible',
      params: [someOf(paused.map(({ name }) => name))],
      who: 'admin',
      remedy: 'openAdmin',
      supports: [piece('skillGroups', 'groupsPaused', paused.length, groups.length)],
      contradicts: nobodyElse(facts),
    };
  },
};

/** The documented API lists agents whatever their skills: without any, an agent may be missing for another reason there. */
const sure = ({ evidence: { profile } }: Facts) => (profile === 'public' ? 'possible' : 'certain');

/** What is wrong with one agent does not explain why everybody is missing. */
const nobodyElse = ({ listEmpty }: Facts): Piece[] => (listEmpty ? [piece('state', 'othersNone')] : []);
