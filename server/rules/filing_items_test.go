package rules_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/server/rules"
)

func TestWhatIsWrongWithItems(t *testing.T) {
	core := rules.Item{Name: "政务公开", Points: "4", Openness: rules.OpennessCore, Reason: "本项工作"}
	other := rules.Item{Name: "其他", Points: "96"}
	with := func(item rules.Item, change func(*rules.Item)) rules.Item {
		change(&item)
		return item
	}
	for _, c := range []struct {
		name  string
		items []rules.Item
		want  []string
	}{
		{"sound", []rules.Item{core, other}, nil},
		{"no reason", []rules.Item{with(core, func(i *rules.Item) { i.Reason = " " })}, []string{"items[0].reason filing.mark_reason"}},
		{"related without a reason", []rules.Item{other, with(core, func(i *rules.Item) { i.Reason, i.Openness = "", rules.OpennessRelated })},
			[]string{"items[1].reason filing.mark_reason"}},
		{"a reason too long", []rules.Item{with(core, func(i *rules.Item) { i.Reason = strings.Repeat("长", rules.MaxItemReason+1) })},
			[]string{"items[0].reason filing.too_long"}},
		{"a reason for no mark", []rules.Item{with(other, func(i *rules.Item) { i.Reason = "其他" })}, []string{"items[0].openness filing.reason_without_mark"}},
		{"an unknown mark", []rules.Item{with(core, func(i *rules.Item) { i.Openness = "much" })}, []string{"items[0].openness filing.bad_mark"}},
		{"a mark on nothing", []rules.Item{with(core, func(i *rules.Item) { i.Points = "0.00" })}, []string{"items[0].points filing.mark_without_points"}},
		{"points that are none are told of elsewhere", []rules.Item{with(core, func(i *rules.Item) { i.Points = "x" })}, nil},
		{"a bonus without points", []rules.Item{core, with(other, func(i *rules.Item) { i.Name, i.Points = "加分项", "0" })}, nil},
		{"twice", []rules.Item{core, other, with(other, func(i *rules.Item) { i.Name = " 其 他" })}, []string{"items[2].name filing.item_twice"}},
		{"two blank names", []rules.Item{{Points: "1"}, {Points: "2"}}, nil},
		{"sums", []rules.Item{{Name: "合计：", Points: "1"}, {Name: "小 计", Points: "1"}, {Name: "Total", Points: "1"}, {Name: "合计工作", Points: "1"}},
			[]string{"items[0].name filing.item_is_sum", "items[1].name filing.item_is_sum", "items[2].name filing.item_is_sum"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, p := range rules.CheckItems(c.items) {
				got = append(got, p.Field+" "+p.Key)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReasonsOfMarksInFactsFilesAreOptional(t *testing.T) {
	const facts = `unit: {code: "370100", name: 济南市, kind: city}
performance:
  - {year: 2017, total: "1000", items: [{name: 政务公开, points: "30", openness: core}, {name: 热线, points: "10", openness: related, reason: 答复公开}]}
`
	read, err := rules.ParseFacts([]byte(facts))
	if err != nil {
		t.Fatal(err)
	}
	want := []rules.Item{{Name: "政务公开", Points: "30", Openness: rules.OpennessCore}, {Name: "热线", Points: "10", Openness: rules.OpennessRelated, Reason: "答复公开"}}
	if diff := cmp.Diff(want, read.Performance[0].Items); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
}
