import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evidence, Trace } from '../../../../src/domain/diagnosis/evidence.ts';
import { cleanId, cleanWords } from '../../../../src/domain/diagnosis/redact.ts';
import type { DiagnosisRun } from '../../../../src/domain/diagnosis/run.ts';
import { type TicketContext, ticketJson, ticketMarkdown } from '../../../../src/domain/diagnosis/ticket.ts';
import { textOf } from '../../support/files.ts';
import { runs } from '../../support/runs.ts';
import { anyEvidence } from './any-evidence.ts';
import {
  AGENT,
  FOUND,
  failed,
  gone,
  grant,
  HOUR,
  LISTED,
  NOBODY_LISTED,
  NOW,
  OTHER,
  PUZZLE,
  puzzle,
  row,
  runOf,
  SECOND,
  SIGN_IN,
  scopes,
  searched,
  token,
  unasked,
  withRow,
} from './evidence.ts';

const context: TicketContext = {
  version: '1.2.3',
  tenantHost: 'api.example.com',
  say: ({ key, params }) => textOf('en', key, params),
};
const trace = (more: Partial<Trace> = {}): Trace => ({
  check: 'agent',
  method: 'GET',
  path: `/api/v2/agents/${AGENT}`,
  status: 200,
  outcome: 'ok',
  atMs: NOW + 120,
  tookMs: 84,
  requestId: 'req-000123',
  shared: false,
  ...more,
});
const markdown = (agents: Evidence[], more: Partial<DiagnosisRun> = {}) =>
  ticketMarkdown(runOf(agents, { traces: [trace()], ...more }), context);

const TOKENS = [
  'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJkZW1vIn0.c2lnbmF0dXJlLXNpZ25hdHVyZQ',
  'f3a9c1d2e4b5a6978877665544332211ffeeddccbbaa0099f3a9',
  'Ab3/x9Kd+2Lm7Pq0/Rs4Tu8Vw1Yz5/Bc6De9Fg3Hj7Kl2/Mn8Pq4Rs',
];
const NAMES = ['Dana Ortiz', 'Billing Canary', 'dana.canary@example.com', 'dana.canary%40example.com'];

