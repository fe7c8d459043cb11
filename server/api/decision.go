package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/gate"
)

// decisionRoutes are the operations of the office on reports, duties and years.
func (s *Server) decisionRoutes(api huma.API) {
	operation(api, gate.To("report", "verify"), http.MethodGet, http.StatusOK, "/queue", "list-queue", "The reports that wait for a decision, with how many there are", s.listQueue)
	operation(api, gate.To("report", "verify"), http.MethodPost, http.StatusOK, "/reports/verify", "verify-reports", "Accept up to 100 reports, each for itself", s.verifyReports)
	operation(api, gate.To("report", "reopen"), http.MethodPost, http.StatusOK, "/reports/{id}/reopen", "reopen-report", "Unlock an accepted report with the reason", s.reopenReport)
	operation(api, gate.To("link", "check"), http.MethodPost, http.StatusOK, "/reports/{id}/link-check", "check-link", "Have the server look at a report's link, and keep what it saw", s.checkLink)
	operation(api, gate.To("extension", "grant"), http.MethodPost, http.StatusNoContent, "/duties/{id}/extension", "grant-extension", "Give a duty a later due date", s.grantExtension)
	operation(api, gate.To("exemption", "grant"), http.MethodPost, http.StatusNoContent, "/duties/{id}/exemption/revoke", "revoke-exemption", "End the exemption of a duty", s.revokeExemption)
	operation(api, gate.To("unit", "read"), http.MethodGet, http.StatusOK, "/units/{unit}/periods", "list-periods", "The closed years that concern a unit or lie below it", s.listPeriods)
	operation(api, gate.To("period", "close"), http.MethodGet, http.StatusOK, "/units/{unit}/periods/{year}", "preview-closing", "What closing a year would leave undone", s.previewClosing)
	operation(api, gate.To("period", "close"), http.MethodPost, http.StatusCreated, "/units/{unit}/periods", "close-period", "End filing for a year in a unit's subtree", s.closePeriod)
	operation(api, gate.To("period", "close"), http.MethodPost, http.StatusNoContent, "/periods/{id}/lift", "lift-closing", "Open a closed year again", s.liftClosing)
	operation(api, gate.To("period", "close"), http.MethodPost, http.StatusCreated, "/periods/{id}/exceptions", "except-unit", "Let a unit act in spite of a closing, until a day", s.exceptUnit)
}

// BulkInput accepts several reports.
type BulkInput struct {
	Body struct {
		Reports []BulkChoice `json:"reports"`
	}
}

// BulkChoice is a report as it was seen.
type BulkChoice struct {
	ID      uint64 `json:"id"`
	Version int    `json:"version" doc:"as last seen"`
}

// BulkOutput tells what came of each report, in the order asked for.
type BulkOutput struct {
	Body struct {
		Results []BulkResult `json:"results"`
	}
}

// BulkResult is what came of one report: its new status and version, or why it
// was refused.
type BulkResult struct {
	ID       uint64 `json:"id"`
	Accepted bool   `json:"accepted"`
	Status   string `json:"status,omitempty"`
	Version  int    `json:"version,omitempty"`
	Code     string `json:"code,omitempty" doc:"of the refusal"`
	Detail   string `json:"detail,omitempty" doc:"why it was refused, in the caller's language"`
}

func (s *Server) verifyReports(ctx context.Context, input *BulkInput) (*BulkOutput, error) {
	choices := make([]compliance.Choice, len(input.Body.Reports))
	for i, r := range input.Body.Reports {
		choices[i] = compliance.Choice{Report: r.ID, Version: r.Version}
	}
	caller := gate.CallerOf(ctx)
	results, err := s.Ledger.VerifyMany(ctx, caller.Actor, choices)
	if err != nil {
		return nil, err
	}
	output := &BulkOutput{}
	output.Body.Results = make([]BulkResult, len(results))
	for i, r := range results {
		result := BulkResult{ID: r.Report, Accepted: r.Refusal == nil}
		if r.Item != nil {
			result.Status, result.Version = string(r.Item.Report.Status), r.Item.Report.Version
		}
		if r.Refusal != nil {
			result.Code, result.Detail = string(r.Refusal.Code), caller.Locale.Text(r.Refusal.Key, r.Refusal.Args)
		}
		output.Body.Results[i] = result
	}
	return output, nil
}

func (s *Server) reopenReport(ctx context.Context, input *ReturnInput) (*ReportOutput, error) {
	version, err := versionOf(input.IfMatch)
	if err != nil {
		return nil, err
	}
	report, err := s.Ledger.Reopen(ctx, gate.CallerOf(ctx).Actor, input.ID, version, input.Body.Reason)
	if err != nil {
		return nil, err
	}
	return outputOf(http.StatusOK, report), nil
}

// LinkCheckInput names the report.
type LinkCheckInput struct {
	ID uint64 `path:"id"`
}

