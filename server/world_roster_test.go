package main

import (
	"context"
	"net/url"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/training"
)

// fillRosters puts two of one name on the roster of each of the four places.
func fillRosters(ctx context.Context, a *app) error {
	office := compliance.Actor{Name: "office", Access: a.table.Access(rbac.Grant{Role: models.Coordinator, Path: "/"})}
	for _, code := range []string{"370100", "370200", "370000", "210100"} {
		for _, number := range []string{code + "-1", code + "-2"} {
			entry := training.StaffEntry{Unit: code, Name: "在册人员" + code, Number: number, Post: "科员", StartOn: calendar.MustParseDate("2016-01-04")}
			if _, err := a.desk.AddStaff(ctx, office, entry); err != nil {
				return err
			}
		}
	}
	return nil
}

// placeRoster finds the people of the place.
func (w *world) placeRoster(p *place, unit models.Unit) {
	w.t.Helper()
	var postings []models.Posting
	if err := w.store.Read(w.t.Context()).Where("unit_id = ?", unit.ID).Order("id").Find(&postings).Error; err != nil || len(postings) < 2 {
		w.t.Fatalf("%s has %d postings, %v", unit.Code, len(postings), err)
	}
	p.staff, p.namesake, p.posting = postings[0].PersonID, postings[1].PersonID, postings[0].ID
}

func staff(p place) string { return number(p.staff) }

// leaving ends a posting of the place.
func leaving(p place) any {
	return url.Values{"action": {"end"}, "version": {"1"}, "posting": {number(p.posting)}, "end_on": {"2017-06-30"}}
}

// merging makes the two of the place one.
func merging(p place) any {
	return url.Values{"duplicate": {number(p.namesake)}, "version": {"1"}, "duplicate_version": {"1"}, "reason": {"同一人登记了两次"}}
}

// unreasoned is merging without a reason.
func unreasoned(p place) any {
	form := merging(p).(url.Values)
	form.Del("reason")
	return form
}

// closePlace has the unit closed, with people on its roster.
func (w *world) closePlace(p place) {
	w.t.Helper()
	err := w.store.Write(w.t.Context(), func(tx *gorm.DB) error {
		return tx.Model(&models.Unit{}).Where("code = ?", p.code).Update("closed_on", "2017-06-01").Error
	})
	if err != nil {
		w.t.Fatal(err)
	}
}
