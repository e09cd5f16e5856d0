module multinet/rig/charts

go 1.26.0

require (
	github.com/cilium/cilium v1.20.2 // indirect
	github.com/projectcalico/calico v1.11.0-cni-plugin.0.20250813170300-a0db560f0520 // indirect
)
