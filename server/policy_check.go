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
		if err := e.print(e.soundLine(policy) + "\n"); err != nil {
			return err
		}
	}
	return errors.Join(faults...)
}

// soundLine says what a pack without a fault holds.
func (e *environment) soundLine(policy *rules.Policy) string {
	key := "cli.policy.sound"
	if len(policy.Tasks) > 0 {
		key = "cli.policy.sound_tasks"
	}
	return e.locale.Text(key, map[string]any{"ID": policy.ID, "Count": len(policy.Obligations), "Tasks": len(policy.Tasks)})
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
