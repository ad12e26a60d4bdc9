import { useEffect, useRef } from 'preact/hooks';
import type { AgentId } from '../../../domain/agent-state.ts';
import { t } from '../../../messages/words.ts';
import { BackIcon } from '../../parts/icons.tsx';
import { routeHash } from '../../parts/where.ts';
import { route } from '../route.ts';
import { AgentRun } from './agent-run.tsx';
import { AgentsRun } from './agents-run.tsx';
import './diagnosis.css';
import { useArrival } from './landing.ts';
import { nameOf, useNames } from './names.ts';
import type { Shown } from './runs.ts';
import { Start } from './start.tsx';
import { asking, askWhy, followDiagnoses, keptError, ROOM, shown } from './state.ts';

function Opening() {
  return (
    <section class="card" aria-label={t('diagnosis_opening')}>
      <p class="mut" role="status">
        {t('diagnosis_opening')}
      </p>
    </section>
  );
}

/** Nothing to show for this address, and the button that makes it so that there is. */
function Empty({ title, why, agentIds }: { title: string; why: string; agentIds: AgentId[] | null }) {
  const [only] = agentIds ?? [];
  useNames(only === undefined ? [] : [only]);
  const about = only !== undefined && agentIds?.length === 1 ? nameOf(only) : '';
  return (
    <section class="card empty" aria-labelledby="empty">
      <a class="btn icon" href={routeHash({ room: ROOM })} aria-label={t('diagnosis_back')}>
        <BackIcon />
      </a>
      <div class="verdict-words">
        {about !== '' && (
          <p class="mut">
            <bdi>{about}</bdi>
          </p>
        )}
        <h2 id="empty" data-landing="title" tabIndex={-1}>
          {title}
        </h2>
        <p>{why}</p>
        {agentIds && (
          <div class="acts">
            <button
              type="button"
              class="btn main"
              aria-disabled={asking.value}
              onClick={() => {
                if (!asking.peek()) void askWhy(agentIds);
              }}
            >
              {asking.value ? t('fix_busy') : t('diagnosis_findOut')}
            </button>
          </div>
        )}
      </div>
    </section>
  );
}

function View({ what }: { what: Shown }) {
  switch (what.kind) {
    case 'start':
      return <Start />;
    case 'opening':
      return <Opening />;
    case 'notStarted':
      return (
        <Empty title={t('diagnosis_notStarted')} why={what.error || t('diagnosis_notStartedText')} agentIds={what.agentIds} />
      );
    case 'nothing':
      return (
        <Empty
          title={t(what.agentId === null ? 'diagnosis_goneRun' : 'diagnosis_nothingYet')}
          why={keptError.value || t(what.agentId === null ? 'diagnosis_goneRunText' : 'diagnosis_nothingYetText')}
          agentIds={what.agentId === null ? null : [what.agentId]}
        />
      );
    case 'agent':
      return <AgentRun key={what.agent.agentId} run={what.run} agent={what.agent} />;
    case 'agents':
      return <AgentsRun run={what.run} />;
  }
}

function viewOf(what: Shown): string | null {
  if (what.kind === 'opening') return null;
  return what.kind === 'agent' ? `agent ${what.agent.agentId}` : what.kind;
}

/** Until the new answer is there the old one stays, its buttons saying that they work: nothing jumps. But never one about somebody else. */
function staysUntilThen(what: Shown): boolean {
  const { agent } = route.value;
  if (what.kind === 'agent') return agent === null || agent === what.agent.agentId;
  return what.kind === 'start' || (what.kind === 'agents' && agent === null);
}

/** Console › Diagnosis: why CXone gives no state. */
export function Diagnosis() {
  const area = useRef<HTMLDivElement>(null);
  const last = useRef<Shown>({ kind: 'opening' });
  useEffect(followDiagnoses, []);
  if (shown.value.kind !== 'opening' || !staysUntilThen(last.current)) last.current = shown.value;
  useArrival(area, viewOf(last.current));
  return (
    <div class="diagnosis" ref={area}>
      <View what={last.current} />
    </div>
  );
}
