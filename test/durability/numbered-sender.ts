import { setTimeout as delay } from 'node:timers/promises';

/** What a record says of itself: enough to find it again in every table. */
export interface NumberedRecord {
  /** Its `log.record.uid`. */
  readonly uid: string;
  readonly session: string;
}

/** Sends numbered records over OTLP/HTTP, each request once, and remembers which were acknowledged. */
export class NumberedSender {
  readonly #name: string;
  readonly #batch: number;
  readonly #sent = new Map<string, NumberedRecord>();
  readonly #acknowledged = new Map<string, NumberedRecord>();
  #number = 0;
  #ended = false;
  #senders: Promise<void>[] = [];

  /**
   * @param name of the application that the records come from: the ids of two senders differ by it
   * @param batch records a request
   */
  constructor(name: string, batch = 20) {
    this.#name = name;
    this.#batch = batch;
  }

  /** Every record that ever left, whatever became of it. */
  get sent(): ReadonlyMap<string, NumberedRecord> {
    return this.#sent;
  }

  get acknowledged(): ReadonlyMap<string, NumberedRecord> {
    return this.#acknowledged;
  }

  /** Begins to send from `parallel` senders at once, each as fast as it is answered. */
  start(url: string, parallel: number): void {
    this.#ended = false;
    this.#senders = Array.from({ length: parallel }, () => this.#sendOn(url));
  }

  /** Ends when every request has been answered or has failed. */
  async stop(): Promise<void> {
    this.#ended = true;
    await Promise.all(this.#senders);
  }

  async #sendOn(url: string): Promise<void> {
    while (!this.#ended) {
      const records = Array.from({ length: this.#batch }, () => this.#next());
      if (!(await this.#send(url, records))) await delay(20);
    }
  }

  #next(): NumberedRecord {
    const number = ++this.#number;
    const uid = `${this.#name} ${number}`;
    const record = { uid, session: `${this.#name} session ${Math.floor(number / 5)}` };
    this.#sent.set(uid, record);
    return record;
  }

  async #send(url: string, records: readonly NumberedRecord[]): Promise<boolean> {
    const body = JSON.stringify({
      resourceLogs: [
        {
          resource: { attributes: [text('service.name', this.#name)] },
          scopeLogs: [{ logRecords: records.map(logRecord) }],
        },
      ],
    });
    try {
      const response = await fetch(`${url}/v1/logs`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(30_000),
      });
      const answer = await response.text();
      if (response.status !== 200) return false;
      if (answer !== '{}') throw new Error(`records were refused: ${answer}`);
      for (const record of records) this.#acknowledged.set(record.uid, record);
      return true;
    } catch (error) {
      // Nobody listens, or the connection broke: the sender cannot know what became of the records.
      if (error instanceof TypeError || (error as Error).name === 'TimeoutError') return false;
      throw error;
    }
  }
}

function text(key: string, stringValue: string) {
  return { key, value: { stringValue } };
}

function logRecord({ uid, session }: NumberedRecord) {
  return {
    timeUnixNano: `${Date.now()}000000`,
    eventName: 'app.access',
    attributes: [
      text('log.record.uid', uid),
      text('session.id', session),
      text('user.name', `${session.replaceAll(' ', '.')}@example.com`),
      text('client.address', '198.51.100.7'),
      text('url.path', '/invoices'),
    ],
  };
}
