/** The port that a receiver should listen on is taken. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';
  readonly host: string;
  readonly port: number;

  /** `setting`: the name of the setting that chooses the port. */
  constructor(host: string, port: number, setting: string, options?: ErrorOptions) {
    super(
      `Port ${port} on ${host} is in use by another program. Stop that program, or set ${setting} to a free port (0 takes any).`,
      options,
    );
    this.host = host;
    this.port = port;
  }
}
