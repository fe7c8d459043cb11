package main

import (
	"context"
	"errors"
	"fmt"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/bulletin"
	"sundial/server/calendar"
	"sundial/server/compliance"
)

// addBulletins gives each place a bulletin that is published and a draft of another one.
func addBulletins(ctx context.Context, a *app) error {
	office := compliance.Actor{Access: a.table.Access(rbac.Grant{Role: models.Supervisor, Path: "/"}, rbac.Grant{Role: models.Viewer, Path: "/"})}
	for _, code := range []string{"370100", "370200", "370000", "210100"} {
		in := bulletin.Input{Year: 2017, AsOf: calendar.MustParseDate("2017-06-08"), Settings: bulletin.Settings{Parts: bulletin.Parts{Late: true}}}
		issued, err := a.bulletins.Draft(ctx, office, code, in)
		if err != nil {
			return fmt.Errorf("bulletin of %s: %w", code, err)
		}
		_, published := a.bulletins.Publish(ctx, office, issued.ID, issued.Version)
		_, err = a.bulletins.Draft(ctx, office, code, in)
		if err := errors.Join(published, err); err != nil {
			return fmt.Errorf("bulletins of %s: %w", code, err)
		}
	}
	return nil
}

// placeBulletin names the place's bulletins.
func (w *world) placeBulletin(p *place, unit models.Unit) {
	w.t.Helper()
	var rows []models.Bulletin
	if err := w.store.Read(w.t.Context()).Where("unit_id = ?", unit.ID).Order("id").Find(&rows).Error; err != nil || len(rows) != 2 {
		w.t.Fatalf("%d bulletins of %s, %v", len(rows), unit.Code, err)
	}
	p.issued, p.issuedSeries, p.bulletin = rows[0].ID, rows[0].Series, rows[1].ID
}

func issued(p place) string        { return number(p.issued) }
func issuedSeries(p place) string  { return p.issuedSeries }
func draftBulletin(p place) string { return number(p.bulletin) }
