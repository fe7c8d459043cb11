package api

import (
	"context"
	"strconv"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/gate"
)

// QueueInput asks for a page of the queue.
type QueueInput struct {
	Unit    string `query:"unit" doc:"Code of the unit whose subtree is listed; all that the caller decides on when left out"`
	Policy  string `query:"policy" doc:"Id of a policy"`
	For     string `query:"for" doc:"Whose turn it is: me, below (the unit's office first) or above"`
	PastDue bool   `query:"past_due" doc:"Only reports filed after the due date of their duty"`
	Sort    string `query:"sort" doc:"age, the oldest first (default), or due"`
	Cursor  string `query:"cursor" doc:"next of the page before"`
	Limit   string `query:"limit" doc:"Reports on a page, at most 200" example:"50"`
}

// QueueOutput is a page of the queue.
type QueueOutput struct {
	Body struct {
		Items  []QueueItem `json:"items"`
		Total  int         `json:"total" doc:"of what was asked for"`
		Counts QueueCounts `json:"counts"`
		Next   string      `json:"next,omitempty" doc:"cursor of the next page; absent on the last one"`
	}
}

// QueueItem is a report that waits, with its duty.
type QueueItem struct {
	Report Report `json:"report"`
	Duty   Duty   `json:"duty"`
	For    string `json:"for" doc:"me, below, above, or colleague: the caller filed it or has accepted it already"`
	Accept string `json:"accept,omitempty" doc:"what accepting it makes of it: checked or verified; absent when the caller cannot"`
	Old    bool   `json:"old" doc:"has waited for more than five working days"`
}

// QueueCounts are what waits in the whole queue, whatever the filter.
type QueueCounts struct {
	All     int `json:"all"`
	Mine    int `json:"mine"`
	Below   int `json:"below"`
	Above   int `json:"above"`
	Old     int `json:"old" doc:"for more than five working days"`
	PastDue int `json:"past_due"`
}

func (s *Server) listQueue(ctx context.Context, input *QueueInput) (*QueueOutput, error) {
	caller := gate.CallerOf(ctx)
	var unit models.Unit
	var err error
	if input.Unit != "" {
		if unit, err = s.unit(ctx, input.Unit, "report", "verify"); err != nil {
			return nil, err
		}
	}
	limit := compliance.DefaultLimit
	if input.Limit != "" {
		if limit, err = strconv.Atoi(input.Limit); err != nil || limit == 0 {
			limit = -1 // refused by name below
		}
	}
	page, err := s.Ledger.Queue(ctx, compliance.QueueQuery{Actor: caller.Actor, Unit: unit, Policy: input.Policy, For: compliance.WaitsFor(input.For),
		PastDue: input.PastDue, Sort: compliance.QueueSort(input.Sort), Cursor: input.Cursor, Limit: limit})
	if err != nil {
		return nil, err
	}
	output := &QueueOutput{}
	output.Body.Items, output.Body.Total, output.Body.Next = []QueueItem{}, page.Total, page.Next
	output.Body.Counts = QueueCounts(page.Counts)
	for _, item := range page.Items {
		output.Body.Items = append(output.Body.Items, QueueItem{Report: reportOf(&item.Report.Report), Duty: dutyOf(caller.Locale, item.DutyView),
			For: string(item.Turn.For), Accept: string(item.Turn.Accept), Old: item.Old})
	}
	return output, nil
}
