import { connect, createServer, type Server, type Socket } from 'node:net';
import { PORT_ANNOTATION, type Pod, type Service } from './objects.ts';
import { isReady } from './pod-status.ts';
import { matchesSelector } from './selectors.ts';
import type { Store } from './store.ts';

/** Gives every Service a port of 127.0.0.1 that leads, connection by connection, to the ready pods in turn. */
export interface ServiceProxy {
  /** The port, as soon as the Service has it. Rejects when it has none within 5 s. */
  port(namespace: string, name: string): Promise<number>;
  close(): Promise<void>;
}

export function startServiceProxy(store: Store): ServiceProxy {
  const balancers = new Map<string, Balancer>();
  const unsubscribe = store.subscribe(({ plural, type, object: { metadata } }) => {
    if (plural !== 'services') return;
    if (type === 'ADDED') {
      const balancer = startBalancer(() => endpoints(store, metadata.namespace, metadata.name));
      balancers.set(metadata.uid, balancer);
      void balancer.port.then((port) => publish(store, metadata, port));
    } else if (type === 'DELETED') {
      void balancers.get(metadata.uid)?.close();
      balancers.delete(metadata.uid);
    }
  });
  return {
    async port(namespace, name) {
      for (let waited = 0; waited < 5000; waited += 20) {
        const found = store.find('services', namespace, name)?.metadata.annotations?.[PORT_ANNOTATION];
        if (found) return Number(found);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error(`there is no Service ${namespace}/${name}: create it first`);
    },
    async close() {
      unsubscribe();
      await Promise.all([...balancers.values()].map((balancer) => balancer.close()));
    },
  };
}

function publish(store: Store, metadata: Service['metadata'], port: number): void {
  store.update('services', metadata, (draft) => {
    draft.metadata.annotations = { ...draft.metadata.annotations, [PORT_ANNOTATION]: String(port) };
    if (draft.spec.type !== 'ClusterIP') for (const each of draft.spec.ports) each.nodePort ??= port;
  });
}

/** Ports of the pods that a Service sends traffic to: selected, ready, and not being deleted. */
function endpoints(store: Store, namespace: string | undefined, name: string): number[] {
  const selector = store.find('services', namespace, name)?.spec.selector;
  if (!selector) return [];
  return store
    .list('pods', namespace)
    .filter((pod) => matchesSelector({ matchLabels: selector }, pod.metadata.labels) && serves(pod))
    .map(({ metadata }) => Number(metadata.annotations?.[PORT_ANNOTATION]));
}

const serves = (pod: Pod) => isReady(pod) && !pod.metadata.deletionTimestamp;

interface Balancer {
  readonly port: Promise<number>;
  close(): Promise<void>;
}

function startBalancer(backends: () => number[]): Balancer {
  const open = new Set<Socket>();
  let turn = 0;
  const server: Server = createServer({ allowHalfOpen: true }, (client) => {
    const ports = backends();
    turn += 1;
    const order = ports.map((_, index) => ports[(index + turn) % ports.length] ?? 0);
    track(open, client);
    void connectFirst(order).then((backend) => {
      if (!backend || client.destroyed) {
        backend?.destroy();
        return client.resetAndDestroy(); // nobody is there: as on a real Service without endpoints
      }
      track(open, backend);
      join(client, backend);
    });
  });
  return {
    port: new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        if (address && typeof address === 'object') resolve(address.port);
      });
    }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

function track(open: Set<Socket>, socket: Socket): void {
  open.add(socket);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => open.delete(socket));
}

function join(client: Socket, backend: Socket): void {
  client.pipe(backend);
  backend.pipe(client);
  client.on('close', () => backend.destroy());
  backend.on('close', () => client.destroy());
}

async function connectFirst(ports: readonly number[]): Promise<Socket | undefined> {
  for (const port of ports) {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const connected = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    if (connected) return socket;
    socket.destroy();
  }
  return undefined;
}
