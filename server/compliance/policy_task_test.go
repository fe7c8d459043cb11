package compliance_test

import (
	"strings"
	"testing"

	"sundial/server/store"
	"sundial/server/store/storetest"
)

// A database of an earlier version of the program holds editions without tasks.
func TestAnEditionWithoutTasksGainsThemByAmendment(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := shandongInJune(t, s)
		shipped := w.packText("shandong-2017")
		earlier, _, _ := strings.Cut(string(shipped), "\n# The division of tasks")
		open := 0
		for _, tasks := range []struct {
			source []byte
			want   int
		}{{[]byte(earlier), 0}, {shipped, 33}} {
			done := w.amended(tasks.source)
			view, err := w.Policy(t.Context(), "shandong-2017")
			w.must(err)
			if len(view.Policy.Tasks) != tasks.want || len(done.After.Tasks) != tasks.want {
				t.Errorf("the policy has %d tasks, want %d", len(view.Policy.Tasks), tasks.want)
			}
			if done.Moved+done.Created+done.Withdrawn != 0 || done.Kept == 0 || open != 0 && done.Kept != open {
				t.Errorf("tasks changed duties: %+v", done.Changes)
			}
			open = done.Kept
		}
	})
}
