import { createHash } from 'node:crypto';
import type { CurrentSecret, SecretDocument, Secrets } from '../../clients/secrets.ts';
import { permanent, retryable } from '../../domain/errors.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { RestoreOutputs } from '../../domain/restore.ts';
import { done, number, object, type Step, type StepContext, text, undoBy } from '../../domain/step.ts';

export type SecretsIn = (region: string) => Pick<Secrets, 'current' | 'putUnderStage' | 'switchCurrent'>;

interface Address {
  readonly host: string;
  readonly port: number;
  /** Where reads go, where the secret has a key for that. */
  readonly readHost?: string;
}

/** PostgreSQL's own port: what a secret without one means. */
const defaultPort = 5432;

/**
 * Publishes the restored instance: the secret's host and port change, and its address for reads where it has one (read
 * replicas are not restored); everything else in it stays as it is.
 *
 * Input: `region`, `secret`, `keys` ({host, port, readHost?}), `fromVersion` (AWSCURRENT when the plan was made; a plan that was
 * made over another version is another plan) and `source` ({host, port, readHost?}: what the
 * secret says now), for the way back.
 *
 * The new version lies under a private stage first; then AWSCURRENT moves to it only if `fromVersion` still has it. Its
 * id derives from the operation, so whoever takes this step over after a crash, at whatever point, knows whether it
 * happened by looking at AWSCURRENT.
 */
export function switchSecret({ secrets }: { secrets: SecretsIn }): Step {
  return {
    id: 'switch-secret',
    fence: 'version-cas',
    publishes: true,
    async run(context) {
      const { input, operation } = context;
      const secret = text(input, 'secret');
      const fromVersion = text(input, 'fromVersion');
      const here = secrets(text(input, 'region'));
      const versionId = tokenFor(operation, 'switch-secret');
      const switched = { versionId, previousVersionId: fromVersion } satisfies RestoreOutputs['switch-secret'];
      const current = await here.current(secret);
      // Ours, or an edit on top of ours: either way the switch has happened.
      const there = current.versionId === versionId || same(addressIn(current.document, input), target(context));
      if (there) return done(switched);
      if (current.versionId !== fromVersion) throw changed(secret, fromVersion, current.versionId);
      refuseRotation(current, secret);
      const document = pointedAt(current.document, context.input, target(context));
      await swap(here, context, { versionId, fromVersion, document });
      return done(switched);
    },
    undo: undoBy((context) => pointBack(secrets, context)),
  };
}

/** A new version with the old address in today's document. AWSCURRENT never moves back to an old version: that would lose edits. */
async function pointBack(secrets: SecretsIn, context: StepContext) {
  const { input, operation } = context;
  const secret = text(input, 'secret');
  const source = address(object(input, 'source'));
  const here = secrets(text(input, 'region'));
  const current = await here.current(secret);
  if (same(addressIn(current.document, input), source)) return done({ versionId: current.versionId });
  if (current.versionId !== tokenFor(operation, 'switch-secret')) {
    // Edited since. Still ours to point back while it points to our instance; otherwise a person decides.
    if (!same(addressIn(current.document, input), target(context)))
      throw changed(secret, tokenFor(operation, 'switch-secret'), current.versionId);
  }
  refuseRotation(current, secret);
  const versionId = tokenFor(operation, `switch-secret/undo/${current.versionId}`);
  const document = pointedAt(current.document, input, source);
  await swap(here, context, { versionId, fromVersion: current.versionId, document });
  return done({ versionId });
}

async function swap(
  here: ReturnType<SecretsIn>,
  { input, operation, signal }: StepContext,
  to: { readonly versionId: string; readonly fromVersion: string; readonly document: SecretDocument },
): Promise<void> {
  const secret = text(input, 'secret');
  signal.throwIfAborted();
  await here.putUnderStage(secret, to.versionId, privateStage(operation), to.document);
  signal.throwIfAborted();
  const outcome = await here.switchCurrent(secret, to.versionId, to.fromVersion);
  if (outcome === 'switched') return;
  const { versionId } = await here.current(secret);
  throw changed(secret, to.fromVersion, versionId);
}

const changed = (secret: string, expected: string, found: string) =>
  permanent('restore.secret-changed', { secret, expected, found });

/** A rotation that goes on under us would write its own version over ours. It may be over in a moment. */
function refuseRotation({ rotationPending }: CurrentSecret, secret: string): void {
  if (rotationPending) throw retryable('restore.rotation-pending', { secret });
}

/** The document with this address; the port keeps its type, and is added only where it isn't PostgreSQL's own. */
function pointedAt(document: SecretDocument, input: JsonObject, to: Address): SecretDocument {
  const { host, port, readHost = host } = to;
  const keys = keysOf(input);
  const before = document[keys.port];
  const written: Json = typeof before === 'number' ? port : String(port);
  const withPort = before !== undefined || port !== defaultPort;
  // A key that isn't there means that reads have no address of their own: none is made up.
  const withReads = keys.readHost !== undefined && document[keys.readHost] !== undefined;
  return {
    ...document,
    [keys.host]: host,
    ...(withPort ? { [keys.port]: written } : {}),
    ...(withReads ? { [keys.readHost ?? '']: readHost } : {}),
  };
}

function addressIn(document: SecretDocument, input: JsonObject): Address {
  const keys = keysOf(input);
  return { host: String(document[keys.host] ?? ''), port: Number(document[keys.port] ?? defaultPort) };
}

function keysOf(input: JsonObject) {
  const keys = object(input, 'keys');
  const readHost = keys.readHost === undefined ? undefined : text(keys, 'readHost');
  return { host: text(keys, 'host'), port: text(keys, 'port'), readHost };
}

const target = (context: StepContext) => address(context.output('await-instance'));
const address = (from: JsonObject): Address => ({
  host: text(from, 'host'),
  port: number(from, 'port'),
  ...(from.readHost === undefined ? {} : { readHost: text(from, 'readHost') }),
});
const same = (a: Address, b: Address) => a.host.toLowerCase() === b.host.toLowerCase() && a.port === b.port;

const privateStage = (operation: string) => `pitcrew-${operation}`;

/** A UUID that only this operation and step derive; Secrets Manager makes it the version's id (RFC 9562, version 8). */
export function tokenFor(operation: string, step: string): string {
  const hex = createHash('sha256').update(`${operation}/${step}`).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return parts.join('-');
}
