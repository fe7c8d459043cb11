package web

import (
	"errors"
	"io"
	"net/http"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/gate"
)

// attachScoreFile takes files as evidence of the self score of an indicator. A script
// gets the lines of the list, or words on what is wrong.
func (s *Server) attachScoreFile(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	owner := assessment.FileOwner{SheetID: id, Indicator: r.Query("indicator")}
	var items []FileItem
	if err = s.Assessment.TakesFile(r.Request.Context(), r.Actor, owner); err == nil {
		err = gate.Upload(r.Writer, r.Request, s.Assessment.MaxFile(), func(name string, content io.Reader) error {
			file, err := s.Assessment.AttachFile(r.Request.Context(), r.Actor, owner, name, content)
			if err == nil {
				items = append(items, newScoreFileItem(*file, true))
			}
			return err
		})
	}
	var refused *models.Error
	switch {
	case err == nil && r.isFragment():
		return s.sendBlock(r, http.StatusCreated, "score_sheet", "score_files", items)
	case err == nil:
		return s.done(r, scoreSheetURL(id)+"#m-"+owner.Indicator, "flash.attached", models.Args("Count", len(items)))
	case r.isFragment():
		return s.sendProblem(r, err)
	case errors.As(err, &refused) && (refused.Code == models.Invalid || refused.Code == models.TooLarge):
		return s.scoreSheetRefused(r, refused, nil, "")
	default:
		return err
	}
}

func (s *Server) downloadScoreFile(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	file, content, err := s.Assessment.ScoreFile(r.Request.Context(), r.Actor, id)
	if err != nil {
		return err
	}
	defer content.Close()
	gate.Download(r.Writer, r.Request, file.Name, file.Type.ContentType(), content)
	return nil
}

// detachScoreFile takes a file off. Without scripts its button names it.
func (s *Server) detachScoreFile(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	if !r.isFragment() && r.PostForm("remove") == "" {
		return models.NewError(models.Invalid, "error.bad_form")
	}
	file, err := s.Assessment.DetachFile(r.Request.Context(), r.Actor, id)
	switch {
	case err != nil && r.isFragment():
		return s.sendProblem(r, err)
	case err != nil:
		return err
	case r.isFragment():
		r.Status(http.StatusNoContent)
		return nil
	}
	back := scoreSheetURL(file.SheetID) + "#m-" + file.Indicator
	if file.AppealID != nil {
		back = cameFrom(r.Request)
	}
	return s.done(r, back, "flash.detached", models.Args("Name", file.Name))
}
