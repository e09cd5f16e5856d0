// Command driver attaches a network to a fresh network namespace as Multus does: it loads the
// configuration with Multus's own code, runs the real plugins through libcni, and takes the
// attachment away again. It reads one JSON request per line and answers each with one line.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strings"

	"github.com/containernetworking/cni/libcni"
	"github.com/containernetworking/plugins/pkg/ns"
	"github.com/containernetworking/plugins/pkg/testutils"
	nad "github.com/k8snetworkplumbingwg/network-attachment-definition-client/pkg/utils"
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
	multus "gopkg.in/k8snetworkplumbingwg/multus-cni.v4/pkg/types"

	apis "github.com/k8snetworkplumbingwg/network-attachment-definition-client/pkg/apis/k8s.cni.cncf.io/v1"
)

const (
	interfaceName = "net1"
	movedNIC      = "nic1"
	podName       = "pod"
)

type request struct {
	Name         string                 `json:"name"`
	Config       string                 `json:"config"`
	Capabilities map[string]interface{} `json:"capabilities"`
	// IPs and MAC are what a pod asks for: Multus hands them over by capability and as arguments.
	IPs         []string `json:"ips"`
	MAC         string   `json:"mac"`
	Check       bool     `json:"check"`
	Whereabouts bool     `json:"whereabouts"`
}

type answer struct {
	// Stage is where it ended: load, add, check, del, or done.
	Stage string `json:"stage"`
	Error string `json:"error,omitempty"`
	// Result is the CNI result of the ADD; Links and Left the pod's links after ADD and DEL, Rules
	// and LeftRules its routing rules besides the kernel's own.
	Result    json.RawMessage `json:"result,omitempty"`
	Links     []link          `json:"links,omitempty"`
	Left      []string        `json:"left,omitempty"`
	Rules     []string        `json:"rules,omitempty"`
	LeftRules []string        `json:"left_rules,omitempty"`
}

type link struct {
	Name      string   `json:"name"`
	Kind      string   `json:"kind"`
	MTU       int      `json:"mtu"`
	MAC       string   `json:"mac"`
	Up        bool     `json:"up"`
	Promisc   bool     `json:"promisc"`
	Addresses []string `json:"addresses"`
	// Routes are those of the main table, Tables those of the tables that rules lead to.
	Routes []string            `json:"routes"`
	Tables map[string][]string `json:"tables"`
}

type attachment struct {
	single *libcni.NetworkConfig
	list   *libcni.NetworkConfigList
}

func main() {
	runtime.LockOSThread()
	cacheDir, plugins := os.Args[1], strings.Split(os.Args[2], ":")
	cni := libcni.NewCNIConfigWithCacheDir(plugins, cacheDir, nil)
	kept := linkNames()
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 0, 1<<20), 1<<24)
	out := json.NewEncoder(os.Stdout)
	os.Stdout = os.Stderr // whereabouts prints what it cannot read
	for i := 0; lines.Scan(); i++ {
		var asked request
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		if err := out.Encode(handle(cni, &asked, i)); err != nil {
			os.Exit(2)
		}
		removeLinksBut(kept)
		os.RemoveAll("/var/lib/cni/networks")
	}
}

func handle(cni *libcni.CNIConfig, asked *request, i int) (made answer) {
	defer func() {
		if crash := recover(); crash != nil {
			made = answer{Stage: made.Stage, Error: fmt.Sprintf("panic: %v", crash)}
		}
	}()
	made.Stage = "load"
	network, err := load(asked)
	if err != nil {
		made.Error = err.Error()
		return made
	}
	if asked.Whereabouts {
		if err := whereaboutsVerdict(asked.Config); err != nil {
			made.Error = err.Error()
			return made
		}
		made.Stage = "done"
		return made
	}
	attach(cni, network, asked, i, &made)
	return made
}

// load does what Multus does between the API server and libcni.
func load(asked *request) (*attachment, error) {
	spec := apis.NetworkAttachmentDefinition{}
	spec.Name = asked.Name
	spec.Spec.Config = asked.Config
	raw, err := nad.GetCNIConfig(&spec, "/nonexistent")
	if err != nil {
		return nil, err
	}
	delegate, err := multus.LoadDelegateNetConf(raw, nil, "", "")
	if err != nil {
		return nil, err
	}
	if delegate.ConfListPlugin {
		list, err := libcni.ConfListFromBytes(delegate.Bytes)
		return &attachment{list: list}, err
	}
	single, err := libcni.ConfFromBytes(delegate.Bytes)
	return &attachment{single: single}, err
}

func attach(cni *libcni.CNIConfig, n *attachment, asked *request, i int, made *answer) {
	pod, err := testutils.NewNS()
	if err != nil {
		panic(err)
	}
	defer func() {
		// The kernel takes a namespace's links away some time later: until then a macvlan keeps
		// its master's MAC addresses taken, and the next case fails for what this one left.
		removeLinksIn(pod)
		pod.Close()
		testutils.UnmountNS(pod)
	}()
	rt := &libcni.RuntimeConf{
		ContainerID:    fmt.Sprintf("case%d", i),
		NetNS:          pod.Path(),
		IfName:         interfaceName,
		Args:           [][2]string{{"IgnoreUnknown", "true"}, {"K8S_POD_NAME", podName}},
		CapabilityArgs: asked.Capabilities,
	}
	if asked.MAC != "" {
		rt.CapabilityArgs["mac"] = asked.MAC
		rt.Args = append(rt.Args, [2]string{"MAC", asked.MAC})
	}
	if len(asked.IPs) > 0 {
		rt.CapabilityArgs["ips"] = asked.IPs
		rt.Args = append(rt.Args, [2]string{"IP", strings.Join(asked.IPs, ",")})
	}
	ctx := context.Background()
	made.Stage = "add"
	if err := n.add(ctx, cni, rt, made); err != nil {
		made.Error = err.Error()
		_ = n.del(ctx, cni, rt)
		return
	}
	made.Links = linksOf(pod)
	made.Rules = rulesOf(pod)
	if asked.Check {
		made.Stage = "check"
		if err := n.check(ctx, cni, rt); err != nil {
			made.Error = err.Error()
			return
		}
	}
	made.Stage = "del"
	if err := n.del(ctx, cni, rt); err != nil {
		made.Error = err.Error()
		return
	}
	for _, l := range linksOf(pod) {
		made.Left = append(made.Left, l.Name)
	}
	made.LeftRules = rulesOf(pod)
	made.Stage = "done"
}

