// Owns what the simulated 1C's pages have of their own: their colours and names. Must not know: records.
import { frame as framed, html, type Tab } from '../erpPage';

export * from '../erpPage';

const STYLE = `
:root{--ink:#26241f;--soft:#77736a;--line:#e9e4d6;--back:#f8f6f0;--main:#b3261e;--head:#ffd83d;--tab:#4b4523;--lit:#ffe680;--columns:#fcfbf6;--hover:#fffbea;--pill:#eeebe1;--pressed:#8f1e17;--edge:#d9d0b8;--quiet:#fdf1f0}
header{color:var(--ink);border-bottom:1px solid #e6bd1c}.brand{color:var(--ink)}
.brand i{width:auto;height:auto;font-style:normal;font-size:13px;font-weight:800;letter-spacing:-.5px;color:#fff;background:var(--main);border-radius:6px;padding:1px 7px}.brand small{font-weight:400;font-size:12px;color:#6b5d1a}
nav a:hover{color:var(--tab)}nav a.here{background:#fff;color:var(--ink);box-shadow:0 1px 2px #0002}
td .actions{flex-wrap:nowrap;gap:6px}td button{padding:3px 11px;font-size:13px}
`;

/** The whole page around its content; the tab of `here` is lit. */
export function frame(title: string, product: string, tabs: Tab[], here: string, content: string): string {
	return framed(title, { language: 'ru', title: '1C demo', brand: `<i>1C</i>Demo ERP<small>${html(product)}</small>`, foot: `A simulated ${html(product)} for demonstration.`, style: STYLE }, tabs, here, content);
}
