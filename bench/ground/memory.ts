import { readFileSync } from 'node:fs';

/** What a process and its children held in memory at most. Bytes. */
export interface Peak {
  /** The largest that each program was (VmHWM of proc(5)), by its name; of several with one name the largest. */
  readonly byProgram: Readonly<Record<string, number>>;
  /** The largest sum over all of them at one moment. */
  readonly together: number;
}

const lookEveryMs = 50;

/** Looks at a tree of processes until it is told to stop. */
export function watchMemory(root: number): { stop(): Peak } {
  const byProgram: Record<string, number> = {};
  let together = 0;
  const look = () => {
    const held = treeOf(root).flatMap((pid) => memoryOf(pid) ?? []);
    for (const { program, most } of held) byProgram[program] = Math.max(byProgram[program] ?? 0, most);
    together = Math.max(
      together,
      held.reduce((sum, { now }) => sum + now, 0),
    );
  };
  look();
  const timer = setInterval(look, lookEveryMs);
  return {
    stop() {
      clearInterval(timer);
      return { byProgram, together };
    },
  };
}

function treeOf(pid: number): readonly number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return [pid, ...children.flatMap(treeOf)];
}

function memoryOf(pid: number): { program: string; now: number; most: number } | undefined {
  const status = read(`/proc/${pid}/status`);
  const bytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024;
  const program = /^Name:\s+(\S+)/.exec(status)?.[1];
  // What has ended has no memory, and a child between fork and exec is its parent once more.
  if (!program || bytes('VmHWM') === 0) return undefined;
  const known = /^(pg_dump|pg_restore)$/.test(program) ? program : 'node';
  return { program: known, now: bytes('VmRSS'), most: bytes('VmHWM') };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // it ended meanwhile
  }
}
