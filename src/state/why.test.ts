import { expect, it, vi } from 'vitest';
import { sense } from '../core/policy.ts';
import { METHODS, isMethodId } from '../methods/registry.ts';
import { whyOf } from './why.ts';

// What the methods' modules ask the browser for when they are loaded.
vi.hoisted(() => vi.stubGlobal('location', { href: 'http://localhost/' }));

it.each(Object.keys(METHODS))('%s says why its exits are sure, and under which rule', (id) => {
  const why = whyOf(id)!;
  expect(why.says).toMatch(/^[A-Z].*\.$/);
  const rule = isMethodId(id) ? METHODS[id].confidence.rule : 'above';
  expect(why.formulas.at(-1)).toMatch(new RegExp(`leaves where it is ${sense(rule).symbol} T$`));
  expect(whyOf('unheard-of')).toBeNull();
});
