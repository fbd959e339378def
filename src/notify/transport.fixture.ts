import {
  type Content,
  type Found,
  type Mark,
  type Place,
  type Spot,
  type Transport,
  TransportError,
  type TransportFailure,
} from './transport.ts';

export interface Posted {
  readonly ts: string;
  readonly place: Place;
  readonly mark: Mark;
  content: Content;
  edits: number;
}

export type Method = 'post' | 'update' | 'find' | 'delete';

/** What goes wrong with a call: a failure before it takes effect, or `lost-after` it did. */
export type Fault = TransportFailure | 'lost-after';

/** A chat that keeps messages, loses answers and goes away on demand. */
export class FakeChat implements Transport {
  readonly messages: Posted[] = [];
  readonly calls: { readonly method: Method; readonly channel: string; readonly atMs: number }[] = [];
  /** Asked before every call. */
  fault: (method: Method, channel: string, call: number) => Fault | undefined = () => undefined;
  latencyMs = 0;
  #ts = 1000;

  async post(place: Place, content: Content, mark: Mark): Promise<{ readonly ts: string }> {
    const message = { ts: `${++this.#ts}.000`, place, mark, content, edits: 0 };
    await this.#call('post', place.channel, () => this.messages.push(message));
    return { ts: message.ts };
  }

  async update({ channel, ts }: Spot, content: Content): Promise<void> {
    await this.#call('update', channel, () => {
      const message = this.#at({ channel, ts });
      if (!message) throw new TransportError('gone', 'message_not_found');
      message.content = content;
      message.edits += 1;
    });
  }

  async find({ channel, thread }: Place, operation: string): Promise<readonly Found[]> {
    let found: readonly Posted[] = [];
    await this.#call('find', channel, () => {
      found = this.messages.filter(
        ({ place, mark }) => place.channel === channel && place.thread === thread && mark.operation === operation,
      );
    });
    return found.map(({ ts, mark: { surface, nonce } }) => ({ ts, surface, nonce }));
  }

  async delete(spot: Spot): Promise<void> {
    await this.#call('delete', spot.channel, () => this.remove(spot));
  }

  async direct(user: string): Promise<string> {
    await this.#call('find', user, () => undefined);
    return `D-${user}`;
  }

  /** Somebody deletes a message by hand. */
  remove(spot: Spot): void {
    const message = this.#at(spot);
    if (message) this.messages.splice(this.messages.indexOf(message), 1);
  }

  /** What stands for people to act by; the audit channel's lines apart. */
  get cards(): readonly Posted[] {
    return this.messages.filter(({ mark }) => !mark.surface.startsWith('audit:'));
  }

  /** What stands of a surface. */
  of(surface: string): readonly Posted[] {
    return this.messages.filter(({ mark }) => mark.surface === surface);
  }

  #at({ channel, ts }: Spot): Posted | undefined {
    return this.messages.find((one) => one.ts === ts && one.place.channel === channel);
  }

  async #call(method: Method, channel: string, effect: () => unknown): Promise<void> {
    this.calls.push({ method, channel, atMs: performance.now() });
    const fault = this.fault(method, channel, this.calls.length);
    await new Promise((resolve) => setTimeout(resolve, this.latencyMs));
    if (fault === 'lost-after') {
      effect();
      throw new TransportError('unknown', 'the answer was lost');
    }
    if (fault) throw new TransportError(fault, fault, 0);
    effect();
  }
}
