/** Faults of profile `public` alone. Those of the token endpoint, of the transport and of single agents are the same for both profiles. */

export const PUBLIC_FAULT_KINDS = {
  noChangeSince: [
    'public',
    'as (empty): empty | 204 | 304; always (false): how an updatedSince poll says that nothing changed; always: also when something did',
  ],
  restrictedTeams: [
    'public',
    'teams?: names or ids, all without: silently left out of lists, counted in hiddenAgents; 403 "Agent - \'n\' is restricted" singly',
  ],
  forbidden: [
    'public',
    'as (description): description | header | bare; text?: 403 with a text in the body, in icStatusDescription with an empty body, or without a word',
  ],
  businessUnitMismatch: ['public', 'businessUnitId (4600987): what every record says instead of the icBUId of the token'],
  oldVersionsOnly: ['public', 'versions (["v28.0"]): all others answer 404'],
  configurationFields: [
    'public',
    'patch: members of the cxone-configuration replaced; "__delete__" removes one, "__ui__" is the address of the UI host',
  ],
  configurationStatus: ['public', 'status (404), html?: the cxone-configuration is not there'],
  fieldDrift: [
    'public',
    'spell?: list of isAcw, media, outStateCode, agentNo, agentIdAlt, stringIds, stringBooleans, resultSet, pollTimeInRows, outStateName, durationSeconds, durationNumber, bareSkillResults, unknownState; all that go together without it',
  ],
  skillItemsFail: ['public', 'skills?: ids or names, all without; error?: these items fail inside a 200'],
  pagesOverlap: ['public', 'rows (2): each page after the first begins so many rows early'],
  pagedByDefault: ['public', 'rows (20): lists come in pages although nobody asked for any'],
  loggedOutUnlisted: ['public', 'lists of states leave logged-out agents out'],
  datesWithTime: ['public', 'one agent’s states say startDate with a time; the documents have a date alone'],
  queue: ['public', 'skill (name or id), count (7), waitSeconds (240): so many contacts wait, the first for so long'],
} as const satisfies Record<string, readonly ['public', string]>;
