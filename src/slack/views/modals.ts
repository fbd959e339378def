import type { ListedDump } from '../../domain/dump.ts';
import type { DumpMode } from '../../domain/load.ts';
import type { Locale } from '../../domain/people.ts';
import type { FailurePolicy, RestoreOrder } from '../../domain/plan.ts';
import type { SnapshotPoint } from '../../domain/restore.ts';
import type { Environment } from '../../domain/settings.ts';
import type { Instant } from '../../domain/time.ts';
import { modalTexts as texts } from '../../messages/answers.ts';
import { showBytes } from '../../messages/dump.ts';
import { dumpModeTexts } from '../../messages/load-beside.ts';
import { pitrModalTexts as pitrTexts } from '../../messages/pitr.ts';
import { showInstant, showSize } from '../../messages/units.ts';
import { type Block, choice, type Modal, modal, section, selectInput, textInput } from './blocks.ts';
import { code, escaped, quiet } from './mrkdwn.ts';

/** What a modal carries through Slack: where it was asked for. Nothing that decides anything. */
export interface Carried {
  readonly channel: string;
  readonly environment?: string;
}
export const carries = ({ channel, environment }: Carried) => ({ channel, ...(environment ? { environment } : {}) });

/** The longest reason that is taken, in characters. */
export const longestReason = 500;
/** What "the newest one" is called in the menu and on the command line. */
export const latest = 'latest';
/** Slack's menus take 100 choices; nobody scrolls that far at night. */
const pointsOffered = 50;

/** What was typed already: it stands in the modal when it opens. */
export interface RestoreGiven {
  readonly from?: string;
  readonly mode?: DumpMode;
  readonly incident?: string;
  readonly order?: RestoreOrder;
  readonly onFailure?: FailurePolicy;
  readonly reason?: string;
}

interface RestoreModal extends Carried {
  readonly typed?: RestoreGiven;
  readonly environment: string;
  readonly settings: Environment;
  readonly points: readonly SnapshotPoint[];
  /** Those that have a manifest, the newest first. */
  readonly dumps?: readonly ListedDump[];
  readonly now: Instant;
}

/** Which recovery point, in which order, what if it fails, why; the environment's name confirms it. */
export function restoreModal(
  { settings, points, dumps = [], now, typed = {}, ...carried }: RestoreModal,
  locale: Locale,
): Modal {
  const { environment } = carried;
  const usable = points.filter(({ status }) => status === 'available');
  const newest = usable[0];
  const { timeZone } = settings.database;
  const named = usable.find((point) => isNamed(point, typed.from));
  const from = named?.snapshotId ?? typed.from;
  const choices = [
    ...(newest
      ? [choice(texts.latest(locale, whenShown(newest, timeZone, now, locale)), latest, about(newest, locale))]
      : []),
    ...usable
      .filter((point, at) => at < pointsOffered || point === named)
      .map((point) =>
        choice(texts.point(locale, whenShown(point, timeZone, now, locale)), point.snapshotId, about(point, locale)),
      ),
  ];
  const listed = dumps.slice(0, dumpsOffered).map((dump) => dumpChoice(dump, timeZone, now, locale));
  // What somebody typed is what is meant, whether a list has it or not: a menu without it would come to mean its first.
  if (from !== undefined && ![...choices, ...listed].some((one) => one?.value === from)) {
    const [menu, label] = from.includes('/') ? [listed, dumpModeTexts.typedDump] : [choices, texts.typedSnapshot];
    menu.unshift(choice(label(locale), from, from));
  }
  return modal({
    id: 'restore',
    title: texts.restoreTitle(locale, { environment }),
    submit: texts.ask(locale),
    close: texts.cancel(locale),
    carries: carries(carried),
    blocks: [
      section(texts.restoreIntro(locale, { required: settings.approvals.required, environment: escaped(environment) })),
      selectInput({
        id: 'from',
        label: texts.from(locale),
        hint: texts.fromHint(locale),
        choices: [...choices, ...listed],
        ...initially(from),
      }),
      ...(listed.length > 0 ? [modeInput(typed.mode, locale)] : []),
      orderInput(typed.order ?? settings.restore.order, locale),
      failureInput(typed.onFailure ?? settings.restore.onFailure, locale),
      incidentInput(locale, typed.incident),
      reasonInput(locale, typed.reason),
      confirmInput(environment, locale),
    ],
  });
}

