package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/gate"
	"sundial/server/rules"
)

// FileInput files a report. Which fields are needed depends on the obligation.
type FileInput struct {
	ID  uint64 `path:"id"`
	Key string `header:"Idempotency-Key" maxLength:"100" doc:"A word of the client's; the same one files the same report once"`

	Body struct {
		FilingBody
		Evidence []uint64 `json:"evidence,omitempty" doc:"Ids of files of the own draft, or of an earlier report of the same duty"`
		Also     []uint64 `json:"also,omitempty" doc:"Ids of further duties that the same fact serves: filed for all or for none"`
	}
}

// FilingBody is the content of a report.
type FilingBody struct {
	On               string `json:"on,omitempty" doc:"Day of the fact, YYYY-MM-DD"`
	At               string `json:"at,omitempty" doc:"Instant of the fact, RFC 3339 with its zone"`
	Title            string `json:"title,omitempty" doc:"Topic, or what was published"`
	URL              string `json:"url,omitempty" doc:"Public page that proves it"`
	PresidedBy       string `json:"presided_by,omitempty" doc:"principal, or the name of who presided instead"`
	Name             string `json:"name,omitempty" doc:"The deputy in charge"`
	Post             string `json:"post,omitempty"`
	From             string `json:"from,omitempty" doc:"In charge since, YYYY-MM-DD"`
	InDivisionOfWork bool   `json:"in_division_of_work,omitempty"`
	AnnouncedOn      string `json:"announced_on,omitempty" doc:"Announced to the public on, YYYY-MM-DD"`
	Total            string `json:"total,omitempty" doc:"Total points of the performance scheme, a decimal"`
	Items            []struct {
		Name     string `json:"name"`
		Points   string `json:"points" doc:"a decimal"`
		Openness string `json:"openness,omitempty" doc:"core, related or left out"`
		Reason   string `json:"reason,omitempty" doc:"Why it is marked so; required with a mark"`
	} `json:"items,omitempty"`
	Note       string `json:"note,omitempty" doc:"A remark; with nothing, why there is nothing to report"`
	LateReason string `json:"late_reason,omitempty" doc:"Why it is reported late; required after the due date"`
	Nothing    bool   `json:"nothing,omitempty" doc:"There is nothing to report; then only note is wanted"`
}

// filing reads the content of a report.
func (r *bodyReader) filing(b FilingBody) rules.Filing {
	filing := rules.Filing{On: r.date("on", b.On), At: r.instant("at", b.At), Title: b.Title, URL: b.URL, PresidedBy: b.PresidedBy,
		Name: b.Name, Post: b.Post, From: r.date("from", b.From), InDivisionOfWork: b.InDivisionOfWork,
		AnnouncedOn: r.date("announced_on", b.AnnouncedOn), Total: b.Total, Note: b.Note, LateReason: b.LateReason, Nothing: b.Nothing}
	for _, item := range b.Items {
		filing.Items = append(filing.Items, rules.Item{Name: item.Name, Points: item.Points, Openness: rules.Openness(item.Openness), Reason: item.Reason})
	}
	return filing
}

// FiledOutput is a report as it was filed; ETag has its version.
type FiledOutput struct {
	Status int
	ETag   string `header:"ETag"`
	Body   struct {
		Report
		Warnings []gate.ProblemField `json:"warnings" doc:"What was taken and is yet worth a second look"`
	}
}

// ReportOutput is a report after the write; ETag has its version.
type ReportOutput struct {
	Status int
	ETag   string `header:"ETag"`
	Body   Report
}

func outputOf(status int, report *models.Report) *ReportOutput {
	return &ReportOutput{Status: status, ETag: strconv.Quote(strconv.Itoa(report.Version)), Body: reportOf(report)}
}

func (s *Server) fileReport(ctx context.Context, input *FileInput) (*FiledOutput, error) {
	r := bodyReader{}
	if !utf8.ValidString(input.Key) {
		r.fields = append(r.fields, models.Field{Name: "Idempotency-Key", Key: "api.misfit"})
	}
	submission := compliance.Submission{Filing: r.filing(input.Body.FilingBody), Evidence: input.Body.Evidence, Also: input.Body.Also, Key: input.Key}
	if err := models.InvalidFields(r.fields); err != nil {
		return nil, err
	}
	caller := gate.CallerOf(ctx)
	receipt, err := s.Ledger.File(ctx, caller.Actor, input.ID, submission)
	if err != nil {
		return nil, err
	}
	filed := outputOf(http.StatusCreated, receipt.Report)
	output := &FiledOutput{Status: filed.Status, ETag: filed.ETag}
	output.Body.Report, output.Body.Warnings = filed.Body, gate.FieldsOf(caller.Locale, receipt.Warnings)
	return output, nil
}

// WithdrawInput takes a report back.
type WithdrawInput struct {
	ID      uint64 `path:"id"`
	IfMatch string `header:"If-Match" doc:"The report's version, as last seen"`
}

func (s *Server) withdrawReport(ctx context.Context, input *WithdrawInput) (*ReportOutput, error) {
	version, err := versionOf(input.IfMatch)
	if err != nil {
		return nil, err
	}
	report, err := s.Ledger.Withdraw(ctx, gate.CallerOf(ctx).Actor, input.ID, version)
	if err != nil {
		return nil, err
	}
	return outputOf(http.StatusOK, report), nil
}

// VerifyInput accepts a report.
type VerifyInput struct {
	ID      uint64 `path:"id"`
	IfMatch string `header:"If-Match" doc:"The report's version, as last seen"`
}

func (s *Server) verifyReport(ctx context.Context, input *VerifyInput) (*ReportOutput, error) {
	version, err := versionOf(input.IfMatch)
	if err != nil {
		return nil, err
	}
	report, err := s.Ledger.Verify(ctx, gate.CallerOf(ctx).Actor, input.ID, version)
	if err != nil {
		return nil, err
	}
	return outputOf(http.StatusOK, report), nil
}

// ReturnInput sends a report back.
type ReturnInput struct {
	ID      uint64 `path:"id"`
	IfMatch string `header:"If-Match" doc:"The report's version, as last seen"`
	Body    struct {
		Reason string `json:"reason"`
	}
}

func (s *Server) returnReport(ctx context.Context, input *ReturnInput) (*ReportOutput, error) {
	version, err := versionOf(input.IfMatch)
	if err != nil {
		return nil, err
	}
	report, err := s.Ledger.Return(ctx, gate.CallerOf(ctx).Actor, input.ID, version, input.Body.Reason)
	if err != nil {
		return nil, err
	}
	return outputOf(http.StatusOK, report), nil
}

// versionOf reads an If-Match header: 3, "3" or W/"3".
func versionOf(header string) (int, error) {
	version, err := strconv.Atoi(strings.Trim(strings.TrimPrefix(strings.TrimSpace(header), "W/"), `"`))
	if err != nil || version < 0 {
		return 0, models.InvalidFields([]models.Field{{Name: "If-Match", Key: "error.if_match"}})
	}
	return version, nil
}
