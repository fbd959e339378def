import type { PlannedStep } from '../../domain/plan.ts';

/** What people call a stretch of a restore. */
export type Part =
  | 'stop'
  | 'load'
  | 'restore'
  | 'first'
  | 'copy'
  | 'old'
  | 'both'
  | 'verify'
  | 'decide'
  | 'switch'
  | 'afterwards';

/** Steps that belong together, one after another. */
export interface Branch {
  readonly part?: Part;
  readonly steps: readonly string[];
}

/** A stretch of a plan: one branch, or several that run side by side. */
export interface Stage {
  readonly branches: readonly Branch[];
}

/** Which step belongs to which part; a step that isn't here stands at the end, in the order of its plan. */
const partOf: Readonly<Record<string, Part>> = {
  'record-application': 'stop',
  'stop-application': 'stop',
  'prove-stopped': 'stop',
  'watch-stopped': 'stop',
  'rescue-snapshot': 'stop',
  'await-log': 'stop',
  'restore-instance': 'restore',
  'create-instance': 'restore',
  'await-instance': 'restore',
  'align-instance': 'restore',
  'prove-aligned': 'restore',
  'create-roles': 'restore',
  'prove-swappable': 'restore',
  'create-database': 'restore',
  'start-load-job': 'restore',
  'await-load': 'restore',
  'align-login': 'restore',
  'take-rescue': 'stop',
  'await-rescue': 'stop',
  'bar-writers': 'load',
  'load-in-place': 'load',
  'prove-loaded': 'load',
  'let-back-in': 'load',
  'prove-in-place': 'switch',
  'prove-old': 'old',
  'let-in': 'old',
  'try-login': 'old',
  'measure-left': 'old',
  'prove-kept': 'both',
  'measure-written': 'both',
  'verify-database': 'verify',
  'check-database': 'verify',
  'check-deeply': 'verify',
  'start-check-job': 'verify',
  'await-check-job': 'verify',
  'judge-verification': 'verify',
  compare: 'decide',
  'approve-cut-over': 'decide',
  'prove-unwritten': 'switch',
  'measure-loss': 'verify',
  'switch-secret': 'switch',
  'swap-names': 'switch',
  'prove-swapped': 'switch',
  'start-application': 'switch',
  'prove-on-new': 'switch',
  'fence-old': 'switch',
  'switch-back': 'switch',
  'swap-back': 'switch',
  'prove-swapped-back': 'switch',
  'prove-back': 'switch',
  'bar-left': 'switch',
  'hand-over': 'afterwards',
  'verify-deeply': 'afterwards',
};
/** Parts in the order in which they run; those of one line run side by side. */
const beside: readonly (readonly Part[])[] = [
  ['stop', 'restore', 'old', 'both'],
  ['verify'],
  ['switch'],
  ['afterwards'],
];

/** To lose nothing, the copy is made only once the application stands still. */
const inTurn: typeof beside = [['stop'], ['copy', 'old'], ...beside.slice(1)];

/** Over the live database there is nothing beside: all of it comes in turn. */
const overLive: typeof beside = [['stop'], ['load'], ...beside.slice(1)];
const ofTheLive: Readonly<Record<string, Part>> = { 'await-instance': 'stop', 'await-load': 'load' };

/** Names are swapped back: what is looked at is there already. */
const ofTheKept: Readonly<Record<string, Part>> = { 'prove-swappable': 'both' };

/** While the application serves all is made ready; what keeps it down is short. */
const ready: typeof beside = [['first'], ['verify'], ['decide'], ['stop'], ['switch'], ['afterwards']];
const whenReady: Readonly<Record<string, Part>> = { 'measure-loss': 'switch', 'rescue-snapshot': 'afterwards' };

/** Divides a plan into the parts that people speak of, in the order in which they run. */
export function stagesOf(steps: readonly PlannedStep[]): readonly Stage[] {
  const ids = steps.map(({ id }) => id);
  const waits = ids.includes('await-log');
  const serves = ids.includes('approve-cut-over');
  const over = ids.includes('load-in-place');
  const back = ids.includes('swap-back');
  const order = waits ? inTurn : serves ? ready : over ? overLive : beside;
  const restore: Part = waits ? 'copy' : serves ? 'first' : 'restore';
  const partIn = (id: string): Part | undefined => {
    const part = (serves ? whenReady[id] : over ? ofTheLive[id] : back ? ofTheKept[id] : undefined) ?? partOfStep(id);
    return part === 'restore' ? restore : part;
  };
  const branch = (part: Part): readonly Branch[] => {
    const own = ids.filter((id) => partIn(id) === part);
    return own.length === 0 ? [] : [{ part, steps: own }];
  };
  const others = ids.filter((id) => partIn(id) === undefined);
  return [
    ...order.map((parts) => ({ branches: parts.flatMap(branch) })),
    { branches: others.length === 0 ? [] : [{ steps: others }] },
  ].filter(({ branches }) => branches.length > 0);
}

const partOfStep = (id: string): Part | undefined => (Object.hasOwn(partOf, id) ? partOf[id] : undefined);
