package compliance_test

import (
	"strings"
	"testing"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// deed is a write on one duty, and on a report of it that waits.
type deed struct {
	name string
	do   func(w *world, by compliance.Actor, duty models.Duty, report *models.Report) error
	// by are the roles that may do it; nil stands for the supervisor, when the duty
	// and the report must be in another state first.
	by []models.Role
	// forbidden is the key for those who may read the unit but not do it.
	forbidden string
}

var deeds = []deed{
	{"file", func(w *world, by compliance.Actor, duty models.Duty, _ *models.Report) error {
		_, err := w.File(w.Context(), by, duty.ID, compliance.Submission{Filing: soundFiling(w.rules["sd2017.briefing"], day("2017-03-01"))})
		return err
	}, []models.Role{models.Reporter}, "report.not_yours"},
	{"verify", func(w *world, by compliance.Actor, _ models.Duty, report *models.Report) error {
		_, err := w.Verify(w.Context(), by, report.ID, 0)
		return err
	}, []models.Role{models.Supervisor}, "report.not_your_decision"},
	{"return", func(w *world, by compliance.Actor, _ models.Duty, report *models.Report) error {
		_, err := w.Return(w.Context(), by, report.ID, 0, "附件看不清")
		return err
	}, []models.Role{models.Supervisor}, "report.not_your_decision"},
	{"exempt", func(w *world, by compliance.Actor, duty models.Duty, _ *models.Report) error {
		return w.Exempt(w.Context(), by, duty.ID, "机构改革", "文件")
	}, []models.Role{models.Supervisor}, "report.not_your_decision"},
	{"attach", func(w *world, by compliance.Actor, duty models.Duty, _ *models.Report) error {
		_, err := w.Attach(w.Context(), by, duty.ID, "纪要.pdf", strings.NewReader(pdf))
		return err
	}, []models.Role{models.Reporter}, "report.not_yours"},
	{"save a draft", func(w *world, by compliance.Actor, duty models.Duty, _ *models.Report) error {
		_, err := w.SaveDraft(w.Context(), by, duty.ID, rules.Filing{Title: "听取"}, 0)
		return err
	}, []models.Role{models.Reporter}, "report.not_yours"},
	{"discard a draft", func(w *world, by compliance.Actor, duty models.Duty, _ *models.Report) error {
		return w.DiscardDraft(w.Context(), by, duty.ID)
	}, []models.Role{models.Reporter}, "report.not_yours"},
	{"withdraw", func(w *world, by compliance.Actor, _ models.Duty, report *models.Report) error {
		_, err := w.Withdraw(w.Context(), by, report.ID, 0)
		return err
	}, []models.Role{models.Reporter}, "report.not_yours"},
	{"revoke", func(w *world, by compliance.Actor, duty models.Duty, _ *models.Report) error {
		return w.RevokeExemption(w.Context(), by, duty.ID, "误批")
	}, nil, "report.not_your_decision"},
	{"extend", func(w *world, by compliance.Actor, duty models.Duty, _ *models.Report) error {
		return w.Extend(w.Context(), by, duty.ID, duty.Version, later("2018-02-01"))
	}, []models.Role{models.Supervisor}, "report.not_your_decision"},
	{"reopen", func(w *world, by compliance.Actor, _ models.Duty, report *models.Report) error {
		_, err := w.Reopen(w.Context(), by, report.ID, 0, "数据有误")
		return err
	}, nil, "report.not_your_decision"},
	{"register", func(w *world, by compliance.Actor, _ models.Duty, _ *models.Report) error {
		return w.RegisterStart(w.Context(), by, w.duty(jinan, "sd2017.first-word").ID, incident("事故", "2017-04-01 10:00"))
	}, []models.Role{models.Reporter, models.Supervisor}, "report.not_yours"},
}

func TestWhoMayDoWhatAndWhere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan, qingdao, "370000-bgt").at("2017-01-01").activated("shandong-2017", 2017).at("2017-05-10")
		duty := w.duty(jinan, "sd2017.briefing")
		report := w.filed(jinan, w.duty(jinan, "sd2017.deputy"), soundFiling(w.rules["sd2017.deputy"], day("2017-03-01")))
		outside := map[string]compliance.Actor{"nobody": {}}
		for _, role := range rbac.Roles {
			outside[string(role)+" of another city"] = w.actor(role, qingdao)
			outside[string(role)+" of a department"] = w.actor(role, "370000-bgt")
		}
		for _, d := range deeds {
			for name, by := range outside {
				w.unchanged(t, func() { wantHidden(t, d.name+" by "+name, d.do(w, by, duty, report)) })
			}
			for _, role := range rbac.Roles {
				if allowed(d, role) || d.by == nil && role == models.Supervisor {
					continue
				}
				by := w.actor(role, "370000")
				w.unchanged(t, func() { wantError(t, d.do(w, by, duty, report), models.Forbidden, d.forbidden) })
			}
		}
	})
}

