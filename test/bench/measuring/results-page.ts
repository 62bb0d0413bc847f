const INTRODUCTION = `# Benchmarks

Each section is written by the command in it, which replaces the section when it is run again: the figures are of the
machine, the versions and the day that it names. Figures of different sections, and of the same section on different
days, do not compare; those within a section were measured in turns in one run. A median stands with the smallest and
the largest of its rounds. A goal that was missed is said.
`;

/** The page with the section of this name replaced, or added in alphabetical order. An empty page is begun. */
export function replaceSection(page: string, name: string, text: string): string {
  const [introduction = '', ...sections] = page.split(/^(?=## )/m);
  const kept = sections
    .filter((section) => !section.startsWith(`## ${name}\n`))
    .map((section) => section.trimEnd());
  const all = [...kept, `## ${name}\n\n${text.trimEnd()}`].sort();
  return `${[(introduction || INTRODUCTION).trimEnd(), ...all].join('\n\n')}\n`;
}

/** What a benchmark said, as the text of its section. */
export function sectionText(name: string, setting: readonly string[], said: readonly string[]): string {
  const command = `npm run bench -- ${name} --write`;
  const output = said.map((line) => line.trimEnd()).join('\n');
  return `\`${command}\`\n\n${setting.map((line) => `- ${line}`).join('\n')}\n\n\`\`\`text\n${output}\n\`\`\``;
}
