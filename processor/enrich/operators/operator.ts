/**
 * An operator's name, the site on which it says what its network is for, and its autonomous systems' numbers (which the
 * regional registries publish). The name shares a word with what the bundled database calls each of the systems; a test
 * holds that, so that a wrong digit does not make somebody else's network one of its own.
 */
export type Operator = readonly [name: string, site: string, ...numbers: number[]];
