import { retryable } from '../../domain/errors.ts';
import type { Session, Sessions } from '../postgres/sessions.ts';
import { named } from './cluster.fixture.ts';

export const roleSecret = { region: 'eu-west-1', secret: 'reader', keys: { user: 'user', password: 'password' } };
const source = { host: 'old', port: 5432, database: 'shop' };
export const proving = (name: string, more: object = {}) => ({
  workloads: [named(name)],
  withinSeconds: 60,
  provenSeconds: 30,
  pollSeconds: 5,
  role: 'shop_app',
  database: 'shop',
  source,
  verifyRole: roleSecret,
  fenceRole: roleSecret,
  readers: [],
  ...more,
});

/** The databases' sessions, as they stand. */
export function sessionsAt(state: {
  old?: readonly Session[];
  new?: readonly Session[];
  foreign?: readonly Session[];
  down?: boolean;
}): Sessions {
  return {
    async on({ host }) {
      if (state.down) throw retryable('database.unreachable');
      return {
        application: state[host === 'old' ? 'old' : 'new'] ?? [],
        foreign: (host === 'old' && state.foreign) || [],
      };
    },
  };
}
export const session = (ageSeconds: number, role = 'shop_app'): Session => ({
  role,
  clientAddress: '127.0.0.1',
  startedAt: '2026-11-20T03:00:00.000Z',
  ageSeconds,
  applicationName: '',
});
