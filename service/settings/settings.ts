import { type About, documented, type GroupName, groups } from './groups.js';

export interface Setting {
  group: GroupName;
  name: string;
  meaning: string;
  allowed: string;
  fallback: string;
  secret: boolean;
  inFile: About['inFile'];
}

/** The one documented table of settings, in the order in which they are shown. */
export const settings: readonly Setting[] = (Object.keys(groups) as GroupName[]).flatMap((group) =>
  Object.entries(groups[group].shape).map(([name, schema]) => {
    const about = documented.get(schema);
    if (about === undefined) throw new Error(`the setting ${name} is not documented`);
    return { group, name, ...about, secret: about.secret ?? false, inFile: about.inFile };
  }),
);

const settingsByName = new Map(settings.map((setting) => [setting.name, setting]));

export function settingNamed(name: string): Setting | undefined {
  return settingsByName.get(name);
}

/** The value of a setting as it may be printed: quoted, a secret or a URL's credentials masked. */
export function shownValue(name: string, value: string): string {
  if (settingNamed(name)?.secret === true) return `*** (${value.length} characters)`;
  return JSON.stringify(value.replace(/\/\/[^/]*@/, '//***@'));
}

/** The setting that was probably meant by a name that is none. */
export function nearestSetting(name: string): string {
  const byDistance = settings
    .map((setting) => ({ name: setting.name, distance: editDistance(name, setting.name) }))
    .sort((a, b) => a.distance - b.distance);
  return byDistance[0]?.name ?? '';
}

/**
 * Levenshtein distance from what was written to what was meant. A missing character costs half: forgetting a
 * word of a long name is the usual slip.
 */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index / 2);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 0.5));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