/** RDS takes the name of a snapshot in any case (RDS API, `DBSnapshotIdentifier`). */
const isNamed = ({ snapshotId, arn }: SnapshotPoint, typed: string | undefined) =>
  [snapshotId, arn].some((one) => one.toLowerCase() === typed?.toLowerCase());

const dumpsOffered = 40;
/** Slack: of an option of a menu. */
export const longestValue = 150;

function dumpChoice({ key, at, sizeBytes }: ListedDump, timeZone: string, now: Instant, locale: Locale) {
  const { utc, age } = showInstant(at, timeZone, now, locale);
  const about = `${showBytes(sizeBytes, locale)}, ${key}`;
  return choice(dumpModeTexts.dump(locale, { at: utc, age }), key, about);
}

/** Of a dump alone; with a snapshot it means nothing. */
const modeInput = (initial: DumpMode | undefined, locale: Locale): Block =>
  selectInput({
    id: 'mode',
    label: dumpModeTexts.label(locale),
    initial: initial ?? 'own-instance',
    choices: [
      choice(dumpModeTexts['own-instance'](locale), 'own-instance', dumpModeTexts.ownInstanceNote(locale)),
      choice(dumpModeTexts.beside(locale), 'beside', dumpModeTexts.besideNote(locale)),
      choice(dumpModeTexts['in-place'](locale), 'in-place', dumpModeTexts.inPlaceNote(locale)),
    ],
  });

export const orderInput = (initial: RestoreOrder, locale: Locale): Block =>
  selectInput({
    id: 'order',
    label: texts.order(locale),
    initial,
    choices: [
      choice(texts.stopFirst(locale), 'stop-first', texts.stopFirstNote(locale)),
      choice(texts.restoreFirst(locale), 'restore-first', texts.restoreFirstNote(locale)),
    ],
  });

export const orderName = (order: RestoreOrder, locale: Locale): string =>
  order === 'stop-first' ? texts.stopFirst(locale) : texts.restoreFirst(locale);

export const failureInput = (initial: FailurePolicy, locale: Locale): Block =>
  selectInput({
    id: 'on-failure',
    label: texts.onFailure(locale),
    initial,
    choices: [
      choice(texts.onFailureReturn(locale), 'return', texts.onFailureReturnNote(locale)),
      choice(texts.onFailureStay(locale), 'stay-stopped', texts.onFailureStayNote(locale)),
    ],
  });

export const initially = (value: string | undefined) => (value === undefined ? {} : { initial: value });

/** Optional: when the incident began. */
export const incidentInput = (locale: Locale, typed?: string): Block =>
  textInput({
    id: 'incident',
    label: pitrTexts.incident(locale),
    hint: pitrTexts.incidentHint(locale),
    optional: true,
    most: 100,
    ...initially(typed),
  });

export const reasonInput = (locale: Locale, typed?: string): Block =>
  textInput({
    id: 'reason',
    label: texts.reason(locale),
    hint: texts.reasonHint(locale),
    placeholder: texts.reasonPlaceholder(locale),
    multiline: true,
    most: longestReason,
    ...initially(typed),
  });

export const confirmInput = (environment: string, locale: Locale): Block =>
  textInput({ id: 'confirm', label: texts.confirm(locale, { environment }), placeholder: environment, most: 100 });

function whenShown(point: SnapshotPoint, timeZone: string, now: Instant, locale: Locale) {
  const { utc, local, age } = showInstant(point.at, timeZone, now, locale);
  // A menu shows 75 characters: the local day is left to the card, which shows all of it.
  return { at: local ? `${utc}, ${local.split(' ').at(-2) ?? local}` : utc, age };
}

const about = ({ type, sizeGiB, snapshotId }: SnapshotPoint, locale: Locale) =>
  `${type}, ${showSize(sizeGiB, locale)}, ${snapshotId}`;

export interface TypedRestore extends Carried {
  readonly environment: string;
  readonly from: string;
  readonly mode?: DumpMode;
  readonly order: RestoreOrder;
  readonly onFailure: FailurePolicy;
  readonly reason: string;
  /** As it was resolved, and how that is shown. */
  readonly incident?: { readonly at: Instant; readonly line: string };
}

