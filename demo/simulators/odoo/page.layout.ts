// Owns what the simulated Odoo's pages have of their own: their colours and names. Must not know: records.
import { frame as framed, type Tab } from '../erpPage';

export * from '../erpPage';

const STYLE = `
:root{--ink:#1f2430;--soft:#6d7280;--line:#e7e5ea;--back:#f6f5f8;--main:#6b3f69;--head:#3d2540;--mark:#c58fc1;--tab:#e4d3e6;--lit:#5a3960;--columns:#fbfafc;--hover:#fcf9fd;--pill:#ebe9ee;--pressed:#532f52;--edge:#cfc3d1;--quiet:#f6eff7}
`;

/** The whole page around its content; the tab of `here` is lit. */
export function frame(title: string, version: number, tabs: Tab[], here: string, content: string): string {
	return framed(title, { language: 'en', title: 'Demo ERP', brand: '<i></i>Demo ERP', foot: `A simulated Odoo ${version} for demonstration.`, style: STYLE }, tabs, here, content);
}
