import { groupByCause } from '../../../domain/diagnosis/cause-groups.ts';
import type { DiagnosisRun, RunStatus } from '../../../domain/diagnosis/run.ts';
import { t, tCode } from '../../../messages/words.ts';
import { routeHash } from '../../parts/where.ts';
import { clock, findingOf, headline, outcomeOf } from './finding.ts';
import { useStatus } from './from-now.ts';
import { nameOf, useNames } from './names.ts';
import { allRuns } from './runs.ts';
import { text } from './said.tsx';
import { kept, keptError, published, ROOM, readKept } from './state.ts';

/** What a run came to, in one sentence. */
function storyOf(run: DiagnosisRun, status: RunStatus): string {
  if (status === 'running') return t('diagnosis_past_running');
  const [only] = run.agents;
  if (only && run.agents.length === 1) return text(headline(outcomeOf(findingOf(run, only), status)));
  if (status !== 'done') return tCode(`diagnosis_${status}_title`);
  const causes = groupByCause(run, clock).flatMap(({ verdict }) => (verdict ? [verdict] : []));
  const [first, ...others] = causes;
  if (!first) return t('diagnosis_group_none');
  const title = text(headline({ kind: 'verdict', verdict: first, others: [] }));
  return others.length > 0 ? t('diagnosis_past_andOthers', title, others.length) : title;
}

function Past({ run }: { run: DiagnosisRun }) {
  const status = useStatus(run);
  const [first] = run.agents;
  const single = run.agents.length === 1;
  useNames(first && single ? [first.agentId] : []);
  return (
    <li>
      <a href={routeHash({ room: ROOM, run: run.id })}>
        <time class="mut">{clock(run.startedMs)}</time>
        <b class="cut">
          <bdi>{first && single ? nameOf(first.agentId) : t('diagnosis_agents', run.agents.length)}</bdi>
        </b>
        <span class="story">{storyOf(run, status)}</span>
        <span class="mut sm">{t(run.by === 'user' ? 'diagnosis_past_asked' : 'diagnosis_past_byItself')}</span>
      </a>
    </li>
  );
}

/** The last diagnoses, the newest first; each opens as it was. */
export function PastRuns() {
  const runs = allRuns(published.value, kept.value);
  const loading = kept.value === null;
  return (
    <section class="card past" aria-labelledby="past">
      <h2 id="past">{t('diagnosis_past')}</h2>
      {keptError.value !== '' && (
        <div class="past-failed" role="alert">
          <p>
            {t('diagnosis_pastFailed')} {keptError.value}
          </p>
          <button type="button" class="btn" onClick={() => void readKept()}>
            {t('fix_retry')}
          </button>
        </div>
      )}
      {runs.length === 0 && keptError.value === '' && (
        <p class="mut">{loading ? t('diagnosis_pastLoading') : t('diagnosis_pastNone')}</p>
      )}
      {/* biome-ignore lint/a11y/noRedundantRoles: without bullets Safari and its kin no longer call it a list */}
      <ul class="plain past-runs" role="list">
        {runs.map((run) => (
          <Past key={run.id} run={run} />
        ))}
      </ul>
    </section>
  );
}
