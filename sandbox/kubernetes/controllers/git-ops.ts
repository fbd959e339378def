import type { Application, FluxObject } from '../custom-objects.ts';
import { recordEvent } from '../events.ts';
import type { Deployment, KubeObject } from '../objects.ts';
import type { Change, Store } from '../store.ts';
import type { CronJob, StatefulSet } from '../workload-objects.ts';
import { createPacer } from './scale-target.ts';

/** What the repository says of an object, as far as an incident changes it. */
interface Declared {
  readonly replicas?: number;
  readonly suspend?: boolean;
}

type Workload = Deployment | StatefulSet | CronJob;

const APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const plurals = ['deployments', 'statefulsets', 'cronjobs'] as const;

export interface GitOps {
  /** Remembers an object as it was when it came: that is what its repository says, unless it says so itself. */
  see(change: Change): void;
  reconcile(): void;
}

/**
 * Argo CD with `selfHeal`, Flux's Kustomizations, and its HelmReleases with drift detection: what carries their mark is
 * put back to what the repository says. Each is held back as its documentation says: `selfHeal` off, `skip-reconcile` or
 * `ignoreDifferences` for Argo CD; `spec.suspend`, or `reconcile: disabled` on the object itself, for Flux.
 */
export function createGitOps(store: Store, { seconds }: { readonly seconds: number | undefined }): GitOps {
  const declared = new Map<string, Declared>();
  const due = createPacer();
  const healAll = (healer: KubeObject, manages: (workload: Workload) => boolean, ignores: Ignores = () => false) => {
    for (const plural of plurals) {
      for (const workload of store.list(plural).filter(manages)) {
        const wanted = declaredOf(workload) ?? declared.get(workload.metadata.uid) ?? {};
        heal(store, { plural, workload, wanted, healer, ignores });
      }
    }
  };
  return {
    see({ type, plural, object }) {
      if (type !== 'ADDED' || !plurals.some((each) => each === plural)) return;
      declared.set(object.metadata.uid, settingsOf((object as Workload).spec));
    },
    reconcile() {
      for (const application of store.list('applications')) {
        if (!selfHeals(application) || !due(application.metadata.uid, seconds ?? 5)) continue;
        healAll(application, (workload) => isTracked(workload, application), ignoring(application));
      }
      for (const kustomization of store.list('kustomizations')) {
        if (!isDue(kustomization)) continue;
        healAll(kustomization, (workload) => isFluxed(workload, kustomization, 'kustomize.toolkit.fluxcd.io'));
      }
      for (const release of store.list('helmreleases')) {
        if (release.spec.driftDetection?.mode !== 'enabled' || !isDue(release)) continue;
        healAll(release, (workload) => isFluxed(workload, release, 'helm.toolkit.fluxcd.io'));
      }
    },
  };

  function isDue({ metadata, spec }: FluxObject): boolean {
    return !spec.suspend && due(metadata.uid, seconds ?? secondsOf(spec.interval ?? '10m'));
  }
}

const settingsOf = ({ replicas, suspend }: { replicas?: number; suspend?: boolean }): Declared => ({
  ...(replicas === undefined ? {} : { replicas }),
  ...(suspend === undefined ? {} : { suspend }),
});

/** A manifest without replicas leaves them to somebody else: nothing is healed then. */
function declaredOf({ metadata }: Workload): Declared | undefined {
  const applied = metadata.annotations?.[APPLIED];
  return applied ? settingsOf((JSON.parse(applied) as { spec?: Declared }).spec ?? {}) : undefined;
}

function selfHeals({ metadata, spec }: Application): boolean {
  const automated = spec.syncPolicy?.automated;
  const skipped = metadata.annotations?.['argocd.argoproj.io/skip-reconcile'] === 'true';
  return automated?.selfHeal === true && automated.enabled !== false && !skipped;
}

/** By annotation (`<application>:<group>/<kind>:<namespace>/<name>`) or by label, the two tracking methods of Argo CD. */
function isTracked({ metadata }: Workload, { metadata: { name } }: Application): boolean {
  const [tracker = ''] = (metadata.annotations?.['argocd.argoproj.io/tracking-id'] ?? '').split(':');
  const named = tracker.split('_').at(-1) === name; // an Application outside of Argo CD's namespace is `<namespace>_<name>`
  return named || metadata.labels?.['app.kubernetes.io/instance'] === name;
}

function isFluxed({ metadata }: Workload, owner: FluxObject, prefix: string): boolean {
  const { labels = {}, annotations = {} } = metadata;
  const off = { ...labels, ...annotations }[`${prefix}/reconcile`] === 'disabled';
  const mine = labels[`${prefix}/name`] === owner.metadata.name;
  return mine && labels[`${prefix}/namespace`] === owner.metadata.namespace && !off;
}

type Ignores = (workload: Workload, field: string) => boolean;

const ignoring =
  ({ spec }: Application): Ignores =>
  ({ kind, metadata }, field) =>
    (spec.ignoreDifferences ?? []).some(
      (rule) =>
        (!rule.kind || rule.kind === kind) &&
        (!rule.name || rule.name === metadata.name) &&
        rule.jsonPointers?.includes(`/spec/${field}`),
    );

interface Healing {
  readonly plural: (typeof plurals)[number];
  readonly workload: Workload;
  readonly wanted: Declared;
  readonly healer: KubeObject;
  readonly ignores: Ignores;
}

function heal(store: Store, { plural, workload, wanted, healer, ignores }: Healing): void {
  const before = workload.metadata.resourceVersion;
  const after = store.update(plural, workload.metadata, (draft) => {
    const spec = draft.spec as { replicas?: number; suspend?: boolean };
    if (wanted.replicas !== undefined && !ignores(workload, 'replicas')) spec.replicas = wanted.replicas;
    if (wanted.suspend !== undefined && !ignores(workload, 'suspend')) spec.suspend = wanted.suspend;
  });
  if (!after || after.metadata.resourceVersion === before) return;
  const message = `${workload.kind}/${workload.metadata.namespace}/${workload.metadata.name} configured`;
  recordEvent(store, { about: healer, type: 'Normal', reason: 'DriftCorrected', message, component: healer.kind });
}

/** Flux's durations: `10m`, `1h30m`, `30s`. */
function secondsOf(duration: string): number {
  const units: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)([hms])/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0), 0);
}
