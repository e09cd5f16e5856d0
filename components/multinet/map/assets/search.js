// Which networks are shown: words that are searched for, filters, order.

// An address as text that sorts and compares like the address; empty: it is none.
function comparable(text) {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) {
    const bytes = text.split(".").map(Number);
    return bytes.every((byte) => byte < 256) ? "4" + bytes.map((b) => b.toString(16).padStart(2, "0")).join("") : "";
  }
  const halves = text.split("::");
  if (!/^[0-9a-f:]+$/i.test(text) || halves.length > 2 || !text.includes(":")) return "";
  const [head, tail] = halves.map((half) => (half ? half.split(":") : []));
  const rest = tail || [];
  const zeros = tail ? 8 - head.length - rest.length : 0;
  const groups = [...head, ...Array(Math.max(zeros, 0)).fill("0"), ...rest];
  if (groups.length !== 8 || groups.some((group) => !group || group.length > 4)) return "";
  return "6" + groups.map((group) => group.toLowerCase().padStart(4, "0")).join("");
}

// Everything a network is found by, made when it is first asked for.
const texts = new Map();
function textOf(net) {
  if (!texts.has(net)) {
    const place = page.places[net.place];
    const said = [net.name, `${net.namespace}/${net.name}`, net.plugins, net.ipam, segment(net), net.parent,
      net.resource, net.selector, place.title, ...(place.nodes.length <= 50 ? place.nodes : []),
      ...net.ranges.map((use) => use.range), ...net.fixed,
      ...net.pods.flatMap((pod) => [`${pod.namespace}/${pod.pod}`, `${pod.owner.kind}/${pod.owner.name}`, ...pod.addresses]),
      ...net.findings.map((one) => one.code)];
    texts.set(net, said.join("\n").toLowerCase());
  }
  return texts.get(net);
}

function spans(net, address) {
  const at = comparable(address);
  return at !== "" && net.spans.some(([first, last]) => {
    const [from, to] = [comparable(first), comparable(last)];
    return from.length === at.length && from <= at && at <= to;
  });
}

// In a name anywhere, elsewhere where a word begins: `lan` is not meant to find every macvlan.
function matcher(word) {
  const begins = new RegExp(`(?:^|[^a-z0-9])${word.replace(/[^a-z0-9]/g, "\\$&")}`, "m");
  return (net) => net.name.includes(word) || begins.test(textOf(net)) || spans(net, word);
}

const STATES = {
  "needs a look": (net) => level(net) !== "",
  "has errors": (net) => net.errors > 0,
  ...(live && {
    "has pods": (net) => net.count > 0,
    "has no pods": (net) => net.count === 0,
    [`full from ${Math.round(page.live.full * 100)} %`]: (net) => net.fullest !== null && share(net.fullest) >= page.live.full,
    "has stale pods": (net) => net.stale.length > 0,
  }),
};

const FILTERS = {
  link: { title: "Link", values: page.links.map((link) => link.title), test: (net, value) => page.links[net.link].title === value },
  type: { title: "Type", values: networks.map((net) => net.type), test: (net, value) => net.type === value },
  namespace: { title: "Namespace", values: networks.map((net) => net.namespace), test: (net, value) => net.namespace === value },
  node: { title: "Node", values: nodes.map((node) => node.name), test: (net, value) => net.nodes.includes(value) || !net.nodes.length && !live },
  state: { title: "State", values: Object.keys(STATES), test: (net, value) => STATES[value](net) },
};

const GROUPS = {
  link: { title: "by link", of: (net) => net.link },
  namespace: { title: "by namespace", of: (net) => net.namespace },
  type: { title: "by type", of: (net) => net.type },
  none: { title: "in one list", of: () => "" },
};

const ORDERS = {
  declared: { title: "as declared", by: null },
  name: { title: "by name", by: (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0) },
  ...(live && {
    use: { title: "fullest first", by: (a, b) => (b.fullest ? share(b.fullest) : -1) - (a.fullest ? share(a.fullest) : -1) },
    pods: { title: "most pods first", by: (a, b) => b.count - a.count },
  }),
};

const chosen = { words: [], group: "link", order: "declared", filters: {} };

function shown() {
  const filters = Object.entries(chosen.filters).filter(([, value]) => value !== "");
  const words = chosen.words.map(matcher);
  const found = networks.filter((net) =>
    filters.every(([name, value]) => FILTERS[name].test(net, value)) && words.every((fits) => fits(net)));
  const { by } = ORDERS[chosen.order];
  return by ? found.sort((a, b) => by(a, b) || a.index - b.index) : found;
}
