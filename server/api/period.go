package api

import (
	"context"
	"time"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/gate"
	"sundial/server/rules"
)

// PeriodsInput names a unit.
type PeriodsInput struct {
	Unit string `path:"unit" doc:"Code of the unit"`
}

// PeriodsOutput lists closings, the latest year first.
type PeriodsOutput struct {
	Body struct {
		Items []Period `json:"items"`
	}
}

// Period is a closed year of a unit's subtree.
type Period struct {
	ID         uint64      `json:"id"`
	Unit       string      `json:"unit"`
	Year       int         `json:"year"`
	Reason     string      `json:"reason"`
	ClosedAt   string      `json:"closed_at"`
	ClosedBy   string      `json:"closed_by"`
	LiftedAt   *string     `json:"lifted_at" doc:"null while the year is closed"`
	LiftedBy   string      `json:"lifted_by,omitempty"`
	Exceptions []Exception `json:"exceptions"`
}

// Exception lets the subtree of a unit act in spite of a closing.
type Exception struct {
	Unit   string `json:"unit"`
	Until  string `json:"until" doc:"the last day, YYYY-MM-DD"`
	Reason string `json:"reason"`
	By     string `json:"by"`
}

func (s *Server) listPeriods(ctx context.Context, input *PeriodsInput) (*PeriodsOutput, error) {
	unit, err := s.unit(ctx, input.Unit, "unit", "read")
	if err != nil {
		return nil, err
	}
	closings, err := s.Ledger.Closings(ctx, unit)
	if err != nil {
		return nil, err
	}
	output := &PeriodsOutput{}
	output.Body.Items = []Period{}
	for _, c := range closings {
		output.Body.Items = append(output.Body.Items, periodOf(c))
	}
	return output, nil
}

func periodOf(c compliance.ClosingView) Period {
	p := Period{ID: c.ID, Unit: c.Unit.Code, Year: c.Year, Reason: c.Reason, ClosedAt: instantOf(c.ClosedAt), ClosedBy: c.ClosedName,
		LiftedBy: c.LiftedName, Exceptions: []Exception{}}
	if c.LiftedAt != nil {
		at := instantOf(*c.LiftedAt)
		p.LiftedAt = &at
	}
	for _, e := range c.Exceptions {
		p.Exceptions = append(p.Exceptions, Exception{Unit: e.Unit.Code, Until: e.Until.String(), Reason: e.Reason, By: e.GrantedName})
	}
	return p
}

// instantOf writes an instant in the zone of China.
func instantOf(at time.Time) string { return at.In(rules.Shanghai).Format(time.RFC3339) }

// PreviewInput names a unit and a year.
type PreviewInput struct {
	Unit string `path:"unit" doc:"Code of the unit"`
	Year int    `path:"year"`
}

// PreviewOutput counts what a closing would leave undone.
type PreviewOutput struct {
	Body struct {
		Open    int `json:"open" doc:"duties that nobody could file for any more"`
		Waiting int `json:"waiting" doc:"reports that still need a decision"`
	}
}

func (s *Server) previewClosing(ctx context.Context, input *PreviewInput) (*PreviewOutput, error) {
	unit, err := s.unit(ctx, input.Unit, "period", "close")
	if err != nil {
		return nil, err
	}
	preview, err := s.Ledger.PreviewClosing(ctx, unit, input.Year)
	output := &PreviewOutput{}
	output.Body.Open, output.Body.Waiting = preview.Open, preview.Waiting
	return output, err
}

// CloseInput closes a year.
type CloseInput struct {
	Unit string `path:"unit" doc:"Code of the unit"`
	Body struct {
		Year   int    `json:"year"`
		Reason string `json:"reason"`
	}
}

// CreatedOutput has the id of what was made.
type CreatedOutput struct {
	Body struct {
		ID uint64 `json:"id"`
	}
}

func (s *Server) closePeriod(ctx context.Context, input *CloseInput) (*CreatedOutput, error) {
	unit, err := s.unit(ctx, input.Unit, "period", "close")
	if err != nil {
		return nil, err
	}
	closing, err := s.Ledger.Close(ctx, gate.CallerOf(ctx).Actor, unit.ID, input.Body.Year, input.Body.Reason)
	if err != nil {
		return nil, err
	}
	output := &CreatedOutput{}
	output.Body.ID = closing.ID
	return output, nil
}

func (s *Server) liftClosing(ctx context.Context, input *ReasonInput) (*struct{}, error) {
	return nil, s.Ledger.Lift(ctx, gate.CallerOf(ctx).Actor, input.ID, input.Body.Reason)
}

// ExceptInput makes an exception to a closing.
type ExceptInput struct {
	ID   uint64 `path:"id" doc:"of the closing"`
	Body struct {
		Unit   string `json:"unit" doc:"Code of a unit of the closing's subtree"`
		Until  string `json:"until" doc:"the last day, YYYY-MM-DD"`
		Reason string `json:"reason"`
	}
}

func (s *Server) exceptUnit(ctx context.Context, input *ExceptInput) (*CreatedOutput, error) {
	r := bodyReader{}
	exception := compliance.ExceptionInput{Unit: input.Body.Unit, Until: r.date("until", input.Body.Until), Reason: input.Body.Reason}
	if err := models.InvalidFields(r.fields); err != nil {
		return nil, err
	}
	made, err := s.Ledger.Except(ctx, gate.CallerOf(ctx).Actor, input.ID, exception)
	if err != nil {
		return nil, err
	}
	output := &CreatedOutput{}
	output.Body.ID = made.ID
	return output, nil
}
