package main

import (
	"errors"

	"sundial/server/rules"
)

// policyCommand groups what is done with policy packs.
type policyCommand struct {
	Check policyCheckCommand `cmd:"" help:"Validate policy packs; every fault as file:line: message."`
}

// policyCheckCommand validates packs.
type policyCheckCommand struct {
	Files []string `arg:"" name:"file" help:"Policy packs."`
}

// Run checks every file, whatever the others hold: a line on standard output
// for a sound one, and all faults of all others.
func (c *policyCheckCommand) Run(e *environment) error {
	var faults []error
	for _, file := range c.Files {
		policy, err := e.readPolicy(file)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		line := e.locale.Text("cli.policy.sound", map[string]any{"ID": policy.ID, "Count": len(policy.Obligations)})
		if err := e.print(line + "\n"); err != nil {
			return err
		}
	}
	return errors.Join(faults...)
}

func (e *environment) readPolicy(file string) (*rules.Policy, error) {
	data, err := e.readText(file)
	if err != nil {
		return nil, err
	}
	policy, err := rules.ParsePolicy(data)
	if err != nil {
		return nil, inFile(file, err)
	}
	return policy, nil
}
