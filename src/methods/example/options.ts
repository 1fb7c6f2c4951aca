/** What can be chosen: which images it learns from, as of every method. */
import { defaultsOf, type ValuesOf } from '../../core/options/schema.ts';
import { imageOptions } from '../parts/options/images.ts';

export const EXAMPLE_OPTIONS = imageOptions;

export type ExampleOptions = ValuesOf<typeof EXAMPLE_OPTIONS>;

export const EXAMPLE_DEFAULTS: ExampleOptions = defaultsOf(EXAMPLE_OPTIONS);
