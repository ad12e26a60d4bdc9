import { describe, expect, it } from 'vitest';
import type { Cause, Confidence, Remedy, WhoCanFix } from '../../../../src/domain/diagnosis/causes.ts';
import { diagnose } from '../../../../src/domain/diagnosis/diagnose.ts';
import type { Evidence } from '../../../../src/domain/diagnosis/evidence.ts';
import { nextStep } from '../../../../src/domain/diagnosis/next-step.ts';
import type { Params } from '../../../../src/domain/diagnosis/params.ts';
import {
  AGENT,
  clock,
  codes,
  everybody,
  FOUND,
  failed,
  failing,
  GROUPS,
  gone,
  grant,
  HOST,
  HOUR,
  identity,
  LISTED,
  ME,
  MINUTE,
  NOBODY_LISTED,
  NOW,
  ORG,
  OTHER,
  PUZZLE,
  puzzle,
  row,
  SCOPES,
  SECOND,
  SIGN_IN,
  scopes,
  searched,
  token,
  unasked,
  verdicts,
  without,
  withRow,
} from './evidence.ts';

interface Case<C extends Cause> {
  evidence: Evidence;
  confidence?: Confidence;
  params: Params[C];
  who: WhoCanFix;
  remedy: Remedy | null;
  argument?: string;
  /** The same symptom from another cause: its top verdict is that one. */
  nearMisses: [what: string, evidence: Evidence, top: Cause | null][];
}

const dropped = (nth: number, atMs: number, received: string[]) =>
  scopes({
    effective: received,
    ledger: [SIGN_IN, grant('renewal', NOW - 2 * HOUR, 1, SCOPES), grant('renewal', atMs, nth, received, ['view:interaction'])],
  });
const never = scopes({
  granted: ['view:agent'],
  effective: ['view:agent'],
  ledger: [{ ...SIGN_IN, requested: ['view:agent'], received: ['view:agent'] }],
});
/** What is known without a further request when the token lacks a scope. */
const lacking = (carried: NonNullable<Evidence['scopes']>) =>
  puzzle({
    token: token({ phase: 'scopeLost' }),
    scopes: carried,
    me: null,
    agent: null,
    skillGroups: null,
    states: [],
    list: NOBODY_LISTED,
  });
const NO_RIGHT = { ...ME, roles: ['Agent'], permissions: ['Agent:View'] };
const notFound = (whose: NonNullable<Evidence['identity']>, more: Partial<Evidence> = {}) =>
  puzzle({ agent: gone(`/api/v2/agents/${AGENT}`), identity: whose, skillGroups: null, states: [], ...more });
const LATE = { sinceMs: NOW - 10 * SECOND, polls: 1 };

