package web

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/compliance"
	"sundial/server/exchange"
	"sundial/server/gate"
)

// showScoreImport takes files of scores of a round, and shows what the one that waits would
// do.
func (s *Server) showScoreImport(r *request) error {
	return s.scoreImportPage(r, http.StatusOK, models.ScoreSide(r.Query("side")), nil)
}

// scoreImportPage sends the page, after a refusal with what is wrong.
func (s *Server) scoreImportPage(r *request, status int, side models.ScoreSide, failed *models.Error) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	ctx := r.Request.Context()
	choice, err := s.Assessment.ScoreChoice(ctx, r.Actor, id)
	if err != nil {
		return err
	}
	page := newScoreImportPage(choice, side, failed)
	if choice.Open {
		checked, err := s.Assessment.KeptScores(ctx, r.Actor, id)
		if err != nil {
			return err
		}
		page.Check = newScoreCheckPart(checked)
	}
	if page.Page, page.Tabs, err = s.assessmentPage(r, choice.Office, "rounds", r.Locale.Text("scores.import.title", nil)); err != nil {
		return err
	}
	s.send(r, status, "score_import", page)
	return nil
}

// receiveScores takes a file, which waits then to be imported.
func (s *Server) receiveScores(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	received := false
	err = gate.Upload(r.Writer, r.Request, assessment.ScoreLimits.File, func(name string, content io.Reader) error {
		if received {
			return nil // one file at a time
		}
		received = true
		_, err := s.Assessment.KeepScores(r.Request.Context(), r.Actor, id, models.ScoreSide(r.PostForm("side")), name, content)
		return err
	})
	if err != nil {
		return s.refuseScores(r, err)
	}
	r.Redirect(http.StatusSeeOther, roundURL(id, "import")+"#check")
	return nil
}

// refuseScores shows the page with what is wrong with a file, or with what was decided.
func (s *Server) refuseScores(r *request, err error) error {
	why, status := refusedAs(r, err)
	if why == nil {
		return err
	}
	return s.scoreImportPage(r, status, models.ScoreSide(r.PostForm("side")), why)
}

// confirmScores imports the file that was checked.
func (s *Server) confirmScores(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	file, _ := strconv.ParseUint(r.PostForm("file"), 10, 63) // anything else is no file that waits
	done, err := s.Assessment.ConfirmScores(r.Request.Context(), r.Actor, id, file, r.PostForm("digest"))
	if err == nil && done.FaultCount > 0 {
		err = models.NewError(models.Conflict, "scores.moved")
	}
	if err != nil {
		return s.refuseScores(r, err)
	}
	return s.done(r, roundURL(id), "scores.import.done", models.Args("Added", done.Added, "Changed", done.Changed, "Units", done.Units))
}

// dropScores drops the file that waits.
func (s *Server) dropScores(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	file, _ := strconv.ParseUint(r.PostForm("file"), 10, 63) // anything else is no file that waits
	if err := s.Assessment.DropScores(r.Request.Context(), r.Actor, id, file); err != nil {
		return s.refuseScores(r, err)
	}
	return s.done(r, roundURL(id, "import"), "scores.import.dropped", nil)
}

// downloadScoreFaults gives the file that waits back, with what is wrong in each row.
func (s *Server) downloadScoreFaults(r *request) error {
	return s.sendScores(r, exchange.XLSX, "scores.file.faults", s.Assessment.WriteScoreFaults)
}

// downloadScoreTemplate gives a workbook to fill in.
func (s *Server) downloadScoreTemplate(r *request) error {
	side, class := models.ScoreSide(r.Query("side")), r.Query("class")
	id, err := r.id()
	if err != nil {
		return err
	}
	choice, err := s.Assessment.ScoreChoice(r.Request.Context(), r.Actor, id)
	if err != nil {
		return err
	}
	return s.sendScores(r, exchange.XLSX, "scores.file.template", func(ctx context.Context, actor compliance.Actor, round uint64, to io.Writer, lang exchange.Language) error {
		return s.Assessment.WriteScoreTemplate(ctx, actor, round, side, class, to, lang)
	}, "Year", choice.Round.Year, "Class", class)
}

// downloadScoreTable gives the score table as a workbook that computes.
func (s *Server) downloadScoreTable(r *request) error {
	return s.sendScores(r, exchange.XLSX, "scores.file.table", s.Assessment.WriteScoreTable)
}

// downloadScoreList gives the score table as CSV.
func (s *Server) downloadScoreList(r *request) error {
	return s.sendScores(r, exchange.CSV, "scores.file.table", s.Assessment.WriteScoreList)
}

// sendScores sends a file of a round as a download of the name, which may tell more than
// the round.
func (s *Server) sendScores(r *request, format exchange.Format, name string, write func(ctx context.Context, actor compliance.Actor, round uint64, to io.Writer, lang exchange.Language) error, more ...any) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := write(r.Request.Context(), r.Actor, id, &file, r.fileLanguage()); err != nil {
		return err
	}
	gate.Download(r.Writer, r.Request, r.Locale.Text(name, models.Args(append([]any{"ID", id}, more...)...))+"."+string(format), format.ContentType(), bytes.NewReader(file.Bytes()))
	return nil
}
