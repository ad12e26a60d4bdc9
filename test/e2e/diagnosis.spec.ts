/**
 * Why is it empty? Every cause the product tells apart, brought about as a real fault in the tenant, asked about as a supervisor asks, and
 * beside it what looks the same and is something else.
 */
import type { Page } from '@playwright/test';
import { PROFILES } from '../../src/domain/connection.ts';
import { CAUSES, type Cause } from '../../src/domain/diagnosis/causes.ts';
import type { DiagnosisRun } from '../../src/domain/diagnosis/run.ts';
import { CASES, type Case } from './support/cases.ts';
import { askedBy, diagnosed, diagnosedBriefly, disagreement, findingsOf, subject, titleOf, topOf } from './support/diagnosis.ts';
import { control } from './support/polling.ts';
import type { Stage } from './support/stage.ts';
import { expect, test } from './support/staged.ts';
import { words } from './support/words.ts';

/** Brings it about, asks, and holds that the run asked for nothing it does not say, and for nothing twice. */
async function run(stage: Stage, row: Case, briefly: boolean): Promise<DiagnosisRun> {
  const { tenant, extension, page } = stage;
  await stage.bringAbout(row);
  const person = subject(tenant);
  const since = tenant.log.since(0).at(-1)?.seq ?? 0;
  const ask = briefly ? diagnosedBriefly : diagnosed;
  const found = await ask(extension, page, row.about?.(person) ?? person.id);
  expect(disagreement(found, tenant.log.since(0), since), 'run and log speak of the same requests').toBe('');
  if (row.asks) expect(askedBy(found), 'no more than the cause needs').toEqual(row.asks);
  return found;
}

async function expectVerdict(stage: Stage, row: Case, cause: Cause, found: DiagnosisRun): Promise<void> {
  const { page, tenant } = stage;
  const verdict = topOf(found);
  const all = findingsOf(found).verdicts.map((each) => `${each.cause} (${each.confidence})`);
  expect(verdict?.cause, all.join(', ')).toBe(cause);
  if (!verdict) return;
  const person = subject(tenant);
  if (row.confidence) expect(verdict.confidence).toBe(row.confidence);
  if (row.remedy !== undefined) expect(verdict.remedy).toBe(row.remedy);
  if (row.who) expect(verdict.whoCanFix).toBe(row.who);
  if (row.argument) expect(verdict.remedyArgument).toBe(row.argument(person));
  if (row.params) expect(verdict.params.slice(0, row.params(person).length)).toEqual(row.params(person));
  // Of one that was stopped the page says that.
  if (found.status === 'done') await expect(page.locator('#verdict')).toHaveText(titleOf(verdict));
}

/** Asked to the end, and nothing more than possible: it says that it does not know, with the ticket as the thing to do. */
async function expectUnexplained(page: Page, found: DiagnosisRun): Promise<void> {
  const { verdicts, answered } = findingsOf(found);
  if (answered) return;
  await expect(page.locator('#verdict')).toHaveText(words('diagnosis_unexplained_title'));
  await expect(page.getByRole('button', { name: words('diagnosis_copy') })).toHaveClass(/\bmain\b/);
  await expect(page.getByRole('heading', { name: words('diagnosis_othersOpen') })).toBeVisible();
  await expect(page.locator('.others > li')).toHaveCount(verdicts.length);
}

const titleOfCase = ({ what, scenario }: Case) => what ?? scenario ?? 'calm';

for (const profile of PROFILES)
  test.describe(profile, () => {
    test.use({ profile, tenantOptions: { profile } });
    for (const cause of CAUSES) {
      const row = CASES[profile][cause];
      if ('notHere' in row) {
        test(`${cause}: not with this profile, ${row.notHere}`, async ({ tenant }) => {
          const answer = control(tenant, '/scenario', { name: cause });
          await expect(answer).rejects.toThrow(/not available here/);
        });
        continue;
      }
      if ('notACause' in row) {
        test(`${cause}: ${row.notACause}`, async ({ stage }) => {
          const found = await run(stage, { scenario: row.scenario, polledAgain: true }, false);
          expect(findingsOf(found)).toEqual({ verdicts: [], answered: true });
        });
        continue;
      }
      test.describe(cause, () => {
        test(`is found: ${titleOfCase(row)}`, async ({ stage }) => {
          const found = await run(stage, row, false);
          await expectVerdict(stage, row, cause, found);
          const sure = findingsOf(found).verdicts.filter(({ confidence }) => confidence === 'certain');
          expect(sure.map((verdict) => verdict.cause)).toEqual([cause]);
          const { remedy = null } = topOf(found) ?? {};
          if (remedy && row.remedy)
            await expect(stage.page.locator('.verdict').getByRole('button', { name: words(`remedy_${remedy}`) })).toBeVisible();
        });

        for (const form of row.forms ?? [])
          test(`is found in another form: ${titleOfCase(form)}`, async ({ stage }) => {
            await expectVerdict(stage, form, cause, await run(stage, form, false));
          });

        for (const near of row.nearMisses)
          test(`is not seen in ${titleOfCase(near)}`, async ({ stage }) => {
            const found = await run(stage, near, near.briefly ?? near.cause === null);
            const { verdicts } = findingsOf(found);
            expect(verdicts[0]?.cause).not.toBe(cause);
            expect(verdicts.filter((each) => each.cause === cause && each.confidence === 'certain')).toEqual([]);
            if (near.cause !== null) await expectVerdict(stage, near, near.cause, found);
            else expect(verdicts.filter(({ confidence }) => confidence === 'certain')).toEqual([]);
            if (found.status === 'done' && verdicts.every(({ confidence }) => confidence === 'possible'))
              await expectUnexplained(stage.page, found);
          });
      });
    }
  });
