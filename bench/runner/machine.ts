import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';

/** What a result was found on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly node: string;
  readonly postgres: string;
  readonly redis: string;
  /** Of the last minute when it began: above 1 a core, others were at work. */
  readonly load: number;
  readonly commit: string;
}

export function thisMachine(): Machine {
  const [cpu] = cpus();
  return {
    cpu: cpu?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    node: process.versions.node,
    postgres: /\d+(\.\d+)?/.exec(told('pg_dump', '--version'))?.[0] ?? 'none',
    redis: /v=(\S+)/.exec(told('redis-server', '--version'))?.[1] ?? 'none',
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    commit: told('git', 'rev-parse', '--short', 'HEAD') || 'unknown',
  };
}

function told(program: string, ...args: readonly string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}
