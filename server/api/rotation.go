package api

import (
	"context"
	"strconv"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// RotationInput asks how far a rotation has come.
type RotationInput struct {
	Policy     string `path:"policy" doc:"Id of the policy" example:"shandong-2017"`
	Unit       string `query:"unit" required:"true" doc:"Code of the unit whose subtree is counted" example:"370000"`
	AsOf       string `query:"as_of" doc:"YYYY-MM-DD; today when left out. What was known at the end of that day is counted, in the tree of that day"`
	Obligation string `query:"obligation" doc:"Id of one of the policy's rotations; the first when left out" example:"sd2017.rotation"`
	Period     string `query:"period" doc:"Name of a window; when left out the one in which the as-of date lies, else the last before it" example:"2017-2018"`
	Limit      string `query:"limit" doc:"At most so many codes in each list of who is left, 0 or more; all of them when left out" example:"1000"`
}

// RotationOutput is how far a rotation has come.
type RotationOutput struct {
	Body struct {
		Policy string `json:"policy"`
		UnitCoverage
		Units []UnitCoverage `json:"units" doc:"One for each unit below that owes the rotation; the first may be the unit's own people, under its own code"`
	}
}

// UnitCoverage is the coverage of a unit's subtree, as rotation --json has it.
type UnitCoverage struct {
	Unit          string   `json:"unit"`
	Name          string   `json:"name"`
	Obligation    string   `json:"obligation"`
	Clause        string   `json:"clause"`
	Window        Window   `json:"window"`
	AsOf          string   `json:"as_of"`
	DueInDays     int      `json:"due_in_days" doc:"Days until the window's end, below zero once it has passed"`
	Roster        int      `json:"roster" doc:"People on the roster; those of exempt units are not counted"`
	Trained       int      `json:"trained" doc:"Those of them with a valid attendance inside the window"`
	Coverage      string   `json:"coverage" doc:"trained / roster with four decimals, cut off: 1.0000 only when everybody is trained" example:"0.8125"`
	Left          []string `json:"left" doc:"Codes of those who are left, by due date, then longest untrained first: all of them, or the first ones up to limit"`
	LeftCount     int      `json:"left_count" doc:"How many are left, listed or not"`
	SeatsPerMonth int      `json:"seats_per_month" doc:"Seats a month that train those left by the window's end, rounded up"`
	UnitsOwing    int      `json:"units_owing" doc:"Units that owe the rotation, exempt ones left out"`
	UnitsComplete int      `json:"units_complete" doc:"Those of them whose people are all trained"`
	UnitsExempt   int      `json:"units_exempt"`
}

// Window is the time in which the rotation is to be completed.
type Window struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// allLeft asks for all codes of those who are left.
const allLeft = -1

func (s *Server) showRotation(ctx context.Context, input *RotationInput) (*RotationOutput, error) {
	unit, err := s.unit(ctx, input.Unit, "rotation", "read")
	if err != nil {
		return nil, err
	}
	_, asOf, err := s.when("", input.AsOf)
	if err != nil {
		return nil, err
	}
	limit := allLeft
	if input.Limit != "" {
		if limit, err = strconv.Atoi(input.Limit); err != nil || limit < 0 {
			return nil, models.InvalidFields([]models.Field{{Name: "limit", Key: "coverage.bad_limit"}})
		}
	}
	table, err := s.Desk.Coverage(ctx, compliance.RotationQuery{Unit: unit, Policy: input.Policy, Obligation: input.Obligation, Period: input.Period, AsOf: asOf})
	if err != nil {
		return nil, err
	}
	codes, err := s.Desk.LeftCodes(ctx, table, limit)
	if err != nil {
		return nil, err
	}
	output := &RotationOutput{}
	output.Body.Policy = table.Obligation.Policy
	output.Body.UnitCoverage = coverageOf(table, table.Unit, table.Total, codes.All)
	output.Body.Units = []UnitCoverage{}
	for i, row := range table.Rows {
		output.Body.Units = append(output.Body.Units, coverageOf(table, row.Unit, row.RotationCount, codes.ByRow[i]))
	}
	return output, nil
}

func coverageOf(t *compliance.RotationTable, unit models.Unit, count compliance.RotationCount, left []string) UnitCoverage {
	return UnitCoverage{Unit: unit.Code, Name: unit.Name, Obligation: t.Obligation.Code, Clause: t.Obligation.Clause,
		Window: Window{t.Period.From.String(), t.Period.To.String()}, AsOf: t.AsOf.String(), DueInDays: rules.DueInDays(t.AsOf, t.Period.Span),
		Roster: count.Roster, Trained: count.Trained, Coverage: count.Ratio(), Left: append([]string{}, left...), LeftCount: count.Left(),
		SeatsPerMonth: t.SeatsPerMonth(count), UnitsOwing: count.Units, UnitsComplete: count.Complete, UnitsExempt: count.Exempt}
}
