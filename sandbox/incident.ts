import { setTimeout as sleep } from 'node:timers/promises';
import { type LedgerEvent, type LedgerReader, openLedger } from './ledger.ts';
import { asPerson, type Person, waitForMessage } from './slack/person.ts';
import { sandboxWorkspace } from './slack/workspace.ts';
import type { World } from './world.ts';

const { users, channels } = sandboxWorkspace;

export type Name = keyof typeof users;

/** The people of an incident, doing in Slack what people do there, and an auditor who reads the ledger. */
export interface Incident {
  person(name: Name): Person;
  readonly ledger: LedgerReader;
  /** `/backup snapshot production`. Returns the operation's id once its request is recorded. */
  snapshot(by: Name): Promise<string>;
  /** Types a command that records a request, whole. Returns the operation's id once it is recorded. */
  command(by: Name, typed: string): Promise<string>;
  /** `/backup restore production` through its modal. Returns the operation's id once its request is recorded. */
  restore(by: Name, answers: RestoreAnswers): Promise<string>;
  /** Waits for the approval card and presses one of its buttons. */
  approve(by: Name, operation: string): Promise<void>;
  /** Waits until the chain holds what is looked for. */
  until<T>(operation: string, what: (chain: readonly LedgerEvent[]) => T | undefined, seconds?: number): Promise<T>;
  close(): void;
}

export interface RestoreAnswers {
  readonly reason: string;
  readonly from?: string;
  readonly onFailure?: 'return' | 'stay-stopped';
}

export const incidentChannel = channels.incident.id;

export function openIncident(world: World): Incident {
  const { slack } = world;
  if (!slack) throw new Error('this world has no Slack');
  const ledger = openLedger(world.env);
  const person = (name: Name) => asPerson(slack, users[name].id);
  const newOperation = async (known: readonly string[]) => {
    for (let tries = 0; tries < 300; tries++) {
      const found = (await ledger.operations()).find((operation) => !known.includes(operation));
      if (found) return found;
      await sleep(100);
    }
    throw new Error('no request was recorded within 30 s');
  };
  return {
    person,
    ledger,
    async snapshot(by) {
      const known = await ledger.operations();
      await person(by).slash('/backup snapshot production', incidentChannel);
      return newOperation(known);
    },
    async command(by, typed) {
      const known = await ledger.operations();
      await person(by).slash(typed, incidentChannel);
      return newOperation(known);
    },
    async restore(by, { reason, from, onFailure }) {
      const known = await ledger.operations();
      await person(by).slash('/backup restore production', incidentChannel);
      await person(by).waitForView('restore', 10);
      const answers = {
        reason,
        confirm: 'production',
        ...(from ? { from } : {}),
        ...(onFailure ? { 'on-failure': onFailure } : {}),
      };
      const { errors } = await person(by).submit(answers);
      if (Object.keys(errors).length > 0) throw new Error(`the modal was refused: ${JSON.stringify(errors)}`);
      return newOperation(known);
    },
    async approve(by, operation) {
      const card = await waitForMessage(
        slack,
        incidentChannel,
        (message) => JSON.stringify(message.blocks ?? []).includes(`"${operation}:`),
        { seconds: 60 },
      );
      await person(by).click({ channel: incidentChannel, ts: card.ts }, 'approve');
    },
    async until(operation, what, seconds = 120) {
      for (const end = performance.now() + seconds * 1000; performance.now() < end; await sleep(200)) {
        const found = what(await ledger.chain(operation));
        if (found !== undefined) return found;
      }
      throw new Error(
        `${operation} did not get there within ${seconds} s: ${JSON.stringify(last(await ledger.chain(operation)))}`,
      );
    },
    close: () => ledger.close(),
  };
}

const last = (chain: readonly LedgerEvent[]) => chain.slice(-3).map(({ seq, type, data }) => ({ seq, type, data }));

/** For `until`: the operation is closed; returns how. */
export const closed = (chain: readonly LedgerEvent[]) => chain.find(({ type }) => type === 'closed')?.data;
/** For `until`: the plan stands. */
export const planned = (chain: readonly LedgerEvent[]) => chain.find(({ type }) => type === 'planned')?.data;
