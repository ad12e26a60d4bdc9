import { useSignal } from '@preact/signals';
import type { AgentId } from '../../../domain/agent-state.ts';
import type { DiagnosisRun } from '../../../domain/diagnosis/run.ts';
import type { Verdict } from '../../../domain/diagnosis/verdict.ts';
import { t, tCode } from '../../../messages/words.ts';
import { attempt } from '../../parts/notice.tsx';
import { clock } from './finding.ts';
import { useFromNow } from './from-now.ts';
import { applyRemedy, isUseful } from './remedies.ts';
import { asking, signingInFor } from './state.ts';

interface Props {
  verdict: Verdict;
  run: DiagnosisRun;
  agentIds: AgentId[];
  main: boolean;
}

/** The one thing to do about a verdict, if this product can do it. */
export function RemedyButton({ verdict, run, agentIds, main }: Props) {
  const busy = useSignal(false);
  const { remedy, remedyArgument } = verdict;
  const opensMs = remedy === 'runLater' ? Number(remedyArgument) || 0 : 0;
  const early = useFromNow((nowMs) => nowMs < opensMs, [opensMs]);
  if (remedy === null || !isUseful(verdict, agentIds)) return null;
  const signingIn = remedy === 'signIn' && signingInFor.value === run.id;
  const waiting = busy.value || asking.value || signingIn;
  const press = async () => {
    if (waiting || early) return;
    busy.value = true;
    await attempt(() => applyRemedy(remedy, remedyArgument, run, agentIds));
    busy.value = false;
  };
  return (
    <>
      <button type="button" class={main ? 'btn main' : 'btn'} aria-disabled={waiting || early} onClick={() => void press()}>
        {waiting ? t('fix_busy') : tCode(`remedy_${remedy}`)}
      </button>
      <span class="sm mut beside" role="status">
        {signingIn && t('diagnosis_signingIn')}
        {early && t('diagnosis_possibleAt', clock(opensMs))}
      </span>
    </>
  );
}
