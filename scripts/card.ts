/**
 * Vite plugin: what other sites show of a link to the page, as Open Graph says it. A picture has to be named by its whole
 * address there, which a build that works under any path does not know: OFFRAMP_SITE says it. Without, the picture is named
 * from the page, which those understand that resolve it.
 */
import type { Plugin } from 'vite';

const TITLE = 'Offramp: where every image leaves';
const WORDS =
  'An in-browser playground for early-exit neural networks: see where every image leaves, what each exit knows, and what accuracy costs.';
/** Made by `npm run screenshots`. */
export const PICTURE = { file: 'preview.png', width: 1200, height: 630 } as const;

/**
 * The tags.
 * @param site whole address of the page, under whatever path; '' where nobody knows it.
 * @throws Error with a sentence when it is no address of a page.
 */
export function cardTags(site: string): Record<string, string>[] {
  if (site && !/^https?:\/\/[^\s?#]+$/.test(site))
    throw new Error(
      `OFFRAMP_SITE is “${site}”; expected the address that the page will have: https://host.example/path/.`,
    );
  const home = site && !site.endsWith('/') ? `${site}/` : site;
  const graph: Record<string, string> = {
    'og:type': 'website',
    'og:title': TITLE,
    'og:description': WORDS,
    ...(home && { 'og:url': home }),
    'og:image': home ? new URL(PICTURE.file, home).href : `./${PICTURE.file}`,
    'og:image:width': `${PICTURE.width}`,
    'og:image:height': `${PICTURE.height}`,
    'og:image:alt':
      'The Explore page: confusion matrices at ten exits, the road that narrows as images leave, accuracy against cost.',
  };
  return [
    ...Object.entries(graph).map(([property, content]) => ({ property, content })),
    { name: 'twitter:card', content: 'summary_large_image' },
  ];
}

export function card(): Plugin {
  return {
    name: 'offramp-card',
    transformIndexHtml: () =>
      cardTags(process.env['OFFRAMP_SITE'] ?? '').map((attrs) => ({
        tag: 'meta',
        attrs,
        injectTo: 'head' as const,
      })),
  };
}
