import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { type ConfigFile, readConfigFile } from './config-file.js';
import { type GroupName, groups } from './groups.js';
import type { Problem } from './problem.js';
import { nearestSetting, settingNamed, settings, shownValue } from './settings.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting that is set: its text, and the place in the configuration file where it is not from the environment. */
export interface GivenSetting {
  readonly text: string;
  readonly place: string | undefined;
}

/** The settings of a group, each as what its text means. */
export type Values<Group extends GroupName> = z.output<(typeof groups)[Group]>;

/** What is set by the environment and by the file that it names, and what is wrong with it. */
export class GivenSettings {
  /** By the name of the variable; what is not here is unset. */
  readonly all: ReadonlyMap<string, GivenSetting>;
  readonly problems: Problem[];
  readonly #unknown: readonly string[];

  /** An empty variable counts as unset: compose files write `NAME=` for "no value". */
  constructor(environment: Environment) {
    const env = new Map(
      Object.entries(environment).flatMap(([name, text]): [string, string][] => (text ? [[name, text]] : [])),
    );
    const file = configFile(env.get('VOUCHTRAIL_CONFIG'));
    const all = new Map<string, GivenSetting>(file.values);
    for (const { name } of settings) {
      const text = env.get(name);
      if (text !== undefined) all.set(name, { text, place: undefined });
    }
    this.all = all;
    this.problems = [...file.problems];
    this.#unknown = [...env.keys()].filter(
      (name) => name.startsWith('VOUCHTRAIL_') && settingNamed(name) === undefined,
    );
  }

  isSet(name: string): boolean {
    return this.all.has(name);
  }

  /** The values of a group; undefined where one is wrong, which is then among the problems. */
  group<Group extends GroupName>(group: Group): Values<Group> | undefined {
    const texts = Object.fromEntries([...this.all].map(([name, { text }]) => [name, text]));
    const parsed = groups[group].safeParse(texts);
    if (parsed.success) return parsed.data as Values<Group>;
    for (const name of new Set(parsed.error.issues.map((issue) => String(issue.path[0])))) {
      this.wrong(name, `must be ${settingNamed(name)?.allowed}`);
    }
    return undefined;
  }

  wrong(name: string, reason: string): void {
    const found = this.all.get(name);
    const value = found === undefined ? 'not set' : shownValue(name, found.text);
    this.problems.push({ name: found?.place ?? name, value, reason });
  }

  /** Names that are no setting and settings that change nothing, in words. */
  warnings(): string[] {
    const unknown = this.#unknown.map(
      (name) => `${name} is not a setting and has no effect; did you mean ${nearestSetting(name)}?`,
    );
    const unused = (because: string, ...names: string[]): string[] =>
      names.filter((name) => this.isSet(name)).map((name) => `${name} has no effect ${because}`);
    const [server, forward] = ['VOUCHTRAIL_CLICKHOUSE_URL', 'VOUCHTRAIL_FORWARD_OTLP'];
    return [
      ...unknown,
      ...(this.isSet(server)
        ? unused(`with ${server}`, 'VOUCHTRAIL_MINIMUM_FREE_DISK')
        : unused(`without ${server}`, 'VOUCHTRAIL_CLICKHOUSE_USER', 'VOUCHTRAIL_CLICKHOUSE_PASSWORD')),
      ...(this.isSet(forward)
        ? []
        : unused(`without ${forward}`, `${forward}_PROTOCOL`, `${forward}_HEADERS`)),
    ];
  }
}

function configFile(path: string | undefined): ConfigFile {
  const none: ConfigFile = { values: new Map(), problems: [] };
  if (path === undefined) return none;
  try {
    return readConfigFile(readFileSync(path, 'utf8'), path);
  } catch {
    // Whether it can be read is asked by the check of VOUCHTRAIL_CONFIG itself.
    return none;
  }
}
