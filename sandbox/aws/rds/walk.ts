import type { RdsPaces } from './paces.ts';
import { type Instance, type Region, record, waitFor } from './region.ts';

/** One status of a walk: it lasts as long as its work, and at least its pace. */
export type Step = (status: string, pace: keyof RdsPaces, work?: () => Promise<void>) => Promise<void>;

/** Ends a walk in a status of its own instead of `failed`. */
export class EndState extends Error {
  readonly status: string;

  constructor(status: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.status = status;
  }
}

/**
 * Takes an instance through statuses in the background and ends in `available`. A walk that begins while another is
 * under way, which can be while that one still shows `available`, waits for it. One that fails leaves the instance
 * `failed` and says why in the events.
 */
export function walk(region: Region, instance: Instance, course: (step: Step) => Promise<void>): void {
  const signal = AbortSignal.any([instance.ending.signal, region.closing]);
  const step: Step = async (status, pace, work) => {
    signal.throwIfAborted();
    const since = performance.now();
    instance.status = status;
    await work?.();
    await waitFor(region, pace, since, signal);
    const fate = region.fates.get(instance.id);
    if (fate?.during !== status) return;
    region.fates.delete(instance.id);
    throw new EndState(fate.status, new Error('it was ordered so'));
  };
  const going = instance.walks === 0 ? course(step) : instance.work.then(() => course(step));
  instance.walks += 1;
  instance.work = going
    .then(
      () => {
        if (!signal.aborted) instance.status = 'available';
      },
      (error: unknown) => {
        if (signal.aborted) return;
        instance.status = error instanceof EndState ? error.status : 'failed';
        const reason = error instanceof Error ? error.message : error;
        record(region, instance, `DB instance put into ${instance.status}: ${reason}`, 'failure');
      },
    )
    .finally(() => {
      instance.walks -= 1;
    });
}
