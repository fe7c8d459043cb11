package web

import (
	"errors"
	"strconv"

	"sundial/models"
	"sundial/server/rules"
	"sundial/server/supervision"
)

func (s *Server) showTask(r *request) error {
	share, _ := strconv.ParseUint(r.Query("share"), 10, 63)
	page, err := s.taskPage(r, share)
	if err != nil {
		return err
	}
	return s.show(r, "task", page)
}

// taskPage is the page of a task with the steps of the chosen part. It stands under the
// office for who reads about it, and under the unit for others.
func (s *Server) taskPage(r *request, share uint64) (*TaskPage, error) {
	id, err := r.id()
	if err != nil {
		return nil, err
	}
	view, err := s.Supervision.Task(r.Request.Context(), r.Actor, id, share)
	if err != nil {
		return nil, err
	}
	at := view.Office
	if !r.may("task", "read", at) && view.Chosen != nil {
		at = view.Chosen.Unit
	}
	base, tabs, err := s.supervisionPage(r, at, "tasks", r.Locale.In(rules.Text{ZH: view.TitleZH, EN: view.TitleEN}))
	if err != nil {
		return nil, err
	}
	base.stepBefore(Crumb{Text: r.Locale.Text("tasks.title", nil), URL: unitURL(at, "tasks")})
	page := newTaskPage(base, view, func(unit models.Unit) bool { return r.may("task", "read", unit) })
	page.Tabs = tabs
	if c := view.Chosen; c != nil && c.Owed() && c.Share.EndedOn.IsZero() && r.may("urge", "send", view.Office) {
		page.UrgeURL = unitURL(view.Office, "urges", "new") + "?item=" + supervision.UrgeRef{Object: models.UrgeTask, ID: c.Share.ID}.String()
	}
	if view.Manages {
		page.Units, err = s.unitsBelow(r, view.Office)
	}
	return page, err
}

// shareInForm reads which part a form is about, and which version of it was seen.
func (r *request) shareInForm() (share uint64, version int) {
	share, _ = strconv.ParseUint(r.Request.PostForm.Get("share"), 10, 63)
	version, err := strconv.Atoi(r.Request.PostForm.Get("version"))
	if err != nil {
		version = -1
	}
	return share, version
}

// reportTask takes the files in before the report is written, from who may report alone.
func (s *Server) reportTask(r *request) error {
	return s.taskAct(r, "progress", func(id uint64) error {
		if err := s.Supervision.TakesProgress(r.Request.Context(), r.Actor, id); err != nil {
			return err
		}
		files, err := s.takeFiles(r)
		if err != nil {
			return err
		}
		share, version := r.shareInForm()
		form := r.Request.PostForm
		return s.Supervision.ReportTask(r.Request.Context(), r.Actor, id, share, version, supervision.TaskProgress{
			Status: models.TaskStatus(form.Get("status")), Note: form.Get("note"), Reason: form.Get("reason"), URL: form.Get("url"), Files: files})
	})
}

func (s *Server) returnTask(r *request) error {
	return s.taskAct(r, "return", func(id uint64) error {
		share, version := r.shareInForm()
		return s.Supervision.ReturnTask(r.Request.Context(), r.Actor, id, share, version, r.PostForm("reason"))
	})
}

func (s *Server) endTaskShare(r *request) error {
	return s.taskAct(r, "end", func(id uint64) error {
		share, version := r.shareInForm()
		return s.Supervision.EndTaskShare(r.Request.Context(), r.Actor, id, share, version, r.PostForm("reason"))
	})
}

func (s *Server) assignTask(r *request) error {
	return s.taskAct(r, "assign", func(id uint64) error {
		return s.Supervision.AssignTask(r.Request.Context(), r.Actor, id, r.version(), r.PostForm("unit"), models.TaskRole(r.PostForm("role")))
	})
}

func (s *Server) redateTask(r *request) error {
	return s.taskAct(r, "due", func(id uint64) error {
		reader := formReader{values: r.Request.PostForm}
		due := reader.date("due_on")
		if err := models.InvalidFields(reader.problems); err != nil {
			return err
		}
		return s.Supervision.RedateTask(r.Request.Context(), r.Actor, id, r.version(), due, r.PostForm("reason"))
	})
}

// taskAct does something with a task and goes back to its page, which shows why it was
// refused.
func (s *Server) taskAct(r *request, name string, act func(id uint64) error) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	err = act(id)
	share, _ := r.shareInForm()
	if err == nil {
		back := taskURL(id)
		if share != 0 {
			back = taskShareURL(id, share)
		}
		return s.done(r, back, "flash.task_"+name, nil)
	}
	why, status := refusedAs(r, err)
	if why == nil {
		return err
	}
	page, pageErr := s.taskPage(r, share)
	if pageErr != nil {
		return errors.Join(err, pageErr)
	}
	form := page.form(name)
	if form != nil && why.Code == models.Invalid {
		form.refuse(r.Locale, r.Request.PostForm, why)
		page.Files = name == "progress"
	} else {
		page.Error = why
	}
	s.send(r, status, "task", page)
	return nil
}
