/** An address database cannot be used. */
export class AddressDatabaseError extends Error {
  override readonly name = 'AddressDatabaseError';
  readonly path: string;

  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`The address database ${path} ${problem}`, options);
    this.path = path;
  }
}
