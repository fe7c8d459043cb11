package web

import (
	"errors"
	"net/http"
	"strconv"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/gate"
)

func (s *Server) showScoreSheet(r *request) error {
	page, err := s.scoreSheetPage(r)
	if err != nil {
		return err
	}
	return s.show(r, "score_sheet", page)
}

func (s *Server) scoreSheetPage(r *request) (ScoreSheetPage, error) {
	id, err := r.id()
	if err != nil {
		return ScoreSheetPage{}, err
	}
	view, err := s.Assessment.Sheet(r.Request.Context(), r.Actor, id)
	if err != nil {
		return ScoreSheetPage{}, err
	}
	base := s.page(r)
	if err := s.place(r, &base, View{Today: base.Today, AsOf: base.Today}, view.Unit, r.Locale.Text("sheets.title", nil)); err != nil {
		return ScoreSheetPage{}, err
	}
	base.AsOf = 0
	end := len(base.Breadcrumb) - 1
	base.Breadcrumb = append(base.Breadcrumb[:end:end], Crumb{Text: view.Round.Title, URL: roundURL(view.Round.ID)}, base.Breadcrumb[end])
	page := newScoreSheetPage(base, view, s.Assessment.MaxFile())
	page.Tabs = unitTabs(r, view.Unit, "assessment", assessmentTabs, "rounds")
	if err := s.addFindings(r, &page); err != nil {
		return ScoreSheetPage{}, err
	}
	return page, s.addClaims(r, &page)
}

// saveSelfScores takes what the unit entered: of one indicator from a script, of all
// that differ from what was read from a form.
func (s *Server) saveSelfScores(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	if r.isScripted() {
		mark := r.typedMark("")
		version, err := strconv.Atoi(mark.Version)
		if err != nil {
			return s.sendMark(r, nil, models.NewError(models.Invalid, "error.bad_form"))
		}
		v, err := s.Assessment.PutSelf(r.Request.Context(), r.Actor, id, version, mark.self(r.PostForm("indicator")))
		return s.sendMark(r, v, err)
	}
	cells, typed, err := typedCells(r, func(indicator string, version int, mark TypedMark) assessment.SelfCell {
		return assessment.SelfCell{Version: version, SelfInput: mark.self(indicator)}
	})
	if err == nil {
		_, err = s.Assessment.PutSelves(r.Request.Context(), r.Actor, id, cells)
	}
	return s.marksSaved(r, id, len(cells), typed, err)
}

// saveMarks is saveSelfScores for what the office entered.
func (s *Server) saveMarks(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	if r.isScripted() {
		mark := r.typedMark("")
		version, err := strconv.Atoi(mark.Version)
		if err != nil {
			return s.sendMark(r, nil, models.NewError(models.Invalid, "error.bad_form"))
		}
		v, err := s.Assessment.PutMark(r.Request.Context(), r.Actor, id, version, mark.verified(r.PostForm("indicator")))
		return s.sendMark(r, v, err)
	}
	cells, typed, err := typedCells(r, func(indicator string, version int, mark TypedMark) assessment.MarkCell {
		return assessment.MarkCell{Version: version, MarkInput: mark.verified(indicator)}
	})
	if err == nil {
		_, err = s.Assessment.PutMarks(r.Request.Context(), r.Actor, id, cells)
	}
	return s.marksSaved(r, id, len(cells), typed, err)
}

// isScripted tells whether a script asks, for data instead of a page.
func (r *request) isScripted() bool { return r.GetHeader("Accept") == "application/json" }

// typedMark reads the fields of a row; those of a whole form end in the indicator.
func (r *request) typedMark(suffix string) TypedMark {
	return TypedMark{Version: r.PostForm("version" + suffix), Points: r.PostForm("points" + suffix), Text: r.PostForm("text" + suffix), URL: r.PostForm("url" + suffix),
		NA: r.PostForm("na"+suffix) != "", Raised: r.PostForm("raised"+suffix) != "", Finding: findingID(r.PostForm("finding" + suffix))}
}

func (m TypedMark) self(indicator string) assessment.SelfInput {
	return assessment.SelfInput{Indicator: indicator, Points: m.Points, NA: m.NA, Note: m.Text, URL: m.URL}
}

func (m TypedMark) verified(indicator string) assessment.MarkInput {
	return assessment.MarkInput{Indicator: indicator, Points: m.Points, NA: m.NA, Raised: m.Raised, Reason: m.Text, Finding: &m.Finding}
}

// typedCells reads the rows of a form that differ from what was read, and all that was
// typed.
func typedCells[C any](r *request, cell func(indicator string, version int, mark TypedMark) C) ([]C, map[string]TypedMark, error) {
	var cells []C
	typed := map[string]TypedMark{}
	for _, indicator := range r.PostFormArray("cell") {
		mark := r.typedMark("-" + indicator)
		typed[indicator] = mark
		if mark.print() == r.PostForm("was-"+indicator) {
			continue
		}
		version, err := strconv.Atoi(mark.Version)
		if err != nil {
			return nil, typed, models.NewError(models.Invalid, "error.bad_form")
		}
		cells = append(cells, cell(indicator, version, mark))
	}
	return cells, typed, nil
}

