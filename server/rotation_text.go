package main

import (
	"strconv"
	"strings"

	"sundial/server/rules"
)

// rotationText shows the coverage, that of each unit, and who is left in which.
func (e *environment) rotationText(c rotationCount) string {
	lines := []string{
		e.locale.Text("cli.rotation.heading", map[string]any{"Obligation": c.obligation.ID, "Title": c.obligation.Title,
			"Clause": rules.CitedClause(c.obligation.Clause), "AsOf": c.asOf}),
		e.rotationWindow(c),
		e.rotationCoverage(c),
	}
	if len(c.cover.Left) > 0 {
		lines = append(lines, e.rotationLeft(c))
	}
	text := strings.Join(lines, "\n") + "\n"
	if len(c.units) > 0 {
		text += "\n" + e.rotationUnits(c).String()
	}
	if len(c.untrained) > 0 {
		text += "\n" + e.rotationPeople(c).String()
	}
	return text
}

func (e *environment) rotationWindow(c rotationCount) string {
	args := map[string]any{"From": c.cover.Window.From, "To": c.cover.Window.To}
	days := rules.DueInDays(c.asOf, c.cover.Window)
	if days < 0 {
		return e.locale.Text("cli.rotation.window_over", args)
	}
	args["Count"] = days
	return e.locale.Text("cli.rotation.window", args)
}

func (e *environment) rotationCoverage(c rotationCount) string {
	switch {
	case c.cover.Roster == 0:
		return e.locale.Text("cli.rotation.empty", map[string]any{"Day": c.cover.On})
	case len(c.cover.Left) == 0:
		return e.locale.Text("cli.rotation.complete", map[string]any{"Count": c.cover.Roster, "On": c.cover.CompleteOn})
	default:
		return e.locale.Text("cli.rotation.coverage", map[string]any{"Roster": c.cover.Roster, "Trained": c.cover.Trained, "Percent": c.cover.Percent()})
	}
}

// rotationLeft tells how many are left, how many of them are new, and what it
// takes to finish in time.
func (e *environment) rotationLeft(c rotationCount) string {
	key := "cli.rotation.left"
	switch {
	case c.asOf > c.cover.Window.To:
		key = "cli.rotation.left_over"
	case len(c.cover.FallDueWithin(rules.FallsDueDays, c.asOf)) > 0:
		key = "cli.rotation.left_soon"
	}
	return e.locale.Text(key, map[string]any{"Left": len(c.cover.Left), "Newcomers": len(c.newcomers), "Count": c.seats, "Days": rules.FallsDueDays})
}

func (e *environment) rotationUnits(c rotationCount) textTable {
	table := textTable{e.headings("cli.rotation.column.", "unit", "roster", "trained", "coverage", "left")}
	for _, u := range c.units {
		table = append(table, []string{e.unitOf(u.Unit), strconv.Itoa(u.Roster), strconv.Itoa(u.Trained), u.Percent() + "%", strconv.Itoa(len(u.Left))})
	}
	return table
}

// rotationPeople lists who is left unit by unit, longest untrained first.
func (e *environment) rotationPeople(c rotationCount) textTable {
	table := textTable{e.headings("cli.rotation.column.", "unit", "id", "name", "since", "last_trained", "mark")}
	for _, unit := range c.units {
		for _, u := range c.untrained {
			if u.Unit != unit.Unit {
				continue
			}
			trained, mark := e.locale.Date(u.LastTrained), ""
			if u.LastTrained.IsZero() {
				trained = e.locale.Text("cli.rotation.never", nil)
			}
			if u.Newcomer {
				mark = e.locale.Text("cli.rotation.newcomer", nil)
			}
			table = append(table, []string{e.unitOf(u.Unit), u.ID, u.Name, e.locale.Date(u.Since), trained, mark})
		}
	}
	return table
}

// unitOf names the unit of a posting that may leave it out.
func (e *environment) unitOf(code string) string {
	if code == "" {
		return e.locale.Text("cli.rotation.no_unit", nil)
	}
	return code
}
