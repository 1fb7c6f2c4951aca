/**
 * Vite plugin: what the page may do, as a Content-Security-Policy. The build carries it (meta), the preview server sends it.
 * The page itself speaks to its own server alone. A file that a person names elsewhere is fetched by the data worker, whose
 * policy is that of its own file: none on a static host, `WORKER` here.
 */
import type { Plugin } from 'vite';

const PAGE = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  // Texts become no code: `main.tsx` says which addresses may.
  "require-trusted-types-for 'script'",
  'trusted-types default',
];

/** Of files that are no page: a worker's policy comes with its file. */
const WORKER =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' http: https:";

export function policy(): Plugin {
  return {
    name: 'offramp-policy',
    transformIndexHtml: {
      order: 'post',
      handler(html, { server }) {
        // What Vite adds for development is inline.
        if (server) return html;
        const meta = `<meta http-equiv="Content-Security-Policy" content="${PAGE.join('; ')}" />`;
        return html.replace(/(<meta charset="[^"]*" ?\/?>)/, `$1\n    ${meta}`);
      },
    },
    configurePreviewServer({ middlewares }) {
      middlewares.use(({ url = '/' }, response, next) => {
        const isScript = /\.js(\?|$)/.test(url);
        response.setHeader('content-security-policy', isScript ? WORKER : PAGE.join('; '));
        next();
      });
    },
  };
}
