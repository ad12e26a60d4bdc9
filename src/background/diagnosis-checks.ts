/** The checks of a diagnosis: each asks what it must, once, and writes what it found into the run. What it means is decided elsewhere. */
import type { Answer, Failure, Person, Question } from '../cxone/port.ts';
import type { AgentId } from '../domain/agent-state.ts';
import { vitalScopes } from '../domain/connection.ts';
import { hostOf } from '../domain/connection-hosts.ts';
import type { AgentEvidence, Check, Failed, Got, RowFinding, StateTry } from '../domain/diagnosis/evidence.ts';
import { refusesId } from '../domain/diagnosis/facts.ts';
import { matchId } from '../domain/diagnosis/id-kind.ts';
import { newSlot } from '../domain/snapshot.ts';
import { authStatusItem } from '../storage/items.ts';
import { loadKnown } from '../storage/poll-store.ts';
import { hostsMissing } from './config.ts';
import { ask, inTime, type Work } from './diagnosis-ask.ts';
import { isUnreadable } from './poll-state.ts';
import { recall, remember } from './recent.ts';

/** From so many agents on, one list of all is asked for instead of one thing per agent (seed 004: look-ups are batched). */
const MANY = 4;
/** And so many of those whom the list does not settle are asked about singly, as in a poll. */
const SINGLES = 20;
const AT_A_TIME = 5;
const MAX_PAGES = 20;
/** What is asked at the provider has no path of CXone's. */
const INTROSPECTION = '(introspection)';

