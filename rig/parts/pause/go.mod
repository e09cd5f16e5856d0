module multinet/rig/pause

go 1.26.0
