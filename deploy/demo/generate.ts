import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { liveAtTheApplications } from './story/application-life.js';
import type { ApplicationEntry, ApplicationName, ApplicationRecord } from './story/application-records.js';
import { BENIGN } from './story/benign.js';
import { HOUR, STORY_END, STORY_START } from './story/calendar.js';
import { liveInTheConsole } from './story/cloud-life.js';
import { ACCOUNT, type CloudTrailRecord } from './story/cloudtrail-records.js';
import { liveAtThePrompt } from './story/command-line-life.js';
import { Diary } from './story/diary.js';
import { liveWithLookAlikes } from './story/look-alikes.js';
import { liveWithoutPeople } from './story/machine-life.js';
import { plantAttacks } from './story/planted.js';
import { SEED } from './story/random.js';

// node --import tsx deploy/demo/generate.ts: writes the sample's files anew, the same as long as the story is.

/** The sample's files by name. */
export type SampleFiles = Record<'cloudtrail.ndjson' | 'applications.ndjson' | 'labels.json', string>;

/** Tells the story and returns its files' text; always the same. */
export function generateSample(): SampleFiles {
  const cloud = new Diary<CloudTrailRecord>();
  const applications = new Diary<ApplicationEntry>();
  liveInTheConsole(cloud);
  liveAtThePrompt(cloud);
  liveWithoutPeople(cloud);
  liveAtTheApplications(applications);
  liveWithLookAlikes(applications);
  const planted = plantAttacks({ cloud, applications });
  const labels = {
    about: 'What the sample holds: see README.md. Times are those of the files.',
    seed: SEED,
    account: ACCOUNT,
    start: new Date(STORY_START).toISOString(),
    end: new Date(STORY_END).toISOString(),
    planted,
    benign: BENIGN,
  };
  return {
    'cloudtrail.ndjson': lines(cloud.inOrder().map(({ what }) => what)),
    'applications.ndjson': lines(exportRequests(applications)),
    'labels.json': indented(labels),
  };
}

/**
 * OTLP log requests in JSON, one for each application and hour of arrival, as the Collector's file exporter
 * writes them.
 */
function exportRequests(diary: Diary<ApplicationEntry>): object[] {
  const arrived = diary
    .inOrder()
    .map(({ what }) => what)
    .sort((a, b) => a.observedAt - b.observedAt);
  const requests = new Map<string, { application: ApplicationName; logRecords: ApplicationRecord[] }>();
  for (const { application, observedAt, record } of arrived) {
    const key = `${application} ${Math.floor(observedAt / HOUR)}`;
    const request = requests.get(key) ?? { application, logRecords: [] };
    request.logRecords.push(record);
    requests.set(key, request);
  }
  return [...requests.values()].map(({ application, logRecords }) => {
    const attributes = [
      { key: 'service.name', value: { stringValue: application } },
      { key: 'service.namespace', value: { stringValue: 'larkfield' } },
    ];
    const scope = { name: `${application}.audit`, version: '1.0.0' };
    return { resourceLogs: [{ resource: { attributes }, scopeLogs: [{ scope, logRecords }] }] };
  });
}

/** JSON as the project's formatter leaves it: lists of words on one line. */
function indented(value: object): string {
  const text = JSON.stringify(value, undefined, 2);
  const compact = text.replace(
    /\[\s+("[^[\]{}]*")\s+\]/g,
    (_, words: string) => `[${words.replace(/\s*\n\s*/g, ' ')}]`,
  );
  return `${compact}\n`;
}

function lines(values: readonly object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of Object.entries(generateSample())) {
    await writeFile(new URL(name, import.meta.url), text);
    console.log(`${name}: ${(text.length / 2 ** 20).toFixed(2)} MiB, ${text.split('\n').length - 1} lines`);
  }
}
