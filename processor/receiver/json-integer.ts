const PLAIN = /^-?\d{1,20}$/;
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
// 2^64 has 20 digits; the rest is room for a fraction, an exponent and idle zeros.
const MAX_LENGTH = 64;
const MAX_DIGITS = 20;

/**
 * The integer that a decimal text spells, exactly, or undefined if it spells none or one of more than 20
 * digits. As in ProtoJSON, `1.5e3` is the integer 1500.
 */
export function exactInteger(text: string): bigint | undefined {
  if (PLAIN.test(text)) return BigInt(text);
  if (text.length > MAX_LENGTH) return undefined;
  const parts = DECIMAL.exec(text);
  if (parts === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponentText = '0'] = parts;
  const digits = (whole + fraction).replace(/^0+/, '');
  if (digits === '') return 0n;
  const exponent = Number(exponentText) - fraction.length;
  if (digits.length + exponent > MAX_DIGITS) return undefined;
  if (exponent >= 0) return BigInt(sign + digits + '0'.repeat(exponent));
  // What is cut off must be zeros: the number is no integer otherwise.
  const cut = digits.length + exponent;
  if (cut <= 0 || !/^0*$/.test(digits.slice(cut))) return undefined;
  return BigInt(sign + digits.slice(0, cut));
}