func TestThoseWhoMayDoIt(t *testing.T) {
	for _, d := range deeds {
		for _, role := range d.by {
			t.Run(d.name+"/"+string(role), func(t *testing.T) {
				w := newWorld(t, storetest.SQLite(t), "370000", jinan).at("2017-01-01").activated("shandong-2017", 2017).at("2017-05-10")
				report := w.filed(jinan, w.duty(jinan, "sd2017.deputy"), soundFiling(w.rules["sd2017.deputy"], day("2017-03-01")))
				w.must(d.do(w, w.actor(role, "370000"), w.duty(jinan, "sd2017.briefing"), report))
			})
		}
	}
}

func allowed(d deed, role models.Role) bool {
	for _, by := range d.by {
		if by == role {
			return true
		}
	}
	return false
}

// wantHidden demands that the answer does not tell whether the thing exists.
func wantHidden(t *testing.T, what string, err error) {
	t.Helper()
	if !models.IsCode(err, models.NotFound) {
		t.Errorf("%s: %v, want %s", what, err, models.NotFound)
	}
}

func TestWhatIsOutsideLooksLikeWhatIsNot(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t), "370000", jinan, qingdao).at("2017-01-01").activated("shandong-2017", 2017).at("2017-05-10")
	duty := w.duty(jinan, "sd2017.briefing")
	report := w.filed(jinan, duty, soundFiling(w.rules["sd2017.briefing"], day("2017-03-01")))
	reporter, supervisor := w.actor(models.Reporter, qingdao), w.actor(models.Supervisor, qingdao)
	for _, id := range []uint64{duty.ID, 999999} {
		_, err := w.File(t.Context(), reporter, id, compliance.Submission{Filing: rules.Filing{}})
		wantError(t, err, models.NotFound, "duty.unknown")
		_, err = w.Duty(t.Context(), reporter.Access.Scope("duty", "read"), id, w.Today())
		wantError(t, err, models.NotFound, "duty.unknown")
		wantError(t, w.Exempt(t.Context(), supervisor, id, "x", "y"), models.NotFound, "duty.unknown")
		wantError(t, w.RegisterStart(t.Context(), reporter, id, compliance.StartInput{}), models.NotFound, "duty.unknown")
	}
	for _, id := range []uint64{report.ID, 999999} {
		_, err := w.Verify(t.Context(), supervisor, id, 0)
		wantError(t, err, models.NotFound, "report.unknown")
		_, err = w.QueueItem(t.Context(), supervisor, supervisor.Access.Scope("report", "read"), id)
		wantError(t, err, models.NotFound, "report.unknown")
	}
}

func TestPoliciesAreActivatedByTheRegionsAdministrator(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan).at("2017-01-01")
		w.loaded("shandong-2017")
		for _, by := range []compliance.Actor{{}, w.actor(models.Supervisor, "370000"), w.actor(models.Reporter, "370000"), w.actor(models.Administrator, jinan)} {
			w.unchanged(t, func() {
				_, err := w.Activate(t.Context(), by, "shandong-2017", 2017)
				if !models.IsCode(err, models.Forbidden) {
					t.Errorf("%s: error %v, want it forbidden", by.Name, err)
				}
			})
		}
		if _, err := w.Activate(t.Context(), w.actor(models.Administrator, "370000"), "shandong-2017", 2017); err != nil {
			t.Error(err)
		}
	})
}
