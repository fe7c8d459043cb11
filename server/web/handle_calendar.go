package web

import (
	"errors"
	"strconv"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/gate"
)

func (s *Server) showCalendar(r *request) error {
	year, err := s.calendarYear(r)
	if err != nil {
		return err
	}
	ctx := r.Request.Context()
	cal, err := s.Ledger.Calendar(ctx)
	if err != nil {
		return err
	}
	notices, err := s.Ledger.Notices(ctx)
	if err != nil {
		return err
	}
	err = s.Ledger.MayManageCalendar(ctx, r.Actor)
	if err != nil && !models.IsCode(err, models.Forbidden) {
		return err
	}
	page := newCalendarPage(s.page(r), cal, notices, year, err == nil)
	if err == nil {
		page.Form = &NoticeForm{}
	}
	if page.Provisional, err = s.Ledger.ProvisionalDuties(ctx, r.Actor.Access.Scope("duty", "read")); err != nil {
		return err
	}
	return s.show(r, "calendar", page)
}

// calendarYear is the year that is asked for, or this one.
func (s *Server) calendarYear(r *request) (int, error) {
	text := r.Query("year")
	if text == "" {
		return s.Ledger.Today().Year(), nil
	}
	year, err := strconv.Atoi(text)
	if err != nil || year < 1949 || year > 2200 {
		return 0, models.InvalidFields([]models.Field{{Name: "year", Key: "error.bad_year", Args: models.Args("Value", text)}})
	}
	return year, nil
}

func (s *Server) previewNotice(r *request) error {
	return s.noticePreview(r, nil)
}

// noticePreview shows what the text that was sent would do; refused is why
// entering it was.
func (s *Server) noticePreview(r *request, refused *models.Error) error {
	text := r.PostForm("text")
	preview, err := s.Ledger.PreviewNotice(r.Request.Context(), r.Actor, text)
	var fault *models.Error
	switch {
	case errors.As(err, &fault) && (fault.Code == models.Invalid || fault.Code == models.Conflict):
		page := NoticePage{Page: s.page(r), Kind: "refused", Form: newNoticeForm(text, fault), Back: "/calendar"}
		return s.showRefused(r, page, fault)
	case err != nil:
		return err
	}
	page := newNoticePage(s.page(r), "enter", "/calendar/notices", preview)
	page.Form, page.Error = newNoticeForm(text, nil), refused
	return s.showRefused(r, page, refused)
}

// showRefused sends the page with the status of what was refused, if anything.
func (s *Server) showRefused(r *request, page NoticePage, refused *models.Error) error {
	page.Breadcrumb = []Crumb{{Text: r.Locale.Text("nav.calendar", nil), URL: page.Back}, {Text: r.Locale.Text("notice.page."+page.Kind, nil)}}
	if refused == nil {
		return s.show(r, "notice", page)
	}
	s.send(r, gate.ProblemOf(r.Request.Context(), r.Locale, refused).Status, "notice", page)
	return nil
}

func (s *Server) enterNotice(r *request) error {
	done, err := s.Ledger.EnterNotice(r.Request.Context(), r.Actor, r.PostForm("text"), r.PostForm("basis"))
	var refused *models.Error
	if errors.As(err, &refused) && refused.Code != models.Forbidden && refused.Code != models.Unavailable {
		return s.noticePreview(r, refused)
	}
	if err != nil {
		return err
	}
	return s.noticeDone(r, "flash.notice_entered", done)
}

func (s *Server) noticeDone(r *request, key string, done *compliance.NoticePreview) error {
	return s.done(r, calendarURL(done.Notice.Year), key, models.Args("Number", done.Notice.Number, "Count", done.Total))
}

// removeNotice shows what the removal would do, and with a basis to rest on does
// it.
func (s *Server) removeNotice(r *request) error {
	id, err := strconv.ParseUint(r.Param("id"), 10, 63)
	if err != nil {
		return models.NewError(models.NotFound, "notice.unknown").Because(err)
	}
	basis := r.PostForm("basis")
	if basis == "" {
		return s.removalPreview(r, id, nil)
	}
	done, err := s.Ledger.RemoveNotice(r.Request.Context(), r.Actor, id, basis)
	var refused *models.Error
	if errors.As(err, &refused) && refused.Code == models.Stale {
		return s.removalPreview(r, id, refused)
	}
	if err != nil {
		return err
	}
	return s.noticeDone(r, "flash.notice_removed", done)
}

func (s *Server) removalPreview(r *request, id uint64, refused *models.Error) error {
	preview, err := s.Ledger.PreviewRemoval(r.Request.Context(), r.Actor, id)
	if err != nil {
		return err
	}
	page := newNoticePage(s.page(r), "remove", "/calendar/notices/"+idText(id)+"/remove", preview)
	page.Error = refused
	return s.showRefused(r, page, refused)
}