func (n *attachment) add(ctx context.Context, cni *libcni.CNIConfig, rt *libcni.RuntimeConf, made *answer) error {
	var err error
	if n.list != nil {
		r, failure := cni.AddNetworkList(ctx, n.list, rt)
		if err = failure; err == nil {
			made.Result, err = json.Marshal(r)
		}
		return err
	}
	r, failure := cni.AddNetwork(ctx, n.single, rt)
	if err = failure; err == nil {
		made.Result, err = json.Marshal(r)
	}
	return err
}

func (n *attachment) check(ctx context.Context, cni *libcni.CNIConfig, rt *libcni.RuntimeConf) error {
	if n.list != nil {
		return cni.CheckNetworkList(ctx, n.list, rt)
	}
	return cni.CheckNetwork(ctx, n.single, rt)
}

func (n *attachment) del(ctx context.Context, cni *libcni.CNIConfig, rt *libcni.RuntimeConf) error {
	if n.list != nil {
		return cni.DelNetworkList(ctx, n.list, rt)
	}
	return cni.DelNetwork(ctx, n.single, rt)
}

func linkNames() map[string]bool {
	names := map[string]bool{}
	links, err := netlink.LinkList()
	if err != nil {
		panic(err)
	}
	for _, l := range links {
		names[l.Attrs().Name] = true
	}
	return names
}

// removeLinksBut takes away what a case has left on the node's side: bridges and veth ends.
// The NIC that host-device moves into pods is made anew where a case has lost it.
func removeLinksBut(kept map[string]bool) {
	links, _ := netlink.LinkList()
	for _, l := range links {
		if !kept[l.Attrs().Name] {
			_ = netlink.LinkDel(l)
		}
	}
	if _, err := netlink.LinkByName(movedNIC); err != nil {
		// Its namespace may still be on its way out, with the other end left here.
		if peer, err := netlink.LinkByName(movedNIC + "-peer"); err == nil {
			_ = netlink.LinkDel(peer)
		}
		nic := &netlink.Veth{LinkAttrs: netlink.NewLinkAttrs(), PeerName: movedNIC + "-peer"}
		nic.Name = movedNIC
		_ = netlink.LinkAdd(nic)
	}
}

func removeLinksIn(pod ns.NetNS) {
	_ = pod.Do(func(ns.NetNS) error {
		links, err := netlink.LinkList()
		for _, l := range links {
			if l.Attrs().Name != "lo" {
				_ = netlink.LinkDel(l)
			}
		}
		return err
	})
}

func linksOf(pod ns.NetNS) []link {
	var found []link
	_ = pod.Do(func(ns.NetNS) error {
		links, err := netlink.LinkList()
		if err != nil {
			return err
		}
		for _, l := range links {
			a := l.Attrs()
			if a.Name == "lo" {
				continue
			}
			one := link{Name: a.Name, Kind: l.Type(), MTU: a.MTU, MAC: a.HardwareAddr.String()}
			one.Up = a.RawFlags&1 != 0
			one.Promisc = a.Promisc != 0
			addresses, _ := netlink.AddrList(l, netlink.FAMILY_ALL)
			for _, address := range addresses {
				if address.Scope == 0 {
					one.Addresses = append(one.Addresses, address.IPNet.String())
				}
			}
			one.Routes, one.Tables = routesOf(l)
			found = append(found, one)
		}
		return nil
	})
	return found
}

func routesOf(l netlink.Link) (main []string, others map[string][]string) {
	all := &netlink.Route{LinkIndex: l.Attrs().Index, Table: unix.RT_TABLE_UNSPEC}
	filter := netlink.RT_FILTER_OIF | netlink.RT_FILTER_TABLE
	routes, _ := netlink.RouteListFiltered(netlink.FAMILY_V4, all, filter)
	others = map[string][]string{}
	for _, route := range routes {
		text := fmt.Sprintf("%v via %v", route.Dst, route.Gw)
		if route.Priority != 0 {
			text += fmt.Sprintf(" metric %d", route.Priority)
		}
		switch table := fmt.Sprint(route.Table); route.Table {
		case unix.RT_TABLE_LOCAL:
		case unix.RT_TABLE_MAIN:
			main = append(main, text)
		default:
			others[table] = append(others[table], text)
		}
	}
	return main, others
}

func rulesOf(pod ns.NetNS) []string {
	var found []string
	_ = pod.Do(func(ns.NetNS) error {
		rules, err := netlink.RuleList(netlink.FAMILY_V4)
		for _, rule := range rules {
			switch rule.Table {
			case unix.RT_TABLE_LOCAL, unix.RT_TABLE_MAIN, unix.RT_TABLE_DEFAULT:
			default:
				found = append(found, fmt.Sprintf("from %v lookup %d", rule.Src, rule.Table))
			}
		}
		return err
	})
	return found
}
