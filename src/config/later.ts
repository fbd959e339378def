/** Options that have a place in the file's shape and do nothing yet: refused by name, since a schedule that is ignored is worse than none. */
export const laterOptions: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'people.breakGlass': 'break-glass approval',
    'environments.*.dumps': 'dumps',
    'environments.*.schedules': 'schedules',
    'environments.*.retention': 'retention',
    'environments.*.escalation': 'escalation',
    'environments.*.approvals.cutOver': 'a second approval before the cut-over',
    'environments.*.restore.prestage': 'restoring beside before approval',
    'environments.*.checks.command': "running the application's own tests",
  }),
);

/** Values that have a place in the file's shape and aren't supported yet. */
export const laterValues: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'environments.*.restore.order: restore-first': 'restoring before the application is stopped',
  }),
);
