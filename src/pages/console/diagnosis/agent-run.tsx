import { useRef } from 'preact/hooks';
import type { AgentEvidence } from '../../../domain/diagnosis/evidence.ts';
import type { DiagnosisRun } from '../../../domain/diagnosis/run.ts';
import { t } from '../../../messages/words.ts';
import { auth } from '../../parts/store.ts';
import { Checks } from './checks.tsx';
import { findingOf, headline, type Outcome, offersAgain, outcomeOf } from './finding.ts';
import { useStatus } from './from-now.ts';
import { useLanding } from './landing.ts';
import { Ledger } from './ledger.tsx';
import { nameOf, useNames } from './names.ts';
import { Others } from './others.tsx';
import { Progress } from './progress.tsx';
import { RunHead } from './run-head.tsx';
import { text } from './said.tsx';
import { VerdictCard } from './verdict-card.tsx';

/** Whether the checks of this one agent are over: of many, some are done long before the last. */
function outcomeFor(run: DiagnosisRun, agent: AgentEvidence, status: DiagnosisRun['status']): Outcome | null {
  if (status !== 'running') return outcomeOf(findingOf(run, agent), status);
  return run.finished.includes(agent.agentId) ? outcomeOf(findingOf(run, agent), 'done') : null;
}

/** One agent's diagnosis: the verdict on top, what was checked beneath. */
export function AgentRun({ run, agent }: { run: DiagnosisRun; agent: AgentEvidence }) {
  const area = useRef<HTMLDivElement>(null);
  const status = useStatus(run);
  const outcome = outcomeFor(run, agent, status);
  useNames([agent.agentId]);
  useLanding(area, outcome !== null);
  const ledger = run.shared.scopes?.ledger ?? auth.value?.ledger ?? [];
  const others = outcome?.others ?? [];
  return (
    <div class="run" ref={area}>
      <RunHead
        run={run}
        agentIds={[agent.agentId]}
        title={nameOf(agent.agentId)}
        again={outcome !== null && !offersAgain(outcome)}
      />
      <p class="unseen" role="status">
        {outcome && text(headline(outcome))}
      </p>
      {outcome ? <VerdictCard run={run} agent={agent} outcome={outcome} /> : <Progress run={run} />}
      <div class="evidence">
        <Checks run={{ ...run, status }} agent={agent} running={outcome === null} />
        <div class="aside">
          <Others verdicts={others} title={t(outcome?.kind === 'verdict' ? 'diagnosis_others' : 'diagnosis_othersOpen')} />
          <Ledger ledger={ledger} />
        </div>
      </div>
    </div>
  );
}
