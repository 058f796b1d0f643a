// Owns how the demo ERPs' pages look, each in its own colours: the frame, the styles, tables, pills, steps, and the quiet
// refresh. Must not know: records, any ERP.

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

export function table<T>(columns: Array<Column<T>>, rows: T[], empty: string): string {
	if (rows.length === 0) return `<p class="empty">${html(empty)}</p>`;
	const mark = (c: Column<T>): string => (c.amount ? ' class="amount"' : '');
	const head = columns.map((c) => `<th${mark(c)}>${html(c.title)}</th>`).join('');
	const body = rows.map((row) => `<tr>${columns.map((c) => `<td${mark(c)}>${c.cell(row)}</td>`).join('')}</tr>`).join('');
	return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

export type Tone = 'good' | 'wait' | 'bad' | 'plain';

export function pill(text: string, tone: Tone = 'plain'): string {
	return text === '' ? '<span class="none">–</span>' : `<span class="pill ${tone}">${html(text)}</span>`;
}

export function link(path: string, text: string): string {
	return `<a href="${html(path)}">${html(text)}</a>`;
}

/** The way of a document, with the step it has reached. */
export function steps(names: string[], current: string): string {
	const at = names.indexOf(current);
	return `<ol class="steps">${names.map((n, i) => `<li class="${i < at ? 'done' : i === at ? 'now' : ''}">${html(n)}</li>`).join('')}</ol>`;
}

/** A button that posts; `fields` come before it inside the form. */
export function button(action: string, text: string, options: { fields?: string; quiet?: boolean } = {}): string {
	return `<form method="post" action="${html(action)}">${options.fields ?? ''}<button${options.quiet ? ' class="quiet"' : ''}>${html(text)}</button></form>`;
}

export function section(title: string, note: string, content: string): string {
	return `<section><h2>${html(title)}${note === '' ? '' : `<small>${html(note)}</small>`}</h2>${content}</section>`;
}

export function details(pairs: Array<[string, string]>): string {
	return `<dl>${pairs
		.filter(([, value]) => value !== '')
		.map(([label, value]) => `<div><dt>${html(label)}</dt><dd>${value}</dd></div>`)
		.join('')}</dl>`;
}

export interface Tab {
	path: string;
	text: string;
	count: number;
}

/** What one ERP's pages have of their own. */
export interface Look {
	/** Of the page's texts: `en`, `ru`. */
	language: string;
	/** In the browser's tab, behind the page's own: `Demo ERP`. */
	title: string;
	/** At the left of the head; already HTML. */
	brand: string;
	/** At the foot; already HTML. */
	foot: string;
	/** CSS: the colours by name, then what else looks different. */
	style: string;
}

/** The whole page around its content; the tab of `here` is lit. */
export function frame(title: string, look: Look, tabs: Tab[], here: string, content: string): string {
	const items = tabs.map((t) => `<a href="${t.path}"${t.path === here ? ' class="here"' : ''}>${html(t.text)}<span>${t.count}</span></a>`).join('');
	return `<!doctype html>
<html lang="${look.language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${html(title)} · ${html(look.title)}</title>
<style>${STYLE}${look.style}</style></head>
<body><header><a class="brand" href="/">${look.brand}</a><nav>${items}</nav></header>
<main>${content}</main>
<footer>${look.foot} Nothing here leaves this computer; the page refreshes by itself.</footer>
<script>${REFRESH}</script></body></html>`;
}

const STYLE = `
*{box-sizing:border-box}body{margin:0;font:14px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:var(--ink);background:var(--back)}
header{background:var(--head);color:#fff;display:flex;align-items:center;gap:28px;padding:0 28px;min-height:56px;flex-wrap:wrap;position:sticky;top:0;z-index:1}
.brand{font-weight:650;font-size:16px;color:#fff;text-decoration:none;display:flex;gap:10px;align-items:center}
.brand i{width:18px;height:18px;border-radius:5px;background:linear-gradient(135deg,var(--mark),#2dd4bf)}
nav{display:flex;gap:4px;flex-wrap:wrap}nav a{color:var(--tab);text-decoration:none;padding:6px 12px;border-radius:7px}nav a:hover,nav a.here{background:var(--lit);color:#fff}
nav span{margin-left:7px;font-size:12px;opacity:.75}
main{max-width:1260px;margin:24px auto;padding:0 20px}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(210px,1fr));gap:16px;margin-bottom:22px}
.card{background:#fff;border:1px solid var(--line);border-radius:12px;padding:14px 18px}.card b{display:block;font-size:22px;font-weight:650;font-variant-numeric:tabular-nums}.card span{color:var(--soft);font-size:12px}
section{background:#fff;border:1px solid var(--line);border-radius:12px;margin:0 0 22px;overflow:hidden}
h2{font-size:15px;margin:0;padding:14px 18px;border-bottom:1px solid var(--line)}h2 small{font-weight:400;color:var(--soft);margin-left:8px}
h1{font-size:22px;margin:2px 0 16px}h1 .pill{vertical-align:middle;margin-left:10px}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}
th{font-weight:550;font-size:12px;color:var(--soft);text-align:left;padding:9px 18px;background:var(--columns);white-space:nowrap}
td:first-child{white-space:nowrap}td{padding:10px 18px;border-top:1px solid var(--line);vertical-align:top}tbody tr:hover{background:var(--hover)}
.amount{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
a{color:var(--main);text-decoration:none;font-weight:550}main a:hover{text-decoration:underline}
.pill{display:inline-block;padding:1px 10px;border-radius:99px;font-size:12px;font-weight:550;white-space:nowrap;background:var(--pill);color:#444}
.pill.good{background:#d1fae5;color:#065f46}.pill.bad{background:#fee2e2;color:#991b1b}.pill.wait{background:#fef3c7;color:#92400e}
.none,.empty,.note{color:var(--soft)}.empty{padding:14px 18px;margin:0}.note{font-size:12px}
button{font:inherit;font-weight:600;border:0;border-radius:8px;padding:6px 16px;background:var(--main);color:#fff;cursor:pointer;white-space:nowrap}button:hover{background:var(--pressed)}
button.quiet{background:#fff;color:var(--main);border:1px solid var(--edge);padding:5px 15px}button.quiet:hover{background:var(--quiet)}
input{font:inherit;border:1px solid var(--edge);border-radius:8px;padding:5px 10px;width:110px;text-align:right}
form{margin:0;display:flex;gap:8px;align-items:center}.top{display:flex;justify-content:space-between;align-items:start;gap:20px;flex-wrap:wrap}.actions{display:flex;gap:10px;flex-wrap:wrap}
.steps{list-style:none;display:flex;margin:0 0 18px;padding:0;gap:6px;flex-wrap:wrap}.steps li{padding:3px 14px;border-radius:99px;background:var(--pill);color:var(--soft);font-size:12px;font-weight:550}
.steps .done{background:#e6f7f1;color:#0f766e}.steps .now{background:var(--main);color:#fff}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(240px,1fr));margin:0;padding:8px 18px 16px;gap:4px 28px}dl div{padding:6px 0}dt{font-size:12px;color:var(--soft)}dd{margin:0;overflow-wrap:anywhere;white-space:pre-line}
.totals{margin-left:auto;width:320px;padding:10px 18px 16px}.totals div{display:flex;justify-content:space-between;padding:3px 0;font-variant-numeric:tabular-nums}.totals .sum{font-weight:650;border-top:1px solid var(--line);margin-top:4px;padding-top:8px}
footer{max-width:1260px;margin:0 auto 30px;padding:0 20px;color:var(--soft);font-size:12px}
.fresh{animation:fresh 1.6s}@keyframes fresh{from{background:#ecfdf5}to{background:transparent}}
`;

/** Fetches the page again now and then, and changes only what is different; not while somebody types. */
const REFRESH = `
setInterval(async()=>{if(document.hidden||document.activeElement.tagName==='INPUT')return;try{
const next=new DOMParser().parseFromString(await(await fetch(location.href)).text(),'text/html');
const rows=new Set([...document.querySelectorAll('main tr,main dd')].map(e=>e.innerHTML));
const main=document.querySelector('main'),fresh=next.querySelector('main');
if(main.innerHTML===fresh.innerHTML)return;
for(const e of fresh.querySelectorAll('tr,dd'))if(!rows.has(e.innerHTML))e.classList.add('fresh');
document.querySelector('nav').innerHTML=next.querySelector('nav').innerHTML;main.innerHTML=fresh.innerHTML;
setTimeout(()=>document.querySelectorAll('.fresh').forEach(e=>{e.classList.remove('fresh');if(!e.className)e.removeAttribute('class')}),1700);
}catch{}},2500);
`;
