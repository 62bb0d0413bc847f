import type { Attributes } from '@opentelemetry/api';

export type Observe = (value: number, labels?: Attributes) => void;

/** A metric that is read at each scrape: its name, what it is, and how. */
export type Reading = readonly [
  name: string,
  description: string,
  read: (observe: Observe) => void | Promise<void>,
];
