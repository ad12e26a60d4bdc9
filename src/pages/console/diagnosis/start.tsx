import type { AgentId } from '../../../domain/agent-state.ts';
import type { Problem } from '../../../domain/problem.ts';
import { problemTitle } from '../../../domain/problem-words.ts';
import { t } from '../../../messages/words.ts';
import { unanswered } from '../../parts/attention.ts';
import { glance, problem } from '../../parts/store.ts';
import { isAboutList } from '../../parts/why.ts';
import { AgentField } from './agent-field.tsx';
import { PastRuns } from './past.tsx';
import { text } from './said.tsx';
import { asking, askWhy } from './state.ts';

/** So many names are read at a glance; the rest is a number. */
const NAMES = 3;

function Missing() {
  const missing = (glance.value?.rows ?? []).filter(unanswered);
  if (missing.length === 0) return null;
  const named = missing.slice(0, NAMES);
  const more = missing.length - named.length;
  return (
    <div class="missing">
      <p>
        <b>{t(missing.length === 1 ? 'diagnosis_missing_one' : 'diagnosis_missing', missing.length)}</b>{' '}
        <span class="mut">
          {named.map(({ agentId, name }, index) => (
            <span key={agentId}>
              {index > 0 && ', '}
              <bdi>{name}</bdi>
            </span>
          ))}
          {more > 0 && ` ${t('diagnosis_missing_more', more)}`}
        </span>
      </p>
      <button type="button" class="btn" aria-disabled={asking.value} onClick={() => ask(missing.map(({ agentId }) => agentId))}>
        {missing.length === 1 ? t('diagnosis_whyThisOne') : t('diagnosis_whyThese', missing.length)}
      </button>
    </div>
  );
}

/** Something is wrong with the list as a whole. */
function WholeList({ problem: shown }: { problem: Problem }) {
  return (
    <div class="missing">
      <p>
        <b>{text(problemTitle(shown))}</b>
      </p>
      <button type="button" class="btn" aria-disabled={asking.value} onClick={() => ask([])}>
        {t('diagnosis_whyList')}
      </button>
    </div>
  );
}

function ask(agentIds: AgentId[]): void {
  if (!asking.peek()) void askWhy(agentIds);
}

/** Where one starts without a question yet. */
export function Start() {
  return (
    <>
      <section class="card asking" aria-labelledby="ask">
        <h2 id="ask" data-landing="title" tabIndex={-1}>
          {t('diagnosis_start')}
        </h2>
        <p class="mut">{t('diagnosis_startText')}</p>
        <AgentField ask={(agentId) => ask([agentId])} />
        {problem.value && isAboutList(problem.value) && <WholeList problem={problem.value} />}
        <Missing />
      </section>
      <PastRuns />
    </>
  );
}