const TABLE: { [C in Cause]: Case<C> } = {
  hostAccessMissing: {
    evidence: puzzle({
      token: token({ hostsMissing: ['https://api.example.com', 'https://id.example.com'] }),
      scopes: null,
      states: [],
    }),
    params: ['api.example.com, id.example.com'],
    who: 'supervisor',
    remedy: 'grantHosts',
    argument: 'https://api.example.com,https://id.example.com',
    nearMisses: [['allowed, but nobody answers', unasked({ me: failed('offline', 0) }), 'unreachable']],
  },
  unreachable: {
    evidence: unasked({ me: null, agent: failed('offline', 0), skillGroups: null }),
    params: [HOST, ''],
    who: 'supervisor',
    remedy: 'runAgain',
    nearMisses: [
      [
        'no token to ask with',
        unasked({ token: token({ phase: 'needsSignIn' }), agent: failed('offline', 0), skillGroups: null }),
        'tokenRejected',
      ],
      [
        'a fault of *me* alone, all else answers',
        puzzle({ me: failed('serverError', 503), states: [withRow(row({ category: 'loggedOut' }))] }),
        'loggedOut',
      ],
      [
        'the poll did not get through, all else answers now',
        puzzle({ list: { ...LISTED, outcome: 'offline', agents: 0 }, skillGroups: { ok: true, groups: [] } }),
        'noSkillGroups',
      ],
    ],
  },
  captivePortal: {
    evidence: unasked({ me: failed('portal', 200), agent: null, skillGroups: null }),
    params: [HOST],
    who: 'supervisor',
    remedy: 'openPortal',
    nearMisses: [
      [
        'a web page with 404',
        unasked({ me: gone('/api/v2/users/me'), list: { ...LISTED, outcome: 'serverError', status: 404, agents: 0 } }),
        'wrongHostOrVersion',
      ],
    ],
  },
  rateLimited: {
    evidence: unasked({ skillGroups: failed('rateLimited', 429, { notBeforeMs: NOW + 30 * SECOND }) }),
    params: ['T30'],
    who: 'supervisor',
    remedy: 'runLater',
    argument: String(NOW + 30 * SECOND),
    nearMisses: [
      [
        'the pause is over',
        puzzle({ token: token({ notBeforeMs: NOW - SECOND }), skillGroups: { ok: true, groups: [] } }),
        'noSkillGroups',
      ],
    ],
  },
  wrongHostOrVersion: {
    evidence: unasked({
      me: gone('/api/v3/users/me'),
      agent: null,
      skillGroups: null,
      list: { ...LISTED, outcome: 'serverError', status: 404, agents: 0, atMs: NOW - MINUTE },
    }),
    params: [HOST, '/api/v3/users/me'],
    who: 'admin',
    remedy: 'openOptions',
    nearMisses: [
      ['404 for the agent alone', notFound(searched()), 'agentNotFound'],
      ['a tenant without *me*', notFound(searched(), { me: gone('/api/v2/users/me') }), 'agentNotFound'],
      ['a web page without 404', unasked({ me: failed('portal', 200) }), 'captivePortal'],
    ],
  },
  malformed: {
    evidence: puzzle({ states: [failing(failed('malformed', 200))] }),
    params: ['/api/v2/agents/states'],
    who: 'admin',
    remedy: 'runAgain',
    nearMisses: [
      [
        'the list could not be read, but singly there is a row',
        puzzle({ list: { ...LISTED, outcome: 'malformed', agents: 0 }, states: [withRow(row({ category: 'loggedOut' }))] }),
        'loggedOut',
      ],
    ],
  },
  tokenRejected: {
    evidence: unasked({ token: token({ rejected: true }), me: failed('unauthorized', 401) }),
    params: [],
    who: 'supervisor',
    remedy: 'signIn',
    nearMisses: [
      ['401 once, accepted after the renewal', puzzle({ skillGroups: { ok: true, groups: [] } }), 'noSkillGroups'],
      [
        '403 instead',
        puzzle({ states: [failing(failed('forbidden', 403))], list: { ...LISTED, outcome: 'forbidden', agents: 0 } }),
        'roleLacksPermission',
      ],
    ],
  },
  scopeEmpty: {
    evidence: lacking(scopes({ granted: [], effective: [], ledger: [{ ...SIGN_IN, received: [], lost: SCOPES }] })),
    params: [],
    who: 'supervisor',
    remedy: 'signIn',
    nearMisses: [
      [
        'other scopes than the required ones',
        lacking(scopes({ effective: ['reporting'], ledger: [{ ...SIGN_IN, received: ['reporting'] }] })),
        'scopeMissing',
      ],
      ['a renewal left OpenID alone', lacking(dropped(2, NOW - HOUR, ['openid'])), 'scopeDroppedOnRefresh'],
    ],
  },
  scopeDroppedOnRefresh: {
    evidence: lacking(dropped(2, NOW - HOUR, ['view:agent'])),
    params: ['view:interaction', 'T-3600', '2'],
    who: 'supervisor',
    remedy: 'signIn',
    nearMisses: [
      ['never given', lacking(never), 'scopeMissing'],
      [
        'lost, and back with the next renewal',
        puzzle({
          scopes: scopes({
            ledger: [
              SIGN_IN,
              grant('renewal', NOW - HOUR, 1, ['view:agent'], ['view:interaction']),
              grant('renewal', NOW - MINUTE, 2, SCOPES),
            ],
          }),
          me: NO_RIGHT,
          list: NOBODY_LISTED,
        }),
        'roleLacksPermission',
      ],
    ],
  },
  scopeMissing: {
    evidence: lacking(never),
    params: ['view:interaction', 'T-10800'],
    who: 'supervisor',
    remedy: 'signIn',
    nearMisses: [
      [
        'complete, but another organisation',
        puzzle({ agent: { ...FOUND, organisationId: 'org-9' }, list: NOBODY_LISTED }),
        'organisationMismatch',
      ],
      ['had it until the second renewal', lacking(dropped(2, NOW - HOUR, ['view:agent'])), 'scopeDroppedOnRefresh'],
    ],
  },
  roleLacksPermission: {
    evidence: unasked({ me: NO_RIGHT, agent: null, skillGroups: null, list: NOBODY_LISTED }),
    params: ['Agent', ''],
    who: 'admin',
    remedy: 'openAdmin',
    nearMisses: [
      [
        'the role may, the account is of another organisation',
        unasked({ me: { ...ME, organisationId: 'org-9' }, tokenOrganisationId: 'org-9', list: NOBODY_LISTED }),
        'organisationMismatch',
      ],
      [
        '403 that speaks of a partition',
        puzzle({ states: [failing(failed('forbidden', 403, { detail: 'Restricted by partition "EMEA".' }))] }),
        'partitionRestricted',
      ],
      ['a scope is lacking', lacking(never), 'scopeMissing'],
    ],
  },
  partitionRestricted: {
    evidence: unasked({
      agent: failed('forbidden', 403, { detail: 'Access to this agent is restricted by partition "EMEA".' }),
      skillGroups: null,
    }),
    params: ['Access to this agent is restricted by partition "EMEA".'],
    who: 'admin',
    remedy: 'openAdmin',
    nearMisses: [
      [
        '403 for everybody',
        everybody({
          states: [failing(failed('forbidden', 403, { detail: 'You may not.' }))],
          list: { ...LISTED, outcome: 'forbidden', agents: 0 },
        }),
        'roleLacksPermission',
      ],
    ],
  },
  organisationMismatch: {
    evidence: unasked({ agent: { ...FOUND, organisationId: 'org-9' }, skillGroups: null }),
    params: ['org-9', ORG],
    who: 'supervisor',
    remedy: 'stopWatching',
    nearMisses: [
      [
        'the same, written otherwise',
        puzzle({ agent: { ...FOUND, organisationId: ' ORG-7 ' }, skillGroups: { ok: true, groups: [] } }),
        'noSkillGroups',
      ],
      [
        'the agent does not say',
        puzzle({ agent: { ...FOUND, organisationId: '' }, skillGroups: { ok: true, groups: [] } }),
        'noSkillGroups',
      ],
    ],
  },
  wrongKindOfId: {
    evidence: unasked({
      agentId: 'dana@example.com',
      agent: null,
      skillGroups: null,
      identity: searched({ looksLike: 'email', match: { kind: 'email', agentId: OTHER } }),
    }),
    params: ['email', 'dana@example.com', OTHER],
    who: 'supervisor',
    remedy: 'watchInstead',
    argument: OTHER,
    nearMisses: [
      ['of the right kind, and nobody has it', notFound(searched()), 'agentNotFound'],
      [
        'looks odd, but CXone knows the agent',
        puzzle({ agentId: '4711', identity: identity({ looksLike: 'number' }), skillGroups: { ok: true, groups: [] } }),
        'noSkillGroups',
      ],
    ],
  },
  agentNotFound: {
    evidence: notFound(searched()),
    params: [AGENT],
    who: 'supervisor',
    remedy: 'stopWatching',
    nearMisses: [
      ["it is somebody's user id", notFound(searched({ match: { kind: 'userId', agentId: OTHER } })), 'wrongKindOfId'],
      ['known, and logged out', puzzle({ states: [withRow(row({ category: 'loggedOut', loggedIn: false }))] }), 'loggedOut'],
      [
        'nothing at all is found',
        notFound(identity({ looked: true }), { me: gone('/api/v2/users/me'), list: null }),
        'wrongHostOrVersion',
      ],
    ],
  },
  noSkillGroups: {
    evidence: unasked({ skillGroups: { ok: true, groups: [] } }),
    params: [],
    who: 'admin',
    remedy: 'openAdmin',
    nearMisses: [
      [
        'has groups, is logged in to none',
        puzzle({ states: [withRow(row({ category: 'loggedIn', skills: 0 }))] }),
        'notLoggedInToASkill',
      ],
      [
        'does not have any either, but is logged out',
        puzzle({
          missing: null,
          skillGroups: { ok: true, groups: [] },
          states: [withRow(row({ category: 'loggedOut', loggedIn: false, sinceMs: 0 }))],
        }),
        'loggedOut',
      ],
      [
        'nobody is listed, and no permission is for states',
        unasked({ me: NO_RIGHT, skillGroups: { ok: true, groups: [] }, list: NOBODY_LISTED }),
        'roleLacksPermission',
      ],
    ],
  },
  skillInactive: {
    evidence: unasked({
      skillGroups: {
        ok: true,
        groups: [
          { name: 'Billing', active: false },
          { name: '', active: false },
        ],
      },
    }),
    params: ['Billing'],
    who: 'admin',
    remedy: 'openAdmin',
    nearMisses: [
      [
        'one of two is paused, and the agent is in no other',
        puzzle({
          skillGroups: {
            ok: true,
            groups: [
              { name: 'Billing', active: false },
              { name: 'Tier 1', active: true },
            ],
          },
          lastSeen: { category: 'loggedOut', stateName: '', atMs: NOW - HOUR },
        }),
        'loggedOut',
      ],
      [
        'nobody says whether they are',
        puzzle({
          skillGroups: { ok: true, groups: [{ name: 'Billing', active: null }] },
          states: [withRow(row({ category: 'loggedIn' }))],
        }),
        'noStateSet',
      ],
    ],
  },
  noChangeSince: {
    evidence: puzzle({ states: [failing(failed('unchanged', 304))] }),
    params: [],
    who: 'supervisor',
    remedy: 'runAgain',
    nearMisses: [['an empty answer to a full question', puzzle({ skillGroups: { ok: true, groups: [] } }), 'noSkillGroups']],
  },
  loggedOut: {
    evidence: puzzle({
      missing: null,
      states: [withRow(row({ category: 'loggedOut', loggedIn: false, sinceMs: NOW - 41 * MINUTE, skills: 0 }))],
    }),
    params: ['T-2460', ''],
    who: 'agent',
    remedy: 'runAgain',
    nearMisses: [
      [
        'unknown to CXone',
        notFound(searched(), { lastSeen: { category: 'loggedOut', stateName: '', atMs: NOW - HOUR } }),
        'agentNotFound',
      ],
      ['logged in, without a state', puzzle({ states: [withRow(row({ category: 'loggedIn' }))] }), 'noStateSet'],
    ],
  },
  notLoggedInToASkill: {
    evidence: puzzle({ states: [withRow(row({ category: 'loggedIn', stateName: 'Logged in', skills: 0 }))] }),
    params: [],
    who: 'agent',
    remedy: 'runAgain',
    nearMisses: [
      ['logged in to skills', puzzle({ states: [withRow(row({ category: 'loggedIn', skills: 2 }))] }), 'noStateSet'],
      [
        'logged out, so to no skill either',
        puzzle({ states: [withRow(row({ category: 'loggedOut', loggedIn: false, skills: 0 }))] }),
        'loggedOut',
      ],
      [
        'on a break, and never missing',
        puzzle({ missing: null, states: [withRow(row({ category: 'unavailable', skills: 0 }))] }),
        null,
      ],
    ],
  },
  noStateSet: {
    evidence: puzzle({ states: [withRow(row({ stateGiven: false, stateName: '', category: 'loggedIn', skills: null }))] }),
    params: [],
    who: 'agent',
    remedy: 'runAgain',
    nearMisses: [
      [
        'no skill, hence no state',
        puzzle({ states: [withRow(row({ stateGiven: false, category: 'loggedIn', skills: 0 }))] }),
        'notLoggedInToASkill',
      ],
      ['a state no map knows is a state', puzzle({ missing: null, states: [withRow(row({ category: 'unknown' }))] }), null],
    ],
  },
  propagationDelay: {
    evidence: puzzle({ states: [without(1), without(6), withRow(row(), 11)] }),
    params: ['10', '2'],
    who: 'supervisor',
    remedy: null,
    nearMisses: [
      [
        'appeared, but logged out',
        puzzle({ states: [without(1), withRow(row({ category: 'loggedOut', loggedIn: false }), 6)] }),
        'loggedOut',
      ],
      ['never missing', puzzle({ missing: null, states: [withRow(row())] }), null],
      ['back after an hour', puzzle({ missing: { sinceMs: NOW - HOUR, polls: 90 }, states: [withRow(row(), 1)] }), null],
    ],
  },
};

