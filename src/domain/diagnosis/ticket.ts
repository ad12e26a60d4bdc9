/**
 * What an administrator, or CXone's support, needs to go on: verdict, evidence, scopes and requests with their ids, in UTC. Names of people and
 * skills are not in it, nor anything that could be a token (`redact.ts`).
 */
import type { AgentId } from '../agent-state.ts';
import type { Phrase } from '../problem-words.ts';
import { type CauseGroup, groupByCause } from './cause-groups.ts';
import { causeText, causeTitle, causeTodo, pieceWords } from './cause-words.ts';
import { type CheckResult, checkLines } from './check-lines.ts';
import { diagnose } from './diagnose.ts';
import { ownOrganisations } from './facts.ts';
import { cleaner, cleanRun } from './redact.ts';
import { type DiagnosisRun, evidenceOf } from './run.ts';
import type { Piece, Verdict } from './verdict.ts';

export interface TicketContext {
  /** Of the product. */
  version: string;
  /** Host of the connection's API. */
  tenantHost: string;
  /** Puts a phrase into the reader's language. */
  say: (phrase: Phrase) => string;
}

const PRODUCT = 'Agent Watch for CXone';
/** So many lines are read; the JSON has all. */
const MAX_IDS = 50;
const MAX_REQUESTS = 100;

const MARKS: Record<CheckResult, string> = {
  ok: '✓',
  bad: '✗',
  open: '?',
  running: '…',
  waiting: '…',
  notNeeded: '–',
  unknown: '–',
};

/** ISO 8601 in UTC; '' for a time that is none, and for 0, which stands for "not known". */
function iso(ms: number): string {
  const date = new Date(ms);
  return ms > 0 && !Number.isNaN(date.getTime()) ? date.toISOString() : '';
}

