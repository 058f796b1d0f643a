// Owns how the demo CRM's pages look: the frame, the styles, tables, pills, and the quiet refresh.
// Must not know: records, modules.

/** Text made safe for HTML. */
export function html(value: unknown): string {
	return String(value ?? '')
		.replace(/&/g, '&amp;')
		.replace(/</g, '&lt;')
		.replace(/>/g, '&gt;')
		.replace(/"/g, '&quot;');
}

/** A table column: heading, whether it holds amounts, and its cell for a row (already HTML). */
export interface Column<T> {
	title: string;
	amount?: boolean;
	cell: (row: T) => string;
}

export function table<T>(columns: Column<T>[], rows: T[], empty: string): string {
	if (rows.length === 0) return `<p class="empty">${html(empty)}</p>`;
	const mark = (c: Column<T>): string => (c.amount ? ' class="amount"' : '');
	const head = columns.map((c) => `<th${mark(c)}>${html(c.title)}</th>`).join('');
	const body = rows.map((row) => `<tr>${columns.map((c) => `<td${mark(c)}>${c.cell(row)}</td>`).join('')}</tr>`).join('');
	return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

const GOOD = new Set(['Accepted', 'Approved', 'Ordered', 'Paid', 'Closed Won', 'Delivered to customer', 'Sent']);
const BAD = new Set(['Rejected', 'Cancelled', 'Cancel', 'Needs attention', 'Closed Lost']);

/** A status as a coloured pill; nothing for an empty one. */
export function pill(status: string): string {
	if (status === '') return '<span class="none">–</span>';
	const tone = GOOD.has(status) ? 'good' : BAD.has(status) ? 'bad' : status === 'Pending' ? 'wait' : 'plain';
	return `<span class="pill ${tone}">${html(status)}</span>`;
}

export const link = (id: string, text: string): string => `<a href="/record/${encodeURIComponent(id)}">${html(text)}</a>`;

/** The whole page around its content. `active` is the part of the navigation that is lit. */
export function frame(title: string, version: string, navigation: Array<[href: string, text: string, count: number]>, content: string): string {
	const items = navigation.map(([href, text, count]) => `<a href="${href}">${html(text)}<span>${count}</span></a>`).join('');
	return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${html(title)} · Demo CRM</title>
<style>${STYLE}</style></head>
<body><header><a class="brand" href="/"><i></i>Demo CRM</a><nav>${items}</nav></header>
<main>${content}</main>
<footer>A simulated vtiger ${html(version)} for demonstration. Nothing here leaves this computer; the page refreshes by itself.</footer>
<script>${REFRESH}</script></body></html>`;
}

const STYLE = `
:root{--ink:#1f2937;--soft:#6b7280;--line:#e5e7eb;--back:#f4f6f9;--main:#1d4ed8;--head:#172554}
*{box-sizing:border-box}body{margin:0;font:14px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:var(--ink);background:var(--back)}
header{background:var(--head);color:#fff;display:flex;align-items:center;gap:28px;padding:0 28px;min-height:56px;flex-wrap:wrap;position:sticky;top:0;z-index:1}
.brand{font-weight:650;font-size:16px;color:#fff;text-decoration:none;display:flex;gap:10px;align-items:center}
.brand i{width:18px;height:18px;border-radius:5px;background:linear-gradient(135deg,#60a5fa,#34d399)}
nav{display:flex;gap:4px;flex-wrap:wrap}nav a{color:#c7d2fe;text-decoration:none;padding:6px 12px;border-radius:7px}nav a:hover{background:#1e3a8a;color:#fff}
nav span{margin-left:7px;font-size:12px;opacity:.75}
main{max-width:1240px;margin:24px auto;padding:0 20px}
section{background:#fff;border:1px solid var(--line);border-radius:12px;margin:0 0 22px;overflow:hidden;scroll-margin-top:76px}
h2{font-size:15px;margin:0;padding:14px 18px;border-bottom:1px solid var(--line)}h2 small{font-weight:400;color:var(--soft);margin-left:8px}
h1{font-size:22px;margin:2px 0 16px}h1 .pill{vertical-align:middle;margin-left:10px}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}
th{font-weight:550;font-size:12px;color:var(--soft);text-align:left;padding:9px 18px;background:#fafbfc;white-space:nowrap}
td{padding:10px 18px;border-top:1px solid var(--line);vertical-align:top}td:first-child{white-space:nowrap;color:var(--soft)}tbody tr:hover{background:#f9fbff}
.amount{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
a{color:var(--main);text-decoration:none}main a:hover{text-decoration:underline}
.pill{display:inline-block;padding:1px 10px;border-radius:99px;font-size:12px;font-weight:550;white-space:nowrap;background:#e5e7eb;color:#374151}
.pill.good{background:#d1fae5;color:#065f46}.pill.bad{background:#fee2e2;color:#991b1b}.pill.wait{background:#fef3c7;color:#92400e}
.none,.empty,.note{color:var(--soft)}.empty{padding:14px 18px;margin:0}.note{font-size:12px;max-width:280px}
button{font:inherit;font-weight:600;border:0;border-radius:8px;padding:6px 16px;background:var(--main);color:#fff;cursor:pointer}button:hover{background:#1e40af}
form{margin:0}.top{display:flex;justify-content:space-between;align-items:start;gap:20px}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(260px,1fr));margin:0;padding:8px 18px 16px;gap:4px 28px}dl div{padding:6px 0}dt{font-size:12px;color:var(--soft)}dd{margin:0;overflow-wrap:anywhere;white-space:pre-line}
.totals{margin-left:auto;width:320px;padding:10px 18px 16px}.totals div{display:flex;justify-content:space-between;padding:3px 0}.totals div:last-child{font-weight:650;border-top:1px solid var(--line);margin-top:4px;padding-top:8px}
footer{max-width:1240px;margin:0 auto 30px;padding:0 20px;color:var(--soft);font-size:12px}
.fresh{animation:fresh 1.6s}@keyframes fresh{from{background:#ecfdf5}to{background:transparent}}
`;

/** Fetches the page again now and then, and changes only what is different. */
const REFRESH = `
setInterval(async()=>{if(document.hidden)return;try{
const next=new DOMParser().parseFromString(await(await fetch(location.href)).text(),'text/html');
const rows=new Set([...document.querySelectorAll('main tr,main dd')].map(e=>e.innerHTML));
const main=document.querySelector('main'),fresh=next.querySelector('main');
if(main.innerHTML===fresh.innerHTML)return;
for(const e of fresh.querySelectorAll('tr,dd'))if(!rows.has(e.innerHTML))e.classList.add('fresh');
const nav=document.querySelector('nav');nav.innerHTML=next.querySelector('nav').innerHTML;main.innerHTML=fresh.innerHTML;
setTimeout(()=>document.querySelectorAll('.fresh').forEach(e=>{e.classList.remove('fresh');if(!e.className)e.removeAttribute('class')}),1700);
}catch{}},2500);
`;
