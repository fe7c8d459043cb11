package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/gate"
	"sundial/server/rules"
)

// attachEvidence takes the files of a form. A script sends one at a time and gets
// the lines of the list, or words on what is wrong.
func (s *Server) attachEvidence(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	var items []FileItem
	if err = s.Ledger.TakesEvidence(r.Request.Context(), r.Actor, id); err == nil {
		err = gate.Upload(r.Writer, r.Request, s.Ledger.MaxFile(), func(name string, content io.Reader) error {
			file, err := s.Ledger.Attach(r.Request.Context(), r.Actor, id, name, content)
			if err == nil {
				items = append(items, newDraftFile(*file))
			}
			return err
		})
	}
	var refused *models.Error
	switch {
	case err == nil && r.isFragment():
		return s.sendBlock(r, http.StatusCreated, "duty", "draft_files", items)
	case err == nil:
		return s.done(r, fmt.Sprintf("/duties/%d#evidence", id), "flash.attached", models.Args("Count", len(items)))
	case r.isFragment():
		return s.sendProblem(r, err)
	case errors.As(err, &refused) && (refused.Code == models.Invalid || refused.Code == models.TooLarge):
		status := gate.ProblemOf(r.Request.Context(), r.Locale, refused).Status
		return s.dutyPage(r, id, status, attempt{evidence: refused})
	default:
		return err
	}
}

// sendProblem answers a script with words on what is wrong, of the field if there
// is one.
func (s *Server) sendProblem(r *request, err error) error {
	problem := gate.ProblemOf(r.Request.Context(), r.Locale, err)
	message := problem.Detail
	if len(problem.Errors) > 0 {
		message = problem.Errors[0].Message
	}
	r.JSON(problem.Status, map[string]string{"code": problem.Code, "message": message})
	return nil
}

func (s *Server) downloadEvidence(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	file, content, err := s.Ledger.Evidence(r.Request.Context(), r.Actor, id)
	if err != nil {
		return err
	}
	defer content.Close()
	gate.Download(r.Writer, r.Request, file.Name, file.Type.ContentType(), content)
	return nil
}

// detachEvidence takes a file off the draft. Without scripts the button stands in
// the report's form, which is kept as it was typed.
func (s *Server) detachEvidence(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	file, err := s.Ledger.Detach(r.Request.Context(), r.Actor, id)
	switch {
	case err != nil && r.isFragment():
		return s.sendProblem(r, err)
	case err != nil:
		return err
	case r.isFragment():
		r.Status(http.StatusNoContent)
		return nil
	}
	if r.Request.PostForm.Has("draft_version") {
		if _, err := s.keepTyped(r, file.DutyID); err != nil {
			return err
		}
	}
	return s.done(r, fmt.Sprintf("/duties/%d#evidence", file.DutyID), "flash.detached", models.Args("Name", file.Name))
}

// saveDraft keeps what was typed. A script gets the new version and when it was
// saved, in words.
func (s *Server) saveDraft(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	draft, err := s.keepTyped(r, id)
	scripted := r.GetHeader("Accept") == "application/json"
	switch {
	case err == nil && scripted:
		r.JSON(http.StatusOK, map[string]any{"version": draft.Version, "message": r.Locale.Text("draft.saved", models.Args("Time", clockTime(draft.SavedAt)))})
		return nil
	case err == nil:
		return s.done(r, fmt.Sprintf("/duties/%d#report", id), "flash.draft", nil)
	case scripted:
		return s.sendProblem(r, err)
	case models.IsCode(err, models.Stale):
		// What was typed here is shown, so that nothing is lost; saving it again
		// replaces what the other window saved.
		filing, _ := parseFiling(r.Request.PostForm)
		return s.dutyPage(r, id, http.StatusPreconditionFailed, attempt{filing: &filing, problems: []models.Field{{Key: "draft.overtaken"}}})
	default:
		return err
	}
}

// clockTime writes the time of day of an instant, in Asia/Shanghai.
func clockTime(at time.Time) string { return at.In(frontend.Zone).Format("15:04") }

// keepTyped saves the fields of a report form as the caller's draft.
func (s *Server) keepTyped(r *request, duty uint64) (*models.Draft, error) {
	return s.keepTypedWith(r, duty, func(*rules.Filing) {})
}

// keepTypedWith saves them after a change.
func (s *Server) keepTypedWith(r *request, duty uint64, change func(*rules.Filing)) (*models.Draft, error) {
	filing, _ := parseFiling(r.Request.PostForm)
	change(&filing)
	version, err := strconv.Atoi(r.PostForm("draft_version"))
	if err != nil {
		return nil, models.NewError(models.Invalid, "error.bad_form")
	}
	return s.Ledger.SaveDraft(r.Request.Context(), r.Actor, duty, filing, version)
}

func (s *Server) discardDraft(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	if err := s.Ledger.DiscardDraft(r.Request.Context(), r.Actor, id); err != nil {
		return err
	}
	return s.done(r, fmt.Sprintf("/duties/%d#report", id), "flash.discarded", nil)
}

func (s *Server) withdrawReport(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(r.PostForm("version"))
	if err != nil {
		version = -1 // refused as stale below
	}
	report, err := s.Ledger.Withdraw(r.Request.Context(), r.Actor, id, version)
	if err != nil {
		return err
	}
	return s.done(r, fmt.Sprintf("/duties/%d#report", report.DutyID), "flash.withdrawn", nil)
}

// submission reads the form of a report.
func (r *request) submission() (compliance.Submission, []models.Field) {
	filing, problems := parseFiling(r.Request.PostForm)
	return compliance.Submission{Filing: filing, Evidence: r.ids("evidence"), Also: r.ids("also"), Key: shortKey(r.PostForm("key"))}, problems
}

// ids reads the numbers of a field; what is none names nothing.
func (r *request) ids(field string) []uint64 {
	ids := []uint64{}
	for _, text := range r.Request.PostForm[field] {
		id, _ := strconv.ParseUint(text, 10, 63)
		ids = append(ids, id)
	}
	return ids
}
