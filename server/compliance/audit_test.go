package compliance_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// entries returns the audit log.
func (w *world) entries() []models.AuditEntry {
	w.Helper()
	var entries []models.AuditEntry
	w.must(w.store.Read(w.Context()).Order("strand, seq").Find(&entries).Error)
	return entries
}

// wantAudit demands so many entries about the object.
func (w *world) wantAudit(object string, id uint64, want int) {
	w.Helper()
	got := 0
	for _, entry := range w.entries() {
		if entry.Object == object && entry.ObjectID == id {
			got++
		}
	}
	if got != want {
		w.Errorf("%d audit entries about %s %d, want %d", got, object, id, want)
	}
}

func TestEveryWriteLeavesOneEntry(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan).at("2017-01-01")
		admin, reporter, officer := w.root(models.Administrator), w.actor(models.Reporter, jinan), w.root(models.Supervisor)
		var policy models.Policy
		duty := func(code string) models.Duty { return w.duty(jinan, code) }
		file := func(code string) *models.Report {
			report, err := w.File(t.Context(), reporter, duty(code).ID, compliance.Submission{Filing: soundFiling(w.rules[code], day("2017-06-01"))})
			w.must(err)
			return report.Report
		}
		type told struct {
			user           compliance.Actor
			action, object string
			id             uint64
			behalf         string
		}
		for _, step := range []func() told{
			func() told {
				w.loaded("shandong-2017")
				w.must(w.store.Read(t.Context()).Take(&policy).Error)
				return told{compliance.Actor{}, "load", "policy", policy.ID, ""}
			},
			func() told {
				_, err := w.Activate(t.Context(), admin, "shandong-2017", 2017)
				w.must(err)
				w.at("2017-08-10")
				return told{admin, "activate", "policy", policy.ID, ""}
			},
			func() told { return told{reporter, "file", "report", file("sd2017.plan").ID, w.unit(jinan).Name} },
			func() told {
				report := w.reportAt(1)
				_, err := w.Return(t.Context(), officer, report.ID, report.Version, "附件看不清")
				w.must(err)
				return told{officer, "return", "report", report.ID, "office of /"}
			},
			func() told { return told{reporter, "file", "report", file("sd2017.plan").ID, w.unit(jinan).Name} },
			func() told {
				_, err := w.Verify(t.Context(), officer, 2, 0)
				w.must(err)
				return told{officer, "verify", "report", 2, "office of /"}
			},
			func() told {
				w.must(w.Exempt(t.Context(), officer, duty("sd2017.leading-group").ID, "机构改革", "文件"))
				return told{officer, "exempt", "duty", duty("sd2017.leading-group").ID, "office of /"}
			},
			func() told {
				w.must(w.RevokeExemption(t.Context(), officer, duty("sd2017.leading-group").ID, "误批"))
				return told{officer, "revoke-exemption", "duty", duty("sd2017.leading-group").ID, "office of /"}
			},
			func() told {
				w.must(w.Extend(t.Context(), officer, duty("sd2017.leading-group").ID, duty("sd2017.leading-group").Version, later("2018-01-31")))
				return told{officer, "extend", "duty", duty("sd2017.leading-group").ID, "office of /"}
			},
			func() told {
				_, err := w.Reopen(t.Context(), officer, 2, 1, "数据有误")
				w.must(err)
				return told{officer, "reopen", "report", 2, "office of /"}
			},
			func() told {
				closing, err := w.Close(t.Context(), officer, w.unit(jinan).ID, 2017, "定稿")
				w.must(err)
				return told{officer, "close", "period", closing.ID, "office of /"}
			},
			func() told {
				_, err := w.Except(t.Context(), officer, 1, compliance.ExceptionInput{Unit: jinan, Until: w.Today(), Reason: "补报"})
				w.must(err)
				return told{officer, "except", "period", 1, "office of /"}
			},
			func() told {
				w.must(w.Lift(t.Context(), officer, 1, "更正"))
				return told{officer, "lift", "period", 1, "office of /"}
			},
			func() told {
				w.must(w.RegisterStart(t.Context(), reporter, duty("sd2017.first-word").ID, incident("a", "2017-08-08 21:19")))
				return told{reporter, "register", "trigger", duty("sd2017.first-word").ID, w.unit(jinan).Name}
			},
			func() told {
				w.must(w.Rebuild(t.Context(), admin))
				return told{admin, "rebuild", "tally", 0, ""}
			},
		} {
			before := w.entries()
			want := step()
			fresh := slices.DeleteFunc(w.entries(), func(e models.AuditEntry) bool {
				return slices.ContainsFunc(before, func(old models.AuditEntry) bool { return old.Hash == e.Hash })
			})
			if len(fresh) != 1 {
				t.Fatalf("%s %s left %d entries, want one", want.action, want.object, len(fresh))
			}
			last := fresh[0]
			expected := models.AuditEntry{Strand: last.Strand, Seq: last.Seq, Hash: last.Hash, Changes: last.Changes, Behalf: want.behalf, At: instant(w.Today().String() + " 12:00").UTC(), UserName: want.user.Name, Action: want.action,
				Object: want.object, ObjectID: want.id, Detail: last.Detail}
			if want.action == "activate" {
				expected.At = instant("2017-01-01 12:00").UTC()
			}
			if want.user.ID != 0 {
				expected.UserID = &want.user.ID
			}
			if want.behalf != "" {
				id := w.unit(jinan).ID
				expected.UnitID = &id
			}
			if diff := cmp.Diff(expected, last); diff != "" || last.Detail == "" {
				t.Errorf("%s %s (-want +got):\n%s", want.action, want.object, diff)
			}
		}
		// A filing that is replayed or refused leaves none.
		before := len(w.entries())
		_, err := w.File(t.Context(), reporter, duty("sd2017.briefing").ID, compliance.Submission{Filing: rules.Filing{}})
		if !models.IsCode(err, models.Invalid) || len(w.entries()) != before {
			t.Errorf("after a refusal (%v) %d entries, want %d", err, len(w.entries()), before)
		}
	})
}
