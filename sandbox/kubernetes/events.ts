import { createHash } from 'node:crypto';
import { type KubeObject, timestamp } from './objects.ts';
import type { Store } from './store.ts';

const REMEMBERED_EVENTS = 500;

interface EventObject extends KubeObject {
  count: number;
  lastTimestamp: string;
}

export interface Happening {
  readonly about: KubeObject;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly component: string;
}

/** Writes an Event about an object; the same one again counts up, as the real recorder does. */
export function recordEvent(store: Store, { about, type, reason, message, component }: Happening): void {
  const { apiVersion, kind, metadata } = about;
  const namespace = metadata.namespace ?? 'default';
  const hash = createHash('sha256').update([metadata.uid, reason, message].join('\n')).digest('hex').slice(0, 16);
  const name = `${metadata.name}.${hash}`;
  const counted = store.update('events', { namespace, name }, (draft) => {
    const event = draft as EventObject;
    event.count += 1;
    event.lastTimestamp = timestamp();
  });
  if (counted) return;
  const now = timestamp();
  store.create('events', {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace },
    involvedObject: { apiVersion, kind, namespace, name: metadata.name, uid: metadata.uid },
    type,
    reason,
    message,
    source: { component },
    reportingComponent: component,
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  } as Parameters<typeof store.create<'events'>>[1]);
  const oldest = store.list('events');
  for (const event of oldest.slice(0, Math.max(0, oldest.length - REMEMBERED_EVENTS))) store.remove('events', event);
}
