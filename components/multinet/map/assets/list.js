// The map: links with their nodes, segments on them, networks in these. What is far below the
// window is not drawn before somebody comes near it.

const FIRST = 90;
const NEXT = 150;
const ON_LINK = 6; // nodes that are shown on a link; the panel of a network counts all
const map = byId("map");
let waiting = null; // pieces that are not drawn yet
let current = null; // the network that Tab comes to

function tile(net, alone) {
  const [said, grade, use] = [state(net), level(net), net.fullest];
  const facts = [net.plugins, ...(alone ? [segment(net)] : [])].join(", ");
  const range = net.ranges.length ? net.ranges[0].range : net.fixed[0] || net.ipam || "no addresses";
  const label = live ? many(net.count, "interface") : "";
  return el("button", { class: `net ${grade}`, type: "button", tabindex: "-1", "data-net": net.index,
    "aria-controls": "panel", click: () => visit(net.key) },
    el("span", { class: "name" }, net.name),
    said ? el("span", { class: `badge ${grade}` }, said) : null,
    el("span", { class: "facts" }, facts),
    el("span", { class: "facts" }, use ? `${number(use.used)} of ${amount(use.size)}${use.node ? ` on ${use.node}` : ""}` : range),
    use ? bar(use) : null,
    label ? el("span", { class: "facts" }, label) : null);
}

function heading(key, nets) {
  const count = el("span", { class: "count" }, many(nets.length, "network"));
  if (chosen.group !== "link") return [el("h3", {}, String(key) || "Networks", " ", count)];
  const link = page.links[key];
  const place = page.places[link.place];
  const names = place.nodes.slice(0, ON_LINK);
  const chips = names.filter((name) => nodeNamed.has(name)).map((name) => el("li", {}, nodeChip(nodeNamed.get(name))));
  const more = place.nodes.length - names.length;
  if (more > 0) chips.push(el("li", { class: "facts" }, `and ${number(more)} more`));
  return [
    chips.length ? el("ul", { class: "chips on-link", "aria-label": `Nodes with ${link.title}` }, ...chips)
      : el("p", { class: "facts" }, place.title),
    el("h3", { class: "link" }, link.title, " ", count),
    link.detail ? el("p", { class: "facts" }, link.detail) : null,
  ].filter(Boolean);
}

// Segments of a link, each with its networks; without links each network for itself.
function cells(nets) {
  if (chosen.group !== "link") return nets.map((net) => [null, [net]]);
  const found = new Map();
  for (const net of nets) found.set(net.vlan, [...(found.get(net.vlan) || []), net]);
  return [...found];
}

function* pieces(found) {
  const groups = new Map();
  for (const net of found) {
    const key = GROUPS[chosen.group].of(net);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(net);
  }
  for (const [key, nets] of groups) {
    const list = el("ul", { class: "segments" });
    map.append(el("section", { class: `group ${chosen.group}` }, ...heading(key, nets), list));
    for (const [vlan, inside] of cells(nets)) {
      // Of a segment with very many networks too, what is far below is drawn later.
      const box = el("li", { class: inside.length > 1 ? "segment wide" : "segment" });
      if (vlan !== null) {
        const told = (vlan ? `VLAN ${vlan}` : "untagged") + (inside.length > 1 ? `: one segment, ${many(inside.length, "network")}` : "");
        box.append(el("p", { class: "tag" }, told));
      }
      const tiles = el("div", { class: "tiles" });
      box.append(tiles);
      list.append(box);
      for (const net of inside) yield tiles.append(tile(net, vlan === null));
    }
  }
}

// Draw so many more. Returns whether there was one.
function more(most) {
  let drawn = 0;
  while (waiting && drawn < most) {
    if (waiting.next().done) waiting = null;
    else drawn += 1;
  }
  return drawn > 0;
}

const near = new IntersectionObserver((entries) => {
  if (entries.some((entry) => entry.isIntersecting) && more(NEXT)) {
    near.unobserve(byId("end"));
    near.observe(byId("end"));
  }
}, { rootMargin: "600px" });

function draw() {
  const found = shown();
  document.body.classList.toggle("searching", chosen.words.length > 0);
  map.replaceChildren();
  map.classList.toggle("dense", found.length > 60);
  waiting = pieces(found);
  more(FIRST);
  if (!found.length) map.append(el("p", {}, networks.length ? "No network is like that." : "No network is declared."));
  byId("count").textContent = `${number(found.length)} of ${many(networks.length, "network")}`;
  byId("reset").disabled = !byId("search").value && Object.values(chosen.filters).every((value) => value === "");
  tabStop(tileOf(current) || map.querySelector(".net"));
  near.unobserve(byId("end"));
  near.observe(byId("end"));
}

const tileOf = (net) => (net ? map.querySelector(`[data-net="${net.index}"]`) : null);

// Tab comes to one network; arrows go on from it.
function tabStop(button) {
  for (const other of map.querySelectorAll('.net[tabindex="0"]')) other.tabIndex = -1;
  if (button) button.tabIndex = 0;
  current = button ? networks[Number(button.dataset.net)] : null;
}

function nodeChip(node) {
  return el("button", { class: `node ${node.unable ? "warning" : ""}`, type: "button", "aria-controls": "panel", click: () => visit(node.key) },
    node.name, node.unable ? el("span", { class: "badge warning" }, "unable") : null);
}

// Those in trouble first; of very many, as many as one looks at.
function drawNodes(most) {
  const sorted = [...nodes.filter((node) => node.unable), ...nodes.filter((node) => !node.unable)];
  const items = sorted.slice(0, most).map((node) => el("li", {}, nodeChip(node)));
  if (nodes.length > most) {
    const all = el("button", { type: "button", class: "plain", click: () => { drawNodes(Infinity); byId("node-list").querySelectorAll("button")[most].focus(); } }, `all ${number(nodes.length)} nodes`);
    items.push(el("li", {}, all));
  }
  byId("node-list").replaceChildren(...items);
  if (!nodes.length) byId("node-list").append(el("li", { class: "facts" }, "No node is declared: networks are for any node of the cluster."));
}
