import type { AgentId } from '../../../domain/agent-state.ts';
import { causeText, causeTodo, pieceWords } from '../../../domain/diagnosis/cause-words.ts';
import type { AgentEvidence } from '../../../domain/diagnosis/evidence.ts';
import type { DiagnosisRun, KnownCause } from '../../../domain/diagnosis/run.ts';
import type { Verdict } from '../../../domain/diagnosis/verdict.ts';
import { t, tCode } from '../../../messages/words.ts';
import { ErrorIcon, WarningIcon } from '../../parts/icons.tsx';
import { AgainButton } from './again-button.tsx';
import { CheckMark } from './check-mark.tsx';
import { ConfidenceMark } from './confidence.tsx';
import { claim, headline, type Outcome, offersAgain, toneOf } from './finding.ts';
import { nameOf, useNames } from './names.ts';
import { isUseful } from './remedies.ts';
import { RemedyButton } from './remedy-button.tsx';
import { Said } from './said.tsx';
import { TicketButtons } from './ticket-buttons.tsx';

interface Props {
  /** The run as it is kept, of however many agents. */
  run: DiagnosisRun;
  agent: AgentEvidence;
  outcome: Outcome;
}

const ICONS = { bad: <ErrorIcon />, open: <WarningIcon />, calm: <CheckMark result="ok" /> };

function Found({ verdict }: { verdict: Verdict }) {
  const right = verdict.remedy === 'watchInstead' ? verdict.remedyArgument : '';
  useNames([right]);
  const name = nameOf(right);
  // Isolated, as a name may be written the other way round.
  const named = right !== '' && name !== right ? { key: 'diagnosis_didYouMean', params: [`\u2068${name}\u2069`, right] } : null;
  return (
    <>
      <p class="mut">
        <ConfidenceMark confidence={verdict.confidence} /> <Said phrases={causeText(verdict)} />
      </p>
      <p>
        <b>{tCode(`who_${verdict.whoCanFix}`)}</b> <Said phrases={named ? [named] : causeTodo(verdict)} />
      </p>
      {verdict.contradicts.length > 0 && (
        <div class="against">
          <h4>{t('diagnosis_against')}</h4>
          <ul>
            {verdict.contradicts.map((piece) => (
              <li key={`${piece.code} ${piece.params}`}>
                <Said phrases={[pieceWords(piece)]} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

/** What an earlier run found and what this one does: whether the fix helped, in one line. */
function BeforeAfter({ before, outcome }: { before: KnownCause; outcome: Outcome }) {
  return (
    <p class="before-after">
      <span>
        <b>{t('diagnosis_before')}</b> <Said phrases={[claim(before)]} />
      </span>{' '}
      <span>
        <b>{t('diagnosis_now')}</b> <Said phrases={[headline(outcome)]} />
      </span>
    </p>
  );
}

/** Nothing can be done from here: the ticket is the next step. */
function needsTicket(outcome: Outcome, agentId: AgentId): boolean {
  if (outcome.kind !== 'verdict') return outcome.kind === 'unexplained';
  return outcome.verdict.whoCanFix === 'admin' && !isUseful(outcome.verdict, [agentId]);
}

/** The answer: one sentence, how sure, who can do what about it, and the button that does it. */
export function VerdictCard({ run, agent, outcome }: Props) {
  const tone = toneOf(outcome);
  const before = run.agents.length === 1 || run.before?.agentId === agent.agentId ? run.before : null;
  return (
    <section class={`card verdict ${tone}`} aria-labelledby="verdict">
      <span class="verdict-icon">{ICONS[tone]}</span>
      <div class="verdict-words">
        <h3 id="verdict" data-landing="verdict" tabIndex={-1}>
          <Said phrases={[headline(outcome)]} />
        </h3>
        {outcome.kind === 'verdict' ? <Found verdict={outcome.verdict} /> : <p>{tCode(`diagnosis_${outcome.kind}_text`)}</p>}
        {before && <BeforeAfter before={before} outcome={outcome} />}
        <div class="acts">
          {outcome.kind === 'verdict' && <RemedyButton verdict={outcome.verdict} run={run} agentIds={[agent.agentId]} main />}
          {outcome.kind !== 'verdict' && offersAgain(outcome) && <AgainButton run={run} agentIds={[agent.agentId]} main />}
          <TicketButtons run={run} agent={agent} main={needsTicket(outcome, agent.agentId)} />
        </div>
      </div>
    </section>
  );
}