/** Each is given the agents whose next check it is: of several, what one request can tell of all of them is asked once. */
export const CHECK: Record<Check, (work: Work, agents: AgentEvidence[]) => Promise<void>> = {
  async token(work) {
    const { connection } = work.config;
    const missing = await hostsMissing(connection);
    const { notBeforeMs } = (await loadKnown(connection.id)).state;
    // A renewal that is due is made now, and shows whether sign-in still stands.
    const token = missing.length === 0 ? await inTime(work, work.auth.accessToken(connection)) : null;
    const { phase, failure } = await authStatusItem(connection.id).get();
    const expiresMs = token?.ok ? token.access.expiresMs : 0;
    work.run.shared.token = { phase, failure, hostsMissing: missing, notBeforeMs, rejected: null, expiresMs };
  },

  async scopes(work) {
    const { run, auth } = work;
    const { connection } = work.config;
    const { shared } = run;
    const { grantedScopes, effectiveScopes, ledger, organisationId } = await authStatusItem(connection.id).get();
    const required = vitalScopes(connection);
    shared.tokenOrganisationId = organisationId;
    const source = ledger.at(-1)?.source ?? 'response';
    shared.scopes = { required, granted: grantedScopes, effective: effectiveScopes, source, ledger };
    if (source !== 'requested') return;
    const token = await inTime(work, auth.accessToken(connection));
    if (!token.ok) return;
    const startMs = Date.now();
    const { access } = token;
    const recent = recall<string[] | null>(connection.id, INTROSPECTION, access.token);
    const asked = recent ?? remember(connection.id, INTROSPECTION, access.token, auth.tokenScopes(connection, access));
    const told = await inTime(work, asked);
    if (told === null) return;
    shared.scopes = { ...shared.scopes, effective: told, source: 'introspection' };
    const tookMs = Date.now() - startMs;
    const trace = { check: 'scopes', method: 'POST', path: INTROSPECTION, status: 200, outcome: 'ok' } as const;
    run.traces.push({ ...trace, atMs: startMs, tookMs, requestId: '', shared: recent !== null });
  },

  async me(work) {
    const answer = await ask(work, 'me', 'me', (token) => work.port.me(token));
    work.run.shared.me = got(work, answer, 'me', '', ({ me: { organisationId, roles, permissions } }) => ({
      organisationId,
      roles,
      permissions,
    }));
  },

  async agent(work, agents) {
    const alone = agents.length < MANY ? { rest: agents, people: [] } : await fromDirectory(work, agents);
    await each(alone.rest, async (evidence) => {
      const { agentId } = evidence;
      const answer = await ask(work, 'agent', 'agent', (token) => work.port.agent(token, agentId), agentId);
      evidence.agent = got(work, answer, 'agent', agentId, ({ person }) => ofPerson(person));
      // Whose id it is, as far as the list was read: it is not read again for it.
      if (alone.people.length > 0 && answer.outcome !== 'ok' && refusesId(answer)) identify(evidence, alone.people, false);
    });
  },

  async identity(work, agents) {
    const wanted = (people: readonly Person[]) => agents.every(({ agentId }) => matchId(agentId, people.map(idsOf)) !== null);
    const { people, complete } = await readDirectory(work, 'identity', wanted);
    for (const evidence of agents) identify(evidence, people, complete);
    const unknown = agents.filter(({ identity }) => !identity?.match);
    if (unknown.length === 0) return;
    // Not a person's: is it a queue's? The rows of the list name the skills agents are logged in to.
    const list = await ask(work, 'identity', 'states', (token) => work.port.states(token, ''));
    if (list.outcome !== 'ok') return;
    for (const { agentId, identity } of unknown)
      if (identity && list.rows.some((row) => work.port.rowHasSkill(row, agentId)))
        identity.match = { kind: 'skillId', agentId: '' };
  },

  async skillGroups(work, agents) {
    await each(agents, async (evidence) => {
      const { agentId } = evidence;
      const answer = await ask(work, 'skillGroups', 'skillGroups', (token) => work.port.skillGroups(token, agentId), agentId);
      evidence.skillGroups = got(work, answer, 'skillGroups', agentId, ({ groups }) => ({ groups }));
      if (answer.outcome === 'ok' && evidence.agent?.ok) evidence.agent.organisationId ||= answer.organisationId;
    });
  },

  async state(work, agents) {
    // A second try wants a second answer.
    const fresh = agents.some(({ states }) => states.length > 0);
    const tries = new Map<AgentId, StateTry>();
    const alone = (some: AgentEvidence[]) =>
      each(some, async ({ agentId }) => void tries.set(agentId, await singleState(work, agentId, fresh)));
    if (agents.length < MANY && agents.every(({ agentId }) => agentId !== '')) await alone(agents);
    else {
      const answer = await ask(work, 'state', 'states', (token) => work.port.states(token, ''), '', fresh);
      const { found, bad } = rowsOf(work, answer, new Set(agents.map(({ agentId }) => agentId)));
      const list =
        answer.outcome === 'ok' && isUnreadable({ badRows: bad }, answer.rows.length) ? unreadable(work, answer) : answer;
      noteList(work, list, bad);
      for (const { agentId } of agents)
        tries.set(agentId, { ...got(work, list, 'states', '', () => ({ row: null })), atMs: Date.now() });
      for (const [agentId, row] of found) tries.set(agentId, { ok: true, row, atMs: Date.now() });
      // A row the list keeps back is given to whoever asks for it alone.
      const kept = ({ agentId, states }: AgentEvidence) =>
        agentId !== '' && !found.has(agentId) && (states.length === 0 || states.some((each) => each.ok && each.row !== null));
      if (answer.outcome === 'ok') await alone(agents.filter(kept).slice(0, SINGLES));
    }
    for (const { agentId, states } of agents) {
      const tried = tries.get(agentId);
      if (tried) states.push(tried);
    }
  },
};

/** @returns those whom the list of everybody does not settle, as many as may be asked about singly, and who is in it */
async function fromDirectory(work: Work, agents: AgentEvidence[]): Promise<{ rest: AgentEvidence[]; people: Person[] }> {
  const byId = new Map<AgentId, Person>();
  const { people, complete, hidden } = await readDirectory(work, 'agent', (page) => {
    for (const person of page) byId.set(person.profile.agentId, person);
    return agents.every(({ agentId }) => byId.has(agentId));
  });
  const open = agents.filter((evidence) => {
    const person = byId.get(evidence.agentId);
    if (person) evidence.agent = { ok: true, ...ofPerson(person) };
    // Only a list of everybody says that somebody is nobody.
    else if (complete && !hidden) {
      evidence.agent = notListed(work, evidence.agentId);
      identify(evidence, people, true);
    }
    return !evidence.agent;
  });
  for (const evidence of open.slice(SINGLES)) evidence.unasked = true;
  return { rest: open.slice(0, SINGLES), people };
}

const ofPerson = ({ organisationId, active }: Person) => ({ organisationId, active });

