import type { PitcrewError } from './errors.ts';
import type { Note } from './restore.ts';

/** What is asked of a real service about an option. The texts are in messages/inspection.ts. */
export type Look =
  | 'conditional-create'
  | 'eviction-policy'
  | 'token'
  | 'app-token'
  | 'person'
  | 'group'
  | 'channel'
  | 'secret'
  | 'instance'
  | 'quotas'
  | 'recovery-points'
  | 'profile'
  | 'login'
  | 'grants'
  | 'tables'
  | 'statement'
  | 'heartbeat'
  | 'master-grants'
  | 'workload'
  | 'pods'
  | 'guards'
  | 'job-rights'
  | 'dump-list'
  | 'dump-read'
  | 'dump-uploads'
  | 'dump-abort'
  | 'dump-write'
  | 'programs'
  | 'image'
  | 'tools'
  | 'exec-rights'
  | 'exec-programs';

/** Looks at what is real, changes nothing, and notes what is wrong under the option that names it. */
export interface Inspector {
  /** What is thrown is noted; the answer is then undefined, and whoever needs it goes without. */
  look<T>(path: string, what: Look, work: () => Promise<T>): Promise<T | undefined>;
  /** A fault that is no failure of the look itself. */
  note(path: string, error: PitcrewError): void;
  /** Nothing wrong, but worth knowing beforehand. */
  remark(path: string, note: Note): void;
}
