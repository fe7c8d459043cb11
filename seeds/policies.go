package seeds

import (
	"embed"
	"fmt"
	"slices"

	"sundial/server/rules"
)

//go:embed policies/*.yaml
var policyFiles embed.FS

// policyIDs names the packs that ship with the program, in the order in which
// they are loaded and shown; each lies in policies/<id>.yaml.
var policyIDs = []string{"liaoning-2016", "zengdu-2020", "lanzhou-2016", "jiangsu-2018", "shandong-2017"}

// PolicySource is a policy pack as it lies in its file.
type PolicySource struct {
	ID     string
	Source []byte
}

// PolicySources returns the packs that ship with the program, unparsed, in a
// fixed order.
func PolicySources() ([]PolicySource, error) {
	sources := make([]PolicySource, len(policyIDs))
	for i, id := range policyIDs {
		data, err := policyFiles.ReadFile(policyFile(id))
		if err != nil {
			return nil, fmt.Errorf("read policy seed: %w", err)
		}
		sources[i] = PolicySource{ID: id, Source: data}
	}
	return sources, nil
}

// Policy returns one of the packs that ship with the program. An error names
// the file and line at fault.
func Policy(id string) (*rules.Policy, error) {
	if !slices.Contains(policyIDs, id) {
		return nil, fmt.Errorf("policy seed %q: there is none", id)
	}
	data, err := policyFiles.ReadFile(policyFile(id))
	if err != nil {
		return nil, fmt.Errorf("read policy seed: %w", err)
	}
	return parsePolicy(id, data)
}

// parsePolicy reads a pack whose own id is the name of its file.
func parsePolicy(id string, data []byte) (*rules.Policy, error) {
	policy, err := rules.ParsePolicy(data)
	if err != nil {
		return nil, atLines(policyFile(id), err)
	}
	if policy.ID != id {
		return nil, fmt.Errorf("%s: has the id %s", policyFile(id), policy.ID)
	}
	return policy, nil
}

func policyFile(id string) string { return "policies/" + id + ".yaml" }