async function singleState(work: Work, agentId: AgentId, fresh: boolean): Promise<StateTry> {
  const answer = await ask(work, 'state', 'statesOf', (token) => work.port.statesOf(token, agentId), agentId, fresh);
  const { found, bad } = rowsOf(work, answer, new Set([agentId]));
  const row = found.get(agentId) ?? null;
  const read = answer.outcome === 'ok' && row === null && bad > 0 ? unreadable(work, answer) : answer;
  return { ...got(work, read, 'statesOf', agentId, () => ({ row })), atMs: Date.now() };
}

/** Page by page, until `enough`. Names are looked at and let go: nothing of a person is written into the run. */
async function readDirectory(
  work: Work,
  check: Check,
  enough: (people: readonly Person[]) => boolean,
): Promise<{ people: Person[]; complete: boolean; hidden: boolean }> {
  const people: Person[] = [];
  let hidden = false;
  for (let page = 1; page <= MAX_PAGES; page++) {
    const answer = await ask(work, check, 'directory', (token) => work.port.directory(token, page), String(page));
    if (answer.outcome !== 'ok') break;
    people.push(...answer.people);
    hidden ||= (answer.hiddenAgents ?? 0) > 0;
    if (enough(people) || !answer.more) return { people, complete: !answer.more, hidden };
  }
  return { people, complete: false, hidden };
}

function identify(evidence: AgentEvidence, people: readonly Person[], complete: boolean): void {
  if (!evidence.identity) return;
  const match = matchId(evidence.agentId, people.map(idsOf));
  evidence.identity = { ...evidence.identity, looked: true, searched: people.length, complete, match };
}

const idsOf = ({ profile: { agentId }, otherIds }: Person) => ({ agentId, otherIds });

/** The rows of the agents wanted; `bad`: how many nobody can read. */
function rowsOf(
  { port }: Work,
  answer: Answer<{ rows: unknown[] }>,
  wanted: ReadonlySet<AgentId>,
): { found: Map<AgentId, RowFinding>; bad: number } {
  const slot = newSlot();
  const found = new Map<AgentId, RowFinding>();
  let bad = 0;
  for (const row of answer.outcome === 'ok' ? answer.rows : []) {
    if (port.readRow(row, slot) !== null) bad++;
    else if (wanted.has(slot.agentId)) {
      const finding = port.inspectRow(row, slot.agentId);
      if (finding) found.set(slot.agentId, finding);
    }
  }
  return { found, bad };
}

/** An answer in which nothing can be made out. */
function unreadable({ config: { connection } }: Work, { requestId }: { requestId: string }): Failure {
  return { outcome: 'malformed', status: 200, detail: '', notBeforeMs: 0, origin: connection.apiBaseUrl, requestId };
}

/** As a poll would: rows nobody can read are nobody's. */
function noteList({ run: { shared } }: Work, answer: Answer<{ rows: unknown[] }>, bad: number): void {
  const atMs = Date.now();
  if (answer.outcome === 'ok') {
    const agents = answer.rows.length - bad;
    const outcome = bad > 0 ? 'partial' : agents > 0 ? 'ok' : 'empty';
    shared.list = { outcome, status: 200, detail: '', host: '', agents, atMs };
  } else {
    const { outcome, status, detail, origin } = answer;
    shared.list = { outcome, status, detail, host: hostOf(origin), agents: 0, atMs };
  }
}

function got<T, U>(work: Work, answer: Answer<T>, question: Question, argument: string, read: (value: T) => U): Got<U> {
  return answer.outcome === 'ok' ? { ok: true, ...read(answer) } : failed(work, answer, question, argument);
}

function failed({ port }: Work, failure: Failure, question: Question, argument: string): Failed {
  const { outcome, status, detail, notBeforeMs, origin } = failure;
  const path = port.pathOf(question, argument).split('?', 1)[0] ?? '';
  return { ok: false, outcome, status, detail, notBeforeMs, host: hostOf(origin), path };
}

/** A whole list without somebody says the same as 404 to the question who that is. */
function notListed({ port, config: { connection } }: Work, agentId: AgentId): Failed {
  const path = port.pathOf('agent', agentId);
  const host = hostOf(connection.apiBaseUrl);
  return { ok: false, outcome: 'serverError', status: 404, detail: '', notBeforeMs: 0, host, path };
}

/** A few at a time. */
async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: Math.min(AT_A_TIME, items.length) }, worker));
}
