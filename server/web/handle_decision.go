package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"sundial/models"
	"sundial/server/compliance"
)

// addOffice adds what the office granted and the forms that the caller may use.
func (s *Server) addOffice(r *request, page *DutyPage, tried attempt) {
	detail := page.Detail
	page.Office = OfficePanel{Extensions: detail.Extensions, Exemptions: detail.Exemptions}
	for i, report := range page.Reports {
		office := s.reportOffice(r, detail.DutyView, report.ReportView)
		if page.View.Past() {
			office.Reopen, office.CheckURL = nil, ""
		}
		page.Reports[i].Office = office
		if office.Reopen != nil && tried.office == "reopen" && tried.report == report.ID {
			office.Reopen.refuse(r.Locale, r.Request.PostForm, tried.offended)
		}
	}
	if page.View.Past() {
		return
	}
	page.Office.Forms = officeForms(detail, r.may("extension", "grant", detail.Unit), r.may("exemption", "grant", detail.Unit))
	for _, form := range page.Office.Forms {
		if form.Name == tried.office {
			form.refuse(r.Locale, r.Request.PostForm, tried.offended)
		}
	}
}

// reportOffice is what the caller can do with a report besides deciding on it.
func (s *Server) reportOffice(r *request, view compliance.DutyView, report compliance.ReportView) ReportOffice {
	office := ReportOffice{Links: report.Links}
	path := fmt.Sprintf("/reports/%d", report.ID)
	if compliance.MayReopen(r.Actor, view, report, s.Ledger.Today()) {
		office.Reopen = newOfficeForm("reopen", fmt.Sprint(report.ID), path+"/reopen", reasonField)
		office.Reopen.Version = report.Version
	}
	if compliance.MayCheckLinks(r.Actor, view.Unit) && s.Ledger.LooksAt(report.Content.URL) {
		office.CheckURL = path + "/link-check"
	}
	return office
}

// version reads the version that a form was made of; what is none is refused as
// stale later on.
func (r *request) version() int { return r.versionIn("version") }

// versionIn reads the version in a field of the form.
func (r *request) versionIn(field string) int {
	version, err := strconv.Atoi(r.PostForm(field))
	if err != nil {
		return -1
	}
	return version
}

func (s *Server) reopenReport(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	item, err := s.Ledger.QueueItem(r.Request.Context(), r.Actor, r.Actor.Access.Scope("report", "reopen"), id)
	if err != nil {
		return err
	}
	_, err = s.Ledger.Reopen(r.Request.Context(), r.Actor, id, r.version(), r.PostForm("reason"))
	return s.granted(r, item.Duty.ID, attempt{office: "reopen", report: id}, "flash.reopened", err)
}

func (s *Server) extendDuty(r *request) error {
	return s.grant(r, "extend", "flash.extended", func(id uint64) error {
		reader := formReader{values: r.Request.PostForm}
		input := compliance.ExtensionInput{To: reader.date("to"), Reason: reader.text("reason"), Document: reader.text("document")}
		if err := models.InvalidFields(reader.problems); err != nil {
			return err
		}
		return s.Ledger.Extend(r.Request.Context(), r.Actor, id, r.version(), input)
	})
}

func (s *Server) exemptDuty(r *request) error {
	return s.grant(r, "exempt", "flash.exempted", func(id uint64) error {
		return s.Ledger.Exempt(r.Request.Context(), r.Actor, id, r.PostForm("reason"), r.PostForm("document"))
	})
}

func (s *Server) revokeExemption(r *request) error {
	return s.grant(r, "revoke", "flash.exemption_revoked", func(id uint64) error {
		return s.Ledger.RevokeExemption(r.Request.Context(), r.Actor, id, r.PostForm("reason"))
	})
}

// grant runs what a form of the office asks for on a duty.
func (s *Server) grant(r *request, form, flash string, do func(id uint64) error) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	return s.granted(r, id, attempt{office: form}, flash, do(id))
}

// granted goes back to the duty's page: with a word on what was done, or with the
// form that was refused.
func (s *Server) granted(r *request, duty uint64, tried attempt, flash string, err error) error {
	if err == nil {
		return s.done(r, fmt.Sprintf("/duties/%d", duty), flash, nil)
	}
	if errors.As(err, &tried.offended) && tried.offended.Code == models.Invalid {
		return s.dutyPage(r, duty, http.StatusUnprocessableEntity, tried)
	}
	return err
}

// checkLink has a report's link looked at, and goes back to where it was asked.
func (s *Server) checkLink(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	if _, err := s.Ledger.CheckLink(r.Request.Context(), r.Actor, id); err != nil {
		return err
	}
	item, err := s.Ledger.QueueItem(r.Request.Context(), r.Actor, r.Actor.Access.Scope("report", "read"), id)
	if err != nil {
		return err
	}
	back := cameFrom(r.Request)
	if back == "/" {
		back = fmt.Sprintf("/duties/%d", item.Duty.ID)
	}
	return s.done(r, back, "flash.link_checked", nil)
}
