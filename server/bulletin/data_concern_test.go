package bulletin_test

import (
	"testing"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/bulletin"
	"sundial/server/desk/desktest"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/supervision"
)

// create stores rows as they are.
func (s scene) create(rows ...any) {
	s.Helper()
	s.Must(s.Store.Write(s.Context(), func(tx *gorm.DB) error {
		for _, row := range rows {
			if err := tx.Create(row).Error; err != nil {
				return err
			}
		}
		return nil
	}))
}

// found enters a finding of the office about Nanjing, in an inspection of the year, with what
// it demands, and returns what Nanjing is urged for then.
func (s scene) found(year int, duty *uint64) supervision.UrgeRef {
	s.Helper()
	office, city, on, at := s.Unit("320000"), s.Unit("320100"), s.Ledger.Today(), store.Instant(s.Now())
	inspection := &models.Inspection{UnitID: office.ID, Year: year, Title: "督查", Status: models.InspectionOpen, StartOn: on, EndOn: on, RectifyTerm: 5, OpenedBy: s.office.ID, OpenedAt: at, Version: 1}
	s.create(inspection)
	finding := &models.Finding{InspectionID: inspection.ID, UnitID: city.ID, DutyID: duty, Clause: "一", Severity: models.SeveritySerious, Text: "问题", FoundBy: s.office.ID, FoundAt: at, FoundOn: on, Version: 1}
	s.create(finding)
	asked := &models.Rectification{UnitID: city.ID, OfficeID: office.ID, FindingID: &finding.ID, Demand: "请整改", DueOn: on, Status: models.RectificationOpen, OpenedBy: s.office.ID, OpenedAt: at, Version: 1}
	s.create(asked)
	s.create(&models.RectificationStep{RectificationID: asked.ID, Act: models.RectificationDemand, DueOn: on, ByUser: s.office.ID, DoneAt: at, DoneOn: on})
	return supervision.UrgeRef{Object: models.UrgeRectification, ID: asked.ID}
}

// dutyOf is one that the unit has in the year.
func (s scene) dutyOf(unit string, year int) uint64 {
	s.Helper()
	var duty models.Duty
	s.Must(s.Store.Read(s.Context()).Where("unit_id = ? AND year = ? AND until_year = ?", s.Unit(unit).ID, year, year).Order("id").Take(&duty).Error)
	return duty.ID
}

// urge sends Nanjing a red urge about the thing.
func (s scene) urge(thing supervision.UrgeRef) {
	s.Helper()
	on, at := s.Ledger.Today(), store.Instant(s.Now())
	row := &models.Urge{UnitID: s.Unit("320100").ID, OfficeID: s.Unit("320000").ID, Level: models.UrgeRed, Status: models.UrgeSent, Text: "请办理", ReplyBy: on + 1, SentAt: at, SentOn: on, Version: 1}
	s.create(row)
	s.create(&models.UrgeItem{UrgeID: row.ID, Object: thing.Object, ObjectID: thing.ID},
		&models.UrgeStep{UrgeID: row.ID, Act: models.UrgeSend, Level: models.UrgeRed, DoneAt: at, DoneOn: on})
}

// Urges and findings belong to a bulletin by what they are about, not by when they were sent.
func TestWhatABulletinCounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newScene(t, st)
		s.World.At("2019-02-01 09:00")
		s.Activate("jiangsu-2018", 2018, 2019)
		s.office = s.Supervisor("320000")
		late := s.dutyOf("320100", 2018)
		s.urge(supervision.UrgeRef{Object: models.UrgeDuty, ID: late})
		s.urge(s.found(2018, nil))
		s.urge(s.found(2018, &late))
		s.urge(s.found(2019, nil))
		s.World.At("2019-03-01 09:00")
		for name, c := range map[string]struct {
			year            int
			policy          string
			urges, findings int
		}{
			"a year":                   {2018, "", 3, 2},
			"the year after":           {2019, "", 1, 1},
			"a policy":                 {2018, "jiangsu-2018", 2, 1},
			"a policy, the year after": {2019, "jiangsu-2018", 0, 0},
		} {
			in := bulletin.Input{Year: c.year, AsOf: desktest.Day("2019-02-28"), Policy: c.policy, Settings: bulletin.DefaultSettings}
			p, err := s.Preview(s.Context(), s.office, "320000", in)
			s.Must(err)
			d := p.Data
			if d.Urges.Total != c.urges || d.Findings.Total != c.findings || len(d.Findings.Open) != c.findings {
				t.Errorf("%s: %d urges, want %d; %d findings, want %d", name, d.Urges.Total, c.urges, d.Findings.Total, c.findings)
			}
			named := 0
			for _, n := range d.Criticism {
				switch n.Rule {
				case bulletin.CriticismUrge:
					named += n.Count
				case bulletin.CriticismFinding:
					named += 10 * n.Count
				}
			}
			if named != c.urges+10*c.findings {
				t.Errorf("%s: criticised for %d, want %d urges and %d findings", name, named, c.urges, c.findings)
			}
		}
	})
}
