import { pieceWords } from '../../../domain/diagnosis/cause-words.ts';
import { type CheckLine, checkLines } from '../../../domain/diagnosis/check-lines.ts';
import type { AgentEvidence } from '../../../domain/diagnosis/evidence.ts';
import { RETRIES } from '../../../domain/diagnosis/limits.ts';
import type { DiagnosisRun } from '../../../domain/diagnosis/run.ts';
import { type MessageKey, t, tCode } from '../../../messages/words.ts';
import { CheckMark } from './check-mark.tsx';
import { clock } from './finding.ts';
import { useFromNow } from './from-now.ts';
import { Said } from './said.tsx';
import { formatTook } from './took.ts';

const RESULTS: Record<CheckLine['result'], MessageKey> = {
  ok: 'diagnosis_result_ok',
  bad: 'diagnosis_result_bad',
  open: 'diagnosis_result_open',
  running: 'diagnosis_result_running',
  notNeeded: 'diagnosis_result_notNeeded',
  waiting: 'diagnosis_result_waiting',
  unknown: 'diagnosis_result_unknown',
};

/** Beneath what was found so far: asking now, or when it is asked again. */
function Doing({ run, agent }: { run: DiagnosisRun; agent: AgentEvidence }) {
  const untilMs = run.doing?.untilMs ?? 0;
  const seconds = useFromNow((nowMs) => Math.ceil((untilMs - nowMs) / 1000), [untilMs]);
  if (untilMs === 0 || seconds <= 0) return <>{t('diagnosis_asking')}</>;
  return <>{t('diagnosis_askingAgain', seconds, agent.states.length, RETRIES)}</>;
}

function Line({ line, run, agent, running }: { line: CheckLine; run: DiagnosisRun; agent: AgentEvidence; running: boolean }) {
  const { check, result, pieces, tookMs } = line;
  return (
    <li class={result}>
      <CheckMark result={result} />
      <b>{tCode(`check_${check}`)}</b>
      <span class="found">
        {pieces.length > 0 && (
          <>
            <span class="unseen">{t(RESULTS[result])}: </span>
            {pieces.map((piece) => (
              <span class="piece" key={`${piece.code} ${piece.params}`}>
                <Said phrases={[pieceWords(piece)]} />
              </span>
            ))}
          </>
        )}
        {result === 'running' && running ? (
          <span class="piece mut">
            <Doing run={run} agent={agent} />
          </span>
        ) : (
          pieces.length === 0 && <span class="mut">{t(RESULTS[result])}</span>
        )}
      </span>
      <span class="took mut sm">{tookMs > 0 && run.agents.length === 1 ? formatTook(tookMs) : ''}</span>
    </li>
  );
}

/** Check by check, in the order they are made: what was found, and how long it took. */
export function Checks({ run, agent, running }: { run: DiagnosisRun; agent: AgentEvidence; running: boolean }) {
  const lines = checkLines(run, agent.agentId, clock);
  return (
    <section class="card" aria-labelledby="checks">
      <h3 id="checks">{t(running ? 'diagnosis_checksRunning' : 'diagnosis_checks')}</h3>
      {/* biome-ignore lint/a11y/noRedundantRoles: without numbers Safari and its kin no longer call it a list */}
      <ol class="plain checks" role="list">
        {lines.map((line) => (
          <Line key={line.check} line={line} run={run} agent={agent} running={running} />
        ))}
      </ol>
    </section>
  );
}
