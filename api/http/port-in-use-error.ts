/** The port that the API should listen on is taken. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';
  readonly host: string;
  readonly port: number;

  constructor(host: string, port: number, options?: ErrorOptions) {
    super(
      `Port ${port} on ${host} is in use by another program. Stop that program, or set VOUCHTRAIL_API_PORT to a free port (0 takes any).`,
      options,
    );
    this.host = host;
    this.port = port;
  }
}
