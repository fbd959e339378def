import type { Kubernetes, kubernetes } from './kubernetes.ts';

/**
 * The clusters’ APIs, loaded with the first call. The library has every kind of Kubernetes in it: to load it takes longer than
 * all the rest of a start, and a third of the memory of a worker that only waits.
 */
export function kubernetesLate(options: Parameters<typeof kubernetes>[0] = {}): Kubernetes {
  let loaded: Promise<Kubernetes> | undefined;
  const there = () => {
    loaded ??= import('./kubernetes.ts').then((library) => library.kubernetes(options));
    return loaded;
  };
  return {
    find: async (...given) => (await there()).find(...given),
    list: async (...given) => (await there()).list(...given),
    patch: async (...given) => (await there()).patch(...given),
    create: async (...given) => (await there()).create(...given),
    remove: async (...given) => (await there()).remove(...given),
    createSecret: async (...given) => (await there()).createSecret(...given),
    pods: async (...given) => (await there()).pods(...given),
    podLog: async (...given) => (await there()).podLog(...given),
    exec: async (...given) => (await there()).exec(...given),
    may: async (...given) => (await there()).may(...given),
    mayPatch: async (...given) => (await there()).mayPatch(...given),
  };
}
