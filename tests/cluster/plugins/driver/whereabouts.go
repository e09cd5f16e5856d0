package main

import (
	"encoding/json"
	"net"
	"os"

	"github.com/k8snetworkplumbingwg/whereabouts/pkg/allocate"
	"github.com/k8snetworkplumbingwg/whereabouts/pkg/config"
	"github.com/k8snetworkplumbingwg/whereabouts/pkg/logging"
)

// whereaboutsVerdict is what whereabouts says to a configuration without its API server: it
// loads it, and looks for one free address in each range.
func whereaboutsVerdict(text string) error {
	logging.SetLogStderr(false)
	file, err := os.CreateTemp("", "whereabouts-*.conf")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	flat, _ := json.Marshal(map[string]interface{}{
		"kubernetes": map[string]string{"kubeconfig": "/nonexistent"},
	})
	if _, err := file.Write(flat); err != nil {
		return err
	}
	file.Close()
	conf, _, err := config.LoadIPAMConfig([]byte(text), "", file.Name())
	if err != nil {
		return err
	}
	for _, r := range conf.IPRanges {
		_, ipnet, err := net.ParseCIDR(r.Range)
		if err != nil {
			return err
		}
		_, _, err = allocate.IterateForAssignment(*ipnet, r.RangeStart, r.RangeEnd, nil, r.OmitRanges, "c", "ns/p", "net1")
		if err != nil {
			return err
		}
	}
	return nil
}