// LinkCheckOutput is what the link showed.
type LinkCheckOutput struct{ Body LinkCheck }

// LinkCheck is the dated record of a look at a link.
type LinkCheck struct {
	URL       string `json:"url"`
	FinalURL  string `json:"final_url" doc:"where redirects led"`
	Status    int    `json:"status" doc:"of the last HTTP answer; 0 when there was none"`
	Title     string `json:"title"`
	Failure   string `json:"failure,omitempty" doc:"why there was no page to see, in the caller's language"`
	CheckedAt string `json:"checked_at"`
	CheckedBy string `json:"checked_by"`
}

func (s *Server) checkLink(ctx context.Context, input *LinkCheckInput) (*LinkCheckOutput, error) {
	caller := gate.CallerOf(ctx)
	check, err := s.Ledger.CheckLink(ctx, caller.Actor, input.ID)
	if err != nil {
		return nil, err
	}
	output := &LinkCheckOutput{LinkCheck{URL: check.URL, FinalURL: check.FinalURL, Status: check.Status, Title: check.Title,
		CheckedAt: instantOf(check.CheckedAt), CheckedBy: check.CheckedName}}
	if check.Why.Key != "" {
		output.Body.Failure = caller.Locale.Text(check.Why.Key, check.Why.Args)
	}
	return output, nil
}

// ExemptionInput frees a unit from a duty.
type ExemptionInput struct {
	ID   uint64 `path:"id"`
	Body struct {
		Reason   string `json:"reason"`
		Document string `json:"document" doc:"Number of the document that grants it"`
	}
}

func (s *Server) grantExemption(ctx context.Context, input *ExemptionInput) (*struct{}, error) {
	return nil, s.Ledger.Exempt(ctx, gate.CallerOf(ctx).Actor, input.ID, input.Body.Reason, input.Body.Document)
}

// ReasonInput gives the reason for what is done to the thing with the id.
type ReasonInput struct {
	ID   uint64 `path:"id"`
	Body struct {
		Reason string `json:"reason"`
	}
}

func (s *Server) revokeExemption(ctx context.Context, input *ReasonInput) (*struct{}, error) {
	return nil, s.Ledger.RevokeExemption(ctx, gate.CallerOf(ctx).Actor, input.ID, input.Body.Reason)
}

// ExtensionInput gives a duty a later due date.
type ExtensionInput struct {
	ID      uint64 `path:"id"`
	IfMatch string `header:"If-Match" doc:"The duty's version, as last seen"`
	Body    struct {
		To       string `json:"to" doc:"The new due date, YYYY-MM-DD"`
		Reason   string `json:"reason"`
		Document string `json:"document" doc:"Number of the document that grants it"`
	}
}

func (s *Server) grantExtension(ctx context.Context, input *ExtensionInput) (*struct{}, error) {
	version, err := versionOf(input.IfMatch)
	if err != nil {
		return nil, err
	}
	r := bodyReader{}
	extension := compliance.ExtensionInput{To: r.date("to", input.Body.To), Reason: input.Body.Reason, Document: input.Body.Document}
	if err := models.InvalidFields(r.fields); err != nil {
		return nil, err
	}
	return nil, s.Ledger.Extend(ctx, gate.CallerOf(ctx).Actor, input.ID, version, extension)
}

// Extension is a later due date, as granted.
type Extension struct {
	From      string `json:"from"`
	To        string `json:"to"`
	Reason    string `json:"reason"`
	Document  string `json:"document"`
	GrantedOn string `json:"granted_on"`
	GrantedBy string `json:"granted_by"`
}

func extensionsOf(detail *compliance.DutyDetail) []Extension {
	list := []Extension{}
	for _, e := range detail.Extensions {
		list = append(list, Extension{From: e.FromDue.String(), To: e.ToDue.String(), Reason: e.Reason, Document: e.Document,
			GrantedOn: e.GrantedOn.String(), GrantedBy: e.GrantedName})
	}
	return list
}

// Exemption is an exemption, as granted and perhaps revoked.
type Exemption struct {
	Reason       string  `json:"reason"`
	Document     string  `json:"document"`
	GrantedOn    string  `json:"granted_on"`
	GrantedBy    string  `json:"granted_by"`
	RevokedOn    *string `json:"revoked_on" doc:"null while it holds"`
	RevokedBy    string  `json:"revoked_by,omitempty"`
	RevokeReason string  `json:"revoke_reason,omitempty"`
}

func exemptionsOf(detail *compliance.DutyDetail) []Exemption {
	list := []Exemption{}
	for _, e := range detail.Exemptions {
		list = append(list, Exemption{Reason: e.Reason, Document: e.Document, GrantedOn: e.GrantedOn.String(), GrantedBy: e.GrantedName,
			RevokedOn: dateOrNull(e.RevokedOn), RevokedBy: e.RevokedName, RevokeReason: e.RevokeReason})
	}
	return list
}
