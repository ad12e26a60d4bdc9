/**
 * The shapes of the public API's answers, written from the facts (sections 1 to 3 and 9: the v34.0 documents), not from the product's own types: what the demo
 * tenant says is checked against them. Every member of a record is optional there, so that `required` names only what nothing could be done without.
 */

/** A part of JSON Schema (2020-12) that is enough for these answers. `open`: other members are allowed. */
export type Schema =
  | { type: 'string'; nullable?: true; pattern?: RegExp; values?: readonly string[] }
  | { type: 'integer' | 'number' | 'boolean'; nullable?: true }
  | { type: 'array'; items: Schema; nullable?: true }
  | { type: 'object'; properties: Record<string, Schema>; required?: readonly string[]; open?: true; nullable?: true };

const text: Schema = { type: 'string', nullable: true };
const integer: Schema = { type: 'integer', nullable: true };
const number: Schema = { type: 'number', nullable: true };
const flag: Schema = { type: 'boolean', nullable: true };
const id: Schema = { type: 'integer' };
const time: Schema = { type: 'string', nullable: true, pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/ };
const date: Schema = { type: 'string', pattern: /^\d{4}-\d\d-\d\d$/ };
const length: Schema = { type: 'string', pattern: /^P(\d+D)?T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?$/ };
const address: Schema = { type: 'string', pattern: /^https?:\/\/[^/]+\/inContactAPI\/services\/v\d+\.0\// };

const object = (properties: Record<string, Schema>, ...required: string[]): Schema => ({ type: 'object', properties, required });
const array = (items: Schema): Schema => ({ type: 'array', items });
const links = object({ self: address, next: address, previous: address }, 'self');

/** States by name (facts, section 2). */
const STATE_NAMES = [
  'LoggedOut',
  'Available',
  'Unavailable',
  'InboundContact',
  'OutboundContact',
  'InboundConsult',
  'OutboundConsult',
  'Dialer',
  'LoggedIn',
];
const stateName: Schema = { type: 'string', values: STATE_NAMES };

const STATE = {
  agentId: id,
  agentStateId: id,
  agentStateName: stateName,
  agentStateCategory: text,
  businessUnitId: id,
  contactId: integer,
  contactStartHandleTime: time,
  firstName: text,
  lastName: text,
  userName: text,
  fromAddress: text,
  toAddress: text,
  isACW: flag,
  isActive: flag,
  isOutbound: flag,
  lastUpdateTime: time,
  mediaTypeId: integer,
  mediaTypeName: text,
  openContacts: integer,
  outStateId: integer,
  outStateDescription: text,
  sessionStartTime: time,
  skillId: integer,
  skillName: text,
  startDate: time,
  stationId: integer,
  stationPhoneNumber: text,
  teamId: integer,
  teamName: text,
} satisfies Record<string, Schema>;

const SINGLE_STATE = {
  agentId: id,
  agentStateId: id,
  agentStateName: stateName,
  businessUnitId: id,
  contactId: integer,
  isACW: flag,
  isOutbound: flag,
  firstName: text,
  lastName: text,
  fromAddress: text,
  toAddress: text,
  lastPollTime: time,
  lastUpdateTime: time,
  mediaName: text,
  mediaType: integer,
  openContacts: integer,
  outStateDescription: text,
  outStateId: integer,
  skillId: integer,
  skillName: text,
  startDate: date,
  stationId: integer,
  stationPhoneNumber: text,
  teamId: integer,
  teamName: text,
} satisfies Record<string, Schema>;

const AGENT = {
  agentId: id,
  userName: text,
  firstName: text,
  middleName: text,
  lastName: text,
  userID: text,
  emailAddress: text,
  isActive: flag,
  teamId: integer,
  teamName: text,
  reportToId: integer,
  reportToName: text,
  isSupervisor: flag,
  lastLogin: time,
  lastUpdated: time,
  location: text,
  custom1: text,
  custom2: text,
  custom3: text,
  custom4: text,
  custom5: text,
  internalId: text,
  profileId: integer,
  profileName: text,
  timeZone: text,
  country: text,
  countryName: text,
  state: text,
  city: text,
  notes: text,
  createDate: time,
  inactiveDate: time,
  hireDate: time,
  federatedId: text,
  telephone1: text,
  telephone2: text,
  userType: text,
  timeZoneOffset: text,
  locked: flag,
  teamUuId: text,
} satisfies Record<string, Schema>;

const ASSIGNMENT = {
  agentId: id,
  userId: text,
  firstName: text,
  middleName: text,
  lastName: text,
  agentProficiencyValue: id,
  agentProficiencyName: text,
  campaignId: integer,
  campaignName: text,
  emailFromAddress: text,
  internalId: text,
  isActive: { type: 'boolean' },
  isSkillActive: { type: 'boolean' },
  isRestricted: flag,
  teamId: integer,
  teamName: text,
  isDialer: flag,
  isNaturalCalling: flag,
  isOutbound: flag,
  lastUpdateTime: time,
  mediaTypeId: integer,
  mediaTypeName: text,
  notes: text,
  skillId: id,
  skillName: text,
  outboundStrategy: text,
} satisfies Record<string, Schema>;

const HISTORY = {
  stateIndex: integer,
  startDate: time,
  agentId: id,
  agentStateId: id,
  agentStateName: stateName,
  agentSessionId: integer,
  contactId: integer,
  skillId: integer,
  skillName: text,
  mediaTypeId: integer,
  mediaTypeName: text,
  fromAddress: text,
  toAddress: text,
  outStateId: integer,
  outStateDescription: text,
  duration: length,
  isOutbound: flag,
  isNaturalCalling: flag,
  stationId: integer,
  stationName: text,
  teamId: integer,
} satisfies Record<string, Schema>;

const PERFORMANCE = {
  agentId: id,
  teamId: integer,
  agentOffered: integer,
  inboundHandled: integer,
  inboundTime: length,
  inboundTalkTime: length,
  inboundAvgTalkTime: length,
  outboundHandled: integer,
  outboundTime: length,
  outboundTalkTime: length,
  outboundAvgTalkTime: length,
  totalHandled: integer,
  totalTalkTime: length,
  totalAvgTalkTime: length,
  totalAvgHandleTime: length,
  consultTime: length,
  availableTime: length,
  unavailableTime: length,
  acwTime: length,
  refused: integer,
  percentRefused: number,
  loginTime: length,
  workingRate: number,
  occupancy: number,
} satisfies Record<string, Schema>;

const TEAM = {
  teamId: id,
  teamName: text,
  isActive: flag,
  description: text,
  notes: text,
  lastUpdateTime: time,
  agentCount: integer,
} satisfies Record<string, Schema>;

const ACTIVITY = {
  serverTime: time,
  businessUnitId: id,
  agentsACW: id,
  agentsAvailable: id,
  agentsIdle: id,
  agentsLoggedIn: id,
  agentsUnavailable: id,
  agentsWorking: id,
  campaignId: integer,
  campaignName: text,
  contactsActive: integer,
  earliestQueueTime: time,
  isActive: flag,
  inSLA: integer,
  isNaturalCalling: flag,
  isOutbound: flag,
  mediaTypeId: integer,
  mediaTypeName: text,
  outSLA: integer,
  queueCount: id,
  serviceLevel: integer,
  serviceLevelGoal: integer,
  serviceLevelThreshold: integer,
  skillName: text,
  skillId: id,
  skillQueueCount: integer,
  personalQueueCount: integer,
  parkedCount: integer,
} satisfies Record<string, Schema>;

const SKILL = {
  skillId: id,
  skillName: text,
  mediaTypeId: integer,
  mediaTypeName: text,
  isOutbound: flag,
  campaignId: integer,
  campaignName: text,
  isActive: flag,
  businessUnitId: integer,
} satisfies Record<string, Schema>;

const RECORDS: Readonly<Record<string, Record<string, Schema>>> = {
  agentStates: STATE,
  singleStates: SINGLE_STATE,
  agents: AGENT,
  agentSkillAssignments: ASSIGNMENT,
  agentStateHistory: HISTORY,
  agentPerformance: PERFORMANCE,
  teams: TEAM,
  skillActivity: ACTIVITY,
  skills: SKILL,
};

/** The names a record may have, for `fields`. @param list the member its list is under */
export function recordNames(list: string): string[] {
  return Object.keys(RECORDS[list] ?? {});
}

const RESULTS = object(
  {
    errorCount: id,
    skillResults: array(object({ skillId: id, success: { type: 'boolean' }, error: text }, 'skillId', 'success')),
  },
  'errorCount',
  'skillResults',
);
const listed = { totalRecords: id, _links: links };
const unit = { businessUnitId: id };
const polled = { lastPollTime: time };

/** Every answer, by method and path under the version; `:id` is one part of a path. */
export const SCHEMAS: Readonly<Record<string, Schema>> = {
  'GET /agents/states': object(
    { ...listed, ...polled, agentStates: array(object(STATE, 'agentId', 'agentStateId', 'startDate')) },
    'agentStates',
    'lastPollTime',
    'totalRecords',
    '_links',
  ),
  'GET /agents/:id/states': object({ agentStates: array(object(SINGLE_STATE, 'agentId', 'agentStateId')) }, 'agentStates'),
  'GET /agents': object(
    { ...listed, ...polled, ...unit, hiddenAgents: id, agents: array(object(AGENT, 'agentId')) },
    'agents',
    'totalRecords',
    'hiddenAgents',
    '_links',
  ),
  'GET /agents/:id': object({ agents: array(object(AGENT, 'agentId')) }, 'agents'),
  'GET /agents/:id/skills': object(
    {
      ...listed,
      ...polled,
      ...unit,
      agentSkillAssignments: array(object(ASSIGNMENT, 'skillId', 'agentProficiencyValue', 'isActive')),
    },
    'agentSkillAssignments',
  ),
  'POST /agents/:id/skills': object({ resultSet: RESULTS }, 'resultSet'),
  'PUT /agents/:id/skills': object({ resultSet: RESULTS }, 'resultSet'),
  'DELETE /agents/:id/skills': object({ resultSet: RESULTS }, 'resultSet'),
  'GET /agents/:id/state-history': object(
    { ...listed, ...polled, ...unit, agentStateHistory: array(object(HISTORY, 'agentId', 'startDate', 'duration')) },
    'agentStateHistory',
    'totalRecords',
  ),
  'GET /agents/state-history': object(
    { ...listed, ...polled, ...unit, agentStateHistory: array(object(HISTORY, 'agentId', 'startDate', 'duration')) },
    'agentStateHistory',
    'totalRecords',
  ),
  'GET /agents/:id/performance': object(
    { ...polled, ...unit, agentPerformance: array(object(PERFORMANCE, 'agentId', 'loginTime')) },
    'agentPerformance',
  ),
  'GET /agents/performance': object({ agentPerformance: array(object(PERFORMANCE, 'agentId', 'loginTime')) }, 'agentPerformance'),
  'GET /permissions': object(
    {
      permissions: array(
        object({ BusinessUnitId: id, Key: { type: 'string' }, Value: { type: 'string' } }, 'BusinessUnitId', 'Key', 'Value'),
      ),
    },
    'permissions',
  ),
  'GET /server-time': object({ ServerTime: time }, 'ServerTime'),
  'GET /teams': object({ ...listed, ...polled, ...unit, teams: array(object(TEAM, 'teamId', 'teamName')) }, 'teams'),
  'GET /teams/:id/unavailable-codes': object(
    {
      teamId: id,
      teamName: text,
      unavailableCodes: array(
        object(
          { outstateId: id, outstateName: { type: 'string' }, isActive: flag, isAcw: flag, agentTimeoutMins: text },
          'outstateId',
          'outstateName',
        ),
      ),
    },
    'teamId',
    'unavailableCodes',
  ),
  'GET /unavailable-codes': object(
    {
      unavailableCodes: array(
        object({ id, name: { type: 'string' }, isActive: flag, isACW: flag, agentTimeout: integer }, 'id', 'name'),
      ),
    },
    'unavailableCodes',
  ),
  'GET /skills/activity': object(
    { ...listed, ...polled, skillActivity: array(object(ACTIVITY, 'skillId', 'queueCount')) },
    'skillActivity',
  ),
  'GET /skills': object({ ...listed, ...polled, skills: array(object(SKILL, 'skillId', 'skillName')) }, 'skills'),
  'GET /business-unit': object(
    {
      businessUnits: array(
        object(
          {
            businessUnitId: id,
            businessUnitName: text,
            defaultTimeZone: text,
            isActive: flag,
            tenantId: text,
            apiPublishedLimit: integer,
            concurrentAgentLimit: integer,
            userLimit: integer,
          },
          'businessUnitId',
        ),
      ),
    },
    'businessUnits',
  ),
};

const here: Schema = { type: 'string', pattern: /^https?:\/\/[^/]+$/ };

/** The error body of the API. */
export const ERROR_SCHEMA = object(
  { error: { type: 'string' }, error_description: { type: 'string' } },
  'error',
  'error_description',
);

/** `{issuer}/.well-known/cxone-configuration` (facts, section 1). */
export const CONFIGURATION_SCHEMA = object(
  {
    api_endpoint: here,
    auth_endpoint: here,
    ui_endpoint: here,
    area: text,
    cluster: text,
    domain: { type: 'string' },
    acdDomain: text,
    uhDomain: { type: 'string' },
    private: { type: 'boolean' },
    tenantId: { type: 'string' },
    globaldomain: text,
  },
  'api_endpoint',
  'auth_endpoint',
  'ui_endpoint',
  'domain',
  'uhDomain',
  'private',
);

const only = (...values: string[]): Schema => array({ type: 'string', values });

/** `{issuer}/.well-known/openid-configuration`: no revocation, no introspection, one scope (facts, sections 1 and 4). */
export const DISCOVERY_SCHEMA = object(
  {
    issuer: here,
    authorization_endpoint: { type: 'string', pattern: /\/auth\/authorize$/ },
    token_endpoint: { type: 'string', pattern: /\/auth\/token$/ },
    token_endpoint_auth_methods_supported: array({ type: 'string' }),
    jwks_uri: { type: 'string', pattern: /\/auth\/jwks$/ },
    userinfo_endpoint: { type: 'string', pattern: /\/auth\/userinfo$/ },
    end_session_endpoint: { type: 'string', pattern: /\/auth\/authorize\/logout$/ },
    scopes_supported: only('openid'),
    response_types_supported: only('code'),
    subject_types_supported: only('public'),
    id_token_signing_alg_values_supported: only('RS256'),
    display_values_supported: only('page', 'popup'),
    claim_types_supported: only('normal'),
    code_challenge_methods_supported: only('S256'),
  },
  'issuer',
  'authorization_endpoint',
  'token_endpoint',
  'jwks_uri',
  'end_session_endpoint',
  'scopes_supported',
);

/** A token response: all of these are required (facts, section 1). `scope` is not among the documented members, and OAuth allows it. */
export const TOKEN_SCHEMA = object(
  {
    access_token: { type: 'string' },
    token_type: { type: 'string' },
    refresh_token: { type: 'string' },
    expires_in: id,
    id_token: { type: 'string' },
    scope: { type: 'string', values: ['openid'] },
  },
  'access_token',
  'token_type',
  'refresh_token',
  'expires_in',
  'id_token',
);

/** The claims of an ID token a client reads (facts, section 1). */
export const ID_TOKEN_SCHEMA: Schema = {
  type: 'object',
  open: true,
  properties: {
    iss: here,
    sub: { type: 'string', pattern: /^user:[0-9a-f-]{36}$/ },
    tenantId: { type: 'string', pattern: /^[0-9a-f-]{36}$/ },
    tenant: text,
    icBUId: id,
    icAgentId: { type: 'string', pattern: /^\d+$/ },
    icClusterId: { type: 'string' },
    userId: { type: 'string', pattern: /^[0-9a-f-]{36}$/ },
    teamId: { type: 'string' },
    name: { type: 'string' },
    given_name: { type: 'string' },
    family_name: { type: 'string' },
  },
  required: [
    'iss',
    'sub',
    'tenantId',
    'icBUId',
    'icAgentId',
    'icClusterId',
    'userId',
    'teamId',
    'name',
    'given_name',
    'family_name',
  ],
};

/** What of a value does not fit the schema, as sentences with the place; none: it fits. */
export function misfits(value: unknown, schema: Schema, place = '$'): string[] {
  if (value === null) return schema.nullable ? [] : [`${place} is null`];
  switch (schema.type) {
    case 'string':
      if (typeof value !== 'string') return [`${place} is no string`];
      if (schema.pattern && !schema.pattern.test(value)) return [`${place} does not look right: ${value}`];
      return schema.values && !schema.values.includes(value) ? [`${place} is not foreseen: ${value}`] : [];
    case 'integer':
      return Number.isSafeInteger(value) ? [] : [`${place} is no whole number`];
    case 'number':
    case 'boolean':
      return typeof value === schema.type ? [] : [`${place} is no ${schema.type}`];
    case 'array':
      return Array.isArray(value)
        ? value.flatMap((item, index) => misfits(item, schema.items, `${place}[${index}]`))
        : [`${place} is no list`];
    case 'object': {
      if (typeof value !== 'object' || Array.isArray(value)) return [`${place} is no object`];
      const missing = (schema.required ?? []).filter((name) => !(name in value)).map((name) => `${place}.${name} is missing`);
      const wrong = Object.entries(value).flatMap(([name, member]) => {
        const own = schema.properties[name];
        if (own) return misfits(member, own, `${place}.${name}`);
        return schema.open ? [] : [`${place}.${name} is not in the documents`];
      });
      return [...missing, ...wrong];
    }
  }
}
