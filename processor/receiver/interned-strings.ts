const SLOTS = 4096;
const SLOT_SHIFT = 32 - Math.log2(SLOTS);
const SLOT_BYTES = 64;

/**
 * A bounded, direct-mapped cache from short UTF-8 byte strings to JavaScript strings. Attribute keys are
 * the same few in every record: a hit costs a fifth of a decode and makes no garbage, and equal keys are the
 * same object, which makes property look-ups quick. A newcomer replaces what has its slot, so that a hostile
 * sender can slow it down but not grow it.
 */
export class InternedStrings {
  /** Longer strings are not worth a look-up. */
  static readonly MAX_BYTES: number = SLOT_BYTES;

  readonly #strings: (string | undefined)[] = new Array(SLOTS).fill(undefined);
  readonly #lengths = new Uint8Array(SLOTS);
  readonly #words = new DataView(new ArrayBuffer(SLOTS * SLOT_BYTES));

  /**
   * The slot for the `length` (at most MAX_BYTES) bytes at `start`, whether they are in it or not; -1 if they
   * are not all ASCII, which is not worth a look-up either.
   */
  slotOf(view: DataView, start: number, length: number): number {
    let hash = length;
    let allBits = 0;
    if (length >= 4) {
      // The last word overlaps the one before it, which spares a loop over single bytes.
      const last = start + length - 4;
      for (let i = start; i < last; i += 4) {
        const word = view.getUint32(i, true);
        allBits |= word;
        hash = Math.imul(hash ^ word, 0x9e3779b1);
      }
      const word = view.getUint32(last, true);
      allBits |= word;
      hash = Math.imul(hash ^ (hash >>> 15) ^ word, 0x9e3779b1);
    } else {
      for (let i = start; i < start + length; i++) {
        const byte = view.getUint8(i);
        allBits |= byte;
        hash = Math.imul(hash ^ byte, 0x9e3779b1);
      }
    }
    // The high bits of a product depend on all bits below them.
    return (allBits & 0x80808080) === 0 ? Math.imul(hash ^ (hash >>> 15), 0xc2b2ae3d) >>> SLOT_SHIFT : -1;
  }

  /** The string in `slot` if it is the one of these bytes, else undefined. */
  find(slot: number, view: DataView, start: number, length: number): string | undefined {
    if (this.#lengths[slot] !== length) return undefined;
    const words = this.#words;
    const base = slot * SLOT_BYTES;
    if (length >= 4) {
      const last = length - 4;
      for (let i = 0; i < last; i += 4) {
        if (words.getUint32(base + i, true) !== view.getUint32(start + i, true)) return undefined;
      }
      if (words.getUint32(base + last, true) !== view.getUint32(start + last, true)) return undefined;
    } else {
      for (let i = 0; i < length; i++) {
        if (words.getUint8(base + i) !== view.getUint8(start + i)) return undefined;
      }
    }
    return this.#strings[slot];
  }

  /** Puts `value`, decoded from these bytes, into `slot`. */
  put(slot: number, view: DataView, start: number, length: number, value: string): void {
    const words = this.#words;
    const base = slot * SLOT_BYTES;
    if (length >= 4) {
      const last = length - 4;
      for (let i = 0; i < last; i += 4) words.setUint32(base + i, view.getUint32(start + i, true), true);
      words.setUint32(base + last, view.getUint32(start + last, true), true);
    } else {
      for (let i = 0; i < length; i++) words.setUint8(base + i, view.getUint8(start + i));
    }
    this.#lengths[slot] = length;
    this.#strings[slot] = value;
  }
}
