package rules_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sundial/server/rules"
)

func TestWhenAFilingIsLate(t *testing.T) {
	noon := func(text string) time.Time { return day(text).Time().Add(4 * time.Hour) }
	incident := time.Date(2017, 8, 8, 13, 19, 0, 0, time.UTC)
	plain := rules.Duty{Obligation: &rules.Obligation{Kind: rules.KindByDate}, DueOn: day("2017-06-30")}
	provisional, unscheduled, hours := plain, plain, plain
	provisional.Provisional = true
	unscheduled.DueOn = 0
	hours.DueOn, hours.DueAt = day("2017-08-09"), incident.Add(5*time.Hour)
	for _, c := range []struct {
		name   string
		duty   rules.Duty
		filing rules.Filing
		now    time.Time
		want   bool
	}{
		{"on the due date", plain, rules.Filing{On: day("2017-06-30")}, noon("2017-06-30"), false},
		{"the day after", plain, rules.Filing{On: day("2017-06-30")}, noon("2017-07-01"), true},
		{"the evening of the due date in Shanghai", plain, rules.Filing{}, time.Date(2017, 6, 30, 15, 59, 0, 0, time.UTC), false},
		{"midnight in Shanghai", plain, rules.Filing{}, time.Date(2017, 6, 30, 16, 0, 0, 0, time.UTC), true},
		{"provisional", provisional, rules.Filing{}, noon("2018-01-01"), false},
		{"without a term", unscheduled, rules.Filing{}, noon("2018-01-01"), false},
		{"answered within the hours", hours, rules.Filing{At: hours.DueAt}, noon("2017-08-09"), false},
		{"answered a second late", hours, rules.Filing{At: hours.DueAt.Add(time.Second)}, noon("2017-08-09"), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.duty.FiledLate(c.filing, c.now); got != c.want {
				t.Errorf("late: %v, want %v", got, c.want)
			}
		})
	}
}

func TestNothingToReportIsNoFact(t *testing.T) {
	duty := rules.Duty{Policy: &rules.Policy{}, Obligation: &rules.Obligation{Kind: rules.KindByDate, ByDate: &rules.ByDate{What: "list", On: day("2017-06-30")}},
		Period: rules.Period{Name: "2017", Year: 2017}, DueOn: day("2017-06-30")}
	unscheduled := duty
	unscheduled.DueOn = 0
	nothing := func(verified bool, year int) rules.Filed {
		return rules.Filed{Filing: rules.Filing{Nothing: true, Note: "本年无此事项。"}, Verified: verified, Year: year}
	}
	done := rules.Filed{Filing: rules.Filing{On: day("2017-06-01")}, Verified: true, Year: 2017}
	for _, c := range []struct {
		name  string
		duty  rules.Duty
		filed []rules.Filed
		asOf  string
		want  rules.State
		notes int
	}{
		{"waits", duty, []rules.Filed{nothing(false, 2017)}, "2017-06-01", rules.Reported, 0},
		{"waits after the due date", duty, []rules.Filed{nothing(false, 2017)}, "2017-07-01", rules.Reported, 0},
		{"waits without a term", unscheduled, []rules.Filed{nothing(false, 2017)}, "2017-06-01", rules.Reported, 0},
		{"accepted", duty, []rules.Filed{nothing(true, 2017)}, "2017-06-01", rules.Pending, 1},
		{"accepted, after the due date", duty, []rules.Filed{nothing(true, 2017)}, "2017-07-01", rules.Overdue, 1},
		{"accepted without a term", unscheduled, []rules.Filed{nothing(true, 2017)}, "2017-06-01", rules.Unscheduled, 1},
		{"beside the fact", duty, []rules.Filed{nothing(false, 2017), done}, "2017-06-01", rules.Met, 0},
		{"of last year", duty, []rules.Filed{nothing(false, 2016)}, "2017-06-01", rules.Pending, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			verdict := c.duty.Judge(c.duty.FactsOf(c.filed), realCalendar(t), day(c.asOf))
			if verdict.State != c.want || len(verdict.Notes) != c.notes {
				t.Errorf("%s with %d notes, want %s with %d", verdict.State, len(verdict.Notes), c.want, c.notes)
			}
		})
	}
	asked := duty.Obligation.Asked(rules.Filing{Nothing: true, Note: "无", Title: "x", On: day("2017-06-01"), LateReason: "y"})
	if diff := cmp.Diff(rules.Filing{Nothing: true, Note: "无"}, asked); diff != "" {
		t.Error(diff)
	}
}
