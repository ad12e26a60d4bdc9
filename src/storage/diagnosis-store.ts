/** The last diagnoses of a connection. Encrypted: ids of agents and a server's own words stand in them. */
import type { ConnectionId } from '../domain/connection.ts';
import type { DiagnosisRun } from '../domain/diagnosis/run.ts';
import { sealed } from './sealed.ts';

const KEPT = 20;
/** Written by one lock holder at a time: no fencing is needed. */
const GENERATION = 'diagnoses';

const store = (id: ConnectionId) => sealed<DiagnosisRun[]>(`${id}/diagnoses`);

/** The newest first. Empty also when the record cannot be read any more. */
export async function diagnosesOf(id: ConnectionId): Promise<DiagnosisRun[]> {
  const read = await store(id).read();
  return typeof read === 'string' ? [] : read.value;
}

/** Adds a diagnosis that ended, or replaces it; the oldest goes. */
export async function keepDiagnosis(run: DiagnosisRun): Promise<void> {
  const { connectionId } = run;
  await navigator.locks.request(`diagnoses:${connectionId}`, async () => {
    const others = (await diagnosesOf(connectionId)).filter(({ id }) => id !== run.id);
    await store(connectionId).write([run, ...others].slice(0, KEPT), GENERATION, null);
  });
}

export async function forgetDiagnoses(id: ConnectionId): Promise<void> {
  await navigator.locks.request(`diagnoses:${id}`, () => store(id).erase());
}
