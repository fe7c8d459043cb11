package assessment_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/compliance"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

func TestFilesOfAnAppeal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).withVault()
		_, first, second := w.appealsRound()
		row := w.appealed(first, jinan, assessment.AppealInput{Indicator: "staff", Points: "20"})
		attach := func(actor compliance.Actor, sheet models.Sheet, indicator string) error {
			_, err := w.AttachFile(t.Context(), actor, assessment.FileOwner{SheetID: sheet.ID, Indicator: indicator, AppealID: &row.ID}, "补充.pdf", strings.NewReader(pdf))
			return err
		}
		w.wantCode(attach(w.reporter(qingdao), first, "staff"), models.NotFound, "assessment.sheet_unknown")
		w.wantCode(attach(w.reporter(qingdao), second, "staff"), models.NotFound, "scorefile.unknown")
		w.wantCode(attach(w.reporter(jinan), first, "data"), models.NotFound, "scorefile.unknown")
		w.wantCode(attach(w.supervisor(shandong), first, "staff"), models.Forbidden, "error.forbidden")
		w.must(attach(w.reporter(jinan), first, "staff"))
		v, err := w.Appeal(t.Context(), w.supervisor(shandong), row.ID)
		w.must(err)
		if len(v.Files) != 1 || len(v.Evidence) != 0 || v.Files[0].Name != "补充.pdf" {
			t.Fatalf("files %+v, evidence %+v", v.Files, v.Evidence)
		}
		w.must(w.DecideAppeal(t.Context(), w.supervisor(shandong), row.ID, row.Version, assessment.DecisionInput{Reason: "不属实"}))
		w.wantCode(attach(w.reporter(jinan), first, "staff"), models.Conflict, "appeals.over_rejected")
		_, err = w.DetachFile(t.Context(), w.reporter(jinan), v.Files[0].ID)
		w.wantCode(err, models.Conflict, "appeals.over_rejected")
	})
}

// TestClaims tells on a sheet what may be appealed against and put right, by whom.
func TestClaims(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		open := w.round(plainScheme)
		claims, _, err := w.Claims(t.Context(), w.reporter(jinan), w.sheet(open, jinan).ID)
		w.must(err)
		if claims != nil {
			t.Errorf("before the announcement: %v", claims)
		}
	})
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		_, first, _ := w.appealsRound()
		w.appealed(first, jinan, assessment.AppealInput{Indicator: "staff", Points: "20"})
		w.demanded(first, "errors")
		for _, c := range []struct {
			actor compliance.Actor
			want  []string
			left  int
		}{
			// Nothing was due for the plan: the unit may say that it does apply.
			{w.reporter(jinan), []string{"data appeal", "errors appeal rectified", "plan appeal", "praise appeal", "staff filed"}, 0},
			{w.supervisor(shandong), []string{"data demand", "errors rectified", "staff demand filed"}, 2},
		} {
			claims, left, err := w.Claims(t.Context(), c.actor, first.ID)
			w.must(err)
			var got []string
			for id, claim := range claims {
				line := id
				for _, word := range []struct {
					text  string
					holds bool
				}{{" appeal", claim.CanAppeal}, {" demand", claim.CanDemand}, {" filed", claim.Appeal != nil}, {" rectified", claim.Rectification != 0}} {
					if word.holds {
						line += word.text
					}
				}
				got = append(got, line)
			}
			slices.Sort(got)
			if diff := cmp.Diff(c.want, got); diff != "" || left != c.left {
				t.Errorf("%s: %d left (-want +got):\n%s", c.actor.Name, left, diff)
			}
		}
	})
}
