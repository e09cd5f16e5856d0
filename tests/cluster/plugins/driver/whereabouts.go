package main

import (
	"encoding/json"
	"errors"
	"net"
	"os"

	"github.com/k8snetworkplumbingwg/whereabouts/pkg/allocate"
	"github.com/k8snetworkplumbingwg/whereabouts/pkg/config"
	"github.com/k8snetworkplumbingwg/whereabouts/pkg/iphelpers"
	"github.com/k8snetworkplumbingwg/whereabouts/pkg/logging"
	"k8s.io/apimachinery/pkg/util/validation"
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
	if conf.NetworkName != "" {
		// It begins the names of its pools, which are objects in the API server.
		if told := validation.IsDNS1123Subdomain(conf.NetworkName + "-10.0.0.0-24"); len(told) > 0 {
			return errors.New(told[0])
		}
	}
	if conf.NodeSliceSize != "" && len(conf.IPRanges) > 0 {
		return slicesVerdict(conf.IPRanges[0].Range, conf.NodeSliceSize)
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

// slicesVerdict is what its node-slice controller makes of a range, and the plugin of a slice.
func slicesVerdict(text, size string) error {
	slices, err := iphelpers.DivideRangeBySize(text, size)
	if err != nil {
		return err
	}
	if len(slices) == 0 {
		return errors.New("no slices")
	}
	_, first, err := net.ParseCIDR(slices[0])
	if err != nil {
		return err
	}
	_, err = iphelpers.FirstUsableIP(*first)
	return err
}
