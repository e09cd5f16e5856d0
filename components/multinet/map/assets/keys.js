// The tools above the map, the keyboard, and the address: #network/NAME opens a network.

const search = byId("search");
const narrow = matchMedia("(max-width: 60rem)");
const MOST_SHOWN = 200; // findings of the environment as a whole
let opener = null; // where the keyboard was when the panel was opened

function visit(key) {
  if (!panel.contains(document.activeElement)) opener = document.activeElement;
  const hash = `#${encodeURI(key)}`;
  if (location.hash !== hash) history.pushState(null, "", hash);
  follow();
}

function shut() {
  if (panel.hidden) return;
  history.replaceState(null, "", "#");
  follow();
  (opener?.isConnected ? opener : tileOf(current) || search).focus();
}

// Shows what the address names.
function follow() {
  let key = "";
  try {
    key = decodeURI(location.hash.slice(1));
  } catch {
    // An address that somebody mistyped names nothing.
  }
  const shown = key !== "" && show(key);
  panel.hidden = !shown;
  document.body.classList.toggle("beside", shown);
  covered();
  for (const other of map.querySelectorAll('[aria-current="true"]')) other.removeAttribute("aria-current");
  if (!shown) return;
  const net = key.startsWith("network/") ? networkNamed.get(key.slice(8)) : null;
  const button = tileOf(net);
  if (button) {
    button.setAttribute("aria-current", "true");
    tabStop(button);
  }
  byId("panel-title").focus({ preventScroll: true });
}

// In a narrow window the panel lies over everything else, which then is out of reach.
function covered() {
  const over = narrow.matches && !panel.hidden;
  for (const below of [byId("main"), document.querySelector("header"), document.querySelector("footer")]) below.inert = over;
}

// Show only what has this link or is for this node.
function only(filter, value) {
  for (const select of byId("filters").querySelectorAll("select")) {
    if (select.name === filter) select.value = value;
  }
  chosen.filters[filter] = value;
  draw();
  if (narrow.matches) shut();
}

function selector(name, title, options, changed) {
  const made = el("select", { name, "aria-label": title }, ...options.map(([value, text]) => el("option", { value }, text)));
  made.addEventListener("change", () => { changed(made.value); draw(); });
  return made;
}

function tools() {
  const filters = byId("filters");
  for (const [name, { title, values }] of Object.entries(FILTERS)) {
    const distinct = [...new Set(values)];
    chosen.filters[name] = "";
    if (distinct.length < 2) continue;
    const options = [["", `${title}: all`], ...distinct.map((value) => [value, value])];
    filters.append(selector(name, title, options, (value) => { chosen.filters[name] = value; }));
  }
  if (networks.length < 2) return;
  filters.append(selector("group", "Grouped", Object.entries(GROUPS).map(([key, { title }]) => [key, title]), (value) => { chosen.group = value; }));
  filters.append(selector("order", "Sorted", Object.entries(ORDERS).map(([key, { title }]) => [key, title]), (value) => { chosen.order = value; }));
}

// The network in the row above or below that is nearest; -1 up, 1 down.
function vertical(button, way) {
  const all = [...map.querySelectorAll(".net")];
  const here = button.getBoundingClientRect();
  const beyond = all.map((other) => [other, other.getBoundingClientRect()])
    .filter(([, box]) => (way > 0 ? box.top >= here.bottom - 1 : box.bottom <= here.top + 1));
  const [, edge] = beyond.reduce((best, one) => (!best || way * (one[1].top - best[1].top) < 0 ? one : best), null) || [];
  const row = beyond.filter(([, box]) => Math.abs(box.top - edge.top) < 4);
  const distance = ([, box]) => Math.abs(box.left - here.left);
  return row.reduce((best, one) => (!best || distance(one) < distance(best) ? one : best), null)?.[0];
}

