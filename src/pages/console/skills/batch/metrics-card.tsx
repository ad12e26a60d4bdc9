import type { BatchMetrics } from '../../../../domain/skills/batch.ts';
import { ROW_PROBLEMS } from '../../../../domain/skills/batch.ts';
import { type Histogram, percentileMs } from '../../../../domain/skills/metrics.ts';
import { type MessageKey, t, tCode } from '../../../../messages/words.ts';
import { formatCount } from '../../../parts/count.ts';
import { type Bar, barsOf } from './latency.ts';
import { percent } from './words.ts';

const WIDTH = 240;
const HEIGHT = 48;

/** `85 ms`, `1.2 s`. */
export function formatMs(ms: number): string {
  return ms < 1000 ? t('skills_metrics_ms', Math.round(ms)) : t('skills_metrics_s', (ms / 1000).toFixed(ms < 10_000 ? 1 : 0));
}

const span = ({ fromMs, toMs }: Bar): string =>
  toMs === null ? t('skills_metrics_above', formatMs(fromMs)) : t('skills_metrics_between', formatMs(fromMs), formatMs(toMs));

function Bars({ bars }: { bars: Bar[] }) {
  const step = Math.min(28, WIDTH / bars.length);
  return (
    <svg class="histogram" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} focusable="false" aria-hidden="true">
      {bars.map((bar, index) => {
        // One among thousands is still seen.
        const tall = bar.count === 0 ? 0 : Math.max(2, bar.part * (HEIGHT - 2));
        return (
          <rect key={bar.fromMs} x={index * step} y={HEIGHT - 1 - tall} width={step - 2} height={tall} rx="1">
            <title>{`${span(bar)}: ${bar.count}`}</title>
          </rect>
        );
      })}
      <path d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} />
    </svg>
  );
}

function Latency({ latency }: { latency: Histogram }) {
  const bars = barsOf(latency);
  const [first] = bars;
  const last = bars.at(-1);
  if (!first || !last) return null;
  return (
    <div class="latency">
      <h4>{t('skills_metrics_latency')}</h4>
      <Bars bars={bars} />
      <p class="mut sm ends" style={{ inlineSize: `${Math.min(28 * bars.length, WIDTH)}px` }} aria-hidden="true">
        <span>{formatMs(first.fromMs)}</span>
        <span>{last.toMs === null ? t('skills_metrics_above', formatMs(last.fromMs)) : formatMs(last.toMs)}</span>
      </p>
      <details>
        <summary>{t('skills_metrics_asTable')}</summary>
        <table class="plain-table">
          <thead>
            <tr>
              <th scope="col">{t('skills_metrics_took')}</th>
              <th scope="col">{t('skills_metrics_requests')}</th>
            </tr>
          </thead>
          <tbody>
            {bars.map((bar) => (
              <tr key={bar.fromMs}>
                <td>{span(bar)}</td>
                <td>{formatCount(bar.count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  );
}

/** A row's problem or an HTTP status: in words where there are any. */
export function errorLabel(error: string): string {
  const known = ROW_PROBLEMS.find((problem) => problem === error);
  return known ? tCode(`skills_row_${known}`) : t('skills_metrics_http', error);
}

function Fact({ label, children }: { label: MessageKey; children: string }) {
  return (
    <div>
      <dt>{t(label)}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const time = (latency: Histogram, p: number): string => {
  const ms = percentileMs(latency, p);
  return ms === null ? '–' : formatMs(ms);
};

/** How the writes went: how many, how many of them well, what was wrong with the others, and how long CXone took. */
export function Metrics({ metrics }: { metrics: BatchMetrics }) {
  const { attempts, succeeded, errors, latency } = metrics;
  const kinds = Object.entries(errors).sort(([, a], [, b]) => b - a);
  return (
    <div class="metrics">
      <dl class="facts">
        <Fact label="skills_metrics_attempts">{formatCount(attempts)}</Fact>
        <Fact label="skills_metrics_succeeded">{formatCount(succeeded)}</Fact>
        <Fact label="skills_metrics_errorRate">{attempts > 0 ? percent((attempts - succeeded) / attempts) : '–'}</Fact>
        <Fact label="skills_metrics_p50">{time(latency, 50)}</Fact>
        <Fact label="skills_metrics_p95">{time(latency, 95)}</Fact>
        <Fact label="skills_metrics_p99">{time(latency, 99)}</Fact>
      </dl>
      <div class="metrics-more">
        <Latency latency={latency} />
        {kinds.length > 0 && (
          <div>
            <h4>{t('skills_metrics_errors')}</h4>
            <ul class="plain">
              {kinds.map(([error, count]) => (
                <li key={error}>
                  <b>{formatCount(count)}</b> {errorLabel(error)}
                </li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </div>
  );
}
