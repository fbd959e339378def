import { apiVersionOf, allKinds as everyKind, type Kind } from './kinds.ts';

/** The version that the sandbox claims to be; clients only compare the minor number. */
const serverVersion = {
  major: '1',
  minor: '32',
  gitVersion: 'v1.32.0+sandbox',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '2025-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: 'linux/amd64',
};

/** Answers to the discovery paths, undefined for any other. kubectl asks them before every command. */
export function discovery(path: string, absentGroups: ReadonlySet<string>): unknown {
  const allKinds = everyKind.filter(({ group }) => !absentGroups.has(group));
  const groups = groupsOf(allKinds);

  if (path === '/version') return serverVersion;
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
  if (path === '/apis')
    return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map((name) => apiGroup(name, allKinds)) };
  const group = /^\/apis\/([^/]+)$/.exec(path)?.[1];
  if (group && groups.includes(group)) return { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(group, allKinds) };
  const gv = /^\/api\/(v1)$|^\/apis\/([^/]+\/[^/]+)$/.exec(path);
  const groupVersion = gv?.[1] ?? gv?.[2];
  const members = allKinds.filter((kind) => apiVersionOf(kind) === groupVersion);
  if (members.length > 0) {
    return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: members.flatMap(apiResources) };
  }
  return openApi(path, allKinds);
}

const groupsOf = (kinds: readonly Kind[]) =>
  [...new Set(kinds.map(({ group }) => group))].filter((group) => group !== '');

function apiGroup(name: string, allKinds: readonly Kind[]): Record<string, unknown> {
  const versions = [...new Set(allKinds.filter(({ group }) => group === name).map(apiVersionOf))].map(
    (groupVersion) => ({
      groupVersion,
      version: groupVersion.split('/')[1],
    }),
  );
  return { name, versions, preferredVersion: versions[0] };
}

function apiResources(kind: Kind): unknown[] {
  const { plural, singular, namespaced, shortNames, categories, subresources = [] } = kind;
  return [
    {
      name: plural,
      singularName: singular,
      namespaced,
      kind: kind.kind,
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      ...(shortNames.length > 0 ? { shortNames } : {}),
      ...(categories ? { categories } : {}),
    },
    ...subresources.map((subresource) => ({
      name: `${plural}/${subresource}`,
      singularName: '',
      namespaced,
      ...(subresource === 'scale' ? { group: 'autoscaling', version: 'v1', kind: 'Scale' } : { kind: kind.kind }),
      verbs: subresource === 'log' ? ['get'] : subresource === 'exec' ? ['create', 'get'] : ['get', 'patch', 'update'],
    })),
  ];
}

/**
 * As much of OpenAPI v3 as `kubectl apply` reads: that the server checks fields itself (`fieldValidation`), so that
 * kubectl doesn't insist on the schemas.
 */
function openApi(path: string, allKinds: readonly Kind[]): unknown {
  const at = (groupVersion: string) => (groupVersion.includes('/') ? `apis/${groupVersion}` : `api/${groupVersion}`);
  const groupVersions = [...new Set(allKinds.map(apiVersionOf))];
  if (path === '/openapi/v3') {
    return {
      paths: Object.fromEntries(groupVersions.map((gv) => [at(gv), { serverRelativeURL: `/openapi/v3/${at(gv)}` }])),
    };
  }
  const wanted = groupVersions.find((gv) => path === `/openapi/v3/${at(gv)}`);
  if (!wanted) return undefined;
  const members = allKinds.filter((kind) => apiVersionOf(kind) === wanted);
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: serverVersion.gitVersion },
    paths: Object.fromEntries(members.map((kind) => [`/${at(wanted)}/${itemPath(kind)}`, patchable(kind)])),
  };
}

const itemPath = ({ namespaced, plural }: Kind) => `${namespaced ? 'namespaces/{namespace}/' : ''}${plural}/{name}`;

const patchable = ({ group, version, kind }: Kind) => ({
  patch: {
    parameters: [{ name: 'fieldValidation', in: 'query', schema: { type: 'string' } }],
    responses: {},
    'x-kubernetes-group-version-kind': { group, version, kind },
    'x-kubernetes-action': 'patch',
  },
});
