import type { ExecLine, FaultPlan } from '../faults.ts';

/** Cuts exec sessions: those that are open, or the next ones in mid-stream. */
export function createExecFaults(): Pick<FaultPlan, 'cutExecs' | 'dropExecs' | 'joinExec' | 'takeExecCut'> {
  const open = new Set<() => void>();
  const orders: { afterBytes: number; count: number; matching: (exec: ExecLine) => boolean }[] = [];
  return {
    cutExecs: ({ matching = () => true, ...order }) => void orders.push({ ...order, matching }),
    dropExecs() {
      for (const cut of [...open]) cut();
    },
    joinExec(cut) {
      open.add(cut);
      return () => void open.delete(cut);
    },
    takeExecCut(exec) {
      const order = orders.find(({ count, matching }) => count > 0 && matching(exec));
      if (!order) return () => false;
      order.count -= 1;
      let passed = 0;
      return (bytes) => {
        passed += bytes;
        return passed > order.afterBytes;
      };
    },
  };
}
