import SchemaBuilder from '@pothos/core';
import RelayPlugin from '@pothos/plugin-relay';
import type { Context } from './context.js';
import { decodeGlobalId, encodeGlobalId } from './global-id.js';
import type { StoreTime } from './reading/store-time.js';
import { bigInt } from './scalars/big-int.js';
import { dateTime } from './scalars/date-time.js';
import { json } from './scalars/json.js';

/** The schema under construction. It knows no domain type: each file of `types/` adds its own. */
export const builder = new SchemaBuilder<{
  Context: Context;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: false;
  Connection: { totalCount: () => Promise<number> };
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: StoreTime; Output: StoreTime };
    JSON: { Input: unknown; Output: unknown };
    BigInt: { Input: bigint; Output: bigint | number | string };
  };
}>({
  plugins: [RelayPlugin],
  defaultFieldNullability: false,
  relay: {
    encodeGlobalID: encodeGlobalId,
    decodeGlobalID: decodeGlobalId,
    edgesFieldOptions: { nullable: { list: false, items: false } },
    nodeFieldOptions: { nullable: false },
    nodesOnConnection: true,
    nodesQueryOptions: false,
    cursorType: 'String',
  },
});

builder.queryType({ description: 'Everything that can be asked.' });
builder.scalarType('DateTime', dateTime);
builder.scalarType('JSON', json);
builder.scalarType('BigInt', bigInt);

builder.globalConnectionField('totalCount', (t) =>
  t.int({
    description: 'Entries of the whole list, this page and all others. Counted only when asked for.',
    resolve: (page) => page.totalCount(),
  }),
);
