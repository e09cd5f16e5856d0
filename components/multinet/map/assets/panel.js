// What is known of one network or one node, beside the map.

const panel = byId("panel");
const PAGE = 100; // rows of a table at first, and at each step

// A table that draws its rows as they are asked for.
function table(caption, columns, rows, cellsOf) {
  const body = el("tbody");
  const head = el("tr", {}, ...columns.map((name) => el("th", { scope: "col" }, name)));
  const made = el("div", { class: "scroll" }, el("table", {}, el("caption", {}, caption), el("thead", {}, head), body));
  let drawn = 0;
  const next = el("button", { type: "button", class: "plain" });
  const draw = () => {
    for (const row of rows.slice(drawn, drawn + PAGE)) body.append(el("tr", {}, ...cellsOf(row).map((cell) => el("td", {}, cell))));
    drawn = Math.min(drawn + PAGE, rows.length);
    next.hidden = drawn >= rows.length;
    next.textContent = `${number(rows.length - drawn)} more`;
  };
  next.addEventListener("click", draw);
  draw();
  return el("div", {}, made, next);
}

const facts = (pairs) => el("dl", {}, ...pairs.filter(([, value]) => value !== "" && value !== null && value !== undefined)
  .flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));

const part = (title, ...inside) => el("section", {}, el("h3", {}, title), ...inside);

const leftOut = (net, kind, thing) => (net.more[kind] ? [el("p", { class: "facts" }, `${many(net.more[kind], thing)} more: the page keeps to its size; \`multinet status --json\` has them`)] : []);

function findingList(findings) {
  return el("ul", { class: "findings" }, ...findings.map((one) => el("li", { class: one.severity },
    el("p", {}, el("span", { class: `badge ${one.severity}` }, one.severity), " ", one.rule, " ", el("code", {}, one.code)),
    one.value === null ? null : el("p", { class: "facts" }, "value: ", el("code", {}, one.value)),
    one.wayOut ? el("p", {}, "Way out: ", one.wayOut) : null,
    one.path === "(file)" ? null : el("p", { class: "facts" }, one.path, one.line ? `, line ${one.line}` : ""))));
}

const chips = (items, label) => el("ul", { class: "chips", "aria-label": label }, ...items.map((item) => el("li", {}, item)));

const netChip = (net) => el("button", { type: "button", class: `node ${level(net)}`, click: () => visit(net.key) }, net.name);

// Many chips are cut short, with what shows the rest on the map.
function netChips(found, label, all) {
  const items = found.slice(0, 40).map(netChip);
  if (found.length > items.length) items.push(el("button", { type: "button", class: "plain", click: all }, `all ${number(found.length)} on the map`));
  return chips(items, label);
}

function nadParts(net) {
  const config = net.nad.spec?.config;
  let pretty = config;
  try {
    pretty = JSON.stringify(JSON.parse(config), null, 2);
  } catch {
    // What is no JSON is shown as it is.
  }
  return part("Configuration",
    el("pre", { tabindex: "0", "aria-label": "CNI configuration" }, pretty || "Each node has its own: the object holds none."),
    el("details", {}, el("summary", {}, "NetworkAttachmentDefinition, as declared"), el("pre", { tabindex: "0", "aria-label": "NetworkAttachmentDefinition" }, JSON.stringify(net.nad, null, 2))));
}

function rangePart(net) {
  if (!net.ranges.length && !net.fixed.length) return [];
  const rows = net.ranges.map((use) => use);
  const columns = live ? ["range", "node", "used", "free", ""] : ["range", "addresses"];
  const cellsOf = (use) => (live ? [use.range, use.node || "all", `${number(use.used)} of ${amount(use.size)}`, amount(use.free), bar(use)] : [use.range, amount(use.size)]);
  const leaked = net.ranges.flatMap((use) => use.leaked || []);
  return [part("Ranges",
    rows.length ? table(`Addresses of ${net.name}`, columns, rows, cellsOf) : el("p", {}, net.fixed.join(", ")),
    ...leftOut(net, "ranges", "range"),
    ...net.blocks.map((text) => el("p", { class: "facts" }, `cut for nodes: ${text}`)),
    leaked.length ? table("Kept for pods that are gone", ["address", "pod"], leaked, (one) => [one.address, one.pod]) : "")];
}

