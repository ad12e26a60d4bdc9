import { signal } from '@preact/signals';
import { onPublished, readPublished, type TestRun } from '../../../messages/published.ts';
import { send } from '../../../messages/send.ts';
import { saveAndAsk } from './connection-form.ts';
import { type Failure, failureOf } from './failure.ts';

export const testRun = signal<TestRun | null>(null);
/** When the run last changed: a worker that died in the middle of it says nothing more. */
export const testHeardMs = signal(0);
export const testStarting = signal(false);
export const testFailure = signal<Failure | null>(null);

function take(run: TestRun | undefined): void {
  testRun.value = run ?? null;
  testHeardMs.value = Date.now();
}

export async function followTest(): Promise<void> {
  let heard = false;
  onPublished((views) => {
    if (!('view.test' in views)) return;
    heard = true;
    take(views['view.test']);
  });
  const { 'view.test': run } = await readPublished('view.test');
  if (!heard) take(run);
}

/** Saves first if changed, asks for host access, then tests. Call it in the click itself. */
export async function startTest(): Promise<void> {
  if (testStarting.peek()) return;
  const step = saveAndAsk();
  if (step === null) return;
  testStarting.value = true;
  testFailure.value = null;
  try {
    if (!(await step.saved)) return;
    await step.asked;
    await send('testConnection', {});
  } catch (error) {
    testFailure.value = failureOf(error);
  } finally {
    testStarting.value = false;
  }
}
