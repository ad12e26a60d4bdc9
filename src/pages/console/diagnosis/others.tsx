import { causeTitle, pieceWords } from '../../../domain/diagnosis/cause-words.ts';
import type { Verdict } from '../../../domain/diagnosis/verdict.ts';
import { t } from '../../../messages/words.ts';
import { ConfidenceMark } from './confidence.tsx';
import { Said } from './said.tsx';

/** What else the evidence leaves open, the likeliest first, each with what speaks for and against it. */
export function Others({ verdicts, title }: { verdicts: readonly Verdict[]; title: string }) {
  if (verdicts.length === 0) return null;
  return (
    <section class="card" aria-labelledby="others">
      <h3 id="others">{title}</h3>
      {/* biome-ignore lint/a11y/noRedundantRoles: without bullets Safari and its kin no longer call it a list */}
      <ul class="plain others" role="list">
        {verdicts.map((verdict) => (
          <li key={verdict.cause}>
            <details>
              <summary>
                <span class="other-title">
                  <Said phrases={[causeTitle(verdict)]} />
                </span>
                <ConfidenceMark confidence={verdict.confidence} />
              </summary>
              <Pieces title={t('diagnosis_for')} pieces={verdict.supports} />
              <Pieces title={t('diagnosis_against')} pieces={verdict.contradicts} />
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Pieces({ title, pieces }: { title: string; pieces: Verdict['supports'] }) {
  if (pieces.length === 0) return null;
  return (
    <div class="pieces">
      <h4>{title}</h4>
      <ul>
        {pieces.map((piece) => (
          <li key={`${piece.code} ${piece.params}`}>
            <Said phrases={[pieceWords(piece)]} />
          </li>
        ))}
      </ul>
    </div>
  );
}