describe.each(Object.entries(TABLE))(
  '%s',
  (cause, { evidence, confidence = 'certain', params, who, remedy, argument = '', nearMisses }) => {
    it('is told by its evidence', () => {
      const [top] = verdicts(evidence);
      expect(top).toMatchObject({ cause, confidence, params, whoCanFix: who, remedy, remedyArgument: argument, contradicts: [] });
      expect(top?.supports).not.toEqual([]);
    });

    it('has a near miss', () => expect(nearMisses).not.toEqual([]));

    it.each(nearMisses)('is not mistaken: %s', (_what, other, top) => {
      expect(verdicts(other)[0]?.cause ?? null).toBe(top);
      expect(top).not.toBe(cause);
    });
  },
);

describe('how sure', () => {
  const confidenceOf = (cause: Cause, evidence: Evidence) => verdicts(evidence).find((each) => each.cause === cause)?.confidence;

  it('a scope that is lacking while others are listed with this very token explains nothing for certain', () => {
    const held = lacking(never);
    expect(verdicts({ ...held, list: LISTED })[0]).toMatchObject({ cause: 'scopeMissing', confidence: 'possible' });
    expect(codes(verdicts({ ...held, list: LISTED })[0]?.contradicts ?? [])).toEqual(['othersListed']);
    // Listed before the renewal that lost it: another token.
    const lost = lacking(dropped(2, NOW - 10 * SECOND, ['view:agent']));
    expect(verdicts({ ...lost, list: LISTED })[0]).toMatchObject({ cause: 'scopeDroppedOnRefresh', confidence: 'certain' });
  });

  it('nobody said what the token carries: not certain', () => {
    const assumed = lacking({ ...never, source: 'requested' });
    expect(verdicts(assumed)[0]).toMatchObject({ cause: 'scopeMissing', confidence: 'likely' });
    expect(verdicts(lacking({ ...never, source: 'introspection' }))[0]).toMatchObject({ confidence: 'certain' });
  });

  it('a scope asked for and refused is for the administrator to allow', () => {
    const refused = scopes({
      effective: ['view:agent'],
      ledger: [{ ...SIGN_IN, received: ['view:agent'], lost: ['view:interaction'] }],
    });
    expect(verdicts(lacking(refused))[0]).toMatchObject({ cause: 'scopeMissing', whoCanFix: 'admin', remedy: 'signIn' });
  });

  it('a silent sign-in that lost a scope has no number', () => {
    const silent = scopes({
      effective: ['view:agent'],
      ledger: [SIGN_IN, grant('silentSignIn', NOW - HOUR, 0, ['view:agent'], ['view:interaction'])],
    });
    expect(verdicts(lacking(silent))[0]?.params).toEqual(['view:interaction', 'T-3600', '']);
  });

  it('no permission for states, but others are listed for the same person', () => {
    const odd = verdicts(puzzle({ me: NO_RIGHT }));
    const role = odd.find(({ cause }) => cause === 'roleLacksPermission');
    expect(role).toMatchObject({ confidence: 'possible' });
    expect(codes(role?.contradicts ?? [])).toEqual(['othersListed']);
    // A list from before the last sign-in was another's.
    const [top] = verdicts(puzzle({ me: NO_RIGHT, scopes: scopes({ ledger: [{ ...SIGN_IN, atMs: NOW - SECOND }] }) }));
    expect(top).toMatchObject({ cause: 'roleLacksPermission', confidence: 'likely' });
  });

  it("a watching role's name speaks against missing permissions; a role that has them, against nothing", () => {
    const named = verdicts(unasked({ me: { ...ME, permissions: ['Agent:View'] }, list: NOBODY_LISTED }))[0];
    expect(named).toMatchObject({ cause: 'roleLacksPermission', confidence: 'likely' });
    expect(codes(named?.contradicts ?? [])).toEqual(['permissionFound']);
    for (const permission of ['Agent State', 'agent_state:view', 'Agent Administrator', 'viewAgentState', 'Supervisor Desktop'])
      expect(
        confidenceOf('roleLacksPermission', unasked({ me: { ...ME, permissions: [permission] }, list: NOBODY_LISTED })),
      ).toBeUndefined();
  });

  it('an empty list and permissions nobody tells: the role is possible', () => {
    for (const me of [gone('/api/v2/users/me'), { ...ME, roles: [], permissions: [] }, null])
      expect(confidenceOf('roleLacksPermission', everybody({ me }))).toBe('possible');
    expect(confidenceOf('roleLacksPermission', everybody({}))).toBeUndefined();
  });

  it('403 about one agent: certain of the partition only while others are listed, or the server says so', () => {
    const refused = failing(failed('forbidden', 403, { detail: 'No.' }));
    expect(verdicts(puzzle({ states: [refused] }))[0]).toMatchObject({ cause: 'partitionRestricted', confidence: 'certain' });
    const alone = puzzle({ states: [refused], list: null });
    expect(confidenceOf('partitionRestricted', alone)).toBe('possible');
    // The permission is there, so it is not that.
    expect(confidenceOf('roleLacksPermission', alone)).toBe('possible');
    expect(confidenceOf('roleLacksPermission', { ...alone, me: null })).toBe('likely');
    expect(confidenceOf('partitionRestricted', unasked({ agent: failed('forbidden', 403), skillGroups: null }))).toBe('likely');
  });

  it("two sources disagree on one's own organisation: not certain", () => {
    const [top] = verdicts(puzzle({ tokenOrganisationId: 'org-9', list: NOBODY_LISTED }));
    expect(top).toMatchObject({ cause: 'organisationMismatch', confidence: 'likely', params: [ORG, 'org-9'], remedy: 'signIn' });
    expect(codes(top?.contradicts ?? [])).toEqual(['organisationSame']);
  });

  it('an unknown id is certain only when everybody was looked through', () => {
    expect(confidenceOf('agentNotFound', notFound(searched({ complete: false })))).toBe('likely');
    expect(confidenceOf('agentNotFound', notFound(identity()))).toBe('likely');
    expect(confidenceOf('agentNotFound', notFound(identity({ looked: true })))).toBe('likely');
    expect(confidenceOf('agentNotFound', notFound(searched(), { states: [withRow(row({ category: 'loggedOut' }))] }))).toBe(
      'likely',
    );
  });

  it('an e-mail address nobody has is likely the wrong kind of id, and nobody', () => {
    const evidence = notFound(searched({ looksLike: 'email' }), { agentId: 'dana@example.com' });
    expect(verdicts(evidence).map(({ cause, confidence }) => [cause, confidence])).toEqual([
      ['wrongKindOfId', 'likely'],
      ['agentNotFound', 'likely'],
    ]);
    expect(verdicts(evidence)[0]).toMatchObject({ params: ['email', 'dana@example.com', ''], remedy: 'stopWatching' });
  });

  it("a queue's id has nobody to watch instead", () => {
    const [top] = verdicts(notFound(searched({ match: { kind: 'skillId', agentId: '' } })));
    expect(top).toMatchObject({
      cause: 'wrongKindOfId',
      confidence: 'certain',
      remedy: 'stopWatching',
      params: ['skillId', AGENT, ''],
    });
  });

  it('an id that is nobody’s, or another’s, does not explain an empty list', () => {
    const whose = searched({ looksLike: 'email', match: { kind: 'email', agentId: OTHER } });
    for (const evidence of [notFound(searched()), notFound(whose)]) {
      expect(verdicts(evidence)[0]?.confidence).toBe('certain');
      const [top] = verdicts({ ...evidence, list: NOBODY_LISTED });
      expect(top?.confidence).toBe('likely');
      expect(codes(top?.contradicts ?? [])).toEqual(['othersNone']);
    }
  });

  it('the documented API lists agents whatever their skills: without any is never more than possible', () => {
    for (const groups of [[], [{ name: 'Billing', active: false }]]) {
      const skillGroups = { ok: true as const, groups };
      const cause = groups.length === 0 ? 'noSkillGroups' : 'skillInactive';
      expect(confidenceOf(cause, unasked({ skillGroups }))).toBe('certain');
      expect(confidenceOf(cause, unasked({ skillGroups, profile: 'public' }))).toBe('possible');
    }
  });

  it("one agent's skills do not explain an empty list", () => {
    for (const groups of [[], [{ name: 'Billing', active: false }]]) {
      const [top] = verdicts(unasked({ skillGroups: { ok: true, groups }, list: NOBODY_LISTED }));
      expect(top?.confidence).toBe('likely');
      expect(codes(top?.contradicts ?? [])).toEqual(['othersNone']);
    }
  });

  it('groups are no reason as long as the agent is not known to be missing', () => {
    expect(confidenceOf('noSkillGroups', unasked({ missing: null, skillGroups: { ok: true, groups: [] } }))).toBe('possible');
    expect(
      confidenceOf('noSkillGroups', unasked({ missing: null, skillGroups: { ok: true, groups: [] }, states: [without()] })),
    ).toBe('certain');
  });

  it('some groups paused is possible, no more', () => {
    const some = puzzle({
      skillGroups: {
        ok: true,
        groups: [
          { name: 'Billing', active: false },
          { name: 'Tier 1', active: null },
        ],
      },
    });
    expect(confidenceOf('skillInactive', some)).toBe('possible');
  });

  it('everything in order and no state: what is not ruled out, the agent seen at work a moment ago last', () => {
    const causes = (more: Partial<Evidence>) => verdicts(puzzle(more)).map(({ cause, confidence }) => [cause, confidence]);
    expect(causes({})).toEqual([
      ['loggedOut', 'possible'],
      ['notLoggedInToASkill', 'possible'],
      ['noStateSet', 'possible'],
    ]);
    expect(causes({ lastSeen: { category: 'working', stateName: 'On a contact', atMs: NOW - 10 * MINUTE } })).toEqual([
      ['notLoggedInToASkill', 'possible'],
      ['noStateSet', 'possible'],
      ['loggedOut', 'possible'],
    ]);
    // The day before yesterday says nothing.
    expect(causes({ lastSeen: { category: 'working', stateName: '', atMs: NOW - 48 * HOUR } })[0]).toEqual([
      'loggedOut',
      'possible',
    ]);
  });

  it('our own record of a log-out makes it likely; so does a profile switched off', () => {
    const seen = verdicts(puzzle({ lastSeen: { category: 'loggedOut', stateName: '', atMs: NOW - HOUR } }))[0];
    expect(seen).toMatchObject({ cause: 'loggedOut', confidence: 'likely', params: ['T-3600', ''] });
    const off = verdicts(puzzle({ agent: { ...FOUND, active: false } }))[0];
    expect(off).toMatchObject({ cause: 'loggedOut', confidence: 'likely', params: ['', 'inactive'], whoCanFix: 'admin' });
  });

  it('a state may be late for half a minute, and is not when it was asked for in vain for longer', () => {
    expect(verdicts(puzzle({ missing: LATE, states: [without(1)] }))[0]).toMatchObject({
      cause: 'propagationDelay',
      confidence: 'likely',
      remedy: 'runAgain',
    });
    expect(confidenceOf('propagationDelay', puzzle({ missing: LATE }))).toBe('possible');
    expect(confidenceOf('propagationDelay', puzzle({ missing: null }))).toBe('possible');
    expect(confidenceOf('propagationDelay', puzzle({}))).toBeUndefined();
    expect(verdicts(puzzle({ missing: LATE, states: [withRow(row(), 1)] }))[0]).toMatchObject({
      cause: 'propagationDelay',
      confidence: 'likely',
      params: ['11', ''],
    });
  });

  it('what a poll was told long before is no certainty of now', () => {
    const stale = { ...LISTED, agents: 0, atMs: NOW - MINUTE };
    for (const [outcome, status, cause] of [
      ['portal', 200, 'captivePortal'],
      ['offline', 0, 'unreachable'],
      ['forbidden', 403, 'roleLacksPermission'],
      ['malformed', 200, 'malformed'],
      ['serverError', 404, 'wrongHostOrVersion'],
    ] as const) {
      const early = unasked({ me: null, agent: null, skillGroups: null });
      expect(confidenceOf(cause, { ...early, list: { ...stale, outcome, status } }), cause).toBe('likely');
      expect(confidenceOf(cause, { ...early, list: { ...stale, outcome, status, atMs: NOW - 5 * SECOND } }), cause).toBe(
        'certain',
      );
    }
  });

  it('what went wrong with a poll is over once the state was told', () => {
    for (const [outcome, status] of [
      ['portal', 200],
      ['offline', 0],
      ['serverError', 404],
      ['rateLimited', 429],
    ] as const) {
      const list = { ...LISTED, outcome, status, agents: 0, atMs: NOW - MINUTE };
      expect(verdicts(puzzle({ list, me: gone('/api/v2/users/me') })).map(({ cause }) => cause)).toEqual([
        'loggedOut',
        'notLoggedInToASkill',
        'noStateSet',
      ]);
    }
  });

  it('a renewal that brought nothing at all is told as that', () => {
    expect(verdicts(lacking(dropped(2, NOW - HOUR, [])))[0]).toMatchObject({ cause: 'scopeEmpty', confidence: 'certain' });
    expect(codes(verdicts(lacking(dropped(2, NOW - HOUR, [])))[0]?.supports ?? [])).toEqual(['scopesNone', 'scopesLostAt']);
  });

  it('a partition may be closed to all one sees', () => {
    const refused = failing(failed('forbidden', 403, { detail: 'This resource is restricted by partition "EMEA".' }));
    const list = { ...LISTED, outcome: 'forbidden' as const, agents: 0 };
    expect(verdicts(everybody({ states: [refused], list })).map(({ cause, confidence }) => [cause, confidence])).toEqual([
      ['partitionRestricted', 'certain'],
    ]);
  });

  it('where nothing at all is found, the agent is not who is missing', () => {
    expect(confidenceOf('agentNotFound', notFound(searched(), { me: gone('/api/v2/users/me'), list: null }))).toBe('possible');
  });

  it('without a skill no state can be set: that is said second', () => {
    expect(confidenceOf('noStateSet', puzzle({ states: [withRow(row({ category: 'loggedIn', skills: 0 }))] }))).toBe('likely');
  });

  it('a portal that CXone answered after is doubted', () => {
    const [top] = verdicts(unasked({ me: failed('portal', 200), skillGroups: null }));
    expect(top).toMatchObject({ cause: 'captivePortal', confidence: 'likely' });
    expect(codes(top?.contradicts ?? [])).toEqual(['agentFound']);
  });

  it('a web page from a host that never gave a list may be the wrong host', () => {
    const page = unasked({ me: failed('portal', 200), agent: null, skillGroups: null, list: null });
    const all = (evidence: Evidence) => verdicts(evidence).map(({ cause, confidence }) => [cause, confidence]);
    expect(all(page)).toEqual([['captivePortal', 'certain']]);
    const unheard = { ...page, heard: false };
    expect(all(unheard)).toEqual([
      ['captivePortal', 'likely'],
      ['wrongHostOrVersion', 'possible'],
    ]);
    expect(all({ ...unheard, list: LISTED })[0]).toEqual(['captivePortal', 'certain']);
    expect(all({ ...unheard, lastSeen: { category: 'available', stateName: '', atMs: NOW - HOUR } })[0]).toEqual([
      'captivePortal',
      'certain',
    ]);
  });

  it('rights of names we do not know may hold the one for states: then the role is likely, and no more', () => {
    const empty = (permissions: string[]) => unasked({ me: { ...NO_RIGHT, permissions }, agent: null, list: NOBODY_LISTED });
    expect(confidenceOf('roleLacksPermission', empty(['Agent:View', 'reports.read', 'Skills-Edit']))).toBe('certain');
    for (const other of ['Presence:View', 'realtime.workforce', 'WFM_STATUS_ALL'])
      expect(confidenceOf('roleLacksPermission', empty(['Agent:View', other])), other).toBe('likely');
    const refused = failing(failed('forbidden', 403));
    const list = { ...LISTED, outcome: 'forbidden' as const, agents: 0 };
    expect(confidenceOf('roleLacksPermission', { ...empty(['Presence:View']), list, states: [refused] })).toBe('certain');
  });

  it('sign-in on its way, or a network that does not answer, may still turn out well', () => {
    for (const phase of ['recovering', 'signingIn'] as const)
      expect(verdicts(unasked({ token: token({ phase }), me: null, agent: null }))[0]).toMatchObject({
        cause: 'tokenRejected',
        confidence: 'likely',
      });
    expect(
      verdicts(unasked({ token: token({ phase: 'recovering', failure: 'network' }), me: null, agent: null }))[0]?.cause,
    ).toBe('unreachable');
    expect(verdicts(unasked({ token: token({ phase: 'signedOut' }), me: null, agent: null }))[0]).toMatchObject({
      cause: 'tokenRejected',
      confidence: 'certain',
    });
  });
});

