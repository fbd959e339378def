const REMEMBERED_LINES = 20_000;

export interface LogLine {
  readonly at: Date;
  readonly text: string;
}

export interface LogQuery {
  readonly tailLines?: number | undefined;
  /** Only lines at or after this instant. */
  readonly since?: Date | undefined;
  readonly timestamps?: boolean | undefined;
}

/** What one run of a container wrote, line by line, with the instant at which each line came. */
export class LogBuffer {
  readonly #lines: LogLine[] = [];
  readonly #followers = new Set<(line: LogLine | undefined) => void>();
  #ended = false;

  /** Takes one stream's bytes; lines of two streams don't mix within a line. Returns what ends the stream. */
  writer(): { write(chunk: Buffer): void; end(): void } {
    const decoder = new TextDecoder();
    let partial = '';
    return {
      write: (chunk) => {
        const parts = (partial + decoder.decode(chunk, { stream: true })).split('\n');
        partial = parts.pop() ?? '';
        for (const text of parts) this.#append(text);
      },
      end: () => {
        if (partial) this.#append(partial);
        partial = '';
      },
    };
  }

  #append(text: string): void {
    const line = { at: new Date(), text };
    this.#lines.push(line);
    if (this.#lines.length > REMEMBERED_LINES) this.#lines.shift();
    for (const follower of this.#followers) follower(line);
  }

  /** The container ended: followers are told so. */
  end(): void {
    this.#ended = true;
    for (const follower of this.#followers) follower(undefined);
    this.#followers.clear();
  }

  read({ tailLines, since, timestamps }: LogQuery): string[] {
    let lines = since ? this.#lines.filter(({ at }) => at >= since) : this.#lines;
    if (tailLines !== undefined) lines = tailLines > 0 ? lines.slice(-tailLines) : [];
    return lines.map((line) => formatLine(line, timestamps));
  }

  /** Calls for every further line and with undefined at the end. Returns what stops it. */
  follow(follower: (line: LogLine | undefined) => void): () => void {
    if (this.#ended) {
      follower(undefined);
      return () => {};
    }
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }
}

/** A line as the log endpoint writes it, `timestamps` with the nine digits of the real one. */
export const formatLine = ({ at, text }: LogLine, timestamps = false): string =>
  timestamps ? `${at.toISOString().replace('Z', '000000Z')} ${text}` : text;
