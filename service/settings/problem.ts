/** Something that is wrong with a setting. */
export interface Problem {
  /** The variable, or the place in the configuration file: `vouchtrail.yaml line 3: otlp.http_port`. */
  name: string;
  /** Ready to be shown: secrets are masked. Empty where the name says it all. */
  value: string;
  reason: string;
}

/** Every setting that is wrong, not only the first. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const lines = problems.map(
      ({ name, value, reason }) => `  ${name}${value === '' ? '' : ` = ${value}`}: ${reason}`,
    );
    super(`The configuration is wrong; nothing was started.\n${lines.join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}
