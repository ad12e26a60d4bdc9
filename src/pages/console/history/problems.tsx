import { useComputed, useSignal } from '@preact/signals';
import browser from 'webextension-polyfill';
import type { AgentId } from '../../../domain/agent-state.ts';
import type { HistoryProblem } from '../../../domain/history/history.ts';
import { hostPatterns } from '../../../domain/problem-words.ts';
import { send } from '../../../messages/send.ts';
import { type MessageKey, t } from '../../../messages/words.ts';
import { signIn } from '../../parts/banner.tsx';
import { InfoIcon, WarningIcon } from '../../parts/icons.tsx';
import { auth, glance } from '../../parts/store.ts';
import { nameOf } from '../diagnosis/names.ts';
import { go } from '../route.ts';
import { beginsLate, insteadKey, isCalm, problemWords } from './problem-words.ts';
import { isToCome } from './question.ts';
import { type ProblemGroup, problemsOf, type Remedy, remedyFor } from './standing.ts';
import { again, ask, lanes, load, loadError, question, readError, reads } from './state.ts';

/** So many names are read at a glance; the rest is a number. */
const NAMES = 3;

const LABELS: Record<Exclude<Remedy, null>, MessageKey> = {
  useHistory: 'history_use',
  signInAgain: 'history_signInWithScope',
  signIn: 'fix_signIn',
  again: 'fix_retry',
  findOut: 'diagnosis_findOut',
};

/** Asked inside the click: Chrome shows its question about hosts only then. What was to be loaded is loaded as soon as it may be. */
async function useHistory(): Promise<void> {
  const hosts = glance.peek()?.connection?.hosts ?? [];
  if (hosts.length > 0) await browser.permissions.request({ origins: hostPatterns(hosts) });
  await send('useCapability', { capability: 'history', on: true });
}

async function put(remedy: Exclude<Remedy, null>, [agentId]: readonly AgentId[]): Promise<void> {
  if (remedy === 'again') return ask();
  if (remedy === 'findOut') return go({ room: 'diagnosis', agent: agentId ?? null, ask: true });
  return remedy === 'signIn' ? signIn() : useHistory();
}

/** What is still seen without the tenant's history. */
function instead(problem: HistoryProblem, agentIds: readonly AgentId[]): string {
  const affected = lanes.value.filter(({ agentId }) => agentIds.includes(agentId));
  const key = insteadKey(
    problem,
    affected.map(({ lane }) => lane?.source),
  );
  return key === null ? '' : t(key);
}

/** How many records have come. */
function recordsOf(agentIds: readonly AgentId[]): number {
  const loaded = load.value?.agents.filter(({ agentId }) => agentIds.includes(agentId)) ?? [];
  if (loaded.length > 0) return loaded.reduce((sum, { records }) => sum + records, 0);
  return agentIds.reduce((sum, agentId) => sum + (reads.value.get(agentId)?.history.records?.length ?? 0), 0);
}

function Names({ agentIds }: { agentIds: readonly AgentId[] }) {
  if (agentIds.length === lanes.value.length) return null;
  const more = agentIds.length - NAMES;
  return (
    <p class="problem-text">
      {t('history_concerns')}{' '}
      {agentIds.slice(0, NAMES).map((agentId, index) => (
        <span key={agentId}>
          {index > 0 && ', '}
          <bdi>{nameOf(agentId)}</bdi>
        </span>
      ))}
      {more > 0 && ` ${t('history_andMore', more)}`}
    </p>
  );
}

