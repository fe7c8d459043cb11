package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"sundial/models"
	"sundial/server/gate"
)

// DraftInput saves what was typed for a duty.
type DraftInput struct {
	ID      uint64 `path:"id"`
	IfMatch string `header:"If-Match" doc:"The draft's version, as last seen; leave it out for a new draft"`
	Body    FilingBody
}

// DraftOutput is the caller's draft; ETag has its version.
type DraftOutput struct {
	Status int
	ETag   string `header:"ETag"`
	Body   Draft
}

// Draft is what a user has typed for a duty and not yet filed.
type Draft struct {
	Duty     uint64          `json:"duty"`
	Version  int             `json:"version" doc:"send it as If-Match with the next save; 0 while nothing was saved"`
	SavedAt  *time.Time      `json:"saved_at"`
	Filing   json.RawMessage `json:"filing" doc:"what was typed"`
	Evidence []Evidence      `json:"evidence" doc:"the files attached so far"`
}

func draftOutput(status int, draft models.Draft) *DraftOutput {
	body := Draft{Duty: draft.DutyID, Version: draft.Version, Filing: json.RawMessage("{}"), Evidence: []Evidence{}}
	if draft.Version > 0 {
		body.SavedAt, body.Filing = &draft.SavedAt, json.RawMessage(draft.Filing)
	}
	return &DraftOutput{Status: status, ETag: strconv.Quote(strconv.Itoa(draft.Version)), Body: body}
}

func (s *Server) saveDraft(ctx context.Context, input *DraftInput) (*DraftOutput, error) {
	version := 0
	if input.IfMatch != "" {
		var err error
		if version, err = versionOf(input.IfMatch); err != nil {
			return nil, err
		}
	}
	r := bodyReader{}
	filing := r.filing(input.Body)
	if err := models.InvalidFields(r.fields); err != nil {
		return nil, err
	}
	if _, err := s.Ledger.SaveDraft(ctx, gate.CallerOf(ctx).Actor, input.ID, filing, version); err != nil {
		return nil, err
	}
	return s.showDraft(ctx, &DutyID{ID: input.ID})
}

// DutyID names a duty.
type DutyID struct {
	ID uint64 `path:"id"`
}

func (s *Server) showDraft(ctx context.Context, input *DutyID) (*DraftOutput, error) {
	draft, err := s.Ledger.Draft(ctx, gate.CallerOf(ctx).Actor, input.ID)
	if err != nil {
		return nil, err
	}
	output := draftOutput(http.StatusOK, draft.Draft)
	output.Body.Evidence = evidenceList(draft.Files)
	return output, nil
}

func (s *Server) discardDraft(ctx context.Context, input *DutyID) (*struct{}, error) {
	return nil, s.Ledger.DiscardDraft(ctx, gate.CallerOf(ctx).Actor, input.ID)
}
