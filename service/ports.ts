import { PortInUseError as ApiPortInUseError } from '../api/server.js';
import { PortInUseError as OtlpPortInUseError } from '../processor/receiver/port-in-use-error.js';
import { PortBusyError } from './start-errors.js';

/** Ports by the setting that chooses them; 0 takes any free one. */
type Ports<Setting extends string> = Readonly<Record<Setting, number>>;

/**
 * Opens what listens on some ports.
 *
 * @param anyIfBusy take a free port in place of one that is busy
 * @throws PortBusyError that names the setting of a busy port
 */
export async function onPorts<Setting extends string, Opened>(
  wanted: Ports<Setting>,
  anyIfBusy: boolean,
  open: (ports: Ports<Setting>) => Promise<Opened>,
): Promise<Opened> {
  for (let ports = wanted; ; ) {
    try {
      return await open(ports);
    } catch (error) {
      if (!(error instanceof ApiPortInUseError || error instanceof OtlpPortInUseError)) throw error;
      const { port } = error;
      const busy = (Object.keys(ports) as Setting[]).find((setting) => ports[setting] === port);
      if (busy === undefined) throw error;
      if (!anyIfBusy || port === 0) throw new PortBusyError(busy, port, error);
      ports = { ...ports, [busy]: 0 };
    }
  }
}
