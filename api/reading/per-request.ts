import type { Context } from '../context.js';

/** What one request reads once, however often it is asked for. */
export function perRequest<T>(load: (context: Context) => Promise<T>): (context: Context) => Promise<T> {
  const loaded = new WeakMap<Context, Promise<T>>();
  return (context) => {
    let value = loaded.get(context);
    if (!value) {
      value = load(context);
      loaded.set(context, value);
    }
    return value;
  };
}