function Problem({ group: { problem, agentIds, detail } }: { group: ProblemGroup }) {
  const busy = useSignal(false);
  const failed = useSignal('');
  const remedy = remedyFor(problem);
  const waiting =
    (remedy === 'useHistory' || remedy === 'signInAgain' || remedy === 'signIn') && auth.value?.phase === 'signingIn';
  const onClick = async () => {
    if (busy.value || waiting || remedy === null) return;
    busy.value = true;
    failed.value = '';
    try {
      await put(remedy, agentIds);
    } catch (error) {
      failed.value = error instanceof Error ? error.message : String(error);
    } finally {
      busy.value = false;
    }
  };
  const asked = question.value;
  if (!asked) return null;
  const calm = isCalm(problem);
  const nowMs = Date.now();
  const { title, text } = problemWords(problem, asked, recordsOf(agentIds), nowMs);
  const seen = isToCome(asked, nowMs) ? '' : instead(problem, agentIds);
  return (
    <div class={`banner ${calm ? 'calm' : 'warning'} history-problem`} data-problem={problem}>
      <span class="banner-icon">{calm ? <InfoIcon /> : <WarningIcon />}</span>
      <div>
        <p class="problem-title">{title}</p>
        <p class="problem-text">{text}</p>
        <Names agentIds={agentIds} />
        {detail && <p class="problem-text">{t('history_serverSaid', detail)}</p>}
        {seen && <p class="problem-text">{seen}</p>}
        {failed.value && (
          <p class="fix-failed" role="alert">
            {failed.value}
          </p>
        )}
      </div>
      {remedy && (
        <div class="banner-acts">
          <button
            type="button"
            class={remedy === 'again' || remedy === 'findOut' ? 'btn' : 'btn main'}
            aria-disabled={busy.value || waiting}
            onClick={() => void onClick()}
          >
            {busy.value || waiting ? t('fix_busy') : t(LABELS[remedy])}
          </button>
        </div>
      )}
    </div>
  );
}

/** A range that begins longer ago than the tenant's records of it do. */
function BeginsLate() {
  const asked = question.value;
  // The newest may come first.
  const over = load.value === null || load.value.status === 'done';
  if (!asked || !over) return null;
  const late = lanes.value.filter(({ lane }) => lane && beginsLate(lane, asked, Date.now()));
  if (late.length === 0) return null;
  return (
    <div class="banner calm history-problem" data-problem="beginsLate">
      <span class="banner-icon">
        <InfoIcon />
      </span>
      <div>
        <p class="problem-title">{t('history_beginsLate')}</p>
        <p class="problem-text">{t('history_problem_noData_text')}</p>
        <Names agentIds={late.map(({ agentId }) => agentId)} />
        {late.some(({ lane }) => lane?.source === 'both') && <p class="problem-text">{t('history_beforeIsOurs')}</p>}
      </div>
    </div>
  );
}

/** Said by the load itself, which goes on. */
const QUIET: readonly HistoryProblem[] = ['rateLimited'];

/** Why the tenant's history is not here, or not all of it: one banner for each reason, with what is shown in its place and one button. */
export function Problems() {
  const groups = useComputed(() => {
    const loads = new Map(load.value?.agents.map((agent) => [agent.agentId, agent]));
    const found = lanes.value.flatMap(({ agentId, lane }) => {
      const agent = loads.get(agentId);
      // A load under way says more than what was known before it.
      const problem = agent ? agent.problem : (lane?.problem ?? null);
      return problem === null || QUIET.includes(problem) ? [] : { agentId, problem, detail: agent?.detail ?? '' };
    });
    return problemsOf(found);
  }).value;
  const error = readError.value || loadError.value;
  return (
    <>
      {error !== '' && (
        <div class="banner error history-problem" role="alert">
          <span class="banner-icon">
            <WarningIcon />
          </span>
          <div>
            <p class="problem-title">{t(readError.value ? 'history_readFailed' : 'history_askFailed')}</p>
            <p class="problem-text">{error}</p>
          </div>
          <div class="banner-acts">
            <button type="button" class="btn" onClick={again}>
              {t('fix_retry')}
            </button>
          </div>
        </div>
      )}
      {groups.map((group) => (
        <Problem key={group.problem} group={group} />
      ))}
      <BeginsLate />
    </>
  );
}
