package web

import (
	"sundial/models"
	"sundial/server/supervision"
)

func (s *Server) showInspection(r *request) error {
	page, err := s.inspectionPage(r)
	if err != nil {
		return err
	}
	return s.show(r, "inspection", page)
}

// inspectionPage is the page of the route's inspection, with those of its findings that the
// caller sees.
func (s *Server) inspectionPage(r *request) (*InspectionPage, error) {
	id, err := r.id()
	if err != nil {
		return nil, err
	}
	view, err := s.Supervision.Inspection(r.Request.Context(), r.Actor, id)
	if err != nil {
		return nil, err
	}
	around := view.Office
	if !view.Whole && len(view.Units) > 0 {
		around = view.Units[0].Unit
	}
	list, err := s.Supervision.Findings(r.Request.Context(), r.Actor, around.Code, supervision.FindingQuery{Inspection: id, Limit: inspectionsAtMost})
	if err != nil {
		return nil, err
	}
	base, tabs, err := s.supervisionPage(r, around, "inspections", view.Title)
	if err != nil {
		return nil, err
	}
	base.stepBefore(Crumb{Text: r.Locale.Text("inspections.title", nil), URL: unitURL(around, "inspections")})
	page := newInspectionPage(base, view, list)
	page.Tabs = tabs
	return page, nil
}

func (s *Server) showDraw(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	proof, err := s.Supervision.Redraw(r.Request.Context(), r.Actor, id)
	if err != nil {
		return err
	}
	base, tabs, err := s.supervisionPage(r, proof.Office, "inspections", r.Locale.Text("inspections.draw", nil))
	if err != nil {
		return err
	}
	base.stepBefore(Crumb{Text: r.Locale.Text("inspections.title", nil), URL: unitURL(proof.Office, "inspections")})
	base.stepBefore(Crumb{Text: proof.Title, URL: inspectionURL(id)})
	page := newInspectionDrawPage(base, proof)
	page.Tabs = tabs
	return s.show(r, "inspection_draw", page)
}

func (s *Server) changeInspection(r *request) error {
	return s.inspectionAct(r, "change", func(id uint64) error {
		f := formReader{values: r.Request.PostForm}
		change := supervision.InspectionChange{Title: f.text("title"), Basis: f.text("basis"), StartOn: f.date("start_on"), EndOn: f.date("end_on"), RectifyTerm: f.number("rectify_term")}
		if err := models.InvalidFields(f.problems); err != nil {
			return err
		}
		return s.Supervision.ChangeInspection(r.Request.Context(), r.Actor, id, r.version(), change)
	})
}

func (s *Server) addInspectionUnit(r *request) error {
	return s.inspectionAct(r, "add", func(id uint64) error {
		return s.Supervision.AddInspectionUnit(r.Request.Context(), r.Actor, id, r.version(), r.PostForm("units"), r.PostForm("reason"))
	})
}

func (s *Server) removeInspectionUnit(r *request) error {
	return s.inspectionAct(r, "remove", func(id uint64) error {
		return s.Supervision.TakeOutInspectionUnit(r.Request.Context(), r.Actor, id, r.version(), r.PostForm("units"), r.PostForm("reason"))
	})
}

func (s *Server) checkInspectionUnit(r *request) error {
	return s.inspectionAct(r, "check", func(id uint64) error {
		f := formReader{values: r.Request.PostForm}
		input := supervision.CheckInput{Unit: f.text("units"), On: f.date("checked_on"), Note: f.text("note")}
		input.Version = r.versionIn(memberVersion(input.Unit))
		if err := models.InvalidFields(f.problems); err != nil {
			return err
		}
		return s.Supervision.CheckUnit(r.Request.Context(), r.Actor, id, input)
	})
}

func (s *Server) closeInspection(r *request) error {
	return s.inspectionAct(r, "close", func(id uint64) error {
		return s.Supervision.CloseInspection(r.Request.Context(), r.Actor, id, r.version())
	})
}

// inspectionAct does something with an inspection and goes back to its page, which shows
// why it was refused.
func (s *Server) inspectionAct(r *request, name string, act func(id uint64) error) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	if err = act(id); err == nil {
		return s.done(r, inspectionURL(id), "flash.inspection_"+name, nil)
	}
	why, status := refusedAs(r, err)
	if why == nil {
		return err
	}
	page, pageErr := s.inspectionPage(r)
	if pageErr != nil {
		return err
	}
	forms := page.Forms
	if page.Check != nil {
		forms = append(forms, page.Check)
	}
	page.Error = why
	for _, form := range forms {
		// What was seen of a unit is not lost when somebody else was faster.
		if form.Name == "inspection_"+name && (why.Code == models.Invalid || form == page.Check) {
			form.refuse(r.Locale, r.Request.PostForm, why)
			page.Error = nil
		}
	}
	s.send(r, status, "inspection", page)
	return nil
}
