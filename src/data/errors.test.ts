import { expect, it } from 'vitest';
import { grouped } from './errors.ts';

it.each([0, 7, 999, 1000, -1234, 60_000, 1_234_567, 1234.5678, 0.0005, 999_999.9999])(
  '%d is written as the language of numbers writes it',
  (value) => expect(grouped(value)).toBe(new Intl.NumberFormat('en-US').format(value)),
);
