package main

import (
	"strings"

	"sundial/server/calendar"
	"sundial/server/rules"
)

// rotationCommand computes the coverage of a rotation, without a database.
type rotationCommand struct {
	Policy     string  `required:"" help:"The policy pack: a file, or the id of one that ships with the program." placeholder:"FILE"`
	Roster     string  `required:"" help:"The roster: staff with their units and attendances, as in a facts file; - reads standard input." placeholder:"FILE"`
	AsOf       *string `help:"Count by what was known at the end of this day; today when left out." placeholder:"DATE"`
	Obligation string  `help:"The id of the rotation, for a policy that demands several." placeholder:"ID"`
	JSON       bool    `name:"json" help:"Print JSON."`
}

// Run prints the coverage of the window in which the as-of date lies, and who
// is left.
func (c *rotationCommand) Run(e *environment) error {
	asOf, err := e.asOf(c.AsOf)
	if err != nil {
		return err
	}
	policy, err := e.findPolicy(c.Policy)
	if err != nil {
		return err
	}
	obligation, err := c.obligation(policy)
	if err != nil {
		return err
	}
	window, begun := policy.RotationWindow(obligation, asOf)
	if !begun {
		return refusal("cli.rotation.not_begun", "Obligation", obligation.ID, "From", window.From, "AsOf", asOf)
	}
	roster, err := e.readRoster(c.Roster)
	if err != nil {
		return err
	}
	e.noteOutsiders(policy, roster)
	count := countRotation(policy, obligation, window, roster, asOf)
	if c.JSON {
		return e.printJSON(count.record())
	}
	return e.print(e.rotationText(count))
}

// obligation returns the rotation that the policy demands, or the one asked
// for.
func (c *rotationCommand) obligation(policy *rules.Policy) (*rules.Obligation, error) {
	rotations := policy.Rotations()
	ids := make([]string, len(rotations))
	for i, o := range rotations {
		if ids[i] = o.ID; o.ID == c.Obligation {
			return o, nil
		}
	}
	switch {
	case len(rotations) == 0:
		return nil, refusal("cli.rotation.none", "Policy", policy.ID)
	case c.Obligation != "":
		return nil, refusal("cli.rotation.unknown", "Policy", policy.ID, "Obligation", c.Obligation, "Known", ids)
	case len(rotations) > 1:
		return nil, misuse("cli.rotation.several", "Policy", policy.ID, "Known", ids)
	default:
		return rotations[0], nil
	}
}

func (e *environment) readRoster(file string) (*rules.Roster, error) {
	data, err := e.readText(file)
	if err != nil {
		return nil, err
	}
	roster, err := rules.ParseRoster(data)
	if err != nil {
		return nil, inFile(file, err)
	}
	return roster, nil
}

// noteOutsiders says that people are counted whose unit the policy cannot bind.
func (e *environment) noteOutsiders(policy *rules.Policy, roster *rules.Roster) {
	prefix := rules.RegionPrefix(policy.Region)
	for _, m := range roster.Staff {
		if m.Unit != "" && !strings.HasPrefix(m.Unit, prefix) {
			e.note("cli.rotation.outside", "Policy", policy.ID, "Region", policy.Region, "Unit", m.Unit)
			return
		}
	}
}

// rotationCount is what the command found.
type rotationCount struct {
	policy     *rules.Policy
	obligation *rules.Obligation
	asOf       calendar.Date
	cover      rules.Coverage
	units      []rules.UnitCoverage
	untrained  []rules.Untrained
	newcomers  []rules.Untrained
	seats      int
}

func countRotation(policy *rules.Policy, o *rules.Obligation, window rules.Span, roster *rules.Roster, asOf calendar.Date) rotationCount {
	attendances := roster.Verified()
	cover := rules.Cover(roster.Staff, attendances, window, asOf)
	untrained := cover.Untrained(roster.Staff, attendances, asOf)
	return rotationCount{policy: policy, obligation: o, asOf: asOf, cover: cover,
		units:     rules.CoverUnits(roster.Staff, attendances, window, asOf),
		untrained: untrained, newcomers: rules.Newcomers(untrained),
		seats: rules.SeatsPerMonth(len(cover.Left), asOf, window)}
}

// rotationRecord is what rotation --json prints.
type rotationRecord struct {
	Obligation    string               `json:"obligation"`
	Clause        string               `json:"clause"`
	Window        rules.Span           `json:"window"`
	AsOf          calendar.Date        `json:"as_of"`
	DueInDays     int                  `json:"due_in_days"`
	Roster        int                  `json:"roster"`
	Trained       int                  `json:"trained"`
	Coverage      string               `json:"coverage"`
	Left          []string             `json:"left"`
	Newcomers     []string             `json:"newcomers"`
	SeatsPerMonth int                  `json:"seats_per_month"`
	Units         []rotationUnitRecord `json:"units"`
}

// rotationUnitRecord is one unit's share of it.
type rotationUnitRecord struct {
	Unit     string   `json:"unit"`
	Roster   int      `json:"roster"`
	Trained  int      `json:"trained"`
	Coverage string   `json:"coverage"`
	Left     []string `json:"left"`
}

func (c *rotationCount) record() rotationRecord {
	record := rotationRecord{Obligation: c.obligation.ID, Clause: c.obligation.Clause, Window: c.cover.Window, AsOf: c.asOf,
		DueInDays: rules.DueInDays(c.asOf, c.cover.Window), Roster: c.cover.Roster, Trained: c.cover.Trained, Coverage: c.cover.Ratio(),
		Left: idsOf(c.cover.Left), Newcomers: make([]string, len(c.newcomers)), SeatsPerMonth: c.seats, Units: make([]rotationUnitRecord, len(c.units))}
	for i, u := range c.newcomers {
		record.Newcomers[i] = u.ID
	}
	for i, u := range c.units {
		record.Units[i] = rotationUnitRecord{Unit: u.Unit, Roster: u.Roster, Trained: u.Trained, Coverage: u.Ratio(), Left: idsOf(u.Left)}
	}
	return record
}

func idsOf(staff []rules.StaffMember) []string {
	ids := make([]string, len(staff))
	for i, m := range staff {
		ids[i] = m.ID
	}
	return ids
}
