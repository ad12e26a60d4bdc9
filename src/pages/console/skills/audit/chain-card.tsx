import type { AuditHead } from '../../../../domain/skills/audit.ts';
import { t, tCode } from '../../../../messages/words.ts';
import { now } from '../../../parts/clock.ts';
import { formatCount } from '../../../parts/count.ts';
import { attempt, say } from '../../../parts/notice.tsx';
import { glance } from '../../../parts/store.ts';
import { formatWhen } from '../../../parts/when.ts';
import { ActButton } from '../batch/act-button.tsx';
import { deliveryNow } from '../batch/state.ts';
import { ExportButtons } from './export-buttons.tsx';
import { checked, head, verify } from './state.ts';
import { checkedText } from './words.ts';

async function copy(text: string): Promise<void> {
  if (await attempt(() => navigator.clipboard.writeText(text))) say(t('skills_audit_copied'));
}

/** How far the log has been sent on, and why no further. */
function deliveryText({ seq, deliveredSeq, deliveredMs }: AuditHead, nowMs: number): string {
  const delivery = deliveryNow();
  const parts =
    deliveredSeq > 0
      ? [t('skills_audit_delivered', formatCount(deliveredSeq), formatCount(seq), formatWhen(deliveredMs, nowMs))]
      : [t('skills_audit_notDelivered')];
  if (delivery?.problem && (deliveredSeq < seq || delivery.problem.key === 'skills_delivery_gap'))
    parts.push(tCode(delivery.problem.key, delivery.problem.params));
  if (deliveredSeq < seq && delivery && delivery.nextMs > nowMs)
    parts.push(t('skills_audit_deliveredNext', formatWhen(delivery.nextMs, nowMs)));
  return parts.join(' ');
}

/** Where the chain stands, whether it holds, and what of it can be kept elsewhere. */
export function ChainCard() {
  const at = head.value;
  const result = checked.value;
  const sends = glance.value?.connection?.skills.sendsAudit ?? false;
  if (!at) return null;
  return (
    <section class="card chain" aria-labelledby="chain">
      <div class="chain-head">
        <h2 id="chain">{t('skills_audit_title')}</h2>
        <div class="acts">
          <ActButton label={t('skills_audit_verify')} look="main" disabled={at.seq === 0} run={verify} />
          {at.seq > at.prunedSeq && <ExportButtons />}
        </div>
      </div>
      <p>{t('skills_audit_text')}</p>
      <p role="status" class={result ? (result.brokenSeq > 0 ? 'checked bad' : 'checked good') : 'checked'}>
        {result && `${checkedText(result)} ${t('skills_audit_checkedAt', formatWhen(result.atMs, now.value))}`}
      </p>
      {at.seq > 0 && (
        <dl class="facts">
          <div>
            <dt>{t('skills_audit_entries')}</dt>
            <dd>{formatCount(at.seq - at.prunedSeq)}</dd>
          </div>
          <div class="wide">
            <dt>{t('skills_audit_head', at.seq)}</dt>
            <dd class="hash">
              <code>{at.hash}</code>
              <button type="button" class="btn quiet" onClick={() => void copy(at.hash)}>
                {t('skills_audit_copy')}
              </button>
            </dd>
          </div>
        </dl>
      )}
      {sends && at.seq > 0 && <p class="sm">{deliveryText(at, now.value)}</p>}
      <p class="mut sm">{t('skills_audit_headText')}</p>
      <p class="mut sm">
        {t('skills_audit_retention')} {at.prunedSeq > 0 && t('skills_audit_pruned', at.prunedSeq, at.prunedSeq + 1)}
      </p>
    </section>
  );
}
