import { userError } from './domain/errors.ts';
import type { Language } from './domain/people.ts';
import type { Report } from './domain/report.ts';
import { type Settings, spokenIn } from './domain/settings.ts';
import { readChronicle } from './ledger/operations.ts';
import type { Plans } from './ledger/plans.ts';
import { keepReport } from './ledger/reports.ts';
import type { LedgerStore } from './ledger/store.ts';
import { documentName, pictureName, writeReport } from './report/report.ts';

/** Writes the report of an operation and keeps it. @throws PitcrewError `request.unknown-id`, `ledger.*` */
export type Reports = (operation: string, language: Language) => Promise<Report>;

interface Ledger {
  readonly store: LedgerStore;
  readonly plans: Pick<Plans, 'get'>;
}

export function composeReports({ store, plans }: Ledger, settings: Settings): Reports {
  const { bucket, prefix } = settings.ledger;
  return async (operation, language) => {
    const chronicle = await readChronicle(store, operation);
    const { state, events } = chronicle;
    const last = events.at(-1);
    if (!state.request || !last) throw userError('request.unknown-id', { given: operation });
    const environment = settings.environments[state.request.environment];
    const written = writeReport({
      ...chronicle,
      locale: spokenIn(settings, language),
      now: last.at,
      ...(state.plan ? { plan: await plans.get(state.plan.digest) } : {}),
      ...(environment ? { environment } : {}),
    });
    const files = { [documentName]: written.markdown, [pictureName]: written.picture };
    const kept = await keepReport(store, { operation, edition: `${state.n}-${language}` }, files);
    return {
      ...written,
      place: `s3://${bucket}/${prefix ? `${prefix}/` : ''}${kept.key}`,
      markdown: kept.files[documentName] ?? written.markdown,
      picture: kept.files[pictureName] ?? written.picture,
    };
  };
}
