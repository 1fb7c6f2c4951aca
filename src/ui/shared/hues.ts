/** Every method's hue as a variable of the page, --ID: on light ground and on dark. */
import { METHODS } from '../../methods/registry.ts';

/** Called once, before anything is drawn. */
export function layHues(): void {
  const variables = (shade: 0 | 1): string =>
    Object.values(METHODS)
      .map(({ id, hue }) => `--${id}:${hue[shade]};`)
      .join('');
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`:root{${variables(0)}}:root[data-theme='dark']{${variables(1)}}`);
  document.adoptedStyleSheets.push(sheet);
}
