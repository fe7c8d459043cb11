package web

import (
	"errors"
	"slices"
	"strconv"

	"sundial/models"
	"sundial/server/gate"
	"sundial/server/training"
)

func (s *Server) showPerson(r *request) error {
	page, err := s.personPage(r, attempted{})
	if err != nil {
		return err
	}
	return s.show(r, "person", page)
}

// personPage reads the person of the path; after a refused form with what was
// typed.
func (s *Server) personPage(r *request, tried attempted) (PersonPage, error) {
	id, err := r.id()
	if err != nil {
		return PersonPage{}, err
	}
	view, err := s.Desk.Person(r.Request.Context(), r.Actor, id)
	if err != nil {
		return PersonPage{}, err
	}
	base := s.page(r)
	base.Breadcrumb = []Crumb{{Text: view.Name}}
	var tabs UnitTabs
	if view.Home != nil {
		if err := s.place(r, &base, View{Today: base.Today, AsOf: base.Today}, *view.Home, view.Name); err != nil {
			return PersonPage{}, err
		}
		tabs = s.trainingTabs(r, *view.Home, "roster")
	}
	units, err := s.keptUnits(r)
	if err != nil {
		return PersonPage{}, err
	}
	page := newPersonPage(personForms{page: base, view: view, tried: tried, units: units})
	page.Tabs = tabs
	return page, nil
}

// personRefusals are shown on the person's page; others have a page of their own.
var personRefusals = []models.Code{models.Invalid, models.Conflict, models.Stale}

// changePerson does what one of the forms of a person's page asks for.
func (s *Server) changePerson(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	action := r.PostForm("action")
	err = s.personDeed(r, id, action)
	if err == nil {
		return s.done(r, personURL(id), "flash.person_"+action, nil)
	}
	var refused *models.Error
	if !errors.As(err, &refused) || !slices.Contains(personRefusals, refused.Code) {
		return err
	}
	tried := attempted{action: action, values: r.Request.PostForm, failed: refused}
	if posting := r.PostForm("posting"); posting != "" && posting != "0" {
		tried.action += "-" + posting
	}
	page, pageErr := s.personPage(r, tried)
	if pageErr != nil {
		return pageErr
	}
	s.send(r, gate.ProblemOf(r.Request.Context(), r.Locale, err).Status, "person", page)
	return nil
}

func (s *Server) personDeed(r *request, id uint64, action string) error {
	ctx := r.Request.Context()
	version, _ := strconv.Atoi(r.PostForm("version"))
	posting, _ := strconv.ParseUint(r.PostForm("posting"), 10, 63)
	var problems []models.Field
	start, end := dateForm(r, "start_on", &problems), dateForm(r, "end_on", &problems)
	if err := models.InvalidFields(problems); err != nil {
		return err
	}
	post, partTime := r.PostForm("post"), r.PostForm("part_time") == "1"
	switch action {
	case "edit":
		return s.Desk.EditPerson(ctx, r.Actor, id, version, training.PersonEdit{Name: r.PostForm("name"), Number: r.PostForm("number"),
			IDNumber: r.PostForm("id_number"), ForgetID: r.PostForm("forget_id") == "1"})
	case "correct":
		return s.Desk.CorrectPosting(ctx, r.Actor, id, version, posting, training.PostingEdit{Post: post, PartTime: partTime, StartOn: start, EndOn: end})
	case "end":
		return s.Desk.EndPosting(ctx, r.Actor, id, version, posting, end)
	case "remove":
		return s.Desk.RemovePosting(ctx, r.Actor, id, version, posting, r.PostForm("reason"))
	case "move":
		unit, err := s.unitCode(r, r.PostForm("unit"))
		if err != nil {
			return err
		}
		return s.Desk.MoveStaff(ctx, r.Actor, id, version, training.Move{Unit: unit, On: start, Post: post, PartTime: partTime})
	default:
		// Whoever may not read about the person learns nothing else either.
		if _, err := s.Desk.Person(ctx, r.Actor, id); err != nil {
			return err
		}
		return models.NewError(models.Invalid, "error.bad_form")
	}
}

// showMerge shows what merging another person into this one would do.
func (s *Server) showMerge(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	other, err := s.Desk.PersonByCode(r.Request.Context(), r.Actor, r.Query("with"))
	if err == nil {
		var merge *training.Merge
		if merge, err = s.Desk.PreviewMerge(r.Request.Context(), r.Actor, id, other); err == nil {
			return s.show(r, "merge", newMergePage(s.page(r), merge, attempted{}))
		}
	}
	var refused *models.Error
	if !errors.As(err, &refused) || !slices.Contains(personRefusals, refused.Code) {
		return err
	}
	page, pageErr := s.personPage(r, attempted{"merge", r.Request.URL.Query(), refused})
	if pageErr != nil {
		return pageErr
	}
	s.send(r, gate.ProblemOf(r.Request.Context(), r.Locale, err).Status, "person", page)
	return nil
}

func (s *Server) mergePeople(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	other, _ := strconv.ParseUint(r.PostForm("duplicate"), 10, 63)
	version, _ := strconv.Atoi(r.PostForm("version"))
	otherVersion, _ := strconv.Atoi(r.PostForm("duplicate_version"))
	err = s.Desk.MergePeople(r.Request.Context(), r.Actor, id, other, [2]int{version, otherVersion}, r.PostForm("reason"))
	if err == nil {
		return s.done(r, personURL(id), "flash.person_merge", nil)
	}
	var refused *models.Error
	if !errors.As(err, &refused) || refused.Code != models.Invalid {
		return err
	}
	merge, previewErr := s.Desk.PreviewMerge(r.Request.Context(), r.Actor, id, other)
	if previewErr != nil {
		return previewErr
	}
	page := newMergePage(s.page(r), merge, attempted{"merge_confirm", r.Request.PostForm, refused})
	s.send(r, gate.ProblemOf(r.Request.Context(), r.Locale, err).Status, "merge", page)
	return nil
}
