import type { OtlpEncoding } from './log-batch.js';

/** The media type of each encoding, as OTLP/HTTP names them. */
export const MEDIA_TYPES: Readonly<Record<OtlpEncoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

/** The encoding that a Content-Type names, its parameters (such as `charset=utf-8`) aside. */
export function encodingOf(contentType: string | undefined): OtlpEncoding | undefined {
  const mediaType = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType === MEDIA_TYPES.protobuf) return 'protobuf';
  if (mediaType === MEDIA_TYPES.json) return 'json';
  return undefined;
}