// marksSaved answers a form: with the page, or with what was typed and what is wrong.
func (s *Server) marksSaved(r *request, id uint64, count int, typed map[string]TypedMark, err error) error {
	var refused *models.Error
	switch {
	case err == nil:
		return s.done(r, scoreSheetURL(id), "flash.marks_saved", models.Args("Count", count))
	case errors.As(err, &refused) && len(refused.Fields) > 0:
		return s.scoreSheetRefused(r, refused, typed, "")
	default:
		return err
	}
}

// scoreSheetRefused shows the page with what is wrong.
func (s *Server) scoreSheetRefused(r *request, refused *models.Error, typed map[string]TypedMark, reason string) error {
	page, err := s.scoreSheetPage(r)
	if err != nil {
		return err
	}
	page.Reason = reason
	page.refuse(refused, typed)
	s.send(r, gate.ProblemOf(r.Request.Context(), r.Locale, refused).Status, "score_sheet", page)
	return nil
}

// markAnswer tells a script what became of a mark, and every number of the page that may
// have changed: by the name that the page gives it.
type markAnswer struct {
	Version      int               `json:"version"`
	SheetVersion int               `json:"sheet_version"`
	Points       string            `json:"points"`
	Missing      bool              `json:"missing"`
	Left         int               `json:"left"`
	Message      string            `json:"message"`
	Live         map[string]string `json:"live"`
}

// sendMark answers a script.
func (s *Server) sendMark(r *request, v *assessment.SheetView, err error) error {
	if err != nil {
		return s.sendMarkProblem(r, err)
	}
	page := newScoreSheetPage(Page{Locale: r.Locale}, v, 0)
	answer := markAnswer{SheetVersion: v.Sheet.Version, Left: page.Total.Missing, Message: r.Locale.Text("sheets.saved", models.Args("Time", clockTime(s.Now()))), Live: page.live()}
	for _, row := range page.Rows {
		if row.ID == r.PostForm("indicator") {
			answer.Version, answer.Points, answer.Missing = row.Mark.Version, row.Typed.Points, row.Missing
		}
	}
	r.JSON(http.StatusOK, answer)
	return nil
}

// sendMarkProblem answers a script with what is wrong, by field.
func (s *Server) sendMarkProblem(r *request, err error) error {
	problem := gate.ProblemOf(r.Request.Context(), r.Locale, err)
	fields := map[string]string{}
	for _, fault := range problem.Errors {
		if fields[fault.Field] == "" {
			fields[fault.Field] = fault.Message
		}
	}
	r.JSON(problem.Status, map[string]any{"code": problem.Code, "message": problem.Detail, "fields": fields})
	return nil
}

// sheetStep runs a step of a sheet's work and goes back to the page; what is refused is
// shown there.
func (s *Server) sheetStep(r *request, flash string, step func(id uint64, version int) (map[string]any, error)) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(r.PostForm("version"))
	if err != nil {
		version = -1 // refused as stale, after everything else
	}
	args, err := step(id, version)
	var refused *models.Error
	switch {
	case err == nil:
		return s.done(r, scoreSheetURL(id), flash, args)
	case errors.As(err, &refused) && refused.Code != models.NotFound && refused.Code != models.Forbidden:
		return s.scoreSheetRefused(r, refused, nil, r.PostForm("reason"))
	default:
		return err
	}
}

func (s *Server) submitScoreSheet(r *request) error {
	return s.sheetStep(r, "flash.sheet_submitted", func(id uint64, version int) (map[string]any, error) {
		return nil, s.Assessment.Submit(r.Request.Context(), r.Actor, id, version)
	})
}

func (s *Server) returnScoreSheet(r *request) error {
	return s.sheetStep(r, "flash.sheet_returned", func(id uint64, version int) (map[string]any, error) {
		return nil, s.Assessment.Return(r.Request.Context(), r.Actor, id, version, r.PostForm("reason"))
	})
}

func (s *Server) completeScoreSheet(r *request) error {
	return s.sheetStep(r, "flash.sheet_completed", func(id uint64, version int) (map[string]any, error) {
		return nil, s.Assessment.Complete(r.Request.Context(), r.Actor, id, version)
	})
}

func (s *Server) resumeScoreSheet(r *request) error {
	return s.sheetStep(r, "flash.sheet_resumed", func(id uint64, version int) (map[string]any, error) {
		return nil, s.Assessment.Resume(r.Request.Context(), r.Actor, id, version)
	})
}

func (s *Server) acceptSelfScores(r *request) error {
	return s.sheetStep(r, "flash.sheet_accepted", func(id uint64, version int) (map[string]any, error) {
		taken, err := s.Assessment.Accept(r.Request.Context(), r.Actor, id, version, r.PostForm("reason"))
		return models.Args("Count", taken), err
	})
}