describe('a ticket', () => {
  const lost = puzzle({
    list: NOBODY_LISTED,
    token: token({ phase: 'scopeLost' }),
    scopes: scopes({
      effective: ['view:agent'],
      ledger: [SIGN_IN, grant('renewal', NOW - HOUR, 1, ['view:agent'], ['view:interaction'])],
    }),
    me: null,
    agent: null,
    skillGroups: null,
    states: [],
  });

  it('tells what an administrator needs: verdict, evidence, scopes grant by grant, times in UTC', () => {
    const text = markdown([lost], { traces: [] });
    expect(text).toMatch(/^# CXone gives no state/);
    expect(text).toContain('- Made by: Agent Watch for CXone 1.2.3');
    expect(text).toContain('- CXone host: api.example.com');
    expect(text).toContain('- Signed in to organisation: org-7');
    expect(text).toContain('- Diagnosis: run-1, complete');
    expect(text).toContain(`- Begun: ${new Date(NOW).toISOString()}`);
    expect(text).toContain(
      `### The renewal at ${new Date(NOW - HOUR).toISOString()} lost view:interaction, so CXone answers with an empty list`,
    );
    expect(text).toContain('Certain. It was renewal 1 since you signed in. Without this permission');
    expect(text).toContain('What you can do: Sign in again');
    expect(text).toContain(`- Agents: \`${AGENT}\``);
    expect(text).toContain('- Lacks view:interaction; has view:agent');
    expect(text).toContain('| ✓ Sign-in | Signed in, to be renewed before');
    expect(text).toContain('| ✗ Permissions | Lacks view:interaction');
    expect(text).toContain('- Required: view:agent view:interaction');
    expect(text).toContain(
      `| ${new Date(NOW - HOUR).toISOString()} | renewal 1 | view:agent view:interaction | view:agent | view:interaction |`,
    );
    expect(text).not.toMatch(/undefined|NaN|\[object| {2}/);
  });

  it('lists each request with its id', () => {
    const text = markdown([PUZZLE], {
      traces: [trace(), trace({ path: '/api/v2/agents/states', shared: true, status: 0, requestId: '' })],
    });
    expect(text).toContain(`| ${new Date(NOW + 120).toISOString()} | GET /api/v2/agents/${AGENT} | 200 | ok | 84 | req-000123 |`);
    expect(text).toContain('ok (answered a moment before)');
    expect(markdown([PUZZLE], { traces: Array.from({ length: 150 }, () => trace()) }).match(/req-000123/g)).toHaveLength(100);
  });

  it('says what else was considered, what speaks against it, and that nothing was found', () => {
    const unsure = markdown([puzzle({ lastSeen: { category: 'working', stateName: 'On a contact', atMs: NOW - HOUR } })]);
    // What is merely possible explains nothing: it comes second, as on the page.
    expect(unsure).toContain('### Nothing was found that explains it');
    expect(unsure).toContain(
      'What it may be:\n- The agent is logged in, but to no skill (Possible)\n- The agent is logged in, but',
    );
    const doubted = puzzle({ tokenOrganisationId: 'org-9', skillGroups: { ok: true, groups: [{ name: '', active: false }] } });
    expect(markdown([{ ...doubted, list: NOBODY_LISTED }])).toMatch(/Also considered:\n- .*\(Likely\)/);
    expect(markdown([puzzle({ tokenOrganisationId: 'org-9' })])).toContain(
      'What speaks against it:\n- The agent is in your organisation, org-7',
    );
    expect(markdown([unasked({ missing: null })])).toContain('### Nothing was found that explains it');
    expect(markdown([puzzle({ missing: null, states: [withRow(row())] })])).toContain('### CXone gives the state now');
  });

  it('of many is by cause', () => {
    const outsider = (agentId: string) => puzzle({ agentId, agent: { ...FOUND, organisationId: 'org-9' } });
    const text = markdown([outsider('a1'), outsider('a2'), puzzle({ agentId: 'a3', skillGroups: { ok: true, groups: [] } })]);
    expect(text).toContain('- Agents: `a1`, `a2`');
    expect(text.indexOf('another organisation')).toBeLessThan(text.indexOf('in no skill group'));
    const many = markdown(Array.from({ length: 60 }, (_, index) => outsider(`a${index}`)));
    expect(many).toContain('`a49` + 10');
  });

  it('counts skills and does not name them', () => {
    const paused = puzzle({
      skillGroups: {
        ok: true,
        groups: [
          { name: 'Billing Canary', active: false },
          { name: 'Billing Canary', active: false },
        ],
      },
    });
    for (const text of [markdown([paused]), ticketJson(runOf([paused]), context)]) expect(text).not.toContain('Canary');
    expect(markdown([paused])).toContain('Paused: 2 of 2');
    expect(markdown([PUZZLE])).toContain('Skill groups: 2');
  });

  it('keeps ids of agents, and hides what people typed in their place', () => {
    expect(cleanId(AGENT)).toBe(AGENT);
    expect(cleanId('4711')).toBe('4711');
    expect(cleanId('agent-4711')).toBe('agent-4711');
    expect(cleanId('dana@example.com')).toBe('(e-mail)');
    expect(cleanId('Dana Ortiz')).toBe('(text)');
    expect(cleanId('dortiz')).toBe('(text)');
    expect(cleanId(TOKENS[0] ?? '')).not.toContain('eyJ');
    const typed = puzzle({
      agentId: 'Dana Ortiz',
      agent: gone('/api/v2/agents/Dana%20Ortiz'),
      identity: searched({ looksLike: 'text', match: { kind: 'externalId', agentId: OTHER } }),
      states: [],
    });
    const traces = [trace({ path: '/api/v2/agents/Dana%20Ortiz?x=dana.canary%40example.com' })];
    for (const text of [markdown([typed], { traces }), ticketJson(runOf([typed], { traces }), context)]) {
      expect(text).toContain(OTHER);
      expect(text).toContain('/api/v2/agents/(text)?x=(e-mail)');
      expect(text).not.toMatch(/Dana|canary/);
    }
  });

  it.each(['Dana', 'Bo', 'Æ b', 'zoë'])('hides what was typed also where it is as short as %s', (name) => {
    const path = `/api/v2/agents/${encodeURIComponent(name)}`;
    const typed = puzzle({ agentId: name, agent: gone(path), states: [] });
    const traces = [`${path}/skillGroups`, `/api/v2/agents/states?agentId=${encodeURIComponent(name)}`, `${path}?x=1`];
    const paths = traces.map((each) => trace({ path: each }));
    for (const text of [markdown([typed], { traces: paths }), ticketJson(runOf([typed], { traces: paths }), context)]) {
      expect(text).toContain('/api/v2/agents/(text)/skillGroups');
      expect(text).toContain('/api/v2/agents/states?agentId=(text)');
      expect(text).toContain('/api/v2/agents/(text)?x=1');
      expect(text).not.toContain(`/${encodeURIComponent(name)}`);
    }
  });

  it("shows the server's own words without tokens and addresses, and they cannot break out of their cell", () => {
    expect(cleanWords(`Token ${TOKENS[0]} of dana@example.com is bad.`)).toBe('Token … of (e-mail) is bad.');
    const said = markdown([
      puzzle({ states: [{ ...failed('forbidden', 403, { detail: 'No | way <b>\n# here` [x](http://y)' }), atMs: NOW }] }),
    ]);
    expect(said).toContain('No \\| way \\<b\\> # here\\` \\[x\\](http://y)');
  });

  it('as JSON has all of the evidence, with times in UTC, and the verdicts', () => {
    const found = JSON.parse(ticketJson(runOf([lost], { traces: [trace()] }), context));
    expect(found).toMatchObject({
      version: '1.2.3',
      tenantHost: 'api.example.com',
      found: [{ agentId: AGENT, answered: false, verdicts: [{ cause: 'scopeDroppedOnRefresh', confidence: 'certain' }] }],
      run: {
        id: 'run-1',
        started: new Date(NOW).toISOString(),
        tookMs: { agent: 112 },
        shared: { scopes: { ledger: [{ at: new Date(SIGN_IN.atMs).toISOString() }, {}] }, token: { notBefore: null } },
        traces: [{ requestId: 'req-000123', tookMs: 84, at: new Date(NOW + 120).toISOString() }],
      },
    });
    expect(found.run.connectionId).toBeUndefined();
  });

  it('has nothing planted in it, wherever it was', () => {
    const canary = fc.constantFrom(...TOKENS, ...NAMES);
    const planted = fc
      .tuple(anyEvidence(), fc.array(canary, { minLength: 12, maxLength: 12 }))
      .map(([evidence, all]): Evidence => {
        const [a = '', b = '', c = '', d = '', e = '', f = '', g = '', h = '', i = '', j = ''] = all;
        const token1 = TOKENS[all.filter((each) => TOKENS.includes(each)).length % TOKENS.length] ?? '';
        const detail = `Sorry, ${token1} dana.canary@example.com.`;
        const refused = failed('forbidden', 403, { detail });
        return {
          ...evidence,
          agentId: a,
          list: evidence.list && { ...LISTED, outcome: evidence.list.outcome, detail },
          me: { ok: true, organisationId: 'org-7', roles: [token1, 'dana.canary@example.com'], permissions: [token1] },
          agent: evidence.agent?.ok ? evidence.agent : refused,
          skillGroups: { ok: true, groups: [b, c, d, e, f, g, h, i, j].map((name) => ({ name, active: false })) },
          states: [
            ...evidence.states.map((each) =>
              each.ok ? { ...each, row: each.row && row({ stateName: token1 }) } : { ...each, detail },
            ),
          ],
          lastSeen: { category: 'working', stateName: token1, atMs: NOW - SECOND },
        };
      });
    fc.assert(
      fc.property(planted, canary, (evidence, pathPart) => {
        const path = `/api/v2/agents/${encodeURIComponent(evidence.agentId)}/${TOKENS.includes(pathPart) ? encodeURIComponent(pathPart) : ''}`;
        const before = {
          runId: 'r',
          agentId: evidence.agentId,
          cause: 'skillInactive' as const,
          confidence: 'certain' as const,
          params: ['Billing Canary'],
          atMs: 0,
        };
        const run = runOf([evidence], { before, traces: [trace({ path: path.replaceAll('%2F', '').replaceAll('%2B', '') })] });
        for (const text of [ticketMarkdown(run, context), ticketJson(run, context)]) {
          for (const secret of [...TOKENS, ...NAMES, 'Canary', 'canary']) expect(text.includes(secret), secret).toBe(false);
        }
      }),
      runs(400),
    );
  });

  it('can be made of anything', () => {
    fc.assert(
      fc.property(fc.array(anyEvidence(), { minLength: 1, maxLength: 3 }), (agents) => {
        expect(markdown(agents).length).toBeGreaterThan(100);
        expect(JSON.parse(ticketJson(runOf(agents), context)).found).toHaveLength(agents.length);
      }),
      runs(200),
    );
  });
});
