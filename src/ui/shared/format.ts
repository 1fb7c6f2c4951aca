/** Numbers as people read them. */
import { closedThreshold, openThreshold, type Rule } from '../../core/policy.ts';
import { grouped } from '../../data/errors.ts';

/** −0.52 → "−0.5", with a minus sign that is one. */
export const tenths = (value: number): string => value.toFixed(1).replace('-', '−');

/** 0.8193 → "81.9 %". */
export function percent(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)} %`;
}

/** 10000 → "10,000". */
export const count = grouped;

/** "1 image", "2,000 images". */
export function plural(n: number, noun: string, nouns = `${noun}s`): string {
  return `${count(n)} ${n === 1 ? noun : nouns}`;
}

/** A threshold: enough digits to tell exits' confidences apart, or words where the exit is shut or wide open. */
export function threshold(t: number, rule: Rule): string {
  if (t === closedThreshold(rule)) return 'closed';
  if (t === openThreshold(rule)) return 'open';
  return confidence(t);
}

/** A confidence with enough digits to tell images apart; infinite ones belong to a class without a mean. */
export function confidence(t: number): string {
  if (!Number.isFinite(t)) return t > 0 ? '∞' : '−∞';
  return String(Number(t.toPrecision(4)));
}

const sizes = ['B', 'kB', 'MB', 'GB'];

/** 22120000 → "22.1 MB" (powers of 1000). */
export function bytes(n: number): string {
  let size = n;
  let unit = 0;
  while (size >= 1000 && unit < sizes.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${unit === 0 ? size : size.toPrecision(3)} ${sizes[unit]}`;
}

/** 73936896 → "73.9 MFLOPs". */
export function flops(n: number): string {
  if (n >= 1e15) return `${(n / 1e15).toPrecision(3)} PFLOPs`;
  if (n >= 1e12) return `${(n / 1e12).toPrecision(3)} TFLOPs`;
  if (n >= 1e9) return `${(n / 1e9).toPrecision(3)} GFLOPs`;
  if (n >= 1e6) return `${(n / 1e6).toPrecision(3)} MFLOPs`;
  return `${(n / 1e3).toPrecision(3)} kFLOPs`;
}

/** 8.2 → "8 s", 95 → "1 min 35 s". */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** A difference with its sign: "+1.2", "−3.4"; "0.0" where it vanishes in the last digit. */
export function points(difference: number): string {
  const digits = Math.abs(difference).toFixed(1);
  if (digits === '0.0') return digits;
  return `${difference > 0 ? '+' : '−'}${digits}`;
}
