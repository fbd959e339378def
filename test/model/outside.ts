import { permanent, userError } from '../../src/domain/errors.ts';
import {
  done,
  irreversible,
  keptAsEvidence,
  nothingToUndo,
  type Step,
  undoBy,
  undoneWhen,
  wait,
} from '../../src/domain/step.ts';
import type { Ports } from './spec.ts';

/** The world outside, as small as it can be and still tell one fence from another. */
export interface Outside {
  /** Replicas, the epoch that the annotation bears, and whether the operation has handed it back. */
  deployment: { replicas: number; fence: number; returned: boolean };
  /** Which plan each instance was made for. */
  instances: string[];
  secret: string;
  /** Of the facts that a plan is made from. */
  facts: number;
  /** A cause for which the way back fails, until somebody removes it. */
  broken: boolean;
  /** Who holds the deployment, who held it, and whose patches took effect, in turn. */
  holder: string;
  past: string[];
  effects: string[];
  faults: string[];
}

export const outside = (): Outside => ({
  deployment: { replicas: 3, fence: 0, returned: false },
  instances: [],
  secret: 'old',
  facts: 1,
  broken: true,
  holder: '',
  past: [],
  effects: [],
  faults: [],
});

/** Stops the application: the patch tests the annotation, which is only ever raised (fence `annotation-test`). */
export function stop(ports: Ports<Outside>): Step {
  const patch = (epoch: number, replicas: number, returned: boolean) =>
    ports.act(`patch replicas=${replicas} epoch=${epoch}`, () => {
      const { deployment } = ports.outside;
      if (deployment.returned || deployment.fence > epoch) return false;
      Object.assign(deployment, { replicas, fence: epoch, returned });
      return true;
    });
  return {
    id: 'stop',
    fence: 'annotation-test',
    async run({ epoch }) {
      if (!(await patch(epoch, 0, false))) throw permanent('stop.fenced');
      return done({});
    },
    undo: undoBy(async ({ epoch }) => {
      const { returned } = await ports.look('deployment', () => ({ ...ports.outside.deployment }));
      if (!returned && !(await patch(epoch, 3, true))) throw permanent('stop.fenced');
      return done({});
    }),
  };
}

/** Makes an instance under a name that only this operation has (fence `derived-name+tag`). */
export function create(ports: Ports<Outside>, name = 'restored'): Step {
  return {
    id: 'create',
    fence: 'derived-name+tag',
    async run({ input }) {
      await ports.act(`create ${name}`, () => {
        const { instances } = ports.outside;
        if (!instances.some((one) => one.startsWith(name))) instances.push(`${name} of ${input.facts ?? ''}`);
      });
      return done({ name });
    },
    undo: keptAsEvidence,
  };
}

/** How long after it was signed RDS takes a call (SigV4), in milliseconds. */
const landsWithin = 5 * 60_000;

/**
 * As `create`, while people decide. A call that comes too late is not taken; so what nobody approved is gone for good once
 * it is deleted that long after the way back began.
 */
export function prestage(ports: Ports<Outside>): Step {
  return {
    ...create(ports),
    async run() {
      const until = ports.now().getTime() + landsWithin;
      await ports.act('create restored', () => {
        const { instances } = ports.outside;
        if (ports.now().getTime() <= until && instances.length === 0) instances.push('restored');
      });
      return done({});
    },
    undoUnapproved: undoneWhen(async ({ since }) => {
      await ports.act('delete restored', () => void ports.outside.instances.splice(0));
      // The sweeper comes when the clock has come to its end: what was signed at any time is not taken any more.
      const left = Date.parse(since) + landsWithin - ports.now().getTime();
      return left > 0 && ports.name !== 'sweeper' ? wait(left / 1000, 'wait.late') : done({});
    }),
  };
}

/** Switches the secret by compare-and-swap and hands over (fence `version-cas`). */
export function publish(ports: Ports<Outside>): Step {
  return {
    id: 'publish',
    fence: 'version-cas',
    publishes: true,
    async run() {
      const current = await ports.act('switch the secret', () => {
        if (ports.outside.secret === 'old') ports.outside.secret = 'new';
        return ports.outside.secret;
      });
      if (current !== 'new') throw permanent('secret.edited');
      return done({});
    },
    undo: irreversible,
  };
}

/** Looks and finds that it can't go on. */
export function refuse(): Step {
  return {
    id: 'verify',
    fence: 'read-only',
    run: () => Promise.reject(permanent('verification.failed')),
    undo: nothingToUndo,
  };
}

/** Looks and finds something wrong; what is to be done about it, another step says. */
export function verify(): Step {
  return { id: 'verify', fence: 'read-only', run: async () => done({ found: 1 }), undo: nothingToUndo };
}

/** Goes on with what was found if people say so in time. */
export function judge(): Step {
  return {
    id: 'judge',
    fence: 'read-only',
    polls: true,
    gate: 'findings',
    async run({ gate }) {
      if (gate?.decision === 'approved') return done({});
      if (gate?.decision === 'open') return wait(gate.leftSeconds + 1, 'wait.findings');
      throw permanent('verification.failed');
    },
    undo: nothingToUndo,
  };
}

/** Goes on to the cut-over if people say so in time; else that is the end of it. */
export function askForCutOver(): Step {
  return {
    id: 'approve',
    fence: 'read-only',
    polls: true,
    gate: 'cut-over',
    async run({ gate }) {
      if (gate?.decision === 'approved') return done({});
      if (gate?.decision === 'open') return wait(gate.leftSeconds + 1, 'wait.cut-over');
      throw userError(`cut-over.${gate?.decision ?? 'nobody'}`);
    },
    undo: nothingToUndo,
  };
}

/** Looks and is content. */
export function look(id: string): Step {
  return { id, fence: 'read-only', polls: true, run: async () => done({}), undo: nothingToUndo };
}
