import type { JsonObject } from '../domain/json.ts';
import type { Instant } from '../domain/time.ts';
import { recordedAnswer, recordingAnswer } from './views/answers.ts';
import { environmentNamed, type Handling, type Visit } from './visit.ts';

export interface Asked {
  /** What a repeated delivery of the same request carries too: the trigger of a command, the id of a modal. */
  readonly delivery: string;
  readonly operation: 'restore' | 'pitr' | 'rollback' | 'rescue' | 'cleanup' | 'snapshot' | 'dump' | 'adopt' | 'verify';
  readonly environment: string;
  readonly args: JsonObject;
  readonly reason: string;
  readonly incidentAt?: Instant;
  /** What times were taken for, so that whoever typed them sees it. */
  readonly readAs?: readonly string[];
}

/** Says "recording…", records, and says "recorded" only once it is. @throws PitcrewError why it could not be taken */
export async function record(
  { requests, settings }: Handling,
  visit: Visit,
  { readAs = [], ...asked }: Asked,
): Promise<void> {
  const { human, team, channel, locale, tell } = visit;
  await tell(recordingAnswer(locale));
  const { operation } = await requests.request({ ...asked, team, requester: human, channel });
  const incident = environmentNamed({ settings }, asked.environment)?.channels.incident || channel;
  await tell(recordedAnswer(operation, incident, locale, readAs));
}
