/** The view on screen as a frame on another page. */
import { writeLink } from '../address/url.ts';
import { showsExplore, type Page } from '../pages.ts';
import { useView, type PanelName } from '../view.ts';
import { pinned } from './permalink.ts';

/** Whether panels of a page can stand alone: those that show a scene. */
export const hasPanels = (page: Page): boolean => showsExplore(page) || page === 'unsupervised';

/** The address of a frame: the cited link, without the bar or with one panel alone. */
export function embedAddress(panel: PanelName | null): string {
  const link = pinned();
  const { theme } = useView.getState();
  const view = { ...link.view, theme, embed: '1' as const, panel };
  return new URL(writeLink({ ...link, view }), window.location.href).href;
}

const attribute = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

/** HTML for a page: the frame, and what lets its height follow. */
export function frameCode(address: string, title: string): string {
  return [
    `<iframe class="offramp" src="${attribute(address)}" title="${attribute(title)}" width="100%" height="520" style="border: 0" loading="lazy" allow="clipboard-write"></iframe>`,
    '<script>',
    "  addEventListener('message', ({ source, data }) => {",
    "    if (data?.type !== 'offramp-height') return;",
    "    for (const frame of document.querySelectorAll('iframe.offramp'))",
    '      if (frame.contentWindow === source) frame.height = data.height;',
    '  });',
    '</script>',
  ].join('\n');
}
