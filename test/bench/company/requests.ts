import { gzipSync } from 'node:zlib';
import { encodeLogsRequest } from '../../processor/receiver/otlp-descriptor.js';
import { cloudTrailRecord } from './cloudtrail.js';
import { Company } from './company.js';
import { entraRecord } from './entra.js';
import { oktaRecord } from './okta.js';
import { applicationRecord, SERVICES } from './otel.js';
import { type GeneratedRecord, text } from './record.js';

interface Sender {
  readonly serviceName: string;
  readonly write: (company: Company) => GeneratedRecord;
}

/** A quarter of the records comes from each: three collectors' receivers, and the company's own applications. */
const FAMILIES: readonly (readonly Sender[])[] = [
  [{ serviceName: 'okta-poller', write: oktaRecord }],
  [{ serviceName: 'entra-event-hub', write: entraRecord }],
  [{ serviceName: 'cloudtrail-bucket', write: cloudTrailRecord }],
  SERVICES.map((serviceName) => ({
    serviceName,
    write: (company) => applicationRecord(company, serviceName),
  })),
];

/** A request in OTLP protobuf, as it is and gzipped. */
export interface EncodedRequest {
  readonly encoded: Buffer;
  readonly gzipped: Buffer;
}

/**
 * Requests of so many log records each, in which the logs of all four families are mixed as a gateway Collector mixes
 * them: a `ResourceLogs` a sender. The same seed gives the same requests.
 */
export function* companyRequests(seed: number, requests: number, records: number): Generator<EncodedRequest> {
  const company = new Company(seed);
  for (let i = 0; i < requests; i++) {
    const resourceLogs = FAMILIES.flatMap((senders, family) => {
      const inFamily = partOf(records, family, FAMILIES.length);
      return senders.map((sender, s) => group(company, sender, partOf(inFamily, s, senders.length)));
    });
    const encoded = encodeLogsRequest({ resourceLogs });
    yield { encoded, gzipped: gzipSync(encoded) };
  }
}

/** How many of `count` are the part's, so that all parts together are exactly `count`. */
function partOf(count: number, part: number, parts: number): number {
  return Math.floor((count * (part + 1)) / parts) - Math.floor((count * part) / parts);
}

function group(company: Company, { serviceName, write }: Sender, records: number) {
  return {
    resource: {
      attributes: [
        text('service.name', serviceName),
        text('service.version', '2.4.1'),
        text('host.name', `gateway-${serviceName.length}`),
        text('deployment.environment.name', 'production'),
      ],
    },
    scopeLogs: [
      {
        scope: { name: 'io.example.audit', version: '1.4.2' },
        logRecords: Array.from({ length: records }, () => write(company)),
      },
    ],
  };
}
