"use strict";
// The page's data, what is derived from it, and the one way in which it becomes elements.

const page = JSON.parse(document.getElementById("data").textContent);
const live = page.live !== null;
const byId = (id) => document.getElementById(id);

// An element. Texts become text nodes, whatever is written in them.
function el(tag, attributes = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "click") made.addEventListener("click", value);
    else if (value !== undefined && value !== false) made.setAttribute(name, value);
  }
  made.append(...inside.filter((one) => one !== null && one !== ""));
  return made;
}

const number = (n) => n.toLocaleString("en");
const many = (n, thing) => `${number(n)} ${thing}${n === 1 ? "" : thing.endsWith("s") ? "es" : "s"}`;

// Sizes of IPv6 ranges are beyond what anybody reads, and what a number holds exactly.
const amount = (n) => (n < 1e7 ? number(n) : `about 2^${Math.round(Math.log2(n))}`);

const share = (use) => (use.size ? Math.min((use.used || 0) / use.size, 1) : use.used === undefined ? 0 : 1);

const networks = page.networks.map((net, index) => {
  const errors = net.findings.filter((one) => one.severity === "error").length;
  const warnings = net.findings.length - errors;
  const used = net.ranges.filter((use) => use.used !== undefined);
  const fullest = used.reduce((most, use) => (!most || share(use) > share(most) ? use : most), null);
  const pods = net.pods.length + (net.more.pods || 0);
  const nodes = page.places[net.place].nodes;
  return { ...net, index, errors, warnings, fullest, count: pods, nodes, key: `network/${net.name}` };
});
const nodes = page.nodes.map((node, index) => ({ ...node, index, key: `node/${node.name}` }));
const networkNamed = new Map(networks.map((net) => [net.name, net]));
const nodeNamed = new Map(nodes.map((node) => [node.name, node]));

// A node by name, of which the cluster may have more than are told.
const unable = (name) => nodeNamed.get(name)?.unable || "";

// Networks whose pods can land on a node; with no nodes known, on any.
const landing = (name) => networks.filter((net) => net.nodes.includes(name));

function level(net) {
  if (net.errors) return "error";
  return net.warnings || (live && net.able < net.nodes.length) ? "warning" : "";
}

// What a network's state is, in a word or two; empty: nothing to say.
function state(net) {
  if (net.errors) return many(net.errors, "error");
  if (net.warnings) return many(net.warnings, "warning");
  return live && net.able < net.nodes.length ? `${net.able} of ${net.nodes.length} nodes` : "";
}

function bar(use) {
  const filled = el("span", { class: "filled" });
  filled.style.width = `${Math.round(share(use) * 1000) / 10}%`;
  const full = share(use) >= 1 ? " full" : live && share(use) >= page.live.full ? " nearly" : "";
  return el("span", { class: `bar${full}`, "aria-hidden": "true" }, filled);
}

const segment = (net) => {
  const link = page.links[net.link].title;
  return net.vlan ? `${link}, VLAN ${net.vlan}` : link;
};
