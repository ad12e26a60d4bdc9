/**
 * The public API as its documents have it (facts/cxone-api.md sections 1 to 4 and 9), written down apart from the client: which paths there are, what
 * may stand in their query, what their answers hold. Tests make answers from it and hold the client's questions against it.
 */
import fc from 'fast-check';

export type Type = 'int64' | 'int32' | 'string' | 'boolean' | 'date-time' | 'date' | 'guid' | 'duration' | 'percent';
export type Members = Readonly<Record<string, Type>>;

export interface Operation {
  /** Below the prefix; `{id}` stands for one segment. */
  path: string;
  query: readonly string[];
  /** Name of the list in the answer. */
  list: string;
  row: Members;
}

const AGENT: Members = {
  agentId: 'int64',
  userName: 'string',
  firstName: 'string',
  middleName: 'string',
  lastName: 'string',
  userID: 'guid',
  emailAddress: 'string',
  isActive: 'boolean',
  teamId: 'int32',
  teamName: 'string',
  internalId: 'string',
  federatedId: 'string',
  telephone1: 'string',
  telephone2: 'string',
};

const STATE: Members = {
  agentId: 'int64',
  agentStateId: 'int32',
  agentStateName: 'string',
  businessUnitId: 'int32',
  contactId: 'int64',
  firstName: 'string',
  lastName: 'string',
  fromAddress: 'string',
  toAddress: 'string',
  isACW: 'boolean',
  isOutbound: 'boolean',
  openContacts: 'int32',
  outStateId: 'int32',
  outStateDescription: 'string',
  skillId: 'int32',
  skillName: 'string',
  stationId: 'int32',
  stationPhoneNumber: 'string',
  teamId: 'int32',
  teamName: 'string',
};

export const OPERATIONS = {
  states: {
    path: '/agents/states',
    query: ['updatedSince', 'reqBUIds', 'top', 'skip', 'fields', 'orderBy'],
    list: 'agentStates',
    row: {
      ...STATE,
      agentStateCategory: 'string',
      contactStartHandleTime: 'date-time',
      userName: 'string',
      isActive: 'boolean',
      lastUpdateTime: 'date-time',
      mediaTypeId: 'int32',
      mediaTypeName: 'string',
      sessionStartTime: 'date-time',
      startDate: 'date-time',
    },
  },
  // Section 9: other names for the media, no userName, no isActive, the poll time in the row, dates without a time.
  statesOf: {
    path: '/agents/{id}/states',
    query: ['updatedSince', 'fields'],
    list: 'agentStates',
    row: {
      ...STATE,
      lastPollTime: 'date-time',
      lastUpdateTime: 'date',
      mediaType: 'int32',
      mediaName: 'string',
      startDate: 'date',
    },
  },
  directory: {
    path: '/agents',
    query: ['updateSince', 'isActive', 'isLocked', 'searchString', 'fields', 'skip', 'top', 'orderBy'],
    list: 'agents',
    row: AGENT,
  },
  agent: { path: '/agents/{id}', query: ['fields'], list: 'agents', row: AGENT },
  skillGroups: {
    path: '/agents/{id}/skills',
    query: [
      'updatedSince',
      'fields',
      'mediaTypeId',
      'outboundStrategy',
      'isSkillActive',
      'isAssignedSkillActive',
      'searchString',
      'skip',
      'top',
      'orderBy',
    ],
    list: 'agentSkillAssignments',
    row: {
      skillId: 'int32',
      skillName: 'string',
      agentProficiencyValue: 'int32',
      agentProficiencyName: 'string',
      isActive: 'boolean',
      isSkillActive: 'boolean',
      isRestricted: 'boolean',
      mediaTypeId: 'int32',
      campaignId: 'int32',
      isOutbound: 'boolean',
      teamId: 'int32',
      lastUpdateTime: 'date-time',
    },
  },
  // Section 2, "companions for a dashboard".
  activity: {
    path: '/skills/activity',
    query: [],
    list: 'skillActivity',
    row: {
      serverTime: 'date-time',
      businessUnitId: 'int32',
      skillId: 'int32',
      skillName: 'string',
      isActive: 'boolean',
      isOutbound: 'boolean',
      agentsACW: 'int32',
      agentsAvailable: 'int32',
      agentsIdle: 'int32',
      agentsLoggedIn: 'int32',
      agentsUnavailable: 'int32',
      agentsWorking: 'int32',
      earliestQueueTime: 'date-time',
      inSLA: 'int32',
      outSLA: 'int32',
      queueCount: 'int32',
      serviceLevel: 'int32',
    },
  },
  // Section 3: configuration, and what agents did.
  reasons: {
    path: '/unavailable-codes',
    query: [],
    list: 'unavailableCodes',
    row: { id: 'int32', name: 'string', isActive: 'boolean', isACW: 'boolean', agentTimeout: 'int32' },
  },
  teamReasons: {
    path: '/teams/{id}/unavailable-codes',
    query: ['activeOnly'],
    list: 'unavailableCodes',
    row: {
      outstateId: 'int32',
      outstateName: 'string',
      isActive: 'boolean',
      isAcw: 'boolean',
      agentTimeoutMins: 'string',
    },
  },
  teams: {
    path: '/teams',
    query: ['updateSince'],
    list: 'teams',
    row: { teamId: 'int32', teamName: 'string', isActive: 'boolean' },
  },
  figures: {
    path: '/agents/performance',
    query: ['startDate', 'endDate'],
    list: 'agentPerformance',
    row: {
      agentId: 'int64',
      teamId: 'int32',
      availableTime: 'duration',
      unavailableTime: 'duration',
      acwTime: 'duration',
      loginTime: 'duration',
      inboundTime: 'duration',
      occupancy: 'percent',
      workingRate: 'percent',
      totalHandled: 'int32',
      refused: 'int32',
      percentRefused: 'percent',
    },
  },
  me: {
    path: '/permissions',
    query: [],
    list: 'permissions',
    row: { BusinessUnitId: 'int32', Key: 'string', Value: 'string' },
  },
} as const satisfies Record<string, Operation>;

