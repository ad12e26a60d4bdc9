import type { AgentId } from '../../../domain/agent-state.ts';
import type { DiagnosisRun } from '../../../domain/diagnosis/run.ts';
import { t } from '../../../messages/words.ts';
import { realIds } from './remedies.ts';
import { asking, askWhy } from './state.ts';

/** The same question once more; the answer is compared with this one. */
export function AgainButton({ run, agentIds, main = false }: { run: DiagnosisRun; agentIds: AgentId[]; main?: boolean }) {
  const again = () => {
    if (!asking.peek()) void askWhy(realIds(agentIds), run.id);
  };
  return (
    <button type="button" class={main ? 'btn main' : 'btn'} aria-disabled={asking.value} onClick={again}>
      {asking.value ? t('fix_busy') : t('remedy_runAgain')}
    </button>
  );
}