function move(button, key) {
  const all = () => [...map.querySelectorAll(".net")];
  if (key === "Home") return all()[0];
  if (key === "End") {
    more(Infinity);
    return all().at(-1);
  }
  const at = all().indexOf(button);
  if (at >= all().length - 20) more(NEXT);
  if (key === "ArrowRight") return all()[at + 1];
  if (key === "ArrowLeft") return all()[at - 1];
  return vertical(button, key === "ArrowDown" ? 1 : -1);
}

function goTo(button) {
  if (!button) return;
  tabStop(button);
  button.focus();
  button.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches("input, select, textarea");
  if (event.key === "/" && !typing) {
    event.preventDefault();
    if (narrow.matches) shut();
    search.focus();
    search.select();
  } else if (event.key === "Escape") {
    if (event.target === search && search.value) {
      search.value = "";
      search.dispatchEvent(new Event("input"));
    } else shut();
  } else if (event.target === search && (event.key === "Enter" || event.key === "ArrowDown")) {
    event.preventDefault();
    changed();
    goTo(map.querySelector(".net"));
  } else if (event.target.matches(".net") && /^(Arrow|Home$|End$)/.test(event.key)) {
    event.preventDefault();
    goTo(move(event.target, event.key));
  }
});

let later = 0;
function changed() {
  clearTimeout(later);
  chosen.words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  draw();
}
search.addEventListener("input", () => { clearTimeout(later); later = setTimeout(changed, networks.length > 200 ? 80 : 0); });
byId("tools").addEventListener("submit", (event) => event.preventDefault());
byId("reset").addEventListener("click", () => {
  search.value = "";
  for (const select of byId("filters").querySelectorAll("select")) {
    if (select.name in chosen.filters) select.value = "";
  }
  for (const name of Object.keys(chosen.filters)) chosen.filters[name] = "";
  changed();
  search.focus();
});
map.addEventListener("focusin", (event) => { if (event.target.matches(".net")) tabStop(event.target); });
narrow.addEventListener("change", covered);
addEventListener("hashchange", follow); // by hand, or back and forth

new ResizeObserver(([header]) => {
  document.documentElement.style.setProperty("--top", `${header.target.offsetHeight}px`);
}).observe(document.querySelector("header"));

function about() {
  const told = live ? `As the cluster at ${page.live.cluster} was at ${page.live.at}: ` : "As declared: ";
  const interfaces = networks.reduce((sum, net) => sum + net.count, 0);
  const sums = [many(networks.length, "network"), many(page.links.length, "link"), many(nodes.length, "node"), ...(live ? [many(interfaces, "attached interface")] : [])];
  byId("about").textContent = told + sums.join(", ") + ".";
  const { plugin, cidrs, file } = page.primary;
  byId("primary").textContent = `eth0 of every pod: ${plugin}${cidrs.length ? `, ${cidrs.join(", ")}` : ""}${file ? ` (${file})` : ""}. Further interfaces:`;
  environment();
}

// What was found of the environment as a whole: shown at once where it is an error.
function environment() {
  const list = byId("matters-list");
  if (page.findings.length) list.append(findingList(page.findings.slice(0, MOST_SHOWN)));
  if (page.findings.length > MOST_SHOWN) list.append(el("p", { class: "facts" }, `and ${number(page.findings.length - MOST_SHOWN)} more: \`multinet validate\` lists them`));
  list.append(...page.notes.map((note) => el("p", { class: "facts" }, note)));
  const errors = page.findings.filter((one) => one.severity === "error").length;
  const said = [errors ? many(errors, "error") : "", page.findings.length > errors ? many(page.findings.length - errors, "warning") : "",
    page.notes.length ? many(page.notes.length, "note") : ""].filter(Boolean);
  byId("matters-count").textContent = said.join(", ");
  list.parentElement.open = errors > 0;
  byId("matters").hidden = !said.length;
}

about();
tools();
drawNodes(40);
draw();
follow();
