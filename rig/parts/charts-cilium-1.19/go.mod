module multinet/rig/charts-cilium-1.19

go 1.26.0

require github.com/cilium/cilium v1.19.4 // indirect