describe('the whole list', () => {
  it('is empty and nothing explains it: no verdict is made up', () => {
    expect(diagnose(everybody(), clock)).toEqual({ verdicts: [], answered: false });
  });

  it('came on a retry', () => {
    const states = [without(1), without(6)];
    const list = { ...LISTED, atMs: NOW + 6 * SECOND };
    expect(diagnose(everybody({ list, states }), clock)).toMatchObject({
      answered: true,
      verdicts: [{ cause: 'propagationDelay', confidence: 'certain', params: ['5', '1'] }],
    });
  });

  it('is there at the first question: nothing to explain', () => {
    const list = { ...LISTED, atMs: NOW + SECOND };
    expect(diagnose(everybody({ list, missing: null, states: [without(1)] }), clock)).toEqual({ verdicts: [], answered: true });
  });
});

describe('answered', () => {
  it('is a state like any other, whatever else speaks of trouble', () => {
    const evidence = puzzle({ states: [withRow(row())], scopes: never, missing: null, me: NO_RIGHT });
    expect(diagnose(evidence, clock)).toEqual({ verdicts: [], answered: true });
  });

  it('is not: logged out, no state, no answer', () => {
    for (const finding of [
      row({ category: 'loggedOut' }),
      row({ loggedIn: false }),
      row({ stateGiven: false }),
      row({ category: 'loggedIn' }),
    ])
      expect(diagnose(puzzle({ states: [withRow(finding)] }), clock).answered).toBe(false);
    expect(diagnose(PUZZLE, clock).answered).toBe(false);
    expect(diagnose(puzzle({ states: [withRow(row()), without(5)] }), clock).answered).toBe(false);
  });

  it('in a state, with no skill and left out of the list: the skill is the likely reason', () => {
    const found = diagnose(puzzle({ states: [withRow(row({ skills: 0 }))] }), clock);
    expect(found.answered).toBe(true);
    expect(found.verdicts[0]).toMatchObject({ cause: 'notLoggedInToASkill', confidence: 'likely' });
    expect(diagnose(puzzle({ states: [withRow(row({ skills: null }))], skillGroups: GROUPS }), clock).verdicts).toEqual([]);
  });
});

