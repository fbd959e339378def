import { AsyncLocalStorage } from 'node:async_hooks';
import { PitcrewError, recorded } from '../domain/errors.ts';
import type { Inspector, Look } from '../domain/inspection.ts';
import type { Note } from '../domain/restore.ts';

export interface Noted {
  readonly path: string;
  readonly error: ReturnType<typeof recorded>;
}

export interface Recorder extends Inspector {
  /** In the order of their paths' first mention, each once. */
  readonly faults: readonly Noted[];
  readonly remarks: readonly { readonly path: string; readonly note: Note }[];
}

export interface LookEnd {
  readonly path: string;
  readonly what: Look;
  readonly ok: boolean;
  readonly seconds: number;
}

/** Keeps what an inspection finds; `onEnd` hears of each look when it is over. */
export function createRecorder(onEnd: (end: LookEnd) => void): Recorder {
  const faults: Noted[] = [];
  const remarks: { path: string; note: Note }[] = [];
  // Many looks are under way at once: a fault belongs to the one that noted it.
  const under = new AsyncLocalStorage<{ ok: boolean }>();
  const note = (path: string, error: unknown) => {
    const known = recorded(error);
    const look = under.getStore();
    if (look) look.ok = false;
    // One missing right shows at every look that needs it.
    const again = faults.some((one) => one.path === path && JSON.stringify(one.error) === JSON.stringify(known));
    if (!again) faults.push({ path, error: known });
  };
  return {
    faults,
    remarks,
    note,
    remark: (path, one) => void remarks.push({ path, note: one }),
    look(path, what, work) {
      const began = performance.now();
      const outcome = { ok: true };
      return under.run(outcome, async () => {
        try {
          return await work();
        } catch (error) {
          if (!(error instanceof PitcrewError)) throw error;
          note(path, error);
          return undefined;
        } finally {
          onEnd({ path, what, ok: outcome.ok, seconds: (performance.now() - began) / 1000 });
        }
      });
    },
  };
}