/** `agentStateId` and what it is to a supervisor (section 2). */
export const STATES = [
  [0, 'LoggedOut', 'loggedOut'],
  [1, 'Available', 'available'],
  [2, 'Unavailable', 'unavailable'],
  [3, 'InboundContact', 'working'],
  [4, 'OutboundContact', 'working'],
  [5, 'InboundConsult', 'working'],
  [6, 'OutboundConsult', 'working'],
  [7, 'Dialer', 'working'],
  [8, 'LoggedIn', 'loggedIn'],
] as const;

export const SYSTEM_CODES = [
  [-1, 'Refused'],
  [-2, 'HeldPartyAbandoned'],
  [-3, 'InboundPending'],
  [-4, 'OutboundPending'],
  [-5, 'ConsultPending'],
  [-6, 'DialerPending'],
  [-7, 'TransferPending'],
  [-8, 'CallbackPending'],
  [-9, 'PromisePending'],
  [-12, 'LogoffPending'],
  [-13, 'PreviewNotification'],
] as const;

/** Other spellings seen for one member (section 2, "field-name drift"). */
export const DRIFT: readonly (readonly [documented: string, seen: string])[] = [
  ['isACW', 'isAcw'],
  ['mediaTypeId', 'mediaType'],
  ['mediaTypeName', 'mediaName'],
  ['outStateId', 'outStateCode'],
  ['agentId', 'agentID_alt'],
  ['agentId', 'agentNo'],
];

const MOMENT = fc.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });

function arbitraryOf(type: Type): fc.Arbitrary<unknown> {
  switch (type) {
    case 'int64':
      return fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
    case 'int32':
      return fc.integer({ min: -13, max: 2 ** 31 - 1 });
    case 'string':
      return fc.string({ maxLength: 12 });
    case 'boolean':
      return fc.boolean();
    case 'date-time':
      return MOMENT.map((date) => date.toISOString());
    case 'date':
      return MOMENT.map((date) => date.toISOString().slice(0, 10));
    case 'guid':
      return fc.uuid();
    case 'duration':
      return fc
        .integer({ min: 0, max: 7 * 86_400 })
        .map((s) => `PT${Math.floor(s / 3600)}H${Math.floor(s / 60) % 60}M${s % 60}S`);
    case 'percent':
      return fc.integer({ min: 0, max: 1000 }).map((tenths) => tenths / 10);
  }
}

/** Rows as the documents have them: whole, every member of its type. */
export function rowOf({ row }: Operation): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(Object.fromEntries(Object.entries(row).map(([name, type]) => [name, arbitraryOf(type)])));
}

/** What is wrong with a question below the prefix; [] for one the documents allow. */
export function faultsOfQuestion(pathAndQuery: string): string[] {
  const { pathname, searchParams } = new URL(pathAndQuery, 'https://any.example');
  if (pathname === '/server-time') return [];
  const operations = Object.values<Operation>(OPERATIONS);
  const operation =
    operations.find(({ path }) => path === pathname) ??
    operations.find(({ path }) => new RegExp(`^${path.replace('{id}', '[^/]+')}$`).test(pathname));
  if (!operation) return [`no such path: ${pathname}`];
  const faults = [...searchParams.keys()].filter((name) => !operation.query.includes(name)).map((name) => `no query ${name}`);
  const fields = searchParams.get('fields')?.split(',') ?? [];
  faults.push(...fields.filter((name) => !Object.hasOwn(operation.row, name)).map((name) => `no field ${name}`));
  for (const name of ['top', 'skip'] as const)
    if (searchParams.has(name) && !/^\d+$/.test(searchParams.get(name) ?? '')) faults.push(`${name} is no number`);
  const since = searchParams.get('updatedSince');
  // "Had to switch to a literal Z instead of +00:00."
  if (since !== null && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(since)) faults.push(`updatedSince=${since}`);
  return faults;
}