describe('what was found wrong in a browser, and stays right', () => {
  it('a poll’s 401 is asked once more, by a question of our own', () => {
    const evidence = unasked({
      token: token({ rejected: null }),
      me: null,
      agent: null,
      skillGroups: null,
      list: { ...LISTED, outcome: 'unauthorized', status: 401, agents: 0, atMs: NOW },
    });
    expect(diagnose(evidence, clock).verdicts[0]).toMatchObject({ cause: 'tokenRejected' });
    expect(nextStep(evidence, NOW)).toMatchObject({ check: 'me' });
  });

  it('503 with a time is the service’s trouble, and may be asked again only then', () => {
    const untilMs = NOW + MINUTE;
    const busy = failed('serverError', 503, { notBeforeMs: untilMs });
    const evidence = unasked({ me: busy, agent: busy, skillGroups: null, token: token({ notBeforeMs: untilMs }) });
    expect(verdicts(evidence)[0]).toMatchObject({ cause: 'unreachable', remedy: 'runLater', remedyArgument: String(untilMs) });
    expect(verdicts(evidence).find(({ cause }) => cause === 'rateLimited')?.confidence).not.toBe('certain');
  });

  it('kept from asking by the browser, nothing is said of the network', () => {
    const evidence = puzzle({ token: token({ hostsMissing: ['https://api.example.com'] }), me: failed('offline', 0) });
    expect(verdicts(evidence).map(({ cause }) => cause)).not.toContain('unreachable');
  });

  it('beside what is certain, "it may only be late" is left out', () => {
    const evidence = puzzle({ missing: { sinceMs: NOW - 5 * SECOND, polls: 1 }, skillGroups: { ok: true, groups: [] } });
    expect(verdicts(evidence)).toMatchObject([{ cause: 'noSkillGroups', confidence: 'certain' }]);
  });
});