/** The command was typed in full: only the environment's name is still to be typed. */
export function confirmRestoreModal(
  { from, mode, order, onFailure, reason, incident, ...carried }: TypedRestore,
  locale: Locale,
): Modal {
  const shown = {
    from: from === latest ? texts.newestThen(locale) : code(from),
    order: orderName(order, locale),
    onFailure: onFailure === 'return' ? texts.onFailureReturn(locale) : texts.onFailureStay(locale),
    reason: quiet(reason),
  };
  return modal({
    id: 'restore-confirm',
    title: texts.restoreTitle(locale, { environment: carried.environment }),
    submit: texts.ask(locale),
    close: texts.cancel(locale),
    carries: {
      ...carries(carried),
      ...{ from, order, onFailure, reason },
      ...(mode ? { mode } : {}),
      ...(incident ? { incident: incident.at } : {}),
    },
    blocks: [
      section([typedLine(from, mode, shown, locale), ...(incident ? [incident.line] : [])].join('\n')),
      confirmInput(carried.environment, locale),
    ],
  });
}

/** Order and failure policy mean nothing to a load beside: the application isn't stopped for it. */
function typedLine(
  from: string,
  mode: DumpMode | undefined,
  shown: Parameters<typeof texts.typed>[1],
  locale: Locale,
): string {
  if (!from.includes('/')) return texts.typed(locale, shown);
  const how = dumpModeTexts[mode ?? 'own-instance'](locale);
  return mode === 'beside'
    ? dumpModeTexts.typedBeside(locale, { ...shown, how })
    : `${texts.typed(locale, shown)}\n${how}`;
}

/** Which environment: for a command that was typed bare where the channel doesn't say. */
export function chooseEnvironmentModal(
  carried: Carried,
  environments: readonly string[],
  locale: Locale,
  id: 'restore-environment' | 'pitr-environment' = 'restore-environment',
): Modal {
  return modal({
    id,
    title: texts.chooseTitle(locale),
    submit: texts.next(locale),
    close: texts.cancel(locale),
    carries: carries(carried),
    blocks: [environmentInput(environments, locale)],
  });
}

const environmentInput = (environments: readonly string[], locale: Locale): Block =>
  selectInput({
    id: 'environment',
    label: texts.environment(locale),
    choices: environments.map((name) => choice(name, name)),
  });

export function snapshotModal(carried: Carried, environments: readonly string[], locale: Locale): Modal {
  return modal({
    id: 'snapshot',
    title: texts.snapshotTitle(locale),
    submit: texts.make(locale),
    close: texts.cancel(locale),
    carries: carries(carried),
    blocks: [
      section(texts.snapshotNote(locale)),
      environmentInput(environments, locale),
      textInput({ id: 'reason', label: texts.snapshotReason(locale), optional: true, most: longestReason }),
    ],
  });
}

/** `pointer` names the operation and the plan of the card that was pressed. */
export function denyModal(pointer: string, channel: string, locale: Locale): Modal {
  return modal({
    id: 'deny',
    title: texts.denyTitle(locale),
    submit: texts.denyTitle(locale),
    close: texts.cancel(locale),
    carries: { pointer, channel },
    blocks: [
      section(texts.denyIntro(locale)),
      textInput({ id: 'reason', label: texts.denyReason(locale), multiline: true, most: longestReason }),
    ],
  });
}

/** Stands until the snapshots are read: a trigger lives three seconds, RDS may take longer. */
export function loadingModal(carried: Carried & { readonly environment: string }, locale: Locale): Modal {
  const environment = escaped(carried.environment);
  return modal({
    id: 'restore-loading',
    title: texts.waitTitle(locale),
    close: texts.close(locale),
    blocks: [section(texts.loading(locale, { environment }))],
  });
}

/** The same where it isn't known yet of what. */
export function readingModal(locale: Locale): Modal {
  const blocks = [section(texts.reading(locale))];
  return modal({ id: 'reading', title: texts.waitTitle(locale), close: texts.close(locale), blocks });
}

export function errorModal(said: string, locale: Locale): Modal {
  return modal({ id: 'error', title: texts.errorTitle(locale), close: texts.close(locale), blocks: [section(said)] });
}
