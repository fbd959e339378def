import { PitcrewError } from '../../src/domain/errors.ts';
import {
  type Appended,
  type ChainKind,
  type ChainState,
  Chains,
  type EventDraft,
  type LedgerOptions,
  type Refusal,
} from '../../src/ledger/chain.ts';

/** What the author of one append was told. */
export interface Report {
  readonly by: string;
  readonly chain: string;
  readonly nonce: string;
  readonly told: 'appended' | 'void' | 'refused' | 'unknown' | 'error';
  readonly code?: string;
}

/** The real chains, with a note of what each author was told. */
export class ObservedChains extends Chains {
  readonly #tell: (report: Report) => void;
  readonly #by: string;
  readonly #pen: { nonce: string };

  constructor(options: LedgerOptions, tell: (report: Report) => void, by: string) {
    const pen = { nonce: '' };
    const { nonce } = options;
    super({
      ...options,
      nonce: () => {
        pen.nonce = nonce?.() ?? '';
        return pen.nonce;
      },
    });
    this.#tell = tell;
    this.#by = by;
    this.#pen = pen;
  }

  override append<State extends ChainState>(
    kind: ChainKind<State>,
    id: string,
    decide: (state: State) => EventDraft | Refusal,
  ): Promise<Appended<State>> {
    const answer = super.append(kind, id, decide);
    // The append takes its nonce before it first waits for anything.
    const report = { by: this.#by, chain: `${kind.prefix}/${id}`, nonce: this.#pen.nonce };
    return answer.then(
      (appended) => {
        this.#tell({ ...report, told: appended.kind, ...('code' in appended ? { code: appended.code } : {}) });
        return appended;
      },
      (error: unknown) => {
        const code = error instanceof PitcrewError ? error.code : String(error);
        this.#tell({ ...report, told: code === 'ledger.unknown' ? 'unknown' : 'error', code });
        throw error;
      },
    );
  }
}
