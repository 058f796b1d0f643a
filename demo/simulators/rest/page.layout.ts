// Owns what the simulated REST ERP's pages have of their own: their colours and names. Must not know: records.
import { frame as framed, html, type Tab } from '../erpPage';

export * from '../erpPage';

const STYLE = `
:root{--ink:#1f2430;--soft:#6d7280;--line:#e1e7e7;--back:#f4f7f7;--main:#1d5c63;--head:#12343b;--mark:#f2c14e;--tab:#cfe3e4;--lit:#1f4f57;--columns:#f9fbfb;--hover:#f8fbfb;--pill:#e7ecec;--pressed:#164a50;--edge:#bfd0d2;--quiet:#eef6f6}
`;

/** The whole page around its content; the tab of `here` is lit. */
export function frame(title: string, product: string, tabs: Tab[], here: string, content: string): string {
	return framed(title, { language: 'en', title: 'Demo ERP', brand: '<i></i>Demo ERP', foot: `A simulated ERP with the ${html(product)} API, for demonstration.`, style: STYLE }, tabs, here, content);
}
