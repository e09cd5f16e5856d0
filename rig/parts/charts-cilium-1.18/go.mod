module multinet/rig/charts-cilium-1.18

go 1.26.0

require github.com/cilium/cilium v1.18.8 // indirect
