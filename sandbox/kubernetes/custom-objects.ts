import type { KubeObject } from './objects.ts';

/** The fields of KEDA's, Argo CD's and Flux's objects that the sandbox acts on. */
export interface ScaledObject extends KubeObject {
  spec: {
    scaleTargetRef: { apiVersion?: string; kind?: string; name: string };
    minReplicaCount?: number;
    maxReplicaCount?: number;
    cooldownPeriod?: number;
    triggers?: { type: string }[];
  };
  status?: {
    scaleTargetKind?: string;
    hpaName?: string;
    lastActiveTime?: string;
    pausedReplicaCount?: number;
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
  };
}

export interface Application extends KubeObject {
  spec: {
    syncPolicy?: { automated?: { selfHeal?: boolean; enabled?: boolean } };
    ignoreDifferences?: { group?: string; kind?: string; name?: string; jsonPointers?: string[] }[];
  };
  status?: { sync?: { status?: string }; health?: { status?: string } };
}

/** A Kustomization or a HelmRelease. */
export interface FluxObject extends KubeObject {
  spec: { suspend?: boolean; interval?: string; driftDetection?: { mode?: 'enabled' | 'warn' | 'disabled' } };
  status?: { conditions?: { type: string; status: string; message?: string }[] };
}
