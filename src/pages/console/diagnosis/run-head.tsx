import type { AgentId } from '../../../domain/agent-state.ts';
import type { DiagnosisRun } from '../../../domain/diagnosis/run.ts';
import { t } from '../../../messages/words.ts';
import { BackIcon } from '../../parts/icons.tsx';
import { routeHash } from '../../parts/where.ts';
import { AgainButton } from './again-button.tsx';
import { clock } from './finding.ts';
import { ROOM } from './state.ts';

interface Props {
  run: DiagnosisRun;
  /** Whom this view is about: all of the run, or one of them. */
  agentIds: AgentId[];
  title: string;
  /** Whether it can be asked again from here: not while it runs, nor where that is the main thing to do anyway. */
  again: boolean;
}

/** Whom it is about, when it was and who asked for it; the ways back and to another try. */
export function RunHead({ run, agentIds, title, again }: Props) {
  const within = agentIds.length < run.agents.length;
  const back = within ? { room: ROOM, run: run.id } : { room: ROOM };
  const [only] = agentIds;
  return (
    <header class="run-head">
      <a class="btn icon" href={routeHash(back)} aria-label={t(within ? 'diagnosis_backToRun' : 'diagnosis_back')}>
        <BackIcon />
      </a>
      <div class="run-title">
        <h2 data-landing="title" tabIndex={-1} class="cut" title={title}>
          <bdi>{title}</bdi>
        </h2>
        <p class="mut">
          <span>{t(run.by === 'user' ? 'diagnosis_askedAt' : 'diagnosis_byItselfAt', clock(run.startedMs))}</span>
          {agentIds.length === 1 && only !== '' && only !== title && <code>{only}</code>}
        </p>
      </div>
      {again && <AgainButton run={run} agentIds={agentIds} />}
    </header>
  );
}
