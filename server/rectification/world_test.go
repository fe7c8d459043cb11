package rectification_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/desk/desktest"
	"sundial/server/dossier"
	"sundial/server/evidence"
	"sundial/server/rectification"
	"sundial/server/rules"
	"sundial/server/store"
)

// pdf is the least that passes for one.
const pdf = "%PDF-1.7\nproof\n%%EOF\n"

// world is a desk of rectifications in the world of the seeds, with an inspection of
// Shandong in which it finds what it likes.
type world struct {
	*desktest.World
	*rectification.Desk
	inspection models.Inspection
	vault      *evidence.Vault
	cabinet    *dossier.Cabinet
}

// newWorld returns a world in which it is noon of 2018-01-10.
func newWorld(t *testing.T, s *store.Store) *world {
	t.Helper()
	w := &world{World: desktest.New(t, s)}
	w.Desk = rectification.New(s, assessment.New(s, w.Ledger, w.Now).Rectified, w.Ledger.Calendar, w.Now)
	w.World.At("2018-01-10")
	vault, err := evidence.Open(t.TempDir(), evidence.Limits{}, time.Now())
	w.Must(err)
	t.Cleanup(func() { _ = vault.Close() })
	w.vault, w.cabinet = vault, dossier.New(s, w.Now)
	w.cabinet.KeepEvidence(vault)
	w.inspection = models.Inspection{UnitID: w.Unit(desktest.Shandong).ID, Year: 2018, Title: "一季度督查", Status: models.InspectionOpen, StartOn: desktest.Day("2018-01-01"),
		EndOn: desktest.Day("2018-03-31"), OpenedAt: store.Instant(w.Now()), Version: 1}
	w.Must(s.Write(t.Context(), func(tx *gorm.DB) error { return tx.Create(&w.inspection).Error }))
	return w
}

// demand has the actor find something in the unit and demand that it be put right.
func (w *world) demand(actor compliance.Actor, unit string, severity models.Severity, due string) (models.Rectification, error) {
	w.Helper()
	var row models.Rectification
	finder := desk.New(w.Store, w.Now)
	err := finder.Write(w.Context(), actor, func(d *desk.Write) error {
		finding := models.Finding{InspectionID: w.inspection.ID, UnitID: w.Unit(unit).ID, Severity: severity, Clause: "六(一)", Text: "公示网页打不开", FoundBy: actor.ID, FoundAt: d.At, FoundOn: d.Today, Version: 1}
		if err := d.TX.Create(&finding).Error; err != nil {
			return err
		}
		row = models.Rectification{FindingID: &finding.ID, Demand: "恢复访问", DueOn: desktest.Day(due)}
		return rectification.Open(d, w.Unit(unit), w.Unit(desktest.Shandong), &row, rules.Text{ZH: finding.Text, EN: finding.Text})
	})
	return row, err
}

// demanded is demand by the office of Shandong.
func (w *world) demanded(unit string, severity models.Severity, due string) models.Rectification {
	w.Helper()
	row, err := w.demand(w.Supervisor(desktest.Shandong), unit, severity, due)
	w.Must(err)
	return row
}

// note is a step with a text.
func note(text string) rectification.StepInput { return rectification.StepInput{Note: text} }

// file puts a file into the vault.
func (w *world) file(name string) evidence.File {
	w.Helper()
	file, err := w.vault.Put(w.Context(), name, strings.NewReader(pdf))
	w.Must(err)
	return file
}

// told lists the messages on a rectification with who got them, the oldest first.
func (w *world) told(id uint64) []string {
	w.Helper()
	var rows []struct {
		Key    string `gorm:"column:message_key"`
		Urgent bool
		Name   string
	}
	w.Must(w.Store.Read(w.Context()).Table("messages m").Joins("JOIN inbox_entries e ON e.message_id = m.id").Joins("JOIN users u ON u.id = e.user_id").
		Where("m.object = ? AND m.object_id = ?", "rectification", id).Select("m.message_key, m.urgent, u.name").Order("m.id, u.name").Scan(&rows).Error)
	var texts []string
	for _, row := range rows {
		text := fmt.Sprint(row.Name, " ", strings.TrimPrefix(row.Key, "rectifications.message."))
		if row.Urgent {
			text += "!"
		}
		texts = append(texts, text)
	}
	return texts
}