export function ticketMarkdown(original: DiagnosisRun, { version, tenantHost, say }: TicketContext): string {
  const run = cleanRun(original);
  const clean = cleaner(run.agents.map(({ agentId }) => agentId));
  const words = ({ key, params }: Phrase) => say({ key, params: params.map(clean) });
  const label = (name: string, ...params: (string | number)[]) => say({ key: `ticket_${name}`, params: params.map(String) });
  const fact = (name: string, value: string) => (value === '' ? [] : [`- ${label(name)}: ${inline(clean(value))}`]);
  const pieces = (name: string, list: readonly Piece[]) =>
    list.length > 0 ? ['', `${label(name)}:`, ...list.map((each) => `- ${inline(words(pieceWords(each)))}`)] : [];
  const ids = (agentIds: readonly AgentId[]) => {
    const shown = agentIds
      .filter((id) => id !== '')
      .slice(0, MAX_IDS)
      .map((id) => code(clean(id)));
    const more = agentIds.length - MAX_IDS;
    return shown.length > 0 ? [`- ${label('agents')}: ${shown.join(', ')}${more > 0 ? ` + ${more}` : ''}`] : [];
  };

  const [only, ...others] = run.agents;
  const alone = only && others.length === 0 ? only : null;
  const { verdicts = [], answered: isAnswered = false } = alone ? diagnose(evidenceOf(run, alone), iso) : {};
  // As on the page: what is merely possible is what it may be.
  const open = verdicts[0]?.confidence === 'possible';
  const also = open ? verdicts : verdicts.slice(1);
  const found = ({ verdict, agentIds }: CauseGroup): string[] => {
    if (!verdict || open) return [`### ${label(alone && isAnswered ? 'answered' : 'none')}`, '', ...ids(agentIds), ''];
    const { confidence, whoCanFix, supports, contradicts } = verdict;
    return [
      `### ${inline(words(causeTitle(verdict)))}`,
      '',
      inline(
        [say({ key: `confidence_${confidence}`, params: [] }), ...causeText(verdict).map(words)]
          .join('. ')
          .replace(/([.!?”"])\. /g, '$1 '),
      ),
      '',
      inline([say({ key: `who_${whoCanFix}`, params: [] }), ...causeTodo(verdict).map(words)].join(' ')),
      '',
      ...ids(agentIds),
      ...pieces('for', supports),
      ...pieces('against', contradicts),
      '',
    ];
  };

  const { scopes } = run.shared;
  const lines = [
    `# ${label('title')}`,
    '',
    ...fact('product', `${PRODUCT} ${version}`),
    ...fact('tenant', tenantHost),
    ...fact('profile', run.shared.profile),
    ...fact('organisation', ownOrganisations(evidenceOf(run, alone ?? only ?? NOBODY)).join(', ')),
    ...fact('run', `${run.id}, ${label(`status_${run.status}`)}`),
    ...fact('from', iso(run.startedMs)),
    ...fact('to', iso(run.updatedMs)),
    '',
    `## ${label('found')}`,
    '',
    ...groupByCause(run, iso).flatMap(found),
    ...(also.length > 0
      ? [
          `${open ? label('mayBe') : label('also')}:`,
          ...also.map(
            (verdict) =>
              `- ${inline(words(causeTitle(verdict)))} (${say({ key: `confidence_${verdict.confidence}`, params: [] })})`,
          ),
          '',
        ]
      : []),
    ...(alone
      ? [
          `## ${label('checks')}`,
          '',
          ...table(
            [label('check'), label('result'), 'ms'],
            checkLines(run, alone.agentId, iso).map(({ check, result, pieces: list, tookMs }) => [
              `${MARKS[result]} ${say({ key: `check_${check}`, params: [] })}`,
              list.map((each) => words(pieceWords(each))).join('; '),
              String(tookMs),
            ]),
          ),
        ]
      : []),
    ...(scopes
      ? [
          `## ${label('scopes')}`,
          '',
          ...fact('required', scopes.required.join(' ')),
          ...fact('granted', scopes.granted.join(' ')),
          ...fact('effective', scopes.effective.join(' ')),
          ...fact('source', scopes.source),
          '',
          ...table(
            [label('when'), label('grant'), label('requested'), label('received'), label('lost')],
            scopes.ledger.map(({ atMs, kind, nth, requested, received, lost }) =>
              [iso(atMs), nth > 0 ? `${kind} ${nth}` : kind, requested.join(' '), received.join(' '), lost.join(' ')].map(clean),
            ),
          ),
        ]
      : []),
    `## ${label('requests')}`,
    '',
    ...table(
      [label('when'), label('request'), 'HTTP', label('result'), 'ms', label('requestId')],
      run.traces
        .slice(-MAX_REQUESTS)
        .map(({ atMs, method, path, status, outcome, tookMs, requestId, shared }) =>
          [
            iso(atMs),
            `${method} ${path}`,
            status > 0 ? String(status) : '',
            shared ? `${outcome} ${label('shared')}` : outcome,
            String(tookMs),
            requestId,
          ].map(clean),
        ),
    ),
  ];
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}

/** The same, whole, for a machine: every piece of the evidence and the verdicts it comes to. Times as ISO 8601 in UTC, null where not known. */
export function ticketJson(original: DiagnosisRun, { version, tenantHost }: TicketContext): string {
  const run = cleanRun(original);
  const clean = cleaner(run.agents.map(({ agentId }) => agentId));
  const { connectionId: _, ...rest } = run;
  const verdicts = run.agents.map((agent): { agentId: AgentId; answered: boolean; verdicts: Verdict[] } => ({
    agentId: agent.agentId,
    ...diagnose(evidenceOf(run, agent), iso),
  }));
  return `${JSON.stringify(told({ product: PRODUCT, version, tenantHost, found: verdicts, run: rest }, clean), null, 2)}\n`;
}

const NOBODY = { agentId: '', missing: null, agent: null, identity: null, skillGroups: null, states: [], lastSeen: null };
/** Durations, not moments. */
const DURATIONS = ['tookMs'];

function told(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return clean(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map((item) => told(item, clean));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const moment = key.endsWith('Ms') && !DURATIONS.includes(key) && typeof item === 'number';
      return moment ? [key.slice(0, -2), iso(item) || null] : [key, told(item, clean)];
    }),
  );
}

function table(head: string[], rows: string[][]): string[] {
  if (rows.length === 0) return ['–', ''];
  const line = (cells: string[]) => `| ${cells.map((cell) => inline(cell) || '–').join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}

/** What others wrote must neither end a cell nor become emphasis, a link or HTML. */
function inline(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/[|\\`*<>[\]]/g, '\\$&')
    .trim();
}

const code = (text: string) => `\`${text.replace(/[`\p{Cc}]/gu, '')}\``;
