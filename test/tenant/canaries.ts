/**
 * What must not leave the product, in a form that is found again anywhere: the fault `canaries` plants it in every free text the tenant
 * says. None of it is real, and none of it opens anything.
 */
import type { Faults } from './faults.ts';

export const CANARIES = {
  /** Shaped like a JWT (RFC 7519); the payload reads {"sub":"canary"}. */
  jwt: 'eyJhbGciOiJSUzI1NiIsImtpZCI6ImNhbmFyeSJ9.eyJzdWIiOiJjYW5hcnkifQ.Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5',
  /** Shaped like an opaque token: 43 characters of base64url. */
  opaque: 'cnry0Zk3vQ7yXw2pLr9TmB5hNd8sGj1fKc6aWe4uVoI',
  /** Behind every person's name. */
  person: 'Canaryfeather',
  /** Behind every skill's name. */
  skill: 'Canaryperch',
  /** In error texts, as servers put in who is meant. */
  email: 'canary.feather@example.com',
} as const;

const SECRETS = `Bearer ${CANARIES.jwt} access_token=${CANARIES.opaque}`;
/** What is put behind the value of a member of this name. */
const BEHIND: Record<string, string> = {
  name: CANARIES.person,
  skillName: CANARIES.skill,
  stateName: SECRETS,
  lastName: CANARIES.person,
  agentStateName: SECRETS,
  outStateDescription: SECRETS,
  error_description: `${SECRETS} ${CANARIES.email}`,
};
const BEHIND_EACH = new Set(['roles', 'permissions']);

/** An error's text, with canaries if they are armed. */
export function planted(faults: Faults, path: string, text: string): string {
  return faults.active('canaries', path).length > 0 ? `${text} ${BEHIND.error_description}` : text;
}

/** A JSON body, with canaries if they are armed: in every free text, and in a member of each object that nobody asked for. */
export function plantedBody(faults: Faults, path: string, body: string): string {
  if (faults.active('canaries', path).length === 0) return body;
  const names = path.endsWith('/skillGroups') ? CANARIES.skill : CANARIES.person;
  return JSON.stringify(grown(JSON.parse(body), names));
}

/** @param names what is put behind members called `name` */
function grown(value: unknown, names: string): unknown {
  if (Array.isArray(value)) return value.map((each) => grown(each, names));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, each]) => {
    if (BEHIND_EACH.has(key) && Array.isArray(each)) return [key, [...each, `Canary ${SECRETS}`]];
    const behind = key === 'name' ? names : BEHIND[key];
    return [key, behind !== undefined && typeof each === 'string' ? `${each} ${behind}` : grown(each, names)];
  });
  return { ...Object.fromEntries(members), note: `${SECRETS} ${CANARIES.person} ${CANARIES.email}` };
}