function podPart(net) {
  if (!live) return [];
  const rows = net.pods;
  const told = rows.length ? table(`Pods on ${net.name}`, ["pod", "node", "workload", "interface", "addresses"], rows, (pod) => [
    `${pod.namespace}/${pod.pod}`, pod.node, `${pod.owner.kind}/${pod.owner.name}`, pod.interface, pod.addresses.join(", ")]) : el("p", {}, "No pod is on it.");
  const stale = net.stale.length ? [table("Not on it as it is now", ["pod", "why"], net.stale, (pod) => [`${pod.namespace}/${pod.pod}`, pod.reasons.join("; ")])] : [];
  return [part(`Pods (${number(net.count)})`, told, ...leftOut(net, "pods", "interface"), ...stale)];
}

function networkPanel(net) {
  const place = page.places[net.place];
  const beside = networks.filter((other) => other !== net && other.link === net.link && other.vlan === net.vlan);
  const broken = net.nodes.filter((name) => unable(name));
  return [
    facts([["asked for as", el("code", {}, `${net.namespace}/${net.name}`)], ["plugins", net.plugins],
      ["segment", segment(net)], ["node's link", net.parent], ["MTU", net.mtu ? String(net.mtu) : ""], ["device", net.resource],
      ["addresses by", net.ipam || "nobody"], ["nodes", place.title], ["able to serve it", live && net.nodes.length ? `${number(net.able)} of ${many(net.nodes.length, "node")}` : ""],
      ["its nodes have", net.selector]]),
    ...(net.findings.length ? [part("Findings", findingList(net.findings), ...leftOut(net, "findings", "finding"))] : []),
    ...rangePart(net),
    ...podPart(net),
    ...(broken.length ? [part("Nodes that cannot serve it", facts(broken.slice(0, 50).map((name) => [name, unable(name)])))] : []),
    ...(beside.length ? [part("On the same segment", netChips(beside, "Networks on the same segment", () => only("link", page.links[net.link].title)))] : []),
    nadParts(net),
  ];
}

function nodePanel(node) {
  const there = landing(node.name);
  const seen = node.state;
  const pods = networks.flatMap((net) => net.pods.filter((pod) => pod.node === node.name).map((pod) => [net, pod]));
  return [
    facts([["state", node.unable ? `serves no network: ${node.unable}` : seen ? "serves its networks" : ""],
      ["Multus", seen?.multus], ["primary", seen && seen.primary.agent ? `${seen.primary.agent}: ${seen.primary.state}` : ""],
      ["interfaces", seen ? number(seen.interfaces) : ""], ["labels", node.labels],
      ...Object.entries(node.links).map(([name, detail]) => [name, detail || "a link of it"])]),
    ...(node.findings.length ? [part("Findings", findingList(node.findings))] : []),
    part(`Networks (${number(there.length)})`, netChips(there, "Networks of this node", () => only("node", node.name)),
      el("p", {}, el("button", { type: "button", click: () => only("node", node.name) }, "Show only these"))),
    ...(live ? [part(`Pods (${number(pods.length)})`, pods.length ? table(`Pods on ${node.name}`, ["pod", "network", "interface", "addresses"], pods,
      ([net, pod]) => [`${pod.namespace}/${pod.pod}`, net.name, pod.interface, pod.addresses.join(", ")]) : el("p", {}, "None that was seen."))] : []),
  ];
}

// Shows it; returns whether there is such a thing.
function show(key) {
  const [kind, name] = [key.slice(0, key.indexOf("/")), key.slice(key.indexOf("/") + 1)];
  const found = kind === "network" ? networkNamed.get(name) : kind === "node" ? nodeNamed.get(name) : undefined;
  if (!found) return false;
  const close = el("button", { type: "button", class: "close", "aria-keyshortcuts": "Escape", click: () => shut() }, "Close");
  panel.replaceChildren(close, el("h2", { id: "panel-title", tabindex: "-1" }, el("span", { class: "kind" }, kind), " ", name),
    ...(kind === "network" ? networkPanel(found) : nodePanel(found)));
  panel.hidden = false;
  panel.scrollTop = 0;
  return true;
}
