import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { AgentId } from '../../../domain/agent-state.ts';
import type { CauseGroup } from '../../../domain/diagnosis/cause-groups.ts';
import { causeTodo } from '../../../domain/diagnosis/cause-words.ts';
import type { DiagnosisRun } from '../../../domain/diagnosis/run.ts';
import { t, tCode } from '../../../messages/words.ts';
import { formatCount } from '../../parts/count.ts';
import { auth } from '../../parts/store.ts';
import { routeHash } from '../../parts/where.ts';
import { AgainButton } from './again-button.tsx';
import { ConfidenceMark } from './confidence.tsx';
import { claim } from './finding.ts';
import { useStatus } from './from-now.ts';
import { useLanding } from './landing.ts';
import { Ledger } from './ledger.tsx';
import { nameOf, useNames } from './names.ts';
import { Progress } from './progress.tsx';
import { RemedyButton } from './remedy-button.tsx';
import { RunHead } from './run-head.tsx';
import { Said, text } from './said.tsx';
import { sorted, summary } from './sorted.ts';
import { ROOM } from './state.ts';
import { TicketButtons } from './ticket-buttons.tsx';

/** A team is shown whole; a tenant is not. */
const FIRST = 12;

function People({ run, agentIds }: { run: DiagnosisRun; agentIds: AgentId[] }) {
  const all = useSignal(false);
  const shown = all.value ? agentIds : agentIds.slice(0, FIRST);
  const more = agentIds.length - shown.length;
  useNames(shown);
  return (
    // biome-ignore lint/a11y/noRedundantRoles: without bullets Safari and its kin no longer call it a list
    <ul class="plain people" role="list">
      {shown.map((agentId) => (
        <li key={agentId}>
          <a class="chip" href={routeHash({ room: ROOM, run: run.id, agent: agentId })} title={agentId}>
            <bdi class="cut">{nameOf(agentId)}</bdi>
          </a>
        </li>
      ))}
      {more > 0 && (
        <li>
          <button
            type="button"
            class="btn quiet"
            onClick={() => {
              all.value = true;
            }}
          >
            {t('diagnosis_people_more', formatCount(more))}
          </button>
        </li>
      )}
    </ul>
  );
}

function HowMany({ agentIds }: { agentIds: AgentId[] }) {
  return (
    <span class="mut">
      {t(agentIds.length === 1 ? 'diagnosis_agents_one' : 'diagnosis_agents', formatCount(agentIds.length))}
    </span>
  );
}

/** A remedy with an argument of its own (watch this agent instead) is found behind each name; the others do for all at once. */
const fitsAll = ({ verdict, agentIds }: CauseGroup) => agentIds.length === 1 || verdict?.remedy !== 'watchInstead';

function GroupCard({ run, group, main }: { run: DiagnosisRun; group: CauseGroup; main: boolean }) {
  const { verdict, agentIds } = group;
  const id = `group-${agentIds[0]}`;
  return (
    <section class="card cause-group" aria-labelledby={id}>
      <div class="group-head">
        <h3 id={id}>{verdict ? <Said phrases={[claim(verdict)]} /> : t('diagnosis_group_none')}</h3>
        <HowMany agentIds={agentIds} />
      </div>
      {verdict ? (
        <>
          <p>
            <ConfidenceMark confidence={verdict.confidence} /> <b>{tCode(`who_${verdict.whoCanFix}`)}</b>{' '}
            <Said phrases={causeTodo(verdict)} />
          </p>
          {fitsAll(group) && (
            <div class="acts">
              <RemedyButton verdict={verdict} run={run} agentIds={agentIds} main={main} />
            </div>
          )}
        </>
      ) : (
        <p>{t('diagnosis_group_noneText')}</p>
      )}
      <People run={run} agentIds={agentIds} />
    </section>
  );
}

/** Those there is nothing to mend for, or nothing known about yet. */
function Rest({ run, title, agentIds }: { run: DiagnosisRun; title: string; agentIds: AgentId[] }) {
  if (agentIds.length === 0) return null;
  const id = `rest-${agentIds[0]}`;
  return (
    <section class="card cause-group" aria-labelledby={id}>
      <div class="group-head">
        <h3 id={id}>{title}</h3>
        <HowMany agentIds={agentIds} />
      </div>
      <People run={run} agentIds={agentIds} />
    </section>
  );
}

/** Many agents at once: what is the same for several is said and mended once. */
export function AgentsRun({ run }: { run: DiagnosisRun }) {
  const area = useRef<HTMLDivElement>(null);
  const status = useStatus(run);
  const ended = status !== 'running';
  useLanding(area, ended);
  const { groups, answered, waiting } = sorted(run);
  const ids = run.agents.map(({ agentId }) => agentId);
  const said = text(summary(groups, ids.length));
  const ledger = run.shared.scopes?.ledger ?? auth.value?.ledger ?? [];
  return (
    <div class="run" ref={area}>
      <RunHead run={run} agentIds={ids} title={t('diagnosis_agents', ids.length)} again={status === 'done'} />
      <p class="unseen" role="status">
        {ended && said}
      </p>
      {ended ? (
        <section class="card summary" aria-labelledby="verdict">
          <div class="verdict-words">
            <h3 id="verdict" data-landing="verdict" tabIndex={-1}>
              {status === 'done' ? said : tCode(`diagnosis_${status}_title`)}
            </h3>
            {status !== 'done' && <p>{tCode(`diagnosis_${status}_text`)}</p>}
          </div>
          <div class="acts">
            {status !== 'done' && <AgainButton run={run} agentIds={ids} main />}
            <TicketButtons run={run} agent={null} />
          </div>
        </section>
      ) : (
        <Progress run={run} />
      )}
      {groups.map((group, index) => (
        <GroupCard key={group.agentIds[0]} run={run} group={group} main={index === 0 && status === 'done'} />
      ))}
      <Rest run={run} title={t('diagnosis_answered_title')} agentIds={answered} />
      <Rest run={run} title={t(ended ? 'diagnosis_group_unchecked' : 'diagnosis_group_waiting')} agentIds={waiting} />
      {ledger.some(({ lost }) => lost.length > 0) && <Ledger ledger={ledger} />}
    </div>
  );
}
