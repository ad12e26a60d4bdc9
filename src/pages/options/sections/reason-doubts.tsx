import { t } from '../../../messages/words.ts';
import { doubtfulReasons } from '../logic/reason-hints.ts';
import { knownReasons } from '../state/reasons.ts';

/** What of a rule's reasons the tenant's list does not have, or has switched off. A hint: the rule may be right tomorrow. */
export function ReasonDoubts({ reasons }: { reasons: readonly string[] }) {
  return (
    <>
      {doubtfulReasons(knownReasons.value, reasons).map(({ reason, why }) => (
        <p key={reason} class="note doubt">
          {why === 'off' ? t('rule_reasonOff', reason) : t('rule_reasonUnknown', reason)}
        </p>
      ))}
    </>
  );
}
